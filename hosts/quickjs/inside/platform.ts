// What vm/hosting needs of the place it runs in, made from a shell: timers and connections get numbers, and what the shell
// tells about a number finds the one who waits for it.

import { CONNECTION_ENDED, type Connection } from "../../../vm/hosting/connection.js";
import type { Link } from "../../../vm/hosting/link.js";
import { Log } from "../../../vm/hosting/log.js";
import type { Output } from "../../../vm/hosting/output.js";
import type { Platform, Reached } from "../../../vm/hosting/platform.js";
import { Exit, Trouble } from "../../../vm/hosting/trouble.js";
import type { Digest } from "../../../vm/image.js";
import type { Kernel } from "../../../vm/machine.js";
import { toUtf8 } from "../../../vm/wire-pack.js";
import * as kernel from "../../../vm/kernel/index.js";
import { loadCore } from "./core.js";
import { digestOf } from "./digest.js";
import { bufferOf, type HostFacts, type Inside, type Shell } from "./shell.js";

/** An output could not be written, through no fault of ours. */
export class OutputAccident extends Error {}

/** The shell's outputs: text is encoded once for each slice. */
export class ShellOutput implements Output {
  readonly log = new Log();
  private stream: 1 | 2 = 1;
  private parts: string[] = [];
  constructor(private readonly shell: Shell) {}

  write(stream: 1 | 2, text: string): void {
    // Both may be the same terminal: order counts.
    if (stream !== this.stream) this.leave();
    this.stream = stream;
    this.log.add(text);
    this.parts.push(text);
  }
  private leave(): void {
    if (this.parts.length === 0) return;
    this.shell.write(this.stream, bufferOf(toUtf8(this.parts.join(""))));
    this.parts = [];
  }
  flush(): void {
    this.leave();
    const problem = this.shell.flush();
    if (problem !== "") throw new OutputAccident(problem);
  }
}

class ShellConnection implements Connection {
  isFull = false;
  private take: ((bytes: Uint8Array) => void) | undefined;
  private whenClosed: ((problem: string) => void) | undefined;
  private waiting: (() => void)[] = [];
  /** What came before anyone took it. */
  private early: Uint8Array[] = [];
  private problem: string | undefined;

  constructor(private readonly shell: Shell, private readonly number: number) {}

  open(take: (bytes: Uint8Array) => void, closed: (problem: string) => void): void {
    this.take = take;
    this.whenClosed = closed;
    for (const bytes of this.early.splice(0)) take(bytes);
    if (this.problem !== undefined) closed(this.problem);
  }
  send(bytes: Uint8Array): void {
    if (this.problem === undefined) this.isFull = this.shell.send(this.number, bufferOf(bytes));
  }
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }
  end(): void {
    this.shell.end(this.number);
  }
  destroy(): void {
    this.shell.destroy(this.number);
  }

  // What the shell tells.
  received(bytes: Uint8Array): void {
    if (this.take === undefined) this.early.push(bytes);
    else this.take(bytes);
  }
  wasDrained(): void {
    this.isFull = false;
    for (const wake of this.waiting.splice(0)) wake();
  }
  closed(problem: string): void {
    if (this.problem !== undefined) return;
    this.problem = problem === "" ? CONNECTION_ENDED : problem;
    this.whenClosed?.(this.problem);
    this.wasDrained();
  }
}

/** The address of a host's only peer. */
const ONLY = "-";

/** What the shell tells that is about a timer or a connection. */
type Told = Pick<Inside, "fired" | "connected" | "refused" | "received" | "drained" | "closed">;

export class ShellPlatform implements Platform, Told {
  readonly digest: Digest;
  /** The only connection that there is, where there is only one: programs leave by it. */
  only: Link | undefined;
  private nextTimer = 1;
  private readonly timers = new Map<number, () => void>();
  private nextConnection = 1;
  private readonly connections = new Map<number, ShellConnection>();
  private readonly wanted = new Map<number, { reached(): void; failed(trouble: Trouble): void }>();

  constructor(readonly shell: Shell, private readonly facts: HostFacts) {
    this.digest = digestOf(shell);
  }

  get software(): string { return this.facts.software; }
  get bootId(): string { return this.facts.bootId; }
  get processId(): number { return this.facts.processId; }
  get patience(): number { return this.facts.patience; }
  hostId(): string { return this.facts.hostId; }
  hostName(): string { return this.facts.hostName; }
  now(): number { return this.shell.now(); }
  date(): number { return this.shell.date(); }
  timezone(ms: number): number { return this.shell.timezone(ms); }
  random(count: number): Uint8Array { return new Uint8Array(this.shell.random(count)); }
  kernel(): Promise<Kernel> { return Promise.resolve(kernel); }
  core = loadCore;

  after(ms: number, work: () => void, idle?: "idle"): { cancel(): void } {
    const timer = this.nextTimer++;
    this.timers.set(timer, work);
    this.shell.setTimer(timer, ms, idle !== undefined);
    return {
      cancel: () => {
        if (this.timers.delete(timer)) this.shell.clearTimer(timer);
      },
    };
  }
  soon(work: () => void): { cancel(): void } {
    return this.after(0, work);
  }
  fired(timer: number): void {
    const work = this.timers.get(timer);
    this.timers.delete(timer);
    work?.();
  }

  placeOf(to: string): string {
    const place = this.shell.placeOf(to);
    if (place === "") throw new Trouble(Exit.USAGE, `'${to}' is no address`, "give host:port, for instance 127.0.0.1:7070");
    return place;
  }
  reach(to: string): Promise<Reached> {
    const { only } = this;
    if (only !== undefined && to === ONLY) return Promise.resolve({ place: this.placeOf(to), link: only });
    const number = this.nextConnection;
    this.nextConnection += 2;
    return new Promise((resolve, reject) => {
      this.wanted.set(number, { reached: () => resolve({ place: this.placeOf(to), connection: this.connection(number) }), failed: reject });
      this.shell.connect(number, to);
    });
  }
  /** The connection of a number that is new. */
  connection(number: number): Connection {
    const connection = new ShellConnection(this.shell, number);
    this.connections.set(number, connection);
    return connection;
  }
  connected(number: number): void {
    this.wanted.get(number)?.reached();
    this.wanted.delete(number);
  }
  refused(number: number, exit: number, message: string, advice: string): void {
    this.wanted.get(number)?.failed(new Trouble(exit, message, advice));
    this.wanted.delete(number);
  }
  received(number: number, bytes: ArrayBuffer): void {
    this.connections.get(number)?.received(new Uint8Array(bytes));
  }
  drained(number: number): void {
    this.connections.get(number)?.wasDrained();
  }
  closed(number: number, problem: string): void {
    this.connections.get(number)?.closed(problem);
    this.connections.delete(number);
  }
}
