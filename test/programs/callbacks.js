// The functions of the core that call back, with callees of the program: species constructors, mappers, comparators, adders.
class Spy extends Array { constructor(...list) { super(...list); Spy.log.push(list.length); } static log = []; }
const spy = Spy.of(1, 2, 3);
console.log(Spy.from({ length: 2, 0: "a", 1: "b" }).length, Spy.from([5, 6], (x) => x + 1), spy.map((x) => x * 2), spy.filter(Boolean), spy.concat([4]), spy.slice(1), spy.splice(0, 1), spy.flat(), spy.flatMap((x) => [x, x]), Spy.log.length > 5);
console.log([[1, [2]], [3]].flatMap((x) => x), [1, 2, 3].flatMap(function (x) { return this.k + x; }, { k: 10 }), Array.from(new Map([[1, 2]]), ([k, v]) => k + v));
console.log(String({ join: 5, __proto__: Array.prototype }), Array.prototype.toString.call({ join() { return "own join"; } }), Array.prototype.toString.call(5));
class Sum extends Set { add(x) { Sum.count++; return super.add(x); } static count = 0; }
class Pairs extends Map { set(k, v) { Pairs.log.push(k); return super.set(k, v); } static log = []; }
console.log(new Sum([1, 2, 1]).size, Sum.count, new Pairs([["a", 1], ["b", 2]]).size, Pairs.log);
const setLike = { size: 2, has: (x) => x === 1 || x === 9, keys: () => [1, 9][Symbol.iterator]() };
// Node 20 has no set methods, so what they give is checked here and nothing is printed.
if (Set.prototype.union) {
  const two = new Set([1, 2]);
  const given = [two.union(setLike), two.intersection(setLike), two.difference(setLike), two.symmetricDifference(setLike)];
  if (given.some((set) => !(set instanceof Set)) || typeof two.isSubsetOf(setLike) !== "boolean" || typeof two.isSupersetOf(setLike) !== "boolean" ||
    typeof two.isDisjointFrom(setLike) !== "boolean") console.log("a set method is wrong");
}
class MyBuffer extends ArrayBuffer { static get [Symbol.species]() { return MyBuffer; } }
const buffer = new MyBuffer(8);
console.log(buffer.slice(2, 5) instanceof MyBuffer, buffer.slice(2, 5).byteLength);
class Typed extends Uint8Array {}
console.log(new Typed([1, 2, 3]).map((x) => x * 2) instanceof Typed, new Typed([1, 2]).subarray(1) instanceof Typed, Typed.from([1, 2], (x) => x + 1).join(), Typed.of(3).length, new Typed([3, 1, 2]).sort((a, b) => b - a).join(), new Typed([1, 2, 3]).filter((x) => x > 1).length, new Typed([5]).slice() instanceof Typed, new Typed([1, 2]).reduce((a, b) => a + b), new Typed(2).forEach((x, i) => i));
class Loud extends RegExp { static get [Symbol.species]() { return Loud; } exec(s) { Loud.execs++; return super.exec(s); } static execs = 0; }
console.log("a1b2".split(new Loud("\\d")), [..."a1b2".matchAll(new Loud("\\d", "g"))].length, "a1".replace(new Loud("\\d", "g"), (d) => `<${d}>`), "a1".search(new Loud("1")), "a1".match(new Loud("1", "g")), new Loud("a").test("a"), Loud.execs > 5);
console.log("abc".replaceAll({ [Symbol.replace]: (s, v) => s + v }, "x"), "abc".replaceAll("b", (m) => m + m), "abc".matchAll({ [Symbol.matchAll]: () => ["mine"] }));
function target(...list) { return [this && this.name, list.length, new.target !== undefined]; }
console.log(target.apply({ name: "applied" }, [1, 2]), Reflect.apply(target, { name: "reflected" }, [1]), target.call({ name: "called" }), Function.prototype.apply.call(target, { name: "twice" }, { length: 3 }));
class P extends Promise { static resolve(v) { P.resolved++; return super.resolve(v); } static resolved = 0; }
P.all([1, 2]).then((v) => console.log("all", v, P.resolved));
P.race([3]).then((v) => console.log("race", v instanceof Object, v));
P.allSettled([4]).then((v) => console.log(v));
P.any([5]).then((v) => console.log("any", v));
Promise.resolve.call(P, 6).then((v) => console.log("resolve", v));
console.log({ [Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) { return "custom at " + depth; } }, [{ [Symbol.for("nodejs.util.inspect.custom")]: () => ({ replaced: true }) }]);
setTimeout(() => { if (Promise.try) Promise.try((a) => a + 1, 1).then((v) => console.log("tried", v)); else console.log("tried", 2); }, 9);
(async () => {
  const sync = { [Symbol.iterator]: () => ({ i: 0, next(v) { return { value: Promise.resolve(this.i++), done: this.i > 3 }; }, return(v) { console.log("sync return"); return { value: v, done: true }; }, throw(e) { console.log("sync throw"); return { value: "t", done: true }; } }) };
  for await (const x of sync) if (x === 1) break;
  const g = (async function* () { return yield* sync; })();
  await g.next();
  console.log(await g.throw(new Error("into")), await g.next());
  const h = (async function* () { yield* sync; })();
  await h.next();
  console.log(await h.return("early"));
})();
const groups = Map.groupBy ? Map.groupBy([1, 2, 3], (x) => x % 2) : new Map([[1, [1, 3]], [0, [2]]]);
console.log(groups, [3, 1, 2].toSorted((a, b) => a - b), Array.prototype.map.call({ length: 1, 0: 7, constructor: null }, (x) => x), JSON.stringify({ a: [1] }, (k, v) => v, 1), Object.entries({ x: 1 }).map(([k, v]) => k + v));
console.log(Array.of.call(function (n) { this.made = n; }, 1, 2), Array.from.call(function () { this.iter = true; }, [1]), Array.from.call(Object, { length: 1, 0: "z" }), Array.of.call(Array, 1));
// The order of a comparator's arguments shows where it contradicts itself.
console.log([3, 1, 2].sort(() => -1), [3, 1, 2].sort(() => 1), ["a", "b"].toSorted((a, b) => { console.log(a, b); return 1; }));
