// The verifier's look at what is derived from other things: hash tables, their indices, the sets of interned strings and
// of shape transitions. Hashes and places are computed again and compared, never believed; a table is not rebuilt,
// because where deleted entries have left traces the running program would have gone on with those.

import { Cell, Field } from "./format/cells.js";
import { Root, ROOTS } from "./format/roots.js";
import { HEAP, Immediate } from "./format/words.js";
import { B, fail, H, kernel, kindOf, M, Rule, sizeOf, spend } from "./verify-state.js";

/** Tables of up to so many entries are searched from the start and have no index. */
const LINEAR_MAX = 8;
const KEY_TAIL = Field.KEY_TAIL!;

/** Words of the index of a PROPERTY_TABLE or SPARSE of that capacity. */
function openIndexWords(capacity: number): number {
  if (capacity <= LINEAR_MAX) return 0;
  let size = 16;
  while (size < capacity * 2) size *= 2;
  return size;
}
/** Words that a table cell of that kind should have by its counts; -1 for counts that cannot be. */
export function tableCellWords(address: number, kind: number): number {
  const words = sizeOf(address);
  const capacity = M[address + Field.TABLE_CAPACITY!]!;
  const index = M[address + Field.TABLE_INDEX_SIZE!]!;
  if (capacity < 0 || capacity > words) return -1;
  if (kind === Cell.TABLE) {
    const entryWords = M[address + Field.TABLE_ENTRY_WORDS!]!;
    if (entryWords < 1 || entryWords > 2 || (capacity & (capacity - 1)) !== 0 || capacity === 0) return -1;
    if (index !== (capacity <= LINEAR_MAX ? 0 : capacity * 2)) return -1;
    return Field.TABLE_TAIL! + capacity * entryWords + index;
  }
  if (index !== openIndexWords(capacity)) return -1;
  return kind === Cell.SPARSE ? Field.SPARSE_TAIL! + capacity * 3 + index : Field.PROPERTY_TABLE_TAIL! + capacity * 2 + index;
}

/** The longest run of places in use of the index that was last looked at: no search in it takes more steps. */
let longestRun = 0;
/** Does an index of `size` words at `index` name only the first `used` entries, and no more of them than there are? */
function indexIsSound(index: number, size: number, used: number): boolean {
  let filled = 0;
  let run = 0;
  longestRun = 0;
  for (let i = 0; i < size; i++) {
    const entry = M[index + i]!;
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
export function isName(word: number): boolean {
  const kind = kindOf(word);
  return kind === Cell.KEY || kind === Cell.WIDE_KEY || kind === Cell.SYMBOL;
}

/** Checks a PROPERTY_TABLE. */
export function checkPropertyTable(table: number): boolean {
  const used = M[table + Field.PROPERTY_TABLE_USED!]!;
  const capacity = M[table + Field.PROPERTY_TABLE_CAPACITY!]!;
  const entries = table + Field.PROPERTY_TABLE_TAIL!;
  const size = M[table + Field.PROPERTY_TABLE_INDEX_SIZE!]!;
  const index = entries + capacity * 2;
  if (used < 0 || used > capacity || !indexIsSound(index, size, used)) return fail(Rule.H14, table);
  let live = 0;
  for (let i = 0; i < used; i++) {
    const key = M[entries + i * 2]!;
    const attributes = M[entries + i * 2 + 1]!;
    if (key === Immediate.DELETED) {
      if (attributes !== 0) return fail(Rule.H14, table);
      continue;
    }
    live++;
    if (!isName(key) || (attributes & ~30) !== 0) return fail(Rule.H14, table);
    if (size === 0) {
      for (let j = 0; j < i; j++) if (M[entries + j * 2] === key) return fail(Rule.H14, table);
      continue;
    }
    let probe = kernel.keyHash(key) & (size - 1);
    let tries = 0;
    while (M[index + probe] !== 0 && M[entries + (M[index + probe]! - 1) * 2] !== key && tries < size) {
      probe = (probe + 1) & (size - 1);
      tries++;
    }
    if (!spend(tries)) return fail(Rule.W1, table);
    if (M[index + probe] !== i + 1) return fail(Rule.H14, table);
  }
  for (let i = entries + used * 2; i < index; i++) if (M[i] !== Immediate.UNDEFINED) return fail(Rule.H14, table);
  return live === M[table + Field.PROPERTY_TABLE_LIVE!] ? true : fail(Rule.H14, table);
}

/** Checks a SPARSE: entries of index / 4, attributes with the index's two low bits, value. */
export function checkSparse(sparse: number): boolean {
  const used = M[sparse + Field.SPARSE_USED!]!;
  const capacity = M[sparse + Field.SPARSE_CAPACITY!]!;
  const entries = sparse + Field.SPARSE_TAIL!;
  const size = M[sparse + Field.SPARSE_INDEX_SIZE!]!;
  const index = entries + capacity * 3;
  if (used < 0 || used > capacity || !indexIsSound(index, size, used)) return fail(Rule.H14, sparse);
  let live = 0;
  for (let i = 0; i < used; i++) {
    const entry = entries + i * 3;
    const high = M[entry]!;
    if (high === Immediate.DELETED) {
      if (M[entry + 1] !== 0 || M[entry + 2] !== Immediate.UNDEFINED) return fail(Rule.H14, sparse);
      continue;
    }
    live++;
    const attributes = M[entry + 1]!;
    if ((high & 1) !== 0 || high < 0 || (attributes & ~0x61e) !== 0) return fail(Rule.H14, sparse);
    if ((attributes & 16) !== 0 && kindOf(M[entry + 2]!) !== Cell.ACCESSOR) return fail(Rule.H13, sparse);
    const low = attributes & 0x600;
    if (size === 0) {
      for (let j = entries; j < entry; j += 3) if (M[j] === high && (M[j + 1]! & 0x600) === low) return fail(Rule.H14, sparse);
      continue;
    }
    let probe = sparseHash((high << 1) | (low >> 9)) & (size - 1);
    let tries = 0;
    while (M[index + probe] !== 0 && !sameIndex(entries + (M[index + probe]! - 1) * 3, high, low) && tries < size) {
      probe = (probe + 1) & (size - 1);
      tries++;
    }
    if (!spend(tries)) return fail(Rule.W1, sparse);
    if (M[index + probe] !== i + 1) return fail(Rule.H14, sparse);
  }
  for (let i = entries + used * 3; i < index; i++) if (M[i] !== Immediate.UNDEFINED) return fail(Rule.H14, sparse);
  return live === M[sparse + Field.SPARSE_LIVE!] ? true : fail(Rule.H14, sparse);
}
function sameIndex(entry: number, high: number, low: number): boolean { return M[entry] === high && (M[entry + 1]! & 0x600) === low; }
/** As elements.ts has it. */
function sparseHash(index: number): number { return (Math.imul(index, 0x9e3779b1 | 0) >>> 8) & 0xffffff; }

/** Checks a TABLE. */
export function checkTable(table: number): boolean {
  const used = M[table + Field.TABLE_USED!]!;
  const capacity = M[table + Field.TABLE_CAPACITY!]!;
  const entryWords = M[table + Field.TABLE_ENTRY_WORDS!]!;
  const next = M[table + Field.TABLE_NEXT!]!;
  const entries = table + Field.TABLE_TAIL!;
  const index = entries + capacity * entryWords;
  if (used < 0 || used > capacity || !indexIsSound(index, M[table + Field.TABLE_INDEX_SIZE!]!, used)) return fail(Rule.H14, table);
  if ((M[table + Field.TABLE_FLAGS!]! & ~3) !== 0 || (next !== Immediate.UNDEFINED && kindOf(next) !== Cell.TABLE)) return fail(Rule.H14, table);
  let live = 0;
  for (let i = 0; i < used; i++) {
    const key = M[entries + i * entryWords]!;
    if (key === Immediate.DELETED) {
      if (entryWords > 1 && M[entries + i * entryWords + 1] !== Immediate.UNDEFINED) return fail(Rule.H14, table);
      continue;
    }
    live++;
    if (!isKeyForm(key)) return fail(Rule.H14, table);
    if (longestRun > RUN_MAX && !spend(longestRun)) return fail(Rule.W1, table);
    // The kernel's own search: it looks at no entry beyond `used` and at no more places than there are.
    if (kernel.tableFind((table << 2) | 1, key) !== i << 1) return fail(Rule.H14, table);
  }
  for (let i = entries + used * entryWords; i < index; i++) if (M[i] !== Immediate.UNDEFINED) return fail(Rule.H14, table);
  return live === M[table + Field.TABLE_LIVE!] ? true : fail(Rule.H14, table);
}
/** Is the word a key as tables hold them: flat, 0 for -0, an object only if it has a serial? */
function isKeyForm(key: number): boolean {
  if ((key & 1) === 0) return true;
  if ((key & 3) === 3) return key <= Immediate.TRUE;
  const kind = kindOf(key);
  if (kind === Cell.NUMBER) return kernel.numberValue(key) !== 0;
  if (kind === Cell.SYMBOL || kind === Cell.BIGINT || (kind >= Cell.STRING && kind <= Cell.WIDE_KEY)) return true;
  return kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY && serialOf(key >> 2) >= 0;
}
/** The serial of an object, -1 if it has none. */
export function serialOf(object: number): number {
  let word = M[object + 2]!;
  if (kindOf(word) === Cell.SLOTS) word = M[(word >> 2) + Field.SLOTS_SERIAL!]!;
  return (word & 1) === 0 ? word >> 1 : -1;
}

/** Checks the form of a WEAK_SET: a power of two of places, the counts right, at least one free. */
export function checkSet(set: number): boolean {
  const capacity = M[set + Field.WEAK_SET_CAPACITY!]!;
  let used = 0;
  let live = 0;
  for (let i = set + Field.WEAK_SET_TAIL!; i < set + Field.WEAK_SET_TAIL! + capacity; i++) {
    const member = M[i]!;
    if (member === Immediate.UNDEFINED) continue;
    used++;
    if (member === Immediate.DELETED) continue;
    const kind = kindOf(member);
    if (kind !== Cell.KEY && kind !== Cell.WIDE_KEY && kind !== Cell.SHAPE) return fail(Rule.H8, set);
    live++;
  }
  if (used !== M[set + Field.WEAK_SET_USED!] || live !== M[set + Field.WEAK_SET_LIVE!] || used >= capacity) return fail(Rule.H8, set);
  return true;
}

/** Content hash of an interned string, computed again. */
function textHash(key: number): number {
  const length = M[key + Field.KEY_LENGTH!]!;
  let hash = length;
  if ((M[key]! & 255) === Cell.WIDE_KEY) {
    const start = (key + KEY_TAIL) << 1;
    for (let i = 0; i < length; i++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ H[start + i]!, 0x9e3779b1 | 0);
  } else {
    const start = (key + KEY_TAIL) << 2;
    for (let i = 0; i < length; i++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ B[start + i]!, 0x9e3779b1 | 0);
  }
  return kernel.settleHash(hash);
}
/** Have two interned strings of equal hash the same text? */
function sameText(a: number, b: number): boolean {
  if (sizeOf(a) !== sizeOf(b) || (M[a]! & 255) !== (M[b]! & 255) || M[a + 1] !== M[b + 1]) return false;
  for (let i = KEY_TAIL; i < sizeOf(a); i++) if (M[a + i] !== M[b + i]) return false;
  return true;
}
/** The first member of the set with the text of `key`, as its search would find it; 0 if there is none, -1 if that took too long. */
function memberWithText(setWord: number, key: number): number {
  if (kindOf(setWord) !== Cell.WEAK_SET) return 0;
  const set = setWord >> 2;
  const mask = M[set + Field.WEAK_SET_CAPACITY!]! - 1;
  const hash = M[key + Field.KEY_HASH!]!;
  let index = hash & mask;
  for (let tries = 0; tries <= mask; tries++) {
    const member = M[set + Field.WEAK_SET_TAIL! + index]!;
    if (member === Immediate.UNDEFINED) return 0;
    if ((member & 3) === 1 && M[(member >> 2) + Field.KEY_HASH!] === hash) {
      if (member >> 2 === key || sameText(member >> 2, key)) return member >> 2;
      if (!spend(sizeOf(key))) return -1;
    }
    if (!spend(1)) return -1;
    index = (index + 1) & mask;
  }
  return 0;
}
/** Checks that an interned string is the only one with its text, and found in the program's set `intern`. */
export function checkKey(key: number, intern: number): boolean {
  if (M[key + Field.KEY_HASH!] !== textHash(key)) return fail(Rule.H7, key);
  const own = memberWithText(intern, key);
  const core = memberWithText(M[ROOTS + Root.internTable!]!, key);
  if (own < 0 || core < 0) return fail(Rule.W1, key);
  return own === key && core === 0 ? true : fail(Rule.H7, key);
}

/** Checks the set of transitions: every member a shape of a line that stands where a search for it begins or behind it, with no gap between. */
export function checkTransitions(setWord: number): boolean {
  if (setWord === Immediate.UNDEFINED) return true;
  const set = setWord >> 2;
  const mask = M[set + Field.WEAK_SET_CAPACITY!]! - 1;
  const tail = set + Field.WEAK_SET_TAIL!;
  for (let place = 0; place <= mask; place++) {
    const member = M[tail + place]!;
    if ((member & 3) !== 1) continue;
    const shape = member >> 2;
    if (kindOf(member) !== Cell.SHAPE || shape < HEAP || M[shape + Field.SHAPE_KEY!] === Immediate.UNDEFINED) return fail(Rule.H8, set);
    let probe = kernel.transitionHash(shape) & mask;
    while (probe !== place) {
      if (M[tail + probe] === Immediate.UNDEFINED) return fail(Rule.H8, set);
      if (!spend(1)) return fail(Rule.W1, set);
      probe = (probe + 1) & mask;
    }
  }
  return true;
}
/** Checks the set of interned strings: members are the program's own. */
export function checkInterned(setWord: number): boolean {
  if (setWord === Immediate.UNDEFINED) return true;
  const set = setWord >> 2;
  for (let i = set + Field.WEAK_SET_TAIL!; i < set + Field.WEAK_SET_TAIL! + M[set + Field.WEAK_SET_CAPACITY!]!; i++) {
    const member = M[i]!;
    if ((member & 3) === 1 && (kindOf(member) === Cell.SHAPE || member >> 2 < HEAP)) return fail(Rule.H8, set);
  }
  return true;
}
