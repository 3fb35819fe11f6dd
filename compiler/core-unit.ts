// The core as one unit: its files are strict scripts that share one top-level scope. The functions of all files exist
// before the first file's code runs, so a file may call what a later one declares.

import type * as acorn from "acorn";
import type { CoreUnit, FunctionUnit } from "../vm/unit.js";
import { Analyser } from "./analyse.js";
import { SourceText } from "./error.js";
import { functionUnit } from "./functions.js";
import { Generator, SourceContext } from "./generator.js";
import { parse } from "./parse.js";
import { FunctionInfo, Scope, allocate, type Analysis, type Binding } from "./scopes.js";
import { statements } from "./statements.js";
import { topUnit } from "./top.js";

export interface CoreFile { name: string; source: string }

export function compileCore(files: readonly CoreFile[]): CoreUnit {
  const shared = new Scope("core", null, new FunctionInfo("core", null, null, null, true), 0);
  const analysers = files.map(({ name, source }) => {
    const text = new SourceText(name, source);
    return { text, analyser: new Analyser(parse(text, "script"), text, "core", shared) };
  });
  // A name is declared once, so the bindings that a file adds are its own.
  const declared = analysers.map(({ analyser }) => {
    const before = shared.bindings.size;
    analyser.declareTop();
    return [...shared.bindings.values()].slice(before);
  });
  const analyses = analysers.map(({ analyser }) => analyser.walk());
  const variables = placeVariables(shared, analyses);
  for (const analysis of analyses) allocate(analysis, []);
  const contexts = analyses.map((analysis, i) => new SourceContext(analysers[i]!.text, analysis, 0, [], true, new Map()));
  const bodies = contexts.map((context, i) => topUnit(context, (g) => {
    if (i === 0) contexts.forEach((other) => hoist(g, other, shared));
    statements(g, context.analysis.program.body);
  }));
  return {
    files: files.map(({ name }, i) => {
      const functions = new Set(contexts[i]!.analysis.program.body.flatMap((node) => node.type === "FunctionDeclaration" ? [node.id.name] : []));
      const own = declared[i]!;
      return { name, body: bodies[i]!, variables: own.map(({ place }) => place), functions: own.filter((each) => functions.has(each.name)).map(({ place }) => place) };
    }),
    variables,
  };
}

/**
 * Numbers the core's top-level variables, those that functions use most first: low numbers have short instructions, and
 * those that only the files' own statements use can be cut off the end once the core is built.
 */
function placeVariables(shared: Scope, analyses: readonly Analysis[]): string[] {
  const uses = new Map<Binding, number>();
  for (const analysis of analyses) {
    const functions = [...analysis.functions.keys()];
    for (const [node, { binding }] of analysis.uses) {
      if (binding === null || binding.scope !== shared || !functions.some(({ start, end }) => start <= node.start && node.end <= end)) continue;
      uses.set(binding, (uses.get(binding) ?? 0) + 1);
    }
  }
  const bindings = [...shared.bindings.values()].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
  bindings.forEach((binding, place) => {
    binding.storage = "core";
    binding.place = place;
  });
  return bindings.map(({ name }) => name);
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
