// What the translator refuses, with its place and its reason; what it does not refuse is in translate.test.ts. Also
// the fault flag of hardened C, the limit on `run`, and the command.

import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import test from "ava";
import { ROOT } from "../hosts/c/load.js";
import { bytecodeOf, readKernel, writeC, writeJavaScript } from "../hosts/c/translate.js";
import { toJavaScript } from "../hosts/c/to-javascript.js";
import { compile, makeKernel, writeKernel } from "./translate/languages.js";

const HEAD = `import { B, C, D, F, M, S, attach, memoryWords } from "./memory.js";
import { Immediate } from "../format/words.js";
import type { i32, u32, f64, bool } from "./types.js";
let state: i32 = 0;
const TABLE: i32[] = [1, 2, 3];
export function change(x: i32): i32 { M[x] = state; state = x; return x; }
export function look(x: i32): i32 { return M[x] + state; }
`;
const HEAD_LINES = HEAD.split("\n").length - 1;

/** The refusals of a kernel whose one file is the head above and this text: `line:column sentence`, lines of the text. */
async function refusals(text: string, others: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const folder = writeKernel({ "a.ts": HEAD + text, ...others });
  try {
    await readKernel(path.join(folder, "kernel"));
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").map(line => {
      const match = /([\w-]+\.ts):(\d+):(\d+): (.*)$/.exec(line);
      if (match === null) throw error;
      const [, file, number, column, sentence] = match;
      return `${file === "a.ts" ? Number(number) - HEAD_LINES : `${file} ${number}`}:${column} ${sentence}`;
    });
  }
}

/** Each kernel with the one refusal it must bring. */
const REFUSED: Readonly<Record<string, readonly [string, string]>> = {
  "two calls of which one writes": [`function f(): i32 { return change(1) + look(2); }`,
    "1:28 A call here changes memory that the left side also uses, and C leaves the order open: write a const for each step."],
  "a call beside a view it writes": [`function f(): i32 { return M[1] + change(2); }`,
    "1:28 A call here changes memory that the left side also uses, and C leaves the order open: write a const for each step."],
  "a call beside state it changes": [`function f(): i32 {\n  return change(2) ^ state;\n}`,
    "2:10 A call here changes state that the left side also uses, and C leaves the order open: write a const for each step."],
  "arguments that clash": [`function g(a: i32, b: i32): i32 { return a + b | 0; }\nfunction f(): i32 { return g(look(1), change(1)); }`,
    "2:28 A call here changes memory that another argument also uses, and C leaves the order open: write a const for each step."],
  "a compound assignment of a call that writes": [`function f(): void { M[1] += change(1); }`,
    "1:22 A call here changes memory that the left side also uses, and C leaves the order open: write a const for each step."],
  "an index read before a call that writes": [`function f(): void { M[M[1]] = change(1); }`,
    "1:22 A call here changes memory that the index also uses, and C leaves the order open: write a const for each step."],
  "a clash through calls of calls": [`function g(): i32 { return h(); }\nfunction h(): i32 { return change(3); }\nfunction f(): i32 { return g() + look(1); }`,
    "3:28 A call here changes memory that the left side also uses, and C leaves the order open: write a const for each step."],
  "a step named twice": [`function f(): i32 {\n  let sp: i32 = 1;\n  return B[sp++] | (B[sp++] << 8);\n}`,
    "3:23 sp is stepped and named again in one expression: C leaves the order open."],
  "a step outside an index": [`function f(x: i32): i32 {\n  return x++;\n}`, "2:10 ++ stands alone or inside an index."],
  "a step in a compound index": [`function f(x: i32): void { M[x++] += 1; }`, "1:28 The index of a compound assignment is used twice in C: it may not change anything."],
  "an assignment in an expression": [`function f(x: i32): i32 { return (x = 3) + 1 | 0; }`, "1:35 An assignment stands alone: write it as a statement of its own."],
  "recursion": [`function f(x: i32): i32 { return g(x); }\nfunction g(x: i32): i32 { return x > 0 ? f(x - 1) : 0; }`, "2:42 The dialect has no recursion: f calls g calls f."],
  "a collection outside the loop": [`function collect(): void { state = 1; }\nfunction f(): void { collect(); }`, "2:22 Only run and functions marked @loop may collect, between instructions."],
  "a function for hosts": [`function f(): void { attach(1, 2, 3); }`, "1:22 attach is for hosts only (@host): C has no such function."],
  "a double as an integer": [`function f(x: f64): i32 { return x; }`, "1:34 An f64 becomes an integer only by | 0 or >>> 0."],
  "a double in a view of words": [`function f(x: f64): void { M[1] = x; }`, "1:35 An f64 becomes an integer only by | 0 or >>> 0."],
  "a double as an index": [`function f(x: f64): i32 { return M[x]; }`, "1:36 An index is an integer: use | 0."],
  "signed from unsigned": [`function f(x: i32): i32 { return x >>> 0; }`, "1:34 A u32 becomes an i32 only by | 0."],
  "unsigned from signed": [`function f(x: i32): u32 { return x; }`, "1:34 An i32 becomes a u32 only by >>> 0."],
  "signed and unsigned": [`function f(x: i32, y: u32): i32 { return x + y; }`, "1:42 i32 and u32 are mixed here: say which it is by | 0 or >>> 0."],
  "a zero that may be negative": [`function f(x: i32): i32 { return x % 3; }`, "1:34 This may be -0 in JavaScript: write | 0."],
  "a negation that may be -0": [`function f(x: i32): void { const y: i32 = -x; M[y] = y; }`, "1:43 This may be -0 in JavaScript: write | 0."],
  "a product that may be -0": [`function f(x: i32): i32 { return x * x; }`, "1:34 This may be -0 in JavaScript: write Math.imul."],
  "a remainder of doubles": [`function f(x: f64): f64 { return x % 3; }`, "1:34 % takes integers: use fmod of math.ts."],
  "a number as a condition": [`function f(x: i32): i32 { return x ? 1 : 0; }`, "1:34 A condition is a bool: compare with !== 0."],
  "a bool as a number": [`function f(x: bool): i32 { return x; }`, "1:35 A bool is no number: write x ? 1 : 0."],
  "a number as a bool": [`function f(x: i32): bool { return x; }`, "1:35 A number is no bool: compare it."],
  "a number that is too large": [`const LIMIT: i32 = 0x80000000;`, "1:20 2147483648 is not a value of i32."],
  "an inexact function": [`function f(x: f64): f64 { return Math.sin(x); }`,
    "1:34 Math.sin is not exact everywhere: the dialect has only Math.imul, Math.clz32, Math.floor, Math.ceil, Math.trunc, Math.sqrt, Math.abs."],
  "a variable without a type": [`function f(x: i32): i32 { const y = x + 1; return y; }`, "1:33 Annotate y with i32, u32, f64 or bool."],
  "a parameter without a type": [`function f(x: number): i32 { return 1; }`, "1:15 Annotate it with i32, u32, f64 or bool."],
  "a closure": [`function f(): i32 { const g: i32 = () => 1; return g; }`, "1:36 The dialect has no closures."],
  "a string": [`function f(): bool { return "a" === "b"; }`, "1:29 The dialect has no strings."],
  "an object": [`function f(): void { const x: i32 = { a: 1 }; M[x] = x; }`, "1:37 The dialect has no objects."],
  "exceptions": [`function f(): void { throw 1; }`, "1:22 The dialect has no exceptions."],
  "for … of": [`function f(): void { for (const x of TABLE) M[x] = x; }`, "1:22 The dialect has no for … in or for … of."],
  "sloppy equality": [`function f(x: i32): bool { return x == 1; }`, "1:35 Write === instead of ==."],
  "a host function": [`function f(x: f64): bool { return isNaN(x); }`, "1:35 isNaN is no kernel function."],
  "a fall through": [`function f(x: i32): void {\n  switch (x) {\n    case 1: M[1] = 2;\n    case 2: M[2] = 3;\n  }\n}`, "3:5 This case falls through: end it by break, continue or return."],
  "a case twice": [`const ONE = 1;\nfunction f(x: i32): void {\n  switch (x) {\n    case 1: break;\n    case ONE: break;\n  }\n}`, "5:10 There already is a case 1."],
  "a case that is not constant": [`function f(x: i32): void {\n  switch (x) {\n    case x: break;\n  }\n}`, "3:10 A case is an integer constant."],
  "an end without a value": [`function f(x: i32): i32 {\n  if (x > 1) return 2;\n}`, "1:10 f can end without returning a value."],
  "writing a table": [`function f(): void { TABLE[1] = 2; }`, "1:22 TABLE is constant."],
  "writing a constant": [`function f(): void { const x: i32 = 1; x = 2; }`, "1:40 x is a const."],
  "the double out of its file": [`function f(): f64 { return D[0]; }`, "1:28 Only its own file touches D: use highWord, lowWord, doubleOf."],
  "a missing member": [`function f(): i32 { return Immediate.NOTHING; }`, "1:28 Immediate has no number named NOTHING."],
  "an inline function of several steps": [`/** @inline */\nfunction f(x: i32): i32 {\n  const y: i32 = x + 1;\n  return y;\n}`, "2:10 An @inline function with a result is a single return: f is not."],
  "an inline procedure that returns": [`/** @inline */\nfunction f(x: i32): void {\n  if (x > 0) return;\n  M[0] = x;\n}`, "2:10 An @inline function without a result has no return: f has."],
  "a name twice": [`function look(): void { state = 1; }`, "1:10 The name look is taken: names are unique across the kernel."],
  "a view without storage": [`let Q: Int32Array = new Int32Array(0);`, "1:5 A host cannot supply Q: hosts/c/prelude.h knows only M, B, H, F, C, K."],
  "default parameters": [`function f(x: i32 = 1): i32 { return x; }`, "1:12 A parameter is a name and a type: no default, rest, optional or destructured parameters."],
  "a generator": [`function* f(): void { state = 1; }`, "1:1 A kernel function has a name and a body and is neither generic, overloaded nor a generator."],
};

for (const [name, [text, expected]] of Object.entries(REFUSED)) {
  test(`refuses ${name}`, async t => {
    t.deepEqual(await refusals(text), [expected]);
  });
}

test("refuses to assign another file's state", async t => {
  const other = `import { shared } from "./a.js";\nfunction g(): void { shared = 1; }\n`;
  t.deepEqual(await refusals("export let shared: bool = false;", { "b.ts": other }), ["b.ts 2:22 Only the file that owns shared assigns it: call a function of that file."]);
});

test("reports every refusal at once, and what is missing only where it is imported", async t => {
  const text = `import { gone } from "./memory.js";\nfunction f(): i32 { return gone(1); }\nfunction g(x: f64): i32 {\n  M[gone(2)] = 1;\n  return x;\n}`;
  t.deepEqual(await refusals(text), ["1:10 ./memory.js has no value named gone.", "5:10 An f64 becomes an integer only by | 0 or >>> 0."]);
});

test("accepts calls in an order that C keeps", async t => {
  t.deepEqual(await refusals(`
    function f(x: i32): i32 {
      M[x] = change(1);
      state = change(2);
      const y: i32 = change(change(x));
      if (change(1) > 0 && change(2) > 0 || look(1) > 0) return y;
      return x > 0 ? change(1) : look(2);
    }
    /** @loop */
    function g(): void { collect(); }
    function collect(): void { state = 1; }`), []);
});

test("an access outside its view sets the fault flag, reads 0 and writes nothing", async t => {
  const inside = ["M[1023]", "B[4095]", "H[2047]", "F[511] | 0", "S[4095]", "C[7]", "TABLE[x + 2]"];
  // A constant place counts for how large a memory has to be to be attached at all (MVMJS_LEAST_WORDS), so these are none.
  const outside = ["M[x + 1024]", "M[x - 1]", "M[x + 0x7fffffff]", "B[x + 4096]", "H[x + 2048]", "F[x + 512] | 0", "C[x + 8]", "S[x + 4096]", "TABLE[x + 3]", "M[x + 0x40000000]"];
  const writes = ["M[x + 1024] = 1", "B[x - 1] = 1", "H[x + 2048] = 1", "F[x + 512] = 1", "C[x - 5] = 1", "S[x + 4096] = 1", "M[x - 1] += 1"];
  const functions = [
    ...inside.map((read, i) => `export function inside${i}(x: i32): i32 { return ${read}; }`),
    ...outside.map((read, i) => `export function outside${i}(x: i32): i32 { return (${read}) === 0 ? 1 : 2; }`),
    ...writes.map((write, i) => `export function write${i}(x: i32): void { ${write}; }`),
  ];
  const kernel = await makeKernel({ "a.ts": `import { B, C, F, H, M, S } from "./memory.js";\nimport type { i32 } from "./types.js";\nconst TABLE: i32[] = [1, 2, 3];\n${functions.join("\n")}` });
  const program = compile(kernel, "fault", "-fsanitize=address,undefined", "-fno-sanitize-recover=all");
  kernel.functions.forEach((callee, i) => {
    const input = Buffer.alloc(4 + 8 * 8);
    input.writeUInt32LE(i);
    const { status, stdout } = spawnSync(program, { input });
    t.is(status, callee.name.startsWith("inside") ? 0 : 3, callee.name);
    if (callee.name.startsWith("outside")) t.is(stdout.readDoubleLE(), 1, callee.name);
  });
});

test("the C refuses compilers that would change its numbers, and can be included", async t => {
  const { folder, program } = await makeKernel({ "a.ts": HEAD });
  writeC(program, folder);
  const check = (file: string, ...flags: string[]): string => spawnSync("gcc", ["-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", ...flags, path.join(folder, file)], { encoding: "utf8" }).stderr;
  t.regex(check("machine.c", "-std=c99", "-ffast-math"), /#error "The machine's numbers are IEEE 754/);
  if (process.arch === "x64") {
    t.regex(check("machine.c", "-std=gnu99", "-mfma"), /#error "Compile with -std=c99/);
    t.regex(check("machine.c", "-std=c99", "-mfpmath=387"), /#error "Doubles are computed with extra precision/);
    t.is(check("machine.c", "-std=gnu11", "-mfma", "-ffp-contract=off", "-DMVMJS_CONTRACT_OFF"), "");
  }
  fs.writeFileSync(path.join(folder, "unit.c"), `#define MVMJS_API static inline\n#include "machine.c"\nint main(void) { return mvmjs_memory_fault; }\n`);
  t.is(check("unit.c", "-std=c99"), "");
});

test("run's bytecode is measured, and too much of it refused", async t => {
  const step = "x = (Math.imul(x, 31) ^ M[x & 1023]) + (x >> 3) | 0; M[(x + 1) & 1023] ^= x;";
  const text = (count: number): string => `import { M } from "./memory.js";\nimport type { i32 } from "./types.js";\nexport function run(n: i32): i32 {\n  let x: i32 = n;\n${step.repeat(count)}\n  return x;\n}`;
  const small = await makeKernel({ "run.ts": text(10) });
  const bytes = bytecodeOf("run", toJavaScript(small.program));
  t.true(bytes > 300 && bytes < 1500, String(bytes));
  const large = await makeKernel({ "run.ts": text(1000) });
  const error = t.throws(() => { writeJavaScript(large.program, path.join(large.folder, "kernel"), path.join(large.folder, "flat/kernel.js")); });
  t.regex(error.message, /^Function run has \d+ bytes of V8 bytecode, more than the 56320 that keep it optimised/);
});

test("the command writes what it is asked for, and says what is wrong", async t => {
  const command = path.join(ROOT, "build/hosts/c/translate.js");
  const { folder } = await makeKernel({ "a.ts": HEAD });
  const help = execFileSync(process.execPath, [command, "--help"], { encoding: "utf8" });
  t.true(["--js", "--c", "--kernel"].every(option => help.includes(option)));
  execFileSync(process.execPath, [command, "--kernel", path.join(folder, "kernel"), "--c", path.join(folder, "out"), "--js", path.join(folder, "out/kernel.js")]);
  t.deepEqual(fs.readdirSync(path.join(folder, "out")).sort(), ["format.h", "kernel.d.ts", "kernel.js", "machine.c", "machine.h", "packed.h"]);
  fs.appendFileSync(path.join(folder, "kernel/a.ts"), "function f(): i32 { return 0.5; }\n");
  const failed = spawnSync(process.execPath, [command, "--kernel", path.join(folder, "kernel"), "--c", path.join(folder, "out")], { encoding: "utf8" });
  t.is(failed.status, 1);
  t.regex(failed.stderr, /a\.ts:8:28: 0\.5 is not a value of i32\.\n$/);
});
