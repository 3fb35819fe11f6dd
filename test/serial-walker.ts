// The program that test/c/serialsim.c hands around: it prints 0, 1, 2 …

import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { compileText, core, digest, flatKernel, imageMeta } from "./support/run-program.js";

const source = "let line = 0; (async () => { for (;;) { await new Promise((resolve) => setTimeout(resolve, 5)); console.log(line++); } })();";

export function walkerImage(): Uint8Array {
  return encodeImage(Machine.create(flatKernel, core, compileText(source, "walker.js"), { memoryBytes: 65536, stackBytes: 8192 }), imageMeta, digest);
}
