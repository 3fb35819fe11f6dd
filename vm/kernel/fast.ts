// Fast paths: what the commonest functions of the core do on operands of the ordinary kind, without a frame. A core
// function names its fast path in its first directive; `call` tries it here and runs the JavaScript body where the answer
// is DELETED ("not of the ordinary kind"). Whether it is depends on the guest's state only, so all hosts count alike.

import { Cell, Field } from "../format/cells.js";
import { Brand, Slot } from "../format/brands.js";
import { Fast } from "../format/intrinsics.js";
import { Reg } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { Immediate, SMALL_MAX } from "../format/words.js";
import { capacityOf, defineElement, FIRST_ELEMENT } from "./elements.js";
import { Attribute } from "../format/cells.js";
import { charge, isNumber, isText, kindOf, numberResult, numberValue, truth } from "./heap.js";
import { mathExp, mathLog, mathPow, mathRound } from "./math.js";
import { mathAtan2, mathCos, mathSin, mathTan } from "./trigonometry.js";
import { M } from "./memory.js";
import { root } from "./object.js";
import { isCore } from "./shape.js";
import { charAt, fromCharCode, indexOf, substring } from "./textops.js";
import { flatten, textLength, unitAt } from "./text.js";
import { chargeSearch, tableDelete, tableFind, tableGet, tableSet } from "./table.js";
import type { bool, f64, i32 } from "./types.js";

const OTHER: i32 = Immediate.DELETED;

/** Tries fast path `number` for a call with `argc` arguments, the last at `sp`: the result, NONE (no room), or DELETED (run the body). */
export function fastPath(number: i32, sp: i32, argc: i32): i32 {
  const receiver: i32 = M[sp + argc];
  const a: i32 = argc > 0 ? M[sp + argc - 1] : Immediate.UNDEFINED;
  const b: i32 = argc > 1 ? M[sp + argc - 2] : Immediate.UNDEFINED;
  switch (number) {
    case Fast.mathAbs: case Fast.mathFloor: case Fast.mathCeil: case Fast.mathTrunc: case Fast.mathRound: case Fast.mathSqrt:
    case Fast.mathSin: case Fast.mathCos: case Fast.mathTan: case Fast.mathExp: case Fast.mathLog:
      return isNumber(a) ? numberResult(mathOne(number, numberValue(a))) : OTHER;
    case Fast.mathMax: case Fast.mathMin: case Fast.mathImul: case Fast.mathPow: case Fast.mathAtan2:
      return argc === 2 && isNumber(a) && isNumber(b) ? numberResult(mathTwo(number, numberValue(a), numberValue(b))) : OTHER;
    case Fast.charCodeAt: return charCodeAt(receiver, a, argc);
    case Fast.charAt: return isText(receiver) && (a & 1) === 0 && argc > 0 ? charAt(receiver, a) : OTHER;
    case Fast.fromCharCode: return argc === 1 && isNumber(a) ? fromCharCode(a) : OTHER;
    case Fast.stringSlice: return slice(receiver, a, b, argc, true);
    case Fast.stringSubstring: return slice(receiver, a, b, argc, false);
    case Fast.stringIndexOf: return argc === 1 && isText(receiver) && isText(a) ? indexOf(receiver, a, 0) : OTHER;
    case Fast.arrayPush: return arrayPush(receiver, a, argc);
    case Fast.arrayPop: return arrayPop(receiver);
    case Fast.arrayIsArray: return kindOf(a) === Cell.RECORD ? OTHER : truth(kindOf(a) === Cell.ARRAY);
    case Fast.mapGet: return isBrand(receiver, Brand.MAP) ? get(receiver, a) : OTHER;
    case Fast.mapHas: return isBrand(receiver, Brand.MAP) ? has(receiver, a) : OTHER;
    case Fast.setHas: return isBrand(receiver, Brand.SET) ? has(receiver, a) : OTHER;
    case Fast.mapSet: return isBrand(receiver, Brand.MAP) ? put(receiver, a, b) : OTHER;
    case Fast.setAdd: return isBrand(receiver, Brand.SET) ? put(receiver, a, Immediate.UNDEFINED) : OTHER;
    case Fast.mapDelete: return isBrand(receiver, Brand.MAP) ? tableDelete(tableOf(receiver), a) : OTHER;
    case Fast.isNaN: return isNumber(a) ? truth(numberValue(a) !== numberValue(a)) : OTHER;
    case Fast.isFinite: return isNumber(a) ? truth(numberValue(a) - numberValue(a) === 0) : OTHER;
    case Fast.numberIsInteger: return truth(isNumber(a) && isWhole(numberValue(a)));
    case Fast.numberIsSafeInteger: return truth(isNumber(a) && isWhole(numberValue(a)) && Math.abs(numberValue(a)) <= 9007199254740991);
  }
  return OTHER;
}

function isWhole(x: f64): bool { return x - x === 0 && Math.floor(x) === x; }
function mathOne(number: i32, x: f64): f64 {
  switch (number) {
    case Fast.mathAbs: return Math.abs(x);
    case Fast.mathFloor: return Math.floor(x);
    case Fast.mathCeil: return Math.ceil(x);
    case Fast.mathTrunc: return Math.trunc(x);
    case Fast.mathRound: return mathRound(x);
    case Fast.mathSqrt: return Math.sqrt(x);
    case Fast.mathSin: return mathSin(x);
    case Fast.mathCos: return mathCos(x);
    case Fast.mathTan: return mathTan(x);
    case Fast.mathExp: return mathExp(x);
    default: return mathLog(x);
  }
}
function mathTwo(number: i32, x: f64, y: f64): f64 {
  switch (number) {
    case Fast.mathMax:
      if (x !== x || y !== y) return NaN;
      if (x === 0 && y === 0) return 1 / x < 0 ? y : x;
      return x > y ? x : y;
    case Fast.mathMin:
      if (x !== x || y !== y) return NaN;
      if (x === 0 && y === 0) return 1 / x < 0 ? x : y;
      return x < y ? x : y;
    case Fast.mathImul: return Math.imul(x | 0, y | 0);
    case Fast.mathAtan2: return mathAtan2(x, y);
    default: return mathPow(x, y);
  }
}

function charCodeAt(text: i32, index: i32, argc: i32): i32 {
  if (!isText(text) || (index & 1) !== 0 || argc === 0) return OTHER;
  const i: i32 = index >> 1;
  const flat = flatten(text);
  if (flat === Immediate.NONE) return flat;
  if (i < 0 || i >= textLength(flat)) return numberResult(NaN);
  return unitAt(flat >> 2, i) << 1;
}
/** slice (negative positions count from the end) and substring (positions are ordered). */
function slice(text: i32, from: i32, to: i32, argc: i32, fromEnd: bool): i32 {
  if (!isText(text) || argc === 0 || (from & 1) !== 0) return OTHER;
  const length = textLength(text);
  let start: i32 = from >> 1;
  let end: i32 = length;
  if (argc > 1 && to !== Immediate.UNDEFINED) {
    if ((to & 1) !== 0) return OTHER;
    end = to >> 1;
  }
  if (fromEnd) {
    if (start < 0) start = start + length;
    if (end < 0) end = end + length;
  }
  if (start < 0) start = 0;
  if (end < 0) end = 0;
  if (start > length) start = length;
  if (end > length) end = length;
  if (start > end) {
    if (fromEnd) end = start;
    else return substring(text, end << 1, start << 1);
  }
  return substring(text, start << 1, end << 1);
}

/** Is it an array of the ordinary form, its elements dense and its length writable? */
function isPlainArray(array: i32): bool {
  return kindOf(array) === Cell.ARRAY && M[(array >> 2) + 1] === root(Root.SHAPE_array) && M[Reg.PROTOTYPE_ELEMENTS] === 0;
}
function arrayPush(array: i32, value: i32, argc: i32): i32 {
  if (argc !== 1 || !isPlainArray(array)) return OTHER;
  const address: i32 = array >> 2;
  const length: i32 = M[address + Field.ARRAY_LENGTH];
  if (length < 0 || length >= SMALL_MAX) return OTHER;
  const placed: bool = defineElement(address, length >>> 0, value, Attribute.ALL);
  return placed ? (length + 1) << 1 : Immediate.NONE;
}
function arrayPop(array: i32): i32 {
  if (!isPlainArray(array)) return OTHER;
  const address: i32 = array >> 2;
  const length: i32 = M[address + Field.ARRAY_LENGTH];
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  if (length <= 0 || kindOf(elements) !== Cell.ELEMENTS || length > capacityOf(elements >> 2)) return OTHER;
  const at: i32 = (elements >> 2) + FIRST_ELEMENT + length - 1;
  if (isCore(at)) return OTHER;
  const value: i32 = M[at];
  if (value === Immediate.HOLE) return OTHER;
  M[at] = Immediate.HOLE;
  M[address + Field.ARRAY_LENGTH] = length - 1;
  return value;
}

function isBrand(record: i32, brand: i32): bool {
  return kindOf(record) === Cell.RECORD && M[(record >> 2) + Field.RECORD_BRAND] >> 1 === brand;
}
function tableOf(record: i32): i32 { return M[(record >> 2) + Field.RECORD_TAIL + Slot.MAP_TABLE]; }
function get(record: i32, key: i32): i32 {
  const value = tableGet(tableOf(record), key);
  if (value !== Immediate.NONE) chargeSearch(key);
  return value;
}
function has(record: i32, key: i32): i32 {
  const entry = tableFind(tableOf(record), key);
  if (entry === Immediate.NONE) return entry;
  chargeSearch(key);
  return truth(entry >= 0);
}
function put(record: i32, key: i32, value: i32): i32 {
  const table = tableSet(tableOf(record), key, value);
  if (table === Immediate.NONE) return table;
  M[(record >> 2) + Field.RECORD_TAIL + Slot.MAP_TABLE] = table;
  charge(1);
  return record;
}
