// Deep ropes: texts built from both ends and by doubling, flattened late, as keys, compared, hashed, sliced, searched.
let left = "", right = "";
for (let i = 0; i < 700; i++) { left += i % 10; right = i % 10 + right; }
console.log(left.length, right.length, left === right.split("").reverse().join(""), left < right, left.slice(0, 5), right.slice(-5));
let doubled = "ab";
for (let i = 0; i < 9; i++) doubled = doubled + doubled;
console.log(doubled.length, doubled.indexOf("ba", 600), doubled.lastIndexOf("aa"), doubled.charCodeAt(1023), doubled[500]);
const key = "k" + left.slice(0, 20);
const o = { [key]: 1, ["k" + left.slice(0, 10) + left.slice(10, 20)]: 2 };
console.log(Object.keys(o).length, o[key], o["k01234567890123456789"]);
let mixed = "";
for (let i = 0; i < 40; i++) mixed = (i % 2 ? mixed + "é" : "\u20ac" + mixed) + i;
console.log(mixed.length, mixed.includes("9\u00e9"), mixed.charCodeAt(0), [...mixed].length, mixed.toUpperCase().length);
const set = new Set();
for (let i = 0; i < 20; i++) { let s = "x"; for (let j = 0; j < i % 5; j++) s += "y" + j; set.add(s); }
console.log([...set]);
const parts = [];
for (let i = 0; i < 200; i++) parts.push("item" + i + (i % 3 ? "," : ";"));
const joined = parts.join("");
let summed = "";
for (const p of parts) summed += p;
console.log(joined === summed, summed.length, summed.split(";").length, JSON.stringify({ summed }).length);
let tree = ["leaf"];
for (let i = 0; i < 8; i++) tree = [tree[0] + "<" + tree[0] + ">"];
console.log(tree[0].length, tree[0].slice(500, 520), tree[0].replace(/leaf/g, "l").length);
let prepend = "";
for (const word of "the quick brown fox jumps over the lazy dog".split(" ")) prepend = word + (prepend ? " " + prepend : "");
console.log(prepend, `${prepend}${left.length}` === prepend + left.length, (prepend + "!").endsWith("the!"), prepend.concat(1, 2).length);
let count = 0;
for (const c of left + right) if (c === "7") count++;
console.log(count, (left + right).search("99"), (left + "z").at(-1), parseInt(left.slice(0, 9) + right.slice(0, 3)), Number("1" + "e" + "3"));
const same = (a, b) => [a === b, a == b, a < b, a > b, a <= b, Object.is(a, b)].map(Number).join("");
let r1 = "pre", r2 = "p";
r1 += "fix" + 1; r2 += "re" + "fix1";
console.log(same(r1, r2), same(r1 + "a", r2 + "b"), same(doubled + "x", doubled + "y"), new Map([[r1, "found"]]).get(r2), { [r1]: "own" }[r2], r1 in { prefix1: 1 });
