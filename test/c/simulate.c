// Hosts like devices, in one process and in virtual time: hosts/c/embed and hosts/c/link with slots of fixed memory, frames of
// a kilobyte, chunks of some bytes, and connections that are slow and break. One program runs around among them, and
// prints the lines 0, 1, 2 …, whoever has it. Used by test/c-link.test.ts.
//
//   simulate SEED MOVES < image     prints "MOVES moved, CUTS cuts, DOUBTS doubts, LINES lines", or what was wrong
//
// Everything is drawn from the seed: when bytes arrive, where they are cut, where the program goes next and when.

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "inside.h"
#include "machine.h"
#include "trouble.h"

enum { HOSTS = 3, SLOTS = 2, LINKS = 12, QUEUE_BYTES = 3000, BODY_BYTES = 1400, SCRATCH_BYTES = 2500, PAST = 64, SEEN = 4 };
enum { CHUNK_BYTES = 150, WINDOW_BYTES = 600, FUEL = 3000 };
/** Longest that the whole may take, in virtual milliseconds. */
#define MOST_MS UINT64_C(2000000000)

/** One end of a connection. */
struct pipe {
  bool used;
  bool ends;
  struct mvmjs_link link;
  int host;
  struct pipe *other;
  /** What is on its way to this end, and when the first of it arrives. */
  uint8_t queue[QUEUE_BYTES + 8192];
  size_t length;
  uint64_t due_ms;
  uint8_t body[BODY_BYTES];
};
struct device {
  struct mvmjs_residents residents;
  struct mvmjs_resident slots[SLOTS];
  struct mvmjs_host doors[SLOTS];
  bool asks[SLOTS];
  struct mvmjs_link *links[LINKS];
  struct mvmjs_past past[PAST];
  struct mvmjs_seen seen[SEEN];
  uint8_t scratch[SCRATCH_BYTES];
  char name[16];
};

static struct device devices[HOSTS];
static struct pipe pipes[2 * LINKS];
static uint64_t now_ms = 1000;
static uint32_t chance;
static bool faults = true;
/** Until then nobody reaches anybody. */
static uint64_t apart_until_ms;
static unsigned cuts, doubts, moved, adopted;
static uint64_t next_line;
static char line[64];
static size_t line_length;

#if defined(__GNUC__)
__attribute__((noreturn, format(printf, 1, 2)))
#endif
static void wrong(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
  printf(" (at %" PRIu64 " ms)\n", now_ms);
  exit(1);
}
void mvmjs_broken(const char *sentence) {
  wrong("broken: %s", sentence);
}
void mvmjs_give_up(enum mvmjs_exit code, const char *format, ...) {
  (void)code;
  wrong("gave up: %s", format);
}

/** A number from 0 to `below` - 1. Source: Marsaglia, xorshift32. */
static uint32_t draw(uint32_t below) {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return chance % below;
}

// Output: every line once, in order, from whichever host

static void print(void *context, int stream, const char *bytes, size_t length) {
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
    if (strtoull(line, NULL, 10) != next_line) wrong("line %" PRIu64 " is '%s'", next_line, line);
    next_line++;
  }
}

// Connections

static void pipe_send(void *stream, const uint8_t *bytes, size_t length) {
  struct pipe *one = stream;
  struct pipe *to = one->other;
  if (to == NULL) return;
  if (to->length + length > sizeof to->queue) wrong("a queue is full: more was sent than there was room for");
  if (to->length == 0) to->due_ms = now_ms + 1 + draw(40);
  memcpy(to->queue + to->length, bytes, length);
  to->length += length;
}
static size_t pipe_room(void *stream) {
  const struct pipe *one = stream;
  return one->other == NULL || one->other->length >= QUEUE_BYTES ? 0 : QUEUE_BYTES - one->other->length;
}
static void pipe_end(void *stream) {
  ((struct pipe *)stream)->ends = true;
}
static void free_pipe(struct pipe *one) {
  if (!one->used) return;
  one->used = false;
  if (one->other != NULL) one->other->other = NULL;
  one->other = NULL;
  mvmjs_residents_close(&devices[one->host].residents, &one->link, now_ms);
}
static struct pipe *new_pipe(int host, bool began) {
  for (size_t i = 0; i < sizeof pipes / sizeof *pipes; i++) {
    struct pipe *one = &pipes[i];
    if (one->used) continue;
    memset(one, 0, sizeof *one);
    one->used = true;
    one->host = host;
    one->link.began = began;
    one->link.scopes = MVMJS_SCOPE_ALL;
    one->link.send = pipe_send;
    one->link.room = pipe_room;
    one->link.end = pipe_end;
    one->link.stream = one;
    return one;
  }
  return NULL;
}
static struct mvmjs_link *dial(void *context, const char *place, struct mvmjs_line *why) {
  const struct device *from = context;
  const int to = atoi(place);
  if (faults && (now_ms < apart_until_ms || draw(8) == 0)) {
    mvmjs_line_set(why, "nobody answers", (const char *)NULL);
    return NULL;
  }
  struct pipe *one = new_pipe((int)(from - devices), true);
  struct pipe *other = one == NULL ? NULL : new_pipe(to, false);
  if (other == NULL) {
    if (one != NULL) one->used = false;
    mvmjs_line_set(why, "too many connections", (const char *)NULL);
    return NULL;
  }
  one->other = other;
  other->other = one;
  mvmjs_residents_open(&devices[one->host].residents, &one->link, one->body, BODY_BYTES, now_ms);
  mvmjs_residents_open(&devices[other->host].residents, &other->link, other->body, BODY_BYTES, now_ms);
  return &one->link;
}
/** What is due arrives, some of it; connections break. */
static void deliver(void) {
  // Longer than anyone's patience, at times.
  if (faults && now_ms >= apart_until_ms && draw(700) == 0) apart_until_ms = now_ms + draw(15000);
  for (size_t i = 0; i < sizeof pipes / sizeof *pipes; i++) {
    struct pipe *one = &pipes[i];
    if (!one->used) continue;
    if (faults && (now_ms < apart_until_ms || draw(400) == 0)) {
      cuts++;
      struct pipe *other = one->other;
      free_pipe(one);
      if (other != NULL) free_pipe(other);
      continue;
    }
    if (one->length > 0 && one->due_ms <= now_ms) {
      uint8_t bytes[1000];
      size_t count = 1 + draw(sizeof bytes);
      if (count > one->length) count = one->length;
      memcpy(bytes, one->queue, count);
      memmove(one->queue, one->queue + count, one->length - count);
      one->length -= count;
      one->due_ms = now_ms + 1 + draw(20);
      mvmjs_residents_take(&devices[one->host].residents, &one->link, bytes, count, now_ms);
    }
    // An end that has ended goes when the other has all that it sent; one that is alone, when it has taken what came.
    if (one->used && one->ends && (one->other == NULL || one->other->length == 0)) free_pipe(one);
    else if (one->used && one->other == NULL && one->length == 0) free_pipe(one);
  }
}

// The port

static int slot_of(const struct device *device, const struct mvmjs_resident *resident) {
  return (int)(resident - device->slots);
}
static void adopt(void *context, struct mvmjs_resident *resident) {
  struct device *device = context;
  const int slot = slot_of(device, resident);
  adopted++;
  device->doors[slot] = (struct mvmjs_host){.program = &resident->program, .output = print, .virtual_time = true};
  mvmjs_host_begin(&device->doors[slot], MVMJS_ARRIVED);
  resident->waits = false;
  mvmjs_program_use(&resident->program);
  device->asks[slot] = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL;
}
static void set_clock(void *context, struct mvmjs_resident *resident, bool runs) {
  (void)context;
  (void)resident;
  (void)runs;
}
static void settle(void *context, struct mvmjs_resident *resident) {
  struct device *device = context;
  mvmjs_door_keep_time(&device->doors[slot_of(device, resident)].door);
}
static void leave(void *context, struct mvmjs_resident *resident, enum mvmjs_leaving leaving) {
  (void)context;
  (void)resident;
  if (leaving != MVMJS_LEAVING_MOVED) wrong("a program was lost");
  moved++;
}
static uint64_t time_of(void *context, struct mvmjs_resident *resident) {
  struct device *device = context;
  return mvmjs_door_now(&device->doors[slot_of(device, resident)].door);
}
static const char *logs(void *context, struct mvmjs_resident *resident, uint32_t lines, size_t *length) {
  (void)context;
  (void)resident;
  (void)lines;
  *length = 0;
  return "";
}
static void random_bytes(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)draw(256);
}
static void note(void *context, const char *text) {
  (void)context;
  if (strstr(text, "in doubt") != NULL) doubts++;
  if (strstr(text, "a fault of mvm's own") != NULL) wrong("%s", text);
}
static const struct mvmjs_residents_port port = {
  .adopt = adopt, .clock = set_clock, .settle = settle, .leave = leave, .time = time_of, .logs = logs, .connect = dial, .random = random_bytes, .note = note,
};

static void prepare(int index, uint32_t words) {
  struct device *device = &devices[index];
  struct mvmjs_residents *residents = &device->residents;
  snprintf(device->name, sizeof device->name, "%d", index);
  for (int i = 0; i < SLOTS; i++) {
    uint8_t *memory = calloc((size_t)words * 4 + 2 * MVMJS_SLACK, 1);
    int32_t *marks = calloc(mvmjs_room_marks(words), 4);
    if (memory == NULL || marks == NULL) abort();
    mvmjs_program_init_fixed(&device->slots[i].program, (struct mvmjs_room){.memory = memory + MVMJS_SLACK, .words = words, .marks = marks});
  }
  *residents = (struct mvmjs_residents){
    .port = &port, .context = device, .slots = device->slots, .slot_count = SLOTS, .links = device->links, .link_count = LINKS, .past = device->past, .past_count = PAST,
    .seen = device->seen, .seen_count = SEEN, .scratch = device->scratch, .scratch_bytes = SCRATCH_BYTES, .chunk_bytes = CHUNK_BYTES, .window_bytes = WINDOW_BYTES,
    .memory_max = (uint64_t)words * 4, .patience_ms = 3000, .name = device->name, .software = "simulate",
  };
  random_bytes(NULL, residents->self.host, sizeof residents->self.host);
  random_bytes(NULL, residents->self.boot, sizeof residents->self.boot);
}

// Programs

static void run_slice(struct device *device, int slot) {
  struct mvmjs_resident *resident = &device->slots[slot];
  struct mvmjs_host *door = &device->doors[slot];
  if (resident->waits) {
    resident->waits = false;
    mvmjs_host_wake(door);
  }
  for (int turn = 0; turn < 20; turn++) {
    if (device->asks[slot] && mvmjs_door_answer(&door->door) != MVMJS_ANSWERED) wrong("the program's call is not answered");
    device->asks[slot] = false;
    switch (mvmjs_program_run(&resident->program, FUEL)) {
      case STATUS_FUEL: return;
      case STATUS_HOST_CALL: device->asks[slot] = true; break;
      case STATUS_WAITING: resident->waits = true; return;
      default: wrong("the program stopped at step %" PRIu64, mvmjs_program_steps(&resident->program));
    }
  }
}

/** Runs whoever has the program, of whom there is one at most; NULL: nobody. */
static struct mvmjs_resident *run_one(int *host) {
  struct mvmjs_resident *found = NULL;
  for (int i = 0; i < HOSTS; i++) {
    for (int k = 0; k < SLOTS; k++) {
      if (!mvmjs_resident_runs(&devices[i].slots[k])) continue;
      if (found != NULL) wrong("two owners: %d and %d", *host, i);
      found = &devices[i].slots[k];
      *host = i;
      run_slice(&devices[i], k);
    }
  }
  return found;
}

static void load_first(uint32_t limit_words) {
  static uint8_t bytes[512];
  static struct mvmjs_image_reader reader;
  struct mvmjs_resident *first = &devices[0].slots[0];
  mvmjs_program_begin_loading(&first->program, &reader, limit_words);
  for (size_t length; (length = fread(bytes, 1, sizeof bytes, stdin)) > 0;) {
    if (mvmjs_program_load(&first->program, &reader, bytes, length) == MVMJS_IMAGE_REFUSED) wrong("the image is refused");
  }
  if (!mvmjs_program_end_loading(&first->program, &reader)) wrong("the image is refused: %s", reader.fault.detail);
  snprintf(first->name, sizeof first->name, "walker");
  mvmjs_source_begin(&first->source, first->program.head.epoch);
  adopt(&devices[0], first);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  chance = (uint32_t)strtoul(argv[1], NULL, 10) * 2654435761u | 1;
  const unsigned moves = (unsigned)strtoul(argv[2], NULL, 10);
  const uint32_t words = (uint32_t)REGISTERS + 16384;
  for (int i = 0; i < HOSTS; i++) prepare(i, words);
  load_first(16384);
  uint64_t quiet_since_ms = 0;
  bool have_met = false;
  int host = 0;
  while (now_ms < MOST_MS) {
    struct mvmjs_resident *resident = run_one(&host);
    now_ms += 1 + draw(now_ms < apart_until_ms ? 300 : 10);
    deliver();
    for (int i = 0; i < HOSTS; i++) mvmjs_residents_tick(&devices[i].residents, now_ms);
    if (moved >= moves) {
      // No more faults: it ends with one owner, who knows it, and nothing under way.
      if (faults) quiet_since_ms = now_ms;
      faults = false;
      if (now_ms - quiet_since_ms < 30000) continue;
      if (!have_met) {
        // Who still waits for word of a move that came to nothing, of which it could not be told, asks when the hosts meet.
        have_met = true;
        quiet_since_ms = now_ms;
        for (int i = 0; i < HOSTS; i++) {
          struct mvmjs_line why;
          for (int k = 0; k < i; k++) if (dial(&devices[i], devices[k].name, &why) == NULL) wrong("%s", why.text);
        }
        continue;
      }
      if (resident == NULL || resident->departs) wrong("in the end nobody owns the program");
      for (int i = 0; i < HOSTS; i++) {
        for (int k = 0; k < SLOTS; k++) {
          const struct mvmjs_resident *other = &devices[i].slots[k];
          if (other != resident && !mvmjs_is_free(other)) wrong("host %d still holds something", i);
        }
      }
      printf("%u moved, %u cuts, %u doubts, %" PRIu64 " lines\n", moved, cuts, doubts, next_line);
      return adopted == moved + 1 ? 0 : 1;
    }
    if (resident == NULL || resident->departs || draw(20) != 0) continue;
    const int to = (host + 1 + (int)draw(HOSTS - 1)) % HOSTS;
    struct mvmjs_wire_value place = {.present = true, .bytes = (const uint8_t *)devices[to].name, .length = (uint32_t)strlen(devices[to].name)};
    mvmjs_depart(&devices[host].residents, resident, (struct mvmjs_conversation){.link = NULL, .stream = 0}, &place, false);
  }
  wrong("%u of %u moves, and no end", moved, moves);
}
