// `mvm run`: one program in this process, with this process's outputs, until it ends, leaves or is stopped. This file and
// what it imports is all that a short program needs: the control socket, and with it everything about moving, is loaded
// when the program has been running for a moment.

import { endLine, exitOf, leavingLine, STOPPED } from "../../vm/hosting/ending.js";
import type { Leaving } from "../../vm/hosting/host.js";
import { chooseIo, lackingLine, type IoChoice } from "../../vm/hosting/io-choice.js";
import { Program, type Surroundings } from "../../vm/hosting/program.js";
import { Runner } from "../../vm/hosting/runner.js";
import { compileEvaluated } from "./compile-evaluated.js";
import type { Control } from "./control.js";
import { nameOf, readBytes } from "./files.js";
import { compileFile, createMachine, isImage, limitMemory, MEMORY_DEFAULT, restoreBytes } from "./load-program.js";
import { PlainOutput } from "./output.js";
import { timing } from "./timing.js";
import { Exit, oneLine, Trouble } from "./trouble.js";

export interface RunOptions {
  name?: string;
  /** Bytes. */
  memory?: number;
  fuel?: number;
  io?: IoChoice;
  /** process.argv from the third on. */
  programArguments?: string[];
}

/** Milliseconds after which a running program can be found by other commands. */
const CONTROL_DELAY = 40;

export async function run(file: string, options: RunOptions): Promise<void> {
  const output = new PlainOutput();
  const surroundings: Surroundings = {
    timing,
    output: (stream, text) => output.write(stream, text),
    io: chooseIo(options.io ?? "mock"),
    programArguments: ["mvm", file, ...options.programArguments ?? []],
    environment: () => Object.entries(process.env).map(([name, value]) => [name, value ?? ""]),
    compile: compileEvaluated,
    woken: () => runner.wake(),
  };
  let program: Program;
  if (isImage(file)) {
    const { machine } = await restoreBytes(readBytes(file), file);
    if (options.memory !== undefined) limitMemory(machine, options.memory);
    program = Program.copyOf(machine, surroundings);
  } else {
    program = Program.begin(await createMachine(compileFile(file), { memoryBytes: options.memory ?? MEMORY_DEFAULT }), surroundings);
  }
  const name = oneLine(options.name ?? nameOf(file));
  const lacking = lackingLine(program.machine.capabilities, program.machine.needPlaces(), surroundings.io);
  if (lacking !== undefined) throw new Trouble(Exit.LIMIT, lacking, "run it with --io mock, or on a host that has it");
  let control: Control | undefined;
  let over = false;
  const timer = setTimeout(() => {
    import("./control.js").then(({ openControl }) => openControl(runner, name, output, left)).then((opened) => {
      control = opened;
      if (over) control.close();
    }, (error: unknown) => {
      process.stderr.write(`mvm: other commands will not find this program: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  }, CONTROL_DELAY).unref();
  const leave = (code: number): void => {
    over = true;
    clearTimeout(timer);
    control?.close();
    process.exitCode = code;
  };
  const left = (leaving: Leaving): void => {
    process.stderr.write(`mvm: ${leavingLine(leaving, name, "runs there")}\n`);
    leave(leaving.kind === "stopped" ? STOPPED : Exit.OK);
  };
  const runner: Runner = new Runner(program, {
    timing,
    fuel: options.fuel,
    flush: () => output.flush(),
    ended: (end) => {
      leave(exitOf(end, program));
      const line = endLine(end, name, program, options.fuel);
      if (line !== "") process.stderr.write(`mvm: ${line}\n`);
    },
  });
  runner.release();
}
