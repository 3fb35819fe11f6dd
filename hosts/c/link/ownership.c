// The two state machines.

#include "ownership.h"

#include <string.h>

#include "broken.h"

typedef struct mvmjs_source Source;
typedef struct mvmjs_target Target;
typedef struct mvmjs_event Event;
typedef struct mvmjs_actions Actions;

const char *const mvmjs_phase_names[MVMJS_PHASE_COUNT] = {"unknown", "offered", "frozen", "granted", "left", "receiving", "ready", "owner", "discarded"};

enum mvmjs_phase mvmjs_phase_of(const struct mvmjs_wire_value *name) {
  for (int i = 0; i < MVMJS_PHASE_COUNT; i++) if (mvmjs_wire_is(name, mvmjs_phase_names[i])) return (enum mvmjs_phase)i;
  return MVMJS_PHASE_UNKNOWN;
}

static struct mvmjs_action *act(Actions *actions, enum mvmjs_action_type type) {
  mvmjs_assert(actions->count < (int)(sizeof actions->list / sizeof *actions->list), "few actions follow an event");
  struct mvmjs_action *action = &actions->list[actions->count++];
  memset(action, 0, sizeof *action);
  action->type = type;
  action->reason = "";
  return action;
}
static struct mvmjs_action *act_send(Actions *actions, enum mvmjs_message_name message) {
  struct mvmjs_action *action = act(actions, MVMJS_ACTION_SEND);
  action->message = message;
  return action;
}
static void report(Actions *actions, enum mvmjs_outcome outcome, const char *reason) {
  struct mvmjs_action *action = act(actions, MVMJS_ACTION_REPORT);
  action->outcome = outcome;
  action->reason = reason;
}
static bool is_same(const uint8_t *a, const uint8_t *b, size_t length) {
  return memcmp(a, b, length) == 0;
}

// The source

void mvmjs_source_begin(Source *source, uint64_t epoch) {
  memset(source, 0, sizeof *source);
  source->phase = MVMJS_PHASE_OWNER;
  source->epoch = epoch;
}
bool mvmjs_source_runs(const Source *source) {
  return source->phase == MVMJS_PHASE_OWNER || source->phase == MVMJS_PHASE_OFFERED;
}
uint64_t mvmjs_offered_epoch(const Source *source) {
  return source->epoch + 1;
}
/** A message about the source's own transaction. */
static struct mvmjs_action *send_own(Actions *actions, const Source *source, enum mvmjs_message_name message) {
  struct mvmjs_action *action = act_send(actions, message);
  memcpy(action->transaction, source->transaction, MVMJS_TRANSACTION_BYTES);
  return action;
}
static void send_abort(Actions *actions, const uint8_t *transaction, const char *reason, uint64_t epoch) {
  struct mvmjs_action *action = act_send(actions, MVMJS_MSG_ABORT);
  memcpy(action->transaction, transaction, MVMJS_TRANSACTION_BYTES);
  action->reason = reason;
  action->epoch = epoch;
}

/** Back to OWNER: the offer's epoch is used up. */
static void take_back(Source *source, uint64_t epoch) {
  mvmjs_source_begin(source, epoch);
}
static void commit(const Source *source, Actions *actions) {
  mvmjs_assert(source->phase == MVMJS_PHASE_GRANTED, "COMMIT only after GRANTED is recorded");
  send_own(actions, source, MVMJS_MSG_COMMIT);
}
/** OFFERED or FROZEN: this host still owns the program, so it may go on by itself. */
static void abandon(Source *source, const char *reason, Actions *actions) {
  const Source before = *source;
  mvmjs_assert(before.phase == MVMJS_PHASE_OFFERED || before.phase == MVMJS_PHASE_FROZEN, "only before GRANTED");
  take_back(source, mvmjs_offered_epoch(&before));
  act(actions, MVMJS_ACTION_RESUME);
  send_abort(actions, before.transaction, reason, mvmjs_offered_epoch(&before));
  report(actions, MVMJS_OUTCOME_ABORTED, reason);
}
static void abandon_if_early(Source *source, const char *reason, Actions *actions) {
  if (source->phase == MVMJS_PHASE_OFFERED || source->phase == MVMJS_PHASE_FROZEN) abandon(source, reason, actions);
}
static void doubt(Source *source, const char *reason, Actions *actions) {
  if (!source->doubt) report(actions, MVMJS_OUTCOME_DOUBT, reason);
  source->doubt = true;
}
static void leave(Source *source, Actions *actions) {
  send_own(actions, source, MVMJS_MSG_RELEASE);
  if (source->phase == MVMJS_PHASE_LEFT) return;
  source->phase = MVMJS_PHASE_LEFT;
  source->has_image = false;
  source->doubt = false;
  act(actions, MVMJS_ACTION_DROP);
  report(actions, MVMJS_OUTCOME_MOVED, "");
}
static void recover(Source *source, Actions *actions) {
  static const char reason[] = "a person decided that the target's program is lost";
  const Source before = *source;
  const uint64_t epoch = mvmjs_offered_epoch(source) + MVMJS_RECOVERY_STEP;
  take_back(source, epoch);
  act(actions, MVMJS_ACTION_RESUME);
  send_abort(actions, before.transaction, reason, epoch);
  report(actions, MVMJS_OUTCOME_RECOVERED, reason);
}

/** In GRANTED, what the target says about the transaction. */
static void granted(Source *source, const Event *event, Actions *actions) {
  const bool same_boot = source->has_target && is_same(event->peer.boot, source->target.boot, MVMJS_BOOT_BYTES);
  switch (event->phase) {
    case MVMJS_PHASE_OWNER: case MVMJS_PHASE_LEFT: leave(source, actions); return;
    case MVMJS_PHASE_READY: commit(source, actions); return;
    case MVMJS_PHASE_DISCARDED:
      // It was READY in that very start of the host and will never run: the program is this host's again.
      if (!same_boot) {
        doubt(source, "the target was started anew", actions);
        return;
      }
      take_back(source, mvmjs_offered_epoch(source));
      act(actions, MVMJS_ACTION_RESUME);
      report(actions, MVMJS_OUTCOME_ABORTED, "the target discarded the image");
      return;
    default:
      // It may have run the program and ended since.
      doubt(source, same_boot ? "the target has forgotten the move" : "the target was started anew", actions);
  }
}

/** A message about a transaction that is not under way: whoever asks about it learns that it came to nothing. */
static void stale(Source *source, const Event *event, Actions *actions) {
  if (event->type == MVMJS_EVENT_QUERY || event->type == MVMJS_EVENT_READY || event->type == MVMJS_EVENT_ACCEPT) {
    send_abort(actions, event->transaction, "the source goes on with the program", source->epoch);
  } else if (event->type == MVMJS_EVENT_STATE && event->phase == MVMJS_PHASE_OWNER && event->epoch > source->epoch && source->phase == MVMJS_PHASE_OWNER) {
    // Someone recovered the program over there, so it is no longer this host's.
    source->phase = MVMJS_PHASE_LEFT;
    source->has_transaction = true;
    memcpy(source->transaction, event->transaction, MVMJS_TRANSACTION_BYTES);
    act(actions, MVMJS_ACTION_DROP);
    report(actions, MVMJS_OUTCOME_SUPERSEDED, "a person recovered the program at the target");
  }
}
/** Is it a message of the target about one transaction? */
static bool is_about_one(enum mvmjs_event_type type) {
  switch (type) {
    case MVMJS_EVENT_ACCEPT: case MVMJS_EVENT_REFUSE: case MVMJS_EVENT_READY: case MVMJS_EVENT_COMMITTED: case MVMJS_EVENT_ABORT:
    case MVMJS_EVENT_QUERY: case MVMJS_EVENT_STATE: return true;
    default: return false;
  }
}

void mvmjs_step_source(Source *source, const Event *event, Actions *actions) {
  const enum mvmjs_phase phase = source->phase;
  actions->count = 0;
  mvmjs_assert(source->has_transaction == (phase != MVMJS_PHASE_OWNER), "a transaction unless the program is at home");
  mvmjs_assert(!source->has_image || phase == MVMJS_PHASE_FROZEN || phase == MVMJS_PHASE_GRANTED, "a sealed image while it may be needed");
  if (is_about_one(event->type) && !(source->has_transaction && is_same(event->transaction, source->transaction, MVMJS_TRANSACTION_BYTES))) {
    stale(source, event, actions);
    return;
  }
  switch (event->type) {
    case MVMJS_EVENT_MIGRATE:
      if (phase != MVMJS_PHASE_OWNER) {
        report(actions, MVMJS_OUTCOME_LATE, "the program is on its way already");
        return;
      }
      source->phase = MVMJS_PHASE_OFFERED;
      source->has_transaction = true;
      memcpy(source->transaction, event->transaction, MVMJS_TRANSACTION_BYTES);
      send_own(actions, source, MVMJS_MSG_OFFER);
      return;
    case MVMJS_EVENT_ACCEPT:
      if (phase != MVMJS_PHASE_OFFERED) return;
      source->phase = MVMJS_PHASE_FROZEN;
      source->has_target = true;
      source->target = event->peer;
      act(actions, MVMJS_ACTION_FREEZE);
      return;
    case MVMJS_EVENT_SEALED:
      mvmjs_assert(phase == MVMJS_PHASE_FROZEN && !source->has_image, "sealed once, while frozen");
      source->has_image = true;
      memcpy(source->image, event->image, MVMJS_IMAGE_HASH_BYTES);
      act(actions, MVMJS_ACTION_TRANSFER);
      return;
    case MVMJS_EVENT_READY:
      if (phase == MVMJS_PHASE_GRANTED) commit(source, actions);
      if (phase != MVMJS_PHASE_FROZEN) return;
      if (!source->has_image || !is_same(event->image, source->image, MVMJS_IMAGE_HASH_BYTES)) {
        abandon(source, "the target verified another image", actions);
        return;
      }
      source->phase = MVMJS_PHASE_GRANTED;
      commit(source, actions);
      return;
    case MVMJS_EVENT_COMMITTED:
      if (phase == MVMJS_PHASE_GRANTED || phase == MVMJS_PHASE_LEFT) leave(source, actions);
      return;
    case MVMJS_EVENT_REFUSE:
    case MVMJS_EVENT_ABORT:
      // In GRANTED the target would say "discarded"; nothing less takes the word back.
      if (phase != MVMJS_PHASE_OFFERED && phase != MVMJS_PHASE_FROZEN) return;
      take_back(source, mvmjs_offered_epoch(source));
      act(actions, MVMJS_ACTION_RESUME);
      report(actions, MVMJS_OUTCOME_ABORTED, event->reason);
      return;
    case MVMJS_EVENT_QUERY:
      if (phase == MVMJS_PHASE_GRANTED) {
        commit(source, actions);
        return;
      }
      mvmjs_assert(phase != MVMJS_PHASE_OWNER, "a current transaction has a phase");
      send_own(actions, source, MVMJS_MSG_STATE)->phase = phase;
      return;
    case MVMJS_EVENT_STATE:
      if (phase == MVMJS_PHASE_GRANTED) granted(source, event, actions);
      return;
    case MVMJS_EVENT_LOST:
      if (phase == MVMJS_PHASE_GRANTED) {
        act(actions, MVMJS_ACTION_RECONNECT);
        doubt(source, "the connection was lost after COMMIT", actions);
      }
      abandon_if_early(source, "the connection was lost", actions);
      return;
    case MVMJS_EVENT_TIMEOUT:
      if (phase == MVMJS_PHASE_GRANTED) {
        commit(source, actions);
        doubt(source, "the target does not answer", actions);
      }
      abandon_if_early(source, "the target did not answer in time", actions);
      return;
    case MVMJS_EVENT_CONNECTED:
      // After a restart the target may not know the transaction: the question tells, a COMMIT could not be answered.
      if (phase == MVMJS_PHASE_GRANTED) send_own(actions, source, MVMJS_MSG_QUERY);
      return;
    case MVMJS_EVENT_CANCEL:
      if (phase == MVMJS_PHASE_OFFERED || phase == MVMJS_PHASE_FROZEN) abandon(source, "a person stopped the move", actions);
      else report(actions, MVMJS_OUTCOME_LATE, phase == MVMJS_PHASE_OWNER ? "the program is not on its way" : "the target has the program's ownership");
      return;
    case MVMJS_EVENT_RECOVER:
      if (phase == MVMJS_PHASE_GRANTED) recover(source, actions);
      else report(actions, MVMJS_OUTCOME_LATE, "the program is not in doubt");
      return;
    default: mvmjs_broken("an event of the target's for the source");
  }
}

// The target

bool mvmjs_take_offer(Target *target, uint64_t seen, uint64_t epoch, const uint8_t transaction[MVMJS_TRANSACTION_BYTES], const struct mvmjs_peer *source) {
  if (epoch <= seen) return false;
  memset(target, 0, sizeof *target);
  target->phase = MVMJS_PHASE_RECEIVING;
  target->epoch = epoch;
  memcpy(target->transaction, transaction, MVMJS_TRANSACTION_BYTES);
  target->source = *source;
  return true;
}

static void send_of(Actions *actions, const Target *target, enum mvmjs_message_name message, const char *reason) {
  struct mvmjs_action *action = act_send(actions, message);
  memcpy(action->transaction, target->transaction, MVMJS_TRANSACTION_BYTES);
  action->reason = reason;
}
static void tell_state(Actions *actions, const Target *target) {
  send_of(actions, target, MVMJS_MSG_STATE, "");
  actions->list[actions->count - 1].phase = target->phase;
}
static void discard(Target *target, Actions *actions) {
  target->phase = MVMJS_PHASE_DISCARDED;
  target->has_image = false;
  act(actions, MVMJS_ACTION_DROP);
}
/** A person recovered the program elsewhere. */
static void give_way(Target *target, Actions *actions) {
  act(actions, MVMJS_ACTION_STOP);
  discard(target, actions);
}

void mvmjs_step_target(Target *target, const Event *event, Actions *actions) {
  const enum mvmjs_phase phase = target->phase;
  actions->count = 0;
  mvmjs_assert(target->has_image == (phase == MVMJS_PHASE_READY || phase == MVMJS_PHASE_OWNER), "an image verified while it may be needed");
  switch (event->type) {
    case MVMJS_EVENT_VERIFIED:
      if (phase != MVMJS_PHASE_RECEIVING) return;
      target->phase = MVMJS_PHASE_READY;
      target->has_image = true;
      memcpy(target->image, event->image, MVMJS_IMAGE_HASH_BYTES);
      send_of(actions, target, MVMJS_MSG_READY, "");
      return;
    case MVMJS_EVENT_UNFIT:
      if (phase != MVMJS_PHASE_RECEIVING) return;
      send_of(actions, target, MVMJS_MSG_REFUSE, event->reason);
      discard(target, actions);
      return;
    case MVMJS_EVENT_COMMIT:
      if (phase == MVMJS_PHASE_READY) {
        target->phase = MVMJS_PHASE_OWNER;
        act(actions, MVMJS_ACTION_RUN);
        send_of(actions, target, MVMJS_MSG_COMMITTED, "");
      } else if (phase == MVMJS_PHASE_OWNER) {
        send_of(actions, target, MVMJS_MSG_COMMITTED, "");
      } else if (phase == MVMJS_PHASE_RECEIVING) {
        // A source that does not follow the protocol; nothing runs that was not verified.
        send_of(actions, target, MVMJS_MSG_ABORT, "COMMIT came before READY");
        discard(target, actions);
      } else {
        tell_state(actions, target);
      }
      return;
    case MVMJS_EVENT_ABORT:
      if (phase != MVMJS_PHASE_OWNER) {
        if (phase != MVMJS_PHASE_DISCARDED) discard(target, actions);
      } else if (event->epoch > target->epoch) {
        give_way(target, actions);
      } else {
        tell_state(actions, target);
      }
      return;
    case MVMJS_EVENT_RELEASE:
      if (phase == MVMJS_PHASE_OWNER) target->released = true;
      return;
    case MVMJS_EVENT_QUERY: tell_state(actions, target); return;
    // "unknown" is a source that was started anew: the program may be lost there, or go on from a record. Only COMMIT lets it
    // run here, only ABORT or a person lets go of it.
    case MVMJS_EVENT_STATE: return;
    case MVMJS_EVENT_SUPERSEDED:
      if (event->epoch <= target->epoch) return;
      if (phase == MVMJS_PHASE_OWNER) give_way(target, actions);
      else if (phase != MVMJS_PHASE_DISCARDED) discard(target, actions);
      return;
    case MVMJS_EVENT_LOST:
      if (phase == MVMJS_PHASE_RECEIVING) discard(target, actions);
      return;
    case MVMJS_EVENT_TIMEOUT:
      if (phase == MVMJS_PHASE_RECEIVING) {
        send_of(actions, target, MVMJS_MSG_ABORT, "the image did not come in time");
        discard(target, actions);
      } else if (phase == MVMJS_PHASE_READY) {
        send_of(actions, target, MVMJS_MSG_QUERY, "");
      }
      return;
    case MVMJS_EVENT_CONNECTED:
      if (phase == MVMJS_PHASE_READY) send_of(actions, target, MVMJS_MSG_QUERY, "");
      return;
    case MVMJS_EVENT_DISCARD:
      if (phase != MVMJS_PHASE_RECEIVING && phase != MVMJS_PHASE_READY) return;
      send_of(actions, target, MVMJS_MSG_ABORT, "a person stopped the move");
      discard(target, actions);
      return;
    case MVMJS_EVENT_RECOVER:
      if (phase != MVMJS_PHASE_READY) return;
      target->phase = MVMJS_PHASE_OWNER;
      target->epoch += MVMJS_RECOVERY_STEP;
      act(actions, MVMJS_ACTION_RUN);
      return;
    default: mvmjs_broken("an event of the source's for the target");
  }
}
