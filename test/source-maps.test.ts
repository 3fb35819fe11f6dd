// Source maps: errors, stacks, `inspect` and what the compiler complains of are where the source was written. The oracle
// for places is Node with --enable-source-maps.

import test from "ava";
import { buildSync, type BuildOptions } from "esbuild";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { compileModuleSource, compileProgram, CompileError, disassemble } from "../compiler/index.js";
import { sourceHost } from "../hosts/node/files.js";
import { loadCore, loadKernel } from "../hosts/node/load-core.js";
import { readProgram } from "../hosts/node/read-code.js";
import { inspect } from "../vm/inspect.js";
import { Machine } from "../vm/machine.js";
import { User } from "./cli-support.js";
import { checkUnit } from "./compiler-check.js";
import { flatKernel, ProgramRun } from "./support/run-program.js";

const user = new User();
test.after.always(() => user.close());
mkdirSync(user.path("src"));

user.file("src/lib.ts", `// Types and comments move what follows.
interface Point { x: number; y: number }

export function fail(p: Point): never {
  const half: number = p.x / 2;
  throw new Error("half is " + half);
}

export async function later(p: Point): Promise<void> {
  await null;
  fail(p);
}
export const atTop = ((): string => { try { (null as any).x.y; return ""; } catch (e) { return (e as Error).stack!; } })();
`);
user.file("src/main.ts", `import { atTop, fail, later } from "./lib.js";

class Box<T> {
  constructor(private readonly run: () => T) {}
  open(): T {
    return this.run();
  }
}
const say = (e: unknown): void => { console.log((e as Error).stack); };
console.log(atTop);
try { new Box<never>(() => fail({ x: 3, y: 4 })).open(); } catch (e) { say(e); }
const missing: any = {};
try {
  const deep =
    missing.a
      .b.c;
  say(deep);
} catch (e) { say(e); }
later({ x: 1, y: 2 }).catch(say).then(() => {
  missing
    .notThere(1, 2);
});
`);

function bundle(name: string, options: BuildOptions): string {
  const outfile = user.path(name);
  buildSync({ entryPoints: [user.path("src/main.ts")], bundle: true, format: "esm", platform: "node", target: "node20", logLevel: "error", outfile, ...options });
  return outfile;
}
/** The places of all lines of stacks in a text that are in these sources. */
function places(text: string): string[] {
  return [...text.matchAll(/^ {4}at .*?\(?([^\s()]+:\d+:\d+)\)?$/gm)].map((match) => match[1]!).filter((place) => place.startsWith(user.directory));
}

for (const [name, options] of Object.entries<BuildOptions>({
  "plain.mjs": { sourcemap: true },
  "minified.mjs": { sourcemap: true, minify: true },
  "inline.mjs": { sourcemap: "inline", minifyWhitespace: true },
  "script.cjs": { sourcemap: "inline", format: "cjs", minify: true },
})) {
  test(`a bundle of TypeScript, ${name}: places are Node's`, async (t) => {
    const path = bundle(name, options);
    if (options.minify === true) t.true(readFileSync(path, "utf8").split("\n").length < 4, "all in one line");
    const [node, mvm] = await Promise.all([user.start([], { program: path, environment: { NODE_OPTIONS: "--enable-source-maps" } }).finished, user.mvm("run", path)]);
    const expected = places(node.stdout);
    t.true(expected.length >= 8, node.stdout);
    t.deepEqual(places(mvm.stdout), expected);
    t.deepEqual(places(mvm.stderr).slice(0, 1), places(node.stderr).slice(0, 1), "what nobody caught");
    t.regex(mvm.stdout, /at fail \(\S+lib\.ts:6:9\)/, "names from before it was made short");
    t.true(places(mvm.stderr)[0]!.endsWith("/src/main.ts:21:6"), mvm.stderr);
    t.is(mvm.code, 1);
  });
}

test("code of several files in one function: images keep it, the verifier takes it, the disassembler shows it", async (t) => {
  const path = bundle("kept.mjs", { sourcemap: true, banner: { js: "globalThis.added = () => { throw new Error('added'); };" }, footer: { js: "setTimeout(() => added());" } });
  const unit = compileProgram(path, sourceHost);
  t.true(checkUnit(unit.entry) > 5);
  t.deepEqual([...unit.entry.debug!.files].sort(), [path, user.path("src/lib.ts"), user.path("src/main.ts")], "what the map does not have is the bundle's own");
  t.true(disassemble(unit).includes(`${user.path("src/lib.ts")}:13:`));
  const machine = Machine.create(await loadKernel(), loadCore(), unit);
  t.deepEqual(readProgram(machine).entry.debug!.files, unit.entry.debug!.files);
  t.true(disassemble(readProgram(machine)).includes(`${user.path("src/lib.ts")}:13:`));
  t.is((await user.mvm("build", path, "-o", "kept.mvm")).code, 0);
  const [source, image] = await Promise.all([user.mvm("run", path), user.mvm("run", "kept.mvm")]);
  t.deepEqual(image, source);
  t.deepEqual(JSON.parse((await user.mvm("inspect", "kept.mvm", "--json")).stdout).modules.sort(), [path, user.path("src/lib.ts"), user.path("src/main.ts")].sort());
});

test("inspect: frames are where the source was written", (t) => {
  const run = ProgramRun.start(flatKernel, compileProgram(bundle("inspected.mjs", { sourcemap: true, minify: true }), sourceHost));
  const seen = new Set<string>();
  const names = new Set<string>();
  for (let steps = 1; steps < 3000 && run.runTo(steps); steps++) {
    for (const { file, line, core, function: name } of inspect(run.machine).stack) {
      if (core) continue;
      seen.add(`${file?.slice(user.directory.length)}:${line}`);
      names.add(name);
    }
  }
  t.true(names.has("fail") && names.has("later"), [...names].join(" "));
  for (const place of ["/src/lib.ts:5", "/src/lib.ts:6", "/src/main.ts:6", "/src/main.ts:11", "/src/main.ts:16"]) t.true(seen.has(place), `${place} of ${[...seen].join(" ")}`);
  t.false([...seen].some((place) => place.startsWith("/inspected")), [...seen].join(" "));
});

test("what the compiler complains of is in the original; a text that is no program is wrong where it stands", (t) => {
  user.file("src/importer.ts", "type A = string;\n\nconst a: A = 'a';\n  import * as fs from \"node:fs\";\nconsole.log(a, fs);\n");
  const path = bundle("importer.mjs", { entryPoints: [user.path("src/importer.ts")], sourcemap: true, minify: true });
  const refused = t.throws(() => compileProgram(path, sourceHost), { instanceOf: CompileError })!;
  t.is(refused.message, `${user.path("src/importer.ts")}:4:23: the module 'node:fs' is not offered`);
  t.is(refused.compiled, path);
  const broken = user.file("broken.mjs", `${readFileSync(path, "utf8").replace("console.log", "console..log").replace(/\/\/# source.*/, "")}//# sourceMappingURL=importer.mjs.map\n`);
  t.is(t.throws(() => compileProgram(broken, sourceHost), { instanceOf: CompileError })!.file, broken);
});

test("a map that is missing or broken: a note, and the places of the code as it is", async (t) => {
  const program = "throw new Error('here');\n";
  for (const [name, url, reason] of [
    ["missing.mjs", "nowhere.mjs.map", /cannot read \S+nowhere\.mjs\.map: there is no such file; places in \S+missing\.mjs are those of the code as it is/],
    ["bad.mjs", "bad.map", /cannot read \S+bad\.map: .*; places in/],
    ["data.mjs", "data:application/json;base64,bm8=", /cannot read the source map: .*; places in/],
    ["web.mjs", "https://example.org/a.map", /cannot read the source map: the scheme https: is not understood; places in/],
  ] as const) {
    user.file("bad.map", "{ this is no map");
    const path = user.file(name, `${program}//# sourceMappingURL=${url}\n`);
    const { code, stderr } = await user.mvm("run", path);
    t.is(code, 1);
    t.regex(stderr, reason);
    t.deepEqual(places(stderr), [`${path}:1:7`]);
    t.is(stderr.match(/^mvm: /gm)!.length, 1, stderr);
  }
});

test("maps of all forms: sections, a root, a text that is not base64, sources that are no files, holes", async (t) => {
  const map = { version: 3, sources: ["x.ts"], names: [], mappings: "AACA" };
  user.file("sections.map", JSON.stringify({ version: 3, sections: [{ offset: { line: 1, column: 0 }, map: { ...map, sourceRoot: "deep/er" } }] }));
  for (const [name, program, url, expected] of [
    ["sections.cjs", "\nthrow new Error('a');", "sections.map", `${user.path("deep/er/x.ts")}:2:1`],
    ["plain.cjs", "throw new Error('a');", `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(map))}`, `${user.path("x.ts")}:2:1`],
    ["pack.cjs", "throw new Error('a');", `data:application/json;base64,${Buffer.from(JSON.stringify({ ...map, sources: ["webpack://app/./x.ts"] })).toString("base64")}`, "webpack://app/x.ts:2:1"],
    ["hole.cjs", "throw new Error('a');", `data:application/json;base64,${Buffer.from(JSON.stringify({ ...map, mappings: "A" })).toString("base64")}`, `${user.path("hole.cjs")}:1:7`],
  ] as const) {
    const { stderr } = await user.mvm("run", user.file(name, `${program}\n//# sourceMappingURL=${url}\n`));
    t.true(stderr.includes(`at ${expected}\n`), `${name}: ${stderr}`);
    t.false(stderr.includes("mvm:"), stderr);
  }
});

test("a package that lacks its map is nobody's trouble; what only looks like a map's name is none", async (t) => {
  mkdirSync(user.path("node_modules/mapless"), { recursive: true });
  user.file("node_modules/mapless/index.js", "module.exports = () => { throw new Error('in a package'); };\n//# sourceMappingURL=index.js.map\n");
  const path = user.file("user.cjs", "const text = `\n//# sourceMappingURL=a.map\n`;\nrequire('mapless')();\n");
  const { stderr } = await user.mvm("run", path);
  t.false(stderr.includes("mvm:"), stderr);
  t.deepEqual(places(stderr), [`${user.path("node_modules/mapless/index.js")}:1:32`, `${path}:4:19`]);
});

test("TypeScript that is run as it is keeps its places", async (t) => {
  const path = user.file("as-it-is.ts", "interface A { x: number }\nfunction f<T extends A>(a: T): never {\n  throw new Error(`${a.x as number}`);\n}\nf<A>({ x: 1 });\n");
  t.deepEqual(places((await user.mvm("run", path)).stderr), [`${path}:3:9`, `${path}:5:1`]);
});

test("a module that import() finds while the program runs has its map too", async (t) => {
  bundle("late.mjs", { sourcemap: true, minify: true });
  const path = user.file("loader.mjs", "await import('./la' + 'te.mjs');\n");
  const { stdout } = await user.mvm("run", path);
  t.true(places(stdout).includes(`${user.path("src/lib.ts")}:6:9`), stdout);
});

test("without debug information nothing is kept of a map", async (t) => {
  const path = bundle("bare.mjs", { sourcemap: true, minify: true });
  t.is((await user.mvm("build", path, "--no-debug", "-o", "bare.mvm")).code, 0);
  t.true(existsSync(user.path("bare.mvm")));
  t.false(readFileSync(user.path("bare.mvm")).includes("lib.ts"));
});

test("a program without a map is what it was: one file, and lines", (t) => {
  const unit = compileModuleSource("const f = () => { throw new Error('x'); };\nf();\n", "plain.mjs");
  t.deepEqual(unit.entry.debug!.files, ["plain.mjs"]);
  t.true(unit.entry.debug!.lines.every((entry) => "line" in entry));
});
