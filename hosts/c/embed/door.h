// A host's side of the door between program and host (vm/core/host.js, vm/host.ts): what the program asks is answered, by the
// host's services and functions (mvmjs.h), its clock is kept, and it is told what happened to it. All hosts in C have this in
// common; posix/host.c, firmware/host.c and mvmjs.c have the services and decide when to run. What a program asks is checked: an
// image may be forged. Each function points the machine at its program first.

#ifndef MVMJS_DOOR_H
#define MVMJS_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mvmjs.h"
#include "program.h"
#include "value.h"

struct mvmjs_io_session;

struct mvmjs_door {
  struct mvmjs_program *program;
  const struct mvmjs_services *services;
  const struct mvmjs_function *functions;
  size_t function_count;
  /** What functions are told that they are called by; NULL where the host has no such machine. */
  struct mvmjs_machine *machine;
  /** What the program has open of pins and buses (io/ask.h); NULL where the host has no functions for them. */
  struct mvmjs_io_session *io;
  /** Puts out a text that lies in pieces: mvmjs_door_put_copied; NULL: each piece is looked for, which takes no memory. */
  bool (*put_rope)(const struct mvmjs_services *services, const struct mvmjs_text *text, void (*put)(void *context, const char *bytes, size_t length), void *context);

  /** An error that nobody caught was reported. */
  bool failed;
  /** What the services lack and the program has asked for, after MVMJS_LACKING. */
  const char *lacks;
  /** Microseconds of program time when the clock was started, and the services' clock at that moment. */
  uint64_t time_before;
  uint64_t started;
  /** The clock stands: `started` is since when, or 0 if nobody has to hear of it. */
  bool stands;
};

/** Before the program first runs here: starts its clock (that of one that has arrived stands yet) and tells it what happened to it. */
void mvmjs_door_begin(struct mvmjs_door *door, enum mvmjs_beginning beginning);

/** The program stands still, and its time with it; and lets it go on. */
void mvmjs_door_stop_clock(struct mvmjs_door *door);
void mvmjs_door_start_clock(struct mvmjs_door *door);
/** Microseconds of program time. */
uint64_t mvmjs_door_now(const struct mvmjs_door *door);
/** Puts its time where an image has it. */
void mvmjs_door_keep_time(struct mvmjs_door *door);

enum mvmjs_answer {
  MVMJS_ANSWERED,
  /** The answer finds no room within the program's limit. */
  MVMJS_NO_ROOM,
  /** No program compiled by mvm asks for that. */
  MVMJS_NOT_ASKED,
  /** A function has yet to answer; the program stands still until it is asked again. */
  MVMJS_NOT_YET,
  /** The services do not have that: `lacks` says what. */
  MVMJS_LACKING,
};
/** Answers what the program asks in the register HOST_CALL. */
enum mvmjs_answer mvmjs_door_answer(struct mvmjs_door *door);

/** For `put_rope`: by the memory that `units` of the services gives. */
bool mvmjs_door_put_copied(const struct mvmjs_services *services, const struct mvmjs_text *text, void (*put)(void *context, const char *bytes, size_t length), void *context);

/** Leaves a message in the program's inbox: false if there is no room. */
bool mvmjs_door_post(struct mvmjs_door *door, struct mvmjs_value *items, size_t length);
/** Settles a call of a host function. */
bool mvmjs_door_settle(struct mvmjs_door *door, uint64_t id, bool ok, struct mvmjs_value value);

/** Microseconds that a program that waits wants to wait for yet: 0 if it can go on, UINT64_MAX if only a message wakes it. */
uint64_t mvmjs_door_until_wake(const struct mvmjs_door *door);
/** Wakes a program that waits. */
void mvmjs_door_wake(struct mvmjs_door *door);

#endif
