// Time and chance of this host: a clock that only goes forward, the wall clock, time zones, sleep, random bytes.

#ifndef MVMJS_CLOCK_H
#define MVMJS_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/** Microseconds since some moment; never goes back. */
uint64_t mvmjs_clock_now(void);

/** Milliseconds since 1970. */
int64_t mvmjs_clock_date(void);

/** Minutes that local time is ahead of UTC at that time (milliseconds since 1970). */
int mvmjs_clock_timezone(double ms);

/** Sleeps for so many microseconds, or less if a signal comes. */
void mvmjs_clock_sleep(uint64_t microseconds);

/** Fills the bytes with randomness fit for keys. */
void mvmjs_clock_random(uint8_t *bytes, size_t length);

#endif
