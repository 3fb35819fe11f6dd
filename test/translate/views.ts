// The views over one memory: element types, truncating stores, steps in indices, compound assignments, aliasing.

import { B, C, F, H, K, M, S, memoryWords } from "../../vm/kernel/memory.js";
import type { i32, u32, f64 } from "../../vm/kernel/types.js";

const SIZE = 1024;
let top: i32 = 0;

export function words(a: i32, b: i32): i32 {
  const i: i32 = (a & 0x1ff) + 1;
  M[i] = b;
  M[i + 1] = a + b;
  M[i - 1] = a >>> 0;
  M[i] += a;
  M[i] ^= M[i + 1];
  M[i + 1] -= 5;
  M[i - 1]++;
  M[i + 1]--;
  M[i] = M[i] * 3 + (M[i - 1] & 0xff);
  return M[i];
}
export function bytes(a: i32, b: i32): i32 {
  const i: i32 = a & 0x7ff;
  B[i] = b;
  B[i + 1] = b + a;
  B[i] += 200;
  B[i + 2] = -1;
  H[(i >> 1) + 2] = a * 5;
  H[i >> 1] -= 1;
  return M[i >> 2] ^ H[i >> 1] ^ (B[i] << 8);
}
export function doubles(a: i32, x: f64): f64 {
  const i: i32 = a & 0x1ff;
  F[i] = x === x ? x : 0.5;
  F[i] = F[i] + 1;
  F[(i + 1) & 0x1ff] = a;
  F[(i + 2) & 0x1ff] = a + a;
  M[i * 2] ^= 1;
  return F[i] === F[i] ? F[i] : 7;
}
export function stack(a: i32, b: i32): i32 {
  let sp: i32 = 100;
  M[sp++] = a;
  M[sp++] = b;
  M[++sp] = 7;
  M[sp--] = M[101] | 0;
  M[sp] = 9;
  let pc: i32 = 100;
  const first: i32 = M[pc++];
  const second: i32 = M[pc++];
  const third: i32 = M[--sp];
  let r: i32 = 0;
  switch (B[pc++] & 3) {
    case 0: r = first; break;
    case 1: r = second; break;
    default: r = B[pc++];
  }
  if (M[pc--] !== 0 && M[3 + sp--] !== 1) r = r + 1 | 0;
  return (r ^ first ^ second ^ third) + pc * 16 + sp | 0;
}
export function scratch(a: i32, b: i32): i32 {
  S[a & 4095] = b;
  C[a & 7] = a;
  K[b & 7] = b;
  C[(a + 1) & 7] ^= K[b & 7];
  return S[a & 4095] ^ C[a & 7] ^ S.length;
}
export function lengths(): i32 {
  return memoryWords + M.length + B.length * 3 + H.length * 5 + F.length * 7 + C.length * 11 + K.length * 13;
}
export function moved(a: i32, b: i32): i32 {
  const from: i32 = a & 255, to: i32 = b & 255;
  if (to <= from) for (let i: i32 = 0; i < 100; i++) M[to + i] = M[from + i];
  else for (let i: i32 = 99; i >= 0; i--) M[to + i] = M[from + i];
  return M[to + 50];
}
function grow(words: i32): i32 {
  const at: i32 = top;
  top = (top + words) & (SIZE - 1);
  M[at] = words;
  return at;
}
export function grown(a: i32): i32 {
  const cell = grow(8 + (a & 8));
  M[cell + 1] = grow(4);
  M[grow(2)] = a;
  return M[cell + 1] ^ top;
}
export function indexed(a: i32, b: i32): u32 {
  const i: i32 = a & 31, j: i32 = b & 31;
  return (M[i * j] ^ M[i + j * 2 - 0] ^ M[(i << 2) + 3]) >>> 0;
}
