// The data intrinsics in C against the same in TypeScript: random calls on a random heap, each in a fresh memory. The C
// program gets heap, registers and operands of every call and what came of it here, and says where it differs: in the
// result, in a register, in any word of the heap, in the error, or in having faulted.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import test from "ava";
import { readKernel, writeC } from "../hosts/c/translate.js";
import { Brand } from "../vm/format/brands.js";
import { Cell } from "../vm/format/cells.js";
import { Intrinsic } from "../vm/format/intrinsics.js";
import type { IntrinsicName } from "../vm/format/intrinsics.js";
import { Reg } from "../vm/format/registers.js";
import { ROOT_COUNT, Root } from "../vm/format/roots.js";
import { HEAP, REGISTER_WORDS } from "../vm/format/words.js";
import { allocate, reference, takeError, takeFault } from "../vm/kernel/heap.js";
import { M } from "../vm/kernel/memory.js";
import { FALSE, NULL, TRUE, UNDEFINED, freshMemory, intrinsic, random, randomText, small, text, word } from "./kernel-data-memory.js";

const HEAP_WORDS = 20_000;
const DRIVER = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "machine.c"

static int32_t next(void) {
  int32_t word = 0;
  if (fread(&word, 4, 1, stdin) != 1) exit(2);
  return word;
}

int main(void) {
  static int32_t memory[WORDS], cache[16384], marks[64];
  long calls = 0, different = 0;
  int i, end = 3 + ((ROOTS_COUNT + 2) & -2) - 1;
  for (i = 0; i < ROOTS_COUNT; i++) memory[3 + i] = 3;
  memory[end] = (2 << 8) | KEY_KIND;
  memory[end + 2] = 1;
  memory[3 + EMPTY_ROOT] = (end << 2) | 1;
  while (next() != 0) {
    int32_t id = next(), count = next(), used, result, after, error, fault;
    const char *what = NULL;
    for (i = 0; i < count; i++) memory[WORDS - 32 + count - 1 - i] = next();
    used = next();
    for (i = 0; i < REGISTERS_COUNT + used; i++) memory[HEAP_AT - REGISTERS_COUNT + i] = next();
    mvmjs_attach((uint8_t *)memory, WORDS, cache, 16384, marks, 64);
    result = mvmjs_dataIntrinsic(id, WORDS - 32);
    error = mvmjs_takeError();
    fault = mvmjs_takeFault();
    if (next() != result) what = "result";
    if (next() != error) what = "error";
    if (next() != fault) what = "fault";
    after = next();
    for (i = 0; i < REGISTERS_COUNT + after; i++) if (next() != memory[HEAP_AT - REGISTERS_COUNT + i] && what == NULL) what = "memory";
    if (mvmjs_memory_fault) what = "access";
    mvmjs_memory_fault = false;
    calls++;
    if (what != NULL) {
      different++;
      printf("call %ld of intrinsic %d: %s\\n", calls, (int)id, what);
    }
  }
  printf("%ld calls, %ld different\\n", calls, different);
  return 0;
}
`;

/** The kinds of operands of an intrinsic: text, number, small integer, boolean, bytes, table, key, dense array of texts, symbol, typed array. */
const calls: Partial<Record<IntrinsicName, string>> = {
  charCode: "ti", codePoint: "ti", charAt: "ti", substring: "tii", indexOf: "tsi", lastIndexOf: "tsi", fromCharCode: "n", fromCodePoint: "p",
  compareText: "tt", repeat: "ti", joinTexts: "at", trim: "tm", upper: "t", lower: "t", isIndex: "t", hashText: "t", jsonQuote: "t",
  numberToText: "nr", toFixed: "ni", toExponential: "ni", toPrecision: "ni", textToNumber: "t", parseFloat: "t", parseInt: "tn",
  math: "fn", math2: "inn", random: "", newSymbol: "t", description: "y", markRegistered: "y", isRegistered: "y",
  newTable: "ib", tableFind: "Hk", tableGet: "Hk", tableSet: "Hkn", tableDelete: "Hk", tableClear: "H", tableCount: "H", tableKey: "Hi",
  tableValue: "Hi", tableNext: "Hi", tableForward: "Hi", tableSuccessor: "H",
  newBytes: "i", bytesLength: "B", byteAt: "Bi", setByte: "Bin", bytesMove: "BiBii", bytesFill: "Bnii", bytesRead: "Biib", bytesWrite: "Biibn",
  typedInfo: "Ti", typedFill: "Tnii", utf8Encode: "t", utf8Decode: "Biib", latin1Text: "Bii",
};

test.serial("random calls do the same in C", async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mvm-data-"));
  t.teardown(() => fs.rmSync(folder, { recursive: true }));
  writeC(await readKernel(path.resolve("vm/kernel")), folder);
  fs.writeFileSync(path.join(folder, "driver.c"), DRIVER);
  const defines = {
    WORDS: HEAP + HEAP_WORDS, ROOTS_COUNT: ROOT_COUNT, KEY_KIND: Cell.KEY, EMPTY_ROOT: Root["NAME_"]!, HEAP_AT: HEAP, REGISTERS_COUNT: REGISTER_WORDS,
  };
  const program = path.join(folder, "driver");
  const compiled = spawnSync("gcc", [
    "-std=c99", "-O1", "-Wall", "-Wextra", "-Wconversion", "-Werror", ...Object.entries(defines).map(([name, value]) => `-D${name}=${value}`),
    path.join(folder, "driver.c"), "-o", program, "-lm",
  ], { encoding: "utf8" });
  t.is(compiled.stderr, "");

  const r = random(51);
  const record: number[] = [];
  const make = (kind: string): number => {
    if (r.below(40) === 0) return r.pick([UNDEFINED, NULL, small(3), word(0.5), text("x")]);
    switch (kind) {
      case "t": return randomText(r, r.below(4) === 0 ? r.pick(["123.5e3", " 0x1f ", "9007199254740993", "-0", "Infinity", "12", "\u03a3\u0391\u03a3", "stra\xdfe \ufb03"]) : r.text(30));
      case "s": return text(r.text(2));
      case "n": return word(r.pick([r.below(100) - 10, r.next() * 1e6, -0, NaN, Infinity, 0.1, 255.5, 1e21, 5e-324, (r.next() - 0.5) * 2 ** r.below(200)]));
      case "i": return small(r.below(14) - 1);
      case "p": return small(r.below(0x110000));
      case "m": return small(1 + r.below(3));
      case "r": return small(r.pick([2, 8, 10, 10, 10, 16, 36]));
      case "f": return small(r.below(28));
      case "b": return r.pick([TRUE, FALSE]);
      case "k": return r.pick([() => small(r.below(20)), () => randomText(r, `key${r.below(20)}`), () => word(r.below(20) / 4), () => TRUE, () => word(NaN), () => word(-0)])();
      case "y": return intrinsic("newSymbol", UNDEFINED);
      case "B": {
        const bytes = intrinsic("newBytes", small(12 + r.below(8)));
        for (let i = 0; i < 12; i++) intrinsic("setByte", bytes, small(i), small(r.pick([r.below(256), 0xe2, 0x82, 0xac, 0x41, 0xf0])));
        return bytes;
      }
      case "T": {
        const owner = allocate(Cell.RECORD, 6);
        M.set([UNDEFINED, UNDEFINED, small(Brand.ARRAY_BUFFER), make("B"), UNDEFINED], owner + 1);
        return intrinsic("newTyped", NULL, small(r.below(9)), reference(owner), small(0), small(-1));
      }
      case "a": {
        const parts = Array.from({ length: r.below(5) }, () => make("t"));
        const elements = allocate(Cell.ELEMENTS, parts.length + 3);
        M.set([...parts, 35, 35], elements + 1);
        const array = allocate(Cell.ARRAY, 5);
        M.set([UNDEFINED, UNDEFINED, reference(elements), parts.length], array + 1);
        return reference(array);
      }
      default: {
        let table = intrinsic("newTable", small(1 + r.below(2)), FALSE);
        for (let k = r.below(40); k > 0; k--) {
          const key = make("k");
          if (r.below(4) === 0) intrinsic("tableDelete", table, key);
          else table = intrinsic("tableSet", table, key, small(k));
        }
        return table;
      }
    }
  };
  let count = 0;
  for (const [name, kinds] of Object.entries(calls) as [IntrinsicName, string][]) {
    for (let round = 0; round < 60; round++) {
      freshMemory(HEAP_WORDS);
      const operands = [...kinds].map(make);
      takeFault();
      takeError();
      // Sometimes there is no room, or only little.
      if (r.below(4) === 0) M[Reg.STACK_FLOOR] = M[Reg.HEAP_TOP]! + 2 * r.below(12);
      const used = M[Reg.HEAP_TOP]! - HEAP;
      record.push(1, Intrinsic[name], operands.length, ...operands, used, ...M.slice(HEAP - REGISTER_WORDS, HEAP + used));
      const result = intrinsic(name, ...operands);
      const after = M[Reg.HEAP_TOP]! - HEAP;
      record.push(result, takeError(), takeFault() ? 1 : 0, after, ...M.slice(HEAP - REGISTER_WORDS, HEAP + after));
      count++;
    }
  }
  record.push(0);
  const { stdout, status } = spawnSync(program, { input: Buffer.from(Int32Array.from(record).buffer), encoding: "utf8", maxBuffer: 1 << 26 });
  t.is(status, 0);
  t.is(stdout.trim(), `${count} calls, 0 different`);
});
