// What the parts of the verifier share: the memory under inspection, where its cells start, what was found wrong. One
// verification at a time; nothing here outlives it. Written, like all of the verifier, as loops over arrays of words
// with plain functions, so that the machine in C can have the same algorithm; what it needs besides the memory are two
// bits for each 8 bytes of heap.

import { CORE_WORDS, HEAP, Immediate } from "./format/words.js";
import { ROOTS_CELL } from "./format/roots.js";
import type { Kernel } from "./machine.js";

/** What must hold, by number: verify.ts has the sentences. */
export const Rule = {
  H1: 1, H2: 2, H3: 3, H4: 4, H5: 5, H6: 6, H7: 7, H8: 8, H9: 9, H10: 10, H11: 11, H12: 12, H13: 13, H14: 14, H15: 15, H16: 16, H17: 17, H18: 18, H19: 19,
  B1: 21, B2: 22, B3: 23, B4: 24, B5: 25, B6: 26, B7: 27, B8: 28,
  S1: 31, S2: 32, S3: 33, S4: 34, S5: 35,
  R1: 41, R2: 42, R3: 43, R4: 44,
  W1: 51,
} as const;

/** The kernel whose memory this is, and its views. */
export let kernel: Kernel;
export let M = new Int32Array(0);
export let B = new Uint8Array(0);
export let H = new Uint16Array(0);
export let F = new Float64Array(0);
/** Behind the last cell of the program, and of the core. */
export let heapTop = 0;
export let coreTop = 0;
/** By address / 2: does a cell start there? */
export let starts = new Int32Array(0);
/**
 * By address / 2: a second bit for each cell, for whoever needs one; and in the place behind it, where no cell of more
 * than 8 bytes lets another start, whether the cell has to be looked at again after the second pass.
 */
export let marks = new Int32Array(0);
/** Depths of the stack in code of the core, by address of the code: they are the same for every program over it. */
export let coreDepths = new Map<number, Int16Array>();
/** What is known of a core before any program over it is verified: where its cells start, and what was found out about its code. */
export interface CoreFacts { starts: Int32Array; depths: Map<number, Int16Array> }

/** The rule that was found broken, 0 if none, and where. */
export let failedRule = 0;
export let failedAddress = 0;

/** Reports a broken rule: false, to be returned. The first report counts. */
export function fail(rule: number, address: number): boolean {
  if (failedRule === 0) {
    failedRule = rule;
    failedAddress = address;
  }
  return false;
}

/** Steps of searching that are left: forged tables can make every search long, so all of them together are bounded. */
let patience = 0;
/** Takes `steps` from what is left; false if it is used up. */
export function spend(steps: number): boolean {
  patience -= steps;
  return patience >= 0;
}

/** Begins a verification of the memory that `machine` has attached: heap [HEAP, top) over a core that ends at `core`. */
export function beginVerification(machine: Kernel, top: number, core: number, facts: CoreFacts): void {
  kernel = machine;
  M = machine.M as Int32Array<ArrayBuffer>;
  B = machine.B as Uint8Array<ArrayBuffer>;
  H = machine.H as Uint16Array<ArrayBuffer>;
  F = machine.F as Float64Array<ArrayBuffer>;
  heapTop = top;
  coreTop = core;
  failedRule = 0;
  failedAddress = 0;
  starts = new Int32Array((top >> 6) + 2);
  starts.set(facts.starts.subarray(0, (core >> 6) + 1));
  coreDepths = facts.depths;
  marks = new Int32Array((top >> 6) + 2);
  patience = 16 * (top - HEAP) + 0x400000;
}
/** Forgets the memory, so that it can be freed. */
export function endVerification(): void {
  M = new Int32Array(0);
  B = new Uint8Array(0);
  H = new Uint16Array(0);
  F = new Float64Array(0);
  starts = new Int32Array(0);
  marks = new Int32Array(0);
}

/** The facts about a core by its words. */
export function factsOf(words: Int32Array): CoreFacts {
  const bits = new Int32Array((CORE_WORDS >> 6) + 1);
  for (let address = ROOTS_CELL; address < words.length; address += (words[address]! >>> 8) << 1) bits[address >> 6]! |= 1 << (address >> 1);
  return { starts: bits, depths: new Map() };
}

/** Is the word one that may stand in a tagged place? NONE may not: the kernel takes it for "no room, try again", for ever. */
export function isGoodWord(word: number): boolean {
  if ((word & 1) === 0) return true;
  if ((word & 2) !== 0) return (word & 4) === 0 && word >= 0 && word <= Immediate.DELETED;
  const address = word >>> 2;
  return (address & 1) === 0 && address < heapTop && ((starts[address >> 6]! >>> (address >> 1)) & 1) !== 0;
}
/** Kind of the cell that a good word refers to; 0 for a word that is no reference. */
export function kindOf(word: number): number { return (word & 3) === 1 ? M[word >> 2]! & 255 : 0; }
/** Words of the cell at `address`. */
export function sizeOf(address: number): number { return (M[address]! >>> 8) << 1; }
/** Sets the second bit of the cell at `address`; false if it was set. */
export function markOnce(address: number): boolean {
  const bit = 1 << (address >> 1);
  if ((marks[address >> 6]! & bit) !== 0) return false;
  marks[address >> 6]! |= bit;
  return true;
}
export function isMarked(address: number): boolean { return ((marks[address >> 6]! >>> (address >> 1)) & 1) !== 0; }
/** Forgets the second bits, but not which cells are to be looked at again. */
export function clearMarks(): void { for (let i = 0; i < marks.length; i++) marks[i]! &= ~starts[i]!; }
/** The cell at `address` is to be looked at again; it has more than 8 bytes. */
export function lookAgain(address: number): void { marks[(address + 2) >> 6]! |= 1 << ((address + 2) >> 1); }
/** The first cell behind the one at `address` that is to be looked at again, 0 if there is none. */
export function nextAgain(address: number): number {
  let unit = (address >> 1) + 2;
  while (unit <= heapTop >> 1) {
    const bits = (marks[unit >> 5]! & ~starts[unit >> 5]!) >>> (unit & 31);
    if (bits !== 0) return (unit + 31 - Math.clz32(bits & -bits) - 1) << 1;
    unit = (unit | 31) + 1;
  }
  return 0;
}
