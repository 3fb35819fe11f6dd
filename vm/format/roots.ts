// The roots of the core: what the kernel and compiled code reach by number. The first cell of the core is an ELEMENTS
// cell with one word for each. Three groups: functions of the core (called by the kernel where it meets user code, and
// by compiled code through the instruction CORE), objects, and well-known keys. Numbers are part of the abi.

/** Functions, with their parameters. All are defined in vm/core under these names and bound with `$root`. */
export const coreFunctions = {
  // The program
  start: "(entry) the bottom frame: runs the entry, then jobs, timers and messages until nothing is left",
  throw: "(code, a, b) throws error number code",
  // Operators on operands that the kernel leaves alone (objects, mostly)
  add: "(a, b)", arithmetic: "(opcode, a, b) SUB … USHR", less: "(opcode, a, b) LT, LE, GT, GE; a boolean",
  looseEquals: "(a, b) a boolean", unary: "(opcode, a) NEG, TO_NUMBER, TO_NUMERIC, INC, DEC, BIT_NOT",
  toStringValue: "(a) ToString", toPropertyKey: "(a)", instanceOf: "(value, target) a boolean", hasProperty: "(key, object) the in operator",
  // Properties where the kernel met an exotic object or a primitive it does not know
  getProperty: "(object, key, receiver)", setProperty: "(object, key, value, receiver, strict)",
  deleteProperty: "(object, key, strict) a boolean; the object is no primitive", defineField: "(object, key, value) CreateDataPropertyOrThrow",
  getSuper: "(receiver, home, key)", putSuper: "(receiver, home, key, value, strict)", toObject: "(value)",
  // Iteration
  getIterator: "(iterable) [iterator, next]", iteratorNext: "(iterator, next, isSkipped) value, undefined if it is skipped, or DONE", iteratorClose: "(iterator)",
  iteratorCloseQuiet: "(iterator) for a throw completion: errors of return are swallowed", spread: "(array, iterable) array, longer",
  forIn: "(value) a FOR_IN record", forInNext: "(record) key or DONE",
  getAsyncIterator: "(iterable) [iterator, next]", iteratorReturn: "(iterator) the result of its return method, or undefined if it has none",
  resultValue: "(result) the value of an iterator's result object, or DONE",
  checkResult: "(value) value; TypeError unless it is an object",
  delegateStep: "(iterator, next, mode, sent) for yield*: the result object of next, throw or return; DONE if there is no such method",
  asyncDelegateStep: "(iterator, next, mode, sent) the same for async generators, not yet awaited",
  // Async
  asyncStart: "(coroutine) runs an async function's coroutine to its first await; its promise",
  asyncGeneratorYield: "(coroutine, value)",
  // What compiled code calls for the rarer constructs
  setupClass: "(constructor, heritage or the hole) its new prototype object, both linked",
  superConstructor: "(function) its prototype, a TypeError unless it is a constructor",
  copyDataProperties: "(target, source, excludedKeys or undefined) target",
  requireObjectCoercible: "(value, text) value",
  templateObject: "(cooked, raw) frozen",
  regExpLiteral: "(pattern, flags)",
  declareGlobals: "(varNames, functionNames, lexicals, module) for scripts; of each let, const and class the name and variable << 1 | 1 if constant",
  requireModule: "(number) module.exports of a CommonJS module",
  namespace: "(number) the namespace object of a module",
  dynamicImport: "(number or undefined, specifier, file, options) a promise",
  importMeta: "(url) a new import.meta",
  makeRequire: "(map object from specifier to module number, filename) a require function",
  defineModules: "(array of factories) the program's CommonJS factories, ES evaluation functions and export tables",
  // For the host
  callByName: "(name, arguments array) calls a function the program exposed, for a host",
  mathRound: "(x)",
  makeArguments: "(array of the arguments, callee, sloppy) the arguments object: a RECORD of brand ARGUMENTS with those elements",
  evaluate: "(callee, texts, scope or undefined, descriptor) a call eval(…): the text's value, or what another callee gives",
  declareEvaluated: "(varNames, functionNames, lexical names around, object or undefined) what the text of an eval declares outside itself: in that object, else on the global one",
  addModules: "(array as defineModules has it, number of its first) modules that import() has had loaded",
  runModule: "(number) evaluates a module that the program has, if it has not been; undefined or its promise",
  findName: "(name, objects...) the first of these objects of scopes that has the name, or undefined",
  getName: "(object, name, strict) a name's value in an object of a scope",
  putName: "(object, name, value, strict)",
  deleteName: "(object, name) a boolean",
  setFunctionName: "(function, key, prefix 0 none 1 get 2 set) defines its name, unless it has an own one that is not empty",
  bigOperator: "(opcode, a, b) ADD … USHR, and steps of one operand, where a is a big integer or b is: what the kernel leaves alone, and errors",
  mapArguments: "(arguments object, get(index), set(index, value), number of parameters) one that is tied to the parameters which these reach",
  emptyFunction: "() what Function.prototype does",
  useResource: "(resources, value, isAsync) value, which is disposed of when the list is",
  disposeNext: "(resources, kind, error) disposes of the last resources, for a completion that is a throw of error if kind is 1: what is to be awaited, or DONE when none is left",
  proxy: "(act, operand, arguments...) with a proxy as this: what ProxyAct (brands.ts) says",
  runJobs: "() runs jobs until none is left; what runs above it runs for a job (kernel/stack-trace.ts)",
} as const;

/** Objects. */
export const coreObjects = [
  "global", "ObjectPrototype", "FunctionPrototype", "ArrayPrototype", "StringPrototype", "NumberPrototype", "BooleanPrototype",
  "SymbolPrototype", "BigIntPrototype", "ErrorPrototype", "IteratorPrototype", "ArrayIteratorPrototype", "GeneratorFunctionPrototype",
  "GeneratorPrototype", "AsyncFunctionPrototype", "AsyncGeneratorFunctionPrototype", "AsyncGeneratorPrototype", "AsyncIteratorPrototype",
  "PromisePrototype", "RegExpPrototype", "arrayIteratorNext", "generatorNext", "arrayValues", "mapPrototype", "setPrototype",
  "throwTypeError", "coreScope", "internTable", "functionHasInstance",
] as const;

/** Property names that the kernel uses. */
export const coreNames = [
  "", "length", "name", "prototype", "constructor", "message", "stack", "value", "done", "next", "return", "throw", "get", "set",
  "undefined", "null", "true", "false", "number", "string", "boolean", "symbol", "object", "function", "bigint",
  "NaN", "Infinity", "-Infinity", "0", "callee", "toString", "valueOf", "then", "index", "input", "groups", "lastIndex", "default", "arguments", "caller", "toJSON",
] as const;

/** Well-known symbols. */
export const coreSymbols = [
  "iterator", "asyncIterator", "hasInstance", "toPrimitive", "toStringTag", "species", "isConcatSpreadable", "unscopables",
  "match", "matchAll", "replace", "search", "split",
] as const;

/** Inline capacities of object literals that have a root shape in the core, from 0. */
export const OBJECT_SHAPES = 17;

export type CoreFunction = keyof typeof coreFunctions;
export const coreFunctionNames = Object.keys(coreFunctions) as readonly CoreFunction[];

const names: string[] = [
  ...coreFunctionNames.map((name) => name as string),
  ...coreObjects,
  ...coreNames.map((name) => `name:${name}`),
  ...coreSymbols.map((name) => `symbol:${name}`),
  "shape:function", "shape:constructor", "shape:method", "shape:array", "shape:core",
  ...Array.from({ length: OBJECT_SHAPES }, (_, capacity) => `shape:object${capacity}`),
];
/** Every root's name, in order: functions and objects plain, keys as `name:length`, symbols as `symbol:iterator`, shapes as `shape:array`. */
export const rootNames: readonly string[] = names;
export const ROOT_COUNT = names.length;
const numbers = new Map(names.map((name, index) => [name, index]));
/** A root's number by name; throws for an unknown one. */
export function rootNumber(name: string): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`no root ${name}`);
  return number;
}

/** Numbers for the kernel: functions and objects by name, keys as `NAME_length`, symbols as `SYMBOL_iterator`, shapes as `SHAPE_array`, `SHAPE_object0`. */
export const Root: Readonly<Record<string, number>> = Object.fromEntries(
  names.map((name, index) => [name.replace(/^(name|symbol|shape):/, (_, group: string) => `${group.toUpperCase()}_`), index]));

/** Address of the roots' cell, and of root 0. */
export const ROOTS_CELL = 2;
export const ROOTS = ROOTS_CELL + 1;
