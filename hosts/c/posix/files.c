// Reading and writing files. Every failure ends the process with a line that says what to do.

#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trouble.h"

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void fail(const char *verb, const char *path, int error) {
  const char *what = strerror(error);
  switch (error) {
    case ENOENT: what = verb[0] == 'r' ? "there is no such file; check the path" : "its directory does not exist; make it, or choose another with -o"; break;
    case EISDIR: what = "it is a directory; name a file"; break;
    case ENOTDIR: what = "a part of its path is not a directory; check the path"; break;
    case EACCES:
    case EPERM: what = "permission is denied; change its permissions, or choose another"; break;
    case EROFS: what = "the file system is read-only; choose another place"; break;
    case ENOSPC:
    case EDQUOT: what = "no space is left on the device; free some, or choose another place; nothing was changed"; break;
  }
  mvmjs_give_up(MVMJS_EXIT_FILE, "cannot %s %s: %s", verb, path, what);
}

void mvmjs_file_open(struct mvmjs_file *file, const char *path) {
  struct stat facts;
  file->path = path;
  file->part = NULL;
  file->descriptor = open(path, O_RDONLY);
  if (file->descriptor < 0 || fstat(file->descriptor, &facts) != 0) fail("read", path, errno);
  if (S_ISDIR(facts.st_mode)) fail("read", path, EISDIR);
}
size_t mvmjs_file_read(struct mvmjs_file *file, uint8_t *bytes, size_t room) {
  for (;;) {
    const ssize_t got = read(file->descriptor, bytes, room);
    if (got >= 0) return (size_t)got;
    if (errno != EINTR) fail("read", file->path, errno);
  }
}
void mvmjs_file_close(struct mvmjs_file *file) {
  close(file->descriptor);
}

void mvmjs_file_create(struct mvmjs_file *file, const char *path) {
  struct stat facts;
  file->path = path;
  file->part = NULL;
  if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode)) {
    // A device or a pipe has no place beside it.
    file->descriptor = open(path, O_WRONLY);
  } else {
    const size_t room = strlen(path) + 32;
    file->part = malloc(room);
    if (file->part == NULL) fail("write", path, ENOMEM);
    snprintf(file->part, room, "%s.%ld.part", path, (long)getpid());
    file->descriptor = open(file->part, O_WRONLY | O_CREAT | O_EXCL, 0666);
  }
  if (file->descriptor < 0) fail("write", path, errno);
}

static void discard(struct mvmjs_file *file, int error) {
  if (file->part != NULL) unlink(file->part);
  fail("write", file->path, error);
}

void mvmjs_file_write(struct mvmjs_file *file, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    const ssize_t written = write(file->descriptor, bytes, length);
    if (written < 0) {
      if (errno == EINTR) continue;
      discard(file, errno);
    }
    bytes += written;
    length -= (size_t)written;
  }
}

void mvmjs_file_finish(struct mvmjs_file *file) {
  if (file->part != NULL && fsync(file->descriptor) != 0) discard(file, errno);
  if (close(file->descriptor) != 0) discard(file, errno);
  if (file->part != NULL && rename(file->part, file->path) != 0) discard(file, errno);
  free(file->part);
}
