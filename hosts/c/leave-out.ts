// Takes out of the kernel what a profile has no use for: the cases of instructions, intrinsics and fast paths that nothing
// reaches any more, since the parts that have them are absent. What such a case calls alone is then called by nobody, and goes
// too. Whoever comes to one all the same is stopped there, as in a function of an absent part.

import { foldShortcuts } from "./fold-shortcuts.js";
import type { Clause, Constant, KernelFunction, Program, Statement } from "./program.js";

/** The functions that tell instructions, intrinsics and fast paths apart as code has them. Others are called for several. */
const SWITCHES: ReadonlySet<string> = new Set(["step", "stepShort", "intrinsic", "objectIntrinsic", "dataIntrinsic", "fastPath"]);

/** The roots that functions ask for which these lead to; what `isAbsent` goes no further. */
export function rootsAsked(program: Program, called: ReadonlySet<string>, isAbsent: (callee: KernelFunction) => boolean): Set<number> {
  const roots = new Set<number>();
  const all = program.files.flatMap((file) => file.declarations.flatMap((each) => each.kind === "entity" && each.entity.kind === "function" && !each.entity.host ? [each.entity] : []));
  const stand = (callee: KernelFunction): KernelFunction => all.find(({ name }) => name === callee.reference) ?? callee;
  const open = all.filter((callee) => callee.exported && called.has(callee.name));
  const seen = new Set<unknown>(open);
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) return value.forEach(visit);
    const node = value as { kind?: string; callee?: KernelFunction; constant?: Constant; [key: string]: unknown };
    if (node.kind === "call" && node.callee !== undefined && !seen.has(node.callee)) {
      seen.add(node.callee);
      open.push(node.callee);
    }
    if (node.kind === "constant" && node.constant?.table === "Root") roots.add(node.constant.value as number);
    for (const [key, each] of Object.entries(node)) if (key !== "node" && key !== "callee") visit(each);
  };
  for (let callee = open.pop(); callee !== undefined; callee = open.pop()) if (!isAbsent(callee)) visit(stand(callee).body);
  return roots;
}

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
  const clauses = (list: readonly Clause[], name: string): void => {
    for (const clause of list) {
      const parts = clause.labels.map((label) => label.kind === "constant" ? absent.get(`${label.constant.table}.${label.constant.name}`) : undefined);
      const [part] = parts;
      if (part !== undefined && SWITCHES.has(name) && !clause.isDefault && parts.every((each) => each !== undefined)) {
        replace(clause.body, part, clause.labels[0]!.node);
      } else {
        statements(clause.body, name);
      }
    }
  };
  const statements = (list: readonly Statement[], name: string): void => {
    for (const statement of list) {
      switch (statement.kind) {
        case "block": case "labelled": case "loop": statements(statement.body, name); break;
        case "if":
          statements(statement.then, name);
          statements(statement.otherwise ?? [], name);
          break;
        case "switch": clauses(statement.clauses, name); break;
        default:
      }
    }
  };
  for (const file of program.files) {
    for (const declaration of file.declarations) {
      if (declaration.kind !== "entity" || declaration.entity.kind !== "function") continue;
      const callee: KernelFunction = declaration.entity;
      if (shortcuts.includes(callee.name)) replace(callee.body, 0, callee.node);
      else statements(callee.body, callee.name);
    }
  }
  const unfold = foldShortcuts(program, new Set(shortcuts));
  return () => {
    unfold();
    for (const undo of before) undo();
  };
}
