// Pins that stay where a program was (migration class `proxy`), in one process: grants and proxies with a line between
// them that loses, doubles and is cut, and whole hosts with a wire between them. What goes over the command line is in
// io-proxy-moves.test.ts.

import test, { type ExecutionContext } from "ava";
import { Duplex } from "node:stream";
import { compile, type SourceHost } from "../hosts/node/index.js";
import { DuplexConnection } from "../hosts/node/connection.js";
import { createMachine } from "../hosts/node/load-program.js";
import { platform as nodePlatform } from "../hosts/node/platform.js";
import type { AskAnswer } from "../vm/host.js";
import { depart, type Departed } from "../vm/hosting/migrate.js";
import { askTarget } from "../vm/hosting/offer.js";
import { Grant, grantFields, type Exchange } from "../vm/hosting/io-grant.js";
import type { IoMove } from "../vm/hosting/io-keep.js";
import { MockIo } from "../vm/hosting/io-mock.js";
import { IoProxy } from "../vm/hosting/io-proxy.js";
import { IoSession } from "../vm/hosting/io.js";
import type { Resident } from "../vm/hosting/host.js";
import type { Connection } from "../vm/hosting/connection.js";
import { NamedOutput } from "../vm/hosting/output.js";
import type { Platform, Timer } from "../vm/hosting/platform.js";
import { Program } from "../vm/hosting/program.js";
import { Runner } from "../vm/hosting/runner.js";
import { scopes } from "../vm/hosting/scopes.js";
import { ServingHost } from "../vm/hosting/serve.js";
import { NO_TRANSACTION, type AnyFrame, type Fields, type MessageName } from "../vm/wire.js";

// ---------------------------------------------------------------- grants and proxies over a bad line

const ID = "0123456789abcdef0123456789abcdef";

/** Time that passes when the test says so. */
class Clock {
  now = 0;
  private due: { at: number; work: () => void }[] = [];
  after = (ms: number, work: () => void): Timer => {
    const one = { at: this.now + ms, work };
    this.due.push(one);
    return { cancel: () => { this.due = this.due.filter((other) => other !== one); } };
  };
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.now = next.at;
      this.due = this.due.filter((other) => other !== next);
      next.work();
    }
    this.now = end;
  }
}

type Fault = "none" | "lose" | "double" | "cut before" | "cut after";
/** One end of a conversation. Messages wait in `line` until they are carried. */
class End implements Exchange {
  handler: ((frame: AnyFrame) => void) | undefined;
  lost: (() => void) | undefined;
  isClosed = false;
  constructor(readonly line: Line, readonly side: "source" | "target") {}
  send<N extends MessageName>(name: N, fields: Fields<N>): void {
    if (!this.isClosed) this.line.sent(this.side, { name, stream: 2, sequence: 0, transaction: NO_TRANSACTION, fields } as AnyFrame);
  }
  fail(reason: string, text: string): void {
    this.send("FAIL", { reason, text } as never);
    this.close();
  }
  close(): void {
    this.isClosed = true;
  }
}
/** A connection: `fault` says what becomes of the message with a number. */
class Line {
  readonly source = new End(this, "source");
  readonly target = new End(this, "target");
  readonly log: string[] = [];
  isCut = false;
  private readonly queue: { to: End; frame: AnyFrame }[] = [];
  constructor(private readonly fault: (index: number, name: MessageName) => Fault, private readonly use: (line: Line, frame: AnyFrame) => void) {}
  private count = 0;
  sent(from: "source" | "target", frame: AnyFrame): void {
    if (this.isCut) return;
    const to = from === "source" ? this.target : this.source;
    const fault = this.fault(this.count++, frame.name);
    this.log.push(`${frame.name}${fault === "none" ? "" : ` (${fault})`}`);
    if (fault === "cut before") return this.cut();
    if (fault !== "lose") this.queue.push({ to, frame });
    if (fault === "double") this.queue.push({ to, frame });
    if (fault === "cut after") this.queue.push({ to, frame: undefined as never });
  }
  carry(): void {
    for (let next = this.queue.shift(); next !== undefined && !this.isCut; next = this.queue.shift()) {
      if (next.frame === undefined) return this.cut();
      if (next.to.handler !== undefined) next.to.handler(next.frame);
      else if (next.to === this.source) this.use(this, next.frame);
    }
  }
  cut(): void {
    if (this.isCut) return;
    this.isCut = true;
    for (const end of [this.source, this.target]) {
      end.close();
      end.lost?.();
    }
  }
}

interface Scene { io: MockIo; session: IoSession; grant: Grant; proxy: IoProxy; clock: Clock; events: number[][]; connect(fault?: (index: number, name: MessageName) => Fault): Line; released: { source: number; target: number } }
const PATIENCE = 1500;
function scene(): Scene {
  const io = new MockIo();
  const session = new IoSession(io);
  session.ask("io.digital", ["open", 1, 2, 8, 0]);
  session.ask("io.digital", ["open", 2, 7, 1, 3]);
  session.ask("io.i2c", ["open", 3, 0, 1, 100000, 0x50, 0]);
  session.ask("io.pwm", ["open", 4, 9, 0, 0]);
  const released = { source: 0, target: 0 };
  const grant = new Grant(ID, 5, session, () => { released.source++; });
  const clock = new Clock();
  const events: number[][] = [];
  const proxy = new IoProxy(ID, 5, "home", clock, PATIENCE, (number, _, count) => events.push([number, count]), () => { released.target++; });
  const connect = (fault: (index: number, name: MessageName) => Fault = () => "none"): Line => {
    const line = new Line(fault, (at, frame) => {
      if (frame.name === "USE") grant.use(at.source);
    });
    proxy.connect(line.target);
    line.carry();
    return line;
  };
  return { io, session, grant, proxy, clock, events, connect, released };
}
/** What a call comes to, when the line has carried what there is and, where that is nothing, time has passed. */
async function outcome(line: Line, { clock }: Scene, promise: Promise<AskAnswer>): Promise<AskAnswer> {
  let answer: AskAnswer | undefined;
  promise.then((value) => { answer = value; });
  for (let turns = 0; answer === undefined; turns++) {
    line.carry();
    await new Promise((resolve) => { setImmediate(resolve); });
    if (turns > 3) clock.pass(PATIENCE + 1);
    if (turns > 10) throw new Error("never answered");
  }
  return answer;
}

test("operations, facts, bytes and failures go to the source and come back", async (t) => {
  const one = scene();
  const line = one.connect();
  const ask = (number: number, operation: string, value?: number | string): Promise<AskAnswer> => outcome(line, one, one.proxy.call(number, operation, value));
  t.deepEqual(await ask(1, "facts"), [true, []]);
  t.deepEqual(await ask(4, "facts"), [true, [1000, 10]]);
  t.deepEqual(await ask(1, "write", 1), [true, undefined]);
  t.is(one.io.pin("digital", 2), 1);
  t.deepEqual(await ask(1, "read"), [true, 1]);
  t.deepEqual(await ask(3, "write", "\x10\x80\xff"), [true, undefined]);
  t.deepEqual(await ask(3, "write", "\x10"), [true, undefined]);
  t.deepEqual(await ask(3, "read", 2), [true, "\x80\xff"]);
  const tooMuch = await ask(4, "write", 5000);
  t.deepEqual([tooMuch[0], tooMuch[2]], [false, "range"]);
  t.like(await ask(1, "write", -1), { 0: false, 2: "range" });
  t.like(await ask(2, "write", 1), { 0: false, 2: "type" });
  one.io.set("digital", 7, 0);
  line.carry();
  t.deepEqual(one.events, [[2, 1]]);
});

test("what was not granted is refused by name and not done: epoch, program, resource, operation, a call that came before", async (t) => {
  const one = scene();
  const line = one.connect();
  const results: string[] = [];
  const fields = { ...grantFields(ID, 5), resource: 1, operation: "write", number: 1 };
  line.target.handler = (frame) => { if (frame.name === "RESULT") results.push(frame.fields.code); };
  const call = (number: number, more: Partial<Fields<"CALL">> = {}): void => {
    line.target.send("CALL", { ...fields, call: number, ...more });
    line.carry();
  };
  call(1, { epoch: 4 });
  call(1, { epoch: 6 });
  call(1, grantFields("f".repeat(32), 5));
  call(1, { resource: 9 });
  call(1, { operation: "transfer" });
  call(1, { operation: "open" });
  t.is(one.io.pin("digital", 2), undefined);
  call(3);
  t.is(one.io.pin("digital", 2), 1);
  call(3, { number: 0 });
  call(2, { number: 0 });
  t.is(one.io.pin("digital", 2), 1);
  t.deepEqual(results, ["epoch", "epoch", "epoch", "resource", "operation", "operation", "done", "repeated", "repeated"]);
});

test("whatever the line does to any message, a call is answered, at most once done, and the next connection works", async (t) => {
  const names = ["USE", "CALL", "RESULT", "EVENT"] as const;
  for (const fault of ["lose", "double", "cut before", "cut after"] as const) {
    for (const victim of names) {
      const one = scene();
      let done = 0;
      const write = one.session.ask.bind(one.session);
      one.session.ask = (name, list) => {
        if (list[0] === "write") done++;
        return write(name, list);
      };
      let used = false;
      const line = one.connect((_, name) => {
        if (name !== victim || used) return "none";
        used = true;
        return fault;
      });
      one.io.set("digital", 7, 0);
      line.carry();
      const about = `${fault} ${victim}`;
      const [ok, , code] = await outcome(line, one, one.proxy.call(1, "write", 1));
      t.true(used, `${about}: ${line.log.join(", ")}`);
      t.true(ok || code === "lost", `${about}: ${code}`);
      t.true(done <= 1, about);
      if (ok) t.is(done, 1, about);
      const next = one.connect();
      t.deepEqual(await outcome(next, one, one.proxy.call(1, "write", 1)), [true, undefined], about);
      one.io.set("digital", 7, 1);
      next.carry();
      t.deepEqual(one.events.at(-1), [2, 1], about);
      // It lets go, and the pins are others' to open.
      one.proxy.release();
      next.carry();
      t.deepEqual(one.released, { source: 1, target: 1 }, about);
      t.deepEqual(new IoSession(one.io).ask("io.digital", ["open", 1, 2, 0, 0]), [true, []], about);
    }
  }
});

test("without a connection a call waits once for one, then ends with `lost`; what happened meanwhile is told when there is one", async (t) => {
  const one = scene();
  const early = one.proxy.call(1, "write", 1);
  const line = one.connect();
  t.deepEqual(await outcome(line, one, early), [true, undefined]);
  const pending = one.proxy.call(1, "read", undefined);
  line.cut();
  t.like(await pending, { 0: false, 2: "lost" });
  one.io.set("digital", 7, 0);
  one.io.set("digital", 7, 1);
  const waits = one.proxy.call(1, "read", undefined);
  one.clock.pass(PATIENCE);
  t.like(await waits, { 0: false, 2: "lost" });
  t.like(await one.proxy.call(1, "read", undefined), { 0: false, 2: "lost" });
  t.deepEqual(one.events, []);
  const next = one.connect();
  next.carry();
  t.deepEqual(one.events, [[2, 1]]);
  t.deepEqual(await outcome(next, one, one.proxy.call(1, "read", undefined)), [true, 1]);
});

test("a grant that is taken back refuses at once, and the session is as it was", async (t) => {
  const one = scene();
  const line = one.connect();
  await outcome(line, one, one.proxy.call(1, "write", 1));
  const session = one.grant.takeBack();
  t.like(await outcome(line, one, one.proxy.call(1, "write", 0)), { 0: false, 2: "resource" });
  t.deepEqual(session.ask("io.digital", ["read", 1]), [true, 1]);
  t.deepEqual(one.released, { source: 0, target: 0 });
  one.proxy.release();
  t.deepEqual(one.released, { source: 0, target: 1 });
});

// ---------------------------------------------------------------- hosts

/** Copies what is written to the pin that is listened to; prints what it does. */
const SOURCE = `
import Digital from "embedded:io/digital";
const led = new Digital({ pin: 2, mode: Digital.Output });
const button = new Digital({ pin: 7, mode: Digital.InputPullUp, edge: Digital.Rising | Digital.Falling, onReadable() {
  try {
    led.write(this.read());
    console.log("led", led.read());
  } catch (error) { console.log(error.code); }
}, onError(error) { console.log("error", error.code); } });
setInterval(() => {}, 1000);
console.log("ready");
`;
const files: SourceHost = { read: (path) => path === "/pins.mjs" ? SOURCE : undefined };

/** Two ends of a connection, each of which hears what the other has sent a little later. */
function pair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex => new Duplex({
    read() {},
    write(bytes: Buffer, _, done) {
      const copy = Buffer.from(bytes);
      setImmediate(() => other().push(copy));
      done();
    },
    final(done) {
      setImmediate(() => other().push(null));
      done();
    },
    destroy(error, done) {
      if (!other().destroyed) other().destroy();
      done(error);
    },
  });
  const one: Duplex = make(() => two);
  const two: Duplex = make(() => one);
  return [one, two];
}

/** Hosts that find each other by name. */
class World {
  readonly hosts = new Map<string, ServingHost>();
  readonly wires: Connection[] = [];
  /** Hosts that cannot be reached now. */
  readonly unreachable = new Set<string>();

  host(name: string, io: MockIo | undefined): { host: ServingHost; lines: string[] } {
    const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
    const id = Buffer.from(random(16)).toString("hex");
    const platform: Platform = {
      ...nodePlatform, hostId: () => id, bootId: id.slice(0, 16), hostName: () => name, patience: 1500, placeOf: (to) => to,
      reach: async (to) => {
        const other = this.hosts.get(to);
        if (other === undefined || this.unreachable.has(to)) throw new Error(`${to} cannot be reached`);
        const [near, far] = pair();
        const [connection, theirs] = [new DuplexConnection(near), new DuplexConnection(far)];
        this.wires.push(connection, theirs);
        other.link({ connection: theirs, began: false, scopes, place: name });
        return { place: to, connection };
      },
    };
    const lines: string[] = [];
    const host = new ServingHost({ platform, memoryMax: 1 << 24, programsMax: 4, io, note: () => {}, environment: () => [], accident: () => undefined, output: () => ({ write: (_, text) => void lines.push(...text.split("\n").filter((line) => line !== "").map((line) => line.replace(/^pins\W+/, ""))), flush: () => {} }) });
    this.hosts.set(name, host);
    return { host, lines };
  }
  cut(): void {
    for (const wire of this.wires.splice(0)) wire.destroy();
  }
}
async function start({ host, lines }: { host: ServingHost; lines: string[] }, io: MockIo): Promise<Resident> {
  const machine = await createMachine(compile("/pins.mjs", files), { memoryBytes: 1 << 20 });
  const program: Program = Program.begin(machine, { timing: host.platform, io, output: (_, text) => void lines.push(...text.trimEnd().split("\n")), woken: () => runner.wake() });
  const runner: Runner = new Runner(program, { timing: host.platform, ended: () => {} });
  const resident = host.add("pins", runner, new NamedOutput("pins", { write: () => {}, flush: () => {} }));
  runner.release();
  return resident;
}
async function until(t: ExecutionContext, what: string, condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns++) {
    if (turns > 1000) return t.fail(what);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}
const residentOf = (host: ServingHost): Resident => host.residents[0]!;
async function move(t: ExecutionContext, from: ServingHost, to: string, io: IoMove): Promise<Departed> {
  const moved = await depart(from, residentOf(from), { to, io }, () => {});
  t.is(moved.kind, "moved", JSON.stringify(moved));
  return moved;
}

test("a program goes from host to host and home, its pins stay at the first, in both directions", async (t) => {
  const world = new World();
  const ios = [new MockIo(), new MockIo(), undefined] as const;
  const [a, b, c] = [world.host("a", ios[0]), world.host("b", ios[1]), world.host("c", ios[2])];
  await start(a, ios[0]);
  let level = 1;
  /** The button at the first host changes; the program, wherever it is, drives the lamp there. */
  const press = async (lines: string[], where: string): Promise<void> => {
    const before = lines.length;
    level = 1 - level;
    ios[0].set("digital", 7, level);
    await until(t, `a press heard at ${where}: ${lines.join("; ")}`, () => lines.length > before && ios[0].pin("digital", 2) === level);
    t.is(lines.at(-1), `led ${level}`, where);
    t.is(ios[1].pin("digital", 2), undefined, where);
  };
  await until(t, "start", () => a.lines.includes("ready"));
  await press(a.lines, "a");
  const dry = await askTarget(a.host, residentOf(a.host), "b", "proxy");
  t.deepEqual([dry.kind, dry.resources], ["accepted", ["proxied digital pin 2", "proxied digital pin 7"]]);
  t.deepEqual((await askTarget(a.host, residentOf(a.host), "b", "reopen")).resources, ["re-opened digital pin 2", "re-opened digital pin 7"]);
  const not = await askTarget(a.host, residentOf(a.host), "c", "reopen");
  t.deepEqual([not.kind, not.resources], ["refused", ["refused digital pin 2", "refused digital pin 7"]]);

  await move(t, a.host, "b", "proxy");
  await press(b.lines, "b");
  // The pins are in use at the first host and free at the second.
  t.throws(() => ios[0].open("digital", { pin: 2, mode: 0, edges: 0 }, () => {}), { message: /in use/ });
  ios[1].open("digital", { pin: 2, mode: 8, edges: 0 }, () => {}).close();

  // On through the second, to a host that has no pins at all.
  await move(t, b.host, "c", "proxy");
  await press(c.lines, "c");
  await press(c.lines, "c");

  // Home: the pins are its own again, and nothing of the way is needed.
  await move(t, c.host, "a", "reopen");
  world.cut();
  await press(a.lines, "a again");
  await press(a.lines, "a again");
  t.deepEqual(residentOf(a.host).program.ioFacts().map(({ about }) => about), ["digital pin 2", "digital pin 7"]);
});

test("a program that goes on without proxy takes its pins from the first host", async (t) => {
  const world = new World();
  const ios = [new MockIo(), new MockIo(), new MockIo()] as const;
  const [a, b, c] = [world.host("a", ios[0]), world.host("b", ios[1]), world.host("c", ios[2])];
  await start(a, ios[0]);
  await until(t, "start", () => a.lines.includes("ready"));
  await move(t, a.host, "b", "proxy");
  await move(t, b.host, "c", "reopen");
  await until(t, "the pins of the first host are free", () => {
    try {
      ios[0].open("digital", { pin: 2, mode: 0, edges: 0 }, () => {}).close();
      return true;
    } catch {
      return false;
    }
  });
  ios[2].set("digital", 7, 0);
  await until(t, "a press heard at c", () => c.lines.includes("led 0"));
});

test("a lost connection costs the operations under way; it comes back by itself, with what happened meanwhile", async (t) => {
  const world = new World();
  const ios = [new MockIo(), new MockIo()] as const;
  const [a, b] = [world.host("a", ios[0]), world.host("b", ios[1])];
  await start(a, ios[0]);
  await until(t, "start", () => a.lines.includes("ready"));
  await move(t, a.host, "b", "proxy");
  ios[0].set("digital", 7, 0);
  await until(t, "a press at b", () => b.lines.includes("led 0"));
  world.unreachable.add("b");
  world.cut();
  ios[0].set("digital", 7, 1);
  world.unreachable.delete("b");
  await until(t, "the press that nobody heard", () => b.lines.includes("led 1"));
  t.is(ios[0].pin("digital", 2), 1);
  // For good: the program hears of it, and goes on.
  world.unreachable.add("b");
  world.cut();
  residentOf(b.host).program.send("embedded:io", [2, "readable", 1]);
  await until(t, "lost", () => b.lines.includes("lost"));
  world.unreachable.delete("b");
  ios[0].set("digital", 7, 0);
  await until(t, "and back", () => b.lines.at(-1) === "led 0");
});

test("a program in doubt that is recovered at the source has its pins there again, and the other host's lets go of nothing", async (t) => {
  const world = new World();
  const ios = [new MockIo(), new MockIo()] as const;
  const [a, b] = [world.host("a", ios[0]), world.host("b", ios[1])];
  const resident = await start(a, ios[0]);
  await until(t, "start", () => a.lines.includes("ready"));
  // The target's word that it has the program never comes.
  const link = b.host.link.bind(b.host);
  b.host.link = (options) => {
    const made = link(options);
    const send = made.send.bind(made);
    made.send = (name, stream, transaction, fields) => {
      if (name !== "COMMITTED" && name !== "STATE") send(name, stream, transaction, fields);
    };
    return made;
  };
  const moved = depart(a.host, resident, { to: "b", io: "proxy" }, () => {});
  await until(t, "it runs at b", () => b.host.residents.length === 1);
  ios[0].set("digital", 7, 0);
  await until(t, "a press at b", () => b.lines.includes("led 0"));
  const result = await moved;
  t.like(result, { kind: "failed", reason: "doubt" });
  resident.departure!.feed({ type: "recover" });
  ios[0].set("digital", 7, 1);
  await until(t, "a press at a", () => a.lines.includes("led 1"));
  // The other one gives way to the higher epoch.
  await until(t, "an end at b", () => b.host.residents.length === 0);
  ios[0].set("digital", 7, 0);
  await until(t, "another press at a", () => a.lines.at(-1) === "led 0");
  t.is(ios[0].pin("digital", 2), 0);
});

test("a target that does not know proxied pins is not moved to, and the program has its own again", async (t) => {
  const world = new World();
  const ios = [new MockIo(), new MockIo()] as const;
  const [a, b] = [world.host("a", ios[0]), world.host("b", ios[1])];
  await start(a, ios[0]);
  await until(t, "start", () => a.lines.includes("ready"));
  // As a host of before says it.
  const link = b.host.link.bind(b.host);
  b.host.link = (options) => {
    const made = link(options);
    const send = made.send.bind(made);
    made.send = (name, stream, transaction, fields) => {
      if (name === "ACCEPT") delete (fields as Partial<Fields<"ACCEPT">>).proxied;
      send(name, stream, transaction, fields);
    };
    return made;
  };
  const moved = await depart(a.host, residentOf(a.host), { to: "b", io: "proxy" }, () => {});
  t.is(moved.kind, "failed");
  t.regex(moved.kind === "failed" ? moved.text : "", /cannot use pins and buses of another host.*goes on here/);
  ios[0].set("digital", 7, 0);
  await until(t, "it goes on", () => a.lines.includes("led 0"));
  t.is(b.host.residents.length, 0);
});
