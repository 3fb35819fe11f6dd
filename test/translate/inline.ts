// Functions that the JavaScript back end expands: arguments with effects, names that clash, expansions in expansions.

import { B, M } from "../../vm/kernel/memory.js";
import type { i32, f64, bool } from "../../vm/kernel/types.js";

let calls: i32 = 0;

/** @inline */
function field(cell: i32, index: i32): i32 { return M[cell + index]; }
/** @inline */
function square(x: i32): i32 { return Math.imul(x, x); }
/** @inline */
export function isOdd(x: i32): bool { return (x & 1) !== 0; }
/** @inline */
function either(x: i32, y: i32): i32 { return isOdd(x) ? square(x) : square(y) + x | 0; }
/** @inline */
function unused(x: i32, y: i32): i32 { return y; }
/** @inline */
function operand(code: i32): i32 { return B[code] | (B[code + 1] << 8); }
/** @inline */
function setField(cell: i32, index: i32, value: i32): void { M[cell + index] = value; }
/** @inline */
function exchange(a: i32, b: i32): void {
  const x: i32 = M[a];
  M[a] = M[b];
  M[b] = x;
}
/** @inline */
function clear(at: i32, count: i32): void {
  loop: for (let i: i32 = 0; i < count; i++) {
    if (M[at + i] === 3) continue loop;
    M[at + i] = 0;
  }
}
/** @inline */
function countdown(n: i32): void {
  while (n > 0) {
    n--;
    M[n] ^= n;
  }
}
/** @inline */
function half(x: i32): f64 { return x / 2; }

function counted(x: i32): i32 {
  calls = (calls + 1) & 0xff;
  return x ^ calls;
}

export function reads(a: i32, b: i32): i32 {
  let sp: i32 = 10;
  M[sp] = a;
  M[sp + 1] = b;
  const x: i32 = field(sp, 0) ^ field(sp - 1, 2);
  const y = square(counted(a));
  const z: i32 = either(M[sp++], counted(b));
  return (x + y + z + sp) | 0;
}
export function clashes(x: i32, cell: i32): i32 {
  const index: i32 = cell & 63;
  const a: i32 = 20, b: i32 = 21;
  setField(a, index, x);
  exchange(b + index, a);
  exchange(a, b);
  {
    const x: i32 = field(a, b - a);
    setField(index, x & 7, field(b, 0));
  }
  return field(a, index) ^ square(x) ^ field(index, 1);
}
export function effects(a: i32): i32 {
  const x: i32 = unused(counted(a), a);
  unused(a, a);
  setField(counted(a) & 31, a & 31, a);
  clear(counted(a) & 15, (a & 7) + 2);
  clear(30, 2);
  countdown(a & 15);
  const n: i32 = a & 3;
  countdown(n);
  return x + calls + n | 0;
}
export function tests(a: i32, b: i32): i32 {
  let n: i32 = 0;
  while (isOdd(n) || n < 10) n += isOdd(either(a, b)) ? 1 : 3;
  for (let i: i32 = 0; i < 4; i++, setField(40, i, a)) n ^= operand(square(i));
  return half(n) > 3 && !isOdd(square(3)) ? 1 : n;
}
export function known(a: i32): i32 {
  return square(5) + (isOdd(3) ? a & 0xff : 9) + field(40, 2 - 1) * 0 + square(square(2)) | 0;
}
