// Stirred by the clock.

#include "noise.h"

#include "port.h"

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

void mvmjs_noise(uint8_t *bytes, size_t length) {
  state ^= mvmjs_port_now() << 1 | 1;
  for (size_t i = 0; i < length; i++) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    bytes[i] = (uint8_t)(state * UINT64_C(0x2545f4914f6cdd1d) >> 56);
  }
}
