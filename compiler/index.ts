// The compiler's surface: sources in, units (vm/unit.ts) out. It touches no host: files come through a SourceHost.
//
// The stages: acorn parses; analyse.ts finds out what names mean; link.ts (programs) finds the modules and what they
// export to each other; allocate (scopes.ts) decides where variables live; the generator makes code, function by
// function; the assembler makes bytes of it.

export { CompileError } from "./error.js";
export { compileCore } from "./core-unit.js";
export { compileScript } from "./script.js";
export { disassemble } from "./disassemble.js";
