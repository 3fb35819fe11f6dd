// `mvm build` and `mvm disassemble`: programs as images and as text, without running them.

import { disassemble } from "../../compiler/index.js";
import { encodeImage } from "../../vm/image.js";
import { digest } from "./digest.js";
import { readBytes } from "./files.js";
import { compileFile, createMachine, isImage, MEMORY_DEFAULT, restoreBytes } from "./load-program.js";
import { readProgram } from "./read-code.js";

/** The image of a program that has not started. Equal sources give equal bytes: identity and randomness come when it is run. */
export async function buildImage(file: string, { memory = MEMORY_DEFAULT, debug }: { memory?: number; debug: boolean }): Promise<Uint8Array> {
  const machine = await createMachine(compileFile(file), { memoryBytes: memory, debug });
  return encodeImage(machine, { programId: new Uint8Array(16), epoch: 0, sequence: 0, debug }, digest);
}

export async function disassembleFile(file: string): Promise<string> {
  if (!isImage(file)) return disassemble(compileFile(file));
  const { machine } = await restoreBytes(readBytes(file), file);
  return disassemble(readProgram(machine));
}
