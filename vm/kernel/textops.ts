// The intrinsics on strings, and those that make strings of numbers and bytes or the reverse. Operands and results are
// tagged words; NONE means that there is no room (nothing has happened, but that a rope may have been flattened), that
// the recorded error is to be thrown, or a fault. What the specification leaves to callers (ToString, clamping of
// positions) the core has done; an operand of the wrong kind is a fault.
//
// Each operation looks first and measures its result, reserves the room, and only then writes and charges: a step for
// each 64 units looked at or written.

import { Cell, Field } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { Immediate, STRING_MAX } from "../format/words.js";
import { allocateBytes, byteLength, byteStart, bytesWords, isBytes } from "./bytes.js";
import {
  CHARGE_SHIFT, charge, fail, fault, isNumber, isSmallValue, isText, kindOf, numberResult, numberValue, numberWord,
  reference, reserve, reserveNumber,
} from "./heap.js";
import { DOTTED_I, capitalCount, capitalUnit, isCased, isCaseIgnorable, lowerPoint, upperPoint } from "./lettercase.js";
import { B, H, M, S } from "./memory.js";
import { numberToExponential, numberToFixed, numberToPrecision, numberToText } from "./number.js";
import { parseFloatAt, parseIntAt, textToNumberAt } from "./numberparse.js";
import {
  compareTexts, copyBytes, copyUnits, emptyText, flatLength, flatten, hashText, isWide, narrowUnits, newText, reserveText, textFromScratch,
  textLength, textStart, textTail, unitAt, unitFrom, wideCell, writeRope,
} from "./text.js";
import type { bool, f64, i32 } from "./types.js";

/** What stands for malformed bytes and lone surrogates. */
const REPLACEMENT = 0xfffd;
/** The word of the small integer -1. */
const MINUS_ONE = -2;
/** What letters with rules of their own become: \u0130, and sigma, which has two small letters. */
const SMALL_I = 0x69;
const DOT_ABOVE = 0x307;
const SIGMA = 0x3a3;
const FINAL_SIGMA = 0x3c2;

/** The text is longer than strings may be. */
export function tooLong(): i32 {
  return fail(ErrorCode.INVALID_STRING_LENGTH, Immediate.UNDEFINED, Immediate.UNDEFINED);
}
/** Is `w` a small integer from 0 to `limit`? */
function isPosition(w: i32, limit: i32): bool {
  return (w & 1) === 0 && w >= 0 && w >> 1 <= limit;
}
/** Puts a unit at a place of H (`wide`) or B. */
export function putUnit(wide: bool, place: i32, unit: i32): void {
  if (wide) H[place] = unit;
  else B[place] = unit;
}
/** Puts a code point there as one unit or two; returns the place behind. */
function putPoint(wide: bool, place: i32, point: i32): i32 {
  if (point < 0x10000) {
    putUnit(wide, place, point);
    return place + 1;
  }
  H[place] = 0xd7c0 + (point >> 10);
  H[place + 1] = 0xdc00 | (point & 1023);
  return place + 2;
}
/** The code point that begins at unit `i` of the flat cell at `address`; a lone surrogate is one. Source: ECMA-262 §11.1.4. */
export function pointAt(address: i32, i: i32): i32 {
  const start: i32 = textStart(address);
  if (!wideCell(address)) return B[start + i];
  const unit: i32 = H[start + i];
  if ((unit & 0xfc00) !== 0xd800 || i + 1 >= flatLength(address)) return unit;
  const next: i32 = H[start + i + 1];
  if ((next & 0xfc00) !== 0xdc00) return unit;
  return ((unit - 0xd7c0) << 10) | (next & 1023);
}

/** Units [from, to) of the flat string `w`. */
function sliceFlat(w: i32, from: i32, to: i32): i32 {
  const address: i32 = w >> 2;
  const count: i32 = to - from;
  if (count === 0) return emptyText();
  if (count === flatLength(address)) return w;
  const wide: bool = !narrowUnits(address, from, count);
  if (!reserveText(count, wide, 0)) return Immediate.NONE;
  const target = newText(count, wide);
  copyUnits(textStart(target), wide, address, from, count);
  charge(count >> CHARGE_SHIFT);
  return reference(target);
}
export function substring(text: i32, from: i32, to: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  if (!isPosition(from, flatLength(w >> 2)) || !isPosition(to, flatLength(w >> 2)) || from > to) return fault();
  return sliceFlat(w, from >> 1, to >> 1);
}
/** Unit `i`, -1 outside; `i` is any number. */
export function charCode(text: i32, i: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  if (!isPosition(i, flatLength(w >> 2) - 1)) return isNumber(i) ? MINUS_ONE : fault();
  return unitAt(w >> 2, i >> 1) << 1;
}
/** Code point at unit `i`, -1 outside. */
export function codePoint(text: i32, i: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  if (!isPosition(i, flatLength(w >> 2) - 1)) return isNumber(i) ? MINUS_ONE : fault();
  return pointAt(w >> 2, i >> 1) << 1;
}
/** Unit `i` as a string, the empty one outside. */
export function charAt(text: i32, i: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  if (!isPosition(i, flatLength(w >> 2) - 1)) return isNumber(i) ? emptyText() : fault();
  return sliceFlat(w, i >> 1, (i >> 1) + 1);
}

// Searching. A text and the part sought are each given by a view (`wide`), the place of the first unit and a step, 1 or
// -1: going backwards both are mirrored, so the last occurrence is the first. A plain search does what is usual; once it
// has compared in vain more than a multiple of what it scanned, the two-way algorithm goes on, whose time is linear
// whatever the texts are: a step of the program must not take the host an hour.

/** Comparisons in vain that a plain search may make, and how many more for each unit scanned. */
const VAIN_MAX = 256;
const VAIN_SHIFT = 2;
/** The period that maximalSuffix found. */
let suffixPeriod: i32 = 0;

/** Where the maximal suffix of the part begins, less one, by the order of units or (`inverse`) its inverse. Source: Crochemore and Perrin 1991. */
function maximalSuffix(wide: bool, part: i32, count: i32, step: i32, inverse: bool): i32 {
  let suffix: i32 = -1;
  let candidate: i32 = 0;
  let offset: i32 = 1;
  let period: i32 = 1;
  while (candidate + offset < count) {
    const a: i32 = unitFrom(wide, part + step * (candidate + offset));
    const b: i32 = unitFrom(wide, part + step * (suffix + offset));
    if (a === b) {
      if (offset === period) {
        candidate = candidate + period;
        offset = 1;
      } else {
        offset++;
      }
    } else if ((a < b) !== inverse) {
      candidate = candidate + offset;
      offset = 1;
      period = candidate - suffix;
    } else {
      suffix = candidate;
      candidate++;
      offset = 1;
      period = 1;
    }
  }
  suffixPeriod = period;
  return suffix;
}
/** The first place at or after `from` where the part occurs, or -1. Source: Crochemore and Perrin, Two-way string-matching, 1991. */
function twoWaySearch(wide: bool, text: i32, length: i32, partWide: bool, part: i32, count: i32, step: i32, from: i32): i32 {
  const suffix = maximalSuffix(partWide, part, count, step, false);
  const period: i32 = suffixPeriod;
  const inverse = maximalSuffix(partWide, part, count, step, true);
  const cut: i32 = suffix > inverse ? suffix : inverse;
  let shift: i32 = suffix > inverse ? period : suffixPeriod;
  let periodic: bool = true;
  for (let i: i32 = 0; i <= cut && periodic; i++) periodic = unitFrom(partWide, part + step * i) === unitFrom(partWide, part + step * (i + shift));
  if (!periodic) shift = (cut + 1 > count - cut - 1 ? cut + 1 : count - cut - 1) + 1;
  // How much of the part's beginning is known to match after a shift by its period, less one.
  let known: i32 = -1;
  let at: i32 = from;
  while (at <= length - count) {
    let i: i32 = (cut > known ? cut : known) + 1;
    while (i < count && unitFrom(partWide, part + step * i) === unitFrom(wide, text + step * (at + i))) i++;
    if (i < count) {
      at = at + i - cut;
      known = -1;
      continue;
    }
    i = cut;
    while (i > known && unitFrom(partWide, part + step * i) === unitFrom(wide, text + step * (at + i))) i--;
    if (i <= known) return at;
    at = at + shift;
    if (periodic) known = count - shift - 1;
  }
  return -1;
}
/** The first place from `from` to `last` at which the unit is, last + 1 if there is none. */
function scanUnit(wide: bool, text: i32, step: i32, from: i32, last: i32, unit: i32): i32 {
  let at: i32 = from;
  if (step < 0) while (at <= last && unitFrom(wide, text - at) !== unit) at++;
  else if (wide) while (at <= last && H[text + at] !== unit) at++;
  else while (at <= last && B[text + at] !== unit) at++;
  return at;
}
/** The first place from 0 to length - count where the part (not empty) occurs, or -1. */
function search(wide: bool, text: i32, length: i32, partWide: bool, part: i32, count: i32, step: i32): i32 {
  const first: i32 = unitFrom(partWide, part);
  const last: i32 = length - count;
  let vain: i32 = 0;
  for (let at: i32 = 0; ; at++) {
    at = scanUnit(wide, text, step, at, last, first);
    if (at > last) return -1;
    let i: i32 = 1;
    while (i < count && unitFrom(partWide, part + step * i) === unitFrom(wide, text + step * (at + i))) i++;
    if (i === count) return at;
    vain = vain + i;
    if (vain > VAIN_MAX + (at << VAIN_SHIFT)) return twoWaySearch(wide, text, length, partWide, part, count, step, at + 1);
  }
}
/** Position of the first occurrence of `part` at or after `from`, -1 if there is none. */
export function indexOf(text: i32, part: i32, from: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const p = flatten(part);
  if (p === Immediate.NONE) return Immediate.NONE;
  const length: i32 = flatLength(w >> 2);
  const count: i32 = flatLength(p >> 2);
  if (!isPosition(from, length)) return fault();
  const begin: i32 = from >> 1;
  if (count === 0) return from;
  const wide: bool = wideCell(w >> 2);
  const partWide: bool = wideCell(p >> 2);
  // A wide part has a unit that no narrow text has.
  if (count > length - begin || (partWide && !wide)) return MINUS_ONE;
  const found = search(wide, textStart(w >> 2) + begin, length - begin, partWide, textStart(p >> 2), count, 1);
  charge(((found < 0 ? length - begin : found) + count) >> CHARGE_SHIFT);
  return found < 0 ? MINUS_ONE : (found + begin) << 1;
}
/** Position of the last occurrence of `part` at or before `from`, -1 if there is none. */
export function lastIndexOf(text: i32, part: i32, from: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const p = flatten(part);
  if (p === Immediate.NONE) return Immediate.NONE;
  const length: i32 = flatLength(w >> 2);
  const count: i32 = flatLength(p >> 2);
  if (!isPosition(from, length)) return fault();
  const wide: bool = wideCell(w >> 2);
  const partWide: bool = wideCell(p >> 2);
  if (count > length || (partWide && !wide)) return MINUS_ONE;
  const begin: i32 = from >> 1 < length - count ? from >> 1 : length - count;
  if (count === 0) return begin << 1;
  const found = search(wide, textStart(w >> 2) + begin + count - 1, begin + count, partWide, textStart(p >> 2) + count - 1, count, -1);
  charge(((found < 0 ? begin : found) + count) >> CHARGE_SHIFT);
  return found < 0 ? MINUS_ONE : (begin - found) << 1;
}

/** One unit, any number modulo 2^16. Source: ECMA-262 §7.1.9. */
export function fromCharCode(n: i32): i32 {
  if (!isNumber(n)) return fault();
  const x: f64 = numberValue(n);
  S[0] = (x | 0) & 0xffff;
  return textFromScratch(1);
}
/** One code point. */
export function fromCodePoint(point: i32): i32 {
  if (!isPosition(point, 0x10ffff)) return fault();
  const value: i32 = point >> 1;
  if (value < 0x10000) {
    S[0] = value;
    return textFromScratch(1);
  }
  S[0] = 0xd7c0 + (value >> 10);
  S[1] = 0xdc00 | (value & 1023);
  return textFromScratch(2);
}
/** The elements of a dense array as code points, one after the other; undefined where one is none, or a number in a box. */
export function pointsText(array: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY) return fault();
  const count: i32 = M[(array >> 2) + Field.ARRAY_LENGTH];
  if (count === 0) return emptyText();
  const elements: i32 = M[(array >> 2) + Field.ARRAY_ELEMENTS];
  if (kindOf(elements) !== Cell.ELEMENTS || count < 0 || count > (M[elements >> 2] >>> 8) << 1) return fault();
  const first: i32 = (elements >> 2) + Field.ELEMENTS_TAIL;
  let total: i32 = count;
  let wide: bool = false;
  for (let i: i32 = 0; i < count; i++) {
    const w: i32 = M[first + i];
    if (!isPosition(w, 0x10ffff)) return Immediate.UNDEFINED;
    if (w > 0xff << 1) wide = true;
    if (w > 0xffff << 1) total++;
  }
  if (total > STRING_MAX) return tooLong();
  if (!reserveText(total, wide, 0)) return Immediate.NONE;
  const target = newText(total, wide);
  let place: i32 = textStart(target);
  for (let i: i32 = 0; i < count; i++) {
    place = putPoint(wide, place, M[first + i] >> 1);
  }
  charge(total >> CHARGE_SHIFT);
  return reference(target);
}
export function compareText(a: i32, b: i32): i32 {
  const order = compareTexts(a, b);
  return order === 2 ? Immediate.NONE : order << 1;
}
/** The text `count` times. */
export function repeat(text: i32, count: i32): i32 {
  if (!isNumber(count)) return fault();
  const times: f64 = numberValue(count);
  if (!(times >= 0)) return fault();
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const length: i32 = flatLength(address);
  if (length === 0 || times < 1) return emptyText();
  if (times < 2) return w;
  if (times * length > STRING_MAX) return tooLong();
  const total: i32 = Math.imul(times | 0, length);
  const wide: bool = wideCell(address);
  if (!reserveText(total, wide, 0)) return Immediate.NONE;
  const target = newText(total, wide);
  const start: i32 = textStart(target);
  copyUnits(start, wide, address, 0, length);
  // What is there doubles until all is there.
  let done: i32 = length;
  while (done < total) {
    const part: i32 = done < total - done ? done : total - done;
    copyUnits(start + done, wide, target, 0, part);
    done = done + part;
  }
  charge(total >> CHARGE_SHIFT);
  return reference(target);
}
/** The strings of a dense array, one after the other with the separator between them. Ropes are written, not flattened. */
export function joinTexts(array: i32, separator: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY || !isText(separator)) return fault();
  const count: i32 = M[(array >> 2) + Field.ARRAY_LENGTH];
  if (count === 0) return emptyText();
  const elements: i32 = M[(array >> 2) + Field.ARRAY_ELEMENTS];
  if (kindOf(elements) !== Cell.ELEMENTS || count < 0 || count > (M[elements >> 2] >>> 8) << 1) return fault();
  const first: i32 = (elements >> 2) + Field.ELEMENTS_TAIL;
  const between = textLength(separator);
  let total: i32 = 0;
  let wide: bool = count > 1 && isWide(separator);
  for (let i: i32 = 0; i < count; i++) {
    const w: i32 = M[first + i];
    if (!isText(w)) return fault();
    total = total + textLength(w) + (i > 0 ? between : 0);
    if (total > STRING_MAX) return tooLong();
    if (isWide(w)) wide = true;
  }
  if (count === 1) return M[first];
  if (total === 0) return emptyText();
  if (!reserveText(total, wide, 0)) return Immediate.NONE;
  const target = newText(total, wide);
  let at: i32 = textStart(target);
  for (let i: i32 = 0; i < count; i++) {
    if (i > 0 && between > 0) {
      const parted = writeRope(separator, at, wide);
      if (!parted) return fault();
      at = at + between;
    }
    const w: i32 = M[first + i];
    const written = writeRope(w, at, wide);
    if (!written) return fault();
    at = at + textLength(w);
  }
  charge((total >> CHARGE_SHIFT) + (count >> 3));
  return reference(target);
}

/** White space or a line terminator. Source: ECMA-262 §12.2, §12.3. */
function isBlank(unit: i32): bool {
  if (unit < 0x80) return unit === 32 || (unit >= 9 && unit <= 13);
  if (unit < 0x1680) return unit === 0xa0;
  if (unit < 0x2000) return unit === 0x1680;
  if (unit <= 0x205f) return unit <= 0x200a || unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f;
  return unit === 0x3000 || unit === 0xfeff;
}
/** Without white space at its start (mode 1), its end (2) or both (3). */
export function trim(text: i32, mode: i32): i32 {
  if (mode !== 2 && mode !== 4 && mode !== 6) return fault();
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const length: i32 = flatLength(address);
  let from: i32 = 0;
  let to: i32 = length;
  if ((mode & 2) !== 0) while (from < to && isBlank(unitAt(address, from))) from++;
  if ((mode & 4) !== 0) while (to > from && isBlank(unitAt(address, to - 1))) to--;
  const result = sliceFlat(w, from, to);
  if (result !== Immediate.NONE) charge((length - (to - from)) >> CHARGE_SHIFT);
  return result;
}

/** Is the narrow flat cell at `address` ASCII alone? */
function isAscii(address: i32): bool {
  const start: i32 = textStart(address);
  const length: i32 = flatLength(address);
  let bits: i32 = 0;
  for (let i: i32 = 0; i < length; i++) bits |= B[start + i];
  return bits < 128;
}
/** mapCase of an ASCII text: a flat word. */
function mapAscii(w: i32, up: bool): i32 {
  const length: i32 = flatLength(w >> 2);
  const source: i32 = textStart(w >> 2);
  const first: i32 = up ? 97 : 65;
  let same: i32 = 0;
  while (same < length && (B[source + same] < first || B[source + same] > first + 25)) same++;
  if (same < length && !reserveText(length, false, 0)) return Immediate.NONE;
  charge(length >> CHARGE_SHIFT);
  if (same === length) return w;
  const target = newText(length, false);
  const start: i32 = textStart(target);
  copyUnits(start, false, w >> 2, 0, same);
  for (let i: i32 = same; i < length; i++) {
    const unit: i32 = B[source + i];
    B[start + i] = unit >= first && unit <= first + 25 ? unit ^ 32 : unit;
  }
  return reference(target);
}
/**
 * Is the sigma at unit `i` of the wide flat cell at `address` the last letter of a word: is the nearest character before
 * it that cannot be ignored a letter with case, and that behind it none? Source: SpecialCasing.txt, Final_Sigma.
 */
function isFinalSigma(address: i32, i: i32): bool {
  const length: i32 = flatLength(address);
  let at: i32 = i;
  let point: i32 = 0;
  do {
    if (at === 0) return false;
    at = at - (at > 1 && pointAt(address, at - 2) > 0xffff ? 2 : 1);
    point = pointAt(address, at);
  } while (isCaseIgnorable(point));
  if (!isCased(point)) return false;
  at = i + 1;
  while (at < length) {
    point = pointAt(address, at);
    if (!isCaseIgnorable(point)) return !isCased(point);
    at = at + (point > 0xffff ? 2 : 1);
  }
  return true;
}
/** What the code point at unit `i` of a flat cell becomes, where that is one. */
function mappedPoint(address: i32, i: i32, point: i32, up: bool): i32 {
  if (up) return upperPoint(point);
  return point === SIGMA && isFinalSigma(address, i) ? FINAL_SIGMA : lowerPoint(point);
}
/** How many units a code point becomes where its mapping is several code points, else 0. */
function severalUnits(point: i32, up: bool): i32 {
  if (up) return capitalCount(point);
  return point === DOTTED_I ? 2 : 0;
}
/** Unit `k` of them. */
function severalUnit(point: i32, k: i32, up: bool): i32 {
  if (up) return capitalUnit(point, k);
  return k === 0 ? SMALL_I : DOT_ABOVE;
}
/** The text in capitals (`up`) or small letters. Source: ECMA-262 §22.1.3.28. */
function mapCase(text: i32, up: bool): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const length: i32 = flatLength(address);
  if (!wideCell(address) && isAscii(address)) return mapAscii(w, up);
  let total: i32 = 0;
  let wide: bool = false;
  let changed: bool = false;
  let i: i32 = 0;
  while (i < length) {
    const point: i32 = pointAt(address, i);
    const several: i32 = severalUnits(point, up);
    if (several !== 0) {
      total = total + several;
      changed = true;
      for (let k: i32 = 0; k < several; k++) if (severalUnit(point, k, up) > 255) wide = true;
      i++;
      continue;
    }
    const other: i32 = mappedPoint(address, i, point, up);
    if (other !== point) changed = true;
    if (other > 255) wide = true;
    total = total + (other > 0xffff ? 2 : 1);
    i = i + (point > 0xffff ? 2 : 1);
  }
  if (!changed) {
    charge(length >> CHARGE_SHIFT);
    return w;
  }
  if (total > STRING_MAX) return tooLong();
  if (!reserveText(total, wide, 0)) return Immediate.NONE;
  const target = newText(total, wide);
  let at: i32 = textStart(target);
  i = 0;
  while (i < length) {
    const point: i32 = pointAt(address, i);
    const several: i32 = severalUnits(point, up);
    if (several !== 0) {
      for (let k: i32 = 0; k < several; k++) putUnit(wide, at + k, severalUnit(point, k, up));
      at = at + several;
      i++;
      continue;
    }
    const other: i32 = mappedPoint(address, i, point, up);
    at = putPoint(wide, at, other);
    i = i + (point > 0xffff ? 2 : 1);
  }
  charge((length + total) >> CHARGE_SHIFT);
  return reference(target);
}
export function upper(text: i32): i32 { return mapCase(text, true); }
export function lower(text: i32): i32 { return mapCase(text, false); }

/** The number of a string that is the canonical decimal of an integer from 0 to 2^53-1, for anything else -1. */
export function isIndex(key: i32): i32 {
  if (!isText(key) || textLength(key) > 16 || isWide(key)) return MINUS_ONE;
  const w = flatten(key);
  if (w === Immediate.NONE) return Immediate.NONE;
  const length: i32 = flatLength(w >> 2);
  const start: i32 = textTail(w >> 2) << 2;
  if (length === 0) return MINUS_ONE;
  if (B[start] === 48) return length === 1 ? 0 : MINUS_ONE;
  let value: f64 = 0;
  for (let i: i32 = 0; i < length; i++) {
    const digit: i32 = B[start + i] - 48;
    if (digit < 0 || digit > 9) return MINUS_ONE;
    value = value * 10 + digit;
  }
  return value > 9007199254740991 ? MINUS_ONE : numberResult(value);
}
/** The content's hash as a small integer. */
export function textHash(text: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  charge(flatLength(w >> 2) >> CHARGE_SHIFT);
  return (hashText(w >> 2) >> 1) << 1;
}

/** Hexadecimal digit as a unit, small letters. */
function hexUnit(digit: i32): i32 { return digit < 10 ? 48 + digit : 87 + digit; }
/** The letter or sign that stands behind the backslash for a unit in JSON; 0 if it needs no escape, 117 (u) if it has no letter. */
function jsonEscape(unit: i32): i32 {
  if (unit >= 32) return unit === 34 || unit === 92 ? unit : 0;
  switch (unit) {
    case 8: return 98;
    case 9: return 116;
    case 10: return 110;
    case 12: return 102;
    case 13: return 114;
    default: return 117;
  }
}
/** Is the unit at `i` of a flat cell a surrogate without its other half? */
function isLoneSurrogate(address: i32, i: i32): bool {
  const unit: i32 = unitAt(address, i);
  if ((unit & 0xf800) !== 0xd800) return false;
  if ((unit & 0x400) === 0) return i + 1 >= flatLength(address) || (unitAt(address, i + 1) & 0xfc00) !== 0xdc00;
  return i === 0 || (unitAt(address, i - 1) & 0xfc00) !== 0xd800;
}
/**
 * From behind a JSON string's opening quote: the index of the closing quote, or -1 where an escape, a control unit or the
 * end of the text comes first. Source: ECMA-404.
 */
export function jsonScan(text: i32, from: i32): i32 {
  if (!isText(text) || (from & 1) !== 0 || from < 0) return fault();
  const flat = flatten(text);
  if (flat === Immediate.NONE) return flat;
  const address: i32 = flat >> 2;
  const length = flatLength(address);
  let i: i32 = from >> 1;
  while (i < length) {
    const unit = unitAt(address, i);
    if (unit === 34) {
      charge((i - (from >> 1)) >> CHARGE_SHIFT);
      return i << 1;
    }
    if (unit === 92 || unit < 32) return -2;
    i++;
  }
  return -2;
}
/** Has the literal that quotedLength measured a unit above 255? */
export let quotedWide: bool = false;
/** Units of the text of the flat cell at `address` as a JSON literal, quotes included; any number above STRING_MAX if they are more than that. */
export function quotedLength(address: i32): i32 {
  const length: i32 = flatLength(address);
  const wide: bool = wideCell(address);
  const source: i32 = textStart(address);
  let total: i32 = length + 2;
  quotedWide = false;
  for (let i: i32 = 0; i < length; i++) {
    const unit: i32 = unitFrom(wide, source + i);
    if (unit < 32 || unit === 34 || unit === 92) {
      total = total + (jsonEscape(unit) === 117 ? 5 : 1);
      if (total > STRING_MAX) return total;
    } else if (unit > 255) {
      if (isLoneSurrogate(address, i)) total = total + 5;
      else quotedWide = true;
      if (total > STRING_MAX) return total;
    }
  }
  return total;
}
/** Writes that literal, of `total` units, to place `start` of H (`wide`) or B. Source: ECMA-262 §25.5.2.3 (QuoteJSONString). */
export function writeQuoted(address: i32, start: i32, wide: bool, total: i32): void {
  const length: i32 = flatLength(address);
  const sourceWide: bool = wideCell(address);
  const source: i32 = textStart(address);
  let at: i32 = start + 1;
  putUnit(wide, start, 34);
  if (total === length + 2) {
    copyUnits(at, wide, address, 0, length);
    at = at + length;
  } else {
    for (let i: i32 = 0; i < length; i++) {
      const unit: i32 = unitFrom(sourceWide, source + i);
      let escape: i32 = jsonEscape(unit);
      if (unit > 255 && isLoneSurrogate(address, i)) escape = 117;
      if (escape === 0) {
        putUnit(wide, at, unit);
        at++;
        continue;
      }
      putUnit(wide, at, 92);
      putUnit(wide, at + 1, escape);
      at = at + 2;
      if (escape !== 117) continue;
      for (let shift: i32 = 12; shift >= 0; shift -= 4) {
        putUnit(wide, at, hexUnit((unit >> shift) & 15));
        at++;
      }
    }
  }
  putUnit(wide, at, 34);
}
/** The text as a JSON literal, well-formed whatever it is. */
export function jsonQuote(text: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const total = quotedLength(address);
  const wide: bool = quotedWide;
  if (total > STRING_MAX) return tooLong();
  if (!reserveText(total, wide, 0)) return Immediate.NONE;
  const target = newText(total, wide);
  const start: i32 = textStart(target);
  writeQuoted(address, start, wide, total);
  charge((flatLength(address) + total) >> CHARGE_SHIFT);
  return reference(target);
}

/** Bytes of a code point in UTF-8; a surrogate becomes the replacement character, which takes three as well. */
function utf8Size(point: i32): i32 {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}
/** The text in UTF-8, in a new BYTES cell. Source: WHATWG Encoding, UTF-8 encoder. */
export function utf8Encode(text: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const length: i32 = flatLength(address);
  const ascii: bool = !wideCell(address) && isAscii(address);
  let total: i32 = ascii ? length : 0;
  let i: i32 = ascii ? length : 0;
  while (i < length) {
    const point: i32 = pointAt(address, i);
    i = i + (point > 0xffff ? 2 : 1);
    total = total + utf8Size(point);
  }
  if (!reserve(bytesWords(total) + 1)) return Immediate.NONE;
  const bytes = allocateBytes(total);
  let at: i32 = byteStart(bytes);
  if (ascii) copyBytes(at, textStart(address), length);
  i = ascii ? length : 0;
  while (i < length) {
    let point: i32 = pointAt(address, i);
    i = i + (point > 0xffff ? 2 : 1);
    if ((point & 0x1ff800) === 0xd800) point = REPLACEMENT;
    const size: i32 = utf8Size(point);
    if (size === 1) {
      B[at] = point;
    } else {
      B[at] = ((0xf00 >> size) & 0xff) | (point >> (6 * (size - 1)));
      for (let k: i32 = 1; k < size; k++) B[at + k] = 0x80 | ((point >> (6 * (size - 1 - k))) & 63);
    }
    at = at + size;
  }
  charge((length + total) >> CHARGE_SHIFT);
  return reference(bytes);
}
/** Where the sequence that decodePoint read ends. */
let decodedEnd: i32 = 0;
/** The code point at place `at` of B, -1 for a malformed sequence; `decodedEnd` is behind it. Source: WHATWG Encoding, UTF-8 decoder. */
function decodePoint(at: i32, end: i32): i32 {
  const lead: i32 = B[at];
  decodedEnd = at + 1;
  if (lead < 0x80) return lead;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const size: i32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  let point: i32 = lead & (0x7f >> size);
  // The second byte's range excludes longer forms than needed, surrogates and what is beyond 0x10ffff.
  let low: i32 = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  let high: i32 = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let i: i32 = 1; i < size; i++) {
    if (at + i >= end) return -1;
    const byte: i32 = B[at + i];
    if (byte < low || byte > high) return -1;
    point = (point << 6) | (byte & 63);
    low = 0x80;
    high = 0xbf;
    decodedEnd = at + i + 1;
  }
  return point;
}
/** The text that bytes [from, to) are in UTF-8: malformed ones replaced or, if `fatal` is true, the answer undefined. */
export function utf8Decode(bytes: i32, from: i32, to: i32, fatal: i32): i32 {
  if (!isBytes(bytes)) return fault();
  const length: i32 = byteLength(bytes >> 2);
  if (!isPosition(from, length) || !isPosition(to, length) || from > to) return fault();
  const begin: i32 = byteStart(bytes >> 2) + (from >> 1);
  const end: i32 = begin + ((to - from) >> 1);
  let total: i32 = 0;
  let wide: bool = false;
  let at: i32 = begin;
  while (at < end && B[at] < 128) at++;
  if (at === end) return latin1Text(bytes, from, to);
  total = at - begin;
  while (at < end) {
    const point = decodePoint(at, end);
    at = decodedEnd;
    if (point < 0 && fatal === Immediate.TRUE) {
      charge((at - begin) >> CHARGE_SHIFT);
      return Immediate.UNDEFINED;
    }
    if (point < 0 || point > 255) wide = true;
    total = total + (point > 0xffff ? 2 : 1);
  }
  if (!reserveText(total, wide, 0)) return Immediate.NONE;
  const target = newText(total, wide);
  let place: i32 = textStart(target);
  at = begin;
  while (at < end) {
    const point = decodePoint(at, end);
    at = decodedEnd;
    place = putPoint(wide, place, point < 0 ? REPLACEMENT : point);
  }
  charge((end - begin + total) >> CHARGE_SHIFT);
  return reference(target);
}
/** The text with one unit for each of the bytes [from, to). */
export function latin1Text(bytes: i32, from: i32, to: i32): i32 {
  if (!isBytes(bytes)) return fault();
  const length: i32 = byteLength(bytes >> 2);
  if (!isPosition(from, length) || !isPosition(to, length) || from > to) return fault();
  const count: i32 = (to - from) >> 1;
  if (count === 0) return emptyText();
  if (!reserveText(count, false, 0)) return Immediate.NONE;
  const target = newText(count, false);
  const start: i32 = textStart(target);
  const source: i32 = byteStart(bytes >> 2) + (from >> 1);
  copyBytes(start, source, count);
  charge(count >> CHARGE_SHIFT);
  return reference(target);
}

/** Number::toString by radix. */
export function numberToTextWord(n: i32, radix: i32): i32 {
  if (!isNumber(n) || !isPosition(radix, 36) || radix < 4) return fault();
  const length = numberToText(numberValue(n), radix >> 1);
  return textFromScratch(length);
}
export function toFixed(n: i32, digits: i32): i32 {
  if (!isNumber(n) || !isPosition(digits, 100)) return fault();
  const length = numberToFixed(numberValue(n), digits >> 1);
  return textFromScratch(length);
}
/** Digits behind the point, or -1 for as many as needed. */
export function toExponential(n: i32, digits: i32): i32 {
  if (!isNumber(n) || (digits !== MINUS_ONE && !isPosition(digits, 100))) return fault();
  const length = numberToExponential(numberValue(n), digits >> 1);
  return textFromScratch(length);
}
export function toPrecision(n: i32, digits: i32): i32 {
  if (!isNumber(n) || !isPosition(digits, 100) || digits < 2) return fault();
  const length = numberToPrecision(numberValue(n), digits >> 1);
  return textFromScratch(length);
}
/** The word for a number that `units` were read for. */
function parsedNumber(x: f64, units: i32): i32 {
  if (!isSmallValue(x) && !reserveNumber()) return Immediate.NONE;
  charge(units >> CHARGE_SHIFT);
  return numberWord(x);
}
/** StringToNumber. */
export function textToNumberWord(text: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const x = textToNumberAt(textTail(address) << 2, flatLength(address), wideCell(address));
  return parsedNumber(x, flatLength(address));
}
/** The parseFloat function. */
export function parseFloatWord(text: i32): i32 {
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const x = parseFloatAt(textTail(address) << 2, flatLength(address), wideCell(address));
  return parsedNumber(x, flatLength(address));
}
/** The parseInt function; `radix` is any number. */
export function parseIntWord(text: i32, radix: i32): i32 {
  if (!isNumber(radix)) return fault();
  const w = flatten(text);
  if (w === Immediate.NONE) return Immediate.NONE;
  const address: i32 = w >> 2;
  const base: f64 = numberValue(radix);
  const x = parseIntAt(textTail(address) << 2, flatLength(address), wideCell(address), base | 0);
  return parsedNumber(x, flatLength(address));
}
