// `mvm inspect`: what vm/inspect.ts finds in a program, of an image or running.

import type { Program } from "./program.js";

export function inspectProgram(_program: Program, _json: boolean): string { return ""; }
export async function inspectFile(_f: string, _json: boolean): Promise<string> { return ""; }
