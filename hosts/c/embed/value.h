// Values between host and program: what vm/value.ts is on Node, as far as hosts in C need it. Reading changes
// nothing in the memory and believes nothing in it; writing allocates in the program's memory, after room was made. Both
// are about the program that the machine is pointed at (program.h).

#ifndef MVMJS_VALUE_H
#define MVMJS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mvmjs.h"

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
/** Is the text this name, of ASCII? */
bool mvmjs_text_is(const struct mvmjs_text *text, const char *name);
/**
 * Puts the text out as UTF-8, in pieces; a surrogate without its other half becomes U+FFFD, as in Node. Nothing is copied: of a rope
 * each part is looked for from its top. False if the string is one that cannot be.
 */
bool mvmjs_text_put(const struct mvmjs_text *text, void (*put)(void *context, const char *bytes, size_t length), void *context);
/** The same of units that were copied. */
void mvmjs_units_put(const uint16_t *units, size_t length, void (*put)(void *context, const char *bytes, size_t length), void *context);

// Writing: struct mvmjs_value of mvmjs.h, in lists as deep as the host nests them.

/** The words that it may take. */
uint64_t mvmjs_value_words(const struct mvmjs_value *value);
/** Writes it; the room is there. Its word. */
int32_t mvmjs_write_value(struct mvmjs_value *value);

#endif
