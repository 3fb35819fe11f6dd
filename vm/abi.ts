// The abi: one number that names the tables of vm/format. Two machines with the same number agree about every opcode,
// cell, register, root, intrinsic, brand, error and bit that an image can hold; an image whose number is another is
// refused before anything in it is looked at. It is computed from the tables themselves, names and forms but not their
// descriptions, so nobody can change a table and forget to say so.

import { brands, ElementType } from "./format/brands.js";
import { Attribute, cells, ShapeFlag } from "./format/cells.js";
import { codeFields } from "./format/code.js";
import { errorNames } from "./format/errors.js";
import { CALLEE, CodeFlag, CoroutineState, Frame, FRAME_WORDS, ResumeMode, ReturnMode, THIS } from "./format/frame.js";
import { fastPaths, intrinsicNames, intrinsics } from "./format/intrinsics.js";
import { opcodes, opNames } from "./format/opcodes.js";
import { registerNames, registers, State, STATE_WORDS, Status } from "./format/registers.js";
import { rootNames, ROOTS_CELL } from "./format/roots.js";
import { CORE_WORDS, Immediate, REGISTER_WORDS, STRING_MAX } from "./format/words.js";

const tables: unknown = [
  [CORE_WORDS, REGISTER_WORDS, ROOTS_CELL, STRING_MAX, Immediate],
  Object.entries(cells).map(([name, kind]) => [name, kind.fields, kind.tail]),
  codeFields,
  [ShapeFlag, Attribute, brands, ElementType],
  opNames.map((name) => {
    const { operands, pops, popsOperand, pushes, jumpExtra, flow } = opcodes[name];
    return [name, operands, pops, popsOperand, pushes, jumpExtra, flow];
  }),
  intrinsicNames.map((name) => [name, intrinsics[name][0]]), fastPaths,
  registerNames.map((name) => [name, registers[name][0]]), [Status, State, STATE_WORDS],
  rootNames, errorNames,
  [Frame, FRAME_WORDS, CALLEE, THIS, ReturnMode, CodeFlag, CoroutineState, ResumeMode],
];

/** 32 bits that differ when a table does. Source: FNV-1a over the tables as JSON. */
function nameOf(value: unknown): number {
  const text = JSON.stringify(value);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export const abi: number = nameOf(tables);
