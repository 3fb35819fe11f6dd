// mvm.ask and the IO classes of vm/io on the mock: what programs see of pins and buses, that options are checked as
// ECMA-419 says, that events come, and that everything is opened again from what the program saved when it goes on at a
// host that knows nothing of it.

import test, { type ExecutionContext } from "ava";
import { compile, IoError, Machine, MockIo, type IoProvider, type Options, type SourceHost } from "../hosts/node/index.js";
import { CompileError } from "../compiler/index.js";
import { readImage } from "../vm/image.js";
import { digest } from "../hosts/node/digest.js";

/** A file system that holds one program. */
const files = (source: string): SourceHost => ({ read: (path) => path === "/app.mjs" ? source : undefined });
const unit = (source: string): ReturnType<typeof compile> => compile("/app.mjs", files(source));

interface Started { machine: Machine; io: MockIo; lines: string[] }
async function start(source: string, more: Options = {}, io = new MockIo()): Promise<Started> {
  const lines: string[] = [];
  const machine = await Machine.create(unit(source), { io, output: (_, text) => { lines.push(...text.trimEnd().split("\n")); }, ...more });
  return { machine, io, lines };
}
/** Runs until it waits or has ended. */
function settle(t: ExecutionContext, machine: Machine): string {
  const { reason } = machine.run(10_000_000);
  t.true(reason === "waiting" || reason === "ended", reason);
  return reason;
}
async function printed(t: ExecutionContext, source: string, more: Options = {}): Promise<string[]> {
  const { machine, lines } = await start(source, more);
  t.is(settle(t, machine), "ended");
  return lines;
}

// ---------------------------------------------------------------- mvm.ask

test("mvm.ask is answered while the program stands still; what fails throws an error with a code", async (t) => {
  const functions = {
    add: (a: unknown, b: unknown) => Number(a) + Number(b),
    broken: () => { throw Object.assign(new Error("no paper"), { code: "paper" }); },
    plain: () => { throw new Error("no reason"); },
    list: () => [1, "two", { three: 3 }],
  };
  t.deepEqual(await printed(t, `
    console.log(mvm.ask("add", 2, 3), JSON.stringify(mvm.ask("list")));
    for (const name of ["broken", "plain", "nothing"]) try { mvm.ask(name); } catch (error) { console.log(error instanceof Error, error.code, error.message); }
  `, { functions }), [`5 [1,"two",{"three":3}]`, "true paper no paper", "true failed no reason", "true absent this host has no function 'nothing'"]);
});

test("the host may take its time over mvm.ask: the program waits in the middle of an expression", async (t) => {
  let answer: (value: number) => void = () => {};
  const { machine, lines } = await start(`
    setTimeout(() => console.log("timer"), 0);
    console.log("sum", 1 + mvm.ask("slow") + mvm.ask("slow"));
  `, { functions: { slow: () => new Promise<number>((resolve) => { answer = resolve; }) } });
  for (const value of [10, 20]) {
    t.deepEqual(machine.run(1e6), { reason: "waiting", wakeIn: undefined });
    t.deepEqual(machine.run(1e6), { reason: "waiting", wakeIn: undefined });
    t.deepEqual(lines, []);
    answer(value);
    await new Promise((resolve) => { setTimeout(resolve, 1); });
  }
  t.is((await machine.finish()).reason, "ended");
  t.deepEqual(lines, ["sum 31", "timer"]);
});

test("a program that is frozen while it asks asks again where it goes on", async (t) => {
  let asked = 0;
  const { machine } = await start(`console.log("got", mvm.ask("where"));`, { functions: { where: () => { asked++; return new Promise<string>(() => {}); } } });
  t.is(machine.run(1e6).reason, "waiting");
  const image = machine.snapshot();
  const lines: string[] = [];
  const copy = await Machine.restore(image, { functions: { where: () => "there" }, output: (_, text) => { lines.push(text); } });
  t.is((await copy.finish()).reason, "ended");
  t.deepEqual(lines, ["got there\n"]);
  t.is(asked, 1);
});

// ---------------------------------------------------------------- the classes

test("digital and pwm outputs carry what was written; pins are exclusive until they are closed", async (t) => {
  const { machine, io, lines } = await start(`
    import Digital from "embedded:io/digital";
    import PWM from "embedded:io/pwm";
    const led = new Digital({ pin: 2, mode: Digital.Output, target: "mine" });
    led.write(5);
    console.log(led.read(), led.format, led.target);
    try { new Digital({ pin: 2, mode: Digital.Input }); } catch (error) { console.log(error.code); }
    led.close();
    led.close();
    try { led.read(); } catch (error) { console.log(error.name, error.message); }
    console.log(new Digital({ pin: 2, mode: Digital.Input }).read());
    const fan = new PWM({ pin: 3, hz: 500 });
    fan.write(77);
    console.log(fan.hz, fan.resolution);
    try { fan.write(1024); } catch (error) { console.log(error.name, error.message); }
  `);
  t.is(settle(t, machine), "ended");
  t.deepEqual(lines, ["1 number mine", "busy", "TypeError io.digital is closed", "1", "500 10", "RangeError a duty cycle of 1024 does not exist here: there are 0 to 1023"]);
  t.is(io.pin("digital", 2), 1);
  t.is(io.pin("pwm", 3), 77);
});

test("buses: a thermometer and a memory at I2C, SPI and serial ports that answer themselves", async (t) => {
  t.deepEqual(await printed(t, `
    import I2C from "embedded:io/i2c";
    import SPI from "embedded:io/spi";
    import Serial from "embedded:io/serial";
    const wires = { data: 4, clock: 5, hz: 100000 };
    const [high, low] = new Uint8Array(new I2C({ ...wires, address: 0x48 }).read(2));
    console.log(high + low / 256);
    const memory = new I2C({ ...wires, address: 0x50 });
    memory.write(Uint8Array.of(16, 1, 2, 255));
    memory.write(Uint8Array.of(17));
    const into = new Uint8Array(2);
    console.log(memory.read(into), into.join());
    try { new I2C({ ...wires, address: 9 }).write(new ArrayBuffer(1)); } catch (error) { console.log(error.code, error.message); }
    const spi = new SPI({ out: 1, in: 2, clock: 3, hz: 1000000 });
    console.log(spi.transfer(Uint8Array.of(1, 200, 3)).join(), spi.read(2).byteLength);
    const port = new Serial({ receive: 1, transmit: 2, baud: 9600, format: "number" });
    console.log(port.read());
    port.write(300);
    console.log(port.read());
    port.format = "buffer";
    port.write(Uint8Array.from({ length: 200 }, (_, i) => i));
    const got = new Uint8Array(port.read());
    console.log(got.length, got[199], port.read());
  `), ["21", "2 2,255", "failed nothing answers at address 9", "1,200,3 2", "undefined", "44", "200 199 undefined"]);
});

test("options that cannot be are RangeErrors and TypeErrors", async (t) => {
  const cases: [string, string, RegExp][] = [
    ["digital", "", /^TypeError options are missing/],
    ["digital", "{ mode: 0 }", /^TypeError option pin is missing/],
    ["digital", "{ pin: '2', mode: 0 }", /^TypeError option pin is not a number/],
    ["digital", "{ pin: 1.5, mode: 0 }", /^RangeError option pin is not a whole/],
    ["digital", "{ pin: 32, mode: 0 }", /^RangeError digital pin 32 does not exist here: there are 0 to 31/],
    ["digital", "{ pin: 1, mode: 7 }", /^RangeError mode 7/],
    ["digital", "{ pin: 1, mode: 0, onReadable() {} }", /^RangeError onReadable and edge/],
    ["digital", "{ pin: 1, mode: 0, edge: 1, onReadable: 1 }", /^TypeError option onReadable/],
    ["digital", "{ pin: 1, mode: 0, format: 'buffer' }", /^RangeError format 'buffer'/],
    ["analog", "{ pin: 16 }", /^RangeError analog pin 16/],
    ["analog", "{ pin: 1, resolution: 17 }", /^RangeError resolution 17/],
    ["pwm", "{ pin: 1, hz: 1e9 }", /^RangeError hz|^RangeError option hz/],
    ["i2c", "{ data: 1, clock: 2, hz: 1, address: 128 }", /^RangeError an address/],
    ["i2c", "{ data: 1, clock: 2, hz: 1, address: 1, port: 2 }", /^RangeError i2c bus 2 does not exist here: there are 0 to 1/],
    ["spi", "{ clock: 1, hz: 1 }", /^TypeError option out or in/],
    ["spi", "{ out: 1, clock: 1, hz: 1, mode: 4 }", /^RangeError a mode/],
    ["serial", "{ baud: 9600 }", /^TypeError option receive or transmit/],
    ["serial", "{ receive: 1, baud: 0 }", /^RangeError option baud/],
  ];
  for (const [module, options, expected] of cases) {
    const [line] = await printed(t, `
      import Kind from "embedded:io/${module}";
      try { new Kind(${options}); console.log("no error"); } catch (error) { console.log(error.name, error.message); }
    `);
    t.regex(line!, expected, `${module} ${options}`);
  }
});

test("events: edges of inputs, readings, received bytes; a program with callbacks lives until it closes them", async (t) => {
  const { machine, io, lines } = await start(`
    import Digital from "embedded:io/digital";
    import Analog from "embedded:io/analog";
    import Serial from "embedded:io/serial";
    const button = new Digital({ pin: 7, mode: Digital.InputPullUp, edge: Digital.Falling, onReadable() { console.log("pressed", this === button, this.read()); } });
    const level = new Analog({ pin: 1, resolution: 8, onReadable() { console.log("level", this.read()); if (this.read() === 255) { this.close(); button.close(); port.close(); } } });
    const port = new Serial({ receive: 1, transmit: 2, baud: 9600, format: "number", onReadable(count) { console.log("received", count, this.read()); }, onWritable(count) { console.log("writable", count); } });
    console.log(button.read(), level.read(), level.resolution);
    port.write(65);
  `);
  t.is(settle(t, machine), "waiting");
  t.deepEqual(lines.splice(0), ["1 128 8", "writable 1024", "received 1 65", "writable 1023"]);
  io.set("digital", 7, 0);
  io.set("digital", 7, 1);
  t.is(settle(t, machine), "waiting");
  t.deepEqual(lines.splice(0), ["pressed true 1"]);
  io.set("analog", 1, 4095);
  t.is(settle(t, machine), "ended");
  t.deepEqual(lines, ["level 255"]);
});

// ---------------------------------------------------------------- on another host

const moving = `
  import Digital from "embedded:io/digital";
  import PWM from "embedded:io/pwm";
  const led = new Digital({ pin: 2, mode: Digital.Output });
  const fan = new PWM({ pin: 3 });
  const button = new Digital({ pin: 7, mode: Digital.Input, edge: Digital.Rising | Digital.Falling, onReadable() { console.log("button", this.read()); }, onError(error) { console.log("lost", error.name, error.message); } });
  led.write(1);
  fan.write(500);
  mvm.on("step", () => { console.log("led", led.read()); led.write(0); });
`;

test("what was open is opened again on another host from what the program saved, and outputs are where they were", async (t) => {
  const first = await start(moving);
  t.is(settle(t, first.machine), "waiting");
  const image = first.machine.snapshot();
  const io = new MockIo();
  const lines: string[] = [];
  const copy = await Machine.restore(image, { io, output: (_, text) => { lines.push(text.trimEnd()); } });
  t.is(io.pin("digital", 2), undefined);
  // It only waits: the signal makes it open again.
  t.is(settle(t, copy), "waiting");
  t.is(io.pin("digital", 2), 1);
  t.is(io.pin("pwm", 3), 500);
  io.set("digital", 7, 1);
  copy.send("step", undefined);
  t.is(settle(t, copy), "waiting");
  t.deepEqual(lines, ["button 1", "led 1"]);
  t.is(io.pin("digital", 2), 0);
  // The original's pins are its own.
  t.is(first.io.pin("digital", 2), 1);
});

test("a pin that the other host does not have is an error of the callback, and of the next operation", async (t) => {
  const first = await start(moving);
  settle(t, first.machine);
  const mock = new MockIo();
  const few: IoProvider = {
    capabilities: mock.capabilities,
    open: (kind, parameters, happened) => {
      if (kind === "digital") throw new IoError("range", `digital pin ${parameters["pin"]} does not exist here: there are none`);
      return mock.open(kind, parameters, happened);
    },
  };
  const lines: string[] = [];
  const copy = await Machine.restore(first.machine.snapshot(), { io: few, output: (_, text) => { lines.push(...text.trimEnd().split("\n")); } });
  settle(t, copy);
  t.deepEqual(lines, ["lost RangeError digital pin 7 does not exist here: there are none"]);
  copy.send("step", undefined);
  t.is(settle(t, copy), "ended");
  t.regex(lines[1]!, /digital pin 2 does not exist here/);
});

test("a resource opened before the first operation after a move is not another one's number", async (t) => {
  // Two pins, used in the other order on the other host: numbers are the program's, so neither takes the other's place.
  const first = await start(`
    import Digital from "embedded:io/digital";
    const pins = [4, 5].map((pin) => new Digital({ pin, mode: Digital.Output }));
    mvm.on("go", () => { pins[1].write(1); pins[0].write(0); console.log(pins[0].read(), pins[1].read()); });
  `);
  settle(t, first.machine);
  first.machine.send("go", undefined);
  const lines: string[] = [];
  const io = new MockIo();
  const copy = await Machine.restore(first.machine.snapshot(), { io, output: (_, text) => { lines.push(text.trimEnd()); } });
  settle(t, copy);
  t.deepEqual(lines, ["0 1"]);
  t.is(io.pin("digital", 4), 0);
  t.is(io.pin("digital", 5), 1);
});

// ---------------------------------------------------------------- what a program needs

test("an image says what the program needs, and where it imports that, unless it has no debug information", async (t) => {
  const source = "import Digital from 'embedded:io/digital';\nimport Analog from 'embedded:io/analog';\nimport D from 'embedded:io/digital';\nconsole.log(Digital === D, Analog.name);";
  for (const debug of [true, false]) {
    const { machine, lines } = await start(source, { debug });
    settle(t, machine);
    t.deepEqual(lines, ["true Analog"]);
    const image = machine.snapshot({ debug });
    const { head } = readImage(image, digest, { memoryBytes: 2 ** 30 });
    t.deepEqual(head.capabilities, [{ name: "io.digital", version: 1 }, { name: "io.analog", version: 1 }]);
    const text = Buffer.from(image).toString("latin1");
    t.is(text.includes("io.digital /app.mjs:1:21"), debug);
    t.is(text.includes("io.analog /app.mjs:2:20"), debug);
    // A copy's image says the same.
    const again = (await Machine.restore(image)).snapshot();
    t.deepEqual(readImage(again, digest, { memoryBytes: 2 ** 30 }).head.capabilities, head.capabilities);
  }
  t.false(Buffer.from((await start("console.log(1)")).machine.snapshot()).includes("io.digital"));
});

test("only names that exist can be imported, by import and by require", (t) => {
  const problem = (source: string): string => t.throws(() => unit(source), { instanceOf: CompileError }).message;
  t.regex(problem("import D from 'embedded:io/digitl'"), /^\/app\.mjs:1:15: there is no module 'embedded:io\/digitl': there are embedded:io\/digital, /);
  t.regex(problem("import R from 'embedded:io/resource'"), /there is no module 'embedded:io\/resource'/);
  const required = compile("/app.cjs", { read: (path) => path === "/app.cjs" ? "const Digital = require('embedded:io/digital'); console.log(Digital.Output)" : undefined });
  t.deepEqual(required.needs?.map(({ name, version, place }) => [name, version, place]), [["io.digital", 1, "/app.cjs:1:17"]]);
  t.regex(t.throws(() => compile("/app.cjs", { read: (path) => path === "/app.cjs" ? "require('embedded:x')" : undefined })!).message, /app\.cjs:1:1: there is no module 'embedded:x'/);
});

test("without pins and buses an IO class says that there are none", async (t) => {
  const lines: string[] = [];
  const machine = await Machine.create(unit("import D from 'embedded:io/digital'; try { new D({ pin: 1, mode: 0 }); } catch (error) { console.log(error.code, error.message); }"), { output: (_, text) => { lines.push(text.trimEnd()); } });
  settle(t, machine);
  t.deepEqual(lines, ["absent this host has no io.digital"]);
});

test("what a forged program asks costs it an error and no more", async (t) => {
  const strange = ["", "'open'", "'open', 1", "'open', 'x', 1, 0, 0", "'open', 1, 1, 0, 1.5", "'open', 1, 1, 0, -2", "'read', 5", "'write', 1", "'transfer', 1, 'x'", "'none', 1", "'read', 2, 1e9", "'write', 2, {}"];
  const lines = await printed(t, `
    import "embedded:io/i2c";
    mvm.ask("io.i2c", "open", 2, 1, 2, 1000, 0x50, 0);
    mvm.ask("io.digital", "open", 1, 1, 0, 0);
    for (const list of [${strange.map((one) => `[${one}]`).join(", ")}]) for (const kind of ["digital", "i2c"]) {
      try { mvm.ask("io." + kind, ...list); console.log("done"); } catch (error) { console.log(error.code); }
    }
  `);
  t.is(lines.length, strange.length * 2);
  for (const line of lines) t.regex(line, /^(range|type|unknown)$/);
});
