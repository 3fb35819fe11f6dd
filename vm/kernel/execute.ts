// What a host calls to run a program: `execute`, which gives it fuel, makes room where an instruction had none, and says why
// the machine stopped. The loops themselves are in run.ts. The compiled tier (vm/jit) has its own way of running, so what
// `execute` consists of is exported too.

import { Reg, Status } from "../format/registers.js";
import { ROOTS } from "../format/roots.js";
import { forgetEpoch, makeRoom } from "./collect.js";
import { forgetFailure, holdEpochs, takeFault } from "./heap.js";
import { M } from "./memory.js";
import { enterRoots, hasRealms } from "./object.js";
import { run, runSteps } from "./run.js";
import { step } from "./step.js";
import type { bool, i32 } from "./types.js";

let plainly: bool = false;
/** Makes `execute` use the reference alone, or the fast loop again. */
export function useReference(only: bool): void { plainly = only; }

/** FUEL when the steps were last counted. */
let countedFrom: i32 = 0;
/**
 * Runs `fuel` steps (a bulk instruction may take a few more). Returns why it stopped: FUEL, WAITING, HOST_CALL, ENDED,
 * OUT_OF_MEMORY, FAULT, or GROW (the host gives a larger buffer and goes on by `executeAgain`).
 * @loop
 */
export function execute(fuel: i32): i32 {
  beginRun(fuel);
  const status: i32 = plainly || hasRealms() ? runSteps() : run();
  return drive(status);
}
/**
 * Goes on after GROW with the fuel that was left.
 * @loop
 */
export function executeAgain(): i32 {
  const status = resumeRun();
  return drive(status);
}
/**
 * Makes room and runs on until something else than that stops the machine.
 * @loop
 */
function drive(first: i32): i32 {
  let status: i32 = first;
  while (status === Status.RETRY || status === Status.RUNNING) {
    if (status === Status.RETRY) status = relieve();
    else status = plainly || hasRealms() ? runSteps() : run();
  }
  endRun();
  return status;
}

/** Before a run of `fuel` steps. */
export function beginRun(fuel: i32): void {
  M[Reg.FUEL] = fuel;
  countedFrom = fuel;
  forgetFailure();
  forgetEpoch();
  holdEpochs(true);
}
/** Goes on with a run that GROW has ended, with the instruction that had no room: a Status. */
export function resumeRun(): i32 {
  countedFrom = M[Reg.FUEL];
  holdEpochs(true);
  return finishInstruction();
}
/**
 * After RETRY: makes room and runs the instruction that had none. A Status.
 * @loop
 */
export function relieve(): i32 {
  // Some helper found what cannot be, and its caller took that for want of room.
  if (takeFault()) return Status.FAULT;
  if (hasRealms()) enterRoots(ROOTS);
  const status = makeRoom();
  return status === Status.RUNNING ? finishInstruction() : status;
}
/** After a run, whatever ended it. */
export function endRun(): void {
  if (hasRealms()) enterRoots(ROOTS);
  holdEpochs(false);
  countSteps(countedFrom - M[Reg.FUEL]);
}
/** Runs the instruction that had no room. It was begun, and may have been charged for, so it is not asked whether there is fuel. */
function finishInstruction(): i32 {
  M[Reg.FUEL] = M[Reg.FUEL] - 1;
  const status = step();
  if (status === Status.RETRY) M[Reg.FUEL] = M[Reg.FUEL] + 1;
  else forgetEpoch();
  return status;
}
/** Adds to the 64-bit count of steps. */
function countSteps(steps: i32): void {
  const low: i32 = M[Reg.STEPS_LOW];
  const sum: i32 = (low + steps) | 0;
  M[Reg.STEPS_LOW] = sum;
  if ((sum >>> 0) < (low >>> 0)) M[Reg.STEPS_HIGH] = M[Reg.STEPS_HIGH] + 1;
}
