// The keys that hosts know each other by: $MVM_HOME/key, made at first need, readable by its owner alone (0600). One line a
// key: `own KEY` is this user's, `peer KEY SCOPES NAME` one that a person brought from another machine; KEY is 64
// hexadecimal digits. A key's id is the beginning of its hash, so it can be told without telling the key.
//
// Who holds a key may do here what its scopes say; who holds this user's own key may do all.

import { createHash, randomBytes } from "node:crypto";
import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseScopes, scopes, type Scope } from "../../vm/hosting/scopes.js";
import { homeDirectory, readOrMake } from "./home.js";
import { Exit, fileTrouble, Trouble } from "./trouble.js";

export { parseScopes, scopes, type Scope };

export interface Key {
  id: string;
  key: Buffer;
  scopes: readonly Scope[];
  name: string;
  own: boolean;
}

export function keyPath(): string {
  return join(homeDirectory(), "key");
}
function keyId(key: Buffer): string {
  return createHash("sha256").update("mvm key").update(key).digest("hex").slice(0, 16);
}

/** All keys of this user, the own one first. Read anew each time: a person may have imported one. */
export function readKeys(): Key[] {
  const path = keyPath();
  const text = readOrMake(path, () => `own ${randomBytes(32).toString("hex")}\n`);
  if ((statSync(path).mode & 0o077) !== 0) throw new Trouble(Exit.FILE, `${path} can be read by others`, `chmod 600 ${path}`);
  const keys = text.split("\n").filter((line) => line.trim() !== "").map((line) => parseLine(line, path));
  keys.sort((a, b) => Number(b.own) - Number(a.own));
  if (keys[0]?.own !== true) throw new Trouble(Exit.FILE, `${path} has no own key`, "remove it: a new one is made");
  return keys;
}
function parseLine(line: string, path: string): Key {
  const [, kind, hex, list, name] = /^(own|peer) ([0-9a-f]{64})(?: ([a-z,]+)(?: (.*))?)?$/.exec(line.trim()) ?? [];
  if (hex === undefined || (kind === "peer" && list === undefined)) throw new Trouble(Exit.FILE, `${path} is damaged`, "remove it: a new key is made, and peers need it again");
  const key = Buffer.from(hex, "hex");
  const own = kind === "own";
  return { id: keyId(key), key, own, name: own ? "own" : name ?? "", scopes: own ? scopes : parseScopes(list!) };
}

/** A key as people carry it from one machine to the other. */
export function parseKey(text: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(text.trim())) throw new Trouble(Exit.USAGE, "that is not a key", "give the 64 hexadecimal digits that `mvm key show` prints there");
  return Buffer.from(text.trim(), "hex");
}

/** Adds a key, or gives a known one other scopes. */
export function importKey(key: Buffer, allowed: readonly Scope[], name: string): { key: Key; count: number } {
  const keys = readKeys();
  const id = keyId(key);
  if (keys[0]!.id === id) throw new Trouble(Exit.USAGE, "that is this user's own key already", "import it on the other machine");
  const added: Key = { id, key, scopes: allowed, name: name.replace(/[\r\n]/g, " "), own: false };
  const all = [...keys.filter((one) => one.id !== id), added];
  const path = keyPath();
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, all.map((one) => one.own ? `own ${one.key.toString("hex")}\n` : `peer ${one.key.toString("hex")} ${one.scopes.join(",")} ${one.name}\n`).join(""), { mode: 0o600 });
    chmodSync(part, 0o600);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw fileTrouble(error, path, "write");
  }
  return { key: added, count: all.length };
}

/** The same as a command of others asks for it (vm/hosting/host.ts). */
export function rememberKey(key: Uint8Array, allowed: readonly Scope[], name: string): { id: string; count: number } {
  const { key: added, count } = importKey(Buffer.from(key), allowed, name);
  return { id: added.id, count };
}
