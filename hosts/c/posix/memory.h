// Where a program's memory lies. The machine may touch MVMJS_SLACK bytes on each side of it.

#ifndef MVMJS_MEMORY_H
#define MVMJS_MEMORY_H

#include <stdint.h>

#ifndef MVMJS_SLACK
#define MVMJS_SLACK 0
#endif

/** A memory of so many words, all zero, with slack around it; NULL if there is none. */
uint8_t *mvmjs_memory_allocate(uint32_t words);
void mvmjs_memory_free(uint8_t *memory);

#endif
