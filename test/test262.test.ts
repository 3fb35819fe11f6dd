// The runner of test262: what it makes of a small suite of its own (test262/suite), on every host; what it says of a
// ledger that is not right; and, where TEST262_DIR says where the real suite is, that a sample of it goes as the ledger
// in this repository says, on Node, in C and on the way between them.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import test from "ava";
import { readLedger, surprises, updatedLedger } from "./test262/ledger.js";
import type { Outcome } from "./test262/outcome.js";
import { root } from "./support/run-program.js";

const suite = `${root}test/test262/suite`;
const ledger = `${suite}/ledger.txt`;
const folder = mkdtempSync(`${tmpdir()}/mvm-test262-test-`);
test.after.always(() => rmSync(folder, { recursive: true }));
const compiler = spawnSync(process.env["CC"] ?? "gcc", ["--version"]).status === 0;

interface Ran { code: number | null; stdout: string; stderr: string }
function run(where: string | undefined, ...list: string[]): Promise<Ran> {
  const env = { ...process.env };
  delete env["TEST262_DIR"];
  if (where !== undefined) env["TEST262_DIR"] = where;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`${root}build/test/test262/main.js`, ...list], { env });
    const ran: Ran = { code: null, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => { ran.stdout += chunk.toString(); });
    child.stderr.on("data", (chunk: Buffer) => { ran.stderr += chunk.toString(); });
    child.on("close", (code) => resolve({ ...ran, code }));
  });
}

/** What the small suite comes to, whatever the host. */
const counts = [
  { dir: "built-ins", total: 8, left_out: 2, passed: 4, failed: 2 },
  { dir: "language", total: 12, left_out: 0, passed: 9, failed: 3 },
];
/** The one of more steps than are all moved at. */
const countsOfShort = [counts[0], { dir: "language", total: 12, left_out: 1, passed: 8, failed: 3 }];
const ways: [string, string[]][] = [
  ["node", []], ["quickjs", ["--host", "quickjs"]], ["moved on node", ["--host", "node", "--migrate"]],
  ...compiler ? [["c", ["--host", "c"]], ["moved between node and c", ["--migrate"]], ["moved at every step", ["--migrate", "--every-step"]]] as [string, string[]][] : [],
];
for (const [name, list] of ways) {
  test.serial(`the small suite: ${name}`, async (t) => {
    const failures = `${folder}/failures.txt`;
    const { code, stdout, stderr } = await run(suite, "--json", "--ledger", ledger, "--failures", failures, ...list);
    t.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line) as unknown), list.includes("--every-step") ? countsOfShort : counts, stderr);
    t.is(code, 0, stderr);
    t.is(readFileSync(failures, "utf8"), [
      "built-ins/async-fails.js\tsloppy: Test262:AsyncTestFailure:no",
      "built-ins/async-never.js\tsloppy: never done",
      "language/fails-strict.js\tstrict: Test262Error: this is undefined",
      "language/no-early-error.js\tsloppy: no early error",
      "language/throws-other.js\tsloppy: RangeError was expected: TypeError: not what is expected",
    ].map((line) => `${line}\n`).join(""));
  });
}

test.serial("for people: shares, tags, and what is not as the ledger says", async (t) => {
  const wrong = `${folder}/wrong.txt`;
  writeFileSync(wrong, readFileSync(ledger, "utf8").replace("language/throws-other.js", "language/throws.js"));
  const { code, stdout, stderr } = await run(suite, "--ledger", wrong, "language/");
  t.is(stdout, "language     9 of 12 pass (75.00 %), 0 of 12 left out\n");
  t.regex(stderr, /^fails, and is not in the ledger: language\/throws-other\.js: sloppy: RangeError was expected/m);
  t.regex(stderr, /^passes, and is in the ledger: language\/throws\.js$/m);
  t.regex(stderr, /1 unexpected failures, 1 unexpected passes/);
  t.is(code, 1);
  const tags = await run(suite, "--ledger", ledger, "built-ins/sub/");
  t.is(tags.stdout, "built-ins    1 of 1 pass (100.00 %), 2 of 3 left out\nleft out: agent 1, Temporal 1\n");
});

test.serial("a sample is as large as it is asked to be, and the same for a seed", async (t) => {
  const sample = (seed: string): Promise<Ran> => run(suite, "--json", "--ledger", ledger, "--sample", "7", "--seed", seed);
  const first = await sample("3");
  const total = first.stdout.trim().split("\n").map((line) => (JSON.parse(line) as { total: number }).total).reduce((a, b) => a + b, 0);
  t.is(total, 7);
  t.is((await sample("3")).stdout, first.stdout);
});

test.serial("bad use has exit code 2 and a line that says what to do", async (t) => {
  const cases: [string | undefined, string[], RegExp][] = [
    [undefined, [], /set TEST262_DIR to a checkout/],
    [folder, [], /there is no folder test in TEST262_DIR/],
    [suite, ["nowhere/"], /no test's path contains 'nowhere\/'/],
    [suite, ["--sample", "0"], /at least 1/],
    [suite, ["--every-step"], /goes with --migrate/],
    [suite, ["--ledger", `${folder}/none.txt`], /cannot read the ledger/],
  ];
  for (const [where, list, line] of cases) {
    const { code, stderr } = await run(where, ...list);
    t.regex(stderr, line);
    t.is(code, 2, list.join(" "));
  }
});

test("the ledger is compared and updated: tests, folders, reasons", (t) => {
  const outcomes: Outcome[] = [
    { path: "a/1.js", passed: true, reason: "" }, { path: "a/2.js", passed: false, reason: "no" },
    { path: "b/1.js", passed: false, reason: "no" }, { path: "b/2.js", passed: false, reason: "no" },
    { path: "c.js", passed: false, reason: "no" }, { path: "d.js", leftOut: "Temporal", passed: false, reason: "" },
  ];
  const text = "# a folder\na/\n\n# another\nb/\n\n# not run\ne.js\n";
  const groups = readLedger(text);
  t.deepEqual(groups.map(({ reason }) => reason), ["a folder", "another", "not run"]);
  const { failures, passes } = surprises(groups, outcomes);
  t.deepEqual(failures.map(({ path }) => path), ["c.js"]);
  t.deepEqual(passes.map(({ path }) => path), ["a/1.js"]);
  const updated = updatedLedger(groups, outcomes);
  t.is(updated, "# a folder\na/2.js\n\n# another\nb/\n\n# not run\ne.js\n\n# not looked into yet\nc.js\n");
  t.deepEqual(surprises(readLedger(updated), outcomes), { failures: [], passes: [] });
  t.throws(() => readLedger("a.js\n"), { message: /gives no reason/ });
});

const real = process.env["TEST262_DIR"];
const SAMPLE = "240";
if (real === undefined) {
  test("a sample of test262", (t) => {
    t.log("TEST262_DIR is not set: only the small suite was run");
    t.pass();
  });
} else {
  for (const list of compiler ? [[], ["--host", "c"], ["--migrate"]] : [[], ["--migrate"]]) {
    test.serial(`a sample of test262 ${list.join(" ")}`, async (t) => {
      t.timeout(280_000);
      const { code, stdout, stderr } = await run(real, "--sample", SAMPLE, ...list);
      t.log(stdout);
      t.is(code, 0, stderr);
    });
  }
}
