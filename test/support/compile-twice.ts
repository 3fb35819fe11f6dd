// What becomes of a source by the compiler on Node, and by the same compiler as a program of the machine on Node: for
// test/self.test.ts, which has some programs, and for long-programs.ts, which has all.

import { CompileError } from "../../compiler/index.js";
import { buildImage } from "../../hosts/node/build.js";
import { Trouble } from "../../hosts/node/trouble.js";
import { compileInside, CompilerRefusal } from "../../hosts/self/drive.js";

/** What the programs that are built get. */
const MEMORY = 64 * 1024 * 1024;

/** The image, or the sentence that refuses the source. */
export type Built = Uint8Array | string;
export async function builtOnNode(path: string): Promise<Built> {
  try {
    return await buildImage(path, { memory: MEMORY, debug: true });
  } catch (error) {
    if (error instanceof Trouble || error instanceof CompileError) return error.message;
    throw error;
  }
}
export async function builtInside(path: string): Promise<Built> {
  try {
    return (await compileInside(path, MEMORY)).image;
  } catch (error) {
    if (error instanceof CompilerRefusal) return error.message;
    throw error;
  }
}
export function isSame(one: Built, other: Built): boolean {
  return typeof one === "string" || typeof other === "string" ? one === other : Buffer.compare(one, other) === 0;
}
