// Pins and buses: what a host offers to the IO classes of vm/io, and the open resources of one program. A provider is a
// host's own, one for all its programs: it knows which pins there are and who has them. A session is one program's: its
// resources by the numbers that the program gave them. It is forgotten when the program leaves, and that is all that
// moving costs: the next host does not know the number, says `unknown`, and the library opens again from what it saved.
// Or (class proxy) it outlives the program's stay: the host keeps it open and answers for it from afar (io-grant.ts),
// while the next host's session has the same numbers as entries that are asked of this one (io-proxy.ts).
//
// The program chooses the numbers, because a number that the new host chose might be one that the program still holds
// from the old one, for another pin.
//
// Operations of the function `io.KIND` (mvm.ask): "open", number, parameters... → list of facts, which are what the
// host chose for the last parameters; "facts", number → the same again; "read", number, count; "write", number, value;
// "transfer", number, bytes; "close", number. Bytes are texts of units up to 255, which every host
// reads without a copy. What a program asks is checked here, so providers get whole numbers in range and open resources.

import type { AskAnswer } from "../host.js";
import type { Value } from "../value.js";

/** What an image says that a program needs of its host, and what a host says that it has. */
export interface Capability { name: string; version: number }

/** Codes of failures; the library makes RangeError of "range" and TypeError of "type", and opens again at "unknown". */
export type IoCode = "range" | "type" | "busy" | "unknown" | "absent" | "failed";
export class IoError extends Error {
  constructor(readonly code: IoCode, message: string) { super(message); }
}

export const ioKinds = ["digital", "analog", "pwm", "i2c", "spi", "serial"] as const;
export type IoKind = (typeof ioKinds)[number];
/** The version of all operations above; a change that old programs would notice is another one. */
export const IO_VERSION = 1;

/** Modes of a digital pin, as in ECMA-419; bits of `edges`: 1 rising, 2 falling. */
export const DigitalMode = { INPUT: 0, INPUT_PULL_UP: 1, INPUT_PULL_DOWN: 2, INPUT_PULL_UP_DOWN: 3, OUTPUT: 8, OUTPUT_OPEN_DRAIN: 9 } as const;
/** Parameters of "open" by kind, all whole numbers; -1 where there is none (a pin), 0 where the host chooses (hz, resolution). */
export const ioParameters = {
  digital: ["pin", "mode", "edges"],
  analog: ["pin", "resolution"],
  pwm: ["pin", "hz", "resolution"],
  i2c: ["data", "clock", "hz", "address", "port"],
  spi: ["out", "in", "clock", "select", "active", "hz", "mode", "port"],
  serial: ["receive", "transmit", "baud", "port"],
} as const satisfies Record<IoKind, readonly string[]>;
export type IoParameters = Readonly<Record<string, number>>;

/** What happens to an open resource without being asked for. */
export type IoEvent = "readable" | "writable" | "error";

/** One open pin or bus. What a kind does not have is left out, and asking for it is a TypeError. */
export interface IoResource {
  /** What the host chose: resolution of analog; hz and resolution of pwm. */
  readonly facts: readonly number[];
  /** A level, or `count` bytes (of serial at most so many, and undefined where there is none). */
  read?(count: number): number | Uint8Array | undefined;
  write?(value: number | Uint8Array): void;
  transfer?(bytes: Uint8Array): Uint8Array;
  close(): void;
}
export interface IoProvider {
  readonly capabilities: readonly Capability[];
  /** Opens a resource, or throws an IoError that says what there is. */
  open(kind: IoKind, parameters: IoParameters, happened: (event: IoEvent, count: number) => void): IoResource;
}

/** Resources that one program may have open, and bytes of one operation. */
const RESOURCES_MAX = 64;
const BYTES_MAX = 4096;
/** The message that tells a program of events: the library listens to it. */
export const IO_MESSAGE = "embedded:io";

/** Another host, which keeps pins and buses of the program open. */
export interface IoAfar {
  /** Does an operation there. Never rejects. */
  call(number: number, operation: string, value: Value): Promise<AskAnswer>;
  /** Nothing that it keeps is needed any more. */
  release(): void;
}

/** Here, or kept by another host. */
type Open = { kind: IoKind; resource: IoResource; about: string } | { kind: IoKind; afar: IoAfar };
/** What a program has open, for whoever decides what becomes of it. `about`: which it is, for people. */
export interface IoFacts { number: number; kind: IoKind; about: string }

/** Gets what happens to resources. */
export type IoSink = (number: number, event: IoEvent, count: number) => void;

export class IoSession {
  private readonly open = new Map<number, Open>();
  private sink: IoSink = () => {};
  /** Nobody gets what happens now: the last of each kind, by resource. */
  private held: Map<string, [number: number, event: IoEvent, count: number]> | undefined = new Map();

  /** Until `flow` is called, what happens is held back. */
  constructor(private readonly provider: IoProvider | undefined) {}

  /** Is it a function of this kind? */
  static isFor(name: string): boolean {
    return kindOf(name) !== undefined;
  }

  /** What happens is kept until somebody can take it: of each kind the last, since its count says what there is in all. */
  hold(): void {
    this.held ??= new Map();
  }
  /** What has happened and what happens goes there. */
  flow(sink: IoSink): void {
    this.sink = sink;
    const held = this.held;
    this.held = undefined;
    for (const one of held?.values() ?? []) sink(...one);
  }
  happened(number: number, event: IoEvent, count: number): void {
    if (!this.open.has(number)) return;
    if (this.held === undefined) this.sink(number, event, count);
    else this.held.set(`${number} ${event}`, [number, event, count]);
  }

  facts(): IoFacts[] {
    return [...this.open].map(([number, one]) => ({ number, kind: one.kind, about: "about" in one ? one.about : `${one.kind}, kept by another host` }));
  }
  kindOf(number: number): IoKind | undefined {
    return this.open.get(number)?.kind;
  }
  /** Another host keeps it for this program. What the session has under that number itself stays. */
  keepAfar(number: number, kind: IoKind, afar: IoAfar): void {
    if (!this.open.has(number) && this.open.size < RESOURCES_MAX) this.open.set(number, { kind, afar });
  }
  /** Closes all but those. */
  closeOthers(numbers: ReadonlySet<number>): void {
    for (const [number, one] of this.open) if (!numbers.has(number)) this.end(number, one);
  }

  /** Does another host keep it? */
  isAfar(number: Value): boolean {
    const one = typeof number === "number" ? this.open.get(number) : undefined;
    return one !== undefined && "afar" in one;
  }
  /** A promise only for what another host keeps. */
  ask(name: string, list: readonly Value[]): AskAnswer | Promise<AskAnswer> {
    const kind = kindOf(name)!;
    const [operation, number, value] = list;
    const found = typeof number === "number" ? this.open.get(number) : undefined;
    if (found !== undefined && "afar" in found && found.kind === kind && operation !== "open") {
      if (operation === "close") this.open.delete(number as number);
      return found.afar.call(number as number, String(operation), value);
    }
    try {
      return [true, this.answer(kind, list)];
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      return [false, error.message, error.code];
    }
  }

  private answer(kind: IoKind, [operation, number, ...rest]: readonly Value[]): Value {
    if (typeof number !== "number") throw new IoError("type", "an operation needs the number of what it is for");
    if (operation === "open") return this.opened(kind, number, rest);
    const found = this.open.get(number);
    if (operation === "close") {
      if (found?.kind === kind) this.end(number, found);
      return undefined;
    }
    if (found?.kind !== kind || !("resource" in found)) throw new IoError("unknown", "this host does not have it open");
    if (operation === "facts") return [...found.resource.facts];
    return operate(found.kind, found.resource, operation, rest[0]);
  }

  private opened(kind: IoKind, number: number, given: readonly Value[]): Value {
    const { provider } = this;
    if (provider === undefined || !provider.capabilities.some((one) => one.name === `io.${kind}` && one.version === IO_VERSION)) throw new IoError("absent", `this host has no io.${kind}`);
    const old = this.open.get(number);
    if (old !== undefined) this.end(number, old);
    if (this.open.size >= RESOURCES_MAX) throw new IoError("range", `a program may have ${RESOURCES_MAX} pins and buses open`);
    const parameters = Object.fromEntries(ioParameters[kind].map((name, at) => {
      const value = given[at];
      if (typeof value !== "number" || value !== (value | 0) || value < -1) throw new IoError("range", `${name} is not a whole number from 0 on`);
      return [name, value];
    }));
    // What happens while it opens is told when it is open.
    const early: [IoEvent, number][] = [];
    let one: Open | undefined;
    const happened = (event: IoEvent, count: number): void => {
      if (one === undefined) early.push([event, count]);
      else if (this.open.get(number) === one) this.happened(number, event, count);
    };
    const resource = provider.open(kind, parameters, happened);
    one = { kind, resource, about: aboutOf(kind, parameters) };
    this.open.set(number, one);
    for (const [event, count] of early) happened(event, count);
    return [...resource.facts];
  }

  private end(number: number, one: Open): void {
    this.open.delete(number);
    if ("resource" in one) one.resource.close();
    else void one.afar.call(number, "close", undefined);
  }
  /** The program has ended or is another host's: its pins are free. */
  close(): void {
    const others = new Set<IoAfar>();
    for (const [number, one] of this.open) {
      if ("afar" in one) others.add(one.afar);
      else this.end(number, one);
    }
    this.open.clear();
    for (const other of others) other.release();
  }
}

/** Which one it is, for people: the kind and the pins or the port. */
function aboutOf(kind: IoKind, parameters: IoParameters): string {
  const wired = ["pin", "data", "clock", "out", "in", "select", "receive", "transmit", "port"].filter((name) => (parameters[name] ?? -1) >= 0);
  return [kind, ...wired.map((name) => `${name} ${parameters[name]}`)].join(" ");
}

function operate(kind: IoKind, resource: IoResource, operation: Value, value: Value): Value {
  switch (operation) {
    case "read": {
      if (resource.read === undefined) break;
      const count = typeof value === "number" ? value : 0;
      if (!(count >= 0 && count <= BYTES_MAX)) throw new IoError("range", `from 0 to ${BYTES_MAX} bytes can be read at once`);
      const got = resource.read(Math.floor(count));
      return got instanceof Uint8Array ? textOf(got) : got;
    }
    case "write":
      if (resource.write === undefined) break;
      resource.write(typeof value === "number" ? value : bytesOf(value));
      return undefined;
    case "transfer":
      if (resource.transfer === undefined) break;
      return textOf(resource.transfer(bytesOf(value)));
  }
  throw new IoError("type", `${kind} cannot ${String(operation)} as it is open`);
}

function kindOf(name: string): IoKind | undefined {
  return ioKinds.find((kind) => name === `io.${kind}`);
}
function bytesOf(value: Value): Uint8Array {
  if (typeof value !== "string") throw new IoError("type", "bytes are missing");
  if (value.length > BYTES_MAX) throw new IoError("range", `at most ${BYTES_MAX} bytes can be written at once`);
  return Uint8Array.from(value, (unit) => unit.charCodeAt(0));
}
function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
