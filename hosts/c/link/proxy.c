// Pins and buses that another host keeps open for a program that is here: vm/hosting/io-proxy.ts and io-keep.ts in C. The
// program's session has them as entries without a place (io/io.h); what it asks of one lies in the session's mail, is sent
// from there as a CALL, and the RESULT is put back. A program stands still while it asks, so there is one at a time.
//
// A host that hands no calls on (a device) is built without MVMJS_PROXIES, and refuses programs that leave pins elsewhere.

#include "inside.h"

#ifdef MVMJS_PROXIES

#include <string.h>

typedef struct mvmjs_proxy Proxy;
typedef struct mvmjs_io_mail Mail;
typedef struct mvmjs_wire_value Value;

/** What is asked while nobody is connected waits for that part of the patience, and at first for all of it. */
enum { GRACE = 3 };
/** A source is looked for as long as it keeps what nobody asks for, in patiences. */
enum { LEASE = 20 };
static const uint32_t backoff_ms[] = {100, 200, 500, 1000, 2000, 5000};
enum { BACKOFF_COUNT = sizeof backoff_ms / sizeof *backoff_ms };

/** The next of an offer's resources: false if there are no more. What is none has the number UINT64_MAX. */
static bool next_offered(Value *list, uint64_t *number, enum mvmjs_io_kind *kind) {
  Value text;
  if (!mvmjs_wire_next_text(list, &text)) return false;
  size_t at = 0;
  uint64_t value = 0;
  *number = UINT64_MAX;
  for (; at < text.length && at < 10 && text.bytes[at] >= '0' && text.bytes[at] <= '9'; at++) value = value * 10 + (uint64_t)(text.bytes[at] - '0');
  if (at == 0 || at == text.length || text.bytes[at] != ' ' || value > INT32_MAX) return true;
  for (int i = 0; i < MVMJS_IO_KINDS; i++) {
    const char *name = mvmjs_io_name((enum mvmjs_io_kind)i) + sizeof "io." - 1;
    if (text.length - at - 1 != strlen(name) || memcmp(text.bytes + at + 1, name, strlen(name)) != 0) continue;
    *kind = (enum mvmjs_io_kind)i;
    *number = value;
  }
  return true;
}

uint32_t mvmjs_proxied_kinds(const Frame *offer) {
  Value list = offer->fields[MVMJS_FIELD_OFFER_PROXIED];
  uint32_t kinds = 0;
  uint64_t number;
  enum mvmjs_io_kind kind;
  while (list.present && next_offered(&list, &number, &kind)) if (number != UINT64_MAX) kinds |= UINT32_C(1) << kind;
  return kinds;
}
bool mvmjs_proxy_offered(Resident *resident, const Frame *offer) {
  Proxy *proxy = &resident->proxy;
  Value list = offer->fields[MVMJS_FIELD_OFFER_PROXIED];
  const Value *address = &offer->fields[MVMJS_FIELD_OFFER_ADDRESS];
  uint64_t number;
  enum mvmjs_io_kind kind;
  memset(proxy, 0, sizeof *proxy);
  if (!list.present) return false;
  while (proxy->count < MVMJS_IO_OPEN_MAX && next_offered(&list, &number, &kind)) {
    if (number == UINT64_MAX) continue;
    proxy->offered[proxy->count].number = (int32_t)number;
    proxy->offered[proxy->count++].kind = kind;
  }
  if (address->present) mvmjs_copy_name(proxy->address, sizeof proxy->address, address->bytes, address->length);
  return true;
}

static struct mvmjs_io_session *session_of(const Residents *residents, Resident *resident) {
  return residents->port->session == NULL ? NULL : residents->port->session(residents->context, resident);
}
static Mail *mail_of(const Residents *residents, Resident *resident) {
  return &session_of(residents, resident)->mail;
}
/** The operation that waits has come to that. */
static void answer(Mail *mail, const char *code, const char *text) {
  mail->state = MVMJS_MAIL_ANSWERED;
  mail->data.form = MVMJS_IO_NOTHING;
  mail->fact_count = 0;
  mail->code = code;
  mvmjs_line_set(&mail->why, text, (const char *)NULL);
}

// Links

/** A conversation with the source, on a link to that very start of it. */
static void connect_by(Residents *residents, Resident *resident, struct mvmjs_link *link) {
  Proxy *proxy = &resident->proxy;
  Writer writer;
  proxy->source = mvmjs_converse(link);
  proxy->expected = true;
  proxy->is_first = false;
  proxy->missed = false;
  proxy->connect_at_ms = 0;
  proxy->attempts = 0;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_USE);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_USE_PROGRAM, resident->program.head.program_id, MVMJS_PROGRAM_BYTES);
  mvmjs_put_number(&writer, MVMJS_FIELD_USE_EPOCH, proxy->epoch);
  mvmjs_send_frame(&writer, proxy->source, mvmjs_no_transaction);
}
static bool is_of(const Proxy *proxy, const struct mvmjs_link *link) {
  return link != NULL && link->state == MVMJS_LINK_OPEN && memcmp(&link->peer, &proxy->peer, sizeof link->peer) == 0;
}
static void schedule(const Residents *residents, Proxy *proxy) {
  if (proxy->address[0] == '\0' || residents->now_ms > proxy->until_ms) return;
  proxy->connect_at_ms = residents->now_ms + backoff_ms[proxy->attempts < BACKOFF_COUNT ? proxy->attempts : BACKOFF_COUNT - 1];
  if (proxy->attempts < UINT8_MAX) proxy->attempts++;
}

void mvmjs_proxy_begin(Residents *residents, Resident *resident) {
  Proxy *proxy = &resident->proxy;
  struct mvmjs_io_session *session = session_of(residents, resident);
  if (session == NULL) return;
  for (int i = 0; i < proxy->count; i++) {
    // What this host has kept itself is the program's own again.
    if (mvmjs_io_find(session, (uint32_t)proxy->offered[i].number) != NULL) continue;
    if (mvmjs_io_keep_afar(session, proxy->offered[i].kind, proxy->offered[i].number)) proxy->used = true;
  }
  if (!proxy->used) return;
  proxy->epoch = resident->target.epoch;
  proxy->peer = resident->target.source;
  proxy->expected = proxy->is_first = true;
  proxy->until_ms = residents->now_ms + LEASE * residents->patience_ms;
  if (is_of(proxy, resident->origin.link)) connect_by(residents, resident, resident->origin.link);
  else schedule(residents, proxy);
}
void mvmjs_proxies_meet(Residents *residents, struct mvmjs_link *link) {
  for (int i = 0; i < residents->slot_count; i++) {
    Proxy *proxy = &residents->slots[i].proxy;
    if (proxy->used && !proxy->refused && proxy->source.link == NULL && is_of(proxy, link)) connect_by(residents, &residents->slots[i], link);
  }
}
void mvmjs_proxies_lose(Residents *residents, const struct mvmjs_link *link) {
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *resident = &residents->slots[i];
    Proxy *proxy = &resident->proxy;
    if (!proxy->used) continue;
    if (proxy->link == link) proxy->link = NULL;
    else if (proxy->source.link != link) continue;
    if (proxy->source.link == link) {
      Mail *mail = mail_of(residents, resident);
      proxy->source.link = NULL;
      proxy->until_ms = residents->now_ms + LEASE * residents->patience_ms;
      if (mail->state == MVMJS_MAIL_SENT) answer(mail, "lost", "the host that keeps it was lost before it answered");
    }
    if (proxy->source.link == NULL && !proxy->refused) schedule(residents, proxy);
  }
}
void mvmjs_proxy_end(Residents *residents, Resident *resident) {
  Proxy *proxy = &resident->proxy;
  Writer writer;
  if (!proxy->used) return;
  proxy->used = false;
  if (mvmjs_is_open(proxy->source)) {
    mvmjs_begin_frame(residents, &writer, MVMJS_MSG_LET_GO);
    mvmjs_put_bytes(&writer, MVMJS_FIELD_LET_GO_PROGRAM, resident->program.head.program_id, MVMJS_PROGRAM_BYTES);
    mvmjs_put_number(&writer, MVMJS_FIELD_LET_GO_EPOCH, proxy->epoch);
    mvmjs_send_frame(&writer, proxy->source, mvmjs_no_transaction);
  }
  if (proxy->link != NULL) proxy->link->end(proxy->link->stream);
}

// Calls

static void send_call(Residents *residents, Resident *resident, Mail *mail) {
  Proxy *proxy = &resident->proxy;
  Writer writer;
  mail->state = MVMJS_MAIL_SENT;
  proxy->deadline_ms = residents->now_ms + residents->patience_ms;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_CALL);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_CALL_PROGRAM, resident->program.head.program_id, MVMJS_PROGRAM_BYTES);
  mvmjs_put_number(&writer, MVMJS_FIELD_CALL_EPOCH, proxy->epoch);
  mvmjs_put_number(&writer, MVMJS_FIELD_CALL_CALL, ++proxy->last_call);
  mvmjs_put_number(&writer, MVMJS_FIELD_CALL_RESOURCE, (uint32_t)mail->number);
  mvmjs_put_line(&writer, MVMJS_FIELD_CALL_OPERATION, mail->operation);
  if (mail->data.form == MVMJS_IO_NUMBER) mvmjs_put_number(&writer, MVMJS_FIELD_CALL_NUMBER, (uint32_t)mail->data.number);
  if (mail->data.form == MVMJS_IO_BYTES_DATA) mvmjs_put_bytes(&writer, MVMJS_FIELD_CALL_BYTES, mail->data.bytes, mail->data.length);
  mvmjs_send_frame(&writer, proxy->source, mvmjs_no_transaction);
}
static void post(Residents *residents, Resident *resident) {
  Proxy *proxy = &resident->proxy;
  Mail *mail = mail_of(residents, resident);
  const uint64_t now_ms = residents->now_ms;
  // What stands still may go on elsewhere and ask there.
  if (mail->state == MVMJS_MAIL_ASKED && !mvmjs_resident_runs(resident)) return;
  if (mail->state == MVMJS_MAIL_ASKED) {
    if (proxy->refused) {
      answer(mail, "resource", "the host that kept it does not keep it any more");
    } else if (mail->data.form == MVMJS_IO_NUMBER && mail->data.number < 0) {
      answer(mail, "range", "only whole numbers from 0 on and bytes reach pins of another host");
    } else if (mvmjs_is_open(proxy->source)) {
      send_call(residents, resident, mail);
    } else if (!proxy->expected) {
      answer(mail, "lost", "the host that keeps it is not connected");
    } else if (proxy->deadline_ms == 0) {
      proxy->deadline_ms = now_ms + residents->patience_ms / (proxy->is_first ? 1 : GRACE);
    } else if (proxy->deadline_ms <= now_ms) {
      proxy->expected = false;
      answer(mail, "lost", "the host that keeps it is not connected");
    }
  } else if (mail->state == MVMJS_MAIL_SENT && proxy->deadline_ms <= now_ms) {
    answer(mail, "lost", "the host that keeps it does not answer");
  }
  if (mail->state != MVMJS_MAIL_ASKED && mail->state != MVMJS_MAIL_SENT) proxy->deadline_ms = 0;
}

bool mvmjs_proxy_asks(Residents *residents, Resident *resident) {
  if (!resident->proxy.used) return false;
  const Mail *mail = mail_of(residents, resident);
  return mail->state == MVMJS_MAIL_SENT || mail->state == MVMJS_MAIL_ANSWERED;
}

static void take_result(Resident *resident, Mail *mail, const Value *fields) {
  // Codes are names of this program's, since what a peer sends does not stay.
  static const char *const codes[] = {"done", "range", "type", "busy", "unknown", "absent", "failed", "epoch", "resource", "operation", "lost"};
  const Value *text = &fields[MVMJS_FIELD_RESULT_TEXT], *number = &fields[MVMJS_FIELD_RESULT_NUMBER], *bytes = &fields[MVMJS_FIELD_RESULT_BYTES];
  Value facts = fields[MVMJS_FIELD_RESULT_FACTS], fact;
  size_t code = 0;
  // Each call is sent once: that it came twice is the connection's doing, and what became of it the first time is its answer.
  if (mail->state != MVMJS_MAIL_SENT || fields[MVMJS_FIELD_RESULT_CALL].number != resident->proxy.last_call || mvmjs_wire_is(&fields[MVMJS_FIELD_RESULT_CODE], "repeated")) return;
  while (code < sizeof codes / sizeof *codes - 1 && !mvmjs_wire_is(&fields[MVMJS_FIELD_RESULT_CODE], codes[code])) code++;
  answer(mail, codes[code], "");
  if (text->present) mvmjs_line_add_bytes(&mail->why, text->bytes, text->length);
  if (number->present) mail->data = (struct mvmjs_io_data){.form = MVMJS_IO_NUMBER, .number = number->number > INT32_MAX ? INT32_MAX : (int32_t)number->number};
  if (bytes->present) {
    const uint32_t length = bytes->length < MVMJS_IO_BYTES ? bytes->length : MVMJS_IO_BYTES;
    memcpy(mail->bytes, bytes->bytes, length);
    mail->data = (struct mvmjs_io_data){.form = MVMJS_IO_BYTES_DATA, .bytes = mail->bytes, .length = length};
  }
  mail->has_facts = facts.present;
  while (facts.present && mail->fact_count < MVMJS_IO_PARAMETERS_MAX && mvmjs_wire_next_text(&facts, &fact)) {
    double value = 0;
    for (uint32_t i = 0; i < fact.length && fact.bytes[i] >= '0' && fact.bytes[i] <= '9'; i++) value = value * 10 + (fact.bytes[i] - '0');
    mail->facts[mail->fact_count++] = value;
  }
}
static void take_event(Residents *residents, Resident *resident, const Value *fields) {
  Proxy *proxy = &resident->proxy;
  const uint64_t number = fields[MVMJS_FIELD_EVENT_NUMBER].number;
  const Value *name = &fields[MVMJS_FIELD_EVENT_EVENT];
  Writer writer;
  if (!mvmjs_resident_runs(resident)) {
    // Its memory is being sent, or stands still: it is told when it runs again, for the source keeps what was not heard.
    proxy->missed = true;
    return;
  }
  if (number > proxy->last_event) {
    proxy->last_event = number;
    residents->port->happened(residents->context, resident, (int32_t)fields[MVMJS_FIELD_EVENT_RESOURCE].number,
      mvmjs_wire_is(name, "readable") ? MVMJS_IO_READABLE : mvmjs_wire_is(name, "writable") ? MVMJS_IO_WRITABLE : MVMJS_IO_ERROR, fields[MVMJS_FIELD_EVENT_COUNT].number);
  }
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_HEARD);
  mvmjs_put_number(&writer, MVMJS_FIELD_HEARD_NUMBER, number);
  mvmjs_send_frame(&writer, proxy->source, mvmjs_no_transaction);
}
bool mvmjs_proxy_take(Residents *residents, Conversation from, const Frame *frame) {
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *resident = &residents->slots[i];
    Proxy *proxy = &resident->proxy;
    if (!proxy->used || proxy->source.link != from.link || proxy->source.stream != from.stream) continue;
    if (frame->name == MVMJS_MSG_RESULT) {
      take_result(resident, mail_of(residents, resident), frame->fields);
    } else if (frame->name == MVMJS_MSG_EVENT) {
      take_event(residents, resident, frame->fields);
    } else if (frame->name == MVMJS_MSG_FAIL) {
      Mail *mail = mail_of(residents, resident);
      proxy->refused = true;
      proxy->source.link = NULL;
      if (mail->state == MVMJS_MAIL_SENT) mail->state = MVMJS_MAIL_ASKED;
    }
    post(residents, resident);
    return true;
  }
  return false;
}

void mvmjs_proxies_tick(Residents *residents) {
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *resident = &residents->slots[i];
    Proxy *proxy = &resident->proxy;
    if (!proxy->used) continue;
    if (resident->accepted && !mvmjs_proxy_asks(residents, resident)) mvmjs_departure_accepted(residents, resident);
    if (!proxy->used) continue;
    post(residents, resident);
    // A new conversation, in which it is told again; not while an answer is awaited in this one.
    if (proxy->missed && mvmjs_is_open(proxy->source) && mvmjs_resident_runs(resident) && mail_of(residents, resident)->state != MVMJS_MAIL_SENT) connect_by(residents, resident, proxy->source.link);
    if (proxy->connect_at_ms == 0 || proxy->connect_at_ms > residents->now_ms) continue;
    struct mvmjs_line why;
    mvmjs_line_clear(&why);
    proxy->connect_at_ms = 0;
    if (proxy->source.link != NULL || proxy->refused || proxy->link != NULL) continue;
    proxy->link = residents->port->connect(residents->context, proxy->address, &why);
    if (proxy->link == NULL) schedule(residents, proxy);
  }
}
uint64_t mvmjs_proxies_due(const Residents *residents) {
  uint64_t due = UINT64_MAX;
  for (int i = 0; i < residents->slot_count; i++) {
    const Proxy *proxy = &residents->slots[i].proxy;
    if (!proxy->used) continue;
    if (proxy->deadline_ms != 0 && proxy->deadline_ms < due) due = proxy->deadline_ms;
    if (proxy->connect_at_ms != 0 && proxy->connect_at_ms < due) due = proxy->connect_at_ms;
  }
  return due;
}

#endif
