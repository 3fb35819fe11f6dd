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
  /** An image is offered: `a` which, `b` how the offer is wrong; 9 to 12: with pins. */
  PEER_OFFER,
  /** Some bytes of it, with a bit flipped if `c` says so; all that is left of it. */
  PEER_CHUNK, PEER_CHUNKS,
  /** What has to follow. */
  PEER_CUT, PEER_COMMIT,
  /** About the program that the device sends: ACCEPT with credit (`a` odd: its pins will be asked for), READY with its image's hash, COMMITTED. */
  PEER_ACCEPT, PEER_READY, PEER_COMMITTED,
  /** The next frame, of which one byte is changed or the length. */
  PEER_PATCH, PEER_STRETCH,
  /** Seven bytes that are no frame. */
  PEER_RAW,
  PEER_OPERATIONS,
};
/** About pins that stay where a program was: what peer_pins does by `a`. `b` says how it is wrong; `value` fills it. */
enum peer_pins {
  /** The device's program is to leave, its pins are not. */
  PINS_MIGRATE,
  /** As the host that has the program: USE, CALL number `c`, HEARD, LET_GO. */
  PINS_USE, PINS_CALL, PINS_HEARD, PINS_LET_GO,
  /** As the host that keeps the pins: RESULT of the last CALL that was heard, EVENT, FAIL. */
  PINS_RESULT, PINS_EVENT, PINS_FAIL,
  PINS_OPERATIONS,
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
  // Pins of the device's programs: the conversation in which they are used, the calls and events that were sent; and what
  // the device asks for
  uint32_t use_stream;
  uint64_t calls, events;
  uint32_t asking_stream;
  uint64_t asked;
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
void peer_pins(struct peer *peer, const struct fuzz_record *record, void (*send)(void *context, const uint8_t *bytes, size_t length), void *context);

// The device

extern struct device fuzz_device;
extern uint64_t fuzz_now_ms;
/** Makes the device as it is after a reset: the same one for every input. */
void fuzz_device_begin(void);
/** Lets its programs run a little, and its time pass. */
void fuzz_device_run(uint32_t ms);

#endif
