// One program at a time that came from who knows where, in a memory that cannot be left unnoticed (hostile.c): for the
// tests that judge forged images (judge.c) and for the fuzzing of the loader (test/fuzz/loader.c).

#ifndef HOSTILE_H
#define HOSTILE_H

#include "program.h"

extern struct mvmjs_program hostile_program;

/** Loads the image in pieces: false if it is refused. `most_words` is the largest memory that it may ask for. */
bool hostile_load(struct mvmjs_image_reader *reader, const uint8_t *bytes, size_t length, uint64_t most_words);
/** Runs what was loaded for 10,000 steps, with a collection before every 100 of them: how that ended. */
const char *hostile_run(void);
/** Is the slot empty, and its memory given back? */
bool hostile_is_clear(void);
/** Empties the slot; the next memory is tight on the other side. */
void hostile_clear(void);
/** Makes what is left to chance, sizes of pieces and the tight side, follow from a number. */
void hostile_seed(uint32_t seed);

#endif
