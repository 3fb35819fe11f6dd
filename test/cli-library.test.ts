// The library: machines made, run by fuel, frozen, restored and called from another program.

import test from "ava";
import { compile, CompileError, compileSource, inspectText, Machine, type Stop } from "../hosts/node/index.js";

/** Collects what a program prints. */
function collector(): { text: string; output(stream: 1 | 2, text: string): void } {
  const all = { text: "", output(_: 1 | 2, text: string) { all.text += text; } };
  return all;
}
function runToEnd(machine: Machine, fuel: number): Stop {
  for (;;) {
    const stop = machine.run(fuel);
    if (stop.reason !== "fuel") return stop;
  }
}

test("a machine is run by fuel, frozen anywhere and restored as often as wanted", async (t) => {
  const source = `
    function* squares() { for (let i = 1; ; i++) yield i * i; }
    let sum = 0;
    for (const square of squares()) { sum += square; console.log(square, sum); if (square > 300) break; }
  `;
  const whole = collector();
  const machine = await Machine.create(compileSource(source), whole);
  t.deepEqual(runToEnd(machine, 1000000), { reason: "ended", code: 0 });
  for (const fuel of [1, 7, 100]) {
    let printed = "";
    let one = await Machine.create(compileSource(source), { output: (_, text) => { printed += text; } });
    while (one.run(fuel).reason === "fuel") {
      if (one.steps % 700 === 0) one = await Machine.restore(one.snapshot(), { output: (_, text) => { printed += text; } });
    }
    t.is(printed, whole.text);
  }
});

test("functions of the host, functions of the program, messages", async (t) => {
  const printed = collector();
  const machine = await Machine.create(compileSource(`
    mvm.expose("greet", async (name) => { await null; return { text: "hello " + name, bytes: new Uint8Array([1, 2]).length }; });
    mvm.expose("fail", () => { throw new RangeError("no"); });
    console.log(await mvm.call("add", 1, 2), await mvm.call("later"));
    try { await mvm.call("nothing"); } catch (error) { console.log(error.message); }
    try { await mvm.call("broken"); } catch (error) { console.log(error.message); }
    mvm.on("stop", (data) => { console.log("stopped by", data.who); mvm.expose("greet"); mvm.expose("fail"); process.exit(3); });
  `), {
    ...printed, output: printed.output,
    functions: {
      add: (a, b) => (a as number) + (b as number),
      later: () => new Promise((resolve) => { setTimeout(() => resolve("later"), 10); }),
      broken: () => { throw new Error("broken here"); },
    },
  });
  const end = machine.finish();
  t.deepEqual(await machine.call("greet", "you"), { text: "hello you", bytes: 2 });
  await t.throwsAsync(machine.call("fail"), { message: /no/ });
  await t.throwsAsync(machine.call("absent"), { message: /exposes no function 'absent'/ });
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  t.true(machine.send("stop", { who: "test" }));
  t.deepEqual(await end, { reason: "ended", code: 3 });
  t.is(printed.text, "3 later\nthis host has no function 'nothing'\nbroken here\nstopped by test\n");
});

test("time is the host's, if it wants", async (t) => {
  const printed = collector();
  let now = 0;
  const machine = await Machine.create(compileSource(`
    setTimeout(() => console.log("first", performance.now()), 1000);
    setTimeout(() => console.log("second", performance.now()), 5000);
  `), { output: printed.output, clock: () => now });
  t.deepEqual(machine.run(100000), { reason: "waiting", wakeIn: 1000 });
  t.deepEqual(machine.run(100000), { reason: "waiting", wakeIn: 1000 });
  now = 1000000;
  t.deepEqual(machine.run(100000), { reason: "waiting", wakeIn: 4000 });
  // The image knows the program's time: four seconds are left on whatever host.
  const image = machine.snapshot();
  const copy = await Machine.restore(image, { output: printed.output });
  const stop = copy.run(100000);
  t.true(stop.reason === "waiting" && stop.wakeIn! > 3000 && stop.wakeIn! <= 4000);
  now = 5000000;
  t.deepEqual(machine.run(100000), { reason: "ended", code: 0 });
  t.is(printed.text, "first 1000\nsecond 5000\n");
});

test("signals tell a copy that it is one; calls that nobody can answer any more fail", async (t) => {
  const printed = collector();
  const machine = await Machine.create(compileSource(`
    for (const name of ["restored", "cloned", "moved"]) mvm.on(name, () => console.log(name));
    try { await mvm.call("slow"); } catch (error) { console.log(error.message); }
  `), { output: printed.output, functions: { slow: () => new Promise(() => {}) } });
  t.like(machine.run(100000), { reason: "waiting" });
  const copy = await Machine.restore(machine.snapshot(), { output: printed.output });
  t.deepEqual(await copy.finish(), { reason: "ended", code: 0 });
  t.is(printed.text, "the host that was called is another one: the outcome is unknown\nrestored\ncloned\n");
});

test("limits, inspection, errors", async (t) => {
  const greedy = await Machine.create(compileSource("const all = []; for (;;) all.push({});"), { memory: 1024 * 1024, output() {} });
  t.deepEqual(runToEnd(greedy, 1000000), { reason: "out-of-memory" });
  t.deepEqual(greedy.run(10), { reason: "out-of-memory" });
  const endless = await Machine.create(compileSource("let count = 0; (function spin() { for (;;) count++; })();"));
  t.deepEqual(await endless.finish({ fuel: 300000 }), { reason: "fuel" });
  t.true(endless.steps >= 300000);
  t.regex(inspectText(endless.inspect()), /spin/);
  t.is(endless.stateHash().length, 16);
  t.throws(() => compileSource("let a = ;"), { instanceOf: CompileError });
  t.throws(() => compile("/nowhere/at/all.js"), { message: /cannot read/ });
  await t.throwsAsync(Machine.restore(new Uint8Array(100)), { message: /not an image/ });
  const files = new Map([["/app/main.js", "import { b } from './b.js'; console.log(b);"], ["/app/b.js", "export const b = 42;"]]);
  const printed = collector();
  const machine = await Machine.create(compile("/app/main.js", { read: (path) => files.get(path) }), printed);
  t.deepEqual(await machine.finish(), { reason: "ended", code: 0 });
  t.is(printed.text, "42\n");
});

test("a program with little memory hears of messages: they need no more room than they take", async (t) => {
  const printed: string[] = [];
  const machine = await Machine.create(compileSource("mvm.on('news', (text) => { console.log(text); if (text === 'last') process.exit(); });"), { memory: 16384, output: (_, text) => printed.push(text) });
  t.is(machine.run(100_000).reason, "waiting");
  for (const text of ["one", "two", "last"]) t.true(machine.send("news", text));
  await machine.finish();
  t.is(printed.join(""), "one\ntwo\nlast\n");
});
