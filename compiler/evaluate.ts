// Code from text while a program runs: eval, the Function constructors, further scripts. The program asks its host
// (vm/core/evaluation.js), the host asks here, and the answer is plain data (vm/unit.ts) that depends on nothing but the
// question, so it can be replayed and may come from any host.

import type * as acorn from "acorn";
import { unitData, type ProgramUnit } from "../vm/unit.js";
import type { Value } from "../vm/value.js";
import { analyse, variablesOf } from "./analyse.js";
import { putInto, readDescriptor } from "./dynamic.js";
import { CompileError, SourceText } from "./error.js";
import { enterFunctionScope, functionValue } from "./functions.js";
import { SourceContext, type Generator } from "./generator.js";
import type { LoadedModule } from "./modules.js";
import type { Around } from "./names.js";
import { parse, parseEval } from "./parse.js";
import { compileLate } from "./program.js";
import type { SourceHost } from "./resolve.js";
import { allocate, type Analysis, type Binding, type FunctionInfo, type Scope } from "./scopes.js";
import { compileScript, nameList } from "./script.js";
import { hoistFunctions, statements } from "./statements.js";
import { topUnit } from "./top.js";

/** What stack traces call such sources. */
const EVALUATED = "<anonymous>";
/** By constructor: how a function of its kind is written. */
const functionKinds: Readonly<Record<string, string>> = {
  function: "function", GeneratorFunction: "function*", AsyncFunction: "async function", AsyncGeneratorFunction: "async function*",
};

/**
 * The answer to a program's operation "compile" (vm/host.ts); `files`: where import() may look. What it asks for is
 * checked, since an image may be forged.
 */
export function evaluate(kind: string, list: readonly Value[], files?: SourceHost): Value {
  const [first, second, third] = list;
  const module = list.at(-1);
  if (typeof first !== "string" || typeof module !== "number") return undefined;
  try {
    if (kind === "eval") return answer(evaluated(first, module));
    if (kind === "import" && typeof second === "string" && Array.isArray(third)) return files && imported(first, second, third, module, files);
    if (kind === "direct" && typeof second === "string") return within(first, second, module);
    if (kind === "script") return answer(compileScript(first, EVALUATED, module));
    if (Object.hasOwn(functionKinds, kind) && typeof second === "string") return answer(constructed(functionKinds[kind]!, first, second, module));
    return undefined;
  } catch (error) {
    if (error instanceof CompileError) return [false, error.reason, error.construct === "module"];
    throw error;
  }
}

/** What a program is answered: the entry function, and how many variables the source's module has. */
function answer({ entry, modules }: ProgramUnit): Value {
  return [true, unitData(entry), modules[0]!.variables.length];
}

/** 16.2.1.10 HostLoadImportedModule: what import() needs that the program, with its so many modules, does not have. */
function imported(specifier: string, from: string, known: readonly Value[], count: number, files: SourceHost): Value {
  const loaded = Array.from({ length: count }, (_, number): LoadedModule => {
    const one = known[number];
    if (!Array.isArray(one) || typeof one[0] !== "string") return null;
    return { path: one[0], exports: Array.isArray(one[1]) ? one[1].filter((part) => typeof part === "string" || typeof part === "number") : [] };
  });
  const { number, entry, variables } = compileLate(specifier, from, files, loaded);
  return [true, number, entry && unitData(entry), variables];
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

/** 19.2.1.1 PerformEval, direct: the text in the scope that the descriptor tells of. */
function within(source: string, descriptor: string, module: number): Value {
  const around = readDescriptor(descriptor);
  if (around === undefined) return undefined;
  const text = new SourceText(EVALUATED, source);
  const owner = ownerOf(around.info);
  const hasHome = owner.kind === "method" || owner.kind === "constructor" || owner.kind === "derived" || owner.kind === "fields" || owner.kind === "static";
  const program = parseEval(text, { strict: around.strict, newTarget: !owner.isTop, superProperty: hasHome, superCall: owner.kind === "derived" && owner.hidden.has("callee") });
  const analysis = analyse(program, text, "eval", around);
  if (owner.kind === "fields" || owner.kind === "static") refuseArguments(text, analysis);
  const variables: string[] = [];
  allocate(analysis, variables);
  const context = new SourceContext(text, analysis, around.module, variables, false, new Map(), new Map(), module, around.file);
  const entry = topUnit(context, (g) => {
    enterFunctionScope(g, analysis.info.top);
    g.completionSlot = g.newSlot("");
    declareAround(g, around);
    hoistFunctions(g, program.body);
    statements(g, program.body);
    if (!g.code.reachable) return;
    g.getLocal(g.completionSlot);
    g.emit("RETURN");
  });
  return [true, unitData(entry), variables.length];
}

/** The function whose this a text in that function sees. */
function ownerOf(info: FunctionInfo): FunctionInfo {
  let owner = info;
  while (owner.isArrow && owner.parent !== null) owner = owner.parent;
  return owner;
}

function* outwards(from: Scope): Iterable<Scope> {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) yield scope;
}

/** 15.7.1: no initialiser of a field names arguments, nor may an eval in it. */
function refuseArguments(text: SourceText, { uses }: Analysis): void {
  for (const [node, { binding }] of uses) {
    if (node.type === "Identifier" && (node as acorn.Identifier).name === "arguments" && binding === null) throw text.error("'arguments' is not allowed in class field initializer or static initialization block", node.start, "syntax");
  }
}

/**
 * 19.2.1.3 EvalDeclarationInstantiation of a sloppy text: its var and function names are those of the function around,
 * where that has them, else properties of the object that the function keeps for them, or of the global one.
 */
function declareAround(g: Generator, around: Around): void {
  const { vars, functions } = g.analysis.globals;
  const { body, top } = variablesOf(around.info);
  // In an initialiser of a parameter they are those of the parameters, else those of the body, which may be the same scope.
  const variables = [...outwards(around.scope)].find((scope) => scope === body || scope === top) ?? body;
  const isGlobal = body.kind === "script" || body.kind === "eval";
  const known = (name: string): Binding | undefined => isGlobal ? undefined : variables.bindings.get(name);
  for (const name of [...vars, ...functions]) {
    for (const scope of outwards(around.scope)) {
      const binding = scope.bindings.get(name);
      const clashes = binding !== undefined && (binding.kind === "let" || binding.kind === "const" || binding.kind === "class");
      // The names that an initialiser declares lie around the parameters, and hide none.
      const hidesParameter = binding !== undefined && scope === top && body !== top;
      if (hidesParameter) throw g.error(`Identifier '${name}' has already been declared`, { start: 0 }, "syntax");
      if (clashes && scope.kind !== "class") throw g.error(`Identifier '${name}' has already been declared`, { start: 0 }, "syntax");
      if (scope === variables) break;
    }
  }
  const fresh = (names: Set<string>): string[] => [...names].filter((name) => known(name) === undefined);
  const { object } = variables;
  if (isGlobal || object !== null) {
    g.declared = (name): void => {
      const binding = known(name);
      if (binding !== undefined) {
        g.storeVariable(binding);
      } else if (isGlobal) {
        g.emit("PUT_GLOBAL", g.name(name));
      } else {
        putInto(g, object!, name);
      }
    };
  }
  const [newVars, newFunctions] = [fresh(vars), fresh(functions)];
  if (newVars.length + newFunctions.length === 0) return;
  g.core("declareEvaluated");
  nameList(g, newVars);
  nameList(g, newFunctions);
  if (isGlobal) g.emit("NULL");
  else g.getVariable(object!, false);
  g.emit("CALL", 3);
  if (isGlobal) g.emit("POP");
  else g.storeVariable(object!);
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
