// Byte links at length: moves over faulty lines in virtual time, between hosts in C, in TypeScript, and in both; and over a
// faulty line between Node and the emulated Cortex-M3, in time as it is.
//
//   node build/test/long-serial.js [--seed N] [--count N] [--board N]
//
// `count` moves in C (default 100,000), a fifth as many in TypeScript, and some with one end in C; `board` (default 500) with
// the board. Prints one JSON object a line; exits 1 if anything was not as it should be.

import { spawn } from "node:child_process";
import { cortexM3, missingOf } from "./emulated-board.js";
import { faultyMoves } from "./faulty-board.js";
import { buildDevice, buildSerial, hasCompiler, plainEnd, SerialProcess } from "./serial-support.js";
import { simulate, type Counts } from "./serial-simulation.js";
import { walkerImage } from "./serial-walker.js";

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}
const seed = option("seed", 1);
const count = option("count", 100_000);
const boardCount = option("board", 500);
/** Moves of one run, which a seed repeats. */
const RUN = 2500;
const MIXED = 200;

async function runs(suite: string, moves: number, run: (seed: number, moves: number) => Promise<object>): Promise<void> {
  const began = performance.now();
  const sums: Record<string, number> = {};
  const problems: string[] = [];
  for (let done = 0, number = 0; done < moves; done += RUN, number++) {
    try {
      for (const [name, value] of Object.entries(await run(seed * 1000 + number, Math.min(RUN, moves - done))) as [string, number][]) sums[name] = (sums[name] ?? 0) + value;
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  console.log(JSON.stringify({ suite, ok: problems.length === 0 && sums["moves"] === moves, count: sums["moves"] ?? 0, ...sums, seconds: Math.round((performance.now() - began) / 1000), problems }));
  if (problems.length > 0) process.exitCode = 1;
}

async function runInC(program: string, image: Uint8Array, one: number, moves: number): Promise<Counts> {
  const child = spawn(program, [String(one), String(moves)], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => { output += bytes.toString(); });
  child.stdin.end(image);
  const status = await new Promise((resolve) => { child.on("close", resolve); });
  if (status !== 0) throw new Error(`seed ${one}: ${output.trim()} (${String(status)})`);
  return JSON.parse(output) as Counts;
}

if (hasCompiler) {
  const image = walkerImage();
  const programs = [1, 2].map((packets) => buildDevice("serialsim", packets, false));
  await runs("serial moves in C", count, (one, moves) => runInC(programs[one % 2]!, image, one, moves));
  const child = new SerialProcess(buildSerial(2));
  await runs("serial moves in TypeScript and C", MIXED, (one, moves) => simulate(one, moves, (options) => plainEnd(options, 8), (options) => child.end(options)));
  child.stop();
} else {
  console.log(JSON.stringify({ suite: "serial moves in C", ok: false, count: 0, problems: ["there is no C compiler here"] }));
  process.exitCode = 1;
}
await runs("serial moves in TypeScript", Math.ceil(count / 5), (one, moves) => simulate(one, moves, (options) => plainEnd(options, 1 + one % 4), (options) => plainEnd(options, 1 + one % 2)));

const missing = missingOf(cortexM3.board, cortexM3.needs, cortexM3.packages);
if (missing !== "") {
  console.log(JSON.stringify({ suite: `serial moves to ${cortexM3.board}`, ok: false, count: 0, problems: [missing] }));
  process.exitCode = 1;
} else if (boardCount > 0) {
  const { problem, ...facts } = await faultyMoves(boardCount, seed);
  const ok = problem === "" && facts.moves === boardCount;
  console.log(JSON.stringify({ suite: `serial moves to ${cortexM3.board}`, ok, count: facts.moves, ...facts, problems: problem === "" ? [] : [problem] }));
  if (!ok) process.exitCode = 1;
}
