// `npm run test:long -- --budget MINUTES --seed N [--jobs N] [--only NAME] [--kind NAME]`: the whole of what npm test samples.
// Every program of test/programs: in lockstep on three kernels, under the compiled tier, inside QuickJS, and in C on every
// processor that there is a compiler and an emulator for (the others are named); compiled by the compiler inside the
// machine, the compiler itself too; stopped at every step up to 20,000 and
// densely beyond, moved through an image each time; collected at every allocation; each allocation refused, the first
// 2,000 all, then 500 more; 100,000 images in all changed word by word and as many byte by byte, judged by the machine on
// Node and by the one in C under sanitizers. long-programs.ts does that for a part of the programs; as many parts run side
// by side as there are cores, or as --jobs says. The budget is shared: each kind of test gets its part, each program its
// part of that, and what is left over goes to those that come later; lockstep goes to the end in any case. Then
// long-migration.ts: 200 moves and every fault of the table; and long-serial.ts: 120,000 moves over faulty byte links in
// virtual time, 500 to the emulated Cortex-M3; these take what they take. Writes build/test-long.json: the commit, the
// seed, the counts, what failed.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { root } from "./support/run-program.js";
import type { Failure, PartResult } from "./long-programs.js";

interface Options { budget: number; seed: number; jobs: number; only: string; kind: string }

const options = readOptions(process.argv.slice(2));
const began = performance.now();
const knownFailures = JSON.parse(readFileSync(`${root}test/known-failures.json`, "utf8")) as Record<string, string>;
const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
const failures: Failure[] = [];
const counts: Record<string, number> = {};
const cutShort: Record<string, string[]> = {};
const mutatedImages: Record<string, number> = {};
const mutatedRules: Record<string, number> = {};

const folder = mkdtempSync(`${tmpdir()}/mvm-long-`);
const parts = await Promise.all(Array.from({ length: options.jobs }, (_, part) => runPart(part)));
rmSync(folder, { recursive: true });
for (const part of parts) {
  add(counts, part.counts);
  const { rules, ...totals } = part.mutants;
  add(mutatedImages, totals as unknown as Record<string, number>);
  add(mutatedRules, rules);
  for (const [kind, list] of Object.entries(part.cutShort)) (cutShort[kind] ??= []).push(...list);
  failures.push(...part.failures);
}
const { leftOut } = parts[0]!;
for (const sentence of leftOut) console.log(`left out: ${sentence}`);

const migration = options.kind !== "" ? undefined : spawnSync(process.execPath, [`${root}build/test/long-migration.js`, "--seed", String(options.seed), "--faults"], { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] });
const migrationLines = (migration?.stdout.trim() ?? "").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as { suite: string; count?: number; problem?: string; ok?: boolean; [fact: string]: unknown });
for (const line of migrationLines) {
  const bad = line.suite === "moves" ? line.problem !== "" : line.ok !== true;
  counts[line.suite] = (counts[line.suite] ?? 0) + (line.count ?? 1);
  if (bad) failures.push({ test: line.suite, program: "", reason: JSON.stringify(line) });
  else if (line.suite === "moves") console.log(JSON.stringify(line));
}
if (migration !== undefined && migration.status !== 0 && !failures.some(({ test }) => test === "moves" || test === "faults")) failures.push({ test: "moves", program: "", reason: `long-migration.js ended with ${String(migration.status)}` });

if (options.kind === "") {
  const serial = spawnSync(process.execPath, [`${root}build/test/long-serial.js`, "--seed", String(options.seed)], { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] });
  for (const text of serial.stdout.trim().split("\n").filter((line) => line !== "")) {
    const line = JSON.parse(text) as { suite: string; count: number; ok: boolean };
    counts[line.suite] = line.count;
    if (!line.ok) failures.push({ test: line.suite, program: "", reason: text });
    console.log(text);
  }
  if (serial.status !== 0 && !failures.some(({ test }) => test.startsWith("serial"))) failures.push({ test: "serial moves", program: "", reason: `long-serial.js ended with ${String(serial.status)}` });
}

const minutes = Math.round((performance.now() - began) / 600) / 100;
const passedShare = Math.round(1000 * (mutatedImages.passed ?? 0) / (mutatedImages.tried ?? 0)) / 1000;
const programs = parts.reduce((sum, part) => sum + part.programs, 0);
const result = { commit, seed: options.seed, budgetMinutes: options.budget, minutes, programs, knownFailures, counts, leftOut, cutShort, mutatedImages: { ...mutatedImages, rules: mutatedRules, passedShare }, failures };
writeFileSync(`${root}build/test-long.json`, `${JSON.stringify(result, null, 2)}\n`);
console.log(`${failures.length} failures; build/test-long.json`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** A part of the programs in a process of its own; one that ends otherwise than it should is a failure and no result. */
async function runPart(part: number): Promise<PartResult> {
  const file = `${folder}/${part}.json`;
  const { budget, seed, jobs, only, kind } = options;
  const child = spawn(process.execPath, [`${root}build/test/long-programs.js`, ...[part, jobs, budget, seed].map(String), only, kind, file], { stdio: ["ignore", "inherit", "inherit"] });
  const status = await new Promise<string>((resolve) => child.on("exit", (code, signal) => resolve(String(code ?? signal))));
  if (status === "0") return JSON.parse(readFileSync(file, "utf8")) as PartResult;
  failures.push({ test: `part ${part} of ${jobs}`, program: "", reason: `long-programs.js ended with ${status}` });
  return { programs: 0, counts: {}, cutShort: {}, failures: [], mutants: { rules: {} } as PartResult["mutants"], leftOut: [] };
}

function add(sums: Record<string, number>, more: Record<string, number>): void {
  for (const [key, value] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + value;
}

function readOptions(list: string[]): Options {
  const usage = "usage: npm run test:long -- --budget MINUTES --seed N [--jobs N] [--only PROGRAM] [--kind TEST]";
  const result: Options = { budget: 60, seed: 1, jobs: availableParallelism(), only: "", kind: "" };
  for (let i = 0; i < list.length; i += 2) {
    const value = list[i + 1];
    if (value === undefined) throw new Error(usage);
    if (list[i] === "--only") { result.only = value; continue; }
    if (list[i] === "--kind") { result.kind = value; continue; }
    const number = Number(value);
    if (!(number >= 0)) throw new Error(usage);
    if (list[i] === "--budget") result.budget = number;
    else if (list[i] === "--seed") result.seed = number;
    else if (list[i] === "--jobs" && Number.isInteger(number) && number > 0) result.jobs = number;
    else throw new Error(usage);
  }
  return result;
}
