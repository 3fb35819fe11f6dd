// A program run for comparisons (`--virtual-time`), as mvm-c does it: it sees nothing of this host, is stopped at round
// numbers of steps, and may be frozen at any. Time passes only while it waits, the wall clock begins at a fixed moment,
// random bytes are a sequence. So it does the same on every host, and its state hashes can be compared.
//
// It is driven here and not by vm/hosting, because where a program stands in a host call counts: the call is answered
// only when a further step is wanted.

import { Reg } from "../../../vm/format/registers.js";
import { answerCall, HostCallError, type AskAnswer, type HostServices } from "../../../vm/host.js";
import { encodeImage, type Digest, type ImageHead } from "../../../vm/image.js";
import type { Machine } from "../../../vm/machine.js";
import type { Outlet } from "../../../vm/hosting/output.js";
import type { Value } from "../../../vm/value.js";

/** Milliseconds since 1970 when a program's virtual time begins. */
const DATE_BASE = 1_700_000_000_000;

export interface Comparison {
  /** Steps in all after which it has had enough, and after which its image is wanted. */
  fuel: number;
  stopAfter: number;
  /** Steps between hashes, between collections. */
  hashEvery: number;
  collectEvery: number;
  /** Takes a line with steps and hash. */
  hash(line: string): void;
}
export type ComparisonEnd = "fuel" | "stopped" | "ended" | "deadlock" | "out-of-memory" | "fault";

export class ComparedProgram implements HostServices {
  /** An error that nobody caught was reported. */
  failed = false;
  /** Microseconds of program time. */
  private time: number;
  private drawn = 0;
  private waits = false;
  private messages: Value[][] = [];

  constructor(readonly machine: Machine, private readonly printed: Outlet, private readonly list: readonly string[], private readonly variables: [string, string][]) {
    const words = machine.words();
    this.time = (words[Reg.TIME_HIGH]! >>> 0) * 4294967296 + (words[Reg.TIME_LOW]! >>> 0);
  }

  run(options: Comparison): ComparisonEnd {
    const { machine } = this;
    /** The next round number of steps. */
    const next = (every: number): number => every === Infinity ? Infinity : (Math.floor(machine.steps / every) + 1) * every;
    let hashAt = next(options.hashEvery);
    let collectAt = next(options.collectEvery);
    const hash = (): void => options.hash(`${machine.steps} ${machine.stateHash()}`);
    for (;;) {
      const { steps } = machine;
      if (steps >= hashAt) {
        hash();
        hashAt = next(options.hashEvery);
      }
      if (steps >= collectAt) {
        machine.collect();
        collectAt = next(options.collectEvery);
      }
      if (steps >= options.stopAfter) return "stopped";
      if (steps >= options.fuel) return "fuel";
      if (machine.stopped === "host-call") {
        const problem = this.answer();
        if (problem !== undefined) return problem;
      }
      if (this.waits) {
        const wake = machine.wakeTime();
        if (wake === undefined) return "deadlock";
        this.time = Math.max(this.time, wake);
        machine.wake();
        this.waits = false;
      }
      const reason = machine.run(Math.min(hashAt, collectAt, options.fuel, options.stopAfter) - steps);
      this.printed.flush();
      if (reason === "waiting") this.waits = true;
      else if (reason !== "fuel" && reason !== "host-call") {
        if (reason === "ended" && options.hashEvery !== Infinity) hash();
        return reason;
      }
    }
  }
  private answer(): "out-of-memory" | "fault" | undefined {
    const { machine } = this;
    let answer: Value;
    try {
      answer = answerCall(machine.hostCall(), this);
    } catch (error) {
      if (!(error instanceof HostCallError)) throw error;
      return "fault";
    }
    if (!machine.answer(answer)) return "out-of-memory";
    machine.stopped = "fuel";
    for (const message of this.messages.splice(0)) machine.post(message);
    return undefined;
  }

  /** The image of the program as it stands: it is the one that was loaded, not a copy. */
  image({ programId, epoch, sequence }: ImageHead, digest: Digest): Uint8Array {
    const words = this.machine.words();
    words[Reg.TIME_LOW] = this.time % 4294967296 | 0;
    words[Reg.TIME_HIGH] = Math.floor(this.time / 4294967296);
    return encodeImage(this.machine, { programId, epoch, sequence: sequence + 1 }, digest);
  }

  // ---------------------------------------------------------------- what the program asks (vm/host.ts)

  output(stream: 1 | 2, text: string): void { this.printed.write(stream, text); }
  uncaught(text: string): void {
    this.failed = true;
    this.printed.write(2, `${text}\n`);
  }
  now(): number { return this.time; }
  date(): number { return DATE_BASE + Math.floor(this.time / 1000); }
  timezone(): number { return 0; }
  random(count: number): Uint8Array {
    const bytes = Uint8Array.from({ length: count }, (_, i) => (this.drawn + i) * 37);
    this.drawn += count;
    return bytes;
  }
  programArguments(): string[] { return [...this.list]; }
  environment(): [string, string][] { return this.variables; }
  ask(name: string): AskAnswer { return [false, `this host has no function '${name}'`, "absent"]; }
  call(id: number, name: string): void { this.messages.push(["answer", id, false, `this host has no function '${name}'`]); }
  callResult(): void {}
}
