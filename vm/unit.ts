// What the compiler hands to the machine: functions as plain data, before they are cells. `load.ts` writes them into a
// memory; the compiler's assembler makes them; the disassembler prints them. Nothing here refers to a host.

/** A constant: a number, a big integer, an interned string (property names, literals), or the code of an inner function. */
export type Constant = number | bigint | string | FunctionUnit;

/** An exception handler: within [start, end) of the bytecode a throw cuts the operand stack to `depth`, pushes the exception and goes on at `target`. Inner handlers come first. */
export interface Handler { start: number; end: number; target: number; depth: number }

/** The operand stack's depth at a place that a jump or handler reaches (vm/format/opcodes.ts: the verifier needs one pass). Ascending offsets. */
export interface Label { offset: number; depth: number }

/**
 * Where an instruction comes from: from this offset on, that line (from 1) and column (from 1), or that file, by number;
 * an entry of the same offset says where in it. Ascending offsets.
 */
export type LineEntry = { offset: number; line: number; column: number } | { offset: number; file: number };

/** What the instruction at an offset is about, in the source's words, for errors: what is called, gone over or taken apart there. */
export interface Wording { offset: number; text: string }
/** No offset: the function's name before it was made short, by which stack traces call it. */
export const NAME_WORDS = -1;

export interface DebugInfo {
  /** Paths of the sources as `inspect` and stack traces show them: one, unless a source map says more (compiler/error.ts). The lines begin in the first. */
  files: string[];
  lines: LineEntry[];
  /** Name of each slot of the frame ("" for temporaries), by slot. */
  slots: string[];
  /** For slots that hold a scope: the names of its variables, by slot. */
  scopes: { slot: number; names: string[] }[];
  words: Wording[];
  /** The function's source text for toString, where wanted. */
  source?: string;
}

export interface FunctionUnit {
  name: string;
  /** CodeFlag bits (frame.ts). */
  flags: number;
  /** Slots that arguments are put into. */
  parameterCount: number;
  /** The function's `length` property. */
  length: number;
  /** Parameters, frame words and other locals (frame.ts). */
  slotCount: number;
  /** The deepest the operand stack gets. */
  stackWords: number;
  /** Properties that instances are likely to get (`this.x = …` in a constructor or class): inline slots. */
  capacity: number;
  /** Fast path (intrinsics.ts), core only; else "". */
  fast: string;
  constants: Constant[];
  handlers: Handler[];
  labels: Label[];
  code: Uint8Array;
  debug?: DebugInfo;
}

/**
 * A function as plain data, which a running program is given (vm/core/evaluation.js) when it asks its host to compile:
 * [name, flags, length, parameterCount, slotCount, stackWords, capacity, constants, handlers, labels, code, debug]. Of the
 * constants a function is such a list itself; handlers are four numbers each, labels offset << 8 | depth; code is a text
 * of one unit a byte. debug, if it is there, is [file or list of files, source, slot names, scopes (slot, names…), lines,
 * words (offset, text, …)], the lines being a text of the bytes that a debug cell has (load.ts).
 */
export function unitData(unit: FunctionUnit): UnitData {
  const { debug } = unit;
  return [
    unit.name, unit.flags, unit.length, unit.parameterCount, unit.slotCount, unit.stackWords, unit.capacity,
    unit.constants.map((constant) => typeof constant === "object" ? unitData(constant) : constant),
    unit.handlers.flatMap(({ start, end, target, depth }) => [start, end, target, depth]),
    unit.labels.map(({ offset, depth }) => (offset << 8) | depth),
    byteText(unit.code),
    debug && [debug.files.length === 1 ? debug.files[0] : debug.files, debug.source, debug.slots, debug.scopes.map(({ slot, names }) => [slot, ...names]), byteText(lineBytes(debug.lines)), debug.words.flatMap(({ offset, text }) => [offset, text])],
  ];
}
export type UnitData = (undefined | number | bigint | string | UnitData)[];

const LINE_MAX = 2 ** 21 - 1, COLUMN_MAX = 1023;
/** The lines of a debug cell: two little-endian words an entry, the bytecode offset and line << 10 | column, or ~file. */
export function lineBytes(lines: readonly LineEntry[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(lines.length * 8));
  lines.forEach((entry, index) => {
    bytes.setUint32(index * 8, entry.offset, true);
    bytes.setInt32(index * 8 + 4, "file" in entry ? ~entry.file : (Math.min(entry.line, LINE_MAX) << 10) | Math.min(entry.column, COLUMN_MAX), true);
  });
  return new Uint8Array(bytes.buffer);
}
function byteText(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return text;
}

/** A function of the host that a program needs, by name and version, and the import that says so (file:line:column). */
export interface Need { name: string; version: number; place: string }

/** A program: the entry function (called with no arguments by core.start) and how many variables each module's top-level scope has. */
export interface ProgramUnit {
  entry: FunctionUnit;
  modules: { name: string; variables: string[] }[];
  /** Each once; left out where there are none. */
  needs?: Need[];
}

/**
 * The core: per file a top-level function, run in order while the core is built, which of the core's top-level variables it
 * declares and which of these are its functions; and the names of all these variables, by number.
 */
export interface CoreUnit {
  files: { name: string; body: FunctionUnit; variables: number[]; functions: number[] }[];
  variables: string[];
}
