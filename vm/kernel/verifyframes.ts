// The verifier's look at frames (vm/format/frame.ts draws one): those of the stack, from the running one down to the
// bottom, and those that suspended coroutines keep in FRAME cells. Every CODE cell has been verified before.

import { Brand, Slot } from "../format/brands.js";
import { Cell, Field } from "../format/cells.js";
import { CALLEE, CodeFlag, CoroutineState, Frame, ReturnMode } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { Root, ROOTS } from "../format/roots.js";
import { HEAP } from "../format/words.js";
import { depthAtJump, depthAtLocal, findDepth, foundDepth, foundOffset, opcodeAt, popsAtOffset } from "./verifycode.js";
import { Rule } from "../format/verification.js";
import { codeFlags, codeParameters, codeSlots, codeStart, isBare } from "./code.js";
import { codeOf } from "./call.js";
import { kindOf } from "./heap.js";
import { M } from "./memory.js";
import { hasRealms } from "./object.js";
import type { bool, i32 } from "./types.js";
import { isGoodWord, refuse } from "./verifystate.js";

/** The frame's code, and the address of the word that its caller pushed first; set by frameAt. */
let frameCode: i32 = 0;
let frameHead: i32 = 0;

/**
 * Is there a frame whose slot 0 is at `fp`, all of it within [low, end)? Sets frameCode and frameHead. The caller has
 * checked that the words are good.
 */
function frameAt(fp: i32, low: i32, end: i32): bool {
  if (fp < low || fp + CALLEE >= end) return false;
  const callee: i32 = M[fp + CALLEE];
  if (kindOf(callee) === Cell.FUNCTION) {
    const code: i32 = M[(callee >> 2) + Field.FUNCTION_CODE];
    if (kindOf(code) !== Cell.CODE) return false;
    frameCode = code >> 2;
  } else {
    if (!isBare(callee)) return false;
    frameCode = callee >> 2;
  }
  const parameters: i32 = codeParameters(frameCode);
  if (fp - codeSlots(frameCode) + 1 < low) return false;
  const header: i32 = fp - parameters;
  const count: i32 = M[header - Frame.COUNT];
  if ((M[header - Frame.RETURN_PC] & 1) !== 0 || (M[header - Frame.LINK] & 1) !== 0 || (count & 1) !== 0 || count < 0) return false;
  frameHead = fp + CALLEE;
  if ((codeFlags(frameCode) & CodeFlag.ARGUMENTS) !== 0 && count >> 1 > parameters) frameHead += (count >> 1) + 2;
  return frameHead < end;
}

/** Checks the stack [sp, base): the running frame, then each caller. */
export function checkStack(sp: i32, base: i32): bool {
  for (let at: i32 = sp; at < base; at++) if (!isGoodWord(M[at])) return refuse(Rule.S1, at);
  let fp: i32 = M[Reg.FP];
  if (!frameAt(fp, sp, base)) return refuse(Rule.S2, fp);
  let code: i32 = frameCode;
  const depth: i32 = fp - codeSlots(code) - sp + 1;
  if (depth !== findDepth(code, M[Reg.PC] - codeStart(code))) return refuse(Rule.S3, fp);
  for (;;) {
    const head: i32 = frameHead;
    const callee: i32 = M[fp + CALLEE];
    const header: i32 = fp - codeParameters(code);
    const link: i32 = M[header - Frame.LINK] >> 1;
    const mode: i32 = link & 15;
    const callerFp: i32 = fp + (link >> 4);
    if (mode === ReturnMode.END) return head === base - 1 && callerFp === base ? true : refuse(Rule.S4, fp);
    if ((mode === ReturnMode.COROUTINE || mode === ReturnMode.ITERATE) && !isRunning(M[header - Frame.NEW_TARGET])) return refuse(Rule.S5, fp);
    // A caller lies above all of the frame, so the chain comes to an end.
    if (callerFp <= head || !frameAt(callerFp, head + 1, base)) return refuse(Rule.S2, callerFp);
    code = frameCode;
    const left: i32 = callerFp - codeSlots(code) - head;
    const returnPc: i32 = (M[header - Frame.RETURN_PC] >> 1) - codeStart(code);
    const fits: bool = returnFits(code, returnPc, mode, left) || ((callee === M[ROOTS + Root.throw] || (hasRealms() && codeOf(callee) === codeOf(M[ROOTS + Root.throw]))) && throwFits(code, returnPc - 1, left));
    if (!fits) return refuse(Rule.S3, fp);
    fp = callerFp;
  }
}

/** Is it a coroutine of the program that runs? */
function isRunning(word: i32): bool {
  if (kindOf(word) !== Cell.RECORD || word >> 2 < HEAP || M[(word >> 2) + Field.RECORD_BRAND] !== Brand.COROUTINE << 1) return false;
  return M[(word >> 2) + Field.RECORD_TAIL + Slot.COROUTINE_STATE] === CoroutineState.RUNNING << 1;
}

/** With `left` words on the stack of a frame of `code`: can a call come back there in that mode? */
function returnFits(code: i32, returnPc: i32, mode: i32, left: i32): bool {
  if (left < 0) return false;
  switch (mode) {
    case ReturnMode.JUMP_TRUE:
    case ReturnMode.JUMP_FALSE: return left === depthAtJump(code, returnPc);
    case ReturnMode.LOCAL: return left === depthAtLocal(code, returnPc);
  }
  const pushed: i32 = pushedBy(mode);
  if (pushed < 0) return false;
  const depth: i32 = findDepth(code, returnPc);
  // What an exception would keep is there: an instruction's handler wants no more than what it leaves.
  return depth === left + pushed && foundOffset >= 0 && left >= foundDepth - popsAtOffset(code, foundOffset) && (mode !== ReturnMode.METHOD || left > 0);
}
/** Words that a return in that mode puts on the caller's stack, -1 for a mode that is none. */
function pushedBy(mode: i32): i32 {
  switch (mode) {
    case ReturnMode.PUSH:
    case ReturnMode.CONSTRUCT:
    case ReturnMode.TO_BOOLEAN:
    case ReturnMode.TO_INVERSE:
    case ReturnMode.COROUTINE:
    case ReturnMode.ITERATE:
    case ReturnMode.METHOD: return 1;
    case ReturnMode.DROP:
    case ReturnMode.THIS: return 0;
    case ReturnMode.PAIR: return 2;
  }
  return -1;
}
/** core.throw never comes back, so it may have been called by any instruction, with whatever that had on the stack. */
function throwFits(code: i32, pc: i32, left: i32): bool {
  const depth: i32 = findDepth(code, pc);
  return depth >= 0 && left >= depth - popsAtOffset(code, pc);
}

/** Forms of a FRAME cell: suspended before its first instruction, or by an instruction that waits for a value. */
const BAD: i32 = 0, STARTING = 1, SUSPENDED = 2;

/** Which form has the FRAME cell at `cell`? */
function frameForm(cell: i32): i32 {
  const words: i32 = M[cell + Field.FRAME_WORDS];
  const low: i32 = cell + Field.FRAME_TAIL;
  const fp: i32 = low + words - 1 - M[cell + Field.FRAME_FP];
  if (!frameAt(fp, low, low + words) || frameHead !== low + words - 1) return BAD;
  const depth: i32 = fp - codeSlots(frameCode) - low + 1;
  const pc: i32 = M[cell + Field.FRAME_PC] - codeStart(frameCode);
  const expected: i32 = findDepth(frameCode, pc);
  if (expected < 0) return BAD;
  if (depth === expected) return STARTING;
  const opcode: i32 = opcodeAt(frameCode, pc);
  return depth === expected - 1 && (opcode === Op.YIELD || opcode === Op.YIELD_DELEGATE || opcode === Op.AWAIT) ? SUSPENDED : BAD;
}
/** Checks a FRAME cell. */
export function checkFrameCell(cell: i32): bool { return frameForm(cell) !== BAD || refuse(Rule.S3, cell); }

/** Checks that a coroutine's state and its frame agree. */
export function checkCoroutine(record: i32): bool {
  const frame: i32 = M[record + Field.RECORD_TAIL + Slot.COROUTINE_FRAME];
  const state: i32 = M[record + Field.RECORD_TAIL + Slot.COROUTINE_STATE];
  switch (state) {
    case CoroutineState.RUNNING << 1: return kindOf(frame) !== Cell.FRAME || refuse(Rule.S5, record);
    case CoroutineState.DONE << 1: return true;
    case CoroutineState.START << 1: return (kindOf(frame) === Cell.FRAME && frameForm(frame >> 2) === STARTING) || refuse(Rule.S5, record);
    case CoroutineState.YIELD << 1:
    case CoroutineState.AWAIT << 1: return (kindOf(frame) === Cell.FRAME && frameForm(frame >> 2) === SUSPENDED) || refuse(Rule.S5, record);
  }
  return refuse(Rule.S5, record);
}
