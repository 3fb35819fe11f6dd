// The translator's languages agree: small kernels give the same results, bit for bit, as plain TypeScript, as
// flattened JavaScript and as C compiled in several ways. Refusals are in translate-refusals.test.ts.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { ROOT } from "../hosts/c/load.js";
import { toJavaScript } from "../hosts/c/to-javascript.js";
import { readKernel, writeC, writeJavaScript } from "../hosts/c/translate.js";
import { randomKernel } from "./translate/random.js";
import {
  callsOf, compile, difference, fixtures, flattenedModule, makeKernel, plainModule, runModule, runProgram,
  type Kernel, type Sources,
} from "./translate/languages.js";

/** How the C is compiled: name and flags. */
const SANITISED = ["sanitised", "-O0", "-g", "-DMVMJS_DEBUG", "-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all"] as const;
const OPTIMISED = ["optimised", "-O2"] as const;
const UNHARDENED = ["unhardened", "-O2", "-DMVMJS_UNHARDENED"] as const;
/** The accessors for machines of the other byte order put bytes together, which is right on any. */
const BYTEWISE = ["bytewise", "-O1", "-DMVMJS_LITTLE_ENDIAN=0"] as const;
/** For size, in either byte order, and with the memory beside a core (these kernels have none). */
const COMPACT = [
  ["compact", "-Os", "-DMVMJS_COMPACT"], ["compact, sanitised", ...SANITISED.slice(1), "-DMVMJS_COMPACT"],
  ["compact, bytewise", "-O1", "-DMVMJS_COMPACT", "-DMVMJS_LITTLE_ENDIAN=0"], ["split", "-Os", "-DMVMJS_COMPACT", "-DMVMJS_SPLIT"],
  ["packed", "-Os", "-DMVMJS_PACKED"], ["packed, sanitised", ...SANITISED.slice(1), "-DMVMJS_PACKED"],
] as const;

/** Random code compares things with themselves. */
const RANDOM = ["-Wno-tautological-compare"];

/** Compares every language with the plain modules. */
async function compare(sources: Sources, count: number, ways: readonly (readonly [string, ...string[]])[]): Promise<{ kernel: Kernel; calls: number; differences: string[] }> {
  const kernel = await makeKernel(sources);
  const calls = callsOf(kernel.functions, count, 1);
  const plain = await plainModule(kernel), flattened = await flattenedModule(kernel);
  const expected = runModule(plain, calls);
  const differences = [
    `exports: ${Object.keys(plain).sort().join() === Object.keys(flattened).sort().join() ? "" : Object.keys(flattened).join()}`,
    `flattened: ${difference(calls, expected, runModule(flattened, calls))}`,
  ];
  for (const [name, ...flags] of ways) {
    const actual = runProgram(compile(kernel, name, ...flags), kernel.functions, calls);
    differences.push(`${name}: ${difference(calls, expected, actual)}`);
  }
  return { kernel, calls: calls.length, differences: differences.filter(each => !each.endsWith(": ")) };
}

for (const name of ["integers", "doubles", "control", "views", "inline", "run"]) {
  test(`${name}.ts is the same in every language`, async t => {
    const ways = name === "integers" || name === "control" ? [SANITISED, OPTIMISED, ...COMPACT] : [SANITISED, OPTIMISED, UNHARDENED, BYTEWISE, ...COMPACT];
    const { calls, differences } = await compare(fixtures(`${name}.ts`), 120, ways);
    t.deepEqual(differences, []);
    t.true(calls > 200);
  });
}

test("a large switch, whose variables JavaScript declares once, is the same in every language", async t => {
  const clauses = Array.from({ length: 60 }, (_, i) => `case ${i}: {
        const a: i32 = M[sp - 1], b: i32 = ${i} + a | 0;
        let c: i32 = b;
        for (let i: i32 = 0; i < 3; i++) { const b: i32 = i * 3; c = c + b | 0; }
        exchange(sp & 3, sp - 1);
        M[sp++] = ${["a", "b", "c", "twice(b) + c", "twice(c & 0xff) ^ b"][i % 5]};
        break;
      }`);
  const { kernel, differences } = await compare({ "large.ts": `import { M } from "./memory.js";
import type { i32 } from "./types.js";
/** @inline */
function twice(x: i32): i32 { return x + x | 0; }
/** @inline */
function exchange(p: i32, q: i32): void { const a: i32 = M[p]; M[p] = M[q]; M[q] = a; }
export function large(a: i32, start: i32): i32 {
  let sp: i32 = 10;
  const b: i32 = start & 0xff;
  for (let pc: i32 = a & 0xff; pc < 300; pc++) {
    switch (pc % 64) {
      ${clauses.join("\n")}
      default: M[sp - 1] += b;
    }
  }
  return M[sp - 1] ^ sp;
}` }, 40, [SANITISED, OPTIMISED]);
  t.deepEqual(differences, []);
  const [, top] = /function large\(.*\n.*\n {2}let (.*);\n/.exec(toJavaScript(kernel.program)) ?? [];
  t.deepEqual(top?.split(", "), ["$0", "sp", "b", "pc", "a$1", "b$1", "c", "i", "b$2", "p", "q", "a$2"]);
});

test("the kernel itself is within the dialect, and its C compiles without warnings", async t => {
  const folder = path.join(ROOT, "vm/kernel");
  const program = await readKernel(folder);
  const target = fs.mkdtempSync(path.join(os.tmpdir(), "mvm-kernel-"));
  writeC(program, target);
  const { status, stderr } = spawnSync("gcc", ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-fsyntax-only", path.join(target, "machine.c")], { encoding: "utf8" });
  t.is(stderr, "");
  t.is(status, 0);
  writeJavaScript(program, folder, path.join(target, "kernel.mjs"));
  const flattened = await import(pathToFileURL(path.join(target, "kernel.mjs")).href) as object;
  const plain = await Promise.all(program.files.map(file => import(pathToFileURL(path.join(ROOT, "build", path.relative(ROOT, file.source.fileName)).replace(/ts$/, "js")).href) as Promise<object>));
  t.deepEqual(Object.keys(flattened).sort(), [...new Set(plain.flatMap(module => Object.keys(module)))].sort());
  fs.rmSync(target, { recursive: true });
});

test("the kernel's mathematics and letter case are the same in every language, also where the processor could fuse operations", async t => {
  const names = ["math.ts", "trigonometry.ts", "lettercase.ts"];
  const sources = Object.fromEntries(names.map(name => [name, fs.readFileSync(path.join(ROOT, "vm/kernel", name), "utf8")]));
  const { calls, differences } = await compare(sources, 120, [["packed", "-Os", "-DMVMJS_PACKED"], ["native", "-O3", "-march=native"], ["unoptimised", "-O0", "-DMVMJS_DEBUG"]]);
  t.deepEqual(differences, []);
  t.true(calls > 3000);
});

test("random functions are the same in every language", async t => {
  const { sources, accepted, refused } = await randomKernel(7, 300);
  const { calls, differences } = await compare(sources, 40, [[...SANITISED, ...RANDOM], [...OPTIMISED, ...RANDOM], ["packed", "-O1", "-DMVMJS_PACKED", ...RANDOM]]);
  t.deepEqual(differences, []);
  t.true(accepted > 150, `${accepted} accepted, ${refused} refused`);
  t.true(calls > 6000);
});
