// Seeded samples of what long.ts does in whole: programs whose every allocation is collected at or refused, images and
// bytes that are forged, for the machine on Node and the one in C under sanitizers; and programs that would never end,
// each of which its limits stop.

import test from "ava";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Brand } from "../vm/format/brands.js";
import { Attribute, Cell, Field } from "../vm/format/cells.js";
import { CALLEE } from "../vm/format/frame.js";
import { Intrinsic } from "../vm/format/intrinsics.js";
import { Op } from "../vm/format/opcodes.js";
import { Reg } from "../vm/format/registers.js";
import { Root, ROOTS } from "../vm/format/roots.js";
import { HEAP, Immediate } from "../vm/format/words.js";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { buildJudge, Judge, verdictOf } from "./judge.js";
import { Random, seedOf } from "./support/random.js";
import { compileText, core, digest, flatKernel, imageMeta, programNames, ProgramRun, programUnit, root } from "./support/run-program.js";
import { checkHeap, collectAlways, epochsAnywhere, intrinsicForms, mutateBytes, mutateImages, MutationCounts, refuseAllocations, throughImage, type Victim } from "./torture.js";

const victims: readonly Victim[] = programNames.map((name) => ({ name, unit: programUnit(name) }));

/** Steps of each program that are tortured. */
const STEPS = 2500;

test.serial("a collection at every allocation changes nothing", (t) => {
  for (const victim of victims) t.true(collectAlways(victim, STEPS, 1000) > 0, victim.name);
});

test.serial("after any refused allocation a program is sound and can go on", (t) => {
  let refused = 0;
  for (const victim of victims) {
    const random = new Random(seedOf(victim.name));
    refused += refuseAllocations(victim, { choose: () => random.next(10) === 0, maximum: STEPS, seed: seedOf(victim.name) });
  }
  t.true(refused > victims.length, `${refused} refusals were looked at`);
});

test.serial("what was not done when room was refused is counted once: texts of JSON's errors, prototypes' first elements", (t) => {
  const source = `for (const bad of ["[1,]", "{a}", "[1 2]", "\\u{1f600}x"]) try { JSON.parse(bad); } catch (error) { console.log(error.message); }
    Array.prototype[2] = "third"; Object.prototype[70000] = 1; console.log([][2], {}[70000]);`;
  const victim: Victim = { name: "refused.js", unit: compileText(source, "refused.js") };
  for (let seed = 1; seed <= 8; seed++) t.true(refuseAllocations(victim, { choose: () => true, maximum: STEPS * 4, seed }) > 10);
});

test.serial("an epoch that becomes due in the middle of an instruction changes nothing", (t) => {
  // Functions with properties of their own are made of several cells, in an instruction that cannot be begun again in between.
  const source = "let last; for (let i = 0; i < 300; i++) { last = async () => 1; last = async function* () {}; last = function* () {}; } console.log(typeof last);";
  const own: Victim = { name: "functions", unit: compileText(source, "functions.js") };
  let times = 0;
  for (const [victim, most] of [[own, 1000], ...victims.map((one) => [one, 8] as const)] as const) {
    let left = most;
    const run = ProgramRun.start(flatKernel, victim.unit).finish();
    times += epochsAnywhere(victim, { seed: seedOf(victim.name), oneIn: Math.max(1, Math.floor(run.steps / most)), enough: () => left-- <= 0, transcript: run.transcript() });
  }
  t.true(times > 5 * victims.length, `${times} epochs`);
});

/** Forged images and forged bytes of each program. */
const MUTANTS = 20;
const FORGED_BYTES = 30;
let judge: Judge | undefined;
test.serial.before(() => { if (buildJudge()) judge = new Judge(); });
test.after.always(() => { judge?.close(); });

test.serial("forged images are refused with a reason or harmless, on Node as in C", async (t) => {
  const counts = new MutationCounts();
  for (const victim of victims) {
    await mutateImages(victim, { count: MUTANTS, seed: seedOf(victim.name), counts, ...judge === undefined ? {} : { judge } });
  }
  t.is(counts.tried, MUTANTS * victims.length);
  t.true(counts.passed >= 0.3 * counts.tried, `${counts.passed} of ${counts.tried} passed the verifier`);
  t.true(Object.keys(counts.rules).length > 20, Object.keys(counts.rules).join());
});

test.serial("forged bytes are refused, on Node as in C", async (t) => {
  for (const victim of victims) {
    t.is(await mutateBytes(victim, { count: FORGED_BYTES, seed: seedOf(victim.name), ...judge === undefined ? {} : { judge } }), FORGED_BYTES);
  }
});

test.serial("the judge in C finds what is wrong", async (t) => {
  if (judge === undefined) { t.pass(); return; }
  const machine = Machine.create(flatKernel, core, compileText("for (let i = 0; ; i++);", "endless.js"));
  machine.run(500);
  const image = encodeImage(machine, imageMeta, digest);
  t.regex(verdictOf(image), /^fuel 0:10\d\d\d [0-9a-f]{16}$/);
  t.is(await judge.verdictOf(image), verdictOf(image));
  t.is(await judge.verdictOf(image.slice(0, image.length - 10)), "refused: its form");
});

/** The instruction CLASS of regular expressions (vm/kernel/regexp.ts). */
const RE_CLASS = 6;
/** A program stopped in front of such an instruction (an opcode; an intrinsic), the `count`th of its own, with its words changed. */
function forged(source: string, opcode: number, intrinsic: number, change: (M: Int32Array, sp: number) => void, count = 1): Uint8Array {
  const machine = Machine.create(flatKernel, core, compileText(source, "forged.js"));
  for (let left = count; ;) {
    const M = machine.words();
    const code = flatKernel.codeOf(M[M[Reg.FP]! + CALLEE]!);
    const at = code * 4 + M[Reg.PC]!;
    const { B } = flatKernel;
    const own = code >= HEAP || intrinsic >= 0;
    const here = intrinsic >= 0 ? intrinsicForms.has(B[at]!) && B[at + 1] === intrinsic : B[at] === opcode;
    if (own && here && --left === 0) break;
    if (machine.run(1) !== "fuel") throw new Error(`the program never comes there: ${machine.stopped}`);
  }
  const M = machine.words();
  change(M, M[Reg.SP]!);
  return encodeImage(machine, imageMeta, digest);
}
/** What chance found once, or is unlikely to find. */
const forgeries: Record<string, [verdict: RegExp, image: () => Uint8Array]> = {
  "an array whose elements are a code's debug information": [/^(ended|fuel) /, () => forged("const list = [1, 2]; let i = 0; list[i] = { i }; throw new Error('at');", Op.PUT_ELEMENT, -1, (M, sp) => {
    const code = flatKernel.codeOf(M[M[Reg.FP]! + CALLEE]!);
    M[(M[sp + 2]! >> 2) + Field.ARRAY_ELEMENTS!] = flatKernel.codeDebug(code);
  })],
  "an object with a negative serial": [/^refused: VH17/, () => forged("const o = {}; Object.create(o);", Op.GET_GLOBAL, -1, (M) => {
    for (let address = HEAP; address < M[Reg.HEAP_TOP]!; address += (M[address]! >>> 8) << 1) {
      if ((M[address]! & 255) === Cell.OBJECT && M[address + 2] === Immediate.UNDEFINED) M[address + 2] = -2;
    }
  })],
  "the table of overlays as the table of a Map": [/^fault /, () => forged("Array.prototype.extra = 1; const map = new Map(); map.set(1, 2); map.has(1); map.set('a', 'b'); map.set(2, 'c');", Op.CALL, -1, (M) => {
    for (let address = HEAP; address < M[Reg.HEAP_TOP]!; address += (M[address]! >>> 8) << 1) {
      if ((M[address]! & 255) === Cell.RECORD && M[address + Field.RECORD_BRAND!] === Brand.MAP << 1) M[address + Field.RECORD_TAIL!] = M[Reg.OVERLAYS]!;
    }
  }, 3)],
  "#name in object, of no private name": [/^fault /, () => forged("class A { #x; static has(o) { return #x in o; } } A.has(1);", Op.HAS_PRIVATE, -1, (M, sp) => { M[sp + 1] = M[ROOTS + Root.NAME_length!]!; })],
  "a property defined as an accessor whose value is none": [/^fault /, () => forged("new Error('its message is defined');", Op.INTRINSIC, Intrinsic.define, (M, sp) => { M[sp] = Attribute.ACCESSOR << 1; })],
  "a function made in what is no scope": [/^fault /, () => forged("let f; f = () => 1; f();", Op.CLOSURE, -1, (M, sp) => { M[sp] = Immediate.HOLE; })],
  "a regular expression with a class outside of its program": [/^(ended|fuel) /, () => forged("console.log(/[a-f\\u1234]+z/.exec('\\u1233abc'));", Op.INTRINSIC, Intrinsic.regexpMatch, (M, sp) => {
    // Every class of the program is said to lie a million words behind it.
    const program = M[sp + 2]! >> 2;
    let classes = 0;
    for (let i = program + Field.BYTES_TAIL!; i < program + ((M[program]! >>> 8) << 1); i++) {
      if ((M[i]! & 255) !== RE_CLASS || M[i]! >>> 8 === 0 || M[i]! >>> 8 >= 64) continue;
      M[i] = 0xfffff << 8 | RE_CLASS;
      classes++;
    }
    if (classes === 0) throw new Error("no class in the program");
  })],
};
for (const [name, [expected, image]] of Object.entries(forgeries)) {
  test.serial(`${name}: harmless, on Node as in C`, async (t) => {
    const bytes = image();
    const verdict = verdictOf(bytes);
    t.regex(verdict, expected);
    t.notRegex(verdict, /unsound/);
    if (judge !== undefined) t.is(await judge.verdictOf(bytes), verdict);
  });
}

const FUEL = 2_000_000;
const memoryBytes = 3 << 20;
/** Programs without end, and what ends them. */
const endless: Record<string, [source: string, ending: "steps" | "out-of-memory" | "ended"]> = {
  "a loop": ["for (;;);", "steps"],
  "jobs": ["const next = () => Promise.resolve().then(next); next();", "steps"],
  "timers": ["const next = () => setTimeout(next, 1e6); next();", "steps"],
  "arrays": ["const all = []; for (;;) all.push([all.length]);", "out-of-memory"],
  "texts": ["const all = []; for (let i = 0; ; i++) all.push('text ' + i + '!'.repeat(1000));", "out-of-memory"],
  "keys": ["const all = {}; for (let i = 0; ; i++) all['key ' + i] = i;", "out-of-memory"],
  "one array": ["let all = [1]; for (;;) all = all.concat(all);", "out-of-memory"],
  "a map": ["const all = new Map(); for (;;) all.set({}, all.size);", "out-of-memory"],
  "a text": ["let text = 'ab'; for (;;) text = (text + text).slice(1);", "out-of-memory"],
  "a rope": ["let text = 'ab'; for (;;) text += text;", "ended"],
  "closures": ["let f = () => 0; for (;;) { const g = f; f = () => g; }", "out-of-memory"],
  "recursion": ["function f(n) { return f(n + 1) + 1; } f(0);", "ended"],
  "recursion that catches": ["function f() { try { return f(); } catch { return f(); } } f();", "steps"],
  "recursion in the core": ["const own = new Proxy({}, {}); Object.setPrototypeOf(own, own); try { own.missing; } catch (error) { throw error; }", "ended"],
  "recursion by a built-in": ["function f() { return [1].map(f) + 1; } f();", "ended"],
  "generators": ["function* g() { yield* g(); } for (const x of g());", "ended"],
  "a regular expression": ["/^(a*)*$/.test('a'.repeat(50) + 'b');", "steps"],
  "another": ["/(x+x+)+\\1y/.exec('x'.repeat(200)); ", "steps"],
  "nested data": ["let all = []; for (let i = 0; ; i++) { all = [all]; if (i % 1000 === 0) JSON.stringify(all); }", "steps"],
  "arguments": ["const f = (...list) => f(...list, ...list, 1); f(1);", "ended"],
};
const folder = mkdtempSync(`${tmpdir()}/mvm-torture-`);
test.after.always(() => { rmSync(folder, { recursive: true }); });

for (const [name, [source, ending]] of Object.entries(endless)) {
  test.serial(`${name}: stops at a limit`, (t) => {
    const unit = compileText(source, "endless.js");
    const run = ProgramRun.start(flatKernel, unit, { memoryBytes }).finish(FUEL);
    t.is(run.ending, ending);
    t.true(run.steps < 2 * FUEL, `${run.steps} steps`);
    if (!existsSync(`${root}build/mvm-c`)) return;
    const path = `${folder}/endless.mvm`;
    writeFileSync(path, encodeImage(Machine.create(flatKernel, core, unit, { memoryBytes, stackBytes: 512 * 1024 }), imageMeta, digest));
    const { status, stderr } = spawnSync(`${root}build/mvm-c`, ["run", path, "--virtual-time", "--fuel", `${FUEL}`], { encoding: "utf8", timeout: 60_000 });
    t.is(status, ending === "ended" ? 1 : 5, stderr);
    t.regex(stderr, ending === "ended" ? /RangeError: / : ending === "steps" ? /has used its \d+ steps/ : /needs more than its \d+ bytes of memory/);
  });
}

test("memory is at its end at the same step wherever a program runs, and whatever was collected", (t) => {
  const unit = compileText("const o = {}; for (let i = 0; i < 200; i++) { o['x'.repeat(2000 + i * 10)] = i; ({})['gone' + i] = i; }", "brink.js");
  const victim: Victim = { name: "brink.js", unit };
  for (let bytes = 200_000; bytes < 203_000; bytes += 40) {
    const options = { memoryBytes: bytes, stackBytes: 32 * 1024 };
    const run = ProgramRun.start(flatKernel, unit, options).finish();
    t.is(run.ending, "out-of-memory");
    checkHeap(victim, run.machine);
    const moved = ProgramRun.start(flatKernel, unit, { ...options, collectSeed: bytes });
    moved.runTo(run.steps >> 1);
    const there = throughImage(moved, flatKernel).finish();
    t.is(there.ending, "out-of-memory");
    t.is(`${there.steps} ${there.machine.stateHash()}`, `${run.steps} ${run.machine.stateHash()}`, `${bytes} bytes`);
  }
});

test("what a program hands to its host is read within bounds", (t) => {
  const sources = [
    "const a = []; a.push(a, a, a); mvm.call('f', a);",
    "mvm.call('f', new Array(4e9));",
    "let a = ['x'.repeat(1000)]; for (let i = 0; i < 40; i++) a = [a, a, { a }]; mvm.call('f', a);",
    "let s = 'x'.repeat(1 << 20); mvm.call('f', Array.from({ length: 1000 }, () => s));",
  ];
  for (const source of sources) {
    const machine = Machine.create(flatKernel, core, compileText(source, "data.js"));
    while (machine.run(1000) !== "host-call") t.is(machine.stopped, "fuel");
    const start = performance.now();
    t.is(machine.hostCall().operation, "call");
    t.true(performance.now() - start < 10_000, source);
  }
});
