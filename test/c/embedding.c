// An application over mvmjs.h, for test/dist-c.test.ts: it does what the header offers and prints what came of it; the test knows
// what that has to be. Time is a number that it sets itself. It has names of its own that begin with mvm_, as Microvium's do.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mvmjs.h"
#include "programs.h"

int mvm_run(void);
int mvm_restore = 7;
int mvm_run(void) {
  return mvm_restore;
}

enum { BYTES = 16384 };
static uint64_t memories[3][MVMJS_BYTES_FOR(BYTES) / 8];
static uint64_t time_us = 1000;

static void output(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  (void)stream;
  fwrite(bytes, 1, length, stdout);
}
static uint64_t now(void *context) {
  (void)context;
  return time_us;
}
static void random_bytes(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)(i + 1);
}

/** Prints a value as far as its kind goes. */
static void show(struct mvmjs_machine *machine, struct mvmjs_ref ref) {
  char text[8];
  switch (mvmjs_ref_kind(machine, ref)) {
    case MVMJS_UNDEFINED: printf("undefined"); break;
    case MVMJS_BOOLEAN: printf(mvmjs_ref_boolean(machine, ref) ? "true" : "false"); break;
    case MVMJS_NUMBER: printf("%g", mvmjs_ref_number(machine, ref)); break;
    case MVMJS_TEXT: {
      const size_t length = mvmjs_ref_text(machine, ref, text, sizeof text);
      printf("'%s' of %u", text, (unsigned)length);
      break;
    }
    case MVMJS_LIST:
      printf("[");
      for (size_t i = 0; i < mvmjs_ref_length(machine, ref); i++) {
        if (i > 0) printf(", ");
        show(machine, mvmjs_ref_item(machine, ref, i));
      }
      printf("]");
      break;
    default: printf("other");
  }
}
static void result(void *context, struct mvmjs_machine *machine, uint64_t id, bool ok, struct mvmjs_ref value) {
  (void)context;
  printf("result %u %s ", (unsigned)id, ok ? "is" : "failed:");
  show(machine, value);
  printf("\n");
}
static const struct mvmjs_services services = {.output = output, .now = now, .random = random_bytes, .result = result};
static const struct mvmjs_services poor = {.output = output, .now = now};

static uint64_t pending;
static int patience;
static void echo(struct mvmjs_call *call) {
  show(call->machine, call->arguments);
  printf("\n");
  struct mvmjs_value inner[] = {mvmjs_number_value(-0.5), mvmjs_boolean_value(true)};
  struct mvmjs_value items[] = {mvmjs_text_value("gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"), mvmjs_list_value(inner, 2), mvmjs_undefined_value()};
  const enum mvmjs_result first = mvmjs_call_answer(call, mvmjs_list_value(items, 3));
  printf("answered: %s; again: %s\n", mvmjs_result_text(first), mvmjs_result_text(mvmjs_call_answer(call, items[0])));
}
static void later(struct mvmjs_call *call) {
  pending = call->id;
}
static void patient(struct mvmjs_call *call) {
  if (++patience == 3) mvmjs_call_answer(call, mvmjs_number_value(patience));
}
static void throws(struct mvmjs_call *call) {
  mvmjs_call_throw(call, "not today", "later");
}
static const struct mvmjs_function functions[] = {{"echo", echo, NULL}, {"later", later, NULL}, {"patient", patient, NULL}, {"throws", throws, NULL}};

static struct {
  uint8_t bytes[20000];
  size_t length;
  size_t room;
} frozen;
static bool keep(void *context, const uint8_t *bytes, size_t length) {
  (void)context;
  if (length > frozen.room - frozen.length) return false;
  memcpy(frozen.bytes + frozen.length, bytes, length);
  frozen.length += length;
  return true;
}

/** Runs in slices until something other than the fuel stops it. */
static enum mvmjs_stop run(struct mvmjs_machine *machine) {
  enum mvmjs_stop stop = MVMJS_STOP_FUEL;
  for (int turn = 0; turn < 100000 && stop == MVMJS_STOP_FUEL; turn++) stop = mvmjs_machine_run(machine, 77);
  return stop;
}
static void run_and_say(struct mvmjs_machine *machine) {
  printf("stopped: %s\n", mvmjs_stop_text(run(machine)));
}
static void must(enum mvmjs_result got, enum mvmjs_result wanted) {
  if (got == wanted) return;
  printf("got %s, wanted %s\n", mvmjs_result_text(got), mvmjs_result_text(wanted));
  exit(1);
}

static void refusals(struct mvmjs_machine *machine) {
  char why[200];
  uint8_t damaged[sizeof door];
  memcpy(damaged, door, sizeof door);
  damaged[sizeof door / 2] ^= 1;
  must(mvmjs_machine_load(machine, MVMJS_COPY, damaged, sizeof damaged), MVMJS_ERROR_DAMAGED);
  must(mvmjs_machine_load(machine, MVMJS_COPY, door, sizeof door - 1), MVMJS_ERROR_DAMAGED);
  mvmjs_machine_why(machine, why, sizeof why);
  printf("refused: %s\n", why);
  must(mvmjs_machine_load(machine, MVMJS_COPY, large, sizeof large), MVMJS_ERROR_TOO_LARGE);
  mvmjs_machine_why(machine, why, sizeof why);
  printf("refused: %s\n", why);
  must(mvmjs_machine_load_bytes(machine, door, 1), MVMJS_ERROR_MISUSE);
  must(mvmjs_machine_send(machine, "news", mvmjs_undefined_value()), MVMJS_ERROR_NO_PROGRAM);
  run_and_say(machine);
}

static void limits(struct mvmjs_machine *machine) {
  must(mvmjs_machine_load(machine, MVMJS_COPY, hungry, sizeof hungry), MVMJS_OK);
  run_and_say(machine);
  must(mvmjs_machine_load(machine, MVMJS_COPY, wrong, sizeof wrong), MVMJS_OK);
  run_and_say(machine);
  printf("exit code %d, threw: %d\n", mvmjs_machine_exit_code(machine), mvmjs_machine_threw(machine));
}
static void absent(void) {
  struct mvmjs_machine *machine = mvmjs_machine_init(memories[2], sizeof memories[2], &poor);
  must(mvmjs_machine_load(machine, MVMJS_COPY, dice, sizeof dice), MVMJS_OK);
  run_and_say(machine);
  printf("lacks %s\n", mvmjs_machine_lacks(machine));
}

int main(void) {
  struct mvmjs_machine *first = mvmjs_machine_init(memories[0], sizeof memories[0], &services);
  struct mvmjs_machine *second = mvmjs_machine_init(memories[1], sizeof memories[1], &services);
  uint64_t id;
  static uint64_t little[4];
  if (mvmjs_machine_init(little, sizeof little, &services) != NULL || mvm_run() != 7) return 1;
  mvmjs_machine_register(first, functions, 4);
  mvmjs_machine_register(second, functions, 4);
  refusals(second);

  // Streamed, a byte at a time.
  mvmjs_machine_load_begin(first);
  for (size_t i = 0; i < sizeof door; i++) must(mvmjs_machine_load_bytes(first, door + i, 1), MVMJS_OK);
  must(mvmjs_machine_load_end(first, MVMJS_COPY), MVMJS_OK);
  printf("limit %u\n", (unsigned)mvmjs_machine_memory_limit(first));
  while (run(first) == MVMJS_STOP_ASKING) printf("asking\n");
  printf("waits for ever: %d\n", mvmjs_machine_wait_us(first) == UINT64_MAX);
  must(mvmjs_machine_answer(first, pending, true, mvmjs_text_value("at last")), MVMJS_OK);
  struct mvmjs_value pair[] = {mvmjs_number_value(40), mvmjs_number_value(2)};
  must(mvmjs_machine_call(first, "add", pair, 2, &id), MVMJS_OK);
  must(mvmjs_machine_call(first, "bad", NULL, 0, &id), MVMJS_OK);
  must(mvmjs_machine_call(first, "absent", NULL, 0, &id), MVMJS_OK);
  must(mvmjs_machine_send(first, "news", mvmjs_list_value(pair, 2)), MVMJS_OK);
  run_and_say(first);

  // It goes on elsewhere in the middle of a call that waits for a timer, and here too: two programs take turns.
  must(mvmjs_machine_call(first, "slow", pair, 1, &id), MVMJS_OK);
  run_and_say(first);
  printf("wakes in %u us\n", (unsigned)mvmjs_machine_wait_us(first));
  frozen.room = 300;
  must(mvmjs_machine_snapshot(first, keep, NULL), MVMJS_ERROR_WRITE);
  frozen.room = sizeof frozen.bytes;
  frozen.length = 0;
  must(mvmjs_machine_snapshot(first, keep, NULL), MVMJS_OK);
  must(mvmjs_machine_load(second, MVMJS_COPY, frozen.bytes, frozen.length), MVMJS_OK);
  mvmjs_machine_stop_clock(first);
  time_us += 6000;
  printf("the second one, whose time has passed:\n");
  run_and_say(second);
  printf("the first one, whose clock stood:\n");
  mvmjs_machine_start_clock(first);
  run_and_say(first);
  time_us += 6000;
  run_and_say(first);
  must(mvmjs_machine_send(second, "end", mvmjs_number_value(3)), MVMJS_OK);
  run_and_say(second);
  printf("exit code %d, threw: %d\n", mvmjs_machine_exit_code(second), mvmjs_machine_threw(second));
  must(mvmjs_machine_send(second, "end", mvmjs_number_value(3)), MVMJS_ERROR_NO_PROGRAM);

  // The same bytes twice are the same program twice.
  must(mvmjs_machine_load(first, MVMJS_UNCHANGED, frozen.bytes, frozen.length), MVMJS_OK);
  must(mvmjs_machine_load(second, MVMJS_UNCHANGED, frozen.bytes, frozen.length), MVMJS_OK);
  printf("equal: %d\n", mvmjs_machine_state_hash(first) == mvmjs_machine_state_hash(second));

  // More messages than there is room for: refused, and the program is sound.
  enum mvmjs_result room = MVMJS_OK;
  for (int i = 0; i < 10000 && room == MVMJS_OK; i++) room = mvmjs_machine_send(second, "news", mvmjs_text_value("more"));
  printf("at last: %s\n", mvmjs_result_text(room));
  limits(first);
  absent();
  return 0;
}
