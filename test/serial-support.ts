// What the tests of the byte link share: an end of it behind one interface, whether it is TypeScript or C; a faulty line in
// virtual time; and a run of two ends over it, whose packets are recorded.

import { createHash } from "node:crypto";
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { SerialLink, type SerialKey, type SerialOptions } from "../vm/serial.js";
import { Random } from "./support/random.js";
import { root } from "./support/run-program.js";

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
export function serialKey(fill: number): SerialKey {
  const key = new Uint8Array(32).fill(fill);
  return { key, id: createHash("sha256").update("mvm key").update(key).digest().subarray(0, 8) };
}
export const KEY = serialKey(7);
export const PATIENCE = 15000;

export interface EndOptions { role: "client" | "device"; seed: number; key?: SerialKey; patience?: number; now?: number }

export function newLink({ role, seed, key = KEY, patience = PATIENCE, now = 0 }: EndOptions, packets: number, more: Partial<SerialOptions> = {}): SerialLink {
  const random = new Random(seed);
  return new SerialLink({ role, keys: [key], sha256, random: (count) => Uint8Array.from({ length: count }, () => random.next(256)), packets, patience, ...more }, now);
}

/** One end of a byte link. */
export interface End {
  feed(bytes: Uint8Array, now: number): unknown;
  pull(now: number): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  nextTime(now: number): Promise<number> | number;
  write(bytes: Uint8Array, flags?: number): Promise<number> | number;
  /** Of what is read next. */
  nextFlags(): Promise<number> | number;
  read(): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  close(): unknown;
  /** Phase, problem, number of links. */
  state(): Promise<string> | string;
}

export function plainEnd(options: EndOptions, packets: number): End {
  const link = newLink(options, packets);
  return {
    feed: (bytes, now) => link.feed(bytes, now), pull: (now) => link.pull(now), nextTime: (now) => link.nextTime(now),
    write: (bytes, flags) => link.write(bytes, flags), nextFlags: () => link.nextFlags, read: () => link.read(), close: () => link.close(),
    state: () => `${link.phase} ${link.problem || "fine"} ${link.links}`,
  };
}

// ---------------------------------------------------------------- the C

const hex = (bytes: Uint8Array): string => bytes.length === 0 ? "-" : Buffer.from(bytes).toString("hex");
const unhex = (text: string): Uint8Array | undefined => text === "-" ? undefined : Buffer.from(text, "hex");
const cc = process.env["CC"] ?? "gcc";
export const hasCompiler = spawnSync(cc, ["--version"]).status === 0;

const SANITIZED = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-ffp-contract=off", "-D_POSIX_C_SOURCE=200809L", "-DMVMJS_SLACK=256", "-DMVMJS_CAPABILITIES_BYTES=4096", "-DMVMJS_IO_BYTES=4096", "-DMVMJS_IO_OPEN_MAX=64"];
/** What this process has compiled. */
const compiled = new Set<string>();
function compileC(program: string, packets: number, sources: readonly string[], flags: readonly string[]): string {
  if (compiled.has(program)) return program;
  const folders = ["build/c", "hosts/c/embed", "hosts/c/io", "hosts/c/link", "hosts/c/posix"].map((folder) => `-I${root}${folder}`);
  const done = spawnSync(cc, [...FLAGS, ...flags, `-DMVMJS_SERIAL_PACKETS=${packets}`, ...folders, ...sources.map((file) => root + file), "-lm", "-o", program], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${program} is not made: ${done.stderr}`);
  compiled.add(program);
  return program;
}
/** test/c/serialtest.c: the byte link by itself, under sanitizers. */
export function buildSerial(packets: number): string {
  return compileC(`${root}build/serialtest-${packets}`, packets, ["test/c/serialtest.c", "hosts/c/link/serial.c", "hosts/c/link/serial-packet.c", "hosts/c/embed/sha256.c"], SANITIZED);
}
/** serialboard.c or serialsim.c: a whole device. All but the generated machine, which npm run build has compiled, is under sanitizers, or nothing is. */
export function buildDevice(name: "serialboard" | "serialsim", packets: number, sanitized = true): string {
  const list = (folder: string): string[] => readdirSync(root + folder).filter((file) => file.endsWith(".c")).map((file) => `${folder}/${file}`);
  const sources = [
    `test/c/${name}.c`, "test/c/serialdevice.c", ...list("hosts/c/link"), ...list("hosts/c/embed"), ...list("hosts/c/io"), "hosts/c/posix/host.c", "hosts/c/posix/clock.c",
    ...["machine", "core", "messages"].map((object) => `build/c/objects/${object}.o`),
  ];
  return compileC(`${root}build/${name}-${packets}${sanitized ? "-asan" : ""}`, packets, sources, sanitized ? SANITIZED : ["-O2"]);
}

/** A process of serialtest.c. */
export class SerialProcess {
  private readonly child;
  private readonly waiting: ((line: string) => void)[] = [];
  private ends = 0;
  constructor(program: string) {
    this.child = spawn(program, { env: { UBSAN_OPTIONS: "print_stacktrace=1" } });
    let output = "";
    let complaint = "";
    this.child.stdout.on("data", (bytes: Buffer) => {
      const lines = (output + bytes.toString()).split("\n");
      output = lines.pop()!;
      for (const line of lines) this.waiting.shift()?.(line);
    });
    this.child.stderr.on("data", (bytes: Buffer) => { complaint += bytes.toString(); });
    this.child.on("close", () => { for (const answer of this.waiting.splice(0)) answer(`the process died: ${complaint}`); });
  }
  private ask(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting.push((answer) => answer.startsWith("the process died") ? reject(new Error(answer)) : resolve(answer));
      this.child.stdin.write(`${line}\n`);
    });
  }
  async end({ role, seed, key = KEY, patience = PATIENCE, now = 0 }: EndOptions): Promise<End> {
    const id = this.ends++ % 1024;
    await this.ask(`N ${id} ${role} ${seed} ${patience} ${hex(key.key)} ${now}`);
    return {
      feed: (bytes, now) => this.ask(`F ${id} ${now} ${hex(bytes)}`), pull: async (now) => unhex(await this.ask(`P ${id} ${now}`)),
      nextTime: async (now) => { const text = await this.ask(`T ${id} ${now}`); return text === "never" ? Infinity : Number(text); },
      write: async (bytes, flags = 0) => Number(await this.ask(`W ${id} ${flags} ${hex(bytes)}`)), nextFlags: async () => Number(await this.ask(`G ${id}`)), read: async () => unhex(await this.ask(`R ${id}`)),
      close: () => this.ask(`C ${id}`), state: async () => (await this.ask(`S ${id}`)).split(" ").slice(0, 3).join(" "),
    };
  }
  stop(): void {
    this.child.kill();
  }
}

// ---------------------------------------------------------------- the line

/** Parts in 10,000. */
export interface Faults { lost: number; doubled: number; flipped: number; delayed: number; bytes: number }
export const NO_FAULTS: Faults = { lost: 0, doubled: 0, flipped: 0, delayed: 0, bytes: 0 };
/** What issue 3 asks for: of the packets 1 % each, of the bytes 0.01 %. */
export const FAULTS: Faults = { lost: 100, doubled: 100, flipped: 100, delayed: 100, bytes: 1 };
/** What a UART carries. */
export const BAUD = 115_200;
const BITS_PER_BYTE = 10;

/** One direction of a line. */
export class FaultyLine {
  /** Packets that were lost, doubled, delayed or changed. */
  broken = 0;
  private readonly arrivals: { at: number; bytes: Uint8Array }[] = [];
  private busyUntil = 0;
  private readonly bytesPerMs: number;
  constructor(private readonly random: Random, private readonly faults: Faults, baud = BAUD) {
    this.bytesPerMs = baud / BITS_PER_BYTE / 1000;
  }

  private chance(parts: number): boolean {
    return parts > 0 && this.random.next(10_000) < parts;
  }
  send(packet: Uint8Array, now: number): void {
    const { faults, random } = this;
    this.busyUntil = Math.max(now, this.busyUntil) + packet.length / this.bytesPerMs;
    if (this.chance(faults.lost)) {
      this.broken++;
      return;
    }
    const list: number[] = [];
    for (const byte of packet) {
      if (!this.chance(faults.bytes)) list.push(byte);
      else if (random.next(3) === 0) list.push(byte, byte);
      else if (random.next(2) === 0) list.push(byte ^ (1 << random.next(8)));
    }
    if (this.chance(faults.flipped) && list.length > 0) list[random.next(list.length)]! ^= 1 << random.next(8);
    const bytes = Uint8Array.from(list);
    const at = Math.ceil(this.busyUntil);
    const delay = this.chance(faults.delayed) ? 1 + random.next(400) : 0;
    this.put(at + delay, bytes);
    const isDoubled = this.chance(faults.doubled);
    if (isDoubled) this.put(at + random.next(100), bytes);
    if (isDoubled || delay > 0 || bytes.length !== packet.length || bytes.some((byte, i) => byte !== packet[i])) this.broken++;
  }
  private put(at: number, bytes: Uint8Array): void {
    this.arrivals.push({ at, bytes });
    this.arrivals.sort((a, b) => a.at - b.at);
  }
  get nextTime(): number {
    return this.arrivals[0]?.at ?? Infinity;
  }
  receive(now: number): Uint8Array | undefined {
    return this.nextTime <= now ? this.arrivals.shift()!.bytes : undefined;
  }
  /** What is on its way is gone: the cable was pulled. */
  clear(): void {
    this.arrivals.length = 0;
  }
}

export interface Talk {
  /** What each side sends. */
  client: Uint8Array;
  device: Uint8Array;
  seed: number;
  faults: Faults;
  /** One time in so many, a side does not read what has come. */
  lazy?: number;
  until?: number;
}
export interface Told { client: Buffer; device: Buffer; time: number; packets: number; lineBytes: number; record: string }

/** Two ends talk over a faulty line until both have all, or the time is over. `record` is a hash of all that was on the line. */
export async function talk(client: End, device: End, { client: fromClient, device: fromDevice, seed, faults, lazy = 0, until = 3_600_000 }: Talk): Promise<Told> {
  const random = new Random(seed);
  const record = createHash("sha256");
  const sides = [
    { end: client, unsent: fromClient, got: [] as Uint8Array[], have: 0, wants: fromDevice.length, line: new FaultyLine(random, faults), to: 1 },
    { end: device, unsent: fromDevice, got: [] as Uint8Array[], have: 0, wants: fromClient.length, line: new FaultyLine(random, faults), to: 0 },
  ];
  let now = 0;
  let packets = 0;
  let lineBytes = 0;
  while (now < until && sides.some((side) => side.have < side.wants)) {
    for (const side of sides) {
      if (lazy === 0 || random.next(lazy) > 0) {
        for (let bytes; (bytes = await side.end.read()) !== undefined;) {
          side.got.push(bytes);
          side.have += bytes.length;
        }
      }
      if (side.unsent.length > 0) side.unsent = side.unsent.subarray(await side.end.write(side.unsent.subarray(0, 1 + random.next(400))));
      for (let packet; (packet = await side.end.pull(now)) !== undefined;) {
        packets++;
        lineBytes += packet.length;
        record.update(`${side.to} ${now} ${hex(packet)}\n`);
        side.line.send(packet, now);
      }
    }
    let next = Math.min(sides[0]!.line.nextTime, sides[1]!.line.nextTime);
    for (const side of sides) next = Math.min(next, await side.end.nextTime(now));
    // Whoever did not read, or has more to write, is looked at again.
    now = Math.max(now + 1, Math.min(next, now + 50));
    for (const side of sides) for (let bytes; (bytes = side.line.receive(now)) !== undefined;) await sides[side.to]!.end.feed(bytes, now);
  }
  return { client: Buffer.concat(sides[0]!.got), device: Buffer.concat(sides[1]!.got), time: now, packets, lineBytes, record: record.digest("hex") };
}
