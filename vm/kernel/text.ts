// Strings: their cells, flattening, comparison, joining, hashing and interning. textops.ts builds on it what the
// intrinsics do. Words are tagged words of strings; addresses are those of flat cells (STRING, WIDE_STRING, KEY,
// WIDE_KEY).
//
// Four rules hold everywhere. Texts are canonical: one is wide only if it has a unit above 255, so equal texts have
// cells of the same width, and the unused bytes of a text's last word are zero, so equality is equality of words. The
// empty string is always the key in root NAME_. A text longer than FLAT_MAX that comes of joining two stays a rope until
// somebody looks into it; flattening is invisible but for the room it takes, may therefore stay done when the
// instruction around it runs out of room, and costs its steps once. And functions that only look (hashText, findKey,
// equalUnits) charge nothing: an instruction that has to be run again for want of room must not pay twice, so whoever
// calls them charges when it is certain to finish.

import { Cell, Field } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { Reg } from "../format/registers.js";
import { ROOTS, Root } from "../format/roots.js";
import { CELL_WORDS_MAX, Immediate, STRING_MAX } from "../format/words.js";
import { CHARGE_SHIFT, allocate, cellKind, cellSize, charge, fail, fault, fillWords, isText, reference, reserve } from "./heap.js";
import { B, H, M, S } from "./memory.js";
import type { bool, f64, i32 } from "./types.js";

/** No number's text has more units. */
const NUMBER_TEXT_MAX = 24;
/** Joined texts of up to so many units are copied together at once. */
export const FLAT_MAX = 24;
const ROPE_WORDS = 4;
/** Slots of the first table of interned strings. */
const INTERN_CAPACITY = 32;

/** Is the cell at `address` a flat text? */
export function isFlatCell(address: i32): bool {
  const kind: i32 = cellKind(address);
  return kind >= Cell.STRING && kind <= Cell.WIDE_KEY;
}
/** Is the word a flat string? */
export function isFlatText(w: i32): bool {
  return (w & 3) === 1 && isFlatCell(w >> 2);
}
/** Is the flat cell at `address` a wide one? */
export function wideCell(address: i32): bool {
  const kind: i32 = cellKind(address);
  return kind === Cell.WIDE_STRING || kind === Cell.WIDE_KEY;
}
/** Is the flat cell at `address` an interned string? */
export function keyCell(address: i32): bool {
  const kind: i32 = cellKind(address);
  return kind === Cell.KEY || kind === Cell.WIDE_KEY;
}
/** Units of the flat cell at `address`. */
/** @inline */
export function flatLength(address: i32): i32 { return M[address + Field.STRING_LENGTH]; }
/** Word index of a flat cell's first unit. */
export function textTail(address: i32): i32 {
  return address + (keyCell(address) ? Field.KEY_TAIL : Field.STRING_TAIL);
}
/** Where a flat cell's first unit is: an index into B if it is narrow, into H if it is wide. */
export function textStart(address: i32): i32 {
  const tail: i32 = textTail(address);
  return wideCell(address) ? tail << 1 : tail << 2;
}

/** Units of a string, ropes included. */
export function textLength(w: i32): i32 {
  const address: i32 = w >> 2;
  const length: i32 = M[address + Field.STRING_LENGTH];
  return cellKind(address) === Cell.ROPE ? length >> 1 : length;
}
/** Has a string a unit above 255? */
export function isWide(w: i32): bool {
  const address: i32 = w >> 2;
  return cellKind(address) === Cell.ROPE ? (M[address + Field.ROPE_LENGTH] & 1) !== 0 : wideCell(address);
}
/** Unit at a place of H (`wide`) or B. */
/** @inline */
export function unitFrom(wide: bool, place: i32): i32 { return wide ? H[place] : B[place]; }
/** Unit `i` of the flat cell at `address`. */
export function unitAt(address: i32, i: i32): i32 {
  const start: i32 = textStart(address);
  return wideCell(address) ? H[start + i] : B[start + i];
}
/** The word of the empty string. */
export function emptyText(): i32 { return M[ROOTS + Root.NAME_]; }

/** Words that hold `length` units. */
function unitWords(length: i32, wide: bool): i32 {
  return ((wide ? length << 1 : length) + 3) >> 2;
}
/** Words of a STRING or WIDE_STRING cell of `length` units. */
export function textWords(length: i32, wide: bool): i32 {
  return Field.STRING_TAIL + unitWords(length, wide);
}
/** Words of a KEY or WIDE_KEY cell of `length` units. */
function keyWords(length: i32, wide: bool): i32 {
  return Field.KEY_TAIL + unitWords(length, wide);
}
/**
 * Is there room for a cell of `words` and `further` words? A text for which no cell is large enough asks for more than
 * any memory has, so the program is out of memory.
 */
export function reserveCell(words: i32, further: i32): bool {
  if (words > CELL_WORDS_MAX) return reserve(0x3fffffff);
  return reserve(((words + 1) & -2) + further);
}
/** Is there room for a text of `length` units and `further` words? */
export function reserveText(length: i32, wide: bool, further: i32): bool {
  return reserveCell(textWords(length, wide), further);
}
/** A new STRING or WIDE_STRING cell (room reserved), its units to be written by the caller. Returns its address. */
export function newText(length: i32, wide: bool): i32 {
  const words: i32 = textWords(length, wide);
  const address = allocate(wide ? Cell.WIDE_STRING : Cell.STRING, words);
  M[address + words - 1] = 0;
  M[address + Field.STRING_LENGTH] = length;
  return address;
}
/** The string of the units in S[0..length): a word, or NONE if there is no room. */
export function textFromScratch(length: i32): i32 {
  if (length === 0) return M[ROOTS + Root.NAME_];
  let bits: i32 = 0;
  for (let i: i32 = 0; i < length; i++) bits |= S[i];
  const wide: bool = bits > 255;
  if (!reserveText(length, wide, 0)) return Immediate.NONE;
  const address = newText(length, wide);
  const start: i32 = textStart(address);
  if (wide) for (let i: i32 = 0; i < length; i++) H[start + i] = S[i];
  else for (let i: i32 = 0; i < length; i++) B[start + i] = S[i];
  return reference(address);
}

/**
 * Copies `count` bytes of B, upwards: the ranges may overlap if `to` is not above `from`. By words, each put together
 * from two where the ranges are not alike aligned.
 */
export function copyBytes(to: i32, from: i32, count: i32): void {
  let done: i32 = 0;
  if (count >= 16) {
    for (; ((to + done) & 3) !== 0; done++) B[to + done] = B[from + done];
    const words: i32 = (count - done) >> 2;
    const target: i32 = (to + done) >> 2;
    const source: i32 = (from + done) >> 2;
    const shift: i32 = ((from + done) & 3) << 3;
    if (shift === 0) {
      for (let i: i32 = 0; i < words; i++) M[target + i] = M[source + i];
    } else {
      let low: i32 = M[source];
      for (let i: i32 = 0; i < words; i++) {
        const high: i32 = M[source + i + 1];
        M[target + i] = (low >>> shift) | (high << (32 - shift));
        low = high;
      }
    }
    done = done + (words << 2);
  }
  for (; done < count; done++) B[to + done] = B[from + done];
}
/**
 * Copies `count` units from unit `from` of the flat cell at `address` to place `to`, an index into H if `wide`, else
 * into B; then the units must be at most 255.
 */
export function copyUnits(to: i32, wide: bool, address: i32, from: i32, count: i32): void {
  const source: i32 = textStart(address) + from;
  if (!wideCell(address)) {
    if (wide) for (let i: i32 = 0; i < count; i++) H[to + i] = B[source + i];
    else copyBytes(to, source, count);
  } else if (wide) {
    copyBytes(to << 1, source << 1, count << 1);
  } else {
    for (let i: i32 = 0; i < count; i++) B[to + i] = H[source + i];
  }
}
/** Are `count` units from unit `from` of the flat cell at `address` all at most 255? */
export function narrowUnits(address: i32, from: i32, count: i32): bool {
  if (!wideCell(address)) return true;
  const source: i32 = textStart(address) + from;
  for (let i: i32 = 0; i < count; i++) if (H[source + i] > 255) return false;
  return true;
}

/**
 * Writes a text, rope or not, to place `start` (of H if `wide`, else of B); false for a rope that cannot
 * be. Of two parts it writes the shorter first and keeps the longer in S for later: so each entry kept halves what is
 * being written, thirty are enough for any shape of rope, and every node is visited once.
 */
export function writeRope(rope: i32, start: i32, wide: bool): bool {
  const empty: i32 = M[ROOTS + Root.NAME_];
  let word: i32 = rope;
  let at: i32 = start;
  let depth: i32 = 0;
  for (;;) {
    const address: i32 = word >> 2;
    const length = textLength(word);
    if (cellKind(address) === Cell.ROPE) {
      const left: i32 = M[address + Field.ROPE_LEFT];
      const right: i32 = M[address + Field.ROPE_RIGHT];
      if (right === empty) {
        if (!isFlatText(left) || textLength(left) !== length) return false;
        word = left;
        continue;
      }
      if (!isText(left) || !isText(right)) return false;
      const leftLength = textLength(left);
      const rightLength = textLength(right);
      // Parts are never empty and make up the whole: without this a forged rope could be endless or outgrow its target.
      if (leftLength < 1 || rightLength < 1 || leftLength + rightLength !== length) return false;
      if (leftLength >= rightLength) {
        S[depth] = left;
        S[depth + 1] = at;
        word = right;
        at = at + leftLength;
      } else {
        S[depth] = right;
        S[depth + 1] = at + leftLength;
        word = left;
      }
      depth = depth + 2;
      continue;
    }
    if (!wide && wideCell(address)) return false;
    copyUnits(at, wide, address, 0, length);
    if (depth === 0) return true;
    depth = depth - 2;
    word = S[depth];
    at = S[depth + 1];
  }
}

/**
 * The word of a flat cell with the text of `w`; NONE if there is no room. A rope remembers its flat text: it becomes
 * the left part, and the right one the empty string.
 */
export function flatten(w: i32): i32 {
  if ((w & 3) !== 1) return fault();
  const address: i32 = w >> 2;
  if (isFlatCell(address)) return w;
  if (cellKind(address) !== Cell.ROPE) return fault();
  const empty: i32 = M[ROOTS + Root.NAME_];
  if (M[address + Field.ROPE_RIGHT] === empty) {
    const flat: i32 = M[address + Field.ROPE_LEFT];
    return isFlatText(flat) ? flat : fault();
  }
  const length = textLength(w);
  const wide = isWide(w);
  if (!reserveText(length, wide, 0)) return Immediate.NONE;
  const target = newText(length, wide);
  const start: i32 = textStart(target);
  const written = writeRope(w, start, wide);
  if (!written) return fault();
  M[address + Field.ROPE_LEFT] = reference(target);
  M[address + Field.ROPE_RIGHT] = empty;
  charge(length >> CHARGE_SHIFT);
  return reference(target);
}
/** The flat text of a rope that has been flattened, any other word as it is. */
function withoutRope(w: i32): i32 {
  const address: i32 = w >> 2;
  if (cellKind(address) !== Cell.ROPE || M[address + Field.ROPE_RIGHT] !== M[ROOTS + Root.NAME_]) return w;
  return M[address + Field.ROPE_LEFT];
}

/** Have two flat cells the same text? */
export function equalUnits(a: i32, b: i32): bool {
  if (a === b) return true;
  const length: i32 = M[a + Field.STRING_LENGTH];
  const wide: bool = wideCell(a);
  if (length !== M[b + Field.STRING_LENGTH] || wide !== wideCell(b) || (keyCell(a) && keyCell(b))) return false;
  const words: i32 = unitWords(length, wide);
  const x: i32 = textTail(a);
  const y: i32 = textTail(b);
  for (let i: i32 = 0; i < words; i++) if (M[x + i] !== M[y + i]) return false;
  return true;
}
/** Are two strings equal? 1 or 0; -1 if room is missing to flatten one. */
export function textEquals(a: i32, b: i32): i32 {
  if (a === b) return 1;
  if (!isText(a) || !isText(b)) {
    fault();
    return -1;
  }
  if (textLength(a) !== textLength(b) || isWide(a) !== isWide(b)) return 0;
  const x = flatten(a);
  if (x === Immediate.NONE) return -1;
  const y = flatten(b);
  if (y === Immediate.NONE) return -1;
  const equal = equalUnits(x >> 2, y >> 2);
  if (equal) charge(textLength(x) >> CHARGE_SHIFT);
  return equal ? 1 : 0;
}
/** The order of two flat cells by their units: -1, 0, 1. */
function compareUnits(a: i32, b: i32): i32 {
  const lengthA: i32 = M[a + Field.STRING_LENGTH];
  const lengthB: i32 = M[b + Field.STRING_LENGTH];
  const shorter: i32 = lengthA < lengthB ? lengthA : lengthB;
  const wide: bool = wideCell(a);
  let i: i32 = 0;
  if (wide === wideCell(b)) {
    // Skip the words that are equal; the last, unless it is whole, counts by units.
    const words: i32 = (wide ? shorter << 1 : shorter) >> 2;
    const x: i32 = textTail(a);
    const y: i32 = textTail(b);
    while (i < words && M[x + i] === M[y + i]) i++;
    i = wide ? i << 1 : i << 2;
  }
  for (; i < shorter; i++) {
    const unitA: i32 = unitAt(a, i);
    const unitB: i32 = unitAt(b, i);
    if (unitA !== unitB) {
      charge(i >> CHARGE_SHIFT);
      return unitA < unitB ? -1 : 1;
    }
  }
  charge(shorter >> CHARGE_SHIFT);
  return lengthA === lengthB ? 0 : lengthA < lengthB ? -1 : 1;
}
/** The order of two strings by their units: -1, 0, 1; 2 if room is missing. Source: ECMA-262 §7.2.13 step 3. */
export function compareTexts(a: i32, b: i32): i32 {
  const x = flatten(a);
  if (x === Immediate.NONE) return 2;
  const y = flatten(b);
  if (y === Immediate.NONE) return 2;
  return x === y ? 0 : compareUnits(x >> 2, y >> 2);
}

/** A new flat text of `a` and then `b`, flat words of these lengths (room reserved). */
function joinFlat(a: i32, lengthA: i32, b: i32, lengthB: i32, wide: bool): i32 {
  const address = newText(lengthA + lengthB, wide);
  const start: i32 = (address + Field.STRING_TAIL) << (wide ? 1 : 2);
  copyUnits(start, wide, a >> 2, 0, lengthA);
  copyUnits(start + lengthA, wide, b >> 2, 0, lengthB);
  return reference(address);
}
/** A new rope of that length (room reserved). */
function newRope(left: i32, right: i32, length: i32, wide: bool): i32 {
  const address = allocate(Cell.ROPE, ROPE_WORDS);
  M[address + Field.ROPE_LENGTH] = (length << 1) | (wide ? 1 : 0);
  M[address + Field.ROPE_LEFT] = left;
  M[address + Field.ROPE_RIGHT] = right;
  return reference(address);
}
/**
 * `a` followed by `b`: a word, or NONE if there is no room or the text is too long. A short text appended to a rope
 * that ends in a short one is joined with that end, so that a text built unit by unit takes little more than a byte a
 * unit instead of a rope for each.
 */
export function concatTexts(a: i32, b: i32): i32 {
  if (!isText(a) || !isText(b)) return fault();
  const lengthA = textLength(a);
  const lengthB = textLength(b);
  if (lengthA === 0) return b;
  if (lengthB === 0) return a;
  const length: i32 = lengthA + lengthB;
  if (length > STRING_MAX) return fail(ErrorCode.INVALID_STRING_LENGTH, Immediate.UNDEFINED, Immediate.UNDEFINED);
  const wide: bool = isWide(a) || isWide(b);
  const left = withoutRope(a);
  const right = withoutRope(b);
  if (length <= FLAT_MAX) {
    if (!isFlatText(left) || !isFlatText(right)) return fault();
    if (!reserveText(length, wide, 0)) return Immediate.NONE;
    return joinFlat(left, lengthA, right, lengthB, wide);
  }
  if (lengthB < FLAT_MAX && cellKind(left >> 2) === Cell.ROPE) {
    const end: i32 = M[(left >> 2) + Field.ROPE_RIGHT];
    if (isFlatText(end) && isFlatText(right) && textLength(end) + lengthB <= FLAT_MAX) {
      const endWide: bool = isWide(end) || isWide(right);
      if (!reserveText(FLAT_MAX, endWide, ROPE_WORDS)) return Immediate.NONE;
      const joined = joinFlat(end, textLength(end), right, lengthB, endWide);
      return newRope(M[(left >> 2) + Field.ROPE_LEFT], joined, length, wide);
    }
  }
  if (!reserve(ROPE_WORDS)) return Immediate.NONE;
  return newRope(left, right, length, wide);
}

/** The flat Latin-1 text `left` with the `count` units of S behind it (Latin-1 too; room reserved): its word, 0 if `left` is no such text or the whole would be a rope. */
export function appendScratch(left: i32, count: i32): i32 {
  if (!isFlatText(left) || wideCell(left >> 2)) return 0;
  const length = textLength(left);
  if (length + count > FLAT_MAX) return 0;
  const address = newText(length + count, false);
  const start: i32 = (address + Field.STRING_TAIL) << 2;
  copyUnits(start, false, left >> 2, 0, length);
  for (let i: i32 = 0; i < count; i++) B[start + length + i] = S[i];
  return reference(address);
}
/** Words for a number's text and for joining it to another: reserved at once, so that it is not made in vain. */
export const NUMBER_JOIN_WORDS = ((Field.STRING_TAIL + NUMBER_TEXT_MAX / 4 + 1) & -2) + ((Field.STRING_TAIL + FLAT_MAX / 2 + 1) & -2) + ROPE_WORDS;

/** Content hash of the flat cell at `address`: 31 bits, never 0, the same for both widths. */
export function hashText(address: i32): i32 {
  if (keyCell(address)) return M[address + Field.KEY_HASH];
  return hashUnits(wideCell(address), textStart(address), M[address + Field.STRING_LENGTH]);
}
/** The same of `length` units from place `start` of H (`wide`) or B on. */
function hashUnits(wide: bool, start: i32, length: i32): i32 {
  let hash: i32 = length;
  if (wide) for (let i: i32 = 0; i < length; i++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ H[start + i], 0x9e3779b1 | 0);
  else for (let i: i32 = 0; i < length; i++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ B[start + i], 0x9e3779b1 | 0);
  return settleHash(hash);
}
/** Spreads every bit of `hash` over all 31, avoiding 0. Source: MurmurHash3's finaliser. */
export function settleHash(hash: i32): i32 {
  let x: i32 = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b | 0);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35 | 0);
  x = (x ^ (x >>> 16)) & 0x7fffffff;
  return x === 0 ? 1 : x;
}

/**
 * Where in a WEAK_SET of interned strings the text of the flat cell at `address` is, or would be: the address of the
 * slot. Free slots are undefined; those of strings that were forgotten are DELETED, and at least one is free.
 */
function internSlot(set: i32, address: i32, hash: i32): i32 {
  const mask: i32 = M[set + Field.WEAK_SET_CAPACITY] - 1;
  const tail: i32 = set + Field.WEAK_SET_TAIL;
  let index: i32 = hash & mask;
  let probes: i32 = 0;
  while (probes <= mask) {
    const word: i32 = M[tail + index];
    if (word === Immediate.UNDEFINED) break;
    if ((word & 3) === 1 && M[(word >> 2) + Field.KEY_HASH] === hash && equalUnits(word >> 2, address)) break;
    index = (index + 1) & mask;
    probes++;
  }
  return tail + index;
}
/** The interned string equal to the flat cell at `address` in the WEAK_SET that `setWord` refers to, or 0. */
function findInSet(setWord: i32, address: i32, hash: i32): i32 {
  if ((setWord & 3) !== 1 || cellKind(setWord >> 2) !== Cell.WEAK_SET) return 0;
  const word: i32 = M[internSlot(setWord >> 2, address, hash)];
  return (word & 3) === 1 ? word : 0;
}
/**
 * The core's interned strings: a BYTES cell, a hash table of halfwords, each half the address of a key's cell, which is
 * below 65,536 (hosts/c/order-core.ts sees to that), 0 free.
 * How many halfwords; 0 while the core is being built.
 */
function coreSlots(): i32 {
  const table: i32 = M[ROOTS + Root.internTable];
  return (table & 3) === 1 && cellKind(table >> 2) === Cell.BYTES ? M[(table >> 2) + Field.BYTES_LENGTH] >> 1 : 0;
}
/**
 * The core's interned string at a place of its table, 0 where that is free. A machine may lack some (hosts/c/core-holes.ts):
 * there the place has, behind its highest bit, 15 bits of the hash's quotient by the number of places, and a byte behind
 * the table has 8 more. That is undefined here, unless `hash` has those bits: then the string itself is looked for.
 */
function coreKeyAt(place: i32, hash: i32): i32 {
  const half: i32 = H[((M[ROOTS + Root.internTable] >> 2) + Field.BYTES_TAIL) * 2 + place];
  if (half >= 0x8000) return absentKeyAt(half, place, hash);
  return half === 0 ? 0 : reference(half << 1);
}
function absentKeyAt(half: i32, place: i32, hash: i32): i32 {
  const table: i32 = M[ROOTS + Root.internTable] >> 2;
  const quotient: i32 = ((hash & 0x7fffffff) / coreSlots()) | 0;
  if ((quotient & 0x7fff) === (half & 0x7fff) && ((quotient >> 15) & 255) === B[(table + cellSize(table)) * 4 + place]) return absentName();
  return Immediate.UNDEFINED;
}
/** What a machine without some names does where it cannot tell whether a string is one of them: it stops, and says so. */
function absentName(): i32 { return fault(); }
/** The core's interned string equal to the flat cell at `address`, or 0. */
export function findInCore(address: i32, hash: i32): i32 {
  const slots = coreSlots();
  for (let probe: i32 = 0; probe < slots; probe++) {
    const word = coreKeyAt((((hash & 0x7fffffff) + probe) % slots) | 0, hash);
    if (word === 0 || ((word & 3) === 1 && M[(word >> 2) + Field.KEY_HASH] === hash && equalUnits(word >> 2, address))) return word;
  }
  return 0;
}
/** The core's interned string of these units, or 0. */
function findUnitsInCore(wide: bool, start: i32, length: i32, hash: i32): i32 {
  const slots = coreSlots();
  for (let probe: i32 = 0; probe < slots; probe++) {
    const word = coreKeyAt((((hash & 0x7fffffff) + probe) % slots) | 0, hash);
    if (word === 0 || ((word & 3) === 1 && M[(word >> 2) + Field.KEY_HASH] === hash && hasUnits(word >> 2, wide, start, length))) return word;
  }
  return 0;
}
/** The interned string equal to the flat cell at `address`, or 0: the core's if it has it, else the program's. */
function findInterned(address: i32, hash: i32): i32 {
  const word = findInCore(address, hash);
  return word !== 0 ? word : findInSet(M[Reg.INTERN], address, hash);
}
/** The interned string equal to `w`, a flat string or a flattened rope, or 0 if there is none. Charges nothing. */
export function findKey(w: i32): i32 {
  if (!isText(w)) return fault();
  const flat = withoutRope(w);
  const address: i32 = flat >> 2;
  if (!isFlatCell(address)) return fault();
  if (keyCell(address)) return flat;
  const hash: i32 = hashText(address);
  return findInterned(address, hash);
}
/** Are the `length` units from place `start` of H (`wide`) or B on the text of the flat cell at `address`? */
function hasUnits(address: i32, wide: bool, start: i32, length: i32): bool {
  if (M[address + Field.STRING_LENGTH] !== length) return false;
  const own: i32 = textStart(address);
  const ownWide: bool = wideCell(address);
  for (let i: i32 = 0; i < length; i++) if (unitFrom(wide, start + i) !== unitFrom(ownWide, own + i)) return false;
  return true;
}
/** The interned string of these units in the WEAK_SET that `setWord` refers to, or 0. */
function findUnitsInSet(setWord: i32, wide: bool, start: i32, length: i32, hash: i32): i32 {
  if ((setWord & 3) !== 1 || cellKind(setWord >> 2) !== Cell.WEAK_SET) return 0;
  const mask: i32 = M[(setWord >> 2) + Field.WEAK_SET_CAPACITY] - 1;
  const tail: i32 = (setWord >> 2) + Field.WEAK_SET_TAIL;
  for (let probes: i32 = 0; probes <= mask; probes++) {
    const word: i32 = M[tail + ((hash + probes) & mask)];
    if (word === Immediate.UNDEFINED) return 0;
    if ((word & 3) === 1 && M[(word >> 2) + Field.KEY_HASH] === hash && hasUnits(word >> 2, wide, start, length)) return word;
  }
  return 0;
}
/** The interned string of the `length` units from place `start` of H (`wide`) or B on, 0 if there is none: findKey before there is a cell. */
export function findUnits(wide: bool, start: i32, length: i32): i32 {
  const hash: i32 = hashUnits(wide, start, length);
  const word = findUnitsInCore(wide, start, length, hash);
  return word !== 0 ? word : findUnitsInSet(M[Reg.INTERN], wide, start, length, hash);
}

/** Slots for the program's next table of interned strings, if it needs one to take another; else 0. */
function internCapacity(setWord: i32): i32 {
  if ((setWord & 3) !== 1) return INTERN_CAPACITY;
  const set: i32 = setWord >> 2;
  const capacity: i32 = M[set + Field.WEAK_SET_CAPACITY];
  if ((M[set + Field.WEAK_SET_USED] + 1) * 4 <= capacity * 3) return 0;
  // Where forgotten strings fill it, a table of the same size is enough.
  return (M[set + Field.WEAK_SET_LIVE] + 1) * 2 > capacity ? capacity << 1 : capacity;
}
/** Words for a number's text and its interned string: reserved at once, as for joining. */
export function numberKeyRoom(): i32 {
  const capacity = internCapacity(M[Reg.INTERN]);
  return textWords(NUMBER_TEXT_MAX, false) + keyWords(NUMBER_TEXT_MAX, false) + 2 + (capacity === 0 ? 0 : Field.WEAK_SET_TAIL + capacity + 1);
}
/** A new table of interned strings with those of the old one (room reserved); becomes the program's. */
function growIntern(setWord: i32, capacity: i32): void {
  const set = allocate(Cell.WEAK_SET, Field.WEAK_SET_TAIL + capacity);
  fillWords(set + Field.WEAK_SET_TAIL, Immediate.UNDEFINED, capacity);
  let live: i32 = 0;
  if ((setWord & 3) === 1) {
    const old: i32 = setWord >> 2;
    const mask: i32 = capacity - 1;
    for (let i: i32 = 0; i < M[old + Field.WEAK_SET_CAPACITY]; i++) {
      const word: i32 = M[old + Field.WEAK_SET_TAIL + i];
      if ((word & 3) !== 1) continue;
      let index: i32 = M[(word >> 2) + Field.KEY_HASH] & mask;
      while (M[set + Field.WEAK_SET_TAIL + index] !== Immediate.UNDEFINED) index = (index + 1) & mask;
      M[set + Field.WEAK_SET_TAIL + index] = word;
      live++;
    }
  }
  M[set + Field.WEAK_SET_USED] = live;
  M[set + Field.WEAK_SET_LIVE] = live;
  M[set + Field.WEAK_SET_CAPACITY] = capacity;
  M[set + Field.WEAK_SET_PAD] = 0;
  M[Reg.INTERN] = reference(set);
  charge(capacity >> 3);
}
/**
 * The interned string equal to `w` (any string), made if there is none; NONE if there is no room. Charges for flattening
 * and making only, and each happens once.
 */
export function internKey(w: i32): i32 {
  const flat = flatten(w);
  if (flat === Immediate.NONE) return Immediate.NONE;
  const address: i32 = flat >> 2;
  if (keyCell(address)) return flat;
  const hash: i32 = hashText(address);
  const found: i32 = findInterned(address, hash);
  if (found !== 0) return found;
  const length: i32 = flatLength(address);
  const wide = wideCell(address);
  const words: i32 = keyWords(length, wide);
  const setWord: i32 = M[Reg.INTERN];
  if (setWord !== Immediate.UNDEFINED && ((setWord & 3) !== 1 || cellKind(setWord >> 2) !== Cell.WEAK_SET)) return fault();
  const capacity = internCapacity(setWord);
  if (!reserveCell(words, capacity === 0 ? 0 : Field.WEAK_SET_TAIL + capacity + 1)) return Immediate.NONE;
  if (capacity !== 0) growIntern(setWord, capacity);
  const key = allocate(wide ? Cell.WIDE_KEY : Cell.KEY, words);
  M[key + words - 1] = 0;
  M[key + Field.KEY_LENGTH] = length;
  M[key + Field.KEY_HASH] = hash;
  copyUnits(textStart(key), wide, address, 0, length);
  const set: i32 = M[Reg.INTERN] >> 2;
  const slot: i32 = internSlot(set, address, hash);
  M[slot] = reference(key);
  M[set + Field.WEAK_SET_USED] = M[set + Field.WEAK_SET_USED] + 1;
  M[set + Field.WEAK_SET_LIVE] = M[set + Field.WEAK_SET_LIVE] + 1;
  charge(length >> CHARGE_SHIFT);
  return reference(key);
}

/** The number that a string is the canonical decimal of, an integer from 0 to 2^32-2; else -1. Source: ECMA-262 §6.1.7. */
export function arrayIndex(w: i32): f64 {
  const address: i32 = w >> 2;
  const kind: i32 = cellKind(address);
  // A rope is longer than any index; indices are Latin-1.
  if (kind !== Cell.STRING && kind !== Cell.KEY) return -1;
  const length: i32 = M[address + Field.STRING_LENGTH];
  if (length === 0 || length > 10) return -1;
  const start: i32 = (address + (kind === Cell.KEY ? Field.KEY_TAIL : Field.STRING_TAIL)) << 2;
  if (B[start] === 48) return length === 1 ? 0 : -1;
  let value: f64 = 0;
  for (let i: i32 = 0; i < length; i++) {
    const digit: i32 = B[start + i] - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= 4294967294 ? value : -1;
}
