// A process that compares programs and makes those that differ smaller, one job at a time. It may hang in a program that
// Node cannot be interrupted in; the command that started it then ends it.

import { compare, type Difference, type Outcome, type Side } from "./compare.js";
import { generate } from "./program.js";
import { reduce } from "./reduce.js";

export type Job = { kind: "compare"; seed: number; side: Side } | { kind: "reduce"; seed: number; side: Side; milliseconds: number };
/** `busy` says that a reduction goes on. All tell how much CPU the process has had, in seconds. */
export type Answer = { cpuSeconds: number } & ({ kind: "busy" } | { kind: "compared"; outcome: Outcome } | { kind: "reduced"; body: string; difference: Difference });

type Content = Answer extends infer A ? A extends Answer ? Omit<A, "cpuSeconds"> : never : never;
function tell(answer: Content): void {
  const { user, system } = process.cpuUsage();
  process.send!({ ...answer, cpuSeconds: (user + system) / 1e6 });
}

/** The word that a line of the log begins with says where the program is; a smaller program has to differ there too. */
function placeOf({ node, ours }: Difference): string {
  const [one, other] = [node.split("\n"), ours.split("\n")];
  const at = one.findIndex((line, index) => line !== other[index]);
  return (at < 0 ? "end" : one[at]!.split(" ")[0]!) + (ours.includes("[fault") ? " fault" : "");
}

async function reduced(seed: number, side: Side, milliseconds: number): Promise<void> {
  const whole = generate(seed);
  const outcome = await compare(whole, side);
  if (outcome.kind !== "difference") throw new Error(`seed ${seed} differs no more`);
  let { difference } = outcome;
  const place = placeOf(difference);
  const body = await reduce(whole, async (smaller) => {
    tell({ kind: "busy" });
    // What was cut down to the clock differs for no reason of the program's.
    if (/\bDate\(\)|\bDate\.now/.test(smaller)) return false;
    const again = await compare(smaller, side);
    if (again.kind !== "difference" || placeOf(again.difference) !== place) return false;
    ({ difference } = again);
    return true;
  }, milliseconds);
  tell({ kind: "reduced", body, difference });
}

process.on("message", (job: Job) => {
  if (job.kind === "reduce") void reduced(job.seed, job.side, job.milliseconds);
  else void compare(generate(job.seed), job.side).then((outcome) => tell({ kind: "compared", outcome }));
});
process.on("disconnect", () => process.exit());
