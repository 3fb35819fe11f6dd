// Real packages from npm, unmodified: each program uses a package for what it is for, run by `mvm run` and by node, whose
// output is the oracle. acorn parses its own source.

import test from "ava";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const mvm = join(root, "build/hosts/node/mvm.js");

const programs: Record<string, string> = {
  "acorn.mjs": `
import { parse } from "acorn";
import { version } from "acorn";
const source = SOURCE;
const tree = parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true });
let nodes = 0, checksum = 0;
(function walk(node) {
  nodes++;
  checksum = (checksum * 31 + node.start + node.type.length) % 1000003;
  for (const key in node) {
    const child = node[key];
    if (Array.isArray(child)) { for (const one of child) if (one && typeof one.type === "string") walk(one); }
    else if (child && typeof child.type === "string") walk(child);
  }
})(tree);
console.log(version, tree.body.length, nodes, checksum);`,
  "marked.mjs": `
import { marked } from "marked";
console.log(marked.parse("# Title\\n\\nSome *text* with \`code\`, **bold** and [a link](http://x.test).\\n\\n- a\\n- b\\n  1. c\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n> quote\\n\\n\`\`\`js\\nlet x = 1;\\n\`\`\`\\n"));`,
  "yaml.mjs": `
import YAML from "yaml";
console.log(YAML.stringify({ a: [1, { b: 2 }], c: "multi\\nline", d: null, e: 1.5e300 }));
console.log(JSON.stringify(YAML.parse("x: 1\\ny:\\n  - a\\n  - b: {c: d}\\nz: |\\n  text\\n  more\\nanchor: &k {v: 1}\\nalias: *k\\n")));
try { YAML.parse("a: [1"); } catch (error) { console.log(error.name, error.message.split("\\n")[0]); }`,
  "superstruct.mjs": `
import { object, string, number, array, optional, assert, validate, refine, defaulted, create } from "superstruct";
const User = object({ name: string(), age: optional(refine(number(), "positive", (n) => n > 0)), tags: defaulted(array(string()), () => ["new"]) });
assert({ name: "Ann", tags: ["x"] }, User);
console.log(create({ name: "Bob" }, User));
const [error] = validate({ name: 5, age: -1, tags: [1] }, User);
console.log(error.message, [...error.failures()].map((failure) => failure.path.join(".")).join("|"));`,
  "dayjs.cjs": `
const dayjs = require("dayjs");
require("dayjs/locale/de");
const day = dayjs("2024-02-29T12:30:00.000Z");
console.log(day.add(1, "year").format("YYYY-MM-DD dddd"), dayjs("2024-01-01").diff("2023-01-01", "day"), day.locale("de").format("dddd, D. MMMM YYYY"));
console.log(day.startOf("month").toISOString(), day.isBefore("2024-03-01"), dayjs("nonsense").isValid());`,
};

function run(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env: { ...process.env, MVM_HOME: join(cwd, "home"), TZ: "UTC" }, timeout: 240_000, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${command} ${args.join(" ")}: ${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

for (const [name, text] of Object.entries(programs)) {
  test(`${name}: the output is Node's`, async (t) => {
    t.timeout(300_000);
    const folder = mkdtempSync(join(tmpdir(), "mvm-packages-"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const source = text.includes("SOURCE") ? text.replace("SOURCE", () => JSON.stringify(sourceOfAcorn())) : text;
    writeFileSync(join(folder, name), source.trimStart());
    const expected = await run(process.execPath, [name], folder);
    t.true(expected.length > 20);
    t.is(await run(process.execPath, [mvm, "run", name], folder), expected);
  });
}
function sourceOfAcorn(): string { return readFileSync(join(root, "node_modules/acorn/dist/acorn.mjs"), "utf8"); }
