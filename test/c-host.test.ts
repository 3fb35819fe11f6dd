// mvm-c, the generated machine as a POSIX program: the same output as Node's, state hashes equal to the flattened
// machine's at every 1,000 steps however each side collects, programs that change hosts in the middle of anything, and
// images that are refused or, where they are forged, spoil only themselves.

import test from "ava";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Packr } from "msgpackr";
import { Reg } from "../vm/format/registers.js";
import { coreHash, encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { PackReader, type Packed } from "../vm/msgpack-strict.js";
import type { ProgramUnit } from "../vm/unit.js";
import { Beside, hashesBeside } from "./support/beside.js";
import { nodeTranscript } from "./support/oracle.js";
import { Random, seedOf } from "./support/random.js";
import { compileText, core, digest, flatKernel, imageMeta, programNames, programUnit, root } from "./support/run-program.js";

const program = `${root}build/mvm-c`;
const compiler = spawnSync(process.env["CC"] ?? "gcc", ["--version"]).status === 0;
const here = compiler ? test.serial : test.serial.skip;

/** Programs of this file's own, for what the others do not reach on this host. */
const snippets: Record<string, string> = {
  ropes: "let s = ''; for (let i = 0; i < 400; i++) s = (i % 3 ? s + i : i + s) + (i % 50 ? '' : '\\u20ac\\ud83d\\ude00'); console.log(s); process.stdout.write('\\ud800 ' + s.slice(3, 90)); console.error('to stderr ' + s.length); console.log('\\u00e9 \\u0000.');",
  timers: "const start = performance.now(); let n = 0; const id = setInterval(() => { console.log('tick', ++n, performance.now() - start); if (n === 4) clearInterval(id); }, 250); setTimeout((a, b) => console.log(a + b, Date.now()), 1e9, 1, 2); setTimeout(() => console.log(new Date().toISOString()), 10);",
  surroundings: "console.log(process.argv.length, process.argv.join(), JSON.stringify(process.env), new Date(0).getTimezoneOffset(), crypto.getRandomValues(new Uint8Array(20)).join()); mvm.call('missing\\u20ac', 1, [2]).catch((error) => { console.log(error.message); process.exitCode = 7; });",
  growing: "const list = []; for (let i = 0; i < 3000; i++) { list.push({ i, name: 'n' + i }); if (i % 7 === 0) list[i >> 1] = null; } let sum = 0; for (const one of list) if (one) sum += one.i + one.name.length; console.log(sum); function deep(n) { return n ? 1 + deep(n - 1) : 0; } console.log(deep(3000));",
  // Code from text is refused without a compiler, and the program goes on; names within a with need none.
  evaluation: "for (const text of ['1', 'var a']) { try { console.log((0, eval)(text)); } catch (error) { console.log(error.name, error.message); } } try { new Function('1'); } catch (error) { console.log(error.name); } with ({ a: 1 }) console.log(a, typeof b); import('./none.js').catch((error) => console.log(error.code));",
  uncaught: "console.log('before'); setTimeout(() => console.log('never'), 5); throw new TypeError('wrong \\u20ac');",
};

const folder = mkdtempSync(`${tmpdir()}/mvm-c-`);
test.after.always(() => rmSync(folder, { recursive: true }));

interface Ran { stdout: string; stderr: string; hashes: string[]; code: number | null; signal: string | null }
/** Runs mvm-c with an environment that is the same everywhere. */
function run(...list: string[]): Ran {
  const { stdout, stderr, status, signal } = spawnSync(program, list, { env: { MODE: "test", TZ: "UTC" }, encoding: "utf8", maxBuffer: 1 << 26, timeout: PATIENCE });
  const lines = stderr.split("\n");
  const isHash = (line: string): boolean => /^\d+ [0-9a-f]{16}$/.test(line);
  return { stdout, stderr: lines.filter((line) => !isHash(line)).join("\n"), hashes: lines.filter(isHash), code: status, signal };
}
function fileOf(name: string, bytes: Uint8Array): string {
  const path = `${folder}/${name}.mvm`;
  writeFileSync(path, bytes);
  return path;
}
function unitOf(name: string): ProgramUnit {
  return name in snippets ? compileText(snippets[name]!, `${name}.js`) : programUnit(name);
}
function freshImage(name: string): Uint8Array {
  return encodeImage(Machine.create(flatKernel, core, unitOf(name)), imageMeta, digest);
}

const PERIOD = 1000;
/** Longer programs are followed for so many steps only. */
const STEPS_MAX = 60_000;
/** Milliseconds that one run may take. */
const PATIENCE = 20_000;
const names = [...programNames, ...Object.keys(snippets)];
/** Programs that this machine runs otherwise than Node, with the reason (programs.test.ts). */
const knownFailures = JSON.parse(readFileSync(`${root}test/known-failures.json`, "utf8")) as Record<string, string>;

test("mvm-c is built where there is a C compiler", (t) => {
  t.is(existsSync(program), compiler, "run `npm run build`");
});

for (const name of names) {
  here(`${name}: in lockstep with the flattened machine, and it goes on elsewhere`, (t) => {
    const random = new Random(seedOf(name));
    const fresh = freshImage(name);
    const path = fileOf(name, fresh);
    // The one side collects at hashes only, the other at odd steps as well.
    const period = String(20 + random.next(400));
    const whole = run("run", path, "--virtual-time", "--hash-every", String(PERIOD), "--collect-every", period, "--fuel", String(STEPS_MAX));
    const beside = Beside.of(fresh);
    t.deepEqual(whole.hashes, hashesBeside(beside, PERIOD, STEPS_MAX));
    if (beside.code === undefined) {
      t.is(whole.code, 5);
      t.is(whole.stdout, beside.stdout);
      return;
    }
    t.is(whole.stdout, beside.stdout);
    t.is(whole.stderr, beside.stderr);
    t.is(whole.code, beside.code);

    const steps = beside.machine.steps;
    // What a host keeps of randomness does not travel.
    if (steps < 2 || name === "surroundings") return;
    const stop = 1 + random.next(steps - 1);
    const frozen = `${folder}/${name}.frozen.mvm`;
    const first = run("run", path, "--virtual-time", "--stop-after", String(stop), "-o", frozen);
    t.is(first.code, 0, first.stderr);
    const bytes = readFileSync(frozen);
    const there = Beside.of(bytes);
    there.runTo(Infinity);
    t.is(first.stdout + there.stdout, whole.stdout, `stopped on C at ${stop}`);
    t.is(there.code, whole.code!);
    const stopped = Beside.of(fresh);
    stopped.runTo(stop);
    t.deepEqual(Buffer.from(stopped.image()), bytes, `the image of step ${stop}`);
    const second = run("run", frozen, "--virtual-time", "--collect-every", period);
    t.is(first.stdout + second.stdout, whole.stdout, `stopped at ${stop}, gone on on C`);
    t.is(second.code, whole.code);
  });
}

for (const name of programNames) {
  if (name in knownFailures) continue;
  here(`${name}: prints what Node prints`, async (t) => {
    const { stdout, code } = run("run", fileOf(name, freshImage(name)), "--virtual-time");
    const transcript = await nodeTranscript(name);
    const exit = /\[exit (\d+)\]$/.exec(transcript)!;
    const printed = transcript.slice(0, exit.index).split("\n").filter((line) => !/^(! |\[uncaught\] )/.test(line)).join("\n");
    t.is(stdout, printed);
    t.is(code, Number(exit[1]));
  });
}

here("real time: timers wait, the clock goes on in another process", (t) => {
  const source = "const a = performance.now(); console.log(process.argv.slice(2).join()); setTimeout(() => { const b = performance.now(); console.log(b - a >= 60 && b - a < 5000); process.exit(9); }, 60);";
  const path = fileOf("real", encodeImage(Machine.create(flatKernel, core, compileText(source, "real.js")), imageMeta, digest));
  const start = performance.now();
  const ran = run("run", path, "--", "one", "--two");
  t.true(performance.now() - start >= 60);
  t.is(ran.stdout, "one,--two\ntrue\n");
  t.is(ran.code, 9);
});

here("limits: fuel and memory end a program with code 5 and a line", (t) => {
  const endless = fileOf("endless", encodeImage(Machine.create(flatKernel, core, compileText("for (;;);", "endless.js")), imageMeta, digest));
  const fuel = run("run", endless, "--fuel", "12345");
  t.is(fuel.code, 5);
  t.regex(fuel.stderr, /^mvm-c: endless has used its 12345 steps; .*--fuel\n$/);
  const greedy = compileText("const all = []; for (;;) all.push([all.length]);", "greedy.js");
  const memory = run("run", fileOf("greedy", encodeImage(Machine.create(flatKernel, core, greedy, { memoryBytes: 4 << 20 }), imageMeta, digest)));
  t.is(memory.code, 5);
  t.regex(memory.stderr, /^mvm-c: greedy needs more than its 4194304 bytes of memory; .*--memory\n$/);
});

/** Steps and hashes of a program to its end, every `every` steps, on Node with collections at other places than `--collect-every`. */
function hashesOf(image: Uint8Array, every: number): string[] {
  const beside = Beside.of(image);
  const hashes: string[] = [];
  let more = true;
  while (more) {
    const { steps } = beside.machine;
    more = beside.runTo((Math.floor(steps / every) + 1) * every);
    hashes.push(`${beside.machine.steps} ${beside.machine.stateHash()}`);
  }
  return hashes;
}

here("epochs are held at the same steps: by the count of words, and before a program is out of memory", (t) => {
  const churn = "const weak = new WeakMap(); for (let i = 0; i < 20000; i++) { const o = { ['key' + i]: i }; weak.set(o, [o]); } console.log('done');";
  const cases: [string, Uint8Array][] = [
    ["counted", freshImage("weak-epochs.js")],
    ["tight", encodeImage(Machine.create(flatKernel, core, compileText(churn, "churn.js"), { memoryBytes: 1 << 20 }), imageMeta, digest)],
  ];
  for (const [name, image] of cases) {
    const { hashes, code, stderr } = run("run", fileOf(name, image), "--virtual-time", "--hash-every", "10000", "--collect-every", "777");
    t.is(code, 0, stderr);
    t.deepEqual(hashes, hashesOf(image, 10_000), name);
    const beside = Beside.of(image);
    beside.runTo(Infinity);
    t.true(beside.machine.words()[Reg.EPOCHS]! > 1, name);
  }
});

here("bad use: one line that says what to do, and the documented code", (t) => {
  const good = fileOf("good", freshImage("ropes"));
  const cases: [string[], number, RegExp][] = [
    [[], 2, /no command; mvm-c --help/],
    [["walk"], 2, /no command walk; mvm-c --help/],
    [["run"], 2, /name the program/],
    [["run", good, "--fule", "3"], 2, /no option --fule; mvm-c --help/],
    [["run", good, "--fuel", "-3"], 2, /--fuel takes a whole number of steps, not '-3'/],
    [["run", good, "--fuel"], 2, /a value is missing behind --fuel/],
    [["run", good, "--stop-after", "5"], 2, /--stop-after and -o go together/],
    [["run", good, good], 2, /one image at a time/],
    [["run", `${folder}/nowhere.mvm`], 3, /cannot read .*nowhere\.mvm: there is no such file; check the path/],
    [["run", folder], 3, /it is a directory; name a file/],
    [["run", good, "--stop-after", "5", "-o", `${folder}/no/where.mvm`], 3, /cannot write .*its directory does not exist/],
  ];
  for (const [list, code, line] of cases) {
    const ran = run(...list);
    t.is(ran.code, code, list.join(" "));
    t.regex(ran.stderr, line);
    t.regex(ran.stderr, /^mvm-c: [^\n]+\n$/);
  }
  const help = run("--help");
  t.is(help.code, 0);
  t.regex(help.stdout, /Exit codes/);
});

const packr = new Packr({ useRecords: false, variableMapSize: true });
/** An image with other contents but sound checksums. */
function forged(image: Uint8Array, change: (head: Map<number, Packed>, content: Uint8Array) => void): Uint8Array {
  const reader = new PackReader(image.slice());
  const head = reader.value() as Map<number, Packed>;
  const pages = reader.value() as [number, number, Uint8Array][];
  const content = Buffer.concat(pages.map((page) => page[2]));
  change(head, content);
  const parts = [packr.pack(head)];
  parts.push(packr.pack(pages.map(([index]) => {
    const page = content.subarray(index * 4096, index * 4096 + 4096);
    return [index, digest.crc32(page) >>> 0, page];
  })));
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([body, packr.pack(new Map<number, unknown>([[0, digest.sha256(body)], [1, []]]))]);
}

here("images that are refused", (t) => {
  const image = freshImage("ropes");
  t.deepEqual(Buffer.from(forged(image, () => {})), Buffer.from(image), "forging changes nothing else");
  const changed = (at: number, by = 1): Uint8Array => {
    const copy = image.slice();
    copy[at]! ^= by;
    return copy;
  };
  const hashAt = Buffer.from(image).indexOf(coreHash(core, digest));
  const last = image.length - 1;
  const cases: [string, Uint8Array, RegExp][] = [
    ["empty", new Uint8Array(0), /not an image/],
    ["other", Buffer.from("#!/usr/bin/env node\n"), /not an image of mvm; give a file/],
    ["first", image.subarray(0, 6), /cut short: it ends in its first bytes; take/],
    ["head", image.subarray(0, 100), /cut short/],
    ["pages", image.subarray(0, 1000), /cut short: there are fewer pages than HEAD says/],
    ["tail", image.subarray(0, last), /cut short/],
    ["format", changed(9), /has format 0, this mvm reads format 1; use/],
    ["abi", changed(15), /was made for abi [0-9a-f]{8}, this mvm has [0-9a-f]{8}; use/],
    ["core", changed(hashAt), /made with another core/],
    ["page", changed(last - 60), /page \d+ of the image is damaged; take/],
    ["hash", changed(22), /does not have the hash/],
    ["trailing", Buffer.concat([image, Buffer.from([0])]), /1 bytes follow the end/],
    ["kind", forged(image, (head) => head.set(3, 1)), /holds no program/],
    ["encrypted", forged(image, (head) => head.set(17, true)), /encrypted/],
    ["large", forged(image, (head) => head.set(11, 0x20000000)), /needs a memory of 2147483648 bytes, this host allows 1073741824/],
    ["heap", forged(image, (head) => head.set(9, 0x8000000)), /cut short: there are fewer pages|VI1: the heap does not end/],
    ["huge", forged(image, (head) => head.set(9, 0xffffffff)), /needs a memory of/],
    ["more", forged(image, (head) => head.set(19, 0)), /malformed: HEAD has fields/],
    ["fewer", forged(image, (head) => head.delete(12)), /malformed/],
    ["registers", forged(image, (head) => { (head.get(13) as Uint8Array)[(Reg.FUEL - Reg.PC) * 4] = 1; }), /not one of a program: VI1/],
    ["counters", forged(image, (head) => { (head.get(13) as Uint8Array)[(Reg.STEPS_LOW - Reg.PC) * 4] = 9; }), /differ about the counters/],
  ];
  for (const [name, bytes, line] of cases) {
    const ran = run("run", fileOf(name, bytes));
    t.is(ran.code, 3, `${name}: ${ran.stderr}`);
    t.regex(ran.stderr, line, name);
    t.regex(ran.stderr, /^mvm-c: [^\n]+\n$/, name);
    t.is(ran.stdout, "");
  }
});

here("forged images spoil only themselves", (t) => {
  const random = new Random(seedOf("forged"));
  const started = Beside.of(freshImage("growing"));
  started.runTo(9000);
  const images = [freshImage("ropes"), started.image()];
  for (let i = 0; i < 250; i++) {
    const changes = 1 + random.next(4);
    const bytes = i % 5 === 0
      ? Uint8Array.from(images[i % 2]!, (byte) => random.next(200) === 0 ? random.next(256) : byte)
      : forged(images[i % 2]!, (_, content) => {
        for (let k = 0; k < changes; k++) content[random.next(content.length)] = random.next(256);
      });
    const ran = run("run", fileOf("forged", bytes), "--virtual-time", "--fuel", "20000", "--collect-every", "100");
    t.is(ran.signal, null, `forged image ${i}: killed by ${ran.signal}`);
  }
});
