// The modules of a program: every file that the entry reaches through imports and literal requires, read, parsed and
// analysed. What their names mean to each other is link.ts.

import type * as acorn from "acorn";
import { analyse } from "./analyse.js";
import { commonJsExports } from "./commonjs.js";
import { CompileError, SourceText } from "./error.js";
import { Linker } from "./link.js";
import { parse } from "./parse.js";
import { EMPTY_MODULE, Resolver, directoryOf, isOfPackage, type Resolved, type SourceHost } from "./resolve.js";
import type { Analysis, Binding, ImportRecord } from "./scopes.js";
import { isLibrary, libraryModules } from "../vm/io/modules.js";
import type { Need } from "../vm/unit.js";

export type ModuleKind = "module" | "commonjs" | "json"
  /** One that a running program has already: its exports are known, its source is not asked for. */ | "loaded";

export class Module {
  /** Names of its top-level variables, as they are given out. */
  readonly variables: string[] = [];
  analysis: Analysis | null = null;
  /** The modules of its import declarations. */
  readonly imports = new Map<ImportRecord, Module>();
  /** Meaning of literal requires and dynamic imports; undefined: missing at run time. */
  readonly targets = new Map<acorn.Node, Module | undefined>();
  /** What a CommonJS or JSON module shows to ES modules: name to variable. */
  readonly facade = new Map<string, Binding>();
  /** Names that a CommonJS module seems to export. */
  names = new Set<string>();
  private detected: { reexports: acorn.CallExpression[] } = { reexports: [] };
  json: unknown;
  /** Of a loaded module: what its names stand for, by name: module number and variable (-1: its namespace). */
  loaded = new Map<string, { module: number; place: number }>();

  constructor(readonly number: number, readonly path: string, readonly kind: ModuleKind, readonly source: SourceText) {}

  /** The static imports, in order, each once. */
  get dependencies(): Module[] { return [...new Set(this.imports.values())]; }

  detect(program: acorn.Program): void {
    const { names, reexports } = commonJsExports(program);
    this.names = names;
    this.detected = { reexports };
  }

  /** All names a CommonJS module seems to export, those of others included. */
  exportNames(seen = new Set<Module>()): Set<string> {
    if (seen.has(this)) return new Set();
    seen.add(this);
    const all = new Set(this.names);
    for (const call of this.detected.reexports) {
      const target = this.targets.get(call);
      if (target?.kind === "commonjs") for (const name of target.exportNames(seen)) all.add(name);
    }
    all.delete("default");
    return all;
  }
}

/** A module that a running program has, by its number: its path and the table of its exports (program.ts); null for other sources. */
export type LoadedModule = { path: string; exports: readonly (string | number)[] } | null;

export class Loader {
  readonly modules: Module[] = [];
  /** What the modules need of the host: each once, with the first import that asks for it. */
  readonly needs: Need[] = [];
  private readonly byPath = new Map<string, Module>();
  private readonly resolver: Resolver;

  /** `loaded`: what a running program has already, for one that it loads later. */
  constructor(private readonly host: SourceHost, loaded: readonly LoadedModule[] = []) {
    this.resolver = new Resolver(host);
    loaded.forEach((one, number) => {
      const module = new Module(number, one?.path ?? "", "loaded", new SourceText(one?.path ?? "", ""));
      this.modules.push(module);
      if (one === null) return;
      this.byPath.set(one.path, module);
      for (let i = 0; i + 2 < one.exports.length; i += 3) module.loaded.set(String(one.exports[i]), { module: Number(one.exports[i + 1]), place: Number(one.exports[i + 2]) });
    });
  }

  /** Loads the entry and all that it reaches; the entry is module 0. */
  load(entryPath: string): Module[] {
    const path = this.host.realpath && this.host.read(entryPath) !== undefined ? this.host.realpath(entryPath) : entryPath;
    if (this.host.read(path) === undefined) throw new CompileError("no such file", entryPath, 1, 1, "module");
    this.inSomeForm(() => this.module(path));
    return this.modules;
  }

  /** Loads what an import() of a running program asks for: the module itself; the new ones have come to the end of the list. */
  loadLate(specifier: string, from: string): Module {
    return this.inSomeForm(() => {
      const resolved = this.resolver.resolve(specifier, from, "import");
      if (resolved.kind !== "file") throw new SourceText(from, "").error(reasonOf(resolved), 0, "module");
      return this.module(resolved.path);
    });
  }

  /** Loads a module and all that it reaches; where a package cannot be compiled, again with another form of it. */
  private inSomeForm(first: () => Module): Module {
    const before = this.modules.length;
    const needsBefore = this.needs.length;
    let problem: CompileError | undefined;
    for (;;) {
      try {
        const module = first();
        this.resolveFrom(before);
        return module;
      } catch (error) {
        if (!(error instanceof CompileError)) throw error;
        // Of a package that no form helps, what the first one failed with is told.
        problem ??= error;
        if (!this.resolver.takeOtherwise(error.compiled)) throw problem;
        this.forget(before);
        this.needs.length = needsBefore;
      }
    }
  }

  /** Forgets the modules from that number on. */
  private forget(from: number): void {
    for (const { path } of this.modules.splice(from)) this.byPath.delete(path);
  }

  /** Resolves what the modules from that number on name, and then what they import when they run. */
  private resolveFrom(first: number): void {
    // The list grows while it is walked.
    for (let i = first; i < this.modules.length; i++) this.resolveAll(this.modules[i]!);
    for (let i = first; i < this.modules.length; i++) this.resolveDynamic(this.modules[i]!);
  }

  /**
   * The literal targets of import(). What is missing or wrong there is found again, and thrown, when the program comes to
   * it: here it is as if it had not been looked for.
   */
  private resolveDynamic(module: Module): void {
    for (const { node, specifier } of module.analysis?.dynamicImports ?? []) {
      if (specifier === null) continue;
      const before = this.modules.length;
      try {
        module.targets.set(node, this.target(module, specifier, node, "import"));
        for (let i = before; i < this.modules.length; i++) this.resolveAll(this.modules[i]!);
        if (this.modules.length > before) new Linker(this.modules);
      } catch (problem) {
        if (!(problem instanceof CompileError)) throw problem;
        this.forget(before);
        module.targets.set(node, undefined);
      }
    }
  }

  private module(path: string): Module {
    let module = this.byPath.get(path);
    if (module !== undefined) return module;
    const source = this.source(path);
    const { kind, program } = this.read(path, source);
    module = new Module(this.modules.length, path, kind, source);
    this.byPath.set(path, module);
    this.modules.push(module);
    if (program === null) {
      module.json = this.parseJson(source);
    } else {
      module.analysis = analyse(program, source, kind === "module" ? "module" : "commonjs");
      if (kind === "commonjs") module.detect(program);
    }
    return module;
  }

  private source(path: string): SourceText {
    if (path === EMPTY_MODULE) return new SourceText(path, "");
    if (isLibrary(path)) return new SourceText(path, this.host.library!(libraryModules[path]!.file));
    const text = this.host.read(path)!;
    return new SourceText(path, text, path.endsWith(".json") ? undefined : this.host.tracer?.(path, text));
  }

  private parseJson(source: SourceText): unknown {
    try {
      return JSON.parse(source.text);
    } catch (problem) {
      throw source.error((problem as Error).message, 0, "JSON");
    }
  }

  /** The goal a file is parsed with: by its extension, its package's type, else by whether it is a module by its syntax. */
  private read(path: string, source: SourceText): { kind: ModuleKind; program: acorn.Program | null } {
    if (isLibrary(path) || path === EMPTY_MODULE) return { kind: "commonjs", program: parse(source, "commonjs") };
    if (path.endsWith(".json")) return { kind: "json", program: null };
    const type = this.resolver.packageOf(directoryOf(path))?.fields.type;
    if (/\.m[jt]s$/.test(path) || (type === "module" && !/\.c[jt]s$/.test(path))) return { kind: "module", program: parse(source, "module") };
    try {
      return { kind: "commonjs", program: parse(source, "commonjs") };
    } catch (problem) {
      if (/\.c[jt]s$/.test(path) || type === "commonjs") throw problem;
      try {
        return { kind: "module", program: parse(source, "module") };
      } catch (asModule) {
        // The error that is farther on is the one meant.
        throw isModuleSyntax(problem) ? asModule : problem;
      }
    }
  }

  private resolveAll(module: Module): void {
    const { analysis } = module;
    if (analysis === null) return;
    for (const record of analysis.imports) {
      const target = this.target(module, record.specifier, record.node, "import");
      if ((target.kind === "json") !== record.json) {
        throw module.source.error(target.kind === "json" ? `a JSON module is imported with { type: "json" }` : `'${record.specifier}' is no JSON module`, record.node.start, "import");
      }
      module.imports.set(record, target);
    }
    // Where an eval may write to it, which few do, what is required by literal names is loaded all the same.
    if (analysis.require?.written && !analysis.require.scope.evaluated) return;
    for (const { node, specifier, caught, inner } of analysis.requires) {
      try {
        const target = this.target(module, specifier, node, "require");
        if (target.kind === "module") throw module.source.error(`require() of the ES module '${specifier}' is not supported: import it`, node.start, "require");
        module.targets.set(node, target);
      } catch (problem) {
        // The program is prepared for a module that is not there; a package may never come to what it has for Node alone.
        const isPrepared = caught || (inner && isOfPackage(module.path));
        const isItsOwn = problem instanceof CompileError && (problem.compiled === module.path || isOfPackage(problem.compiled));
        if (!isPrepared || !isItsOwn) throw problem;
        module.targets.set(node, undefined);
      }
    }
  }

  private target(from: Module, specifier: string, node: acorn.Node, how: "import" | "require"): Module {
    const resolved = this.resolver.resolve(specifier, from.path, how);
    if (resolved.kind !== "file") throw from.source.error(reasonOf(resolved), node.start, resolved.kind === "builtin" ? resolved.name : "module");
    const needs = isLibrary(resolved.path) ? libraryModules[resolved.path]!.needs : undefined;
    if (needs !== undefined && !this.needs.some(({ name }) => name === needs.name)) {
      const { file, line, column } = from.source.place(node.start);
      this.needs.push({ ...needs, place: `${file}:${line}:${column}` });
    }
    return this.module(resolved.path);
  }
}

function reasonOf(resolved: Exclude<Resolved, { kind: "file" }>): string {
  if (resolved.kind === "missing") return resolved.reason;
  return `the module '${resolved.name}' is not offered${resolved.standIn === undefined ? "" : `; the package '${resolved.standIn}' stands in for it where it is installed`}`;
}

function isModuleSyntax(problem: unknown): boolean {
  return problem instanceof CompileError && /'import' and 'export' may appear only|'import\.meta' outside a module/.test(problem.reason);
}
