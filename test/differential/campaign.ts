// Programs by seed, one after the other, in a worker that is watched: compared, and where they differ in a way that was
// not seen before, made smaller. npm run differential and the sample in npm test are both campaigns.

import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isBuilt } from "../test262/continue-c.js";
import type { Difference, Side } from "./compare.js";
import { knownReason } from "./known.js";
import { generate } from "./program.js";
import type { Answer, Job } from "./worker.js";

export interface Finding { seed: number; side: Side; body: string; difference: Difference }
export interface Result {
  programs: number;
  /** Given up because one side met a limit. */
  limits: number;
  /** Ended because nothing could interrupt them. */
  hangs: number;
  cpuSeconds: number;
  differences: number;
  /** By reason, how many of the differences that stay. */
  known: Record<string, number>;
  findings: Finding[];
}
export interface Orders {
  seed: number;
  /** Until so many programs, or until so many seconds of CPU have been spent. */
  programs?: number;
  seconds?: number;
  reduceMilliseconds: number;
  report?: (finding: Finding) => void;
  /** Asked before each program. */
  enough?: () => boolean;
}

/** Of so many programs one runs in C, and one is moved between the machines. */
const SIDES_EVERY = 16;
/** Milliseconds without a word after which a worker is ended. */
const SILENCE_MS = 8000;
/** Programs after which a worker makes way for a new one: contexts are never wholly given back. */
const WORKER_PROGRAMS = 400;
/** A difference is made smaller only so often for one signature. */
const SIGNATURES_MAX = 200;

/** Where there is no C compiler, everything but the moves is done here. */
export function sideOf(seed: number): Side {
  return seed % SIDES_EVERY === 5 && isBuilt() ? "c" : seed % SIDES_EVERY === 9 ? "moved" : "here";
}

class Watched {
  private child: ChildProcess | undefined;
  private served = 0;
  private spent = 0;
  private current = 0;
  get cpuSeconds(): number { return this.spent + this.current; }

  /** The answer to a job; undefined if the worker hung or died. */
  ask(job: Job): Promise<Answer | undefined> {
    if (this.served++ >= WORKER_PROGRAMS) this.end();
    const child = this.child ??= fork(fileURLToPath(new URL("./worker.js", import.meta.url)), [], { execArgv: ["--stack-size=3000", "--max-old-space-size=1500"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const over = (answer: Answer | undefined): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (answer === undefined) this.end();
        resolve(answer);
      };
      const watch = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          // It computed all the while.
          this.current += SILENCE_MS / 1000;
          over(undefined);
        }, SILENCE_MS);
      };
      child.on("message", (answer: Answer) => {
        this.current = answer.cpuSeconds;
        if (answer.kind === "busy") watch();
        else over(answer);
      });
      child.once("exit", () => over(undefined));
      child.once("error", () => over(undefined));
      watch();
      child.send(job);
    });
  }
  end(): void {
    this.child?.kill("SIGKILL");
    this.child = undefined;
    this.served = 0;
    this.spent += this.current;
    this.current = 0;
  }
}

export async function campaign(orders: Orders): Promise<Result> {
  const result: Result = { programs: 0, limits: 0, hangs: 0, cpuSeconds: 0, differences: 0, known: {}, findings: [] };
  const worker = new Watched();
  const signatures = new Set<string>();
  const explained = new Map<string, string>();
  for (let seed = orders.seed; result.programs < (orders.programs ?? Infinity) && worker.cpuSeconds < (orders.seconds ?? Infinity) && !(orders.enough?.() ?? false); seed++) {
    const side = sideOf(seed);
    result.programs++;
    const answer = await worker.ask({ kind: "compare", seed, side });
    if (answer === undefined) result.hangs++;
    else if (answer.kind === "compared" && answer.outcome.kind === "limit") result.limits++;
    if (answer?.kind !== "compared" || answer.outcome.kind !== "difference") continue;
    const { difference } = answer.outcome;
    const whole = generate(seed);
    const count = (reason: string): void => { result.known[reason] = (result.known[reason] ?? 0) + 1; };
    const reason = knownReason(difference, whole, false) ?? explained.get(difference.signature);
    if (reason !== undefined) {
      count(reason);
      continue;
    }
    if (signatures.has(difference.signature) || signatures.size >= SIGNATURES_MAX) {
      result.differences++;
      continue;
    }
    const smaller = await worker.ask({ kind: "reduce", seed, side, milliseconds: orders.reduceMilliseconds });
    const finding: Finding = smaller?.kind === "reduced" ? { seed, side, body: smaller.body, difference: smaller.difference } : { seed, side, body: whole, difference };
    const later = knownReason(finding.difference, finding.body, true);
    if (later !== undefined) {
      explained.set(difference.signature, later);
      count(later);
      continue;
    }
    result.differences++;
    signatures.add(difference.signature);
    if (signatures.has(finding.difference.signature) && finding.difference.signature !== difference.signature) continue;
    signatures.add(finding.difference.signature);
    result.findings.push(finding);
    orders.report?.(finding);
  }
  worker.end();
  result.cpuSeconds = Math.round(worker.cpuSeconds);
  return result;
}
