// How long the machine in C takes from a verified image in memory (slot READY) to the end of the first instruction that is the
// program's own, as mvm-c begins programs. Reads an image from standard input, prints one line of JSON: nanoseconds, the
// median and the least of many starts, and the steps of the core that are among them.
//
// There are two slots, and the other one was used last: so pointing the machine at the program, which forgets what was cached
// of the other, is part of a start. Loading and verifying are not.

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "format.h"
#include "host.h"
#include "machine.h"
#include "trouble.h"

enum { STARTS = 2001, SLOTS = 2, PROGRAM_WORDS = 1 << 16, STEPS_MAX = 1000 };

static uint8_t image[1 << 20];
static size_t image_length;
static struct mvmjs_program programs[SLOTS];
static uint64_t samples[STARTS];

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void fail(const char *text) {
  fprintf(stderr, "start: %s\n", text);
  exit(1);
}
void mvmjs_give_up(enum mvmjs_exit code, const char *format, ...) {
  (void)code;
  fail(format);
}
static void output(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  (void)stream;
  (void)bytes;
  (void)length;
}

static void load(struct mvmjs_program *program) {
  static struct mvmjs_image_reader reader;
  mvmjs_program_clear(program);
  mvmjs_program_begin_loading(program, &reader, PROGRAM_WORDS);
  if (mvmjs_program_load(program, &reader, image, image_length) == MVMJS_IMAGE_REFUSED || !mvmjs_program_end_loading(program, &reader)) fail("the image is refused");
}
/** Is the running function the program's own? */
static bool is_own(void) {
  return (uint32_t)mvmjs_word(mvmjs_word(REG_FP) + CALLEE) >> 2 >= CORE_WORDS;
}
static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}
static int compare(const void *one, const void *other) {
  const uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return (a > b) - (a < b);
}

int main(void) {
  static const char *const arguments[] = {"mvm-c", "hello"};
  const uint32_t words = (uint32_t)REGISTERS + PROGRAM_WORDS;
  uint64_t steps = 0;
  image_length = fread(image, 1, sizeof image, stdin);
  for (int i = 0; i < SLOTS; i++) {
    uint8_t *memory = calloc((size_t)words * 4 + 2 * MVMJS_SLACK, 1);
    int32_t *marks = calloc(mvmjs_room_marks(words), 4);
    if (memory == NULL || marks == NULL) fail("no memory");
    mvmjs_program_init_fixed(&programs[i], (struct mvmjs_room){.memory = memory + MVMJS_SLACK, .words = words, .marks = marks});
    load(&programs[i]);
  }
  // Before it is timed: how many steps a start is.
  struct mvmjs_host first = {.program = &programs[0], .output = output, .argument_count = 2, .arguments = arguments};
  mvmjs_host_begin(&first, MVMJS_COPY);
  while (!is_own()) {
    if (++steps > STEPS_MAX || mvmjs_program_run(&programs[0], 1) != STATUS_FUEL) fail("the program does not begin");
  }
  for (int i = 0; i < STARTS; i++) {
    load(&programs[0]);
    load(&programs[1]);
    mvmjs_program_use(&programs[1]);
    struct mvmjs_host host = {.program = &programs[0], .output = output, .argument_count = 2, .arguments = arguments};
    const uint64_t start = now_ns();
    mvmjs_host_begin(&host, MVMJS_COPY);
    const int32_t status = mvmjs_program_run(&programs[0], steps + 1);
    samples[i] = now_ns() - start;
    if (status != STATUS_FUEL || mvmjs_program_steps(&programs[0]) != steps + 1 || !is_own()) fail("the program's first instruction is not where it was");
  }
  qsort(samples, STARTS, sizeof *samples, compare);
  printf("{\"medianNs\":%llu,\"leastNs\":%llu,\"coreSteps\":%llu}\n", (unsigned long long)samples[STARTS / 2], (unsigned long long)samples[0], (unsigned long long)steps);
  return 0;
}
