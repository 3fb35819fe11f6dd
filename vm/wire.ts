// Frames on any byte stream: TCP under TLS, a Unix socket, a serial line. This file makes frames of messages and messages
// of frames, and bounds everything that a peer can claim; who may say what when is the business of ownership.ts and of
// the hosts. Nothing here reads a clock or a socket.
//
// A frame, numbers little-endian:
//   0   u32  length of the body
//   4   u16  type: a message's number
//   6   u8   flags: 1 critical (a receiver that does not know the type must end the connection); others are zero
//   7   u8   zero
//   8   u32  stream: which conversation; 0 is the connection itself, odd ones were begun by who connected, even ones by the other
//   12  u32  sequence: counts the frames of this direction from 0, so a byte link notices a lost one
//   16  8    transaction of a move; zero outside one
//   24       body: a msgpack map with integer keys (wire-pack.ts)

import { messageNames, messages, programFields, PROTOCOL, TEXT_LIMIT, type FieldSpec, type FieldTable, type Fields, type FieldValue, type MessageName, type MessageSpec } from "./wire-messages.js";
import { PackReader, PackWriter, WirePackError, type Packed, type PackedMap } from "./wire-pack.js";

export * from "./wire-messages.js";

export const FRAME_HEADER = 24;
export const CRITICAL = 1;
/** Bytes that a body of an unknown type may take: it is skipped. */
export const UNKNOWN_LIMIT = 4096;

/** What a peer sent cannot be taken: the connection ends. */
export class WireError extends Error {}

export interface Frame<N extends MessageName = MessageName> {
  name: N;
  stream: number;
  sequence: number;
  transaction: string;
  fields: Fields<N>;
}
/** A frame of any type, told apart by `name`. */
export type AnyFrame = { [N in MessageName]: Frame<N> }[MessageName];

const byNumber = new Map<number, MessageName>(messageNames.map((name) => [messages[name].number, name]));

/** No transaction. */
export const NO_TRANSACTION = "0000000000000000";

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
export function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new WireError("hexadecimal digits are expected");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

// ---------------------------------------------------------------- writing

export function encodeFrame<N extends MessageName>(name: N, stream: number, sequence: number, transaction: string, fields: Fields<N>): Uint8Array {
  const spec: MessageSpec = messages[name];
  const writer = new PackWriter();
  writer.value(packFields(spec.fields, fields, name));
  const body = writer.done();
  if (body.length > spec.limit) throw new WireError(`${name} is longer than ${spec.limit} bytes`);
  const frame = new Uint8Array(FRAME_HEADER + body.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, body.length, true);
  view.setUint16(4, spec.number, true);
  view.setUint8(6, spec.critical ? CRITICAL : 0);
  view.setUint32(8, stream, true);
  view.setUint32(12, sequence, true);
  frame.set(fromHex(transaction), 16);
  frame.set(body, FRAME_HEADER);
  return frame;
}

function packFields(table: FieldTable, fields: object, name: string): PackedMap {
  const map: PackedMap = new Map();
  for (const [field, spec] of Object.entries(table)) {
    const value = (fields as Record<string, FieldValue | undefined>)[field];
    if (value === undefined) {
      if (spec.required) throw new WireError(`${name} needs ${field}`);
      continue;
    }
    const packed: Packed = spec.kind === "programs" ? (value as object[]).map((record) => packFields(programFields, record, "a program")) : value as Packed;
    check(spec, packed, `${name}.${field}`);
    map.set(spec.key, packed);
  }
  return map;
}

// ---------------------------------------------------------------- reading

const FIXED: Readonly<Record<string, number>> = { id8: 8, id16: 16, hash: 32 };
export const TEXTS_MAX = 64;

/** Is the value of the field's kind and within its limits? */
function check(spec: FieldSpec, value: Packed, place: string): void {
  const wrong = (): never => { throw new WireError(`${place} is not what it should be (${spec.kind})`); };
  switch (spec.kind) {
    case "u32": if (typeof value !== "number" || value > 0xffffffff) wrong(); break;
    case "u53": if (typeof value !== "number") wrong(); break;
    case "bool": if (typeof value !== "boolean") wrong(); break;
    case "text": if (typeof value !== "string" || value.length > spec.limit) wrong(); break;
    case "bytes": if (!(value instanceof Uint8Array) || value.length > spec.limit) wrong(); break;
    case "texts": if (!Array.isArray(value) || value.length > TEXTS_MAX || !value.every((text) => typeof text === "string" && text.length <= TEXT_LIMIT)) wrong(); break;
    case "programs": if (!Array.isArray(value) || value.length > spec.limit) wrong(); break;
    default: if (!(value instanceof Uint8Array) || value.length !== FIXED[spec.kind]) wrong();
  }
}

function unpackFields(table: FieldTable, map: Packed, name: string): Record<string, FieldValue> {
  if (!(map instanceof Map)) throw new WireError(`${name} is not a map`);
  const fields: Record<string, FieldValue> = {};
  for (const [field, spec] of Object.entries(table)) {
    const value = map.get(spec.key);
    if (value === undefined) {
      if (spec.required) throw new WireError(`${name} lacks ${field}`);
      continue;
    }
    check(spec, value, `${name}.${field}`);
    fields[field] = (spec.kind === "programs" ? (value as Packed[]).map((record) => unpackFields(programFields, record, "a program")) : value) as FieldValue;
  }
  return fields;
}

/** Which messages a peer may send now: those of the first exchange, or all. */
export type Stage = "hello" | "open";

/**
 * Takes bytes as they come and gives frames. It never holds more than one frame's bytes and what came with its last
 * piece; the length is compared with the limit of the frame's type before any memory is taken for it.
 */
export class FrameReader {
  private stage: Stage = "hello";
  private header = new Uint8Array(FRAME_HEADER);
  private have = 0;
  private body: Uint8Array | undefined;
  private sequence = 0;
  /** The body is of an unknown type that may be ignored. */
  private skipped = false;

  /** HELLO has been taken: other messages may come. */
  open(): void {
    this.stage = "open";
  }

  /** Frames that are complete with these bytes; throws a WireError if the peer breaks the rules. */
  *push(bytes: Uint8Array): Generator<AnyFrame> {
    let at = 0;
    for (;;) {
      const wanted = this.body === undefined ? FRAME_HEADER : this.body.length;
      const count = Math.min(wanted - this.have, bytes.length - at);
      (this.body ?? this.header).set(bytes.subarray(at, at + count), this.have);
      this.have += count;
      at += count;
      if (this.have < wanted) return;
      this.have = 0;
      if (this.body === undefined) {
        this.body = new Uint8Array(this.bodyLength());
        continue;
      }
      const body = this.body;
      this.body = undefined;
      if (!this.skipped) yield this.frame(body);
    }
  }
  /** In the middle of a frame? */
  get pending(): boolean {
    return this.have > 0 || this.body !== undefined;
  }

  /** Checks the header that is complete. */
  private bodyLength(): number {
    const view = new DataView(this.header.buffer);
    const length = view.getUint32(0, true);
    const type = view.getUint16(4, true);
    const name = byNumber.get(type);
    if (this.stage === "hello" && name !== "HELLO" && name !== "REFUSE") throw new WireError("the peer does not speak mvm's protocol (its first message is not HELLO)");
    if (view.getUint32(12, true) !== this.sequence) throw new WireError("a frame was lost or came twice");
    this.sequence = (this.sequence + 1) >>> 0;
    this.skipped = name === undefined;
    if (name === undefined && view.getUint8(6) & CRITICAL) throw new WireError(`the peer sent a message of type ${type}, which must not be ignored and is not known here`);
    const limit = name === undefined ? UNKNOWN_LIMIT : messages[name].limit;
    if (length > limit) throw new WireError(`the peer sent a ${name ?? "message"} of ${length} bytes; ${limit} are allowed`);
    return length;
  }

  private frame(body: Uint8Array): AnyFrame {
    const view = new DataView(this.header.buffer);
    const name = byNumber.get(view.getUint16(4, true))!;
    try {
      const fields = unpackFields(messages[name].fields, new PackReader(body).body(), name);
      return { name, stream: view.getUint32(8, true), sequence: view.getUint32(12, true), transaction: toHex(this.header.subarray(16, 24)), fields } as AnyFrame;
    } catch (error) {
      if (error instanceof WirePackError) throw new WireError(`the peer sent a damaged ${name}: ${error.message}`);
      throw error;
    }
  }
}

/** The protocol version that both speak, or undefined. */
export function chooseVersion(lowest: number, highest: number): number | undefined {
  const version = Math.min(highest, PROTOCOL.highest);
  return version >= lowest && version >= PROTOCOL.lowest ? version : undefined;
}
