// What a CODE cell says about a function: its packed fields (format/code.ts draws them). Everything that asks goes
// through here.

import { Cell, Field } from "../format/cells.js";
import { BARE_LENGTH, HANDLER_WORDS } from "../format/code.js";
import { Root, ROOTS } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { FIRST_ELEMENT } from "./elements.js";
import { isText, kindOf } from "./heap.js";
import { M } from "./memory.js";
import { isCore } from "./shape.js";
import type { bool, i32 } from "./types.js";

// The words of the head apart: a call reads each once.

/** @inline */
export function formFlags(form: i32): i32 { return form & 0x7ff; }
/** @inline */
export function formFast(form: i32): i32 { return (form >>> 16) & 255; }
/** @inline */
export function frameSlots(frame: i32): i32 { return frame & 0xffff; }
/** @inline */
export function frameParameters(frame: i32): i32 { return (frame >>> 16) & 255; }
/** @inline */
export function countsStart(counts: i32): i32 { return (counts & 0xffff) << 2; }
/** @inline */
export function countsStackWords(counts: i32): i32 { return counts >>> 16; }

/** CodeFlag bits. */
/** @inline */
export function codeFlags(code: i32): i32 { return formFlags(M[code + Field.CODE_FORM]); }
/** Zero bytes behind the bytecode. */
/** @inline */
export function codePadding(code: i32): i32 { return (M[code + Field.CODE_FORM] >>> 11) & 7; }
/** 1 if there are tables of handlers and labels. */
/** @inline */
export function codeTables(code: i32): i32 { return (M[code + Field.CODE_FORM] >>> 14) & 1; }
/** 1 if there is a word about the function: its name or its debug cell. */
/** @inline */
export function codeAbout(code: i32): i32 { return (M[code + Field.CODE_FORM] >>> 15) & 1; }
/** Number of the fast path (intrinsics.ts), 0 for none. */
/** @inline */
export function codeFast(code: i32): i32 { return formFast(M[code + Field.CODE_FORM]); }
/** The function's `length`. */
/** @inline */
export function codeLength(code: i32): i32 { return M[code + Field.CODE_FORM] >>> 24; }
/** Slots of a frame: parameters, frame words, other locals. */
/** @inline */
export function codeSlots(code: i32): i32 { return frameSlots(M[code + Field.CODE_FRAME]); }
/** Slots that arguments are put into. */
/** @inline */
export function codeParameters(code: i32): i32 { return frameParameters(M[code + Field.CODE_FRAME]); }
/** Inline slots for the objects it constructs. */
/** @inline */
export function codeCapacity(code: i32): i32 { return M[code + Field.CODE_FRAME] >>> 24; }
/** Words the operand stack may take. */
/** @inline */
export function codeStackWords(code: i32): i32 { return countsStackWords(M[code + Field.CODE_COUNTS]); }
/** Byte offset of the bytecode in the cell. */
/** @inline */
export function codeStart(code: i32): i32 { return countsStart(M[code + Field.CODE_COUNTS]); }
/** How many handlers and labels there are: handlers << 16 | labels. */
function tableCounts(code: i32): i32 { return codeTables(code) === 0 ? 0 : M[code + (codeStart(code) >> 2) - 1]; }
/** How many labels (a word each) there are; they follow the handlers. */
export function codeLabels(code: i32): i32 { return tableCounts(code) & 0xffff; }
/** How many handlers (HANDLER_WORDS each) there are. */
export function codeHandlers(code: i32): i32 { return tableCounts(code) >>> 16; }
/** Address of the first label. */
export function labelsAt(code: i32): i32 { return code + (codeStart(code) >> 2) - codeTables(code) - codeLabels(code); }
/** Address of the first handler, which is behind the tagged words. */
export function handlersAt(code: i32): i32 { return labelsAt(code) - HANDLER_WORDS * codeHandlers(code); }
/** How many constants there are; they begin at CODE_TAIL. */
export function codeConstants(code: i32): i32 { return handlersAt(code) - code - Field.CODE_TAIL - codeAbout(code); }
/** Byte offset behind the bytecode. */
/** @inline */
export function codeEnd(code: i32): i32 { return ((M[code] >>> 8) << 3) - codePadding(code); }
/** Bytes of bytecode. */
export function codeBytes(code: i32): i32 { return codeEnd(code) - codeStart(code); }

/** The word about the function: its name, or its debug cell; the empty text if there is none. */
export function codeAboutWord(code: i32): i32 { return codeAbout(code) === 0 ? M[ROOTS + Root.NAME_] : M[handlersAt(code) - 1]; }
/** Is a callee the code of a function of the core that has no FUNCTION cell? */
export function isBare(callee: i32): bool {
  return kindOf(callee) === Cell.CODE && isCore(callee >> 2) && codeLength(callee >> 2) === BARE_LENGTH;
}

/** The debug cell, undefined if there is none. */
export function codeDebug(code: i32): i32 {
  const about = codeAboutWord(code);
  return kindOf(about) === Cell.ELEMENTS ? about : Immediate.UNDEFINED;
}
/** Address of the word that holds the function's name; the empty one's where a forged program has written something else there. */
export function codeNameAt(code: i32): i32 {
  if (codeAbout(code) === 0) return ROOTS + Root.NAME_;
  const at: i32 = handlersAt(code) - 1;
  const place: i32 = kindOf(M[at]) === Cell.ELEMENTS ? (M[at] >> 2) + FIRST_ELEMENT : at;
  return isText(M[place]) ? place : ROOTS + Root.NAME_;
}
/** The function's name, a text. */
export function codeName(code: i32): i32 { return M[codeNameAt(code)]; }
