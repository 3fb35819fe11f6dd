// One program on this host: its machine, its identity, its clock, and the host's answers to what it asks. It runs only
// when `advance` is called and for as much fuel as that gives; runner.ts decides when, the library lets its user decide.
//
// Between two calls of `advance` every host call has been answered and every output handed over, so an image taken there
// neither loses nor repeats any.

import { Cell, Field } from "../format/cells.js";
import { Reg, State } from "../format/registers.js";
import { answerCall, HostCallError, type AskAnswer, type HostServices } from "../host.js";
import type { ImageHead } from "../image.js";
import { Machine, type StopReason } from "../machine.js";
import { valueWords, writeValue, type Value } from "../value.js";
import { IO_MESSAGE, IoSession, type IoFacts, type IoProvider } from "./io.js";
import type { Timing } from "./platform.js";

/** Who a program is. */
export class Identity {
  /** Images taken in this epoch. */
  sequence = 0;
  private id: Uint8Array | undefined;

  /** `epoch`: how many owners it has had (vm/ownership.ts). */
  constructor(private readonly timing: Timing, public epoch: number, program?: Uint8Array) {
    this.id = program;
  }
  /** 16 random bytes, for life; made when first asked for, which for short programs is never. */
  get program(): Uint8Array {
    return this.id ??= this.timing.random(16);
  }
}

/** A function that programs call by name with mvm.call or mvm.ask. */
export type HostFunction = (...list: Value[]) => Value | Promise<Value>;

export interface Surroundings {
  timing: Timing;
  output(stream: 1 | 2, text: string): void;
  functions?: ReadonlyMap<string, HostFunction> | undefined;
  /** Pins and buses, where the host has any. */
  io?: IoProvider | undefined;
  programArguments?: readonly string[];
  environment?: () => [name: string, value: string][];
  /** Microseconds of program time, where the host keeps it itself. */
  clock?: (() => number) | undefined;
  /** Compiles for eval and its like (vm/host.ts), where the host has a compiler. */
  compile?: ((kind: string, list: Value[]) => Promise<Value>) | undefined;
  /** The program can go on: a function's result has come. */
  woken?: () => void;
}

/** Milliseconds that an answer may take while a move waits for it. */
export const DRAIN = 2000;
/** Milliseconds of standing still that a program hears of. */
const CLOCK_JUMP = 1000;

export class Program implements HostServices {
  /** An error that nobody caught was reported. */
  failed = false;
  private frozenAt: number;
  /** When the clock was started; undefined while it stands. */
  private since: number | undefined;
  /** When it was stopped last. */
  private stoppedAt: number | undefined;
  private readonly pending = new Set<number>();
  private readonly results = new Map<number, (ok: boolean, value: Value) => void>();
  private nextResult = 1;
  /** What the program asks and stands still for, and the answer when it has come. */
  private asked: { has: boolean; answer: Value } | undefined;
  /** It is about to be frozen: what would be asked of another host is not asked any more, but where it goes on. */
  private isDraining = false;
  private isStalled = false;
  /** Its pins and buses; made at first use. */
  private io: IoSession | undefined;

  private constructor(readonly machine: Machine, readonly identity: Identity, private readonly surroundings: Surroundings) {
    const words = machine.words();
    this.frozenAt = (words[Reg.TIME_HIGH]! >>> 0) * 4294967296 + (words[Reg.TIME_LOW]! >>> 0);
  }

  /** A program that has not run yet. */
  static begin(machine: Machine, surroundings: Surroundings): Program {
    const program = new Program(machine, new Identity(surroundings.timing, 1), surroundings);
    program.renewRandom();
    program.giveArguments();
    return program;
  }

  /** A copy of the program in an image: another program from now on, with another identity and other random numbers. */
  static copyOf(machine: Machine, surroundings: Surroundings): Program {
    if (machine.steps === 0) return Program.begin(machine, surroundings);
    const program = new Program(machine, new Identity(surroundings.timing, 1), surroundings);
    program.renewRandom();
    program.failPending("the host that was called is another one: the outcome is unknown");
    machine.post(["signal", "restored"]);
    machine.post(["signal", "cloned"]);
    return program;
  }

  /** The program itself, come from another host. */
  static arrived(machine: Machine, head: ImageHead, epoch: number, surroundings: Surroundings): Program {
    const program = new Program(machine, new Identity(surroundings.timing, epoch, head.programId), surroundings);
    program.failPending("the program moved while the host worked on it: the outcome is unknown");
    machine.post(["signal", "moved"]);
    return program;
  }

  private renewRandom(): void {
    const words = this.machine.words();
    // The state of Math.random, so Math.random is good enough to begin with, and at hand. Never all zero: it would stay there.
    for (const at of [Reg.RANDOM_0, Reg.RANDOM_1, Reg.RANDOM_2, Reg.RANDOM_3]) words[at] = (Math.random() * 4294967296) | (at === Reg.RANDOM_0 ? 1 : 0);
  }

  /** Puts process.argv where the core keeps it, so it goes wherever the program goes. */
  private giveArguments(): void {
    const { kernel } = this.machine;
    const facts: Value = [[...this.programArguments()]];
    const words = this.machine.words();
    if (!kernel.reserve(valueWords(facts))) return;
    words[(words[Reg.STATE]! >> 2) + kernel.FIRST_ELEMENT + State.PROCESS] = writeValue(kernel, facts);
  }

  /** Answers the calls that the program made to a host that it is no longer on. */
  private failPending(reason: string): void {
    const words = this.machine.words();
    const calls = words[(words[Reg.STATE]! >> 2) + this.machine.kernel.FIRST_ELEMENT + State.CALLS]!;
    if ((calls & 3) !== 1 || (words[calls >> 2]! & 255) !== Cell.TABLE) return;
    const table = calls >> 2;
    const entryWords = words[table + Field.TABLE_ENTRY_WORDS!]!;
    const ids: number[] = [];
    for (let entry = 0; entry < words[table + Field.TABLE_USED!]!; entry++) {
      const key = words[table + Field.TABLE_TAIL! + entry * entryWords]!;
      if ((key & 1) === 0) ids.push(key >> 1);
    }
    for (const id of ids) this.machine.post(["answer", id, false, reason]);
  }

  // ---------------------------------------------------------------- running

  /**
   * Runs `fuel` steps at most and answers what the program asks meanwhile. "host-call" never comes back: a program whose
   * answer takes its time is "waiting", and asks again wherever it goes on. The clock runs only while `startClock` says so.
   */
  advance(fuel: number): StopReason {
    const { machine } = this;
    let left = fuel;
    let steps = machine.steps;
    for (;;) {
      const reason = machine.stopped === "host-call" ? "host-call" : machine.run(left);
      if (reason !== "host-call") return reason;
      let answer: Value;
      try {
        answer = answerCall(machine.hostCall(), this);
      } catch (error) {
        if (!(error instanceof HostCallError)) throw error;
        machine.stopped = "fault";
        return "fault";
      }
      if (this.asked !== undefined) return "waiting";
      machine.stopped = "fuel";
      if (!machine.answer(answer)) return machine.stopped = "out-of-memory";
      const now = machine.steps;
      left -= now - steps;
      steps = now;
      if (left <= 0) return "fuel";
    }
  }

  startClock(): void {
    if (this.since !== undefined) return;
    this.since = this.surroundings.timing.now();
    // Its own time has stood still, the wall clock has not.
    if (this.stoppedAt !== undefined && this.since - this.stoppedAt > CLOCK_JUMP) this.post(["signal", "clockjump"]);
  }
  stopClock(): void {
    this.frozenAt = this.now();
    this.since = undefined;
    this.stoppedAt = this.surroundings.timing.now();
  }

  /** Milliseconds until a waiting program wants to go on; undefined: only a message wakes it. */
  untilWake(): number | undefined {
    if (this.asked !== undefined) return undefined;
    const wake = this.machine.wakeTime();
    return wake === undefined ? undefined : (wake - this.now()) / 1000;
  }

  /** Is the program waiting for functions of the host? */
  get isCalling(): boolean {
    return this.pending.size > 0 || (this.asked !== undefined && !this.isStalled);
  }
  /** Before it is frozen: it gets the answers that are under way, and causes no more. */
  drain(): void {
    this.isDraining = true;
  }
  /** It goes on here after all. */
  endDraining(): void {
    this.isDraining = false;
    if (!this.isStalled) return;
    this.isStalled = false;
    this.asked = undefined;
    this.surroundings.woken?.();
  }

  /** Leaves a message for listeners of mvm.on(name). */
  send(name: string, data: Value): boolean {
    return this.post(["message", name, data]);
  }
  private post(message: Value[]): boolean {
    const posted = this.machine.post(message);
    this.surroundings.woken?.();
    return posted;
  }

  /** Calls a function that the program gave to mvm.expose. */
  callProgram(name: string, list: Value[]): Promise<Value> {
    const id = this.nextResult++;
    return new Promise((resolve, reject) => {
      this.results.set(id, (ok, value) => {
        if (ok) resolve(value);
        else reject(new Error(typeof value === "string" ? value : "the program's function failed"));
      });
      if (!this.post(["call", id, name, list])) {
        this.results.delete(id);
        reject(new Error("the arguments find no room in the program's memory"));
      }
    });
  }

  /** Bytes that live data and stack take, nearly. */
  get memoryBytes(): number {
    const words = this.machine.words();
    return (words[Reg.HEAP_TOP]! - Reg.PC + words.length - words[Reg.SP]!) * 4;
  }
  get memoryLimit(): number {
    return this.machine.words()[Reg.MEMORY_LIMIT]! * 4;
  }
  /** Host calls made so far: outputs among them. */
  get outputs(): number {
    const words = this.machine.words();
    return words[Reg.OUTPUTS_HIGH]! * 4294967296 + (words[Reg.OUTPUTS_LOW]! >>> 0);
  }
  /** The exit code of a program that ended. */
  get exitCode(): number {
    const result = this.machine.result();
    return typeof result === "number" ? result & 255 : 0;
  }

  // ---------------------------------------------------------------- what the program asks (vm/host.ts)

  output(stream: 1 | 2, text: string): void {
    this.surroundings.output(stream, text);
  }
  uncaught(text: string): void {
    this.failed = true;
    this.surroundings.output(2, `${text}\n`);
  }
  now(): number {
    if (this.surroundings.clock !== undefined) return Math.max(0, Math.floor(this.surroundings.clock()));
    return this.since === undefined ? this.frozenAt : Math.floor(this.frozenAt + (this.surroundings.timing.now() - this.since) * 1000);
  }
  date(): number {
    return this.surroundings.timing.date();
  }
  timezone(ms: number): number {
    return this.surroundings.timing.timezone(ms);
  }
  random(count: number): Uint8Array {
    return this.surroundings.timing.random(count);
  }
  programArguments(): string[] {
    return [...this.surroundings.programArguments ?? []];
  }
  environment(): [string, string][] {
    return this.surroundings.environment?.() ?? [];
  }
  ask(name: string, list: Value[]): AskAnswer | undefined {
    if (this.asked !== undefined) return this.awaited() as AskAnswer | undefined;
    if (IoSession.isFor(name)) {
      if (this.io === undefined) this.giveIo(new IoSession(this.surroundings.io));
      if (this.isDraining && this.io!.isAfar(list[1])) {
        this.isStalled = true;
        this.asked = { has: false, answer: undefined };
        return undefined;
      }
      const answer = this.io!.ask(name, list);
      return answer instanceof Promise ? this.wait(answer) : answer;
    }
    const callback = this.surroundings.functions?.get(name);
    if (callback === undefined) return [false, `this host has no function '${name}'`, "absent"];
    const failed = (error: unknown): AskAnswer => [false, error instanceof Error ? error.message : String(error), codeOf(error)];
    let result: Value | Promise<Value>;
    try {
      result = callback(...list);
    } catch (error) {
      return failed(error);
    }
    if (!(result instanceof Promise)) return [true, result];
    return this.wait(result.then((value): AskAnswer => [true, value], failed));
  }
  compile(kind: string, list: Value[]): Value {
    if (this.asked !== undefined) return this.awaited();
    return this.surroundings.compile && this.wait(this.surroundings.compile(kind, list));
  }
  /** The program stands still until this comes, and asks again then. */
  private wait(answer: Promise<Value>): undefined {
    const asked: { has: boolean; answer: Value } = { has: false, answer: undefined };
    this.asked = asked;
    answer.then((value) => {
      asked.has = true;
      asked.answer = value;
      this.surroundings.woken?.();
    });
    return undefined;
  }
  private awaited(): Value {
    const { has, answer } = this.asked!;
    if (has) this.asked = undefined;
    return answer;
  }
  call(id: number, name: string, list: Value[]): void {
    const settle = (ok: boolean, value: Value): void => {
      if (!this.pending.delete(id)) return;
      this.post(["answer", id, ok, value]);
    };
    this.pending.add(id);
    const callback = this.surroundings.functions?.get(name);
    // Never before the program has its promise: the answer is a message of its own.
    Promise.resolve().then(() => {
      if (callback === undefined) throw new Error(`this host has no function '${name}'`);
      return callback(...list);
    }).then((value) => settle(true, value), (error: unknown) => settle(false, error instanceof Error ? error.message : String(error)));
  }
  callResult(id: number, ok: boolean, value: Value): void {
    this.results.get(id)?.(ok, value);
    this.results.delete(id);
  }

  /** What it has open of pins and buses. */
  ioFacts(): IoFacts[] {
    return this.io?.facts() ?? [];
  }
  /** It has these pins and buses from now on, and hears what happens to them. */
  giveIo(session: IoSession): void {
    this.io = session;
    session.flow((number, event, count) => void this.send(IO_MESSAGE, [number, event, count]));
  }
  /** What happens to its pins and buses is kept for whoever has them next; `giveIo` ends that. */
  holdIo(): IoSession | undefined {
    this.io?.hold();
    return this.io;
  }
  /** Its pins and buses stay open when it leaves. */
  parted(): void {
    this.io = undefined;
  }
  /** It has ended or left: its pins and buses are others' to open. */
  closeIo(): void {
    this.io?.close();
  }
  /** Nothing of it will run here again: answers that still come are dropped. */
  abandon(): void {
    this.closeIo();
    this.pending.clear();
    for (const settle of this.results.values()) settle(false, "the program left this host");
    this.results.clear();
  }
}

/** The code of an error that has one. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "failed";
}
