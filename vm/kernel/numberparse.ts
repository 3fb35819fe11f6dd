// Text as numbers: StringToNumber, parseFloat, parseInt. The text is Latin-1 bytes of B or UTF-16 units of H at a byte
// offset (or, for short texts, units in the scratch view), is read in place and may be of any length.
//
// A decimal literal is first measured, then valued (short plain ones in one go), so that a caller with a grammar of
// its own (JSON) measures by itself and shares the rest. Its value is the nearest double, always: at most 15 digits and
// a small power of ten are one exact operation (Clinger 1990); then twice a double's precision decides, unless the
// value is closer to the middle of two doubles than its error; then big numbers compare with that middle.

import { B, H, S, doubleOf, highWord, lowWord } from "./memory.js";
import {
  BIG_UNIT, BIG_VALUE, TENS, bigCompare, bigMultiplyAdd, bigMultiplyByFives, bigSet, bigShift, lowPart,
  productHigh, scaleHigh, scaleRoughly,
} from "./numberbig.js";
import type { i32, f64, bool } from "./types.js";

/** Where a text is; places in it are indices of the view. */
const IN_BYTES = 0;
const IN_HALFWORDS = 1;
const IN_SCRATCH = 2;

/** The longest text `textToNumber` takes: what the big numbers leave of the scratch view. */
export const TEXT_TO_NUMBER_MAX = 3072;

/** The unit at a place. */
function unitOf(view: i32, at: i32): i32 {
  if (view === IN_BYTES) return B[at];
  return view === IN_HALFWORDS ? H[at] : S[at];
}

/** WhiteSpace or LineTerminator. Source: ECMA-262 §12.2, §12.3. */
function isSpace(unit: i32): bool {
  if (unit < 128) return unit === 32 || (unit >= 9 && unit <= 13);
  if (unit === 0xa0 || unit === 0xfeff || unit === 0x1680 || unit === 0x3000) return true;
  if (unit < 0x2000 || unit > 0x205f) return false;
  return unit <= 0x200a || unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f;
}

/** The first place from `start` on that is not white space, or the end. */
function skipSpace(view: i32, start: i32, end: i32): i32 {
  let at: i32 = start;
  while (at < end && isSpace(unitOf(view, at))) at++;
  return at;
}

/** The value of a digit in bases up to 36, 36 for any other unit. */
export function digitOf(unit: i32): i32 {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const lower: i32 = unit | 32;
  return lower >= 97 && lower <= 122 ? lower - 87 : 36;
}

/** Where the decimal digits from `start` on end. */
function skipDigits(view: i32, start: i32, end: i32): i32 {
  let at: i32 = start;
  while (at < end) {
    const unit = unitOf(view, at);
    if (unit < 48 || unit > 57) break;
    at = at + 1;
  }
  return at;
}

const INFINITY_UNITS: i32[] = [73, 110, 102, 105, 110, 105, 116, 121];

/** Whether "Infinity" starts here. */
function isInfinity(view: i32, start: i32, end: i32): bool {
  if (end - start < 8) return false;
  for (let i: i32 = 0; i < 8; i++) if (unitOf(view, start + i) !== INFINITY_UNITS[i]) return false;
  return true;
}

/** The end of the longest StrUnsignedDecimalLiteral (ECMA-262 §7.1.4.1) other than Infinity at `start`, or `start`. */
function decimalEnd(view: i32, start: i32, end: i32): i32 {
  let at = skipDigits(view, start, end);
  let digits: i32 = at - start;
  if (at < end && unitOf(view, at) === 46) {
    const fractionEnd = skipDigits(view, at + 1, end);
    digits = digits + fractionEnd - at - 1;
    if (digits > 0) at = fractionEnd;
  }
  if (digits === 0) return start;
  if (at < end && (unitOf(view, at) | 32) === 101) {
    let exponent: i32 = at + 1;
    if (exponent < end && (unitOf(view, exponent) === 43 || unitOf(view, exponent) === 45)) exponent = exponent + 1;
    const exponentEnd = skipDigits(view, exponent, end);
    if (exponentEnd > exponent) at = exponentEnd;
  }
  return at;
}

/** The value of a text that is at most 15 digits and perhaps a point among them, -1 for any other. */
function plainValue(view: i32, start: i32, end: i32): f64 {
  if (end - start > 16) return -1;
  let mantissa: f64 = 0;
  let point: i32 = -1;
  for (let at: i32 = start; at < end; at++) {
    const digit: i32 = unitOf(view, at) - 48;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (digit === -2 && point < 0) point = at;
    else return -1;
  }
  if (point < 0) return end > start && end - start < 16 ? mantissa : -1;
  return end - start > 1 ? mantissa / TENS[end - point - 1] : -1;
}

/** Beyond any length of text, so that digits before and behind the point cannot bring it back. */
const EXPONENT_LIMIT = 1000000000;
/** No middle of two doubles has more digits than this (it is 767); any digit beyond only says "a little more". */
const DIGITS_LIMIT = 780;
/** The digits that are collected at first. */
const DIGITS_FIRST = 19;

/** The value of any decimal literal, without sign, that fills the text from `start` to `end`. */
function longValue(view: i32, start: i32, end: i32): f64 {
  // The first digits as high 10^9 + low, leading zeros left out; then the literal is this times 10^exponent, or, with
  // `more`, up to one unit of its last place above.
  let high: f64 = 0;
  let low: f64 = 0;
  let count: i32 = 0;
  let exponent: i32 = 0;
  let behind: i32 = 0;
  let more: bool = false;
  let first: i32 = start;
  let at: i32 = start;
  for (; at < end; at++) {
    const unit = unitOf(view, at);
    if (unit === 46) {
      behind = 1;
      continue;
    }
    const digit: i32 = unit - 48;
    if (digit < 0 || digit > 9) break;
    if (count < DIGITS_FIRST) {
      exponent = exponent - behind;
      if (count < 10) high = high * 10 + digit;
      else low = low * 10 + digit;
      if (count > 0 || digit !== 0) count = count + 1;
      else first = at + 1;
    } else {
      exponent = exponent + 1 - behind;
      if (digit !== 0) more = true;
    }
  }
  if (count === 0) return 0;
  if (at < end) {
    const sign = unitOf(view, at + 1);
    let written: i32 = 0;
    for (let i: i32 = sign === 45 || sign === 43 ? at + 2 : at + 1; i < end; i++) {
      const digit: i32 = unitOf(view, i) - 48;
      if (written < EXPONENT_LIMIT / 10) written = written * 10 + digit;
      else written = EXPONENT_LIMIT;
    }
    exponent = sign === 45 ? exponent - written : exponent + written;
  }
  const lowDigits: i32 = count > 10 ? count - 10 : 0;
  if (count <= 15) {
    const mantissa: f64 = high * TENS[lowDigits] + low;
    if (exponent >= 0 && exponent <= 22) return mantissa * TENS[exponent];
    if (exponent < 0 && exponent >= -22) return mantissa / TENS[0 - exponent];
  }
  // The literal is below 10^point and not below a tenth of it.
  const point: i32 = count + exponent;
  if (point > 309) return Infinity;
  if (point < -323) return 0;
  // Up to 19 digits are a double and a remainder, exactly.
  const shifted = productHigh(high, TENS[lowDigits]);
  const upper: f64 = shifted + low;
  const upperRest: f64 = low - (upper - shifted) + lowPart;
  if (point < 299 && exponent >= -286) {
    const scaled = scaleHigh(upper, upperRest, exponent);
    const scaledRest: f64 = lowPart;
    const error: f64 = scaled * (more ? 2e-18 : 1e-29);
    const below: f64 = scaled + (scaledRest - error);
    const above: f64 = scaled + (scaledRest + error);
    if (below === above) return below;
  }
  const estimate = scaleRoughly(upper, exponent);
  return exactValue(view, first, end, point, estimate);
}

/** The exponent of the last bit of x >= 0. */
function lastBit(x: f64): i32 {
  const exponent: i32 = highWord(x) >> 20;
  return exponent === 0 ? -1074 : exponent - 1075;
}

/** Makes BIG_VALUE the digits from `start` on, all that matter; returns how many decimal places that is. */
function readDigits(view: i32, start: i32, end: i32): i32 {
  let places: i32 = 0;
  bigSet(BIG_VALUE, 0);
  // Four digits at a time.
  let group: i32 = 0;
  let scale: i32 = 1;
  let more: bool = false;
  for (let at: i32 = start; at < end; at++) {
    const digit: i32 = unitOf(view, at) - 48;
    if (digit === -2) continue;
    if (digit < 0 || digit > 9) break;
    if (places >= DIGITS_LIMIT) {
      if (digit !== 0) more = true;
      continue;
    }
    group = group * 10 + digit;
    scale = scale * 10;
    places = places + 1;
    if (scale === 10000) {
      appendDigits(scale, group);
      group = 0;
      scale = 1;
    }
  }
  if (scale > 1) appendDigits(scale, group);
  if (!more) return places;
  appendDigits(10, 1);
  return places + 1;
}

/** BIG_VALUE times `scale` plus `group`. */
function appendDigits(scale: i32, group: i32): void {
  if (S[BIG_VALUE] === 0) bigSet(BIG_VALUE, group);
  else bigMultiplyAdd(BIG_VALUE, scale, group);
}

/**
 * Negative, zero or positive as BIG_VALUE is below, at or above the middle of x >= 0 and the next double, times
 * 2^-base 5^fives.
 */
function compareWithMiddle(x: f64, base: i32, fives: i32): i32 {
  const high = highWord(x);
  const low = lowWord(x);
  let mantissa: f64 = (high & 0xfffff) * 4294967296 + (low >>> 0);
  if ((high >> 20) !== 0) mantissa = mantissa + 4503599627370496;
  bigSet(BIG_UNIT, mantissa);
  if (mantissa === 0) bigSet(BIG_UNIT, 1);
  else bigMultiplyAdd(BIG_UNIT, 2, 1);
  bigMultiplyByFives(BIG_UNIT, fives);
  const last = lastBit(x);
  bigShift(BIG_UNIT, last - 1 - base);
  return bigCompare(BIG_VALUE, BIG_UNIT);
}

/** The double after x >= 0. */
function nextDouble(x: f64): f64 {
  const high = highWord(x);
  const low = lowWord(x);
  return doubleOf(low === -1 ? high + 1 : high, (low + 1) | 0);
}

/** The double before x > 0. */
function previousDouble(x: f64): f64 {
  const high = highWord(x);
  const low = lowWord(x);
  return doubleOf(low === 0 ? high - 1 : high, (low - 1) | 0);
}

/**
 * The double nearest to 0.d1 d2 ... 10^point, d1 at `start` not zero, of two the even one: steps from the estimate
 * until the value is between the middles on both sides. Source: Clinger 1990, AlgorithmR, with exact comparisons.
 */
function exactValue(view: i32, start: i32, end: i32, point: i32, estimate: f64): f64 {
  const places = readDigits(view, start, end);
  const exponent: i32 = point - places;
  let result: f64 = estimate < Infinity ? estimate : 1.7976931348623157e308;
  // The value is BIG_VALUE 10^exponent. Both sides of the comparison are measured in 2^base, 4 bits of which are for
  // what the estimate may be off, and multiplied by 5^fives to make them integers.
  const last = lastBit(result);
  const base: i32 = exponent < last - 4 ? exponent : last - 4;
  const fives: i32 = exponent < 0 ? 0 - exponent : 0;
  if (exponent > 0) bigMultiplyByFives(BIG_VALUE, exponent);
  bigShift(BIG_VALUE, exponent - base);
  for (;;) {
    const order = compareWithMiddle(result, base, fives);
    if (order < 0 || (order === 0 && (lowWord(result) & 1) === 0)) break;
    result = nextDouble(result);
    if (result === Infinity) return result;
  }
  while (result > 0) {
    const previous = previousDouble(result);
    const order = compareWithMiddle(previous, base, fives);
    if (order > 0 || (order === 0 && (lowWord(result) & 1) === 0)) break;
    result = previous;
  }
  return result;
}

/** The value of the decimal literal, without sign, that fills the text from `start` to `end`. */
function decimalValue(view: i32, start: i32, end: i32): f64 {
  const value = plainValue(view, start, end);
  if (value >= 0) return value;
  return longValue(view, start, end);
}

/** The value of the literal without sign from `start` to `end`, NaN if it is none. Source: ECMA-262 §7.1.4.1. */
function unsignedLiteral(view: i32, start: i32, end: i32): f64 {
  const value = plainValue(view, start, end);
  if (value >= 0) return value;
  const literalEnd = decimalEnd(view, start, end);
  if (literalEnd === end && end > start) return longValue(view, start, end);
  return end - start === 8 && isInfinity(view, start, end) ? Infinity : NaN;
}

/** StringToNumber. Source: ECMA-262 §7.1.4.1.1. */
function viewToNumber(view: i32, from: i32, to: i32): f64 {
  const start = skipSpace(view, from, to);
  let end: i32 = to;
  while (end > start && isSpace(unitOf(view, end - 1))) end--;
  if (start === end) return 0;
  const unit = unitOf(view, start);
  if (unit === 48 && end - start > 2) {
    const mark: i32 = unitOf(view, start + 1) | 32;
    const radix: i32 = mark === 120 ? 16 : mark === 111 ? 8 : mark === 98 ? 2 : 0;
    if (radix !== 0) {
      const digitsEnd = skipRadixDigits(view, start + 2, end, radix);
      return digitsEnd === end ? radixValue(view, start + 2, end, radix) : NaN;
    }
  }
  if (unit === 45) {
    const value = unsignedLiteral(view, start + 1, end);
    return -value;
  }
  return unsignedLiteral(view, unit === 43 ? start + 1 : start, end);
}

/** The text of `length` units in S from S[0] on (at most TEXT_TO_NUMBER_MAX) as a number, NaN if it is none. */
export function textToNumber(length: i32): f64 {
  return viewToNumber(IN_SCRATCH, 0, length);
}

/** The text of `length` units at a byte offset, UTF-16 if `wide`, else Latin-1, as a number, NaN if it is none. */
export function textToNumberAt(byteOffset: i32, length: i32, wide: bool): f64 {
  const start: i32 = wide ? byteOffset >> 1 : byteOffset;
  return viewToNumber(wide ? IN_HALFWORDS : IN_BYTES, start, start + length);
}

/** The value of a text that is known to be a decimal literal, without sign, in whole. */
export function decimalValueAt(byteOffset: i32, length: i32, wide: bool): f64 {
  const start: i32 = wide ? byteOffset >> 1 : byteOffset;
  return decimalValue(wide ? IN_HALFWORDS : IN_BYTES, start, start + length);
}

/** The parseFloat function. Source: ECMA-262 §19.2.4. */
export function parseFloatAt(byteOffset: i32, length: i32, wide: bool): f64 {
  const view: i32 = wide ? IN_HALFWORDS : IN_BYTES;
  const from: i32 = wide ? byteOffset >> 1 : byteOffset;
  const end: i32 = from + length;
  let start = skipSpace(view, from, end);
  const sign: i32 = start < end ? unitOf(view, start) : 0;
  if (sign === 45 || sign === 43) start = start + 1;
  let value: f64 = NaN;
  if (isInfinity(view, start, end)) value = Infinity;
  else {
    const literalEnd = decimalEnd(view, start, end);
    if (literalEnd > start) value = decimalValue(view, start, literalEnd);
  }
  return sign === 45 ? -value : value;
}

/** Where the digits of this base from `start` on end. */
function skipRadixDigits(view: i32, start: i32, end: i32, radix: i32): i32 {
  let at: i32 = start;
  while (at < end && digitOf(unitOf(view, at)) < radix) at++;
  return at;
}

/** The value of digits in a base of 2^bits, rounded once, of two equally near to the even one. */
function binaryValue(view: i32, start: i32, end: i32, bits: i32): f64 {
  const radix: i32 = 1 << bits;
  // The first 49 to 53 bits are exact.
  let value: f64 = 0;
  let at: i32 = start;
  for (; at < end && value < 281474976710656; at++) value = value * radix + digitOf(unitOf(view, at));
  if (at === end) return value;
  // At least 20 more go where the sum below rounds, and one bit says whether any follows.
  let rest: f64 = 0;
  let scale: f64 = 1;
  for (; at < end && scale < 1048576; at++) {
    rest = rest * radix + digitOf(unitOf(view, at));
    scale = scale * radix;
  }
  let sticky: i32 = 0;
  let shift: i32 = 0;
  for (; at < end; at++) {
    if (unitOf(view, at) !== 48) sticky = 1;
    if (shift < 2000) shift = shift + bits;
  }
  value = (value * (scale * 2) + (rest * 2 + sticky)) / 2;
  for (; shift > 30; shift -= 30) value = value * 1073741824;
  return value * (1 << shift);
}

/** The value of a run of digits of any base. */
function radixValue(view: i32, start: i32, end: i32, radix: i32): f64 {
  if (radix === 10) return decimalValue(view, start, end);
  if ((radix & (radix - 1)) === 0) return binaryValue(view, start, end, 31 - Math.clz32(radix));
  // The specification allows an approximation; this is V8's: behind leading zeros, parts with a scale below
  // 2^32 / 36, each sum rounded.
  let value: f64 = 0;
  let part: f64 = 0;
  let scale: f64 = 1;
  let at: i32 = start;
  while (at < end && unitOf(view, at) === 48) at++;
  for (; at < end; at++) {
    if (scale * radix > 119304647) {
      value = value * scale + part;
      part = 0;
      scale = 1;
    }
    part = part * radix + digitOf(unitOf(view, at));
    scale = scale * radix;
  }
  return value * scale + part;
}

/** The parseInt function; `radix` is the second argument's ToInt32. Source: ECMA-262 §19.2.5. */
export function parseIntAt(byteOffset: i32, length: i32, wide: bool, radix: i32): f64 {
  const view: i32 = wide ? IN_HALFWORDS : IN_BYTES;
  const from: i32 = wide ? byteOffset >> 1 : byteOffset;
  const end: i32 = from + length;
  let start = skipSpace(view, from, end);
  const sign: i32 = start < end ? unitOf(view, start) : 0;
  if (sign === 45 || sign === 43) start = start + 1;
  let base: i32 = radix;
  if (base !== 0 && (base < 2 || base > 36)) return NaN;
  if ((base === 0 || base === 16) && end - start > 1 && unitOf(view, start) === 48 && (unitOf(view, start + 1) | 32) === 120) {
    base = 16;
    start = start + 2;
  }
  if (base === 0) base = 10;
  const digitsEnd = skipRadixDigits(view, start, end, base);
  if (digitsEnd === start) return NaN;
  const value = radixValue(view, start, digitsEnd, base);
  return sign === 45 ? -value : value;
}
