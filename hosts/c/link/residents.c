// Links and their frames, slots, and what is remembered. Commands are in commands.c, moves in arrive.c and depart.c.

#include <string.h>

#include "core.h"
#include "inside.h"
#include "utf8.h"

/** Milliseconds in which a peer has to say HELLO. */
enum { HELLO_PATIENCE = 5000 };
/** Milliseconds between two words about a long transfer to who asked for it. */
enum { PROGRESS_PERIOD = 500 };

const uint8_t mvmjs_no_transaction[MVMJS_TRANSACTION_BYTES];

void mvmjs_copy_name(char *to, size_t room, const uint8_t *bytes, size_t length) {
  const size_t fitting = mvmjs_utf8_fit(bytes, length, room - 1);
  for (size_t i = 0; i < fitting; i++) {
    // U+0080 to U+009F are two bytes, of which the first is 0xc2.
    const bool is_control = bytes[i] < 32 || bytes[i] == 127 || (i > 0 && bytes[i - 1] == 0xc2 && bytes[i] < 0xa0);
    if (is_control && bytes[i] >= 128) to[i - 1] = ' ';
    to[i] = is_control ? ' ' : (char)bytes[i];
  }
  to[fitting] = '\0';
}

// Frames

bool mvmjs_is_open(Conversation conversation) {
  return conversation.link != NULL && conversation.link->state == MVMJS_LINK_OPEN;
}
Conversation mvmjs_converse(struct mvmjs_link *link) {
  const Conversation conversation = {.link = link, .stream = link->next_stream};
  link->next_stream += 2;
  return conversation;
}
void mvmjs_begin_frame(Residents *residents, Writer *writer, enum mvmjs_message_name name) {
  mvmjs_frame_begin(writer, residents->scratch, residents->scratch_bytes, name);
}
void mvmjs_send_frame(Writer *writer, Conversation to, const uint8_t *transaction) {
  if (to.link == NULL || to.link->state == MVMJS_LINK_CLOSED) return;
  const size_t length = mvmjs_frame_end(writer, to.stream, to.link->sequence, transaction);
  mvmjs_assert(length > 0, "the scratch has room for the longest frame that is sent");
  to.link->sequence++;
  to.link->send(to.link->stream, writer->bytes, length);
}
void mvmjs_put_line(Writer *writer, uint8_t key, const char *text) {
  mvmjs_put_text(writer, key, text, strlen(text));
}
void mvmjs_say(Residents *residents, Conversation to, const uint8_t *transaction, enum mvmjs_message_name name, const char *reason, const char *text) {
  Writer writer;
  mvmjs_begin_frame(residents, &writer, name);
  if (name == MVMJS_MSG_DONE) {
    mvmjs_put_line(&writer, MVMJS_FIELD_DONE_TEXT, text);
  } else {
    mvmjs_assert((int)MVMJS_FIELD_FAIL_REASON == (int)MVMJS_FIELD_REFUSE_REASON && (int)MVMJS_FIELD_FAIL_TEXT == (int)MVMJS_FIELD_REFUSE_TEXT, "REFUSE and FAIL are alike");
    mvmjs_put_line(&writer, MVMJS_FIELD_FAIL_REASON, reason);
    mvmjs_put_line(&writer, MVMJS_FIELD_FAIL_TEXT, text);
  }
  mvmjs_send_frame(&writer, to, transaction);
}
void mvmjs_send_state(Residents *residents, Conversation to, const uint8_t *transaction, enum mvmjs_phase phase, uint64_t epoch) {
  Writer writer;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_STATE);
  mvmjs_put_line(&writer, MVMJS_FIELD_STATE_PHASE, mvmjs_phase_names[phase]);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_STATE_BOOT, residents->self.boot, MVMJS_BOOT_BYTES);
  mvmjs_put_number(&writer, MVMJS_FIELD_STATE_EPOCH, epoch);
  mvmjs_send_frame(&writer, to, transaction);
}
void mvmjs_send_abort(Residents *residents, Conversation to, const uint8_t *transaction, const char *reason, const uint64_t *epoch) {
  Writer writer;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_ABORT);
  mvmjs_put_line(&writer, MVMJS_FIELD_ABORT_REASON, reason);
  if (epoch != NULL) mvmjs_put_number(&writer, MVMJS_FIELD_ABORT_EPOCH, *epoch);
  mvmjs_send_frame(&writer, to, transaction);
}

// Slots

bool mvmjs_is_free(const Resident *resident) {
  return resident->program.state == MVMJS_EMPTY && !resident->has_target;
}
bool mvmjs_is_arriving(const Resident *resident) {
  return resident->has_target && (resident->target.phase == MVMJS_PHASE_RECEIVING || resident->target.phase == MVMJS_PHASE_READY);
}
bool mvmjs_is_owned(const Resident *resident) {
  return resident->program.state >= MVMJS_READY && (!resident->has_target || resident->target.phase == MVMJS_PHASE_OWNER);
}
bool mvmjs_resident_runs(const Resident *resident) {
  return mvmjs_is_owned(resident) && !resident->paused && mvmjs_source_runs(&resident->source) && !resident->sends;
}
void mvmjs_update_clock(Residents *residents, Resident *resident) {
  const bool runs = mvmjs_resident_runs(resident);
  if (runs == resident->runs) return;
  resident->runs = runs;
  residents->port->clock(residents->context, resident, runs);
}
void mvmjs_resident_changed(Residents *residents, Resident *resident) {
  mvmjs_update_clock(residents, resident);
}
void mvmjs_arm(Residents *residents, Resident *resident) {
  const enum mvmjs_phase phase = resident->source.phase;
  const bool departing = resident->departs && (phase == MVMJS_PHASE_OFFERED || phase == MVMJS_PHASE_FROZEN || phase == MVMJS_PHASE_GRANTED || resident->dry);
  resident->deadline_ms = mvmjs_is_arriving(resident) || departing ? residents->now_ms + residents->patience_ms : 0;
}
void mvmjs_free_slot(Residents *residents, Resident *resident) {
  if (resident->has_target) mvmjs_remember_move(residents, resident->target.transaction, resident->target.phase, resident->target.epoch, resident->name);
  const Conversation goal = resident->goal;
  struct mvmjs_program program;
  mvmjs_proxy_end(residents, resident);
  mvmjs_program_clear(&resident->program);
  program = resident->program;
  memset(resident, 0, sizeof *resident);
  resident->program = program;
  if (goal.link != NULL) goal.link->end(goal.link->stream);
}

bool mvmjs_take_image(Residents *residents, Resident *resident, uint64_t epoch) {
  struct mvmjs_image_writer *writer = &resident->writer;
  struct mvmjs_sha256 hash;
  size_t length;
  resident->program.head.epoch = (uint32_t)epoch;
  resident->program.head.sequence++;
  residents->port->settle(residents->context, resident);
  if (!mvmjs_program_save(&resident->program, writer)) {
    residents->port->note(residents->context, "a fault of mvm's own: the memory of a program is broken");
    return false;
  }
  // Written once for its hash and length, and then again as it is sent: there is no second copy.
  resident->image_bytes = 0;
  mvmjs_sha256_begin(&hash);
  while ((length = mvmjs_image_write(writer, residents->scratch, residents->scratch_bytes)) > 0) {
    mvmjs_sha256_add(&hash, residents->scratch, length);
    resident->image_bytes += length;
  }
  mvmjs_sha256_end(&hash, resident->reader.digest);
  mvmjs_image_write_begin(writer, &resident->program.head, writer->heap, writer->stack);
  resident->sent = 0;
  return true;
}

void mvmjs_pump(Residents *residents, Resident *resident) {
  /** Bytes of a CHUNK beside what it brings, at most. */
  enum { FRAMING = MVMJS_FRAME_HEADER + 24 };
  const bool is_snapshot = resident->sends_snapshot;
  while (resident->sends && mvmjs_is_open(resident->to)) {
    struct mvmjs_link *link = resident->to.link;
    Writer writer;
    uint64_t size = resident->image_bytes - resident->sent;
    const size_t room = link->room(link->stream);
    const uint32_t chunk = is_snapshot ? residents->chunk_bytes : resident->chunk;
    if (size == 0) {
      resident->sends = false;
      mvmjs_begin_frame(residents, &writer, MVMJS_MSG_END);
      mvmjs_put_number(&writer, MVMJS_FIELD_END_ROUND, 0);
      mvmjs_put_number(&writer, MVMJS_FIELD_END_BYTES, resident->sent);
      mvmjs_send_frame(&writer, resident->to, is_snapshot ? mvmjs_no_transaction : resident->transaction);
      if (is_snapshot) break;
      mvmjs_begin_frame(residents, &writer, MVMJS_MSG_CUT);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_CUT_IMAGE, resident->source.image, MVMJS_IMAGE_HASH_BYTES);
      mvmjs_put_number(&writer, MVMJS_FIELD_CUT_STEPS, mvmjs_program_steps(&resident->program));
      mvmjs_put_number(&writer, MVMJS_FIELD_CUT_OUTPUTS, mvmjs_counter(REG_OUTPUTS_LOW));
      mvmjs_send_frame(&writer, resident->to, resident->transaction);
      mvmjs_arm(residents, resident);
      break;
    }
    if (size > chunk) size = chunk;
    if (!is_snapshot && size > resident->credit - resident->sent) size = resident->credit - resident->sent;
    if (size > residents->scratch_bytes - FRAMING) size = residents->scratch_bytes - FRAMING;
    if (room <= FRAMING) break;
    if (size > room - FRAMING) size = room - FRAMING;
    if (size == 0) break;
    mvmjs_begin_frame(residents, &writer, MVMJS_MSG_CHUNK);
    mvmjs_put_number(&writer, MVMJS_FIELD_CHUNK_OFFSET, resident->sent);
    uint8_t *bytes = mvmjs_put_space(&writer, MVMJS_FIELD_CHUNK_BYTES, (size_t)size);
    mvmjs_assert(bytes != NULL && mvmjs_image_write(&resident->writer, bytes, (size_t)size) == size, "an image is as long as it was");
    mvmjs_send_frame(&writer, resident->to, is_snapshot ? mvmjs_no_transaction : resident->transaction);
    resident->sent += size;
    if (is_snapshot) continue;
    mvmjs_arm(residents, resident);
    if (residents->now_ms - resident->progress_at_ms >= PROGRESS_PERIOD) mvmjs_send_progress(residents, resident, "frozen");
  }
  mvmjs_update_clock(residents, resident);
}

// Memory of what is over

void mvmjs_remember_move(Residents *residents, const uint8_t *transaction, enum mvmjs_phase phase, uint64_t epoch, const char *name) {
  if (residents->past_count == 0) return;
  struct mvmjs_past *past = &residents->past[residents->next_past];
  residents->next_past = (residents->next_past + 1) % residents->past_count;
  memcpy(past->transaction, transaction, MVMJS_TRANSACTION_BYTES);
  past->phase = phase;
  past->epoch = epoch;
  mvmjs_copy_name(past->name, sizeof past->name, (const uint8_t *)name, strlen(name));
}
struct mvmjs_seen *mvmjs_find_seen(Residents *residents, const uint8_t *program) {
  for (int i = 0; i < residents->seen_count; i++) {
    struct mvmjs_seen *seen = &residents->seen[i];
    if (seen->epoch > 0 && memcmp(seen->program, program, MVMJS_PROGRAM_BYTES) == 0) return seen;
  }
  return NULL;
}
void mvmjs_hear(Residents *residents, const uint8_t *program, uint64_t epoch) {
  struct mvmjs_seen *seen = mvmjs_find_seen(residents, program);
  if (seen == NULL) {
    if (residents->seen_count == 0) return;
    seen = &residents->seen[residents->next_seen];
    residents->next_seen = (residents->next_seen + 1) % residents->seen_count;
    memset(seen, 0, sizeof *seen);
    memcpy(seen->program, program, MVMJS_PROGRAM_BYTES);
  }
  if (epoch > seen->epoch) seen->epoch = epoch;
}

// Links

/** What was on the link is lost. */
static void lose(Residents *residents, struct mvmjs_link *link) {
  mvmjs_grants_lose(residents, link);
  mvmjs_proxies_lose(residents, link);
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *resident = &residents->slots[i];
    if (resident->asker.link == link) resident->asker.link = NULL;
    if (resident->sends && resident->to.link == link) {
      resident->sends = false;
      mvmjs_update_clock(residents, resident);
    }
    if (resident->has_target && resident->origin.link == link) {
      resident->origin.link = NULL;
      mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_LOST});
    }
    if (resident->goal.link == link) {
      resident->goal.link = NULL;
      if (resident->connecting) mvmjs_departure_unreached(residents, resident, link->problem);
      else if (resident->departs) mvmjs_feed_source(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_LOST});
    }
  }
}
static void end(Residents *residents, struct mvmjs_link *link, const char *problem) {
  if (link->state == MVMJS_LINK_CLOSED) return;
  link->state = MVMJS_LINK_CLOSED;
  link->problem = problem;
  link->end(link->stream);
  lose(residents, link);
}

void mvmjs_residents_open(Residents *residents, struct mvmjs_link *link, uint8_t *body, uint32_t body_bytes, uint64_t now_ms) {
  Writer writer;
  residents->now_ms = now_ms;
  mvmjs_frame_begin_reading(&link->reader, body, body_bytes);
  link->state = MVMJS_LINK_GREETING;
  link->problem = "";
  link->sequence = 0;
  link->next_stream = link->began ? 1 : 2;
  link->hello_by_ms = now_ms + HELLO_PATIENCE;
  int place = 0;
  while (place < residents->link_count && residents->links[place] != NULL) place++;
  mvmjs_assert(place < residents->link_count, "there is a place for every link that the host opens");
  residents->links[place] = link;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_HELLO);
  mvmjs_put_number(&writer, MVMJS_FIELD_HELLO_LOWEST, MVMJS_PROTOCOL_LOWEST);
  mvmjs_put_number(&writer, MVMJS_FIELD_HELLO_HIGHEST, MVMJS_PROTOCOL_HIGHEST);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_HELLO_HOST, residents->self.host, MVMJS_HOST_ID_BYTES);
  mvmjs_put_bytes(&writer, MVMJS_FIELD_HELLO_BOOT, residents->self.boot, MVMJS_BOOT_BYTES);
  mvmjs_put_line(&writer, MVMJS_FIELD_HELLO_NAME, residents->name);
  mvmjs_put_number(&writer, MVMJS_FIELD_HELLO_ABI, MVMJS_ABI);
  mvmjs_put_line(&writer, MVMJS_FIELD_HELLO_SOFTWARE, residents->software);
  mvmjs_send_frame(&writer, (Conversation){.link = link, .stream = 0}, mvmjs_no_transaction);
}

static void greet(Residents *residents, struct mvmjs_link *link, const Frame *frame) {
  if (frame->name == MVMJS_MSG_REFUSE) {
    end(residents, link, "the peer refuses to speak with this host");
    return;
  }
  const uint64_t lowest = frame->fields[MVMJS_FIELD_HELLO_LOWEST].number;
  const uint64_t highest = frame->fields[MVMJS_FIELD_HELLO_HIGHEST].number;
  if (lowest > MVMJS_PROTOCOL_HIGHEST || highest < MVMJS_PROTOCOL_LOWEST || highest < lowest) {
    static const char text[] = "the protocol's versions do not meet; bring both hosts to the same version of mvm";
    Writer writer;
    mvmjs_begin_frame(residents, &writer, MVMJS_MSG_REFUSE);
    mvmjs_put_line(&writer, MVMJS_FIELD_REFUSE_REASON, MVMJS_REASON_VERSION);
    mvmjs_put_line(&writer, MVMJS_FIELD_REFUSE_TEXT, text);
    mvmjs_put_number(&writer, MVMJS_FIELD_REFUSE_LOWEST, MVMJS_PROTOCOL_LOWEST);
    mvmjs_put_number(&writer, MVMJS_FIELD_REFUSE_HIGHEST, MVMJS_PROTOCOL_HIGHEST);
    mvmjs_send_frame(&writer, (Conversation){.link = link, .stream = 0}, mvmjs_no_transaction);
    end(residents, link, text);
    return;
  }
  const struct mvmjs_wire_value *name = &frame->fields[MVMJS_FIELD_HELLO_NAME];
  memcpy(link->peer.host, frame->fields[MVMJS_FIELD_HELLO_HOST].bytes, MVMJS_HOST_ID_BYTES);
  memcpy(link->peer.boot, frame->fields[MVMJS_FIELD_HELLO_BOOT].bytes, MVMJS_BOOT_BYTES);
  mvmjs_copy_name(link->peer_name, sizeof link->peer_name, name->bytes, name->length);
  link->state = MVMJS_LINK_OPEN;
  link->reader.open = true;
  link->hello_by_ms = 0;
  for (int i = 0; i < residents->slot_count && link->state == MVMJS_LINK_OPEN; i++) {
    Resident *resident = &residents->slots[i];
    if (resident->connecting && resident->goal.link == link) mvmjs_departure_connected(residents, resident);
    // Whatever waits for word from that very start of that host asks now.
    if (resident->has_target && resident->target.phase == MVMJS_PHASE_READY && resident->origin.link == NULL
      && memcmp(&resident->target.source, &link->peer, sizeof link->peer) == 0) {
      resident->origin = mvmjs_converse(link);
      mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_CONNECTED});
    }
  }
  if (link->state == MVMJS_LINK_OPEN) mvmjs_proxies_meet(residents, link);
}

/** A message about a move whose conversation is not this one: the peer connected anew. */
static void serve_transaction(Residents *residents, Conversation from, const Frame *frame) {
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *resident = &residents->slots[i];
    if (resident->has_target && memcmp(resident->target.transaction, frame->transaction, MVMJS_TRANSACTION_BYTES) == 0 && (from.link->scopes & MVMJS_SCOPE_RECEIVE) != 0) {
      resident->origin = from;
      mvmjs_arrival_take(residents, resident, from, frame);
      return;
    }
    if (resident->departs && resident->source.has_transaction && memcmp(resident->source.transaction, frame->transaction, MVMJS_TRANSACTION_BYTES) == 0) {
      mvmjs_departure_take(residents, resident, from, frame);
      return;
    }
  }
  for (int i = 0; i < residents->past_count; i++) {
    const struct mvmjs_past *past = &residents->past[i];
    if (past->phase == MVMJS_PHASE_UNKNOWN || memcmp(past->transaction, frame->transaction, MVMJS_TRANSACTION_BYTES) != 0) continue;
    mvmjs_answer_past(residents, from, frame, past);
    return;
  }
  if (frame->name == MVMJS_MSG_QUERY || frame->name == MVMJS_MSG_COMMIT) mvmjs_send_state(residents, from, frame->transaction, MVMJS_PHASE_UNKNOWN, 0);
}

static void take_frame(Residents *residents, struct mvmjs_link *link, const Frame *frame) {
  const Conversation from = {.link = link, .stream = frame->stream};
  if (link->state == MVMJS_LINK_GREETING) {
    greet(residents, link, frame);
    return;
  }
  if (frame->name == MVMJS_MSG_PING) {
    Writer writer;
    if (frame->fields[MVMJS_FIELD_PING_ANSWER].number != 0) return;
    mvmjs_begin_frame(residents, &writer, MVMJS_MSG_PING);
    mvmjs_put_bool(&writer, MVMJS_FIELD_PING_ANSWER, true);
    mvmjs_send_frame(&writer, from, mvmjs_no_transaction);
    return;
  }
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *resident = &residents->slots[i];
    if (resident->has_target && resident->origin.link == link && resident->origin.stream == frame->stream) {
      mvmjs_arrival_take(residents, resident, from, frame);
      return;
    }
    if (resident->departs && !resident->connecting && resident->goal.link == link && resident->goal.stream == frame->stream) {
      mvmjs_departure_take(residents, resident, from, frame);
      return;
    }
  }
  if (mvmjs_proxy_take(residents, from, frame)) return;
  // A stream of this side's numbers is over; one of the other's begins a conversation.
  if ((frame->stream & 1) == (link->began ? 1u : 0u)) return;
  if (frame->name == MVMJS_MSG_OFFER) mvmjs_receive_offer(residents, from, frame);
  else if (!mvmjs_serve_command(residents, from, frame) && !mvmjs_grant_take(residents, from, frame)) serve_transaction(residents, from, frame);
}

void mvmjs_residents_take(Residents *residents, struct mvmjs_link *link, const uint8_t *bytes, size_t length, uint64_t now_ms) {
  size_t at = 0;
  residents->now_ms = now_ms;
  while (link->state != MVMJS_LINK_CLOSED && at < length) {
    Frame frame;
    size_t taken;
    const enum mvmjs_frame_step step = mvmjs_frame_take(&link->reader, bytes + at, length - at, &taken, &frame);
    at += taken;
    if (step == MVMJS_FRAME_HERE) take_frame(residents, link, &frame);
    else if (step == MVMJS_FRAME_BROKEN) end(residents, link, link->reader.problem);
  }
}
void mvmjs_residents_close(Residents *residents, struct mvmjs_link *link, uint64_t now_ms) {
  residents->now_ms = now_ms;
  for (int i = 0; i < residents->link_count; i++) if (residents->links[i] == link) residents->links[i] = NULL;
  if (link->state == MVMJS_LINK_CLOSED) return;
  link->state = MVMJS_LINK_CLOSED;
  if (link->problem == NULL || link->problem[0] == '\0') link->problem = "the connection ended";
  lose(residents, link);
}

// What is due

static void time_out(Residents *residents, Resident *resident) {
  resident->deadline_ms = 0;
  if (mvmjs_is_arriving(resident)) {
    mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_TIMEOUT});
    return;
  }
  if (!resident->departs) return;
  // A connection on which COMMIT is not answered for so long is dead, whatever it says itself: a new one may not be.
  struct mvmjs_link *dead = resident->source.phase == MVMJS_PHASE_GRANTED && resident->source.doubt ? resident->goal.link : NULL;
  mvmjs_feed_source(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_TIMEOUT});
  if (dead != NULL) end(residents, dead, "the peer does not answer");
}

void mvmjs_residents_tick(Residents *residents, uint64_t now_ms) {
  residents->now_ms = now_ms;
  for (int i = 0; i < residents->link_count; i++) {
    struct mvmjs_link *link = residents->links[i];
    if (link != NULL && link->state == MVMJS_LINK_GREETING && link->hello_by_ms <= now_ms) end(residents, link, "the peer does not say HELLO");
  }
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *resident = &residents->slots[i];
    if (resident->deadline_ms != 0 && resident->deadline_ms <= now_ms) time_out(residents, resident);
    if (resident->connect_at_ms != 0 && resident->connect_at_ms <= now_ms) mvmjs_departure_reconnect(residents, resident);
    if (resident->sends) mvmjs_pump(residents, resident);
  }
  mvmjs_grants_tick(residents);
  mvmjs_proxies_tick(residents);
}
uint64_t mvmjs_residents_due(const Residents *residents) {
  uint64_t due = UINT64_MAX;
  for (int i = 0; i < residents->link_count; i++) {
    const struct mvmjs_link *link = residents->links[i];
    if (link != NULL && link->state == MVMJS_LINK_GREETING && link->hello_by_ms < due) due = link->hello_by_ms;
  }
  for (int i = 0; i < residents->slot_count; i++) {
    const Resident *resident = &residents->slots[i];
    if (resident->deadline_ms != 0 && resident->deadline_ms < due) due = resident->deadline_ms;
    if (resident->connect_at_ms != 0 && resident->connect_at_ms < due) due = resident->connect_at_ms;
  }
  const uint64_t grants_due = mvmjs_grants_due(residents);
  if (grants_due < due) due = grants_due;
  const uint64_t proxies_due = mvmjs_proxies_due(residents);
  return proxies_due < due ? proxies_due : due;
}

void mvmjs_resident_ended(Residents *residents, Resident *resident, uint64_t now_ms) {
  residents->now_ms = now_ms;
  mvmjs_hear(residents, resident->program.head.program_id, resident->source.epoch);
  mvmjs_departure_give_up(residents, resident, " has ended");
  mvmjs_free_slot(residents, resident);
}
