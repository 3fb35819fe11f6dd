// What makes the program of `mvm run` reachable: a host with this one program behind a Unix socket. Loaded when the
// program has been running for a moment, so that short ones start and end faster.

import { Host, type Leaving } from "../../vm/hosting/host.js";
import type { Output } from "../../vm/hosting/output.js";
import type { Runner } from "../../vm/hosting/runner.js";
import { DuplexConnection } from "./connection.js";
import { rememberKey, scopes } from "./keys.js";
import { platform } from "./platform.js";
import { listenCommands } from "./transport.js";
import { oneLine } from "./trouble.js";

export interface Control { close(): void }

/** `left` is called when the program has left this process by a person's doing; its runner is disposed of by then. */
export async function openControl(runner: Runner, name: string, output: Output, left: (leaving: Leaving) => void): Promise<Control> {
  const host = new Host({
    platform,
    importKey: rememberKey,
    left: (_, leaving) => left(leaving),
    note: (line) => process.stderr.write(`mvm: ${oneLine(line)}\n`),
  });
  const resident = host.add(name, runner, output);
  const listener = await listenCommands((stream) => {
    host.link({ connection: new DuplexConnection(stream), began: false, scopes, place: "a command" });
  });
  let warned = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (resident.source.phase === "granted" && !warned) {
        warned = true;
        process.stderr.write(`mvm: it is in doubt which host owns ${name}, and its image here may be the only one; once more drops it\n`);
        return;
      }
      listener.close();
      process.exit(128 + (signal === "SIGINT" ? 2 : signal === "SIGHUP" ? 1 : 15));
    });
  }
  return {
    close: () => {
      listener.close();
      // The answer to the command that caused this is sent first; then nothing keeps the process, unless pins of
      // the program have stayed here.
      setImmediate(() => host.keeper.onceOver(() => {
        for (const link of host.links) link.close();
      }));
    },
  };
}
