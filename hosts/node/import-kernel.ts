// Where the kernel comes from: the flattened one that the translator made, or the plain one, which does the same more
// slowly, where that was not built. The bundle (bundle.ts) puts the flattened kernel in this file's place.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Kernel } from "../../vm/machine.js";

const flattened = fileURLToPath(new URL("../../machine/kernel.js", import.meta.url));

export function importKernel(): Promise<Kernel> {
  return import(existsSync(flattened) ? flattened : "../../vm/kernel/index.js") as Promise<Kernel>;
}
