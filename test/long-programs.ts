// A part of the long run: every program whose place among the programs is `part` modulo `parts`, through every kind of test
// that is about one program at a time. long.ts starts as many of these as there are cores and puts their answers together;
// each is a process of its own because a kind of test keeps its core busy without a pause. Progress goes to stdout as
// lines; the result is the file named last: counts, what failed, what the budget cut short, what became of forged images.
// Arguments: PART PARTS BUDGET_MINUTES SEED ONLY KIND RESULT_FILE; empty for ONLY and KIND: all.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { builtInside, builtOnNode, isSame } from "./support/compile-twice.js";
import { follow, insideHost, processors, type Host } from "./support/lockstep.js";
import { Inside } from "./support/quickjs.js";
import { Random, seedOf } from "./support/random.js";
import { flatKernel, programNames, ProgramRun, programsFolder, programUnit, root } from "./support/run-program.js";
import { buildJudge, Judge } from "./judge.js";
import { collectAlways, lockstep, mutateBytes, mutateImages, MutationCounts, pauseAnywhere, refuseAllocations, type Victim } from "./torture.js";

/** What a part leaves: how many steps, images or refusals of each kind of test were tried, and what came of them. */
export interface PartResult {
  programs: number;
  counts: Record<string, number>;
  /** By kind of test, the programs that its budget did not cover whole. */
  cutShort: Record<string, string[]>;
  failures: Failure[];
  mutants: MutationCounts;
  /** Processors that could not be tried here, and why. */
  leftOut: string[];
}
export interface Failure { test: string; program: string; reason: string }

const [part, parts, budgetMinutes, runSeed] = process.argv.slice(2, 6).map(Number) as [number, number, number, number];
const [only, kindName, resultFile] = process.argv.slice(6) as [string, string, string];
const counts: Record<string, number> = {};
const failures: Failure[] = [];
const cutShort: Record<string, string[]> = {};
const knownFailures = JSON.parse(readFileSync(`${root}test/known-failures.json`, "utf8")) as Record<string, string>;
const all = programNames.filter((name) => !(name in knownFailures) && name.includes(only));
const names = all.filter((_, index) => index % parts === part);

/** Steps of a program that are all stopped at, refused allocations that are all tried, and how many more of each. */
const ALL_STEPS = 20_000;
const ALL_ALLOCATIONS = 2000;
const MORE_ALLOCATIONS = 500;
const MORE_STEPS = 2000;
const INSIDE = "sources compiled inside";
/** Forged images, and forged bytes, of each program. */
const FORGED = Math.ceil(100_000 / all.length);
/** The machine in C, where there is a compiler. */
const judge = buildJudge() ? new Judge() : undefined;
const mutants = new MutationCounts();

const inside = await Inside.start();

// Scripts, not modules of this package: there is no package.json around them.
const sources = mkdtempSync(`${tmpdir()}/mvm-long-`);
process.on("exit", () => rmSync(sources, { recursive: true }));
cpSync(programsFolder, sources, { recursive: true });

const judged = judge === undefined ? {} : { judge };

const leftOut = processors().filter(({ missing }) => missing !== "").map(({ name, missing }) => `${name}: ${missing}`);

/** The kinds of test, their parts of the budget, and what they do to a program until it is enough; the result is counted. */
const kinds: { name: string; share: number; run(victim: Victim, seed: number, enough: () => boolean): number | Promise<number> }[] = [
  { name: "lockstep steps", share: 1, run: (victim, seed) => lockstep(victim, "flattened", "reference", seed) + lockstep(victim, "flattened", "plain", seed + 1) + lockstep(victim, "compiled", "flattened", seed + 2) },
  { name: "lockstep steps inside QuickJS", share: 4, run: (victim) => follow(insideHost(inside), victim.name, Infinity) },
  ...processors().filter(({ missing }) => missing === "").map((one) => {
    let host: Host | undefined;
    return { name: `lockstep steps on ${one.name}`, share: one.isEmulated ? 2 : 0.5, run: (victim: Victim) => follow(host ??= one.build(), victim.name, Infinity) };
  }),
  { name: INSIDE, share: 1, run: ({ name }) => compileTwice(`${sources}/${name}`) },
  { name: "images", share: 10, run: pauseProgram },
  { name: "steps collected always", share: 3, run: (victim, _seed, enough) => collectAlways(victim, 200_000, 500, enough) },
  { name: "allocations refused", share: 3, run: refuseInProgram },
  { name: "mutated images", share: 10, run: (victim, seed, enough) => mutateImages(victim, { count: FORGED, seed, counts: mutants, enough, ...judged }) },
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

const began = performance.now();
/** The compiler as a program of the machine makes the image that it makes on Node. */
async function compileTwice(path: string): Promise<number> {
  const [expected, found] = [await builtOnNode(path), await builtInside(path)];
  if (!isSame(expected, found)) throw new Error(`${path}: the compiler inside the machine makes another image than on Node${typeof found === "string" ? `: ${found}` : ""}`);
  return 1;
}

const budget = budgetMinutes * 60_000;
const chosen = kinds.filter(({ name }) => kindName === "" || name === kindName);
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
      const done = await kind.run({ name, unit: programUnit(name) }, runSeed ^ seedOf(name), enough);
      counts[kind.name] = (counts[kind.name] ?? 0) + done;
    } catch (error) {
      failures.push({ test: kind.name, program: name, reason: (error as Error).message });
      console.error(`${kind.name}: ${(error as Error).message.split("\n").slice(0, 3).join("\n")}`);
    }
  }
  const short = cutShort[kind.name]?.length ?? 0;
  console.log(`part ${part}: ${kind.name}: ${counts[kind.name] ?? 0} (${((performance.now() - began) / 60_000).toFixed(1)} minutes)${short === 0 ? "" : `; the budget cut ${short} programs short`}`);
}

// And the compiler its own.
if (part === 0 && only === "" && (kindName === "" || kindName === INSIDE)) {
  try {
    counts[INSIDE] = (counts[INSIDE] ?? 0) + await compileTwice(`${root}build/compiler.js`);
  } catch (error) {
    failures.push({ test: INSIDE, program: "compiler.js", reason: (error as Error).message });
  }
}

judge?.close();
const result: PartResult = { programs: names.length, counts, cutShort, failures, mutants, leftOut };
writeFileSync(resultFile, JSON.stringify(result));
process.exit();
