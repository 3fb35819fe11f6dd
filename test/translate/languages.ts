// Runs small kernels in the three languages the machine has, plain TypeScript, flattened JavaScript and C, on the same
// calls, and gives what each made of them as bytes: results and, after every call, a checksum of memory. Bytes that
// are equal mean the languages agree bit for bit.

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { ROOT } from "../../hosts/c/load.js";
import type { KernelFunction, Program, Type } from "../../hosts/c/program.js";
import { readKernel, writeC, writeJavaScript } from "../../hosts/c/translate.js";

export const MEMORY_WORDS = 1024;
const ARRAY_WORDS = 8;
const ARGUMENTS = 8;
const RECORD = 4 + ARGUMENTS * 8;

export type Sources = Readonly<Record<string, string>>;
export interface Call { readonly callee: KernelFunction; readonly values: readonly number[] }
export interface Kernel { readonly folder: string; readonly program: Program; readonly functions: readonly KernelFunction[] }
type Module = Record<string, unknown>;

/** The fixture files beside this one, as a kernel folder has them. */
export function fixtures(...names: string[]): Sources {
  return Object.fromEntries(names.map(name => [name, fs.readFileSync(path.join(ROOT, "test/translate", name), "utf8")
    .replaceAll("../../vm/kernel/", "./").replaceAll("../../vm/format/", "../format/")]));
}

/** Makes a kernel folder of these files and the real memory.ts and types.ts, and checks it. */
export async function makeKernel(sources: Sources): Promise<Kernel> {
  const folder = writeKernel(sources);
  const program = await readKernel(path.join(folder, "kernel"));
  const functions = program.files.filter(file => path.basename(file.source.fileName) in sources)
    .flatMap(file => file.declarations.flatMap(each => each.kind === "entity" && each.entity.kind === "function" && each.entity.exported && !each.entity.inline && !each.entity.host ? [each.entity] : []));
  return { folder, program, functions };
}

const folders: string[] = [];
process.on("exit", () => { for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true }); });

/** Writes the files of a kernel; its path is `kernel` in the folder returned. */
export function writeKernel(sources: Sources): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mvm-translate-"));
  folders.push(folder);
  fs.mkdirSync(path.join(folder, "kernel"));
  fs.symlinkSync(path.join(ROOT, "build/vm/format"), path.join(folder, "format"));
  fs.writeFileSync(path.join(folder, "package.json"), `{ "type": "module" }`);
  for (const name of ["memory.ts", "types.ts"]) fs.copyFileSync(path.join(ROOT, "vm/kernel", name), path.join(folder, "kernel", name));
  for (const [name, text] of Object.entries(sources)) fs.writeFileSync(path.join(folder, "kernel", name), text);
  return folder;
}

/** The kernel's files as they are, only without types. */
export async function plainModule(kernel: Kernel): Promise<Module> {
  const target = path.join(kernel.folder, "plain");
  fs.mkdirSync(target);
  const all: Module = {};
  for (const name of fs.readdirSync(path.join(kernel.folder, "kernel"))) {
    const text = fs.readFileSync(path.join(kernel.folder, "kernel", name), "utf8");
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
    fs.writeFileSync(path.join(target, name.replace(/ts$/, "js")), ts.transpileModule(text, { compilerOptions }).outputText);
  }
  for (const name of fs.readdirSync(target)) Object.assign(all, await import(pathToFileURL(path.join(target, name)).href));
  return all;
}

export async function flattenedModule(kernel: Kernel): Promise<Module> {
  const target = path.join(kernel.folder, "flat/kernel.js");
  writeJavaScript(kernel.program, path.join(kernel.folder, "kernel"), target);
  return await import(pathToFileURL(target).href) as Module;
}

/** What a JavaScript module makes of the calls. */
export function runModule(module: Module, calls: readonly Call[]): Buffer {
  const buffer = new ArrayBuffer(MEMORY_WORDS * 4);
  const memory = new Int32Array(buffer), cache = new Int32Array(ARRAY_WORDS), marks = new Int32Array(ARRAY_WORDS);
  (module.attach as (...values: unknown[]) => void)(buffer, cache, marks);
  const results = Buffer.alloc(calls.length * 12);
  calls.forEach(({ callee, values }, i) => {
    const given = values.map((value, j) => callee.parameters[j]!.type === "bool" ? value !== 0 : value);
    const result = (module[callee.name] as (...values: unknown[]) => number | boolean | undefined)(...given);
    const number = callee.result === "void" ? 0 : Number(result);
    if (Number.isNaN(number)) results.writeBigUInt64LE(0x7ff8000000000000n, i * 12);
    else results.writeDoubleLE(number, i * 12);
    let sum = 0;
    for (const array of [memory, cache, marks]) for (let j = 0; j < array.length; j++) sum = Math.imul(sum ^ array[j]!, 0x01000193) + j | 0;
    results.writeInt32LE(sum, i * 12 + 8);
  });
  return results;
}

/** Compiles the kernel's C with these flags. Gives the program, to be run by `runProgram`. */
export function compile(kernel: Kernel, name: string, ...flags: string[]): string {
  const folder = path.join(kernel.folder, "c");
  if (!fs.existsSync(folder)) {
    writeC(kernel.program, folder, new Set());
    fs.writeFileSync(path.join(folder, "main.c"), mainText(kernel.functions));
  }
  const target = path.join(folder, name);
  const strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror"];
  execFileSync("gcc", [...strict, ...flags, "-o", target, path.join(folder, "machine.c"), path.join(folder, "main.c"), "-lm"], { stdio: "pipe", encoding: "utf8" });
  return target;
}

/** What a compiled kernel makes of the calls. */
export function runProgram(program: string, functions: readonly KernelFunction[], calls: readonly Call[]): Buffer {
  const input = Buffer.alloc(calls.length * RECORD);
  calls.forEach(({ callee, values }, i) => {
    input.writeUInt32LE(functions.indexOf(callee), i * RECORD);
    values.forEach((value, j) => input.writeDoubleLE(value, i * RECORD + 4 + j * 8));
  });
  return execFileSync(program, { input, maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "pipe"] });
}

function mainText(functions: readonly KernelFunction[]): string {
  const c = (type: Type, i: number): string => type === "bool" ? `v[${i}] != 0` : type === "f64" ? `v[${i}]` : type === "i32" ? `(int32_t)v[${i}]` : `(uint32_t)v[${i}]`;
  const cases = functions.map((each, i) => {
    const call = `mvmjs_${each.name}(${each.parameters.map((parameter, j) => c(parameter.type, j)).join(", ")})`;
    return `    case ${i}: ${each.result === "void" ? call : `result = ${call}`}; break;`;
  });
  return `#include "machine.h"
#include <stdio.h>
#include <string.h>
static int32_t sumOf(int32_t sum, const int32_t *words, int count) {
  for (int j = 0; j < count; j++) {
    const uint32_t x = ((uint32_t)sum ^ (uint32_t)words[j]) * 0x01000193u + (uint32_t)j;
    memcpy(&sum, &x, 4);
  }
  return sum;
}
int main(void) {
  static uint64_t memory[${MEMORY_WORDS / 2}];
  static int32_t words[${MEMORY_WORDS}], cache[${ARRAY_WORDS}], marks[${ARRAY_WORDS}];
  unsigned char record[${RECORD}];
  mvmjs_attach((uint8_t *)memory, ${MEMORY_WORDS}, cache, ${ARRAY_WORDS}, marks, ${ARRAY_WORDS});
  while (fread(record, 1, sizeof record, stdin) == sizeof record) {
    uint32_t callee;
    double v[${ARGUMENTS}], result = 0;
    int32_t sum;
    memcpy(&callee, record, 4);
    memcpy(v, record + 4, sizeof v);
    switch (callee) {
${cases.join("\n")}
    }
    if (result != result) memcpy(&result, &(uint64_t){UINT64_C(0x7ff8000000000000)}, 8);
    memcpy(words, memory, sizeof words);
    sum = sumOf(sumOf(sumOf(0, words, ${MEMORY_WORDS}), cache, ${ARRAY_WORDS}), marks, ${ARRAY_WORDS});
    fwrite(&result, 1, 8, stdout);
    fwrite(&sum, 1, 4, stdout);
  }
  return mvmjs_memory_fault ? 3 : 0;
}
`;
}

const SIGNED = [
  0, 1, -1, 2, -2, 3, 4, 5, 7, 8, 10, 31, 32, 33, 63, 64, 97, 100, 127, 128, 255, 256, -100, -128, 1000, 32767, -32768, 65535, 65536, 0xffffff,
  0x3fffffff, 0x40000000, -0x40000000, -0x40000001, 0x7fffffff, 0x7ffffffe, -0x80000000, -0x7fffffff, 123456789, -987654321,
];
const UNSIGNED = [0, 1, 2, 3, 7, 10, 31, 32, 255, 65536, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0xf0f0f0f0, 3000000000];
const DOUBLES = [
  0, -0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, 0.1, -0.9999999999999999, 2147483647, 2147483647.5, 2147483648, -2147483648, -2147483648.5, -2147483649,
  4294967295, 4294967295.5, 4294967296, 4294967297, -4294967295.9, -4294967296, 4503599627370495.5, 4503599627370497.5, 9007199254740991,
  9007199254740992, 9007199254740994, -9007199254740994, 2 ** 63, -(2 ** 63), 2 ** 64 + 2 ** 12, 2 ** 83, -(2 ** 84), 2 ** 52 + 1, 1e21, 1e300, -1e300, 5e-324, -5e-324, 2.2250738585072014e-308,
  Math.PI, -Math.E, 123456789.75, NaN, Infinity, -Infinity,
];

/** A generator of numbers in [0, 1) that gives the same ones in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` calls of each function, with extreme values and some in between. */
export function callsOf(functions: readonly KernelFunction[], count: number, seed: number): Call[] {
  const random = seeded(seed);
  const pick = (values: readonly number[]): number => values[Math.floor(random() * values.length)]!;
  const value = (type: Type, i: number): number => {
    const common = random() < 0.8;
    if (type === "bool") return i & 1;
    if (type === "i32") return common ? pick(SIGNED) : (random() * 2 ** 32) | 0;
    if (type === "u32") return common ? pick(UNSIGNED) : Math.floor(random() * 2 ** 32);
    return common ? pick(DOUBLES) : (random() - 0.5) * 2 ** Math.floor(random() * 90);
  };
  return functions.flatMap(callee => {
    const list = Array.from({ length: count }, (_, i): Call => ({ callee, values: callee.parameters.map(parameter => value(parameter.type, i)) }));
    const [only] = callee.parameters;
    if (callee.parameters.length === 1 && only!.type !== "bool") {
      for (const each of only!.type === "i32" ? SIGNED : only!.type === "u32" ? UNSIGNED : DOUBLES) list.push({ callee, values: [each] });
    }
    return list;
  });
}

/** The first call that two languages answer differently, as text; "" if there is none. */
export function difference(calls: readonly Call[], expected: Buffer, actual: Buffer): string {
  if (expected.equals(actual)) return "";
  const i = calls.findIndex((_, each) => !expected.subarray(each * 12, each * 12 + 12).equals(actual.subarray(each * 12, each * 12 + 12)));
  if (i < 0 || actual.length < expected.length) return `${actual.length / 12} results for ${calls.length} calls`;
  const { callee, values } = calls[i]!;
  const [a, b] = [expected, actual].map(buffer => `${buffer.readDoubleLE(i * 12)} (memory ${buffer.readInt32LE(i * 12 + 8)})`);
  return `${callee.name}(${values.map(each => Object.is(each, -0) ? "-0" : each).join(", ")}) is ${a}, not ${b}`;
}
