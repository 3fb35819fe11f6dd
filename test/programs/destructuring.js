// Destructuring everywhere: defaults, nesting, rest, computed keys, swaps, iterators that are closed, errors, parameters.
const closing = (n, label) => ({
  [Symbol.iterator]() {
    let i = 0;
    return { next: () => ({ value: i++, done: i > n }), return(v) { console.log("closed", label); return {}; } };
  },
});
const [a, , b = "default", ...rest] = [1, 2, undefined, 4, 5];
console.log(a, b, rest);
const { x, y: { z = 10, ["com" + "puted"]: w } = { computed: "cw" }, ...others } = { x: 1, p: 2, q: 3, [Symbol.for("s")]: 4 };
console.log(x, z, w, others);
let [m, n] = [1, 2];
[m, n] = [n, m];
const target = {};
[target.first, target["second"], ...target.rest] = closing(4, "never");
console.log(m, n, target);
const [one] = closing(5, "one");
const [] = closing(5, "none");
const [i, j, k] = closing(2, "exhausted");
console.log(one, i, j, k);
({ a: target.a, b: [target.b] = [7], ...target.others } = { a: 1, c: 3 });
console.log(target);
function f({ a = 1, b: { c = 2 } = {} } = {}, [d = 3, ...e] = [], ...[g, h = "h"]) { return [a, c, d, e, g, h]; }
console.log(f(), f({ a: 9, b: { c: 8 } }, "xyz", 1), f.length);
const arrow = ([p, [q]], { r }) => p + q + r;
console.log(arrow([1, [2]], { r: 3 }));
for (const [key, { v }] of new Map([["k1", { v: 1 }], ["k2", { v: 2 }]])) console.log(key, v);
for (const { length } of ["ab", "c"]) console.log(length);
try { const { a } = null; } catch (error) { console.log(error.name); }
try { const [q] = {}; } catch (error) { console.log(error.name); }
try { const [q] = closing(3, "by error"), { [(() => { throw new Error("key"); })()]: r } = {}; } catch (error) { console.log(error.message); }
try { [target.a, (() => { throw new Error("target"); })().x] = closing(9, "target error"); } catch (error) { console.log(error.message); }
try { const [p = (() => { throw new Error("default"); })()] = [undefined]; } catch (error) { console.log(error.message); }
const log = [];
const trace = (name, value) => { log.push(name); return value; };
({ [trace("key1", "a")]: trace("t1", target).v1 = trace("d1", 5), [trace("key2", "b")]: trace("t2", target).v2 = trace("d2", 6) } = { b: 1 });
console.log(log.join(), target.v1, target.v2);
const fn = ({ f = () => {}, g = class {}, h = function () {} } = {}) => [f.name, g.name, h.name];
console.log(fn());
let chain, chain2;
chain = { chain2 } = { chain2: 1, other: 2 };
console.log(chain, chain2);
const { length, 0: firstLetter, [1]: secondLetter } = "hello";
console.log(length, firstLetter, secondLetter);
const { toFixed } = 5;
console.log(toFixed === Number.prototype.toFixed);
var [v1, [v2, [v3]]] = [1, [2, [3]]];
console.log(v1 + v2 + v3);
label: for (const [u] of [closing(3, "inner loop")]) { for (const t of closing(3, "outer loop")) continue label; }
console.log((({ a, ...r }) => r)({ a: 1, b: 2, get c() { return 3; } }));
(function ({ a }, b = a, c = () => b) { var b; console.log(a, b, c()); b = 2; console.log(c()); })({ a: 1 });
