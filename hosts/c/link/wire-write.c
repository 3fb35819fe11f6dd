// Writing frames: straight into the caller's bytes, in the shortest form. The head of a map takes one byte, whose count is
// put there when the map is over; none has more than 15 fields.

#include <string.h>

#include "broken.h"
#include "bytes.h"
#include "utf8.h"
#include "wire.h"

typedef struct mvmjs_frame_writer Writer;

static uint8_t *space(Writer *writer, size_t count) {
  if (!writer->fits || count > writer->room - writer->length) {
    writer->fits = false;
    return NULL;
  }
  writer->length += count;
  return writer->bytes + writer->length - count;
}
static void byte(Writer *writer, uint32_t value) {
  uint8_t *at = space(writer, 1);
  if (at != NULL) *at = (uint8_t)value;
}
/** A byte, and a big-endian number of `size` bytes behind it. */
static void big(Writer *writer, uint32_t first, uint64_t value, uint32_t size) {
  byte(writer, first);
  for (uint32_t i = 0; i < size; i++) byte(writer, (uint32_t)(value >> (size - 1 - i) * 8) & 255);
}
static void number(Writer *writer, uint64_t value) {
  mvmjs_assert(value < UINT64_C(0x20000000000000), "a number of the protocol has 53 bits");
  if (value < 0x80) byte(writer, (uint32_t)value);
  else if (value < 0x100) big(writer, 0xcc, value, 1);
  else if (value < 0x10000) big(writer, 0xcd, value, 2);
  else if (value <= UINT32_MAX) big(writer, 0xce, value, 4);
  else big(writer, 0xcf, value, 8);
}
/** The head of bytes, or of a text. */
static void head(Writer *writer, bool is_text, size_t length) {
  const uint32_t base = is_text ? 0xd9 : 0xc4;
  if (is_text && length < 32) byte(writer, (uint32_t)(0xa0 | length));
  else if (length < 0x100) big(writer, base, length, 1);
  else if (length < 0x10000) big(writer, base + 1, length, 2);
  else big(writer, base + 2, length, 4);
}
static void content(Writer *writer, const void *bytes, size_t length) {
  uint8_t *at = space(writer, length);
  if (at != NULL && length > 0) memcpy(at, bytes, length);
}

/** The key of the next field: what the table says of it. */
static const struct mvmjs_field *begin_field(Writer *writer, uint8_t key) {
  mvmjs_assert(key < writer->field_count && key >= writer->next_key, "fields are put in order, each once");
  for (uint8_t i = writer->next_key; i < key; i++) mvmjs_assert(!writer->fields[i].required, "a field that is needed is put");
  writer->next_key = (uint8_t)(key + 1);
  number(writer, key);
  if (writer->fits) writer->bytes[writer->map_at]++;
  return &writer->fields[key];
}
static void begin_map(Writer *writer, const struct mvmjs_field *fields, uint8_t count) {
  writer->fields = fields;
  writer->field_count = count;
  writer->next_key = 0;
  writer->map_at = writer->length;
  byte(writer, 0x80);
}
static void end_map(const Writer *writer) {
  for (uint8_t i = writer->next_key; i < writer->field_count; i++) mvmjs_assert(!writer->fields[i].required, "a field that is needed is put");
}

void mvmjs_frame_begin(Writer *writer, uint8_t *bytes, size_t room, enum mvmjs_message_name name) {
  memset(writer, 0, sizeof *writer);
  writer->bytes = bytes;
  writer->room = room;
  writer->fits = true;
  writer->name = name;
  space(writer, MVMJS_FRAME_HEADER);
  begin_map(writer, mvmjs_messages[name].fields, mvmjs_messages[name].field_count);
}
void mvmjs_put_number(Writer *writer, uint8_t key, uint64_t value) {
  const struct mvmjs_field *spec = begin_field(writer, key);
  mvmjs_assert(spec->kind == MVMJS_KIND_U53 || (spec->kind == MVMJS_KIND_U32 && value <= UINT32_MAX), "a number where one belongs");
  number(writer, value);
}
void mvmjs_put_bool(Writer *writer, uint8_t key, bool value) {
  mvmjs_assert(begin_field(writer, key)->kind == MVMJS_KIND_BOOL, "a truth value where one belongs");
  byte(writer, value ? 0xc3 : 0xc2);
}
uint8_t *mvmjs_put_space(Writer *writer, uint8_t key, size_t length) {
  const struct mvmjs_field *spec = begin_field(writer, key);
  const uint32_t fixed = spec->kind == MVMJS_KIND_ID8 ? 8 : spec->kind == MVMJS_KIND_ID16 ? 16 : spec->kind == MVMJS_KIND_HASH ? 32 : 0;
  mvmjs_assert(fixed > 0 ? length == fixed : spec->kind == MVMJS_KIND_BYTES && length <= spec->limit, "as many bytes as belong there");
  head(writer, false, length);
  return space(writer, length);
}
void mvmjs_put_bytes(Writer *writer, uint8_t key, const uint8_t *bytes, size_t length) {
  uint8_t *at = mvmjs_put_space(writer, key, length);
  if (at != NULL && length > 0) memcpy(at, bytes, length);
}
void mvmjs_put_text(Writer *writer, uint8_t key, const char *text, size_t length) {
  const struct mvmjs_field *spec = begin_field(writer, key);
  mvmjs_assert(spec->kind == MVMJS_KIND_TEXT, "a text where one belongs");
  // A limit counts UTF-16 units, of which there are at most as many as bytes.
  const size_t fitting = mvmjs_utf8_fit((const uint8_t *)text, length, spec->limit < length ? spec->limit : length);
  head(writer, true, fitting);
  content(writer, text, fitting);
}
void mvmjs_put_list(Writer *writer, uint8_t key, uint32_t length) {
  const struct mvmjs_field *spec = begin_field(writer, key);
  mvmjs_assert(spec->kind == MVMJS_KIND_TEXTS ? length <= MVMJS_TEXTS_MAX : spec->kind == MVMJS_KIND_PROGRAMS && length <= spec->limit, "a list where one belongs");
  if (length < 16) byte(writer, 0x90 | length);
  else if (length < 0x10000) big(writer, 0xdc, length, 2);
  else big(writer, 0xdd, length, 4);
}
void mvmjs_put_item(Writer *writer, const char *text, size_t length) {
  head(writer, true, length);
  content(writer, text, length);
}
void mvmjs_begin_program(Writer *writer) {
  writer->body_at = writer->map_at;
  writer->body_next_key = writer->next_key;
  begin_map(writer, mvmjs_program_fields, MVMJS_PROGRAM_FIELD_COUNT);
}
void mvmjs_end_program(Writer *writer) {
  end_map(writer);
  writer->fields = mvmjs_messages[writer->name].fields;
  writer->field_count = mvmjs_messages[writer->name].field_count;
  writer->map_at = writer->body_at;
  writer->next_key = writer->body_next_key;
}

size_t mvmjs_frame_end(Writer *writer, uint32_t stream, uint32_t sequence, const uint8_t transaction[MVMJS_TRANSACTION_BYTES]) {
  const struct mvmjs_message *message = &mvmjs_messages[writer->name];
  uint8_t *header = writer->bytes;
  end_map(writer);
  if (!writer->fits) return 0;
  mvmjs_assert(writer->length - MVMJS_FRAME_HEADER <= message->limit, "no body is longer than its limit");
  mvmjs_put32(header, (uint32_t)(writer->length - MVMJS_FRAME_HEADER));
  mvmjs_put32(header + 4, message->number | (message->critical ? (uint32_t)MVMJS_FRAME_CRITICAL << 16 : 0));
  mvmjs_put32(header + 8, stream);
  mvmjs_put32(header + 12, sequence);
  memcpy(header + 16, transaction, MVMJS_TRANSACTION_BYTES);
  return writer->length;
}
