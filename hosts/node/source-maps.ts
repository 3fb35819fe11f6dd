// Source maps: where generated code was written. A text that ends in `//# sourceMappingURL=…` names its map, a file or the
// map itself as a data: URL; the compiler asks for every place that it keeps or complains of. A map that cannot be had is
// no reason not to run a program: it is said on stderr, and the places are those of the generated text. Only of packages
// that lack their map it is not said, since many are published so and their users can do nothing about it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Tracer } from "../../compiler/error.js";
import { isOfPackage } from "../../compiler/resolve.js";
import { errorCode, fileTrouble, oneLine } from "./trouble.js";

type Tracing = typeof import("@jridgewell/trace-mapping");

/** The URL in the last line of a text that is more than blank or a comment, if that is what it says. */
function mapUrlOf(text: string): string | undefined {
  const at = text.lastIndexOf("sourceMappingURL=");
  if (at < 0) return undefined;
  const start = Math.max(text.lastIndexOf("\n", at), text.lastIndexOf("\r", at)) + 1;
  const [line = "", ...rest] = text.slice(start).split(/\r\n?|\n/);
  if (!rest.every((each) => /^\s*(\/\/.*)?$/.test(each))) return undefined;
  return /^\s*\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/.exec(line)?.[1];
}

/** The text of the map at a URL. */
function mapText(url: URL): string {
  if (url.protocol === "file:") return readFileSync(url, "utf8");
  const data = /^data:[^,;]*(?:;[^,;]*)*?(;base64)?,(.*)$/s.exec(url.href);
  if (data === null) throw new Error(`the scheme ${url.protocol} is not understood`);
  const text = decodeURIComponent(data[2]!);
  return data[1] === undefined ? text : Buffer.from(text, "base64").toString("utf8");
}

/** The map that a source's text names, undefined if it names none or one that cannot be had. */
export function tracerOf(path: string, text: string): Tracer | undefined {
  const named = mapUrlOf(text);
  if (named === undefined) return undefined;
  const own = pathToFileURL(path);
  let url: URL | undefined;
  try {
    url = new URL(named, own);
    const { AnyMap, originalPositionFor } = createRequire(import.meta.url)("@jridgewell/trace-mapping") as Tracing;
    const isFile = url.protocol === "file:";
    const map = new AnyMap(mapText(url), (isFile ? url : own).href);
    return (line, column) => {
      const found = originalPositionFor(map, { line, column: column - 1 });
      if (found.source === null) return undefined;
      const file = found.source.startsWith("file://") ? fileURLToPath(found.source) : found.source;
      return { file, line: found.line, column: found.column + 1, ...found.name !== null && { name: found.name } };
    };
  } catch (error) {
    if (errorCode(error) === "ENOENT" && isOfPackage(path)) return undefined;
    const place = url?.protocol === "file:" ? fileURLToPath(url) : "the source map";
    const reason = errorCode(error) === "" ? `cannot read ${place}: ${error instanceof Error ? error.message : String(error)}` : fileTrouble(error, place, "read").message;
    process.stderr.write(`mvm: ${oneLine(reason)}; places in ${path} are those of the code as it is\n`);
    return undefined;
  }
}
