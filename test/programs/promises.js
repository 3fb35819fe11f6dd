// Promise: combinators, chains, thenables, order of jobs, unhandled and handled rejections, subclassing.
const wait = (ms, value, fail) => new Promise((resolve, reject) => setTimeout(() => (fail ? reject(value) : resolve(value)), ms));
const show = (name) => [(value) => console.log(name, "fulfilled", value), (reason) => console.log(name, "rejected", reason instanceof Error ? reason.message : reason)];
Promise.all([wait(20, "a"), "plain", { then: (f) => f("thenable") }]).then(...show("all"));
Promise.all([wait(5, "late"), wait(2, new Error("boom"), true)]).then(...show("all-reject"));
Promise.allSettled([wait(4, 1), wait(3, "no", true), 3]).then(...show("allSettled"));
Promise.race([wait(9, "slow"), wait(7, "fast")]).then(...show("race"));
Promise.any([wait(6, "x", true), wait(8, "any")]).then(...show("any"));
Promise.any([wait(6, "x", true), Promise.reject("y")]).then(null, (e) => console.log("any-reject", e.constructor.name, e.errors, e.message));
Promise.all([]).then(...show("empty all"));
Promise.any([]).catch((e) => console.log("empty any", e.errors.length));
const order = [];
const note = (x) => () => { order.push(x); };
Promise.resolve().then(note(1)).then(note(3)).then(note(6));
Promise.resolve(Promise.resolve()).then(note(2)).finally(note(4)).then(note(9));
new Promise((resolve) => resolve({ then(f) { order.push("then called"); f(); } })).then(note(5));
(async () => { await undefined; order.push("await"); await new Promise((r) => r(Promise.resolve())); order.push("await2"); })();
queueMicrotask(note("micro"));
setTimeout(() => console.log(order.join()), 1);
const chain = Promise.reject(new Error("start"));
chain.catch((e) => { throw new TypeError(e.message + "+"); }).finally(() => "ignored").then(() => console.log("never"), (e) => e.name).then(...show("chain"));
chain.then(null, () => "recovered").then((v) => Promise.resolve(v + "!")).then(...show("recovered"));
chain.finally(() => { throw "from finally"; }).catch((e) => console.log(e));
let release;
const gate = new Promise((resolve) => { release = resolve; });
gate.then(...show("gate"));
release("first"); release("second");
const self = new Promise((resolve) => setTimeout(() => resolve(self), 1));
self.catch((e) => console.log(e.name, e.message));
new Promise(() => { throw new Error("executor"); }).catch((e) => console.log(e.message));
new Promise((resolve) => { resolve(1); throw new Error("ignored"); }).then(...show("resolved then threw"));
try { Promise(); } catch (e) { console.log(e.name); }
try { new Promise(5); } catch (e) { console.log(e.name); }
class Tracked extends Promise { static made = 0; constructor(executor) { super(executor); Tracked.made++; } }
const tracked = Tracked.resolve(1).then((v) => v + 1);
console.log(tracked instanceof Tracked, Tracked.made, tracked.constructor.name);
tracked.then(...show("tracked"));
console.log(Promise.resolve(5), Promise.reject(6).catch(() => {}) instanceof Promise, new Promise(() => {}), Object.prototype.toString.call(gate), gate);
const { promise, resolve } = Promise.withResolvers ? Promise.withResolvers() : (() => { const o = {}; o.promise = new Promise((r) => { o.resolve = r; }); return o; })();
promise.then(...show("resolvers"));
resolve(wait(2, "deferred"));
const late = Promise.reject("handled late");
setTimeout(() => late.catch(() => {}), 0);
late.catch(() => {});
const badThen = { get then() { throw new Error("bad then"); } };
Promise.resolve(badThen).catch((e) => console.log(e.message));
const many = Array.from({ length: 20 }, (_, i) => wait(i % 5, i));
Promise.all(many).then((list) => list.reduce((a, b) => a + b)).then(...show("many"));
(async () => { const results = []; for (const p of [wait(3, "p"), wait(1, "q")]) results.push(await p); return results; })().then(...show("serial"));
