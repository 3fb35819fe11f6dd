// JSON.parse of a whole text, in portions. All that the parser knows lies in a cell, its state, which takes the text's
// place on the operand stack: the instruction is run again until the value is complete, so the program can be stopped,
// shipped and collected in the middle. A portion goes on to its goal, a position in the text, whatever happens: where
// room runs out on the way the state is kept, and the same portion goes on from there after the collection. So portions
// end at the same places on every host, and only whole ones are charged for.
//
// The state is an ELEMENTS cell:
//   1 text   2 position   3 goal   4 top   5 base   6 path   7 mode   8 object being built   9 how many of its properties are done
//   10 ...   forms: by path, the shape of the last object there
//   42 ...   the stack: for each open container   outer base | outer path | its elements, or keys and values
// Top and base are word offsets in the cell: the first free word, and the first entry of the innermost container. The
// path is a small hash of the keys on the way from the root and of what the container is (path << 2 | kind). A key is an
// interned string, or a plain one if it is an array index.
//
// A container is made when it closes, so arrays have as many elements and objects as many inline slots as they need.
// Records of one form come one after the other: the shape of the last object at the path foretells the next keys, which
// then need neither hashing nor a search, and if it was right throughout it is the new object's shape.
//
// A forged state may hold anything: positions and kinds of cells are checked, and the rest only makes a wrong value.

import { Attribute, Cell, Field } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { Reg } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { reserveCall } from "./call.js";
import { capacityOf, defineElement, elementsWords, FIRST_ELEMENT, newElements } from "./elements.js";
import { allocate, charge, fail, fault, fillWords, isText, kindOf, moveWords, numberResult, reference, reserve } from "./heap.js";
import { B, H, M, S } from "./memory.js";
import { decimalValueAt, digitOf } from "./numberparse.js";
import { ARRAY_WORDS, defineOwn, newArray, newObject, objectWords, root } from "./object.js";
import { childRoom, childShape, entryAddress, findProperty, findTransition, LINE_MAX, shapeInline } from "./shape.js";
import {
  arrayIndex, copyUnits, emptyText, equalUnits, findUnits, flatLength, flatten, internKey, isFlatText, newText, reserveText,
  textFromScratch, textStart, unitAt, unitFrom, wideCell,
} from "./text.js";
import type { bool, i32 } from "./types.js";

/** Where the state has what, in words from the cell's start. */
const PARSE_TEXT = 1, PARSE_AT = 2, PARSE_GOAL = 3, PARSE_TOP = 4, PARSE_BASE = 5, PARSE_PATH = 6, PARSE_MODE = 7, PARSE_BUILT = 8,
  PARSE_DONE = 9, PARSE_FORMS = 10, PARSE_STACK = 42;
/** Words of a new state, and the most that one token pushes. */
const PARSE_WORDS = 64;
const TOKEN_WORDS = 2;

/** Units of text that a portion goes over, and how many make a step. */
const PARSE_PORTION = 4096;
const PARSE_SHIFT = 4;

/** What is expected: a value; a value or the end of an array; a key or the end of an object; a key; the key on the stack to be interned; a comma or the container's end. */
const EXPECT_VALUE = 0, EXPECT_FIRST_VALUE = 1, EXPECT_FIRST_KEY = 2, EXPECT_KEY = 3, EXPECT_NAME = 4, EXPECT_COMMA = 5;

/** Kinds of containers in a path. */
const IN_NOTHING = 0, IN_ARRAY = 1, IN_OBJECT = 2;
/** A path has 5 bits and the kind two. */
const PATH_MASK = 31;

/** Inline slots of the largest root shape for literals. */
const INLINE_MAX = 16;

/** "[object Object]", which V8 does not quote as something unexpected. */
const OBJECT_UNITS: i32[] = [91, 111, 98, 106, 101, 99, 116, 32, 79, 98, 106, 101, 99, 116, 93];
/** So many units of the text are shown before and behind what was not expected. */
const SHOWN_UNITS = 10;

/** The place behind the literal that was parsed last. */
let literalEnd: i32 = 0;

/**
 * One portion of $jsonParse, whose argument is at `sp`: the text at first, then the state. The value, HOLE if it is not
 * complete yet, or NONE.
 */
export function jsonParse(sp: i32): i32 {
  const fuel: i32 = M[Reg.FUEL];
  if (isText(M[sp])) {
    const state = newParseState(M[sp]);
    M[Reg.FUEL] = fuel;
    if (state === Immediate.NONE) return Immediate.NONE;
    M[sp] = state;
    charge(flatLength(M[(state >> 2) + PARSE_TEXT] >> 2) >> PARSE_SHIFT >> 2);
    return Immediate.HOLE;
  }
  if (!isParseState(M[sp])) return fault();
  const result = parsePortion(sp);
  // What parts of it have charged is in the price of a portion; one that did not come to its end costs nothing yet.
  M[Reg.FUEL] = fuel;
  if (result === Immediate.NONE) return Immediate.NONE;
  const state: i32 = M[sp] >> 2;
  const from: i32 = (M[state + PARSE_GOAL] >> 1) - PARSE_PORTION;
  charge(((M[state + PARSE_AT] >> 1) - from) >> PARSE_SHIFT);
  M[state + PARSE_GOAL] = M[state + PARSE_AT] + (PARSE_PORTION << 1);
  return result;
}
function newParseState(text: i32): i32 {
  const flat = flatten(text);
  if (flat === Immediate.NONE || !reserve(PARSE_WORDS)) return Immediate.NONE;
  const state = allocate(Cell.ELEMENTS, PARSE_WORDS);
  fillWords(state + 1, Immediate.UNDEFINED, PARSE_WORDS - 1);
  M[state + PARSE_TEXT] = flat;
  M[state + PARSE_AT] = 0;
  M[state + PARSE_GOAL] = PARSE_PORTION << 1;
  M[state + PARSE_TOP] = PARSE_STACK << 1;
  M[state + PARSE_BASE] = PARSE_STACK << 1;
  M[state + PARSE_PATH] = IN_NOTHING << 1;
  M[state + PARSE_MODE] = EXPECT_VALUE << 1;
  M[state + PARSE_DONE] = 0;
  return reference(state);
}
/** Can the word be a state? Offsets and position are within their bounds. */
function isParseState(word: i32): bool {
  if (kindOf(word) !== Cell.ELEMENTS || capacityOf(word >> 2) < PARSE_WORDS - 1) return false;
  const state: i32 = word >> 2;
  if (!isFlatText(M[state + PARSE_TEXT])) return false;
  const bits: i32 = M[state + PARSE_AT] | M[state + PARSE_GOAL] | M[state + PARSE_TOP] | M[state + PARSE_BASE] | M[state + PARSE_PATH] |
    M[state + PARSE_MODE] | M[state + PARSE_DONE];
  if ((bits & 1) !== 0 || bits < 0) return false;
  const top: i32 = M[state + PARSE_TOP] >> 1;
  return M[state + PARSE_AT] >> 1 <= flatLength(M[state + PARSE_TEXT] >> 2) && top <= capacityOf(state) + 1 &&
    isParseBase(M[state + PARSE_BASE] >> 1, top) && M[state + PARSE_PATH] >> 1 <= ((PATH_MASK << 2) | 3);
}
function isParseBase(base: i32, top: i32): bool { return base >= PARSE_STACK && base <= top; }
/** A state twice as large with the same in it: its word, or NONE. */
function growParseState(state: i32, top: i32): i32 {
  const words: i32 = top * 2;
  if (!reserve(words)) return Immediate.NONE;
  const larger = allocate(Cell.ELEMENTS, words);
  moveWords(larger + 1, state + 1, top - 1);
  fillWords(larger + top, Immediate.UNDEFINED, words - top);
  return reference(larger);
}

/** White space. Source: ECMA-404. */
/** @inline */
function isJsonBlank(unit: i32): bool { return unit === 32 || unit === 10 || unit === 13 || unit === 9; }
/** @inline */
function isDigitUnit(unit: i32): bool { return unit >= 48 && unit <= 57; }
/** The path of a container that opens: `last` is the key it is under, if it is in an object. */
function pathWithin(path: i32, last: i32, kind: i32): i32 {
  const own: i32 = path >> 2;
  let step: i32 = 1;
  if ((path & 3) === IN_OBJECT) step = kindOf(last) === Cell.KEY ? M[(last >> 2) + Field.KEY_HASH] & PATH_MASK : 2;
  return (((own * 5 + step) & PATH_MASK) << 2) | kind;
}

/** Parses up to the goal. The value, HOLE at the goal, or NONE; the state is up to date in any case. */
function parsePortion(sp: i32): i32 {
  let state: i32 = M[sp] >> 2;
  let limit: i32 = capacityOf(state) + 1;
  const text: i32 = M[state + PARSE_TEXT] >> 2;
  const wide: bool = wideCell(text);
  const start: i32 = textStart(text);
  const end: i32 = start + flatLength(text);
  const goal: i32 = start + (M[state + PARSE_GOAL] >> 1);
  let at: i32 = start + (M[state + PARSE_AT] >> 1);
  let top: i32 = M[state + PARSE_TOP] >> 1;
  let base: i32 = M[state + PARSE_BASE] >> 1;
  let path: i32 = M[state + PARSE_PATH] >> 1;
  let mode: i32 = M[state + PARSE_MODE] >> 1;
  let result: i32 = Immediate.NONE;
  for (;;) {
    if (at >= goal) {
      result = Immediate.HOLE;
      break;
    }
    if (top + TOKEN_WORDS > limit) {
      const larger = growParseState(state, top);
      if (larger === Immediate.NONE) break;
      M[sp] = larger;
      state = larger >> 2;
      limit = capacityOf(state) + 1;
    }
    while (at < end && isJsonBlank(unitFrom(wide, at))) at++;
    const unit: i32 = at < end ? unitFrom(wide, at) : -1;
    let closes: bool = false;
    if (mode <= EXPECT_FIRST_VALUE) {
      if (unit === 91 || unit === 123) {
        const inner: i32 = pathWithin(path, M[state + top - 1], unit === 91 ? IN_ARRAY : IN_OBJECT);
        M[state + top] = base << 1;
        M[state + top + 1] = path << 1;
        top += 2;
        base = top;
        path = inner;
        mode = unit === 91 ? EXPECT_FIRST_VALUE : EXPECT_FIRST_KEY;
        at++;
        continue;
      }
      if (unit !== 93 || mode === EXPECT_VALUE) {
        const value = parseScalar(text, wide, start, at, end, unit);
        if (value === Immediate.NONE) break;
        M[state + top] = value;
        top++;
        at = literalEnd;
        mode = EXPECT_COMMA;
        continue;
      }
      closes = true;
    } else if (mode === EXPECT_COMMA) {
      if ((path & 3) === IN_ARRAY) {
        if (unit === 44) {
          at++;
          mode = EXPECT_VALUE;
          continue;
        }
        if (unit !== 93) {
          fail(ErrorCode.JSON_ELEMENT_END, (at - start) << 1, Immediate.UNDEFINED);
          break;
        }
      } else if ((path & 3) === IN_OBJECT) {
        if (unit === 44) {
          at++;
          mode = EXPECT_KEY;
          continue;
        }
        if (unit !== 125) {
          fail(ErrorCode.JSON_PROPERTY_END, (at - start) << 1, Immediate.UNDEFINED);
          break;
        }
      } else {
        if (unit < 0) result = M[state + top - 1];
        else fail(ErrorCode.JSON_REST, (at - start) << 1, Immediate.UNDEFINED);
        break;
      }
      closes = true;
    } else if (mode === EXPECT_NAME) {
      const name = propertyName(M[state + top - 1]);
      if (name === Immediate.NONE) break;
      M[state + top - 1] = name;
      if (unit !== 58) {
        // V8 has a message of its own for the first property only.
        if (base === top - 1) fail(ErrorCode.JSON_COLON, (at - start) << 1, Immediate.UNDEFINED);
        else unexpected(text, at - start);
        break;
      }
      at++;
      mode = EXPECT_VALUE;
      continue;
    } else {
      if (unit === 34) {
        const form: i32 = M[state + PARSE_FORMS + (path >> 2)];
        const foretold = foretoldKey(form, (top - base) >> 1);
        let behind: i32 = 0;
        if (foretold !== 0) behind = behindKey(foretold, wide, at, end);
        let key: i32 = foretold;
        if (behind === 0) {
          key = knownKey(wide, at, end);
          if (key === 0) key = parseText(text, wide, start, at, end);
          if (key === Immediate.NONE) break;
          behind = literalEnd;
        }
        M[state + top] = key;
        top++;
        at = behind;
        // Nearly always the colon follows at once.
        if (at < end && unitFrom(wide, at) === 58 && kindOf(key) === Cell.KEY) {
          at++;
          mode = EXPECT_VALUE;
        } else {
          mode = EXPECT_NAME;
        }
        continue;
      }
      if (unit !== 125 || mode === EXPECT_KEY) {
        fail(mode === EXPECT_KEY ? ErrorCode.JSON_NAME : ErrorCode.JSON_FIRST_NAME, (at - start) << 1, Immediate.UNDEFINED);
        break;
      }
      closes = true;
    }
    if (closes) {
      const container = (path & 3) === IN_ARRAY ? arrayOf(state, base, top) : objectOf(state, base, top, path);
      if (container === Immediate.NONE) break;
      top = base - 1;
      base = M[state + top - 1] >> 1;
      path = (M[state + top] >> 1) & ((PATH_MASK << 2) | 3);
      M[state + top - 1] = container;
      if (!isParseBase(base, top)) {
        base = PARSE_STACK;
        fault();
        break;
      }
      mode = EXPECT_COMMA;
      at++;
    }
  }
  M[state + PARSE_AT] = (at - start) << 1;
  M[state + PARSE_TOP] = top << 1;
  M[state + PARSE_BASE] = base << 1;
  M[state + PARSE_PATH] = path << 1;
  M[state + PARSE_MODE] = mode << 1;
  return result;
}

// Values that are no containers

/** The value that begins at `at` with `unit` (-1 at the end): a word, or NONE. Sets literalEnd. */
function parseScalar(text: i32, wide: bool, start: i32, at: i32, end: i32, unit: i32): i32 {
  switch (unit) {
    case 34: return parseText(text, wide, start, at, end);
    case 116: return parseWord(text, start, at, root(Root.NAME_true) >> 2, Immediate.TRUE);
    case 102: return parseWord(text, start, at, root(Root.NAME_false) >> 2, Immediate.FALSE);
    case 110: return parseWord(text, start, at, root(Root.NAME_null) >> 2, Immediate.NULL);
  }
  if (unit === 45 || isDigitUnit(unit)) return parseNumber(wide, start, at, end);
  return unexpected(text, at - start);
}
/** A value that is written as the core's string `name`. */
function parseWord(text: i32, start: i32, at: i32, name: i32, value: i32): i32 {
  const length: i32 = flatLength(name);
  const from: i32 = at - start;
  for (let i: i32 = 0; i < length; i++) {
    if (from + i >= flatLength(text) || unitAt(text, from + i) !== unitAt(name, i)) return unexpected(text, from + i);
  }
  literalEnd = at + length;
  return value;
}
/** Where the digits from `at` on end. */
function digitsEnd(wide: bool, at: i32, end: i32): i32 {
  let i: i32 = at;
  while (i < end && isDigitUnit(unitFrom(wide, i))) i++;
  return i;
}
function parseNumber(wide: bool, start: i32, at: i32, end: i32): i32 {
  const negative: bool = unitFrom(wide, at) === 45;
  const first: i32 = negative ? at + 1 : at;
  let i: i32 = first;
  let small: i32 = 0;
  while (i < end) {
    const digit: i32 = unitFrom(wide, i) - 48;
    if (digit < 0 || digit > 9) break;
    if (i - first < 9) small = small * 10 + digit;
    i++;
  }
  if (i === first) return fail(ErrorCode.JSON_MINUS, (i - start) << 1, Immediate.UNDEFINED);
  if (i - first > 1 && unitFrom(wide, first) === 48) return fail(ErrorCode.JSON_NUMBER, (first + 1 - start) << 1, Immediate.UNDEFINED);
  const whole: i32 = i;
  if (i < end && unitFrom(wide, i) === 46) {
    const from: i32 = i + 1;
    i = digitsEnd(wide, from, end);
    if (i === from) return fail(ErrorCode.JSON_FRACTION, (i - start) << 1, Immediate.UNDEFINED);
  }
  if (i < end && (unitFrom(wide, i) | 32) === 101) {
    let from: i32 = i + 1;
    if (from < end && (unitFrom(wide, from) === 43 || unitFrom(wide, from) === 45)) from++;
    i = digitsEnd(wide, from, end);
    if (i === from) return fail(ErrorCode.JSON_EXPONENT, (i - start) << 1, Immediate.UNDEFINED);
  }
  literalEnd = i;
  if (i === whole && i - first <= 9 && (small !== 0 || !negative)) return (negative ? -small : small) << 1;
  const value = decimalValueAt(wide ? first << 1 : first, i - first, wide);
  return numberResult(negative ? -value : value);
}

/** The string literal whose opening quote is at `at`: a word, or NONE. Sets literalEnd. */
function parseText(text: i32, wide: bool, start: i32, at: i32, end: i32): i32 {
  const from: i32 = at + 1;
  let close: i32 = from;
  let bits: i32 = 0;
  while (close < end) {
    const unit: i32 = unitFrom(wide, close);
    if (unit === 34 || unit === 92 || unit < 32) break;
    bits |= unit;
    close++;
  }
  if (close >= end || unitFrom(wide, close) !== 34) return parseEscaped(text, wide, start, at, end);
  literalEnd = close + 1;
  if (close === from) return emptyText();
  if (!reserveText(close - from, bits > 255, 0)) return Immediate.NONE;
  const target = newText(close - from, bits > 255);
  copyUnits(textStart(target), bits > 255, text, from - start, close - from);
  return reference(target);
}
/** What a letter behind a backslash stands for, -1 if for nothing; `u` has a rule of its own. */
function escapedUnit(letter: i32): i32 {
  switch (letter) {
    case 34: case 47: case 92: return letter;
    case 98: return 8;
    case 102: return 12;
    case 110: return 10;
    case 114: return 13;
    case 116: return 9;
    default: return -1;
  }
}
/** The unit that four hexadecimal digits say, or -1 - the place of the one that is none. */
function hexUnits(wide: bool, at: i32, end: i32): i32 {
  let value: i32 = 0;
  for (let i: i32 = at; i < at + 4; i++) {
    const digit: i32 = i < end ? digitOf(unitFrom(wide, i)) : 16;
    if (digit >= 16) return -1 - i;
    value = (value << 4) | digit;
  }
  return value;
}
/** parseText of a literal that has escapes or is malformed: once to measure and check it, once to write. */
function parseEscaped(text: i32, wide: bool, start: i32, at: i32, end: i32): i32 {
  let bits: i32 = 0;
  let count: i32 = 0;
  let i: i32 = at + 1;
  for (;;) {
    if (i >= end) return fail(ErrorCode.JSON_UNTERMINATED, (i - start) << 1, Immediate.UNDEFINED);
    let unit: i32 = unitFrom(wide, i);
    if (unit === 34) break;
    if (unit < 32) return fail(ErrorCode.JSON_CONTROL, (i - start) << 1, Immediate.UNDEFINED);
    i++;
    if (unit === 92) {
      if (i >= end) return unexpected(text, i - start);
      const letter: i32 = unitFrom(wide, i);
      if (letter === 117) {
        unit = hexUnits(wide, i + 1, end);
        if (unit < 0) return fail(ErrorCode.JSON_UNICODE, (-1 - unit - start) << 1, Immediate.UNDEFINED);
        i += 4;
      } else {
        unit = escapedUnit(letter);
        if (unit < 0) return letter > 255 ? unexpected(text, i - start) : fail(ErrorCode.JSON_ESCAPE, (i - start) << 1, Immediate.UNDEFINED);
      }
      i++;
    }
    bits |= unit;
    count++;
  }
  literalEnd = i + 1;
  if (!reserveText(count, bits > 255, 0)) return Immediate.NONE;
  const target = newText(count, bits > 255);
  const place: i32 = textStart(target);
  i = at + 1;
  for (let k: i32 = 0; k < count; k++) {
    let unit: i32 = unitFrom(wide, i);
    i++;
    if (unit === 92) {
      const letter: i32 = unitFrom(wide, i);
      unit = letter === 117 ? hexUnits(wide, i + 1, end) : escapedUnit(letter);
      i += letter === 117 ? 5 : 1;
    }
    if (bits > 255) H[place + k] = unit;
    else B[place + k] = unit;
  }
  return reference(target);
}

// Keys

/** The key that stands at that place among the properties of objects with this form (a SHAPE reference, or undefined); 0 if none does. */
function foretoldKey(form: i32, index: i32): i32 {
  if (kindOf(form) !== Cell.SHAPE) return 0;
  const shape: i32 = form >> 2;
  if (index >= M[shape + Field.SHAPE_COUNT]) return 0;
  const key: i32 = M[entryAddress(M[shape + Field.SHAPE_TABLE] >> 2, index)];
  return kindOf(key) === Cell.KEY ? key : 0;
}
/** The place behind the string literal at `at` if it is, without escapes, that narrow key; else 0. */
function behindKey(key: i32, wide: bool, at: i32, end: i32): i32 {
  const from: i32 = at + 1;
  const length: i32 = flatLength(key >> 2);
  if (from + length >= end || unitFrom(wide, from + length) !== 34) return 0;
  const units: i32 = textStart(key >> 2);
  for (let i: i32 = 0; i < length; i++) {
    const unit: i32 = unitFrom(wide, from + i);
    if (unit !== B[units + i] || unit === 34 || unit === 92 || unit < 32) return 0;
  }
  return from + length + 1;
}
/** The interned string that the literal at `at` is, 0 if there is none or it has escapes. Sets literalEnd. */
function knownKey(wide: bool, at: i32, end: i32): i32 {
  const from: i32 = at + 1;
  let close: i32 = from;
  while (close < end) {
    const unit: i32 = unitFrom(wide, close);
    if (unit === 34) break;
    if (unit === 92 || unit < 32) return 0;
    close++;
  }
  if (close >= end) return 0;
  literalEnd = close + 1;
  return findUnits(wide, from, close - from);
}
/** A parsed key as a property name: interned, unless it is an array index. NONE if there is no room. */
function propertyName(key: i32): i32 {
  if (!isText(key)) return fault();
  return kindOf(key) === Cell.STRING && arrayIndex(key) >= 0 ? key : internKey(key);
}

// Containers

/** The array of the entries from `base` to `top`: NONE if there is no room. */
function arrayOf(state: i32, base: i32, top: i32): i32 {
  const count: i32 = top - base;
  if (!reserve(ARRAY_WORDS + elementsWords(count))) return Immediate.NONE;
  let elements: i32 = Immediate.UNDEFINED;
  if (count > 0) {
    const cell = newElements(count);
    moveWords(cell + FIRST_ELEMENT, state + base, count);
    elements = reference(cell);
  }
  const array = newArray(elements, count);
  return reference(array);
}
/** The object of the keys and values from `base` to `top`: NONE if there is no room. */
function objectOf(state: i32, base: i32, top: i32, path: i32): i32 {
  const count: i32 = (top - base) >> 1;
  const entries: i32 = state + base;
  if (M[state + PARSE_BUILT] !== Immediate.UNDEFINED) return buildObject(state, entries, count);
  const form: i32 = M[state + PARSE_FORMS + (path >> 2)];
  let shape: i32 = form >> 2;
  if (!isForm(form, entries, count)) {
    shape = count > LINE_MAX ? -1 : formOf(entries, count);
    if (shape === 0) return Immediate.NONE;
    if (shape < 0) return buildObject(state, entries, count);
    M[state + PARSE_FORMS + (path >> 2)] = reference(shape);
  }
  return filledObject(shape, entries, count);
}
/** Has the shape that `form` refers to just these keys? */
function isForm(form: i32, entries: i32, count: i32): bool {
  if (kindOf(form) !== Cell.SHAPE || count === 0 || M[(form >> 2) + Field.SHAPE_COUNT] !== count) return false;
  if (shapeInline(form >> 2) !== (count > INLINE_MAX ? INLINE_MAX : count)) return false;
  const first: i32 = entryAddress(M[(form >> 2) + Field.SHAPE_TABLE] >> 2, 0);
  for (let i: i32 = 0; i < count; i++) if (M[first + i * 2] !== M[entries + i * 2]) return false;
  return true;
}
/** The shape that has these keys in this order: 0 if there is no room, -1 if an index or a repeated key is among them. */
function formOf(entries: i32, count: i32): i32 {
  let shape: i32 = root(Root.SHAPE_object0 + (count > INLINE_MAX ? INLINE_MAX : count)) >> 2;
  for (let i: i32 = 0; i < count; i++) {
    const key: i32 = M[entries + i * 2];
    if (kindOf(key) !== Cell.KEY && kindOf(key) !== Cell.WIDE_KEY) return -1;
    let next = findTransition(shape, key, Attribute.ALL);
    if (next === 0) {
      if (findProperty(shape, key) >= 0) return -1;
      if (!reserve(childRoom(shape))) return 0;
      next = childShape(shape, key, Attribute.ALL);
    }
    shape = next;
  }
  return shape;
}
/** Words in front of the properties of a SLOTS cell. */
const FORM_SLOTS = 3;
/** A new object of that shape with the values of the entries: NONE if there is no room. */
function filledObject(shape: i32, entries: i32, count: i32): i32 {
  const inline: i32 = count > INLINE_MAX ? INLINE_MAX : count;
  const slotsWords: i32 = count > inline ? (FORM_SLOTS + count - inline + 1) & -2 : 0;
  if (!reserve(objectWords(inline) + slotsWords)) return Immediate.NONE;
  const object = newObject(shape);
  for (let i: i32 = 0; i < inline; i++) M[object + Field.OBJECT_TAIL + i] = M[entries + i * 2 + 1];
  if (slotsWords > 0) {
    const slots = allocate(Cell.SLOTS, slotsWords);
    fillWords(slots + 1, Immediate.UNDEFINED, slotsWords - 1);
    for (let i: i32 = inline; i < count; i++) M[slots + FORM_SLOTS + i - inline] = M[entries + i * 2 + 1];
    M[object + 2] = reference(slots);
  }
  return reference(object);
}
/** The object property by property; where room runs out it goes on from there the next time. */
function buildObject(state: i32, entries: i32, count: i32): i32 {
  if (M[state + PARSE_BUILT] === Immediate.UNDEFINED) {
    const inline: i32 = count > INLINE_MAX ? INLINE_MAX : count;
    if (!reserve(objectWords(inline))) return Immediate.NONE;
    const fresh = newObject(root(Root.SHAPE_object0 + inline) >> 2);
    M[state + PARSE_BUILT] = reference(fresh);
    M[state + PARSE_DONE] = 0;
  }
  const object: i32 = M[state + PARSE_BUILT];
  if (kindOf(object) !== Cell.OBJECT) return fault();
  for (let i: i32 = M[state + PARSE_DONE] >> 1; i < count; i++) {
    const key: i32 = M[entries + i * 2];
    const value: i32 = M[entries + i * 2 + 1];
    let defined: bool = false;
    if (kindOf(key) === Cell.STRING) {
      const index = arrayIndex(key);
      if (index < 0) return fault();
      defined = defineElement(object >> 2, index >>> 0, value, Attribute.ALL);
    } else {
      if (kindOf(key) !== Cell.KEY && kindOf(key) !== Cell.WIDE_KEY) return fault();
      defined = defineOwn(object >> 2, key, value, Attribute.ALL);
    }
    if (!defined) {
      M[state + PARSE_DONE] = i << 1;
      return Immediate.NONE;
    }
  }
  M[state + PARSE_BUILT] = Immediate.UNDEFINED;
  return object;
}

// Errors

/** V8's error about the unit at a position that nothing expects there. Its NONE is to be returned. */
function unexpected(text: i32, position: i32): i32 {
  const length: i32 = flatLength(text);
  if (position >= length) return fail(ErrorCode.JSON_END, Immediate.UNDEFINED, Immediate.UNDEFINED);
  const unit = unitAt(text, position);
  if (unit === 34) return fail(ErrorCode.JSON_STRING, position << 1, Immediate.UNDEFINED);
  if (unit === 45 || isDigitUnit(unit)) return fail(ErrorCode.JSON_NUMBER, position << 1, Immediate.UNDEFINED);
  if (isOwnName(text)) return fail(ErrorCode.JSON_WORD, reference(text), Immediate.UNDEFINED);
  // Both texts at once, and only when the error can be thrown: what is made twice would be counted twice.
  if (!reserveCall(Root.throw, 3) || !reserve(64)) return Immediate.NONE;
  S[0] = unit;
  const token = textFromScratch(1);
  const all: bool = length <= SHOWN_UNITS * 2;
  const from: i32 = all || position < SHOWN_UNITS ? 0 : position - SHOWN_UNITS;
  const to: i32 = all || position + SHOWN_UNITS >= length ? length : position + SHOWN_UNITS;
  let count: i32 = 0;
  if (!all && position >= SHOWN_UNITS) count = putDots(count);
  S[count] = 34;
  count++;
  for (let i: i32 = from; i < to; i++) {
    S[count] = unitAt(text, i);
    count++;
  }
  S[count] = 34;
  count++;
  if (to < length) count = putDots(count);
  const shown = textFromScratch(count);
  return fail(ErrorCode.JSON_TOKEN, token, shown);
}
/** Puts three dots at S[at]: the place behind. */
function putDots(at: i32): i32 {
  for (let i: i32 = at; i < at + 3; i++) S[i] = 46;
  return at + 3;
}
/** Is the text what comes of a value that is no text? V8 then shows it alone. */
function isOwnName(text: i32): bool {
  if (equalUnits(text, root(Root.NAME_undefined) >> 2) || equalUnits(text, root(Root.NAME_NaN) >> 2) || equalUnits(text, root(Root.NAME_Infinity) >> 2)) return true;
  if (flatLength(text) !== OBJECT_UNITS.length) return false;
  for (let i: i32 = 0; i < OBJECT_UNITS.length; i++) if (unitAt(text, i) !== OBJECT_UNITS[i]) return false;
  return true;
}
