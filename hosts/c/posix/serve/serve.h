// `mvm-c serve`: a host in C that takes programs in, runs several side by side, answers commands and sends programs away
// again, over the same protocol as Node's (hosts/node/daemon.ts).

#ifndef MVMJS_SERVE_H
#define MVMJS_SERVE_H

#include <stdint.h>

#include "io.h"

struct mvmjs_serve {
  const char *listen;
  uint64_t memory_max;
  int programs_max;
  /** Bytes of an image in one CHUNK that this host takes and sends: small ones try what a device does. */
  uint32_t chunk_bytes;
  /** Pins and buses; NULL: none. */
  const struct mvmjs_io_port *io;
};

/** Serves until it is told to end. The exit code of the process. */
int mvmjs_serve(const struct mvmjs_serve *options);

#endif
