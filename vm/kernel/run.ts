// The loop. `run` executes steps until the fuel is spent or the program wants something. It keeps pc, sp, fp and the
// running code in locals and does the commonest instructions on operands of the commonest kinds by itself; for all else
// it writes the registers back and calls `step`, the reference. It must never do anything that `step` would not have
// done, and it counts the same steps. A case that has done its work says `continue`; one that breaks leaves everything
// as it was and the reference does the instruction.
//
// In locals pc is a byte address in the memory (`base` + the offset that the register PC holds), sp and fp are word
// addresses. The memory does not move while they live: room is made outside (execute.ts).

import { Cell, Field, FunctionPart } from "../format/cells.js";
import { CALLEE, CodeFlag, Frame, FRAME_WORDS, ReturnMode, THIS } from "../format/frame.js";
import { Intrinsic } from "../format/intrinsics.js";
import { Op } from "../format/opcodes.js";
import { Reg, Status } from "../format/registers.js";
import { Root, ROOTS } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { codeFlags, codeParameters, countsStackWords, countsStart, formFast, formFlags, frameParameters, frameSlots, isBare } from "./code.js";
import { CALL_MARGIN, codeOf, truthy } from "./call.js";
import { fastPath } from "./fast.js";
import { isObject, isText, reference, reserve } from "./heap.js";
import { objectIntrinsic } from "./intrinsics.js";
import { B, M, memoryWords } from "./memory.js";
import { newObject, objectWords } from "./object.js";
import { failure, joinValues, strictEquals, typeOf } from "./operators.js";
import { DEFINE_TAG, STORE_TAG } from "./property.js";
import { gatherArray, cachedProperty, combineNumbers, computeNumbers, moduleVariableAt, nextElement, orderOf, otherElement, quickElement, quickPrivate, quickProperty, quickRemainder, quickStore, quickStorePrivate, variableAt } from "./quick.js";
import { step } from "./step.js";
import type { bool, i32 } from "./types.js";

/** After an intrinsic gave NONE: a throw has been begun (RUNNING), or the loop has to stop. */
export function stopped(pc: i32, sp: i32, fp: i32): i32 {
  M[Reg.PC] = pc;
  M[Reg.SP] = sp;
  M[Reg.FP] = fp;
  const status = failure();
  if (status === Status.RETRY) M[Reg.FUEL] = M[Reg.FUEL] + 1;
  return status;
}

/** No frame lies so high. */
const NO_FRAME: i32 = 0x7fffffff;
/** `run` comes back with RUNNING when the frame here or one above it is the running one. */
let stopFp: i32 = NO_FRAME;
/**
 * Runs at most `fuel` steps, until the frame at `fp` or one above it is the running one: RUNNING, or why it stopped before.
 * @host
 */
export function runBelow(fp: i32, fuel: i32): i32 {
  const all: i32 = M[Reg.FUEL];
  const part: i32 = fuel < all ? fuel : all;
  M[Reg.FUEL] = part;
  stopFp = fp;
  const status = run();
  stopFp = NO_FRAME;
  M[Reg.FUEL] = all - (part - M[Reg.FUEL]);
  return status;
}

/**
 * Runs until FUEL is spent or the machine stops: a Status. RETRY asks for room and another call.
 * @threaded
 * @reference runSteps
 */
export function run(): i32 {
  let sp: i32 = M[Reg.SP];
  let fp: i32 = M[Reg.FP];
  let fuel: i32 = M[Reg.FUEL];
  let code: i32 = codeOf(M[fp + CALLEE]);
  let base: i32 = code << 2;
  let pc: i32 = base + M[Reg.PC];
  // Lower than this no frame may reach here: `call` decides what that means.
  const limit: i32 = memoryWords - M[Reg.STACK_LIMIT];
  const lowest: i32 = limit > M[Reg.STACK_FLOOR] ? limit : M[Reg.STACK_FLOOR];
  const stopAt: i32 = stopFp;
  for (;;) {
    if (fuel <= 0) break;
    fuel--;
    const opcode: i32 = B[pc];
    switch (opcode) {
      case Op.UNDEFINED:
        sp--;
        M[sp] = Immediate.UNDEFINED;
        pc++;
        continue;
      case Op.NULL:
        sp--;
        M[sp] = Immediate.NULL;
        pc++;
        continue;
      case Op.TRUE:
        sp--;
        M[sp] = Immediate.TRUE;
        pc++;
        continue;
      case Op.FALSE:
        sp--;
        M[sp] = Immediate.FALSE;
        pc++;
        continue;
      case Op.SMALL8:
        sp--;
        M[sp] = (B[pc + 1] << 24) >> 23;
        pc += 2;
        continue;
      case Op.SMALL16:
        sp--;
        M[sp] = ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 15;
        pc += 3;
        continue;
      case Op.CONSTANT:
        sp--;
        M[sp] = M[code + Field.CODE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))];
        pc += 3;
        continue;
      case Op.CONSTANT8:
        sp--;
        M[sp] = M[code + Field.CODE_TAIL + B[pc + 1]];
        pc += 2;
        continue;
      case Op.ROOT8:
        sp--;
        M[sp] = M[ROOTS + B[pc + 1]];
        pc += 2;
        continue;
      case Op.ZERO:
      case Op.ONE:
        sp--;
        M[sp] = (opcode - Op.ZERO) << 1;
        pc++;
        continue;
      case Op.POP:
        sp++;
        pc++;
        continue;
      case Op.DUP:
        sp--;
        M[sp] = M[sp + 1];
        pc++;
        continue;
      case Op.DUP2:
        M[sp - 1] = M[sp + 1];
        M[sp - 2] = M[sp];
        sp -= 2;
        pc++;
        continue;
      case Op.ROTATE3: {
        const top: i32 = M[sp];
        M[sp] = M[sp + 1];
        M[sp + 1] = M[sp + 2];
        M[sp + 2] = top;
        pc++;
        continue;
      }
      case Op.SWAP: {
        const top: i32 = M[sp];
        M[sp] = M[sp + 1];
        M[sp + 1] = top;
        pc++;
        continue;
      }

      case Op.GET_LOCAL:
        sp--;
        M[sp] = M[fp - B[pc + 1]];
        pc += 2;
        continue;
      case Op.PUT_LOCAL:
        M[fp - B[pc + 1]] = M[sp];
        sp++;
        pc += 2;
        continue;
      case Op.SET_LOCAL:
        M[fp - B[pc + 1]] = M[sp];
        pc += 2;
        continue;
      case Op.GET_LOCALS:
        M[sp - 1] = M[fp - B[pc + 1]];
        M[sp - 2] = M[fp - B[pc + 2]];
        sp -= 2;
        pc += 3;
        continue;
      case Op.GET_LOCAL_SMALL:
        M[sp - 1] = M[fp - B[pc + 1]];
        M[sp - 2] = (B[pc + 2] << 24) >> 23;
        sp -= 2;
        pc += 3;
        continue;
      case Op.GET_LOCAL_0: case Op.GET_LOCAL_1: case Op.GET_LOCAL_2: case Op.GET_LOCAL_3: case Op.GET_LOCAL_4: case Op.GET_LOCAL_5:
      case Op.GET_LOCAL_6: case Op.GET_LOCAL_7: case Op.GET_LOCAL_8: case Op.GET_LOCAL_9: case Op.GET_LOCAL_10: case Op.GET_LOCAL_11:
      case Op.GET_LOCAL_12: case Op.GET_LOCAL_13: case Op.GET_LOCAL_14: case Op.GET_LOCAL_15:
        sp--;
        M[sp] = M[fp - (opcode - Op.GET_LOCAL_0)];
        pc++;
        continue;
      case Op.PUT_LOCAL_4: case Op.PUT_LOCAL_5: case Op.PUT_LOCAL_6: case Op.PUT_LOCAL_7: case Op.PUT_LOCAL_8: case Op.PUT_LOCAL_9:
      case Op.PUT_LOCAL_10: case Op.PUT_LOCAL_11: case Op.PUT_LOCAL_12: case Op.PUT_LOCAL_13: case Op.PUT_LOCAL_14: case Op.PUT_LOCAL_15:
        M[fp - (opcode - Op.PUT_LOCAL_4 + 4)] = M[sp];
        sp++;
        pc++;
        continue;
      case Op.SET_LOCAL_4: case Op.SET_LOCAL_5: case Op.SET_LOCAL_6: case Op.SET_LOCAL_7: case Op.SET_LOCAL_8: case Op.SET_LOCAL_9:
      case Op.SET_LOCAL_10: case Op.SET_LOCAL_11:
        M[fp - (opcode - Op.SET_LOCAL_4 + 4)] = M[sp];
        pc++;
        continue;
      case Op.GET_LOCALS4:
        M[sp - 1] = M[fp - (B[pc + 1] & 15)];
        M[sp - 2] = M[fp - (B[pc + 1] >> 4)];
        sp -= 2;
        pc += 2;
        continue;
      case Op.GET_LOCAL_SMALL4:
        M[sp - 1] = M[fp - (B[pc + 1] & 15)];
        M[sp - 2] = (B[pc + 1] >> 4) << 1;
        sp -= 2;
        pc += 2;
        continue;
      case Op.GET_LOCAL_ELEMENT4: {
        const at = quickElement(M[fp - (B[pc + 1] & 15)], (B[pc + 1] >> 4) << 1);
        const value: i32 = at !== 0 ? M[at] : otherElement(M[fp - (B[pc + 1] & 15)], (B[pc + 1] >> 4) << 1);
        if (value === Immediate.NONE) break;
        sp--;
        M[sp] = value;
        pc += 2;
        continue;
      }
      case Op.GET_LOCAL_PROPERTY8: {
        const value = quickProperty(M[fp - B[pc + 1]], M[code + Field.CODE_TAIL + B[pc + 2]]);
        if (value === Immediate.NONE) break;
        sp--;
        M[sp] = value;
        pc += 3;
        continue;
      }
      case Op.GET_LOCAL_PROPERTY: {
        const value = quickProperty(M[fp - B[pc + 1]], M[code + Field.CODE_TAIL + (B[pc + 2] | (B[pc + 3] << 8))]);
        if (value === Immediate.NONE) break;
        sp--;
        M[sp] = value;
        pc += 4;
        continue;
      }
      case Op.GET_LOCALS_ELEMENT: {
        const at = quickElement(M[fp - B[pc + 1]], M[fp - B[pc + 2]]);
        const value: i32 = at !== 0 ? M[at] : otherElement(M[fp - B[pc + 1]], M[fp - B[pc + 2]]);
        if (value === Immediate.NONE) break;
        sp--;
        M[sp] = value;
        pc += 3;
        continue;
      }
      case Op.JUMP_LOCALS_LT: {
        const a: i32 = M[fp - B[pc + 1]];
        const b: i32 = M[fp - B[pc + 2]];
        const order: i32 = ((a | b) & 1) === 0 ? (a < b ? 1 : 0) : orderOf(Op.LT, a, b);
        if (order < 0) break;
        if (order !== 0) pc += ((B[pc + 3] | (B[pc + 4] << 8)) << 16) >> 16;
        pc += 5;
        continue;
      }
      case Op.SUB_SMALL: {
        const a: i32 = M[sp];
        const b: i32 = (B[pc + 1] << 24) >> 23;
        if ((a & 1) === 0) {
          const difference: i32 = (a - b) | 0;
          if (((a ^ b) & (a ^ difference)) >= 0) {
            M[sp] = difference;
            pc += 2;
            continue;
          }
        }
        const result = computeNumbers(Op.SUB, a, b);
        if (result === Immediate.NONE) break;
        M[sp] = result;
        pc += 2;
        continue;
      }
      case Op.CHECK:
        if (M[sp] === Immediate.HOLE) break;
        pc += 3;
        continue;
      case Op.INCREMENT_LOCAL: {
        const word: i32 = M[fp - B[pc + 1]];
        const sum: i32 = (word + 2) | 0;
        if ((word & 1) !== 0 || sum < word) break;
        M[fp - B[pc + 1]] = sum;
        pc += 2;
        continue;
      }
      case Op.DECREMENT_LOCAL: {
        const word: i32 = M[fp - B[pc + 1]];
        const difference: i32 = (word - 2) | 0;
        if ((word & 1) !== 0 || difference > word) break;
        M[fp - B[pc + 1]] = difference;
        pc += 2;
        continue;
      }

      case Op.CALLEE_SCOPE:
        sp--;
        M[sp] = M[(M[fp + CALLEE] >> 2) + FunctionPart.SCOPE];
        pc++;
        continue;
      case Op.GET_SCOPED: {
        const at = variableAt(M[fp - B[pc + 1]], 0, B[pc + 2] | (B[pc + 3] << 8));
        if (at === 0) break;
        sp--;
        M[sp] = M[at];
        pc += 4;
        continue;
      }
      case Op.PUT_SCOPED: {
        const at = variableAt(M[fp - B[pc + 1]], 0, B[pc + 2] | (B[pc + 3] << 8));
        if (at === 0) break;
        M[at] = M[sp];
        sp++;
        pc += 4;
        continue;
      }
      case Op.GET_OUTER8: {
        const at = variableAt(M[(M[fp + CALLEE] >> 2) + FunctionPart.SCOPE], 0, B[pc + 1]);
        if (at === 0) break;
        sp--;
        M[sp] = M[at];
        pc += 2;
        continue;
      }
      case Op.GET_SCOPED8: {
        const at = variableAt(M[fp - B[pc + 1]], 0, B[pc + 2]);
        if (at === 0) break;
        sp--;
        M[sp] = M[at];
        pc += 3;
        continue;
      }
      case Op.PUT_SCOPED8: {
        const at = variableAt(M[fp - B[pc + 1]], 0, B[pc + 2]);
        if (at === 0) break;
        M[at] = M[sp];
        sp++;
        pc += 3;
        continue;
      }
      case Op.GET_OUTER:
      case Op.GET_OUTER_CHECKED: {
        const at = variableAt(M[(M[fp + CALLEE] >> 2) + FunctionPart.SCOPE], B[pc + 1], B[pc + 2] | (B[pc + 3] << 8));
        if (at === 0 || (M[at] === Immediate.HOLE && opcode === Op.GET_OUTER_CHECKED)) break;
        sp--;
        M[sp] = M[at];
        pc += opcode === Op.GET_OUTER ? 4 : 6;
        continue;
      }
      case Op.PUT_OUTER: {
        const at = variableAt(M[(M[fp + CALLEE] >> 2) + FunctionPart.SCOPE], B[pc + 1], B[pc + 2] | (B[pc + 3] << 8));
        if (at === 0) break;
        M[at] = M[sp];
        sp++;
        pc += 4;
        continue;
      }
      case Op.GET_MODULE:
      case Op.GET_MODULE_CHECKED: {
        const at = moduleVariableAt(B[pc + 1] | (B[pc + 2] << 8), B[pc + 3] | (B[pc + 4] << 8));
        if (at === 0 || (M[at] === Immediate.HOLE && opcode === Op.GET_MODULE_CHECKED)) break;
        sp--;
        M[sp] = M[at];
        pc += opcode === Op.GET_MODULE ? 5 : 7;
        continue;
      }
      case Op.PUT_MODULE: {
        const at = moduleVariableAt(B[pc + 1] | (B[pc + 2] << 8), B[pc + 3] | (B[pc + 4] << 8));
        if (at === 0) break;
        M[at] = M[sp];
        sp++;
        pc += 5;
        continue;
      }
      case Op.GET_CORE: {
        const at = variableAt(M[ROOTS + Root.coreScope], 0, B[pc + 1] | (B[pc + 2] << 8));
        if (at === 0) break;
        sp--;
        M[sp] = M[at];
        pc += 3;
        continue;
      }
      case Op.GET_CORE8:
        sp--;
        M[sp] = M[(M[ROOTS + Root.coreScope] >> 2) + Field.SCOPE_TAIL + B[pc + 1]];
        pc += 2;
        continue;
      case Op.CORE_CALLEE:
        M[sp - 1] = M[(M[ROOTS + Root.coreScope] >> 2) + Field.SCOPE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))];
        M[sp - 2] = Immediate.UNDEFINED;
        sp -= 2;
        pc += 3;
        continue;
      case Op.CORE_CALLEE_THIS:
      case Op.CORE_CALLEE_FIRST:
        M[sp - 1] = M[(M[ROOTS + Root.coreScope] >> 2) + Field.SCOPE_TAIL + B[pc + 1]];
        M[sp - 2] = Immediate.UNDEFINED;
        M[sp - 3] = M[opcode === Op.CORE_CALLEE_THIS ? fp + THIS : fp];
        sp -= 3;
        pc += 2;
        continue;
      case Op.CORE_CALLEE8:
        M[sp - 1] = M[(M[ROOTS + Root.coreScope] >> 2) + Field.SCOPE_TAIL + B[pc + 1]];
        M[sp - 2] = Immediate.UNDEFINED;
        sp -= 2;
        pc += 2;
        continue;
      case Op.GET_GLOBAL: {
        const at = cachedProperty(M[ROOTS + Root.global] >> 2, M[code + Field.CODE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))]);
        if (at === 0) break;
        sp--;
        M[sp] = M[at];
        pc += 3;
        continue;
      }
      case Op.PUT_GLOBAL: {
        const done = quickStore(M[ROOTS + Root.global], M[code + Field.CODE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))] ^ STORE_TAG, M[sp]);
        if (!done) break;
        sp++;
        pc += 3;
        continue;
      }

      case Op.ADD: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        if (((a | b) & 1) === 0) {
          const sum: i32 = (a + b) | 0;
          if (((a ^ sum) & (b ^ sum)) >= 0) {
            sp++;
            M[sp] = sum;
            pc++;
            continue;
          }
        }
        let result: i32 = computeNumbers(Op.ADD, a, b);
        if (result === Immediate.NONE) {
          M[Reg.FUEL] = fuel;
          result = joinValues(a, b);
          fuel = M[Reg.FUEL];
          if (result === Immediate.NONE || result === 0) break;
        }
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.SUB: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        if (((a | b) & 1) === 0) {
          const difference: i32 = (a - b) | 0;
          if (((a ^ b) & (a ^ difference)) >= 0) {
            sp++;
            M[sp] = difference;
            pc++;
            continue;
          }
        }
        const result = computeNumbers(Op.SUB, a, b);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.MUL: {
        const result = computeNumbers(Op.MUL, M[sp + 1], M[sp]);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.DIV: {
        const result = computeNumbers(Op.DIV, M[sp + 1], M[sp]);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.ADD_SMALL: {
        const a: i32 = M[sp];
        const b: i32 = (B[pc + 1] << 24) >> 23;
        if ((a & 1) === 0) {
          const sum: i32 = (a + b) | 0;
          if (((a ^ sum) & (b ^ sum)) >= 0) {
            M[sp] = sum;
            pc += 2;
            continue;
          }
        }
        const result = computeNumbers(Op.ADD, a, b);
        if (result === Immediate.NONE) break;
        M[sp] = result;
        pc += 2;
        continue;
      }
      case Op.MOD: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        let remainder: i32 = 0;
        if (((a | b) & 1) === 0 && a >= 0 && b > 0) {
          remainder = (a % b) | 0;
        } else {
          remainder = quickRemainder(a, b);
          if (remainder === Immediate.NONE) break;
        }
        sp++;
        M[sp] = remainder;
        pc++;
        continue;
      }
      case Op.INC: {
        const word: i32 = M[sp];
        const sum: i32 = (word + 2) | 0;
        if ((word & 1) !== 0 || sum < word) break;
        M[sp] = sum;
        pc++;
        continue;
      }
      case Op.DEC: {
        const word: i32 = M[sp];
        const difference: i32 = (word - 2) | 0;
        if ((word & 1) !== 0 || difference > word) break;
        M[sp] = difference;
        pc++;
        continue;
      }
      case Op.TO_STRING:
        if (!isText(M[sp])) break;
        pc++;
        continue;
      case Op.TO_NUMERIC:
        if ((M[sp] & 1) !== 0) break;
        pc++;
        continue;
      case Op.BIT_AND: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        const result: i32 = ((a | b) & 1) === 0 ? a & b : combineNumbers(opcode, a, b);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.BIT_OR: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        const result: i32 = ((a | b) & 1) === 0 ? a | b : combineNumbers(opcode, a, b);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.BIT_XOR: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        const result: i32 = ((a | b) & 1) === 0 ? a ^ b : combineNumbers(opcode, a, b);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.SHR: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        const result: i32 = ((a | b) & 1) === 0 ? ((a >> 1) >> ((b >> 1) & 31)) << 1 : combineNumbers(opcode, a, b);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.SHL:
      case Op.USHR: {
        const result = combineNumbers(opcode, M[sp + 1], M[sp]);
        if (result === Immediate.NONE) break;
        sp++;
        M[sp] = result;
        pc++;
        continue;
      }
      case Op.LT: {
        const order = orderOf(Op.LT, M[sp + 1], M[sp]);
        if (order < 0) break;
        sp++;
        M[sp] = order !== 0 ? Immediate.TRUE : Immediate.FALSE;
        pc++;
        continue;
      }
      case Op.LE: {
        const order = orderOf(Op.LE, M[sp + 1], M[sp]);
        if (order < 0) break;
        sp++;
        M[sp] = order !== 0 ? Immediate.TRUE : Immediate.FALSE;
        pc++;
        continue;
      }
      case Op.GT: {
        const order = orderOf(Op.GT, M[sp + 1], M[sp]);
        if (order < 0) break;
        sp++;
        M[sp] = order !== 0 ? Immediate.TRUE : Immediate.FALSE;
        pc++;
        continue;
      }
      case Op.GE: {
        const order = orderOf(Op.GE, M[sp + 1], M[sp]);
        if (order < 0) break;
        sp++;
        M[sp] = order !== 0 ? Immediate.TRUE : Immediate.FALSE;
        pc++;
        continue;
      }
      case Op.SEQ:
      case Op.SNE: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        let equal: i32 = a === b ? 1 : 0;
        if ((a & 3) === 1 || (b & 3) === 1) {
          // Long texts are compared at a charge.
          M[Reg.FUEL] = fuel;
          equal = strictEquals(a, b);
          fuel = M[Reg.FUEL];
          if (equal < 0) break;
        }
        sp++;
        M[sp] = (equal !== 0) === (opcode === Op.SEQ) ? Immediate.TRUE : Immediate.FALSE;
        pc++;
        continue;
      }
      case Op.NOT:
        M[sp] = truthy(M[sp]) ? Immediate.FALSE : Immediate.TRUE;
        pc++;
        continue;

      case Op.JUMP:
        pc += 3 + (((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16);
        continue;
      case Op.JUMP_FALSE: {
        const word: i32 = M[sp];
        sp++;
        if (word === Immediate.FALSE || (word !== Immediate.TRUE && !truthy(word))) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        pc += 3;
        continue;
      }
      case Op.JUMP_TRUE: {
        const word: i32 = M[sp];
        sp++;
        if (word === Immediate.TRUE || (word !== Immediate.FALSE && truthy(word))) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        pc += 3;
        continue;
      }
      case Op.JUMP8:
        pc += 2 + ((B[pc + 1] << 24) >> 24);
        continue;
      case Op.JUMP_FALSE8: {
        const word: i32 = M[sp];
        sp++;
        if (word === Immediate.FALSE || (word !== Immediate.TRUE && !truthy(word))) pc += (B[pc + 1] << 24) >> 24;
        pc += 2;
        continue;
      }
      case Op.JUMP_TRUE8: {
        const word: i32 = M[sp];
        sp++;
        if (word === Immediate.TRUE || (word !== Immediate.FALSE && truthy(word))) pc += (B[pc + 1] << 24) >> 24;
        pc += 2;
        continue;
      }
      case Op.JUMP_FALSE_KEEP:
      case Op.JUMP_TRUE_KEEP: {
        if (truthy(M[sp]) === (opcode === Op.JUMP_TRUE_KEEP)) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        else sp++;
        pc += 3;
        continue;
      }
      case Op.JUMP_NOT_NULLISH_KEEP: {
        const word: i32 = M[sp];
        if (word !== Immediate.UNDEFINED && word !== Immediate.NULL) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        else sp++;
        pc += 3;
        continue;
      }
      case Op.JUMP_NULLISH: {
        const word: i32 = M[sp];
        if (word === Immediate.UNDEFINED || word === Immediate.NULL) {
          sp++;
          pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        }
        pc += 3;
        continue;
      }
      case Op.JUMP_NOT_UNDEFINED_KEEP:
        if (M[sp] !== Immediate.UNDEFINED) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        else sp++;
        pc += 3;
        continue;
      case Op.JUMP_DONE:
        if (M[sp] === Immediate.DONE) {
          sp++;
          pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        }
        pc += 3;
        continue;
      case Op.JUMP_LT:
      case Op.JUMP_NOT_LT: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        const order: i32 = ((a | b) & 1) === 0 ? (a < b ? 1 : 0) : orderOf(Op.LT, a, b);
        if (order < 0) break;
        sp += 2;
        if ((order !== 0) === (opcode === Op.JUMP_LT)) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        pc += 3;
        continue;
      }
      case Op.JUMP_LE:
      case Op.JUMP_NOT_LE: {
        const order = orderOf(Op.LE, M[sp + 1], M[sp]);
        if (order < 0) break;
        sp += 2;
        if ((order !== 0) === (opcode === Op.JUMP_LE)) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        pc += 3;
        continue;
      }
      case Op.JUMP_GT:
      case Op.JUMP_NOT_GT: {
        const order = orderOf(Op.GT, M[sp + 1], M[sp]);
        if (order < 0) break;
        sp += 2;
        if ((order !== 0) === (opcode === Op.JUMP_GT)) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        pc += 3;
        continue;
      }
      case Op.JUMP_GE:
      case Op.JUMP_NOT_GE: {
        const order = orderOf(Op.GE, M[sp + 1], M[sp]);
        if (order < 0) break;
        sp += 2;
        if ((order !== 0) === (opcode === Op.JUMP_GE)) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        pc += 3;
        continue;
      }
      case Op.JUMP_SEQ8:
      case Op.JUMP_SNE8: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        let equal: i32 = a === b ? 1 : 0;
        if ((a & 3) === 1 || (b & 3) === 1) {
          M[Reg.FUEL] = fuel;
          equal = strictEquals(a, b);
          fuel = M[Reg.FUEL];
          if (equal < 0) break;
        }
        sp += 2;
        if ((equal !== 0) === (opcode === Op.JUMP_SEQ8)) pc += (B[pc + 1] << 24) >> 24;
        pc += 2;
        continue;
      }
      case Op.JUMP_SEQ:
      case Op.JUMP_SNE: {
        const a: i32 = M[sp + 1];
        const b: i32 = M[sp];
        let equal: i32 = a === b ? 1 : 0;
        if ((a & 3) === 1 || (b & 3) === 1) {
          // Long texts are compared at a charge.
          M[Reg.FUEL] = fuel;
          equal = strictEquals(a, b);
          fuel = M[Reg.FUEL];
          if (equal < 0) break;
        }
        sp += 2;
        if ((equal !== 0) === (opcode === Op.JUMP_SEQ)) pc += ((B[pc + 1] | (B[pc + 2] << 8)) << 16) >> 16;
        pc += 3;
        continue;
      }

      case Op.GET_PROPERTY: {
        const value = quickProperty(M[sp], M[code + Field.CODE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))]);
        if (value === Immediate.NONE) break;
        M[sp] = value;
        pc += 3;
        continue;
      }
      case Op.GET_METHOD: {
        const value = quickProperty(M[sp], M[code + Field.CODE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))]);
        if (value === Immediate.NONE) break;
        sp--;
        M[sp] = M[sp + 1];
        M[sp + 1] = value;
        pc += 3;
        continue;
      }
      case Op.PUT_PROPERTY: {
        const done = quickStore(M[sp + 1], M[code + Field.CODE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))] ^ STORE_TAG, M[sp]);
        if (!done) break;
        sp += 2;
        pc += 3;
        continue;
      }
      case Op.DEFINE_PROPERTY: {
        const done = quickStore(M[sp + 1], M[code + Field.CODE_TAIL + (B[pc + 1] | (B[pc + 2] << 8))] ^ DEFINE_TAG, M[sp]);
        if (!done) break;
        sp++;
        pc += 3;
        continue;
      }
      case Op.GET_ELEMENT: {
        const at = quickElement(M[sp + 1], M[sp]);
        const value: i32 = at !== 0 ? M[at] : otherElement(M[sp + 1], M[sp]);
        if (value === Immediate.NONE) break;
        sp++;
        M[sp] = value;
        pc++;
        continue;
      }
      case Op.PUT_ELEMENT: {
        const at = quickElement(M[sp + 2], M[sp + 1]);
        if (at === 0) break;
        M[at] = M[sp];
        sp += 3;
        pc++;
        continue;
      }
      case Op.GET_PRIVATE: {
        const value = quickPrivate(M[sp + 1], M[sp]);
        if (value === Immediate.NONE) break;
        sp++;
        M[sp] = value;
        pc++;
        continue;
      }
      case Op.PUT_PRIVATE: {
        const done = quickStorePrivate(M[sp + 2], M[sp + 1], M[sp]);
        if (!done) break;
        sp += 3;
        pc++;
        continue;
      }
      case Op.NEW_ARRAY: {
        const count: i32 = B[pc + 1] | (B[pc + 2] << 8);
        const array = gatherArray(sp, count);
        if (array === Immediate.NONE) break;
        sp += count - 1;
        M[sp] = array;
        pc += 3;
        continue;
      }
      case Op.TYPEOF: {
        const type = typeOf(M[sp]);
        M[sp] = type;
        pc++;
        continue;
      }
      case Op.NEW_OBJECT: {
        const capacity: i32 = B[pc + 1];
        if (capacity > 16 || !reserve(objectWords(capacity))) break;
        const object = newObject(M[ROOTS + Root.SHAPE_object0 + capacity] >> 2);
        sp--;
        M[sp] = reference(object);
        pc += 2;
        continue;
      }
      case Op.SLOPPY_THIS: {
        const receiver: i32 = M[fp + THIS];
        if ((receiver & 3) !== 1 || (M[receiver >> 2] & 255) < Cell.OBJECT) break;
        pc++;
        continue;
      }
      case Op.CORE:
        M[sp - 1] = M[ROOTS + (B[pc + 1] | (B[pc + 2] << 8))];
        M[sp - 2] = Immediate.UNDEFINED;
        sp -= 2;
        pc += 3;
        continue;
      case Op.CALLEE:
        sp--;
        M[sp] = M[fp + CALLEE];
        pc++;
        continue;
      case Op.INTRINSIC1: case Op.INTRINSIC2: case Op.INTRINSIC3: case Op.INTRINSIC4:
      case Op.INTRINSIC: {
        const number: i32 = B[pc + 1];
        // These need the machine's registers, or stop it.
        if (number === Intrinsic.host || number === Intrinsic.wait || number === Intrinsic.end || number === Intrinsic.regexpMatch ||
          number === Intrinsic.captureStack || number === Intrinsic.jsonParse || number === Intrinsic.jsonWrite) break;
        M[Reg.FUEL] = fuel;
        const result = objectIntrinsic(number, sp);
        if (result === Immediate.NONE) {
          const status = stopped(pc - base, sp, fp);
          if (status !== Status.RUNNING) return status;
          sp = M[Reg.SP];
          fp = M[Reg.FP];
          fuel = M[Reg.FUEL];
          code = codeOf(M[fp + CALLEE]);
          base = code << 2;
          pc = base + M[Reg.PC];
          continue;
        }
        fuel = M[Reg.FUEL];
        sp += opcode === Op.INTRINSIC ? B[pc + 2] - 1 : opcode - Op.INTRINSIC1;
        M[sp] = result;
        pc += opcode === Op.INTRINSIC ? 3 : 2;
        continue;
      }
      case Op.ITERATOR_NEXT:
      case Op.ITERATOR_STEP: {
        const element = nextElement(M[sp + 1], M[sp]);
        if (element === Immediate.NONE) break;
        sp--;
        M[sp] = element;
        pc++;
        continue;
      }
      case Op.THIS:
        sp--;
        M[sp] = M[fp + THIS];
        pc++;
        continue;

      case Op.CALL1: case Op.CALL2: case Op.CALL3: case Op.CALL4:
      case Op.CALL: {
        const argc: i32 = opcode === Op.CALL ? B[pc + 1] : opcode - Op.CALL1 + 1;
        const next: i32 = opcode === Op.CALL ? pc + 2 : pc + 1;
        const callee: i32 = M[sp + argc + 1];
        if ((callee & 3) !== 1) break;
        const isFunction: bool = (M[callee >> 2] & 255) === Cell.FUNCTION;
        if (!isFunction && !isBare(callee)) break;
        const target: i32 = isFunction ? M[(callee >> 2) + Field.FUNCTION_CODE] >> 2 : callee >> 2;
        const form: i32 = M[target + Field.CODE_FORM];
        if (formFast(form) !== 0) {
          M[Reg.FUEL] = fuel;
          const result = fastPath(formFast(form), sp, argc);
          fuel = M[Reg.FUEL];
          if (result !== Immediate.NONE && result !== Immediate.DELETED) {
            sp += argc + 1;
            M[sp] = result;
            pc = next;
            continue;
          }
          break;
        }
        const frame: i32 = M[target + Field.CODE_FRAME];
        const counts: i32 = M[target + Field.CODE_COUNTS];
        const parameters: i32 = frameParameters(frame);
        const slots: i32 = frameSlots(frame);
        const bottom: i32 = sp - slots - countsStackWords(counts) - CALL_MARGIN;
        if (bottom < lowest || (formFlags(form) & (CodeFlag.CLASS | CodeFlag.ARGUMENTS)) !== 0) break;
        for (let i: i32 = argc; i < parameters; i++) {
          sp--;
          M[sp] = Immediate.UNDEFINED;
        }
        if (argc > parameters) sp += argc - parameters;
        const newFp: i32 = sp + parameters - 1;
        M[sp - 1] = (next - base) << 1;
        M[sp - 2] = ((fp - newFp) << 5) | (ReturnMode.PUSH << 1);
        M[sp - 3] = Immediate.UNDEFINED;
        M[sp - 4] = argc << 1;
        sp -= 4;
        for (let i: i32 = parameters + FRAME_WORDS; i < slots; i++) {
          sp--;
          M[sp] = Immediate.UNDEFINED;
        }
        fp = newFp;
        code = target;
        base = code << 2;
        pc = base + countsStart(counts);
        continue;
      }
      case Op.POP_RETURN:
      case Op.RETURN:
      case Op.RETURN_UNDEFINED: {
        const header: i32 = fp - codeParameters(code);
        const link: i32 = M[header - Frame.LINK] >> 1;
        const mode: i32 = link & 15;
        if ((mode !== ReturnMode.PUSH && mode !== ReturnMode.CONSTRUCT) || (codeFlags(code) & CodeFlag.ARGUMENTS) !== 0) break;
        const given: i32 = opcode === Op.RETURN ? M[sp] : Immediate.UNDEFINED;
        const value: i32 = mode === ReturnMode.PUSH || isObject(given) ? given : M[fp + THIS];
        const offset: i32 = M[header - Frame.RETURN_PC] >> 1;
        sp = fp + CALLEE;
        fp = fp + (link >> 4);
        M[sp] = value;
        code = codeOf(M[fp + CALLEE]);
        base = code << 2;
        pc = base + offset;
        if (fp < stopAt) continue;
        M[Reg.PC] = offset;
        M[Reg.SP] = sp;
        M[Reg.FP] = fp;
        M[Reg.FUEL] = fuel;
        return Status.RUNNING;
      }
    }
    M[Reg.PC] = pc - base;
    M[Reg.SP] = sp;
    M[Reg.FP] = fp;
    M[Reg.FUEL] = fuel;
    const status = step();
    if (status !== Status.RUNNING) {
      if (status === Status.RETRY) M[Reg.FUEL] = M[Reg.FUEL] + 1;
      return status;
    }
    sp = M[Reg.SP];
    fp = M[Reg.FP];
    if (fp >= stopAt) return Status.RUNNING;
    fuel = M[Reg.FUEL];
    code = codeOf(M[fp + CALLEE]);
    base = code << 2;
    pc = base + M[Reg.PC];
  }
  M[Reg.PC] = pc - base;
  M[Reg.SP] = sp;
  M[Reg.FP] = fp;
  M[Reg.FUEL] = fuel;
  return Status.FUEL;
}

/** The same by `step` alone: how compact C runs everything, how programs with several realms run, and what tests hold the loop above against. */
export function runSteps(): i32 {
  while (M[Reg.FUEL] > 0) {
    M[Reg.FUEL] = M[Reg.FUEL] - 1;
    const status = step();
    if (status !== Status.RUNNING) {
      if (status === Status.RETRY) M[Reg.FUEL] = M[Reg.FUEL] + 1;
      return status;
    }
  }
  return Status.FUEL;
}
