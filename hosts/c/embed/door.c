// The operations, one function each, and messages.

#include "door.h"

#include <string.h>

#include "core.h"
#include "format.h"
#include "machine.h"

typedef struct mvmjs_door Door;
typedef enum mvmjs_answer Answer;

/** Random bytes in one call: crypto.getRandomValues gives as many. */
enum { RANDOM_MAX = 65536 };
/** Microseconds of standing still that a program hears of. */
enum { CLOCK_JUMP = 1000000 };
/** Room that a first message takes beside itself, and each that waits already: the inbox may have to grow (vm/machine.ts has the same). */
enum { INBOX_WORDS = 32, WAITING_WORDS = 3 };
/** Bytes of the sentence that a function is absent; a longer one is cut. */
enum { SENTENCE_BYTES = 120 };

static void count(int32_t low) {
  mvmjs_set_counter(low, mvmjs_counter(low) + 1);
}

/** The answer is this word, for which there was room. */
static void give(int32_t word) {
  mvmjs_set_word(mvmjs_word(REG_SP), word);
  mvmjs_set_word(REG_HOST_CALL, IMMEDIATE_UNDEFINED);
  mvmjs_set_word(REG_STATUS, STATUS_RUNNING);
  count(REG_OUTPUTS_LOW);
}
/** Gives the answer to the program, which can run on then. */
static Answer answer(const Door *door, struct mvmjs_value value) {
  if (!mvmjs_program_room(door->program, mvmjs_value_words(&value))) return MVMJS_NO_ROOM;
  give(mvmjs_write_value(&value));
  return MVMJS_ANSWERED;
}
static Answer answer_number(const Door *door, double value) {
  return answer(door, mvmjs_number_value(value));
}
static Answer answer_nothing(const Door *door) {
  return answer(door, mvmjs_undefined_value());
}

bool mvmjs_door_post(Door *door, struct mvmjs_value *items, size_t length) {
  struct mvmjs_value message = mvmjs_list_value(items, length);
  mvmjs_program_use(door->program);
  const int32_t before = mvmjs_word(REG_INBOX);
  const uint32_t waiting = before == IMMEDIATE_UNDEFINED ? 0 : (uint32_t)mvmjs_word((before >> 2) + FIELD_ARRAY_LENGTH);
  if (!mvmjs_program_room(door->program, mvmjs_value_words(&message) + INBOX_WORDS + (uint64_t)waiting * WAITING_WORDS)) return false;
  if (mvmjs_word(REG_INBOX) == IMMEDIATE_UNDEFINED) mvmjs_set_word(REG_INBOX, mvmjs_newArray(IMMEDIATE_UNDEFINED, 0) << 2 | 1);
  const int32_t word = mvmjs_write_value(&message);
  const int32_t inbox = mvmjs_word(REG_INBOX) >> 2;
  if (!mvmjs_defineElement(inbox, (uint32_t)mvmjs_word(inbox + FIELD_ARRAY_LENGTH), word, ATTRIBUTE_ALL)) return false;
  count(REG_INPUTS_LOW);
  return true;
}
bool mvmjs_door_settle(Door *door, uint64_t id, bool ok, struct mvmjs_value value) {
  struct mvmjs_value message[] = {mvmjs_text_value("answer"), mvmjs_number_value((double)id), mvmjs_boolean_value(ok), value};
  return mvmjs_door_post(door, message, 4);
}
/** Without room for it the program does not hear of it. */
static void tell(Door *door, const char *name) {
  struct mvmjs_value message[] = {mvmjs_text_value("signal"), mvmjs_text_value(name)};
  mvmjs_door_post(door, message, 2);
}

// Beginning

/** Puts process.argv where the core keeps it, so it goes wherever the program goes. */
static void give_arguments(const Door *door) {
  struct mvmjs_value arguments = door->services->arguments;
  struct mvmjs_value facts = mvmjs_list_value(&arguments, 1);
  if (arguments.kind != MVMJS_LIST || !mvmjs_program_room(door->program, mvmjs_value_words(&facts))) return;
  const int32_t word = mvmjs_write_value(&facts);
  mvmjs_set_word((mvmjs_word(REG_STATE) >> 2) + MVMJS_FIRST_ELEMENT + MVMJS_STATE_PROCESS, word);
}

static void renew_random(const Door *door) {
  uint8_t bytes[16];
  door->services->random(door->services->context, bytes, sizeof bytes);
  for (int i = 0; i < 4; i++) {
    int32_t word;
    memcpy(&word, bytes + i * 4, sizeof word);
    // Never all zero: the generator would stay there.
    mvmjs_set_word(REG_RANDOM_0 + i, i == 0 ? word | 1 : word);
  }
}

/** Answers the calls that the program made to a host that it is no longer on. */
static void fail_pending(Door *door, const char *reason) {
  // The table moves when a message is left, but its entries stay as they are.
  for (int32_t i = 0;; i++) {
    const int32_t calls = mvmjs_word((mvmjs_word(REG_STATE) >> 2) + MVMJS_FIRST_ELEMENT + MVMJS_STATE_CALLS);
    if ((calls & 3) != 1 || (mvmjs_word(calls >> 2) & 255) != CELL_TABLE) return;
    const int32_t used = mvmjs_word((calls >> 2) + FIELD_TABLE_USED);
    const int32_t entry_words = mvmjs_word((calls >> 2) + FIELD_TABLE_ENTRY_WORDS);
    const int32_t words = (int32_t)((uint32_t)mvmjs_word(calls >> 2) >> 8) * 2;
    if (entry_words <= 0 || used > words / entry_words || i >= used) return;
    const int32_t key = mvmjs_word((calls >> 2) + FIELD_TABLE_TAIL + i * entry_words);
    if ((key & 1) == 0 && key > 0) mvmjs_door_settle(door, (uint32_t)key >> 1, false, mvmjs_text_value(reason));
  }
}

void mvmjs_door_begin(Door *door, enum mvmjs_beginning beginning) {
  mvmjs_program_use(door->program);
  door->failed = false;
  door->lacks = NULL;
  door->time_before = mvmjs_counter(REG_TIME_LOW);
  door->started = door->services->now(door->services->context);
  door->stands = beginning == MVMJS_ARRIVED;
  if (door->stands) door->started = 0;
  switch (beginning) {
    case MVMJS_UNCHANGED: return;
    case MVMJS_ARRIVED:
      fail_pending(door, "the program moved while the host worked on it: the outcome is unknown");
      tell(door, "moved");
      return;
    case MVMJS_COPY: break;
  }
  if (door->services->random != NULL) renew_random(door);
  if (mvmjs_program_steps(door->program) == 0) {
    give_arguments(door);
    return;
  }
  fail_pending(door, "the host that was called is another one: the outcome is unknown");
  tell(door, "restored");
  tell(door, "cloned");
}

// Time

uint64_t mvmjs_door_now(const Door *door) {
  return door->stands ? door->time_before : door->time_before + (door->services->now(door->services->context) - door->started);
}
void mvmjs_door_stop_clock(Door *door) {
  door->time_before = mvmjs_door_now(door);
  door->stands = true;
  door->started = door->services->now(door->services->context);
}
void mvmjs_door_start_clock(Door *door) {
  if (!door->stands) return;
  const uint64_t stopped = door->started;
  door->stands = false;
  door->started = door->services->now(door->services->context);
  // Its own time has stood still, the wall clock has not.
  if (stopped != 0 && door->started - stopped > CLOCK_JUMP) tell(door, "clockjump");
}
void mvmjs_door_keep_time(Door *door) {
  mvmjs_program_use(door->program);
  mvmjs_set_counter(REG_TIME_LOW, mvmjs_door_now(door));
}

uint64_t mvmjs_door_until_wake(const Door *door) {
  mvmjs_program_use(door->program);
  if (mvmjs_word(REG_INBOX) != IMMEDIATE_UNDEFINED) return 0;
  if (mvmjs_word(REG_WAKE_HIGH) < 0) return UINT64_MAX;
  const uint64_t due = mvmjs_counter(REG_WAKE_LOW), now = mvmjs_door_now(door);
  return now < due ? due - now : 0;
}
void mvmjs_door_wake(Door *door) {
  mvmjs_program_use(door->program);
  mvmjs_set_word(REG_STATUS, STATUS_WAITING);
}

// Operations. `call` is the array: the operation's name and its arguments.

struct stream {
  const struct mvmjs_services *services;
  int number;
};
static void put(void *context, const char *bytes, size_t length) {
  const struct stream *stream = context;
  stream->services->output(stream->services->context, stream->number, bytes, length);
}
bool mvmjs_door_put_copied(const struct mvmjs_services *services, const struct mvmjs_text *text, void (*to)(void *context, const char *bytes, size_t length), void *context) {
  uint16_t *const units = services->units(services->context, text->length);
  if (units == NULL) return mvmjs_text_put(text, to, context);
  if (!mvmjs_copy_text(text, units)) return false;
  mvmjs_units_put(units, text->length, to, context);
  return true;
}
static bool put_word(const Door *door, int stream_number, int32_t word, bool line) {
  const struct mvmjs_services *services = door->services;
  struct stream stream = {.services = services, .number = stream_number};
  struct mvmjs_text text;
  if (!mvmjs_read_text(word, &text)) return false;
  if (!(text.narrow == NULL && door->put_rope != NULL ? door->put_rope(services, &text, put, &stream) : mvmjs_text_put(&text, put, &stream))) return false;
  if (line) put(&stream, "\n", 1);
  return true;
}
static Answer print(const Door *door, int32_t call, bool line) {
  double stream;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &stream) || (stream != 1 && stream != 2)) return MVMJS_NOT_ASKED;
  if (!put_word(door, stream == 1 ? 1 : 2, mvmjs_read_element(call, 2), line)) return MVMJS_NOT_ASKED;
  return answer_nothing(door);
}
static Answer uncaught(Door *door, int32_t call) {
  if (!put_word(door, 2, mvmjs_read_element(call, 1), true)) return MVMJS_NOT_ASKED;
  door->failed = true;
  return answer_nothing(door);
}

static Answer date(const Door *door) {
  const struct mvmjs_services *services = door->services;
  return answer_number(door, services->date != NULL ? (double)services->date(services->context) : (double)(services->now(services->context) / 1000));
}
static Answer timezone_at(const Door *door, int32_t call) {
  double ms;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &ms)) return MVMJS_NOT_ASKED;
  return answer_number(door, door->services->timezone != NULL ? door->services->timezone(door->services->context, ms) : 0);
}

/** A list of random bytes. They are drawn in portions, straight into the program's memory. */
static Answer random_bytes(Door *door, int32_t call) {
  uint8_t bytes[64];
  double wanted;
  int32_t elements = IMMEDIATE_UNDEFINED;
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &wanted) || !(wanted >= 0 && wanted <= RANDOM_MAX)) return MVMJS_NOT_ASKED;
  if (door->services->random == NULL) {
    door->lacks = "random";
    return MVMJS_LACKING;
  }
  const int32_t length = (int32_t)wanted;
  const struct mvmjs_value number = mvmjs_number_value(0), list = mvmjs_list_value(NULL, 0);
  if (!mvmjs_program_room(door->program, mvmjs_value_words(&list) + (uint64_t)length * (mvmjs_value_words(&number) + 1))) return MVMJS_NO_ROOM;
  if (length > 0) elements = mvmjs_newElements(length) << 2 | 1;
  for (int32_t at = 0; at < length;) {
    const int32_t portion = length - at < (int32_t)sizeof bytes ? length - at : (int32_t)sizeof bytes;
    door->services->random(door->services->context, bytes, (size_t)portion);
    for (int32_t i = 0; i < portion; i++, at++) mvmjs_set_word((elements >> 2) + MVMJS_FIRST_ELEMENT + at, bytes[i] << 1);
  }
  give(mvmjs_newArray(elements, length) << 2 | 1);
  return MVMJS_ANSWERED;
}

static Answer list_of(const Door *door, struct mvmjs_value texts) {
  return answer(door, mvmjs_list_value(texts.items, texts.length));
}

// Functions of the host

enum { OPEN, SETTLED, NO_ROOM };

struct sentence {
  char bytes[SENTENCE_BYTES];
  size_t length;
};
static void add(void *context, const char *bytes, size_t length) {
  struct sentence *sentence = context;
  if (length > sizeof sentence->bytes - sentence->length) length = sizeof sentence->bytes - sentence->length;
  memcpy(sentence->bytes + sentence->length, bytes, length);
  sentence->length += length;
}
/** That there is no such function. */
static bool absence_of(const struct mvmjs_text *name, struct sentence *sentence) {
  static const char before[] = "this host has no function '";
  sentence->length = 0;
  add(sentence, before, sizeof before - 1);
  if (!mvmjs_text_put(name, add, sentence)) return false;
  add(sentence, "'", 1);
  return true;
}
static const struct mvmjs_function *find(const Door *door, const struct mvmjs_text *name) {
  for (size_t i = 0; i < door->function_count; i++) if (mvmjs_text_is(name, door->functions[i].name)) return &door->functions[i];
  return NULL;
}

/** The call has its answer: the message of mvm.call, which gets nothing at once, comes first, since for that there may be no room. */
static enum mvmjs_result settle_call(struct mvmjs_call *call, bool ok, struct mvmjs_value value, const char *code) {
  struct mvmjs_value items[] = {mvmjs_boolean_value(ok), value, mvmjs_text_value(code)};
  bool is;
  if (call->state != OPEN) return MVMJS_ERROR_MISUSE;
  if (call->id != 0) is = mvmjs_door_settle(call->door, call->id, ok, value) && answer_nothing(call->door) == MVMJS_ANSWERED;
  else is = answer(call->door, mvmjs_list_value(items, ok ? 2 : 3)) == MVMJS_ANSWERED;
  call->state = is ? SETTLED : NO_ROOM;
  return is ? MVMJS_OK : MVMJS_ERROR_NO_ROOM;
}
enum mvmjs_result mvmjs_call_answer(struct mvmjs_call *call, struct mvmjs_value value) {
  return settle_call(call, true, value, "");
}
enum mvmjs_result mvmjs_call_throw(struct mvmjs_call *call, const char *message, const char *code) {
  return settle_call(call, false, mvmjs_text_value(message), code);
}

static Answer call_by_name(Door *door, int32_t name_word, int32_t arguments, uint64_t id) {
  struct mvmjs_text name;
  uint32_t length;
  struct mvmjs_call call = {.machine = door->machine, .arguments = {arguments}, .id = id, .door = door, .state = OPEN};
  if (!mvmjs_read_text(name_word, &name) || !mvmjs_read_array(arguments, &length)) return MVMJS_NOT_ASKED;
  const struct mvmjs_function *function = find(door, &name);
  if (function != NULL) {
    call.context = function->context;
    function->body(&call);
    // It may have looked at other machines.
    mvmjs_program_use(door->program);
  } else {
    struct sentence sentence;
    if (!absence_of(&name, &sentence)) return MVMJS_NOT_ASKED;
    settle_call(&call, false, mvmjs_bytes_value(sentence.bytes, sentence.length), "absent");
  }
  switch (call.state) {
    case SETTLED: return MVMJS_ANSWERED;
    case NO_ROOM: return MVMJS_NO_ROOM;
    default: return id == 0 ? MVMJS_NOT_YET : answer_nothing(door);
  }
}
static Answer ask_function(Door *door, int32_t call) {
  return call_by_name(door, mvmjs_read_element(call, 1), mvmjs_read_element(call, 2), 0);
}
static Answer call_function(Door *door, int32_t call) {
  double id;
  // Numbers of calls begin at 1, and no program lives long enough to use up those that doubles count exactly.
  if (!mvmjs_read_number(mvmjs_read_element(call, 1), &id) || !(id >= 1 && id <= 9007199254740991.0)) return MVMJS_NOT_ASKED;
  return call_by_name(door, mvmjs_read_element(call, 2), mvmjs_read_element(call, 3), (uint64_t)id);
}

/** A function of the program has answered the host. */
static Answer call_result(const Door *door, int32_t call) {
  const struct mvmjs_services *services = door->services;
  double id;
  if (services->result != NULL && mvmjs_read_number(mvmjs_read_element(call, 1), &id) && id >= 0 && id <= 9007199254740991.0) {
    const struct mvmjs_ref value = {mvmjs_read_element(call, 3)};
    services->result(services->context, door->machine, (uint64_t)id, mvmjs_read_element(call, 2) == IMMEDIATE_TRUE, value);
    mvmjs_program_use(door->program);
  }
  return answer_nothing(door);
}

Answer mvmjs_door_answer(Door *door) {
  mvmjs_program_use(door->program);
  const int32_t call = mvmjs_word(REG_HOST_CALL);
  uint32_t length;
  struct mvmjs_text operation;
  if (!mvmjs_read_array(call, &length) || !mvmjs_read_text(mvmjs_read_element(call, 0), &operation)) return MVMJS_NOT_ASKED;
  if (mvmjs_text_is(&operation, "print")) return print(door, call, true);
  if (mvmjs_text_is(&operation, "write")) return print(door, call, false);
  if (mvmjs_text_is(&operation, "uncaught")) return uncaught(door, call);
  if (mvmjs_text_is(&operation, "now")) return answer_number(door, (double)mvmjs_door_now(door));
  if (mvmjs_text_is(&operation, "date")) return date(door);
  if (mvmjs_text_is(&operation, "timezone")) return timezone_at(door, call);
  if (mvmjs_text_is(&operation, "random")) return random_bytes(door, call);
  if (mvmjs_text_is(&operation, "arguments")) return list_of(door, door->services->arguments);
  if (mvmjs_text_is(&operation, "environment")) return list_of(door, door->services->environment);
  if (mvmjs_text_is(&operation, "ask")) return ask_function(door, call);
  if (mvmjs_text_is(&operation, "call")) return call_function(door, call);
  // No compiler here: the program hears of it, as an EvalError.
  if (mvmjs_text_is(&operation, "compile")) return answer_nothing(door);
  if (mvmjs_text_is(&operation, "callResult")) return call_result(door, call);
  return MVMJS_NOT_ASKED;
}
