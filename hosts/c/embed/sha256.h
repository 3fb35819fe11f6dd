// SHA-256 (FIPS 180-4) of bytes that come in pieces, and the CRC-32 of zlib: the checksums of images.

#ifndef MVMJS_SHA256_H
#define MVMJS_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { MVMJS_SHA256_BYTES = 32 };

struct mvmjs_sha256 {
  uint32_t state[8];
  uint64_t length;
  uint8_t block[64];
};

void mvmjs_sha256_begin(struct mvmjs_sha256 *hash);
void mvmjs_sha256_add(struct mvmjs_sha256 *hash, const uint8_t *bytes, size_t length);
void mvmjs_sha256_end(struct mvmjs_sha256 *hash, uint8_t digest[MVMJS_SHA256_BYTES]);

/** The CRC-32 of the bytes whose CRC-32 is `crc` (0 for none), followed by these. */
uint32_t mvmjs_crc32(uint32_t crc, const uint8_t *bytes, size_t length);

#endif
