// The host's side of its door (vm/core/host.js, vm/host.ts): answers what the program asks, keeps its clock, and tells it
// what happened to it. What a program asks is checked: an image may be forged.

#ifndef MVMJS_HOST_H
#define MVMJS_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io.h"
#include "program.h"

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
  /** An error that nobody caught was reported. */
  bool failed;
  /** Microseconds of program time when the clock was started. */
  uint64_t time_before;
  /** mvmjs_clock_now at that moment. */
  uint64_t started;
  /** The clock stands, since that moment. */
  bool stands;
  uint64_t stopped;
  /** Random bytes given in virtual time. */
  uint32_t drawn;
};

/** How a program comes to run here. */
enum mvmjs_beginning { /** A copy of the one in the image: a program of its own. */ MVMJS_COPY, /** The program itself, from another host. */ MVMJS_ARRIVED };

/** Before the program first runs here: starts its clock and tells it what happened to it. */
void mvmjs_host_begin(struct mvmjs_host *host, enum mvmjs_beginning beginning);

/** The program stands still, and its time with it; and lets it go on. */
void mvmjs_host_stop_clock(struct mvmjs_host *host);
void mvmjs_host_start_clock(struct mvmjs_host *host);

/** Microseconds of program time. */
uint64_t mvmjs_host_now(const struct mvmjs_host *host);

enum mvmjs_answer {
  MVMJS_ANSWERED,
  /** The answer finds no room within the program's limit. */
  MVMJS_NO_ROOM,
  /** No program compiled by mvm asks for that. */
  MVMJS_NOT_ASKED,
};
/** Answers what the program asks in the register HOST_CALL. */
enum mvmjs_answer mvmjs_host_answer(struct mvmjs_host *host);

/** Microseconds that a program that waits wants to wait for yet: 0 if it can go on, UINT64_MAX if only a message wakes it. */
uint64_t mvmjs_host_until_wake(const struct mvmjs_host *host);
/** Wakes a program that waits: in virtual time its deadline has come. */
void mvmjs_host_wake(struct mvmjs_host *host);

#endif
