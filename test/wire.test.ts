// The wire: every message there and back, however the bytes are cut; each limit; what newer peers may send; garbage.

import test from "ava";
import {
  chooseVersion, encodeFrame, FRAME_HEADER, FrameReader, fromHex, messageNames, messages, messageText, NO_TRANSACTION, programFields, toHex, WireError,
  type AnyFrame, type FieldSpec, type Fields, type MessageName,
} from "../vm/wire.js";
import { fromUtf8, PackReader, PackWriter, toUtf8, type Packed } from "../vm/wire-pack.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
let state = seed;
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));
const texts = ["", "sensor", "größer", "日本語", "😀 and more", "x".repeat(255), "\0"];

function sample(spec: FieldSpec): unknown {
  switch (spec.kind) {
    case "u32": return [0, 127, 128, 255, 256, 65535, 65536, 0xffffffff][random(8)];
    case "u53": return [0, 127, 0xffffffff, 0x100000000, Number.MAX_SAFE_INTEGER][random(5)];
    case "bool": return random(2) === 1;
    case "id8": return randomBytes(8);
    case "id16": return randomBytes(16);
    case "hash": return randomBytes(32);
    case "text": return texts[random(texts.length)];
    case "bytes": return randomBytes(Math.min(spec.limit, [0, 1, 255, 256, 70000][random(5)]!));
    case "texts": return Array.from({ length: random(20) }, () => texts[random(texts.length)]);
    case "programs": return Array.from({ length: random(20) }, () => sampleFields(programFields));
  }
}
function sampleFields(table: Readonly<Record<string, FieldSpec>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).filter(([, spec]) => spec.required || random(2) === 1).map(([name, spec]) => [name, sample(spec)]));
}
function encode(name: MessageName, sequence: number, fields = sampleFields(messages[name].fields)): Uint8Array {
  return encodeFrame(name, 3, sequence, NO_TRANSACTION, fields as Fields<MessageName>);
}
const hello = (sequence = 0): Uint8Array => encode("HELLO", sequence);
const read = (reader: FrameReader, bytes: Uint8Array): AnyFrame[] => [...reader.push(bytes)];
function opened(): FrameReader {
  const reader = new FrameReader();
  read(reader, hello());
  reader.open();
  return reader;
}

test("every message, cut into pieces anywhere, comes back as it was", (t) => {
  const names: MessageName[] = ["HELLO", ...Array.from({ length: 10 }, () => messageNames).flat()];
  const all = names.map((name) => ({ name, fields: sampleFields(messages[name].fields) }));
  const frames = all.map(({ name, fields }, index) => encodeFrame(name, index, index, "00112233445566ff", fields as Fields<MessageName>));
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  frames.reduce((at, frame) => (bytes.set(frame, at), at + frame.length), 0);
  const reader = new FrameReader();
  const got: AnyFrame[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + random(random(4) === 0 ? 100000 : 40);
    for (const frame of reader.push(bytes.subarray(at, end))) {
      got.push(frame);
      reader.open();
    }
    at = end;
  }
  t.is(got.length, all.length);
  t.false(reader.pending);
  got.forEach((frame, index) => {
    t.is(frame.name, all[index]!.name);
    t.is(frame.stream, index);
    t.is(frame.transaction, "00112233445566ff");
    t.deepEqual(frame.fields as unknown, all[index]!.fields);
  });
});

test("numbers and keys are given once; the text names all", (t) => {
  t.is(new Set(messageNames.map((name) => messages[name].number)).size, messageNames.length);
  for (const name of messageNames) {
    const keys = Object.values(messages[name].fields as Record<string, FieldSpec>).map((spec) => spec.key);
    t.deepEqual(keys, keys.map((_, index) => index), name);
    t.regex(messageText(), new RegExp(`^${name} \\(${messages[name].number}, `, "m"));
  }
});

/** A frame made by hand. */
function forge(type: number, flags: number, sequence: number, body: Packed, length?: number): Uint8Array {
  const writer = new PackWriter();
  writer.value(body);
  const packed = writer.done();
  const frame = new Uint8Array(FRAME_HEADER + packed.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, length ?? packed.length, true);
  view.setUint16(4, type, true);
  view.setUint8(6, flags);
  view.setUint32(12, sequence, true);
  frame.set(packed, FRAME_HEADER);
  return frame;
}

test("what a newer peer may send", (t) => {
  const reader = opened();
  t.deepEqual(read(reader, forge(999, 0, 1, new Map([[0, "whatever"]]))), [], "an unknown message that may be ignored");
  const [ping] = read(reader, forge(2, 0, 2, new Map<number, Packed>([[0, true], [77, new Map([[1, [null, "unknown"]]])]])));
  t.deepEqual(ping?.fields as unknown, { answer: true }, "unknown keys are ignored");
  t.throws(() => read(reader, forge(999, 1, 3, new Map())), { instanceOf: WireError, message: /type 999/ });
});

test("versions", (t) => {
  t.is(chooseVersion(1, 1), 1);
  t.is(chooseVersion(1, 9), 1);
  t.is(chooseVersion(2, 9), undefined);
  t.is(chooseVersion(0, 0), undefined);
});

test("every limit", (t) => {
  const refused = (what: string, bytes: Uint8Array, message: RegExp, reader = opened()): void => {
    t.throws(() => read(reader, bytes), { instanceOf: WireError, message }, what);
  };
  refused("HTTP", toUtf8("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), /does not speak mvm/, new FrameReader());
  refused("anything before HELLO", encode("LIST", 0), /not HELLO/, new FrameReader());
  refused("a HELLO of a gigabyte", forge(1, 1, 0, new Map(), 0x40000000), /1073741824 bytes; 4096/, new FrameReader());
  refused("a CHUNK of four gigabytes", forge(7, 1, 1, new Map(), 0xffffffff), /allowed/);
  refused("an unknown message that is long", forge(999, 0, 1, new Map(), 5000), /5000 bytes; 4096/);
  refused("a lost frame", encode("LIST", 2), /lost or came twice/);
  refused("a repeated frame", hello(0), /lost or came twice/);
  refused("a missing field", forge(2, 0, 1, new Map()), /lacks answer/);
  refused("a field of the wrong kind", forge(2, 0, 1, new Map([[0, "yes"]])), /answer/);
  refused("an id that is short", forge(11, 1, 1, new Map([[0, new Uint8Array(31)]])), /READY\.image/);
  refused("a text that is long", forge(15, 1, 1, new Map([[0, "x".repeat(1025)]])), /ABORT\.reason/);
  refused("a body that is no map", forge(2, 0, 1, [true]), /not a map/);
  refused("an empty body", Uint8Array.from([...forge(2, 0, 1, new Map(), 0)].slice(0, FRAME_HEADER)), /damaged PING/);
  t.throws(() => encode("ABORT", 0, { reason: "x".repeat(2000) }), { instanceOf: WireError });
  t.throws(() => encode("CHUNK", 0, { offset: 0 }), { message: /needs bytes/ });
});

test("damaged bodies", (t) => {
  const bad: [string, number[]][] = [
    ["an extension", [0xd4, 0x72, 0x40]],
    ["a float", [0xcb, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["a list longer than the body", [0x81, 0, 0xdd, 0xff, 0xff, 0xff, 0xff]],
    ["bytes longer than the body", [0x81, 0, 0xc6, 0xff, 0xff, 0xff, 0xff, 1]],
    ["a key twice", [0x82, 1, 1, 1, 1]],
    ["a key that is a text", [0x81, 0xa1, 0x61, 1]],
    ["deep nesting", [0x81, 0, ...Array<number>(20).fill(0x91), 1]],
    ["too large a number", [0x81, 0, 0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ["bytes behind", [0x80, 0x80]],
    ["not UTF-8", [0x81, 0, 0xa2, 0xc0, 0x80]],
    ["a surrogate", [0x81, 0, 0xa3, 0xed, 0xa0, 0x80]],
    ["half a character", [0x81, 0, 0xa1, 0xe4]],
  ];
  for (const [what, bytes] of bad) t.throws(() => new PackReader(Uint8Array.from(bytes)).body(), undefined, what);
  for (const text of texts) t.is(fromUtf8(toUtf8(text)), text);
  t.is(fromUtf8(toUtf8("a\ud800b")), "a\ufffdb");
});

test("garbage ends in a WireError or in nothing", (t) => {
  for (let round = 0; round < 4000; round++) {
    const reader = random(2) === 0 ? new FrameReader() : opened();
    const name = messageNames[random(messageNames.length)]!;
    let bytes: Uint8Array;
    if (random(2) === 0) {
      bytes = randomBytes(random(200));
    } else {
      bytes = encode(name, 1).slice(0, 4000);
      for (let i = random(4); i >= 0; i--) bytes[random(bytes.length)] = random(256);
    }
    try {
      for (const frame of reader.push(bytes)) if (!messageNames.includes(frame.name)) t.fail(frame.name);
    } catch (error) {
      if (!(error instanceof WireError)) return t.fail(`seed ${seed} round ${round}: ${(error as Error).stack}`);
    }
  }
  t.pass();
});

test("hexadecimal", (t) => {
  t.is(toHex(fromHex("00ff10")), "00ff10");
  t.throws(() => fromHex("0"), { instanceOf: WireError });
  t.throws(() => fromHex("zz"), { instanceOf: WireError });
});
