// Painting the stack.

#include "stack.h"

static const uint32_t PAINT = 0x5ac3e7b1;
/** Bytes that the painter itself may be using. */
enum { MARGIN = 128 };

void mvmjs_stack_paint(void) {
  uint32_t here;
  const volatile uint32_t *end = (const volatile uint32_t *)((uintptr_t)&here - MARGIN);
  for (volatile uint32_t *word = mvmjs_stack_bottom; word < end; word++) *word = PAINT;
}
size_t mvmjs_stack_used(void) {
  const uint32_t *word = mvmjs_stack_bottom;
  while (word < mvmjs_stack_top && *word == PAINT) word++;
  return (size_t)(mvmjs_stack_top - word) * 4;
}
size_t mvmjs_stack_size(void) {
  return (size_t)(mvmjs_stack_top - mvmjs_stack_bottom) * 4;
}
