// `npm run size`: what things weigh. The core by module, the machine in C by gcc's size, images of typical programs.
// With --json one object a line: what, part, bytes, and limit where the project has set itself one.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { compileModuleSource } from "../compiler/index.js";
import { digest } from "../hosts/node/digest.js";
import { loadCore, loadKernel } from "../hosts/node/load-core.js";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";

const options = new Command("size")
  .description("Prints the sizes of core, machine and images.")
  .option("--json", "one JSON object a line on stdout")
  .addHelpText("after", "\nExamples:\n  npm run size\n  npm run size -- --json")
  .parse().opts<{ json?: boolean }>();
const build = fileURLToPath(new URL("../", import.meta.url));

function report(what: string, part: string, bytes: number, limit?: number): void {
  if (options.json === true) console.log(JSON.stringify({ what, part, bytes, ...(limit === undefined ? {} : { limit }) }));
  else console.log(`${what.padEnd(10)} ${part.padEnd(44)} ${String(bytes).padStart(9)} bytes${limit === undefined ? "" : `  (at most ${limit})`}`);
}

const { modules } = JSON.parse(readFileSync(`${build}core.json`, "utf8")) as { modules: { name: string; start: number; end: number }[] };
for (const module of modules) report("core", module.name, (module.end - module.start) * 4);
report("core", "total", statSync(`${build}core.bin`).size, 150 * 1024);

if (existsSync(`${build}mvm-c`)) {
  const row = execFileSync("size", [`${build}mvm-c`], { encoding: "utf8" }).trim().split("\n")[1]!.trim().split(/\s+/);
  report("mvm-c", "text, the core included", Number(row[0]));
  report("mvm-c", "data and bss", Number(row[1]) + Number(row[2]));
}
report("node", "flattened kernel", statSync(`${build}machine/kernel.js`).size);

/** The image of a program stopped when it prints. */
async function image(source: string, debug: boolean): Promise<number> {
  const machine = Machine.create(await loadKernel(), loadCore(), compileModuleSource(source, "size.mjs"));
  while (machine.run(1e9) !== "host-call" || machine.hostCall().operation !== "print") {
    if (machine.stopped === "host-call") machine.answer(0);
    else if (machine.stopped !== "fuel") throw new Error(machine.stopped);
  }
  return encodeImage(machine, { programId: new Uint8Array(16), epoch: 1, sequence: 0, debug }, digest).length;
}
const FACTORIAL = "function factorial(n) { if (n === 0) { console.log('deep'); return 1; } return n * factorial(n - 1); }\nfactorial(20);";
const OBJECTS = "const list = []; for (let i = 0; i < 100000; i++) list.push({ id: i, name: 'n' + i, next: i & 7 }); console.log(list.length);";
report("image", "factorial frozen 20 deep, no debug", await image(FACTORIAL, false), 4096);
report("image", "the same with debug information", await image(FACTORIAL, true));
report("image", "100,000 objects {id, name, next}, no debug", await image(OBJECTS, false), 5_000_000);
