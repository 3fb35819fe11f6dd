// One of the processes between which the suite is divided: gets paths, gives verdicts.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isLeftOut, modesOf, readMetadata } from "./metadata.js";
import { runTest } from "./run-test.js";

/** What became of a test, in all its modes. */
export interface Outcome { path: string; leftOut: boolean; passed: boolean; reason: string }

const suite = process.argv[2]!;
process.on("message", (paths: string[]) => {
  process.send!(paths.map((path): Outcome => {
    const file = join(suite, "test", path);
    const source = readFileSync(file, "utf8");
    const metadata = readMetadata(source);
    if (isLeftOut(path, source, metadata)) return { path, leftOut: true, passed: false, reason: "" };
    for (const mode of modesOf(metadata)) {
      let reason: string;
      try {
        const verdict = runTest(suite, file, source, metadata, mode);
        if (verdict.passed) continue;
        reason = verdict.reason;
      } catch (error) {
        reason = `fault: ${(error as Error).message}`;
      }
      return { path, leftOut: false, passed: false, reason: `${mode}: ${reason}` };
    }
    return { path, leftOut: false, passed: true, reason: "" };
  }));
});
