// Images: the container, and that a program goes on from one as if nothing had happened.

import test from "ava";
import { unpackMultiple } from "msgpackr";
import { encodeImage, ImageError, PAGE_BYTES, readImage, restoreImage, type ImageFault } from "../vm/image.js";
import { inspect, inspectText } from "../vm/inspect.js";
import { PackReader } from "../vm/msgpack-strict.js";
import { core, digest, Driver, kernel, limits, machineOf, meta, programs, Random } from "./image-support.js";

/** The image of a program after so many steps. */
function imageOf(source: string, steps: number, debug = true): Uint8Array {
  const driver = new Driver(machineOf(source));
  driver.run(steps);
  return encodeImage(driver.machine, { ...meta, debug }, digest).slice();
}
/** The code of the ImageError that reading (and restoring) the bytes ends with. */
function faultOf(bytes: Uint8Array, limit = limits): ImageFault | "none" {
  try {
    restoreImage(kernel, core, readImage(bytes, digest, limit), digest);
    return "none";
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return error.code;
  }
}
const sample = imageOf(programs.objects!, 300);

/** Hops into a fresh memory by way of an image. */
function hop(driver: Driver): Driver {
  const parts = readImage(encodeImage(driver.machine, meta, digest), digest, limits);
  return driver.over(restoreImage(kernel, core, parts, digest));
}

/** Every instruction of the first so many, then some of the others; all of them are the long tests' work. */
const DENSE_STEPS = 120;
for (const [name, source] of Object.entries(programs)) {
  test(`${name}: a hop into a fresh memory between any two instructions changes nothing`, (t) => {
    const random = new Random(name.length);
    const unbroken = new Driver(machineOf(source));
    let hopping = new Driver(machineOf(source));
    for (let going = true; going; ) {
      const fuel = unbroken.machine.steps < DENSE_STEPS ? 1 : 1 + random.next(100);
      going = unbroken.run(fuel);
      if (hopping.run(fuel) !== going) t.fail("one goes on, the other has ended");
      hopping = hop(hopping);
      if (hopping.machine.stateHash() !== unbroken.machine.stateHash()) t.fail(`another state after ${unbroken.machine.steps} steps`);
    }
    t.deepEqual(hopping.output, unbroken.output);
    t.true(unbroken.output.length > 0);
    t.is(unbroken.machine.stopped, "ended");
  });
}

test("equal programs have equal images, whatever was collected when", (t) => {
  const one = new Driver(machineOf(programs.dictionaries!));
  const other = new Driver(machineOf(programs.dictionaries!));
  one.run(2000);
  // A bulk instruction may take more than the hundred steps.
  while (other.machine.steps < 2000) {
    other.run(Math.min(100, 2000 - other.machine.steps));
    other.machine.collect();
  }
  t.is(other.machine.steps, one.machine.steps);
  t.deepEqual(encodeImage(one.machine, meta, digest), encodeImage(other.machine, meta, digest));
});

test("an image is three msgpack values, read by msgpackr as well", (t) => {
  const values = unpackMultiple(sample) as [Record<string, unknown>, [number, number, Uint8Array][], Record<string, unknown>];
  t.is(values.length, 3);
  t.is(values[0][0], "mvm");
  t.deepEqual(Uint8Array.from(values[0][4] as Uint8Array), meta.programId);
  const { head, low, stack } = readImage(sample, digest, limits);
  t.is(values[1].length, Math.ceil((head.heapWords + head.stackWords) * 4 / PAGE_BYTES));
  t.is(values[1].reduce((sum, page) => sum + page[2].length, 0), (head.heapWords + head.stackWords) * 4);
  t.is(low.length, 64 + head.heapWords);
  t.is(stack.length, head.stackWords);
  t.is(head.epoch, meta.epoch);
  t.is(head.sequence, meta.sequence);
});

test("HEAD carries what it is given", (t) => {
  const driver = new Driver(machineOf(programs.closures!));
  driver.run(100);
  const full = { ...meta, parent: new Uint8Array(32).fill(1), codeHash: new Uint8Array(32).fill(2), capabilities: [{ name: "led", version: 3 }] };
  const { head } = readImage(encodeImage(driver.machine, full, digest), digest, limits);
  t.deepEqual(head.parent, full.parent);
  t.deepEqual(head.codeHash, full.codeHash);
  t.deepEqual(head.capabilities, full.capabilities);
});

test("an image cut short anywhere is refused as that", (t) => {
  for (let length = 0; length < sample.length; length += length < 200 ? 1 : 37) {
    const code = faultOf(sample.subarray(0, length));
    if (code !== "cut-short" && !(length === 0 && code === "not-an-image")) t.fail(`${length} bytes: ${code}`);
  }
  t.is(faultOf(sample.subarray(0, sample.length - 1)), "cut-short");
});

/** A copy with one byte changed. */
function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

test("each fault has its code", (t) => {
  t.is(faultOf(sample), "none");
  t.is(faultOf(new Uint8Array([1, 2, 3])), "not-an-image");
  t.is(faultOf(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n")), "not-an-image");
  t.is(sample[9], 1);
  t.is(faultOf(changed(sample, 9, 2)), "format");
  t.is(faultOf(changed(sample, 13, sample[13]! ^ 1)), "abi");
  t.is(faultOf(changed(sample, sample.length - 100, sample[sample.length - 100]! ^ 1)), "checksum");
  t.is(faultOf(changed(sample, sample.length - 10, sample[sample.length - 10]! ^ 1)), "checksum");
  t.is(faultOf(Uint8Array.from([...sample, 0])), "trailing");
  t.is(faultOf(sample, { memoryBytes: 1024 }), "too-large");
  const parts = readImage(sample, digest, limits);
  parts.head.core[0]!.hash[0]! ^= 1;
  t.is(t.throws(() => { restoreImage(kernel, core, parts, digest); }, { instanceOf: ImageError })!.code, "core");
});

test("any byte changed is refused", (t) => {
  for (let at = 0; at < sample.length; at += at < 300 ? 1 : 19) {
    if (faultOf(changed(sample, at, sample[at]! ^ 0x11)) === "none") t.fail(`byte ${at}`);
  }
  t.pass();
});

test("random bytes are refused", (t) => {
  const random = new Random(5);
  for (let i = 0; i < 3000; i++) {
    const bytes = Uint8Array.from({ length: random.next(300) }, () => random.next(256));
    if (random.next(2) === 0) bytes.set(sample.subarray(0, Math.min(bytes.length, random.next(200))));
    if (faultOf(bytes) === "none") t.fail(`bytes ${i}`);
  }
  t.pass();
});

test("strict msgpack refuses other forms of the same values", (t) => {
  const refused = (...bytes: number[]): void => { t.throws(() => new PackReader(Uint8Array.from(bytes)).value()); };
  t.deepEqual(new PackReader(Uint8Array.from([0x82, 0, 0xa1, 97, 1, 0x92, 0xcc, 200, 0xc0])).value(), new Map<number, never>([[0, "a" as never], [1, [200, null] as never]]));
  refused(0xcc, 5);
  refused(0xcd, 0, 200);
  refused(0xce, 0, 0, 200, 0);
  refused(0xc5, 0, 1, 7);
  refused(0xd9, 1, 97);
  refused(0xdc, 0, 1, 5);
  refused(0xde, 0, 1, 0, 5);
  refused(0x82, 1, 0, 0, 0);
  refused(0x82, 1, 0, 1, 0);
  refused(0xcb, 0, 0, 0, 0, 0, 0, 0, 0);
  refused(0xdd, 255, 255, 255, 255);
  refused(0xc6, 255, 255, 255, 255);
  refused(...new Array<number>(40).fill(0x91), 0);
});

test("without debug information an image is smaller and the program keeps its own", (t) => {
  const source = "function f(n) { return n === 0 ? 1 : n * f(n - 1); } console.log(f(20));";
  const driver = new Driver(machineOf(source));
  driver.run(145);
  t.is(inspect(driver.machine).stack[0]!.file, "test.mjs");
  const whole = encodeImage(driver.machine, meta, digest).slice();
  const bare = encodeImage(driver.machine, { ...meta, debug: false }, digest).slice();
  t.true(bare.length < whole.length - 200, `${bare.length} against ${whole.length} bytes`);
  t.is(inspect(driver.machine).stack[0]!.file, "test.mjs");
  t.true(bare.length <= 4096);
  const restored = driver.over(restoreImage(kernel, core, readImage(bare, digest, limits), digest));
  t.is(inspect(restored.machine).stack[0]!.file, undefined);
  while (restored.run(1000));
  t.deepEqual(restored.output, ["2432902008176640000"]);
});

test("100,000 objects take at most 5 MB", (t) => {
  const driver = new Driver(machineOf("const a = []; for (let i = 0; i < 100000; i++) a.push({ id: i, name: 'n' + i, next: i & 7 }); setTimeout(() => console.log(a[99999].name), 5);"));
  driver.run(1_700_000);
  const image = encodeImage(driver.machine, meta, digest);
  t.true(image.length <= 5_000_000, `${image.length} bytes`);
  const restored = driver.over(restoreImage(kernel, core, readImage(image, digest, limits), digest));
  while (restored.run(1_000_000));
  t.deepEqual(restored.output, ["n99999"]);
});

test("an inspection says where a program is and changes nothing", (t) => {
  const driver = new Driver(machineOf("function outer(count) { const text = 'abc' + count; let sum = 0; for (const x of [1, 2]) sum += inner(x); return sum + text; }\nfunction inner(y) { return y * 2; }\nasync function later() { await null; setInterval(() => {}, 20); await new Promise(() => {}); }\nlater(); console.log(outer(7)); setTimeout(function wake() {}, 50);"));
  let seen = false;
  while (!seen && driver.run(1)) {
    const before = driver.machine.words().slice();
    const found = inspect(driver.machine);
    t.deepEqual(driver.machine.words(), before);
    seen = found.stack[0]?.function === "inner";
    if (!seen) continue;
    t.like(found.stack[0], { function: "inner", file: "test.mjs", line: 2, core: false });
    t.deepEqual(found.stack[0]!.locals.filter(({ name }) => name === "y"), [{ name: "y", value: "1" }]);
    t.like(found.stack[1], { function: "outer", line: 1 });
    t.true(found.stack[1]!.locals.some(({ name, value }) => name === "text" && value === "\"abc7\""));
    t.true(found.suspended.some((frame) => frame.function === "later"));
    t.deepEqual(found.modules, ["test.mjs"]);
  }
  t.true(seen);
  // While its callback runs a timer is not among those that are due.
  const repeats = (): boolean => inspect(driver.machine).pending.timers.some((timer) => timer.repeats);
  for (let round = 0; round < 40 && !repeats(); round++) driver.run(100);
  const { pending, heap, sizes } = inspect(driver.machine);
  t.true(pending.timers.some((timer) => timer.repeats));
  t.true(heap.some(({ kind, count }) => kind === "CODE" && count >= 4));
  t.is(heap.reduce((sum, entry) => sum + entry.bytes, 0), sizes.heapBytes);
  t.regex(inspectText(inspect(driver.machine)), /timers[\s\S]*heap[\s\S]*sizes/);
});
