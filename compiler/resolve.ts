// From the specifier of an import or require to a file: relative paths, npm packages (node_modules, package `exports` and
// `imports`, `main`), as Node does it. Reads through a SourceHost only. Paths have forward slashes.
//
// Conditions: "mvm", then "import" or "require", and "default"; where that finds nothing, "node" as well. A package in
// which something cannot be compiled, most often because it wants a module of Node's, is taken in its other forms: as
// browsers get it (condition and field `browser`), then as Node does. A module of Node's is what the package has for
// browsers in its place, or the package of npm that bundlers take for it, where one is installed.

import { isLibrary, libraryModules, libraryNames } from "../vm/io/modules.js";
import type { Tracer } from "./error.js";

/** Where sources come from. */
export interface SourceHost {
  /** The text of a file, undefined if there is none (or it is a directory). */
  read(path: string): string | undefined;
  /** Is it a file? Asked instead of reading where given. */
  exists?(path: string): boolean;
  /** The path without symbolic links: the same file must not become two modules. */
  realpath?(path: string): string;
  /** The source map that a text names, where there is one. */
  tracer?(path: string, text: string): Tracer | undefined;
  /** The text of a module of mvm's own (vm/io/modules.ts), by the name of its file. */
  library?(file: string): string;
}

export type Resolved =
  | { kind: "file"; path: string }
  /** A module of Node's that is not offered, and the package that would stand in for it. */ | { kind: "builtin"; name: string; standIn: string | undefined }
  | { kind: "missing"; reason: string };

/** Names that mean Node's own modules, packages or not. */
const builtins = new Set(("assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks " +
  "process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib").split(" "));

/** The packages that bundlers take for modules of Node's. */
const standIns: Readonly<Record<string, string>> = {
  assert: "assert", buffer: "buffer", crypto: "crypto-browserify", events: "events", os: "os-browserify", path: "path-browserify", punycode: "punycode",
  querystring: "querystring-es3", stream: "stream-browserify", string_decoder: "string_decoder", timers: "timers-browserify", url: "url", util: "util", zlib: "browserify-zlib",
};

/** The path of the module that stands where a package has nothing for browsers: CommonJS without a text. */
export const EMPTY_MODULE = "(nothing)";

/** The forms in which a package may come, in the order in which they are tried. */
const forms = ["default", "browser", "node"] as const;
type Form = typeof forms[number];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export interface PackageJson { directory: string; fields: { [key: string]: Json } }

export function directoryOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at > 0 ? path.slice(0, at) : at === 0 ? "/" : ".";
}

export function joinPath(directory: string, relative: string): string {
  const parts: string[] = [];
  const absolute = relative.startsWith("/") || directory.startsWith("/");
  for (const part of (relative.startsWith("/") ? relative : `${directory}/${relative}`).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (part !== ".." || !absolute) parts.push(part);
  }
  return (absolute ? "/" : "") + parts.join("/") || ".";
}

/** Is the file one of a package that was installed, not the program's own? */
export function isOfPackage(path: string): boolean { return path.includes("/node_modules/"); }

export class Resolver {
  private readonly packages = new Map<string, PackageJson | null>();
  /** Of packages that are not taken in the first form, by their directories. */
  private readonly formOf = new Map<string, Form>();
  constructor(private readonly host: SourceHost) {}

  /** Has the package that a file belongs to taken in another form from now on; false where it has no more. */
  takeOtherwise(path: string): boolean {
    const found = this.installed(path);
    if (found === null) return false;
    const { browser, exports, imports } = found.fields;
    const text = JSON.stringify([exports, imports]);
    for (const form of forms.slice(forms.indexOf(this.form(found)) + 1)) {
      if (!text.includes(`"${form}"`) && (form !== "browser" || browser === undefined)) continue;
      this.formOf.set(found.directory, form);
      return true;
    }
    return false;
  }

  /** The package, installed from npm, that a file belongs to: a folder of it with a package.json of its own is none. */
  private installed(path: string): PackageJson | null {
    const root = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path);
    return root === null ? null : this.packageAt(root[0]);
  }

  private form({ directory }: PackageJson): Form { return this.formOf.get(directory) ?? "default"; }

  resolve(specifier: string, from: string, how: "import" | "require"): Resolved {
    if (specifier.startsWith("file://")) return this.file(decodeURI(specifier.slice(7)), specifier);
    if (isLibrary(specifier)) return this.library(specifier, from);
    const directory = directoryOf(from);
    const builtin = specifier.startsWith("node:") ? specifier.slice(5) : builtins.has(specifier.split("/")[0]!) && !specifier.endsWith("/") ? specifier : undefined;
    const own = this.installed(from);
    if (own !== null && (builtin !== undefined || this.form(own) === "browser")) {
      const replaced = this.forBrowsers(own, builtin ?? specifier, directory, how);
      if (replaced !== null) return replaced;
    }
    if (builtin !== undefined) return this.standIn(builtin, specifier, directory, how);
    if (/^(\.{0,2}\/|\.{1,2}$)/.test(specifier)) {
      const path = joinPath(directory, specifier);
      if (how === "require") return this.fileOrDirectory(path, specifier, specifier.endsWith("/"));
      const found = this.file(path, specifier);
      // Some packages have modules for bundlers only, which find files without their endings.
      return found.kind === "missing" && isOfPackage(from) ? this.fileOrDirectory(path, specifier, specifier.endsWith("/")) : found;
    }
    if (specifier.startsWith("#")) return this.internal(specifier, directory, how);
    return this.package(specifier.replace(/\/$/, ""), directory, how);
  }

  /** What stands for a module of Node's: a package that is installed. */
  private standIn(name: string, specifier: string, directory: string, how: "import" | "require"): Resolved {
    const standIn = Object.hasOwn(standIns, name) ? standIns[name] : undefined;
    const found = standIn === undefined ? undefined : this.package(standIn, directory, how);
    return found?.kind === "file" ? found : { kind: "builtin", name: specifier, standIn };
  }

  /** What a package's own field `browser` has in place of something that one of its files names; null if that stays. */
  private forBrowsers(own: PackageJson, specifier: string, directory: string, how: "import" | "require"): Resolved | null {
    const { browser } = own.fields;
    if (browser === null || typeof browser !== "object" || Array.isArray(browser)) return null;
    const name = specifier.startsWith(".") ? `.${joinPath(directory, specifier).slice(own.directory.length)}` : specifier;
    const key = [name, `${name}.js`, `${name}/index.js`].find((one) => Object.hasOwn(browser, one));
    const target = key === undefined ? null : browser[key]!;
    if (target === false) return { kind: "file", path: EMPTY_MODULE };
    if (typeof target !== "string" || target === key) return null;
    return target.startsWith(".") ? this.fileOrDirectory(joinPath(own.directory, target), target) : this.package(target, own.directory, how);
  }

  private library(specifier: string, from: string): Resolved {
    const known = libraryModules[specifier];
    if (known === undefined || (known.isInner === true && !isLibrary(from))) return { kind: "missing", reason: `there is no module '${specifier}': there are ${libraryNames.join(", ")}` };
    if (this.host.library === undefined) return { kind: "missing", reason: `the module '${specifier}' is not at hand here` };
    return { kind: "file", path: specifier };
  }

  /** The package that a file belongs to. */
  packageOf(directory: string): PackageJson | null {
    for (let at = directory; ; at = directoryOf(at)) {
      const found = at.endsWith("/node_modules") ? null : this.packageAt(at);
      if (found !== null) return found;
      if (at === "/" || at === "." || directoryOf(at) === at) return null;
    }
  }

  private packageAt(directory: string): PackageJson | null {
    let known = this.packages.get(directory);
    if (known === undefined) {
      const text = this.host.read(joinPath(directory, "package.json"));
      known = null;
      if (text !== undefined) {
        try {
          known = { directory, fields: JSON.parse(text) as PackageJson["fields"] };
        } catch {
          known = { directory, fields: {} };
        }
      }
      this.packages.set(directory, known);
    }
    return known;
  }

  private isFile(path: string): boolean {
    return this.host.exists ? this.host.exists(path) : this.host.read(path) !== undefined;
  }

  private found(path: string): Resolved {
    return { kind: "file", path: this.host.realpath ? this.host.realpath(path) : path };
  }

  /** Exactly that file (or the TypeScript file that its name stands for). */
  private file(path: string, specifier: string): Resolved {
    if (this.isFile(path)) return this.found(path);
    const typescript = path.replace(/\.([mc]?)js$/, ".$1ts");
    if (typescript !== path && this.isFile(typescript)) return this.found(typescript);
    return { kind: "missing", reason: `cannot find module '${specifier}'` };
  }

  /** As require does it: the file, with an extension, or a directory. */
  private fileOrDirectory(path: string, specifier: string, directoryOnly = false): Resolved {
    if (!directoryOnly) {
      for (const extension of ["", ".js", ".json", ".cjs", ".ts", ".cts"]) if (this.isFile(path + extension)) return this.found(path + extension);
      const typescript = this.file(path, specifier);
      if (typescript.kind === "file") return typescript;
    }
    return this.directory(path, specifier);
  }

  private directory(path: string, specifier: string): Resolved {
    const found = this.packageAt(path);
    const mains = found === null ? [] : [...(this.form(found) === "browser" ? [found.fields.browser] : []), found.fields.main];
    const candidates = mains.flatMap((main) => (typeof main === "string" && main !== "" ? [main, `${main}.js`, `${main}.json`, `${main}.cjs`, `${main}/index.js`, `${main}/index.json`] : []));
    for (const candidate of [...candidates, "index.js", "index.json", "index.cjs", "index.ts"]) {
      const file = joinPath(path, candidate);
      if (!this.isFile(file)) continue;
      const replaced = found !== null && this.form(found) === "browser" ? this.forBrowsers(found, `./${candidate.replace(/^\.\//, "")}`, path, "require") : null;
      return replaced ?? this.found(file);
    }
    return { kind: "missing", reason: `cannot find module '${specifier}'` };
  }

  private package(specifier: string, directory: string, how: "import" | "require"): Resolved {
    const parts = specifier.split("/");
    const name = parts.splice(0, specifier.startsWith("@") ? 2 : 1).join("/");
    const subpath = parts.length === 0 ? "." : `./${parts.join("/")}`;
    const own = this.packageOf(directory);
    if (own !== null && own.fields.name === name && own.fields.exports !== undefined) return this.exports(own, subpath, specifier, how);
    for (let at = directory; ; at = directoryOf(at)) {
      if (!at.endsWith("/node_modules")) {
        const root = joinPath(at, `node_modules/${name}`);
        const found = this.packageAt(root);
        if (found !== null) return this.inPackage(found, subpath, specifier, how);
        if (how === "require") {
          const plain = this.fileOrDirectory(joinPath(at, `node_modules/${specifier}`), specifier);
          if (plain.kind === "file") return plain;
        }
      }
      if (at === "/" || at === "." || directoryOf(at) === at) return { kind: "missing", reason: `cannot find package '${name}'` };
    }
  }

  private inPackage(found: PackageJson, subpath: string, specifier: string, how: "import" | "require"): Resolved {
    if (found.fields.exports !== undefined && found.fields.exports !== null) return this.exports(found, subpath, specifier, how);
    if (subpath === ".") return this.directory(found.directory, specifier);
    const path = joinPath(found.directory, subpath);
    return how === "import" ? this.file(path, specifier) : this.fileOrDirectory(path, specifier);
  }

  private exports(found: PackageJson, subpath: string, specifier: string, how: "import" | "require"): Resolved {
    const { exports } = found.fields;
    const isMap = typeof exports === "object" && exports !== null && !Array.isArray(exports) && Object.keys(exports).some((key) => key.startsWith("."));
    const map = isMap ? exports as { [key: string]: Json } : { ".": exports! };
    return this.mapped(found, map, subpath, how) ?? { kind: "missing", reason: `package '${String(found.fields.name)}' does not export '${subpath}' ('${specifier}')` };
  }

  private internal(specifier: string, directory: string, how: "import" | "require"): Resolved {
    const own = this.packageOf(directory);
    const map = own?.fields.imports;
    const result = own && map && typeof map === "object" && !Array.isArray(map) ? this.mapped(own, map, specifier, how) : null;
    return result ?? { kind: "missing", reason: `no package around defines '${specifier}'` };
  }

  /** Looks a key up in `exports` or `imports`: exactly, then by the longest pattern. */
  private mapped(found: PackageJson, map: { [key: string]: Json }, key: string, how: "import" | "require"): Resolved | null {
    if (Object.hasOwn(map, key) && !key.includes("*")) return this.target(found, map[key]!, "", how);
    let best = "";
    let middle = "";
    for (const pattern of Object.keys(map)) {
      const star = pattern.indexOf("*");
      if (star < 0) continue;
      const start = pattern.slice(0, star);
      const end = pattern.slice(star + 1);
      const fits = key.startsWith(start) && key.length >= pattern.length && key.endsWith(end);
      if (!fits || (best !== "" && star <= best.indexOf("*"))) continue;
      best = pattern;
      middle = key.slice(star, key.length - end.length);
    }
    return best === "" ? null : this.target(found, map[best]!, middle, how);
  }

  private target(found: PackageJson, target: Json, middle: string, how: "import" | "require"): Resolved | null {
    const form = this.form(found);
    const conditions = ["mvm", form, how, "default"];
    return this.conditional(found, target, middle, how, conditions) ?? this.conditional(found, target, middle, how, [...conditions, "node"]);
  }

  private conditional(found: PackageJson, target: Json, middle: string, how: "import" | "require", conditions: string[]): Resolved | null {
    if (typeof target === "string") {
      const text = target.replaceAll("*", middle);
      if (text.startsWith("./")) return this.file(joinPath(found.directory, text), text);
      return this.resolve(text, `${found.directory}/package.json`, how);
    }
    if (Array.isArray(target)) {
      for (const one of target) {
        const result = this.conditional(found, one, middle, how, conditions);
        if (result !== null) return result;
      }
      return null;
    }
    if (target === null || typeof target !== "object") return null;
    for (const [condition, inner] of Object.entries(target)) {
      if (!conditions.includes(condition)) continue;
      const result = this.conditional(found, inner, middle, how, conditions);
      if (result !== null) return result;
    }
    return null;
  }
}
