// Definitions: what object literals and classes put into objects, under names, computed keys and private names. Unlike a
// store a definition asks no prototype and calls no setter. Each function is one instruction, which step.ts found; it
// returns a Status, with RETRY having changed nothing.

import { Attribute, Cell, Field, FunctionPart, ShapeFlag } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { ReturnMode } from "../format/frame.js";
import { Reg, Status } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { callCore, callWith, throwError } from "./call.js";
import { defineElement, findElement } from "./elements.js";
import { allocate, isNumber, isObject, isText, kindOf, nextSerial, numberValue, reference, reserve } from "./heap.js";
import { isIndexText } from "./intrinsics.js";
import { M } from "./memory.js";
import {
  ABSENT, ACCESSOR, ACCESSOR_WORDS, addProperty, DATA, defineOwn, findOrdinary, findOwn,
  foundAt, foundAttributes, isIndexed, newAccessor, replacePrototype, resolve, root, setFunctionPart, writable,
} from "./object.js";
import { drop, failure, finish, numberText, push } from "./operators.js";
import { DEFINE_TAG, isName, materialiseAny, rememberAdd, rememberOwn, STORE_TAG } from "./property.js";
import { internKey, numberKeyRoom } from "./text.js";
import type { bool, f64, i32 } from "./types.js";

/** CreateDataProperty on a new object: object stays, key and value (`pops` words) go. */
export function defineField(object: i32, key: i32, value: i32, pops: i32, next: i32): i32 {
  if (!isObject(object)) return Status.FAULT;
  const address = resolve(object >> 2);
  const shape: i32 = M[address + 1] >> 2;
  const awkward: bool = (M[shape + Field.SHAPE_FLAGS] & (ShapeFlag.EXOTIC | ShapeFlag.NON_EXTENSIBLE)) !== 0 || isIndexed(address);
  if (awkward) return callCore(Root.defineField, pops, 3, object, key, value, 0, 0, ReturnMode.DROP, next);
  const index: f64 = isText(key) || isNumber(key) ? isIndexText(key) : -1;
  if (index === -2) return failure();
  const own = writable(address);
  if (own === 0 || !materialiseAny(own)) return Status.RETRY;
  if (index >= 0) {
    const placed = defineElement(own, index >>> 0, value, Attribute.ALL);
    if (!placed) return Status.RETRY;
    return drop(pops, next);
  }
  let name: i32 = key;
  if (!isName(key)) {
    if (!isText(key)) return callCore(Root.defineField, pops, 3, object, key, value, 0, 0, ReturnMode.DROP, next);
    name = internKey(key);
    if (name === Immediate.NONE) return failure();
  }
  const present = findOwn(own, name);
  const before: i32 = M[own + 1];
  if (present !== ABSENT && (present !== DATA || foundAttributes !== Attribute.ALL)) {
    return callCore(Root.defineField, pops, 3, object, key, value, 0, 0, ReturnMode.DROP, next);
  }
  const defined = defineOwn(own, name, value, Attribute.ALL);
  if (!defined) return Status.RETRY;
  if (present === ABSENT) rememberAdd(object, own, name ^ DEFINE_TAG, before);
  return drop(pops, next);
}
/** DEFINE_METHOD: object key function -> object. */
export function defineMethod(object: i32, key: i32, method: i32, mode: i32, next: i32): i32 {
  const half: i32 = mode & 3;
  const begun: bool = half !== 0 && kindOf(method) === Cell.ACCESSOR;
  const func: i32 = begun ? M[(method >> 2) + (half === 1 ? Field.ACCESSOR_GET : Field.ACCESSOR_SET)] : method;
  if (!isObject(object) || kindOf(func) !== Cell.FUNCTION) return Status.FAULT;
  const own = writable(object >> 2);
  if (own === 0 || !materialiseAny(own)) return Status.RETRY;
  let bits: i32 = Attribute.CONFIGURABLE | ((mode & 4) !== 0 ? Attribute.ENUMERABLE : 0);
  const index: f64 = isText(key) || isNumber(key) ? isIndexText(key) : -1;
  if (index === -2) return failure();
  let name: i32 = key;
  if (index < 0 && !isName(key)) {
    if (isNumber(key) && !reserve(numberKeyRoom())) return Status.RETRY;
    const text: i32 = isNumber(key) ? numberText(numberValue(key)) : key;
    if (text === Immediate.NONE) return failure();
    if (!isText(text)) return Status.FAULT;
    name = internKey(text);
    if (name === Immediate.NONE) return failure();
    // A number's key is found by the text next time.
    if (isNumber(key)) M[M[Reg.SP] + 1] = name;
  }
  const before: i32 = index < 0 ? findOwn(own, name) : findElement(own, index >>> 0);
  if ((before === DATA || before === ACCESSOR) && (foundAttributes & Attribute.CONFIGURABLE) === 0) return throwError(ErrorCode.NOT_REDEFINABLE, key, Immediate.UNDEFINED);
  let value: i32 = method;
  if (half === 0) {
    bits |= Attribute.WRITABLE;
  } else {
    bits |= Attribute.ACCESSOR;
    const pair: i32 = before === ACCESSOR && kindOf(M[foundAt]) === Cell.ACCESSOR ? M[foundAt] >> 2 : 0;
    const get: i32 = half === 1 ? func : pair !== 0 ? M[pair + Field.ACCESSOR_GET] : Immediate.UNDEFINED;
    const set: i32 = half === 2 ? func : pair !== 0 ? M[pair + Field.ACCESSOR_SET] : Immediate.UNDEFINED;
    value = accessorOnTop(get, set);
    if (value === Immediate.NONE) return failure();
  }
  const defined: bool = index >= 0 ? defineElement(own, index >>> 0, value, bits) : defineOwn(own, name, value, bits);
  if (!defined) return Status.RETRY;
  if (!setFunctionPart(func >> 2, FunctionPart.HOME, object)) return Status.FAULT;
  return drop(2, next);
}
/**
 * An accessor in the place of the function on top of the stack, which is one of its halves: so it is there already when
 * the instruction runs again because room for the property was missing. NONE: no room.
 */
function accessorOnTop(get: i32, set: i32): i32 {
  const sp: i32 = M[Reg.SP];
  if (kindOf(M[sp]) !== Cell.ACCESSOR) {
    if (!reserve(ACCESSOR_WORDS)) return Immediate.NONE;
    const accessor = newAccessor(get, set);
    M[sp] = accessor;
  }
  return M[sp];
}
/** SET_NAME: names an anonymous function after a key. */
export function setName(key: i32, func: i32, prefix: i32, next: i32): i32 {
  // Before the core has the function that names, its first file's functions stay unnamed.
  if (kindOf(func) !== Cell.FUNCTION || kindOf(root(Root.setFunctionName)) !== Cell.FUNCTION) return drop(0, next);
  return callCore(Root.setFunctionName, 0, 3, func, key, prefix << 1, 0, 0, ReturnMode.DROP, next);
}
export function setPrototype(object: i32, prototype: i32, next: i32): i32 {
  if (!isObject(object)) return Status.FAULT;
  if (isObject(prototype) || prototype === Immediate.NULL) {
    const done = replacePrototype(object >> 2, prototype);
    if (!done) return Status.RETRY;
  }
  return drop(1, next);
}

// Private names: symbols with flag 1, own properties that nothing but these instructions sees. Flag 2: a method.

export function newPrivateName(description: i32, next: i32): i32 {
  if (!reserve(4)) return Status.RETRY;
  const symbol = allocate(Cell.SYMBOL, 4);
  const serial = nextSerial();
  M[symbol + Field.SYMBOL_FLAGS] = 1;
  M[symbol + Field.SYMBOL_SERIAL] = serial;
  M[symbol + Field.SYMBOL_DESCRIPTION] = description;
  return push(reference(symbol), next);
}
function descriptionOf(name: i32): i32 { return M[(name >> 2) + Field.SYMBOL_DESCRIPTION]; }
function findPrivate(object: i32, name: i32): i32 {
  if (!isObject(object)) return ABSENT;
  // Also of a proxy: private names are no affair of its traps.
  return findOrdinary(resolve(object >> 2), name);
}
export function getPrivate(object: i32, name: i32, next: i32): i32 {
  if (kindOf(name) !== Cell.SYMBOL) return Status.FAULT;
  const answer = findPrivate(object, name);
  if (answer === DATA) {
    rememberOwn(object, object >> 2, name);
    return finish(M[foundAt], 2, next);
  }
  if (answer !== ACCESSOR) return throwError(ErrorCode.PRIVATE_MISSING, descriptionOf(name), Immediate.UNDEFINED);
  const getter: i32 = M[(M[foundAt] >> 2) + Field.ACCESSOR_GET];
  if (getter === Immediate.UNDEFINED) return throwError(ErrorCode.PRIVATE_NO_GETTER, descriptionOf(name), Immediate.UNDEFINED);
  return callWith(getter, object, 2, 0, 0, 0, 0, 0, 0, ReturnMode.PUSH, next);
}
export function putPrivate(object: i32, name: i32, value: i32, next: i32): i32 {
  if (kindOf(name) !== Cell.SYMBOL) return Status.FAULT;
  const answer = findPrivate(object, name);
  if (answer === DATA) {
    if ((foundAttributes & Attribute.WRITABLE) === 0) return throwError(ErrorCode.PRIVATE_METHOD_WRITE, descriptionOf(name), Immediate.UNDEFINED);
    M[foundAt] = value;
    rememberOwn(object, object >> 2, name ^ STORE_TAG);
    return drop(3, next);
  }
  if (answer !== ACCESSOR) return throwError(ErrorCode.PRIVATE_WRITE_MISSING, descriptionOf(name), Immediate.UNDEFINED);
  const setter: i32 = M[(M[foundAt] >> 2) + Field.ACCESSOR_SET];
  if (setter === Immediate.UNDEFINED) return throwError(ErrorCode.PRIVATE_NO_SETTER, descriptionOf(name), Immediate.UNDEFINED);
  return callWith(setter, object, 3, 1, value, 0, 0, 0, 0, ReturnMode.DROP, next);
}
export function hasPrivate(name: i32, object: i32, next: i32): i32 {
  if (kindOf(name) !== Cell.SYMBOL) return Status.FAULT;
  if (!isObject(object)) return throwError(ErrorCode.BAD_IN, descriptionOf(name), object);
  const answer = findPrivate(object, name);
  return finish(answer === ABSENT ? Immediate.FALSE : Immediate.TRUE, 2, next);
}
export function definePrivate(object: i32, name: i32, value: i32, kind: i32, next: i32): i32 {
  if (kindOf(name) !== Cell.SYMBOL || !isObject(object)) return Status.FAULT;
  const own = writable(object >> 2);
  if (own === 0 || !materialiseAny(own)) return Status.RETRY;
  const present = findOrdinary(own, name);
  if (kind < 2) {
    if (present !== ABSENT) return throwError(ErrorCode.PRIVATE_EXISTS, descriptionOf(name), Immediate.UNDEFINED);
    const added = addProperty(own, name, value, kind === 0 ? Attribute.WRITABLE : 0);
    if (!added) return Status.RETRY;
  } else {
    const pair: i32 = present === ACCESSOR && kindOf(M[foundAt]) === Cell.ACCESSOR ? M[foundAt] >> 2 : 0;
    const half: i32 = kind === 2 ? Field.ACCESSOR_GET : Field.ACCESSOR_SET;
    if (pair !== 0 && M[pair + half] !== Immediate.UNDEFINED) return throwError(ErrorCode.PRIVATE_EXISTS, descriptionOf(name), Immediate.UNDEFINED);
    if (pair !== 0) {
      M[pair + half] = value;
    } else {
      const accessor = accessorOnTop(kind === 2 ? value : Immediate.UNDEFINED, kind === 2 ? Immediate.UNDEFINED : value);
      if (accessor === Immediate.NONE) return failure();
      const added = addProperty(own, name, accessor, Attribute.ACCESSOR);
      if (!added) return Status.RETRY;
    }
  }
  return drop(2, next);
}
