// A board's pins for the programs of a firmware. They are built in with -DMVMJS_PINS, where the board has a file of them
// (ports/BOARD-pins.c) and a program may want them; elsewhere all of this is nothing, and costs nothing.

#ifndef MVMJS_PINS_H
#define MVMJS_PINS_H

#include <stdbool.h>

#include "door.h"

struct mvmjs_io_port;
struct mvmjs_io_session;

#ifdef MVMJS_PINS
/** What the board offers. */
const struct mvmjs_io_port *mvmjs_pins(void);
/** The door of the program in a slot, before it is opened, gets what it needs; pins of a program that was there are closed. */
void mvmjs_pins_begin(struct mvmjs_door *door, int slot);
/** The program is told what has happened to its pins. False: it has none open, so nothing can. */
bool mvmjs_pins_tell(struct mvmjs_door *door);
/** It has ended, or left. */
void mvmjs_pins_end(int slot);
/** What the program in a slot has open. */
struct mvmjs_io_session *mvmjs_pins_session(int slot);
#else
static inline const struct mvmjs_io_port *mvmjs_pins(void) {
  return NULL;
}
static inline void mvmjs_pins_begin(struct mvmjs_door *door, int slot) {
  (void)door;
  (void)slot;
}
static inline bool mvmjs_pins_tell(struct mvmjs_door *door) {
  (void)door;
  return false;
}
static inline void mvmjs_pins_end(int slot) {
  (void)slot;
}
static inline struct mvmjs_io_session *mvmjs_pins_session(int slot) {
  (void)slot;
  return NULL;
}
#endif

#endif
