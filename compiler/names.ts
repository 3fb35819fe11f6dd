// The names of a source while it is walked: scopes are entered and left, declarations entered into them, uses looked up.
// What a list of statements declares is entered before anything in it is visited, var and (sloppy) block functions as the
// language hoists them, so a name is looked up once, the moment it is met.
//
// A use needs no check for the dead zone if the declaration is certain to have run: in the same function, a later place
// in the source of the same scope is a later moment, whatever loops and branches do, because leaving the scope ends the
// binding (a switch is the exception: its cases can be skipped). For a use inside an inner function what counts is
// where that function begins to be callable: a declared one at the start of its block, any other where it is written.

import type * as acorn from "acorn";
import { SourceText } from "./error.js";
import { Binding, FunctionInfo, Scope, boundNames, type Analysis, type BindingKind, type Hidden, type ScopeKind, type Use } from "./scopes.js";

export type Goal = "module" | "commonjs" | "script" | "core"
  /** The text of an eval or of a Function constructor. */ | "eval";

export function hasUseStrict(body: readonly acorn.Node[]): boolean {
  for (const statement of body) {
    const directive = (statement as acorn.ExpressionStatement).directive;
    if (statement.type !== "ExpressionStatement" || directive === undefined) return false;
    if (directive === "use strict") return true;
  }
  return false;
}

/** Only a source that has this can have a with statement or a direct eval (whose name may be written with escapes). */
const DYNAMIC = /\bwith\s*\(|\beval\b|\\u/;

/** Where the text of a direct eval stands: the scope, the function, and whether that is strict. */
export interface Around { scope: Scope; info: FunctionInfo; strict: boolean }

export class Names {
  protected readonly result: Analysis;
  protected scope: Scope;
  protected info: FunctionInfo;
  protected strict: boolean;
  /** Inside how many try blocks with a catch clause, in this function. */
  protected caught = 0;

  constructor(protected readonly program: acorn.Program, protected readonly source: SourceText, protected readonly goal: Goal, shared: Scope | null, around: Around | null = null) {
    this.strict = goal === "module" || goal === "core" || around?.strict === true || hasUseStrict(program.body);
    const kind = around !== null ? "eval" : goal === "eval" ? "script" : goal;
    this.info = new FunctionInfo(kind, program, around?.info ?? null, around?.scope ?? null, this.strict, false, false);
    this.scope = shared ?? new Scope(goal === "commonjs" ? "module" : goal, around?.scope ?? null, this.info, 0);
    this.dynamic = around !== null || (goal !== "core" && DYNAMIC.test(source.text));
    this.info.top = this.info.body = this.scope;
    this.info.scopes.push(this.scope);
    this.result = {
      info: this.info, program, uses: new Map(), scopes: new Map(), functions: new Map(), classes: new Map(),
      globals: { vars: new Set(), functions: new Set(), lexical: new Set() },
      imports: [], importedNames: [], exports: [], stars: [], namespaceMembers: [], requires: [], dynamicImports: [], awaits: false, require: null, importMeta: null,
      infos: [this.info], evals: new Map(), open: [],
    };
  }

  declareTop(): void {
    if (this.goal === "commonjs") {
      this.declare("exports", "parameter").parameter = 0;
      this.declare("module", "parameter").parameter = 1;
      this.result.require = this.declare("require", "parameter");
      this.declare("__filename", "parameter");
      this.declare("__dirname", "parameter");
    }
    this.hoist(this.program.body, this.scope, true);
  }
  // Scopes and declarations

  protected declare(name: string, kind: BindingKind, scope = this.scope): Binding {
    if (scope.kind === "core" && scope.bindings.has(name)) throw this.source.error(`${name} is declared twice in the core`, 0, "core");
    const binding = new Binding(name, kind, scope);
    scope.bindings.set(name, binding);
    return binding;
  }

  protected inScope(kind: ScopeKind, node: acorn.Node, visit: (scope: Scope) => void): void {
    const outer = this.scope;
    const scope = new Scope(kind, outer, this.info, node.start);
    this.info.scopes.push(scope);
    this.result.scopes.set(node, scope);
    this.scope = scope;
    visit(scope);
    this.scope = outer;
  }

  /** Enters what a list of statements declares; with `varsToo` also the var names of everything inside. */
  protected hoist(list: acorn.AnyNode[], scope: Scope, varsToo: boolean): void {
    for (let i = 0; i < list.length; i++) {
      let statement = list[i]!;
      // A label on a function declaration means nothing.
      while (statement.type === "LabeledStatement" && endsInFunction(statement)) statement = list[i] = statement.body;
      const inner = (statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration") && statement.declaration ? statement.declaration : statement;
      switch (inner.type) {
        case "VariableDeclaration":
          if (inner.kind !== "var") this.declareLexical(inner, scope);
          break;
        case "ClassDeclaration":
          if (inner.id) this.declareLet(inner.id.name, "class", inner.end, scope);
          break;
        case "FunctionDeclaration":
          if (inner.id) this.declareFunction(inner as acorn.FunctionDeclaration, scope, varsToo);
          break;
        case "ImportDeclaration":
          for (const specifier of inner.specifiers) this.declare(specifier.local.name, "import", scope).isNamespace = specifier.type === "ImportNamespaceSpecifier";
          break;
      }
    }
    if (varsToo) {
      const blocks: Set<string>[] = [];
      for (const statement of list) this.collectVars(statement, scope, blocks);
    }
  }

  protected declareLexical(declaration: acorn.VariableDeclaration, scope: Scope, initialisedAt = -1): void {
    for (const declarator of declaration.declarations) {
      const end = initialisedAt >= 0 ? initialisedAt : declarator.end;
      boundNames(declarator.id, (name) => this.declareLet(name.name, declaration.kind === "let" ? "let" : "const", end, scope));
    }
  }

  protected declareLet(name: string, kind: "let" | "const" | "class", initialisedAt: number, scope: Scope): void {
    if (scope.kind === "script") this.result.globals.lexical.add(name);
    const binding = this.declare(name, kind, scope);
    binding.initialisedAt = initialisedAt;
    binding.caseNumber = scope.caseNumber;
  }

  protected declareFunction(node: acorn.FunctionDeclaration, scope: Scope, functionLevel: boolean): void {
    const name = node.id.name;
    if (functionLevel && this.isGlobal(scope)) {
      this.result.globals.functions.add(name);
      return;
    }
    const existing = scope.bindings.get(name);
    if (existing !== undefined) {
      existing.values = null;
      existing.written = true;
      return;
    }
    this.declare(name, "function", scope).values = null;
  }

  /** Are var and function names in this outermost scope properties of the global object? */
  protected isGlobal(scope: Scope): boolean { return scope.kind === "script" || (scope.kind === "eval" && !this.strict); }

  protected declareVar(name: string, scope: Scope): Binding | null {
    if (this.isGlobal(scope)) {
      this.result.globals.vars.add(name);
      return null;
    }
    const existing = scope.bindings.get(name);
    if (existing !== undefined) return existing;
    if (scope.kind === "body") {
      const parameter = scope.parent!.bindings.get(name);
      if (parameter !== undefined && !this.info.simple && !this.parametersClose) return parameter;
    }
    if (name === "arguments" && this.hasArguments(this.info) && !this.info.top.bindings.has(name)) return this.argumentsOf(this.info);
    return this.declare(name, "var", scope);
  }
  /** The parameters of the function being entered contain functions, so its body's var names are other variables. */
  protected parametersClose = false;

  protected hasArguments(info: FunctionInfo): boolean {
    return info.kind === "function" || info.kind === "method" || info.kind === "constructor" || info.kind === "derived";
  }

  protected argumentsOf(info: FunctionInfo): Binding {
    if (info.argumentsBinding === null) {
      info.argumentsBinding = this.declare("arguments", "arguments", info.top);
      info.argumentsBinding.values = null;
    }
    return info.argumentsBinding;
  }

  /** Finds var declarations in nested statements, and (sloppy) functions in blocks, whose names are var names too. */
  protected collectVars(node: acorn.Node | null | undefined, scope: Scope, blocks: Set<string>[]): void {
    if (!node) return;
    const statement = node as acorn.AnyNode;
    switch (statement.type) {
      case "VariableDeclaration":
        if (statement.kind === "var") for (const { id } of statement.declarations) boundNames(id, (name) => this.declareVar(name.name, scope));
        break;
      case "ExportNamedDeclaration":
        this.collectVars(statement.declaration, scope, blocks);
        break;
      case "IfStatement":
        statement.consequent = asBlock(statement.consequent);
        if (statement.alternate) statement.alternate = asBlock(statement.alternate);
        this.collectVars(statement.consequent, scope, blocks);
        this.collectVars(statement.alternate, scope, blocks);
        break;
      case "ForStatement":
        this.collectVars(statement.init, scope, blocks);
        this.collectInBlock(lexicalNames(statement.init ? [statement.init] : []), [statement.body], scope, blocks);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        this.collectVars(statement.left, scope, blocks);
        this.collectInBlock(lexicalNames([statement.left]), [statement.body], scope, blocks);
        break;
      case "WhileStatement":
      case "DoWhileStatement":
      case "LabeledStatement":
      case "WithStatement":
        this.collectVars(statement.body, scope, blocks);
        break;
      case "BlockStatement":
        this.collectInBlock(lexicalNames(statement.body), statement.body, scope, blocks);
        break;
      case "SwitchStatement": {
        const list = statement.cases.flatMap((one) => one.consequent);
        this.collectInBlock(lexicalNames(list), list, scope, blocks);
        break;
      }
      case "TryStatement":
        this.collectVars(statement.block, scope, blocks);
        if (statement.handler) {
          const names = new Set<string>();
          if (statement.handler.param && statement.handler.param.type !== "Identifier") boundNames(statement.handler.param, (name) => names.add(name.name));
          this.collectInBlock(names, [statement.handler.body], scope, blocks);
        }
        this.collectVars(statement.finalizer, scope, blocks);
        break;
    }
  }

  protected collectInBlock(names: Set<string>, list: acorn.Node[], scope: Scope, blocks: Set<string>[]): void {
    blocks.push(names);
    const functions = (list as acorn.AnyNode[]).filter((node): node is acorn.FunctionDeclaration => node.type === "FunctionDeclaration" && node.id !== null);
    for (const node of functions) if (!this.strict && !node.async && !node.generator) this.hoistBlockFunction(node, scope, blocks);
    // To blocks within this one its functions are names like others.
    for (const { id } of functions) names.add(id.name);
    for (const statement of list) this.collectVars(statement, scope, blocks);
    blocks.pop();
  }

  protected hoistBlockFunction(node: acorn.FunctionDeclaration, scope: Scope, blocks: Set<string>[]): void {
    const name = node.id.name;
    if (blocks.some((names) => names.has(name)) || (name === "arguments" && this.hasArguments(scope.owner))) return;
    const existing = scope.bindings.get(name);
    const shadowed = existing !== undefined && existing.kind !== "var" && existing.kind !== "function";
    const parameter = scope.kind === "body" && scope.parent!.bindings.has(name);
    if (shadowed || parameter) return;
    const binding = this.declareVar(name, scope);
    if (binding !== null) binding.values = null;
    this.info.annexB.set(node, binding);
  }

  // Uses of names

  protected lookup(name: string): Binding | null {
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.parent) {
      const binding = scope.bindings.get(name);
      if (binding !== undefined) return binding;
      if (name === "arguments" && scope === scope.owner.top && this.hasArguments(scope.owner)) return this.argumentsOf(scope.owner);
    }
    return null;
  }

  protected use(node: acorn.Node, name: string): Use {
    const binding = this.lookup(name);
    const use: Use = { binding, checked: binding !== null && this.mayBeEarly(binding, node.start) };
    if (this.dynamic) this.result.open.push({ use, scope: this.scope, info: this.info });
    if (binding !== null) {
      this.touch(binding);
      if (use.checked) binding.checked = true;
      if (binding.isNamespace) binding.whole = true;
    }
    this.result.uses.set(node, use);
    return use;
  }

  protected touch(binding: Binding): void {
    binding.used = true;
    if (binding.scope.owner !== this.info) binding.captured = true;
  }

  /** May a use at this offset come before the binding's declaration has run? */
  protected mayBeEarly(binding: Binding, offset: number): boolean {
    if (binding.initialisedAt < 0) return false;
    const { scope } = binding;
    if (scope.kind === "core") return false;
    if (scope.kind === "switch" && scope.caseNumber !== binding.caseNumber) return true;
    if (scope.owner === this.info) return offset < binding.initialisedAt;
    let info = this.info;
    while (info.parent !== null && info.parent !== scope.owner) info = info.parent;
    return info.callableFrom < binding.initialisedAt;
  }

  /** There may be with statements or direct evals in the source, or around it. */
  protected readonly dynamic: boolean;

  /**
   * When all is walked: which objects each use has to ask, from where it stands outwards to where its binding is. The
   * variables that hold the objects are then used there too. And whatever a direct eval sees may be changed by it.
   */
  protected settleDynamic(): void {
    for (const { use, scope, info } of this.result.open) {
      const objects: Binding[] = [];
      for (let at: Scope | null = scope; at !== null && at !== use.binding?.scope; at = at.parent) {
        if (at.object === null) continue;
        objects.push(at.object);
        at.object.used = true;
        if (at.object.scope.owner !== info) at.object.captured = true;
      }
      // What an eval has declared in a function goes before the function's own name, which lies around it.
      if (objects.length > 0) use.objects = objects;
    }
    for (const info of this.result.infos) {
      for (const scope of info.scopes) {
        if (!scope.evaluated) continue;
        for (const binding of scope.bindings.values()) {
          binding.used = true;
          binding.values = null;
          binding.dominated = false;
          if (binding.initialisedAt >= 0) binding.checked = true;
          if (binding.kind !== "import") binding.written = true;
        }
      }
    }
  }

  /** The function whose this, home object and new.target the code here sees. */
  protected get owner(): FunctionInfo {
    let info = this.info;
    while (info.isArrow) info = info.parent!;
    return info;
  }

  /** The code here needs something of the frame that it belongs to; from an arrow (or, if `always`, an eval's text) that goes through a variable. */
  protected needHidden(what: Hidden, always = false): void {
    const { owner } = this;
    if (what === "this") owner.usesThis = true;
    if (owner === this.info && !always) return;
    if (owner.isTop && (owner.kind !== "commonjs" || what !== "this")) return;
    let binding = owner.hidden.get(what);
    if (binding === undefined) {
      binding = new Binding(what, "hidden", owner.top);
      owner.hidden.set(what, binding);
      owner.top.bindings.set(`%${what}`, binding);
      binding.values = null;
    }
    this.touch(binding);
  }
}

function endsInFunction(statement: acorn.LabeledStatement): boolean {
  let inner: acorn.Statement = statement;
  while (inner.type === "LabeledStatement") inner = inner.body;
  return inner.type === "FunctionDeclaration";
}

/** A function declaration that is the whole branch of an `if` is in a block of its own. */
function asBlock(statement: acorn.Statement): acorn.Statement {
  if (statement.type !== "FunctionDeclaration") return statement;
  return { type: "BlockStatement", body: [statement], start: statement.start, end: statement.end };
}

function lexicalNames(list: readonly acorn.Node[]): Set<string> {
  const names = new Set<string>();
  for (const node of list) {
    const statement = node as acorn.AnyNode;
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") for (const { id } of statement.declarations) boundNames(id, (name) => names.add(name.name));
    if (statement.type === "ClassDeclaration" && statement.id) names.add(statement.id.name);
  }
  return names;
}
