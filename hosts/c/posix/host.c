// The services of a process, and where its program finds pins and buses.

#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "clock.h"
#include "format.h"
#include "trouble.h"
#include "value.h"

/** The environment, as POSIX has it. */
extern char **environ;

/** When every program begins in virtual time: milliseconds since 1970. */
static const int64_t VIRTUAL_DATE = INT64_C(1700000000000);

static void *allocate(void *old, size_t count, size_t size) {
  void *items = count > SIZE_MAX / size ? NULL : realloc(old, (count > 0 ? count : 1) * size);
  if (items == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return items;
}

static void output(void *context, int stream, const char *bytes, size_t length) {
  const struct mvmjs_host *host = context;
  host->output(host->context, stream, bytes, length);
}
static uint64_t now(void *context) {
  const struct mvmjs_host *host = context;
  return host->virtual_time ? host->virtual_now : mvmjs_clock_now();
}
static int64_t date(void *context) {
  const struct mvmjs_host *host = context;
  return host->virtual_time ? VIRTUAL_DATE + (int64_t)(mvmjs_door_now(&host->door) / 1000) : mvmjs_clock_date();
}
static int timezone_at(void *context, double ms) {
  const struct mvmjs_host *host = context;
  return host->virtual_time ? 0 : mvmjs_clock_timezone(ms);
}
static void random_bytes(void *context, uint8_t *bytes, size_t length) {
  struct mvmjs_host *host = context;
  if (!host->virtual_time) {
    mvmjs_clock_random(bytes, length);
    return;
  }
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)(host->drawn++ * 37);
}
/** One text at a time is put out. */
static uint16_t *units(void *context, size_t count) {
  static uint16_t *place;
  static size_t room;
  (void)context;
  if (count > room) {
    place = allocate(place, count, sizeof *place);
    room = count;
  }
  return place;
}

/** Of a process's one program with arguments. */
static struct mvmjs_value argument_list(const struct mvmjs_host *host) {
  const size_t length = (size_t)host->argument_count;
  struct mvmjs_value *items = length == 0 ? NULL : allocate(NULL, length, sizeof *items);
  for (size_t i = 0; i < length; i++) items[i] = mvmjs_text_value(host->arguments[i]);
  return mvmjs_list_value(items, length);
}
/** Names and values, the same for all programs. */
static struct mvmjs_value environment_list(void) {
  static struct mvmjs_value *items;
  static size_t used;
  size_t length = 0;
  if (items != NULL) return mvmjs_list_value(items, used);
  while (environ[length] != NULL) length++;
  items = allocate(NULL, length * 2, sizeof *items);
  for (size_t i = 0; i < length; i++) {
    const char *equals = strchr(environ[i], '=');
    if (equals == NULL) continue;
    items[used++] = mvmjs_bytes_value(environ[i], (size_t)(equals - environ[i]));
    items[used++] = mvmjs_text_value(equals + 1);
  }
  return mvmjs_list_value(items, used);
}

// Beginning and waking

void mvmjs_host_begin(struct mvmjs_host *host, enum mvmjs_beginning beginning) {
  host->services = (struct mvmjs_services){
    .context = host, .output = output, .now = now, .date = date, .timezone = timezone_at, .random = random_bytes, .units = units,
    .arguments = argument_list(host), .environment = environment_list(),
  };
  host->door = (struct mvmjs_door){
    .program = host->program, .services = &host->services, .functions = mvmjs_io_functions, .function_count = host->virtual_time ? 0 : MVMJS_IO_KINDS, .io = &host->io, .put_rope = mvmjs_door_put_copied,
  };
  mvmjs_door_begin(&host->door, host->virtual_time ? MVMJS_UNCHANGED : beginning);
}
void mvmjs_host_wake(struct mvmjs_host *host) {
  if (host->virtual_time) {
    const uint64_t wait = mvmjs_door_until_wake(&host->door);
    if (wait != UINT64_MAX) host->virtual_now += wait;
  }
  mvmjs_door_wake(&host->door);
}
