// Two rounds of the tour (tour.ts): Node, boards, QuickJS, other processors and byte orders, Node; `npm run tour` makes twenty.

import { spawnSync } from "node:child_process";
import test from "ava";
import { tourHosts, tourRound } from "./tour.js";

test("one program walks around all kinds of hosts, frozen in the middle of its sort, and prints what Node prints", async (t) => {
  t.timeout(600_000);
  if (spawnSync("gcc", ["--version"]).status !== 0) {
    t.log("not run: no gcc here");
    t.pass();
    return;
  }
  const { hosts, leftOut } = tourHosts();
  for (const sentence of leftOut) t.log(`left out: ${sentence}`);
  for (const seed of [1, 2]) {
    const round = await tourRound(hosts, seed);
    t.log(`downtime in ms: ${Object.entries(round.downtimesMs).map(([name, ms]) => `${name} ${ms.toFixed(0)}`).join(", ")}`);
    t.true(round.ok, round.problem);
    t.is(round.hops, hosts.length);
  }
});
