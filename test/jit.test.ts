// The compiled tier on what test/programs has too little of: long runs in little memory, so that room runs out inside of
// compiled code; guest calls deeper than they nest on the host's stack; fuel that ends anywhere. It may differ from the
// interpreter in nothing but time.

import { readdirSync, readFileSync } from "node:fs";
import test from "ava";
import { compileScript } from "../compiler/index.js";
import { Cell } from "../vm/format/cells.js";
import { ROOTS_CELL } from "../vm/format/roots.js";
import { CORE_WORDS } from "../vm/format/words.js";
import { decode } from "../vm/jit/decode.js";
import { Jit } from "../vm/jit/jit.js";
import { Machine } from "../vm/machine.js";
import { lockstep } from "./torture.js";
import { flatKernel, ProgramRun, programUnit, root } from "./support/run-program.js";

const folder = `${root}bench/programs/`;
for (const name of readdirSync(folder)) {
  test.serial(`${name}, twice in 2 MB, a prime number of steps at a time`, (t) => {
    const unit = compileScript(`${readFileSync(folder + name, "utf8")}\nfor (let i = 0; i < 2; i++) console.log(String(main()));`, name);
    t.true(lockstep({ name, unit, options: { memoryBytes: 2 * 1024 * 1024 } }, "compiled", "flattened", 1, 99_991) > 100_000);
  });
}

test.serial("what an instruction was charged for before its room ran out stays charged", (t) => {
  // Matches whose results find no room. It runs without stops, which would count steps anew.
  const unit = programUnit("regexp-replacements.js");
  Machine.jit = undefined;
  const { steps } = ProgramRun.start(flatKernel, unit).finish();
  Machine.jit = new Jit(flatKernel, { afterSteps: 0, samples: 1 });
  t.is(ProgramRun.start(flatKernel, unit).finish().steps, steps);
  Machine.jit = undefined;
});

test.serial("an epoch that becomes due within an instruction waits for the next one", (t) => {
  // Functions that are not lazy get their properties at once. With each start the count of words arrives at another place.
  for (let start = 0; start < 6; start++) {
    const unit = compileScript(`const first = []; for (let i = 0; i < ${start}; i++) first.push({ i }); for (let i = 0; i < 60000; i++) async () => i, async function* () {}; console.log("done");`, "eager.js");
    Machine.jit = undefined;
    t.is(ProgramRun.start(flatKernel, unit).finish().transcript(), "done\n[exit 0]");
  }
});

test.serial("codes that eval has made are told apart after a hash, which collects", (t) => {
  const unit = compileScript("for (let i = 0; i < 20; i++) if (eval(`i * ${i}`) !== i * i) console.log(i); console.log('done');", "eval.js");
  Machine.jit = new Jit(flatKernel, { afterSteps: 0, samples: 1 });
  const run = ProgramRun.start(flatKernel, unit);
  for (let target = 300; run.runTo(target); target += 300) run.machine.stateHash();
  t.is(run.transcript(), "done\n[exit 0]");
  Machine.jit = undefined;
});

test.serial("a recursion deeper than the host's stack takes, and the error at the program's own limit", (t) => {
  const unit = compileScript(`
    function sum(n) { return n === 0 ? 0 : n + sum(n - 1); }
    for (let i = 0; i < 30; i++) console.log(sum(2000 + i));
    function endless(n) { return endless(n + 1) + 1; }
    for (let i = 0; i < 5; i++) try { endless(0); } catch (error) { console.log(error instanceof RangeError); }
  `, "deep.js");
  t.true(lockstep({ name: "deep.js", unit, options: { stackBytes: 512 * 1024 } }, "compiled", "flattened", 2, 10_007) > 100_000);
});

test.serial("an endless loop and endless allocation stop at their limits", (t) => {
  Machine.jit = new Jit(flatKernel, { afterSteps: 0, samples: 1 });
  const loop = ProgramRun.start(flatKernel, compileScript("for (;;);", "loop.js"));
  t.true(loop.runTo(1_000_003));
  t.is(loop.steps, 1_000_003);
  const hoard = ProgramRun.start(flatKernel, compileScript("const all = []; for (;;) all.push({ n: all.length });", "hoard.js"), { memoryBytes: 2 * 1024 * 1024 });
  hoard.runTo(50_000_000);
  t.is(hoard.ending, "out-of-memory");
  Machine.jit = undefined;
});

test.serial("what is hot is compiled, and only that", (t) => {
  const jit = new Jit(flatKernel, { afterSteps: 1000, samples: 4 });
  Machine.jit = jit;
  const cold = ProgramRun.start(flatKernel, compileScript("function once() { return 1; } console.log(once());", "cold.js")).finish();
  t.is(cold.transcript(), "1\n[exit 0]");
  t.is(jit.compiledCount, 0);
  const hot = ProgramRun.start(flatKernel, compileScript("function add(a, b) { return a + b; } let s = 0; for (let i = 0; i < 100000; i++) s = add(s, i); console.log(s);", "hot.js")).finish();
  t.is(hot.transcript(), "4999950000\n[exit 0]");
  t.true(jit.compiledCount >= 2);
  Machine.jit = undefined;
});

test.serial("a compiled tier that is taken away and given back while cells move and programs change places", (t) => {
  const source = `
    const kept = [];
    function make(i) { return { a: i, b: i + 1, ["c" + i % 5]: i }; }
    for (let i = 0; i < 30000; i++) { const o = make(i); o.d = o.a + o.b; kept[i % 100] = o; }
    console.log(kept.reduce((sum, o) => sum + o.d, 0), JSON.stringify(kept[7]));
  `;
  const start = (more: string): ProgramRun => ProgramRun.start(flatKernel, compileScript(more + source, "places.js"), { memoryBytes: 4 << 20 });
  Machine.jit = undefined;
  const calm = start("").finish();
  const jit = new Jit(flatKernel, { afterSteps: 0, samples: 1 });
  const one = start("");
  // Alike, but its cells lie elsewhere.
  const other = start("const other = [1, 2, 3];");
  for (let turn = 0, more = true; more; turn++) {
    Machine.jit = turn % 3 === 2 ? undefined : jit;
    more = one.runTo(one.steps + 7919);
    if (turn % 2 === 0) one.machine.collect();
    Machine.jit = turn % 5 === 4 ? undefined : jit;
    other.runTo(other.steps + 4001);
  }
  Machine.jit = undefined;
  t.is(one.transcript(), calm.transcript());
  t.is(one.machine.stateHash(), calm.machine.stateHash());
});

test("every instruction of a code is in one block, and blocks tile what control can reach", (t) => {
  const run = ProgramRun.start(flatKernel, programUnit("sort-comparators.js"));
  const { M } = flatKernel;
  run.machine.use();
  let codes = 0;
  for (let cell = ROOTS_CELL; cell < CORE_WORDS && M[cell] !== 0; cell += (M[cell]! >>> 8) << 1) {
    if ((M[cell]! & 255) !== Cell.CODE) continue;
    const { blocks, start } = decode(flatKernel, cell, 100_000)!;
    codes++;
    t.is(blocks[0]!.pc, start);
    for (const [index, block] of blocks.entries()) {
      block.instructions.forEach((instruction, i) => t.is(instruction.pc, i === 0 ? block.pc : block.instructions[i - 1]!.next));
      if (block.fallsThrough) t.is(block.instructions.at(-1)!.next, blocks[index + 1]!.pc);
    }
  }
  t.true(codes > 500);
});
