// Statements: control flow of every kind, in every nesting, with bounded loops; declarations whose names may be in sight
// before they are alive.

import { arrayLiteral, asyncIterableValue, args, expression, iterableValue, leaf, member, object, objectLiteral, source, target } from "./expressions.js";
import { arrow, classDeclaration, functionDeclaration } from "./functions.js";
import type { Kind, Maker } from "./maker.js";
import { pattern } from "./patterns.js";
import { conversion, iterable, literal, number, proxy, text } from "./values.js";

export function statements(m: Maker, most: number): string {
  return m.within({}, () => m.some(1, most, () => statement(m)).join("\n"));
}
/** The same, with what is declared left in sight. */
export function openStatements(m: Maker, most: number): string { return m.some(1, most, () => statement(m)).join("\n"); }

function block(m: Maker, most = 3): string { return `{ ${statements(m, most)} }`; }

export function statement(m: Maker): string {
  if (m.tired) return m.choose([3, () => `log(${m.tag()}, ${leaf(m)});`], () => `${target(m)} = ${leaf(m)};`);
  return m.deeper(() => m.choose(
    [8, () => `log(${m.tag()}, ${expression(m)});`],
    [6, () => `run(${m.tag()}, () => ${m.within({ yields: false, awaits: false, loop: false, breakable: false, loopLabels: [], labels: [] }, () => expression(m))});`],
    [5, () => `${expressionStatement(m)};`],
    [12, () => declaration(m)],
    [3, () => `if (${expression(m)}) ${block(m)}${m.chance(50) ? ` else ${block(m)}` : ""}`],
    [4, () => forLoop(m)],
    [3, () => forOf(m)],
    [3, () => forIn(m)],
    [2, () => whileLoop(m)],
    [2, () => labelled(m)],
    [5, () => tryStatement(m)],
    [3, () => switchStatement(m)],
    [2, () => block(m)],
    [3, () => functionDeclaration(m)],
    [2, () => `${classDeclaration(m)}`],
    [3, () => closures(m)],
    [2, () => early(m)],
    [5, () => driven(m)],
    [2, () => settled(m)],
    [m.place.strict ? 0 : 3, () => `with (${object(m)}) ${block(m)}`],
    [m.place.strict ? 0 : 2, () => annexB(m)],
    [m.place.strict ? 0 : 2, () => mappedArguments(m)],
    [m.place.loop ? 4 : 0, () => `if (${condition(m)}) ${m.pick(["continue", "break"])};`],
    [m.place.breakable ? 1 : 0, () => "break;"],
    [m.place.loopLabels.length > 0 ? 4 : 0, () => `if (${condition(m)}) ${m.pick(["continue", "break"])} ${m.pick(m.place.loopLabels)};`],
    [m.place.labels.length > 0 ? 3 : 0, () => `if (${condition(m)}) break ${m.pick(m.place.labels)};`],
    [m.place.inFunction ? 2 : 0, () => `if (${condition(m)}) return ${expression(m)};`],
    [1, () => `if (${condition(m)}) throw ${m.choose(() => `new ${m.pick(["Error", "TypeError", "RangeError"])}("m:${m.next(100)}")`, () => expression(m))};`],
    [m.place.awaits ? 3 : 0, () => forAwait(m)],
    [2, () => mutations(m)],
  ));
}
function condition(m: Maker): string { return m.choose(() => expression(m), [2, () => m.pick(["true", "false"])], () => `t(${m.tag()}, ${m.next(2)})`, () => `${m.name("number") ?? "1"} % 2`); }

function expressionStatement(m: Maker): string {
  const made = expression(m);
  return /^(function|class|async|let\b|\{)/.test(made) ? `(${made})` : made;
}

/** A declaration whose value is of a kind, so that later parts find something to work on. */
export function declaration(m: Maker): string {
  const word = m.pick(["let", "const", "var"]);
  if (m.chance(25)) {
    const names: string[] = [];
    const made = pattern(m, "declare", m.pick(["[", "{"]), names);
    const whole = `${word} ${made} = ${source(m)};`;
    for (const name of names) m.declare(name);
    return whole;
  }
  const name = m.fresh();
  const [kind, value] = m.pick<[Kind, () => string]>([
    ["value", () => expression(m)], ["value", () => literal(m)], ["number", () => number(m)], ["text", () => text(m)],
    ["array", () => arrayLiteral(m)], ["array", () => m.pick(["[3, 1, 2]", "[1, , 3]", "[\"b\", \"a\", undefined, null, 10, 9]", "[[1, [2, [3]]], 4]", "Object.freeze([1, 2])", "new Array(3)", "Array.from({ length: 4 }, (_, i) => i * i)", "new Uint8Array([1, 2, 300])", "new Float64Array(3)", "Object.assign([1, 2], { x: 1 })", "new (class extends Array {})(1, 2, 3)"])],
    ["object", () => objectLiteral(m)], ["object", () => proxy(m)], ["object", () => conversion(m)], ["object", () => iterable(m)],
    ["object", () => m.pick(["Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } })", "Object.freeze({ a: 1, get b() { return 2; } })", "Object.seal({ a: 1 })", "Object.preventExtensions({ a: 1 })", "new Map([[1, \"one\"], [NaN, -0]])", "new Set([1, \"1\", -0])", "{ 2: 1, 1: 2, b: 3, a: 4, [Symbol.iterator]: 5 }", "Object.create(null)", "/(a)(?<n>b)?/g", "new Date(0)"])],
    ["function", () => `(${arrow(m)})`],
  ]);
  const whole = `${word} ${name} = ${value()};`;
  m.declare(name, kind);
  return whole;
}

function forLoop(m: Maker): string {
  const name = m.fresh("i");
  const word = m.pick(["let", "let", "var"]);
  return m.within({ loop: true, breakable: true }, () => {
    m.declare(name, "number");
    const extra = m.chance(30) ? `, ${m.declare(m.fresh())} = ${leaf(m)}` : "";
    return `for (${word} ${name} = 0${extra}; ${name} < ${1 + m.next(4)}; ${m.choose([3, () => `${name}++`], () => `${name} += 2, log("step")`)}) { tick(); ${statements(m, 3)} }`;
  });
}
function loopHead(m: Maker, words: readonly string[]): { head: string; names: string[] } {
  const names: string[] = [];
  const head = m.choose(
    [5, () => {
      const name = m.fresh();
      names.push(name);
      return `${m.pick(words)} ${name}`;
    }],
    [3, () => `${m.pick(words)} ${pattern(m, "declare", m.pick(["[", "{"]), names)}`],
    // `let` would begin a declaration, `async of` is refused.
    [2, () => { const to = target(m); return /^(let|async|\()/.test(to) ? "globalThis.g" : to; }],
  );
  return { head, names };
}
function forOf(m: Maker): string {
  return m.within({ loop: true, breakable: true }, () => {
    const { head, names } = loopHead(m, ["let", "const", "var"]);
    const over = iterableValue(m);
    for (const name of names) m.declare(name);
    return `for (${head} of ${over}) { tick(); ${statements(m, 3)} }`;
  });
}
function forAwait(m: Maker): string {
  return m.within({ loop: true, breakable: true }, () => {
    const { head, names } = loopHead(m, ["let", "const", "var"]);
    const over = asyncIterableValue(m);
    for (const name of names) m.declare(name);
    return `for await (${head} of ${over}) { tick(); ${statements(m, 3)} }`;
  });
}
function forIn(m: Maker): string {
  return m.within({ loop: true, breakable: true }, () => {
    const { head, names } = loopHead(m, ["let", "const", "var"]);
    const over = m.choose([3, () => object(m)], () => expression(m));
    for (const name of names) m.declare(name, "text");
    return `for (${head} in ${over}) { tick(); ${names.length > 0 ? `log(${m.tag()}, ${names[0]});` : ""} ${statements(m, 2)} }`;
  });
}
function whileLoop(m: Maker): string {
  const name = m.fresh("w");
  return m.within({ loop: true, breakable: true }, () => {
    m.declare(name, "number");
    const body = `{ tick(); ${statements(m, 3)} }`;
    const test = `${name}++ < ${1 + m.next(3)}${m.chance(30) ? ` && ${expression(m)}` : ""}`;
    return `var ${name} = 0; ${m.chance(50) ? `while (${test}) ${body}` : `do ${body} while (${test});`}`;
  });
}
function labelled(m: Maker): string {
  const label = m.fresh("L");
  if (m.chance(40)) return `${label}: ${m.within({ labels: [...m.place.labels, label] }, () => block(m))}`;
  return `${label}: ${m.within({ loopLabels: [...m.place.loopLabels, label] }, () => m.choose(() => forLoop(m), () => forOf(m), () => forIn(m)))}`;
}

function tryStatement(m: Maker): string {
  const body = `try ${block(m)}`;
  const form = m.next(3);
  const finish = form > 0 ? ` finally ${block(m)}` : "";
  if (form === 2) return body + finish;
  return body + m.within({}, () => {
    const names: string[] = [];
    const head = m.choose([4, () => {
      names.push(m.fresh("e"));
      return ` catch (${names[0]})`;
    }], () => " catch", () => ` catch (${pattern(m, "declare", "{", names)})`);
    for (const name of names) m.declare(name);
    return `${head} { ${names.length > 0 ? `log(${m.tag()}, ${names[0]});` : ""} ${statements(m, 2)} }`;
  }) + finish;
}

function switchStatement(m: Maker): string {
  return `switch (${expression(m)}) { ${m.within({ breakable: true }, () => {
    const hasDefault = m.chance(60);
    const cases = m.some(1, 4, () => `case ${m.choose([2, () => literal(m)], () => expression(m))}: ${m.chance(75) ? openStatements(m, 2) : ""} ${m.chance(50) ? "break;" : ""}`);
    if (hasDefault) cases.splice(m.next(cases.length + 1), 0, `default: ${openStatements(m, 2)}`);
    return cases.join("\n");
  })} }`;
}

/** Functions that close over a loop's variables, called when it is over. */
function closures(m: Maker): string {
  const list = m.fresh("c");
  const name = m.fresh("i");
  const loop = m.choose(
    [2, () => `for (let ${name} = 0; ${name} < 3; ${list}.push(() => ${name}), ${name}++) { ${list}.push(() => ${name}${m.pick(["++", "", " += 2"])}); ${m.chance(30) ? `if (${name} === 1) continue;` : ""} ${m.chance(30) ? `${name}++;` : ""} }`],
    () => `for (const ${name} of ${iterableValue(m)}) { ${list}.push(() => ${name}); if (${list}.length > 4) break; }`,
    () => `for (let ${name} in ${object(m)}) { ${list}.push(() => ${name} += "!"); if (${list}.length > 4) break; }`,
    () => `for (let ${name} = 0, get = () => ${name}; ${name} < 2; ${name}++) { ${list}.push(get, () => ${name}); }`,
    () => `for (let [${name}, other] = [0, 5]; ${name} < 3; [${name}, other] = [${name} + 1, other * 2]) { ${list}.push(() => [${name}, other++]); }`,
  );
  return `var ${m.declare(list, "array")} = []; ${loop} log(${m.tag()}, ${list}.map((one) => one()), ${list}.map((one) => one()));`;
}

/** A name that is used before it is alive, or after it was given another value by a function. */
function early(m: Maker): string {
  const name = m.fresh();
  const word = m.pick(["let", "const", "class"]);
  const use = m.choose(() => name, () => `typeof ${name}`, () => `(() => ${name})()`, () => `(${name} = 1)`, () => `${name}++`, () => `eval("${name}")`, () => `(function (a = ${name}) {})()`, () => `[...[1].map(() => ${name})]`, () => `({ ${name} } = { ${name}: 1 })`, () => `(${name} ??= 2)`);
  const text = `{ run(${m.tag()}, () => ${use}); ${word === "class" ? `class ${name} { static x = run(${m.tag()}, () => ${name}); static [t(${m.tag()}, "k")] = typeof ${name}; }` : `${word} ${name} = ${m.choose(() => expression(m), () => `run(${m.tag()}, () => ${name})`, () => "undefined")};`} run(${m.tag()}, () => ${use}); }`;
  return text;
}

function driven(m: Maker): string {
  const name = m.name("generator", "asyncGenerator");
  const moves = Array.from({ length: 2 + m.next(5) }, () => m.pick(["n", "n", "n", "r", "t"])).join("");
  const made = name !== undefined && m.chance(60) ? `${name}(${args(m)})` : generatorText(m);
  return `drive(${m.tag()}, ${made}, "${moves}");`;
}
/** A generator whose yields stand in try statements, loops and patterns, where return and throw are felt. */
function generatorText(m: Maker): string {
  const async = m.chance(35);
  const word = async ? "async function*" : "function*";
  const body = m.within({ yields: true, awaits: async, inFunction: true, argumentsAllowed: true, superMember: false, superCall: false, loop: false, breakable: false, loopLabels: [], labels: [] }, () => m.choose(
    [2, () => statements(m, 4)],
    [2, () => `try { yield 1; ${statements(m, 2)} yield 2; } ${m.chance(60) ? "catch (e) { log(\"in\", e); yield 3; }" : ""} finally { log("finally"); ${m.pick(["yield 4;", "", "return 5;", "throw new Error(\"m:f\");", "yield* [6, 7];"])} ${statements(m, 1)} }`],
    () => `for (const x of ${iterableValue(m)}) { try { yield x; } finally { ${m.pick(["yield \"f\";", "log(\"f\");", "continue;", "break;"])} } } return "end";`,
    () => `var [a, b = yield "d", ...c] = ${iterableValue(m)}; return [a, b, c];`,
    () => `return yield* ${async ? asyncIterableValue(m) : iterableValue(m)};`,
    () => `L: for (let i = 0; i < 3; i++) { try { for (const x of ${iterable(m)}) { try { yield [i, x]; if (x) continue L; } finally { log("inner", i); } } } finally { log("outer", i); yield i; } }`,
    () => `log(\`\${yield 1}\${yield 2}\`, [yield 3, ...(yield 4) ?? []], { [yield 5]: yield 6 }, (yield 7)?.x);`,
  ));
  return `(${word} () { tick(); ${body} }).call(${m.chance(30) ? leaf(m) : "null"})`;
}

function settled(m: Maker): string {
  const name = m.name("async");
  return `settle(${m.tag()}, ${m.choose([name === undefined ? 0 : 3, () => `${name}(${args(m)})`], () => `(async () => { ${m.within({ awaits: true, yields: false, loop: false, breakable: false, loopLabels: [], labels: [], inFunction: true }, () => statements(m, 3))} })()`)});`;
}

/** Functions in blocks, which annex B also makes variables of the function around. */
function annexB(m: Maker): string {
  const name = m.fresh("b");
  const look = `log(${m.tag()}, typeof ${name});`;
  const inside = m.choose(
    [3, () => `{ ${look} function ${name}() { return 1; } ${name} = 2; ${look} }`],
    () => `if (${condition(m)}) function ${name}() { return 1; }`,
    () => `switch (${m.next(2)}) { case 0: function ${name}() { return 0; } case 1: ${look} ${m.chance(50) ? `function ${name}2() {}` : ""} }`,
    () => `try { throw 1; } catch (${name}) { { function ${name}() {} } }`,
    () => `{ let ${name} = 1; { function ${name}() {} } ${look} }`,
    () => `for (let ${name}; ;) { { function ${name}() {} } break; }`,
    () => `{ function ${name}() { return 1; } function ${name}() { return 2; } ${look} }`,
    () => `L: function ${name}() { return 3; }`,
    () => `eval("${look.replaceAll("\"", "'")} { function ${name}() { return 4; } } ${look.replaceAll("\"", "'")}");`,
    () => `{ async function ${name}() {} }`,
  );
  return `run(${m.tag()}, function ${m.chance(20) ? name : ""}(${m.chance(20) ? name : ""}) { ${look} ${inside} ${look} return typeof ${name} === "function" ? ${name}() : ${name}; });`;
}

/** Parameters tied to `arguments`. */
function mappedArguments(m: Maker): string {
  const step = (): string => m.choose(
    () => `a = ${m.next(9)};`, () => `arguments[${m.next(3)}] = ${m.next(9)};`, () => `delete arguments[${m.next(3)}];`, () => "b++;", () => `Object.defineProperty(arguments, "${m.next(3)}", { ${m.pick(["value: 7", "writable: false", "get() { return 8; }", "enumerable: false", "value: 9, writable: false", "configurable: false"])} });`,
    () => "arguments.length = 1;", () => "(() => { a = 5; arguments[1] = 6; })();", () => "Object.freeze(arguments);", () => "[a, b] = [b, a];", () => "eval(\"a = 'e'; arguments[1] = 'f'\");", () => "Array.prototype.reverse.call(arguments);", () => "for (arguments[0] of [1, 2]) ;", () => "arguments[Symbol.iterator] = undefined;", () => "log(\"own\", Object.getOwnPropertyDescriptor(arguments, 0));",
  );
  return `run(${m.tag()}, () => (function (a, b${m.pick(["", "", ", a2", ", ...c", ", c = 1"])}) { ${m.some(1, 4, step).join(" ")} return [a, b, arguments]; })(${args(m)}));`;
}

/** Containers that change while they are iterated over. */
function mutations(m: Maker): string {
  const act = (name: string, it: string, isMap: boolean): string => m.choose(() => `${name}.delete(${it});`, () => `if (${name}.size < 6) ${isMap ? `${name}.set(${it} + 10, 1)` : `${name}.add(${it} + 10)`};`, () => `if (${it} === 2) ${name}.clear();`, () => `${name}.delete(${m.next(4)}); ${isMap ? `${name}.set(${m.next(4)}, 0)` : `${name}.add(${m.next(4)})`};`);
  const name = m.fresh("m");
  return m.choose(
    () => `{ const ${name} = new Set([1, 2, 3]); let n = 0; for (const x of ${name}) { log(${m.tag()}, x); if (n++ > 8) break; ${act(name, "x", false)} ${act(name, "x", false)} } log(${m.tag()}, ${name}); }`,
    () => `{ const ${name} = new Map([[1, "a"], [2, "b"], [3, "c"]]); let n = 0; ${name}.forEach((y, x) => { log(${m.tag()}, x, y); if (n++ > 8) return; ${act(name, "x", true)} }); log(${m.tag()}, ${name}); }`,
    () => `{ const ${name} = { a: 1, b: 2, 1: 3, c: 4 }; for (const k in ${name}) { log(${m.tag()}, k); ${m.pick(["delete", "void"])} ${name}.${m.pick(["a", "b", "c"])}; ${m.chance(30) ? `delete ${name}[1];` : ""} } }`,
    () => `{ const ${name} = [1, 2, 3, 4]; let n = 0; for (const x of ${name}) { log(${m.tag()}, x); if (n++ > 8) break; ${m.pick([`${name}.pop();`, `${name}.push(x);`, `${name}.shift();`, `${name}.length = 2;`, `${name}.unshift(0);`, `${name}[5] = 1;`])} } log(${m.tag()}, ${name}); }`,
    () => `{ const ${name} = ${m.choose(() => member(m), () => "[1, 2]")}; log(${m.tag()}, ${name}?.[Symbol.iterator]?.call?.(${name})); }`,
  );
}
