// Slices, lines and the last of them.

#include "served.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "format.h"
#include "output.h"
#include "trouble.h"
#include "value.h"

/** A slice aims at so many microseconds: short enough that a command is answered at once, long enough that polling costs nothing. */
enum { SLICE_US = 8000 };
enum { FUEL_FIRST = 20000, FUEL_LEAST = FUEL_FIRST >> 4, FUEL_MOST = 0x8000000 };

struct mvmjs_served {
  struct mvmjs_resident *resident;
  struct mvmjs_host host;
  uint64_t fuel;
  /** It waits, and nothing but its clock can change that before this moment (mvmjs_clock_now): others are not put aside to ask it. */
  uint64_t sleeps_until;
  /** It asks its host for something. */
  bool asks;
  /** What it printed since its last line end, by stream. */
  char *rest[2];
  size_t rest_length[2];
  size_t rest_room[2];
  char log[MVMJS_LOG_BYTES];
  size_t log_length;
};

static struct mvmjs_served *of(struct mvmjs_resident *resident) {
  return resident->user;
}
static void *need(void *memory) {
  if (memory == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return memory;
}

/** Keeps a line; the oldest go. */
static void keep(struct mvmjs_served *one, const char *line, size_t length) {
  if (length > MVMJS_LOG_BYTES / 2) {
    line += length - MVMJS_LOG_BYTES / 2;
    length = MVMJS_LOG_BYTES / 2;
  }
  if (one->log_length + length > MVMJS_LOG_BYTES) {
    // Half goes at once, so that not every line moves all others.
    const char *from = memchr(one->log + one->log_length / 2, '\n', one->log_length - one->log_length / 2);
    const size_t gone = from == NULL ? one->log_length : (size_t)(from + 1 - one->log);
    memmove(one->log, one->log + gone, one->log_length - gone);
    one->log_length -= gone;
  }
  memcpy(one->log + one->log_length, line, length);
  one->log_length += length;
}
/** A whole line, its end included. */
static void put_line(struct mvmjs_served *one, int stream, const char *line, size_t length) {
  const char *name = one->resident->name;
  mvmjs_output_bytes(stream, name, strlen(name));
  mvmjs_output_bytes(stream, "| ", 2);
  mvmjs_output_bytes(stream, line, length);
  keep(one, line, length);
}
static void put(void *context, int stream, const char *bytes, size_t length) {
  struct mvmjs_served *one = context;
  const int which = stream == 1 ? 0 : 1;
  while (length > 0) {
    const char *end = memchr(bytes, '\n', length);
    const size_t part = end == NULL ? length : (size_t)(end + 1 - bytes);
    if (end != NULL && one->rest_length[which] == 0) {
      put_line(one, stream, bytes, part);
    } else {
      if (one->rest_length[which] + part > one->rest_room[which]) {
        one->rest_room[which] = (one->rest_length[which] + part) * 2;
        one->rest[which] = need(realloc(one->rest[which], one->rest_room[which]));
      }
      memcpy(one->rest[which] + one->rest_length[which], bytes, part);
      one->rest_length[which] += part;
      if (end != NULL) {
        put_line(one, stream, one->rest[which], one->rest_length[which]);
        one->rest_length[which] = 0;
      }
    }
    bytes += part;
    length -= part;
  }
}

void mvmjs_served_begin(struct mvmjs_resident *resident, const struct mvmjs_io_port *io) {
  struct mvmjs_served *one = need(calloc(1, sizeof *one));
  one->resident = resident;
  one->host.program = &resident->program;
  one->host.output = put;
  one->host.context = one;
  one->host.io.port = io;
  one->fuel = FUEL_FIRST;
  resident->user = one;
  resident->waits = false;
  mvmjs_program_use(&resident->program);
  one->asks = mvmjs_word(REG_STATUS) == STATUS_HOST_CALL;
  mvmjs_host_begin(&one->host, MVMJS_ARRIVED);
}
void mvmjs_served_finish(struct mvmjs_resident *resident) {
  struct mvmjs_served *one = of(resident);
  if (one == NULL) return;
  for (int stream = 1; stream <= 2; stream++) if (one->rest_length[stream - 1] > 0) put(one, stream, "\n", 1);
  mvmjs_io_close(&one->host.io);
  free(one->rest[0]);
  free(one->rest[1]);
  free(one);
  resident->user = NULL;
}
struct mvmjs_host *mvmjs_served_host(struct mvmjs_resident *resident) {
  return &of(resident)->host;
}

const char *mvmjs_served_logs(struct mvmjs_resident *resident, uint32_t lines, size_t *length) {
  struct mvmjs_served *one = of(resident);
  size_t from = one->log_length;
  // To the line end that is one too many.
  for (; lines > 0 && from > 0; from--) if (one->log[from - 1] == '\n' && from < one->log_length && --lines == 0) break;
  *length = one->log_length - from;
  return one->log + from;
}

void mvmjs_served_happened(struct mvmjs_resident *resident, int32_t number, enum mvmjs_io_event event, uint64_t count) {
  struct mvmjs_served *one = of(resident);
  struct mvmjs_value what[] = {mvmjs_number_value(number), mvmjs_text_value(mvmjs_io_event_name(event)), mvmjs_number_value((double)count)};
  struct mvmjs_value message[] = {mvmjs_text_value("message"), mvmjs_text_value("embedded:io"), mvmjs_list_value(what, 3)};
  one->sleeps_until = 0;
  mvmjs_door_post(&one->host.door, message, 3);
}

uint64_t mvmjs_served_wakes_at(struct mvmjs_resident *resident) {
  return of(resident)->sleeps_until;
}
void mvmjs_served_clock(struct mvmjs_resident *resident, bool runs) {
  struct mvmjs_served *one = of(resident);
  one->sleeps_until = 0;
  if (runs) mvmjs_door_start_clock(&one->host.door);
  else mvmjs_door_stop_clock(&one->host.door);
}

/** It waits: until when. */
static enum mvmjs_slice sleep_on(struct mvmjs_served *one) {
  const uint64_t wait = mvmjs_door_until_wake(&one->host.door);
  one->sleeps_until = wait == UINT64_MAX ? UINT64_MAX : mvmjs_clock_now() + wait;
  return MVMJS_SLICE_WAITS;
}

enum mvmjs_slice mvmjs_served_slice(struct mvmjs_resident *resident) {
  struct mvmjs_served *one = of(resident);
  struct mvmjs_program *program = &resident->program;
  const uint64_t start = mvmjs_clock_now();
  if (resident->waits && start < one->sleeps_until) return MVMJS_SLICE_WAITS;
  const uint64_t target = mvmjs_program_steps(program) + one->fuel;
  if (resident->waits) {
    if (mvmjs_door_until_wake(&one->host.door) > 0) return sleep_on(one);
    resident->waits = false;
    mvmjs_host_wake(&one->host);
  }
  for (;;) {
    // What it asks for is answered at once, so that an image taken between two slices neither loses nor repeats any of it.
    if (one->asks) {
      switch (mvmjs_door_answer(&one->host.door)) {
        case MVMJS_ANSWERED: break;
        case MVMJS_NO_ROOM: return MVMJS_SLICE_NO_MEMORY;
        case MVMJS_NOT_YET:
          // Another host has been asked.
          one->sleeps_until = UINT64_MAX;
          return MVMJS_SLICE_WAITS;
        default: return MVMJS_SLICE_FAULT;
      }
      one->asks = false;
    }
    const uint64_t steps = mvmjs_program_steps(program);
    if (steps >= target) break;
    switch (mvmjs_program_run(program, target - steps)) {
      case STATUS_FUEL: break;
      case STATUS_HOST_CALL: one->asks = true; break;
      case STATUS_WAITING:
        resident->waits = true;
        return sleep_on(one);
      case STATUS_ENDED: return MVMJS_SLICE_ENDED;
      case STATUS_OUT_OF_MEMORY: return MVMJS_SLICE_NO_MEMORY;
      default: return MVMJS_SLICE_FAULT;
    }
  }
  const uint64_t took = mvmjs_clock_now() - start;
  if (took < SLICE_US / 2 && one->fuel < FUEL_MOST) one->fuel *= 2;
  else if (took > SLICE_US * 2 && one->fuel > FUEL_LEAST) one->fuel /= 2;
  return MVMJS_SLICE_ON;
}

int mvmjs_served_code(struct mvmjs_resident *resident) {
  double code = 0;
  mvmjs_program_use(&resident->program);
  return mvmjs_read_number(mvmjs_word(REG_RESULT), &code) && fabs(code) < 2147483648.0 ? (int)code & 255 : 0;
}
