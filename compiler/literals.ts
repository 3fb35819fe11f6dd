// Array and object literals, and the arrays of spread arguments.

import type * as acorn from "acorn";
import { expression, keyedExpression, namedExpression } from "./expressions.js";
import { functionValue, noteMethod } from "./functions.js";
import type { Generator } from "./generator.js";
import { propertyName, pushKey } from "./patterns.js";
import { arrayIndex } from "./scopes.js";
import { notIterable } from "./wording.js";

/** Elements put on the stack before the array is made; the rest is appended one by one, so the stack stays small. */
const FIRST_ELEMENTS = 32;

export function arrayLiteral(g: Generator, elements: readonly (acorn.Expression | acorn.SpreadElement | null)[]): void {
  let first = 0;
  while (first < elements.length && first < FIRST_ELEMENTS && elements[first]?.type !== "SpreadElement") {
    element(g, elements[first] as acorn.Expression | null);
    first++;
  }
  g.emit("NEW_ARRAY", first);
  for (const one of elements.slice(first)) {
    if (one?.type === "SpreadElement") {
      expression(g, one.argument);
      g.emit("ARRAY_SPREAD");
      g.code.about(notIterable(one.argument));
    } else {
      element(g, one as acorn.Expression | null);
      g.emit("ARRAY_APPEND");
    }
  }
}

function element(g: Generator, node: acorn.Expression | null): void {
  if (node === null) g.emit("HOLE");
  else expression(g, node);
}

/** Bits of DEFINE_METHOD's operand. */
export const methodKinds = { method: 0, init: 0, get: 1, set: 2, constructor: 0 } as const;
const ENUMERABLE = 4;

export function objectLiteral(g: Generator, node: acorn.ObjectExpression): void {
  const { properties } = node;
  g.emit("NEW_OBJECT", Math.min(255, properties.length));
  for (const property of properties) {
    if (property.type === "SpreadElement") spread(g, property);
    else objectProperty(g, property);
  }
}

/** object -> object with the properties of another one */
function spread(g: Generator, node: acorn.SpreadElement): void {
  g.core("copyDataProperties");
  g.emit("ROTATE3");
  g.emit("ROTATE3");
  expression(g, node.argument);
  g.emit("UNDEFINED");
  g.emit("CALL", 3);
}

function objectProperty(g: Generator, node: acorn.Property): void {
  const { key, computed, value } = node;
  const name = propertyName(key, computed);
  if (node.method || node.kind !== "init") {
    methodKey(g, key, computed);
    method(g, value as acorn.FunctionExpression, node, key, computed, node.kind);
    // In the core nothing uses super, and a home object would keep the literal alive.
    if (g.context.core && node.kind === "init") g.emit("DEFINE_ELEMENT");
    else g.emit("DEFINE_METHOD", methodKinds[node.kind] | ENUMERABLE);
  } else if (name === "__proto__" && !computed && !node.shorthand) {
    expression(g, value);
    g.emit("SET_PROTOTYPE");
  } else if (name !== null) {
    namedExpression(g, value, name);
    g.emit("DEFINE_PROPERTY", g.name(name));
  } else {
    methodKey(g, key, computed);
    if (!computed) namedExpression(g, value, staticName(key));
    else keyedExpression(g, value);
    g.emit("DEFINE_ELEMENT");
  }
}

/** The text of a key that is not computed. */
export function staticName(key: acorn.Expression | acorn.PrivateIdentifier): string {
  if (key.type === "Identifier") return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return String((key as acorn.Literal).value);
}

/** Pushes a property key for a definition. */
export function methodKey(g: Generator, key: acorn.Expression | acorn.PrivateIdentifier, computed: boolean): void {
  if (!computed) {
    g.key(staticName(key));
    return;
  }
  pushKey(g, key, true);
  const literal = key.type === "Literal" && typeof key.value === "string" && arrayIndex(key.value) < 0;
  if (!literal) g.emit("TO_PROPERTY_KEY");
}

/** key -> key function: a method, named after its key. */
export function method(g: Generator, value: acorn.FunctionExpression, property: acorn.Node, key: acorn.Expression | acorn.PrivateIdentifier, computed: boolean, kind: keyof typeof methodKinds): void {
  noteMethod(value, property);
  const prefix = kind === "get" ? "get " : kind === "set" ? "set " : "";
  functionValue(g, value, computed ? "" : prefix + staticName(key));
  if (computed) g.emit("SET_NAME", methodKinds[kind]);
}
