// Doubles: conversions to integers, zeros with signs, NaN, and the exact functions of Math.

import { doubleOf, highWord, lowWord } from "../../vm/kernel/memory.js";
import type { i32, u32, f64, bool } from "../../vm/kernel/types.js";

const ROWS: f64[] = [0.1, -0, 1e300, 5e-324, Infinity, 3];

export function toSigned(x: f64): i32 { return x | 0; }
export function toUnsigned(x: f64): u32 { return x >>> 0; }
export function toSignedOfSum(x: f64, y: f64): i32 { return (x + y) | 0; }
export function toByte(x: f64): i32 { return x & 0xff; }
export function quotient(x: f64, y: f64): i32 { return (x / y) | 0; }
export function sum(x: f64, y: f64): f64 { return x + y; }
export function difference(x: f64, y: f64): f64 { return x - y; }
export function product(x: f64, y: f64): f64 { return x * y; }
export function ratio(x: f64, y: f64): f64 { return x / y; }
export function negated(x: f64): f64 { return -x; }
export function rounded(x: f64): f64 { return Math.floor(x) + 3 * Math.ceil(x) - Math.trunc(x); }
export function ceiling(x: f64): f64 { return Math.ceil(x); }
export function truncated(x: f64): f64 { return Math.trunc(x); }
export function root(x: f64): f64 { return Math.sqrt(x); }
export function size(x: f64): f64 { return Math.abs(x); }
export function isNotANumber(x: f64): bool { return x !== x; }
export function isMinusZero(x: f64): bool { return x === 0 && 1 / x < 0; }
export function compared(x: f64, y: f64): i32 { return (x < y ? 1 : 0) | (x <= y ? 2 : 0) | (x === y ? 4 : 0) | (x !== y ? 8 : 0) | (x > y ? 16 : 0) | (x >= y ? 32 : 0); }
export function comparedMixed(x: f64, i: i32, u: u32): i32 { return (x < i ? 1 : 0) | (i <= x ? 2 : 0) | (x === u ? 4 : 0) | (u > x ? 8 : 0); }
export function isSmall(x: f64): bool {
  const i: i32 = x | 0;
  return i === x && (i !== 0 || 1 / x > 0);
}
export function mixed(x: f64, i: i32, u: u32): f64 { return x * i + u / 3 - (i + u); }
export function polynomial(x: f64): f64 { return 0.1 + x * (0.2 + x * (0.3 + x * 0.7)); }
export function words(x: f64): i32 { return x !== x ? 0 : highWord(x) ^ lowWord(x); }
export function fromWords(high: i32, low: i32): f64 {
  const x = doubleOf(high & 0x7fefffff, low);
  return high < 0 ? -x : x;
}
export function scaled(x: f64, n: i32): f64 { return x * doubleOf((1023 + (n & 255)) << 20, 0); }
export function row(i: i32): f64 { return ROWS[(i & 0x7fffffff) % 6] + ROWS[1] + ROWS.length; }
export function uninitialised(x: f64): f64 {
  let y: f64;
  if (x < 1) y = x - 1;
  else y = x + 1;
  return y;
}
export function infinities(x: f64): f64 { return x === Infinity ? -Infinity : x !== x ? NaN : x === -Infinity ? -0 : 1 / x; }
export function apart(x: f64): i32 {
  const top = highWord(x === x ? x : 1);
  return (top >>> 20) & 0x7ff;
}
