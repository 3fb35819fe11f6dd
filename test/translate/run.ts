// A machine of a few instructions in the shape of the real one: `run` with its state in local variables, one big
// switch, small functions expanded, rare work outlined.

import { B, F, M } from "../../vm/kernel/memory.js";
import { Immediate } from "../../vm/format/words.js";
import type { i32, f64 } from "../../vm/kernel/types.js";

const PUSH = 0, ADD = 1, JUMP_LESS = 2, LOAD = 3, STORE = 4, HALT = 5, BOX = 6, CALL = 7;
const CODE = 3000;
const STACK = 200;

/** @inline */
function signed(at: i32): i32 { return B[at] << 24 >> 24; }
/** @inline */
function isSmall(a: i32, b: i32): i32 { return (a | b) & 1; }

function box(x: f64): i32 {
  F[450] = x;
  return (900 << 2) | 1;
}
function numberOf(word: i32): f64 {
  return (word & 1) === 0 ? word >> 1 : F[word >> 3];
}
function slowAdd(a: i32, b: i32): i32 {
  const sum: f64 = numberOf(a) + numberOf(b);
  const small: i32 = sum | 0;
  if (small === sum && small >= -0x40000000 && small <= 0x3fffffff) return small << 1;
  return box(sum);
}
export function collect(word: i32): i32 { return word ^ 4; }

export function assemble(limit: i32, step: i32): void {
  let at: i32 = CODE;
  B[at++] = PUSH; B[at++] = 0;
  B[at++] = STORE; B[at++] = 0;
  B[at++] = LOAD; B[at++] = 0;
  B[at++] = PUSH; B[at++] = (step & 63) + 1;
  B[at++] = ADD;
  B[at++] = STORE; B[at++] = 0;
  B[at++] = LOAD; B[at++] = 0;
  B[at++] = PUSH; B[at++] = limit & 127;
  B[at++] = JUMP_LESS; B[at++] = -13;
  B[at++] = CALL;
  B[at++] = HALT;
}

export function run(steps: i32): i32 {
  let pc: i32 = CODE, sp: i32 = STACK;
  const fp: i32 = STACK - 10;
  for (let fuel: i32 = steps & 0x3ff; fuel > 0; fuel--) {
    switch (B[pc++]) {
      case PUSH: {
        const value: i32 = signed(pc);
        M[sp++] = value << 1;
        pc++;
        break;
      }
      case ADD: {
        const b: i32 = M[--sp], a: i32 = M[sp - 1];
        if (isSmall(a, b) === 0) {
          const r: f64 = a + b;
          if (r === (r | 0)) {
            M[sp - 1] = r | 0;
            break;
          }
        }
        const sum = slowAdd(a, b);
        M[sp - 1] = sum;
        break;
      }
      case JUMP_LESS: {
        const b: i32 = M[--sp], a: i32 = M[--sp];
        const offset: i32 = signed(pc);
        pc++;
        if (a < b) pc += offset;
        break;
      }
      case LOAD: M[sp++] = M[fp + B[pc++]]; break;
      case STORE: {
        const value: i32 = M[--sp];
        M[fp + B[pc]] = value;
        pc++;
        break;
      }
      case BOX: {
        const boxed = box(M[sp - 1]);
        M[sp - 1] = boxed;
        break;
      }
      case CALL: {
        const word = collect(Immediate.UNDEFINED);
        M[sp++] = word;
        break;
      }
      case HALT: return M[sp - 1] ^ pc;
      default: return -1;
    }
  }
  return pc * 1000 + sp;
}
