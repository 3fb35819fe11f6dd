// The loop: connections, what is due, a slice of each program that may run. One process, one thread.

#include "serve.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "connections.h"
#include "keys.h"
#include "memory.h"
#include "output.h"
#include "residents.h"
#include "served.h"
#include "trouble.h"

enum { PAST_MAX = 1000, SEEN_MAX = 1000, WINDOW_BYTES = 4 << 20, SLACK_BYTES = 65536, GRANTS_MAX = 16 };
/** Frames' bodies beside the bytes of a CHUNK; and the longest of the other messages. */
enum { BODY_FRAMING = 64, BODY_LEAST = 5120 };

static struct mvmjs_residents residents;
static struct mvmjs_past past[PAST_MAX];
static struct mvmjs_seen seen[SEEN_MAX];
static struct mvmjs_link *links[MVMJS_CONNECTIONS_MAX];
static volatile sig_atomic_t asked_to_end;

static void note(void *context, const char *line) {
  (void)context;
  mvmjs_output_try();
  fprintf(stderr, "mvm-c: %s\n", line);
}

// The port

static void adopt(void *context, struct mvmjs_resident *resident) {
  (void)context;
  mvmjs_served_begin(resident, residents.io);
}
static void set_clock(void *context, struct mvmjs_resident *resident, bool runs) {
  (void)context;
  // One that has just ended has no clock any more.
  if (resident->user != NULL) mvmjs_served_clock(resident, runs);
}
static void settle(void *context, struct mvmjs_resident *resident) {
  (void)context;
  mvmjs_output_try();
  mvmjs_door_keep_time(&mvmjs_served_host(resident)->door);
}
static void leave(void *context, struct mvmjs_resident *resident, enum mvmjs_leaving leaving) {
  struct mvmjs_line line;
  mvmjs_served_finish(resident);
  mvmjs_output_try();
  if (leaving != MVMJS_LEAVING_SUPERSEDED) return;
  mvmjs_line_set(&line, resident->name, " was recovered on another host and ends here", (const char *)NULL);
  note(context, line.text);
}
static uint64_t time_of(void *context, struct mvmjs_resident *resident) {
  (void)context;
  return mvmjs_door_now(&mvmjs_served_host(resident)->door);
}
static struct mvmjs_io_session *session(void *context, struct mvmjs_resident *resident) {
  (void)context;
  return resident->user == NULL ? NULL : &mvmjs_served_host(resident)->io;
}
static void happened(void *context, struct mvmjs_resident *resident, int32_t number, enum mvmjs_io_event event, uint64_t count) {
  (void)context;
  mvmjs_served_happened(resident, number, event, count);
}
static const char *logs(void *context, struct mvmjs_resident *resident, uint32_t lines, size_t *length) {
  (void)context;
  return mvmjs_served_logs(resident, lines, length);
}
static void chance(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  mvmjs_clock_random(bytes, length);
}
static const struct mvmjs_residents_port port = {
  .adopt = adopt, .clock = set_clock, .settle = settle, .leave = leave, .time = time_of, .session = session, .happened = happened, .logs = logs, .connect = mvmjs_connections_connect, .random = chance, .note = note,
};

// Programs

/** A program cannot go on: its slot is free after this. */
static void ended(struct mvmjs_resident *resident, enum mvmjs_slice how) {
  struct mvmjs_line line;
  mvmjs_line_set(&line, resident->name, (const char *)NULL);
  switch (how) {
    case MVMJS_SLICE_ENDED:
      mvmjs_line_add(&line, " has ended with ");
      mvmjs_line_add_number(&line, (uint64_t)mvmjs_served_code(resident));
      break;
    case MVMJS_SLICE_NO_MEMORY:
      if (resident->program.host_is_full) {
        mvmjs_line_add(&line, " ended: this machine has no memory left for it");
        break;
      }
      mvmjs_line_add(&line, " needs more than its ");
      mvmjs_line_add_number(&line, mvmjs_program_limit(&resident->program));
      mvmjs_line_add(&line, " bytes of memory; start it with a larger --memory");
      break;
    default:
      mvmjs_line_add(&line, " stopped at step ");
      mvmjs_line_add_number(&line, mvmjs_program_steps(&resident->program));
      mvmjs_line_add(&line, " at an instruction that no compiler makes; build it again");
  }
  mvmjs_served_finish(resident);
  note(NULL, line.text);
  mvmjs_resident_ended(&residents, resident, mvmjs_clock_now() / 1000);
}

/** What was printed cannot be written: the program that printed last stands still until a person says that it can. */
static void pause_for_output(struct mvmjs_resident *resident, const char *problem) {
  struct mvmjs_line line;
  resident->paused = true;
  mvmjs_resident_changed(&residents, resident);
  mvmjs_line_set(&line, "cannot write the program's output: ", problem, "; ", resident->name, " is paused: mvm resume ", resident->name, " when that is over", (const char *)NULL);
  note(NULL, line.text);
}
/** Gives each program that may run its slice; `due_ms` becomes earlier where one wants to go on. */
static void run_slices(uint64_t *due_ms) {
  for (int i = 0; i < residents.slot_count; i++) {
    struct mvmjs_resident *resident = &residents.slots[i];
    if (!mvmjs_resident_runs(resident)) continue;
    const enum mvmjs_slice slice = mvmjs_served_slice(resident);
    const char *problem = mvmjs_output_try();
    if (problem != NULL && slice <= MVMJS_SLICE_WAITS) {
      pause_for_output(resident, problem);
      continue;
    }
    if (slice == MVMJS_SLICE_ON) {
      *due_ms = 0;
    } else if (slice == MVMJS_SLICE_WAITS) {
      const uint64_t at_us = mvmjs_served_wakes_at(resident);
      if (at_us != UINT64_MAX && at_us / 1000 + 1 < *due_ms) *due_ms = at_us / 1000 + 1;
    } else {
      ended(resident, slice);
    }
  }
}

// The process

static void on_signal(int number) {
  asked_to_end = number;
}
static void list_names(struct mvmjs_line *line) {
  mvmjs_line_clear(line);
  for (int i = 0; i < residents.slot_count; i++) {
    if (residents.slots[i].user == NULL) continue;
    if (line->length > 0) mvmjs_line_add(line, ", ");
    mvmjs_line_add(line, residents.slots[i].name);
  }
}
/** Ends, unless a person is to be warned first. */
static bool may_end(bool *warned) {
  struct mvmjs_line line;
  const int number = asked_to_end;
  list_names(&line);
  if (number == SIGINT && line.length > 0 && !*warned) {
    *warned = true;
    asked_to_end = 0;
    mvmjs_line_add(&line, " would end with this host; move or stop them, or ask once more");
    note(NULL, line.text);
    return false;
  }
  if (line.length > 0) {
    mvmjs_line_add(&line, " ended with this host");
    note(NULL, line.text);
  }
  for (int i = 0; i < residents.slot_count; i++) mvmjs_served_finish(&residents.slots[i]);
  mvmjs_output_try();
  return true;
}

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return memory;
}
static uint64_t patience(void) {
  const char *text = getenv("MVM_PATIENCE");
  if (text == NULL || text[0] == '\0') return MVMJS_PATIENCE;
  char *end;
  const double seconds = strtod(text, &end);
  if (*end != '\0' || !(seconds > 0 && seconds <= 3600)) mvmjs_give_up(MVMJS_EXIT_USAGE, "MVM_PATIENCE is '%s'; give seconds, up to 3600", text);
  return (uint64_t)(seconds * 1000);
}

static void prepare(const struct mvmjs_serve *options) {
  static char name[256];
  const uint32_t body = options->chunk_bytes + BODY_FRAMING < BODY_LEAST ? BODY_LEAST : options->chunk_bytes + BODY_FRAMING;
  if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') snprintf(name, sizeof name, "host");
  residents.port = &port;
  residents.slots = allocate((size_t)options->programs_max, sizeof *residents.slots);
  residents.slot_count = options->programs_max;
  for (int i = 0; i < options->programs_max; i++) mvmjs_program_init(&residents.slots[i].program, &mvmjs_memory_rooms);
  residents.links = links;
  residents.link_count = MVMJS_CONNECTIONS_MAX;
  residents.past = past;
  residents.past_count = PAST_MAX;
  residents.seen = seen;
  residents.seen_count = SEEN_MAX;
  residents.scratch_bytes = MVMJS_CHUNK_BYTES + SLACK_BYTES;
  residents.scratch = allocate(residents.scratch_bytes, 1);
  residents.chunk_bytes = options->chunk_bytes;
  residents.window_bytes = WINDOW_BYTES;
  residents.memory_max = options->memory_max;
  residents.patience_ms = patience();
  residents.io = options->io;
  residents.grants = allocate(GRANTS_MAX, sizeof *residents.grants);
  residents.grant_count = GRANTS_MAX;
  residents.keeps_links = true;
  residents.name = name;
  residents.software = "mvm-c 0.1.0";
  residents.pid = (uint32_t)getpid();
  mvmjs_host_id(residents.self.host);
  mvmjs_clock_random(residents.self.boot, sizeof residents.self.boot);
  mvmjs_connections_begin(&residents, options->listen, body);
}

int mvmjs_serve(const struct mvmjs_serve *options) {
  static struct pollfd polls[MVMJS_CONNECTIONS_MAX + 2];
  struct mvmjs_line line;
  struct sigaction action;
  bool warned = false;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL);
  mvmjs_output_waits = true;
  prepare(options);
  mvmjs_line_set(&line, "listening at ", mvmjs_connections_address(), ", key ", mvmjs_connections_key(), (const char *)NULL);
  note(NULL, line.text);
  for (;;) {
    if (asked_to_end != 0 && may_end(&warned)) break;
    uint64_t due_ms = UINT64_MAX;
    run_slices(&due_ms);
    uint64_t now_ms = mvmjs_clock_now() / 1000;
    mvmjs_residents_tick(&residents, now_ms);
    const uint64_t residents_due = mvmjs_residents_due(&residents);
    if (residents_due < due_ms) due_ms = residents_due;
    const int count = mvmjs_connections_poll(polls, &due_ms);
    const uint64_t wait_ms = due_ms <= now_ms ? 0 : due_ms - now_ms;
    if (poll(polls, (nfds_t)count, due_ms == UINT64_MAX ? -1 : wait_ms > 60000 ? 60000 : (int)wait_ms) < 0) {
      if (errno != EINTR) mvmjs_give_up(MVMJS_EXIT_INTERNAL, "cannot wait for connections: %s", strerror(errno));
      continue;
    }
    now_ms = mvmjs_clock_now() / 1000;
    mvmjs_connections_attend(polls, now_ms);
  }
  mvmjs_connections_finish();
  return MVMJS_EXIT_OK;
}
