// A connection (link.h) over a byte link (serial.h): what a device has for each of its UARTs, and who connects to one. The
// residents see a link that opens and ends like any other; the host pumps bytes of the line through `serial`, and calls
// `mvmjs_serial_link_move` after it has fed some and before it pulls.
//
// Frames go out whole, so there is a buffer for them between the two. Half of it is for what is long (CHUNKs wait for room),
// the rest for answers, and what comes is read only while no more than half is full: two ends that wait for each other's
// room would wait for ever.
//
// A device's programs go on to other hosts by the `reverse` connection: the device asks whoever is connected to connect to
// a place for it, and to carry bytes. Each side says once that it has ended; then the next one can begin.

#ifndef MVMJS_SERIAL_LINK_H
#define MVMJS_SERIAL_LINK_H

#include "residents.h"
#include "serial.h"

/** A link and its buffers. */
struct mvmjs_serial_channel {
  // The host's: `link.scopes` and `link.place`, and the buffers: for frames that come, and for those that go out, twice the
  // longest that this host sends.
  struct mvmjs_link link;
  uint8_t *body;
  uint32_t body_bytes;
  uint8_t *out;
  uint32_t out_bytes;

  // Its own
  /** The residents have it. */
  bool stands;
  /** They want it to end behind what was sent. */
  bool ends;
  uint32_t out_length;
};

struct mvmjs_serial_link {
  // The host's: set before it begins, as the fields of `serial` that are the host's.
  struct mvmjs_residents *residents;
  struct mvmjs_serial serial;
  struct mvmjs_serial_channel main;
  /** NULL: this device connects to nobody. */
  struct mvmjs_serial_channel *reverse;

  // Its own
  /** Which link of the byte link the main one is. */
  uint32_t number;
  /** The reverse connection is to be begun; that it has ended is to be said; the other side has yet to say so. */
  bool owes_open;
  bool owes_close;
  bool awaits_close;
};

/** Begins to connect, or to wait for who does. The link of who connects stands from now on, for the residents. */
void mvmjs_serial_link_begin(struct mvmjs_serial_link *one, uint64_t now_ms);
/** Moves bytes between frames and packets, and tells the residents of links that have come and gone. */
void mvmjs_serial_link_move(struct mvmjs_serial_link *one, uint64_t now_ms);
/** Connects to a place through whoever is connected: a link for the residents, or NULL with the reason. */
struct mvmjs_link *mvmjs_serial_link_dial(struct mvmjs_serial_link *one, const char *place, struct mvmjs_line *why, uint64_t now_ms);

#endif
