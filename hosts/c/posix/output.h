// Where what programs print goes. Text is collected and written at once when the program waits, ends, prints to the other
// stream, or has run for a while: what a program has printed before it is stopped is out before its image is written.

#ifndef MVMJS_OUTPUT_H
#define MVMJS_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/** Bytes for stream 1 (stdout) or 2 (stderr). */
void mvmjs_output_bytes(int stream, const char *bytes, size_t length);

/** Writes what is collected. If the reader is gone the process ends by SIGPIPE; if the disk is full, with a line that says so. */
void mvmjs_output_flush(void);

#endif
