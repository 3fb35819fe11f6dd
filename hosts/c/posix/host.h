// The host's side of its door (vm/core/host.js, vm/host.ts): answers what the program asks, keeps its clock, and tells it
// what happened to it. What a program asks is checked: an image may be forged.

#ifndef MVMJS_HOST_H
#define MVMJS_HOST_H

#include <stdbool.h>
#include <stdint.h>

struct mvmjs_host {
  /** process.argv. */
  int argument_count;
  const char *const *arguments;
  /**
   * The program sees nothing of this host: time passes only while it waits, the wall clock begins at a fixed moment,
   * random bytes are always the same, process.argv and Math.random are as they are in the image. For tests.
   */
  bool virtual_time;

  /** An error that nobody caught was reported. */
  bool failed;
  /** Microseconds of program time when the clock was started. */
  uint64_t time_before;
  /** mvmjs_clock_now at that moment. */
  uint64_t started;
  /** Random bytes given in virtual time. */
  uint32_t drawn;
};

/** Before the program first runs here: starts its clock and makes it a program of its own (a copy of the one in the image). */
void mvmjs_host_begin(struct mvmjs_host *host);

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

/**
 * The program waits: sleeps until it wants to be woken, and wakes it. False: it waits for a message only, and none can
 * come.
 */
bool mvmjs_host_wait(struct mvmjs_host *host);

#endif
