// Divides tests between as many processes as there are processors. A process that ends or takes too long is replaced, and
// whichever test of its batch was to blame is found one by one.

import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Orders, Outcome } from "./outcome.js";

/** Paths that a worker gets at once; one where a test may take minutes, being moved at every step. */
function batchOf({ moves }: Orders): number { return moves === "every" ? 1 : 20; }
/** Milliseconds that it may take for them: on another host each of a test's 65,536 calls of eval comes here and goes back. */
function patienceMs({ host, moves }: Orders): number { return moves === "every" || (host ?? "node") !== "node" ? 1_800_000 : 300_000; }

export async function runAll(paths: readonly string[], orders: Orders, report: (outcomes: readonly Outcome[]) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const batchLength = batchOf(orders);
  let next = 0;
  const work = async (): Promise<void> => {
    let child: ChildProcess | undefined;
    while (next < paths.length) {
      const batch = paths.slice(next, next + batchLength);
      next += batchLength;
      child ??= start(orders);
      let answer = await ask(child, batch, orders);
      if (answer === undefined) {
        child.kill("SIGKILL");
        child = undefined;
        answer = [];
        for (const path of batch) answer.push(await alone(path, orders));
      }
      outcomes.push(...answer);
      report(outcomes);
    }
    child?.kill("SIGKILL");
  };
  await Promise.all(Array.from({ length: availableParallelism() }, () => work()));
  return outcomes;
}

async function alone(path: string, orders: Orders): Promise<Outcome> {
  const child = start(orders);
  const answer = await ask(child, [path], orders);
  child.kill("SIGKILL");
  return answer?.[0] ?? { path, passed: false, reason: "the process ended or took too long" };
}

function start(orders: Orders): ChildProcess {
  return fork(fileURLToPath(new URL("./worker.js", import.meta.url)), [JSON.stringify(orders)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
}
/** The outcomes of a batch; undefined if the process died or took too long. */
function ask(child: ChildProcess, batch: string[], orders: Orders): Promise<Outcome[] | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => over(undefined), patienceMs(orders));
    const over = (answer: Outcome[] | undefined): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(answer);
    };
    child.once("message", (answer) => over(answer as Outcome[]));
    child.once("exit", () => over(undefined));
    child.once("error", () => over(undefined));
    child.send(batch);
  });
}
