// A whole program as one unit. Its entry function creates what must exist before anything runs (the functions that ES
// modules declare, the table of modules for the core) and then evaluates module 0. Records of the table:
//   [file name, run, exports, factory]
//   run       evaluates the module as an ES dependency, once: runs its dependencies, then its body. Gives a promise if
//             the module or one of its dependencies awaits at the top level. A CommonJS or JSON module's run has the
//             core run the factory and copies its exports to the variables that ES modules know (its facade).
//   exports   flat: name, module number, variable (-1: that module's namespace object), … sorted by name
//   factory   CommonJS and JSON: function (exports, module)
// A module's run function and its state (the hole until it is run; then undefined or its promise) are module variables.
// A program that is one ES module needs none of this: its body is the entry.

import { Label, Region } from "./assembler.js";
import { analyse } from "./analyse.js";
import { SourceText } from "./error.js";
import { functionUnit, functionValue } from "./functions.js";
import { Generator, SourceContext } from "./generator.js";
import { Linker } from "./link.js";
import { Loader, type LoadedModule, type Module } from "./modules.js";
import { parse } from "./parse.js";
import { directoryOf, type SourceHost } from "./resolve.js";
import { FunctionInfo, Scope, allocate, type Analysis } from "./scopes.js";
import { declaredFunctions, hoistFunctions, statements } from "./statements.js";
import { topUnit } from "./top.js";
import { CodeFlag } from "../vm/format/frame.js";
import type { FunctionUnit, ProgramUnit } from "../vm/unit.js";

export function compileProgram(entryPath: string, files: SourceHost): ProgramUnit {
  const loader = new Loader(files);
  const unit = new ProgramCompiler(loader.load(entryPath)).compile();
  return loader.needs.length === 0 ? unit : { ...unit, needs: loader.needs };
}

/** What an import() has a running program load: the modules that it does not have yet, and the one asked for. */
export interface LateUnit {
  number: number;
  /** Makes the modules known; undefined where the program has the one that is asked for. */
  entry: FunctionUnit | undefined;
  /** How many variables each new module has. */
  variables: number[];
}
export function compileLate(specifier: string, from: string, files: SourceHost, loaded: readonly LoadedModule[]): LateUnit {
  const loader = new Loader(files, loaded);
  const { number, kind } = loader.loadLate(specifier, from);
  if (kind === "loaded") return { number, entry: undefined, variables: [] };
  const compiler = new ProgramCompiler(loader.modules, loaded.length);
  const entry = compiler.late();
  return { number, entry, variables: loader.modules.slice(loaded.length).map(({ variables }) => variables.length) };
}

/** One ES module that imports nothing. */
export function compileModuleSource(source: string, name: string): ProgramUnit {
  const text = new SourceText(name, source);
  const analysis = analyse(parse(text, "module"), text, "module");
  const first = analysis.imports[0]?.node;
  if (first !== undefined) throw text.error("a single module cannot import others", first.start, "import");
  const variables: string[] = [];
  return { entry: singleModule(text, analysis, variables, new Map()), modules: [{ name, variables }] };
}

function singleModule(source: SourceText, analysis: Analysis, variables: string[], members: SourceContext["members"]): FunctionUnit {
  allocate(analysis, variables);
  const context = new SourceContext(source, analysis, 0, variables, false, new Map(), members);
  return topUnit(context, (g) => {
    initialiseVariables(g, analysis, 0, source.file);
    hoistFunctions(g, analysis.program.body);
    statements(g, analysis.program.body);
  }, { isAsync: analysis.awaits });
}

/** Gives a module's var names and import.meta their values. */
function initialiseVariables(g: Generator, analysis: Analysis, number: number, path: string): void {
  for (const binding of analysis.info.top.bindings.values()) {
    if (binding.kind !== "var" || binding.storage !== "module") continue;
    g.emit("UNDEFINED");
    g.emit("PUT_MODULE", number, binding.place);
  }
  if (analysis.importMeta === null) return;
  g.core("importMeta");
  g.text(`file://${encodeURI(path)}`);
  g.emit("CALL", 1);
  g.emit("PUT_MODULE", number, analysis.importMeta.place);
}

/** A module's code, and its variables for its run function, its state, and the error it failed with (-1: has none). */
interface Part { module: Module; context: SourceContext | null; run: number; state: number; failure: number }

class ProgramCompiler {
  private readonly linker: Linker;
  private readonly parts = new Map<Module, Part>();
  /** Only where there is import() can a module be asked for again after it failed. */
  private readonly asksAgain: boolean;

  private readonly modules: readonly Module[];
  /** Whose context what has none of its own is compiled in. */
  private entryContext: SourceContext | null = null;

  /** `first`: the number of modules that are loaded already. */
  constructor(all: readonly Module[], private readonly first = 0) {
    this.linker = new Linker(all, first > 0);
    this.modules = all.slice(first);
    this.asksAgain = first > 0 || this.modules.some(({ analysis }) => analysis !== null && analysis.dynamicImports.length > 0);
  }

  /** Modules for a running program: its entry only makes them known. */
  late(): FunctionUnit {
    const { g, end } = this.entry();
    return end(g);
  }

  compile(): ProgramUnit {
    const [main] = this.modules as [Module, ...Module[]];
    if (main.analysis === null) throw main.source.error("a JSON file is no program", 0, "module");
    const alone = this.modules.length === 1 && main.kind === "module" && this.linker.namespaces.size === 0 && !this.asksAgain;
    const entry = alone ? singleModule(main.source, main.analysis, main.variables, this.linker.members.get(main)!) : this.program(main);
    return { entry, modules: this.modules.map(({ path, variables }) => ({ name: path, variables })) };
  }

  /** The beginning of an entry function, and its end. */
  private entry(): { g: Generator; end: (g: Generator) => FunctionUnit } {
    for (const module of this.modules) this.prepare(module);
    const info = new FunctionInfo("module", null, null, null, true);
    info.top = info.body = new Scope("module", null, info, 0);
    // A JSON file has no context of its own; its entry needs no source either.
    const first = this.modules[0]!;
    const context = this.parts.get(first)!.context ?? new SourceContext(first.source, analyse(parse(new SourceText(first.path, ""), "module"), first.source, "module"), first.number, first.variables, false, new Map());
    this.entryContext = context;
    const g = new Generator(context, info, 0);
    g.code.at(0);
    for (const module of this.modules) if (module.kind === "module") this.instantiate(g, module);
    this.defineModules(g);
    const end = (): FunctionUnit => {
      g.emit("RETURN_UNDEFINED");
      return g.unit({ name: "", flags: CodeFlag.STRICT | CodeFlag.TOP_LEVEL | CodeFlag.GLUE, length: 0, capacity: 0, fast: "", source: null });
    };
    return { g, end };
  }

  private program(main: Module): FunctionUnit {
    const { g, end } = this.entry();
    if (main.kind === "module") {
      this.callRun(g, main);
    } else {
      g.core("requireModule");
      g.number(0);
      g.emit("CALL", 1);
      g.emit("POP");
      g.emit("UNDEFINED");
    }
    g.emit("RETURN");
    return end(g);
  }

  private prepare(module: Module): void {
    const { analysis, variables, number } = module;
    if (analysis !== null) allocate(analysis, variables);
    const targets = new Map([...module.targets].map(([node, target]) => [node, target?.number]));
    const context = analysis && new SourceContext(module.source, analysis, number, variables, false, targets, this.linker.members.get(module));
    this.parts.set(module, { module, context, run: variables.push("") - 1, state: variables.push("") - 1, failure: this.asksAgain ? variables.push("") - 1 : -1 });
  }

  /** Before anything runs: the functions that a module declares and others can reach. */
  private instantiate(g: Generator, module: Module): void {
    const { context } = this.parts.get(module)!;
    const { analysis } = context!;
    initialiseVariables(g, analysis, module.number, module.path);
    for (const [node, binding] of declaredFunctions(analysis, analysis.program.body)) {
      if (binding?.storage !== "module") continue;
      const unit = functionUnit(context!, node, analysis.functions.get(node)!, node.id?.name ?? "default");
      g.emit("UNDEFINED");
      g.emit("CLOSURE", g.code.code(unit));
      g.emit("PUT_MODULE", module.number, binding.place);
    }
  }

  private defineModules(g: Generator): void {
    const needed = new Set(this.modules.flatMap((module) => [...module.dependencies, ...this.dynamicTargets(module)]));
    g.core(this.first > 0 ? "addModules" : "defineModules");
    g.emit("NEW_ARRAY", 0);
    for (const module of this.modules) {
      g.text(module.path);
      if (module.kind === "module" || needed.has(module) || this.linker.namespaces.has(module)) this.runFunction(g, this.parts.get(module)!);
      else g.emit("UNDEFINED");
      this.exportTable(g, module);
      if (module.kind === "module") {
        g.emit("UNDEFINED");
      } else {
        g.emit("UNDEFINED");
        g.emit("CLOSURE", g.code.code(this.factory(module)));
      }
      g.emit("NEW_ARRAY", 4);
      g.emit("ARRAY_APPEND");
    }
    if (this.first > 0) g.number(this.first);
    g.emit("CALL", this.first > 0 ? 2 : 1);
    g.emit("POP");
  }

  private dynamicTargets(module: Module): Module[] {
    return (module.analysis?.dynamicImports ?? []).map(({ node }) => module.targets.get(node)).filter((target) => target !== undefined);
  }

  private exportTable(g: Generator, module: Module): void {
    const entries = this.linker.namespaces.get(module);
    if (entries === undefined) {
      g.emit("UNDEFINED");
      return;
    }
    g.emit("NEW_ARRAY", 0);
    for (const { name, module: number, binding } of entries) {
      g.text(name);
      g.emit("ARRAY_APPEND");
      g.number(number);
      g.emit("ARRAY_APPEND");
      g.number(binding === null ? -1 : binding.place);
      g.emit("ARRAY_APPEND");
    }
  }

  // Evaluation

  /** Pushes the result of a module's run function. */
  private callRun(g: Generator, module: Module): void {
    if (module.kind === "loaded") {
      g.core("runModule");
      g.number(module.number);
      g.emit("CALL", 1);
      return;
    }
    g.emit("GET_MODULE", module.number, this.parts.get(module)!.run);
    g.emit("UNDEFINED");
    g.emit("CALL", 0);
  }

  /** Pushes a module's run function, having put it where importers find it. */
  private runFunction(g: Generator, part: Part): void {
    const { module, run } = part;
    const isAsync = this.linker.isAsync(module);
    const unit = module.kind === "module" && !isAsync && !this.asksAgain ? this.body(part, true) : this.wrapper(part, isAsync);
    g.emit("UNDEFINED");
    g.emit("CLOSURE", g.code.code(unit));
    g.emit("DUP");
    g.emit("PUT_MODULE", module.number, run);
  }

  /** Returns what is in the state variable unless that is the hole, which becomes undefined. */
  private onlyOnce(g: Generator, { module: { number }, state }: Part): void {
    const first = new Label();
    g.emit("GET_MODULE", number, state);
    g.emit("HOLE");
    g.jump("JUMP_SEQ", first);
    g.emit("GET_MODULE", number, state);
    g.emit("RETURN");
    g.place(first);
    g.emit("UNDEFINED");
    g.emit("PUT_MODULE", number, state);
  }

  private body(part: Part, isRun: boolean): FunctionUnit {
    const { module, context } = part;
    const isAsync = this.linker.isAsync(module);
    const { body } = module.analysis!.program;
    return topUnit(context!, (g) => {
      if (isRun) this.onlyOnce(g, part);
      this.runDependencies(g, module);
      for (const [node, binding] of declaredFunctions(g.analysis, body)) {
        if (binding === null || binding.storage === "module") continue;
        functionValue(g, node, "default");
        g.storeVariable(binding);
      }
      statements(g, body);
    }, { isAsync });
  }

  /** Starts all dependencies, then waits for those that await; not for one that waits for this module. */
  private runDependencies(g: Generator, module: Module): void {
    const promises: number[] = [];
    for (const dependency of module.dependencies) {
      g.at([...module.imports].find(([, target]) => target === dependency)![0].node);
      this.callRun(g, dependency);
      if (this.linker.isAsync(dependency) && this.linker.isBefore(dependency, module)) {
        const slot = g.temporary();
        promises.push(slot);
        g.putLocal(slot);
      } else {
        g.emit("POP");
      }
    }
    for (const slot of promises) {
      g.getLocal(slot);
      g.emit("AWAIT");
      g.emit("POP");
      g.release(slot);
    }
  }

  /** The run function of a module that is not simply its body. */
  private wrapper(part: Part, isAsync: boolean): FunctionUnit {
    const { module: { number }, failure, state } = part;
    const { g, unit } = this.helper(part, 0);
    const remembers = failure >= 0 && !isAsync;
    if (remembers) this.throwFailure(g, part);
    this.onlyOnce(g, part);
    const region = new Region(0);
    if (remembers) g.code.open(region);
    this.evaluate(g, part);
    if (remembers) {
      g.code.close(region);
      g.code.finish(region);
    }
    if (isAsync) {
      // The promise remembers how it went.
      g.emit("DUP");
      g.emit("PUT_MODULE", number, state);
    }
    g.emit("RETURN");
    g.place(region.target);
    g.emit("DUP");
    g.emit("NEW_OBJECT", 1);
    g.emit("SWAP");
    g.emit("DEFINE_PROPERTY", g.name("error"));
    g.emit("PUT_MODULE", number, failure);
    g.emit("THROW");
    return unit();
  }

  /** Pushes what the evaluation of the module's body gives. */
  private evaluate(g: Generator, part: Part): void {
    if (part.module.kind !== "module") {
      this.fillFacade(g, part.module);
      g.emit("UNDEFINED");
      return;
    }
    g.emit("UNDEFINED");
    g.emit("CLOSURE", g.code.code(this.body(part, false)));
    g.emit("UNDEFINED");
    g.emit("CALL", 0);
  }

  /** Throws what the module failed with before, if it did. */
  private throwFailure(g: Generator, { module: { number }, failure }: Part): void {
    const none = new Label();
    g.emit("GET_MODULE", number, failure);
    g.emit("HOLE");
    g.jump("JUMP_SEQ", none);
    g.emit("GET_MODULE", number, failure);
    g.emit("GET_PROPERTY", g.name("error"));
    g.emit("THROW");
    g.place(none);
  }

  private fillFacade(g: Generator, module: Module): void {
    g.core("requireModule");
    g.number(module.number);
    g.emit("CALL", 1);
    const exportsDefault = module.facade.get("default");
    if (exportsDefault !== undefined) {
      g.emit("DUP");
      g.emit("PUT_MODULE", module.number, exportsDefault.place);
    }
    const object = new Label();
    g.jump("JUMP_NOT_NULLISH_KEEP", object);
    g.emit("NEW_OBJECT", 0);
    g.place(object);
    for (const [name, binding] of module.facade) {
      if (name === "default") continue;
      g.emit("DUP");
      g.emit("GET_PROPERTY", g.name(name));
      g.emit("PUT_MODULE", module.number, binding.place);
    }
    g.emit("POP");
  }

  /** A function without source. */
  private helper(part: Part, parameterCount: number): { g: Generator; unit: () => FunctionUnit } {
    const info = new FunctionInfo("module", null, null, null, true);
    info.top = info.body = new Scope("module", null, info, 0);
    const g = new Generator(part.context ?? this.entryContext!, info, parameterCount);
    g.code.at(0);
    return { g, unit: () => g.unit({ name: "", flags: CodeFlag.STRICT | CodeFlag.TOP_LEVEL | CodeFlag.GLUE, length: parameterCount, capacity: 0, fast: "", source: null }) };
  }

  // CommonJS and JSON

  private factory(module: Module): FunctionUnit {
    const part = this.parts.get(module)!;
    if (module.analysis === null) {
      const { g, unit } = this.helper(part, 2);
      g.getLocal(1);
      jsonValue(g, module.json);
      g.emit("PUT_PROPERTY", g.name("exports"));
      g.emit("RETURN_UNDEFINED");
      return unit();
    }
    const { analysis } = module;
    return topUnit(part.context!, (g) => {
      this.commonJsVariables(g, module, analysis);
      initialiseVariables(g, analysis, module.number, module.path);
      hoistFunctions(g, analysis.program.body);
      statements(g, analysis.program.body);
    }, { parameterCount: 2 });
  }

  private commonJsVariables(g: Generator, module: Module, analysis: Analysis): void {
    const { bindings } = analysis.info.top;
    for (const name of ["exports", "module"]) {
      const binding = bindings.get(name)!;
      if (binding.storage !== "module") continue;
      g.getLocal(binding.parameter);
      g.storeVariable(binding);
    }
    for (const [name, text] of [["__filename", module.path], ["__dirname", directoryOf(module.path)]] as const) {
      const binding = bindings.get(name)!;
      if (!binding.used) continue;
      g.text(text);
      g.storeVariable(binding);
    }
    const { require } = analysis;
    if (require === null || !require.used) return;
    g.core("makeRequire");
    g.emit("NEW_OBJECT", Math.min(255, analysis.requires.length));
    for (const { node, specifier } of analysis.requires) {
      const target = module.targets.get(node);
      if (target === undefined) continue;
      g.key(specifier);
      g.number(target.number);
      g.emit("DEFINE_ELEMENT");
    }
    g.text(module.path);
    g.emit("CALL", 2);
    g.storeVariable(require);
  }
}

/** Pushes a JSON value. */
function jsonValue(g: Generator, value: unknown): void {
  if (value === null) g.emit("NULL");
  else if (typeof value === "boolean") g.emit(value ? "TRUE" : "FALSE");
  else if (typeof value === "number") g.number(value);
  else if (typeof value === "string") g.text(value);
  else if (Array.isArray(value)) {
    g.emit("NEW_ARRAY", 0);
    for (const item of value) {
      jsonValue(g, item);
      g.emit("ARRAY_APPEND");
    }
  } else {
    const entries = Object.entries(value as object);
    g.emit("NEW_OBJECT", Math.min(255, entries.length));
    for (const [key, item] of entries) {
      g.key(key);
      jsonValue(g, item);
      g.emit("DEFINE_ELEMENT");
    }
  }
}

