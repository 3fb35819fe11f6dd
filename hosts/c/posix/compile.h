// Sources on a host without Node: the compiler is a program of the machine (hosts/self), whose image this one carries.

#ifndef MVMJS_COMPILE_H
#define MVMJS_COMPILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The compiler's image: what the build makes (hosts/self/bundle.ts). */
extern const uint8_t mvmjs_compiler_image[];
extern const size_t mvmjs_compiler_image_bytes;

/** An image in memory of the C library's. */
struct mvmjs_compiled {
  uint8_t *bytes;
  size_t length;
};

/** Does the name say that the file is source? */
bool mvmjs_is_source(const char *path);
/** Compiles the program in a file, with all that it imports, for so much memory. What is wrong with it ends the process, with a line that says where. */
struct mvmjs_compiled mvmjs_compile(const char *path, uint64_t memory_bytes);

#endif
