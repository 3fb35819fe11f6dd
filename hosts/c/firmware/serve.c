// A firmware that is a host: programs come over the byte link into its slots, run side by side, and go on to other hosts
// through whoever is connected. What they print goes to the console, each line as NAME| text. The firmware begins with
// empty slots; nothing is allocated, and nobody without the key that was built in (MVMJS_KEY) gets anything done.
//
// One loop does everything: bytes from the line, the protocol, bytes for the line, then a slice of each program. A slice is
// short, since a UART's bytes wait in its FIFO meanwhile.

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "format.h"
#include "host.h"
#include "inside.h"
#include "machine.h"
#include "pins.h"
#include "port.h"
#include "program.h"
#include "residents.h"
#include "serial-link.h"
#include "stack.h"

#ifndef MVMJS_KEY
#error "Say by -DMVMJS_KEY=0x…,0x… which 32 bytes others must have to be let in."
#endif
#ifndef MVMJS_BOARD
#error "Say by -DMVMJS_BOARD which board this is."
#endif
/** Programs that have room side by side. */
#ifndef MVMJS_SLOTS
#define MVMJS_SLOTS 2
#endif

enum {
  PROGRAM_WORDS = MVMJS_MEMORY_BYTES / 4 & ~1,
  // As mvmjs_room_marks has it; compared with it at the start.
  MARKS_WORDS = 2 * ((PROGRAM_WORDS >> 6) + 2),
  /** Steps of a program before the link is looked at again. */
  SLICE = 500,
  /** Bytes of an image in one frame, and how many may be under way; what other frames take at most, and what is sent. */
  CHUNK_BYTES = 150, WINDOW_BYTES = 600, BODY_BYTES = 1100, SCRATCH_BYTES = 1200, OUT_BYTES = 2400,
  /** Moves that are over, and programs that have been heard of, remembered. */
  PAST = 6, SEEN = 4, LINKS = 2,
  PATIENCE_MS = 15000, LINE_BYTES = 64,
  /** So long after a byte the line is looked at without sleep: a board's sleep ends by its timer, and a packet is many bytes. */
  AWAKE_MS = 40,
};

static uint64_t memories[MVMJS_SLOTS][PROGRAM_WORDS / 2] __attribute__((section(".programs")));
static int32_t marks[MVMJS_SLOTS][MARKS_WORDS] __attribute__((section(".programs")));
static struct mvmjs_resident slots[MVMJS_SLOTS];
static struct mvmjs_door doors[MVMJS_SLOTS];
/** The program's last call has not been answered. */
static bool asks[MVMJS_SLOTS];
static struct mvmjs_link *links[LINKS];
static struct mvmjs_past past[PAST];
static struct mvmjs_seen seen[SEEN];
static uint8_t scratch[SCRATCH_BYTES], bodies[LINKS][BODY_BYTES], outs[LINKS][OUT_BYTES];
static struct mvmjs_residents residents;
#ifdef MVMJS_GRANTS
static struct mvmjs_grant grants[MVMJS_SLOTS];
#endif
static struct mvmjs_serial_link wire;
static struct mvmjs_serial_channel reverse;
static struct mvmjs_serial_key key;

static uint64_t now_ms(void) {
  return mvmjs_port_now() / 1000;
}
static int slot_of(const struct mvmjs_resident *resident) {
  return (int)(resident - slots);
}
static void say(const char *text) {
  mvmjs_port_print((const uint8_t *)text, strlen(text));
}

void mvmjs_broken(const char *sentence) {
  say("mvm: a fault of mvm's own: ");
  say(sentence);
  mvmjs_port_fatal("mvm: a fault of mvm's own");
}

// Output: whose line the console is in the middle of.

static const char *line_of;

/** Prints for a program: a name where a line begins, and an end where another's was begun. */
static void print_as(const char *name, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length;) {
    if (line_of != name) {
      if (line_of != NULL) say("\n");
      say(name);
      say("| ");
      line_of = name;
    }
    const uint8_t *end = memchr(bytes + i, '\n', length - i);
    const size_t count = end == NULL ? length - i : (size_t)(end - (bytes + i)) + 1;
    mvmjs_port_print(bytes + i, count);
    if (end != NULL) line_of = NULL;
    i += count;
  }
}
static void finish_line(const struct mvmjs_resident *resident) {
  if (line_of != resident->name) return;
  say("\n");
  line_of = NULL;
}
/** The program that runs now. */
static const struct mvmjs_resident *running;
void mvmjs_host_print(const uint8_t *bytes, size_t length) {
  print_as(running->name, bytes, length);
}

// What the residents ask of their host

static void adopt(void *context, struct mvmjs_resident *resident) {
  (void)context;
  const int slot = slot_of(resident);
  doors[slot] = (struct mvmjs_door){.program = &resident->program, .services = &mvmjs_host_services};
  mvmjs_pins_begin(&doors[slot], slot);
  mvmjs_door_begin(&doors[slot], MVMJS_ARRIVED);
  resident->waits = false;
  asks[slot] = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL;
}
static void set_clock(void *context, struct mvmjs_resident *resident, bool runs) {
  (void)context;
  if (runs) mvmjs_door_start_clock(&doors[slot_of(resident)]);
  else mvmjs_door_stop_clock(&doors[slot_of(resident)]);
}
static uint64_t time_of(void *context, struct mvmjs_resident *resident) {
  (void)context;
  return mvmjs_door_now(&doors[slot_of(resident)]);
}
static void settle(void *context, struct mvmjs_resident *resident) {
  (void)context;
  mvmjs_door_keep_time(&doors[slot_of(resident)]);
}
static void leave(void *context, struct mvmjs_resident *resident, enum mvmjs_leaving leaving) {
  (void)context;
  (void)leaving;
  mvmjs_pins_end(slot_of(resident));
  finish_line(resident);
}
static struct mvmjs_io_session *session(void *context, struct mvmjs_resident *resident) {
  (void)context;
  return mvmjs_pins_session(slot_of(resident));
}
/** The console has what was printed; nothing of it is kept. */
static const char *logs(void *context, struct mvmjs_resident *resident, uint32_t lines, size_t *length) {
  (void)context;
  (void)resident;
  (void)lines;
  *length = 0;
  return "";
}
static struct mvmjs_link *dial(void *context, const char *place, struct mvmjs_line *why) {
  (void)context;
  return mvmjs_serial_link_dial(&wire, place, why, now_ms());
}
static void random_bytes(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  mvmjs_port_random(bytes, length);
}
static void note(void *context, const char *text) {
  static const char name[] = "mvm";
  static const uint8_t end = '\n';
  (void)context;
  print_as(name, (const uint8_t *)text, strlen(text));
  print_as(name, &end, 1);
}
static const struct mvmjs_residents_port port = {
  .adopt = adopt, .clock = set_clock, .settle = settle, .leave = leave, .time = time_of, .session = session, .logs = logs, .connect = dial, .random = random_bytes, .note = note,
};

// Running

static void end(struct mvmjs_resident *resident, const char *how) {
  mvmjs_pins_end(slot_of(resident));
  finish_line(resident);
  say("mvm| ");
  say(resident->name);
  say(how);
  mvmjs_resident_ended(&residents, resident, residents.now_ms);
}
/** Runs the program of a slot for a slice. False: it need not be run again at once. */
static bool run(int slot) {
  struct mvmjs_resident *resident = &slots[slot];
  struct mvmjs_door *door = &doors[slot];
  if (!mvmjs_resident_runs(resident)) return false;
  running = resident;
  (void)mvmjs_pins_tell(door);
  if (resident->waits) {
    if (mvmjs_door_until_wake(door) > 0) return false;
    resident->waits = false;
    mvmjs_door_wake(door);
  }
  if (asks[slot]) {
    switch (mvmjs_door_answer(door)) {
      case MVMJS_ANSWERED: break;
      case MVMJS_NO_ROOM: end(resident, " is out of memory\n"); return false;
      default: end(resident, " is broken\n"); return false;
    }
    asks[slot] = false;
  }
  switch (mvmjs_program_run(&resident->program, SLICE)) {
    case STATUS_FUEL: return true;
    case STATUS_HOST_CALL: asks[slot] = true; return true;
    case STATUS_WAITING: resident->waits = true; return true;
    case STATUS_ENDED: end(resident, door->failed ? " has failed\n" : " has ended\n"); return false;
    case STATUS_OUT_OF_MEMORY: end(resident, " is out of memory\n"); return false;
    case MVMJS_ABSENT: end(resident, " needs a part of the core that this firmware was built without\n"); return false;
    default: end(resident, mvmjs_scratch_short ? " is out of scratch (MVMJS_SCRATCH)\n" : " is broken\n"); return false;
  }
}

static void begin(void) {
  static const uint8_t bytes[MVMJS_SERIAL_KEY_BYTES] = {MVMJS_KEY};
  const uint32_t words = (uint32_t)REGISTERS + PROGRAM_WORDS;
  if (mvmjs_room_marks(words) > MARKS_WORDS) mvmjs_port_fatal("mvm: too few marks");
  memset(memories, 0, sizeof memories);
  for (int i = 0; i < MVMJS_SLOTS; i++) mvmjs_program_init_fixed(&slots[i].program, (struct mvmjs_room){(uint8_t *)memories[i], words, marks[i]});
  residents = (struct mvmjs_residents){
    .port = &port, .slots = slots, .slot_count = MVMJS_SLOTS, .links = links, .link_count = LINKS, .past = past, .past_count = PAST, .seen = seen, .seen_count = SEEN,
    .scratch = scratch, .scratch_bytes = sizeof scratch, .chunk_bytes = CHUNK_BYTES, .window_bytes = WINDOW_BYTES,
    .memory_max = (uint64_t)PROGRAM_WORDS * 4, .patience_ms = PATIENCE_MS, .io = mvmjs_pins(), .name = MVMJS_BOARD, .software = "mvm firmware",
  };
#ifdef MVMJS_GRANTS
  residents.grants = grants;
  residents.grant_count = MVMJS_SLOTS;
#endif
  // A host keeps its id: the board's is made of its name and its key. Each start has its own.
  mvmjs_serial_key(&key, bytes);
  memcpy(residents.self.host, key.id, sizeof key.id);
  for (size_t i = 0; i < sizeof MVMJS_BOARD - 1; i++) residents.self.host[sizeof key.id + i % (sizeof residents.self.host - sizeof key.id)] ^= (uint8_t)MVMJS_BOARD[i];
  mvmjs_port_random(residents.self.boot, sizeof residents.self.boot);
  wire.residents = &residents;
  wire.main = (struct mvmjs_serial_channel){.body = bodies[0], .body_bytes = BODY_BYTES, .out = outs[0], .out_bytes = OUT_BYTES, .link = {.scopes = MVMJS_SCOPE_ALL}};
  reverse = (struct mvmjs_serial_channel){.body = bodies[1], .body_bytes = BODY_BYTES, .out = outs[1], .out_bytes = OUT_BYTES, .link = {.scopes = MVMJS_SCOPE_ALL}};
  wire.reverse = &reverse;
  wire.serial.keys = &key;
  wire.serial.key_count = 1;
  wire.serial.random = random_bytes;
  wire.serial.patience_ms = PATIENCE_MS;
  mvmjs_serial_link_begin(&wire, now_ms());
}

MVMJS_NO_RETURN void mvmjs_firmware(void) {
  size_t deepest = 0;
  uint64_t heard_ms = 0;
  mvmjs_port_start();
  begin();
  say("mvm| " MVMJS_BOARD " waits for programs\n");
  for (;;) {
    uint8_t line[MVMJS_LINE_MAX];
    bool busy = false;
    size_t length = 0;
    for (int byte; length < LINE_BYTES && (byte = mvmjs_port_read()) >= 0;) line[length++] = (uint8_t)byte;
    if (length > 0) mvmjs_serial_feed(&wire.serial, line, length, now_ms());
    if (length > 0) heard_ms = now_ms();
    busy = now_ms() - heard_ms < AWAKE_MS;
    mvmjs_residents_tick(&residents, now_ms());
    mvmjs_serial_link_move(&wire, now_ms());
    while ((length = mvmjs_serial_pull(&wire.serial, line, now_ms())) > 0) mvmjs_port_write(line, length);
    for (int i = 0; i < MVMJS_SLOTS; i++) busy = run(i) || busy;
    if (busy) continue;
    // A new high-water mark of the C stack is told when there is nothing else to do.
    const size_t used = mvmjs_stack_used();
    if (used > deepest) {
      struct mvmjs_line text;
      deepest = used;
      mvmjs_line_clear(&text);
      mvmjs_line_add(&text, "mvm| stack ");
      mvmjs_line_add_number(&text, used);
      mvmjs_line_add(&text, " bytes");
      say(text.text);
      say("\n");
    }
    mvmjs_port_idle();
  }
}
