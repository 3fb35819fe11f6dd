// The C stack: painted at the start, so that what was ever used of it can be told.

#ifndef MVMJS_STACK_H
#define MVMJS_STACK_H

#include <stddef.h>
#include <stdint.h>

// Named by the linker script: the lowest word of the stack, and the address behind it.
extern uint32_t mvmjs_stack_bottom[], mvmjs_stack_top[];

/** Paints what lies below the caller. */
void mvmjs_stack_paint(void);
/** The most bytes that were in use since then. */
size_t mvmjs_stack_used(void);
/** All of them. */
size_t mvmjs_stack_size(void);

#endif
