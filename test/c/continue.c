// Goes on with programs, for the runner of test262 (test/test262/continue-c.ts): reads from stdin an image's length in
// four bytes, the number of steps that the program may have run in all in eight, and the image; runs it until then, or
// until it asks something, wants to wait or ends; and writes the Status in one byte, a length in four, and the image of
// the program as it stands. There is none behind an end. All numbers are little-endian. Status 255 comes with a sentence:
// an image was refused, or the program has left its memory.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "machine.h"
#include "memory.h"
#include "program.h"

/** The largest memory of a program, in words: as test/support/run-program.ts has it. */
#define MOST_WORDS (UINT64_C(64) * 1024 * 1024)
enum { LENGTH_MAX = 1 << 29, REFUSED = 255 };

static struct mvmjs_program program;
/** What is written: status, length, image. */
static struct { uint8_t *bytes; size_t length, room; } answer;

static void add(const uint8_t *bytes, size_t length) {
  if (answer.length + length > answer.room) {
    answer.room = 2 * (answer.length + length);
    answer.bytes = realloc(answer.bytes, answer.room);
    if (answer.bytes == NULL) exit(1);
  }
  memcpy(answer.bytes + answer.length, bytes, length);
  answer.length += length;
}
static void put_length(size_t length) {
  for (int i = 0; i < 4; i++) answer.bytes[1 + i] = (uint8_t)(length >> (8 * i));
}
static void send(int status) {
  answer.bytes[0] = (uint8_t)status;
  put_length(answer.length - 5);
  if (fwrite(answer.bytes, 1, answer.length, stdout) != answer.length) exit(1);
  fflush(stdout);
}
static void refuse(const char *why) {
  answer.length = 5;
  add((const uint8_t *)why, strlen(why));
  send(REFUSED);
}

static void go_on(const uint8_t *image, size_t length, uint64_t target) {
  static struct mvmjs_image_reader reader;
  mvmjs_program_init(&program, &mvmjs_memory_rooms);
  mvmjs_program_begin_loading(&program, &reader, MOST_WORDS);
  if (mvmjs_program_load(&program, &reader, image, length) != MVMJS_IMAGE_WHOLE || !mvmjs_program_end_loading(&program, &reader)) {
    refuse(reader.fault.detail != NULL ? reader.fault.detail : "the image is refused");
    return;
  }
  int32_t status = STATUS_FUEL;
  for (uint64_t steps; status == STATUS_FUEL && (steps = mvmjs_program_steps(&program)) < target;) {
    status = mvmjs_program_run(&program, target - steps);
    if (mvmjs_memory_fault) {
      refuse("the program has left its memory");
      return;
    }
  }
  if (status == STATUS_FUEL || status == STATUS_HOST_CALL || status == STATUS_WAITING) {
    static struct mvmjs_image_writer writer;
    uint8_t bytes[4096];
    program.head.sequence++;
    if (!mvmjs_program_save(&program, &writer)) {
      refuse("the memory is broken");
      return;
    }
    for (size_t size; (size = mvmjs_image_write(&writer, bytes, sizeof bytes)) > 0;) add(bytes, size);
  }
  send(status);
}

int main(void) {
  uint8_t head[12];
  uint8_t *image = NULL;
  while (fread(head, 1, sizeof head, stdin) == sizeof head) {
    uint32_t length = 0;
    uint64_t target = 0;
    for (int i = 0; i < 4; i++) length |= (uint32_t)head[i] << (8 * i);
    for (int i = 0; i < 8; i++) target |= (uint64_t)head[4 + i] << (8 * i);
    if (length > LENGTH_MAX) return 1;
    image = realloc(image, length > 0 ? length : 1);
    if (image == NULL || fread(image, 1, length, stdin) != length) return 1;
    answer.length = 0;
    add((const uint8_t[5]){0}, 5);
    mvmjs_memory_fault = false;
    go_on(image, length, target);
    mvmjs_program_clear(&program);
  }
  free(image);
  return 0;
}
