// Where programs' memories lie on this host: the C library's heap, with slack around each (program.h).

#ifndef MVMJS_MEMORY_H
#define MVMJS_MEMORY_H

#include "program.h"

#ifndef MVMJS_SLACK
#define MVMJS_SLACK 0
#endif

extern const struct mvmjs_rooms mvmjs_memory_rooms;

#endif
