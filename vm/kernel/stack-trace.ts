// Where a program is, for people: the debug information of codes, and the frames that an error keeps.
//
// A stack goes on where the machine's ends, as V8's does. What runs in a job runs for a promise: that of the async function
// which goes on there, that of the oldest request to an async generator, or the one that `then` gave. While exactly one
// reaction waits for that promise, and it is an async function's await, that is the next frame; if it is one that `then`
// made, or a function of the core that settles a promise, the chain goes on with that promise. So nothing is kept for stacks
// while a program runs: the chain is walked when an error is made. Functions of the core say by their HOME what they settle:
// a promise, or an array [of that, a combinator's name, its values], in which what is not there yet is
// represented by the function that will store it.

import { Brand, Slot } from "../format/brands.js";
import { Cell, Field, FunctionPart } from "../format/cells.js";
import { CALLEE, CodeFlag, Frame, ReturnMode } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { codeOf, savedCallee } from "./call.js";
import { codeDebug, codeFlags, codeName, codeParameters, codeStart } from "./code.js";
import { capacityOf, elementsOf, elementsWords, FIRST_ELEMENT, newElements } from "./elements.js";
import { charge, CHARGE_SHIFT, fault, isNumber, isText, kindOf, numberValue, reference, reserve } from "./heap.js";
import { B, M } from "./memory.js";
import { ARRAY_WORDS, functionPart, newArray, root } from "./object.js";
import type { bool, f64, i32 } from "./types.js";

// The debug cell of a code: ELEMENTS of name, files, source, slot names, scopes, lines (BYTES), words (load.ts draws it).

export const DEBUG_FILES = 1, DEBUG_SOURCE = 2, DEBUG_SLOTS = 3, DEBUG_SCOPES = 4, DEBUG_LINES = 5, DEBUG_WORDS = 6;

/** A field of a code's debug cell, undefined if it has none. */
export function debugField(code: i32, field: i32): i32 {
  const debug = codeDebug(code);
  if (debug === Immediate.UNDEFINED || field >= capacityOf(debug >> 2)) return Immediate.UNDEFINED;
  return M[(debug >> 2) + FIRST_ELEMENT + field];
}
/**
 * The entry of the lines that holds at a bytecode offset: of those that say a line and a column or, with `ofFile`, of those
 * that say the file from there on, whose words are negative. 0 if there is none. Two words an entry, the offset first.
 */
function debugEntry(code: i32, offset: i32, ofFile: bool): i32 {
  const lines = debugField(code, DEBUG_LINES);
  if (kindOf(lines) !== Cell.BYTES) return 0;
  const count: i32 = (M[(lines >> 2) + Field.BYTES_LENGTH] / 8) | 0;
  const first: i32 = (lines >> 2) + Field.BYTES_TAIL;
  let entry: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    if (M[first + i * 2] > offset) break;
    if (M[first + i * 2 + 1] < 0 === ofFile) entry = M[first + i * 2 + 1];
  }
  return entry;
}
/** The line (times 2^10, plus the column up to 1023) of a bytecode offset; 0 if unknown. */
export function positionOf(code: i32, offset: i32): i32 { return debugEntry(code, offset, false); }
/** The file of a bytecode offset, a text; undefined if unknown. Code that comes from one file has that, other code the list of all. */
export function fileOf(code: i32, offset: i32): i32 {
  let file = debugField(code, DEBUG_FILES);
  if (kindOf(file) === Cell.ELEMENTS) {
    const entry = debugEntry(code, offset, true);
    const number: i32 = entry === 0 ? 0 : ~entry;
    file = number < capacityOf(file >> 2) ? M[(file >> 2) + FIRST_ELEMENT + number] : Immediate.UNDEFINED;
  }
  // The verifier does not look into debug cells.
  return isText(file) ? file : Immediate.UNDEFINED;
}
/** What the instruction at a bytecode offset is about, in the source's words: a text, or 0 where none are kept. */
function wordsAt(code: i32, offset: i32): i32 {
  const list = debugField(code, DEBUG_WORDS);
  if (kindOf(list) !== Cell.ELEMENTS) return 0;
  const end: i32 = (list >> 2) + FIRST_ELEMENT + capacityOf(list >> 2);
  for (let at: i32 = (list >> 2) + FIRST_ELEMENT; at + 1 < end; at += 2) if (M[at] === offset << 1) return isText(M[at + 1]) ? M[at + 1] : 0;
  return 0;
}
/** What people call a code: the name of its function, before that was made short. */
export function shownName(code: i32): i32 {
  const name = wordsAt(code, -1);
  return name === 0 ? codeName(code) : name;
}
/** The words for the running instruction. */
export function wordsHere(): i32 {
  const code = codeOf(M[M[Reg.FP] + CALLEE]);
  return wordsAt(code, M[Reg.PC] - codeStart(code));
}
/** The words for what user code goes over at a place that captureStack has kept; undefined if it does nothing of the kind there. */
export function iterableWords(callee: i32, place: i32): i32 {
  if (kindOf(callee) !== Cell.FUNCTION) return fault();
  const code = codeOf(callee);
  const opcode: i32 = B[code * 4 + codeStart(code) + (place >> 1)];
  const words = opcode === Op.GET_ITERATOR || opcode === Op.ARRAY_SPREAD ? wordsAt(code, place >> 1) : 0;
  return words === 0 ? Immediate.UNDEFINED : words;
}

// Frames

/** Where the header is of the frame at `fp`, which runs `code`. */
/** @inline */
function headerOf(fp: i32, code: i32): i32 { return fp - codeParameters(code); }
/** The frame that called the one at `fp`, whose header that is, or 0 at the bottom. */
function callerOf(fp: i32, header: i32): i32 {
  const link: i32 = M[header - Frame.LINK] >> 1;
  return (link & 15) === ReturnMode.END ? 0 : fp + (link >> 4);
}
/** Is a frame's code part of a stack as people see it? */
function isShown(code: i32): bool { return (codeFlags(code) & (CodeFlag.CORE | CodeFlag.GLUE)) === 0; }

/** Frames that an error keeps at most, whatever Error.stackTraceLimit says. */
const FRAMES_MOST = 200;
/**
 * Array of the functions in whose frames user code is running, the innermost first, each followed by where: a bytecode
 * offset. Behind them, async functions that wait for these, with ~offset, and combinators that do, by name with ~index.
 * As many as `limit` says, none if that is no number.
 */
export function captureStack(limit: i32): i32 {
  const wanted: f64 = isNumber(limit) ? numberValue(limit) : 0;
  const most: i32 = wanted >= FRAMES_MOST ? FRAMES_MOST : wanted > 0 ? wanted | 0 : 0;
  const count = frames(0, most);
  if (!reserve(ARRAY_WORDS + elementsWords(count * 2))) return Immediate.NONE;
  const list = newElements(count * 2);
  frames(list, most);
  const array = newArray(reference(list), count * 2);
  return reference(array);
}
/** Writes what is kept of a frame as the list's item `index`, if there is a list yet. */
function keepFrame(list: i32, index: i32, callee: i32, place: i32): void {
  if (list === 0) return;
  M[list + FIRST_ELEMENT + index * 2] = callee;
  M[list + FIRST_ELEMENT + index * 2 + 1] = place << 1;
}
/** All that is kept: how many frames. */
function frames(list: i32, most: i32): i32 {
  let count: i32 = 0;
  let fp: i32 = M[Reg.FP];
  let pc: i32 = M[Reg.PC];
  // What the job under way is for, a coroutine or a promise, is the first argument of its function, which runJobs calls.
  let first: i32 = Immediate.UNDEFINED;
  let subject: i32 = Immediate.UNDEFINED;
  while (fp !== 0 && count < most) {
    const code = codeOf(M[fp + CALLEE]);
    if (M[fp + CALLEE] === root(Root.runJobs)) subject = first;
    first = M[fp];
    if (isShown(code)) {
      keepFrame(list, count, M[fp + CALLEE], pc - codeStart(code));
      count++;
    }
    const header = headerOf(fp, code);
    pc = (M[header - Frame.RETURN_PC] >> 1) - 1;
    fp = callerOf(fp, header);
  }
  return count + waitingFrames(list, count, most, subject);
}

/** The brand of a record, 0 of anything else. */
function brandOf(word: i32): i32 { return kindOf(word) === Cell.RECORD ? M[(word >> 2) + Field.RECORD_BRAND] >> 1 : 0; }
/** An internal slot of a record. */
/** @inline */
function slotOf(record: i32, slot: i32): i32 { return M[(record >> 2) + Field.RECORD_TAIL + slot]; }
/** An element of a dense array, undefined if there is none. */
function itemOf(array: i32, index: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY) return Immediate.UNDEFINED;
  const elements = elementsOf(array >> 2);
  return kindOf(elements) === Cell.ELEMENTS && index < capacityOf(elements >> 2) ? M[(elements >> 2) + FIRST_ELEMENT + index] : Immediate.UNDEFINED;
}

/** The promise that a coroutine or a promise stands for; anything else if it stands for none. */
function promiseBehind(word: i32): i32 {
  if (brandOf(word) !== Brand.COROUTINE) return word;
  const extra = slotOf(word, Slot.COROUTINE_EXTRA);
  return brandOf(extra) === Brand.PROMISE ? extra : itemOf(slotOf(word, Slot.COROUTINE_QUEUE), 2);
}
/** Behind `count` frames those that wait for `subject`: how many they are. */
function waitingFrames(list: i32, count: i32, most: i32, subject: i32): i32 {
  let found: i32 = 0;
  let promise = promiseBehind(subject);
  // Promises may wait for themselves.
  for (let links: i32 = 0; links < FRAMES_MOST && count + found < most && brandOf(promise) === Brand.PROMISE; links++) {
    const reactions = slotOf(promise, Slot.PROMISE_REACTIONS);
    if (kindOf(reactions) !== Cell.ARRAY || M[(reactions >> 2) + Field.ARRAY_LENGTH] !== 3) break;
    const target = itemOf(reactions, 0);
    let settles: i32 = Immediate.UNDEFINED;
    if (brandOf(target) === Brand.COROUTINE) {
      const saved = slotOf(target, Slot.COROUTINE_FRAME);
      if (kindOf(saved) !== Cell.FRAME) break;
      const frame: i32 = saved >> 2;
      const callee: i32 = savedCallee(frame);
      keepFrame(list, count + found, callee, ~(M[frame + Field.FRAME_PC] - codeStart(codeOf(callee))));
      found++;
    } else {
      settles = homeOf(itemOf(reactions, 1));
      // Promise.any waits for what is rejected.
      if (kindOf(settles) !== Cell.ARRAY && kindOf(homeOf(itemOf(reactions, 2))) === Cell.ARRAY) settles = homeOf(itemOf(reactions, 2));
      if (kindOf(settles) === Cell.ARRAY) {
        const name = itemOf(settles, 1);
        const index = indexAmong(itemOf(settles, 2), reactions, list !== 0);
        keepFrame(list, count + found, name, ~index);
        found++;
        settles = itemOf(settles, 0);
      }
    }
    promise = promiseBehind(settles === Immediate.UNDEFINED ? target : settles);
  }
  return found;
}
/** What a function of the core says that it settles. */
function homeOf(handler: i32): i32 {
  if (kindOf(handler) !== Cell.FUNCTION || (codeFlags(codeOf(handler)) & CodeFlag.CORE) === 0) return Immediate.UNDEFINED;
  return functionPart(handler >> 2, FunctionPart.HOME);
}
/** Which of a combinator's values one of a reaction's handlers stores. The search is charged for, once. */
function indexAmong(values: i32, reactions: i32, charged: bool): i32 {
  if (kindOf(values) !== Cell.ARRAY) return 0;
  const count: i32 = M[(values >> 2) + Field.ARRAY_LENGTH];
  let index: i32 = 0;
  while (index < count && itemOf(values, index) !== itemOf(reactions, 1) && itemOf(values, index) !== itemOf(reactions, 2)) index++;
  if (charged) charge(index >> CHARGE_SHIFT);
  return index;
}

/**
 * What captureStack kept of a frame, for people: array of the function's name, file, line, column; of a combinator, its
 * name and the index.
 */
export function frameFacts(callee: i32, place: i32): i32 {
  const offset: i32 = place < 0 ? ~(place >> 1) : place >> 1;
  const isFunction: bool = kindOf(callee) === Cell.FUNCTION;
  if (!isFunction && !isText(callee)) return fault();
  if (!reserve(ARRAY_WORDS + elementsWords(4))) return Immediate.NONE;
  const list = newElements(4);
  if (isFunction) {
    const code = codeOf(callee);
    const position = positionOf(code, offset);
    M[list + FIRST_ELEMENT] = shownName(code);
    M[list + FIRST_ELEMENT + 1] = fileOf(code, offset);
    M[list + FIRST_ELEMENT + 2] = (position >>> 10) << 1;
    M[list + FIRST_ELEMENT + 3] = (position & 1023) << 1;
  } else {
    M[list + FIRST_ELEMENT] = callee;
    M[list + FIRST_ELEMENT + 1] = offset << 1;
  }
  const array = newArray(reference(list), isFunction ? 4 : 2);
  return reference(array);
}
