// Code that comes to be while a program runs: what a compiler made of the text that eval, a Function constructor or a
// further script was given, as plain data (vm/unit.ts), becomes cells here. Whoever compiled it, the data is believed as
// little as an image is: the verifier's pass over a code decides whether the cell stays one.
//
// The parts of `newCode`, a dense array: 0 the word `about` (format/code.ts), 1 flags, 2 length, 3 parameters, 4 slots,
// 5 stack words, 6 capacity, 7 constants, 8 handlers (four numbers each), 9 labels (offset << 8 | depth), 10 the bytecode,
// a text of one unit a byte.

import { Cell, Field, FunctionPart } from "../format/cells.js";
import { HANDLER_WORDS } from "../format/code.js";
import { Reg } from "../format/registers.js";
import { Root } from "../format/roots.js";
import { HEAP, Immediate } from "../format/words.js";
import { allocateBytes, bytesWords, byteStart } from "./bytes.js";
import { capacityOf, elementsWords, FIRST_ELEMENT, newElements } from "./elements.js";
import { allocate, charge, fault, fillWords, isText, kindOf, moveWords, reference, reserve } from "./heap.js";
import { M } from "./memory.js";
import { FUNCTION_WORDS, hasRealms, root, runningRealm } from "./object.js";
import { arrayIndex, copyBytes, flatLength, flatten, internKey, textStart, wideCell } from "./text.js";
import type { bool, i32 } from "./types.js";
import { checkCode } from "./verifycode.js";
import { allow } from "./verifystate.js";

const NEW_ABOUT = 0, NEW_FLAGS = 1, NEW_LENGTH = 2, NEW_PARAMETERS = 3, NEW_SLOTS = 4, NEW_STACK_WORDS = 5, NEW_CAPACITY = 6, NEW_CONSTANTS = 7, NEW_HANDLERS = 8, NEW_LABELS = 9, NEW_BYTECODE = 10, NEW_PARTS = 11;

/** How many elements a dense array of the program's has; -1 if it is not one. */
function countOf(word: i32): i32 {
  if (kindOf(word) !== Cell.ARRAY || word >> 2 < HEAP) return -1;
  const length: i32 = M[(word >> 2) + Field.ARRAY_LENGTH];
  if (length === 0) return 0;
  const elements: i32 = M[(word >> 2) + Field.ARRAY_ELEMENTS];
  if (kindOf(elements) !== Cell.ELEMENTS || length < 0 || capacityOf(elements >> 2) < length) return -1;
  return length;
}
/** Address of its first element, where it has any. */
function elementsAt(word: i32): i32 { return (M[(word >> 2) + Field.ARRAY_ELEMENTS] >> 2) + FIRST_ELEMENT; }
/** A number from 0 to `most` among the parts at `parts`; -1 if it is none. */
function numberPart(parts: i32, which: i32, most: i32): i32 {
  const word: i32 = M[parts + which];
  return (word & 1) === 0 && word >= 0 && word >> 1 <= most ? word >> 1 : -1;
}
/** Are they all small integers? */
function allSmall(word: i32, count: i32): bool {
  for (let i: i32 = 0; i < count; i++) if ((M[elementsAt(word) + i] & 1) !== 0) return false;
  return true;
}
/** Interns the texts among the constants, in the array itself: done once, however often room runs out. False: no room. */
function internConstants(word: i32, count: i32): bool {
  for (let i: i32 = 0; i < count; i++) {
    const constant: i32 = M[elementsAt(word) + i];
    if (kindOf(constant) !== Cell.STRING && kindOf(constant) !== Cell.WIDE_STRING && kindOf(constant) !== Cell.ROPE) continue;
    const flat = flatten(constant);
    if (flat === Immediate.NONE) return false;
    const index = arrayIndex(flat);
    if (index >= 0) continue;
    const key = internKey(flat);
    if (key === Immediate.NONE) return false;
    M[elementsAt(word) + i] = key;
  }
  return true;
}

/** newCode(parts): the CODE cell, or undefined where the verifier refuses it. */
export function newCode(list: i32): i32 {
  if (countOf(list) !== NEW_PARTS) return fault();
  const parts = elementsAt(list);
  const constants: i32 = M[parts + NEW_CONSTANTS];
  const handlers: i32 = M[parts + NEW_HANDLERS];
  const labels: i32 = M[parts + NEW_LABELS];
  const constantCount = countOf(constants);
  const handlerWords = countOf(handlers);
  const labelCount = countOf(labels);
  const bytecode: i32 = M[parts + NEW_BYTECODE];
  if (constantCount < 0 || handlerWords < 0 || labelCount < 0 || handlerWords % HANDLER_WORDS !== 0 || labelCount > 0xffff) return Immediate.UNDEFINED;
  if (!isText(bytecode) || !allSmall(handlers, handlerWords) || !allSmall(labels, labelCount)) return Immediate.UNDEFINED;
  const flat = flatten(bytecode);
  if (flat === Immediate.NONE || !internConstants(constants, constantCount)) return Immediate.NONE;
  if (wideCell(flat >> 2)) return Immediate.UNDEFINED;
  const about: i32 = M[parts + NEW_ABOUT] === Immediate.UNDEFINED ? 0 : 1;
  const tables: i32 = handlerWords + labelCount > 0 ? 1 : 0;
  const start: i32 = Field.CODE_TAIL + constantCount + about + handlerWords + labelCount + tables;
  const bytes = flatLength(flat >> 2);
  const flags = numberPart(parts, NEW_FLAGS, 0x7ff);
  const length = numberPart(parts, NEW_LENGTH, 255);
  const parameters = numberPart(parts, NEW_PARAMETERS, 255);
  const slots = numberPart(parts, NEW_SLOTS, 0xffff);
  const stackWords = numberPart(parts, NEW_STACK_WORDS, 0xffff);
  const capacity = numberPart(parts, NEW_CAPACITY, 255);
  if (start > 0xffff || flags < 0 || length < 0 || parameters < 0 || slots < 0 || stackWords < 0 || capacity < 0) return Immediate.UNDEFINED;
  const words: i32 = start + ((bytes + 3) >> 2);
  if (!reserve(words)) return Immediate.NONE;

  const code = allocate(Cell.CODE, words);
  const padding: i32 = (((words + 1) & -2) << 2) - (start << 2) - bytes;
  fillWords(code + start, 0, words - start);
  M[code + Field.CODE_FORM] = flags | (padding << 11) | (tables << 14) | (about << 15) | (length << 24);
  M[code + Field.CODE_FRAME] = slots | (parameters << 16) | (capacity << 24);
  M[code + Field.CODE_COUNTS] = start | (stackWords << 16);
  let at: i32 = code + Field.CODE_TAIL;
  if (constantCount > 0) moveWords(at, elementsAt(constants), constantCount);
  at += constantCount;
  if (about !== 0) {
    M[at] = M[parts + NEW_ABOUT];
    at++;
  }
  for (let i: i32 = 0; i < handlerWords; i++) M[at + i] = M[elementsAt(handlers) + i] >> 1;
  at += handlerWords;
  for (let i: i32 = 0; i < labelCount; i++) M[at + i] = M[elementsAt(labels) + i] >> 1;
  at += labelCount;
  if (tables !== 0) M[at] = ((handlerWords / HANDLER_WORDS) << 16) | labelCount;
  copyBytes((code + start) << 2, textStart(flat >> 2), bytes);
  charge(words >> 4);
  allow(words * 64 + 4096);
  const sound = checkCode(code);
  if (sound) return reference(code);
  // What is left of it is a cell that says nothing; the next collection takes it.
  M[code] = (M[code] & -256) | Cell.ELEMENTS;
  fillWords(code + 1, 0, words - 1);
  return Immediate.UNDEFINED;
}

/** elements(array): an ELEMENTS cell of just those. */
export function elementsOfArray(list: i32): i32 {
  const count = countOf(list);
  if (count < 0) return fault();
  if (!reserve(elementsWords(count))) return Immediate.NONE;
  const cell = newElements(count);
  if (count > 0) moveWords(cell + FIRST_ELEMENT, elementsAt(list), count);
  charge(count >> 6);
  return reference(cell);
}

/** textBytes(text): BYTES of its units. */
export function textBytes(text: i32): i32 {
  if (!isText(text)) return fault();
  const flat = flatten(text);
  if (flat === Immediate.NONE) return Immediate.NONE;
  if (wideCell(flat >> 2)) return fault();
  const length = flatLength(flat >> 2);
  const words = bytesWords(length);
  if (!reserve(words)) return Immediate.NONE;
  const bytes = allocateBytes(length);
  const start = byteStart(bytes);
  copyBytes(start, textStart(flat >> 2), length);
  charge(words >> 4);
  return reference(bytes);
}

/** newEntry(code, scope): a function of that code which nobody sees, to be called once. */
export function newEntry(code: i32, scope: i32): i32 {
  if (kindOf(code) !== Cell.CODE || (scope !== Immediate.UNDEFINED && kindOf(scope) !== Cell.SCOPE)) return fault();
  if (!reserve(FUNCTION_WORDS)) return Immediate.NONE;
  const func = allocate(Cell.FUNCTION, FUNCTION_WORDS);
  M[func + 1] = root(Root.SHAPE_method);
  M[func + 2] = Immediate.UNDEFINED;
  M[func + Field.FUNCTION_CODE] = code;
  M[func + FunctionPart.SCOPE] = scope;
  M[func + FunctionPart.HOME] = Immediate.UNDEFINED;
  M[func + FunctionPart.FIELDS] = Immediate.UNDEFINED;
  if (hasRealms()) M[func + FunctionPart.REALM] = runningRealm();
  return reference(func);
}

/** How many modules the program has: its list may end in holes. */
export function moduleCount(): i32 {
  const modules: i32 = M[Reg.MODULES] >> 2;
  let count = capacityOf(modules);
  while (count > 0 && M[modules + FIRST_ELEMENT + count - 1] === Immediate.HOLE) count--;
  return count;
}
/** addModule(variables): the number of a new module, whose variables are all in their dead zone. */
export function addModule(variables: i32): i32 {
  if ((variables & 1) !== 0 || variables < 0 || variables >> 1 > 0xffff) return fault();
  const count = moduleCount();
  const size: i32 = Field.SCOPE_TAIL + (variables >> 1);
  if (!reserve(((size + 1) & -2) + elementsWords(count + 1))) return Immediate.NONE;
  const scope = allocate(Cell.SCOPE, size);
  M[scope + Field.SCOPE_PARENT] = Immediate.UNDEFINED;
  fillWords(scope + Field.SCOPE_TAIL, Immediate.HOLE, variables >> 1);
  const list = newElements(count + 1);
  moveWords(list + FIRST_ELEMENT, (M[Reg.MODULES] >> 2) + FIRST_ELEMENT, count);
  M[list + FIRST_ELEMENT + count] = reference(scope);
  M[Reg.MODULES] = reference(list);
  charge(count >> 6);
  return count << 1;
}
