// Fuzzing of the link (hosts/c/link): frames and bodies (wire.c), both sides of a move (arrive.c, depart.c, ownership.c) and
// commands, and pins that stay where a program was (grant.c, proxy.c), on a device with two slots of fixed memory. Who
// connects to it, and whom it connects to, say what the records want, in pieces of any size; programs that come run.
//
// A finding is what a sanitizer says, and: an answer that is no frame, a state that the code says cannot be.

#include <stdlib.h>
#include <string.h>

#include "peer.h"

enum { PEERS = 2 };
/** What a harness's records do beside what peers do. */
enum { TIME = PEER_OPERATIONS, RUN, CLOSE, OTHER_PEER, PIECES, PINS, OPERATIONS };

static struct {
  struct peer peer;
  struct mvmjs_link link;
  uint8_t body[BODY_BYTES];
  bool stands;
  bool ends;
} ends[PEERS];
static uint32_t pieces;

static void take_bytes(void *stream, const uint8_t *bytes, size_t length) {
  for (int i = 0; i < PEERS; i++) if (stream == &ends[i] && ends[i].stands) peer_hear(&ends[i].peer, bytes, length);
}
static size_t room_for_bytes(void *stream) {
  (void)stream;
  return 5000;
}
static void end_link(void *stream) {
  for (int i = 0; i < PEERS; i++) if (stream == &ends[i]) ends[i].ends = true;
}
/** A link stands: the first is to the device, the second from it. */
static void open_link(int which) {
  memset(&ends[which], 0, sizeof ends[which]);
  ends[which].stands = true;
  ends[which].link = (struct mvmjs_link){.began = which == 1, .scopes = MVMJS_SCOPE_ALL, .place = "peer", .send = take_bytes, .room = room_for_bytes, .end = end_link, .stream = &ends[which]};
  peer_begin(&ends[which].peer, which == 0);
  mvmjs_residents_open(&fuzz_device.residents, &ends[which].link, ends[which].body, BODY_BYTES, fuzz_now_ms);
}
static void close_ended(int which, bool wanted) {
  if (!ends[which].stands || !(wanted || ends[which].ends)) return;
  ends[which].stands = false;
  mvmjs_residents_close(&fuzz_device.residents, &ends[which].link, fuzz_now_ms);
}
struct mvmjs_link *device_dial(struct device *device, const char *place, struct mvmjs_line *why) {
  (void)device;
  if (ends[1].stands || strcmp(place, "0") == 0) {
    mvmjs_line_set(why, "nobody answers", (const char *)NULL);
    return NULL;
  }
  open_link(1);
  return &ends[1].link;
}

/** Bytes reach the device in pieces, each in memory of exactly its size. */
static void bring(void *context, const uint8_t *bytes, size_t length) {
  const int which = *(const int *)context;
  for (size_t at = 0; at < length && ends[which].stands;) {
    const size_t wanted = pieces == 0 ? length : 1 + fuzz_draw(&pieces, 200);
    const size_t count = wanted < length - at ? wanted : length - at;
    uint8_t *piece = malloc(count);
    if (piece == NULL) abort();
    memcpy(piece, bytes + at, count);
    mvmjs_residents_take(&fuzz_device.residents, &ends[which].link, piece, count, fuzz_now_ms);
    free(piece);
    at += count;
    for (int i = 0; i < PEERS; i++) close_ended(i, false);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  struct fuzz_record record;
  int which = 0;
  memset(ends, 0, sizeof ends);
  pieces = 0;
  fuzz_device_begin();
  open_link(0);
  while (fuzz_next(&bytes, &length, &record)) {
    record.op = (uint8_t)(record.op % OPERATIONS);
    switch (record.op) {
      case TIME: fuzz_device_run(record.value % 40000); break;
      case RUN: fuzz_device_run(1); break;
      case CLOSE: close_ended(which, true); break;
      case OTHER_PEER: which = record.a & 1; break;
      case PIECES: pieces = record.value; break;
      case PINS: if (ends[which].stands) peer_pins(&ends[which].peer, &record, bring, &which); break;
      default: if (ends[which].stands) peer_do(&ends[which].peer, &record, bring, &which);
    }
    for (int i = 0; i < PEERS; i++) close_ended(i, false);
    // Whoever was cut off connects again.
    if (which == 0 && !ends[0].stands && record.op != CLOSE) open_link(0);
  }
  for (int i = 0; i < PEERS; i++) close_ended(i, true);
  return 0;
}
