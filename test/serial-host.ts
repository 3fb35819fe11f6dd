// A small host for the simulation of moves over byte links (serial-simulation.ts): the state machines of vm/ownership.ts, frames
// of vm/wire.ts, and one program that is a number, which it prints and counts up. It is the least that keeps the protocol;
// the hosts of hosts/node and hosts/c/link are the ones that people run.

import { createHash } from "node:crypto";
import { newSource, offeredEpoch, PATIENCE, sourceRuns, stepSource, stepTarget, takeOffer, type Source, type SourceAction, type SourceEvent, type Target, type TargetEvent, type ToldPhase } from "../vm/ownership.js";
import { encodeFrame, FrameReader, fromHex, NO_TRANSACTION, PROTOCOL, toHex, type AnyFrame, type Fields, type MessageName } from "../vm/wire.js";
import type { End } from "./serial-support.js";

const CHUNK = 300;
const RECONNECT = 500;
/** A host has one place: a program that comes back before it is known here that it left finds none. */
const NO_ROOM = "there is no room";
const TELL_ATTEMPTS = 8;

/** A connection over one end of a byte link. */
export class SimLink {
  stands = false;
  ends = false;
  peer: { host: string; boot: string } | undefined;
  private number = 0;
  private reader = new FrameReader();
  private out: Uint8Array[] = [];
  private sequence = 0;

  constructor(readonly end: End, readonly isClient: boolean, private readonly host: SimHost) {
    if (isClient) this.open(1);
  }
  private open(number: number): void {
    this.stands = true;
    this.ends = false;
    this.peer = undefined;
    this.number = number;
    this.reader = new FrameReader();
    this.out = [];
    this.sequence = 0;
    this.send("HELLO", NO_TRANSACTION, { lowest: PROTOCOL.lowest, highest: PROTOCOL.highest, host: fromHex(this.host.id), boot: fromHex(this.host.boot), name: "sim", abi: 1, software: "simulation" });
  }
  send<N extends MessageName>(name: N, transaction: string, fields: Fields<N>): void {
    if (!this.stands || this.ends) return;
    this.out.push(encodeFrame(name, name === "HELLO" ? 0 : 1, this.sequence++, transaction, fields));
  }
  /** Moves bytes between frames and packets, and tells the host of links that have come and gone. */
  async move(now: number): Promise<void> {
    const { end } = this;
    const [phase, , links] = (await end.state()).split(" ") as [string, string, string];
    const isCurrent = this.number === Number(links);
    if (this.stands && isCurrent) await this.read(now);
    if (this.stands && (this.isClient ? phase === "over" : phase === "idle" || !isCurrent)) {
      this.stands = false;
      this.host.lost(this, now);
    }
    if (!this.stands && !this.isClient && phase === "open" && !isCurrent) {
      this.open(Number(links));
      await this.read(now);
    }
    while (this.out.length > 0) {
      const taken = await end.write(this.out[0]!);
      if (taken < this.out[0]!.length) {
        this.out[0] = this.out[0]!.subarray(taken);
        break;
      }
      this.out.shift();
    }
    if (this.stands && this.ends && (this.out.length === 0 || phase === "greeting" || phase === "proving")) await end.close();
  }
  private async read(now: number): Promise<void> {
    for (let bytes; (bytes = await this.end.read()) !== undefined;) {
      for (const frame of this.reader.push(bytes)) {
        if (frame.name === "HELLO") {
          this.reader.open();
          this.peer = { host: toHex(frame.fields.host), boot: toHex(frame.fields.boot) };
          this.host.greeted(this, now);
        } else {
          this.host.take(this, frame, now);
        }
      }
    }
  }
}

interface Owned { id: string; next: number; source: Source; image: Uint8Array | undefined; link: SimLink | undefined }
interface Arriving { record: Target; link: SimLink | undefined; parts: Uint8Array[]; next: number }
export interface Watcher {
  printed(line: number): void;
  ended(outcome: "moved" | "failed" | "refused"): void;
  /** Connects to the other host; undefined: the line is in use. */
  dial(host: SimHost): SimLink | undefined;
  bytes(count: number): Uint8Array;
}

export class SimHost {
  readonly boot: string;
  owned: Owned | undefined;
  arriving: Arriving | undefined;
  private readonly past = new Map<string, { phase: ToldPhase; epoch: number }>();
  private readonly seen = new Map<string, number>();
  private wants = false;
  private sourceBy = Infinity;
  private targetBy = Infinity;
  private reconnectAt = Infinity;
  private tell: { transaction: string; reason: string; epoch: number; attempts: number } | undefined;
  private tellAt = Infinity;

  constructor(readonly id: string, private readonly watcher: Watcher) {
    this.boot = toHex(watcher.bytes(8));
  }

  get runs(): boolean {
    return this.owned !== undefined && sourceRuns(this.owned.source);
  }
  /** A move is under way, or being told of. */
  get isBusy(): boolean {
    return this.wants || this.tell !== undefined || this.owned?.source.transaction != null;
  }
  print(): void {
    this.watcher.printed(this.owned!.next++);
  }
  begin(id: string): void {
    this.owned = { id, next: 0, source: newSource(id, 1), image: undefined, link: undefined };
  }
  /** Begins a move. */
  depart(): void {
    const link = this.watcher.dial(this);
    if (link === undefined) throw new Error("the line is in use");
    this.owned!.link = link;
    this.wants = true;
  }
  get nextTime(): number {
    return Math.min(this.sourceBy, this.targetBy, this.reconnectAt, this.tellAt);
  }
  tick(now: number): void {
    if (now >= this.sourceBy) {
      // A connection on which COMMIT is not answered for so long is dead.
      const dead = this.owned?.source.doubt === true ? this.owned.link : undefined;
      this.feedSource({ type: "timeout" }, now);
      if (dead !== undefined) dead.ends = true;
    }
    if (now >= this.targetBy) this.feedTarget({ type: "timeout" }, now);
    if (now >= this.reconnectAt) {
      this.reconnectAt = Infinity;
      if (this.owned?.source.phase === "granted" && this.owned.link === undefined) {
        this.owned.link = this.watcher.dial(this);
        if (this.owned.link === undefined) this.reconnectAt = now + RECONNECT;
      }
    }
    if (now >= this.tellAt) {
      this.tellAt = Infinity;
      if (this.tell !== undefined && --this.tell.attempts <= 0) this.tell = undefined;
      if (this.tell !== undefined && this.watcher.dial(this) === undefined) this.tellAt = now + RECONNECT;
    }
  }

  // ---------------------------------------------------------------- links

  greeted(link: SimLink, now: number): void {
    const { owned, arriving } = this;
    if (link.isClient && this.tell !== undefined && owned?.link !== link) {
      link.send("ABORT", this.tell.transaction, { reason: this.tell.reason, epoch: this.tell.epoch });
      link.ends = true;
      this.tell = undefined;
      return;
    }
    if (owned?.link === link) {
      if (this.wants) {
        this.wants = false;
        this.feedSource({ type: "migrate", transaction: toHex(this.watcher.bytes(8)) }, now);
      } else {
        this.feedSource({ type: "connected" }, now);
      }
    }
    if (arriving?.record.phase === "ready" && arriving.link === undefined && link.peer!.host === arriving.record.source.host && link.peer!.boot === arriving.record.source.boot) {
      arriving.link = link;
      this.feedTarget({ type: "connected" }, now);
    }
  }
  lost(link: SimLink, now: number): void {
    if (this.owned?.link === link) {
      this.owned.link = undefined;
      if (this.wants) {
        this.wants = false;
        this.watcher.ended("failed");
      } else {
        this.feedSource({ type: "lost" }, now);
      }
    } else if (link.isClient && this.tell !== undefined) {
      this.tellAt = now + RECONNECT;
    }
    if (this.arriving?.link === link) {
      this.arriving.link = undefined;
      this.feedTarget({ type: "lost" }, now);
    }
  }

  take(link: SimLink, frame: AnyFrame, now: number): void {
    const { transaction } = frame;
    if (frame.name === "OFFER") return this.offer(link, transaction, frame.fields, now);
    if (this.arriving?.record.transaction === transaction) {
      this.arriving.link ??= link;
      return this.takeArriving(frame, now);
    }
    if (this.owned?.source.transaction === transaction) {
      this.owned.link ??= link;
      return this.takeOwn(link, frame, now);
    }
    const past = this.past.get(transaction);
    if (frame.name === "QUERY" || frame.name === "COMMIT" || frame.name === "READY" || frame.name === "ACCEPT") {
      if (past?.phase === "offered") link.send("ABORT", transaction, { reason: "the source goes on with the program", epoch: past.epoch });
      else link.send("STATE", transaction, { phase: past?.phase ?? "unknown", boot: fromHex(this.boot), epoch: past?.epoch ?? 0 });
    }
  }

  // ---------------------------------------------------------------- the source

  private takeOwn(link: SimLink, frame: AnyFrame, now: number): void {
    const { transaction } = frame;
    switch (frame.name) {
      case "ACCEPT": return this.feedSource({ type: "accept", transaction, peer: link.peer! }, now);
      case "REFUSE": return this.feedSource({ type: "refuse", transaction, reason: frame.fields.text }, now);
      case "READY": return this.feedSource({ type: "ready", transaction, image: toHex(frame.fields.image) }, now);
      case "COMMITTED": return this.feedSource({ type: "committed", transaction }, now);
      case "ABORT": return this.feedSource({ type: "abort", transaction, reason: frame.fields.reason }, now);
      case "QUERY": return this.feedSource({ type: "query", transaction }, now);
      case "STATE": return this.feedSource({ type: "state", transaction, phase: frame.fields.phase as ToldPhase, boot: toHex(frame.fields.boot), epoch: frame.fields.epoch }, now);
    }
  }
  feedSource(event: SourceEvent, now: number): void {
    const { owned } = this;
    if (owned === undefined) return;
    const before = owned.source.transaction;
    const [next, actions] = stepSource(owned.source, event);
    owned.source = next;
    // What a late question about it will be answered.
    if (before !== null && next.transaction === null) this.past.set(before, { phase: "offered", epoch: next.epoch });
    for (const action of actions) this.actSource(owned, action, now);
    const { phase } = owned.source;
    this.sourceBy = this.owned === owned && (phase === "offered" || phase === "frozen" || phase === "granted") ? now + PATIENCE : Infinity;
  }
  private actSource(owned: Owned, action: SourceAction, now: number): void {
    const { link } = owned;
    switch (action.type) {
      case "send":
        if (link === undefined || !link.stands) {
          if (action.message === "ABORT") {
            this.tell = { transaction: action.transaction, reason: action.reason, epoch: action.epoch, attempts: TELL_ATTEMPTS };
            this.tellAt = now + RECONNECT;
          }
          return;
        }
        switch (action.message) {
          case "OFFER": return link.send("OFFER", action.transaction, { program: fromHex(owned.id), epoch: offeredEpoch(owned.source), name: "program", abi: 1, core: new Uint8Array(32), bytes: 2000, limit: 65536 });
          case "COMMIT": return link.send("COMMIT", action.transaction, { epoch: offeredEpoch(owned.source) });
          case "ABORT": return link.send("ABORT", action.transaction, { reason: action.reason, epoch: action.epoch });
          case "STATE": return link.send("STATE", action.transaction, { phase: action.phase, boot: fromHex(this.boot), epoch: owned.source.epoch });
          default: return link.send(action.message, action.transaction, {});
        }
      case "freeze": {
        const text = new TextEncoder().encode(JSON.stringify({ id: owned.id, epoch: offeredEpoch(owned.source), next: owned.next }));
        owned.image = new Uint8Array(1400);
        owned.image.set(text);
        owned.image.set(this.watcher.bytes(1000), 400);
        return this.feedSource({ type: "sealed", image: hashOf(owned.image) }, now);
      }
      case "transfer": {
        const image = owned.image!;
        const transaction = owned.source.transaction!;
        for (let at = 0; at < image.length; at += CHUNK) link?.send("CHUNK", transaction, { offset: at, bytes: image.subarray(at, at + CHUNK) });
        link?.send("END", transaction, { round: 0, bytes: image.length });
        link?.send("CUT", transaction, { image: fromHex(hashOf(image)), steps: 0, outputs: owned.next });
        return;
      }
      case "resume":
        owned.image = undefined;
        return;
      case "drop":
        this.past.set(owned.source.transaction!, { phase: "left", epoch: owned.source.epoch });
        this.owned = undefined;
        return;
      case "reconnect":
        this.reconnectAt = now + RECONNECT;
        return;
      case "report":
        if (action.outcome === "doubt" || action.outcome === "recovered") return;
        if (link !== undefined) link.ends = true;
        owned.link = undefined;
        this.watcher.ended(action.outcome === "moved" ? "moved" : action.reason === NO_ROOM ? "refused" : "failed");
    }
  }

  // ---------------------------------------------------------------- the target

  private offer(link: SimLink, transaction: string, { program, epoch }: Fields<"OFFER">, now: number): void {
    const id = toHex(program);
    if (this.arriving?.record.program === id) this.feedTarget({ type: "superseded", epoch }, now);
    const record = takeOffer(Math.max(this.seen.get(id) ?? 0, this.owned?.id === id ? this.owned.source.epoch : 0), { program: id, epoch, transaction, source: link.peer! });
    if (record === undefined || this.owned !== undefined || this.arriving?.record.phase === "ready") return link.send("REFUSE", transaction, { reason: "busy", text: NO_ROOM });
    this.settle();
    this.seen.set(id, epoch);
    this.arriving = { record, link, parts: [], next: 0 };
    this.targetBy = now + PATIENCE;
    link.send("ACCEPT", transaction, { credit: 1 << 20, name: "program" });
  }
  /** The record of what came is kept for who asks. */
  private settle(): void {
    const record = this.arriving?.record;
    if (record !== undefined) this.past.set(record.transaction, { phase: record.phase, epoch: record.epoch });
    this.arriving = undefined;
    this.targetBy = Infinity;
  }
  private takeArriving(frame: AnyFrame, now: number): void {
    const arriving = this.arriving!;
    switch (frame.name) {
      case "CHUNK":
        arriving.parts.push(frame.fields.bytes.slice());
        this.targetBy = now + PATIENCE;
        return;
      case "CUT": {
        const image = Buffer.concat(arriving.parts);
        if (hashOf(image) !== toHex(frame.fields.image)) throw new Error("the image came damaged through an authenticated link");
        arriving.next = (JSON.parse(image.subarray(0, image.indexOf(0)).toString()) as { next: number }).next;
        return this.feedTarget({ type: "verified", image: hashOf(image) }, now);
      }
      case "COMMIT": return this.feedTarget({ type: "commit" }, now);
      case "RELEASE": return this.feedTarget({ type: "release" }, now);
      case "ABORT": return this.feedTarget({ type: "abort", epoch: frame.fields.epoch ?? 0 }, now);
      case "QUERY": return this.feedTarget({ type: "query" }, now);
      case "STATE": return this.feedTarget({ type: "state", phase: frame.fields.phase as ToldPhase }, now);
    }
  }
  feedTarget(event: TargetEvent, now: number): void {
    const { arriving } = this;
    if (arriving === undefined) return;
    const [next, actions] = stepTarget(arriving.record, event);
    arriving.record = next;
    const { link } = arriving;
    const { transaction } = next;
    for (const action of actions) {
      if (action.type === "run") this.owned = { id: next.program, next: arriving.next, source: newSource(next.program, next.epoch), image: undefined, link: undefined };
      else if (action.type === "stop") this.owned = undefined;
      if (action.type !== "send") continue;
      switch (action.message) {
        case "READY": link?.send("READY", transaction, { image: fromHex(next.image!) }); break;
        case "COMMITTED": link?.send("COMMITTED", transaction, { name: "program" }); break;
        case "QUERY": link?.send("QUERY", transaction, {}); break;
        case "STATE": link?.send("STATE", transaction, { phase: action.phase, boot: fromHex(this.boot), epoch: next.epoch }); break;
        case "ABORT": link?.send("ABORT", transaction, { reason: action.reason }); break;
        case "REFUSE": link?.send("REFUSE", transaction, { reason: "image", text: action.reason }); break;
      }
    }
    const waits = next.phase === "receiving" || next.phase === "ready";
    this.targetBy = waits ? now + PATIENCE : Infinity;
    if (next.released || next.phase === "discarded") this.settle();
  }
}
function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
