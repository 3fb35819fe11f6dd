// The firmware under QEMU: each board runs the program in its flash and prints over its UART what Node prints, and its last
// line says what that took. Where cross compilers or QEMU are absent, it is said what to install.

import test from "ava";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { firmwareParts } from "../hosts/c/firmware-parts.js";
import { root } from "./support/run-program.js";

interface Board { readonly name: string; readonly command: string; readonly arguments: readonly string[] }
const boards: readonly Board[] = [
  { name: "lm3s6965evb", command: "qemu-system-arm", arguments: ["-M", "lm3s6965evb"] },
  { name: "netduinoplus2", command: "qemu-system-arm", arguments: ["-M", "netduinoplus2"] },
  { name: "riscv-virt", command: "qemu-system-riscv32", arguments: ["-M", "virt", "-bios", "none"] },
];
const PACKAGES = "apt-get install qemu-system-arm qemu-system-misc";
/** Milliseconds until a board must have ended its program. */
const PATIENCE = 60_000;
/** What the firmware says at a program's end. */
const REPORT = /^mvm: (\w[\w ]*) after (\d+) steps; stack (\d+) of (\d+) bytes; program (\d+) of (\d+) bytes; loaded in (\d+) us, begun in (\d+) us\r?$/m;

/** The firmware that was built last: of a board, and of a profile if that is not the standard one. */
function elfOf(board: Board, environment: Record<string, string>): string {
  const { PROFILE } = environment;
  return `${root}build/firmware/${board.name}${PROFILE === undefined ? "" : `-${PROFILE}`}.elf`;
}
interface Ended { readonly output: string; readonly how: string; readonly stackBytes: number; readonly programBytes: number }
/** Runs a firmware until it has reported. */
function run(board: Board, environment: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(board.command, [...board.arguments, "-nographic", "-monitor", "none", "-serial", "stdio", "-kernel", elfOf(board, environment)], { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    const timer = setTimeout(() => finish(new Error(`${board.name} has not ended its program; it printed:\n${text}`)), PATIENCE);
    const finish = (result: Ended | Error): void => {
      clearTimeout(timer);
      child.kill();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    child.on("error", finish);
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      const report = REPORT.exec(text);
      if (report !== null) finish({ output: text.slice(0, report.index), how: report[1]!, stackBytes: Number(report[3]), programBytes: Number(report[5]) });
      else if (/^mvm: (?!this firmware was built without).*\r\n/m.test(text)) finish(new Error(text));
    });
  });
}
/** Builds a board's firmware: undefined, or what is missing. */
function build(board: Board, environment: Record<string, string>, ...list: string[]): string | undefined {
  const { status, stderr, stdout } = spawnSync("sh", [`${root}hosts/c/firmware/build.sh`, board.name, ...list], { encoding: "utf8", env: { ...process.env, ...environment } });
  if (status === 3) return stderr.trim();
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return spawnSync(board.command, ["--version"]).status === 0 ? undefined : `no ${board.command}: ${PACKAGES}`;
}
function node(program: string): string {
  return spawnSync(process.execPath, [program], { encoding: "utf8" }).stdout;
}
/** Bytes of RAM that a firmware's variables and its program's memory take: what the linker has placed. */
function placedBytes(board: Board, environment: Record<string, string>): number {
  const prefix = board.name.startsWith("riscv") ? "riscv64-unknown-elf" : "arm-none-eabi";
  const sizes = spawnSync(`${prefix}-size`, [elfOf(board, environment)], { encoding: "utf8" }).stdout.split("\n")[1]!.trim().split(/\s+/);
  return Number(sizes[1]) + Number(sizes[2]);
}

/** The most C stack that a board may take. */
const STACK_BYTES = 1536;
/** Scratch for numbers without many digits. */
const SMALL = { SCRATCH: "128", SCRATCH_PLACE: "16" };
interface Case { readonly program: string; readonly programBytes: number; readonly environment: Record<string, string>; readonly on: readonly string[]; readonly ramBytes?: number;
  /** The most flash that kernel and core may take. */
  readonly flashBytes?: number;
}
const HELLO = "hosts/c/firmware/hello.js";
const cases: readonly Case[] = [
  { program: HELLO, programBytes: 4096, environment: {}, on: boards.map(({ name }) => name) },
  // What the least is that these take, everything counted: variables, the program's memory, the C stack that was used.
  { program: HELLO, programBytes: 2048, environment: SMALL, on: ["lm3s6965evb"], ramBytes: 6 * 1024 },
  { program: HELLO, programBytes: 2048, environment: { PROFILE: "minimal", ...SMALL }, on: ["lm3s6965evb"], ramBytes: 6 * 1024, flashBytes: 48 * 1024 },
  { program: "test/programs/minimal.mjs", programBytes: 16384, environment: { PROFILE: "minimal" }, on: ["lm3s6965evb"] },
  { program: "test/programs/minimal.mjs", programBytes: 16384, environment: { PROFILE: "fit" }, on: ["netduinoplus2"] },
  { program: "hosts/c/firmware/objects.js", programBytes: 4800, environment: SMALL, on: ["lm3s6965evb"], ramBytes: 12 * 1024 },
];

for (const { program, programBytes, environment, on, ramBytes, flashBytes } of cases) {
  for (const board of boards.filter(({ name }) => on.includes(name))) {
    test.serial(`${board.name}: ${program} in ${programBytes} bytes${environment["PROFILE"] === undefined ? "" : `, ${environment["PROFILE"]} profile`}`, async (t) => {
      const missing = build(board, environment, program, String(programBytes));
      if (missing !== undefined) {
        t.log(`not run: ${missing}`);
        t.false(existsSync(elfOf(board, environment)) && missing.includes("gcc"));
        return;
      }
      const { output, how, stackBytes, programBytes: used } = await run(board, environment);
      t.is(output, node(`${root}${program}`));
      t.is(how, "ended");
      t.true(used <= programBytes);
      t.true(stackBytes <= STACK_BYTES, `${stackBytes} bytes of C stack`);
      if (ramBytes !== undefined) {
        const all = placedBytes(board, environment) + stackBytes;
        t.log(`${all} bytes of RAM`);
        t.true(all <= ramBytes, `${all} bytes of RAM`);
      }
      if (flashBytes !== undefined) {
        const parts = firmwareParts(elfOf(board, environment).replace(".elf", "/map"));
        const all = parts.get("kernel")!.flash + parts.get("core")!.flash;
        t.log(`${all} bytes of flash for kernel and core`);
        t.true(all <= flashBytes, `${all} bytes of flash`);
      }
    });
  }
}

test.serial("lm3s6965evb: a program that reaches what its profile lacks is stopped there, and told what that is", async (t) => {
  const board = boards[0]!, environment = { PROFILE: "minimal" };
  const folder = mkdtempSync(`${tmpdir()}/mvm-firmware-`);
  t.teardown(() => rmSync(folder, { recursive: true }));
  const program = `${folder}/regexp.js`;
  writeFileSync(program, "console.log('before');\ntry { console.log(/b+/.test('abb')); } catch { console.log('caught'); }\nconsole.log('after');\n");
  const missing = build(board, environment, program, "4096");
  if (missing !== undefined) {
    t.log(`not run: ${missing}`);
    t.false(existsSync(elfOf(board, environment)) && missing.includes("gcc"));
    return;
  }
  const { output, how } = await run(board, environment);
  t.is(output, "before\nmvm: this firmware was built without regexp\n");
  t.is(how, "stopped at what is absent");
});
