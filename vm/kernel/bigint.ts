// Big integers: the values of JavaScript's BigInt. A cell BIGINT holds sign and magnitude, the magnitude in words, the
// least significant first, none of them a leading zero, and zero has no sign; so equal numbers are equal cells, word by
// word. Cells are never changed once they are made.
//
// Here is what takes time in proportion to the words it looks at: sums, shifts, the bitwise operators (on two's
// complement, made up word by word), comparison, conversion from and to doubles and elements of 64 bits. Products,
// quotients and texts are in bigdigits.ts. What the kernel leaves to the core (vm/core/bigint.js) it says by ELSEWHERE:
// errors, powers, and products and quotients that would take long, which the core cuts into such as do not.

import { Cell, Field } from "../format/cells.js";
import { ReturnMode } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { BIG_WORDS_MAX, Immediate } from "../format/words.js";
import { divideBig, multiplyBig } from "./bigdigits.js";
import { callCore } from "./call.js";
import { allocate, cellWords, charge, CHARGE_SHIFT, fault, isBig, isNumber, numberResult, numberValue, reference, reserve } from "./heap.js";
import { B, doubleOf, M } from "./memory.js";
import { finish } from "./operators.js";
import type { bool, f64, i32 } from "./types.js";

/** In place of a result: the core is to do it. */
export const ELSEWHERE = Immediate.DELETED;
/** 2^32. */
const WORD = 4294967296;
/** A double's integers have so many words at most. */
const DOUBLE_WORDS_MAX = 32;

/** Words of the magnitude. */
/** @inline */
export function bigLength(address: i32): i32 { return M[address + Field.BIGINT_LENGTH]; }
/** 1 if it is negative, else 0. */
/** @inline */
export function bigSign(address: i32): i32 { return M[address + Field.BIGINT_SIGN]; }
/** Address of the least significant word. */
/** @inline */
export function bigFirst(address: i32): i32 { return address + Field.BIGINT_TAIL; }
/** Words of the cell of a magnitude of `length` words. */
/** @inline */
export function bigWords(length: i32): i32 { return cellWords(Field.BIGINT_TAIL + length); }

/** A new cell, its magnitude to be written; the room is there. */
export function newBig(sign: i32, length: i32): i32 {
  const address = allocate(Cell.BIGINT, Field.BIGINT_TAIL + length);
  M[address + Field.BIGINT_SIGN] = sign;
  M[address + Field.BIGINT_LENGTH] = length;
  return address;
}
/** Gives the newest cell its canonical form: no leading zeros, no sign on zero, no more room than that. Its word. */
export function settleBig(address: i32): i32 {
  let length: i32 = bigLength(address);
  const first: i32 = bigFirst(address);
  charge(length >> CHARGE_SHIFT);
  while (length > 0 && M[first + length - 1] === 0) length--;
  const words: i32 = bigWords(length);
  M[address] = (words << 7) | Cell.BIGINT;
  M[address + Field.BIGINT_LENGTH] = length;
  if (length === 0) M[address + Field.BIGINT_SIGN] = 0;
  if (first + length < address + words) M[first + length] = 0;
  M[Reg.HEAP_TOP] = address + words;
  return reference(address);
}
/** The big integer of a sign and a magnitude of two words. */
export function bigOfWords(sign: i32, low: i32, high: i32): i32 {
  if (!reserve(bigWords(2))) return Immediate.NONE;
  const address = newBig(sign, 2);
  M[bigFirst(address)] = low;
  M[bigFirst(address) + 1] = high;
  return settleBig(address);
}

// Comparison

/** Negative, zero or positive as the magnitude of `a` is below, equal to or above that of `b`. Sums ask it before they reserve, so it charges for nothing. */
function compareMagnitudes(a: i32, b: i32): i32 {
  const length: i32 = bigLength(a);
  if (length !== bigLength(b)) return length < bigLength(b) ? -1 : 1;
  for (let i: i32 = length - 1; i >= 0; i--) {
    const x: i32 = M[bigFirst(a) + i];
    const y: i32 = M[bigFirst(b) + i];
    if (x !== y) return (x >>> 0) < (y >>> 0) ? -1 : 1;
  }
  return 0;
}
/** The same for the numbers. */
function compareBigs(a: i32, b: i32): i32 {
  if (bigSign(a) !== bigSign(b)) return bigSign(a) !== 0 ? -1 : 1;
  charge(bigLength(a) >> CHARGE_SHIFT);
  const order = compareMagnitudes(a, b);
  return bigSign(a) !== 0 ? (-order | 0) : order;
}
/** The magnitude of `a`, not zero, against a positive double: word by word from above, each step exact. */
function compareWithDouble(a: i32, y: f64): i32 {
  const length: i32 = bigLength(a);
  if (length > DOUBLE_WORDS_MAX) return 1;
  let scale: f64 = 1;
  for (let i: i32 = 1; i < length; i++) scale = scale * WORD;
  if (y / scale >= WORD) return -1;
  let rest: f64 = y;
  for (let i: i32 = length - 1; i >= 0; i--) {
    const digit: f64 = Math.floor(rest / scale);
    const own: f64 = M[bigFirst(a) + i] >>> 0;
    if (own !== digit) return own < digit ? -1 : 1;
    rest = rest - digit * scale;
    scale = scale / WORD;
  }
  return rest > 0 ? -1 : 0;
}
/** A big integer against a double: -1, 0, 1, or 2 if that is NaN. Source: ECMA-262 §7.2.13, 7.2.14. */
function compareWithNumber(a: i32, y: f64): i32 {
  if (y !== y) return 2;
  const sign: i32 = bigLength(a) === 0 ? 0 : bigSign(a) !== 0 ? -1 : 1;
  const other: i32 = y < 0 ? -1 : y > 0 ? 1 : 0;
  if (sign !== other) return sign < other ? -1 : 1;
  if (sign === 0) return 0;
  if (y - y !== 0) return -sign | 0;
  const order = compareWithDouble(a, Math.abs(y));
  return sign < 0 ? (-order | 0) : order;
}
/** The order of two numerics, at least one of them a big integer: -1, 0, 1, or 2 where there is none. */
export function orderNumerics(a: i32, b: i32): i32 {
  if (isBig(a) && isBig(b)) return compareBigs(a >> 2, b >> 2);
  if (isBig(a)) return compareWithNumber(a >> 2, numberValue(b));
  const order = compareWithNumber(b >> 2, numberValue(a));
  return order === 2 ? 2 : (-order | 0);
}

// Sums

/** |a| + |b| with that sign. */
function addMagnitudes(a: i32, b: i32, sign: i32): i32 {
  const longer: i32 = bigLength(a) >= bigLength(b) ? a : b;
  const other: i32 = longer === a ? b : a;
  const length: i32 = bigLength(longer);
  const common: i32 = bigLength(other);
  if (length >= BIG_WORDS_MAX) return ELSEWHERE;
  if (!reserve(bigWords(length + 1))) return Immediate.NONE;
  const sum = newBig(sign, length + 1);
  const to: i32 = bigFirst(sum);
  let carry: i32 = 0;
  for (let i: i32 = 0; i < length; i++) {
    const x: f64 = M[bigFirst(longer) + i] >>> 0;
    const y: f64 = i < common ? M[bigFirst(other) + i] >>> 0 : 0;
    const digit: f64 = x + y + carry;
    carry = digit >= WORD ? 1 : 0;
    M[to + i] = digit | 0;
  }
  M[to + length] = carry;
  return settleBig(sum);
}
/** |a| - |b| with that sign, where |a| is the greater. */
function subtractMagnitudes(a: i32, b: i32, sign: i32): i32 {
  const length: i32 = bigLength(a);
  const common: i32 = bigLength(b);
  if (!reserve(bigWords(length))) return Immediate.NONE;
  const difference = newBig(sign, length);
  const to: i32 = bigFirst(difference);
  let borrow: i32 = 0;
  for (let i: i32 = 0; i < length; i++) {
    const x: f64 = M[bigFirst(a) + i] >>> 0;
    const y: f64 = i < common ? M[bigFirst(b) + i] >>> 0 : 0;
    const digit: f64 = x - y - borrow;
    borrow = digit < 0 ? 1 : 0;
    M[to + i] = digit | 0;
  }
  return settleBig(difference);
}
/** a + b, where b counts with that sign. */
function addBig(a: i32, b: i32, sign: i32): i32 {
  if (bigLength(b) === 0) return reference(a);
  if (bigSign(a) === sign || bigLength(a) === 0) return addMagnitudes(a, b, sign);
  const order = compareMagnitudes(a, b);
  if (order === 0) return bigOfWords(0, 0, 0);
  return order > 0 ? subtractMagnitudes(a, b, bigSign(a)) : subtractMagnitudes(b, a, sign);
}
/** The number with that sign whose magnitude is one more than that of `a`, or (`up` false) one less. */
function stepMagnitude(a: i32, up: bool, sign: i32): i32 {
  const length: i32 = bigLength(a);
  if (length >= BIG_WORDS_MAX) return ELSEWHERE;
  if (!reserve(bigWords(length + 1))) return Immediate.NONE;
  const result = newBig(sign, length + 1);
  const to: i32 = bigFirst(result);
  let carry: bool = true;
  for (let i: i32 = 0; i < length; i++) {
    const word: i32 = M[bigFirst(a) + i];
    let next: i32 = word;
    if (carry) next = up ? (word + 1) | 0 : (word - 1) | 0;
    carry = carry && (up ? next === 0 : word === 0);
    M[to + i] = next;
  }
  M[to + length] = carry && up ? 1 : 0;
  return settleBig(result);
}
function negateBig(a: i32): i32 {
  const length: i32 = bigLength(a);
  if (length === 0) return reference(a);
  if (!reserve(bigWords(length))) return Immediate.NONE;
  const result = newBig(1 - bigSign(a), length);
  for (let i: i32 = 0; i < length; i++) M[bigFirst(result) + i] = M[bigFirst(a) + i];
  return settleBig(result);
}

// Bits

/** Makes a magnitude in place of the two's complement of `length` words at `first`. */
function complementWords(first: i32, length: i32): void {
  let carry: bool = true;
  for (let i: i32 = 0; i < length; i++) {
    const word: i32 = carry ? (~M[first + i] + 1) | 0 : ~M[first + i];
    carry = carry && word === 0;
    M[first + i] = word;
  }
}
function bitwiseSigns(opcode: i32, x: i32, y: i32): i32 {
  if (opcode === Op.BIT_AND) return x & y;
  return opcode === Op.BIT_OR ? x | y : x ^ y;
}
/** BIT_AND, BIT_OR, BIT_XOR: both operands as two's complement, one word longer than the longer one. */
function bitwiseBig(opcode: i32, a: i32, b: i32): i32 {
  const lengthA: i32 = bigLength(a);
  const lengthB: i32 = bigLength(b);
  const length: i32 = (lengthA > lengthB ? lengthA : lengthB) + 1;
  if (length > BIG_WORDS_MAX) return ELSEWHERE;
  if (!reserve(bigWords(length))) return Immediate.NONE;
  const sign = bitwiseSigns(opcode, bigSign(a), bigSign(b));
  const result = newBig(sign, length);
  const to: i32 = bigFirst(result);
  // A negative number's words are the inverse of its magnitude less one.
  let borrowA: i32 = bigSign(a);
  let borrowB: i32 = bigSign(b);
  for (let i: i32 = 0; i < length; i++) {
    let x: i32 = i < lengthA ? M[bigFirst(a) + i] : 0;
    let y: i32 = i < lengthB ? M[bigFirst(b) + i] : 0;
    if (bigSign(a) !== 0) {
      const less: i32 = (x - borrowA) | 0;
      if (x !== 0) borrowA = 0;
      x = ~less;
    }
    if (bigSign(b) !== 0) {
      const less: i32 = (y - borrowB) | 0;
      if (y !== 0) borrowB = 0;
      y = ~less;
    }
    const word = bitwiseSigns(opcode, x, y);
    M[to + i] = word;
  }
  if (sign !== 0) complementWords(to, length);
  return settleBig(result);
}
/** a times 2^count. */
function shiftUp(a: i32, count: i32): i32 {
  const length: i32 = bigLength(a);
  const words: i32 = count >> 5;
  const bits: i32 = count & 31;
  if (length + words >= BIG_WORDS_MAX) return ELSEWHERE;
  if (!reserve(bigWords(length + words + 1))) return Immediate.NONE;
  const result = newBig(bigSign(a), length + words + 1);
  const to: i32 = bigFirst(result);
  for (let i: i32 = 0; i < words; i++) M[to + i] = 0;
  let carry: i32 = 0;
  for (let i: i32 = 0; i < length; i++) {
    const word: i32 = M[bigFirst(a) + i];
    M[to + words + i] = (word << bits) | carry;
    carry = bits === 0 ? 0 : (word >>> (32 - bits)) | 0;
  }
  M[to + words + length] = carry;
  return settleBig(result);
}
/** a divided by 2^count, rounded down: where a negative number loses bits, its magnitude is one more. */
function shiftDown(a: i32, count: i32): i32 {
  const words: i32 = count >> 5;
  const bits: i32 = count & 31;
  const length: i32 = bigLength(a) - words;
  if (length <= 0) return bigOfWords(bigSign(a), bigSign(a), 0);
  if (!reserve(bigWords(length + 1))) return Immediate.NONE;
  const from: i32 = bigFirst(a);
  let lost: i32 = bits === 0 ? 0 : M[from + words] << (32 - bits);
  for (let i: i32 = 0; i < words && lost === 0; i++) lost = M[from + i];
  charge(words >> CHARGE_SHIFT);
  const result = newBig(bigSign(a), length + 1);
  const to: i32 = bigFirst(result);
  let carry: bool = bigSign(a) !== 0 && lost !== 0;
  for (let i: i32 = 0; i < length; i++) {
    const above: i32 = i + 1 < length && bits !== 0 ? M[from + words + i + 1] << (32 - bits) : 0;
    const word: i32 = (M[from + words + i] >>> bits) | above;
    const next: i32 = carry ? (word + 1) | 0 : word;
    carry = carry && next === 0;
    M[to + i] = next;
  }
  M[to + length] = carry ? 1 : 0;
  return settleBig(result);
}
/** SHL, or SHR, by a big integer, which may be negative. */
function shiftBig(a: i32, b: i32, left: bool): i32 {
  if (bigLength(a) === 0 || bigLength(b) === 0) return reference(a);
  const up: bool = (bigSign(b) === 0) === left;
  const count: i32 = M[bigFirst(b)];
  const large: bool = bigLength(b) > 1 || (count >>> 0) >= BIG_WORDS_MAX * 32;
  if (large) return up ? ELSEWHERE : bigOfWords(bigSign(a), bigSign(a), 0);
  return up ? shiftUp(a, count) : shiftDown(a, count);
}
/** asUintN and asIntN: what `bits` bits of two's complement are. Source: ECMA-262 §21.2.2. */
export function wrapBig(bits: i32, word: i32, signed: i32): i32 {
  if (!isNumber(bits) || !isBig(word)) return fault();
  const count: f64 = numberValue(bits);
  const a: i32 = word >> 2;
  const most: f64 = bigLength(a) * 32;
  if (!(count >= 0)) return fault();
  if (count > most && (signed === Immediate.TRUE || bigSign(a) === 0)) return word;
  // A negative number of few bits as an unsigned one of many.
  if (count >= BIG_WORDS_MAX * 32) return fault();
  const width: i32 = count | 0;
  const length: i32 = (width + 31) >> 5;
  if (!reserve(bigWords(length))) return Immediate.NONE;
  const result = newBig(0, length);
  const to: i32 = bigFirst(result);
  for (let i: i32 = 0; i < length; i++) M[to + i] = i < bigLength(a) ? M[bigFirst(a) + i] : 0;
  if (bigSign(a) !== 0) complementWords(to, length);
  const top: i32 = width & 31;
  const mask: i32 = top === 0 ? -1 : ((1 << top) - 1) | 0;
  if (length > 0) M[to + length - 1] = M[to + length - 1] & mask;
  if (signed === Immediate.TRUE && length > 0 && ((M[to + length - 1] >>> ((top + 31) & 31)) & 1) !== 0) {
    complementWords(to, length);
    M[to + length - 1] = M[to + length - 1] & mask;
    M[result + Field.BIGINT_SIGN] = 1;
  }
  return settleBig(result);
}
/** Bits of the magnitude, as a number. */
export function bitsOfBig(word: i32): i32 {
  if (!isBig(word)) return fault();
  const length: i32 = bigLength(word >> 2);
  if (length === 0) return 0;
  return (length * 32 - Math.clz32(M[bigFirst(word >> 2) + length - 1])) << 1;
}

// Doubles and elements

/** The nearest double, of two equally near the even one. Source: ECMA-262 §6.1.6.1, IEEE 754 §4.3.1. */
export function numberOfBig(word: i32): i32 {
  if (!isBig(word)) return fault();
  const a: i32 = word >> 2;
  const length: i32 = bigLength(a);
  if (length === 0) return 0;
  const last: i32 = bigFirst(a) + length - 1;
  const shift: i32 = Math.clz32(M[last]);
  const bits: i32 = length * 32 - shift;
  if (bits > 1024) return numberResult(bigSign(a) !== 0 ? -Infinity : Infinity);
  // The 64 bits from the highest one down, and whether there is anything below.
  const first: i32 = M[last];
  const second: i32 = length > 1 ? M[last - 1] : 0;
  const third: i32 = length > 2 ? M[last - 2] : 0;
  const high: i32 = shift === 0 ? first : (first << shift) | (second >>> (32 - shift));
  const low: i32 = shift === 0 ? second : (second << shift) | (third >>> (32 - shift));
  let below: i32 = third << shift;
  for (let i: i32 = 0; i < length - 3 && below === 0; i++) below = M[bigFirst(a) + i];
  const rest: i32 = low & 2047;
  const up: bool = rest > 1024 || (rest === 1024 && (below !== 0 || (low & 2048) !== 0));
  const mantissa: f64 = (high >>> 0) * 2097152 + (low >>> 11) + (up ? 1 : 0);
  const scale = doubleOf((bits - 53 + 1023) << 20, 0);
  const value: f64 = mantissa * scale;
  return numberResult(bigSign(a) !== 0 ? -value : value);
}
/** The big integer of a double that is an integer. */
export function bigOfNumber(word: i32): i32 {
  if (!isNumber(word)) return fault();
  const x: f64 = numberValue(word);
  let rest: f64 = Math.abs(x);
  if (!(rest - rest === 0) || Math.floor(rest) !== rest) return fault();
  let length: i32 = 0;
  for (let above: f64 = rest; above >= 1; above = above / WORD) length++;
  if (!reserve(bigWords(length))) return Immediate.NONE;
  const result = newBig(x < 0 ? 1 : 0, length);
  for (let i: i32 = 0; i < length; i++) {
    const above: f64 = Math.floor(rest / WORD);
    const digit: f64 = rest - above * WORD;
    M[bigFirst(result) + i] = digit | 0;
    rest = above;
  }
  return settleBig(result);
}
/** An element of 64 bits. */
export function bigOfElement(low: i32, high: i32, signed: bool): i32 {
  if (!signed || high >= 0) return bigOfWords(0, low, high);
  const negated: i32 = -low | 0;
  return bigOfWords(1, negated, low === 0 ? -high | 0 : ~high);
}
/** The low word, or the high one, of a big integer's low 64 bits as two's complement. */
export function elementOfBig(word: i32, high: bool): i32 {
  const a: i32 = word >> 2;
  const low: i32 = bigLength(a) > 0 ? M[bigFirst(a)] : 0;
  const next: i32 = bigLength(a) > 1 ? M[bigFirst(a) + 1] : 0;
  if (bigSign(a) === 0) return high ? next : low;
  if (!high) return -low | 0;
  return low === 0 ? -next | 0 : ~next;
}

/** The word at byte `at` of B, whatever its alignment. */
function readWord(at: i32, little: bool): i32 {
  if (little) return B[at] | (B[at + 1] << 8) | (B[at + 2] << 16) | (B[at + 3] << 24);
  return B[at + 3] | (B[at + 2] << 8) | (B[at + 1] << 16) | (B[at] << 24);
}
function writeWord(at: i32, little: bool, word: i32): void {
  for (let i: i32 = 0; i < 4; i++) B[at + i] = (word >>> (little ? i << 3 : 24 - (i << 3))) & 255;
}
/** The element at byte `at` of B. */
export function readBigElement(at: i32, little: bool, signed: bool): i32 {
  const low = readWord(little ? at : at + 4, little);
  const high = readWord(little ? at + 4 : at, little);
  return bigOfElement(low, high, signed);
}
export function writeBigElement(at: i32, little: bool, word: i32): void {
  const low = elementOfBig(word, false);
  const high = elementOfBig(word, true);
  writeWord(little ? at : at + 4, little, low);
  writeWord(little ? at + 4 : at, little, high);
}
/** Writes the same element `count` times, from word `at` of the memory on. */
export function fillBigElements(at: i32, word: i32, count: i32): void {
  const low = elementOfBig(word, false);
  const high = elementOfBig(word, true);
  for (let i: i32 = 0; i < count * 2; i += 2) {
    M[at + i] = low;
    M[at + i + 1] = high;
  }
  charge((count << 3) >> CHARGE_SHIFT);
}

// Operators

/** ADD to USHR of two big integers: a word, NONE, or ELSEWHERE. */
export function computeBig(opcode: i32, a: i32, b: i32): i32 {
  switch (opcode) {
    case Op.ADD: return addBig(a, b, bigSign(b));
    case Op.SUB: return bigLength(b) === 0 ? reference(a) : addBig(a, b, 1 - bigSign(b));
    case Op.MUL: return multiplyBig(a, b);
    case Op.DIV: return divideBig(a, b, false);
    case Op.MOD: return divideBig(a, b, true);
    case Op.BIT_AND:
    case Op.BIT_OR:
    case Op.BIT_XOR: return bitwiseBig(opcode, a, b);
    case Op.SHL: return shiftBig(a, b, true);
    case Op.SHR: return shiftBig(a, b, false);
  }
  return ELSEWHERE;
}
/** ADD to USHR of two numerics, at least one of them a big integer; `pops` words of the stack are the operands. */
export function arithmeticBig(opcode: i32, a: i32, b: i32, pops: i32, next: i32): i32 {
  if (isBig(a) && isBig(b)) {
    const result = computeBig(opcode, a >> 2, b >> 2);
    if (result !== ELSEWHERE) return finish(result, pops, next);
  }
  return callCore(Root.bigOperator, pops, 3, opcode << 1, a, b, 0, 0, ReturnMode.PUSH, next);
}
/** NEG, INC, DEC, BIT_NOT, TO_NUMERIC of a big integer: a word, NONE, or ELSEWHERE. */
export function stepBig(opcode: i32, word: i32): i32 {
  const a: i32 = word >> 2;
  const sign: i32 = bigSign(a);
  const zero: bool = bigLength(a) === 0;
  switch (opcode) {
    case Op.NEG: return negateBig(a);
    case Op.INC: return stepMagnitude(a, sign === 0, sign);
    case Op.DEC: return stepMagnitude(a, zero || sign !== 0, zero ? 1 : sign);
    case Op.BIT_NOT: return stepMagnitude(a, sign === 0, 1 - sign);
    case Op.TO_NUMERIC: return word;
  }
  return ELSEWHERE;
}
