// Sine, cosine, tangent and their inverses, to the last bit what fdlibm's algorithms give (V8's do too), since the C
// libraries of two hosts differ there. So the order of the operations below is part of the result: do not simplify.
// Arguments are reduced by pi/2 with as many bits of 2/pi as their size asks for; the reduced argument is a double
// and a correction, and the functions on [-pi/4, pi/4] take both.

import { S, doubleOf, highWord, lowWord } from "./memory.js";
import type { i32, f64, bool } from "./types.js";

const PI = 3.141592653589793;
const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
const QUARTER_PI = 0.7853981633974483;
const TWO_24 = 16777216;

/** What `reduce` leaves: the remainder's correction. */
let remainderLow: f64 = 0;
/** What `reduce` leaves: the remainder. */
let remainderHigh: f64 = 0;

/** sin(x + low), |x| <= pi/4. Source: fdlibm k_sin. */
function sineNearZero(x: f64, low: f64, hasLow: bool): f64 {
  const high = highWord(x);
  if ((high & 0x7fffffff) < 0x3e400000) return x;
  const z: f64 = x * x;
  const v: f64 = z * x;
  const r: f64 = 8.33333333332248946124e-3 + z * (-1.98412698298579493134e-4 + z * (2.75573137070700676789e-6
    + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  if (!hasLow) return x + v * (-1.66666666666666324348e-1 + z * r);
  return x - ((z * (0.5 * low - v * r) - low) - v * -1.66666666666666324348e-1);
}

/** cos(x + low), |x| <= pi/4. Source: fdlibm k_cos. */
function cosineNearZero(x: f64, low: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z: f64 = x * x;
  const r: f64 = z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * (2.48015872894767294178e-5
    + z * (-2.75573143513906633035e-7 + z * (2.08757232129817482790e-9 + z * -1.13596475577881948265e-11)))));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * low));
  // A quarter of x, or so, is taken off both terms to keep 1 - z/2 exact.
  let quarter: f64 = 0.28125;
  if (size <= 0x3fe90000) quarter = doubleOf(size - 0x200000, 0);
  const half: f64 = 0.5 * z - quarter;
  const rest: f64 = 1 - quarter;
  return rest - (half - (z * r - x * low));
}

/** x with the low word of its bits cleared: few enough bits that products with it are exact. */
export function upperBits(x: f64): f64 {
  const high = highWord(x);
  return doubleOf(high, 0);
}

/** -1 / (x + low), more exactly than a division. */
function negativeReciprocal(x: f64, low: f64): f64 {
  const sum: f64 = x + low;
  const top = upperBits(sum);
  const rest: f64 = low - (top - x);
  const quotient: f64 = -1 / sum;
  const quotientTop = upperBits(quotient);
  return quotientTop + quotient * (1 + quotientTop * top + quotientTop * rest);
}

/** tan(x + low), or -1 / tan(x + low) (`inverse`), |x| <= pi/4. Source: fdlibm k_tan. */
function tangentNearZero(argument: f64, argumentLow: f64, inverse: bool): f64 {
  let x: f64 = argument;
  let low: f64 = argumentLow;
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (size < 0x3e300000) return inverse ? negativeReciprocal(x, low) : x;
  const large: bool = size >= 0x3fe59428;
  if (large) {
    if (high < 0) {
      x = -x;
      low = -low;
    }
    x = (QUARTER_PI - x) + (3.06161699786838301793e-17 - low);
    low = 0;
  }
  const z: f64 = x * x;
  const w: f64 = z * z;
  // Odd and even terms apart.
  const odd: f64 = 1.33333333333201242699e-1 + w * (2.18694882948595424599e-2 + w * (3.59207910759131235356e-3
    + w * (5.88041240820264096874e-4 + w * (7.81794442939557092300e-5 + w * -1.85586374855275456654e-5))));
  const even: f64 = z * (5.39682539762260521377e-2 + w * (8.86323982359930005737e-3 + w * (1.45620945432529025516e-3
    + w * (2.46463134818469906812e-4 + w * (7.14072491382608190305e-5 + w * 2.59073051863633712884e-5)))));
  const s: f64 = z * x;
  let r: f64 = low + z * (s * (odd + even) + low);
  r = r + 3.33333333333334091986e-1 * s;
  const sum: f64 = x + r;
  if (large) {
    const v: f64 = inverse ? -1 : 1;
    return (high < 0 ? -1 : 1) * (v - 2 * (x - (sum * sum / (sum + v) - r)));
  }
  return inverse ? negativeReciprocal(x, r) : sum;
}

/** 2/pi in groups of 24 bits: 1584 bits, for the largest doubles. */
const TWO_OVER_PI: i32[] = [
  0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163, 0xabdebb, 0xc561b7,
  0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c,
  0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c, 0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11,
  0x8b5a0a, 0x6d1f6d, 0x367ecf, 0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7,
  0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330, 0x46fc7b, 0x6babf0, 0xcfbc20, 0x9af436, 0x1da9e3, 0x91615e,
  0xe61b08, 0x659985, 0x5f14a0, 0x68408d, 0xffd880, 0x4d7327, 0x310606, 0x1556ca, 0x73a8c9, 0x60e27b, 0xc08c6b,
];
/** pi/2 in parts of 24 bits. */
const HALF_PI_PARTS: f64[] = [
  1.57079625129699707031, 7.54978941586159635336e-8, 5.39030252995776476554e-15, 3.28200341580791294123e-22,
  1.27065575308067607349e-29, 1.22933308981111328932e-36, 2.73370053816464559624e-44, 2.16741683877804819444e-51,
];

/** Where in S the reduction keeps its 24-bit digits of the product, and its doubles, two words each. */
const REDUCED = 0;
const TERMS = 64;
const SUMS = 128;

function termAt(place: i32): f64 {
  return doubleOf(S[place + 1], S[place]);
}
function putTerm(place: i32, x: f64): void {
  const high = highWord(x);
  const low = lowWord(x);
  S[place] = low;
  S[place + 1] = high;
}

/** 2^exponent, -1022 <= exponent <= 1023. */
export function powerOfTwo(exponent: i32): f64 {
  return doubleOf((exponent + 1023) << 20, 0);
}

/**
 * Reduces an |x| above 2^19 pi/2 to what is left of the nearest multiple of pi/2, whose number modulo 8 it returns.
 * x, in three digits of 24 bits, is multiplied by just those digits of 2/pi that are neither whole turns nor beyond
 * the result; when the fraction cancels, more digits are taken. Source: Payne and Hanek 1983; fdlibm k_rem_pio2.
 */
function reduceLarge(x: f64): i32 {
  const size: f64 = Math.abs(x);
  const high = highWord(size);
  const low = lowWord(size);
  const exponent: i32 = (high >> 20) - 1046;
  let z = doubleOf(high - (exponent << 20), low);
  // The digits of x, the highest first, without zeros at the end.
  const digit0: i32 = z | 0;
  z = (z - digit0) * TWO_24;
  const digit1: i32 = z | 0;
  z = (z - digit1) * TWO_24;
  const digit2: i32 = z | 0;
  const lastDigit: i32 = digit2 !== 0 ? 2 : digit1 !== 0 ? 1 : 0;

  // The first digit of 2/pi that counts, and the exponent of the product's last digit.
  const firstDigit: i32 = exponent < 3 ? 0 : ((exponent - 3) / 24) | 0;
  let scale: i32 = exponent - 24 * (firstDigit + 1);
  let last: i32 = 4;
  let computed: i32 = 0;
  let quarters: i32 = 0;
  let half: i32 = 0;
  for (;;) {
    for (; computed <= last; computed++) {
      let term: f64 = 0;
      for (let j: i32 = 0; j <= lastDigit; j++) {
        const place: i32 = firstDigit + computed - j;
        const digit: i32 = j === 0 ? digit0 : j === 1 ? digit1 : digit2;
        if (place >= 0) term = term + digit * TWO_OVER_PI[place];
      }
      putTerm(TERMS + 2 * computed, term);
    }
    // Into digits of 24 bits, the lowest first.
    z = termAt(TERMS + 2 * last);
    for (let i: i32 = 0; i < last; i++) {
      const carry: f64 = Math.floor(z / TWO_24);
      S[REDUCED + i] = (z - TWO_24 * carry) | 0;
      const term = termAt(TERMS + 2 * (last - 1 - i));
      z = term + carry;
    }
    // The quarter turns modulo 8, and whether the fraction is above one half.
    const power = powerOfTwo(scale);
    z = z * power;
    z = z - 8 * Math.floor(z * 0.125);
    quarters = z | 0;
    z = z - quarters;
    half = 0;
    if (scale > 0) {
      const top: i32 = S[REDUCED + last - 1];
      const whole: i32 = top >> (24 - scale);
      quarters = quarters + whole;
      S[REDUCED + last - 1] = top - (whole << (24 - scale));
      half = S[REDUCED + last - 1] >> (23 - scale);
    } else if (scale === 0) half = S[REDUCED + last - 1] >> 23;
    else if (z >= 0.5) half = 2;
    if (half > 0) {
      // One minus the fraction, and one turn more.
      quarters = quarters + 1;
      let borrow: i32 = 0;
      for (let i: i32 = 0; i < last; i++) {
        const digit: i32 = S[REDUCED + i];
        if (borrow !== 0) S[REDUCED + i] = 0xffffff - digit;
        else if (digit !== 0) {
          borrow = 1;
          S[REDUCED + i] = 0x1000000 - digit;
        }
      }
      if (scale > 0) S[REDUCED + last - 1] = S[REDUCED + last - 1] & (0xffffff >> scale);
      if (half === 2) {
        z = 1 - z;
        if (borrow !== 0) z = z - power;
      }
    }
    if (z !== 0) break;
    // All digits that matter cancelled?
    let any: i32 = 0;
    for (let i: i32 = last - 1; i >= 4; i--) any = any | S[REDUCED + i];
    if (any !== 0) break;
    let more: i32 = 1;
    while (S[REDUCED + 4 - more] === 0) more++;
    last = last + more;
  }
  // Drop zeros at the top, or split z into digits there.
  if (z === 0) {
    do {
      last = last - 1;
      scale = scale - 24;
    } while (S[REDUCED + last] === 0);
  } else {
    const power = powerOfTwo(0 - scale);
    z = z * power;
    if (z >= TWO_24) {
      const carry: f64 = Math.floor(z / TWO_24);
      S[REDUCED + last] = (z - TWO_24 * carry) | 0;
      last = last + 1;
      scale = scale + 24;
      S[REDUCED + last] = carry | 0;
    } else S[REDUCED + last] = z | 0;
  }
  // The fraction times pi/2, summed from the small end.
  let weight = powerOfTwo(scale);
  for (let i: i32 = last; i >= 0; i--) {
    putTerm(TERMS + 2 * i, weight * S[REDUCED + i]);
    weight = weight / TWO_24;
  }
  let sum: f64 = 0;
  for (let i: i32 = last; i >= 0; i--) {
    let product: f64 = 0;
    for (let k: i32 = 0; k <= 4 && k <= last - i; k++) {
      const term = termAt(TERMS + 2 * (i + k));
      product = product + HALF_PI_PARTS[k] * term;
    }
    putTerm(SUMS + 2 * (last - i), product);
  }
  for (let i: i32 = last; i >= 0; i--) {
    const term = termAt(SUMS + 2 * i);
    sum = sum + term;
  }
  const first = termAt(SUMS);
  let rest: f64 = first - sum;
  for (let i: i32 = 1; i <= last; i++) {
    const term = termAt(SUMS + 2 * i);
    rest = rest + term;
  }
  const negative: bool = (half === 0) === (x < 0);
  remainderHigh = negative ? -sum : sum;
  remainderLow = negative ? -rest : rest;
  return x < 0 ? 0 - (quarters & 7) : quarters & 7;
}

/**
 * Reduces a finite |x| > pi/4 to remainderHigh + remainderLow; returns the multiple of pi/2 taken off, modulo 4 at
 * least. Source: fdlibm e_rem_pio2.
 */
function reduce(x: f64): i32 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (size > 0x413921fb) return reduceLarge(x);
  const positive: f64 = Math.abs(x);
  let turns: i32 = 1;
  if (size >= 0x4002d97c) turns = (positive * 0.63661977236758138243 + 0.5) | 0;
  // pi/2 in parts of 33 bits, so that products with `turns` are exact; the second and third when the first cancels.
  let rest: f64 = positive - turns * 1.57079632673412561417;
  let tail: f64 = turns * 6.07710050650619224932e-11;
  remainderHigh = rest - tail;
  const close: bool = nearMultiple(size, turns);
  if (close) {
    const exponent: i32 = size >> 20;
    const reached = highWord(remainderHigh);
    if (turns === 1 || exponent - ((reached >> 20) & 0x7ff) > 16) {
      const before: f64 = rest;
      tail = turns * 6.07710050630396597660e-11;
      rest = before - tail;
      tail = turns * 2.02226624879595063154e-21 - (before - rest - tail);
      remainderHigh = rest - tail;
      const reachedNow = highWord(remainderHigh);
      if (turns !== 1 && exponent - ((reachedNow >> 20) & 0x7ff) > 49) {
        const beforeThis: f64 = rest;
        tail = turns * 2.02226624871116645580e-21;
        rest = beforeThis - tail;
        tail = turns * 8.47842766036889956997e-32 - (beforeThis - rest - tail);
        remainderHigh = rest - tail;
      }
    }
  }
  remainderLow = rest - remainderHigh - tail;
  if (x > 0) return turns;
  remainderHigh = -remainderHigh;
  remainderLow = -remainderLow;
  return 0 - turns;
}

/** Whether x may be so near to turns pi/2 that the first part of pi/2 does not do: fdlibm looks no further below 32 turns. */
function nearMultiple(size: i32, turns: i32): bool {
  if (turns >= 32) return true;
  const multiple = highWord(turns * HALF_PI);
  return size === multiple;
}

/** The sine (`quarter` 0) or cosine (1) of a finite |x| > pi/4. */
function reducedSine(x: f64, quarter: i32): f64 {
  const turns = reduce(x);
  const phase: i32 = (turns + quarter) & 3;
  let value: f64 = 0;
  if ((phase & 1) === 0) value = sineNearZero(remainderHigh, remainderLow, true);
  else value = cosineNearZero(remainderHigh, remainderLow);
  return phase >= 2 ? -value : value;
}

/** Math.sin. Source: fdlibm s_sin. */
export function mathSin(x: f64): f64 {
  const size: i32 = highWord(x) & 0x7fffffff;
  if (size <= 0x3fe921fb) return sineNearZero(x, 0, false);
  if (size >= 0x7ff00000) return NaN;
  return reducedSine(x, 0);
}

/** Math.cos. Source: fdlibm s_cos. */
export function mathCos(x: f64): f64 {
  const size: i32 = highWord(x) & 0x7fffffff;
  if (size <= 0x3fe921fb) return cosineNearZero(x, 0);
  if (size >= 0x7ff00000) return NaN;
  return reducedSine(x, 1);
}

/** Math.tan. Source: fdlibm s_tan. */
export function mathTan(x: f64): f64 {
  const size: i32 = highWord(x) & 0x7fffffff;
  if (size <= 0x3fe921fb) return tangentNearZero(x, 0, false);
  if (size >= 0x7ff00000) return NaN;
  const turns = reduce(x);
  return tangentNearZero(remainderHigh, remainderLow, (turns & 1) !== 0);
}

/** (asin(sqrt z) - sqrt z) / sqrt z as a rational function of z <= 1/4. Source: fdlibm e_asin. */
function arcSineRatio(z: f64): f64 {
  const p: f64 = z * (1.66666666666666657415e-1 + z * (-3.25565818622400915405e-1 + z * (2.01212532134862925881e-1
    + z * (-4.00555345006794114027e-2 + z * (7.91534994289814532176e-4 + z * 3.47933107596021167570e-5)))));
  const q: f64 = 1 + z * (-2.40339491173441421878 + z * (2.02094576023350569471
    + z * (-6.88283971605453293030e-1 + z * 7.70381505559019352791e-2)));
  return p / q;
}

/** Math.asin. Source: fdlibm e_asin. */
export function mathAsin(x: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  const positive: f64 = Math.abs(x);
  if (!(positive < 1)) return positive === 1 ? x * HALF_PI + x * HALF_PI_LOW : NaN;
  if (size < 0x3e400000) return x;
  if (size < 0x3fe00000) return x + x * arcSineRatio(x * x);
  const z: f64 = (1 - positive) * 0.5;
  const ratio = arcSineRatio(z);
  const root: f64 = Math.sqrt(z);
  let result: f64 = 0;
  if (size >= 0x3fef3333) result = HALF_PI - (2 * (root + root * ratio) - HALF_PI_LOW);
  else {
    const top = upperBits(root);
    const rest: f64 = (z - top * top) / (root + top);
    result = QUARTER_PI - (2 * root * ratio - (HALF_PI_LOW - 2 * rest) - (QUARTER_PI - 2 * top));
  }
  return high > 0 ? result : -result;
}

/** Math.acos. Source: fdlibm e_acos. */
export function mathAcos(x: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (!(Math.abs(x) < 1)) return x === 1 ? 0 : x === -1 ? PI : NaN;
  if (size <= 0x3c600000) return HALF_PI;
  if (size < 0x3fe00000) return HALF_PI - (x - (HALF_PI_LOW - x * arcSineRatio(x * x)));
  if (high < 0) {
    const z: f64 = (1 + x) * 0.5;
    const root: f64 = Math.sqrt(z);
    return PI - 2 * (root + (arcSineRatio(z) * root - HALF_PI_LOW));
  }
  const z: f64 = (1 - x) * 0.5;
  const root: f64 = Math.sqrt(z);
  const top = upperBits(root);
  const rest: f64 = (z - top * top) / (root + top);
  return 2 * (top + (arcSineRatio(z) * root + rest));
}

/** atan of 0.5, 1, 1.5 and infinity, and what the doubles leave over. */
const ARC_HIGH: f64[] = [
  4.63647609000806093515e-1, 7.85398163397448278999e-1, 9.82793723247329054082e-1, 1.57079632679489655800,
];
const ARC_LOW: f64[] = [
  2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17, 6.12323399573676603587e-17,
];

/** Math.atan. Source: fdlibm s_atan. */
export function mathAtan(x: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (x !== x) return NaN;
  if (size >= 0x44100000) return high > 0 ? HALF_PI : -HALF_PI;
  if (size < 0x3e400000) return x;
  // Near which of the table's points |x| is, and the tangent of the difference.
  let point: i32 = -1;
  let t: f64 = x;
  if (size >= 0x3fdc0000) {
    const positive: f64 = Math.abs(x);
    if (size < 0x3fe60000) {
      point = 0;
      t = (2 * positive - 1) / (2 + positive);
    } else if (size < 0x3ff30000) {
      point = 1;
      t = (positive - 1) / (positive + 1);
    } else if (size < 0x40038000) {
      point = 2;
      t = (positive - 1.5) / (1 + 1.5 * positive);
    } else {
      point = 3;
      t = -1 / positive;
    }
  }
  const z: f64 = t * t;
  const w: f64 = z * z;
  const odd: f64 = z * (3.33333333333329318027e-1 + w * (1.42857142725034663711e-1 + w * (9.09088713343650656196e-2
    + w * (6.66107313738753120669e-2 + w * (4.97687799461593236017e-2 + w * 1.62858201153657823623e-2)))));
  const even: f64 = w * (-1.99999999998764832476e-1 + w * (-1.11111104054623557880e-1 + w * (-7.69187620504482999495e-2
    + w * (-5.83357013379057348645e-2 + w * -3.65315727442169155270e-2))));
  if (point < 0) return t - t * (odd + even);
  const result: f64 = ARC_HIGH[point] - (t * (odd + even) - ARC_LOW[point] - t);
  return high < 0 ? -result : result;
}

const PI_LOW = 1.2246467991473532e-16;

/** Math.atan2. Source: ECMA-262 §21.3.2.8; fdlibm e_atan2. */
export function mathAtan2(y: f64, x: f64): f64 {
  if (x !== x || y !== y) return NaN;
  const xHigh = highWord(x);
  const yHigh = highWord(y);
  if (x === 1) return mathAtan(y);
  const left: bool = xHigh < 0;
  const below: bool = yHigh < 0;
  if (y === 0) {
    if (!left) return y;
    return below ? -PI : PI;
  }
  const size: f64 = Math.abs(x);
  let angle: f64 = 0;
  const difference: i32 = ((yHigh & 0x7fffffff) - (xHigh & 0x7fffffff)) >> 20;
  if (size === Infinity && Math.abs(y) === Infinity) {
    angle = left ? 3 * QUARTER_PI : QUARTER_PI;
    return below ? -angle : angle;
  }
  if (x === 0 || Math.abs(y) === Infinity || difference > 60) return below ? -HALF_PI : HALF_PI;
  if (size === Infinity) angle = 0;
  else if (left && difference < -60) angle = 0;
  else angle = mathAtan(Math.abs(y / x));
  if (left) angle = PI - (angle - PI_LOW);
  return below ? -angle : angle;
}
