// Takes out of the kernel what a profile has no use for: the cases of instructions, intrinsics and fast paths that nothing
// reaches any more, since the parts that have them are absent. What such a case calls alone is then called by nobody, and goes
// too. Whoever comes to one all the same is stopped there, as in a function of an absent part.

import type { Clause, KernelFunction, Program, Statement } from "./program.js";

/**
 * Changes the program; `absent` says by `Op.NAME` and so on which part is to be named, from 1 on, `shortcuts` which functions
 * give 0. Gives back a function that undoes it.
 */
export function leaveOut(program: Program, absent: ReadonlyMap<string, number>, shortcuts: readonly string[]): () => void {
  const before: (() => void)[] = [];
  /** In place of a body: an end, of the run too unless the part is 0. */
  const replace = (body: Statement[], part: number, node: Clause["labels"][number]["node"]): void => {
    const old = body.splice(0, body.length, { kind: "absent", part, node, comments: [], trailing: "", blankBefore: false });
    before.push(() => body.splice(0, body.length, ...old));
  };
  const clauses = (list: readonly Clause[]): void => {
    for (const clause of list) {
      const parts = clause.labels.map((label) => label.kind === "constant" ? absent.get(`${label.constant.table}.${label.constant.name}`) : undefined);
      const [part] = parts;
      if (part !== undefined && !clause.isDefault && parts.every((each) => each !== undefined)) {
        replace(clause.body, part, clause.labels[0]!.node);
      } else {
        statements(clause.body);
      }
    }
  };
  const statements = (list: readonly Statement[]): void => {
    for (const statement of list) {
      switch (statement.kind) {
        case "block": case "labelled": case "loop": statements(statement.body); break;
        case "if":
          statements(statement.then);
          statements(statement.otherwise ?? []);
          break;
        case "switch": clauses(statement.clauses); break;
        default:
      }
    }
  };
  for (const file of program.files) {
    for (const declaration of file.declarations) {
      if (declaration.kind !== "entity" || declaration.entity.kind !== "function") continue;
      const callee: KernelFunction = declaration.entity;
      if (shortcuts.includes(callee.name)) replace(callee.body, 0, callee.node);
      else statements(callee.body);
    }
  }
  return () => { for (const undo of before) undo(); };
}
