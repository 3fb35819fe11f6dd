// Calls whose arguments are texts with a grammar of their own: regular expressions, JSON, numbers, dates.

import { expression, objectLiteral } from "./expressions.js";
import type { Maker } from "./maker.js";
import { index, key, literal, number, numbers, odd, text } from "./values.js";

const letters = ["a", "b", "c", "A", "B", "0", "1", " ", "\n", "_", "-", "é", "É", "ß", "ſ", "K", "\u{1F600}", "\u{10400}"];
function subject(m: Maker): string { return JSON.stringify(m.some(0, 10, () => m.pick(letters)).join("")); }

interface Groups { count: number; names: string[]; isUnicode: boolean; isSets: boolean }

function regexpLiteral(m: Maker): string {
  const flags = ["d", "g", "i", "m", "s", "y"].filter((flag) => m.chance(flag === "g" || flag === "i" ? 40 : 12)).concat(m.pick([[], [], ["u"], ["v"]])).sort().join("");
  const groups: Groups = { count: 0, names: [], isUnicode: /[uv]/.test(flags), isSets: flags.includes("v") };
  const source = alternatives(m, groups, 0);
  // What is refused must not be a literal, or the whole program would be.
  try {
    new RegExp(source, flags);
  } catch {
    return `new RegExp(${JSON.stringify(source)}, "${flags}")`;
  }
  return m.chance(80) ? `/${source}/${flags}` : `new RegExp(${JSON.stringify(source)}, "${flags}")`;
}
function alternatives(m: Maker, groups: Groups, depth: number): string {
  const made = m.some(1, m.chance(25) ? 3 : 1, () => m.some(1, 4, () => term(m, groups, depth)).join("")).join("|");
  return made;
}
function term(m: Maker, groups: Groups, depth: number): string {
  const inner = (): string => alternatives(m, groups, depth + 1);
  const deep = depth < 3 ? 1 : 0;
  return m.choose(
    [10, () => atom(m, groups) + quantifier(m)],
    [3 * deep, () => { groups.count++; return `(${inner()})${quantifier(m)}`; }],
    [1 * deep, () => { const name = `n${groups.names.length}`; groups.names.push(name); groups.count++; return `(?<${name}>${inner()})${quantifier(m)}`; }],
    [2 * deep, () => `(?:${inner()})${quantifier(m)}`],
    [1 * deep, () => `(?${m.pick(["=", "!"])}${inner()})${groups.isUnicode || m.chance(80) ? "" : quantifier(m)}`],
    [1 * deep, () => `(?<${m.pick(["=", "!"])}${inner()})`],
    [2, () => m.pick(["^", "$", "\\b", "\\B"])],
    [groups.count > 0 ? 2 : 0, () => `\\${1 + m.next(groups.count)}${quantifier(m)}`],
    [groups.names.length > 0 ? 2 : 0, () => `\\k<${m.pick(groups.names)}>${quantifier(m)}`],
  );
}
function atom(m: Maker, groups: Groups): string {
  return m.choose(
    [6, () => m.pick(["a", "b", "c", "A", "1", "_", "é", "ß", "K", groups.isUnicode ? "\\u{1F600}" : "\\u0061", " "])], [2, () => "."],
    [3, () => m.pick(["\\d", "\\w", "\\s", "\\D", "\\W", "\\S"])],
    [3, () => `[${m.pick(["", "^"])}${m.some(1, 3, () => m.pick(["a-c", "b", "A-Z", "\\d", "\\w", "\\s", "0-1", "é", "\\W", groups.isUnicode ? "\\u{1F600}" : "x", "_"])).join("")}]`],
    [groups.isUnicode ? 2 : 0, () => m.pick(["\\p{L}", "\\P{Lu}", "\\p{Lu}", "\\p{Script=Greek}", "\\p{Emoji_Presentation}", "\\p{ASCII}"])],
    [groups.isSets ? 2 : 0, () => m.pick(["[\\w--[a-c]]", "[\\w&&[a-cA-C0]]", "[[a-z]--\\q{a|bc}]", "[\\q{ab|a|}c]", "[^\\d&&\\w]"])],
    [groups.isUnicode ? 0 : 2, () => m.pick(["\\x61", "\\cA", "\\0", "\\-", "\\_", "]", "{", "\\8", "\\u{61}", "\\c", "a{,2}", "\\k", "\\7"])],
  );
}
function quantifier(m: Maker): string { return m.choose([6, () => ""], [3, () => m.pick(["*", "+", "?", "{2}", "{1,2}", "{0,}", "{0}"]) + m.pick(["", "", "?"])]); }

export function regexpCall(m: Maker): string {
  const pattern = regexpLiteral(m);
  const replacement = (): string => m.choose(() => m.pick(["\"[$&]\"", "\"$1-$2\"", "\"$<n0>\"", "\"$`$'\"", "\"$$1\"", "\"$01$11\""]), () => `(...all) => { log(${m.tag()}, ...all); return ${literal(m)}; }`);
  return m.choose(
    [4, () => `(${pattern}).exec(${subject(m)})`], [2, () => `(${subject(m)}).match(${pattern})`], [2, () => `(${subject(m)}).${m.pick(["replace", "replaceAll"])}(${pattern}, ${replacement()})`], [2, () => `(${subject(m)}).split(${pattern}, ${m.pick(["undefined", "2", "-1"])})`],
    () => `[...(${subject(m)}).matchAll(${pattern})]`, () => `(${subject(m)}).search(${pattern})`,
    [2, () => `run(${m.tag()}, () => { const r = ${pattern}; r.lastIndex = ${index(m)}; return [r.test(${subject(m)}), r.lastIndex, r.exec(${subject(m)}), r.lastIndex, String(r), r.flags]; })`],
    () => `RegExp.prototype[Symbol.${m.pick(["match", "matchAll", "replace", "search", "split"])}].call(${m.choose(() => `px(${m.tag()}, { exec(s) { log(${m.tag()}, s); return ${m.choose(() => "null", () => `(this.n = (this.n || 0) + 1) > 2 ? null : { index: 1, length: 2, 0: ${literal(m)}, 1: ${literal(m)}, groups: ${m.pick(["undefined", "{ n: 1 }"])} }`)}; }, flags: ${m.pick(["\"\"", "\"g\"", "\"gu\""])}, lastIndex: 0, constructor: ${m.pick(["undefined", "RegExp"])} })`, () => `Object.assign(${pattern}, { exec: undefined })`, () => pattern)}, ${text(m)}, ${replacement()})`,
    () => `new RegExp(${m.choose(() => text(m), () => pattern, () => m.pick(["\"(\"", "\"[b-a]\"", "\"a**\"", "\"\\\\\"", "\"/\"", "\"\\n\"", "\"(?<a>.)(?<a>.)\"", "\"\\\\p{L}\"", "\"{1}\""]))}, ${m.pick(["undefined", "\"g\"", "\"gg\"", "\"u\"", "\"uv\"", "\"i\""])})`,
  );
}

function jsonText(m: Maker, depth = 0): string {
  return m.choose(
    [4, () => m.pick(["1", "-0", "1.5e3", "true", "null", "\"a\"", "\"\\u0041\\n\"", "0", "1e999", "123456789012345678901"])],
    [depth < 3 ? 2 : 0, () => `[${m.some(0, 3, () => jsonText(m, depth + 1)).join(",")}]`],
    [depth < 3 ? 2 : 0, () => `{${m.some(0, 3, () => `${m.pick(["\"a\"", "\"b\"", "\"1\"", "\"__proto__\"", "\"\""])}: ${jsonText(m, depth + 1)}`).join(", ")}}`],
    [m.chance(8) ? 2 : 0, () => m.pick(["01", "+1", "'a'", "[1,]", "{a:1}", "\"\\x\"", "1.", ".5", "\"\t\"", "nul", "", "-", "[", "\u00a01"])],
  );
}
export function jsonCall(m: Maker): string {
  const space = (): string => m.pick(["undefined", "2", "\"\\t\"", "20", "\"abcdefghijklmnop\"", "new Number(1)", "-1"]);
  return m.choose(
    [2, () => `JSON.parse(${JSON.stringify(jsonText(m))}${m.chance(50) ? `, function (k, v) { tick(); log(${m.tag()}, k, v${m.chance(30) ? ", this" : ""}); ${m.pick(["", "if (k === \"a\") return undefined;", "if (Array.isArray(this)) this.length = 1;", "if (k === \"0\") this[1] = { b: 1 };", "delete this.b;"])} return v; }` : ""})`],
    [3, () => `JSON.stringify(${m.choose(() => objectLiteral(m), () => expression(m), () => `[${literal(m)}, ${odd(m)}]`, () => `{ toJSON(k) { log(${m.tag()}, k); return ${literal(m)}; } }`)}, ${m.choose(() => "undefined", () => "null", () => `[${m.some(0, 3, () => key(m)).join(", ")}]`, () => `function (k, v) { tick(); log(${m.tag()}, k); return ${m.pick(["v", "k === \"a\" ? undefined : v", "typeof v === \"bigint\" ? String(v) : v", "k === \"\" ? { a: v, b: [v] } : v"])}; }`, () => odd(m))}, ${space()})`],
    () => `JSON.stringify(${text(m)})`,
  );
}

/** A random number of any size, as a literal. */
function anyNumber(m: Maker): string {
  return m.choose(() => m.pick(numbers), [2, () => `${m.pick(["", "-"])}${m.next(10)}.${m.some(1, 17, () => String(m.next(10))).join("")}e${m.next(600) - 300}`], [2, () => `${m.pick(["", "-"])}${m.next(100000)}.${m.some(0, 6, () => String(m.next(10))).join("")}`], () => `${1 + m.next(9)}${m.some(0, 24, () => String(m.next(10))).join("")}`);
}
export function numberCall(m: Maker): string {
  const value = `(${anyNumber(m)})`;
  const digits = (most: number): string => m.chance(85) ? String(m.next(most)) : m.choose(() => index(m), () => odd(m));
  const spelled = (): string => m.choose([3, () => `"${m.pick(["", " ", "\\n"])}${anyNumber(m).replace(/[()_]/g, "")}${m.pick(["", " ", "x", "e", "e+", ".", "px"])}"`], () => text(m));
  return m.choose(
    [2, () => `${value}.toFixed(${digits(25)})`], [2, () => `${value}.toPrecision(${digits(30)})`], [2, () => `${value}.toExponential(${digits(25)})`], [2, () => `String(${value})`], () => `(${m.next(2) === 0 ? m.next(1e9) : `${m.next(1e6)}.${m.pick(["5", "25", "125", "0"])}`}).toString(${2 + m.next(35)})`,
    () => `${value}.toString(${m.pick(["10", "undefined", "1", "37", "\"16\"", "2.5"])})`, [2, () => `Number(${spelled()})`], [2, () => `parseFloat(${spelled()})`], [2, () => `parseInt(${spelled()}, ${m.pick(["undefined", "10", "16", "2", "36", "0", "1", "37", "\"8\"", "-1"])})`],
    () => `Number.${m.pick(["isInteger", "isSafeInteger", "isNaN", "isFinite"])}(${number(m)})`, [2, () => `(${value} ${m.pick(["%", "**", "/", "*", "|", ">>>", "<<"])} (${anyNumber(m)}))`], () => `Number.prototype.${m.pick(["toFixed", "toString", "valueOf"])}.call(${literal(m)}, ${digits(20)})`, () => `BigInt(${m.choose(() => value, spelled)})`,
  );
}

export function dateCall(m: Maker): string {
  const part = (): string => m.choose([8, () => String(m.next(70) - 10)], () => m.pick(["NaN", "undefined", "1e9", "-1e5", "1.9", "null"]), () => odd(m));
  const parts = (least: number, most: number): string => m.some(least, most, part).join(", ");
  const year = (): string => m.pick(["2024", "1970", "0", "99", "1900", "-1", "275760", "2000", "1969"]);
  const made = m.choose(() => `new Date(${year()}, ${parts(1, 6)})`, () => `new Date(${m.pick(["0", "-1", "8.64e15", "8.64e15 + 1", "1e12", "951782400000", "NaN", "-62198755200000"])})`, () => `new Date(Date.UTC(${year()}, ${parts(0, 6)}))`,
    () => `new Date("${m.pick(["2024", "2024-02", "2024-02-29", "2024-02-30", "2024-13-01", "2024-01-01T00:00", "2024-01-01T24:00:00Z", "2024-01-01T12:34:56.789Z", "2024-01-01T12:34:56.7+05:30", "+275760-09-13T00:00:00Z", "-000001-01-01T00:00Z", "-000000-01-01T00:00Z", "2024-01-01T12:34:60Z", "x", ""])}")`);
  const units = ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds"];
  return m.choose(
    [2, () => `run(${m.tag()}, () => { const d = ${made}; return [+d, d.get${m.pick(["UTC", ""])}${m.pick(units)}(), d.getDay(), d.toISOString()]; })`], [3, () => `run(${m.tag()}, () => { const d = ${made}; return [d.set${m.pick(["UTC", ""])}${m.pick(units)}(${parts(0, 4)}), d]; })`],
    () => `String(${made})`, () => `(${made}).${m.pick(["toDateString", "toTimeString", "toUTCString", "toJSON", "valueOf", "getYear", "getTimezoneOffset"])}()`, () => `(${made})[Symbol.toPrimitive](${m.pick(["\"number\"", "\"string\"", "\"default\"", "\"x\"", "undefined"])})`, () => `Date.UTC(${parts(0, 7)})`, () => `new Date(${m.choose(() => odd(m), () => literal(m))}) + 1`, () => `(${made}).setYear(${part()})`, () => `Date.prototype.toJSON.call({ toISOString() { log(${m.tag()}); return 1; }, valueOf: () => ${literal(m)} })`,
  );
}
