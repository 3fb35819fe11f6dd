// The source's side of a move: feeds vm/ownership.ts with what happens and does what it says. Stop-and-copy: the program
// runs until the target has accepted, then it is frozen and its image sent as round 0.
//
// The frozen program and its image stay here until the target has answered COMMITTED. While that is in doubt this side
// connects again and again and asks; what a person decides meanwhile comes in by `feed`.

import { offeredEpoch, stepSource, type SourceAction, type SourceEvent, type ToldPhase } from "../ownership.js";
import { CHUNK_BYTES, fromHex, toHex, type AnyFrame, type Fields, type Reason } from "../wire.js";
import type { Host, Resident } from "./host.js";
import type { Conversation, Link } from "./link.js";
import { proxiedOf, type IoMove } from "./io-keep.js";
import { KNOWS_NO_PROXY, offerOf, reachHost } from "./offer.js";
import type { Platform, Timer } from "./platform.js";
import { DRAIN } from "./program.js";
import { takeImage } from "./take-image.js";
import { sendBytes } from "./transfer.js";
import { Trouble } from "./trouble.js";

/** Milliseconds between attempts to reach a target that was lost; the last one is repeated. */
const BACKOFF = [100, 200, 500, 1000, 2000, 5000];
/** How often this side tries to tell that a move came to nothing. */
const TELL_ATTEMPTS = 8;

/** Where to, and what becomes of open pins and buses; `here`: where the target can connect to this host. */
export interface Journey { to: string; io: IoMove; here?: string | undefined }
export type Progress = (phase: string, sent: number, bytes: number) => void;
export type Departed =
  | { kind: "moved"; name: string; to: string; bytes: number; downtime: number }
  | { kind: "failed"; reason: Reason; text: string };

/** Moves a program. Resolves when it has moved, when it goes on here, or when that is in doubt. */
export async function depart(host: Host, resident: Resident, journey: Journey, progress: Progress): Promise<Departed> {
  const departure = new Departure(host, resident, journey, progress);
  resident.departure = departure;
  progress("connecting", 0, 0);
  try {
    await departure.connect();
  } catch (error) {
    resident.departure = undefined;
    if (!(error instanceof Trouble)) throw error;
    return { kind: "failed", reason: "lost", text: `${error.line}; ${resident.name} goes on here` };
  }
  host.departures.set(departure.transaction, departure);
  departure.feed({ type: "migrate", transaction: departure.transaction });
  return departure.result;
}

export class Departure {
  readonly transaction: string;
  readonly result: Promise<Departed>;
  readonly place: string;
  private settle!: (result: Departed) => void;
  private readonly platform: Platform;
  private link: Link | undefined;
  /** Others use the link as well. */
  private isShared = false;
  private conversation: Conversation | undefined;
  private timer: Timer | undefined;
  private retry: Timer | undefined;
  private image: Uint8Array | undefined;
  private held = false;
  private frozenAt = 0;
  private sent = 0;
  private credit = 0;
  /** Bytes that the target takes in one CHUNK. */
  private chunk = CHUNK_BYTES;
  private moreCredit: (() => void) | undefined;
  private offer: Fields<"OFFER"> | undefined;
  private targetName = "";
  private over = false;
  /** The answer to REFUSE is the target's doing, that to a lost connection is not. */
  private refusal = "";

  constructor(private readonly host: Host, private readonly resident: Resident, private readonly journey: Journey, private readonly progress: Progress) {
    this.platform = host.platform;
    this.place = this.platform.placeOf(journey.to);
    this.transaction = toHex(this.platform.random(8));
    this.result = new Promise((resolve) => { this.settle = resolve; });
  }

  /** What was offered to stay here. */
  private get proxied(): readonly string[] {
    return this.offer?.proxied ?? [];
  }

  /** Opens a link to the target and a conversation about this move. */
  async connect(): Promise<void> {
    const { link, isShared } = await reachHost(this.host, this.journey.to);
    this.link = link;
    this.isShared = isShared;
    this.conversation = link.begin(this.transaction);
    this.listen(this.conversation);
  }
  private listen(conversation: Conversation): void {
    conversation.handler = (frame) => this.take(conversation, frame);
    conversation.lost = () => {
      if (conversation !== this.conversation) return;
      this.conversation = undefined;
      this.moreCredit?.();
      this.feed({ type: "lost" });
    };
  }

  feed(event: SourceEvent): void {
    const [next, actions] = stepSource(this.resident.source, event);
    this.resident.source = next;
    this.resident.program.identity.epoch = next.epoch;
    for (const action of actions) this.act(action);
    this.arm();
  }

  /** A message about this move, on whichever conversation. */
  take(conversation: Conversation, frame: AnyFrame): void {
    const { transaction } = this;
    if (this.conversation === undefined && !this.over) {
      this.conversation = conversation;
      this.listen(conversation);
    }
    switch (frame.name) {
      case "ACCEPT": {
        const { host, boot } = conversation.link.peer!;
        this.credit = frame.fields.credit;
        this.chunk = Math.max(1, Math.min(CHUNK_BYTES, frame.fields.chunk ?? CHUNK_BYTES));
        this.targetName = frame.fields.name;
        if (this.proxied.length > 0 && frame.fields.proxied !== true) {
          conversation.send("ABORT", { reason: KNOWS_NO_PROXY, epoch: offeredEpoch(this.resident.source) });
          return this.feed({ type: "refuse", transaction, reason: KNOWS_NO_PROXY });
        }
        return this.feed({ type: "accept", transaction, peer: { host, boot } });
      }
      case "CREDIT":
        this.credit += frame.fields.bytes;
        this.moreCredit?.();
        return this.arm();
      case "NEED":
        conversation.send("ABORT", { reason: "the source cannot give the core" });
        return this.feed({ type: "refuse", transaction, reason: "the target lacks the core that the program was made with" });
      case "REFUSE":
        this.refusal = frame.fields.reason;
        return this.feed({ type: "refuse", transaction, reason: frame.fields.text });
      case "READY": return this.feed({ type: "ready", transaction, image: toHex(frame.fields.image) });
      case "COMMITTED":
        this.targetName = frame.fields.name;
        return this.feed({ type: "committed", transaction });
      case "ABORT": return this.feed({ type: "abort", transaction, reason: frame.fields.reason });
      case "QUERY":
        return this.feed({ type: "query", transaction });
      case "STATE": {
        const { phase, boot, epoch } = frame.fields;
        return this.feed({ type: "state", transaction, phase: phase as ToldPhase, boot: toHex(boot), epoch });
      }
    }
  }
  // ---------------------------------------------------------------- actions

  private act(action: SourceAction): void {
    switch (action.type) {
      case "send": return this.send(action);
      case "freeze":
        this.freeze().catch((error: unknown) => this.feed({ type: "refuse", transaction: this.transaction, reason: error instanceof Error ? error.message : String(error) }));
        return;
      case "transfer":
        this.transfer().catch((error: unknown) => this.host.fault(error));
        return;
      case "resume":
        this.image = undefined;
        this.finish();
        if (this.proxied.length > 0) this.host.keeper.takeBack(this.resident);
        this.resident.program.endDraining();
        if (this.held) this.resident.runner.release();
        this.held = false;
        return;
      case "drop":
        this.image = undefined;
        return;
      case "reconnect": return this.reconnect(0);
      case "report": return this.report(action.outcome, action.reason);
    }
  }

  private send(action: SourceAction & { type: "send" }): void {
    const { conversation } = this;
    if (conversation === undefined || conversation.link.isClosed) {
      if (action.message === "ABORT") this.tell(action.reason, action.epoch, 0);
      return;
    }
    const { source } = this.resident;
    switch (action.message) {
      case "OFFER":
        this.progress("offered", 0, 0);
        this.offer = offerOf(this.host, this.resident, this.journey.io, this.journey.here);
        return conversation.send("OFFER", this.offer);
      case "COMMIT":
        if (this.proxied.length > 0) this.host.keeper.grant(this.resident, offeredEpoch(source), source.target!, this.journey.to, proxiedOf(this.proxied));
        this.progress("granted", this.sent, this.sent);
        return conversation.send("COMMIT", { epoch: offeredEpoch(source) });
      case "RELEASE":
        conversation.send("RELEASE", {});
        return this.isShared || this.host.keeper.keepLink(source.program, conversation.link, this.isShared) ? conversation.close() : conversation.link.close();
      case "QUERY": return conversation.send("QUERY", {});
      case "ABORT": return conversation.send("ABORT", { reason: action.reason, epoch: action.epoch });
      case "STATE": return conversation.send("STATE", { phase: action.phase, boot: fromHex(this.platform.bootId), epoch: source.epoch });
    }
  }

  /** Stops the program between two instructions and seals its image. */
  private async freeze(): Promise<void> {
    const { runner, program } = this.resident;
    // What the program has asked of this host is worth a moment: elsewhere nobody can answer it.
    const end = this.platform.now() + DRAIN;
    program.drain();
    while (program.isCalling && this.platform.now() < end) await new Promise<void>((resolve) => { this.platform.after(5, resolve); });
    if (this.over || this.resident.source.phase !== "frozen") return;
    runner.hold();
    this.held = true;
    if (this.proxied.length > 0) program.holdIo();
    this.resident.output.flush();
    this.frozenAt = this.platform.now();
    // The image says the epoch that the target will own it at.
    program.identity.epoch = offeredEpoch(this.resident.source);
    this.image = takeImage(program, this.platform.digest);
    this.feed({ type: "sealed", image: toHex(this.platform.digest.sha256(this.image)) });
  }

  private async transfer(): Promise<void> {
    const { conversation, image } = this;
    if (conversation === undefined || image === undefined) return;
    const whole = await sendBytes(conversation, image, async (sent) => {
      this.sent = sent;
      this.progress("frozen", sent, image.length);
      this.arm();
      while (sent >= this.credit && this.conversation === conversation) await new Promise<void>((resolve) => { this.moreCredit = resolve; });
      return this.resident.source.phase === "frozen" && this.conversation === conversation ? this.credit - sent : 0;
    }, this.chunk);
    if (!whole || this.resident.source.phase !== "frozen") return;
    this.sent = image.length;
    const { machine, outputs } = this.resident.program;
    conversation.send("CUT", { image: this.platform.digest.sha256(image), steps: machine.steps, outputs });
    this.arm();
  }

  /** Waits for the target from now on. */
  private arm(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const { phase } = this.resident.source;
    if (this.over || phase === "owner" || phase === "left") return;
    this.timer = this.platform.after(this.platform.patience, () => {
      // A connection on which COMMIT is not answered for so long is dead, whatever TCP thinks: a new one may not be.
      const dead = phase === "granted" && this.resident.source.doubt ? this.link : undefined;
      this.feed({ type: "timeout" });
      dead?.destroy();
    });
  }

  private reconnect(attempt: number): void {
    if (this.retry !== undefined) return;
    this.retry = this.platform.after(BACKOFF[Math.min(attempt, BACKOFF.length - 1)]!, () => {
      this.retry = undefined;
      if (this.over || this.conversation !== undefined) return;
      this.connect().then(() => this.feed({ type: "connected" }), () => this.reconnect(attempt + 1)).catch((error: unknown) => this.host.fault(error));
    });
  }

  /** Tells a target that could not be reached that the move came to nothing: it may hold an image. */
  private tell(reason: string, epoch: number, attempt: number): void {
    if (attempt >= TELL_ATTEMPTS) return;
    this.platform.after(BACKOFF[Math.min(attempt, BACKOFF.length - 1)]!, () => {
      reachHost(this.host, this.journey.to).then(({ link, isShared }) => {
        const conversation = link.begin(this.transaction);
        conversation.send("ABORT", { reason, epoch });
        if (isShared) conversation.close();
        else link.close();
      }).catch(() => this.tell(reason, epoch, attempt + 1));
    }, "idle");
  }

  private report(outcome: (SourceAction & { type: "report" })["outcome"], reason: string): void {
    const { resident, host } = this;
    switch (outcome) {
      case "moved": {
        const downtime = Math.round((this.platform.now() - this.frozenAt) * 1000);
        this.finish();
        host.leave(resident, { kind: "moved", to: this.place, name: this.targetName });
        return this.settle({ kind: "moved", name: this.targetName, to: this.place, bytes: this.sent, downtime });
      }
      case "aborted":
        host.options.note(`${resident.name} did not move to ${this.place}: ${reason}; it goes on here`);
        return this.settle({ kind: "failed", reason: this.refusal === "" ? "lost" : "refused", text: `${reason}; ${resident.name} goes on here` });
      case "doubt": {
        const text = `it is in doubt whether ${resident.name} runs at ${this.place} (${reason}); it will be asked again and again; if that host is lost for ever: mvm recover ${resident.name} --force`;
        host.options.note(text);
        return this.settle({ kind: "failed", reason: "doubt", text });
      }
      case "recovered":
        host.options.note(`${resident.name} was recovered and goes on here at epoch ${resident.source.epoch}`);
        return this.settle({ kind: "failed", reason: "refused", text: `${reason}; ${resident.name} goes on here` });
      case "superseded": return host.leave(resident, { kind: "superseded" });
      case "late": return;
    }
  }

  /** Nothing of this move is under way any more. */
  private finish(): void {
    this.over = true;
    this.host.settled(this.transaction, this.resident.source);
    if (this.resident.departure === this) this.resident.departure = undefined;
    this.timer?.cancel();
    this.retry?.cancel();
    const { link, conversation } = this;
    // What is on its way to the peer, an ABORT perhaps, still goes out.
    const isKept = link !== undefined && this.resident.source.phase === "left" && this.host.keeper.keepLink(this.resident.source.program, link, this.isShared);
    this.platform.soon(() => {
      if (!this.isShared && !isKept) link?.close();
      else conversation?.close();
    });
  }
  /** A person dropped the program. */
  giveUp(): void {
    this.finish();
    this.settle({ kind: "failed", reason: "phase", text: `${this.resident.name} was stopped` });
  }
}
