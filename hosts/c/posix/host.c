// The operations, one function each, and messages. Texts and lists of an answer are made once per program or live as long
// as the process, so nothing of them is freed but what may be large.

#include "host.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "core.h"
#include "format.h"
#include "machine.h"
#include "output.h"
#include "program.h"
#include "trouble.h"
#include "value.h"

/** The environment, as POSIX has it. */
extern char **environ;

/** When every program begins in virtual time: milliseconds since 1970. */
static const int64_t VIRTUAL_DATE = INT64_C(1700000000000);
/** Random bytes in one call: crypto.getRandomValues gives as many. */
enum { RANDOM_MAX = 65536 };
/** Room that leaving a message may need beside the message: the inbox grows. */
enum { MESSAGE_WORDS = 4096 };

typedef enum mvmjs_answer Answer;

static const struct mvmjs_value undefined = {.kind = MVMJS_UNDEFINED};

static struct mvmjs_value number(double value) {
  return (struct mvmjs_value){.kind = MVMJS_NUMBER, .number = value};
}
static struct mvmjs_value list(const struct mvmjs_value *items, size_t length) {
  return (struct mvmjs_value){.kind = MVMJS_LIST, .items = items, .length = length};
}
static struct mvmjs_value text(const char *bytes) {
  return mvmjs_text_value(bytes, strlen(bytes));
}
static struct mvmjs_value *new_items(size_t count) {
  struct mvmjs_value *items = calloc(count > 0 ? count : 1, sizeof *items);
  if (items == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return items;
}

static void count(int32_t low) {
  mvmjs_program_set_counter(low, mvmjs_program_counter(low) + 1);
}

/** Gives the answer to the program, which can run on then. */
static Answer answer(const struct mvmjs_value *value) {
  if (!mvmjs_program_room(mvmjs_value_words(value))) return MVMJS_NO_ROOM;
  const int32_t word = mvmjs_write_value(value);
  mvmjs_set_word(mvmjs_word(REG_SP), word);
  mvmjs_set_word(REG_HOST_CALL, IMMEDIATE_UNDEFINED);
  mvmjs_set_word(REG_STATUS, STATUS_RUNNING);
  count(REG_OUTPUTS_LOW);
  return MVMJS_ANSWERED;
}

/** Leaves a message in the program's inbox. */
static bool post(const struct mvmjs_value *message) {
  if (!mvmjs_program_room(mvmjs_value_words(message) + MESSAGE_WORDS)) return false;
  if (mvmjs_word(REG_INBOX) == IMMEDIATE_UNDEFINED) mvmjs_set_word(REG_INBOX, mvmjs_newArray(IMMEDIATE_UNDEFINED, 0) << 2 | 1);
  const int32_t word = mvmjs_write_value(message);
  const int32_t inbox = mvmjs_word(REG_INBOX) >> 2;
  mvmjs_defineElement(inbox, (uint32_t)mvmjs_word(inbox + FIELD_ARRAY_LENGTH), word, ATTRIBUTE_ALL);
  count(REG_INPUTS_LOW);
  return true;
}
static void signal_program(const char *name) {
  const struct mvmjs_value message[] = {text("signal"), text(name)};
  post(&(struct mvmjs_value){.kind = MVMJS_LIST, .items = message, .length = 2});
}
/** Settles a call of a host function with an error. */
static void refuse_call(double id, struct mvmjs_value reason) {
  const struct mvmjs_value message[] = {text("answer"), number(id), {.kind = MVMJS_BOOLEAN, .number = 0}, reason};
  post(&(struct mvmjs_value){.kind = MVMJS_LIST, .items = message, .length = 4});
}

// Beginning

/** Puts process.argv where the core keeps it, so it goes wherever the program goes. */
static void give_arguments(const struct mvmjs_host *host) {
  struct mvmjs_value *items = new_items((size_t)host->argument_count);
  for (int i = 0; i < host->argument_count; i++) items[i] = text(host->arguments[i]);
  const struct mvmjs_value arguments = list(items, (size_t)host->argument_count);
  const struct mvmjs_value facts = list(&arguments, 1);
  if (mvmjs_program_room(mvmjs_value_words(&facts))) {
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
static void fail_pending(void) {
  const int32_t calls = mvmjs_word((mvmjs_word(REG_STATE) >> 2) + MVMJS_FIRST_ELEMENT + MVMJS_STATE_CALLS);
  if ((calls & 3) != 1 || (mvmjs_word(calls >> 2) & 255) != CELL_TABLE) return;
  const int32_t used = mvmjs_word((calls >> 2) + FIELD_TABLE_USED);
  const int32_t entry_words = mvmjs_word((calls >> 2) + FIELD_TABLE_ENTRY_WORDS);
  const int32_t words = (int32_t)((uint32_t)mvmjs_word(calls >> 2) >> 8) * 2;
  if (entry_words <= 0 || used < 0 || used > words / entry_words) return;
  // The table moves when a message is left, but keys stay as they are.
  int32_t *keys = calloc((size_t)used + 1, sizeof *keys);
  if (keys == NULL) return;
  for (int32_t i = 0; i < used; i++) keys[i] = mvmjs_word((calls >> 2) + FIELD_TABLE_TAIL + i * entry_words);
  for (int32_t i = 0; i < used; i++) {
    if ((keys[i] & 1) == 0) refuse_call(keys[i] >> 1, text("the host that was called is another one: the outcome is unknown"));
  }
  free(keys);
}

void mvmjs_host_begin(struct mvmjs_host *host) {
  host->time_before = mvmjs_program_counter(REG_TIME_LOW);
  host->started = mvmjs_clock_now();
  if (host->virtual_time) return;
  renew_random();
  if (mvmjs_program_steps() == 0) {
    give_arguments(host);
  } else {
    fail_pending();
    signal_program("restored");
    signal_program("cloned");
  }
}

// Time

uint64_t mvmjs_host_now(const struct mvmjs_host *host) {
  return host->virtual_time ? host->time_before : host->time_before + (mvmjs_clock_now() - host->started);
}

bool mvmjs_host_wait(struct mvmjs_host *host) {
  if (mvmjs_word(REG_INBOX) == IMMEDIATE_UNDEFINED) {
    if (mvmjs_word(REG_WAKE_HIGH) < 0) return false;
    const uint64_t due = mvmjs_program_counter(REG_WAKE_LOW);
    if (host->virtual_time) {
      if (host->time_before < due) host->time_before = due;
    } else {
      mvmjs_output_flush();
      for (uint64_t now = mvmjs_host_now(host); now < due; now = mvmjs_host_now(host)) mvmjs_clock_sleep(due - now);
    }
  }
  mvmjs_set_word(REG_STATUS, STATUS_WAITING);
  return true;
}

// Operations. `call` is the array: the operation's name and its arguments.

static Answer print(int32_t call, bool line) {
  double stream;
  struct mvmjs_text units;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &stream) || (stream != 1 && stream != 2)) return MVMJS_NOT_ASKED;
  if (!mvmjs_read_text(mvmjs_read_element(call, 2), &units)) return MVMJS_NOT_ASKED;
  const int to = stream == 1 ? 1 : 2;
  if (units.narrow != NULL) mvmjs_output_narrow(to, units.narrow, units.length);
  else mvmjs_output_wide(to, units.wide, units.length);
  if (line) mvmjs_output_bytes(to, "\n", 1);
  mvmjs_free_text(&units);
  return answer(&undefined);
}

static Answer uncaught(struct mvmjs_host *host, int32_t call) {
  struct mvmjs_text units;
  if (!mvmjs_read_text(mvmjs_read_element(call, 1), &units)) return MVMJS_NOT_ASKED;
  host->failed = true;
  if (units.narrow != NULL) mvmjs_output_narrow(2, units.narrow, units.length);
  else mvmjs_output_wide(2, units.wide, units.length);
  mvmjs_output_bytes(2, "\n", 1);
  mvmjs_free_text(&units);
  return answer(&undefined);
}

static Answer now(const struct mvmjs_host *host) {
  const struct mvmjs_value value = number((double)mvmjs_host_now(host));
  return answer(&value);
}

static Answer date(const struct mvmjs_host *host) {
  const int64_t ms = host->virtual_time ? VIRTUAL_DATE + (int64_t)(host->time_before / 1000) : mvmjs_clock_date();
  const struct mvmjs_value value = number((double)ms);
  return answer(&value);
}

static Answer timezone_at(const struct mvmjs_host *host, int32_t call) {
  double ms;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &ms)) return MVMJS_NOT_ASKED;
  const struct mvmjs_value value = number(host->virtual_time ? 0 : mvmjs_clock_timezone(ms));
  return answer(&value);
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
  struct mvmjs_value *items = new_items(length);
  for (size_t i = 0; i < length; i++) items[i] = number(bytes[i]);
  const struct mvmjs_value value = list(items, length);
  const Answer result = answer(&value);
  free(items);
  return result;
}

static Answer arguments(const struct mvmjs_host *host) {
  struct mvmjs_value *items = new_items((size_t)host->argument_count);
  for (int i = 0; i < host->argument_count; i++) items[i] = text(host->arguments[i]);
  const struct mvmjs_value value = list(items, (size_t)host->argument_count);
  return answer(&value);
}

static Answer environment(void) {
  size_t length = 0;
  while (environ[length] != NULL) length++;
  struct mvmjs_value *items = new_items(length * 2);
  size_t used = 0;
  for (size_t i = 0; i < length; i++) {
    const char *equals = strchr(environ[i], '=');
    if (equals == NULL) continue;
    items[used++] = mvmjs_text_value(environ[i], (size_t)(equals - environ[i]));
    items[used++] = text(equals + 1);
  }
  const struct mvmjs_value value = list(items, used);
  return answer(&value);
}

/** This host has no functions that programs can call by name: the answer is a message that says so. */
static Answer call_function(int32_t call) {
  static const char before[] = "this host has no function '";
  double id;
  struct mvmjs_text name;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &id) || !mvmjs_read_text(mvmjs_read_element(call, 2), &name)) return MVMJS_NOT_ASKED;
  const size_t start = sizeof before - 1;
  const size_t length = start + name.length + 1;
  uint16_t *units = calloc(length, sizeof *units);
  if (units == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  for (size_t i = 0; i < start; i++) units[i] = (uint8_t)before[i];
  for (size_t i = 0; i < name.length; i++) units[start + i] = name.narrow != NULL ? name.narrow[i] : name.wide[i];
  units[length - 1] = '\'';
  mvmjs_free_text(&name);
  const Answer result = answer(&undefined);
  if (result == MVMJS_ANSWERED) refuse_call(id, (struct mvmjs_value){.kind = MVMJS_TEXT, .units = units, .length = length});
  free(units);
  return result;
}

/** Is the text this name? */
static bool is(const struct mvmjs_text *operation, const char *name) {
  return operation->narrow != NULL && operation->length == strlen(name) && memcmp(operation->narrow, name, operation->length) == 0;
}

Answer mvmjs_host_answer(struct mvmjs_host *host) {
  const int32_t call = mvmjs_word(REG_HOST_CALL);
  uint32_t length;
  struct mvmjs_text operation;
  if (!mvmjs_read_array(call, &length) || !mvmjs_read_text(mvmjs_read_element(call, 0), &operation)) return MVMJS_NOT_ASKED;
  Answer result = MVMJS_NOT_ASKED;
  if (is(&operation, "print")) result = print(call, true);
  else if (is(&operation, "write")) result = print(call, false);
  else if (is(&operation, "uncaught")) result = uncaught(host, call);
  else if (is(&operation, "now")) result = now(host);
  else if (is(&operation, "date")) result = date(host);
  else if (is(&operation, "timezone")) result = timezone_at(host, call);
  else if (is(&operation, "random")) result = random_bytes(host, call);
  else if (is(&operation, "arguments")) result = arguments(host);
  else if (is(&operation, "environment")) result = environment();
  else if (is(&operation, "call")) result = call_function(call);
  // Nobody here calls functions of the program, so nobody waits for a result.
  else if (is(&operation, "callResult")) result = answer(&undefined);
  mvmjs_free_text(&operation);
  return result;
}
