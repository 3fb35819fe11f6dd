// The outputs of this process. Text for both streams waits in one buffer, in parts, because they may be the same terminal,
// where order counts.

#include "output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trouble.h"

enum { BUFFER_BYTES = 65536, PARTS = 64 };

struct part {
  int stream;
  size_t length;
};
bool mvmjs_output_waits = false;

static char *buffer;
static size_t used, room;
/** What the buffer holds, in order. */
static struct part *parts;
static size_t part_count, part_room;

static void *grown(void *memory, size_t count, size_t size) {
  void *larger = realloc(memory, count * size);
  if (larger == NULL) mvmjs_give_up(MVMJS_EXIT_LIMIT, "this machine has no memory left; end other programs");
  return larger;
}

const char *mvmjs_output_try(void) {
  size_t at = 0, first = 0;
  const char *problem = NULL;
  while (first < part_count && problem == NULL) {
    struct part *part = &parts[first];
    if (part->length == 0) {
      first++;
      continue;
    }
    const ssize_t written = write(part->stream, buffer + at, part->length);
    if (written >= 0) {
      at += (size_t)written;
      part->length -= (size_t)written;
    } else if (errno == EAGAIN) {
      // A pipe or terminal that does not block and is full.
      struct pollfd reader = {.fd = part->stream, .events = POLLOUT, .revents = 0};
      poll(&reader, 1, -1);
    } else if (errno != EINTR) {
      problem = errno == ENOSPC || errno == EDQUOT ? "no space is left on the device; free some" : errno == EPIPE ? "nobody reads it any more" : strerror(errno);
    }
  }
  // What could not be written comes first when there is another try.
  if (at > 0) memmove(buffer, buffer + at, used - at);
  used -= at;
  if (first > 0) memmove(parts, parts + first, (part_count - first) * sizeof *parts);
  part_count -= first;
  return problem;
}
void mvmjs_output_flush(void) {
  const char *problem = mvmjs_output_try();
  if (problem == NULL) return;
  // It is not tried again while this process ends.
  used = part_count = 0;
  mvmjs_give_up(MVMJS_EXIT_FILE, "cannot write the program's output: %s", problem);
}

static void put(int stream, const char *bytes, size_t length) {
  if (used + length > room) {
    room = (used + length) * 2 < BUFFER_BYTES * 2 ? BUFFER_BYTES * 2 : (used + length) * 2;
    buffer = grown(buffer, room, 1);
  }
  memcpy(buffer + used, bytes, length);
  used += length;
  if (part_count > 0 && parts[part_count - 1].stream == stream) {
    parts[part_count - 1].length += length;
    return;
  }
  if (part_count == part_room) {
    part_room = part_room * 2 < PARTS ? PARTS : part_room * 2;
    parts = grown(parts, part_room, sizeof *parts);
  }
  parts[part_count++] = (struct part){.stream = stream, .length = length};
}
void mvmjs_output_bytes(int stream, const char *bytes, size_t length) {
  put(stream, bytes, length);
  if (used > BUFFER_BYTES && !mvmjs_output_waits) mvmjs_output_flush();
}
