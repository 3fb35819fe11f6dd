// The verifier's look at a CODE cell: one pass over the bytecode. It can be one pass because the depth of the operand
// stack is declared at every label; between labels it follows from the opcode table, and where two ways meet they must
// agree. What is established here the interpreter never asks again: that opcodes exist, that operands name constants and
// locals that are there, that jumps arrive at instructions, that the stack neither runs empty nor over.

import { Cell, Field } from "./format/cells.js";
import { errorNames } from "./format/errors.js";
import { CodeFlag, FRAME_WORDS } from "./format/frame.js";
import { instructionLayout, Op, operandBytes, opcodes, opNames, type Instruction } from "./format/opcodes.js";
import { coreFunctionNames, coreNames, coreObjects, coreSymbols, Root } from "./format/roots.js";
import { CORE_WORDS, Immediate } from "./format/words.js";
import { B, coreDepths, fail, kindOf, M, Rule, sizeOf, spend } from "./verify-state.js";

const CODE_TAIL = Field.CODE_TAIL!;
const HANDLER_WORDS = 4;
/** Flags that a code may have. */
const ALL_FLAGS = Object.values(CodeFlag).reduce((all, flag) => all | flag, 0);
/** The most locals and the deepest stack that a code may ask for. */
const SLOTS_MAX = 0xffff;

// The opcode table as arrays by opcode: what the pass needs, in the form in which C will have it.
const OPCODES = opNames.length;
const size = new Uint8Array(OPCODES);
const pops = new Uint8Array(OPCODES);
const pushes = new Uint8Array(OPCODES);
/** Offset and size of the operand that says how many more words are popped; 0: none. */
const popsAt = new Uint8Array(OPCODES);
const popsSize = new Uint8Array(OPCODES);
/** Offset and size of the jump; 0: none. */
const jumpAt = new Uint8Array(OPCODES);
const jumpSize = new Uint8Array(OPCODES);
const jumpExtra = new Int8Array(OPCODES);
/** 1: control does not go on behind it. */
const ends = new Uint8Array(OPCODES);
/** Offset of the operand that names a constant; 0: none. */
const constantAt = new Uint8Array(OPCODES);
/** Offsets of the operands that name locals; 0: none. Size of the first. */
const slotAt = new Uint8Array(OPCODES);
const slotSize = new Uint8Array(OPCODES);
const secondSlotAt = new Uint8Array(OPCODES);
/** 1: only code of the core may hold it, and no program has that. */
const coreOnly = new Uint8Array(OPCODES);
/** What kind of constant it wants: 0 any, 1 a name, 2 code, 3 a text. */
const constantWanted = new Uint8Array(OPCODES);

opNames.forEach((name, number) => {
  const instruction: Instruction = opcodes[name];
  const { offsets, sizeBytes } = instructionLayout(instruction);
  size[number] = sizeBytes;
  pops[number] = instruction.pops;
  pushes[number] = instruction.pushes;
  jumpExtra[number] = instruction.jumpExtra;
  ends[number] = instruction.flow === "goto" || instruction.flow === "end" ? 1 : 0;
  instruction.operands.forEach((kind, i) => {
    const at = offsets[i]!;
    const bytes = operandBytes[kind];
    if (i === instruction.popsOperand) { popsAt[number] = at; popsSize[number] = bytes; }
    if (kind === "jump" || kind === "jump32") { jumpAt[number] = at; jumpSize[number] = bytes; }
    if (kind === "constant") constantAt[number] = at;
    if (kind === "slot" || kind === "slot16") {
      if (slotAt[number] === 0) { slotAt[number] = at; slotSize[number] = bytes; }
      else secondSlotAt[number] = at;
    }
  });
});
for (const opcode of [Op.GET_CORE, Op.PUT_CORE, Op.INTRINSIC, Op.RESUME]) coreOnly[opcode] = 1;
for (const opcode of [Op.GET_GLOBAL, Op.GET_GLOBAL_OR_UNDEFINED, Op.PUT_GLOBAL]) constantWanted[opcode] = 1;
constantWanted[Op.CLOSURE] = 2;
for (const opcode of [Op.CHECK, Op.GET_OUTER_CHECKED, Op.GET_MODULE_CHECKED, Op.NEW_PRIVATE_NAME]) constantWanted[opcode] = 3;

/** Roots that ROOT may push in a program: objects, names and symbols, but not what the machine keeps for itself. */
const rootsEnd = coreFunctionNames.length + coreObjects.length + coreNames.length + coreSymbols.length;
const hiddenRoots: readonly number[] = [Root.coreScope!, Root.internTable!];

function u16(at: number): number { return B[at]! | (B[at + 1]! << 8); }
/** A jump's distance. */
function distanceAt(at: number, bytes: number): number {
  return bytes === 2 ? (u16(at) << 16) >> 16 : u16(at) | (u16(at + 2) << 16);
}
/** Words that the instruction at byte `at` takes from the stack. */
function popsOf(at: number): number {
  const opcode = B[at]!;
  let words = pops[opcode]!;
  if (popsSize[opcode] === 1) words += B[at + popsAt[opcode]!]!;
  else if (popsSize[opcode] === 2) words += u16(at + popsAt[opcode]!);
  return words;
}

/** Do the counts of the code at `address` add up to its size? Then nothing below reads outside of the cell. */
export function codeSizeFits(address: number): boolean {
  const words = sizeOf(address);
  let sum = CODE_TAIL;
  const constants = M[address + Field.CODE_CONSTANT_COUNT!]!;
  const handlers = M[address + Field.CODE_HANDLER_COUNT!]!;
  const labels = M[address + Field.CODE_LABEL_COUNT!]!;
  const bytes = M[address + Field.CODE_CODE_BYTES!]!;
  if (constants < 0 || constants > words || handlers < 0 || handlers > words || labels < 0 || labels > words || bytes < 0 || bytes > words * 4) return false;
  sum += constants + handlers * HANDLER_WORDS + labels;
  if (M[address + Field.CODE_START!]! !== sum * 4) return false;
  const end = sum + ((bytes + 3) >> 2);
  if (((end + 1) & -2) !== words) return false;
  for (let at = address * 4 + sum * 4 + bytes; at < (address + words) * 4; at++) if (B[at] !== 0) return false;
  return true;
}

// The labels of a code: raw words offset << 8 | depth, by ascending offset.
function labelsOf(code: number): number {
  return code + CODE_TAIL + M[code + Field.CODE_CONSTANT_COUNT!]! + HANDLER_WORDS * M[code + Field.CODE_HANDLER_COUNT!]!;
}
/** Number of the last label at or before `offset`, -1 if there is none. */
function labelBefore(code: number, offset: number): number {
  const labels = labelsOf(code);
  let low = 0;
  let high = M[code + Field.CODE_LABEL_COUNT!]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (M[labels + middle]! >>> 8 <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
/** The depth declared at `offset`, -1 if there is no label. */
function depthAtLabel(code: number, offset: number): number {
  const label = labelBefore(code, offset);
  if (label < 0) return -1;
  const word = M[labelsOf(code) + label]!;
  return word >>> 8 === offset ? word & 255 : -1;
}

/** Checks a CODE cell; its size fits and its tagged words are good. */
export function checkCode(code: number): boolean {
  const flags = M[code + Field.CODE_FLAGS!]!;
  const parameters = M[code + Field.CODE_PARAMETER_COUNT!]!;
  const slots = M[code + Field.CODE_SLOT_COUNT!]!;
  const stackWords = M[code + Field.CODE_STACK_WORDS!]!;
  const capacity = M[code + Field.CODE_CAPACITY!]!;
  if ((flags & ~ALL_FLAGS) !== 0) return fail(Rule.B1, code);
  if ((flags & CodeFlag.CORE) !== 0 || M[code + Field.CODE_FAST!]! !== 0) return fail(Rule.B2, code);
  if (capacity < 0 || capacity > 255) return fail(Rule.B1, code);
  if (parameters < 0 || slots < parameters + FRAME_WORDS || slots > SLOTS_MAX || stackWords < 0 || stackWords > SLOTS_MAX) return fail(Rule.B1, code);
  if ((M[code + Field.CODE_LENGTH!]! & 1) !== 0 || !isText(M[code + Field.CODE_NAME!]!)) return fail(Rule.B1, code);
  return checkDebug(M[code + Field.CODE_DEBUG!]!) && checkConstants(code) && checkLabels(code, stackWords) && checkHandlers(code) && checkInstructions(code);
}
function isText(word: number): boolean {
  const kind = kindOf(word);
  return kind >= Cell.STRING && kind <= Cell.ROPE;
}
/** ELEMENTS of file, source or undefined, ELEMENTS of names, ELEMENTS of scopes, BYTES of lines (load.ts); or undefined. */
function checkDebug(debug: number): boolean {
  if (debug === Immediate.UNDEFINED) return true;
  const cell = debug >> 2;
  if (kindOf(debug) !== Cell.ELEMENTS || sizeOf(cell) < 6) return fail(Rule.B1, cell);
  if (!isText(M[cell + 1]!) || (M[cell + 2]! !== Immediate.UNDEFINED && !isText(M[cell + 2]!))) return fail(Rule.B1, cell);
  if (kindOf(M[cell + 3]!) !== Cell.ELEMENTS || kindOf(M[cell + 4]!) !== Cell.ELEMENTS || kindOf(M[cell + 5]!) !== Cell.BYTES) return fail(Rule.B1, cell);
  return true;
}
function checkConstants(code: number): boolean {
  const end = code + CODE_TAIL + M[code + Field.CODE_CONSTANT_COUNT!]!;
  for (let at = code + CODE_TAIL; at < end; at++) {
    const word = M[at]!;
    if ((word & 1) === 0) continue;
    const kind = kindOf(word);
    if (kind !== Cell.NUMBER && kind !== Cell.CODE && !isText(word)) return fail(Rule.B3, code);
  }
  return true;
}
function checkLabels(code: number, stackWords: number): boolean {
  const labels = labelsOf(code);
  const bytes = M[code + Field.CODE_CODE_BYTES!]!;
  let last = -1;
  for (let i = 0; i < M[code + Field.CODE_LABEL_COUNT!]!; i++) {
    const offset = M[labels + i]! >>> 8;
    if (offset <= last || offset >= bytes || (M[labels + i]! & 255) > stackWords) return fail(Rule.B4, code);
    last = offset;
  }
  return true;
}
function checkHandlers(code: number): boolean {
  const bytes = M[code + Field.CODE_CODE_BYTES!]!;
  const first = code + CODE_TAIL + M[code + Field.CODE_CONSTANT_COUNT!]!;
  const end = first + HANDLER_WORDS * M[code + Field.CODE_HANDLER_COUNT!]!;
  for (let handler = first; handler < end; handler += HANDLER_WORDS) {
    const start = M[handler]!;
    const depth = M[handler + 3]!;
    if (start < 0 || start >= M[handler + 1]! || M[handler + 1]! > bytes || depth < 0) return fail(Rule.B5, code);
    if (depthAtLabel(code, M[handler + 2]!) !== depth + 1) return fail(Rule.B5, code);
  }
  return true;
}

// While the pass goes on: where the next handler's range begins or ends, and the greatest depth that one here wants kept.
let nextBorder = 0;
let keptDepth = 0;
/** Sets both for `offset`. */
function findHandlers(code: number, offset: number): boolean {
  const first = code + CODE_TAIL + M[code + Field.CODE_CONSTANT_COUNT!]!;
  const end = first + HANDLER_WORDS * M[code + Field.CODE_HANDLER_COUNT!]!;
  nextBorder = 0x7fffffff;
  keptDepth = 0;
  for (let handler = first; handler < end; handler += HANDLER_WORDS) {
    const from = M[handler]!;
    const to = M[handler + 1]!;
    if (from > offset && from < nextBorder) nextBorder = from;
    if (to > offset && to < nextBorder) nextBorder = to;
    if (from <= offset && offset < to && M[handler + 3]! > keptDepth) keptDepth = M[handler + 3]!;
  }
  return spend(M[code + Field.CODE_HANDLER_COUNT!]!);
}

function checkInstructions(code: number): boolean {
  const start = code * 4 + M[code + Field.CODE_START!]!;
  const bytes = M[code + Field.CODE_CODE_BYTES!]!;
  const stackWords = M[code + Field.CODE_STACK_WORDS!]!;
  const labels = labelsOf(code);
  const labelCount = M[code + Field.CODE_LABEL_COUNT!]!;
  let label = 0;
  let nextLabel = labelCount > 0 ? M[labels]! >>> 8 : bytes;
  let depth = 0;
  let reached = true;
  let offset = 0;
  if (!findHandlers(code, 0)) return fail(Rule.W1, code);
  while (offset < bytes) {
    const at = start + offset;
    if (offset >= nextLabel) {
      const declared = M[labels + label]! & 255;
      if (offset !== nextLabel || (reached && depth !== declared)) return fail(Rule.B4, code);
      depth = declared;
      reached = true;
      label++;
      nextLabel = label < labelCount ? M[labels + label]! >>> 8 : bytes;
    } else if (!reached) {
      return fail(Rule.B6, code);
    }
    if (offset >= nextBorder) {
      if (offset !== nextBorder) return fail(Rule.B5, code);
      if (!findHandlers(code, offset)) return fail(Rule.W1, code);
    }
    const opcode = B[at]!;
    if (opcode >= OPCODES || offset + size[opcode]! > bytes) return fail(Rule.B6, code);
    const taken = popsOf(at);
    if (depth - taken < keptDepth) return fail(depth < taken ? Rule.B4 : Rule.B5, code);
    if (!checkOperands(code, at, opcode)) return fail(Rule.B7, code);
    depth = depth - taken + pushes[opcode]!;
    if (depth > stackWords) return fail(Rule.B4, code);
    offset += size[opcode]!;
    if (jumpAt[opcode] !== 0) {
      const target = offset + distanceAt(at + jumpAt[opcode]!, jumpSize[opcode]!);
      const there = depthAtLabel(code, target);
      if (there < 0 || there !== depth + jumpExtra[opcode]!) return fail(Rule.B4, code);
    }
    if (ends[opcode] !== 0) reached = false;
  }
  if (reached) return fail(Rule.B6, code);
  if (label !== labelCount) return fail(Rule.B4, code);
  return nextBorder >= bytes ? true : fail(Rule.B5, code);
}

/** May the local be named by an instruction: not the frame's own words behind the parameters? */
function isLocal(code: number, slot: number): boolean {
  const parameters = M[code + Field.CODE_PARAMETER_COUNT!]!;
  return slot < M[code + Field.CODE_SLOT_COUNT!]! && (slot < parameters || slot >= parameters + FRAME_WORDS);
}
function checkOperands(code: number, at: number, opcode: number): boolean {
  if (slotAt[opcode] !== 0) {
    const place = at + slotAt[opcode]!;
    if (!isLocal(code, slotSize[opcode] === 1 ? B[place]! : u16(place))) return false;
    if (secondSlotAt[opcode] !== 0 && !isLocal(code, B[at + secondSlotAt[opcode]!]!)) return false;
  }
  if (constantAt[opcode] !== 0) {
    const number = u16(at + constantAt[opcode]!);
    if (number >= M[code + Field.CODE_CONSTANT_COUNT!]!) return false;
    const constant = M[code + CODE_TAIL + number]!;
    switch (constantWanted[opcode]) {
      case 1: if (kindOf(constant) !== Cell.KEY && kindOf(constant) !== Cell.WIDE_KEY) return false; break;
      case 2: if (kindOf(constant) !== Cell.CODE) return false; break;
      case 3: if (!isText(constant)) return false; break;
    }
  }
  if (coreOnly[opcode] !== 0) return false;
  switch (opcode) {
    case Op.CORE: return u16(at + 1) < coreFunctionNames.length;
    case Op.ROOT: {
      const number = u16(at + 1);
      return number < rootsEnd && hiddenRoots.indexOf(number) < 0;
    }
    case Op.REST:
    case Op.ARGUMENTS: return (M[code + Field.CODE_FLAGS!]! & CodeFlag.ARGUMENTS) !== 0;
    case Op.THROW_ERROR: return B[at + 1]! < errorNames.length;
    case Op.START_GENERATOR: return B[at + 1]! < 2;
  }
  return true;
}

/** After findDepth: the instruction that ends at the place: its offset, and the depth before it; -1 if none does or control does not go on behind it. */
export let foundOffset = -1;
export let foundDepth = 0;
/** The operand stack's depth at `offset` of a verified code or one of the core; -1 if that is inside an instruction or behind the end. */
export function findDepth(code: number, offset: number): number {
  foundOffset = -1;
  if (offset < 0 || offset >= M[code + Field.CODE_CODE_BYTES!]!) return -1;
  if (code < CORE_WORDS) return findCoreDepth(code, offset);
  const start = code * 4 + M[code + Field.CODE_START!]!;
  const label = labelBefore(code, offset - 1);
  let here = label < 0 ? 0 : M[labelsOf(code) + label]! >>> 8;
  let depth = label < 0 ? 0 : M[labelsOf(code) + label]! & 255;
  while (here < offset) {
    const opcode = B[start + here]!;
    foundOffset = here;
    foundDepth = depth;
    depth = depth - popsOf(start + here) + pushes[opcode]!;
    here += size[opcode]!;
    if (ends[opcode] !== 0) {
      foundOffset = -1;
      depth = -1;
    }
  }
  if (here !== offset) return -1;
  const declared = depthAtLabel(code, offset);
  return declared >= 0 ? declared : depth;
}
/** The same for code of the core, which is trusted and has no labels. */
function findCoreDepth(code: number, offset: number): number {
  let depths = coreDepths.get(code);
  if (depths === undefined) {
    depths = depthsOf(code);
    coreDepths.set(code, depths);
  }
  for (let before = offset - 1; before >= 0; before--) {
    if (depths[before]! < 0) continue;
    const opcode = opcodeAt(code, before);
    if (ends[opcode] === 0 && before + size[opcode]! === offset) {
      foundOffset = before;
      foundDepth = depths[before]!;
    }
    break;
  }
  return depths[offset]!;
}
/** The depth before each instruction of a code without labels, by offset; -1 elsewhere. Goes over the code until nothing new is learned: twice, as loops go. */
function depthsOf(code: number): Int16Array {
  const bytes = M[code + Field.CODE_CODE_BYTES!]!;
  const start = code * 4 + M[code + Field.CODE_START!]!;
  const depths = new Int16Array(bytes + 1).fill(-1);
  depths[0] = 0;
  const first = code + CODE_TAIL + M[code + Field.CODE_CONSTANT_COUNT!]!;
  for (let i = 0; i < M[code + Field.CODE_HANDLER_COUNT!]!; i++) depths[M[first + i * HANDLER_WORDS + 2]!] = M[first + i * HANDLER_WORDS + 3]! + 1;
  let learned = true;
  while (learned) {
    learned = false;
    for (let offset = 0; offset < bytes; offset += size[B[start + offset]!]!) {
      const opcode = B[start + offset]!;
      if (depths[offset]! < 0) continue;
      const next = offset + size[opcode]!;
      const after = depths[offset]! - popsOf(start + offset) + pushes[opcode]!;
      if (ends[opcode] === 0 && depths[next]! < 0) {
        depths[next] = after;
        learned = true;
      }
      if (jumpAt[opcode] === 0) continue;
      const target = next + distanceAt(start + offset + jumpAt[opcode]!, jumpSize[opcode]!);
      if (depths[target]! < 0) {
        depths[target] = after + jumpExtra[opcode]!;
        learned = true;
      }
    }
  }
  depths[bytes] = -1;
  return depths;
}
/** The opcode at `offset` of a verified code. */
export function opcodeAt(code: number, offset: number): number { return B[code * 4 + M[code + Field.CODE_START!]! + offset]!; }
/** Words that the instruction at `offset` takes from the stack. */
export function popsAtOffset(code: number, offset: number): number { return popsOf(code * 4 + M[code + Field.CODE_START!]! + offset); }
/** Where the jump operands of instructions are. */
const jumpPlaces: readonly number[] = [...new Set(jumpAt)].filter((place) => place > 0);
/** If `offset` is at the operand of a jump that leaves the same stack whether it is taken or not: how much it leaves; else -1. */
export function depthAtJump(code: number, offset: number): number {
  for (let i = 0; i < jumpPlaces.length; i++) {
    const at = offset - jumpPlaces[i]!;
    const depth = findDepth(code, at);
    if (depth < 0) continue;
    const opcode = opcodeAt(code, at);
    if (jumpAt[opcode] !== jumpPlaces[i] || jumpSize[opcode] !== 2 || jumpExtra[opcode] !== 0 || ends[opcode] !== 0) continue;
    return depth - popsAtOffset(code, at) + pushes[opcode]!;
  }
  return -1;
}
/** If `offset` is at the operand of an instruction that is about one local, and nothing follows the operand: how much stack it leaves; else -1. */
export function depthAtLocal(code: number, offset: number): number {
  const depth = findDepth(code, offset - 1);
  if (depth < 0) return -1;
  const opcode = opcodeAt(code, offset - 1);
  return size[opcode] === 2 && slotAt[opcode] === 1 ? depth - popsAtOffset(code, offset - 1) + pushes[opcode]! : -1;
}
