// The heap checker: is everything in order in a machine that stands between two instructions? The rules are the
// verifier's (verify.ts), applied to the live memory, garbage included, so a test may ask after every step and learns at
// once which instruction broke what. Besides, the core must be as it was built: no program writes to it.

import { cellNames } from "./format/cells.js";
import { HEAP } from "./format/words.js";
import type { Machine } from "./machine.js";
import { verifyMachine, type Finding } from "./verify.js";

/** What is wrong with the machine's memory; undefined if nothing is. */
export function checkHeap(machine: Machine): Finding | undefined {
  const words = machine.words();
  const core = machine.core.words;
  for (let address = 0; address < core.length; address++) {
    if (words[address] !== core[address]) return { reason: "the core was written to", address };
  }
  return verifyMachine(machine);
}

/** Throws if anything is wrong; `when` says after what. */
export function assertHeap(machine: Machine, when: string): void {
  const finding = checkHeap(machine);
  if (finding !== undefined) throw new Error(`${when}: ${finding.reason}; ${describe(machine, finding.address)}`);
}
/** The cell that a finding is about. */
function describe(machine: Machine, address: number): string {
  const kind = address >= HEAP ? cellNames[(machine.words()[address]! & 255) - 1] : undefined;
  return kind === undefined ? `word ${address}` : `${kind} at word ${address}`;
}
