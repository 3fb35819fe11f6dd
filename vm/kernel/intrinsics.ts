// The intrinsics about objects, arrays, functions and the program (vm/format/intrinsics.ts); those about strings, numbers,
// tables and bytes are in data-intrinsics.ts. Argument i of n lies at sp + n - 1 - i. An intrinsic gives a word, or NONE
// after reserve, fail or fault. It never calls user code, and never believes that an operand has the right kind.

import { Brand, brandSlots, ProxyAct, ProxyCalls, Slot } from "../format/brands.js";
import { Attribute, Cell, Field, FunctionPart, ShapeFlag } from "../format/cells.js";
import { CodeFlag } from "../format/frame.js";
import { Intrinsic } from "../format/intrinsics.js";
import { Reg, State } from "../format/registers.js";
import { ROOT_COUNT, Root, ROOTS } from "../format/roots.js";
import { Immediate, SMALL_MAX } from "../format/words.js";
import { codeFlags, codeLength, codeName } from "./code.js";
import { comparatorOrder } from "./bulk.js";
import { codeOf } from "./call.js";
import { dataIntrinsic } from "./data-intrinsics.js";
import { typedGet, typedLength } from "./bytes.js";
import {
  capacityOf, cutArray, defineElement, elementsOf, elementsWords, findElement, FIRST_ELEMENT, lockLength, makeSparse, newElements, removeElement,
  sparseEntry, sparseEntryIndex,
} from "./elements.js";
import { allocate, charge, fault, fillWords, isNumber, isObject, isText, kindOf, meetProxy, moveWords, NUMBER_WORDS, numberValue, numberWord, reference, reserve, reserveNumber, truth } from "./heap.js";
import { M } from "./memory.js";
import { addModule, elementsOfArray, moduleCount, newCode, newEntry, textBytes } from "./new-code.js";
import {
  ABSENT, addShapeFlags, ARRAY_WORDS, DATA, defineOwn, EXOTIC, findOrdinary, foundAt, foundAttributes, foundHolder, flushCache, FUNCTION_WORDS, functionPart, hasRealms, isIndexed, LENGTH,
  ACCESSOR_WORDS, materialise, newAccessor, newArray, newObject, NO_ROOM, objectWords, isProxy, prototypeOf, removeOwn, replacePrototype, resolve, root, rootShape, runningRealm, lexicalsAt, setFunctionPart, writable,
} from "./object.js";
import { newRealm, realmObject } from "./realm.js";
import { isCallable, strictEquals } from "./operators.js";
import { indexOfKey, materialiseAny } from "./property.js";
import { entryAddress, isCore } from "./shape.js";
import { numberText } from "./operators.js";
import { captureStack, debugField, DEBUG_SOURCE, frameFacts, iterableWords } from "./stack-trace.js";
import { findKey, flatten, internKey } from "./text.js";
import type { bool, f64, i32, u32 } from "./types.js";

/** The array index that a key (string or number) is, -1 if none, -2 if there is no room to flatten it. */
export function isIndexText(key: i32): f64 {
  if (isText(key)) {
    const flat = flatten(key);
    if (flat === Immediate.NONE) return -2;
    return indexOfKey(flat);
  }
  return indexOfKey(key);
}

/** Dispatches by number; `sp` is the address of the last argument. */
export function objectIntrinsic(number: i32, sp: i32): i32 {
  switch (number) {
    case Intrinsic.isObject: return truth(isObject(M[sp]));
    case Intrinsic.isCallable: return truth(isCallable(M[sp]));
    case Intrinsic.isConstructor: return truth(isConstructor(M[sp]));
    case Intrinsic.isArray: return truth(kindOf(M[sp]) === Cell.ARRAY);
    case Intrinsic.kind: return kindOf(M[sp]) << 1;
    case Intrinsic.brand: return kindOf(M[sp]) === Cell.RECORD ? M[(M[sp] >> 2) + Field.RECORD_BRAND] : 0;
    case Intrinsic.sameValue: return sameValue(M[sp + 1], M[sp], true);
    case Intrinsic.sameValueZero: return sameValue(M[sp + 1], M[sp], false);
    case Intrinsic.done: return Immediate.DONE;
    case Intrinsic.isDone: return truth(M[sp] === Immediate.DONE);
    case Intrinsic.hole: return Immediate.HOLE;
    case Intrinsic.isHole: return truth(M[sp] === Immediate.HOLE);
    case Intrinsic.newRecord: return newRecord(M[sp + 1], M[sp]);
    case Intrinsic.slot: return recordSlot(M[sp + 1], M[sp]);
    case Intrinsic.setSlot: return setRecordSlot(M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.newObject: return plainObject(M[sp]);
    case Intrinsic.getPrototype: return isProxy(M[sp]) ? meetProxy(ProxyAct.GET_PROTOTYPE) : isObject(M[sp]) ? prototypeOf(resolve(M[sp] >> 2)) : fault();
    case Intrinsic.setPrototype: return isProxy(M[sp + 1]) ? meetProxy(ProxyAct.SET_PROTOTYPE) : setPrototypeChecked(M[sp + 1], M[sp]);
    case Intrinsic.isExtensible: return isProxy(M[sp]) ? meetProxy(ProxyAct.IS_EXTENSIBLE) : isObject(M[sp]) ? truth((flagsOf(M[sp]) & ShapeFlag.NON_EXTENSIBLE) === 0) : fault();
    case Intrinsic.preventExtensions: return isProxy(M[sp]) ? meetProxy(ProxyAct.PREVENT_EXTENSIONS) : addFlags(M[sp], ShapeFlag.NON_EXTENSIBLE);
    case Intrinsic.getOwn: return isProxy(M[sp + 1]) ? meetProxy(ProxyAct.GET_OWN) : getOwn(M[sp + 1], M[sp], false);
    case Intrinsic.getOwnValue: return isProxy(M[sp + 1]) ? meetProxy(ProxyAct.GET_OWN_VALUE) : getOwn(M[sp + 1], M[sp], true);
    case Intrinsic.accessorGet: return kindOf(M[sp]) === Cell.ACCESSOR ? M[(M[sp] >> 2) + Field.ACCESSOR_GET] : fault();
    case Intrinsic.accessorSet: return kindOf(M[sp]) === Cell.ACCESSOR ? M[(M[sp] >> 2) + Field.ACCESSOR_SET] : fault();
    case Intrinsic.define: return define(M[sp + 3], M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.defineAccessor: return defineAccessor(sp);
    case Intrinsic.deleteOwn: return deleteOwn(M[sp + 1], M[sp]);
    case Intrinsic.ownKeys: return isProxy(M[sp]) ? meetProxy(ProxyAct.OWN_KEYS) : ownKeys(M[sp], true);
    case Intrinsic.elementKeys: return ownKeys(M[sp], false);
    case Intrinsic.setExotic: return addFlags(M[sp], ShapeFlag.EXOTIC);
    case Intrinsic.isExotic: return isObject(M[sp]) ? truth((flagsOf(M[sp]) & ShapeFlag.EXOTIC) !== 0) : Immediate.FALSE;
    case Intrinsic.freezeElements: return sparseElements(M[sp]);
    case Intrinsic.newArray: return arrayOfHoles(M[sp]);
    case Intrinsic.push: return pushElement(M[sp + 1], M[sp]);
    case Intrinsic.pop: return popElement(M[sp]);
    case Intrinsic.elementAt: return elementAt(M[sp + 1], M[sp]);
    case Intrinsic.setElement: return setElement(M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.isDense: return truth(isDense(M[sp]));
    case Intrinsic.setLength: return setArrayLength(M[sp + 1], M[sp]);
    case Intrinsic.arrayMove: return arrayMove(M[sp + 3], M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.arraySlice: return arraySlice(M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.arrayFill: return arrayFill(M[sp + 3], M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.arrayIndexOf: return arrayIndexOf(M[sp + 3], M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.arrayConcat: return arrayConcat(M[sp + 1], M[sp]);
    case Intrinsic.arrayReverse: return arrayReverse(M[sp]);
    case Intrinsic.functionInfo: return functionInfo(M[sp + 1], M[sp]);
    case Intrinsic.setFunctionName: return define(M[sp + 1], root(Root.NAME_name), M[sp], Attribute.CONFIGURABLE << 1);
    case Intrinsic.newBound: return newBound(M[sp + 3], M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.captureStack: return captureStack(M[sp]);
    case Intrinsic.iterableWords: return iterableWords(M[sp + 1], M[sp]);
    case Intrinsic.frameFacts: return frameFacts(M[sp + 1], M[sp]);
    case Intrinsic.coroutineState: return recordSlot(M[sp], 1 << 1);
    case Intrinsic.setCoroutineState: return setRecordSlot(M[sp + 1], 1 << 1, M[sp]);
    case Intrinsic.newClosure: return newClosure(M[sp + 1], M[sp]);
    case Intrinsic.state: return hasRealms() && isOwnState(M[sp]) ? M[lexicalsAt()] : listGet(M[Reg.STATE], M[sp]);
    case Intrinsic.setState: return hasRealms() && isOwnState(M[sp + 1]) ? setOwnState(M[sp]) : listSet(M[Reg.STATE], M[sp + 1], M[sp]);
    case Intrinsic.takeInbox: return takeInbox();
    case Intrinsic.root: return setRoot(M[sp + 1], M[sp]);
    case Intrinsic.rootValue: return (M[sp] & 1) === 0 && M[sp] >= 0 && M[sp] >> 1 < ROOT_COUNT ? root(M[sp] >> 1) : fault();
    case Intrinsic.modules: return M[Reg.MODULES];
    case Intrinsic.moduleVariable: return moduleVariable(M[sp + 1], M[sp], Immediate.NONE);
    case Intrinsic.setModuleVariable: return moduleVariable(M[sp + 2], M[sp + 1], M[sp]);
    case Intrinsic.overlay: return isObject(M[sp]) ? reference(resolve(M[sp] >> 2)) : fault();
    case Intrinsic.freezeCore: return M[sp];
    case Intrinsic.newCode: return newCode(M[sp]);
    case Intrinsic.elements: return elementsOfArray(M[sp]);
    case Intrinsic.textBytes: return textBytes(M[sp]);
    case Intrinsic.newEntry: return newEntry(M[sp + 1], M[sp]);
    case Intrinsic.moduleCount: return moduleCount() << 1;
    case Intrinsic.addModule: return addModule(M[sp]);
    case Intrinsic.lexicalsChanged: return forgetLexicals();
    case Intrinsic.isProxy: return truth(isProxy(M[sp]));
    case Intrinsic.isArrayObject: return isArrayObject(M[sp]);
    case Intrinsic.propertyCount: return isObject(M[sp]) ? M[(M[resolve(M[sp] >> 2) + 1] >> 2) + Field.SHAPE_COUNT] << 1 : fault();
    case Intrinsic.setHome: return setHome(M[sp + 1], M[sp]);
    case Intrinsic.newRealm: return newRealm();
    case Intrinsic.realmObject: return hasRealms() ? realmObject(M[sp + 1], M[sp]) : M[sp + 1];
  }
  return dataIntrinsic(number, sp);
}

/** What the cache holds of the global object may be hidden behind a name now. */
function forgetLexicals(): i32 {
  flushCache();
  return Immediate.UNDEFINED;
}
function flagsOf(object: i32): i32 { return M[(M[resolve(object >> 2) + 1] >> 2) + Field.SHAPE_FLAGS] & 255; }
/** A small, non-negative integer operand, or -1. */
function small(word: i32): i32 { return (word & 1) === 0 && word >= 0 ? word >> 1 : -1; }

/** Can the value be the target of a construct? */
export function isConstructor(word: i32): bool {
  const kind = kindOf(word);
  if (kind === Cell.FUNCTION) return (codeFlags(codeOf(word)) & CodeFlag.CONSTRUCTOR) !== 0;
  if (isProxy(word)) return isConstructorProxy(word);
  if (kind !== Cell.RECORD || M[(word >> 2) + Field.RECORD_BRAND] >> 1 !== Brand.BOUND_FUNCTION) return false;
  const target: i32 = M[(word >> 2) + Field.RECORD_TAIL];
  if (isProxy(target)) return isConstructorProxy(target);
  return kindOf(target) === Cell.FUNCTION && (codeFlags(codeOf(target)) & CodeFlag.CONSTRUCTOR) !== 0;
}
function isConstructorProxy(proxy: i32): bool { return M[(proxy >> 2) + Field.RECORD_TAIL + Slot.PROXY_CALLS] === ProxyCalls.CONSTRUCTOR << 1; }
function isArrayObject(value: i32): i32 {
  let word: i32 = value;
  let count: i32 = 0;
  while (isProxy(word)) {
    word = M[(word >> 2) + Field.RECORD_TAIL + Slot.PROXY_TARGET];
    count++;
  }
  charge(count >> 6);
  if (word === Immediate.NULL && word !== value) return meetProxy(ProxyAct.IS_ARRAY);
  return truth(kindOf(word) === Cell.ARRAY);
}
function sameValue(a: i32, b: i32, zeroSigned: bool): i32 {
  if (isNumber(a) && isNumber(b)) {
    const x: f64 = numberValue(a);
    const y: f64 = numberValue(b);
    if (x !== x) return truth(y !== y);
    if (x === 0 && y === 0 && zeroSigned) return truth(1 / x === 1 / y);
    return truth(x === y);
  }
  const equal = strictEquals(a, b);
  return equal < 0 ? Immediate.NONE : truth(equal !== 0);
}

// Records

function newRecord(brand: i32, prototype: i32): i32 {
  const number = small(brand);
  if (number < 0 || number >= brandSlots.length) return fault();
  if (!isObject(prototype) && prototype !== Immediate.NULL) return fault();
  const count: i32 = brandSlots[number];
  const shape = rootShape(prototype, Cell.RECORD, 0);
  if (shape === 0 || !reserve(Field.RECORD_TAIL + count + 1)) return Immediate.NONE;
  const record = allocate(Cell.RECORD, Field.RECORD_TAIL + count);
  M[record + 1] = reference(shape);
  M[record + 2] = Immediate.UNDEFINED;
  M[record + Field.RECORD_BRAND] = brand;
  fillWords(record + Field.RECORD_TAIL, Immediate.UNDEFINED, count);
  return reference(record);
}
/** Address of an internal slot, or 0. */
function slotAt(record: i32, index: i32): i32 {
  const i = small(index);
  if (kindOf(record) !== Cell.RECORD || i < 0) return 0;
  // By the brand, not by the cell's size: behind an odd number of slots there is a padding word.
  return i < brandSlots[M[(record >> 2) + Field.RECORD_BRAND] >> 1] ? (record >> 2) + Field.RECORD_TAIL + i : 0;
}
function recordSlot(record: i32, index: i32): i32 {
  const at = slotAt(record, index);
  return at === 0 ? fault() : M[at];
}
function setRecordSlot(record: i32, index: i32, value: i32): i32 {
  const at = slotAt(record, index);
  if (at === 0) return fault();
  M[at] = value;
  return value;
}

// Ordinary objects

function plainObject(prototype: i32): i32 {
  if (!isObject(prototype) && prototype !== Immediate.NULL) return fault();
  const shape: i32 = prototype === root(Root.ObjectPrototype) ? root(Root.SHAPE_object0) >> 2 : rootShape(prototype, Cell.OBJECT, 0);
  if (shape === 0 || !reserve(objectWords(0))) return Immediate.NONE;
  const object = newObject(shape);
  return reference(object);
}
function setPrototypeChecked(object: i32, prototype: i32): i32 {
  if (!isObject(object) || (!isObject(prototype) && prototype !== Immediate.NULL)) return fault();
  const address = resolve(object >> 2);
  if (prototypeOf(address) === prototype) return Immediate.TRUE;
  if ((flagsOf(object) & ShapeFlag.NON_EXTENSIBLE) !== 0) return Immediate.FALSE;
  let walk: i32 = prototype;
  while ((walk & 3) === 1) {
    if (walk === object) return Immediate.FALSE;
    const link = resolve(walk >> 2);
    if ((M[(M[link + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0) break;
    walk = prototypeOf(link);
  }
  const own = writable(address);
  if (own === 0) return Immediate.NONE;
  if (!materialiseAny(own)) return Immediate.NONE;
  const replaced = replacePrototype(own, prototype);
  return replaced ? Immediate.TRUE : Immediate.NONE;
}
function addFlags(object: i32, flags: i32): i32 {
  if (!isObject(object)) return fault();
  const own = writable(object >> 2);
  if (own === 0) return Immediate.NONE;
  const done = addShapeFlags(own, flags);
  return done ? Immediate.TRUE : Immediate.NONE;
}
/** Finds an own property by any key: the answers of object.ts, -1 if room is missing, -2 for a fault. */
function findAny(address: i32, key: i32): i32 {
  const index = isIndexText(key);
  if (index === -2) return -1;
  if (index >= 0) {
    if (isIndexed(address)) return index < typedLength(address) ? EXOTIC : ABSENT;
    return findElement(address, index >>> 0);
  }
  let name: i32 = key;
  if (isText(key)) name = findKey(key);
  else if (isNumber(key)) return ABSENT;
  else if (kindOf(key) !== Cell.SYMBOL) return -2;
  if (name === 0) return ABSENT;
  return findOrdinary(address, name);
}
function getOwn(object: i32, key: i32, wantsValue: bool): i32 {
  if (!isObject(object)) return fault();
  const address = resolve(object >> 2);
  const answer = findAny(address, key);
  switch (answer) {
    case -1: return Immediate.NONE;
    case -2: return fault();
    case NO_ROOM: return Immediate.NONE;
    case ABSENT: return wantsValue ? Immediate.UNDEFINED : -1 << 1;
    case EXOTIC: {
      // An element of a typed array.
      if (!wantsValue) return Attribute.ALL << 1;
      const index = indexOfKey(key);
      return typedGet(address, index | 0);
    }
    case LENGTH: {
      if (!wantsValue) return foundAttributes << 1;
      const length: u32 = M[foundHolder + Field.ARRAY_LENGTH] >>> 0;
      if (length <= SMALL_MAX) return length << 1;
      if (!reserveNumber()) return Immediate.NONE;
      return numberWord(length);
    }
  }
  return wantsValue ? M[foundAt] : foundAttributes << 1;
}
function define(object: i32, key: i32, value: i32, attributes: i32): i32 {
  const bits = small(attributes);
  if (!isObject(object) || bits < 0 || bits > 15 || ((bits & Attribute.ACCESSOR) !== 0 && kindOf(value) !== Cell.ACCESSOR)) return fault();
  const index = isIndexText(key);
  if (index === -2) return Immediate.NONE;
  let name: i32 = key;
  if (index < 0 && isText(key)) {
    name = internKey(key);
    if (name === Immediate.NONE) return Immediate.NONE;
  } else if (index < 0 && kindOf(key) !== Cell.SYMBOL) {
    return fault();
  }
  const own = writable(object >> 2);
  if (own === 0) return Immediate.NONE;
  if (index >= 0) {
    if (isIndexed(own)) return fault();
    const placed = defineElement(own, index >>> 0, value, bits);
    return placed ? Immediate.TRUE : Immediate.NONE;
  }
  if ((M[own] & 255) === Cell.ARRAY && name === root(Root.NAME_length)) {
    if ((bits & Attribute.WRITABLE) !== 0) return Immediate.TRUE;
    const locked = lockLength(own);
    return locked ? Immediate.TRUE : Immediate.NONE;
  }
  const defined = defineOwn(own, name, value, bits);
  return defined ? Immediate.TRUE : Immediate.NONE;
}
/**
 * defineAccessor(object, key, get, set, attributes). The accessor takes the place of `get` on the stack: what is defined
 * is whole at once, and where room for the property is missing the accessor is there already when this runs again.
 */
function defineAccessor(sp: i32): i32 {
  const attributes = small(M[sp]);
  if (attributes < 0) return fault();
  const bits: i32 = (attributes & (Attribute.ENUMERABLE | Attribute.CONFIGURABLE)) | Attribute.ACCESSOR;
  if (kindOf(M[sp + 2]) !== Cell.ACCESSOR) {
    if (!reserve(ACCESSOR_WORDS)) return Immediate.NONE;
    const accessor = newAccessor(M[sp + 2], M[sp + 1]);
    M[sp + 2] = accessor;
  }
  return define(M[sp + 4], M[sp + 3], M[sp + 2], bits << 1);
}
function deleteOwn(object: i32, key: i32): i32 {
  if (!isObject(object)) return fault();
  const index = isIndexText(key);
  if (index === -2) return Immediate.NONE;
  const name: i32 = index < 0 && isText(key) ? findKey(key) : key;
  if (name === 0) return Immediate.FALSE;
  if (index < 0 && !isText(key) && kindOf(key) !== Cell.SYMBOL) return fault();
  const own = writable(object >> 2);
  if (own === 0 || !materialiseAny(own)) return Immediate.NONE;
  const answer = index >= 0 ? removeElement(own, index >>> 0) : removeOwn(own, name);
  if (answer === NO_ROOM) return Immediate.NONE;
  return truth(answer === DATA);
}
function sparseElements(object: i32): i32 {
  if (!isObject(object)) return fault();
  const own = writable(object >> 2);
  if (own === 0 || !makeSparse(own)) return Immediate.NONE;
  return Immediate.UNDEFINED;
}

/** Array of own keys: indices as strings, then (if `all`) strings, symbols. Source: ECMA-262 §10.1.11. */
function ownKeys(object: i32, all: bool): i32 {
  if (!isObject(object)) return fault();
  const address = resolve(object >> 2);
  const shape: i32 = M[address + 1] >> 2;
  const elements = elementsOf(address);
  const typed: bool = isIndexed(address);
  let most: i32 = typed ? typedLength(address) : 0;
  if ((elements & 3) === 1) {
    most = (M[elements >> 2] & 255) === Cell.ELEMENTS ? capacityOf(elements >> 2) : M[(elements >> 2) + Field.SPARSE_USED];
  }
  const count: i32 = all ? M[shape + Field.SHAPE_COUNT] + 1 : 0;
  // An index string is at most 10 units: 6 words.
  if (!reserve(ARRAY_WORDS + elementsWords(most + count) + most * 6 + NUMBER_WORDS)) return Immediate.NONE;
  charge((most + count) >> 2);
  const list = newElements(most + count);
  let length: i32 = 0;
  if (typed || ((elements & 3) === 1 && (M[elements >> 2] & 255) === Cell.ELEMENTS)) {
    for (let i: i32 = 0; i < most; i++) {
      if (typed || M[(elements >> 2) + FIRST_ELEMENT + i] !== Immediate.HOLE) {
        const text = numberText(i);
        M[list + FIRST_ELEMENT + length] = text;
        length++;
      }
    }
  } else if (most > 0) {
    length = sparseKeys(elements >> 2, list);
  }
  if (all) {
    if ((M[address] & 255) === Cell.ARRAY) M[list + FIRST_ELEMENT + length++] = root(Root.NAME_length);
    length = shapeKeys(shape, list, length, false);
    length = shapeKeys(shape, list, length, true);
  }
  const array = newArray(reference(list), length);
  return reference(array);
}
/** Puts the sparse elements' indices into `list`, ascending: how many. */
function sparseKeys(sparse: i32, list: i32): i32 {
  const used: i32 = M[sparse + Field.SPARSE_USED];
  let length: i32 = 0;
  let below: f64 = -1;
  for (;;) {
    let best: f64 = 4294967296;
    for (let i: i32 = 0; i < used; i++) {
      const entry: i32 = sparseEntry(sparse, i);
      if (M[entry] !== Immediate.DELETED) {
        const index = sparseEntryIndex(entry);
        if (index > below && index < best) best = index;
      }
    }
    charge(used >> 2);
    if (best === 4294967296) return length;
    const text = numberText(best);
    M[list + FIRST_ELEMENT + length] = text;
    length++;
    below = best;
  }
}
/** Puts a shape's keys (strings or symbols, no private names) into `list` from `length` on: the new length. */
function shapeKeys(shape: i32, list: i32, length: i32, symbols: bool): i32 {
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  const table: i32 = M[shape + Field.SHAPE_TABLE] >> 2;
  let to: i32 = length;
  for (let i: i32 = 0; i < count; i++) {
    const key: i32 = M[entryAddress(table, i)];
    if (key === Immediate.DELETED) continue;
    const isSymbolKey: bool = kindOf(key) === Cell.SYMBOL;
    if (isSymbolKey !== symbols) continue;
    if (isSymbolKey && (M[(key >> 2) + Field.SYMBOL_FLAGS] & 3) !== 0) continue;
    M[list + FIRST_ELEMENT + to] = key;
    to++;
  }
  return to;
}

// Arrays

function arrayOfHoles(length: i32): i32 {
  if (!isNumber(length)) return fault();
  const count: f64 = numberValue(length);
  if (count < 0 || count > 4294967295) return fault();
  const dense: bool = count <= 0x2000000;
  if (!reserve(ARRAY_WORDS + (dense ? elementsWords(count | 0) : 0))) return Immediate.NONE;
  let elements: i32 = Immediate.UNDEFINED;
  if (dense && count > 0) {
    const cell = newElements(count | 0);
    elements = reference(cell);
    charge((count | 0) >> 6);
  }
  const array = newArray(elements, (count >>> 0) | 0);
  return reference(array);
}
function pushElement(array: i32, value: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY) return fault();
  const address: i32 = array >> 2;
  const length: u32 = M[address + Field.ARRAY_LENGTH] >>> 0;
  const placed = defineElement(address, length, value, Attribute.ALL);
  if (!placed) return Immediate.NONE;
  return ((length + 1) << 1) | 0;
}
/** Address of a dense array's element, 0 if there is none there. */
function denseAt(array: i32, index: i32): i32 {
  const elements: i32 = M[array + Field.ARRAY_ELEMENTS];
  if ((elements & 3) !== 1) return 0;
  const cell: i32 = elements >> 2;
  if ((M[cell] & 255) !== Cell.ELEMENTS || index < 0 || index >= capacityOf(cell)) return 0;
  return cell + FIRST_ELEMENT + index;
}
function popElement(array: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY) return fault();
  const address: i32 = array >> 2;
  const length: i32 = M[address + Field.ARRAY_LENGTH];
  if (length === 0) return Immediate.UNDEFINED;
  const at = denseAt(address, length - 1);
  if (at === 0) {
    cutArray(address, (length - 1) >>> 0);
    return Immediate.UNDEFINED;
  }
  if (isCore(at)) return fault();
  const value: i32 = M[at];
  M[at] = Immediate.HOLE;
  M[address + Field.ARRAY_LENGTH] = length - 1;
  return value === Immediate.HOLE ? Immediate.UNDEFINED : value;
}
function elementAt(array: i32, index: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY || !isNumber(index)) return fault();
  const i: f64 = numberValue(index);
  if (i < 0 || i > 4294967294) return Immediate.UNDEFINED;
  const answer = findElement(array >> 2, i >>> 0);
  return answer === DATA ? M[foundAt] : Immediate.UNDEFINED;
}
function setElement(array: i32, index: i32, value: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY || !isNumber(index)) return fault();
  const i: f64 = numberValue(index);
  if (i < 0 || i > 4294967294) return fault();
  const placed = defineElement(array >> 2, i >>> 0, value, Attribute.ALL);
  return placed ? value : Immediate.NONE;
}
/** Is it an array whose elements are all present and plain, and would a missing one be missing on the prototypes too? */
export function isDense(array: i32): bool {
  if (kindOf(array) !== Cell.ARRAY) return false;
  const address: i32 = array >> 2;
  if (M[address + 1] !== root(Root.SHAPE_array) || M[Reg.PROTOTYPE_ELEMENTS] !== 0) return false;
  const length: i32 = M[address + Field.ARRAY_LENGTH];
  if (length === 0) return true;
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  if ((elements & 3) !== 1 || (M[elements >> 2] & 255) !== Cell.ELEMENTS || length < 0 || length > capacityOf(elements >> 2)) return false;
  const first: i32 = (elements >> 2) + FIRST_ELEMENT;
  for (let i: i32 = 0; i < length; i++) {
    if (M[first + i] === Immediate.HOLE) return false;
  }
  charge(length >> 6);
  return true;
}
function setArrayLength(array: i32, length: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY || !isNumber(length)) return fault();
  const count: f64 = numberValue(length);
  if (count < 0 || count > 4294967295) return fault();
  const own = writable(array >> 2);
  if (own === 0) return Immediate.NONE;
  if ((M[(M[own + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.INDEXED) !== 0) return truth((M[own + Field.ARRAY_LENGTH] >>> 0) === count);
  charge((M[own + Field.ARRAY_LENGTH] >>> 0) >>> 6);
  const whole = cutArray(own, count >>> 0);
  return truth(whole !== 0);
}
/** The same, and may they be written? An array of the core that a program changed may still have the core's elements. */
function writableWithin(array: i32, from: i32, count: i32): bool {
  return within(array, from, count) && (count === 0 || !isCore(M[(array >> 2) + Field.ARRAY_ELEMENTS] >> 2));
}
/** Do [from, from + count) lie within the array's dense elements? */
function within(array: i32, from: i32, count: i32): bool {
  if (kindOf(array) !== Cell.ARRAY || from < 0 || count < 0) return false;
  const address: i32 = array >> 2;
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  if (count === 0) return true;
  return (elements & 3) === 1 && (M[elements >> 2] & 255) === Cell.ELEMENTS && from + count <= capacityOf(elements >> 2);
}
function arrayMove(array: i32, to: i32, from: i32, count: i32): i32 {
  const words = small(count);
  if (!writableWithin(array, small(to), words) || !within(array, small(from), words)) return fault();
  const first: i32 = (M[(array >> 2) + Field.ARRAY_ELEMENTS] >> 2) + FIRST_ELEMENT;
  if (words > 0) moveWords(first + (to >> 1), first + (from >> 1), words);
  charge(words >> 6);
  return array;
}
function arraySlice(array: i32, from: i32, to: i32): i32 {
  const start = small(from);
  const end = small(to);
  const count: i32 = end > start ? end - start : 0;
  if (!within(array, start, count)) return fault();
  if (!reserve(ARRAY_WORDS + elementsWords(count))) return Immediate.NONE;
  let elements: i32 = Immediate.UNDEFINED;
  if (count > 0) {
    const cell = newElements(count);
    moveWords(cell + FIRST_ELEMENT, (M[(array >> 2) + Field.ARRAY_ELEMENTS] >> 2) + FIRST_ELEMENT + start, count);
    elements = reference(cell);
    charge(count >> 6);
  }
  const slice = newArray(elements, count);
  return reference(slice);
}
function arrayFill(array: i32, value: i32, from: i32, to: i32): i32 {
  const start = small(from);
  const count: i32 = small(to) - start;
  if (count <= 0) return array;
  if (!writableWithin(array, start, count)) return fault();
  fillWords((M[(array >> 2) + Field.ARRAY_ELEMENTS] >> 2) + FIRST_ELEMENT + start, value, count);
  charge(count >> 6);
  return array;
}
function arrayIndexOf(array: i32, value: i32, from: i32, mode: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY || small(from) < 0) return fault();
  const address: i32 = array >> 2;
  const length: i32 = M[address + Field.ARRAY_LENGTH];
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  if (length === 0) return -1 << 1;
  if (!within(array, 0, length)) return fault();
  const first: i32 = (elements >> 2) + FIRST_ELEMENT;
  if (mode === 2 << 1) {
    for (let i: i32 = from >> 1 < length ? from >> 1 : length - 1; i >= 0; i--) {
      const equal = strictEquals(M[first + i], value);
      if (equal < 0) return Immediate.NONE;
      if (equal !== 0) return searched(length, i);
    }
    return searched(length, -1);
  }
  const nan: bool = mode === 1 << 1 && isNumber(value) && numberValue(value) !== numberValue(value);
  for (let i: i32 = from >> 1; i < length; i++) {
    const element: i32 = M[first + i];
    if (nan) {
      if (isNumber(element) && numberValue(element) !== numberValue(element)) return searched(length, i);
    } else {
      const equal = strictEquals(element, value);
      if (equal < 0) return Immediate.NONE;
      if (equal !== 0) return searched(length, i);
    }
  }
  return searched(length, -1);
}
/** Charges for a search once it is over, so that one which had to wait for room is not charged twice. */
function searched(length: i32, index: i32): i32 {
  charge(length >> 4);
  return index << 1;
}
function arrayConcat(array: i32, other: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY || kindOf(other) !== Cell.ARRAY) return fault();
  const length: i32 = M[(array >> 2) + Field.ARRAY_LENGTH];
  const count: i32 = M[(other >> 2) + Field.ARRAY_LENGTH];
  if (count === 0) return array;
  if (length < 0 || !within(other, 0, count) || !within(array, 0, length)) return fault();
  const address: i32 = array >> 2;
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  const capacity: i32 = (elements & 3) === 1 ? capacityOf(elements >> 2) : 0;
  let cell: i32 = elements >> 2;
  if (length + count > capacity) {
    const grown: i32 = length + count + (length >> 1);
    if (!reserve(elementsWords(grown))) return Immediate.NONE;
    cell = newElements(grown);
    if (length > 0) moveWords(cell + FIRST_ELEMENT, (elements >> 2) + FIRST_ELEMENT, length);
    M[address + Field.ARRAY_ELEMENTS] = reference(cell);
  }
  moveWords(cell + FIRST_ELEMENT + length, (M[(other >> 2) + Field.ARRAY_ELEMENTS] >> 2) + FIRST_ELEMENT, count);
  M[address + Field.ARRAY_LENGTH] = length + count;
  charge(count >> 6);
  return array;
}
function arrayReverse(array: i32): i32 {
  if (kindOf(array) !== Cell.ARRAY) return fault();
  const length: i32 = M[(array >> 2) + Field.ARRAY_LENGTH];
  if (!writableWithin(array, 0, length)) return fault();
  if (length === 0) return array;
  let low: i32 = (M[(array >> 2) + Field.ARRAY_ELEMENTS] >> 2) + FIRST_ELEMENT;
  let high: i32 = low + length - 1;
  while (low < high) {
    const word: i32 = M[low];
    M[low] = M[high];
    M[high] = word;
    low++;
    high--;
  }
  charge(length >> 6);
  return array;
}

// Functions

function functionInfo(func: i32, what: i32): i32 {
  if (kindOf(func) !== Cell.FUNCTION) return what === 0 ? 0 : Immediate.UNDEFINED;
  const address: i32 = func >> 2;
  const code = codeOf(func);
  switch (what >> 1) {
    case 0: return codeFlags(code) << 1;
    case 1: return codeLength(code) << 1;
    case 2: return codeName(code);
    case 3: return debugField(code, DEBUG_SOURCE);
    case 4: return functionPart(address, FunctionPart.HOME);
    case 5: return functionPart(address, FunctionPart.SCOPE);
    case 6: return comparatorOrder(func) << 1;
  }
  return fault();
}
function setHome(func: i32, object: i32): i32 {
  if (kindOf(func) !== Cell.FUNCTION) return fault();
  return setFunctionPart(func >> 2, FunctionPart.HOME, object) ? func : fault();
}
function newBound(prototype: i32, target: i32, receiver: i32, list: i32): i32 {
  if (!isCallable(target) || kindOf(list) !== Cell.ARRAY) return fault();
  const record = newRecord(Brand.BOUND_FUNCTION << 1, prototype);
  if (record === Immediate.NONE) return record;
  M[(record >> 2) + Field.RECORD_TAIL] = target;
  M[(record >> 2) + Field.RECORD_TAIL + 1] = receiver;
  M[(record >> 2) + Field.RECORD_TAIL + 2] = list;
  return record;
}
function newClosure(func: i32, prototype: i32): i32 {
  if (kindOf(func) !== Cell.FUNCTION) return fault();
  const shape = rootShape(prototype, Cell.FUNCTION, 0);
  if (shape === 0 || !reserve(FUNCTION_WORDS)) return Immediate.NONE;
  const copy = allocate(Cell.FUNCTION, FUNCTION_WORDS);
  M[copy + 1] = reference(shape);
  M[copy + 2] = Immediate.UNDEFINED;
  M[copy + Field.FUNCTION_CODE] = M[(func >> 2) + Field.FUNCTION_CODE];
  for (let part: i32 = FunctionPart.SCOPE; part <= FunctionPart.FIELDS; part++) M[copy + part] = functionPart(func >> 2, part);
  if (hasRealms()) M[copy + FunctionPart.REALM] = runningRealm();
  return reference(copy);
}

// The program

function listGet(list: i32, index: i32): i32 {
  const i = small(index);
  if (kindOf(list) !== Cell.ELEMENTS || i < 0 || i >= capacityOf(list >> 2)) return fault();
  return M[(list >> 2) + FIRST_ELEMENT + i];
}
function listSet(list: i32, index: i32, value: i32): i32 {
  const i = small(index);
  if (kindOf(list) !== Cell.ELEMENTS || i < 0 || i >= capacityOf(list >> 2)) return fault();
  M[(list >> 2) + FIRST_ELEMENT + i] = value;
  return value;
}
/** Has the running realm that one of the core's variables for itself? */
function isOwnState(index: i32): bool { return index === State.LEXICALS << 1 && runningRealm() !== 0; }
function setOwnState(value: i32): i32 {
  M[lexicalsAt()] = value;
  return value;
}
function takeInbox(): i32 {
  const inbox: i32 = M[Reg.INBOX];
  M[Reg.INBOX] = Immediate.UNDEFINED;
  return inbox;
}
function setRoot(number: i32, value: i32): i32 {
  const i = small(number);
  if (i < 0 || i >= ROOT_COUNT || !buildingCore()) return fault();
  M[ROOTS + i] = value;
  return value;
}
/** Is the core being built? Then its roots lie in the heap that grows from the first word on. */
function buildingCore(): bool { return M[Reg.HEAP_TOP] < Reg.PC; }
/** Variable of a module's top-level scope; stores `value` unless it is NONE. */
function moduleVariable(module: i32, index: i32, value: i32): i32 {
  const modules: i32 = M[Reg.MODULES];
  const m = small(module);
  const i = small(index);
  if (kindOf(modules) !== Cell.ELEMENTS || m < 0 || i < 0 || m >= capacityOf(modules >> 2)) return fault();
  const scope: i32 = M[(modules >> 2) + FIRST_ELEMENT + m];
  if (kindOf(scope) !== Cell.SCOPE || Field.SCOPE_TAIL + i >= (M[scope >> 2] >>> 8) << 1) return fault();
  const at: i32 = (scope >> 2) + Field.SCOPE_TAIL + i;
  if (value !== Immediate.NONE) M[at] = value;
  return M[at];
}
/** Materialises a function's own properties: for `ownKeys` and the like on it. */
export function settle(address: i32): bool { return (M[address] & 255) !== Cell.FUNCTION || materialise(address); }
