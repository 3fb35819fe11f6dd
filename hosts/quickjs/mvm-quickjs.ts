#!/usr/bin/env node
// The command mvm-quickjs: reads the arguments, starts the engine and gives it what it asks for (shell.ts). Whatever goes
// wrong ends as one line and an exit code of vm/hosting/trouble.ts.

import { nameOf, readBytes } from "../node/files.js";
import { bootId, hostId, hostName } from "../node/home.js";
import { readKeys, scopes } from "../node/keys.js";
import { ClosedPipe } from "../node/output.js";
import { patience } from "../node/patience.js";
import { addressText, listenCommands, listenHosts, parseAddress } from "../node/transport.js";
import { Exit, Trouble } from "../node/trouble.js";
import { parseCommand, type Command } from "./inside/arguments.js";
import type { HostFacts } from "./inside/shell.js";
import { bufferOf, NodeShell } from "./shell.js";

const NAME = "mvm-quickjs";
/** The exit code of a program that was killed by SIGPIPE. */
const SIGPIPE = 141;

function stop(error: unknown): never {
  if (error instanceof ClosedPipe) process.exit(SIGPIPE);
  if (error instanceof Trouble) {
    process.stderr.write(`${NAME}: ${error.line}\n`);
    process.exit(error.exit);
  }
  process.stderr.write(`${NAME}: a fault of mvm's own: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(Exit.INTERNAL);
}

function facts(): HostFacts {
  return { software: "mvm 0.1.0 on QuickJS", hostId: hostId(), bootId, hostName: hostName(), processId: process.pid, patience };
}

type Listening = { close(): void };

async function run({ file, options }: Command & { kind: "run" }): Promise<void> {
  const image = readBytes(file);
  let commands: Listening | undefined;
  const shell = await NodeShell.start(NAME, (code) => {
    commands?.close();
    process.exitCode = code;
  }, stop);
  const copy = bufferOf(image);
  if (options.virtualTime !== true) {
    commands = await listenCommands((stream) => shell.accept(stream, "a command", scopes));
    onSignals(shell, (code) => {
      commands?.close();
      process.exit(code);
    });
  }
  shell.call("run", copy, facts(), options);
}

async function serve({ listen, options }: Command & { kind: "serve" }): Promise<void> {
  const address = parseAddress(listen);
  const shell = await NodeShell.start(NAME, stop, stop);
  shell.call("serve", facts(), options);
  const listener = await listenHosts(address, ({ stream, key, place }) => shell.accept(stream, place, key.scopes), (line) => shell.note(line));
  const commands = await listenCommands((stream) => shell.accept(stream, "a command", scopes));
  shell.note(`listening at ${addressText(listener.address)}, key ${readKeys()[0]!.id}`);
  onSignals(shell, (code, signal) => {
    commands.close();
    process.exit(signal === "SIGHUP" ? code : Exit.OK);
  });
}

/** A signal ends the process; where programs would be lost, only the second one. */
function onSignals(shell: NodeShell, end: (code: number, signal: string) => void): void {
  let warned = false;
  for (const [signal, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]] as const) {
    process.on(signal, () => {
      const { names, inDoubt } = shell.call("programs") ?? { names: [], inDoubt: [] };
      shell.call("finish");
      if (inDoubt.length > 0 && !warned) {
        warned = true;
        return shell.note(`it is in doubt which host owns ${inDoubt.join(", ")}, and the image here may be the only one; once more drops it`);
      }
      if (names.length > 0) shell.note(`${names.join(", ")} ended with this host`);
      end(128 + number, signal);
    });
  }
}

process.on("uncaughtException", stop);
try {
  const command = parseCommand(process.argv.slice(2), { name: NAME, listens: true }, nameOf);
  if (command.kind === "help") process.stdout.write(command.text);
  else if (command.kind === "run") await run(command);
  else await serve(command);
} catch (error) {
  stop(error);
}
