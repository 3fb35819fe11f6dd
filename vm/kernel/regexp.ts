// The matcher of regular expressions: runs the programs of vm/core/regexp-compiler.js, which defines their format, by
// backtracking. All that it knows lies in a cell, its state, so that it can stop after any number of steps and go on
// later, elsewhere; a pattern that takes for ever costs fuel for ever, and no stack but the one in the state.
//
// The interpreter calls regexpStart once and then regexpContinue until that answers true or false. In between it gets
// the state's word back, the same or that of a larger copy: then the stack had become full. Growing ends a call, and
// what it owes is charged when it has been done; so a match costs the same steps and ends its calls at the same places
// whether or not room was missing on the way.
//
// The state is a BYTES cell of words:
//   0 status   1 program counter   2 position   3 where this attempt began   4 height of the stack   5 steps owed
//   6 steps spent, counted until the memory is considered, then -1   7 rows of the memory, 0 without one
//   8 ...      the registers, then the memory, then the stack, which grows upwards
// The program counter BEGIN means: about to begin an attempt. An entry of the stack is read from its last word, which
// is what << 3 | kind:
//   CHOICE     position, where                      go on at `where`
//   UNDO       old value, register
//   GREEDY     least, present position, where       `where` is the instruction GREEDY; it may give back down to least
//   LAZY       times left, present position, where  `where` is the instruction LAZY
//
// THE MEMORY keeps patterns such as /(a+)+$/ from trying the same again and again, which would take time exponential in
// the text. What follows from an instruction and a position depends on nothing else unless the program has references,
// look-arounds, counters or checks for empty iterations; so in all other programs a choice that was once gone back to
// need not be gone back to again: it failed then, or this would not be asked. The memory is a bit for every instruction
// (a row of words each, `position >> 5` the word) and position. Few matches need it: it is made when one has spent a
// number of steps that depends only on the text's length, if the program allows and the memory would not be too large.
//
// A forged program or state may hold anything: what is written goes to registers and stack only, which is checked;
// whatever else it says is found wrong here (FAULT) or only makes a wrong match.

import { Field } from "../format/cells.js";
import { Immediate } from "../format/words.js";
import { allocateBytes, byteLength, bytesWords, isBytes } from "./bytes.js";
import { charge, fault, isText, moveWords, reference } from "./heap.js";
import { lowerPoint, upperPoint } from "./lettercase.js";
import { M } from "./memory.js";
import { flatLength, flatten, reserveCell, textStart, unitFrom, wideCell } from "./text.js";
import type { bool, i32 } from "./types.js";

/** Words of a program's header, behind which the first instruction lies, and what is where in it. */
const HEADER_WORDS = 4;
const FORMAT = 1;
const COUNTS = 1;
const LEAST = 2;
const HINT = 3;
/** Flags of a program. */
const FLAG_UNICODE = 8 << 8;
/** Sticky or anchored: the first attempt is the only one. */
const FLAG_ONE_ATTEMPT = (16 | 32) << 8;

/** Words of a state before the registers, and what is where. */
const STATE_WORDS = 8;
const STATUS = 0;
const COUNTER = 1;
const POSITION = 2;
const ATTEMPT = 3;
const HEIGHT = 4;
const OWED = 5;
const SPENT = 6;
const ROWS = 7;
const RUNNING = 0;
const MATCHED = 1;
const FAILED = 2;
const BEGIN = -1;
/** A scan for where to begin goes over 16 units a step, and over at most so many times 16 at once. */
const SCAN_MAX = 65536;
/** Steps after which a match gets a memory, for a text and for each of its units; and the most rows, words of a row, and words. */
const MEMORY_AFTER = 512;
const MEMORY_SHIFT = 5;
const MOST_ROWS = 4096;
const MOST_ROW_WORDS = 4096;
const MOST_MEMORY = 32768;
/** Words of stack in a new state, beyond what one instruction can push. */
const FIRST_STACK = 24;

const CHOICE = 0;
const UNDO = 1;
const GREEDY = 2;
const LAZY = 3;

/** The instructions, as the compiler describes them. Those from CHAR to CLASS_U, TEXT excepted, match a single character; from ANY_U on it is a code point. */
const RE_MATCH = 0, RE_CHAR = 1, RE_CHAR2 = 2, RE_TEXT = 3, RE_ANY = 4, RE_DOT = 5, RE_CLASS = 6, RE_ANY_U = 7,
  RE_DOT_U = 8, RE_CLASS_U = 9, RE_JUMP = 10, RE_SPLIT = 11, RE_SPLIT_JUMP = 12, RE_SAVE = 13, RE_SET = 14,
  RE_CLEAR = 15, RE_LOOP = 16, RE_LOOP_LAZY = 17, RE_COUNT = 18, RE_EMPTY = 19, RE_EMPTY_AFTER = 20, RE_GREEDY = 21,
  RE_LAZY = 22, RE_POSSESSIVE = 23, RE_LOOK = 24, RE_LOOK_END = 25, RE_NOT = 26, RE_NOT_END = 27, RE_BACKREF = 28,
  RE_BACKREF_I = 29, RE_START = 30, RE_END = 31, RE_LINE_START = 32, RE_LINE_END = 33, RE_BOUNDARY = 34,
  RE_NOT_BOUNDARY = 35;
/** Bit of an opcode: reads backwards. */
const BACKWARDS = 64;

/** How many characters the last `runOf` matched. */
let runCount: i32 = 0;
/** The range of a class in which `inClass` has found a character last; a run's next character is often in the same. */
let foundLow: i32 = 0;
let foundHigh: i32 = 0;

/** The most words that one instruction pushes: CLEAR may undo every register. */
function marginFor(registers: i32): i32 { return registers * 2 + 8; }
/** Number of groups of a program, group 0 included. */
export function regexpGroups(program: i32): i32 {
  return M[(program >> 2) + Field.BYTES_TAIL + COUNTS] & 0xffff;
}
/** Position `k` of a match: where group k / 2 starts, or (k odd) ends; -1 if it did not take part. */
export function regexpPosition(state: i32, k: i32): i32 {
  return M[(state >> 2) + Field.BYTES_TAIL + STATE_WORDS + k];
}

/** Is the unit at `position` the second of a surrogate pair? */
function insidePair(wide: bool, text: i32, length: i32, position: i32): bool {
  if (!wide || position <= 0 || position >= length) return false;
  return (unitFrom(wide, text + position) & 0xfc00) === 0xdc00 && (unitFrom(wide, text + position - 1) & 0xfc00) === 0xd800;
}
/** Words of a state with so many words of stack; the margin comes on top. */
function stateWords(registers: i32, stack: i32): i32 {
  return STATE_WORDS + registers + stack + marginFor(registers);
}
/** A new state for matching from unit `from` of `text` on: its word, or NONE. */
export function regexpStart(program: i32, text: i32, from: i32): i32 {
  if (!isBytes(program) || !isText(text) || byteLength(program >> 2) < HEADER_WORDS * 4) return fault();
  const header: i32 = (program >> 2) + Field.BYTES_TAIL;
  const registers: i32 = M[header + COUNTS] >>> 16;
  if ((M[header] & 255) !== FORMAT || registers < (M[header + COUNTS] & 0xffff) * 2) return fault();
  const flat = flatten(text);
  if (flat === Immediate.NONE) return Immediate.NONE;
  const length: i32 = flatLength(flat >> 2);
  if (from < 0 || from > length) return fault();
  const words: i32 = stateWords(registers, FIRST_STACK);
  if (!reserveCell(bytesWords(words * 4), 0)) return Immediate.NONE;
  const unicode: bool = (M[header] & FLAG_UNICODE) !== 0;
  const back: bool = unicode && insidePair(wideCell(flat >> 2), textStart(flat >> 2), length, from);
  const state = allocateBytes(words * 4);
  const base: i32 = state + Field.BYTES_TAIL;
  M[base + COUNTER] = BEGIN;
  M[base + ATTEMPT] = back ? from - 1 : from;
  for (let i: i32 = 0; i < registers; i++) M[base + STATE_WORDS + i] = -1;
  return reference(state);
}
/** A copy of the state with twice the stack behind `memory` words of memory: its word, or NONE if there is no room. */
function growState(state: i32, registers: i32, memory: i32): i32 {
  const size: i32 = byteLength(state) >> 2;
  const stack: i32 = (size - stateWords(registers, 0) - memory) * 2;
  const words: i32 = stateWords(registers, stack > FIRST_STACK ? stack : FIRST_STACK) + memory;
  if (!reserveCell(bytesWords(words * 4), 0)) return Immediate.NONE;
  const larger = allocateBytes(words * 4);
  moveWords(larger + Field.BYTES_TAIL, state + Field.BYTES_TAIL, size);
  return reference(larger);
}

/** A line terminator. Source: ECMA-262 §12.3. */
function isLineEnd(unit: i32): bool {
  return unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029;
}
/** A word character; `more`: also those that ignoring case adds under the flag u. Source: ECMA-262 §22.2.2.7.3. */
function isWordUnit(unit: i32, more: bool): bool {
  if (unit < 128) return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95;
  return more && (unit === 0x17f || unit === 0x212a);
}
/** Is exactly one of the units around the position a word character? */
function isBoundary(wide: bool, text: i32, length: i32, position: i32, more: bool): bool {
  const before: bool = position > 0 && isWordUnit(unitFrom(wide, text + position - 1), more);
  const after: bool = position < length && isWordUnit(unitFrom(wide, text + position), more);
  return before !== after;
}
/** Is the code point in the class at word index `at` of the program? A class that is not all in the program has none. */
function inClass(header: i32, at: i32, point: i32): bool {
  const bits: i32 = header + at;
  const left: i32 = (M[header - Field.BYTES_TAIL + Field.BYTES_LENGTH] >> 2) - at - 9;
  if (left < 0) return false;
  foundLow = point;
  foundHigh = point;
  if (point < 256) return ((M[bits + (point >> 5)] >>> (point & 31)) & 1) !== 0;
  const counts: i32 = M[bits + 8];
  const first: i32 = bits + 9;
  const narrow: i32 = counts & 0xffff;
  const wide: i32 = counts >>> 16;
  if (narrow + wide * 2 > left) return false;
  let low: i32 = 0;
  if (point < 0x10000) {
    let high: i32 = narrow;
    while (low < high) {
      const middle: i32 = (low + high) >> 1;
      if (M[first + middle] >>> 16 < point) low = middle + 1;
      else high = middle;
    }
    if (low >= narrow || (M[first + low] & 0xffff) > point) return false;
    foundLow = M[first + low] & 0xffff;
    foundHigh = M[first + low] >>> 16;
    return true;
  }
  const pairs: i32 = first + narrow;
  let high: i32 = wide;
  while (low < high) {
    const middle: i32 = (low + high) >> 1;
    if (M[pairs + middle * 2 + 1] < point) low = middle + 1;
    else high = middle;
  }
  if (low >= wide || M[pairs + low * 2] > point) return false;
  foundLow = M[pairs + low * 2];
  foundHigh = M[pairs + low * 2 + 1];
  return true;
}
/** Is `point` what the single-character instruction at `at` matches? Its opcode is `base`, without the direction. */
function isMatch(header: i32, at: i32, base: i32, point: i32): bool {
  switch (base) {
    case RE_CHAR: return point === M[header + at] >>> 8;
    case RE_CHAR2: return point === M[header + at] >>> 8 || point === M[header + at + 1];
    case RE_ANY:
    case RE_ANY_U: return true;
    case RE_DOT:
    case RE_DOT_U: return !isLineEnd(point);
    default: return inClass(header, M[header + at] >>> 8, point);
  }
}
/** Units of the code point that begins at the position (which is not the end). */
function sizeAt(wide: bool, text: i32, length: i32, position: i32): i32 {
  return insidePair(wide, text, length, position + 1) ? 2 : 1;
}
/** Units of the code point that ends at the position (which is not 0). */
function sizeBefore(wide: bool, text: i32, length: i32, position: i32): i32 {
  return insidePair(wide, text, length, position - 1) ? 2 : 1;
}
/** The code point that `size` units from `position` on are. */
function pointOf(wide: bool, text: i32, position: i32, size: i32): i32 {
  const unit: i32 = unitFrom(wide, text + position);
  return size === 1 ? unit : ((unit - 0xd7c0) << 10) | (unitFrom(wide, text + position + 1) & 1023);
}
/** The position to which the single-character instruction at `at` gets, -1 if it fails. */
function stepOver(header: i32, at: i32, wide: bool, text: i32, length: i32, position: i32): i32 {
  const opcode: i32 = M[header + at] & 255;
  const base: i32 = opcode & 63;
  const backwards: bool = (opcode & BACKWARDS) !== 0;
  if (backwards ? position <= 0 : position >= length) return -1;
  const whole: bool = base >= RE_ANY_U;
  if (backwards) {
    const size: i32 = whole ? sizeBefore(wide, text, length, position) : 1;
    return isMatch(header, at, base, pointOf(wide, text, position - size, size)) ? position - size : -1;
  }
  const size: i32 = whole ? sizeAt(wide, text, length, position) : 1;
  return isMatch(header, at, base, pointOf(wide, text, position, size)) ? position + size : -1;
}
/** Matches the single-character instruction at `at` as often as it can, at most `most` times: the position then; counts in runCount. */
function runOf(header: i32, at: i32, wide: bool, text: i32, length: i32, position: i32, most: i32): i32 {
  const word: i32 = M[header + at];
  let end: i32 = position;
  const limit: i32 = most < length - position ? position + most : length;
  switch (word & 255) {
    case RE_CHAR: {
      while (end < limit && unitFrom(wide, text + end) === word >>> 8) end++;
      break;
    }
    case RE_ANY: {
      if (limit > end) end = limit;
      break;
    }
    case RE_DOT: {
      while (end < limit && !isLineEnd(unitFrom(wide, text + end))) end++;
      break;
    }
    case RE_CLASS: {
      while (end < limit && inClass(header, word >>> 8, unitFrom(wide, text + end))) end++;
      break;
    }
    case RE_CLASS_U: {
      let count: i32 = 0;
      let low: i32 = 0;
      let high: i32 = -1;
      while (count < most && end < length) {
        const size = sizeAt(wide, text, length, end);
        const point = pointOf(wide, text, end, size);
        if (point < low || point > high) {
          if (!inClass(header, word >>> 8, point)) break;
          low = foundLow;
          high = foundHigh;
        }
        end = end + size;
        count++;
      }
      runCount = count;
      return end;
    }
    default: {
      let count: i32 = 0;
      while (count < most) {
        const next: i32 = stepOver(header, at, wide, text, length, end);
        if (next < 0) break;
        end = next;
        count++;
      }
      runCount = count;
      return end;
    }
  }
  runCount = end - position;
  return end;
}
/** The position one character back on a run of the single-character instruction at `at`. */
function stepBack(header: i32, at: i32, wide: bool, text: i32, length: i32, position: i32): i32 {
  const opcode: i32 = M[header + at] & 255;
  const whole: bool = (opcode & 63) >= RE_ANY_U;
  if ((opcode & BACKWARDS) !== 0) return position + (whole ? sizeAt(wide, text, length, position) : 1);
  return position - (whole ? sizeBefore(wide, text, length, position) : 1);
}
/** Words of a single-character instruction; 0 if that at `at` is none. */
function singleWords(header: i32, at: i32): i32 {
  const base: i32 = M[header + at] & 63;
  if ((M[header + at] & 128) !== 0 || base < RE_CHAR || base === RE_TEXT || base > RE_CLASS_U) return 0;
  return base === RE_CHAR2 ? 2 : 1;
}

/** Rows of a memory for the program: one for each of its words up to MATCH; 0 if it may have none. */
function memoryRows(header: i32, words: i32): i32 {
  let at: i32 = HEADER_WORDS;
  while (at < words && at < MOST_ROWS) {
    const opcode: i32 = M[header + at] & 255;
    if (opcode === RE_MATCH) return at;
    if (opcode === RE_TEXT) {
      at = at + 1 + (((M[header + at] >>> 8) + 1) >> 1);
    } else if (opcode === RE_GREEDY || opcode === RE_LAZY || opcode === RE_POSSESSIVE) {
      at = at + 2;
    } else if (opcode === RE_CLEAR) {
      at = at + 2;
    } else if (opcode >= RE_JUMP && opcode <= RE_SAVE || opcode >= RE_START && opcode <= RE_NOT_BOUNDARY) {
      at++;
    } else {
      const size: i32 = singleWords(header, at);
      if (size === 0) return 0;
      at = at + size;
    }
  }
  return 0;
}
/** A copy of the state with an empty memory of so many words: its word, or NONE if there is no room. */
function addMemory(state: i32, registers: i32, rows: i32, memory: i32): i32 {
  const size: i32 = byteLength(state) >> 2;
  if (!reserveCell(bytesWords((size + memory) * 4), 0)) return Immediate.NONE;
  const larger = allocateBytes((size + memory) * 4);
  const from: i32 = state + Field.BYTES_TAIL;
  const to: i32 = larger + Field.BYTES_TAIL;
  const stack: i32 = STATE_WORDS + registers;
  moveWords(to, from, stack);
  moveWords(to + stack + memory, from + stack, size - stack);
  M[to + SPENT] = -1;
  M[to + ROWS] = rows;
  charge(memory >> 4);
  return reference(larger);
}
/** Has the matcher gone back to this choice before? From now on it has. */
function wasHere(memory: i32, rows: i32, rowWords: i32, where: i32, position: i32): bool {
  if (where >= rows || position < 0 || position >> 5 >= rowWords) return false;
  const at: i32 = memory + Math.imul(where, rowWords) + (position >> 5);
  const bit: i32 = 1 << (position & 31);
  if ((M[at] & bit) !== 0) return true;
  M[at] = M[at] | bit;
  return false;
}

/** \u0131, the i without a dot: its capital is I, but folding leaves it alone. */
const DOTLESS_I = 0x131;
/** The form by which a unit or (`unicode`) code point is compared when case is ignored. Source: ECMA-262 §22.2.2.7.3. */
function foldPoint(point: i32, unicode: bool): i32 {
  if (unicode) {
    if (point === 0x1fd3) return 0x390;
    if (point === 0x1fe3) return 0x3b0;
    if (point === 0xfb05) return 0xfb06;
    return point === DOTLESS_I ? point : upperPoint(lowerPoint(point));
  }
  const capital: i32 = upperPoint(point);
  return point >= 128 && capital < 128 ? point : capital;
}
/** foldPoint(point, mode): a character as it is compared without (mode 0) or with (1) the flag u, or (2) its small letter. */
export function foldedPoint(point: i32, mode: i32): i32 {
  if ((point & 1) !== 0 || point < 0 || point > 0x10ffff << 1) return fault();
  const value: i32 = point >> 1;
  return (mode === 4 ? lowerPoint(value) : foldPoint(value, mode === 2)) << 1;
}
/** Are `count` units from `a` on the same as those from `b` on? */
function sameUnits(wide: bool, text: i32, a: i32, b: i32, count: i32): bool {
  for (let i: i32 = 0; i < count; i++) if (unitFrom(wide, text + a + i) !== unitFrom(wide, text + b + i)) return false;
  return true;
}
/** Likewise, case ignored. No two characters of different size are the same but for case. */
function sameFolded(wide: bool, text: i32, a: i32, b: i32, count: i32, unicode: bool): bool {
  let i: i32 = 0;
  while (i < count) {
    const size: i32 = unicode ? sizeAt(wide, text, a + count, a + i) : 1;
    const otherSize: i32 = unicode ? sizeAt(wide, text, b + count, b + i) : 1;
    const x: i32 = pointOf(wide, text, a + i, size);
    const y: i32 = pointOf(wide, text, b + i, otherSize);
    if (x !== y && foldPoint(x, unicode) !== foldPoint(y, unicode)) return false;
    i = i + size;
  }
  return true;
}

/**
 * The first position from `from` to `end` at which the instruction `at` (CHAR, CHAR2, TEXT or CLASS), with which every
 * match begins, may match; end + 1 if there is none.
 */
function nextCandidate(header: i32, at: i32, wide: bool, text: i32, from: i32, end: i32): i32 {
  const word: i32 = M[header + at];
  let position: i32 = from;
  switch (word & 255) {
    case RE_CHAR:
    case RE_TEXT: {
      const unit: i32 = (word & 255) === RE_CHAR ? word >>> 8 : M[header + at + 1] & 0xffff;
      while (position <= end && unitFrom(wide, text + position) !== unit) position++;
      break;
    }
    case RE_CHAR2: {
      const unit: i32 = word >>> 8;
      const other: i32 = M[header + at + 1];
      while (position <= end && unitFrom(wide, text + position) !== unit && unitFrom(wide, text + position) !== other) position++;
      break;
    }
    case RE_CLASS: {
      while (position <= end && !inClass(header, word >>> 8, unitFrom(wide, text + position))) position++;
      break;
    }
  }
  return position;
}
/** Does the text have the units of the instruction TEXT at `at`, `count` of them, at the position? */
function hasText(header: i32, at: i32, count: i32, wide: bool, text: i32, position: i32): bool {
  for (let i: i32 = 0; i < count; i++) {
    const pair: i32 = M[header + at + 1 + (i >> 1)];
    if (unitFrom(wide, text + position + i) !== ((i & 1) === 0 ? pair & 0xffff : pair >>> 16)) return false;
  }
  return true;
}

/** Pushes the old value of a register, so that failing brings it back, and sets the new one; returns the stack's height. */
function setRegister(registers: i32, stack: i32, height: i32, register: i32, value: i32): i32 {
  M[stack + height] = M[registers + register];
  M[stack + height + 1] = (register << 3) | UNDO;
  M[registers + register] = value;
  return height + 2;
}
/** Pushes a choice; returns the stack's height. */
function pushChoice(stack: i32, height: i32, where: i32, position: i32): i32 {
  M[stack + height] = position;
  M[stack + height + 1] = (where << 3) | CHOICE;
  return height + 2;
}
/** Pushes the entry of a run; returns the stack's height. */
function pushRun(stack: i32, height: i32, kind: i32, where: i32, bound: i32, position: i32): i32 {
  M[stack + height] = bound;
  M[stack + height + 1] = position;
  M[stack + height + 2] = (where << 3) | kind;
  return height + 3;
}
/** Words of the entry whose last word is `top`. */
function entrySize(top: i32): i32 { return (top & 7) >= GREEDY ? 3 : 2; }
/** Takes the choices above `floor` off the stack and leaves the undo entries, in their order; returns the height. */
function dropChoices(stack: i32, height: i32, floor: i32): i32 {
  let from: i32 = height;
  let to: i32 = height;
  while (from > floor) {
    const top: i32 = M[stack + from - 1];
    if ((top & 7) === UNDO) {
      to = to - 2;
      M[stack + to + 1] = top;
      M[stack + to] = M[stack + from - 2];
    }
    from = from - entrySize(top);
  }
  moveWords(stack + floor, stack + to, height - to);
  return floor + height - to;
}
/** Undoes and drops all above `floor`; returns the height, or -1 for a register that is none. */
function unwind(registers: i32, count: i32, stack: i32, height: i32, floor: i32): i32 {
  let at: i32 = height;
  while (at > floor) {
    const top: i32 = M[stack + at - 1];
    if ((top & 7) === UNDO) {
      if (top >>> 3 >= count) return -1;
      M[registers + (top >>> 3)] = M[stack + at - 2];
    }
    at = at - entrySize(top);
  }
  return at;
}

/** Stores where the matcher is. */
function saveState(base: i32, counter: i32, position: i32, attempt: i32, height: i32): void {
  M[base + COUNTER] = counter;
  M[base + POSITION] = position;
  M[base + ATTEMPT] = attempt;
  M[base + HEIGHT] = height;
}
/** Ends the match, or the search for one. */
function endMatch(base: i32, status: i32, steps: i32): i32 {
  M[base + STATUS] = status;
  M[base + OWED] = 0;
  charge(steps);
  return status === MATCHED ? Immediate.TRUE : Immediate.FALSE;
}

/**
 * Goes on with a match for about `budget` steps. True: it matched, and regexpPosition tells where; false: there is no
 * match; the word of a state: go on with that. NONE: there is no room for a larger state.
 */
export function regexpContinue(stateWord: i32, program: i32, textWord: i32, budget: i32): i32 {
  if (!isBytes(stateWord) || !isBytes(program) || !isText(textWord)) return fault();
  const flat = flatten(textWord);
  if (flat === Immediate.NONE) return Immediate.NONE;
  const length: i32 = flatLength(flat >> 2);
  const wide: bool = wideCell(flat >> 2);
  const text: i32 = textStart(flat >> 2);
  const header: i32 = (program >> 2) + Field.BYTES_TAIL;
  const words: i32 = byteLength(program >> 2) >> 2;
  const base: i32 = (stateWord >> 2) + Field.BYTES_TAIL;
  const size: i32 = byteLength(stateWord >> 2) >> 2;
  if (words < HEADER_WORDS || size < STATE_WORDS) return fault();
  if (M[base + STATUS] !== RUNNING) return M[base + STATUS] === MATCHED ? Immediate.TRUE : Immediate.FALSE;
  const count: i32 = M[header + COUNTS] >>> 16;
  const unicode: bool = (M[header] & FLAG_UNICODE) !== 0;
  const oneAttempt: bool = (M[header] & FLAG_ONE_ATTEMPT) !== 0;
  const last: i32 = length - M[header + LEAST];
  const hint: i32 = M[header + HINT];
  const registers: i32 = base + STATE_WORDS;
  const rowWords: i32 = (length >> 5) + 1;
  const rows: i32 = M[base + ROWS];
  if (rows !== 0 && (rows < 0 || rows > MOST_ROWS || rowWords > MOST_ROW_WORDS)) return fault();
  const memory: i32 = Math.imul(rows, rowWords);
  const seen: i32 = registers + count;
  const stack: i32 = seen + memory;
  // An instruction may begin at this height of the stack, not above.
  const full: i32 = size - stateWords(count, 0) - memory;
  let counter: i32 = M[base + COUNTER];
  let position: i32 = M[base + POSITION];
  let attempt: i32 = M[base + ATTEMPT];
  let height: i32 = M[base + HEIGHT];
  let steps: i32 = M[base + OWED];
  if (full < 0 || height < 0 || height > size - STATE_WORDS - count - memory || position < 0 || position > length) return fault();
  if (attempt < 0 || attempt > length || hint < 0 || hint >= words) return fault();
  const spent: i32 = M[base + SPENT];
  const patience: i32 = MEMORY_AFTER + (length << MEMORY_SHIFT);
  let limit: i32 = budget;
  if (spent >= 0 && rowWords <= MOST_ROW_WORDS) {
    if (spent >= patience) {
      const wanted = memoryRows(header, words);
      const room: i32 = Math.imul(wanted, rowWords);
      if (room !== 0 && room <= MOST_MEMORY) return addMemory(stateWord >> 2, count, wanted, room);
      M[base + SPENT] = -1;
    } else if (patience - spent < budget) {
      limit = patience - spent;
    }
  }

  for (;;) {
    if (steps >= limit) {
      saveState(base, counter, position, attempt, height);
      M[base + OWED] = 0;
      if (M[base + SPENT] >= 0) M[base + SPENT] = spent + steps;
      charge(steps);
      return stateWord;
    }
    if (height > full) {
      saveState(base, counter, position, attempt, height);
      M[base + OWED] = steps;
      const larger = growState(stateWord >> 2, count, memory);
      if (larger === Immediate.NONE) return Immediate.NONE;
      M[(larger >> 2) + Field.BYTES_TAIL + OWED] = 0;
      if (M[base + SPENT] >= 0) M[(larger >> 2) + Field.BYTES_TAIL + SPENT] = spent + steps;
      charge(steps);
      return larger;
    }
    if (counter === BEGIN) {
      steps++;
      if (attempt > last) return endMatch(base, FAILED, steps);
      if (hint !== 0 && last < length) {
        const reach: i32 = (limit - steps < SCAN_MAX ? limit - steps + 1 : SCAN_MAX) << 4;
        const end: i32 = oneAttempt ? attempt : last - attempt < reach ? last : attempt + reach;
        const found: i32 = nextCandidate(header, hint, wide, text, attempt, end);
        steps = steps + ((found - attempt) >> 4);
        if (found > end) {
          if (end === last || oneAttempt) return endMatch(base, FAILED, steps);
          attempt = found;
          continue;
        }
        attempt = found;
        if (unicode && insidePair(wide, text, length, attempt)) {
          attempt = attempt + 1;
          continue;
        }
      }
      position = attempt;
      counter = HEADER_WORDS;
      continue;
    }
    if (counter < 0 || counter >= words) return fault();
    const word: i32 = M[header + counter];
    const opcode: i32 = word & 255;
    const a: i32 = word >>> 8;
    let failed: bool = false;
    steps++;
    switch (opcode) {
      case RE_MATCH: return endMatch(base, MATCHED, steps);
      case RE_CHAR: {
        if (position < length && unitFrom(wide, text + position) === a) {
          position++;
          counter++;
        } else {
          failed = true;
        }
        break;
      }
      case RE_TEXT: {
        if (counter + 1 + ((a + 1) >> 1) > words) return fault();
        if (a <= length - position && hasText(header, counter, a, wide, text, position)) {
          position = position + a;
          counter = counter + 1 + ((a + 1) >> 1);
          steps = steps + (a >> 4);
        } else {
          failed = true;
        }
        break;
      }
      case RE_JUMP: {
        counter = a;
        break;
      }
      case RE_SPLIT: {
        height = pushChoice(stack, height, a, position);
        counter++;
        break;
      }
      case RE_SPLIT_JUMP: {
        height = pushChoice(stack, height, counter + 1, position);
        counter = a;
        break;
      }
      case RE_SAVE: {
        if (a >= count) return fault();
        height = setRegister(registers, stack, height, a, position);
        counter++;
        break;
      }
      case RE_SET: {
        if (a >= count) return fault();
        height = setRegister(registers, stack, height, a, M[header + counter + 1]);
        counter = counter + 2;
        break;
      }
      case RE_CLEAR: {
        const end: i32 = M[header + counter + 1];
        if (end < 0 || end >= count) return fault();
        for (let i: i32 = a; i <= end; i++) if (M[registers + i] !== -1) height = setRegister(registers, stack, height, i, -1);
        counter = counter + 2;
        break;
      }
      case RE_LOOP:
      case RE_LOOP_LAZY: {
        if (a >= count) return fault();
        const times: i32 = M[registers + a];
        const exit: i32 = M[header + counter + 3];
        if (times < M[header + counter + 1]) {
          counter = counter + 4;
        } else if (times >= M[header + counter + 2]) {
          counter = exit;
        } else if (opcode === RE_LOOP) {
          height = pushChoice(stack, height, exit, position);
          counter = counter + 4;
        } else {
          height = pushChoice(stack, height, counter + 4, position);
          counter = exit;
        }
        break;
      }
      case RE_COUNT: {
        if (a >= count) return fault();
        height = setRegister(registers, stack, height, a, (M[registers + a] + 1) | 0);
        counter++;
        break;
      }
      case RE_EMPTY: {
        if (a >= count) return fault();
        if (M[registers + a] === position) failed = true;
        counter++;
        break;
      }
      case RE_EMPTY_AFTER: {
        const times: i32 = M[header + counter + 1];
        if (a >= count || times < 0 || times >= count) return fault();
        if (M[registers + a] === position && M[registers + times] > M[header + counter + 2]) failed = true;
        counter = counter + 3;
        break;
      }
      case RE_GREEDY:
      case RE_LAZY:
      case RE_POSSESSIVE: {
        const inner: i32 = counter + 2;
        const innerWords: i32 = singleWords(header, inner);
        if (innerWords === 0) return fault();
        const most: i32 = M[header + counter + 1];
        const least = runOf(header, inner, wide, text, length, position, a);
        steps = steps + (runCount >> 4);
        if (runCount < a) {
          failed = true;
          break;
        }
        position = least;
        if (opcode === RE_LAZY) {
          if (most > a) height = pushRun(stack, height, LAZY, counter, most === 0x7fffffff ? most : most - a, position);
        } else {
          position = runOf(header, inner, wide, text, length, least, most === 0x7fffffff ? most : most - a);
          steps = steps + (runCount >> 4);
          if (opcode === RE_GREEDY && position !== least) height = pushRun(stack, height, GREEDY, counter, least, position);
        }
        counter = inner + innerWords;
        break;
      }
      case RE_LOOK: {
        if (a + 1 >= count) return fault();
        const floor: i32 = height;
        height = setRegister(registers, stack, height, a, position);
        height = setRegister(registers, stack, height, a + 1, floor);
        counter++;
        break;
      }
      case RE_LOOK_END: {
        if (a + 1 >= count) return fault();
        const floor: i32 = M[registers + a + 1];
        if (floor < 0 || floor > height) return fault();
        position = M[registers + a];
        if (position < 0 || position > length) return fault();
        steps = steps + ((height - floor) >> 4);
        height = dropChoices(stack, height, floor);
        counter++;
        break;
      }
      case RE_NOT: {
        if (a + 1 >= count) return fault();
        const floor: i32 = height;
        height = setRegister(registers, stack, height, a + 1, floor);
        height = pushChoice(stack, height, M[header + counter + 1], position);
        counter = counter + 2;
        break;
      }
      case RE_NOT_END: {
        if (a + 1 >= count) return fault();
        const floor: i32 = M[registers + a + 1];
        if (floor < 0 || floor > height) return fault();
        steps = steps + ((height - floor) >> 1);
        height = unwind(registers, count, stack, height, floor);
        if (height < 0) return fault();
        failed = true;
        break;
      }
      case RE_BACKREF:
      case RE_BACKREF + BACKWARDS:
      case RE_BACKREF_I:
      case RE_BACKREF_I + BACKWARDS: {
        if (a * 2 + 1 >= count) return fault();
        const begin: i32 = M[registers + a * 2];
        const units: i32 = M[registers + a * 2 + 1] - begin;
        counter++;
        if (begin < 0 || units <= 0 || units > length - begin) break;
        const backwards: bool = (opcode & BACKWARDS) !== 0;
        const other: i32 = backwards ? position - units : position;
        if (other < 0 || other + units > length) {
          failed = true;
          break;
        }
        const same: bool = (opcode & 63) === RE_BACKREF
          ? sameUnits(wide, text, begin, other, units)
          : sameFolded(wide, text, begin, other, units, unicode);
        steps = steps + (units >> 4);
        if (!same) failed = true;
        else position = backwards ? other : other + units;
        break;
      }
      case RE_START: {
        if (position !== 0) failed = true;
        counter++;
        break;
      }
      case RE_END: {
        if (position !== length) failed = true;
        counter++;
        break;
      }
      case RE_LINE_START: {
        if (position !== 0 && !isLineEnd(unitFrom(wide, text + position - 1))) failed = true;
        counter++;
        break;
      }
      case RE_LINE_END: {
        if (position !== length && !isLineEnd(unitFrom(wide, text + position))) failed = true;
        counter++;
        break;
      }
      case RE_BOUNDARY:
      case RE_NOT_BOUNDARY: {
        if (isBoundary(wide, text, length, position, a === 1) !== (opcode === RE_BOUNDARY)) failed = true;
        counter++;
        break;
      }
      default: {
        const innerWords: i32 = singleWords(header, counter);
        if (innerWords === 0) return fault();
        const next: i32 = stepOver(header, counter, wide, text, length, position);
        if (next < 0) failed = true;
        else position = next;
        counter = counter + innerWords;
      }
    }

    while (failed) {
      if (height === 0) {
        if (oneAttempt) return endMatch(base, FAILED, steps);
        attempt = attempt + (unicode && attempt < length ? sizeAt(wide, text, length, attempt) : 1);
        if (attempt > length) return endMatch(base, FAILED, steps);
        counter = BEGIN;
        break;
      }
      steps++;
      const top: i32 = M[stack + height - 1];
      const where: i32 = top >>> 3;
      switch (top & 7) {
        case CHOICE: {
          height = height - 2;
          position = M[stack + height];
          counter = where;
          failed = rows !== 0 && wasHere(seen, rows, rowWords, where, position);
          break;
        }
        case UNDO: {
          height = height - 2;
          if (where >= count) return fault();
          M[registers + where] = M[stack + height];
          break;
        }
        case GREEDY: {
          position = M[stack + height - 2];
          const innerWords: i32 = where < words ? singleWords(header, where + 2) : 0;
          if (innerWords === 0) return fault();
          position = stepBack(header, where + 2, wide, text, length, position);
          if (position === M[stack + height - 3]) height = height - 3;
          else M[stack + height - 2] = position;
          counter = where + 2 + innerWords;
          failed = rows !== 0 && wasHere(seen, rows, rowWords, counter, position);
          break;
        }
        case LAZY: {
          const innerWords: i32 = where < words ? singleWords(header, where + 2) : 0;
          if (innerWords === 0) return fault();
          const next: i32 = stepOver(header, where + 2, wide, text, length, M[stack + height - 2]);
          if (next < 0) {
            height = height - 3;
            break;
          }
          const left: i32 = M[stack + height - 3];
          if (left === 1) {
            height = height - 3;
          } else {
            M[stack + height - 2] = next;
            if (left !== 0x7fffffff) M[stack + height - 3] = left - 1;
          }
          position = next;
          counter = where + 2 + innerWords;
          failed = rows !== 0 && wasHere(seen, rows, rowWords, counter, position);
          break;
        }
        default: return fault();
      }
      // Only a forged state has an entry below the stack or a position outside the text.
      if (height < 0 || position < 0 || position > length) return fault();
    }
  }
}
