// What a CODE cell says about a function: its raw fields, unpacked. Everything that asks goes through here.

import { Field } from "../format/cells.js";
import { M } from "./memory.js";
import type { i32 } from "./types.js";

/** CodeFlag bits. */
/** @inline */
export function codeFlags(code: i32): i32 { return M[code + Field.CODE_FLAGS]; }
/** Number of the fast path (intrinsics.ts), 0 for none. */
/** @inline */
export function codeFast(code: i32): i32 { return M[code + Field.CODE_FAST]; }
/** Inline slots for the objects it constructs. */
/** @inline */
export function codeCapacity(code: i32): i32 { return M[code + Field.CODE_CAPACITY]; }
/** Slots that arguments are put into. */
/** @inline */
export function codeParameters(code: i32): i32 { return M[code + Field.CODE_PARAMETER_COUNT]; }
/** Slots of a frame: parameters, frame words, other locals. */
/** @inline */
export function codeSlots(code: i32): i32 { return M[code + Field.CODE_SLOT_COUNT]; }
/** Words the operand stack may take. */
/** @inline */
export function codeStackWords(code: i32): i32 { return M[code + Field.CODE_STACK_WORDS]; }
/** How many constants there are; they begin at CODE_TAIL. */
/** @inline */
export function codeConstants(code: i32): i32 { return M[code + Field.CODE_CONSTANT_COUNT]; }
/** How many handlers (four words each) there are; they follow the constants. */
/** @inline */
export function codeHandlers(code: i32): i32 { return M[code + Field.CODE_HANDLER_COUNT]; }
/** How many labels (a word each) there are; they follow the handlers. */
/** @inline */
export function codeLabels(code: i32): i32 { return M[code + Field.CODE_LABEL_COUNT]; }
/** Byte offset of the bytecode in the cell. */
/** @inline */
export function codeStart(code: i32): i32 { return M[code + Field.CODE_START]; }
/** Byte offset behind the bytecode. */
/** @inline */
export function codeEnd(code: i32): i32 { return M[code + Field.CODE_START] + M[code + Field.CODE_CODE_BYTES]; }
/** The function's `length`, as a word. */
/** @inline */
export function codeLength(code: i32): i32 { return M[code + Field.CODE_LENGTH]; }
