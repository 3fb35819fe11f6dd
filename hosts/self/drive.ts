// The compiler's image run by the machine on Node, with Node's files: what mvm-c does for itself, here for the tests that
// compare the two and for whoever wants to look.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Machine } from "../node/index.js";
import { sourceHost } from "../node/files.js";
import { digest } from "../node/digest.js";
import { loadCore } from "../node/load-core.js";
import { coreHash } from "../../vm/image.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Bytes of memory for the compiler. */
const COMPILER_MEMORY = 256 * 1024 * 1024;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

/** What a CompileError inside the machine says. */
export class CompilerRefusal extends Error {}

/** The image of a program, made by the compiler inside the machine; and the steps that took. Rejects with a CompilerRefusal if there is something wrong with the source. */
export async function compileInside(path: string, memoryBytes: number): Promise<{ image: Uint8Array; steps: number }> {
  const pieces: Buffer[] = [];
  let refusal: string | undefined;
  let said = "";
  const core = loadCore();
  const machine = await Machine.restore(readFileSync(`${root}build/compiler.mvm`), {
    memory: COMPILER_MEMORY,
    arguments: ["mvm", "compiler", path, `${memoryBytes}`],
    output: (_stream, text) => { said += text; },
    functions: {
      "compiler.read": (file) => sourceHost.read(file as string),
      "compiler.isFile": (file) => sourceHost.exists!(file as string),
      "compiler.realPath": (file) => sourceHost.realpath!(file as string),
      "compiler.core": () => [latin1(new Uint8Array(core.words.buffer)), latin1(coreHash(core, digest))],
      "compiler.write": (bytes) => { pieces.push(Buffer.from(bytes as string, "latin1")); return undefined; },
      "compiler.refuse": (message) => { refusal = message as string; return undefined; },
    },
  });
  const end = await machine.finish();
  if (end.reason !== "ended" || end.code !== 0) throw new Error(`the compiler stopped (${end.reason}): ${said}`);
  if (refusal !== undefined) throw new CompilerRefusal(refusal);
  return { image: Buffer.concat(pieces), steps: machine.steps };
}
