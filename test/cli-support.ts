// What the tests of the command line share: homes of their own, commands as child processes, hosts that run beside a test.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask, idOf, listPrograms, whichOf, withProgram } from "../hosts/node/commands.js";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const mvmPath = join(root, "build/hosts/node/launch.cjs");

export interface Finished { code: number | null; signal: string | null; stdout: string; stderr: string }

/** A process whose outputs are collected. */
export class Running {
  stdout = "";
  stderr = "";
  readonly finished: Promise<Finished>;
  private readonly watchers = new Set<() => void>();
  isOver = false;

  constructor(readonly child: ChildProcess) {
    child.stdout!.on("data", (bytes: Buffer) => { this.stdout += bytes.toString(); this.look(); });
    child.stderr!.on("data", (bytes: Buffer) => { this.stderr += bytes.toString(); this.look(); });
    this.finished = new Promise((resolve) => {
      child.on("close", (code, signal) => {
        this.isOver = true;
        this.look();
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }
  private look(): void {
    for (const watcher of this.watchers) watcher();
  }
  /** Waits until something is so; fails with what was printed when it is not in time. */
  async until(what: string, condition: () => boolean, patience = 30000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (done: () => void): void => {
        clearTimeout(timer);
        this.watchers.delete(watcher);
        done();
      };
      const describe = (): string => `${what}\nstdout: ${this.stdout.slice(-2000)}\nstderr: ${this.stderr.slice(-2000)}`;
      const watcher = (): void => {
        if (condition()) end(resolve);
        else if (this.isOver) end(() => reject(new Error(`ended before ${describe()}`)));
      };
      const timer = setTimeout(() => end(() => reject(new Error(`waited in vain for ${describe()}`))), patience);
      this.watchers.add(watcher);
    });
  }
  kill(signal: NodeJS.Signals = "SIGKILL"): void {
    this.child.kill(signal);
  }
}

/** A user with a home of his own. Everything he started ends with `close`. */
export class User {
  readonly directory = mkdtempSync(join(tmpdir(), "mvm-test-"));
  readonly home = join(this.directory, "home");
  private readonly children: Running[] = [];
  constructor(readonly environment: NodeJS.ProcessEnv = {}) {
    mkdirSync(this.home, { mode: 0o700 });
  }

  /** A file of this user's: its path. */
  file(name: string, text: string | Uint8Array): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }
  path(name: string): string {
    return join(this.directory, name);
  }

  /** A process: a program for node (default: mvm), or a binary. */
  start(list: readonly string[], { program = mvmPath, binary, input, environment = {} }: { program?: string; binary?: string; input?: string; environment?: NodeJS.ProcessEnv } = {}): Running {
    const [path, inputs] = binary === undefined ? [process.execPath, [program, ...list]] : [binary, list];
    const child = spawn(path, inputs, { cwd: this.directory, env: { ...process.env, MVM_HOME: this.home, ...this.environment, ...environment }, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
    if (input !== undefined) child.stdin!.end(input);
    const running = new Running(child);
    this.children.push(running);
    return running;
  }
  /** Runs a command to its end. */
  mvm(...list: string[]): Promise<Finished> {
    return this.start(list).finished;
  }
  async json(...list: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.mvm(...list, "--json");
    if (code !== 0) throw new Error(`mvm ${list.join(" ")} gave ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }
  /** What `mvm ps` lists, found out in this process: tests ask often. */
  async programs(): Promise<Listed[]> {
    process.env["MVM_HOME"] = this.home;
    return (await listPrograms(undefined)).map((one) => ({ ...one, program: idOf(one) }));
  }

  /** Moves a program of this user's, by this process: tests do it often. */
  async move(name: string, to: string): Promise<{ bytes: number; downtimeMs: number }> {
    process.env["MVM_HOME"] = this.home;
    return withProgram(name, undefined, async (found) => {
      const { bytes = 0, downtime = 0 } = await ask(found, "MIGRATE", { which: whichOf(found), to });
      return { bytes, downtimeMs: downtime / 1000 };
    });
  }

  /** A host on a free port. */
  async serve(options: { program?: string; binary?: string; environment?: NodeJS.ProcessEnv; list?: readonly string[] } = {}): Promise<{ host: Running; address: string }> {
    const host = this.start(["serve", "--listen", "127.0.0.1:0", ...options.list ?? []], options);
    await host.until("a host that listens", () => /listening at \S+,/.test(host.stderr));
    return { host, address: /listening at (\S+),/.exec(host.stderr)![1]! };
  }

  close(): void {
    for (const child of this.children) if (!child.isOver) child.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
export interface Listed { name: string; program: string; epoch: number; status: string; steps: number; pid: number; moved?: string }

/** What node prints for a program. */
export async function nodeOutput(user: User, path: string): Promise<string> {
  return (await user.start([], { program: path }).finished).stdout;
}

/** Lines of a host's output that are a program's. */
export function linesOf(output: string, name: string): string[] {
  return output.split("\n").filter((line) => line.startsWith(`${name}| `)).map((line) => line.slice(name.length + 2));
}
