// `npm run test262 -- [--host HOST] [--migrate] [--sample N] [--json] [filter]`: runs test262, found where TEST262_DIR says,
// counts by top folder, and compares what failed with the ledger.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError, Option } from "commander";
import { root } from "../support/run-program.js";
import { Random } from "../support/random.js";
import { readLedger, surprises, updatedLedger } from "./ledger.js";
import { hostNames, type HostName, type Outcome } from "./outcome.js";
import { runAll } from "./pool.js";

const command = new Command("test262")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description("Runs ECMAScript's conformance suite, a checkout of which is where the environment variable TEST262_DIR says.")
  .argument("[filter]", "only tests whose path below test/ contains this")
  .addOption(new Option("--host <host>", "whose machine runs the tests (default: node)").choices(hostNames))
  .option("--migrate", "each program is moved through its image into a fresh memory at random steps, in turns on Node and on --host (default then: c, where it is built)")
  .option("--every-step", "with --migrate: moved at every step instead; left out is a test of more than 10,000")
  .option("--sample <n>", "so many tests only, chosen by --seed", positive)
  .option("--seed <n>", "what chance goes by", whole, 1)
  .option("--json", "one object a top folder on stdout: dir, total, left_out, passed, failed")
  .option("--failures <file>", "writes a line for each test that failed: its path and why")
  .option("--ledger <file>", "the tests that are expected to fail", `${root}test/test262/ledger.txt`)
  .option("--update", "writes the ledger anew: without what passed, with what failed")
  .addHelpText("after", `
Exit codes: 0 all went as the ledger says; 1 a test failed that is not in it, or one passed that is; 2 bad use.

Examples:
  TEST262_DIR=~/test262 npm run test262
  TEST262_DIR=~/test262 npm run test262 -- --json built-ins/Array/
  TEST262_DIR=~/test262 npm run test262 -- --host c --sample 2000 --seed 7
  TEST262_DIR=~/test262 npm run test262 -- --migrate language/statements/
  TEST262_DIR=~/test262 npm run test262 -- --migrate --every-step --sample 200`)
  .parse();
const options = command.opts<{ host?: HostName; migrate?: boolean; everyStep?: boolean; sample?: number; seed: number; json?: boolean; failures?: string; ledger: string; update?: boolean }>();
const suite = process.env["TEST262_DIR"] ?? command.error("set TEST262_DIR to a checkout of tc39/test262", { exitCode: 2 });
if (options.everyStep === true && options.migrate !== true) command.error("--every-step goes with --migrate", { exitCode: 2 });
const moves = options.migrate !== true ? "none" : options.everyStep === true ? "every" : "some";
const groups = readLedger(readText(options.ledger, "the ledger"));
const paths = sampled(testsOf(suite, command.args[0] ?? ""), options.sample, options.seed);

const bar = new SingleBar({ stream: process.stderr, noTTYOutput: true, notTTYSchedule: 10_000, format: "{bar} {value}/{total} tests, {failed} failed, {eta_formatted} left" });
bar.start(paths.length, 0, { failed: 0 });
const outcomes = await runAll(paths, { suite, host: options.host, moves, seed: options.seed }, (all) => bar.update(all.length, { failed: all.filter(didFail).length }));
bar.stop();
outcomes.sort((a, b) => a.path < b.path ? -1 : 1);

printCounts(outcomes);
if (moves !== "none") console.error(`${outcomes.reduce((sum, { moves = 0 }) => sum + moves, 0).toLocaleString("en")} moves`);
if (options.failures !== undefined) {
  writeFileSync(options.failures, outcomes.filter(didFail).map(({ path, reason }) => `${path}\t${reason.split("\n")[0]}\n`).join(""));
}
if (options.update === true) writeFileSync(options.ledger, updatedLedger(groups, outcomes));
else compare(outcomes);

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is a whole number.");
  return Number(text);
}
function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError("It is at least 1.");
  return value;
}
function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return command.error(`cannot read ${what}, ${path}`, { exitCode: 2 });
  }
}

/** Tests of intl402 are ECMA-402's, those of staging nobody's yet. */
function testsOf(folder: string, filter: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(join(folder, "test"), { recursive: true }) as string[];
  } catch {
    return command.error(`there is no folder test in TEST262_DIR, ${folder}`, { exitCode: 2 });
  }
  const found = entries.map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".js") && !path.includes("_FIXTURE") && !path.startsWith("intl402/") && !path.startsWith("staging/") && path.includes(filter))
    .sort();
  return found.length > 0 ? found : command.error(`no test's path contains '${filter}'`, { exitCode: 2 });
}
function sampled(all: string[], count: number | undefined, seed: number): string[] {
  if (count === undefined || count >= all.length) return all;
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const other = i + random.next(all.length - i);
    [all[i], all[other]] = [all[other]!, all[i]!];
  }
  return all.slice(0, count).sort();
}

function didFail({ leftOut, passed }: Outcome): boolean { return leftOut === undefined && !passed; }

interface Counts { dir: string; total: number; left_out: number; passed: number; failed: number }
function printCounts(all: readonly Outcome[]): void {
  const folders = new Map<string, Counts>();
  const tags = new Map<string, number>();
  for (const { path, leftOut, passed } of all) {
    const dir = path.split("/")[0]!;
    let counts = folders.get(dir);
    if (counts === undefined) folders.set(dir, counts = { dir, total: 0, left_out: 0, passed: 0, failed: 0 });
    counts.total++;
    if (leftOut !== undefined) {
      counts.left_out++;
      tags.set(leftOut, (tags.get(leftOut) ?? 0) + 1);
    } else if (passed) {
      counts.passed++;
    } else {
      counts.failed++;
    }
  }
  for (const counts of folders.values()) {
    if (options.json === true) {
      console.log(JSON.stringify(counts));
    } else {
      const run = counts.total - counts.left_out;
      console.log(`${counts.dir.padEnd(12)} ${counts.passed} of ${run} pass (${(100 * counts.passed / Math.max(1, run)).toFixed(2)} %), ${counts.left_out} of ${counts.total} left out`);
    }
  }
  if (options.json !== true && tags.size > 0) console.log(`left out: ${[...tags].sort((a, b) => b[1] - a[1]).map(([tag, count]) => `${tag} ${count}`).join(", ")}`);
}

/** Surprises that are told of; --failures has all. */
function compare(all: readonly Outcome[]): void {
  const TOLD_MAX = 40;
  const { failures, passes } = surprises(groups, all);
  for (const { path, reason } of failures.slice(0, TOLD_MAX)) console.error(`fails, and is not in the ledger: ${path}: ${reason.split("\n")[0]}`);
  for (const { path } of passes.slice(0, TOLD_MAX)) console.error(`passes, and is in the ledger: ${path}`);
  if (failures.length + passes.length === 0) return;
  console.error(`${failures.length} unexpected failures, ${passes.length} unexpected passes; ${options.ledger} says what is expected`);
  process.exitCode = 1;
}
