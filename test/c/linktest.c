// hosts/c/link behind a line protocol, for the tests (test/c-link.test.ts), which say the same to the TypeScript and compare.
//
//   F PIECE…   a connection on which these bytes (hexadecimal) come, piece by piece: for each frame its name, its stream and
//              how it is encoded here; at the end "none", "pending" or "broken"
//   S STATE EVENT, T STATE EVENT   a step of the source's and the target's state machine: the next state and the actions;
//              "broken" where the event cannot be

#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broken.h"
#include "ownership.h"
#include "wire.h"

static jmp_buf out;

void mvmjs_broken(const char *sentence) {
  (void)sentence;
  longjmp(out, 1);
}

static void print_hex(const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) printf("%02x", bytes[i]);
}
static size_t from_hex(const char *text, uint8_t *bytes, size_t room) {
  size_t length = 0;
  for (; text[0] != '\0' && text[1] != '\0'; text += 2) {
    unsigned value;
    if (length == room || sscanf(text, "%2x", &value) != 1) abort();
    bytes[length++] = (uint8_t)value;
  }
  return length;
}
static const char *word(void) {
  const char *text = strtok(NULL, " \n");
  if (text == NULL) abort();
  return text;
}

// Frames

static void put_value(struct mvmjs_frame_writer *writer, const struct mvmjs_field *spec, uint8_t key, struct mvmjs_wire_value value);
static void put_fields(struct mvmjs_frame_writer *writer, const struct mvmjs_field *table, uint8_t count, const struct mvmjs_wire_value *fields) {
  for (uint8_t key = 0; key < count; key++) if (fields[key].present) put_value(writer, table + key, key, fields[key]);
}
static void put_value(struct mvmjs_frame_writer *writer, const struct mvmjs_field *spec, uint8_t key, struct mvmjs_wire_value value) {
  struct mvmjs_wire_value text, fields[MVMJS_FIELDS_MAX];
  switch ((enum mvmjs_kind)spec->kind) {
    case MVMJS_KIND_U32: case MVMJS_KIND_U53: mvmjs_put_number(writer, key, value.number); break;
    case MVMJS_KIND_BOOL: mvmjs_put_bool(writer, key, value.number != 0); break;
    case MVMJS_KIND_TEXT: {
      // A text within its limit of units may have more bytes than that, which a host here would not write.
      if (value.length > spec->limit) longjmp(out, 2);
      mvmjs_put_text(writer, key, (const char *)value.bytes, value.length);
      break;
    }
    case MVMJS_KIND_TEXTS:
      mvmjs_put_list(writer, key, (uint32_t)value.number);
      while (mvmjs_wire_next_text(&value, &text)) mvmjs_put_item(writer, (const char *)text.bytes, text.length);
      break;
    case MVMJS_KIND_PROGRAMS:
      mvmjs_put_list(writer, key, (uint32_t)value.number);
      while (mvmjs_wire_next_program(&value, fields)) {
        mvmjs_begin_program(writer);
        put_fields(writer, mvmjs_program_fields, MVMJS_PROGRAM_FIELD_COUNT, fields);
        mvmjs_end_program(writer);
      }
      break;
    default: mvmjs_put_bytes(writer, key, value.bytes, value.length);
  }
}

enum { BODY_ROOM = MVMJS_CHUNK_BYTES + 64, FRAME_ROOM = 2 * BODY_ROOM };

static void frames(void) {
  static uint8_t encoded[FRAME_ROOM];
  uint8_t *body = malloc(BODY_ROOM);
  struct mvmjs_frame_reader reader;
  struct mvmjs_frame frame;
  struct mvmjs_frame_writer writer;
  if (body == NULL) abort();
  mvmjs_frame_begin_reading(&reader, body, BODY_ROOM);
  for (const char *piece; (piece = strtok(NULL, " \n")) != NULL;) {
    // A piece is in memory of exactly its size, so that nothing is read beyond it.
    const size_t length = strlen(piece) / 2;
    uint8_t *bytes = malloc(length + 1);
    if (bytes == NULL) abort();
    from_hex(piece, bytes, length);
    uint8_t *exact = realloc(bytes, length > 0 ? length : 1);
    if (exact == NULL) abort();
    enum mvmjs_frame_step step = MVMJS_FRAME_NONE;
    for (size_t at = 0, taken; at < length; at += taken) {
      step = mvmjs_frame_take(&reader, exact + at, length - at, &taken, &frame);
      if (step == MVMJS_FRAME_BROKEN) break;
      if (step != MVMJS_FRAME_HERE) continue;
      reader.open = true;
      mvmjs_frame_begin(&writer, encoded, sizeof encoded, frame.name);
      put_fields(&writer, mvmjs_messages[frame.name].fields, mvmjs_messages[frame.name].field_count, frame.fields);
      printf("%s %" PRIu32 " ", mvmjs_messages[frame.name].name, frame.stream);
      print_hex(encoded, mvmjs_frame_end(&writer, frame.stream, frame.sequence, frame.transaction));
      putchar(' ');
    }
    free(exact);
    if (step == MVMJS_FRAME_BROKEN) {
      puts("broken");
      free(body);
      return;
    }
  }
  puts(reader.have > 0 || reader.in_body ? "pending" : "none");
  free(body);
}

// Ownership

static const char *const event_names[MVMJS_EVENT_COUNT] = {
  "migrate", "accept", "refuse", "ready", "committed", "sealed", "cancel", "verified", "unfit", "commit", "release", "superseded", "discard",
  "abort", "query", "state", "lost", "connected", "timeout", "recover",
};
static const char *const outcome_names[] = {"moved", "aborted", "doubt", "recovered", "superseded", "late"};
static const char *const action_names[] = {"send", "freeze", "transfer", "resume", "reconnect", "report", "run", "stop", "drop"};

static int index_of(const char *text, const char *const *names, int count) {
  for (int i = 0; i < count; i++) if (strcmp(names[i], text) == 0) return i;
  abort();
}
static enum mvmjs_phase read_phase(void) {
  return (enum mvmjs_phase)index_of(word(), mvmjs_phase_names, MVMJS_PHASE_COUNT);
}
/** Bytes, or "-" for none. */
static bool read_bytes(uint8_t *bytes, size_t length) {
  const char *text = word();
  memset(bytes, 0, length);
  return strcmp(text, "-") != 0 && from_hex(text, bytes, length) == length;
}
static void read_event(struct mvmjs_event *event) {
  event->type = (enum mvmjs_event_type)index_of(word(), event_names, MVMJS_EVENT_COUNT);
  read_bytes(event->transaction, sizeof event->transaction);
  read_bytes(event->peer.host, sizeof event->peer.host);
  read_bytes(event->peer.boot, sizeof event->peer.boot);
  read_bytes(event->image, sizeof event->image);
  event->phase = read_phase();
  event->epoch = strtoull(word(), NULL, 10);
  event->reason = "why";
}
static void print_optional(bool is_there, const uint8_t *bytes, size_t length) {
  if (is_there) print_hex(bytes, length);
  else putchar('-');
  putchar(' ');
}
static void print_actions(const struct mvmjs_actions *actions, bool is_source) {
  for (int i = 0; i < actions->count; i++) {
    const struct mvmjs_action *action = &actions->list[i];
    printf("| %s", action_names[action->type]);
    if (action->type == MVMJS_ACTION_REPORT) printf(" %s %s", outcome_names[action->outcome], action->reason);
    if (action->type == MVMJS_ACTION_SEND) {
      printf(" %s ", mvmjs_messages[action->message].name);
      if (is_source) print_hex(action->transaction, sizeof action->transaction);
      if (action->message == MVMJS_MSG_STATE) printf(" %s", mvmjs_phase_names[action->phase]);
      if (action->message == MVMJS_MSG_ABORT && is_source) printf(" %" PRIu64, action->epoch);
      if (action->message == MVMJS_MSG_ABORT || action->message == MVMJS_MSG_REFUSE) printf(" %s", action->reason);
    }
    putchar(' ');
  }
  putchar('\n');
}

static void step_source(void) {
  struct mvmjs_source source;
  struct mvmjs_event event;
  struct mvmjs_actions actions;
  memset(&source, 0, sizeof source);
  source.phase = read_phase();
  source.epoch = strtoull(word(), NULL, 10);
  source.has_transaction = read_bytes(source.transaction, sizeof source.transaction);
  source.has_target = read_bytes(source.target.host, sizeof source.target.host);
  read_bytes(source.target.boot, sizeof source.target.boot);
  source.has_image = read_bytes(source.image, sizeof source.image);
  source.doubt = strcmp(word(), "true") == 0;
  read_event(&event);
  mvmjs_step_source(&source, &event, &actions);
  printf("%s %" PRIu64 " ", mvmjs_phase_names[source.phase], source.epoch);
  print_optional(source.has_transaction, source.transaction, sizeof source.transaction);
  print_optional(source.has_target, source.target.host, sizeof source.target.host);
  print_optional(source.has_target, source.target.boot, sizeof source.target.boot);
  print_optional(source.has_image, source.image, sizeof source.image);
  printf("%s ", source.doubt ? "true" : "false");
  print_actions(&actions, true);
}

static void step_target(void) {
  struct mvmjs_target target;
  struct mvmjs_event event;
  struct mvmjs_actions actions;
  memset(&target, 0, sizeof target);
  target.phase = read_phase();
  target.epoch = strtoull(word(), NULL, 10);
  read_bytes(target.transaction, sizeof target.transaction);
  read_bytes(target.source.host, sizeof target.source.host);
  read_bytes(target.source.boot, sizeof target.source.boot);
  target.has_image = read_bytes(target.image, sizeof target.image);
  target.released = strcmp(word(), "true") == 0;
  read_event(&event);
  mvmjs_step_target(&target, &event, &actions);
  printf("%s %" PRIu64 " ", mvmjs_phase_names[target.phase], target.epoch);
  print_optional(true, target.transaction, sizeof target.transaction);
  print_optional(true, target.source.host, sizeof target.source.host);
  print_optional(true, target.source.boot, sizeof target.source.boot);
  print_optional(target.has_image, target.image, sizeof target.image);
  printf("%s ", target.released ? "true" : "false");
  print_actions(&actions, false);
}

int main(void) {
  static char line[4 << 20];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strchr(line, '\n') == NULL) abort();
    const char *what = strtok(line, " \n");
    const int jump = setjmp(out);
    if (jump != 0 || what == NULL) puts(jump == 2 ? "longer here" : "broken");
    else if (what[0] == 'F') frames();
    else if (what[0] == 'S') step_source();
    else step_target();
    fflush(stdout);
  }
  return 0;
}
