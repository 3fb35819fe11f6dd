// The build step that makes the core: compiles vm/core and runs it inside the machine (vm/core-build.ts), then writes
// build/core.bin (little-endian words from address 0) and build/core.json (next serial, modules with the numbers of their
// variables and functions, hash, what the narrow core weighs), and prints how many bytes each module takes: the first file makes the top-level
// functions of all, so they count as base, and the shapes and tables made at the end are a line of their own. The budget
// is that of the core without the modules that only the whole language has, which is built beside it to be weighed: a core
// beyond that fails the build. Puts the modules that programs may import (vm/io) beside it, as they are. Runs on the flattened kernel if it is built, so that a
// broken one is noticed at once.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileCore } from "../../compiler/index.js";
import { coreModules } from "../../vm/core/files.js";
import { libraryModules } from "../../vm/io/modules.js";
import { buildCore } from "../../vm/core-build.js";
import type { Kernel } from "../../vm/machine.js";
import { Field } from "../../vm/format/cells.js";
import { Root, ROOTS } from "../../vm/format/roots.js";
import { readText } from "../../vm/value.js";

/** The budget of the issue "The machine", for the modules that are not of the whole language only. */
const BUDGET_BYTES = 150 * 1024;

const root = fileURLToPath(new URL("../../../", import.meta.url));
const flattened = `${root}build/machine/kernel.js`;
const kernel = await import(existsSync(flattened) && !process.argv.includes("--plain") ? flattened : "../../vm/kernel/index.js") as Kernel;

const unit = compileCore(sources(coreModules));
const core = buildCore(kernel, unit, describe);
/** Variables of the core, by name. */
const named = (numbers: readonly number[]): Record<string, number> => Object.fromEntries(numbers.map((number) => [unit.variables[number]!, number]));
const words = core.words;
const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
writeFileSync(`${root}build/core.bin`, bytes);
const modules = coreModules.map((module) => {
  const parts = core.modules.filter((part) => module.files.includes(part.name));
  const own = unit.files.filter((file) => module.files.includes(file.name));
  return {
    name: module.name, ranges: parts.flatMap(({ ranges }) => ranges),
    variables: own.flatMap((file) => file.variables), functions: named(own.flatMap((file) => file.functions)),
    objects: named(own.flatMap((file) => file.variables.filter((number) => !file.functions.includes(number)))),
  };
});
modules.unshift({ ...core.modules[0]!, name: "roots", variables: [], functions: {}, objects: {} });
modules.push({ ...core.modules[core.modules.length - 1]!, name: "forms", variables: [], functions: {}, objects: {} });
mkdirSync(`${root}build/io`, { recursive: true });
for (const { file } of Object.values(libraryModules)) copyFileSync(`${root}vm/io/${file}`, `${root}build/io/${file}`);
const hash = createHash("sha256").update(bytes).digest("hex");
for (const module of modules) console.log(`${String(module.ranges.reduce((sum, [start, end]) => sum + end - start, 0) * 4).padStart(8)} bytes  ${module.name}`);
console.log(`${String(bytes.length).padStart(8)} bytes  core`);
const narrow = buildCore(kernel, compileCore(sources(coreModules.filter(({ language }) => language !== "whole"))), describe, true);
const narrowBytes = narrow.words.length * 4;
writeFileSync(`${root}build/core.json`, `${JSON.stringify({ nextSerial: core.nextSerial, modules, hash, narrowBytes })}\n`);
console.log(`${String(narrowBytes).padStart(8)} bytes  core without ${coreModules.filter(({ language }) => language === "whole").map(({ name }) => name).join(", ")} (budget ${BUDGET_BYTES})`);
if (narrowBytes > BUDGET_BYTES) throw new Error("the core is beyond its budget");

function sources(from: typeof coreModules): { name: string; source: string }[] {
  return from.flatMap((module) => module.files).map((name) => ({ name, source: readFileSync(`${root}vm/core/${name}`, "utf8") }));
}

/** Text of an error that a file of the core threw. */
function describe(machine: Kernel, word: number): string {
  const message = machine.isObject(word) && machine.findInChain(word >> 2, machine.M[ROOTS + Root.NAME_message!]!) === machine.DATA
    ? machine.M[machine.foundAt]! : word;
  if (machine.isText(message)) return readText(machine, message);
  return `threw ${message} (kind ${machine.kindOf(message)}), field ${Field.RECORD_BRAND}`;
}
