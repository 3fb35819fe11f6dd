// From a file to a machine that can run: sources are compiled, images restored. Every way in which that can fail comes out
// as a Trouble.

import { compileProgram, CompileError } from "../../compiler/index.js";
import { Reg } from "../../vm/format/registers.js";
import { Machine, type MachineOptions } from "../../vm/machine.js";
import type { ProgramUnit } from "../../vm/unit.js";
import { checkFile, sourceHost } from "./files.js";
import { loadCore, loadKernel } from "./load-core.js";
import { Exit, Trouble } from "./trouble.js";

/** A program's memory unless --memory says otherwise, and what a host gives to one at most. */
export const MEMORY_DEFAULT = 64 * 1024 * 1024;
export const MEMORY_MAX = 1024 * 1024 * 1024;

export function isImage(path: string): boolean {
  return path.endsWith(".mvm");
}

export function compileFile(path: string): ProgramUnit {
  const full = checkFile(path);
  if (!/\.([mc]?[jt]s|json)$/.test(path)) {
    throw new Trouble(Exit.FILE, `${path} is neither a program nor an image`, "give a .js, .mjs, .cjs, .ts or .mvm file");
  }
  try {
    return compileProgram(full, sourceHost);
  } catch (error) {
    throw compileTrouble(error);
  }
}
export function compileTrouble(error: unknown): unknown {
  if (!(error instanceof CompileError)) return error;
  return new Trouble(Exit.FILE, `${error.message}`, error.construct === "syntax" ? "correct the source" : "");
}

export async function createMachine(unit: ProgramUnit, options: MachineOptions): Promise<Machine> {
  return Machine.create(await loadKernel(), loadCore(), unit, options);
}

/** Gives the program of an image another limit than the one it brings. */
export function limitMemory(machine: Machine, bytes: number): void {
  machine.words()[Reg.MEMORY_LIMIT] = Math.floor(bytes / 4);
}

/** The machine of an image, verified, and what the image says of itself. */
export async function restoreBytes(bytes: Uint8Array, from: string, memoryBytes = MEMORY_MAX): Promise<Restored> {
  const [{ readImage, restoreImage, ImageError }, { digest }, kernel] = await Promise.all([import("../../vm/image.js"), import("./digest.js"), loadKernel()]);
  try {
    const parts = readImage(bytes, digest, { memoryBytes });
    return { machine: restoreImage(kernel, loadCore(), parts, digest), head: parts.head };
  } catch (error) {
    if (error instanceof ImageError) throw new Trouble(Exit.FILE, `${from}: ${error.message}`, error.advice);
    throw error;
  }
}
export interface Restored { machine: Machine; head: import("../../vm/image.js").ImageHead }
