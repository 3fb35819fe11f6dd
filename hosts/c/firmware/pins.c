// A session for each slot. A program that arrives has nothing open: its library opens again what it had (vm/io/README.md,
// IO1), by the options that it keeps.

#include "pins.h"

#include <string.h>

#include "ask.h"

#ifndef MVMJS_SLOTS
#define MVMJS_SLOTS 1
#endif

static struct mvmjs_io_session sessions[MVMJS_SLOTS];

void mvmjs_pins_begin(struct mvmjs_door *door, int slot) {
  mvmjs_pins_end(slot);
  sessions[slot].port = mvmjs_pins();
  door->functions = mvmjs_io_functions;
  door->function_count = MVMJS_IO_KINDS;
  door->io = &sessions[slot];
}
bool mvmjs_pins_tell(struct mvmjs_door *door) {
  bool any = false;
  for (int i = 0; i < MVMJS_IO_OPEN_MAX; i++) any = door->io->open[i].used || any;
  if (any) mvmjs_io_tell(door);
  return any;
}
void mvmjs_pins_end(int slot) {
  if (sessions[slot].port != NULL) mvmjs_io_close(&sessions[slot]);
}
struct mvmjs_io_session *mvmjs_pins_session(int slot) {
  return &sessions[slot];
}
