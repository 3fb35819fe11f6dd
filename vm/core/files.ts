// The core's files in the order in which they run while the core is built, grouped in modules: contiguous address
// ranges that an image can name and a profile can leave out (DESIGN.md section 6). A file's top-level statements may use
// what earlier files made; functions may use everything.

export interface CoreModule {
  readonly name: string;
  readonly doc: string;
  readonly files: readonly string[];
  /** `whole`: of the whole language, which firmware does without unless it is asked for. */
  readonly language?: "whole";
}

export const coreModules: readonly CoreModule[] = [
  { name: "base", doc: "What every program needs: conversions, operators, properties, iteration, Object, Function, Error, Array, generators.",
    files: ["install.js", "throw.js", "conversion.js", "operators.js", "property.js", "iteration.js", "object.js", "function.js", "primitives.js", "error.js", "array.js", "iterator.js"] },
  { name: "data", doc: "String, Number, Math.", files: ["string.js", "number.js"] },
  { name: "collections", doc: "Map, Set, WeakMap, WeakSet.", files: ["collections.js"] },
  { name: "json", doc: "JSON.", files: ["json.js"] },
  { name: "reflect", doc: "Reflect.", files: ["reflect.js"] },
  { name: "regexp", doc: "Regular expressions: the compiler and what programs see of them.", files: ["regexp-compiler.js", "regexp-parser.js", "regexp.js"] },
  { name: "unicode", doc: "The character properties that \\p{…} names.", files: ["unicode-few.js", "unicode.js"] },
  { name: "binary", doc: "ArrayBuffer, typed arrays, DataView.", files: ["typed-array.js"] },
  { name: "date", doc: "Date.", files: ["date.js"] },
  { name: "async", doc: "Promises, async functions and generators, modules.", files: ["promise.js", "modules.js"] },
  { name: "host", doc: "The outermost loop, timers, process, the door to the host.", files: ["host.js", "process.js"] },
  { name: "web", doc: "structuredClone, TextEncoder, atob, performance, crypto.", files: ["web.js"] },
  { name: "console", doc: "Values as text for people.", files: ["inspect.js", "console.js"] },
  { name: "bigint", language: "whole", doc: "BigInt, its typed arrays, DataView's methods for them.", files: ["bigint.js"] },
  { name: "proxy", language: "whole", doc: "Proxy.", files: ["proxy.js"] },
  { name: "evaluation", language: "whole", doc: "eval, Function, further scripts: code from text, where the host has a compiler.", files: ["evaluation.js"] },
  { name: "iterators", language: "whole", doc: "Iterator, with its helpers.", files: ["iterator-helpers.js"] },
  { name: "additions", language: "whole", doc: "Array.fromAsync, getOrInsert, RegExp.escape, Error.isError, Math.sumPrecise and f16round, promises by key, bytes as base64, strings as HTML.",
    files: ["additions.js", "from-async.js", "base64.js", "annex-b.js"] },
  { name: "disposal", language: "whole", doc: "DisposableStack, AsyncDisposableStack, SuppressedError, Symbol.dispose.", files: ["disposal.js"] },
  { name: "weakrefs", language: "whole", doc: "WeakRef, FinalizationRegistry.", files: ["weak-references.js"] },
  { name: "patterns", language: "whole", doc: "Of regular expressions: the flag v, modifiers, names of several groups, the other properties of characters and of strings, what annex B adds.",
    files: ["unicode-all.js", "properties.js", "pattern-sets.js", "regexp-legacy.js"] },
  { name: "normalization", language: "whole", doc: "String.prototype.normalize beyond what needs no tables.", files: ["normal-forms.js", "normalize.js"] },
  { name: "shared", language: "whole", doc: "SharedArrayBuffer, Atomics.", files: ["shared-memory.js"] },
  { name: "realms", language: "whole", doc: "Further realms: mvm.createRealm.", files: ["realms.js"] },
];

/** All files, in order. */
export const coreFiles: readonly string[] = coreModules.flatMap((module) => module.files);
