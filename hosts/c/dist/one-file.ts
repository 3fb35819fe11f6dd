// Many C files as one: headers are put where they are first included, functions that are nobody else's business become
// static, and names that two files have for themselves get the file's name in front. It is text in and text out, and knows C
// only as far as this project writes it: declarations at the file's level begin in the first column.

import * as fs from "node:fs";
import * as path from "node:path";

export interface Parts {
  /** Folders in which included files are looked for. */
  readonly folders: readonly string[];
  /** Headers that stay included, and whose functions stay visible. */
  readonly public: readonly string[];
  /** Files whose text is taken as it is but for its includes: generated, with names that other files make room for. */
  readonly fixed: readonly string[];
}

const INCLUDE = /^#include "([\w.-]+)"\n/gm;

function find(name: string, parts: Parts): string {
  const found = parts.folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
  if (found === undefined) throw new Error(`${name} is in none of ${parts.folders.join(", ")}`);
  return fs.readFileSync(found, "utf8");
}

/** Comments, strings and characters; names with what may be before them; anything else. */
const TOKENS = /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#include[^\n]*|(?:\.|->)?\b[A-Za-z_]\w*\b|[^]/g;
const isName = (token: string): boolean => /^[A-Za-z_]/.test(token);

/** Names that a file declares for itself alone: functions, variables, types, constants, macros. */
function ownNames(text: string): Set<string> {
  const plain = text.replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, "");
  const names = new Set<string>();
  for (const [, name] of plain.matchAll(/^static [^=;({[]*?\b(\w+)(?= *[=;([])/gm)) names.add(name!);
  for (const [, name] of plain.matchAll(/^typedef [^;]*?\b(\w+)(?:\[[^;]*)?;/gm)) names.add(name!);
  for (const [, name] of plain.matchAll(/^struct (\w+) \{/gm)) names.add(name!);
  for (const [, name] of plain.matchAll(/^#define (\w+)/gm)) names.add(name!);
  for (const [, list] of plain.matchAll(/^enum (?:\w+ )?\{([^}]*)\}/gm)) for (const [name] of list!.matchAll(/\b[A-Za-z_]\w*(?= *(?:[=,]|$|\n| *\n))/g)) names.add(name);
  for (const name of names) if (name.startsWith("mvmjs_") || name.startsWith("MVMJS_")) names.delete(name);
  return names;
}

/** Functions that only this one file sees. A declaration begins in the first column and has its name and parameters on the same line. */
function hideFunctions(text: string, visible: ReadonlySet<string>): string {
  return text.replace(/^(?!static|typedef|extern|return|else|#|\/|\s|\})((?:const )?(?:struct |enum )?\w+ \**)(mvmjs_\w+)(?=\()/gm, (all: string, type: string, name: string) => visible.has(name) ? all : `MVMJS_INTERNAL ${type}${name}`);
}

/** The files, in this order, as one. */
export function oneFile(files: readonly string[], parts: Parts): string {
  const visible = new Set(parts.public.flatMap((name) => [...find(name, parts).matchAll(/\b(mvmjs_\w+)\(/g)].map(([, each]) => each!)));
  const sources = files.map((name) => ({ name, text: find(name, parts) }));
  // Names that a file has for itself and that occur elsewhere at all make room.
  const all = new Map<string, number>();
  const headers = new Set<string>();
  const count = (text: string): void => {
    for (const name of new Set(text.match(TOKENS)!.filter(isName))) all.set(name, (all.get(name) ?? 0) + 1);
    for (const [, header] of text.matchAll(INCLUDE)) {
      if (headers.has(header!) || parts.public.includes(header!)) continue;
      headers.add(header!);
      count(find(header!, parts));
    }
  };
  for (const { text } of sources) count(text);
  const done = new Set(parts.public);
  const inline = (text: string): string => text.replace(INCLUDE, (_, name: string) => {
    if (done.has(name)) return "";
    done.add(name);
    return `\n// ${name}\n\n${inline(parts.fixed.includes(name) ? find(name, parts) : hideFunctions(find(name, parts), visible))}\n`;
  });
  return sources.map(({ name, text }) => {
    if (parts.fixed.includes(name) || name.endsWith(".h")) {
      if (done.has(name)) return "";
      done.add(name);
      return `\n// ${name}\n\n${inline(parts.fixed.includes(name) ? text : hideFunctions(text, visible))}`;
    }
    const taken = new Set([...ownNames(text)].filter((each) => all.get(each)! > 1));
    // What begins with mvmjs_ is a name that all see.
    const prefix = name === "mvmjs.c" ? "machine" : path.basename(name, ".c").replaceAll("-", "_");
    const renamed = text.match(TOKENS)!.map((token) => isName(token) && taken.has(token) ? `${prefix}_${token}` : token).join("");
    return `\n// ${name}\n\n${inline(hideFunctions(renamed, visible))}`;
  }).join("");
}
