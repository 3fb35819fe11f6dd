// The core's sources against the tables: what the compiler would only notice file by file, and what nobody would notice
// before a program hits it. How the core behaves is tested by programs beside Node; this is about its form.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { parse } from "acorn";
import { coreFiles } from "../vm/core/files.js";
import { Brand, ElementType, Slot, ProxyAct, ProxyCalls } from "../vm/format/brands.js";
import { Cell } from "../vm/format/cells.js";
import { ErrorCode } from "../vm/format/errors.js";
import { CodeFlag, CoroutineState, ResumeMode } from "../vm/format/frame.js";
import { fastPaths, intrinsics } from "../vm/format/intrinsics.js";
import { Op } from "../vm/format/opcodes.js";
import { State } from "../vm/format/registers.js";
import { coreFunctionNames, coreObjects, coreSymbols, rootNames } from "../vm/format/roots.js";

interface Node { type: string; loc: { start: { line: number } }; [key: string]: unknown }

const folder = fileURLToPath(new URL("../../vm/core/", import.meta.url));
const asts = coreFiles.map((file) => ({
  file, ast: parse(readFileSync(folder + file, "utf8"), { ecmaVersion: 2024, sourceType: "script", locations: true }) as unknown as Node,
}));

/** Calls visit for every node of every file. */
function walk(visit: (node: Node, where: string, file: string) => void): void {
  const step = (value: unknown, file: string): void => {
    if (Array.isArray(value)) value.forEach((item) => step(item, file));
    else if (value !== null && typeof value === "object") {
      const node = value as Node;
      if (typeof node.type === "string") visit(node, `${file}:${node.loc.start.line}`, file);
      for (const [key, child] of Object.entries(node)) if (key !== "loc") step(child, file);
    }
  };
  for (const { file, ast } of asts) step(ast, file);
}
const nameOf = (node: unknown): string => (node as Node | null)?.type === "Identifier" ? String((node as Node).name) : "";

test("files.ts lists every file of the core once", (t) => {
  t.deepEqual([...coreFiles].sort(), readdirSync(folder).filter((name) => name.endsWith(".js")).sort());
});

test("a file opens with a paragraph that says what it is for", (t) => {
  for (const file of coreFiles) t.regex(readFileSync(folder + file, "utf8"), /^\/\/ [A-Z].{40,}\n\/\/ /, file);
});

test("every intrinsic exists and has its number of arguments", (t) => {
  const forms: Record<string, number> = { apply: 3, construct: 3, resume: 3, throw: 3 };
  const wrong: string[] = [];
  walk((node, where) => {
    if (node.type !== "CallExpression" || !/^\$[^$]/.test(nameOf(node.callee))) return;
    const name = nameOf(node.callee).slice(1);
    const count = (node.arguments as Node[]).length;
    const wanted = forms[name] ?? (intrinsics as Record<string, readonly [number, string]>)[name]?.[0];
    if (name === "call" ? count < 2 : wanted !== count) wrong.push(`${where} $${name} with ${count} arguments`);
    // What is no name of an error is a variable that has an error's number.
    if (name === "throw" && /^[A-Z]/.test(nameOf((node.arguments as Node[])[0])) && !(nameOf((node.arguments as Node[])[0]) in ErrorCode)) wrong.push(`${where} no such error`);
  });
  t.deepEqual(wrong, []);
});

test("every constant of a table exists", (t) => {
  const tables: [string, object][] = [["BRAND_", Brand], ["STATE_", State], ["OP_", Op], ["CELL_", Cell], ["TYPE_", ElementType], ["FLAG_", CodeFlag],
    ["ERROR_", ErrorCode], ["RESUME_", ResumeMode], ["COROUTINE_", CoroutineState], ["ACT_", ProxyAct], ["CALLS_", ProxyCalls]];
  const wrong: string[] = [];
  walk((node, where) => {
    const name = nameOf(node).slice(2);
    if (!nameOf(node).startsWith("$$") || name === "ERROR_TEXTS" || name in Slot) return;
    if (!tables.some(([prefix, table]) => name.startsWith(prefix) && name.slice(prefix.length) in table)) wrong.push(`${where} $$${name}`);
  });
  t.deepEqual(wrong, []);
});

test("every root that is the core's is bound exactly once", (t) => {
  const bound: string[] = [];
  walk((node) => {
    if (node.type === "CallExpression" && nameOf(node.callee) === "$root") bound.push(String((node.arguments as Node[])[0]?.value));
  });
  t.deepEqual(bound.filter((name, i) => bound.indexOf(name) !== i), [], "bound twice");
  t.deepEqual(bound.filter((name) => !rootNames.includes(name)), [], "no such root");
  const bootstrap = ["global", "ObjectPrototype", "FunctionPrototype", "ArrayPrototype", "emptyElements", "coreScope", "internTable"];
  const wanted = [...coreFunctionNames, ...coreObjects.filter((name) => !bootstrap.includes(name)), ...coreSymbols.map((name) => `symbol:${name}`)];
  t.deepEqual(wanted.filter((name) => !bound.includes(name)), [], "not bound");
});

test("top-level names are unique, and every name that is used is declared", (t) => {
  const top = new Map<string, string>();
  const twice: string[] = [];
  const declare = (name: string, file: string): void => {
    if (top.has(name)) twice.push(`${name} in ${top.get(name)} and ${file}`);
    top.set(name, file);
  };
  for (const { file, ast } of asts) {
    for (const node of ast.body as Node[]) {
      if (node.type === "FunctionDeclaration") declare(nameOf(node.id), file);
      if (node.type === "VariableDeclaration") for (const one of node.declarations as Node[]) declare(nameOf(one.id), file);
    }
  }
  t.deepEqual(twice, []);
  const local = new Map<string, Set<string>>(coreFiles.map((file) => [file, new Set(["undefined", "NaN", "Infinity"])]));
  const pattern = (node: unknown, names: Set<string>): void => {
    const inner = node as Node | null;
    if (inner === null) return;
    if (inner.type === "Identifier") names.add(nameOf(inner));
    else if (inner.type === "AssignmentPattern") pattern(inner.left, names);
    else if (inner.type === "RestElement") pattern(inner.argument, names);
    else t.fail(`a pattern of type ${inner.type}`);
  };
  const property = new Set<unknown>();
  walk((node, _, file) => {
    const names = local.get(file)!;
    if (/Function/.test(node.type)) (node.params as Node[]).forEach((one) => pattern(one, names));
    if (node.type === "FunctionDeclaration") pattern(node.id, names);
    if (node.type === "VariableDeclarator") pattern(node.id, names);
    if (node.type === "CatchClause") pattern(node.param, names);
    if (node.type === "MemberExpression" && node.computed !== true) property.add(node.property);
    if (node.type === "Property" && node.computed !== true) property.add(node.key);
    if (node.type === "LabeledStatement" || /^(Break|Continue)Statement$/.test(node.type)) property.add(node.label);
  });
  const free: string[] = [];
  walk((node, where, file) => {
    const name = nameOf(node);
    if (name === "" || name.startsWith("$") || property.has(node)) return;
    if (!local.get(file)!.has(name) && !top.has(name) && !(name in ErrorCode) && name !== "new" && name !== "target") free.push(`${where} ${name}`);
  });
  t.deepEqual(free, []);
});

test("the core uses nothing that a program could patch, and no construct that core mode lacks", (t) => {
  const banned = new Set(["ForOfStatement", "SpreadElement", "ClassDeclaration", "ClassExpression", "ArrayPattern", "ObjectPattern", "TaggedTemplateExpression", "YieldExpression"]);
  // await is there for what the specification itself awaits (Array.fromAsync): it asks a value for its constructor and `then`, as that says.
  const wrong: string[] = [];
  walk((node, where) => {
    if (banned.has(node.type) || (node.type === "Literal" && node.regex !== undefined)) wrong.push(`${where} ${node.type}`);
  });
  t.deepEqual(wrong, []);
});

test("every fast path that is named exists", (t) => {
  walk((node, where) => {
    const directive = node.type === "ExpressionStatement" ? String(node.directive ?? "") : "";
    if (directive.startsWith("fast: ")) t.true((fastPaths as readonly string[]).includes(directive.slice(6)), where);
  });
  t.pass();
});
