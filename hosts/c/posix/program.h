// The program's memory and the machine over it: what vm/machine.ts is on Node. It owns the buffers (the memory, the
// collector's marks, the property cache), makes them larger when the kernel asks, runs the machine for so many steps,
// and takes the program's words from an image or gives them to one. There is one program in a process.

#ifndef MVMJS_PROGRAM_H
#define MVMJS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "image.h"

/** A word of the memory; 0 outside of it. */
int32_t mvmjs_word(int32_t address);
void mvmjs_set_word(int32_t address, int32_t word);
/** `length` bytes of the memory from byte `at` on, or NULL if they are not all in it. */
const uint8_t *mvmjs_bytes(uint32_t at, size_t length);

/**
 * Makes the memory for the program of an image and reads its words. False: `reader->fault` says why. The image's bytes
 * are not needed any more then.
 */
bool mvmjs_program_load(struct mvmjs_image_reader *reader, const struct mvmjs_image_head *head);

/** Runs `fuel` steps at most (a bulk instruction may take a few more): a Status, never GROW. */
int32_t mvmjs_program_run(uint64_t fuel);

/** Makes room for `words` more, collecting or growing: for the host's own allocations. Addresses change. */
bool mvmjs_program_room(uint64_t words);

/** Steps run since the program began. */
uint64_t mvmjs_program_steps(void);

/** A register of 64 bits, by its low word. */
uint64_t mvmjs_program_counter(int32_t low);
void mvmjs_program_set_counter(int32_t low, uint64_t value);

/** 64 bits that are equal for equal programs at equal steps on every host. */
uint64_t mvmjs_program_hash(void);

/** Collects now. */
void mvmjs_program_collect(void);

/** Writes the program's image. Of `head` it takes who the program is; sizes and registers are the program's own. */
void mvmjs_program_save(struct mvmjs_image_head *head, mvmjs_image_sink *sink, void *context);

#endif
