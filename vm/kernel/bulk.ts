// Bulk work that the core's built-ins repeat for every element: the merging of sort where the order is known to call no
// user code, the texts of a match's groups, and the templates of replacements. A pass of merging is done in portions, the state of which is an array of
// the core's, so a sort of any length stops and goes on like any other program.

import { Attribute, Cell, Field } from "../format/cells.js";
import { CodeFlag } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Root } from "../format/roots.js";
import { Immediate, STRING_MAX } from "../format/words.js";
import { codeOf } from "./call.js";
import { codeEnd, codeFlags, codeParameters, codeStart } from "./code.js";
import { capacityOf, elementsWords, FIRST_ELEMENT, newElements } from "./elements.js";
import { charge, CHARGE_SHIFT, fault, isNumber, isText, kindOf, numberValue, reference, reserve, truth } from "./heap.js";
import { B, M } from "./memory.js";
import { ARRAY_WORDS, follow, newArray, root, setThreeSlots, THREE_SLOTS } from "./object.js";
import { isCore } from "./shape.js";
import {
  compareTexts, copyUnits, emptyText, flatLength, flatten, isWide, narrowUnits, newText, reserveText, textLength, textStart,
  textWords, unitAt, wideCell, writeRope,
} from "./text.js";
import { tooLong } from "./textops.js";
import type { bool, i32 } from "./types.js";

/** How two elements are ordered: texts by their units, numbers ascending or descending. */
const BY_UNITS = 0, ASCENDING = 1, DESCENDING = 2;
/** Elements that a portion of a pass merges. */
const PORTION = 2048;
/** What the state of a pass holds. */
const PASS_FROM = 0, PASS_TO = 1, PASS_WIDTH = 2, PASS_LOW = 3, PASS_LEFT = 4, PASS_RIGHT = 5, PASS_WORDS = 6;

/** Address of the first of `least` elements of a dense array of the program's; 0 if it is not one. */
function listStart(word: i32, least: i32): i32 {
  if (kindOf(word) !== Cell.ARRAY) return 0;
  const elements: i32 = M[(word >> 2) + Field.ARRAY_ELEMENTS];
  if (kindOf(elements) !== Cell.ELEMENTS || isCore(elements >> 2) || capacityOf(elements >> 2) < least) return 0;
  return (elements >> 2) + FIRST_ELEMENT;
}
/** May `a` stay before `b`? 1 or 0; -1 after a fault or for want of room. */
function inOrder(a: i32, b: i32, mode: i32): i32 {
  if (mode === BY_UNITS) {
    const order = compareTexts(a, b);
    return order === 2 ? -1 : order <= 0 ? 1 : 0;
  }
  if (!isNumber(a) || !isNumber(b)) {
    fault();
    return -1;
  }
  return (mode === ASCENDING ? numberValue(a) <= numberValue(b) : numberValue(a) >= numberValue(b)) ? 1 : 0;
}

/**
 * A portion of one pass of a merge sort: merges neighbouring runs of `width` elements of one array into another. The
 * state, an array, says how far it is: from, to, width, where the present pair of runs begins, and what comes next of
 * its left and of its right run. True when the pass is complete. Texts must be flat, so that no room is needed.
 */
export function mergeStep(state: i32, modeWord: i32): i32 {
  const slots = listStart(state, PASS_WORDS);
  if (slots === 0 || modeWord < BY_UNITS << 1 || modeWord > DESCENDING << 1 || kindOf(M[slots + PASS_FROM]) !== Cell.ARRAY) return fault();
  const length: i32 = M[(M[slots + PASS_FROM] >> 2) + Field.ARRAY_LENGTH];
  const source = listStart(M[slots + PASS_FROM], length);
  const target = listStart(M[slots + PASS_TO], length);
  const width: i32 = M[slots + PASS_WIDTH] >> 1;
  let low: i32 = M[slots + PASS_LOW] >> 1;
  let left: i32 = M[slots + PASS_LEFT] >> 1;
  let right: i32 = M[slots + PASS_RIGHT] >> 1;
  if (source === 0 || target === 0 || length < 0 || width < 1 || low < 0 || low > length) return fault();
  if (((M[slots + PASS_WIDTH] | M[slots + PASS_LOW] | M[slots + PASS_LEFT] | M[slots + PASS_RIGHT]) & 1) !== 0) return fault();
  let left1: i32 = low + width < length ? low + width : length;
  let right1: i32 = left1 + width < length ? left1 + width : length;
  if (left < low || left > left1 || right < left1 || right > right1) return fault();
  let budget: i32 = PORTION;
  while (low < length && budget > 0) {
    let at: i32 = left + right - left1;
    for (; at < right1 && budget > 0; at++) {
      let takesLeft: bool = right >= right1;
      if (!takesLeft && left < left1) {
        const ordered = inOrder(M[source + left], M[source + right], modeWord >> 1);
        if (ordered < 0) return Immediate.NONE;
        takesLeft = ordered !== 0;
      }
      const from: i32 = takesLeft ? left : right;
      M[target + at] = M[source + from];
      if (takesLeft) left++;
      else right++;
      budget--;
    }
    if (at < right1) break;
    low = right1;
    left = low;
    left1 = low + width < length ? low + width : length;
    right = left1;
    right1 = left1 + width < length ? left1 + width : length;
  }
  M[slots + PASS_LOW] = low << 1;
  M[slots + PASS_LEFT] = left << 1;
  M[slots + PASS_RIGHT] = right << 1;
  charge((PORTION - budget) >> 1);
  return truth(low >= length);
}

/**
 * Is a function (a, b) => a - b, or (a, b) => b - a? ASCENDING, DESCENDING, or 0: so a sort of numbers need not call it,
 * for what it does to numbers is known.
 */
export function comparatorOrder(func: i32): i32 {
  const code = codeOf(func);
  const at: i32 = (code << 2) + codeStart(code);
  if (codeEnd(code) - codeStart(code) < 5 || codeParameters(code) !== 2) return 0;
  if ((codeFlags(code) & (CodeFlag.GENERATOR | CodeFlag.ASYNC | CodeFlag.CLASS | CodeFlag.ARGUMENTS)) !== 0) return 0;
  if (B[at] !== Op.GET_LOCALS || B[at + 3] !== Op.SUB || B[at + 4] !== Op.RETURN) return 0;
  if (B[at + 1] === 0 && B[at + 2] === 1) return ASCENDING;
  return B[at + 1] === 1 && B[at + 2] === 0 ? DESCENDING : 0;
}

/** Array of the texts between each two positions of a list (small integers), undefined where they are -1. */
export function captures(text: i32, positions: i32): i32 {
  return groupTexts(text, positions, 0);
}
/** The same with the properties that exec's result has: where it begins, the text, and no groups by name. */
export function matchArray(text: i32, positions: i32): i32 {
  const array: i32 = root(Root.SHAPE_array) >> 2;
  const withIndex = follow(array, root(Root.NAME_index), Attribute.ALL);
  if (withIndex === 0) return Immediate.NONE;
  const withInput = follow(withIndex, root(Root.NAME_input), Attribute.ALL);
  if (withInput === 0) return Immediate.NONE;
  const shape = follow(withInput, root(Root.NAME_groups), Attribute.ALL);
  return shape === 0 ? Immediate.NONE : groupTexts(text, positions, shape);
}
function groupTexts(text: i32, positions: i32, shape: i32): i32 {
  const flat = flatten(text);
  if (flat === Immediate.NONE) return Immediate.NONE;
  if (kindOf(positions) !== Cell.ARRAY) return fault();
  const count: i32 = M[(positions >> 2) + Field.ARRAY_LENGTH] >>> 1;
  const first = listStart(positions, count << 1);
  if (first === 0 || count > 65535 || (shape !== 0 && count === 0)) return fault();
  const source: i32 = flat >> 2;
  const length = flatLength(source);
  let words: i32 = ARRAY_WORDS + elementsWords(count) + (shape !== 0 ? THREE_SLOTS : 0);
  for (let i: i32 = 0; i < count; i++) {
    const from: i32 = M[first + 2 * i];
    const to: i32 = M[first + 2 * i + 1];
    if (from === -1 << 1) continue;
    if (((from | to) & 1) !== 0 || from < 0 || to < from || to >> 1 > length) return fault();
    words = words + textWords((to - from) >> 1, wideCell(source)) + 1;
    // Groups may overlap, but no more of them than there can be.
    if (words > 0x1fffffff) return reserve(0x3fffffff) ? fault() : Immediate.NONE;
  }
  if (!reserve(words)) return Immediate.NONE;
  const list = newElements(count);
  let units: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const from: i32 = M[first + 2 * i] >> 1;
    const size: i32 = (M[first + 2 * i + 1] >> 1) - from;
    let word: i32 = Immediate.UNDEFINED;
    if (from >= 0) {
      word = size === 0 ? emptyText() : flat;
      if (size !== 0 && size !== length) {
        const wide: bool = !narrowUnits(source, from, size);
        const part = newText(size, wide);
        copyUnits(textStart(part), wide, source, from, size);
        word = reference(part);
        units = units + size;
      }
    }
    M[list + FIRST_ELEMENT + i] = word;
  }
  charge((units >> CHARGE_SHIFT) + (count >> 2));
  const array = newArray(reference(list), count);
  if (shape !== 0) setThreeSlots(array, shape, M[first], text, Immediate.UNDEFINED);
  return reference(array);
}

/** Do the texts that `expansion` last measured need wide units? */
let expansionWide: bool = false;
/**
 * Measures (target -1) or writes the expansion of a template: its length. `list` is where the captures are, `count` of
 * them; what matched begins at `position` of the text at `source`. -1: a capture is no text, or the whole is too long.
 * Source: ECMA-262 §22.1.3.19.1, where there are no named groups.
 */
function expansion(template: i32, source: i32, position: i32, list: i32, count: i32, target: i32, wide: bool): i32 {
  const length = flatLength(template);
  let total: i32 = 0;
  let from: i32 = 0;
  let at: i32 = 0;
  expansionWide = false;
  while (from < length) {
    while (at < length && unitAt(template, at) !== 36) at++;
    const next: i32 = at + 1 < length ? unitAt(template, at + 1) : -1;
    let size: i32 = 2;
    let part: i32 = Immediate.UNDEFINED;
    let first: i32 = 0;
    let end: i32 = 0;
    let literal: i32 = at;
    if (next === 36) {
      literal = at + 1;
    } else if (next === 38) {
      part = M[list];
    } else if (next === 96) {
      end = position;
    } else if (next === 39) {
      first = position + textLength(M[list]);
      end = flatLength(source) > first ? flatLength(source) : first;
    } else {
      let group: i32 = next >= 48 && next <= 57 ? next - 48 : 0;
      const second: i32 = at + 2 < length && next >= 48 && next <= 57 ? unitAt(template, at + 2) - 48 : -1;
      const both: i32 = group * 10 + second;
      if (second >= 0 && second <= 9 && both > 0 && both < count) {
        group = both;
        size = 3;
      }
      if (group > 0 && group < count) {
        part = M[list + group];
      } else if (at < length) {
        // Not a reference: the sign is itself.
        at++;
        continue;
      }
    }
    // First the template up to here, then what the reference stands for: a part, or some of the text.
    const partLength: i32 = part === Immediate.UNDEFINED ? end - first : isText(part) ? textLength(part) : -1;
    if (partLength < 0 || total + (literal - from) > STRING_MAX - partLength) return -1;
    if (target < 0) {
      if (wideCell(template) && !narrowUnits(template, from, literal - from)) expansionWide = true;
      if (part === Immediate.UNDEFINED) {
        if (end > first && wideCell(source) && !narrowUnits(source, first, end - first)) expansionWide = true;
      } else if (isWide(part)) {
        expansionWide = true;
      }
    } else {
      copyUnits(target + total, wide, template, from, literal - from);
      if (part === Immediate.UNDEFINED) {
        copyUnits(target + total + literal - from, wide, source, first, end - first);
      } else {
        const written = writeRope(part, target + total + literal - from, wide);
        if (!written) return -1;
      }
    }
    total = total + literal - from + partLength;
    at = at + size;
    from = at;
  }
  return total;
}
/** The template of a replacement with its references filled in; the captures, texts or undefined, begin with what matched. */
export function expand(template: i32, text: i32, positionWord: i32, captured: i32): i32 {
  const flat = flatten(template);
  if (flat === Immediate.NONE) return Immediate.NONE;
  const source = flatten(text);
  if (source === Immediate.NONE) return Immediate.NONE;
  if (kindOf(captured) !== Cell.ARRAY) return fault();
  const count: i32 = M[(captured >> 2) + Field.ARRAY_LENGTH];
  const list = listStart(captured, count);
  if (list === 0 || count < 1 || !isText(M[list])) return fault();
  const position: i32 = positionWord >> 1;
  if ((positionWord & 1) !== 0 || position < 0 || position > flatLength(source >> 2)) return fault();
  const total = expansion(flat >> 2, source >> 2, position, list, count, -1, false);
  if (total < 0) return tooLong();
  if (total === 0) return emptyText();
  const wide: bool = expansionWide;
  if (!reserveText(total, wide, 0)) return Immediate.NONE;
  const target = newText(total, wide);
  const written = expansion(flat >> 2, source >> 2, position, list, count, textStart(target), wide);
  if (written !== total) return fault();
  charge((total + flatLength(flat >> 2)) >> CHARGE_SHIFT);
  return reference(target);
}
