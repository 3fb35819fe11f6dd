// Realms (ECMA-262 section 9.3): further sets of built-in objects in one program. The core is the first realm's. A further
// one is a copy of the core's objects in the program's own memory, so that `other.Array` is another object than `Array` and
// does the same; code, texts, symbols and numbers are common to all.
//
//   FUNCTION …  realm ──▶ REALM   lexicals | objects | root 0 | root 1 | …
//                                             │           └▶ the copies of what the core's roots are
//                                             └▶ ELEMENTS  core object, its copy, core object, its copy … by ascending address
//
// A function is of the realm that ran when it was made, and what it makes is of its realm. So the running realm is that of
// the running frame's function (of the nearest frame above that has one, if it is bare code), and nothing else says which it
// is: an image needs no word for it. `step` looks before every instruction, once there is a further realm at all (register
// REALMS); from then on the program runs by the reference alone, without the fast loop and the compiled tier, whose short
// ways know one set of roots. That is slow, and programs with several realms are rare.

import { Brand, Slot } from "../format/brands.js";
import { Cell, Field, FunctionPart, ShapeFlag, taggedFirst } from "../format/cells.js";
import { ErrorCode } from "../format/errors.js";
import { CALLEE, Frame } from "../format/frame.js";
import { Reg } from "../format/registers.js";
import { ROOT_COUNT, Root, ROOTS, ROOTS_CELL } from "../format/roots.js";
import { CORE_WORDS, HEAP, Immediate } from "../format/words.js";
import { codeParameters } from "./code.js";
import { taggedLimit } from "./collect.js";
import { FIRST_ELEMENT, newElements } from "./elements.js";
import { allocate, cellSize, charge, fail, kindOf, nextSerial, reference, reserve, reserveAnew } from "./heap.js";
import { M } from "./memory.js";
import { enterRoots, FUNCTION_WORDS, isProxy, rootsOf, runningRoots } from "./object.js";
import { lineCapacity, newPropertyTable, SHAPE_WORDS, tableWords, uniqueTable } from "./shape.js";
import type { bool, i32 } from "./types.js";

/** Makes the realm of the frame at `fp` the running one. */
export function enterRealm(fp: i32): void {
  let at: i32 = fp;
  // Bare code is the core's, called by code of its own realm.
  while (kindOf(M[at + CALLEE]) === Cell.CODE) at = at + (M[linkAt(at)] >> 5);
  enterRoots(rootsOf(M[at + CALLEE] >> 2));
}
/** Where a frame of bare code has its link. */
function linkAt(fp: i32): i32 { return fp - codeParameters(M[fp + CALLEE] >> 2) - Frame.LINK; }

/** Has a realm copies of cells of that kind? */
function isCopied(kind: i32): bool {
  return (kind >= Cell.SLOTS && kind <= Cell.TYPED_ARRAY) || kind === Cell.SCOPE || kind === Cell.SHAPE || kind === Cell.TABLE;
}
/** Is it an object that others have as prototype, or may be asked for by realmObject? Functions without properties of their own are neither. */
function isNoted(address: i32): bool {
  const kind: i32 = M[address] & 255;
  return kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY && (M[(M[address + 1] >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) === 0;
}
/** Words of the property table that the copy of a shape gets for itself; 0 if it has that of the core. */
function ownTable(shape: i32): i32 {
  return (M[shape + Field.SHAPE_FLAGS] & ShapeFlag.UNIQUE) === 0 ? 0 : (tableWords(lineCapacity(M[shape + Field.SHAPE_COUNT])) + 1) & -2;
}
/** Words of a REALM. */
const REALM_WORDS: i32 = (Field.REALM_TAIL + ROOT_COUNT + 1) & -2;

/** newRealm(): the new realm's global object. */
export function newRealm(): i32 {
  // The table of interned strings is the core's last cell.
  const end: i32 = M[ROOTS + Root.internTable] >> 2;
  let words: i32 = REALM_WORDS + 4;
  let cells: i32 = 0;
  let noted: i32 = 0;
  for (let at: i32 = ROOTS_CELL + cellSize(ROOTS_CELL); at < end; at += cellSize(at)) {
    const kind: i32 = M[at] & 255;
    if (!isCopied(kind)) continue;
    cells++;
    words = words + (kind === Cell.FUNCTION ? FUNCTION_WORDS : cellSize(at)) + 2;
    if (isNoted(at)) {
      noted++;
      words = words + 2 + SHAPE_WORDS + ((tableWords(lineCapacity(0)) + 1) & -2);
    }
    if (kind === Cell.SHAPE) words = words + ownTable(at);
  }
  if (M[Reg.REALMS] === 0) {
    // The fast loop has to be left before anything is of another realm.
    M[Reg.REALMS] = 1;
    reserveAnew(words);
    return Immediate.NONE;
  }
  if (!reserve(words)) return Immediate.NONE;
  charge(words >> 6);
  const realm = allocate(Cell.REALM, REALM_WORDS);
  const copies = newElements(cells * 2);
  copyCells(realm, copies, end);
  for (let i: i32 = 0; i < cells; i++) relocate(M[copies + FIRST_ELEMENT + i * 2 + 1] >> 2, copies, cells);
  for (let i: i32 = 0; i < cells; i++) markPrototypes(M[copies + FIRST_ELEMENT + i * 2 + 1] >> 2);
  M[realm + Field.REALM_LEXICALS] = Immediate.UNDEFINED;
  for (let i: i32 = Field.REALM_TAIL; i < REALM_WORDS; i++) {
    const number: i32 = i - Field.REALM_TAIL;
    M[realm + i] = number < ROOT_COUNT ? copyOf(M[ROOTS + number], copies, cells) : 0;
  }
  const objects = newElements(noted * 2);
  let place: i32 = objects + FIRST_ELEMENT;
  for (let i: i32 = 0; i < cells; i++) {
    const pair: i32 = copies + FIRST_ELEMENT + i * 2;
    if (isNoted(M[pair] >> 2)) {
      M[place] = M[pair];
      M[place + 1] = M[pair + 1];
      place = place + 2;
    }
  }
  M[realm + Field.REALM_OBJECTS] = reference(objects);
  return M[realm + Field.REALM_TAIL + Root.global];
}
/** Copies the core's cells below `end` word by word, what they refer to included, and enters each pair in `copies`. */
function copyCells(realm: i32, copies: i32, end: i32): void {
  let place: i32 = copies + FIRST_ELEMENT;
  for (let at: i32 = ROOTS_CELL + cellSize(ROOTS_CELL); at < end; at += cellSize(at)) {
    const kind: i32 = M[at] & 255;
    if (!isCopied(kind)) continue;
    const size: i32 = cellSize(at);
    const copy = allocate(kind, kind === Cell.FUNCTION ? FUNCTION_WORDS : size);
    for (let i: i32 = 1; i < size; i++) M[copy + i] = M[at + i];
    if (kind === Cell.FUNCTION) {
      for (let part: i32 = size > FunctionPart.SCOPE ? size : FunctionPart.SCOPE; part <= FunctionPart.FIELDS; part++) M[copy + part] = Immediate.UNDEFINED;
      M[copy + FunctionPart.REALM] = reference(realm);
    }
    if (kind === Cell.SHAPE) {
      const serial = nextSerial();
      M[copy + Field.SHAPE_SERIAL] = serial;
      if (ownTable(at) !== 0) {
        const table = uniqueTable(at);
        M[copy + Field.SHAPE_TABLE] = reference(table);
      }
    }
    const serialAt: i32 = kind === Cell.SLOTS ? copy + Field.SLOTS_SERIAL : copy + 2;
    if ((kind === Cell.SLOTS || (kind >= Cell.OBJECT && kind <= Cell.TYPED_ARRAY)) && (M[serialAt] & 1) === 0) {
      const serial = nextSerial();
      M[serialAt] = serial << 1;
    }
    M[place] = reference(at);
    M[place + 1] = reference(copy);
    place = place + 2;
  }
}
/** The copy that stands for a word of the core; the word itself if there is none. */
function copyOf(word: i32, copies: i32, cells: i32): i32 {
  if ((word & 3) !== 1 || word >> 2 >= CORE_WORDS) return word;
  let low: i32 = 0;
  let high: i32 = cells;
  while (low < high) {
    const middle: i32 = (low + high) >> 1;
    if (M[copies + FIRST_ELEMENT + middle * 2] < word) low = middle + 1;
    else high = middle;
  }
  const pair: i32 = copies + FIRST_ELEMENT + low * 2;
  return low < cells && M[pair] === word ? M[pair + 1] : word;
}
function relocate(copy: i32, copies: i32, cells: i32): void {
  const end = taggedLimit(copy);
  for (let at: i32 = copy + taggedFirst[M[copy] & 255]; at < end; at++) M[at] = copyOf(M[at], copies, cells);
}
/** What is somebody's prototype owns its shape, as markPrototype has it. */
function markPrototypes(copy: i32): void {
  if ((M[copy] & 255) !== Cell.SHAPE) return;
  const prototype: i32 = M[copy + Field.SHAPE_PROTOTYPE];
  if ((prototype & 3) !== 1) return;
  const shape: i32 = M[(prototype >> 2) + 1] >> 2;
  const flags: i32 = M[shape + Field.SHAPE_FLAGS];
  if ((flags & ShapeFlag.UNIQUE) !== 0) {
    M[shape + Field.SHAPE_FLAGS] = flags | ShapeFlag.PROTOTYPE;
    return;
  }
  // One without properties of its own.
  const table = newPropertyTable(lineCapacity(0));
  const own = allocate(Cell.SHAPE, SHAPE_WORDS);
  const serial = nextSerial();
  for (let i: i32 = 1; i < SHAPE_WORDS; i++) M[own + i] = M[shape + i];
  M[own + Field.SHAPE_FLAGS] = flags | ShapeFlag.UNIQUE | ShapeFlag.PROTOTYPE;
  M[own + Field.SHAPE_SERIAL] = serial;
  M[own + Field.SHAPE_TABLE] = reference(table);
  M[own + Field.SHAPE_KEY] = Immediate.UNDEFINED;
  M[(prototype >> 2) + 1] = reference(own);
}

/** Proxies and bound functions that realmRoots goes through; a chain so long is a circle, which only a forged image has. */
const REALM_CHAIN_MOST = 1 << 20;
/** 7.3.25 GetFunctionRealm: where the roots of that function's realm begin; of a revoked proxy 0. */
function realmRoots(func: i32): i32 {
  let word: i32 = func;
  let steps: i32 = 0;
  while (kindOf(word) === Cell.RECORD && steps < REALM_CHAIN_MOST) {
    const brand: i32 = M[(word >> 2) + Field.RECORD_BRAND] >> 1;
    if (isProxy(word)) word = M[(word >> 2) + Field.RECORD_TAIL + Slot.PROXY_TARGET];
    else if (brand === Brand.BOUND_FUNCTION) word = M[(word >> 2) + Field.RECORD_TAIL + Slot.BOUND_FUNCTION_TARGET];
    else break;
    steps++;
  }
  charge(steps >> 6);
  if (word === Immediate.NULL && steps > 0) return 0;
  return kindOf(word) === Cell.FUNCTION ? rootsOf(word >> 2) : runningRoots();
}
/** A root of the function's realm; of the running one where it has none any more. */
export function realmRoot(func: i32, number: i32): i32 {
  const roots = realmRoots(func);
  return M[(roots === 0 ? runningRoots() : roots) + number];
}
/** realmObject(object, function): what the object, one of the core in the running realm, is in the function's. */
export function realmObject(object: i32, func: i32): i32 {
  const from = runningRoots();
  const to = realmRoots(func);
  if (to === 0) return fail(ErrorCode.NOT_A_CONSTRUCTOR, func, Immediate.UNDEFINED);
  if (to === from) return object;
  const first: i32 = from === ROOTS ? object : partner(from, 1, object);
  return to === ROOTS ? first : partner(to, 0, first);
}
/** In the list of a realm's objects, the other half of the pair whose half `side` is that word (0 the core's, 1 the copy); the word itself if there is none. */
function partner(roots: i32, side: i32, word: i32): i32 {
  const list: i32 = M[roots - Field.REALM_TAIL + Field.REALM_OBJECTS];
  if (kindOf(list) !== Cell.ELEMENTS) return word;
  const objects: i32 = list >> 2;
  const end: i32 = objects + cellSize(objects) - 1;
  charge((end - objects) >> 7);
  for (let at: i32 = objects + FIRST_ELEMENT; at < end; at = at + 2) if (M[at + side] === word) return M[at + 1 - side];
  return word;
}

/** VH20, for the verifier: is everything that the kernel takes from a realm's roots what the core's are? */
export function checkRealm(realm: i32): bool {
  if (cellSize(realm) !== REALM_WORDS) return false;
  for (let i: i32 = Field.REALM_TAIL + ROOT_COUNT; i < REALM_WORDS; i++) if (M[realm + i] !== 0) return false;
  for (let number: i32 = 0; number < ROOT_COUNT; number++) {
    const own: i32 = M[realm + Field.REALM_TAIL + number];
    const core: i32 = M[ROOTS + number];
    if (!isCopied(kindOf(core))) {
      if (own !== core) return false;
    } else if (kindOf(own) !== kindOf(core) || own >> 2 < HEAP || !isLike(own >> 2, core >> 2)) {
      return false;
    }
  }
  return true;
}
/** Is the cell of the program like the core's, of the same kind, in what the kernel believes of it? */
function isLike(own: i32, core: i32): bool {
  switch (M[core] & 255) {
    case Cell.FUNCTION: return M[own + Field.FUNCTION_CODE] === M[core + Field.FUNCTION_CODE];
    case Cell.RECORD: return M[own + Field.RECORD_BRAND] === M[core + Field.RECORD_BRAND];
    case Cell.SHAPE: return sameForm(own, core);
    case Cell.SCOPE: return cellSize(own) === cellSize(core);
  }
  return true;
}
function sameForm(own: i32, core: i32): bool {
  return M[own + Field.SHAPE_FLAGS] === M[core + Field.SHAPE_FLAGS] && M[own + Field.SHAPE_COUNT] === M[core + Field.SHAPE_COUNT] &&
    M[own + Field.SHAPE_TABLE] === M[core + Field.SHAPE_TABLE];
}
/** VH10: has a lazy shape of the program the form of one of the core's? */
export function isLazyForm(shape: i32): bool {
  for (let number: i32 = Root.SHAPE_function; number <= Root.SHAPE_core; number++) {
    const core: i32 = M[ROOTS + number];
    if (kindOf(core) === Cell.SHAPE && (M[(core >> 2) + Field.SHAPE_FLAGS] & ShapeFlag.LAZY) !== 0 && sameForm(shape, core >> 2)) return true;
  }
  return false;
}
