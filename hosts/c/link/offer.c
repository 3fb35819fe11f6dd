// What an offer says of a program, and whether this host can meet it: vm/hosting/offer.ts in C. A program's needs are in its
// image's list of capabilities; where the program imports them is debug information in its memory, as far as it has any.

#include <string.h>

#include "core.h"
#include "inside.h"
#include "value.h"

/** Letters of an import's place that an offer tells. */
enum { PLACE_LETTERS = 64 };
/** Needs that an offer tells, and bytes of their names: what is more the image tells, which is refused then. */
enum { NEEDS_MAX = 8, NEED_BYTES = 32 };

// The list of capabilities, as it is encoded: [[name, version], …] in the shortest form, which image.c has checked.

struct list {
  const uint8_t *at;
  const uint8_t *end;
};
static bool take_byte(struct list *list, uint8_t *byte) {
  if (list->at == list->end) return false;
  *byte = *list->at++;
  return true;
}
/** The number that so many bytes are. */
static bool take_big(struct list *list, int bytes, uint64_t *number) {
  uint8_t byte;
  for (*number = 0; bytes > 0; bytes--) {
    if (!take_byte(list, &byte)) return false;
    *number = *number << 8 | byte;
  }
  return true;
}
static bool take_array(struct list *list, uint64_t *length) {
  uint8_t head;
  if (!take_byte(list, &head)) return false;
  *length = head & 15;
  return (head & 0xf0) == 0x90 || (head == 0xdc && take_big(list, 2, length));
}
static bool take_text(struct list *list, const uint8_t **text, uint64_t *length) {
  uint8_t head;
  if (!take_byte(list, &head)) return false;
  *length = head & 31;
  if ((head & 0xe0) != 0xa0 && !(head == 0xd9 && take_big(list, 1, length)) && !(head == 0xda && take_big(list, 2, length))) return false;
  if (*length > (uint64_t)(list->end - list->at)) return false;
  *text = list->at;
  list->at += *length;
  return true;
}
static bool take_number(struct list *list, uint64_t *number) {
  uint8_t head;
  if (!take_byte(list, &head)) return false;
  *number = head;
  return head < 0x80 || (head >= 0xcc && head <= 0xcf && take_big(list, 1 << (head - 0xcc), number));
}
/** The next need of a list, whose length `take_array` has told. */
static bool take_need(struct list *list, const uint8_t **name, uint64_t *length, uint64_t *version) {
  uint64_t two;
  return take_array(list, &two) && two == 2 && take_text(list, name, length) && take_number(list, version);
}

/** Adds where the program imports it, as far as it knows. */
static void add_place(struct mvmjs_line *line, const uint8_t *name, uint64_t length) {
  uint32_t count;
  const int32_t list = mvmjs_word((mvmjs_word(REG_STATE) >> 2) + MVMJS_FIRST_ELEMENT + MVMJS_STATE_NEEDS);
  if (!mvmjs_read_array(list, &count)) return;
  for (uint32_t i = 0; i < count; i++) {
    struct mvmjs_text text;
    if (!mvmjs_read_text(mvmjs_read_element(list, i), &text) || text.narrow == NULL || text.length <= length + 1) continue;
    if (memcmp(text.narrow, name, (size_t)length) != 0 || text.narrow[length] != ' ') continue;
    size_t from = (size_t)length + 1;
    if (text.length - from > PLACE_LETTERS) from = text.length - PLACE_LETTERS;
    mvmjs_line_add(line, " ");
    // Units beyond ASCII would be two bytes each; for people a blank does.
    for (size_t at = from; at < text.length; at++) {
      const uint8_t letter = text.narrow[at] < 0x80 ? text.narrow[at] : ' ';
      mvmjs_line_add_bytes(line, &letter, 1);
    }
    return;
  }
}

static void put_needs(Writer *writer, Resident *resident) {
  const struct mvmjs_image_head *head = &resident->program.head;
  struct list list = {head->capabilities, head->capabilities + head->capabilities_length};
  const uint8_t *name;
  uint64_t count, length, version;
  struct mvmjs_line line;
  if (!take_array(&list, &count) || count == 0) return;
  if (count > NEEDS_MAX) count = NEEDS_MAX;
  struct list again = list;
  for (uint64_t i = 0; i < count; i++) if (!take_need(&again, &name, &length, &version) || length > NEED_BYTES) return;
  mvmjs_program_use(&resident->program);
  mvmjs_put_list(writer, MVMJS_FIELD_OFFER_NEEDS, (uint32_t)count);
  for (uint64_t i = 0; i < count && take_need(&list, &name, &length, &version); i++) {
    mvmjs_line_clear(&line);
    mvmjs_line_add_bytes(&line, name, (size_t)length);
    mvmjs_line_add(&line, " ");
    mvmjs_line_add_number(&line, version);
    add_place(&line, name, length);
    mvmjs_put_item(writer, line.text, line.length);
  }
}

void mvmjs_put_offer(Residents *residents, Resident *resident, Writer *writer, bool dry) {
  struct mvmjs_program *program = &resident->program;
  mvmjs_begin_frame(residents, writer, MVMJS_MSG_OFFER);
  mvmjs_put_bytes(writer, MVMJS_FIELD_OFFER_PROGRAM, program->head.program_id, MVMJS_PROGRAM_BYTES);
  mvmjs_put_number(writer, MVMJS_FIELD_OFFER_EPOCH, mvmjs_offered_epoch(&resident->source));
  mvmjs_put_line(writer, MVMJS_FIELD_OFFER_NAME, resident->name);
  mvmjs_put_number(writer, MVMJS_FIELD_OFFER_ABI, MVMJS_ABI);
  mvmjs_put_bytes(writer, MVMJS_FIELD_OFFER_CORE, mvmjs_core_hash, MVMJS_SHA256_BYTES);
  mvmjs_put_number(writer, MVMJS_FIELD_OFFER_BYTES, mvmjs_program_bytes(program));
  mvmjs_put_number(writer, MVMJS_FIELD_OFFER_LIMIT, mvmjs_program_limit(program));
  if (resident->proxies && resident->here[0] != '\0') mvmjs_put_line(writer, MVMJS_FIELD_OFFER_ADDRESS, resident->here);
  mvmjs_put_bool(writer, MVMJS_FIELD_OFFER_PAUSED, resident->paused);
  put_needs(writer, resident);
  mvmjs_program_use(program);
  const uint32_t peak = (uint32_t)mvmjs_word(REG_STACK_PEAK), stack = program->words - (uint32_t)mvmjs_word(REG_SP);
  mvmjs_put_number(writer, MVMJS_FIELD_OFFER_STACK, (uint64_t)(peak > stack ? peak : stack) * 4);
  if (dry) mvmjs_put_bool(writer, MVMJS_FIELD_OFFER_DRY, true);
  if (resident->proxies) mvmjs_put_proxied(residents, resident, writer);
}

// The target's side

/** The digits at the beginning of a text; how many bytes they are. */
static size_t number_of(const uint8_t *text, size_t length, uint64_t *number) {
  size_t at = 0;
  for (*number = 0; at < length && at < 10 && text[at] >= '0' && text[at] <= '9'; at++) *number = *number * 10 + (uint64_t)(text[at] - '0');
  return at;
}

bool mvmjs_meets_needs(const struct mvmjs_io_port *port, const struct mvmjs_wire_value *needs, struct mvmjs_line *why) {
  struct mvmjs_wire_value left = *needs, need;
  if (!needs->present) return true;
  while (mvmjs_wire_next_text(&left, &need)) {
    const uint8_t *blank = memchr(need.bytes, ' ', need.length);
    uint64_t version;
    // What is none is left out, for the image will tell.
    if (blank == NULL || blank == need.bytes) continue;
    const size_t name = (size_t)(blank - need.bytes);
    const size_t digits = number_of(blank + 1, need.length - name - 1, &version);
    if (digits == 0 || mvmjs_io_offers(port, need.bytes, name, version)) continue;
    const size_t place = name + 1 + digits + 1;
    mvmjs_line_set(why, "the program needs ", (const char *)NULL);
    mvmjs_line_add_bytes(why, need.bytes, name);
    mvmjs_line_add(why, " version ");
    mvmjs_line_add_number(why, version);
    if (place < need.length) {
      mvmjs_line_add(why, " (");
      mvmjs_line_add_bytes(why, need.bytes + place, need.length - place);
      mvmjs_line_add(why, ")");
    }
    if (mvmjs_io_offers(port, need.bytes, name, MVMJS_IO_VERSION)) {
      mvmjs_line_add(why, ", this host has version ");
      mvmjs_line_add_number(why, MVMJS_IO_VERSION);
    } else {
      mvmjs_line_add(why, ", this host has none");
    }
    return false;
  }
  return true;
}

bool mvmjs_has_needs_of(const struct mvmjs_io_port *port, const struct mvmjs_image_head *head, struct mvmjs_line *why) {
  struct list list = {head->capabilities, head->capabilities + head->capabilities_length};
  const uint8_t *name;
  uint64_t count, length, version;
  if (!take_array(&list, &count)) return true;
  for (uint64_t i = 0; i < count; i++) {
    if (!take_need(&list, &name, &length, &version)) return true;
    if (mvmjs_io_offers(port, name, (size_t)length, version)) continue;
    mvmjs_line_set(why, "the program needs ", (const char *)NULL);
    mvmjs_line_add_bytes(why, name, (size_t)length);
    mvmjs_line_add(why, " version ");
    mvmjs_line_add_number(why, version);
    mvmjs_line_add(why, ", which this host does not have");
    return false;
  }
  return true;
}
