// `npm run demo` is the first thing that a newcomer runs: it ends by itself, and what it shows is whole.

import { spawnSync } from "node:child_process";
import test from "ava";
import { root } from "./support/run-program.js";

test("the demo moves its program, whose lines come once and in order, and ends", (t) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${root}build/hosts/node/demo.js`], { encoding: "utf8", timeout: 120_000 });
  t.is(status, 0, stdout + stderr);
  const readings = [...stdout.matchAll(/^ *(here|there) *\|(?:counter\| )?reading (\d+) /gm)];
  t.deepEqual(readings.map(([, , number]) => Number(number)), Array.from({ length: 16 }, (_, i) => i));
  t.is(readings[0]![1], "here");
  t.is(readings.at(-1)![1], "there");
  t.regex(stdout, /done: 0 33 62 84 /);
});
