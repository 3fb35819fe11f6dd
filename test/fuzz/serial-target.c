// Fuzzing of the byte link (hosts/c/link/serial*.c): packets, handshake and stream of a device, and of a client, with a peer
// who has the key. Most packets have a right MAC, whatever they say; the bytes of the stream are frames of a peer's
// (peer.c), which go on to the device's residents; noise comes between. The real other end (serial.c too) makes the
// handshake and takes what is sent, so that sessions get long.
//
// A finding is what a sanitizer says, and: an answer that is no frame, a state that the code says cannot be, a line that is
// longer than a packet may be, an end that does not come to rest.

#include <string.h>

#include "peer.h"

enum { TURNS_MAX = 400, WAIT_MS = 20 };
/** What a harness's records do beside what peers do. */
enum {
  /** Packets go to and fro until nothing is left. */
  PUMP = PEER_OPERATIONS,
  /** A packet that is made by hand: `a` kind, `b` flags, `c` how far its sequences are from the right ones, `value` its content. */
  PACKET,
  /** Seven bytes on the line; a bit of the next packet flipped; the next packets lost. */
  NOISE, FLIP, LOSE,
  TIME, RUN,
  /** The real end begins anew, or closes. */
  RESET, CLOSE,
  PINS,
  OPERATIONS,
};

static struct wire wire;
static struct mvmjs_serial other;
static struct mvmjs_serial_key key;
static struct peer peer;
static struct fuzz_record flip;
static bool flips;
static uint32_t lost;

struct mvmjs_link *device_dial(struct device *device, const char *place, struct mvmjs_line *why) {
  (void)device;
  return mvmjs_serial_link_dial(&wire.end, place, why, fuzz_now_ms);
}

static void begin_other(void) {
  memset(&other, 0, sizeof other);
  other.is_client = !wire.end.serial.is_client;
  other.keys = &key;
  other.key_count = 1;
  other.random = device_random;
  other.patience_ms = 15000;
  mvmjs_serial_begin(&other, fuzz_now_ms);
  peer_begin(&peer, other.is_client);
}
static void feed_device(const uint8_t *bytes, size_t length) {
  mvmjs_serial_feed(&wire.end.serial, bytes, length, fuzz_now_ms);
  mvmjs_residents_tick(&fuzz_device.residents, fuzz_now_ms);
  mvmjs_serial_link_move(&wire.end, fuzz_now_ms);
}
/** One packet of the real end, as the line lets it through: false if it has none. */
static bool send_one(void) {
  uint8_t line[MVMJS_LINE_MAX];
  const size_t length = mvmjs_serial_pull(&other, line, fuzz_now_ms);
  if (length > sizeof line) fuzz_found("a packet is too long");
  if (length == 0) return false;
  if (lost > 0) {
    lost--;
    return true;
  }
  if (flips) line[flip.a % length] ^= (uint8_t)(1u << (flip.b & 7));
  flips = false;
  feed_device(line, length);
  return true;
}
static bool hear_one(void) {
  uint8_t line[MVMJS_LINE_MAX], bytes[MVMJS_PAYLOAD_MAX];
  const size_t length = mvmjs_serial_pull(&wire.end.serial, line, fuzz_now_ms);
  if (length > sizeof line) fuzz_found("a packet is too long");
  if (length == 0) return false;
  const uint32_t links = other.links;
  mvmjs_serial_feed(&other, line, length, fuzz_now_ms);
  if (other.links != links) peer_begin(&peer, other.is_client);
  for (;;) {
    const uint8_t flags = mvmjs_serial_front_flags(&other);
    const size_t count = mvmjs_serial_read(&other, bytes);
    if (count == 0) return true;
    if ((flags & MVMJS_PACKET_REVERSE) == 0) peer_hear(&peer, bytes, count);
  }
}
static void pump(void) {
  int turns = 0;
  for (; turns < TURNS_MAX; turns++) {
    mvmjs_serial_link_move(&wire.end, fuzz_now_ms);
    const bool sent = send_one();
    const bool heard = hear_one();
    if (!sent && !heard) return;
  }
  fuzz_found("packets go to and fro without end, and no time passes");
}
/** The stream's bytes go as the real end takes them; what it does not take in a while is lost with it. */
static void write_stream(void *context, const uint8_t *bytes, size_t length) {
  (void)context;
  for (size_t at = 0, turns = 0; at < length && turns < 200; turns++) {
    at += mvmjs_serial_write(&other, bytes + at, length - at);
    pump();
    if (at < length) fuzz_now_ms += WAIT_MS;
  }
}
static void forge_packet(const struct fuzz_record *record) {
  uint8_t line[MVMJS_LINE_MAX], payload[MVMJS_PAYLOAD_MAX];
  uint32_t state = record->value;
  struct mvmjs_packet packet = {.kind = (uint8_t)(record->a & 7), .flags = record->b & 0xf0, .window = (uint8_t)(record->value >> 8), .payload = payload};
  const bool is_session = packet.kind >= MVMJS_PACKET_DATA;
  packet.length = packet.kind == MVMJS_PACKET_DATA ? 1 + record->value % MVMJS_PAYLOAD_MAX
    : is_session ? record->value % 2 * (record->value % 5) : packet.kind == MVMJS_PACKET_HELLO || packet.kind == MVMJS_PACKET_REFUSE ? MVMJS_SERIAL_NONCE + 2 : record->value % (MVMJS_PAYLOAD_MAX + 1);
  for (size_t i = 0; i < packet.length; i++) payload[i] = (uint8_t)fuzz_draw(&state, 256);
  // Of control packets the first byte says what they are about; of HELLO the last two are versions.
  if ((record->b & 0x80) != 0) payload[0] = (uint8_t)(record->b & 3);
  if (packet.kind == MVMJS_PACKET_HELLO) {
    payload[MVMJS_SERIAL_NONCE] = record->c & 3;
    payload[MVMJS_SERIAL_NONCE + 1] = record->c >> 2 & 3;
    if ((record->c & 0x80) != 0) memcpy(payload, other.client_nonce, MVMJS_SERIAL_NONCE);
  }
  packet.sequence = wire.end.serial.expected + (record->c & 15) - 4u;
  packet.acknowledges = wire.end.serial.base + (record->c >> 4) - 4u;
  if (is_session && !wire.end.serial.has_keys) return;
  feed_device(line, mvmjs_packet_encode(line, is_session ? wire.end.serial.receive_key : NULL, &packet));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  static const uint8_t secret[MVMJS_SERIAL_KEY_BYTES] = {1, 2, 3};
  struct fuzz_record record;
  if (!fuzz_next(&bytes, &length, &record)) return 0;
  flips = false;
  lost = 0;
  mvmjs_serial_key(&key, secret);
  fuzz_device_begin();
  // As boards do: nobody can connect to them but by this line.
  fuzz_device.residents.keeps_links = true;
  device_wire(&fuzz_device, &wire, (record.a & 1) != 0, &key);
  mvmjs_serial_link_begin(&wire.end, fuzz_now_ms);
  begin_other();
  // Most inputs are about what comes behind the handshake.
  if ((record.a & 2) == 0) pump();
  while (fuzz_next(&bytes, &length, &record)) {
    record.op = (uint8_t)(record.op % OPERATIONS);
    switch (record.op) {
      case PUMP: pump(); break;
      case PACKET: forge_packet(&record); break;
      case NOISE: {
        const uint8_t noise[7] = {record.a, record.b, record.c, (uint8_t)record.value, (uint8_t)(record.value >> 8), (uint8_t)(record.value >> 16), (uint8_t)(record.value >> 24)};
        feed_device(noise, sizeof noise);
        break;
      }
      case FLIP:
        flip = record;
        flips = true;
        break;
      case LOSE: lost = record.value % 8; break;
      case TIME:
        fuzz_device_run(record.value % 20000);
        pump();
        break;
      case RUN:
        fuzz_device_run(1);
        pump();
        break;
      case RESET: begin_other(); break;
      case CLOSE: mvmjs_serial_close(&other); break;
      case PINS: peer_pins(&peer, &record, write_stream, NULL); break;
      default: peer_do(&peer, &record, write_stream, NULL);
    }
  }
  return 0;
}
