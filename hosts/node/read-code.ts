// The code of a program in a memory, as the units that the compiler made (vm/unit.ts): the other direction of vm/load.ts,
// for `mvm disassemble` of images. The machine has been verified, so what its code cells say of themselves is so.

import { Cell, Field } from "../../vm/format/cells.js";
import { codeField, HANDLER_WORDS, type CodeField } from "../../vm/format/code.js";
import { Reg } from "../../vm/format/registers.js";
import { Immediate } from "../../vm/format/words.js";
import type { Machine } from "../../vm/machine.js";
import type { Constant, FunctionUnit, LineEntry, ProgramUnit, Wording } from "../../vm/unit.js";
import { readText, readValue } from "../../vm/value.js";

/** The program's entry function with all functions within. */
export function readProgram(machine: Machine): ProgramUnit {
  const words = machine.words();
  const entry = words[Reg.ENTRY]! >> 2;
  return { entry: readCode(machine, words[entry + Field.FUNCTION_CODE!]!), modules: [] };
}

function readCode(machine: Machine, word: number): FunctionUnit {
  const { kernel } = machine;
  const words = machine.words();
  const cell = word >> 2;
  const field = (name: CodeField): number => codeField(words, cell, name);
  let at = cell + Field.CODE_TAIL!;
  const constants: Constant[] = [];
  for (const end = at + kernel.codeConstants(cell); at < end; at++) {
    const constant = words[at]!;
    if ((constant & 3) === 1 && kernel.cellKind(constant >> 2) === Cell.CODE) constants.push(readCode(machine, constant));
    else constants.push(readValue(kernel, constant) as number | bigint | string);
  }
  const handlers: FunctionUnit["handlers"] = [];
  at = kernel.handlersAt(cell);
  for (const end = at + HANDLER_WORDS * kernel.codeHandlers(cell); at < end; at += HANDLER_WORDS) {
    handlers.push({ start: words[at]!, end: words[at + 1]!, target: words[at + 2]!, depth: words[at + 3]! });
  }
  const labels: FunctionUnit["labels"] = [];
  for (const end = at + kernel.codeLabels(cell); at < end; at++) labels.push({ offset: words[at]! >>> 8, depth: words[at]! & 255 });
  at = cell + (kernel.codeStart(cell) >> 2);
  const debug = readDebug(machine, kernel.codeDebug(cell));
  return {
    name: readText(kernel, kernel.codeName(cell)), flags: field("flags"), parameterCount: field("parameters"), length: field("length"),
    slotCount: field("slots"), stackWords: field("stackWords"), capacity: field("capacity"), fast: "",
    constants, handlers, labels, code: kernel.B.slice(at * 4, at * 4 + kernel.codeBytes(cell)), ...debug && { debug },
  };
}

/** The debug cell of a code (its layout stands in vm/load.ts). What is in it may be anything: the verifier does not look. */
function readDebug(machine: Machine, word: number): FunctionUnit["debug"] | undefined {
  if (word === Immediate.UNDEFINED) return undefined;
  const { kernel } = machine;
  const words = machine.words();
  const list = (elements: number | undefined): number[] => {
    if (elements === undefined || kernel.kindOf(elements) !== Cell.ELEMENTS) return [];
    const cell = elements >> 2;
    const count = (words[cell]! >>> 8 << 1) - kernel.FIRST_ELEMENT;
    return Array.from({ length: count }, (_, index) => words[cell + kernel.FIRST_ELEMENT + index]!);
  };
  const texts = (elements: readonly number[]): string[] => elements.filter((item) => kernel.isText(item)).map((item) => readText(kernel, item));
  const [, files = Immediate.UNDEFINED, , slots, scopes, entries = Immediate.UNDEFINED, about] = list(word);
  const lines: LineEntry[] = [];
  const cell = entries >> 2;
  const count = kernel.kindOf(entries) === Cell.BYTES ? kernel.byteLength(cell) >> 3 : 0;
  for (let at = cell + Field.BYTES_TAIL!, left = count; left > 0; left--, at += 2) {
    const [offset, place] = [words[at]!, words[at + 1]!];
    lines.push(place < 0 ? { offset, file: ~place } : { offset, line: place >>> 10, column: place & 1023 });
  }
  const wordings: Wording[] = [];
  const pairs = list(about);
  for (let i = 0; i + 1 < pairs.length; i += 2) if (kernel.isText(pairs[i + 1]!)) wordings.push({ offset: pairs[i]! >> 1, text: readText(kernel, pairs[i + 1]!) });
  return {
    words: wordings, files: texts(kernel.kindOf(files) === Cell.ELEMENTS ? list(files) : [files]), lines, slots: texts(list(slots)),
    scopes: list(scopes).filter((scope) => kernel.kindOf(scope) === Cell.ELEMENTS).map((scope) => {
      const [slot = 0, ...names] = list(scope);
      return { slot: slot >> 1, names: texts(names) };
    }),
  };
}
