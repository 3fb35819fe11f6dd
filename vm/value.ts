// Plain data between host and program: undefined, null, booleans, numbers, big integers, strings, bytes, arrays and plain objects.
// Reading never changes the memory (no flattening, no interning); writing allocates after the caller has made room.

import { Attribute, Cell, Field } from "./format/cells.js";
import { Root, ROOTS } from "./format/roots.js";
import { Immediate } from "./format/words.js";
import type { Kernel } from "./machine.js";

export type Value = undefined | null | boolean | number | bigint | string | Uint8Array | Value[] | { [key: string]: Value };

/** The text of a string cell, ropes included, without a change to the memory. */
export function readText(kernel: Kernel, word: number): string {
  const { M, B, H } = kernel;
  const parts: string[] = [];
  const pending = [word];
  while (pending.length > 0) {
    const address = pending.pop()! >> 2;
    if (kernel.cellKind(address) === Cell.ROPE) {
      pending.push(M[address + Field.ROPE_RIGHT!]!, M[address + Field.ROPE_LEFT!]!);
      continue;
    }
    const length = M[address + Field.STRING_LENGTH!]!;
    const start = kernel.textStart(address);
    const wide = kernel.wideCell(address);
    for (let from = 0; from < length; from += 8192) {
      const to = Math.min(length, from + 8192);
      const units = wide ? H.subarray(start + from, start + to) : B.subarray(start + from, start + to);
      parts.push(String.fromCharCode(...units));
    }
  }
  return parts.join("");
}

/** The big integer of a cell. */
export function readBig(kernel: Kernel, address: number): bigint {
  const first = kernel.bigFirst(address);
  // By way of a text, which engines read in one go: adding word by word would copy all there is each time.
  let digits = "0x0";
  for (let i = kernel.bigLength(address) - 1; i >= 0; i--) digits += (kernel.M[first + i]! >>> 0).toString(16).padStart(8, "0");
  return kernel.bigSign(address) !== 0 ? -BigInt(digits) : BigInt(digits);
}
/** Words that a big integer's cell takes at most. */
export function bigWords(value: bigint): number { return 8 + (value.toString(16).length >> 3); }
/** A new cell with that big integer (room reserved): its word. */
export function writeBig(kernel: Kernel, value: bigint): number {
  const digits = (value < 0n ? -value : value).toString(16);
  const length = (digits.length + 7) >> 3;
  const address = kernel.newBig(value < 0n ? 1 : 0, length);
  const first = kernel.bigFirst(address);
  for (let i = 0; i < length; i++) kernel.M[first + i] = Number.parseInt(digits.slice(-8 * (i + 1), i === 0 ? undefined : -8 * i), 16) | 0;
  return kernel.settleBig(address);
}

/** Depth at which nested data is cut: a host never follows a cycle for ever. */
const DEPTH_MAX = 64;
/**
 * What is read at most, in words of memory for each word that there is: data that refers to the same arrays and texts
 * over and over, and sparse arrays, are larger for the host than for the program. Beyond that all is undefined.
 */
const GROWTH_MAX = 4;

/** A word as plain data. Objects other than arrays, bytes and ordinary ones come as undefined. */
export function readValue(kernel: Kernel, word: number): Value { return read(kernel, word, 0, { words: GROWTH_MAX * kernel.M.length }); }
/** The same at that depth, while there are words left. */
function read(kernel: Kernel, word: number, depth: number, left: { words: number }): Value {
  const { M, F } = kernel;
  left.words--;
  if ((word & 1) === 0) return word >> 1;
  if ((word & 3) === 3) return word === Immediate.NULL ? null : word === Immediate.TRUE ? true : word === Immediate.FALSE ? false : undefined;
  if (depth > DEPTH_MAX) return undefined;
  const address = kernel.isObject(word) ? kernel.resolve(word >> 2) : word >> 2;
  switch (kernel.cellKind(address)) {
    case Cell.NUMBER: return F[(address + Field.NUMBER_LOW!) >> 1]!;
    case Cell.BIGINT: {
      left.words -= kernel.bigLength(address);
      return left.words > 0 ? readBig(kernel, address) : undefined;
    }
    case Cell.ARRAY: {
      const length = M[address + Field.ARRAY_LENGTH!]! >>> 0;
      const list: Value[] = [];
      for (let index = 0; index < length && left.words > 0; index++) {
        list.push(kernel.findElement(address, index) === kernel.DATA ? read(kernel, M[kernel.foundAt]!, depth + 1, left) : undefined);
        left.words--;
      }
      return list;
    }
    case Cell.BYTES: {
      const start = kernel.byteStart(address);
      const length = kernel.byteLength(address);
      left.words -= length >> 2;
      return left.words > 0 ? kernel.B.slice(start, start + length) : undefined;
    }
    case Cell.OBJECT: return readObject(kernel, address, depth, left);
  }
  if (!kernel.isText(word)) return undefined;
  left.words -= kernel.textLength(word) >> 2;
  return left.words > 0 ? readText(kernel, word) : undefined;
}
function readObject(kernel: Kernel, address: number, depth: number, left: { words: number }): Value {
  const { M } = kernel;
  const object: { [key: string]: Value } = {};
  const shape = kernel.shapeOf(address);
  const count = M[shape + Field.SHAPE_COUNT!]!;
  const table = M[shape + Field.SHAPE_TABLE!]! >> 2;
  for (let index = 0; index < count && left.words > 0; index++) {
    const entry = kernel.entryAddress(table, index);
    const key = M[entry]!;
    const attributes = M[entry + 1]! >> 1;
    if (!kernel.isText(key) || (attributes & Attribute.ENUMERABLE) === 0 || (attributes & Attribute.ACCESSOR) !== 0) continue;
    object[readText(kernel, key)] = read(kernel, M[kernel.slotAddress(address, shape, index)]!, depth + 1, left);
  }
  return object;
}

/** Words that `writeValue` may take. */
export function valueWords(value: Value): number {
  if (typeof value === "number") return 4;
  if (typeof value === "bigint") return bigWords(value);
  if (typeof value === "string") return 40 + value.length * 2;
  if (value instanceof Uint8Array) return 8 + (value.length >> 2);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + valueWords(item) + 1, 16);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).reduce((sum, [key, item]) => sum + valueWords(key) + valueWords(item) + 600, 64);
  }
  return 0;
}
/** Writes plain data into the memory; the room is there. Its word. */
export function writeValue(kernel: Kernel, value: Value): number {
  const { M } = kernel;
  switch (typeof value) {
    case "undefined": return Immediate.UNDEFINED;
    case "boolean": return value ? Immediate.TRUE : Immediate.FALSE;
    case "number": return kernel.numberWord(value);
    case "bigint": return writeBig(kernel, value);
    case "string": return writeText(kernel, value);
  }
  if (value === null) return Immediate.NULL;
  if (value instanceof Uint8Array) {
    const bytes = kernel.allocateBytes(value.length);
    kernel.B.set(value, kernel.byteStart(bytes));
    return kernel.reference(bytes);
  }
  if (Array.isArray(value)) {
    const words = value.map((item) => writeValue(kernel, item));
    let elements: number = Immediate.UNDEFINED;
    if (words.length > 0) {
      const cell = kernel.newElements(words.length);
      words.forEach((word, index) => { M[cell + kernel.FIRST_ELEMENT + index] = word; });
      elements = kernel.reference(cell);
    }
    return kernel.reference(kernel.newArray(elements, words.length));
  }
  const object = kernel.newObject(M[ROOTS + Root.SHAPE_object4!]! >> 2);
  for (const [key, item] of Object.entries(value)) {
    const word = writeValue(kernel, item);
    const name = writeText(kernel, key);
    const index = kernel.arrayIndex(name);
    if (index >= 0) kernel.defineElement(object, index, word, Attribute.ALL);
    else kernel.defineOwn(object, kernel.internKey(name), word, Attribute.ALL);
  }
  return kernel.reference(object);
}
function writeText(kernel: Kernel, text: string): number {
  if (text === "") return kernel.root(Root.NAME_!);
  let wide = false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) { wide = true; break; }
  const address = kernel.newText(text.length, wide);
  const start = kernel.textStart(address);
  for (let i = 0; i < text.length; i++) {
    if (wide) kernel.H[start + i] = text.charCodeAt(i);
    else kernel.B[start + i] = text.charCodeAt(i);
  }
  return kernel.reference(address);
}
