// What the names of modules mean to each other: every import is resolved to the variable that the name stands for,
// through re-exports and `export *` (ECMA-262 16.2.1.7), which module evaluates before which, and which need a namespace
// object at run time. A CommonJS or JSON module shows variables of its own to ES modules (its facade), which are filled
// when it has run; a name that its source does not show is read from module.exports then.

import type * as acorn from "acorn";
import type { Module } from "./modules.js";
import { Binding, FunctionInfo, Scope, type ImportTarget } from "./scopes.js";

/** What an exported name stands for: a variable, or (null) the namespace of the module. */
interface Resolution { module: Module; binding: Binding | null }
export interface NamespaceEntry { name: string; module: number; binding: Binding | null }

export class Linker {
  /** Tables of the namespaces that exist at run time. */
  readonly namespaces = new Map<Module, NamespaceEntry[]>();
  readonly members = new Map<Module, Map<acorn.Node, ImportTarget | null>>();
  /** Position in the order in which modules finish. */
  private readonly order = new Map<Module, number>();
  private readonly components = new Map<Module, number>();
  private readonly asynchronous = new Set<Module>();
  private readonly facadeScope = new Scope("module", null, new FunctionInfo("module", null, null, null, true), 0);

  /** `tables`: every module may be asked for its namespace. */
  constructor(private readonly modules: readonly Module[], tables = false) {
    this.sort();
    this.findAsynchronous();
    for (const module of modules) this.link(module);
    // Where a name may be computed that is imported when the program runs, any module may be the one.
    if (tables || modules.some(({ analysis }) => analysis?.dynamicImports.some(({ specifier }) => specifier === null))) for (const module of modules) this.needNamespace(module);
  }

  /** Does its evaluation give a promise? */
  isAsync(module: Module): boolean { return this.asynchronous.has(module); }

  /** Has `dependency` finished before `module` starts? Not if they import each other and it is the later one. */
  isBefore(dependency: Module, module: Module): boolean { return this.order.get(dependency)! < this.order.get(module)!; }

  // Order of evaluation and cycles (Tarjan's algorithm, its stack explicit: import chains can be long)

  private sort(): void {
    const found = new Map<Module, number>();
    const low = new Map<Module, number>();
    const open: Module[] = [];
    for (const root of this.modules) {
      if (found.has(root)) continue;
      const work = [{ module: root, next: 0 }];
      while (work.length > 0) {
        const top = work[work.length - 1]!;
        const { module } = top;
        if (top.next === 0 && !found.has(module)) {
          low.set(module, found.size);
          found.set(module, found.size);
          open.push(module);
        }
        const dependency = module.dependencies[top.next++];
        if (dependency !== undefined) {
          if (!found.has(dependency)) work.push({ module: dependency, next: 0 });
          else if (open.includes(dependency)) low.set(module, Math.min(low.get(module)!, found.get(dependency)!));
          continue;
        }
        work.pop();
        this.order.set(module, this.order.size);
        const parent = work[work.length - 1]?.module;
        if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(module)!));
        if (low.get(module) !== found.get(module)) continue;
        for (let member: Module; (member = open.pop()!);) {
          this.components.set(member, found.get(module)!);
          if (member === module) break;
        }
      }
    }
  }

  private findAsynchronous(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const module of this.modules) {
        if (this.asynchronous.has(module)) continue;
        if (!module.analysis?.awaits && !module.dependencies.some((dependency) => this.asynchronous.has(dependency))) continue;
        this.asynchronous.add(module);
        changed = true;
      }
    }
  }

  // Names

  private link(module: Module): void {
    const { analysis } = module;
    const members = new Map<acorn.Node, ImportTarget | null>();
    this.members.set(module, members);
    if (analysis === null) return;
    for (const { record, name, binding, node } of analysis.importedNames) {
      const from = module.imports.get(record)!;
      binding.target = this.targetFor(module, name === "*" ? { module: from, binding: null } : this.find(module, from, name, record.specifier, node));
    }
    for (const member of analysis.namespaceMembers) {
      const { module: number } = member.binding.target!;
      const resolution = this.resolve(this.modules[number]!, member.name, []);
      if (resolution === "ambiguous" || (member.called && !(resolution?.binding && plainFunction(resolution.module, resolution.binding)))) member.binding.whole = true;
      else {
        if (resolution?.binding === null) this.needNamespace(resolution.module);
        members.set(member.node, resolution === null ? null : this.targetFor(module, resolution));
      }
    }
    for (const { binding } of analysis.importedNames) if (binding.target!.binding === null && (binding.whole || !binding.isNamespace)) this.needNamespace(this.modules[binding.target!.module]!);
    for (const { node } of analysis.dynamicImports) {
      const target = module.targets.get(node);
      if (target !== undefined) this.needNamespace(target);
    }
    // Names that are exported but cannot be resolved are errors even if nobody imports them.
    for (const { node, from, imported } of analysis.exports) if (from && imported !== "*") this.find(module, module.imports.get(from)!, imported!, from.specifier, node);
  }

  private targetFor(user: Module, { module, binding }: Resolution): ImportTarget {
    if (binding === null) return { module: module.number, binding, checked: false };
    binding.exported = true;
    if (module.kind === "loaded") return { module: module.number, binding, checked: true };
    const checked = binding.initialisedAt >= 0 && this.components.get(module) === this.components.get(user);
    return { module: module.number, binding, checked };
  }

  private find(user: Module, from: Module, name: string, specifier: string, node: acorn.Node): Resolution {
    const resolution = this.resolve(from, name, []);
    if (resolution === null) throw user.source.error(`the module '${specifier}' does not export '${name}'`, node.start, "import");
    if (resolution === "ambiguous") throw user.source.error(`the module '${specifier}' exports '${name}' from two modules`, node.start, "import");
    return resolution;
  }

  private resolve(module: Module, name: string, seen: { module: Module; name: string }[]): Resolution | null | "ambiguous" {
    if (module.kind === "loaded") return this.resolveLoaded(module, name);
    if (module.kind !== "module") return module.kind === "json" && name !== "default" ? null : { module, binding: this.facade(module, name) };
    if (seen.some((one) => one.module === module && one.name === name)) return null;
    seen.push({ module, name });
    const analysis = module.analysis!;
    const record = analysis.exports.find((one) => one.name === name);
    if (record?.from) {
      const from = module.imports.get(record.from)!;
      return record.imported === "*" ? { module: from, binding: null } : this.resolve(from, record.imported!, seen);
    }
    if (record) return this.resolveLocal(module, record.local!, seen);
    if (name === "default") return null;
    let found: Resolution | null = null;
    for (const star of analysis.stars) {
      const from = module.imports.get(star)!;
      if (from.kind === "commonjs" && !from.exportNames().has(name)) continue;
      const resolution = this.resolve(from, name, seen);
      if (resolution === "ambiguous") return resolution;
      if (resolution === null) continue;
      if (found !== null && (found.module !== resolution.module || found.binding !== resolution.binding)) return "ambiguous";
      found = resolution;
    }
    return found;
  }

  private resolveLoaded(module: Module, name: string): Resolution | null {
    const found = module.loaded.get(name);
    if (found === undefined) return null;
    const other = this.modules[found.module]!;
    return { module: other, binding: found.place < 0 ? null : this.loadedBinding(other, found.place) };
  }
  /** A variable of a loaded module: each is one binding, since the same name may be reached by several ways. */
  private loadedBinding(module: Module, place: number): Binding {
    let all = this.loadedBindings.get(module);
    if (all === undefined) this.loadedBindings.set(module, all = new Map());
    let binding = all.get(place);
    if (binding === undefined) {
      all.set(place, binding = new Binding("", "let", this.facadeScope));
      binding.storage = "module";
      binding.place = place;
      binding.values = null;
      binding.initialisedAt = Infinity;
    }
    return binding;
  }
  private readonly loadedBindings = new Map<Module, Map<number, Binding>>();

  private resolveLocal(module: Module, local: string, seen: { module: Module; name: string }[]): Resolution | null | "ambiguous" {
    const analysis = module.analysis!;
    const binding = analysis.info.top.bindings.get(local)!;
    if (binding.kind !== "import") return { module, binding };
    const imported = analysis.importedNames.find((one) => one.binding === binding)!;
    const from = module.imports.get(imported.record)!;
    return imported.name === "*" ? { module: from, binding: null } : this.resolve(from, imported.name, seen);
  }

  private facade(module: Module, name: string): Binding {
    let binding = module.facade.get(name);
    if (binding === undefined) {
      binding = new Binding(name, "var", this.facadeScope);
      binding.storage = "module";
      binding.place = module.variables.push(name) - 1;
      binding.values = null;
      module.facade.set(name, binding);
    }
    return binding;
  }

  // Namespaces

  private needNamespace(module: Module): void {
    // A loaded one has its table in the program.
    if (this.namespaces.has(module) || module.kind === "loaded") return;
    const entries: NamespaceEntry[] = [];
    this.namespaces.set(module, entries);
    const names = [...this.exportedNames(module, new Set())].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const name of names) {
      const resolution = this.resolve(module, name, []);
      if (resolution === null || resolution === "ambiguous") continue;
      if (resolution.binding === null) this.needNamespace(resolution.module);
      else resolution.binding.exported = true;
      entries.push({ name, module: resolution.module.number, binding: resolution.binding });
    }
  }

  private exportedNames(module: Module, seen: Set<Module>): Set<string> {
    if (seen.has(module)) return new Set();
    seen.add(module);
    if (module.kind === "json") return new Set(["default"]);
    if (module.kind === "loaded") return new Set(module.loaded.keys());
    if (module.kind === "commonjs") return new Set(["default", ...module.exportNames()]);
    const names = new Set(module.analysis!.exports.map(({ name }) => name));
    for (const star of module.analysis!.stars) {
      for (const name of this.exportedNames(module.imports.get(star)!, seen)) if (name !== "default") names.add(name);
    }
    return names;
  }
}

/** A function declaration that cannot see what this it is called with: then `ns.f()` needs no namespace object. */
function plainFunction(module: Module, binding: Binding): boolean {
  if (binding.kind !== "function" || binding.written || module.analysis === null) return false;
  const { functions, info } = module.analysis;
  for (const [node, one] of functions) {
    const declaration = node as acorn.FunctionDeclaration;
    if (node.type === "FunctionDeclaration" && one.outer === info.top && declaration.id?.name === binding.name) return !one.usesThis;
  }
  return false;
}
