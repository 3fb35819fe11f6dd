// Control flow: what JavaScript and C write differently, or mean differently by the same words.

import type { i32, f64, bool } from "../../vm/kernel/types.js";

const ONE = 1, TWO = 2;
const PRIMES: i32[] = [2, 3, 5, 7, 11, 13, 17, 19];
let seed: i32 = 12345;
let flips: bool = false;

export function nested(a: i32, b: i32): i32 {
  let r: i32 = 0;
  switch (a & 7) {
    case 0: return b;
    case ONE:
    case TWO: {
      const x: i32 = b & 15;
      switch (x) {
        case 0: r = 100; break;
        case 1: case 2: r = 200; // falls out of the inner switch
          break;
        default:
          if (x > 8) break;
          r = 300 + x;
      }
      r++;
      break;
    }
    case 3:
      for (let i: i32 = 0; ; i++) {
        if (i === 5) break;
        if ((i & 1) === 0) continue;
        r += i;
      }
      break;
    case -1 + 5: {
      const x: f64 = b;
      r = (x / 3) | 0;
      break;
    }
    default:
      r = -1;
      break;
    case 6:
      r = 66;
  }
  return r;
}

export function labelled(a: i32, b: i32): i32 {
  let count: i32 = 0;
  outer: for (let i = 0; i < 10; i++) {
    inner: for (let j = 0; j < 10; j++) {
      switch ((i * 10 + j + a) & 15) {
        case 3: continue outer;
        case 7: continue inner;
        case 11: if ((b & 1) !== 0) break outer; break;
        case 12: break inner;
      }
      count = count + i + j;
    }
    count = count * 3 & 0xffff;
  }
  outer: while (true) {
    do {
      count++;
      if (count > 70000) break outer;
      if ((count & 63) === 0) continue outer;
    } while (true);
  }
  found: {
    if (count > 70000 + (a & 3)) break found;
    count = -count | 0;
  }
  choose: switch (a & 3) {
    case 0:
      for (;;) {
        count += 2;
        if ((count & 7) < 3) break choose;
      }
    case 1: count ^= 1;
  }
  return count;
}

export function loops(a: i32): i32 {
  let x: i32 = a & 31, y: i32 = 1, z: i32 = 0;
  while (x > 0) x -= 3;
  do y = y * 3 + 1; while (y < 1000);
  for (let i: i32 = 0, f: f64 = 0.5; i < 4; i++, f = f * 2) z += (f * 4) | 0;
  for (x = y = z, z = 1; x > 0; x >>= 1, z <<= 1) if (z > 1000) break;
  for (let i: i32 = 7; i >= 0; i--) z ^= PRIMES[i];
  for (let i = 0; i < PRIMES.length; i += 3) z += PRIMES[i];
  return x + y * 7 + z;
}

export function logic(a: i32, b: i32, c: bool): bool {
  const d: bool = a < b && b < 100 || c && !(a === b);
  return d !== (c === (a > b)) || next() === 0 && next() === 1;
}

export function next(): i32 {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  flips = !flips;
  return seed;
}

export function sequence(a: i32): i32 {
  const first = next();
  const second = flips ? next() : 0;
  if (first > second || next() > a) seed ^= a & 0xff;
  return mix(next(), a);
}
function mix(a: i32, b: i32): i32 {
  // A call as an argument of a call is in order in both languages.
  return twice(twice((a ^ b) & 0xffff));
}
function twice(a: i32): i32 { return a * 2; }

export function wordsOfC(int: i32, register: f64, double: bool): f64 {
  let signed: i32 = int & 3; // names that C would trip over
  let M_get: i32 = 5;
  const volatile: i32 = signed + M_get;
  {
    const signed: i32 = 3;
    M_get = signed;
  }
  signed += M_get;
  return double ? register + volatile + signed : register;
}

export function gcd(a: i32, b: i32): i32 {
  let x: i32 = a & 0xfffff, y: i32 = b & 0xfffff;
  while (y !== 0) {
    const rest: i32 = (x % y) | 0;
    x = y;
    y = rest;
  }
  return x;
}
