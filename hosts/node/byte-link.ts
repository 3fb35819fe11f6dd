// Byte links (vm/serial.ts) on Node: a serial port of this machine, or one behind TCP as QEMU shows the UARTs of its boards.
// What comes out is a Duplex like that of a TLS connection, so that nothing above knows the difference. This file owns the
// clock and the line; the link itself is a pure machine that is fed and asked.
//
// A board's programs go on to other hosts through the process that is connected to it: the board asks for a connection to a
// place, and this side carries its bytes (`Reverse`). Only places that the person at this process named are lent (`lend`),
// since it is this user's key that opens them.
//
// Serial ports need the package `serialport`, which is optional: it is loaded when a port is opened, and only then missed.

import { createConnection } from "node:net";
import { Duplex } from "node:stream";
import { SerialLink } from "../../vm/serial.js";
import { Flag, Reverse } from "../../vm/serial-packet.js";
import { toHex } from "../../vm/wire.js";
import { randomBytes } from "node:crypto";
import { digest } from "./digest.js";
import { readKeys } from "./keys.js";
import { patience } from "./patience.js";
import { errorCode, Exit, Trouble } from "./trouble.js";

/** Where the line is: behind TCP, or a port of this machine. */
export type Line = { host: string; port: number } | { path: string; baud: number };

/** Packets under way in each direction; a board that has room for fewer says so. */
const PACKETS = 8;
/** How long a board may take to answer, in milliseconds: it may be busy with a long instruction, or erasing flash. */
const BOARD_PATIENCE = 6000;
const CONNECT_PATIENCE = 10000;
/** So long a link that nobody holds any more goes on, for what was written to it to arrive. */
const LINGER = 5000;

/** Bytes that wait for a board, beyond which the place they come from is not read. */
const REVERSE_MOST = 4096;
/** Bytes of a board that wait for a connection to stand. */
const EARLY_MOST = 65536;

const lent = new Set<string>();
/** Lets boards connect to this place through this process, as this user. */
export function lend(place: string): void {
  lent.add(place);
}

/** The line ended before anything that speaks the byte link was heard on it. */
export class NoBoard extends Error {}

/** Opens a line and a link on it. A NoBoard is thrown where whatever is there is none. */
export async function connectByteLink(line: Line, place: string): Promise<Duplex> {
  const stream = "path" in line ? await openPort(line.path, line.baud) : await openSocket(line.host, line.port, place);
  return new Promise((resolve, reject) => {
    const link = new ByteLink(stream, (problem) => {
      if (problem === undefined) return resolve(link);
      link.destroy();
      reject(problem === "ended" ? new NoBoard(`${place} ended the connection`) : trouble(link.link, place));
    });
    link.on("error", () => {});
  });
}

function trouble({ problem, peerKey, peerVersions }: SerialLink, place: string): Trouble {
  switch (problem) {
    case "key": return new Trouble(Exit.PEER, `wrong key: ${place} has the key ${toHex(peerKey)}, which this user has not`, "print that key where the board got it from with `mvm key show`, and give it to `mvm key import` here");
    case "version": return new Trouble(Exit.PEER, `${place} speaks versions ${peerVersions[0]} to ${peerVersions[1]} of the byte link`, "bring both to the same version of mvm");
    case "unproved": return new Trouble(Exit.PEER, `${place} answered once and was not heard again`, "check the cable, and try again");
    default: return new Trouble(Exit.PEER, `${place} is silent`, "another host may be connected to it (a line has one at a time), it may not run mvm, or the baud rate is another");
  }
}

function openSocket(host: string, port: number, place: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error("time out")), CONNECT_PATIENCE);
    const failed = (error: Error): void => {
      clearTimeout(timer);
      reject(new Trouble(Exit.PEER, errorCode(error) === "ECONNREFUSED" ? `nobody listens at ${place}` : `${place} cannot be reached`, "start the board, and check the address"));
    };
    socket.once("error", failed);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", failed);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

interface PortModule { SerialPort: new (options: { path: string; baudRate: number }, opened: (error: Error | null) => void) => Duplex }

async function openPort(path: string, baud: number): Promise<Duplex> {
  // A variable, so that neither the compiler nor a bundler wants it to be there.
  const name = "serialport";
  let SerialPort: PortModule["SerialPort"];
  try {
    ({ SerialPort } = await import(name) as PortModule);
  } catch (error) {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw new Trouble(Exit.PEER, `the package serialport does not work here: ${(error as Error).message}`, "install it anew with `npm install serialport`");
    throw new Trouble(Exit.PEER, "serial ports need the package serialport", "install it beside mvm with `npm install serialport`");
  }
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: baud }, (error) => {
      if (error === null) resolve(port);
      else reject(new Trouble(Exit.PEER, `${path} cannot be opened: ${error.message.replace(/^Error: /, "")}`, "check the name and your right to use it (on Linux: the group dialout), and that no other program has it"));
    });
  });
}

/** A connection to another host that a board has through this side. Each side says once that it has ended. */
class ReverseConnection {
  /** What is to go to the board. */
  readonly out: { flags: number; bytes: Uint8Array }[] = [];
  private stream: Duplex | undefined;
  private early: Uint8Array[] | undefined = [];
  private hasSaidEnd = false;
  private hasHeardEnd = false;

  constructor(place: string, private readonly moved: () => void) {
    if (lent.has(place)) this.connect(place).catch(() => this.end());
    else this.end();
  }
  private async connect(place: string): Promise<void> {
    const { connectHost, parseAddress } = await import("./transport.js");
    const stream = await connectHost(parseAddress(place));
    stream.on("error", () => {});
    if (this.hasHeardEnd) return void stream.destroy();
    this.stream = stream;
    stream.on("data", (bytes: Buffer) => {
      this.out.push({ flags: Flag.REVERSE, bytes });
      if (this.waiting > REVERSE_MOST) stream.pause();
      this.moved();
    });
    stream.on("close", () => this.end());
    for (const bytes of this.early ?? []) stream.write(bytes);
    this.early = undefined;
  }
  private get waiting(): number {
    return this.out.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
  private end(): void {
    if (this.hasSaidEnd) return;
    this.hasSaidEnd = true;
    this.out.push({ flags: Flag.REVERSE | Flag.CONTROL, bytes: Uint8Array.of(Reverse.CLOSE) });
    this.moved();
  }

  take(bytes: Uint8Array): void {
    if (this.stream !== undefined) this.stream.write(bytes);
    else if (this.early !== undefined && this.early.reduce((sum, one) => sum + one.length, bytes.length) <= EARLY_MOST) this.early.push(bytes);
  }
  /** The board has ended it, or is gone: what it said still arrives. */
  close(): void {
    this.hasHeardEnd = true;
    this.early = undefined;
    this.stream?.end();
    this.end();
  }
  /** Bytes have gone. */
  drained(): void {
    if (this.stream?.isPaused() === true && this.waiting <= REVERSE_MOST) this.stream.resume();
  }
}

type Beginning = (problem: undefined | "ended" | "failed") => void;

/** The stream of a byte link, this side being the client. */
class ByteLink extends Duplex {
  readonly link: SerialLink;
  private timer: NodeJS.Timeout | undefined;
  private lineIsFull = false;
  private lineIsOver = false;
  private isOver = false;
  private wantsMore = false;
  private unsent: Buffer | undefined;
  private written: (() => void) | undefined;
  private finished: (() => void) | undefined;
  private deadline = Infinity;
  private reverse: ReverseConnection | undefined;

  constructor(private readonly line: Duplex, private begun: Beginning | undefined) {
    super({ allowHalfOpen: false });
    const keys = readKeys().map(({ id, key }) => ({ id: Buffer.from(id, "hex"), key }));
    this.link = new SerialLink({ role: "client", keys, sha256: digest.sha256, random: randomBytes, packets: PACKETS, patience: BOARD_PATIENCE }, now());
    line.on("data", (bytes: Buffer) => {
      this.link.feed(bytes, now());
      this.pump();
    });
    line.on("drain", () => {
      this.lineIsFull = false;
      this.pump();
    });
    line.on("error", () => this.lineEnded());
    line.on("end", () => this.lineEnded());
    line.on("close", () => this.lineEnded());
    this.pump();
  }

  override _read(): void {
    this.wantsMore = true;
    this.pump();
  }
  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.unsent = bytes;
    this.written = done;
    this.pump();
  }
  override _final(done: () => void): void {
    this.link.close();
    this.finished = done;
    this.pump();
  }
  /** What was written goes on its way without whoever wrote it. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.link.close();
    this.deadline = now() + LINGER;
    this.pump();
    done(error);
  }

  private lineEnded(): void {
    if (this.lineIsOver) return;
    this.lineIsOver = true;
    this.pump();
  }

  /** Moves everything that can be moved, and comes again when more is due. */
  private pump(): void {
    const { link, line } = this;
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
    if (this.begun !== undefined && link.isOpen) {
      // From here on a silent board is as lost as any other host.
      link.patience = patience;
      this.begin(undefined);
    }
    this.readLink();
    this.writeReverse();
    while (this.unsent !== undefined) {
      this.unsent = this.unsent.subarray(link.write(this.unsent));
      if (this.unsent.length > 0) break;
      this.unsent = undefined;
      const written = this.written;
      this.written = undefined;
      // It may come with the next bytes at once.
      written?.();
    }
    while (!this.lineIsFull && !this.lineIsOver) {
      const packet = link.pull(now());
      if (packet === undefined) break;
      this.lineIsFull = !line.write(packet);
    }
    if (link.phase === "over" || this.lineIsOver || now() >= this.deadline) return this.over();
    const wait = Math.min(link.nextTime(now()), this.deadline) - now();
    if (!this.lineIsFull && this.timer === undefined) this.timer = setTimeout(() => this.pump(), Math.max(0, wait));
  }
  private readLink(): void {
    const { link } = this;
    for (;;) {
      const flags = link.nextFlags;
      const isReverse = (flags & Flag.REVERSE) !== 0;
      if (!isReverse && (!this.wantsMore || this.destroyed)) return;
      const bytes = link.read();
      if (bytes === undefined) return;
      if (isReverse) this.takeReverse(flags, bytes);
      else this.wantsMore = this.push(bytes);
    }
  }
  private takeReverse(flags: number, bytes: Uint8Array): void {
    if (!(flags & Flag.CONTROL)) return this.reverse?.take(bytes);
    if (bytes[0] === Reverse.CLOSE) return this.reverse?.close();
    // A board begins one when the last has ended on both sides.
    if (bytes[0] === Reverse.OPEN) this.reverse = new ReverseConnection(Buffer.from(bytes.subarray(1)).toString(), () => { setImmediate(() => { if (!this.lineIsOver) this.pump(); }); });
  }
  private writeReverse(): void {
    const { reverse, link } = this;
    if (reverse === undefined) return;
    for (let first; (first = reverse.out[0]) !== undefined;) {
      first.bytes = first.bytes.subarray(link.write(first.bytes, first.flags));
      if (first.bytes.length > 0) break;
      reverse.out.shift();
    }
    reverse.drained();
  }
  private begin(problem: "ended" | "failed" | undefined): void {
    const { begun } = this;
    this.begun = undefined;
    begun?.(problem);
  }

  /** The link is over, by whoever's doing. */
  private over(): void {
    const { link, line } = this;
    const { finished } = this;
    this.finished = undefined;
    finished?.();
    if (this.isOver) return;
    this.isOver = true;
    line.removeAllListeners("data").removeAllListeners("drain");
    // A serial port lets go of its device when it is closed, a socket when it is destroyed.
    if ("close" in line && typeof line.close === "function") {
      if (!this.lineIsOver) (line.close as (done: () => void) => void).call(line, () => {});
    } else {
      line.destroy();
    }
    this.lineIsOver = true;
    this.deadline = Infinity;
    this.reverse?.close();
    this.reverse = undefined;
    this.begin(link.phase === "over" ? "failed" : "ended");
    if (this.destroyed) return;
    // What came before the end is still to be read.
    for (let bytes; link.nextFlags === 0 && (bytes = link.read()) !== undefined;) this.push(bytes);
    if (link.problem === "closed") this.push(null);
    else this.destroy(new Error(link.problem === "lost" ? "the board was lost" : "the line ended"));
  }
}
function now(): number {
  return Math.floor(performance.now());
}
