// Programs for the compiler's tests, together every construct of the language that is supported: checked for consistent
// code, and run against Node's output (compiler-run.test.ts). Each prints what it finds.

/** Scripts, sloppy unless they say otherwise. */
export const scriptPrograms: readonly string[] = [
  `var a = 1, b; b = a++ + ++a; a -= 2; b **= 2; b >>>= 1; console.log(a, b, -a, +b, ~a, !a, void 0, typeof zzz, typeof a, (1, 2));
   console.log(1 + 2 - 3 * 4 / 5 % 6 << 1 >> 1 & 7 | 8 ^ 9, 5 / 2, 7 % 3, -7 % 3, 2 ** 10, 1 < 2, "b" >= "a", null == undefined, NaN != NaN, 0 === -0, "x" + 1 + 2);`,
  `console.log([1, , 3].length, [...[1, 2], ...new Set([3])], { a: 1, "b c": 2, 3: 4, ["d" + 1]: 5, get e() { return 6 }, set e(v) {}, f() { return 7 }, *g() {}, async h() {}, __proto__: { p: 8 } }.p, { ...{ x: 1 }, y: 2, ...null });`,
  `for (var i = 0, s = ""; i < 5; i++) { if (i === 1) continue; if (i === 4) break; s += i; } console.log(s, i);
   while (i > 0) i--; do { i++ } while (i < 3); console.log(i); for (;;) { if (i++ > 9) break } for (var k in { p: 1, q: 2 }) console.log(k); for (var v of [1, 2]) console.log(v);
   outer: for (var x = 0; x < 3; x++) { for (var y = 0; y < 3; y++) { if (y === 1) continue outer; if (x === 2) break outer; console.log(x, y); } }
   block: { if (x) break block; console.log("not here"); }`,
  `function kind(v) { switch (typeof v) { case "string": return "s"; case "number": { let n = v; if (n > 5) break; return "small"; } default: return "other"; case "boolean": } return "end"; }
   console.log(kind("a"), kind(1), kind(9), kind(true), kind(null));
   switch (3) { default: console.log("d"); case 1: console.log(1); break; case 2: console.log(2); }
   switch (1) { case 0: let t; break; case 1: try { t; } catch (e) { console.log(e.name); } }`,
  `function f(n) { try { if (n === 0) return "r"; if (n === 1) throw new Error("t"); if (n === 2) return g(); return "end"; } catch (e) { return "c" + e.message; } finally { console.log("finally", n); if (n === 3) return "over"; } }
   function g() { for (const x of [1, 2]) { try { continue; } finally { console.log("g", x); } } return "g"; }
   console.log(f(0), f(1), f(2), f(3)); l: try { break l; } finally { console.log("left"); }
   try { try { throw 1 } finally { console.log("in") } } catch (e) { console.log(e) } try { throw { a: 1, b: [2] } } catch ({ a, b: [c] }) { console.log(a, c) } try { throw 0 } catch { console.log("none") }`,
  `var fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i++); } console.log(fs.map((f) => f()), fs.map((f) => f()));
   for (let i = 0, get = () => i; i < 2; i++) console.log(get()); for (const k in { a: 1, b: 2 }) fs.push(() => k); for (const k of [7, 8]) fs.push(() => k); console.log(fs.slice(3).map((f) => f()));
   { let x = 1; { let x = 2; console.log(x) } console.log(x) }`,
  `function f(a, b = a + 1, { c, d: [e = 5] = [] } = { c: 3 }, ...rest) { return [a, b, c, e, rest, f.length, arguments.length]; }
   console.log(f(1), f(1, 2, { c: 4, d: [6] }, 7, 8)); console.log(((a, g = () => a) => { var a = 2; return [a, g()]; })(1)); try { ((a = b, b) => 0)() } catch (e) { console.log(e.message) }
   var { a, ...others } = { a: 1, b: 2, 3: 4 }, [p, , q = 9, ...r] = "abcde"; console.log(a, others, p, q, r); [a, p] = [p, a]; console.log(a, p); var o = {}; ({ x: o.y, ["z"]: o["w"] = 3 } = { x: 1 }); [o[0], o.n] = [5, 6]; console.log(o);
   for (var [k, val] of Object.entries({ m: 1 })) console.log(k, val); try { var { zz } = null } catch (e) { console.log(e.name) }`,
  `function sum() { var t = 0; for (var i = 0; i < arguments.length; i++) t += arguments[i]; return t; } console.log(sum(1, 2, 3));
   function mapped(a, b) { a = 10; arguments[1] = 20; return [a, b, arguments[0], arguments[1], arguments.length]; } console.log(mapped(1, 2), mapped(1), mapped());
   function strict(a) { "use strict"; a = 2; return arguments[0]; } console.log(strict(1)); function opt(o) { o = o || {}; return arguments.length; } console.log(opt(), opt(1)); function whole(a) { a = 2; return Array.prototype.slice.call(arguments); } console.log(whole(1, 3));
   function inc(a) { a++; arguments[0] += 5; return a; } console.log(inc(1)); function shadow(arguments) { return arguments; } console.log(shadow(4)); var arrow = function () { return (() => arguments[0])(); }; console.log(arrow(6));`,
  `console.log(typeof hoisted, hoisted()); function hoisted() { return "h" } { function inBlock() { return "b" } } console.log(inBlock()); if (true) { function inIf() { return 1 } } console.log(inIf());
   var fact = function me(n) { me = null; return n < 2 ? 1 : n * me(n - 1); }; console.log(fact(5)); console.log((function () { return typeof this })(), (function () { "use strict"; return typeof this }).call(1), (function () { return this }).call(1) instanceof Number);
   console.log((function () { return typeof f; { function f() {} } })(), new (function F() { this.n = new.target === F })().n, (() => new.target === undefined).call);`.replace("(() => new.target === undefined).call", "1"),
  `class A { #p = 1; static #count = 0; q = this.#p + 1; ["c" + 1] = 2; static s = "st"; static { A.#count++; this.t = A.#count; } constructor(x) { this.x = x; } get p() { return this.#p; } set p(v) { this.#p = v; } #m() { return "m" + this.#p; } callM() { return this.#m(); } static is(o) { return #p in o; } get #acc() { return this.x } set #acc(v) { this.x = v } bump() { this.#acc++; this.#acc += 2; return this.#acc; } static make() { return new this(9); } *gen() { yield this.x; } async am() { return this.x; } toString() { return "A" + this.x; } }
   class B extends A { constructor() { const later = () => this.x; super(5); this.y = later(); } toString() { return "B" + super.toString(); } get p() { return super.p * 10; } static make() { return super.make(); } }
   var a = new A(3), b = new B(); a.p = 7; console.log(a.p, a.q, a.c1, A.s, A.t, a.callM(), A.is(a), A.is({}), a.bump(), String(b), b.p, b.y, B.make().x, [...a.gen()], A.name, new (class extends Array {})(3).length, (class {}).name, Object.getOwnPropertyNames(A.prototype).length);
   class D extends B {} console.log(String(new D())); class E extends null { static f() { return 1 } } console.log(E.f()); try { A() } catch (e) { console.log(e.message) } try { new (class extends A { constructor() {} })() } catch (e) { console.log(e.name) } try { a.p2(); } catch (e) { console.log(e.name) }
   const C = class Inner { static self() { return Inner } }; console.log(C.self() === C); var obj = { __proto__: { hi() { return "hi" } }, hi() { return super.hi() + "!" } }; console.log(obj.hi());
   class R extends A { constructor() { return { other: 1 } } } console.log(new R().other); class T extends A { f = () => this.x; constructor() { super(2); } } console.log(new T().f());`,
  `function* g(n) { try { var got = yield n; console.log("got", got); for (var i = 0; i < 2; i++) yield i; return "ret"; } finally { console.log("cleanup"); } }
   var it = g(5); console.log(it.next("ignored"), it.next("x"), it.next(), it.next(), it.next()); it = g(1); it.next(); console.log(it.return(3), it.next()); it = g(2); it.next(); try { it.throw(new Error("boom")) } catch (e) { console.log(e.message) }
   function* outer() { var r = yield* inner(); console.log("inner gave", r); yield* [1, 2]; } function* inner() { try { yield "i"; return "done"; } finally { console.log("inner end") } } console.log([...outer()]); it = outer(); it.next(); console.log(it.return("early"));
   function* fib() { let [a, b] = [0, 1]; for (;;) { yield a; [a, b] = [b, a + b]; } } for (const x of fib()) { if (x > 20) break; console.log(x); } var [x1, x2] = fib(); console.log(x1, x2); console.log(Math.max(...g2())); function* g2() { yield 3; yield 9; yield* g3(); } function* g3() { yield (yield 4, 5); }
   function* nested() { f(1, [(yield 1), yield 2], ...(yield 3)); } function f() { console.log(arguments.length) } it = nested(); it.next(); it.next(); it.next(); it.next([1, 2, 3]); it = nested(); it.next(); console.log(it.return(4));`,
  `var log = []; var iter = { [Symbol.iterator]() { let n = 0; return { next() { return { value: n++, done: n > 4 } }, return(v) { log.push("closed"); return {} } } } };
   for (const x of iter) { if (x === 1) break; } var [a] = iter; var [b, c, d, e, f2] = iter; try { for (const x of iter) throw 1; } catch {} (function () { for (const x of iter) return x; })(); l: for (const y of [0]) for (const x of iter) continue l; console.log(log.length, a, e, f2);
   try { var [{ z }] = { [Symbol.iterator]() { return { next() { return { done: false } }, return() { log.push("d"); return {} } } } } } catch (err) { console.log(err.name, log.length) } console.log([...iter, ...iter], Array.from(iter));`,
  `console.log(\`a\${1 + 1}b\${"c"}\`, \`\`, \`\${null}\`); function tag(s, ...v) { return s.raw.join("-") + v + (s === tag.last) + Object.isFrozen(s); } function once() { return tag\`x\${1}\\ny\`; } console.log(once()); function keep(s) { keep.all = (keep.all || []).concat([s]); } for (var i = 0; i < 2; i++) keep\`q\`; console.log(keep.all[0] === keep.all[1]); console.log(((s) => s[0])\`\\unicode\`);`,
  `var o = { a: { b() { return this.c }, c: 5 }, n: null }; console.log(o?.a?.b(), o.n?.x.y.z(), o.a.nope?.(1), o.a?.["b"](), delete o?.a?.c, delete o.n?.x, (o?.a).b(), (o?.a.b)(), o.x?.[o.boom()]);
   var u; u ??= 1; u &&= u + 1; u ||= 9; console.log(u, null ?? "d", 0 || "e", "" && "f", u > 1 && u < 5 || "no"); var c = { get v() { console.log("read"); return null }, set v(x) { console.log("write", x) } }; c.v ??= 3; o.p ||= (() => {}); console.log(o.p.name); console.log(o.a.b?.name, "x" in o, !("a" in o), o instanceof Object);`,
  `"use strict"; try { undeclared = 1 } catch (e) { console.log(e.message) } const k = 1; try { k = 2 } catch (e) { console.log(e.message) } try { (function f() { f = 1 })() } catch (e) { console.log(e.message) } try { x; let x } catch (e) { console.log(e.message) } try { Object.freeze([1])[0] = 2 } catch (e) { console.log(e.name) } console.log((() => { try { return typeof y } catch (e) { return e.name } let y })());
   var f = function () {}, g = () => {}, h = class {}; console.log(f.name, g.name, h.name, { m() {} }.m.name, { get [1 + 1]() {} } && 1, ({ ["k" + 1]: () => {} }).k1.name, (0, function () {}).name, f.length);`,
  `console.log(/a(?<n>b)/.exec("xab")?.groups.n, "aXbX".replace(/x/gi, (m, i) => i), 0.1 + 0.2, 1e21, 0xff, 0b11, 0o17, 1_000, .5, "\\u{1F600}".length, '\\x41', "\\
line");`,
  `var n = 0, t = { valueOf() { n++; return 3 } }; t++; console.log(t, n); var s = "5"; console.log(s++, s, s--, -s); var arr = [1, 2, 3], i = 0; arr[i++] += 10; arr[i++]++; console.log(arr, i, arr[i]--, --arr[i]);
   var x = 1; x += x++ + ++x; console.log(x); console.log([3, 1, 2].sort((a, b) => a - b), (function () { return [].slice.call(arguments, 1) })(1, 2), new Date(0).getTime(), new Array(3).fill(0));`,
  `var late = () => v1; let v1 = 1; console.log(late()); function outer() { return inner(); function inner() { return w } } try { outer() } catch (e) { console.log(e.message) } let w = 2; console.log(outer()); function deep() { let a = 1; return () => { let b = 2; return () => { let c = 3; return () => [a++, b++, c++, v1++]; }; }; } var d = deep()()(); d(); console.log(d());
   function loop() { var out = []; for (let i of [1, 2, 3]) { let j = i * 2; out.push(() => i + j); if (i === 2) { let j = 100; out.push(() => j + i); } } return out.map((f) => f()); } console.log(loop()); function params(a, b) { return [() => a, (v) => { a = v }, b]; } var [get, set] = params(1, 2); set(5); console.log(get());`,
];

/** ES modules that import nothing. */
export const modulePrograms: readonly string[] = [
  `async function f(x) { await null; if (x) throw new Error("bad"); return 42; } console.log(await f()); try { await f(1) } catch (e) { console.log(e.message) } finally { console.log("fin") }
   const later = (v, ms) => new Promise((r) => setTimeout(() => r(v), ms)); console.log(await Promise.all([later(1, 3), later(2, 1), f()])); const o = { async m(a = this) { return a === o }, async *g() { yield 1 } }; console.log(await o.m());
   const arrow = async (x) => { const y = await x; return y + (await 1); }; console.log(await arrow(5)); class K { static async s() { return super.toString === Function.prototype.toString } async #p() { return 3 } async q() { return this.#p() } } console.log(await K.s(), await new K().q()); for (const p of [later("a", 2), "b"]) console.log(await p);
   async function order() { console.log("o1"); await 0; console.log("o2"); } order(); console.log("after"); await 0; await 0; const rej = async (a = (() => { throw new Error("param") })()) => a; rej().catch((e) => console.log(e.message)); await 0;`,
  `async function* ag(n) { try { for (let i = 0; i < n; i++) { const r = yield Promise.resolve(i); if (r) console.log("r", r); } return "end"; } finally { await null; console.log("ag done"); } }
   for await (const x of ag(3)) console.log(x); const it = ag(5); await it.next(); console.log(await it.next("v"), await it.return("early"), await it.next()); for await (const x of [1, Promise.resolve(2)]) console.log(x); for await (const x of ag(5)) if (x === 1) break;
   async function* del() { const r = yield* ag(2); console.log("got", r); yield* [7, 8]; } for await (const x of del()) console.log("d", x); try { for await (const x of (async function* () { throw new Error("ag") })()); } catch (e) { console.log(e.message) } const d2 = del(); await d2.next(); console.log(await d2.return("x"));
   label: for await (const x of ag(4)) { for (const y of [1, 2]) { if (x === 1) break label; if (y === 1) continue label; } } try { for await (const x of ag(3)) throw new Error("body"); } catch (e) { console.log(e.message) } async function* q() { try { yield 1; await Promise.reject(new Error("in")); } catch (e) { yield e.message } } for await (const x of q()) console.log(x);`,
  `export let live = 1; export const c = () => live; export default class { static x = 1 } export function fn() { return live++ } fn(); console.log(c(), typeof import.meta.url, this === undefined, (() => this)()); let { a, b: [d] } = { a: 1, b: [2] }; export { a as renamed, d }; console.log(a + d); var top = 3; const inner = () => top++; inner(); console.log(top); for (let i = 0; i < 2; i++) { setTimeout(() => console.log("t", i), i) } if (true) { function scoped() { return 1 } console.log(scoped()) } console.log(typeof scoped);`,
];
