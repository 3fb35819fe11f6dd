// What stays open here for programs that have moved away: vm/hosting/io-grant.ts and io-keep.ts in C. A grant has the
// program's session; its target asks by CALLs, each of which is compared with what was granted, and hears of events. Ports
// keep what happens to a pin until they are asked for it (io.h), so while nobody is connected they are not asked; what was
// told and not heard is told again to who connects next.
//
// Firmware in which no program leaves its pins is built without MVMJS_GRANTS, and has none of this.

#include "inside.h"

#ifdef MVMJS_GRANTS

#include <string.h>

typedef struct mvmjs_grant Grant;
typedef struct mvmjs_wire_value Value;

/** A grant outlives the last connection to its program's host by so many patiences. */
enum { LEASE = 20 };
/** Milliseconds between attempts to connect again; the last one is repeated. */
static const uint32_t backoff_ms[] = {100, 200, 500, 1000, 2000, 5000};
enum { BACKOFF_COUNT = sizeof backoff_ms / sizeof *backoff_ms };

static Grant *find(const Residents *residents, const uint8_t *program) {
  for (int i = 0; i < residents->grant_count; i++) {
    Grant *grant = &residents->grants[i];
    if (grant->used && memcmp(grant->program, program, MVMJS_PROGRAM_BYTES) == 0) return grant;
  }
  return NULL;
}
static Grant *free_place(const Residents *residents) {
  for (int i = 0; i < residents->grant_count; i++) if (!residents->grants[i].used) return &residents->grants[i];
  return NULL;
}
/** NULL where the host has no pins at all. */
static struct mvmjs_io_session *session_of(const Residents *residents, Resident *resident) {
  return residents->port->session == NULL ? NULL : residents->port->session(residents->context, resident);
}
bool mvmjs_grant_room(const Residents *residents) {
  return free_place(residents) != NULL;
}

// Offers

void mvmjs_put_proxied(Residents *residents, Resident *resident, Writer *writer) {
  struct mvmjs_io_session *session = session_of(residents, resident);
  struct mvmjs_line line;
  uint32_t count = 0;
  if (session == NULL) return;
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    struct mvmjs_io_entry *entry = &session->open[i];
    entry->offered = entry->used && entry->number >= 0;
    if (entry->offered) count++;
  }
  if (count == 0) return;
  mvmjs_put_list(writer, MVMJS_FIELD_OFFER_PROXIED, count);
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    const struct mvmjs_io_entry *entry = &session->open[i];
    if (!entry->offered) continue;
    mvmjs_line_clear(&line);
    mvmjs_line_add_number(&line, (uint64_t)entry->number);
    mvmjs_line_add(&line, " ");
    mvmjs_line_add(&line, mvmjs_io_name(entry->kind) + sizeof "io." - 1);
    mvmjs_put_item(writer, line.text, line.length);
  }
}
void mvmjs_put_resources(Residents *residents, Resident *resident, Writer *writer, const char *word) {
  const struct mvmjs_io_session *session = session_of(residents, resident);
  struct mvmjs_line line;
  uint32_t count = 0;
  if (session == NULL) return;
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) if (session->open[i].used) count++;
  mvmjs_put_list(writer, MVMJS_FIELD_DONE_RESOURCES, count);
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    if (!session->open[i].used) continue;
    mvmjs_line_set(&line, word, " ", (const char *)NULL);
    mvmjs_io_describe(&session->open[i], &line);
    mvmjs_put_item(writer, line.text, line.length);
  }
}

// Beginning and end

bool mvmjs_grant_begin(Residents *residents, Resident *resident) {
  struct mvmjs_io_session *session = session_of(residents, resident);
  Grant *grant = find(residents, resident->program.head.program_id);
  // COMMIT is repeated.
  if (grant != NULL) return true;
  grant = free_place(residents);
  if (grant == NULL || session == NULL) return false;
  memset(grant, 0, sizeof *grant);
  grant->used = true;
  memcpy(grant->program, resident->program.head.program_id, MVMJS_PROGRAM_BYTES);
  memcpy(grant->name, resident->name, sizeof grant->name);
  grant->epoch = mvmjs_offered_epoch(&resident->source);
  grant->target = resident->source.target;
  memcpy(grant->place, resident->place, sizeof grant->place);
  grant->session.port = session->port;
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) {
    // What it opened since the offer is not known at the target, and is closed when it leaves.
    if (!session->open[i].used || !session->open[i].offered) continue;
    grant->session.open[i] = session->open[i];
    session->open[i].used = false;
  }
  return true;
}
static void let_link_go(Grant *grant) {
  struct mvmjs_link *link = grant->link;
  grant->link = NULL;
  if (link != NULL) link->end(link->stream);
}
static void end(Residents *residents, Grant *grant, const char *why) {
  struct mvmjs_line line;
  mvmjs_io_close(&grant->session);
  grant->used = false;
  let_link_go(grant);
  mvmjs_line_set(&line, "what ", grant->name, " had open here was closed: it ", why, (const char *)NULL);
  residents->port->note(residents->context, line.text);
}
bool mvmjs_grant_left(Residents *residents, Resident *resident) {
  Grant *grant = find(residents, resident->program.head.program_id);
  if (grant == NULL || !resident->proxies) return false;
  grant->gone = true;
  grant->until_ms = residents->now_ms + LEASE * residents->patience_ms;
  if (!residents->keeps_links || resident->goal.link == NULL) return false;
  grant->link = resident->goal.link;
  return true;
}
void mvmjs_grant_return(Residents *residents, Resident *resident) {
  Grant *grant = find(residents, resident->program.head.program_id);
  struct mvmjs_io_session *session = session_of(residents, resident);
  if (grant == NULL || session == NULL) return;
  if (mvmjs_is_open(grant->user)) {
    mvmjs_say(residents, grant->user, mvmjs_no_transaction, MVMJS_MSG_FAIL, MVMJS_REASON_UNKNOWN, "the program has these pins and buses itself again");
  }
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) if (grant->session.open[i].used) session->open[i] = grant->session.open[i];
  grant->used = false;
  let_link_go(grant);
}

// Use

static int place_of(const Grant *grant, int32_t number) {
  int at = 0;
  while (at < MVMJS_IO_OPEN_MAX && !(grant->session.open[at].used && grant->session.open[at].number == number)) at++;
  return at;
}
static void send_event(Residents *residents, const Grant *grant, int at, int event) {
  const struct mvmjs_told *told = &grant->told[at][event];
  Writer writer;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_EVENT);
  mvmjs_put_number(&writer, MVMJS_FIELD_EVENT_RESOURCE, (uint32_t)grant->session.open[at].number);
  mvmjs_put_line(&writer, MVMJS_FIELD_EVENT_EVENT, mvmjs_io_event_name((enum mvmjs_io_event)event));
  mvmjs_put_number(&writer, MVMJS_FIELD_EVENT_COUNT, told->count);
  mvmjs_put_number(&writer, MVMJS_FIELD_EVENT_NUMBER, told->number);
  mvmjs_send_frame(&writer, grant->user, mvmjs_no_transaction);
}
/** Tells what has happened, if somebody listens. */
static void tell(Residents *residents, Grant *grant) {
  enum mvmjs_io_event event;
  int32_t number;
  uint32_t count;
  while (mvmjs_is_open(grant->user) && mvmjs_io_next(&grant->session, &number, &event, &count)) {
    const int at = place_of(grant, number);
    grant->told[at][event] = (struct mvmjs_told){.number = ++grant->last_event, .count = count};
    send_event(residents, grant, at, (int)event);
  }
}

static void use(Residents *residents, Conversation from, const Value *fields) {
  Grant *grant = find(residents, fields[MVMJS_FIELD_USE_PROGRAM].bytes);
  if ((from.link->scopes & MVMJS_SCOPE_RECEIVE) == 0) {
    mvmjs_say(residents, from, mvmjs_no_transaction, MVMJS_MSG_FAIL, MVMJS_REASON_SCOPE, "your key does not allow that here (scope receive)");
  } else if (grant == NULL) {
    mvmjs_say(residents, from, mvmjs_no_transaction, MVMJS_MSG_FAIL, MVMJS_REASON_UNKNOWN, "nothing is kept open here for that program");
  } else if (fields[MVMJS_FIELD_USE_EPOCH].number != grant->epoch || memcmp(&grant->target, &from.link->peer, sizeof grant->target) != 0) {
    mvmjs_say(residents, from, mvmjs_no_transaction, MVMJS_MSG_FAIL, MVMJS_REASON_EPOCH, "what is kept open here was granted to another host, or at another epoch");
  } else {
    grant->user = from;
    grant->connect_at_ms = 0;
    grant->attempts = 0;
    for (int at = 0; at < MVMJS_IO_OPEN_MAX; at++) {
      for (int event = 0; event < 3; event++) if (grant->session.open[at].used && grant->told[at][event].number != 0) send_event(residents, grant, at, event);
    }
    tell(residents, grant);
  }
}

/** Puts an answer: `code` is a word of RESULT. */
static void answer(Residents *residents, const Grant *grant, uint64_t call, const char *code, const struct mvmjs_io_answer *reply, const char *why) {
  Writer writer;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_RESULT);
  mvmjs_put_number(&writer, MVMJS_FIELD_RESULT_CALL, call);
  mvmjs_put_line(&writer, MVMJS_FIELD_RESULT_CODE, code);
  if (why != NULL) {
    mvmjs_put_line(&writer, MVMJS_FIELD_RESULT_TEXT, why);
  } else {
    const struct mvmjs_value *facts = &reply->items[1];
    if (reply->data.form == MVMJS_IO_NUMBER) mvmjs_put_number(&writer, MVMJS_FIELD_RESULT_NUMBER, (uint32_t)reply->data.number);
    if (reply->data.form == MVMJS_IO_BYTES_DATA) mvmjs_put_bytes(&writer, MVMJS_FIELD_RESULT_BYTES, reply->data.bytes, reply->data.length);
    if (facts->kind == MVMJS_LIST) {
      struct mvmjs_line line;
      mvmjs_put_list(&writer, MVMJS_FIELD_RESULT_FACTS, (uint32_t)facts->length);
      for (size_t i = 0; i < facts->length; i++) {
        mvmjs_line_clear(&line);
        mvmjs_line_add_number(&line, (uint64_t)facts->items[i].number);
        mvmjs_put_item(&writer, line.text, line.length);
      }
    }
  }
  mvmjs_send_frame(&writer, grant->user, mvmjs_no_transaction);
}
static void call(Residents *residents, Grant *grant, const Value *fields) {
  static struct mvmjs_io_answer reply;
  const uint64_t number = fields[MVMJS_FIELD_CALL_CALL].number;
  const Value *name = &fields[MVMJS_FIELD_CALL_OPERATION], *given_number = &fields[MVMJS_FIELD_CALL_NUMBER], *given_bytes = &fields[MVMJS_FIELD_CALL_BYTES];
  struct mvmjs_io_entry *entry = mvmjs_io_find(&grant->session, (uint32_t)fields[MVMJS_FIELD_CALL_RESOURCE].number);
  struct mvmjs_io_data given = {.form = MVMJS_IO_NOTHING};
  if (memcmp(fields[MVMJS_FIELD_CALL_PROGRAM].bytes, grant->program, MVMJS_PROGRAM_BYTES) != 0 || fields[MVMJS_FIELD_CALL_EPOCH].number != grant->epoch) {
    answer(residents, grant, number, "epoch", NULL, "that was not granted to this program at this epoch");
    return;
  }
  if (number <= grant->last_call) {
    answer(residents, grant, number, "repeated", NULL, "that call has come before");
    return;
  }
  if (entry == NULL) {
    answer(residents, grant, number, "resource", NULL, "that is not kept open here");
    return;
  }
  if (!mvmjs_io_grants(entry->kind, name->bytes, name->length)) {
    answer(residents, grant, number, "operation", NULL, "that operation was not granted");
    return;
  }
  grant->last_call = number;
  if (given_bytes->present) {
    // The port gets a copy, or only reads them.
    given = (struct mvmjs_io_data){.form = MVMJS_IO_BYTES_DATA, .bytes = (uint8_t *)(uintptr_t)given_bytes->bytes, .length = given_bytes->length};
  } else if (given_number->present) {
    given = (struct mvmjs_io_data){.form = MVMJS_IO_NUMBER, .number = given_number->number > INT32_MAX ? INT32_MAX : (int32_t)given_number->number};
  }
  const enum mvmjs_io_code code = mvmjs_io_call(&grant->session, entry, name->bytes, name->length, &given, &reply);
  if (code == MVMJS_IO_DONE) answer(residents, grant, number, "done", &reply, NULL);
  else answer(residents, grant, number, mvmjs_io_code_name(code), NULL, reply.why.text);
  tell(residents, grant);
}

bool mvmjs_grant_take(Residents *residents, Conversation from, const Frame *frame) {
  const Value *fields = frame->fields;
  Grant *grant = NULL;
  if (frame->name == MVMJS_MSG_USE) {
    use(residents, from, fields);
    return true;
  }
  if (frame->name != MVMJS_MSG_CALL && frame->name != MVMJS_MSG_HEARD && frame->name != MVMJS_MSG_LET_GO) return false;
  for (int i = 0; i < residents->grant_count; i++) {
    Grant *one = &residents->grants[i];
    if (one->used && one->user.link == from.link && one->user.stream == from.stream) grant = one;
  }
  // Of a conversation that is over nothing is expected.
  if (grant == NULL) return true;
  if (frame->name == MVMJS_MSG_CALL) {
    call(residents, grant, fields);
  } else if (frame->name == MVMJS_MSG_HEARD) {
    for (int at = 0; at < MVMJS_IO_OPEN_MAX; at++) {
      for (int event = 0; event < 3; event++) if (grant->told[at][event].number <= fields[MVMJS_FIELD_HEARD_NUMBER].number) grant->told[at][event].number = 0;
    }
  } else if (memcmp(fields[MVMJS_FIELD_LET_GO_PROGRAM].bytes, grant->program, MVMJS_PROGRAM_BYTES) == 0 && fields[MVMJS_FIELD_LET_GO_EPOCH].number == grant->epoch) {
    end(residents, grant, "is not needed there any more");
  }
  return true;
}

// Links and time

static void schedule(const Residents *residents, Grant *grant) {
  if (!residents->keeps_links) return;
  grant->connect_at_ms = residents->now_ms + backoff_ms[grant->attempts < BACKOFF_COUNT ? grant->attempts : BACKOFF_COUNT - 1];
  if (grant->attempts < UINT8_MAX) grant->attempts++;
}
void mvmjs_grants_lose(Residents *residents, const struct mvmjs_link *link) {
  for (int i = 0; i < residents->grant_count; i++) {
    Grant *grant = &residents->grants[i];
    if (!grant->used || (grant->user.link != link && grant->link != link)) continue;
    if (grant->user.link == link) {
      grant->user.link = NULL;
      grant->until_ms = residents->now_ms + LEASE * residents->patience_ms;
    }
    if (grant->link != link) continue;
    grant->link = NULL;
    schedule(residents, grant);
  }
}
void mvmjs_grants_tick(Residents *residents) {
  for (int i = 0; i < residents->grant_count; i++) {
    Grant *grant = &residents->grants[i];
    if (!grant->used) continue;
    tell(residents, grant);
    if (grant->gone && grant->user.link == NULL && grant->until_ms <= residents->now_ms) {
      end(residents, grant, "was not heard of for a long time");
    } else if (grant->connect_at_ms != 0 && grant->connect_at_ms <= residents->now_ms) {
      struct mvmjs_line why;
      mvmjs_line_clear(&why);
      grant->connect_at_ms = 0;
      if (grant->user.link != NULL) continue;
      grant->link = residents->port->connect(residents->context, grant->place, &why);
      if (grant->link == NULL) schedule(residents, grant);
    }
  }
}
uint64_t mvmjs_grants_due(const Residents *residents) {
  uint64_t due = UINT64_MAX;
  for (int i = 0; i < residents->grant_count; i++) {
    const Grant *grant = &residents->grants[i];
    if (!grant->used) continue;
    if (grant->gone && grant->user.link == NULL && grant->until_ms < due) due = grant->until_ms;
    if (grant->connect_at_ms != 0 && grant->connect_at_ms < due) due = grant->connect_at_ms;
  }
  return due;
}

#endif
