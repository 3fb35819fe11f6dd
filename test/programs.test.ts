// Every program of test/programs: prints what Node prints; is the same machine on the flattened and the reference kernel
// and under the compiled tier, whenever collections run; and goes on as if nothing had happened after it was stopped at seeded random steps and moved
// through an image. long.ts does the whole of what is sampled here. Programs that are known to fail are in
// known-failures.json with the reason, and are reported as such.

import { readFileSync } from "node:fs";
import test from "ava";
import { pauseAnywhere, lockstep, type Victim } from "./torture.js";
import { nodeTranscript } from "./support/oracle.js";
import { Random, seedOf } from "./support/random.js";
import { compilingNames, flatKernel, ProgramRun, programNames, programUnit, root } from "./support/run-program.js";

const knownFailures = JSON.parse(readFileSync(`${root}test/known-failures.json`, "utf8")) as Record<string, string>;
const POINTS = 8;

for (const name of [...programNames, ...compilingNames]) {
  const declare = name in knownFailures ? test.serial.failing : test.serial;
  const reason = name in knownFailures ? ` (known to fail: ${knownFailures[name]})` : "";
  declare(`${name}${reason}`, async (t) => {
    const victim: Victim = { name, unit: programUnit(name) };
    const run = ProgramRun.start(flatKernel, victim.unit).finish();
    const transcript = run.transcript();
    t.is(transcript, await nodeTranscript(name), "Node's output");
    const seed = seedOf(name);
    t.is(lockstep(victim, "flattened", "reference", seed), run.steps);
    t.is(lockstep(victim, "compiled", "flattened", seed + 1, 977), run.steps);
    const random = new Random(seed);
    const points = Array.from({ length: POINTS }, () => 1 + random.next(run.steps)).sort((a, b) => a - b);
    t.true(pauseAnywhere(victim, { points, ahead: 500, finishOneIn: 4, seed, transcript }) > 0);
  });
}
