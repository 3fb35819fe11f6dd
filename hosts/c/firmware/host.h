// The program's door on a device: its calls answered, its sleep ended. What POSIX's host does with files and the C library
// is done here with the port and without allocating.

#ifndef MVMJS_HOST_H
#define MVMJS_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "program.h"

enum mvmjs_answer { MVMJS_ANSWERED, MVMJS_NO_ROOM, MVMJS_NOT_ASKED };

struct mvmjs_host {
  struct mvmjs_program *program;
  /** Where what it prints goes: UTF-8, in pieces. */
  void (*print)(const uint8_t *bytes, size_t length);
  /** Program time when it began here, and the port's clock then. */
  uint64_t time_before;
  uint64_t started;
  /** The clock stands: time_before is the time. */
  bool stands;
  /** An error that nobody caught was reported. */
  bool failed;
};

/** A program that has not run yet begins here, with random numbers of its own. */
void mvmjs_host_begin(struct mvmjs_host *host);
/** One that ran elsewhere goes on here, and is told so. Its clock stands. */
void mvmjs_host_arrive(struct mvmjs_host *host);
/** The program stands still, and its time with it; and lets it go on. */
void mvmjs_host_stop_clock(struct mvmjs_host *host);
void mvmjs_host_start_clock(struct mvmjs_host *host);
/** Microseconds of program time. */
uint64_t mvmjs_host_now(const struct mvmjs_host *host);
/** Answers what the program asks (it stopped with HOST_CALL). */
enum mvmjs_answer mvmjs_host_answer(struct mvmjs_host *host);
/** What a program that waits is to wait for has come. False: nothing ever will. */
bool mvmjs_host_may_wake(struct mvmjs_host *host, bool *due);

#endif
