// The services of this host (embed/door.h): its clock, its environment, its random bytes, its pins and buses as functions that
// programs call. In virtual time a program sees nothing of all that.

#ifndef MVMJS_HOST_H
#define MVMJS_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "door.h"
#include "io.h"

struct mvmjs_host {
  struct mvmjs_program *program;
  /** Takes what the program prints: UTF-8, in pieces. */
  void (*output)(void *context, int stream, const char *bytes, size_t length);
  void *context;
  /** process.argv. */
  int argument_count;
  const char *const *arguments;
  /**
   * The program sees nothing of this host: time passes only while it waits, the wall clock begins at a fixed moment,
   * random bytes are always the same, process.argv and Math.random are as they are in the image. For tests.
   */
  bool virtual_time;
  /** What it has open of this host's pins and buses; the host says which there are. */
  struct mvmjs_io_session io;

  // Made by mvmjs_host_begin: from then on the host stays where it is.
  struct mvmjs_door door;
  struct mvmjs_services services;
  /** Microseconds of virtual time that have passed here, and random bytes given in it. */
  uint64_t virtual_now;
  uint32_t drawn;
};

/** Before the program first runs here: opens its door. */
void mvmjs_host_begin(struct mvmjs_host *host, enum mvmjs_beginning beginning);
/** Wakes a program that waits: in virtual time its deadline has come. */
void mvmjs_host_wake(struct mvmjs_host *host);

#endif
