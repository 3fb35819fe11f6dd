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
  /** Program time when it began here, and the port's clock then. */
  uint64_t time_before;
  uint64_t started;
  /** An error that nobody caught was reported. */
  bool failed;
};

/** The program begins to run here, or goes on. */
void mvmjs_host_begin(struct mvmjs_host *host);
/** Answers what the program asks (it stopped with HOST_CALL). */
enum mvmjs_answer mvmjs_host_answer(struct mvmjs_host *host);
/** What a program that waits is to wait for has come. False: nothing ever will. */
bool mvmjs_host_may_wake(struct mvmjs_host *host, bool *due);

#endif
