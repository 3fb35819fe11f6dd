// The byte link: an ordered, authenticated stream of bytes over a line that loses, flips, doubles and delays them (a UART, a
// radio). Above it the frames of wire.ts run as over TCP; below it is anything that carries bytes. hosts/c/link/serial.c
// is the same line by line, and byte by byte on the line. Nothing here knows a port, a clock or a random source: time is
// an argument in whole milliseconds, and bytes are handed in and fetched.
//
//      client                                   device
//   greeting ── HELLO nonce ─────────────────>             the client repeats it until it is answered
//            <─ CHALLENGE nonce, proof ───────  (pending)  the device has shown that it has the key
//   proving  ── PROOF ───────────────────────>  open       so has the client: both take the session's keys
//   open     <─ ACK, under the session's key ─
//
// A device does not hear that the other end was unplugged or plugged in. So it answers HELLO at any time, but gives up the
// session that it has only for a PROOF of the key: neither noise nor a stranger ends one. Whatever was recorded does not
// pass again, because the device's nonce is new. A device holds one challenge at a time, and a HELLO costs it two hashes.
//
// The receiver takes packets in their order and keeps none that came early; it says how many it can take (`window`), and
// that edge never goes back. The sender keeps what is not acknowledged and sends it again when its time is over (measured
// round trips, doubled at each loss) or when the other says that something is missing. Acknowledgements ride on data.
// A device cannot connect to anybody, but the client can: packets with the flag REVERSE belong to a second connection, which
// the device begins through the client. It shares order and window with the first.
//
// A peer that was silent for `patience` is lost. CLOSE takes a sequence of its own: it ends both directions.

import { encodePacket, Flag, hmac, isSame, isWhole, joinBytes, Kind, PacketDecoder, PAYLOAD_MAX, readPacket, type Packet, type Sha256 } from "./serial-packet.js";

export { LINE_MAX, PAYLOAD_MAX } from "./serial-packet.js";

/** The versions of the byte link that this code speaks. */
export const SERIAL_VERSIONS = { lowest: 1, highest: 1 } as const;

const NONCE_BYTES = 16;
const PROOF_BYTES = 32;
export const KEY_ID_BYTES = 8;
const CHALLENGE_BYTES = 2 * NONCE_BYTES + 1 + KEY_ID_BYTES + PROOF_BYTES;

/** Milliseconds. */
const REPEAT = 250;
const RETRY_FIRST = 250;
const RETRY_LEAST = 30;
const RETRY_MOST = 2000;
/** So long after the peer was heard it is asked whether it is there; and whether it has room. */
const KEEP_ALIVE = 3000;
const PROBE = 200;
/** PROOFs that are not answered before the client greets anew. */
const PROOFS = 4;
/** The last sequence of a session. */
const SEQUENCE_MAX = 0xfffffff0;

/** A key, and what it is called: the first bytes of the SHA-256 of "mvm key" and the key. */
export interface SerialKey { id: Uint8Array; key: Uint8Array }

export interface SerialOptions {
  role: "client" | "device";
  /** The client's keys, of which it takes the one that the device names; a device has one. */
  keys: readonly SerialKey[];
  sha256: Sha256;
  random(count: number): Uint8Array;
  /** Packets that are kept of each direction. */
  packets: number;
  /** To begin with. */
  patience: number;
  /** For tests: which versions it says that it speaks. */
  versions?: { lowest: number; highest: number };
}

export type SerialPhase =
  /** A device without a session. */ | "idle"
  /** A client that waits for CHALLENGE; that has sent PROOF. */ | "greeting" | "proving"
  | "open"
  /** CLOSE is on its way, behind what was written. */ | "ending"
  /** A client whose link is over. */ | "over";

/** Why there is no link (any more). */
export type SerialProblem =
  | "" | "closed" | "lost"
  /** A client: nothing came; CHALLENGE came but no session. */ | "silent" | "unproved"
  | "key" | "version";

type Transcript = Uint8Array;
const text = (letters: string): Uint8Array => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
const NOTHING: Uint8Array = new Uint8Array(0);

/** Bytes of the stream, and which of its two connections they belong to (Flag.REVERSE, Flag.CONTROL). */
interface Slot { flags: number; bytes: Uint8Array }
const CHANNEL = Flag.REVERSE | Flag.CONTROL;

interface Pending { clientNonce: Uint8Array; deviceNonce: Uint8Array; versions: Uint8Array }

export class SerialLink {
  phase: SerialPhase;
  problem: SerialProblem = "";
  /** Links that have been opened: another number is another link, and what was of the old one is gone. */
  links = 0;
  /** Where the problem is the key: the id of the one that the device has. Where it is the version: those of the device. */
  peerKey = NOTHING;
  peerVersions = NOTHING;
  /** So long, in milliseconds, a peer may be silent. */
  patience: number;

  private readonly decoder = new PacketDecoder();
  private readonly versions: { lowest: number; highest: number };

  // The handshake
  private readonly nonce: Uint8Array;
  private readonly beganAt: number;
  private repeatAt: number;
  private proofsLeft = 0;
  /** Of the client: what it proves itself by. Of a device: what the session began with, which may come twice. */
  private proof = NOTHING;
  private pending: Pending | undefined;
  private owesChallenge = false;
  private owesRefusal = false;

  // The session. Sequences have 32 bits.
  private sendKey: Uint8Array | undefined;
  private receiveKey: Uint8Array | undefined;
  private heardAt = 0;
  private askedAt = 0;

  /** What is to be sent: sequences from `base`, the first that is not acknowledged, to before `end`. */
  private queue: Slot[] = [];
  private base = 0;
  private next = 0;
  private sent = 0;
  private limit = 1;
  private closing = false;
  private retryAt = Infinity;
  private retry = RETRY_FIRST;
  /** Smoothed round trip in eighths of a millisecond, its deviation in quarters; negative: none was measured. */
  private roundTrip8 = -1;
  private deviation4 = 0;
  private timed = -1;
  private timedAt = 0;
  /** What was missing has been sent again already. */
  private hurried = false;

  private received: Slot[] = [];
  private expected = 0;
  /** The edge of the window that the peer was told. */
  private told = 1;
  private owesAck = false;
  private missing = false;

  constructor(private readonly options: SerialOptions, now: number) {
    const { role, packets, keys } = options;
    if (!(packets >= 1 && packets <= 255) || keys.length === 0) throw new Error("serial: 1 to 255 packets, and a key");
    this.versions = options.versions ?? SERIAL_VERSIONS;
    this.phase = role === "client" ? "greeting" : "idle";
    this.nonce = role === "client" ? options.random(NONCE_BYTES) : NOTHING;
    this.beganAt = now;
    this.patience = options.patience;
    this.repeatAt = now;
  }

  get isOpen(): boolean {
    return this.phase === "open";
  }
  private get end(): number {
    return this.base + this.queue.length;
  }

  // ---------------------------------------------------------------- the stream

  /** Takes bytes to be sent: how many. What is written together travels together, where nothing waits; CONTROL goes whole, or not yet. */
  write(bytes: Uint8Array, flags = 0): number {
    if (this.phase !== "open") return 0;
    let taken = 0;
    while (taken < bytes.length) {
      const last = this.queue.at(-1);
      const isOpen = last !== undefined && this.end - 1 >= this.sent && last.bytes.length < PAYLOAD_MAX && last.flags === flags && !(flags & Flag.CONTROL);
      if (!isOpen && this.queue.length === this.options.packets) break;
      const before = isOpen ? this.queue.pop()!.bytes : NOTHING;
      const piece = bytes.subarray(taken, taken + PAYLOAD_MAX - before.length);
      this.queue.push({ flags, bytes: joinBytes(before, piece) });
      taken += piece.length;
    }
    return taken;
  }
  /** Has everything that was written been acknowledged? */
  get isFlushed(): boolean {
    return this.queue.length === 0;
  }
  /** Which connection the bytes that `read` gives next belong to. */
  get nextFlags(): number {
    return this.received[0]?.flags ?? 0;
  }
  /** The bytes of the next packet that came, until a new link opens. */
  read(): Uint8Array | undefined {
    const bytes = this.received.shift()?.bytes;
    // The peer is told of the room before it asks.
    if (bytes !== undefined && this.phase === "open" && this.edge - this.told >= (this.options.packets + 1) >> 1) this.owesAck = true;
    return bytes;
  }
  /** Ends the link behind what was written. */
  close(): void {
    if (this.phase === "greeting" || this.phase === "proving") this.finish("closed");
    if (this.phase !== "open") return;
    this.phase = "ending";
    this.closing = true;
  }

  private get edge(): number {
    return this.expected + this.options.packets - this.received.length;
  }

  // ---------------------------------------------------------------- the line

  /** Bytes that came from the line. */
  feed(bytes: Uint8Array, now: number): void {
    for (const byte of bytes) {
      const packet = this.decoder.push(byte);
      if (packet !== undefined) this.take(packet, now);
    }
  }

  /** When `pull` is to be called at the latest, if nothing comes, is written or read before: now, if there is a packet already. */
  nextTime(now: number): number {
    if (this.owesChallenge || this.owesRefusal || this.owesAck) return now;
    switch (this.phase) {
      case "idle": case "over": return Infinity;
      case "greeting": case "proving": return Math.max(now, Math.min(this.repeatAt, this.beganAt + this.patience));
    }
    if (this.canSend) return now;
    return Math.max(now, Math.min(this.retryAt, this.askAt, this.heardAt + this.patience));
  }

  /** The next packet for the line, if there is one now. */
  pull(now: number): Uint8Array | undefined {
    if (this.owesRefusal) {
      this.owesRefusal = false;
      return this.plain(Kind.REFUSE, this.pending!.clientNonce, Uint8Array.of(this.versions.lowest, this.versions.highest));
    }
    if (this.owesChallenge) {
      this.owesChallenge = false;
      return this.challenge(this.pending!);
    }
    switch (this.phase) {
      case "greeting": case "proving": return this.greet(now);
      case "idle": case "over": return this.owesAck ? this.packet(Kind.ACK, 0, this.next, NOTHING) : undefined;
      default: return this.pullSession(now);
    }
  }

  private pullSession(now: number): Uint8Array | undefined {
    if (now - this.heardAt >= this.patience) {
      this.finish("lost");
      this.sendKey = this.receiveKey = undefined;
      this.owesAck = false;
      return undefined;
    }
    if (now >= this.retryAt) {
      this.retry = Math.min(2 * this.retry, RETRY_MOST);
      this.goBack();
    }
    if (this.canSend) return this.sendNext(now);
    if (now >= this.askAt) {
      this.askedAt = now;
      return this.packet(Kind.ACK, Flag.ANSWER, this.next, NOTHING);
    }
    return this.owesAck ? this.packet(Kind.ACK, 0, this.next, NOTHING) : undefined;
  }
  private get canSend(): boolean {
    return this.next < this.end ? this.next < this.limit : this.closing && this.next === this.end;
  }
  /** When the peer is asked to answer. */
  private get askAt(): number {
    const isBlocked = this.next === this.base && this.next < this.end && this.next >= this.limit;
    return Math.max(this.heardAt, this.askedAt) + (isBlocked ? PROBE : KEEP_ALIVE);
  }
  private goBack(): void {
    this.next = this.base;
    this.timed = -1;
    this.retryAt = Infinity;
  }
  private sendNext(now: number): Uint8Array {
    const sequence = this.next++;
    if (sequence === this.sent) {
      this.sent++;
      if (this.timed < 0) {
        this.timed = sequence;
        this.timedAt = now;
      }
    }
    if (this.retryAt === Infinity) this.retryAt = now + this.retry;
    const slot = this.queue[sequence - this.base];
    return slot === undefined ? this.packet(Kind.CLOSE, 0, sequence, NOTHING) : this.packet(Kind.DATA, slot.flags, sequence, slot.bytes);
  }
  /** A packet of the session. It acknowledges what has come. */
  private packet(kind: number, flags: number, sequence: number, payload: Uint8Array): Uint8Array {
    const packet = { kind, flags: flags | (this.missing ? Flag.MISSING : 0), sequence, acknowledges: this.expected, window: this.edge - this.expected, payload };
    this.owesAck = this.missing = false;
    this.told = this.edge;
    return encodePacket(this.options.sha256, this.sendKey!, packet);
  }
  private plain(kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
    return encodePacket(this.options.sha256, undefined, { kind, flags: 0, sequence: 0, acknowledges: 0, window: 0, payload: joinBytes(...parts) });
  }

  /** A client's link is over; a device waits for the next. */
  private finish(problem: SerialProblem): void {
    this.phase = this.options.role === "client" ? "over" : "idle";
    this.problem = problem;
    this.queue = [];
    this.closing = false;
    this.retryAt = Infinity;
  }

  // ---------------------------------------------------------------- the handshake

  private proofOf(whose: string, key: Uint8Array, transcript: Transcript): Uint8Array {
    return hmac(this.options.sha256, key, text(whose), transcript);
  }
  private transcript({ clientNonce, deviceNonce, versions }: Pending, chosen: number): Transcript {
    return joinBytes(clientNonce, deviceNonce, versions, Uint8Array.of(chosen));
  }
  /** The highest version of both; 0 if there is none. */
  private choose(lowest: number, highest: number): number {
    const version = Math.min(highest, this.versions.highest);
    return version >= lowest && version >= this.versions.lowest ? version : 0;
  }

  private greet(now: number): Uint8Array | undefined {
    if (now - this.beganAt >= this.patience) {
      this.finish(this.proof.length === 0 ? "silent" : "unproved");
      return undefined;
    }
    if (now < this.repeatAt) return undefined;
    this.repeatAt = now + REPEAT;
    if (this.phase === "proving" && this.proofsLeft-- > 0) return this.plain(Kind.PROOF, this.proof);
    // The device may have answered another HELLO since, and have forgotten this one.
    this.phase = "greeting";
    return this.plain(Kind.HELLO, this.nonce, Uint8Array.of(this.versions.lowest, this.versions.highest));
  }
  private challenge(pending: Pending): Uint8Array {
    const { id, key } = this.options.keys[0]!;
    const chosen = this.choose(pending.versions[0]!, pending.versions[1]!);
    return this.plain(Kind.CHALLENGE, pending.clientNonce, pending.deviceNonce, Uint8Array.of(chosen), id, this.proofOf("device", key, this.transcript(pending, chosen)));
  }

  private takeHello(payload: Uint8Array): void {
    if (payload.length !== NONCE_BYTES + 2) return;
    const clientNonce = payload.slice(0, NONCE_BYTES);
    const versions = payload.slice(NONCE_BYTES);
    const isKnown = this.pending !== undefined && isSame(this.pending.clientNonce, clientNonce) && isSame(this.pending.versions, versions);
    // A HELLO that comes again gets the same nonce, so that a PROOF on its way stays good.
    if (!isKnown) this.pending = { clientNonce, deviceNonce: this.options.random(NONCE_BYTES), versions };
    this.owesRefusal = this.choose(versions[0]!, versions[1]!) === 0;
    this.owesChallenge = !this.owesRefusal;
  }
  private takeChallenge(payload: Uint8Array, now: number): void {
    if (this.phase !== "greeting" || payload.length !== CHALLENGE_BYTES || !isSame(payload.subarray(0, NONCE_BYTES), this.nonce)) return;
    const deviceNonce = payload.slice(NONCE_BYTES, 2 * NONCE_BYTES);
    const chosen = payload[2 * NONCE_BYTES]!;
    const id = payload.slice(2 * NONCE_BYTES + 1, 2 * NONCE_BYTES + 1 + KEY_ID_BYTES);
    if (chosen < this.versions.lowest || chosen > this.versions.highest) return;
    const { key } = this.options.keys.find((one) => isSame(one.id, id)) ?? this.options.keys[0]!;
    const transcript = this.transcript({ clientNonce: this.nonce, deviceNonce, versions: Uint8Array.of(this.versions.lowest, this.versions.highest) }, chosen);
    if (!isSame(this.proofOf("device", key, transcript), payload.subarray(CHALLENGE_BYTES - PROOF_BYTES))) {
      this.peerKey = id;
      return this.finish("key");
    }
    this.proof = this.proofOf("client", key, transcript);
    this.phase = "proving";
    this.proofsLeft = PROOFS;
    this.repeatAt = now;
    this.begin(key, transcript, now);
  }
  private takeProof(payload: Uint8Array, now: number): void {
    if (payload.length !== PROOF_BYTES) return;
    // It comes again because the answer was lost.
    if (this.receiveKey !== undefined && isSame(payload, this.proof)) {
      this.owesAck = true;
      return;
    }
    const { pending } = this;
    if (pending === undefined) return;
    const chosen = this.choose(pending.versions[0]!, pending.versions[1]!);
    const { key } = this.options.keys[0]!;
    const transcript = this.transcript(pending, chosen);
    if (chosen === 0 || !isSame(this.proofOf("client", key, transcript), payload)) return;
    this.pending = undefined;
    this.owesChallenge = this.owesRefusal = false;
    this.proof = payload.slice();
    this.begin(key, transcript, now);
    this.opened();
    this.owesAck = true;
  }
  private takeRefusal(payload: Uint8Array): void {
    if (this.phase !== "greeting" || payload.length !== NONCE_BYTES + 2 || !isSame(payload.subarray(0, NONCE_BYTES), this.nonce)) return;
    this.peerVersions = payload.slice(NONCE_BYTES);
    this.finish("version");
  }

  /** A session's keys and empty buffers. */
  private begin(key: Uint8Array, transcript: Transcript, now: number): void {
    const ofClient = this.proofOf("session client", key, transcript);
    const ofDevice = this.proofOf("session device", key, transcript);
    const isClient = this.options.role === "client";
    this.sendKey = isClient ? ofClient : ofDevice;
    this.receiveKey = isClient ? ofDevice : ofClient;
    this.heardAt = this.askedAt = now;
    this.queue = [];
    this.base = this.next = this.sent = this.expected = 0;
    this.limit = this.told = 1;
    this.closing = this.hurried = this.owesAck = this.missing = false;
    this.retryAt = Infinity;
    this.retry = RETRY_FIRST;
    this.roundTrip8 = this.timed = -1;
    this.received = [];
  }
  private opened(): void {
    this.phase = "open";
    this.problem = "";
    this.links++;
  }

  // ---------------------------------------------------------------- packets that came

  private take(bytes: Uint8Array, now: number): void {
    const packet = readPacket(bytes, this.expected, this.base);
    if (packet === undefined) return;
    const { kind } = packet;
    if (kind >= Kind.DATA) {
      if (kind > Kind.CLOSE || (kind === Kind.DATA) !== (packet.payload.length > 0)) return;
      if (this.receiveKey !== undefined && isWhole(this.options.sha256, this.receiveKey, bytes, packet)) this.takeSession(packet, now);
      return;
    }
    if (!isWhole(this.options.sha256, undefined, bytes, packet)) return;
    if (this.options.role === "client") {
      if (kind === Kind.CHALLENGE) this.takeChallenge(packet.payload, now);
      if (kind === Kind.REFUSE) this.takeRefusal(packet.payload);
    } else {
      if (kind === Kind.HELLO) this.takeHello(packet.payload);
      if (kind === Kind.PROOF) this.takeProof(packet.payload, now);
    }
  }

  private takeSession(packet: Packet, now: number): void {
    if (this.phase === "greeting" || this.phase === "proving") this.opened();
    this.heardAt = now;
    if (packet.flags & Flag.ANSWER) this.owesAck = true;
    if (this.phase === "open" || this.phase === "ending") this.takeAck(packet, now);
    if (packet.kind === Kind.ACK) return;
    this.owesAck = true;
    if (packet.sequence !== this.expected) {
      if (packet.sequence > this.expected) this.missing = true;
    } else if (packet.kind === Kind.CLOSE) {
      this.expected++;
      this.finish("closed");
    } else if (this.received.length < this.options.packets && this.phase === "open") {
      this.expected++;
      this.received.push({ flags: packet.flags & CHANNEL, bytes: packet.payload.slice() });
    }
    if (this.expected >= SEQUENCE_MAX) this.finish("lost");
  }

  private takeAck({ acknowledges, window, flags }: Packet, now: number): void {
    if (acknowledges < this.base || acknowledges > this.sent) return;
    this.limit = Math.max(this.limit, acknowledges + window);
    if (acknowledges > this.base) {
      const wasEnd = this.end;
      this.queue.splice(0, acknowledges - this.base);
      this.base = acknowledges;
      this.next = Math.max(this.next, acknowledges);
      this.hurried = false;
      if (this.timed >= 0 && acknowledges > this.timed) this.measure(Math.min(now - this.timedAt, RETRY_MOST));
      this.retryAt = this.next > this.base ? now + this.retry : Infinity;
      // CLOSE has been acknowledged, or nothing can follow any more.
      if (acknowledges > wasEnd) this.finish("closed");
      else if (acknowledges >= SEQUENCE_MAX) this.finish("lost");
    } else if (flags & Flag.MISSING && !this.hurried && this.next > this.base) {
      this.hurried = true;
      this.goBack();
    }
  }
  /** A round trip: the time after which a packet is sent again (Jacobson, in integers). */
  private measure(trip: number): void {
    this.timed = -1;
    if (this.roundTrip8 < 0) {
      this.roundTrip8 = trip << 3;
      this.deviation4 = trip << 1;
    } else {
      const difference = trip - (this.roundTrip8 >> 3);
      this.roundTrip8 += difference;
      this.deviation4 += Math.abs(difference) - (this.deviation4 >> 2);
    }
    this.retry = Math.max(RETRY_LEAST, Math.min((this.roundTrip8 >> 3) + this.deviation4, RETRY_MOST));
  }
}
