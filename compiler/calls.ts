// Calls: plain, of methods, of super, with spread arguments, in optional chains; new; tagged templates.

import type * as acorn from "acorn";
import { Label } from "./assembler.js";
import { runFields } from "./classes.js";
import { intrinsicCall } from "./core-mode.js";
import { calleeDynamic, describeScope } from "./dynamic.js";
import { deleteMember, expression, getMember, memberPosition, plainIdentifier } from "./expressions.js";
import type { Generator } from "./generator.js";
import { arrayLiteral } from "./literals.js";
import { propertyName, pushKey, pushSuper } from "./patterns.js";
import { wording } from "./wording.js";

/** More arguments than this are passed as an array, so that the stack stays small. */
const MAX_ARGUMENTS = 64;

type Arguments = readonly (acorn.Expression | acorn.SpreadElement)[];

/** callee this -> result; `called`: what an error says that the callee is. */
function invoke(g: Generator, args: Arguments, node: { start: number }, called: acorn.Expression | acorn.Super, plain: "CALL" | "CONSTRUCT" = "CALL"): void {
  if (args.length > MAX_ARGUMENTS || args.some((argument) => argument.type === "SpreadElement")) {
    arrayLiteral(g, args);
    g.at(node);
    g.emit(plain === "CALL" ? "CALL_SPREAD" : "CONSTRUCT_SPREAD");
  } else {
    for (const argument of args) expression(g, argument as acorn.Expression);
    g.at(node);
    g.emit(plain, args.length);
  }
  if (called.type !== "Super") g.code.about(wording(called));
}

/** Where an error in a call is said to be, as in V8: at the name of the method or function, else at the arguments. */
function callPosition(g: Generator, node: acorn.CallExpression): { start: number } {
  const { callee } = node;
  if (callee.type === "Identifier") return callee;
  return callee.type === "MemberExpression" && !callee.computed ? callee.property : g.signAfter("(", callee.end);
}

export function call(g: Generator, node: acorn.CallExpression): void {
  if (node.callee.type === "Super") {
    superCall(g, node);
    return;
  }
  if (g.analysis.evals.has(node)) {
    directEval(g, node);
    return;
  }
  if (node.callee.type === "Identifier" && (requireCall(g, node) || (g.context.core && intrinsicCall(g, node)))) return;
  callee(g, node.callee);
  invoke(g, node.arguments, callPosition(g, node), node.callee);
}

/** eval(…): the function that the name means, the arguments, and what the text sees if that is eval itself. */
function directEval(g: Generator, node: acorn.CallExpression): void {
  const { scope, strict } = g.analysis.evals.get(node)!;
  g.core("evaluate");
  expression(g, node.callee as acorn.Identifier);
  arrayLiteral(g, node.arguments);
  g.pushScope(scope);
  g.text(describeScope(g, scope, strict));
  g.at(node);
  g.emit("CALL", 4);
}

/** `require("…")` in a CommonJS module, its target known. */
function requireCall(g: Generator, node: acorn.CallExpression): boolean {
  const { targets } = g.context;
  if (!targets.has(node)) return false;
  const number = targets.get(node);
  g.at(node);
  if (number === undefined) {
    // A require that knows no module throws the error that Node's would.
    g.core("makeRequire");
    g.emit("NEW_OBJECT", 0);
    g.text(g.context.source.file);
    g.emit("CALL", 2);
    g.emit("UNDEFINED");
    expression(g, node.arguments[0] as acorn.Expression);
    g.at(node);
    g.emit("CALL", 1);
    return true;
  }
  g.core("requireModule");
  g.number(number);
  g.emit("CALL", 1);
  return true;
}

/** Pushes a function and the this that it is called with. */
export function callee(g: Generator, node: acorn.Expression): void {
  if (node.type === "ParenthesizedExpression") {
    callee(g, node.expression);
  } else if (node.type === "MemberExpression") {
    if (node.object.type === "Super") {
      pushSuper(g, node.object);
      pushKey(g, node.property, node.computed);
      g.emit("GET_SUPER");
      g.this(node);
    } else if (g.namespaceMember(node)) {
      g.emit("UNDEFINED");
    } else {
      expression(g, node.object);
      getMethod(g, node);
    }
  } else if (node.type === "ChainExpression" && node.expression.type === "MemberExpression") {
    const shortcut = new Shortcut();
    const end = new Label();
    chainObject(g, node.expression, shortcut);
    getMethod(g, node.expression);
    g.jump("JUMP", end);
    if (shortcut.place(g)) {
      g.emit("UNDEFINED");
      g.emit("UNDEFINED");
    }
    g.place(end);
  } else if (node.type === "Identifier" && g.useOf(node).objects !== undefined) {
    const { binding, checked, objects } = g.useOf(node);
    calleeDynamic(g, node.name, objects!, () => plainIdentifier(g, node, binding, checked));
  } else {
    expression(g, node);
    g.emit("UNDEFINED");
  }
}

/** object -> method object */
function getMethod(g: Generator, node: acorn.MemberExpression): void {
  const name = node.property.type === "PrivateIdentifier" ? null : propertyName(node.property, node.computed);
  if (name !== null) {
    g.at(memberPosition(g, node));
    g.emit("GET_METHOD", g.name(name));
  } else if (node.property.type === "PrivateIdentifier") {
    g.emit("DUP");
    getMember(g, node);
    g.emit("SWAP");
  } else {
    pushKey(g, node.property, node.computed);
    g.at(memberPosition(g, node));
    g.emit("GET_ELEMENT_METHOD");
  }
}

export function construct(g: Generator, node: acorn.NewExpression): void {
  expression(g, node.callee);
  g.emit("DUP");
  invoke(g, node.arguments, node, node.callee, "CONSTRUCT");
}

/** super(…): makes this, runs the fields' initialiser; its value is this. */
function superCall(g: Generator, node: acorn.CallExpression): void {
  g.core("superConstructor");
  g.hidden("callee", "CALLEE");
  g.emit("CALL", 1);
  g.newTarget();
  invoke(g, node.arguments, node, node.callee, "CONSTRUCT");
  bindThis(g);
  runFields(g);
}

/** object -> object, which is the constructor's this from now on. */
export function bindThis(g: Generator): void {
  const { owner } = g;
  const variable = owner.hidden.get("this");
  if (variable === undefined) {
    g.emit("DUP");
    g.emit("PUT_THIS");
    return;
  }
  const first = new Label();
  g.getVariable(variable, false);
  g.emit("HOLE");
  g.jump("JUMP_SEQ", first);
  g.throwError("SUPER_CALLED_TWICE", "super");
  g.place(first);
  g.emit("DUP");
  g.storeVariable(variable);
}

// Optional chains

/** The two ways out of an optional chain: with nothing of it on the stack, and with one word still there. */
class Shortcut {
  readonly empty = new Label();
  readonly one = new Label();

  /** Places both ends; false if nothing comes here. The stack is then as before the chain. */
  place(g: Generator): boolean {
    g.place(this.one);
    g.emit("POP");
    g.place(this.empty);
    return g.code.reachable;
  }
}

export function chain(g: Generator, node: acorn.ChainExpression, deletes = false): void {
  const shortcut = new Shortcut();
  const end = new Label();
  const inner = node.expression;
  if (deletes && inner.type === "MemberExpression") {
    chainObject(g, inner, shortcut);
    deleteMember(g, inner);
  } else {
    chainLink(g, inner, shortcut);
    if (deletes) {
      g.emit("POP");
      g.emit("TRUE");
    }
  }
  g.jump("JUMP", end);
  if (shortcut.place(g)) g.emit(deletes ? "TRUE" : "UNDEFINED");
  g.place(end);
}

/** A part of a chain: pushes its value, or goes to the shortcut. */
function chainLink(g: Generator, node: acorn.Expression, shortcut: Shortcut): void {
  if (node.type === "MemberExpression" && node.object.type !== "Super") {
    if (g.namespaceMember(node)) return;
    chainObject(g, node, shortcut);
    getMember(g, node);
  } else if (node.type === "CallExpression" && node.callee.type !== "Super" && (node.optional || node.callee.type !== "Identifier")) {
    chainCallee(g, node, shortcut);
    invoke(g, node.arguments, callPosition(g, node), node.callee);
  } else {
    // A call by name too: it may be of eval or require.
    expression(g, node);
  }
}

/** Pushes the object of a member in a chain. */
function chainObject(g: Generator, node: acorn.MemberExpression, shortcut: Shortcut): void {
  chainLink(g, node.object as acorn.Expression, shortcut);
  if (node.optional) g.jump("JUMP_NULLISH", shortcut.empty);
}

/** Pushes function and this for a call in a chain. */
function chainCallee(g: Generator, node: acorn.CallExpression, shortcut: Shortcut): void {
  const inner = node.callee as acorn.Expression;
  if (inner.type === "MemberExpression" && inner.object.type !== "Super" && !g.context.members.has(inner)) {
    chainObject(g, inner, shortcut);
    getMethod(g, inner);
  } else if (inner.type === "CallExpression" && inner.callee.type !== "Super") {
    chainLink(g, inner, shortcut);
    g.emit("UNDEFINED");
  } else {
    callee(g, inner);
  }
  if (!node.optional) return;
  g.emit("SWAP");
  g.jump("JUMP_NULLISH", shortcut.one);
  g.emit("SWAP");
}

// Tagged templates

export function taggedTemplate(g: Generator, node: acorn.TaggedTemplateExpression): void {
  if (g.context.core) throw g.error("tagged templates are not supported in the core", node, "tagged template");
  callee(g, node.tag);
  templateObject(g, node.quasi);
  // The template object is the first argument, on the stack already.
  for (const argument of node.quasi.expressions) expression(g, argument);
  g.at(node);
  g.emit("CALL", node.quasi.expressions.length + 1);
  g.code.about(wording(node.tag));
}

/** One frozen array for each place in the source, made when it is first needed and kept in a variable of the module. */
function templateObject(g: Generator, node: acorn.TemplateLiteral): void {
  const { moduleVariables, ownNumber: number } = g.context;
  const place = moduleVariables.push("") - 1;
  const made = new Label();
  g.emit("GET_MODULE", number, place);
  g.emit("DUP");
  g.emit("HOLE");
  g.jump("JUMP_SNE", made);
  g.emit("POP");
  g.core("templateObject");
  for (const which of ["cooked", "raw"] as const) {
    g.emit("NEW_ARRAY", 0);
    for (const quasi of node.quasis) {
      const text = quasi.value[which];
      if (typeof text === "string") g.text(text);
      else g.emit("UNDEFINED");
      g.emit("ARRAY_APPEND");
    }
  }
  g.emit("CALL", 2);
  g.emit("DUP");
  g.emit("PUT_MODULE", number, place);
  g.place(made);
}
