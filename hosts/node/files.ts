// Files: sources for the compiler, images read and written. An image is written beside its place and moved there when it
// is whole and on the disk, so a full disk or a lost process never costs the one that was there before.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { SourceHost } from "../../compiler/resolve.js";
import { loadLibrary } from "./load-core.js";
import { tracerOf } from "./source-maps.js";
import { Exit, fileTrouble, Trouble } from "./trouble.js";

/** TypeScript's types are cut out by amaro, which is loaded when the first .ts file comes. */
let strip: ((source: string, path: string) => string) | undefined;
function stripTypes(source: string, path: string): string {
  if (strip === undefined) {
    const { transformSync } = createRequire(import.meta.url)("amaro") as { transformSync(source: string, options: object): { code: string } };
    strip = (text, filename) => {
      try {
        return transformSync(text, { mode: "strip-only", filename }).code;
      } catch (error) {
        const message = (error instanceof Error ? error.message : String(error)).trim().split("\n")[0]!.replace(/^\s*[x×]\s*/u, "");
        throw new Trouble(Exit.FILE, `${filename}: ${message}`, "only types that can be cut out are understood (no enum, no namespace)");
      }
    };
  }
  return strip(source, path);
}

export const sourceHost: SourceHost = {
  read(path) {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
    return /\.[mc]?ts$/.test(path) ? stripTypes(text, path) : text;
  },
  exists: (path) => existsSync(path) && statSync(path).isFile(),
  realpath: (path) => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
  tracer: tracerOf,
  library: loadLibrary,
};

/** Checks that a file can be read: the path as the compiler wants it. */
export function checkFile(path: string): string {
  const full = resolve(path);
  try {
    closeSync(openSync(full, "r"));
    if (statSync(full).isDirectory()) throw new Trouble(Exit.FILE, `cannot read ${path}: it is a directory`, "name a file");
    return realpathSync(full);
  } catch (error) {
    throw error instanceof Trouble ? error : fileTrouble(error, path, "read");
  }
}

export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileTrouble(error, path, "read");
  }
}

/** A program's name, from the file that it comes from. */
export function nameOf(path: string): string {
  return basename(path, extname(path)) || "program";
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Writes a file whole or not at all. */
export function writeBytes(path: string, bytes: Uint8Array): void {
  let special = false;
  try {
    special = !statSync(path).isFile();
  } catch {
    // It does not exist yet.
  }
  // A device or a pipe has no place beside it.
  const place = special ? path : join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  let file: number | undefined;
  try {
    file = openSync(place, special ? "w" : "wx");
    writeWhole(file, bytes);
    if (!special) fsyncSync(file);
    closeSync(file);
    file = undefined;
    if (!special) renameSync(place, path);
  } catch (error) {
    if (file !== undefined) closeSync(file);
    if (!special) rmSync(place, { force: true });
    throw fileTrouble(error, path, "write");
  }
}
