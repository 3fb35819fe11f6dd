// Conversions by user code: valueOf, toString, Symbol.toPrimitive in every operator and built-in that asks for them.
const log = [];
const make = (name, v, t) => ({ valueOf() { log.push(name + ".v"); return v; }, toString() { log.push(name + ".t"); return t; } });
const a = make("a", 5, "A"), b = make("b", {}, "7"), c = { [Symbol.toPrimitive](hint) { log.push("c." + hint); return hint === "number" ? 3 : "c"; } };
const out = [a + b, a - b, a * b, a < b, b >= a, a == 5, b == "7", c + 1, c * 2, c == "c", `${a}${b}${c}`, +a, -b, ~a, a ** 2, a << 1, c > 2, a % 2, a / 2, 2 ** c, 10 - c, a & b, a | c, a >>> 0];
console.log(out.join(" "));
console.log(log.join(" "));
log.length = 0;
let i = make("i", 1, "x"), j = make("j", 2, "y");
i++; ++j; i += a; j -= b; i **= 2;
const keyed = { [a]: 1, [b]: 2, [c]: 3 };
console.log(i, j, Object.keys(keyed), keyed[a], keyed[make("k", 0, "A")], delete keyed[a], a in keyed);
console.log(log.join(" "));
log.length = 0;
console.log([3, 1, 2][make("m", 9, "1")], "abcdef".slice(a), "abc".repeat(c), "x".padEnd(a, b), Math.max(a, b, c), parseInt(b), Number(a), String(a), new Date(a).getTime(), isNaN(c), "7".indexOf(b), [1, 2, 3].at(make("n", -1)), [1, 2, 3, 4].slice(make("s", 1), make("e", 3)), "a-b".split(make("sep", 0, "-")), new Array(3).fill(0, make("f", 1)).length, "abc".charAt(make("p", 2)), Math.pow(a, 2), (255).toString(make("radix", 16)), (1.005).toFixed(make("digits", 1)));
console.log(log.join(" "));
log.length = 0;
for (const f of [() => ({ valueOf: () => ({}), toString: () => ({}) }) + 1, () => +{ [Symbol.toPrimitive]: () => ({}) }, () => `${Object.create(null)}`, () => +{ valueOf() { throw new RangeError("mine"); } }, () => ({ toString: 1, valueOf: null }) + "", () => [{ toString() { throw new Error("join"); } }].join(), () => new Map()[{ toString() { throw new Error("key"); } }]]) {
  try { console.log("value", f()); } catch (e) { console.log(e.name, e.message.slice(0, 40)); }
}
console.log([1, [2, [3, null]], undefined] + "", {} + "", (() => 1) + "", [] == "", [0] == false, null == 0, "b" + { toString: () => "o" }, new Date(0) + 0 === new Date(0).toString() + "0", new Date(5) - 1, new Date(5) == 5);
console.log(JSON.stringify({ n: new Number(make("num", 4)), s: new String(make("str", 0, "S")) }), log.join(" "));
log.length = 0;
const sorted = [make("x", 1, "10"), make("y", 2, "9"), make("z", 3, "1")].sort();
console.log(sorted.map(String).join(), log.filter((x) => x.endsWith("t")).length > 3);
log.length = 0;
switch (5) { case a: console.log("never"); default: console.log("strict"); }
console.log([a].includes(5), [a].indexOf(a), new Set([a]).has(a), a === a, log.length, Object.is(a, a));
if (a) console.log("objects are truthy"); 
console.log(!a, a && 1, a || 1, a ?? 1, typeof a, log.length, a ? "t" : "f");
console.log(String.raw({ raw: make("raw", 0, "xyz") }), log.join(" "), Object.prototype.toString.call({ get [Symbol.toStringTag]() { log.push("tag"); return "Tag"; } }), log.length);
console.log(isFinite(a), [10, 9].toString(), Number([]), Number([7]), Number([1, 2]), Number({}), parseFloat([3.5]), [..."x".padStart({ valueOf: () => 3 }, [1, 2])].join());
console.log(new Date(2020, make("month", 5)).getMonth(), Date.UTC(c), new Uint8Array([a, b, c]), Array.from({ length: make("len", 2) }, () => 1), Symbol(make("desc", 0, "D")).toString(), "s".concat(a), Reflect.has({ A: 1 }, a), Object.entries({ [c]: a }).length);
