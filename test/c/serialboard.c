// A board as QEMU shows one, for the tests of Node's byte links: a device whose UART is standard input and output. It lives
// until its input ends. What its programs print goes to standard error, as what it has to say does.
//
//   serialboard KEY

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "serialdevice.h"

const bool device_virtual_time = false;

void wrong(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vfprintf(stderr, format, list);
  va_end(list);
  fputc('\n', stderr);
  exit(1);
}
static struct wire wire;

static uint64_t now_ms(void) {
  return mvmjs_clock_now() / 1000;
}
void device_random(void *context, uint8_t *bytes, size_t length) {
  (void)context;
  FILE *source = fopen("/dev/urandom", "rb");
  if (source == NULL || fread(bytes, 1, length, source) != length) wrong("there is no randomness");
  fclose(source);
}
void device_print(void *context, int stream, const char *bytes, size_t length) {
  (void)context;
  (void)stream;
  fwrite(bytes, 1, length, stderr);
}
void device_left(struct device *device, struct mvmjs_resident *resident, enum mvmjs_leaving leaving) {
  (void)device;
  fprintf(stderr, "(%s left: %d)\n", resident->name, (int)leaving);
}
void device_stopped(struct device *device, struct mvmjs_resident *resident) {
  (void)device;
  wrong("the program stopped at step %llu", (unsigned long long)mvmjs_program_steps(&resident->program));
}
void device_note(struct device *device, const char *text) {
  (void)device;
  fprintf(stderr, "(%s)\n", text);
}
struct mvmjs_link *device_dial(struct device *device, const char *place, struct mvmjs_line *why) {
  (void)device;
  return mvmjs_serial_link_dial(&wire.end, place, why, now_ms());
}

static void write_all(const uint8_t *bytes, size_t length) {
  while (length > 0) {
    const ssize_t count = write(STDOUT_FILENO, bytes, length);
    if (count <= 0) exit(0);
    bytes += count;
    length -= (size_t)count;
  }
}

int main(int argc, char **argv) {
  static struct device device;
  static uint8_t bytes[256];
  struct mvmjs_serial_key key;
  if (argc != 2 || strlen(argv[1]) != 64) return 2;
  for (size_t i = 0; i < MVMJS_SERIAL_KEY_BYTES; i++) {
    unsigned value;
    if (sscanf(argv[1] + 2 * i, "%2x", &value) != 1) return 2;
    bytes[i] = (uint8_t)value;
  }
  mvmjs_serial_key(&key, bytes);
  device_begin(&device, 7, true);
  device_wire(&device, &wire, false, &key);
  mvmjs_serial_link_begin(&wire.end, now_ms());
  for (;;) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    bool is_busy = false;
    for (int i = 0; i < SLOTS; i++) is_busy = device_run(&device, i) || is_busy;
    mvmjs_residents_tick(&device.residents, now_ms());
    mvmjs_serial_link_move(&wire.end, now_ms());
    uint8_t line[MVMJS_LINE_MAX];
    for (size_t length; (length = mvmjs_serial_pull(&wire.end.serial, line, now_ms())) > 0;) write_all(line, length);
    poll(&input, 1, is_busy ? 1 : 5);
    if (input.revents == 0) continue;
    const ssize_t length = read(STDIN_FILENO, bytes, sizeof bytes);
    if (length <= 0) return 0;
    mvmjs_serial_feed(&wire.end.serial, bytes, (size_t)length, now_ms());
  }
}
