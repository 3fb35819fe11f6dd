// The build fails when the programs of test/programs do not, between them, execute every form of every instruction, every
// place of the core that calls back, and every function of the core that the kernel calls: coverage.ts says what is meant.

import test from "ava";
import { measureCoverage } from "./coverage.js";

test("the programs cover the machine", (t) => {
  const coverage = measureCoverage();
  for (const part of ["forms", "callbacks", "roots"] as const) {
    const { wanted, missing } = coverage[part];
    t.log(`${part}: ${wanted}, of which ${missing.length} are missing`);
    t.deepEqual(missing, [], `${part} that no program executes`);
  }
});
