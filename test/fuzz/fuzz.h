// What the fuzzing harnesses share. An input is a sequence of records of eight bytes, each one thing to do: a change to an
// image, a message to send, some time to let pass. A harness makes lengths, checksums and MACs right behind the change,
// unless the record says that they are to be wrong, so nearly every input gets past them. Whatever bytes an input has, it
// means something. The images that records are about are built with the machine (images.ts), not kept in inputs, so an input
// is short and still means the same when the core has changed.

#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A record. `op` is what to do, by the harness's own list; the others are its operands. */
struct fuzz_record {
  uint8_t op, a, b, c;
  uint32_t value;
};
enum { FUZZ_RECORD_BYTES = 8, FUZZ_RECORDS_MAX = 64 };

/** The next record of what is left of an input: false if there is none. */
bool fuzz_next(const uint8_t **bytes, size_t *length, struct fuzz_record *record);

struct fuzz_image {
  const uint8_t *bytes;
  size_t length;
};
/** An image by its number, whatever the number is. */
struct fuzz_image fuzz_image(uint32_t number);
/** The program with pins and buses, at its beginning. */
struct fuzz_image fuzz_pins_image(void);

/** Numbers that follow from a seed. Source: Marsaglia, xorshift32. */
uint32_t fuzz_draw(uint32_t *state, uint32_t below);

/** What was found: says so, and ends the process as sanitizers do. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void fuzz_found(const char *what);

/**
 * What inputs have brought about: programs, or slices of them, that were run; programs that moved away; calls of pins that
 * others keep, and answers to such calls.
 */
extern struct fuzz_counts {
  unsigned ran, left, called, answered;
} fuzz_counts;

/** A harness (libFuzzer's name for it, which replay.c calls too). */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#endif
