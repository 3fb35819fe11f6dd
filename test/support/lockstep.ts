// Lockstep: a program on another host, followed beside the flattened machine on Node from its first step on, with state
// hashes compared at every 1,000 steps. It goes in slices: each begins with the image that Node had where the one before
// ended, and there both have to have written the same bytes. So a long program can be left where the time is over,
// and what Node did, which is found out once for each program, is kept as files for all hosts that follow.

import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { encodeImage } from "../../vm/image.js";
import { Machine } from "../../vm/machine.js";
import { Beside, hashesBeside } from "./beside.js";
import type { Inside } from "./quickjs.js";
import { core, digest, flatKernel, imageMeta, programUnit, root } from "./run-program.js";

/** Steps from hash to hash. */
export const PERIOD = 1000;
/** Steps of a slice. */
export const SLICE = 20_000;
/** The other host collects at odd steps, Node where it must. */
const COLLECT_EVERY = 7777;
/** What a slice may take. */
const PATIENCE_MS = 240_000;

interface Ran { readonly stdout: string; readonly stderr: string; readonly hashes: readonly string[]; readonly code: number | undefined; readonly image: Uint8Array | undefined }
/** Runs the program of an image from `first` for a slice, or to its end. */
export type Host = (path: string, first: number) => Ran | Promise<Ran>;

// ---------------------------------------------------------------- what Node does

/** `code`: the program ends in this slice. Otherwise the next one begins with its image. */
interface Slice { readonly path: string; readonly first: number; readonly last: number; readonly stdout: string; readonly stderr: string; readonly hashes: readonly string[]; readonly code: number | undefined }

const folder = mkdtempSync(`${tmpdir()}/mvm-lockstep-`);
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const known = new Map<string, Slice[]>();

/** What Node does in a slice of a program, of which it has done those before. */
function sliceOf(name: string, index: number): Slice {
  let slices = known.get(name);
  if (slices === undefined) {
    writeFileSync(pathOf(name, 0), encodeImage(Machine.create(flatKernel, core, programUnit(name)), imageMeta, digest));
    slices = [];
    known.set(name, slices);
  }
  if (index < slices.length) return slices[index]!;
  const path = pathOf(name, index);
  const beside = Beside.of(readFileSync(path));
  const first = beside.machine.steps;
  const hashes = hashesBeside(beside, PERIOD, first + SLICE);
  const hashed = Math.floor(beside.machine.steps / PERIOD);
  if (beside.code === undefined && beside.runTo(first + SLICE)) {
    // Bulk work may have gone beyond the end of the slice, and there past the place of the next hash.
    if (Math.floor(beside.machine.steps / PERIOD) > hashed) hashes.push(endOf(beside));
    writeFileSync(pathOf(name, index + 1), beside.image());
  } else if (hashes.at(-1) !== endOf(beside)) hashes.push(endOf(beside));
  slices.push({ path, first, last: beside.machine.steps, stdout: beside.stdout, stderr: beside.stderr, hashes, code: beside.code });
  return slices[index]!;
}
function pathOf(name: string, index: number): string {
  return `${folder}/${name}.${index}.mvm`;
}
function endOf(beside: Beside): string {
  return `${beside.machine.steps} ${beside.machine.stateHash()}`;
}

// ---------------------------------------------------------------- beside it, another host

/** Follows a program to its end, for `stepsMax` steps, or until it is `enough`, slice by slice: how many steps it was. Throws an Error that says where the two differ. */
export async function follow(host: Host, name: string, stepsMax: number, enough: () => boolean = () => false): Promise<number> {
  for (let index = 0; ; index++) {
    const { path, first, last, hashes, stdout, stderr, code } = sliceOf(name, index);
    const ran = await host(path, first);
    const length = Math.max(hashes.length, ran.hashes.length);
    for (let at = 0; at < length; at++) if (hashes[at] !== ran.hashes[at]) throw new Error(`${name}: steps and hashes differ: ${ran.hashes[at] ?? "none"} there, ${hashes[at] ?? "none"} on Node${ran.hashes.length === 0 ? `; it said: ${ran.stderr.slice(0, 500)}` : ""}`);
    if (ran.stdout !== stdout || ran.stderr !== stderr || ran.code !== (code ?? 0)) throw new Error(`${name}, from step ${first} on: output or exit code differ: ${JSON.stringify([ran.stdout, ran.stderr, ran.code]).slice(0, 500)} there, ${JSON.stringify([stdout, stderr, code]).slice(0, 500)} on Node`);
    if (code !== undefined) return last;
    if (ran.image === undefined || Buffer.compare(ran.image, readFileSync(pathOf(name, index + 1))) !== 0) throw new Error(`${name}: the images of step ${last} differ`);
    if (last >= stepsMax || enough()) return last;
  }
}

/** The machine inside the QuickJS engine from npm. */
export function insideHost(inside: Inside): Host {
  return (path, first) => inside.run(readFileSync(path), { hashEvery: PERIOD, collectEvery: COLLECT_EVERY, stopAfter: first + SLICE });
}

/** mvm-c built for a processor. */
export interface Processor {
  readonly name: string;
  /** What of it cannot be had here; empty: nothing. */
  readonly missing: string;
  /** It is slow. */
  readonly isEmulated: boolean;
  /** Builds what is not up to date. Before it is called there is nothing to run. */
  build(): Host;
}

function has(...command: readonly string[]): boolean {
  return spawnSync(command[0]!, command.slice(1), { stdio: "ignore" }).status === 0;
}
function processor(name: string, compiler: string, compilerPackages: string, emulator?: string): Processor {
  const program = `${root}build/mvm-c${name === "x86-64" ? "" : `-${name}`}`;
  const noCompiler = has(compiler, "--version") ? "" : `no ${compiler} (on Debian: apt-get install ${compilerPackages})`;
  const noEmulator = emulator === undefined || has(emulator, "--version") ? "" : `no ${emulator} (on Debian: apt-get install qemu-user)`;
  return {
    name,
    isEmulated: emulator !== undefined,
    missing: [noCompiler, noEmulator].filter((text) => text !== "").join(", "),
    build() {
      const built = spawnSync("sh", [`${root}hosts/c/build.sh`, ...name === "x86-64" ? [] : ["--processor", name]], { encoding: "utf8" });
      if (built.status !== 0 || !existsSync(program)) throw new Error(`${program} is not made: ${built.stderr}`);
      return hostOf(emulator === undefined ? [program] : [emulator, program], name);
    },
  };
}
function hostOf(command: readonly string[], name: string): Host {
  // A program sees the order of these, and QEMU's user mode turns it round.
  const environment = command.length === 1 ? { MODE: "test", TZ: "UTC" } : { TZ: "UTC", MODE: "test" };
  return (path, first) => new Promise((resolve, reject) => {
    const stopped = `${folder}/${name}.stopped.mvm`;
    rmSync(stopped, { force: true });
    const list = ["run", path, "--virtual-time", "--hash-every", String(PERIOD), "--collect-every", String(COLLECT_EVERY), "--stop-after", String(first + SLICE), "-o", stopped];
    execFile(command[0]!, [...command.slice(1), ...list], { env: environment, encoding: "utf8", maxBuffer: 1 << 26, timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") return reject(new Error(`${name} on ${path}: ${error.message.slice(0, 500)}`));
      const isHash = (line: string): boolean => /^\d+ [0-9a-f]{16}$/.test(line);
      const lines = stderr.split("\n");
      const printed = lines.filter((line) => !isHash(line) && !/^mvm-c: .* ended at step \d+, before step \d+: no image was written/.test(line));
      resolve({ stdout, stderr: printed.join("\n"), hashes: lines.filter(isHash), code: error === null ? 0 : Number(error.code), image: existsSync(stopped) ? readFileSync(stopped) : undefined });
    });
  });
}

/** The processors of the C machine: this one; 32 bits, at this one's speed where it can run it; two that are emulated, of which one has the bytes in the other order. */
export function processors(): Processor[] {
  return [
    processor("x86-64", process.env["CC"] ?? "gcc", "gcc"),
    processor("i686", "i686-linux-gnu-gcc", "gcc-i686-linux-gnu libc6-dev-i386-cross", process.arch === "x64" || process.arch === "ia32" ? undefined : "qemu-i386"),
    processor("arm", "arm-linux-gnueabihf-gcc", "gcc-arm-linux-gnueabihf libc6-dev-armhf-cross", "qemu-arm"),
    processor("s390x", "s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu libc6-dev-s390x-cross", "qemu-s390x"),
  ];
}
