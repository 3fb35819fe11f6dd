// Numbers as text: Number::toString, toFixed, toExponential, toPrecision. The text goes to the scratch view, one
// Latin-1 unit a word from S[0] on, and the functions return its length. The caller has checked the ranges that the
// specification answers with a RangeError.
//
// The digits come from the cheapest of these that can vouch for them:
//   - a small integer's from integer division;
//   - up to 15 digits: d / 10^k, both exact doubles, gives x back. Two numbers of 15 digits never share a double, so
//     this is the shortest text. Most numbers people write are of this kind;
//   - 16 and 17 digits: x 10^k with twice a double's precision, when the decision is clear of the error;
//   - else big numbers. Source: Steele and White 1990; Burger and Dybvig 1996.

import { S, doubleOf, highWord, lowWord } from "./memory.js";
import {
  BIG_ABOVE, BIG_BELOW, BIG_UNIT, BIG_VALUE, TENS, bigCompare, bigCompareSum, bigDivide, bigMultiplyAdd,
  bigMultiplyByFives, bigSet, bigShift, lowPart, productHigh, scaleHigh,
} from "./numberbig.js";
import type { i32, f64, bool } from "./types.js";

const TWO_POWER_53 = 9007199254740992;
const UNIT_MINUS = 45;
const UNIT_POINT = 46;
const UNIT_ZERO = 48;
const UNIT_E = 101;
const UNIT_PLUS = 43;

/** Where in S the decimal digits of a number are collected, as values 0..9, before they are laid out. */
const DIGITS = 1280;
/** The digits d1 d2 ... of the last digit function stand for 0.d1 d2 ... times 10^digitPoint. */
let digitPoint: i32 = 0;

const TEXT_NAN: i32[] = [78, 97, 78];
const TEXT_INFINITY: i32[] = [73, 110, 102, 105, 110, 105, 116, 121];

/** Writes the text of NaN or an infinity. */
function putNotFinite(x: f64): i32 {
  if (x !== x) {
    for (let i: i32 = 0; i < 3; i++) S[i] = TEXT_NAN[i];
    return 3;
  }
  let at: i32 = 0;
  if (x < 0) {
    S[0] = UNIT_MINUS;
    at = 1;
  }
  for (let i: i32 = 0; i < 8; i++) S[at + i] = TEXT_INFINITY[i];
  return at + 8;
}

/** Writes a natural number at S[at] on; returns the end. */
function putInteger(at: i32, value: i32): i32 {
  let end: i32 = at + 1;
  if (value >= 10) {
    let limit: i32 = 10;
    do {
      end = end + 1;
      limit = limit >= 1000000000 ? 0 : limit * 10;
    } while (limit !== 0 && value >= limit);
  }
  let rest: i32 = value;
  for (let i: i32 = end - 1; i >= at; i--) {
    const quotient: i32 = (rest / 10) | 0;
    S[i] = UNIT_ZERO + rest - quotient * 10;
    rest = quotient;
  }
  return end;
}

/** Writes the `count` decimal digits of a natural number into S from `at` on, as values. */
function putDigits(at: i32, count: i32, value: i32): void {
  let rest: i32 = value;
  for (let i: i32 = at + count - 1; i >= at; i--) {
    const quotient: i32 = (rest / 10) | 0;
    S[i] = rest - quotient * 10;
    rest = quotient;
  }
}

/** The digits of the integer high 10^8 + low, high < 10^9, without zeros at either end, with digitPoint set. */
function splitDigits(high: i32, low: i32): i32 {
  putDigits(DIGITS, 9, high);
  putDigits(DIGITS + 9, 8, low);
  let first: i32 = 0;
  while (S[DIGITS + first] === 0) first++;
  let count: i32 = 17 - first;
  digitPoint = count;
  if (first > 0) for (let i: i32 = 0; i < count; i++) S[DIGITS + i] = S[DIGITS + first + i];
  while (S[DIGITS + count - 1] === 0) count--;
  return count;
}

/**
 * An estimate of the point with 10^(point - 1) <= x < 10^point: that, or one less, since the logarithm of the
 * mantissa is taken to be straight between powers of two.
 */
function estimatePoint(x: f64): i32 {
  const high = highWord(x);
  let exponent: i32 = (high >> 20) - 1023;
  let fraction: f64 = (high & 0xfffff) / 1048576;
  if (exponent === -1023) {
    const normal: f64 = x * TWO_POWER_53 * 2;
    const normalHigh = highWord(normal);
    exponent = (normalHigh >> 20) - 1023 - 54;
    fraction = (normalHigh & 0xfffff) / 1048576;
  }
  return (Math.floor((exponent + fraction) * 0.30102999566398) | 0) + 1;
}

/** The shortest digits of x > 0 if there are at most 15 of them and both their factors are exact doubles, else 0. */
function shortDigits(x: f64, estimate: i32): i32 {
  let exponent: i32 = 15 - estimate;
  if (exponent < -21 || exponent > 21) return 0;
  let scaled: f64 = exponent >= 0 ? x * TENS[exponent] : x / TENS[0 - exponent];
  if (scaled >= 1e15) {
    exponent = exponent - 1;
    scaled = exponent >= 0 ? x * TENS[exponent] : x / TENS[0 - exponent];
  }
  // x is within 2^-53 of the decimal sought, so that `scaled`, below 10^15, is within a fifth of its integer.
  const integer: f64 = Math.floor(scaled + 0.5);
  const back: f64 = exponent >= 0 ? integer / TENS[exponent] : integer * TENS[0 - exponent];
  if (back !== x) return 0;
  const high: f64 = Math.floor(integer / 1e8);
  const count = splitDigits(high | 0, (integer - high * 1e8) | 0);
  digitPoint = digitPoint - exponent;
  return count;
}

/** More than `rest` and `reach` below can be off together: `rest` is below 2^27, its last place 2^-26. */
const LONG_ERROR = 1e-7;

/** The shortest digits of x > 0, or 0 if twice a double's precision cannot tell. */
function longDigits(x: f64, estimate: i32): i32 {
  if (x < 1e-288 || x > 1e298) return 0;
  const bits = highWord(x);
  const lowBits = lowWord(x);
  // Below a power of two the neighbour is nearer than above it: left to the big numbers.
  if ((bits & 0xfffff) === 0 && lowBits === 0) return 0;
  let exponent: i32 = 17 - estimate;
  let high = scaleHigh(x, 0, exponent);
  if (high >= 1e17) {
    exponent = exponent - 1;
    high = scaleHigh(x, 0, exponent);
  }
  const low: f64 = lowPart;
  // Now high + low = x 10^exponent has 17 digits before the point. top: its first nine; rest: the others.
  let top: f64 = Math.floor(high / 1e8);
  let rest: f64 = high - top * 1e8 + low;
  if (rest < 0) {
    top = top - 1;
    rest = rest + 1e8;
  }
  // Any decimal within half of x's last place, here `reach`, reads as x.
  const ulp: f64 = doubleOf((bits & 0x7ff00000) - (52 << 20), 0);
  const reach = scaleHigh(ulp / 2, 0, exponent);
  let step: f64 = 100;
  let digits: f64 = 0;
  for (;;) {
    digits = Math.floor(rest / step + 0.5) * step;
    const distance: f64 = Math.abs(rest - digits);
    if (distance < reach - LONG_ERROR) {
      if (distance > step / 2 - LONG_ERROR) return 0;
      break;
    }
    if (distance < reach + LONG_ERROR) return 0;
    step = step / 10;
  }
  if (digits >= 1e8) {
    digits = digits - 1e8;
    top = top + 1;
    if (top >= 1e9) return 0;
  }
  const count = splitDigits(top | 0, digits | 0);
  digitPoint = digitPoint - exponent;
  return count;
}

/**
 * Prepares the big numbers for x > 0: value / unit = x / 10^point, and below / unit, above / unit half the way to its
 * neighbours in the same measure.
 */
function prepareBig(x: f64, point: i32): void {
  const high = highWord(x);
  const low = lowWord(x);
  let exponent: i32 = (high >> 20) - 1075;
  let mantissa: f64 = (high & 0xfffff) * 4294967296 + (low >>> 0);
  // The neighbour below a power of two is half as far as the one above, except at the edge of the subnormals.
  let uneven: i32 = 0;
  if (exponent === -1075) exponent = -1074;
  else {
    if (mantissa === 0 && exponent > -1074) uneven = 1;
    mantissa = mantissa + 4503599627370496;
  }
  bigSet(BIG_VALUE, mantissa);
  bigSet(BIG_UNIT, 1);
  bigSet(BIG_BELOW, 1);
  if (point >= 0) bigMultiplyByFives(BIG_UNIT, point);
  else {
    bigMultiplyByFives(BIG_VALUE, 0 - point);
    bigMultiplyByFives(BIG_BELOW, 0 - point);
  }
  // x / 10^point = mantissa 2^(exponent - point) / 5^point; one or two bits more make the halves integers.
  const shift: i32 = exponent - point;
  bigShift(BIG_VALUE, (shift > 0 ? shift : 0) + 1 + uneven);
  bigShift(BIG_UNIT, (shift < 0 ? 0 - shift : 0) + 1 + uneven);
  bigShift(BIG_BELOW, shift > 0 ? shift : 0);
  for (let i: i32 = 0; i <= S[BIG_BELOW]; i++) S[BIG_ABOVE + i] = S[BIG_BELOW + i];
  bigShift(BIG_ABOVE, uneven);
}

/** The shortest digits of any x > 0. Source: Steele and White 1990, the fixed-up (FPP)^2 with Burger and Dybvig's ends. */
function exactShortestDigits(x: f64, estimate: i32): i32 {
  const even: bool = (lowWord(x) & 1) === 0;
  // From the estimate up, until what the digits may round up to is below 10^point.
  let point: i32 = estimate;
  prepareBig(x, point);
  for (;;) {
    const order = bigCompareSum(BIG_VALUE, BIG_ABOVE, BIG_UNIT);
    if (order < 0 || (order === 0 && !even)) break;
    point = point + 1;
    bigMultiplyAdd(BIG_UNIT, 10, 0);
  }
  digitPoint = point;
  let count: i32 = 0;
  for (;;) {
    bigMultiplyAdd(BIG_VALUE, 10, 0);
    bigMultiplyAdd(BIG_BELOW, 10, 0);
    bigMultiplyAdd(BIG_ABOVE, 10, 0);
    let digit = bigDivide(BIG_VALUE, BIG_UNIT);
    const lowOrder = bigCompare(BIG_VALUE, BIG_BELOW);
    const highOrder = bigCompareSum(BIG_VALUE, BIG_ABOVE, BIG_UNIT);
    const lowEnough: bool = even ? lowOrder <= 0 : lowOrder < 0;
    const highEnough: bool = even ? highOrder >= 0 : highOrder > 0;
    if (lowEnough || highEnough) {
      let up: bool = highEnough;
      if (lowEnough && highEnough) {
        // Both ends are in reach: the nearer, of two equally near the even one (ECMA-262 §6.1.6.1.20 step 5).
        const half = bigCompareSum(BIG_VALUE, BIG_VALUE, BIG_UNIT);
        up = half > 0 || (half === 0 && (digit & 1) !== 0);
      }
      if (up) digit = digit + 1;
      S[DIGITS + count] = digit;
      return count + 1;
    }
    S[DIGITS + count] = digit;
    count = count + 1;
  }
}

/** The shortest digits that read back as x > 0, of these the nearest: their number, with digitPoint set. */
function shortestDigits(x: f64): i32 {
  const estimate = estimatePoint(x);
  let count = shortDigits(x, estimate);
  if (count === 0) count = longDigits(x, estimate);
  if (count === 0) count = exactShortestDigits(x, estimate);
  return count;
}

/**
 * The digits of x > 0 rounded exactly, halves up: `wanted` of them, or (`fixed`) as many as reach `wanted` places
 * behind the point. Returns their number, which may be 0, with digitPoint set.
 */
function countedDigits(x: f64, wanted: i32, fixed: bool): i32 {
  let point: i32 = estimatePoint(x);
  prepareBig(x, point);
  while (bigCompare(BIG_VALUE, BIG_UNIT) >= 0) {
    point = point + 1;
    bigMultiplyAdd(BIG_UNIT, 10, 0);
  }
  digitPoint = point;
  const count: i32 = fixed ? point + wanted : wanted;
  if (count < 0) return 0;
  let done: i32 = 0;
  while (done < count) {
    const group: i32 = count - done < 4 ? count - done : 4;
    bigMultiplyAdd(BIG_VALUE, TENS[group] | 0, 0);
    const digits = bigDivide(BIG_VALUE, BIG_UNIT);
    putDigits(DIGITS + done, group, digits);
    done = done + group;
  }
  if (bigCompareSum(BIG_VALUE, BIG_VALUE, BIG_UNIT) < 0) return count;
  let last: i32 = count - 1;
  while (last >= 0 && S[DIGITS + last] === 9) {
    S[DIGITS + last] = 0;
    last = last - 1;
  }
  if (last >= 0) {
    S[DIGITS + last] = S[DIGITS + last] + 1;
    return count;
  }
  // All nines: a one and as many zeros, and the point further right.
  S[DIGITS + count] = 0;
  S[DIGITS] = 1;
  digitPoint = point + 1;
  return fixed ? count + 1 : count;
}

/** Writes digits `first` to `end`, zeros after the `count` there are; returns the end of the text. */
function putDigitUnits(at: i32, first: i32, end: i32, count: i32): i32 {
  for (let i: i32 = first; i < end; i++) S[at + i - first] = UNIT_ZERO + (i < count ? S[DIGITS + i] : 0);
  return at + end - first;
}

/** Lays the digits out without exponent, padded to `places` behind the point. */
function layOutPlain(start: i32, count: i32, places: i32): i32 {
  let at: i32 = start;
  if (digitPoint > 0) at = putDigitUnits(at, 0, digitPoint, count);
  else {
    S[at] = UNIT_ZERO;
    at = at + 1;
  }
  if (places > 0) {
    S[at] = UNIT_POINT;
    at = at + 1;
    const zeros: i32 = digitPoint < 0 ? 0 - digitPoint : 0;
    for (let i: i32 = 0; i < zeros; i++) S[at + i] = UNIT_ZERO;
    at = at + zeros;
    const first: i32 = digitPoint > 0 ? digitPoint : 0;
    at = putDigitUnits(at, first, first + places - zeros, count);
  }
  return at;
}

/** Lays the first `wanted` digits out with an exponent. */
function layOutExponential(start: i32, count: i32, wanted: i32): i32 {
  let at = putDigitUnits(start, 0, 1, count);
  if (wanted > 1) {
    S[at] = UNIT_POINT;
    at = putDigitUnits(at + 1, 1, wanted, count);
  }
  const exponent: i32 = digitPoint - 1;
  S[at] = UNIT_E;
  S[at + 1] = exponent < 0 ? UNIT_MINUS : UNIT_PLUS;
  return putInteger(at + 2, exponent < 0 ? 0 - exponent : exponent);
}

/** Writes the sign, if any; returns where the text goes on. */
function putSign(x: f64): i32 {
  if (x < 0) {
    S[0] = UNIT_MINUS;
    return 1;
  }
  return 0;
}

/** The text of x in base 10. Source: ECMA-262 §6.1.6.1.20. */
function decimalText(x: f64): i32 {
  const start = putSign(x);
  const size: f64 = Math.abs(x);
  if (size < 2147483648 && size === Math.floor(size)) return putInteger(start, size | 0);
  const count = shortestDigits(size);
  if (digitPoint > 21 || digitPoint < -5) return layOutExponential(start, count, count);
  return layOutPlain(start, count, count > digitPoint ? count - digitPoint : 0);
}

/** The unit of a digit below 36. */
function digitUnit(digit: i32): i32 {
  return digit < 10 ? UNIT_ZERO + digit : 87 + digit;
}

/** Where in S digits of a fraction are collected; they are fewer than 1100. */
const FRACTION = 2048;

/**
 * The text of x in another base. The specification leaves its precision open; this gives the digits V8 gives: as many
 * behind the point as tell x from its neighbours, and zeros in place of integer digits beyond 53 bits. It works in
 * doubles, whose roundings are part of the result.
 */
function radixText(x: f64, radix: i32): i32 {
  const start = putSign(x);
  const size: f64 = Math.abs(x);
  let integer: f64 = Math.floor(size);
  let fraction: f64 = size - integer;
  // Half the distance to the next double.
  const sizeHigh = highWord(size);
  const sizeLow = lowWord(size);
  const next = doubleOf(sizeHigh + (sizeLow === -1 ? 1 : 0), (sizeLow + 1) | 0);
  let delta: f64 = 0.5 * (next - size);
  if (delta === 0) delta = 5e-324;
  let places: i32 = 0;
  if (fraction >= delta) {
    do {
      fraction = fraction * radix;
      delta = delta * radix;
      const digit: i32 = fraction | 0;
      S[FRACTION + places] = digit;
      places = places + 1;
      fraction = fraction - digit;
      if ((fraction > 0.5 || (fraction === 0.5 && (digit & 1) !== 0)) && fraction + delta > 1) {
        // Round up, dropping the digits that overflow. They are not all: 1 - fraction began at 2 delta or more, and
        // both grow by the radix with every digit.
        places = places - 1;
        while (S[FRACTION + places] === radix - 1) places--;
        S[FRACTION + places] = S[FRACTION + places] + 1;
        places = places + 1;
        break;
      }
    } while (fraction >= delta);
  }
  // The integer digits, backwards from the fraction's. A zero stands for each that a division can take away while the
  // quotient still has more than 53 bits.
  let first: i32 = FRACTION;
  let quotient: f64 = integer / radix;
  let quotientHigh = highWord(quotient);
  while ((quotientHigh >> 20) > 1075) {
    integer = quotient;
    first = first - 1;
    S[first] = 0;
    quotient = integer / radix;
    quotientHigh = highWord(quotient);
  }
  do {
    // The exact remainder: the quotient may have been rounded up, and its product may have more than 53 bits.
    quotient = Math.floor(integer / radix);
    const product = productHigh(quotient, radix);
    let remainder: f64 = integer - product - lowPart;
    if (remainder < 0) remainder = remainder + radix;
    first = first - 1;
    S[first] = remainder | 0;
    integer = (integer - remainder) / radix;
  } while (integer > 0);
  let at: i32 = start;
  for (let i: i32 = first; i < FRACTION; i++) {
    const unit = digitUnit(S[i]);
    S[at] = unit;
    at = at + 1;
  }
  if (places > 0) {
    S[at] = UNIT_POINT;
    at = at + 1;
    for (let i: i32 = 0; i < places; i++) {
      const unit = digitUnit(S[FRACTION + i]);
      S[at] = unit;
      at = at + 1;
    }
  }
  return at;
}

/** Number::toString(x, radix), 2 <= radix <= 36. Source: ECMA-262 §6.1.6.1.20. */
export function numberToText(x: f64, radix: i32): i32 {
  if (x - x !== 0) return putNotFinite(x);
  if (radix === 10 || x === 0) return decimalText(x);
  return radixText(x, radix);
}

/** Number.prototype.toFixed, 0 <= places <= 100. Source: ECMA-262 §21.1.3.3. */
export function numberToFixed(x: f64, places: i32): i32 {
  const size: f64 = Math.abs(x);
  if (!(size < 1e21)) return numberToText(x, 10);
  const start = putSign(x);
  let count: i32 = 0;
  digitPoint = 0;
  if (size > 0) {
    count = places <= 22 ? nearDigits(size, places) : -1;
    if (count < 0) count = countedDigits(size, places, true);
    if (count <= 0) digitPoint = 0;
  }
  return layOutPlain(start, count, places);
}

/**
 * The digits of x > 0 as far as `places` behind the point, 0 <= places <= 22, rounded exactly, halves up, if they
 * stand for an integer below 2^53, else -1.
 */
function nearDigits(x: f64, places: i32): i32 {
  if (x < 1e-240) return 0;
  if (x * TENS[places] >= TWO_POWER_53) return -1;
  const scaled = productHigh(x, TENS[places]);
  const error: f64 = lowPart;
  let integer: f64 = Math.floor(scaled);
  // The fraction is exact, so is its distance from one half unless both are of no matter: the sign is right.
  const fraction: f64 = scaled - integer - 0.5;
  if (fraction > 0 - error || fraction === 0 - error) integer = integer + 1;
  if (integer === 0) return 0;
  const high: f64 = Math.floor(integer / 1e8);
  const count = splitDigits(high | 0, (integer - high * 1e8) | 0);
  digitPoint = digitPoint - places;
  return count;
}

/** Number.prototype.toExponential, places -1 (as many as needed) to 100, x finite or not. Source: ECMA-262 §21.1.3.2. */
export function numberToExponential(x: f64, places: i32): i32 {
  if (x - x !== 0) return putNotFinite(x);
  const start = putSign(x);
  const size: f64 = Math.abs(x);
  let count: i32 = 0;
  if (size === 0) digitPoint = 1;
  else if (places < 0) count = shortestDigits(size);
  else count = countedDigits(size, places + 1, false);
  return layOutExponential(start, count, places < 0 ? count : places + 1);
}

/** Number.prototype.toPrecision, 1 <= precision <= 100. Source: ECMA-262 §21.1.3.5. */
export function numberToPrecision(x: f64, precision: i32): i32 {
  if (x - x !== 0) return putNotFinite(x);
  const start = putSign(x);
  const size: f64 = Math.abs(x);
  let count: i32 = 0;
  if (size === 0) digitPoint = 1;
  else count = countedDigits(size, precision, false);
  if (digitPoint < -5 || digitPoint > precision) return layOutExponential(start, count, precision);
  return layOutPlain(start, count, precision - digitPoint);
}
