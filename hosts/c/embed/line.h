// A sentence for people, put together without the C library's formatting: what does not fit is left out at its end, between
// two characters. The text always ends with a zero byte.

#ifndef MVMJS_LINE_H
#define MVMJS_LINE_H

#include <stddef.h>
#include <stdint.h>

#ifndef MVMJS_LINE_BYTES
#define MVMJS_LINE_BYTES 600
#endif

struct mvmjs_line {
  char text[MVMJS_LINE_BYTES];
  size_t length;
};

void mvmjs_line_clear(struct mvmjs_line *line);
void mvmjs_line_add(struct mvmjs_line *line, const char *text);
/** The same of bytes that may be anything: control characters become blanks. */
void mvmjs_line_add_bytes(struct mvmjs_line *line, const uint8_t *bytes, size_t length);
void mvmjs_line_add_number(struct mvmjs_line *line, uint64_t number);
/** Eight hexadecimal digits. */
void mvmjs_line_add_hex(struct mvmjs_line *line, uint32_t number);
/** These, one after the other, up to NULL. */
void mvmjs_line_set(struct mvmjs_line *line, ...);

#endif
