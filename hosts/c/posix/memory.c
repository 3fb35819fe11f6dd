// Memories from the C library. Tests have others, between pages that nobody may touch.

#include "memory.h"

#include <stdlib.h>

static bool give(void *context, uint32_t words, struct mvmjs_room *room) {
  (void)context;
  uint8_t *bytes = calloc(((size_t)words - MVMJS_FIRST_WORD) * 4 + 2 * MVMJS_SLACK, 1);
  int32_t *marks = calloc(mvmjs_room_marks(words), sizeof *marks);
  if (bytes == NULL || marks == NULL) {
    free(bytes);
    free(marks);
    return false;
  }
  *room = (struct mvmjs_room){.memory = bytes + MVMJS_SLACK, .words = words, .marks = marks};
  return true;
}
static void take_back(void *context, struct mvmjs_room *room) {
  (void)context;
  free(room->memory - MVMJS_SLACK);
  free(room->marks);
}

const struct mvmjs_rooms mvmjs_memory_rooms = {.give = give, .take_back = take_back, .context = NULL};
