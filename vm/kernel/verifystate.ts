// What the parts of the verifier share: where the cells of the memory under inspection start, what was found wrong. The
// verifier runs over the words of an image before the first of them is executed; the rules are listed in vm/verify.ts.
// It takes the collector's marks (K), which are not in use then, for two bits for each 8 bytes of heap.

import { Immediate, HEAP } from "../format/words.js";
import { Reg } from "../format/registers.js";
import { ROOTS_CELL } from "../format/roots.js";
import { K, M } from "./memory.js";
import type { bool, i32 } from "./types.js";

// By address / 2: does a cell start there? In the first half of K for the program's cells, here for the core's.
let CORE_STARTS: Int32Array = new Int32Array(2049);
/** HEAP in units of the 64 words whose bits are one word. */
const HEAP_UNIT = HEAP >> 6;
/**
 * Where in K the second bits begin: one for each cell, for whoever needs one; and in the place behind it, where no cell
 * of more than 8 bytes lets another start, whether the cell has to be looked at again after the second pass.
 */
let seconds: i32 = 0;
/** Behind the last cell. */
let lastWord: i32 = 0;

let brokenRule: i32 = 0;
let brokenAt: i32 = 0;
/** The rule that was found broken, 0 if none. */
export function refusedRule(): i32 { return brokenRule; }
/** The address of the word, cell or frame that breaks it. */
export function refusedAddress(): i32 { return brokenAt; }

/** Reports a broken rule: false, to be returned. The first report counts. */
export function refuse(rule: i32, address: i32): bool {
  if (brokenRule === 0) {
    brokenRule = rule;
    brokenAt = address;
  }
  return false;
}

/** Steps of searching that are left: forged tables can make every search long, so all of them together are bounded. */
let patience: i32 = 0;
/** Takes `steps` from what is left; false if it is used up. */
export function spend(steps: i32): bool {
  patience = steps > patience ? -1 : patience - steps;
  return patience >= 0;
}

/** Begins the check of something by itself: so many steps of searching are allowed. */
export function allow(steps: i32): void {
  forgetRefusal();
  patience = steps;
}
/** Forgets what the last verification found. */
export function forgetRefusal(): void {
  brokenRule = 0;
  brokenAt = 0;
}
/** Begins a verification of the heap [HEAP, HEAP_TOP) over a core that ends at `coreTop`. */
export function beginVerification(coreTop: i32): void {
  lastWord = M[Reg.HEAP_TOP];
  seconds = ((lastWord - HEAP) >> 6) + 2;
  for (let i: i32 = 0; i < seconds * 2; i++) K[i] = 0;
  noteCoreStarts(coreTop);
  patience = lastWord - HEAP > 0x4000000 ? 0x40000000 : 16 * (lastWord - HEAP) + 0x400000;
}

/**
 * Remembers where cells of the core start.
 * @reference noteCoreBlocks
 */
function noteCoreStarts(coreTop: i32): void {
  for (let i: i32 = 0; i < CORE_STARTS.length; i++) CORE_STARTS[i] = 0;
  for (let address: i32 = ROOTS_CELL; address < coreTop; address += (M[address] >>> 8) << 1) {
    CORE_STARTS[address >> 6] = CORE_STARTS[address >> 6] | (1 << (address >> 1));
  }
}
/**
 * Does a cell of the core start at an even address?
 * @inline
 * @reference searchCoreStart
 */
function isCoreStart(address: i32): bool { return ((CORE_STARTS[address >> 6] >>> (address >> 1)) & 1) !== 0; }

// The same in little memory, for machines that have little: where the first cell that starts in each block of 512 words
// does, half its distance from the block's start in a byte, 255 if that is none; from there the cells are walked along.
let CORE_BLOCKS: Int32Array = new Int32Array(64);
const BLOCK_SHIFT = 9;
const NO_START = 255;
let coreEnd: i32 = 0;
/**
 * True while the core is walked along from header to header. A machine that lacks parts of it shows, in these moments only, a
 * cell of no kind in place of each; whatever else looks there is stopped.
 */
let walksCore: bool = false;
export function isWalkingCore(): bool { return walksCore; }
/** noteCoreStarts for those. */
export function noteCoreBlocks(coreTop: i32): void {
  for (let i: i32 = 0; i < CORE_BLOCKS.length; i++) CORE_BLOCKS[i] = -1;
  coreEnd = coreTop;
  walksCore = true;
  for (let address: i32 = ROOTS_CELL; address < coreTop; address += (M[address] >>> 8) << 1) {
    const block: i32 = address >> BLOCK_SHIFT;
    const shift: i32 = (block & 3) << 3;
    const half: i32 = (address & 511) >> 1;
    if (((CORE_BLOCKS[block >> 2] >>> shift) & 255) !== NO_START || half === NO_START) continue;
    CORE_BLOCKS[block >> 2] = (CORE_BLOCKS[block >> 2] & ~(255 << shift)) | (half << shift);
  }
  walksCore = false;
}
/** Where the first cell noted of a block starts: at a place that has none, if that is none. */
function firstStart(block: i32): i32 {
  const half: i32 = (CORE_BLOCKS[block >> 2] >>> ((block & 3) << 3)) & 255;
  return half === NO_START ? coreEnd : (block << BLOCK_SHIFT) + (half << 1);
}
/** isCoreStart for those. A word may refer to what is absent, as the global object's do, as long as nobody follows it. */
export function searchCoreStart(address: i32): bool {
  let block: i32 = address >> BLOCK_SHIFT;
  // A cell that starts at a block's very end is not noted, and a cell of no kind may reach into the block from below.
  while (block > 0 && firstStart(block) > address) block--;
  walksCore = true;
  const found = walkCore(firstStart(block), address);
  walksCore = false;
  return found;
}
/** Does a cell start at `address`, or is it within one of no kind? `from` is where one starts below. */
function walkCore(from: i32, address: i32): bool {
  let at: i32 = from;
  while (at < coreEnd && at < address) {
    const header: i32 = M[at];
    at += (header >>> 8) << 1;
    if (at > address) return (header & 255) === 0;
  }
  return at === address && at < coreEnd;
}

/** Remembers that a cell starts at `address`. */
/** @inline */
export function noteStart(address: i32): void { K[(address >> 6) - HEAP_UNIT] = K[(address >> 6) - HEAP_UNIT] | (1 << (address >> 1)); }
/** Does a cell start at `address`? */
/** @inline */
export function startsCell(address: i32): bool {
  return address >= HEAP ? address < lastWord && (address & 1) === 0 && ((K[(address >> 6) - HEAP_UNIT] >>> (address >> 1)) & 1) !== 0
    : (address & 1) === 0 && isCoreStart(address);
}
/** Is the word one that may stand in a tagged place? NONE may not: the kernel takes it for "no room, try again", for ever. */
export function isGoodWord(word: i32): bool {
  if ((word & 1) === 0) return true;
  if ((word & 2) !== 0) return (word & 4) === 0 && word >= 0 && word <= Immediate.DELETED;
  return startsCell(word >>> 2);
}
/** Sets the second bit of the cell at `address`; false if it was set. */
export function markOnce(address: i32): bool {
  const at: i32 = seconds + (address >> 6) - HEAP_UNIT;
  const bit: i32 = 1 << (address >> 1);
  if ((K[at] & bit) !== 0) return false;
  K[at] = K[at] | bit;
  return true;
}
/** Is it set? Cells of the core have none. */
export function isMarked(address: i32): bool {
  return address >= HEAP && ((K[seconds + (address >> 6) - HEAP_UNIT] >>> (address >> 1)) & 1) !== 0;
}
/** Forgets the second bits, but not which cells are to be looked at again. */
export function clearMarks(): void {
  for (let i: i32 = 0; i < seconds; i++) K[seconds + i] = K[seconds + i] & ~K[i];
}
/** The cell at `address` is to be looked at again; it has more than 8 bytes. */
export function lookAgain(address: i32): void {
  const at: i32 = seconds + ((address + 2) >> 6) - HEAP_UNIT;
  K[at] = K[at] | (1 << ((address + 2) >> 1));
}
/** The first cell to be looked at again that lies behind the one at `address` (0: from the beginning), 0 if there is none. */
export function nextAgain(address: i32): i32 {
  let unit: i32 = address === 0 ? 0 : ((address - HEAP) >> 1) + 2;
  const last: i32 = (lastWord - HEAP) >> 1;
  while (unit <= last) {
    const bits: i32 = ((K[seconds + (unit >> 5)] & ~K[unit >> 5]) >>> (unit & 31)) | 0;
    if (bits !== 0) return HEAP + ((unit + 31 - Math.clz32(bits & -bits) - 1) << 1);
    unit = (unit | 31) + 1;
  }
  return 0;
}
