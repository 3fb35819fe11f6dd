// Cells and words: the ground that every other kernel file stands on. Allocation is a bump of HEAP_TOP; nothing here or
// in any caller ever collects. The rule that makes this safe (reserve, then commit; R1 of vm/README.md): a function that is
// about to change anything first calls `reserve` for all the words it may allocate, and on false returns NONE (or false)
// at once. The loop then collects and runs the instruction again. So addresses held in locals never go stale. An
// instruction of several such functions keeps what the first of them has made and finds it the next time; where it
// could not, it reserves for all of them before the first.

import { Cell, Field } from "../format/cells.js";
import { CELL_WORDS_MAX, Immediate, SMALL_MAX, SMALL_MIN } from "../format/words.js";
import { Reg } from "../format/registers.js";
import { F, M } from "./memory.js";
import type { bool, f64, i32 } from "./types.js";

/** Words of a boxed number. */
export const NUMBER_WORDS = 4;

/** The error that an operation ended with when it returned NONE with nothing missing: number plus 1, and what it is about. */
let pendingError: i32 = 0;
let pendingA: i32 = 0;
let pendingB: i32 = 0;

/** Records that the operation throws error `code` (errors.ts) about the words `a` and `b`; its result is NONE, to be returned. */
export function fail(code: i32, a: i32, b: i32): i32 {
  pendingError = code + 1;
  pendingA = a;
  pendingB = b;
  return Immediate.NONE;
}
/** Records that an intrinsic's first operand is a proxy, of which the core is to be asked `act` (ProxyAct) in its stead. */
export function meetProxy(act: i32): i32 {
  pendingError = -1 - act;
  return Immediate.NONE;
}
/** The recorded error's number plus 1, or less than 0 for a proxy, or 0; forgets it. */
export function takeError(): i32 {
  const error: i32 = pendingError;
  pendingError = 0;
  return error;
}
export function errorA(): i32 { return pendingA; }
export function errorB(): i32 { return pendingB; }

/** True while the machine holds something impossible: a forged image or a bug of ours. The loop stops with FAULT. */
let faulted: bool = false;
/** Stops the machine with FAULT after this instruction; the result is NONE, to be returned. */
export function fault(): i32 {
  faulted = true;
  return Immediate.NONE;
}
export function takeFault(): bool {
  const was: bool = faulted;
  faulted = false;
  return was;
}
/** Forgets a failure that nobody took: another program's, which was stopped. */
export function forgetFailure(): void {
  pendingError = 0;
  faulted = false;
}

/** An epoch (C5) is due when a program has requested so many words since the last one: 4 MB of cells. */
const EPOCH_WORDS = 1 << 20;
/** True while a program runs: what its host allocates for it between two runs waits for no epoch. */
let epochsHeld: bool = false;
let epochsAllowed: bool = true;
/** True if the room that was refused last is to be made by an epoch. */
let epochDue: bool = false;
export function holdEpochs(running: bool): void { epochsHeld = running && epochsAllowed; }
export function holdsEpochs(): bool { return epochsHeld; }
export function epochIsDue(): bool { return epochDue; }
/**
 * For tests that refuse room: an epoch before every refusal would change what they compare.
 * @host
 */
export function useEpochs(allowed: boolean): void { epochsAllowed = allowed; }

/**
 * Is there room for `words` more? If not, REQUEST says how much is missing and the instruction must end without an effect.
 * Every cell that is counted in REQUESTED is reserved by this in the instruction that makes it, so the first that is
 * to be made when an epoch is due waits for that, whatever the host.
 */
/** @hot */
export function reserve(words: i32): bool {
  const due: bool = M[Reg.REQUESTED] >= EPOCH_WORDS && epochsHeld && words > 0;
  if (!due && M[Reg.HEAP_TOP] + words <= M[Reg.STACK_FLOOR]) return true;
  epochDue = due;
  M[Reg.REQUEST] = words;
  return false;
}
/** Asks for room although there is enough: the instruction must end without an effect, and the loop that runs it. */
export function reserveAnew(words: i32): void {
  epochDue = false;
  M[Reg.REQUEST] = words;
}
/** Is there room for a boxed number? Boxes are not counted, and no epoch waits for one. */
/** @hot */
export function reserveNumber(): bool {
  if (M[Reg.HEAP_TOP] + NUMBER_WORDS <= M[Reg.STACK_FLOOR]) return true;
  epochDue = false;
  M[Reg.REQUEST] = NUMBER_WORDS;
  return false;
}
/** Asks for `words` more of stack: the instruction must end without an effect. */
export function requestStack(words: i32): void {
  epochDue = false;
  M[Reg.STACK_REQUEST] = words;
}

/** `words` rounded up to whole cells (8 bytes). */
/** @inline */
export function cellWords(words: i32): i32 { return (words + 1) & -2; }

/**
 * A new cell of that kind and size (words, header included; room must have been reserved). Returns its address. The
 * header and the padding word are written; the caller writes all the rest.
 */
/** @hot */
export function allocate(kind: i32, words: i32): i32 {
  const address: i32 = M[Reg.HEAP_TOP];
  const size: i32 = (words + 1) & -2;
  if (words > CELL_WORDS_MAX || address + size > M[Reg.STACK_FLOOR]) { faulted = true; return address; }
  M[Reg.HEAP_TOP] = address + size;
  M[Reg.REQUESTED] = (M[Reg.REQUESTED] + size) | 0;
  M[address] = (size << 7) | kind;
  M[address + size - 1] = 0;
  return address;
}

/** @inline */
export function reference(address: i32): i32 { return (address << 2) | 1; }
/** @inline */
export function addressOf(word: i32): i32 { return word >> 2; }
/** @inline */
export function isReference(word: i32): bool { return (word & 3) === 1; }
/** @inline */
export function isSmall(word: i32): bool { return (word & 1) === 0; }
/** @inline */
export function cellKind(address: i32): i32 { return M[address] & 255; }
/** Words of the cell at `address`, header and padding included. */
/** @inline */
export function cellSize(address: i32): i32 { return (M[address] >>> 8) << 1; }
/** Cell kind of what a word refers to; 0 if it is no reference. */
/** @inline */
export function kindOf(word: i32): i32 { return (word & 3) === 1 ? M[word >> 2] & 255 : 0; }
/** @inline */
export function truth(value: bool): i32 { return value ? Immediate.TRUE : Immediate.FALSE; }

/** Is the word a number? */
/** @hot */
export function isNumber(word: i32): bool {
  return (word & 1) === 0 || ((word & 3) === 1 && (M[word >> 2] & 255) === Cell.NUMBER);
}
/** The number that a word is (the caller knows it is one). */
/** @inline */
export function numberValue(word: i32): f64 { return (word & 1) === 0 ? word >> 1 : F[((word >> 2) + Field.NUMBER_LOW) >> 1]; }

/** Is `x` a small integer (not -0)? */
export function isSmallValue(x: f64): bool {
  const i: i32 = x | 0;
  return i === x && i <= SMALL_MAX && i >= SMALL_MIN && (i !== 0 || 1 / x > 0);
}
/** The word for `x`; NUMBER_WORDS must have been reserved. Boxes are not counted in REQUESTED, so compiled code may unbox. */
/** @hot */
export function numberWord(x: f64): i32 {
  const i: i32 = x | 0;
  if (i === x && i <= SMALL_MAX && i >= SMALL_MIN && (i !== 0 || 1 / x > 0)) return i << 1;
  if (M[Reg.HEAP_TOP] + NUMBER_WORDS > M[Reg.STACK_FLOOR]) return fault();
  return box(x);
}
/** A new boxed number; the room is there. */
/** @hot */
function box(x: f64): i32 {
  const address: i32 = M[Reg.HEAP_TOP];
  M[Reg.HEAP_TOP] = address + NUMBER_WORDS;
  M[address] = ((NUMBER_WORDS >> 1) << 8) | Cell.NUMBER;
  M[address + Field.NUMBER_PAD] = 0;
  if (x !== x) {
    M[address + Field.NUMBER_LOW] = 0;
    M[address + Field.NUMBER_HIGH] = 0x7ff80000;
  } else {
    F[(address + Field.NUMBER_LOW) >> 1] = x;
  }
  return (address << 2) | 1;
}
/** The word for a number that may need a box, reserving the room: NONE if there is none. */
/** @hot */
export function numberResult(x: f64): i32 {
  const i: i32 = x | 0;
  if (i === x && i <= SMALL_MAX && i >= SMALL_MIN && (i !== 0 || 1 / x > 0)) return i << 1;
  return reserveNumber() ? box(x) : Immediate.NONE;
}
/** The word for an integer of 32 bits, signed; NUMBER_WORDS must have been reserved. */
export function integerWord(i: i32): i32 {
  if (i <= SMALL_MAX && i >= SMALL_MIN) return i << 1;
  return numberWord(i);
}

/** Does the word refer to an object (functions and arrays included)? */
/** @hot */
export function isObject(word: i32): bool {
  if ((word & 3) !== 1) return false;
  const kind: i32 = M[word >> 2] & 255;
  return kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY;
}
/** Is the word a string? */
/** @hot */
export function isText(word: i32): bool {
  if ((word & 3) !== 1) return false;
  const kind: i32 = M[word >> 2] & 255;
  return kind >= Cell.STRING && kind <= Cell.ROPE;
}
/** Is the word a big integer? */
/** @inline */
export function isBig(word: i32): bool { return kindOf(word) === Cell.BIGINT; }
/** Is the word a symbol? */
/** @inline */
export function isSymbol(word: i32): bool { return kindOf(word) === Cell.SYMBOL; }

/** A serial for an object, symbol or shape: hashes and orders are by these, never by addresses. */
export function nextSerial(): i32 {
  const serial: i32 = M[Reg.NEXT_SERIAL];
  M[Reg.NEXT_SERIAL] = (serial + 1) | 0;
  return serial;
}

/** Copies `count` words from `from` to `to`; the ranges may overlap. */
export function moveWords(to: i32, from: i32, count: i32): void {
  if (to <= from) {
    for (let i: i32 = 0; i < count; i++) M[to + i] = M[from + i];
  } else {
    for (let i: i32 = count - 1; i >= 0; i--) M[to + i] = M[from + i];
  }
}
/** Fills `count` words with `word`. */
export function fillWords(to: i32, word: i32, count: i32): void {
  for (let i: i32 = 0; i < count; i++) M[to + i] = word;
}
/** Charges `steps` further steps for bulk work (they may take FUEL below zero: the machine then stops after the instruction). */
export function charge(steps: i32): void {
  M[Reg.FUEL] = (M[Reg.FUEL] - steps) | 0;
}
/** Bulk work costs a step for each so many words or bytes. */
export const CHARGE_SHIFT = 6;
