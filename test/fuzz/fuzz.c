// Records, images, and the mutator: what the harnesses share (fuzz.h). The mutator changes inputs record by record, since a
// byte that is put in or taken out would turn all behind it into other records; libFuzzer's own changes are let in now and
// then, for it knows what the code compared with what.

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGES_MAX = 100 };
static struct fuzz_image images[IMAGES_MAX];
static uint32_t image_count;
struct fuzz_counts fuzz_counts;

void fuzz_found(const char *what) {
  fprintf(stderr, "found: %s\n", what);
  abort();
}

uint32_t fuzz_draw(uint32_t *state, uint32_t below) {
  uint32_t x = *state | 1;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  *state = x;
  return x % below;
}

bool fuzz_next(const uint8_t **bytes, size_t *length, struct fuzz_record *record) {
  const uint8_t *at = *bytes;
  if (*length < FUZZ_RECORD_BYTES) return false;
  *record = (struct fuzz_record){.op = at[0], .a = at[1], .b = at[2], .c = at[3]};
  record->value = (uint32_t)at[4] | (uint32_t)at[5] << 8 | (uint32_t)at[6] << 16 | (uint32_t)at[7] << 24;
  *bytes += FUZZ_RECORD_BYTES;
  *length -= FUZZ_RECORD_BYTES;
  return true;
}

static void read_images(void) {
  const char *name = getenv("FUZZ_IMAGES");
  FILE *file = fopen(name == NULL ? "build/fuzz/images.bin" : name, "rb");
  uint8_t prefix[4];
  if (file == NULL) fuzz_found("there are no images: build/fuzz/images.bin is made by npm run fuzz");
  while (image_count < IMAGES_MAX && fread(prefix, 1, 4, file) == 4) {
    const size_t length = (size_t)prefix[0] | (size_t)prefix[1] << 8 | (size_t)prefix[2] << 16 | (size_t)prefix[3] << 24;
    uint8_t *bytes = malloc(length > 0 ? length : 1);
    if (bytes == NULL || fread(bytes, 1, length, file) != length) fuzz_found("the images are cut short");
    images[image_count++] = (struct fuzz_image){.bytes = bytes, .length = length};
  }
  fclose(file);
  if (image_count == 0) fuzz_found("there are no images");
}
struct fuzz_image fuzz_image(uint32_t number) {
  if (image_count == 0) read_images();
  return images[number % image_count];
}
struct fuzz_image fuzz_pins_image(void) {
  if (image_count == 0) read_images();
  // images.ts writes it last.
  return images[image_count - 1];
}

#ifdef FUZZ_LIBFUZZER
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed);

/** A record of chance: small operands are the commoner ones. */
static void write_record(uint8_t *at, uint32_t *state) {
  for (int i = 0; i < FUZZ_RECORD_BYTES; i++) at[i] = (uint8_t)fuzz_draw(state, fuzz_draw(state, 3) == 0 ? 256 : i == 0 ? 32 : 16);
  if (fuzz_draw(state, 2) == 0) memset(at + 5, fuzz_draw(state, 8) == 0 ? 255 : 0, 3);
}
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t length, size_t room, unsigned seed) {
  uint32_t state = seed * 2654435761u;
  if (room > FUZZ_RECORDS_MAX * FUZZ_RECORD_BYTES) room = FUZZ_RECORDS_MAX * FUZZ_RECORD_BYTES;
  const size_t most = room / FUZZ_RECORD_BYTES;
  size_t count = length / FUZZ_RECORD_BYTES;
  if (count > most) count = most;
  for (uint32_t turns = 1 + fuzz_draw(&state, 3); turns > 0; turns--) {
    const size_t which = count == 0 ? 0 : fuzz_draw(&state, (uint32_t)count);
    uint8_t *at = bytes + which * FUZZ_RECORD_BYTES;
    const size_t behind = (count - which) * FUZZ_RECORD_BYTES;
    const uint32_t what = count == 0 ? 0 : fuzz_draw(&state, 8);
    if (what < 2 && count < most) {
      memmove(at + FUZZ_RECORD_BYTES, at, behind);
      write_record(at, &state);
      count++;
    } else if (what == 2 && count < most) {
      memmove(at + FUZZ_RECORD_BYTES, at, behind);
      count++;
    } else if (what == 3 && count > 1) {
      memmove(at, at + FUZZ_RECORD_BYTES, behind - FUZZ_RECORD_BYTES);
      count--;
    } else if (what == 4) {
      at[fuzz_draw(&state, FUZZ_RECORD_BYTES)] ^= (uint8_t)(1u << fuzz_draw(&state, 8));
    } else if (what == 5) {
      at[fuzz_draw(&state, FUZZ_RECORD_BYTES)] = (uint8_t)fuzz_draw(&state, 256);
    } else if (what == 6) {
      at[1 + fuzz_draw(&state, 4)] = (uint8_t)(at[1 + fuzz_draw(&state, 4)] + fuzz_draw(&state, 5) - 2);
    } else {
      // In its own room, so that no record behind it moves.
      uint8_t record[FUZZ_RECORD_BYTES];
      memcpy(record, at, sizeof record);
      (void)LLVMFuzzerMutate(record, sizeof record, sizeof record);
      if (count > 0) memcpy(at, record, sizeof record);
    }
  }
  return count * FUZZ_RECORD_BYTES;
}
#endif
