// Real packages from npm, unmodified. Each program of test/packages uses one for what it is for, run by `mvm run` and by
// node, whose output is the oracle; acorn parses its own source. Some packages bring their test suites along: these run
// too, file by file, with tape.cjs in the place of the runner that they are written for.

import test from "ava";
import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const mvm = join(root, "build/hosts/node/mvm.js");
const programs = join(root, "test/packages");
const RUNNER = "tape.cjs";
/** Packages whose tests are in what npm installs, and how many assertions these make at least. */
const suites: Readonly<Record<string, number>> = { "minimist": 150, "json-stable-stringify": 30, "function-bind": 30 };

function run(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env: { ...process.env, MVM_HOME: join(cwd, "home"), TZ: "UTC" }, timeout: 240_000, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${command} ${args.join(" ")}: ${error.message}\n${stdout.slice(-2000)}${stderr}`));
      else resolve(stdout);
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), "mvm-packages-"));
test.after.always(() => { rmSync(folder, { recursive: true, force: true }); });
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));

for (const name of readdirSync(programs).filter((file) => file !== RUNNER).sort()) {
  test.serial(`${name}: the output is Node's`, async (t) => {
    t.timeout(300_000);
    writeFileSync(join(folder, name), readFileSync(join(programs, name), "utf8").replace("parse(SOURCE,", () => `parse(${JSON.stringify(readFileSync(join(root, "node_modules/acorn/dist/acorn.mjs"), "utf8"))},`));
    const expected = await run(process.execPath, [name], folder);
    t.true(expected.length > 20);
    t.is(await run(process.execPath, [mvm, "run", name], folder), expected);
  });
}

for (const [name, least] of Object.entries(suites)) {
  test.serial(`${name}: its own tests pass`, async (t) => {
    t.timeout(300_000);
    // A copy, which finds the runner beside itself, and what it needs above.
    const place = join(folder, "suites", name);
    cpSync(join(root, "node_modules", name), place, { recursive: true });
    mkdirSync(join(place, "node_modules/tape"), { recursive: true });
    copyFileSync(join(programs, RUNNER), join(place, "node_modules/tape/index.js"));
    const files = readdirSync(join(place, "test")).filter((file) => file.endsWith(".js")).sort();
    writeFileSync(join(place, "all-tests.cjs"), files.map((file) => `require("./test/${file}");\n`).join(""));
    const expected = await run(process.execPath, ["all-tests.cjs"], place);
    t.notRegex(expected, /^not ok/m);
    t.true(Number(/^1\.\.(\d+)$/m.exec(expected)?.[1]) >= least, expected.slice(-200));
    t.is(await run(process.execPath, [mvm, "run", "all-tests.cjs"], place), expected);
  });
}
