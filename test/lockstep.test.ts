// All programs in lockstep with Node, by state hash at every 1,000 steps, on the C machine of four processors: to their ends
// on this one and on i686; on ARM and big-endian s390x, which are emulated, for so many steps as there is time for, and to
// their ends by `npm run test:long`. quickjs.test.ts does it inside QuickJS, c-compact.test.ts with what firmware has.

import test from "ava";
import { follow, processors, type Host } from "./support/lockstep.js";
import { programNames } from "./support/run-program.js";

/** Steps of a program that are followed on an emulated processor. */
const EMULATED_STEPS_MAX = 50_000;

for (const { name, missing, isEmulated, build } of processors()) {
  if (missing !== "") {
    test.serial.skip(`${name} is not tested here: ${missing}`, () => {});
    continue;
  }
  let host: Host;
  let steps = 0;
  test.serial(`${name}: it is built`, (t) => {
    t.timeout(600_000);
    host = build();
    t.pass();
  });
  for (const program of programNames) {
    test.serial(`${name}: ${program} is in lockstep with Node`, async (t) => {
      const done = await follow(host, program, isEmulated ? EMULATED_STEPS_MAX : Infinity);
      t.true(done > 0);
      steps += done;
    });
  }
  test.serial(`${name}: all of them`, (t) => {
    t.log(`${steps} steps of ${programNames.length} programs`);
    t.true(steps > programNames.length * 1000);
  });
}
