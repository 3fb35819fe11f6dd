// Indexed elements: own properties whose keys are array indices. They lie in an ELEMENTS cell (dense; absent ones are
// holes; all writable, enumerable, configurable), or, where they are far apart or have other attributes, in a SPARSE cell:
// a hash table of three words an entry,
//   (index >>> 2) as a small integer, (attributes | (index & 3) << 8) as a small integer, value or ACCESSOR
// An array's elements hang on the array itself, those of any other object on its SLOTS cell.

import { Slot } from "../format/brands.js";
import { Attribute, Cell, Field, ShapeFlag } from "../format/cells.js";
import { Reg } from "../format/registers.js";
import { Root, ROOTS } from "../format/roots.js";
import { Immediate } from "../format/words.js";
import { allocate, fillWords, reference, reserve } from "./heap.js";
import { M } from "./memory.js";
import { ABSENT, ACCESSOR, addShapeFlags, DATA, EXOTIC, isIndexed, isTextObject, materialise, NO_ROOM, prototypeOf, resolve, setFound } from "./object.js";
import { isCore, LINEAR_MAX } from "./shape.js";
import type { bool, i32, u32 } from "./types.js";

/** A write at an index this far beyond the capacity makes the elements sparse. */
const GAP_MAX = 4096;
const ENTRY_WORDS = 3;

/** The elements' word of the object at `address`: ELEMENTS, SPARSE or undefined. */
export function elementsOf(address: i32): i32 {
  if ((M[address] & 255) === Cell.ARRAY) return M[address + Field.ARRAY_ELEMENTS];
  const slots: i32 = M[address + 2];
  return (slots & 3) === 1 ? M[(slots >> 2) + Field.SLOTS_ELEMENTS] : Immediate.UNDEFINED;
}
/** Sets it; the object has a SLOTS cell if it is no array. */
function setElementsOf(address: i32, elements: i32): void {
  if ((M[address] & 255) === Cell.ARRAY) M[address + Field.ARRAY_ELEMENTS] = elements;
  else M[(M[address + 2] >> 2) + Field.SLOTS_ELEMENTS] = elements;
}
/** Words that a SLOTS cell for the elements may take: 0 if the object needs none. */
function holderRoom(address: i32): i32 {
  return (M[address] & 255) === Cell.ARRAY || (M[address + 2] & 3) === 1 ? 0 : 4;
}
function makeHolder(address: i32): void {
  if ((M[address] & 255) === Cell.ARRAY || (M[address + 2] & 3) === 1) return;
  const serial: i32 = M[address + 2];
  const slots = allocate(Cell.SLOTS, 4);
  M[slots + Field.SLOTS_SERIAL] = serial;
  M[slots + Field.SLOTS_ELEMENTS] = Immediate.UNDEFINED;
  M[slots + 3] = Immediate.UNDEFINED;
  M[address + 2] = reference(slots);
}
/** Number of elements an ELEMENTS cell has room for. */
/** @inline */
export function capacityOf(elements: i32): i32 { return ((M[elements] >>> 8) << 1) - 1; }
/** Words of an ELEMENTS cell for so many. */
export function elementsWords(capacity: i32): i32 { return (capacity + 2) & -2; }
/** Address of the first element. */
export const FIRST_ELEMENT = 1;

/** A new ELEMENTS cell of holes (room reserved). Returns its address. */
export function newElements(capacity: i32): i32 {
  const words: i32 = elementsWords(capacity);
  const elements = allocate(Cell.ELEMENTS, words);
  fillWords(elements + 1, Immediate.HOLE, words - 1);
  return elements;
}

function sparseIndexWords(capacity: i32): i32 {
  if (capacity <= LINEAR_MAX) return 0;
  let size: i32 = 16;
  while (size < capacity * 2) size = size << 1;
  return size;
}
function sparseWords(capacity: i32): i32 { return Field.SPARSE_TAIL + capacity * ENTRY_WORDS + sparseIndexWords(capacity); }
function newSparse(capacity: i32): i32 {
  const words: i32 = sparseWords(capacity);
  const sparse = allocate(Cell.SPARSE, words);
  M[sparse + Field.SPARSE_USED] = 0;
  M[sparse + Field.SPARSE_LIVE] = 0;
  M[sparse + Field.SPARSE_CAPACITY] = capacity;
  M[sparse + Field.SPARSE_INDEX_SIZE] = sparseIndexWords(capacity);
  fillWords(sparse + Field.SPARSE_TAIL, Immediate.UNDEFINED, capacity * ENTRY_WORDS);
  fillWords(sparse + Field.SPARSE_TAIL + capacity * ENTRY_WORDS, 0, words - Field.SPARSE_TAIL - capacity * ENTRY_WORDS);
  return sparse;
}
export function sparseHash(index: u32): i32 { return (Math.imul(index | 0, 0x9e3779b1 | 0) >>> 8) & 0xffffff; }
/** Address of entry `i` of a SPARSE cell. */
/** @inline */
export function sparseEntry(sparse: i32, i: i32): i32 { return sparse + Field.SPARSE_TAIL + i * ENTRY_WORDS; }
/** The index of an entry; the entry is not deleted. */
export function sparseEntryIndex(entry: i32): u32 {
  return (((M[entry] >> 1) << 2) | ((M[entry + 1] >> 9) & 3)) >>> 0;
}
/** Address of the entry for `index`, or 0. */
function sparseFind(sparse: i32, index: u32): i32 {
  const used: i32 = M[sparse + Field.SPARSE_USED];
  const high: i32 = (index >>> 2) << 1;
  const low: i32 = index & 3;
  const size: i32 = M[sparse + Field.SPARSE_INDEX_SIZE];
  if (size === 0) {
    for (let i: i32 = 0; i < used; i++) {
      const entry: i32 = sparseEntry(sparse, i);
      if (M[entry] === high && ((M[entry + 1] >> 9) & 3) === low) return entry;
    }
    return 0;
  }
  const table: i32 = sparseEntry(sparse, M[sparse + Field.SPARSE_CAPACITY]);
  let probe: i32 = sparseHash(index) & (size - 1);
  for (let tries: i32 = 0; tries < size; tries++) {
    const place: i32 = M[table + probe];
    if (place === 0) return 0;
    const entry: i32 = sparseEntry(sparse, place - 1);
    if (M[entry] === high && ((M[entry + 1] >> 9) & 3) === low) return entry;
    probe = (probe + 1) & (size - 1);
  }
  return 0;
}
function sparseAppend(sparse: i32, index: u32, value: i32, attributes: i32): void {
  const used: i32 = M[sparse + Field.SPARSE_USED];
  const entry: i32 = sparseEntry(sparse, used);
  M[entry] = (index >>> 2) << 1;
  M[entry + 1] = (attributes | ((index & 3) << 8)) << 1;
  M[entry + 2] = value;
  M[sparse + Field.SPARSE_USED] = used + 1;
  M[sparse + Field.SPARSE_LIVE] = M[sparse + Field.SPARSE_LIVE] + 1;
  const size: i32 = M[sparse + Field.SPARSE_INDEX_SIZE];
  if (size !== 0) {
    const table: i32 = sparseEntry(sparse, M[sparse + Field.SPARSE_CAPACITY]);
    let probe: i32 = sparseHash(index) & (size - 1);
    while (M[table + probe] !== 0) probe = (probe + 1) & (size - 1);
    M[table + probe] = used + 1;
  }
}
function sparseCopy(from: i32, capacity: i32): i32 {
  const to = newSparse(capacity);
  const used: i32 = M[from + Field.SPARSE_USED];
  for (let i: i32 = 0; i < used; i++) {
    const entry: i32 = sparseEntry(from, i);
    if (M[entry] !== Immediate.DELETED) {
      const index = sparseEntryIndex(entry);
      sparseAppend(to, index, M[entry + 2], (M[entry + 1] >> 1) & 255);
    }
  }
  return to;
}
/** Makes dense elements (or none) sparse. False: no room. */
export function makeSparse(address: i32): bool {
  const elements = elementsOf(address);
  if ((elements & 3) === 1 && (M[elements >> 2] & 255) === Cell.SPARSE) return true;
  let count: i32 = 0;
  const capacity: i32 = (elements & 3) === 1 ? capacityOf(elements >> 2) : 0;
  for (let i: i32 = 0; i < capacity; i++) {
    if (M[(elements >> 2) + FIRST_ELEMENT + i] !== Immediate.HOLE) count++;
  }
  if (!reserve(sparseWords(count + 4) + 1 + holderRoom(address))) return false;
  makeHolder(address);
  const sparse = newSparse(count + 4);
  for (let i: i32 = 0; i < capacity; i++) {
    const value: i32 = M[(elements >> 2) + FIRST_ELEMENT + i];
    if (value !== Immediate.HOLE) sparseAppend(sparse, i >>> 0, value, Attribute.ALL);
  }
  setElementsOf(address, reference(sparse));
  return true;
}

/** Looks for an own element (`address` resolved, no typed array): DATA, ACCESSOR or ABSENT; sets where it was found. */
export function findElement(address: i32, index: u32): i32 {
  const elements = elementsOf(address);
  if ((elements & 3) !== 1) return ABSENT;
  const cell: i32 = elements >> 2;
  if ((M[cell] & 255) === Cell.ELEMENTS) {
    if (index >= capacityOf(cell)) return ABSENT;
    const at: i32 = cell + FIRST_ELEMENT + (index | 0);
    if (M[at] === Immediate.HOLE) return ABSENT;
    setFound(at, Attribute.ALL, address);
    return DATA;
  }
  const entry = sparseFind(cell, index);
  if (entry === 0) return ABSENT;
  const attributes: i32 = (M[entry + 1] >> 1) & 255;
  setFound(entry + 2, attributes, address);
  return (attributes & Attribute.ACCESSOR) !== 0 ? ACCESSOR : DATA;
}
/** Is it a String object of the empty string, as String.prototype is? It has no exotic elements. */
function isEmptyTextObject(address: i32): bool {
  return isTextObject(address) && M[address + Field.RECORD_TAIL + Slot.STRING_VALUE] === M[ROOTS + Root.NAME_];
}
/** Looks along the prototype chain; EXOTIC where an exotic object or a typed array is met. */
export function findElementInChain(start: i32, index: u32): i32 {
  let address: i32 = resolve(start);
  for (;;) {
    const exotic: bool = (M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.EXOTIC) !== 0;
    if (isIndexed(address) || (exotic && !isEmptyTextObject(address))) {
      setFound(0, 0, address);
      return EXOTIC;
    }
    const answer = findElement(address, index);
    if (answer !== ABSENT) return answer;
    const prototype = prototypeOf(address);
    if ((prototype & 3) !== 1) return ABSENT;
    address = resolve(prototype >> 2);
  }
}

/** Creates or overwrites an own element without checks (`address` writable); an array's length grows with it. False: no room. */
export function defineElement(address: i32, index: u32, value: i32, attributes: i32): bool {
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.PROTOTYPE) !== 0) M[Reg.PROTOTYPE_ELEMENTS] = 1;
  if ((M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) !== 0 && !materialise(address)) return false;
  const elements = elementsOf(address);
  const present: bool = (elements & 3) === 1;
  const dense: bool = !present || (M[elements >> 2] & 255) === Cell.ELEMENTS;
  if (dense && attributes === Attribute.ALL) {
    const capacity: i32 = present ? capacityOf(elements >> 2) : 0;
    if (index < capacity && !isCore(elements >> 2)) {
      M[(elements >> 2) + FIRST_ELEMENT + (index | 0)] = value;
      return lengthAtLeast(address, index);
    }
    if (index < capacity + GAP_MAX + (capacity >> 1)) {
      let grown: i32 = capacity + (capacity >> 1) + 3;
      if (grown <= index) grown = (index | 0) + 1;
      if (!reserve(elementsWords(grown) + holderRoom(address))) return false;
      makeHolder(address);
      const fresh = newElements(grown);
      for (let i: i32 = 0; i < capacity; i++) M[fresh + FIRST_ELEMENT + i] = M[(elements >> 2) + FIRST_ELEMENT + i];
      M[fresh + FIRST_ELEMENT + (index | 0)] = value;
      setElementsOf(address, reference(fresh));
      return lengthAtLeast(address, index);
    }
  }
  if (!makeSparse(address)) return false;
  let sparse: i32 = elementsOf(address) >> 2;
  const entry = sparseFind(sparse, index);
  if (entry !== 0 && !isCore(sparse)) {
    M[entry + 1] = (attributes | ((index & 3) << 8)) << 1;
    M[entry + 2] = value;
    return true;
  }
  if (M[sparse + Field.SPARSE_USED] === M[sparse + Field.SPARSE_CAPACITY] || isCore(sparse)) {
    const live: i32 = M[sparse + Field.SPARSE_LIVE];
    const capacity: i32 = live + (live >> 1) + 4;
    if (!reserve(sparseWords(capacity) + 1)) return false;
    sparse = sparseCopy(sparse, capacity);
    setElementsOf(address, reference(sparse));
    const again = sparseFind(sparse, index);
    if (again !== 0) {
      M[again + 1] = (attributes | ((index & 3) << 8)) << 1;
      M[again + 2] = value;
      return true;
    }
  }
  sparseAppend(sparse, index, value, attributes);
  return lengthAtLeast(address, index);
}
function lengthAtLeast(address: i32, index: u32): bool {
  if ((M[address] & 255) === Cell.ARRAY && index >= (M[address + Field.ARRAY_LENGTH] >>> 0)) M[address + Field.ARRAY_LENGTH] = (index + 1) | 0;
  return true;
}

/** Removes an own element (`address` writable): DATA removed, ABSENT, NO_ROOM. */
export function removeElement(address: i32, index: u32): i32 {
  const answer = findElement(address, index);
  if (answer === ABSENT) return ABSENT;
  const elements = elementsOf(address);
  const cell: i32 = elements >> 2;
  if (isCore(cell) && !makeSparse(address)) return NO_ROOM;
  const present: i32 = elementsOf(address) >> 2;
  if ((M[present] & 255) === Cell.ELEMENTS) {
    M[present + FIRST_ELEMENT + (index | 0)] = Immediate.HOLE;
    return DATA;
  }
  const entry = sparseFind(present, index);
  M[entry] = Immediate.DELETED;
  M[entry + 1] = 0;
  M[entry + 2] = Immediate.UNDEFINED;
  M[present + Field.SPARSE_LIVE] = M[present + Field.SPARSE_LIVE] - 1;
  return DATA;
}

/** Sets an array's length without checks: elements at and beyond it go. 1 done, 0 an element that is not configurable stopped it there. */
export function cutArray(address: i32, length: u32): i32 {
  const elements: i32 = M[address + Field.ARRAY_ELEMENTS];
  const old: u32 = M[address + Field.ARRAY_LENGTH] >>> 0;
  let wanted: u32 = length;
  if (length < old && (elements & 3) === 1) {
    const cell: i32 = elements >> 2;
    if ((M[cell] & 255) === Cell.ELEMENTS) {
      const capacity: i32 = capacityOf(cell);
      if (length < capacity) fillWords(cell + FIRST_ELEMENT + (length | 0), Immediate.HOLE, capacity - (length | 0));
      if (length === 0) M[address + Field.ARRAY_ELEMENTS] = Immediate.UNDEFINED;
    } else {
      const used: i32 = M[cell + Field.SPARSE_USED];
      for (let i: i32 = 0; i < used; i++) {
        const entry: i32 = sparseEntry(cell, i);
        if (M[entry] !== Immediate.DELETED) {
          const index = sparseEntryIndex(entry);
          if (index >= wanted && ((M[entry + 1] >> 1) & Attribute.CONFIGURABLE) === 0) wanted = (index + 1) >>> 0;
        }
      }
      for (let i: i32 = 0; i < used; i++) {
        const entry: i32 = sparseEntry(cell, i);
        if (M[entry] !== Immediate.DELETED) {
          const index = sparseEntryIndex(entry);
          if (index >= wanted) {
            M[entry] = Immediate.DELETED;
            M[entry + 1] = 0;
            M[entry + 2] = Immediate.UNDEFINED;
            M[cell + Field.SPARSE_LIVE] = M[cell + Field.SPARSE_LIVE] - 1;
          }
        }
      }
    }
  }
  M[address + Field.ARRAY_LENGTH] = wanted | 0;
  return wanted === length ? 1 : 0;
}

/** Marks an array's length as read-only. False: no room. */
export function lockLength(address: i32): bool { return addShapeFlags(address, ShapeFlag.INDEXED); }
