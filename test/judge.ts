// What becomes of an image, as one line: why it is refused, or how it ran 10,000 steps with a collection before every
// 100 of them, its state hash, and what is not in order in its heap then. `verdictOf` says it of the flattened machine;
// a `Judge` is a process of the generated C under sanitizers (test/c/judge.c), which has to say the same of the same
// image. What a program asks of its host is read, and answered with undefined.

import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { checkHeap } from "../vm/check-heap.js";
import { Reg } from "../vm/format/registers.js";
import { ImageError, readImage, restoreImage } from "../vm/image.js";
import type { Machine } from "../vm/machine.js";
import { core, digest, flatKernel, imageLimits, root } from "./support/run-program.js";

const SLICE = 100;
const SLICES = 100;

export function verdictOf(image: Uint8Array): string {
  let machine: Machine;
  try {
    machine = restoreImage(flatKernel, core, readImage(image, digest, imageLimits), digest);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    // Which of several faults of its form is found first is each reader's own business; what the verifier finds is not.
    const [, rule, address] = /program: (V(?!I1).*?)(?: \(at word (-?\d+)\))?$/.exec(error.message) ?? [];
    return rule === undefined ? "refused: its form" : `refused: ${rule} at ${Number(address) >>> 0}`;
  }
  const ending = run(machine);
  const words = machine.words();
  const steps = `${words[Reg.STEPS_HIGH]! >>> 0}:${words[Reg.STEPS_LOW]! >>> 0}`;
  // What a fault leaves is not looked at: the program is not run any more.
  if (ending === "fault") return `${ending} ${steps}`;
  const hash = machine.stateHash();
  const finding = checkHeap(machine);
  return `${ending} ${steps} ${hash}${finding === undefined ? "" : ` unsound: ${finding.reason} at ${finding.address}`}`;
}
/** Runs a program: how that ended. */
function run(machine: Machine): string {
  let waits = false;
  for (let slice = 0; slice < SLICES; slice++) {
    machine.collect();
    if (machine.stopped === "host-call") {
      machine.hostCall();
      if (!machine.answer(undefined)) return "out-of-memory";
      machine.stopped = "fuel";
    }
    if (waits) {
      if (machine.wakeTime() === undefined) return "waiting";
      machine.wake();
      waits = false;
    }
    const reason = machine.run(SLICE);
    if (reason === "waiting") waits = true;
    else if (reason !== "fuel" && reason !== "host-call") return reason;
  }
  return "fuel";
}

/** Is it a verdict on a program that the verifier let pass? */
export function hasPassed(verdict: string): boolean { return !verdict.startsWith("refused: "); }

const program = `${root}build/judge-asan`;
/** Builds the process's program, if there is a compiler: false if not. */
export function buildJudge(): boolean {
  const built = spawnSync("sh", [`${root}hosts/c/build.sh`, "--sanitize"], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`hosts/c/build.sh --sanitize: ${built.stderr}`);
  return existsSync(program) && !built.stderr.includes("is not built");
}

/** Milliseconds that one image may take: more is a hang. */
const PATIENCE = 120_000;
/** Images after which a process is replaced: its host keeps a few bytes of each. */
const IMAGES_MAX = 5000;

/** A process that judges. */
export class Judge {
  private child: ChildProcessWithoutNullStreams | undefined;
  private judged = 0;
  private waiting: ((line: string | Error) => void)[] = [];

  /** The verdict of the machine in C; an Error if the process died of the image. */
  async verdictOf(image: Uint8Array): Promise<string> {
    if (this.judged >= IMAGES_MAX && this.waiting.length === 0) this.close();
    const child = this.child ?? this.start();
    this.judged++;
    const line = await new Promise<string | Error>((resolve) => {
      const timer = setTimeout(() => { child.kill("SIGKILL"); resolve(new Error("it hangs")); }, PATIENCE);
      this.waiting.push((answer) => { clearTimeout(timer); resolve(answer); });
      const length = Buffer.alloc(4);
      length.writeUInt32LE(image.length);
      child.stdin.write(length);
      child.stdin.write(image);
    });
    if (line instanceof Error) throw line;
    return line;
  }
  private start(): ChildProcessWithoutNullStreams {
    const child = spawn(program, { env: { ASAN_OPTIONS: "detect_leaks=0", UBSAN_OPTIONS: "print_stacktrace=1" } });
    const waiting: typeof this.waiting = [];
    let output = "";
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => {
      const lines = (output + chunk.toString()).split("\n");
      output = lines.pop()!;
      for (const line of lines) waiting.shift()?.(line);
    });
    child.stderr.on("data", (chunk: Buffer) => { complaint += chunk.toString(); });
    child.stdin.on("error", () => {});
    child.on("close", (code, signal) => {
      if (this.child === child) this.child = undefined;
      for (const answer of waiting.splice(0)) answer(new Error(`the process died (${code ?? signal}): ${complaint.slice(0, 2000)}`));
    });
    this.child = child;
    this.waiting = waiting;
    this.judged = 0;
    return child;
  }
  close(): void {
    this.child?.stdin.end();
    this.child = undefined;
  }
}
