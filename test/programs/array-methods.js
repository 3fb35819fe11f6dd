// Every method of arrays, with callbacks, holes, array-likes, subclasses with species, and changes during the walk.
const a = [5, 1, 4, , 3, undefined, 2];
const log = (...list) => console.log(...list);
log(a.map((x) => x && x * 2), a.filter((x) => x > 2), a.find((x) => x > 4), a.findIndex((x) => x === undefined), a.findLast((x) => x < 4), a.findLastIndex((x) => x === 99));
log(a.every((x) => x !== 9), a.some((x) => x === 4), a.reduce((s, x) => s + (x ?? 0), 0), a.reduceRight((s, x) => s + "," + x), a.includes(undefined), a.indexOf(undefined), a.lastIndexOf(4), a.indexOf(5, -3));
a.forEach(function (x, i, all) { if (i < 2) log(x, i, all === a, this.self); }, { self: "this" });
log(a.concat([6], 7, [[8]]), a.join("-"), a.slice(-3), a.slice(1, 3), a.flat(), [[1, [2, [3, [4]]]]].flat(Infinity), [1, 2].flatMap((x) => [x, [x * 10]]), [[1], [2]].flatMap((x) => x));
const m = [1, 2, 3, 4, 5];
log(m.splice(1, 2, "a", "b", "c"), m, m.splice(-2), m, m.splice(1, 0, "i"), m, m.splice(0), m);
log([1, 2, 3].reverse(), [1, , 3].reverse(), [1, 2, 3].fill(0, 1), new Array(3).fill().map((_, i) => i), [1, 2, 3, 4, 5].copyWithin(0, 3), [3, 1].concat().unshift(0), [1, 2, 3].shift());
log(Array.of(1, 2), Array.from("héy"), Array.from({ length: 3, 0: "x" }), Array.from(new Set([1, 1, 2]), (x) => x + 1), Array.from([1, 2], function (x) { return x + this.n; }, { n: 10 }), Array.isArray([]), Array(3).length, Array("3"), Array.from({ length: 2 }, (_, i) => i));
log([...[1, 2].entries()], [...[1, , 2].keys()], [...[3, , 4].values()], [1, 2, 3].at(-2), [1, 2, 3].with(1, 9), [1, 2, 3].toSpliced(1, 1, "x", "y"), [1, 2, 3].toReversed(), [3, 1, 2].toSorted((x, y) => y - x));
const q = [];
log(q.push(1, 2, 3), q.pop(), q.unshift(0, 0.5), q.shift(), q, q.length = 1, q, [].pop(), [].shift());
const like = { length: 3, 0: "a", 2: "c" };
for (const f of ["map", "filter", "some", "every", "forEach"]) log(f, Array.prototype[f].call(like, (x, i) => x + i));
log(Array.prototype.push.call(like, "d"), like, Array.prototype.pop.call(like), Array.prototype.shift.call(like), Array.prototype.unshift.call(like, "z"), Array.prototype.splice.call(like, 0, 1), Array.prototype.reverse.call(like), like);
log(Array.prototype.join.call("abc", "."), Array.prototype.slice.call("abc", 1), Array.prototype.concat.call(1, 2).length, Array.prototype.indexOf.call({ length: 2, 1: "q" }, "q"), Array.prototype.includes.call({ length: 1 }, undefined));
class My extends Array { sum() { return this.reduce((s, x) => s + x, 0); } }
const my = My.from([1, 2, 3]);
log(my.map((x) => x * 2).sum(), my.filter((x) => x > 1) instanceof My, my.slice(1), my.concat([4]).sum(), my.splice(0, 1) instanceof My, My.of(7, 8), my.flat() instanceof My, my.flatMap((x) => [x, x]).sum(), My.from({ length: 2, 0: 1, 1: 2 }).sum(), My.from([1], (x) => x + 1));
class Odd extends Array { static get [Symbol.species]() { return function (n) { return { length: 0, made: n }; }; } }
log(new Odd(1, 2, 3).map((x) => x), new Odd(1, 2, 3).filter((x) => x > 1));
const changing = [1, 2, 3, 4];
const visited = [];
changing.forEach((x, i) => { visited.push(x); if (i === 0) { changing.pop(); changing.push("new"); changing.push("unseen"); } if (i === 1) delete changing[2]; });
log(visited, changing);
log([1, 2, 3].reduce((s, x, i, all) => (all.length = 0, s + x), 0), [3, 2, 1].map((x, i, all) => { all[i + 1] = 9; return x; }));
for (const f of [() => [].reduce((s) => s), () => [1].map(5), () => [].find(), () => [1].sort(1), () => Array(-1), () => [].length = -1, () => [].flatMap(), () => [1, 2].with(5, 1), () => Array.from([], 5)]) { try { f(); log("none"); } catch (e) { log(e.name + ": " + e.message); } }
log([1, [2, [3]]].toString(), String([null, undefined, 1]), [1, 2, 3].toLocaleString(), [,].length, [, ,].length, [1, , 2].findIndex((x) => x === undefined), 1 in [1, , 2], [,].some(() => true), [undefined].some(() => true));
const cyc = [1]; cyc.push(cyc); log(cyc.join());
log([10, 9, 1].sort(), ["B", "a", "C"].sort(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].sort((x, y) => (x % 3) - (y % 3)), [, 3, undefined, 1].sort());
log({}.toString.call([]), Array.prototype.toString.call({ join: () => "joined" }), Array.prototype.toString.call({}), Array.prototype.concat.length, [].constructor === Array, Array.prototype[Symbol.unscopables].flat);
const groups = Object.groupBy ? Object.entries(Object.groupBy([1, 2, 3], (x) => (x % 2 ? "odd" : "even"))) : [["odd", [1, 3]], ["even", [2]]];
log(groups.length, groups[0]);
