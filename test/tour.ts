// The tour: one program walks Node → boards, QuickJS, C of other processors and byte orders → Node, frozen wherever it is,
// and prints what Node prints. `npm run tour [-- --rounds N] [--seed N] [--json]` makes many rounds; tour.test.ts two.
//
// Boards run under QEMU with the firmware that serves (hosts/c/firmware/serve.c), their UARTs behind TCP. C of big-endian
// s390x and of 32-bit ARM is the device of test/c/serialboard.c under QEMU's user mode. A host whose compiler or
// emulator is not installed is left out, and said.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Command } from "commander";
import { nodeOutput, quickjsPath, root, User, type Finished } from "./cli-support.js";
import { Board as FakeBoard } from "./serial-board.js";
import { Random } from "./support/random.js";

/** Steps that the program runs on each host at least. */
const STEPS = 1000;
const PATIENCE_MS = 120_000;
/** What the program may take: boards have slots of that size. */
const MEMORY = "16K";

/**
 * It sorts nearly all the time, on any host, until it has been told `wanted` times that it moved; each time it prints what a closure, a generator and a Map have kept. So what it prints does not depend on how long it was where.
 */
export function tourProgram(wanted: number): string {
  return `
let moves = 0, sorted = 0;
function adder(step) { let sum = 0; return () => sum += step; }
const add = adder(7);
const visits = new Map();
function* numbers(seed) { try { for (;;) yield seed = (seed * 75 + 74) % 65537; } finally { console.log("the generator ends"); } }
const source = numbers(1);
const never = setTimeout(() => console.log("too late"), 1e9);
mvm.on("moved", () => {
  moves++;
  visits.set("move " + moves, add());
  for (const [name, sum] of visits) if (sum % 2 === moves % 2) console.log(name, sum, source.next().value);
});
async function sortForEver() {
  while (moves < ${wanted}) {
    const end = performance.now() + 40;
    do {
      const list = [];
      for (let i = 0; i < 24; i++) list.push((i * 7919 + sorted) % 101);
      list.sort(function compare(a, b) { for (let i = 0; i < 40; i++); return a - b; });
      for (let i = 1; i < list.length; i++) if (list[i - 1] > list[i]) console.log("sorted wrongly");
      sorted++;
    } while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return "after " + moves + " moves";
}
sortForEver().then((text) => { console.log(text, visits.size, add()); clearTimeout(never); source.return(); });
`;
}

interface Host {
  readonly name: string;
  /** Where it is reached. */
  start(user: User, key: string): Promise<{ address: string; lines(): string[]; stop(): void }>;
}
interface Machine { readonly board: string; /** Where its flash is too short for all. */ readonly profile?: string; readonly command: string; readonly list: readonly string[]; readonly console: (path: string) => string[] }
const serialConsole = (path: string): string[] => ["-serial", `file:${path}`];
const machines: readonly Machine[] = [
  { board: "lm3s6965evb", profile: "small", command: "qemu-system-arm", list: ["-M", "lm3s6965evb"], console: serialConsole },
  { board: "netduinoplus2", command: "qemu-system-arm", list: ["-M", "netduinoplus2"], console: serialConsole },
  { board: "riscv-virt", command: "qemu-system-riscv32", list: ["-M", "virt", "-bios", "none"], console: (path) => ["-chardev", `file,id=console,path=${path}`, "-device", "pci-serial,chardev=console"] },
];

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
function pause(ms: number): Promise<void> { return new Promise((resolve) => { setTimeout(resolve, ms); }); }
async function until(what: string, condition: () => boolean | Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!await condition()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(50);
  }
}

/** A board: its firmware is built with the user's key. */
function board({ board: name, profile = "standard", command, list, console: consoleOf }: Machine): Host {
  return {
    name,
    async start(user, key) {
      const port = await freePort();
      const path = join(user.directory, `${name}.console`);
      const built = spawnSync("sh", [`${root}hosts/c/firmware/build.sh`, name, "--serve"], { encoding: "utf8", env: { ...process.env, KEY: key, PROFILE: profile } });
      if (built.status !== 0) throw new Error(built.stderr);
      const child = spawn(command, [...list, "-nographic", "-monitor", "none", "-serial", `tcp:127.0.0.1:${port},server=on,wait=off,nodelay=on`, ...consoleOf(path), "-kernel", `${root}build/firmware/${name}-serve${profile === "standard" ? "" : `-${profile}`}.elf`], { stdio: "ignore" });
      const text = (): string => existsSync(path) ? readFileSync(path, "utf8") : "";
      // What is sent before the UART is enabled is lost, and repeated.
      await until(`${name} to start`, () => text().includes("waits for programs") || child.exitCode !== null);
      return { address: `serial:127.0.0.1:${port}`, lines: () => linesOf(text()), stop: () => child.kill("SIGKILL") };
    },
  };
}
function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("tour| ")).map((line) => line.slice("tour| ".length));
}
/** The device of test/c/serialboard.c for another processor, under QEMU's user mode. */
function foreign(name: string, compiler: string, emulator: string, flags: readonly string[]): Host {
  return {
    name,
    async start(_user, key) {
      const fake = new FakeBoard(buildForeign(name, compiler, flags), key, undefined, 1, emulator);
      const address = `serial:${await fake.listen()}`;
      return { address, lines: () => fake.lines, stop: () => fake.close() };
    },
  };
}
const foreignBuilt = new Map<string, string>();
function buildForeign(name: string, compiler: string, flags: readonly string[]): string {
  const known = foreignBuilt.get(name);
  if (known !== undefined) return known;
  const program = `${root}build/tourboard-${name}`;
  const folders = ["build/c", "hosts/c/embed", "hosts/c/io", "hosts/c/link", "hosts/c/posix"];
  const list = (folder: string): string[] => spawnSync("sh", ["-c", `ls ${root}${folder}/*.c`], { encoding: "utf8" }).stdout.trim().split("\n");
  const sources = [
    ...["test/c/serialboard.c", "test/c/serialdevice.c", "hosts/c/posix/host.c", "hosts/c/posix/clock.c", "build/c/machine.c", "build/c/core.c", "build/c/messages.c"].map((file) => root + file),
    ...list("hosts/c/link"), ...list("hosts/c/embed"), ...list("hosts/c/io"),
  ];
  const done = spawnSync(compiler, ["-static", "-std=c99", "-O1", "-ffp-contract=off", "-D_POSIX_C_SOURCE=200809L", "-DMVMJS_SLACK=256", "-DMVMJS_COMPACT", "-DMVMJS_CAPABILITIES_BYTES=4096", "-DMVMJS_SERIAL_PACKETS=1",
    ...flags, ...folders.map((folder) => `-I${root}${folder}`), ...sources, "-lm", "-o", program], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${name}: ${done.stderr.slice(0, 2000)}`);
  foreignBuilt.set(name, program);
  return program;
}
function serving(name: string, program?: string): Host {
  return {
    name,
    async start(user) {
      const { host, address } = await user.serve(program === undefined ? {} : { program });
      return { address, lines: () => linesOf(host.stdout), stop: () => host.child.kill("SIGKILL") };
    },
  };
}

/** The hosts of the tour in their order, and a sentence for each that is left out. */
export function tourHosts(): { hosts: Host[]; leftOut: string[] } {
  const leftOut: string[] = [];
  const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
  const hosts: Host[] = [];
  const add = (host: Host, packages: string, ...commands: string[]): void => {
    const missing = commands.find((command) => !has(command));
    if (missing === undefined) hosts.push(host);
    else leftOut.push(`${host.name}: no ${missing} (on Debian: apt-get install ${packages})`);
  };
  const [m3, m4, riscv] = machines as [Machine, Machine, Machine];
  const arm = ["gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm", "arm-none-eabi-gcc", "qemu-system-arm"] as const;
  add(board(m3), ...arm);
  add(serving("quickjs", quickjsPath), "", process.execPath);
  add(foreign("s390x", "s390x-linux-gnu-gcc", "qemu-s390x", ["-fexcess-precision=fast"]), "gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user", "s390x-linux-gnu-gcc", "qemu-s390x");
  add(board(riscv), "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc", "riscv64-unknown-elf-gcc", "qemu-system-riscv32");
  add(board(m4), ...arm);
  add(foreign("arm", "arm-linux-gnueabihf-gcc", "qemu-arm", []), "gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-user", "arm-linux-gnueabihf-gcc", "qemu-arm");
  hosts.push(serving("node"));
  return { hosts, leftOut };
}

export interface Round { ok: boolean; hops: number; problem: string; downtimesMs: Record<string, number> }

/** One walk. */
export async function tourRound(hosts: readonly Host[], seed: number): Promise<Round> {
  const random = new Random(seed);
  const user = new User();
  const started: { name: string; address: string; lines(): string[]; stop(): void }[] = [];
  const downtimesMs: Record<string, number> = {};
  let hops = 0;
  try {
    const { key } = await user.json("key", "show") as { key: string };
    for (const host of hosts) started.push({ name: host.name, ...await host.start(user, key) });
    const program = user.file("tour.js", tourProgram(hosts.length));
    // Node has no moves: the same listener is called as often, between two sorts.
    const oracle = user.file("oracle.js", `globalThis.mvm = { on(name, f) { for (let i = 0; i < ${hosts.length}; i++) setTimeout(f, 20 * (i + 1)); } };\n${tourProgram(hosts.length)}`);
    const expected = await nodeOutput(user, oracle);
    const source = user.start(["run", program, "--memory", MEMORY]);
    await until("the program", async () => (await user.programs()).some(({ name, steps }) => name === "tour" && steps > 5000));
    let on: string[] = [];
    let stepsBefore = 0;
    for (const { name, address } of started) {
      await until(`steps before ${name}`, async () => {
        const [facts] = await user.json("ps", ...on) as { steps: number; name: string }[];
        if (facts === undefined) throw new Error(`the program has gone before it went to ${name}: ${started.map((one) => one.lines().join(" ")).join("; ")}`);
        return facts.steps > stepsBefore + STEPS;
      });
      await pause(random.next(150));
      const problem = await checkState(user, on);
      if (problem !== "") return { ok: false, hops, problem: `before ${name}: ${problem}`, downtimesMs };
      const moved: Finished = await user.mvm("migrate", "tour", ...on, "--to", address, "--json");
      if (moved.code !== 0) return { ok: false, hops, problem: `to ${name}: ${moved.stderr}`, downtimesMs };
      downtimesMs[name] = (JSON.parse(moved.stdout) as { downtimeMs: number }).downtimeMs;
      hops++;
      on = ["--on", address];
      const [facts] = await user.json("ps", ...on) as { steps: number }[];
      stepsBefore = facts?.steps ?? Infinity;
    }
    const wanted = expected.trim().split("\n");
    const printed = (): string[] => [source.stdout.split("\n").slice(0, -1), ...started.map(({ lines }) => lines())].flat();
    await until("the program's end", () => printed().includes("the generator ends"), 20_000).catch(() => {});
    const all = printed();
    const wrong = wanted.findIndex((line, i) => line !== all[i]);
    const problem = wrong >= 0 ? `line ${wrong} is '${all[wrong]}' and should be '${wanted[wrong]}'; printed: ${started.map(({ name, lines }) => `${name} ${JSON.stringify(lines())}`).join(" ")}` : all.length > wanted.length ? `lines too many: ${all.slice(wanted.length).join("; ")}` : "";
    return { ok: problem === "", hops, problem, downtimesMs };
  } finally {
    for (const one of started) one.stop();
    user.close();
  }
}

/** Does the program have what the tour is about: a sort that is not over, an async function that waits for it, a pending timer? */
async function checkState(user: User, on: readonly string[]): Promise<string> {
  let seen = "";
  for (let attempt = 0; attempt < 20; attempt++) {
    const { stack, pending } = await user.json("inspect", "tour", ...on) as { stack: { function: string }[]; pending: { timers: unknown[] } };
    const names = stack.map((frame) => frame.function);
    if (pending.timers.length === 0) return "no timer is pending";
    if (names.includes("sort") && names.includes("sortForEver")) return "";
    seen = names.join(" < ");
  }
  return `no sort is under way: ${seen}`;
}

async function main(): Promise<void> {
  const options = new Command("tour")
    .description("Has a program walk around all kinds of hosts, again and again.")
    .option("--rounds <n>", "how many times", "20").option("--seed <n>", "what decides when it is frozen", "1")
    .option("--json", "one JSON object a round on stdout, and a last one with rounds, hops, ok")
    .addHelpText("after", "\nExamples:\n  npm run tour\n  npm run tour -- --rounds 2 --seed 7 --json")
    .parse().opts<{ rounds: string; seed: string; json?: boolean }>();
  const { hosts, leftOut } = tourHosts();
  for (const sentence of leftOut) console.error(`left out: ${sentence}`);
  let hops = 0, ok = true;
  const rounds = Number(options.rounds);
  for (let round = 0; round < rounds; round++) {
    const result = await tourRound(hosts, Number(options.seed) + round);
    hops += result.hops;
    ok &&= result.ok;
    console.log(options.json === true ? JSON.stringify({ round, ...result }) : `round ${round + 1}: ${result.ok ? "as Node" : result.problem}; downtime in ms: ${Object.entries(result.downtimesMs).map(([name, ms]) => `${name} ${ms.toFixed(0)}`).join(", ")}`);
  }
  const last = { rounds, hops, ok, hosts: hosts.map(({ name }) => name), leftOut };
  console.log(options.json === true ? JSON.stringify(last) : `${rounds} rounds over ${hosts.length} hosts, ${hops} hops: ${ok ? "ok" : "NOT ok"}`);
  process.exitCode = ok ? 0 : 1;
}
if (process.argv[1]?.endsWith("tour.js") === true) await main();
