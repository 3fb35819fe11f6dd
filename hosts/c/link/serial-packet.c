// Packets of the byte link.

#include "serial-packet.h"

#include <string.h>

#include "broken.h"

static void pad(struct mvmjs_sha256 *hash, const uint8_t key[MVMJS_SERIAL_KEY_BYTES], uint8_t with) {
  uint8_t block[64];
  memset(block, with, sizeof block);
  for (int i = 0; i < MVMJS_SERIAL_KEY_BYTES; i++) block[i] ^= key[i];
  mvmjs_sha256_begin(hash);
  mvmjs_sha256_add(hash, block, sizeof block);
}
void mvmjs_hmac_begin(struct mvmjs_sha256 *hash, const uint8_t key[MVMJS_SERIAL_KEY_BYTES]) {
  pad(hash, key, 0x36);
}
void mvmjs_hmac_end(struct mvmjs_sha256 *hash, const uint8_t key[MVMJS_SERIAL_KEY_BYTES], uint8_t digest[MVMJS_SHA256_BYTES]) {
  mvmjs_sha256_end(hash, digest);
  pad(hash, key, 0x5c);
  mvmjs_sha256_add(hash, digest, MVMJS_SHA256_BYTES);
  mvmjs_sha256_end(hash, digest);
}
bool mvmjs_is_same(const uint8_t *a, const uint8_t *b, size_t length) {
  uint8_t difference = 0;
  for (size_t i = 0; i < length; i++) difference = (uint8_t)(difference | (a[i] ^ b[i]));
  return difference == 0;
}

/** The tag of a packet, `body` being all before it. */
static void tag_of(uint8_t digest[MVMJS_SHA256_BYTES], const uint8_t *key, uint32_t sequence, uint32_t acknowledges, const uint8_t *body, size_t length) {
  struct mvmjs_sha256 hash;
  if (key == NULL) {
    mvmjs_sha256_begin(&hash);
    mvmjs_sha256_add(&hash, body, length);
    mvmjs_sha256_end(&hash, digest);
    return;
  }
  const uint8_t upper[4] = {(uint8_t)(sequence >> 16), (uint8_t)(sequence >> 24), (uint8_t)(acknowledges >> 16), (uint8_t)(acknowledges >> 24)};
  mvmjs_hmac_begin(&hash, key);
  mvmjs_sha256_add(&hash, upper, sizeof upper);
  mvmjs_sha256_add(&hash, body, length);
  mvmjs_hmac_end(&hash, key, digest);
}

size_t mvmjs_packet_encode(uint8_t line[MVMJS_LINE_MAX], const uint8_t *key, const struct mvmjs_packet *packet) {
  const size_t body = MVMJS_PACKET_HEADER + packet->length;
  const size_t length = body + MVMJS_PACKET_TAG;
  uint8_t digest[MVMJS_SHA256_BYTES];
  mvmjs_assert(packet->length <= MVMJS_PAYLOAD_MAX, "a payload has at most 128 bytes");
  // It is written where its bytes will be on the line, behind the zero and the first block's head.
  uint8_t *bytes = line + 2;
  bytes[0] = packet->kind;
  bytes[1] = (uint8_t)(MVMJS_PACKET_LAYOUT | packet->flags);
  bytes[2] = (uint8_t)packet->sequence;
  bytes[3] = (uint8_t)(packet->sequence >> 8);
  bytes[4] = (uint8_t)packet->acknowledges;
  bytes[5] = (uint8_t)(packet->acknowledges >> 8);
  bytes[6] = packet->window;
  if (packet->length > 0) memcpy(bytes + MVMJS_PACKET_HEADER, packet->payload, packet->length);
  tag_of(digest, key, packet->sequence, packet->acknowledges, bytes, body);
  memcpy(bytes + body, digest, MVMJS_PACKET_TAG);
  size_t block = 1;
  for (size_t at = 2; at < length + 2; at++) {
    if (line[at] != 0) continue;
    line[block] = (uint8_t)(at - block);
    block = at;
  }
  line[block] = (uint8_t)(length + 2 - block);
  line[0] = line[length + 2] = 0;
  return length + 3;
}

/** The 32-bit number nearest to `near` whose lower half was sent. */
static uint32_t widen(const uint8_t *low, uint32_t near) {
  const uint32_t ahead = ((uint32_t)low[0] | (uint32_t)low[1] << 8) - near;
  const uint32_t short_way = ahead & 0xffff;
  return near + (short_way < 0x8000 ? short_way : short_way - 0x10000);
}
bool mvmjs_packet_read(struct mvmjs_packet *packet, const uint8_t *bytes, size_t length, uint32_t expected, uint32_t base) {
  if (length < MVMJS_PACKET_MIN || (bytes[1] & 15) != MVMJS_PACKET_LAYOUT) return false;
  packet->kind = bytes[0];
  packet->flags = bytes[1] & 0xf0;
  packet->sequence = widen(bytes + 2, expected);
  packet->acknowledges = widen(bytes + 4, base);
  packet->window = bytes[6];
  packet->payload = bytes + MVMJS_PACKET_HEADER;
  packet->length = length - MVMJS_PACKET_MIN;
  return true;
}
bool mvmjs_packet_is_whole(const uint8_t *key, const uint8_t *bytes, size_t length, const struct mvmjs_packet *packet) {
  uint8_t digest[MVMJS_SHA256_BYTES];
  tag_of(digest, key, packet->sequence, packet->acknowledges, bytes, length - MVMJS_PACKET_TAG);
  return mvmjs_is_same(digest, bytes + length - MVMJS_PACKET_TAG, MVMJS_PACKET_TAG);
}

static void put(struct mvmjs_packet_decoder *decoder, uint8_t byte) {
  if (decoder->have == MVMJS_PACKET_MAX) decoder->skips = true;
  else decoder->bytes[decoder->have++] = byte;
}
size_t mvmjs_packet_push(struct mvmjs_packet_decoder *decoder, uint8_t byte) {
  if (byte == 0) {
    const size_t length = !decoder->skips && decoder->begun && decoder->left == 0 ? decoder->have : 0;
    decoder->have = decoder->left = 0;
    decoder->begun = decoder->skips = false;
    return length;
  }
  if (decoder->skips) return 0;
  if (decoder->left > 0) {
    decoder->left--;
    put(decoder, byte);
    return 0;
  }
  if (decoder->begun) put(decoder, 0);
  decoder->begun = true;
  decoder->left = (uint8_t)(byte - 1);
  return 0;
}
