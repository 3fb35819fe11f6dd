// Values that are worth a try: literals at the edges of what the language tells apart, and the prelude's objects that log
// what is done to them.

import { expression } from "./expressions.js";
import type { Maker } from "./maker.js";

export const numbers = [
  "0", "1", "2", "3", "-1", "(-0)", "NaN", "Infinity", "-Infinity", "0.5", "-1.5", "1e21", "1e-7", "123456789", "0.1", "2147483647", "2147483648", "-2147483648", "-2147483649",
  "1073741823", "1073741824", "-1073741824", "-1073741825", "4294967295", "4294967296", "9007199254740991", "9007199254740992", "5e-324", "1.7976931348623157e308", "255", "256", "65536", "1e300", "0x1F", "0b101", "0o17", "1_000",
];
export const texts = [
  `""`, `"a"`, `"b"`, `"abc"`, `"0"`, `"1"`, `"-0"`, `"1e3"`, `" 12 "`, `"0x10"`, `"length"`, `"NaN"`, `"é"`, `"\\u{1F600}"`, `"\\ud800"`, `"a\\u{1F600}b"`, `"A"`, `"ß"`, `"İ"`, `"\\u0131K"`, `"undefined"`, `"constructor"`, `"__proto__"`,
  `"4294967295"`, `"01"`, `"1.0"`, `"true"`, `"a,b,c"`, `"\\n"`, `"\\0x"`, `"aXbXc"`, `"abcabc"`, `"12n"`, `"0b11"`, `"Infinity"`, `"-"`, `"\\ufeff1"`,
];
export const bigints = ["0n", "1n", "-1n", "2n", "7n", "-10n", "18446744073709551616n", "-9223372036854775808n", "123456789012345678901234567890n", "4294967295n", "0xffn"];
export const keys = [`"a"`, `"b"`, `"c"`, `"0"`, `"1"`, `"2"`, "0", "1", "2", "-1", "1.5", `"length"`, "Symbol.iterator", "Symbol.toStringTag", "Symbol.toPrimitive", `"x y"`, `""`, "4294967294", "4294967295", `"constructor"`, `"toString"`, `"valueOf"`, "(-0)", "1n", "null", "true", `"__proto__"`];
export const properties = ["a", "b", "c", "length", "name", "constructor", "x", "prototype", "toString", "valueOf"];

/** A literal of no parts. */
export function literal(m: Maker): string {
  return m.choose(
    [8, () => m.pick(numbers)], [6, () => m.pick(texts)], [2, () => m.pick(bigints)],
    [6, () => m.pick(["undefined", "null", "true", "false"])],
    [2, () => String(m.next(10))],
    () => m.pick(["Symbol.iterator", "Symbol.for(\"s\")", "globalThis.absent", "Symbol()"]),
    [2, () => m.pick(["[]", "({})", "[1, 2, 3]", "({ a: 1, b: 2 })", "[, 1]", "/a/g", "(() => 1)", "[[1], [2]]", "({ length: 2, 0: \"x\", 1: \"y\" })"])],
  );
}
export function number(m: Maker): string {
  return m.choose([5, () => m.pick(numbers)], [3, () => String(m.next(8))], () => odd(m), [1, () => expression(m)]);
}
export function text(m: Maker): string {
  return m.choose([8, () => m.pick(texts)], () => odd(m), [1, () => expression(m)], [1, () => `"${Array.from({ length: m.next(6) }, () => m.pick(["a", "b", "c", " ", "1", "A", "$", "\\u{1F600}"])).join("")}"`]);
}
/** An index, or what becomes one. */
export function index(m: Maker): string {
  return m.choose([8, () => m.pick(["0", "1", "2", "3", "4", "-1", "-2", "-3"])], [2, () => m.pick(["NaN", "Infinity", "-Infinity", "undefined", "1.7", "\"1\"", "null", "true", "(-0)", "2 ** 32", "-(2 ** 31)"])], () => odd(m));
}
export function key(m: Maker): string {
  return m.choose([6, () => m.pick(keys)], [1, () => `ob(${m.tag()}, ${m.pick(keys)}, ${m.next(6)})`]);
}

/** A value that tells what is done to it, or that throws. */
export function odd(m: Maker): string {
  return m.choose([5, () => conversion(m)], [2, () => iterable(m)], [2, () => proxy(m)], () => thenable(m), () => `t(${m.tag()}, ${literal(m)})`);
}
export function conversion(m: Maker): string { return `ob(${m.tag()}, ${literal(m)}, ${m.chance(80) ? m.next(4) : m.next(6)})`; }
export function iterable(m: Maker): string { return `it(${m.tag()}, [${m.some(0, 4, () => literal(m)).join(", ")}], ${m.chance(50) ? 0 : m.next(10)})`; }
export function asyncIterable(m: Maker): string { return `ait(${m.tag()}, [${m.some(0, 3, () => (m.chance(20) ? thenable(m) : literal(m))).join(", ")}], ${m.chance(50) ? 0 : m.next(10)})`; }
export function thenable(m: Maker): string { return `th(${m.tag()}, ${literal(m)}, ${m.next(5)})`; }
export function proxy(m: Maker): string {
  return `px(${m.tag()}, ${m.choose(() => "{ a: 1, b: 2 }", () => "[1, 2, 3]", () => "function () {}", () => "class { static x = 1 }", () => "{ length: 2, 0: 5, 1: 6 }", () => "Object.freeze([1, 2])", () => `({ get a() { return t(${m.tag()}, 1); }, set a(v) { t(${m.tag()}, v); } })`, () => m.name("array", "object", "function", "class") ?? "[]")})`;
}
