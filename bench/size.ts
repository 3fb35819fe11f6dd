// `npm run size`: what things weigh. The core by module, the machine in C by gcc's size, images of typical programs.
// With --json one object a line: what, part, bytes, and limit where the project has set itself one. Of firmware, where
// there are cross compilers, also: profile, board, part, flashBytes, ramBytes; the whole is part `total`.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { compileModuleSource } from "../compiler/index.js";
import { profiles } from "../hosts/c/profiles.js";
import { digest } from "../hosts/node/digest.js";
import { loadCore, loadKernel } from "../hosts/node/load-core.js";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { firmwareParts } from "../hosts/c/firmware-parts.js";

const options = new Command("size")
  .description("Prints the sizes of core, machine and images.")
  .option("--json", "one JSON object a line on stdout")
  .option("--readme", "also write the table of profiles in hosts/c/README.md")
  .addHelpText("after", "\nExamples:\n  npm run size\n  npm run size -- --json\n  npm run size -- --readme")
  .parse().opts<{ json?: boolean; readme?: boolean }>();
const build = fileURLToPath(new URL("../", import.meta.url));

function report(what: string, part: string, bytes: number, limit?: number): void {
  if (options.json === true) console.log(JSON.stringify({ what, part, bytes, ...(limit === undefined ? {} : { limit }) }));
  else console.log(`${what.padEnd(10)} ${part.padEnd(44)} ${String(bytes).padStart(9)} bytes${limit === undefined ? "" : `  (at most ${limit})`}`);
}

const { modules, narrowBytes } = JSON.parse(readFileSync(`${build}core.json`, "utf8")) as { modules: { name: string; ranges: [number, number][] }[]; narrowBytes: number };
for (const module of modules) report("core", module.name, module.ranges.reduce((sum, [start, end]) => sum + end - start, 0) * 4);
report("core", "total", statSync(`${build}core.bin`).size);
report("core", "without what only the whole language has", narrowBytes, 150 * 1024);

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

// Firmware, with hello world in it.

const boards = { lm3s6965evb: "packed", netduinoplus2: "compact", "riscv-virt": "compact" } as const;
/** Rows of the table of profiles. */
const table: string[] = [];
function firmware(board: keyof typeof boards, name: string): void {
  const profile = `${name}, ${boards[board]}`;
  const target = name === "standard" ? board : `${board}-${name}`;
  const built = spawnSync("sh", [fileURLToPath(new URL("../../hosts/c/firmware/build.sh", import.meta.url)), board], { encoding: "utf8", env: { ...process.env, PROFILE: name } });
  if (built.status !== 0) {
    if (options.json !== true) console.log(`firmware   ${board}: ${built.stderr.trim().split("\n").at(-1)!}`);
    return;
  }
  const row = (part: string, flashBytes: number, ramBytes: number): void => {
    if (options.json === true) console.log(JSON.stringify({ profile, board, part, flashBytes, ramBytes }));
    else console.log(`firmware   ${`${board} (${profile}): ${part}`.padEnd(62)} ${String(flashBytes).padStart(7)} flash ${String(ramBytes).padStart(6)} RAM`);
  };
  const found = firmwareParts(`${build}firmware/${target}/map`);
  for (const [name, { flash, ram }] of found) row(name, flash, ram);
  const prefix = board === "riscv-virt" ? "riscv64-unknown-elf" : "arm-none-eabi";
  const [text, data, bss] = execFileSync(`${prefix}-size`, [`${build}firmware/${target}.elf`], { encoding: "utf8" }).split("\n")[1]!.trim().split(/\s+/).map(Number);
  row("total", text! + data!, data! + bss!);
  const flash = (part: string): string => found.get(part)!.flash.toLocaleString("en-US");
  if (board === "lm3s6965evb") table.push(`| ${name} | ${profiles.find((each) => each.name === name)!.doc} | ${flash("kernel")} | ${flash("core")} | ${(text! + data!).toLocaleString("en-US")} |`);
}
for (const board of Object.keys(boards) as (keyof typeof boards)[]) for (const { name } of profiles) firmware(board, name);

if (options.readme === true && table.length > 0) {
  const readme = fileURLToPath(new URL("../../hosts/c/README.md", import.meta.url));
  const head = "| profile | without | kernel | core | whole firmware with hello world |\n|---|---|---|---|---|\n";
  const text = readFileSync(readme, "utf8");
  const next = text.replace(/(<!-- sizes: npm run size -- --readme -->\n)[^]*?(?=\n<!-- end of sizes -->)/, (_, mark: string) => `${mark}${head}${table.join("\n")}`);
  if (!next.includes(head + table[0]!)) throw new Error("hosts/c/README.md has no marks around the table of sizes");
  writeFileSync(readme, next);
}
