// `mvm run`: one program in this process, with this process's outputs, until it ends, leaves or is stopped. This file and
// what it imports is all that a short program needs: the control socket, and with it everything about moving, is loaded
// when the program has been running for a moment.

import type { Control } from "./control.js";
import { nameOf, readBytes } from "./files.js";
import type { Leaving } from "./host.js";
import { compileFile, createMachine, isImage, limitMemory, MEMORY_DEFAULT, restoreBytes } from "./load-program.js";
import { PlainOutput } from "./output.js";
import { Program, type Surroundings } from "./program.js";
import { Runner, type End } from "./runner.js";
import { Exit, oneLine } from "./trouble.js";

export interface RunOptions {
  name?: string;
  /** Bytes. */
  memory?: number;
  fuel?: number;
  /** process.argv from the third on. */
  programArguments?: string[];
}

/** The exit code of a program that a person stopped: as if by SIGTERM. */
const STOPPED = 143;

/** Milliseconds after which a running program can be found by other commands. */
const CONTROL_DELAY = 40;

export async function run(file: string, options: RunOptions): Promise<void> {
  const output = new PlainOutput();
  const surroundings: Surroundings = {
    output: (stream, text) => output.write(stream, text),
    programArguments: ["mvm", file, ...options.programArguments ?? []],
    environment: () => Object.entries(process.env).map(([name, value]) => [name, value ?? ""]),
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
    const line = {
      moved: () => `${name} has moved to ${(leaving as Leaving & { kind: "moved" }).to}${leaving.kind === "moved" && leaving.name !== name ? ` as ${leaving.name}` : ""}`,
      stopped: () => `${name} was stopped`,
      superseded: () => `${name} was recovered on another host and runs there`,
    }[leaving.kind]();
    process.stderr.write(`mvm: ${line}\n`);
    leave(leaving.kind === "stopped" ? STOPPED : Exit.OK);
  };
  const runner: Runner = new Runner(program, {
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

/** The exit code of a program that does not run any more. */
export function exitOf(end: End, program: Program): number {
  switch (end.kind) {
    case "ended": return end.code;
    case "out-of-memory": case "fuel": return Exit.LIMIT;
    case "fault": return program.failed ? Exit.PROGRAM : Exit.INTERNAL;
  }
}
/** What a person should know of its end; nothing if it ended by itself. */
export function endLine(end: End, name: string, program: Program, fuel?: number): string {
  switch (end.kind) {
    case "ended": return "";
    case "out-of-memory": return `${name} needs more than its ${program.memoryLimit} bytes of memory; give it more with --memory`;
    case "fuel": return `${name} has used its ${fuel} steps; give it more with --fuel`;
    case "fault": return `${name} stopped at step ${program.machine.steps} at an instruction that no compiler makes; build it again`;
  }
}
