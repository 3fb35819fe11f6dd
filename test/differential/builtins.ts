// Calls of built-ins. A table says what each takes, in letters; every argument may also be missing, or something that
// tells or throws when it is converted, and the receivers are of the kinds that the specification tells apart: plain,
// frozen, sparse, array-like, typed, proxied, subclassed.

import { arrayLiteral, expression, iterableValue, object, objectLiteral } from "./expressions.js";
import type { Maker } from "./maker.js";
import { dateCall, jsonCall, numberCall, regexpCall } from "./texts.js";
import { bigints, conversion, index, iterable, key, literal, number, numbers, odd, proxy, text, texts, thenable } from "./values.js";

/** i index, l index that is a literal, n number, s text, v value, f callback, r reducer, c comparator, o object, k key, d descriptor, a list of things, t iterable, b bigint, p prototype, m map of descriptors, T thenables. */
type Signature = Record<string, string>;
const array: Signature = {
  at: "i", concat: "av", copyWithin: "iii", entries: "", every: "fv", fill: "vii", filter: "fv", find: "fv", findIndex: "fv", findLast: "fv", findLastIndex: "fv", flat: "i", flatMap: "fv", forEach: "fv", includes: "vi", indexOf: "vi",
  join: "s", keys: "", lastIndexOf: "vi", map: "fv", pop: "", push: "vv", reduce: "rv", reduceRight: "rv", reverse: "", shift: "", slice: "ii", some: "fv", sort: "c", splice: "iivv", toReversed: "", toSorted: "c", toSpliced: "iivv", unshift: "vv", values: "", with: "lv", toString: "",
};
const typed: Signature = {
  at: "i", copyWithin: "iii", every: "fv", fill: "nii", filter: "fv", find: "fv", findLast: "fv", forEach: "fv", includes: "ni", indexOf: "ni", join: "s", lastIndexOf: "ni", map: "fv", reduce: "rv", reverse: "", set: "ai", slice: "ii", some: "fv", sort: "c", subarray: "ii", toReversed: "", toSorted: "c", with: "ln", entries: "", keys: "", toString: "",
};
const string: Signature = {
  at: "i", charAt: "i", charCodeAt: "i", codePointAt: "i", concat: "ss", endsWith: "si", includes: "si", indexOf: "si", isWellFormed: "", lastIndexOf: "si", match: "s", normalize: "", padEnd: "is", padStart: "is", repeat: "i", replace: "sw", replaceAll: "sw", search: "s", slice: "ii", split: "si", startsWith: "si",
  substring: "ii", substr: "ii", toLowerCase: "", toUpperCase: "", toString: "", toWellFormed: "", trim: "", trimEnd: "", trimStart: "", valueOf: "", anchor: "s", big: "", link: "s",
};
const objects: Signature = {
  assign: "ooo", create: "pm", defineProperties: "om", defineProperty: "okd", entries: "o", freeze: "o", fromEntries: "t", getOwnPropertyDescriptor: "ok", getOwnPropertyDescriptors: "o", getOwnPropertyNames: "o", getOwnPropertySymbols: "o", getPrototypeOf: "o", hasOwn: "ok", is: "vv", isExtensible: "o", isFrozen: "o", isSealed: "o", keys: "o", preventExtensions: "o", seal: "o", setPrototypeOf: "op", values: "o",
};
const objectPrototype: Signature = { hasOwnProperty: "k", isPrototypeOf: "o", propertyIsEnumerable: "k", toLocaleString: "", toString: "", valueOf: "", __defineGetter__: "kf", __lookupGetter__: "k", __lookupSetter__: "k" };
const reflect: Signature = { apply: "fva", construct: "fa", defineProperty: "okd", deleteProperty: "ok", get: "oko", getOwnPropertyDescriptor: "ok", getPrototypeOf: "o", has: "ok", isExtensible: "o", ownKeys: "o", preventExtensions: "o", set: "okvo", setPrototypeOf: "op" };
const mapPrototype: Signature = { clear: "", delete: "v", entries: "", forEach: "fv", get: "v", has: "v", keys: "", set: "vv", values: "" };
const setPrototype: Signature = { add: "v", clear: "", delete: "v", entries: "", forEach: "fv", has: "v", keys: "", values: "" };
const promise: Signature = { all: "T", allSettled: "T", any: "T", race: "T", resolve: "v", reject: "v" };
const mathOne = ["abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "clz32", "cos", "cosh", "exp", "expm1", "floor", "fround", "log", "log10", "log1p", "log2", "round", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "trunc"];
const typedNames = ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array"];

export function builtInCall(m: Maker): string {
  // What is put into functions of these cannot suspend the one around.
  const inside = (make: (m: Maker) => string) => (): string => m.within({ yields: false, awaits: false }, () => make(m));
  return m.choose(
    [10, () => arrayCall(m)], [7, () => stringCall(m)], [8, () => table(m, "Object", objects)], [3, () => `Object.prototype.${methodOf(m, objectPrototype, () => object(m))}`],
    [5, () => table(m, "Reflect", reflect)], [4, inside(typedCall)], [4, inside(collectionCall)], [4, inside(promiseCall)], [3, () => mathCall(m)], [6, () => numberCall(m)],
    [7, inside(regexpCall)], [3, inside(jsonCall)], [3, inside(dateCall)], [3, () => conversionCall(m)], [2, inside(bytesCall)], [2, () => functionCall(m)], [2, inside(arrayStatic)], [2, inside(symbolCall)], [1, () => errorCall(m)], [1, inside(iteratorCall)],
  );
}

function methodOf(m: Maker, signatures: Signature, receiver: () => string): string {
  const name = m.pick(Object.keys(signatures));
  const given = argumentList(m, signatures[name]!);
  return `${name}.call(${[receiver(), ...given].join(", ")})`;
}
function table(m: Maker, owner: string, signatures: Signature): string {
  const name = m.pick(Object.keys(signatures));
  return `${owner}.${name}(${argumentList(m, signatures[name]!).join(", ")})`;
}
function argumentList(m: Maker, letters: string): string[] {
  const count = m.chance(75) ? letters.length : m.next(letters.length + 1);
  return [...letters].slice(0, count).map((letter) => (letter !== "l" && m.chance(6) ? odd(m) : argument(m, letter)));
}
function argument(m: Maker, letter: string): string {
  switch (letter) {
    case "i": return index(m);
    // V8 looks at the length of an empty array first, so the index is one that does not tell.
    case "l": return m.pick(["0", "1", "-1", "2", "-3", "NaN", "1.5"]);
    case "n": return number(m);
    case "s": return text(m);
    case "f": return callback(m, "a, b, c");
    case "r": return callback(m, "x, a, b, c");
    case "c": return comparator(m);
    case "o": return object(m);
    case "k": return key(m);
    case "d": return descriptor(m);
    case "a": return m.choose([3, () => arrayLiteral(m)], () => receiver(m));
    case "t": return m.choose(() => iterableValue(m), () => `[[${key(m)}, ${literal(m)}], [${key(m)}, ${literal(m)}]]`);
    case "b": return m.choose([4, () => m.pick(bigints)], () => odd(m));
    case "p": return m.choose([2, () => object(m)], [2, () => "null"], () => m.pick(["Array.prototype", "Function.prototype", "1", "Object.prototype"]));
    case "m": return m.chance(40) ? "undefined" : `{ ${m.some(0, 3, () => `${m.pick(["a", "b", "[Symbol.iterator]", "length", "1"])}: ${descriptor(m)}`).join(", ")} }`;
    case "T": return m.choose([4, () => `[${m.some(0, 3, () => m.choose(() => literal(m), () => thenable(m), () => `Promise.resolve(${literal(m)})`, () => `Promise.reject(${literal(m)})`)).join(", ")}]`], () => iterable(m), () => expression(m));
    case "w": return m.choose([2, () => text(m)], () => m.pick(["\"[$&]\"", "\"$1$2$<n>\"", "\"$`|$'\"", "\"$$\"", "\"$0$10\""]), () => `(...all) => { tick(); log(${m.tag()}, ...all); return ${literal(m)}; }`);
    default: return m.chance(30) ? expression(m) : literal(m);
  }
}

/** A function that is called back, and may change what is gone over meanwhile. */
function callback(m: Maker, parameters: string): string {
  const list = parameters.split(", ").at(-1)!;
  return m.choose(
    [3, () => `(${parameters}) => { tick(); log(${m.tag()}, ${parameters.split(", ").slice(0, -1).join(", ")}); return ${m.choose(() => m.pick(["a", "b", "!a", "a > 1", "[a, b]", "[[a]]", "x"].slice(0, parameters.startsWith("x") ? 7 : 6)), () => literal(m))}; }`],
    [2, () => `(${parameters}) => { tick(); ${m.pick([`${list}.length = 1`, `${list}.push?.(9)`, `${list}[1] = "changed"`, `delete ${list}[2]`, `${list}.shift?.()`, `${list}[4] = 4`, `if (b > 0) fail(${m.tag()})`])}; return ${m.pick(["a", "true", "undefined", "b"])}; }`],
    [1, () => `function (a) { "use strict"; tick(); log(${m.tag()}, this, arguments.length); return a; }`],
    [1, () => `function (a) { tick(); log(${m.tag()}, typeof this); return ${literal(m)}; }`],
    [1, () => m.name("function", "class", "async", "generator") ?? "String"],
    [1, () => m.pick(["Boolean", "String", "isNaN", "parseInt", "Symbol", "Object", "Array"])],
  );
}
/** Only comparators that are consistent: what others do is left to the engine. */
function comparator(m: Maker): string {
  return m.pick(["undefined", "undefined", "(a, b) => (a > b) - (a < b)", "(a, b) => { tick(); return String(a) < String(b) ? 1 : String(a) > String(b) ? -1 : 0; }", "() => 0", "() => NaN", "() => \"\"", "null", "1", "(a, b) => ({ valueOf() { return (typeof a > typeof b) - (typeof a < typeof b); } })"]);
}
export function descriptor(m: Maker): string {
  return m.choose(
    [6, () => `{ ${[...new Set(m.some(0, 4, () => m.pick(["value", "writable", "enumerable", "configurable"])))].map((name) => `${name}: ${name === "value" ? literal(m) : m.pick(["true", "false", "1", "undefined"])}`).join(", ")} }`],
    [3, () => `{ ${m.pick(["get() { return t(\"get\", 1); }", "get: undefined", "set(v) { log(\"set\", v); }", "get() { return this; }, set: undefined", "get: 1", "get() {}, value: 1"])}, ${m.pick(["enumerable: true", "configurable: true", "configurable: true, enumerable: true"])} }`],
    () => proxy(m), () => expression(m),
  );
}

function receiver(m: Maker): string {
  return m.choose(
    [5, () => m.name("array") ?? "[1, 2, 3]"], [3, () => arrayLiteral(m)], [3, () => proxy(m)],
    [2, () => m.pick(["[3, 1, 2]", "[, 1, , 2]", "[1, 2, 3, 4, 5]", "[\"b\", undefined, \"a\", , null]", "[[1], 2, [3, [4]]]", "[NaN, 0, -0, NaN]", "Array(2)"])],
    [3, () => `{ length: ${m.choose(() => m.pick(["2", "3", "\"2\"", "-1", "NaN", "1.5", "undefined"]), () => `ob(${m.tag()}, ${m.next(5)}, ${m.next(6)})`)}, 0: "x", ${m.chance(50) ? "1: \"y\"," : ""} ${m.chance(30) ? "2: \"z\"," : ""} }`],
    () => m.pick(["Object.freeze([2, 1])", "Object.seal([2, 1, 3])", "\"text\"", "new String(\"ab\")", "1", "Object.defineProperty([1, 2, 3], 1, { get() { return t(\"get 1\", 5); }, configurable: true })", "Object.defineProperty([1, 2], \"length\", { writable: false })", "null", "new (class extends Array { static get [Symbol.species]() { log(\"species\"); return Array; } })(1, 2, 3)", "Object.assign([1, 2], { constructor: { [Symbol.species]: function (n) { log(\"made\", n); return { made: n }; } } })", "new Uint8Array([3, 1, 2])", "(function () { return arguments; })(3, 2, 1)", "Object.assign([1, 2], { [Symbol.isConcatSpreadable]: false })", "Object.setPrototypeOf([1, , 3], { 1: \"inherited\", __proto__: Array.prototype })", "Object.assign([5, 6], { 1000: 7 })"]),
  );
}
function arrayCall(m: Maker): string {
  if (m.chance(35)) {
    const name = m.pick(Object.keys(array));
    return `${m.name("array") ?? "[1, 2, 3]"}.${name}(${argumentList(m, array[name]!).join(", ")})`;
  }
  return `Array.prototype.${methodOf(m, array, () => receiver(m))}`;
}
function stringCall(m: Maker): string {
  if (m.chance(60)) {
    const name = m.pick(Object.keys(string));
    return `(${m.chance(70) ? m.pick(texts) : m.name("text") ?? "\"abc\""}).${name}(${argumentList(m, string[name]!).join(", ")})`;
  }
  return `String.prototype.${methodOf(m, string, () => m.choose([4, () => text(m)], () => literal(m), () => odd(m)))}`;
}
function typedArray(m: Maker): string {
  const name = m.pick(typedNames);
  return m.choose([4, () => `new ${name}([${m.some(0, 5, () => m.pick(numbers)).join(", ")}])`], () => `new ${name}(${m.next(5)})`, () => `new ${m.pick(["BigInt64Array", "BigUint64Array"])}([${m.some(0, 4, () => m.pick(bigints)).join(", ")}])`, () => `new ${name}(new ArrayBuffer(16), ${m.pick(["0", "8"])}${m.chance(50) ? `, ${m.next(2)}` : ""})`,
    () => `new ${name}(${m.choose(() => iterable(m), () => arrayLiteral(m), () => "{ length: 2, 0: 1, 1: \"2\" }", () => `new ${m.pick(typedNames)}([1, -1, 300])`, () => number(m))})`, () => `new ${name}(new ArrayBuffer(8, { maxByteLength: 16 }))`);
}
function typedCall(m: Maker): string {
  const name = m.pick(Object.keys(typed));
  const given = argumentList(m, typed[name]!).join(", ");
  return m.choose([4, () => `(${typedArray(m)}).${name}(${given})`], () => typedArray(m), () => `Object.getPrototypeOf(Int8Array.prototype).${name}.call(${receiver(m)}, ${given})`,
    () => `run(${m.tag()}, () => { const u = ${typedArray(m)}; u[${m.pick(["0", "1", "9", "\"-0\"", "\"1.5\"", "-1", "NaN"])}] = ${m.choose(() => number(m), () => odd(m))}; return [${m.pick(["0 in u", "9 in u", "\"-0\" in u", "Reflect.set(u, 9, 1)", "Reflect.set({}, 0, 1, u)", "Object.keys(u)", "delete u[0]", "Reflect.defineProperty(u, 0, { value: 1 })", "u.length"])}, u]; })`,
    () => `${m.pick(typedNames)}.${m.pick(["from", "of"])}(${m.choose(() => iterable(m), () => arrayLiteral(m))}, ${m.chance(40) ? callback(m, "a, b") : number(m)})`,
    () => `run(${m.tag()}, () => { const q = new ArrayBuffer(8, { maxByteLength: 16 }), u = new ${m.pick(typedNames)}(q${m.chance(40) ? ", 0, 1" : ""}); log(${m.tag()}, u.length); q.resize(${m.pick(["16", "4", "0", "12"])}); log(${m.tag()}, u.length, u.byteOffset, [...u]); return u.${name}(${given}); })`);
}
function collectionCall(m: Maker): string {
  const isMap = m.chance(50);
  const made = isMap ? `new Map(${m.choose([3, () => `[[${literal(m)}, ${literal(m)}], [${literal(m)}, ${literal(m)}]]`], () => iterable(m))})` : `new Set(${m.choose([3, () => arrayLiteral(m)], () => iterableValue(m))})`;
  return m.choose([3, () => {
    const table = isMap ? mapPrototype : setPrototype;
    const calls = m.some(1, 3, () => {
      const name = m.pick(Object.keys(table));
      return `log(${m.tag()}, u.${name}(${argumentList(m, table[name]!).join(", ")}))`;
    });
    return `run(${m.tag()}, () => { const u = ${made}; ${calls.join("; ")}; return u; })`;
  }], () => made, () => `new ${m.pick(["WeakMap", "WeakSet"])}(${iterable(m)})`, () => `${isMap ? "Map" : "Set"}.prototype.${methodOf(m, isMap ? mapPrototype : setPrototype, () => object(m))}`);
}
function promiseCall(m: Maker): string {
  const name = m.pick(Object.keys(promise));
  const tag = m.tag();
  return m.choose(
    [4, () => `settle(${tag}, Promise.${name}(${argumentList(m, promise[name]!).join(", ")}))`],
    () => `settle(${tag}, Promise.${name}.call(${m.choose(() => "class extends Promise {}", () => `function (f) { log(${m.tag()}, typeof f); f(() => log(${m.tag()}), () => log(${m.tag()})); }`, () => object(m))}, ${argumentList(m, promise[name]!).join(", ")}))`,
    [2, () => `settle(${tag}, Promise.${m.pick(["resolve", "reject"])}(${literal(m)}).${m.pick(["then", "catch", "finally"])}(${m.choose(() => callback(m, "a, b"), () => `() => ${thenable(m)}`, () => literal(m))}))`],
    [2, () => `settle(${tag}, new Promise((resolve, reject) => { ${m.some(0, 3, () => m.choose(() => `resolve(${m.choose(() => literal(m), () => thenable(m))});`, () => `reject(${literal(m)});`, () => `fail(${m.tag()});`)).join(" ")} }))`],
    () => `settle(${tag}, Object.assign(Promise.resolve(1), { constructor: ${m.choose(() => "class extends Promise {}", () => "{ [Symbol.species]: null }", () => object(m))} }).then(${callback(m, "a, b")}))`,
  );
}
function mathCall(m: Maker): string {
  return m.choose([4, () => `Math.${m.pick(mathOne)}(${number(m)})`], () => `Math.${m.pick(["max", "min", "hypot"])}(${m.some(0, 3, () => number(m)).join(", ")})`, () => `Math.${m.pick(["atan2", "pow", "imul"])}(${number(m)}, ${number(m)})`);
}
function conversionCall(m: Maker): string {
  return m.choose(() => `${m.pick(["Number", "String", "Boolean", "BigInt", "Object", "Symbol"])}(${m.chance(50) ? literal(m) : odd(m)})`, () => `new ${m.pick(["Number", "String", "Boolean", "Object"])}(${literal(m)})`, () => `BigInt.${m.pick(["asIntN", "asUintN"])}(${m.pick(["0", "1", "8", "63", "64", "65", "200"])}, ${argument(m, "b")})`,
    () => `(${m.pick(bigints)}).toString(${m.pick(["", "2", "10", "16", "36", "7"])})`, () => `${m.pick(["encodeURIComponent", "encodeURI", "escape", "unescape"])}(${text(m)})`, () => `${m.pick(["decodeURIComponent", "decodeURI"])}(${m.pick(["\"%41%C3%A9\"", "\"%\"", "\"%E2%82\"", "\"%23%41\"", "\"%F0%9F%98%80\"", "\"%C0%80\""])})`, () => `${m.pick(["isNaN", "isFinite"])}(${expression(m)})`);
}
function bytesCall(m: Maker): string {
  const type = m.pick(["Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"]);
  const little = m.pick(["", ", true", ", false", ", undefined"]);
  return m.choose([3, () => `run(${m.tag()}, () => { const d = new DataView(new ArrayBuffer(10), ${m.pick(["0", "1", "2"])}); d.set${type}(${index(m)}, ${number(m)}${little}); return [d.get${m.pick(["Int8", "Uint16", "Int32", "Float32", "Float64", "BigInt64", "BigUint64"])}(${m.next(3)}${little}), d.getUint8(0), d.byteLength]; })`],
    () => `new ArrayBuffer(${m.pick(["0", "8", "4.5", "\"3\""])}).slice(${index(m)}, ${index(m)})`, () => `new DataView(new ArrayBuffer(8), ${index(m)}, ${index(m)}).byteLength`);
}
function functionCall(m: Maker): string {
  const name = m.name("function", "class", "generator", "async") ?? "Math.max";
  return m.choose(() => `(${name}).toString()`, () => `(${name}).bind(${literal(m)}, ${literal(m)})`, () => `new ((${name}).bind(null, 1))(2)`, () => `Function.prototype[Symbol.hasInstance].call(${name}, ${object(m)})`, () => `Object.getOwnPropertyDescriptors((${name}).bind(null, 1))`, () => `(${name}).${m.pick(["name", "length", "prototype"])}`,
    () => `Object.defineProperty(${name}, ${m.pick(["\"name\"", "\"length\"", "\"prototype\"", "Symbol.hasInstance"])}, ${descriptor(m)})`, () => `delete (${name}).${m.pick(["name", "length"])}`);
}
function arrayStatic(m: Maker): string {
  return m.choose([3, () => `Array.from(${m.choose(() => iterableValue(m), () => receiver(m))}${m.chance(50) ? `, ${callback(m, "a, b")}` : ""})`], () => `Array.from.call(${m.choose(() => "class extends Array {}", () => "function (...all) { log(\"made\", ...all); }", () => object(m))}, ${iterableValue(m)})`, () => `Array.of.call(${m.pick(["Array", "Object", "Uint8Array", "undefined", "class { set length(v) { log(\"length\", v); } }"])}, ${literal(m)}, ${literal(m)})`,
    () => `Array(${m.pick(["3", "\"3\"", "1.5", "-1", "1, 2"])})`, () => `run(${m.tag()}, () => { const u = ${m.pick(["[1, 2, 3]", "[1, , 3]", "Object.defineProperty([1, 2, 3], 1, { configurable: false })"])}; ${m.choose(() => `u.length = ${m.choose(() => m.pick(["1", "0", "5", "\"2\"", "-1", "1.5"]), () => conversion(m))}`, () => `log(Reflect.set(u, "length", ${m.next(4)}))`, () => `Object.defineProperty(u, "length", ${descriptor(m)})`, () => `u[${key(m)}] = ${literal(m)}`)}; return u; })`);
}
function symbolCall(m: Maker): string {
  return m.choose(() => `Symbol(${literal(m)}).${m.pick(["description", "toString()"])}`, () => `Symbol.${m.pick(["for", "keyFor"])}(${literal(m)})`, () => `({ [Symbol.${m.pick(["toStringTag", "toPrimitive", "hasInstance", "isConcatSpreadable", "unscopables"])}]: ${literal(m)} })`, () => `Object.prototype.toString.call(${m.choose(() => literal(m), () => object(m))})`,
    () => `(${object(m)} instanceof { [Symbol.hasInstance](v) { log(${m.tag()}, v); return ${literal(m)}; } })`);
}
function errorCall(m: Maker): string {
  return m.choose(() => `new ${m.pick(["Error", "TypeError", "RangeError"])}("m:e", { cause: ${literal(m)} })`, () => `new Error(${m.choose(() => literal(m), () => conversion(m))}, ${m.choose(() => objectLiteral(m), () => proxy(m))}).name`, () => `new AggregateError(${iterable(m)}, "m:all")`, () => `Error.prototype.toString.call({ name: ${literal(m)}, message: ${literal(m)} })`);
}
function iteratorCall(m: Maker): string {
  const made = m.pick(["[1, 2][Symbol.iterator]()", "new Map([[1, 2]]).entries()", "\"a\\u{1F600}\"[Symbol.iterator]()", "new Set([1]).values()", "[, 1].keys()", "(function* () { yield 1; })()", "\"aab\".matchAll(/a/g)", "({ length: 2, __proto__: Array.prototype }).entries()"]);
  return m.choose(() => `run(${m.tag()}, () => { const i = ${made}; return [i.next(), i.next(), i.next(), i[Symbol.toStringTag], i[Symbol.iterator]?.() === i]; })`, () => `${made}.next.call(${object(m)})`, () => `[...${made}, ...${iterableValue(m)}]`);
}
