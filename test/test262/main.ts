// `npm run test262 -- [--sample N] [--json] [--failures FILE] [filter]`: runs test262, found where TEST262_DIR says, in as
// many processes as there are processors, and counts by top folder: total, left out (metadata.ts says which), passed, failed.

import { fork, type ChildProcess } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SingleBar } from "cli-progress";
import { Command } from "commander";
import type { Outcome } from "./worker.js";

const command = new Command("test262")
  .description("Runs ECMAScript's conformance suite, a checkout of which is where the environment variable TEST262_DIR says.")
  .argument("[filter]", "only tests whose path below test/ contains this")
  .option("--sample <n>", "every nth test only", "1")
  .option("--json", "one object a top folder on stdout: dir, total, left_out, passed, failed")
  .option("--failures <file>", "writes a line for each test that failed: its path and why")
  .addHelpText("after", "\nExamples:\n  TEST262_DIR=~/test262 npm run test262\n  TEST262_DIR=~/test262 npm run test262 -- --json --sample 20 built-ins/Array/")
  .parse();
const options = command.opts<{ sample: string; json?: boolean; failures?: string }>();
const suite = process.env["TEST262_DIR"] ?? command.error("set TEST262_DIR to a checkout of tc39/test262", { exitCode: 2 });

const filter = command.args[0] ?? "";
const every = Number(options.sample);
if (!(every >= 1)) command.error("--sample takes a number from 1", { exitCode: 2 });
const paths = (readdirSync(join(suite, "test"), { recursive: true }) as string[])
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".js") && !path.includes("_FIXTURE") && !path.startsWith("intl402/") && !path.startsWith("staging/") && path.includes(filter))
  .sort().filter((_, index) => index % every === 0);

/** Paths that a worker gets at once. */
const BATCH = 40;
/** Milliseconds that one may take for them. */
const PATIENCE_MS = 240_000;

const bar = new SingleBar({ stream: process.stderr, noTTYOutput: false, format: "{bar} {value}/{total} tests, {failed} failed, {eta_formatted} left" });
const outcomes: Outcome[] = [];
let next = 0;
let failed = 0;
bar.start(paths.length, 0, { failed });
await Promise.all(Array.from({ length: availableParallelism() }, () => work()));
bar.stop();

/** Feeds one process after the other until no path is left. */
async function work(): Promise<void> {
  let child: ChildProcess | undefined;
  while (next < paths.length) {
    const batch = paths.slice(next, next + BATCH);
    next += BATCH;
    child ??= fork(fileURLToPath(new URL("./worker.js", import.meta.url)), [suite], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    let answer = await ask(child, batch);
    if (answer === undefined) {
      // Whoever is in the batch that ended the process is found one by one.
      child.kill("SIGKILL");
      answer = [];
      for (const path of batch) {
        child = fork(fileURLToPath(new URL("./worker.js", import.meta.url)), [suite], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
        answer.push(...await ask(child, [path]) ?? [{ path, leftOut: false, passed: false, reason: "the process ended or took too long" }]);
        child.kill("SIGKILL");
      }
      child = undefined;
    }
    outcomes.push(...answer);
    failed += answer.filter((one) => !one.passed && !one.leftOut).length;
    bar.update(outcomes.length, { failed });
  }
  child?.kill("SIGKILL");
}
/** The outcomes of a batch; undefined if the process died or took too long. */
function ask(child: ChildProcess, batch: string[]): Promise<Outcome[] | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => over(undefined), PATIENCE_MS);
    const over = (answer: Outcome[] | undefined): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(answer);
    };
    child.once("message", (answer) => over(answer as Outcome[]));
    child.once("exit", () => over(undefined));
    child.once("error", () => over(undefined));
    child.send(batch);
  });
}

interface Counts { dir: string; total: number; left_out: number; passed: number; failed: number }
const folders = new Map<string, Counts>();
for (const { path, leftOut, passed } of outcomes) {
  const dir = path.split("/")[0]!;
  let counts = folders.get(dir);
  if (counts === undefined) folders.set(dir, counts = { dir, total: 0, left_out: 0, passed: 0, failed: 0 });
  counts.total++;
  if (leftOut) counts.left_out++;
  else if (passed) counts.passed++;
  else counts.failed++;
}
for (const counts of folders.values()) {
  if (options.json === true) console.log(JSON.stringify(counts));
  else console.log(`${counts.dir.padEnd(12)} ${counts.passed} of ${counts.total - counts.left_out} pass (${(100 * counts.passed / Math.max(1, counts.total - counts.left_out)).toFixed(1)} %), ${counts.left_out} left out`);
}
if (options.failures !== undefined) {
  writeFileSync(options.failures, outcomes.filter(({ passed, leftOut }) => !passed && !leftOut).sort((a, b) => a.path < b.path ? -1 : 1).map(({ path, reason }) => `${path}\t${reason.split("\n")[0]}\n`).join(""));
}
