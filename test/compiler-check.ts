// What the verifier will hold compiled code to, as one forward pass over each function: depths of the operand stack at
// labels and handlers, operands within bounds, no code that nothing reaches, `stackWords` exact.

import { decode } from "../compiler/index.js";
import { FRAME_WORDS } from "../vm/format/frame.js";
import type { FunctionUnit } from "../vm/unit.js";

/** Checks a function and those inside it; returns how many. Throws at the first fault. */
export function checkUnit(unit: FunctionUnit, path = ""): number {
  const where = `${path}/${unit.name || "?"}`;
  const fail = (what: string): never => { throw new Error(`${where}: ${what}`); };
  const list = decode(unit.code);
  const starts = new Set(list.map(({ offset }) => offset));
  const labels = new Map(unit.labels.map(({ offset, depth }) => [offset, depth]));
  const used = new Set<number>();
  let deepest = 0;
  const arrive = (target: number, depth: number): void => {
    if (labels.get(target) !== depth) fail(`${target} is reached with ${depth} words, declared ${labels.get(target)}`);
    used.add(target);
    deepest = Math.max(deepest, depth);
  };
  unit.labels.forEach(({ offset }, i) => {
    if (!starts.has(offset) || (i > 0 && offset <= unit.labels[i - 1]!.offset)) fail(`label ${offset}`);
  });
  for (const { start, end, target, depth } of unit.handlers) {
    if (start >= end || !starts.has(start) || !(starts.has(end) || end === unit.code.length)) fail(`handler ${start}-${end}`);
    arrive(target, depth + 1);
  }
  let depth = 0;
  for (const { offset, name, instruction, operands } of list) {
    const declared = labels.get(offset);
    if (declared !== undefined && depth >= 0 && declared !== depth) fail(`falls into ${offset} with ${depth} words, declared ${declared}`);
    depth = declared ?? depth;
    if (depth < 0) fail(`nothing reaches ${offset}`);
    for (const handler of unit.handlers) if (offset >= handler.start && offset < handler.end && depth < handler.depth) fail(`handler at ${offset} is deeper than the stack`);
    const pops = instruction.pops + (instruction.popsOperand < 0 ? 0 : operands[instruction.popsOperand]!);
    if (pops > depth) fail(`${name} at ${offset} takes ${pops} of ${depth}`);
    depth += instruction.pushes - pops;
    deepest = Math.max(deepest, depth);
    instruction.operands.forEach((kind, i) => {
      const value = operands[i]!;
      if (kind === "jump" || kind === "jump32") arrive(value, depth + instruction.jumpExtra);
      if (kind === "constant" && value >= unit.constants.length) fail(`constant ${value}`);
      if (kind !== "slot" && kind !== "slot16") return;
      if (value >= unit.slotCount) fail(`slot ${value}`);
      if (value >= unit.parameterCount && value < unit.parameterCount + FRAME_WORDS) fail(`${name} touches the frame's own slot ${value}`);
    });
    if (instruction.flow === "end" || instruction.flow === "goto") depth = -1;
  }
  if (depth >= 0) fail("runs off the end");
  if (deepest !== unit.stackWords) fail(`stackWords is ${unit.stackWords}, not ${deepest}`);
  for (const offset of labels.keys()) if (!used.has(offset)) fail(`label ${offset} is not used`);
  unit.debug?.lines.forEach(({ offset }, i, lines) => {
    // A change of the file and the place in it are at one offset.
    const after = i === 0 ? -1 : lines[i - 1]!.offset - ("file" in lines[i - 1]! ? 1 : 0);
    if (!starts.has(offset) || offset <= after) fail(`line at ${offset}`);
  });
  return unit.constants.reduce<number>((count, constant) => count + (typeof constant === "object" ? checkUnit(constant, where) : 0), 1);
}

/** Every function of a unit, by a path of names. */
export function functionsOf(unit: FunctionUnit): FunctionUnit[] {
  return [unit, ...unit.constants.flatMap((constant) => (typeof constant === "object" ? functionsOf(constant) : []))];
}
