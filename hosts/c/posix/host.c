// The operations, one function each, and messages.

#include "host.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "core.h"
#include "format.h"
#include "machine.h"
#include "program.h"
#include "trouble.h"
#include "utf8.h"
#include "value.h"

/** The environment, as POSIX has it. */
extern char **environ;

/** When every program begins in virtual time: milliseconds since 1970. */
static const int64_t VIRTUAL_DATE = INT64_C(1700000000000);
/** Random bytes in one call: crypto.getRandomValues gives as many. */
enum { RANDOM_MAX = 65536 };
/** Microseconds of standing still that a program hears of. */
enum { CLOCK_JUMP = 1000000 };
/** Room that a first message takes beside itself, and each that waits already: the inbox may have to grow (vm/machine.ts has the same). */
enum { INBOX_WORDS = 32, WAITING_WORDS = 3 };

typedef enum mvmjs_answer Answer;

static struct mvmjs_value number(double value) {
  return (struct mvmjs_value){.kind = MVMJS_NUMBER, .number = value};
}
static struct mvmjs_value list(struct mvmjs_value *items, size_t length) {
  return (struct mvmjs_value){.kind = MVMJS_LIST, .items = items, .length = length};
}
static struct mvmjs_value text(const char *bytes) {
  return (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = bytes, .length = strlen(bytes)};
}
static void *allocate(size_t count, size_t size) {
  void *items = calloc(count > 0 ? count : 1, size);
  if (items == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return items;
}

static void count(int32_t low) {
  mvmjs_set_counter(low, mvmjs_counter(low) + 1);
}

/** Gives the answer to the program, which can run on then. */
static Answer answer(const struct mvmjs_host *host, struct mvmjs_value value) {
  if (!mvmjs_program_room(host->program, mvmjs_value_words(&value))) return MVMJS_NO_ROOM;
  const int32_t word = mvmjs_write_value(&value);
  mvmjs_set_word(mvmjs_word(REG_SP), word);
  mvmjs_set_word(REG_HOST_CALL, IMMEDIATE_UNDEFINED);
  mvmjs_set_word(REG_STATUS, STATUS_RUNNING);
  count(REG_OUTPUTS_LOW);
  return MVMJS_ANSWERED;
}
static Answer answer_nothing(const struct mvmjs_host *host) {
  return answer(host, (struct mvmjs_value){.kind = MVMJS_UNDEFINED});
}

/** Leaves a message in the program's inbox. */
static bool post(const struct mvmjs_host *host, struct mvmjs_value *items, size_t length) {
  struct mvmjs_value message = list(items, length);
  const int32_t before = mvmjs_word(REG_INBOX);
  const uint32_t waiting = before == IMMEDIATE_UNDEFINED ? 0 : (uint32_t)mvmjs_word((before >> 2) + FIELD_ARRAY_LENGTH);
  if (!mvmjs_program_room(host->program, mvmjs_value_words(&message) + INBOX_WORDS + (uint64_t)waiting * WAITING_WORDS)) return false;
  if (mvmjs_word(REG_INBOX) == IMMEDIATE_UNDEFINED) mvmjs_set_word(REG_INBOX, mvmjs_newArray(IMMEDIATE_UNDEFINED, 0) << 2 | 1);
  const int32_t word = mvmjs_write_value(&message);
  const int32_t inbox = mvmjs_word(REG_INBOX) >> 2;
  mvmjs_defineElement(inbox, (uint32_t)mvmjs_word(inbox + FIELD_ARRAY_LENGTH), word, ATTRIBUTE_ALL);
  count(REG_INPUTS_LOW);
  return true;
}
static void signal_program(const struct mvmjs_host *host, const char *name) {
  struct mvmjs_value message[] = {text("signal"), text(name)};
  post(host, message, 2);
}
/** Settles a call of a host function with an error. */
static void refuse_call(const struct mvmjs_host *host, double id, struct mvmjs_value reason) {
  struct mvmjs_value message[] = {text("answer"), number(id), {.kind = MVMJS_BOOLEAN, .number = 0}, reason};
  post(host, message, 4);
}

// Beginning

/** Puts process.argv where the core keeps it, so it goes wherever the program goes. */
static void give_arguments(const struct mvmjs_host *host) {
  struct mvmjs_value *items = allocate((size_t)host->argument_count, sizeof *items);
  for (int i = 0; i < host->argument_count; i++) items[i] = text(host->arguments[i]);
  struct mvmjs_value arguments = list(items, (size_t)host->argument_count);
  struct mvmjs_value facts = list(&arguments, 1);
  if (mvmjs_program_room(host->program, mvmjs_value_words(&facts))) {
    const int32_t word = mvmjs_write_value(&facts);
    mvmjs_set_word((mvmjs_word(REG_STATE) >> 2) + MVMJS_FIRST_ELEMENT + MVMJS_STATE_PROCESS, word);
  }
  free(items);
}

static void renew_random(void) {
  uint32_t fresh[4];
  mvmjs_clock_random((uint8_t *)fresh, sizeof fresh);
  // Never all zero: the generator would stay there.
  fresh[0] |= 1;
  for (int i = 0; i < 4; i++) {
    int32_t word;
    memcpy(&word, fresh + i, sizeof word);
    mvmjs_set_word(REG_RANDOM_0 + i, word);
  }
}

/** Answers the calls that the program made to a host that it is no longer on. */
static void fail_pending(const struct mvmjs_host *host, const char *reason) {
  // The table moves when a message is left, but its entries stay as they are.
  for (int32_t i = 0;; i++) {
    const int32_t calls = mvmjs_word((mvmjs_word(REG_STATE) >> 2) + MVMJS_FIRST_ELEMENT + MVMJS_STATE_CALLS);
    if ((calls & 3) != 1 || (mvmjs_word(calls >> 2) & 255) != CELL_TABLE) return;
    const int32_t used = mvmjs_word((calls >> 2) + FIELD_TABLE_USED);
    const int32_t entry_words = mvmjs_word((calls >> 2) + FIELD_TABLE_ENTRY_WORDS);
    const int32_t words = (int32_t)((uint32_t)mvmjs_word(calls >> 2) >> 8) * 2;
    if (entry_words <= 0 || used > words / entry_words || i >= used) return;
    const int32_t key = mvmjs_word((calls >> 2) + FIELD_TABLE_TAIL + i * entry_words);
    if ((key & 1) == 0) refuse_call(host, key >> 1, text(reason));
  }
}

void mvmjs_host_begin(struct mvmjs_host *host, enum mvmjs_beginning beginning) {
  mvmjs_program_use(host->program);
  host->time_before = mvmjs_counter(REG_TIME_LOW);
  host->started = mvmjs_clock_now();
  if (host->virtual_time) return;
  if (beginning == MVMJS_ARRIVED) {
    fail_pending(host, "the program moved while the host worked on it: the outcome is unknown");
    signal_program(host, "moved");
    return;
  }
  renew_random();
  if (mvmjs_program_steps(host->program) == 0) {
    give_arguments(host);
  } else {
    fail_pending(host, "the host that was called is another one: the outcome is unknown");
    signal_program(host, "restored");
    signal_program(host, "cloned");
  }
}

// Time

uint64_t mvmjs_host_now(const struct mvmjs_host *host) {
  return host->virtual_time || host->stands ? host->time_before : host->time_before + (mvmjs_clock_now() - host->started);
}
void mvmjs_host_stop_clock(struct mvmjs_host *host) {
  host->time_before = mvmjs_host_now(host);
  host->stands = true;
  host->stopped = mvmjs_clock_now();
}
void mvmjs_host_start_clock(struct mvmjs_host *host) {
  if (!host->stands) return;
  host->stands = false;
  host->started = mvmjs_clock_now();
  // Its own time has stood still, the wall clock has not.
  if (host->stopped != 0 && host->started - host->stopped > CLOCK_JUMP) signal_program(host, "clockjump");
}

uint64_t mvmjs_host_until_wake(const struct mvmjs_host *host) {
  mvmjs_program_use(host->program);
  if (mvmjs_word(REG_INBOX) != IMMEDIATE_UNDEFINED) return 0;
  if (mvmjs_word(REG_WAKE_HIGH) < 0) return UINT64_MAX;
  const uint64_t due = mvmjs_counter(REG_WAKE_LOW), now = mvmjs_host_now(host);
  return now < due ? due - now : 0;
}
void mvmjs_host_wake(struct mvmjs_host *host) {
  mvmjs_program_use(host->program);
  if (host->virtual_time && mvmjs_word(REG_INBOX) == IMMEDIATE_UNDEFINED) host->time_before += mvmjs_host_until_wake(host);
  mvmjs_set_word(REG_STATUS, STATUS_WAITING);
}

// Operations. `call` is the array: the operation's name and its arguments.

/** Hands a text to the output as UTF-8; a surrogate without its other half becomes U+FFFD, as in Node. */
static bool put_text(const struct mvmjs_host *host, int stream, const struct mvmjs_text *from, bool line) {
  uint8_t bytes[1024];
  size_t used = 0;
  uint16_t *units = NULL;
  if (from->narrow == NULL) {
    units = allocate(from->length, sizeof *units);
    if (!mvmjs_copy_text(from, units)) {
      free(units);
      return false;
    }
  }
  for (size_t i = 0; i < from->length; i++) {
    uint32_t code = units == NULL ? from->narrow[i] : units[i];
    if (code >= 0xd800 && code < 0xe000) {
      const uint32_t next = i + 1 < from->length ? units[i + 1] : 0;
      if (code < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (next & 0x3ff);
        i++;
      } else {
        code = 0xfffd;
      }
    }
    if (used > sizeof bytes - MVMJS_UTF8_MAX) {
      host->output(host->context, stream, (const char *)bytes, used);
      used = 0;
    }
    used += mvmjs_utf8_encode(code, bytes + used);
  }
  if (used > 0) host->output(host->context, stream, (const char *)bytes, used);
  if (line) host->output(host->context, stream, "\n", 1);
  free(units);
  return true;
}

static Answer print(const struct mvmjs_host *host, int32_t call, bool line) {
  double stream;
  struct mvmjs_text units;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &stream) || (stream != 1 && stream != 2)) return MVMJS_NOT_ASKED;
  if (!mvmjs_read_text(mvmjs_read_element(call, 2), &units) || !put_text(host, stream == 1 ? 1 : 2, &units, line)) return MVMJS_NOT_ASKED;
  return answer_nothing(host);
}

static Answer uncaught(struct mvmjs_host *host, int32_t call) {
  struct mvmjs_text units;
  if (!mvmjs_read_text(mvmjs_read_element(call, 1), &units) || !put_text(host, 2, &units, true)) return MVMJS_NOT_ASKED;
  host->failed = true;
  return answer_nothing(host);
}

static Answer date(const struct mvmjs_host *host) {
  const int64_t ms = host->virtual_time ? VIRTUAL_DATE + (int64_t)(host->time_before / 1000) : mvmjs_clock_date();
  return answer(host, number((double)ms));
}

static Answer timezone_at(const struct mvmjs_host *host, int32_t call) {
  double ms;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &ms)) return MVMJS_NOT_ASKED;
  return answer(host, number(host->virtual_time ? 0 : mvmjs_clock_timezone(ms)));
}

static Answer random_bytes(struct mvmjs_host *host, int32_t call) {
  static uint8_t bytes[RANDOM_MAX];
  double wanted;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &wanted) || !(wanted >= 0 && wanted <= RANDOM_MAX)) return MVMJS_NOT_ASKED;
  const size_t length = (size_t)wanted;
  if (host->virtual_time) {
    for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)((host->drawn + i) * 37);
    host->drawn += (uint32_t)length;
  } else {
    mvmjs_clock_random(bytes, length);
  }
  struct mvmjs_value *items = allocate(length, sizeof *items);
  for (size_t i = 0; i < length; i++) items[i] = number(bytes[i]);
  const Answer result = answer(host, list(items, length));
  free(items);
  return result;
}

static Answer arguments(const struct mvmjs_host *host) {
  struct mvmjs_value *items = allocate((size_t)host->argument_count, sizeof *items);
  for (int i = 0; i < host->argument_count; i++) items[i] = text(host->arguments[i]);
  const Answer result = answer(host, list(items, (size_t)host->argument_count));
  free(items);
  return result;
}

static Answer environment(const struct mvmjs_host *host) {
  size_t length = 0;
  while (environ[length] != NULL) length++;
  struct mvmjs_value *items = allocate(length * 2, sizeof *items);
  size_t used = 0;
  for (size_t i = 0; i < length; i++) {
    const char *equals = strchr(environ[i], '=');
    if (equals == NULL) continue;
    items[used++] = (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = environ[i], .length = (size_t)(equals - environ[i])};
    items[used++] = text(equals + 1);
  }
  const Answer result = answer(host, list(items, used));
  free(items);
  return result;
}

/** The sentence that this host has no such function: memory to be freed, or NULL for a name that cannot be. */
static uint16_t *absence_of(const struct mvmjs_text *name, struct mvmjs_value *sentence) {
  static const char before[] = "this host has no function '";
  const size_t start = sizeof before - 1;
  const size_t length = start + name->length + 1;
  uint16_t *units = allocate(length, sizeof *units);
  for (size_t i = 0; i < start; i++) units[i] = (uint8_t)before[i];
  if (!mvmjs_copy_text(name, units + start)) {
    free(units);
    return NULL;
  }
  units[length - 1] = '\'';
  *sentence = (struct mvmjs_value){.kind = MVMJS_UNITS, .units = units, .length = length};
  return units;
}

/** This host has no functions that programs can call by name: the answer is a message that says so. */
static Answer call_function(const struct mvmjs_host *host, int32_t call) {
  double id;
  struct mvmjs_text name;
  struct mvmjs_value sentence;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &id) || !mvmjs_read_text(mvmjs_read_element(call, 2), &name)) return MVMJS_NOT_ASKED;
  uint16_t *units = absence_of(&name, &sentence);
  if (units == NULL) return MVMJS_NOT_ASKED;
  const Answer result = answer_nothing(host);
  if (result == MVMJS_ANSWERED) refuse_call(host, id, sentence);
  free(units);
  return result;
}

/** What has happened to pins and buses, as messages. */
static void tell_events(struct mvmjs_host *host) {
  enum mvmjs_io_event event;
  int32_t resource;
  uint32_t events;
  while (mvmjs_io_next(&host->io, &resource, &event, &events)) {
    struct mvmjs_value what[] = {number(resource), text(mvmjs_io_event_name(event)), number(events)};
    struct mvmjs_value message[] = {text("message"), text("embedded:io"), list(what, 3)};
    if (!post(host, message, 3)) return;
  }
}

/** Pins and buses; other functions this host has none of. */
static Answer ask_function(struct mvmjs_host *host, int32_t call) {
  static struct mvmjs_io_answer reply;
  struct mvmjs_text name;
  uint32_t length;
  const int32_t arguments = mvmjs_read_element(call, 2);
  if (!mvmjs_read_text(mvmjs_read_element(call, 1), &name) || !mvmjs_read_array(arguments, &length)) return MVMJS_NOT_ASKED;
  // In virtual time the program sees nothing of this host.
  if (!host->virtual_time && mvmjs_io_ask(&host->io, &name, arguments, &reply)) {
    const Answer result = answer(host, reply.value);
    if (result == MVMJS_ANSWERED) tell_events(host);
    return result;
  }
  struct mvmjs_value items[] = {{.kind = MVMJS_BOOLEAN, .number = 0}, {.kind = MVMJS_UNDEFINED}, text("absent")};
  uint16_t *units = absence_of(&name, &items[1]);
  if (units == NULL) return MVMJS_NOT_ASKED;
  const Answer result = answer(host, list(items, 3));
  free(units);
  return result;
}

/** Is the text this name? */
static bool is(const struct mvmjs_text *operation, const char *name) {
  return operation->narrow != NULL && operation->length == strlen(name) && memcmp(operation->narrow, name, operation->length) == 0;
}

Answer mvmjs_host_answer(struct mvmjs_host *host) {
  mvmjs_program_use(host->program);
  const int32_t call = mvmjs_word(REG_HOST_CALL);
  uint32_t length;
  struct mvmjs_text operation;
  if (!mvmjs_read_array(call, &length) || !mvmjs_read_text(mvmjs_read_element(call, 0), &operation)) return MVMJS_NOT_ASKED;
  if (is(&operation, "print")) return print(host, call, true);
  if (is(&operation, "write")) return print(host, call, false);
  if (is(&operation, "uncaught")) return uncaught(host, call);
  if (is(&operation, "now")) return answer(host, number((double)mvmjs_host_now(host)));
  if (is(&operation, "date")) return date(host);
  if (is(&operation, "timezone")) return timezone_at(host, call);
  if (is(&operation, "random")) return random_bytes(host, call);
  if (is(&operation, "arguments")) return arguments(host);
  if (is(&operation, "environment")) return environment(host);
  if (is(&operation, "ask")) return ask_function(host, call);
  if (is(&operation, "call")) return call_function(host, call);
  // Nobody here calls functions of the program, so nobody waits for a result.
  if (is(&operation, "callResult")) return answer_nothing(host);
  return MVMJS_NOT_ASKED;
}
