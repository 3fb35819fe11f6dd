// The target's side of a move: takes offers, collects and verifies images, and runs a program when its source has said
// COMMIT. Feeds vm/ownership.ts with what happens and does what it says. An image that is READY is kept until the source
// or a person says what becomes of it; how many there may be is bounded, and so is what each may take.

import { ImageError, readImage, restoreImage, type ImageHead } from "../image.js";
import type { Machine } from "../machine.js";
import { stepTarget, takeOffer, type Target, type TargetAction, type TargetEvent, type ToldPhase } from "../ownership.js";
import { fromHex, toHex, type AnyFrame, type Fields, type Frame, type Reason } from "../wire.js";
import type { Host, Receiving, Resident } from "./host.js";
import type { IoSession } from "./io.js";
import { lackingLine } from "./io-choice.js";
import { proxiedOf, type Proxied } from "./io-keep.js";
import type { Conversation, Link } from "./link.js";
import { needsHere, offersOf, whyUnfit } from "./offer.js";
import type { Timer } from "./platform.js";
import { Collector } from "./transfer.js";

/** Bytes that may be under way before the source waits. */
const WINDOW = 4 * 1024 * 1024;
/** An image is longer than the words in it by its framing. */
const FRAMING = 1024 * 1024;
/** Images that are on their way or wait for COMMIT. */
const ARRIVALS_MAX = 16;
/** Moves that are over, remembered in case their source asks. */
const PAST_MAX = 1000;

export async function receiveOffer(host: Host, conversation: Conversation, frame: Frame<"OFFER">): Promise<void> {
  const { fields, transaction } = frame;
  const receiving = host.options.receives;
  const refuse = (reason: Reason, text: string): void => {
    conversation.send("REFUSE", { reason, text, ...fields.dry === true && { offers: offersOf(receiving?.io) } });
    conversation.close();
  };
  if (receiving === undefined) return refuse("scope", "this process takes no programs; start `mvm serve`");
  if (!conversation.link.may("receive")) return refuse("scope", "your key does not allow to send programs here (scope receive)");
  const program = toHex(fields.program);
  const active = [...host.arrivals.values()].filter((one) => one.isActive);
  const unfit = whyUnfit(host, fields, receiving.memoryMax, receiving.io);
  if (unfit !== undefined) return refuse(...unfit);
  if (active.length >= ARRIVALS_MAX || host.residents.length + active.length >= receiving.programsMax) return refuse("full", "this host has no room for another program; stop one, or move to another host");
  if (host.residents.some((one) => one.source.program === program)) return refuse("busy", "this very program runs here already");
  const { host: sourceHost, boot } = conversation.link.peer!;
  const record = takeOffer(host.seen.get(program) ?? 0, { program, epoch: fields.epoch, transaction, source: { host: sourceHost, boot } });
  if (record === undefined) return refuse("epoch", `the offer's epoch ${fields.epoch} was used before; this program has been here since`);
  if (fields.dry === true) {
    conversation.send("ACCEPT", { credit: 0, name: host.freeName(fields.name), ...fields.proxied !== undefined && { proxied: true }, offers: offersOf(receiving.io) });
    return conversation.close();
  }
  // That it is offered anew says that an earlier offer of it came to nothing.
  for (const other of active) if (other.record.program === program) other.feed({ type: "superseded", epoch: fields.epoch });
  host.hear(program, fields.epoch);
  await host.platform.kernel();
  const arrival = new Arrival(host, receiving, record, conversation.link.peer!.name, host.freeName(fields.name), fields);
  for (const [id, past] of host.arrivals) if (host.arrivals.size >= PAST_MAX && !past.isActive) host.arrivals.delete(id);
  host.arrivals.set(transaction, arrival);
  arrival.accept(conversation);
}

export class Arrival {
  steps = 0;
  private readonly collector: Collector;
  private granted = WINDOW;
  private conversation: Conversation | undefined;
  private timer: Timer | undefined;
  private machine: Machine | undefined;
  private head: ImageHead | undefined;
  private resident: Resident | undefined;

  readonly memoryLimit: number;
  readonly paused: boolean;
  /** What it has open and leaves at its source. */
  private readonly proxied: readonly Proxied[];

  constructor(private readonly host: Host, private readonly receiving: Receiving, public record: Target, readonly from: string, readonly name: string, private readonly offer: Fields<"OFFER">) {
    this.memoryLimit = offer.limit;
    this.paused = offer.paused === true;
    this.proxied = proxiedOf(offer.proxied ?? []);
    this.collector = new Collector(this.memoryLimit + FRAMING);
  }

  /** Bytes of the image that have come. */
  get received(): number {
    return this.collector.received;
  }
  /** It may yet run here. */
  get isActive(): boolean {
    return this.record.phase === "receiving" || this.record.phase === "ready";
  }
  /** The program that was verified, for `adopt`. */
  get program(): { machine: Machine; head: ImageHead } {
    return { machine: this.machine!, head: this.head! };
  }

  /** Its pins and buses where it goes on: those that were kept for it here, and those that are kept for it elsewhere. */
  takeIo(): IoSession | undefined {
    const { program, epoch, source } = this.record;
    return this.host.keeper.arrived(program, epoch, this.proxied, source, this.from, this.offer.address, this.receiving.io);
  }

  accept(conversation: Conversation): void {
    this.listen(conversation);
    conversation.send("ACCEPT", { credit: this.granted, name: this.name, ...this.proxied.length > 0 && { proxied: true } });
    this.arm();
  }
  private listen(conversation: Conversation): void {
    this.conversation = conversation;
    conversation.handler = (frame) => this.take(frame);
    conversation.lost = () => {
      if (conversation !== this.conversation) return;
      this.conversation = undefined;
      this.feed({ type: "lost" });
    };
  }
  /** The source connected anew. */
  attach(conversation: Conversation, frame: AnyFrame): void {
    this.listen(conversation);
    this.take(frame);
  }
  /** A link to some host stands: if it is the source, as it was when it offered, it can be asked. */
  meet(link: Link): void {
    if (this.record.phase !== "ready" || this.conversation !== undefined) return;
    if (link.peer?.host !== this.record.source.host || link.peer.boot !== this.record.source.boot) return;
    this.listen(link.begin(this.record.transaction));
    this.feed({ type: "connected" });
  }

  feed(event: TargetEvent): void {
    const [next, actions] = stepTarget(this.record, event);
    this.record = next;
    for (const action of actions) this.act(action);
    if (next.released) this.host.arrivals.delete(next.transaction);
    this.arm();
  }

  private take(frame: AnyFrame): void {
    switch (frame.name) {
      case "CHUNK": return this.chunk(frame.fields.offset, frame.fields.bytes);
      case "END":
        if (frame.fields.round !== 0 || frame.fields.bytes !== this.collector.received) this.feed({ type: "unfit", reason: "the image is not as long as was said" });
        return;
      case "CUT":
        if (this.record.phase === "receiving") this.verify(toHex(frame.fields.image));
        return;
      case "COMMIT":
        if (frame.fields.epoch === this.record.epoch || this.record.phase !== "ready") this.feed({ type: "commit" });
        return;
      case "RELEASE": return this.feed({ type: "release" });
      case "ABORT": return this.feed({ type: "abort", epoch: frame.fields.epoch ?? 0 });
      case "QUERY": return this.feed({ type: "query" });
      case "STATE": return this.feed({ type: "state", phase: frame.fields.phase as ToldPhase });
    }
  }

  private chunk(offset: number, bytes: Uint8Array): void {
    if (this.record.phase !== "receiving") return;
    const problem = this.collector.add(offset, bytes);
    if (problem !== "") return this.feed({ type: "unfit", reason: `the image cannot be taken: ${problem}` });
    if (this.granted - this.collector.received < WINDOW / 2) {
      this.granted += WINDOW / 2;
      this.conversation?.send("CREDIT", { bytes: WINDOW / 2 });
    }
    this.arm();
  }

  /** Reads and verifies the image that is whole; nothing of it has run yet. */
  private verify(told: string): void {
    const { platform } = this.host;
    const { digest } = platform;
    const bytes = this.collector.bytes();
    const image = toHex(digest.sha256(bytes));
    if (image !== told) return this.feed({ type: "unfit", reason: "the image was damaged on its way; try again" });
    platform.kernel().then((kernel) => {
      const parts = readImage(bytes, digest, { memoryBytes: this.receiving.memoryMax });
      if (toHex(parts.head.programId) !== this.record.program || parts.head.epoch !== this.record.epoch) throw new ImageError("invalid", "the image is another program's", "offer it anew");
      const lacking = lackingLine(needsHere(parts.head.capabilities, this.proxied), [], this.receiving.io);
      if (lacking !== undefined) throw new ImageError("invalid", lacking, "it was not offered with that need");
      this.machine = restoreImage(kernel, platform.core(), parts, digest);
      this.head = parts.head;
      this.collector.clear();
      this.steps = this.machine.steps;
      this.feed({ type: "verified", image });
    }).catch((error: unknown) => {
      if (!(error instanceof ImageError)) this.host.fault(error);
      this.feed({ type: "unfit", reason: error instanceof ImageError ? `${error.message}; ${error.advice}` : "the image could not be verified" });
    });
  }

  private act(action: TargetAction): void {
    const { conversation, host } = this;
    switch (action.type) {
      case "run":
        this.resident = this.receiving.adopt(this, this.name);
        return;
      case "stop":
        if (this.resident !== undefined && host.residents.includes(this.resident)) host.leave(this.resident, { kind: "superseded" });
        return;
      case "drop":
        this.machine = this.head = undefined;
        this.collector.clear();
        return;
      case "send":
        switch (action.message) {
          case "ACCEPT": return;
          case "READY": return conversation?.send("READY", { image: fromHex(this.record.image!) });
          case "COMMITTED": return conversation?.send("COMMITTED", { name: this.name });
          case "QUERY": return conversation?.send("QUERY", {});
          case "STATE": return conversation?.send("STATE", { phase: action.phase, boot: fromHex(host.platform.bootId), epoch: this.record.epoch });
          case "REFUSE": return conversation?.send("REFUSE", { reason: "image", text: action.reason.slice(0, 1000) });
          case "ABORT": return conversation?.send("ABORT", { reason: action.reason });
        }
    }
  }

  /** Waits for the source from now on. */
  private arm(): void {
    this.timer?.cancel();
    this.timer = this.isActive ? this.host.platform.after(this.host.platform.patience, () => this.feed({ type: "timeout" })) : undefined;
  }
}
