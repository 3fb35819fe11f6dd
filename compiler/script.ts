// One script: top-level var and function names are properties of the global object, let, const and class names are
// variables of its module, which further scripts and eval find by their names.

import type { ProgramUnit } from "../vm/unit.js";
import { analyse } from "./analyse.js";
import { SourceText } from "./error.js";
import { Generator, SourceContext } from "./generator.js";
import { arrayLiteral } from "./literals.js";
import { parse } from "./parse.js";
import { allocate } from "./scopes.js";
import { hoistFunctions, statements } from "./statements.js";
import { topUnit } from "./top.js";

/** `module`: the number of the script among the program's modules, for one that joins a running program. */
export function compileScript(source: string, name: string, module = 0): ProgramUnit {
  const text = new SourceText(name, source);
  const program = parse(text, "script");
  const analysis = analyse(program, text, "script");
  const variables: string[] = [];
  allocate(analysis, variables);
  const context = new SourceContext(text, analysis, module, variables, false, new Map());
  const entry = topUnit(context, (g) => {
    declareGlobals(g);
    hoistFunctions(g, program.body);
    statements(g, program.body);
  });
  return { entry, modules: [{ name, variables }] };
}

/** Pushes an array of these names. */
export function nameList(g: Generator, names: Iterable<string>): void {
  arrayLiteral(g, [...names].map((name) => ({ type: "Literal", value: name, start: 0, end: 0 })));
}

function declareGlobals(g: Generator): void {
  const { vars, functions, lexical } = g.analysis.globals;
  if (vars.size + functions.size + lexical.size === 0) return;
  g.core("declareGlobals");
  nameList(g, vars);
  nameList(g, functions);
  g.emit("NEW_ARRAY", 0);
  for (const name of lexical) {
    const binding = g.analysis.info.top.bindings.get(name)!;
    g.text(name);
    g.emit("ARRAY_APPEND");
    g.number(binding.place * 2 + (binding.constant ? 1 : 0));
    g.emit("ARRAY_APPEND");
  }
  g.number(g.context.number);
  g.emit("CALL", 4);
  g.emit("POP");
}
