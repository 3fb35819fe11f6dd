// The memory of builds for size (-DMVMJS_COMPACT, prelude.h): accessors are functions, small functions of the kernel are
// left to the compiler, the loop is the reference alone. fast.h is the same for builds for speed.
//
// With -DMVMJS_SPLIT a program's memory has its core elsewhere: words below MVMJS_PROGRAM_START are read from the array
// given to mvmjs_attach_core, which may be in flash and is never written; `memory` of mvmjs_attach begins with the word
// MVMJS_PROGRAM_START, and `words` is still the address of its end. Every access is checked against the part that it
// falls into, so one that begins in the core does not end in the program.
//
// With -DMVMJS_PROFILE, besides, parts of kernel and core are absent (profiles.ts): what reaches one sets mvmjs_absent_part,
// and the fuel is gone, so that the machine stops behind that instruction. It has read zeros, so nothing of the program
// is to be believed from there on; its host gives it no more fuel (program.c).

/** The program's own words, from FIRST_WORD on. */
static uint8_t *program_bytes;
static uint32_t program_words;
#ifdef MVMJS_SPLIT
#define FIRST_WORD ((uint32_t)MVMJS_PROGRAM_START)
#ifdef MVMJS_PROFILE
#include "core-place.h"
#include "format.h"
#else
static const uint8_t *core_bytes;
static uint32_t core_words;
#endif

#ifndef MVMJS_PROFILE
void mvmjs_attach_core(const uint8_t *core, uint32_t words) {
  core_bytes = core;
  core_words = words;
}
#endif
#else
#define FIRST_WORD 0u
#ifdef MVMJS_PROFILE
#error "A profile leaves out what only a core in its own place can lack: -DMVMJS_SPLIT."
#endif
#endif
static void set_memory(uint8_t *memory, uint32_t words) {
  program_bytes = memory;
  program_words = words - FIRST_WORD;
}

#ifdef MVMJS_PROFILE
const char *mvmjs_absent_part = NULL;
int32_t mvmjs_absent_fuel = 0;
MVMJS_COLD void stop_at_absent(const char *part) {
  uint8_t *const fuel = program_bytes + ((size_t)REG_FUEL - FIRST_WORD) * 4;
  if (mvmjs_absent_part != NULL) return;
  mvmjs_absent_part = part;
  // A function that gives nothing may look like one that lacks room: no collection is to be tried for it.
  mvmjs_faulted = true;
  mvmjs_absent_fuel = i32_wrap(load_32(fuel));
  store_32(fuel, 0);
}
/** Where a word of the core is. Of a double both words are in the same region. */
MVMJS_CALLED const uint8_t *core_place(uint32_t i) {
  uint32_t words;
  return mvmjs_core_at(i, &words);
}
#endif

#define MVMJS_EXPANDED static MVMJS_UNUSED
#define MVMJS_MEMORY
#define MVMJS_TAKES_MEMORY
#define MVMJS_TAKES_MEMORY_ONLY void
#define MVMJS_THE_MEMORY
#define MVMJS_THE_MEMORY_ONLY

/** What a place outside of the memory is taken for: reads give 0. */
static const uint64_t outside = 0;
/**
 * Where word `i` is, to be read; of a double its first word, since both parts are a whole number of doubles. Pure but for
 * the trap, which does the same however often it is sprung.
 */
MVMJS_CALLED MVMJS_PURE const uint8_t *place_of(uint32_t i) {
  const uint32_t own = i - FIRST_WORD;
  if (MVMJS_INSIDE(own < program_words)) return program_bytes + (size_t)own * 4;
#ifdef MVMJS_PROFILE
  const uint8_t *const at = mvmjs_walksCore ? mvmjs_core_header(i) : core_place(i);
  if (at != NULL) return at;
  const char *const part = mvmjs_core_absent_part(i);
  if (part != NULL) {
    stop_at_absent(part);
    return (const uint8_t *)&outside;
  }
#elif defined(MVMJS_SPLIT)
  if (MVMJS_INSIDE(i < core_words)) return core_bytes + (size_t)i * 4;
#endif
  view_trap();
  return (const uint8_t *)&outside;
}
/** Where word `i` is, to be written, or NULL. */
MVMJS_CALLED MVMJS_PURE uint8_t *own_place_of(uint32_t i) {
  const uint32_t own = i - FIRST_WORD;
  if (MVMJS_INSIDE(own < program_words)) return program_bytes + (size_t)own * 4;
  view_trap();
  return NULL;
}
MVMJS_CALLED MVMJS_PURE int32_t M_get(uint32_t i) {
  return i32_wrap(load_32(place_of(i)));
}
MVMJS_CALLED void M_set(uint32_t i, int32_t x) {
  uint8_t *to = own_place_of(i);
  if (to != NULL) store_32(to, (uint32_t)x);
}
MVMJS_CALLED MVMJS_PURE int32_t B_get(uint32_t i) {
  return place_of(i >> 2)[i & 3];
}
MVMJS_CALLED void B_set(uint32_t i, int32_t x) {
  uint8_t *to = own_place_of(i >> 2);
  if (to != NULL) to[i & 3] = (uint8_t)x;
}
MVMJS_CALLED MVMJS_PURE int32_t H_get(uint32_t i) {
  return load_16(place_of(i >> 1) + (i & 1) * 2);
}
MVMJS_CALLED void H_set(uint32_t i, int32_t x) {
  uint8_t *to = own_place_of(i >> 1);
  if (to != NULL) store_16(to + (i & 1) * 2, (uint16_t)x);
}
MVMJS_CALLED MVMJS_PURE double F_get(uint32_t i) {
  return f64_of_bits(load_64(place_of(i << 1)));
}
MVMJS_CALLED void F_set(uint32_t i, double x) {
  uint8_t *to = own_place_of(i << 1);
  if (to != NULL) store_64(to, f64_bits(x));
}
/** Two bytes as one number. */
MVMJS_CALLED MVMJS_PURE int32_t B_half(uint32_t i) {
  return B_get(i) | B_get(i + 1u) << 8;
}
#define M_get_at(i, k) M_get((i) + (uint32_t)(k))
#define M_set_at(i, k, x) M_set((i) + (uint32_t)(k), x)
#define B_get_at(i, k) B_get((i) + (uint32_t)(k))
#define B_set_at(i, k, x) B_set((i) + (uint32_t)(k), x)
#define B_half_at(i, k) B_half((i) + (uint32_t)(k))
// Elements that every attached memory has: registers, and the roots, which may be in the core.
#ifdef MVMJS_SPLIT
#define M_get_fixed(i) ((uint32_t)(i) >= MVMJS_PROGRAM_START ? i32_wrap(load_32(program_bytes + (size_t)((uint32_t)(i) - MVMJS_PROGRAM_START) * 4)) : M_get(i))
#define M_set_fixed(i, x) ((uint32_t)(i) >= MVMJS_PROGRAM_START ? store_32(program_bytes + (size_t)((uint32_t)(i) - MVMJS_PROGRAM_START) * 4, (uint32_t)(x)) : M_set(i, x))
#else
#define M_get_fixed(i) i32_wrap(load_32(program_bytes + (size_t)(i) * 4))
#define M_set_fixed(i, x) store_32(program_bytes + (size_t)(i) * 4, (uint32_t)(x))
#endif

MVMJS_INLINE int32_t M_length(void) {
  return mvmjs_memoryWords;
}
MVMJS_INLINE int32_t B_length(void) {
  return i32_shl(mvmjs_memoryWords, 2);
}
MVMJS_INLINE int32_t H_length(void) {
  return i32_shl(mvmjs_memoryWords, 1);
}
MVMJS_INLINE int32_t F_length(void) {
  return mvmjs_memoryWords >> 1;
}

#ifdef MVMJS_PACKED
#if defined(MVMJS_CACHE) && MVMJS_CACHE > 0
#error "A packed build has no property cache: -DMVMJS_CACHE=0."
#endif
// Packed functions (packed-run.h at the end): a cell, the first free one, and calls by the place of the code.
union packed {
  int64_t integer;
  double real;
};
static union packed *packed_top;
MVMJS_CALLED union packed *packed_call(uint32_t offset);
MVMJS_CALLED int32_t packed_call_0(uint32_t offset);
MVMJS_CALLED int32_t packed_call_1(int32_t a, uint32_t offset);
MVMJS_CALLED int32_t packed_call_2(int32_t a, int32_t b, uint32_t offset);
MVMJS_CALLED int32_t packed_call_3(int32_t a, int32_t b, int32_t c, uint32_t offset);
#endif
