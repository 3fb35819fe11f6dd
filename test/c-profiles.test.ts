// Profiles (hosts/c/profiles.ts): a machine without parts of kernel and core does what the whole one does, step for step, until a
// program reaches what is absent. Then it stops, names the part, and has printed and hashed nothing else before.

import test from "ava";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parts, profiles } from "../hosts/c/profiles.js";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { compileText, core, digest, flatKernel, imageMeta, programNames, programUnit, root } from "./support/run-program.js";

const folder = mkdtempSync(`${tmpdir()}/mvm-c-profiles-`);
test.after.always(() => rmSync(folder, { recursive: true }));

interface Ran { readonly code: number | null; readonly stdout: string; readonly hashes: readonly string[]; readonly complaint: string }
function run(program: string, image: string, ...list: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(`${root}build/${program}`, ["run", image, "--virtual-time", ...list], { env: { MODE: "test", TZ: "UTC" }, encoding: "utf8", maxBuffer: 1 << 26, timeout: 120_000 });
  const lines = stderr.split("\n");
  const isHash = (line: string): boolean => /^\d+ [0-9a-f]{16}$/.test(line);
  return { code: status, stdout, hashes: lines.filter(isHash), complaint: lines.filter((line) => !isHash(line)).join("\n") };
}
function imageOf(name: string, make: () => Machine): string {
  const file = `${folder}/${name}.mvm`;
  if (!existsSync(file)) writeFileSync(file, encodeImage(make(), imageMeta, digest));
  return file;
}
/** The part that a run was stopped at. */
function stoppedAt({ complaint }: Ran): string | undefined {
  return /^mvm-c: .* uses (\w+) at step \d+, which this mvm-c was built without; /m.exec(complaint)?.[1];
}
/** Parts that are reached through another one. */
const waysTo: Readonly<Record<string, string>> = { lettercase: "strings", unicode: "strings" };
/** Programs that end on the image's host, of one part each; each prints first. */
const uses: Readonly<Record<string, string>> = {
  regexp: "console.log(/b+/.test('abb'));", binary: "console.log(new Uint8Array(3)[1]);", date: "console.log(new Date(0).getTime());",
  json: "console.log(JSON.stringify({ a: [1, 2] }));", mathematics: "console.log(Math.sin(ticks) + ticks ** 0.5);", lettercase: "console.log('straße'.toUpperCase());",
  collections: "console.log(new Map([[1, 2]]).get(1));", reflect: "console.log(Reflect.ownKeys({ a: 1 }).length);", web: "console.log(structuredClone({ a: 1 }).a);",
  bigint: "console.log(String(2n ** 70n));",
  iterators: "console.log([1, 2].values().map((x) => x + 1).next().value);",
  additions: "console.log(Error.isError(ticks));",
  disposal: "new DisposableStack().dispose();", weakrefs: "console.log(typeof new WeakRef({}).deref());",
  shared: "console.log(new SharedArrayBuffer(8).byteLength);",
  unicode: "console.log('e\\u0301'.normalize().length);",
  proxy: "console.log(new Proxy({ a: 1 }, {}).a);",
  evaluation: "console.log((0, eval)('1 + 1'));",
  scripts: "console.log(ticks);",
  realms: "console.log(typeof mvm.createRealm());",
  async: "Promise.resolve(1).then(console.log);", generators: "function* steps() { yield 1; } for (const x of steps()) console.log(x);",
  messages: "mvm.on('moved', () => {});", inspect: "console.log({ a: 1 });", console: "console.count();", process: "console.log(process.pid);",
  timers: "setImmediate(() => console.log('now'));", arrays: "console.log([3, 1, 2].sort().length);", strings: "console.log('abc'.toUpperCase());",
  numbers: "console.log((255).toString(16));", mathmore: "console.log(Math.hypot(3, 4));", objects: "const o = { a: ticks }; delete o.a; console.log(o.a);",
  functions: "console.log((() => 1).bind(null)());", classes: "class A { #x = 1; get() { return this.#x; } } console.log(new A().get());",
  symbols: "console.log(typeof Symbol('x'));", templates: "console.log(((texts) => texts.length)`a${1}b`);", errors: "console.log(new URIError('x').message);",
  explanations: "setTimeout(1);", patches: "console.extra = 1; console.log(console.extra);",
};
/** What hosts in C have in every profile: they take images, tell hashes, and are for any program (hosts/c/build.sh). */
const KEPT: readonly string[] = ["verifier", "hashes", "names", "unused"];
/** Programs that run whole in a profile are at least so many; the others reach what is absent. */
const LEAST_WHOLE: Readonly<Record<string, number>> = { standard: 60, small: 15, minimal: 1 };

for (const { name, without } of profiles.filter((profile) => profile.name in LEAST_WHOLE)) {
  const built = spawnSync("sh", [`${root}hosts/c/build.sh`, "--profile", name], { encoding: "utf8" });
  if (built.status === 0 && !existsSync(`${root}build/mvm-c-${name}`)) {
    test(`${name}: cannot be tested here`, (t) => {
      t.log(built.stderr);
      t.regex(built.stderr, /is not built: no/);
    });
    continue;
  }
  test.serial(`${name}: all programs, up to where they reach what is absent`, (t) => {
    t.is(built.status, 0, built.stderr);
    let whole = 0;
    const stopped = new Set<string>();
    for (const program of programNames) {
      const image = imageOf(program, () => Machine.create(flatKernel, core, programUnit(program)));
      const list = ["--hash-every", "1000", "--collect-every", "333", "--fuel", "60000"];
      const expected = run("mvm-c", image, ...list), got = run(`mvm-c-${name}`, image, ...list);
      const part = stoppedAt(got);
      if (part === undefined) {
        t.deepEqual(got, expected, program);
        whole++;
        continue;
      }
      stopped.add(part);
      if (program === "minimal.mjs") t.fail(`${program} reaches ${part}`);
      t.true(expected.stdout.startsWith(got.stdout), program);
      t.deepEqual(got.hashes, expected.hashes.slice(0, got.hashes.length), program);
    }
    t.log(`${whole} of ${programNames.length} programs ended; others reached ${[...stopped].join(", ")}`);
    t.true(whole >= LEAST_WHOLE[name]!);
    t.true([...stopped].every((part) => without.includes(part)));
  });
  test.serial(`${name}: each part is named when it is reached, and stays reached`, (t) => {
    for (const part of parts.filter((each) => !KEPT.includes(each.name))) {
      const image = imageOf(`uses-${part.name}`, () => Machine.create(flatKernel, core, compileText(`let ticks = 1;\nconsole.log("before");\ntry { ${uses[part.name]!} } catch { console.log("caught"); }\nconsole.log("after");`, `${part.name}${part.name === "scripts" ? ".js" : ".mjs"}`)));
      const ran = run(`mvm-c-${name}`, image);
      if (without.includes(part.name)) {
        // Where the methods that lead to it are absent too, those are named.
        const way = waysTo[part.name];
        t.is(stoppedAt(ran), way !== undefined && without.includes(way) ? way : part.name);
        // A script declares its names before anything else.
        t.is(ran.stdout, part.name === "scripts" ? "" : "before\n");
      } else {
        t.deepEqual(ran, run("mvm-c", image));
      }
    }
  });
  test.serial(`${name}: an image that holds something of an absent part is refused before it runs, others go on`, (t) => {
    const source = (made: string): string => `const made = ${made};\nlet i = 0;\nwhile (i < 5000) i++;\nconsole.log(String(made));`;
    for (const [part, made] of [["regexp", "/a(b)/g"], ["date", "new Date(5)"], ["binary", "new Float64Array(4)"]] as const) {
      const program = imageOf(`holds-${part}-${made.length}`, () => Machine.create(flatKernel, core, compileText(source(made), `${part}.mjs`)));
      const image = `${folder}/frozen.mvm`;
      execFileSync(`${root}build/mvm-c`, ["run", program, "--virtual-time", "--stop-after", "9000", "-o", image], { encoding: "utf8" });
      const ran = run(`mvm-c-${name}`, image);
      if (!without.includes(part)) {
        t.deepEqual(ran, run("mvm-c", image));
        continue;
      }
      t.is(ran.stdout, "");
      t.regex(ran.complaint, new RegExp(`the program uses ${part}, which this host was built without; `), made);
      t.is(run("mvm-c", image).code, 0);
    }
  });
  test.serial(`${name}: an image that refers to what is absent, and needs nothing of it, goes on`, (t) => {
    // A variable of a script makes the program's own copy of the global object, with all that it names.
    const source = "var kept = [RegExp, Date, Uint8Array]; let count = 0; for (let i = 0; i < 3000; i++) count += i; console.log(count, kept.length);";
    const program = imageOf("refers", () => Machine.create(flatKernel, core, compileText(source, "refers.js")));
    const image = `${folder}/refers-frozen.mvm`;
    execFileSync(`${root}build/mvm-c`, ["run", program, "--virtual-time", "--stop-after", "4000", "-o", image], { encoding: "utf8" });
    if (without.includes("patches")) {
      t.regex(run(`mvm-c-${name}`, image).complaint, /the program uses patches, which/);
      return;
    }
    t.deepEqual(run(`mvm-c-${name}`, image), run("mvm-c", image));
    t.is(run(`mvm-c-${name}`, image).stdout, "4498500 3\n");
  });
}
