// The machine as hosts use it: a program in a memory of its own, run by fuel. The kernel is one CPU; each call here first
// makes this program's memory the current one, so thousands of programs can take turns. No host appears here: what a
// program asks of its host comes back as data (`HostCall`) and is answered as data.

import { Cell, Field } from "./format/cells.js";
import { Reg, registers, registerNames, State, STATE_WORDS, Status } from "./format/registers.js";
import { Root, ROOTS } from "./format/roots.js";
import { CORE_WORDS, HEAP, Immediate, REGISTERS } from "./format/words.js";
import { Loader, unitWords } from "./load.js";
import type { Core } from "./core-build.js";
import type { Jit } from "./jit/jit.js";
import type { ProgramUnit } from "./unit.js";
import { readValue, valueWords, writeValue, type Value } from "./value.js";

/** The kernel's surface: the plain modules and the flattened one have the same. */
export type Kernel = typeof import("./kernel/index.js");

/** Why `run` came back: see Status. GROW never leaves this file. */
export type StopReason = "fuel" | "waiting" | "host-call" | "ended" | "out-of-memory" | "fault";
const reasons: Record<number, StopReason> = {
  [Status.FUEL]: "fuel", [Status.WAITING]: "waiting", [Status.HOST_CALL]: "host-call", [Status.ENDED]: "ended",
  [Status.OUT_OF_MEMORY]: "out-of-memory", [Status.FAULT]: "fault",
};

/** What a program asks of its host: an operation and its arguments, to be answered by `answer` before it can run on. */
export interface HostCall { operation: string; arguments: Value[]; }

export interface MachineOptions {
  /** Bytes that live data and stack may take (default 64 MB). */
  memoryBytes?: number;
  /** Bytes of stack before a RangeError (default: an eighth of the memory, at most 4 MB). */
  stackBytes?: number;
  /** Keep file names, line tables and variable names (default true). */
  debug?: boolean;
}

/** Room that a first message takes beside itself; each that waits already takes 3 words more, since the inbox may have to grow. The same in hosts/c. */
const INBOX_WORDS = 32;
const DEFAULT_MEMORY = 64 * 1024 * 1024;
/** Words that a new program's buffer has beyond what its code needs. */
const FIRST_WORDS = 16384;

/** The program whose memory the kernel has attached. */
let current: Machine | undefined;
/** One property cache serves all programs: it is flushed when they change places. */
let cache: Int32Array | undefined;

export class Machine {
  private static tier: Jit | undefined;
  /** The compiled tier, where the host wants one (vm/jit): it runs the programs of its kernel. While it was not here, nobody told it that cells moved. */
  static get jit(): Jit | undefined { return Machine.tier; }
  static set jit(jit: Jit | undefined) {
    Machine.tier = jit;
    jit?.moved();
  }
  private buffer: ArrayBuffer;
  private marks: Int32Array;
  /** The stop reason of the last run. */
  stopped: StopReason = "fuel";
  /** What the program needs of its host: its image says it (HEAD). */
  capabilities: { name: string; version: number }[] = [];

  private constructor(readonly kernel: Kernel, readonly core: Core, words: number) {
    this.buffer = new ArrayBuffer(words * 4);
    new Int32Array(this.buffer).set(core.words);
    this.marks = new Int32Array(kernel.marksWords(words));
  }

  /** A new program from its unit. */
  static create(kernel: Kernel, core: Core, unit: ProgramUnit, options: MachineOptions = {}): Machine {
    const limitWords = Math.floor((options.memoryBytes ?? DEFAULT_MEMORY) / 4);
    const stackWords = Math.floor((options.stackBytes ?? Math.min(4 * 1024 * 1024, limitWords / 2)) / 4);
    const withDebug = options.debug ?? true;
    let needed = unitWords(unit.entry, withDebug) + STATE_WORDS + 4096;
    for (const need of unit.needs ?? []) needed += need.name.length + need.place.length + 32;
    for (const module of unit.modules) needed += module.variables.length + 8;
    const machine = new Machine(kernel, core, wordsWithin(HEAP + needed, FIRST_WORDS, limitWords));
    machine.use();
    const { M } = kernel;
    machine.clearRegisters(limitWords, stackWords);
    const loader = new Loader(kernel, withDebug);
    const scopes = unit.modules.map((module) => loader.scope(module.variables.length));
    M[Reg.MODULES] = loader.elements(scopes);
    const state = Array.from({ length: STATE_WORDS }, () => Immediate.UNDEFINED as number);
    const needs = unit.needs ?? [];
    machine.capabilities = needs.map(({ name, version }) => ({ name, version }));
    if (withDebug && needs.length > 0) {
      const places = loader.elements(needs.map(({ name, place }) => loader.text(`${name} ${place}`)));
      state[State.NEEDS] = kernel.reference(kernel.newArray(places, needs.length));
    }
    M[Reg.STATE] = loader.elements(state);
    const entry = loader.closure(loader.unit(unit.entry));
    M[Reg.ENTRY] = entry;
    kernel.begin(M[ROOTS + Root.start!]!, entry);
    return machine;
  }

  private clearRegisters(limitWords: number, stackWords: number): void {
    const { M } = this.kernel;
    for (const name of registerNames) M[Reg[name]] = registers[name][0] === "word" ? Immediate.UNDEFINED : 0;
    M[Reg.HEAP_TOP] = HEAP;
    M[Reg.SP] = this.kernel.memoryWords;
    M[Reg.FP] = this.kernel.memoryWords;
    M[Reg.STACK_FLOOR] = this.kernel.memoryWords - 4096;
    M[Reg.MEMORY_LIMIT] = limitWords;
    M[Reg.STACK_LIMIT] = stackWords;
    M[Reg.NEXT_SERIAL] = this.core.nextSerial;
    M[Reg.RANDOM_0] = 0x12345678;
    M[Reg.RANDOM_1] = 0x2468ace1;
    M[Reg.RANDOM_2] = 0x13579bdf;
    M[Reg.RANDOM_3] = 0x7654321;
  }

  /** A machine over the words of an image: registers and heap from `low`, the live stack from `stack` (image.ts). */
  static restore(kernel: Kernel, core: Core, low: Int32Array, stack: Int32Array): Machine {
    const used = REGISTERS + low.length + stack.length;
    const words = wordsWithin(used, Math.max(FIRST_WORDS, low.length >> 2), low[Reg.MEMORY_LIMIT - REGISTERS]!);
    const spare = words - used;
    const machine = new Machine(kernel, core, words);
    const view = new Int32Array(machine.buffer);
    view.set(low, REGISTERS);
    view.set(stack, words - stack.length);
    view[Reg.SP] = words - stack.length;
    view[Reg.FP] = words - view[Reg.FP]!;
    view[Reg.STACK_FLOOR] = words - stack.length - (spare >> 3);
    machine.use();
    // The floor is put where the running frame allows it.
    kernel.rebase(0);
    return machine;
  }

  /** Makes this program's memory the kernel's. */
  use(): void {
    if (current === this) return;
    cache ??= new Int32Array(this.kernel.CACHE_WORDS);
    this.kernel.attach(this.buffer, cache, this.marks);
    this.kernel.flushCache();
    current = this;
    Machine.jit?.moved();
  }

  /** Runs `fuel` steps at most (a bulk instruction may take a few more). */
  run(fuel: number): StopReason {
    this.use();
    const { kernel } = this;
    const cpu = Machine.jit?.kernel === kernel ? Machine.jit : kernel;
    let status = cpu.execute(Math.min(fuel, 0x3fffffff));
    for (;;) {
      if (status !== Status.GROW) {
        this.stopped = reasons[status] ?? "fault";
        return this.stopped;
      }
      this.grow(even(kernel.M[Reg.REQUEST]!));
      status = cpu.executeAgain();
    }
  }

  /** Moves the program into a larger buffer; the stack keeps its distance from the end. */
  private grow(words: number): void {
    const old = new Int32Array(this.buffer);
    const stackWords = old.length - old[Reg.SP]!;
    const buffer = new ArrayBuffer(words * 4);
    const view = new Int32Array(buffer);
    view.set(old.subarray(0, old[Reg.HEAP_TOP]!));
    view.set(old.subarray(old.length - stackWords), words - stackWords);
    view[Reg.REQUEST] = 0;
    this.buffer = buffer;
    this.marks = new Int32Array(this.kernel.marksWords(words));
    current = undefined;
    this.use();
    this.kernel.rebase(words - old.length);
  }

  /** Makes room for `words` more, collecting or growing: for the host's own allocations between runs. */
  private ensureRoom(words: number): boolean {
    this.use();
    const { kernel } = this;
    while (!kernel.reserve(words)) {
      const status = kernel.makeRoom();
      Machine.jit?.moved();
      if (status === Status.GROW) {
        const wanted = even(kernel.M[Reg.REQUEST]!);
        kernel.M[Reg.REQUEST] = words;
        this.grow(wanted);
      } else if (status !== Status.RUNNING) {
        return false;
      }
    }
    return true;
  }

  /** The host call that the program waits for, after `run` gave "host-call". */
  hostCall(): HostCall {
    this.use();
    const call = readValue(this.kernel, this.kernel.M[Reg.HOST_CALL]!) as Value[];
    const [operation, ...rest] = call;
    return { operation: String(operation), arguments: rest };
  }

  /** Answers it. False if the answer finds no room within the program's limit. */
  answer(value: Value): boolean {
    if (!this.ensureRoom(valueWords(value))) return false;
    const { M } = this.kernel;
    const word = writeValue(this.kernel, value);
    M[M[Reg.SP]!] = word;
    M[Reg.HOST_CALL] = Immediate.UNDEFINED;
    M[Reg.STATUS] = Status.RUNNING;
    count(M, Reg.OUTPUTS_LOW);
    return true;
  }

  /** Leaves a message in the program's inbox: an array whose first element says what kind it is (vm/core/host.js). */
  post(message: Value[]): boolean {
    this.use();
    const { kernel } = this;
    const before = kernel.M[Reg.INBOX]!;
    const waiting = before === Immediate.UNDEFINED ? 0 : kernel.M[(before >> 2) + Field.ARRAY_LENGTH!]!;
    if (!this.ensureRoom(valueWords(message) + INBOX_WORDS + 3 * waiting)) return false;
    const { M } = kernel;
    if (M[Reg.INBOX] === Immediate.UNDEFINED) M[Reg.INBOX] = kernel.reference(kernel.newArray(Immediate.UNDEFINED, 0));
    const word = writeValue(kernel, message);
    const inbox = M[Reg.INBOX]! >> 2;
    kernel.defineElement(inbox, M[inbox + Field.ARRAY_LENGTH!]!, word, 7);
    count(M, Reg.INPUTS_LOW);
    return true;
  }

  /** Wakes a program that waits: its deadline has come. */
  wake(): void {
    this.use();
    this.kernel.M[Reg.STATUS] = Status.WAITING;
  }

  /** When a waiting program wants to be woken, in microseconds of its own time; undefined: only by a message. */
  wakeTime(): number | undefined {
    this.use();
    const { M } = this.kernel;
    const high = M[Reg.WAKE_HIGH]!;
    if (high < 0) return undefined;
    return high * 4294967296 + (M[Reg.WAKE_LOW]! >>> 0);
  }

  /** Where the program imports what needs a function of the host, for people: "name file:line:column"; nothing without debug information. */
  needPlaces(): string[] {
    this.use();
    const { kernel } = this;
    const places = readValue(kernel, kernel.M[(kernel.M[Reg.STATE]! >> 2) + kernel.FIRST_ELEMENT + State.NEEDS]!);
    return Array.isArray(places) ? places.filter((place) => typeof place === "string") : [];
  }

  /** What the program ended with, after "ended". */
  result(): Value {
    this.use();
    return readValue(this.kernel, this.kernel.M[Reg.RESULT]!);
  }

  /** Steps run so far. */
  get steps(): number {
    this.use();
    const { M } = this.kernel;
    return M[Reg.STEPS_HIGH]! * 4294967296 + (M[Reg.STEPS_LOW]! >>> 0);
  }

  /** 64 bits that are equal for equal programs at equal steps on every host, as 16 hexadecimal digits. */
  stateHash(): string {
    this.use();
    const { kernel } = this;
    // It collects.
    kernel.hashState();
    Machine.jit?.moved();
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");
    return hex(kernel.stateHashHigh()) + hex(kernel.stateHashLow());
  }

  /** Collects now: for tests, and before an image is taken. */
  collect(): void {
    this.use();
    this.kernel.collect();
    Machine.jit?.moved();
  }

  /** The memory's words, core included, as they are now; valid until the next call of the machine. */
  words(): Int32Array {
    this.use();
    return this.kernel.M;
  }
}

/** Words of a buffer for `used` words and so many to spare, but none that the program's limit does not let it use: it would be out of memory later than elsewhere. */
function wordsWithin(used: number, spare: number, limit: number): number {
  return even(Math.max(used, Math.min(used + spare, REGISTERS + limit)));
}
/** A memory is a whole number of doubles. */
function even(words: number): number { return words + (words & 1); }
/** Adds 1 to a 64-bit counter register. */
function count(M: Int32Array, low: number): void {
  M[low] = (M[low]! + 1) | 0;
  if (M[low] === 0) M[low + 1]!++;
}

export { CORE_WORDS, Cell, State };
