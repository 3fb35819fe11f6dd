// `npm run test:long -- --budget MINUTES --seed N [--only NAME] [--kind NAME]`: the whole of what npm test samples.
// Every program of test/programs: in lockstep on three kernels, under the compiled tier and inside QuickJS; stopped at
// every step up to 20,000 and densely beyond, moved through an image each time; collected at every allocation; each
// allocation refused, the first 2,000 all, then 500 more; 100,000 images in all changed word by word and as many byte
// by byte, judged by the machine on Node and by the one in C under sanitizers. The budget is shared: each kind of test
// gets its part, each program its part of that, and what is left over goes to those that come later. At last
// long-migration.ts: 200 moves and every fault of the table; and long-serial.ts: 120,000 moves over faulty byte links in
// virtual time; these take what they take. Writes build/test-long.json: the commit, the seed, the counts, what failed.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { followInside, Inside } from "./support/quickjs.js";
import { Random, seedOf } from "./support/random.js";
import { core, digest, flatKernel, imageMeta, programNames, ProgramRun, programUnit, root } from "./support/run-program.js";
import { buildJudge, Judge } from "./judge.js";
import { collectAlways, lockstep, mutateBytes, mutateImages, MutationCounts, pauseAnywhere, refuseAllocations, type Victim } from "./torture.js";

const options = readOptions(process.argv.slice(2));
const began = performance.now();
const counts: Record<string, number> = {};
const failures: { test: string; program: string; reason: string }[] = [];
/** By kind of test, the programs that its budget did not cover whole. */
const cutShort: Record<string, string[]> = {};
const knownFailures = JSON.parse(readFileSync(`${root}test/known-failures.json`, "utf8")) as Record<string, string>;
const names = programNames.filter((name) => !(name in knownFailures) && (options.only === undefined || name.includes(options.only)));

/** Steps of a program that are all stopped at, refused allocations that are all tried, and how many more of each. */
const ALL_STEPS = 20_000;
const ALL_ALLOCATIONS = 2000;
const MORE_ALLOCATIONS = 500;
const MORE_STEPS = 2000;
/** Forged images, and forged bytes, of each program. */
const FORGED = Math.ceil(100_000 / names.length);
/** The machine in C, where there is a compiler. */
const judge = buildJudge() ? new Judge() : undefined;
const mutants = new MutationCounts();

const inside = await Inside.start();

const judged = judge === undefined ? {} : { judge };

/** The kinds of test, their parts of the budget, and what they do to a program until it is enough; the result is counted. */
const kinds: { name: string; share: number; run(victim: Victim, seed: number, enough: () => boolean): number | Promise<number> }[] = [
  { name: "lockstep steps", share: 1, run: (victim, seed) => lockstep(victim, "flattened", "reference", seed) + lockstep(victim, "flattened", "plain", seed + 1) + lockstep(victim, "compiled", "flattened", seed + 2) },
  { name: "lockstep steps inside QuickJS", share: 4, run: (victim, _seed, enough) => followInside(inside, victim.name, encodeImage(Machine.create(flatKernel, core, victim.unit), imageMeta, digest), 1000, enough) },
  { name: "images", share: 6, run: pauseProgram },
  { name: "steps collected always", share: 3, run: (victim, _seed, enough) => collectAlways(victim, 200_000, 500, enough) },
  { name: "allocations refused", share: 3, run: refuseInProgram },
  { name: "mutated images", share: 12, run: (victim, seed, enough) => mutateImages(victim, { count: FORGED, seed, counts: mutants, enough, ...judged }) },
  { name: "mutated bytes", share: 1, run: (victim, seed, enough) => mutateBytes(victim, { count: FORGED, seed, enough, ...judged }) },
];

function pauseProgram(victim: Victim, seed: number, enough: () => boolean): number {
  const run = ProgramRun.start(flatKernel, victim.unit).finish();
  const common = { ahead: 300, finishOneIn: 500, seed, transcript: run.transcript(), enough };
  if (run.steps <= ALL_STEPS) return pauseAnywhere(victim, common);
  const random = new Random(seed);
  const beyond = Array.from({ length: MORE_STEPS }, () => ALL_STEPS + random.next(run.steps - ALL_STEPS));
  const points = [...new Set([...Array.from({ length: ALL_STEPS }, (_, i) => i + 1), ...beyond])].sort((a, b) => a - b);
  return pauseAnywhere(victim, { ...common, points });
}

function refuseInProgram(victim: Victim, seed: number, enough: () => boolean): number {
  const random = new Random(seed);
  let more = 0;
  const choose = (n: number): boolean => n <= ALL_ALLOCATIONS || random.next(10) === 0 && more++ < MORE_ALLOCATIONS;
  return refuseAllocations(victim, { choose, maximum: 500_000, seed, enough: () => enough() || more >= MORE_ALLOCATIONS });
}

const budget = options.budget * 60_000;
const chosen = kinds.filter(({ name }) => options.kind === undefined || name === options.kind);
const shares = chosen.reduce((sum, kind) => sum + kind.share, 0);
let spentShares = 0;
for (const kind of chosen) {
  const kindEnd = began + budget * (spentShares += kind.share) / shares;
  for (const [index, name] of names.entries()) {
    const start = performance.now();
    const end = start + Math.max(0, kindEnd - start) / (names.length - index);
    const enough = (): boolean => {
      if (performance.now() <= end) return false;
      const list = cutShort[kind.name] ??= [];
      if (list.at(-1) !== name) list.push(name);
      return true;
    };
    try {
      const done = await kind.run({ name, unit: programUnit(name) }, options.seed ^ seedOf(name), enough);
      counts[kind.name] = (counts[kind.name] ?? 0) + done;
    } catch (error) {
      failures.push({ test: kind.name, program: name, reason: (error as Error).message });
      console.error(`${kind.name}: ${(error as Error).message.split("\n").slice(0, 3).join("\n")}`);
    }
  }
  const short = cutShort[kind.name]?.length ?? 0;
  console.log(`${kind.name}: ${counts[kind.name] ?? 0} (${((performance.now() - began) / 60_000).toFixed(1)} minutes)${short === 0 ? "" : `; the budget cut ${short} programs short`}`);
}

const migration = options.kind !== undefined ? undefined : spawnSync(process.execPath, [`${root}build/test/long-migration.js`, "--seed", String(options.seed), "--faults"], { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] });
const migrationLines = (migration?.stdout.trim() ?? "").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as { suite: string; count?: number; problem?: string; ok?: boolean; [fact: string]: unknown });
for (const line of migrationLines) {
  const bad = line.suite === "moves" ? line.problem !== "" : line.ok !== true;
  counts[line.suite] = (counts[line.suite] ?? 0) + (line.count ?? 1);
  if (bad) failures.push({ test: line.suite, program: "", reason: JSON.stringify(line) });
  else if (line.suite === "moves") console.log(JSON.stringify(line));
}
if (migration !== undefined && migration.status !== 0 && !failures.some(({ test }) => test === "moves" || test === "faults")) failures.push({ test: "moves", program: "", reason: `long-migration.js ended with ${String(migration.status)}` });

if (options.kind === undefined) {
  const serial = spawnSync(process.execPath, [`${root}build/test/long-serial.js`, "--seed", String(options.seed)], { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] });
  for (const text of serial.stdout.trim().split("\n").filter((line) => line !== "")) {
    const line = JSON.parse(text) as { suite: string; count: number; ok: boolean };
    counts[line.suite] = line.count;
    if (!line.ok) failures.push({ test: line.suite, program: "", reason: text });
    console.log(text);
  }
  if (serial.status !== 0 && !failures.some(({ test }) => test.startsWith("serial"))) failures.push({ test: "serial moves", program: "", reason: `long-serial.js ended with ${String(serial.status)}` });
}

const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
const minutes = Math.round((performance.now() - began) / 600) / 100;
const passedShare = Math.round(1000 * mutants.passed / mutants.tried) / 1000;
const result = { commit, seed: options.seed, budgetMinutes: options.budget, minutes, programs: names.length, knownFailures, counts, cutShort, mutatedImages: { ...mutants, passedShare }, failures };
judge?.close();
writeFileSync(`${root}build/test-long.json`, `${JSON.stringify(result, null, 2)}\n`);
console.log(`${failures.length} failures; build/test-long.json`);
process.exitCode = failures.length === 0 ? 0 : 1;

function readOptions(list: string[]): { budget: number; seed: number; only?: string; kind?: string } {
  const usage = "usage: npm run test:long -- --budget MINUTES --seed N [--only PROGRAM] [--kind TEST]";
  const result: { budget: number; seed: number; only?: string; kind?: string } = { budget: 60, seed: 1 };
  for (let i = 0; i < list.length; i += 2) {
    const value = list[i + 1];
    if (value === undefined) throw new Error(usage);
    if (list[i] === "--only") { result.only = value; continue; }
    if (list[i] === "--kind") { result.kind = value; continue; }
    const number = Number(value);
    if (!(number >= 0)) throw new Error(usage);
    if (list[i] === "--budget") result.budget = number;
    else if (list[i] === "--seed") result.seed = number;
    else throw new Error(usage);
  }
  return result;
}
