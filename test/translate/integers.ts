// Integer arithmetic of the dialect: where JavaScript computes in doubles and C in 32 or 64 bits. translate.test.ts
// runs every exported function in all the machine's languages and compares the results.

import { CORE_WORDS, HEAP_REFERENCE, Immediate } from "../../vm/format/words.js";
import type { i32, u32, f64, bool } from "../../vm/kernel/types.js";

export const SHIFT = 3;
export const MASK: u32 = 0xffffffff;
const LEAST: i32 = -0x80000000;
const HALF = 0.5;
const PAIR = CORE_WORDS / 2 + SHIFT * 4;

export function wrappingSum(a: i32, b: i32): i32 { return (a + b) | 0; }
export function wrappingDifference(a: i32, b: i32): i32 { return (a - b) | 0; }
export function wrappingProduct(a: i32, b: i32): i32 { return Math.imul(a, b); }
export function roundedProduct(a: i32, b: i32): i32 { return (a * b) | 0; }
export function roundedSum(a: i32, b: i32, c: i32): i32 { return (a * b + c) | 0; }
export function deepSum(a: i32, b: i32, c: i32): i32 { return (a + b - c + a - 7) | 0; }
export function sumFits(a: i32, b: i32): bool { return a + b === ((a + b) | 0); }
export function sumKept(a: i32, b: i32): i32 {
  const r: f64 = a + b;
  return r === (r | 0) ? r | 0 : -1;
}
export function keptDifference(a: i32, b: i32): f64 {
  const r: f64 = a - b;
  const s: f64 = r * 3 - 1;
  return s / 4 + r;
}
export function exceeds(a: i32, b: i32, c: i32): bool { return a + b > c; }
export function exceedsWide(a: i32, b: i32, c: i32, d: i32): bool { return a + b >= c - d; }
export function productExceeds(a: i32, b: i32, c: i32): bool { return a * b > c; }
export function sumAsDouble(a: i32, b: i32): f64 { return a + b; }
export function productAsDouble(a: i32, b: i32): f64 { return a * b; }
export function negated(a: i32): i32 { return -a | 0; }
export function negatedAsDouble(a: i32): f64 { return -a; }
export function mixedZero(a: i32, b: i32): f64 { return a === b ? -a * b : a % 3; }
export function zeroSum(a: i32, b: i32): f64 { return -a + -b; }
export function zeroDifference(a: i32, b: i32): f64 { return -a - b; }
export function complemented(a: i32): i32 { return ~a; }
export function twiceComplemented(a: f64): i32 { return ~~a; }

export function shiftedLeft(a: i32, b: i32): i32 { return a << b; }
export function shiftedRight(a: i32, b: i32): i32 { return a >> b; }
export function shiftedUnsigned(a: i32, b: i32): u32 { return a >>> b; }
export function shiftedByMany(a: i32): i32 { return (a << 33) ^ (a >> 35) ^ ((a >>> 63) | 0); }
export function shiftedByNothing(a: i32, b: u32): i32 { return (a >> 0) + (b >> 0) | 0; }
export function shiftedDouble(a: f64, b: f64): i32 { return (a << (b | 0)) ^ (a >> 1); }
export function smallShift(a: i32): i32 { return (a & 0xffff) << 12; }
export function bits(a: i32, b: i32): i32 { return (a & b) ^ (a | b) ^ (a ^ ~b); }
export function bitsOfSum(a: i32, b: i32): i32 { return (a + b) & (a - b) & 0xffff; }
export function bitsOfUnsigned(a: u32, b: i32): i32 { return (a & 0xf0f0f0f0) | (b ^ a); }

export function quotient(a: i32, b: i32): i32 { return (a / b) | 0; }
export function quotientUnsigned(a: u32, b: u32): u32 { return (a / b) >>> 0; }
export function quotientMixed(a: i32, b: u32): i32 { return (a / b) | 0; }
export function quotientWide(a: i32, b: i32): i32 { return ((a + b) / 3) | 0; }
export function quotientByConstants(a: i32): i32 { return ((a / 10) | 0) ^ ((a / -1) | 0) ^ ((a / 7) | 0); }
export function ratio(a: i32, b: i32): f64 { return a / b; }
export function remainder(a: i32, b: i32): i32 { return b === 0 ? 0 : (a % b) | 0; }
export function remainderByConstants(a: i32): i32 { return ((a % 10) | 0) + ((a % -1) | 0) + ((a % -7) | 0); }
export function remainderUnsigned(a: u32, b: u32): u32 { return b === 0 ? 0 : a % b; }
export function remainderWide(a: i32, b: i32, c: i32): f64 { return c === 0 ? 0 : (a + b) % c; }
export function remainderTested(a: i32): bool { return a % 4 === 0; }

export function unsignedOf(a: i32): u32 { return a >>> 0; }
export function signedOf(a: u32): i32 { return a | 0; }
export function below(a: u32, b: u32): bool { return a < b; }
export function belowMixed(a: i32, b: u32): bool { return a < b; }
export function equalMixed(a: i32, b: u32): bool { return a === b; }
export function unsignedSum(a: u32, b: u32): u32 { return (a + b) >>> 0; }
export function unsignedDifference(a: u32, b: u32): f64 { return a - b; }
export function unsignedHalf(a: u32): i32 { return a >>> 1; }
export function unsignedStep(a: u32): u32 {
  let x: u32 = a >>> 1;
  x += 5;
  x++;
  return x;
}
export function leadingZeros(a: i32, b: u32): i32 { return Math.clz32(a) * 64 + Math.clz32(b); }
export function magnitude(a: i32): u32 { return Math.abs(a); }
export function magnitudeOfDifference(a: i32, b: i32): f64 { return Math.abs(a - b); }
export function chosen(a: i32, b: i32, c: bool): i32 { return (c ? a + b : b - a) | 0; }
export function chosenMixed(a: i32, b: u32, c: bool): f64 { return c ? a : b; }
export function clamped(a: i32): i32 { return a > 1000 ? 1000 : a < -1000 ? -1000 : a + 1; }

export function constants(a: i32): i32 {
  const b: i32 = (a | 0) & 0xff;
  return (b + HEAP_REFERENCE + Immediate.TRUE - PAIR * SHIFT + (LEAST + 5)) | 0;
}
export function constantDoubles(a: i32): f64 { return a * HALF + 1e21 - 0x10 / 3 + MASK; }
export function hash(a: i32, b: i32): i32 {
  let h: i32 = 0x811c9dc5 | 0;
  h = Math.imul(h ^ (a & 0xff), 0x01000193);
  h = Math.imul(h ^ (b >>> 24), 0x01000193);
  h ^= h >>> 13;
  h = (h + (h << 5)) | 0;
  h = (h * 31) | 0;
  return h;
}
export function rotated(a: i32, b: i32): i32 { return (a << b) | (a >>> (32 - b)); }
export function compounds(a: i32, b: i32): i32 {
  let x: i32 = a & 0xfff;
  x += b & 0xff;
  x -= 3;
  x *= 5;
  x <<= 7;
  x >>= 2;
  x |= b;
  x &= ~a;
  x ^= 0x55555555;
  return x;
}
