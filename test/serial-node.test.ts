// Byte links on Node: programs that move to a board (test/c/serialboard.c) behind TCP, over a good line and a faulty one; boards
// and hosts told apart; what a person reads where there is no board, another key, another host at the line.

import test from "ava";
import { spawnSync } from "node:child_process";
import { createConnection, createServer, type AddressInfo } from "node:net";
import { addressText, connectHost, parseAddress } from "../hosts/node/transport.js";
import { Trouble } from "../hosts/node/trouble.js";
import { ask, whichOf, withProgram } from "../hosts/node/commands.js";
import { linesOf, User, type Running } from "./cli-support.js";
import { Board } from "./serial-board.js";
import { buildDevice, FAULTS, hasCompiler, type Faults } from "./serial-support.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
const here = hasCompiler ? test.serial : test.serial.skip;
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

let program = "";
test.before(() => { if (hasCompiler) program = buildDevice("serialboard", 1); });

async function keyOf(user: User): Promise<string> {
  return (await user.mvm("key", "show")).stdout.trim();
}
async function board(t: import("ava").ExecutionContext, user: User, faults?: Faults): Promise<{ board: Board; place: string }> {
  const one = new Board(program, await keyOf(user), faults, seed);
  t.teardown(() => one.close());
  return { board: one, place: await one.listen() };
}
async function counting(user: User, name = "count"): Promise<Running> {
  user.file(`${name}.js`, "let i = 0; setInterval(() => console.log(i++), 20);");
  const source = user.start(["run", `${name}.js`, "--memory", "64K"]);
  await source.until("output", () => source.stdout.length > 10);
  while (!(await user.programs()).some((one) => one.name === name)) await pause(20);
  return source;
}
function isWhole(t: import("ava").ExecutionContext, source: Running, target: Board): void {
  const all = [...source.stdout.split("\n").slice(0, -1), ...target.lines].map(Number);
  t.deepEqual(all, all.map((_, index) => index));
}

test("addresses of boards", (t) => {
  for (const text of ["serial:/dev/ttyUSB0", "serial:/dev/ttyUSB0?baud=9600", "serial:COM3", "serial:127.0.0.1:17001", "serial:[::1]:17001", "127.0.0.1:7070"]) t.is(addressText(parseAddress(text)), text);
  t.deepEqual(parseAddress("serial:/dev/ttyUSB0?baud=115200"), { host: "", port: 0, serial: { path: "/dev/ttyUSB0", baud: 115200 } });
  for (const text of ["serial:", "serial:board", "serial:127.0.0.1", "serial:127.0.0.1:1?baud=9600", "serial:/dev/ttyUSB0?baud=x"]) t.throws(() => parseAddress(text), { instanceOf: Trouble, message: /no address/ });
});

here("a program moves to a board that is named as one, or by host:port alone; its output is whole", async (t) => {
  for (const prefix of ["serial:", ""]) {
    const user = new User();
    t.teardown(() => user.close());
    const { board: target, place } = await board(t, user);
    const source = await counting(user);
    const moved = await user.mvm("migrate", "count", "--to", prefix + place);
    t.is(moved.code, 0, moved.stderr);
    t.regex(moved.stdout, new RegExp(`count runs at ${prefix}${place}`));
    await source.finished;
    await target.until(() => target.lines.length > 20);
    isWhole(t, source, target);
    const listed = await user.json("ps", "--on", prefix + place) as { name: string; status: string }[];
    t.deepEqual(listed.map(({ name }) => name), ["count"]);
    const paused = await user.mvm("pause", "count", "--on", prefix + place);
    t.is(paused.code, 0, paused.stderr);
  }
});

here("over a line with the faults of issue 3, and over one with ten times as many bytes broken", async (t) => {
  for (const faults of [FAULTS, { ...FAULTS, bytes: 10 }]) {
    const user = new User();
    t.teardown(() => user.close());
    const { board: target, place } = await board(t, user, faults);
    for (const name of ["one", "two"]) {
      target.output = "";
      const source = await counting(user, name);
      const moved = await user.mvm("migrate", name, "--to", `serial:${place}`);
      t.is(moved.code, 0, moved.stderr);
      await source.finished;
      await target.until(() => target.lines.length > 20);
      isWhole(t, source, target);
      const stopped = await user.mvm("stop", name, "--on", `serial:${place}`);
      t.is(stopped.code, 0, stopped.stderr);
    }
  }
});

for (const [what, faults] of [["a good line", undefined], ["a faulty line", FAULTS]] as const) {
  here(`a program goes to a board and on to a host, again and again, over ${what}: its output is whole`, async (t) => {
    const user = new User();
    t.teardown(() => user.close());
    const { board: target, place } = await board(t, user, faults);
    const { host, address } = await user.serve();
    const source = await counting(user);
    let on: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const to of [`serial:${place}`, address]) {
        const moved = await user.mvm("migrate", "count", "--to", to, ...on);
        t.is(moved.code, 0, moved.stderr);
        on = ["--on", to];
        await pause(200);
      }
    }
    t.is((await user.mvm("stop", "count", ...on)).code, 0);
    await host.until("the end", () => host.stderr.includes("count was stopped"));
    const lines = [...source.stdout.split("\n").slice(0, -1), ...target.lines, ...linesOf(host.stdout, "count")].map(Number).sort((a, b) => a - b);
    t.deepEqual(lines, lines.map((_, index) => index));
    t.true(target.lines.length > 10 && linesOf(host.stdout, "count").length > 10);
  });
}

here("a board is lent no place that nobody named", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const { board: target, place } = await board(t, user);
  const { address } = await user.serve();
  const source = await counting(user);
  t.is((await user.mvm("migrate", "count", "--to", `serial:${place}`)).code, 0);
  await source.finished;
  // The command asks for it as `mvm migrate` does, but without lending.
  process.env["MVM_HOME"] = user.home;
  await t.throwsAsync(withProgram("count", `serial:${place}`, (found) => ask(found, "MIGRATE", { which: whichOf(found), to: address })), { message: /count goes on here/ });
  const before = target.lines.length;
  await target.until(() => target.lines.length > before + 5);
});

here("a wrong key, a line that another holds, a silent one: each is told apart, and the program goes on", async (t) => {
  const user = new User();
  const other = new User();
  t.teardown(() => { user.close(); other.close(); });
  const { place } = await board(t, other);
  const source = await counting(user);
  const wrong = await user.mvm("migrate", "count", "--to", `serial:${place}`);
  t.is(wrong.code, 4);
  t.regex(wrong.stderr, /wrong key: serial:\S+ has the key [0-9a-f]{16}, which this user has not/);
  // Whoever came first has the line, as with QEMU.
  const [host, port] = place.split(":");
  const first = createConnection(Number(port), host);
  await new Promise((resolve) => { first.once("connect", resolve); });
  const busy = await user.mvm("migrate", "count", "--to", place);
  t.is(busy.code, 4);
  t.regex(busy.stderr, /is silent; another host may be connected to it/);
  first.destroy();
  const nobody = await user.mvm("migrate", "count", "--to", "serial:127.0.0.1:1");
  t.regex(nobody.stderr, /nobody listens at serial:127.0.0.1:1/);
  const printed = source.stdout.length;
  await source.until("more output", () => source.stdout.length > printed + 10);
});

here("a host that is slow to answer TLS is not taken for a board", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const { address } = await user.serve();
  const [host, port] = address.split(":");
  // The first answer of each connection comes late, but not so late that a person would give up.
  const slow = createServer((socket) => {
    const to = createConnection(Number(port), host);
    socket.on("error", () => {}).on("close", () => to.destroy());
    to.on("error", () => {}).on("close", () => socket.destroy());
    socket.pipe(to);
    setTimeout(() => to.pipe(socket), 3000);
  });
  t.teardown(() => { slow.close(); });
  await new Promise<void>((resolve) => { slow.listen(0, "127.0.0.1", resolve); });
  process.env["MVM_HOME"] = user.home;
  const stream = await connectHost(parseAddress(`127.0.0.1:${(slow.address() as AddressInfo).port}`));
  t.true("encrypted" in stream);
  stream.destroy();
});

test.serial("a port that is not there", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const { code, stderr } = await user.mvm("ps", "--on", "serial:/dev/there-is-none");
  t.is(code, 4);
  const isInstalled = spawnSync(process.execPath, ["-e", "require('serialport')"]).status === 0;
  t.regex(stderr, isInstalled ? /\/dev\/there-is-none cannot be opened/ : /serial ports need the package serialport; install it/);
});
