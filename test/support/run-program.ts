// Runs a program of test/programs deterministically, on any of the machine's kernels, and lets a test stop it anywhere:
// the host's answers depend on nothing but what the program did before. Virtual time passes only while the program
// waits, the wall clock is a fixed moment plus that, random bytes come from a seed. What the program prints is a
// transcript that can be compared with Node's (oracle.ts answers Node's programs in the same way).
//
// What a host keeps beside the memory (transcript, clock, whether the program waits) is a HostState: a copy of it and
// an image are a whole program.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import * as zlib from "node:zlib";
import { compileModuleSource, compileProgram, compileScript, evaluate, type SourceHost } from "../../compiler/index.js";
import type { Core } from "../../vm/core-build.js";
import type { Digest, ImageLimits, ImageMeta } from "../../vm/image.js";
import * as plain from "../../vm/kernel/index.js";
import { Machine, type HostCall, type Kernel, type MachineOptions } from "../../vm/machine.js";
import type { ProgramUnit } from "../../vm/unit.js";
import type { Value } from "../../vm/value.js";
import { Random } from "./random.js";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const programsFolder = `${root}test/programs/`;

/** Milliseconds since 1970 when every program begins. oracle.ts has the same. */
export const DATE_BASE = 1_700_000_000_000;

/** The plain kernel (with `useReference(true)` it is the reference) and the flattened one that hosts run. */
export const plainKernel: Kernel = plain;
export const flatKernel = await import(`${root}build/machine/kernel.js`) as Kernel;

export function loadCore(): Core {
  const bytes = readFileSync(`${root}build/core.bin`);
  const words = new Int32Array(bytes.length >> 2);
  new Uint8Array(words.buffer).set(bytes);
  const { nextSerial, modules } = JSON.parse(readFileSync(`${root}build/core.json`, "utf8")) as Pick<Core, "nextSerial" | "modules">;
  return { words, nextSerial, modules };
}
export const core = loadCore();

export const digest: Digest = {
  crc32: (bytes) => (zlib as unknown as { crc32(bytes: Uint8Array): number }).crc32(bytes),
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
};
export const imageLimits: ImageLimits = { memoryBytes: 256 * 1024 * 1024 };
export const imageMeta: ImageMeta = { programId: new Uint8Array(16).fill(7), epoch: 1, sequence: 1 };

/** File names of all programs that any host can run, in order; `.js` are scripts, `.mjs` modules. */
export const programNames: readonly string[] = readdirSync(programsFolder).filter((name) => /\.m?js$/.test(name) && !name.startsWith("needs-compiler-")).sort();
/** Of those whose host must have a compiler: eval and import(). */
export const compilingNames: readonly string[] = readdirSync(programsFolder).filter((name) => /^needs-compiler-.*\.m?js$/.test(name)).sort();

export function readProgram(name: string): string { return readFileSync(programsFolder + name, "utf8"); }

const units = new Map<string, ProgramUnit>();
/** A program of test/programs, compiled once. */
export function programUnit(name: string): ProgramUnit {
  let unit = units.get(name);
  if (unit === undefined) {
    const source = readProgram(name);
    unit = /\b(from "\.\/|import\()/.test(source) ? compileProgram(programsFolder + name, sources) : compileText(source, name);
    units.set(name, unit);
  }
  return unit;
}
/** The files that a program of several modules is made of. */
const sources = { read: (path: string): string | undefined => (existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined) };
export function compileText(source: string, name: string): ProgramUnit {
  return name.endsWith(".mjs") ? compileModuleSource(source, name) : compileScript(source, name);
}

/** What a host keeps beside the memory. */
export interface HostState {
  transcript: string[];
  /** Microseconds of program time. */
  clock: number;
  /** The program waits: it is not run before it is woken. */
  waiting: boolean;
  /** Bytes of randomness given so far. */
  drawn: number;
  /** What was reported of an error that nobody caught. */
  uncaught?: string;
  ignoresRejections?: true;
}

/** Enough to recurse 5,000 deep, and little enough that endless recursion is soon over. */
const STACK_BYTES = 512 * 1024;

/** How a run came to its end. */
export type Ending = "ended" | "deadlock" | "out-of-memory" | "fault" | "steps";

export interface RunOptions extends MachineOptions {
  /** Collect at random steps chosen by this seed. */
  collectSeed?: number;
  /** Where import() may look; else where the programs are. */
  files?: SourceHost;
  /** A rejection that nobody handles is nothing, where it would end the program. */
  ignoresRejections?: boolean;
}

export class ProgramRun {
  /** Why it will not go on; undefined while it can. */
  ending: Ending | undefined;
  host: HostState = { transcript: [], clock: 0, waiting: false, drawn: 0 };
  private readonly collections: Random | undefined;

  constructor(readonly machine: Machine, collectSeed?: number, private readonly files: SourceHost = sources) {
    this.collections = collectSeed === undefined ? undefined : new Random(collectSeed);
  }

  static start(kernel: Kernel, unit: ProgramUnit, options: RunOptions = {}): ProgramRun {
    const run = new ProgramRun(Machine.create(kernel, core, unit, { stackBytes: STACK_BYTES, ...options }), options.collectSeed, options.files);
    if (options.ignoresRejections === true) run.host.ignoresRejections = true;
    return run;
  }

  /** The same program in another machine: with a copy of what the host keeps. */
  over(machine: Machine): ProgramRun {
    const copy = new ProgramRun(machine, undefined, this.files);
    copy.host = { ...this.host, transcript: [...this.host.transcript] };
    return copy;
  }

  get steps(): number { return this.machine.steps; }

  /**
   * Runs until the program has done `target` steps in all (or the instruction that passes them). False if it came to an
   * end before. Host calls are answered and waiting is passed over only when a further step is wanted, so a program
   * may well stand in one.
   */
  runTo(target: number): boolean {
    const { machine, host } = this;
    while (this.ending === undefined) {
      const left = target - machine.steps;
      if (left <= 0) return true;
      if (!this.attend()) break;
      let fuel = Math.min(left, 0x3fffffff);
      if (this.collections !== undefined) {
        fuel = Math.min(fuel, 1 + this.collections.next(this.collections.next(8) === 0 ? 5000 : 400));
        machine.collect();
      }
      const reason = machine.run(fuel);
      if (reason === "waiting") host.waiting = true;
      else if (reason === "ended" || reason === "out-of-memory" || reason === "fault") this.ending = reason;
    }
    return this.ending === undefined;
  }

  /** The host's part between two steps: answers what the program asked, passes over the time that it waits. False: it came to an end. */
  attend(): boolean {
    const { machine, host } = this;
    if (machine.stopped === "host-call") {
      if (!machine.answer(this.reply(machine.hostCall()))) return this.end("out-of-memory");
      machine.stopped = "fuel";
    }
    if (host.waiting) {
      const time = machine.wakeTime();
      if (time === undefined) return this.end("deadlock");
      host.clock = Math.max(host.clock, time);
      host.waiting = false;
      machine.wake();
    }
    return true;
  }
  private end(how: Ending): false {
    this.ending = how;
    return false;
  }

  /** Runs to the end, `maximum` steps at most. */
  finish(maximum = 400_000_000): this {
    if (this.runTo(maximum)) this.ending = "steps";
    return this;
  }

  /** What it printed, and how it ended: to be compared with Node's. */
  transcript(): string {
    const end = this.ending === "ended" ? `exit ${Number(this.machine.result() ?? 0)}` : String(this.ending);
    return `${this.host.transcript.join("")}[${end}]`;
  }

  private reply(call: HostCall): Value {
    const { host } = this;
    const [first, second] = call.arguments;
    switch (call.operation) {
      case "print": host.transcript.push(line(Number(first), String(second))); return undefined;
      case "write": host.transcript.push(String(second)); return undefined;
      case "uncaught":
        if (second === true && host.ignoresRejections === true) return true;
        host.uncaught ??= String(first);
        host.transcript.push(uncaughtLine(String(first)));
        return undefined;
      case "now": return host.clock;
      case "date": return DATE_BASE + Math.floor(host.clock / 1000);
      case "timezone": return 0;
      case "random": {
        const bytes = Array.from({ length: Number(first) }, (_, i) => (host.drawn + i) * 37 & 255);
        host.drawn += bytes.length;
        return bytes;
      }
      case "arguments": return ["node", "program"];
      case "environment": return ["MODE", "test"];
      case "compile": return evaluate(String(first), call.arguments.slice(1), this.files);
    }
    return undefined;
  }
}

/** A console call's text in a transcript; what goes to stderr is marked. */
export function line(stream: number, text: string): string {
  return `${stream === 2 ? text.replace(/^/gm, "! ") : text}\n`;
}
/** Uncaught errors: only what they say, since stacks and source excerpts are each engine's own. */
export function uncaughtLine(text: string): string { return `[uncaught] ${text.split("\n")[0]!.replace(/^Uncaught /, "")}\n`; }
