// Products, quotients and texts of big integers, in digits of 16 bits: two digits' product and two carries are a word, on
// every host. One call does at most PRODUCTS_MAX products of words, a few tens of microseconds, and is charged for them; what
// is longer answers ELSEWHERE, and the core cuts it up (Karatsuba's products, recursive quotients, texts by halves), so a
// program can be stopped in the midst of it and its fuel holds. Intermediate digits lie in the free words above the heap's
// top, which have been reserved with the result.

import { Field } from "../format/cells.js";
import { Reg } from "../format/registers.js";
import { Immediate } from "../format/words.js";
import { bigFirst, bigLength, bigOfWords, bigSign, bigWords, ELSEWHERE, newBig, settleBig } from "./bigint.js";
import { charge, fault, fillWords, isBig, isText, reference, reserve } from "./heap.js";
import { B, H, M } from "./memory.js";
import { flatten, newText, reserveText, textLength, textStart, unitAt } from "./text.js";
import type { bool, i32, u32 } from "./types.js";

/** Products of words that one call makes at most. */
export const PRODUCTS_MAX = 4096;
/** Words of a number whose text is made in one call at most, and digits that are read in one. */
const TEXT_WORDS_MAX = 32;
const PARSED_MAX = 256;
/** Products of words that a step is charged for. */
const PRODUCTS_SHIFT = 4;

/** a * b. */
export function multiplyBig(a: i32, b: i32): i32 {
  const lengthA: i32 = bigLength(a);
  const lengthB: i32 = bigLength(b);
  if (lengthA === 0) return reference(a);
  if (lengthB === 0) return reference(b);
  if (lengthA > PRODUCTS_MAX || lengthB > PRODUCTS_MAX || lengthA * lengthB > PRODUCTS_MAX) return ELSEWHERE;
  const length: i32 = lengthA + lengthB;
  if (!reserve(bigWords(length))) return Immediate.NONE;
  const product = newBig(bigSign(a) ^ bigSign(b), length);
  fillWords(bigFirst(product), 0, length);
  const count: i32 = lengthB * 2;
  const from: i32 = bigFirst(b) * 2;
  for (let i: i32 = 0; i < lengthA * 2; i++) {
    const factor: i32 = H[bigFirst(a) * 2 + i];
    const to: i32 = bigFirst(product) * 2 + i;
    if (factor === 0) continue;
    let carry: i32 = 0;
    for (let j: i32 = 0; j < count; j++) {
      // At most (2^16 - 1)^2 + 2 * (2^16 - 1): 32 bits, whatever their sign.
      const sum: i32 = (Math.imul(factor, H[from + j]) + H[to + j] + carry) | 0;
      H[to + j] = sum & 0xffff;
      carry = sum >>> 16;
    }
    H[to + count] = carry;
  }
  charge((lengthA * lengthB) >> PRODUCTS_SHIFT);
  return settleBig(product);
}

/** Divides the `count` digits at `at` of H by a divisor of at most 15 bits, in place: the remainder. */
function divideDigits(at: i32, count: i32, divisor: i32): i32 {
  let rest: i32 = 0;
  for (let i: i32 = count - 1; i >= 0; i--) {
    const dividend: i32 = (rest << 16) | H[at + i];
    const quotient: i32 = (dividend / divisor) | 0;
    H[at + i] = quotient;
    rest = dividend - Math.imul(quotient, divisor);
  }
  return rest;
}
/** Copies `length` words at `from`, shifted up by less than 16 bits, to `to` and the word behind. */
function copyShifted(to: i32, from: i32, length: i32, bits: i32): void {
  let carry: i32 = 0;
  for (let i: i32 = 0; i < length; i++) {
    const word: i32 = M[from + i];
    M[to + i] = (word << bits) | carry;
    carry = bits === 0 ? 0 : (word >>> (32 - bits)) | 0;
  }
  M[to + length] = carry;
}
/**
 * One digit of the quotient of a schoolbook division: takes it times the `count` digits at `divisor` from the count + 1
 * digits at `at`. Source: Knuth, The Art of Computer Programming 2, §4.3.1, algorithm D, steps D3 to D6.
 */
function quotientDigit(at: i32, divisor: i32, count: i32): i32 {
  const leading: i32 = H[divisor + count - 1];
  const next: i32 = count > 1 ? H[divisor + count - 2] : 0;
  const below: i32 = count > 1 ? H[at + count - 2] : 0;
  const top: i32 = H[at + count];
  let digit: i32 = 0xffff;
  let rest: i32 = H[at + count - 1] + leading;
  if (top < leading) {
    const dividend: u32 = ((top << 16) | H[at + count - 1]) >>> 0;
    digit = (dividend / leading) | 0;
    rest = ((dividend | 0) - Math.imul(digit, leading)) | 0;
  }
  while (rest < 65536 && (Math.imul(digit, next) >>> 0) > (((rest << 16) | below) >>> 0)) {
    digit--;
    rest = rest + leading;
  }
  let carry: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const product: i32 = (Math.imul(digit, H[divisor + i]) + carry) | 0;
    const difference: i32 = H[at + i] - (product & 0xffff);
    H[at + i] = difference & 0xffff;
    carry = (product >>> 16) + (difference < 0 ? 1 : 0);
  }
  if (top >= carry) {
    H[at + count] = top - carry;
    return digit;
  }
  // One too many, which is rare: the divisor is added once.
  carry = 0;
  for (let i: i32 = 0; i < count; i++) {
    const sum: i32 = H[at + i] + H[divisor + i] + carry;
    H[at + i] = sum & 0xffff;
    carry = sum >>> 16;
  }
  H[at + count] = 0;
  return digit - 1;
}
/** a / b rounded to zero, or its remainder, which has the sign of a. */
export function divideBig(a: i32, b: i32, remainder: bool): i32 {
  const lengthA: i32 = bigLength(a);
  const lengthB: i32 = bigLength(b);
  if (lengthB === 0) return ELSEWHERE;
  if (lengthA < lengthB) return remainder ? reference(a) : bigOfWords(0, 0, 0);
  const excess: i32 = lengthA - lengthB + 1;
  if (excess > PRODUCTS_MAX || lengthB > PRODUCTS_MAX || excess * lengthB > PRODUCTS_MAX) return ELSEWHERE;
  // The result, then the dividend, from which multiples of the divisor are taken, and the divisor, both so far up that its highest bit is one.
  const length: i32 = remainder ? lengthB : excess;
  const resultWords: i32 = bigWords(length);
  if (!reserve(resultWords + lengthA + lengthB + 2)) return Immediate.NONE;
  const result = newBig(remainder ? bigSign(a) : bigSign(a) ^ bigSign(b), length);
  const rest: i32 = M[Reg.HEAP_TOP];
  const divisor: i32 = rest + lengthA + 1;
  const highest: i32 = M[bigFirst(b) + lengthB - 1];
  const shift: i32 = Math.clz32(highest) & 15;
  copyShifted(rest, bigFirst(a), lengthA, shift);
  copyShifted(divisor, bigFirst(b), lengthB, shift);
  const count: i32 = lengthB * 2 - (highest >>> 16 === 0 ? 1 : 0);
  const places: i32 = lengthA * 2 - count;
  if (!remainder) fillWords(bigFirst(result), 0, length);
  for (let place: i32 = places; place >= 0; place--) {
    const digit = quotientDigit(rest * 2 + place, divisor * 2, count);
    if (!remainder) H[bigFirst(result) * 2 + place] = digit;
  }
  if (remainder) {
    for (let i: i32 = 0; i < length; i++) {
      const above: i32 = shift !== 0 ? M[rest + i + 1] << (32 - shift) : 0;
      M[bigFirst(result) + i] = (M[rest + i] >>> shift) | above;
    }
  }
  charge((excess * lengthB) >> PRODUCTS_SHIFT);
  return settleBig(result);
}

// Texts

/** How many digits of that radix are put together: the largest power below 2^15. */
function digitsTogether(radix: i32): i32 {
  let digits: i32 = 0;
  for (let power: i32 = radix; power < 32768; power = Math.imul(power, radix)) digits++;
  return digits;
}
function powerOf(radix: i32, digits: i32): i32 {
  let power: i32 = 1;
  for (let i: i32 = 0; i < digits; i++) power = Math.imul(power, radix);
  return power;
}
function isRadix(word: i32): bool { return (word & 1) === 0 && word >= 4 && word <= 72; }
/** The text of a big integer of few words. */
export function textOfBig(word: i32, radixWord: i32): i32 {
  if (!isBig(word) || !isRadix(radixWord)) return fault();
  const a: i32 = word >> 2;
  const radix: i32 = radixWord >> 1;
  const length: i32 = bigLength(a);
  if (length > TEXT_WORDS_MAX) return fault();
  // The text, then the number that is divided, then its digits, the last first.
  if (!reserveText(length * 32 + 1, false, length * 9 + 10)) return Immediate.NONE;
  const number: i32 = M[Reg.HEAP_TOP] + Field.STRING_TAIL + length * 8 + 4;
  const digits: i32 = (number + length) * 4;
  for (let i: i32 = 0; i < length; i++) M[number + i] = M[bigFirst(a) + i];
  const together = digitsTogether(radix);
  const power = powerOf(radix, together);
  let written: i32 = 0;
  let left: i32 = length * 2;
  while (left > 0) {
    if (H[number * 2 + left - 1] === 0) {
      left--;
      continue;
    }
    let rest = divideDigits(number * 2, left, power);
    for (let i: i32 = 0; i < together; i++) {
      const quotient: i32 = (rest / radix) | 0;
      const digit: i32 = rest - quotient * radix;
      B[digits + written] = digit < 10 ? 48 + digit : 87 + digit;
      written++;
      rest = quotient;
    }
  }
  while (written > 0 && B[digits + written - 1] === 48) written--;
  if (written === 0) B[digits + written++] = 48;
  const sign: i32 = bigSign(a);
  charge((length * length) >> PRODUCTS_SHIFT);
  const text = newText(sign + written, false);
  const start: i32 = textStart(text);
  if (sign !== 0) B[start] = 45;
  for (let i: i32 = 0; i < written; i++) B[start + sign + i] = B[digits + written - 1 - i];
  return reference(text);
}
/** The value of a digit, 36 or more for what is none. */
function digitValue(unit: i32): i32 {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter: i32 = unit | 32;
  return letter >= 97 && letter <= 122 && unit < 128 ? letter - 87 : 36;
}
/** The big integer of units [from, to) of a text, which are few; undefined if one of them is no digit. */
export function bigOfText(text: i32, from: i32, to: i32, radixWord: i32): i32 {
  if (!isText(text) || !isRadix(radixWord) || ((from | to) & 1) !== 0 || from < 0 || from > to || to >> 1 > textLength(text)) return fault();
  const count: i32 = (to - from) >> 1;
  if (count > PARSED_MAX) return fault();
  const flat = flatten(text);
  if (flat === Immediate.NONE) return flat;
  const radix: i32 = radixWord >> 1;
  // A digit has less than six bits.
  const length: i32 = ((count * 6) >> 5) + 1;
  if (!reserve(bigWords(length))) return Immediate.NONE;
  for (let i: i32 = from >> 1; i < to >> 1; i++) {
    if (digitValue(unitAt(flat >> 2, i)) >= radix) return Immediate.UNDEFINED;
  }
  const result = newBig(0, length);
  const digits: i32 = bigFirst(result) * 2;
  fillWords(bigFirst(result), 0, length);
  const together = digitsTogether(radix);
  let used: i32 = 0;
  for (let i: i32 = from >> 1; i < to >> 1;) {
    let power: i32 = 1;
    let carry: i32 = 0;
    for (let taken: i32 = 0; taken < together && i < to >> 1; taken++) {
      carry = carry * radix + digitValue(unitAt(flat >> 2, i));
      power = Math.imul(power, radix);
      i++;
    }
    for (let j: i32 = 0; j < used; j++) {
      const sum: i32 = Math.imul(H[digits + j], power) + carry;
      H[digits + j] = sum & 0xffff;
      carry = sum >>> 16;
    }
    if (carry !== 0) H[digits + used++] = carry;
  }
  charge((used * used) >> PRODUCTS_SHIFT);
  return settleBig(result);
}
