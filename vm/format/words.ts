// What a word means, and where things are in the address space. Data only; everything else is built on it.
//
// A word is 32 bits:
//   ...............................0   small integer: a 31-bit signed number, times 2
//   ..............................01   reference: (word index of a cell << 2) | 1
//   ..............................11   immediate: one of the constants below
// Other numbers are boxed (cell NUMBER). NaN is canonical, -0 is boxed.
//
// Addresses are word indices; cells start at even ones. The address space, from below:
//   [0, CORE_WORDS)              the core: built once per release, never written; in flash on a device
//   [REGISTERS, HEAP)            the program's registers (registers.ts)
//   [HEAP, heap top)             its heap; grows upwards
//   (stack pointer, stack base]  its stack; grows downwards from the end of the physical memory
// so a program's heap addresses do not depend on how large its memory is.

/** Words set aside for the core, in every host and image. */
export const CORE_WORDS = 0x20000;
/** Address of the first register. */
export const REGISTERS = CORE_WORDS;
/** Number of words set aside for the registers. */
export const REGISTER_WORDS = 64;
/** Address of the first cell of a program's heap. */
export const HEAP = REGISTERS + REGISTER_WORDS;
/** A reference to a cell of the program (not of the core) is at least this, as an unsigned word. */
export const HEAP_REFERENCE = HEAP * 4 + 1;

/** The immediates. HOLE marks an absent element and a binding in its dead zone; DONE an exhausted iterator; DELETED a tombstone; NONE "nothing here" inside the machine. */
export const Immediate = {
  UNDEFINED: 3, NULL: 11, FALSE: 19, TRUE: 27, HOLE: 35, DONE: 43, DELETED: 51, NONE: 59,
} as const;

/** Bounds of a small integer. */
export const SMALL_MAX = 0x3fffffff;
export const SMALL_MIN = -0x40000000;

/** The longest string, in UTF-16 units: V8's limit, so that programs see the same RangeError. */
export const STRING_MAX = 0x1fffffe8;
/** The most words of a big integer's magnitude: 2^29 bits. */
export const BIG_WORDS_MAX = 1 << 24;
/** The largest cell, in words (a header has 24 bits for the size in 8-byte units). */
export const CELL_WORDS_MAX = 0x1fffffe;
