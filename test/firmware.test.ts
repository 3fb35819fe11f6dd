// The firmware under QEMU: each board runs the program in its flash and prints over its UART what Node prints, and its last
// line says what that took. What a program does to a pin is looked up in the emulator, which also presses the button. Where
// cross compilers or QEMU are absent, it is said what to install.

import test from "ava";
import { spawn, spawnSync } from "node:child_process";
import { connect } from "node:net";
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
  t.is(output, "before\nmvm: this firmware is without regexp\n");
  t.is(how, "stopped at what is absent");
});

test.serial("lm3s6965evb: a program has the board's pins: the status LED, a button, and an error for what is not there", async (t) => {
  const board = boards[0]!, environment = { PROFILE: "fit" };
  const folder = mkdtempSync(`${tmpdir()}/mvm-firmware-`);
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(`${folder}/pins.mjs`, `
    import Digital from "embedded:io/digital";
    import Analog from "embedded:io/analog";
    const led = new Digital({ pin: 40, mode: Digital.Output });
    for (const level of [1, 0, 1]) { led.write(level); console.log("led " + led.read()); }
    for (const options of [{ pin: 40, mode: Digital.Input }, { pin: 0, mode: Digital.Input }]) {
      try { new Digital(options); } catch (error) { console.log(error.code, error.message); }
    }
    try { new Analog({ pin: 0 }); } catch (error) { console.log(error.code, error.message); }
    const button = new Digital({ pin: 32, mode: Digital.Input, edge: Digital.Rising, onReadable() {
      console.log("pressed");
      led.write(0);
      this.close();
    } });
    console.log("waits " + button.read());
  `);
  const missing = build(board, environment, `${folder}/pins.mjs`, "24576");
  if (missing !== undefined) {
    t.log(`not run: ${missing}`);
    t.false(existsSync(elfOf(board, environment)) && missing.includes("gcc"));
    return;
  }
  const monitor = `${folder}/monitor`;
  const child = spawn(board.command, [...board.arguments, "-display", "none", "-monitor", `unix:${monitor},server,nowait`, "-serial", "stdio", "-kernel", elfOf(board, environment)], { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => { child.kill(); });
  let text = "";
  child.stdout.on("data", (bytes: Buffer) => { text += bytes.toString(); });
  const until = async (pattern: RegExp): Promise<void> => {
    for (const end = Date.now() + PATIENCE; !pattern.test(text);) {
      if (Date.now() > end) throw new Error(`${pattern} has not come; it printed:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await until(/waits 0\n/);
  // The port's data register as the emulator has it, through the address of F0 alone: what the LED itself is wired to.
  const LED = "xp /1wx 0x40025004";
  t.is(await ask(monitor, LED), "0x00000001");
  await ask(monitor, "sendkey up 200");
  await until(REPORT);
  t.is(await ask(monitor, LED), "0x00000000");
  t.deepEqual(text.slice(0, REPORT.exec(text)!.index).trim().split("\n"), [
    "led 1", "led 0", "led 1", "busy digital 40 is in use", "range digital pin 0 is not free on this board", "absent this host has no io.analog", "waits 0", "pressed",
  ]);
  t.is(REPORT.exec(text)![1], "ended");
});
/** Says a line to QEMU's monitor: the word that it shows, if that is what was asked for. */
function ask(monitor: string, line: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(monitor);
    let said = "";
    let asked = false;
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      said += bytes.toString();
      if (!said.includes("(qemu) ")) return;
      if (asked) {
        resolve(/^[0-9a-f]+: (0x[0-9a-f]+)/m.exec(said)?.[1]);
        socket.end();
        return;
      }
      said = "";
      asked = true;
      socket.write(`${line}\n`);
    });
  });
}
