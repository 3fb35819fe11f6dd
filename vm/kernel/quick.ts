// What is quick about instructions: their commonest operands, without a frame, a throw or a register. The loop (run.ts) and
// compiled code (vm/jit) try these first; where one gives up (NONE, 0, false, -1) it has changed nothing, and `step` does
// the instruction.

import { Brand, Slot } from "../format/brands.js";
import { Cell, Field, ShapeFlag } from "../format/cells.js";
import { Op } from "../format/opcodes.js";
import { Reg } from "../format/registers.js";
import { Root, ROOTS } from "../format/roots.js";
import { CORE_WORDS, Immediate } from "../format/words.js";
import { holdsBig, typedGet, typedLength } from "./bytes.js";
import { elementsWords, FIRST_ELEMENT, newElements } from "./elements.js";
import { isObject, kindOf, numberResult, numberWord, reference, reserve, reserveNumber } from "./heap.js";
import { mathFmod } from "./math.js";
import { C, F, M } from "./memory.js";
import { ARRAY_WORDS, cachePlace, DATA, findInChain, foundAt, isIndexed, newArray, prototypeOf, resolve, root } from "./object.js";
import { STORE_TAG } from "./property.js";
import { charAt } from "./textops.js";
import type { bool, f64, i32 } from "./types.js";

/** @inline */
export function isBox(word: i32): bool { return (word & 3) === 1 && (M[word >> 2] & 255) === Cell.NUMBER; }
/** @inline */
export function bothNumbers(a: i32, b: i32): bool { return ((a & 1) === 0 || isBox(a)) && ((b & 1) === 0 || isBox(b)); }
/** @inline */
export function valueOf(word: i32): f64 { return (word & 1) === 0 ? word >> 1 : F[((word >> 2) + Field.NUMBER_LOW) >> 1]; }

/** a + b, a - b, a * b, a / b of two numbers: NONE if they are no numbers or there is no room. */
/** @hot */
export function computeNumbers(opcode: i32, a: i32, b: i32): i32 {
  if (!bothNumbers(a, b)) return Immediate.NONE;
  const x: f64 = valueOf(a);
  const y: f64 = valueOf(b);
  switch (opcode) {
    case Op.ADD: return numberResult(x + y);
    case Op.SUB: return numberResult(x - y);
    case Op.MUL: return numberResult(x * y);
    case Op.DIV: return numberResult(x / y);
  }
  return Immediate.NONE;
}
/** Bitwise operators on two numbers, not both small: NONE as above. */
/** @hot */
export function combineNumbers(opcode: i32, a: i32, b: i32): i32 {
  if (!bothNumbers(a, b) || !reserveNumber()) return Immediate.NONE;
  const x: i32 = valueOf(a) | 0;
  const y: i32 = valueOf(b) | 0;
  switch (opcode) {
    case Op.BIT_AND: return numberWord(x & y);
    case Op.BIT_OR: return numberWord(x | y);
    case Op.BIT_XOR: return numberWord(x ^ y);
    case Op.SHL: return numberWord(x << (y & 31));
    case Op.SHR: return numberWord(x >> (y & 31));
    default: return numberWord(x >>> (y & 31));
  }
}
/** Is a < b, a <= b, … of two numbers: 1, 0, or -1 if they are no numbers. */
/** @hot */
export function orderOf(opcode: i32, a: i32, b: i32): i32 {
  if (!bothNumbers(a, b)) return -1;
  const x: f64 = valueOf(a);
  const y: f64 = valueOf(b);
  switch (opcode) {
    case Op.LT: return x < y ? 1 : 0;
    case Op.LE: return x <= y ? 1 : 0;
    case Op.GT: return x > y ? 1 : 0;
    default: return x >= y ? 1 : 0;
  }
}
/** Address of variable `index` of a scope `depth` parents above `scope`, or 0 if there is none. */
/** @hot */
export function variableAt(scope: i32, depth: i32, index: i32): i32 {
  let word: i32 = scope;
  for (let i: i32 = 0; i < depth; i++) {
    if ((word & 3) !== 1 || (M[word >> 2] & 255) !== Cell.SCOPE) return 0;
    word = M[(word >> 2) + Field.SCOPE_PARENT];
  }
  if ((word & 3) !== 1) return 0;
  const address: i32 = word >> 2;
  const header: i32 = M[address];
  if ((header & 255) !== Cell.SCOPE || Field.SCOPE_TAIL + index >= (header >>> 8) << 1) return 0;
  return address + Field.SCOPE_TAIL + index;
}
/** Address of a variable of a module's top-level scope, or 0. */
/** @hot */
export function moduleVariableAt(module: i32, index: i32): i32 {
  const modules: i32 = M[Reg.MODULES];
  if ((modules & 3) !== 1) return 0;
  const list: i32 = modules >> 2;
  const header: i32 = M[list];
  if ((header & 255) !== Cell.ELEMENTS || FIRST_ELEMENT + module >= (header >>> 8) << 1) return 0;
  return variableAt(M[list + FIRST_ELEMENT + module], 0, index);
}
/** Where property `key` of the object at `address` lies by the cache, or 0. */
/** @hot */
export function cachedProperty(address: i32, key: i32): i32 {
  const shape: i32 = M[address + 1];
  const place: i32 = cachePlace(shape, key);
  if (C[place] !== shape || C[place + 1] !== key) return 0;
  const base: i32 = C[place + 3];
  if (base === 0) return address + C[place + 2];
  if (base === 1) return (M[address + 2] >> 2) + C[place + 2];
  return base + C[place + 2];
}
/** The value of a property that the cache or the form of the object gives at once, else NONE. */
/** @hot */
export function quickProperty(object: i32, key: i32): i32 {
  if ((object & 3) !== 1) return Immediate.NONE;
  let address: i32 = object >> 2;
  const kind: i32 = M[address] & 255;
  if (kind < Cell.OBJECT) {
    if (kind < Cell.STRING || kind > Cell.ROPE) return Immediate.NONE;
    if (key === M[ROOTS + Root.NAME_length]) return kind === Cell.ROPE ? M[address + 1] & -2 : M[address + 1] << 1;
    address = root(Root.StringPrototype) >> 2;
  } else if (kind > Cell.TYPED_ARRAY) {
    return Immediate.NONE;
  }
  const at = cachedProperty(address, key);
  if (at !== 0) return M[at];
  if (kind === Cell.ARRAY && key === M[ROOTS + Root.NAME_length] && address >= CORE_WORDS) {
    const length: i32 = M[address + Field.ARRAY_LENGTH];
    if (length >= 0 && length <= 0x3fffffff) return length << 1;
  }
  return Immediate.NONE;
}
/** Stores a property by the cache (the key with its tag, property.ts): done or not. */
/** @hot */
export function quickStore(object: i32, taggedKey: i32, value: i32): bool {
  if ((object & 3) !== 1) return false;
  const address: i32 = object >> 2;
  const kind: i32 = M[address] & 255;
  if (kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY) return false;
  const shape: i32 = M[address + 1];
  const place: i32 = cachePlace(shape, taggedKey);
  if (C[place] !== shape || C[place + 1] !== taggedKey) return false;
  const base: i32 = C[place + 3];
  if (base === 1) {
    M[(M[address + 2] >> 2) + C[place + 2]] = value;
    return true;
  }
  M[address + C[place + 2]] = value;
  if (base !== 0) M[address + 1] = base;
  return true;
}
/** Address of a dense element of an array at a small index, present and within the length, or 0. */
/** @hot */
export function quickElement(array: i32, index: i32): i32 {
  if ((array & 3) !== 1 || (index & 1) !== 0 || index < 0) return 0;
  const address: i32 = array >> 2;
  if ((M[address] & 255) !== Cell.ARRAY) return 0;
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  const i: i32 = index >> 1;
  if ((elements & 3) !== 1) return 0;
  const cell: i32 = elements >> 2;
  const header: i32 = M[cell];
  if ((header & 255) !== Cell.ELEMENTS || FIRST_ELEMENT + i >= (header >>> 8) << 1) return 0;
  return M[cell + FIRST_ELEMENT + i] === Immediate.HOLE ? 0 : cell + FIRST_ELEMENT + i;
}

/** An element of a typed array or a unit of a flat string at a small index within it, else NONE. */
export function otherElement(object: i32, index: i32): i32 {
  if ((object & 3) !== 1 || (index & 1) !== 0 || index < 0) return Immediate.NONE;
  const kind: i32 = M[object >> 2] & 255;
  // A big integer is made, and counted, so it is made once, by `step`.
  if (kind === Cell.TYPED_ARRAY && isIndexed(object >> 2) && !holdsBig(object >> 2)) return index >> 1 < typedLength(object >> 2) ? typedGet(object >> 2, index >> 1) : Immediate.NONE;
  if (kind === Cell.STRING || kind === Cell.WIDE_STRING || kind === Cell.KEY || kind === Cell.WIDE_KEY) {
    return index >> 1 < M[(object >> 2) + Field.STRING_LENGTH] ? charAt(object, index) : Immediate.NONE;
  }
  return Immediate.NONE;
}
/** The next value of an array's ordinary iterator, DONE at its end; NONE for any other. */
/** @hot */
export function nextElement(iterator: i32, method: i32): i32 {
  if (method !== root(Root.arrayIteratorNext) || (iterator & 3) !== 1) return Immediate.NONE;
  const address: i32 = iterator >> 2;
  if ((M[address] & 255) !== Cell.RECORD || M[address + Field.RECORD_BRAND] >> 1 !== Brand.ARRAY_ITERATOR) return Immediate.NONE;
  const slots: i32 = address + Field.RECORD_TAIL;
  const array: i32 = M[slots + Slot.ARRAY_ITERATOR_ARRAY];
  if (M[slots + Slot.ARRAY_ITERATOR_KIND] !== 2 || (array & 3) !== 1 || (M[array >> 2] & 255) !== Cell.ARRAY || array >> 2 < CORE_WORDS) return Immediate.NONE;
  const index: i32 = M[slots + Slot.ARRAY_ITERATOR_INDEX];
  if (index >> 1 >= (M[(array >> 2) + Field.ARRAY_LENGTH] >>> 0)) {
    M[slots + Slot.ARRAY_ITERATOR_ARRAY] = Immediate.UNDEFINED;
    return Immediate.DONE;
  }
  const at = quickElement(array, index);
  if (at === 0) return Immediate.NONE;
  M[slots + Slot.ARRAY_ITERATOR_INDEX] = index + 2;
  return M[at];
}
/** Where a data property of an object or of its prototypes lies, or 0. */
function dataProperty(address: i32, key: i32): i32 {
  const at = cachedProperty(address, key);
  if (at !== 0) return at;
  const answer = findInChain(address, key);
  return answer === DATA ? foundAt : 0;
}
/** Prototypes that quickInstance looks at; a longer chain is the core's, which is charged for it. */
const CHAIN_MOST = 64;
/**
 * `value instanceof target` (13.10.2) of a plain function with the ordinary Symbol.hasInstance and a plain `prototype`: 0 or
 * 1; -1 for anything else, and where there is no room.
 */
export function quickInstance(value: i32, target: i32): i32 {
  if (kindOf(target) !== Cell.FUNCTION) return -1;
  const test = dataProperty(target >> 2, M[ROOTS + Root.SYMBOL_hasInstance]);
  if (test === 0 || M[test] !== root(Root.functionHasInstance)) return -1;
  if (!isObject(value)) return 0;
  const at = dataProperty(target >> 2, M[ROOTS + Root.NAME_prototype]);
  if (at === 0 || !isObject(M[at])) return -1;
  const prototype: i32 = M[at];
  let word: i32 = value;
  for (let i: i32 = 0; i < CHAIN_MOST; i++) {
    const address = resolve(word >> 2);
    if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0) return -1;
    word = prototypeOf(address);
    if (word === prototype) return 1;
    if (!isObject(word)) return 0;
  }
  return -1;
}
/** a % b of two numbers: NONE if they are no numbers or there is no room. */
export function quickRemainder(a: i32, b: i32): i32 {
  if (!bothNumbers(a, b)) return Immediate.NONE;
  const remainder = mathFmod(valueOf(a), valueOf(b));
  return numberResult(remainder);
}
/** A new array of the `count` words from `sp` on, the last first: its word, or NONE. */
export function gatherArray(sp: i32, count: i32): i32 {
  if (!reserve(ARRAY_WORDS + elementsWords(count))) return Immediate.NONE;
  let elements: i32 = Immediate.UNDEFINED;
  if (count > 0) {
    const cell = newElements(count);
    for (let i: i32 = 0; i < count; i++) M[cell + FIRST_ELEMENT + i] = M[sp + count - 1 - i];
    elements = reference(cell);
  }
  const array = newArray(elements, count);
  return reference(array);
}
/** The value of a private field that the cache has, else NONE. */
/** @hot */
export function quickPrivate(object: i32, name: i32): i32 {
  if ((name & 3) !== 1 || (M[name >> 2] & 255) !== Cell.SYMBOL) return Immediate.NONE;
  return quickProperty(object, name);
}
/** Stores into a private field by the cache: done or not. */
/** @hot */
export function quickStorePrivate(object: i32, name: i32, value: i32): bool {
  if ((name & 3) !== 1 || (M[name >> 2] & 255) !== Cell.SYMBOL) return false;
  return quickStore(object, name ^ STORE_TAG, value);
}
