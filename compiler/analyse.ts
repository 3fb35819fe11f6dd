// Which name means what: one walk over a source before any code is made. At every scope the declarations are entered
// first (var and function names hoisted as the language says), then the walk goes on inside, so a name is looked up the
// moment it is met. The result (scopes.ts) says for each name its binding, for each binding whether inner functions
// use it, and for each use whether it may come before the declaration has run.
// How names are declared, hoisted and looked up is in names.ts; here is what each construct does with them.

import type * as acorn from "acorn";
import { accessors, needsMap } from "./arguments.js";
import { SourceText } from "./error.js";
import { Names, hasUseStrict, type Around, type Goal } from "./names.js";
import {
  Binding, ClassInfo, FunctionInfo, Scope, boundNames, containsFunction,
  type Analysis, type ArgumentsUse, type FunctionKind, type ImportRecord, type ScopeKind, type Use,
} from "./scopes.js";

type Node = acorn.AnyNode | acorn.StaticBlock;

/** `around`: of a direct eval, the scope that its text stands in. */
export function analyse(program: acorn.Program, source: SourceText, goal: Goal, around: Around | null = null): Analysis {
  const analyser = new Analyser(program, source, goal, null, around);
  analyser.declareTop();
  return analyser.walk();
}

/** The text of a string literal or of a template without holes; null for anything else. */
function literalText(node: acorn.Node | undefined): string | null {
  if (node?.type === "Literal" && typeof (node as acorn.Literal).value === "string") return (node as acorn.Literal).value as string;
  if (node?.type === "TemplateLiteral" && (node as acorn.TemplateLiteral).quasis.length === 1) return (node as acorn.TemplateLiteral).quasis[0]!.value.cooked ?? null;
  return null;
}

export function moduleName(node: acorn.Identifier | acorn.Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

/**
 * The heritage and the computed keys of a class are strict code (11.2.2). In a sloppy function what stores there becomes the
 * body of an arrow function, which is called at once: whether a store is strict is said by the code it is in. What awaits or
 * yields cannot be moved, and stays as it is.
 */
function makeStrict(node: acorn.Class): void {
  if (node.superClass && storesOnly(node.superClass)) node.superClass = calledAtOnce(node.superClass);
  for (const element of node.body.body) {
    if (element.type !== "StaticBlock" && element.computed && storesOnly(element.key)) element.key = calledAtOnce(element.key as acorn.Expression);
  }
}
function calledAtOnce(body: acorn.Expression): acorn.Expression {
  const { start, end, loc } = body;
  const arrow = { type: "ArrowFunctionExpression", start, end, loc, id: null, params: [], body, generator: false, async: false, expression: true, isGlue: true };
  return { type: "CallExpression", start, end, loc, callee: arrow, arguments: [], optional: false } as unknown as acorn.Expression;
}
/** Does evaluating it store or delete something, and neither await nor yield? What inner functions do is their own affair. */
function storesOnly(expression: acorn.Node): boolean {
  let stores = false;
  let waits = false;
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    const node = value as acorn.AnyNode;
    if (node.type === "AssignmentExpression" || node.type === "UpdateExpression" || (node.type === "UnaryExpression" && node.operator === "delete")) stores = true;
    if (node.type === "AwaitExpression" || node.type === "YieldExpression") waits = true;
    if (node.type !== "FunctionExpression" && node.type !== "ArrowFunctionExpression") Object.values(node).forEach(look);
  };
  look(expression);
  return stores && !waits;
}

/** In two steps for the core, whose files share the top-level scope `shared`: first all declare, then all are walked. */
export class Analyser extends Names {
  walk(): Analysis {
    this.visitTopLevel(this.program.body);
    if (this.dynamic) this.settleDynamic();
    const { require } = this.result;
    if (require?.written) {
      require.used = true;
      if (this.requireCaptured) require.captured = true;
    }
    return this.result;
  }

  // Statements

  private visitTopLevel(body: acorn.Program["body"]): void {
    for (const statement of body) {
      this.noteDominating(statement);
      switch (statement.type) {
        case "ImportDeclaration":
          this.visitImport(statement);
          break;
        case "ExportNamedDeclaration":
          this.visitExportNamed(statement);
          break;
        case "ExportDefaultDeclaration":
          this.visitExportDefault(statement);
          break;
        case "ExportAllDeclaration": {
          const record = this.importRecord(statement.source, statement.attributes);
          if (statement.exported) this.result.exports.push({ name: moduleName(statement.exported), node: statement, from: record, imported: "*" });
          else this.result.stars.push(record);
          break;
        }
        default:
          this.visit(statement);
      }
    }
  }

  private importRecord(source: acorn.Literal, attributes: acorn.ImportAttribute[]): ImportRecord {
    const json = attributes.some((attribute) => moduleName(attribute.key) === "type" && attribute.value.value === "json");
    const record = { specifier: String(source.value), node: source, json };
    this.result.imports.push(record);
    return record;
  }

  private visitImport(node: acorn.ImportDeclaration): void {
    const record = this.importRecord(node.source, node.attributes);
    for (const specifier of node.specifiers) {
      const name = specifier.type === "ImportSpecifier" ? moduleName(specifier.imported) : specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
      const binding = this.scope.bindings.get(specifier.local.name)!;
      binding.values = null;
      this.result.importedNames.push({ record, name, binding, node: specifier });
    }
  }

  private visitExportNamed(node: acorn.ExportNamedDeclaration): void {
    if (node.declaration) {
      const { declaration } = node;
      const add = (name: string) => this.result.exports.push({ name, node, local: name });
      if (declaration.type === "VariableDeclaration") for (const { id } of declaration.declarations) boundNames(id, (name) => add(name.name));
      else add(declaration.id.name);
      this.visit(declaration);
      return;
    }
    const from = node.source ? this.importRecord(node.source, node.attributes) : null;
    for (const specifier of node.specifiers) {
      const name = moduleName(specifier.exported);
      const local = moduleName(specifier.local);
      if (from !== null) this.result.exports.push({ name, node: specifier, from, imported: local });
      else this.result.exports.push({ name, node: specifier, local });
    }
  }

  private visitExportDefault(node: acorn.ExportDefaultDeclaration): void {
    const { declaration } = node;
    if ((declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") && declaration.id) {
      this.result.exports.push({ name: "default", node, local: declaration.id.name });
      this.visit(declaration as Node);
      return;
    }
    const isFunction = declaration.type === "FunctionDeclaration";
    const binding = this.declare("*default*", isFunction ? "function" : "let");
    binding.values = null;
    if (!isFunction) binding.initialisedAt = node.end;
    this.result.exports.push({ name: "default", node, local: "*default*" });
    this.result.uses.set(node, { binding, checked: false });
    this.visit(declaration as Node);
  }

  /** Notes the var names of a function-level statement that have their initial value before any use of them. */
  private noteDominating(statement: acorn.Node): void {
    let declaration = statement as acorn.AnyNode | null | undefined;
    if (declaration!.type === "ForStatement") declaration = declaration!.init;
    if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "var") return;
    for (const { id, init } of declaration.declarations) {
      if (id.type !== "Identifier" || !init) continue;
      const binding = this.lookup(id.name);
      if (binding !== null && !binding.used && binding.kind === "var") binding.dominated = true;
    }
  }

  private visitList(list: readonly (Node | null | undefined)[]): void {
    for (const node of list) if (node) this.visit(node);
  }

  private visitBlock(node: acorn.BlockStatement): void {
    this.inScope("block", node, (scope) => {
      this.hoist(node.body, scope, false);
      this.visitList(node.body);
    });
  }

  private visit(node: Node): void {
    switch (node.type) {
      case "Identifier": {
        const { binding } = this.use(node, node.name);
        if (binding?.kind === "arguments") this.noteArguments(this.readers.get(node) ?? "escapes", -1);
        break;
      }
      case "PrivateIdentifier":
        this.use(node, `#${node.name}`);
        // acorn has looked already but in the text of a direct eval.
        if (this.result.uses.get(node)!.binding === null) throw this.source.error(`Private field '#${node.name}' must be declared in an enclosing class`, node.start, "syntax");
        break;
      case "Literal":
      case "EmptyStatement":
      case "DebuggerStatement":
      case "BreakStatement":
      case "ContinueStatement":
      case "TemplateElement":
        break;
      case "ThisExpression":
        this.needHidden("this");
        break;
      case "Super":
        this.needHidden("this");
        this.needHidden("home");
        this.owner.usesSuperProperty = true;
        break;
      case "MetaProperty":
        this.visitMeta(node);
        break;
      case "ExpressionStatement":
        this.visit(node.expression);
        break;
      case "BlockStatement":
        this.visitBlock(node);
        break;
      case "StaticBlock":
        this.inScope("static", node, (scope) => {
          this.hoist(node.body, scope, true);
          this.visitList(node.body);
        });
        break;
      case "WithStatement":
        this.visit(node.object);
        this.inScope("with", node, (scope) => {
          scope.object = this.declare("%with", "hidden", scope);
          scope.object.values = null;
          this.visit(node.body);
        });
        break;
      case "UnaryExpression":
        if (node.operator === "delete" && node.argument.type === "MemberExpression") {
          this.visitMember(node.argument, true);
          if (node.argument.object.type === "Identifier" && node.argument.object.name === "arguments") this.noteArguments("delete", -1);
        }
        else this.visit(node.argument);
        break;
      case "ReturnStatement":
        this.noteReader(node.argument, "returned");
        if (node.argument) this.visit(node.argument);
        break;
      case "SpreadElement":
        this.noteReader(node.argument, "whole");
        this.visit(node.argument);
        break;
      case "ThrowStatement":
      case "YieldExpression":
        if (node.argument) this.visit(node.argument);
        break;
      case "AwaitExpression":
        if (this.info.kind === "module") this.result.awaits = true;
        this.visit(node.argument);
        break;
      case "LabeledStatement":
        this.visit(node.body);
        break;
      case "IfStatement":
      case "ConditionalExpression":
        this.visitList([node.test, node.consequent, node.alternate]);
        break;
      case "WhileStatement":
        this.visitList([node.test, node.body]);
        break;
      case "DoWhileStatement":
        this.visitList([node.body, node.test]);
        break;
      case "SwitchStatement":
        this.visitSwitch(node);
        break;
      case "TryStatement":
        this.visitTry(node);
        break;
      case "ForStatement":
        this.inScope("loop", node, (scope) => {
          if (node.init?.type === "VariableDeclaration" && node.init.kind !== "var") this.declareLexical(node.init, scope);
          this.visitList([node.init, node.test, node.update, node.body]);
        });
        break;
      case "ForInStatement":
      case "ForOfStatement":
        this.visitForIn(node);
        break;
      case "VariableDeclaration":
        this.noteAwaitUsing(node);
        for (const { id, init } of node.declarations) {
          if (id.type !== "Identifier") this.noteReader(init, "whole");
          if (init) this.visit(init);
          if (id.type === "Identifier" && !init && node.kind === "var") this.declaration(id, undefined);
          else this.visitTarget(id, true, id.type === "Identifier" ? init ?? null : null);
        }
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
        this.visitFunction(node as acorn.Function, "function");
        break;
      case "ArrowFunctionExpression":
        this.visitFunction(node, "arrow");
        break;
      case "ClassDeclaration":
      case "ClassExpression":
        if (node.type === "ClassDeclaration" && node.id) this.declaration(node.id, null);
        this.visitClass(node as acorn.Class);
        break;
      case "ArrayExpression":
        this.visitList(node.elements);
        break;
      case "ObjectExpression":
        for (const property of node.properties) {
          if (property.type === "SpreadElement") {
            this.visit(property);
            continue;
          }
          if (property.computed) this.visit(property.key);
          if (property.method || property.kind !== "init") this.visitFunction(property.value as acorn.FunctionExpression, "method");
          else this.visit(property.value);
        }
        break;
      case "UpdateExpression":
        this.visitTarget(node.argument as acorn.Pattern, false, node);
        break;
      case "BinaryExpression":
      case "LogicalExpression":
        this.visitBinary(node);
        break;
      case "AssignmentExpression":
        this.visitAssignment(node);
        break;
      case "MemberExpression":
        this.visitMember(node, false);
        break;
      case "CallExpression":
        this.visitCall(node);
        break;
      case "NewExpression":
        this.visitList([node.callee, ...node.arguments]);
        break;
      case "SequenceExpression":
        this.visitList(node.expressions);
        break;
      case "TemplateLiteral":
        this.visitList(node.expressions);
        break;
      case "TaggedTemplateExpression":
        this.visitCallee(node.tag);
        this.visitList(node.quasi.expressions);
        break;
      case "ChainExpression":
      case "ParenthesizedExpression":
        this.visit(node.expression);
        break;
      case "ImportExpression":
        this.visitDynamicImport(node);
        break;
      default:
        throw this.source.error(`${node.type} is not supported`, node.start, node.type);
    }
  }

  private visitMeta(node: acorn.MetaProperty): void {
    if (node.meta.name === "new") this.needHidden("new.target");
    else if (this.result.importMeta === null) {
      this.result.importMeta = this.declare("import.meta", "hidden", this.result.info.top);
      this.result.importMeta.captured = true;
    }
  }

  private visitDynamicImport(node: acorn.ImportExpression): void {
    this.result.dynamicImports.push({ node, specifier: literalText(node.source) });
    this.visitList([node.source, node.options]);
  }

  private visitSwitch(node: acorn.SwitchStatement): void {
    this.visit(node.discriminant);
    this.inScope("switch", node, (scope) => {
      node.cases.forEach((one, i) => {
        scope.caseNumber = i;
        this.hoist(one.consequent, scope, false);
      });
      node.cases.forEach((one, i) => {
        scope.caseNumber = i;
        if (one.test) this.visit(one.test);
        this.visitList(one.consequent);
      });
    });
  }

  private visitTry(node: acorn.TryStatement): void {
    if (node.handler) this.caught++;
    this.visit(node.block);
    if (node.handler) {
      this.caught--;
      const { handler } = node;
      this.inScope("catch", handler, (scope) => {
        const { param } = handler;
        if (param) {
          boundNames(param, (name) => this.declare(name.name, "catch", scope).values = null);
          this.visitTarget(param, true, null);
        }
        this.visit(handler.body);
      });
    }
    if (node.finalizer) this.visit(node.finalizer);
  }

  private visitForIn(node: acorn.ForInStatement | acorn.ForOfStatement): void {
    if (node.type === "ForOfStatement" && node.await && this.info.kind === "module") this.result.awaits = true;
    if (node.type === "ForOfStatement") this.noteReader(node.right, "whole");
    this.inScope("loop", node, (scope) => {
      const { left } = node;
      if (left.type === "VariableDeclaration") {
        const declarator = left.declarations[0]!;
        if (left.kind !== "var") this.declareLexical(left, scope, node.right.end);
        this.noteAwaitUsing(left);
        if (declarator.init) this.visit(declarator.init);
        this.visitTarget(declarator.id, true, null);
      } else {
        this.visitTarget(left, false, null);
      }
      this.visitList([node.right, node.body]);
    });
  }

  private noteAwaitUsing({ kind }: acorn.VariableDeclaration): void {
    if (kind === "await using" && this.info.kind === "module") this.result.awaits = true;
  }

  // Expressions

  /** The place of a declaration: gives the binding a value (null: unknown; undefined: none here). */
  private declaration(name: acorn.Identifier, value: acorn.AnyNode | null | undefined): void {
    const binding = this.lookup(name.name);
    const use: Use = { binding, checked: false };
    this.result.uses.set(name, use);
    if (this.dynamic) this.result.open.push({ use, scope: this.scope, info: this.info });
    if (binding === null) return;
    if (binding.scope.owner !== this.info) binding.captured = true;
    if (value === undefined) return;
    if (binding.kind === "parameter") binding.written = true;
    this.noteValue(binding, value);
  }

  private noteValue(binding: Binding, value: acorn.AnyNode | null): void {
    if (value === null) binding.values = null;
    else binding.values?.push(value);
  }

  /** What is assigned to, or (declares) initialised. `value` is what a plain name gets, if that is known. */
  private visitTarget(target: acorn.Pattern, declares: boolean, value: acorn.AnyNode | null): void {
    switch (target.type) {
      case "Identifier":
        if (declares) {
          this.declaration(target, value);
        } else {
          const { binding } = this.use(target, target.name);
          if (binding !== null) {
            binding.written = true;
            if (binding.scope.owner !== this.info) binding.writtenByInner = true;
            this.noteValue(binding, value);
            if (binding.kind === "arguments") this.noteArguments("whole", -1);
          }
        }
        break;
      case "ObjectPattern":
        for (const property of target.properties) {
          if (property.type === "RestElement") {
            this.visitTarget(property.argument, declares, null);
          } else {
            if (property.computed) this.visit(property.key);
            this.visitTarget(property.value, declares, null);
          }
        }
        break;
      case "ArrayPattern":
        for (const element of target.elements) if (element) this.visitTarget(element, declares, null);
        break;
      case "AssignmentPattern":
        this.visit(target.right);
        this.visitTarget(target.left, declares, null);
        break;
      case "RestElement":
        this.visitTarget(target.argument, declares, null);
        break;
      case "MemberExpression":
        this.visitMember(target, true);
        break;
      default:
        this.visit(target as Node);
    }
  }

  private visitAssignment(node: acorn.AssignmentExpression): void {
    const { left } = node;
    const isLogical = node.operator === "&&=" || node.operator === "||=" || node.operator === "??=";
    if (isLogical && (left as Node).type === "CallExpression") throw this.source.error("Invalid left-hand side in assignment", left.start, "syntax");
    if (left.type === "MemberExpression" && left.object.type === "ThisExpression" && !left.computed && left.property.type === "Identifier") this.owner.properties.add(left.property.name);
    this.visitTarget(left, false, node.operator === "=" ? node.right : node);
    this.visit(node.right);
  }

  private visitMember(node: acorn.MemberExpression, isTarget: boolean, called = false): void {
    const { object, property } = node;
    if (object.type === "Identifier" && !isTarget && !node.optional && !node.computed && property.type === "Identifier") {
      const binding = this.lookup(object.name);
      if (binding?.isNamespace) {
        this.touch(binding);
        this.result.uses.set(object, { binding, checked: false });
        this.result.namespaceMembers.push({ node, binding, name: property.name, called });
        return;
      }
    }
    if (object.type === "Identifier" && object.name === "arguments" && this.lookup("arguments")?.kind === "arguments") {
      this.use(object, "arguments");
      const index = node.computed && property.type === "Literal" && typeof property.value === "number" ? property.value : -1;
      if (node.computed) this.noteArguments(isTarget ? "write" : "element", index);
      else this.noteArguments(property.type === "Identifier" && property.name === "length" && !isTarget ? "length" : "whole", -1);
    } else {
      this.visit(object);
    }
    if (node.computed || property.type === "PrivateIdentifier") this.visit(property as Node);
  }

  /** Names that stand where an arguments object is only read, or returned. */
  private readonly readers = new Map<Node, "whole" | "returned">();
  private noteReader(node: Node | null | undefined, kind: "whole" | "returned"): void {
    if (node?.type === "Identifier") this.readers.set(node, kind);
  }

  private noteArguments(kind: ArgumentsUse["kind"], index: number): void {
    this.owner.argumentUses.push({ kind, index, byInner: this.owner !== this.info });
  }

  /** The left operands of a long chain (`a + b + c …`) are visited in a loop: such chains can be thousands long. */
  private visitBinary(node: acorn.BinaryExpression | acorn.LogicalExpression): void {
    const rights: Node[] = [];
    let left: Node = node;
    while (left.type === "BinaryExpression" || left.type === "LogicalExpression") {
      rights.push(left.right);
      left = left.left as Node;
    }
    this.visit(left);
    while (rights.length > 0) this.visit(rights.pop()!);
  }

  private visitCall(node: acorn.CallExpression): void {
    const { callee } = node;
    if (callee.type === "Super") {
      this.needHidden("this");
      this.needHidden("callee");
      this.needHidden("new.target");
    } else if (isDirectEval(node)) {
      this.visit(callee);
      this.noteEval(node);
    } else {
      const specifier = callee.type === "Identifier" && callee.name === "require" && node.arguments.length === 1 ? literalText(node.arguments[0]) : null;
      if (specifier !== null && this.result.require !== null && this.lookup("require") === this.result.require) {
        this.result.requires.push({ node, specifier, caught: this.caught > 0, inner: this.result.require.scope.owner !== this.info });
        this.result.uses.set(callee, { binding: this.result.require, checked: false });
        if (this.result.require.scope.owner !== this.info) this.requireCaptured = true;
      } else {
        this.noteReader(argumentsReadBy(node), "whole");
        this.visitCallee(callee);
      }
    }
    this.visitList(node.arguments);
  }
  /** An inner function requires: matters if require turns out to be a variable like any other. */
  private requireCaptured = false;

  /** The text of a direct eval can name all that is in sight here, this and its kin too, and so can what it declares. */
  private noteEval(node: acorn.CallExpression): void {
    const { owner } = this;
    this.result.evals.set(node, { scope: this.scope, strict: this.strict });
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.parent) scope.evaluated = true;
    for (const what of ["this", "new.target", "home", "callee"] as const) {
      if (what === "home" && !hasHome.has(owner.kind)) continue;
      if (what === "callee" && owner.kind !== "derived") continue;
      this.needHidden(what, true);
    }
    if (hasHome.has(owner.kind)) owner.usesSuperProperty = true;
    if (this.hasArguments(owner)) {
      this.touch(this.argumentsOf(owner));
      this.noteArguments("escapes", -1);
    }
    if (!this.strict) this.objectOfVars();
  }

  /** In sloppy code a direct eval may declare names in the function that it is in: they are properties of an object then. */
  private objectOfVars(): void {
    const info = variablesOf(this.info);
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.parent) {
      if (scope !== info.body && scope !== info.top) continue;
      if (scope.object !== null || scope.kind === "script" || scope.kind === "eval") return;
      scope.object = this.declare("%vars", "hidden", scope);
      scope.object.values = null;
      return;
    }
  }

  private visitCallee(node: acorn.Expression): void {
    if (node.type === "MemberExpression") this.visitMember(node, false, true);
    else this.visit(node);
  }

  // Functions and classes

  private newFunction(kind: FunctionKind, node: acorn.Node, strict: boolean, generator: boolean, isAsync: boolean): FunctionInfo {
    const info = new FunctionInfo(kind, node, this.info, this.scope, strict, generator, isAsync);
    this.result.infos.push(info);
    return info;
  }

  private inFunction(info: FunctionInfo, visit: () => void): void {
    const saved = { info: this.info, scope: this.scope, strict: this.strict, caught: this.caught };
    this.info = info;
    this.strict = info.strict;
    this.caught = 0;
    visit();
    this.info = saved.info;
    this.scope = saved.scope;
    this.strict = saved.strict;
    this.caught = saved.caught;
  }

  private enterScope(kind: ScopeKind, start: number): Scope {
    const scope = new Scope(kind, this.scope, this.info, start);
    this.info.scopes.push(scope);
    this.scope = scope;
    return scope;
  }

  private visitFunction(node: acorn.Function, kind: FunctionKind): FunctionInfo {
    const strict = this.strict || (node.body.type === "BlockStatement" && hasUseStrict(node.body.body));
    const info = this.newFunction(kind, node, strict, node.generator, node.async);
    info.callableFrom = node.type === "FunctionDeclaration" ? this.scope.start : node.start;
    info.simple = node.params.every((parameter) => parameter.type === "Identifier");
    info.isGlue = "isGlue" in node;
    this.result.functions.set(node, info);
    this.inFunction(info, () => {
      if (node.type === "FunctionExpression" && node.id) {
        this.enterScope("name", node.start);
        info.nameBinding = this.declare(node.id.name, "name");
        info.nameBinding.values = null;
      }
      const top = this.enterScope(info.simple ? "function" : "parameters", node.start);
      info.top = info.body = top;
      node.params.forEach((parameter, i) => this.declareParameter(parameter, i));
      if (!info.simple) for (const parameter of node.params) this.visitTarget(parameter, true, null);
      if (node.body.type === "BlockStatement") this.visitBody(info, node.body, node.params);
      else this.visit(node.body);
      if (needsMap(info)) {
        info.argumentAccessors = accessors(node) as acorn.ArrowFunctionExpression[];
        this.visitList(info.argumentAccessors);
      }
    });
    return info;
  }

  private declareParameter(parameter: acorn.Pattern, index: number): void {
    boundNames(parameter, (name) => {
      const binding = this.declare(name.name, "parameter");
      binding.values = null;
      if (!this.info.simple) binding.initialisedAt = parameter.end;
    });
    const plain = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
    if (plain.type === "Identifier") this.scope.bindings.get(plain.name)!.parameter = index;
  }

  private visitBody(info: FunctionInfo, body: acorn.BlockStatement, params: acorn.Pattern[]): void {
    if (!info.simple) {
      this.parametersClose = params.some(closes);
      info.body = this.enterScope("body", body.start);
    }
    const { parametersClose } = this;
    this.hoist(body.body, info.body, true);
    for (const statement of body.body) {
      this.noteDominating(statement);
      this.visit(statement);
    }
    this.parametersClose = parametersClose;
    if (info.kind === "derived") {
      const first = body.body.find((statement) => statement.type === "ExpressionStatement" && statement.expression.type === "CallExpression" && statement.expression.callee.type === "Super");
      if (first !== undefined) info.superEnd = first.end;
    }
  }

  private visitClass(node: acorn.Class): void {
    const outerStrict = this.strict;
    this.strict = true;
    this.inScope("class", node, (scope) => {
      const info = new ClassInfo(node, scope);
      this.result.classes.set(node, info);
      if (node.id) {
        info.inner = this.declare(node.id.name, "const");
        info.inner.values = null;
        info.inner.initialisedAt = Infinity;
      }
      for (const element of node.body.body) this.declarePrivate(element, scope);
      if (!outerStrict) makeStrict(node);
      if (node.superClass) this.visit(node.superClass);
      for (const element of node.body.body) if (element.type !== "StaticBlock" && element.computed) this.visit(element.key as Node);
      if (info.inner !== null) info.inner.initialisedAt = -1;
      this.visitElements(info);
    });
    this.strict = outerStrict;
  }

  private declarePrivate(element: acorn.ClassBody["body"][number], scope: Scope): void {
    if (element.type === "StaticBlock" || element.key.type !== "PrivateIdentifier") return;
    const name = `#${element.key.name}`;
    if (!scope.bindings.has(name)) this.declare(name, "hidden", scope).values = null;
  }

  private visitElements(info: ClassInfo): void {
    const { node } = info;
    for (const element of node.body.body) {
      if (element.type === "MethodDefinition") this.visitMethod(info, element);
      else if (element.type === "PropertyDefinition") this.visitField(info, element);
      else this.inFunction(this.staticsOf(info), () => {
        this.scope = info.statics!.top;
        this.visit(element);
      });
    }
    if (info.constructorNode === null) {
      info.constructorInfo = this.newFunction(node.superClass ? "derived" : "constructor", node, true, false, false);
      info.constructorInfo.classInfo = info;
      info.constructorInfo.callableFrom = node.start;
      this.inFunction(info.constructorInfo, () => {
        info.constructorInfo.top = info.constructorInfo.body = this.enterScope("function", node.start);
      });
    }
  }

  private visitMethod(info: ClassInfo, element: acorn.MethodDefinition): void {
    const isConstructor = element.kind === "constructor";
    const kind = !isConstructor ? "method" : info.node.superClass ? "derived" : "constructor";
    const method = this.visitFunction(element.value, kind);
    if (isConstructor) {
      info.constructorInfo = method;
      info.constructorNode = element;
      method.classInfo = info;
    } else if (element.key.type === "PrivateIdentifier") {
      this.use(element.key, `#${element.key.name}`);
      if (element.static) return;
      const binding = new Binding(`#${element.key.name} ${element.kind}`, "hidden", info.scope);
      info.scope.bindings.set(binding.name, binding);
      info.privateFunctions.set(element, binding);
      this.inFunction(this.fieldsOf(info), () => {
        this.use(element, `#${(element.key as acorn.PrivateIdentifier).name}`);
        this.touch(binding);
      });
    }
  }

  private visitField(info: ClassInfo, element: acorn.PropertyDefinition): void {
    const target = element.static ? this.staticsOf(info) : this.fieldsOf(info);
    if (!element.static) info.fieldCount++;
    if (element.computed) {
      const binding = new Binding(`key at ${element.start}`, "hidden", info.scope);
      info.scope.bindings.set(binding.name, binding);
      info.keys.set(element, binding);
    }
    this.inFunction(target, () => {
      this.scope = target.top;
      if (element.key.type === "PrivateIdentifier") this.use(element.key, `#${element.key.name}`);
      if (element.computed) this.touch(info.keys.get(element)!);
      if (element.value) this.visit(element.value);
    });
  }

  private fieldsOf(info: ClassInfo): FunctionInfo { return info.fields ??= this.synthesised("fields", info); }
  private staticsOf(info: ClassInfo): FunctionInfo { return info.statics ??= this.synthesised("static", info); }

  private synthesised(kind: "fields" | "static", info: ClassInfo): FunctionInfo {
    const made = this.newFunction(kind, info.node, true, false, false);
    made.callableFrom = info.node.start;
    made.usesThis = true;
    this.inFunction(made, () => { made.top = made.body = this.enterScope("function", info.node.start); });
    return made;
  }
}




/** The function that var names in this one belong to. */
export function variablesOf(info: FunctionInfo): FunctionInfo {
  let at = info;
  while (at.kind === "eval") at = at.parent!;
  return at;
}

/** Functions that have a home object. */
const hasHome: ReadonlySet<FunctionKind> = new Set(["method", "constructor", "derived", "fields", "static"]);

/** Methods of arrays that only read what they are called on. */
const readingMethods: ReadonlySet<string> = new Set(["slice", "concat", "join", "indexOf", "lastIndexOf", "includes"]);
/** What a call only reads of its arguments, if `apply`, `call` and `from` are what they seem to be: the commonest ways to hand on an arguments object. */
function argumentsReadBy({ callee, arguments: [first, second, third] }: acorn.CallExpression): Node | undefined {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier" || callee.computed) return undefined;
  const { object, property: { name } } = callee;
  if (name === "apply") return object.type === "Identifier" && object.name === "Reflect" ? third : second;
  if (name === "from") return object.type === "Identifier" && object.name === "Array" ? first : undefined;
  const method = object.type === "MemberExpression" ? object.property : object;
  return name === "call" && method.type === "Identifier" && readingMethods.has(method.name) ? first : undefined;
}

/** Written `eval(…)`: what is called then, the program finds out when it runs. */
export function isDirectEval(node: acorn.CallExpression): boolean {
  return node.callee.type === "Identifier" && node.callee.name === "eval" && !node.optional;
}

function closes(parameter: acorn.Node): boolean {
  return parameter.type !== "Identifier" && containsFunction(parameter);
}
