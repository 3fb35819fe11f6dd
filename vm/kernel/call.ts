// Frames: calls, returns, throws, and coroutines, which are frames kept in cells. The picture of a frame is in
// vm/format/frame.ts. Nothing nests on the host's stack: where the kernel needs user code or the core it pushes a frame
// whose return mode says what to do with the result, and the loop goes on in it.
//
// Every function here returns a Status: RUNNING when it did its work, RETRY when room was missing (then it has changed
// nothing). `returnPc` is where the running frame goes on later; the register PC still holds the instruction's own start
// while it runs, which is where a throw looks for handlers.

import { Cell, Field } from "../format/cells.js";
import { Brand, ProxyAct, ProxyCalls, Slot } from "../format/brands.js";
import { ErrorCode } from "../format/errors.js";
import { HANDLER_WORDS } from "../format/code.js";
import { CALLEE, CodeFlag, CoroutineState, Frame, FRAME_WORDS, ResumeMode, ReturnMode, THIS } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Reg, Status } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { codeCapacity, codeFast, codeFlags, codeHandlers, codeParameters, codeSlots, codeStackWords, codeStart, handlersAt, isBare } from "./code.js";
import { allocate, fillWords, isObject, kindOf, moveWords, reference, requestStack, reserve } from "./heap.js";
import { B, C, M, memoryWords } from "./memory.js";
import { cachePlace, DATA, enterRoots, findInChain, foundAt, hasRealms, isProxy, NO_ROOM, newObject, objectWords, resolve, root, rootShape, rootsOf } from "./object.js";
import { realmRoot } from "./realm.js";
import { fastPath } from "./fast.js";
import { failure } from "./operators.js";
import { wordsHere } from "./stack-trace.js";
import type { bool, i32 } from "./types.js";

/** Words kept free above each frame for a call that the kernel makes by itself. */
export const CALL_MARGIN = 10;
/** Words beyond the program's stack limit that functions of the core may use, and that `core.throw` may use. */
const CORE_HEADROOM = 2048;

/** Address of the CODE cell of a callee: a function, or (isBare) the code itself. */
/** @inline */
export function codeOf(callee: i32): i32 { return (M[callee >> 2] & 255) === Cell.CODE ? callee >> 2 : M[(callee >> 2) + Field.FUNCTION_CODE] >> 2; }

/** Is the value truthy? */
export function truthy(word: i32): bool {
  if ((word & 1) === 0) return word !== 0;
  if ((word & 3) === 3) return word === Immediate.TRUE;
  const address: i32 = word >> 2;
  const kind: i32 = M[address] & 255;
  if (kind === Cell.NUMBER) {
    return !((M[address + Field.NUMBER_HIGH] & 0x7fffffff) === 0 && M[address + Field.NUMBER_LOW] === 0) &&
      !((M[address + Field.NUMBER_HIGH] & 0x7ff80000) === 0x7ff80000);
  }
  if (kind >= Cell.STRING && kind <= Cell.ROPE) return M[address + 1] !== 0;
  return kind !== Cell.BIGINT || M[address + Field.BIGINT_LENGTH] !== 0;
}

/** Has the stack room for `words` more? RUNNING, or RETRY, or ENDED for more than `limit` in all (the caller throws). */
/** @hot */
function stackRoom(words: i32, limit: i32): i32 {
  const bottom: i32 = M[Reg.SP] - words;
  if (memoryWords - bottom > limit) return Status.ENDED;
  if (bottom < M[Reg.STACK_FLOOR]) {
    requestStack(words);
    return Status.RETRY;
  }
  return Status.RUNNING;
}
/** Words that a call of `code` with `argc` arguments on the stack takes beyond them. */
/** @hot */
function frameWords(code: i32, argc: i32): i32 {
  const parameters: i32 = codeParameters(code);
  let words: i32 = codeSlots(code) + codeStackWords(code) + CALL_MARGIN;
  if ((codeFlags(code) & CodeFlag.ARGUMENTS) !== 0 && argc > parameters) words = words + 2;
  return words;
}

/**
 * Words beyond the limit for a function of the core: CORE_HEADROOM, but below a frame that lies deeper already, which only
 * core.throw's may, all there is. So functions of the core that call each other without end get their RangeError, too.
 */
function coreHeadroom(): i32 { return memoryWords - M[Reg.SP] > M[Reg.STACK_LIMIT] + CORE_HEADROOM ? 3 * CORE_HEADROOM : CORE_HEADROOM; }

/** Throws error `code` about two words, by a call of core.throw; about the source's words for the first, where these are known. */
export function throwError(code: i32, a: i32, b: i32): i32 {
  const limit: i32 = M[Reg.STACK_LIMIT] + 3 * CORE_HEADROOM;
  // Not a function, not a constructor, read of nullish: the first numbers.
  const words: i32 = code <= ErrorCode.READ_OF_NULLISH ? wordsHere() : 0;
  if (words === 0) return throwWithin(code, a, b, limit);
  return code === ErrorCode.READ_OF_NULLISH ? throwWithin(ErrorCode.NOT_DESTRUCTURABLE, words, a, limit) : throwWithin(code, words, b, limit);
}
function throwWithin(code: i32, a: i32, b: i32, limit: i32): i32 {
  const callee: i32 = root(Root.throw);
  // While the core is being built there may be none yet.
  if (kindOf(callee) !== Cell.FUNCTION) return Status.FAULT;
  const room = stackRoom(frameWords(codeOf(callee), 3) + 5, limit);
  if (room === Status.ENDED) return Status.OUT_OF_MEMORY;
  if (room !== Status.RUNNING) return room;
  let sp: i32 = M[Reg.SP];
  M[--sp] = callee;
  M[--sp] = Immediate.UNDEFINED;
  M[--sp] = code << 1;
  M[--sp] = a;
  M[--sp] = b;
  M[Reg.SP] = sp;
  enter(callee, 3, Immediate.UNDEFINED, ReturnMode.PUSH, M[Reg.PC] + 1);
  return Status.RUNNING;
}

/** Pushes the frame of `callee`; callee, this and `argc` arguments are on the stack and there is room. */
/** @hot */
function enter(callee: i32, argc: i32, newTarget: i32, mode: i32, returnPc: i32): void {
  const code = codeOf(callee);
  const parameters: i32 = codeParameters(code);
  const slotCount: i32 = codeSlots(code);
  const callerFp: i32 = M[Reg.FP];
  let sp: i32 = M[Reg.SP];
  if (argc > parameters) {
    if ((codeFlags(code) & CodeFlag.ARGUMENTS) !== 0) {
      const from: i32 = sp + argc + 1;
      sp = sp - parameters - 2;
      for (let i: i32 = 0; i < parameters + 2; i++) M[sp + parameters + 1 - i] = M[from - i];
    } else {
      sp = sp + argc - parameters;
    }
  } else {
    for (let i: i32 = argc; i < parameters; i++) M[--sp] = Immediate.UNDEFINED;
  }
  const fp: i32 = sp + parameters - 1;
  M[--sp] = returnPc << 1;
  M[--sp] = (((callerFp - fp) << 4) | mode) << 1;
  M[--sp] = newTarget;
  M[--sp] = argc << 1;
  const locals: i32 = slotCount - parameters - FRAME_WORDS;
  for (let i: i32 = 0; i < locals; i++) M[--sp] = Immediate.UNDEFINED;
  M[Reg.SP] = sp;
  M[Reg.FP] = fp;
  M[Reg.PC] = codeStart(code);
}

/** Calls what is on the stack: callee, this (new target in a construct), `argc` arguments. `newTarget` undefined: a plain call. */
export function call(argc: i32, newTarget: i32, mode: i32, returnPc: i32): i32 {
  const calleeAt: i32 = M[Reg.SP] + argc + 1;
  const callee: i32 = M[calleeAt];
  const kind = kindOf(callee);
  if (kind === Cell.FUNCTION || isBare(callee)) {
    const code = codeOf(callee);
    const flags: i32 = codeFlags(code);
    let receiver: i32 = M[calleeAt - 1];
    if (newTarget === Immediate.UNDEFINED) {
      if ((flags & CodeFlag.CLASS) !== 0) {
        if (hasRealms()) enterRoots(rootsOf(callee >> 2));
        return throwError(ErrorCode.CLASS_CALL, callee, Immediate.UNDEFINED);
      }
      const fast: i32 = codeFast(code);
      // The short way makes what it makes in the caller's realm.
      if (fast !== 0 && mode === ReturnMode.PUSH && !hasRealms()) {
        const result = fastPath(fast, M[Reg.SP], argc);
        if (result === Immediate.NONE) return failure();
        if (result !== Immediate.DELETED) {
          M[calleeAt] = result;
          M[Reg.SP] = calleeAt;
          M[Reg.PC] = returnPc;
          return Status.RUNNING;
        }
      }
    } else if ((flags & CodeFlag.CONSTRUCTOR) === 0) {
      return throwError(ErrorCode.NOT_A_CONSTRUCTOR, callee, Immediate.UNDEFINED);
    }
    const limit: i32 = M[Reg.STACK_LIMIT] + ((flags & CodeFlag.CORE) !== 0 ? coreHeadroom() : 0);
    const room = stackRoom(frameWords(code, argc), limit);
    if (room === Status.ENDED) return throwWithin(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED, M[Reg.STACK_LIMIT] + 3 * CORE_HEADROOM);
    if (room !== Status.RUNNING) return room;
    if (newTarget !== Immediate.UNDEFINED) {
      receiver = Immediate.HOLE;
      if ((flags & CodeFlag.DERIVED) === 0) {
        if (needsInstance(newTarget)) return callProxy(ProxyAct.INSTANCE, newTarget, callee, argc, mode, returnPc);
        receiver = constructThis(newTarget, codeCapacity(code));
        if (receiver === Immediate.NONE) return Status.RETRY;
      }
      M[calleeAt - 1] = receiver;
    }
    enter(callee, argc, newTarget, mode, returnPc);
    return Status.RUNNING;
  }
  if (kind === Cell.RECORD && M[(callee >> 2) + Field.RECORD_BRAND] >> 1 === Brand.BOUND_FUNCTION) {
    return callBound(argc, newTarget, mode, returnPc, calleeAt);
  }
  if (isProxy(callee)) return callProxyAt(argc, newTarget, mode, returnPc, calleeAt);
  // The new target of `new undefined` is undefined too.
  return throwError(newTarget === Immediate.UNDEFINED && mode !== ReturnMode.CONSTRUCT ? ErrorCode.NOT_A_FUNCTION : ErrorCode.NOT_A_CONSTRUCTOR, callee, Immediate.UNDEFINED);
}

/** What tells a prototype's entry in the property cache: its key is the capacity with these bits, which no key has. */
const INSTANCES: i32 = 7;
/** The root shape of objects with that prototype and so many inline slots, by the property cache: its address, 0 if there is no room. */
function instanceShape(prototype: i32, capacity: i32): i32 {
  const key: i32 = (capacity << 3) | INSTANCES;
  const place: i32 = cachePlace(prototype, key);
  if (C[place] === prototype && C[place + 1] === key) return C[place + 2];
  const shape = rootShape(prototype, Cell.OBJECT, capacity);
  if (shape !== 0) {
    C[place] = prototype;
    C[place + 1] = key;
    C[place + 2] = shape;
  }
  return shape;
}
/** The new object of a constructor, its prototype found on the new target: NONE if there is no room. */
export function constructThis(newTarget: i32, capacity: i32): i32 {
  let prototype: i32 = hasRealms() ? realmRoot(newTarget, Root.ObjectPrototype) : root(Root.ObjectPrototype);
  const found: i32 = isProxy(newTarget) ? (newTarget >> 2) + Field.RECORD_TAIL + Slot.PROXY_INSTANCE : 0;
  if (found !== 0) {
    if (M[found] === Immediate.UNDEFINED) return Immediate.NONE;
    if (isObject(M[found])) prototype = M[found];
  } else if (isObject(newTarget)) {
    // A forged stack may have anything in its place.
    const answer = findInChain(newTarget >> 2, root(Root.NAME_prototype));
    if (answer === NO_ROOM) return Immediate.NONE;
    if (answer === DATA && isObject(M[foundAt])) prototype = M[foundAt];
  }
  const shape = instanceShape(prototype, capacity);
  if (shape === 0) return Immediate.NONE;
  if (!reserve(objectWords(capacity))) return Immediate.NONE;
  if (found !== 0) M[found] = Immediate.UNDEFINED;
  const object = newObject(shape);
  return reference(object);
}
/** Is the new target a proxy that the core has not been asked yet for the prototype of its instance (slot `instance`)? */
function needsInstance(newTarget: i32): bool { return isProxy(newTarget) && M[(newTarget >> 2) + Field.RECORD_TAIL + Slot.PROXY_INSTANCE] === Immediate.UNDEFINED; }

/** Puts a call of the core's `proxy` in the place of the call on the stack: the proxy is its this, the act, `operand` and the arguments are its arguments. */
function callProxy(act: i32, proxy: i32, operand: i32, argc: i32, mode: i32, returnPc: i32): i32 {
  const callee: i32 = root(Root.proxy);
  const room = stackRoom(frameWords(codeOf(callee), argc + 2) + 2, M[Reg.STACK_LIMIT] + CORE_HEADROOM);
  if (room === Status.ENDED) return throwError(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (room !== Status.RUNNING) return room;
  const sp: i32 = M[Reg.SP];
  const calleeAt: i32 = sp + argc + 1;
  moveWords(sp - 2, sp, argc);
  M[calleeAt] = callee;
  M[calleeAt - 1] = proxy;
  M[calleeAt - 2] = act << 1;
  M[calleeAt - 3] = operand;
  M[Reg.SP] = sp - 2;
  enter(callee, argc + 2, Immediate.UNDEFINED, mode, returnPc);
  return Status.RUNNING;
}
/** Calls the core in place of the intrinsic at the program counter, whose first operand is a proxy: its result becomes the intrinsic's. */
export function askProxy(act: i32): i32 {
  const pc: i32 = M[Reg.PC];
  const at: i32 = codeOf(M[M[Reg.FP] + CALLEE]) * 4 + pc;
  const short: bool = B[at] !== Op.INTRINSIC;
  const argc: i32 = short ? B[at] - Op.INTRINSIC1 + 1 : B[at + 2];
  const callee: i32 = root(Root.proxy);
  const room = stackRoom(frameWords(codeOf(callee), 2) + 4, M[Reg.STACK_LIMIT] + CORE_HEADROOM);
  if (room === Status.ENDED) return throwError(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (room !== Status.RUNNING) return room;
  const operand: i32 = M[M[Reg.SP]];
  let sp: i32 = M[Reg.SP] + argc - 1;
  const proxy: i32 = M[sp];
  M[sp] = callee;
  M[--sp] = proxy;
  M[--sp] = act << 1;
  M[--sp] = operand;
  M[Reg.SP] = sp;
  enter(callee, 2, Immediate.UNDEFINED, ReturnMode.PUSH, pc + (short ? 2 : 3));
  return Status.RUNNING;
}
/** A call, or a construct, of the proxy at `calleeAt`: 10.5.12, 10.5.13. */
function callProxyAt(argc: i32, newTarget: i32, mode: i32, returnPc: i32, calleeAt: i32): i32 {
  const proxy: i32 = M[calleeAt];
  const calls: i32 = M[(proxy >> 2) + Field.RECORD_TAIL + Slot.PROXY_CALLS];
  if (newTarget === Immediate.UNDEFINED) {
    if (calls === ProxyCalls.NEVER << 1) return throwError(ErrorCode.NOT_A_FUNCTION, proxy, Immediate.UNDEFINED);
    return callProxy(ProxyAct.CALL, proxy, M[calleeAt - 1], argc, mode, returnPc);
  }
  if (calls !== ProxyCalls.CONSTRUCTOR << 1) return throwError(ErrorCode.NOT_A_CONSTRUCTOR, proxy, Immediate.UNDEFINED);
  return callProxy(ProxyAct.CONSTRUCT, proxy, newTarget, argc, mode, returnPc);
}

/** Replaces a bound function on the stack by its target with the bound this and arguments in front. The instruction then runs again. */
function callBound(argc: i32, newTarget: i32, mode: i32, returnPc: i32, calleeAt: i32): i32 {
  const bound: i32 = M[calleeAt];
  const slots: i32 = (bound >> 2) + Field.RECORD_TAIL;
  const list: i32 = M[slots + Slot.BOUND_FUNCTION_ARGUMENTS];
  const count: i32 = M[(list >> 2) + Field.ARRAY_LENGTH];
  const target: i32 = M[slots + Slot.BOUND_FUNCTION_TARGET];
  const room = stackRoom(count + CALL_MARGIN, M[Reg.STACK_LIMIT] + CORE_HEADROOM);
  if (room === Status.ENDED) return throwError(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (room !== Status.RUNNING) return room;
  const proxied = isProxy(target);
  if (kindOf(target) === Cell.RECORD && !proxied) {
    // A bound function of a bound function: flattened by the core when it is made, so this is a forged image.
    return throwError(ErrorCode.NOT_A_FUNCTION, bound, Immediate.UNDEFINED);
  }
  const sp: i32 = M[Reg.SP];
  const code = codeOf(proxied ? root(Root.proxy) : target);
  const needed = stackRoom(count + 2 + frameWords(code, argc + count + 2), M[Reg.STACK_LIMIT]);
  if (needed === Status.ENDED) return throwError(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (needed !== Status.RUNNING) return needed;
  if (newTarget !== Immediate.UNDEFINED && (codeFlags(code) & CodeFlag.DERIVED) === 0 &&
    !reserve(256)) return Status.RETRY;
  moveWords(sp - count, sp, argc);
  const elements: i32 = M[(list >> 2) + Field.ARRAY_ELEMENTS] >> 2;
  for (let i: i32 = 0; i < count; i++) M[calleeAt - 2 - i] = M[elements + 1 + i];
  M[calleeAt] = target;
  M[calleeAt - 1] = M[slots + Slot.BOUND_FUNCTION_THIS];
  M[Reg.SP] = sp - count;
  const made: i32 = newTarget === bound ? target : newTarget;
  const status = proxied ? callProxyAt(argc + count, made, mode, returnPc, calleeAt) : callFunction(argc + count, made, mode, returnPc);
  if (status === Status.RETRY) {
    moveWords(sp, sp - count, argc);
    M[Reg.SP] = sp;
    M[calleeAt] = bound;
    M[calleeAt - 1] = newTarget;
  }
  return status;
}
/** `call` of what is known to be a FUNCTION cell, without fast paths: for bound functions, so that `call` does not recurse. */
function callFunction(argc: i32, newTarget: i32, mode: i32, returnPc: i32): i32 {
  const calleeAt: i32 = M[Reg.SP] + argc + 1;
  const callee: i32 = M[calleeAt];
  const code = codeOf(callee);
  const flags: i32 = codeFlags(code);
  if (newTarget === Immediate.UNDEFINED) {
    if ((flags & CodeFlag.CLASS) !== 0) return throwError(ErrorCode.CLASS_CALL, callee, Immediate.UNDEFINED);
  } else {
    if ((flags & CodeFlag.CONSTRUCTOR) === 0) return throwError(ErrorCode.NOT_A_CONSTRUCTOR, callee, Immediate.UNDEFINED);
    let receiver: i32 = Immediate.HOLE;
    if ((flags & CodeFlag.DERIVED) === 0) {
      if (needsInstance(newTarget)) return callProxy(ProxyAct.INSTANCE, newTarget, callee, argc, mode, returnPc);
      receiver = constructThis(newTarget, codeCapacity(code));
      if (receiver === Immediate.NONE) return Status.RETRY;
    }
    M[calleeAt - 1] = receiver;
  }
  enter(callee, argc, newTarget, mode, returnPc);
  return Status.RUNNING;
}

/**
 * Takes `pop` words off the stack and calls a function of the core with `argc` of the words a to e.
 * RETRY leaves the stack as it was.
 */
export function callCore(number: i32, pop: i32, argc: i32, a: i32, b: i32, c: i32, d: i32, e: i32, mode: i32, returnPc: i32): i32 {
  return callWith(root(number), Immediate.UNDEFINED, pop, argc, a, b, c, d, e, mode, returnPc);
}
/** Is there room on the stack for such a call? Asked by who allocates for its arguments, so that they are not made in vain. */
export function reserveCall(number: i32, argc: i32): bool {
  return stackRoom(frameWords(codeOf(root(number)), argc) + argc + 2, M[Reg.STACK_LIMIT] + CORE_HEADROOM) !== Status.RETRY;
}
/** The same for any callee and this; `pop` is 4 at most. */
export function callWith(callee: i32, receiver: i32, pop: i32, argc: i32, a: i32, b: i32, c: i32, d: i32, e: i32, mode: i32, returnPc: i32): i32 {
  const before: i32 = M[Reg.SP];
  const first: i32 = M[before];
  const second: i32 = M[before + 1];
  const third: i32 = M[before + 2];
  const fourth: i32 = M[before + 3];
  let sp: i32 = before + pop;
  M[--sp] = callee;
  M[--sp] = receiver;
  if (argc > 0) M[--sp] = a;
  if (argc > 1) M[--sp] = b;
  if (argc > 2) M[--sp] = c;
  if (argc > 3) M[--sp] = d;
  if (argc > 4) M[--sp] = e;
  M[Reg.SP] = sp;
  const status = call(argc, Immediate.UNDEFINED, mode, returnPc);
  if (status === Status.RETRY) {
    M[Reg.SP] = before;
    M[before] = first;
    M[before + 1] = second;
    M[before + 2] = third;
    M[before + 3] = fourth;
  }
  return status;
}

/** Where the frame at `fp` was called: the address of the callee that the caller pushed. */
/** @hot */
export function frameTop(fp: i32): i32 {
  const code = codeOf(M[fp + CALLEE]);
  const parameters: i32 = codeParameters(code);
  const count: i32 = M[fp - parameters - Frame.COUNT] >> 1;
  if ((codeFlags(code) & CodeFlag.ARGUMENTS) !== 0 && count > parameters) return fp + CALLEE + count + 2;
  return fp + CALLEE;
}
/** Address of word `which` (Frame) of the frame at `fp`. */
/** @hot */
export function frameWord(fp: i32, which: i32): i32 {
  return fp - codeParameters(codeOf(M[fp + CALLEE])) - which;
}

/** Returns `value` from the running frame. */
export function returnValue(value: i32): i32 {
  const fp: i32 = M[Reg.FP];
  const header = frameWord(fp, 0);
  const link: i32 = M[header - Frame.LINK] >> 1;
  const mode: i32 = link & 15;
  const top = frameTop(fp);
  const callerFp: i32 = fp + (link >> 4);
  const returnPc: i32 = M[header - Frame.RETURN_PC] >> 1;
  if (mode === ReturnMode.END) {
    M[Reg.RESULT] = value;
    return Status.ENDED;
  }
  if (mode === ReturnMode.CONSTRUCT) {
    M[top] = isObject(value) ? value : M[fp + THIS];
    M[Reg.SP] = top;
  } else {
    if (mode === ReturnMode.COROUTINE || mode === ReturnMode.ITERATE) endCoroutine(M[header - Frame.NEW_TARGET]);
    deliver(value, mode, top);
    if (mode === ReturnMode.THIS) M[callerFp + THIS] = value;
    if (mode === ReturnMode.JUMP_TRUE || mode === ReturnMode.JUMP_FALSE) {
      M[Reg.PC] = jumpAfter(callerFp, returnPc, truthy(value) === (mode === ReturnMode.JUMP_TRUE));
      M[Reg.FP] = callerFp;
      return Status.RUNNING;
    }
    if (mode === ReturnMode.LOCAL) {
      M[callerFp - B[codeOf(M[callerFp + CALLEE]) * 4 + returnPc]] = value;
      M[Reg.PC] = returnPc + 1;
      M[Reg.FP] = callerFp;
      return Status.RUNNING;
    }
  }
  M[Reg.PC] = returnPc;
  M[Reg.FP] = callerFp;
  return Status.RUNNING;
}
/** Puts a result where its return mode wants it, at `top` and above. */
function deliver(value: i32, mode: i32, top: i32): void {
  switch (mode) {
    case ReturnMode.DROP:
    case ReturnMode.JUMP_TRUE:
    case ReturnMode.JUMP_FALSE:
    case ReturnMode.LOCAL:
    case ReturnMode.THIS:
      M[Reg.SP] = top + 1;
      return;
    case ReturnMode.TO_BOOLEAN:
      M[top] = truthy(value) ? Immediate.TRUE : Immediate.FALSE;
      break;
    case ReturnMode.TO_INVERSE:
      M[top] = truthy(value) ? Immediate.FALSE : Immediate.TRUE;
      break;
    case ReturnMode.ITERATE:
      M[top] = Immediate.DONE;
      break;
    case ReturnMode.METHOD:
      M[top] = M[top + 1];
      M[top + 1] = value;
      break;
    case ReturnMode.PAIR: {
      const elements: i32 = kindOf(value) === Cell.ARRAY ? M[(value >> 2) + Field.ARRAY_ELEMENTS] >> 2 : 0;
      M[top] = elements === 0 ? Immediate.UNDEFINED : M[elements + 1];
      M[top - 1] = elements === 0 ? Immediate.UNDEFINED : M[elements + 2];
      M[Reg.SP] = top - 1;
      return;
    }
    default:
      M[top] = value;
      break;
  }
  M[Reg.SP] = top;
}
/** The offset after a jump whose operand is at `at` of the frame's code. */
function jumpAfter(fp: i32, at: i32, taken: bool): i32 {
  if (!taken) return at + 2;
  const base: i32 = codeOf(M[fp + CALLEE]) * 4 + at;
  return at + 2 + ((((B[base] | (B[base + 1] << 8)) << 16) >> 16));
}

/** Throws `value`: unwinds to the innermost handler. */
export function throwValue(value: i32): i32 {
  let pc: i32 = M[Reg.PC];
  let fp: i32 = M[Reg.FP];
  for (;;) {
    const code = codeOf(M[fp + CALLEE]);
    const handlers: i32 = handlersAt(code);
    const count: i32 = codeHandlers(code);
    const offset: i32 = pc - codeStart(code);
    for (let i: i32 = 0; i < count; i++) {
      const handler: i32 = handlers + HANDLER_WORDS * i;
      if (offset >= M[handler] && offset < M[handler + 1]) {
        const sp: i32 = fp - codeSlots(code) - M[handler + 3];
        M[sp] = value;
        M[Reg.SP] = sp;
        M[Reg.FP] = fp;
        M[Reg.PC] = pc - offset + M[handler + 2];
        return Status.RUNNING;
      }
    }
    const header: i32 = fp - codeParameters(code);
    const link: i32 = M[header - Frame.LINK] >> 1;
    const mode: i32 = link & 15;
    if (mode === ReturnMode.END) {
      M[Reg.RESULT] = value;
      return Status.ENDED;
    }
    if (mode === ReturnMode.COROUTINE || mode === ReturnMode.ITERATE) endCoroutine(M[header - Frame.NEW_TARGET]);
    pc = (M[header - Frame.RETURN_PC] >> 1) - 1;
    fp = fp + (link >> 4);
  }
}

// Coroutines: RECORDs of brand COROUTINE whose slot `frame` holds the FRAME cell while they are suspended.

function endCoroutine(coroutine: i32): void {
  const slots: i32 = (coroutine >> 2) + Field.RECORD_TAIL;
  M[slots + Slot.COROUTINE_STATE] = CoroutineState.DONE << 1;
  M[slots + Slot.COROUTINE_FRAME] = Immediate.UNDEFINED;
}
/** Words of a coroutine's RECORD. */
const COROUTINE_WORDS = 8;

/** The function of a FRAME cell. */
export function savedCallee(frame: i32): i32 { return M[frame + Field.FRAME_TAIL + M[frame + Field.FRAME_WORDS] - 1 - M[frame + Field.FRAME_FP] + CALLEE]; }

/** Copies the running frame, without the `pop` words on top, into a new FRAME cell (room reserved: savedWords()). */
/** @hot */
function saveFrame(pop: i32, pc: i32): i32 {
  const fp: i32 = M[Reg.FP];
  const top = frameTop(fp);
  const sp: i32 = M[Reg.SP] + pop;
  const words: i32 = top - sp + 1;
  const frame = allocate(Cell.FRAME, Field.FRAME_TAIL + words);
  M[frame + Field.FRAME_WORDS] = words;
  M[frame + Field.FRAME_FP] = top - fp;
  M[frame + Field.FRAME_PC] = pc;
  for (let i: i32 = 0; i < words; i++) M[frame + Field.FRAME_TAIL + i] = M[sp + i];
  return frame;
}
/** @hot */
function savedWords(): i32 {
  return Field.FRAME_TAIL + frameTop(M[Reg.FP]) - M[Reg.SP] + 3;
}
/** A new coroutine for the running frame, `prototype` a reference or null: its word, or NONE. */
function newCoroutine(prototype: i32, pop: i32, pc: i32, kind: i32): i32 {
  const shape = rootShape(prototype, Cell.RECORD, 0);
  if (shape === 0) return Immediate.NONE;
  if (!reserve(COROUTINE_WORDS + savedWords())) return Immediate.NONE;
  const coroutine = allocate(Cell.RECORD, COROUTINE_WORDS);
  const slots: i32 = coroutine + Field.RECORD_TAIL;
  M[coroutine + 1] = reference(shape);
  M[coroutine + 2] = Immediate.UNDEFINED;
  M[coroutine + Field.RECORD_BRAND] = Brand.COROUTINE << 1;
  fillWords(slots, Immediate.UNDEFINED, COROUTINE_WORDS - Field.RECORD_TAIL);
  M[slots + Slot.COROUTINE_STATE] = CoroutineState.START << 1;
  M[slots + Slot.COROUTINE_EXTRA] = kind;
  const frame = saveFrame(pop, pc);
  M[slots + Slot.COROUTINE_FRAME] = reference(frame);
  return reference(coroutine);
}

/** START_GENERATOR: the prototype is on top. */
export function startGenerator(kind: i32, returnPc: i32): i32 {
  let prototype: i32 = M[M[Reg.SP]];
  if (!isObject(prototype)) prototype = root(kind === 0 ? Root.GeneratorPrototype : Root.AsyncGeneratorPrototype);
  const coroutine = newCoroutine(prototype, 1, returnPc, kind << 1);
  if (coroutine === Immediate.NONE) return Status.RETRY;
  return returnValue(coroutine);
}
/** START_ASYNC: the frame becomes a coroutine and core.asyncStart is called with it in its place. */
export function startAsync(returnPc: i32): i32 {
  const callee: i32 = root(Root.asyncStart);
  const room = stackRoom(frameWords(codeOf(callee), 1) + 3, M[Reg.STACK_LIMIT] + CORE_HEADROOM);
  if (room === Status.ENDED) return throwError(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (room !== Status.RUNNING) return room;
  const coroutine = newCoroutine(Immediate.NULL, 0, returnPc, Immediate.UNDEFINED);
  if (coroutine === Immediate.NONE) return Status.RETRY;
  const fp: i32 = M[Reg.FP];
  const header = frameWord(fp, 0);
  const link: i32 = M[header - Frame.LINK] >> 1;
  const returnTo: i32 = M[header - Frame.RETURN_PC] >> 1;
  const top = frameTop(fp);
  M[top] = callee;
  M[top - 1] = Immediate.UNDEFINED;
  M[top - 2] = coroutine;
  M[Reg.SP] = top - 2;
  M[Reg.FP] = fp + (link >> 4);
  enter(callee, 1, Immediate.UNDEFINED, link & 15, returnTo);
  return Status.RUNNING;
}

/** Suspends the running coroutine: the value on top goes to whoever resumed it. */
export function suspend(state: i32): i32 {
  const fp: i32 = M[Reg.FP];
  const header = frameWord(fp, 0);
  const coroutine: i32 = M[header - Frame.NEW_TARGET];
  const mode: i32 = (M[header - Frame.LINK] >> 1) & 15;
  if (mode !== ReturnMode.COROUTINE && mode !== ReturnMode.ITERATE) return Status.FAULT;
  // What yield* hands on to a loop is the inner iterator's result object: the core takes the value out of it.
  const unpack: bool = mode === ReturnMode.ITERATE && state === CoroutineState.AWAIT;
  if (unpack) {
    const room = stackRoom(frameWords(codeOf(root(Root.resultValue)), 1) + CALL_MARGIN, M[Reg.STACK_LIMIT] + 2 * CORE_HEADROOM);
    if (room !== Status.RUNNING) return room === Status.RETRY ? room : Status.OUT_OF_MEMORY;
  }
  if (!reserve(savedWords())) return Status.RETRY;
  const value: i32 = M[M[Reg.SP]];
  const frame = saveFrame(1, M[Reg.PC]);
  const slots: i32 = (coroutine >> 2) + Field.RECORD_TAIL;
  M[slots + Slot.COROUTINE_FRAME] = reference(frame);
  M[slots + Slot.COROUTINE_STATE] = state << 1;
  const top = frameTop(fp);
  const link: i32 = M[header - Frame.LINK] >> 1;
  M[Reg.PC] = M[header - Frame.RETURN_PC] >> 1;
  M[Reg.FP] = fp + (link >> 4);
  M[top] = value;
  M[Reg.SP] = top;
  if (unpack) return callCore(Root.resultValue, 1, 1, value, 0, 0, 0, 0, ReturnMode.PUSH, M[Reg.PC]);
  return Status.RUNNING;
}

/** RESUME: coroutine, mode, value on the stack. */
export function resume(returnPc: i32): i32 {
  const sp: i32 = M[Reg.SP];
  return resumeAt(M[sp + 2], M[sp + 1] >> 1, M[sp], sp + 2, ReturnMode.COROUTINE, returnPc);
}
/** ITERATOR_NEXT of a generator that is suspended: its next value comes without a result object. */
export function iterate(generator: i32, returnPc: i32): i32 {
  return resumeAt(generator, ResumeMode.NEXT, Immediate.UNDEFINED, M[Reg.SP] - 1, ReturnMode.ITERATE, returnPc);
}
/** Puts a suspended coroutine's frame on the stack from `top` downwards; `linkMode` says what becomes of what it gives. */
function resumeAt(coroutine: i32, mode: i32, sent: i32, top: i32, linkMode: i32, returnPc: i32): i32 {
  if (kindOf(coroutine) !== Cell.RECORD || M[(coroutine >> 2) + Field.RECORD_BRAND] >> 1 !== Brand.COROUTINE) return Status.FAULT;
  const slots: i32 = (coroutine >> 2) + Field.RECORD_TAIL;
  const state: i32 = M[slots + Slot.COROUTINE_STATE] >> 1;
  if (state === CoroutineState.RUNNING) return throwError(ErrorCode.GENERATOR_RUNNING, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (state !== CoroutineState.START && state !== CoroutineState.YIELD && state !== CoroutineState.AWAIT) return Status.FAULT;
  const frameWordValue: i32 = M[slots + Slot.COROUTINE_FRAME];
  if (kindOf(frameWordValue) !== Cell.FRAME) return Status.FAULT;
  const frame: i32 = frameWordValue >> 2;
  const words: i32 = M[frame + Field.FRAME_WORDS];
  const callee: i32 = savedCallee(frame);
  if (kindOf(callee) !== Cell.FUNCTION) return Status.FAULT;
  const code = codeOf(callee);
  const room = stackRoom(words + codeStackWords(code) + CALL_MARGIN, M[Reg.STACK_LIMIT]);
  if (room === Status.ENDED) return throwError(ErrorCode.STACK_OVERFLOW, Immediate.UNDEFINED, Immediate.UNDEFINED);
  if (room !== Status.RUNNING) return room;
  const callerFp: i32 = M[Reg.FP];
  const bottom: i32 = top - words + 1;
  for (let i: i32 = 0; i < words; i++) M[bottom + i] = M[frame + Field.FRAME_TAIL + i];
  const fp: i32 = top - M[frame + Field.FRAME_FP];
  const header: i32 = fp - codeParameters(code);
  M[header - Frame.RETURN_PC] = returnPc << 1;
  M[header - Frame.LINK] = (((callerFp - fp) << 4) | linkMode) << 1;
  M[header - Frame.NEW_TARGET] = coroutine;
  M[slots + Slot.COROUTINE_STATE] = CoroutineState.RUNNING << 1;
  M[slots + Slot.COROUTINE_FRAME] = Immediate.UNDEFINED;
  M[Reg.SP] = bottom;
  M[Reg.FP] = fp;
  const pc: i32 = M[frame + Field.FRAME_PC];
  M[Reg.PC] = pc;
  if (state === CoroutineState.START) {
    if (mode === ResumeMode.THROW) return throwValue(sent);
    return Status.RUNNING;
  }
  const opcode: i32 = B[code * 4 + pc];
  if (opcode === Op.YIELD_DELEGATE) {
    M[bottom - 1] = sent;
    M[bottom - 2] = mode << 1;
    M[Reg.SP] = bottom - 2;
    M[Reg.PC] = pc + 1;
    return Status.RUNNING;
  }
  if (mode === ResumeMode.THROW) return throwValue(sent);
  M[bottom - 1] = sent;
  M[Reg.SP] = bottom - 1;
  if (opcode === Op.YIELD) M[Reg.PC] = jumpAfter(fp, pc + 1, mode === ResumeMode.RETURN);
  else M[Reg.PC] = pc + 1;
  return Status.RUNNING;
}

/** The object that stands for a core object now, as a word. */
export function resolved(word: i32): i32 { return reference(resolve(word >> 2)); }

/** Puts the bottom frame on an empty stack: a call of `callee` with one argument, whose end is the program's. */
export function begin(callee: i32, argument: i32): void {
  M[Reg.SP] = memoryWords - 3;
  M[Reg.FP] = memoryWords;
  M[memoryWords - 1] = callee;
  M[memoryWords - 2] = Immediate.UNDEFINED;
  M[memoryWords - 3] = argument;
  enter(callee, 1, Immediate.UNDEFINED, ReturnMode.END, 0);
}
