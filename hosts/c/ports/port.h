// What a firmware needs of a board, and all that it needs: each board has one small file with these functions, a linker
// script, and the start of its processor. Nothing here allocates, and nothing waits but `mvmjs_port_write` and `_idle`.

#ifndef MVMJS_PORT_H
#define MVMJS_PORT_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define MVMJS_NO_RETURN __attribute__((noreturn))
#else
#define MVMJS_NO_RETURN
#endif

/** Clocks, the byte link, the timer. Called once, before anything else here. */
void mvmjs_port_start(void);
/** Microseconds since the start. */
uint64_t mvmjs_port_now(void);
/** Sleeps until something may have happened: a byte, or at the latest some milliseconds. */
void mvmjs_port_idle(void);
/** The next byte of the link, or -1. */
int mvmjs_port_read(void);
/** Gives bytes to the link, in order; comes back when the last of them is on its way. */
void mvmjs_port_write(const uint8_t *bytes, size_t length);
/** The same for the console, a second link where what programs print goes while the first one carries the protocol. */
void mvmjs_port_print(const uint8_t *bytes, size_t length);
/** Fills in random bytes, as good as the board has them. */
void mvmjs_port_random(uint8_t *bytes, size_t length);
/** Says why, and stands still for ever. */
MVMJS_NO_RETURN void mvmjs_port_fatal(const char *text);

/** The firmware's main, called by the processor's start. */
MVMJS_NO_RETURN void mvmjs_firmware(void);

#endif
