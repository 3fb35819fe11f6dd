// Code from text while a program runs: eval, the Function constructors, further scripts. The program asks its host
// (vm/core/evaluation.js), the host asks here, and the answer is plain data (vm/unit.ts) that depends on nothing but the
// question, so it can be replayed and may come from any host.

import type * as acorn from "acorn";
import { unitData, type ProgramUnit } from "../vm/unit.js";
import type { Value } from "../vm/value.js";
import { analyse } from "./analyse.js";
import { CompileError, SourceText } from "./error.js";
import { enterFunctionScope, functionValue } from "./functions.js";
import { SourceContext, type Generator } from "./generator.js";
import { parse } from "./parse.js";
import { allocate } from "./scopes.js";
import { compileScript, nameList } from "./script.js";
import { hoistFunctions, statements } from "./statements.js";
import { topUnit } from "./top.js";

/** What stack traces call such sources. */
const EVALUATED = "<anonymous>";
/** By constructor: how a function of its kind is written. */
const functionKinds: Readonly<Record<string, string>> = {
  function: "function", GeneratorFunction: "function*", AsyncFunction: "async function", AsyncGeneratorFunction: "async function*",
};

/** The answer to a program's operation "compile" (vm/host.ts): what it asks for is checked, since an image may be forged. */
export function evaluate(kind: string, list: readonly Value[]): Value {
  const [first, second] = list;
  const module = list.at(-1);
  if (typeof first !== "string" || typeof module !== "number") return undefined;
  try {
    if (kind === "eval") return answer(evaluated(first, module));
    if (kind === "script") return answer(compileScript(first, EVALUATED, module));
    if (Object.hasOwn(functionKinds, kind) && typeof second === "string") return answer(constructed(functionKinds[kind]!, first, second, module));
    return undefined;
  } catch (error) {
    if (error instanceof CompileError) return [false, error.reason];
    throw error;
  }
}

/** What a program is answered: the entry function, and how many variables the source's module has. */
function answer({ entry, modules }: ProgramUnit): Value {
  return [true, unitData(entry), modules[0]!.variables.length];
}

/** 19.2.1.1 PerformEval, indirect: the text in the global scope. */
function evaluated(source: string, module: number): ProgramUnit {
  const text = new SourceText(EVALUATED, source);
  const program = parse(text, "script");
  return evaluatedUnit(text, program, module, (g) => {
    g.completionSlot = g.newSlot("");
    declareNames(g);
    hoistFunctions(g, program.body);
    statements(g, program.body);
    if (!g.code.reachable) return;
    g.getLocal(g.completionSlot);
    g.emit("RETURN");
  });
}

function evaluatedUnit(text: SourceText, program: acorn.Program, module: number, body: (g: Generator) => void): ProgramUnit {
  const analysis = analyse(program, text, "eval");
  const variables: string[] = [];
  allocate(analysis, variables);
  const context = new SourceContext(text, analysis, module, variables, false, new Map());
  const entry = topUnit(context, (g) => {
    enterFunctionScope(g, analysis.info.top);
    body(g);
  });
  return { entry, modules: [{ name: EVALUATED, variables }] };
}

function declareNames(g: Generator): void {
  const { vars, functions } = g.analysis.globals;
  if (vars.size + functions.size === 0) return;
  g.core("declareEvaluated");
  nameList(g, vars);
  nameList(g, functions);
  g.emit("NULL");
  g.emit("CALL", 3);
  g.emit("POP");
}

/** 20.2.1.1.1 CreateDynamicFunction: parameters and body are each to be a whole, then they are one source. */
function constructed(kind: string, parameters: string, body: string, module: number): ProgramUnit {
  parse(new SourceText(EVALUATED, `(${kind}(${parameters}\n){})`), "script");
  parse(new SourceText(EVALUATED, `(${kind}(){\n${body}\n})`), "script");
  const text = new SourceText(EVALUATED, `(${kind} anonymous(${parameters}\n) {\n${body}\n})`);
  const program = parse(text, "script");
  const made = (program.body[0] as acorn.ExpressionStatement).expression as acorn.FunctionExpression;
  // Its name is the property only, not a variable inside.
  made.id = null;
  return evaluatedUnit(text, program, module, (g) => {
    functionValue(g, made, "anonymous");
    g.emit("RETURN");
  });
}
