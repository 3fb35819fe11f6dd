// Connections over a byte link.

#include "serial-link.h"

#include <string.h>

#include "broken.h"

typedef struct mvmjs_serial_link SerialLink;
typedef struct mvmjs_serial_channel Channel;

static void send_bytes(void *stream, const uint8_t *bytes, size_t length) {
  Channel *channel = stream;
  if (!channel->stands || channel->ends) return;
  if (length > channel->out_bytes - channel->out_length) {
    // More answers than a peer that keeps to the protocol can ask for: the connection is the price.
    channel->out_length = 0;
    channel->ends = true;
    return;
  }
  memcpy(channel->out + channel->out_length, bytes, length);
  channel->out_length += (uint32_t)length;
}
static size_t room_for_bytes(void *stream) {
  const Channel *channel = stream;
  return channel->out_length < channel->out_bytes / 2 ? channel->out_bytes / 2 - channel->out_length : 0;
}
static void end_bytes(void *stream) {
  ((Channel *)stream)->ends = true;
}

static void open_channel(SerialLink *one, Channel *channel, bool began, uint64_t now_ms) {
  channel->stands = true;
  channel->ends = false;
  channel->out_length = 0;
  channel->link.began = began;
  channel->link.send = send_bytes;
  channel->link.room = room_for_bytes;
  channel->link.end = end_bytes;
  channel->link.stream = channel;
  mvmjs_residents_open(one->residents, &channel->link, channel->body, channel->body_bytes, now_ms);
}
static void close_channel(SerialLink *one, Channel *channel, uint64_t now_ms) {
  if (channel == NULL || !channel->stands) return;
  channel->stands = false;
  mvmjs_residents_close(one->residents, &channel->link, now_ms);
}
static bool has_room(const Channel *channel) {
  return channel == NULL || channel->out_length <= channel->out_bytes / 2;
}
/** Sends what a channel has to say. */
static void write_channel(SerialLink *one, Channel *channel, uint8_t flags) {
  const size_t count = channel->stands ? mvmjs_serial_write_as(&one->serial, flags, channel->out, channel->out_length) : 0;
  if (count == 0) return;
  channel->out_length -= (uint32_t)count;
  memmove(channel->out, channel->out + count, channel->out_length);
}

static void open_main(SerialLink *one, uint32_t number, uint64_t now_ms) {
  one->number = number;
  one->owes_open = one->owes_close = one->awaits_close = false;
  open_channel(one, &one->main, one->serial.is_client, now_ms);
}
/** Is the link that the residents have over? */
static bool is_over(const SerialLink *one) {
  if (one->serial.is_client) return one->serial.phase == MVMJS_SERIAL_OVER;
  return one->serial.phase == MVMJS_SERIAL_IDLE || one->serial.links != one->number;
}

void mvmjs_serial_link_begin(SerialLink *one, uint64_t now_ms) {
  mvmjs_serial_begin(&one->serial, now_ms);
  one->main.stands = one->main.ends = false;
  if (one->serial.is_client) open_main(one, 1, now_ms);
}

// The reverse connection

struct mvmjs_link *mvmjs_serial_link_dial(SerialLink *one, const char *place, struct mvmjs_line *why, uint64_t now_ms) {
  Channel *reverse = one->reverse;
  const char *reason = NULL;
  if (reverse == NULL || strlen(place) >= MVMJS_PLACE_BYTES) reason = "this host connects to nobody";
  else if (!one->main.stands || one->main.ends || one->serial.phase != MVMJS_SERIAL_OPEN) reason = "nobody is connected who could connect to it";
  else if (reverse->stands || one->owes_close || one->awaits_close) reason = "another connection ends first";
  if (reason != NULL) {
    mvmjs_line_set(why, reason, (const char *)NULL);
    return NULL;
  }
  mvmjs_copy_name(reverse->link.place, sizeof reverse->link.place, (const uint8_t *)place, strlen(place));
  one->owes_open = one->awaits_close = true;
  open_channel(one, reverse, true, now_ms);
  return &reverse->link;
}
static void end_reverse(SerialLink *one, uint64_t now_ms) {
  one->owes_close = true;
  close_channel(one, one->reverse, now_ms);
}
static void take_reverse(SerialLink *one, uint8_t flags, const uint8_t *bytes, size_t length, uint64_t now_ms) {
  Channel *reverse = one->reverse;
  if (reverse == NULL || !one->awaits_close) return;
  if ((flags & MVMJS_PACKET_CONTROL) == 0) {
    if (reverse->stands) mvmjs_residents_take(one->residents, &reverse->link, bytes, length, now_ms);
  } else if (bytes[0] == MVMJS_REVERSE_CLOSE) {
    one->awaits_close = false;
    if (reverse->stands) end_reverse(one, now_ms);
  }
}
static void write_reverse(SerialLink *one, uint64_t now_ms) {
  static const uint8_t close[] = {MVMJS_REVERSE_CLOSE};
  const uint8_t control = MVMJS_PACKET_REVERSE | MVMJS_PACKET_CONTROL;
  Channel *reverse = one->reverse;
  if (reverse == NULL) return;
  if (one->owes_open) {
    uint8_t open[1 + MVMJS_PLACE_BYTES] = {MVMJS_REVERSE_OPEN};
    const size_t length = strlen(reverse->link.place);
    mvmjs_assert(length < MVMJS_PLACE_BYTES && sizeof open <= MVMJS_PAYLOAD_MAX, "a place goes into one packet");
    memcpy(open + 1, reverse->link.place, length);
    one->owes_open = mvmjs_serial_write_as(&one->serial, control, open, 1 + length) == 0;
    if (one->owes_open) return;
  }
  write_channel(one, reverse, MVMJS_PACKET_REVERSE);
  if (reverse->stands && reverse->ends && reverse->out_length == 0) end_reverse(one, now_ms);
  if (one->owes_close) one->owes_close = mvmjs_serial_write_as(&one->serial, control, close, sizeof close) == 0;
}

static void read_stream(SerialLink *one, uint64_t now_ms) {
  // What the peer sent before it closed is read to the end; of a link before this one there is nothing left.
  while (one->main.stands && one->serial.links == one->number && has_room(&one->main) && has_room(one->reverse)) {
    size_t length;
    const uint8_t flags = mvmjs_serial_front_flags(&one->serial);
    const uint8_t *bytes = mvmjs_serial_front(&one->serial, &length);
    if (length == 0) return;
    if ((flags & MVMJS_PACKET_REVERSE) != 0) take_reverse(one, flags, bytes, length, now_ms);
    else mvmjs_residents_take(one->residents, &one->main.link, bytes, length, now_ms);
    mvmjs_serial_drop(&one->serial);
  }
}

void mvmjs_serial_link_move(SerialLink *one, uint64_t now_ms) {
  read_stream(one, now_ms);
  if (one->main.stands && is_over(one)) {
    close_channel(one, one->reverse, now_ms);
    close_channel(one, &one->main, now_ms);
  }
  if (!one->main.stands && !one->serial.is_client && one->serial.phase == MVMJS_SERIAL_OPEN && one->serial.links != one->number) {
    open_main(one, one->serial.links, now_ms);
    read_stream(one, now_ms);
  }
  if (one->main.stands && one->serial.links == one->number) {
    // What a move says to its target goes before what is said about it: who asked may leave then.
    write_reverse(one, now_ms);
    write_channel(one, &one->main, 0);
  }
  const bool is_connecting = one->serial.phase == MVMJS_SERIAL_GREETING || one->serial.phase == MVMJS_SERIAL_PROVING;
  if (one->main.stands && one->main.ends && (one->main.out_length == 0 || is_connecting)) mvmjs_serial_close(&one->serial);
}
