// A host that takes programs in: what becomes of each when it has arrived, when it ends, when its output cannot be
// written. Where connections come from is the business of whoever makes it.

import { endLine, leavingLine } from "./ending.js";
import { Host, type HostOptions, type Receiving, type Resident } from "./host.js";
import type { IoProvider } from "./io.js";
import { NamedOutput, type Outlet } from "./output.js";
import { Program, type Surroundings } from "./program.js";
import { Runner } from "./runner.js";

export interface ServingOptions extends Pick<HostOptions, "platform" | "note" | "importKey">, Pick<Receiving, "memoryMax" | "programsMax"> {
  /** Where lines of a program go. */
  output(): Outlet;
  /** Pins and buses, where the host has any. */
  io?: IoProvider | undefined;
  /** Compiles for eval and its like, where the host has a compiler. */
  compile?: Surroundings["compile"];
  /** Variables of the environment that programs see. */
  environment(): [name: string, value: string][];
  /** What cannot be done to an output is an accident outside, and a sentence says which; anything else is a fault of ours. */
  accident(error: unknown): string | undefined;
}

export class ServingHost extends Host {
  constructor(options: ServingOptions) {
    super({
      ...options,
      receives: { memoryMax: options.memoryMax, programsMax: options.programsMax, io: options.io, adopt: (arrival, name) => adopt(this, options, arrival, name) },
      left: (resident, leaving) => {
        finish(resident);
        options.note(leavingLine(leaving, resident.name, "ends here"));
      },
    });
  }
  /** The host ends: what its programs have printed goes out. */
  finish(): void {
    for (const resident of this.residents) finish(resident);
  }
}

function finish(resident: Resident): void {
  (resident.output as NamedOutput).finish();
}

function adopt(host: Host, options: ServingOptions, arrival: Parameters<Receiving["adopt"]>[0], name: string): Resident {
  const { platform, note } = options;
  const output = new NamedOutput(name, options.output());
  const { machine, head } = arrival.program;
  const program: Program = Program.arrived(machine, head, arrival.record.epoch, {
    timing: platform,
    output: (stream, text) => output.write(stream, text),
    environment: options.environment,
    io: options.io,
    compile: options.compile,
    woken: () => runner.wake(),
  });
  const runner: Runner = new Runner(program, {
    timing: platform,
    flush: () => output.flush(),
    ended: (end) => {
      finish(resident);
      host.remove(resident);
      note(endLine(end, name, program) || `${name} has ended with ${program.exitCode}`);
    },
    troubled: (error) => {
      const accident = options.accident(error);
      if (accident !== undefined) {
        resident.paused = true;
        return note(`${accident}; ${name} is paused: mvm resume ${name} when that is over`);
      }
      // One program's accident costs no other.
      note(`a fault of mvm's own in ${name}: ${error instanceof Error ? error.stack : String(error)}`);
      host.leave(resident, { kind: "stopped" });
    },
  });
  const io = arrival.takeIo();
  if (io !== undefined) program.giveIo(io);
  const resident = host.add(name, runner, output);
  resident.paused = arrival.paused;
  if (!arrival.paused) runner.release();
  note(`${name} has come from ${arrival.from} (${arrival.received} bytes)`);
  return resident;
}
