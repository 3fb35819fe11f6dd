// Makes one plain script of an entry and all it imports, with the flattened machine and the core, that asks nothing of its
// engine but the language.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { branchSwitches } from "./branches.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export async function bundleInside(entry: string, outfile: string): Promise<void> {
  const core = readFileSync(`${root}build/core.bin`);
  const { nextSerial, modules } = JSON.parse(readFileSync(`${root}build/core.json`, "utf8")) as { nextSerial: number; modules: object[] };
  await build({
    entryPoints: [entry], outfile, bundle: true, format: "iife", platform: "neutral",
    target: "es2022", charset: "ascii", legalComments: "none", logLevel: "warning",
    define: { CORE_BASE64: JSON.stringify(core.toString("base64")), CORE_FACTS: JSON.stringify({ nextSerial, modules }) },
    // The package's plain JavaScript, as in hosts/node/bundle.ts.
    alias: { msgpackr: fileURLToPath(import.meta.resolve("msgpackr")).replace(/node-index\.js$/, "index.js") },
    plugins: [{
      name: "kernel",
      setup({ onResolve, onLoad }) {
        const path = `${root}build/machine/kernel.js`;
        onResolve({ filter: /vm\/kernel\/index\.js$/ }, () => ({ path }));
        onLoad({ filter: /machine\/kernel\.js$/ }, () => ({ contents: branchSwitches(readFileSync(path, "utf8")) }));
      },
    }],
  });
}
