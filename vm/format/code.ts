// The head of a CODE cell: numbers about a function, packed, since every function of the core and of a program has one.
//
//   word      31 ........ 24  23 ........ 16  15 ................... 0
//   form      capacity        fast            flags
//   frame     length          parameters      slots
//   counts    stackWords                      constants
//   tables    handlers (13 bits) | padding (3) labels
//   about     the name (a text), or the debug cell (load.ts), whose first element is the name
//   tail      the constants, then the tables: handlers (four raw words each: start, end, target, depth), labels (a raw
//             word each: offset << 8 | depth), then the bytecode and `padding` zero bytes to the cell's end
//
// So where the bytecode begins follows from the counts, and where it ends from the cell's size. What does not fit a
// field here is refused by the compiler (compiler/assembler.ts), with its place in the source.

import { Field } from "./cells.js";

/** By field: the word, the lowest bit, how many bits. */
export const codeFields = {
  /** CodeFlag bits (frame.ts). */ flags: ["FORM", 0, 16],
  /** Fast path (intrinsics.ts), 0 for none. */ fast: ["FORM", 16, 8],
  /** Inline slots for the objects it constructs. */ capacity: ["FORM", 24, 8],
  /** Slots of a frame: parameters, frame words, other locals. */ slots: ["FRAME", 0, 16],
  /** Slots that arguments are put into. */ parameters: ["FRAME", 16, 8],
  /** The function's `length`. */ length: ["FRAME", 24, 8],
  /** How many constants there are. */ constants: ["COUNTS", 0, 16],
  /** Words the operand stack may take. */ stackWords: ["COUNTS", 16, 16],
  labels: ["TABLES", 0, 16],
  padding: ["TABLES", 16, 3],
  handlers: ["TABLES", 19, 13],
} as const satisfies Record<string, readonly [string, number, number]>;
export type CodeField = keyof typeof codeFields;

/** The largest number that a field holds. */
export function codeLimit(field: CodeField): number { return 2 ** codeFields[field][2] - 1; }

/** For hosts: a field of the CODE cell at `cell`, in words that need not be a machine's memory. */
export function codeField(words: Int32Array, cell: number, field: CodeField): number {
  const [word, shift] = codeFields[field];
  return (words[cell + Field[`CODE_${word}`]!]! >>> shift) & codeLimit(field);
}
/** Sets a field. */
export function setCodeField(words: Int32Array, cell: number, field: CodeField, value: number): void {
  const [word, shift] = codeFields[field];
  const at = cell + Field[`CODE_${word}`]!;
  words[at] = (words[at]! & ~(codeLimit(field) << shift)) | (value << shift);
}
/** Byte offset of the bytecode in the cell, and of its end. */
export function codeRange(words: Int32Array, cell: number): { start: number; end: number } {
  const start = (Field.CODE_TAIL! + codeField(words, cell, "constants") + HANDLER_WORDS * codeField(words, cell, "handlers") + codeField(words, cell, "labels")) * 4;
  return { start, end: (words[cell]! >>> 8) * 8 - codeField(words, cell, "padding") };
}

/** Words of a handler. */
export const HANDLER_WORDS = 4;
