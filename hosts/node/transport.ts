// Connections: TCP for other machines, Unix sockets for this user's commands. TCP is TLS 1.2 with a pre-shared key and an
// ephemeral exchange (so what was recorded cannot be read with a key that leaks later); 1.2 and not 1.3 because there the
// server can say which key it means, and a person with the wrong one is told so. Unix sockets are guarded by the file
// system: the directory is 0700, the socket 0600.
//
// Boards are reached over byte links (byte-link.ts), at a serial port or, as QEMU's UARTs are, behind TCP. host:port may be
// either kind of host: TLS is tried first, and where a connection stands on which nothing answers it, a byte link. A board
// skips what it cannot read, while a host would turn away and note what is not TLS. What was found is remembered.
//
// Before a peer has proved that it has a key it gets one of WAITING_MAX places for HANDSHAKE_PATIENCE milliseconds.

import { createConnection, createServer, type Server, type Socket } from "node:net";
import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { runDirectory } from "./home.js";
import { readKeys, type Key } from "./keys.js";
import { errorCode, Exit, Trouble } from "./trouble.js";

const HANDSHAKE_PATIENCE = 5000;
const WAITING_MAX = 32;
/** Connections that have proved who they are. */
const OPEN_MAX = 256;
const CONNECT_PATIENCE = 10000;
export const DEFAULT_PORT = 7070;

const CIPHERS = { ciphers: "ECDHE-PSK-CHACHA20-POLY1305", minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;

export interface Address {
  host: string;
  port: number;
  /** A byte link: behind TCP at that place, or at a port of this machine. */
  serial?: "tcp" | { path: string; baud: number };
}
/** host, host:port, [v6]:port or :port; serial:PATH, serial:PATH?baud=N or serial:host:port. */
export function parseAddress(text: string): Address {
  return text.startsWith("serial:") ? parseSerial(text.slice(7), text) : parsePlace(text);
}
const DEFAULT_BAUD = 115200;
function parseSerial(place: string, text: string): Address {
  const [, path = "", query, digits] = /^([^?]*)(\?baud=(\d{2,8}))?$/.exec(place) ?? [];
  if (/[/\\]|^COM\d+$/i.test(path)) return { host: "", port: 0, serial: { path, baud: digits === undefined ? DEFAULT_BAUD : Number(digits) } };
  if (query === undefined && /:\d+$/.test(path)) return { ...parsePlace(path), serial: "tcp" };
  throw new Trouble(Exit.USAGE, `'${text}' is no address`, "give serial:/dev/ttyUSB0, serial:/dev/ttyUSB0?baud=115200, or serial:host:port for a port behind TCP");
}
function parsePlace(text: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? (plain === "" ? "127.0.0.1" : plain);
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (host === undefined || text === "" || port > 65535) throw new Trouble(Exit.USAGE, `'${text}' is no address`, "give host:port, for instance 127.0.0.1:7070");
  return { host, port };
}
export function addressText({ host, port, serial }: Address): string {
  if (typeof serial === "object") return `serial:${serial.path}${serial.baud === DEFAULT_BAUD ? "" : `?baud=${serial.baud}`}`;
  return `${serial === undefined ? "" : "serial:"}${host.includes(":") ? `[${host}]` : host}:${port}`;
}

// ---------------------------------------------------------------- TCP

/** A host answers TLS within this time of the connection's standing, or else it is tried as a board. */
const BOARD_PROBE = 2000;
/** Places where a board was found. */
const boards = new Set<string>();

/** Connects to another host, proving that this user has a key that it knows. */
export async function connectHost(address: Address): Promise<Duplex> {
  const place = addressText(address);
  if (address.serial !== undefined) {
    const { connectByteLink, NoBoard } = await import("./byte-link.js");
    return connectByteLink(typeof address.serial === "object" ? address.serial : address, place).catch((error: unknown) => {
      throw error instanceof NoBoard ? new Trouble(Exit.PEER, `what listens at ${place} is no board with mvm, or has just gone`, "check the address") : error;
    });
  }
  const connected = boards.has(place) ? undefined : await connectTls(address, BOARD_PROBE);
  return connected ?? await connectBoard(address) ?? (await connectTls(address, CONNECT_PATIENCE))!;
}
/** Undefined: there is no board. */
async function connectBoard(address: Address): Promise<Duplex | undefined> {
  const { connectByteLink, NoBoard } = await import("./byte-link.js");
  const place = addressText(address);
  try {
    const stream = await connectByteLink(address, place);
    boards.add(place);
    return stream;
  } catch (error) {
    boards.delete(place);
    if (error instanceof NoBoard) return undefined;
    throw error;
  }
}
/** Undefined: it took the connection and was silent for so many milliseconds, which is an error where that is all the patience. */
async function connectTls(address: Address, silence: number): Promise<Duplex | undefined> {
  const keys = readKeys();
  for (let index = 0; ; index++) {
    const connected = await connectWith(address, keys, index, silence);
    if (connected === "silent") return undefined;
    if (connected !== undefined) return connected;
  }
}
/** The same with the key that the host says it means, or, where it does not say (those in C), with this one. Undefined: it does not know it, and there is another. */
async function connectWith(address: Address, keys: readonly Key[], index: number, silence: number): Promise<Duplex | "silent" | undefined> {
  const tls = await import("node:tls");
  const place = addressText(address);
  let wanted = "";
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      ...CIPHERS, host: address.host, port: address.port,
      checkServerIdentity: () => undefined,
      pskCallback: (hint) => {
        wanted = hint ?? "";
        const key = keys.find((one) => one.id === hint) ?? keys[index]!;
        return { identity: key.id, psk: key.key };
      },
    });
    const timer = setTimeout(() => socket.destroy(Object.assign(new Error("time out"), { code: "ETIMEDOUT" })), CONNECT_PATIENCE);
    let probe: NodeJS.Timeout | undefined;
    let isSilent = false;
    socket.once("connect", () => {
      if (silence >= CONNECT_PATIENCE) return;
      probe = setTimeout(() => {
        isSilent = socket.bytesRead === 0;
        if (isSilent) socket.destroy();
      }, silence);
    });
    let problem: Error | undefined;
    socket.on("error", (error) => { problem ??= error; });
    socket.once("close", () => {
      clearTimeout(timer);
      clearTimeout(probe);
      if (isSilent) return resolve("silent");
      if (wanted === "" && errorCode(problem) === UNKNOWN_KEY && index + 1 < keys.length) return resolve(undefined);
      reject(connectTrouble(problem, place, wanted, keys));
    });
    socket.once("secureConnect", () => {
      clearTimeout(timer);
      clearTimeout(probe);
      socket.removeAllListeners("close");
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/** The alert of a host that does not know a key. */
const UNKNOWN_KEY = "ERR_SSL_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY";

function connectTrouble(error: Error | undefined, place: string, wanted: string, keys: readonly Key[]): Trouble {
  const code = errorCode(error);
  switch (code) {
    case "ECONNREFUSED": return new Trouble(Exit.PEER, `nobody listens at ${place}`, `start \`mvm serve --listen ${place}\` there`);
    case "ENOTFOUND": case "EAI_AGAIN": return new Trouble(Exit.PEER, `there is no host ${place}`, "check the name");
    case "EHOSTUNREACH": case "ENETUNREACH": case "ETIMEDOUT": return new Trouble(Exit.PEER, `${place} cannot be reached`, "check the address and the network");
    case "EACCES": case "EPERM": return new Trouble(Exit.PEER, `connecting to ${place} is not permitted`, "check the address");
  }
  if (wanted !== "") {
    // It told which key it means: a TLS server that speaks mvm.
    const id = wanted.slice(0, 16);
    return new Trouble(Exit.PEER, `wrong key: ${place} does not know this user's key ${keys[0]!.id}`,
      `print its key ${id} there with \`mvm key show\` and give it to \`mvm key import\` here`);
  }
  if (code === UNKNOWN_KEY) {
    return new Trouble(Exit.PEER, `wrong key: ${place} does not know this user's key ${keys[0]!.id}`, "print its key there with `mvm key show` and give it to `mvm key import` here");
  }
  return new Trouble(Exit.PEER, `what listens at ${place} does not speak mvm's protocol`, "check the port: it should be that of `mvm serve`");
}

export interface Listener { address: Address; close(): void }
export interface Accepted { stream: Duplex; key: Key; place: string }

/** Listens for other hosts. `note` gets a line about each peer that was turned away. */
export async function listenHosts(address: Address, accept: (peer: Accepted) => void, note: (line: string) => void): Promise<Listener> {
  if (address.serial !== undefined) throw new Trouble(Exit.USAGE, "hosts on this machine are not listened for at a serial port", "give host:port; a board is connected to from here");
  const tls = await import("node:tls");
  let open = 0;
  /** Peers that have not proved anything yet: what ends their probation, by place. */
  const probation = new Map<string, () => void>();
  const proved = new WeakMap<Duplex, Key>();
  const secure = tls.createServer({
    ...CIPHERS, handshakeTimeout: HANDSHAKE_PATIENCE,
    pskIdentityHint: readKeys()[0]!.id,
    pskCallback: (socket, identity) => {
      const key = readKeys().find((one) => one.id === identity);
      if (key !== undefined) proved.set(socket, key);
      return key?.key ?? null;
    },
  });
  secure.on("tlsClientError", (error, socket) => {
    const place = placeOf(socket);
    socket.destroy();
    const why = /PSK|DECRYPT|BAD_RECORD/.test(errorCode(error)) ? "has a wrong key" : `did not finish the handshake (${errorCode(error) || error.message})`;
    note(`${place} ${why}; it was turned away`);
  });
  secure.on("secureConnection", (socket) => {
    const place = placeOf(socket);
    probation.get(place)?.();
    const key = proved.get(socket);
    if (key === undefined || open >= OPEN_MAX) return void socket.destroy();
    open++;
    socket.once("close", () => { open--; });
    socket.setNoDelay(true);
    accept({ stream: socket, key, place });
  });
  const raw = createServer((socket) => {
    socket.on("error", () => {});
    if (probation.size >= WAITING_MAX) return void socket.destroy();
    const place = placeOf(socket);
    const timer = setTimeout(() => socket.destroy(), HANDSHAKE_PATIENCE);
    const over = (): void => {
      clearTimeout(timer);
      probation.delete(place);
    };
    probation.set(place, over);
    socket.once("close", over);
    socket.once("data", (bytes) => {
      if (bytes[0] !== TLS_HANDSHAKE) return note(`${place} ${turnAway(socket, bytes)}`);
      socket.pause();
      socket.unshift(bytes);
      secure.emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
  await listen(raw, { host: address.host, port: address.port }, addressText(address));
  const bound = raw.address() as { port: number };
  return { address: { host: address.host, port: bound.port }, close: () => raw.close() };
}
/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;
function placeOf(socket: Socket): string {
  return addressText({ host: socket.remoteAddress ?? "?", port: socket.remotePort ?? 0 });
}
function turnAway(socket: Socket, bytes: Buffer): string {
  if (!/^[A-Z]{3,8} /.test(bytes.toString("latin1", 0, 9))) {
    socket.destroy();
    return "does not speak mvm's protocol; it was turned away";
  }
  const text = "This port speaks mvm's protocol, not HTTP: use `mvm migrate --to`.\n";
  socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`);
  return "speaks HTTP; it was turned away: this port is for `mvm migrate --to`";
}

function listen(server: Server, where: { host: string; port: number } | { path: string }, place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const reason: Record<string, [string, string]> = {
        EADDRINUSE: ["it is in use", "choose another port with --listen"],
        EACCES: ["permission is denied", "choose a port above 1023 with --listen"],
        EADDRNOTAVAIL: ["this machine has no such address", "choose one that it has with --listen"],
        ENOTFOUND: ["there is no such host", "check the name"],
      };
      const [what, advice] = reason[errorCode(error)] ?? [error.message, ""];
      reject(new Trouble(Exit.PEER, `cannot listen at ${place}: ${what}`, advice));
    });
    server.listen(where, resolve);
  });
}

// ---------------------------------------------------------------- this machine

export function socketPath(pid: number): string {
  return join(runDirectory(), `${pid}.sock`);
}
/** Listens for commands of this user on this machine. It does not keep the process alive. */
export async function listenCommands(accept: (stream: Duplex) => void): Promise<{ close(): void }> {
  const path = socketPath(process.pid);
  // Whoever had this process id before is gone.
  rmSync(path, { force: true });
  const server = createServer(accept);
  const mask = process.umask(0o177);
  try {
    await listen(server, { path }, path);
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o600);
  server.unref();
  const close = (): void => {
    server.close();
    rmSync(path, { force: true });
  };
  process.once("exit", close);
  return { close };
}
/** Connects to a process of this user; undefined if it is gone. */
export function connectProcess(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    socket.once("error", () => resolve(undefined));
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}
