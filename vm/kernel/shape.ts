// Shapes and property tables: what objects of one form have in common. A shape names a prototype, a number of inline
// slots and a line of keys; property i of the line lives in slot i of the object. Shapes of one line share a table, to
// which only the youngest appends. Objects used as dictionaries or as prototypes own their shape (UNIQUE) and change its
// table in place.
//
//   SHAPE a ──parent── SHAPE b (+ "x") ──parent── SHAPE c (+ "y")
//        table: none          └──────── table ──────────┘     [x, attributes][y, attributes] | index
//
// Transitions are found in one WEAK_SET, keyed by content (serial of the parent, key, attributes), never by address.

import { Attribute, Cell, Field, ShapeFlag } from "../format/cells.js";
import { Reg } from "../format/registers.js";
import { CORE_WORDS, Immediate } from "../format/words.js";
import { allocate, nextSerial, reference } from "./heap.js";
import { B, M } from "./memory.js";
import type { bool, i32 } from "./types.js";

/** Words of a SHAPE cell. */
export const SHAPE_WORDS = 8;
/** A line longer than this makes its object a dictionary. */
export const LINE_MAX = 128;
/** Tables up to this many entries have no index: they are searched from the start. */
export const LINEAR_MAX = 8;
const FIRST_CAPACITY = 4;

/** Words at or above this address may be written; the core below it may not. 0 while the core is being built. */
let writableFrom: i32 = CORE_WORDS;
/**
 * While the core is being built its cells are ordinary ones.
 * @host
 */
export function setBuildingCore(building: boolean): void { writableFrom = building ? 0 : CORE_WORDS; }
/** Is the cell at `address` part of the read-only core? */
export function isCore(address: i32): bool { return address < writableFrom; }

/** @inline */
export function shapeFlags(shape: i32): i32 { return M[shape + Field.SHAPE_FLAGS] & 255; }
/** @inline */
export function shapeInline(shape: i32): i32 { return (M[shape + Field.SHAPE_FLAGS] >> 8) & 255; }
/** @inline */
export function shapeKind(shape: i32): i32 { return M[shape + Field.SHAPE_FLAGS] >>> 24; }

/** Hash of a property key: an interned string's content or a symbol's serial. */
export function keyHash(key: i32): i32 {
  const address: i32 = key >> 2;
  if ((M[address] & 255) === Cell.SYMBOL) return Math.imul(M[address + Field.SYMBOL_SERIAL] + 1, 0x9e3779b1 | 0) & 0x7fffffff;
  return M[address + Field.KEY_HASH];
}

/** Places of the index of a table with that capacity. */
function indexSize(capacity: i32): i32 {
  if (capacity <= LINEAR_MAX) return 0;
  let size: i32 = 16;
  while (size < capacity * 2) size = size << 1;
  return size;
}
/** Words of such an index: a place is a byte where every entry's number fits one, else a word. */
function indexWords(capacity: i32): i32 { return capacity < 256 ? indexSize(capacity) >> 2 : indexSize(capacity); }
/** What a place of the index at `index` holds: the number of an entry plus 1, or 0. */
/** @inline */
export function indexPlace(index: i32, capacity: i32, place: i32): i32 { return capacity < 256 ? B[(index << 2) + place] : M[index + place]; }
/** Words of a PROPERTY_TABLE with that capacity. */
export function tableWords(capacity: i32): i32 {
  return Field.PROPERTY_TABLE_TAIL + capacity * 2 + indexWords(capacity);
}
/** Address of entry `index`: key, then attributes as a small integer. */
/** @inline */
export function entryAddress(table: i32, index: i32): i32 { return table + Field.PROPERTY_TABLE_TAIL + index * 2; }

/** Index of `key` among the shape's properties, or -1. */
export function findProperty(shape: i32, key: i32): i32 {
  const tableWord: i32 = M[shape + Field.SHAPE_TABLE];
  if (tableWord === Immediate.UNDEFINED) return -1;
  const table: i32 = tableWord >> 2;
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  const capacity: i32 = M[table + Field.PROPERTY_TABLE_CAPACITY];
  const entries: i32 = table + Field.PROPERTY_TABLE_TAIL;
  if (capacity <= LINEAR_MAX) {
    for (let i: i32 = 0; i < count; i++) {
      if (M[entries + i * 2] === key) return i;
    }
    return -1;
  }
  const size: i32 = M[table + Field.PROPERTY_TABLE_INDEX_SIZE];
  const index: i32 = entries + capacity * 2;
  let probe: i32 = keyHash(key) & (size - 1);
  for (let tries: i32 = 0; tries < size; tries++) {
    const entry: i32 = indexPlace(index, capacity, probe);
    if (entry === 0) return -1;
    if (M[entries + (entry - 1) * 2] === key) return entry - 1 < count ? entry - 1 : -1;
    probe = (probe + 1) & (size - 1);
  }
  return -1;
}

/** Attributes of property `index`. */
export function attributesAt(shape: i32, index: i32): i32 {
  return M[entryAddress(M[shape + Field.SHAPE_TABLE] >> 2, index) + 1] >> 1;
}

/** A new, empty table (room reserved: tableWords(capacity)). Returns its address. */
export function newPropertyTable(capacity: i32): i32 {
  const words: i32 = tableWords(capacity);
  const table = allocate(Cell.PROPERTY_TABLE, words);
  M[table + Field.PROPERTY_TABLE_USED] = 0;
  M[table + Field.PROPERTY_TABLE_LIVE] = 0;
  M[table + Field.PROPERTY_TABLE_CAPACITY] = capacity;
  M[table + Field.PROPERTY_TABLE_INDEX_SIZE] = indexSize(capacity);
  const entries: i32 = table + Field.PROPERTY_TABLE_TAIL;
  for (let i: i32 = 0; i < capacity * 2; i++) M[entries + i] = Immediate.UNDEFINED;
  for (let i: i32 = entries + capacity * 2; i < table + words; i++) M[i] = 0;
  return table;
}
/** Appends a key to a table that has room for it. */
export function appendEntry(table: i32, key: i32, attributes: i32): void {
  const used: i32 = M[table + Field.PROPERTY_TABLE_USED];
  const entries: i32 = table + Field.PROPERTY_TABLE_TAIL;
  M[entries + used * 2] = key;
  M[entries + used * 2 + 1] = attributes << 1;
  M[table + Field.PROPERTY_TABLE_USED] = used + 1;
  M[table + Field.PROPERTY_TABLE_LIVE] = M[table + Field.PROPERTY_TABLE_LIVE] + 1;
  const size: i32 = M[table + Field.PROPERTY_TABLE_INDEX_SIZE];
  if (size !== 0 && key !== Immediate.DELETED) {
    const capacity: i32 = M[table + Field.PROPERTY_TABLE_CAPACITY];
    const index: i32 = entries + capacity * 2;
    let probe: i32 = keyHash(key) & (size - 1);
    while (indexPlace(index, capacity, probe) !== 0) probe = (probe + 1) & (size - 1);
    if (capacity < 256) B[(index << 2) + probe] = used + 1;
    else M[index + probe] = used + 1;
  }
}
/** A new table with the first `count` entries of another that are not deleted (room reserved). The caller moves the slots likewise. */
export function copyPropertyTable(from: i32, count: i32, capacity: i32): i32 {
  const table = newPropertyTable(capacity);
  for (let i: i32 = 0; i < count; i++) {
    const entry: i32 = entryAddress(from, i);
    if (M[entry] !== Immediate.DELETED) appendEntry(table, M[entry], M[entry + 1] >> 1);
  }
  return table;
}

/** A new shape with the fields given (room reserved: SHAPE_WORDS). Returns its address. */
export function newShape(flags: i32, count: i32, prototype: i32, table: i32, parent: i32, key: i32): i32 {
  const shape = allocate(Cell.SHAPE, SHAPE_WORDS);
  const serial = nextSerial();
  M[shape + Field.SHAPE_FLAGS] = flags;
  M[shape + Field.SHAPE_COUNT] = count;
  M[shape + Field.SHAPE_SERIAL] = serial;
  M[shape + Field.SHAPE_PROTOTYPE] = prototype;
  M[shape + Field.SHAPE_TABLE] = table;
  M[shape + Field.SHAPE_PARENT] = parent;
  M[shape + Field.SHAPE_KEY] = key;
  return shape;
}

// The set of transitions. An entry is a SHAPE reference, found by what it follows from: a child shape by its parent's
// serial, its key and its key's attributes; a root shape (no parent) by its prototype's serial, kind and inline slots.

/** Words for the set to take one more shape: 0 if it has room. */
export function transitionRoom(): i32 {
  const set: i32 = M[Reg.TRANSITIONS];
  if (set === Immediate.UNDEFINED) return (Field.WEAK_SET_TAIL + 17) & -2;
  const capacity = grownCapacity(set >> 2);
  return capacity === 0 ? 0 : (Field.WEAK_SET_TAIL + capacity + 1) & -2;
}
/** Places of the set that must follow before one more shape is taken: 0 if none must. */
function grownCapacity(set: i32): i32 {
  const capacity: i32 = M[set + Field.WEAK_SET_CAPACITY];
  if ((M[set + Field.WEAK_SET_USED] + 1) * 2 <= capacity) return 0;
  // Where forgotten shapes fill it, a set of the same size is enough.
  return (M[set + Field.WEAK_SET_LIVE] + 1) * 4 > capacity ? capacity * 2 : capacity;
}
function newWeakSet(capacity: i32): i32 {
  const set = allocate(Cell.WEAK_SET, Field.WEAK_SET_TAIL + capacity);
  M[set + Field.WEAK_SET_USED] = 0;
  M[set + Field.WEAK_SET_LIVE] = 0;
  M[set + Field.WEAK_SET_CAPACITY] = capacity;
  M[set + Field.WEAK_SET_PAD] = 0;
  for (let i: i32 = 0; i < capacity; i++) M[set + Field.WEAK_SET_TAIL + i] = Immediate.UNDEFINED;
  return set;
}
function mix(a: i32, b: i32, c: i32): i32 {
  let h: i32 = Math.imul(a, 0x85ebca6b | 0) ^ Math.imul(b, 0xc2b2ae35 | 0) ^ Math.imul(c, 0x27d4eb2f);
  h = h ^ (h >>> 15);
  return Math.imul(h, 0x2c1b3c6d) & 0x7fffffff;
}
/** The hash under which a shape stands in the set. */
export function transitionHash(shape: i32): i32 {
  const flags: i32 = M[shape + Field.SHAPE_FLAGS];
  const parent: i32 = M[shape + Field.SHAPE_PARENT];
  if (parent !== Immediate.UNDEFINED) {
    return mix(M[(parent >> 2) + Field.SHAPE_SERIAL], keyHash(M[shape + Field.SHAPE_KEY]), (flags >> 16) & 255);
  }
  return mix(prototypeSerial(M[shape + Field.SHAPE_PROTOTYPE]), flags >>> 8, 0x5bd1e995);
}
/** The serial of a prototype that has one (markPrototype gives it); -1 for null. */
function prototypeSerial(prototype: i32): i32 {
  if ((prototype & 3) !== 1) return -1;
  const slots: i32 = M[(prototype >> 2) + 2];
  if ((slots & 1) === 0) return slots >> 1;
  if (slots === Immediate.UNDEFINED) return -2;
  return M[(slots >> 2) + Field.SLOTS_SERIAL] >> 1;
}
/** Enters a shape into the set (room reserved: transitionRoom()). */
export function addTransition(shape: i32): void {
  const setWord: i32 = M[Reg.TRANSITIONS];
  let set: i32 = setWord >> 2;
  if (setWord === Immediate.UNDEFINED) {
    set = newWeakSet(16);
    M[Reg.TRANSITIONS] = reference(set);
  } else {
    const capacity = grownCapacity(set);
    if (capacity !== 0) {
      const grown = newWeakSet(capacity);
      for (let i: i32 = 0; i < M[set + Field.WEAK_SET_CAPACITY]; i++) {
        const member: i32 = M[set + Field.WEAK_SET_TAIL + i];
        if ((member & 3) === 1) insertTransition(grown, member >> 2);
      }
      set = grown;
      M[Reg.TRANSITIONS] = reference(set);
    }
  }
  insertTransition(set, shape);
}
function insertTransition(set: i32, shape: i32): void {
  const mask: i32 = M[set + Field.WEAK_SET_CAPACITY] - 1;
  let probe: i32 = transitionHash(shape) & mask;
  while (M[set + Field.WEAK_SET_TAIL + probe] !== Immediate.UNDEFINED) probe = (probe + 1) & mask;
  M[set + Field.WEAK_SET_TAIL + probe] = reference(shape);
  M[set + Field.WEAK_SET_USED] = M[set + Field.WEAK_SET_USED] + 1;
  M[set + Field.WEAK_SET_LIVE] = M[set + Field.WEAK_SET_LIVE] + 1;
}

/** The shape that follows `parent` by `key` with those attributes, or 0. */
export function findTransition(parent: i32, key: i32, attributes: i32): i32 {
  const setWord: i32 = M[Reg.TRANSITIONS];
  if (setWord === Immediate.UNDEFINED) return 0;
  const set: i32 = setWord >> 2;
  const mask: i32 = M[set + Field.WEAK_SET_CAPACITY] - 1;
  const parentWord: i32 = reference(parent);
  let probe: i32 = mix(M[parent + Field.SHAPE_SERIAL], keyHash(key), attributes) & mask;
  for (let tries: i32 = 0; tries <= mask; tries++) {
    const member: i32 = M[set + Field.WEAK_SET_TAIL + probe];
    if (member === Immediate.UNDEFINED) return 0;
    const shape: i32 = member >> 2;
    if ((member & 3) === 1 && M[shape + Field.SHAPE_PARENT] === parentWord && M[shape + Field.SHAPE_KEY] === key &&
      ((M[shape + Field.SHAPE_FLAGS] >> 16) & 255) === attributes) return shape;
    probe = (probe + 1) & mask;
  }
  return 0;
}
/** The empty shape for objects of `kind` with that prototype (a reference or null) and inline slots, or 0. */
export function findRootShape(prototype: i32, kind: i32, inlineSlots: i32): i32 {
  const setWord: i32 = M[Reg.TRANSITIONS];
  if (setWord === Immediate.UNDEFINED) return 0;
  const set: i32 = setWord >> 2;
  const mask: i32 = M[set + Field.WEAK_SET_CAPACITY] - 1;
  const flags: i32 = (kind << 24) | (inlineSlots << 8);
  let probe: i32 = mix(prototypeSerial(prototype), flags >>> 8, 0x5bd1e995) & mask;
  for (let tries: i32 = 0; tries <= mask; tries++) {
    const member: i32 = M[set + Field.WEAK_SET_TAIL + probe];
    if (member === Immediate.UNDEFINED) return 0;
    const shape: i32 = member >> 2;
    if ((member & 3) === 1 && M[shape + Field.SHAPE_PARENT] === Immediate.UNDEFINED &&
      M[shape + Field.SHAPE_PROTOTYPE] === prototype && M[shape + Field.SHAPE_FLAGS] === flags) return shape;
    probe = (probe + 1) & mask;
  }
  return 0;
}

/** Words that `childShape` may need when the transition does not exist yet. */
export function childRoom(shape: i32): i32 {
  const tableWord: i32 = M[shape + Field.SHAPE_TABLE];
  let words: i32 = SHAPE_WORDS + transitionRoom() + 1;
  if (tableWord === Immediate.UNDEFINED) return words + tableWords(FIRST_CAPACITY) + 1;
  const table: i32 = tableWord >> 2;
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  if (!sharesTable(shape, table, count)) words = words + tableWords(lineCapacity(count)) + 1;
  return words;
}
/** May a child of the shape append to its table? */
function sharesTable(shape: i32, table: i32, count: i32): bool {
  return !isCore(table) && M[table + Field.PROPERTY_TABLE_USED] === count && count < M[table + Field.PROPERTY_TABLE_CAPACITY];
}
/** Capacity of a table that is to hold `count` entries and one more. */
export function lineCapacity(count: i32): i32 {
  let capacity: i32 = FIRST_CAPACITY;
  while (capacity < count + 1) capacity = capacity << 1;
  return capacity;
}
/** A new shape that follows `shape` by `key` (room reserved: childRoom(shape)); entered into the set. */
export function childShape(shape: i32, key: i32, attributes: i32): i32 {
  const tableWord: i32 = M[shape + Field.SHAPE_TABLE];
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  let table: i32 = tableWord >> 2;
  if (tableWord === Immediate.UNDEFINED) {
    table = newPropertyTable(FIRST_CAPACITY);
  } else if (!sharesTable(shape, table, count)) {
    table = copyPropertyTable(table, count, lineCapacity(count));
  }
  appendEntry(table, key, attributes);
  const flags: i32 = (M[shape + Field.SHAPE_FLAGS] & (0xff00ffff | 0)) | (attributes << 16);
  const child = newShape(flags, count + 1, M[shape + Field.SHAPE_PROTOTYPE], reference(table), reference(shape), key);
  addTransition(child);
  return child;
}

/** Words for a copy of the shape with a table of its own that has room for one more entry. */
export function uniqueRoom(shape: i32): i32 {
  return SHAPE_WORDS + tableWords(lineCapacity(M[shape + Field.SHAPE_COUNT])) + 2;
}
/** A table of its own for an object with that shape, with room for one entry more. Its entries keep their places. */
export function uniqueTable(shape: i32): i32 {
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  const from: i32 = M[shape + Field.SHAPE_TABLE];
  const table = newPropertyTable(lineCapacity(count));
  for (let i: i32 = 0; i < count; i++) {
    const entry: i32 = entryAddress(from >> 2, i);
    appendEntry(table, M[entry], M[entry + 1] >> 1);
    if (M[entry] === Immediate.DELETED) M[table + Field.PROPERTY_TABLE_LIVE] = M[table + Field.PROPERTY_TABLE_LIVE] - 1;
  }
  return table;
}
/** A copy of the shape that one object owns (room reserved: uniqueRoom(shape)). */
export function uniqueShape(shape: i32, flags: i32): i32 {
  const count: i32 = M[shape + Field.SHAPE_COUNT];
  const table = uniqueTable(shape);
  const bits: i32 = (M[shape + Field.SHAPE_FLAGS] & (0xff00ffff | 0)) | ShapeFlag.UNIQUE | flags;
  return newShape(bits, count, M[shape + Field.SHAPE_PROTOTYPE], reference(table), Immediate.UNDEFINED, Immediate.UNDEFINED);
}
/** Sets the attributes of property `index` of a unique shape. */
export function setAttributes(shape: i32, index: i32, attributes: i32): void {
  M[entryAddress(M[shape + Field.SHAPE_TABLE] >> 2, index) + 1] = attributes << 1;
}
/** Is property `index` an accessor? */
export function isAccessor(shape: i32, index: i32): bool {
  return (attributesAt(shape, index) & Attribute.ACCESSOR) !== 0;
}
