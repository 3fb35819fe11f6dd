// The compiler's surface: sources in, units (vm/unit.ts) out. It touches no host: files come through a SourceHost.
//
// The stages: acorn parses (parse.ts); analyse.ts finds out what names mean; for programs, modules.ts finds the files and
// link.ts what they export to each other; allocate (scopes.ts) decides where variables live; the generator makes code,
// function by function; the assembler makes bytes of it.

export { CompileError } from "./error.js";
export { compileCore, type CoreFile } from "./core-unit.js";
export { evaluate } from "./evaluate.js";
export { disassemble, decode, type Decoded } from "./disassemble.js";
export { compileModuleSource, compileProgram } from "./program.js";
export type { Place, Tracer } from "./error.js";
export type { SourceHost } from "./resolve.js";
export { compileScript } from "./script.js";
