// The operations, one function each. Texts go out as they lie in the memory, part by part, so they need no buffer.

#include "host.h"

#include <string.h>

#include "core.h"
#include "format.h"
#include "machine.h"
#include "port.h"
#include "utf8.h"
#include "value.h"

/** Random bytes in one call on a device. */
enum { RANDOM_MAX = 64 };
/** Room that a first message takes beside itself, and each that waits already: the inbox may have to grow (vm/machine.ts has the same). */
enum { INBOX_WORDS = 32, WAITING_WORDS = 3 };

typedef enum mvmjs_answer Answer;
typedef struct mvmjs_host Host;

static struct mvmjs_value number(double value) {
  return (struct mvmjs_value){.kind = MVMJS_NUMBER, .number = value};
}
static struct mvmjs_value text(const char *bytes) {
  return (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = bytes, .length = strlen(bytes)};
}
static void count(int32_t low) {
  mvmjs_set_counter(low, mvmjs_counter(low) + 1);
}

/** Gives the answer to the program, which can run on then. */
static Answer answer(const Host *host, struct mvmjs_value value) {
  if (!mvmjs_program_room(host->program, mvmjs_value_words(&value))) return MVMJS_NO_ROOM;
  const int32_t word = mvmjs_write_value(&value);
  mvmjs_set_word(mvmjs_word(REG_SP), word);
  mvmjs_set_word(REG_HOST_CALL, IMMEDIATE_UNDEFINED);
  mvmjs_set_word(REG_STATUS, STATUS_RUNNING);
  count(REG_OUTPUTS_LOW);
  return MVMJS_ANSWERED;
}
static Answer answer_nothing(const Host *host) {
  return answer(host, (struct mvmjs_value){.kind = MVMJS_UNDEFINED});
}

/** Leaves a message in the program's inbox. */
static bool post(const Host *host, struct mvmjs_value *items, size_t length) {
  struct mvmjs_value message = {.kind = MVMJS_LIST, .items = items, .length = length};
  const int32_t before = mvmjs_word(REG_INBOX);
  const uint32_t waiting = before == IMMEDIATE_UNDEFINED ? 0 : (uint32_t)mvmjs_word((before >> 2) + FIELD_ARRAY_LENGTH);
  if (!mvmjs_program_room(host->program, mvmjs_value_words(&message) + INBOX_WORDS + (uint64_t)waiting * WAITING_WORDS)) return false;
  if (mvmjs_word(REG_INBOX) == IMMEDIATE_UNDEFINED) mvmjs_set_word(REG_INBOX, mvmjs_newArray(IMMEDIATE_UNDEFINED, 0) << 2 | 1);
  const int32_t word = mvmjs_write_value(&message);
  const int32_t inbox = mvmjs_word(REG_INBOX) >> 2;
  if (!mvmjs_defineElement(inbox, (uint32_t)mvmjs_word(inbox + FIELD_ARRAY_LENGTH), word, ATTRIBUTE_ALL)) return false;
  count(REG_INPUTS_LOW);
  return true;
}

uint64_t mvmjs_host_now(const Host *host) {
  return host->stands ? host->time_before : host->time_before + (mvmjs_port_now() - host->started);
}
void mvmjs_host_stop_clock(Host *host) {
  host->time_before = mvmjs_host_now(host);
  host->stands = true;
}
void mvmjs_host_start_clock(Host *host) {
  if (!host->stands) return;
  host->stands = false;
  host->started = mvmjs_port_now();
}

/** Settles a call of a host function with an error. */
static bool refuse_call(const Host *host, double id, const char *reason) {
  struct mvmjs_value message[] = {text("answer"), number(id), {.kind = MVMJS_BOOLEAN, .number = 0}, text(reason)};
  return post(host, message, 4);
}
/** Answers the calls that the program made to a host that it is no longer on. */
static void fail_pending(const Host *host) {
  // The table moves when a message is left, but its entries stay as they are.
  for (int32_t i = 0;; i++) {
    const int32_t calls = mvmjs_word((mvmjs_word(REG_STATE) >> 2) + MVMJS_FIRST_ELEMENT + MVMJS_STATE_CALLS);
    if ((calls & 3) != 1 || (mvmjs_word(calls >> 2) & 255) != CELL_TABLE) return;
    const int32_t used = mvmjs_word((calls >> 2) + FIELD_TABLE_USED);
    const int32_t entry_words = mvmjs_word((calls >> 2) + FIELD_TABLE_ENTRY_WORDS);
    const int32_t words = (int32_t)((uint32_t)mvmjs_word(calls >> 2) >> 8) * 2;
    if (entry_words <= 0 || used > words / entry_words || i >= used) return;
    const int32_t key = mvmjs_word((calls >> 2) + FIELD_TABLE_TAIL + i * entry_words);
    if ((key & 1) == 0) refuse_call(host, key >> 1, "the program moved while the host worked on it: the outcome is unknown");
  }
}
/** What both beginnings have in common. */
static void begin(Host *host) {
  mvmjs_program_use(host->program);
  host->time_before = mvmjs_counter(REG_TIME_LOW);
  host->started = mvmjs_port_now();
  host->failed = false;
}
void mvmjs_host_arrive(Host *host) {
  struct mvmjs_value moved[] = {text("signal"), text("moved")};
  begin(host);
  host->stands = true;
  fail_pending(host);
  // Without room for it the program does not hear of it.
  (void)post(host, moved, 2);
}
void mvmjs_host_begin(Host *host) {
  uint8_t bytes[16];
  begin(host);
  host->stands = false;
  mvmjs_port_random(bytes, sizeof bytes);
  for (int i = 0; i < 4; i++) {
    int32_t word;
    memcpy(&word, bytes + i * 4, sizeof word);
    // Never all zero: the generator would stay there.
    mvmjs_set_word(REG_RANDOM_0 + i, i == 0 ? word | 1 : word);
  }
}

bool mvmjs_host_may_wake(Host *host, bool *due) {
  mvmjs_program_use(host->program);
  *due = mvmjs_word(REG_INBOX) != IMMEDIATE_UNDEFINED;
  if (*due) return true;
  if (mvmjs_word(REG_WAKE_HIGH) < 0) return false;
  *due = mvmjs_host_now(host) >= mvmjs_counter(REG_WAKE_LOW);
  return true;
}

// Texts

static int32_t kind_of(int32_t word) {
  return (word & 3) == 1 ? mvmjs_word(word >> 2) & 255 : 0;
}
/** A character of one or two units is put out when it is whole. */
struct output {
  const Host *host;
  uint32_t high;
};
static void put_character(const struct output *output, uint32_t code) {
  uint8_t bytes[MVMJS_UTF8_MAX];
  output->host->print(bytes, mvmjs_utf8_encode(code, bytes));
}
static void put_unit(struct output *output, uint32_t unit) {
  const bool low = unit >= 0xdc00 && unit < 0xe000;
  if (output->high != 0) {
    put_character(output, low ? 0x10000 + ((output->high - 0xd800) << 10) + (unit - 0xdc00) : 0xfffd);
    output->high = 0;
    if (low) return;
  }
  if (unit >= 0xd800 && unit < 0xdc00) output->high = unit;
  else put_character(output, low ? 0xfffd : unit);
}
/** The flat text that unit `at` of a text lies in, and where in it: ropes are walked down from the top, which needs no room. */
static bool find_part(int32_t word, uint32_t *at, int32_t *part) {
  while (kind_of(word) == CELL_ROPE) {
    const int32_t left = mvmjs_word((word >> 2) + FIELD_ROPE_LEFT);
    const int32_t right = mvmjs_word((word >> 2) + FIELD_ROPE_RIGHT);
    if (!mvmjs_isText(left) || !mvmjs_isText(right)) return false;
    const uint32_t length = (uint32_t)mvmjs_textLength(left);
    if (length == 0 || length >= (uint32_t)mvmjs_textLength(word) + (uint32_t)(mvmjs_textLength(right) == 0)) return false;
    word = *at < length ? left : right;
    if (*at >= length) *at -= length;
  }
  *part = word;
  return mvmjs_isFlatText(word);
}
static bool put_text(const Host *host, int32_t word) {
  struct output output = {.host = host, .high = 0};
  if (!mvmjs_isText(word)) return false;
  const uint32_t length = (uint32_t)mvmjs_textLength(word);
  for (uint32_t done = 0; done < length;) {
    uint32_t at = done;
    int32_t part;
    if (!find_part(word, &at, &part)) return false;
    const uint32_t end = (uint32_t)mvmjs_textLength(part);
    if (at >= end) return false;
    for (; at < end && done < length; at++, done++) put_unit(&output, (uint32_t)mvmjs_unitAt(part >> 2, (int32_t)at));
  }
  if (output.high != 0) put_character(&output, 0xfffd);
  return true;
}
static void put_line_end(const Host *host) {
  static const uint8_t end = '\n';
  host->print(&end, 1);
}

// Operations. `call` is the array: the operation's name and its arguments.

static Answer print(const Host *host, int32_t call, bool line) {
  double stream;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &stream) || (stream != 1 && stream != 2)) return MVMJS_NOT_ASKED;
  if (!put_text(host, mvmjs_read_element(call, 2))) return MVMJS_NOT_ASKED;
  if (line) put_line_end(host);
  return answer_nothing(host);
}
static Answer uncaught(Host *host, int32_t call) {
  if (!put_text(host, mvmjs_read_element(call, 1))) return MVMJS_NOT_ASKED;
  put_line_end(host);
  host->failed = true;
  return answer_nothing(host);
}
static Answer random_bytes(const Host *host, int32_t call) {
  uint8_t bytes[RANDOM_MAX];
  struct mvmjs_value items[RANDOM_MAX];
  double wanted;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &wanted) || !(wanted >= 0)) return MVMJS_NOT_ASKED;
  if (wanted > RANDOM_MAX) return MVMJS_NO_ROOM;
  const size_t length = (size_t)wanted;
  mvmjs_port_random(bytes, length);
  for (size_t i = 0; i < length; i++) items[i] = number(bytes[i]);
  return answer(host, (struct mvmjs_value){.kind = MVMJS_LIST, .items = items, .length = length});
}
/** This device has no functions that programs can call by name: the answer is a message that says so. */
static Answer call_function(const Host *host, int32_t call) {
  double id;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &id)) return MVMJS_NOT_ASKED;
  const Answer result = answer_nothing(host);
  if (result != MVMJS_ANSWERED) return result;
  return refuse_call(host, id, "this device has no such function") ? MVMJS_ANSWERED : MVMJS_NO_ROOM;
}

/** Nor any that answer at once: boards have no table of pins and buses (hosts/c/io) yet. */
static Answer ask_function(const Host *host) {
  struct mvmjs_value items[] = {{.kind = MVMJS_BOOLEAN, .number = 0}, text("this device has no such function"), text("absent")};
  return answer(host, (struct mvmjs_value){.kind = MVMJS_LIST, .items = items, .length = 3});
}

/** Is the text this name? */
static bool is(const struct mvmjs_text *operation, const char *name) {
  return operation->narrow != NULL && operation->length == strlen(name) && memcmp(operation->narrow, name, operation->length) == 0;
}

Answer mvmjs_host_answer(Host *host) {
  uint32_t length;
  struct mvmjs_text operation;
  mvmjs_program_use(host->program);
  const int32_t call = mvmjs_word(REG_HOST_CALL);
  if (!mvmjs_read_array(call, &length) || !mvmjs_read_text(mvmjs_read_element(call, 0), &operation)) return MVMJS_NOT_ASKED;
  if (is(&operation, "print")) return print(host, call, true);
  if (is(&operation, "write")) return print(host, call, false);
  if (is(&operation, "uncaught")) return uncaught(host, call);
  if (is(&operation, "now")) return answer(host, number((double)mvmjs_host_now(host)));
  // A device has no calendar: its wall clock began when it did.
  if (is(&operation, "date")) return answer(host, number((double)(mvmjs_port_now() / 1000)));
  if (is(&operation, "timezone")) return answer(host, number(0));
  if (is(&operation, "random")) return random_bytes(host, call);
  if (is(&operation, "arguments") || is(&operation, "environment")) return answer(host, (struct mvmjs_value){.kind = MVMJS_LIST});
  if (is(&operation, "ask")) return ask_function(host);
  if (is(&operation, "call")) return call_function(host, call);
  // Nobody here calls functions of the program, so nobody waits for a result.
  if (is(&operation, "callResult")) return answer_nothing(host);
  return MVMJS_NOT_ASKED;
}
