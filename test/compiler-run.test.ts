// Compiled programs on the machine (plain kernel, core built here) print what Node prints.

import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { compileCore, compileProgram, compileScript } from "../compiler/index.js";
import { buildCore } from "../vm/core-build.js";
import { coreFiles } from "../vm/core/files.js";
import * as kernel from "../vm/kernel/index.js";
import { Machine } from "../vm/machine.js";
import type { ProgramUnit } from "../vm/unit.js";
import { modulePrograms, scriptPrograms } from "./compiler-programs.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const core = buildCore(kernel, compileCore(coreFiles.map((name) => ({ name, source: readFileSync(`${root}vm/core/${name}`, "utf8") }))), (_, word) => String(word));

/** Runs a program to its end; what it printed. */
function run(unit: ProgramUnit): string {
  const machine = Machine.create(kernel, core, unit);
  let printed = "";
  let now = 0;
  for (let rounds = 0; rounds < 10_000; rounds++) {
    const stopped = machine.run(5_000_000);
    if (stopped === "ended") return printed;
    if (stopped === "waiting") {
      now = Math.max(now, machine.wakeTime() ?? now);
      machine.wake();
    } else if (stopped === "host-call") {
      const { operation, arguments: given } = machine.hostCall();
      if (operation === "print") printed += `${String(given[1])}\n`;
      else if (operation === "uncaught") printed += `uncaught ${String(given[0])}\n`;
      machine.answer(operation === "now" ? now : operation === "date" ? 0 : operation === "arguments" || operation === "environment" ? [] : undefined);
    } else if (stopped !== "fuel") {
      return `${printed}${stopped}`;
    }
  }
  return `${printed}does not end`;
}

const directory = mkdtempSync(join(tmpdir(), "mvm-compiler-"));
const host = {
  read(path: string) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  exists: (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
};

function write(name: string, source: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source);
  return path;
}

function node(...parameters: string[]): string { return execFileSync(process.execPath, parameters, { encoding: "utf8" }); }

// One run of Node for all scripts: each in a context of its own, its output behind a line that names it.
const runner = write("scripts.cjs", `
const vm = require("node:vm");
for (const source of JSON.parse(require("node:fs").readFileSync(process.argv[2], "utf8"))) {
  console.log("=====");
  vm.runInNewContext(source, { console }, "script.js");
}`);
const expected = node(runner, write("scripts.json", JSON.stringify(scriptPrograms))).split("=====\n").slice(1);
scriptPrograms.forEach((source, i) => {
  test(`script ${i}: ${source.slice(0, 50)}`, (t) => {
    t.is(run(compileScript(source, "script.js")), expected[i]!);
  });
});

modulePrograms.forEach((source, i) => {
  test(`module ${i}: ${source.slice(0, 50)}`, (t) => {
    const path = write(`module${i}.mjs`, source);
    t.is(run(compileProgram(path, host)), node(path));
  });
});

const programs: Record<string, Record<string, string>> = {
  "cycles, live bindings, namespaces": {
    "main.mjs": `import { count, bump, late } from "./a.mjs"; import * as ns from "./a.mjs"; import def, { x as y } from "./b.mjs"; bump(); console.log(count, ns.count, def, y, Object.keys(ns), ns[Symbol.toStringTag]); setTimeout(() => console.log(late())); try { ns.count = 7 } catch (e) { console.log(e.name) } export const fromMain = 5; export function hoisted() { return "hoisted" }`,
    "a.mjs": `import { hoisted, fromMain } from "./main.mjs"; export let count = 0; export function bump() { count++ } console.log(hoisted()); try { fromMain } catch (e) { console.log(e.name) } export const late = () => fromMain; export * from "./b.mjs";`,
    "b.mjs": `export const x = 1; export default "default"; export * as self from "./b.mjs"; console.log("b runs once");`,
  },
  "CommonJS: cycles, cache, json, require as a value": {
    "main.cjs": `const a = require("./a.cjs"); console.log(a.done, a.seen, require("./a.cjs") === a, require("./data.json").list[1], require.main === module, typeof module, __filename.endsWith("main.cjs"), this === exports, require("./dir").name); exports.later = 1; try { require("./not" + "here") } catch (e) { console.log(e.code) } try { require("absent") } catch (e) { console.log(e.code) } var r = require; console.log(r("./a.cjs") === a); return; console.log("never");`,
    "a.cjs": `exports.done = false; const b = require("./b.cjs"); exports.seen = b.saw; exports.done = true;`,
    "b.cjs": `module.exports = { saw: require("./a.cjs").done };`,
    "data.json": `{"list": [1, {"__proto__": 2}], "0": null}`,
    "dir/index.js": `module.exports = function named() {};`,
  },
  "ES modules import CommonJS and JSON": {
    "main.mjs": `import lib, { a, b } from "./lib.cjs"; import * as all from "./lib.cjs"; import data from "./d.json" with { type: "json" }; import star from "./star.cjs"; console.log(lib.a, a, b(), Object.keys(all).filter((k) => k !== "module.exports"), data, star.inner); const late = await import("./late.mjs"); console.log(late.default, late.value); console.log((await import("./lib.cjs")).a);`,
    "lib.cjs": `exports.a = 1; exports.b = function () { return 2 }; Object.defineProperty(exports, "c", { enumerable: true, value: 3 });`,
    "star.cjs": `module.exports = { inner: require("./lib.cjs").a };`,
    "d.json": `[1, "two"]`,
    "late.mjs": `import { value } from "./later.mjs"; export { value }; export default "late"; console.log("late runs");`,
    "later.mjs": `await 0; export let value = "awaited"; console.log("later runs");`,
  },
  "top-level await orders modules": {
    "main.mjs": `import "./slow.mjs"; import "./fast.mjs"; import { v } from "./user.mjs"; console.log("main", v);`,
    "slow.mjs": `console.log("slow starts"); await new Promise((r) => setTimeout(r, 5)); console.log("slow ends"); export const s = 1;`,
    "fast.mjs": `console.log("fast");`,
    "user.mjs": `import { s } from "./slow.mjs"; console.log("user", s); export const v = s + 1;`,
  },
  "a module that failed fails again with the same error": {
    "main.mjs": `const errors = []; for (let i = 0; i < 2; i++) { try { await import("./bad.mjs") } catch (e) { errors.push(e) } try { await import("./user.mjs") } catch (e) { errors.push(e) } try { await import("./late.mjs") } catch (e) { errors.push(e) } try { await import("./bad.cjs") } catch (e) { errors.push(e) } } console.log(errors.map((e) => e.message), errors[0] === errors[1], errors[0] === errors[4], errors[2] === errors[6], errors[3] === errors[7]);`,
    "bad.mjs": `console.log("bad runs"); throw new Error("bad");`,
    "user.mjs": `import "./bad.mjs"; console.log("never");`,
    "late.mjs": `await 0; throw new Error("late");`,
    "bad.cjs": `throw new Error("cjs");`,
  },
  "a module that may evaluate text requires others": {
    "main.cjs": `const { a } = require("./a.cjs"); console.log(a, typeof require("./a.cjs").never); module.exports = function (text) { return eval(text); };`,
    "a.cjs": `exports.a = 1; exports.never = () => eval("2");`,
  },
  "packages": {
    "main.mjs": `import dual from "dual"; import { sub } from "dual/sub"; import old from "old"; console.log(dual, sub, old.kind);`,
    "node_modules/dual/package.json": `{"name": "dual", "exports": {".": {"import": "./m.mjs", "require": "./c.cjs"}, "./sub": "./sub.mjs"}}`,
    "node_modules/dual/m.mjs": `export default "esm"`, "node_modules/dual/c.cjs": `module.exports = "cjs"`, "node_modules/dual/sub.mjs": `export const sub = "sub"`,
    "node_modules/old/package.json": `{"main": "./lib/main"}`, "node_modules/old/lib/main.js": `exports.kind = "old"; exports.dual = require("dual");`,
  },
};
let number = 0;
for (const [title, files] of Object.entries(programs)) {
  const folder = `program${number++}`;
  test(title, (t) => {
    const [main] = Object.entries(files).map(([name, source]) => write(`${folder}/${name}`, source));
    t.is(run(compileProgram(main!, host)), node("--no-warnings", main!));
  });
}
