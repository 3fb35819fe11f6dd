// The verifier's look at what is derived from other things: hash tables, their indices, the sets of interned strings and
// of shape transitions. Hashes and places are computed again and compared, never believed; a table is not rebuilt,
// because where deleted entries have left traces the running program would have gone on with those.

import { Cell, Field } from "../format/cells.js";
import { HEAP, Immediate } from "../format/words.js";
import { Rule } from "../format/verification.js";
import { sparseHash } from "./elements.js";
import { cellSize, kindOf, numberValue } from "./heap.js";
import { B, H, M } from "./memory.js";
import { indexPlace, keyHash, LINEAR_MAX, tableWords, transitionHash } from "./shape.js";
import { tableFind } from "./table.js";
import { findInCore, settleHash } from "./text.js";
import type { bool, i32 } from "./types.js";
import { refuse, spend } from "./verifystate.js";


/** Places of the index of a PROPERTY_TABLE or SPARSE of that capacity. */
function openIndexSize(capacity: i32): i32 {
  if (capacity <= LINEAR_MAX) return 0;
  let size: i32 = 16;
  while (size < capacity * 2) size *= 2;
  return size;
}
/** Words that a table cell of that kind should have by its counts; -1 for counts that cannot be. */
export function tableCellWords(address: i32, kind: i32): i32 {
  const words: i32 = cellSize(address);
  const capacity: i32 = M[address + Field.TABLE_CAPACITY];
  const index: i32 = M[address + Field.TABLE_INDEX_SIZE];
  if (capacity < 0 || capacity > words) return -1;
  if (kind === Cell.TABLE) {
    const entryWords: i32 = M[address + Field.TABLE_ENTRY_WORDS];
    if (entryWords < 1 || entryWords > 2 || (capacity & (capacity - 1)) !== 0 || capacity === 0) return -1;
    if (index !== (capacity <= LINEAR_MAX ? 0 : capacity * 2)) return -1;
    return Field.TABLE_TAIL + capacity * entryWords + index;
  }
  if (index !== openIndexSize(capacity)) return -1;
  return kind === Cell.SPARSE ? Field.SPARSE_TAIL + capacity * 3 + index : tableWords(capacity);
}

/** The longest run of places in use of the index that was last looked at: no search in it takes more steps. */
let longestRun: i32 = 0;
/** Does an index of `size` places at `index`, of a table with that capacity (0: places are words), name only the first `used` entries, and no more of them than there are? */
function indexIsSound(index: i32, capacity: i32, size: i32, used: i32): bool {
  let filled: i32 = 0;
  let run: i32 = 0;
  longestRun = 0;
  for (let i: i32 = 0; i < size; i++) {
    const entry: i32 = capacity === 0 ? M[index + i] : indexPlace(index, capacity, i);
    if (entry === 0) {
      run = 0;
      continue;
    }
    if (entry < 0 || entry > used) return false;
    filled++;
    run++;
    if (run > longestRun) longestRun = run;
  }
  return filled <= used;
}
/** A run that good hashes never make. */
const RUN_MAX = 256;

/** Is the word an interned string or a symbol? */
export function isPropertyName(word: i32): bool {
  const kind: i32 = kindOf(word);
  return kind === Cell.KEY || kind === Cell.WIDE_KEY || kind === Cell.SYMBOL;
}

/** Checks a PROPERTY_TABLE. */
export function checkPropertyTable(table: i32): bool {
  const used: i32 = M[table + Field.PROPERTY_TABLE_USED];
  const capacity: i32 = M[table + Field.PROPERTY_TABLE_CAPACITY];
  const entries: i32 = table + Field.PROPERTY_TABLE_TAIL;
  const size: i32 = M[table + Field.PROPERTY_TABLE_INDEX_SIZE];
  const index: i32 = entries + capacity * 2;
  if (used < 0 || used > capacity || !indexIsSound(index, capacity, size, used)) return refuse(Rule.H14, table);
  let live: i32 = 0;
  for (let i: i32 = 0; i < used; i++) {
    const key: i32 = M[entries + i * 2];
    const attributes: i32 = M[entries + i * 2 + 1];
    if (key === Immediate.DELETED) {
      if (attributes !== 0) return refuse(Rule.H14, table);
      continue;
    }
    live++;
    if (!isPropertyName(key) || (attributes & ~30) !== 0) return refuse(Rule.H14, table);
    if (size === 0) {
      for (let j: i32 = 0; j < i; j++) if (M[entries + j * 2] === key) return refuse(Rule.H14, table);
      continue;
    }
    let probe: i32 = keyHash(key) & (size - 1);
    let tries: i32 = 0;
    let entry: i32 = indexPlace(index, capacity, probe);
    while (entry !== 0 && M[entries + (entry - 1) * 2] !== key && tries < size) {
      probe = (probe + 1) & (size - 1);
      entry = indexPlace(index, capacity, probe);
      tries++;
    }
    if (!spend(tries)) return refuse(Rule.W1, table);
    if (entry !== i + 1) return refuse(Rule.H14, table);
  }
  for (let i: i32 = entries + used * 2; i < index; i++) if (M[i] !== Immediate.UNDEFINED) return refuse(Rule.H14, table);
  return live === M[table + Field.PROPERTY_TABLE_LIVE] ? true : refuse(Rule.H14, table);
}

/** Checks a SPARSE: entries of index / 4, attributes with the index's two low bits, value. */
export function checkSparse(sparse: i32): bool {
  const used: i32 = M[sparse + Field.SPARSE_USED];
  const capacity: i32 = M[sparse + Field.SPARSE_CAPACITY];
  const entries: i32 = sparse + Field.SPARSE_TAIL;
  const size: i32 = M[sparse + Field.SPARSE_INDEX_SIZE];
  const index: i32 = entries + capacity * 3;
  if (used < 0 || used > capacity || !indexIsSound(index, 0, size, used)) return refuse(Rule.H14, sparse);
  let live: i32 = 0;
  for (let i: i32 = 0; i < used; i++) {
    const entry: i32 = entries + i * 3;
    const high: i32 = M[entry];
    if (high === Immediate.DELETED) {
      if (M[entry + 1] !== 0 || M[entry + 2] !== Immediate.UNDEFINED) return refuse(Rule.H14, sparse);
      continue;
    }
    live++;
    const attributes: i32 = M[entry + 1];
    if ((high & 1) !== 0 || high < 0 || (attributes & ~0x61e) !== 0) return refuse(Rule.H14, sparse);
    if ((attributes & 16) !== 0 && kindOf(M[entry + 2]) !== Cell.ACCESSOR) return refuse(Rule.H13, sparse);
    const low: i32 = attributes & 0x600;
    if (size === 0) {
      for (let j: i32 = entries; j < entry; j += 3) if (M[j] === high && (M[j + 1] & 0x600) === low) return refuse(Rule.H14, sparse);
      continue;
    }
    let probe: i32 = sparseHash(((high << 1) | (low >> 9)) >>> 0) & (size - 1);
    let tries: i32 = 0;
    while (M[index + probe] !== 0 && !sameIndex(entries + (M[index + probe] - 1) * 3, high, low) && tries < size) {
      probe = (probe + 1) & (size - 1);
      tries++;
    }
    if (!spend(tries)) return refuse(Rule.W1, sparse);
    if (M[index + probe] !== i + 1) return refuse(Rule.H14, sparse);
  }
  for (let i: i32 = entries + used * 3; i < index; i++) if (M[i] !== Immediate.UNDEFINED) return refuse(Rule.H14, sparse);
  return live === M[sparse + Field.SPARSE_LIVE] ? true : refuse(Rule.H14, sparse);
}
function sameIndex(entry: i32, high: i32, low: i32): bool { return M[entry] === high && (M[entry + 1] & 0x600) === low; }

/** Checks a TABLE. */
export function checkTable(table: i32): bool {
  const used: i32 = M[table + Field.TABLE_USED];
  const capacity: i32 = M[table + Field.TABLE_CAPACITY];
  const entryWords: i32 = M[table + Field.TABLE_ENTRY_WORDS];
  const next: i32 = M[table + Field.TABLE_NEXT];
  const entries: i32 = table + Field.TABLE_TAIL;
  const index: i32 = entries + capacity * entryWords;
  if (used < 0 || used > capacity || !indexIsSound(index, 0, M[table + Field.TABLE_INDEX_SIZE], used)) return refuse(Rule.H14, table);
  if ((M[table + Field.TABLE_FLAGS] & ~3) !== 0 || (next !== Immediate.UNDEFINED && kindOf(next) !== Cell.TABLE)) return refuse(Rule.H14, table);
  let live: i32 = 0;
  for (let i: i32 = 0; i < used; i++) {
    const key: i32 = M[entries + i * entryWords];
    if (key === Immediate.DELETED) {
      if (entryWords > 1 && M[entries + i * entryWords + 1] !== Immediate.UNDEFINED) return refuse(Rule.H14, table);
      continue;
    }
    live++;
    if (!isKeyForm(key)) return refuse(Rule.H14, table);
    if (longestRun > RUN_MAX && !spend(longestRun)) return refuse(Rule.W1, table);
    // The kernel's own search: it looks at no entry beyond `used` and at no more places than there are.
    if (tableFind((table << 2) | 1, key) !== i << 1) return refuse(Rule.H14, table);
  }
  for (let i: i32 = entries + used * entryWords; i < index; i++) if (M[i] !== Immediate.UNDEFINED) return refuse(Rule.H14, table);
  return live === M[table + Field.TABLE_LIVE] ? true : refuse(Rule.H14, table);
}
/** Is the word a key as tables hold them: flat, 0 for -0, an object only if it has a serial? */
function isKeyForm(key: i32): bool {
  if ((key & 1) === 0) return true;
  if ((key & 3) === 3) return key <= Immediate.TRUE;
  const kind: i32 = kindOf(key);
  if (kind === Cell.NUMBER) return numberValue(key) !== 0;
  if (kind === Cell.SYMBOL || kind === Cell.BIGINT || (kind >= Cell.STRING && kind <= Cell.WIDE_KEY)) return true;
  return kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY && serialOf(key >> 2) >= 0;
}
/** The serial of an object, -1 if it has none. */
export function serialOf(object: i32): i32 {
  let word: i32 = M[object + 2];
  if (kindOf(word) === Cell.SLOTS) word = M[(word >> 2) + Field.SLOTS_SERIAL];
  return (word & 1) === 0 ? word >> 1 : -1;
}

/** Checks the form of a WEAK_SET: a power of two of places, the counts right, at least one free. */
export function checkSet(set: i32): bool {
  const capacity: i32 = M[set + Field.WEAK_SET_CAPACITY];
  let used: i32 = 0;
  let live: i32 = 0;
  for (let i: i32 = set + Field.WEAK_SET_TAIL; i < set + Field.WEAK_SET_TAIL + capacity; i++) {
    const member: i32 = M[i];
    if (member === Immediate.UNDEFINED) continue;
    used++;
    if (member === Immediate.DELETED) continue;
    const kind: i32 = kindOf(member);
    if (kind !== Cell.KEY && kind !== Cell.WIDE_KEY && kind !== Cell.SHAPE) return refuse(Rule.H8, set);
    live++;
  }
  if (used !== M[set + Field.WEAK_SET_USED] || live !== M[set + Field.WEAK_SET_LIVE] || used >= capacity) return refuse(Rule.H8, set);
  return true;
}

/** Content hash of an interned string, computed again. */
function contentHash(key: i32): i32 {
  const length: i32 = M[key + Field.KEY_LENGTH];
  let hash: i32 = length;
  if ((M[key] & 255) === Cell.WIDE_KEY) {
    const start: i32 = (key + Field.KEY_TAIL) << 1;
    for (let i: i32 = 0; i < length; i++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ H[start + i], 0x9e3779b1 | 0);
  } else {
    const start: i32 = (key + Field.KEY_TAIL) << 2;
    for (let i: i32 = 0; i < length; i++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ B[start + i], 0x9e3779b1 | 0);
  }
  return settleHash(hash);
}
/** Have two interned strings of equal hash the same text? */
function sameText(a: i32, b: i32): bool {
  if (cellSize(a) !== cellSize(b) || (M[a] & 255) !== (M[b] & 255) || M[a + 1] !== M[b + 1]) return false;
  for (let i: i32 = Field.KEY_TAIL; i < cellSize(a); i++) if (M[a + i] !== M[b + i]) return false;
  return true;
}
/** The first member of the set with the text of `key`, as its search would find it; 0 if there is none, -1 if that took too long. */
function memberWithText(setWord: i32, key: i32): i32 {
  if (kindOf(setWord) !== Cell.WEAK_SET) return 0;
  const set: i32 = setWord >> 2;
  const mask: i32 = M[set + Field.WEAK_SET_CAPACITY] - 1;
  const hash: i32 = M[key + Field.KEY_HASH];
  let index: i32 = hash & mask;
  for (let tries: i32 = 0; tries <= mask; tries++) {
    const member: i32 = M[set + Field.WEAK_SET_TAIL + index];
    if (member === Immediate.UNDEFINED) return 0;
    if ((member & 3) === 1 && M[(member >> 2) + Field.KEY_HASH] === hash) {
      if (member >> 2 === key || sameText(member >> 2, key)) return member >> 2;
      if (!spend(cellSize(key))) return -1;
    }
    if (!spend(1)) return -1;
    index = (index + 1) & mask;
  }
  return 0;
}
/** Checks that an interned string is the only one with its text, and found in the program's set `intern`. */
export function checkKey(key: i32, intern: i32): bool {
  if (M[key + Field.KEY_HASH] !== contentHash(key)) return refuse(Rule.H7, key);
  const own: i32 = memberWithText(intern, key);
  if (own < 0) return refuse(Rule.W1, key);
  return (own === key && findInCore(key, M[key + Field.KEY_HASH]) === 0) || refuse(Rule.H7, key);
}

/** Checks the set of transitions: every member a shape of a line that stands where a search for it begins or behind it, with no gap between. */
export function checkTransitions(setWord: i32): bool {
  if (setWord === Immediate.UNDEFINED) return true;
  const set: i32 = setWord >> 2;
  const mask: i32 = M[set + Field.WEAK_SET_CAPACITY] - 1;
  const tail: i32 = set + Field.WEAK_SET_TAIL;
  for (let place: i32 = 0; place <= mask; place++) {
    const member: i32 = M[tail + place];
    if ((member & 3) !== 1) continue;
    const shape: i32 = member >> 2;
    if (kindOf(member) !== Cell.SHAPE || shape < HEAP || M[shape + Field.SHAPE_KEY] === Immediate.UNDEFINED) return refuse(Rule.H8, set);
    let probe: i32 = transitionHash(shape) & mask;
    while (probe !== place) {
      if (M[tail + probe] === Immediate.UNDEFINED) return refuse(Rule.H8, set);
      if (!spend(1)) return refuse(Rule.W1, set);
      probe = (probe + 1) & mask;
    }
  }
  return true;
}
/** Checks the set of interned strings: members are the program's own. */
export function checkInterned(setWord: i32): bool {
  if (setWord === Immediate.UNDEFINED) return true;
  const set: i32 = setWord >> 2;
  for (let i: i32 = set + Field.WEAK_SET_TAIL; i < set + Field.WEAK_SET_TAIL + M[set + Field.WEAK_SET_CAPACITY]; i++) {
    const member: i32 = M[i];
    if ((member & 3) === 1 && (kindOf(member) === Cell.SHAPE || member >> 2 < HEAP)) return refuse(Rule.H8, set);
  }
  return true;
}
