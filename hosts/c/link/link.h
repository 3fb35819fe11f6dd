// A connection to another host or to a command: HELLO first, then frames of conversations. A conversation is one stream of
// frames about one thing; whoever connected begins odd streams, the other side even ones. What bytes travel on, whether
// they are authenticated and in which order they come is the host's business: it hands in what came and takes what is to
// go out. A peer that breaks the rules costs the connection, never more.

#ifndef MVMJS_LINK_H
#define MVMJS_LINK_H

#include "ownership.h"
#include "wire.h"

/** Bytes of names and places that are kept, with the zero behind them. */
#ifndef MVMJS_NAME_BYTES
#define MVMJS_NAME_BYTES 101
#endif
#ifndef MVMJS_PLACE_BYTES
#define MVMJS_PLACE_BYTES 81
#endif

/** What the other side may do here: who holds the key of the connection. */
enum { MVMJS_SCOPE_RECEIVE = 1, MVMJS_SCOPE_CONTROL = 2, MVMJS_SCOPE_OBSERVE = 4, MVMJS_SCOPE_INSPECT = 8, MVMJS_SCOPE_ALL = 15 };

enum mvmjs_link_state { MVMJS_LINK_GREETING, MVMJS_LINK_OPEN, MVMJS_LINK_CLOSED };

struct mvmjs_link {
  // The host's
  /** This side connected. */
  bool began;
  uint8_t scopes;
  /** Where the peer is, for people. */
  char place[MVMJS_PLACE_BYTES];
  /** Takes bytes that go out, all of them. */
  void (*send)(void *stream, const uint8_t *bytes, size_t length);
  /** Bytes that may go out now without waiting for the connection: what is long is sent only as far. */
  size_t (*room)(void *stream);
  /** Ends the connection when what was sent is out. */
  void (*end)(void *stream);
  void *stream;

  // Its own
  enum mvmjs_link_state state;
  /** Why it ended, if that was not the plan. */
  const char *problem;
  struct mvmjs_frame_reader reader;
  uint32_t sequence;
  uint32_t next_stream;
  struct mvmjs_peer peer;
  char peer_name[MVMJS_NAME_BYTES];
  /** When HELLO has to have come, in milliseconds. */
  uint64_t hello_by_ms;
};

/** A conversation: a stream of a link, about a transaction or none. `link` is NULL where there is none. */
struct mvmjs_conversation {
  struct mvmjs_link *link;
  uint32_t stream;
};

/** Copies bytes of UTF-8 into a text of so much room, cut where it has to be, control characters made blanks. */
void mvmjs_copy_name(char *to, size_t room, const uint8_t *bytes, size_t length);

#endif
