// What the example needs on a board without an operating system: the C library's output goes to the port's link, its clock is the
// port's. (The library's own buffers come from a small heap; the machine needs none.)

#include <stddef.h>
#include <time.h>

#include "port.h"

int main(void);
int _write(int file, const char *bytes, int length);
void *_sbrk(ptrdiff_t bytes);

int _write(int file, const char *bytes, int length) {
  (void)file;
  mvmjs_port_write((const uint8_t *)bytes, (size_t)length);
  return length;
}
void *_sbrk(ptrdiff_t bytes) {
  static uint64_t heap[256];
  static ptrdiff_t used;
  if (bytes < -used || bytes > (ptrdiff_t)sizeof heap - used) return (void *)-1;
  used += bytes;
  return (char *)heap + (used - bytes);
}
clock_t clock(void) {
  return (clock_t)(mvmjs_port_now() / (1000000 / CLOCKS_PER_SEC));
}

MVMJS_NO_RETURN void mvmjs_firmware(void) {
  mvmjs_port_start();
  main();
  mvmjs_port_fatal("mvm: the example is over");
}
