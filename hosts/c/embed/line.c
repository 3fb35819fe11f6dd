// Lines.

#include "line.h"

#include <stdarg.h>
#include <string.h>

#include "utf8.h"

void mvmjs_line_clear(struct mvmjs_line *line) {
  line->length = 0;
  line->text[0] = '\0';
}
void mvmjs_line_add_bytes(struct mvmjs_line *line, const uint8_t *bytes, size_t length) {
  const size_t fitting = mvmjs_utf8_fit(bytes, length, sizeof line->text - 1 - line->length);
  for (size_t at = 0; at < fitting;) {
    uint32_t code;
    uint8_t encoded[MVMJS_UTF8_MAX];
    const size_t size = mvmjs_utf8_decode(bytes + at, fitting - at, &code);
    const size_t written = mvmjs_utf8_encode(code < 32 || (code >= 127 && code < 160) ? ' ' : code, encoded);
    // What stands for damaged bytes may be longer than they were.
    if (written > sizeof line->text - 1 - line->length) break;
    memcpy(line->text + line->length, encoded, written);
    line->length += written;
    at += size;
  }
  line->text[line->length] = '\0';
}
void mvmjs_line_add(struct mvmjs_line *line, const char *text) {
  mvmjs_line_add_bytes(line, (const uint8_t *)text, strlen(text));
}
void mvmjs_line_add_number(struct mvmjs_line *line, uint64_t number) {
  char digits[21];
  size_t at = sizeof digits - 1;
  digits[at] = '\0';
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  mvmjs_line_add(line, digits + at);
}
void mvmjs_line_add_hex(struct mvmjs_line *line, uint32_t number) {
  char digits[9] = "";
  for (int i = 0; i < 8; i++) digits[i] = "0123456789abcdef"[number >> (28 - i * 4) & 15];
  mvmjs_line_add(line, digits);
}
void mvmjs_line_set(struct mvmjs_line *line, ...) {
  va_list list;
  mvmjs_line_clear(line);
  va_start(list, line);
  for (const char *text; (text = va_arg(list, const char *)) != NULL;) mvmjs_line_add(line, text);
  va_end(list);
}
