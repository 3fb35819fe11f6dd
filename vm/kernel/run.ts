// The loop. `run` executes steps until the fuel is spent or the program wants something. It keeps pc, sp and fp in
// locals and does the commonest instructions on operands of the commonest kinds by itself; for all else it writes the
// registers back and calls `step`, the reference. It must never do anything that `step` would not have done.

import { Reg, Status } from "../format/registers.js";
import { makeRoom } from "./collect.js";
import { step } from "./step.js";
import { M } from "./memory.js";
import type { i32 } from "./types.js";

/** Runs until FUEL is spent, one step at a time: the plain form, for tests of the fast one. */
export function runSteps(): i32 {
  while (M[Reg.FUEL] > 0) {
    M[Reg.FUEL] = M[Reg.FUEL] - 1;
    const status = step();
    if (status !== Status.RUNNING) {
      if (status === Status.RETRY) M[Reg.FUEL] = M[Reg.FUEL] + 1;
      return status;
    }
  }
  return Status.FUEL;
}

/**
 * Runs `fuel` steps (a bulk instruction may take a few more). Returns why it stopped: FUEL, WAITING, HOST_CALL, ENDED,
 * OUT_OF_MEMORY, FAULT, or GROW (the host gives a larger buffer and calls again with what FUEL then says).
 * @loop
 */
export function execute(fuel: i32): i32 {
  M[Reg.FUEL] = fuel;
  for (;;) {
    const status = runSteps();
    if (status !== Status.RETRY) {
      countSteps(fuel - M[Reg.FUEL]);
      return status;
    }
    const room = makeRoom();
    if (room !== Status.RUNNING) {
      countSteps(fuel - M[Reg.FUEL]);
      return room;
    }
  }
}
/** Adds to the 64-bit count of steps. */
function countSteps(steps: i32): void {
  const low: i32 = M[Reg.STEPS_LOW];
  const sum: i32 = (low + steps) | 0;
  M[Reg.STEPS_LOW] = sum;
  if ((sum >>> 0) < (low >>> 0)) M[Reg.STEPS_HIGH] = M[Reg.STEPS_HIGH] + 1;
}
