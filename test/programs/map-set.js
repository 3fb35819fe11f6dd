// Map and Set: order, mutation during iteration, key equality, growth, live iterators, groupBy, subclassing hooks.
const m = new Map([["a", 1], ["b", 2], ["c", 3]]);
const seen = [];
for (const [k, v] of m) {
  seen.push(k);
  if (k === "a") { m.delete("b"); m.set("d", 4); }
  if (k === "d") m.set("e", 5);
  if (v > 4) m.set("a", "again");
}
console.log(seen.join(), m);
const it = m.keys();
it.next();
m.clear();
m.set("new", 1);
console.log(it.next(), it.next(), m.size);
const keys = [NaN, 0, -0, "0", 0.1 + 0.2, {}, null, undefined, true, Symbol.iterator, "long ".repeat(3)];
const all = new Map(keys.map((k, i) => [k, i]));
console.log(all.size, all.get(NaN), all.get(0), all.get(-0), all.get("0"), all.get(0.30000000000000004), all.get(keys[5]), all.get({}), all.get("long long long "), Object.is([...all.keys()][1], 0));
const set = new Set();
for (let i = 0; i < 100; i++) { set.add(i % 37); if (i % 3 === 0) set.delete(i % 11); }
console.log(set.size, [...set].join());
let rounds = 0;
const growing = new Set([0]);
for (const v of growing) { if (v < 20) growing.add(v + 1); rounds++; }
console.log(rounds, growing.size);
set.forEach((v, k, s) => { if (v === 5) { s.delete(5); s.add(5); } if (v === 5 && rounds++ > 25) s.delete(5); });
console.log(rounds, set.has(5));
m.clear();
m.forEach(() => console.log("never"));
m.set(1, "x").set(2, "y").forEach(function (value, key, map) { console.log(this.t, value, key, map === m); }, { t: "this" });
const e = new Map([[1, { v: 1 }]]).entries();
console.log(e[Symbol.iterator]() === e, Object.prototype.toString.call(e), e.next().value, e.next(), String(new Set()));
const walker = set.values();
for (let i = 0; i < 5; i++) walker.next();
for (let i = 1000; i < 1200; i++) set.add(i);
for (const v of [...set]) if (v < 1000 && v % 2) set.delete(v);
console.log([...walker].length, set.size);
console.log(new Map(Object.entries({ p: 1, q: 2 })), Object.fromEntries(new Map([["r", 3]])), new Set("hello"), [...new Set([3, 1, 3])]);
try { new Map([1]); } catch (error) { console.log(error.name); }
try { Map(); } catch (error) { console.log(error.name); }
try { Map.prototype.get.call(new Set(), 1); } catch (error) { console.log(error.name); }
class Watched extends Map { set(k, v) { console.log("set", k); return super.set(k, v); } }
console.log(new Watched([["w", 1]]).size);
const nested = new Map([["inner", new Map([["x", new Set([1, 2])]])]]);
console.log(nested, nested.get("inner").get("x").has(2));
const iterable = { *[Symbol.iterator]() { yield ["k", "v"]; yield ["k2", "v2"]; } };
console.log([...new Map(iterable)], new Set(iterable).size);
const big = new Map();
for (let i = 0; i < 500; i++) big.set("k" + i, i);
for (let i = 0; i < 500; i += 2) big.delete("k" + i);
let total = 0;
for (const v of big.values()) total += v;
console.log(big.size, total, [...big.keys()][249]);
