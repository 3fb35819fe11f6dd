// Moves over faulty byte links in virtual time, in TypeScript, in C, and with the byte link of C at one end.

import test from "ava";
import { spawnSync } from "node:child_process";
import { buildDevice, buildSerial, hasCompiler, plainEnd, SerialProcess } from "./serial-support.js";
import { simulate } from "./serial-simulation.js";
import { walkerImage } from "./serial-walker.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
const here = hasCompiler ? test : test.skip;

for (const packets of [1, 4]) {
  test(`150 moves in TypeScript, ${packets} packets of each direction`, async (t) => {
    const counts = await simulate(seed + packets, 150, (options) => plainEnd(options, packets), (options) => plainEnd(options, packets));
    t.is(counts.moves, 150);
    t.true(counts.moved > 75, JSON.stringify(counts));
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

/** Two of a sample; and those in which a program goes back before the other host knows that it had left, and in which a host that had a copy ready is told to go on while the other had gone on. */
const runs: readonly (readonly [packets: number, seed: number, moves: number])[] = [[1, seed + 1, 400], [2, seed + 2, 400], [2, 1017, 3], [1, 1036, 820]];
for (const [packets, one, moves] of runs) {
  here(`${moves} moves between hosts in C, ${packets} packets of each direction, seed ${one}`, (t) => {
    const program = buildDevice("serialsim", packets);
    const { status, stdout, stderr } = spawnSync(program, [String(one), String(moves)], { input: walkerImage(), encoding: "utf8" });
    t.is(status, 0, `seed ${one}: ${stdout}${stderr}`);
    const counts = JSON.parse(stdout) as { moves: number; moved: number };
    t.true(counts.moves === moves && counts.moved > moves / 2);
    t.log(stdout.trim());
  });
}
