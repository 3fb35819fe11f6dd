// A connection over a byte link.

#include "serial-link.h"

#include <string.h>

#include "broken.h"

typedef struct mvmjs_serial_link SerialLink;

static void send_bytes(void *stream, const uint8_t *bytes, size_t length) {
  SerialLink *one = stream;
  if (!one->stands || one->ends) return;
  if (length > one->out_bytes - one->out_length) {
    // More answers than a peer that keeps to the protocol can ask for: the connection is the price.
    one->out_length = 0;
    one->ends = true;
    return;
  }
  memcpy(one->out + one->out_length, bytes, length);
  one->out_length += (uint32_t)length;
}
static size_t room_for_bytes(void *stream) {
  const SerialLink *one = stream;
  return one->out_length < one->out_bytes / 2 ? one->out_bytes / 2 - one->out_length : 0;
}
static void end_bytes(void *stream) {
  ((SerialLink *)stream)->ends = true;
}

static void open_link(SerialLink *one, uint32_t number, uint64_t now_ms) {
  one->stands = true;
  one->ends = false;
  one->number = number;
  one->out_length = 0;
  one->link.began = one->serial.is_client;
  one->link.send = send_bytes;
  one->link.room = room_for_bytes;
  one->link.end = end_bytes;
  one->link.stream = one;
  mvmjs_residents_open(one->residents, &one->link, one->body, one->body_bytes, now_ms);
}
/** Is the link that the residents have over? */
static bool is_over(const SerialLink *one) {
  if (one->serial.is_client) return one->serial.phase == MVMJS_SERIAL_OVER;
  return one->serial.phase == MVMJS_SERIAL_IDLE || one->serial.links != one->number;
}

void mvmjs_serial_link_begin(SerialLink *one, uint64_t now_ms) {
  mvmjs_serial_begin(&one->serial, now_ms);
  one->stands = one->ends = false;
  if (one->serial.is_client) open_link(one, 1, now_ms);
}

static void read_stream(SerialLink *one, uint64_t now_ms) {
  // What the peer sent before it closed is read to the end; of a link before this one there is nothing left.
  while (one->stands && one->serial.links == one->number && one->out_length <= one->out_bytes / 2) {
    size_t length;
    const uint8_t *bytes = mvmjs_serial_front(&one->serial, &length);
    if (length == 0) return;
    mvmjs_residents_take(one->residents, &one->link, bytes, length, now_ms);
    mvmjs_serial_drop(&one->serial);
  }
}
static void write_stream(SerialLink *one) {
  const size_t count = one->stands && one->serial.links == one->number ? mvmjs_serial_write(&one->serial, one->out, one->out_length) : 0;
  if (count == 0) return;
  one->out_length -= (uint32_t)count;
  memmove(one->out, one->out + count, one->out_length);
}

void mvmjs_serial_link_move(SerialLink *one, uint64_t now_ms) {
  read_stream(one, now_ms);
  if (one->stands && is_over(one)) {
    one->stands = false;
    mvmjs_residents_close(one->residents, &one->link, now_ms);
  }
  if (!one->stands && !one->serial.is_client && one->serial.phase == MVMJS_SERIAL_OPEN && one->serial.links != one->number) {
    open_link(one, one->serial.links, now_ms);
    read_stream(one, now_ms);
  }
  write_stream(one);
  const bool is_connecting = one->serial.phase == MVMJS_SERIAL_GREETING || one->serial.phase == MVMJS_SERIAL_PROVING;
  if (one->stands && one->ends && (one->out_length == 0 || is_connecting)) mvmjs_serial_close(&one->serial);
}
