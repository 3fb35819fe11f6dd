// The verifier: is this memory one that the machine could have made? vm/verify.ts lists the rules and says what this is
// for; here are its beginning and the registers. A refusal is a rule's number and an address, so that every host can say
// it in its own words.

import { Cell, Field } from "../format/cells.js";
import { Reg, registerIsWord, Status } from "../format/registers.js";
import { CORE_STATE_WORDS, REGISTER_COUNT, Rule } from "../format/verification.js";
import { HEAP, Immediate, REGISTER_WORDS, REGISTERS } from "../format/words.js";
import { cellSize, kindOf } from "./heap.js";
import { M, memoryWords } from "./memory.js";
import { FUNCTION_WORDS, hasRealms } from "./object.js";
import type { bool, i32 } from "./types.js";
import { checkCells, checkChains, checkOwners, tileCells } from "./verifycells.js";
import { forgetDepths } from "./verifycode.js";
import { checkStack } from "./verifyframes.js";
import { beginVerification, clearMarks, forgetRefusal, isGoodWord, refuse, refusedRule } from "./verifystate.js";
import { checkInterned, checkTransitions } from "./verifytables.js";

/**
 * Verifies the current memory as it is: 0, or the rule that is broken (refusedAddress says where). The core ends at
 * `coreTop`, and serials below `firstSerial` are its own. Uses the collector's marks.
 */
export function verifyMemory(coreTop: i32, firstSerial: i32): i32 {
  const top: i32 = M[Reg.HEAP_TOP];
  forgetRefusal();
  if (top < HEAP || top > memoryWords || (top & 1) !== 0) {
    refuse(Rule.R1, Reg.HEAP_TOP);
    return Rule.R1;
  }
  beginVerification(coreTop);
  forgetDepths();
  return checkMemory(top, firstSerial) ? 0 : refusedRule();
}

function checkMemory(top: i32, firstSerial: i32): bool {
  if (!tileCells(HEAP, top)) return false;
  if (!checkWordRegisters()) return false;
  if (!checkCells(HEAP, top, M[Reg.INTERN]) || !checkOwners()) return false;
  if (!checkInterned(M[Reg.INTERN]) || !checkTransitions(M[Reg.TRANSITIONS]) || !checkOverlays(M[Reg.OVERLAYS])) return false;
  clearMarks();
  if (!checkChains(M[Reg.OVERLAYS])) return false;
  return checkNumberRegisters(firstSerial) && checkStack(M[Reg.SP], memoryWords);
}

/** Undefined, or a reference to a cell of the program of that kind? */
function isOwnOrNothing(word: i32, kind: i32): bool { return word === Immediate.UNDEFINED || (kindOf(word) === kind && word >> 2 >= HEAP); }

/** VR2, VR3. The kinds that the kernel relies on before it looks. */
function checkWordRegisters(): bool {
  for (let i: i32 = 0; i < REGISTER_WORDS; i++) {
    if (registerIsWord[i] !== 0 && !isGoodWord(M[REGISTERS + i])) return refuse(Rule.R2, REGISTERS + i);
  }
  if (!isOwnOrNothing(M[Reg.INTERN], Cell.WEAK_SET)) return refuse(Rule.R2, Reg.INTERN);
  if (!isOwnOrNothing(M[Reg.TRANSITIONS], Cell.WEAK_SET)) return refuse(Rule.R2, Reg.TRANSITIONS);
  if (kindOf(M[Reg.MODULES]) !== Cell.ELEMENTS || M[Reg.MODULES] >> 2 < HEAP) return refuse(Rule.R2, Reg.MODULES);
  if (kindOf(M[Reg.STATE]) !== Cell.ELEMENTS || M[Reg.STATE] >> 2 < HEAP) return refuse(Rule.R2, Reg.STATE);
  if (cellSize(M[Reg.STATE] >> 2) - 1 < CORE_STATE_WORDS) return refuse(Rule.R3, Reg.STATE);
  if (!isOwnOrNothing(M[Reg.INBOX], Cell.ARRAY)) return refuse(Rule.R2, Reg.INBOX);
  if (!isOwnOrNothing(M[Reg.OVERLAYS], Cell.TABLE)) return refuse(Rule.R2, Reg.OVERLAYS);
  if (!isOwnOrNothing(M[Reg.OVERLAY_BITS], Cell.BYTES)) return refuse(Rule.R2, Reg.OVERLAY_BITS);
  if (!isOwnOrNothing(M[Reg.HOST_CALL], Cell.ARRAY)) return refuse(Rule.R2, Reg.HOST_CALL);
  if (M[Reg.STATUS] === Status.HOST_CALL && kindOf(M[Reg.HOST_CALL]) !== Cell.ARRAY) return refuse(Rule.R2, Reg.HOST_CALL);
  return kindOf(M[Reg.ENTRY]) === Cell.FUNCTION ? true : refuse(Rule.R2, Reg.ENTRY);
}

/** VR1. */
function checkNumberRegisters(firstSerial: i32): bool {
  const status: i32 = M[Reg.STATUS];
  if (status !== Status.RUNNING && status !== Status.WAITING && status !== Status.HOST_CALL) return refuse(Rule.R1, Reg.STATUS);
  if (M[Reg.MEMORY_LIMIT] <= 0) return refuse(Rule.R1, Reg.MEMORY_LIMIT);
  if (M[Reg.STACK_LIMIT] <= 0 || M[Reg.STACK_LIMIT] > M[Reg.MEMORY_LIMIT]) return refuse(Rule.R1, Reg.STACK_LIMIT);
  if (M[Reg.NEXT_SERIAL] < firstSerial || M[Reg.NEXT_SERIAL] > 0x3fffffff) return refuse(Rule.R1, Reg.NEXT_SERIAL);
  if (M[Reg.SP] < M[Reg.HEAP_TOP] || M[Reg.SP] > memoryWords) return refuse(Rule.R1, Reg.SP);
  if (M[Reg.FP] < M[Reg.SP] || M[Reg.FP] >= memoryWords) return refuse(Rule.R1, Reg.FP);
  if (hasRealms() && M[Reg.REALMS] !== 1) return refuse(Rule.R1, Reg.REALMS);
  // Where there are no realms REALMS, the last register, is a word like those behind it.
  const known: i32 = hasRealms() ? REGISTER_COUNT : REGISTER_COUNT - 1;
  for (let i: i32 = known; i < REGISTER_WORDS; i++) if (M[REGISTERS + i] !== 0) return refuse(Rule.R1, REGISTERS + i);
  return true;
}

/** VR4. */
function checkOverlays(overlays: i32): bool {
  if (overlays === Immediate.UNDEFINED) return true;
  const table: i32 = overlays >> 2;
  if (M[table + Field.TABLE_ENTRY_WORDS] !== 2 || M[table + Field.TABLE_FLAGS] !== 0) return refuse(Rule.R4, table);
  for (let i: i32 = 0; i < M[table + Field.TABLE_USED]; i++) {
    const object: i32 = M[table + Field.TABLE_TAIL + i * 2];
    const overlay: i32 = M[table + Field.TABLE_TAIL + i * 2 + 1];
    const kind: i32 = kindOf(object);
    if (kind < Cell.OBJECT || kind > Cell.TYPED_ARRAY || object >> 2 >= HEAP || overlay >> 2 < HEAP) return refuse(Rule.R4, table);
    // A function of the core may have a shorter cell than its overlay.
    const size: i32 = kind === Cell.FUNCTION ? FUNCTION_WORDS : cellSize(object >> 2);
    if (kindOf(overlay) !== kind || cellSize(overlay >> 2) !== size) return refuse(Rule.R4, table);
  }
  return true;
}
