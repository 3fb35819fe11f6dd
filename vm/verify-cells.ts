// The verifier's look at cells: that they tile the heap, that every tagged word in them is one, that fields which need a
// certain kind of cell have it. The kernel believes all of this without looking again.

import { Brand, brandSlots, Slot } from "./format/brands.js";
import { Attribute, Cell, cellNames, cells, Field, ShapeFlag, taggedEnd, taggedFirst, type CellKind } from "./format/cells.js";
import { CORE_WORDS, HEAP, Immediate, STRING_MAX } from "./format/words.js";
import { checkCode, codeSizeFits } from "./verify-code.js";
import { checkCoroutine, checkFrameCell } from "./verify-frames.js";
import { fail, F, H, heapTop, isGoodWord, isMarked, kernel, kindOf, lookAgain, M, markOnce, nextAgain, Rule, sizeOf, spend, starts } from "./verify-state.js";
import { checkKey, checkPropertyTable, checkSet, checkSparse, checkTable, isName, serialOf, tableCellWords } from "./verify-tables.js";

const KINDS = cellNames.length;
const SLOTS_TAIL = Field.SLOTS_TAIL!;
const OBJECT_TAIL = Field.OBJECT_TAIL!;
const PROPERTY_TABLE_TAIL = Field.PROPERTY_TABLE_TAIL!;

/** By kind: words of its header and fields. */
const fixedWords = new Uint8Array(KINDS + 1);
/** By kind: 1 if there is nothing behind the fields. */
const isFixed = new Uint8Array(KINDS + 1);
/** By kind: where its tagged words begin, and where they end if that is the same for all, else 0. */
const tagged = Uint8Array.from(taggedFirst);
const endOfTagged = Uint8Array.from(taggedEnd);
// The key of a shape without one is NONE, which stands nowhere else: checkShape looks at it.
endOfTagged[Cell.SHAPE] = Field.SHAPE_KEY!;
cellNames.forEach((name, i) => {
  const kind: CellKind = cells[name];
  fixedWords[i + 1] = kind.fields.length + 1;
  isFixed[i + 1] = kind.tail === "none" ? 1 : 0;
});

/** First pass: cells tile [from, to), and each has the size that its counts say. Sets a bit for every start. */
export function tileCells(from: number, to: number): boolean {
  const words = M;
  const bits = starts;
  let address = from;
  while (address < to) {
    const header = words[address]!;
    const kind = header & 255;
    const size = (header >>> 8) << 1;
    if (kind < 1 || kind > KINDS || size < fixedWords[kind]! || size === 0 || size > to - address) return fail(Rule.H1, address);
    if (!sizeFits(address, kind, size)) return fail(Rule.H2, address);
    if (kind === Cell.SHAPE || kind === Cell.FRAME || kind === Cell.RECORD) lookAgain(address);
    bits[address >> 6]! |= 1 << (address >> 1);
    address += size;
  }
  return address === to ? true : fail(Rule.H1, address);
}

/** Do `words` words, padding included, hold exactly `used` words, the padding being zero? */
function exactly(address: number, words: number, used: number): boolean {
  return ((used + 1) & -2) === words && (used === words || M[address + used] === 0);
}
/** Does a raw tail of `bytes` bytes behind `head` words fill the cell, the rest being zero? */
function bytesFit(address: number, words: number, head: number, bytes: number): boolean {
  const used = head + ((bytes + 3) >> 2);
  if (bytes < 0 || bytes > words * 4 || ((used + 1) & -2) !== words || (used < words && M[address + used] !== 0)) return false;
  return (bytes & 3) === 0 || M[address + used - 1]! >>> ((bytes & 3) << 3) === 0;
}
function sizeFits(address: number, kind: number, words: number): boolean {
  if (isFixed[kind] !== 0) return exactly(address, words, fixedWords[kind]!);
  switch (kind) {
    case Cell.STRING:
    case Cell.KEY:
    case Cell.BYTES: return bytesFit(address, words, fixedWords[kind]!, M[address + 1]!);
    case Cell.WIDE_STRING:
    case Cell.WIDE_KEY: return M[address + 1]! <= STRING_MAX && bytesFit(address, words, fixedWords[kind]!, M[address + 1]! * 2);
    case Cell.BIGINT: {
      const length = M[address + Field.BIGINT_LENGTH!]!;
      return length >= 0 && length <= words && exactly(address, words, Field.BIGINT_TAIL! + length);
    }
    case Cell.CODE: return codeSizeFits(address);
    case Cell.PROPERTY_TABLE:
    case Cell.SPARSE:
    case Cell.TABLE: {
      const used = tableCellWords(address, kind);
      return used >= 0 && exactly(address, words, used);
    }
    case Cell.WEAK_SET: {
      const capacity = M[address + Field.WEAK_SET_CAPACITY!]!;
      return capacity > 0 && (capacity & (capacity - 1)) === 0 && capacity <= words && exactly(address, words, Field.WEAK_SET_TAIL! + capacity);
    }
    case Cell.FRAME: {
      const count = M[address + Field.FRAME_WORDS!]!;
      return count >= 0 && count <= words && exactly(address, words, Field.FRAME_TAIL! + count);
    }
  }
  // What is tagged to the end has no count that could disagree.
  return true;
}

/** Second pass: every word and field of the cells in [from, to). `intern` is the program's set of interned strings. */
export function checkCells(from: number, to: number, intern: number): boolean {
  const words = M;
  const bits = starts;
  lastShape = 0;
  for (let address = from; address < to; ) {
    const header = words[address]!;
    const kind = header & 255;
    const first = tagged[kind]!;
    if (first !== 0) {
      const end = endOfTagged[kind] !== 0 ? address + endOfTagged[kind]! : kernel.taggedLimit(address);
      for (let at = address + first; at < end; at++) {
        const word = words[at]!;
        if ((word & 1) === 0) continue;
        // isGoodWord, spelled out: this is the innermost loop.
        const target = word >>> 2;
        if ((word & 2) !== 0 ? !isGoodWord(word) : (target & 1) !== 0 || target >= to || ((bits[target >> 6]! >>> (target >> 1)) & 1) === 0) return fail(Rule.H3, at);
      }
    }
    if (!checkCell(address, kind, intern)) return false;
    address += (header >>> 8) << 1;
  }
  return true;
}
function checkCell(address: number, kind: number, intern: number): boolean {
  switch (kind) {
    case Cell.NUMBER: return isBox(address) || fail(Rule.H4, address);
    case Cell.WIDE_STRING: return isWideText(address, Field.WIDE_STRING_TAIL!) || fail(Rule.H5, address);
    case Cell.WIDE_KEY: return (isWideText(address, Field.WIDE_KEY_TAIL!) || fail(Rule.H5, address)) && checkKey(address, intern);
    case Cell.KEY:
      // An array index is never a key; only texts of few digits can be one.
      if (M[address + Field.KEY_LENGTH!]! <= 10 && kernel.arrayIndex((address << 2) | 1) >= 0) return fail(Rule.H7, address);
      return checkKey(address, intern);
    case Cell.ROPE: return isRope(address) || fail(Rule.H6, address);
    case Cell.SYMBOL: return ((M[address + Field.SYMBOL_FLAGS!]! & ~7) === 0 && isTextOrNothing(M[address + Field.SYMBOL_DESCRIPTION!]!)) || fail(Rule.H19, address);
    case Cell.BIGINT: return (M[address + Field.BIGINT_SIGN!]! & ~1) === 0 || fail(Rule.H4, address);
    case Cell.CODE: return checkCode(address);
    case Cell.SCOPE: return isOrNothing(M[address + Field.SCOPE_PARENT!]!, Cell.SCOPE) || fail(Rule.H19, address);
    case Cell.SHAPE: return checkShape(address);
    case Cell.PROPERTY_TABLE: return checkPropertyTable(address);
    case Cell.SLOTS: {
      const serial = M[address + Field.SLOTS_SERIAL!]!;
      return ((serial === Immediate.UNDEFINED || (serial & 1) === 0) && isElements(M[address + Field.SLOTS_ELEMENTS!]!)) || fail(Rule.H17, address);
    }
    case Cell.SPARSE: return checkSparse(address);
    case Cell.TABLE: return checkTable(address);
    case Cell.WEAK_SET: return checkSet(address);
    case Cell.FRAME: case Cell.ELEMENTS: case Cell.ACCESSOR: case Cell.STRING: case Cell.BYTES: return true;
  }
  return checkObject(address, kind);
}

/** Is it a box as `numberWord` makes it: NaN in one form, no number that is a small integer? */
function isBox(address: number): boolean {
  if (M[address + Field.NUMBER_PAD!] !== 0) return false;
  const low = M[address + Field.NUMBER_LOW!]!;
  const high = M[address + Field.NUMBER_HIGH!]!;
  if ((high & 0x7ff00000) === 0x7ff00000 && ((high & 0xfffff) | low) !== 0) return high === 0x7ff80000 && low === 0;
  return !kernel.isSmallValue(F[(address + Field.NUMBER_LOW!) >> 1]!);
}
function isWideText(address: number, tail: number): boolean {
  const start = (address + tail) << 1;
  const end = start + M[address + 1]!;
  for (let at = start; at < end; at++) if (H[at]! > 255) return true;
  return false;
}
function isText(word: number): boolean {
  const kind = kindOf(word);
  return kind >= Cell.STRING && kind <= Cell.ROPE;
}
function isTextOrNothing(word: number): boolean { return word === Immediate.UNDEFINED || isText(word); }
function isOrNothing(word: number, kind: number): boolean { return word === Immediate.UNDEFINED || kindOf(word) === kind; }
function isElements(word: number): boolean {
  return word === Immediate.UNDEFINED || kindOf(word) === Cell.ELEMENTS || kindOf(word) === Cell.SPARSE;
}
function isObject(word: number): boolean {
  const kind = kindOf(word);
  return kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY;
}
/**
 * Is it a rope: two texts that are not empty and make up the whole, or, once flat, the text and the empty string? Then
 * every part is shorter than the whole, so no rope contains itself.
 */
function isRope(address: number): boolean {
  const left = M[address + Field.ROPE_LEFT!]!;
  const right = M[address + Field.ROPE_RIGHT!]!;
  const length = M[address + Field.ROPE_LENGTH!]!;
  if (!isText(left) || !isText(right) || length < 0 || length >> 1 > STRING_MAX) return false;
  const leftLength = kernel.textLength(left);
  const rightLength = kernel.textLength(right);
  const wide = kernel.isWide(left) || kernel.isWide(right) ? 1 : 0;
  if (leftLength + rightLength !== length >> 1 || (length & 1) !== wide) return false;
  if (right === kernel.emptyText()) return kernel.isFlatText(left);
  return leftLength > 0 && rightLength > 0;
}

function inlineSlots(shape: number): number { return (M[shape + Field.SHAPE_FLAGS!]! >> 8) & 255; }

/** Checks a SHAPE of the program. */
function checkShape(shape: number): boolean {
  const flags = M[shape + Field.SHAPE_FLAGS!]!;
  const kind = flags >>> 24;
  const count = M[shape + Field.SHAPE_COUNT!]!;
  const prototype = M[shape + Field.SHAPE_PROTOTYPE!]!;
  const table = M[shape + Field.SHAPE_TABLE!]!;
  const parent = M[shape + Field.SHAPE_PARENT!]!;
  const key = M[shape + Field.SHAPE_KEY!]!;
  if ((flags & (192 | ShapeFlag.LAZY)) !== 0 || kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY || count < 0) return fail(Rule.H10, shape);
  if (key !== Immediate.NONE && !isGoodWord(key)) return fail(Rule.H3, shape);
  if (inlineSlots(shape) !== 0 && kind !== Cell.OBJECT) return fail(Rule.H10, shape);
  if (prototype !== Immediate.NULL) {
    if (!isObject(prototype)) return fail(Rule.H10, shape);
    const object = prototype >> 2;
    if (object >= HEAP) {
      const own = M[object + 1]!;
      if (kindOf(own) !== Cell.SHAPE || (M[(own >> 2) + Field.SHAPE_FLAGS!]! & ShapeFlag.PROTOTYPE) === 0 || serialOf(object) < 0) return fail(Rule.H10, shape);
    }
  }
  if ((flags & ShapeFlag.UNIQUE) !== 0) {
    if (parent !== Immediate.UNDEFINED || key !== Immediate.UNDEFINED || kindOf(table) !== Cell.PROPERTY_TABLE || table >> 2 < HEAP) return fail(Rule.H10, shape);
    return M[(table >> 2) + Field.PROPERTY_TABLE_USED!] === count ? true : fail(Rule.H10, shape);
  }
  if ((flags & 255) !== 0) return fail(Rule.H10, shape);
  if (parent === Immediate.UNDEFINED) {
    return (count === 0 && table === Immediate.UNDEFINED && key === Immediate.NONE && (flags & 0xff0000) === 0) || fail(Rule.H10, shape);
  }
  return checkLine(shape, flags, count, table, parent, key);
}
/** Checks a shape that follows another: it has the other's properties and one more. */
function checkLine(shape: number, flags: number, count: number, table: number, parent: number, key: number): boolean {
  if (kindOf(parent) !== Cell.SHAPE || kindOf(table) !== Cell.PROPERTY_TABLE || !isName(key)) return fail(Rule.H10, shape);
  const before = parent >> 2;
  const used = M[(table >> 2) + Field.PROPERTY_TABLE_USED!]!;
  if (((M[before + Field.SHAPE_FLAGS!]! ^ flags) & (0xff00ffff | 0)) !== 0 || M[before + Field.SHAPE_COUNT!]! + 1 !== count || count > used) return fail(Rule.H10, shape);
  if (M[before + Field.SHAPE_PROTOTYPE!] !== M[shape + Field.SHAPE_PROTOTYPE!]) return fail(Rule.H10, shape);
  const entries = (table >> 2) + PROPERTY_TABLE_TAIL;
  if (M[entries + count * 2 - 2] !== key || M[entries + count * 2 - 1] !== ((flags >> 16) & 255) << 1) return fail(Rule.H10, shape);
  const others = M[before + Field.SHAPE_TABLE!]!;
  if (others === table || count === 1) return true;
  if (kindOf(others) !== Cell.PROPERTY_TABLE || M[(others >> 2) + Field.PROPERTY_TABLE_USED!]! < count - 1) return fail(Rule.H10, shape);
  if (!spend(count)) return fail(Rule.W1, shape);
  const otherEntries = (others >> 2) + PROPERTY_TABLE_TAIL;
  for (let i = 0; i < count * 2 - 2; i++) if (M[entries + i] !== M[otherEntries + i]) return fail(Rule.H10, shape);
  return true;
}

/** The shape last looked at, and whether it has accessors: most neighbours in a heap are of one form. */
let lastShape = 0;
let lastHasAccessors = false;
function hasAccessors(shape: number, count: number): boolean {
  if (shape === lastShape) return lastHasAccessors;
  lastShape = shape;
  lastHasAccessors = false;
  const entries = (M[shape + Field.SHAPE_TABLE!]! >> 2) + PROPERTY_TABLE_TAIL;
  for (let i = 0; i < count; i++) if ((M[entries + i * 2 + 1]! & (Attribute.ACCESSOR << 1)) !== 0) lastHasAccessors = true;
  return lastHasAccessors;
}

/** Checks a cell that stands for an object. */
function checkObject(address: number, kind: number): boolean {
  const shapeWord = M[address + 1]!;
  const slots = M[address + 2]!;
  if (kindOf(shapeWord) !== Cell.SHAPE) return fail(Rule.H9, address);
  const shape = shapeWord >> 2;
  const flags = M[shape + Field.SHAPE_FLAGS!]!;
  const inline = inlineSlots(shape);
  const count = M[shape + Field.SHAPE_COUNT!]!;
  if (flags >>> 24 !== kind) return fail(Rule.H9, address);
  if (kind === Cell.OBJECT && !exactly(address, sizeOf(address), OBJECT_TAIL + inline)) return fail(Rule.H9, address);
  if ((slots & 1) !== 0 && slots !== Immediate.UNDEFINED && (kindOf(slots) !== Cell.SLOTS || slots >> 2 < HEAP)) return fail(Rule.H9, address);
  if ((flags & ShapeFlag.UNIQUE) !== 0 && (shape < CORE_WORDS || !markOnce(shape))) return fail(Rule.H11, address);
  if ((flags & ShapeFlag.LAZY) !== 0) {
    if ((slots & 3) === 1) return fail(Rule.H9, address);
  } else if (count > 0) {
    const table = M[shape + Field.SHAPE_TABLE!]!;
    if (kindOf(table) !== Cell.PROPERTY_TABLE || count > M[(table >> 2) + Field.PROPERTY_TABLE_USED!]!) return fail(Rule.H9, address);
    if (M[(table >> 2) + Field.PROPERTY_TABLE_USED!]! > M[(table >> 2) + Field.PROPERTY_TABLE_CAPACITY!]!) return fail(Rule.H9, address);
    const behind = count - inline;
    if (behind > 0 && (kindOf(slots) !== Cell.SLOTS || behind > sizeOf(slots >> 2) - SLOTS_TAIL)) return fail(Rule.H9, address);
    if (hasAccessors(shape, count) && !accessorsFit(address, shape, count)) return fail(Rule.H13, address);
  }
  switch (kind) {
    case Cell.ARRAY: return isElements(M[address + Field.ARRAY_ELEMENTS!]!) || fail(Rule.H17, address);
    case Cell.FUNCTION:
      return (kindOf(M[address + Field.FUNCTION_CODE!]!) === Cell.CODE && isOrNothing(M[address + Field.FUNCTION_SCOPE!]!, Cell.SCOPE)) || fail(Rule.H15, address);
    case Cell.RECORD: {
      const brand = M[address + Field.RECORD_BRAND!]!;
      if ((brand & 1) !== 0 || brand < 0 || brand >> 1 >= brandSlots.length) return fail(Rule.H16, address);
      if (!exactly(address, sizeOf(address), Field.RECORD_TAIL! + brandSlots[brand >> 1]!)) return fail(Rule.H16, address);
      return brand !== Brand.BOUND_FUNCTION << 1 || boundFits(address + Field.RECORD_TAIL!) || fail(Rule.H16, address);
    }
    case Cell.TYPED_ARRAY: return typedFits(address) || fail(Rule.H18, address);
  }
  return true;
}
/** Has a bound function, its internal slots at `slots`, a function to call and as many arguments as it says? */
function boundFits(slots: number): boolean {
  const list = M[slots + Slot.BOUND_FUNCTION_ARGUMENTS!]!;
  if (kindOf(M[slots + Slot.BOUND_FUNCTION_TARGET!]!) !== Cell.FUNCTION || kindOf(list) !== Cell.ARRAY) return false;
  const length = M[(list >> 2) + Field.ARRAY_LENGTH!]!;
  const elements = M[(list >> 2) + Field.ARRAY_ELEMENTS!]!;
  return length === 0 || (kindOf(elements) === Cell.ELEMENTS && length > 0 && length < sizeOf(elements >> 2));
}
/** Does every accessor property have an ACCESSOR cell? */
function accessorsFit(address: number, shape: number, count: number): boolean {
  const entries = (M[shape + Field.SHAPE_TABLE!]! >> 2) + PROPERTY_TABLE_TAIL;
  for (let i = 0; i < count; i++) {
    if ((M[entries + i * 2 + 1]! & (Attribute.ACCESSOR << 1)) !== 0 && kindOf(M[kernel.slotAddress(address, shape, i)]!) !== Cell.ACCESSOR) return false;
  }
  return true;
}
/** Bytes of an element by type. */
const elementBytes: readonly number[] = [1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 1];
function typedFits(address: number): boolean {
  const buffer = M[address + Field.TYPED_ARRAY_BUFFER!]!;
  const type = M[address + Field.TYPED_ARRAY_TYPE!]!;
  const offset = M[address + Field.TYPED_ARRAY_OFFSET!]!;
  if (kindOf(buffer) !== Cell.RECORD || M[(buffer >> 2) + Field.RECORD_BRAND!] !== Brand.ARRAY_BUFFER << 1) return false;
  return type >= 0 && type < elementBytes.length && offset >= 0 && offset % elementBytes[type]! === 0 && M[address + Field.TYPED_ARRAY_LENGTH!]! >= -1;
}

/**
 * Third pass, when all cells are known to be sound: that nothing but its one object changes a UNIQUE shape (the second
 * pass has marked the shapes that have one) and its table, and that suspended frames fit their code.
 */
export function checkOwners(): boolean {
  for (let address = nextAgain(0); address !== 0; address = nextAgain(address)) {
    switch (M[address]! & 255) {
      case Cell.SHAPE:
        if ((M[address + Field.SHAPE_FLAGS!]! & ShapeFlag.UNIQUE) !== 0 && !markOnce(M[address + Field.SHAPE_TABLE!]! >> 2)) return fail(Rule.H11, address);
        break;
      case Cell.FRAME:
        if (!checkFrameCell(address)) return false;
        break;
      case Cell.RECORD:
        if (M[address + Field.RECORD_BRAND!] === Brand.COROUTINE << 1 && !checkCoroutine(address)) return false;
        break;
    }
  }
  for (let address = nextAgain(0); address !== 0; address = nextAgain(address)) {
    if ((M[address]! & 255) !== Cell.SHAPE || (M[address + Field.SHAPE_FLAGS!]! & ShapeFlag.UNIQUE) !== 0) continue;
    const table = M[address + Field.SHAPE_TABLE!]!;
    if (table !== Immediate.UNDEFINED && table >> 2 >= HEAP && isMarked(table >> 2)) return fail(Rule.H11, address);
  }
  return true;
}

/** Fourth pass: every chain of prototypes comes to an end. Marks the objects whose chain was walked; `overlays` is the table of core objects that the program changed. */
export function checkChains(overlays: number): boolean {
  for (let address = nextAgain(0); address !== 0; address = nextAgain(address)) {
    if ((M[address]! & 255) === Cell.SHAPE && !walkChain(M[address + Field.SHAPE_PROTOTYPE!]!)) return fail(Rule.H12, address);
  }
  if (overlays === Immediate.UNDEFINED) return true;
  const table = overlays >> 2;
  for (let i = 0; i < M[table + Field.TABLE_USED!]!; i++) {
    if (!walkChain(M[table + Field.TABLE_TAIL! + i * 2]!)) return fail(Rule.H12, table);
  }
  return true;
}
/** Walks from an object until null, a marked one, or for longer than there are objects; then marks those it met. */
function walkChain(prototype: number): boolean {
  const longest = ((heapTop - HEAP) >> 1) + (CORE_WORDS >> 1);
  let word = prototype;
  let steps = 0;
  while ((word & 3) === 1) {
    const object = kernel.resolve(word >> 2);
    if (isMarked(object)) break;
    if (++steps > longest) return false;
    word = kernel.prototypeOf(object);
  }
  word = prototype;
  while (steps > 0) {
    const object = kernel.resolve(word >> 2);
    if (object >= HEAP) markOnce(object);
    word = kernel.prototypeOf(object);
    steps--;
  }
  return true;
}
