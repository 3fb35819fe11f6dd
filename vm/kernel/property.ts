// The property instructions: object.name, object[key], their stores and deletes, on any value. The ordinary cases are
// done here; accessors are called by a frame; at an exotic object, or where a key is an object, the core's function
// does the whole operation. `pops` is how many words of the stack the operation takes; `mode` says how its result comes
// back (PUSH, or METHOD where the object stays for the call that follows).

import { Attribute, Cell, Field, ShapeFlag } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { CodeFlag, ReturnMode, CALLEE } from "../format/frame.js";
import { Reg, Status } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { holdsBig, typedGet, typedSet, typedLength } from "./bytes.js";
import { callCore, callWith, codeOf, throwError } from "./call.js";
import { codeFlags } from "./code.js";
import { capacityOf, cutArray, defineElement, findElement, findElementInChain, FIRST_ELEMENT, removeElement } from "./elements.js";
import { isBig, isNumber, isObject, isSymbol, isText, kindOf, numberValue, numberWord, reserveNumber, truth } from "./heap.js";
import { M } from "./memory.js";
import {
  ABSENT, ACCESSOR, addProperty, cachePlace, DATA, EXOTIC, findInChain, findOwn, foundAt, foundAttributes, foundHolder, isIndexed, LENGTH, lexicalOf,
  materialise, NO_ROOM, prototypeOf, removeOwn, resolve, root, writable,
} from "./object.js";
import { failure, finish, isNullish } from "./operators.js";
import { isCore, shapeInline } from "./shape.js";
import { charAt } from "./textops.js";
import { arrayIndex, findKey, flatten, internKey, textLength } from "./text.js";
import { C } from "./memory.js";
import type { bool, f64, i32, u32 } from "./types.js";

/** Where the properties of a value are looked up: the object itself, or a primitive's prototype; 0 for undefined and null. */
export function lookupStart(base: i32): i32 {
  if (isObject(base)) return base >> 2;
  if (isText(base)) return root(Root.StringPrototype) >> 2;
  if (isNumber(base)) return root(Root.NumberPrototype) >> 2;
  if (base === Immediate.TRUE || base === Immediate.FALSE) return root(Root.BooleanPrototype) >> 2;
  if (isSymbol(base)) return root(Root.SymbolPrototype) >> 2;
  if (isBig(base)) return root(Root.BigIntPrototype) >> 2;
  return 0;
}
/** Is the running function strict? */
export function strictCode(): bool { return (codeFlags(codeOf(M[M[Reg.FP] + CALLEE])) & CodeFlag.STRICT) !== 0; }

/** Ends a get with `value`. */
function got(value: i32, pops: i32, mode: i32, next: i32): i32 {
  if (mode !== ReturnMode.METHOD) return finish(value, pops, next);
  if (value === Immediate.NONE) return failure();
  // METHOD: the object is below the `pops` words; the method goes under it.
  const sp: i32 = M[Reg.SP] + pops;
  M[sp - 1] = M[sp];
  M[sp] = value;
  M[Reg.SP] = sp - 1;
  M[Reg.PC] = next;
  return Status.RUNNING;
}
/** The number of elements of an array, or units of a string, as a word; NONE if there is no room. */
function lengthWord(length: u32): i32 {
  if (length <= 0x3fffffff) return length << 1;
  if (!reserveNumber()) return Immediate.NONE;
  return numberWord(length);
}

/** base.key; `key` is an interned string or a symbol. */
export function getNamed(base: i32, key: i32, pops: i32, mode: i32, next: i32): i32 {
  const start = lookupStart(base);
  if (start === 0) return throwError(ErrorCode.READ_OF_NULLISH, base, key);
  if (key === root(Root.NAME_length) && isText(base)) {
    const units = textLength(base);
    return got(units << 1, pops, mode, next);
  }
  const answer = findInChain(start, key);
  switch (answer) {
    case DATA: return got(M[foundAt], pops, mode, next);
    case ABSENT: return got(Immediate.UNDEFINED, pops, mode, next);
    case LENGTH: {
      const length = lengthWord(M[foundHolder + Field.ARRAY_LENGTH] >>> 0);
      return got(length, pops, mode, next);
    }
    case ACCESSOR: return callGetter(M[foundAt], base, pops, mode, next);
    case NO_ROOM: return Status.RETRY;
  }
  return callCore(Root.getProperty, pops, 3, base, key, base, 0, 0, mode, next);
}
function callGetter(accessor: i32, base: i32, pops: i32, mode: i32, next: i32): i32 {
  const getter: i32 = M[(accessor >> 2) + Field.ACCESSOR_GET];
  if (getter === Immediate.UNDEFINED) return got(Immediate.UNDEFINED, pops, mode, next);
  return callWith(getter, base, pops, 0, 0, 0, 0, 0, 0, mode, next);
}

/** The index that a key is, 0 to 2^32-2, or -1: a number, or a string that is the canonical form of one (flattened before). */
export function indexOfKey(key: i32): f64 {
  if ((key & 1) === 0) return key >= 0 ? key >> 1 : -1;
  if (isNumber(key)) {
    const x: f64 = numberValue(key);
    return x >= 0 && x <= 4294967294 && Math.floor(x) === x ? x : -1;
  }
  if (isText(key)) return arrayIndex(key);
  return -1;
}
/** The interned name that a key other than an index is, without making one: 0 if nothing can have it, 1 if the core must say (objects, other numbers). */
function nameOfKey(key: i32): i32 {
  if (isSymbol(key)) return key;
  if (isText(key)) return findKey(key);
  switch (key) {
    case Immediate.UNDEFINED: return root(Root.NAME_undefined);
    case Immediate.NULL: return root(Root.NAME_null);
    case Immediate.TRUE: return root(Root.NAME_true);
    case Immediate.FALSE: return root(Root.NAME_false);
  }
  return 1;
}
/** Does the chain from `start` meet an exotic object? */
function meetsExotic(start: i32): bool {
  let address: i32 = resolve(start);
  for (;;) {
    if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0) return true;
    const prototype = prototypeOf(address);
    if ((prototype & 3) !== 1) return false;
    address = resolve(prototype >> 2);
  }
}

/** base[key]. */
export function getKeyed(base: i32, key: i32, pops: i32, mode: i32, next: i32): i32 {
  const start = lookupStart(base);
  if (start === 0) return throwError(ErrorCode.READ_OF_NULLISH, base, key);
  if (isText(key)) {
    const flat = flatten(key);
    if (flat === Immediate.NONE) return failure();
  }
  const index = indexOfKey(key);
  if (index >= 0) {
    if (isText(base)) {
      if (index < textLength(base)) {
        const unit = charAt(base, (index | 0) << 1);
        return got(unit, pops, mode, next);
      }
    } else {
      const address = resolve(start);
      if (isIndexed(address)) {
        const element: i32 = index > 0x3fffffff ? Immediate.UNDEFINED : typedGet(address, index | 0);
        return got(element, pops, mode, next);
      }
    }
    const answer = findElementInChain(start, index >>> 0);
    switch (answer) {
      case DATA: return got(M[foundAt], pops, mode, next);
      case ABSENT: return got(Immediate.UNDEFINED, pops, mode, next);
      case ACCESSOR: return callGetter(M[foundAt], base, pops, mode, next);
    }
    return callCore(Root.getProperty, pops, 3, base, key, base, 0, 0, mode, next);
  }
  const name = nameOfKey(key);
  if (name > 1 || name < 0) return getNamed(base, name, pops, mode, next);
  if (name === 1 || meetsExotic(start)) return callCore(Root.getProperty, pops, 3, base, key, base, 0, 0, mode, next);
  return got(Immediate.UNDEFINED, pops, mode, next);
}

/** Ends a store. */
function stored(pops: i32, next: i32): i32 {
  M[Reg.SP] = M[Reg.SP] + pops;
  M[Reg.PC] = next;
  return Status.RUNNING;
}
/** A store that is refused: an error in strict code, nothing in sloppy code. */
function refused(error: i32, base: i32, key: i32, strict: bool, pops: i32, next: i32): i32 {
  if (strict) return throwError(error, key, base);
  return stored(pops, next);
}
function callSetter(accessor: i32, base: i32, key: i32, value: i32, strict: bool, pops: i32, next: i32): i32 {
  const setter: i32 = M[(accessor >> 2) + Field.ACCESSOR_SET];
  if (setter === Immediate.UNDEFINED) return refused(ErrorCode.NO_SETTER, base, key, strict, pops, next);
  return callWith(setter, base, pops, 1, value, 0, 0, 0, 0, ReturnMode.DROP, next);
}
function setByCore(base: i32, key: i32, value: i32, strict: bool, pops: i32, next: i32): i32 {
  return callCore(Root.setProperty, pops, 5, base, key, value, base, truth(strict), ReturnMode.DROP, next);
}

/** base.key = value. */
export function setNamed(base: i32, key: i32, value: i32, strict: bool, pops: i32, next: i32): i32 {
  if (!isObject(base)) {
    if (isNullish(base)) return throwError(ErrorCode.WRITE_OF_NULLISH, base, key);
    return setByCore(base, key, value, strict, pops, next);
  }
  const address = resolve(base >> 2);
  let answer = findOwn(address, key);
  if (answer === NO_ROOM) return Status.RETRY;
  if (answer === DATA) {
    if ((foundAttributes & Attribute.WRITABLE) === 0) return refused(ErrorCode.READ_ONLY, base, key, strict, pops, next);
    const shape: i32 = M[address + 1] >> 2;
    if (isCore(address) || (M[shape + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) !== 0) {
      const own = writable(address);
      if (own === 0 || !materialise(own)) return Status.RETRY;
      answer = findOwn(own, key);
      M[foundAt] = value;
      return stored(pops, next);
    }
    M[foundAt] = value;
    if (base >> 2 === address) rememberOwn(base, address, key ^ STORE_TAG);
    else rememberOverlaid(base >> 2, key ^ STORE_TAG);
    return stored(pops, next);
  }
  if (answer === LENGTH) return setLength(base, address, value, strict, pops, next);
  if (answer === ACCESSOR) return callSetter(M[foundAt], base, key, value, strict, pops, next);
  if (answer === EXOTIC) return setByCore(base, key, value, strict, pops, next);
  const prototype = prototypeOf(address);
  if ((prototype & 3) === 1) {
    answer = findInChain(prototype >> 2, key);
    if (answer === NO_ROOM) return Status.RETRY;
    if (answer === DATA && (foundAttributes & Attribute.WRITABLE) === 0) return refused(ErrorCode.READ_ONLY, base, key, strict, pops, next);
    if (answer === ACCESSOR) return callSetter(M[foundAt], base, key, value, strict, pops, next);
    if (answer === EXOTIC) return setByCore(base, key, value, strict, pops, next);
  }
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.NON_EXTENSIBLE) !== 0) return refused(ErrorCode.NOT_EXTENSIBLE, base, key, strict, pops, next);
  const own = writable(address);
  if (own === 0) return Status.RETRY;
  const before: i32 = M[own + 1];
  const added = addProperty(own, key, value, Attribute.ALL);
  if (!added) return Status.RETRY;
  rememberAdd(base, own, key ^ STORE_TAG, before);
  return stored(pops, next);
}
/** Enters the own property that was found last into the cache; the key with STORE_TAG for a store. */
export function rememberOwn(base: i32, address: i32, taggedKey: i32): void {
  const shape: i32 = M[address + 1];
  const flags: i32 = M[(shape >> 2) + Field.SHAPE_FLAGS];
  if ((flags & ShapeFlag.UNIQUE) !== 0 || base >> 2 !== address) return;
  const place: i32 = cachePlace(shape, taggedKey);
  const inline: bool = foundAt >= address && foundAt < address + ((M[address] >>> 8) << 1);
  C[place] = shape;
  C[place + 1] = taggedKey;
  C[place + 2] = inline ? foundAt - address : foundAt - (M[address + 2] >> 2);
  C[place + 3] = inline ? 0 : 1;
}
/**
 * The same for a core object, at `core`, that has an overlay: how far from the core object its property lies. Only where no
 * other object has the core's shape; changes of the overlay's form flush the cache. The global object is one of these.
 */
function rememberOverlaid(core: i32, taggedKey: i32): void {
  const shape: i32 = M[core + 1];
  if ((M[(shape >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) === 0 || lexicalOf(taggedKey ^ STORE_TAG) !== 0) return;
  const place: i32 = cachePlace(shape, taggedKey);
  C[place] = shape;
  C[place + 1] = taggedKey;
  C[place + 2] = foundAt - core;
  C[place + 3] = 0;
}
/** What tells a store's entry in the cache from a get's, and a definition's, which asks no prototype, from both. */
export const STORE_TAG = 2;
export const DEFINE_TAG = 0x80000000 | 0;
/** Enters an added inline property (the key with its tag): the new shape stands where a store has 0 or 1. */
export function rememberAdd(base: i32, address: i32, taggedKey: i32, before: i32): void {
  const shape: i32 = M[address + 1];
  const flags: i32 = M[(shape >> 2) + Field.SHAPE_FLAGS];
  if ((flags & ShapeFlag.UNIQUE) !== 0 || base >> 2 !== address || (M[address] & 255) !== Cell.OBJECT) return;
  const index: i32 = M[(shape >> 2) + Field.SHAPE_COUNT] - 1;
  if (index >= shapeInline(shape >> 2)) return;
  const place: i32 = cachePlace(before, taggedKey);
  C[place] = before;
  C[place + 1] = taggedKey;
  C[place + 2] = Field.OBJECT_TAIL + index;
  C[place + 3] = shape;
}

/** array.length = value. */
function setLength(base: i32, address: i32, value: i32, strict: bool, pops: i32, next: i32): i32 {
  if ((foundAttributes & Attribute.WRITABLE) === 0) return refused(ErrorCode.READ_ONLY, base, root(Root.NAME_length), strict, pops, next);
  if (!isNumber(value)) return setByCore(base, root(Root.NAME_length), value, strict, pops, next);
  const length: f64 = numberValue(value);
  if (length < 0 || length > 4294967295 || Math.floor(length) !== length) return throwError(ErrorCode.INVALID_ARRAY_LENGTH, value, Immediate.UNDEFINED);
  const own = writable(address);
  if (own === 0) return Status.RETRY;
  const whole = cutArray(own, length >>> 0);
  if (whole === 0) return refused(ErrorCode.NOT_DELETABLE, base, value, strict, pops, next);
  return stored(pops, next);
}

/** base[key] = value. */
export function setKeyed(base: i32, key: i32, value: i32, strict: bool, pops: i32, next: i32): i32 {
  if (!isObject(base)) {
    if (isNullish(base)) return throwError(ErrorCode.WRITE_OF_NULLISH, base, key);
    return setByCore(base, key, value, strict, pops, next);
  }
  if (isText(key)) {
    const flat = flatten(key);
    if (flat === Immediate.NONE) return failure();
  }
  const index = indexOfKey(key);
  if (index < 0) {
    if (isText(key)) {
      const name = internKey(key);
      if (name === Immediate.NONE) return failure();
      return setNamed(base, name, value, strict, pops, next);
    }
    const known = nameOfKey(key);
    if (known === 1) return setByCore(base, key, value, strict, pops, next);
    return setNamed(base, known, value, strict, pops, next);
  }
  const address = resolve(base >> 2);
  const kind: i32 = M[address] & 255;
  if (isIndexed(address)) {
    if (!isNumber(value) || holdsBig(address)) return setByCore(base, key, value, strict, pops, next);
    if (index < typedLength(address)) typedSet(address, index | 0, numberValue(value));
    return stored(pops, next);
  }
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0) return setByCore(base, key, value, strict, pops, next);
  let answer = findElement(address, index >>> 0);
  if (answer === ABSENT) {
    const prototype = prototypeOf(address);
    if ((prototype & 3) === 1) answer = findElementInChain(prototype >> 2, index >>> 0);
    if (answer === EXOTIC) return setByCore(base, key, value, strict, pops, next);
    if (answer === ACCESSOR) return callSetter(M[foundAt], base, key, value, strict, pops, next);
    if (answer === DATA && (foundAttributes & Attribute.WRITABLE) === 0) return refused(ErrorCode.READ_ONLY, base, key, strict, pops, next);
    const flags: i32 = M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS];
    if ((flags & ShapeFlag.NON_EXTENSIBLE) !== 0) return refused(ErrorCode.NOT_EXTENSIBLE, base, key, strict, pops, next);
    if (kind === Cell.ARRAY && (flags & ShapeFlag.INDEXED) !== 0 && index >= (M[address + Field.ARRAY_LENGTH] >>> 0)) {
      return refused(ErrorCode.NOT_EXTENSIBLE, base, key, strict, pops, next);
    }
    const own = writable(address);
    if (own === 0) return Status.RETRY;
    const defined = defineElement(own, index >>> 0, value, Attribute.ALL);
    if (!defined) return Status.RETRY;
    return stored(pops, next);
  }
  if (answer === ACCESSOR) return callSetter(M[foundAt], base, key, value, strict, pops, next);
  if ((foundAttributes & Attribute.WRITABLE) === 0) return refused(ErrorCode.READ_ONLY, base, key, strict, pops, next);
  if (isCore(address) || isCore(foundAt)) {
    const own = writable(address);
    if (own === 0) return Status.RETRY;
    const defined = defineElement(own, index >>> 0, value, foundAttributes);
    if (!defined) return Status.RETRY;
    return stored(pops, next);
  }
  M[foundAt] = value;
  return stored(pops, next);
}

/** delete base[key], `key` any value. */
export function deleteKeyed(base: i32, key: i32, strict: bool, pops: i32, next: i32): i32 {
  if (isNullish(base)) return throwError(ErrorCode.NULLISH_TO_OBJECT, base, key);
  if (!isObject(base)) return callCore(Root.deleteProperty, pops, 3, base, key, truth(strict), 0, 0, ReturnMode.PUSH, next);
  if (isText(key)) {
    const flat = flatten(key);
    if (flat === Immediate.NONE) return failure();
  }
  const address = resolve(base >> 2);
  const index = indexOfKey(key);
  const name = index >= 0 ? 0 : nameOfKey(key);
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0 || name === 1 || isIndexed(address)) {
    return callCore(Root.deleteProperty, pops, 3, base, key, truth(strict), 0, 0, ReturnMode.PUSH, next);
  }
  let answer: i32 = ABSENT;
  if (index >= 0) answer = findElement(address, index >>> 0);
  else if (name !== 0) answer = findOwn(address, name);
  if (answer === NO_ROOM) return Status.RETRY;
  if (answer === ABSENT) return finish(Immediate.TRUE, pops, next);
  if (answer === LENGTH || (foundAttributes & Attribute.CONFIGURABLE) === 0) {
    if (strict) return throwError(ErrorCode.NOT_DELETABLE, key, base);
    return finish(Immediate.FALSE, pops, next);
  }
  const own = writable(address);
  if (own === 0 || !materialiseAny(own)) return Status.RETRY;
  const removed = index >= 0 ? removeElement(own, index >>> 0) : removeOwn(own, name);
  if (removed === NO_ROOM) return Status.RETRY;
  return finish(Immediate.TRUE, pops, next);
}
/** Is the word an interned string or a symbol? A constant that is an array index is a plain string. */
export function isName(key: i32): bool {
  const kind = kindOf(key);
  return kind === Cell.KEY || kind === Cell.WIDE_KEY || kind === Cell.SYMBOL;
}
/** `materialise` for any object. */
export function materialiseAny(address: i32): bool {
  return kindOf((address << 2) | 1) !== Cell.FUNCTION || materialise(address);
}

/** The element of a dense array at a small index within its length, or the hole: for the loop's shortest path. */
export function denseElement(array: i32, index: i32): i32 {
  const elements: i32 = M[array + Field.ARRAY_ELEMENTS];
  if ((elements & 3) !== 1) return Immediate.HOLE;
  const cell: i32 = elements >> 2;
  if ((M[cell] & 255) !== Cell.ELEMENTS || index >= capacityOf(cell)) return Immediate.HOLE;
  return M[cell + FIRST_ELEMENT + index];
}
