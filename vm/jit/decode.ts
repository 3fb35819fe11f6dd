// The bytecode of one CODE cell as the compiled tier wants it: instructions with their operands read, cut into basic
// blocks, each with the depth of the operand stack at its beginning. It may assume that the code was verified or made by
// our own compiler. Nothing is kept of where the cell lies, so what is made of it stays right when the cell moves.

import { Field } from "../format/cells.js";
import { instructionLayout, operandBytes, opcodes, opNames, type Instruction, type OpName } from "../format/opcodes.js";
import type { Kernel } from "../machine.js";

export interface Decoded {
  readonly op: OpName;
  readonly table: Instruction;
  /** Byte offset in the code cell, as the register PC counts, and that of the instruction behind it. */
  readonly pc: number;
  readonly next: number;
  readonly operands: readonly number[];
  /** Where it may jump to, -1 if it does not. */
  readonly target: number;
  /** Words on the operand stack before it. */
  depth: number;
}

export interface Block {
  /** Byte offset of its first instruction. */
  readonly pc: number;
  readonly depth: number;
  readonly instructions: readonly Decoded[];
  /** Does control go on from its end into the next block? */
  readonly fallsThrough: boolean;
}

/** What is compiled: the numbers of the frame and the blocks in order of their offsets. */
export interface Decoding {
  readonly flags: number;
  readonly fast: number;
  readonly parameters: number;
  readonly slots: number;
  readonly stackWords: number;
  readonly start: number;
  readonly blocks: readonly Block[];
}

const layouts = opNames.map((name) => instructionLayout(opcodes[name]));

/**
 * Behind these a new block begins: they usually push a frame, so the machine may come back to the place behind them by
 * itself.
 */
const callers = new Set<OpName>([
  "CALL", "CALL_SPREAD", "CONSTRUCT", "CONSTRUCT_SPREAD", "INSTANCEOF", "IN", "ARRAY_SPREAD", "GET_ITERATOR", "ITERATOR_NEXT", "ITERATOR_STEP",
  "ITERATOR_CLOSE", "YIELD", "YIELD_DELEGATE", "AWAIT", "RESUME", "START_GENERATOR", "START_ASYNC", "GET_SUPER", "PUT_SUPER", "DELETE_ELEMENT",
  "DELETE_PROPERTY",
]);

/** Reads the code at `code`; undefined where its bytecode is longer than `maxBytes`. */
export function decode(kernel: Kernel, code: number, maxBytes: number): Decoding | undefined {
  const { B, M } = kernel;
  const start = kernel.codeStart(code);
  const end = kernel.codeEnd(code);
  if (end - start > maxBytes) return undefined;
  const all = new Map<number, Decoded>();
  for (let pc = start; pc < end;) {
    const instruction = readInstruction(B, code * 4, pc);
    all.set(pc, instruction);
    pc = instruction.next;
  }

  const leaders = new Set<number>([start]);
  const depths = new Map<number, number>([[start, 0]]);
  const handlers = code + Field.CODE_TAIL! + kernel.codeConstants(code);
  const list: number[] = [start];
  for (let i = 0; i < kernel.codeHandlers(code); i++) {
    const target = start + M[handlers + 4 * i + 2]!;
    depths.set(target, M[handlers + 4 * i + 3]! + 1);
    list.push(target);
  }
  // Depths follow from the table along every way that control can take.
  const arrive = (pc: number, depth: number): void => {
    if (depths.has(pc)) return;
    depths.set(pc, depth);
    list.push(pc);
  };
  for (const target of list) leaders.add(target);
  while (list.length > 0) {
    const instruction = all.get(list.pop()!)!;
    instruction.depth = depths.get(instruction.pc)!;
    const { table } = instruction;
    const after = instruction.depth - table.pops - (table.popsOperand < 0 ? 0 : instruction.operands[table.popsOperand]!) + table.pushes;
    if (instruction.target >= 0) {
      leaders.add(instruction.target);
      arrive(instruction.target, after + table.jumpExtra);
      leaders.add(instruction.next);
    }
    if (callers.has(instruction.op)) leaders.add(instruction.next);
    if (table.flow === "next" || table.flow === "jump") arrive(instruction.next, after);
  }

  const blocks: Block[] = [];
  let instructions: Decoded[] = [];
  const finish = (): void => {
    const [first] = instructions;
    if (first === undefined) return;
    const last = instructions.at(-1)!;
    blocks.push({ pc: first.pc, depth: first.depth, instructions, fallsThrough: last.table.flow === "next" || last.table.flow === "jump" });
    instructions = [];
  };
  for (const instruction of all.values()) {
    if (leaders.has(instruction.pc)) finish();
    // What control cannot reach is left out.
    if (depths.has(instruction.pc)) instructions.push(instruction);
    else finish();
  }
  finish();
  return {
    flags: kernel.codeFlags(code), fast: kernel.codeFast(code), parameters: kernel.codeParameters(code), slots: kernel.codeSlots(code),
    stackWords: kernel.codeStackWords(code), start, blocks,
  };
}

function readInstruction(B: Uint8Array, base: number, pc: number): Decoded {
  const opcode = B[base + pc]!;
  const op = opNames[opcode]!;
  const table: Instruction = opcodes[op];
  const { offsets, sizeBytes } = layouts[opcode]!;
  const next = pc + sizeBytes;
  let target = -1;
  const operands = table.operands.map((kind, i) => {
    const at = base + pc + offsets[i]!;
    let value = 0;
    for (let byte = 0; byte < operandBytes[kind]; byte++) value |= B[at + byte]! << (8 * byte);
    const signed = kind === "i8" || kind === "i16" || kind === "jump" || kind === "jump32";
    if (signed) value = (value << (32 - 8 * operandBytes[kind])) >> (32 - 8 * operandBytes[kind]);
    if (kind === "jump" || kind === "jump32") target = next + value;
    return value;
  });
  return { op, table, pc, next, operands, target, depth: 0 };
}
