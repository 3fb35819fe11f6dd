// What a CODE cell says about a function: its packed fields (format/code.ts draws them). Everything that asks goes
// through here.

import { Cell, Field } from "../format/cells.js";
import { HANDLER_WORDS } from "../format/code.js";
import { Immediate } from "../format/words.js";
import { FIRST_ELEMENT } from "./elements.js";
import { kindOf } from "./heap.js";
import { M } from "./memory.js";
import type { i32 } from "./types.js";

/** CodeFlag bits. */
/** @inline */
export function codeFlags(code: i32): i32 { return M[code + Field.CODE_FORM] & 0xffff; }
/** Number of the fast path (intrinsics.ts), 0 for none. */
/** @inline */
export function codeFast(code: i32): i32 { return (M[code + Field.CODE_FORM] >>> 16) & 255; }
/** Inline slots for the objects it constructs. */
/** @inline */
export function codeCapacity(code: i32): i32 { return M[code + Field.CODE_FORM] >>> 24; }
/** Slots of a frame: parameters, frame words, other locals. */
/** @inline */
export function codeSlots(code: i32): i32 { return M[code + Field.CODE_FRAME] & 0xffff; }
/** Slots that arguments are put into. */
/** @inline */
export function codeParameters(code: i32): i32 { return (M[code + Field.CODE_FRAME] >>> 16) & 255; }
/** The function's `length`. */
/** @inline */
export function codeLength(code: i32): i32 { return M[code + Field.CODE_FRAME] >>> 24; }
/** How many constants there are; they begin at CODE_TAIL. */
/** @inline */
export function codeConstants(code: i32): i32 { return M[code + Field.CODE_COUNTS] & 0xffff; }
/** Words the operand stack may take. */
/** @inline */
export function codeStackWords(code: i32): i32 { return M[code + Field.CODE_COUNTS] >>> 16; }
/** How many labels (a word each) there are; they follow the handlers. */
/** @inline */
export function codeLabels(code: i32): i32 { return M[code + Field.CODE_TABLES] & 0xffff; }
/** Zero bytes behind the bytecode. */
/** @inline */
export function codePadding(code: i32): i32 { return (M[code + Field.CODE_TABLES] >>> 16) & 7; }
/** How many handlers (HANDLER_WORDS each) there are; they follow the constants. */
/** @inline */
export function codeHandlers(code: i32): i32 { return M[code + Field.CODE_TABLES] >>> 19; }
/** Address of the first handler. */
/** @inline */
export function handlersAt(code: i32): i32 { return code + Field.CODE_TAIL + codeConstants(code); }
/** Address of the first label. */
/** @inline */
export function labelsAt(code: i32): i32 { return code + Field.CODE_TAIL + codeConstants(code) + HANDLER_WORDS * codeHandlers(code); }
/** Byte offset of the bytecode in the cell. */
/** @inline */
export function codeStart(code: i32): i32 { return (Field.CODE_TAIL + codeConstants(code) + HANDLER_WORDS * codeHandlers(code) + codeLabels(code)) << 2; }
/** Byte offset behind the bytecode. */
/** @inline */
export function codeEnd(code: i32): i32 { return ((M[code] >>> 8) << 3) - codePadding(code); }
/** Bytes of bytecode. */
export function codeBytes(code: i32): i32 { return codeEnd(code) - codeStart(code); }

/** The debug cell, undefined if there is none. */
export function codeDebug(code: i32): i32 {
  const about: i32 = M[code + Field.CODE_ABOUT];
  return kindOf(about) === Cell.ELEMENTS ? about : Immediate.UNDEFINED;
}
/** Address of the word that holds the function's name. */
export function codeNameAt(code: i32): i32 {
  const debug = codeDebug(code);
  return debug === Immediate.UNDEFINED ? code + Field.CODE_ABOUT : (debug >> 2) + FIRST_ELEMENT;
}
/** The function's name, a text. */
export function codeName(code: i32): i32 { return M[codeNameAt(code)]; }
