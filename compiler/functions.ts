// From a function in the source to its FunctionUnit: the prologue (scope, this and arguments for those who use them,
// parameters with defaults and patterns, the start of generators and async functions), the body, the end.

import type * as acorn from "acorn";
import { CodeFlag } from "../vm/format/frame.js";
import { fastPaths } from "../vm/format/intrinsics.js";
import type { FunctionUnit } from "../vm/unit.js";
import { aliasingSeen } from "./arguments.js";
import { Label } from "./assembler.js";
import { constructorEpilogue, runFields } from "./classes.js";
import { expression } from "./expressions.js";
import { Generator, SourceContext } from "./generator.js";
import { defaultValue, store } from "./patterns.js";
import type { FunctionInfo, Hidden, Scope } from "./scopes.js";
import { hoistFunctions, statements } from "./statements.js";
import type { OpName } from "../vm/format/opcodes.js";

const MAX_CAPACITY = 16;
const MAX_PARAMETERS = 200;

/** Pushes a closure of a function; `name` is what an anonymous one is called. */
export function functionValue(g: Generator, node: acorn.Function, name: string): void {
  const info = g.analysis.functions.get(node)!;
  const unit = functionUnit(g.context, node, info, node.id ? node.id.name : name);
  closure(g, info, unit);
}

export function closure(g: Generator, info: FunctionInfo, unit: FunctionUnit): void {
  g.pushScope(info.outer);
  g.emit("CLOSURE", g.code.code(unit));
}

export function functionFlags(info: FunctionInfo, usesArguments: boolean, core: boolean): number {
  let flags = info.strict ? CodeFlag.STRICT : 0;
  if (info.kind === "arrow") flags |= CodeFlag.ARROW;
  if (info.generator) flags |= CodeFlag.GENERATOR;
  if (info.async) flags |= CodeFlag.ASYNC;
  if (core) flags |= coreFlags(info);
  else if (info.kind === "function" && !info.generator && !info.async) flags |= CodeFlag.CONSTRUCTOR;
  if (info.kind === "constructor" || info.kind === "derived") flags |= CodeFlag.CONSTRUCTOR | CodeFlag.CLASS;
  if (info.kind === "derived") flags |= CodeFlag.DERIVED;
  if (usesArguments) flags |= CodeFlag.ARGUMENTS;
  if (info.isTop) flags |= CodeFlag.TOP_LEVEL;
  if (info.isGlue) flags |= CodeFlag.GLUE;
  return flags;
}

/** In the core only declared functions with a capital name are constructors; they make their objects themselves. */
function coreFlags({ node }: FunctionInfo): number {
  const isConstructor = node?.type === "FunctionDeclaration" && /^[A-Z]/.test((node as acorn.FunctionDeclaration).id.name);
  return CodeFlag.CORE | (isConstructor ? CodeFlag.CONSTRUCTOR | CodeFlag.DERIVED : 0);
}

/** The name in the code: none in the core for Kind, a constructor that many share, each of which gets its name as it is made. */
function codeName(name: string, core: boolean): string { return core && name === "Kind" ? "" : name; }

export function functionUnit(context: SourceContext, node: acorn.Function, info: FunctionInfo, name: string): FunctionUnit {
  const rest = node.params.length > 0 && node.params[node.params.length - 1]!.type === "RestElement";
  const parameterCount = node.params.length - (rest ? 1 : 0);
  const g = new Generator(context, info, parameterCount);
  if (parameterCount > MAX_PARAMETERS) throw g.error(`more than ${MAX_PARAMETERS} parameters`, node, "parameters");
  prologue(g, node.params);
  if (node.body.type === "BlockStatement") {
    hoistFunctions(g, node.body.body);
    statements(g, node.body.body);
    if (info.kind === "derived") constructorEnd(g);
    else g.emit("RETURN_UNDEFINED");
  } else {
    g.at(node.body);
    expression(g, node.body);
    g.emit("RETURN");
  }
  sharedReturns(g);
  const firstOptional = node.params.findIndex((parameter) => parameter.type === "AssignmentPattern" || parameter.type === "RestElement");
  const fields = info.properties.size + (info.classInfo?.fieldCount ?? 0);
  const source = info.classInfo?.node ?? methodSource(info, node);
  return g.unit({
    name: codeName(name, context.core), flags: functionFlags(info, info.argumentsBinding !== null || rest, context.core),
    length: firstOptional < 0 ? parameterCount : firstOptional,
    capacity: info.kind === "function" || info.kind === "constructor" || info.kind === "derived" ? Math.min(MAX_CAPACITY, fields) : 0,
    fast: fastPath(g, node),
    source: context.core ? null : sourceText(context.source.text, source),
  });
}

/** Methods are shown with their name: the property that they are the value of says where that begins. */
const methodStarts = new WeakMap<acorn.Function, acorn.Node>();
export function noteMethod(value: acorn.Function, property: acorn.Node): void { methodStarts.set(value, property); }
function methodSource(info: FunctionInfo, node: acorn.Function): acorn.Node {
  return info.kind === "method" ? methodStarts.get(node) ?? node : node;
}

/** A function's text; that of a static method begins behind the word, as its definition does. */
function sourceText(text: string, node: acorn.Node): string {
  const whole = text.slice(node.start, node.end);
  return node.type === "MethodDefinition" && (node as acorn.MethodDefinition).static ? whole.replace(/^static(?:\s|\/\*[^]*?\*\/|\/\/.*)*/, "") : whole;
}

/** The directive "fast: NAME" of a core function. */
function fastPath(g: Generator, node: acorn.Function): string {
  if (!g.context.core || node.body.type !== "BlockStatement") return "";
  for (const statement of node.body.body) {
    if (statement.type !== "ExpressionStatement" || statement.directive === undefined) break;
    const name = /^fast: (\w+)$/.exec(statement.directive)?.[1];
    if (name === undefined) continue;
    if (!(fastPaths as readonly string[]).includes(name)) throw g.error(`no fast path ${name}`, statement, "fast");
    return name;
  }
  return "";
}

const hiddenInstructions: Record<Hidden, OpName> = { this: "THIS", "new.target": "NEW_TARGET", home: "HOME", callee: "CALLEE" };

function prologue(g: Generator, params: acorn.Pattern[]): void {
  const { info } = g;
  if (info.async && !info.generator) g.emit("START_ASYNC");
  g.placeCells();
  enterFunctionScope(g, info.top);
  if (info.usesThis && !info.strict && (info.kind === "function" || info.kind === "method")) g.emit("SLOPPY_THIS");
  for (const [what, binding] of info.hidden) {
    if ((what === "this" && info.kind === "derived") || (what === "new.target" && (info.generator || info.async))) continue;
    g.emit(hiddenInstructions[what]);
    g.storeVariable(binding);
  }
  if (info.nameBinding !== null && info.nameBinding.storage !== "local") {
    g.emit("CALLEE");
    g.storeVariable(info.nameBinding);
  }
  if (info.kind === "constructor") runFields(g);
  if (info.argumentsBinding !== null) makeArguments(g);
  parameters(g, params);
  if (info.generator) {
    g.emit("CALLEE");
    g.emit("GET_PROPERTY", g.name("prototype"));
    g.emit("START_GENERATOR", info.async ? 1 : 0);
  }
  if (info.body !== info.top) enterBodyScope(g, info);
}

/** The function's outermost scope: var names in a cell start as undefined, not as holes. */
export function enterFunctionScope(g: Generator, scope: Scope): void {
  g.enterScope(scope);
  for (const binding of scope.bindings.values()) {
    if ((binding.kind !== "var" && binding !== scope.object) || binding.storage === "local" || binding.storage === "core") continue;
    g.emit("UNDEFINED");
    g.storeVariable(binding);
  }
}

function enterBodyScope(g: Generator, info: FunctionInfo): void {
  enterFunctionScope(g, info.body);
  for (const binding of info.body.bindings.values()) {
    const parameter = binding.kind === "var" ? info.top.bindings.get(binding.name) : undefined;
    if (parameter === undefined) continue;
    g.getVariable(parameter, false);
    g.storeVariable(binding);
  }
}

function parameters(g: Generator, params: acorn.Pattern[]): void {
  const { info } = g;
  params.forEach((parameter, i) => {
    if (parameter.type === "RestElement") {
      g.emit("REST", i);
      store(g, parameter.argument, true);
    } else if (parameter.type === "Identifier") {
      const binding = info.top.bindings.get(parameter.name)!;
      // The last of several parameters with one name counts.
      if (binding.parameter !== i || (binding.storage === "local" && binding.place === i)) return;
      g.getLocal(i);
      if (binding.storage === "cell") g.emit("PUT_SCOPED", info.top.slot, binding.place);
      else g.putLocal(binding.place);
    } else {
      g.at(parameter);
      g.getLocal(i);
      if (parameter.type === "AssignmentPattern") {
        defaultValue(g, parameter);
        store(g, parameter.left, true, null);
      } else {
        store(g, parameter, true, null);
      }
    }
  });
}

/** The arguments object, and what ties it to the parameters (arguments.ts). */
function makeArguments(g: Generator): void {
  const { info } = g;
  const isSloppy = !info.strict && info.simple;
  if (info.argumentAccessors.length > 0) {
    g.core("mapArguments");
    g.emit("ARGUMENTS", 1);
    for (const accessor of info.argumentAccessors) functionValue(g, accessor, "");
    g.number((info.node as acorn.Function).params.length);
    g.emit("CALL", 4);
    g.storeVariable(info.argumentsBinding!);
    return;
  }
  g.emit("ARGUMENTS", isSloppy ? 1 : 0);
  g.storeVariable(info.argumentsBinding!);
  if (!aliasingSeen(info)) return;
  g.argumentCountSlot = g.newSlot("");
  g.getVariable(info.argumentsBinding!, false);
  g.emit("GET_PROPERTY", g.name("length"));
  g.putLocal(g.argumentCountSlot);
}

/** A derived constructor ends with its this, which super() has made. */
function constructorEnd(g: Generator): void {
  if (g.code.reachable) {
    g.emit("UNDEFINED");
    g.jump("JUMP", g.epilogue);
  }
  if (g.info.node) g.at(g.info.node);
  constructorEpilogue(g);
}

/** What resumptions with a return jump to, where nothing has to be left first. */
export function sharedReturns(g: Generator): void {
  for (const label of g.sharedReturns.values()) {
    g.place(label);
    g.emit("RETURN");
  }
}

/** Where a resumption with a return goes on, if no statement around has anything to do first. */
export function sharedReturn(g: Generator): Label {
  const depth = g.code.depth;
  let label = g.sharedReturns.get(depth);
  if (label === undefined) {
    label = new Label();
    g.sharedReturns.set(depth, label);
  }
  return label;
}
