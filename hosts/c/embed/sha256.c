// Checksums. Small rather than fast: an image is hashed once.

#include "sha256.h"

#include <string.h>

static const uint32_t constants[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int by) {
  return x >> by | x << (32 - by);
}

static void digest_block(uint32_t state[8], const uint8_t block[64]) {
  uint32_t w[64];
  uint32_t s[8];
  for (int i = 0; i < 16; i++) {
    w[i] = (uint32_t)block[i * 4] << 24 | (uint32_t)block[i * 4 + 1] << 16 | (uint32_t)block[i * 4 + 2] << 8 | block[i * 4 + 3];
  }
  for (int i = 16; i < 64; i++) {
    const uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    const uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    const uint32_t a = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25);
    const uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    const uint32_t first = s[7] + a + choice + constants[i] + w[i];
    const uint32_t b = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
    const uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    // Word by word: as one memmove these took most of the time on a computer.
    s[7] = s[6];
    s[6] = s[5];
    s[5] = s[4];
    s[4] = s[3] + first;
    s[3] = s[2];
    s[2] = s[1];
    s[1] = s[0];
    s[0] = first + b + majority;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

void mvmjs_sha256_begin(struct mvmjs_sha256 *hash) {
  static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(hash->state, start, sizeof start);
  hash->length = 0;
}

void mvmjs_sha256_add(struct mvmjs_sha256 *hash, const uint8_t *bytes, size_t length) {
  size_t filled = (size_t)(hash->length & 63);
  hash->length += length;
  while (length > 0) {
    if (filled == 0 && length >= 64) {
      digest_block(hash->state, bytes);
      bytes += 64;
      length -= 64;
      continue;
    }
    const size_t part = length < 64 - filled ? length : 64 - filled;
    memcpy(hash->block + filled, bytes, part);
    bytes += part;
    length -= part;
    filled += part;
    if (filled == 64) {
      digest_block(hash->state, hash->block);
      filled = 0;
    }
  }
}

void mvmjs_sha256_end(struct mvmjs_sha256 *hash, uint8_t digest[MVMJS_SHA256_BYTES]) {
  const uint64_t bits = hash->length << 3;
  uint8_t length[8];
  for (int i = 0; i < 8; i++) length[i] = (uint8_t)(bits >> (56 - i * 8));
  uint8_t padding = 0x80;
  do {
    mvmjs_sha256_add(hash, &padding, 1);
    padding = 0;
  } while ((hash->length & 63) != 56);
  mvmjs_sha256_add(hash, length, sizeof length);
  for (int i = 0; i < MVMJS_SHA256_BYTES; i++) digest[i] = (uint8_t)(hash->state[i >> 2] >> (24 - (i & 3) * 8));
}

uint32_t mvmjs_crc32(uint32_t crc, const uint8_t *bytes, size_t length) {
  // Four bits at a time.
  static const uint32_t table[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  crc = ~crc;
  for (size_t i = 0; i < length; i++) {
    crc ^= bytes[i];
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}
