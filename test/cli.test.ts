// The commands of mvm, through child processes: what they print, their exit codes, what they do to running programs.

import test from "ava";
import { readFileSync } from "node:fs";
import { linesOf, nodeOutput, User } from "./cli-support.js";

/** Prints a numbered line every few milliseconds until it has printed `count`. */
const counter = (count: number, delay: number): string => `
let i = 0;
function work(depth) { return depth === 0 ? i : work(depth - 1) + 0; }
const timer = setInterval(() => {
  console.log(i, work(20));
  if (++i === ${count}) clearInterval(timer);
}, ${delay});
`;

test.serial("run: sources of every kind, arguments, exit codes", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("m.mjs", "import { a } from './a.js';\nconsole.log(a, await Promise.resolve(2), import.meta.url.slice(0, 8));");
  user.file("a.js", "export const a = 1;");
  user.file("c.cjs", "const { b } = require('./b.cjs'); console.log(b, typeof module);");
  user.file("b.cjs", "exports.b = 'b';");
  user.file("t.ts", "interface A { x: number }\nconst a: A = { x: 3 };\nconsole.log(a as A);");
  user.file("arguments.js", "console.log(process.argv.slice(2).join(), process.argv.length);");
  const [m, c, ts, list] = await Promise.all([user.mvm("run", "m.mjs"), user.mvm("run", "c.cjs"), user.mvm("run", "t.ts"), user.mvm("run", "arguments.js", "--", "x", "-y")]);
  t.deepEqual([m.stdout, m.stderr, m.code], ["1 2 file:///\n", "", 0]);
  t.deepEqual([c.stdout, c.code], ["b object\n", 0]);
  t.deepEqual([ts.stdout, ts.code], ["{ x: 3 }\n", 0]);
  t.deepEqual([list.stdout, list.code], ["x,-y 4\n", 0]);
  user.file("exit.js", "console.log('a'); process.exit(7); console.log('b');");
  user.file("code.js", "process.exitCode = 4;");
  user.file("throw.js", "function inner() {\n  throw new TypeError('wrong');\n}\ninner();");
  user.file("reject.js", "Promise.reject(new Error('nobody')); setTimeout(() => console.log('never'), 100);");
  const [exit, code, thrown, rejected] = await Promise.all(["exit", "code", "throw", "reject"].map((name) => user.mvm("run", `${name}.js`)));
  t.deepEqual([exit!.stdout, exit!.code], ["a\n", 7]);
  t.is(code!.code, 4);
  t.is(thrown!.code, 1);
  t.regex(thrown!.stderr, /TypeError: wrong\n +at inner \(.*throw\.js:2:9\)/);
  t.is(rejected!.code, 1);
  t.regex(rejected!.stderr, /Error: nobody/);
});

test.serial("build, and run from the image; equal sources give equal images", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("app.js", "function f(n) { return n ? n * f(n - 1) : 1; }\nconsole.log(f(10));");
  const built = await user.json("build", "app.js") as { file: string; bytes: number };
  t.deepEqual(built, { file: "app.mvm", bytes: readFileSync(user.path("app.mvm")).length });
  const second = await user.mvm("build", "app.js", "-o", "second.mvm");
  t.regex(second.stdout, /^second\.mvm: \d+ bytes\n$/);
  t.deepEqual(readFileSync(user.path("app.mvm")), readFileSync(user.path("second.mvm")));
  const small = await user.json("build", "app.js", "--no-debug", "-o", "small.mvm") as { bytes: number };
  t.true(small.bytes < built.bytes);
  for (const file of ["app.mvm", "small.mvm"]) t.like(await user.mvm("run", file), { stdout: "3628800\n", stderr: "", code: 0 });
  const text = await user.mvm("disassemble", "app.js");
  t.regex(text.stdout, /function .*f \[/);
  const [, ...lines] = text.stdout.split("\n");
  t.is((await user.mvm("disassemble", "app.mvm")).stdout, lines.join("\n"));
  t.regex((await user.mvm("inspect", "app.mvm")).stdout, /^stopped: .*\nstack\n/);
});

test.serial("ps, pause, resume, snapshot, stop", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("counter.js", counter(100000, 5));
  t.deepEqual(await user.programs(), []);
  const running = user.start(["run", "counter.js", "--name", "zähler"]);
  await running.until("output", () => running.stdout.length > 200);
  const [listed] = await user.programs();
  t.like(listed, { name: "zähler", pid: running.child.pid, epoch: 1 });
  t.regex((await user.mvm("ps")).stdout, /^NAME +ID +STATUS .*\nzähler +[0-9a-f]{8} /);

  t.is((await user.mvm("pause", "zähler")).stdout.replace(/\d+/, "N"), "zähler is paused at step N\n");
  const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 300); });
  await pause();
  const before = running.stdout;
  const [paused] = await user.programs();
  t.is(paused!.status, "paused");
  await pause();
  t.is(running.stdout, before);
  t.is((await user.mvm("resume", listed!.program.slice(0, 8))).code, 0);
  await running.until("more output", () => running.stdout.length > before.length + 100);

  const image = await user.json("snapshot", "zähler", "-o", "f.mvm") as { bytes: number };
  t.is(readFileSync(user.path("f.mvm")).length, image.bytes);
  const copy = user.start(["run", "f.mvm", "--name", "copy"]);
  await copy.until("the copy's output", () => copy.stdout.length > 100);
  t.deepEqual((await user.programs()).map((one) => one.name), ["copy", "zähler"]);
  t.not((await user.programs())[0]!.program, listed!.program);
  // The copy goes on where the image was taken: its first line is one that the program printed about then.
  const first = Number(copy.stdout.split(" ")[0]);
  t.true(first > 10 && running.stdout.includes(`\n${first} ${first}\n`));
  t.deepEqual(copy.stdout.trim().split("\n"), Array.from({ length: copy.stdout.trim().split("\n").length }, (_, i) => `${first + i} ${first + i}`));

  t.is((await user.mvm("stop", "")).code, 7);
  t.is((await user.mvm("stop", "copy")).stdout, "copy was stopped\n");
  t.like(await copy.finished, { code: 143, stderr: "mvm: copy was stopped\n" });
  t.is((await user.mvm("stop", "zähler")).code, 0);
  t.is((await running.finished).code, 143);
  t.deepEqual(await user.programs(), []);
});

test.serial("limits: memory, fuel, recursion", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("endless.js", "for (;;) {}");
  user.file("greedy.js", "const all = []; for (;;) all.push(new Array(1000).fill(0));");
  user.file("deep.js", "function f() { return f() + 1; }\ntry { f(); } catch (error) { console.log(error instanceof RangeError); }");
  const [endless, greedy, deep] = await Promise.all([
    user.mvm("run", "endless.js", "--fuel", "1000000"), user.mvm("run", "greedy.js", "--memory", "2M"), user.mvm("run", "deep.js"),
  ]);
  t.deepEqual([endless.code, endless.stderr], [5, "mvm: endless has used its 1000000 steps; give it more with --fuel\n"]);
  t.is(greedy.code, 5);
  t.regex(greedy.stderr, /greedy needs more than its 2097152 bytes of memory; give it more with --memory\n$/);
  t.deepEqual([deep.stdout, deep.code], ["true\n", 0]);
});

test.serial("a program's time stands still while it is paused", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  user.file("time.js", "console.log('begin'); const start = performance.now(); setTimeout(() => console.log(performance.now() - start < 900), 600);");
  const running = user.start(["run", "time.js"]);
  await running.until("the beginning", () => running.stdout !== "");
  await user.mvm("pause", "time");
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
  await user.mvm("resume", "time");
  t.is((await running.finished).stdout, "begin\ntrue\n");
});

test.serial("migrate: the program goes on there, the name is told apart, what left says where it went", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const path = user.file("counter.js", counter(400, 10));
  const expected = await nodeOutput(user, path);
  const { host, address } = await user.serve();
  const runs = [user.start(["run", "counter.js"]), user.start(["run", "counter.js", "--name", "other"])];
  for (const run of runs) await run.until("output", () => run.stdout.length > 50);
  const ambiguous = await user.mvm("migrate", "--to", address);
  t.is(ambiguous.code, 7);
  const moved = await user.json("migrate", "counter", "--to", address) as { name: string; to: string; bytes: number; downtimeMs: number };
  t.like(moved, { name: "counter", to: address });
  t.true(moved.bytes > 1000 && moved.downtimeMs > 0);
  t.like(await runs[0]!.finished, { code: 0, stderr: `mvm: counter has moved to ${address}\n` });

  // The only one that runs here besides is named already; at the target "counter" is taken.
  const third = user.start(["run", "counter.js"]);
  await third.until("output", () => third.stdout.length > 50);
  const [here] = (await user.programs()).filter((one) => one.pid === third.child.pid);
  const second = await user.mvm("migrate", here!.program, "--to", address);
  t.regex(second.stdout, new RegExp(`^counter runs at ${address} as counter-2: \\d+ bytes, [\\d.]+ ms of downtime\\n$`));
  t.regex(second.stderr, /connecting\n.*offered\n.*frozen\n.*granted\n/s);
  t.is((await third.finished).stderr, `mvm: counter has moved to ${address} as counter-2\n`);

  await host.until("the programs' end", () => (host.stderr.match(/has ended with 0/g) ?? []).length === 2);
  t.is(runs[0]!.stdout + linesOf(host.stdout, "counter").map((line) => `${line}\n`).join(""), expected);
  t.is(third.stdout + linesOf(host.stdout, "counter-2").map((line) => `${line}\n`).join(""), expected);
  t.is((await runs[1]!.finished).stdout, expected);
});

test.serial("help says what each command does, with examples", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const all = await user.mvm("--help");
  t.is(all.code, 0);
  t.regex(all.stdout, /Exit codes:/);
  const names = [...all.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!).filter((name) => name !== "help" && name !== "mvm");
  t.deepEqual(names.sort(), ["build", "disassemble", "inspect", "key", "logs", "migrate", "pause", "ps", "recover", "resume", "run", "serve", "snapshot", "stop"]);
  const helps = await Promise.all([["run"], ["migrate"], ["serve"], ["key", "import"]].map((list) => user.mvm(...list, "--help")));
  for (const help of helps) t.regex(help.stdout, /Examples:\n {2}mvm /);
  t.like(await user.mvm("--version"), { code: 0, stdout: "0.1.0\n" });
});

test.serial("keys: made at first need, for the owner alone; imported ones with scopes", async (t) => {
  const user = new User();
  const peer = new User();
  t.teardown(() => { user.close(); peer.close(); });
  const { stdout } = await user.mvm("key", "show");
  t.regex(stdout, /^[0-9a-f]{64}\n$/);
  t.is((await user.mvm("key", "show")).stdout, stdout);
  const imported = await peer.start(["key", "import", "-", "--name", "user", "--json"], { input: stdout }).finished;
  t.is(imported.code, 0);
  const { id } = await user.json("key", "show") as { id: string };
  t.deepEqual((await peer.json("key", "show") as { peers: unknown }).peers, [{ id, scopes: ["receive", "observe"], name: "user" }]);
  // The peer's host lets this user list, not stop.
  const { address } = await peer.serve();
  t.is((await user.mvm("ps", "--at", address)).code, 0);
  peer.file("counter.js", counter(100000, 10));
  const running = peer.start(["run", "counter.js"]);
  await running.until("output", () => running.stdout.length > 20);
  t.is((await peer.mvm("migrate", "--to", address)).code, 0);
  const refused = await user.mvm("stop", "counter", "--at", address);
  t.is(refused.code, 4);
  t.regex(refused.stderr, /your key does not allow that here \(scope control\)/);
});
