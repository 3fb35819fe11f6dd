// UTF-8 and characters: what texts are outside of programs.

#ifndef MVMJS_UTF8_H
#define MVMJS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest form of a character. */
enum { MVMJS_UTF8_MAX = 4 };

/** Bytes of the sequence that `bytes` begin with, and its character; where there is none, what U+FFFD stands for. */
size_t mvmjs_utf8_decode(const uint8_t *bytes, size_t length, uint32_t *code);
/** Writes a character: how many bytes. */
size_t mvmjs_utf8_encode(uint32_t code, uint8_t bytes[MVMJS_UTF8_MAX]);
/** Are the bytes UTF-8 throughout? */
bool mvmjs_utf8_is(const uint8_t *bytes, size_t length);
/** Bytes of the longest beginning of at most `room` bytes that ends between two characters. */
size_t mvmjs_utf8_fit(const uint8_t *bytes, size_t length, size_t room);

#endif
