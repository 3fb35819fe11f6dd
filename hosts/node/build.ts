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

/** An image as an array in C, to be included where it is used: `name` with what names in C cannot have replaced. */
export function arrayInC(name: string, image: Uint8Array): string {
  const identifier = name.replace(/\W/g, "_").replace(/^(?=\d)/, "_");
  const rows: string[] = [];
  for (let at = 0; at < image.length; at += 20) rows.push(`  ${Array.from(image.subarray(at, at + 20)).join(", ")},\n`);
  return `// Made by mvm build --c of a program: its image, ${image.length} bytes.\n\n#include <stdint.h>\n\nstatic const uint8_t ${identifier}[${image.length}] = {\n${rows.join("")}};\n`;
}

export async function disassembleFile(file: string): Promise<string> {
  if (!isImage(file)) return disassemble(compileFile(file));
  const { machine } = await restoreBytes(readBytes(file), file);
  return disassemble(readProgram(machine));
}
