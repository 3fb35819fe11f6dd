// Classes. While a class is made its constructor and its prototype object wait on the stack, in that order, and methods
// are defined on the upper one (static ones between two SWAPs). What instances get at their creation (fields, private
// methods) is one synthesised function that the constructor knows; what is static and has code (fields, blocks) is
// another, called once. Computed keys of fields and the functions of private methods wait in variables of the class's
// scope, where private names are too.

import type * as acorn from "acorn";
import type { FunctionUnit } from "../vm/unit.js";
import { bindThis } from "./calls.js";
import { expression, keyedExpression, namedExpression } from "./expressions.js";
import { closure, enterFunctionScope, functionFlags, functionUnit, functionValue, noteMethod } from "./functions.js";
import { Generator } from "./generator.js";
import { method, methodKey, methodKinds, staticName } from "./literals.js";
import type { ClassInfo, FunctionInfo } from "./scopes.js";
import { staticBlock } from "./statements.js";

/** Operands of DEFINE_PRIVATE. */
const privateKinds = { field: 0, method: 1, get: 2, set: 3, constructor: 1 } as const;

export function classDeclaration(g: Generator, node: acorn.ClassDeclaration): void {
  classValue(g, node, node.id.name);
  g.initialise(node.id);
}

/** Pushes a class; `name` is what it is called if it does not say, or `key` the slot of the key that it is named after. */
export function classValue(g: Generator, node: acorn.Class, name: string, key = -1): void {
  const info = g.analysis.classes.get(node)!;
  g.enterScope(info.scope);
  const privateNames = new Set<string>();
  for (const element of node.body.body) {
    if (element.type === "StaticBlock" || element.key.type !== "PrivateIdentifier") continue;
    const privateName = `#${element.key.name}`;
    if (privateNames.has(privateName)) continue;
    privateNames.add(privateName);
    g.emit("NEW_PRIVATE_NAME", g.name(privateName));
    g.storeVariable(info.scope.bindings.get(privateName)!);
  }
  g.at(node);
  setup(g, info, node.id ? node.id.name : name, key);
  for (const element of node.body.body) {
    if (element.type === "MethodDefinition" && element.kind !== "constructor") defineMethod(g, info, element);
    if (element.type === "PropertyDefinition" && element.computed) {
      methodKey(g, element.key, true);
      g.storeVariable(info.keys.get(element)!);
    }
  }
  g.emit("POP");
  if (info.fields !== null) {
    synthesised(g, info, info.fields, "<fields>");
    g.emit("SET_FIELDS");
  }
  if (info.inner !== null && info.inner.used) {
    g.emit("DUP");
    g.storeVariable(info.inner);
  }
  if (info.statics !== null) {
    g.emit("DUP");
    synthesised(g, info, info.statics, "<static>");
    g.emit("SET_HOME");
    g.emit("SWAP");
    g.emit("CALL", 0);
    g.emit("POP");
  }
}

/** -> constructor prototype */
function setup(g: Generator, info: ClassInfo, name: string, key: number): void {
  const { node } = info;
  g.core("setupClass");
  if (node.superClass) expression(g, node.superClass);
  else g.emit("HOLE");
  const made = g.temporary();
  const unit = info.constructorNode ? functionUnit(g.context, info.constructorNode.value, info.constructorInfo, name) : defaultConstructor(g, info, name);
  closure(g, info.constructorInfo, unit);
  g.emit("SET_LOCAL", made);
  g.emit("SWAP");
  g.at(node);
  g.emit("CALL", 2);
  if (key >= 0) {
    g.getLocal(key);
    g.getLocal(made);
    g.emit("SET_NAME", 0);
    g.emit("POP");
    g.emit("POP");
  }
  g.getLocal(made);
  g.emit("SWAP");
  g.release(made);
}

/** constructor prototype -> constructor prototype */
function defineMethod(g: Generator, info: ClassInfo, node: acorn.MethodDefinition): void {
  const { key, computed, value, kind } = node;
  if (node.static) g.emit("SWAP");
  if (key.type === "PrivateIdentifier") {
    const prefix = kind === "get" ? "get " : kind === "set" ? "set " : "";
    noteMethod(value, node);
    if (node.static) {
      functionValue(g, value, `${prefix}#${key.name}`);
      g.emit("SET_HOME");
      g.getVariable(g.useOf(key).binding!, false);
      g.emit("SWAP");
      g.emit("DEFINE_PRIVATE", privateKinds[kind]);
    } else {
      functionValue(g, value, `${prefix}#${key.name}`);
      g.emit("SET_HOME");
      g.storeVariable(info.privateFunctions.get(node)!);
    }
  } else {
    methodKey(g, key, computed);
    method(g, value, node, key, computed, kind);
    g.emit("DEFINE_METHOD", methodKinds[kind]);
  }
  if (node.static) g.emit("SWAP");
}

/** Pushes a closure of the function that defines a class's fields and instances' private methods, or its static ones. */
function synthesised(outer: Generator, info: ClassInfo, made: FunctionInfo, name: string): void {
  const g = new Generator(outer.context, made, 0);
  g.placeCells();
  enterFunctionScope(g, made.top);
  for (const [what, binding] of made.hidden) {
    if (what === "this" || what === "home") g.emit(what === "this" ? "THIS" : "HOME");
    else g.emit("UNDEFINED");
    g.storeVariable(binding);
  }
  const isStatic = made.kind === "static";
  if (!isStatic) for (const [node, binding] of info.privateFunctions) {
    g.emit("THIS");
    g.getVariable(g.useOf(node).binding!, false);
    g.getVariable(binding, false);
    g.emit("DEFINE_PRIVATE", privateKinds[node.kind]);
    g.emit("POP");
  }
  for (const element of info.node.body.body) {
    if (element.type === "StaticBlock" && isStatic) staticBlock(g, element);
    else if (element.type === "PropertyDefinition" && element.static === isStatic) field(g, info, element);
  }
  g.emit("RETURN_UNDEFINED");
  const unit = g.unit({ name, flags: functionFlags(made, false, g.context.core), length: 0, capacity: 0, fast: "", source: null });
  closure(outer, made, unit);
}

function field(g: Generator, info: ClassInfo, node: acorn.PropertyDefinition): void {
  const { key, value, computed } = node;
  g.at(node);
  g.emit("THIS");
  if (key.type === "PrivateIdentifier") g.getVariable(g.useOf(key).binding!, false);
  else if (computed) g.getVariable(info.keys.get(node)!, false);
  else g.key(staticName(key));
  if (!value) g.emit("UNDEFINED");
  else if (!computed) namedExpression(g, value, staticName(key));
  else keyedExpression(g, value);
  if (key.type === "PrivateIdentifier") g.emit("DEFINE_PRIVATE", privateKinds.field);
  else g.emit("DEFINE_ELEMENT");
  g.emit("POP");
}

/** The constructor of a class that writes none. */
function defaultConstructor(outer: Generator, info: ClassInfo, name: string): FunctionUnit {
  const made = info.constructorInfo;
  const { node } = info;
  const g = new Generator(outer.context, made, 0);
  g.at(node);
  const derived = made.kind === "derived";
  if (derived) {
    g.core("superConstructor");
    g.emit("CALLEE");
    g.emit("CALL", 1);
    g.emit("NEW_TARGET");
    g.emit("REST", 0);
    g.emit("CONSTRUCT_SPREAD");
    bindThis(g);
    runFields(g);
    g.emit("RETURN");
  } else {
    runFields(g);
    g.emit("RETURN_UNDEFINED");
  }
  const { context } = g;
  return g.unit({
    name, flags: functionFlags(made, derived, context.core), length: 0, capacity: Math.min(16, info.fieldCount), fast: "",
    source: context.core ? null : context.source.text.slice(node.start, node.end),
  });
}

/** In a constructor whose this is there: gives it the fields of its class. */
export function runFields(g: Generator): void {
  if (!g.owner.hasFields) return;
  g.hidden("callee", "CALLEE");
  g.emit("GET_FIELDS");
  g.hidden("this", "THIS");
  g.emit("CALL", 0);
  g.emit("POP");
}

/** Where a derived constructor's returns end: value -> its this, or the object returned. */
export function constructorEpilogue(g: Generator): void {
  g.place(g.epilogue);
  g.hidden("this", "THIS");
  g.emit("CONSTRUCTOR_RESULT");
  g.emit("RETURN");
}
