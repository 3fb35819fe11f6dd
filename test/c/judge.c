// Judges images, for the tests: reads them from stdin, one after the other, each behind its length in four bytes
// (little-endian), and prints a line for each: why it is refused, or how it ran (test/judge.ts says the same of the same
// image on Node). It is hosts/c/embed as a host has it, but for what is around it: a program's memory lies between two
// pages that nobody may touch, what a program asks its host is answered with undefined. The image comes in pieces of
// random sizes, each in memory of exactly its size. What was refused must have left an empty slot.
//
//   | no access | (front page) slack | memory | slack (back page) | no access |
//
// The slack is MVMJS_SLACK bytes wide on one side, turn and turn about; pages make the other wider.

#define _DEFAULT_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core.h"
#include "format.h"
#include "machine.h"
#include "program.h"
#include "value.h"

/** The largest memory of a program, in words: as test/support/run-program.ts has it. */
#define MOST_WORDS (UINT64_C(64) * 1024 * 1024)
/** A collection comes before each slice of so many steps; so many slices are run. */
enum { SLICE = 100, SLICES = 100 };
/** No image is longer. */
enum { LENGTH_MAX = 1 << 28 };

struct block {
  uint8_t *pages;
  size_t length;
  uint8_t *memory;
};
/** While a memory grows there are two. */
static struct block blocks[2];
static bool tight_behind;
static uint32_t chance = 1;

/** A number from 0 to `below` - 1. Source: Marsaglia, xorshift32. */
static uint32_t next_random(uint32_t below) {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return chance % below;
}

static size_t whole_pages(size_t bytes, size_t page) {
  return (bytes + page - 1) / page * page;
}
static bool give(void *context, uint32_t words, struct mvmjs_room *room) {
  (void)context;
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t used = whole_pages((size_t)words * 4 + 2 * MVMJS_SLACK, page);
  struct block *block = blocks[0].pages == NULL ? &blocks[0] : &blocks[1];
  block->length = used + 2 * page;
  block->pages = mmap(NULL, block->length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block->pages == MAP_FAILED || mprotect(block->pages + page, used, PROT_READ | PROT_WRITE) != 0) abort();
  block->memory = tight_behind ? block->pages + page + used - MVMJS_SLACK - (size_t)words * 4 : block->pages + page + MVMJS_SLACK;
  *room = (struct mvmjs_room){.memory = block->memory, .words = words, .marks = calloc(mvmjs_room_marks(words), 4)};
  if (room->marks == NULL) abort();
  return true;
}
static void take_back(void *context, struct mvmjs_room *room) {
  (void)context;
  for (int i = 0; i < 2; i++) {
    if (blocks[i].pages == NULL || blocks[i].memory != room->memory) continue;
    munmap(blocks[i].pages, blocks[i].length);
    blocks[i].pages = NULL;
  }
  free(room->marks);
}
static const struct mvmjs_rooms rooms = {.give = give, .take_back = take_back, .context = NULL};
static struct mvmjs_program program;

/** The host's part between two slices: false if the program cannot go on, for `ending`. */
static bool attend(int32_t status, const char **ending) {
  if (status == STATUS_HOST_CALL) {
    mvmjs_set_word(mvmjs_word(REG_SP), IMMEDIATE_UNDEFINED);
    mvmjs_set_word(REG_HOST_CALL, IMMEDIATE_UNDEFINED);
    mvmjs_set_word(REG_STATUS, STATUS_RUNNING);
    mvmjs_set_counter(REG_OUTPUTS_LOW, mvmjs_counter(REG_OUTPUTS_LOW) + 1);
  } else if (status == STATUS_WAITING) {
    if (mvmjs_word(REG_WAKE_HIGH) < 0) {
      *ending = "waiting";
      return false;
    }
    mvmjs_set_word(REG_STATUS, STATUS_WAITING);
  }
  return true;
}

/** Runs what was loaded: how that ended. */
static const char *run(void) {
  const char *ending = "fuel";
  int32_t status = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL ? STATUS_HOST_CALL : STATUS_FUEL;
  for (int i = 0; i < SLICES; i++) {
    mvmjs_program_collect(&program);
    if (!attend(status, &ending)) return ending;
    status = mvmjs_program_run(&program, SLICE);
    if (mvmjs_memory_fault) return "left-memory";
    switch (status) {
      case STATUS_ENDED: return "ended";
      case STATUS_OUT_OF_MEMORY: return "out-of-memory";
      case STATUS_FAULT: return "fault";
      default: break;
    }
  }
  return ending;
}

/** Which of several faults of its form is found first is each reader's own business; what the verifier finds is not. */
static void print_refusal(const struct mvmjs_image_fault *fault) {
  if (fault->reason != MVMJS_IMAGE_INVALID || strncmp(fault->detail, "VI1", 3) == 0) puts("refused: its form");
  else printf("refused: %s at %" PRIu32 "\n", fault->detail, (uint32_t)fault->number);
}

/** Loads the image in pieces: false if it is refused. */
static bool load(struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length) {
  mvmjs_program_init(&program, &rooms);
  mvmjs_program_begin_loading(&program, reader, MOST_WORDS);
  const uint32_t largest = next_random(4) == 0 ? 20 : 20000;
  for (size_t at = 0; at < length;) {
    const size_t wanted = 1 + next_random(largest);
    const size_t size = wanted < length - at ? wanted : length - at;
    uint8_t *piece = malloc(size);
    if (piece == NULL) abort();
    memcpy(piece, bytes + at, size);
    const enum mvmjs_image_step step = mvmjs_program_load(&program, reader, piece, size);
    free(piece);
    if (step == MVMJS_IMAGE_REFUSED) return false;
    at += size;
  }
  return mvmjs_program_end_loading(&program, reader);
}

static void judge(const uint8_t *bytes, size_t length) {
  static struct mvmjs_image_reader reader;
  if (!load(&reader, bytes, length)) {
    print_refusal(&reader.fault);
    if (program.state != MVMJS_EMPTY || blocks[0].pages != NULL || blocks[1].pages != NULL) puts("unsound: something was left in the slot");
    return;
  }
  const char *ending = run();
  printf("%s %" PRIu32 ":%" PRIu32, ending, (uint32_t)mvmjs_word(REG_STEPS_HIGH), (uint32_t)mvmjs_word(REG_STEPS_LOW));
  // What a fault leaves is not looked at: the program is not run any more.
  if (ending[0] != 'f' || ending[1] != 'a') {
    printf(" %016" PRIx64, mvmjs_program_hash(&program));
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
    mvmjs_program_clear(&program);
    tight_behind = !tight_behind;
    free(bytes);
    fflush(stdout);
  }
  return 0;
}
