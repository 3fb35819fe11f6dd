// The host inside QuickJS: one program (`run`) or those that arrive (`serve`), on the machine, the ownership and the
// protocol that all hosts share (vm/hosting). Everything that is decided is decided here; the shell carries bytes.

import { Reg } from "../../../vm/format/registers.js";
import { ImageError, readImage, restoreImage, type Digest, type ImageHead } from "../../../vm/image.js";
import { endLine, exitOf, leavingLine, STOPPED } from "../../../vm/hosting/ending.js";
import { chooseIo, lackingLine } from "../../../vm/hosting/io-choice.js";
import { Host } from "../../../vm/hosting/host.js";
import { Program } from "../../../vm/hosting/program.js";
import { Runner } from "../../../vm/hosting/runner.js";
import type { Scope } from "../../../vm/hosting/scopes.js";
import { ServingHost } from "../../../vm/hosting/serve.js";
import { Exit, oneLine, Trouble } from "../../../vm/hosting/trouble.js";
import type { Machine } from "../../../vm/machine.js";
import * as kernel from "../../../vm/kernel/index.js";
import { ComparedProgram } from "./comparing.js";
import { loadCore } from "./core.js";
import { digestOf } from "./digest.js";
import { OutputAccident, ShellOutput, ShellPlatform } from "./platform.js";
import { bufferOf, MEMORY_MAX, type HostFacts, type Inside, type RunOptions, type ServeOptions, type Shell } from "./shell.js";

export class InsideHost implements Inside {
  private platform: ShellPlatform | undefined;
  private host: Host | undefined;

  private readonly digest: Digest;

  constructor(private readonly shell: Shell) {
    this.digest = digestOf(shell);
  }

  private note = (line: string): void => this.shell.note(oneLine(line));
  private environment = (): [string, string][] => {
    const list = JSON.parse(this.shell.environment()) as string[];
    return Array.from({ length: list.length >> 1 }, (_, i) => [list[2 * i]!, list[2 * i + 1]!]);
  };
  private importKey = (key: Uint8Array, scopes: readonly Scope[], name: string): { id: string; count: number } => {
    const answer = JSON.parse(this.shell.importKey(bufferOf(key), scopes.join(","), name)) as { id: string; count: number } | { exit: number; problem: string; advice: string };
    if ("problem" in answer) throw new Trouble(answer.exit, answer.problem, answer.advice);
    return answer;
  };
  private begin(facts: HostFacts): ShellPlatform {
    if (this.platform !== undefined) throw new Error("this engine has a host already");
    return this.platform = new ShellPlatform(this.shell, facts);
  }

  // ---------------------------------------------------------------- one program

  run(image: ArrayBuffer, facts: HostFacts, options: RunOptions): void {
    try {
      const { machine, head } = this.restore(image, options);
      if (options.virtualTime === true) this.compare(machine, head, options);
      else this.runProgram(this.begin(facts), machine, options);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.note(error.line);
      this.shell.ended(error.exit);
    }
  }
  private restore(image: ArrayBuffer, options: RunOptions): { machine: Machine; head: ImageHead } {
    let machine: Machine;
    let head: ImageHead;
    try {
      const parts = readImage(new Uint8Array(image), this.digest, { memoryBytes: MEMORY_MAX });
      ({ head } = parts);
      machine = restoreImage(kernel, loadCore(), parts, this.digest);
    } catch (error) {
      if (error instanceof ImageError) throw new Trouble(Exit.FILE, `${options.name}: ${error.message}`, error.advice);
      throw error;
    }
    if (options.memory !== undefined) machine.words()[Reg.MEMORY_LIMIT] = Math.floor(options.memory / 4);
    return { machine, head };
  }

  private runProgram(platform: ShellPlatform, machine: Machine, options: RunOptions): void {
    const { name, fuel } = options;
    const { shell, note } = this;
    const output = new ShellOutput(shell);
    const io = chooseIo(options.io ?? "mock");
    const lacking = lackingLine(machine.capabilities, machine.needPlaces(), io);
    if (lacking !== undefined) throw new Trouble(Exit.LIMIT, lacking, "run it with --io mock, or on a host that has it");
    const program: Program = Program.copyOf(machine, {
      timing: platform,
      output: (stream, text) => output.write(stream, text),
      programArguments: options.programArguments,
      environment: this.environment,
      io,
      woken: () => runner.wake(),
    });
    const runner: Runner = new Runner(program, {
      timing: platform,
      fuel,
      flush: () => output.flush(),
      ended: (end) => {
        const line = endLine(end, name, program, fuel);
        if (line !== "") note(line);
        this.leave(exitOf(end, program));
      },
      troubled: (error) => {
        if (!(error instanceof OutputAccident)) throw error;
        note(error.message);
        this.leave(Exit.FILE);
      },
    });
    this.host = new Host({
      platform, note, importKey: this.importKey,
      left: (_, leaving) => {
        note(leavingLine(leaving, name, "runs there"));
        this.leave(leaving.kind === "stopped" ? STOPPED : Exit.OK);
      },
    });
    this.host.add(name, runner, output);
    runner.release();
  }
  /** The process ends, when the answer to the command that caused this is on its way. */
  private leave(code: number): void {
    this.platform!.soon(() => this.host!.keeper.onceOver(() => {
      for (const link of this.host!.links) link.close();
      this.shell.ended(code);
    }));
  }

  private compare(machine: Machine, head: ImageHead, options: RunOptions): void {
    const { name, fuel = Infinity, stopAfter = Infinity } = options;
    const output = new ShellOutput(this.shell);
    const program = new ComparedProgram(machine, output, options.programArguments, this.environment());
    const end = program.run({
      fuel, stopAfter, hashEvery: options.hashEvery ?? Infinity, collectEvery: options.collectEvery ?? Infinity,
      hash: (line) => output.write(2, `${line}\n`),
    });
    output.flush();
    const ended = (code: number, line = ""): void => {
      if (line !== "") this.note(line);
      this.shell.ended(code);
    };
    switch (end) {
      case "stopped": {
        const problem = this.shell.writeFile(options.output!, bufferOf(program.image(head, this.digest)));
        return problem === "" ? ended(Exit.OK) : ended(Exit.FILE, problem);
      }
      case "ended": {
        const result = machine.result();
        const late = stopAfter === Infinity ? "" : `${name} ended at step ${machine.steps}, before step ${stopAfter}: no image was written; stop it earlier`;
        return ended(typeof result === "number" ? result & 255 : 0, late);
      }
      case "fuel": return ended(Exit.LIMIT, `${name} has used its ${fuel} steps; give it more with --fuel`);
      case "out-of-memory": return ended(Exit.LIMIT, `${name} needs more than its ${machine.words()[Reg.MEMORY_LIMIT]! * 4} bytes of memory; give it more with --memory`);
      case "deadlock": return ended(Exit.PROGRAM, `${name} waits for a message, and none comes in virtual time; run it without --virtual-time`);
      case "fault": return ended(program.failed ? Exit.PROGRAM : Exit.INTERNAL, `${name} stopped at step ${machine.steps} at an instruction that no compiler makes; build it again`);
    }
  }

  // ---------------------------------------------------------------- programs that arrive

  serve(facts: HostFacts, options: ServeOptions): void {
    const platform = this.begin(facts);
    this.host = new ServingHost({
      ...options, platform, note: this.note, importKey: this.importKey, io: chooseIo(options.io),
      output: () => new ShellOutput(this.shell),
      environment: this.environment,
      accident: (error) => error instanceof OutputAccident ? error.message : undefined,
    });
  }

  programs(): { names: string[]; inDoubt: string[] } {
    const residents = this.host?.residents ?? [];
    return { names: residents.map((one) => one.name), inDoubt: residents.filter((one) => one.source.phase === "granted").map((one) => one.name) };
  }
  finish(): void {
    if (this.host instanceof ServingHost) this.host.finish();
    else for (const { output } of this.host?.residents ?? []) output.flush();
  }

  // ---------------------------------------------------------------- what the shell tells

  opened(connection: number, place: string, scopes: readonly string[]): void {
    const taken = this.platform!.connection(connection);
    if (this.host === undefined) return taken.destroy();
    this.host.link({ connection: taken, began: false, scopes: scopes as readonly Scope[], place });
  }
  /** The same for the one connection that there will ever be: programs go back over it. */
  openedOnly(connection: number, place: string, scopes: readonly Scope[]): void {
    this.platform!.only = this.host!.link({ connection: this.platform!.connection(connection), began: false, scopes, place });
  }
  fired(timer: number): void { this.platform!.fired(timer); }
  connected(connection: number): void { this.platform!.connected(connection); }
  refused(connection: number, exit: number, message: string, advice: string): void { this.platform!.refused(connection, exit, message, advice); }
  received(connection: number, bytes: ArrayBuffer): void { this.platform!.received(connection, bytes); }
  drained(connection: number): void { this.platform!.drained(connection); }
  closed(connection: number, problem: string): void { this.platform!.closed(connection, problem); }
}
