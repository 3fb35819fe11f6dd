// Moves at length: many at random moments, and every row of the table of faults on real processes, of which
// the healthy one runs in Node, then in QuickJS.
//
//   node build/test/long-migration.js [--seed N] [--count N] [--faults]
//
// Prints one JSON object a line; exits 1 if anything was not as it should be.

import { faultTable } from "../vm/ownership-table.js";
import { agrees, tryFault } from "./cli-faults.js";
import { moveAround } from "./cli-moves.js";
import { quickjsPath } from "./cli-support.js";

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}
const seed = option("seed", 1);
const count = option("count", 200);
let failures = 0;

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;
const moved = await moveAround(count, seed);
if (moved.problem !== "") failures++;
console.log(JSON.stringify({ suite: "moves", seed, count: moved.moves, bytes: moved.bytes, medianDowntimeMs: median(moved.downtimes), longestDowntimeMs: Math.max(...moved.downtimes), problem: moved.problem }));

if (process.argv.includes("--faults")) {
  const inside = { program: quickjsPath };
  for (const [healthy, places] of [["mvm", {}], ["mvm-quickjs", { host: inside, source: inside }]] as const) for (const row of faultTable) {
    // A delayed frame of a broken connection cannot be told from a late one: only what is sent can be delayed.
    if (row.fault === "delayed" && row.when === "after") continue;
    const tried = await tryFault(row, places);
    const ok = agrees(row, tried);
    if (!ok) failures++;
    console.log(JSON.stringify({ suite: "faults", healthy, ...row, ok, ...!ok && { tried } }));
  }
}
process.exitCode = failures === 0 ? 0 : 1;
