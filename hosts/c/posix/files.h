// Files, whole: images are read in one piece, and written beside their place and moved there when they are on the disk, so
// that a full disk or a lost process never costs the one that was there before.

#ifndef MVMJS_FILES_H
#define MVMJS_FILES_H

#include <stddef.h>
#include <stdint.h>

/** The bytes of a file of at most `most` bytes, in memory of their own. Ends the process if that cannot be. */
uint8_t *mvmjs_file_read(const char *path, size_t most, size_t *length);

/** A file being written. */
struct mvmjs_file {
  const char *path;
  char *part;
  int descriptor;
};

void mvmjs_file_create(struct mvmjs_file *file, const char *path);
void mvmjs_file_write(struct mvmjs_file *file, const uint8_t *bytes, size_t length);
/** Puts it where it belongs. */
void mvmjs_file_finish(struct mvmjs_file *file);

#endif
