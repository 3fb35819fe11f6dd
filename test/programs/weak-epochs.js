// Requests so much that epochs are held: interned strings, shapes and entries of weak tables that nothing else refers to
// go, those that something does stay, and nothing of it shows.

const kept = [];
const weak = new WeakMap();
const seen = new WeakSet();
const named = {};
let chain = {};
const first = chain;
for (let i = 0; i < 2000; i++) {
  const object = { ["key" + i]: i, ["other" + i % 100]: [i, i + 1] };
  weak.set(object, { object, i });
  seen.add(object);
  // A chain of ephemerons: each value is the next key.
  if (i % 50 === 0) {
    const next = { i };
    weak.set(chain, next);
    chain = next;
  }
  if (i % 200 === 0) {
    kept.push(object);
    named["key" + i] = i;
  }
  `${i} `.repeat(600);
}
let links = 0;
for (let link = first; weak.has(link); link = weak.get(link)) links++;
console.log(links, kept.length, kept.every((object) => seen.has(object) && weak.get(object).object === object));
console.log(Object.keys(named).length, named["key" + 400], named["key" + 401], kept[3]["key" + 600], Object.keys(kept[5]).join());
for (let i = 0; i < 4000; i += 400) named["key" + i] = named["key" + i] === undefined ? -1 : named["key" + i] + 1;
console.log(JSON.stringify(named));
class Made { constructor(n) { this["field" + n] = n; this.n = n; } }
let sum = 0;
for (let i = 0; i < 1400; i++) {
  sum += new Made(i % 700)["field" + i % 700];
  `${i} `.repeat(600);
}
console.log(sum, kept.map((object, i) => weak.get(object).i - 200 * i).join());
