// The memory of builds for speed (prelude.h): accessors that are expanded where they are used, and functions that hold the
// current memory in a constant of theirs. compact.h is the same for builds for size.

/** A memory: `size` bytes, `words` words. Both bounds are kept, since a shift in each access costs more. */
typedef struct {
  uint8_t *bytes;
  uint32_t words;
  size_t size;
} Memory;
/** The current one. */
static Memory current_memory;
static void set_memory(uint8_t *memory, uint32_t words) {
  current_memory.bytes = memory;
  current_memory.words = words;
  current_memory.size = (size_t)words * 4;
}

// MVMJS_MEMORY begins each function that touches the memory, and what is expanded in another function gets it as its first
// argument. So base and size stay in registers across calls.
#define MVMJS_EXPANDED MVMJS_INLINE
#define MVMJS_MEMORY const Memory the_memory = current_memory
#define MVMJS_TAKES_MEMORY const Memory the_memory MVMJS_UNUSED,
#define MVMJS_TAKES_MEMORY_ONLY const Memory the_memory MVMJS_UNUSED
#define MVMJS_THE_MEMORY the_memory,
#define MVMJS_THE_MEMORY_ONLY the_memory
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
