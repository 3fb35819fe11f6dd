// Functions of the core that a program changes have cells of its own for them, larger ones; a program that has such can
// still be moved.
Math.max.note = "largest";
Promise.resolve.call(Promise, 1).then((value) => console.log("resolved", value));
const original = Array.prototype.map;
original.calls = 0;
Array.prototype.map = function (...list) {
  original.calls++;
  return original.apply(this, list);
};
console.log([1, 2, 3].map((x) => x * 2).join(), [4].map(String).join(), original.calls);
delete parseInt.length;
console.log(parseInt.length, Object.hasOwn(parseInt, "length"), Math.max.note, Math.max(3, 9));
Object.defineProperty(Promise, "all", { get() { return () => "all"; } });
console.log(Promise.all([]), Object.keys(Math.max).join());
Set.prototype.has.prototype = {};
console.log("prototype" in Set.prototype.has, new Set([1]).has(1));
// The array among them keeps its length, and is gone over, like any other.
Array.prototype[2] = "third";
console.log(Array.prototype.length, [...Array.prototype].length, [,].length, [][2]);
for (const element of Array.prototype) console.log(element);
Array.prototype.length = 0;
console.log(Array.prototype.length, [][2]);
