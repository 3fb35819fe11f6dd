// Math's functions other than trigonometry.ts's, and the remainder and power of the operators % and **. To the last
// bit what fdlibm's algorithms, or V8's where it has its own, give, since the C libraries of two hosts differ there.
// So the order of the operations below is part of the result: do not simplify.

import { doubleOf, highWord, lowWord } from "./memory.js";
import { powerOfTwo, upperBits } from "./trigonometry.js";
import type { i32, f64, bool } from "./types.js";

const LN2 = 0.6931471805599453;
/** ln 2 in two parts, the first short enough that an exponent times it is exact. */
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const TWO_54 = 18014398509481984;

/** The remainder of x by y with the sign of x. Source: ECMA-262 §6.1.6.1.6. */
export function mathFmod(x: f64, y: f64): f64 {
  const divisor: f64 = Math.abs(y);
  let rest: f64 = Math.abs(x);
  if (!(rest < Infinity) || !(divisor > 0)) return NaN;
  if (rest < divisor) return x;
  if (rest <= 9007199254740991 && divisor === Math.floor(divisor) && rest === Math.floor(rest)) {
    // Integers so small that no quotient is rounded up to the next integer, and no product is rounded.
    rest = rest - Math.floor(rest / divisor) * divisor;
  } else {
    // Long division. A term is at most `rest` and more than half of it, so that each difference is exact.
    let term: f64 = divisor;
    while (term <= rest * 5.421010862427522e-20) term = term * 18446744073709551616;
    while (term <= rest * 0.5) term = term * 2;
    for (; term >= divisor; term = term * 0.5) if (rest >= term) rest = rest - term;
  }
  return x < 0 ? -rest : rest;
}

/** Math.exp. Source: fdlibm e_exp. */
export function mathExp(x: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (x !== x) return NaN;
  if (x > 7.09782712893383973096e2) return Infinity;
  if (x < -7.45133219101941108420e2) return 0;
  // x = k ln 2 + r, |r| <= ln 2 / 2, r as a double and a correction.
  let k: i32 = 0;
  let upper: f64 = 0;
  let lower: f64 = 0;
  let r: f64 = x;
  if (size > 0x3fd62e42) {
    if (size < 0x3ff0a2b2) {
      // The general way is off by a bit here.
      if (x === 1) return 2.718281828459045;
      k = high < 0 ? -1 : 1;
    } else k = (1.44269504088896338700 * x + (high < 0 ? -0.5 : 0.5)) | 0;
    upper = x - k * LN2_HIGH;
    lower = k * LN2_LOW;
    r = upper - lower;
  } else if (size < 0x3e300000) return 1 + x;
  const t: f64 = r * r;
  const c: f64 = r - t * (1.66666666666666019037e-1 + t * (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5
    + t * (-1.65339022054652515390e-6 + t * 4.13813679705723846039e-8))));
  if (k === 0) return 1 - (r * c / (c - 2) - r);
  const y: f64 = 1 - (lower - r * c / (2 - c) - upper);
  return timesPowerOfTwo(y, k);
}

/** y 2^k, rounded once: -1100 < k <= 1024, 1/4 < y < 4. */
function timesPowerOfTwo(y: f64, k: i32): f64 {
  if (k === 1024) return y * 2 * 8.98846567431158e307;
  if (k >= -1021) return y * powerOfTwo(k);
  return y * powerOfTwo(k + 1000) * 9.332636185032189e-302;
}

/** Math.expm1. Source: fdlibm s_expm1. */
export function mathExpm1(x: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (x !== x) return NaN;
  if (size >= 0x4043687a) {
    if (x > 7.09782712893383973096e2) return Infinity;
    if (high < 0) return -1;
  }
  let k: i32 = 0;
  let r: f64 = x;
  let correction: f64 = 0;
  if (size > 0x3fd62e42) {
    if (size < 0x3ff0a2b2) k = high < 0 ? -1 : 1;
    else k = (1.44269504088896338700 * x + (high < 0 ? -0.5 : 0.5)) | 0;
    const upper: f64 = x - k * LN2_HIGH;
    const lower: f64 = k * LN2_LOW;
    r = upper - lower;
    correction = upper - r - lower;
  } else if (size < 0x3c900000) return x;
  const half: f64 = 0.5 * r;
  const square: f64 = r * half;
  const r1: f64 = 1 + square * (-3.33333333333331316428e-2 + square * (1.58730158725481460165e-3
    + square * (-7.93650757867487942473e-5 + square * (4.00821782732936239552e-6 + square * -2.01099218183624371326e-7))));
  const t: f64 = 3 - r1 * half;
  let e: f64 = square * ((r1 - t) / (6 - r * t));
  if (k === 0) return r - (r * e - square);
  e = r * (e - correction) - correction;
  e = e - square;
  if (k === -1) return 0.5 * (r - e) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k <= -2 || k > 56) {
    const y: f64 = 1 - (e - r);
    return timesPowerOfTwo(y, k) - 1;
  }
  if (k < 20) {
    const almostOne = doubleOf(0x3ff00000 - (0x200000 >> k), 0);
    return (almostOne - (e - r)) * powerOfTwo(k);
  }
  const tiny = powerOfTwo(0 - k);
  return (r - (e + tiny) + 1) * powerOfTwo(k);
}

/** The series of log and log1p in s = f / (2 + f): z = s^2. Source: fdlibm e_log. */
function logEven(w: f64): f64 {
  return w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
}
function logOdd(z: f64, w: f64): f64 {
  return z * (6.666666666666735130e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1
    + w * 1.479819860511658591e-1)));
}

/** Math.log. Source: fdlibm e_log. */
export function mathLog(x: f64): f64 {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  // x = 2^k (1 + f), sqrt(2)/2 < 1 + f < sqrt(2)
  const tiny: bool = x < 2.2250738585072014e-308;
  const scaled: f64 = tiny ? x * TWO_54 : x;
  let high = highWord(scaled);
  const low = lowWord(scaled);
  let k: i32 = (tiny ? -1077 : -1023) + (high >> 20);
  high = high & 0xfffff;
  const carry: i32 = (high + 0x95f64) & 0x100000;
  const normal = doubleOf(high | (carry ^ 0x3ff00000), low);
  k = k + (carry >> 20);
  const f: f64 = normal - 1;
  if ((0xfffff & (2 + high)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    const short: f64 = f * f * (0.5 - 0.33333333333333333 * f);
    return k === 0 ? f - short : k * LN2_HIGH - (short - k * LN2_LOW - f);
  }
  const s: f64 = f / (2 + f);
  const z: f64 = s * s;
  const w: f64 = z * z;
  const series: f64 = logOdd(z, w) + logEven(w);
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const half: f64 = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + series)) : k * LN2_HIGH - (half - (s * (half + series) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - series) : k * LN2_HIGH - (s * (f - series) - k * LN2_LOW - f);
}

/** Math.log1p. Source: fdlibm s_log1p. */
export function mathLog1p(x: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k: i32 = 1;
  let f: f64 = 0;
  let fraction: i32 = 1;
  let correction: f64 = 0;
  if (high < 0x3fda827a) {
    if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
    if (high > 0 || high <= -0x402d413c) {
      k = 0;
      f = x;
    }
  }
  if (k !== 0) {
    // 1 + x = 2^k (1 + f), and what its rounding lost.
    let sum: f64 = x;
    if (high < 0x43400000) {
      sum = 1 + x;
      k = (highWord(sum) >> 20) - 1023;
      correction = (k > 0 ? 1 - (sum - x) : x - (sum - 1)) / sum;
    } else k = (high >> 20) - 1023;
    const sumHigh = highWord(sum);
    const sumLow = lowWord(sum);
    fraction = sumHigh & 0xfffff;
    if (fraction < 0x6a09e) f = doubleOf(fraction | 0x3ff00000, sumLow) - 1;
    else {
      k = k + 1;
      f = doubleOf(fraction | 0x3fe00000, sumLow) - 1;
      fraction = (0x100000 - fraction) >> 2;
    }
  }
  const half: f64 = 0.5 * f * f;
  if (fraction === 0) {
    if (f === 0) return k * LN2_HIGH + (correction + k * LN2_LOW);
    const short: f64 = half * (1 - 0.66666666666666666 * f);
    return k * LN2_HIGH - (short - (k * LN2_LOW + correction) - f);
  }
  const s: f64 = f / (2 + f);
  const z: f64 = s * s;
  const series: f64 = z * (6.666666666666735130e-1 + z * (3.999999999940941908e-1 + z * (2.857142874366239149e-1
    + z * (2.222219843214978396e-1 + z * (1.818357216161805012e-1 + z * (1.531383769920937332e-1
    + z * 1.479819860511658591e-1))))));
  if (k === 0) return f - (half - s * (half + series));
  return k * LN2_HIGH - (half - (s * (half + series) + (k * LN2_LOW + correction)) - f);
}

/** Math.log2. Source: FreeBSD e_log2. */
export function mathLog2(x: f64): f64 {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const tiny: bool = x < 2.2250738585072014e-308;
  const scaled: f64 = tiny ? x * TWO_54 : x;
  let high = highWord(scaled);
  const low = lowWord(scaled);
  let k: i32 = (tiny ? -1077 : -1023) + (high >> 20);
  high = high & 0xfffff;
  const carry: i32 = (high + 0x95f64) & 0x100000;
  const normal = doubleOf(high | (carry ^ 0x3ff00000), low);
  k = k + (carry >> 20);
  const f: f64 = normal - 1;
  if (f === 0) return k;
  const half: f64 = 0.5 * f * f;
  const s: f64 = f / (2 + f);
  const z: f64 = s * s;
  const w: f64 = z * z;
  const r: f64 = s * (half + (logOdd(z, w) + logEven(w)));
  const upper = upperBits(f - half);
  const lower: f64 = f - upper - half + r;
  const product: f64 = upper * 1.44269504072144627571;
  const productLow: f64 = (lower + upper) * 1.67517131648865118353e-10 + lower * 1.44269504072144627571;
  const sum: f64 = k + product;
  return productLow + (k - sum + product) + sum;
}

/** Math.log10. Source: fdlibm e_log10. */
export function mathLog10(x: f64): f64 {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  if (x === 1) return 0;
  const tiny: bool = x < 2.2250738585072014e-308;
  const scaled: f64 = tiny ? x * TWO_54 : x;
  const high = highWord(scaled);
  const low = lowWord(scaled);
  const k: i32 = (tiny ? -1077 : -1023) + (high >> 20);
  const below: i32 = k < 0 ? 1 : 0;
  const fraction = doubleOf((high & 0xfffff) | ((0x3ff - below) << 20), low);
  const exponent: i32 = k + below;
  const z: f64 = exponent * 3.69423907715893078616e-13 + 4.34294481903251816668e-1 * mathLog(fraction);
  return z + exponent * 3.01029995663611771306e-1;
}

/** Math.sinh. Source: fdlibm e_sinh. */
export function mathSinh(x: f64): f64 {
  const size: f64 = Math.abs(x);
  const half: f64 = x < 0 ? -0.5 : 0.5;
  if (size < 22) {
    if (size < 3.725290298461914e-9) return x;
    const t = mathExpm1(size);
    if (size < 1) return half * (2 * t - t * t / (t + 1));
    return half * (t + t / (t + 1));
  }
  if (size < 709.7822265625) return half * mathExp(size);
  if (size <= 710.4758600739439) {
    const root = mathExp(0.5 * size);
    return half * root * root;
  }
  return x * Infinity;
}

/** Math.cosh. Source: fdlibm e_cosh. */
export function mathCosh(x: f64): f64 {
  const size: f64 = Math.abs(x);
  const bits = highWord(size);
  if (bits < 0x3fd62e43) {
    const t = mathExpm1(size);
    const w: f64 = 1 + t;
    if (bits < 0x3c800000) return w;
    return 1 + t * t / (w + w);
  }
  if (bits < 0x40360000) {
    const t = mathExp(size);
    return 0.5 * t + 0.5 / t;
  }
  if (bits < 0x40862e42) return 0.5 * mathExp(size);
  if (size <= 710.4758600739439) {
    const root = mathExp(0.5 * size);
    return 0.5 * root * root;
  }
  return size * Infinity;
}

/** Math.tanh. Source: fdlibm s_tanh. */
export function mathTanh(x: f64): f64 {
  const size: f64 = Math.abs(x);
  if (x !== x) return NaN;
  let z: f64 = 1;
  if (size < 22) {
    if (size < 3.725290298461914e-9) return x;
    if (size >= 1) {
      const t = mathExpm1(2 * size);
      z = 1 - 2 / (t + 2);
    } else {
      const t = mathExpm1(-2 * size);
      z = -t / (t + 2);
    }
  }
  return x < 0 ? -z : z;
}

/** Math.asinh. Source: fdlibm s_asinh. */
export function mathAsinh(x: f64): f64 {
  const size: f64 = Math.abs(x);
  const bits = highWord(size);
  if (bits >= 0x7ff00000 || bits < 0x3e300000) return x;
  let w: f64 = 0;
  if (bits > 0x41b00000) w = mathLog(size) + LN2;
  else if (bits > 0x40000000) w = mathLog(2 * size + 1 / (Math.sqrt(x * x + 1) + size));
  else {
    const square: f64 = x * x;
    w = mathLog1p(size + square / (1 + Math.sqrt(1 + square)));
  }
  return x > 0 ? w : -w;
}

/** Math.acosh. Source: fdlibm e_acosh. */
export function mathAcosh(x: f64): f64 {
  if (!(x >= 1)) return NaN;
  const high = highWord(x);
  if (high >= 0x41b00000) return x === Infinity ? x : mathLog(x) + LN2;
  if (x === 1) return 0;
  if (high > 0x40000000) return mathLog(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t: f64 = x - 1;
  return mathLog1p(t + Math.sqrt(2 * t + t * t));
}

/** Math.atanh. Source: fdlibm e_atanh. */
export function mathAtanh(x: f64): f64 {
  const size: f64 = Math.abs(x);
  if (!(size < 1)) return size === 1 ? x * Infinity : NaN;
  if (size < 3.725290298461914e-9) return x;
  const twice: f64 = size + size;
  const t = mathLog1p(size < 0.5 ? twice + twice * size / (1 - size) : twice / (1 - size));
  return x < 0 ? -(0.5 * t) : 0.5 * t;
}

/** Math.cbrt. Source: FreeBSD s_cbrt. */
export function mathCbrt(x: f64): f64 {
  const high = highWord(x);
  const size: i32 = high & 0x7fffffff;
  if (size >= 0x7ff00000 || x === 0) return x;
  const sign: i32 = high & -0x80000000;
  // A third of the exponent: 5 bits right; a polynomial: 23; then a Newton step with a divisor of few bits.
  let estimate: i32 = 0;
  if (size < 0x100000) {
    const scaled: i32 = highWord(x * TWO_54) & 0x7fffffff;
    estimate = ((scaled / 3) | 0) + 696219795;
  } else estimate = ((size / 3) | 0) + 715094163;
  let t = doubleOf(sign | estimate, 0);
  const r: f64 = t * t * (t / x);
  t = t * (1.87595182427177009643 + r * (-1.88497979543377169875 + r * 1.621429720105354466140)
    + r * r * r * (-0.758397934778766047437 + r * 0.145996192886612446982));
  const tLow = lowWord(t);
  const tHigh = highWord(t);
  t = doubleOf(tHigh + (tLow < 0 ? 1 : 0), (tLow ^ -0x80000000) & -0x40000000);
  const rest: f64 = x / (t * t);
  return t + t * ((rest - t) / (t + t + rest));
}

/** Math.hypot of two numbers, as V8 computes it: scaled by the larger. (Its Kahan summation changes nothing for two.) */
export function mathHypot2(x: f64, y: f64): f64 {
  const a: f64 = Math.abs(x);
  const b: f64 = Math.abs(y);
  if (a === Infinity || b === Infinity) return Infinity;
  if (a !== a || b !== b) return NaN;
  const larger: f64 = a > b ? a : b;
  if (larger === 0) return 0;
  const first: f64 = a / larger;
  const second: f64 = b / larger;
  return Math.sqrt(first * first + second * second) * larger;
}

/** Math.round: the nearest integer, of two the greater. Source: ECMA-262 §21.3.2.28. */
export function mathRound(x: f64): f64 {
  const floor: f64 = Math.floor(x);
  if (x - floor < 0.5) return floor;
  // The ceiling of -0.5 is -0.
  return Math.ceil(x);
}

/** Math.fround: x rounded to a single, of two equally near the even one. */
export function mathFround(x: f64): f64 {
  const size: f64 = Math.abs(x);
  if (size === 0 || !(size < Infinity)) return x;
  // A power of two so much larger that the sum keeps the single's bits and rounds the rest away.
  const bits = highWord(size);
  let exponent: i32 = (bits >> 20) - 1023;
  if (exponent < -126) exponent = -126;
  if (exponent > 127) return x < 0 ? -Infinity : Infinity;
  const large = powerOfTwo(exponent + 29);
  let rounded: f64 = size + large - large;
  if (rounded > 3.4028234663852886e38) rounded = Infinity;
  return x < 0 ? -rounded : rounded;
}

/** Math.sign. */
export function mathSign(x: f64): f64 {
  if (x > 0) return 1;
  return x < 0 ? -1 : x;
}

/** Whether y is an odd integer (1), an even one (2) or none (0). */
function parity(y: f64): i32 {
  const size: f64 = Math.abs(y);
  if (!(size < Infinity) || size !== Math.floor(size)) return 0;
  if (size >= 9007199254740992) return 2;
  return size === 2 * Math.floor(size / 2) ? 2 : 1;
}

/** Number::exponentiate. Source: ECMA-262 §6.1.6.1.3; fdlibm e_pow. */
export function mathPow(x: f64, y: f64): f64 {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const size: f64 = Math.abs(x);
  const bits = highWord(size);
  const exponentSize: f64 = Math.abs(y);
  if (exponentSize === Infinity) {
    if (size === 1) return NaN;
    return (size > 1) === (y > 0) ? Infinity : 0;
  }
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  if (y === 2) return x * x;
  const xHigh = highWord(x);
  if (y === 0.5 && xHigh >= 0) return Math.sqrt(x);
  const kind: i32 = xHigh < 0 ? parity(y) : 0;
  if (size === 0 || size === 1 || size === Infinity) {
    const value: f64 = y < 0 ? 1 / size : size;
    if (x === -1 && kind === 0) return NaN;
    return kind === 1 ? -value : value;
  }
  if (xHigh < 0 && kind === 0) return NaN;
  const sign: f64 = kind === 1 ? -1 : 1;
  // The logarithm of |x| to base 2, as high + low.
  let logHigh: f64 = 0;
  let logLow: f64 = 0;
  const yBits = highWord(exponentSize);
  if (yBits > 0x41e00000) {
    // Only near 1 is the power neither infinite nor 0.
    const outside: bool = yBits > 0x43f00000;
    if (bits < 0x3fefffff || (outside && bits <= 0x3fefffff)) return y < 0 ? sign * Infinity : sign * 0;
    if (bits > 0x3ff00000 || (outside && bits >= 0x3ff00000)) return y > 0 ? sign * Infinity : sign * 0;
    const t: f64 = size - 1;
    const w: f64 = t * t * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
    const u: f64 = 1.44269502162933349609 * t;
    const v: f64 = t * 1.92596299112661746887e-8 - w * 1.44269504088896338700;
    logHigh = upperBits(u + v);
    logLow = v - (logHigh - u);
  } else {
    const tiny: bool = bits < 0x100000;
    const scaled: f64 = tiny ? size * 9007199254740992 : size;
    const scaledHigh = highWord(scaled);
    const scaledLow = lowWord(scaled);
    let n: i32 = (tiny ? -1076 : -1023) + (scaledHigh >> 20);
    const fraction: i32 = scaledHigh & 0xfffff;
    // The nearer of 1 and 1.5, whose logarithm is known.
    let base: f64 = 1;
    let baseLogHigh: f64 = 0;
    let baseLogLow: f64 = 0;
    let high: i32 = fraction | 0x3ff00000;
    if (fraction > 0x3988e) {
      if (fraction < 0xbb67a) {
        base = 1.5;
        baseLogHigh = 5.84962487220764160156e-1;
        baseLogLow = 1.35003920212974897128e-8;
      } else {
        n = n + 1;
        high = high - 0x100000;
      }
    }
    const normal = doubleOf(high, scaledLow);
    // s = (normal - base) / (normal + base) as sHigh + sLow.
    const u: f64 = normal - base;
    const v: f64 = 1 / (normal + base);
    const s: f64 = u * v;
    const sHigh = upperBits(s);
    const sumHigh = doubleOf(((high >> 1) | 0x20000000) + 0x80000 + (base === 1 ? 0 : 0x40000), 0);
    const sumLow: f64 = normal - (sumHigh - base);
    const sLow: f64 = v * (u - sHigh * sumHigh - sHigh * sumLow);
    // log(normal / base) = 2/3 s (3 + s^2 + r)
    const s2: f64 = s * s;
    let r: f64 = s2 * s2 * (5.99999999999994648725e-1 + s2 * (4.28571428578550184252e-1 + s2 * (3.33333329818377432918e-1
      + s2 * (2.72728123808534006489e-1 + s2 * (2.30660745775561754067e-1 + s2 * 2.06975017800338417784e-1)))));
    r = r + sLow * (sHigh + s);
    const square: f64 = sHigh * sHigh;
    const termHigh = upperBits(3 + square + r);
    const termLow: f64 = r - (termHigh - 3 - square);
    const a: f64 = sHigh * termHigh;
    const b: f64 = sLow * termHigh + termLow * s;
    const productHigh = upperBits(a + b);
    const productLow: f64 = b - (productHigh - a);
    const zHigh: f64 = 9.61796700954437255859e-1 * productHigh;
    const zLow: f64 = -7.02846165095275826516e-9 * productHigh + productLow * 9.61796693925975554329e-1 + baseLogLow;
    logHigh = upperBits(zHigh + zLow + baseLogHigh + n);
    logLow = zLow - (logHigh - n - baseLogHigh - zHigh);
  }
  // y log2 |x| as high + low.
  const yHigh = upperBits(y);
  let low: f64 = (y - yHigh) * logHigh + y * logLow;
  let high: f64 = yHigh * logHigh;
  const z: f64 = low + high;
  const zBits = highWord(z);
  const zLowBits = lowWord(z);
  const zSize: i32 = zBits & 0x7fffffff;
  if (zBits >= 0x40900000) {
    if (zBits > 0x40900000 || zLowBits !== 0 || low + 8.0085662595372944372e-17 > z - high) return sign * Infinity;
  } else if (zSize >= 0x4090cc00) {
    if (zSize > 0x4090cc00 || zLowBits !== 0 || low <= z - high) return sign * 0;
  }
  // 2^(high + low): the nearest integer apart.
  let n: i32 = 0;
  if (zSize > 0x3fe00000) {
    n = zBits + (0x100000 >> ((zSize >> 20) - 0x3fe));
    const shift: i32 = ((n & 0x7fffffff) >> 20) - 0x3ff;
    const integer = doubleOf(n & ~(0xfffff >> shift), 0);
    n = ((n & 0xfffff) | 0x100000) >> (20 - shift);
    if (zBits < 0) n = 0 - n;
    high = high - integer;
  }
  const t = upperBits(low + high);
  const u: f64 = t * 6.93147182464599609375e-1;
  const v: f64 = (low - (t - high)) * 6.93147180559945286227e-1 + t * -1.90465429995776804525e-9;
  const e: f64 = u + v;
  const w: f64 = v - (e - u);
  const e2: f64 = e * e;
  const t1: f64 = e - e2 * (1.66666666666666019037e-1 + e2 * (-2.77777777770155933842e-3 + e2 * (6.61375632143793436117e-5
    + e2 * (-1.65339022054652515390e-6 + e2 * 4.13813679705723846039e-8))));
  // fdlibm subtracts the last term from the quotient; V8 has it in the divisor, and V8's results are the reference.
  const r: f64 = e * t1 / (t1 - 2 - (w + e * w));
  return sign * timesPowerOfTwo(1 - (r - e), n);
}
