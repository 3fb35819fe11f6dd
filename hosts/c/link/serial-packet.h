// The packets of the byte link: vm/serial-packet.ts, line by line; how one lies on the line is drawn there.

#ifndef MVMJS_SERIAL_PACKET_H
#define MVMJS_SERIAL_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sha256.h"

enum mvmjs_packet_kind {
  MVMJS_PACKET_HELLO = 1, MVMJS_PACKET_CHALLENGE, MVMJS_PACKET_PROOF, MVMJS_PACKET_REFUSE, MVMJS_PACKET_DATA, MVMJS_PACKET_ACK, MVMJS_PACKET_CLOSE,
};
enum {
  /** The receiver is to answer, if only by an ACK. */
  MVMJS_PACKET_ANSWER = 0x10,
  /** A packet has come before its turn and was dropped: the acknowledged one is missing. */
  MVMJS_PACKET_MISSING = 0x20,
  /** DATA of the connection that the device has through the client. */
  MVMJS_PACKET_REVERSE = 0x40,
  /** With REVERSE: not its bytes, but that it begins or ends: the first byte says which; behind OPEN is the place. */
  MVMJS_PACKET_CONTROL = 0x80,
  MVMJS_REVERSE_OPEN = 1,
  MVMJS_REVERSE_CLOSE = 2,
  MVMJS_PACKET_LAYOUT = 1,
};
enum {
  MVMJS_PAYLOAD_MAX = 128,
  MVMJS_PACKET_HEADER = 7,
  MVMJS_PACKET_TAG = 8,
  MVMJS_PACKET_MIN = MVMJS_PACKET_HEADER + MVMJS_PACKET_TAG,
  MVMJS_PACKET_MAX = MVMJS_PACKET_MIN + MVMJS_PAYLOAD_MAX,
  /** Bytes of a packet on the line. */
  MVMJS_LINE_MAX = MVMJS_PACKET_MAX + 3,
  MVMJS_SERIAL_KEY_BYTES = 32,
};

struct mvmjs_packet {
  uint8_t kind;
  uint8_t flags;
  uint8_t window;
  uint32_t sequence;
  uint32_t acknowledges;
  const uint8_t *payload;
  size_t length;
};

/** HMAC-SHA-256 of what is added to the hash between the two. */
void mvmjs_hmac_begin(struct mvmjs_sha256 *hash, const uint8_t key[MVMJS_SERIAL_KEY_BYTES]);
void mvmjs_hmac_end(struct mvmjs_sha256 *hash, const uint8_t key[MVMJS_SERIAL_KEY_BYTES], uint8_t digest[MVMJS_SHA256_BYTES]);
/** Compares in a time that does not tell where the difference is. */
bool mvmjs_is_same(const uint8_t *a, const uint8_t *b, size_t length);

/** A packet as it goes on the line: its length there. Without a key it gets a checksum. */
size_t mvmjs_packet_encode(uint8_t line[MVMJS_LINE_MAX], const uint8_t *key, const struct mvmjs_packet *packet);
/** What the fields of a packet say, its sequences widened; false if it is none. The tag is not looked at. */
bool mvmjs_packet_read(struct mvmjs_packet *packet, const uint8_t *bytes, size_t length, uint32_t expected, uint32_t base);
/** Is the tag right? */
bool mvmjs_packet_is_whole(const uint8_t *key, const uint8_t *bytes, size_t length, const struct mvmjs_packet *packet);

/** Undoes COBS byte by byte, in a buffer of one packet. All zero but `skips`: at its beginning. */
struct mvmjs_packet_decoder {
  uint8_t bytes[MVMJS_PACKET_MAX];
  uint8_t have;
  /** Bytes of the block that are to come. */
  uint8_t left;
  bool begun;
  /** What comes until the next zero is no packet: the beginning was not heard, or it is damaged. */
  bool skips;
};
/** The length of the packet that this byte ends, or 0; it is valid until the next byte. */
size_t mvmjs_packet_push(struct mvmjs_packet_decoder *decoder, uint8_t byte);

#endif
