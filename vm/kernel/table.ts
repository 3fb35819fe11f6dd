// Hash tables: the cells TABLE behind Map, Set, their weak kin and whatever else is keyed by any value. Entries lie in
// order of insertion, so iterating is counting; a deleted one leaves a tombstone, so an index stays good while its table
// lives. A table that is full is copied without its tombstones into a new cell, which the old one then names: an
// iterator that holds the old one finds where its index went (tableForward). That, and that nothing is hashed by
// address, makes the order of everything a fact of the program, not of the collector.
//
// Keys are compared by SameValueZero. A rope is flattened before it becomes a key, -0 becomes 0. Objects and symbols
// hash by serials; an object without one has never been a key, so looking for it finds nothing and gives it none.

import { Cell, Field, OBJECT_SLOTS } from "../format/cells.js";
import { Reg } from "../format/registers.js";
import { Immediate } from "../format/words.js";
import {
  CHARGE_SHIFT, allocate, cellKind, charge, fault, fillWords, isBig, isObject, isText, kindOf, numberValue, reference,
} from "./heap.js";
import { M, highWord, lowWord } from "./memory.js";
import { objectSerial } from "./object.js";
import { isCore } from "./shape.js";
import { equalUnits, flatten, hashText, reserveCell, settleHash, textLength } from "./text.js";
import type { bool, f64, i32 } from "./types.js";

/** Entries of a new table. */
const FIRST_ENTRIES = 4;
/** Tables of up to so many entries have no index: they are searched from the start. */
const UNINDEXED_MAX = 8;
/** Bits of a table's flags. */
const WEAK_KEYS = 1;
const CLEARED = 2;
/** In place of an entry's number: there is none. */
const NO_ENTRY = -1;
/** Comparisons that the last findEntry made. */
let probes: i32 = 0;

/** Where an object keeps its serial: the address of a word that is a small integer or undefined. */
function serialPlace(address: i32): i32 {
  const slots: i32 = M[address + OBJECT_SLOTS];
  return kindOf(slots) === Cell.SLOTS ? (slots >> 2) + Field.SLOTS_SERIAL : address + OBJECT_SLOTS;
}
/** Has the object at `address` a serial? */
function hasSerial(address: i32): bool {
  return (M[serialPlace(address)] & 1) === 0;
}

/** The form in which a value is a key: ropes flat, -0 as 0. NONE if there is no room; faults for what is no value. */
function keyForm(key: i32): i32 {
  if ((key & 1) === 0) return key;
  if ((key & 3) === 3) return key <= Immediate.TRUE ? key : fault();
  const kind: i32 = cellKind(key >> 2);
  if (kind === Cell.ROPE) return flatten(key);
  if (kind === Cell.NUMBER) return numberValue(key) === 0 ? 0 : key;
  if (isText(key) || isObject(key) || kind === Cell.SYMBOL || kind === Cell.BIGINT) return key;
  return fault();
}
/** Hash of a big integer's digits. */
function bigHash(address: i32): i32 {
  let hash: i32 = M[address + Field.BIGINT_SIGN];
  const length: i32 = M[address + Field.BIGINT_LENGTH];
  for (let i: i32 = 0; i < length; i++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ M[address + Field.BIGINT_TAIL + i], 0x9e3779b1 | 0);
  return hash;
}
/** Hash of a key in its form; an object must have a serial. */
function hashKey(key: i32): i32 {
  if ((key & 3) !== 1) return settleHash(key);
  const address: i32 = key >> 2;
  const kind: i32 = cellKind(address);
  if (kind === Cell.NUMBER) {
    const x: f64 = numberValue(key);
    const high = highWord(x);
    const low = lowWord(x);
    return settleHash(high ^ Math.imul(low, 0x9e3779b1 | 0));
  }
  if (kind === Cell.SYMBOL) return settleHash(M[address + Field.SYMBOL_SERIAL]);
  if (kind === Cell.BIGINT) return settleHash(bigHash(address));
  if (isText(key)) return hashText(address);
  return settleHash(M[serialPlace(address)]);
}
/** Are two keys, in their form, the same by SameValueZero? Source: ECMA-262 §7.2.11. */
function sameKey(a: i32, b: i32): bool {
  if (a === b) return true;
  const kind: i32 = kindOf(a);
  if (kind === 0) return false;
  if (kind === Cell.NUMBER) {
    if (kindOf(b) !== Cell.NUMBER) return false;
    const x: f64 = numberValue(a);
    const y: f64 = numberValue(b);
    return x === y || (x !== x && y !== y);
  }
  if (isText(a)) return isText(b) && equalUnits(a >> 2, b >> 2);
  if (kind === Cell.BIGINT) return kindOf(b) === Cell.BIGINT && equalBig(a >> 2, b >> 2);
  return false;
}
/** Are two big integers, at these addresses, equal? */
export function equalBig(a: i32, b: i32): bool {
  const length: i32 = M[a + Field.BIGINT_LENGTH];
  if (length !== M[b + Field.BIGINT_LENGTH] || M[a + Field.BIGINT_SIGN] !== M[b + Field.BIGINT_SIGN]) return false;
  for (let i: i32 = 0; i < length; i++) if (M[a + Field.BIGINT_TAIL + i] !== M[b + Field.BIGINT_TAIL + i]) return false;
  return true;
}
/**
 * Charges for the last search, for that key: its length if it is a string or a big integer, and the comparisons if they were many. Kept
 * apart from tableFind and tableGet because the overlays of the core are looked up behind the property cache, which
 * must not change what a program costs.
 */
export function chargeSearch(key: i32): void {
  const units: i32 = isText(key) ? textLength(key) : isBig(key) ? M[(key >> 2) + Field.BIGINT_LENGTH] : 0;
  charge((units >> CHARGE_SHIFT) + (probes >> 3));
}

/** Words of a table's index. */
function indexSizeFor(capacity: i32): i32 {
  return capacity <= UNINDEXED_MAX ? 0 : capacity << 1;
}
/** Words of a TABLE cell. */
function wordsFor(capacity: i32, entryWords: i32): i32 {
  return Field.TABLE_TAIL + Math.imul(capacity, entryWords) + indexSizeFor(capacity);
}
/** Address of entry `i`. */
function entryAt(table: i32, i: i32): i32 {
  return table + Field.TABLE_TAIL + Math.imul(i, M[table + Field.TABLE_ENTRY_WORDS]);
}
/** Address of the index. */
function indexAt(table: i32): i32 {
  return table + Field.TABLE_TAIL + Math.imul(M[table + Field.TABLE_CAPACITY], M[table + Field.TABLE_ENTRY_WORDS]);
}
/** A new empty table (room reserved; capacity a power of two). */
function allocateTable(capacity: i32, entryWords: i32, flags: i32): i32 {
  const words: i32 = wordsFor(capacity, entryWords);
  const table = allocate(Cell.TABLE, words);
  M[table + Field.TABLE_NEXT] = Immediate.UNDEFINED;
  M[table + Field.TABLE_USED] = 0;
  M[table + Field.TABLE_LIVE] = 0;
  M[table + Field.TABLE_CAPACITY] = capacity;
  M[table + Field.TABLE_INDEX_SIZE] = indexSizeFor(capacity);
  M[table + Field.TABLE_ENTRY_WORDS] = entryWords;
  M[table + Field.TABLE_FLAGS] = flags;
  fillWords(table + Field.TABLE_TAIL, Immediate.UNDEFINED, Math.imul(capacity, entryWords));
  fillWords(indexAt(table), 0, indexSizeFor(capacity));
  return table;
}
/** Number of the entry with that key (in its form), or NO_ENTRY; counts `probes`. */
function findEntry(table: i32, key: i32): i32 {
  probes = 0;
  if (isObject(key) && !hasSerial(key >> 2)) return NO_ENTRY;
  const size: i32 = M[table + Field.TABLE_INDEX_SIZE];
  if (size === 0) {
    const used: i32 = M[table + Field.TABLE_USED];
    for (let i: i32 = 0; i < used; i++) if (sameKey(M[entryAt(table, i)], key)) return i;
    return NO_ENTRY;
  }
  const index: i32 = indexAt(table);
  let at: i32 = hashKey(key) & (size - 1);
  let count: i32 = 0;
  let found: i32 = NO_ENTRY;
  while (count < size) {
    const entry: i32 = M[index + at] - 1;
    if (entry < 0) break;
    if (sameKey(M[entryAt(table, entry)], key)) {
      found = entry;
      break;
    }
    at = (at + 1) & (size - 1);
    count++;
  }
  probes = count;
  return found;
}
/** Appends an entry for a key that is not there (in its form, with a serial); there is a free one. */
function appendTableEntry(table: i32, key: i32, value: i32): void {
  const entry: i32 = M[table + Field.TABLE_USED];
  const at: i32 = entryAt(table, entry);
  M[at] = key;
  if (M[table + Field.TABLE_ENTRY_WORDS] > 1) M[at + 1] = value;
  M[table + Field.TABLE_USED] = entry + 1;
  M[table + Field.TABLE_LIVE] = M[table + Field.TABLE_LIVE] + 1;
  const size: i32 = M[table + Field.TABLE_INDEX_SIZE];
  if (size === 0) return;
  const index: i32 = indexAt(table);
  let slot: i32 = hashKey(key) & (size - 1);
  let count: i32 = 0;
  while (M[index + slot] !== 0 && count < size) {
    slot = (slot + 1) & (size - 1);
    count++;
  }
  M[index + slot] = entry + 1;
}
/** Entries of the table that follows a full one: twice the live ones, so it takes as many more as it costs to copy. */
function nextCapacity(table: i32): i32 {
  const live: i32 = M[table + Field.TABLE_LIVE];
  let capacity: i32 = FIRST_ENTRIES;
  while (capacity < live * 2) capacity = capacity << 1;
  return capacity;
}
/** Copies the live entries into a new table (room reserved), which the old one then names as its successor. */
function moveEntries(table: i32, capacity: i32): i32 {
  const entryWords: i32 = M[table + Field.TABLE_ENTRY_WORDS];
  const successor = allocateTable(capacity, entryWords, M[table + Field.TABLE_FLAGS] & WEAK_KEYS);
  const used: i32 = M[table + Field.TABLE_USED];
  let units: i32 = 0;
  for (let i: i32 = 0; i < used; i++) {
    const at: i32 = entryAt(table, i);
    const key: i32 = M[at];
    if (key === Immediate.DELETED) continue;
    if (M[successor + Field.TABLE_USED] >= capacity) {
      fault();
      break;
    }
    const value: i32 = entryWords > 1 ? M[at + 1] : Immediate.UNDEFINED;
    appendTableEntry(successor, key, value);
    if (isText(key)) units = units + (textLength(key) >> CHARGE_SHIFT);
  }
  M[table + Field.TABLE_NEXT] = reference(successor);
  charge((capacity >> 3) + units);
  return successor;
}

/** Is the word a table? */
/** @inline */
export function isTable(table: i32): bool { return kindOf(table) === Cell.TABLE; }

/** A new table of `entryWords` words an entry (a plain number, 1 or 2), with weak keys if the word `weak` is true. */
export function newTable(entryWords: i32, weak: i32): i32 {
  if (entryWords !== 1 && entryWords !== 2) return fault();
  const words: i32 = wordsFor(FIRST_ENTRIES, entryWords);
  if (!reserveCell(words, 0)) return Immediate.NONE;
  const table = allocateTable(FIRST_ENTRIES, entryWords, weak === Immediate.TRUE ? WEAK_KEYS : 0);
  return reference(table);
}
/** Entry index of a key as a word, -1 if it is absent. NONE if there is no room to flatten it. Charges nothing. */
export function tableFind(table: i32, key: i32): i32 {
  if (!isTable(table)) return fault();
  const form = keyForm(key);
  if (form === Immediate.NONE) return Immediate.NONE;
  const entry = findEntry(table >> 2, form);
  return entry << 1;
}
/** Value of a key, undefined if it is absent. Charges nothing. */
export function tableGet(table: i32, key: i32): i32 {
  const entry = tableFind(table, key);
  if (entry === Immediate.NONE) return Immediate.NONE;
  return entry < 0 ? Immediate.UNDEFINED : tableValue(table, entry);
}
/** May the program write to the table? Not to one of the core, nor to that of its overlays, which the kernel believes. */
function isProgramTable(table: i32): bool { return isTable(table) && !isCore(table >> 2) && table !== M[Reg.OVERLAYS]; }
/** Sets a key's value. Returns the table that the owner must keep from now on. */
export function tableSet(table: i32, key: i32, value: i32): i32 {
  return isProgramTable(table) ? setEntry(table, key, value) : fault();
}
/** The same, of any table: the kernel's own. */
export function setEntry(table: i32, key: i32, value: i32): i32 {
  if (!isTable(table)) return fault();
  let address: i32 = table >> 2;
  const form = keyForm(key);
  if (form === Immediate.NONE) return Immediate.NONE;
  const entry = findEntry(address, form);
  if (entry !== NO_ENTRY) {
    if (M[address + Field.TABLE_ENTRY_WORDS] > 1) M[entryAt(address, entry) + 1] = value;
    chargeSearch(form);
    return table;
  }
  const capacity: i32 = M[address + Field.TABLE_USED] < M[address + Field.TABLE_CAPACITY] ? 0 : nextCapacity(address);
  if (capacity !== 0) {
    const words: i32 = wordsFor(capacity, M[address + Field.TABLE_ENTRY_WORDS]);
    if (!reserveCell(words, 0)) return Immediate.NONE;
  }
  if (isObject(form)) objectSerial(form >> 2);
  chargeSearch(form);
  if (capacity !== 0) address = moveEntries(address, capacity);
  appendTableEntry(address, form, value);
  return reference(address);
}
/** Deletes a key: was it there? */
export function tableDelete(table: i32, key: i32): i32 {
  if (!isProgramTable(table)) return fault();
  const address: i32 = table >> 2;
  const form = keyForm(key);
  if (form === Immediate.NONE) return Immediate.NONE;
  const entry = findEntry(address, form);
  chargeSearch(form);
  if (entry === NO_ENTRY) return Immediate.FALSE;
  const at: i32 = entryAt(address, entry);
  M[at] = Immediate.DELETED;
  if (M[address + Field.TABLE_ENTRY_WORDS] > 1) M[at + 1] = Immediate.UNDEFINED;
  M[address + Field.TABLE_LIVE] = M[address + Field.TABLE_LIVE] - 1;
  return Immediate.TRUE;
}
/** A new empty table in place of `table`, which remembers it. */
export function tableClear(table: i32): i32 {
  if (!isProgramTable(table)) return fault();
  const old: i32 = table >> 2;
  const entryWords: i32 = M[old + Field.TABLE_ENTRY_WORDS];
  const words: i32 = wordsFor(FIRST_ENTRIES, entryWords);
  if (!reserveCell(words, 0)) return Immediate.NONE;
  const successor = allocateTable(FIRST_ENTRIES, entryWords, M[old + Field.TABLE_FLAGS] & WEAK_KEYS);
  M[old + Field.TABLE_FLAGS] = M[old + Field.TABLE_FLAGS] | CLEARED;
  M[old + Field.TABLE_NEXT] = reference(successor);
  return reference(successor);
}
/** Number of entries, as a word. */
export function tableCount(table: i32): i32 {
  return isTable(table) ? M[(table >> 2) + Field.TABLE_LIVE] << 1 : fault();
}
/** Is `index` the word of one of the entries that `table` has had? */
function isEntry(table: i32, index: i32): bool {
  return isTable(table) && (index & 1) === 0 && index >= 0 && index >> 1 < M[(table >> 2) + Field.TABLE_USED];
}
/** Key of an entry: DELETED if it was. */
export function tableKey(table: i32, index: i32): i32 {
  return isEntry(table, index) ? M[entryAt(table >> 2, index >> 1)] : fault();
}
/** Value of an entry; the key in a table of keys only. */
export function tableValue(table: i32, index: i32): i32 {
  if (!isEntry(table, index)) return fault();
  const at: i32 = entryAt(table >> 2, index >> 1);
  return M[(table >> 2) + Field.TABLE_ENTRY_WORDS] > 1 ? M[at + 1] : M[at];
}
/** Index, as a word, of the first live entry at or after `index`; the word of -1 if there is none. */
export function tableNext(table: i32, index: i32): i32 {
  if (!isTable(table) || (index & 1) !== 0 || index < 0) return fault();
  const address: i32 = table >> 2;
  const used: i32 = M[address + Field.TABLE_USED];
  for (let i: i32 = index >> 1; i < used; i++) {
    if (M[entryAt(address, i)] !== Immediate.DELETED) {
      charge((i - (index >> 1)) >> 3);
      return i << 1;
    }
  }
  if (used > index >> 1) charge((used - (index >> 1)) >> 3);
  return -2;
}
/** Where entry `index` of a table that was replaced, or the one following it, is in its successor. */
export function tableForward(table: i32, index: i32): i32 {
  if (!isTable(table) || (index & 1) !== 0 || index < 0) return fault();
  const address: i32 = table >> 2;
  if ((M[address + Field.TABLE_FLAGS] & CLEARED) !== 0) return 0;
  const used: i32 = M[address + Field.TABLE_USED];
  const end: i32 = index >> 1 < used ? index >> 1 : used;
  let before: i32 = 0;
  for (let i: i32 = 0; i < end; i++) if (M[entryAt(address, i)] !== Immediate.DELETED) before++;
  charge(end >> 3);
  return before << 1;
}
/** The table that replaced this one, or undefined. */
export function tableSuccessor(table: i32): i32 {
  return isTable(table) ? M[(table >> 2) + Field.TABLE_NEXT] : fault();
}
/** Is the table's key set weak? The collector asks. */
export function hasWeakKeys(table: i32): bool {
  return (M[table + Field.TABLE_FLAGS] & WEAK_KEYS) !== 0;
}
