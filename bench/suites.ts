// What `npm run bench` measures beside the programs: images against V8's own serialisation of the same objects, starting a
// program against starting Node and an empty process, from a verified image to its first instruction in C (start.c, and on
// a board), a new machine against quickjs-emscripten's runtime and context, and how long a collection keeps a program
// waiting. Whatever is compared is measured in turns, a round of one after a round of
// the other, so that a machine whose speed drifts gives the same ratios; the median of the rounds counts.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import { compileModuleSource, compileScript } from "../compiler/index.js";
import { digest } from "../hosts/node/digest.js";
import { loadCore, loadKernel } from "../hosts/node/load-core.js";
import { Reg } from "../vm/format/registers.js";
import { HEAP } from "../vm/format/words.js";
import { encodeImage, readImage, restoreImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";

/** A measured value, and the same divided by what it was measured against; `limit` is what the project has set itself for the ratio, or for the value where there is none. */
export interface Measured { suite: string; name: string; unit: string; value: number; engine: string; against?: string; ratio?: number; limit?: number }

const build = fileURLToPath(new URL("../", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const meta = { programId: new Uint8Array(16), epoch: 1, sequence: 0 };

/** Milliseconds that each of the functions takes: the medians of rounds in turn. */
function inTurns(rounds: number, ...functions: readonly (() => void)[]): number[] {
  const samples = functions.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    functions.forEach((work, which) => {
      const start = performance.now();
      work();
      if (round >= 0) samples[which]!.push(performance.now() - start);
    });
  }
  return samples.map(median);
}
function median(values: readonly number[]): number { return [...values].sort((a, b) => a - b)[values.length >> 1]!; }

/** A machine that has run this module until it printed. */
async function printed(source: string): Promise<Machine> {
  const machine = Machine.create(await loadKernel(), loadCore(), compileModuleSource(source, "bench.mjs"));
  runToPrint(machine);
  return machine;
}
function runToPrint(machine: Machine): void {
  if (machine.stopped === "host-call") machine.answer(undefined);
  while (machine.run(1e9) !== "host-call" || machine.hostCall().operation !== "print") {
    if (machine.stopped === "host-call") machine.answer(0);
    else if (machine.stopped !== "fuel") throw new Error(machine.stopped);
  }
}

const OBJECTS = 100_000;

/** Encode, decode and verify an array of many objects; V8 serialises and deserialises the same. */
export async function imageSuite(): Promise<Measured[]> {
  const machine = await printed(`globalThis.list = []; for (let i = 0; i < ${OBJECTS}; i++) list.push({ id: i, name: "n" + i, next: i & 7 }); console.log(list.length);`);
  const list = Array.from({ length: OBJECTS }, (_, i) => ({ id: i, name: `n${i}`, next: i & 7 }));
  const limits = { memoryBytes: 1 << 30 };
  const [ours, theirs] = inTurns(9, () => {
    // restoreImage verifies it. As in a migration the image has its debug information.
    restoreImage(machine.kernel, machine.core, readImage(encodeImage(machine, meta, digest), digest, limits), digest);
  }, () => { deserialize(serialize(list)); });
  return [
    { suite: "images", name: `${OBJECTS} objects, there and back`, unit: "ms", value: theirs!, engine: "v8.serialize" },
    { suite: "images", name: `${OBJECTS} objects, there and back`, unit: "ms", value: ours!, engine: "mvm", against: "v8.serialize", ratio: ours! / theirs!, limit: 0.5 },
  ];
}

/** Processes: `mvm run` against node, mvm-c against one that does nothing. A machine in a process against QuickJS's. */
export async function startSuite(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), "mvm-bench-"));
  try {
    const hello = join(folder, "hello.js");
    writeFileSync(hello, "console.log('hello');\n");
    const run = (command: string, ...list: string[]) => (): void => {
      const { status, stderr } = spawnSync(command, list, { env: { ...process.env, MVM_HOME: join(folder, "home") } });
      if (status !== 0) throw new Error(`${command} ${list.join(" ")}: ${String(stderr)}`);
    };
    const [ours, node] = inTurns(15, run(process.execPath, `${build}hosts/node/launch.cjs`, "run", hello), run(process.execPath, hello));
    const rows: Measured[] = [
      { suite: "start", name: "hello.js", unit: "ms", value: node!, engine: "node" },
      { suite: "start", name: "hello.js", unit: "ms", value: ours!, engine: "mvm", against: "node", ratio: ours! / node!, limit: 2 },
    ];
    if (existsSync(`${build}mvm-c`)) {
      const image = join(folder, "hello.mvm");
      const machine = Machine.create(await loadKernel(), loadCore(), compileScript("console.log('hello');", "hello.js"));
      writeFileSync(image, encodeImage(machine, meta, digest));
      const [native, empty] = inTurns(101, run(`${build}mvm-c`, "run", image), run("/bin/true"));
      rows.push({ suite: "start", name: "hello.mvm, beyond an empty process", unit: "ms", value: native! - empty!, engine: "mvm-c", limit: 2 });
    }
    return [...rows, ...await firstRows(folder), ...await machineRows()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
/** From a verified image in memory to the first instruction of hello world's own: in C on this processor, and on a board, where instructions are counted. */
async function firstRows(folder: string): Promise<Measured[]> {
  const rows: Measured[] = [];
  const objects = `${build}c/objects`;
  if (existsSync(`${objects}/machine.o`)) {
    const program = join(folder, "start");
    const sources = ["embed", "io"].flatMap((name) => readdirSync(`${root}hosts/c/${name}`)).filter((name) => name.endsWith(".c")).map((name) => name.replace(".c", ""));
    const list = ["machine", "core", "host", "clock", ...sources].map((name) => `${objects}/${name}.o`);
    const folders = [`${build}c`, ...["embed", "io", "posix"].map((name) => `${root}hosts/c/${name}`)].map((name) => `-I${name}`);
    const made = spawnSync(process.env["CC"] ?? "gcc", ["-std=c99", "-O2", "-D_POSIX_C_SOURCE=200809L", "-DMVMJS_SLACK=256", "-DMVMJS_CAPABILITIES_BYTES=4096", "-DMVMJS_IO_BYTES=4096", "-DMVMJS_IO_OPEN_MAX=64", "-DMVMJS_GRANTS", "-DMVMJS_PROXIES", ...folders, `${root}bench/start.c`, ...list, "-lm", "-o", program], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(made.stderr);
    const machine = Machine.create(await loadKernel(), loadCore(), compileScript("console.log('hello');", "hello.js"), { memoryBytes: 256 * 1024, stackBytes: 64 * 1024 });
    const { status, stdout, stderr } = spawnSync(program, { input: encodeImage(machine, meta, digest), encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const { medianNs } = JSON.parse(stdout) as { medianNs: number };
    rows.push({ suite: "start", name: "from READY to the first instruction", unit: "us", value: medianNs / 1000, engine: "mvm-c", limit: 50 });
  }
  const board = "lm3s6965evb";
  const built = spawnSync("sh", [`${root}hosts/c/firmware/build.sh`, board], { encoding: "utf8" });
  if (built.status !== 0) {
    console.error(built.stderr.trim());
    return rows;
  }
  // A nanosecond of the board is one instruction there.
  const ran = spawnSync("timeout", ["60", "sh", "-c", `qemu-system-arm -M ${board} -nographic -monitor none -icount shift=0,sleep=off -serial stdio -kernel ${build}firmware/${board}.elf </dev/null | grep -m 1 --line-buffered "begun in"`], { encoding: "utf8", killSignal: "SIGKILL" });
  const facts = /loaded in (\d+) us, begun in (\d+) us/.exec(ran.stdout);
  if (facts === null) {
    console.error(`${board} is not measured: it did not report (is qemu-system-arm installed? apt-get install qemu-system-arm)`);
    return rows;
  }
  const [loaded, begun] = [Number(facts[1]) * 1000, Number(facts[2]) * 1000];
  return [...rows,
    { suite: "start", name: "loading and verifying hello.js", unit: "instructions", value: loaded, engine: `firmware on ${board}` },
    { suite: "start", name: "from READY to the first instruction", unit: "instructions", value: begun, engine: `firmware on ${board}` },
  ];
}

/** Machines that are made before each of them runs nothing: what a person who runs many programs in a process pays. */
async function machineRows(): Promise<Measured[]> {
  const { getQuickJS } = await import("quickjs-emscripten");
  const quickjs = await getQuickJS();
  const kernel = await loadKernel();
  const core = loadCore();
  const unit = compileScript("0;", "empty.js");
  const BATCH = 20;
  const [ours, theirs] = inTurns(51, () => {
    for (let i = 0; i < BATCH; i++) if (Machine.create(kernel, core, unit, { memoryBytes: 256 * 1024, stackBytes: 64 * 1024 }).run(1000) !== "ended") throw new Error("the empty program does not end");
  }, () => {
    for (let i = 0; i < BATCH; i++) {
      const runtime = quickjs.newRuntime();
      const context = runtime.newContext();
      context.unwrapResult(context.evalCode("0;")).dispose();
      context.dispose();
      runtime.dispose();
    }
  });
  return [
    { suite: "start", name: "a new machine with an empty program", unit: "ms", value: theirs! / BATCH, engine: "quickjs-emscripten" },
    { suite: "start", name: "a new machine with an empty program", unit: "ms", value: ours! / BATCH, engine: "mvm", against: "quickjs-emscripten", ratio: ours! / theirs!, limit: 2 },
  ];
}

/** The longest time that a collection takes, at several sizes of what is alive, half of it moving. */
export async function pauseSuite(): Promise<Measured[]> {
  const rows: Measured[] = [];
  for (const count of [1000, 10_000, OBJECTS]) {
    const machine = await printed(`const list = []; const make = (i) => ({ id: i, name: "n" + i, next: undefined }); for (let i = 0; i < ${count}; i++) list.push(make(i)); for (;;) { for (let i = 0; i < ${count}; i += 2) list[i] = make(i); console.log(list.length); }`);
    const pauses: number[] = [];
    let liveBytes = 0;
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      machine.collect();
      pauses.push(performance.now() - start);
      liveBytes = (machine.words()[Reg.HEAP_TOP]! - HEAP) * 4;
      runToPrint(machine);
    }
    rows.push({ suite: "collection pause", name: `${Math.round(liveBytes / 1024)} KB alive`, unit: "ms", value: Math.max(...pauses), engine: "mvm" });
  }
  return rows;
}
