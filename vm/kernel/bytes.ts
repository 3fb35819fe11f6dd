// Bytes and typed arrays. A cell BYTES is what an ArrayBuffer's contents, compiled regular expressions and the like are
// kept in: `length` bytes, the rest of the cell zero, the first byte at a multiple of eight, so that the elements of a
// typed array, whose offset is a multiple of their size, can be read through the views. DataView and the like, which
// know no alignment, go byte by byte.
//
// A typed array refers to its buffer, a record of brand ARRAY_BUFFER whose first slot is the BYTES cell or, once it is
// detached, undefined; so every access finds the length that the buffer has now.

import { Brand, ElementType } from "../format/brands.js";
import { Cell, Field, OBJECT_SHAPE, OBJECT_SLOTS } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { CELL_WORDS_MAX, Immediate } from "../format/words.js";
import { bigOfElement, fillBigElements, readBigElement, writeBigElement } from "./bigint.js";
import {
  CHARGE_SHIFT, allocate, charge, fail, fault, fillWords, isBig, isNumber, isObject, kindOf, numberResult, numberValue, reference, reserve,
} from "./heap.js";
import { B, F, H, M, doubleOf, highWord, lowWord } from "./memory.js";
import { rootShape } from "./object.js";
import { isCore } from "./shape.js";
import { copyBytes } from "./text.js";
import type { bool, f64, i32 } from "./types.js";

/** The most bytes a cell can hold. */
export const BYTES_MAX = (CELL_WORDS_MAX - 2) * 4;
/** Bytes an element of each type takes, as a shift. */
const ELEMENT_SHIFT: i32[] = [0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 0];
/** A typed array that is out of bounds, or whose buffer is detached, has no length. */
const OUT_OF_BOUNDS = -1;
const TYPED_WORDS = 8;

/** Is the word a BYTES cell? */
/** @inline */
export function isBytes(w: i32): bool { return kindOf(w) === Cell.BYTES; }
/** May the program write to the BYTES cell that `w` refers to? */
function isWritable(w: i32): bool { return isBytes(w) && !isCore(w >> 2); }
/** Bytes of the cell at `address`. */
/** @inline */
export function byteLength(address: i32): i32 { return M[address + Field.BYTES_LENGTH]; }
/** Index into B of the first byte of the cell at `address`. */
/** @inline */
export function byteStart(address: i32): i32 { return (address + Field.BYTES_TAIL) << 2; }
/** Words of a cell of `length` bytes. */
export function bytesWords(length: i32): i32 { return Field.BYTES_TAIL + ((length + 3) >> 2); }
/** A new cell of `length` zero bytes (room reserved). Returns its address. */
export function allocateBytes(length: i32): i32 {
  const words: i32 = bytesWords(length);
  const address = allocate(Cell.BYTES, words);
  M[address + Field.BYTES_LENGTH] = length;
  fillWords(address + Field.BYTES_TAIL, 0, words - Field.BYTES_TAIL);
  return address;
}
/** Is [from, to), words of small integers, a range of the first `length` things? */
function isRange(from: i32, to: i32, length: i32): bool {
  return ((from | to) & 1) === 0 && from >= 0 && from <= to && to >> 1 <= length;
}
/** Copies `count` bytes of B; the ranges may overlap. */
export function moveBytes(to: i32, from: i32, count: i32): void {
  if (to <= from || to >= from + count) {
    copyBytes(to, from, count);
    return;
  }
  let high: i32 = count;
  if (((to ^ from) & 3) === 0 && count >= 16) {
    for (; ((to + high) & 3) !== 0; high--) B[to + high - 1] = B[from + high - 1];
    const words: i32 = high >> 2;
    const target: i32 = (to + high) >> 2;
    const source: i32 = (from + high) >> 2;
    for (let i: i32 = 1; i <= words; i++) M[target - i] = M[source - i];
    high = high - (words << 2);
  }
  for (; high > 0; high--) B[to + high - 1] = B[from + high - 1];
}

/** A new cell of zero bytes; RangeError if no cell is that large. */
export function newBytes(length: i32): i32 {
  if (!isNumber(length)) return fault();
  const count: f64 = numberValue(length);
  if (!(count >= 0 && count <= BYTES_MAX)) return fail(ErrorCode.INVALID_ARRAY_LENGTH, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (!reserve(bytesWords(count | 0) + 1)) return Immediate.NONE;
  const address = allocateBytes(count | 0);
  charge((count | 0) >> CHARGE_SHIFT);
  return reference(address);
}
/** Number of bytes. */
export function bytesLength(bytes: i32): i32 {
  return isBytes(bytes) ? byteLength(bytes >> 2) << 1 : fault();
}
/** Byte `i`. */
export function byteAt(bytes: i32, i: i32): i32 {
  if (!isBytes(bytes) || !isRange(i, i + 2, byteLength(bytes >> 2))) return fault();
  return B[byteStart(bytes >> 2) + (i >> 1)] << 1;
}
/** Sets byte `i` to `n` modulo 256. */
export function setByte(bytes: i32, i: i32, n: i32): i32 {
  if (!isWritable(bytes) || !isRange(i, i + 2, byteLength(bytes >> 2)) || !isNumber(n)) return fault();
  const x: f64 = numberValue(n);
  B[byteStart(bytes >> 2) + (i >> 1)] = (x | 0) & 255;
  return Immediate.UNDEFINED;
}
/** Copies bytes, also within one cell. */
export function bytesMove(target: i32, to: i32, source: i32, from: i32, count: i32): i32 {
  if (!isWritable(target) || !isBytes(source)) return fault();
  if (!isRange(to, to + count, byteLength(target >> 2)) || !isRange(from, from + count, byteLength(source >> 2))) return fault();
  moveBytes(byteStart(target >> 2) + (to >> 1), byteStart(source >> 2) + (from >> 1), count >> 1);
  charge((count >> 1) >> CHARGE_SHIFT);
  return Immediate.UNDEFINED;
}
/** Fills [from, to) with `byte` modulo 256. */
export function bytesFill(bytes: i32, byte: i32, from: i32, to: i32): i32 {
  if (!isWritable(bytes) || !isRange(from, to, byteLength(bytes >> 2)) || !isNumber(byte)) return fault();
  const x: f64 = numberValue(byte);
  const value: i32 = (x | 0) & 255;
  const start: i32 = byteStart(bytes >> 2);
  for (let i: i32 = from >> 1; i < to >> 1; i++) B[start + i] = value;
  charge(((to - from) >> 1) >> CHARGE_SHIFT);
  return Immediate.UNDEFINED;
}

/** The double that has the value of these bits of a single. Source: IEEE 754 binary32. */
export function singleValue(bits: i32): f64 {
  const exponent: i32 = (bits >> 23) & 255;
  const fraction: i32 = bits & 0x7fffff;
  const sign: i32 = bits & 0x80000000;
  if (exponent === 255) {
    if (fraction !== 0) return NaN;
    return sign !== 0 ? -Infinity : Infinity;
  }
  if (exponent === 0) {
    // 2^-149 is the least single; fraction times it is exact.
    const x: f64 = fraction * 1.401298464324817e-45;
    return sign !== 0 ? -x : x;
  }
  return doubleOf(sign | ((exponent + 896) << 20) | (fraction >> 3), fraction << 29);
}
/** The bits of the single nearest to `x`, of two equally near the even one. Source: IEEE 754 §4.3.1. */
export function singleBits(x: f64): i32 {
  if (x !== x) return 0x7fc00000;
  const high = highWord(x);
  const low = lowWord(x);
  const sign: i32 = high & 0x80000000;
  const exponent: i32 = ((high >> 20) & 2047) - 896;
  if (exponent >= 255) return sign | 0x7f800000;
  if (exponent <= 0) {
    // Below 2^-126 singles are the multiples of 2^-149; scaling by 2^149 is exact.
    const scaled: f64 = Math.abs(x) * 7.1362384635298e44;
    let count: i32 = Math.floor(scaled) | 0;
    const rest: f64 = scaled - count;
    if (rest > 0.5 || (rest === 0.5 && (count & 1) !== 0)) count = count + 1;
    return sign | count;
  }
  const rest: i32 = low & 0x1fffffff;
  let bits: i32 = (exponent << 23) | ((high & 0xfffff) << 3) | (low >>> 29);
  // A carry out of the fraction raises the exponent, at last to infinity, as it should.
  if (rest > 0x10000000 || (rest === 0x10000000 && (bits & 1) !== 0)) bits = bits + 1;
  return sign | bits;
}
/** ToUint8Clamp: halves to the even one. Source: ECMA-262 §7.1.12. */
function clampedByte(x: f64): i32 {
  if (!(x > 0)) return 0;
  if (x >= 255) return 255;
  const floor: i32 = Math.floor(x) | 0;
  const rest: f64 = x - floor;
  return rest > 0.5 || (rest === 0.5 && (floor & 1) !== 0) ? floor + 1 : floor;
}

/** Is `type` the number of an element type that holds numbers? */
function isNumberType(type: i32): bool { return type >= ElementType.INT8 && type <= ElementType.FLOAT64; }
/** The element of that type whose bits are `low` and, of eight bytes, `high`. */
function elementValue(type: i32, low: i32, high: i32): f64 {
  switch (type) {
    case ElementType.INT8: return (low << 24) >> 24;
    case ElementType.UINT8:
    case ElementType.UINT8_CLAMPED: return low & 255;
    case ElementType.INT16: return (low << 16) >> 16;
    case ElementType.UINT16: return low & 65535;
    case ElementType.INT32: return low;
    case ElementType.UINT32: return low >>> 0;
    case ElementType.FLOAT32: return singleValue(low);
    default: return doubleOf(high, low);
  }
}
/** The low bits of `x` as an element of a type of at most four bytes. */
function elementBits(type: i32, x: f64): i32 {
  if (type === ElementType.FLOAT32) return singleBits(x);
  if (type === ElementType.UINT8_CLAMPED) return clampedByte(x);
  return x | 0;
}
/** The element at byte `at` of B, whatever its alignment. */
function readElement(at: i32, type: i32, little: bool): f64 {
  const size: i32 = 1 << ELEMENT_SHIFT[type];
  let low: i32 = 0;
  let high: i32 = 0;
  for (let i: i32 = 0; i < size; i++) {
    const byte: i32 = B[little ? at + i : at + size - 1 - i];
    if (i < 4) low = low | (byte << (i << 3));
    else high = high | (byte << ((i - 4) << 3));
  }
  return elementValue(type, low, high);
}
/** Writes the element at byte `at` of B, whatever its alignment. */
function writeElement(at: i32, type: i32, little: bool, x: f64): void {
  const size: i32 = 1 << ELEMENT_SHIFT[type];
  let low: i32 = 0;
  let high: i32 = 0;
  if (type === ElementType.FLOAT64) {
    low = lowWord(x);
    high = x !== x ? 0x7ff80000 : highWord(x);
    if (x !== x) low = 0;
  } else {
    low = elementBits(type, x);
  }
  for (let i: i32 = 0; i < size; i++) {
    const byte: i32 = (i < 4 ? low >> (i << 3) : high >> ((i - 4) << 3)) & 255;
    B[little ? at + i : at + size - 1 - i] = byte;
  }
}
/** Is `type` the number of an element type that holds big integers? */
function isBigType(type: i32): bool { return type === ElementType.BIGINT64 || type === ElementType.BIGUINT64; }
/** The element of that type at byte `offset`; `little` is true or false. */
export function bytesRead(bytes: i32, offset: i32, type: i32, little: i32): i32 {
  const big: bool = isBigType(type >> 1);
  if (!isBytes(bytes) || (type & 1) !== 0 || (!isNumberType(type >> 1) && !big)) return fault();
  if (!isRange(offset, offset + (2 << ELEMENT_SHIFT[type >> 1]), byteLength(bytes >> 2))) return fault();
  if (big) {
    return readBigElement(byteStart(bytes >> 2) + (offset >> 1), little === Immediate.TRUE, type >> 1 === ElementType.BIGINT64);
  }
  const x: f64 = readElement(byteStart(bytes >> 2) + (offset >> 1), type >> 1, little === Immediate.TRUE);
  return numberResult(x);
}
/** Writes `n` there. */
export function bytesWrite(bytes: i32, offset: i32, type: i32, little: i32, n: i32): i32 {
  const big: bool = isBigType(type >> 1);
  if (!isWritable(bytes) || (type & 1) !== 0 || !(big ? isBig(n) : isNumberType(type >> 1) && isNumber(n))) return fault();
  if (!isRange(offset, offset + (2 << ELEMENT_SHIFT[type >> 1]), byteLength(bytes >> 2))) return fault();
  if (big) {
    writeBigElement(byteStart(bytes >> 2) + (offset >> 1), little === Immediate.TRUE, n);
    return Immediate.UNDEFINED;
  }
  writeElement(byteStart(bytes >> 2) + (offset >> 1), type >> 1, little === Immediate.TRUE, numberValue(n));
  return Immediate.UNDEFINED;
}

/** Are the elements of the typed array at `address` big integers? */
export function holdsBig(address: i32): bool {
  return isBigType(M[address + Field.TYPED_ARRAY_TYPE]);
}
/** Address of the BYTES cell of a typed array's buffer, 0 if the buffer is detached (or none). */
function bufferBytes(address: i32): i32 {
  const buffer: i32 = M[address + Field.TYPED_ARRAY_BUFFER];
  if (kindOf(buffer) !== Cell.RECORD || M[(buffer >> 2) + Field.RECORD_BRAND] >> 1 !== Brand.ARRAY_BUFFER) return 0;
  const bytes: i32 = M[(buffer >> 2) + Field.RECORD_TAIL];
  return isBytes(bytes) ? bytes >> 2 : 0;
}
/** Elements that a typed array has now, OUT_OF_BOUNDS if it is that or its buffer detached. Source: ECMA-262 §10.4.5.13. */
export function typedLength(address: i32): i32 {
  const bytes: i32 = bufferBytes(address);
  const offset: i32 = M[address + Field.TYPED_ARRAY_OFFSET];
  const length: i32 = M[address + Field.TYPED_ARRAY_LENGTH];
  const type: i32 = M[address + Field.TYPED_ARRAY_TYPE];
  if (bytes === 0 || type < 0 || type > ElementType.DATA_VIEW || offset < 0) return OUT_OF_BOUNDS;
  const shift: i32 = ELEMENT_SHIFT[type];
  const available: i32 = byteLength(bytes) - offset;
  if (available < 0) return OUT_OF_BOUNDS;
  if (length < 0) return available >> shift;
  return length > available >> shift ? OUT_OF_BOUNDS : length;
}
/** Byte of B at which element `index` lies; -1 if there is none. Elements of a typed array are aligned. */
function elementPlace(address: i32, index: i32): i32 {
  if (index < 0 || index >= typedLength(address)) return -1;
  const shift: i32 = ELEMENT_SHIFT[M[address + Field.TYPED_ARRAY_TYPE]];
  return byteStart(bufferBytes(address)) + M[address + Field.TYPED_ARRAY_OFFSET] + (index << shift);
}
/** Element `index` of the typed array at `address`, undefined out of bounds; NONE if there is no room for the number. */
export function typedGet(address: i32, index: i32): i32 {
  const at: i32 = elementPlace(address, index);
  if (at < 0) return Immediate.UNDEFINED;
  switch (M[address + Field.TYPED_ARRAY_TYPE]) {
    case ElementType.INT8: return (B[at] << 24) >> 23;
    case ElementType.UINT8:
    case ElementType.UINT8_CLAMPED: return B[at] << 1;
    case ElementType.INT16: return (H[at >> 1] << 16) >> 15;
    case ElementType.UINT16: return H[at >> 1] << 1;
    case ElementType.INT32: return numberResult(M[at >> 2]);
    case ElementType.UINT32: return numberResult(M[at >> 2] >>> 0);
    case ElementType.FLOAT32: return singleResult(M[at >> 2]);
    case ElementType.FLOAT64: return numberResult(F[at >> 3]);
    case ElementType.BIGINT64: return bigOfElement(M[at >> 2], M[(at >> 2) + 1], true);
    case ElementType.BIGUINT64: return bigOfElement(M[at >> 2], M[(at >> 2) + 1], false);
    default: return fault();
  }
}
/** The word for a single's value. */
function singleResult(bits: i32): i32 {
  const x = singleValue(bits);
  return numberResult(x);
}
/** Sets element `index` to `x`, converted; nothing happens out of bounds. */
export function typedSet(address: i32, index: i32, x: f64): void {
  const at: i32 = elementPlace(address, index);
  if (at < 0) return;
  const type: i32 = M[address + Field.TYPED_ARRAY_TYPE];
  if (!isNumberType(type) || isCore(bufferBytes(address))) {
    fault();
    return;
  }
  const shift: i32 = ELEMENT_SHIFT[type];
  if (shift === 3) {
    F[at >> 3] = x;
    // Memory holds but one NaN.
    if (x !== x) {
      M[at >> 2] = 0;
      M[(at >> 2) + 1] = 0x7ff80000;
    }
    return;
  }
  const bits = elementBits(type, x);
  if (shift === 0) B[at] = bits & 255;
  else if (shift === 1) H[at >> 1] = bits & 65535;
  else M[at >> 2] = bits;
}

/** Is the word a typed array or a DataView? */
/** @inline */
export function isTyped(w: i32): bool { return kindOf(w) === Cell.TYPED_ARRAY; }
/** A new typed array or DataView on `buffer`. The core has checked ranges and alignment; the rest is checked here. */
export function newTyped(prototype: i32, type: i32, buffer: i32, offset: i32, length: i32): i32 {
  if (prototype !== Immediate.NULL && !isObject(prototype)) return fault();
  if ((type & 1) !== 0 || type < 0 || type >> 1 > ElementType.DATA_VIEW) return fault();
  if (kindOf(buffer) !== Cell.RECORD || (offset & 1) !== 0 || offset < 0 || (length & 1) !== 0 || length >> 1 < -1) return fault();
  if (((offset >> 1) & ((1 << ELEMENT_SHIFT[type >> 1]) - 1)) !== 0) return fault();
  const shape = rootShape(prototype, Cell.TYPED_ARRAY, 0);
  if (shape === 0 || !reserve(TYPED_WORDS)) return Immediate.NONE;
  const address = allocate(Cell.TYPED_ARRAY, TYPED_WORDS);
  M[address + OBJECT_SHAPE] = reference(shape);
  M[address + OBJECT_SLOTS] = Immediate.UNDEFINED;
  M[address + Field.TYPED_ARRAY_BUFFER] = buffer;
  M[address + Field.TYPED_ARRAY_TYPE] = type >> 1;
  M[address + Field.TYPED_ARRAY_OFFSET] = offset >> 1;
  M[address + Field.TYPED_ARRAY_LENGTH] = length >> 1;
  return reference(address);
}
/** What there is to know of a typed array: 0 type, 1 buffer, 2 byte offset, 3 fixed length or -1, 4 present length or -1. */
export function typedInfo(typed: i32, what: i32): i32 {
  if (!isTyped(typed)) return fault();
  const address: i32 = typed >> 2;
  switch (what >> 1) {
    case 0: return M[address + Field.TYPED_ARRAY_TYPE] << 1;
    case 1: return M[address + Field.TYPED_ARRAY_BUFFER];
    case 2: return M[address + Field.TYPED_ARRAY_OFFSET] << 1;
    case 3: return M[address + Field.TYPED_ARRAY_LENGTH] << 1;
    case 4: return typedLength(address) << 1;
    default: return fault();
  }
}
/** Fills elements [from, to) with `n`, a number or a big integer as they are, converted once. */
export function typedFill(typed: i32, n: i32, from: i32, to: i32): i32 {
  if (!isTyped(typed) || !(holdsBig(typed >> 2) ? isBig(n) : isNumber(n)) || !isRange(from, to, typedLength(typed >> 2))) return fault();
  const address: i32 = typed >> 2;
  const first: i32 = from >> 1;
  const end: i32 = to >> 1;
  if (first === end) return Immediate.UNDEFINED;
  if (isBig(n)) {
    if (isCore(bufferBytes(address))) return fault();
    fillBigElements(elementPlace(address, first) >> 2, n, end - first);
    return Immediate.UNDEFINED;
  }
  typedSet(address, first, numberValue(n));
  const shift: i32 = ELEMENT_SHIFT[M[address + Field.TYPED_ARRAY_TYPE]];
  const at: i32 = elementPlace(address, first);
  const count: i32 = end - first;
  if (shift === 0) for (let i: i32 = 1; i < count; i++) B[at + i] = B[at];
  else if (shift === 1) for (let i: i32 = 1; i < count; i++) H[(at >> 1) + i] = H[at >> 1];
  else if (shift === 2) for (let i: i32 = 1; i < count; i++) M[(at >> 2) + i] = M[at >> 2];
  else for (let i: i32 = 1; i < count; i++) F[(at >> 3) + i] = F[at >> 3];
  charge((count << shift) >> CHARGE_SHIFT);
  return Immediate.UNDEFINED;
}
