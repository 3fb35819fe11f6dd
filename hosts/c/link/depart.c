// The source's side of a move. Stop-and-copy: the program runs until the target has accepted, then it is frozen and its image
// sent, straight from its memory. It stays there, frozen, until the target has answered COMMITTED; while that is in doubt
// this side connects again and again and asks.

#include <string.h>

#include "core.h"
#include "inside.h"

/** Milliseconds between attempts to reach a target that was lost; the last one is repeated. */
static const uint32_t backoff_ms[] = {100, 200, 500, 1000, 2000, 5000};
enum { BACKOFF_COUNT = sizeof backoff_ms / sizeof *backoff_ms };
/** How often this side tries to tell that a move came to nothing. */
enum { TELL_ATTEMPTS = 8 };

void mvmjs_send_progress(Residents *residents, Resident *resident, const char *phase) {
  Writer writer;
  resident->progress_at_ms = residents->now_ms;
  if (!mvmjs_is_open(resident->asker)) return;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_PROGRESS);
  mvmjs_put_line(&writer, MVMJS_FIELD_PROGRESS_PHASE, phase);
  mvmjs_put_number(&writer, MVMJS_FIELD_PROGRESS_SENT, resident->sent);
  mvmjs_put_number(&writer, MVMJS_FIELD_PROGRESS_BYTES, resident->image_bytes);
  mvmjs_send_frame(&writer, resident->asker, mvmjs_no_transaction);
}
/** The answer to who asked for the move, and nobody is told more. */
static void fail(Residents *residents, Resident *resident, const char *reason, const char *text) {
  mvmjs_say(residents, resident->asker, mvmjs_no_transaction, MVMJS_MSG_FAIL, reason, text);
  resident->asker.link = NULL;
}
static void end_goal(Resident *resident) {
  struct mvmjs_link *link = resident->goal.link;
  resident->goal.link = NULL;
  if (link != NULL) link->end(link->stream);
}
/** Connects after a while. */
static void schedule(const Residents *residents, Resident *resident) {
  const uint32_t wait = backoff_ms[resident->attempts < BACKOFF_COUNT ? resident->attempts : BACKOFF_COUNT - 1];
  if (resident->attempts < UINT8_MAX) resident->attempts++;
  resident->connect_at_ms = residents->now_ms + wait;
}
static void connect_to(Residents *residents, Resident *resident) {
  struct mvmjs_line why;
  mvmjs_line_clear(&why);
  resident->connect_at_ms = 0;
  resident->connecting = true;
  resident->goal.link = residents->port->connect(residents->context, resident->place, &why);
  if (resident->goal.link == NULL) mvmjs_departure_unreached(residents, resident, why.text);
}

void mvmjs_depart(Residents *residents, Resident *resident, Conversation asker, const struct mvmjs_wire_value *place, bool dry) {
  end_goal(resident);
  mvmjs_copy_name(resident->place, sizeof resident->place, place->bytes, place->length);
  residents->port->random(residents->context, resident->transaction, sizeof resident->transaction);
  resident->asker = asker;
  resident->departs = true;
  resident->dry = dry;
  resident->refused = resident->accepted = false;
  resident->tells = false;
  resident->attempts = 0;
  resident->sent = 0;
  resident->image_bytes = 0;
  mvmjs_send_progress(residents, resident, "connecting");
  connect_to(residents, resident);
}

void mvmjs_departure_connected(Residents *residents, Resident *resident) {
  struct mvmjs_event event = {.type = MVMJS_EVENT_CONNECTED};
  resident->connecting = false;
  resident->attempts = 0;
  resident->goal = mvmjs_converse(resident->goal.link);
  if (resident->tells) {
    resident->tells = false;
    mvmjs_send_abort(residents, resident->goal, resident->transaction, "the source went on with the program", &resident->told_epoch);
    end_goal(resident);
    return;
  }
  if (resident->dry) {
    Writer writer;
    mvmjs_put_offer(residents, resident, &writer, true);
    mvmjs_send_frame(&writer, resident->goal, resident->transaction);
    mvmjs_arm(residents, resident);
    return;
  }
  if (resident->source.phase == MVMJS_PHASE_OWNER) event.type = MVMJS_EVENT_MIGRATE;
  memcpy(event.transaction, resident->transaction, sizeof event.transaction);
  mvmjs_feed_source(residents, resident, &event);
}
void mvmjs_departure_unreached(Residents *residents, Resident *resident, const char *why) {
  struct mvmjs_line line;
  resident->connecting = false;
  resident->goal.link = NULL;
  if (resident->tells) {
    if (resident->attempts < TELL_ATTEMPTS) schedule(residents, resident);
    else resident->tells = false;
    return;
  }
  if (resident->source.phase == MVMJS_PHASE_GRANTED) {
    schedule(residents, resident);
    return;
  }
  resident->departs = resident->dry = false;
  mvmjs_line_set(&line, resident->place, ": ", why, "; ", resident->name, " goes on here", (const char *)NULL);
  fail(residents, resident, MVMJS_REASON_LOST, line.text);
}
void mvmjs_departure_reconnect(Residents *residents, Resident *resident) {
  resident->connect_at_ms = 0;
  if (resident->goal.link == NULL && (resident->tells || resident->departs)) connect_to(residents, resident);
}

/** The program stands still: seals its image, whose hash is fed back. */
static void freeze(Residents *residents, Resident *resident) {
  struct mvmjs_event event = {.type = MVMJS_EVENT_SEALED};
  if (resident->sends) {
    resident->sends = false;
    mvmjs_say(residents, resident->to, mvmjs_no_transaction, MVMJS_MSG_FAIL, MVMJS_REASON_PHASE, "the program is moving; ask its new host");
  }
  mvmjs_update_clock(residents, resident);
  resident->frozen_at_ms = residents->now_ms;
  // The image says the epoch that the target will own it at.
  if (!mvmjs_take_image(residents, resident, mvmjs_offered_epoch(&resident->source))) {
    event.type = MVMJS_EVENT_REFUSE;
    event.reason = "its image cannot be taken";
    memcpy(event.transaction, resident->transaction, sizeof event.transaction);
  }
  memcpy(event.image, resident->reader.digest, sizeof event.image);
  mvmjs_feed_source(residents, resident, &event);
}

static void send(Residents *residents, Resident *resident, const struct mvmjs_action *action) {
  const Conversation to = resident->goal;
  Writer writer;
  if (!mvmjs_is_open(to) || resident->connecting) {
    if (action->message != MVMJS_MSG_ABORT) return;
    resident->tells = true;
    resident->told_epoch = action->epoch;
    resident->attempts = 0;
    schedule(residents, resident);
    return;
  }
  switch (action->message) {
    case MVMJS_MSG_OFFER:
      mvmjs_send_progress(residents, resident, "offered");
      mvmjs_put_offer(residents, resident, &writer, false);
      break;
    case MVMJS_MSG_COMMIT:
      if (resident->proxies) mvmjs_assert(mvmjs_grant_begin(residents, resident), "a place for a grant was there when the program was frozen");
      mvmjs_send_progress(residents, resident, "granted");
      mvmjs_begin_frame(residents, &writer, MVMJS_MSG_COMMIT);
      mvmjs_put_number(&writer, MVMJS_FIELD_COMMIT_EPOCH, mvmjs_offered_epoch(&resident->source));
      break;
    case MVMJS_MSG_RELEASE:
    case MVMJS_MSG_QUERY: mvmjs_begin_frame(residents, &writer, action->message); break;
    case MVMJS_MSG_ABORT: mvmjs_send_abort(residents, to, action->transaction, action->reason, &action->epoch); return;
    case MVMJS_MSG_STATE: mvmjs_send_state(residents, to, action->transaction, action->phase, resident->source.epoch); return;
    default: mvmjs_broken("a message that a source does not send");
  }
  mvmjs_send_frame(&writer, to, action->transaction);
  if (action->message == MVMJS_MSG_RELEASE) {
    if (mvmjs_grant_left(residents, resident)) resident->goal.link = NULL;
    else end_goal(resident);
  }
}

/** The program is elsewhere: its slot is free after this. */
static void left(Residents *residents, Resident *resident) {
  const uint64_t downtime_us = (residents->now_ms - resident->frozen_at_ms) * 1000;
  struct mvmjs_line line;
  Writer writer;
  mvmjs_hear(residents, resident->program.head.program_id, mvmjs_offered_epoch(&resident->source));
  struct mvmjs_seen *seen = mvmjs_find_seen(residents, resident->program.head.program_id);
  if (seen != NULL) {
    memcpy(seen->name, resident->name, sizeof seen->name);
    memcpy(seen->moved_to, resident->place, sizeof seen->moved_to);
  }
  mvmjs_line_set(&line, resident->name, " runs at ", resident->place, (const char *)NULL);
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_DONE);
  mvmjs_put_line(&writer, MVMJS_FIELD_DONE_TEXT, line.text);
  mvmjs_put_line(&writer, MVMJS_FIELD_DONE_NAME, resident->target_name);
  mvmjs_put_number(&writer, MVMJS_FIELD_DONE_BYTES, resident->image_bytes);
  mvmjs_put_number(&writer, MVMJS_FIELD_DONE_DOWNTIME, downtime_us);
  mvmjs_put_line(&writer, MVMJS_FIELD_DONE_TO, resident->place);
  mvmjs_send_frame(&writer, resident->asker, mvmjs_no_transaction);
  residents->port->leave(residents->context, resident, MVMJS_LEAVING_MOVED);
  mvmjs_line_set(&line, resident->name, " has moved to ", resident->place, (const char *)NULL);
  if (strcmp(resident->name, resident->target_name) != 0) {
    mvmjs_line_add(&line, " as ");
    mvmjs_line_add(&line, resident->target_name);
  }
  residents->port->note(residents->context, line.text);
  mvmjs_free_slot(residents, resident);
}

static void report(Residents *residents, Resident *resident, const struct mvmjs_action *action) {
  struct mvmjs_line line;
  switch (action->outcome) {
    case MVMJS_OUTCOME_MOVED: left(residents, resident); return;
    case MVMJS_OUTCOME_ABORTED:
      mvmjs_line_set(&line, resident->name, " did not move to ", resident->place, ": ", action->reason, "; it goes on here", (const char *)NULL);
      residents->port->note(residents->context, line.text);
      mvmjs_line_set(&line, action->reason, "; ", resident->name, " goes on here", (const char *)NULL);
      fail(residents, resident, resident->refused ? MVMJS_REASON_REFUSED : MVMJS_REASON_LOST, line.text);
      return;
    case MVMJS_OUTCOME_DOUBT:
      mvmjs_line_set(&line, "it is in doubt whether ", resident->name, " runs at ", resident->place, " (", action->reason,
        "); it will be asked again and again; if that host is lost for ever: mvm recover ", resident->name, " --force", (const char *)NULL);
      residents->port->note(residents->context, line.text);
      fail(residents, resident, MVMJS_REASON_DOUBT, line.text);
      return;
    case MVMJS_OUTCOME_RECOVERED:
      mvmjs_line_set(&line, resident->name, " was recovered and goes on here at epoch ", (const char *)NULL);
      mvmjs_line_add_number(&line, resident->source.epoch);
      residents->port->note(residents->context, line.text);
      fail(residents, resident, MVMJS_REASON_REFUSED, action->reason);
      return;
    case MVMJS_OUTCOME_SUPERSEDED:
      residents->port->leave(residents->context, resident, MVMJS_LEAVING_SUPERSEDED);
      mvmjs_free_slot(residents, resident);
      return;
    case MVMJS_OUTCOME_LATE: return;
  }
}

static const char knows_no_proxy[] = "that host cannot use pins and buses of another host; move it there with --io reopen";
/** Has it anything open that would stay here? */
static bool has_open(Residents *residents, Resident *resident) {
  const struct mvmjs_io_session *session = residents->port->session == NULL ? NULL : residents->port->session(residents->context, resident);
  for (int i = 0; session != NULL && i < MVMJS_IO_OPEN_MAX; i++) if (session->open[i].used && session->open[i].offered) return true;
  return false;
}
/** The end of a question: the target would take the program, or a reason of the table why not. */
static void answer_dry(Residents *residents, Resident *resident, const char *reason, const uint8_t *text, size_t length) {
  struct mvmjs_line line;
  Writer writer;
  if (reason == NULL) mvmjs_line_set(&line, resident->place, " would take ", resident->name, (const char *)NULL);
  else mvmjs_line_set(&line, resident->name, " cannot move to ", resident->place, ": ", (const char *)NULL);
  if (reason != NULL) mvmjs_line_add_bytes(&line, text, length);
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_DONE);
  mvmjs_put_line(&writer, MVMJS_FIELD_DONE_TEXT, line.text);
  if (reason == NULL) mvmjs_put_text(&writer, MVMJS_FIELD_DONE_NAME, (const char *)text, length);
  mvmjs_put_line(&writer, MVMJS_FIELD_DONE_TO, resident->place);
  if (reason != NULL) mvmjs_put_line(&writer, MVMJS_FIELD_DONE_REFUSED, reason);
  mvmjs_put_resources(residents, resident, &writer, reason != NULL ? "refused" : resident->proxies ? "proxied" : "re-opened");
  mvmjs_send_frame(&writer, resident->asker, mvmjs_no_transaction);
}
static void end_dry(Residents *residents, Resident *resident) {
  resident->asker.link = NULL;
  resident->departs = resident->dry = false;
  end_goal(resident);
  mvmjs_arm(residents, resident);
}
/** The target of a question has said something. */
static void take_dry(Residents *residents, Resident *resident, const Frame *frame) {
  const struct mvmjs_wire_value *fields = frame->fields;
  const uint64_t epoch = resident->source.epoch;
  struct mvmjs_line reason;
  switch (frame->name) {
    case MVMJS_MSG_ACCEPT:
      // In case it took the question for more.
      mvmjs_send_abort(residents, resident->goal, resident->transaction, "it was only asked", &epoch);
      if (resident->proxies && has_open(residents, resident) && !fields[MVMJS_FIELD_ACCEPT_PROXIED].present) answer_dry(residents, resident, MVMJS_REASON_REFUSED, (const uint8_t *)knows_no_proxy, strlen(knows_no_proxy));
      else answer_dry(residents, resident, NULL, fields[MVMJS_FIELD_ACCEPT_NAME].bytes, fields[MVMJS_FIELD_ACCEPT_NAME].length);
      break;
    case MVMJS_MSG_REFUSE:
      mvmjs_line_clear(&reason);
      mvmjs_line_add_bytes(&reason, fields[MVMJS_FIELD_REFUSE_REASON].bytes, fields[MVMJS_FIELD_REFUSE_REASON].length);
      answer_dry(residents, resident, reason.text, fields[MVMJS_FIELD_REFUSE_TEXT].bytes, fields[MVMJS_FIELD_REFUSE_TEXT].length);
      break;
    default: return;
  }
  end_dry(residents, resident);
}
/** It did not answer. */
static void lose_dry(Residents *residents, Resident *resident) {
  struct mvmjs_line line;
  mvmjs_line_set(&line, resident->place, " was lost, or did not answer in time", (const char *)NULL);
  fail(residents, resident, MVMJS_REASON_LOST, line.text);
  end_dry(residents, resident);
}

void mvmjs_feed_source(Residents *residents, Resident *resident, const struct mvmjs_event *event) {
  struct mvmjs_actions actions;
  if (resident->dry) {
    // Nothing has moved, so only what ends the question matters.
    if (event->type == MVMJS_EVENT_LOST || event->type == MVMJS_EVENT_TIMEOUT) lose_dry(residents, resident);
    return;
  }
  mvmjs_step_source(&resident->source, event, &actions);
  for (int i = 0; i < actions.count && !mvmjs_is_free(resident); i++) {
    const struct mvmjs_action *action = &actions.list[i];
    switch (action->type) {
      case MVMJS_ACTION_SEND: send(residents, resident, action); break;
      case MVMJS_ACTION_FREEZE: freeze(residents, resident); break;
      case MVMJS_ACTION_TRANSFER:
        resident->sends = true;
        resident->sends_snapshot = false;
        resident->to = resident->goal;
        mvmjs_send_progress(residents, resident, "frozen");
        mvmjs_pump(residents, resident);
        break;
      case MVMJS_ACTION_RESUME:
        // The move is over. What was sent of the image is dropped by the target.
        if (resident->sends && !resident->sends_snapshot) resident->sends = false;
        mvmjs_grant_return(residents, resident);
        resident->departs = false;
        resident->connect_at_ms = 0;
        resident->program.head.epoch = (uint32_t)resident->source.epoch;
        mvmjs_remember_move(residents, resident->transaction, MVMJS_PHASE_LEFT, resident->source.epoch, resident->name);
        mvmjs_hear(residents, resident->program.head.program_id, resident->source.epoch);
        break;
      case MVMJS_ACTION_DROP: resident->sends = false; break;
      case MVMJS_ACTION_RECONNECT:
        resident->attempts = 0;
        schedule(residents, resident);
        break;
      case MVMJS_ACTION_REPORT: report(residents, resident, action); break;
      default: mvmjs_broken("an action that a source does not take");
    }
  }
  if (mvmjs_is_free(resident)) return;
  // An ABORT has gone out before.
  if (!resident->departs && !resident->tells && !resident->connecting) end_goal(resident);
  mvmjs_arm(residents, resident);
  mvmjs_update_clock(residents, resident);
}

void mvmjs_departure_accepted(Residents *residents, Resident *resident) {
  struct mvmjs_event event = {.type = MVMJS_EVENT_ACCEPT};
  resident->accepted = false;
  if (!mvmjs_is_open(resident->goal)) return;
  event.peer = resident->goal.link->peer;
  memcpy(event.transaction, resident->transaction, sizeof event.transaction);
  mvmjs_feed_source(residents, resident, &event);
}
void mvmjs_departure_take(Residents *residents, Resident *resident, Conversation from, const Frame *frame) {
  const struct mvmjs_wire_value *fields = frame->fields;
  struct mvmjs_event event;
  struct mvmjs_line reason;
  memset(&event, 0, sizeof event);
  memcpy(event.transaction, frame->transaction, sizeof event.transaction);
  mvmjs_line_clear(&reason);
  if (resident->dry) {
    take_dry(residents, resident, frame);
    return;
  }
  if (resident->goal.link == NULL) {
    // The target connected anew.
    resident->goal = from;
    resident->connect_at_ms = 0;
  }
  switch (frame->name) {
    case MVMJS_MSG_ACCEPT:
      if (resident->proxies && has_open(residents, resident) && !(fields[MVMJS_FIELD_ACCEPT_PROXIED].present && fields[MVMJS_FIELD_ACCEPT_PROXIED].number != 0)) {
        mvmjs_send_abort(residents, resident->goal, frame->transaction, knows_no_proxy, NULL);
        resident->refused = true;
        event.type = MVMJS_EVENT_REFUSE;
        event.reason = knows_no_proxy;
        break;
      }
      if (resident->proxies && !mvmjs_grant_room(residents)) {
        event.type = MVMJS_EVENT_REFUSE;
        event.reason = "this host has no place for what another program leaves here";
        break;
      }
      event.type = MVMJS_EVENT_ACCEPT;
      event.peer = from.link->peer;
      resident->credit = fields[MVMJS_FIELD_ACCEPT_CREDIT].number;
      resident->chunk = residents->chunk_bytes;
      if (fields[MVMJS_FIELD_ACCEPT_CHUNK].present && fields[MVMJS_FIELD_ACCEPT_CHUNK].number < resident->chunk) {
        resident->chunk = (uint32_t)fields[MVMJS_FIELD_ACCEPT_CHUNK].number;
        if (resident->chunk == 0) resident->chunk = 1;
      }
      mvmjs_copy_name(resident->target_name, sizeof resident->target_name, fields[MVMJS_FIELD_ACCEPT_NAME].bytes, fields[MVMJS_FIELD_ACCEPT_NAME].length);
      resident->accepted = mvmjs_proxy_asks(residents, resident);
      if (resident->accepted) return;
      break;
    case MVMJS_MSG_CREDIT:
      // A sum beyond 64 bits would take credit away, which harms the peer alone.
      resident->credit += fields[MVMJS_FIELD_CREDIT_BYTES].number;
      mvmjs_arm(residents, resident);
      mvmjs_pump(residents, resident);
      return;
    case MVMJS_MSG_NEED:
      mvmjs_send_abort(residents, resident->goal, frame->transaction, "the source cannot give the core", NULL);
      event.type = MVMJS_EVENT_REFUSE;
      event.reason = "the target lacks the core that the program was made with";
      break;
    case MVMJS_MSG_REFUSE:
      resident->refused = true;
      event.type = MVMJS_EVENT_REFUSE;
      mvmjs_line_add_bytes(&reason, fields[MVMJS_FIELD_REFUSE_TEXT].bytes, fields[MVMJS_FIELD_REFUSE_TEXT].length);
      event.reason = reason.text;
      break;
    case MVMJS_MSG_ABORT:
      event.type = MVMJS_EVENT_ABORT;
      mvmjs_line_add_bytes(&reason, fields[MVMJS_FIELD_ABORT_REASON].bytes, fields[MVMJS_FIELD_ABORT_REASON].length);
      event.reason = reason.text;
      break;
    case MVMJS_MSG_READY:
      event.type = MVMJS_EVENT_READY;
      memcpy(event.image, fields[MVMJS_FIELD_READY_IMAGE].bytes, sizeof event.image);
      break;
    case MVMJS_MSG_COMMITTED:
      event.type = MVMJS_EVENT_COMMITTED;
      if (fields[MVMJS_FIELD_COMMITTED_NAME].length > 0) {
        mvmjs_copy_name(resident->target_name, sizeof resident->target_name, fields[MVMJS_FIELD_COMMITTED_NAME].bytes, fields[MVMJS_FIELD_COMMITTED_NAME].length);
      }
      break;
    case MVMJS_MSG_QUERY: event.type = MVMJS_EVENT_QUERY; break;
    case MVMJS_MSG_STATE:
      event.type = MVMJS_EVENT_STATE;
      event.phase = mvmjs_phase_of(&fields[MVMJS_FIELD_STATE_PHASE]);
      event.epoch = fields[MVMJS_FIELD_STATE_EPOCH].number;
      memcpy(event.peer.boot, fields[MVMJS_FIELD_STATE_BOOT].bytes, MVMJS_BOOT_BYTES);
      break;
    default: return;
  }
  mvmjs_feed_source(residents, resident, &event);
}

void mvmjs_departure_give_up(Residents *residents, Resident *resident, const char *how) {
  const enum mvmjs_phase phase = resident->source.phase;
  const uint64_t epoch = mvmjs_offered_epoch(&resident->source);
  struct mvmjs_line line;
  if (!resident->departs) return;
  if ((phase == MVMJS_PHASE_OFFERED || phase == MVMJS_PHASE_FROZEN) && mvmjs_is_open(resident->goal)) {
    mvmjs_send_abort(residents, resident->goal, resident->transaction, "the program is no more", &epoch);
  }
  resident->departs = resident->dry = false;
  resident->sends = false;
  resident->connect_at_ms = 0;
  resident->connecting = false;
  mvmjs_line_set(&line, resident->name, how, (const char *)NULL);
  fail(residents, resident, MVMJS_REASON_PHASE, line.text);
  end_goal(resident);
}
