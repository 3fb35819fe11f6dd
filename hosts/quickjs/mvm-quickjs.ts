#!/usr/bin/env node
// The command mvm-quickjs: reads the arguments, starts the engine and gives it what it asks for (shell.ts). Whatever goes
// wrong ends as one line and an exit code of vm/hosting/trouble.ts.

import { constants } from "node:os";
import { nameOf, readBytes } from "../node/files.js";
import { bootId, hostId, hostName } from "../node/home.js";
import { readKeys, scopes } from "../node/keys.js";
import { ClosedPipe } from "../node/output.js";
import { patience } from "../node/patience.js";
import { addressText, listenCommands, listenHosts, parseAddress } from "../node/transport.js";
import { Exit, Trouble } from "../node/trouble.js";
import { parseCommand, type Command } from "./inside/arguments.js";
import type { HostFacts, Inside } from "./inside/shell.js";
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
  const image = bufferOf(readBytes(file));
  let commands: Listening | undefined;
  const ended = (code: number): void => {
    commands?.close();
    process.exitCode = code;
  };
  const shell = await NodeShell.start({ name: NAME, ended, failed: stop, outputLost: stop });
  if (options.virtualTime !== true) {
    commands = await listenCommands((stream) => shell.accept(stream, "a command", scopes));
    onSignals(["SIGHUP", "SIGINT", "SIGTERM"], shell, (signal, { inDoubt }, again) => {
      if (inDoubt.length > 0 && !again) return `it is in doubt which host owns ${inDoubt.join(", ")}, and its image here may be the only one; once more drops it`;
      commands?.close();
      process.exit(128 + constants.signals[signal]);
    });
  }
  shell.call("run", image, facts(), options);
}

async function serve({ listen, options }: Command & { kind: "serve" }): Promise<void> {
  const address = parseAddress(listen);
  const shell = await NodeShell.start({ name: NAME, ended: () => {}, failed: stop });
  shell.call("serve", facts(), options);
  const listener = await listenHosts(address, ({ stream, key, place }) => shell.accept(stream, place, key.scopes), (line) => shell.note(line));
  const commands = await listenCommands((stream) => shell.accept(stream, "a command", scopes));
  shell.note(`listening at ${addressText(listener.address)}, key ${readKeys()[0]!.id}`);
  onSignals(["SIGINT", "SIGTERM"], shell, (signal, { names }, again) => {
    if (names.length > 0 && signal === "SIGINT" && !again) return `${names.join(", ")} would end with this host; move or stop them, or ask once more`;
    if (names.length > 0) shell.note(`${names.join(", ")} ended with this host`);
    commands.close();
    process.exit(Exit.OK);
  });
}

type Signal = "SIGHUP" | "SIGINT" | "SIGTERM";
/** What a signal does: ends the process, or gives the reason why it does not at the first time. */
function onSignals(signals: readonly Signal[], shell: NodeShell, end: (signal: Signal, programs: ReturnType<Inside["programs"]>, again: boolean) => string): void {
  let again = false;
  for (const signal of signals) {
    process.on(signal, () => {
      shell.call("finish");
      shell.note(end(signal, shell.call("programs")!, again));
      again = true;
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
