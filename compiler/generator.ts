// The code generator of one function: its instructions, its slots, and the ways to reach variables. Statements,
// expressions, patterns, functions and classes are in files of their own, as functions that take a Generator.
//
// Words that wait below an expression's operands (the iterator of a for-of) belong to a Context; a statement starts
// with exactly those on the stack. Leaving contexts early (break, continue, return) is in leave.ts.

import type * as acorn from "acorn";
import type { OpName } from "../vm/format/opcodes.js";
import { ErrorCode, type ErrorName } from "../vm/format/errors.js";
import { FRAME_WORDS } from "../vm/format/frame.js";
import { rootNames, rootNumber } from "../vm/format/roots.js";
import { NAME_WORDS, type DebugInfo, type FunctionUnit } from "../vm/unit.js";
import { Assembler, Label, LimitError } from "./assembler.js";
import { assignDynamic } from "./dynamic.js";
import { SourceText, CompileError } from "./error.js";
import type { Context } from "./leave.js";
import { Numeric } from "./numeric.js";
import { Binding, FunctionInfo, Scope, arrayIndex, cellScope, type Analysis, type Hidden, type ImportTarget, type Use } from "./scopes.js";

/** What all functions of one source file share. */
export class SourceContext {
  readonly numeric: Numeric;
  constructor(
    readonly source: SourceText,
    readonly analysis: Analysis,
    /** The module's number. */
    readonly number: number,
    /** Names of the module's variables; template objects add theirs. */
    readonly moduleVariables: string[],
    readonly core: boolean,
    /** What `require("…")` and `import("…")` mean here, by node: a module number, or undefined if it is missing at run time. */
    readonly targets: Map<acorn.Node, number | undefined>,
    /** Members of namespaces that are other modules' variables: no namespace object is needed for them. */
    readonly members: Map<acorn.Node, ImportTarget | null> = new Map(),
    /** The number of the module that the module variables are of: another one for the text of a direct eval. */
    readonly ownNumber = number,
    /** The file that what is imported at run time is looked for from. */
    readonly referrer = source.file,
  ) {
    this.numeric = new Numeric(analysis);
  }
}

export class Generator {
  readonly code: Assembler;
  readonly contexts: Context[] = [];
  private readonly slotNames: string[] = [];
  private readonly freeSlots: number[] = [];
  private readonly scopeSlots: { slot: number; names: string[] }[] = [];
  /** Where a derived constructor's results are checked. */
  readonly epilogue = new Label();
  /** Returns that resume() asks for, shared by depth, where nothing is to be left. */
  readonly sharedReturns = new Map<number, Label>();
  /** In the text of an eval, the slot of the value that its statements have had last; -1 elsewhere. */
  completionSlot = -1;
  /** Sloppy functions whose arguments object follows the parameters: slots of how many there are. */
  argumentCountSlot = -1;

  constructor(readonly context: SourceContext, readonly info: FunctionInfo, readonly parameterCount: number) {
    this.code = new Assembler(context.core);
    for (let i = 0; i < parameterCount + FRAME_WORDS; i++) this.slotNames.push("");
  }

  get analysis(): Analysis { return this.context.analysis; }

  error(reason: string, node: { start: number }, construct: string): CompileError {
    return this.context.source.error(reason, node.start, construct);
  }

  /** What follows comes from here in the source. */
  at(node: { start: number }): void { this.code.at(node.start); }

  /** Where a sign stands next, from an offset on. */
  signAfter(sign: string, offset: number): { start: number } { return { start: this.context.source.text.indexOf(sign, offset) }; }

  // Slots

  newSlot(name: string): number { return this.slotNames.push(name) - 1; }
  nameParameter(slot: number, name: string): void { this.slotNames[slot] = name; }

  /** A slot for a while. Those of a finished expression are used again. */
  temporary(): number { return this.freeSlots.pop() ?? this.newSlot(""); }
  release(...slots: number[]): void { this.freeSlots.push(...slots); }

  // Instructions

  emit(name: OpName, ...operands: number[]): void { this.code.emit(name, ...operands); }
  jump(name: OpName, label: Label): void { this.code.jump(name, label); }
  place(label: Label, depth = -1): void { this.code.place(label, depth); }

  number(value: number): void {
    if (Number.isInteger(value) && !Object.is(value, -0) && value >= -32768 && value <= 32767) {
      if (value >= -128 && value <= 127) this.emit("SMALL8", value);
      else this.emit("SMALL16", value);
    } else {
      this.emit("CONSTANT", this.code.constant(value));
    }
  }

  big(value: bigint): void { this.emit("CONSTANT", this.code.constant(value)); }
  text(value: string): void {
    // In the core a text that is a root anyway needs no constant.
    const root = this.context.core ? rootNames.indexOf(`name:${value}`) : -1;
    if (root >= 0) this.emit("ROOT", root);
    else this.emit("CONSTANT", this.code.constant(value));
  }
  name(value: string): number { return this.code.constant(value); }

  /** A property key as a value: a number if it is an array index. */
  key(name: string): void {
    const index = arrayIndex(name);
    if (index >= 0) this.number(index);
    else this.text(name);
  }

  throwError(error: ErrorName, about: string): void { this.emit("THROW_ERROR", ErrorCode[error], this.name(about)); }

  /** The same as an expression, whose value never comes. */
  throwValue(error: ErrorName, about: string): void {
    this.core("throw");
    this.number(ErrorCode[error]);
    this.text(about);
    this.emit("UNDEFINED");
    this.emit("CALL", 3);
  }

  /** The function of the core and undefined, ready for arguments and CALL. */
  core(name: Parameters<typeof rootNumber>[0]): void { this.emit("CORE", rootNumber(name)); }

  /** a -> f(a), for a function of the core. */
  callCoreOnTop(name: string): void {
    this.core(name);
    this.emit("ROTATE3");
    this.emit("ROTATE3");
    this.emit("CALL", 1);
  }

  getLocal(slot: number): void { this.emit("GET_LOCAL", slot); }
  putLocal(slot: number): void { this.emit("PUT_LOCAL", slot); }

  // Scopes

  /** Pushes the SCOPE cell that code in this scope sees, undefined if there is none. */
  pushScope(scope: Scope | null): void {
    const nearest = scope === null ? null : scope.nearestCell;
    if (nearest === null) this.emit("UNDEFINED");
    else if (nearest.owner === this.info) this.getLocal(nearest.slot);
    else this.emit("CALLEE_SCOPE");
  }

  /** Makes a scope's variables: its cell if it has one, slots for the rest. */
  enterScope(scope: Scope): void {
    if (scope.cell.length > 0) this.makeCell(scope);
    for (const binding of scope.bindings.values()) {
      if (binding.storage !== "local" || binding.kind === "import") continue;
      if (binding.place < 0) this.placeLocal(binding);
      if (binding.checked) {
        this.emit("HOLE");
        this.putLocal(binding.place);
      }
    }
  }

  private placeLocal(binding: Binding): void {
    const implicit = binding.kind === "parameter" && binding.parameter < 0 && binding.scope === this.info.top;
    if (binding.kind === "name" || (implicit && !binding.used && this.info.kind === "commonjs")) return;
    if (binding.parameter >= 0 && !binding.checked) {
      binding.place = binding.parameter;
      this.nameParameter(binding.place, binding.name);
    } else {
      binding.place = this.newSlot(binding.kind === "hidden" && !binding.name.startsWith("#") ? "" : binding.name);
    }
  }

  /** Gives the cells of all scopes their slots, before other locals: some instructions reach the first 256 only. */
  placeCells(): void {
    const scopes = this.info.scopes.filter((scope) => scope.cell.length > 0);
    const shared = scopes.length > 100;
    for (const scope of scopes) {
      if (shared) {
        // Scopes that are not inside each other share a slot.
        let depth = 0;
        for (let outer = scope.parent; outer !== null && outer.owner === this.info; outer = outer.parent) if (outer.cell.length > 0) depth++;
        scope.slot = this.parameterCount + FRAME_WORDS + depth;
        while (this.slotNames.length <= scope.slot) this.newSlot("");
      } else {
        scope.slot = this.newSlot("");
        this.scopeSlots.push({ slot: scope.slot, names: scope.cell.map((binding) => binding.name) });
      }
    }
  }

  makeCell(scope: Scope): void {
    this.pushScope(scope.parent);
    this.emit("NEW_SCOPE", scope.cell.length);
    this.putLocal(scope.slot);
  }

  /** A fresh copy of a loop's variables, for the functions made in the next round. */
  copyCell(scope: Scope): void {
    if (scope.cell.length === 0) return;
    this.getLocal(scope.slot);
    this.emit("COPY_SCOPE");
    this.putLocal(scope.slot);
  }

  /** How many cells lie between the scope that this function closes over and that one. */
  private depthOf(scope: Scope): number {
    let depth = 0;
    for (let cell = this.info.outer!.nearestCell; cell !== scope; cell = cell.parent === null ? null : cell.parent.nearestCell) {
      if (cell === null) throw new Error("a variable in no scope around its use");
      depth++;
    }
    return depth;
  }

  // Variables

  useOf(node: acorn.Node): Use {
    const use = this.analysis.uses.get(node);
    if (use === undefined) throw new Error(`no analysis of the ${node.type} at ${node.start}`);
    return use;
  }

  getVariable(binding: Binding, checked: boolean): void {
    if (binding.kind === "import") {
      this.getImport(binding);
      return;
    }
    if (binding.kind === "name" && binding.scope.owner === this.info) {
      this.emit("CALLEE");
      return;
    }
    switch (binding.storage) {
      case "local":
        this.getLocal(binding.place);
        if (checked) this.emit("CHECK", this.name(binding.name));
        break;
      case "cell": {
        const scope = cellScope(binding);
        if (scope.owner === this.info) {
          this.emit("GET_SCOPED", scope.slot, binding.place);
          if (checked) this.emit("CHECK", this.name(binding.name));
        } else if (checked) {
          this.emit("GET_OUTER_CHECKED", this.depthOf(scope), binding.place, this.name(binding.name));
        } else {
          this.emit("GET_OUTER", this.depthOf(scope), binding.place);
        }
        break;
      }
      case "module":
        if (checked) this.emit("GET_MODULE_CHECKED", this.context.number, binding.place, this.name(binding.name));
        else this.emit("GET_MODULE", this.context.number, binding.place);
        break;
      case "core":
        this.emit("GET_CORE", binding.place);
        break;
    }
  }

  private getImport(binding: Binding): void {
    const { target } = binding;
    if (target === null) throw new Error(`import ${binding.name} was not linked`);
    this.getTarget(target, binding.name);
  }

  /** Pushes `ns.name` where that is known to be a variable (or nothing: undefined); false if it is not known. */
  namespaceMember(node: acorn.MemberExpression): boolean {
    const target = this.context.members.get(node);
    if (target === undefined) return false;
    if (target === null) this.emit("UNDEFINED");
    else this.getTarget(target, (node.property as acorn.Identifier).name);
    return true;
  }

  private getTarget(target: ImportTarget, name: string): void {
    if (target.binding === null) this.getNamespace(target.module);
    else if (target.checked) this.emit("GET_MODULE_CHECKED", target.module, target.binding.place, this.name(name));
    else this.emit("GET_MODULE", target.module, target.binding.place);
  }

  getNamespace(module: number): void {
    this.core("namespace");
    this.number(module);
    this.emit("CALL", 1);
  }

  /** Pops into a variable, without asking whether that is allowed. */
  storeVariable(binding: Binding): void {
    switch (binding.storage) {
      case "local":
        this.putLocal(binding.place);
        break;
      case "cell": {
        const scope = cellScope(binding);
        if (scope.owner === this.info) this.emit("PUT_SCOPED", scope.slot, binding.place);
        else this.emit("PUT_OUTER", this.depthOf(scope), binding.place);
        break;
      }
      case "module":
        this.emit("PUT_MODULE", this.context.number, binding.place);
        break;
      case "core":
        this.emit("PUT_CORE", binding.place);
        break;
    }
    if (this.argumentCountSlot >= 0 && binding.kind === "parameter" && binding.scope === this.info.top) this.followParameter(binding);
  }

  /** value -> ; an assignment to a name. */
  assign(node: acorn.Identifier): void {
    const use = this.useOf(node);
    if (use.objects !== undefined) assignDynamic(this, node.name, use.objects, () => this.assignTo(node, use));
    else this.assignTo(node, use);
  }
  /** The same where the name means the binding. */
  assignTo(node: acorn.Identifier, { binding, checked }: Use): void {
    if (binding === null) {
      this.emit("PUT_GLOBAL", this.name(node.name));
      return;
    }
    if (checked) {
      this.getVariable(binding, true);
      this.emit("POP");
    }
    if (binding.constant || (binding.kind === "name" && this.info.strict)) this.throwError("CONSTANT_ASSIGNMENT", node.name);
    else if (binding.kind === "name") this.emit("POP");
    else this.storeVariable(binding);
  }

  /** value -> ; the initial value of what a declaration names. */
  initialise(node: acorn.Identifier): void {
    const { binding, objects } = this.useOf(node);
    const plainly = (): void => {
      if (binding === null) this.emit("PUT_GLOBAL", this.name(node.name));
      else this.storeVariable(binding);
    };
    if (objects !== undefined) assignDynamic(this, node.name, objects, plainly);
    else plainly();
  }

  /** value -> ; a function that a list of statements declares, where it has no variable of its own: a property of the global object. */
  declareFunction(name: string): void {
    if (this.declared !== null) this.declared(name);
    else this.emit("PUT_GLOBAL", this.name(name));
  }
  /** In the text of a direct eval within a function: what declareFunction does there. */
  declared: ((name: string) => void) | null = null;

  /** In sloppy functions the elements of `arguments` that were given are the parameters: after a parameter's change. */
  private followParameter(binding: Binding): void {
    const done = new Label();
    this.number(binding.parameter);
    this.getLocal(this.argumentCountSlot);
    this.jump("JUMP_NOT_LT", done);
    this.getVariable(this.info.argumentsBinding!, false);
    this.number(binding.parameter);
    this.getVariable(binding, false);
    this.emit("PUT_ELEMENT");
    this.place(done);
  }

  /** … and after `arguments[…] = …`. */
  reloadParameters(): void {
    for (const binding of this.info.top.bindings.values()) {
      if (binding.kind !== "parameter" || binding.parameter < 0) continue;
      const done = new Label();
      this.number(binding.parameter);
      this.getLocal(this.argumentCountSlot);
      this.jump("JUMP_NOT_LT", done);
      this.getVariable(this.info.argumentsBinding!, false);
      this.number(binding.parameter);
      this.emit("GET_ELEMENT");
      if (binding.storage === "cell") this.emit("PUT_SCOPED", this.info.top.slot, binding.place);
      else this.putLocal(binding.place);
      this.place(done);
    }
  }

  // this and its kin

  /** The function whose frame `this`, `super` and `new.target` here mean. */
  get owner(): FunctionInfo {
    let { info } = this;
    while (info.isArrow) info = info.parent!;
    return info;
  }

  /** Pushes something of the owner's frame: by instruction in the owner, through a variable in arrows. */
  hidden(what: Hidden, instruction: OpName): void {
    const { owner } = this;
    const binding = owner.hidden.get(what);
    if (owner === this.info && !(what === "this" && owner.kind === "derived" && binding !== undefined)) this.emit(instruction);
    else this.getVariable(binding!, false);
  }

  this(node: { start: number }): void {
    const { owner } = this;
    if (owner.kind === "script") {
      this.emit("ROOT", rootNumber("global"));
    } else if (owner.kind === "module" || owner.kind === "core") {
      this.emit("UNDEFINED");
    } else {
      this.hidden("this", "THIS");
      if (owner.kind !== "derived") return;
      let { info } = this;
      let { start } = node;
      while (info !== owner) {
        start = info.callableFrom;
        info = info.parent!;
      }
      if (start < owner.superEnd) this.emit("CHECK_THIS");
    }
  }

  newTarget(): void {
    const { owner } = this;
    // Generators and async functions are never constructed (and keep something else where other frames have it).
    if (owner.isTop || owner.generator || owner.async) this.emit("UNDEFINED");
    else this.hidden("new.target", "NEW_TARGET");
  }

  // The end

  unit(fields: { name: string; flags: number; length: number; capacity: number; fast: string; source: string | null }): FunctionUnit {
    const { context } = this;
    if (this.slotNames.length > 0xffff) throw this.error("a function with more than 65535 variables", this.info.node ?? { start: 0 }, "function");
    try {
      const { lines, files, words, ...rest } = this.code.assemble((offset) => context.source.place(offset));
      const node = this.info.node as acorn.AnyNode | null;
      const id = node?.type === "FunctionDeclaration" || node?.type === "FunctionExpression" ? node.id : null;
      const original = id ? context.source.place(id.start).name : undefined;
      if (original !== undefined && original !== fields.name) words.push({ offset: NAME_WORDS, text: original });
      const debug: DebugInfo = { files: files.length === 0 ? [context.source.file] : files, lines, slots: this.slotNames, scopes: this.scopeSlots, words };
      if (fields.source !== null) debug.source = fields.source;
      const { source: _, ...own } = fields;
      return { ...own, ...rest, parameterCount: this.parameterCount, slotCount: this.slotNames.length, debug };
    } catch (problem) {
      if (problem instanceof LimitError) throw this.error(problem.message, this.info.node ?? { start: 0 }, "limit");
      throw problem;
    }
  }
}
