// The verifier's look at a CODE cell: one pass over the bytecode. It can be one pass because the depth of the operand
// stack is declared at every label; between labels it follows from the opcode table, and where two ways meet they must
// agree. What is established here the interpreter never asks again: that opcodes exist, that operands name constants and
// locals that are there, that jumps arrive at instructions, that the stack neither runs empty nor over.

import { Cell, Field } from "../format/cells.js";
import { HANDLER_WORDS } from "../format/code.js";
import { CodeFlag, FRAME_WORDS } from "../format/frame.js";
import { Op } from "../format/opcodes.js";
import { Root } from "../format/roots.js";
import {
  CODE_FLAGS_ALL, ConstantWanted, CORE_FUNCTION_COUNT, ERROR_COUNT, opConstantAt, opConstantWanted, opCoreOnly, opEnds, opJumpAt,
  opJumpExtra, opJumpPlaces, opJumpSize, opPops, opPopsAt, opPopsSize, opPushes, opSecondSlotAt, opSize, opSlotAt, opSlotSize, OPCODES, ROOTS_OPEN, Rule,
} from "../format/verification.js";
import { CORE_WORDS } from "../format/words.js";
import {
  codeAbout, codeAboutWord, codeBytes, codeConstants, codeEnd, codeFast, codeFlags, codeHandlers, codeLabels, codeParameters, codeSlots, codeStackWords, codeStart, codeTables, handlersAt, labelsAt,
} from "./code.js";
import { FIRST_ELEMENT } from "./elements.js";
import { cellSize, isText, kindOf } from "./heap.js";
import { B, M, S } from "./memory.js";
import type { bool, i32 } from "./types.js";
import { refuse, spend } from "./verifystate.js";

function halfword(at: i32): i32 { return B[at] | (B[at + 1] << 8); }
/** A jump's distance. */
function distanceAt(at: i32, bytes: i32): i32 {
  if (bytes === 1) return (B[at] << 24) >> 24;
  return bytes === 2 ? (halfword(at) << 16) >> 16 : halfword(at) | (halfword(at + 2) << 16);
}
/** Words that the instruction at byte `at` takes from the stack. */
function popsOf(at: i32): i32 {
  const opcode: i32 = B[at];
  let words: i32 = opPops[opcode];
  if (opPopsSize[opcode] === 1) words += B[at + opPopsAt[opcode]];
  else if (opPopsSize[opcode] === 2) words += halfword(at + opPopsAt[opcode]);
  return words;
}

/** Do the counts of the code at `address` add up to its size? Then nothing below reads outside of the cell. */
export function codeSizeFits(address: i32): bool {
  const words: i32 = cellSize(address);
  const start = codeStart(address);
  const end = codeEnd(address);
  if (start > end || start < (Field.CODE_TAIL + codeAbout(address) + codeTables(address)) * 4) return false;
  if (codeConstants(address) < 0 || (codeTables(address) !== 0 && codeHandlers(address) + codeLabels(address) === 0)) return false;
  for (let at: i32 = address * 4 + end; at < (address + words) * 4; at++) if (B[at] !== 0) return false;
  return true;
}

// The labels of a code: raw words offset << 8 | depth, by ascending offset.

/** Number of the last label at or before `offset`, -1 if there is none. */
function labelBefore(code: i32, offset: i32): i32 {
  const labels: i32 = labelsAt(code);
  let low: i32 = 0;
  let high: i32 = codeLabels(code);
  while (low < high) {
    const middle: i32 = (low + high) >> 1;
    if (M[labels + middle] >>> 8 <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
/** The depth declared at `offset`, -1 if there is no label. */
function depthAtLabel(code: i32, offset: i32): i32 {
  const label: i32 = labelBefore(code, offset);
  if (label < 0) return -1;
  const word: i32 = M[labelsAt(code) + label];
  return word >>> 8 === offset ? word & 255 : -1;
}

/** Checks a CODE cell; its size fits and its tagged words are good. */
export function checkCode(code: i32): bool {
  const flags: i32 = codeFlags(code);
  const parameters: i32 = codeParameters(code);
  const slots: i32 = codeSlots(code);
  const stackWords: i32 = codeStackWords(code);
  if ((flags & ~CODE_FLAGS_ALL) !== 0) return refuse(Rule.B1, code);
  if ((flags & CodeFlag.CORE) !== 0 || codeFast(code) !== 0) return refuse(Rule.B2, code);
  if (slots < parameters + FRAME_WORDS) return refuse(Rule.B1, code);
  return checkAbout(code) && checkConstants(code) && checkLabels(code, stackWords) && checkHandlers(code) && checkInstructions(code);
}
/** The name, or ELEMENTS that begin with it. What is in them (load.ts) is checked by who reads it: a program may come to write there. */
function checkAbout(code: i32): bool {
  const about = codeAboutWord(code);
  return isText(about) || (kindOf(about) === Cell.ELEMENTS && cellSize(about >> 2) > FIRST_ELEMENT) || refuse(Rule.B1, code);
}
function checkConstants(code: i32): bool {
  const end: i32 = code + Field.CODE_TAIL + codeConstants(code);
  for (let at: i32 = code + Field.CODE_TAIL; at < end; at++) {
    const word: i32 = M[at];
    if ((word & 1) === 0) continue;
    const kind: i32 = kindOf(word);
    if (kind !== Cell.NUMBER && kind !== Cell.BIGINT && kind !== Cell.CODE && !isText(word)) return refuse(Rule.B3, code);
  }
  return true;
}
function checkLabels(code: i32, stackWords: i32): bool {
  const labels: i32 = labelsAt(code);
  const bytes: i32 = codeBytes(code);
  let last: i32 = -1;
  for (let i: i32 = 0; i < codeLabels(code); i++) {
    const offset: i32 = M[labels + i] >>> 8;
    if (offset <= last || offset >= bytes || (M[labels + i] & 255) > stackWords) return refuse(Rule.B4, code);
    last = offset;
  }
  return true;
}
function checkHandlers(code: i32): bool {
  const bytes: i32 = codeBytes(code);
  const first: i32 = handlersAt(code);
  const end: i32 = first + HANDLER_WORDS * codeHandlers(code);
  for (let handler: i32 = first; handler < end; handler += HANDLER_WORDS) {
    const start: i32 = M[handler];
    const depth: i32 = M[handler + 3];
    if (start < 0 || start >= M[handler + 1] || M[handler + 1] > bytes || depth < 0) return refuse(Rule.B5, code);
    if (depthAtLabel(code, M[handler + 2]) !== depth + 1) return refuse(Rule.B5, code);
  }
  return true;
}

// While the pass goes on: where the next handler's range begins or ends, and the greatest depth that one here wants kept.
let nextBorder: i32 = 0;
let keptDepth: i32 = 0;
/** Sets both for `offset`. */
function findHandlers(code: i32, offset: i32): bool {
  const first: i32 = handlersAt(code);
  const end: i32 = first + HANDLER_WORDS * codeHandlers(code);
  nextBorder = 0x7fffffff;
  keptDepth = 0;
  for (let handler: i32 = first; handler < end; handler += HANDLER_WORDS) {
    const from: i32 = M[handler];
    const to: i32 = M[handler + 1];
    if (from > offset && from < nextBorder) nextBorder = from;
    if (to > offset && to < nextBorder) nextBorder = to;
    if (from <= offset && offset < to && M[handler + 3] > keptDepth) keptDepth = M[handler + 3];
  }
  return spend(codeHandlers(code));
}

function checkInstructions(code: i32): bool {
  const start: i32 = code * 4 + codeStart(code);
  const bytes: i32 = codeBytes(code);
  const stackWords: i32 = codeStackWords(code);
  const labels: i32 = labelsAt(code);
  const labelCount: i32 = codeLabels(code);
  let label: i32 = 0;
  let nextLabel: i32 = labelCount > 0 ? M[labels] >>> 8 : bytes;
  let depth: i32 = 0;
  let reached: bool = true;
  let offset: i32 = 0;
  if (!findHandlers(code, 0)) return refuse(Rule.W1, code);
  while (offset < bytes) {
    const at: i32 = start + offset;
    if (offset >= nextLabel) {
      const declared: i32 = M[labels + label] & 255;
      if (offset !== nextLabel || (reached && depth !== declared)) return refuse(Rule.B4, code);
      depth = declared;
      reached = true;
      label++;
      nextLabel = label < labelCount ? M[labels + label] >>> 8 : bytes;
    } else if (!reached) {
      return refuse(Rule.B6, code);
    }
    if (offset >= nextBorder) {
      if (offset !== nextBorder) return refuse(Rule.B5, code);
      if (!findHandlers(code, offset)) return refuse(Rule.W1, code);
    }
    const opcode: i32 = B[at];
    if (opcode >= OPCODES || offset + opSize[opcode] > bytes) return refuse(Rule.B6, code);
    const taken: i32 = popsOf(at);
    if (depth - taken < keptDepth) return refuse(depth < taken ? Rule.B4 : Rule.B5, code);
    if (!checkOperands(code, at, opcode)) return refuse(Rule.B7, code);
    depth = depth - taken + opPushes[opcode];
    if (depth > stackWords) return refuse(Rule.B4, code);
    offset += opSize[opcode];
    if (opJumpAt[opcode] !== 0) {
      const target: i32 = offset + distanceAt(at + opJumpAt[opcode], opJumpSize[opcode]);
      const there: i32 = depthAtLabel(code, target);
      if (there < 0 || there !== depth + opJumpExtra[opcode]) return refuse(Rule.B4, code);
    }
    if (opEnds[opcode] !== 0) reached = false;
  }
  if (reached) return refuse(Rule.B6, code);
  if (label !== labelCount) return refuse(Rule.B4, code);
  return nextBorder >= bytes ? true : refuse(Rule.B5, code);
}

/** May the local be named by an instruction: not the frame's own words behind the parameters? */
function isLocal(code: i32, slot: i32): bool {
  const parameters: i32 = codeParameters(code);
  return slot < codeSlots(code) && (slot < parameters || slot >= parameters + FRAME_WORDS);
}
function checkOperands(code: i32, at: i32, opcode: i32): bool {
  if (opSlotAt[opcode] !== 0) {
    const place: i32 = at + opSlotAt[opcode];
    if (!isLocal(code, opSlotSize[opcode] === 1 ? B[place] : halfword(place))) return false;
    if (opSecondSlotAt[opcode] !== 0 && !isLocal(code, B[at + opSecondSlotAt[opcode]])) return false;
  }
  if (opConstantAt[opcode] !== 0) {
    const number: i32 = halfword(at + opConstantAt[opcode]);
    if (number >= codeConstants(code)) return false;
    const constant: i32 = M[code + Field.CODE_TAIL + number];
    switch (opConstantWanted[opcode]) {
      case ConstantWanted.NAME: if (kindOf(constant) !== Cell.KEY && kindOf(constant) !== Cell.WIDE_KEY) return false; break;
      case ConstantWanted.CODE: if (kindOf(constant) !== Cell.CODE) return false; break;
      case ConstantWanted.TEXT: if (!isText(constant)) return false; break;
    }
  }
  if (opCoreOnly[opcode] !== 0) return false;
  switch (opcode) {
    case Op.CORE: return halfword(at + 1) < CORE_FUNCTION_COUNT;
    case Op.ROOT: {
      const number: i32 = halfword(at + 1);
      return number < ROOTS_OPEN && number !== Root.coreScope && number !== Root.internTable;
    }
    case Op.REST:
    case Op.ARGUMENTS: return (codeFlags(code) & CodeFlag.ARGUMENTS) !== 0;
    case Op.THROW_ERROR: return B[at + 1] < ERROR_COUNT;
    case Op.START_GENERATOR: return B[at + 1] < 2;
  }
  return true;
}

/** After findDepth: the instruction that ends at the place: its offset, and the depth before it; -1 if none does or control does not go on behind it. */
export let foundOffset: i32 = -1;
export let foundDepth: i32 = 0;
/** The operand stack's depth at `offset` of a verified code or one of the core; -1 if that is inside an instruction or behind the end. */
export function findDepth(code: i32, offset: i32): i32 {
  foundOffset = -1;
  if (offset < 0 || offset >= codeBytes(code)) return -1;
  if (code < CORE_WORDS) return findCoreDepth(code, offset);
  const start: i32 = code * 4 + codeStart(code);
  const label: i32 = labelBefore(code, offset - 1);
  let here: i32 = label < 0 ? 0 : M[labelsAt(code) + label] >>> 8;
  let depth: i32 = label < 0 ? 0 : M[labelsAt(code) + label] & 255;
  while (here < offset) {
    const opcode: i32 = B[start + here];
    foundOffset = here;
    foundDepth = depth;
    depth = depth - popsOf(start + here) + opPushes[opcode];
    here += opSize[opcode];
    if (opEnds[opcode] !== 0) {
      foundOffset = -1;
      depth = -1;
    }
  }
  if (here !== offset) return -1;
  const declared: i32 = depthAtLabel(code, offset);
  return declared >= 0 ? declared : depth;
}
// Depths in code of the core, which is trusted and has no labels: they are worked out for the whole function. What was
// found out about a place is kept, because deep recursion comes through the same places again and again.

/** A byte for each offset of the function last worked out: its depth plus 1, 0 if none is known. */
let DEPTHS: Int32Array = new Int32Array(2048);
/** The longest function of the core, in bytes of code. */
const DEPTHS_BYTES = 8192;
/** Places that were asked for: code, offset, depth, and what findDepth notes besides: (foundOffset + 1) << 8 | foundDepth. */
let PLACES: Int32Array = new Int32Array(1024);
const PLACE_WORDS = 4;
const PLACES_MASK = 1020;
/**
 * Forgets what was found out: the core may be another one.
 * @reference keepNothing
 */
export function forgetDepths(): void {
  for (let i: i32 = 0; i < PLACES.length; i++) PLACES[i] = 0;
}
/** What searches keep nothing of has nothing to forget. */
export function keepNothing(): void {}

function knownDepth(offset: i32): i32 { return ((DEPTHS[offset >> 2] >>> ((offset & 3) << 3)) & 255) - 1; }
/** Notes the depth at `offset`; true if it was not known. */
function learnDepth(offset: i32, depth: i32): bool {
  if (offset < 0 || offset >= DEPTHS_BYTES || knownDepth(offset) >= 0) return false;
  DEPTHS[offset >> 2] = DEPTHS[offset >> 2] | (((depth + 1) & 255) << ((offset & 3) << 3));
  return true;
}

/**
 * findDepth for code of the core.
 * @reference searchCoreDepth
 */
export function findCoreDepth(code: i32, offset: i32): i32 {
  const place: i32 = ((code >> 1) + offset) * PLACE_WORDS & PLACES_MASK;
  if (PLACES[place] !== code || PLACES[place + 1] !== offset) {
    if (!spend(codeBytes(code))) return -1;
    learnDepths(code);
    PLACES[place] = code;
    PLACES[place + 1] = offset;
    PLACES[place + 2] = knownDepth(offset);
    PLACES[place + 3] = instructionBefore(code, offset);
  }
  foundOffset = (PLACES[place + 3] >> 8) - 1;
  foundDepth = PLACES[place + 3] & 255;
  return PLACES[place + 2];
}
/** The instruction that ends at `offset`, if control goes on behind it: (its offset + 1) << 8 | depth, else 0. */
function instructionBefore(code: i32, offset: i32): i32 {
  for (let before: i32 = offset - 1; before >= 0; before--) {
    const depth: i32 = knownDepth(before);
    if (depth < 0) continue;
    const opcode: i32 = opcodeAt(code, before);
    return opEnds[opcode] === 0 && before + opSize[opcode] === offset ? ((before + 1) << 8) | depth : 0;
  }
  return 0;
}
/** Works out the depth before each instruction. Goes over the code until nothing new is learned: twice, as loops go. */
function learnDepths(code: i32): void {
  const bytes: i32 = codeBytes(code);
  const start: i32 = code * 4 + codeStart(code);
  for (let i: i32 = 0; i < DEPTHS.length; i++) DEPTHS[i] = 0;
  learnDepth(0, 0);
  const first: i32 = handlersAt(code);
  for (let i: i32 = 0; i < codeHandlers(code); i++) {
    const handler: i32 = first + i * HANDLER_WORDS;
    learnDepth(M[handler + 2], M[handler + 3] + 1);
  }
  let learned: bool = true;
  while (learned) {
    learned = false;
    let offset: i32 = 0;
    while (offset < bytes) {
      const opcode: i32 = B[start + offset];
      const next: i32 = offset + opSize[opcode];
      const depth: i32 = knownDepth(offset);
      if (depth >= 0) {
        const after: i32 = depth - popsOf(start + offset) + opPushes[opcode];
        if (opEnds[opcode] === 0 && next < bytes && learnDepth(next, after)) learned = true;
        if (opJumpAt[opcode] !== 0) {
          const target: i32 = next + distanceAt(start + offset + opJumpAt[opcode], opJumpSize[opcode]);
          if (learnDepth(target, after + opJumpExtra[opcode])) learned = true;
        }
      }
      offset = next;
    }
  }
}
/** Where in S the search below keeps what jumps lead to, (offset << 8) | depth, and how many it has room for. */
const LABELS = 0;
const LABELS_MAX = 128;
/**
 * The same as findCoreDepth in little memory, for machines that have little: all that is kept is the depths at places that
 * jumps lead to; between them the depth follows.
 */
export function searchCoreDepth(code: i32, offset: i32): i32 {
  const bytes: i32 = codeBytes(code);
  const start: i32 = code * 4 + codeStart(code);
  foundOffset = -1;
  foundDepth = 0;
  let count: i32 = 0;
  const first: i32 = handlersAt(code);
  for (let i: i32 = 0; i < codeHandlers(code); i++) {
    const handler: i32 = first + i * HANDLER_WORDS;
    count = learnLabel(M[handler + 2], M[handler + 3] + 1, count);
  }
  let result: i32 = -1;
  let before: i32 = -1;
  // What a jump backwards tells is known in the next round; the last one learns nothing.
  while (before !== count) {
    if (!spend(bytes)) return -1;
    before = count;
    let last: i32 = -1;
    let lastDepth: i32 = 0;
    let depth: i32 = 0;
    let at: i32 = 0;
    while (at < bytes) {
      if (depth < 0) depth = labelDepth(at, count);
      if (at === offset) {
        result = depth;
        foundOffset = last;
        foundDepth = last < 0 ? 0 : lastDepth;
      }
      const opcode: i32 = B[start + at];
      const next: i32 = at + opSize[opcode];
      last = -1;
      if (depth >= 0) {
        const after: i32 = depth - popsOf(start + at) + opPushes[opcode];
        if (opJumpAt[opcode] !== 0) {
          const target: i32 = next + distanceAt(start + at + opJumpAt[opcode], opJumpSize[opcode]);
          count = learnLabel(target, after + opJumpExtra[opcode], count);
        }
        if (opEnds[opcode] === 0) {
          last = at;
          lastDepth = depth;
          depth = after;
        } else depth = -1;
      }
      at = next;
    }
  }
  return result;
}
/** Notes the depth at a place that a jump leads to, if it is not known: how many are known now. */
function learnLabel(offset: i32, depth: i32, count: i32): i32 {
  if (labelDepth(offset, count) >= 0 || count === LABELS_MAX) return count;
  S[LABELS + count] = (offset << 8) | (depth & 255);
  return count + 1;
}
function labelDepth(offset: i32, count: i32): i32 {
  for (let i: i32 = 0; i < count; i++) if (S[LABELS + i] >> 8 === offset) return S[LABELS + i] & 255;
  return -1;
}
/** The opcode at `offset` of a verified code. */
export function opcodeAt(code: i32, offset: i32): i32 { return B[code * 4 + codeStart(code) + offset]; }
/** Words that the instruction at `offset` takes from the stack. */
export function popsAtOffset(code: i32, offset: i32): i32 { return popsOf(code * 4 + codeStart(code) + offset); }

/** If `offset` is at the operand of a jump that leaves the same stack whether it is taken or not: how much it leaves; else -1. */
export function depthAtJump(code: i32, offset: i32): i32 {
  for (let i: i32 = 0; i < opJumpPlaces.length; i++) {
    const at: i32 = offset - opJumpPlaces[i];
    const depth: i32 = findDepth(code, at);
    if (depth < 0) continue;
    const opcode: i32 = opcodeAt(code, at);
    if (opJumpAt[opcode] !== opJumpPlaces[i] || opJumpSize[opcode] !== 2 || opJumpExtra[opcode] !== 0 || opEnds[opcode] !== 0) continue;
    return depth - popsAtOffset(code, at) + opPushes[opcode];
  }
  return -1;
}
/** If `offset` is at the operand of an instruction that is about one local, and nothing follows the operand: how much stack it leaves; else -1. */
export function depthAtLocal(code: i32, offset: i32): i32 {
  const depth: i32 = findDepth(code, offset - 1);
  if (depth < 0) return -1;
  const opcode: i32 = opcodeAt(code, offset - 1);
  return opSize[opcode] === 2 && opSlotAt[opcode] === 1 ? depth - popsAtOffset(code, offset - 1) + opPushes[opcode] : -1;
}
