// Folds what is known once functions give 0 always (the shortcuts of profiles.ts): tests of their results, and the branches
// that are taken no more. The compiler of a plain C build finds that by itself; packed code (packed.ts) has what the tree
// has, and every byte of it lies in a firmware's flash.

import type { Expression, Program, Statement } from "./program.js";

/** Changes the program; gives back a function that undoes it. */
export function foldShortcuts(program: Program, shortcuts: ReadonlySet<string>): () => void {
  const before: (() => void)[] = [];
  const isPure = (e: Expression): boolean => e.writes === 0n;

  /** The value of an expression that depends on nothing but shortcuts; undefined if it is not known. */
  function valueOf(e: Expression): number | boolean | undefined {
    switch (e.kind) {
      case "call": return shortcuts.has(e.callee.name) && e.arguments.every(isPure) ? (e.type === "bool" ? false : 0) : undefined;
      case "literal": return e.value;
      case "unary": {
        const value = e.operator === "!" ? valueOf(e.operand) : undefined;
        return value === undefined ? undefined : !value;
      }
      case "binary": {
        const left = valueOf(e.left);
        const right = valueOf(e.right);
        if (e.operator === "&&" && (left === false || (right === false && isPure(e.left)))) return false;
        if (e.operator === "||" && (left === true || (right === true && isPure(e.left)))) return true;
        if (left === undefined || right === undefined) return undefined;
        if (e.operator === "&&" || e.operator === "||") return right;
        return e.operator === "===" ? left === right : e.operator === "!==" ? left !== right : undefined;
      }
      default: return undefined;
    }
  }

  /** The expression in a shorter form, its parts included. */
  function folded(e: Expression): Expression {
    const value = e.kind === "literal" || e.kind === "constant" ? undefined : valueOf(e);
    if (value !== undefined) {
      const range = typeof value === "number" ? { low: value, high: value } : e.range;
      return { ...e, kind: "literal", text: String(value), value, range } as Expression;
    }
    if (e.kind === "conditional") {
      const condition = valueOf(e.condition);
      if (condition !== undefined) return folded(condition ? e.whenTrue : e.whenFalse);
    }
    if (e.kind === "binary") {
      if (e.operator === "&&" || e.operator === "||") {
        // What is left decides: `true && x` and `false || x` are x, `x && true` and `x || false` too.
        const neutral = e.operator === "&&";
        if (valueOf(e.left) === neutral) return folded(e.right);
        if (valueOf(e.right) === neutral) return folded(e.left);
      }
      if (e.operator === "+" && e.left.kind !== "literal" && valueOf(e.left) === 0) return folded(e.right);
      if (e.operator === "+" && e.right.kind !== "literal" && valueOf(e.right) === 0) return folded(e.left);
    }
    walk(e);
    return e;
  }

  function isExpression(value: object): value is Expression { return "kind" in value && "sign" in value; }
  /** Folds the expressions among an object's properties, wherever they are; declarations are left alone. */
  function walk(parent: object): void {
    const fields = parent as Record<string, unknown>;
    for (const [key, value] of Object.entries(fields)) {
      if (typeof value !== "object" || value === null || key === "node" || key === "callee" || key === "local" || key === "state" || key === "array" || key === "constant" || key === "label") continue;
      if (!isExpression(value)) {
        walk(value);
        continue;
      }
      const short = folded(value);
      if (short === value) continue;
      before.push(() => { fields[key] = value; });
      fields[key] = short;
    }
  }

  /** Takes the branches that are taken in the place of their tests. */
  function statements(list: Statement[]): void {
    for (let i = 0; i < list.length; i++) {
      const statement = list[i]!;
      if (statement.kind === "if") {
        const condition = valueOf(statement.condition);
        if (condition !== undefined) {
          const taken = condition ? statement.then : statement.otherwise ?? [];
          const removed = list.splice(i, 1, ...(taken.length === 0 ? [] : [{ ...statement, kind: "block", body: taken } as Statement]));
          before.push(() => { list.splice(i, taken.length === 0 ? 0 : 1, ...removed); });
          i--;
          continue;
        }
        statements(statement.then);
        statements(statement.otherwise ?? []);
      } else if (statement.kind === "switch") {
        for (const { body } of statement.clauses) statements(body);
      } else if ("body" in statement) {
        statements(statement.body);
      }
    }
  }

  for (const { declarations } of program.files) {
    for (const declaration of declarations) {
      if (declaration.kind !== "entity" || declaration.entity.kind !== "function" || declaration.entity.host) continue;
      statements(declaration.entity.body);
      walk(declaration.entity.body);
    }
  }
  return () => { for (const undo of before.reverse()) undo(); };
}
