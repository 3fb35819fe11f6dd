// Numbers as bytes: little-endian as in the memory and in frames, whatever the processor has. Nothing else in hosts/c looks
// at numbers through pointers to bytes.

#ifndef MVMJS_BYTES_H
#define MVMJS_BYTES_H

#include <stdint.h>

static inline uint32_t mvmjs_get32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}
static inline void mvmjs_put32(uint8_t *bytes, uint32_t value) {
  bytes[0] = (uint8_t)value;
  bytes[1] = (uint8_t)(value >> 8);
  bytes[2] = (uint8_t)(value >> 16);
  bytes[3] = (uint8_t)(value >> 24);
}

#endif
