// The operations of one program on its host's pins and buses.

#include "io.h"

#include <string.h>

typedef struct mvmjs_io_session Session;
typedef struct mvmjs_io_entry Entry;
typedef struct mvmjs_io_answer Answer;
typedef enum mvmjs_io_code Code;

static const struct {
  const char *name;
  int parameters;
  /** How many of the last ones the host may choose: the program is told. */
  int facts;
} kinds[MVMJS_IO_KINDS] = {{"io.digital", 3, 0}, {"io.analog", 2, 1}, {"io.pwm", 3, 2}, {"io.i2c", 5, 0}, {"io.spi", 8, 0}, {"io.serial", 4, 0}};
static const char *const parameter_names[MVMJS_IO_KINDS][MVMJS_IO_PARAMETERS_MAX] = {
  {"pin", "mode", "edges"}, {"pin", "resolution"}, {"pin", "hz", "resolution"}, {"data", "clock", "hz", "address", "port"},
  {"out", "in", "clock", "select", "active", "hz", "mode", "port"}, {"receive", "transmit", "baud", "port"},
};
static const char *const codes[] = {"", "range", "type", "busy", "unknown", "absent", "failed"};
/** Of those names, before what people call it. */
enum { PREFIX_BYTES = sizeof "io." - 1 };

// One operation at a time: its bytes, and the units that they are to the program.
static uint8_t bytes[MVMJS_IO_BYTES];
static uint16_t units[MVMJS_IO_BYTES];

const char *mvmjs_io_name(enum mvmjs_io_kind kind) {
  return kinds[kind].name;
}
static const char *short_name(enum mvmjs_io_kind kind) {
  return kinds[kind].name + PREFIX_BYTES;
}
static bool find_kind(const uint8_t *name, size_t length, enum mvmjs_io_kind *kind) {
  for (int i = 0; i < MVMJS_IO_KINDS; i++) {
    if (strlen(kinds[i].name) != length || memcmp(name, kinds[i].name, length) != 0) continue;
    *kind = (enum mvmjs_io_kind)i;
    return true;
  }
  return false;
}
bool mvmjs_io_offers(const struct mvmjs_io_port *port, const uint8_t *name, size_t length, uint64_t version) {
  enum mvmjs_io_kind kind;
  return port != NULL && version == MVMJS_IO_VERSION && find_kind(name, length, &kind) && (port->kinds >> kind & 1) != 0;
}

/** An element of the list that is a whole number of 32 bits. */
static bool whole(int32_t list, uint32_t index, int32_t *value) {
  double number;
  if (!mvmjs_read_number(mvmjs_read_element(list, index), &number) || !(number >= INT32_MIN && number <= INT32_MAX)) return false;
  *value = (int32_t)number;
  return *value == number;
}
static Code too_long(Answer *answer) {
  mvmjs_line_set(&answer->why, "at most ", (const char *)NULL);
  mvmjs_line_add_number(&answer->why, MVMJS_IO_BYTES);
  mvmjs_line_add(&answer->why, " bytes can be written at once");
  return MVMJS_IO_RANGE;
}
/**
 * What an operation is given: the third element of the list. `reads`: it says how much, and what is no number is none. Bytes
 * are texts to the program.
 */
static Code given_by(int32_t list, bool reads, struct mvmjs_io_data *given, Answer *answer) {
  const int32_t word = mvmjs_read_element(list, 2);
  struct mvmjs_text text;
  double number;
  *given = (struct mvmjs_io_data){.form = MVMJS_IO_NOTHING};
  if (mvmjs_read_number(word, &number)) {
    if (whole(list, 2, &given->number)) given->form = MVMJS_IO_NUMBER;
    else if (reads) *given = (struct mvmjs_io_data){.form = MVMJS_IO_NUMBER, .number = -1};
    return MVMJS_IO_DONE;
  }
  if (reads || !mvmjs_read_text(word, &text)) return MVMJS_IO_DONE;
  if (text.length > MVMJS_IO_BYTES) return too_long(answer);
  *given = (struct mvmjs_io_data){.form = MVMJS_IO_BYTES_DATA, .bytes = bytes, .length = (uint32_t)text.length};
  if (text.narrow != NULL) {
    memcpy(bytes, text.narrow, text.length);
    return MVMJS_IO_DONE;
  }
  if (!mvmjs_copy_text(&text, units)) return MVMJS_IO_TYPE;
  for (size_t i = 0; i < text.length; i++) bytes[i] = (uint8_t)units[i];
  return MVMJS_IO_DONE;
}

static Entry *find(Session *session, enum mvmjs_io_kind kind, int32_t number) {
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    Entry *entry = &session->open[i];
    if (entry->used && entry->number == number && entry->kind == kind) return entry;
  }
  return NULL;
}
static void end(const Session *session, Entry *entry) {
  entry->used = false;
  if (!entry->afar) session->port->close(session->port->context, entry->kind, entry->place);
}

static struct mvmjs_value number_value(int32_t number) {
  return (struct mvmjs_value){.kind = MVMJS_NUMBER, .number = number};
}
static void answer_facts(Answer *answer, const Entry *entry) {
  const int count = kinds[entry->kind].facts;
  for (int i = 0; i < count; i++) answer->facts[i] = number_value(entry->parameters[kinds[entry->kind].parameters - count + i]);
  answer->items[1] = (struct mvmjs_value){.kind = MVMJS_LIST, .items = answer->facts, .length = (size_t)count};
}
/** What was read, as the program has it. */
static void answer_data(Answer *answer) {
  const struct mvmjs_io_data *data = &answer->data;
  switch (data->form) {
    case MVMJS_IO_NOTHING: return;
    case MVMJS_IO_NUMBER:
      answer->items[1] = number_value(data->number);
      return;
    case MVMJS_IO_BYTES_DATA:
      for (uint32_t i = 0; i < data->length; i++) units[i] = data->bytes[i];
      answer->items[1] = (struct mvmjs_value){.kind = MVMJS_UNITS, .units = units, .length = data->length};
  }
}

static Code open_it(Session *session, enum mvmjs_io_kind kind, int32_t number, int32_t list, Answer *answer) {
  const struct mvmjs_io_port *port = session->port;
  Entry *free_entry = NULL;
  int32_t parameters[MVMJS_IO_PARAMETERS_MAX];
  if (port == NULL || (port->kinds >> kind & 1) == 0) {
    mvmjs_line_set(&answer->why, "this host has no ", kinds[kind].name, (const char *)NULL);
    return MVMJS_IO_ABSENT;
  }
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    Entry *entry = &session->open[i];
    if (entry->used && entry->number == number) end(session, entry);
    if (!entry->used && free_entry == NULL) free_entry = entry;
  }
  if (free_entry == NULL) {
    mvmjs_line_set(&answer->why, "a program may have ", (const char *)NULL);
    mvmjs_line_add_number(&answer->why, MVMJS_IO_OPEN_MAX);
    mvmjs_line_add(&answer->why, " pins and buses open");
    return MVMJS_IO_RANGE;
  }
  for (int i = 0; i < kinds[kind].parameters; i++) {
    if (whole(list, (uint32_t)i + 2, &parameters[i]) && parameters[i] >= -1) continue;
    mvmjs_line_set(&answer->why, parameter_names[kind][i], " is not a whole number from 0 on", (const char *)NULL);
    return MVMJS_IO_RANGE;
  }
  const Code code = port->open(port->context, kind, parameters, &free_entry->place, &answer->why);
  if (code != MVMJS_IO_DONE) return code;
  free_entry->used = true;
  free_entry->offered = free_entry->afar = false;
  free_entry->kind = kind;
  free_entry->number = number;
  memcpy(free_entry->parameters, parameters, sizeof parameters[0] * (size_t)kinds[kind].parameters);
  answer_facts(answer, free_entry);
  return MVMJS_IO_DONE;
}

static Code read_it(const Session *session, const Entry *entry, const struct mvmjs_io_data *given, Answer *answer) {
  const int32_t count = given->form == MVMJS_IO_NUMBER ? given->number : 0;
  if (count < 0 || count > MVMJS_IO_BYTES) {
    mvmjs_line_set(&answer->why, "from 0 to ", (const char *)NULL);
    mvmjs_line_add_number(&answer->why, MVMJS_IO_BYTES);
    mvmjs_line_add(&answer->why, " bytes can be read at once");
    return MVMJS_IO_RANGE;
  }
  answer->data = (struct mvmjs_io_data){.form = MVMJS_IO_NOTHING, .bytes = bytes, .length = (uint32_t)count};
  return session->port->read(session->port->context, entry->kind, entry->place, &answer->data, &answer->why);
}
static Code missing(Answer *answer) {
  mvmjs_line_set(&answer->why, "bytes are missing", (const char *)NULL);
  return MVMJS_IO_TYPE;
}
static Code write_it(const Session *session, const Entry *entry, const struct mvmjs_io_data *given, Answer *answer) {
  if (given->form == MVMJS_IO_NOTHING) return missing(answer);
  return session->port->write(session->port->context, entry->kind, entry->place, given, &answer->why);
}
static Code transfer_it(const Session *session, const Entry *entry, const struct mvmjs_io_data *given, Answer *answer) {
  if (given->form != MVMJS_IO_BYTES_DATA) return missing(answer);
  answer->data = *given;
  return session->port->transfer(session->port->context, entry->kind, entry->place, &answer->data, &answer->why);
}

static bool is(const uint8_t *text, size_t length, const char *what) {
  return text != NULL && length == strlen(what) && memcmp(text, what, length) == 0;
}
static const struct {
  const char *name;
  Code (*work)(const Session *session, const Entry *entry, const struct mvmjs_io_data *given, Answer *answer);
} operations[] = {{"read", read_it}, {"write", write_it}, {"transfer", transfer_it}};
enum { OPERATIONS = sizeof operations / sizeof *operations };

static size_t operation_of(const uint8_t *name, size_t length) {
  size_t which = 0;
  while (which < OPERATIONS && !is(name, length, operations[which].name)) which++;
  return which;
}
static Code perform(const Session *session, const Entry *entry, size_t which, const struct mvmjs_io_data *given, Answer *answer) {
  Code code = MVMJS_IO_TYPE;
  if (which < OPERATIONS) code = operations[which].work(session, entry, given, answer);
  if (code == MVMJS_IO_TYPE && answer->why.length == 0) {
    mvmjs_line_set(&answer->why, short_name(entry->kind), " cannot ", which < OPERATIONS ? operations[which].name : "do that", " as it is open", (const char *)NULL);
  }
  return code;
}

static Code operate(Session *session, enum mvmjs_io_kind kind, int32_t list, Answer *answer) {
  struct mvmjs_text operation;
  int32_t number;
  uint32_t length;
  if (!mvmjs_read_array(list, &length) || !mvmjs_read_text(mvmjs_read_element(list, 0), &operation) || !whole(list, 1, &number)) {
    mvmjs_line_set(&answer->why, "an operation needs the number of what it is for", (const char *)NULL);
    return MVMJS_IO_TYPE;
  }
  if (is(operation.narrow, operation.length, "open")) return open_it(session, kind, number, list, answer);
  Entry *entry = find(session, kind, number);
  if (is(operation.narrow, operation.length, "close")) {
    if (entry != NULL) end(session, entry);
    return MVMJS_IO_DONE;
  }
  if (entry == NULL || entry->afar) {
    mvmjs_line_set(&answer->why, "this host does not have it open", (const char *)NULL);
    return MVMJS_IO_UNKNOWN;
  }
  if (is(operation.narrow, operation.length, "facts")) {
    answer_facts(answer, entry);
    return MVMJS_IO_DONE;
  }
  const size_t which = operation.narrow == NULL ? OPERATIONS : operation_of(operation.narrow, operation.length);
  struct mvmjs_io_data given;
  const Code code = given_by(list, which == 0, &given, answer);
  return code == MVMJS_IO_DONE ? perform(session, entry, which, &given, answer) : code;
}

static void say_failure(Answer *answer, enum mvmjs_io_kind kind) {
  if (answer->why.length == 0) mvmjs_line_set(&answer->why, short_name(kind), " failed", (const char *)NULL);
}
#ifdef MVMJS_PROXIES
bool mvmjs_io_keep_afar(Session *session, enum mvmjs_io_kind kind, int32_t number) {
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    if (session->open[i].used) continue;
    session->open[i] = (Entry){.used = true, .afar = true, .kind = kind, .number = number};
    return true;
  }
  return false;
}
/** The answer that has come. */
static void give_mail(Session *session, Entry *entry, Answer *answer) {
  struct mvmjs_io_mail *mail = &session->mail;
  const bool is_done = strcmp(mail->code, "done") == 0;
  mail->state = MVMJS_MAIL_EMPTY;
  if (strcmp(mail->operation, "close") == 0) entry->used = false;
  answer->items[0] = (struct mvmjs_value){.kind = MVMJS_BOOLEAN, .number = is_done ? 1 : 0};
  answer->why = mail->why;
  answer->data = mail->data;
  if (is_done) {
    answer_data(answer);
    for (int i = 0; i < mail->fact_count; i++) answer->facts[i] = mvmjs_number_value(mail->facts[i]);
    if (mail->has_facts) answer->items[1] = (struct mvmjs_value){.kind = MVMJS_LIST, .items = answer->facts, .length = (size_t)mail->fact_count};
    return;
  }
  answer->items[1] = (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = answer->why.text, .length = answer->why.length};
  answer->items[2] = (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = mail->code, .length = strlen(mail->code)};
}
/** Asks another host, if that keeps what the program asks about: false if it does not. */
static bool ask_afar(Session *session, enum mvmjs_io_kind kind, int32_t list, Answer *answer) {
  static const char *const names[] = {"read", "write", "transfer", "facts", "close"};
  struct mvmjs_io_mail *mail = &session->mail;
  struct mvmjs_text operation;
  int32_t number;
  uint32_t length;
  size_t which = 0;
  if (!mvmjs_read_array(list, &length) || !mvmjs_read_text(mvmjs_read_element(list, 0), &operation) || !whole(list, 1, &number)) return false;
  Entry *entry = find(session, kind, number);
  while (which < 5 && !is(operation.narrow, operation.length, names[which])) which++;
  if (entry == NULL || !entry->afar || which == 5) return false;
  if (mail->state == MVMJS_MAIL_EMPTY) {
    struct mvmjs_io_data given = {.form = MVMJS_IO_NOTHING};
    if (which < OPERATIONS && given_by(list, which == 0, &given, answer) != MVMJS_IO_DONE) return false;
    if (given.form == MVMJS_IO_BYTES_DATA) memcpy(mail->bytes, given.bytes, given.length);
    mail->number = number;
    mail->operation = names[which];
    mail->data = given;
    mail->data.bytes = mail->bytes;
    mail->has_facts = false;
    mail->state = MVMJS_MAIL_ASKED;
  }
  // It stands still until then, so what it asks again is what it asked.
  if (mail->state == MVMJS_MAIL_ANSWERED) give_mail(session, entry, answer);
  else answer->waits = true;
  return true;
}
#endif

void mvmjs_io_ask(Session *session, enum mvmjs_io_kind kind, int32_t list, Answer *answer) {
  memset(answer, 0, sizeof *answer);
#ifdef MVMJS_PROXIES
  if (ask_afar(session, kind, list, answer)) return;
#endif
  const Code code = operate(session, kind, list, answer);
  answer->items[0] = (struct mvmjs_value){.kind = MVMJS_BOOLEAN, .number = code == MVMJS_IO_DONE ? 1 : 0};
  answer->value = (struct mvmjs_value){.kind = MVMJS_LIST, .items = answer->items, .length = code == MVMJS_IO_DONE ? 2 : 3};
  if (code == MVMJS_IO_DONE) {
    answer_data(answer);
    return;
  }
  say_failure(answer, kind);
  answer->items[1] = (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = answer->why.text, .length = answer->why.length};
  answer->items[2] = (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = codes[code], .length = strlen(codes[code])};
}

bool mvmjs_io_next(Session *session, int32_t *number, enum mvmjs_io_event *event, uint32_t *count) {
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    const Entry *entry = &session->open[i];
    if (!entry->used || entry->afar || !session->port->poll(session->port->context, entry->kind, entry->place, event, count)) continue;
    *number = entry->number;
    return true;
  }
  return false;
}
const char *mvmjs_io_event_name(enum mvmjs_io_event event) {
  return event == MVMJS_IO_READABLE ? "readable" : event == MVMJS_IO_WRITABLE ? "writable" : "error";
}
void mvmjs_io_close(Session *session) {
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) if (session->open[i].used) end(session, &session->open[i]);
}

// For hosts that have the program no more

Entry *mvmjs_io_find(Session *session, uint32_t number) {
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) if (session->open[i].used && (uint32_t)session->open[i].number == number) return &session->open[i];
  return NULL;
}
/** Bits of the operations that there are for a kind, in the order of the table: read, write, transfer. */
static const uint8_t granted[MVMJS_IO_KINDS] = {3, 1, 2, 3, 7, 3};
bool mvmjs_io_grants(enum mvmjs_io_kind kind, const uint8_t *name, size_t length) {
  const size_t which = operation_of(name, length);
  return which < OPERATIONS ? (granted[kind] >> which & 1) != 0 : is(name, length, "facts") || is(name, length, "close");
}
Code mvmjs_io_call(Session *session, Entry *entry, const uint8_t *name, size_t length, const struct mvmjs_io_data *given, Answer *answer) {
  const enum mvmjs_io_kind kind = entry->kind;
  struct mvmjs_io_data own = *given;
  memset(answer, 0, sizeof *answer);
  if (is(name, length, "close")) {
    end(session, entry);
    return MVMJS_IO_DONE;
  }
  if (is(name, length, "facts")) {
    answer_facts(answer, entry);
    return MVMJS_IO_DONE;
  }
  if (given->form == MVMJS_IO_BYTES_DATA) {
    if (given->length > MVMJS_IO_BYTES) return too_long(answer);
    // A transfer puts what comes in into the place of what goes out.
    memcpy(bytes, given->bytes, given->length);
    own.bytes = bytes;
  }
  const Code code = perform(session, entry, operation_of(name, length), &own, answer);
  if (code != MVMJS_IO_DONE) say_failure(answer, kind);
  return code;
}
const char *mvmjs_io_code_name(Code code) {
  return codes[code];
}
void mvmjs_io_describe(const Entry *entry, struct mvmjs_line *line) {
  mvmjs_line_add(line, short_name(entry->kind));
  if (entry->afar) {
    mvmjs_line_add(line, ", kept by another host");
    return;
  }
  for (int i = 0; i < kinds[entry->kind].parameters; i++) {
    const char *name = parameter_names[entry->kind][i];
    // What is wired, and not how it is used.
    static const char *const uses[] = {"mode", "edges", "resolution", "hz", "address", "active", "baud"};
    size_t use = 0;
    while (use < sizeof uses / sizeof *uses && strcmp(uses[use], name) != 0) use++;
    if (use < sizeof uses / sizeof *uses || entry->parameters[i] < 0) continue;
    mvmjs_line_add(line, " ");
    mvmjs_line_add(line, name);
    mvmjs_line_add(line, " ");
    mvmjs_line_add_number(line, (uint64_t)entry->parameters[i]);
  }
}
