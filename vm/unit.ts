// What the compiler hands to the machine: functions as plain data, before they are cells. `load.ts` writes them into a
// memory; the compiler's assembler makes them; the disassembler prints them. Nothing here refers to a host.

/** A constant: a number, a big integer, an interned string (property names, literals), or the code of an inner function. */
export type Constant = number | bigint | string | FunctionUnit;

/** An exception handler: within [start, end) of the bytecode a throw cuts the operand stack to `depth`, pushes the exception and goes on at `target`. Inner handlers come first. */
export interface Handler { start: number; end: number; target: number; depth: number }

/** The operand stack's depth at a place that a jump or handler reaches (vm/format/opcodes.ts: the verifier needs one pass). Ascending offsets. */
export interface Label { offset: number; depth: number }

/** Where an instruction comes from: from this offset on, that line (from 1) and column (from 1). Ascending offsets. */
export interface LineEntry { offset: number; line: number; column: number }

export interface DebugInfo {
  /** Path of the source as `inspect` and stack traces show it. */
  file: string;
  lines: LineEntry[];
  /** Name of each slot of the frame ("" for temporaries), by slot. */
  slots: string[];
  /** For slots that hold a scope: the names of its variables, by slot. */
  scopes: { slot: number; names: string[] }[];
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
