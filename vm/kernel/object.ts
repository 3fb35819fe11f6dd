// Objects: own properties, the prototype chain, the property cache, overlays over the core. Everything here works on
// ordinary objects, arrays, functions and records; where an exotic object stands in the way the answer is EXOTIC and the
// interpreter calls the core. Nothing here calls user code: an accessor is an answer, not a call.
//
// Where property i of a shape lies:   i < inline slots   word OBJECT_TAIL + i of the object (cells OBJECT only)
//                                     otherwise          word SLOTS_TAIL + i - inline slots of the object's SLOTS cell
//
// The property cache C, beside the memory, remembers for (shape, key) where the value was found. It changes neither
// steps nor allocations. Each of its entries: shape word, key word, offset, base. base 0: the value is in the receiver at
// that offset; 1: in the receiver's SLOTS; otherwise base is the address of the cell that has it at that offset.
// Objects that others have as prototype, and overlays, carry the flag PROTOTYPE: whatever changes their form flushes the
// cache. Shapes of dictionaries (UNIQUE without PROTOTYPE) and LAZY ones are never cached for own properties.

import { Brand, ElementType } from "../format/brands.js";
import { Attribute, Cell, Field, FunctionPart, ShapeFlag } from "../format/cells.js";
import { CodeFlag } from "../format/frame.js";
import { Reg, State } from "../format/registers.js";
import { ROOTS, Root } from "../format/roots.js";
import { CORE_WORDS, Immediate } from "../format/words.js";
import { codeFlags, codeLength, codeName, codeNameAt } from "./code.js";
import { allocate, cellSize, fault, fillWords, kindOf, nextSerial, reference, reserve } from "./heap.js";
import { B, C, M } from "./memory.js";
import { capacityOf, FIRST_ELEMENT } from "./elements.js";
import {
  addTransition, appendEntry, attributesAt, childRoom, childShape, copyPropertyTable, entryAddress, findProperty, findRootShape,
  findTransition, lineCapacity, isCore, LINE_MAX, newShape, SHAPE_WORDS, shapeInline, tableWords, transitionRoom, uniqueRoom, uniqueShape,
} from "./shape.js";
import { newTable, setEntry, tableGet } from "./table.js";
import type { bool, i32 } from "./types.js";

/** Answers of the lookups. */
export const ABSENT = 0, DATA = 1, ACCESSOR = 2, EXOTIC = 3, LENGTH = 4, NO_ROOM = 5;

/** Where the last lookup found the value, its attributes, and the object it was in. */
export let foundAt: i32 = 0;
export let foundAttributes: i32 = 0;
export let foundHolder: i32 = 0;

/** Records where a value lies, for the lookups of elements.ts. */
export function setFound(at: i32, attributes: i32, holder: i32): void {
  foundAt = at;
  foundAttributes = attributes;
  foundHolder = holder;
}

/** Words of the property cache: entries of four words, a power of two of them. */
const CACHE_PLACES = 16384;
/** Behind the places: how often the cache was emptied, for who keeps something as long as the cache would. */
export const CACHE_FLUSHES: i32 = CACHE_PLACES;
export const CACHE_WORDS = CACHE_PLACES + 4;

/** Forgets all that the property cache knows. */
export function flushCache(): void {
  for (let i: i32 = 0; i < CACHE_PLACES; i += 4) C[i] = 0;
  C[CACHE_FLUSHES] = (C[CACHE_FLUSHES] + 1) | 0;
}
/** Place in the cache for a shape and a key (words). */
/** @inline */
export function cachePlace(shape: i32, key: i32): i32 { return (((shape >> 3) ^ (key >> 1)) << 2) & 16380; }

/** How far the roots of the running realm (realm.ts) lie behind those of the core, which are the first realm's; a step sets it. */
let rootsDistance: i32 = 0;
/** @inline */
function realmDistance(): i32 { return rootsDistance; }
/** Has the program made a further realm? */
/** @inline */
export function hasRealms(): bool { return M[Reg.REALMS] !== 0; }
/** Where the roots of a function's realm begin. */
export function rootsOf(func: i32): i32 {
  const realm = functionPart(func, FunctionPart.REALM);
  return (realm & 3) === 1 ? (realm >> 2) + Field.REALM_TAIL : ROOTS;
}
/** What runs from now on is of the realm whose roots begin there. */
export function enterRoots(roots: i32): void { rootsDistance = roots - ROOTS; }
/** Where the roots of the running realm begin. */
export function runningRoots(): i32 { return ROOTS + realmDistance(); }
/** The running realm, as functions have it: 0 for the first. */
export function runningRealm(): i32 { return realmDistance() === 0 ? 0 : reference(ROOTS + realmDistance() - Field.REALM_TAIL); }

/** A root of the core, in the running realm. */
/** @inline */
export function root(number: i32): i32 { return M[ROOTS + realmDistance() + number]; }

/** The cell that stands for the object at `address` now: its overlay if it is a core object that the program changed. */
export function resolve(address: i32): i32 {
  if (address >= CORE_WORDS || M[Reg.OVERLAYS] === Immediate.UNDEFINED) return address;
  const overlay = tableGet(M[Reg.OVERLAYS], reference(address));
  return overlay === Immediate.UNDEFINED ? address : overlay >> 2;
}

/** @inline */
export function shapeOf(address: i32): i32 { return M[address + 1] >> 2; }
/** The prototype (reference or null) of the object at `address` (resolved). */
/** @inline */
export function prototypeOf(address: i32): i32 { return M[(M[address + 1] >> 2) + Field.SHAPE_PROTOTYPE]; }

/** The object's serial, given on first need. */
export function objectSerial(address: i32): i32 {
  const slots: i32 = M[address + 2];
  if ((slots & 1) === 0) return slots >> 1;
  if ((slots & 3) === 1) {
    const slotsAddress: i32 = slots >> 2;
    if (M[slotsAddress + Field.SLOTS_SERIAL] === Immediate.UNDEFINED) {
      const serial = nextSerial();
      M[slotsAddress + Field.SLOTS_SERIAL] = serial << 1;
    }
    return M[slotsAddress + Field.SLOTS_SERIAL] >> 1;
  }
  const fresh = nextSerial();
  M[address + 2] = fresh << 1;
  return fresh;
}

/** Words in front of the properties of a SLOTS cell. */
const SLOTS_HEAD = 3;
/** Number of properties a SLOTS cell can hold. */
function slotsCapacity(slots: i32): i32 {
  return (slots & 3) === 1 ? ((M[slots >> 2] >>> 8) << 1) - SLOTS_HEAD : 0;
}
/** Words for a SLOTS cell with room for property `index` (counted behind the inline ones), 0 if it has it already. */
function slotsRoom(slots: i32, index: i32): i32 {
  const capacity = slotsCapacity(slots);
  if (index < capacity) return 0;
  return grownSlots(capacity, index);
}
function grownSlots(capacity: i32, index: i32): i32 {
  let words: i32 = SLOTS_HEAD + 1;
  while (words - SLOTS_HEAD <= index || words - SLOTS_HEAD <= capacity) words = words * 2 - 2;
  return (words + 1) & -2;
}
/** Gives the object a SLOTS cell of `words` words, with what it had (room reserved). */
function replaceSlots(address: i32, words: i32): void {
  const old: i32 = M[address + 2];
  const fresh = allocate(Cell.SLOTS, words);
  const size: i32 = (words + 1) & -2;
  let copied: i32 = 1;
  if ((old & 3) === 1) {
    const oldSize: i32 = (M[old >> 2] >>> 8) << 1;
    for (let i: i32 = 1; i < oldSize; i++) M[fresh + i] = M[(old >> 2) + i];
    copied = oldSize;
  } else {
    M[fresh + Field.SLOTS_SERIAL] = old;
    M[fresh + Field.SLOTS_ELEMENTS] = Immediate.UNDEFINED;
    copied = SLOTS_HEAD;
  }
  for (let i: i32 = copied; i < size; i++) M[fresh + i] = Immediate.UNDEFINED;
  M[address + 2] = reference(fresh);
}
/** Address of the word that holds property `index` of the object at `address`. */
export function slotAddress(address: i32, shape: i32, index: i32): i32 {
  const inline = shapeInline(shape);
  if (index < inline) return address + Field.OBJECT_TAIL + index;
  return (M[address + 2] >> 2) + SLOTS_HEAD + index - inline;
}

/** Looks for an own property; `key` is an interned string or a symbol, `address` resolved. Sets foundAt, foundAttributes, foundHolder. */
export function findOwn(address: i32, key: i32): i32 {
  foundHolder = address;
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0 && !(isTextObject(address) && key !== M[ROOTS + Root.NAME_length])) return EXOTIC;
  const answer = findOrdinary(address, key);
  return answer === ABSENT && isIndexed(address) && seemsNumeric(key) ? EXOTIC : answer;
}
/** May the key be a number's text, like 1.5, -0 or NaN? To typed arrays these name no ordinary properties, which is for the core to decide. */
function seemsNumeric(key: i32): bool {
  if (kindOf(key) !== Cell.KEY) return false;
  const first: i32 = B[((key >> 2) + Field.KEY_TAIL) << 2];
  return (first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x49 || first === 0x4e;
}
/** Is it a typed array, whose indices are its elements? (A DataView is such a cell too, but an ordinary object.) */
export function isIndexed(address: i32): bool {
  return (M[address] & 255) === Cell.TYPED_ARRAY && M[address + Field.TYPED_ARRAY_TYPE] !== ElementType.DATA_VIEW;
}
/** Is it a String object (String.prototype among them)? Only its length and indices are exotic. */
export function isTextObject(address: i32): bool {
  return (M[address] & 255) === Cell.RECORD && M[address + Field.RECORD_BRAND] >> 1 === Brand.STRING;
}
/** Is the value a proxy? */
export function isProxy(word: i32): bool { return kindOf(word) === Cell.RECORD && M[(word >> 2) + Field.RECORD_BRAND] >> 1 === Brand.PROXY; }
/** findOwn that looks behind the flag EXOTIC: at the ordinary properties of an exotic object. */
export function findOrdinary(address: i32, key: i32): i32 {
  const shape: i32 = M[address + 1] >> 2;
  foundHolder = address;
  if ((M[address] & 255) === Cell.ARRAY && key === M[ROOTS + Root.NAME_length]) {
    foundAttributes = (M[shape + Field.SHAPE_FLAGS] & ShapeFlag.INDEXED) !== 0 ? 0 : Attribute.WRITABLE;
    return LENGTH;
  }
  const index = findProperty(shape, key);
  if (index < 0) return ABSENT;
  if ((M[shape + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) !== 0) {
    foundAttributes = attributesAt(shape, index);
    const code: i32 = M[address + Field.FUNCTION_CODE] >> 2;
    if (index === 0) {
      M[Reg.LENGTH] = codeLength(code) << 1;
      foundAt = Reg.LENGTH;
      return DATA;
    }
    if (index === 1) { foundAt = codeNameAt(code); return DATA; }
    if (!materialise(address)) return NO_ROOM;
    return findOwnAgain(address, key);
  }
  foundAttributes = attributesAt(shape, index);
  foundAt = slotAddress(address, shape, index);
  return (foundAttributes & Attribute.ACCESSOR) !== 0 ? ACCESSOR : DATA;
}
/** findOwn of a function that was just materialised. */
function findOwnAgain(address: i32, key: i32): i32 {
  const shape: i32 = M[address + 1] >> 2;
  const index = findProperty(shape, key);
  foundAttributes = attributesAt(shape, index);
  foundAt = slotAddress(address, shape, index);
  return DATA;
}

/** Where a further realm that runs has its own State.LEXICALS. */
export function lexicalsAt(): i32 { return ROOTS + realmDistance() - Field.REALM_TAIL + Field.REALM_LEXICALS; }
/**
 * What a script has declared with let, const or class under that name: (module << 17 | variable << 1 | 1 if it is
 * constant) + 1; 0 if nothing. Such a name goes before a property of the global object.
 */
export function lexicalOf(key: i32): i32 {
  const state: i32 = M[Reg.STATE];
  if (kindOf(state) !== Cell.ELEMENTS || capacityOf(state >> 2) <= State.LEXICALS) return 0;
  const table: i32 = M[realmDistance() !== 0 ? lexicalsAt() : (state >> 2) + FIRST_ELEMENT + State.LEXICALS];
  if (kindOf(table) !== Cell.TABLE) return 0;
  const place = tableGet(table, key);
  return (place & 1) === 0 && place >= 0 ? (place >> 1) + 1 : 0;
}

/** Looks along the prototype chain from `start` (resolved or not). Fills the cache for `receiverShape` where that is allowed (0: not). */
export function findInChain(start: i32, key: i32): i32 {
  let address: i32 = resolve(start);
  const first: i32 = address;
  const receiverShape: i32 = M[start + 1];
  for (;;) {
    const answer = findOwn(address, key);
    if (answer !== ABSENT) {
      if (answer === DATA) remember(start, first, address, receiverShape, key);
      return answer;
    }
    const prototype = prototypeOf(address);
    if ((prototype & 3) !== 1) return ABSENT;
    address = resolve(prototype >> 2);
  }
}
/**
 * Is it a shape of the core that objects share, one of which has an overlay? The cache goes by the core cell's shape, which
 * then says nothing of where a property lies: functions of the core have one LAZY shape, until they are changed.
 */
function isSharedOverlaid(shape: i32, flags: i32): bool {
  if ((flags & ShapeFlag.UNIQUE) !== 0 || !isCore(shape >> 2) || M[Reg.OVERLAYS] === Immediate.UNDEFINED) return false;
  const table: i32 = M[Reg.OVERLAYS] >> 2;
  for (let i: i32 = 0; i < M[table + Field.TABLE_USED]; i++) {
    if (M[(M[table + Field.TABLE_TAIL + i * 2] >> 2) + 1] === shape) return true;
  }
  return false;
}
/** Enters what findInChain found into the cache. */
function remember(start: i32, first: i32, holder: i32, receiverShape: i32, key: i32): void {
  const flags: i32 = M[(receiverShape >> 2) + Field.SHAPE_FLAGS];
  const dictionary: bool = (flags & (ShapeFlag.UNIQUE | ShapeFlag.PROTOTYPE)) === ShapeFlag.UNIQUE && !isCore(receiverShape >> 2);
  if (dictionary || isSharedOverlaid(receiverShape, flags)) return;
  // What a name of a script hides is never found by the short way, which asks for no names.
  if (start === root(Root.global) >> 2 && lexicalOf(key) !== 0) return;
  const holderShape: i32 = M[holder + 1] >> 2;
  if ((M[holderShape + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) !== 0) return;
  // A lazy function may have been materialised just now: its cells tell another story than its former shape.
  if (holder === first && (flags & ShapeFlag.LAZY) !== 0) return;
  const place: i32 = cachePlace(receiverShape, key);
  const slots: i32 = M[holder + 2] >> 2;
  const inSlots: bool = foundAt < holder || foundAt >= holder + ((M[holder] >>> 8) << 1);
  if (holder === first) {
    if (start !== first) {
      C[place + 3] = inSlots ? slots : holder;
    } else {
      // An own property of a core object may become stale when it is overlaid: then the cache is flushed. Core functions share a LAZY shape and never get here.
      C[place + 3] = inSlots ? 1 : 0;
    }
  } else {
    const holderFlags: i32 = M[holderShape + Field.SHAPE_FLAGS];
    if ((holderFlags & ShapeFlag.PROTOTYPE) === 0 && !isCore(holder)) return;
    C[place + 3] = inSlots ? slots : holder;
  }
  C[place] = receiverShape;
  C[place + 1] = key;
  C[place + 2] = foundAt - (inSlots ? slots : holder);
}

/** Marks the object as somebody's prototype: it owns its shape from now on, has a serial, and its changes flush the cache. False: no room. */
export function markPrototype(prototype: i32): bool {
  if ((prototype & 3) !== 1) return true;
  const address: i32 = prototype >> 2;
  if (isCore(address)) return true;
  const shape: i32 = M[address + 1] >> 2;
  if ((M[shape + Field.SHAPE_FLAGS] & ShapeFlag.PROTOTYPE) === 0) {
    if ((M[shape + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) !== 0 && !materialise(address)) return false;
    const present: i32 = M[address + 1] >> 2;
    if ((M[present + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) !== 0) {
      M[present + Field.SHAPE_FLAGS] = M[present + Field.SHAPE_FLAGS] | ShapeFlag.PROTOTYPE;
    } else {
      if (!reserve(uniqueRoom(present))) return false;
      const own = uniqueShape(present, ShapeFlag.PROTOTYPE);
      M[address + 1] = reference(own);
    }
    flushCache();
  }
  objectSerial(address);
  if (hasElements(address)) M[Reg.PROTOTYPE_ELEMENTS] = 1;
  return true;
}
/** Has the object indexed elements? */
function hasElements(address: i32): bool {
  if ((M[address] & 255) === Cell.ARRAY) return M[address + Field.ARRAY_ELEMENTS] !== Immediate.UNDEFINED;
  const slots: i32 = M[address + 2];
  return (slots & 3) === 1 && M[(slots >> 2) + Field.SLOTS_ELEMENTS] !== Immediate.UNDEFINED;
}

/** The empty shape for objects of `kind` with that prototype (reference or null) and so many inline slots: its address, or 0 if there is no room. */
export function rootShape(prototype: i32, kind: i32, inlineSlots: i32): i32 {
  const known = findRootShape(prototype, kind, inlineSlots);
  if (known !== 0) return known;
  if (!markPrototype(prototype)) return 0;
  return emptyShape(prototype, kind, inlineSlots);
}
/** A new root shape whose prototype is marked already: its address, or 0. */
function emptyShape(prototype: i32, kind: i32, inlineSlots: i32): i32 {
  if (!reserve(SHAPE_WORDS + transitionRoom())) return 0;
  const shape = newShape((kind << 24) | (inlineSlots << 8), 0, prototype, Immediate.UNDEFINED, Immediate.UNDEFINED, Immediate.NONE);
  addTransition(shape);
  return shape;
}

/** A new ordinary object with an empty shape (room reserved: objectWords). Returns its address. */
export function newObject(shape: i32): i32 {
  const inline = shapeInline(shape);
  const address = allocate(Cell.OBJECT, Field.OBJECT_TAIL + inline);
  M[address + 1] = reference(shape);
  M[address + 2] = Immediate.UNDEFINED;
  fillWords(address + Field.OBJECT_TAIL, Immediate.UNDEFINED, inline);
  return address;
}
/** Words of an object with so many inline slots. */
export function objectWords(inlineSlots: i32): i32 { return (Field.OBJECT_TAIL + inlineSlots + 1) & -2; }
/** Words of an ARRAY cell. */
export const ARRAY_WORDS = 6;
/** Words of a FUNCTION cell. */
export const FUNCTION_WORDS = 8;
/** … without the padding. */
const FUNCTION_PARTS = 7;
/** A word of a function's tail (FunctionPart): undefined where the cell, one of the core, has it no more. */
export function functionPart(address: i32, part: i32): i32 {
  return part < cellSize(address) ? M[address + part] : Immediate.UNDEFINED;
}
/** Sets such a word. False: the cell does not have it. */
export function setFunctionPart(address: i32, part: i32, value: i32): bool {
  if (part >= cellSize(address)) return false;
  M[address + part] = value;
  return true;
}

/** A new array over an ELEMENTS cell or undefined (room reserved: ARRAY_WORDS). Returns its address. */
export function newArray(elements: i32, length: i32): i32 {
  const address = allocate(Cell.ARRAY, ARRAY_WORDS);
  M[address + 1] = root(Root.SHAPE_array);
  M[address + 2] = Immediate.UNDEFINED;
  M[address + Field.ARRAY_ELEMENTS] = elements;
  M[address + Field.ARRAY_LENGTH] = length;
  return address;
}

/** Words of the SLOTS cell of an array with three properties. */
export const THREE_SLOTS = SLOTS_HEAD + 3;
/** Gives a new array three properties, by a shape that has them (room reserved: THREE_SLOTS). */
export function setThreeSlots(address: i32, shape: i32, a: i32, b: i32, c: i32): void {
  replaceSlots(address, THREE_SLOTS);
  const slots: i32 = (M[address + 2] >> 2) + SLOTS_HEAD;
  M[address + 1] = reference(shape);
  M[slots] = a;
  M[slots + 1] = b;
  M[slots + 2] = c;
}

/** Words of an ACCESSOR cell. */
export const ACCESSOR_WORDS = 4;
/** The word of a new accessor (room reserved: ACCESSOR_WORDS). */
export function newAccessor(get: i32, set: i32): i32 {
  const accessor = allocate(Cell.ACCESSOR, ACCESSOR_WORDS);
  M[accessor + Field.ACCESSOR_GET] = get;
  M[accessor + Field.ACCESSOR_SET] = set;
  return reference(accessor);
}

/** Makes a function's own properties (length, name, and prototype if it is a constructor). False: no room. */
export function materialise(address: i32): bool {
  const shape: i32 = M[address + 1] >> 2;
  if ((M[shape + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) === 0) return true;
  const code: i32 = M[address + Field.FUNCTION_CODE] >> 2;
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  const flags: i32 = codeFlags(code);
  const prototype: i32 = M[shape + Field.SHAPE_PROTOTYPE];
  // Function.prototype: of the core, or marked as its realm was made.
  const known = findRootShape(prototype, Cell.FUNCTION, 0);
  const base: i32 = known !== 0 ? known : emptyShape(prototype, Cell.FUNCTION, 0);
  if (base === 0) return false;
  let next: i32 = follow(base, M[ROOTS + Root.NAME_length], Attribute.CONFIGURABLE);
  if (next === 0) return false;
  next = follow(next, M[ROOTS + Root.NAME_name], Attribute.CONFIGURABLE);
  if (next === 0) return false;
  let object: i32 = Immediate.UNDEFINED;
  if (count > 2) {
    const attributes: i32 = (flags & CodeFlag.CLASS) !== 0 ? 0 : Attribute.WRITABLE;
    next = follow(next, M[ROOTS + Root.NAME_prototype], attributes);
    if (next === 0) return false;
    const empty: i32 = M[(hasRealms() ? rootsOf(address) : ROOTS) + Root.SHAPE_object1] >> 2;
    const withConstructor = follow(empty, M[ROOTS + Root.NAME_constructor], Attribute.WRITABLE | Attribute.CONFIGURABLE);
    if (withConstructor === 0) return false;
    if (!reserve(objectWords(1) + 20)) return false;
    const made = newObject(empty);
    M[made + 1] = reference(withConstructor);
    M[made + Field.OBJECT_TAIL] = reference(address);
    object = reference(made);
  }
  if (!reserve(10)) return false;
  const slots = ownProperties(address);
  M[slots + SLOTS_HEAD + 2] = object;
  M[address + 1] = reference(next);
  return true;
}
/** Gives a function a SLOTS cell of 6 words (reserved) with its length and name: the cell's address. */
function ownProperties(address: i32): i32 {
  const code: i32 = M[address + Field.FUNCTION_CODE] >> 2;
  replaceSlots(address, 6);
  const slots: i32 = M[address + 2] >> 2;
  M[slots + SLOTS_HEAD] = codeLength(code) << 1;
  M[slots + SLOTS_HEAD + 1] = codeName(code);
  return slots;
}
/** The shape that follows by a key, made if need be: its address, 0 if there is no room. */
export function follow(shape: i32, key: i32, attributes: i32): i32 {
  const known = findTransition(shape, key, attributes);
  if (known !== 0) return known;
  if (!reserve(childRoom(shape))) return 0;
  const child = childShape(shape, key, attributes);
  return child;
}

/** Gives the object a shape of its own. False: no room. */
export function makeUnique(address: i32): bool {
  if (!materialiseIfLazy(address)) return false;
  const shape: i32 = M[address + 1] >> 2;
  if ((M[shape + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) !== 0) return true;
  if (!reserve(uniqueRoom(shape))) return false;
  const own = uniqueShape(shape, 0);
  M[address + 1] = reference(own);
  return true;
}
function materialiseIfLazy(address: i32): bool {
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) === 0) return true;
  return materialise(address);
}
/** After a change in place of the object's shape. */
function changed(address: i32): void {
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.PROTOTYPE) !== 0) flushCache();
}

/** Adds an own property that is not there yet (`address` writable; extensibility is the caller's). False: no room. */
export function addProperty(address: i32, key: i32, value: i32, attributes: i32): bool {
  if (!materialiseIfLazy(address)) return false;
  let shape: i32 = M[address + 1] >> 2;
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  if ((M[shape + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) === 0 && count >= LINE_MAX) {
    if (!makeUnique(address)) return false;
    shape = M[address + 1] >> 2;
  }
  if ((M[shape + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) !== 0) return addToUnique(address, shape, key, value, attributes);
  const inline = shapeInline(shape);
  const needSlots = count < inline ? 0 : slotsRoom(M[address + 2], count - inline);
  let child = findTransition(shape, key, attributes);
  if (child === 0) {
    if (!reserve(childRoom(shape) + needSlots)) return false;
    child = childShape(shape, key, attributes);
  } else if (!reserve(needSlots)) {
    return false;
  }
  if (needSlots !== 0) replaceSlots(address, needSlots);
  M[address + 1] = reference(child);
  M[slotAddress(address, child, count)] = value;
  return true;
}
function addToUnique(address: i32, shape: i32, key: i32, value: i32, attributes: i32): bool {
  const tableWord: i32 = M[shape + Field.SHAPE_TABLE];
  let table: i32 = tableWord >> 2;
  let count: i32 = M[shape + Field.SHAPE_COUNT];
  const inline = shapeInline(shape);
  if (count === M[table + Field.PROPERTY_TABLE_CAPACITY]) {
    const live: i32 = M[table + Field.PROPERTY_TABLE_LIVE];
    const capacity: i32 = lineCapacity(live + (live >> 1) + 1);
    const slotsNeeded = live < inline ? 0 : slotsRoom(M[address + 2], live - inline);
    if (!reserve(tableWords(capacity) + 1 + slotsNeeded)) return false;
    if (live !== count) closeGaps(address, shape, table, count);
    table = copyPropertyTable(table, count, capacity);
    count = live;
    M[shape + Field.SHAPE_TABLE] = reference(table);
    if (slotsNeeded !== 0) replaceSlots(address, slotsNeeded);
  } else {
    const needSlots = count < inline ? 0 : slotsRoom(M[address + 2], count - inline);
    if (!reserve(needSlots)) return false;
    if (needSlots !== 0) replaceSlots(address, needSlots);
  }
  appendEntry(table, key, attributes);
  M[shape + Field.SHAPE_COUNT] = count + 1;
  M[slotAddress(address, shape, count)] = value;
  changed(address);
  return true;
}
/** Moves the values of live properties together, as copyPropertyTable will move their keys. */
function closeGaps(address: i32, shape: i32, table: i32, count: i32): void {
  let to: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    if (M[entryAddress(table, i)] !== Immediate.DELETED) {
      if (to !== i) {
        const from = slotAddress(address, shape, i);
        const place = slotAddress(address, shape, to);
        M[place] = M[from];
      }
      to++;
    }
  }
  for (let i: i32 = to; i < count; i++) {
    const place = slotAddress(address, shape, i);
    M[place] = Immediate.UNDEFINED;
  }
}

/** Creates or overwrites an own property, without checks (`address` writable, ordinary; not an array's length). False: no room. */
export function defineOwn(address: i32, key: i32, value: i32, attributes: i32): bool {
  if (!materialiseIfLazy(address)) return false;
  const index = findProperty(M[address + 1] >> 2, key);
  if (index < 0) return addProperty(address, key, value, attributes);
  if (attributesAt(M[address + 1] >> 2, index) !== attributes) {
    if (!makeUnique(address)) return false;
    M[entryAddress(M[(M[address + 1] >> 2) + Field.SHAPE_TABLE] >> 2, index) + 1] = attributes << 1;
    changed(address);
  }
  M[slotAddress(address, M[address + 1] >> 2, index)] = value;
  return true;
}

/** Removes an own property (`address` writable). The answer: DATA removed, ABSENT not there, NO_ROOM. */
export function removeOwn(address: i32, key: i32): i32 {
  if (findProperty(M[address + 1] >> 2, key) < 0) return ABSENT;
  if (!makeUnique(address)) return NO_ROOM;
  const shape: i32 = M[address + 1] >> 2;
  const index = findProperty(shape, key);
  const table: i32 = M[shape + Field.SHAPE_TABLE] >> 2;
  const entry: i32 = entryAddress(table, index);
  M[entry] = Immediate.DELETED;
  M[entry + 1] = 0;
  M[table + Field.PROPERTY_TABLE_LIVE] = M[table + Field.PROPERTY_TABLE_LIVE] - 1;
  M[slotAddress(address, shape, index)] = Immediate.UNDEFINED;
  changed(address);
  return DATA;
}

/** Replaces the prototype of a writable object (checks are the caller's). False: no room. */
export function replacePrototype(address: i32, prototype: i32): bool {
  if (!markPrototype(prototype)) return false;
  const shape: i32 = M[address + 1] >> 2;
  if (M[shape + Field.SHAPE_COUNT] === 0 && (M[shape + Field.SHAPE_FLAGS] & 255) === 0) {
    const empty = rootShape(prototype, M[shape + Field.SHAPE_FLAGS] >>> 24, shapeInline(shape));
    if (empty === 0) return false;
    M[address + 1] = reference(empty);
    return true;
  }
  if (!makeUnique(address)) return false;
  M[(M[address + 1] >> 2) + Field.SHAPE_PROTOTYPE] = prototype;
  changed(address);
  return true;
}
/** Sets flags of the object's shape, made its own (`address` writable). False: no room. */
export function addShapeFlags(address: i32, flags: i32): bool {
  if (!makeUnique(address)) return false;
  const shape: i32 = M[address + 1] >> 2;
  M[shape + Field.SHAPE_FLAGS] = M[shape + Field.SHAPE_FLAGS] | flags;
  changed(address);
  return true;
}

/** The cell to write to for the object at `address`: itself, or its overlay, made if need be. 0: no room. */
export function writable(address: i32): i32 {
  if (!isCore(address)) return address;
  const present = resolve(address);
  return present !== address ? present : overlay(address);
}
/** A copy of a core object in the program's memory, which stands for it from now on; 0 if there is no room. */
function overlay(address: i32): i32 {
  const given: i32 = (M[address] >>> 8) << 1;
  // A function of the core may have a shorter cell than one of a program.
  const size: i32 = (M[address] & 255) === Cell.FUNCTION ? FUNCTION_WORDS : given;
  const slots: i32 = M[address + 2];
  const shape: i32 = M[address + 1] >> 2;
  let words: i32 = size + uniqueRoom(shape) + 64;
  if (M[Reg.OVERLAYS] !== Immediate.UNDEFINED) words = words + ((M[M[Reg.OVERLAYS] >> 2] >>> 8) << 2);
  if ((slots & 3) === 1) words = words + ((M[slots >> 2] >>> 8) << 1);
  if (!reserve(words)) return 0;
  if (M[Reg.OVERLAYS] === Immediate.UNDEFINED) {
    const table = newTable(2, Immediate.FALSE);
    M[Reg.OVERLAYS] = table;
  }
  const copy = allocate(M[address] & 255, size);
  for (let i: i32 = 1; i < given; i++) M[copy + i] = M[address + i];
  if (given < size) fillWords(copy + given, Immediate.UNDEFINED, FUNCTION_PARTS - given);
  if ((slots & 3) === 1) {
    const slotsSize: i32 = (M[slots >> 2] >>> 8) << 1;
    const slotsCopy = allocate(Cell.SLOTS, slotsSize);
    for (let i: i32 = 1; i < slotsSize; i++) M[slotsCopy + i] = M[(slots >> 2) + i];
    M[copy + 2] = reference(slotsCopy);
  }
  const own = uniqueShape(shape, ShapeFlag.PROTOTYPE);
  M[copy + 1] = reference(own);
  if ((M[own + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) !== 0) {
    // A lazy function of the core is no constructor, so it has these two.
    M[own + Field.SHAPE_FLAGS] = M[own + Field.SHAPE_FLAGS] & ~ShapeFlag.LAZY;
    ownProperties(copy);
  }
  const grown = setEntry(M[Reg.OVERLAYS], reference(address), reference(copy));
  if (grown === Immediate.NONE) { fault(); return 0; }
  M[Reg.OVERLAYS] = grown;
  flushCache();
  return copy;
}
