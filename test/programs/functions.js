// Functions: call, apply, bind, arguments, defaults, rest, names and lengths, constructors, this in all modes, callbacks of all built-ins that take one.
function show() { return [typeof this, this === globalThis, arguments.length, [...arguments].join()].join(" "); }
function strict() { "use strict"; return [typeof this, this === undefined, arguments.length].join(" "); }
console.log(show(1, 2), strict(), show.call(5, 1), strict.call(5), show.apply(null, [1, 2, 3]), strict.apply("s", { length: 2 }), show.apply(undefined), Reflect.apply(show, [], [9]), Reflect.apply(strict, null, { length: 1, 0: "x" }));
const bound = show.bind({ b: 1 }, "first");
const bound2 = bound.bind("ignored", "second");
console.log(bound("x"), bound2("y"), bound.name, bound2.name, bound.length, (function (a, b, c) {}).bind(null, 1).length);
function Point(x, y) { if (!new.target) return new Point(x, y); this.x = x; this.y = y; }
Point.prototype.plus = function (o) { return Point(this.x + o.x, this.y + o.y); };
const B = Point.bind(null, 10);
console.log(new B(20), new B(1) instanceof Point, Point(1, 2).plus(new Point(3, 4)), Object.hasOwn(B, "prototype"));
function sloppy(a, b) { arguments[0] = "changed"; b = "b2"; arguments[5] = 5; return [a, arguments[1], arguments.length, typeof arguments.callee]; }
function unmapped(a, b = 2) { arguments[0] = "changed"; return [a, arguments.length, typeof arguments]; }
function strictArguments(a) { "use strict"; a = 9; return [arguments[0], Object.prototype.toString.call(arguments), (() => arguments.length)()]; }
console.log(unmapped(1), strictArguments(1, 2), (function () { return arguments; })(1, "two"), (function () { return Array.prototype.slice.call(arguments, 1); })(1, 2, 3));
const f = (a, b = a + 1, { c, d = b } = { c: 3 }, [e] = [5], ...rest) => [a, b, c, d, e, rest.length];
console.log(f(1), f(1, 2, { c: 9 }, "z", 1, 2, 3), f.length, ((a, b) => a).length, ((...r) => r).length, ((a = 1, b) => a).length);
console.log([function () {}, () => {}, function named() {}, class {}, class C {}, async () => {}].map((g) => g.name || "(none)").join(), ({ m() {} }).m.name, ({ get g() { return 1; } }, Object.getOwnPropertyDescriptor({ get g() { return 1; } }, "g").get.name), ({ ["x" + 1]: () => {} }).x1.name);
let anonymous = function () {}, arrow = () => {}, renamed = anonymous;
var { destructured = () => {} } = {};
console.log(anonymous.name, arrow.name, renamed.name, destructured.name, (() => {}).name === "", Object.getOwnPropertyDescriptor(arrow, "name").writable);
console.log((function fact(n) { return n < 2 ? 1 : n * fact(n - 1); })(10), (function () { return typeof hoisted(); function hoisted() { return "x"; } })(), typeof later, (function self() { self = 1; return typeof self; })());
var later = 1;
{ function inBlock() { return "block"; } }
console.log(inBlock(), (() => { try { notYet(); } catch (e) { return e.name; } const notYet = () => {}; })());
const gens = [function* () {}, async function* () {}, async function () {}, class { static *g() {} }.g];
console.log(gens.map((g) => Object.prototype.toString.call(g)).join(), gens.map((g) => { try { new g(); return "made"; } catch (e) { return e.name; } }).join(), (() => { try { new (() => {})(); } catch (e) { return e.name; } })(), (() => { try { new ({ m() {} }).m(); } catch (e) { return e.name; } })());
const counter = { n: 0, next() { return ++this.n; }, arrow: () => typeof this, later() { return [1, 2].map(() => this.next()); } };
console.log(counter.next(), counter.later(), counter.arrow(), (0, counter.next).call({ n: 5 }), counter["next"]());
console.log([1, 2, 3].map(Number.prototype.toFixed.call, Number.prototype.toFixed), ["1", "2", "3"].map(parseInt), [[1, 2], [3]].map(Array.of), ["a"].map(String.prototype.toUpperCase.call, String.prototype.toUpperCase), [3, 1].map(Math.sqrt).map(Math.round));
console.log(Math.max(...[1, 5, 3], ...new Set([7])), String.fromCharCode(...[72, 105]), [..."ab", ...[1], ...new Map([[1, 2]])].length, new Date(...[2020, 1, 1]).getMonth(), Object.assign({}, ...[{ a: 1 }, { b: 2 }]), new Array(...[1, 2]), console.log.length);
const memo = (g) => { const seen = {}; return (...k) => (k in seen ? seen[k] + " again" : (seen[k] = g(...k))); };
const area = memo((w, h) => w * h);
console.log(area(2, 3), area(2, 3), show.toString().slice(0, 15), (() => 1).toString(), class Q { m() { return 1; } }.toString(), Function.prototype.toString.call(Math.max).includes("native code"));
const many = (...n) => n.length;
console.log(many(...Array.from({ length: 300 }, (_, i) => i)), many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25), many.apply(null, new Array(500)), many.call(null, undefined, undefined));
