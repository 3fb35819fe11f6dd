// One script: top-level var and function names are properties of the global object, let, const and class names are
// variables of module 0 (or locals of the script, where no function uses them).

import type { ProgramUnit } from "../vm/unit.js";
import { analyse } from "./analyse.js";
import { SourceText } from "./error.js";
import { Generator, SourceContext } from "./generator.js";
import { arrayLiteral } from "./literals.js";
import { parse } from "./parse.js";
import { allocate } from "./scopes.js";
import { hoistFunctions, statements } from "./statements.js";
import { topUnit } from "./top.js";

export function compileScript(source: string, name: string): ProgramUnit {
  const text = new SourceText(name, source);
  const program = parse(text, "script");
  const analysis = analyse(program, text, "script");
  const variables: string[] = [];
  allocate(analysis, variables);
  const context = new SourceContext(text, analysis, 0, variables, false, new Map());
  const entry = topUnit(context, (g) => {
    declareGlobals(g);
    hoistFunctions(g, program.body);
    statements(g, program.body);
  });
  return { entry, modules: [{ name, variables }] };
}

function declareGlobals(g: Generator): void {
  const { vars, functions, lexical } = g.analysis.globals;
  if (vars.size + functions.size + lexical.size === 0) return;
  g.core("declareGlobals");
  for (const names of [vars, functions, lexical]) {
    arrayLiteral(g, [...names].map((name) => ({ type: "Literal", value: name, start: 0, end: 0 })));
  }
  g.emit("CALL", 3);
  g.emit("POP");
}
