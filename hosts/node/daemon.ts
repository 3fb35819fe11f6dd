// `mvm serve`: a host that takes programs in. It listens for other hosts over TCP and for this user's commands on a Unix
// socket. What its programs print goes to its own outputs, each line with the program's name before it; what people
// should know goes to stderr.

import { Host, type Receiving, type Resident } from "./host.js";
import { readKeys, scopes } from "./keys.js";
import { ClosedPipe, NamedOutput } from "./output.js";
import { Program } from "./program.js";
import { endLine } from "./run.js";
import { Runner } from "./runner.js";
import { addressText, listenCommands, listenHosts, type Address } from "./transport.js";
import { Exit, oneLine, Trouble } from "./trouble.js";

export interface ServeOptions {
  listen: Address;
  /** Bytes of memory that one program may have. */
  memoryMax: number;
  programsMax: number;
}

export async function serve({ listen, memoryMax, programsMax }: ServeOptions): Promise<void> {
  const note = (line: string): void => { process.stderr.write(`mvm: ${oneLine(line)}\n`); };
  const finish = (resident: Resident): void => (resident.output as NamedOutput).finish();

  const adopt: Receiving["adopt"] = (arrival, name) => {
    const output = new NamedOutput(name);
    const { machine, head } = arrival.program;
    const program: Program = Program.arrived(machine, head, arrival.record.epoch, {
      output: (stream, text) => output.write(stream, text),
      environment: () => Object.entries(process.env).map(([variable, value]) => [variable, value ?? ""]),
      woken: () => runner.wake(),
    });
    const runner: Runner = new Runner(program, {
      flush: () => output.flush(),
      ended: (end) => {
        finish(resident);
        host.remove(resident);
        note(endLine(end, name, program) || `${name} has ended with ${program.exitCode}`);
      },
      troubled: (error) => {
        if (error instanceof Trouble || error instanceof ClosedPipe) {
          resident.paused = true;
          return note(`${error.message}; ${name} is paused: mvm resume ${name} when that is over`);
        }
        // One program's accident costs no other.
        note(`a fault of mvm's own in ${name}: ${error instanceof Error ? error.stack : String(error)}`);
        host.leave(resident, { kind: "stopped" });
      },
    });
    const resident = host.add(name, runner, output);
    resident.paused = arrival.paused;
    if (!arrival.paused) runner.release();
    note(`${name} has come from ${arrival.from} (${arrival.received} bytes)`);
    return resident;
  };

  const host = new Host({
    receives: { memoryMax, programsMax, adopt },
    note,
    left: (resident, leaving) => {
      finish(resident);
      if (leaving.kind === "moved") note(`${resident.name} has moved to ${leaving.to}${leaving.name === resident.name ? "" : ` as ${leaving.name}`}`);
      else note(leaving.kind === "stopped" ? `${resident.name} was stopped` : `${resident.name} was recovered on another host and ends here`);
    },
  });
  const listener = await listenHosts(listen, ({ stream, key, place }) => {
    host.link({ stream, began: false, scopes: key.scopes, place });
  }, note);
  const commands = await listenCommands((stream) => {
    host.link({ stream, began: false, scopes, place: "a command" });
  });
  note(`listening at ${addressText(listener.address)}, key ${readKeys()[0]!.id}`);

  let warned = false;
  const stop = (code: number): void => {
    if (host.residents.length > 0 && !warned) {
      warned = true;
      note(`${host.residents.map((one) => one.name).join(", ")} would end with this host; move or stop them, or ask once more`);
      return;
    }
    for (const resident of host.residents) finish(resident);
    commands.close();
    process.exit(code);
  };
  process.on("SIGINT", () => stop(Exit.OK));
  process.on("SIGTERM", () => {
    warned = true;
    if (host.residents.length > 0) note(`${host.residents.map((one) => one.name).join(", ")} ended with this host`);
    stop(Exit.OK);
  });
}
