// The current memory: the views over it and the few facts about it that belong to the host, not to the program.
// The kernel is one CPU with many memories: `attach` points the views at another program's array, and nothing
// else here or in the other kernel files outlives that. Only this file assigns the views.

import type { i32, f64 } from "./types.js";

/** The memory as words, bytes, halfwords and doubles (index: word index >> 1): the core, then the program. */
export let M: Int32Array = new Int32Array(0);
export let B: Uint8Array = new Uint8Array(0);
export let H: Uint16Array = new Uint16Array(0);
export let F: Float64Array = new Float64Array(0);
/** The property cache (object.ts) and the collector's marks (collect.ts), beside the memory. */
export let C: Int32Array = new Int32Array(0);
export let K: Int32Array = new Int32Array(0);
/** Scratch, valid within one kernel call. */
export let S: Int32Array = new Int32Array(4096);
/** Words of the current memory, core included: where the stack begins. */
export let memoryWords: i32 = 0;

/**
 * Makes `buffer` (core followed by program memory) the current memory.
 * @host
 */
export function attach(buffer: ArrayBuffer, cache: Int32Array, marks: Int32Array): void {
  M = new Int32Array(buffer);
  B = new Uint8Array(buffer);
  H = new Uint16Array(buffer);
  F = new Float64Array(buffer);
  C = cache;
  K = marks;
  memoryWords = M.length;
}

/** A scratch word's double: `S` has no doubles of its own, so they are assembled here. */
const SCRATCH_DOUBLE: i32 = 0;

/** High word of `x`'s bits. Source: IEEE 754 binary64. */
export function highWord(x: f64): i32 {
  D[SCRATCH_DOUBLE] = x;
  return DW[1];
}
/** Low word of `x`'s bits. */
export function lowWord(x: f64): i32 {
  D[SCRATCH_DOUBLE] = x;
  return DW[0];
}
/** The double with these bits. */
export function doubleOf(high: i32, low: i32): f64 {
  DW[1] = high;
  DW[0] = low;
  return D[SCRATCH_DOUBLE];
}
/** One double of scratch, and the same as words (little-endian). */
export let D: Float64Array = new Float64Array(1);
export let DW: Int32Array = new Int32Array(D.buffer as ArrayBuffer);
