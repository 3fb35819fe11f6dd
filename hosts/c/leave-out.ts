// Takes out of the kernel what a profile has no use for: the cases of instructions, intrinsics and fast paths that nothing
// reaches any more, since the parts that have them are absent. What such a case calls alone is then called by nobody, and goes
// too. Whoever comes to one all the same is stopped there, as in a function of an absent part.

import type { Clause, KernelFunction, Program, Statement } from "./program.js";

/** Changes the program; `absent` says by `Op.NAME` and so on which part is to be named, from 1 on. */
export function leaveOut(program: Program, absent: ReadonlyMap<string, number>): void {
  if (absent.size === 0) return;
  const clauses = (list: readonly Clause[]): void => {
    for (const clause of list) {
      const parts = clause.labels.map((label) => label.kind === "constant" ? absent.get(`${label.constant.table}.${label.constant.name}`) : undefined);
      const [part] = parts;
      if (part !== undefined && !clause.isDefault && parts.every((each) => each !== undefined)) {
        const node = clause.labels[0]!.node;
        clause.body.splice(0, clause.body.length, { kind: "absent", part, node, comments: [], trailing: "", blankBefore: false });
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
      if (declaration.kind === "entity" && declaration.entity.kind === "function") statements((declaration.entity as KernelFunction).body);
    }
  }
}
