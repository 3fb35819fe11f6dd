// Programs with pins between hosts, by the command line: the example moves between Node, C and QuickJS and prints what it
// prints without a move; a target that lacks what a program needs refuses before the program is frozen; `--dry-run` asks
// that and nothing else, of every kind of host and by every kind of host. A board drives its own pins.

import test, { type ExecutionContext } from "ava";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digest } from "../hosts/node/digest.js";
import { compileSource } from "../hosts/node/index.js";
import { createMachine } from "../hosts/node/load-program.js";
import { encodeImage } from "../vm/image.js";
import { buildJudge } from "./judge.js";
import { cortexM3, missingOf, startBoard } from "./emulated-board.js";
import { linesOf, quickjsPath, root, Running, User } from "./cli-support.js";

const mvmC = join(root, "build/mvm-c");
/** Is there a host in C, with Mbed TLS? */
const hasC = existsSync(mvmC) && spawnSync(mvmC, ["serve", "--listen", "nowhere"], { encoding: "utf8" }).stderr.includes("without Mbed TLS") === false;
const thermostat = readFileSync(join(root, "hosts/node/examples/thermostat.js"), "utf8");
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

type Kind = "node" | "quickjs" | "c";
const kinds: readonly Kind[] = hasC ? ["node", "quickjs", "c"] : ["node", "quickjs"];

interface Serving { host: Running; address: string; end(): void }
async function serve(user: User, kind: Kind, list: readonly string[] = []): Promise<Serving> {
  if (kind !== "c") {
    const { host, address } = await user.serve({ ...kind === "quickjs" && { program: quickjsPath }, list });
    return { host, address, end: () => host.kill() };
  }
  const child = spawn(mvmC, ["serve", "--listen", "127.0.0.1:0", ...list], { cwd: user.directory, env: { ...process.env, MVM_HOME: user.home }, stdio: ["ignore", "pipe", "pipe"] });
  const host = new Running(child);
  await host.until("a host that listens", () => /listening at \S+,/.test(host.stderr));
  return { host, address: /listening at (\S+),/.exec(host.stderr)![1]!, end: () => host.kill() };
}
function newUser(t: ExecutionContext): User {
  const user = new User();
  t.teardown(() => user.close());
  return user;
}
async function begin(user: User, ...list: string[]): Promise<Running> {
  user.file("thermostat.mjs", thermostat);
  const running = user.start(["run", "thermostat.mjs", ...list]);
  await running.until("output", () => running.stdout.split("\n").length > 3);
  for (let tries = 0; (await user.programs()).length === 0; tries++) {
    if (tries > 400) throw new Error("the program is not found");
    await pause(25);
  }
  return running;
}
interface Answer { accepted: boolean; reason?: string; text?: string; as?: string }
async function ask(user: User, to: string, ...list: string[]): Promise<{ code: number | null; answer: Answer }> {
  const { code, stdout, stderr } = await user.mvm("migrate", "thermostat", "--to", to, "--dry-run", "--json", ...list);
  if (stdout === "") throw new Error(stderr);
  return { code, answer: JSON.parse(stdout) as Answer };
}

test.serial("the thermostat moves between all kinds of hosts and prints what it prints at home", async (t) => {
  const user = newUser(t);
  user.file("thermostat.mjs", thermostat);
  const expected = (await user.mvm("run", "thermostat.mjs", "--", "1", "90")).stdout;
  t.is(expected.split("\n").length, 92);
  t.regex(expected, /heater on/);
  t.regex(expected, /heater off/);
  t.regex(expected, /switched [1-9]/);
  const path: Kind[] = hasC ? ["c", "quickjs", "node"] : ["quickjs", "node"];
  const hosts: Serving[] = [];
  for (const kind of path) {
    const host = await serve(user, kind);
    t.teardown(host.end);
    hosts.push(host);
  }
  const first = await begin(user, "--", "100", "90");
  let address: string | undefined;
  for (const [at, kind] of path.entries()) {
    const next = hosts[at]!;
    const { code, stderr } = await user.mvm("migrate", "thermostat", "--to", next.address, ...address === undefined ? [] : ["--on", address]);
    t.is(code, 0, `to ${kind}: ${stderr}`);
    await next.host.until("output there", () => linesOf(next.host.stdout, "thermostat").length >= 5);
    address = next.address;
  }
  const last = hosts[hosts.length - 1]!.host;
  await last.until("its end", () => /switched/.test(last.stdout));
  const output = [first.stdout, ...hosts.map(({ host }) => linesOf(host.stdout, "thermostat").map((line) => `${line}\n`).join(""))].join("");
  t.is(output, expected);
});

for (const kind of kinds) {
  test.serial(`--dry-run asks a host of kind ${kind}, which keeps nothing, and the program goes on`, async (t) => {
    const user = newUser(t);
    const running = await begin(user, "--", "10", "3000");
    const able = await serve(user, kind);
    const unable = await serve(user, kind, ["--io", "none"]);
    t.teardown(able.end);
    t.teardown(unable.end);
    const before = (await user.programs()).find(({ name }) => name === "thermostat")!;

    const yes = await ask(user, able.address);
    t.is(yes.code, 0);
    t.like(yes.answer, { accepted: true, as: "thermostat" });
    const no = await ask(user, unable.address);
    t.is(no.code, 4);
    t.like(no.answer, { accepted: false, reason: "needs" });
    t.regex(no.answer.text!, /thermostat cannot move to \S+: the program needs io\.digital version 1 \(.*thermostat\.mjs:9:21\), this host has none/);
    const text = await user.mvm("migrate", "thermostat", "--to", unable.address, "--dry-run");
    t.is(text.code, 4);
    t.regex(text.stderr, /^mvm: thermostat cannot move to/);

    // Neither was anything kept, nor the epoch used, nor the program stopped.
    const after = (await user.programs()).filter(({ name }) => name === "thermostat");
    t.is(after.length, 1);
    t.is(after[0]!.epoch, before.epoch);
    t.true(after[0]!.steps > before.steps);
    t.deepEqual(await user.json("ps", "--on", able.address), []);

    // The move itself is refused for the same reason, before anything is sent, and the program goes on.
    const refused = await user.mvm("migrate", "thermostat", "--to", unable.address);
    t.is(refused.code, 4);
    t.regex(refused.stderr, /the program needs io\.digital version 1 \(.*thermostat\.mjs:9:21\), this host has none.*goes on here/);
    const printed = running.stdout.length;
    await running.until("more output", () => running.stdout.length > printed);
    t.is((await user.mvm("migrate", "thermostat", "--to", able.address)).code, 0);
    await able.host.until("output there", () => linesOf(able.host.stdout, "thermostat").length > 3);

    // Asked by the host that has it now.
    const back = await serve(user, "node");
    t.teardown(back.end);
    const onwards = await ask(user, back.address, "--on", able.address);
    t.is(onwards.code, 0);
    t.like(onwards.answer, { accepted: true, as: "thermostat" });
    const nowhere = await ask(user, unable.address, "--on", able.address);
    t.is(nowhere.code, 4);
    t.like(nowhere.answer, { accepted: false, reason: "needs" });
    t.regex(nowhere.answer.text!, /io\.digital version 1 \(.*thermostat\.mjs:9:21\)/);
    const lost = await user.mvm("migrate", "thermostat", "--to", "127.0.0.1:1", "--dry-run", "--on", able.address);
    t.is(lost.code, 4);
    t.is((await user.mvm("migrate", "thermostat", "--to", back.address, "--on", able.address)).code, 0);
    await back.host.until("output there", () => linesOf(back.host.stdout, "thermostat").length > 3);
  });

  test.serial(`a host of kind ${kind} refuses what is too large for it, with the figures`, async (t) => {
    const user = newUser(t);
    await begin(user, "--memory", "2M", "--", "10", "3000");
    const small = await serve(user, kind, ["--max-memory", kind === "c" ? "1048576" : "1M"]);
    t.teardown(small.end);
    const { code, answer } = await ask(user, small.address);
    t.is(code, 4);
    t.like(answer, { accepted: false, reason: "memory" });
    t.regex(answer.text!, /the program may take 2097152 bytes of memory, this host gives 1048576; .*--max-memory \(now it takes \d{4,}, its stack \d{2,}\)/);
  });
}

test.serial("an image with ever so many needs is offered like others, by hosts in C too", async (t) => {
  const user = newUser(t);
  const machine = await createMachine(compileSource("setInterval(() => console.log('on'), 10);"), { memoryBytes: 2 ** 20 });
  const capabilities = Array.from({ length: 250 }, () => ({ name: "io.digital", version: 1 }));
  user.file("needy.mvm", encodeImage(machine, { programId: new Uint8Array(16), epoch: 0, sequence: 0, capabilities }, digest));
  const running = user.start(["run", "needy.mvm"]);
  await running.until("output", () => running.stdout !== "");
  while ((await user.programs()).length === 0) await pause(25);
  let from: string[] = [];
  for (const kind of [...kinds].reverse()) {
    const next = await serve(user, kind);
    t.teardown(next.end);
    const dry = await user.mvm("migrate", "needy", "--to", next.address, "--dry-run", ...from);
    t.is(dry.code, 0, dry.stderr);
    t.is((await user.mvm("migrate", "needy", "--to", next.address, ...from)).code, 0);
    await next.host.until("output there", () => linesOf(next.host.stdout, "needy").length > 3);
    from = ["--on", next.address];
  }
});

test.serial("a program whose needs a host does not meet is not started there", async (t) => {
  const user = newUser(t);
  user.file("thermostat.mjs", thermostat);
  const here = await user.mvm("run", "--io", "none", "thermostat.mjs");
  t.is(here.code, 5);
  t.regex(here.stderr, /needs io\.digital version 1 \(.*thermostat\.mjs:9:21\), this host has none; run it with --io mock/);
  t.is((await user.mvm("build", "thermostat.mjs")).code, 0);
  const inside = await user.start(["run", "--io", "none", "thermostat.mvm"], { program: quickjsPath }).finished;
  t.is(inside.code, 5);
  t.regex(inside.stderr, /needs io\.digital version 1 \(.*thermostat\.mjs:9:21\), this host has none/);
  if (!hasC) return;
  const c = await new Running(spawn(mvmC, ["run", "--io", "none", "thermostat.mvm"], { cwd: user.directory, stdio: ["ignore", "pipe", "pipe"] })).finished;
  t.is(c.code, 5);
  t.regex(c.stderr, /needs io\.digital version 1/);
});

/** What an IO program prints on the mock of each kind of host must be the same. */
const everything = `
import Digital from "embedded:io/digital";
import Analog from "embedded:io/analog";
import PWM from "embedded:io/pwm";
import I2C from "embedded:io/i2c";
import SPI from "embedded:io/spi";
import Serial from "embedded:io/serial";
const attempt = (work) => { try { console.log("ok", work()); } catch (error) { console.log(error.name, error.code, error.message); } };
const led = new Digital({ pin: 2, mode: Digital.Output });
attempt(() => led.read());
led.write(7);
attempt(() => led.read());
attempt(() => new Digital({ pin: 2, mode: Digital.Input }));
attempt(() => new PWM({ pin: 2 }));
attempt(() => new Digital({ pin: 32, mode: Digital.Input }));
attempt(() => new Digital({ pin: 4, mode: Digital.InputPullUp }).read());
attempt(() => new Digital({ pin: 5, mode: Digital.InputPullDown }).write(1) ?? "written");
attempt(() => { const a = new Analog({ pin: 3 }); return [a.read(), a.resolution].join(); });
attempt(() => { const a = new Analog({ pin: 4, resolution: 8 }); return [a.read(), a.resolution].join(); });
attempt(() => new Analog({ pin: 16 }));
attempt(() => { const p = new PWM({ pin: 9 }); p.write(1023); return [p.hz, p.resolution].join(); });
attempt(() => new PWM({ pin: 10, hz: 5, resolution: 4 }).write(16));
attempt(() => new PWM({ pin: 11, hz: 50_000_000 }));
const wires = { data: 0, clock: 1, hz: 400000 };
attempt(() => new Uint8Array(new I2C({ ...wires, address: 0x48 }).read(4)).join());
const memory = new I2C({ ...wires, address: 0x50, port: 1 });
memory.write(Uint8Array.from({ length: 200 }, (_, i) => i + 250));
memory.write(Uint8Array.of(255));
attempt(() => new Uint8Array(memory.read(5)).join());
attempt(() => new I2C({ ...wires, address: 0x50, port: 1 }));
attempt(() => new I2C({ ...wires, address: 0x51 }).read(1));
attempt(() => new I2C({ ...wires, address: 0x51, port: 5 }));
const spi = new SPI({ out: 1, in: 2, clock: 3, hz: 1000 });
attempt(() => spi.transfer(Uint8Array.of(0, 128, 255)).join());
attempt(() => spi.read(3).byteLength);
attempt(() => new SPI({ out: 1, clock: 3, hz: 1000 }));
attempt(() => spi.read(5000));
const serial = new Serial({ receive: 1, transmit: 2, baud: 9600, onReadable(count) {
  console.log("readable", count);
  const bytes = new Uint8Array(this.read());
  console.log(bytes.length, bytes[0], bytes.at(-1), this.read());
  this.close();
  attempt(() => this.read());
} });
attempt(() => serial.write(new Uint8Array(1025)));
serial.write(Uint8Array.of(9, 8, 255));
for (const name of ["io.digital", "io.none", "other"]) attempt(() => mvm.ask(name, "read", 999));
`;

test.serial("the mock in C is the mock of Node and QuickJS", async (t) => {
  const user = newUser(t);
  user.file("everything.mjs", everything);
  t.is((await user.mvm("build", "everything.mjs")).code, 0);
  const node = await user.mvm("run", "everything.mvm");
  t.is(node.code, 0, node.stderr);
  t.is(node.stdout.split("\n").length, 30, node.stdout);
  t.regex(node.stdout, /\nreadable 3\n3 9 255 undefined\nTypeError undefined io\.serial is closed\n$/);
  t.is((await user.start(["run", "everything.mvm"], { program: quickjsPath }).finished).stdout, node.stdout);
  if (!hasC) return;
  const c = await new Running(spawn(mvmC, ["run", "everything.mvm"], { cwd: user.directory, stdio: ["ignore", "pipe", "pipe"] })).finished;
  t.is(c.code, 0, c.stderr);
  t.is(c.stdout, node.stdout);
});

/** Asks what the library never would: every kind, every operation, with what no resource takes. */
const forged = `
const given = [undefined, null, -1, 0, 1.5, NaN, 1e300, "", "bytes", "\\u1234".repeat(3), "x".repeat(5000), "ab".repeat(40) + [1, 2].join("-").repeat(30), [], {}, [[1]]];
const kinds = ["digital", "analog", "pwm", "i2c", "spi", "serial"];
const rest = { digital: [1, 8, 0], analog: [1, 0], pwm: [2, 0, 0], i2c: [0, 1, 1000, 0x50, 0], spi: [0, 1, 2, -1, 0, 1000, 0, 0], serial: [0, 1, 9600, 0] };
const counts = {};
const attempt = (...list) => {
  let how = "done";
  try { mvm.ask(...list); } catch (error) { how = error.code; }
  counts[how] = (counts[how] ?? 0) + 1;
};
for (const kind of kinds) {
  attempt("io." + kind, "open", 1, ...rest[kind]);
  for (const value of given) {
    for (const operation of ["open", "facts", "read", "write", "transfer", "none"]) {
      attempt("io." + kind, operation, 1, value);
      attempt("io." + kind, operation, value, 1);
      attempt("io." + kind, value, operation, 1);
    }
    attempt("io." + kind, "open", 1, ...rest[kind]);
    attempt("io." + kind, "write", 1, "abc");
    attempt("io." + kind, "transfer", 1, "abc");
    attempt("io." + kind, "open", 2, ...rest[kind]);
    for (let place = 0; place < rest[kind].length; place++) attempt("io." + kind, "open", 2, ...rest[kind].with(place, value));
  }
  attempt("io." + kind, "close", 1);
  attempt("io." + kind, "close", 2);
  for (let number = 10; number < 90; number++) attempt("io.digital", "open", number, number - 10, 0, 0);
  for (let number = 10; number < 90; number++) attempt("io.digital", "close", number);
}
attempt("io.digital");
attempt("io.");
attempt("", []);
console.log(Object.keys(counts).sort().join());
console.log(Object.values(counts).reduce((a, b) => a + b, 0));
`;

test.serial("what a forged program asks of the C costs it an error and no more, under sanitizers", async (t) => {
  const user = newUser(t);
  user.file("forged.js", forged);
  user.file("everything.mjs", everything);
  for (const name of ["forged.js", "everything.mjs"]) t.is((await user.mvm("build", name)).code, 0);
  const node = await user.mvm("run", "forged.mvm");
  t.is(node.code, 0, node.stderr);
  t.is(node.stdout.split("\n")[0], "absent,busy,done,range,type,unknown", node.stdout);
  if (!buildJudge()) return;
  for (const [name, expected] of [["forged.mvm", node.stdout], ["everything.mvm", (await user.mvm("run", "everything.mvm")).stdout]] as const) {
    const c = await new Running(spawn(join(root, "build/mvm-c-asan"), ["run", name], { cwd: user.directory, stdio: ["ignore", "pipe", "pipe"] })).finished;
    t.is(c.code, 0, c.stderr);
    t.is(c.stdout, expected);
  }
});

const lacking = missingOf(cortexM3.board, cortexM3.needs, cortexM3.packages);
(lacking === "" ? test.serial : test.serial.skip)(`a program with a pin goes from Node's mock to the pins of a Cortex-M3 and home${lacking === "" ? "" : `: not tried here, ${lacking}`}`, async (t) => {
  const user = newUser(t);
  const { key } = await user.json("key", "show") as { key: string };
  const board = await startBoard(cortexM3, user, key);
  t.teardown(() => { board.stop(); });
  const { host, address } = await user.serve();
  t.teardown(() => { host.kill(); });
  const place = `serial:127.0.0.1:${board.port}`;
  // Every turn prints what was read before it writes: what the output was left at survives the move.
  user.file("blink.mjs", `
    import Digital from "embedded:io/digital";
    const led = new Digital({ pin: 20, mode: Digital.Output });
    led.write(0);
    let turn = 0;
    setInterval(() => { console.log(turn + " " + led.read()); turn++; led.write(turn & 1); }, 40);
  `);
  // Without debug information it fits the board's slot.
  t.is((await user.mvm("build", "blink.mjs", "--memory", "16K", "--no-debug", "-o", "blink.mvm")).code, 0);
  const source = user.start(["run", "blink.mvm"]);
  await source.until("output", () => source.stdout.split("\n").length > 4);
  const away = await user.mvm("migrate", "blink", "--to", place);
  t.is(away.code, 0, away.stderr);
  for (let tries = 0; board.lines("blink").length < 6; tries++) {
    if (tries > 800) throw new Error(`nothing is printed there: ${board.console()}`);
    await pause(25);
  }
  const home = await user.mvm("migrate", "blink", "--on", place, "--to", address);
  t.is(home.code, 0, home.stderr);
  await host.until("output at home", () => linesOf(host.stdout, "blink").length >= 4);
  const lines = [...source.stdout.trim().split("\n"), ...board.lines("blink"), ...linesOf(host.stdout, "blink")];
  t.deepEqual(lines, lines.map((_, turn) => `${turn} ${turn & 1}`));
  // What the board has no pins for it refuses before anything is frozen.
  user.file("warm.mjs", `
    import Analog from "embedded:io/analog";
    const sensor = new Analog({ pin: 0 });
    setInterval(() => { console.log(sensor.read()); }, 40);
  `);
  t.is((await user.mvm("build", "warm.mjs", "--memory", "16K", "--no-debug", "-o", "warm.mvm")).code, 0);
  const warm = user.start(["run", "warm.mvm"]);
  await warm.until("output", () => warm.stdout.split("\n").length > 2);
  const refused = await user.mvm("migrate", "warm", "--to", place);
  t.not(refused.code, 0);
  t.regex(refused.stderr, /the program needs io\.analog version 1, this host has none/);
  t.notRegex(refused.stderr, /frozen/);
});
