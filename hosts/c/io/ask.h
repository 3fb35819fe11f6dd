// Pins and buses as functions that programs ask for (embed/door.h): what lies between a door and a session. A host puts
// `mvmjs_io_functions` into the door's functions and its session into the door's `io`; there is one table for all programs,
// so that it lies in flash.

#ifndef MVMJS_IO_ASK_H
#define MVMJS_IO_ASK_H

#include "door.h"
#include "io.h"

extern const struct mvmjs_function mvmjs_io_functions[MVMJS_IO_KINDS];
/** Tells the program what has happened to its pins, as messages: between two slices. */
void mvmjs_io_tell(struct mvmjs_door *door);

#endif
