// One instruction, whole: the machine's reference. `step` executes the instruction at PC with every register in memory.
// run.ts is the fast loop in front of it: it does the commonest cases of the commonest instructions by itself and comes
// here for all others, so whatever it leaves out is right as well. A step returns a Status; with RETRY it has changed
// nothing. The instructions are described in vm/format/opcodes.ts.

import { Brand, Slot } from "../format/brands.js";
import { Attribute, Cell, Field, FunctionPart, ShapeFlag } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { CALLEE, CodeFlag, CoroutineState, Frame, ReturnMode, THIS } from "../format/frame.js";
import { Intrinsic } from "../format/intrinsics.js";
import { Op } from "../format/opcodes.js";
import { Reg, Status } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { CORE_WORDS, Immediate } from "../format/words.js";
import { codeFlags, codeLength, codeName } from "./code.js";
import {
  call, callCore, CALL_MARGIN, codeOf, frameTop, frameWord, iterate, reserveCall, resume, returnValue, startAsync, startGenerator, suspend,
  throwError, throwValue, truthy,
} from "./call.js";
import { capacityOf, defineElement, elementsWords, FIRST_ELEMENT, newElements } from "./elements.js";
import { allocate, fillWords, holdEpochs, holdsEpochs, isObject, isText, kindOf, numberValue, isNumber, reference, requestStack, reserve, truth } from "./heap.js";
import { defineField, defineMethod, definePrivate, getPrivate, hasPrivate, newPrivateName, putPrivate, setName, setPrototype } from "./define.js";
import { objectIntrinsic } from "./intrinsics.js";
import { B, M, memoryWords } from "./memory.js";
import {
  ABSENT, addProperty, ARRAY_WORDS, DATA, findInChain, foundAt, FUNCTION_WORDS, functionPart, lexicalOf, newArray, newObject, NO_ROOM, objectWords,
  hasRealms, root, rootShape, runningRealm, setFunctionPart,
} from "./object.js";
import {
  addValues, arithmetic, compare, compareAndJump, deadZone, drop, failure, finish, inverse, isNullish, loosely, push, stepLocal, strictly,
  strictlyAndJump, textOf, typeOf, unary,
} from "./operators.js";
import { jsonParse } from "./json-parse.js";
import { jsonWrite } from "./json-write.js";
import { deleteKeyed, denseElement, getKeyed, getNamed, isName, setKeyed, setNamed, strictCode } from "./property.js";
import { gatherArray, moduleVariableAt, quickInstance } from "./quick.js";
import { enterRealm } from "./realm.js";
import { regexpContinue, regexpPosition, regexpStart, regexpGroups } from "./regexp.js";
import type { bool, f64, i32 } from "./types.js";

/** Steps of matching that one execution of the matching instruction does. */
const MATCH_BUDGET = 1024;

function u16(at: i32): i32 { return B[at] | (B[at + 1] << 8); }
function i16(at: i32): i32 { return ((B[at] | (B[at + 1] << 8)) << 16) >> 16; }
function i8(at: i32): i32 { return (B[at] << 24) >> 24; }
function i32At(at: i32): i32 { return B[at] | (B[at + 1] << 8) | (B[at + 2] << 16) | (B[at + 3] << 24); }

/** Executes the instruction at PC. */
export function step(): i32 {
  const fp: i32 = M[Reg.FP];
  if (hasRealms()) enterRealm(fp);
  const code = codeOf(M[fp + CALLEE]);
  const pc: i32 = M[Reg.PC];
  const at: i32 = code * 4 + pc;
  const sp: i32 = M[Reg.SP];
  const opcode: i32 = B[at];
  switch (opcode) {
    case Op.NOP: M[Reg.PC] = pc + 1; return Status.RUNNING;
    case Op.UNDEFINED: return push(Immediate.UNDEFINED, pc + 1);
    case Op.NULL: return push(Immediate.NULL, pc + 1);
    case Op.TRUE: return push(Immediate.TRUE, pc + 1);
    case Op.FALSE: return push(Immediate.FALSE, pc + 1);
    case Op.HOLE: return push(Immediate.HOLE, pc + 1);
    case Op.SMALL8: return push(i8(at + 1) << 1, pc + 2);
    case Op.SMALL16: return push(i16(at + 1) << 1, pc + 3);
    case Op.CONSTANT: return push(M[code + Field.CODE_TAIL + u16(at + 1)], pc + 3);
    case Op.POP: return drop(1, pc + 1);
    case Op.DUP: return push(M[sp], pc + 1);
    case Op.DUP2: return duplicateTwo(sp, pc + 1);
    case Op.SWAP: return rotate(sp, 2, pc + 1);
    case Op.ROTATE3: return rotate(sp, 3, pc + 1);
    case Op.ROTATE4: return rotate(sp, 4, pc + 1);

    case Op.GET_LOCAL: return push(M[fp - B[at + 1]], pc + 2);
    case Op.PUT_LOCAL: M[fp - B[at + 1]] = M[sp]; return drop(1, pc + 2);
    case Op.SET_LOCAL: M[fp - B[at + 1]] = M[sp]; return drop(0, pc + 2);
    case Op.GET_LOCAL16: return push(M[fp - u16(at + 1)], pc + 3);
    case Op.PUT_LOCAL16: return putAt(fp - u16(at + 1), pc + 3, 1);
    case Op.SET_LOCAL16: return putAt(fp - u16(at + 1), pc + 3, 0);
    case Op.CHECK:
      if (M[sp] === Immediate.HOLE) return deadZone(constantAt(code, at + 1));
      return drop(0, pc + 3);
    case Op.GET_LOCALS: push(M[fp - B[at + 1]], pc); return push(M[fp - B[at + 2]], pc + 3);
    case Op.INCREMENT_LOCAL: return stepLocal(fp - B[at + 1], Op.INC, pc + 1, pc + 2);
    case Op.DECREMENT_LOCAL: return stepLocal(fp - B[at + 1], Op.DEC, pc + 1, pc + 2);

    case Op.CALLEE_SCOPE: return push(M[(M[fp + CALLEE] >> 2) + FunctionPart.SCOPE], pc + 1);
    case Op.NEW_SCOPE: return newScope(u16(at + 1), pc + 3);
    case Op.COPY_SCOPE: return copyScope(pc + 1);
    case Op.GET_SCOPED: return getVariable(M[fp - B[at + 1]], u16(at + 2), pc + 4);
    case Op.PUT_SCOPED: return putVariable(M[fp - B[at + 1]], u16(at + 2), pc + 4);
    case Op.GET_OUTER: return getVariable(outerScope(fp, B[at + 1]), u16(at + 2), pc + 4);
    case Op.PUT_OUTER: return putVariable(outerScope(fp, B[at + 1]), u16(at + 2), pc + 4);
    case Op.GET_OUTER_CHECKED: return getChecked(outerScope(fp, B[at + 1]), u16(at + 2), constantAt(code, at + 4), pc + 6);
    case Op.GET_MODULE: return getVariable(moduleScope(u16(at + 1)), u16(at + 3), pc + 5);
    case Op.PUT_MODULE: return putVariable(moduleScope(u16(at + 1)), u16(at + 3), pc + 5);
    case Op.GET_MODULE_CHECKED: return getChecked(moduleScope(u16(at + 1)), u16(at + 3), constantAt(code, at + 5), pc + 7);
    case Op.GET_CORE: return getVariable(root(Root.coreScope), u16(at + 1), pc + 3);
    case Op.PUT_CORE: return putVariable(root(Root.coreScope), u16(at + 1), pc + 3);
    case Op.GET_GLOBAL: return getGlobal(constantAt(code, at + 1), true, pc + 3);
    case Op.GET_GLOBAL_OR_UNDEFINED: return getGlobal(constantAt(code, at + 1), false, pc + 3);
    case Op.PUT_GLOBAL: return putGlobal(constantAt(code, at + 1), pc + 3);

    case Op.ADD: return addValues(M[sp + 1], M[sp], 2, pc + 1);
    case Op.SUB: case Op.MUL: case Op.DIV: case Op.MOD: case Op.POW:
    case Op.BIT_AND: case Op.BIT_OR: case Op.BIT_XOR: case Op.SHL: case Op.SHR: case Op.USHR:
      return arithmetic(opcode, M[sp + 1], M[sp], 2, pc + 1);
    case Op.LT: case Op.LE: case Op.GT: case Op.GE: return compare(opcode, pc + 1);
    case Op.EQ: return loosely(1, pc + 1);
    case Op.NE: return loosely(0, pc + 1);
    case Op.SEQ: return strictly(1, pc + 1);
    case Op.SNE: return strictly(0, pc + 1);
    case Op.INSTANCEOF: return instanceOf(pc + 1);
    case Op.IN: return callCore(Root.hasProperty, 2, 2, M[sp + 1], M[sp], 0, 0, 0, ReturnMode.PUSH, pc + 1);
    case Op.NEG: case Op.TO_NUMBER: case Op.TO_NUMERIC: case Op.INC: case Op.DEC: case Op.BIT_NOT:
      return unary(opcode, pc + 1);
    case Op.NOT: return finish(inverse(M[sp]), 1, pc + 1);
    case Op.TYPEOF: return finish(typeOf(M[sp]), 1, pc + 1);
    case Op.TO_STRING: return toText(pc + 1);
    case Op.TO_PROPERTY_KEY:
      if (isText(M[sp]) || isNumber(M[sp]) || kindOf(M[sp]) === Cell.SYMBOL) return drop(0, pc + 1);
      return callCore(Root.toPropertyKey, 1, 1, M[sp], 0, 0, 0, 0, ReturnMode.PUSH, pc + 1);
    case Op.TO_ELEMENT_KEY:
      if (isNullish(M[sp + 1])) return throwError(ErrorCode.READ_OF_NULLISH, M[sp + 1], M[sp]);
      if (isText(M[sp]) || isNumber(M[sp]) || kindOf(M[sp]) === Cell.SYMBOL) return drop(0, pc + 1);
      return callCore(Root.toPropertyKey, 1, 1, M[sp], 0, 0, 0, 0, ReturnMode.PUSH, pc + 1);
    case Op.ADD_SMALL: return addValues(M[sp], i8(at + 1) << 1, 1, pc + 2);

    case Op.JUMP: M[Reg.PC] = pc + 3 + i16(at + 1); return Status.RUNNING;
    case Op.JUMP32: M[Reg.PC] = pc + 5 + i32At(at + 1); return Status.RUNNING;
    case Op.JUMP_FALSE: return jumpIf(!truthy(M[sp]), 1, 1, pc + 3, i16(at + 1));
    case Op.JUMP_TRUE: return jumpIf(truthy(M[sp]), 1, 1, pc + 3, i16(at + 1));
    case Op.JUMP_FALSE_KEEP: return jumpIf(!truthy(M[sp]), 0, 1, pc + 3, i16(at + 1));
    case Op.JUMP_TRUE_KEEP: return jumpIf(truthy(M[sp]), 0, 1, pc + 3, i16(at + 1));
    case Op.JUMP_NOT_NULLISH_KEEP: return jumpIf(!isNullish(M[sp]), 0, 1, pc + 3, i16(at + 1));
    case Op.JUMP_NULLISH: return jumpIf(isNullish(M[sp]), 1, 0, pc + 3, i16(at + 1));
    case Op.JUMP_NOT_UNDEFINED_KEEP: return jumpIf(M[sp] !== Immediate.UNDEFINED, 0, 1, pc + 3, i16(at + 1));
    case Op.JUMP_DONE: return jumpIf(M[sp] === Immediate.DONE, 1, 0, pc + 3, i16(at + 1));
    case Op.JUMP_LT: return compareAndJump(Op.LT, M[sp + 1], M[sp], 2, true, pc + 1, i16(at + 1));
    case Op.JUMP_LE: return compareAndJump(Op.LE, M[sp + 1], M[sp], 2, true, pc + 1, i16(at + 1));
    case Op.JUMP_GT: return compareAndJump(Op.GT, M[sp + 1], M[sp], 2, true, pc + 1, i16(at + 1));
    case Op.JUMP_GE: return compareAndJump(Op.GE, M[sp + 1], M[sp], 2, true, pc + 1, i16(at + 1));
    case Op.JUMP_NOT_LT: return compareAndJump(Op.LT, M[sp + 1], M[sp], 2, false, pc + 1, i16(at + 1));
    case Op.JUMP_NOT_LE: return compareAndJump(Op.LE, M[sp + 1], M[sp], 2, false, pc + 1, i16(at + 1));
    case Op.JUMP_NOT_GT: return compareAndJump(Op.GT, M[sp + 1], M[sp], 2, false, pc + 1, i16(at + 1));
    case Op.JUMP_NOT_GE: return compareAndJump(Op.GE, M[sp + 1], M[sp], 2, false, pc + 1, i16(at + 1));
    case Op.JUMP_SEQ: return strictlyAndJump(1, pc + 3, i16(at + 1));
    case Op.JUMP_SNE: return strictlyAndJump(0, pc + 3, i16(at + 1));

    case Op.GET_PROPERTY: return getConstant(M[sp], constantAt(code, at + 1), 1, ReturnMode.PUSH, pc + 3);
    case Op.GET_METHOD: return getConstant(M[sp], constantAt(code, at + 1), 0, ReturnMode.METHOD, pc + 3);
    case Op.PUT_PROPERTY: return putConstant(constantAt(code, at + 1), pc + 3);
    case Op.GET_ELEMENT: return getKeyed(M[sp + 1], M[sp], 2, ReturnMode.PUSH, pc + 1);
    case Op.GET_ELEMENT_METHOD: return getKeyed(M[sp + 1], M[sp], 1, ReturnMode.METHOD, pc + 1);
    case Op.PUT_ELEMENT: return setKeyed(M[sp + 2], M[sp + 1], M[sp], strictCode(), 3, pc + 1);
    case Op.DELETE_PROPERTY: return deleteKeyed(M[sp], constantAt(code, at + 1), strictCode(), 1, pc + 3);
    case Op.DELETE_ELEMENT: return deleteKeyed(M[sp + 1], M[sp], strictCode(), 2, pc + 1);
    case Op.GET_SUPER: return callCore(Root.getSuper, 3, 3, M[sp + 2], M[sp + 1], M[sp], 0, 0, ReturnMode.PUSH, pc + 1);
    case Op.PUT_SUPER: return callCore(Root.putSuper, 4, 5, M[sp + 3], M[sp + 2], M[sp + 1], M[sp], truth(strictCode()), ReturnMode.DROP, pc + 1);
    case Op.GET_PRIVATE: return getPrivate(M[sp + 1], M[sp], pc + 1);
    case Op.PUT_PRIVATE: return putPrivate(M[sp + 2], M[sp + 1], M[sp], pc + 1);
    case Op.HAS_PRIVATE: return hasPrivate(M[sp + 1], M[sp], pc + 1);
    case Op.DEFINE_PRIVATE: return definePrivate(M[sp + 2], M[sp + 1], M[sp], B[at + 1], pc + 2);
    case Op.NEW_PRIVATE_NAME: return newPrivateName(constantAt(code, at + 1), pc + 3);

    case Op.NEW_OBJECT: return newLiteral(B[at + 1], pc + 2);
    case Op.NEW_ARRAY: return newArrayOf(u16(at + 1), pc + 3);
    case Op.ARRAY_APPEND: return appendElement(pc + 1);
    case Op.ARRAY_SPREAD: return callCore(Root.spread, 2, 2, M[sp + 1], M[sp], 0, 0, 0, ReturnMode.PUSH, pc + 1);
    case Op.DEFINE_PROPERTY: return defineField(M[sp + 1], constantAt(code, at + 1), M[sp], 1, pc + 3);
    case Op.DEFINE_ELEMENT: return defineField(M[sp + 2], M[sp + 1], M[sp], 2, pc + 1);
    case Op.DEFINE_METHOD: return defineMethod(M[sp + 2], M[sp + 1], M[sp], B[at + 1], pc + 2);
    case Op.SET_NAME: return setName(M[sp + 1], M[sp], B[at + 1], pc + 2);
    case Op.SET_HOME:
      if (kindOf(M[sp]) !== Cell.FUNCTION || !setFunctionPart(M[sp] >> 2, FunctionPart.HOME, M[sp + 1])) return Status.FAULT;
      return drop(0, pc + 1);
    case Op.SET_PROTOTYPE: return setPrototype(M[sp + 1], M[sp], pc + 1);
    case Op.CLOSURE: return closure(constantAt(code, at + 1), pc + 3);
    case Op.SET_FIELDS: return setFields(M[sp + 1], M[sp], pc + 1);
    case Op.GET_FIELDS:
      if (kindOf(M[sp]) !== Cell.FUNCTION) return Status.FAULT;
      return finish(functionPart(M[sp] >> 2, FunctionPart.FIELDS), 1, pc + 1);

    case Op.CALL: return call(B[at + 1], Immediate.UNDEFINED, ReturnMode.PUSH, pc + 2);
    case Op.CALL_SPREAD: return callSpread(false, pc + 1);
    case Op.CONSTRUCT: return call(B[at + 1], M[sp + B[at + 1]], ReturnMode.CONSTRUCT, pc + 2);
    case Op.CONSTRUCT_SPREAD: return callSpread(true, pc + 1);
    case Op.RETURN: return returnValue(M[sp]);
    case Op.RETURN_UNDEFINED: return returnValue(Immediate.UNDEFINED);
    case Op.THROW: return throwValue(M[sp]);
    case Op.THROW_ERROR: return throwError(B[at + 1], constantAt(code, at + 2), Immediate.UNDEFINED);
    case Op.THIS: return push(M[fp + THIS], pc + 1);
    case Op.PUT_THIS:
      if (M[fp + THIS] !== Immediate.HOLE) return throwError(ErrorCode.SUPER_CALLED_TWICE, Immediate.UNDEFINED, Immediate.UNDEFINED);
      M[fp + THIS] = M[sp];
      return drop(1, pc + 1);
    case Op.CHECK_THIS:
      if (M[sp] === Immediate.HOLE) return throwError(ErrorCode.SUPER_NOT_CALLED, Immediate.UNDEFINED, Immediate.UNDEFINED);
      return drop(0, pc + 1);
    case Op.SLOPPY_THIS: return sloppyThis(fp, pc + 1);
    case Op.CALLEE: return push(M[fp + CALLEE], pc + 1);
    case Op.HOME: return push(M[(M[fp + CALLEE] >> 2) + FunctionPart.HOME], pc + 1);
    case Op.NEW_TARGET: return push(M[frameWord(fp, Frame.NEW_TARGET)], pc + 1);
    case Op.ARGUMENTS: return newArguments(fp, B[at + 1], pc + 2);
    case Op.REST: return newRest(fp, B[at + 1], pc + 2);
    case Op.CONSTRUCTOR_RESULT: return constructorResult(M[sp + 1], M[sp], pc + 1);
    case Op.CORE: push(root(u16(at + 1)), pc); return push(Immediate.UNDEFINED, pc + 3);
    case Op.ROOT: return push(root(u16(at + 1)), pc + 3);
    case Op.INTRINSIC: return intrinsic(B[at + 1], B[at + 2], pc + 3);

    case Op.GET_ITERATOR: return getIterator(M[sp], pc + 1);
    case Op.ITERATOR_NEXT: return iteratorNext(M[sp + 1], M[sp], Immediate.FALSE, pc + 1);
    case Op.ITERATOR_STEP:
      if (M[sp + 1] === Immediate.UNDEFINED) return push(Immediate.DONE, pc + 1);
      // A hole of an array pattern has no use for the value.
      return iteratorNext(M[sp + 1], M[sp], truth(B[at + 1] === Op.ITERATOR_VALUE && B[at + 2] === Op.POP), pc + 1);
    case Op.ITERATOR_VALUE:
      if (M[sp] === Immediate.DONE) {
        M[sp] = Immediate.UNDEFINED;
        M[sp + 2] = Immediate.UNDEFINED;
      }
      return drop(0, pc + 1);
    case Op.ITERATOR_CLOSE: return iteratorClose(M[sp + 1], M[sp], pc + 1);
    case Op.START_GENERATOR: return startGenerator(B[at + 1], pc + 2);
    case Op.START_ASYNC: return startAsync(pc + 1);
    case Op.YIELD: return suspend(CoroutineState.YIELD);
    case Op.YIELD_DELEGATE: return suspend((codeFlags(code) & CodeFlag.ASYNC) !== 0 ? CoroutineState.YIELD : CoroutineState.AWAIT);
    case Op.AWAIT: return suspend(CoroutineState.AWAIT);
    case Op.RESUME: return resume(pc + 1);

    case Op.GET_LOCAL_SMALL: push(M[fp - B[at + 1]], pc); return push(i8(at + 2) << 1, pc + 3);
    case Op.GET_LOCAL_PROPERTY: return getConstant(M[fp - B[at + 1]], constantAt(code, at + 2), 0, ReturnMode.PUSH, pc + 4);
    case Op.GET_LOCALS_ELEMENT: return getKeyed(M[fp - B[at + 1]], M[fp - B[at + 2]], 0, ReturnMode.PUSH, pc + 3);
    case Op.SUB_SMALL: return arithmetic(Op.SUB, M[sp], i8(at + 1) << 1, 1, pc + 2);
    case Op.JUMP_LOCALS_LT: return compareAndJump(Op.LT, M[fp - B[at + 1]], M[fp - B[at + 2]], 0, true, pc + 3, i16(at + 3));
  }
  return stepShort(opcode, code, at, pc);
}
/** The short forms, which only the core has. */
function stepShort(opcode: i32, code: i32, at: i32, pc: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const fp: i32 = M[Reg.FP];
  if (opcode >= Op.GET_LOCAL_0 && opcode <= Op.GET_LOCAL_15) return push(M[fp - (opcode - Op.GET_LOCAL_0)], pc + 1);
  if (opcode >= Op.PUT_LOCAL_4 && opcode <= Op.PUT_LOCAL_15) return putAt(fp - (opcode - Op.PUT_LOCAL_4 + 4), pc + 1, 1);
  if (opcode >= Op.SET_LOCAL_4 && opcode <= Op.SET_LOCAL_11) return putAt(fp - (opcode - Op.SET_LOCAL_4 + 4), pc + 1, 0);
  if (opcode >= Op.CALL1 && opcode <= Op.CALL4) return call(opcode - Op.CALL1 + 1, Immediate.UNDEFINED, ReturnMode.PUSH, pc + 1);
  if (opcode >= Op.INTRINSIC1 && opcode <= Op.INTRINSIC4) return intrinsic(B[at + 1], opcode - Op.INTRINSIC1 + 1, pc + 2);
  switch (opcode) {
    case Op.GET_CORE8: return getVariable(root(Root.coreScope), B[at + 1], pc + 2);
    case Op.CORE_CALLEE: return coreCallee(u16(at + 1), pc + 3);
    case Op.CORE_CALLEE8: return coreCallee(B[at + 1], pc + 2);
    case Op.CONSTANT8: return push(M[code + Field.CODE_TAIL + B[at + 1]], pc + 2);
    case Op.GET_LOCAL_PROPERTY8: return getConstant(M[fp - B[at + 1]], M[code + Field.CODE_TAIL + B[at + 2]], 0, ReturnMode.PUSH, pc + 3);
    case Op.ZERO: return push(0, pc + 1);
    case Op.ONE: return push(2, pc + 1);
    case Op.GET_LOCALS4: push(M[fp - (B[at + 1] & 15)], pc); return push(M[fp - (B[at + 1] >> 4)], pc + 2);
    case Op.GET_LOCAL_SMALL4: push(M[fp - (B[at + 1] & 15)], pc); return push((B[at + 1] >> 4) << 1, pc + 2);
    case Op.GET_LOCAL_ELEMENT4: return getKeyed(M[fp - (B[at + 1] & 15)], (B[at + 1] >> 4) << 1, 0, ReturnMode.PUSH, pc + 2);
    case Op.GET_OUTER8: return getVariable(outerScope(fp, 0), B[at + 1], pc + 2);
    case Op.GET_SCOPED8: return getVariable(M[fp - B[at + 1]], B[at + 2], pc + 3);
    case Op.PUT_SCOPED8: return putVariable(M[fp - B[at + 1]], B[at + 2], pc + 3);
    case Op.NEW_ARRAY8: return newArrayOf(B[at + 1], pc + 2);
    case Op.GET_PROPERTY8: return getConstant(M[sp], M[code + Field.CODE_TAIL + B[at + 1]], 1, ReturnMode.PUSH, pc + 2);
    case Op.PUT_PROPERTY8: return putConstant(M[code + Field.CODE_TAIL + B[at + 1]], pc + 2);
    case Op.DEFINE_PROPERTY8: return defineField(M[sp + 1], M[code + Field.CODE_TAIL + B[at + 1]], M[sp], 1, pc + 2);
    case Op.CLOSURE8: return closure(M[code + Field.CODE_TAIL + B[at + 1]], pc + 2);
    case Op.CORE_CALLEE_THIS:
    case Op.CORE_CALLEE_FIRST: {
      const status = coreCallee(B[at + 1], pc + 2);
      return status === Status.RUNNING ? push(M[opcode === Op.CORE_CALLEE_THIS ? fp + THIS : fp], pc + 2) : status;
    }
    case Op.ROOT8: return push(root(B[at + 1]), pc + 2);
    case Op.POP_RETURN: return returnValue(Immediate.UNDEFINED);
    case Op.JUMP8: M[Reg.PC] = pc + 2 + i8(at + 1); return Status.RUNNING;
    case Op.JUMP_FALSE8: return jumpIf(!truthy(M[sp]), 1, 1, pc + 2, i8(at + 1));
    case Op.JUMP_TRUE8: return jumpIf(truthy(M[sp]), 1, 1, pc + 2, i8(at + 1));
    case Op.JUMP_SEQ8: return strictlyAndJump(1, pc + 2, i8(at + 1));
    case Op.JUMP_SNE8: return strictlyAndJump(0, pc + 2, i8(at + 1));
  }
  return Status.FAULT;
}
/** A top-level variable of the core, and undefined as this. */
function coreCallee(number: i32, next: i32): i32 {
  const status = getVariable(root(Root.coreScope), number, next);
  return status === Status.RUNNING ? push(Immediate.UNDEFINED, next) : status;
}

/** A constant by the index at `at` of the bytecode. */
function constantAt(code: i32, at: i32): i32 { return M[code + Field.CODE_TAIL + u16(at)]; }
function duplicateTwo(sp: i32, next: i32): i32 {
  M[sp - 1] = M[sp + 1];
  M[sp - 2] = M[sp];
  return drop(-2, next);
}
/** Puts the top under the `count` - 1 words below it. */
function rotate(sp: i32, count: i32, next: i32): i32 {
  const top: i32 = M[sp];
  for (let i: i32 = 0; i < count - 1; i++) M[sp + i] = M[sp + i + 1];
  M[sp + count - 1] = top;
  return drop(0, next);
}
function putAt(at: i32, next: i32, pops: i32): i32 {
  M[at] = M[M[Reg.SP]];
  return drop(pops, next);
}
function jumpIf(taken: bool, popsTaken: i32, popsElse: i32, next: i32, distance: i32): i32 {
  return taken ? drop(popsTaken, next + distance) : drop(popsElse, next);
}

// Scopes

function newScope(variables: i32, next: i32): i32 {
  if (!reserve(Field.SCOPE_TAIL + variables + 1)) return Status.RETRY;
  const sp: i32 = M[Reg.SP];
  const scope = allocate(Cell.SCOPE, Field.SCOPE_TAIL + variables);
  M[scope + Field.SCOPE_PARENT] = M[sp];
  fillWords(scope + Field.SCOPE_TAIL, Immediate.HOLE, variables);
  M[sp] = reference(scope);
  return drop(0, next);
}
function copyScope(next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  if (kindOf(M[sp]) !== Cell.SCOPE) return Status.FAULT;
  const from: i32 = M[sp] >> 2;
  const words: i32 = (M[from] >>> 8) << 1;
  if (!reserve(words)) return Status.RETRY;
  const scope = allocate(Cell.SCOPE, words);
  for (let i: i32 = 1; i < words; i++) M[scope + i] = M[from + i];
  M[sp] = reference(scope);
  return drop(0, next);
}
function outerScope(fp: i32, depth: i32): i32 {
  let scope: i32 = M[(M[fp + CALLEE] >> 2) + FunctionPart.SCOPE];
  for (let i: i32 = 0; i < depth && kindOf(scope) === Cell.SCOPE; i++) scope = M[(scope >> 2) + Field.SCOPE_PARENT];
  return scope;
}
function moduleScope(module: i32): i32 {
  const modules: i32 = M[Reg.MODULES];
  if (kindOf(modules) !== Cell.ELEMENTS || module >= capacityOf(modules >> 2)) return Immediate.UNDEFINED;
  return M[(modules >> 2) + FIRST_ELEMENT + module];
}
/** Is there a variable `index` in the scope? A compiled program always says yes, a forged one may not. */
function hasVariable(scope: i32, index: i32): bool {
  return kindOf(scope) === Cell.SCOPE && Field.SCOPE_TAIL + index < (M[scope >> 2] >>> 8) << 1;
}
function getVariable(scope: i32, index: i32, next: i32): i32 {
  if (!hasVariable(scope, index)) return Status.FAULT;
  return push(M[(scope >> 2) + Field.SCOPE_TAIL + index], next);
}
function getChecked(scope: i32, index: i32, name: i32, next: i32): i32 {
  if (!hasVariable(scope, index)) return Status.FAULT;
  const value: i32 = M[(scope >> 2) + Field.SCOPE_TAIL + index];
  if (value === Immediate.HOLE) return deadZone(name);
  return push(value, next);
}
function putVariable(scope: i32, index: i32, next: i32): i32 {
  if (!hasVariable(scope, index)) return Status.FAULT;
  M[(scope >> 2) + Field.SCOPE_TAIL + index] = M[M[Reg.SP]];
  return drop(1, next);
}

// Globals

/** Address of the variable that lexicalOf has found; 0 if there is no such one. */
function lexicalAt(lexical: i32): i32 { return moduleVariableAt((lexical - 1) >> 17, ((lexical - 1) >> 1) & 0xffff); }
function getLexical(lexical: i32, name: i32, next: i32): i32 {
  const at = lexicalAt(lexical);
  if (at === 0) return Status.FAULT;
  if (M[at] === Immediate.HOLE) return throwError(ErrorCode.DEAD_ZONE, name, Immediate.UNDEFINED);
  return push(M[at], next);
}
function getGlobal(name: i32, mustExist: bool, next: i32): i32 {
  const lexical = lexicalOf(name);
  if (lexical !== 0) return getLexical(lexical, name, next);
  const global: i32 = root(Root.global);
  const answer = findInChain(global >> 2, name);
  if (answer === ABSENT) {
    if (mustExist) return throwError(ErrorCode.NOT_DEFINED, name, Immediate.UNDEFINED);
    return push(Immediate.UNDEFINED, next);
  }
  if (answer === DATA) return push(M[foundAt], next);
  return getNamed(global, name, 0, ReturnMode.PUSH, next);
}
function instanceOf(next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const answer = quickInstance(M[sp + 1], M[sp]);
  if (answer < 0) return callCore(Root.instanceOf, 2, 2, M[sp + 1], M[sp], 0, 0, 0, ReturnMode.PUSH, next);
  M[Reg.SP] = sp + 2;
  return push(answer === 1 ? Immediate.TRUE : Immediate.FALSE, next);
}
function putLexical(lexical: i32, name: i32, next: i32): i32 {
  const at = lexicalAt(lexical);
  if (at === 0) return Status.FAULT;
  if (M[at] === Immediate.HOLE) return throwError(ErrorCode.DEAD_ZONE, name, Immediate.UNDEFINED);
  if ((lexical & 1) === 0) return throwError(ErrorCode.CONSTANT_ASSIGNMENT, name, Immediate.UNDEFINED);
  M[at] = M[M[Reg.SP]];
  return drop(1, next);
}
function putGlobal(name: i32, next: i32): i32 {
  const lexical = lexicalOf(name);
  if (lexical !== 0) return putLexical(lexical, name, next);
  const global: i32 = root(Root.global);
  const strict = strictCode();
  if (strict) {
    const answer = findInChain(global >> 2, name);
    if (answer === NO_ROOM) return Status.RETRY;
    if (answer === ABSENT) return throwError(ErrorCode.NOT_DEFINED, name, Immediate.UNDEFINED);
  }
  return setNamed(global, name, M[M[Reg.SP]], strict, 1, next);
}

// Properties

function getConstant(base: i32, key: i32, pops: i32, mode: i32, next: i32): i32 {
  if (isName(key)) return getNamed(base, key, pops, mode, next);
  return getKeyed(base, key, pops, mode, next);
}
function putConstant(key: i32, next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  if (isName(key)) return setNamed(M[sp + 1], key, M[sp], strictCode(), 2, next);
  return setKeyed(M[sp + 1], key, M[sp], strictCode(), 2, next);
}
function toText(next: i32): i32 {
  const value: i32 = M[M[Reg.SP]];
  const text = textOf(value);
  if (text === 0) return callCore(Root.toStringValue, 1, 1, value, 0, 0, 0, 0, ReturnMode.PUSH, next);
  return finish(text, 1, next);
}

// Objects, arrays, functions

function newLiteral(capacity: i32, next: i32): i32 {
  const inline: i32 = capacity > 16 ? 16 : capacity;
  if (!reserve(objectWords(inline))) return Status.RETRY;
  const object = newObject(root(Root.SHAPE_object0 + inline) >> 2);
  return push(reference(object), next);
}
/** A new array of the `count` words on top of the stack: takes them. */
function newArrayOf(count: i32, next: i32): i32 {
  return finish(gatherArray(M[Reg.SP], count), count, next);
}
function appendElement(next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  if (kindOf(M[sp + 1]) !== Cell.ARRAY) return Status.FAULT;
  const array: i32 = M[sp + 1] >> 2;
  const length: i32 = M[array + Field.ARRAY_LENGTH];
  // A hole too has its place among the elements: what is appended later counts on that.
  const placed = defineElement(array, length >>> 0, M[sp], Attribute.ALL);
  if (!placed) return Status.RETRY;
  return drop(1, next);
}
/** The shape of a new function by its code's flags: 0 if there is no room. */
function functionShape(flags: i32): i32 {
  if ((flags & CodeFlag.CORE) !== 0 && (flags & CodeFlag.CONSTRUCTOR) === 0) return root(Root.SHAPE_core) >> 2;
  if ((flags & CodeFlag.CLASS) !== 0) return root(Root.SHAPE_constructor) >> 2;
  if ((flags & CodeFlag.CONSTRUCTOR) !== 0) return root(Root.SHAPE_function) >> 2;
  if ((flags & (CodeFlag.GENERATOR | CodeFlag.ASYNC)) === 0) return root(Root.SHAPE_method) >> 2;
  let prototype: i32 = root(Root.AsyncFunctionPrototype);
  if ((flags & CodeFlag.GENERATOR) !== 0) prototype = root((flags & CodeFlag.ASYNC) !== 0 ? Root.AsyncGeneratorFunctionPrototype : Root.GeneratorFunctionPrototype);
  return rootShape(prototype, Cell.FUNCTION, 0);
}
function closure(codeWord: i32, next: i32): i32 {
  const scope: i32 = M[M[Reg.SP]];
  if (kindOf(codeWord) !== Cell.CODE || (scope !== Immediate.UNDEFINED && kindOf(scope) !== Cell.SCOPE)) return Status.FAULT;
  const code: i32 = codeWord >> 2;
  const flags: i32 = codeFlags(code);
  const shape = functionShape(flags);
  if (shape === 0) return Status.RETRY;
  // A function that is not lazy gets its own properties at once; what they need is reserved together with it.
  const eager: bool = (M[shape + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) === 0;
  if (!reserve(FUNCTION_WORDS + (eager ? 1024 : 0))) return Status.RETRY;
  let object: i32 = 0;
  if (eager && (flags & CodeFlag.GENERATOR) !== 0) {
    object = rootShape(root((flags & CodeFlag.ASYNC) !== 0 ? Root.AsyncGeneratorPrototype : Root.GeneratorPrototype), Cell.OBJECT, 0);
    if (object === 0 || !reserve(FUNCTION_WORDS + 1024)) return Status.RETRY;
  }
  const func = allocate(Cell.FUNCTION, FUNCTION_WORDS);
  M[func + 1] = reference(shape);
  M[func + 2] = Immediate.UNDEFINED;
  M[func + Field.FUNCTION_CODE] = codeWord;
  M[func + FunctionPart.SCOPE] = scope;
  M[func + FunctionPart.HOME] = Immediate.UNDEFINED;
  M[func + FunctionPart.FIELDS] = Immediate.UNDEFINED;
  if (hasRealms()) M[func + FunctionPart.REALM] = runningRealm();
  if (eager) {
    // Room there is; an epoch that has become due with the first cell waits for the next instruction.
    const epochs = holdsEpochs();
    holdEpochs(false);
    let whole = addProperty(func, root(Root.NAME_length), codeLength(code) << 1, Attribute.CONFIGURABLE);
    whole = addProperty(func, root(Root.NAME_name), codeName(code), Attribute.CONFIGURABLE) && whole;
    if (object !== 0) {
      const prototype = newObject(object);
      whole = addProperty(func, root(Root.NAME_prototype), reference(prototype), Attribute.WRITABLE) && whole;
    }
    holdEpochs(epochs);
    if (!whole) return Status.FAULT;
  }
  return finish(reference(func), 1, next);
}
function setFields(constructor: i32, fields: i32, next: i32): i32 {
  if (kindOf(constructor) !== Cell.FUNCTION || kindOf(fields) !== Cell.FUNCTION) return Status.FAULT;
  if (!setFunctionPart(constructor >> 2, FunctionPart.FIELDS, fields)) return Status.FAULT;
  if (!setFunctionPart(fields >> 2, FunctionPart.HOME, functionPart(constructor >> 2, FunctionPart.HOME))) return Status.FAULT;
  return drop(1, next);
}

// Calls

/** CALL_SPREAD and CONSTRUCT_SPREAD: puts the array's elements on the stack in its place, then calls. */
function callSpread(construct: bool, next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const list: i32 = M[sp];
  if (kindOf(list) !== Cell.ARRAY) return Status.FAULT;
  const count: i32 = M[(list >> 2) + Field.ARRAY_LENGTH];
  if (count < 0 || memoryWords - (sp - count - CALL_MARGIN) > M[Reg.STACK_LIMIT]) {
    return throwError(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED);
  }
  if (sp - count - CALL_MARGIN < M[Reg.STACK_FLOOR]) {
    requestStack(count + CALL_MARGIN);
    return Status.RETRY;
  }
  for (let i: i32 = 0; i < count; i++) {
    const element = denseElement(list >> 2, i);
    M[sp - i] = element === Immediate.HOLE ? Immediate.UNDEFINED : element;
  }
  M[Reg.SP] = sp - count + 1;
  const status = construct
    ? call(count, M[sp + 1], ReturnMode.CONSTRUCT, next)
    : call(count, Immediate.UNDEFINED, ReturnMode.PUSH, next);
  if (status === Status.RETRY) {
    M[sp] = list;
    M[Reg.SP] = sp;
  }
  return status;
}
function sloppyThis(fp: i32, next: i32): i32 {
  const receiver: i32 = M[fp + THIS];
  if (isNullish(receiver)) M[fp + THIS] = root(Root.global);
  else if (!isObject(receiver)) return callCore(Root.toObject, 0, 1, receiver, 0, 0, 0, 0, ReturnMode.THIS, next);
  return drop(0, next);
}
/** Argument i of what the caller gave. */
function argumentAt(fp: i32, i: i32): i32 { return M[frameTop(fp) - 2 - i]; }
function newRest(fp: i32, from: i32, next: i32): i32 {
  const given: i32 = M[frameWord(fp, Frame.COUNT)] >> 1;
  const count: i32 = given > from ? given - from : 0;
  if (!reserve(ARRAY_WORDS + elementsWords(count))) return Status.RETRY;
  let elements: i32 = Immediate.UNDEFINED;
  if (count > 0) {
    const cell = newElements(count);
    for (let i: i32 = 0; i < count; i++) {
      const value = argumentAt(fp, from + i);
      M[cell + FIRST_ELEMENT + i] = value;
    }
    elements = reference(cell);
  }
  const array = newArray(elements, count);
  return push(reference(array), next);
}
/** ARGUMENTS: a RECORD of brand ARGUMENTS; its length, iterator and callee are the core's to define. */
function newArguments(fp: i32, sloppy: i32, next: i32): i32 {
  const count: i32 = M[frameWord(fp, Frame.COUNT)] >> 1;
  if (!reserveCall(Root.makeArguments, 3) || !reserve(ARRAY_WORDS + elementsWords(count))) return Status.RETRY;
  const cell = newElements(count);
  for (let i: i32 = 0; i < count; i++) {
    const value = argumentAt(fp, i);
    M[cell + FIRST_ELEMENT + i] = value;
  }
  const array = newArray(count === 0 ? Immediate.UNDEFINED : reference(cell), count);
  return callCore(Root.makeArguments, 0, 3, reference(array), M[fp + CALLEE], sloppy !== 0 ? Immediate.TRUE : Immediate.FALSE, 0, 0, ReturnMode.PUSH, next);
}
function constructorResult(value: i32, receiver: i32, next: i32): i32 {
  if (isObject(value)) return finish(value, 2, next);
  // What it throws is the caller's error (10.2.2, steps 10 to 13).
  if (hasRealms()) enterRealm(M[Reg.FP] + (M[frameWord(M[Reg.FP], Frame.LINK)] >> 5));
  if (value !== Immediate.UNDEFINED) return throwError(ErrorCode.DERIVED_RESULT, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (receiver === Immediate.HOLE) return throwError(ErrorCode.SUPER_NOT_CALLED, Immediate.UNDEFINED, Immediate.UNDEFINED);
  return finish(receiver, 2, next);
}

// Iteration

/** Words of an ARRAY_ITERATOR record. */
const ITERATOR_WORDS = 8;
/** GET_ITERATOR: arrays with the ordinary iterator are begun here; all else by the core. */
function getIterator(iterable: i32, next: i32): i32 {
  if (kindOf(iterable) === Cell.ARRAY) {
    const answer = findInChain(iterable >> 2, root(Root.SYMBOL_iterator));
    if (answer === DATA && M[foundAt] === root(Root.arrayValues)) {
      const prototype: i32 = root(Root.ArrayIteratorPrototype);
      const found = findInChain(prototype >> 2, root(Root.NAME_next));
      if (found === DATA) {
        const nextMethod: i32 = M[foundAt];
        const shape = rootShape(prototype, Cell.RECORD, 0);
        if (shape === 0 || !reserve(ITERATOR_WORDS)) return Status.RETRY;
        const iterator = allocate(Cell.RECORD, Field.RECORD_TAIL + 3);
        M[iterator + 1] = reference(shape);
        M[iterator + 2] = Immediate.UNDEFINED;
        M[iterator + Field.RECORD_BRAND] = Brand.ARRAY_ITERATOR << 1;
        M[iterator + Field.RECORD_TAIL + Slot.ARRAY_ITERATOR_ARRAY] = iterable;
        M[iterator + Field.RECORD_TAIL + Slot.ARRAY_ITERATOR_INDEX] = 0;
        M[iterator + Field.RECORD_TAIL + Slot.ARRAY_ITERATOR_KIND] = 2;
        const sp: i32 = M[Reg.SP];
        M[sp] = reference(iterator);
        return push(nextMethod, next);
      }
    }
  }
  return callCore(Root.getIterator, 1, 1, iterable, 0, 0, 0, 0, ReturnMode.PAIR, next);
}
/** ITERATOR_NEXT: pushes the next value, or DONE. Array iterators over values of plain arrays are stepped here. */
function iteratorNext(iterator: i32, nextMethod: i32, isSkipped: i32, next: i32): i32 {
  if (nextMethod === root(Root.arrayIteratorNext) && kindOf(iterator) === Cell.RECORD &&
    M[(iterator >> 2) + Field.RECORD_BRAND] >> 1 === Brand.ARRAY_ITERATOR) {
    const slots: i32 = (iterator >> 2) + Field.RECORD_TAIL;
    const array: i32 = M[slots + Slot.ARRAY_ITERATOR_ARRAY];
    // An array of the core may have an overlay.
    if (M[slots + Slot.ARRAY_ITERATOR_KIND] === 2 && kindOf(array) === Cell.ARRAY && array >> 2 >= CORE_WORDS) {
      const index: i32 = M[slots + Slot.ARRAY_ITERATOR_INDEX] >> 1;
      if (index >= (M[(array >> 2) + Field.ARRAY_LENGTH] >>> 0)) {
        M[slots + Slot.ARRAY_ITERATOR_ARRAY] = Immediate.UNDEFINED;
        return push(Immediate.DONE, next);
      }
      const element = denseElement(array >> 2, index);
      if (element !== Immediate.HOLE) {
        M[slots + Slot.ARRAY_ITERATOR_INDEX] = (index + 1) << 1;
        return push(element, next);
      }
    }
  }
  if (nextMethod === root(Root.generatorNext) && kindOf(iterator) === Cell.RECORD &&
    M[(iterator >> 2) + Field.RECORD_BRAND] >> 1 === Brand.COROUTINE && M[(iterator >> 2) + Field.RECORD_TAIL + Slot.COROUTINE_EXTRA] === 0) {
    const state: i32 = M[(iterator >> 2) + Field.RECORD_TAIL + Slot.COROUTINE_STATE] >> 1;
    if (state === CoroutineState.DONE) return push(Immediate.DONE, next);
    if (state === CoroutineState.START || state === CoroutineState.YIELD || state === CoroutineState.AWAIT) return iterate(iterator, next);
  }
  return callCore(Root.iteratorNext, 0, 3, iterator, nextMethod, isSkipped, 0, 0, ReturnMode.PUSH, next);
}
function iteratorClose(iterator: i32, nextMethod: i32, next: i32): i32 {
  if (iterator === Immediate.UNDEFINED) return drop(2, next);
  if (nextMethod === root(Root.arrayIteratorNext) && isObject(iterator)) {
    const answer = findInChain(iterator >> 2, root(Root.NAME_return));
    if (answer === ABSENT) return drop(2, next);
  }
  return callCore(Root.iteratorClose, 2, 1, iterator, 0, 0, 0, 0, ReturnMode.DROP, next);
}

// Intrinsics that do more than compute: the rest are in intrinsics.ts and data-intrinsics.ts.

function intrinsic(number: i32, argc: i32, next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  switch (number) {
    case Intrinsic.host: {
      if (kindOf(M[sp]) !== Cell.ARRAY) return Status.FAULT;
      M[Reg.HOST_CALL] = M[sp];
      // The answer will be put where the argument is; until then the machine stands here.
      M[Reg.STATUS] = Status.HOST_CALL;
      return drop(0, next) === Status.RUNNING ? Status.HOST_CALL : Status.FAULT;
    }
    case Intrinsic.wait: return wait(M[sp], next);
    case Intrinsic.end:
      M[Reg.RESULT] = M[sp];
      return Status.ENDED;
    case Intrinsic.regexpMatch: return regexpMatch(next);
    case Intrinsic.jsonParse: return portion(jsonParse(sp), 1, next);
    case Intrinsic.jsonWrite: return portion(jsonWrite(sp), 2, next);
  }
  return finish(objectIntrinsic(number, sp), argc, next);
}
/** Goes on at `next` with the result of a resumable intrinsic, which takes `pops` words; HOLE says that there is more to do. */
function portion(result: i32, pops: i32, next: i32): i32 {
  return result === Immediate.HOLE ? Status.RUNNING : finish(result, pops, next);
}
/** wait(deadline): done at once if there are messages; else the machine stops until the host says go on. */
function wait(deadline: i32, next: i32): i32 {
  if (M[Reg.INBOX] !== Immediate.UNDEFINED || M[Reg.STATUS] === Status.WAITING) {
    M[Reg.STATUS] = Status.RUNNING;
    return finish(Immediate.UNDEFINED, 1, next);
  }
  if (!isNumber(deadline)) return Status.FAULT;
  const at: f64 = numberValue(deadline);
  M[Reg.WAKE_LOW] = at < 0 ? -1 : (at >>> 0) | 0;
  M[Reg.WAKE_HIGH] = at < 0 ? -1 : Math.floor(at / 4294967296) | 0;
  return Status.WAITING;
}

/**
 * regexpMatch(program, text, from): `from` becomes the matcher's state while it runs, one budget a step. Most matches need
 * no second step, so the code that asks for them is not left.
 */
function regexpMatch(next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const program: i32 = M[sp + 2];
  const text: i32 = M[sp + 1];
  if ((M[sp] & 1) === 0) {
    const state = regexpStart(program, text, M[sp] >> 1);
    if (state === Immediate.NONE) return failure();
    M[sp] = state;
  }
  const outcome = regexpContinue(M[sp], program, text, MATCH_BUDGET);
  if (outcome === Immediate.NONE) return failure();
  if (outcome === Immediate.FALSE) return finish(Immediate.NULL, 3, next);
  if (outcome !== Immediate.TRUE) {
    M[sp] = outcome;
    return Status.RUNNING;
  }
  const state: i32 = M[sp];
  const count: i32 = regexpGroups(program) * 2;
  if (!reserve(ARRAY_WORDS + elementsWords(count))) return Status.RETRY;
  const elements = newElements(count);
  for (let i: i32 = 0; i < count; i++) {
    const position = regexpPosition(state, i);
    M[elements + FIRST_ELEMENT + i] = position << 1;
  }
  const array = newArray(reference(elements), count);
  return finish(reference(array), 3, next);
}
