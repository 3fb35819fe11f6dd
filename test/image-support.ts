// What the tests of images share: a machine over the core that the build made, small programs, checksums, a seeded
// source of numbers.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as zlib from "node:zlib";
import { compileModuleSource } from "../compiler/index.js";
import type { Core } from "../vm/core-build.js";
import type { Digest, ImageLimits, ImageMeta } from "../vm/image.js";
import * as plainKernel from "../vm/kernel/index.js";
import { Machine, type HostCall, type Kernel, type MachineOptions, type StopReason } from "../vm/machine.js";
import type { Value } from "../vm/value.js";

export const digest: Digest = {
  crc32: (bytes) => (zlib as unknown as { crc32(bytes: Uint8Array): number }).crc32(bytes),
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
};
export const limits: ImageLimits = { memoryBytes: 64 * 1024 * 1024 };
export const meta: ImageMeta = { programId: new Uint8Array(16).fill(7), epoch: 3, sequence: 12 };

export const kernel: Kernel = plainKernel;

const root = fileURLToPath(new URL("../../", import.meta.url));
/** The core as the build made it. */
export function loadCore(): Core {
  const bytes = readFileSync(`${root}build/core.bin`);
  const words = new Int32Array(bytes.length >> 2);
  new Uint8Array(words.buffer).set(bytes);
  const { nextSerial, modules } = JSON.parse(readFileSync(`${root}build/core.json`, "utf8")) as Pick<Core, "nextSerial" | "modules">;
  return { words, nextSerial, modules };
}
export const core = loadCore();

export function machineOf(source: string, options: MachineOptions = {}): Machine {
  return Machine.create(kernel, core, compileModuleSource(source, "test.mjs"), options);
}

/** Runs a program and answers what it asks as a host would, deterministically; what it prints is collected. */
export class Driver {
  readonly output: string[] = [];
  private clock = 0;
  constructor(readonly machine: Machine) {}

  /** Runs `fuel` steps, fewer if the program ends. False: it has ended (or failed). */
  run(fuel: number): boolean {
    let end = this.machine.steps + fuel;
    for (;;) {
      const left = end - this.machine.steps;
      if (left <= 0) return true;
      const reason: StopReason = this.machine.stopped === "host-call" ? "host-call" : this.machine.run(left);
      switch (reason) {
        case "host-call":
          this.machine.answer(this.reply(this.machine.hostCall()));
          this.machine.stopped = "fuel";
          break;
        case "waiting": {
          const time = this.machine.wakeTime();
          if (time === undefined) return false;
          this.clock = Math.max(this.clock, time);
          this.machine.wake();
          end--;
          break;
        }
        case "fuel": break;
        default: return false;
      }
    }
  }

  private reply(call: HostCall): Value {
    switch (call.operation) {
      case "print": this.output.push(String(call.arguments[1])); return undefined;
      case "uncaught": this.output.push(`uncaught ${String(call.arguments[0])}`); return undefined;
      case "now": return this.clock += 1000;
      case "date": return 1_700_000_000_000;
      case "timezone": return 0;
      case "arguments": return ["node", "test"];
      case "environment": return [];
      case "random": return Array.from({ length: Number(call.arguments[0]) }, (_, i) => i & 255);
    }
    return undefined;
  }

  /** The same driver over another machine: what it has printed and its clock come along. */
  over(machine: Machine): Driver {
    const copy = new Driver(machine);
    copy.output.push(...this.output);
    copy.clock = this.clock;
    return copy;
  }
}

/** Numbers that look random and are the same every time. Source: Marsaglia, xorshift32. */
export class Random {
  constructor(private state: number) { this.state = state | 1; }
  /** From 0 to `below` - 1. */
  next(below: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) % below;
  }
}

/** Programs that between them stop in the middle of everything an image has to hold. */
export const programs: Record<string, string> = {
  recursion: "function f(n) { return n === 0 ? 1 : n * f(n - 1); } console.log(f(20));",
  closures: "const adders = []; for (let i = 0; i < 5; i++) adders.push((x) => x + i); console.log(adders.map((f) => f(10)).join());",
  objects: "class A { #x = 1; get x() { return this.#x; } set x(v) { this.#x = v; } static s = 5; } class B extends A { constructor(...a) { super(...a); this.y = a.length; } } const b = new B(1, 2, 3); b.x += 4; b.z = { a: 1.5, b: -0, c: NaN }; delete b.y; console.log(b.x, b.y, B.s, Object.keys(b).join());",
  strings: "let s = ''; for (let i = 0; i < 40; i++) s += i + '-\\u20ac'; const o = {}; o[s] = 1; o['k' + s.length] = 2; console.log(s.length, Object.keys(o).length, s.slice(5, 25));",
  sorting: "const a = [5, 3, 9, 1, 7, 2]; a.sort((x, y) => { const p = { x, y }; return p.x - p.y; }); console.log(a.join());",
  exceptions: "function g(n) { try { if (n === 0) throw new Error('deep'); g(n - 1); } finally { count++; } } let count = 0; try { g(6); } catch (e) { console.log(e.message, count); } null_test: try { null.x; } catch (e) { console.log(e.message); }",
  generators: "function* g(n) { try { for (let i = 0; i < n; i++) { const got = yield i; if (got) console.log(got); } } finally { console.log('closed'); } } const it = g(5); it.next(); it.next('a'); for (const v of g(9)) { if (v === 3) break; } console.log([...g(3)].join()); function* d() { yield* g(2); } console.log([...d()].join()); it.return(1);",
  async: "const wait = (ms) => new Promise((r) => setTimeout(r, ms)); async function f(n) { for (let i = 0; i < n; i++) await wait(5); return n; } console.log(await f(2), (await Promise.all([f(1), f(3)])).join()); async function* ag() { yield 1; yield 2; } for await (const v of ag()) console.log(v);",
  collections: "const m = new Map(), s = new Set(); for (let i = 0; i < 30; i++) { m.set('k' + i, i); s.add({ i }); if (i % 3 === 0) m.delete('k' + i); } let t = 0; for (const [k, v] of m) t += v; console.log(t, m.size, s.size); const sparse = []; sparse[0] = 1; sparse[100000] = 2; Object.defineProperty(sparse, 5, { get() { return 42; }, enumerable: true, configurable: true }); console.log(sparse[5], sparse.length);",
  dictionaries: "const d = {}; for (let i = 0; i < 200; i++) d['key' + i] = i; for (let i = 0; i < 200; i += 2) delete d['key' + i]; d.again = 1; let n = 0; for (const k in d) n += d[k]; console.log(n, Object.keys(d).length); const p = Object.create({ inherited: 1 }); p.own = 2; console.log(p.inherited, p.own); Array.prototype.extra = 3; Object.prototype.more = 4; console.log([].extra, p.more);",
  arguments: "function many() { return arguments.length + arguments[1]; } function rest(a, ...b) { return a + b.length; } console.log(many(1, 2, 3), rest(1, 2, 3, 4), many.apply(null, [1, 2, 3, 4, 5]), Math.max(...[3, 8, 5])); const bound = rest.bind(null, 10, 1); console.log(bound(2, 3)); console.log(new (class { constructor() { this.a = 1; } })().a);",
};
