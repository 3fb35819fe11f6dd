// mvm-quickjs as a command: programs run and move between Node and QuickJS while they run, hosts inside QuickJS answer the
// same commands, and bad use costs one line. And the bundle as one plain file under a native `qjs`, where there is one
// (in the PATH, or where MVM_QJS says).

import test from "ava";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { DuplexConnection } from "../hosts/node/connection.js";
import { digest } from "../hosts/node/digest.js";
import { scopes } from "../hosts/node/keys.js";
import { loadCore, loadKernel } from "../hosts/node/load-core.js";
import { platform } from "../hosts/node/platform.js";
import { compileSource } from "../hosts/node/index.js";
import type { Link } from "../vm/hosting/link.js";
import { depart } from "../vm/hosting/migrate.js";
import type { Platform } from "../vm/hosting/platform.js";
import { ServingHost } from "../vm/hosting/serve.js";
import { abi } from "../vm/abi.js";
import { encodeImage, readImage, restoreImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { Program } from "../vm/hosting/program.js";
import { Runner } from "../vm/hosting/runner.js";
import { NamedOutput, type Outlet } from "../vm/hosting/output.js";
import { faultTable } from "../vm/ownership-table.js";
import { agrees, tryFault } from "./cli-faults.js";
import { moveAround } from "./cli-moves.js";
import { linesOf, quickjsPath as quickjs, root, User } from "./cli-support.js";
import { Beside, hashesBeside } from "./support/beside.js";
import { imageLimits, imageMeta, programUnit } from "./support/run-program.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);

// It ends on Node, because the program is slow inside.
test.serial("moves at random moments between Node and QuickJS: the output is node's", async (t) => {
  const result = await moveAround(5, seed, [(user) => user.serve(), (user) => user.serve({ program: quickjs })]);
  t.is(result.problem, "");
  t.log(`seed ${seed}: ${result.moves} moves of ${result.bytes} bytes, downtime ${result.downtimes.map((ms) => ms.toFixed(1)).join(" ")} ms`);
});

const counting = "let i = 0; setInterval(() => console.log(i++), 10);";
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

test.serial("a host inside QuickJS does what commands ask, from this machine and from others", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("count.js", counting);
  const { host, address } = await user.serve({ program: quickjs });
  const other = await user.serve();
  const source = user.start(["run", "count.js"]);
  await source.until("output", () => source.stdout.length > 30);
  while ((await user.programs()).length === 0) await pause(50);
  t.is((await user.mvm("migrate", "count", "--to", address)).code, 0);
  t.is((await source.finished).code, 0);
  await host.until("output", () => linesOf(host.stdout, "count").length > 5);

  const [facts] = await user.json("ps", "--on", address) as { name: string; status: string; steps: number; pid: number }[];
  t.like(facts, { name: "count", pid: host.child.pid! });
  t.true(facts!.steps > 100);
  t.is((await user.mvm("pause", "count", "--on", address)).code, 0);
  const printed = host.stdout;
  await pause(150);
  t.is(host.stdout, printed);
  t.is((await user.programs())[0]!.status, "paused");
  const inspection = await user.json("inspect", "count") as { status: string };
  t.is(typeof inspection.status, "string");
  t.regex((await user.mvm("inspect", "count", "--on", address)).stdout, /timers/);
  const snapshot = await user.mvm("snapshot", "count", "-o", "count.mvm");
  t.is(snapshot.code, 0, snapshot.stderr);
  t.is((await user.mvm("logs", "count", "--on", address)).stdout, `${linesOf(printed, "count").join("\n")}\n`);
  t.is((await user.mvm("resume", "count")).code, 0);
  await host.until("more output", () => host.stdout.length > printed.length);

  // A copy of it goes on inside QuickJS, in a process of its own, and is found there.
  const copy = user.start(["run", "count.mvm", "--name", "copy"], { program: quickjs });
  await copy.until("output", () => copy.stdout.length > 20);
  t.is(Number(copy.stdout.split("\n")[0]), Number(linesOf(printed, "count").at(-1)) + 1);
  while (!(await user.programs()).some((one) => one.name === "copy")) await pause(50);
  t.is((await user.mvm("stop", "copy")).code, 0);
  const stopped = await copy.finished;
  t.is(stopped.code, 143);
  t.regex(stopped.stderr, /^mvm-quickjs: copy was stopped\n$/);

  t.is((await user.mvm("migrate", "count", "--on", address, "--to", other.address)).code, 0);
  await other.host.until("output", () => linesOf(other.host.stdout, "count").length > 5);
  const all = [...source.stdout.trim().split("\n"), ...linesOf(host.stdout, "count"), ...linesOf(other.host.stdout, "count")];
  t.deepEqual(all, all.map((_, index) => String(index)));
  t.regex((await user.mvm("pause", "count", "--on", address)).stderr, /no program 'count' runs here/);
  host.kill("SIGTERM");
  t.is((await host.finished).code, 0);
});

test.serial("a host inside QuickJS refuses what it has no room for, and lives on after noise", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("count.js", counting);
  const { host, address } = await user.serve({ program: quickjs, list: ["--max-memory", "1M"] });
  const source = user.start(["run", "count.js"]);
  await source.until("output", () => source.stdout.length > 30);
  while ((await user.programs()).length === 0) await pause(50);
  const refused = await user.mvm("migrate", "count", "--to", address);
  t.is(refused.code, 4);
  t.regex(refused.stderr, /the program may take 67108864 bytes of memory, this host gives 1048576.*goes on here/);
  const before = source.stdout.length;
  await source.until("more output", () => source.stdout.length > before);
  const noise = createConnection({ path: join(user.home, "run", `${host.child.pid}.sock`) });
  t.teardown(() => noise.destroy());
  noise.resume().write(Buffer.alloc(1000, 0xaa));
  await once(noise, "close");
  t.false(host.isOver);
  t.is((await user.mvm("ps", "--on", address)).code, 0);
});

for (const [message, when, fault] of [
  ["CHUNK", "after", "connection cut"], ["COMMIT", "before", "target killed"], ["READY", "after", "source killed"], ["COMMITTED", "before", "connection cut"],
] as const) {
  test.serial(`${message}, ${when} it: ${fault}, with the other side inside QuickJS`, async (t) => {
    const row = faultTable.find((one) => one.message === message && one.when === when && one.fault === fault)!;
    const tried = await tryFault(row, { host: { program: quickjs }, source: { program: quickjs } });
    t.true(agrees(row, tried), JSON.stringify({ row, tried }));
  });
}

test.serial("run: output, arguments, exit codes, signals; bad use costs one line", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("one.js", "console.log(process.argv.slice(2).join(), '\\ud800 \\u20ac'); console.error('err'); setTimeout(() => process.exit(9), 20);");
  user.file("endless.js", "for (;;);");
  for (const name of ["one", "endless"]) t.is((await user.mvm("build", `${name}.js`)).code, 0);
  const run = (...list: string[]): ReturnType<User["mvm"]> => user.start(list, { program: quickjs }).finished;
  t.deepEqual(await run("run", "one.mvm", "--", "a", "--b"), { code: 9, signal: null, stdout: "a,--b \ufffd \u20ac\n", stderr: "err\n" });
  const fuel = await run("run", "endless.mvm", "--fuel", "12345");
  t.is(fuel.code, 5);
  t.regex(fuel.stderr, /^mvm-quickjs: endless has used its 12345 steps; .*--fuel\n$/);
  const endless = user.start(["run", "endless.mvm"], { program: quickjs });
  while ((await user.programs()).length === 0) await pause(50);
  t.is((await user.programs())[0]!.status, "running");
  endless.kill("SIGINT");
  t.is((await endless.finished).code, 130);
  // As with mvm: an output that is full, and one that nobody reads any more.
  const printing = (out: number | "pipe", command: string[]): ReturnType<typeof spawnSync> => spawnSync(command[0]!, command.slice(1), { cwd: user.directory, env: { ...process.env, MVM_HOME: user.home }, stdio: ["ignore", out, "pipe"] });
  const full = openSync("/dev/full", "w");
  t.teardown(() => closeSync(full));
  const unwritten = printing(full, [process.execPath, quickjs, "run", "one.mvm"]);
  t.is(unwritten.status, 3);
  t.regex(String(unwritten.stderr), /mvm-quickjs: cannot write the program's output: no space is left on the device; free some\n$/);
  user.file("many.js", "for (let i = 0; ; i++) console.log(i);");
  t.is((await user.mvm("build", "many.js")).code, 0);
  t.is(String(printing("pipe", ["bash", "-c", `'${process.execPath}' '${quickjs}' run many.mvm | head -n 2; echo "\${PIPESTATUS[0]}"`]).stdout), "0\n1\n141\n");
  const help = await run("--help");
  t.is(help.code, 0);
  t.regex(help.stdout, /Examples:[^]*Exit codes/);
  const cases: [string[], number, RegExp][] = [
    [[], 2, /no command; see `mvm-quickjs --help`/],
    [["walk"], 2, /no command 'walk'/],
    [["run"], 2, /name the image/],
    [["run", "one.mvm", "two.mvm"], 2, /one image at a time/],
    [["run", "one.mvm", "--fule", "3"], 2, /no option '--fule' of run/],
    [["run", "one.mvm", "--fuel"], 2, /a value is missing behind --fuel/],
    [["run", "one.mvm", "--fuel", "-3"], 2, /--fuel takes a number, not '-3'/],
    [["run", "one.mvm", "--memory", "lots"], 2, /--memory takes a size, not 'lots'/],
    [["run", "one.mvm", "--hash-every", "10"], 2, /--hash-every goes with --virtual-time/],
    [["run", "one.mvm", "--virtual-time", "--stop-after", "5"], 2, /--stop-after and -o go together/],
    [["run", "one.mvm", "--virtual-time", "--stop-after", "5", "-o", "no/where.mvm"], 3, /cannot write no\/where\.mvm/],
    [["run", "nowhere.mvm"], 3, /cannot read nowhere\.mvm: there is no such file/],
    [["run", "one.js"], 3, /one: this is not an image of mvm; give a file/],
    [["serve", "--listen", "127.0.0.1:99999"], 2, /is no address/],
    [["serve", "one.mvm"], 2, /serve takes no files/],
  ];
  for (const [list, code, line] of cases) {
    const ran = await run(...list);
    t.is(ran.code, code, `${list.join(" ")}: ${ran.stderr}`);
    t.regex(ran.stderr, line);
    t.regex(ran.stderr, /^mvm-quickjs: [^\n]+\n$/);
  }
});

const mvmC = `${root}build/mvm-c`;
(existsSync(mvmC) ? test.serial : test.serial.skip)("a program walks between Node, C and QuickJS: no line is lost or comes twice", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("walk.js", `
    function* words() { for (let i = 0; ; i++) yield "w" + i; }
    const source = words(), seen = new Map(); let line = 0;
    setInterval(() => { const word = source.next().value; seen.set(word, [...word].sort((a, b) => a < b ? 1 : -1).join("")); console.log(line++, word, seen.get("w7"), seen.size); }, 5);
  `);
  const stations = [await user.serve({ binary: mvmC }), await user.serve({ program: quickjs }), await user.serve()];
  const source = user.start(["run", "walk.js"]);
  await source.until("output", () => source.stdout.length > 300);
  while ((await user.programs()).length === 0) await pause(50);
  let at: string[] = [];
  // C, QuickJS, C, QuickJS, Node, QuickJS.
  for (const next of [0, 1, 0, 1, 2, 1]) {
    const { host, address } = stations[next]!;
    const before = host.stdout.length;
    const moved = await user.mvm("migrate", "walk", ...at, "--to", address);
    t.is(moved.code, 0, moved.stderr);
    await host.until("output", () => host.stdout.length > before + 300);
    at = ["--on", address];
  }
  t.is((await user.mvm("stop", "walk", ...at)).code, 0);
  const all = [source.stdout.split("\n").slice(0, -1), ...stations.map(({ host }) => linesOf(host.stdout, "walk"))].flat().sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
  t.deepEqual(all, all.map((_, i) => `${i} w${i} ${i < 7 ? "undefined" : "w7"} ${i + 1}`));
});

// ---------------------------------------------------------------- a native qjs

const qjs = process.env["MVM_QJS"] ?? "qjs";
const isNative = spawnSync(qjs, ["--std", "-e", "0"]).status === 0;
const natively = isNative ? test.serial : test.serial.skip;
const file = `${root}build/mvm-quickjs.js`;

test("a native qjs is used where there is one", (t) => {
  t.log(isNative ? `${qjs} is used` : `there is no ${qjs} that knows --std: the bundle is not tried natively (MVM_QJS says where one is)`);
  t.true(readFileSync(file, "latin1").startsWith('"use strict";') || readFileSync(file, "latin1").startsWith("("), "one plain script");
});

function native(input: Uint8Array | undefined, ...list: string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(qjs, ["--std", file, ...list], { input, encoding: "utf8", env: { MODE: "test", TZ: "UTC" } });
}

natively("a native qjs runs images from standard input, in lockstep", async (t) => {
  await loadKernel();
  for (const name of ["closures.js", "async-generators.mjs", "calculator.js"]) {
    const image = encodeImage(Machine.create(await loadKernel(), loadCore(), programUnit(name)), imageMeta, digest);
    const ran = native(image, "run", "--virtual-time", "--hash-every", "1000", "--fuel", "30000");
    const beside = Beside.of(image);
    t.deepEqual(ran.stderr.split("\n").filter((line) => /^\d+ [0-9a-f]{16}$/.test(line)), hashesBeside(beside, 1000, 30000), name);
    t.is(ran.stdout, beside.stdout, name);
  }
  const real = encodeImage(Machine.create(await loadKernel(), loadCore(), compileSource("console.log(process.argv.slice(2).join()); setTimeout(() => process.exit(9), 20);")), imageMeta, digest);
  t.like(native(real, "run", "--", "a", "--b"), { stdout: "a,--b\n", stderr: "", status: 9 });
  t.like(native(Buffer.from("nonsense"), "run"), { stdout: "", status: 3 });
  t.is(native(undefined, "walk").status, 2);
  t.regex(native(undefined, "--help").stdout, /Exit codes/);
});

/** A host of this process's that takes programs in, with what they print. */
function makeHost(platform: Platform): { host: ServingHost; printed: string[]; notes: string[] } {
  const printed: string[] = [];
  const notes: string[] = [];
  const output: Outlet = { write: (_, text) => void printed.push(text), flush() {} };
  const host = new ServingHost({ platform, memoryMax: 1 << 28, programsMax: 4, note: (line) => void notes.push(line), output: () => output, environment: () => [], accident: () => undefined });
  return { host, printed, notes };
}

natively("a program moves into a native qjs over its pipes, and back", async (t) => {
  const child: ChildProcess = spawn(qjs, ["--std", file, "serve"], { stdio: ["pipe", "pipe", "pipe"] });
  t.teardown(() => child.kill("SIGKILL"));
  let there = "";
  child.stderr!.on("data", (bytes: Buffer) => { there += bytes.toString(); });
  // The link that stands is the way there, as it is the way back.
  const piped: Platform = { ...platform, placeOf: () => "qjs", reach: () => Promise.resolve({ place: "qjs", link }) };
  const { host, printed, notes } = makeHost(piped);
  const link: Link = host.link({ connection: new DuplexConnection(Duplex.from({ writable: child.stdin!, readable: child.stdout! })), began: true, scopes, place: "qjs" });
  await link.ready;
  t.is(link.peer!.abi, abi);

  const image = encodeImage(Machine.create(await loadKernel(), loadCore(), compileSource(counting)), imageMeta, digest);
  const machine = restoreImage(await loadKernel(), loadCore(), readImage(image, digest, imageLimits), digest);
  const output = new NamedOutput("count", { write: (_, text) => void printed.push(text), flush() {} });
  const program: Program = Program.begin(machine, { timing: platform, output: (stream, text) => output.write(stream, text), woken: () => runner.wake() });
  const runner: Runner = new Runner(program, { timing: platform, ended: () => {} });
  const resident = host.add("count", runner, output);
  runner.release();
  while (printed.length < 5) await pause(10);

  const moved = await depart(host, resident, { to: "pipes", io: "reopen" }, () => {});
  t.is(moved.kind, "moved", JSON.stringify(moved));
  while (linesOf(there, "count").length < 10) await pause(10);

  const command = link.begin();
  command.send("MIGRATE", { which: "count", to: "-" });
  let answer = await command.next(10000);
  while (answer?.name === "PROGRESS") answer = await command.next(10000);
  t.is(answer?.name, "DONE", JSON.stringify(answer));
  t.is(host.residents.length, 1);
  const before = printed.length;
  while (printed.length < before + 5) await pause(10);
  const lines = linesOf(`${printed.join("")}`, "count");
  const inside = linesOf(there, "count");
  const first = lines.indexOf(String(Number(inside.at(-1)) + 1));
  t.deepEqual([...lines.slice(0, first), ...inside, ...lines.slice(first)], Array.from({ length: lines.length + inside.length }, (_, i) => String(i)));
  host.leave(host.residents[0]!, { kind: "stopped" });
  t.regex(notes.join("\n"), /count has come from/);
  // Without a peer and without programs it ends.
  link.close();
  const code = await new Promise<number | null>((resolve) => { child.on("exit", resolve); });
  t.is(code, 0, there);
});
