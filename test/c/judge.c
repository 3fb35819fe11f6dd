// Judges images, for the tests: reads them from stdin, one after the other, each behind its length in four bytes
// (little-endian), and prints a line for each: why it is refused, or how it ran (test/judge.ts says the same of the same
// image on Node). Loading and running are hostile.c's. What was refused must have left an empty slot.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "hostile.h"
#include "machine.h"

/** The largest memory of a program, in words: as test/support/run-program.ts has it. */
#define MOST_WORDS (UINT64_C(64) * 1024 * 1024)
/** No image is longer. */
enum { LENGTH_MAX = 1 << 28 };

/** Which of several faults of its form is found first is each reader's own business; what the verifier finds is not. */
static void print_refusal(const struct mvmjs_image_fault *fault) {
  if (fault->reason != MVMJS_IMAGE_INVALID || strncmp(fault->detail, "VI1", 3) == 0) puts("refused: its form");
  else printf("refused: %s at %" PRIu32 "\n", fault->detail, (uint32_t)fault->number);
}

static void judge(const uint8_t *bytes, size_t length) {
  static struct mvmjs_image_reader reader;
  if (!hostile_load(&reader, bytes, length, MOST_WORDS)) {
    print_refusal(&reader.fault);
    if (!hostile_is_clear()) puts("unsound: something was left in the slot");
    return;
  }
  const char *ending = hostile_run();
  printf("%s %" PRIu32 ":%" PRIu32, ending, (uint32_t)mvmjs_word(REG_STEPS_HIGH), (uint32_t)mvmjs_word(REG_STEPS_LOW));
  // What a fault leaves is not looked at: the program is not run any more.
  if (ending[0] != 'f' || ending[1] != 'a') {
    printf(" %016" PRIx64, mvmjs_program_hash(&hostile_program));
    const int32_t rule = mvmjs_verifyMemory(MVMJS_CORE_LENGTH, MVMJS_CORE_NEXT_SERIAL);
    if (rule != 0) printf(" unsound: %s at %" PRId32, mvmjs_rule_sentences[rule], mvmjs_refusedAddress());
    if (mvmjs_memory_fault) printf(" unsound: the memory was left");
  }
  putchar('\n');
}

int main(void) {
  uint8_t prefix[4];
  while (fread(prefix, 1, sizeof prefix, stdin) == sizeof prefix) {
    const size_t length = (size_t)prefix[0] | (size_t)prefix[1] << 8 | (size_t)prefix[2] << 16 | (size_t)prefix[3] << 24;
    if (length > LENGTH_MAX) return 1;
    uint8_t *bytes = malloc(length > 0 ? length : 1);
    if (bytes == NULL || fread(bytes, 1, length, stdin) != length) return 1;
    mvmjs_memory_fault = false;
    judge(bytes, length);
    hostile_clear();
    free(bytes);
    fflush(stdout);
  }
  return 0;
}
