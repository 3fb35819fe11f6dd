// The kernel's primitives on big integers against V8's, on seeded random numbers: short and long, powers of two and their
// neighbours, words of ones and of zeros, where carries and estimates of quotients go wrong. Every result must be in the
// canonical form. The same calls are then made in C, which must leave the same memory, word by word. And programs with long
// numbers are stopped where their fuel ends, and keep them across the host's door.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import test from "ava";
import { readKernel, writeC } from "../hosts/c/translate.js";
import { Cell, Field } from "../vm/format/cells.js";
import { Op, type OpName } from "../vm/format/opcodes.js";
import { Reg } from "../vm/format/registers.js";
import { ROOT_COUNT, Root } from "../vm/format/roots.js";
import { HEAP, REGISTER_WORDS } from "../vm/format/words.js";
import * as kernel from "../vm/kernel/index.js";
import { M } from "../vm/kernel/memory.js";
import { Machine } from "../vm/machine.js";
import { readBig, readValue, writeBig, writeValue } from "../vm/value.js";
import { DELETED, FALSE, freshMemory, NONE, random, readText, small, text, TRUE, UNDEFINED, word } from "./kernel-data-memory.js";
import { compileText, core, flatKernel } from "./support/run-program.js";

const HEAP_WORDS = 20_000;
const CASES = 20_000;
/** Cases in one memory. */
const BATCH = 16;

/** What is called, by its number in the driver below. */
const calls = {
  computeBig: 0, stepBig: 1, orderNumerics: 2, wrapBig: 3, bitsOfBig: 4, numberOfBig: 5, bigOfNumber: 6, textOfBig: 7, bigOfText: 8, equalBig: 9,
  bigOfElement: 10, elementOfBig: 11,
} as const;
type Call = keyof typeof calls;

const DRIVER = `
#include <stdio.h>
#include <stdlib.h>
#include "machine.c"

static int32_t next(void) {
  int32_t word = 0;
  if (fread(&word, 4, 1, stdin) != 1) exit(2);
  return word;
}
static int32_t call(int32_t name, const int32_t *a) {
  switch (name) {
    case 0: return mvmjs_computeBig(a[0], a[1] >> 2, a[2] >> 2);
    case 1: return mvmjs_stepBig(a[0], a[1]);
    case 2: return mvmjs_orderNumerics(a[0], a[1]);
    case 3: return mvmjs_wrapBig(a[0], a[1], a[2]);
    case 4: return mvmjs_bitsOfBig(a[0]);
    case 5: return mvmjs_numberOfBig(a[0]);
    case 6: return mvmjs_bigOfNumber(a[0]);
    case 7: return mvmjs_textOfBig(a[0], a[1]);
    case 8: return mvmjs_bigOfText(a[0], a[1], a[2], a[3]);
    case 9: return mvmjs_equalBig(a[0] >> 2, a[1] >> 2) ? 1 : 0;
    case 10: return mvmjs_bigOfElement(a[0], a[1], a[2] != 0);
    default: return mvmjs_elementOfBig(a[0], a[1] != 0);
  }
}
int main(void) {
  static int32_t memory[WORDS], cache[16384], marks[64];
  long count = 0, different = 0;
  int i, end = 3 + ((ROOTS_COUNT + 2) & -2) - 1;
  for (i = 0; i < ROOTS_COUNT; i++) memory[3 + i] = 3;
  memory[end] = (2 << 8) | KEY_KIND;
  memory[end + 2] = 1;
  memory[3 + EMPTY_ROOT] = (end << 2) | 1;
  mvmjs_attach((uint8_t *)memory, WORDS, cache, 16384, marks, 64);
  for (int32_t name = next(); name >= 0; name = next()) {
    int32_t operands[4] = {0}, given = next(), used, result, after;
    const char *what = NULL;
    for (i = 0; i < given; i++) operands[i] = next();
    used = next();
    for (i = 0; i < REGISTERS_COUNT + used; i++) memory[HEAP_AT - REGISTERS_COUNT + i] = next();
    result = call(name, operands);
    if (next() != result) what = "result";
    if (mvmjs_takeFault()) what = "fault";
    after = next();
    for (i = 0; i < REGISTERS_COUNT + after; i++) if (next() != memory[HEAP_AT - REGISTERS_COUNT + i] && what == NULL) what = "memory";
    if (mvmjs_memory_fault) what = "access";
    mvmjs_memory_fault = false;
    count++;
    if (what != NULL && different++ < 20) printf("call %ld, of %d with %d: %s\\n", count, (int)name, (int)operands[0], what);
  }
  printf("%ld calls, %ld different\\n", count, different);
  return 0;
}
`;

const r = random(52);
/** A number of up to so many words. */
function randomBig(words: number): bigint {
  let value = 0n;
  switch (r.below(6)) {
    case 0: return BigInt(r.below(7) - 3);
    case 1: value = (1n << BigInt(r.below(words * 32))) + BigInt(r.below(3) - 1); break;
    default:
      for (let i = r.below(words) + 1; i > 0; i--) {
        const kind = r.below(5);
        const piece = kind === 0 ? 0 : kind === 1 ? 0xffffffff : kind === 2 ? r.pick([1, 0x8000, 0xffff, 0x10000, 0x80000000, 0x7fffffff, 0xffff0000]) : r.below(0x100000000);
        value = (value << 32n) | BigInt(piece);
      }
  }
  return r.below(2) === 0 ? -value : value;
}
function big(value: bigint): number { return writeBig(kernel, value); }
/** The big integer of a word; throws if its cell is not as the format has it. */
function readBack(result: number): bigint {
  if (kernel.kindOf(result) !== Cell.BIGINT) throw new Error(`no big integer: ${result}`);
  const address = result >> 2;
  const length = M[address + Field.BIGINT_LENGTH!]!;
  const size = Field.BIGINT_TAIL! + length;
  if (kernel.cellSize(address) !== ((size + 1) & -2)) throw new Error("its cell is too large");
  if (length === 0 ? M[address + Field.BIGINT_SIGN!] !== 0 : M[address + size - 1] === 0) throw new Error("not canonical");
  if ((size & 1) !== 0 && M[address + size] !== 0) throw new Error("its padding is not zero");
  return readBig(kernel, address);
}

const operators: readonly [OpName, (a: bigint, b: bigint) => bigint][] = [
  ["ADD", (a, b) => a + b], ["SUB", (a, b) => a - b], ["MUL", (a, b) => a * b], ["DIV", (a, b) => a / b], ["MOD", (a, b) => a % b],
  ["BIT_AND", (a, b) => a & b], ["BIT_OR", (a, b) => a | b], ["BIT_XOR", (a, b) => a ^ b], ["SHL", (a, b) => a << b], ["SHR", (a, b) => a >> b],
];
const steps: readonly [OpName, (a: bigint) => bigint][] = [
  ["NEG", (a) => -a], ["INC", (a) => a + 1n], ["DEC", (a) => a - 1n], ["BIT_NOT", (a) => ~a], ["TO_NUMERIC", (a) => a],
];
/** A double near a big integer, or any. */
function randomDouble(near: bigint): number {
  switch (r.below(4)) {
    case 0: return r.pick([0, -0, NaN, Infinity, -Infinity, 0.5, -0.5, 5e-324, Number.MAX_VALUE, 2 ** 53, 2 ** 1023]);
    case 1: return Number(near) + r.pick([0, 0.5, -0.5, 1, -1]);
    case 2: return Number(near) * (1 + (r.below(3) - 1) * 2 ** -52);
    default: return (r.next() - 0.5) * 2 ** r.below(1030);
  }
}

/** A case: what is called with which operands, and whether the result is right. */
interface Case { call: Call; operands: number[]; right(result: number): boolean }
function randomCase(): Case {
  const words = r.pick([1, 2, 3, 5, 9, 33, 64]);
  const a = randomBig(words);
  switch (r.below(12)) {
    case 0: {
      const [name, step] = r.pick(steps);
      return { call: "stepBig", operands: [Op[name], big(a)], right: (result) => readBack(result) === step(a) };
    }
    case 1: {
      const b = r.below(3) === 0 ? a + BigInt(r.below(3) - 1) : randomBig(words);
      const order = a < b ? -1 : a > b ? 1 : 0;
      if (r.below(2) === 0) return { call: "equalBig", operands: [big(a), big(b)], right: (result) => result === (a === b ? 1 : 0) };
      return { call: "orderNumerics", operands: [big(a), big(b)], right: (result) => result === order };
    }
    case 2: {
      const x = randomDouble(a);
      const order = x !== x ? 2 : a < x ? -1 : a > x ? 1 : 0;
      if (r.below(2) === 0) return { call: "orderNumerics", operands: [big(a), word(x)], right: (result) => result === order };
      return { call: "orderNumerics", operands: [word(x), big(a)], right: (result) => result === (order === 2 ? 2 : 0 - order) };
    }
    case 3: {
      const bits = r.pick([0, 1, 31, 32, 33, 64, r.below(words * 32 + 40), words * 32]);
      const signed = r.below(2) === 0;
      const wanted = signed ? BigInt.asIntN(bits, a) : BigInt.asUintN(bits, a);
      return { call: "wrapBig", operands: [small(bits), big(a), signed ? TRUE : FALSE], right: (result) => readBack(result) === wanted };
    }
    case 4: return { call: "numberOfBig", operands: [big(a)], right: (result) => Object.is(numberOf(result), Number(a)) };
    case 5: {
      const x = Math.trunc(r.below(3) === 0 ? r.below(1000) - 500 : (r.next() - 0.5) * 2 ** r.below(1024));
      return { call: "bigOfNumber", operands: [word(x)], right: (result) => readBack(result) === BigInt(x) };
    }
    case 6: {
      const few = randomBig(r.pick([1, 2, 8, 32]));
      const radix = 2 + r.below(35);
      return { call: "textOfBig", operands: [big(few), small(radix)], right: (result) => readText(result) === few.toString(radix) };
    }
    case 7: {
      const radix = 2 + r.below(35);
      const few = randomBig(r.pick([1, 2, 8]));
      const digits = (few < 0n ? -few : few).toString(radix);
      const spoilt = r.below(5) === 0 ? digits + r.pick(["/", ":", "@", "[", "`", "{", "-", "\u0130", "\uff11"]) : r.below(2) === 0 ? digits.toUpperCase() : digits;
      const from = r.below(2);
      const wanted = spoilt.toLowerCase() === digits ? few < 0n ? -few : few : undefined;
      return {
        call: "bigOfText", operands: [text("-".repeat(from) + spoilt), small(from), small(from + spoilt.length), small(radix)],
        right: (result) => (wanted === undefined ? result === UNDEFINED : readBack(result) === wanted),
      };
    }
    case 8: {
      if (r.below(2) === 0) return { call: "bitsOfBig", operands: [big(a)], right: (result) => result >> 1 === (a === 0n ? 0 : (a < 0n ? -a : a).toString(2).length) };
      const low = r.pick([0, -1, 1, r.below(2 ** 32) | 0]), high = r.pick([0, -1, -(2 ** 31), r.below(2 ** 32) | 0]);
      const signed = r.below(2);
      const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
      return { call: "bigOfElement", operands: [low, high, signed], right: (result) => readBack(result) === (signed === 1 ? BigInt.asIntN(64, bits) : bits) };
    }
    case 9: {
      const high = r.below(2);
      return { call: "elementOfBig", operands: [big(a), high], right: (result) => BigInt(result) === BigInt.asIntN(32, a >> BigInt(32 * high)) };
    }
    default: {
      const [name, operator] = r.pick(operators);
      const shift = name === "SHL" || name === "SHR";
      let b = shift ? BigInt(r.below(200) - 100) : randomBig(r.pick([1, 2, 5, words]));
      if (shift && r.below(40) === 0) b = name === "SHR" ? 1n << 70n : -(1n << 40n);
      // Where the divisor fits and nearly does not.
      const dividend = name === "DIV" || name === "MOD" ? r.below(3) === 0 ? b * randomBig(2) + BigInt(r.below(3) - 1) : a : a;
      return { call: "computeBig", operands: [Op[name], big(dividend), big(b)], right: (result) => (shift || b !== 0n || !(name === "DIV" || name === "MOD") ? readBack(result) === operator(dividend, b) : result === DELETED) };
    }
  }
}
function numberOf(result: number): number { return kernel.numberValue(result); }
function perform(call: Call, o: readonly number[]): number {
  switch (call) {
    case "computeBig": return kernel.computeBig(o[0]!, o[1]! >> 2, o[2]! >> 2);
    case "stepBig": return kernel.stepBig(o[0]!, o[1]!);
    case "orderNumerics": return kernel.orderNumerics(o[0]!, o[1]!);
    case "wrapBig": return kernel.wrapBig(o[0]!, o[1]!, o[2]!);
    case "bitsOfBig": return kernel.bitsOfBig(o[0]!);
    case "numberOfBig": return kernel.numberOfBig(o[0]!);
    case "bigOfNumber": return kernel.bigOfNumber(o[0]!);
    case "textOfBig": return kernel.textOfBig(o[0]!, o[1]!);
    case "bigOfText": return kernel.bigOfText(o[0]!, o[1]!, o[2]!, o[3]!);
    case "equalBig": return kernel.equalBig(o[0]! >> 2, o[1]! >> 2) ? 1 : 0;
    case "bigOfElement": return kernel.bigOfElement(o[0]!, o[1]!, o[2] !== 0);
    case "elementOfBig": return kernel.elementOfBig(o[0]!, o[1] !== 0);
  }
}

test.serial("primitives do what V8's do, and the same in C", async (t) => {
  t.timeout(900_000);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mvm-bigint-"));
  t.teardown(() => fs.rmSync(folder, { recursive: true }));
  writeC(await readKernel(path.resolve("vm/kernel")), folder);
  fs.writeFileSync(path.join(folder, "driver.c"), DRIVER);
  const defines = {
    WORDS: HEAP + HEAP_WORDS, ROOTS_COUNT: ROOT_COUNT, KEY_KIND: Cell.KEY, EMPTY_ROOT: Root["NAME_"]!, HEAP_AT: HEAP, REGISTERS_COUNT: REGISTER_WORDS,
  };
  const program = path.join(folder, "driver");
  const compiled = spawnSync("gcc", [
    "-std=c99", "-O1", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-DMVMJS_DEBUG", ...Object.entries(defines).map(([name, value]) => `-D${name}=${value}`),
    path.join(folder, "driver.c"), "-o", program, "-lm",
  ], { encoding: "utf8" });
  t.is(compiled.stderr, "");

  const records: Buffer[] = [];
  const wrong: string[] = [];
  for (let i = 0; i < CASES; i++) {
    if (i % BATCH === 0) freshMemory(HEAP_WORDS);
    M[Reg.HEAP_TOP] = HEAP;
    const { call, operands, right } = randomCase();
    // Sometimes there is no room: then nothing may have happened.
    const floor = M[Reg.STACK_FLOOR]!;
    const scarce = r.below(8) === 0;
    if (scarce) M[Reg.STACK_FLOOR] = M[Reg.HEAP_TOP]! + 2 * r.below(8);
    const used = M[Reg.HEAP_TOP]! - HEAP;
    const before = M.slice(HEAP - REGISTER_WORDS, HEAP + used);
    const head = Int32Array.from([calls[call], operands.length, ...operands, used]);
    const result = perform(call, operands);
    if (kernel.takeFault()) wrong.push(`${call} ${operands.join(" ")}: fault`);
    const after = M[Reg.HEAP_TOP]! - HEAP;
    records.push(Buffer.from(head.buffer), Buffer.from(before.buffer), Buffer.from(Int32Array.of(result, after).buffer), Buffer.from(M.slice(HEAP - REGISTER_WORDS, HEAP + after).buffer));
    if (scarce && result === NONE) {
      const wanted = before.slice();
      wanted[Reg.REQUEST - HEAP + REGISTER_WORDS] = M[Reg.REQUEST]!;
      if (Buffer.compare(Buffer.from(wanted.buffer), Buffer.from(M.slice(HEAP - REGISTER_WORDS, HEAP + used).buffer)) !== 0) wrong.push(`${call} changed something and had no room`);
    } else {
      try {
        if (!right(result)) wrong.push(`${call} ${operands.map((one) => (kernel.kindOf(one) === Cell.BIGINT ? `${readBig(kernel, one >> 2)}n` : String(one))).join(" ")}`);
      } catch (error) {
        wrong.push(`${call}: ${(error as Error).message}`);
      }
    }
    M[Reg.STACK_FLOOR] = floor;
  }
  t.deepEqual(wrong.slice(0, 10), []);
  records.push(Buffer.from(Int32Array.of(-1).buffer));
  const { stdout, stderr, status } = spawnSync(program, { input: Buffer.concat(records), encoding: "utf8", maxBuffer: 1 << 26 });
  t.is(status, 0, stderr);
  t.is(stdout.trim(), `${CASES} calls, 0 different`);
});

/** Runs a program in slices; what it printed, and the most steps that it ran beyond a slice's fuel. */
function runInSlices(source: string, slice: number): { printed: string[]; slices: number; beyond: number } {
  const machine = Machine.create(flatKernel, core, compileText(source, "long.js"));
  const printed: string[] = [];
  let slices = 0, beyond = 0;
  for (;;) {
    const before = machine.steps;
    const reason = machine.run(slice);
    beyond = Math.max(beyond, machine.steps - before - slice);
    slices++;
    if (reason === "ended") return { printed, slices, beyond };
    if (reason === "host-call") {
      const call = machine.hostCall();
      if (call.operation === "print") printed.push(String(call.arguments[1]).trim());
      machine.answer(0);
    } else if (reason !== "fuel") {
      throw new Error(reason);
    }
  }
}
test.serial("long numbers do not run beyond their fuel", (t) => {
  const source = "const a = (1n << 150000n) - 12345n, b = (1n << 70000n) + 1n; const few = a % (1n << 20000n); const text = String(few); console.log(a * a > b, a / b > b, BigInt(text) === few, a === (a ^ b ^ b), 3n ** 20000n < b);";
  const slice = 1000;
  const { printed, slices, beyond } = runInSlices(source, slice);
  t.deepEqual(printed, ["true true true true true"]);
  // The largest piece of work that is one step's: a pass over the words of a * a.
  t.true(beyond < 600, `${beyond} steps beyond the fuel`);
  t.true(slices > 100, `${slices} slices`);
  t.log(`${slices} slices of ${slice} steps, at most ${beyond} beyond`);
});
test.serial("values from and to the host", (t) => {
  const values = [0n, -1n, 1n << 32n, -(1n << 31n), 3n ** 300n, [1n, [-(2n ** 64n)]], { a: 5n }];
  const machine = Machine.create(flatKernel, core, compileText("0;", "values.js"));
  machine.run(1);
  for (const value of values) {
    const there = writeValue(flatKernel, value);
    t.deepEqual(readValue(flatKernel, there), value);
  }
});
