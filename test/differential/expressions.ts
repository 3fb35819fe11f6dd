// Expressions: every operator with every kind of operand, assignments to every kind of target, members, calls, literals.

import { builtInCall } from "./builtins.js";
import { arrow, classExpression, functionExpression, method } from "./functions.js";
import type { Maker } from "./maker.js";
import { pattern } from "./patterns.js";
import { statements } from "./statements.js";
import { asyncIterable, iterable, key, keys, literal, numbers, odd, properties, texts } from "./values.js";

export const binaries = ["+", "-", "*", "/", "%", "**", "<<", ">>", ">>>", "&", "|", "^", "<", ">", "<=", ">=", "==", "!=", "===", "!==", "in", "instanceof"];
const assignments = ["=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "??="];

export function leaf(m: Maker): string {
  return m.choose([6, () => m.name() ?? literal(m)], [5, () => literal(m)], () => odd(m), () => "this", [m.place.inFunction ? 1 : 0, () => m.pick(["new.target", m.place.argumentsAllowed ? m.pick(["arguments[0]", "arguments.length", "[...arguments]"]) : "1"])]);
}

export function expression(m: Maker): string {
  if (m.tired) return leaf(m);
  return m.deeper(() => m.choose(
    [8, () => leaf(m)],
    [6, () => `t(${m.tag()}, ${expression(m)})`],
    [6, () => `(${expression(m)} ${m.pick(binaries)} ${expression(m)})`],
    [2, () => chain(m)],
    [2, () => `(${expression(m)} ${m.pick(["&&", "||", "??"])} ${expression(m)})`],
    [2, () => `(${expression(m)} ? ${expression(m)} : ${expression(m)})`],
    [1, () => `(${expression(m)}, ${expression(m)})`],
    [3, () => unary(m)],
    [3, () => `(${m.pick(["++", "--"])}${target(m, true)})`],
    [3, () => `(${target(m, true)}${m.pick(["++", "--"])})`],
    [6, () => assignment(m)],
    [3, () => `(${pattern(m, "assign", m.pick(["[", "{"]))} = ${source(m)})`],
    [4, () => member(m)],
    [4, () => call(m)],
    [3, () => template(m)],
    [5, () => arrayLiteral(m)],
    [6, () => objectLiteral(m)],
    [4, () => `(${functionExpression(m)})`],
    [4, () => `(${arrow(m)})`],
    [3, () => `(${classExpression(m)})`],
    [m.place.yields ? 8 : 0, () => suspend(m)],
    [m.place.awaits ? 8 : 0, () => `(await ${awaited(m)})`],
    [m.place.superMember ? 5 : 0, () => m.choose(() => superMember(m), () => `${superMember(m)}(${args(m)})`)],
    [m.place.privates.length > 0 ? 5 : 0, () => m.choose([2, () => privateMember(m)], () => `(${m.pick(m.place.privates)} in ${object(m)})`, () => `${privateMember(m)}(${args(m)})`, () => `(${object(m)}?.${m.pick(m.place.privates)})`)],
    [20, () => builtInCall(m)],
    [1, () => evaluated(m)],
  ));
}

/** Operators without parentheses, so that their precedence counts. */
function chain(m: Maker): string {
  const operand = (): string => m.choose([2, () => m.pick(numbers)], () => m.pick(texts), () => m.name() ?? "1", () => `${m.pick(["-", "+", "~", "!", "typeof ", "void "])}${m.name() ?? "2"}`);
  const operators = binaries.filter((one) => one !== "**").concat("&&", "||");
  let text = operand();
  for (let left = 2 + m.next(4); left > 0; left--) text += ` ${m.pick(operators)} ${operand()}`;
  return `(${text})`;
}

function unary(m: Maker): string {
  return m.choose([6, () => `(${m.pick(["typeof ", "void ", "!", "~", "+", "-"])}${expression(m)})`], [2, () => `(delete ${member(m)})`], () => `(typeof ${m.pick(["absent1", m.name() ?? "absent1"])})`,
    [m.place.strict ? 0 : 1, () => `(delete ${m.pick(["absent2", m.name() ?? "absent2"])})`]);
}

/** What has properties, mostly. */
export function object(m: Maker): string {
  const made = m.choose([5, () => m.name("object", "array", "class", "function") ?? "({ a: 1 })"], [2, () => m.name() ?? "[]"], () => odd(m), () => "this", () => objectLiteral(m), () => arrayLiteral(m), [1, () => expression(m)]);
  return /^[-\d.]/.test(made) ? `(${made})` : made;
}
function memberOf(m: Maker, what: string, optional: string, keyText = () => (m.chance(75) ? key(m) : expression(m))): string {
  return m.choose(() => `${what}${optional === "" ? "." : "?."}${m.pick(properties)}`, [2, () => `${what}${optional}[${keyText()}]`]);
}
export function member(m: Maker): string {
  return m.choose(
    [6, () => memberOf(m, object(m), "")],
    [2, () => {
      let text = memberOf(m, object(m), "?.");
      for (let left = m.next(3); left > 0; left--) text = m.choose(() => memberOf(m, text, m.pick(["", "?."])), () => `${text}${m.pick(["", "?."])}(${args(m)})`);
      return `(${text})`;
    }],
  );
}
function superMember(m: Maker, keyText = () => key(m)): string { return m.choose(() => `super.${m.pick(properties)}`, () => `super[${keyText()}]`); }
function privateMember(m: Maker): string { return `${m.chance(70) ? "this" : object(m)}.${m.pick(m.place.privates)}`; }

/** What can be assigned to. One that is read too has a key that is no object: V8 would convert it twice. */
export function target(m: Maker, isRead = false): string {
  const keyText = isRead ? () => m.pick(keys) : undefined;
  return m.choose(
    [6, () => m.name("value", "number", "text") ?? "globalThis.g"], [1, () => m.name() ?? "globalThis.g"],
    [6, () => memberOf(m, object(m), "", keyText)],
    [m.place.superMember ? 2 : 0, () => superMember(m, keyText)],
    [m.place.privates.length > 0 ? 3 : 0, () => privateMember(m)],
    [!m.place.strict && m.chance(10) ? 1 : 0, () => "undeclared1"],
  );
}
function assignment(m: Maker): string {
  const operator = m.chance(40) ? "=" : m.pick(assignments);
  return `(${target(m, operator !== "=")} ${operator} ${expression(m)})`;
}

export function args(m: Maker): string {
  return m.some(0, 3, () => (m.chance(12) ? `...${iterableValue(m)}` : expression(m))).join(", ");
}
/** Something that can be iterated over, mostly. */
export function iterableValue(m: Maker): string {
  return m.choose([4, () => iterable(m)], [3, () => arrayLiteral(m)], [2, () => m.name("array") ?? "[1, 2]"], () => m.pick(["\"a\\u{1F600}b\"", "new Set([1, 2, 1])", "new Map([[1, 2], [\"k\", {}]])", "[1, , 3].entries()", "\"x\".matchAll(/./g)"]), [1, () => generatorCall(m)], [1, () => expression(m)]);
}
function generatorCall(m: Maker): string {
  const name = m.name("generator");
  return name === undefined ? "(function* () { yield 1; yield 2; })()" : `${name}(${args(m)})`;
}
export function asyncIterableValue(m: Maker): string {
  const name = m.name("asyncGenerator");
  return m.choose([3, () => asyncIterable(m)], [name === undefined ? 0 : 3, () => `${name}(${args(m)})`], () => `[${m.some(0, 3, () => m.pick(["1", "Promise.resolve(2)", "Promise.reject(3)", "th(\"t\", 4, 0)"])).join(", ")}]`, () => iterable(m));
}
/** The right side of a destructuring assignment. */
export function source(m: Maker): string {
  return m.choose([4, () => iterableValue(m)], [3, () => objectLiteral(m)], () => odd(m), [2, () => expression(m)]);
}

function call(m: Maker): string {
  return m.choose(
    [6, () => `${m.name("function", "async", "asyncGenerator", "generator") ?? "String"}(${args(m)})`],
    [2, () => `new ${m.name("class", "function") ?? "Object"}(${args(m)})`],
    () => `new (${expression(m)})(${args(m)})`,
    [2, () => `${m.name("function", "generator", "async") ?? "String"}.${m.pick(["call", "apply", "bind"])}(${expression(m)}, ${m.chance(50) ? arrayLiteral(m) : expression(m)})`],
    [2, () => memberOf(m, object(m), "") + `(${args(m)})`],
    () => `(${expression(m)})?.(${args(m)})`,
    () => `(${functionExpression(m)})(${args(m)})`,
    () => `(${arrow(m)})(${args(m)})`,
    () => `Reflect.construct(${m.name("class", "function") ?? "Array"}, [${args(m)}], ${m.name("class", "function") ?? "Object"})`,
  );
}

function template(m: Maker): string {
  const body = (): string => {
    let text = "";
    for (let left = 1 + m.next(3); left > 0; left--) text += `${m.pick(["", "a", "\\n", "\\u0041", "é"])}\${${expression(m)}}`;
    return text + m.pick(["", "z", "\\\\"]);
  };
  return m.choose([3, () => `\`${body()}\``], () => `((s, ...v) => (log("tag", s, s.raw, v), v[0]))\`${body()}\``, () => `String.raw\`${body()}\``, () => `(${object(m)}).${m.pick(properties)}\`${m.pick(["\\u", "x", "\\x4"])}\${1}\``);
}

export function arrayLiteral(m: Maker): string {
  return `[${m.some(0, 4, () => m.choose([8, () => expression(m)], () => "", [2, () => `...${iterableValue(m)}`])).join(", ")}]`;
}

export function propertyName(m: Maker): string {
  return m.choose([5, () => m.pick(["a", "b", "c", "x", "length", "\"d e\"", "1", "0", "\"1\"", "1.5", "toString", "valueOf", "get", "set", "async", "static"])], [2, () => `[${key(m)}]`], [1, () => `[t(${m.tag()}, ${key(m)})]`], [1, () => `[${m.pick(["Symbol.iterator", "Symbol.toPrimitive", "Symbol.toStringTag"])}]`]);
}
export function objectLiteral(m: Maker): string {
  let proto = m.chance(15);
  // V8 puts a property that occurs twice where it is the second time, if a computed key stands between.
  const taken = new Set<string>();
  const nameOf = (): string => {
    const name = propertyName(m);
    if (name.startsWith("[") || !taken.has(name)) {
      taken.add(name);
      return name;
    }
    return `[${key(m)}]`;
  };
  const parts = m.some(0, 5, () => m.choose(
    [6, () => `${nameOf()}: ${expression(m)}`],
    [2, () => {
      const made = method(m, false);
      const name = /^(?:async |\*|get |set )*([\w."]+(?: e")?)\(/.exec(made)?.[1];
      if (name === undefined) return made;
      if (taken.has(name)) return `[${key(m)}]: 1`;
      taken.add(name);
      return made;
    }],
    [2, () => `...${m.chance(50) ? object(m) : expression(m)}`],
    () => {
      const name = m.name("value");
      if (name === undefined || taken.has(name)) return `${nameOf()}: 1`;
      taken.add(name);
      return name;
    },
    () => {
      if (!proto) return `${nameOf()}: ${expression(m)}`;
      proto = false;
      return `__proto__: ${expression(m)}`;
    },
  ));
  return `({ ${parts.join(", ")} })`;
}

function suspend(m: Maker): string {
  return m.choose([5, () => `(yield ${expression(m)})`], () => "(yield)", [2, () => `(yield* ${m.place.awaits ? asyncIterableValue(m) : iterableValue(m)})`]);
}
function awaited(m: Maker): string {
  return m.choose([3, () => expression(m)], () => `th(${m.tag()}, ${literal(m)}, ${m.next(5)})`, () => `Promise.${m.pick(["resolve", "reject"])}(${expression(m)})`, () => `${m.name("async") ?? "Promise.resolve"}(${args(m)})`);
}

/** Direct eval of an expression or some statements, or a function made from text. */
function evaluated(m: Maker): string {
  const inside = { yields: false, awaits: false, inFunction: false, loop: false, breakable: false, loopLabels: [], labels: [] };
  const code = m.within(inside, () => m.choose(() => expression(m), () => `${statements(m, 2)}; ${expression(m)}`));
  return m.choose([3, () => `eval(${JSON.stringify(code)})`], () => `(0, eval)(${JSON.stringify(m.pick(["1 + 1", "var g1 = 2; g1", "this === globalThis", "typeof v0", "let l1 = 3; l1", "\"use strict\"; (function () { return typeof this; })()"]))})`,
    () => `new Function("a", "b = a", ${JSON.stringify(m.pick(["return a", "return [a, b, this === globalThis]", "return arguments.length", "return typeof v0", "\"use strict\"; return this", "}"]))})(${args(m)})`);
}
