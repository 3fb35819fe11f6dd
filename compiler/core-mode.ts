// Core mode: how the built-ins in vm/core are written. `$name(…)` is an intrinsic of the kernel or one of a few forms
// that are instructions; `$$NAME` is a number from the tables. Neither can be a variable there.

import type * as acorn from "acorn";
import { Brand, ElementType, ProxyAct, ProxyCalls, Slot } from "../vm/format/brands.js";
import { Cell } from "../vm/format/cells.js";
import { ErrorCode, errorNames, errors } from "../vm/format/errors.js";
import { CodeFlag, CoroutineState, ResumeMode } from "../vm/format/frame.js";
import { Intrinsic, intrinsics, type IntrinsicName } from "../vm/format/intrinsics.js";
import { Op } from "../vm/format/opcodes.js";
import { State } from "../vm/format/registers.js";
import { rootNumber } from "../vm/format/roots.js";
import { expression } from "./expressions.js";
import type { Generator } from "./generator.js";

type Numbers = Readonly<Record<string, number>>;
/** `$$OP_SUB` is Op.SUB; a name with none of these prefixes is an internal slot (`$$PROMISE_STATE`). */
const tables: readonly (readonly [string, Numbers])[] = [
  ["BRAND_", Brand], ["ACT_", ProxyAct], ["CALLS_", ProxyCalls], ["STATE_", State], ["OP_", Op], ["CELL_", Cell], ["TYPE_", ElementType], ["FLAG_", CodeFlag],
  ["ERROR_", ErrorCode], ["RESUME_", ResumeMode], ["COROUTINE_", CoroutineState],
];

function constantValue(name: string): number | undefined {
  for (const [prefix, table] of tables) {
    if (name.startsWith(prefix) && Object.hasOwn(table, name.slice(prefix.length))) return table[name.slice(prefix.length)];
  }
  return Object.hasOwn(Slot, name) ? Slot[name] : undefined;
}

/** Every error's constructor and text, in order: a line each, all ended. */
const errorTexts = errorNames.map((name) => `${errors[name].join(":")}\n`).join("");

/** Pushes `$$NAME`; false for other names. */
export function coreConstant(g: Generator, node: acorn.Identifier): boolean {
  if (!node.name.startsWith("$")) return false;
  if (node.name === "$$ERROR_TEXTS") {
    g.text(errorTexts);
    return true;
  }
  const value = node.name.startsWith("$$") ? constantValue(node.name.slice(2)) : undefined;
  if (value === undefined) throw g.error(`no ${node.name} in the tables`, node, "core constant");
  g.number(value);
  return true;
}

/** The forms that are instructions: how many arguments they have, and their code behind the arguments. */
const forms: Readonly<Record<string, { least: number; most: number; emit(g: Generator, given: number): void }>> = {
  call: { least: 2, most: 66, emit: (g, given) => g.emit("CALL", given - 2) },
  apply: { least: 3, most: 3, emit: (g) => g.emit("CALL_SPREAD") },
  construct: { least: 3, most: 3, emit: (g) => g.emit("CONSTRUCT_SPREAD") },
  resume: { least: 3, most: 3, emit: (g) => g.emit("RESUME") },
};

/** A call of `$name`; false if the callee is an ordinary name. */
export function intrinsicCall(g: Generator, node: acorn.CallExpression): boolean {
  const callee = node.callee as acorn.Identifier;
  if (!callee.name.startsWith("$") || callee.name.startsWith("$$")) return false;
  const name = callee.name.slice(1);
  const args = node.arguments as acorn.Expression[];
  if (args.some((argument) => (argument as acorn.Node).type === "SpreadElement")) throw g.error(`${callee.name} with spread arguments`, node, "intrinsic");
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  g.at(node);
  if (form !== undefined) {
    count(g, node, form.least, form.most);
    for (const argument of args) expression(g, argument);
    g.at(node);
    form.emit(g, args.length);
  } else if (name === "throw") {
    throwForm(g, node, args);
  } else {
    if (!Object.hasOwn(intrinsics, name)) throw g.error(`no intrinsic ${callee.name}`, node, "intrinsic");
    const wanted = intrinsics[name as IntrinsicName][0];
    count(g, node, wanted, wanted);
    args.forEach((argument, i) => {
      if ((name === "root" || name === "rootValue") && i === 0) rootArgument(g, argument);
      else expression(g, argument);
    });
    g.at(node);
    g.emit("INTRINSIC", Intrinsic[name as IntrinsicName], args.length);
  }
  return true;
}

function count(g: Generator, node: acorn.CallExpression, least: number, most: number): void {
  const given = node.arguments.length;
  if (given < least || given > most) throw g.error(`${(node.callee as acorn.Identifier).name} takes ${least} arguments, not ${given}`, node, "intrinsic");
}

function throwForm(g: Generator, node: acorn.CallExpression, args: acorn.Expression[]): void {
  count(g, node, 1, 3);
  const name = args[0]!;
  if (name.type !== "Identifier") throw g.error("$throw needs the name of an error in errors.ts, or a variable with its number", node, "intrinsic");
  g.core("throw");
  if (Object.hasOwn(ErrorCode, name.name)) g.number(ErrorCode[name.name as keyof typeof ErrorCode]);
  else expression(g, name);
  for (const argument of [args[1], args[2]]) {
    if (argument === undefined) g.emit("UNDEFINED");
    else expression(g, argument);
  }
  g.at(node);
  g.emit("CALL", 3);
}

function rootArgument(g: Generator, argument: acorn.Expression): void {
  if (argument.type !== "Literal" || typeof argument.value !== "string") throw g.error("a root needs a literal name", argument, "intrinsic");
  try {
    g.number(rootNumber(argument.value));
  } catch {
    throw g.error(`no root ${argument.value}`, argument, "intrinsic");
  }
}
