// The machine inside QuickJS: state hashes equal to Node's at every 1,000 steps, programs that are frozen on one engine
// and go on on the other, checksums in plain JavaScript, switches that became trees. test/long.ts follows the long
// programs to their ends.

import test from "ava";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { plainDigest } from "../vm/digest.js";
import { branchSwitches } from "../hosts/quickjs/branches.js";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { Beside, hashesBeside } from "./support/beside.js";
import { nodeTranscript } from "./support/oracle.js";
import { Inside } from "./support/quickjs.js";
import { Random, seedOf } from "./support/random.js";
import { compileText, core, digest, flatKernel, imageMeta, programNames, programUnit, root } from "./support/run-program.js";

const PERIOD = 1000;
/** Longer programs are followed for so many steps here. */
const STEPS_MAX = 10_000;
const knownFailures = JSON.parse(readFileSync(`${root}test/known-failures.json`, "utf8")) as Record<string, string>;

const inside = await Inside.start();
const began = performance.now();
let steps = 0;
const imageOf = (name: string): Uint8Array => encodeImage(Machine.create(flatKernel, core, programUnit(name)), imageMeta, digest);

for (const name of programNames) {
  test.serial(`${name}: in lockstep with Node, and it goes on elsewhere`, async (t) => {
    const random = new Random(seedOf(name));
    const fresh = imageOf(name);
    // The one side collects at hashes only, the other at odd steps as well.
    const collectEvery = 500 + random.next(3000);
    const whole = inside.run(fresh, { hashEvery: PERIOD, collectEvery, fuel: STEPS_MAX });
    const beside = Beside.of(fresh);
    t.deepEqual(whole.hashes, hashesBeside(beside, PERIOD, STEPS_MAX));
    steps += Number(/^\d+/.exec(whole.hashes.at(-1) ?? "0"));
    t.is(whole.stdout, beside.stdout);
    if (beside.code !== undefined) {
      t.is(whole.stderr, beside.stderr);
      t.is(whole.code, beside.code);
    } else {
      t.is(whole.code, 5);
    }

    // Frozen inside, it is the same program; it goes on on Node, and one that was frozen on Node goes on inside.
    const stop = 1 + random.next(Math.min(beside.machine.steps, STEPS_MAX) - 1);
    const first = inside.run(fresh, { stopAfter: stop });
    const stopped = Beside.of(fresh);
    stopped.runTo(stop);
    t.deepEqual(Buffer.from(first.image!), Buffer.from(stopped.image()), `the image of step ${stop}`);
    const there = Beside.of(first.image!);
    there.runTo(Infinity);
    if (!(name in knownFailures)) {
      const transcript = await nodeTranscript(name);
      const printed = transcript.slice(0, transcript.lastIndexOf("[exit ")).split("\n").filter((line) => !/^(! |\[uncaught\] )/.test(line)).join("\n");
      t.is(first.stdout + there.stdout, printed, `stopped inside at ${stop}, gone on on Node`);
    }
    const second = inside.run(stopped.image(), { collectEvery, fuel: STEPS_MAX });
    t.is(stopped.stdout + second.stdout, whole.stdout, `stopped on Node at ${stop}, gone on inside`);
    t.is(second.code, whole.code);
  });
}

test.serial("in virtual time: limits, an early end, an image that is none", (t) => {
  t.log(`${steps} steps in lockstep, ${((performance.now() - began) / 1000).toFixed(1)} s with all that belongs to it`);
  const image = (source: string, memoryBytes = 1 << 22): Uint8Array => encodeImage(Machine.create(flatKernel, core, compileText(source, "p.js"), { memoryBytes }), imageMeta, digest);
  const greedy = inside.run(image("const all = []; for (;;) all.push([all.length]);", 1 << 20), {});
  t.is(greedy.code, 5);
  t.regex(greedy.notes.join(), /needs more than its 1048576 bytes of memory; .*--memory/);
  const early = inside.run(image("console.log(1)"), { stopAfter: 1e6 });
  t.is(early.code, 0);
  t.is(early.image, undefined);
  t.regex(early.notes.join(), /ended at step \d+, before step 1000000: no image was written/);
  const waits = inside.run(image("mvm.on('never', () => {});"), {});
  t.is(waits.code, 1);
  t.regex(waits.notes.join(), /waits for a message/);
  const damaged = image("console.log(1)");
  damaged[damaged.length - 60]! ^= 1;
  const refused = inside.run(damaged, {});
  t.is(refused.code, 3);
  t.regex(refused.notes.join(), /^program: page \d+ of the image is damaged; take/);
  t.is(inside.run(image("throw new Error('x')"), {}).code, 1);
});

test("checksums in plain JavaScript", (t) => {
  for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 4096, 70_001]) {
    const bytes = new Uint8Array(randomBytes(length));
    t.is(Buffer.from(plainDigest.sha256(bytes)).toString("hex"), createHash("sha256").update(bytes).digest("hex"), String(length));
    t.is(plainDigest.crc32(bytes) >>> 0, digest.crc32(bytes) >>> 0, String(length));
  }
});

test("switches as trees do what switches do", (t) => {
  const source = `
export function plain(x, list) {
  again: for (let i = 0; i < 3; i++) {
    switch (x + 0) {
      case 1: { list.push("one"); break; }
      case 2: case 7: case 3: { if (i === 1) { continue again; } list.push("two, three or seven"); break; }
      case -5: { for (;;) { list.push("inner"); break; } break; }
      case 90: { switch (i) { case 0: { list.push("a"); break; } default: { list.push("b"); break; } } break; }
      case 91: { return list; }
      case 200: { switch (i) { case 0: { list.push(0); break; } case 1: { list.push(1); break; } case 2: { list.push(2); break; } case 3: { break; } case 4: { break; } } list.push("after"); break; }
      default: { list.push("other"); break; }
    }
    list.push(i);
  }
  return list;
}
`;
  const load = (code: string): (x: number | undefined, list: unknown[]) => unknown[] => new Function(`${code.replace("export ", "")}\nreturn plain;`)() as never;
  const branched = branchSwitches(source);
  t.is(branched.match(/switch \(/g)!.length, 1, "the one with few cases stays");
  const [one, two] = [load(source), load(branched)];
  for (const x of [-6, -5, -4, 0, 1, 2, 3, 4, 6, 7, 8, 89, 90, 91, 92, 199, 200, 201, 1e9, undefined]) t.deepEqual(two(x, []), one(x, []), String(x));
});
