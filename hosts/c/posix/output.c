// The outputs of this process. One buffer serves both streams: they may be the same terminal, where order counts.

#include "output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "trouble.h"

enum { BUFFER_BYTES = 65536 };

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
