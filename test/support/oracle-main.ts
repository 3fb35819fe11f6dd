// Node's side of the comparison, run as a child process with a program's path: gives Node the same virtual conditions
// that run-program.ts gives the machine (time passes only while the program waits, the wall clock is a fixed moment plus
// that), runs the program, and writes its transcript to stdout at the end.

import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import { pathToFileURL } from "node:url";

const DATE_BASE = 1_700_000_000_000;
const path = process.argv[2]!;
const transcript: string[] = [];
let clock = 0;

interface Entry { due: number; order: number; repeat: number; callback: ((...list: unknown[]) => void) | undefined; list: unknown[]; alive: boolean; handle: VirtualTimeout }
let timers: Entry[] = [];
let immediates: Entry[] = [];
let order = 0;
const turn = setImmediate;

class VirtualTimeout {
  #entry: Entry;
  constructor(entry: Entry) { this.#entry = entry; entry.handle = this; }
  ref(): this { this.#entry.alive = true; return this; }
  unref(): this { this.#entry.alive = false; return this; }
  hasRef(): boolean { return this.#entry.alive; }
  refresh(): this {
    if (this.#entry.callback !== undefined) arm(this.#entry);
    return this;
  }
  close(): this { stop(this); return this; }
  static entryOf(value: unknown): Entry | undefined {
    return value instanceof VirtualTimeout ? value.#entry : timers.find((entry) => entry.order === Number(value));
  }
  [Symbol.toPrimitive](): number { return this.#entry.order; }
}
function arm(entry: Entry): void {
  timers = timers.filter((other) => other !== entry);
  entry.due = clock + Math.abs(entry.repeat);
  timers.push(entry);
  timers.sort((a, b) => a.due - b.due || a.order - b.order);
}
function stop(value: unknown): void {
  const entry = VirtualTimeout.entryOf(value);
  if (entry === undefined) return;
  entry.callback = undefined;
  timers = timers.filter((other) => other !== entry);
  immediates = immediates.filter((other) => other !== entry);
}
function start(callback: Entry["callback"], delay: unknown, list: unknown[], repeats: boolean): VirtualTimeout {
  if (typeof callback !== "function") throw new TypeError(`The "callback" argument must be of type function. Received ${inspect(callback)}`);
  let time = Number(delay);
  time = time >= 1 && time <= 2147483647 ? Math.trunc(time) : 1;
  const entry: Entry = { due: 0, order: ++order, repeat: repeats ? time : -time, callback, list, alive: true, handle: undefined as never };
  arm(entry);
  return new VirtualTimeout(entry);
}
function fire(entry: Entry): void {
  const { callback } = entry;
  if (callback === undefined) return;
  if (entry.repeat < 0) entry.callback = undefined;
  callback.apply(entry.handle, entry.list);
  if (entry.callback !== undefined && entry.due >= 0) arm(entry);
}

Object.assign(globalThis, {
  setTimeout: (callback: Entry["callback"], delay: unknown, ...list: unknown[]) => start(callback, delay, list, false),
  setInterval: (callback: Entry["callback"], delay: unknown, ...list: unknown[]) => start(callback, delay, list, true),
  setImmediate(callback: Entry["callback"], ...list: unknown[]) {
    const entry: Entry = { due: -1, order: ++order, repeat: -1, callback, list, alive: true, handle: undefined as never };
    immediates.push(entry);
    return new VirtualTimeout(entry);
  },
  clearTimeout: stop, clearInterval: stop, clearImmediate: stop,
});
const RealDate = Date;
const VirtualDate = new Proxy(RealDate, {
  construct: (target, list, newTarget: never) => Reflect.construct(target, list.length === 0 ? [RealDate.now()] : list, newTarget) as object,
  apply: () => new RealDate(RealDate.now()).toString(),
});
RealDate.now = () => DATE_BASE + Math.floor(clock);
RealDate.prototype.constructor = VirtualDate;
globalThis.Date = VirtualDate;
performance.now = () => clock;

const capture = (stream: 1 | 2) => (text: unknown): boolean => {
  const chunk = String(text);
  transcript.push(stream === 2 ? chunk.replace(/\n$/, "").replace(/^/gm, "! ") + "\n" : chunk);
  return true;
};
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = capture(1) as typeof process.stdout.write;
process.stderr.write = capture(2) as typeof process.stderr.write;
process.argv.splice(0, process.argv.length, "node", "program");
process.env["MODE"] = "test";

let failed = false;
process.on("uncaughtException", (error) => {
  failed = true;
  transcript.push(`[uncaught] ${(error instanceof Error ? String(error) : inspect(error)).split("\n")[0]}\n`);
  process.exit(1);
});
process.on("exit", (code) => {
  transcript.push(`[exit ${failed ? 1 : code}]`);
  write(transcript.join(""));
});

let loading = true;
let immediatesLeft = 0;
/** One callback a turn of Node's own loop, so that ticks and jobs run after each. */
function loop(): void {
  if (immediatesLeft > 0) {
    immediatesLeft--;
    const next = immediates.shift();
    if (next !== undefined) { turn(loop); fire(next); return; }
    immediatesLeft = 0;
  }
  const next = timers[0];
  if (next !== undefined && next.due <= clock) {
    turn(loop);
    if (next.repeat < 0) timers.shift();
    fire(next);
    return;
  }
  if (immediates.length > 0) { immediatesLeft = immediates.length; turn(loop); return; }
  if (timers.some((entry) => entry.alive)) { clock = Math.max(clock, next!.due); turn(loop); return; }
  if (loading) turn(loop);
}
turn(loop);

if (path.endsWith(".mjs")) {
  import(pathToFileURL(path).href).then(() => { loading = false; }, (error: unknown) => { loading = false; throw error; });
} else {
  // In a turn of its own, so that ticks come before jobs, as after a main script.
  turn(() => {
    loading = false;
    runInThisContext(readFileSync(path, "utf8"), { filename: path });
  });
}
