// UTF-8, strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.

#include "utf8.h"

/** Bytes of a sequence by its first one; 0: none begins so. */
static size_t size_of(uint8_t first) {
  return first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
}
/** The same, and whether it is all there; `code` is its character then. */
static size_t sequence(const uint8_t *bytes, size_t length, uint32_t *code, bool *whole) {
  const uint8_t first = bytes[0];
  const size_t size = size_of(first);
  *whole = false;
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
  *whole = true;
  return size;
}

size_t mvmjs_utf8_decode(const uint8_t *bytes, size_t length, uint32_t *code) {
  bool whole;
  return sequence(bytes, length, code, &whole);
}
bool mvmjs_utf8_is(const uint8_t *bytes, size_t length) {
  bool whole = true;
  uint32_t code;
  for (size_t at = 0; whole && at < length;) at += sequence(bytes + at, length - at, &code, &whole);
  return whole;
}
size_t mvmjs_utf8_fit(const uint8_t *bytes, size_t length, size_t room) {
  size_t at = 0;
  while (at < length) {
    uint32_t code;
    const size_t size = mvmjs_utf8_decode(bytes + at, length - at, &code);
    if (size > room - at) break;
    at += size;
  }
  return at;
}

size_t mvmjs_utf8_encode(uint32_t code, uint8_t bytes[MVMJS_UTF8_MAX]) {
  size_t size = 0;
  if (code < 0x80) {
    bytes[0] = (uint8_t)code;
    return 1;
  }
  if (code < 0x800) {
    bytes[size++] = (uint8_t)(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      bytes[size++] = (uint8_t)(0xe0 | code >> 12);
    } else {
      bytes[size++] = (uint8_t)(0xf0 | code >> 18);
      bytes[size++] = (uint8_t)(0x80 | (code >> 12 & 63));
    }
    bytes[size++] = (uint8_t)(0x80 | (code >> 6 & 63));
  }
  bytes[size++] = (uint8_t)(0x80 | (code & 63));
  return size;
}
