// The end of a process for which something went wrong.

#include "trouble.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "broken.h"
#include "output.h"

void mvmjs_give_up(enum mvmjs_exit code, const char *format, ...) {
  va_list list;
  mvmjs_output_flush();
  fputs("mvm-c: ", stderr);
  va_start(list, format);
  vfprintf(stderr, format, list);
  va_end(list);
  fputc('\n', stderr);
  exit((int)code);
}

void mvmjs_broken(const char *sentence) {
  mvmjs_give_up(MVMJS_EXIT_INTERNAL, "a fault of mvm's own: %s", sentence);
}
