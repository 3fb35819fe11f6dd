// The byte link: an ordered, authenticated stream of bytes over a line that loses, flips, doubles and delays them. It is
// vm/serial.ts, line by line and byte by byte; the protocol and its reasons are there. The host hands in what came from
// its line (`feed`) and fetches what is to go out (`pull`), packet by packet; above, it writes and reads the bytes of the
// stream, on which the frames of wire.h run. Time is an argument in milliseconds. Nothing is allocated: with one packet
// for each direction, as on a small device, all of it is about 720 bytes.
//
// A host's loop: feed what came; read until nothing is left and work on it; write what is to be said; pull until nothing
// comes. In that order acknowledgements ride on answers, and the window that they tell is as large as it can be.

#ifndef MVMJS_SERIAL_H
#define MVMJS_SERIAL_H

#include "serial-packet.h"

/** Packets that are kept of each direction. */
#ifndef MVMJS_SERIAL_PACKETS
#define MVMJS_SERIAL_PACKETS 1
#endif
/** Can it be the side that connects? A device answers only. */
#ifndef MVMJS_SERIAL_CLIENT
#define MVMJS_SERIAL_CLIENT 1
#endif

enum { MVMJS_SERIAL_NONCE = 16, MVMJS_SERIAL_KEY_ID = 8, MVMJS_SERIAL_LOWEST = 1, MVMJS_SERIAL_HIGHEST = 1 };
#define MVMJS_SERIAL_NEVER UINT64_MAX

enum mvmjs_serial_phase {
  /** A device without a session. */
  MVMJS_SERIAL_IDLE,
  /** A client that waits for CHALLENGE; that has sent PROOF. */
  MVMJS_SERIAL_GREETING, MVMJS_SERIAL_PROVING,
  MVMJS_SERIAL_OPEN,
  /** CLOSE is on its way, behind what was written. */
  MVMJS_SERIAL_ENDING,
  /** A client whose link is over. */
  MVMJS_SERIAL_OVER,
};
enum mvmjs_serial_problem {
  MVMJS_SERIAL_FINE, MVMJS_SERIAL_CLOSED, MVMJS_SERIAL_LOST,
  /** A client: nothing came; CHALLENGE came but no session; the device has another key, or no version in common. */
  MVMJS_SERIAL_SILENT, MVMJS_SERIAL_UNPROVED, MVMJS_SERIAL_WRONG_KEY, MVMJS_SERIAL_WRONG_VERSION,
};

struct mvmjs_serial_key {
  /** The first bytes of the SHA-256 of "mvm key" and the key. */
  uint8_t id[MVMJS_SERIAL_KEY_ID];
  uint8_t key[MVMJS_SERIAL_KEY_BYTES];
};
/** The key of these bytes, with its id. */
void mvmjs_serial_key(struct mvmjs_serial_key *key, const uint8_t bytes[MVMJS_SERIAL_KEY_BYTES]);

struct mvmjs_serial_slot {
  /** Which connection its bytes belong to: MVMJS_PACKET_REVERSE, MVMJS_PACKET_CONTROL. */
  uint8_t flags;
  uint8_t length;
  uint8_t bytes[MVMJS_PAYLOAD_MAX];
};

struct mvmjs_serial {
  // The host's: set before `mvmjs_serial_begin`.
  bool is_client;
  /** The client's keys, of which it takes the one that the device names; a device has one. */
  const struct mvmjs_serial_key *keys;
  uint32_t key_count;
  /** Fills bytes that nobody can foretell. */
  void (*random)(void *context, uint8_t *bytes, size_t length);
  void *context;
  /** So long a peer may be silent. */
  uint32_t patience_ms;

  // For the host to look at
  enum mvmjs_serial_phase phase;
  enum mvmjs_serial_problem problem;
  /** Links that have been opened: another number is another link, and what was of the old one is gone. */
  uint32_t links;
  /** Where the problem is the key: the id of the one that the device has. */
  uint8_t peer_key[MVMJS_SERIAL_KEY_ID];

  // Its own, from here
  struct mvmjs_packet_decoder decoder;

  /** Of the client its own nonces and versions; of a device those of the challenge that is pending. */
  uint8_t client_nonce[MVMJS_SERIAL_NONCE];
  uint8_t device_nonce[MVMJS_SERIAL_NONCE];
  uint8_t versions[2];
  bool is_pending;
  bool owes_challenge;
  bool owes_refusal;
  bool has_proof;
  uint8_t proofs_left;
  /** Of the client: what it proves itself by. Of a device: what the session began with, which may come twice. */
  uint8_t proof[MVMJS_SHA256_BYTES];
  uint64_t began_at_ms;
  uint64_t repeat_at_ms;

  bool has_keys;
  uint8_t send_key[MVMJS_SERIAL_KEY_BYTES];
  uint8_t receive_key[MVMJS_SERIAL_KEY_BYTES];
  uint64_t heard_at_ms;
  uint64_t asked_at_ms;

  /** What is to be sent: `queued` packets from sequence `base` on, the first that is not acknowledged. */
  struct mvmjs_serial_slot queue[MVMJS_SERIAL_PACKETS];
  uint32_t queued;
  uint32_t base;
  uint32_t next;
  uint32_t sent;
  uint32_t limit;
  bool closing;
  /** What was missing has been sent again already. */
  bool hurried;
  bool owes_ack;
  bool missing;
  uint64_t retry_at_ms;
  uint32_t retry_ms;
  /** Smoothed round trip in eighths of a millisecond, its deviation in quarters; negative: none was measured. */
  int32_t round_trip8;
  int32_t deviation4;
  bool is_timed;
  uint32_t timed;
  uint64_t timed_at_ms;

  struct mvmjs_serial_slot received[MVMJS_SERIAL_PACKETS];
  uint32_t received_first;
  uint32_t received_count;
  uint32_t expected;
  /** The edge of the window that the peer was told. */
  uint32_t told;
};

void mvmjs_serial_begin(struct mvmjs_serial *serial, uint64_t now_ms);

// The stream

/** Takes bytes to be sent: how many. */
size_t mvmjs_serial_write(struct mvmjs_serial *serial, const uint8_t *bytes, size_t length);
/** The same for either connection: CONTROL goes whole, or not yet. */
size_t mvmjs_serial_write_as(struct mvmjs_serial *serial, uint8_t flags, const uint8_t *bytes, size_t length);
/** Bytes that `write` would take now. */
size_t mvmjs_serial_room(const struct mvmjs_serial *serial);
/** The bytes of the next packet that came: how many, at most MVMJS_PAYLOAD_MAX; 0 if there is none. */
size_t mvmjs_serial_read(struct mvmjs_serial *serial, uint8_t *bytes);
/** The same in place: which connection they belong to, and they themselves, until they are dropped or another link opens while bytes are fed. */
uint8_t mvmjs_serial_front_flags(const struct mvmjs_serial *serial);
const uint8_t *mvmjs_serial_front(const struct mvmjs_serial *serial, size_t *length);
void mvmjs_serial_drop(struct mvmjs_serial *serial);
/** Ends the link behind what was written. */
void mvmjs_serial_close(struct mvmjs_serial *serial);

// The line

void mvmjs_serial_feed(struct mvmjs_serial *serial, const uint8_t *bytes, size_t length, uint64_t now_ms);
/** The next packet for the line: its length, 0 if there is none now. */
size_t mvmjs_serial_pull(struct mvmjs_serial *serial, uint8_t line[MVMJS_LINE_MAX], uint64_t now_ms);
/** When `pull` is to be called at the latest, if nothing comes, is written or read before. */
uint64_t mvmjs_serial_next_time(const struct mvmjs_serial *serial, uint64_t now_ms);

#endif
