// The kernel and the core that this host runs programs with: the flattened kernel and the core that the build made. Found
// next to this file's build, with the modules that programs may import, so a package that was moved or linked works. Loaded once, when the first program needs them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Core } from "../../vm/core-build.js";
import { Machine, type Kernel } from "../../vm/machine.js";
import { Jit } from "../../vm/jit/jit.js";
import { importKernel } from "./import-kernel.js";
import { Exit, Trouble } from "./trouble.js";

/** The directory `build`. */
const build = fileURLToPath(new URL("../../", import.meta.url));

let kernel: Promise<Kernel> | undefined;
export function loadKernel(): Promise<Kernel> {
  kernel ??= importKernel().then((loaded) => {
    Machine.jit = new Jit(loaded);
    return loaded;
  });
  return kernel;
}

let core: Core | undefined;
export function loadCore(): Core {
  if (core !== undefined) return core;
  let bytes: Buffer;
  let facts: Pick<Core, "nextSerial" | "modules">;
  try {
    bytes = readFileSync(`${build}core.bin`);
    facts = JSON.parse(readFileSync(`${build}core.json`, "utf8")) as Pick<Core, "nextSerial" | "modules">;
  } catch {
    throw new Trouble(Exit.INTERNAL, `mvm is not completely built (${build}core.bin)`, "run `npm run build`");
  }
  const words = new Int32Array(bytes.length >> 2);
  new Uint8Array(words.buffer).set(bytes.subarray(0, words.byteLength));
  core = { words, nextSerial: facts.nextSerial, modules: facts.modules };
  return core;
}

const library = new Map<string, string>();
/** The text of a module of mvm's own (vm/io). */
export function loadLibrary(file: string): string {
  let text = library.get(file);
  if (text === undefined) {
    try {
      text = readFileSync(`${build}io/${file}`, "utf8");
    } catch {
      throw new Trouble(Exit.INTERNAL, `mvm is not completely built (${build}io/${file})`, "run `npm run build`");
    }
    library.set(file, text);
  }
  return text;
}
