// What an error says that something is, in the source's own words: `a.b is not a function`. The wording follows V8's, which
// shortens what is long: arguments, functions, and whatever is no name, member, call or literal.

import type * as acorn from "acorn";

const MIDDLE = "(intermediate value)";
/** Longer texts help nobody, and take room in images. */
const LONGEST = 80;

/** An expression in few words; undefined if there is nothing in them that a reader would know again. */
export function wording(node: acorn.Expression | acorn.Super | acorn.PrivateIdentifier): string | undefined {
  const text = words(node);
  return text.length > LONGEST ? undefined : text;
}

/** What is said of something that cannot be gone over. */
export function notIterable(node: acorn.Expression): string | undefined {
  const text = node.type === "CallExpression" ? `${words(node.callee)} is not a function or its return value` : words(node);
  return text.length > LONGEST ? undefined : `${text} is not iterable`;
}

function words(node: acorn.Expression | acorn.Super | acorn.PrivateIdentifier): string {
  switch (node.type) {
    case "Identifier": return node.name;
    case "PrivateIdentifier": return `#${node.name}`;
    case "ThisExpression": return "this";
    case "ParenthesizedExpression": return words(node.expression);
    case "ChainExpression": return words(node.expression);
    case "Literal": return typeof node.value === "string" ? `"${node.value}"` : node.regex === undefined ? String(node.value) : MIDDLE;
    case "MemberExpression": return member(node);
    case "CallExpression": return `${words(node.callee)}${node.optional ? "?." : ""}(...)`;
    case "NewExpression": return `new ${words(node.callee)}(...)`;
    case "ObjectExpression": return node.properties.length === 0 ? "{}" : `{${MIDDLE.repeat(node.properties.length)}}`;
    case "ArrayExpression": return `[${node.elements.map((one) => one === null || one.type === "SpreadElement" ? "" : words(one)).join(",")}]`;
    case "SequenceExpression": return `(${node.expressions.map(words).join(" , ")})`;
    case "LogicalExpression": return `(${words(node.left)} ${node.operator} ${words(node.right)})`;
    case "BinaryExpression": return `(${words(node.left)} ${node.operator} ${words(node.right)})`;
    case "UnaryExpression": return `(${node.operator}${node.operator.length > 1 ? " " : ""}${words(node.argument)})`;
    case "ConditionalExpression": return MIDDLE.repeat(3);
    default: return MIDDLE;
  }
}

function member({ object, property, computed, optional }: acorn.MemberExpression): string {
  const of = words(object);
  if (!computed) return `${of}${optional ? "?." : "."}${words(property)}`;
  if (property.type === "Literal" && typeof property.value === "string") return `${of}${optional ? "?." : "."}${property.value}`;
  return `${of}${optional ? "?." : ""}[${words(property)}]`;
}
