// The short forms of instructions, which only the core's code has (vm/format/opcodes.ts): after everything else about the
// instructions is settled. Programs do without, so what they run has one form of each instruction.

import { Op, type OpName } from "../vm/format/opcodes.js";
import type { Item } from "./assembler.js";

/** Puts short forms where the operands fit them; jumps are left to `shortJump`. */
export function shorten(items: readonly Item[]): void {
  for (const item of items) {
    const [a = 0, b = 0] = item.operands;
    switch (item.op) {
      case Op.GET_CORE: if (a < 256) item.op = Op.GET_CORE8; break;
      case Op.CORE_CALLEE: if (a < 256) item.op = Op.CORE_CALLEE8; break;
      case Op.ROOT: if (a < 256) item.op = Op.ROOT8; break;
      case Op.CONSTANT: if (a < 256) item.op = Op.CONSTANT8; break;
      case Op.GET_LOCAL_PROPERTY: if (b < 256) item.op = Op.GET_LOCAL_PROPERTY8; break;
      case Op.INTRINSIC: if (b >= 1 && b <= 4) replace(item, Op.INTRINSIC1 + b - 1, a); break;
      case Op.CALL: if (a >= 1 && a <= 4) replace(item, Op.CALL1 + a - 1); break;
      case Op.SMALL8: if (a === 0 || a === 1) replace(item, Op.ZERO + a); break;
      case Op.GET_LOCAL: if (a <= 15) replace(item, Op.GET_LOCAL_0 + a); break;
      case Op.PUT_LOCAL: if (a >= 4 && a <= 15) replace(item, Op.PUT_LOCAL_4 + a - 4); break;
      case Op.SET_LOCAL: if (a >= 4 && a <= 11) replace(item, Op.SET_LOCAL_4 + a - 4); break;
      case Op.GET_OUTER: if (a === 0 && b < 256) replace(item, Op.GET_OUTER8, b); break;
      case Op.GET_SCOPED: if (b < 256) item.op = Op.GET_SCOPED8; break;
      case Op.PUT_SCOPED: if (b < 256) item.op = Op.PUT_SCOPED8; break;
      case Op.NEW_ARRAY: if (a < 256) item.op = Op.NEW_ARRAY8; break;
      case Op.GET_PROPERTY: if (a < 256) item.op = Op.GET_PROPERTY8; break;
      case Op.PUT_PROPERTY: if (a < 256) item.op = Op.PUT_PROPERTY8; break;
      case Op.DEFINE_PROPERTY: if (a < 256) item.op = Op.DEFINE_PROPERTY8; break;
      case Op.CLOSURE: if (a < 256) item.op = Op.CLOSURE8; break;
      case Op.GET_LOCALS: if (a < 16 && b < 16) replace(item, Op.GET_LOCALS4, a | (b << 4)); break;
      case Op.GET_LOCAL_SMALL: if (a < 16 && b >= 0 && b < 16) replace(item, Op.GET_LOCAL_SMALL4, a | (b << 4)); break;
    }
  }
}
function replace(item: Item, op: number, ...operands: number[]): void {
  item.op = op;
  item.operands = operands;
}

const shortJumps: Partial<Record<OpName, OpName>> = {
  JUMP: "JUMP8", JUMP_FALSE: "JUMP_FALSE8", JUMP_TRUE: "JUMP_TRUE8", JUMP_SEQ: "JUMP_SEQ8", JUMP_SNE: "JUMP_SNE8",
};
/** The short form of a jump with that distance; undefined if there is none. */
export function shortJump(name: OpName, distance: number): number | undefined {
  const short = shortJumps[name];
  return short === undefined || distance < -128 || distance > 127 ? undefined : Op[short];
}
