// A firmware that runs one program: the image that is linked into its flash. It prints what the program prints, and at its
// end one line that says how it ended, how much of the C stack was ever used, and how long the start took. Nothing
// is allocated: the program's memory is an array, of MVMJS_MEMORY_BYTES.

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "boot.h"
#include "core.h"
#include "format.h"
#include "host.h"
#include "machine.h"
#include "pins.h"
#include "port.h"
#include "program.h"
#include "stack.h"

#ifndef MVMJS_MEMORY_BYTES
#error "Say by -DMVMJS_MEMORY_BYTES how much memory a program has."
#endif

/** Steps after which the link is looked at. */
enum { SLICE = 2000 };
enum {
  PROGRAM_WORDS = MVMJS_MEMORY_BYTES / 4 & ~1,
  // As mvmjs_room_marks has it; compared with it at the start.
  MARKS_WORDS = 2 * ((PROGRAM_WORDS >> 6) + 2),
};

static struct mvmjs_program program;
static uint64_t memory[PROGRAM_WORDS / 2] __attribute__((section(".programs")));
static int32_t marks[MARKS_WORDS] __attribute__((section(".programs")));

static void say(const char *text) {
  mvmjs_port_write((const uint8_t *)text, strlen(text));
}
static void say_number(uint64_t value) {
  char digits[21];
  size_t at = sizeof digits - 1;
  digits[at] = 0;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  say(digits + at);
}

/** Its reader is needed only here: it is not on the stack when the program runs. */
__attribute__((noinline)) static void load(void) {
  struct mvmjs_image_reader reader;
  memset(memory, 0, sizeof memory);
  mvmjs_program_init_fixed(&program, (struct mvmjs_room){(uint8_t *)memory, (uint32_t)REGISTERS + PROGRAM_WORDS, marks});
  // Without the verifier this is the one image that may be taken: hosts/c/firmware/build.sh has verified it.
  program.is_trusted = MVMJS_HAS_VERIFIER == 0;
  if (mvmjs_room_marks((uint32_t)REGISTERS + PROGRAM_WORDS) > MARKS_WORDS) mvmjs_port_fatal("mvm: too few marks");
  mvmjs_program_begin_loading(&program, &reader, PROGRAM_WORDS);
  if (mvmjs_program_load(&program, &reader, mvmjs_boot_image, mvmjs_boot_image_length) != MVMJS_IMAGE_REFUSED && mvmjs_program_end_loading(&program, &reader)) return;
  say("mvm: image refused, reason ");
  say_number(reader.fault.reason);
  say(", ");
  say(reader.fault.detail);
  say(", ");
  say_number(reader.fault.number);
  mvmjs_port_fatal("");
}

/** Runs to the end of the first instruction that is the program's own: the sixth, for a script, or a later one. */
__attribute__((noinline)) static int32_t begin(void) {
  enum { USUAL = 6 };
  int32_t status = mvmjs_program_run(&program, USUAL);
  while (status == STATUS_FUEL && (uint32_t)mvmjs_word(mvmjs_word(REG_FP) + CALLEE) >> 2 < CORE_WORDS) status = mvmjs_program_run(&program, 1);
  return status;
}
void mvmjs_host_print(const uint8_t *bytes, size_t length) {
  mvmjs_port_write(bytes, length);
}

/** How the program ended: NULL while it goes on. */
static const char *go_on(struct mvmjs_door *door) {
  const int32_t status = mvmjs_program_run(&program, SLICE);
  if (status == STATUS_FUEL) (void)mvmjs_pins_tell(door);
  switch (status) {
    case STATUS_FUEL: return NULL;
    case STATUS_HOST_CALL:
      switch (mvmjs_door_answer(door)) {
        case MVMJS_ANSWERED: return NULL;
        case MVMJS_NO_ROOM: return "out of memory";
        default: return "broken";
      }
    case STATUS_WAITING:
      for (uint64_t wait; (wait = mvmjs_door_until_wake(door)) > 0;) {
        if (!mvmjs_pins_tell(door) && wait == UINT64_MAX) return "waiting for ever";
        mvmjs_port_idle();
      }
      mvmjs_door_wake(door);
      return NULL;
    case STATUS_ENDED: return door->failed ? "failed" : "ended";
    case STATUS_OUT_OF_MEMORY: return "out of memory";
    case MVMJS_ABSENT:
      say("mvm: this firmware is without ");
      say(program.absent_part);
      say("\n");
      return "stopped at what is absent";
    default: return mvmjs_scratch_short ? "out of scratch (MVMJS_SCRATCH)" : "broken";
  }
}

MVMJS_NO_RETURN void mvmjs_firmware(void) {
  struct mvmjs_door door = {.program = &program, .services = &mvmjs_host_services};
  const char *end;
  mvmjs_port_start();
  const uint64_t started = mvmjs_port_now();
  load();
  const uint64_t loaded = mvmjs_port_now();
  mvmjs_pins_begin(&door, 0);
  mvmjs_door_begin(&door, MVMJS_COPY);
  const int32_t first = begin();
  const uint64_t began = mvmjs_port_now();
  end = first == STATUS_FUEL || first == MVMJS_ABSENT ? NULL : "broken";
  while (end == NULL) end = go_on(&door);
  say("mvm: ");
  say(end);
  say(" after ");
  say_number(mvmjs_program_steps(&program));
  say(" steps; stack ");
  say_number(mvmjs_stack_used());
  say(" of ");
  say_number(mvmjs_stack_size());
  say(" bytes; program ");
  say_number(mvmjs_program_bytes(&program));
  say(" of ");
  say_number((uint64_t)PROGRAM_WORDS * 4);
  say(" bytes; loaded in ");
  say_number(loaded - started);
  say(" us, begun in ");
  say_number(began - loaded);
  mvmjs_port_fatal(" us");
}
