// What an error says that something is, in the source's own words: `a.b is not a function`. The wording follows V8's, which
// shortens what is long: arguments, functions, and whatever is no name, member, call or literal.

import type * as acorn from "acorn";

type Part = acorn.Expression | acorn.Super | acorn.PrivateIdentifier;

const MIDDLE = "(intermediate value)";
/** Longer texts help nobody, and take room in images. */
const LONGEST = 80;
/** Nor do long chains, which could be longer than the stack is deep. */
const DEEPEST = 16;

/** An expression in few words; undefined if there is nothing in them that a reader would know again. */
export function wording(node: Part): string | undefined {
  const text = words(node);
  return text.length > LONGEST ? undefined : text;
}

/** What is said of something that cannot be gone over. */
export function notIterable(node: acorn.Expression): string | undefined {
  const text = node.type === "CallExpression" ? `${words(node.callee)} is not a function or its return value` : words(node);
  return text.length > LONGEST ? undefined : `${text} is not iterable`;
}

/** `depth`: how far down it looks. */
function words(node: Part, depth = DEEPEST): string {
  if (depth === 0) return MIDDLE;
  const inner = (part: Part): string => words(part, depth - 1);
  switch (node.type) {
    case "Identifier": return node.name;
    case "PrivateIdentifier": return `#${node.name}`;
    case "ThisExpression": return "this";
    case "ParenthesizedExpression": return inner(node.expression);
    case "ChainExpression": return inner(node.expression);
    case "Literal": return typeof node.value === "string" ? `"${node.value}"` : node.regex === undefined ? String(node.value) : MIDDLE;
    case "MemberExpression": return member(node, inner);
    case "CallExpression": return `${inner(node.callee)}${node.optional ? "?." : ""}(...)`;
    case "NewExpression": return `new ${inner(node.callee)}(...)`;
    case "ObjectExpression": return node.properties.length === 0 ? "{}" : `{${MIDDLE.repeat(node.properties.length)}}`;
    case "ArrayExpression": return `[${node.elements.map((one) => one === null || one.type === "SpreadElement" ? "" : inner(one)).join(",")}]`;
    case "SequenceExpression": return `(${node.expressions.map(inner).join(" , ")})`;
    case "LogicalExpression": return `(${inner(node.left)} ${node.operator} ${inner(node.right)})`;
    case "BinaryExpression": return `(${inner(node.left)} ${node.operator} ${inner(node.right)})`;
    case "UnaryExpression": return `(${node.operator}${node.operator.length > 1 ? " " : ""}${inner(node.argument)})`;
    case "ConditionalExpression": return MIDDLE.repeat(3);
    default: return MIDDLE;
  }
}

function member({ object, property, computed, optional }: acorn.MemberExpression, inner: (part: Part) => string): string {
  const of = inner(object);
  if (!computed) return `${of}${optional ? "?." : "."}${inner(property)}`;
  if (property.type === "Literal" && typeof property.value === "string") return `${of}${optional ? "?." : "."}${property.value}`;
  return `${of}${optional ? "?." : ""}[${inner(property)}]`;
}
