// What a CODE cell says about a function: its packed fields (format/code.ts draws them). Everything that asks goes
// through here.

import { Cell, Field } from "../format/cells.js";
import { BARE_LENGTH, HANDLER_WORDS } from "../format/code.js";
import { Root, ROOTS } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { FIRST_ELEMENT } from "./elements.js";
import { kindOf } from "./heap.js";
import { M } from "./memory.js";
import { isCore } from "./shape.js";
import type { bool, i32 } from "./types.js";

/** CodeFlag bits. */
/** @inline */
export function codeFlags(code: i32): i32 { return M[code + Field.CODE_FORM] & 0x7ff; }
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
export function codeFast(code: i32): i32 { return (M[code + Field.CODE_FORM] >>> 16) & 255; }
/** The function's `length`. */
/** @inline */
export function codeLength(code: i32): i32 { return M[code + Field.CODE_FORM] >>> 24; }
/** Slots of a frame: parameters, frame words, other locals. */
/** @inline */
export function codeSlots(code: i32): i32 { return M[code + Field.CODE_FRAME] & 0xffff; }
/** Slots that arguments are put into. */
/** @inline */
export function codeParameters(code: i32): i32 { return (M[code + Field.CODE_FRAME] >>> 16) & 255; }
/** Inline slots for the objects it constructs. */
/** @inline */
export function codeCapacity(code: i32): i32 { return M[code + Field.CODE_FRAME] >>> 24; }
/** How many constants there are; they begin at CODE_TAIL. */
/** @inline */
export function codeConstants(code: i32): i32 { return M[code + Field.CODE_COUNTS] & 0xffff; }
/** Words the operand stack may take. */
/** @inline */
export function codeStackWords(code: i32): i32 { return M[code + Field.CODE_COUNTS] >>> 16; }

/** Address behind the tagged words: of the tables, or of the bytecode. */
/** @inline */
export function codeTagged(code: i32): i32 { return code + Field.CODE_TAIL + codeConstants(code) + codeAbout(code); }
/** How many labels (a word each) there are; they follow the handlers. */
export function codeLabels(code: i32): i32 { return codeTables(code) === 0 ? 0 : M[codeTagged(code)] & 0xffff; }
/** How many handlers (HANDLER_WORDS each) there are. */
export function codeHandlers(code: i32): i32 { return codeTables(code) === 0 ? 0 : M[codeTagged(code)] >>> 16; }
/** Address of the first handler. */
export function handlersAt(code: i32): i32 { return codeTagged(code) + codeTables(code); }
/** Address of the first label. */
export function labelsAt(code: i32): i32 { return handlersAt(code) + HANDLER_WORDS * codeHandlers(code); }
/** Words of the tables. */
function codeTableWords(code: i32): i32 {
  const counts: i32 = M[codeTagged(code)];
  return 1 + HANDLER_WORDS * (counts >>> 16) + (counts & 0xffff);
}
/** Byte offset of the bytecode in the cell. */
export function codeStart(code: i32): i32 {
  const words: i32 = Field.CODE_TAIL + codeConstants(code) + codeAbout(code);
  return (codeTables(code) === 0 ? words : words + codeTableWords(code)) << 2;
}
/** Byte offset behind the bytecode. */
/** @inline */
export function codeEnd(code: i32): i32 { return ((M[code] >>> 8) << 3) - codePadding(code); }
/** Bytes of bytecode. */
export function codeBytes(code: i32): i32 { return codeEnd(code) - codeStart(code); }

/** The word about the function: its name, or its debug cell; the empty text if there is none. */
export function codeAboutWord(code: i32): i32 { return codeAbout(code) === 0 ? M[ROOTS + Root.NAME_] : M[codeTagged(code) - 1]; }
/** Is a callee the code of a function of the core that has no FUNCTION cell? */
export function isBare(callee: i32): bool {
  return kindOf(callee) === Cell.CODE && isCore(callee >> 2) && codeLength(callee >> 2) === BARE_LENGTH;
}

/** The debug cell, undefined if there is none. */
export function codeDebug(code: i32): i32 {
  const about = codeAboutWord(code);
  return kindOf(about) === Cell.ELEMENTS ? about : Immediate.UNDEFINED;
}
/** Address of the word that holds the function's name. */
export function codeNameAt(code: i32): i32 {
  if (codeAbout(code) === 0) return ROOTS + Root.NAME_;
  const at: i32 = codeTagged(code) - 1;
  return kindOf(M[at]) === Cell.ELEMENTS ? (M[at] >> 2) + FIRST_ELEMENT : at;
}
/** The function's name, a text. */
export function codeName(code: i32): i32 { return M[codeNameAt(code)]; }
