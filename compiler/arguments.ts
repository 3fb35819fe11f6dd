// The arguments object of sloppy functions with plain parameters is tied to them: who changes one changes the other. Where
// that could be seen, and all changes are in the function's own code, every assignment to a parameter is followed by one
// to the element, and the other way round (functions.ts, patterns.ts). Where an inner function or an eval may change them,
// an element may be deleted, or the object gets out of the function (but for calls that are known to read it only), the
// object is made by the core (mapArguments in vm/core/proxy.js) from two arrow functions that are added to the function
// here: one gives the parameter of an index, one sets it.

import type * as acorn from "acorn";
import { parseExpression } from "./parse.js";
import type { FunctionInfo } from "./scopes.js";

/** Could the program see whether they are tied? */
export function aliasingSeen(info: FunctionInfo): boolean {
  const parameters = [...info.top.bindings.values()].filter((binding) => binding.parameter >= 0);
  if (info.strict || !info.simple || parameters.length === 0 || info.argumentsBinding === null) return false;
  const changed = parameters.filter((binding) => binding.written || info.top.evaluated);
  return info.argumentUses.some((use) => {
    if (use.kind === "length" || use.kind === "delete") return false;
    if (use.kind === "escapes") return true;
    if (use.kind === "write") return use.index < parameters.length;
    if (use.kind === "element" && use.index >= 0) return changed.some((binding) => binding.parameter === use.index);
    return changed.length > 0 || use.kind === "returned" && parameters.some((binding) => binding.captured);
  });
}

/** Is it seen, and beyond what assignments in the function's own code can keep up? */
export function needsMap(info: FunctionInfo): boolean {
  if (!aliasingSeen(info)) return false;
  const parameters = [...info.top.bindings.values()].filter((binding) => binding.kind === "parameter");
  return info.top.evaluated || parameters.some((binding) => binding.writtenByInner)
    || info.argumentUses.some((use) => use.kind === "delete" || use.kind === "escapes" || (use.kind === "returned" && parameters.some((binding) => binding.captured)) || (use.kind === "write" && use.byInner));
}

/** The two arrow functions; the last of several parameters with one name counts. All of them stand where the function does. */
export function accessors(node: acorn.Function): acorn.Expression[] {
  const names = (node.params as acorn.Identifier[]).map(({ name }) => name);
  let index = "index";
  while (names.includes(index)) index += "_";
  let value = "value";
  while (names.includes(value)) value += "_";
  const getter = `(${index}) => ${names.map((name, i) => `${index} === ${i} ? ${name} : `).join("")}undefined`;
  const setter = `(${index}, ${value}) => { ${names.map((name, i) => `if (${index} === ${i}) ${name} = ${value};`).join(" else ")} }`;
  return [getter, setter].map((text) => placed(parseExpression(text), node.start));
}
function placed<T>(node: T, at: number): T {
  if (node === null || typeof node !== "object") return node;
  for (const value of Object.values(node)) placed(value, at);
  if ("type" in node) Object.assign(node, { start: at, end: at });
  return node;
}
