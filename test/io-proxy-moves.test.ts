// Pins and buses that stay at the source of a move (`mvm migrate --io proxy`), by the command line and between processes.
// The memory chip of the mock tells where a program's bus is: each host has its own, and a fresh one is empty.

import test, { type ExecutionContext } from "ava";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { DuplexConnection } from "../hosts/node/connection.js";
import { platform } from "../hosts/node/platform.js";
import { addressText, listenHosts } from "../hosts/node/transport.js";
import type { Conversation } from "../vm/hosting/link.js";
import { ServingHost } from "../vm/hosting/serve.js";
import type { Fields } from "../vm/wire.js";
import { cortexM3, missingOf, startBoard } from "./emulated-board.js";
import { linesOf, quickjsPath, root, Running, User } from "./cli-support.js";

const mvmC = join(root, "build/mvm-c");
/** Is there a host in C, with Mbed TLS? */
const hasC = existsSync(mvmC) && spawnSync(mvmC, ["serve", "--listen", "nowhere"], { encoding: "utf8" }).stderr.includes("without Mbed TLS") === false;
type Kind = "node" | "quickjs" | "c";
/** Where the pins are, and who uses them from afar. */
const pairs: readonly (readonly [Kind, Kind])[] = [["node", "node"], ["node", "quickjs"], ["quickjs", "node"], ...hasC ? [["c", "node"], ["node", "c"], ["c", "c"]] as const : []];
function serve(user: User, kind: Kind, ...list: string[]): Promise<{ host: Running; address: string }> {
  return user.serve({ list, ...kind === "quickjs" && { program: quickjsPath }, ...kind === "c" && { binary: mvmC } });
}

/** Counts; each line says what came over the serial port, what the memory has in it, what the lamp carries. */
const PROGRAM = `
import Digital from "embedded:io/digital";
import I2C from "embedded:io/i2c";
import Serial from "embedded:io/serial";
const memory = new I2C({ data: 4, clock: 5, hz: 100_000, address: 0x50 });
const lamp = new Digital({ pin: 2, mode: Digital.Output });
let count = 0;
const port = new Serial({ receive: 1, transmit: 2, baud: 9600, onReadable() {
  const got = new Uint8Array(this.read());
  if (got.length === 0) return;
  memory.write(Uint8Array.of(16));
  const [mark] = new Uint8Array(memory.read(1));
  if (mark === 0) memory.write(Uint8Array.of(16, 77));
  lamp.write(count & 1);
  console.log(count, got.join(), mark === 0 ? "fresh" : mark, lamp.read());
} });
setInterval(() => {
  count++;
  port.write(Uint8Array.of(count & 255));
}, 30);
`;
/** Every line is as the program prints it where all is well, in one sequence; marks apart. */
function checkLines(t: ExecutionContext, lines: readonly string[], first: number): number {
  let count = first;
  for (const line of lines) {
    const [number, byte, , level] = line.split(" ");
    t.is(Number(number), ++count, lines.join("; "));
    t.is(byte, String(count & 255), line);
    t.is(level, String(count & 1), line);
  }
  return count;
}
const marks = (lines: readonly string[]): Set<string> => new Set(lines.map((line) => line.split(" ")[2]!));
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

function newUser(t: ExecutionContext): User {
  const user = new User();
  t.teardown(() => user.close());
  user.file("pins.mjs", PROGRAM);
  return user;
}
async function begin(user: User): Promise<Running> {
  const running = user.start(["run", "pins.mjs"]);
  await running.until("output", () => running.stdout.split("\n").length > 4);
  while ((await user.programs()).length === 0) await pause(25);
  return running;
}
async function migrate(t: ExecutionContext, user: User, to: string, ...more: string[]): Promise<void> {
  const { code, stderr } = await user.mvm("migrate", "pins", "--to", to, ...more);
  t.is(code, 0, stderr);
}

for (const [keeper, guest] of pairs) test.serial(`a program leaves its pins at a host of kind ${keeper}, uses them from one of kind ${guest} that has none, and comes home to them`, async (t) => {
  const user = newUser(t);
  const running = await begin(user);
  const a = await serve(user, keeper);
  const b = await serve(user, guest, "--io", "none");
  const at = (host: Running): string[] => linesOf(host.stdout, "pins");
  await migrate(t, user, a.address);
  await a.host.until("output at a", () => at(a.host).length > 5);
  const home = running.stdout.trim().split("\n");
  t.deepEqual([...marks(home)], ["fresh", "77"]);
  // It may have been frozen between reading and printing, and what it opened again first depends on that too.
  t.deepEqual([...marks(at(a.host))].sort(), ["77", "fresh"]);

  const dry = await user.mvm("migrate", "pins", "--on", a.address, "--to", b.address, "--io", "proxy", "--dry-run", "--json");
  t.is(dry.code, 0, dry.stderr);
  t.deepEqual((JSON.parse(dry.stdout) as { resources: { resource: string; becomes: string }[] }).resources.map(({ resource, becomes }) => `${resource}: ${becomes}`).sort(), [
    "digital pin 2: proxied", "i2c data 4 clock 5 port 0: proxied", "serial receive 1 transmit 2 port 0: proxied",
  ]);
  const not = await user.mvm("migrate", "pins", "--on", a.address, "--to", b.address, "--dry-run");
  t.is(not.code, 4);
  t.regex(not.stdout, /digital pin 2: refused/);
  t.regex(not.stderr, /this host has none/);

  await migrate(t, user, b.address, "--on", a.address, "--io", "proxy");
  const before = at(a.host).length;
  await b.host.until("output at b", () => at(b.host).length > 15);
  t.deepEqual([...marks(at(b.host))], ["77"]);
  await migrate(t, user, a.address, "--on", b.address);
  await a.host.until("output at a again", () => at(a.host).length > before + 10);
  t.deepEqual([...marks(at(a.host).slice(before))], ["77"]);

  const last = checkLines(t, [...home, ...at(a.host).slice(0, before), ...at(b.host), ...at(a.host).slice(before)], 0);
  t.true(last > 30);
});

test.serial("the process that a program was run by stays for its pins, and ends when they are not needed any more", async (t) => {
  const user = newUser(t);
  const running = await begin(user);
  const b = await user.serve({ list: ["--io", "none"] });
  await migrate(t, user, b.address, "--io", "proxy");
  await b.host.until("output at b", () => linesOf(b.host.stdout, "pins").length > 10);
  t.deepEqual([...marks(linesOf(b.host.stdout, "pins"))], ["77"]);
  t.false(running.isOver);
  t.is((await user.mvm("stop", "pins", "--on", b.address)).code, 0);
  t.is((await running.finished).code, 0);
  checkLines(t, [...running.stdout.trim().split("\n"), ...linesOf(b.host.stdout, "pins")], 0);
});

const lacking = missingOf(cortexM3.board, cortexM3.needs, cortexM3.packages);
(lacking === "" ? test.serial : test.serial.skip)(`a Cortex-M3 keeps the pins of a program that goes on at a host without pins, and has them when it comes home${lacking === "" ? "" : `: not tried here, ${lacking}`}`, async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const { key } = await user.json("key", "show") as { key: string };
  const board = await startBoard(cortexM3, user, key);
  t.teardown(() => board.stop());
  const { host, address } = await serve(user, "node", "--io", "none");
  const place = `serial:127.0.0.1:${board.port}`;
  // Every turn prints what the pin carries before it writes.
  user.file("blink.mjs", `
    import Digital from "embedded:io/digital";
    const led = new Digital({ pin: 20, mode: Digital.Output });
    led.write(0);
    let turn = 0;
    setInterval(() => { console.log(turn + " " + led.read()); turn++; led.write(turn & 1); }, 40);
  `);
  t.is((await user.mvm("build", "blink.mjs", "--memory", "16K", "--no-debug", "-o", "blink.mvm")).code, 0);
  const source = user.start(["run", "blink.mvm"]);
  await source.until("output", () => source.stdout.split("\n").length > 4);
  const move = async (...list: string[]): Promise<void> => {
    const { code, stderr } = await user.mvm("migrate", "blink", ...list);
    t.is(code, 0, stderr);
  };
  const printed = async (what: string, condition: () => boolean): Promise<void> => {
    for (let tries = 0; !condition(); tries++) {
      if (tries > 1200) throw new Error(`${what}: ${board.console()} ${host.stdout} ${host.stderr}`);
      await pause(25);
    }
  };
  await move("--to", place);
  await printed("at the board", () => board.lines("blink").length > 5);
  const dry = await user.mvm("migrate", "blink", "--on", place, "--to", address, "--io", "proxy", "--dry-run");
  t.is(dry.code, 0, dry.stderr);
  t.regex(dry.stdout, /digital pin 20: proxied/);
  await move("--on", place, "--to", address, "--io", "proxy");
  const before = board.lines("blink").length;
  await printed("at the host", () => linesOf(host.stdout, "blink").length > 10);
  await move("--on", address, "--to", place);
  await printed("at the board again", () => board.lines("blink").length > before + 5);
  const lines = [...source.stdout.trim().split("\n"), ...board.lines("blink").slice(0, before), ...linesOf(host.stdout, "blink"), ...board.lines("blink").slice(before)];
  t.deepEqual(lines, lines.map((_, turn) => `${turn} ${turn & 1}`));
});

/** A line between two hosts that can be cut: a port that hands bytes on. */
async function startCable(t: ExecutionContext, to: string): Promise<{ address: string; cut(): void }> {
  const sockets = new Set<Socket>();
  const port = Number(to.slice(to.lastIndexOf(":") + 1));
  const server = createServer((near) => {
    const far = createConnection({ host: "127.0.0.1", port });
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  const cut = (): void => {
    for (const socket of [...sockets]) socket.destroy();
  };
  t.teardown(() => {
    server.close();
    cut();
  });
  return { address: `127.0.0.1:${(server.address() as { port: number }).port}`, cut };
}

const cabled = pairs.filter(([keeper, guest]) => keeper !== "quickjs" && guest !== "quickjs");
for (const [keeper, guest] of cabled) test.serial(`a cable between a keeper of kind ${keeper} and a guest of kind ${guest} is pulled now and then: what is lost is an error of that operation, and the rest works`, async (t) => {
  const user = newUser(t);
  // Each turn writes a level and reads it back; what arrives at the port comes by events.
  user.file("pins.mjs", `
    import Digital from "embedded:io/digital";
    import Serial from "embedded:io/serial";
    const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
    const lamp = new Digital({ pin: 2, mode: Digital.Output });
    const port = new Serial({ receive: 1, transmit: 2, baud: 9600, onReadable() {
      const got = attempt(() => this.read());
      if (typeof got === "object") console.log("heard");
    }, onError(error) { console.log("told", error.code); } });
    let turn = 0;
    setInterval(() => {
      turn++;
      const written = attempt(() => lamp.write(turn & 1)) ?? "done";
      console.log(turn, turn & 1, written, attempt(() => lamp.read()));
      attempt(() => port.write(Uint8Array.of(turn & 255)));
    }, 20);
  `);
  const a = await serve(user, keeper);
  const b = await serve(user, guest, "--io", "none");
  const cable = await startCable(t, b.address);
  const running = user.start(["run", "pins.mjs"]);
  await running.until("output", () => running.stdout.split("\n").length > 4);
  while ((await user.programs()).length === 0) await pause(25);
  await migrate(t, user, a.address);
  await migrate(t, user, cable.address, "--on", a.address, "--io", "proxy");
  const lines = (): string[] => linesOf(b.host.stdout, "pins");
  const works = (line: string): boolean => /^\d+ (\d) done \1$/.test(line);
  for (let round = 0; round < 8; round++) {
    const before = lines().length;
    await b.host.until(`turns that work, and events, in round ${round}`, () => {
      const since = lines().slice(before + 1);
      return since.filter(works).length > 3 && since.filter((line) => line === "heard").length > 1;
    });
    await pause(round * 7);
    cable.cut();
  }
  // Every turn is there once, and what did not work was lost: the write, or the reading of what was written.
  const turns = lines().filter((line) => /^\d/.test(line));
  t.deepEqual(turns.map((line) => Number(line.split(" ")[0])), turns.map((_, index) => Number(turns[0]!.split(" ")[0]) + index));
  for (const line of turns) if (!works(line)) t.regex(line, /^\d+ \d (done lost|lost \d|lost lost)$/);
});

for (const keeper of hasC ? ["node", "c"] as const : ["node"] as const) test.serial(`a keeper of kind ${keeper} refuses by name what it has not granted`, async (t) => {
  const user = newUser(t);
  const running = await begin(user);
  const a = await serve(user, keeper);
  await migrate(t, user, a.address);
  await a.host.until("output", () => linesOf(a.host.stdout, "pins").length > 3);
  // The guest is this process, so that it can ask for anything.
  process.env["MVM_HOME"] = user.home;
  const guest = new ServingHost({ platform, memoryMax: 1 << 28, programsMax: 2, note: () => {}, environment: () => [], accident: () => undefined, output: () => ({ write: () => {}, flush: () => {} }) });
  const listener = await listenHosts({ host: "127.0.0.1", port: 0 }, ({ stream, key, place }) => {
    guest.link({ connection: new DuplexConnection(stream), began: false, scopes: key.scopes, place });
  }, () => {});
  t.teardown(() => {
    for (const one of guest.residents) one.runner.dispose();
    for (const one of guest.links) one.destroy();
    listener.close();
  });
  await migrate(t, user, addressText(listener.address), "--on", a.address, "--io", "proxy");
  const [resident] = guest.residents;
  resident!.runner.hold();
  const link = [...guest.links].reverse().find((one) => one.peer !== undefined && one.peer.host !== "0".repeat(32) && !one.isClosed)!;
  const { program, epoch } = resident!.program.identity;
  const ask = async (fields: Fields<"USE">): Promise<Conversation> => {
    const conversation = link.begin();
    conversation.send("USE", fields);
    return conversation;
  };
  const failure = async (fields: Fields<"USE">): Promise<string> => {
    const frame = await (await ask(fields)).next(5000);
    return frame?.name === "FAIL" ? frame.fields.reason : String(frame?.name);
  };
  t.is(await failure({ program, epoch: epoch - 1 }), "epoch");
  t.is(await failure({ program: new Uint8Array(16), epoch }), "unknown");
  const conversation = await ask({ program, epoch });
  const call = async (fields: Partial<Fields<"CALL">> & { call: number; resource: number; operation: string }): Promise<string> => {
    conversation.send("CALL", { program, epoch, ...fields });
    for (;;) {
      const frame = await conversation.next(5000);
      if (frame?.name === "RESULT" && frame.fields.call === fields.call) return frame.fields.number === undefined ? frame.fields.code : `${frame.fields.code} ${frame.fields.number}`;
      if (frame?.name !== "EVENT") throw new Error(`${frame?.name}`);
    }
  };
  const lamp = 2;
  const first = 1_000_000;
  t.is(await call({ call: first, resource: lamp, operation: "write", number: 1 }), "done");
  t.is(await call({ call: first + 1, resource: lamp, operation: "read" }), "done 1");
  t.is(await call({ call: first + 1, resource: lamp, operation: "write", number: 0 }), "repeated");
  t.is(await call({ call: 1, resource: lamp, operation: "write", number: 0 }), "repeated");
  t.is(await call({ call: first + 2, epoch: epoch + 1, resource: lamp, operation: "write", number: 0 }), "epoch");
  t.is(await call({ call: first + 3, program: new Uint8Array(16), resource: lamp, operation: "write", number: 0 }), "epoch");
  t.is(await call({ call: first + 4, resource: 77, operation: "write", number: 0 }), "resource");
  t.is(await call({ call: first + 5, resource: lamp, operation: "transfer", bytes: new Uint8Array(3) }), "operation");
  t.is(await call({ call: first + 6, resource: lamp, operation: "open", number: 5 }), "operation");
  t.is(await call({ call: first + 7, resource: lamp, operation: "read" }), "done 1");
  // Closed, it is closed; and let go of, everything is.
  t.is(await call({ call: first + 8, resource: lamp, operation: "close" }), "done");
  t.is(await call({ call: first + 9, resource: lamp, operation: "read" }), "resource");
  conversation.send("LET_GO", { program, epoch });
  // The link that was kept for that ends too.
  const after = await failure({ program, epoch });
  t.true(after === "unknown" || link.isClosed, after);
  running.kill();
});
