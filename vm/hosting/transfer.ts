// Bytes in CHUNKs: an image or an answer that is longer than a frame. The sender waits where the connection is slow, and
// for the receiver's credit where that is agreed on; the receiver takes memory as bytes come, never as they are announced.

import { CHUNK_BYTES, type AnyFrame } from "../wire.js";
import type { Conversation } from "./link.js";
import { Exit, Trouble } from "./trouble.js";

/** Answers are no longer. */
const ANSWER_MAX = 0x50000000;

/** Sends all of it and END; false if the link ended. `room` gives how many bytes may be sent now, at least 1, or 0 to give up; `chunk` how many one CHUNK may bring. */
export async function sendBytes(conversation: Conversation, bytes: Uint8Array, room?: (sent: number) => Promise<number>, chunk = CHUNK_BYTES): Promise<boolean> {
  for (let at = 0; at < bytes.length;) {
    const allowed = room === undefined ? chunk : await room(at);
    if (allowed <= 0) return false;
    const end = Math.min(bytes.length, at + Math.min(chunk, allowed));
    conversation.send("CHUNK", { offset: at, bytes: bytes.subarray(at, end) });
    at = end;
    if (!await conversation.link.drained()) return false;
  }
  conversation.send("END", { round: 0, bytes: bytes.length });
  return true;
}

/** Puts CHUNKs together. */
export class Collector {
  received = 0;
  private parts: Uint8Array[] = [];
  constructor(private readonly most: number) {}

  /** What is wrong with it, or "". */
  add(offset: number, bytes: Uint8Array): string {
    if (offset !== this.received) return "the bytes do not come in order";
    if (this.received + bytes.length > this.most) return `more than ${this.most} bytes`;
    this.parts.push(bytes);
    this.received += bytes.length;
    return "";
  }
  bytes(): Uint8Array {
    const whole = new Uint8Array(this.received);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
  /** Lets go of them; how many they were is still known. */
  clear(): void {
    this.parts = [];
  }
}

/** The bytes that answer a command; its FAIL comes out as what `fail` makes of it. */
export async function receiveBytes(conversation: Conversation, patience: number, fail: (frame: AnyFrame) => Trouble): Promise<Uint8Array> {
  const collector = new Collector(ANSWER_MAX);
  for (;;) {
    const frame = await conversation.next(patience);
    if (frame === undefined) throw new Trouble(Exit.PEER, `${conversation.link.place} was lost`, "try again");
    if (frame.name === "END") {
      if (frame.fields.bytes !== collector.received) throw new Trouble(Exit.PEER, `${conversation.link.place} sent too few bytes`, "try again");
      return collector.bytes();
    }
    if (frame.name !== "CHUNK") throw fail(frame);
    const problem = collector.add(frame.fields.offset, frame.fields.bytes);
    if (problem !== "") throw new Trouble(Exit.PEER, `${conversation.link.place} sent what cannot be taken: ${problem}`);
  }
}
