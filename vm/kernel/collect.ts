// The collector: marks what is reachable and slides it together, keeping the order of allocation. It changes nothing but
// addresses, so when it runs makes no difference to the program (vm/README.md, canonical memory). Only the loop calls it,
// between instructions. An epoch is a collection that also clears what is weak; it does change the program, at
// places that are its own.
//
// Marks lie beside the memory, in K: first one bit for each 8 bytes of heap (all the units of a live cell are set), then
// for each word of bits how many are set in the words before it. So the new address of a cell is its unit's rank:
//   new address = heap base + 2 * (K[ranks + unit / 32] + bits set below it in K[unit / 32])
// The list of cells still to be scanned lies in the free words between heap and stack; if they run out, it goes on in the
// ranks' half of K, which nobody needs before the marks are complete; if that runs out too, a flag is set and the heap is
// swept for cells that are marked but whose children are not. A sweep that overflows again has marked as many cells as
// that half has words, so there are at most 32 of them: a full heap is collected in linear time whatever its shape.

import { Cell, Field, taggedEnd, taggedFirst } from "../format/cells.js";
import { CALLEE } from "../format/frame.js";
import { Reg, registerIsHashed, registerIsWord, Status } from "../format/registers.js";
import { HEAP, Immediate, REGISTER_WORDS, REGISTERS } from "../format/words.js";
import { ROOTS_CELL } from "../format/roots.js";
import { handlersAt, codeSlots, codeStackWords } from "./code.js";
import { CALL_MARGIN, codeOf } from "./call.js";
import { epochIsDue, holdsEpochs } from "./heap.js";
import { K, M, memoryWords } from "./memory.js";
import { flushCache } from "./object.js";
import { hasWeakKeys } from "./table.js";
import type { bool, i32 } from "./types.js";

/** Where the heap begins: HEAP, or the first word of the core while that is being built. */
let heapBase: i32 = HEAP;
/**
 * While the core is being built the heap lies where the core will be.
 * @host
 */
export function setHeapBase(building: boolean): void { heapBase = building ? ROOTS_CELL : HEAP; }
/** Address of the first cell. */
export function heapStart(): i32 { return heapBase; }

/** Words that K needs for a heap that ends below `words`. */
export function marksWords(words: i32): i32 { return 2 * (((words - heapBase) >> 6) + 2); }

let ranks: i32 = 0;
let listBottom: i32 = 0;
let listTop: i32 = 0;
/** Where the free words end: from here to `listEnd` places of the list are in K. */
let listFloor: i32 = 0;
let listEnd: i32 = 0;
let overflowed: bool = false;
/** True while edges that are weak are not followed: at an epoch. The two sets whose members are found by content. */
let weakly: bool = false;
let internSet: i32 = 0;
let transitionSet: i32 = 0;

/** End of the tagged words of the cell at `address`. */
export function taggedLimit(address: i32): i32 {
  const kind: i32 = M[address] & 255;
  const fixed: i32 = taggedEnd[kind];
  if (fixed !== 0) return address + fixed;
  switch (kind) {
    case Cell.CODE: return handlersAt(address);
    case Cell.PROPERTY_TABLE: return address + Field.PROPERTY_TABLE_TAIL + 2 * M[address + Field.PROPERTY_TABLE_CAPACITY];
    case Cell.SPARSE: return address + Field.SPARSE_TAIL + 3 * M[address + Field.SPARSE_CAPACITY];
    case Cell.TABLE: return address + Field.TABLE_TAIL + M[address + Field.TABLE_CAPACITY] * M[address + Field.TABLE_ENTRY_WORDS];
  }
  return address + ((M[address] >>> 8) << 1);
}

/** Number of bits set. */
function bitCount(bits: i32): i32 {
  let b: i32 = bits - ((bits >>> 1) & 0x55555555) | 0;
  b = (b & 0x33333333) + ((b >>> 2) & 0x33333333) | 0;
  b = (b + (b >>> 4)) & 0x0f0f0f0f;
  return Math.imul(b, 0x01010101) >>> 24;
}

/** Marks the cell a word refers to, if it is one of the program's, and lists it for scanning. */
function mark(word: i32): void {
  const address: i32 = word >> 2;
  if ((word & 3) !== 1 || address < heapBase || address >= M[Reg.HEAP_TOP]) return;
  let unit: i32 = (address - heapBase) >> 1;
  let at: i32 = unit >> 5;
  if (((K[at] >>> (unit & 31)) & 1) !== 0) return;
  let left: i32 = (M[address] >>> 8) | 0;
  while (left > 0) {
    const bit: i32 = unit & 31;
    const here: i32 = left < 32 - bit ? left : 32 - bit;
    K[at] = K[at] | ((here === 32 ? -1 : (1 << here) - 1) << bit);
    left = left - here;
    unit = unit + here;
    at++;
  }
  if (taggedFirst[M[address] & 255] === 0) return;
  if (listTop >= listEnd) {
    overflowed = true;
    return;
  }
  if (listTop < listFloor) M[listTop] = address;
  else K[ranks - listFloor + listTop] = address;
  listTop++;
}
/** Is the cell a hash table with weak keys? */
function isWeakTable(address: i32): bool { return (M[address] & 255) === Cell.TABLE && hasWeakKeys(address); }
function scan(address: i32): void {
  if (weakly && (address === internSet || address === transitionSet)) return;
  const end: i32 = weakly && isWeakTable(address) ? address + Field.TABLE_TAIL : taggedLimit(address);
  for (let i: i32 = address + taggedFirst[M[address] & 255]; i < end; i++) mark(M[i]);
}
function drain(): void {
  while (listTop > listBottom) {
    listTop--;
    scan(listTop < listFloor ? M[listTop] : K[ranks - listFloor + listTop]);
  }
}
/** First marked address at or after `address`, or `end`. */
function nextMarked(address: i32, end: i32): i32 {
  let unit: i32 = (address - heapBase) >> 1;
  const last: i32 = (end - heapBase) >> 1;
  while (unit < last) {
    const bits: i32 = (K[unit >> 5] >>> (unit & 31)) | 0;
    if (bits !== 0) {
      const low: i32 = 31 - Math.clz32(bits & -bits);
      return heapBase + ((unit + low) << 1);
    }
    unit = (unit | 31) + 1;
  }
  return end;
}
/** Scans what was marked when the list was full. */
function drainOverflow(top: i32): void {
  while (overflowed) {
    overflowed = false;
    let address = nextMarked(heapBase, top);
    while (address < top) {
      if (taggedFirst[M[address] & 255] !== 0) scan(address);
      drain();
      address = nextMarked(address + ((M[address] >>> 8) << 1), top);
    }
  }
}
/** Is it no reference to a cell of the program, or to one that is marked? */
function isLive(word: i32): bool {
  const address: i32 = word >> 2;
  if ((word & 3) !== 1 || address < heapBase || address >= M[Reg.HEAP_TOP]) return true;
  const unit: i32 = (address - heapBase) >> 1;
  return ((K[unit >> 5] >>> (unit & 31)) & 1) !== 0;
}
/** Marks the values of weak tables whose keys are marked, until there are no more of them. Source: Hayes, Ephemerons, 1997. */
function markEphemerons(top: i32): void {
  let more: bool = true;
  while (more) {
    more = false;
    let address = nextMarked(heapBase, top);
    while (address < top) {
      if (isWeakTable(address) && M[address + Field.TABLE_ENTRY_WORDS] > 1) {
        for (let i: i32 = 0; i < M[address + Field.TABLE_USED]; i++) {
          const entry: i32 = address + Field.TABLE_TAIL + 2 * i;
          const keyLives = isLive(M[entry]);
          const valueLives = isLive(M[entry + 1]);
          if (keyLives && !valueLives) {
            mark(M[entry + 1]);
            drain();
            more = true;
          }
        }
      }
      address = nextMarked(address + ((M[address] >>> 8) << 1), top);
    }
    drainOverflow(top);
  }
}
/** Takes what is not marked out of a set that finds its members by content. */
function clearSet(setWord: i32): void {
  if ((setWord & 3) !== 1) return;
  const set: i32 = setWord >> 2;
  const end: i32 = set + Field.WEAK_SET_TAIL + M[set + Field.WEAK_SET_CAPACITY];
  for (let i: i32 = set + Field.WEAK_SET_TAIL; i < end; i++) {
    const lives = isLive(M[i]);
    if (lives) continue;
    M[i] = Immediate.DELETED;
    M[set + Field.WEAK_SET_LIVE] = M[set + Field.WEAK_SET_LIVE] - 1;
  }
}
/** Deletes the entries of weak tables whose keys are not marked. */
function clearWeakTables(top: i32): void {
  let address = nextMarked(heapBase, top);
  while (address < top) {
    if (isWeakTable(address)) {
      const entryWords: i32 = M[address + Field.TABLE_ENTRY_WORDS];
      for (let i: i32 = 0; i < M[address + Field.TABLE_USED]; i++) {
        const entry: i32 = address + Field.TABLE_TAIL + Math.imul(i, entryWords);
        const lives = isLive(M[entry]);
        if (lives) continue;
        M[entry] = Immediate.DELETED;
        if (entryWords > 1) M[entry + 1] = Immediate.UNDEFINED;
        M[address + Field.TABLE_LIVE] = M[address + Field.TABLE_LIVE] - 1;
      }
    }
    address = nextMarked(address + ((M[address] >>> 8) << 1), top);
  }
}
function markAll(): void {
  const top: i32 = M[Reg.HEAP_TOP];
  const words: i32 = ((top - heapBase) >> 6) + 1;
  for (let i: i32 = 0; i < words; i++) K[i] = 0;
  ranks = words;
  listBottom = top;
  listTop = top;
  listFloor = M[Reg.STACK_FLOOR];
  listEnd = listFloor + words;
  overflowed = false;
  if (heapBase < HEAP) mark((heapBase << 2) | 1);
  for (let i: i32 = 0; i < REGISTER_WORDS; i++) {
    if (registerIsWord[i] !== 0) mark(M[REGISTERS + i]);
  }
  drain();
  for (let i: i32 = M[Reg.SP]; i < memoryWords; i++) {
    mark(M[i]);
    drain();
  }
  drainOverflow(top);
}
/** Counts the bits before each word of them; returns how many there are in all. */
function rank(words: i32): i32 {
  let total: i32 = 0;
  for (let i: i32 = 0; i < words; i++) {
    K[words + i] = total;
    total = total + bitCount(K[i]);
  }
  return total;
}
/** The word for the same cell after sliding. */
function forward(word: i32): i32 {
  const address: i32 = word >> 2;
  if ((word & 3) !== 1 || address < heapBase || address >= M[Reg.HEAP_TOP]) return word;
  const unit: i32 = (address - heapBase) >> 1;
  const at: i32 = unit >> 5;
  const before: i32 = K[ranks + at] + bitCount(K[at] & ((1 << (unit & 31)) - 1));
  return ((heapBase + (before << 1)) << 2) | 1;
}

/**
 * Collects: afterwards the heap holds the live cells without gaps, in their old order, and nothing else has changed.
 * @loop
 */
export function collect(): void {
  markAll();
  slide();
}
/**
 * Holds an epoch (C5): a collection in which weak edges keep nothing, and are cleared.
 * @loop
 */
function holdEpoch(): void {
  weakly = true;
  internSet = M[Reg.INTERN] >> 2;
  transitionSet = M[Reg.TRANSITIONS] >> 2;
  markAll();
  markEphemerons(M[Reg.HEAP_TOP]);
  weakly = false;
  clearSet(M[Reg.INTERN]);
  clearSet(M[Reg.TRANSITIONS]);
  clearWeakTables(M[Reg.HEAP_TOP]);
  M[Reg.REQUESTED] = 0;
  M[Reg.EPOCHS] = (M[Reg.EPOCHS] + 1) | 0;
  slide();
  flushCache();
}
/** Moves the marked cells together. */
function slide(): void {
  const live = rank(ranks);
  const top: i32 = M[Reg.HEAP_TOP];
  if (heapBase + 2 * live === top) return;
  for (let i: i32 = M[Reg.SP]; i < memoryWords; i++) M[i] = forward(M[i]);
  for (let i: i32 = 0; i < REGISTER_WORDS; i++) {
    if (registerIsWord[i] !== 0) M[REGISTERS + i] = forward(M[REGISTERS + i]);
  }
  let to: i32 = heapBase;
  let address = nextMarked(heapBase, top);
  while (address < top) {
    const size: i32 = (M[address] >>> 8) << 1;
    const first: i32 = taggedFirst[M[address] & 255];
    if (first !== 0) {
      const end = taggedLimit(address);
      for (let i: i32 = address + first; i < end; i++) M[i] = forward(M[i]);
    }
    if (to !== address) {
      for (let i: i32 = 0; i < size; i++) M[to + i] = M[address + i];
    }
    to = to + size;
    address = nextMarked(address + size, top);
  }
  M[Reg.HEAP_TOP] = to;
  flushCache();
}

/** Has an epoch been held because the instruction that lacks room is out of memory? */
let epochTried: bool = false;
/** The instruction is done, or another begins. */
export function forgetEpoch(): void { epochTried = false; }
/** Lowest address that the running frame may use. */
export function frameBottom(): i32 {
  const fp: i32 = M[Reg.FP];
  const code = codeOf(M[fp + CALLEE]);
  const reserved: i32 = fp - codeSlots(code) - codeStackWords(code) - CALL_MARGIN;
  return reserved < M[Reg.SP] ? reserved : M[Reg.SP];
}
/**
 * After RETRY: collects and shares the free words between heap and stack. RUNNING when the instruction can be run again,
 * OUT_OF_MEMORY if live words and request exceed the program's limit, GROW if only the host's buffer is too small
 * (REQUEST then says how many words the whole memory should have).
 * @loop
 */
export function makeRoom(): i32 {
  const request: i32 = M[Reg.REQUEST];
  const stackRequest: i32 = M[Reg.STACK_REQUEST];
  const due = epochIsDue();
  if (heapBase < HEAP) {
    // The core's sets are its own for ever, so there are no epochs.
    collect();
    M[Reg.REQUESTED] = 0;
    return M[Reg.HEAP_TOP] + request <= M[Reg.STACK_FLOOR] ? Status.RUNNING : Status.OUT_OF_MEMORY;
  }
  if (due) holdEpoch();
  else collect();
  const bottom: i32 = frameBottom() - stackRequest;
  const others: i32 = REGISTER_WORDS + (memoryWords - bottom) - heapBase;
  const epochs = holdsEpochs();
  // Once for an instruction: what an epoch takes from it, it makes again.
  if (M[Reg.HEAP_TOP] + others + request > M[Reg.MEMORY_LIMIT] && epochs && !due && !epochTried) {
    epochTried = true;
    holdEpoch();
  }
  const top: i32 = M[Reg.HEAP_TOP];
  const used: i32 = top + others;
  if (used + request > M[Reg.MEMORY_LIMIT]) return Status.OUT_OF_MEMORY;
  const free: i32 = bottom - top - request;
  const present: i32 = memoryWords - REGISTERS;
  if (present < M[Reg.MEMORY_LIMIT] && (free < 0 || free < used >> 1)) {
    let wanted: i32 = used + request + (used + request > 0x8000000 ? 0x4000000 : used + request) + 1024;
    if (wanted > M[Reg.MEMORY_LIMIT]) wanted = M[Reg.MEMORY_LIMIT];
    if (wanted > present) {
      M[Reg.REQUEST] = REGISTERS + wanted;
      return Status.GROW;
    }
  }
  shareRoom(bottom, free);
  return Status.RUNNING;
}
/** Puts the floor of the stack: a quarter of what is free belongs to it, at most 64 KB. */
function shareRoom(bottom: i32, free: i32): void {
  let share: i32 = free >> 2;
  if (share > 16384) share = 16384;
  M[Reg.STACK_FLOOR] = bottom - share;
  M[Reg.REQUEST] = 0;
  M[Reg.STACK_REQUEST] = 0;
}
/** After the host moved the memory into a larger buffer: the stack's words already lie at its end, `delta` words further up. */
export function rebase(delta: i32): void {
  M[Reg.SP] = M[Reg.SP] + delta;
  M[Reg.FP] = M[Reg.FP] + delta;
  const bottom: i32 = frameBottom() - M[Reg.STACK_REQUEST];
  shareRoom(bottom, bottom - M[Reg.HEAP_TOP] - M[Reg.REQUEST]);
  flushCache();
}

// The state hash: equal for equal programs at equal steps on every host. Registers of kinds word and raw, the live stack,
// and every live cell but number boxes, in order of allocation. A word that refers to a box hashes the number, one that
// refers to a core cell hashes as it is, any other reference as the ordinal of its cell among those hashed.

let hashA: i32 = 0;
let hashB: i32 = 0;
function absorb(word: i32): void {
  hashA = Math.imul(hashA ^ word, 0x01000193 | 0) ^ (hashA >>> 13);
  hashB = Math.imul((hashB + word) | 0, 0x9e3779b1 | 0);
  hashB = hashB ^ (hashB >>> 15);
}
function absorbWord(word: i32): void {
  const address: i32 = word >> 2;
  if ((word & 3) !== 1 || address < heapBase) { absorb(word); return; }
  if ((M[address] & 255) === Cell.NUMBER) {
    absorb(Immediate.NONE);
    absorb(M[address + Field.NUMBER_LOW]);
    absorb(M[address + Field.NUMBER_HIGH]);
    return;
  }
  const unit: i32 = (address - heapBase) >> 1;
  const at: i32 = unit >> 5;
  absorb(1);
  absorb(K[ranks + at] + bitCount(K[at] & ((1 << (unit & 31)) - 1)));
}
/**
 * Hashes the memory, collected for it; the result is read by stateHashHigh and stateHashLow.
 * @loop
 */
export function hashState(): void {
  collect();
  const top: i32 = M[Reg.HEAP_TOP];
  const words: i32 = ((top - heapBase) >> 6) + 1;
  for (let i: i32 = 0; i < words; i++) K[i] = 0;
  for (let address: i32 = heapBase; address < top; address += (M[address] >>> 8) << 1) {
    if ((M[address] & 255) !== Cell.NUMBER) {
      const unit: i32 = (address - heapBase) >> 1;
      K[unit >> 5] = K[unit >> 5] | (1 << (unit & 31));
    }
  }
  ranks = words;
  rank(words);
  hashA = 0x811c9dc5 | 0;
  hashB = 0x2545f491;
  for (let i: i32 = 0; i < REGISTER_WORDS; i++) {
    if (registerIsWord[i] === 1) absorbWord(M[REGISTERS + i]);
    else if (registerIsHashed[i] !== 0) absorb(M[REGISTERS + i]);
  }
  absorb(memoryWords - M[Reg.SP]);
  absorb(memoryWords - M[Reg.FP]);
  for (let i: i32 = M[Reg.SP]; i < memoryWords; i++) absorbWord(M[i]);
  for (let address: i32 = heapBase; address < top; address += (M[address] >>> 8) << 1) {
    const kind: i32 = M[address] & 255;
    if (kind === Cell.NUMBER) continue;
    const first: i32 = taggedFirst[kind];
    const end: i32 = first === 0 ? address : taggedLimit(address);
    const size: i32 = (M[address] >>> 8) << 1;
    for (let i: i32 = 0; i < size; i++) {
      if (first !== 0 && i >= first && address + i < end) absorbWord(M[address + i]);
      else absorb(M[address + i]);
    }
  }
}
export function stateHashHigh(): i32 { return hashA; }
export function stateHashLow(): i32 { return hashB; }
