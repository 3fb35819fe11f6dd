// What the verifier has to know about the core is found in two ways: with tables, and, on machines with little memory, by
// searching. Both say the same about every place of the core.

import test from "ava";
import { readFileSync } from "node:fs";
import { Cell } from "../vm/format/cells.js";
import { Reg } from "../vm/format/registers.js";
import { ROOTS_CELL } from "../vm/format/roots.js";
import { HEAP } from "../vm/format/words.js";
import { codeBytes } from "../vm/kernel/code.js";
import { attach, M } from "../vm/kernel/memory.js";
import { findCoreDepth, foundDepth, foundOffset, searchCoreDepth } from "../vm/kernel/verifycode.js";
import { beginVerification, noteCoreBlocks, searchCoreStart, spend, startsCell } from "../vm/kernel/verifystate.js";
import { root } from "./support/run-program.js";

const bytes = readFileSync(`${root}build/core.bin`);
const end = bytes.length >> 2;

function verifierOverCore(): void {
  const buffer = new ArrayBuffer((HEAP + 4096) * 4);
  new Uint8Array(buffer).set(bytes);
  attach(buffer, new Int32Array(20000), new Int32Array(1000));
  M[Reg.HEAP_TOP] = HEAP;
  beginVerification(end);
  noteCoreBlocks(end);
}

test("where cells of the core start", (t) => {
  verifierOverCore();
  let starts = 0;
  for (let address = 0; address < end; address += 2) {
    if (startsCell(address)) starts++;
    if (startsCell(address) !== searchCoreStart(address)) t.fail(`address ${address}`);
  }
  t.true(starts > 3000, `${starts} cells`);
});

test("how deep the stack is in the core's functions", (t) => {
  verifierOverCore();
  let places = 0;
  for (let code = ROOTS_CELL; code < end; code += (M[code]! >>> 8) << 1) {
    if ((M[code]! & 255) !== Cell.CODE) continue;
    for (let offset = 0; offset < codeBytes(code); offset++) {
      spend(-1_000_000);
      const expected = [findCoreDepth(code, offset), foundOffset, foundOffset < 0 ? 0 : foundDepth];
      const actual = [searchCoreDepth(code, offset), foundOffset, foundOffset < 0 ? 0 : foundDepth];
      places++;
      if (expected.join() !== actual.join()) t.fail(`${code} at ${offset}: ${expected.join()}, by searching ${actual.join()}`);
    }
  }
  t.true(places > 40_000, `${places} places`);
});
