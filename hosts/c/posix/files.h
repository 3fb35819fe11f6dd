// Files: images are read piece by piece, and written beside their place and moved there when they are on the disk, so that
// a full disk or a lost process never costs the one that was there before. What cannot be done ends the process.

#ifndef MVMJS_FILES_H
#define MVMJS_FILES_H

#include <stddef.h>
#include <stdint.h>

/** A file being read or written. */
struct mvmjs_file {
  const char *path;
  char *part;
  int descriptor;
};

void mvmjs_file_open(struct mvmjs_file *file, const char *path);
/** The next bytes, some that fit; 0 at the end. */
size_t mvmjs_file_read(struct mvmjs_file *file, uint8_t *bytes, size_t room);
void mvmjs_file_close(struct mvmjs_file *file);

void mvmjs_file_create(struct mvmjs_file *file, const char *path);
void mvmjs_file_write(struct mvmjs_file *file, const uint8_t *bytes, size_t length);
/** Puts it where it belongs. */
void mvmjs_file_finish(struct mvmjs_file *file);

#endif
