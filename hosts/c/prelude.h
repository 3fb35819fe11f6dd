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
// Integers: where the source stores a sum that must fit 32 bits, -DMVMJS_DEBUG asserts that it does.
// Names with an underscore are this file's; the kernel's own have none.

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "The machine's numbers are IEEE 754 to the last bit: compile without -ffast-math and its parts."
#endif
#if !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
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
#define MVMJS_UNUSED __attribute__((unused))
#define MVMJS_ALIGNED(pointer, bytes) __builtin_assume_aligned(pointer, bytes)
#define MVMJS_LIKELY(condition) __builtin_expect(!!(condition), 1)
#else
#define MVMJS_INLINE static inline
#define MVMJS_COLD static
#define MVMJS_UNUSED
#define MVMJS_ALIGNED(pointer, bytes) (pointer)
#define MVMJS_LIKELY(condition) (condition)
#endif

// The loop in GNU C jumps from instruction to instruction by a table of labels; -DMVMJS_THREADED=0 makes it the switch
// that it is elsewhere.
#ifndef MVMJS_THREADED
#if defined(__GNUC__)
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
MVMJS_INLINE int32_t i32_div(int32_t a, int32_t b) {
  if (b == 0) return 0;
  return b == -1 ? i32_wrapping_sub(0, a) : a / b;
}
MVMJS_INLINE uint32_t u32_div(uint32_t a, uint32_t b) {
  return b == 0 ? 0 : a / b;
}
/** a % b; the source promises that b is not 0. */
MVMJS_INLINE int32_t i32_rem(int32_t a, int32_t b) {
  return b == 0 || b == -1 ? 0 : a % b;
}
MVMJS_INLINE uint32_t u32_rem(uint32_t a, uint32_t b) {
  return b == 0 ? 0 : a % b;
}
MVMJS_INLINE int64_t i64_rem(int64_t a, int64_t b) {
  return b == 0 || b == -1 ? 0 : a % b;
}
/** a % b where the sign of a zero matters. */
MVMJS_INLINE double f64_rem(double a, int64_t b) {
  const int64_t result = i64_rem((int64_t)a, b);
  if (b == 0) return (double)NAN;
  if (a == 0) return a;
  return result == 0 && a < 0 ? -0.0 : (double)result;
}
MVMJS_INLINE int64_t i64_abs(int64_t x) {
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
/** ToUint32 of what does not fit: NaN, infinities, and values modulo 2^32. */
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
MVMJS_INLINE int32_t to_i32(double x) {
  return x > -2147483649.0 && x < 2147483648.0 ? (int32_t)x : i32_wrap(to_u32_slowly(x));
}
/** ToUint32. */
MVMJS_INLINE uint32_t to_u32(double x) {
  return x > -1.0 && x < 4294967296.0 ? (uint32_t)x : to_u32_slowly(x);
}

// Memory

bool mvmjs_memory_fault = false;
/** A memory: `size` bytes, `words` words. Both bounds are kept, since a shift in each access costs more. */
typedef struct {
  uint8_t *bytes;
  uint32_t words;
  size_t size;
} Memory;
/** The current one. */
static Memory current_memory;
/** Its words as the kernel knows them. */
static int32_t mvmjs_memoryWords;
static int32_t *cache_array;
static uint32_t cache_words;
static int32_t *marks_array;
static uint32_t marks_words;

void mvmjs_attach(uint8_t *memory, uint32_t words, int32_t *cache, uint32_t cacheWords, int32_t *marks, uint32_t marksWords) {
  // In variables, since a kernel may need none and compilers warn of a comparison with 0.
  const uint32_t leastWords = MVMJS_LEAST_WORDS;
  const uint32_t leastCacheWords = MVMJS_LEAST_CACHE_WORDS;
  if (words < leastWords || cacheWords < leastCacheWords) {
    mvmjs_memory_fault = true;
    return;
  }
  current_memory.bytes = memory;
  current_memory.words = words;
  current_memory.size = (size_t)words * 4;
  mvmjs_memoryWords = i32_wrap(words);
  cache_array = cache;
  cache_words = cacheWords;
  marks_array = marks;
  marks_words = marksWords;
}

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

// The accessors are for functions that hold the current memory in a constant of theirs: MVMJS_MEMORY begins each, and what
// is expanded in another function gets it as its first argument. So base and size stay in registers across calls.
#define MVMJS_MEMORY const Memory the_memory = current_memory
MVMJS_INLINE int32_t M_get_in(const Memory memory, uint32_t i) {
  return MVMJS_INSIDE(i < memory.words) ? i32_wrap(load_32(memory.bytes + (size_t)i * 4)) : view_trap();
}
MVMJS_INLINE void M_set_in(const Memory memory, uint32_t i, int32_t x) {
  if (MVMJS_INSIDE(i < memory.words)) store_32(memory.bytes + (size_t)i * 4, (uint32_t)x);
  else view_trap();
}
MVMJS_INLINE int32_t B_get_in(const Memory memory, uint32_t i) {
  return MVMJS_INSIDE(i < memory.size) ? memory.bytes[i] : view_trap();
}
MVMJS_INLINE void B_set_in(const Memory memory, uint32_t i, int32_t x) {
  if (MVMJS_INSIDE(i < memory.size)) memory.bytes[i] = (uint8_t)x;
  else view_trap();
}
MVMJS_INLINE int32_t H_get_in(const Memory memory, uint32_t i) {
  return MVMJS_INSIDE(i >> 1 < memory.words) ? load_16(memory.bytes + (size_t)i * 2) : view_trap();
}
MVMJS_INLINE void H_set_in(const Memory memory, uint32_t i, int32_t x) {
  if (MVMJS_INSIDE(i >> 1 < memory.words)) store_16(memory.bytes + (size_t)i * 2, (uint16_t)x);
  else view_trap();
}
MVMJS_INLINE double F_get_in(const Memory memory, uint32_t i) {
  return MVMJS_INSIDE(i < memory.words >> 1) ? f64_of_bits(load_64(memory.bytes + (size_t)i * 8)) : view_trap();
}
MVMJS_INLINE void F_set_in(const Memory memory, uint32_t i, double x) {
  if (MVMJS_INSIDE(i < memory.words >> 1)) store_64(memory.bytes + (size_t)i * 8, f64_bits(x));
  else view_trap();
}
MVMJS_INLINE int32_t M_length(void) {
  return i32_wrap(current_memory.words);
}
MVMJS_INLINE int32_t B_length(void) {
  return i32_wrap(current_memory.words << 2);
}
MVMJS_INLINE int32_t H_length(void) {
  return i32_wrap(current_memory.words << 1);
}
MVMJS_INLINE int32_t F_length(void) {
  return i32_wrap(current_memory.words >> 1);
}

// Accesses at `i` plus a constant `k` of at most 64 elements, and to two bytes there as one number.
#ifdef MVMJS_SLACK
#if MVMJS_SLACK < 256
#error "The slack around the memory is at least 256 bytes."
#endif
MVMJS_INLINE int32_t M_get_at_in(const Memory memory, uint32_t i, int k) {
  return MVMJS_INSIDE(i < memory.words) ? i32_wrap(load_32(memory.bytes + ((ptrdiff_t)i + k) * 4)) : view_trap();
}
MVMJS_INLINE void M_set_at_in(const Memory memory, uint32_t i, int k, int32_t x) {
  if (MVMJS_INSIDE(i < memory.words)) store_32(memory.bytes + ((ptrdiff_t)i + k) * 4, (uint32_t)x);
  else view_trap();
}
MVMJS_INLINE int32_t B_get_at_in(const Memory memory, uint32_t i, int k) {
  return MVMJS_INSIDE(i < memory.size) ? memory.bytes[(ptrdiff_t)i + k] : view_trap();
}
MVMJS_INLINE void B_set_at_in(const Memory memory, uint32_t i, int k, int32_t x) {
  if (MVMJS_INSIDE(i < memory.size)) memory.bytes[(ptrdiff_t)i + k] = (uint8_t)x;
  else view_trap();
}
MVMJS_INLINE int32_t B_half_at_in(const Memory memory, uint32_t i, int k) {
  if (!MVMJS_INSIDE(i < memory.size)) return view_trap();
  return memory.bytes[(ptrdiff_t)i + k] | memory.bytes[(ptrdiff_t)i + k + 1] << 8;
}
#else
MVMJS_INLINE int32_t M_get_at_in(const Memory memory, uint32_t i, int k) {
  return M_get_in(memory, i + (uint32_t)k);
}
MVMJS_INLINE void M_set_at_in(const Memory memory, uint32_t i, int k, int32_t x) {
  M_set_in(memory, i + (uint32_t)k, x);
}
MVMJS_INLINE int32_t B_get_at_in(const Memory memory, uint32_t i, int k) {
  return B_get_in(memory, i + (uint32_t)k);
}
MVMJS_INLINE void B_set_at_in(const Memory memory, uint32_t i, int k, int32_t x) {
  B_set_in(memory, i + (uint32_t)k, x);
}
MVMJS_INLINE int32_t B_half_at_in(const Memory memory, uint32_t i, int k) {
  return B_get_in(memory, i + (uint32_t)k) | B_get_in(memory, i + (uint32_t)k + 1u) << 8;
}
#endif

// Elements that every attached memory has.
MVMJS_INLINE int32_t M_get_fixed_in(const Memory memory, uint32_t i) {
  return i32_wrap(load_32(memory.bytes + (size_t)i * 4));
}
MVMJS_INLINE void M_set_fixed_in(const Memory memory, uint32_t i, int32_t x) {
  store_32(memory.bytes + (size_t)i * 4, (uint32_t)x);
}
#define M_get_fixed(i) M_get_fixed_in(the_memory, i)
#define M_set_fixed(i, x) M_set_fixed_in(the_memory, i, x)
#define M_get(i) M_get_in(the_memory, i)
#define M_set(i, x) M_set_in(the_memory, i, x)
#define B_get(i) B_get_in(the_memory, i)
#define B_set(i, x) B_set_in(the_memory, i, x)
#define H_get(i) H_get_in(the_memory, i)
#define H_set(i, x) H_set_in(the_memory, i, x)
#define F_get(i) F_get_in(the_memory, i)
#define F_set(i, x) F_set_in(the_memory, i, x)
#define M_get_at(i, k) M_get_at_in(the_memory, i, k)
#define M_set_at(i, k, x) M_set_at_in(the_memory, i, k, x)
#define B_get_at(i, k) B_get_at_in(the_memory, i, k)
#define B_set_at(i, k, x) B_set_at_in(the_memory, i, k, x)
#define B_half_at(i, k) B_half_at_in(the_memory, i, k)

/** The accessors of an array outside the program's memory, in the machine's own byte order. */
#define MVMJS_ACCESSORS(name, type, value, array, words) \
  MVMJS_INLINE value name##_get(uint32_t i) { return MVMJS_INSIDE(i < (words)) ? (value)(array)[i] : (value)view_trap(); } \
  MVMJS_INLINE void name##_set(uint32_t i, value x) { if (MVMJS_INSIDE(i < (words))) (array)[i] = (type)x; else view_trap(); } \
  MVMJS_INLINE int32_t name##_length(void) { return i32_wrap(words); }
/** An array that the kernel owns. */
#define MVMJS_ARRAY(name, type, value, words) \
  static type name##_array[words]; \
  MVMJS_ACCESSORS(name, type, value, name##_array, words)

MVMJS_ACCESSORS(C, int32_t, int32_t, cache_array, cache_words)
// Elements that every attached cache has.
#define C_get_fixed(i) (cache_array[i])
#define C_set_fixed(i, x) (cache_array[i] = (x))
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

/** An element of a constant table. */
MVMJS_INLINE int32_t i32_element(const int32_t *table, uint32_t length, uint32_t i) {
  return MVMJS_INSIDE(i < length) ? table[i] : view_trap();
}
MVMJS_INLINE uint32_t u32_element(const uint32_t *table, uint32_t length, uint32_t i) {
  return MVMJS_INSIDE(i < length) ? table[i] : (uint32_t)view_trap();
}
MVMJS_INLINE double f64_element(const double *table, uint32_t length, uint32_t i) {
  return MVMJS_INSIDE(i < length) ? table[i] : view_trap();
}

/** x++ and the like inside an index, as the index. */
#define POST_INCREMENT(x) ((x) = i32_add(x, 1), (uint32_t)(x) - 1u)
#define POST_DECREMENT(x) ((x) = i32_sub(x, 1), (uint32_t)(x) + 1u)
#define PRE_INCREMENT(x) ((uint32_t)((x) = i32_add(x, 1)))
#define PRE_DECREMENT(x) ((uint32_t)((x) = i32_sub(x, 1)))
