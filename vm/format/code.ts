// The head of a CODE cell: numbers about a function, packed, since every function of the core and of a program has one.
//
//   word      31 ........ 24  23 ........ 16  15 ...................... 0
//   form      length          fast            about, tables, padding, flags
//   frame     capacity        parameters      slots
//   counts    stackWords                      start
//   tail      the constants; the word `about`, if there is one: the name (a text), or the debug cell (load.ts), whose
//             first element is the name; the tables, if there are any; at `start`, in words from the cell's, the
//             bytecode; `padding` zero bytes to the cell's end
//   tables    the handlers (four raw words each: start, end, target, depth), the labels (a raw word each: offset << 8 |
//             depth), and in the last word handlers << 16 | labels: how many there are
//
// So how many constants there are follows from where the bytecode begins, and where it ends from the cell's size. A
// function without a name needs no word for it, and one without handlers and labels no tables: most of the core's, which
// is not verified and has no labels.
// What does not fit a field here is refused by the compiler (compiler/assembler.ts), with its place in the source.

import { Field } from "./cells.js";

/** By field: the word, the lowest bit, how many bits. */
export const codeFields = {
  /** CodeFlag bits (frame.ts). */ flags: ["FORM", 0, 11],
  padding: ["FORM", 11, 3],
  /** 1 if there are tables. */ tables: ["FORM", 14, 1],
  /** 1 if there is the word `about`. */ about: ["FORM", 15, 1],
  /** Fast path (intrinsics.ts), 0 for none. */ fast: ["FORM", 16, 8],
  /** The function's `length`. */ length: ["FORM", 24, 8],
  /** Slots of a frame: parameters, frame words, other locals. */ slots: ["FRAME", 0, 16],
  /** Slots that arguments are put into. */ parameters: ["FRAME", 16, 8],
  /** Inline slots for the objects it constructs. */ capacity: ["FRAME", 24, 8],
  /** Where the bytecode begins, in words. */ start: ["COUNTS", 0, 16],
  /** Words the operand stack may take. */ stackWords: ["COUNTS", 16, 16],
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
  return { start: codeField(words, cell, "start") * 4, end: (words[cell]! >>> 8) * 8 - codeField(words, cell, "padding") };
}

/**
 * The length of a function of the core that is called as it stands, without a FUNCTION cell: its CODE cell is the
 * callee. Nobody can see such a function, nor ask for its length.
 */
export const BARE_LENGTH = 255;

/** Words of a handler. */
export const HANDLER_WORDS = 4;
