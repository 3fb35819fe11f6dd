// What the verifier (vm/kernel/verify*.ts) wants to know of the other tables, as arrays of numbers by opcode or by cell
// kind: so it is the same in JavaScript and in C.

import { cellNames, cells, Field, taggedEnd, Cell, type CellKind } from "./cells.js";
import { errorNames } from "./errors.js";
import { CodeFlag } from "./frame.js";
import { instructionLayout, Op, operandBytes, opcodes, opNames, type Instruction, type OperandKind } from "./opcodes.js";
import { coreFunctionNames, coreNames, coreObjects, coreSymbols } from "./roots.js";
import { registerNames, STATE_WORDS } from "./registers.js";

/** Cell kinds are numbered from 1 to this. */
export const CELL_KINDS = cellNames.length;
const kinds: readonly CellKind[] = cellNames.map((name) => cells[name]);
/** By kind: words of its header and fields. */
export const cellFixedWords: readonly number[] = [0, ...kinds.map((kind) => kind.fields.length + 1)];
/** By kind: 1 if there is nothing behind the fields. */
export const cellIsFixed: readonly number[] = [0, ...kinds.map((kind) => kind.tail === "none" ? 1 : 0)];
/** By kind: where the words end that must be values, 0 if that depends on the cell. The key of a shape without one is NONE, which stands nowhere else. */
export const cellValuesEnd: readonly number[] = taggedEnd.map((end, kind) => kind === Cell.SHAPE ? Field.SHAPE_KEY! : end);

/** Opcodes are numbered below this. */
export const OPCODES = opNames.length;
const instructions: readonly Instruction[] = opNames.map((name) => opcodes[name]);
const layouts = instructions.map(instructionLayout);
/** Offset of the n-th operand of one of those kinds, 0 if there is none. */
function operandAt(of: readonly OperandKind[], n: number): readonly number[] {
  return instructions.map(({ operands }, opcode) => {
    const places = operands.flatMap((kind, i) => of.includes(kind) ? [layouts[opcode]!.offsets[i]!] : []);
    return places[n] ?? 0;
  });
}
/** By opcode: bytes, words taken and put on the stack. */
export const opSize: readonly number[] = layouts.map(({ sizeBytes }) => sizeBytes);
export const opPops: readonly number[] = instructions.map(({ pops }) => pops);
export const opPushes: readonly number[] = instructions.map(({ pushes }) => pushes);
/** By opcode: offset and bytes of the operand that says how many more words are taken; 0: none. */
export const opPopsAt: readonly number[] = instructions.map(({ popsOperand }, opcode) => layouts[opcode]!.offsets[popsOperand] ?? 0);
export const opPopsSize: readonly number[] = instructions.map(({ operands, popsOperand }) => popsOperand < 0 ? 0 : operandBytes[operands[popsOperand]!]);
/** By opcode: offset and bytes of the jump, 0: none; and how many words more there are on the stack if it is taken. */
export const opJumpAt: readonly number[] = operandAt(["jump", "jump32", "jump8"], 0);
export const opJumpSize: readonly number[] = instructions.map(({ operands }) => Math.max(0, ...operands.map((kind) => kind.startsWith("jump") ? operandBytes[kind] : 0)));
export const opJumpExtra: readonly number[] = instructions.map(({ jumpExtra }) => jumpExtra);
/** The offsets that a jump's operand has. */
export const opJumpPlaces: readonly number[] = [...new Set(opJumpAt)].filter((place) => place > 0);
/** By opcode: 1 if control does not go on behind it. */
export const opEnds: readonly number[] = instructions.map(({ flow }) => flow === "goto" || flow === "end" ? 1 : 0);
/** By opcode: offsets of the operands that name a constant, a local, a second local; 0: none. */
export const opConstantAt: readonly number[] = operandAt(["constant"], 0);
export const opSlotAt: readonly number[] = operandAt(["slot", "slot16"], 0);
export const opSlotSize: readonly number[] = instructions.map(({ operands }) => operands.includes("slot16") ? 2 : 1);
export const opSecondSlotAt: readonly number[] = operandAt(["slot", "slot16"], 1);

/** What kind of constant an instruction wants: any, an interned string, code, a text. */
export const ConstantWanted = { ANY: 0, NAME: 1, CODE: 2, TEXT: 3 } as const;
function wanted(opcode: number): number {
  switch (opcode) {
    case Op.GET_GLOBAL: case Op.GET_GLOBAL_OR_UNDEFINED: case Op.PUT_GLOBAL: return ConstantWanted.NAME;
    case Op.CLOSURE: return ConstantWanted.CODE;
    case Op.CHECK: case Op.GET_OUTER_CHECKED: case Op.GET_MODULE_CHECKED: case Op.NEW_PRIVATE_NAME: return ConstantWanted.TEXT;
    default: return ConstantWanted.ANY;
  }
}
export const opConstantWanted: readonly number[] = opNames.map((_, opcode) => wanted(opcode));
/** By opcode: 1 if only code of the core may hold it, and no program has that. */
export const opCoreOnly: readonly number[] = instructions.map(({ core }) => (core ? 1 : 0));

/** Flags that a code may have. */
export const CODE_FLAGS_ALL = Object.values(CodeFlag).reduce((all, flag) => all | flag, 0);
export const CORE_FUNCTION_COUNT = coreFunctionNames.length;
export const ERROR_COUNT = errorNames.length;
/** Roots below this are objects, names and symbols; behind them the machine keeps what is its own. */
export const ROOTS_OPEN = coreFunctionNames.length + coreObjects.length + coreNames.length + coreSymbols.length;
/** Registers that exist; the words behind them are zero. */
export const REGISTER_COUNT = registerNames.length;
/** Variables that the core keeps per program (the kernel has another STATE_WORDS). */
export const CORE_STATE_WORDS = STATE_WORDS;

/** What must hold, by number: vm/verify.ts has the sentences. */
export const Rule = {
  H1: 1, H2: 2, H3: 3, H4: 4, H5: 5, H6: 6, H7: 7, H8: 8, H9: 9, H10: 10, H11: 11, H12: 12, H13: 13, H14: 14, H15: 15, H16: 16, H17: 17, H18: 18, H19: 19, H20: 20,
  B1: 21, B2: 22, B3: 23, B4: 24, B5: 25, B6: 26, B7: 27,
  S1: 31, S2: 32, S3: 33, S4: 34, S5: 35,
  R1: 41, R2: 42, R3: 43, R4: 44,
  W1: 51,
} as const;
