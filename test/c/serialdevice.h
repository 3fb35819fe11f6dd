// A device as the tests of the byte link need one: hosts/c/embed and hosts/c/link with two slots of fixed memory and frames of
// a kilobyte, and with the mock's pins (io/mock.h), which may stay behind for programs that leave. serialboard.c puts one
// behind standard input and output, serialsim.c two beside each other in virtual time, test/fuzz has one that hears what
// nobody should say; each says what becomes of output and of programs that leave.

#ifndef SERIALDEVICE_H
#define SERIALDEVICE_H

#include "host.h"
#include "serial-link.h"

enum { SLOTS = 2, LINKS = 4, PAST = 16, SEEN = 4, GRANTS = 2, BODY_BYTES = 1400, SCRATCH_BYTES = 2500, OUT_BYTES = 5000, MEMORY_WORDS = 16384, CHUNK_BYTES = 150, WINDOW_BYTES = 600 };

struct device {
  struct mvmjs_residents residents;
  struct mvmjs_resident slots[SLOTS];
  struct mvmjs_host doors[SLOTS];
  bool asks[SLOTS];
  struct mvmjs_link *links[LINKS];
  struct mvmjs_past past[PAST];
  struct mvmjs_seen seen[SEEN];
  struct mvmjs_grant grants[GRANTS];
  uint8_t scratch[SCRATCH_BYTES];
  char name[16];
};
/** A link with its buffers. */
struct wire {
  struct mvmjs_serial_link end;
  uint8_t body[BODY_BYTES];
  uint8_t out[OUT_BYTES];
  struct mvmjs_serial_channel reverse;
  uint8_t reverse_body[BODY_BYTES];
  uint8_t reverse_out[OUT_BYTES];
};

/** Makes the device as it is after a reset; `first` also takes its memory. */
void device_begin(struct device *device, int number, bool first);
/** A link of it, which is to begin. */
void device_wire(struct device *device, struct wire *wire, bool is_client, const struct mvmjs_serial_key *key);
/** Runs the program of a slot for some instructions, if it may run. False: there is none that may. */
bool device_run(struct device *device, int slot);

// The program's

void device_print(void *context, int stream, const char *bytes, size_t length);
void device_left(struct device *device, struct mvmjs_resident *resident, enum mvmjs_leaving leaving);
/** A program can go no further: the machine stopped it, or its call is not answered. Its pins are free already. */
void device_stopped(struct device *device, struct mvmjs_resident *resident);
void device_note(struct device *device, const char *text);
struct mvmjs_link *device_dial(struct device *device, const char *place, struct mvmjs_line *why);
void device_random(void *context, uint8_t *bytes, size_t length);
/** Programs see a time of their own. */
extern const bool device_virtual_time;
/** It is over with the test. */
#if defined(__GNUC__)
__attribute__((noreturn, format(printf, 1, 2)))
#endif
void wrong(const char *format, ...);

#endif
