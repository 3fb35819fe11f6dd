// The compiler for running programs, which eval and its like ask for (vm/core/evaluation.js). It is loaded when the first
// one asks: a program that came as an image starts without it.

import type { Value } from "../../vm/value.js";
import { sourceHost } from "./files.js";

export async function compileEvaluated(kind: string, list: Value[]): Promise<Value> {
  const { evaluate } = await import("../../compiler/evaluate.js");
  return evaluate(kind, list, sourceHost);
}
/** The same for programs of others, which have no business with this machine's files. */
export async function compileForGuests(kind: string, list: Value[]): Promise<Value> {
  const { evaluate } = await import("../../compiler/evaluate.js");
  return evaluate(kind, list);
}
