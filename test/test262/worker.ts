// One of the processes between which the suite is divided: gets paths, gives verdicts.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { leftOutFor, modesOf, readMetadata } from "./metadata.js";
import type { Orders, Outcome } from "./outcome.js";
import { runTest, type Verdict } from "./run-test.js";
import { openWay, TooLong, type Way } from "./ways.js";

const orders = JSON.parse(process.argv[2]!) as Orders;
let way: Way | undefined;
process.on("message", (paths: string[]) => {
  void (async () => {
    way ??= await openWay(orders);
    const outcomes: Outcome[] = [];
    for (const path of paths) outcomes.push(await outcomeOf(path, way));
    process.send!(outcomes);
  })();
});
process.on("disconnect", () => process.exit());

/** What becomes of a test, in all its modes. */
async function outcomeOf(path: string, here: Way): Promise<Outcome> {
  const file = join(orders.suite, "test", path);
  const source = readFileSync(file, "utf8");
  const metadata = readMetadata(source);
  const leftOut = leftOutFor(source, metadata);
  if (leftOut !== undefined) return { path, leftOut, passed: false, reason: "" };
  const movesBefore = here.moves;
  for (const mode of modesOf(metadata)) {
    let verdict: Verdict;
    try {
      verdict = await runTest(orders.suite, file, source, metadata, mode, here);
    } catch (error) {
      if (error instanceof TooLong) return { path, leftOut: error.message, passed: false, reason: "" };
      verdict = { passed: false, reason: `fault: ${(error as Error).message}` };
    }
    if (!verdict.passed) return { path, passed: false, reason: `${mode}: ${verdict.reason}`, moves: here.moves - movesBefore };
  }
  return { path, passed: true, reason: "", moves: here.moves - movesBefore };
}
