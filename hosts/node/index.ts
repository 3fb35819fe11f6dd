// mvm as a library: programs inside another program of Node's.
//
//   import { compile, Machine } from "mvm";
//
//   const machine = await Machine.create(compile("app.js"), {
//     functions: { add: (a, b) => a + b },                 // the program calls them: await mvm.call("add", 1, 2)
//     output: (stream, text) => process.stdout.write(text),
//   });
//   machine.run(100000);                                   // a hundred thousand steps, then it stands still
//   const image = machine.snapshot();                      // bytes: keep them, send them
//   const copy = await Machine.restore(image);             // here or on another host, now or in a year
//   await copy.finish();                                   // timers and all, to the end
//
// A machine runs only in `run`, `finish` and `call`; between calls it stands still and can be looked at, copied, dropped.

import { compileModuleSource, compileProgram, CompileError, type SourceHost } from "../../compiler/index.js";
import { Reg } from "../../vm/format/registers.js";
import { IoError, type IoProvider } from "../../vm/hosting/io.js";
import { MockIo } from "../../vm/hosting/io-mock.js";
import { Program, type HostFunction, type Surroundings } from "../../vm/hosting/program.js";
import { Runner, type End } from "../../vm/hosting/runner.js";
import { inspect, inspectText, type Inspection } from "../../vm/inspect.js";
import { Machine as Memory } from "../../vm/machine.js";
import type { ProgramUnit } from "../../vm/unit.js";
import type { Value } from "../../vm/value.js";
import { compileEvaluated } from "./compile-evaluated.js";
import { checkFile, sourceHost } from "./files.js";
import { loadLibrary } from "./load-core.js";
import { createMachine, MEMORY_DEFAULT, restoreBytes } from "./load-program.js";
import { takeImage } from "./take-image.js";
import { timing } from "./timing.js";

export { CompileError, inspectText, IoError, MockIo, type HostFunction, type IoProvider, type Inspection, type ProgramUnit, type SourceHost, type Value };

/** Compiles the file of a program, with all that it imports. `files` stands for the file system. */
export function compile(path: string, files?: SourceHost): ProgramUnit {
  return files === undefined ? compileProgram(checkFile(path), sourceHost) : compileProgram(path, { library: loadLibrary, ...files });
}
/** Compiles the text of one module that imports nothing. */
export function compileSource(source: string, name = "program.mjs"): ProgramUnit {
  return compileModuleSource(source, name);
}

export interface Options {
  /** Bytes of memory that the program may take (default 64 MB). */
  memory?: number;
  /** Without names and line tables. */
  debug?: boolean;
  /** What the program prints, line ends included; stream 1 is stdout, 2 stderr. Default: this process's. */
  output?: (stream: 1 | 2, text: string) => void;
  /** Functions that the program calls by name: `await mvm.call("name", …)`, or `mvm.ask("name", …)`, for whose result it stands still. Arguments and results are plain data. */
  functions?: Readonly<Record<string, HostFunction>>;
  /** Pins and buses for the classes of embedded:io (vm/io/README.md): `new MockIo()`, or one's own. None unless given. */
  io?: IoProvider;
  /** process.argv of the program. */
  arguments?: readonly string[];
  /** process.env of the program; none unless given. */
  environment?: Readonly<Record<string, string>>;
  /** Microseconds of the program's time, for those who decide about time themselves. Default: real time, from `create` or `restore` on. */
  clock?: () => number;
}

/** Why a machine stands still. */
export type Stop =
  /** The fuel is used up. */
  | { reason: "fuel" }
  /** It waits for a timer that is due in so many milliseconds, or (undefined) for a message or a function's result. */
  | { reason: "waiting"; wakeIn: number | undefined }
  /** It has ended with that exit code. */
  | { reason: "ended"; code: number }
  /** It needs more memory than it may take. */
  | { reason: "out-of-memory" }
  /** It did what no compiler makes programs do. */
  | { reason: "fault" };

function surroundingsOf(options: Options, woken: () => void): Surroundings {
  return {
    timing,
    output: options.output ?? ((stream, text) => { (stream === 1 ? process.stdout : process.stderr).write(text); }),
    functions: new Map(Object.entries(options.functions ?? {})),
    io: options.io,
    programArguments: options.arguments ?? ["mvm", "program"],
    environment: () => Object.entries(options.environment ?? {}),
    clock: options.clock,
    compile: compileEvaluated,
    woken,
  };
}

export class Machine {
  private wake = (): void => {};
  private waiting = false;
  private over: Stop | undefined;
  private program!: Program;

  private constructor() {}

  /** A new program that has not run yet. */
  static async create(unit: ProgramUnit, options: Options = {}): Promise<Machine> {
    const memory = await createMachine(unit, { memoryBytes: options.memory ?? MEMORY_DEFAULT, debug: options.debug ?? true });
    return Machine.over(memory, options);
  }
  /**
   * The program of an image, where it stopped. It is a copy: it has an identity and random numbers of its own, and hears
   * the signals "restored" and "cloned". Rejects with a sentence for people if the image cannot be taken.
   */
  static async restore(image: Uint8Array, options: Options = {}): Promise<Machine> {
    const { machine } = await restoreBytes(image, "the image");
    if (options.memory !== undefined) machine.words()[Reg.MEMORY_LIMIT] = Math.floor(options.memory / 4);
    return Machine.over(machine, options);
  }
  private static over(memory: Memory, options: Options): Machine {
    const machine = new Machine();
    machine.program = Program.copyOf(memory, surroundingsOf(options, () => machine.wake()));
    machine.program.startClock();
    machine.wake = () => { machine.waiting = false; };
    return machine;
  }

  /** Runs so many steps at most (a bulk operation may take a few more). What functions of the host return arrives between calls. */
  run(fuel: number): Stop {
    const { program } = this;
    if (this.over !== undefined) return this.over;
    if (this.waiting) {
      const wakeIn = program.untilWake();
      if (wakeIn === undefined || wakeIn > 0) return { reason: "waiting", wakeIn };
      program.machine.wake();
      this.waiting = false;
    }
    switch (program.advance(fuel)) {
      case "fuel": return { reason: "fuel" };
      case "waiting":
        this.waiting = true;
        return { reason: "waiting", wakeIn: program.untilWake() };
      case "ended": return this.over = { reason: "ended", code: program.exitCode };
      case "out-of-memory": return this.over = { reason: "out-of-memory" };
      default: return this.over = { reason: "fault" };
    }
  }

  /** Runs to the end, in slices, with timers in real time. With `fuel`: at most so many steps in all since it began. */
  finish(options: { fuel?: number } = {}): Promise<Stop> {
    if (this.over !== undefined) return Promise.resolve(this.over);
    return new Promise((resolve) => {
      const runner = new Runner(this.program, { timing, fuel: options.fuel, ended: (end) => resolve(this.ended(end)) });
      runner.waiting = this.waiting;
      this.wake = () => runner.wake();
      runner.release();
    });
  }
  private ended(end: End): Stop {
    if (end.kind === "fuel") return { reason: "fuel" };
    return this.over = end.kind === "ended" ? { reason: "ended", code: end.code } : { reason: end.kind };
  }

  /** Calls a function that the program gave to `mvm.expose`. The result comes when the program has run so far: in `finish`, or by calls of `run`. */
  call(name: string, ...list: Value[]): Promise<Value> {
    return this.program.callProgram(name, list);
  }
  /** Leaves a message for listeners of `mvm.on(name)`; false if it finds no room. */
  send(name: string, data: Value): boolean {
    return this.program.send(name, data);
  }

  /** The program as bytes. It goes on as if nothing had happened. */
  snapshot(options: { debug?: boolean } = {}): Uint8Array {
    return takeImage(this.program, options.debug ?? true);
  }
  /** Where it is, what it waits for, what its memory is full of. `inspectText` makes text of it. */
  inspect(): Inspection {
    return inspect(this.program.machine);
  }
  /** Steps run so far. */
  get steps(): number {
    return this.program.machine.steps;
  }
  /** 16 hexadecimal digits, equal for equal programs at equal steps on every host. */
  stateHash(): string {
    return this.program.machine.stateHash();
  }
}
