// Memories from the C library. Tests have others, between pages that nobody may touch.

#include "memory.h"

#include <stdlib.h>

uint8_t *mvmjs_memory_allocate(uint32_t words) {
  uint8_t *bytes = calloc((size_t)words * 4 + 2 * MVMJS_SLACK, 1);
  return bytes == NULL ? NULL : bytes + MVMJS_SLACK;
}
void mvmjs_memory_free(uint8_t *memory) {
  free(memory - MVMJS_SLACK);
}
