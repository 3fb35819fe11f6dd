// Values between host and program: what vm/value.ts is on Node, as far as the POSIX host needs it. Reading changes nothing
// in the memory and believes nothing in it; writing allocates after room was made.

#ifndef MVMJS_VALUE_H
#define MVMJS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Reading

/** The array that the program asks its host with: false if it is none. */
bool mvmjs_read_array(int32_t word, uint32_t *length);
/** Element `index` of it; undefined if it is absent. */
int32_t mvmjs_read_element(int32_t array, uint32_t index);
bool mvmjs_read_number(int32_t word, double *number);

/** The units of a string. */
struct mvmjs_text {
  /** Units of 8 bits in the program's memory, valid until the program runs on, or NULL. */
  const uint8_t *narrow;
  /** Units of 16 bits, to be freed, if `narrow` is NULL. */
  uint16_t *wide;
  size_t length;
};
/** False if the word is no string, or one that cannot be. */
bool mvmjs_read_text(int32_t word, struct mvmjs_text *text);
void mvmjs_free_text(struct mvmjs_text *text);

// Writing

enum mvmjs_value_kind { MVMJS_UNDEFINED, MVMJS_BOOLEAN, MVMJS_NUMBER, MVMJS_TEXT, MVMJS_LIST };

/** Plain data of the host's. */
struct mvmjs_value {
  enum mvmjs_value_kind kind;
  /** Of a boolean, 0 or 1. */
  double number;
  /** Of a text. */
  const uint16_t *units;
  /** Of a list. */
  const struct mvmjs_value *items;
  /** Units or items. */
  size_t length;
};

/** The words that it may take. */
uint64_t mvmjs_value_words(const struct mvmjs_value *value);
/** Writes it; the room is there. Its word. */
int32_t mvmjs_write_value(const struct mvmjs_value *value);

/** A text from UTF-8, its units in memory that is never freed. What is not UTF-8 becomes U+FFFD, as in Node. */
struct mvmjs_value mvmjs_text_value(const char *bytes, size_t length);

#endif
