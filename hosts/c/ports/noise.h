// Random bytes where a board has no source of them: a generator (xorshift64*) that the clock stirs at each use. Good enough for
// dice and for telling sessions apart, not for keys: a board that keeps secrets needs a port with a source of noise.

#ifndef MVMJS_NOISE_H
#define MVMJS_NOISE_H

#include <stddef.h>
#include <stdint.h>

void mvmjs_noise(uint8_t *bytes, size_t length);

#endif
