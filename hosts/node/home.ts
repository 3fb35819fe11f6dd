// Where mvm keeps what outlives a process: $MVM_HOME, or ~/.mvm. The directory is the user's alone (0700).
//
//   host          this host's id: 32 hexadecimal digits, made at first need
//   key           keys (keys.ts)
//   run/PID.sock  control sockets of the processes that run programs

import { createHash, randomBytes } from "node:crypto";
import { linkSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { errorCode, Exit, fileTrouble, Trouble } from "./trouble.js";

export function homeDirectory(): string {
  const home = resolve(process.env["MVM_HOME"] || join(homedir(), ".mvm"));
  makeDirectory(home);
  return home;
}
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileTrouble(error, path, "write");
  }
}

/** Longest path of a Unix socket, nearly. */
const SOCKET_PATH_MAX = 100;

/** The directory of control sockets. Where $MVM_HOME is too deep for a socket's path it is one in the temporary directory. */
export function runDirectory(): string {
  const home = homeDirectory();
  let directory = join(home, "run");
  if (directory.length > SOCKET_PATH_MAX - 16) {
    directory = join(tmpdir(), `mvm-${userInfo().uid}-${createHash("sha256").update(home).digest("hex").slice(0, 16)}`);
  }
  makeDirectory(directory);
  const { uid, mode } = lstatSync(directory);
  if (uid !== userInfo().uid || (mode & 0o077) !== 0) {
    throw new Trouble(Exit.FILE, `${directory} is not this user's alone`, `remove it, or chmod 700 ${directory}`);
  }
  return directory;
}

/** Reads a file of this directory; makes it first if there is none. Two processes that make it at once agree on one. */
export function readOrMake(path: string, make: () => string): string {
  for (;;) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw fileTrouble(error, path, "read");
    }
    const part = `${path}.${process.pid}.part`;
    try {
      writeFileSync(part, make(), { mode: 0o600 });
      linkSync(part, path);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw fileTrouble(error, path, "write");
    } finally {
      rmSync(part, { force: true });
    }
  }
}

let host: string | undefined;
/** This host's id, the same at every start: 32 hexadecimal digits. */
export function hostId(): string {
  if (host !== undefined) return host;
  const path = join(homeDirectory(), "host");
  host = readOrMake(path, () => `${randomBytes(16).toString("hex")}\n`).trim();
  if (!/^[0-9a-f]{32}$/.test(host)) throw new Trouble(Exit.FILE, `${path} is damaged`, "remove it: this host gets a new id");
  return host;
}

/** An id of this start of the process. */
export const bootId = randomBytes(8).toString("hex");

export function hostName(): string {
  return hostname();
}
