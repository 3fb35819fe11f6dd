// A run of one program: slices of steps, between which host calls are answered, images taken and hashes printed.

#ifndef MVMJS_RUN_H
#define MVMJS_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"
#include "program.h"

struct mvmjs_run {
  struct mvmjs_program program;
  struct mvmjs_host host;
  /** The program's name, for people. */
  const char *name;
  /** Steps that it may run in all; UINT64_MAX for no limit. */
  uint64_t fuel;
  /** Print a state hash after each so many steps; 0 for none. */
  uint64_t hash_every;
  /** Collect after each so many steps; 0 for none. */
  uint64_t collect_every;
  /** Stop when so many steps have been run in all and write the image there; NULL for no. */
  const char *stop_path;
  uint64_t stop_after;
};

/** Runs it until it ends or is stopped. The exit code of the process. */
int mvmjs_run_image(struct mvmjs_run *run);

#endif
