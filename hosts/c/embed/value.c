// Reading and writing values.

#include "value.h"

#include <string.h>

#include "core.h"
#include "format.h"
#include "machine.h"
#include "program.h"
#include "utf8.h"

/** Parts of ropes that wait to be copied: each is at most half as long as the one before. */
enum { PENDING_MAX = 32 };

// Reading

static int32_t kind_of(int32_t word) {
  return (word & 3) == 1 ? mvmjs_word(word >> 2) & 255 : 0;
}

bool mvmjs_read_array(int32_t word, uint32_t *length) {
  if (kind_of(word) != CELL_ARRAY) return false;
  *length = (uint32_t)mvmjs_word((word >> 2) + FIELD_ARRAY_LENGTH);
  return true;
}
int32_t mvmjs_read_element(int32_t array, uint32_t index) {
  return mvmjs_findElement(array >> 2, index) == MVMJS_DATA ? mvmjs_word(mvmjs_get_foundAt()) : IMMEDIATE_UNDEFINED;
}
bool mvmjs_read_number(int32_t word, double *number) {
  if ((word & 1) == 0) {
    *number = word >> 1;
    return true;
  }
  if (kind_of(word) != CELL_NUMBER) return false;
  *number = mvmjs_doubleOf(mvmjs_word((word >> 2) + FIELD_NUMBER_HIGH), mvmjs_word((word >> 2) + FIELD_NUMBER_LOW));
  return true;
}

/** The units of a flat text in the memory: NULL if it is none or says that it is longer than the memory. */
static const uint8_t *flat_units(int32_t word, size_t length, bool *wide) {
  if (!mvmjs_isFlatText(word)) return NULL;
  *wide = mvmjs_wideCell(word >> 2);
  const uint32_t start = (uint32_t)mvmjs_textStart(word >> 2);
  return *wide ? mvmjs_bytes(start * 2, length * 2) : mvmjs_bytes(start, length);
}

/** Copies a flat text of that length. */
static bool copy_flat(uint16_t *to, int32_t word, size_t length) {
  bool wide;
  const uint8_t *units = flat_units(word, length, &wide);
  if (units == NULL) return false;
  for (size_t i = 0; i < length; i++) {
    if (wide) to[i] = (uint16_t)((uint32_t)units[i * 2] | (uint32_t)units[i * 2 + 1] << 8);
    else to[i] = units[i];
  }
  return true;
}

/** Copies a rope of `length` units. Of two parts the shorter is copied first, so that few have to wait. */
static bool copy_rope(uint16_t *to, int32_t rope, size_t length) {
  struct {
    int32_t word;
    size_t at;
    size_t length;
  } pending[PENDING_MAX], now = {rope, 0, length};
  int waiting = 0;
  for (;;) {
    while (kind_of(now.word) == CELL_ROPE) {
      const int32_t left = mvmjs_word((now.word >> 2) + FIELD_ROPE_LEFT);
      const int32_t right = mvmjs_word((now.word >> 2) + FIELD_ROPE_RIGHT);
      if (!mvmjs_isText(left) || !mvmjs_isText(right)) return false;
      const size_t left_length = (uint32_t)mvmjs_textLength(left);
      const size_t right_length = (uint32_t)mvmjs_textLength(right);
      if (left_length + right_length != now.length || left_length == 0) return false;
      if (right_length == 0) {
        // It was made flat before: the left part is the text.
        if (kind_of(left) == CELL_ROPE) return false;
        now.word = left;
        continue;
      }
      if (waiting == PENDING_MAX) return false;
      const bool left_first = left_length < right_length;
      pending[waiting].word = left_first ? right : left;
      pending[waiting].at = left_first ? now.at + left_length : now.at;
      pending[waiting].length = left_first ? right_length : left_length;
      waiting++;
      now.word = left_first ? left : right;
      now.at = left_first ? now.at : now.at + left_length;
      now.length = left_first ? left_length : right_length;
    }
    if (!copy_flat(to + now.at, now.word, now.length)) return false;
    if (waiting == 0) return true;
    waiting--;
    now.word = pending[waiting].word;
    now.at = pending[waiting].at;
    now.length = pending[waiting].length;
  }
}

/** The flat text that unit `at` of a text lies in, and where in it: ropes are walked down from the top, which needs no room. */
static bool find_part(int32_t word, uint32_t *at, int32_t *part) {
  while (kind_of(word) == CELL_ROPE) {
    const int32_t left = mvmjs_word((word >> 2) + FIELD_ROPE_LEFT);
    const int32_t right = mvmjs_word((word >> 2) + FIELD_ROPE_RIGHT);
    if (!mvmjs_isText(left) || !mvmjs_isText(right)) return false;
    const uint32_t length = (uint32_t)mvmjs_textLength(left);
    if (length == 0 || length >= (uint32_t)mvmjs_textLength(word) + (uint32_t)(mvmjs_textLength(right) == 0)) return false;
    word = *at < length ? left : right;
    if (*at >= length) *at -= length;
  }
  *part = word;
  return mvmjs_isFlatText(word);
}

bool mvmjs_read_text(int32_t word, struct mvmjs_text *text) {
  bool wide = false;
  if (!mvmjs_isText(word)) return false;
  text->word = word;
  text->length = (uint32_t)mvmjs_textLength(word);
  if (text->length > STRING_MAX) return false;
  text->narrow = flat_units(word, text->length, &wide);
  if (wide) text->narrow = NULL;
  return true;
}
bool mvmjs_copy_text(const struct mvmjs_text *text, uint16_t *units) {
  return copy_rope(units, text->word, text->length);
}

bool mvmjs_text_is(const struct mvmjs_text *text, const char *name) {
  const size_t length = strlen(name);
  if (text->length != length) return false;
  if (text->narrow != NULL) return memcmp(text->narrow, name, length) == 0;
  for (uint32_t done = 0; done < length; done++) {
    uint32_t at = done;
    int32_t part;
    if (!find_part(text->word, &at, &part) || at >= (uint32_t)mvmjs_textLength(part)) return false;
    if (mvmjs_unitAt(part >> 2, (int32_t)at) != (uint8_t)name[done]) return false;
  }
  return true;
}

/** Bytes on their way out, and the first half of a character of two units. */
struct output {
  void (*put)(void *context, const char *bytes, size_t length);
  void *context;
  uint32_t high;
  size_t used;
  uint8_t bytes[48];
};
static void put_character(struct output *output, uint32_t code) {
  if (output->used > sizeof output->bytes - MVMJS_UTF8_MAX) {
    output->put(output->context, (const char *)output->bytes, output->used);
    output->used = 0;
  }
  output->used += mvmjs_utf8_encode(code, output->bytes + output->used);
}
static void put_next(struct output *output, uint32_t unit) {
  const bool low = unit >= 0xdc00 && unit < 0xe000;
  if (output->high != 0) {
    put_character(output, low ? 0x10000 + ((output->high - 0xd800) << 10) + (unit - 0xdc00) : 0xfffd);
    output->high = 0;
    if (low) return;
  }
  if (unit >= 0xd800 && unit < 0xdc00) output->high = unit;
  else put_character(output, low ? 0xfffd : unit);
}
static void put_rest(struct output *output) {
  if (output->high != 0) put_character(output, 0xfffd);
  if (output->used > 0) output->put(output->context, (const char *)output->bytes, output->used);
}
bool mvmjs_text_put(const struct mvmjs_text *text, void (*put)(void *context, const char *bytes, size_t length), void *context) {
  struct output output = {.put = put, .context = context};
  for (size_t i = 0; text->narrow != NULL && i < text->length; i++) put_next(&output, text->narrow[i]);
  for (uint32_t done = 0; text->narrow == NULL && done < text->length;) {
    uint32_t at = done;
    int32_t part;
    if (!find_part(text->word, &at, &part)) return false;
    const uint32_t end = (uint32_t)mvmjs_textLength(part);
    if (at >= end) return false;
    for (; at < end && done < text->length; at++, done++) put_next(&output, (uint32_t)mvmjs_unitAt(part >> 2, (int32_t)at));
  }
  put_rest(&output);
  return true;
}
void mvmjs_units_put(const uint16_t *units, size_t length, void (*put)(void *context, const char *bytes, size_t length), void *context) {
  struct output output = {.put = put, .context = context};
  for (size_t i = 0; i < length; i++) put_next(&output, units[i]);
  put_rest(&output);
}

// Writing

struct mvmjs_value mvmjs_undefined_value(void) {
  return (struct mvmjs_value){.kind = MVMJS_UNDEFINED};
}
struct mvmjs_value mvmjs_boolean_value(bool boolean) {
  return (struct mvmjs_value){.kind = MVMJS_BOOLEAN, .number = boolean ? 1 : 0};
}
struct mvmjs_value mvmjs_number_value(double number) {
  return (struct mvmjs_value){.kind = MVMJS_NUMBER, .number = number};
}
struct mvmjs_value mvmjs_bytes_value(const char *bytes, size_t length) {
  return (struct mvmjs_value){.kind = MVMJS_TEXT, .bytes = bytes, .length = length};
}
struct mvmjs_value mvmjs_text_value(const char *text) {
  return mvmjs_bytes_value(text, strlen(text));
}
struct mvmjs_value mvmjs_list_value(struct mvmjs_value *items, size_t length) {
  return (struct mvmjs_value){.kind = MVMJS_LIST, .items = items, .length = length};
}

uint64_t mvmjs_value_words(const struct mvmjs_value *value) {
  uint64_t words = 16;
  switch (value->kind) {
    case MVMJS_UNDEFINED:
    case MVMJS_OTHER:
    case MVMJS_BOOLEAN: return 0;
    case MVMJS_NUMBER: return 4;
    // There are never more units than bytes.
    case MVMJS_TEXT:
    case MVMJS_UNITS: return 40 + (uint64_t)value->length * 2;
    case MVMJS_LIST: break;
  }
  for (size_t i = 0; i < value->length; i++) words += mvmjs_value_words(value->items + i) + 1;
  return words;
}

/** A text of so many units: where they go, or NULL. */
static uint8_t *new_text(size_t length, bool wide, int32_t *word) {
  const int32_t address = mvmjs_newText((int32_t)length, wide);
  const uint32_t start = (uint32_t)mvmjs_textStart(address) * (wide ? 2 : 1);
  *word = address << 2 | 1;
  return mvmjs_own_bytes(start, length * (wide ? 2 : 1));
}
static void put_unit(uint8_t *to, size_t at, bool wide, uint16_t unit) {
  if (!wide) {
    to[at] = (uint8_t)unit;
    return;
  }
  to[at * 2] = (uint8_t)unit;
  to[at * 2 + 1] = (uint8_t)(unit >> 8);
}

static int32_t write_units(const uint16_t *units, size_t length) {
  bool wide = false;
  int32_t word;
  if (length == 0) return mvmjs_emptyText();
  for (size_t i = 0; i < length; i++) if (units[i] > 255) wide = true;
  uint8_t *to = new_text(length, wide, &word);
  if (to == NULL) return IMMEDIATE_UNDEFINED;
  for (size_t i = 0; i < length; i++) put_unit(to, i, wide, units[i]);
  return word;
}

/** The units that UTF-8 is; what is not UTF-8 becomes U+FFFD, as in Node. */
static int32_t write_text(const char *bytes, size_t size) {
  const uint8_t *from = (const uint8_t *)bytes;
  size_t length = 0;
  bool wide = false;
  uint32_t code;
  int32_t word;
  for (size_t at = 0; at < size;) {
    at += mvmjs_utf8_decode(from + at, size - at, &code);
    if (code > 255) wide = true;
    length += code >= 0x10000 ? 2 : 1;
  }
  if (length == 0) return mvmjs_emptyText();
  uint8_t *to = new_text(length, wide, &word);
  if (to == NULL) return IMMEDIATE_UNDEFINED;
  size_t unit = 0;
  for (size_t at = 0; at < size;) {
    at += mvmjs_utf8_decode(from + at, size - at, &code);
    if (code >= 0x10000) {
      put_unit(to, unit++, wide, (uint16_t)(0xd800 + ((code - 0x10000) >> 10)));
      code = 0xdc00 + (code & 0x3ff);
    }
    put_unit(to, unit++, wide, (uint16_t)code);
  }
  return word;
}

/** A list of words, one for each item. */
static int32_t write_list(const struct mvmjs_value *value) {
  const int32_t length = (int32_t)value->length;
  int32_t elements = IMMEDIATE_UNDEFINED;
  if (length > 0) {
    const int32_t cell = mvmjs_newElements(length);
    for (int32_t i = 0; i < length; i++) mvmjs_set_word(cell + MVMJS_FIRST_ELEMENT + i, value->items[i].word);
    elements = cell << 2 | 1;
  }
  return mvmjs_newArray(elements, length) << 2 | 1;
}
static int32_t write_flat(const struct mvmjs_value *value) {
  switch (value->kind) {
    case MVMJS_UNDEFINED:
    case MVMJS_OTHER: return IMMEDIATE_UNDEFINED;
    case MVMJS_BOOLEAN: return value->number != 0 ? IMMEDIATE_TRUE : IMMEDIATE_FALSE;
    case MVMJS_NUMBER: return mvmjs_numberWord(value->number);
    case MVMJS_TEXT: return write_text(value->bytes, value->length);
    case MVMJS_UNITS: return write_units(value->units, value->length);
    case MVMJS_LIST: break;
  }
  return write_list(value);
}

int32_t mvmjs_write_value(struct mvmjs_value *value) {
  // Items come before the list that they are in, so that cells lie in the order in which Node's host makes them. How deep
  // this goes the host's own data says, never a program.
  for (size_t i = 0; value->kind == MVMJS_LIST && i < value->length; i++) mvmjs_write_value(value->items + i);
  return value->word = write_flat(value);
}
