// The iteration protocol: hand-written iterators, closing on every exit, spread, Array.from, Promise.all, results that lie.
function source(n, name, { done = "normal", ret = true } = {}) {
  return {
    [Symbol.iterator]() {
      let i = 0;
      const it = {
        next(...list) { log.push(`${name}.next(${list.length})`); if (i >= n) return { done: true, value: "end" }; return { value: i++, done: false }; },
      };
      if (ret) it.return = function (v) { log.push(`${name}.return`); if (done === "throws") throw new Error("from return"); return done === "primitive" ? 1 : {}; };
      return it;
    },
  };
}
let log = [];
const flush = (label) => { console.log(label, log.join(" ")); log = []; };
for (const x of source(2, "a")) ;
flush("whole");
for (const x of source(5, "b")) if (x === 1) break;
flush("break");
try { for (const x of source(5, "c")) throw new Error("body"); } catch (e) { console.log(e.message); }
flush("throw");
try { for (const x of source(5, "d", { done: "throws" })) break; } catch (e) { console.log(e.message); }
flush("return throws");
try { for (const x of source(5, "e", { done: "throws" })) throw new Error("body wins"); } catch (e) { console.log(e.message); }
flush("both throw");
try { for (const x of source(5, "f", { done: "primitive" })) break; } catch (e) { console.log(e.name); }
for (const x of source(5, "g", { ret: false })) break;
flush("no return");
(() => { for (const x of source(3, "outer")) for (const y of source(3, "inner")) return x + y; })();
flush("return through two");
l: for (const x of source(2, "p")) { for (const y of source(2, "q")) { if (y === 1) continue l; } }
flush("continue outer");
console.log([...source(3, "s"), ..."hi", ...new Set([1])], Math.max(...source(4, "m")), Array.from(source(2, "n"), (x) => x * 2), new Map([[...source(2, "k")]]).size);
flush("spread");
const [p, ...q] = source(3, "d1");
const [r] = source(3, "d2");
console.log(p, q, r);
flush("destructuring");
for (const bad of [5, null, undefined, {}, { [Symbol.iterator]: 1 }, { [Symbol.iterator]() { return 1; } }, { [Symbol.iterator]() { return {}; } }, { [Symbol.iterator]() { return { next() { return 1; } }; } }, { [Symbol.iterator]() { return { get next() { throw new Error("next getter"); } }; } }]) {
  try { for (const x of bad) break; console.log("no error"); } catch (e) { console.log(e.name); }
}
const withGetters = { [Symbol.iterator]() { let n = 0; return { next() { return { get done() { log.push("done"); return n >= 2; }, get value() { log.push("value"); return n++; } }; } }; } };
for (const x of withGetters) ;
flush("getters");
const truthyDone = { [Symbol.iterator]: () => ({ next: () => ({ done: "yes" }) }) };
console.log([...truthyDone]);
Promise.all(source(2, "all")).then((v) => { console.log(v); flush("Promise.all"); });
try { Object.fromEntries({ *[Symbol.iterator]() { try { yield 5; } finally { log.push("closed"); } } }); } catch (e) { console.log(e.name); }
try { new Map({ *[Symbol.iterator]() { try { yield [1, 2]; yield 5; } finally { log.push("closed map"); } } }); } catch (e) { console.log(e.name); }
try { new Set({ [Symbol.iterator]: () => ({ next() { throw new Error("next throws"); }, return() { log.push("not called"); } }) }); } catch (e) { console.log(e.message); }
flush("closing in built-ins");
const it = [1, 2, 3][Symbol.iterator]();
console.log(it.next(), [...it], it.next(), it[Symbol.iterator]() === it, Object.prototype.toString.call(it), "next" in it);
const live = [1, 2];
for (const x of live) { if (live.length < 5) live.push(x * 10); }
console.log(live);
const s = "a\ud83d\ude00b"[Symbol.iterator]();
console.log(s.next().value, s.next().value.length, [...s]);
Array.prototype[Symbol.iterator] = (function (original) { return function* () { yield "patched"; yield* { [Symbol.iterator]: () => original.call(this) }; }; })(Array.prototype[Symbol.iterator]);
console.log([...[1, 2]].length, Math.max.apply(null, [1, 2]));
const [first] = [7];
console.log(first);
function* delegating() { const inner = { [Symbol.iterator]: () => ({ i: 0, next(v) { log.push("n" + v); return { value: this.i++, done: this.i > 3 }; }, throw(e) { log.push("t" + e); return { value: "thrown", done: false }; }, return(v) { log.push("r" + v); return { value: v, done: true }; } }) }; yield* inner; }
const d = delegating();
console.log(d.next("ignored"), d.next("x"), d.throw("E"), d.return("R"), d.next());
flush("delegation");
const noThrow = (function* () { yield* { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return: () => { log.push("closed by throw"); return {}; } }) }; })();
noThrow.next();
try { noThrow.throw(new Error("x")); } catch (e) { console.log(e.name); }
const noReturn = (function* () { yield* { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) }; })();
noReturn.next();
console.log(noReturn.return(5));
flush("protocol");
