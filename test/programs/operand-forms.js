// Rare instruction forms: stepping parameters in loops, conditions the wrong way round, computed anonymous names, negative steps.
function steps(a, b) { for (; a < b; a++) if (a % 2 === 1) b--; while (b-- > 0) a--; a++; --b; return [a, b]; }
console.log(steps(0, 9), steps(2.5, 7), steps("1", "4"));
function assign(a, b, c) { return [(a = b), (b = c), (c ??= 5), (a ||= 1), (b &&= 2), a, b, c]; }
console.log(assign(0, null, undefined), assign(1, 2, 3));
const less = [1, 0.5, "b", null, { valueOf: () => 3 }].map((x) => { const out = []; for (const y of [2, 2.5, "a", undefined, { valueOf: () => 1 }, true]) { const le = x <= y, ge = x >= y, ne = x != y, sne = x !== y; out.push(+le, +ge, +ne, +sne); } return out.join(""); });
console.log(less);
const computed = { set ["s" + 1](v) { this.v = v; }, get ["g" + 1]() { return this.v; }, ["f" + 1]: function () {}, ["c" + 1]: class {}, ["a" + 1]: () => {} };
computed.s1 = 4;
console.log(computed.g1, computed.f1.name, computed.c1.name, computed.a1.name, Object.getOwnPropertyDescriptor(computed, "s1").set.name, Object.getOwnPropertyDescriptor(computed, "g1").get.name);
class K { static ["m" + 1]() {} static get ["x" + 1]() { return 1; } static set ["x" + 1](v) {} ["field" + 1] = () => {}; static async *["ag"]() {} }
console.log(Object.getOwnPropertyNames(K).join(), new K().field1.name, K.m1.name);
function sloppyArguments(a, b) { b = 3; return [arguments.length, arguments[1], a]; }
function strictArguments() { "use strict"; return [arguments.length, typeof arguments]; }
const arrowArguments = function () { return (() => arguments.length)(); };
console.log(sloppyArguments(1), strictArguments(1, 2), arrowArguments(1, 2, 3));
const rest = (...all) => all.length, rest2 = (a, b, ...all) => all;
console.log(rest(), rest(1, 2), rest2(1, 2, 3), [], [,], [1, ...[]], {}, { a: 1 });
const list = [() => 1, function () { return this.length; }];
console.log(list[0](), list[1](), list["map"]((f) => typeof f), (list[0])?.(), new (class { m(k) { return this[k](); } v() { return "v"; } })().m("v"));
const fn = Object.assign(function () {}, { k: 1 });
const i = 0, name = "dyn", err = new Error("e");
fn[name] = 2; fn[i] = 3; err[name] = 4; err[i] = 5;
console.log(fn[name] + fn[i] + fn.k, err[name], err[i], new Map()["size"], (5)["constructor"].name, Symbol.iterator["description"], Symbol("d").toString());
let deep = 0;
const outer = () => { deep++; return () => { deep += 10; return () => { deep += 100; { let inner = deep; return () => { deep = inner + 1000; return inner; }; } }; }; };
console.log(outer()()()(), deep);
const s = Symbol(), box = { s };
for (const v of [s, "x", 1, 0.25, null, {}, undefined, true]) console.log(typeof v, !v, !!v, v === s, v !== s, v == null, v != null, v === 0.25, v !== 0.25, box.s === v);
for (const v of ["5", 0.5, true, null, undefined, { valueOf: () => 8 }]) { let a = v, b = v, c = [v], o = { v }; const n = [~v, -v, +v, v & 3, v | 0.5, v ^ true, v << "1", v >> null, v >>> undefined, v - undefined, v * "2", v / "2", v % "2", v ** "2", v % null, v / true, v & "x", v | null, v ^ "1", v >> "1", v >>> "1", v << null, v & {}, v | {}, v ^ {}, v >> {}, v >>> { valueOf: () => 1 }, v << { valueOf: () => 1 }, v ** null, 1 - null]; a++; --b; c[0]++; --c[0]; o.v--; ++o.v; console.log(n.map(String).join(" "), a, b, c[0], o.v); }
console.log([0.5 << 1, 1.5 >> 0, 2.5 & 3, 0.5 < 0.6, 0.5 <= 0.5, 1.5 >= 2.5, 0.5 == 0.5, 0.5 != 0.6, 1 != 1, "a" != "b", ({}) != ({}), null != undefined, 1 <= 2, "a" <= "b", null <= 0, { valueOf: () => 1 } <= 2].map(Number).join(""), +0.5, +5, `${0.5}`, typeof 0.5, !0.5, !5, !{}, { [0.5]: 1, [5]: 2, [{ toString: () => "k" }]: 3 });
function compare(a, b) { return (a < b ? "l" : "") + (a > b ? "g" : "") + (a <= b ? "L" : "") + (a >= b ? "G" : "") + (!(a < b) ? "nl" : "") + (!(a > b) ? "ng" : "") + (!(a <= b) ? "nL" : "") + (!(a >= b) ? "nG" : "") + (a === b ? "e" : "n") + (a !== b ? "N" : "E"); }
for (const a of [1, 1.5, "1", null, { valueOf: () => 2 }]) console.log([1, 2.5, "1", undefined, { valueOf: () => 1 }, a].map((b) => compare(a, b)).join(" "));
let x = 10; x += -3; x = x + -128; x = x - 100; x = -x; x = -32768 + x - 200 + 1000;
console.log(x, -1, -128, -129, -32768, -32769, 127, 128, 32767, 32768, 1e9);
loop: for (const q of [3, 2, 1]) { do { x--; if (x % q === 0) continue loop; } while (x >= 0 && x > q); }
x = 20; do { x -= 7; } while (x > 2.5); do { x += 0.5; } while (x < 2.5 && x <= 9); do { x = "z" + x; } while (x < "a" || x.length < 5);
console.log(x);
const cell = { v: 0.5, limit: 3 };
function kept(a, o) { const out = []; a = a + o.v; out.push(a); do { a++; } while (a < o.limit); return [a, out, o.v++, o.v, o["limit"]--, o.limit]; }
console.log(kept(0, cell), kept(0.25, { v: { valueOf: () => 1.5 }, limit: { valueOf: () => 4 } }), kept("1", { v: null, limit: "33" }), kept(1, { v: undefined, limit: undefined }), kept(1, { v: true, limit: null }));
const below = (a, b) => a < b;
console.log(below(undefined, 1), below(null, 1), below(true, 2), below("a", undefined));
function parameterFirst(a, b) { a = b * 2; if (a > 4) { b = a + 1; return b * a; } a = b; return a; }
console.log(parameterFirst(1, 2), parameterFirst(1, 5));
