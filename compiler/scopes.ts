// What names there are: the data that the analysis (analyse.ts) makes of a source and the code generator reads. A
// Binding is a variable, a Scope a stretch of source in which names mean one thing, a FunctionInfo what is known about a
// function before its code is made.
//
// Where a variable lives is decided once the whole source is known:
//   local    a slot of the frame, if only its own function uses it
//   cell     an element of a SCOPE cell, if an inner function uses it; the cell hangs in a local of the function
//   module   a variable of the module's top-level scope: top-level names that are exported or used in functions
//   core     a top-level variable of the core (core mode)
// Names that resolve to no Binding are properties of the global object.
//
// What a name means may be known only when the program runs: inside a `with`, or where a sloppy direct eval may have
// declared it. Then a use has, besides its binding, a list of variables that hold objects to be asked first (dynamic.ts).

import type * as acorn from "acorn";

export type BindingKind =
  | "var" | "function" | "let" | "const" | "class" | "parameter" | "catch"
  /** The name of a named function expression, inside it. */ | "name"
  /** The arguments object. */ | "arguments"
  | "import"
  /** What the source does not name: this for arrows, computed keys, private names, … */ | "hidden";

export type Storage = "local" | "cell" | "module" | "core";

export class Binding {
  storage: Storage = "local";
  /** The slot of a local; the index in the cell, the module's or the core's variables. */
  place = -1;
  /** An inner function uses it. */
  captured = false;
  /** Another module uses it, or a namespace object shows it. */
  exported = false;
  used = false;
  /** Assigned to somewhere else than where it is declared. */
  written = false;
  writtenByInner = false;
  /** Some use may come before the declaration, so it starts as the hole. */
  checked = false;
  /** Its value is there from this offset of the source on (in its own function); -1 from the start. */
  initialisedAt = -1;
  /** In a switch: the case that declares it. */
  caseNumber = -1;
  /** What is stored in it, as far as known; null if something is that cannot be told. See numeric.ts. */
  values: acorn.AnyNode[] | null = [];
  /** A var whose initialiser runs before every use. */
  dominated = false;
  /** The slot that the argument comes in, for a parameter that is a plain name. */
  parameter = -1;
  /** For kind "import": what it stands for, once modules are linked. */
  target: ImportTarget | null = null;
  /** `import * as` it. */
  isNamespace = false;
  /** The namespace object itself is needed, not only members known by name. */
  whole = false;

  constructor(readonly name: string, readonly kind: BindingKind, readonly scope: Scope) {}

  get constant(): boolean { return this.kind === "const" || this.kind === "import"; }
}

/** What an import resolves to: another module's variable, or its namespace object. */
export interface ImportTarget { module: number; binding: Binding | null; checked: boolean }

export type ScopeKind =
  | "function" | "parameters" | "body" | "name" | "block" | "loop" | "switch" | "catch" | "class"
  /** A class's static block: has its own var names. */ | "static"
  | "module" | "script" | "core"
  /** Of an eval's text, or of a Function constructor's. */ | "eval"
  /** The body of a with statement: its object's properties are names. */ | "with";

export class Scope {
  readonly bindings = new Map<string, Binding>();
  /** The variables of its SCOPE cell, if it needs one. */
  readonly cell: Binding[] = [];
  /** The slot that holds the cell. */
  slot = -1;
  /** In a switch, the case the analysis is in. */
  caseNumber = -1;
  /** Of a with: the variable that holds its object. Of a function's body with a sloppy direct eval: the one that holds what evals declare. */
  object: Binding | null = null;
  /** A direct eval sees its names. */
  evaluated = false;

  constructor(readonly kind: ScopeKind, readonly parent: Scope | null, readonly owner: FunctionInfo, readonly start: number) {}

  /** The nearest scope outwards, itself included, that has a SCOPE cell. */
  get nearestCell(): Scope | null {
    let scope: Scope | null = this;
    while (scope !== null && scope.cell.length === 0) scope = scope.parent;
    return scope;
  }
}

export type FunctionKind =
  | "function" | "arrow" | "method" | "constructor" | "derived"
  /** Synthesised: the initialiser of a class's instance fields, or the code of its static elements. */ | "fields" | "static"
  | "module" | "commonjs" | "script" | "core"
  /** The text of a direct eval: like an arrow, it has no this of its own. */ | "eval";

/** What arrows may need of the function around them. */
export type Hidden = "this" | "new.target" | "home" | "callee";

export class FunctionInfo {
  /** The outermost scope of its own (parameters); what `this` and the like for arrows are stored in. */
  top!: Scope;
  /** Where its var names are. */
  body!: Scope;
  usesThis = false;
  usesSuperProperty = false;
  argumentsBinding: Binding | null = null;
  nameBinding: Binding | null = null;
  readonly hidden = new Map<Hidden, Binding>();
  /** Every scope of its own, from outside in. */
  readonly scopes: Scope[] = [];
  /** From this offset of the enclosing function's source on it can be called. */
  callableFrom = 0;
  /** Sloppy-mode functions in blocks, and the var that takes their value too (null: a global). */
  readonly annexB = new Map<acorn.Node, Binding | null>();
  /** Simple parameters: plain names only. */
  simple = true;
  /** Added by the compiler: no function that a user wrote. */
  isGlue = false;
  /** A derived constructor's first statement-level super(): from here on this is there. */
  superEnd = Infinity;
  /** Names assigned as `this.x =`: how many properties instances are likely to get. */
  readonly properties = new Set<string>();
  /** The class whose constructor this is. */
  classInfo: ClassInfo | null = null;
  /** A constructor around the text of a direct eval: its class has fields (dynamic.ts). */
  fieldsAround = false;
  /** Uses of the arguments object, for sloppy functions that may need it to follow the parameters. */
  readonly argumentUses: ArgumentsUse[] = [];
  /** Two arrow functions that get and set a parameter by its index, where the arguments object is made of them (arguments.ts). */
  argumentAccessors: acorn.ArrowFunctionExpression[] = [];

  constructor(
    readonly kind: FunctionKind,
    readonly node: acorn.Node | null,
    readonly parent: FunctionInfo | null,
    /** The scope it is written in. */
    readonly outer: Scope | null,
    readonly strict: boolean,
    readonly generator = false,
    readonly async = false,
  ) {}

  /** A constructor: has its class fields to give to instances? */
  get hasFields(): boolean { return this.fieldsAround || (this.classInfo !== null && this.classInfo.fields !== null); }
  /** Has it no this, arguments, super and new.target of its own? */
  get isArrow(): boolean { return this.kind === "arrow" || this.kind === "eval"; }
  get isTop(): boolean { return this.kind === "module" || this.kind === "commonjs" || this.kind === "script" || this.kind === "core"; }
}

/** A use of `arguments`: its length, an element read, written or deleted at a known or unknown index, given attributes, or anything else. */
export interface ArgumentsUse { kind: "length" | "element" | "write" | "delete" | "whole" | "returned" | "escapes"; index: number; byInner: boolean }

export class ClassInfo {
  constructorInfo!: FunctionInfo;
  /** The method node of the constructor, if it is written. */
  constructorNode: acorn.MethodDefinition | null = null;
  fields: FunctionInfo | null = null;
  statics: FunctionInfo | null = null;
  /** The inner binding of its name. */
  inner: Binding | null = null;
  /** Where computed keys of fields wait for the instances. */
  readonly keys = new Map<acorn.PropertyDefinition, Binding>();
  /** The functions of private methods and accessors. */
  readonly privateFunctions = new Map<acorn.MethodDefinition, Binding>();
  fieldCount = 0;

  constructor(readonly node: acorn.Class, readonly scope: Scope) {}
}

/** How a name in the source is used: what it means there, and whether it may be in its dead zone. */
export interface Use {
  binding: Binding | null;
  checked: boolean;
  /** Variables whose objects may have the name, the innermost first; left out where there are none. */
  objects?: Binding[];
}

/** Declarations that tie modules together, as written. */
export interface ImportRecord { specifier: string; node: acorn.Node; json: boolean }
export interface ImportedName { record: ImportRecord; /** "*" for the namespace. */ name: string; binding: Binding; node: acorn.Node }
export interface ExportRecord {
  name: string;
  node: acorn.Node;
  /** A variable of this module, by name … */ local?: string;
  /** … or a name of another one ("*": its namespace). */ from?: ImportRecord; imported?: string;
}
/** `ns.name` where ns is a namespace: needs no namespace object. */
export interface NamespaceMember { node: acorn.MemberExpression; binding: Binding; name: string; called: boolean }
export interface RequireCall { node: acorn.CallExpression; specifier: string; caught: boolean; /** In a function, which may never be called. */ inner: boolean }

/** Everything known about one source file before code is made. */
export interface Analysis {
  info: FunctionInfo;
  program: acorn.Program;
  uses: Map<acorn.Node, Use>;
  scopes: Map<acorn.Node, Scope>;
  functions: Map<acorn.Node, FunctionInfo>;
  classes: Map<acorn.Node, ClassInfo>;
  /** Names a script declares on the global object. */
  globals: { vars: Set<string>; functions: Set<string>; lexical: Set<string> };
  imports: ImportRecord[];
  importedNames: ImportedName[];
  exports: ExportRecord[];
  stars: ImportRecord[];
  namespaceMembers: NamespaceMember[];
  requires: RequireCall[];
  /** The calls import(…); the specifier is null where it is no literal. */
  dynamicImports: { node: acorn.ImportExpression; specifier: string | null }[];
  /** Top-level await. */
  awaits: boolean;
  /** The binding of `require` in a CommonJS module. */
  require: Binding | null;
  importMeta: Binding | null;
  /** Every function, synthesised ones too. */
  infos: FunctionInfo[];
  /** The direct evals, with the scope of each, and whether it stands in strict code: a class's heritage and keys do within a sloppy function. */
  evals: Map<acorn.Node, { scope: Scope; strict: boolean }>;
  /** Uses of names within a with, or where a direct eval may declare names, and where they are: resolved at the end. */
  open: { use: Use; scope: Scope; info: FunctionInfo }[];
}

/** The names that a pattern binds. */
export function boundNames(pattern: acorn.Pattern, each: (name: acorn.Identifier) => void): void {
  switch (pattern.type) {
    case "Identifier":
      each(pattern);
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) boundNames(property.type === "RestElement" ? property.argument : property.value, each);
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element) boundNames(element, each);
      break;
    case "AssignmentPattern":
      boundNames(pattern.left, each);
      break;
    case "RestElement":
      boundNames(pattern.argument, each);
      break;
  }
}

/** Does a piece of source make a function (or class)? Then what it closes over may outlive it. */
export function containsFunction(node: unknown): boolean {
  if (node === null || typeof node !== "object") return false;
  if (Array.isArray(node)) return node.some(containsFunction);
  const type = (node as { type?: unknown }).type;
  if (typeof type !== "string") return false;
  if (type.endsWith("FunctionExpression") || type === "FunctionDeclaration" || type.startsWith("Class")) return true;
  return Object.values(node).some(containsFunction);
}

/** The value of a literal like 10n; undefined for other nodes. */
export function bigLiteral(node: acorn.Node): bigint | undefined {
  if (node.type !== "Literal") return undefined;
  const { bigint } = node as acorn.Literal;
  return bigint === undefined || bigint === null ? undefined : BigInt(bigint);
}

/** Literals of every kind but BigInt and regular expressions, as the value they are; undefined for other nodes. */
export function literalValue(node: acorn.Node): string | number | boolean | null | undefined {
  if (node.type !== "Literal") return undefined;
  const literal = node as acorn.Literal;
  if (literal.regex !== undefined || literal.bigint !== undefined) return undefined;
  return literal.value as string | number | boolean | null;
}

/** The number that a property name is as an array index, or -1. */
export function arrayIndex(name: string): number {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(name)) return -1;
  const index = Number(name);
  return index < 4294967295 ? index : -1;
}

/** Decides where each variable lives. To be called when it is known what other modules use. */
export function allocate(analysis: Analysis, moduleVariables: string[]): void {
  for (const info of analysis.infos) {
    for (const scope of info.scopes) {
      for (const binding of scope.bindings.values()) {
        if (binding.place >= 0 || binding.kind === "import") continue;
        if (!binding.captured && !binding.exported && !isShared(binding) && !scope.evaluated) {
          continue;
        } else if (scope.kind === "module" || scope.kind === "script") {
          binding.storage = "module";
          binding.place = moduleVariables.push(binding.name) - 1;
        } else {
          binding.storage = "cell";
          binding.place = cellScope(binding).cell.push(binding) - 1;
        }
      }
    }
  }
}

/** Can other sources name it? Then it is a variable of the script. */
function isShared({ kind, scope }: Binding): boolean {
  return scope.kind === "script" && (kind === "let" || kind === "const" || kind === "class");
}

/** The scope whose cell holds a binding: a function's own name goes in with its parameters. */
export function cellScope(binding: Binding): Scope {
  return binding.scope.kind === "name" ? binding.scope.owner.top : binding.scope;
}
