// The protocol in C (hosts/c/link) beside the one in TypeScript: the same frames are taken, refused and written, however
// the bytes are cut; every state that a move can come to takes the same steps at every event. The C runs under sanitizers
// (test/c/linktest.c).

import test from "ava";
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { newSource, stepSource, stepTarget, takeOffer, type Source, type SourceEvent, type Target, type TargetEvent, type ToldPhase } from "../vm/ownership.js";
import { encodeFrame, FRAME_HEADER, FrameReader, messageNames, messages, programFields, WireError, type FieldSpec, type Fields, type MessageName } from "../vm/wire.js";
import { PackWriter, type Packed } from "../vm/wire-pack.js";
import { buildJudge } from "./judge.js";
import { explore, NOTHING } from "./ownership-model.js";
import { Random } from "./support/random.js";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";
import { compileText, core, digest, flatKernel, imageMeta, root } from "./support/run-program.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
const compiler = spawnSync(process.env["CC"] ?? "gcc", ["--version"]).status === 0;
const here = compiler ? test.serial : test.serial.skip;

/** The C, and the lines that wait for an answer. */
let child: ChildProcessWithoutNullStreams | undefined;
const waiting: ((line: string) => void)[] = [];
test.before(() => {
  if (!buildJudge()) return;
  const started = spawn(`${root}build/linktest-asan`, { env: { UBSAN_OPTIONS: "print_stacktrace=1" } });
  let output = "";
  let complaint = "";
  started.stdout.on("data", (bytes: Buffer) => {
    const lines = (output + bytes.toString()).split("\n");
    output = lines.pop()!;
    for (const line of lines) waiting.shift()?.(line.trim());
  });
  started.stderr.on("data", (bytes: Buffer) => { complaint += bytes.toString(); });
  started.on("close", () => { for (const answer of waiting.splice(0)) answer(`the process died: ${complaint}`); });
  child = started;
});
test.after.always(() => { child?.stdin.end(); });
function ask(line: string): Promise<string> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    child!.stdin.write(`${line}\n`);
  });
}

test("the C is built where there is a compiler", (t) => {
  t.is(existsSync(`${root}build/linktest-asan`), compiler);
});

// ---------------------------------------------------------------- frames

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const random = new Random(seed);
const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.next(256));
const texts = ["", "sensor", "größer", "日本語", "😀 and more", "x".repeat(255), "\0"];

function sample(spec: FieldSpec): unknown {
  switch (spec.kind) {
    case "u32": return random.pick([0, 127, 128, 255, 256, 65535, 65536, 0xffffffff]);
    case "u53": return random.pick([0, 127, 0xffffffff, 0x100000000, Number.MAX_SAFE_INTEGER]);
    case "bool": return random.next(2) === 1;
    case "id8": return randomBytes(8);
    case "id16": return randomBytes(16);
    case "hash": return randomBytes(32);
    case "text": return random.pick(texts);
    case "bytes": return randomBytes(Math.min(spec.limit, random.pick([0, 1, 255, 256, 70000])));
    case "texts": return Array.from({ length: random.next(20) }, () => random.pick(texts));
    case "programs": return Array.from({ length: random.next(20) }, () => sampleFields(programFields));
  }
}
function sampleFields(table: Readonly<Record<string, FieldSpec>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).filter(([, spec]) => spec.required || random.next(2) === 1).map(([name, spec]) => [name, sample(spec)]));
}
function sampleFrame(name: MessageName, sequence: number): Uint8Array {
  return encodeFrame(name, random.next(1000), sequence, hex(randomBytes(8)), sampleFields(messages[name].fields) as Fields<MessageName>);
}
/** A frame made by hand. */
function forge(type: number, flags: number, sequence: number, body: Uint8Array, length = body.length): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER + body.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, length, true);
  view.setUint16(4, type, true);
  view.setUint8(6, flags);
  view.setUint32(12, sequence, true);
  frame.set(body, FRAME_HEADER);
  return frame;
}
function packed(value: Packed): Uint8Array {
  const writer = new PackWriter();
  writer.value(value);
  return writer.done();
}
/** The bytes in pieces: all at once, or of random sizes. */
function pieces(bytes: Uint8Array): Uint8Array[] {
  const list: Uint8Array[] = [];
  const largest = random.pick([3, 40, 5000, 1 << 20]);
  for (let at = 0; at < bytes.length; at += list.at(-1)!.length) list.push(bytes.subarray(at, at + 1 + random.next(largest)));
  return list;
}

/** What TypeScript makes of bytes, in the words of linktest.c. */
function taken(list: readonly Uint8Array[]): string {
  const reader = new FrameReader();
  let said = "";
  try {
    for (const piece of list) {
      for (const frame of reader.push(piece)) {
        reader.open();
        said += `${frame.name} ${frame.stream} ${hex(encodeFrame(frame.name, frame.stream, frame.sequence, frame.transaction, frame.fields as Fields<MessageName>))} `;
      }
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${said}broken`;
  }
  return said + (reader.pending ? "pending" : "none");
}
async function compare(t: import("ava").ExecutionContext, what: string, bytes: Uint8Array): Promise<string> {
  const list = pieces(bytes);
  const answer = await ask(`F ${list.map(hex).join(" ")}`);
  const expected = taken(list);
  if (answer !== expected) t.fail(`seed ${seed}, ${what}:\n${answer.slice(0, 500)}\ninstead of\n${expected.slice(0, 500)}\nof ${hex(bytes).slice(0, 2000)}`);
  return answer;
}

here("every message, cut into pieces anywhere, is read and written as in TypeScript", async (t) => {
  const names: MessageName[] = ["HELLO", ...Array.from({ length: 8 }, () => messageNames).flat()];
  for (let from = 0; from < names.length; from += 20) {
    const list = names.slice(from, from + 20);
    if (from > 0) list.unshift("HELLO");
    const answer = await compare(t, "messages", Buffer.concat(list.map((name, sequence) => sampleFrame(name, sequence))));
    t.is(answer.split(" ").length, list.length * 3 + 1);
    t.true(answer.endsWith("none"));
  }
});

here("what newer peers may send, limits, damaged bodies", async (t) => {
  const hello = sampleFrame("HELLO", 0);
  const cases: [string, Uint8Array, RegExp][] = [
    ["an unknown message", forge(999, 0, 1, packed(new Map([[0, "whatever"]]))), /none$/],
    ["an unknown message that must not be ignored", forge(999, 1, 1, packed(new Map())), /broken$/],
    ["an unknown message that is long", forge(999, 0, 1, packed(new Map()), 5000), /broken$/],
    ["an unknown key", forge(2, 0, 1, packed(new Map<number, Packed>([[0, true], [77, new Map([[1, [null, "unknown"]]])]]))), / PING 0 \S+ none$/],
    ["a frame twice", hello, /broken$/],
    ["a field too few", forge(2, 0, 1, packed(new Map())), /broken$/],
    ["a field of another kind", forge(2, 0, 1, packed(new Map([[0, "yes"]]))), /broken$/],
    ["no field but nil", forge(15, 1, 1, packed(new Map<number, Packed>([[0, "x"], [1, null]]))), /broken$/],
    ["a text too long", forge(15, 1, 1, packed(new Map([[0, "x".repeat(1025)]]))), /broken$/],
    ["a text as long as may be", forge(15, 1, 1, packed(new Map([[0, "x".repeat(1024)]]))), /none$/],
    ["a list of too many texts", forge(6, 1, 1, packed(new Map([[0, Array<string>(65).fill("x")]]))), /broken$/],
    ["an empty body", forge(2, 0, 1, new Uint8Array(0)), /broken$/],
    ["no bytes behind", forge(2, 0, 1, packed(new Map([[0, true]])), 4), /pending$/],
    ["a body that is no map", forge(2, 0, 1, packed([true])), /broken$/],
    ["a number in a long form", forge(16, 1, 1, Uint8Array.from([0x81, 0xcf, 0, 0, 0, 0, 0, 0, 0, 9, 1])), /QUERY 0 \S+ none$/],
    ...([
      [0xd4, 0x72, 0x40], [0xcb, 0, 0, 0, 0, 0, 0, 0, 0], [0x81, 0, 0xdd, 0xff, 0xff, 0xff, 0xff], [0x81, 0, 0xc6, 0xff, 0xff, 0xff, 0xff, 1], [0x82, 1, 1, 1, 1],
      [0x82, 9, 1, 8, 1], [0x81, 0xa1, 0x61, 1], [0x81, 9, ...Array<number>(20).fill(0x91), 1], [0x81, 9, 0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x80, 0x80],
      [0x81, 9, 0xa2, 0xc0, 0x80], [0x81, 9, 0xa3, 0xed, 0xa0, 0x80], [0x81, 9, 0xa1, 0xe4], [0x81, 9, 0x82, 2, 0, 1, 0], [0x81, 9, 0x82, 1, 0, 1, 0],
    ].map((bytes, index): [string, Uint8Array, RegExp] => [`damage ${index}`, forge(16, 1, 1, Uint8Array.from(bytes)), /broken$/])),
    // A list within a list, as deep as may be and one deeper.
    ["depth 6", forge(16, 1, 1, Uint8Array.from([0x81, 9, 0x91, 0x91, 0x91, 0x91, 0x91, 1])), /none$/],
    ["depth 7", forge(16, 1, 1, Uint8Array.from([0x81, 9, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 1])), /broken$/],
  ];
  for (const [what, bytes, expected] of cases) t.regex(await compare(t, what, Buffer.concat([hello, bytes])), expected, what);
  t.is(await compare(t, "HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")), "broken");
  t.is(await compare(t, "no HELLO", sampleFrame("LIST", 0)), "broken");
});

here("garbage is refused at the same places", async (t) => {
  for (let round = 0; round < 4000; round++) {
    const frames = Buffer.concat([sampleFrame("HELLO", 0), sampleFrame(random.pick(messageNames), 1)]).subarray(0, 4000);
    const bytes = random.next(4) === 0 ? Buffer.from(randomBytes(random.next(200))) : Buffer.from(frames);
    for (let i = random.next(4); i > 0 && bytes.length > 0; i--) bytes[random.next(bytes.length)] = random.next(256);
    await compare(t, `round ${round}`, bytes);
  }
  t.pass();
});

// ---------------------------------------------------------------- ownership

/** An id of the model's as bytes of that many. */
const idOf = (text: string, bytes: number): string => Buffer.from(text.padEnd(bytes, "\0")).toString("hex");
const optional = (text: string | null | undefined, bytes: number): string => text === null || text === undefined ? "-" : idOf(text, bytes);
/** Of an event, whatever it has. */
interface Loose { type: string; transaction?: string; peer?: { host: string; boot: string }; boot?: string; image?: string; phase?: string; epoch?: number }
function eventText(event: Loose): string {
  return `${event.type} ${idOf(event.transaction ?? "", 8)} ${idOf(event.peer?.host ?? "", 16)} ${idOf(event.peer?.boot ?? event.boot ?? "", 8)} ${idOf(event.image ?? "", 32)} ${event.phase ?? "unknown"} ${event.epoch ?? 0}`;
}
function sourceText({ phase, epoch, transaction, target, image, doubt }: Source): string {
  return `${phase} ${epoch} ${optional(transaction, 8)} ${optional(target?.host, 16)} ${optional(target?.boot, 8)} ${optional(image, 32)} ${doubt}`;
}
function targetText({ phase, epoch, transaction, source, image, released }: Target): string {
  return `${phase} ${epoch} ${idOf(transaction, 8)} ${idOf(source.host, 16)} ${idOf(source.boot, 8)} ${optional(image, 32)} ${released}`;
}
interface LooseAction { type: string; message?: string; transaction?: string; phase?: string; epoch?: number; reason?: string; outcome?: string }
function actionsText(actions: readonly LooseAction[], isSource: boolean): string {
  return actions.map(({ type, message, transaction, phase, epoch, reason, outcome }) => {
    let text = `| ${type}`;
    if (type === "report") text += ` ${outcome} ${reason}`;
    if (type === "send") {
      text += ` ${message} ${isSource ? idOf(transaction!, 8) : ""}`;
      if (message === "STATE") text += ` ${phase}`;
      if (message === "ABORT" && isSource) text += ` ${epoch}`;
      if (message === "ABORT" || message === "REFUSE") text += ` ${reason}`;
    }
    return text;
  }).join(" ");
}
const clean = (text: string): string => text.replace(/ +/g, " ").trim();
function stepped<S, A>(step: () => [S, A], state: (state: S) => string, actions: (actions: A) => string): string {
  try {
    const [next, todo] = step();
    return clean(`${state(next)} ${actions(todo)}`);
  } catch (error) {
    if (!/^ownership: /.test((error as Error).message)) throw error;
    return "broken";
  }
}
const sourceStep = (source: Source, event: SourceEvent): string => stepped(() => stepSource(source, event), sourceText, (actions) => actionsText(actions as LooseAction[], true));
const targetStep = (target: Target, event: TargetEvent): string => stepped(() => stepTarget(target, event), targetText, (actions) => actionsText(actions as LooseAction[], false));

const toldPhases: readonly ToldPhase[] = ["unknown", "offered", "frozen", "granted", "left", "receiving", "ready", "owner", "discarded"];
function sourceEvents(source: Source): SourceEvent[] {
  const list: SourceEvent[] = [{ type: "migrate", transaction: "t9" }, { type: "lost" }, { type: "connected" }, { type: "timeout" }, { type: "cancel" }, { type: "recover" }, { type: "sealed", image: "image" }];
  for (const transaction of new Set([source.transaction ?? "t0", "t0", "t7"])) {
    list.push({ type: "accept", transaction, peer: { host: "target0", boot: "1" } }, { type: "refuse", transaction, reason: "why" }, { type: "abort", transaction, reason: "why" }, { type: "committed", transaction }, { type: "query", transaction });
    for (const image of ["image", "other"]) list.push({ type: "ready", transaction, image });
    for (const phase of toldPhases) for (const boot of ["1", "2"]) for (const epoch of [0, source.epoch, source.epoch + 1]) list.push({ type: "state", transaction, phase, boot, epoch });
  }
  return list;
}
function targetEvents(target: Target): TargetEvent[] {
  const list: TargetEvent[] = [
    { type: "verified", image: "image" }, { type: "unfit", reason: "why" }, { type: "commit" }, { type: "release" }, { type: "query" }, { type: "lost" }, { type: "connected" }, { type: "timeout" }, { type: "discard" }, { type: "recover" },
  ];
  for (const phase of toldPhases) list.push({ type: "state", phase });
  for (const epoch of [0, target.epoch - 1, target.epoch, target.epoch + 1, target.epoch + 0x10000]) list.push({ type: "abort", epoch }, { type: "superseded", epoch });
  return list;
}

here("every state that a move can come to takes the same steps at every event", async (t) => {
  const sources = new Map<string, Source>();
  const targets = new Map<string, Target>();
  for (const budget of [{ moves: 2, cuts: 2 }, { moves: 1, cuts: 1, timeouts: 2 }, { moves: 2, cuts: 1, cancels: 1, discards: 1 }, { moves: 1, sourceCrashes: 1, targetCrashes: 1, timeouts: 1 }, { moves: 1, cuts: 2, recoveries: 1 }]) {
    explore(1, { ...NOTHING, ...budget }, ({ world }) => {
      if (world.source !== null) sources.set(sourceText(world.source), world.source);
      for (const host of world.targets) for (const record of Object.values(host.records)) targets.set(targetText(record), record);
    });
  }
  let steps = 0;
  const check = async (line: string, expected: string): Promise<void> => {
    const answer = clean(await ask(line));
    steps++;
    if (answer !== expected) t.fail(`${line}\n${answer}\ninstead of\n${expected}`);
  };
  for (const source of sources.values()) await Promise.all(sourceEvents(source).map((event) => check(`S ${sourceText(source)} ${eventText(event as Loose)}`, sourceStep(source, event))));
  for (const target of targets.values()) await Promise.all(targetEvents(target).map((event) => check(`T ${targetText(target)} ${eventText(event as Loose)}`, targetStep(target, event))));
  t.true(sources.size > 10 && targets.size > 8 && steps > 2000, `${sources.size} and ${targets.size} states, ${steps} steps`);
  t.log(`${sources.size} states of sources, ${targets.size} of targets, ${steps} steps`);
});

here("random sequences of events", async (t) => {
  for (let round = 0; round < 300; round++) {
    let source: Source = newSource("program", 1 + random.next(5));
    let target: Target = takeOffer(0, { program: "program", epoch: 2, transaction: "t1", source: { host: "source", boot: "1" } })!;
    for (let i = 0; i < 20; i++) {
      const one = random.pick(sourceEvents(source));
      const other = random.pick(targetEvents(target));
      const told = sourceStep(source, one);
      t.is(clean(await ask(`S ${sourceText(source)} ${eventText(one as Loose)}`)), told);
      if (told !== "broken") [source] = stepSource(source, one);
      t.is(clean(await ask(`T ${targetText(target)} ${eventText(other as Loose)}`)), targetStep(target, other));
      [target] = stepTarget(target, other);
    }
  }
});

// ---------------------------------------------------------------- hosts like devices

const walker = `
let line = 0;
function* numbers() { for (let i = 0; ; i++) yield i; }
const source = numbers();
const seen = new Map();
const sorted = (n) => Array.from({ length: 12 }, (_, i) => (i * 7 + n) % 13).sort((a, b) => a - b);
(async () => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const n = source.next().value;
    seen.set("k" + n % 10, sorted(n)[3]);
    console.log(line++);
  }
})();
`;

here("devices that hand a program around over slow links that break: one owner, every line once", (t) => {
  const image = encodeImage(Machine.create(flatKernel, core, compileText(walker, "walker.js"), { memoryBytes: 65536, stackBytes: 8192 }), imageMeta, digest);
  const moves = 100;
  for (let round = 0; round < 2; round++) {
    const { status, stdout, stderr } = spawnSync(`${root}build/simulate-asan`, [String(seed * 1000 + round), String(moves)], { input: image, encoding: "utf8", timeout: 120_000 });
    t.is(status, 0, `seed ${seed * 1000 + round}: ${stdout}${stderr}`);
    t.log(stdout.trim());
  }
});
