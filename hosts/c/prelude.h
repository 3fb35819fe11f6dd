// What the generated machine rests on: the views over the program's memory, and JavaScript's number operations that
// C does not have or leaves undefined. hosts/c/translate.ts copies this file into machine.c. It needs a hosted or
// free-standing C99 compiler with IEEE 754 doubles, and of the library memcpy, floor, ceil, trunc, sqrt and fabs.
//
// Views: an index is taken modulo 2^32 and checked against the view. Outside it `mvmjs_memory_fault` is set, a read gives 0
// and a write does nothing, so that a forged image spoils only its own program. -DMVMJS_UNHARDENED takes the checks
// out. Memory is little-endian on every machine; a double in it is the 64 bits at its place.
//
// -DMVMJS_SLACK=256: the host keeps that many bytes of its own, at least, on each side of the memory. Then an index that is
// a sum with a small constant is checked without the constant, so that several accesses to a frame, a cell or an
// instruction share one check; the memory is as safe, and a forged program may spoil the slack. Without it every
// access is checked by itself.
//
// Elements of the memory at constant addresses (registers, roots) and the places of the property cache are not checked one
// by one: mvmjs_attach takes no memory or cache that is shorter than the longest of them asks.
//
// -DMVMJS_CACHE=64: the property cache has so many words (a power of 2, or 0 for none) instead of those that the kernel asks
// for. It changes speed alone (C3 of vm/README.md).
//
// -DMVMJS_COMPACT makes the code small (compact.h), and with it -DMVMJS_SPLIT leaves the core where it is, in flash.
//
// -DMVMJS_PACKED, compact too, has most functions as packed code (packed.ts): half the flash again, for much more time.
//
// -DMVMJS_PROFILE, with MVMJS_SPLIT, says that machine.c and core.c were made for a profile and lack parts (compact.h).
//
// -DMVMJS_SCRATCH=192, at least 128, makes the kernel's scratch of 16 KB small: so many words, and MVMJS_SCRATCH_PLACE (24) at each of
// the further places where digits of numbers lie. What needs more (the digits of 5e-324 in base 2) stops the program by a
// memory fault with mvmjs_scratch_short set: a limit of this host's.
//
// Integers: where the source stores a sum that must fit 32 bits, -DMVMJS_DEBUG asserts that it does.
// Names with an underscore are this file's; the kernel's own have none.

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "The machine's numbers are IEEE 754 to the last bit: compile without -ffast-math and its parts."
#endif
#if !defined(FLT_EVAL_METHOD) || (FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 1)
#error "Doubles are computed with extra precision here: on 32-bit x86 use -msse2 -mfpmath=sse."
#endif
#if DBL_MANT_DIG != 53 || DBL_MAX_EXP != 1024
#error "The machine needs 64-bit doubles."
#endif
#if (-1 >> 1) != -1
#error "The machine needs an arithmetic right shift of negative integers."
#endif
// GCC does not know the pragma. It contracts a * b + c into one operation only in its GNU modes on processors that
// have that operation; there use -std=c99, or -ffp-contract=off and say so by -DMVMJS_CONTRACT_OFF.
#if defined(__GNUC__) && !defined(__clang__)
#if defined(__FP_FAST_FMA) && !defined(__STRICT_ANSI__) && !defined(MVMJS_CONTRACT_OFF)
#error "Compile with -std=c99, or with -ffp-contract=off -DMVMJS_CONTRACT_OFF."
#endif
#else
#pragma STDC FP_CONTRACT OFF
#endif

#if defined(__GNUC__)
#define MVMJS_INLINE static inline __attribute__((always_inline, unused))
#define MVMJS_COLD static __attribute__((cold, noinline, unused))
#define MVMJS_CALLED static __attribute__((noinline, unused))
#define MVMJS_PURE __attribute__((pure))
#define MVMJS_UNUSED __attribute__((unused))
#define MVMJS_ALIGNED(pointer, bytes) __builtin_assume_aligned(pointer, bytes)
#define MVMJS_LIKELY(condition) __builtin_expect(!!(condition), 1)
#else
#define MVMJS_INLINE static inline
#define MVMJS_COLD static
#define MVMJS_CALLED static
#define MVMJS_PURE
#define MVMJS_UNUSED
#define MVMJS_ALIGNED(pointer, bytes) (pointer)
#define MVMJS_LIKELY(condition) (condition)
#endif

#if defined(MVMJS_PACKED) && !defined(MVMJS_COMPACT)
#define MVMJS_COMPACT
#endif
// What is worth a call only where size counts.
#ifdef MVMJS_COMPACT
#define MVMJS_HELPER MVMJS_CALLED
#else
#define MVMJS_HELPER MVMJS_INLINE
#endif

// The loop in GNU C jumps from instruction to instruction by a table of labels; -DMVMJS_THREADED=0 makes it the switch
// that it is elsewhere.
#ifndef MVMJS_THREADED
#if defined(__GNUC__) && !defined(MVMJS_COMPACT)
#define MVMJS_THREADED 1
#else
#define MVMJS_THREADED 0
#endif
#endif
#if MVMJS_THREADED
// Compilers that know it say under -Wpedantic that others do not.
#pragma GCC diagnostic ignored "-Wpedantic"
#define MVMJS_INSTRUCTION(opcode) case opcode: at_##opcode:
#else
#define MVMJS_INSTRUCTION(opcode) case opcode:
#endif

#ifndef MVMJS_LITTLE_ENDIAN
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define MVMJS_LITTLE_ENDIAN 1
#else
#define MVMJS_LITTLE_ENDIAN 0
#endif
#endif

// Integers

/** The signed word with the bits of `x`. */
MVMJS_INLINE int32_t i32_wrap(uint32_t x) {
  int32_t result;
  memcpy(&result, &x, sizeof result);
  return result;
}

#ifdef MVMJS_DEBUG
#include <assert.h>
MVMJS_INLINE int32_t i32_narrow(int64_t x) {
  assert(x >= INT32_MIN && x <= INT32_MAX);
  return (int32_t)x;
}
MVMJS_INLINE uint32_t u32_narrow(int64_t x) {
  assert(x >= 0 && x <= UINT32_MAX);
  return (uint32_t)x;
}
#define i32_add(a, b) i32_narrow((int64_t)(a) + (b))
#define i32_sub(a, b) i32_narrow((int64_t)(a) - (b))
#define i32_mul(a, b) i32_narrow((int64_t)(a) * (b))
#else
/** A value that the source promises to fit. */
#define i32_narrow(x) i32_wrap((uint32_t)(x))
#define u32_narrow(x) ((uint32_t)(x))
#define i32_add(a, b) i32_wrapping_add(a, b)
#define i32_sub(a, b) i32_wrapping_sub(a, b)
#define i32_mul(a, b) i32_wrapping_mul(a, b)
#endif

MVMJS_INLINE int32_t i32_wrapping_add(int32_t a, int32_t b) {
  return i32_wrap((uint32_t)a + (uint32_t)b);
}
MVMJS_INLINE int32_t i32_wrapping_sub(int32_t a, int32_t b) {
  return i32_wrap((uint32_t)a - (uint32_t)b);
}
/** Math.imul. */
MVMJS_INLINE int32_t i32_wrapping_mul(int32_t a, int32_t b) {
  return i32_wrap((uint32_t)a * (uint32_t)b);
}
MVMJS_INLINE int32_t i32_shl(int32_t x, int32_t count) {
  return i32_wrap((uint32_t)x << (count & 31));
}
/** (a / b) | 0. */
MVMJS_HELPER int32_t i32_div(int32_t a, int32_t b) {
  if (b == 0) return 0;
  return b == -1 ? i32_wrapping_sub(0, a) : a / b;
}
MVMJS_HELPER uint32_t u32_div(uint32_t a, uint32_t b) {
  return b == 0 ? 0 : a / b;
}
/** a % b; the source promises that b is not 0. */
MVMJS_HELPER int32_t i32_rem(int32_t a, int32_t b) {
  return b == 0 || b == -1 ? 0 : a % b;
}
MVMJS_HELPER uint32_t u32_rem(uint32_t a, uint32_t b) {
  return b == 0 ? 0 : a % b;
}
MVMJS_HELPER int64_t i64_rem(int64_t a, int64_t b) {
  return b == 0 || b == -1 ? 0 : a % b;
}
/** a % b where the sign of a zero matters. */
MVMJS_HELPER double f64_rem(double a, int64_t b) {
  const int64_t result = i64_rem((int64_t)a, b);
  if (b == 0) return (double)NAN;
  if (a == 0) return a;
  return result == 0 && a < 0 ? -0.0 : (double)result;
}
MVMJS_HELPER int64_t i64_abs(int64_t x) {
  return x < 0 ? -x : x;
}
/** Math.clz32. */
MVMJS_INLINE int32_t u32_clz(uint32_t x) {
#if defined(__GNUC__) && __SIZEOF_INT__ == 4
  return x == 0 ? 32 : __builtin_clz(x);
#else
  int32_t count = 0;
  if (x == 0) return 32;
  while ((x & 0x80000000u) == 0) {
    x <<= 1;
    count++;
  }
  return count;
#endif
}

// Doubles to integers

MVMJS_INLINE uint64_t f64_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
MVMJS_INLINE double f64_of_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
/** ToUint32, of what does not fit too: NaN, infinities, and values modulo 2^32. */
MVMJS_COLD uint32_t to_u32_slowly(double x) {
  const uint64_t bits = f64_bits(x);
  const int exponent = (int)(bits >> 52 & 0x7ff) - 1075;
  const uint64_t fraction = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(0x10000000000000);
  uint32_t magnitude;
  if (exponent <= -53 || exponent >= 32) return 0;
  magnitude = exponent < 0 ? (uint32_t)(fraction >> -exponent) : (uint32_t)(fraction << exponent);
  return bits >> 63 == 0 ? magnitude : 0u - magnitude;
}
/** ToInt32. */
#ifdef MVMJS_COMPACT
#define to_i32(x) i32_wrap(to_u32_slowly(x))
#define to_u32(x) to_u32_slowly(x)
#else
MVMJS_INLINE int32_t to_i32(double x) {
  return x > -2147483649.0 && x < 2147483648.0 ? (int32_t)x : i32_wrap(to_u32_slowly(x));
}
/** ToUint32. */
MVMJS_INLINE uint32_t to_u32(double x) {
  return x > -1.0 && x < 4294967296.0 ? (uint32_t)x : to_u32_slowly(x);
}
#endif

// Memory

bool mvmjs_memory_fault = false;
/** Words of the current memory as the kernel knows them: the address of its end. */
static int32_t mvmjs_memoryWords;
/** As the kernel has them: whether it reads headers of the core (verifystate.ts), and whether it met what cannot be (heap.ts). */
static MVMJS_UNUSED bool mvmjs_walksCore;
static MVMJS_UNUSED bool mvmjs_faulted;
static int32_t *cache_array;
static uint32_t cache_words;
static int32_t *marks_array;
static uint32_t marks_words;

MVMJS_INLINE int32_t view_trap(void) {
  mvmjs_memory_fault = true;
  return 0;
}
#ifdef MVMJS_UNHARDENED
#define MVMJS_INSIDE(condition) ((void)(condition), true)
#else
#define MVMJS_INSIDE(condition) MVMJS_LIKELY(condition)
#endif

#if MVMJS_LITTLE_ENDIAN
MVMJS_INLINE uint32_t load_32(const uint8_t *from) {
  uint32_t x;
  memcpy(&x, MVMJS_ALIGNED(from, 4), sizeof x);
  return x;
}
MVMJS_INLINE void store_32(uint8_t *to, uint32_t x) {
  memcpy(MVMJS_ALIGNED(to, 4), &x, sizeof x);
}
MVMJS_INLINE uint16_t load_16(const uint8_t *from) {
  uint16_t x;
  memcpy(&x, MVMJS_ALIGNED(from, 2), sizeof x);
  return x;
}
MVMJS_INLINE void store_16(uint8_t *to, uint16_t x) {
  memcpy(MVMJS_ALIGNED(to, 2), &x, sizeof x);
}
MVMJS_INLINE uint64_t load_64(const uint8_t *from) {
  uint64_t x;
  memcpy(&x, MVMJS_ALIGNED(from, 8), sizeof x);
  return x;
}
MVMJS_INLINE void store_64(uint8_t *to, uint64_t x) {
  memcpy(MVMJS_ALIGNED(to, 8), &x, sizeof x);
}
#else
MVMJS_INLINE uint32_t load_32(const uint8_t *from) {
  return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}
MVMJS_INLINE void store_32(uint8_t *to, uint32_t x) {
  to[0] = (uint8_t)x;
  to[1] = (uint8_t)(x >> 8);
  to[2] = (uint8_t)(x >> 16);
  to[3] = (uint8_t)(x >> 24);
}
MVMJS_INLINE uint16_t load_16(const uint8_t *from) {
  return (uint16_t)((uint32_t)from[0] | (uint32_t)from[1] << 8);
}
MVMJS_INLINE void store_16(uint8_t *to, uint16_t x) {
  to[0] = (uint8_t)x;
  to[1] = (uint8_t)(x >> 8);
}
MVMJS_INLINE uint64_t load_64(const uint8_t *from) {
  return load_32(from) | (uint64_t)load_32(from + 4) << 32;
}
MVMJS_INLINE void store_64(uint8_t *to, uint64_t x) {
  store_32(to, (uint32_t)x);
  store_32(to + 4, (uint32_t)(x >> 32));
}
#endif

#ifdef MVMJS_COMPACT
#include "compact.h"
#else
#include "fast.h"
#endif

void mvmjs_attach(uint8_t *memory, uint32_t words, int32_t *cache, uint32_t cacheWords, int32_t *marks, uint32_t marksWords) {
  // In variables, since a kernel may need none and compilers warn of a comparison with 0.
  const uint32_t leastWords = MVMJS_LEAST_WORDS;
#ifdef MVMJS_CACHE
  const uint32_t leastCacheWords = MVMJS_CACHE;
#else
  const uint32_t leastCacheWords = MVMJS_LEAST_CACHE_WORDS;
#endif
  if (words < leastWords || cacheWords < leastCacheWords) {
    mvmjs_memory_fault = true;
    return;
  }
  set_memory(memory, words);
  mvmjs_memoryWords = i32_wrap(words);
  cache_array = cache;
  cache_words = cacheWords;
  marks_array = marks;
  marks_words = marksWords;
}

/** The accessors of an array outside the program's memory, in the machine's own byte order. */
#define MVMJS_ACCESSORS(name, type, value, array, words) \
  MVMJS_HELPER value name##_get(uint32_t i) { return MVMJS_INSIDE(i < (words)) ? (value)(array)[i] : (value)view_trap(); } \
  MVMJS_HELPER void name##_set(uint32_t i, value x) { if (MVMJS_INSIDE(i < (words))) (array)[i] = (type)x; else view_trap(); } \
  MVMJS_INLINE int32_t name##_length(void) { return i32_wrap(words); }
#ifdef MVMJS_SCRATCH
#if MVMJS_SCRATCH < 128
#error "The verifier alone needs a scratch of 128 words."
#endif
#ifndef MVMJS_SCRATCH_PLACE
#define MVMJS_SCRATCH_PLACE 24
#endif
bool mvmjs_scratch_short = false;
/** Where numbers keep digits besides (DIGITS in number.ts, BIG_BELOW and so on in numberbig.ts). */
static const uint16_t scratch_places[] = {1280, 2048, 2560, 3072, 3584};
static int32_t scratch_array[MVMJS_SCRATCH + 5 * MVMJS_SCRATCH_PLACE];
/** Where element `i` of the scratch is; elsewhere, if there is no room for it. */
MVMJS_HELPER int32_t *scratch_place(uint32_t i) {
  static int32_t nowhere;
  uint32_t at = i;
  uint32_t limit = MVMJS_SCRATCH;
  for (uint32_t place = 0; place < 5 && i >= scratch_places[place]; place++) {
    at = MVMJS_SCRATCH + place * MVMJS_SCRATCH_PLACE + (i - scratch_places[place]);
    limit = MVMJS_SCRATCH + (place + 1) * MVMJS_SCRATCH_PLACE;
  }
  if (at < limit) return scratch_array + at;
  mvmjs_scratch_short = true;
  view_trap();
  return &nowhere;
}
#define MVMJS_SCRATCH_ARRAY(name, type, value, words) \
  MVMJS_HELPER value name##_get(uint32_t i) { return *scratch_place(i); } \
  MVMJS_HELPER void name##_set(uint32_t i, value x) { *scratch_place(i) = x; } \
  MVMJS_INLINE int32_t name##_length(void) { return words; }
#else
#define MVMJS_SCRATCH_ARRAY(name, type, value, words) MVMJS_ARRAY(name, type, value, words)
#endif
/** An array that the kernel owns. */
#define MVMJS_ARRAY(name, type, value, words) \
  static type name##_array[words]; \
  MVMJS_ACCESSORS(name, type, value, name##_array, words)

#if !defined(MVMJS_CACHE)
MVMJS_ACCESSORS(C, int32_t, int32_t, cache_array, cache_words)
// Elements that every attached cache has.
#define C_get_fixed(i) (cache_array[i])
#define C_set_fixed(i, x) (cache_array[i] = (x))
#elif MVMJS_CACHE == 0
// Nothing is ever found.
#define C_get_fixed(i) ((void)(i), 0)
#define C_set_fixed(i, x) ((void)(i), (void)(x))
#define C_get(i) C_get_fixed(i)
#define C_set(i, x) C_set_fixed(i, x)
#else
#if MVMJS_CACHE < 4 || (MVMJS_CACHE & (MVMJS_CACHE - 1)) != 0
#error "MVMJS_CACHE is a power of 2, at least 4, or 0."
#endif
// The kernel's places, laid over each other; what lies behind them is the compiled tier's.
#define C_get_fixed(i) (cache_array[(i) & (MVMJS_CACHE - 1)])
#define C_set_fixed(i, x) (cache_array[(i) & (MVMJS_CACHE - 1)] = (x))
#define C_get(i) ((void)(i), 0)
#define C_set(i, x) ((void)(i), (void)(x))
#endif
MVMJS_ACCESSORS(K, int32_t, int32_t, marks_array, marks_words)

/** D is one double, DW the same as its low and its high word. */
static uint64_t double_bits;
MVMJS_INLINE double D_get(uint32_t i) {
  return i == 0 ? f64_of_bits(double_bits) : view_trap();
}
MVMJS_INLINE void D_set(uint32_t i, double x) {
  if (i == 0) double_bits = f64_bits(x);
  else view_trap();
}
MVMJS_INLINE int32_t DW_get(uint32_t i) {
  return i < 2 ? i32_wrap((uint32_t)(double_bits >> (i << 5))) : view_trap();
}
MVMJS_INLINE void DW_set(uint32_t i, int32_t x) {
  if (i >= 2) view_trap();
  else if (i == 0) double_bits = (double_bits & UINT64_C(0xffffffff00000000)) | (uint32_t)x;
  else double_bits = (double_bits & UINT64_C(0xffffffff)) | (uint64_t)(uint32_t)x << 32;
}

/** An element of a constant table, whose type is the narrowest that holds its elements. */
#define MVMJS_TABLE(name, type, value) \
  MVMJS_HELPER value name##_element(const type *table, uint32_t length, uint32_t i) { return MVMJS_INSIDE(i < length) ? (value)table[i] : (value)view_trap(); }
MVMJS_TABLE(u8, uint8_t, int32_t)
MVMJS_TABLE(i8, int8_t, int32_t)
MVMJS_TABLE(u16, uint16_t, int32_t)
MVMJS_TABLE(i16, int16_t, int32_t)
MVMJS_TABLE(i32, int32_t, int32_t)
MVMJS_TABLE(u32, uint32_t, uint32_t)
MVMJS_TABLE(f64, double, double)

/** An element of a table of numbers of so many bits, which compact builds lay close together. */
#ifdef MVMJS_COMPACT
MVMJS_HELPER int32_t bits_element(const uint8_t *table, uint32_t width, uint32_t length, uint32_t i) {
  const uint32_t at = i * width;
  return MVMJS_INSIDE(i < length) ? table[at >> 3] >> (at & 7) & ((1 << width) - 1) : view_trap();
}
#define MVMJS_BITS(table, width, length, i) bits_element(table, width, length, i)
#else
#define MVMJS_BITS(table, width, length, i) u8_element(table, length, i)
#endif

/** x++ and the like inside an index, as the index. */
#define POST_INCREMENT(x) ((x) = i32_add(x, 1), (uint32_t)(x) - 1u)
#define POST_DECREMENT(x) ((x) = i32_sub(x, 1), (uint32_t)(x) + 1u)
#define PRE_INCREMENT(x) ((uint32_t)((x) = i32_add(x, 1)))
#define PRE_DECREMENT(x) ((uint32_t)((x) = i32_sub(x, 1)))
