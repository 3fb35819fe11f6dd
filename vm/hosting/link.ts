// A link: frames (vm/wire.ts) over a connection, and the conversations that share it. A conversation is one stream of
// frames about one thing: a move, a command. Whoever connected begins odd streams, the other side even ones.
//
// The first frame of each side is HELLO; nothing else is taken before it, and it has to come within HELLO_PATIENCE. A peer
// that breaks the rules costs the connection, never more. What is sent waits where the connection is slow (`drained`).

import { abi } from "../abi.js";
import {
  chooseVersion, encodeFrame, FrameReader, fromHex, NO_TRANSACTION, PROTOCOL, toHex, WireError,
  type AnyFrame, type Fields, type Frame, type MessageName, type Reason,
} from "../wire.js";
import type { Connection } from "./connection.js";
import type { Platform, Timer } from "./platform.js";
import type { Scope } from "./scopes.js";
import { Exit, Trouble } from "./trouble.js";

const HELLO_PATIENCE = 5000;
/** A command is not a host that programs move to or from. */
const NO_HOST = "0".repeat(32);

/** Who is at the other end, by its HELLO. */
export interface PeerFacts { host: string; boot: string; name: string; abi: number }

/** Sees every frame of a move before it is sent and after: tests break links and processes there. False: do not send it. */
export type Tap = (name: MessageName, when: "before" | "after", link: Link) => boolean;
let tap: Tap | undefined;
export function setTap(next: Tap | undefined): void {
  tap = next;
}

export interface LinkOptions {
  platform: Platform;
  connection: Connection;
  /** This side connected. */
  began: boolean;
  /** It speaks for a host, not only for a command. */
  asHost: boolean;
  /** What the other side may do here. */
  scopes: readonly Scope[];
  /** Where the peer is, for people. */
  place: string;
  /** The other side begins a conversation. */
  asked?: (conversation: Conversation, frame: AnyFrame) => void;
  closed?: () => void;
  /** Something in this process failed over a frame: a fault of ours. The link ends; without this the error is thrown. */
  failed?: (error: unknown) => void;
}

export class Conversation {
  private readonly frames: AnyFrame[] = [];
  private wake: (() => void) | undefined;
  /** Takes every frame instead of `next`. */
  handler: ((frame: AnyFrame) => void) | undefined;
  /** The link ended. */
  lost: (() => void) | undefined;

  constructor(readonly link: Link, readonly stream: number, readonly transaction: string) {}

  send<N extends MessageName>(name: N, fields: Fields<N>): void {
    this.link.send(name, this.stream, this.transaction, fields);
  }
  fail(reason: Reason, text: string): void {
    this.send("FAIL", { reason, text: text.slice(0, 1000) });
    this.close();
  }

  deliver(frame: AnyFrame): void {
    if (this.handler !== undefined) return this.handler(frame);
    this.frames.push(frame);
    this.wake?.();
  }
  end(): void {
    this.wake?.();
    this.lost?.();
  }

  /** The next frame; undefined if the link ended. Rejects when it does not come in time. */
  async next(patience: number): Promise<AnyFrame | undefined> {
    if (this.frames.length === 0 && !this.link.isClosed) {
      await new Promise<void>((resolve, reject) => {
        const timer = this.link.platform.after(patience, () => reject(new Trouble(Exit.PEER, `${this.link.place} does not answer`, "try again")));
        this.wake = () => {
          timer.cancel();
          this.wake = undefined;
          resolve();
        };
      });
    }
    return this.frames.shift();
  }
  close(): void {
    this.link.forget(this.stream);
  }
}

export class Link {
  isClosed = false;
  /** Why it ended, if that was not the plan. */
  problem = "";
  peer: PeerFacts | undefined;
  private readonly reader = new FrameReader();
  private readonly conversations = new Map<number, Conversation>();
  private sequence = 0;
  private nextStream: number;
  private readonly timer: Timer;
  private greeted!: () => void;
  private failed!: (error: Error) => void;
  /** The peer's HELLO has come. */
  readonly ready: Promise<void>;

  constructor(private readonly options: LinkOptions) {
    const { platform, connection, began } = options;
    this.nextStream = began ? 1 : 2;
    this.ready = new Promise((resolve, reject) => {
      this.greeted = resolve;
      this.failed = reject;
    });
    this.ready.catch(() => {});
    this.timer = platform.after(HELLO_PATIENCE, () => this.end("the peer does not say HELLO"));
    connection.open((bytes) => this.take(bytes), (problem) => this.end(problem));
    this.send("HELLO", 0, NO_TRANSACTION, {
      lowest: PROTOCOL.lowest, highest: PROTOCOL.highest, host: fromHex(options.asHost ? platform.hostId() : NO_HOST), boot: fromHex(platform.bootId),
      name: platform.hostName().slice(0, 200), abi, software: platform.software,
    });
  }

  get platform(): Platform {
    return this.options.platform;
  }
  get connection(): Connection {
    return this.options.connection;
  }
  get place(): string {
    return this.options.place;
  }
  may(scope: Scope): boolean {
    return this.options.scopes.includes(scope);
  }

  /** Begins a conversation. */
  begin(transaction = NO_TRANSACTION): Conversation {
    const conversation = new Conversation(this, this.nextStream, transaction);
    this.nextStream += 2;
    this.conversations.set(conversation.stream, conversation);
    return conversation;
  }
  /** No conversation is under way. */
  get isIdle(): boolean {
    return this.conversations.size === 0;
  }
  forget(stream: number): void {
    this.conversations.delete(stream);
  }

  send<N extends MessageName>(name: N, stream: number, transaction: string, fields: Fields<N>): void {
    if (this.isClosed || (tap !== undefined && !tap(name, "before", this))) return;
    this.connection.send(encodeFrame(name, stream, this.sequence, transaction, fields));
    this.sequence = (this.sequence + 1) >>> 0;
    tap?.(name, "after", this);
  }
  /** Resolves when what was sent has been handed to the system; false if the link ended. */
  async drained(): Promise<boolean> {
    if (!this.isClosed && this.connection.isFull) await this.connection.drained();
    return !this.isClosed;
  }

  private take(bytes: Uint8Array): void {
    try {
      for (const frame of this.reader.push(bytes)) {
        if (this.isClosed) return;
        this.frame(frame);
      }
    } catch (error) {
      if (error instanceof WireError) return this.end(error.message);
      this.end("a fault of mvm's own");
      if (this.options.failed === undefined) throw error;
      this.options.failed(error);
    }
  }

  private frame(frame: AnyFrame): void {
    if (this.peer === undefined) return this.greeting(frame);
    if (frame.name === "PING") {
      if (!frame.fields.answer) this.send("PING", frame.stream, NO_TRANSACTION, { answer: true });
      return;
    }
    const known = this.conversations.get(frame.stream);
    if (known !== undefined) return known.deliver(frame);
    // A stream of this side's numbers is over; one of the other's begins a conversation.
    if ((frame.stream & 1) === (this.options.began ? 1 : 0) || this.options.asked === undefined) return;
    const conversation = new Conversation(this, frame.stream, frame.transaction);
    this.conversations.set(frame.stream, conversation);
    this.options.asked(conversation, frame);
  }

  private greeting(frame: AnyFrame): void {
    if (frame.name === "REFUSE") return this.end(frame.fields.text);
    const { lowest, highest, host, boot, name, abi: peerAbi } = (frame as Frame<"HELLO">).fields;
    if (chooseVersion(lowest, highest) === undefined) {
      const text = `the protocol's versions do not meet: ${lowest} to ${highest} there, ${PROTOCOL.lowest} to ${PROTOCOL.highest} here; bring both to the same version of mvm`;
      this.send("REFUSE", 0, NO_TRANSACTION, { reason: "version", text, lowest: PROTOCOL.lowest, highest: PROTOCOL.highest });
      return this.end(text);
    }
    this.timer.cancel();
    this.peer = { host: toHex(host), boot: toHex(boot), name, abi: peerAbi };
    this.reader.open();
    this.greeted();
  }

  /** Ends it for a reason. */
  end(problem: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.problem = problem;
    this.timer.cancel();
    this.failed(new Trouble(Exit.PEER, `${this.place}: ${problem}`));
    this.connection.end();
    for (const conversation of [...this.conversations.values()]) conversation.end();
    this.conversations.clear();
    this.options.closed?.();
  }
  /** Ends it as planned, when what was sent is out. */
  close(): void {
    this.end("closed");
  }
  /** Breaks it at once. */
  destroy(): void {
    this.connection.destroy();
    this.end("broken");
  }
}
