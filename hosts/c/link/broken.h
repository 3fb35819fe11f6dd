// What becomes of a fault of ours: a state that cannot be. The host says: a process ends with a line, a device stands still
// with a pattern. Never used for what a peer or a program can bring about.

#ifndef MVMJS_BROKEN_H
#define MVMJS_BROKEN_H

#include <stdbool.h>

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void mvmjs_broken(const char *sentence);

static inline void mvmjs_assert(bool condition, const char *sentence) {
  if (!condition) mvmjs_broken(sentence);
}

#endif
