// What a program does to the built-ins themselves: it adds to them, replaces, deletes, freezes, gives other prototypes,
// and then looks at them, at those that it left alone, and at what inherits from both. An engine that keeps its built-ins
// in read-only memory, and finds properties by forms that many share, is wrong here first. Date is left alone: as a function
// it tells the time.

import { expression } from "./expressions.js";
import { descriptor } from "./builtins.js";
import type { Maker } from "./maker.js";
import { literal } from "./values.js";

const functions = [
  "Math.max", "Math.min", "Array.prototype.map", "Array.prototype.push", "String.prototype.at", "Object.keys", "parseInt", "Promise.prototype.then", "Function.prototype.call", "Function.prototype",
  "Map", "Error", "TypeError", "RangeError", "Promise", "Int8Array", "Uint8Array", "RegExp.prototype.exec", "Object.getOwnPropertyDescriptor(Map.prototype, \"size\").get", "Array.prototype[Symbol.iterator]", "Object.getPrototypeOf(Int8Array)", "Reflect.ownKeys", "(function* () {}).constructor",
];
const objects = [
  "Object.prototype", "Array.prototype", "String.prototype", "Number.prototype", "Map.prototype", "Error.prototype", "TypeError.prototype", "RegExp.prototype", "Promise.prototype", "Symbol.prototype", "Math", "Reflect", "JSON", "Array.prototype[Symbol.unscopables]",
  "Object.getPrototypeOf(Int8Array.prototype)", "Int8Array.prototype", "Object.getPrototypeOf([].values())", "Object.getPrototypeOf(function* () {})", "Object.getPrototypeOf(function* () {}.prototype)", "Object.getPrototypeOf((async () => {}).constructor.prototype)",
];
const keys = ["name", "length", "call", "apply", "toString", "valueOf", "x", "y", "constructor", "fill", "at", "0", "1", "message", "prototype", "then", "next"];
const symbols = ["Symbol.iterator", "Symbol.toPrimitive", "Symbol.species", "Symbol.hasInstance"];
/** What has all of these behind it. */
const heirs = ["(() => 1)", "({ m() {} }).m", "(function () {})", "(class {})", "[1]", "\"ab\"", "5", "({})", "true", "new Map", "new Error(\"m:e\")", "/a/", "Promise.resolve(1)", "new Int8Array(2)", "Symbol.iterator", "(function () { return arguments; })(1)", "(function* () {})()"];

/** What one section is about: few things, so that one statement meets what another has done. */
interface Subject { targets: readonly string[]; keys: readonly string[]; others: readonly string[] }

/** Statements that change some built-ins and look at them. */
export function patchStatements(m: Maker): string {
  const subject: Subject = {
    targets: [...m.some(2, 4, () => m.pick(functions)), ...m.some(0, 2, () => m.pick(objects)), ...m.some(0, 1, () => m.name("function", "class", "object") ?? "Object")],
    keys: [...m.some(2, 3, () => `"${m.pick(keys)}"`), ...m.some(0, 1, () => m.pick(symbols))],
    others: m.some(2, 4, () => m.pick(heirs)),
  };
  return m.some(6, 20, () => patch(m, subject)).join("\n");
}
function looked(m: Maker, { targets, others }: Subject): string { return m.choose([4, () => m.pick(targets)], [2, () => m.pick(others)], () => `Object.create(${m.pick(targets)})`, () => m.name() ?? "globalThis"); }

function patch(m: Maker, subject: Subject): string {
  const heir = (kind: "function" | "object", made: string): string => `var ${m.declare(m.fresh(), kind)} = ${made};`;
  return m.choose(
    [8, () => `run(${m.tag()}, () => { ${change(m, subject)} });`],
    [8, () => look(m, subject)],
    [3, () => loop(m, subject)],
    [1, () => heir("function", `Object.setPrototypeOf(${m.pick(heirs.slice(0, 4))}, ${m.pick(subject.targets)})`)],
    [1, () => heir("object", `Object.create(${m.pick(subject.targets)})`)],
  );
}
function change(m: Maker, { targets, keys }: Subject): string {
  const on = m.pick(targets);
  const key = m.pick(keys);
  return m.choose(
    [4, () => `return Reflect.deleteProperty(${on}, ${key});`],
    [4, () => `${on}[${key}] = ${value(m)};`],
    [3, () => `return Reflect.defineProperty(${on}, ${key}, { value: ${value(m)}, ${m.pick(["", "writable: true", "configurable: true", "enumerable: true"])} });`],
    [3, () => `return Reflect.defineProperty(${on}, ${key}, ${descriptor(m)});`],
    [2, () => `return Reflect.setPrototypeOf(${on}, ${m.choose(() => m.pick(["null", "{ x: 1, call: 2, __proto__: null }", "Array.prototype", "Function.prototype", "Object.prototype"]), () => m.pick(targets))});`],
    [1, () => `Object.${m.pick(["freeze", "preventExtensions", "seal"])}(${on});`],
    [1, () => `const patched = ${on}[${key}]; ${on}[${key}] = function (...list) { tick(); log(${m.tag()}, list.length); return Reflect.apply(patched, this, list); };`],
    [1, () => `${on}[${key}] &&= ${literal(m)};`],
  );
}
function value(m: Maker): string { return m.choose([3, () => literal(m)], [2, () => `function () { tick(); return ${literal(m)}; }`], () => m.pick(functions), () => `{ x: ${literal(m)} }`); }
function look(m: Maker, subject: Subject): string {
  const key = m.pick(subject.keys);
  const one = looked(m, subject);
  return m.choose(
    [4, () => `log(${m.tag()}, ${m.some(2, 5, () => `typeof (${looked(m, subject)})[${key}]`).join(", ")});`],
    [2, () => `run(${m.tag()}, () => ${one}[${key}] === ${looked(m, subject)}[${key}]);`],
    [2, () => `run(${m.tag()}, () => ${key} in ${m.pick(subject.targets)});`],
    [1, () => `run(${m.tag()}, () => Object.getOwnPropertyDescriptor(${m.pick(subject.targets)}, ${key}));`],
    [1, () => `run(${m.tag()}, () => (${one})[${key}](${m.some(0, 2, () => literal(m)).join(", ")}));`],
    [1, () => `run(${m.tag()}, () => [...${m.pick(["[1, 2]", "\"ab\"", "new Map([[1, 2]])", "new Set([1])", "(function* () { yield 1; })()"])}]);`],
    [1, () => `run(${m.tag()}, () => \`\${${one}}\`.length > 1000);`],
    [1, () => `log(${m.tag()}, ${expression(m)});`],
  );
}
/** The same place of the program for several, so that what it has learnt from one is put to the next. */
function loop(m: Maker, subject: Subject): string {
  const key = m.pick(subject.keys);
  const each = m.fresh();
  const turn = m.fresh();
  const question = m.pick([`typeof ${each}[${key}]`, ...(/^"[a-z]/.test(key) ? [`typeof ${each}.${key.slice(1, -1)}`, `${each}.${key.slice(1, -1)} === Object`] : [])]);
  return `for (let ${turn} = 0; ${turn} < 3; ${turn}++) { tick(); for (const ${each} of [${m.some(2, 5, () => looked(m, subject)).join(", ")}]) log(${m.tag()}, ${question}); if (${turn} === ${m.next(3)}) run(${m.tag()}, () => { ${change(m, subject)} }); }`;
}
