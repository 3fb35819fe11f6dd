// The byte link: handshake and stream.

#include "serial.h"

#include <string.h>

#include "broken.h"

typedef struct mvmjs_serial Serial;
typedef struct mvmjs_packet Packet;
typedef struct mvmjs_serial_slot Slot;

enum {
  REPEAT_MS = 250, RETRY_FIRST_MS = 250, RETRY_LEAST_MS = 30, RETRY_MOST_MS = 2000,
  KEEP_ALIVE_MS = 3000, PROBE_MS = 200,
  /** PROOFs that are not answered before the client greets anew. */
  PROOFS = 4,
  HELLO_BYTES = MVMJS_SERIAL_NONCE + 2,
  CHALLENGE_BYTES = 2 * MVMJS_SERIAL_NONCE + 1 + MVMJS_SERIAL_KEY_ID + MVMJS_SHA256_BYTES,
};
/** The last sequence of a session. */
static const uint32_t SEQUENCE_MAX = 0xfffffff0;

void mvmjs_serial_key(struct mvmjs_serial_key *key, const uint8_t bytes[MVMJS_SERIAL_KEY_BYTES]) {
  static const uint8_t salt[] = {'m', 'v', 'm', ' ', 'k', 'e', 'y'};
  struct mvmjs_sha256 hash;
  uint8_t digest[MVMJS_SHA256_BYTES];
  mvmjs_sha256_begin(&hash);
  mvmjs_sha256_add(&hash, salt, sizeof salt);
  mvmjs_sha256_add(&hash, bytes, MVMJS_SERIAL_KEY_BYTES);
  mvmjs_sha256_end(&hash, digest);
  memcpy(key->id, digest, sizeof key->id);
  memcpy(key->key, bytes, sizeof key->key);
}

static uint64_t later(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}
static uint64_t earlier(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}
static bool has_session(const Serial *serial) {
  return serial->phase == MVMJS_SERIAL_OPEN || serial->phase == MVMJS_SERIAL_ENDING;
}
static uint32_t end_of(const Serial *serial) {
  return serial->base + serial->queued;
}
static uint32_t edge(const Serial *serial) {
  return serial->expected + MVMJS_SERIAL_PACKETS - serial->received_count;
}
static Slot *slot_of(Serial *serial, uint32_t sequence) {
  return &serial->queue[sequence % MVMJS_SERIAL_PACKETS];
}

/** A client's link is over; a device waits for the next. */
static void finish(Serial *serial, enum mvmjs_serial_problem problem) {
  serial->phase = serial->is_client ? MVMJS_SERIAL_OVER : MVMJS_SERIAL_IDLE;
  serial->problem = problem;
  serial->queued = 0;
  serial->closing = false;
  serial->retry_at_ms = MVMJS_SERIAL_NEVER;
}

void mvmjs_serial_begin(Serial *serial, uint64_t now_ms) {
  const bool is_client = serial->is_client;
  const struct mvmjs_serial_key *keys = serial->keys;
  const uint32_t key_count = serial->key_count, patience_ms = serial->patience_ms;
  void (*const random)(void *context, uint8_t *bytes, size_t length) = serial->random;
  void *const context = serial->context;
  mvmjs_assert(key_count > 0 && patience_ms > 0, "a byte link has a key and patience");
  mvmjs_assert(MVMJS_SERIAL_CLIENT || !is_client, "what connects was built in");
  memset(serial, 0, sizeof *serial);
  serial->is_client = is_client;
  serial->keys = keys;
  serial->key_count = key_count;
  serial->patience_ms = patience_ms;
  serial->random = random;
  serial->context = context;
  serial->decoder.skips = true;
  serial->began_at_ms = serial->repeat_at_ms = now_ms;
  serial->retry_at_ms = MVMJS_SERIAL_NEVER;
  serial->limit = serial->told = 1;
  serial->versions[0] = MVMJS_SERIAL_LOWEST;
  serial->versions[1] = MVMJS_SERIAL_HIGHEST;
  serial->phase = serial->is_client ? MVMJS_SERIAL_GREETING : MVMJS_SERIAL_IDLE;
  if (serial->is_client) serial->random(serial->context, serial->client_nonce, MVMJS_SERIAL_NONCE);
}

// The stream

/** The queue's last packet, if it has never been sent and more of this connection fits. */
static Slot *open_slot(Serial *serial, uint8_t flags) {
  if (serial->queued == 0 || end_of(serial) - 1 < serial->sent) return NULL;
  Slot *last = slot_of(serial, end_of(serial) - 1);
  return last->length < MVMJS_PAYLOAD_MAX && last->flags == flags && (flags & MVMJS_PACKET_CONTROL) == 0 ? last : NULL;
}
size_t mvmjs_serial_write(Serial *serial, const uint8_t *bytes, size_t length) {
  return mvmjs_serial_write_as(serial, 0, bytes, length);
}
size_t mvmjs_serial_write_as(Serial *serial, uint8_t flags, const uint8_t *bytes, size_t length) {
  size_t taken = 0;
  if (serial->phase != MVMJS_SERIAL_OPEN) return 0;
  while (taken < length) {
    Slot *slot = open_slot(serial, flags);
    if (slot == NULL) {
      if (serial->queued == MVMJS_SERIAL_PACKETS) break;
      serial->queued++;
      slot = slot_of(serial, end_of(serial) - 1);
      slot->flags = flags;
      slot->length = 0;
    }
    const size_t room = (size_t)(MVMJS_PAYLOAD_MAX - slot->length);
    const size_t count = length - taken < room ? length - taken : room;
    memcpy(slot->bytes + slot->length, bytes + taken, count);
    slot->length = (uint8_t)(slot->length + count);
    taken += count;
  }
  return taken;
}
size_t mvmjs_serial_room(const Serial *serial) {
  if (serial->phase != MVMJS_SERIAL_OPEN) return 0;
  size_t room = (size_t)(MVMJS_SERIAL_PACKETS - serial->queued) * MVMJS_PAYLOAD_MAX;
  if (serial->queued > 0 && end_of(serial) - 1 >= serial->sent) room += (size_t)(MVMJS_PAYLOAD_MAX - serial->queue[(end_of(serial) - 1) % MVMJS_SERIAL_PACKETS].length);
  return room;
}
uint8_t mvmjs_serial_front_flags(const Serial *serial) {
  return serial->received_count == 0 ? 0 : serial->received[serial->received_first].flags;
}
const uint8_t *mvmjs_serial_front(const Serial *serial, size_t *length) {
  *length = serial->received_count == 0 ? 0 : serial->received[serial->received_first].length;
  return serial->received[serial->received_first].bytes;
}
void mvmjs_serial_drop(Serial *serial) {
  mvmjs_assert(serial->received_count > 0, "what is dropped has come");
  serial->received_first = (serial->received_first + 1) % MVMJS_SERIAL_PACKETS;
  serial->received_count--;
  // The peer is told of the room before it asks.
  if (serial->phase == MVMJS_SERIAL_OPEN && edge(serial) - serial->told >= (MVMJS_SERIAL_PACKETS + 1) / 2) serial->owes_ack = true;
}
size_t mvmjs_serial_read(Serial *serial, uint8_t *bytes) {
  size_t length;
  const uint8_t *front = mvmjs_serial_front(serial, &length);
  if (length == 0) return 0;
  memcpy(bytes, front, length);
  mvmjs_serial_drop(serial);
  return length;
}
void mvmjs_serial_close(Serial *serial) {
  if (serial->phase == MVMJS_SERIAL_GREETING || serial->phase == MVMJS_SERIAL_PROVING) finish(serial, MVMJS_SERIAL_CLOSED);
  if (serial->phase != MVMJS_SERIAL_OPEN) return;
  serial->phase = MVMJS_SERIAL_ENDING;
  serial->closing = true;
}

// Packets that go out

static bool can_send(const Serial *serial) {
  return serial->next < end_of(serial) ? serial->next < serial->limit : serial->closing && serial->next == end_of(serial);
}
/** When the peer is asked to answer. */
static uint64_t ask_at(const Serial *serial) {
  const bool is_blocked = serial->next == serial->base && serial->next < end_of(serial) && serial->next >= serial->limit;
  return later(serial->heard_at_ms, serial->asked_at_ms) + (is_blocked ? PROBE_MS : KEEP_ALIVE_MS);
}
static void go_back(Serial *serial) {
  serial->next = serial->base;
  serial->is_timed = false;
  serial->retry_at_ms = MVMJS_SERIAL_NEVER;
}
static size_t plain(uint8_t *line, enum mvmjs_packet_kind kind, const uint8_t *payload, size_t length) {
  const Packet packet = {.kind = (uint8_t)kind, .payload = payload, .length = length};
  return mvmjs_packet_encode(line, NULL, &packet);
}
/** A packet of the session. It acknowledges what has come. */
static size_t session_packet(Serial *serial, uint8_t *line, enum mvmjs_packet_kind kind, uint8_t flags, uint32_t sequence, const Slot *slot) {
  mvmjs_assert(serial->has_keys, "a session has keys");
  const Packet packet = {
    .kind = (uint8_t)kind, .flags = (uint8_t)(flags | (serial->missing ? MVMJS_PACKET_MISSING : 0)), .sequence = sequence, .acknowledges = serial->expected,
    .window = (uint8_t)(edge(serial) - serial->expected), .payload = slot == NULL ? NULL : slot->bytes, .length = slot == NULL ? 0 : slot->length,
  };
  serial->owes_ack = serial->missing = false;
  serial->told = edge(serial);
  return mvmjs_packet_encode(line, serial->send_key, &packet);
}
static size_t send_next(Serial *serial, uint8_t *line, uint64_t now_ms) {
  const uint32_t sequence = serial->next++;
  if (sequence == serial->sent) {
    serial->sent++;
    if (!serial->is_timed) {
      serial->is_timed = true;
      serial->timed = sequence;
      serial->timed_at_ms = now_ms;
    }
  }
  if (serial->retry_at_ms == MVMJS_SERIAL_NEVER) serial->retry_at_ms = now_ms + serial->retry_ms;
  if (sequence < end_of(serial)) return session_packet(serial, line, MVMJS_PACKET_DATA, slot_of(serial, sequence)->flags, sequence, slot_of(serial, sequence));
  return session_packet(serial, line, MVMJS_PACKET_CLOSE, 0, sequence, NULL);
}
static size_t pull_session(Serial *serial, uint8_t *line, uint64_t now_ms) {
  if (now_ms - serial->heard_at_ms >= serial->patience_ms) {
    finish(serial, MVMJS_SERIAL_LOST);
    serial->has_keys = false;
    serial->owes_ack = false;
    return 0;
  }
  if (now_ms >= serial->retry_at_ms) {
    serial->retry_ms = serial->retry_ms < RETRY_MOST_MS / 2 ? 2 * serial->retry_ms : RETRY_MOST_MS;
    go_back(serial);
  }
  if (can_send(serial)) return send_next(serial, line, now_ms);
  if (now_ms >= ask_at(serial)) {
    serial->asked_at_ms = now_ms;
    return session_packet(serial, line, MVMJS_PACKET_ACK, MVMJS_PACKET_ANSWER, serial->next, NULL);
  }
  return serial->owes_ack ? session_packet(serial, line, MVMJS_PACKET_ACK, 0, serial->next, NULL) : 0;
}

// The handshake

/** The HMAC of a label and the transcript: nonces, versions of the client, the chosen one. */
static void prove(const Serial *serial, const uint8_t *key, const char *label, uint8_t chosen, uint8_t digest[MVMJS_SHA256_BYTES]) {
  struct mvmjs_sha256 hash;
  mvmjs_hmac_begin(&hash, key);
  mvmjs_sha256_add(&hash, (const uint8_t *)label, strlen(label));
  mvmjs_sha256_add(&hash, serial->client_nonce, MVMJS_SERIAL_NONCE);
  mvmjs_sha256_add(&hash, serial->device_nonce, MVMJS_SERIAL_NONCE);
  mvmjs_sha256_add(&hash, serial->versions, sizeof serial->versions);
  mvmjs_sha256_add(&hash, &chosen, 1);
  mvmjs_hmac_end(&hash, key, digest);
}
/** The highest version of both; 0 if there is none. */
static uint8_t choose(const Serial *serial) {
  const uint8_t lowest = serial->versions[0], highest = serial->versions[1];
  const uint8_t version = highest < MVMJS_SERIAL_HIGHEST ? highest : MVMJS_SERIAL_HIGHEST;
  return version >= lowest && version >= MVMJS_SERIAL_LOWEST ? version : 0;
}

/** A session's keys and empty buffers. */
static void begin_session(Serial *serial, const uint8_t *key, uint8_t chosen, uint64_t now_ms) {
  prove(serial, key, "session client", chosen, serial->is_client ? serial->send_key : serial->receive_key);
  prove(serial, key, "session device", chosen, serial->is_client ? serial->receive_key : serial->send_key);
  serial->has_keys = true;
  serial->heard_at_ms = serial->asked_at_ms = now_ms;
  serial->queued = serial->base = serial->next = serial->sent = serial->expected = 0;
  serial->limit = serial->told = 1;
  serial->closing = serial->hurried = serial->owes_ack = serial->missing = serial->is_timed = false;
  serial->retry_at_ms = MVMJS_SERIAL_NEVER;
  serial->retry_ms = RETRY_FIRST_MS;
  serial->round_trip8 = -1;
  serial->received_first = serial->received_count = 0;
}
static void opened(Serial *serial) {
  serial->phase = MVMJS_SERIAL_OPEN;
  serial->problem = MVMJS_SERIAL_FINE;
  serial->links++;
}

static size_t challenge(const Serial *serial, uint8_t *line) {
  uint8_t payload[CHALLENGE_BYTES];
  const uint8_t chosen = choose(serial);
  memcpy(payload, serial->client_nonce, MVMJS_SERIAL_NONCE);
  memcpy(payload + MVMJS_SERIAL_NONCE, serial->device_nonce, MVMJS_SERIAL_NONCE);
  payload[2 * MVMJS_SERIAL_NONCE] = chosen;
  memcpy(payload + 2 * MVMJS_SERIAL_NONCE + 1, serial->keys->id, MVMJS_SERIAL_KEY_ID);
  prove(serial, serial->keys->key, "device", chosen, payload + CHALLENGE_BYTES - MVMJS_SHA256_BYTES);
  return plain(line, MVMJS_PACKET_CHALLENGE, payload, sizeof payload);
}
static size_t refusal(const Serial *serial, uint8_t *line) {
  uint8_t payload[HELLO_BYTES];
  memcpy(payload, serial->client_nonce, MVMJS_SERIAL_NONCE);
  payload[MVMJS_SERIAL_NONCE] = MVMJS_SERIAL_LOWEST;
  payload[MVMJS_SERIAL_NONCE + 1] = MVMJS_SERIAL_HIGHEST;
  return plain(line, MVMJS_PACKET_REFUSE, payload, sizeof payload);
}
static void take_hello(Serial *serial, const Packet *packet) {
  if (packet->length != HELLO_BYTES) return;
  const uint8_t *versions = packet->payload + MVMJS_SERIAL_NONCE;
  const bool is_known = serial->is_pending && memcmp(serial->client_nonce, packet->payload, MVMJS_SERIAL_NONCE) == 0 && memcmp(serial->versions, versions, sizeof serial->versions) == 0;
  if (!is_known) {
    serial->is_pending = true;
    memcpy(serial->client_nonce, packet->payload, MVMJS_SERIAL_NONCE);
    memcpy(serial->versions, versions, sizeof serial->versions);
    // A HELLO that comes again gets the same nonce, so that a PROOF on its way stays good.
    serial->random(serial->context, serial->device_nonce, MVMJS_SERIAL_NONCE);
  }
  serial->owes_refusal = choose(serial) == 0;
  serial->owes_challenge = !serial->owes_refusal;
}
static void take_proof(Serial *serial, const Packet *packet, uint64_t now_ms) {
  uint8_t digest[MVMJS_SHA256_BYTES];
  if (packet->length != MVMJS_SHA256_BYTES) return;
  // It comes again because the answer was lost.
  if (serial->has_keys && mvmjs_is_same(packet->payload, serial->proof, MVMJS_SHA256_BYTES)) {
    serial->owes_ack = true;
    return;
  }
  if (!serial->is_pending) return;
  const uint8_t chosen = choose(serial);
  const uint8_t *key = serial->keys->key;
  prove(serial, key, "client", chosen, digest);
  if (chosen == 0 || !mvmjs_is_same(digest, packet->payload, MVMJS_SHA256_BYTES)) return;
  serial->is_pending = serial->owes_challenge = serial->owes_refusal = false;
  memcpy(serial->proof, digest, sizeof digest);
  begin_session(serial, key, chosen, now_ms);
  opened(serial);
  serial->owes_ack = true;
}

#if MVMJS_SERIAL_CLIENT
static size_t greet(Serial *serial, uint8_t *line, uint64_t now_ms) {
  if (now_ms - serial->began_at_ms >= serial->patience_ms) {
    finish(serial, serial->has_proof ? MVMJS_SERIAL_UNPROVED : MVMJS_SERIAL_SILENT);
    return 0;
  }
  if (now_ms < serial->repeat_at_ms) return 0;
  serial->repeat_at_ms = now_ms + REPEAT_MS;
  if (serial->phase == MVMJS_SERIAL_PROVING && serial->proofs_left > 0) {
    serial->proofs_left--;
    return plain(line, MVMJS_PACKET_PROOF, serial->proof, sizeof serial->proof);
  }
  // The device may have answered another HELLO since, and have forgotten this one.
  serial->phase = MVMJS_SERIAL_GREETING;
  uint8_t payload[HELLO_BYTES];
  memcpy(payload, serial->client_nonce, MVMJS_SERIAL_NONCE);
  memcpy(payload + MVMJS_SERIAL_NONCE, serial->versions, sizeof serial->versions);
  return plain(line, MVMJS_PACKET_HELLO, payload, sizeof payload);
}
static void take_challenge(Serial *serial, const Packet *packet, uint64_t now_ms) {
  const uint8_t *payload = packet->payload;
  if (serial->phase != MVMJS_SERIAL_GREETING || packet->length != CHALLENGE_BYTES || memcmp(payload, serial->client_nonce, MVMJS_SERIAL_NONCE) != 0) return;
  const uint8_t chosen = payload[2 * MVMJS_SERIAL_NONCE];
  const uint8_t *id = payload + 2 * MVMJS_SERIAL_NONCE + 1;
  uint8_t digest[MVMJS_SHA256_BYTES];
  if (chosen < MVMJS_SERIAL_LOWEST || chosen > MVMJS_SERIAL_HIGHEST) return;
  const struct mvmjs_serial_key *key = serial->keys;
  for (uint32_t i = serial->key_count; i-- > 0;) if (memcmp(serial->keys[i].id, id, MVMJS_SERIAL_KEY_ID) == 0) key = &serial->keys[i];
  memcpy(serial->device_nonce, payload + MVMJS_SERIAL_NONCE, MVMJS_SERIAL_NONCE);
  prove(serial, key->key, "device", chosen, digest);
  if (!mvmjs_is_same(digest, payload + CHALLENGE_BYTES - MVMJS_SHA256_BYTES, MVMJS_SHA256_BYTES)) {
    memcpy(serial->peer_key, id, MVMJS_SERIAL_KEY_ID);
    finish(serial, MVMJS_SERIAL_WRONG_KEY);
    return;
  }
  prove(serial, key->key, "client", chosen, serial->proof);
  serial->has_proof = true;
  serial->phase = MVMJS_SERIAL_PROVING;
  serial->proofs_left = PROOFS;
  serial->repeat_at_ms = now_ms;
  begin_session(serial, key->key, chosen, now_ms);
}
static void take_refusal(Serial *serial, const Packet *packet) {
  if (serial->phase != MVMJS_SERIAL_GREETING || packet->length != HELLO_BYTES || memcmp(packet->payload, serial->client_nonce, MVMJS_SERIAL_NONCE) != 0) return;
  finish(serial, MVMJS_SERIAL_WRONG_VERSION);
}
#endif

// Packets that come in

/** A round trip: the time after which a packet is sent again (Jacobson, in integers). */
static void measure(Serial *serial, int32_t trip_ms) {
  serial->is_timed = false;
  if (serial->round_trip8 < 0) {
    serial->round_trip8 = trip_ms * 8;
    serial->deviation4 = trip_ms * 2;
  } else {
    const int32_t difference = trip_ms - serial->round_trip8 / 8;
    serial->round_trip8 += difference;
    serial->deviation4 += (difference < 0 ? -difference : difference) - serial->deviation4 / 4;
  }
  const int32_t retry_ms = serial->round_trip8 / 8 + serial->deviation4;
  serial->retry_ms = retry_ms < RETRY_LEAST_MS ? RETRY_LEAST_MS : retry_ms > RETRY_MOST_MS ? RETRY_MOST_MS : (uint32_t)retry_ms;
}
static void take_ack(Serial *serial, const Packet *packet, uint64_t now_ms) {
  const uint32_t acknowledges = packet->acknowledges;
  if (acknowledges < serial->base || acknowledges > serial->sent) return;
  if (acknowledges + packet->window > serial->limit) serial->limit = acknowledges + packet->window;
  if (acknowledges > serial->base) {
    const uint32_t was_end = end_of(serial), count = acknowledges - serial->base;
    serial->queued -= count < serial->queued ? count : serial->queued;
    serial->base = acknowledges;
    if (serial->next < acknowledges) serial->next = acknowledges;
    serial->hurried = false;
    if (serial->is_timed && acknowledges > serial->timed) measure(serial, (int32_t)earlier(now_ms - serial->timed_at_ms, RETRY_MOST_MS));
    serial->retry_at_ms = serial->next > serial->base ? now_ms + serial->retry_ms : MVMJS_SERIAL_NEVER;
    // CLOSE has been acknowledged, or nothing can follow any more.
    if (acknowledges > was_end) finish(serial, MVMJS_SERIAL_CLOSED);
    else if (acknowledges >= SEQUENCE_MAX) finish(serial, MVMJS_SERIAL_LOST);
  } else if ((packet->flags & MVMJS_PACKET_MISSING) != 0 && !serial->hurried && serial->next > serial->base) {
    serial->hurried = true;
    go_back(serial);
  }
}
static void take_session(Serial *serial, const Packet *packet, uint64_t now_ms) {
  if (serial->phase == MVMJS_SERIAL_GREETING || serial->phase == MVMJS_SERIAL_PROVING) opened(serial);
  serial->heard_at_ms = now_ms;
  if ((packet->flags & MVMJS_PACKET_ANSWER) != 0) serial->owes_ack = true;
  if (has_session(serial)) take_ack(serial, packet, now_ms);
  if (packet->kind == MVMJS_PACKET_ACK) return;
  serial->owes_ack = true;
  if (packet->sequence != serial->expected) {
    if (packet->sequence > serial->expected) serial->missing = true;
  } else if (packet->kind == MVMJS_PACKET_CLOSE) {
    serial->expected++;
    finish(serial, MVMJS_SERIAL_CLOSED);
  } else if (serial->received_count < MVMJS_SERIAL_PACKETS && serial->phase == MVMJS_SERIAL_OPEN) {
    Slot *slot = &serial->received[(serial->received_first + serial->received_count++) % MVMJS_SERIAL_PACKETS];
    serial->expected++;
    slot->flags = packet->flags & (MVMJS_PACKET_REVERSE | MVMJS_PACKET_CONTROL);
    slot->length = (uint8_t)packet->length;
    memcpy(slot->bytes, packet->payload, packet->length);
  }
  if (serial->expected >= SEQUENCE_MAX) finish(serial, MVMJS_SERIAL_LOST);
}
static void take(Serial *serial, size_t length, uint64_t now_ms) {
  const uint8_t *bytes = serial->decoder.bytes;
  Packet packet;
  if (!mvmjs_packet_read(&packet, bytes, length, serial->expected, serial->base)) return;
  if (packet.kind >= MVMJS_PACKET_DATA) {
    if (packet.kind > MVMJS_PACKET_CLOSE || (packet.kind == MVMJS_PACKET_DATA) != (packet.length > 0)) return;
    if (serial->has_keys && mvmjs_packet_is_whole(serial->receive_key, bytes, length, &packet)) take_session(serial, &packet, now_ms);
    return;
  }
  if (!mvmjs_packet_is_whole(NULL, bytes, length, &packet)) return;
#if MVMJS_SERIAL_CLIENT
  if (serial->is_client) {
    if (packet.kind == MVMJS_PACKET_CHALLENGE) take_challenge(serial, &packet, now_ms);
    if (packet.kind == MVMJS_PACKET_REFUSE) take_refusal(serial, &packet);
    return;
  }
#endif
  if (packet.kind == MVMJS_PACKET_HELLO) take_hello(serial, &packet);
  if (packet.kind == MVMJS_PACKET_PROOF) take_proof(serial, &packet, now_ms);
}

// The line

void mvmjs_serial_feed(Serial *serial, const uint8_t *bytes, size_t length, uint64_t now_ms) {
  for (size_t i = 0; i < length; i++) {
    const size_t packet = mvmjs_packet_push(&serial->decoder, bytes[i]);
    if (packet > 0) take(serial, packet, now_ms);
  }
}
size_t mvmjs_serial_pull(Serial *serial, uint8_t line[MVMJS_LINE_MAX], uint64_t now_ms) {
  if (serial->owes_refusal) {
    serial->owes_refusal = false;
    return refusal(serial, line);
  }
  if (serial->owes_challenge) {
    serial->owes_challenge = false;
    return challenge(serial, line);
  }
  switch (serial->phase) {
#if MVMJS_SERIAL_CLIENT
    case MVMJS_SERIAL_GREETING: case MVMJS_SERIAL_PROVING: return greet(serial, line, now_ms);
#endif
    case MVMJS_SERIAL_OPEN: case MVMJS_SERIAL_ENDING: return pull_session(serial, line, now_ms);
    default: return serial->owes_ack ? session_packet(serial, line, MVMJS_PACKET_ACK, 0, serial->next, NULL) : 0;
  }
}
uint64_t mvmjs_serial_next_time(const Serial *serial, uint64_t now_ms) {
  if (serial->owes_challenge || serial->owes_refusal || serial->owes_ack) return now_ms;
  switch (serial->phase) {
    case MVMJS_SERIAL_GREETING: case MVMJS_SERIAL_PROVING: return later(now_ms, earlier(serial->repeat_at_ms, serial->began_at_ms + serial->patience_ms));
    case MVMJS_SERIAL_OPEN: case MVMJS_SERIAL_ENDING: break;
    default: return MVMJS_SERIAL_NEVER;
  }
  if (can_send(serial)) return now_ms;
  return later(now_ms, earlier(serial->retry_at_ms, earlier(ask_at(serial), serial->heard_at_ms + serial->patience_ms)));
}
