// JSON.stringify of plain data, in portions: of objects and arrays whose writing cannot call user code. All that the
// writer knows lies in a cell, its state, which takes the value's place on the operand stack: the instruction is run
// again until the text is complete. Where it meets something that is not plain (a toJSON, an accessor, an object with a
// core's or a class's inner nature, sparse elements, a circle) it gives up, and the core writes the whole anew: nothing
// has happened that a program could notice.
//
// The state is an ELEMENTS cell:
//   1 BYTES of the text so far   2 its units   3 are they of 16 bits?   4 work of this portion   5 top   6 the value
//   7 ...    forms: by serial, shapes whose objects have no toJSON
//   23 ...   the stack: for each open container   object | index of the next entry | has an entry been written?
// Top is the word offset of the first free word. An object's entries are its elements, then the properties of its shape;
// since no program runs in between, neither changes.
//
// Each turn of the loop writes one entry, or an end: it finds out how many units that takes, makes sure that both the
// text and the stack have room, and only then writes. Where room runs out the state is as before the turn; only whole
// portions are charged for, and they end at the same places on every host.

import { Attribute, Cell, Field, ShapeFlag } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { Reg } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate, STRING_MAX } from "../format/words.js";
import { allocateBytes, byteLength, bytesWords } from "./bytes.js";
import { capacityOf, elementsOf, findElementInChain, FIRST_ELEMENT } from "./elements.js";
import { allocate, charge, fail, fault, fillWords, isNumber, isObject, isText, kindOf, moveWords, numberValue, reference, reserve } from "./heap.js";
import { B, H, M, S } from "./memory.js";
import { numberToText } from "./number.js";
import { ABSENT, findInChain, resolve, root, slotAddress } from "./object.js";
import { isCallable } from "./operators.js";
import { entryAddress } from "./shape.js";
import { copyBytes, copyUnits, flatLength, flatten, isFlatText, newText, reserveCell, reserveText, textStart } from "./text.js";
import { putUnit, quotedLength, quotedWide, writeQuoted } from "./textops.js";
import type { bool, f64, i32 } from "./types.js";

/** Where the state has what, in words from the cell's start. */
const WRITE_OUT = 1, WRITE_LENGTH = 2, WRITE_WIDE = 3, WRITE_WORK = 4, WRITE_TOP = 5, WRITE_VALUE = 6, WRITE_FORMS = 7, WRITE_STACK = 23;
const FORMS_MASK = 15;
/** Words of a new state, and of a container on its stack; bytes of the first buffer. */
const WRITE_WORDS = 64;
const CONTAINER_WORDS = 3;
const FIRST_BYTES = 256;
/** Deeper than this the core writes: looking for circles takes the time of all that is open. */
const DEPTH_MAX = 1000;

/** Units that a portion writes (an entry that is left out counts as one), and how many make a step. */
const WRITE_PORTION = 4096;
const WRITE_SHIFT = 4;

/** No number's or constant's text is longer. */
const NUMBER_UNITS = 32;

/** The entry that nextEntry found: its value, and its key (a text or a small integer). */
let entryValue: i32 = 0;
let entryKey: i32 = 0;
/** What nextEntry says instead of an index. */
const ENTRIES_OVER = -1, NOT_PLAIN = -2;

/**
 * One portion of $jsonWrite, whose arguments are at `sp` (the indentation) and above (the value at first, then the
 * state). The text, undefined if the value has none, DONE if it is not plain, HOLE if there is more to do, or NONE.
 */
export function jsonWrite(sp: i32): i32 {
  const fuel: i32 = M[Reg.FUEL];
  if (!isFlatText(M[sp])) return fault();
  if (kindOf(M[sp + 1]) !== Cell.ELEMENTS) {
    if (!isObject(M[sp + 1])) {
      const written = isWritten(M[sp + 1]);
      if (written <= 0) return written === 0 ? Immediate.UNDEFINED : Immediate.DONE;
    }
    const state = newWriteState(M[sp + 1]);
    if (state === Immediate.NONE) return Immediate.NONE;
    M[sp + 1] = state;
    return Immediate.HOLE;
  }
  if (!isWriteState(M[sp + 1])) return fault();
  const result = writePortion(sp);
  // What parts of it have charged is in the price of a portion; one that did not come to its end costs nothing yet.
  M[Reg.FUEL] = fuel;
  if (result === Immediate.NONE) return Immediate.NONE;
  const state: i32 = M[sp + 1] >> 2;
  charge(M[state + WRITE_WORK] >> 1 >> WRITE_SHIFT);
  M[state + WRITE_WORK] = 0;
  return result;
}
function newWriteState(value: i32): i32 {
  if (!reserve(WRITE_WORDS + bytesWords(FIRST_BYTES) + 1)) return Immediate.NONE;
  const state = allocate(Cell.ELEMENTS, WRITE_WORDS);
  const out = allocateBytes(FIRST_BYTES);
  fillWords(state + 1, Immediate.UNDEFINED, WRITE_WORDS - 1);
  M[state + WRITE_OUT] = reference(out);
  M[state + WRITE_LENGTH] = 0;
  M[state + WRITE_WIDE] = 0;
  M[state + WRITE_WORK] = 0;
  M[state + WRITE_TOP] = WRITE_STACK << 1;
  M[state + WRITE_VALUE] = value;
  return reference(state);
}
/** Can the word be a state? What it says of its sizes is true. */
function isWriteState(word: i32): bool {
  if (kindOf(word) !== Cell.ELEMENTS || capacityOf(word >> 2) < WRITE_WORDS - 1) return false;
  const state: i32 = word >> 2;
  const bits: i32 = M[state + WRITE_LENGTH] | M[state + WRITE_WIDE] | M[state + WRITE_WORK] | M[state + WRITE_TOP];
  if ((bits & 1) !== 0 || bits < 0 || kindOf(M[state + WRITE_OUT]) !== Cell.BYTES) return false;
  const top: i32 = M[state + WRITE_TOP] >> 1;
  const room: i32 = byteLength(M[state + WRITE_OUT] >> 2) >> (M[state + WRITE_WIDE] === 0 ? 0 : 1);
  return M[state + WRITE_LENGTH] >> 1 <= room && top >= WRITE_STACK && top <= capacityOf(state) + 1;
}
/** A state twice as large with the same in it: its word, or NONE. */
function growWriteState(state: i32, top: i32): i32 {
  const words: i32 = (top * 2 + 1) & -2;
  if (!reserve(words)) return Immediate.NONE;
  const larger = allocate(Cell.ELEMENTS, words);
  moveWords(larger + 1, state + 1, top - 1);
  fillWords(larger + top, Immediate.UNDEFINED, words - top);
  return reference(larger);
}
/** A buffer of at least `units` units, with the first `length` of `out`, made wide if need be: its word, or NONE. */
function growOut(out: i32, length: i32, wide: bool, units: i32, wider: bool): i32 {
  const doubled: i32 = length * 2 > units ? length * 2 : units;
  const bytes: i32 = doubled << (wider ? 1 : 0);
  if (!reserveCell(bytesWords(bytes), 0)) return Immediate.NONE;
  const larger = allocateBytes(bytes);
  const from: i32 = out + Field.BYTES_TAIL;
  const to: i32 = larger + Field.BYTES_TAIL;
  if (wide === wider) copyBytes(to << 2, from << 2, length << (wide ? 1 : 0));
  else for (let i: i32 = 0; i < length; i++) H[(to << 1) + i] = B[(from << 2) + i];
  return reference(larger);
}

// What is plain

/** Has no object of this one's form a toJSON? Remembered by form; the forms of functions and records are among them. */
function isPlainForm(state: i32, object: i32): bool {
  const address = resolve(object >> 2);
  const shape: i32 = M[address + 1];
  const place: i32 = state + WRITE_FORMS + (M[(shape >> 2) + Field.SHAPE_SERIAL] & FORMS_MASK);
  if (M[place] === shape) return true;
  if ((M[(shape >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0) return false;
  const answer = findInChain(address, root(Root.NAME_toJSON));
  if (answer !== ABSENT) return false;
  M[place] = shape;
  return true;
}
/** May the object be written as an array or object here? `top` bounds the stack, on which it must not be yet. */
function isPlainContainer(state: i32, top: i32, object: i32): bool {
  const address = resolve(object >> 2);
  const kind: i32 = M[address] & 255;
  if (kind !== Cell.ARRAY && kind !== Cell.OBJECT) return false;
  if (kindOf(elementsOf(address)) === Cell.SPARSE || top - WRITE_STACK > DEPTH_MAX * CONTAINER_WORDS) return false;
  for (let at: i32 = state + WRITE_STACK; at < state + top; at += CONTAINER_WORDS) if (M[at] === object) return false;
  return isPlainForm(state, object);
}
/** Is a value that is no object written? 1, or 0 if it is left out, -1 for what is the core's. */
function isWritten(value: i32): i32 {
  if (isNumber(value) || isText(value)) return 1;
  if (value === Immediate.NULL || value === Immediate.TRUE || value === Immediate.FALSE) return 1;
  return value === Immediate.UNDEFINED || kindOf(value) === Cell.SYMBOL ? 0 : -1;
}
/** The same of any value: a function is left out. */
function writtenKind(state: i32, value: i32): i32 {
  if (!isObject(value)) return isWritten(value);
  if (!isCallable(value)) return 1;
  return isPlainForm(state, value) ? 0 : -1;
}
/** An array's element: undefined for one that is missing, NONE if it is on a prototype. */
function elementToWrite(address: i32, index: i32): i32 {
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  if ((elements & 3) === 1 && index < capacityOf(elements >> 2)) {
    const element: i32 = M[(elements >> 2) + FIRST_ELEMENT + index];
    if (element !== Immediate.HOLE) return element;
  }
  const answer = findElementInChain(address, index >>> 0);
  return answer === ABSENT ? Immediate.UNDEFINED : Immediate.NONE;
}
/** Index of the first entry of the object, from `index` on, that is written; sets entryKey and entryValue. ENTRIES_OVER, NOT_PLAIN. */
function nextEntry(state: i32, address: i32, index: i32): i32 {
  const elements = elementsOf(address);
  const capacity: i32 = (elements & 3) === 1 ? capacityOf(elements >> 2) : 0;
  const shape: i32 = M[address + 1] >> 2;
  const count: i32 = capacity + M[shape + Field.SHAPE_COUNT];
  const table: i32 = M[shape + Field.SHAPE_TABLE] >> 2;
  for (let i: i32 = index; i < count; i++) {
    let value: i32 = Immediate.HOLE;
    if (i < capacity) {
      value = M[(elements >> 2) + FIRST_ELEMENT + i];
      entryKey = i << 1;
    } else {
      const entry: i32 = entryAddress(table, i - capacity);
      const attributes: i32 = M[entry + 1] >> 1;
      if (isText(M[entry]) && (attributes & Attribute.ENUMERABLE) !== 0) {
        if ((attributes & Attribute.ACCESSOR) !== 0) return NOT_PLAIN;
        value = M[slotAddress(address, shape, i - capacity)];
        entryKey = M[entry];
      }
    }
    if (value === Immediate.HOLE) continue;
    const written = writtenKind(state, value);
    if (written < 0) return NOT_PLAIN;
    if (written === 0) continue;
    entryValue = value;
    return i;
  }
  return ENTRIES_OVER;
}

// Writing

/** A line and the indentation of `depth` containers (if there is any): the place behind. */
function writeLine(wide: bool, place: i32, gap: i32, depth: i32): i32 {
  const units: i32 = flatLength(gap >> 2);
  if (units === 0) return place;
  putUnit(wide, place, 10);
  let at: i32 = place + 1;
  for (let i: i32 = 0; i < depth; i++) {
    copyUnits(at, wide, gap >> 2, 0, units);
    at += units;
  }
  return at;
}
/** The word of the core's text for a constant. */
function constantText(value: i32): i32 {
  switch (value) {
    case Immediate.TRUE: return root(Root.NAME_true);
    case Immediate.FALSE: return root(Root.NAME_false);
    default: return root(Root.NAME_null);
  }
}
/** Writes a number, or null if it is not finite: the place behind. */
function writeNumber(wide: bool, place: i32, x: f64): i32 {
  if (x - x !== 0) return writeConstant(wide, place, Immediate.NULL);
  const length = numberToText(x, 10);
  for (let i: i32 = 0; i < length; i++) putUnit(wide, place + i, S[i]);
  return place + length;
}
function writeConstant(wide: bool, place: i32, value: i32): i32 {
  const text = constantText(value);
  copyUnits(place, wide, text >> 2, 0, flatLength(text >> 2));
  return place + flatLength(text >> 2);
}

/** Writes a portion. The finished text, DONE, HOLE or NONE; the state is up to date in any case. */
function writePortion(sp: i32): i32 {
  let state: i32 = M[sp + 1] >> 2;
  const gap: i32 = M[sp];
  const gapLength: i32 = flatLength(gap >> 2);
  let out: i32 = M[state + WRITE_OUT] >> 2;
  let length: i32 = M[state + WRITE_LENGTH] >> 1;
  let wide: bool = M[state + WRITE_WIDE] !== 0;
  let work: i32 = M[state + WRITE_WORK] >> 1;
  let top: i32 = M[state + WRITE_TOP] >> 1;
  let result: i32 = Immediate.NONE;
  for (;;) {
    if (work >= WRITE_PORTION) {
      result = Immediate.HOLE;
      break;
    }
    // What is next: an entry of the innermost container, or its end.
    const depth: i32 = Math.floor((top - WRITE_STACK) / CONTAINER_WORDS) | 0;
    const open: i32 = state + top - CONTAINER_WORDS;
    let value: i32 = M[state + WRITE_VALUE];
    let key: i32 = Immediate.UNDEFINED;
    let index: i32 = 0;
    let inArray: bool = false;
    if (depth === 0) {
      if (length > 0) {
        result = finishedText(out, length, wide);
        break;
      }
    } else {
      if (!isObject(M[open]) || (M[open + 1] & 1) !== 0 || M[open + 1] < 0) {
        fault();
        break;
      }
      const address = resolve(M[open] >> 2);
      const from: i32 = M[open + 1] >> 1;
      index = from;
      inArray = kindOf(M[open]) === Cell.ARRAY;
      if (inArray) {
        if (index >= (M[address + Field.ARRAY_LENGTH] >>> 0)) {
          index = ENTRIES_OVER;
        } else {
          value = elementToWrite(address, index);
          const written: i32 = value === Immediate.NONE ? -1 : writtenKind(state, value);
          if (written < 0) index = NOT_PLAIN;
          else if (written === 0) value = Immediate.NULL;
        }
      } else {
        index = nextEntry(state, address, from);
        value = entryValue;
        key = entryKey;
      }
      if (index === NOT_PLAIN) {
        result = Immediate.DONE;
        break;
      }
      work += index > from ? index - from : 0;
    }
    const ends: bool = index === ENTRIES_OVER;
    const opens: bool = !ends && isObject(value);
    if (opens && !isPlainContainer(state, top, value)) {
      result = Immediate.DONE;
      break;
    }
    // How much that is: a separator, a line, a key and a colon, and the value.
    let units: i32 = NUMBER_UNITS + 4 + (gapLength === 0 ? 0 : 1 + Math.imul(depth, gapLength));
    let wider: bool = wide || (gapLength > 0 && isWideGap(gap));
    let quotedKey: i32 = 0;
    let quotedValue: i32 = 0;
    if (!ends && isText(key)) {
      quotedKey = quotedLength(key >> 2);
      wider = quotedWide || wider;
    }
    if (!ends && isText(value)) {
      const flat = flatten(value);
      if (flat === Immediate.NONE) break;
      value = flat;
      quotedValue = quotedLength(flat >> 2);
      wider = quotedWide || wider;
    }
    units += length;
    if (quotedKey > STRING_MAX - units || quotedValue > STRING_MAX - units - quotedKey) {
      fail(ErrorCode.INVALID_STRING_LENGTH, Immediate.UNDEFINED, Immediate.UNDEFINED);
      break;
    }
    units += quotedKey + quotedValue;
    if ((units << (wider ? 1 : 0)) > byteLength(out) || wider !== wide) {
      const larger = growOut(out, length, wide, units, wider);
      if (larger === Immediate.NONE) break;
      M[state + WRITE_OUT] = larger;
      out = larger >> 2;
      wide = wider;
    }
    if (opens && top + CONTAINER_WORDS > capacityOf(state) + 1) {
      const larger = growWriteState(state, top);
      if (larger === Immediate.NONE) break;
      M[sp + 1] = larger;
      state = larger >> 2;
    }
    // There is room for all of it.
    const start: i32 = (out + Field.BYTES_TAIL) << (wide ? 1 : 2);
    let place: i32 = start + length;
    if (depth > 0) {
      const container: i32 = state + top - CONTAINER_WORDS;
      if (ends) {
        if (M[container + 2] !== 0) place = writeLine(wide, place, gap, depth - 1);
        putUnit(wide, place, inArray ? 93 : 125);
        place++;
        top -= CONTAINER_WORDS;
      } else {
        if (M[container + 2] !== 0) {
          putUnit(wide, place, 44);
          place++;
        }
        place = writeLine(wide, place, gap, depth);
        M[container + 1] = (index + 1) << 1;
        M[container + 2] = 2;
      }
    }
    if (!ends) {
      if (key !== Immediate.UNDEFINED) {
        if (quotedKey > 0) {
          writeQuoted(key >> 2, place, wide, quotedKey);
          place += quotedKey;
        } else {
          putUnit(wide, place, 34);
          place = writeNumber(wide, place + 1, key >> 1);
          putUnit(wide, place, 34);
          place++;
        }
        putUnit(wide, place, 58);
        place++;
        if (gapLength > 0) {
          putUnit(wide, place, 32);
          place++;
        }
      }
      if (opens) {
        const array: bool = kindOf(value) === Cell.ARRAY;
        putUnit(wide, place, array ? 91 : 123);
        place++;
        M[state + top] = value;
        M[state + top + 1] = 0;
        M[state + top + 2] = 0;
        top += CONTAINER_WORDS;
      } else if (quotedValue > 0) {
        writeQuoted(value >> 2, place, wide, quotedValue);
        place += quotedValue;
      } else if (isNumber(value)) {
        place = writeNumber(wide, place, numberValue(value));
      } else {
        place = writeConstant(wide, place, value);
      }
    }
    work += place - start - length;
    length = place - start;
  }
  M[state + WRITE_LENGTH] = length << 1;
  M[state + WRITE_WIDE] = wide ? 2 : 0;
  M[state + WRITE_WORK] = work << 1;
  M[state + WRITE_TOP] = top << 1;
  return result;
}
/** Is the indentation of 16-bit units? */
function isWideGap(gap: i32): bool { return kindOf(gap) === Cell.WIDE_STRING || kindOf(gap) === Cell.WIDE_KEY; }
/** The text in the buffer as a string, or NONE. */
function finishedText(out: i32, length: i32, wide: bool): i32 {
  if (!reserveText(length, wide, 0)) return Immediate.NONE;
  const text = newText(length, wide);
  const start: i32 = textStart(text);
  const from: i32 = (out + Field.BYTES_TAIL) << 2;
  if (wide) copyBytes(start << 1, from, length << 1);
  else copyBytes(start, from, length);
  return reference(text);
}
