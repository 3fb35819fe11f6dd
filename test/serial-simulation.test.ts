// Moves over faulty byte links in virtual time, in TypeScript, in C, and with the byte link of C at one end.

import test from "ava";
import { spawnSync } from "node:child_process";
import { buildDevice, buildSerial, hasCompiler, plainEnd, SerialProcess } from "./serial-support.js";
import { simulate } from "./serial-simulation.js";
import { walkerImage } from "./serial-walker.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
const here = hasCompiler ? test : test.skip;

for (const packets of [1, 4]) {
  test(`300 moves in TypeScript, ${packets} packets of each direction`, async (t) => {
    const counts = await simulate(seed + packets, 300, (options) => plainEnd(options, packets), (options) => plainEnd(options, packets));
    t.is(counts.moves, 300);
    t.true(counts.moved > 150, JSON.stringify(counts));
    t.log(JSON.stringify(counts));
  });
}

here("30 moves between TypeScript and the byte link in C", async (t) => {
  const child = new SerialProcess(buildSerial(2));
  t.teardown(() => child.stop());
  const counts = await simulate(seed, 30, (options) => plainEnd(options, 8), (options) => child.end(options));
  t.is(counts.moves, 30);
  t.log(JSON.stringify(counts));
});

for (const packets of [1, 2]) {
  here(`400 moves between hosts in C, ${packets} packets of each direction`, (t) => {
    const program = buildDevice("serialsim", packets);
    const { status, stdout, stderr } = spawnSync(program, [String(seed + packets), "400"], { input: walkerImage(), encoding: "utf8" });
    t.is(status, 0, `seed ${seed + packets}: ${stdout}${stderr}`);
    const counts = JSON.parse(stdout) as { moves: number; moved: number };
    t.true(counts.moves === 400 && counts.moved > 200);
    t.log(stdout.trim());
  });
}
