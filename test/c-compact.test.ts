// The machine as firmware has it (compact C, and packed, the core outside of the program's memory, no property cache), as
// POSIX programs: they print, hash, stop and write images exactly as mvm-c does, which c-host.test.ts compares with Node. They
// are run on this processor, and under QEMU on ARM with 32 bits and on s390x, whose bytes are in the other order.

import test from "ava";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Packr } from "msgpackr";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { PackReader, type Packed } from "../vm/msgpack-strict.js";
import { Random, seedOf } from "./support/random.js";
import { compileText, core, digest, flatKernel, imageMeta, programNames, programUnit, root } from "./support/run-program.js";

const reference = `${root}build/mvm-c`;
const folder = mkdtempSync(`${tmpdir()}/mvm-c-compact-`);
test.after.always(() => rmSync(folder, { recursive: true }));

interface Target { readonly form: "compact" | "packed"; readonly name: string; readonly emulator: readonly string[]; readonly programs: readonly string[] }
/** What an emulated processor has the time for: programs that between them touch every view of the memory. */
const FEW = ["strings.js", "numbers.js", "dates.js", "map-set.js", "generators.js", "async-functions.js", "json.js", "typed-arrays.js", "regexp-replacements.js", "weak-epochs.js", "timers.js", "regress-room.js"];
const targets: readonly Target[] = [
  { form: "compact", name: "", emulator: [], programs: programNames },
  { form: "compact", name: "arm", emulator: ["qemu-arm"], programs: FEW },
  { form: "compact", name: "s390x", emulator: ["qemu-s390x"], programs: FEW },
  { form: "packed", name: "", emulator: [], programs: programNames },
  { form: "packed", name: "arm", emulator: ["qemu-arm"], programs: FEW.slice(0, 6) },
  { form: "packed", name: "s390x", emulator: ["qemu-s390x"], programs: FEW.slice(0, 6) },
];
const STEPS_MAX = "60000";

interface Ran { readonly code: number | null; readonly stdout: string; readonly stderr: string }
function run(command: readonly string[], ...list: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(command[0]!, [...command.slice(1), ...list], { env: { MODE: "test", TZ: "UTC" }, encoding: "utf8", maxBuffer: 1 << 26, timeout: 120_000 });
  return { code: status, stdout, stderr };
}
function imageOf(name: string): string {
  const file = `${folder}/${name}.mvm`;
  if (!existsSync(file)) writeFileSync(file, encodeImage(Machine.create(flatKernel, core, programUnit(name)), imageMeta, digest));
  return file;
}

const packr = new Packr({ useRecords: false, variableMapSize: true });
/** An image some of whose words are others, with sound checksums. */
function forged(image: Uint8Array, random: Random): Uint8Array {
  const reader = new PackReader(image.slice());
  const head = reader.value() as Map<number, Packed>;
  const pages = reader.value() as [number, number, Uint8Array][];
  const content = Buffer.concat(pages.map((page) => page[2]));
  for (let k = random.next(3); k >= 0; k--) content[random.next(content.length)] = random.next(256);
  const parts = [packr.pack(head), packr.pack(pages.map(([index]) => {
    const page = content.subarray(index * 4096, index * 4096 + 4096);
    return [index, digest.crc32(page) >>> 0, page];
  }))];
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([body, packr.pack(new Map<number, unknown>([[0, digest.sha256(body)], [1, []]]))]);
}

for (const { form, name, emulator, programs } of targets) {
  const built = execFileSync("sh", [`${root}hosts/c/build.sh`, `--${form}`, ...name === "" ? [] : [name]], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const program = `${root}build/mvm-c-${form}${name === "" ? "" : `-${name}`}`;
  const missing = !existsSync(reference) ? "there is no build/mvm-c" : !existsSync(program) ? `no compiler: ${built}` : emulator.length > 0 && spawnSync(emulator[0]!, ["--version"]).status !== 0 ? `no ${emulator[0]!}: apt-get install qemu-user` : "";
  const label = name === "" ? "this processor" : name;
  if (missing !== "") {
    test(`${form} on ${label}: cannot be tested here`, (t) => {
      t.log(`${label}: ${missing}`);
      t.false(existsSync(program) && missing.startsWith("no compiler"));
    });
    continue;
  }
  for (const source of programs) {
    test.serial(`${form} on ${label}: ${source} is in lockstep`, (t) => {
      const path = imageOf(source);
      const list = ["run", path, "--virtual-time", "--hash-every", "1000", "--collect-every", "333", "--fuel", STEPS_MAX];
      const expected = run([reference], ...list);
      t.deepEqual(run([...emulator, program], ...list), expected);
      t.true(/^\d+ [0-9a-f]{16}$/m.test(expected.stderr));
    });
  }
  test.serial(`${form} on ${label}: the image of a stopped program is the same, and goes on`, (t) => {
    const path = imageOf("generators.js");
    const whole = run([reference], "run", path, "--virtual-time");
    const [ours, theirs] = [[...emulator, program], [reference]].map((command, i) => {
      const stopped = `${folder}/stopped-${form}-${name}-${i}.mvm`;
      const { code, stdout, stderr } = run(command, "run", path, "--virtual-time", "--stop-after", "5000", "-o", stopped);
      t.is(code, 0, stderr);
      return { stopped, stdout };
    });
    t.deepEqual(readFileSync(ours!.stopped), readFileSync(theirs!.stopped));
    t.is(ours!.stdout + run([...emulator, program], "run", theirs!.stopped, "--virtual-time").stdout, whole.stdout);
  });
  if (emulator.length === 0) test.serial(`${form}: forged images spoil only themselves`, (t) => {
    const random = new Random(seedOf(form));
    const image = readFileSync(imageOf("closures.js"));
    const path = `${folder}/forged.mvm`;
    let sound = 0;
    for (let i = 0; i < 80; i++) {
      writeFileSync(path, forged(image, random));
      const { status, signal, stderr } = spawnSync(program, ["run", path, "--virtual-time", "--fuel", "20000", "--collect-every", "100"], { encoding: "utf8" });
      t.is(signal, null, `forged image ${i}: ${stderr}`);
      if (status !== 3) sound++;
    }
    t.true(sound > 0, "some pass the verifier and run");
  });
  test.serial(`${form} on ${label}: memory grows, and its limit holds`, (t) => {
    const source = "const all = []; for (;;) all.push([all.length]);";
    const path = `${folder}/greedy.mvm`;
    writeFileSync(path, encodeImage(Machine.create(flatKernel, core, compileText(source, "greedy.js"), { memoryBytes: 1 << 20 }), imageMeta, digest));
    const expected = run([reference], "run", path, "--virtual-time");
    t.is(expected.code, 5);
    t.deepEqual(run([...emulator, program], "run", path, "--virtual-time"), expected);
  });
}
