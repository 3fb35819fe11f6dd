// Profiles: what a firmware with little flash leaves out. A part is something that programs may do without: modules of the
// core (vm/core/files.ts) and the functions of the kernel that only these use. What remains has the same addresses and does
// the same, so images go to and fro between profiles; what reaches an absent part is stopped, and told which part that is.

import { coreModules } from "../../vm/core/files.js";
import { errorNames, type ErrorName } from "../../vm/format/errors.js";
import type { OpName } from "../../vm/format/opcodes.js";

export interface Part {
  readonly name: string;
  readonly doc: string;
  /** Modules of the core. */
  readonly modules?: readonly string[];
  /** Functions of these modules that stay: what others ask before they turn to the part; likewise roots. */
  readonly keeps?: readonly string[];
  readonly keepsRoots?: readonly string[];
  /** Further functions of the core, and roots (vm/format/roots.ts). */
  readonly core?: readonly string[];
  readonly roots?: readonly string[];
  /** Properties, by paths from the global object, from a variable of the core or from a root: `Array.prototype.flat`. */
  readonly members?: readonly string[];
  /** Of the objects at these paths, all properties but those named; symbols as `@iterator`. */
  readonly others?: Readonly<Record<string, readonly string[]>>;
  /** Texts in the core's code that are as long: what its methods say of wrong use. */
  readonly textsFrom?: number;
  /** Errors of the kernel (vm/format/errors.ts) that only this part throws. */
  readonly errors?: readonly ErrorName[];
  /** Instructions, files of the kernel, and further functions of it. */
  readonly opcodes?: readonly OpName[];
  readonly files?: readonly string[];
  readonly functions?: readonly string[];
  /** Functions that give 0 where they cannot tell, and their caller finds out by longer ways: they give 0 always. */
  readonly shortcuts?: readonly string[];
}

const jsonErrors = errorNames.filter((name) => name.startsWith("JSON_"));

export const parts: readonly Part[] = [
  { name: "regexp", doc: "Regular expressions, and the properties of characters that they name.",
    modules: ["regexp", "unicode"], roots: ["regExpLiteral"], members: ["RegExp"], keeps: [], files: ["regexp.ts"], functions: [] },
  { name: "binary", doc: "ArrayBuffer, typed arrays, DataView.",
    modules: ["binary"], members: ["ArrayBuffer", "DataView"], keeps: ["isTyped"], files: [], shortcuts: ["isIndexed", "seemsNumeric"],
    functions: ["newBytes", "newTyped", "typedInfo", "typedGet", "typedSet", "typedLength", "typedFill", "bytesRead", "bytesWrite", "bytesMove", "bytesFill"] },
  { name: "date", doc: "Date.", modules: ["date"], members: ["Date"], keeps: [], files: [], functions: [] },
  { name: "json", doc: "JSON.", modules: ["json"], keeps: [], files: ["json-parse.ts", "json-write.ts"], functions: ["jsonScan", "jsonQuote"], errors: jsonErrors },
  { name: "mathematics", doc: "Powers (** too), logarithms, trigonometry.",
    members: ["acos", "acosh", "asin", "asinh", "atan", "atanh", "atan2", "cbrt", "cos", "cosh", "exp", "expm1", "log", "log1p", "log10", "log2", "pow", "sin", "sinh", "tan", "tanh"].map((name) => `Math.${name}`), files: ["trigonometry.ts"],
    functions: ["mathPow", "mathExp", "mathExpm1", "mathLog", "mathLog1p", "mathLog2", "mathLog10", "mathCbrt", "mathSinh", "mathCosh", "mathTanh", "mathAsinh", "mathAcosh", "mathAtanh"] },
  { name: "lettercase", doc: "Upper and lower case beyond ASCII.", modules: [], keeps: [], files: ["lettercase.ts"], functions: [] },
  { name: "collections", doc: "Map, Set, WeakMap, WeakSet.", modules: ["collections"], members: ["Map", "Set", "WeakMap", "WeakSet"], keeps: [], files: [], functions: [] },
  { name: "reflect", doc: "Reflect.", modules: ["reflect"], keeps: [], files: [], functions: [] },
  { name: "web", doc: "structuredClone, TextEncoder, TextDecoder, atob, btoa, performance, crypto.",
    modules: ["web"], members: ["TextEncoder", "TextDecoder"], keeps: [], files: [], functions: ["utf8Encode", "utf8Decode"] },
  { name: "evaluation", doc: "eval, Function, further scripts, and with: code from text, names looked up at run time.",
    modules: ["evaluation"], members: ["eval"], roots: ["evaluate", "declareEvaluated", "addModules", "runModule", "findName", "getName", "putName", "deleteName"], files: ["new-code.ts"] },
  { name: "realms", doc: "Further realms: mvm.createRealm.",
    modules: ["realms"], files: ["realm.ts"], shortcuts: ["realmDistance", "hasRealms"], functions: ["rootsOf", "reserveAnew", "enterRoots", "runningRoots", "runningRealm", "lexicalsAt"] },
  { name: "bigint", doc: "BigInt, with BigInt64Array and BigUint64Array.",
    modules: ["bigint"], members: ["BigInt", "BigInt64Array", "BigUint64Array"], roots: ["BigIntPrototype"], files: ["bigint.ts", "bigdigits.ts"], functions: ["bigHash", "equalBig"] },
  { name: "iterators", doc: "Iterator, with its helpers.", modules: ["iterators"], members: ["Iterator"] },
  { name: "additions", doc: "Array.fromAsync, getOrInsert, RegExp.escape, Error.isError, Math.sumPrecise and f16round, promises by key, bytes as base64, strings as HTML.",
    modules: ["additions"] },
  { name: "disposal", doc: "DisposableStack, AsyncDisposableStack, SuppressedError, Symbol.dispose.", modules: ["disposal"], members: ["DisposableStack", "AsyncDisposableStack", "SuppressedError"] },
  { name: "weakrefs", doc: "WeakRef, FinalizationRegistry.", modules: ["weakrefs"], members: ["WeakRef", "FinalizationRegistry"] },
  { name: "unicode", doc: "Of regular expressions: the flag v, modifiers, names of several groups, most properties of characters, RegExp.$1 and compile; normalize of texts that are not in the form already, or may not be.",
    modules: ["patterns", "normalization"] },
  { name: "shared", doc: "SharedArrayBuffer, Atomics.", modules: ["shared"], members: ["SharedArrayBuffer", "Atomics"] },
  { name: "proxy", doc: "Proxy.", modules: ["proxy"], members: ["Proxy"], files: [], functions: ["callProxy", "callProxyAt", "askProxy", "meetProxy", "isConstructorProxy"] },
  { name: "scripts", doc: "Top-level names of scripts, which further scripts and eval see; modules have none of these.",
    roots: ["declareGlobals"], shortcuts: ["lexicalOf"], functions: ["getLexical", "putLexical", "lexicalAt"] },
  { name: "async", doc: "Promises, async functions and generators, namespaces of modules, require.",
    modules: ["async"], keeps: ["requireModule", "directoryOf"], keepsRoots: ["defineModules"], members: ["Promise", "queueMicrotask"], opcodes: ["START_ASYNC", "AWAIT"], shortcuts: ["waitingFrames"] },
  { name: "generators", doc: "Generators.",
    core: ["resumeGenerator"], roots: ["GeneratorPrototype", "GeneratorFunctionPrototype", "generatorNext", "delegateStep", "asyncDelegateStep", "getAsyncIterator"],
    errors: ["GENERATOR_RUNNING"], opcodes: ["START_GENERATOR", "YIELD", "YIELD_DELEGATE"], functions: ["resumeAt", "saveFrame", "newCoroutine"] },
  { name: "messages", doc: "Messages to the program and functions that it exposes: mvm.on, mvm.expose, mvm.call.",
    core: ["deliver", "hasTakers"], roots: ["callByName"], others: { mvm: ["ask", "@toStringTag"] } },
  { name: "inspect", doc: "Values that are no primitives as text, and places in the text: console.log(object), console.log(\"%d\", 1).",
    core: ["inspect", "newInspection", "formatPlace"] },
  { name: "console", doc: "Of console, all but log, info, debug, warn and error.",
    core: ["consoleState", "splitText"], others: { console: ["log", "info", "debug", "warn", "error"] } },
  { name: "process", doc: "process.", members: ["process"] },
  { name: "timers", doc: "Of timers, setImmediate and the methods of handles.",
    members: ["setImmediate", "clearImmediate"], others: { TimeoutPrototype: [] } },
  { name: "arrays", doc: "Of arrays, all but isArray, push, pop, shift, slice, indexOf, includes, join, map, filter, forEach, values and spreading; arrays as texts.",
    others: { Array: ["prototype", "isArray", "@species"], ArrayPrototype: ["constructor", "push", "pop", "shift", "slice", "indexOf", "includes", "join", "map", "filter", "forEach", "values", "@iterator"] } },
  { name: "strings", doc: "Of strings, all but fromCharCode, charAt, charCodeAt, indexOf, slice, substring and split; String objects.",
    core: ["newStringObject"],
    others: { String: ["prototype", "fromCharCode"], BooleanPrototype: [], StringPrototype: ["constructor", "length", "charAt", "charCodeAt", "indexOf", "slice", "substring", "toString"] },
    functions: ["upper", "lower", "twoWaySearch", "pointsText"] },
  { name: "numbers", doc: "Numbers as texts but in their shortest decimal form, texts as numbers.",
    members: ["Number", "Boolean", "parseInt", "parseFloat"], others: { NumberPrototype: ["toString"] },
    shortcuts: ["longDigits"], functions: ["radixText", "textToNumberWord", "parseFloatWord", "parseIntWord"] },
  { name: "mathmore", doc: "Of Math, all but abs, floor, ceil, trunc, round, sqrt, min, max and PI.",
    others: { Math: ["abs", "floor", "ceil", "trunc", "round", "sqrt", "min", "max", "PI"] }, functions: ["mathFround", "mathHypot2", "mathSign"] },
  { name: "objects", doc: "Of objects, all but literals, properties and accessors: Object and its functions, objects as texts, delete, for-in, spreading, writes that fail.",
    core: ["defineOwn", "defineOrThrow"], roots: ["forIn", "forInNext", "deleteProperty", "copyDataProperties", "setFunctionName", "getProperty", "setProperty"],
    members: ["Object"], others: { ObjectPrototype: ["hasOwnProperty", "valueOf"] },
    opcodes: ["DELETE_PROPERTY", "DELETE_ELEMENT"], functions: ["makeSparse", "sparseFind", "sparseAppend", "newSparse", "sparseKeys", "sparseCopy"] },
  { name: "functions", doc: "Of functions, all but call and apply; bind, arguments, and making functions from texts.",
    members: ["Function"], core: ["functionText", "newBound"], roots: ["makeArguments", "throwTypeError", "emptyFunction"],
    others: { FunctionPrototype: ["call", "apply", "length", "name", "@hasInstance"] }, opcodes: ["ARGUMENTS"], functions: ["callBound"] },
  { name: "classes", doc: "Of classes, private members and properties of super.",
    roots: ["getSuper", "putSuper"], errors: errorNames.filter((name) => name.startsWith("PRIVATE_")), opcodes: ["GET_PRIVATE", "PUT_PRIVATE", "HAS_PRIVATE", "DEFINE_PRIVATE", "NEW_PRIVATE_NAME", "GET_SUPER", "PUT_SUPER"] },
  { name: "symbols", doc: "Symbols of the program's own.", members: ["Symbol"], core: ["symbolText"], others: { SymbolPrototype: [] }, functions: ["symbolDescription"] },
  { name: "templates", doc: "Tagged templates.",
    roots: ["templateObject"] },
  { name: "errors", doc: "Of errors, the kinds AggregateError, EvalError, SyntaxError and URIError, and captureStackTrace.",
    members: ["AggregateError", "EvalError", "SyntaxError", "URIError"], others: { Error: ["prototype", "stackTraceLimit"], errorPrototypes: ["Error", "TypeError", "RangeError", "ReferenceError"] } },
  { name: "explanations", doc: "What the core's methods say of wrong use; errors of the language itself have their texts.", textsFrom: 18 },
  { name: "patches", doc: "Changes to the core's own objects, such as new members of Array.prototype.", functions: ["overlay", "tableGet"] },
  { name: "hashes", doc: "The hash of a program's state, by which hosts compare machines.", functions: ["hashState"] },
  { name: "names", doc: "Names of properties that only absent parts have, unless the program that is built in uses them.", functions: ["absentName"] },
  { name: "verifier", doc: "Taking images: the firmware runs the one that is built in, which was verified when it was built.",
    files: ["verify.ts", "verifycells.ts", "verifycode.ts", "verifyframes.ts", "verifystate.ts", "verifytables.ts"] },
  { name: "unused", doc: "What the program that is built in cannot reach (core-holes.ts)." },
];

export interface Profile {
  readonly name: string;
  /** What it is without, for people. */
  readonly doc: string;
  /** The parts that it lacks. */
  readonly without: readonly string[];
}

/** Parts of which every module is of the whole language (files.ts). */
const whole = parts.filter(({ modules = [] }) => modules.length > 0 && modules.every((name) => coreModules.find((each) => each.name === name)?.language === "whole")).map(({ name }) => name);

export const profiles: readonly Profile[] = [
  { name: "full", doc: "", without: [] },
  { name: "standard", doc: `what only the whole language has: ${whole.join(", ")}`, without: whole },
  { name: "small", doc: "also regexp (with \\p{…}), binary, date", without: [...whole, "regexp", "binary", "date"] },
  { name: "minimal", doc: "all that the next table has not", without: parts.map(({ name }) => name) },
  { name: "fit", doc: "what the program cannot reach", without: ["names", "hashes", "verifier", "unused"] },
];

/** The parts that a profile lacks, but for `kept`. Throws an Error that says which profiles or parts there are. */
export function absentParts(name: string, kept: readonly string[] = []): readonly Part[] {
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined) throw new Error(`There is no profile ${name}: give ${profiles.map((each) => each.name).join(", ")}.`);
  const unknown = kept.find((part) => !parts.some((each) => each.name === part));
  if (unknown !== undefined) throw new Error(`There is no part ${unknown}: give ${parts.map((each) => each.name).join(", ")}.`);
  return parts.filter((part) => profile.without.includes(part.name) && !kept.includes(part.name));
}
