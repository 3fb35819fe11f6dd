// Reading frames. A body is complete before its fields are looked at, and its length was bounded before it was stored; what
// is left to bound is depth, and that no list or text claims more than the bytes that are there.

#include "wire.h"

#include <string.h>

#include "broken.h"
#include "bytes.h"
#include "utf8.h"

enum { UNKNOWN = MVMJS_MESSAGE_COUNT };

// Bodies

struct body {
  const uint8_t *bytes;
  size_t length;
  size_t at;
  const char *problem;
};
typedef struct body Body;
/** What a value is; lists and maps are not looked into by `head`. */
enum value_kind { A_NIL, A_BOOL, A_NUMBER, A_TEXT, SOME_BYTES, A_LIST, A_MAP };
struct value {
  enum value_kind kind;
  /** Of texts and bytes how many they are, of lists and maps how many items. */
  uint64_t number;
  const uint8_t *bytes;
};

static bool fail(Body *body, const char *problem) {
  body->problem = problem;
  return false;
}
static bool big(Body *body, size_t size, uint64_t *value) {
  if (size > body->length - body->at) return fail(body, "a body ends in the middle of a value");
  *value = 0;
  for (size_t i = 0; i < size; i++) *value = *value << 8 | body->bytes[body->at++];
  return *value < UINT64_C(0x20000000000000) ? true : fail(body, "a number is too large");
}
/** Bytes or a text of so many bytes. */
static bool content(Body *body, struct value *value) {
  if (value->number > body->length - body->at) return fail(body, "a body ends in the middle of a value");
  value->bytes = body->bytes + body->at;
  body->at += (size_t)value->number;
  return value->kind != A_TEXT || mvmjs_utf8_is(value->bytes, (size_t)value->number) ? true : fail(body, "a text is not UTF-8");
}
/** So many values follow, of at least one byte each. */
static bool items(Body *body, const struct value *value) {
  return value->number <= body->length - body->at ? true : fail(body, "a body ends in the middle of a list");
}

/** The next value, whole but for the items of a list or map. */
static bool head(Body *body, struct value *value) {
  uint64_t first;
  if (!big(body, 1, &first)) return false;
  value->number = first;
  value->bytes = NULL;
  if (first < 0x80) {
    value->kind = A_NUMBER;
    return true;
  }
  if (first < 0xc0) {
    value->kind = first < 0x90 ? A_MAP : first < 0xa0 ? A_LIST : A_TEXT;
    value->number = first & (first < 0xa0 ? 15 : 31);
    return value->kind == A_TEXT ? content(body, value) : items(body, value);
  }
  switch (first) {
    case 0xc0: value->kind = A_NIL; return true;
    case 0xc2: case 0xc3:
      value->kind = A_BOOL;
      value->number = first & 1;
      return true;
    case 0xc4: case 0xc5: case 0xc6:
      value->kind = SOME_BYTES;
      return big(body, (size_t)1 << (first - 0xc4), &value->number) && content(body, value);
    case 0xcc: case 0xcd: case 0xce: case 0xcf:
      value->kind = A_NUMBER;
      return big(body, (size_t)1 << (first - 0xcc), &value->number);
    case 0xd9: case 0xda: case 0xdb:
      value->kind = A_TEXT;
      return big(body, (size_t)1 << (first - 0xd9), &value->number) && content(body, value);
    case 0xdc: case 0xdd:
      value->kind = A_LIST;
      return big(body, first == 0xdc ? 2 : 4, &value->number) && items(body, value);
    case 0xde: case 0xdf:
      value->kind = A_MAP;
      return big(body, first == 0xde ? 2 : 4, &value->number) && items(body, value);
  }
  return fail(body, "a value of a type that the protocol does not have");
}

/** A key of a map; `last` is the one before, or -1. */
static bool next_key(Body *body, int64_t *last) {
  struct value key;
  if (!head(body, &key)) return false;
  if (key.kind != A_NUMBER) return fail(body, "a key is not a number");
  if ((int64_t)key.number <= *last) return fail(body, "keys are not in ascending order");
  *last = (int64_t)key.number;
  return true;
}

/** Goes over the items of a list or map that stands at that depth: they are of kinds that the protocol has, whatever they mean. */
static bool skip_items(Body *body, const struct value *outer, int depth) {
  struct {
    bool is_map;
    uint64_t left;
    int64_t last_key;
  } levels[MVMJS_DEPTH_MAX + 2];
  int level = 0;
  struct value value = *outer;
  levels[0].is_map = outer->kind == A_MAP;
  levels[0].left = outer->number;
  levels[0].last_key = -1;
  while (level >= 0) {
    if (levels[level].left == 0) {
      level--;
      continue;
    }
    if (depth + level + 1 > MVMJS_DEPTH_MAX) return fail(body, "values are nested too deeply");
    levels[level].left--;
    if (levels[level].is_map && !next_key(body, &levels[level].last_key)) return false;
    if (!head(body, &value)) return false;
    if (value.kind != A_LIST && value.kind != A_MAP) continue;
    level++;
    levels[level].is_map = value.kind == A_MAP;
    levels[level].left = value.number;
    levels[level].last_key = -1;
  }
  return true;
}

/** UTF-16 units of a text: what limits count. */
static uint64_t units_of(const uint8_t *bytes, size_t length) {
  uint64_t units = 0;
  uint32_t code;
  for (size_t at = 0; at < length;) {
    at += mvmjs_utf8_decode(bytes + at, length - at, &code);
    units += code >= 0x10000 ? 2 : 1;
  }
  return units;
}

static bool read_map(Body *body, const struct value *map, const struct mvmjs_field *table, uint8_t count, int depth, struct mvmjs_wire_value *fields);

/** Goes over a list whose items have to be texts, or programs. */
static bool read_list(Body *body, const struct value *list, const struct mvmjs_field *spec, int depth) {
  struct mvmjs_wire_value fields[MVMJS_FIELDS_MAX];
  if (list->number > (spec->kind == MVMJS_KIND_TEXTS ? MVMJS_TEXTS_MAX : spec->limit)) return fail(body, "a list is too long");
  for (uint64_t i = 0; i < list->number; i++) {
    struct value item;
    if (!head(body, &item)) return false;
    if (spec->kind == MVMJS_KIND_TEXTS) {
      if (item.kind != A_TEXT || units_of(item.bytes, (size_t)item.number) > MVMJS_TEXT_LIMIT) return fail(body, "a list is not one of texts");
    } else {
      if (item.kind != A_MAP) return fail(body, "a list is not one of programs");
      if (!read_map(body, &item, mvmjs_program_fields, MVMJS_PROGRAM_FIELD_COUNT, depth + 1, fields)) return false;
    }
  }
  return true;
}

/** Takes the value of a field, of the field's kind and within its limits. */
static bool read_field(Body *body, const struct mvmjs_field *spec, int depth, struct mvmjs_wire_value *field) {
  static const uint32_t fixed[] = {[MVMJS_KIND_ID8] = 8, [MVMJS_KIND_ID16] = 16, [MVMJS_KIND_HASH] = 32};
  struct value value;
  bool fits = false;
  if (!head(body, &value)) return false;
  field->present = true;
  field->number = value.number;
  field->bytes = value.bytes;
  field->length = value.kind == A_TEXT || value.kind == SOME_BYTES ? (uint32_t)value.number : 0;
  switch ((enum mvmjs_kind)spec->kind) {
    case MVMJS_KIND_U32: fits = value.kind == A_NUMBER && value.number <= UINT32_MAX; break;
    case MVMJS_KIND_U53: fits = value.kind == A_NUMBER; break;
    case MVMJS_KIND_BOOL: fits = value.kind == A_BOOL; break;
    case MVMJS_KIND_ID8: case MVMJS_KIND_ID16: case MVMJS_KIND_HASH: fits = value.kind == SOME_BYTES && value.number == fixed[spec->kind]; break;
    case MVMJS_KIND_TEXT: fits = value.kind == A_TEXT && units_of(value.bytes, field->length) <= spec->limit; break;
    case MVMJS_KIND_BYTES: fits = value.kind == SOME_BYTES && value.number <= spec->limit; break;
    case MVMJS_KIND_TEXTS: case MVMJS_KIND_PROGRAMS: {
      const size_t start = body->at;
      fits = value.kind == A_LIST;
      if (fits && !read_list(body, &value, spec, depth + 1)) return false;
      field->bytes = body->bytes + start;
      field->length = (uint32_t)(body->at - start);
      break;
    }
  }
  return fits ? true : fail(body, "a field is not what it should be");
}

/** Takes the items of a map that stands at that depth: the fields of the table; others are gone over. */
static bool read_map(Body *body, const struct value *map, const struct mvmjs_field *table, uint8_t count, int depth, struct mvmjs_wire_value *fields) {
  int64_t key = -1;
  memset(fields, 0, sizeof *fields * MVMJS_FIELDS_MAX);
  for (uint64_t i = 0; i < map->number; i++) {
    struct value value;
    if (!next_key(body, &key)) return false;
    if (depth + 1 > MVMJS_DEPTH_MAX) return fail(body, "values are nested too deeply");
    if (key < count) {
      if (!read_field(body, table + key, depth, fields + key)) return false;
    } else {
      if (!head(body, &value)) return false;
      if ((value.kind == A_LIST || value.kind == A_MAP) && !skip_items(body, &value, depth + 1)) return false;
    }
  }
  for (uint8_t i = 0; i < count; i++) if (table[i].required && !fields[i].present) return fail(body, "a field is missing");
  return true;
}

bool mvmjs_wire_next_text(struct mvmjs_wire_value *list, struct mvmjs_wire_value *text) {
  Body body = {.bytes = list->bytes, .length = list->length, .at = 0, .problem = NULL};
  struct value value;
  if (list->number == 0) return false;
  if (!head(&body, &value) || value.kind != A_TEXT) mvmjs_broken("a list that was read holds something else");
  *text = (struct mvmjs_wire_value){.present = true, .number = value.number, .bytes = value.bytes, .length = (uint32_t)value.number};
  list->number--;
  list->bytes += body.at;
  list->length -= (uint32_t)body.at;
  return true;
}
bool mvmjs_wire_next_program(struct mvmjs_wire_value *list, struct mvmjs_wire_value fields[MVMJS_FIELDS_MAX]) {
  Body body = {.bytes = list->bytes, .length = list->length, .at = 0, .problem = NULL};
  struct value value;
  if (list->number == 0) return false;
  if (!head(&body, &value) || value.kind != A_MAP || !read_map(&body, &value, mvmjs_program_fields, MVMJS_PROGRAM_FIELD_COUNT, 2, fields)) {
    mvmjs_broken("a list that was read holds something else");
  }
  list->number--;
  list->bytes += body.at;
  list->length -= (uint32_t)body.at;
  return true;
}
bool mvmjs_wire_is(const struct mvmjs_wire_value *text, const char *what) {
  return text->length == strlen(what) && memcmp(text->bytes, what, text->length) == 0;
}

// Frames

void mvmjs_frame_begin_reading(struct mvmjs_frame_reader *reader, uint8_t *body, uint32_t room) {
  memset(reader, 0, sizeof *reader);
  reader->body = body;
  reader->room = room;
}
static enum mvmjs_frame_step broken(struct mvmjs_frame_reader *reader, const char *problem) {
  reader->problem = problem;
  return MVMJS_FRAME_BROKEN;
}
static uint32_t by_number(uint32_t number) {
  for (uint32_t i = 0; i < MVMJS_MESSAGE_COUNT; i++) if (mvmjs_messages[i].number == number) return i;
  return UNKNOWN;
}

/** Checks the header that is complete. */
static enum mvmjs_frame_step take_header(struct mvmjs_frame_reader *reader) {
  const uint8_t *header = reader->header;
  const uint32_t length = mvmjs_get32(header);
  const uint32_t name = by_number((uint32_t)header[4] | (uint32_t)header[5] << 8);
  if (!reader->open && name != MVMJS_MSG_HELLO && name != MVMJS_MSG_REFUSE) return broken(reader, "the peer does not speak mvm's protocol (its first message is not HELLO)");
  if (mvmjs_get32(header + 12) != reader->sequence) return broken(reader, "a frame was lost or came twice");
  reader->sequence++;
  reader->skipped = name == UNKNOWN;
  if (name == UNKNOWN && (header[6] & MVMJS_FRAME_CRITICAL) != 0) return broken(reader, "the peer sent a message that must not be ignored and is not known here");
  if (length > (name == UNKNOWN ? MVMJS_UNKNOWN_LIMIT : mvmjs_messages[name].limit)) return broken(reader, "the peer sent a message that is longer than it may be");
  if (name != UNKNOWN && length > reader->room) return broken(reader, "the peer sent a message that is longer than this host takes");
  reader->name = (enum mvmjs_message_name)(name == UNKNOWN ? 0 : name);
  reader->length = length;
  reader->in_body = true;
  reader->have = 0;
  return MVMJS_FRAME_NONE;
}
static enum mvmjs_frame_step take_body(struct mvmjs_frame_reader *reader, struct mvmjs_frame *frame) {
  const struct mvmjs_message *message = &mvmjs_messages[reader->name];
  Body body = {.bytes = reader->body, .length = reader->length, .at = 0, .problem = NULL};
  struct value map;
  reader->in_body = false;
  reader->have = 0;
  if (reader->skipped) return MVMJS_FRAME_NONE;
  frame->name = reader->name;
  frame->stream = mvmjs_get32(reader->header + 8);
  frame->sequence = mvmjs_get32(reader->header + 12);
  memcpy(frame->transaction, reader->header + 16, MVMJS_TRANSACTION_BYTES);
  if (!head(&body, &map)) return broken(reader, body.problem);
  if (map.kind != A_MAP) return broken(reader, "a body is not a map");
  if (!read_map(&body, &map, message->fields, message->field_count, 0, frame->fields)) return broken(reader, body.problem);
  return body.at == body.length ? MVMJS_FRAME_HERE : broken(reader, "bytes are left behind a body");
}

enum mvmjs_frame_step mvmjs_frame_take(struct mvmjs_frame_reader *reader, const uint8_t *bytes, size_t length, size_t *taken, struct mvmjs_frame *frame) {
  size_t at = 0;
  enum mvmjs_frame_step step = MVMJS_FRAME_NONE;
  while (step == MVMJS_FRAME_NONE) {
    const uint32_t wanted = reader->in_body ? reader->length : MVMJS_FRAME_HEADER;
    const uint32_t missing = wanted - reader->have;
    const uint32_t count = missing < length - at ? missing : (uint32_t)(length - at);
    if (!reader->in_body) memcpy(reader->header + reader->have, bytes + at, count);
    else if (!reader->skipped && count > 0) memcpy(reader->body + reader->have, bytes + at, count);
    reader->have += count;
    at += count;
    if (reader->have < wanted) break;
    step = reader->in_body ? take_body(reader, frame) : take_header(reader);
  }
  *taken = at;
  return step;
}
