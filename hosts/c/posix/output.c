// The outputs of this process. One buffer serves both streams: they may be the same terminal, where order counts.

#include "output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "trouble.h"

/** Longest UTF-8 form of a character. */
enum { CHARACTER_BYTES = 4, BUFFER_BYTES = 65536 };

static char buffer[BUFFER_BYTES];
static size_t used = 0;
static int current_stream = 1;

void mvmjs_output_flush(void) {
  const size_t length = used;
  size_t at = 0;
  // Whatever happens now, the text is not written twice.
  used = 0;
  while (at < length) {
    const ssize_t written = write(current_stream, buffer + at, length - at);
    if (written >= 0) {
      at += (size_t)written;
    } else if (errno == EAGAIN) {
      // A pipe or terminal that does not block and is full.
      struct pollfd reader = {.fd = current_stream, .events = POLLOUT, .revents = 0};
      poll(&reader, 1, -1);
    } else if (errno != EINTR) {
      mvmjs_give_up(MVMJS_EXIT_FILE, "cannot write the program's output: %s", errno == ENOSPC ? "no space is left on the device; free some" : strerror(errno));
    }
  }
}

/** Makes sure that `bytes` more fit, and that they are for that stream. */
static void prepare(int stream, size_t bytes) {
  if (stream != current_stream || used + bytes > BUFFER_BYTES) mvmjs_output_flush();
  current_stream = stream;
}

void mvmjs_output_bytes(int stream, const char *bytes, size_t length) {
  while (length > 0) {
    size_t part = length < BUFFER_BYTES ? length : BUFFER_BYTES;
    prepare(stream, part);
    memcpy(buffer + used, bytes, part);
    used += part;
    bytes += part;
    length -= part;
  }
}

/** One character; `prepare` made room. */
static void character(uint32_t code) {
  if (code < 0x80) {
    buffer[used++] = (char)code;
    return;
  }
  if (code < 0x800) {
    buffer[used++] = (char)(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      buffer[used++] = (char)(0xe0 | code >> 12);
    } else {
      buffer[used++] = (char)(0xf0 | code >> 18);
      buffer[used++] = (char)(0x80 | (code >> 12 & 63));
    }
    buffer[used++] = (char)(0x80 | (code >> 6 & 63));
  }
  buffer[used++] = (char)(0x80 | (code & 63));
}

void mvmjs_output_narrow(int stream, const uint8_t *units, size_t length) {
  for (size_t i = 0; i < length; i++) {
    prepare(stream, CHARACTER_BYTES);
    character(units[i]);
  }
}

void mvmjs_output_wide(int stream, const uint16_t *units, size_t length) {
  for (size_t i = 0; i < length; i++) {
    uint32_t code = units[i];
    if (code >= 0xd800 && code < 0xe000) {
      const uint32_t next = i + 1 < length ? units[i + 1] : 0;
      if (code < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (next & 0x3ff);
        i++;
      } else {
        code = 0xfffd;
      }
    }
    prepare(stream, CHARACTER_BYTES);
    character(code);
  }
}
