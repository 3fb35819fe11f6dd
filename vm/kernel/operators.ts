// The operators, on primitive operands. Each takes its operands from the stack and leaves its result there; where an
// operand is an object (or anything else that conversion could run user code for, or that is rare) the core's function
// does the whole operation, and its result arrives as if the instruction had pushed it.

import { Brand, ProxyCalls, Slot } from "../format/brands.js";
import { Cell, Field } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { ReturnMode } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Reg, Status } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { arithmeticBig, ELSEWHERE, orderNumerics, stepBig } from "./bigint.js";
import { askProxy, callCore, throwError, truthy } from "./call.js";
import { charge, CHARGE_SHIFT, errorA, errorB, integerWord, isBig, isNumber, isObject, isText, kindOf, numberResult, numberValue, reserve, reserveNumber, takeError, takeFault, truth } from "./heap.js";
import { mathFmod, mathPow } from "./math.js";
import { M } from "./memory.js";
import { numberToText } from "./number.js";
import { root } from "./object.js";
import { equalBig } from "./table.js";
import { appendScratch, compareTexts, concatTexts, NUMBER_JOIN_WORDS, textEquals, textFromScratch } from "./text.js";
import type { bool, f64, i32 } from "./types.js";

/** What an operation that gave NONE ended with: an error to throw, a fault, or a wait for room. */
export function failure(): i32 {
  if (takeFault()) return Status.FAULT;
  const error = takeError();
  if (error > 0) return throwError(error - 1, errorA(), errorB());
  if (error < 0) return askProxy(-1 - error);
  return Status.RETRY;
}
/** Pushes a word and goes on at `next`. */
export function push(word: i32, next: i32): i32 {
  const sp: i32 = M[Reg.SP] - 1;
  M[sp] = word;
  M[Reg.SP] = sp;
  M[Reg.PC] = next;
  return Status.RUNNING;
}
/** Takes `pops` words and goes on at `next`. */
export function drop(pops: i32, next: i32): i32 {
  M[Reg.SP] = M[Reg.SP] + pops;
  M[Reg.PC] = next;
  return Status.RUNNING;
}
/** Ends an instruction: takes `pops` words and pushes `result`, or fails if that is NONE. */
export function finish(result: i32, pops: i32, next: i32): i32 {
  if (result === Immediate.NONE) return failure();
  const sp: i32 = M[Reg.SP] + pops - 1;
  M[sp] = result;
  M[Reg.SP] = sp;
  M[Reg.PC] = next;
  return Status.RUNNING;
}

/** The string for a number: NONE if there is no room. */
export function numberText(x: f64): i32 {
  const length = numberToText(x, 10);
  return textFromScratch(length);
}
/** ToString of a primitive: a word, NONE if there is no room, 0 if the core must do it (symbols, objects). */
export function textOf(word: i32): i32 {
  if (isText(word)) return word;
  if (isNumber(word)) return numberText(numberValue(word));
  switch (word) {
    case Immediate.UNDEFINED: return root(Root.NAME_undefined);
    case Immediate.NULL: return root(Root.NAME_null);
    case Immediate.TRUE: return root(Root.NAME_true);
    case Immediate.FALSE: return root(Root.NAME_false);
  }
  return 0;
}

/** The concatenation of a text and another primitive: NONE if it fails, 0 if that is not what they are. */
export function joinValues(a: i32, b: i32): i32 {
  if (!isText(a) && !isText(b)) return 0;
  if ((isNumber(a) || isNumber(b)) && !reserve(NUMBER_JOIN_WORDS)) return Immediate.NONE;
  if (isNumber(b)) {
    const digits = numberToText(numberValue(b), 10);
    const joined = appendScratch(a, digits);
    if (joined !== 0) return joined;
  }
  const left = textOf(a);
  if (left === Immediate.NONE || left === 0) return left;
  const right = textOf(b);
  if (right === Immediate.NONE || right === 0) return right;
  return concatTexts(left, right);
}
/** Are both numeric, and not both numbers, as the caller knows? */
function bigNumerics(a: i32, b: i32): bool { return (isBig(a) && (isBig(b) || isNumber(b))) || (isBig(b) && isNumber(a)); }
/** ADD of a and b, `pops` words of the stack being the operands. */
export function addValues(a: i32, b: i32, pops: i32, next: i32): i32 {
  if (isNumber(a) && isNumber(b)) {
    return finish(numberResult(numberValue(a) + numberValue(b)), pops, next);
  }
  const joined = joinValues(a, b);
  if (joined !== 0) return finish(joined, pops, next);
  if (bigNumerics(a, b)) return arithmeticBig(Op.ADD, a, b, pops, next);
  return callCore(Root.add, pops, 2, a, b, 0, 0, 0, ReturnMode.PUSH, next);
}

/** Arithmetic of two numbers. */
function compute(opcode: i32, x: f64, y: f64): f64 {
  switch (opcode) {
    case Op.SUB: return x - y;
    case Op.MUL: return x * y;
    case Op.DIV: return x / y;
    case Op.MOD: return mathFmod(x, y);
    case Op.POW: return mathPow(x, y);
    case Op.BIT_AND: return (x | 0) & (y | 0);
    case Op.BIT_OR: return (x | 0) | (y | 0);
    case Op.BIT_XOR: return (x | 0) ^ (y | 0);
    case Op.SHL: return (x | 0) << (y | 0);
    case Op.SHR: return (x | 0) >> (y | 0);
    default: return (x >>> 0) >>> (y | 0);
  }
}
/** SUB … USHR of a and b, `pops` words of the stack being the operands. */
export function arithmetic(opcode: i32, a: i32, b: i32, pops: i32, next: i32): i32 {
  if (isNumber(a) && isNumber(b)) {
    const x: f64 = numberValue(a);
    const y: f64 = numberValue(b);
    const result = compute(opcode, x, y);
    return finish(numberResult(result), pops, next);
  }
  if (bigNumerics(a, b)) return arithmeticBig(opcode, a, b, pops, next);
  return callCore(Root.arithmetic, pops, 3, opcode << 1, a, b, 0, 0, ReturnMode.PUSH, next);
}

/** NEG, TO_NUMBER, TO_NUMERIC, INC, DEC, BIT_NOT. */
export function unary(opcode: i32, next: i32): i32 {
  const a: i32 = M[M[Reg.SP]];
  if (isBig(a)) {
    const stepped = stepBig(opcode, a);
    if (stepped !== ELSEWHERE) return finish(stepped, 1, next);
    return callCore(Root.bigOperator, 1, 3, opcode << 1, a, a, 0, 0, ReturnMode.PUSH, next);
  }
  if (!isNumber(a)) return callCore(Root.unary, 1, 2, opcode << 1, a, 0, 0, 0, ReturnMode.PUSH, next);
  const x: f64 = numberValue(a);
  switch (opcode) {
    case Op.NEG: return finish(numberResult(-x), 1, next);
    case Op.INC: return finish(numberResult(x + 1), 1, next);
    case Op.DEC: return finish(numberResult(x - 1), 1, next);
    case Op.BIT_NOT: {
      if (!reserveNumber()) return Status.RETRY;
      const inverted: i32 = ~(x | 0);
      return finish(integerWord(inverted), 1, next);
    }
  }
  M[Reg.PC] = next;
  return Status.RUNNING;
}
/** INCREMENT_LOCAL and DECREMENT_LOCAL of the local at `at`. */
export function stepLocal(at: i32, opcode: i32, slotPc: i32, next: i32): i32 {
  const a: i32 = M[at];
  let result: i32 = ELSEWHERE;
  if (isNumber(a)) result = numberResult(opcode === Op.INC ? numberValue(a) + 1 : numberValue(a) - 1);
  else if (isBig(a)) result = stepBig(opcode, a);
  if (result === ELSEWHERE) return callCore(isBig(a) ? Root.bigOperator : Root.unary, 0, isBig(a) ? 3 : 2, opcode << 1, a, a, 0, 0, ReturnMode.LOCAL, slotPc);
  if (result === Immediate.NONE) return failure();
  M[at] = result;
  M[Reg.PC] = next;
  return Status.RUNNING;
}

/** a < b and so on for numbers. */
function orderNumbers(opcode: i32, x: f64, y: f64): bool {
  switch (opcode) {
    case Op.LT: return x < y;
    case Op.LE: return x <= y;
    case Op.GT: return x > y;
    default: return x >= y;
  }
}
/** Compares by LT, LE, GT or GE: 1 or 0, -1 if the core must do it, -2 if room was missing. */
export function order(opcode: i32, a: i32, b: i32): i32 {
  if (isNumber(a) && isNumber(b)) return orderNumbers(opcode, numberValue(a), numberValue(b)) ? 1 : 0;
  if (isText(a) && isText(b)) {
    const sign = compareTexts(a, b);
    if (sign === 2) return -2;
    return orderNumbers(opcode, sign, 0) ? 1 : 0;
  }
  if (bigNumerics(a, b)) {
    const sign = orderNumerics(a, b);
    return sign !== 2 && orderNumbers(opcode, sign, 0) ? 1 : 0;
  }
  return -1;
}
/** LT, LE, GT, GE. */
export function compare(opcode: i32, next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const a: i32 = M[sp + 1];
  const b: i32 = M[sp];
  const result = order(opcode, a, b);
  if (result === -2) return failure();
  if (result >= 0) return finish(result !== 0 ? Immediate.TRUE : Immediate.FALSE, 2, next);
  return callCore(Root.less, 2, 3, opcode << 1, a, b, 0, 0, ReturnMode.PUSH, next);
}
/** The jumps on a comparison of a and b, `pops` words of the stack being the operands: the jump's operand is at `jumpPc`, its distance `distance`. */
export function compareAndJump(opcode: i32, a: i32, b: i32, pops: i32, wanted: bool, jumpPc: i32, distance: i32): i32 {
  const result = order(opcode, a, b);
  if (result === -2) return failure();
  if (result < 0) return callCore(Root.less, pops, 3, opcode << 1, a, b, 0, 0, wanted ? ReturnMode.JUMP_TRUE : ReturnMode.JUMP_FALSE, jumpPc);
  M[Reg.SP] = M[Reg.SP] + pops;
  M[Reg.PC] = (result !== 0) === wanted ? jumpPc + 2 + distance : jumpPc + 2;
  return Status.RUNNING;
}

/** a === b: 1 or 0, -1 if room was missing. */
export function strictEquals(a: i32, b: i32): i32 {
  if (a === b) return isNumber(a) && numberValue(a) !== numberValue(a) ? 0 : 1;
  if (((a | b) & 1) === 0) return 0;
  if (isNumber(a)) return isNumber(b) && numberValue(a) === numberValue(b) ? 1 : 0;
  if (isText(a)) return isText(b) ? textEquals(a, b) : 0;
  if (!isBig(a) || !isBig(b)) return 0;
  charge(M[(a >> 2) + Field.BIGINT_LENGTH] >> CHARGE_SHIFT);
  return equalBig(a >> 2, b >> 2) ? 1 : 0;
}
/** SEQ and SNE. */
export function strictly(wanted: i32, next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const equal = strictEquals(M[sp + 1], M[sp]);
  if (equal < 0) return failure();
  return finish(equal === wanted ? Immediate.TRUE : Immediate.FALSE, 2, next);
}
/** JUMP_SEQ and JUMP_SNE. */
export function strictlyAndJump(wanted: i32, next: i32, distance: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const equal = strictEquals(M[sp + 1], M[sp]);
  if (equal < 0) return failure();
  M[Reg.SP] = sp + 2;
  M[Reg.PC] = equal === wanted ? next + distance : next;
  return Status.RUNNING;
}
/** Undefined or null? */
export function isNullish(word: i32): bool { return word === Immediate.UNDEFINED || word === Immediate.NULL; }
/** EQ and NE. */
export function loosely(wanted: i32, next: i32): i32 {
  const sp: i32 = M[Reg.SP];
  const a: i32 = M[sp + 1];
  const b: i32 = M[sp];
  if (isNullish(a) || isNullish(b)) {
    const both: i32 = isNullish(a) && isNullish(b) ? 1 : 0;
    return finish(both === wanted ? Immediate.TRUE : Immediate.FALSE, 2, next);
  }
  if ((isNumber(a) && isNumber(b)) || (isText(a) && isText(b)) || (isObject(a) && isObject(b)) || (isBig(a) && isBig(b)) || a === b) {
    const equal = strictEquals(a, b);
    if (equal < 0) return failure();
    return finish(equal === wanted ? Immediate.TRUE : Immediate.FALSE, 2, next);
  }
  if (bigNumerics(a, b)) {
    const equal: i32 = orderNumerics(a, b) === 0 ? 1 : 0;
    return finish(equal === wanted ? Immediate.TRUE : Immediate.FALSE, 2, next);
  }
  return callCore(Root.looseEquals, 2, 2, a, b, 0, 0, 0, wanted !== 0 ? ReturnMode.PUSH : ReturnMode.TO_INVERSE, next);
}

/** typeof. */
export function typeOf(word: i32): i32 {
  if (isNumber(word)) return root(Root.NAME_number);
  if (isText(word)) return root(Root.NAME_string);
  switch (word) {
    case Immediate.UNDEFINED: return root(Root.NAME_undefined);
    case Immediate.NULL: return root(Root.NAME_object);
    case Immediate.TRUE:
    case Immediate.FALSE: return root(Root.NAME_boolean);
  }
  if (kindOf(word) === Cell.SYMBOL) return root(Root.NAME_symbol);
  if (isBig(word)) return root(Root.NAME_bigint);
  if (isCallable(word)) return root(Root.NAME_function);
  return root(Root.NAME_object);
}
/** Can the value be called? */
export function isCallable(word: i32): bool {
  const kind = kindOf(word);
  if (kind === Cell.FUNCTION) return true;
  if (kind !== Cell.RECORD) return false;
  const brand: i32 = M[(word >> 2) + Field.RECORD_BRAND] >> 1;
  return brand === Brand.BOUND_FUNCTION || (brand === Brand.PROXY && M[(word >> 2) + Field.RECORD_TAIL + Slot.PROXY_CALLS] !== ProxyCalls.NEVER << 1);
}

/** NOT. */
export function inverse(word: i32): i32 { return truth(!truthy(word)); }

/** The error about a variable in its dead zone. */
export function deadZone(name: i32): i32 { return throwError(ErrorCode.DEAD_ZONE, name, Immediate.UNDEFINED); }
