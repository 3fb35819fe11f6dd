// The target's side of a move: takes offers, lets images stream into a slot, verifies them there, and lets a program run when
// its source has said COMMIT. No memory is taken for a program before ACCEPT, and then not more than was agreed on.

#include <string.h>

#include "core.h"
#include "image-fault.h"
#include "inside.h"

static bool is_name_free(const Residents *residents, const char *name) {
  for (int i = 0; i < residents->slot_count; i++) if (!mvmjs_is_free(&residents->slots[i]) && strcmp(residents->slots[i].name, name) == 0) return false;
  return true;
}
/** The name, fit for a terminal, or the name with a number that tells it apart. */
static void free_name(const Residents *residents, char *name, const struct mvmjs_wire_value *wanted) {
  struct mvmjs_line line;
  char base[MVMJS_NAME_BYTES - 12];
  mvmjs_copy_name(base, sizeof base, wanted->bytes, wanted->length);
  if (base[0] == '\0') mvmjs_copy_name(base, sizeof base, (const uint8_t *)"program", 7);
  mvmjs_line_set(&line, base, (const char *)NULL);
  for (uint64_t number = 2; !is_name_free(residents, line.text); number++) {
    mvmjs_line_set(&line, base, "-", (const char *)NULL);
    mvmjs_line_add_number(&line, number);
  }
  memcpy(name, line.text, line.length + 1);
}

/** Words that a program in this slot may have. */
static uint64_t room_of(const Residents *residents, const Resident *slot) {
  const uint64_t most = residents->memory_max / 4;
  if (slot->program.rooms != NULL) return most;
  const uint64_t own = slot->program.room.words > (uint32_t)REGISTERS ? slot->program.room.words - (uint32_t)REGISTERS : 0;
  return own < most ? own : most;
}

/** Is it the address of a byte link? Hosts that take programs over TCP have none. */
static bool is_serial(const struct mvmjs_wire_value *address) {
  static const char prefix[] = "serial:";
  return address->present && address->length >= sizeof prefix - 1 && memcmp(address->bytes, prefix, sizeof prefix - 1) == 0;
}
/** The port, as if it had these kinds too. */
static struct mvmjs_io_port with_kinds(const struct mvmjs_io_port *port, uint32_t kinds) {
  struct mvmjs_io_port more = {.kinds = 0};
  if (port != NULL) more = *port;
  more.kinds |= kinds;
  return more;
}
/** Offers are answered with what programs find here where they only ask. */
static void put_offers(const Residents *residents, Writer *writer, uint8_t key) {
  const uint32_t kinds = residents->io == NULL ? 0 : residents->io->kinds;
  struct mvmjs_line line;
  uint32_t count = 0;
  for (int i = 0; i < MVMJS_IO_KINDS; i++) count += kinds >> i & 1;
  mvmjs_put_list(writer, key, count);
  for (int i = 0; i < MVMJS_IO_KINDS; i++) {
    if ((kinds >> i & 1) == 0) continue;
    mvmjs_line_set(&line, mvmjs_io_name((enum mvmjs_io_kind)i), " ", (const char *)NULL);
    mvmjs_line_add_number(&line, MVMJS_IO_VERSION);
    mvmjs_put_item(writer, line.text, line.length);
  }
}

void mvmjs_receive_offer(Residents *residents, Conversation from, const Frame *frame) {
  const struct mvmjs_wire_value *fields = frame->fields;
  const uint8_t *program = fields[MVMJS_FIELD_OFFER_PROGRAM].bytes;
  const uint64_t epoch = fields[MVMJS_FIELD_OFFER_EPOCH].number;
  const uint64_t limit = fields[MVMJS_FIELD_OFFER_LIMIT].number;
  const char *reason = NULL;
  struct mvmjs_line line;
  Resident *slot = NULL;
  uint64_t most_words = 0;
  bool any_free = false, is_here = false;
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *one = &residents->slots[i];
    if (mvmjs_is_free(one)) {
      const uint64_t words = room_of(residents, one);
      any_free = true;
      if (words > most_words) most_words = words;
      // The smallest that is large enough.
      if (words >= limit / 4 && (slot == NULL || words < room_of(residents, slot))) slot = one;
    } else if (mvmjs_is_owned(one) && memcmp(one->program.head.program_id, program, MVMJS_PROGRAM_BYTES) == 0) {
      is_here = true;
    }
  }
  const struct mvmjs_seen *seen = mvmjs_find_seen(residents, program);
  // What stays at the source need not be here.
  const struct mvmjs_io_port met = with_kinds(residents->io, mvmjs_proxied_kinds(frame));
  mvmjs_line_clear(&line);
  if ((from.link->scopes & MVMJS_SCOPE_RECEIVE) == 0) {
    reason = MVMJS_REASON_SCOPE;
    mvmjs_line_set(&line, "your key does not allow to send programs here (scope receive)", (const char *)NULL);
  } else if (fields[MVMJS_FIELD_OFFER_ABI].number != MVMJS_ABI) {
    reason = MVMJS_REASON_ABI;
    mvmjs_line_set(&line, "the program was made for another version of mvm; bring both hosts to the same version", (const char *)NULL);
  } else if (memcmp(fields[MVMJS_FIELD_OFFER_CORE].bytes, mvmjs_core_hash, MVMJS_SHA256_BYTES) != 0) {
    reason = MVMJS_REASON_CORE;
    mvmjs_line_set(&line, "the program was made with another core than this host has; bring both hosts to the same version of mvm", (const char *)NULL);
  } else if (any_free && slot == NULL) {
    reason = MVMJS_REASON_MEMORY;
    mvmjs_line_set(&line, "the program may take ", (const char *)NULL);
    mvmjs_line_add_number(&line, limit);
    mvmjs_line_add(&line, " bytes of memory, this host gives ");
    mvmjs_line_add_number(&line, most_words * 4);
    mvmjs_line_add(&line, "; start it with a smaller --memory, or that host with a larger --max-memory");
    if (fields[MVMJS_FIELD_OFFER_STACK].present) {
      mvmjs_line_add(&line, " (now it takes ");
      mvmjs_line_add_number(&line, fields[MVMJS_FIELD_OFFER_BYTES].number);
      mvmjs_line_add(&line, ", its stack ");
      mvmjs_line_add_number(&line, fields[MVMJS_FIELD_OFFER_STACK].number);
      mvmjs_line_add(&line, ")");
    }
  } else if (!mvmjs_meets_needs(&met, &fields[MVMJS_FIELD_OFFER_NEEDS], &line)) {
    reason = MVMJS_REASON_NEEDS;
    mvmjs_line_add(&line, "; move it to a host that has it");
  } else if (slot == NULL) {
    reason = MVMJS_REASON_FULL;
    mvmjs_line_set(&line, "this host has no room for another program; stop one, or move to another host", (const char *)NULL);
  } else if (is_here) {
    reason = MVMJS_REASON_BUSY;
    mvmjs_line_set(&line, "this very program runs here already", (const char *)NULL);
  } else if (epoch > UINT32_MAX || !mvmjs_take_offer(&slot->target, seen == NULL ? 0 : seen->epoch, epoch, frame->transaction, &from.link->peer)) {
    reason = MVMJS_REASON_EPOCH;
    mvmjs_line_set(&line, "the offer's epoch was used before; this program has been here since", (const char *)NULL);
  }
  const bool is_dry = fields[MVMJS_FIELD_OFFER_DRY].present && fields[MVMJS_FIELD_OFFER_DRY].number != 0;
  if (reason != NULL) {
    Writer refusal;
    mvmjs_begin_frame(residents, &refusal, MVMJS_MSG_REFUSE);
    mvmjs_put_line(&refusal, MVMJS_FIELD_REFUSE_REASON, reason);
    mvmjs_put_line(&refusal, MVMJS_FIELD_REFUSE_TEXT, line.text);
    if (is_dry) put_offers(residents, &refusal, MVMJS_FIELD_REFUSE_OFFERS);
    mvmjs_send_frame(&refusal, from, frame->transaction);
    return;
  }
  // A host over whose kind of link this one cannot be asked would be asked in vain.
  const bool can_proxy = mvmjs_proxied_kinds(frame) != 0 && !is_serial(&fields[MVMJS_FIELD_OFFER_ADDRESS]);
  if (is_dry) {
    // Nothing is kept: the slot is as free as it was.
    char name[MVMJS_NAME_BYTES];
    Writer writer;
    memset(&slot->target, 0, sizeof slot->target);
    free_name(residents, name, &fields[MVMJS_FIELD_OFFER_NAME]);
    mvmjs_begin_frame(residents, &writer, MVMJS_MSG_ACCEPT);
    mvmjs_put_number(&writer, MVMJS_FIELD_ACCEPT_CREDIT, 0);
    mvmjs_put_line(&writer, MVMJS_FIELD_ACCEPT_NAME, name);
    if (can_proxy) mvmjs_put_bool(&writer, MVMJS_FIELD_ACCEPT_PROXIED, true);
    put_offers(residents, &writer, MVMJS_FIELD_ACCEPT_OFFERS);
    mvmjs_send_frame(&writer, from, frame->transaction);
    return;
  }
  // That it is offered anew says that an earlier offer of it came to nothing.
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *one = &residents->slots[i];
    if (one == slot || !mvmjs_is_arriving(one) || memcmp(one->offered_program, program, MVMJS_PROGRAM_BYTES) != 0) continue;
    mvmjs_feed_target(residents, one, &(struct mvmjs_event){.type = MVMJS_EVENT_SUPERSEDED, .epoch = epoch});
  }
  mvmjs_hear(residents, program, epoch);
  free_name(residents, slot->name, &fields[MVMJS_FIELD_OFFER_NAME]);
  memcpy(slot->from, from.link->peer_name, sizeof slot->from);
  memcpy(slot->offered_program, program, MVMJS_PROGRAM_BYTES);
  slot->has_target = true;
  slot->origin = from;
  slot->received = 0;
  slot->whole = false;
  slot->granted = residents->window_bytes;
  slot->memory_limit = limit;
  slot->paused = fields[MVMJS_FIELD_OFFER_PAUSED].present && fields[MVMJS_FIELD_OFFER_PAUSED].number != 0;
  mvmjs_program_begin_loading(&slot->program, &slot->reader, limit / 4);
  Writer writer;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_ACCEPT);
  mvmjs_put_number(&writer, MVMJS_FIELD_ACCEPT_CREDIT, slot->granted);
  mvmjs_put_line(&writer, MVMJS_FIELD_ACCEPT_NAME, slot->name);
  if (residents->chunk_bytes < MVMJS_CHUNK_BYTES) mvmjs_put_number(&writer, MVMJS_FIELD_ACCEPT_CHUNK, residents->chunk_bytes);
  if (can_proxy && mvmjs_proxy_offered(slot, frame)) mvmjs_put_bool(&writer, MVMJS_FIELD_ACCEPT_PROXIED, true);
  mvmjs_send_frame(&writer, from, frame->transaction);
  mvmjs_arm(residents, slot);
}

static void unfit(Residents *residents, Resident *resident, const char *reason) {
  mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_UNFIT, .reason = reason});
}
static void unfit_image(Residents *residents, Resident *resident) {
  struct mvmjs_line line;
  mvmjs_describe_fault(&line, &resident->reader.fault, resident->memory_limit);
  unfit(residents, resident, line.text);
}

static void take_chunk(Residents *residents, Resident *resident, const Frame *frame) {
  const struct mvmjs_wire_value *bytes = &frame->fields[MVMJS_FIELD_CHUNK_BYTES];
  if (resident->target.phase != MVMJS_PHASE_RECEIVING) return;
  if (frame->fields[MVMJS_FIELD_CHUNK_OFFSET].number != resident->received) {
    unfit(residents, resident, "the image cannot be taken: the bytes do not come in order");
    return;
  }
  resident->received += bytes->length;
  const enum mvmjs_image_step step = mvmjs_program_load(&resident->program, &resident->reader, bytes->bytes, bytes->length);
  resident->whole = step == MVMJS_IMAGE_WHOLE;
  if (step == MVMJS_IMAGE_REFUSED) {
    unfit_image(residents, resident);
    return;
  }
  const uint32_t more = residents->window_bytes / 2;
  if (resident->granted - resident->received < more && resident->granted >= resident->received) {
    Writer writer;
    resident->granted += more;
    mvmjs_begin_frame(residents, &writer, MVMJS_MSG_CREDIT);
    mvmjs_put_number(&writer, MVMJS_FIELD_CREDIT_BYTES, more);
    mvmjs_send_frame(&writer, resident->origin, resident->target.transaction);
  }
  mvmjs_arm(residents, resident);
}

/** Bits of the kinds of what stays at the source. */
static uint32_t offered_kinds(const Resident *resident) {
  uint32_t kinds = 0;
#ifdef MVMJS_PROXIES
  for (int i = 0; i < resident->proxy.count; i++) kinds |= UINT32_C(1) << resident->proxy.offered[i].kind;
#else
  (void)resident;
#endif
  return kinds;
}
/** The image is whole, as its source says: verifies it where it lies. Nothing of it has run yet. */
static void verify(Residents *residents, Resident *resident, const uint8_t *told) {
  struct mvmjs_event event = {.type = MVMJS_EVENT_VERIFIED};
  if (resident->whole && memcmp(resident->reader.digest, told, MVMJS_IMAGE_HASH_BYTES) != 0) {
    unfit(residents, resident, "the image was damaged on its way; try again");
    return;
  }
  if (!mvmjs_program_end_loading(&resident->program, &resident->reader)) {
    unfit_image(residents, resident);
    return;
  }
  const struct mvmjs_image_head *head = &resident->program.head;
  if (memcmp(head->program_id, resident->offered_program, MVMJS_PROGRAM_BYTES) != 0 || head->epoch != resident->target.epoch) {
    unfit(residents, resident, "the image is another program's; offer it anew");
    return;
  }
  struct mvmjs_line why;
  const struct mvmjs_io_port met = with_kinds(residents->io, offered_kinds(resident));
  if (!mvmjs_has_needs_of(&met, head, &why)) {
    unfit(residents, resident, why.text);
    return;
  }
  memcpy(event.image, resident->reader.digest, MVMJS_IMAGE_HASH_BYTES);
  mvmjs_feed_target(residents, resident, &event);
}

void mvmjs_arrival_take(Residents *residents, Resident *resident, Conversation from, const Frame *frame) {
  const struct mvmjs_wire_value *fields = frame->fields;
  (void)from;
  switch (frame->name) {
    case MVMJS_MSG_CHUNK: take_chunk(residents, resident, frame); return;
    case MVMJS_MSG_END:
      if (fields[MVMJS_FIELD_END_ROUND].number != 0 || fields[MVMJS_FIELD_END_BYTES].number != resident->received) {
        unfit(residents, resident, "the image is not as long as was said");
      }
      return;
    case MVMJS_MSG_CUT:
      if (resident->target.phase == MVMJS_PHASE_RECEIVING) verify(residents, resident, fields[MVMJS_FIELD_CUT_IMAGE].bytes);
      return;
    case MVMJS_MSG_COMMIT:
      if (fields[MVMJS_FIELD_COMMIT_EPOCH].number != resident->target.epoch && resident->target.phase == MVMJS_PHASE_READY) return;
      mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_COMMIT});
      return;
    case MVMJS_MSG_RELEASE: mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_RELEASE}); return;
    case MVMJS_MSG_ABORT:
      mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_ABORT, .epoch = fields[MVMJS_FIELD_ABORT_EPOCH].number});
      return;
    case MVMJS_MSG_QUERY: mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_QUERY}); return;
    case MVMJS_MSG_STATE:
      mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_STATE, .phase = mvmjs_phase_of(&fields[MVMJS_FIELD_STATE_PHASE])});
      return;
    default: return;
  }
}

/** The target's answers that are the same whether the program is here or was. */
static void send_answer(Residents *residents, Conversation to, const struct mvmjs_action *action, const struct mvmjs_target *target, const char *name) {
  Writer writer;
  switch (action->message) {
    case MVMJS_MSG_READY:
      mvmjs_begin_frame(residents, &writer, MVMJS_MSG_READY);
      mvmjs_put_bytes(&writer, MVMJS_FIELD_READY_IMAGE, target->image, MVMJS_IMAGE_HASH_BYTES);
      mvmjs_send_frame(&writer, to, target->transaction);
      return;
    case MVMJS_MSG_COMMITTED:
      mvmjs_begin_frame(residents, &writer, MVMJS_MSG_COMMITTED);
      mvmjs_put_line(&writer, MVMJS_FIELD_COMMITTED_NAME, name);
      mvmjs_send_frame(&writer, to, target->transaction);
      return;
    case MVMJS_MSG_QUERY:
      mvmjs_begin_frame(residents, &writer, MVMJS_MSG_QUERY);
      mvmjs_send_frame(&writer, to, target->transaction);
      return;
    case MVMJS_MSG_STATE: mvmjs_send_state(residents, to, target->transaction, action->phase, target->epoch); return;
    case MVMJS_MSG_REFUSE: mvmjs_say(residents, to, target->transaction, MVMJS_MSG_REFUSE, MVMJS_REASON_IMAGE, action->reason); return;
    case MVMJS_MSG_ABORT: mvmjs_send_abort(residents, to, target->transaction, action->reason, NULL); return;
    default: mvmjs_broken("a message that a target does not send");
  }
}

void mvmjs_feed_target(Residents *residents, Resident *resident, const struct mvmjs_event *event) {
  struct mvmjs_actions actions;
  struct mvmjs_line line;
  mvmjs_step_target(&resident->target, event, &actions);
  for (int i = 0; i < actions.count; i++) {
    const struct mvmjs_action *action = &actions.list[i];
    switch (action->type) {
      case MVMJS_ACTION_SEND: send_answer(residents, resident->origin, action, &resident->target, resident->name); break;
      case MVMJS_ACTION_RUN:
        mvmjs_source_begin(&resident->source, resident->target.epoch);
        mvmjs_hear(residents, resident->program.head.program_id, resident->target.epoch);
        resident->program.head.epoch = (uint32_t)resident->target.epoch;
        residents->port->adopt(residents->context, resident);
        mvmjs_grant_return(residents, resident);
        mvmjs_proxy_begin(residents, resident);
        mvmjs_line_set(&line, resident->name, " has come from ", resident->from, " (", (const char *)NULL);
        mvmjs_line_add_number(&line, resident->received);
        mvmjs_line_add(&line, " bytes)");
        residents->port->note(residents->context, line.text);
        break;
      case MVMJS_ACTION_STOP:
        mvmjs_departure_give_up(residents, resident, " was recovered on another host");
        residents->port->leave(residents->context, resident, MVMJS_LEAVING_SUPERSEDED);
        break;
      case MVMJS_ACTION_DROP:
        mvmjs_free_slot(residents, resident);
        return;
      default: mvmjs_broken("an action that a target does not take");
    }
  }
  if (resident->target.released) resident->has_target = false;
  mvmjs_arm(residents, resident);
  mvmjs_update_clock(residents, resident);
}

void mvmjs_answer_past(Residents *residents, Conversation to, const Frame *frame, const struct mvmjs_past *past) {
  struct mvmjs_actions actions;
  struct mvmjs_target target;
  memset(&target, 0, sizeof target);
  target.phase = past->phase;
  target.epoch = past->epoch;
  target.has_image = past->phase == MVMJS_PHASE_OWNER;
  memcpy(target.transaction, past->transaction, MVMJS_TRANSACTION_BYTES);
  if (past->phase == MVMJS_PHASE_LEFT) {
    if (frame->name != MVMJS_MSG_ABORT) mvmjs_send_abort(residents, to, past->transaction, "the source went on with the program", &past->epoch);
    return;
  }
  if (frame->name != MVMJS_MSG_COMMIT && frame->name != MVMJS_MSG_QUERY) return;
  mvmjs_step_target(&target, &(struct mvmjs_event){.type = frame->name == MVMJS_MSG_COMMIT ? MVMJS_EVENT_COMMIT : MVMJS_EVENT_QUERY}, &actions);
  for (int i = 0; i < actions.count; i++) if (actions.list[i].type == MVMJS_ACTION_SEND) send_answer(residents, to, &actions.list[i], &target, past->name);
}
