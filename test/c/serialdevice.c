// A device of the tests.

#include "serialdevice.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "inside.h"
#include "machine.h"
#include "mock.h"
#include "trouble.h"

enum { FUEL = 3000 };

void mvmjs_broken(const char *sentence) {
  wrong("broken: %s", sentence);
}
void mvmjs_give_up(enum mvmjs_exit code, const char *format, ...) {
  (void)code;
  wrong("gave up: %s", format);
}

static int slot_of(const struct device *device, const struct mvmjs_resident *resident) {
  return (int)(resident - device->slots);
}
static void adopt(void *context, struct mvmjs_resident *resident) {
  struct device *device = context;
  const int slot = slot_of(device, resident);
  device->doors[slot] = (struct mvmjs_host){.program = &resident->program, .output = device_print, .context = device, .virtual_time = device_virtual_time};
  device->doors[slot].io.port = mvmjs_io_mock();
  mvmjs_host_begin(&device->doors[slot], MVMJS_ARRIVED);
  // Pins do not depend on what time it is.
  device->doors[slot].door.function_count = MVMJS_IO_KINDS;
  resident->waits = false;
  mvmjs_program_use(&resident->program);
  device->asks[slot] = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL;
}
static void set_clock(void *context, struct mvmjs_resident *resident, bool runs) {
  struct device *device = context;
  if (device_virtual_time) return;
  if (runs) mvmjs_door_start_clock(&device->doors[slot_of(device, resident)].door);
  else mvmjs_door_stop_clock(&device->doors[slot_of(device, resident)].door);
}
static uint64_t time_of(void *context, struct mvmjs_resident *resident) {
  struct device *device = context;
  return mvmjs_door_now(&device->doors[slot_of(device, resident)].door);
}
static void settle(void *context, struct mvmjs_resident *resident) {
  mvmjs_program_use(&resident->program);
  mvmjs_set_counter(REG_TIME_LOW, time_of(context, resident));
}
/** The program is no more, or another host's: its pins are free. */
static void close_door(struct device *device, int slot) {
  mvmjs_io_close(&device->doors[slot].io);
  device->doors[slot].program = NULL;
}
static void leave(void *context, struct mvmjs_resident *resident, enum mvmjs_leaving leaving) {
  close_door(context, slot_of(context, resident));
  device_left(context, resident, leaving);
}
static struct mvmjs_io_session *session(void *context, struct mvmjs_resident *resident) {
  struct mvmjs_host *door = &((struct device *)context)->doors[slot_of(context, resident)];
  return door->program == NULL ? NULL : &door->io;
}
static void happened(void *context, struct mvmjs_resident *resident, int32_t number, enum mvmjs_io_event event, uint64_t count) {
  struct device *device = context;
  struct mvmjs_value what[] = {mvmjs_number_value(number), mvmjs_text_value(mvmjs_io_event_name(event)), mvmjs_number_value((double)count)};
  struct mvmjs_value message[] = {mvmjs_text_value("message"), mvmjs_text_value("embedded:io"), mvmjs_list_value(what, 3)};
  mvmjs_door_post(&device->doors[slot_of(device, resident)].door, message, 3);
}
static const char *logs(void *context, struct mvmjs_resident *resident, uint32_t lines, size_t *length) {
  (void)context;
  (void)resident;
  (void)lines;
  *length = 0;
  return "";
}
static struct mvmjs_link *dial(void *context, const char *place, struct mvmjs_line *why) {
  return device_dial(context, place, why);
}
static void note(void *context, const char *text) {
  if (strstr(text, "a fault of mvm's own") != NULL) wrong("%s", text);
  device_note(context, text);
}
static const struct mvmjs_residents_port port = {
  .adopt = adopt, .clock = set_clock, .settle = settle, .leave = leave, .time = time_of, .session = session, .happened = happened, .logs = logs, .connect = dial, .random = device_random, .note = note,
};

void device_begin(struct device *device, int number, bool first) {
  const uint32_t words = (uint32_t)REGISTERS + MEMORY_WORDS;
  struct mvmjs_room rooms[SLOTS];
  for (int i = 0; i < SLOTS; i++) {
    if (first) {
      uint8_t *memory = calloc((size_t)words * 4 + 2 * MVMJS_SLACK, 1);
      int32_t *marks = calloc(mvmjs_room_marks(words), 4);
      if (memory == NULL || marks == NULL) abort();
      rooms[i] = (struct mvmjs_room){.memory = memory + MVMJS_SLACK, .words = words, .marks = marks};
    } else {
      rooms[i] = device->slots[i].program.room;
    }
  }
  memset(device, 0, sizeof *device);
  snprintf(device->name, sizeof device->name, "%d", number);
  for (int i = 0; i < SLOTS; i++) mvmjs_program_init_fixed(&device->slots[i].program, rooms[i]);
  device->residents = (struct mvmjs_residents){
    .port = &port, .context = device, .slots = device->slots, .slot_count = SLOTS, .links = device->links, .link_count = LINKS, .past = device->past, .past_count = PAST,
    .seen = device->seen, .seen_count = SEEN, .grants = device->grants, .grant_count = GRANTS, .io = mvmjs_io_mock(), .scratch = device->scratch, .scratch_bytes = SCRATCH_BYTES, .chunk_bytes = CHUNK_BYTES, .window_bytes = WINDOW_BYTES,
    .memory_max = (uint64_t)words * 4, .patience_ms = 15000, .name = device->name, .software = "serialdevice",
  };
  // A host keeps its id; each start has its own.
  memset(device->residents.self.host, number + 1, sizeof device->residents.self.host);
  device_random(device, device->residents.self.boot, sizeof device->residents.self.boot);
}
void device_wire(struct device *device, struct wire *wire, bool is_client, const struct mvmjs_serial_key *key) {
  memset(wire, 0, sizeof *wire);
  struct mvmjs_serial_link *end = &wire->end;
  end->residents = &device->residents;
  end->main = (struct mvmjs_serial_channel){.body = wire->body, .body_bytes = sizeof wire->body, .out = wire->out, .out_bytes = sizeof wire->out};
  end->main.link.scopes = MVMJS_SCOPE_ALL;
  wire->reverse = (struct mvmjs_serial_channel){.body = wire->reverse_body, .body_bytes = sizeof wire->reverse_body, .out = wire->reverse_out, .out_bytes = sizeof wire->reverse_out};
  wire->reverse.link.scopes = MVMJS_SCOPE_ALL;
  end->reverse = &wire->reverse;
  end->serial.is_client = is_client;
  end->serial.keys = key;
  end->serial.key_count = 1;
  end->serial.random = device_random;
  end->serial.context = device;
  end->serial.patience_ms = 15000;
}

static bool stop(struct device *device, int slot) {
  close_door(device, slot);
  device_stopped(device, &device->slots[slot]);
  return true;
}
bool device_run(struct device *device, int slot) {
  struct mvmjs_resident *resident = &device->slots[slot];
  struct mvmjs_host *door = &device->doors[slot];
  if (!mvmjs_resident_runs(resident)) return false;
  if (resident->waits) {
    resident->waits = false;
    mvmjs_host_wake(door);
  }
  mvmjs_io_tell(&door->door);
  for (int turn = 0; turn < 20; turn++) {
    if (device->asks[slot]) {
      const enum mvmjs_answer answer = mvmjs_door_answer(&door->door);
      // Whoever keeps its pin has been asked.
      if (answer == MVMJS_NOT_YET) return true;
      if (answer != MVMJS_ANSWERED) return stop(device, slot);
    }
    device->asks[slot] = false;
    switch (mvmjs_program_run(&resident->program, FUEL)) {
      case STATUS_FUEL: return true;
      case STATUS_HOST_CALL: device->asks[slot] = true; break;
      case STATUS_WAITING: resident->waits = true; return true;
      case STATUS_ENDED:
        close_door(device, slot);
        mvmjs_resident_ended(&device->residents, resident, device->residents.now_ms);
        return true;
      default: return stop(device, slot);
    }
  }
  return true;
}
