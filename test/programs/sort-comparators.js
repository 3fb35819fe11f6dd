// Sorting: stopping inside comparators, stability, throwing and inconsistent comparators, holes and undefined.
let calls = 0;
const words = ["pear", "fig", "apple", "kiwi", "banana", "date", "plum"];
console.log(words.slice().sort((a, b) => { calls++; return a.length - b.length || (a < b ? -1 : 1); }).join(" "));
console.log(calls > 5);
const people = Array.from({ length: 40 }, (_, id) => ({ id, group: id * 7 % 5 }));
people.sort((a, b) => a.group - b.group);
console.log(people.map((p) => p.group + ":" + p.id).join(" "));
console.log([5, 1, 10, undefined, 2, , 33].sort());
console.log([3, 1, 2].sort((a, b) => b - a), [3, 1, 2].toSorted(), [1, 2, 3].toReversed());
try {
  [3, 1, 2].sort(() => { throw new Error("no order"); });
} catch (error) {
  console.log(error.message);
}
const odd = { length: 4, 0: "d", 1: "b", 3: "a" };
Array.prototype.sort.call(odd);
console.log(odd);
try { [1].sort("x"); } catch (error) { console.log(error.name); }
console.log([true, false, true].sort().join(), [[2, 1], [1, 2]].sort().join("|"));
const inner = [4, 2, 3].sort((a, b) => [a, b].sort((x, y) => x - y)[0] === a ? -1 : 1);
console.log(inner);
const objects = [{ v: 2 }, { v: 1 }].sort((a, b) => ({ valueOf: () => a.v - b.v }));
console.log(objects);
console.log(new Float64Array([3, NaN, -0, 0, -Infinity]).sort().join(), new Int8Array([5, -2, 9]).sort((a, b) => b - a).join());
