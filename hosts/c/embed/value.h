// Values between host and program: what vm/value.ts is on Node, as far as hosts in C need it. Reading changes
// nothing in the memory and believes nothing in it; writing allocates in the program's memory, after room was made. Both
// are about the program that the machine is pointed at (program.h).

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

/** A string. */
struct mvmjs_text {
  int32_t word;
  /** Units. */
  size_t length;
  /** The units, of 8 bits each, in the program's memory, valid until the program runs on; NULL if they have to be copied. */
  const uint8_t *narrow;
};
/** False if the word is no string, or one that cannot be. */
bool mvmjs_read_text(int32_t word, struct mvmjs_text *text);
/** Copies the units, of which there are `length`: false if the string is one that cannot be. */
bool mvmjs_copy_text(const struct mvmjs_text *text, uint16_t *units);

// Writing

enum mvmjs_value_kind { MVMJS_UNDEFINED, MVMJS_BOOLEAN, MVMJS_NUMBER, /** UTF-8. */ MVMJS_TEXT, /** UTF-16. */ MVMJS_UNITS, MVMJS_LIST };

/** Plain data of the host's. */
struct mvmjs_value {
  enum mvmjs_value_kind kind;
  /** What writing made of it. */
  int32_t word;
  /** Of a boolean, 0 or 1. */
  double number;
  const char *bytes;
  const uint16_t *units;
  /** Of a list; lists in the lists of a list are not written. */
  struct mvmjs_value *items;
  /** Bytes, units or items. */
  size_t length;
};

/** The words that it may take. */
uint64_t mvmjs_value_words(const struct mvmjs_value *value);
/** Writes it; the room is there. Its word. */
int32_t mvmjs_write_value(struct mvmjs_value *value);

#endif
