// A unit as text: each function with its numbers, handlers and instructions; labels, constants, source lines, the source's
// words and the names of slots written out. For people, tests and `mvm disassemble`.

import { errorNames } from "../vm/format/errors.js";
import { CodeFlag } from "../vm/format/frame.js";
import { intrinsicNames } from "../vm/format/intrinsics.js";
import { instructionLayout, opcodes, opNames, type Instruction } from "../vm/format/opcodes.js";
import { rootNames } from "../vm/format/roots.js";
import type { Constant, CoreUnit, FunctionUnit, ProgramUnit } from "../vm/unit.js";

export function disassemble(unit: ProgramUnit | CoreUnit | FunctionUnit): string {
  const out: string[] = [];
  if ("entry" in unit) {
    unit.modules.forEach(({ name, variables }, i) => out.push(`module ${i} ${name}: ${variables.map((variable, place) => `${place} ${variable}`).join(", ")}`));
    disassembleFunction(unit.entry, "entry", out);
  } else if ("files" in unit) {
    out.push(`core: ${unit.variables.map((variable, place) => `${place} ${variable}`).join(", ")}`);
    for (const { name, body } of unit.files) disassembleFunction(body, name, out);
  } else {
    disassembleFunction(unit, unit.name, out);
  }
  return out.join("\n") + "\n";
}

function flagNames(flags: number): string {
  return Object.entries(CodeFlag).filter(([, bit]) => flags & bit).map(([name]) => name).join(" ");
}

function disassembleFunction(unit: FunctionUnit, path: string, out: string[]): void {
  out.push("", `function ${path || "(anonymous)"} [${flagNames(unit.flags)}] parameters ${unit.parameterCount} length ${unit.length} slots ${unit.slotCount} stack ${unit.stackWords} capacity ${unit.capacity}${unit.fast ? ` fast ${unit.fast}` : ""}`);
  const names = unit.debug?.slots.map((name, slot) => (name ? `${slot} ${name}` : "")).filter(Boolean) ?? [];
  if (names.length > 0) out.push(`  slots ${names.join(", ")}`);
  for (const { slot, names: inside } of unit.debug?.scopes ?? []) out.push(`  scope in slot ${slot}: ${inside.join(", ")}`);
  for (const { start, end, target, depth } of unit.handlers) out.push(`  handler ${start}-${end} to ${target} depth ${depth}`);
  const labels = new Map(unit.labels.map(({ offset, depth }) => [offset, depth]));
  const lines = new Map<number, string>();
  for (const entry of unit.debug?.lines ?? []) lines.set(entry.offset, "file" in entry ? `${unit.debug!.files[entry.file]}:` : `${lines.get(entry.offset) ?? ""}${entry.line}:${entry.column}`);
  const words = new Map(unit.debug?.words.map(({ offset, text }) => [offset, text]));
  for (const one of decode(unit.code)) {
    const label = labels.get(one.offset);
    if (label !== undefined) out.push(` L${one.offset} (depth ${label}):`);
    const text = one.operands.map((value, i) => operandText(unit, one, value, i)).join(" ");
    const notes = [lines.get(one.offset), words.get(one.offset)].filter((note) => note !== undefined).join(" ");
    out.push(`  ${String(one.offset).padStart(5)} ${`${one.name} ${text}`.trimEnd()}${notes === "" ? "" : `  ; ${notes}`}`);
  }
  unit.constants.forEach((constant, i) => {
    if (typeof constant === "object") disassembleFunction(constant, `${path}/${constant.name || i}`, out);
  });
}

export interface Decoded { offset: number; end: number; name: (typeof opNames)[number]; instruction: Instruction; operands: number[] }

/** The instructions of a piece of bytecode; jumps as the offset that they go to. */
export function decode(code: Uint8Array): Decoded[] {
  const result: Decoded[] = [];
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  for (let offset = 0; offset < code.length;) {
    const name = opNames[code[offset]!];
    if (name === undefined) throw new Error(`no opcode ${code[offset]} at ${offset}`);
    const instruction: Instruction = opcodes[name];
    const { offsets, sizeBytes } = instructionLayout(instruction);
    const end = offset + sizeBytes;
    const operands = instruction.operands.map((kind, i) => {
      const at = offset + offsets[i]!;
      switch (kind) {
        case "jump": return end + view.getInt16(at, true);
        case "jump8": return end + view.getInt8(at);
        case "jump32": return end + view.getInt32(at, true);
        case "i8": return view.getInt8(at);
        case "i16": return view.getInt16(at, true);
        case "slot": case "argc": case "u8": return view.getUint8(at);
        default: return view.getUint16(at, true);
      }
    });
    result.push({ offset, end, name, instruction, operands });
    offset = end;
  }
  return result;
}

function operandText(unit: FunctionUnit, { name, instruction }: Decoded, value: number, i: number): string {
  switch (instruction.operands[i]) {
    case "constant":
      return constantText(unit.constants[value]);
    case "jump": case "jump32": case "jump8":
      return `L${value}`;
    case "slot": case "slot16": {
      const slot = unit.debug?.slots[value];
      return slot ? `${value}(${slot})` : String(value);
    }
  }
  if (name === "CORE" || name === "ROOT" || name === "ROOT8") return rootNames[value] ?? String(value);
  if (name.startsWith("INTRINSIC") && i === 0) return `$${intrinsicNames[value]}`;
  if (name === "THROW_ERROR" && i === 0) return errorNames[value] ?? String(value);
  return String(value);
}

function constantText(constant: Constant | undefined): string {
  if (typeof constant === "object") return `<${constant.name || "function"}>`;
  if (typeof constant === "string") return JSON.stringify(constant.length > 60 ? `${constant.slice(0, 60)}…` : constant);
  if (typeof constant === "bigint") return `${constant}n`;
  return Object.is(constant, -0) ? "-0" : String(constant);
}
