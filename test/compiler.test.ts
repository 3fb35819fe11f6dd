// The compiler without the machine: code is consistent, modules are found and linked, what is not supported is refused
// with its position, variables live where they should.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { CompileError, compileCore, compileModuleSource, compileProgram, compileScript, decode, disassemble } from "../compiler/index.js";
import type { FunctionUnit, ProgramUnit } from "../vm/unit.js";
import { checkUnit, functionsOf } from "./compiler-check.js";
import { modulePrograms, scriptPrograms } from "./compiler-programs.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

function inMemory(files: Record<string, string>) {
  return { read: (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined) };
}

function program(files: Record<string, string>, entry = "/app/main.mjs"): ProgramUnit {
  const unit = compileProgram(entry, inMemory(files));
  checkUnit(unit.entry);
  return unit;
}

function named(unit: ProgramUnit, name: string): FunctionUnit {
  const found = functionsOf(unit.entry).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

function instructions(unit: FunctionUnit): string[] { return decode(unit.code).map(({ name }) => name); }

// Consistency

test("every construct gives consistent code", (t) => {
  for (const source of scriptPrograms) t.true(checkUnit(compileScript(source, "test.js").entry) > 0);
  for (const source of modulePrograms) t.true(checkUnit(compileModuleSource(source, "test.mjs").entry) > 0);
});

test("programs from npm give consistent code", (t) => {
  const host = {
    read(path: string) {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
  };
  for (const file of ["acorn/dist/acorn.mjs", "acorn/dist/acorn.js", "benchmark/benchmark.js", "semver/index.js", "lodash/lodash.js", "esprima/dist/esprima.js"]) {
    t.true(checkUnit(compileProgram(`${root}node_modules/${file}`, host).entry) > 20, file);
  }
});

test("far jumps: a function above 32 KB", (t) => {
  const lines = Array.from({ length: 4000 }, (_, i) => `if (a[${i}] === "${i}") { b.x${i} = ${i}; continue; }`).join("\n");
  const unit = compileScript(`function f(a, b) { for (;;) { try { ${lines} if (a?.b?.c && a) break; } finally { b() } } }`, "far.js");
  checkUnit(unit.entry);
  t.true(instructions(named(unit, "f")).includes("JUMP32"));
});

test("many locals use wide slots", (t) => {
  const names = Array.from({ length: 300 }, (_, i) => `v${i}`);
  const unit = compileScript(`function f() { let ${names.map((name, i) => `${name} = ${i}`).join(", ")}; v299++; v299 = v298; for (let i = 0; i < 2; i++) { let c = i; g(() => c); } return v299; }`, "wide.js");
  checkUnit(unit.entry);
  t.true(instructions(named(unit, "f")).includes("PUT_LOCAL16"));
});

test("long operator chains do not exhaust the host's stack", (t) => {
  const sum = Array.from({ length: 2000 }, (_, i) => `a${i % 7}`).join(" + ");
  checkUnit(compileScript(`x = ${sum};`, "chain.js").entry);
  t.pass();
});

test("calls with many arguments keep the stack small", (t) => {
  const unit = compileScript(`f(${Array.from({ length: 300 }, (_, i) => `x${i}`).join(", ")})`, "many.js");
  checkUnit(unit.entry);
  t.true(unit.entry.stackWords < 64);
});

// Shape of the code

test("pairs are joined", (t) => {
  const unit = compileScript(`function f(a, b) { let n = 0; for (let i = 0; i < b; i++) { n = n + 1; if (!(a === b)) n = a[i++]; } return n; }`, "t.js");
  const code = instructions(named(unit, "f"));
  for (const name of ["GET_LOCALS", "INCREMENT_LOCAL", "ADD_SMALL", "JUMP_LOCALS_LT", "JUMP_SEQ"]) t.true(code.includes(name), name);
  t.false(code.includes("TO_NUMERIC"));
});

test("dead zones are checked only where they can be met", (t) => {
  const code = (source: string): string => disassemble(compileScript(source, "t.js"));
  t.notRegex(code("function f() { let a = 1; const g = () => a; return a + g(); }"), /CHECK/);
  t.regex(code("function f() { g(); let a = 1; function g() { return a } }"), /GET_OUTER_CHECKED/);
  t.regex(code("function f() { a; let a = 1; }"), /CHECK "a"/);
  t.regex(code("function f(x) { switch (x) { case 0: let a = 1; case 1: return a } }"), /CHECK "a"/);
  t.notRegex(code("class A { static make() { return new A() } }"), /CHECK/);
  t.regex(code("class A extends f(() => A) {}"), /GET_OUTER_CHECKED/);
});

test("only captured variables live in scopes, fresh for each round of a loop", (t) => {
  const unit = compileScript(`function f(list) { let plain = 0; for (let i = 0, n = 9; i < n; i++) { plain += i; list.push(() => i); } return plain; }`, "t.js");
  const f = named(unit, "f");
  t.deepEqual(f.debug!.scopes.map(({ names }) => names), [["i"]]);
  t.true(f.debug!.slots.includes("plain") && f.debug!.slots.includes("n"));
  t.is(instructions(f).filter((name) => name === "COPY_SCOPE").length, 1);
  const uncaptured = named(compileScript(`function f() { for (let i = 0; i < 3; i++) g(i); }`, "t.js"), "f");
  t.false(instructions(uncaptured).includes("NEW_SCOPE"));
});

test("what arrows need of the function around them is captured once", (t) => {
  const unit = compileScript(`class A extends B { constructor() { super(); this.f = () => [this, new.target, super.m()]; } }`, "t.js");
  t.deepEqual(new Set(named(unit, "A").debug!.scopes[0]!.names), new Set(["this", "new.target", "home"]));
});

test("names, lengths, flags and capacities", (t) => {
  const unit = compileModuleSource(`
    const f = (a, b = 1, ...c) => 0;
    class P { q = 1; constructor() { this.x = 1; this.y = 2; this.x = 3; } get g() { return 1 } async *m(a) {} }
    export default function () {}`, "t.mjs");
  const all = functionsOf(unit.entry);
  t.is(all.find(({ name }) => name === "f")!.length, 1);
  t.is(all.find(({ name }) => name === "P")!.capacity, 3);
  for (const name of ["get g", "m", "default"]) t.true(all.some((one) => one.name === name), name);
  t.is(all.find(({ name }) => name === "m")!.debug!.source, "async *m(a) {}");
});

test("lines and columns of calls", (t) => {
  const unit = compileScript("f(\n  a.b.c(),\n  new D);\n", "t.js");
  const at = (name: string): unknown[] => decode(unit.entry.code).filter((one) => one.name === name).map(({ offset }) => {
    const { line, column } = unit.entry.debug!.lines.filter((entry) => "line" in entry).filter((entry) => entry.offset <= offset).pop()!;
    return [line, column];
  });
  t.deepEqual(at("CONSTRUCT"), [[3, 3]]);
  t.deepEqual(at("CALL"), [[2, 7], [1, 1]]);
});

// Core mode

test("core mode: one scope for all files, intrinsics and constants", (t) => {
  const unit = compileCore([
    { name: "a.js", source: `const table = $newTable(2, false); function first(x) { return later($isObject(x), $$BRAND_MAP, $$PROMISE_STATE); }` },
    { name: "b.js", source: `function later(a, b) { "fast: mathAbs"; try { return $call(a, undefined, b); } catch (e) { $throw(NOT_A_FUNCTION, a); } } $root("throw", later); function Map() {}` },
  ]);
  for (const { body } of unit.files) checkUnit(body);
  t.deepEqual(unit.variables, ["later", "table", "first", "Map"]);
  const text = disassemble(unit);
  for (const part of ["INTRINSIC2 $newTable", "INTRINSIC1 $isObject", "CORE throw", "fast mathAbs", "CORE_CALLEE_FIRST 0"]) t.true(text.includes(part), part);
  t.regex(text, /Map \[STRICT CONSTRUCTOR DERIVED CORE\]/);
  t.regex(text, /later \[STRICT CORE\]/);
});

test("core mode: mistakes are errors with a place", (t) => {
  const wrong = (source: string): string => t.throws(() => compileCore([{ name: "a.js", source }]), { instanceOf: CompileError })!.message;
  t.is(wrong("$isObject(1, 2)"), "a.js:1:1: $isObject takes 1 arguments, not 2");
  t.is(wrong("\n f($nothing(1))"), "a.js:2:4: no intrinsic $nothing");
  t.is(wrong("f($$NOTHING)"), "a.js:1:3: no $$NOTHING in the tables");
  t.regex(wrong("const a = 1; function a() {}"), /a\.js:1:\d+: /);
  t.is(wrong("$root('nobody', 1)"), "a.js:1:7: no root nobody");
});

// Modules

test("imports resolve through re-exports to the exporting module's variable", (t) => {
  const unit = program({
    "/app/main.mjs": `import { x as y } from "./b.mjs"; import * as ns from "./b.mjs"; import d from "./c.mjs"; f(y, ns.x, d);`,
    "/app/b.mjs": `export * from "./c.mjs"; export * as all from "./c.mjs";`,
    "/app/c.mjs": `export let x = 1; export default class {}; function unseen() {}`,
  });
  const at = unit.modules[2]!.variables.indexOf("x");
  const main = disassemble(unit);
  t.true(main.includes(`GET_MODULE 2 ${at}`));
  t.false(main.includes("CORE namespace"));
});

test("namespace objects only where they are needed", (t) => {
  const files = { "/app/b.mjs": `export const v = 1; export function plain() {} export function uses() { return this }` };
  const text = (source: string): string => disassemble(program({ ...files, "/app/main.mjs": `import * as ns from "./b.mjs"; ${source}` }));
  t.false(text("f(ns.v, ns.plain(), ns.absent)").includes("CORE namespace"));
  t.true(text("f(ns)").includes("CORE namespace"));
  t.true(text("ns.uses()").includes("CORE namespace"));
});

test("import cycles are checked, others not", (t) => {
  const cyclic = disassemble(program({
    "/app/main.mjs": `import { b } from "./b.mjs"; export const a = 1; f(b);`,
    "/app/b.mjs": `import { a } from "./main.mjs"; export const b = () => a;`,
  }));
  t.regex(cyclic, /GET_MODULE_CHECKED 0 \d+ "a"/);
  const plain = disassemble(program({ "/app/main.mjs": `import { b } from "./b.mjs"; f(b);`, "/app/b.mjs": `export const b = 1;` }));
  t.notRegex(plain, /GET_MODULE_CHECKED/);
});

test("packages: exports, conditions, patterns, imports, main, scopes", (t) => {
  const files = {
    "/app/main.mjs": `import a from "a"; import b from "a/feature/x"; import c from "@s/c"; import d from "d/sub.js"; import e from "e"; import i from "#inner"; import self from "app/self"; f(a, b, c, d, e, i, self);`,
    "/app/package.json": `{"name": "app", "exports": {"./self": "./self.mjs"}, "imports": {"#inner": {"browser": "./no.mjs", "default": "./inner.mjs"}}}`,
    "/app/inner.mjs": "export default 1", "/app/self.mjs": "export default 1",
    "/app/node_modules/a/package.json": `{"exports": {".": {"require": "./no.cjs", "import": "./yes.mjs"}, "./feature/*": "./lib/*.mjs", "./feature/private/*": null}}`,
    "/app/node_modules/a/yes.mjs": "export default 1", "/app/node_modules/a/lib/x.mjs": "export default 2",
    "/node_modules/@s/c/package.json": `{"exports": {"node": "./node.js", "mvm": "./mvm.mjs", "default": "./default.js"}}`, "/node_modules/@s/c/mvm.mjs": "export default 3",
    "/node_modules/d/package.json": "{}", "/node_modules/d/sub.js": "module.exports = 4",
    "/node_modules/e/package.json": `{"main": "lib"}`, "/node_modules/e/lib/index.js": "exports.default = 5",
  };
  t.deepEqual(program(files).modules.map(({ name }) => name), [
    "/app/main.mjs", "/app/node_modules/a/yes.mjs", "/app/node_modules/a/lib/x.mjs", "/node_modules/@s/c/mvm.mjs", "/node_modules/d/sub.js",
    "/node_modules/e/lib/index.js", "/app/inner.mjs", "/app/self.mjs",
  ]);
  const missing = t.throws(() => program({ ...files, "/app/main.mjs": `import "a/feature/private/x"` }), { instanceOf: CompileError });
  t.regex(missing!.message, /^\/app\/main\.mjs:1:8: package 'undefined' does not export '.\/feature\/private\/x'/);
});

function modulesOf(files: Record<string, string>, entry?: string): string[] { return program(files, entry).modules.map(({ name }) => name).slice(1); }

test("a package that wants what is Node's is taken as browsers get it, then as Node does", (t) => {
  const a = "/node_modules/a";
  const conditions = { [`${a}/package.json`]: `{"exports": {"browser": "./browser.js", "default": "./lib/default.js"}}`, [`${a}/lib/package.json`]: `{"type": "module"}` };
  const main = { "/main.mjs": `import "a"` };
  t.deepEqual(modulesOf({ ...main, ...conditions, [`${a}/lib/default.js`]: "", [`${a}/browser.js`]: "" }, "/main.mjs"), [`${a}/lib/default.js`]);
  t.deepEqual(modulesOf({ ...main, ...conditions, [`${a}/lib/default.js`]: `import "node:fs"`, [`${a}/browser.js`]: "" }, "/main.mjs"), [`${a}/browser.js`]);
  const unhelped = t.throws(() => program({ ...main, ...conditions, [`${a}/lib/default.js`]: `import "node:fs"`, [`${a}/browser.js`]: `require("tty")` }, "/main.mjs"), { instanceOf: CompileError });
  t.is(unhelped!.message, `${a}/lib/default.js:1:8: the module 'node:fs' is not offered`);
  // An ES module for bundlers, in a package whose files are none for Node.
  t.deepEqual(modulesOf({
    ...main, [`${a}/package.json`]: `{"type": "commonjs", "exports": {"node": "./node.mjs", "default": "./esm.js"}}`, [`${a}/esm.js`]: "export default 1", [`${a}/node.mjs`]: "export default 1",
  }, "/main.mjs"), [`${a}/node.mjs`]);
  // The field: another main, other files, and nothing.
  t.deepEqual(modulesOf({
    ...main, [`${a}/package.json`]: `{"main": "main.js", "browser": "web"}`, [`${a}/main.js`]: `require("fs")`, [`${a}/web.js`]: "",
  }, "/main.mjs"), [`${a}/web.js`]);
  t.deepEqual(modulesOf({
    ...main, [`${a}/package.json`]: `{"main": "./main.js", "browser": {"./main.js": "./web.js"}}`, [`${a}/main.js`]: `require("fs")`, [`${a}/web.js`]: "",
  }, "/main.mjs"), [`${a}/web.js`]);
  t.deepEqual(modulesOf({
    ...main, [`${a}/package.json`]: `{"main": "main.js", "browser": {"./lib/read.js": "./lib/none.js", "./lib/show.js": false, "b": "c"}}`,
    [`${a}/main.js`]: `require("./lib/read"); require("./lib/show.js"); require("b")`, [`${a}/lib/read.js`]: `require("fs")`, [`${a}/lib/none.js`]: "", [`${a}/lib/show.js`]: `require("tty")`,
    "/node_modules/b/index.js": `f()`, "/node_modules/c/package.json": "{}", "/node_modules/c/index.js": "",
  }, "/main.mjs"), [`${a}/main.js`, `${a}/lib/none.js`, "(nothing)", "/node_modules/c/index.js"]);
});

test("what stands in for a module of Node's: the package's field `browser`, or a package that is installed", (t) => {
  const a = "/node_modules/a";
  t.deepEqual(modulesOf({
    "/main.mjs": `import "a"; import "node:events"`, [`${a}/package.json`]: `{"browser": {"fs": false, "path": "./path.js"}}`, [`${a}/index.js`]: `require("fs"); require("node:path"); require("events")`,
    [`${a}/path.js`]: "", "/node_modules/events/package.json": "{}", "/node_modules/events/index.js": "",
  }, "/main.mjs"), [`${a}/index.js`, "/node_modules/events/index.js", "(nothing)", `${a}/path.js`]);
  t.throws(() => program({ "/main.mjs": `import "fs"`, "/node_modules/fs/package.json": "{}", "/node_modules/fs/index.js": "" }, "/main.mjs"), { message: "/main.mjs:1:8: the module 'fs' is not offered" });
});

test("goal of a file: extension, package type, syntax", (t) => {
  const kind = (files: Record<string, string>, entry: string): string => (functionsOf(compileProgram(entry, inMemory(files)).entry).some(({ parameterCount }) => parameterCount === 2) ? "commonjs" : "module");
  t.is(kind({ "/a.js": "var x" }, "/a.js"), "commonjs");
  t.is(kind({ "/a.js": "export var x" }, "/a.js"), "module");
  t.is(kind({ "/a.js": "await 1" }, "/a.js"), "module");
  t.is(kind({ "/a.js": "var x", "/package.json": `{"type": "module"}` }, "/a.js"), "module");
  t.is(kind({ "/a.cjs": "var x", "/package.json": `{"type": "module"}` }, "/a.cjs"), "commonjs");
  t.is(kind({ "/a.mjs": "var x" }, "/a.mjs"), "module");
});

test("requires in a try block may be missing", (t) => {
  t.notThrows(() => program({ "/a.cjs": `try { require("fs") } catch {} try { require("nowhere") } catch (e) { f(e) }` }, "/a.cjs"));
  // What a package requires when it comes to it may be no JavaScript.
  t.notThrows(() => program({ "/a.cjs": `require("a")`, "/node_modules/a/index.js": `exports.load = () => require("b")`, "/node_modules/b/index.js": "import typeof x from 'y'" }, "/a.cjs"));
});

test("BigInt literals are constants, and names where they are keys", (t) => {
  const text = disassemble(compileScript("f(10n, 0x1Fn, 10n, { 1n: 0, 99999999999n: 0 })", "t.js"));
  t.is(text.match(/CONSTANT 10n/g)?.length, 2);
  t.regex(text, /CONSTANT 31n/);
  t.regex(text, /DEFINE_PROPERTY "99999999999"/);
  t.regex(text, /SMALL8 1\n/);
});

// Refusals

const refusals: [source: string, construct: string, line: number, column: number][] = [
  ["let a; let a", "syntax", 1, 12],
  ["return 1", "syntax", 1, 1],
  ["f() &&= 1", "syntax", 1, 1],
  ["[f()] = [1]", "syntax", 1, 2],
  ["'use strict'; f() = 1", "syntax", 1, 15],
  ["for (const x of []) using y = 1", "syntax", 1, 21],
  ["using x = null", "syntax", 1, 1],
];
for (const [source, construct, line, column] of refusals) {
  test(`refused: ${source}`, (t) => {
    const error = t.throws(() => compileScript(source, "no.js"), { instanceOf: CompileError })!;
    t.like(error, { construct, line, column, file: "no.js" });
  });
}

const moduleRefusals: [source: string, message: RegExp][] = [
  [`import fs from "node:fs"`, /:1:16: the module 'node:fs' is not offered$/],
  [`\nimport "path"`, /:2:8: the module 'path' is not offered; the package 'path-browserify' stands in for it where it is installed$/],
  [`import { nothing } from "./b.mjs"`, /:1:10: the module '.\/b.mjs' does not export 'nothing'$/],
  [`export { both } from "./stars.mjs"`, /exports 'both' from two modules$/],
  [`import "./absent.mjs"`, /:1:8: cannot find module '.\/absent.mjs'$/],
  [`import x from "./data.json"`, /a JSON module is imported with/],
  [`import "./broken.mjs"`, /^\/app\/broken.mjs:1:5: /],
];
for (const [source, message] of moduleRefusals) {
  test(`refused in a program: ${source.trim()}`, (t) => {
    t.throws(() => program({
      "/app/main.mjs": source, "/app/b.mjs": "export const both = 1", "/app/c.mjs": "export const both = 2", "/app/stars.mjs": `export * from "./b.mjs"; export * from "./c.mjs"`,
      "/app/data.json": "{}", "/app/broken.mjs": "let let",
    }), { instanceOf: CompileError, message });
  });
}

test("refused: require of an ES module", (t) => {
  t.throws(() => program({ "/a.cjs": `require("./b.mjs")`, "/b.mjs": "" }, "/a.cjs"), { instanceOf: CompileError, message: /^\/a\.cjs:1:1: require\(\) of the ES module/ });
});
