// The core as one unit: its files are strict scripts that share one top-level scope. The functions of all files exist
// before the first file's code runs, so a file may call what a later one declares.

import type * as acorn from "acorn";
import type { CoreUnit, FunctionUnit } from "../vm/unit.js";
import { Analyser } from "./analyse.js";
import { SourceText } from "./error.js";
import { functionUnit } from "./functions.js";
import { Generator, SourceContext } from "./generator.js";
import { parse } from "./parse.js";
import { FunctionInfo, Scope, allocate } from "./scopes.js";
import { statements } from "./statements.js";
import { topUnit } from "./top.js";

export interface CoreFile { name: string; source: string }

export function compileCore(files: readonly CoreFile[]): CoreUnit {
  const shared = new Scope("core", null, new FunctionInfo("core", null, null, null, true), 0);
  const analysers = files.map(({ name, source }) => {
    const text = new SourceText(name, source);
    return { text, analyser: new Analyser(parse(text, "script"), text, "core", shared) };
  });
  for (const { analyser } of analysers) analyser.declareTop();
  const analyses = analysers.map(({ analyser }) => analyser.walk());
  const variables: string[] = [];
  for (const analysis of analyses) allocate(analysis, [], variables);
  const contexts = analyses.map((analysis, i) => new SourceContext(analysers[i]!.text, analysis, 0, [], true, new Map()));
  const bodies = contexts.map((context, i) => topUnit(context, (g) => {
    if (i === 0) contexts.forEach((other) => hoist(g, other, shared));
    statements(g, context.analysis.program.body);
  }));
  return { files: files.map(({ name }, i) => ({ name, body: bodies[i]! })), variables };
}

/** Creates a file's top-level functions. */
function hoist(g: Generator, context: SourceContext, shared: Scope): void {
  for (const node of context.analysis.program.body) {
    if (node.type === "FunctionDeclaration") {
      g.emit("UNDEFINED");
      g.emit("CLOSURE", g.code.code(coreFunction(context, node)));
      g.storeVariable(shared.bindings.get(node.id.name)!);
    } else if (node.type === "VariableDeclaration" && node.kind === "var") {
      throw context.source.error("var at the top level of the core: use let or const", node.start, "var");
    }
  }
}

function coreFunction(context: SourceContext, node: acorn.FunctionDeclaration): FunctionUnit {
  return functionUnit(context, node, context.analysis.functions.get(node)!, node.id.name);
}
