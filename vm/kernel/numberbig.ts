// Exact arithmetic for numbers and their texts: big natural numbers in the scratch view, and products by powers of
// ten in twice a double's precision. The text functions (number.ts, numberparse.ts) decide nearly every case with
// the latter, which has a known bound of error, and take the former when a case is closer than that bound. So the
// common case is quick, the rare one right, and neither needs a table of hundreds of powers.
//
// A big number is at a place of S: S[at] is its length n, S[at + 1 .. at + n] are limbs of 16 bits, the least
// significant first, the last not zero; zero has length 0. Limbs have 16 bits so that a limb times a factor up to
// 2^15 plus a carry stays within a signed word.

import { S } from "./memory.js";
import type { i32, f64, bool } from "./types.js";

/** Four places for big numbers, each with room for 511 limbs; the parser uses the last two only. */
export const BIG_VALUE = 3072;
export const BIG_UNIT = 3584;
export const BIG_BELOW = 2048;
export const BIG_ABOVE = 2560;

/** Sets the number at `at` to the integer x, 0 <= x < 2^64. */
export function bigSet(at: i32, x: f64): void {
  let rest: f64 = x;
  let length: i32 = 0;
  while (rest > 0) {
    const quotient: f64 = Math.floor(rest / 65536);
    length = length + 1;
    S[at + length] = (rest - quotient * 65536) | 0;
    rest = quotient;
  }
  S[at] = length;
}

/** Multiplies by `factor`, at most 2^15, and adds `addend`, below 2^15: the largest step is 2^31 - 1. */
export function bigMultiplyAdd(at: i32, factor: i32, addend: i32): void {
  const end: i32 = at + S[at];
  let carry: i32 = addend;
  for (let i: i32 = at + 1; i <= end; i++) {
    const product: i32 = Math.imul(S[i], factor) + carry;
    S[i] = product & 0xffff;
    carry = product >> 16;
  }
  if (carry !== 0) {
    S[end + 1] = carry;
    S[at] = S[at] + 1;
  }
}

/** 5^i; the last is the largest below 2^15. */
const BIG_FIVES: i32[] = [1, 5, 25, 125, 625, 3125, 15625];

/** Multiplies by 5^exponent. Powers of ten are this and a shift. */
export function bigMultiplyByFives(at: i32, exponent: i32): void {
  let rest: i32 = exponent;
  while (rest >= 6) {
    bigMultiplyAdd(at, 15625, 0);
    rest = rest - 6;
  }
  if (rest > 0) bigMultiplyAdd(at, BIG_FIVES[rest], 0);
}

/** Multiplies a number other than zero by 2^bits. */
export function bigShift(at: i32, bits: i32): void {
  const length: i32 = S[at];
  const words: i32 = bits >> 4;
  if (words > 0) {
    for (let i: i32 = at + length; i > at; i--) S[i + words] = S[i];
    for (let i: i32 = at + words; i > at; i--) S[i] = 0;
    S[at] = length + words;
  }
  const rest: i32 = bits & 15;
  if (rest > 0) bigMultiplyAdd(at, 1 << rest, 0);
}

/** Negative, zero or positive as a is below, equal to or above b. */
export function bigCompare(a: i32, b: i32): i32 {
  let i: i32 = S[a];
  if (i !== S[b]) return i - S[b];
  while (i > 0 && S[a + i] === S[b + i]) i--;
  return i === 0 ? 0 : S[a + i] - S[b + i];
}

/** Negative, zero or positive as a + b is below, equal to or above c. */
export function bigCompareSum(a: i32, b: i32, c: i32): i32 {
  // What c has more than a + b, from the top down: once it exceeds what the lower limbs can make up, it is decided.
  let excess: i32 = 0;
  let i: i32 = S[a] > S[b] ? S[a] : S[b];
  if (S[c] > i) i = S[c];
  for (; i > 0; i--) {
    excess = excess * 65536;
    if (i <= S[c]) excess = excess + S[c + i];
    if (i <= S[a]) excess = excess - S[a + i];
    if (i <= S[b]) excess = excess - S[b + i];
    if (excess < 0) return 1;
    if (excess > 1) return -1;
  }
  return 0 - excess;
}

/** Subtracts `factor` times b, factor below 2^15, from a, which is not below it. */
export function bigSubtractMultiple(a: i32, b: i32, factor: i32): void {
  const length: i32 = S[a];
  const shorter: i32 = S[b];
  let carry: i32 = 0;
  for (let i: i32 = 1; i <= length; i++) {
    let limb: i32 = S[a + i] + carry;
    if (i <= shorter) limb = limb - Math.imul(S[b + i], factor);
    S[a + i] = limb & 0xffff;
    carry = limb >> 16;
  }
  let top: i32 = length;
  while (top > 0 && S[a + top] === 0) top--;
  S[a] = top;
}

/** The limbs of a number from the `place`-th down, three of them, as a double. */
function bigTop(at: i32, place: i32): f64 {
  let top: f64 = 0;
  for (let i: i32 = place; i > place - 3; i--) {
    top = top * 65536;
    if (i > 0 && i <= S[at]) top = top + S[at + i];
  }
  return top;
}

/** Takes the quotient of a by b, known to be below 2^15, and leaves the remainder in a. */
export function bigDivide(a: i32, b: i32): i32 {
  const place: i32 = S[b];
  if (S[a] < place) return 0;
  const high: i32 = place + 1;
  const dividend: f64 = bigTop(a, high);
  const divisor: f64 = bigTop(b, high);
  // The divisor's leading limbs rounded up: the estimate is never too large, and at most a few units too small.
  let quotient: i32 = (dividend / (divisor + 1)) | 0;
  if (quotient > 0) bigSubtractMultiple(a, b, quotient);
  while (bigCompare(a, b) >= 0) {
    bigSubtractMultiple(a, b, 1);
    quotient = quotient + 1;
  }
  return quotient;
}

/** 10^i, all exact. */
export const TENS: f64[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
];

/** 10^(22 (i - 13)) as the nearest double and the nearest double to what that leaves over. */
const SCALE_HIGH: f64[] = [
  1e-286, 1e-264, 1e-242, 1e-220, 1e-198, 1e-176, 1e-154, 1e-132, 1e-110, 1e-88, 1e-66, 1e-44, 1e-22, 1, 1e22, 1e44,
  1e66, 1e88, 1e110, 1e132, 1e154, 1e176, 1e198, 1e220, 1e242, 1e264, 1e286,
];
const SCALE_LOW: f64[] = [
  -5.044436842451221e-303, -1.2213672486375396e-281, 3.0632120172299876e-259, 7.606440013180328e-238,
  8.751979007754662e-215, 4.085789420184388e-194, 2.7091301680308315e-171, 1.40567366405444e-149,
  -5.1221963480540186e-127, 6.6104605356325366e-105, 2.415206322322255e-83, 4.700987842202463e-61,
  -4.859677432657087e-39, 0, 0, -8.821361405306423e27, 5.467766613175255e49, 4.0583275543649637e71,
  -2.3569367514170256e93, 9.170432597638724e114, -3.6947545688058227e137, -7.44898050207432e158,
  -1.75355415660194e181, 3.562757926310489e202, -5.0961029563700274e225, -4.414051890289529e247,
  -3.2988611034086966e269,
];

/** The low part of the last `productHigh` or `scaleHigh`. */
export let lowPart: f64 = 0;

/** x y as the nearest double, with the exact rest in `lowPart`; all 0 or in 1e-290 .. 1e299. Source: Dekker 1971. */
export function productHigh(x: f64, y: f64): f64 {
  const product: f64 = x * y;
  const xScaled: f64 = x * 134217729;
  const xHigh: f64 = xScaled - (xScaled - x);
  const xLow: f64 = x - xHigh;
  const yScaled: f64 = y * 134217729;
  const yHigh: f64 = yScaled - (yScaled - y);
  const yLow: f64 = y - yHigh;
  lowPart = xLow * yLow - (product - xHigh * yHigh - xLow * yHigh - xHigh * yLow);
  return product;
}

/**
 * (high + low) 10^exponent as the nearest double, with the rest in `lowPart`; the relative error is below 2^-100, and
 * for one double and 0 <= exponent <= 22 there is none. -286 <= exponent <= 307; operand and result in 1e-290 .. 1e299.
 */
export function scaleHigh(high: f64, low: f64, exponent: i32): f64 {
  const place: i32 = Math.floor(exponent / 22) | 0;
  const rest: i32 = exponent - place * 22;
  let sumHigh: f64 = high;
  let sumLow: f64 = low;
  if (place !== 0) {
    const scale: f64 = SCALE_HIGH[place + 13];
    const product: f64 = productHigh(high, scale);
    const tail: f64 = lowPart + (high * SCALE_LOW[place + 13] + low * scale);
    sumHigh = product + tail;
    sumLow = product - sumHigh + tail;
  }
  if (rest !== 0) {
    const product: f64 = productHigh(sumHigh, TENS[rest]);
    const tail: f64 = lowPart + sumLow * TENS[rest];
    sumHigh = product + tail;
    sumLow = product - sumHigh + tail;
  }
  lowPart = sumLow;
  return sumHigh;
}

/** x 10^exponent within a few units of the last place, -572 <= exponent <= 308; 0 and Infinity where that is so. */
export function scaleRoughly(x: f64, exponent: i32): f64 {
  const tiny: bool = exponent < -286;
  const part: i32 = tiny ? exponent + 286 : exponent;
  const place: i32 = part >= 286 ? 13 : Math.floor(part / 22) | 0;
  // The positive power first: a subnormal product must be the last.
  const upper: f64 = x * TENS[part - place * 22];
  return (tiny ? upper * 1e-286 : upper) * SCALE_HIGH[place + 13];
}
