// Commands of people: who may give them, which program they mean, and the answers. The sentences are Node's
// (hosts/node/host.ts), so that nobody has to know which kind of host answers.

#include <string.h>

#include "inside.h"

/** A program is named by at least so many digits of its id. */
enum { ID_DIGITS_MIN = 4 };

static void fail(Residents *residents, Conversation to, const char *reason, const char *text) {
  mvmjs_say(residents, to, mvmjs_no_transaction, MVMJS_MSG_FAIL, reason, text);
}
static void done(Residents *residents, Conversation to, const char *name, const char *text) {
  struct mvmjs_line line;
  mvmjs_line_set(&line, name, text, (const char *)NULL);
  mvmjs_say(residents, to, mvmjs_no_transaction, MVMJS_MSG_DONE, "", line.text);
}
static bool may(Residents *residents, Conversation from, uint8_t scope) {
  static const struct {
    uint8_t scope;
    const char *text;
  } texts[] = {
    {MVMJS_SCOPE_CONTROL, "your key does not allow that here (scope control)"},
    {MVMJS_SCOPE_OBSERVE, "your key does not allow that here (scope observe)"},
    {MVMJS_SCOPE_INSPECT, "your key does not allow that here (scope inspect)"},
  };
  if ((from.link->scopes & scope) != 0) return true;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) if (texts[i].scope == scope) fail(residents, from, MVMJS_REASON_SCOPE, texts[i].text);
  return false;
}

// Which program

static const uint8_t *id_of(const Resident *resident) {
  return mvmjs_is_owned(resident) ? resident->program.head.program_id : resident->offered_program;
}
static bool has_id(const Resident *resident, const struct mvmjs_wire_value *which) {
  const uint8_t *id = id_of(resident);
  if (which->length < ID_DIGITS_MIN || which->length > 2 * MVMJS_PROGRAM_BYTES) return false;
  for (uint32_t i = 0; i < which->length; i++) {
    const uint32_t digit = id[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
    if (which->bytes[i] != (uint8_t)"0123456789abcdef"[digit]) return false;
  }
  return true;
}
/** A program that commands can be about: this host's, or one that was received and waits. */
static bool is_there(const Resident *resident) {
  return mvmjs_is_owned(resident) || (resident->has_target && resident->target.phase == MVMJS_PHASE_READY);
}
/** The program of a name or of the beginning of an id, the only one if none is named; NULL: that was answered. */
static Resident *find(Residents *residents, Conversation from, const struct mvmjs_wire_value *which) {
  struct mvmjs_line line;
  Resident *found = NULL;
  int count = 0;
  // By name first, then by id.
  for (int by_id = 0; by_id < 2 && count == 0; by_id++) {
    for (int i = 0; i < residents->slot_count; i++) {
      Resident *one = &residents->slots[i];
      if (!is_there(one) || !(which->length == 0 || (by_id == 0 ? mvmjs_wire_is(which, one->name) : has_id(one, which)))) continue;
      found = one;
      count++;
    }
  }
  if (count == 1) return found;
  if (count > 1) {
    mvmjs_line_clear(&line);
    mvmjs_line_add_number(&line, (uint64_t)count);
    mvmjs_line_add(&line, " programs fit; say which");
    fail(residents, from, MVMJS_REASON_AMBIGUOUS, line.text);
    return NULL;
  }
  mvmjs_line_set(&line, "there is no program '", (const char *)NULL);
  mvmjs_line_add_bytes(&line, which->bytes, which->length);
  mvmjs_line_add(&line, "' here");
  for (int i = 0; i < residents->seen_count; i++) {
    const struct mvmjs_seen *seen = &residents->seen[i];
    if (seen->moved_to[0] != '\0' && mvmjs_wire_is(which, seen->name)) mvmjs_line_set(&line, seen->name, " has moved to ", seen->moved_to, (const char *)NULL);
  }
  fail(residents, from, MVMJS_REASON_UNKNOWN, line.text);
  return NULL;
}
/** The same, of a program that is this host's. */
static Resident *find_owned(Residents *residents, Conversation from, const struct mvmjs_wire_value *which) {
  struct mvmjs_line line;
  Resident *found = find(residents, from, which);
  if (found == NULL || mvmjs_is_owned(found)) return found;
  mvmjs_line_set(&line, found->name, " was received from ", found->from, " and waits for its word that it may run; if that host is lost: mvm recover ", found->name, " --force", (const char *)NULL);
  fail(residents, from, MVMJS_REASON_PHASE, line.text);
  return NULL;
}

static const char *status_of(const Resident *resident) {
  if (!mvmjs_is_owned(resident)) return "ready";
  if (resident->source.phase == MVMJS_PHASE_GRANTED) return resident->source.doubt ? "in doubt" : "moving";
  if (resident->departs && !resident->dry) return "moving";
  return resident->paused ? "paused" : resident->waits ? "waiting" : "running";
}

// The commands

static void list(Residents *residents, Conversation to) {
  Writer writer;
  uint32_t count = 0;
  for (int i = 0; i < residents->slot_count; i++) if (is_there(&residents->slots[i])) count++;
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_PROGRAMS);
  mvmjs_put_list(&writer, MVMJS_FIELD_PROGRAMS_PROGRAMS, count);
  for (int i = 0; i < residents->slot_count; i++) {
    Resident *one = &residents->slots[i];
    struct mvmjs_line moved;
    const bool owned = mvmjs_is_owned(one);
    if (!is_there(one)) continue;
    mvmjs_line_clear(&moved);
    if (!owned) mvmjs_line_set(&moved, "from ", one->from, (const char *)NULL);
    else if (one->departs) mvmjs_line_set(&moved, one->place, (const char *)NULL);
    mvmjs_begin_program(&writer);
    mvmjs_put_line(&writer, MVMJS_FIELD_PROGRAM_NAME, one->name);
    mvmjs_put_bytes(&writer, MVMJS_FIELD_PROGRAM_PROGRAM, id_of(one), MVMJS_PROGRAM_BYTES);
    mvmjs_put_number(&writer, MVMJS_FIELD_PROGRAM_EPOCH, owned ? one->source.epoch : one->target.epoch);
    mvmjs_put_line(&writer, MVMJS_FIELD_PROGRAM_STATUS, status_of(one));
    mvmjs_put_number(&writer, MVMJS_FIELD_PROGRAM_STEPS, mvmjs_program_steps(&one->program));
    mvmjs_put_number(&writer, MVMJS_FIELD_PROGRAM_MEMORY, mvmjs_program_bytes(&one->program));
    mvmjs_put_number(&writer, MVMJS_FIELD_PROGRAM_LIMIT, mvmjs_program_limit(&one->program));
    mvmjs_put_number(&writer, MVMJS_FIELD_PROGRAM_TIME, owned ? residents->port->time(residents->context, one) / 1000 : 0);
    mvmjs_put_number(&writer, MVMJS_FIELD_PROGRAM_PID, residents->pid);
    mvmjs_put_line(&writer, MVMJS_FIELD_PROGRAM_HOST, residents->name);
    if (moved.length > 0) mvmjs_put_line(&writer, MVMJS_FIELD_PROGRAM_MOVED, moved.text);
    mvmjs_end_program(&writer);
  }
  mvmjs_send_frame(&writer, to, mvmjs_no_transaction);
}

static void pause(Residents *residents, Conversation from, Resident *resident) {
  struct mvmjs_line line;
  if (resident->paused) {
    done(residents, from, resident->name, " was paused already");
  } else if (resident->departs) {
    mvmjs_line_set(&line, resident->name, " is moving to ", resident->place, "; wait, or stop the move", (const char *)NULL);
    fail(residents, from, MVMJS_REASON_PHASE, line.text);
  } else {
    resident->paused = true;
    mvmjs_update_clock(residents, resident);
    mvmjs_line_set(&line, " is paused at step ", (const char *)NULL);
    mvmjs_line_add_number(&line, mvmjs_program_steps(&resident->program));
    done(residents, from, resident->name, line.text);
  }
}
static void resume(Residents *residents, Conversation from, Resident *resident) {
  struct mvmjs_line line;
  if (resident->paused) {
    resident->paused = false;
    mvmjs_update_clock(residents, resident);
    done(residents, from, resident->name, " goes on");
  } else if (resident->source.phase == MVMJS_PHASE_GRANTED) {
    mvmjs_line_set(&line, resident->name, " is in doubt; if ", resident->place, " is lost: mvm recover ", resident->name, " --force", (const char *)NULL);
    fail(residents, from, MVMJS_REASON_PHASE, line.text);
  } else {
    done(residents, from, resident->name, " was not paused");
  }
}

static void stop(Residents *residents, Conversation from, Resident *resident, bool force) {
  struct mvmjs_line line;
  if (!mvmjs_is_owned(resident)) {
    if (!force) {
      mvmjs_line_set(&line, resident->name, " was received from ", resident->from, " and waits; its image here may be the only one: mvm stop ", resident->name, " --force drops it", (const char *)NULL);
      fail(residents, from, MVMJS_REASON_DOUBT, line.text);
      return;
    }
    mvmjs_line_set(&line, "the image of ", resident->name, " was dropped", (const char *)NULL);
    mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_DISCARD});
    done(residents, from, line.text, "");
    return;
  }
  if (resident->source.phase == MVMJS_PHASE_GRANTED && !force) {
    mvmjs_line_set(&line, resident->name, " is in doubt; its image here may be the only one: mvm stop ", resident->name, " --force drops it", (const char *)NULL);
    fail(residents, from, MVMJS_REASON_DOUBT, line.text);
    return;
  }
  if (resident->source.phase != MVMJS_PHASE_GRANTED && resident->departs && resident->source.has_transaction) {
    // The move ends, the program goes on; asked again, it ends too.
    mvmjs_line_set(&line, "the move of ", resident->name, " was stopped, the program goes on here", (const char *)NULL);
    mvmjs_feed_source(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_CANCEL});
    done(residents, from, line.text, "");
    return;
  }
  done(residents, from, resident->name, " was stopped");
  mvmjs_departure_give_up(residents, resident, " was stopped");
  residents->port->leave(residents->context, resident, MVMJS_LEAVING_STOPPED);
  mvmjs_line_set(&line, resident->name, " was stopped", (const char *)NULL);
  residents->port->note(residents->context, line.text);
  mvmjs_hear(residents, resident->program.head.program_id, resident->source.epoch);
  mvmjs_free_slot(residents, resident);
}

static void recover(Residents *residents, Conversation from, Resident *resident) {
  struct mvmjs_line line;
  if (!mvmjs_is_owned(resident)) {
    mvmjs_feed_target(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_RECOVER});
  } else if (resident->source.phase == MVMJS_PHASE_GRANTED) {
    mvmjs_feed_source(residents, resident, &(struct mvmjs_event){.type = MVMJS_EVENT_RECOVER});
  } else {
    mvmjs_line_set(&line, resident->name, " is not in doubt: it is ", status_of(resident), " here", (const char *)NULL);
    fail(residents, from, MVMJS_REASON_PHASE, line.text);
    return;
  }
  mvmjs_line_set(&line, " runs here, at epoch ", (const char *)NULL);
  mvmjs_line_add_number(&line, resident->source.epoch);
  done(residents, from, resident->name, line.text);
}

static void snapshot(Residents *residents, Conversation from, Resident *resident, const struct mvmjs_wire_value *debug) {
  if (debug->present && debug->number == 0) {
    fail(residents, from, MVMJS_REASON_FAILED, "this host cannot leave out names and line tables, which needs a second copy; take it with them, or build the program with --no-debug");
  } else if (!mvmjs_source_runs(&resident->source)) {
    fail(residents, from, MVMJS_REASON_PHASE, "the program is moving; ask its new host");
  } else if (resident->sends) {
    fail(residents, from, MVMJS_REASON_BUSY, "its image is being taken already; try again");
  } else {
    resident->sends = true;
    resident->sends_snapshot = true;
    resident->to = from;
    mvmjs_update_clock(residents, resident);
    if (mvmjs_take_image(residents, resident, resident->source.epoch)) {
      mvmjs_pump(residents, resident);
      return;
    }
    resident->sends = false;
    mvmjs_update_clock(residents, resident);
    fail(residents, from, MVMJS_REASON_FAILED, "a fault of mvm's own: the program's memory is broken");
  }
}

static void logs(Residents *residents, Conversation to, Resident *resident, const struct mvmjs_wire_value *lines) {
  Writer writer;
  size_t length = 0;
  const char *text = residents->port->logs(residents->context, resident, lines->present ? (uint32_t)lines->number : UINT32_MAX, &length);
  for (size_t at = 0; at < length;) {
    const size_t size = length - at < residents->chunk_bytes ? length - at : residents->chunk_bytes;
    mvmjs_begin_frame(residents, &writer, MVMJS_MSG_CHUNK);
    mvmjs_put_number(&writer, MVMJS_FIELD_CHUNK_OFFSET, at);
    mvmjs_put_bytes(&writer, MVMJS_FIELD_CHUNK_BYTES, (const uint8_t *)text + at, size);
    mvmjs_send_frame(&writer, to, mvmjs_no_transaction);
    at += size;
  }
  mvmjs_begin_frame(residents, &writer, MVMJS_MSG_END);
  mvmjs_put_number(&writer, MVMJS_FIELD_END_ROUND, 0);
  mvmjs_put_number(&writer, MVMJS_FIELD_END_BYTES, length);
  mvmjs_send_frame(&writer, to, mvmjs_no_transaction);
}

static void migrate(Residents *residents, Conversation from, Resident *resident, const struct mvmjs_wire_value *fields) {
  const struct mvmjs_wire_value *io = &fields[MVMJS_FIELD_MIGRATE_IO], *here = &fields[MVMJS_FIELD_MIGRATE_HERE], *dry = &fields[MVMJS_FIELD_MIGRATE_DRY];
  struct mvmjs_line line;
  if (resident->departs) {
    mvmjs_line_set(&line, resident->name, " is on its way to ", resident->place, " already", (const char *)NULL);
    fail(residents, from, MVMJS_REASON_BUSY, line.text);
    return;
  }
  if (resident->sends) {
    fail(residents, from, MVMJS_REASON_BUSY, "its image is being taken; try again");
    return;
  }
  resident->proxies = io->present && !mvmjs_wire_is(io, "reopen");
  if (resident->proxies && (!mvmjs_wire_is(io, "proxy") || !mvmjs_grant_room(residents))) {
    resident->proxies = false;
    fail(residents, from, MVMJS_REASON_FAILED, "pins and buses cannot stay at this host when a program leaves it; move it with --io reopen");
    return;
  }
  if (resident->proxies && mvmjs_uses_proxy(resident)) {
    resident->proxies = false;
    fail(residents, from, MVMJS_REASON_FAILED, "pins that another host keeps cannot be handed on by this host; move it home, or with --io reopen");
    return;
  }
  mvmjs_copy_name(resident->here, sizeof resident->here, here->present ? here->bytes : (const uint8_t *)"", here->present ? here->length : 0);
  mvmjs_depart(residents, resident, from, &fields[MVMJS_FIELD_MIGRATE_TO], dry->present && dry->number != 0);
}

bool mvmjs_serve_command(Residents *residents, Conversation from, const Frame *frame) {
  const struct mvmjs_wire_value *fields = frame->fields;
  Resident *resident;
  switch (frame->name) {
    case MVMJS_MSG_LIST:
      if (may(residents, from, MVMJS_SCOPE_OBSERVE)) list(residents, from);
      return true;
    case MVMJS_MSG_PAUSE:
    case MVMJS_MSG_RESUME:
    case MVMJS_MSG_MIGRATE:
      if (!may(residents, from, MVMJS_SCOPE_CONTROL) || (resident = find_owned(residents, from, &fields[0])) == NULL) return true;
      if (frame->name == MVMJS_MSG_PAUSE) pause(residents, from, resident);
      else if (frame->name == MVMJS_MSG_RESUME) resume(residents, from, resident);
      else migrate(residents, from, resident, fields);
      return true;
    case MVMJS_MSG_STOP:
    case MVMJS_MSG_RECOVER:
      if (!may(residents, from, MVMJS_SCOPE_CONTROL) || (resident = find(residents, from, &fields[0])) == NULL) return true;
      if (frame->name == MVMJS_MSG_STOP) stop(residents, from, resident, fields[MVMJS_FIELD_STOP_FORCE].present && fields[MVMJS_FIELD_STOP_FORCE].number != 0);
      else recover(residents, from, resident);
      return true;
    case MVMJS_MSG_SNAPSHOT:
    case MVMJS_MSG_LOGS:
    case MVMJS_MSG_INSPECT:
      if (!may(residents, from, MVMJS_SCOPE_INSPECT) || (resident = find_owned(residents, from, &fields[0])) == NULL) return true;
      if (frame->name == MVMJS_MSG_SNAPSHOT) snapshot(residents, from, resident, &fields[MVMJS_FIELD_SNAPSHOT_DEBUG]);
      else if (frame->name == MVMJS_MSG_LOGS) logs(residents, from, resident, &fields[MVMJS_FIELD_LOGS_LINES]);
      else fail(residents, from, MVMJS_REASON_SNAPSHOT, "this host does not look into programs itself; take a snapshot and inspect that");
      return true;
    case MVMJS_MSG_KEY:
      fail(residents, from, MVMJS_REASON_FAILED, "this host reads keys and does not write them; give it there with `mvm key import`");
      return true;
    default: return false;
  }
}
