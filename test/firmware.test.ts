// The firmware under QEMU: each board runs the program in its flash and prints over its UART what Node prints, and its last
// line says what that took. Where cross compilers or QEMU are absent, it is said what to install.

import test from "ava";
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
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
const REPORT = /^mvm: (\w[\w ]*) after (\d+) steps; stack (\d+) of (\d+) bytes; program (\d+) of (\d+) bytes\r?$/m;

interface Ended { readonly output: string; readonly how: string; readonly stackBytes: number; readonly programBytes: number }
/** Runs a firmware until it has reported. */
function run(board: Board): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(board.command, [...board.arguments, "-nographic", "-monitor", "none", "-serial", "stdio", "-kernel", `${root}build/firmware/${board.name}.elf`], { stdio: ["ignore", "pipe", "pipe"] });
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
      else if (/^mvm: .*\r\n/m.test(text)) finish(new Error(text));
    });
  });
}
/** Builds a board's firmware: undefined, or what is missing. */
function build(board: Board, ...list: string[]): string | undefined {
  const { status, stderr, stdout } = spawnSync("sh", [`${root}hosts/c/firmware/build.sh`, board.name, ...list], { encoding: "utf8" });
  if (status === 3) return stderr.trim();
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return spawnSync(board.command, ["--version"]).status === 0 ? undefined : `no ${board.command}: ${PACKAGES}`;
}
function node(program: string): string {
  return spawnSync(process.execPath, [program], { encoding: "utf8" }).stdout;
}

/** Bytes of RAM that a program of the test gets, and the most C stack that it may take. */
const PROGRAM_BYTES = 4096;
const STACK_BYTES = 1536;

for (const board of boards) {
  test.serial(`${board.name}: hello world with timers`, async (t) => {
    const missing = build(board, "hosts/c/firmware/hello.js", String(PROGRAM_BYTES));
    if (missing !== undefined) {
      t.log(`not run: ${missing}`);
      t.false(existsSync(`${root}build/firmware/${board.name}.elf`) && missing.includes("gcc"));
      return;
    }
    const { output, how, stackBytes, programBytes } = await run(board);
    t.is(output, node(`${root}hosts/c/firmware/hello.js`));
    t.is(how, "ended");
    t.true(programBytes <= PROGRAM_BYTES);
    t.true(stackBytes <= STACK_BYTES, `${stackBytes} bytes of C stack`);
  });
}
