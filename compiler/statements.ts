// Statements. Each is compiled with an empty operand stack but for the words of the contexts around it (leave.ts) and
// leaves it so. Loops are tested at the bottom: a jump to the test first, then one conditional jump a round.

import type * as acorn from "acorn";
import { Label, Region } from "./assembler.js";
import { classDeclaration, classValue } from "./classes.js";
import { effect, expression, jumpIf, namedExpression } from "./expressions.js";
import { functionValue } from "./functions.js";
import type { Generator } from "./generator.js";
import { closeAndRethrow, dispatch, enterFinally, leave, type Context, type FinallyContext } from "./leave.js";
import { reference, releaseReference, store, writeReference } from "./patterns.js";
import { disposing, isUsing, useValue } from "./using.js";
import { notIterable } from "./wording.js";
import { containsFunction, literalValue, type Analysis, type Binding, type Scope } from "./scopes.js";

type AnyStatement = acorn.Statement | acorn.ModuleDeclaration;

export function statements(g: Generator, list: readonly AnyStatement[]): void {
  disposing(g, list, () => {
    for (const one of list) statement(g, one, []);
  });
}

/** Creates the functions that a list of statements declares, before any of them runs. */
export function hoistFunctions(g: Generator, list: readonly acorn.Node[]): void {
  for (const [declared, binding] of declaredFunctions(g.analysis, list)) {
    g.at(declared);
    functionValue(g, declared, "default");
    if (binding !== null) g.storeVariable(binding);
    else g.declareFunction(declared.id!.name);
  }
}

/** The functions that a list of statements declares, with their variables (null: a property of the global object). */
export function* declaredFunctions(analysis: Analysis, list: readonly acorn.Node[]): Iterable<[acorn.Function, Binding | null]> {
  for (const node of list as readonly acorn.AnyNode[]) {
    const declared = (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") && node.declaration ? node.declaration : node;
    if (declared.type !== "FunctionDeclaration") continue;
    if (!declared.id) yield [declared, analysis.uses.get(node)!.binding];
    else yield [declared, analysis.functions.get(declared)!.outer!.bindings.get(declared.id.name) ?? null];
  }
}

/** A block's scope and hoisted functions, then its statements. */
function block(g: Generator, node: acorn.BlockStatement | acorn.StaticBlock): void {
  enterBlock(g, g.analysis.scopes.get(node)!, node.body);
  statements(g, node.body);
}

function enterBlock(g: Generator, scope: Scope, list: readonly acorn.Node[]): void {
  g.enterScope(scope);
  // The var names of a static block.
  for (const binding of scope.bindings.values()) {
    if (binding.kind !== "var") continue;
    g.emit("UNDEFINED");
    g.storeVariable(binding);
  }
  hoistFunctions(g, list);
}

export function staticBlock(g: Generator, node: acorn.StaticBlock): void { block(g, node); }

function within(g: Generator, context: Context, body: () => void): void {
  g.contexts.push(context);
  body();
  g.contexts.pop();
}

/** Statements whose value is undefined until one inside them has one (ECMA-262's UpdateEmpty). */
const hasValue: ReadonlySet<string> = new Set(["IfStatement", "WhileStatement", "DoWhileStatement", "ForStatement", "ForInStatement", "ForOfStatement", "SwitchStatement", "TryStatement", "WithStatement"]);

/** `labels`: those in front of this statement, for break and continue. */
export function statement(g: Generator, node: AnyStatement, labels: string[]): void {
  if (!g.code.reachable) return;
  g.at(node);
  if (g.completionSlot >= 0 && hasValue.has(node.type)) {
    g.emit("UNDEFINED");
    g.putLocal(g.completionSlot);
  }
  switch (node.type) {
    case "ExpressionStatement":
      if (g.completionSlot >= 0) {
        expression(g, node.expression);
        g.putLocal(g.completionSlot);
      } else if (node.directive === undefined) {
        effect(g, node.expression);
      }
      break;
    case "VariableDeclaration":
      variables(g, node);
      break;
    case "FunctionDeclaration":
      annexB(g, node);
      break;
    case "ClassDeclaration":
      classDeclaration(g, node);
      break;
    case "ReturnStatement":
      returnStatement(g, node);
      break;
    case "ThrowStatement":
      expression(g, node.argument);
      g.at(node);
      g.emit("THROW");
      break;
    case "BlockStatement":
      labelled(g, labels, () => block(g, node));
      break;
    case "IfStatement":
      labelled(g, labels, () => ifStatement(g, node));
      break;
    case "WhileStatement":
      whileStatement(g, node, labels);
      break;
    case "DoWhileStatement":
      doWhile(g, node, labels);
      break;
    case "ForStatement":
      forStatement(g, node, labels);
      break;
    case "ForInStatement":
      forIn(g, node, labels);
      break;
    case "ForOfStatement":
      forOf(g, node, labels);
      break;
    case "SwitchStatement":
      switchStatement(g, node, labels);
      break;
    case "WithStatement":
      labelled(g, labels, () => withStatement(g, node));
      break;
    case "TryStatement":
      labelled(g, labels, () => tryStatement(g, node));
      break;
    case "LabeledStatement":
      statement(g, node.body, [...labels, node.label.name]);
      break;
    case "BreakStatement":
      jumpStatement(g, node, "break");
      break;
    case "ContinueStatement":
      jumpStatement(g, node, "continue");
      break;
    case "EmptyStatement":
    case "DebuggerStatement":
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      break;
    case "ExportNamedDeclaration":
      if (node.declaration) statement(g, node.declaration, []);
      break;
    case "ExportDefaultDeclaration":
      exportDefault(g, node);
      break;
    default:
      throw g.error(`${(node as acorn.Node).type} is not supported`, node as acorn.Node, (node as acorn.Node).type);
  }
}

function exportDefault(g: Generator, node: acorn.ExportDefaultDeclaration): void {
  const { declaration } = node;
  if (declaration.type === "FunctionDeclaration") return;
  if (declaration.type === "ClassDeclaration" && declaration.id) {
    classDeclaration(g, declaration as acorn.ClassDeclaration);
    return;
  }
  if (declaration.type === "ClassDeclaration") classValue(g, declaration, "default");
  else namedExpression(g, declaration as acorn.Expression, "default");
  g.storeVariable(g.useOf(node).binding!);
}

function variables(g: Generator, node: acorn.VariableDeclaration): void {
  for (const { id, init } of node.declarations) {
    if (!init && node.kind === "var") continue;
    g.at(id);
    // The object of a with that has the name is found before the value is there.
    const place = init && node.kind === "var" && id.type === "Identifier" && g.useOf(id).objects !== undefined ? reference(g, id, false) : undefined;
    if (!init) g.emit("UNDEFINED");
    else namedExpression(g, init, id.type === "Identifier" ? id.name : "");
    if (init && id.type === "ArrayPattern") g.at(init);
    useValue(g, node);
    if (place === undefined) {
      store(g, id, true, init ?? undefined);
    } else {
      writeReference(g, place, false);
      releaseReference(g, place);
    }
  }
}

/** In sloppy code a function in a block is also stored in a var of the function when its declaration is passed. */
function annexB(g: Generator, node: acorn.FunctionDeclaration): void {
  const { annexB } = g.info;
  if (!annexB.has(node)) return;
  const inner = g.analysis.functions.get(node)!.outer!.bindings.get(node.id.name)!;
  g.getVariable(inner, false);
  const binding = annexB.get(node)!;
  if (binding === null) g.declareFunction(node.id.name);
  else g.storeVariable(binding);
}

/** Within it the properties of an object are names. */
function withStatement(g: Generator, node: acorn.WithStatement): void {
  const scope = g.analysis.scopes.get(node)!;
  g.core("toObject");
  expression(g, node.object);
  g.at(node.object);
  g.emit("CALL", 1);
  g.enterScope(scope);
  g.storeVariable(scope.object!);
  statement(g, node.body, []);
}

function returnStatement(g: Generator, node: acorn.ReturnStatement): void {
  const plain = g.contexts.length === 0 && g.info.kind !== "derived" && !g.info.generator;
  if (!node.argument && plain) {
    g.emit("RETURN_UNDEFINED");
    return;
  }
  if (node.argument) expression(g, node.argument);
  else g.emit("UNDEFINED");
  if (g.info.async && g.info.generator && node.argument) g.emit("AWAIT");
  leave(g, "return");
}

function jumpStatement(g: Generator, node: acorn.BreakStatement | acorn.ContinueStatement, kind: "break" | "continue"): void {
  for (let i = g.contexts.length - 1; i >= 0; i--) {
    const context = g.contexts[i]!;
    if (context.kind !== "break" && context.kind !== "continue" || context.kind !== kind) continue;
    const plain = context.kind === "continue" || context.plain;
    if (node.label ? context.labels.includes(node.label.name) : plain) {
      leave(g, context);
      return;
    }
  }
  throw g.error(`nothing to ${kind} to`, node, kind);
}

/** A statement that only a break with its label can leave. */
function labelled(g: Generator, labels: string[], body: () => void): void {
  if (labels.length === 0) {
    body();
    return;
  }
  const end = new Label();
  within(g, { kind: "break", labels, plain: false, label: end }, body);
  g.place(end);
}

function ifStatement(g: Generator, node: acorn.IfStatement): void {
  const otherwise = new Label();
  jumpIf(g, node.test, false, otherwise);
  statement(g, node.consequent, []);
  if (!node.alternate) {
    g.place(otherwise);
    return;
  }
  const end = new Label();
  g.jump("JUMP", end);
  g.place(otherwise);
  statement(g, node.alternate, []);
  g.place(end);
}

// Loops

/** Runs `body` with the places that break and continue go to. */
function loop(g: Generator, labels: string[], onContinue: Label, body: () => void): void {
  const end = new Label();
  within(g, { kind: "break", labels, plain: true, label: end }, () => within(g, { kind: "continue", labels, label: onContinue }, body));
  g.place(end);
}

function whileStatement(g: Generator, node: acorn.WhileStatement, labels: string[]): void {
  const constant = literalValue(node.test);
  if (constant !== undefined && !constant) return;
  const test = new Label();
  loop(g, labels, test, () => {
    const head = new Label();
    const { depth } = g.code;
    if (constant !== undefined) {
      g.place(test);
      statement(g, node.body, []);
      g.jump("JUMP", test);
      return;
    }
    g.jump("JUMP", test);
    g.place(head, depth);
    statement(g, node.body, []);
    g.place(test);
    g.at(node.test);
    jumpBack(g, node.test, head);
  });
}

/** Jumps to a loop's body while the test holds. The body is there, even if nothing can come to it (`a && false`). */
function jumpBack(g: Generator, test: acorn.Expression, head: Label): void {
  jumpIf(g, test, true, head);
  if (head.reached || !g.code.reachable) return;
  g.emit("FALSE");
  g.jump("JUMP_TRUE", head);
}

function doWhile(g: Generator, node: acorn.DoWhileStatement, labels: string[]): void {
  const test = new Label();
  loop(g, labels, test, () => {
    const head = new Label();
    g.place(head);
    statement(g, node.body, []);
    g.place(test);
    g.at(node.test);
    jumpIf(g, node.test, true, head);
  });
}

function forStatement(g: Generator, node: acorn.ForStatement, labels: string[]): void {
  disposing(g, [node.init], () => plainFor(g, node, labels));
}
function plainFor(g: Generator, node: acorn.ForStatement, labels: string[]): void {
  const scope = g.analysis.scopes.get(node)!;
  g.enterScope(scope);
  if (node.init) {
    g.at(node.init);
    if (node.init.type === "VariableDeclaration") variables(g, node.init);
    else effect(g, node.init);
    if (containsFunction(node.init)) g.copyCell(scope);
  }
  const constant = node.test ? literalValue(node.test) : true;
  if (constant !== undefined && !constant) return;
  const next = new Label();
  loop(g, labels, next, () => {
    const head = new Label();
    const test = new Label();
    const { depth } = g.code;
    if (constant === undefined) g.jump("JUMP", test);
    g.place(head, depth);
    statement(g, node.body, []);
    g.place(next);
    g.copyCell(scope);
    if (node.update) {
      g.at(node.update);
      effect(g, node.update);
    }
    if (constant !== undefined) {
      g.jump("JUMP", head);
      return;
    }
    g.place(test);
    g.at(node.test!);
    jumpBack(g, node.test!, head);
  });
}

/** value -> ; gives the variable or target of a for-in or for-of its value. */
function storeLoopValue(g: Generator, left: acorn.VariableDeclaration | acorn.Pattern): void {
  g.at(left);
  if (left.type === "VariableDeclaration") {
    useValue(g, left);
    store(g, left.declarations[0]!.id, true, null);
  } else {
    store(g, left, false);
  }
}

/** What for-in and for-of go over, with the loop's names in their dead zone. */
function loopSubject(g: Generator, node: acorn.ForInStatement | acorn.ForOfStatement, scope: Scope): void {
  const bindings = [...scope.bindings.values()];
  if (containsFunction(node.right) || bindings.some((binding) => binding.checked)) g.enterScope(scope);
  g.at(node.right);
  expression(g, node.right);
}

function forIn(g: Generator, node: acorn.ForInStatement, labels: string[]): void {
  const scope = g.analysis.scopes.get(node)!;
  if (node.left.type === "VariableDeclaration" && node.left.declarations[0]!.init) variables(g, node.left);
  g.core("forIn");
  loopSubject(g, node, scope);
  g.emit("CALL", 1);
  const record = g.temporary();
  g.putLocal(record);
  const next = new Label();
  loop(g, labels, next, () => {
    const done = new Label();
    g.place(next);
    g.core("forInNext");
    g.getLocal(record);
    g.emit("CALL", 1);
    g.jump("JUMP_DONE", done);
    g.enterScope(scope);
    storeLoopValue(g, node.left);
    statement(g, node.body, []);
    g.jump("JUMP", next);
    g.place(done);
  });
  g.release(record);
}

function forOf(g: Generator, node: acorn.ForOfStatement, labels: string[]): void {
  const scope = g.analysis.scopes.get(node)!;
  const isAsync = node.await;
  if (isAsync) g.core("getAsyncIterator");
  loopSubject(g, node, scope);
  if (isAsync) {
    g.emit("CALL", 1);
    unpackPair(g);
  } else {
    g.emit("GET_ITERATOR");
    g.code.about(notIterable(node.right));
  }
  const region = new Region(g.code.depth);
  const next = new Label();
  const done = new Label();
  const end = new Label();
  within(g, { kind: "break", labels, plain: true, label: end }, () => {
    within(g, { kind: "iterator", isAsync, region }, () => within(g, { kind: "continue", labels, label: next }, () => {
      g.place(next);
      g.at(node.left.type === "VariableDeclaration" ? node.left.declarations[0]!.id : node.left);
      if (isAsync) asyncNext(g, done);
      else {
        g.emit("ITERATOR_NEXT");
        g.jump("JUMP_DONE", done);
      }
      g.code.open(region);
      g.enterScope(scope);
      roundOfForOf(g, node);
      g.code.close(region);
      g.jump("JUMP", next);
    }));
    g.code.finish(region);
  });
  closeAndRethrow(g, region, isAsync);
  g.place(done);
  g.emit("POP");
  g.emit("POP");
  g.place(end);
}

/** value -> ; gives it to the loop's variable and runs the body. What `using` declares is disposed of at the round's end. */
function roundOfForOf(g: Generator, node: acorn.ForOfStatement): void {
  const round = (): void => {
    storeLoopValue(g, node.left);
    statement(g, node.body, []);
  };
  if (!isUsing(node.left)) {
    round();
    return;
  }
  const value = g.temporary();
  g.putLocal(value);
  disposing(g, [node.left], () => {
    g.getLocal(value);
    round();
  });
  g.release(value);
}

/** array of two -> its elements */
export function unpackPair(g: Generator): void {
  g.emit("DUP");
  g.number(0);
  g.emit("GET_ELEMENT");
  g.emit("SWAP");
  g.number(1);
  g.emit("GET_ELEMENT");
}

/** iterator next -> iterator next value, or to `done` with just those two. */
function asyncNext(g: Generator, done: Label): void {
  const more = new Label();
  g.emit("DUP2");
  g.emit("SWAP");
  g.emit("CALL", 0);
  g.emit("AWAIT");
  g.callCoreOnTop("checkResult");
  g.emit("DUP");
  g.emit("GET_PROPERTY", g.name("done"));
  g.jump("JUMP_FALSE", more);
  g.emit("POP");
  g.jump("JUMP", done);
  g.place(more);
  g.emit("GET_PROPERTY", g.name("value"));
}

// switch, try

function switchStatement(g: Generator, node: acorn.SwitchStatement, labels: string[]): void {
  const scope = g.analysis.scopes.get(node)!;
  const value = g.temporary();
  expression(g, node.discriminant);
  g.putLocal(value);
  enterBlock(g, scope, node.cases.flatMap((one) => one.consequent));
  const end = new Label();
  const places = node.cases.map(() => new Label());
  node.cases.forEach((one, i) => {
    if (!one.test) return;
    g.at(one.test);
    g.getLocal(value);
    expression(g, one.test);
    g.emit("SEQ");
    g.jump("JUMP_TRUE", places[i]!);
  });
  const otherwise = node.cases.findIndex((one) => !one.test);
  g.jump("JUMP", otherwise < 0 ? end : places[otherwise]!);
  g.release(value);
  within(g, { kind: "break", labels, plain: true, label: end }, () => {
    node.cases.forEach((one, i) => {
      g.place(places[i]!);
      statements(g, one.consequent);
    });
  });
  g.place(end);
}

function tryStatement(g: Generator, node: acorn.TryStatement): void {
  const { finalizer } = node;
  if (!finalizer) {
    tryCatch(g, node);
    return;
  }
  const context: FinallyContext = { kind: "finally", region: new Region(g.code.depth), entry: new Label(), kindSlot: g.temporary(), valueSlot: g.temporary(), exits: [] };
  g.code.open(context.region);
  within(g, context, () => {
    if (node.handler) tryCatch(g, node);
    else statement(g, node.block, []);
  });
  enterFinally(g, context);
  // What is done at last has no value, unless it leaves.
  const kept = g.completionSlot >= 0 ? g.temporary() : -1;
  if (kept >= 0) {
    g.getLocal(g.completionSlot);
    g.putLocal(kept);
    g.emit("UNDEFINED");
    g.putLocal(g.completionSlot);
  }
  statement(g, finalizer, []);
  if (kept >= 0 && g.code.reachable) {
    g.getLocal(kept);
    g.putLocal(g.completionSlot);
  }
  dispatch(g, context);
  g.release(context.kindSlot, context.valueSlot);
}

function tryCatch(g: Generator, node: acorn.TryStatement): void {
  const region = new Region(g.code.depth);
  const handler = node.handler!;
  const end = new Label();
  g.code.open(region);
  within(g, { kind: "catch", region }, () => statement(g, node.block, []));
  g.code.close(region);
  g.code.finish(region);
  g.jump("JUMP", end);
  g.place(region.target);
  g.enterScope(g.analysis.scopes.get(handler)!);
  g.at(handler);
  if (handler.param) store(g, handler.param, true, null);
  else g.emit("POP");
  statement(g, handler.body, []);
  g.place(end);
}

