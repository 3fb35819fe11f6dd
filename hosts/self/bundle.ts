// The build step that makes build/compiler.js, the compiler (inside/) as one module that asks nothing of its engine but the
// language; build/compiler.mvm, its image: the compiler as a program of the machine; and build/c/compiler-image.c, which
// mvm-c carries it in.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildImage } from "../node/build.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { nextSerial, modules } = JSON.parse(readFileSync(`${root}build/core.json`, "utf8")) as { nextSerial: number; modules: object[] };
const library = Object.fromEntries(readdirSync(`${root}build/io`).filter((file) => file.endsWith(".js")).map((file) => [file, readFileSync(`${root}build/io/${file}`, "utf8")]));
/** Bytes of memory that the compiler may take: what it needs for programs of some megabytes of source. */
const MEMORY_BYTES = 256 * 1024 * 1024;

await build({
  entryPoints: [`${root}build/hosts/self/inside/compile.js`], outfile: `${root}build/compiler.js`, bundle: true, format: "esm", platform: "neutral",
  target: "es2022", charset: "ascii", legalComments: "none", logLevel: "warning", mainFields: ["module", "main"],
  define: { CORE_FACTS: JSON.stringify({ nextSerial, modules }), LIBRARY: JSON.stringify(library) },
  // The package's plain JavaScript, as in hosts/node/bundle.ts.
  alias: { msgpackr: fileURLToPath(import.meta.resolve("msgpackr")).replace(/node-index\.js$/, "index.js") },
});
const image = await buildImage(`${root}build/compiler.js`, { debug: false, memory: MEMORY_BYTES });
writeFileSync(`${root}build/compiler.mvm`, image);

const rows: string[] = [];
for (let at = 0; at < image.length; at += 32) rows.push(`${image.subarray(at, at + 32).join(",")},\n`);
mkdirSync(`${root}build/c`, { recursive: true });
writeFileSync(`${root}build/c/compiler-image.c`, `// Made by hosts/self/bundle.ts: the compiler's image.

#include "compile.h"

const size_t mvmjs_compiler_image_bytes = ${image.length};
const uint8_t mvmjs_compiler_image[] = {
${rows.join("")}};
`);
