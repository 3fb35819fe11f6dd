// The build step that makes what `mvm` starts from: esbuild puts all modules of the command into one script, and a run of
// it gives V8's code cache (launch.cts). Only what is compiled in that run is in the cache, so it is a run like people's.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL("./", import.meta.url));
const bundle = join(here, "mvm-bundle.cjs");
const cache = join(here, "mvm-bundle.cache");

/** Uses a bit of everything that short programs use. */
const sample = `
class Counter { #n = 0; static of(n) { const c = new Counter(); c.add(n); return c; } add(n = 1) { this.#n += n; return this; } get value() { return this.#n; } }
function* numbers(end) { for (let i = 0; i < end; i++) yield i; }
const { value, ...rest } = { value: [...numbers(5)].map((x) => x * 2), a: null, b: "text" };
try { label: for (const x of value) { switch (x) { case 4: break label; default: if (x > 8) throw new Error("never"); } } } catch (error) { console.error(error.message); } finally { console.log(\`\${Counter.of(3).add().value} \${rest.b?.length ?? 0}\`, value, rest); }
(async () => { await null; setTimeout(() => console.log(JSON.stringify([/a(b)/.exec("ab")?.[1], new Map([[1, 2]]).size])), 1); })();
`;

if (process.argv[2] === "--cache") {
  const { loadBundle, runBundle } = createRequire(import.meta.url)("./launch.cjs") as typeof import("./launch.cjs");
  const script = loadBundle(false)!;
  process.argv.splice(2, 1);
  process.on("exit", () => writeFileSync(cache, script.createCachedData()));
  runBundle(script);
} else {
  // V8 knows a cache's source by its length alone: never a new bundle with an old cache.
  rmSync(cache, { force: true });
  await build({
    entryPoints: [join(here, "mvm.js")], outfile: bundle, bundle: true, format: "cjs", platform: "node", target: "node20", charset: "ascii", legalComments: "none", logLevel: "warning",
    // amaro is large and only for TypeScript, and few programs have source maps: these stay where they are.
    external: ["amaro", "@jridgewell/trace-mapping"],
    // The package's plain JavaScript: what it would load to be faster takes longer to load than we ever use it.
    alias: { msgpackr: fileURLToPath(import.meta.resolve("msgpackr")).replace(/node-index\.js$/, "index.js") },
    define: { "import.meta.url": "bundleUrl" },
    // A script made by node:vm cannot import; Node's own modules can be required.
    supported: { "dynamic-import": false },
    banner: { js: "(function (require, bundleUrl) {" },
    footer: { js: "})" },
    plugins: [{
      name: "kernel",
      setup: ({ onLoad }) => onLoad({ filter: /import-kernel\.js$/ }, () => ({
        resolveDir: here, contents: 'import * as kernel from "../../machine/kernel.js";\nexport const importKernel = () => Promise.resolve(kernel);',
      })),
    }],
  });
  const folder = mkdtempSync(join(tmpdir(), "mvm-bundle-"));
  const file = join(folder, "sample.js");
  writeFileSync(file, sample);
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--cache", "run", file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  if (status !== 0 || stdout !== '4 4 [ 0, 2, 4, 6, 8 ] { a: null, b: \'text\' }\n["b",1]\n') throw new Error(`the bundle does not run: ${stderr}${stdout}`);
}
