// Connections of `mvm-c serve`: TCP for other hosts, with TLS 1.2 and a pre-shared key (hosts/node/transport.ts has the same,
// and says why), and a Unix socket for this user's commands, guarded by the file system. Nothing travels in the clear.
// Sockets do not block; what cannot go out waits in a queue. Before a peer has proved that it has a key it has one of
// WAITING_MAX places for HANDSHAKE_PATIENCE milliseconds, and no link.

#ifndef MVMJS_CONNECTIONS_H
#define MVMJS_CONNECTIONS_H

#include <poll.h>

#include "residents.h"

/** Links that can be open at once, and all connections with those that have proved nothing yet. */
enum { MVMJS_OPEN_MAX = 256, MVMJS_WAITING_MAX = 32, MVMJS_CONNECTIONS_MAX = MVMJS_OPEN_MAX + MVMJS_WAITING_MAX };

/** Listens: at `address` (host:port; port 0: any) for other hosts, and for this user's commands. Ends the process if that cannot be. */
void mvmjs_connections_begin(struct mvmjs_residents *residents, const char *address, uint32_t body_bytes);
/** Where it listens for other hosts, with the port that it has; and the id of this user's key. */
const char *mvmjs_connections_address(void);
const char *mvmjs_connections_key(void);

/** For the port: connects to another host. */
struct mvmjs_link *mvmjs_connections_connect(void *context, const char *place, struct mvmjs_line *why);

/** What to poll for, in at most MVMJS_CONNECTIONS_MAX + 2 places: how many. `due_ms` becomes earlier if a connection wants that. */
int mvmjs_connections_poll(struct pollfd *polls, uint64_t *due_ms);
/** Looks after what polling found. */
void mvmjs_connections_attend(const struct pollfd *polls, uint64_t now_ms);
/** Nobody listens any more. */
void mvmjs_connections_finish(void);

#endif
