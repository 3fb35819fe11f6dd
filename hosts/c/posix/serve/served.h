// A program that `mvm-c serve` runs: its door to this host, its output as whole lines with its name before each, the last of
// them kept for `mvm logs`, and slices of steps that are short enough for others to have their turn.

#ifndef MVMJS_SERVED_H
#define MVMJS_SERVED_H

#include "host.h"
#include "residents.h"

/** Bytes of a program's last output that are kept. */
enum { MVMJS_LOG_BYTES = 65536 };

struct mvmjs_served;

/** For a resident that has come: `resident->user` is it from now on. It finds those pins and buses (NULL: none). */
void mvmjs_served_begin(struct mvmjs_resident *resident, const struct mvmjs_io_port *io);
/** The program leaves or ends: a line that has no end yet goes out. */
void mvmjs_served_finish(struct mvmjs_resident *resident);
struct mvmjs_host *mvmjs_served_host(struct mvmjs_resident *resident);
/** The last lines, as they are kept. */
const char *mvmjs_served_logs(struct mvmjs_resident *resident, uint32_t lines, size_t *length);

enum mvmjs_slice { /** It goes on. */ MVMJS_SLICE_ON, MVMJS_SLICE_WAITS, MVMJS_SLICE_ENDED, MVMJS_SLICE_NO_MEMORY, MVMJS_SLICE_FAULT };
/** Runs it for some milliseconds, unless it waits. */
enum mvmjs_slice mvmjs_served_slice(struct mvmjs_resident *resident);
/** Something happened to a pin of its that another host keeps. */
void mvmjs_served_happened(struct mvmjs_resident *resident, int32_t number, enum mvmjs_io_event event, uint64_t count);
/** When a program that waits wants to go on (mvmjs_clock_now); UINT64_MAX: only a message wakes it. */
uint64_t mvmjs_served_wakes_at(struct mvmjs_resident *resident);
/** Its clock runs, or stands. */
void mvmjs_served_clock(struct mvmjs_resident *resident, bool runs);
/** The exit code of a program that ended. */
int mvmjs_served_code(struct mvmjs_resident *resident);

#endif
