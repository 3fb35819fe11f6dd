// A connection (link.h) over a byte link (serial.h): what a device has for each of its UARTs, and who connects to one. The
// residents see a link that opens and ends like any other; the host pumps bytes of the line through `serial`, and calls
// `mvmjs_serial_link_move` after it has fed some and before it pulls.
//
// Frames go out whole, so there is a buffer for them between the two. Half of it is for what is long (CHUNKs wait for room),
// the rest for answers, and what comes is read only while no more than half is full: two ends that wait for each other's
// room would wait for ever.

#ifndef MVMJS_SERIAL_LINK_H
#define MVMJS_SERIAL_LINK_H

#include "residents.h"
#include "serial.h"

struct mvmjs_serial_link {
  // The host's: set before it begins, as the fields of `serial` that are the host's, and `link.scopes` and `link.place`.
  struct mvmjs_residents *residents;
  /** For frames that come, and for those that go out: twice the longest that this host sends. */
  uint8_t *body;
  uint32_t body_bytes;
  uint8_t *out;
  uint32_t out_bytes;
  struct mvmjs_serial serial;
  struct mvmjs_link link;

  // Its own
  /** The residents have it. */
  bool stands;
  /** They want it to end behind what was sent. */
  bool ends;
  /** Which link of the byte link it is. */
  uint32_t number;
  uint32_t out_length;
};

/** Begins to connect, or to wait for who does. The link of who connects stands from now on, for the residents. */
void mvmjs_serial_link_begin(struct mvmjs_serial_link *one, uint64_t now_ms);
/** Moves bytes between frames and packets, and tells the residents of links that have come and gone. */
void mvmjs_serial_link_move(struct mvmjs_serial_link *one, uint64_t now_ms);

#endif
