// V8 optimises the machine's loop for the paths it has seen and throws that away when a new one turns up. So when the
// first long program of this process has run a while, the program of vm/warm-up.js is run once beside it, which goes
// through them all; short programs never pay for it.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Core } from "../../vm/core-build.js";
import { readImage, restoreImage } from "../../vm/image.js";
import type { Kernel } from "../../vm/machine.js";
import { digest } from "./digest.js";

const file = fileURLToPath(new URL("../../warm-up.mvm", import.meta.url));

/** Runs it, to its end. */
export function warmUp(kernel: Kernel, core: Core): void {
  if (!existsSync(file)) return;
  const machine = restoreImage(kernel, core, readImage(readFileSync(file), digest, { memoryBytes: 64 * 1024 * 1024 }), digest);
  while (machine.run(0x3fffffff) === "host-call") machine.answer(0);
}
