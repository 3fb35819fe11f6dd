// Reading and writing values.

#include "value.h"

#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "format.h"
#include "machine.h"
#include "program.h"
#include "trouble.h"

/** Parts of ropes that wait to be copied: each is at most half as long as the one before. */
enum { PENDING_MAX = 32 };

static void *allocate(size_t count, size_t size) {
  void *pointer = calloc(count > 0 ? count : 1, size);
  if (pointer == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return pointer;
}

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

bool mvmjs_read_text(int32_t word, struct mvmjs_text *text) {
  bool wide = false;
  text->narrow = NULL;
  text->wide = NULL;
  if (!mvmjs_isText(word)) return false;
  text->length = (uint32_t)mvmjs_textLength(word);
  if (text->length > STRING_MAX) return false;
  text->narrow = flat_units(word, text->length, &wide);
  if (text->narrow != NULL && !wide) return true;
  text->narrow = NULL;
  text->wide = allocate(text->length, sizeof *text->wide);
  if (copy_rope(text->wide, word, text->length)) return true;
  mvmjs_free_text(text);
  return false;
}
void mvmjs_free_text(struct mvmjs_text *text) {
  free(text->wide);
  text->wide = NULL;
}

// Writing

uint64_t mvmjs_value_words(const struct mvmjs_value *value) {
  uint64_t words = 16;
  switch (value->kind) {
    case MVMJS_UNDEFINED:
    case MVMJS_BOOLEAN: return 0;
    case MVMJS_NUMBER: return 4;
    case MVMJS_TEXT: return 40 + (uint64_t)value->length * 2;
    case MVMJS_LIST: break;
  }
  for (size_t i = 0; i < value->length; i++) words += mvmjs_value_words(value->items + i) + 1;
  return words;
}

static int32_t write_text(const struct mvmjs_value *value) {
  bool wide = false;
  if (value->length == 0) return mvmjs_emptyText();
  for (size_t i = 0; i < value->length; i++) if (value->units[i] > 255) wide = true;
  const int32_t address = mvmjs_newText((int32_t)value->length, wide);
  const uint32_t start = (uint32_t)mvmjs_textStart(address) * (wide ? 2 : 1);
  const size_t size = value->length * (wide ? 2 : 1);
  // The memory is the program's to write to; only reading it from outside is const.
  uint8_t *to = (uint8_t *)(uintptr_t)mvmjs_bytes(start, size);
  if (to == NULL) return IMMEDIATE_UNDEFINED;
  for (size_t i = 0; i < value->length; i++) {
    if (wide) {
      to[i * 2] = (uint8_t)value->units[i];
      to[i * 2 + 1] = (uint8_t)(value->units[i] >> 8);
    } else {
      to[i] = (uint8_t)value->units[i];
    }
  }
  return address << 2 | 1;
}

int32_t mvmjs_write_value(const struct mvmjs_value *value) {
  switch (value->kind) {
    case MVMJS_UNDEFINED: return IMMEDIATE_UNDEFINED;
    case MVMJS_BOOLEAN: return value->number != 0 ? IMMEDIATE_TRUE : IMMEDIATE_FALSE;
    case MVMJS_NUMBER: return mvmjs_numberWord(value->number);
    case MVMJS_TEXT: return write_text(value);
    case MVMJS_LIST: break;
  }
  const int32_t length = (int32_t)value->length;
  int32_t elements = IMMEDIATE_UNDEFINED;
  if (length > 0) {
    // The items come first, so that cells lie in the order in which Node's host makes them.
    int32_t *words = allocate(value->length, sizeof *words);
    for (int32_t i = 0; i < length; i++) words[i] = mvmjs_write_value(value->items + i);
    const int32_t cell = mvmjs_newElements(length);
    for (int32_t i = 0; i < length; i++) mvmjs_set_word(cell + MVMJS_FIRST_ELEMENT + i, words[i]);
    elements = cell << 2 | 1;
    free(words);
  }
  return mvmjs_newArray(elements, length) << 2 | 1;
}

/** Length of the UTF-8 sequence that `bytes` begin with and its character; if there is none, what U+FFFD stands for. */
static size_t decode(const uint8_t *bytes, size_t length, uint32_t *code) {
  const uint8_t first = bytes[0];
  const size_t size = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  *code = 0xfffd;
  if (size == 0) return 1;
  uint32_t value = size == 1 ? first : first & (0x7fu >> size);
  for (size_t i = 1; i < size; i++) {
    // What may follow the first byte is less in some cases: overlong forms, surrogates, beyond U+10FFFF.
    const uint8_t low = i > 1 ? 0x80 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = i > 1 ? 0xbf : first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (i >= length || bytes[i] < low || bytes[i] > high) return i;
    value = value << 6 | (bytes[i] & 63u);
  }
  *code = value;
  return size;
}

struct mvmjs_value mvmjs_text_value(const char *bytes, size_t length) {
  uint16_t *units = allocate(length, sizeof *units);
  struct mvmjs_value value = {.kind = MVMJS_TEXT, .units = units};
  for (size_t at = 0; at < length;) {
    uint32_t code;
    at += decode((const uint8_t *)bytes + at, length - at, &code);
    if (code >= 0x10000) {
      units[value.length++] = (uint16_t)(0xd800 + ((code - 0x10000) >> 10));
      code = 0xdc00 + (code & 0x3ff);
    }
    units[value.length++] = (uint16_t)code;
  }
  return value;
}
