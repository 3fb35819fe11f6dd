// The verifier's look at cells: that they tile the heap, that every tagged word in them is one, that fields which need a
// certain kind of cell have it. The kernel believes all of this without looking again.

import { Brand, brandSlots, Slot } from "../format/brands.js";
import { Attribute, Cell, Field, FunctionPart, ShapeFlag, taggedFirst } from "../format/cells.js";
import { Reg } from "../format/registers.js";
import { CELL_KINDS, cellFixedWords, cellIsFixed, cellValuesEnd, Rule } from "../format/verification.js";
import { BIG_WORDS_MAX, CORE_WORDS, HEAP, Immediate, STRING_MAX } from "../format/words.js";
import { taggedLimit } from "./collect.js";
import { cellSize, isObject, isSmallValue, isText, kindOf } from "./heap.js";
import { F, H, M } from "./memory.js";
import { FUNCTION_WORDS, hasRealms, isProxy, prototypeOf, resolve, slotAddress } from "./object.js";
import { checkRealm, isLazyForm } from "./realm.js";
import { arrayIndex, emptyText, isFlatText, isWide, textLength } from "./text.js";
import type { bool, i32 } from "./types.js";
import { checkCode, codeSizeFits } from "./verifycode.js";
import { checkCoroutine, checkFrameCell } from "./verifyframes.js";
import { isGoodWord, isMarked, lookAgain, markOnce, nextAgain, noteStart, refuse, spend, startsCell } from "./verifystate.js";
import { checkKey, checkPropertyTable, checkSet, checkSparse, checkTable, isPropertyName, serialOf, tableCellWords } from "./verifytables.js";

/** First pass: cells tile [from, to), and each has the size that its counts say. Sets a bit for every start. */
export function tileCells(from: i32, to: i32): bool {
  let address: i32 = from;
  while (address < to) {
    const header: i32 = M[address];
    const kind: i32 = header & 255;
    const size: i32 = (header >>> 8) << 1;
    if (kind < 1 || kind > CELL_KINDS || size < cellFixedWords[kind] || size === 0 || size > to - address) return refuse(Rule.H1, address);
    if (!sizeFits(address, kind, size)) return refuse(Rule.H2, address);
    if (kind === Cell.SHAPE || kind === Cell.FRAME || kind === Cell.RECORD) lookAgain(address);
    noteStart(address);
    address = address + size;
  }
  return true;
}

/** Do `words` words, padding included, hold exactly `used` words, the padding being zero? */
function exactly(address: i32, words: i32, used: i32): bool {
  return ((used + 1) & -2) === words && (used === words || M[address + used] === 0);
}
/** Does a raw tail of `bytes` bytes behind `head` words fill the cell, the rest being zero? */
function bytesFit(address: i32, words: i32, head: i32, bytes: i32): bool {
  const used: i32 = head + ((bytes + 3) >> 2);
  if (bytes < 0 || bytes > words * 4 || ((used + 1) & -2) !== words || (used < words && M[address + used] !== 0)) return false;
  return (bytes & 3) === 0 || M[address + used - 1] >>> ((bytes & 3) << 3) === 0;
}
function sizeFits(address: i32, kind: i32, words: i32): bool {
  if (cellIsFixed[kind] !== 0) return exactly(address, words, cellFixedWords[kind]);
  switch (kind) {
    case Cell.STRING:
    case Cell.KEY:
    case Cell.BYTES: return bytesFit(address, words, cellFixedWords[kind], M[address + 1]);
    case Cell.WIDE_STRING:
    case Cell.WIDE_KEY: return M[address + 1] >= 0 && M[address + 1] <= STRING_MAX && bytesFit(address, words, cellFixedWords[kind], M[address + 1] * 2);
    case Cell.BIGINT: {
      const length: i32 = M[address + Field.BIGINT_LENGTH];
      return length >= 0 && length <= words && length <= BIG_WORDS_MAX && exactly(address, words, Field.BIGINT_TAIL + length);
    }
    case Cell.FUNCTION: return hasRealms() ? words === FUNCTION_WORDS : exactly(address, words, FunctionPart.FIELDS + 1);
    case Cell.CODE: return codeSizeFits(address);
    case Cell.PROPERTY_TABLE:
    case Cell.SPARSE:
    case Cell.TABLE: {
      const used: i32 = tableCellWords(address, kind);
      return used >= 0 && exactly(address, words, used);
    }
    case Cell.WEAK_SET: {
      const capacity: i32 = M[address + Field.WEAK_SET_CAPACITY];
      return capacity > 0 && (capacity & (capacity - 1)) === 0 && capacity <= words && exactly(address, words, Field.WEAK_SET_TAIL + capacity);
    }
    case Cell.FRAME: {
      const count: i32 = M[address + Field.FRAME_WORDS];
      return count >= 0 && count <= words && exactly(address, words, Field.FRAME_TAIL + count);
    }
  }
  // What is tagged to the end has no count that could disagree.
  return true;
}

/** Second pass: every word and field of the cells in [from, to). `intern` is the program's set of interned strings. */
export function checkCells(from: i32, to: i32, intern: i32): bool {
  lastShape = 0;
  let address: i32 = from;
  while (address < to) {
    const header: i32 = M[address];
    const kind: i32 = header & 255;
    const first: i32 = taggedFirst[kind];
    if (first !== 0) {
      const limit: i32 = cellValuesEnd[kind];
      const end: i32 = limit !== 0 ? address + limit : taggedLimit(address);
      for (let at: i32 = address + first; at < end; at++) {
        const word: i32 = M[at];
        // isGoodWord, its commonest cases first: this is the innermost loop.
        if ((word & 1) !== 0 && ((word & 2) !== 0 ? !isGoodWord(word) : !startsCell(word >>> 2))) return refuse(Rule.H3, at);
      }
    }
    if (!checkCell(address, kind, intern)) return false;
    address = address + ((header >>> 8) << 1);
  }
  return true;
}
/** Has a big integer no leading zeros, and zero no sign? Its size is right. */
function isCanonical(address: i32): bool {
  const length: i32 = M[address + Field.BIGINT_LENGTH];
  const sign: i32 = M[address + Field.BIGINT_SIGN];
  if (length === 0) return sign === 0;
  return (sign & ~1) === 0 && M[address + Field.BIGINT_TAIL + length - 1] !== 0;
}
function checkCell(address: i32, kind: i32, intern: i32): bool {
  if (hasRealms() && kind === Cell.REALM) return checkRealm(address) || refuse(Rule.H20, address);
  switch (kind) {
    case Cell.NUMBER: return isSoundBox(address) || refuse(Rule.H4, address);
    case Cell.WIDE_STRING: return isWideText(address, Field.WIDE_STRING_TAIL) || refuse(Rule.H5, address);
    case Cell.WIDE_KEY: return (isWideText(address, Field.WIDE_KEY_TAIL) || refuse(Rule.H5, address)) && checkKey(address, intern);
    case Cell.KEY:
      // An array index is never a key; only texts of few digits can be one.
      if (M[address + Field.KEY_LENGTH] <= 10 && arrayIndex((address << 2) | 1) >= 0) return refuse(Rule.H7, address);
      return checkKey(address, intern);
    case Cell.ROPE: return isRope(address) || refuse(Rule.H6, address);
    case Cell.SYMBOL: return ((M[address + Field.SYMBOL_FLAGS] & ~7) === 0 && isTextOrNothing(M[address + Field.SYMBOL_DESCRIPTION])) || refuse(Rule.H19, address);
    case Cell.BIGINT: return isCanonical(address) || refuse(Rule.H4, address);
    case Cell.CODE: return checkCode(address);
    case Cell.SCOPE: return isOrNothing(M[address + Field.SCOPE_PARENT], Cell.SCOPE) || refuse(Rule.H19, address);
    case Cell.SHAPE: return checkShape(address);
    case Cell.PROPERTY_TABLE: return checkPropertyTable(address);
    case Cell.SLOTS: {
      const serial: i32 = M[address + Field.SLOTS_SERIAL];
      return ((serial === Immediate.UNDEFINED || isSerialWord(serial)) && isElements(M[address + Field.SLOTS_ELEMENTS])) || refuse(Rule.H17, address);
    }
    case Cell.SPARSE: return checkSparse(address);
    case Cell.TABLE: return checkTable(address);
    case Cell.WEAK_SET: return checkSet(address);
    case Cell.FRAME: case Cell.ELEMENTS: case Cell.ACCESSOR: case Cell.STRING: case Cell.BYTES: return true;
  }
  return checkObject(address, kind);
}

/** Is it a box as `numberWord` makes it: NaN in one form, no number that is a small integer? */
function isSoundBox(address: i32): bool {
  if (M[address + Field.NUMBER_PAD] !== 0) return false;
  const low: i32 = M[address + Field.NUMBER_LOW];
  const high: i32 = M[address + Field.NUMBER_HIGH];
  if ((high & 0x7ff00000) === 0x7ff00000 && ((high & 0xfffff) | low) !== 0) return high === 0x7ff80000 && low === 0;
  return !isSmallValue(F[(address + Field.NUMBER_LOW) >> 1]);
}
function isWideText(address: i32, tail: i32): bool {
  const start: i32 = (address + tail) << 1;
  const end: i32 = start + M[address + 1];
  for (let at: i32 = start; at < end; at++) if (H[at] > 255) return true;
  return false;
}
/** Serials count from 0. */
function isSerialWord(word: i32): bool { return (word & 1) === 0 && word >= 0; }
function isTextOrNothing(word: i32): bool { return word === Immediate.UNDEFINED || isText(word); }
function isOrNothing(word: i32, kind: i32): bool { return word === Immediate.UNDEFINED || kindOf(word) === kind; }
function isElements(word: i32): bool {
  return word === Immediate.UNDEFINED || kindOf(word) === Cell.ELEMENTS || kindOf(word) === Cell.SPARSE;
}
/**
 * Is it a rope: two texts that are not empty and make up the whole, or, once flat, the text and the empty string? Then
 * every part is shorter than the whole, so no rope contains itself.
 */
function isRope(address: i32): bool {
  const left: i32 = M[address + Field.ROPE_LEFT];
  const right: i32 = M[address + Field.ROPE_RIGHT];
  const length: i32 = M[address + Field.ROPE_LENGTH];
  if (!isText(left) || !isText(right) || length < 0 || length >> 1 > STRING_MAX) return false;
  const leftLength: i32 = textLength(left);
  const rightLength: i32 = textLength(right);
  const wide: i32 = isWide(left) || isWide(right) ? 1 : 0;
  if (leftLength + rightLength !== length >> 1 || (length & 1) !== wide) return false;
  if (right === emptyText()) return isFlatText(left);
  return leftLength > 0 && rightLength > 0;
}

function inlineSlots(shape: i32): i32 { return (M[shape + Field.SHAPE_FLAGS] >> 8) & 255; }

/** Checks a SHAPE of the program. */
function checkShape(shape: i32): bool {
  const flags: i32 = M[shape + Field.SHAPE_FLAGS];
  const kind: i32 = flags >>> 24;
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  const prototype: i32 = M[shape + Field.SHAPE_PROTOTYPE];
  const table: i32 = M[shape + Field.SHAPE_TABLE];
  const parent: i32 = M[shape + Field.SHAPE_PARENT];
  const key: i32 = M[shape + Field.SHAPE_KEY];
  if ((flags & 192) !== 0 || kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY || count < 0) return refuse(Rule.H10, shape);
  if (key !== Immediate.NONE && !isGoodWord(key)) return refuse(Rule.H3, shape);
  if (inlineSlots(shape) !== 0 && kind !== Cell.OBJECT) return refuse(Rule.H10, shape);
  if (prototype !== Immediate.NULL) {
    if (!isObject(prototype)) return refuse(Rule.H10, shape);
    const object: i32 = prototype >> 2;
    if (object >= HEAP) {
      const own: i32 = M[object + 1];
      if (kindOf(own) !== Cell.SHAPE || (M[(own >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.PROTOTYPE) === 0 || serialOf(object) < 0) return refuse(Rule.H10, shape);
    }
  }
  if ((flags & ShapeFlag.LAZY) !== 0) return (hasRealms() && isLazyForm(shape)) || refuse(Rule.H10, shape);
  if ((flags & ShapeFlag.UNIQUE) !== 0) {
    if (parent !== Immediate.UNDEFINED || key !== Immediate.UNDEFINED || kindOf(table) !== Cell.PROPERTY_TABLE || table >> 2 < HEAP) return refuse(Rule.H10, shape);
    return M[(table >> 2) + Field.PROPERTY_TABLE_USED] === count ? true : refuse(Rule.H10, shape);
  }
  if ((flags & 255) !== 0) return refuse(Rule.H10, shape);
  if (parent === Immediate.UNDEFINED) {
    return (count === 0 && table === Immediate.UNDEFINED && key === Immediate.NONE && (flags & 0xff0000) === 0) || refuse(Rule.H10, shape);
  }
  return checkLine(shape, flags, count, table, parent, key);
}
/** Checks a shape that follows another: it has the other's properties and one more. */
function checkLine(shape: i32, flags: i32, count: i32, table: i32, parent: i32, key: i32): bool {
  if (kindOf(parent) !== Cell.SHAPE || kindOf(table) !== Cell.PROPERTY_TABLE || !isPropertyName(key)) return refuse(Rule.H10, shape);
  const before: i32 = parent >> 2;
  const used: i32 = M[(table >> 2) + Field.PROPERTY_TABLE_USED];
  if (((M[before + Field.SHAPE_FLAGS] ^ flags) & (0xff00ffff | 0)) !== 0 || M[before + Field.SHAPE_COUNT] + 1 !== count || count > used) return refuse(Rule.H10, shape);
  if (M[before + Field.SHAPE_PROTOTYPE] !== M[shape + Field.SHAPE_PROTOTYPE]) return refuse(Rule.H10, shape);
  const entries: i32 = (table >> 2) + Field.PROPERTY_TABLE_TAIL;
  if (M[entries + count * 2 - 2] !== key || M[entries + count * 2 - 1] !== ((flags >> 16) & 255) << 1) return refuse(Rule.H10, shape);
  const others: i32 = M[before + Field.SHAPE_TABLE];
  if (others === table || count === 1) return true;
  if (kindOf(others) !== Cell.PROPERTY_TABLE || M[(others >> 2) + Field.PROPERTY_TABLE_USED] < count - 1) return refuse(Rule.H10, shape);
  if (!spend(count)) return refuse(Rule.W1, shape);
  const otherEntries: i32 = (others >> 2) + Field.PROPERTY_TABLE_TAIL;
  for (let i: i32 = 0; i < count * 2 - 2; i++) if (M[entries + i] !== M[otherEntries + i]) return refuse(Rule.H10, shape);
  return true;
}

/** The shape last looked at, and whether it has accessors: most neighbours in a heap are of one form. */
let lastShape: i32 = 0;
let lastHasAccessors: bool = false;
function hasAccessors(shape: i32, count: i32): bool {
  if (shape === lastShape) return lastHasAccessors;
  lastShape = shape;
  lastHasAccessors = false;
  const entries: i32 = (M[shape + Field.SHAPE_TABLE] >> 2) + Field.PROPERTY_TABLE_TAIL;
  for (let i: i32 = 0; i < count; i++) if ((M[entries + i * 2 + 1] & (Attribute.ACCESSOR << 1)) !== 0) lastHasAccessors = true;
  return lastHasAccessors;
}

/** Checks a cell that stands for an object. */
function checkObject(address: i32, kind: i32): bool {
  const shapeWord: i32 = M[address + 1];
  const slots: i32 = M[address + 2];
  if (kindOf(shapeWord) !== Cell.SHAPE) return refuse(Rule.H9, address);
  const shape: i32 = shapeWord >> 2;
  const flags: i32 = M[shape + Field.SHAPE_FLAGS];
  const inline: i32 = inlineSlots(shape);
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  if (flags >>> 24 !== kind) return refuse(Rule.H9, address);
  if (kind === Cell.OBJECT && !exactly(address, cellSize(address), Field.OBJECT_TAIL + inline)) return refuse(Rule.H9, address);
  if ((slots & 1) === 0 && !isSerialWord(slots)) return refuse(Rule.H17, address);
  if ((slots & 1) !== 0 && slots !== Immediate.UNDEFINED && (kindOf(slots) !== Cell.SLOTS || slots >> 2 < HEAP)) return refuse(Rule.H9, address);
  if ((slots & 3) === 1 && !markOnce(slots >> 2)) return refuse(Rule.H11, address);
  if ((flags & ShapeFlag.UNIQUE) !== 0 && (shape < CORE_WORDS || !markOnce(shape))) return refuse(Rule.H11, address);
  if ((flags & ShapeFlag.LAZY) !== 0) {
    if ((slots & 3) === 1) return refuse(Rule.H9, address);
  } else if (count > 0) {
    const table: i32 = M[shape + Field.SHAPE_TABLE];
    if (kindOf(table) !== Cell.PROPERTY_TABLE || count > M[(table >> 2) + Field.PROPERTY_TABLE_USED]) return refuse(Rule.H9, address);
    if (M[(table >> 2) + Field.PROPERTY_TABLE_USED] > M[(table >> 2) + Field.PROPERTY_TABLE_CAPACITY]) return refuse(Rule.H9, address);
    const behind: i32 = count - inline;
    if (behind > 0 && (kindOf(slots) !== Cell.SLOTS || behind > cellSize(slots >> 2) - Field.SLOTS_TAIL)) return refuse(Rule.H9, address);
    if (hasAccessors(shape, count) && !accessorsFit(address, shape, count)) return refuse(Rule.H13, address);
  }
  switch (kind) {
    case Cell.ARRAY: return isElements(M[address + Field.ARRAY_ELEMENTS]) || refuse(Rule.H17, address);
    case Cell.FUNCTION:
      return (kindOf(M[address + Field.FUNCTION_CODE]) === Cell.CODE && isOrNothing(M[address + FunctionPart.SCOPE], Cell.SCOPE) &&
        (!hasRealms() || M[address + FunctionPart.REALM] === 0 || kindOf(M[address + FunctionPart.REALM]) === Cell.REALM)) || refuse(Rule.H15, address);
    case Cell.RECORD: {
      const brand: i32 = M[address + Field.RECORD_BRAND];
      if ((brand & 1) !== 0 || brand < 0 || brand >> 1 >= brandSlots.length) return refuse(Rule.H16, address);
      if (!exactly(address, cellSize(address), Field.RECORD_TAIL + brandSlots[brand >> 1])) return refuse(Rule.H16, address);
      return brand !== Brand.BOUND_FUNCTION << 1 || boundFits(address + Field.RECORD_TAIL) || refuse(Rule.H16, address);
    }
    case Cell.TYPED_ARRAY: return typedFits(address) || refuse(Rule.H18, address);
  }
  return true;
}
/** Has a bound function, its internal slots at `slots`, a function to call and as many arguments as it says? */
function boundFits(slots: i32): bool {
  const list: i32 = M[slots + Slot.BOUND_FUNCTION_ARGUMENTS];
  const target: i32 = M[slots + Slot.BOUND_FUNCTION_TARGET];
  if ((kindOf(target) !== Cell.FUNCTION && !isProxy(target)) || kindOf(list) !== Cell.ARRAY) return false;
  const length: i32 = M[(list >> 2) + Field.ARRAY_LENGTH];
  const elements: i32 = M[(list >> 2) + Field.ARRAY_ELEMENTS];
  return length === 0 || (kindOf(elements) === Cell.ELEMENTS && length > 0 && length < cellSize(elements >> 2));
}
/** Does every accessor property have an ACCESSOR cell? */
function accessorsFit(address: i32, shape: i32, count: i32): bool {
  const entries: i32 = (M[shape + Field.SHAPE_TABLE] >> 2) + Field.PROPERTY_TABLE_TAIL;
  for (let i: i32 = 0; i < count; i++) {
    if ((M[entries + i * 2 + 1] & (Attribute.ACCESSOR << 1)) !== 0 && kindOf(M[slotAddress(address, shape, i)]) !== Cell.ACCESSOR) return false;
  }
  return true;
}
/** Bytes of an element by type. */
const ELEMENT_BYTES: i32[] = [1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 1];
function typedFits(address: i32): bool {
  const buffer: i32 = M[address + Field.TYPED_ARRAY_BUFFER];
  const type: i32 = M[address + Field.TYPED_ARRAY_TYPE];
  const offset: i32 = M[address + Field.TYPED_ARRAY_OFFSET];
  if (kindOf(buffer) !== Cell.RECORD || M[(buffer >> 2) + Field.RECORD_BRAND] !== Brand.ARRAY_BUFFER << 1) return false;
  return type >= 0 && type < ELEMENT_BYTES.length && offset >= 0 && offset % ELEMENT_BYTES[type] === 0 && M[address + Field.TYPED_ARRAY_LENGTH] >= -1;
}

/**
 * Third pass, when all cells are known to be sound: that nothing but its one object changes a UNIQUE shape (the second
 * pass has marked the shapes that have one) and its table, and that suspended frames fit their code.
 */
export function checkOwners(): bool {
  for (let address: i32 = nextAgain(0); address !== 0; address = nextAgain(address)) {
    switch (M[address] & 255) {
      case Cell.SHAPE:
        if ((M[address + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) !== 0 && !markOnce(M[address + Field.SHAPE_TABLE] >> 2)) return refuse(Rule.H11, address);
        break;
      case Cell.FRAME:
        if (!checkFrameCell(address)) return false;
        break;
      case Cell.RECORD:
        if (M[address + Field.RECORD_BRAND] === Brand.COROUTINE << 1 && !checkCoroutine(address)) return false;
        break;
    }
  }
  for (let address: i32 = nextAgain(0); address !== 0; address = nextAgain(address)) {
    if ((M[address] & 255) !== Cell.SHAPE || (M[address + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) !== 0) continue;
    const table: i32 = M[address + Field.SHAPE_TABLE];
    if (table !== Immediate.UNDEFINED && table >> 2 >= HEAP && isMarked(table >> 2)) return refuse(Rule.H11, address);
  }
  return true;
}

/** Fourth pass: every chain of prototypes comes to an end. Marks the objects whose chain was walked; `overlays` is the table of core objects that the program changed. */
export function checkChains(overlays: i32): bool {
  for (let address: i32 = nextAgain(0); address !== 0; address = nextAgain(address)) {
    if ((M[address] & 255) === Cell.SHAPE && !walkChain(M[address + Field.SHAPE_PROTOTYPE])) return refuse(Rule.H12, address);
  }
  if (overlays === Immediate.UNDEFINED) return true;
  const table: i32 = overlays >> 2;
  for (let i: i32 = 0; i < M[table + Field.TABLE_USED]; i++) {
    if (!walkChain(M[table + Field.TABLE_TAIL + i * 2])) return refuse(Rule.H12, table);
  }
  return true;
}
/** Walks from an object until null, a marked one, or for longer than there are objects; then marks those it met. */
function walkChain(prototype: i32): bool {
  const longest: i32 = ((M[Reg.HEAP_TOP] - HEAP) >> 1) + (CORE_WORDS >> 1);
  let word: i32 = prototype;
  let steps: i32 = 0;
  while ((word & 3) === 1) {
    const object: i32 = resolve(word >> 2);
    if (isMarked(object)) break;
    steps++;
    if (steps > longest) return false;
    word = prototypeOf(object);
  }
  word = prototype;
  while (steps > 0) {
    const object: i32 = resolve(word >> 2);
    if (object >= HEAP) markOnce(object);
    word = prototypeOf(object);
    steps--;
  }
  return true;
}
