// What names a CommonJS module seems to export, found in its source without running it: for `import { name } from` and
// for namespaces. Like Node's lexer it believes the usual forms wherever they are written: `exports.x =`,
// `module.exports.x =`, `Object.defineProperty(exports, "x", …)`, `module.exports = { … }`, and what TypeScript and
// others write to export all of another module.

import type * as acorn from "acorn";

export interface CommonJsExports {
  names: Set<string>;
  /** Calls of require whose names are exported too. */
  reexports: acorn.CallExpression[];
}

export function commonJsExports(program: acorn.Program): CommonJsExports {
  const result: CommonJsExports = { names: new Set(), reexports: [] };
  walk(program, (node) => {
    if (node.type === "AssignmentExpression") assigned(node, result);
    else if (node.type === "CallExpression") called(node, result);
  });
  return result;
}

function walk(node: unknown, visit: (node: acorn.AnyNode) => void): void {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) {
    for (const one of node) walk(one, visit);
    return;
  }
  if (typeof (node as acorn.Node).type !== "string") return;
  visit(node as acorn.AnyNode);
  for (const value of Object.values(node)) if (typeof value === "object") walk(value, visit);
}

function isName(node: acorn.Node, name: string): boolean {
  return node.type === "Identifier" && (node as acorn.Identifier).name === name;
}

function isModuleExports(node: acorn.Node): boolean {
  const member = node as acorn.MemberExpression;
  return node.type === "MemberExpression" && !member.computed && isName(member.object, "module") && isName(member.property, "exports");
}

function isExports(node: acorn.Node): boolean { return isName(node, "exports") || isModuleExports(node); }

function isRequire(node: acorn.Node): node is acorn.CallExpression {
  return node.type === "CallExpression" && isName((node as acorn.CallExpression).callee, "require");
}

function assigned({ left, right }: acorn.AssignmentExpression, result: CommonJsExports): void {
  if (left.type !== "MemberExpression") return;
  if (isExports(left.object)) {
    const { property } = left;
    if (!left.computed && property.type === "Identifier") result.names.add(property.name);
    else if (left.computed && property.type === "Literal" && typeof property.value === "string") result.names.add(property.value);
  }
  if (!isModuleExports(left)) return;
  if (isRequire(right)) result.reexports.push(right);
  if (right.type !== "ObjectExpression") return;
  for (const property of right.properties) {
    if (property.type === "SpreadElement") {
      if (isRequire(property.argument)) result.reexports.push(property.argument);
    } else if (!property.computed) {
      result.names.add(property.key.type === "Identifier" ? property.key.name : String((property.key as acorn.Literal).value));
    }
  }
}

function called(node: acorn.CallExpression, result: CommonJsExports): void {
  const { callee, arguments: args } = node;
  const first = args[0];
  const name = callee.type === "MemberExpression" && callee.property.type === "Identifier" ? callee.property.name : callee.type === "Identifier" ? callee.name : "";
  if (name === "defineProperty" && first && isExports(first) && args[1]?.type === "Literal") result.names.add(String(args[1].value));
  else if ((name === "__exportStar" || name === "__export" || name === "__reExport") && args.some((argument) => isRequire(argument))) {
    for (const argument of args) if (isRequire(argument)) result.reexports.push(argument);
  }
}
