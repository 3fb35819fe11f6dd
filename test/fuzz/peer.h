// A peer that says what the records of an input want (fuzz.h): frames that are well formed, in an order and with contents
// that no host would send, and frames that are not. It also listens, since what a host says back has to be frames, and
// since some of what is worth saying (a hash, a transaction) is an answer. wire.c brings its bytes to a link as they are,
// serial.c in packets.

#ifndef FUZZ_PEER_H
#define FUZZ_PEER_H

#include "fuzz.h"
#include "serialdevice.h"

/** What a peer does next; operations from here on are the harness's own. */
enum peer_operation {
  /** A message of any kind: `a` which, `b` and `c` which of its fields that may be left out are there, `value` where their contents come from. */
  PEER_FRAME,
  PEER_HELLO,
  /** An image is offered: `a` which, `b` how the offer is wrong. */
  PEER_OFFER,
  /** Some bytes of it, with a bit flipped if `c` says so; all that is left of it. */
  PEER_CHUNK, PEER_CHUNKS,
  /** What has to follow. */
  PEER_CUT, PEER_COMMIT,
  /** About the program that the device sends: ACCEPT with credit, READY with its image's hash, COMMITTED. */
  PEER_ACCEPT, PEER_READY, PEER_COMMITTED,
  /** The next frame, of which one byte is changed or the length. */
  PEER_PATCH, PEER_STRETCH,
  /** Seven bytes that are no frame. */
  PEER_RAW,
  PEER_OPERATIONS,
};

struct peer {
  bool began;
  uint32_t sequence;
  // What the device said
  struct mvmjs_frame_reader reader;
  uint8_t body[BODY_BYTES * 4];
  // The image that is offered, and how much of it was sent
  struct fuzz_image image;
  size_t sent;
  uint32_t stream;
  // The program that the device offers
  uint32_t their_stream;
  uint8_t their_transaction[MVMJS_TRANSACTION_BYTES];
  struct mvmjs_sha256 hash;
  // What the next frame is to be changed by
  struct fuzz_record patches[4];
  int patch_count;
};

/** A new connection; `began`: the peer connected. */
void peer_begin(struct peer *peer, bool began);
/** Bytes that the device sent. */
void peer_hear(struct peer *peer, const uint8_t *bytes, size_t length);
/** Does what the record says, and gives the bytes of each frame to `send`. */
void peer_do(struct peer *peer, const struct fuzz_record *record, void (*send)(void *context, const uint8_t *bytes, size_t length), void *context);

// The device

extern struct device fuzz_device;
extern uint64_t fuzz_now_ms;
/** Makes the device as it is after a reset: the same one for every input. */
void fuzz_device_begin(void);
/** Lets its programs run a little, and its time pass. */
void fuzz_device_run(uint32_t ms);

#endif
