// Moves over faulty byte links in virtual time: two devices, each with a UART on which the other may connect to it. What the
// machines, the protocol and the byte link do is all theirs (hosts/c); the lines between are made here: they lose, double,
// flip and delay packets, lose, double and flip bytes, are pulled out for longer than anyone's patience, and a device is
// reset now and then, in the middle of whatever. One program runs around and prints the lines 0, 1, 2 …
//
//   serialsim SEED MOVES < image     prints what happened as one line of JSON, or what was wrong
//
// What is checked, always: at most one device runs the program; a line is printed once and in order; a program that left is
// owned by the other side; a move that did not take place leaves it where it was, and had a cable out or a reset for a reason,
// or went back so soon that the other side had not been told that the program had come here, and refused it. After a reset
// the program is lost only if it was there alone; a survivor that is in doubt, or holds a program that was ready, is told
// by a person that the other is lost (RECOVER), and then goes on from what it holds: from an earlier moment, if the other had
// gone on.

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "serialdevice.h"

const bool device_virtual_time = true;

enum { HOSTS = 2, FLYING = 64, LOSS = 100, PARTS = 10000 };
/** The rules are done with a reset when this long has passed. */
#define SETTLED_MS 60000
#define STUCK_MS 200000
#define FELT_MS 40000

/** One direction of a line: packets on their way. */
struct flight {
  uint64_t at_ms;
  size_t length;
  uint8_t bytes[2 * MVMJS_LINE_MAX];
};
struct direction {
  struct flight list[FLYING];
  int count;
  /** In hundredths of a millisecond: when the line is free again. */
  uint64_t busy_until;
};
/** A UART at one device, and who connects to it. */
struct cable {
  /** [0] the client's end, at the other device; [1] the device's. */
  struct wire ends[2];
  struct direction to[2];
  uint64_t out_until_ms;
  bool used;
};

static struct device devices[HOSTS];
/** cables[i]: device i connects by it. */
static struct cable cables[HOSTS];
static struct mvmjs_serial_key key;
static uint64_t now_ms = 1000;
static uint32_t chance;

static struct { unsigned moves, moved, failed, refused, pulled, resets, lost, recovered; uint64_t packets; } counts;
static uint64_t next_line;
/** After a recovery the program may go on from an earlier image. */
static bool may_step_back;
static char line[64];
static size_t line_length;
static uint8_t image[1 << 16];
static size_t image_length;
static int last_owner;
static uint64_t departed_at_ms;
/** When the program departed, where it went to did not know yet that it had left. */
static bool departed_early;
/** A cable that was out, or a reset, may be felt until then. */
static uint64_t disturbed_until_ms;

void wrong(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
  printf(" (at %" PRIu64 " ms, move %u)\n", now_ms, counts.moves);
  exit(1);
}

/** A number from 0 to `below` - 1. Source: Marsaglia, xorshift32. */
static uint32_t draw(uint32_t below) {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return chance % below;
}
static bool happens(uint32_t parts) {
  return draw(PARTS) < parts;
}
static void disturb(uint64_t until_ms) {
  if (until_ms + FELT_MS > disturbed_until_ms) disturbed_until_ms = until_ms + FELT_MS;
}
void device_random(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)draw(256);
}

// Output

void device_print(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  (void)stream;
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] != '\n') {
      if (line_length == sizeof line - 1) wrong("a line is too long");
      line[line_length++] = bytes[i];
      continue;
    }
    line[line_length] = '\0';
    line_length = 0;
    const uint64_t number = strtoull(line, NULL, 10);
    if (number != next_line && !(may_step_back && number < next_line)) wrong("line %" PRIu64 " is '%s'", next_line, line);
    may_step_back = false;
    next_line = number + 1;
  }
}

// Lines

static void put_flight(struct direction *to, uint64_t at_ms, const uint8_t *bytes, size_t length) {
  if (to->count == FLYING) return;
  int place = to->count++;
  while (place > 0 && to->list[place - 1].at_ms > at_ms) {
    to->list[place] = to->list[place - 1];
    place--;
  }
  to->list[place].at_ms = at_ms;
  to->list[place].length = length;
  memcpy(to->list[place].bytes, bytes, length);
}
static void send_packet(struct cable *cable, int to, const uint8_t *packet, size_t length) {
  struct direction *direction = &cable->to[to];
  uint8_t bytes[2 * MVMJS_LINE_MAX];
  size_t count = 0;
  counts.packets++;
  // 115,200 baud.
  if (direction->busy_until < now_ms * 100) direction->busy_until = now_ms * 100;
  direction->busy_until += length * 868 / 100;
  if (now_ms < cable->out_until_ms || happens(LOSS)) return;
  for (size_t i = 0; i < length; i++) {
    const uint32_t how = happens(1) ? 1 + draw(3) : 0;
    if (how == 1) continue;
    bytes[count++] = (uint8_t)(how == 2 ? packet[i] ^ 1u << draw(8) : packet[i]);
    if (how == 3) bytes[count++] = packet[i];
  }
  if (happens(LOSS) && count > 0) bytes[draw((uint32_t)count)] ^= (uint8_t)(1u << draw(8));
  const uint64_t at_ms = direction->busy_until / 100 + 1;
  put_flight(direction, at_ms + (happens(LOSS) ? 1 + draw(400) : 0), bytes, count);
  if (happens(LOSS)) put_flight(direction, at_ms + draw(100), bytes, count);
}
static void move_cables(void) {
  for (int i = 0; i < HOSTS; i++) {
    struct cable *cable = &cables[i];
    if (!cable->used) continue;
    for (int end = 0; end < 2; end++) {
      struct direction *to = &cable->to[end];
      while (to->count > 0 && to->list[0].at_ms <= now_ms) {
        const struct flight flight = to->list[0];
        to->count--;
        memmove(to->list, to->list + 1, (size_t)to->count * sizeof *to->list);
        if (now_ms < cable->out_until_ms) continue;
        mvmjs_serial_feed(&cable->ends[end].end.serial, flight.bytes, flight.length, now_ms);
      }
      mvmjs_serial_link_move(&cable->ends[end].end, now_ms);
    }
  }
}
static void pull_cables(void) {
  uint8_t packet[MVMJS_LINE_MAX];
  for (int i = 0; i < HOSTS; i++) {
    if (!cables[i].used) continue;
    for (int end = 0; end < 2; end++) {
      mvmjs_serial_link_move(&cables[i].ends[end].end, now_ms);
      for (size_t length; (length = mvmjs_serial_pull(&cables[i].ends[end].end.serial, packet, now_ms)) > 0;) send_packet(&cables[i], 1 - end, packet, length);
      // What has just been lost is told at once.
      mvmjs_serial_link_move(&cables[i].ends[end].end, now_ms);
    }
  }
}
struct mvmjs_link *device_dial(struct device *device, const char *place, struct mvmjs_line *why) {
  const int from = (int)(device - devices);
  struct cable *cable = &cables[from];
  (void)place;
  if (cable->used && cable->ends[0].end.main.stands) {
    mvmjs_line_set(why, "the line is in use", (const char *)NULL);
    return NULL;
  }
  device_wire(device, &cable->ends[0], true, &key);
  mvmjs_serial_link_begin(&cable->ends[0].end, now_ms);
  cable->used = true;
  return &cable->ends[0].end.main.link;
}

// Programs

/** The slot in which a device has the program as its own, if it does. */
static struct mvmjs_resident *owned_by(int host) {
  for (int k = 0; k < SLOTS; k++) if (mvmjs_is_owned(&devices[host].slots[k]) && devices[host].slots[k].source.phase != MVMJS_PHASE_LEFT) return &devices[host].slots[k];
  return NULL;
}
static struct mvmjs_resident *ready_at(int host) {
  for (int k = 0; k < SLOTS; k++) {
    struct mvmjs_resident *slot = &devices[host].slots[k];
    if (slot->has_target && slot->target.phase == MVMJS_PHASE_READY) return slot;
  }
  return NULL;
}
static uint64_t reset_at_ms;
static bool settles;

void device_left(struct device *device, struct mvmjs_resident *resident, enum mvmjs_leaving leaving) {
  const int host = (int)(device - devices);
  (void)resident;
  if (leaving != MVMJS_LEAVING_MOVED) wrong("a program left by nobody's doing");
  if (owned_by(1 - host) == NULL && !settles) wrong("device %d let go of the program, and the other does not own it", host);
  counts.moved++;
}
void device_stopped(struct device *device, struct mvmjs_resident *resident) {
  (void)device;
  wrong("the program stopped at step %llu", (unsigned long long)mvmjs_program_steps(&resident->program));
}
void device_note(struct device *device, const char *text) {
  (void)device;
  (void)text;
}
static void load(int host) {
  static struct mvmjs_image_reader reader;
  struct mvmjs_resident *first = &devices[host].slots[0];
  mvmjs_program_begin_loading(&first->program, &reader, MEMORY_WORDS);
  for (size_t at = 0; at < image_length; at += 500) {
    if (mvmjs_program_load(&first->program, &reader, image + at, image_length - at < 500 ? image_length - at : 500) == MVMJS_IMAGE_REFUSED) wrong("the image is refused");
  }
  if (!mvmjs_program_end_loading(&first->program, &reader)) wrong("the image is refused: %s", reader.fault.detail);
  // A program of its own, which nobody has heard of.
  device_random(NULL, first->program.head.program_id, sizeof first->program.head.program_id);
  snprintf(first->name, sizeof first->name, "walker");
  mvmjs_source_begin(&first->source, first->program.head.epoch);
  devices[host].residents.port->adopt(&devices[host], first);
  next_line = 0;
  line_length = 0;
  may_step_back = false;
}

/** Runs whoever has the program; -1: nobody. */
static int run_one(void) {
  int found = -1;
  for (int i = 0; i < HOSTS; i++) {
    for (int k = 0; k < SLOTS; k++) {
      if (!mvmjs_resident_runs(&devices[i].slots[k])) continue;
      if (found >= 0) wrong("two owners");
      found = i;
      device_run(&devices[i], k);
    }
  }
  return found;
}

// Resets

/** What the rules promise for the program if a device is reset now: it goes on at the other, or not. */
static bool kept;
/** The device that was reset ran the program: a move had come to nothing, of which the other may not have heard. */
static bool went_on;

static void listen_at(int host) {
  struct cable *cable = &cables[1 - host];
  device_wire(&devices[host], &cable->ends[1], false, &key);
  mvmjs_serial_link_begin(&cable->ends[1].end, now_ms);
  cable->used = cable->used && cable->ends[0].end.main.stands;
}
static void reset(int host) {
  const struct mvmjs_resident *other = owned_by(1 - host), *own = owned_by(host);
  went_on = own != NULL && mvmjs_source_runs(&own->source);
  kept = other != NULL || ready_at(1 - host) != NULL;
  // In GRANTED the other may have run it, ended here.
  if (other != NULL && other->source.phase == MVMJS_PHASE_GRANTED) kept = false;
  device_begin(&devices[host], host, false);
  memset(&cables[host].ends[0], 0, sizeof cables[host].ends[0]);
  cables[host].used = false;
  listen_at(host);
  reset_at_ms = now_ms;
  disturb(now_ms + SETTLED_MS);
  settles = true;
  counts.resets++;
}
/** The time for everything to come out by itself is over. */
static void settle(void) {
  int runner = -1;
  for (int i = 0; i < HOSTS; i++) {
    struct mvmjs_resident *owned = owned_by(i);
    if (owned != NULL && mvmjs_resident_runs(owned)) runner = i;
  }
  for (int i = 0; i < HOSTS && runner < 0; i++) {
    struct mvmjs_resident *owned = owned_by(i), *ready = ready_at(i);
    if (owned != NULL) {
      if (owned->source.phase != MVMJS_PHASE_GRANTED || !owned->source.doubt) wrong("after a reset device %d is neither owner nor in doubt", i);
      may_step_back = true;
      mvmjs_feed_source(&devices[i].residents, owned, &(struct mvmjs_event){.type = MVMJS_EVENT_RECOVER});
    } else if (ready != NULL) {
      may_step_back = went_on;
      mvmjs_feed_target(&devices[i].residents, ready, &(struct mvmjs_event){.type = MVMJS_EVENT_RECOVER});
    } else {
      continue;
    }
    counts.recovered++;
    runner = i;
  }
  if (runner < 0) {
    if (kept) wrong("the program was at the device that lived on, and is gone");
    counts.lost++;
    load((int)draw(HOSTS));
  }
  settles = false;
}

/** Is a program ready at its target, or granted and not answered? */
static bool is_at_stake(void) {
  for (int i = 0; i < HOSTS; i++) {
    const struct mvmjs_resident *owned = owned_by(i);
    if (ready_at(i) != NULL || (owned != NULL && owned->source.phase == MVMJS_PHASE_GRANTED)) return true;
  }
  return false;
}

static uint64_t earliest(void) {
  uint64_t next_ms = UINT64_MAX;
  for (int i = 0; i < HOSTS; i++) {
    const uint64_t due_ms = mvmjs_residents_due(&devices[i].residents);
    if (due_ms < next_ms) next_ms = due_ms;
    if (!cables[i].used) continue;
    for (int end = 0; end < 2; end++) {
      const uint64_t serial_ms = mvmjs_serial_next_time(&cables[i].ends[end].end.serial, now_ms);
      if (serial_ms < next_ms) next_ms = serial_ms;
      if (cables[i].to[end].count > 0 && cables[i].to[end].list[0].at_ms < next_ms) next_ms = cables[i].to[end].list[0].at_ms;
    }
  }
  return next_ms;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const uint32_t seed = (uint32_t)strtoul(argv[1], NULL, 10);
  chance = (seed * 2654435761u) | 1;
  const unsigned moves = (unsigned)strtoul(argv[2], NULL, 10);
  uint8_t secret[MVMJS_SERIAL_KEY_BYTES];
  image_length = fread(image, 1, sizeof image, stdin);
  device_random(NULL, secret, sizeof secret);
  mvmjs_serial_key(&key, secret);
  for (int i = 0; i < HOSTS; i++) device_begin(&devices[i], i, true);
  for (int i = 0; i < HOSTS; i++) listen_at(i);
  load(0);
  uint64_t owned_at_ms = now_ms;
  uint64_t look_at_ms = 0;
  for (;;) {
    move_cables();
    for (int i = 0; i < HOSTS; i++) mvmjs_residents_tick(&devices[i].residents, now_ms);
    pull_cables();
    int owner = -1;
    if (now_ms >= look_at_ms) {
      look_at_ms = now_ms + 5;
      owner = run_one();
    }
    if (settles && now_ms - reset_at_ms > SETTLED_MS) settle();
    if (owner >= 0) {
      owned_at_ms = now_ms;
      struct mvmjs_resident *resident = owned_by(owner);
      const bool in_use = cables[owner].used && cables[owner].ends[0].end.main.stands;
      if (!settles && !resident->departs && !in_use && draw(8) == 0) {
        if (counts.moves == moves) break;
        if (counts.moves > 0 && owner == last_owner) {
          if (departed_early) counts.refused++;
          else if (disturbed_until_ms < departed_at_ms) wrong("a move came to nothing on a line with no more than its usual faults");
          else counts.failed++;
        }
        counts.moves++;
        departed_at_ms = now_ms;
        departed_early = owned_by(1 - owner) != NULL;
        last_owner = owner;
        const uint8_t place[] = {(uint8_t)('0' + 1 - owner)};
        mvmjs_depart(&devices[owner].residents, resident, (struct mvmjs_conversation){.link = NULL, .stream = 0}, &(struct mvmjs_wire_value){.present = true, .bytes = place, .length = 1}, false);
      }
    } else if (now_ms - owned_at_ms > STUCK_MS) {
      wrong("nobody runs the program");
    }
    // Now and then a cable is out for a moment, or for longer than anyone waits, or a device is reset; most often where it
    // matters most, while the ownership passes.
    const bool at_stake = is_at_stake();
    if (happens(at_stake ? 60 : 4)) {
      struct cable *cable = &cables[draw(HOSTS)];
      cable->out_until_ms = now_ms + draw(draw(4) == 0 ? 40000 : 2000);
      disturb(cable->out_until_ms);
      counts.pulled++;
    }
    if (!settles && draw(at_stake ? 1500 : 30000) == 0) reset((int)draw(HOSTS));
    const uint64_t next_ms = earliest();
    now_ms += next_ms <= now_ms ? 1 : next_ms - now_ms > 10 ? 10 : next_ms - now_ms;
  }
  printf("{\"moves\":%u,\"moved\":%u,\"failed\":%u,\"refused\":%u,\"pulled\":%u,\"resets\":%u,\"lost\":%u,\"recovered\":%u,\"packets\":%" PRIu64 ",\"virtualHours\":%.1f}\n",
         counts.moves, counts.moved, counts.failed, counts.refused, counts.pulled, counts.resets, counts.lost, counts.recovered, counts.packets, (double)now_ms / 3600000);
  return 0;
}
