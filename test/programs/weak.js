// WeakMap and WeakSet: entries for objects and functions, private data, replacing, deleting, bad keys.
const data = new WeakMap();
class Person {
  constructor(name) { data.set(this, { name, visits: 0 }); }
  visit() { return ++data.get(this).visits; }
  get name() { return data.get(this).name; }
}
const people = ["ann", "bob"].map((n) => new Person(n));
people[0].visit();
console.log(people[0].visit(), people[1].visit(), people.map((p) => p.name).join());
const f = () => {};
const arr = [];
data.set(f, "function").set(arr, "array").set(data, "itself");
console.log(data.get(f), data.get(arr), data.get(data), data.has({}), data.get({}), data.delete(f), data.has(f), data.delete(f));
for (const bad of [1, "s", null, undefined, true]) {
  try { data.set(bad, 1); } catch (error) { console.log(error.name); }
  console.log(data.has(bad), data.get(bad), data.delete(bad));
}
const seen = new WeakSet([arr, people[0]]);
console.log(seen.has(arr), seen.has(people[1]), seen.add(people[1]) === seen, seen.has(people[1]), seen.delete(arr), seen.has(arr));
const copies = (value, done = new WeakMap()) => {
  if (typeof value !== "object" || value === null) return value;
  if (done.has(value)) return done.get(value);
  const copy = Array.isArray(value) ? [] : {};
  done.set(value, copy);
  for (const k of Object.keys(value)) copy[k] = copies(value[k], done);
  return copy;
};
const cyclic = { list: [1, 2] };
cyclic.self = cyclic;
cyclic.list.push(cyclic.list);
const copy = copies(cyclic);
console.log(copy.self === copy, copy.list[2] === copy.list, copy !== cyclic, copy);
const many = new WeakMap();
const kept = [];
for (let i = 0; i < 100; i++) { const key = { i }; many.set(key, { value: i * i }); if (i % 10 === 0) kept.push(key); }
console.log(kept.map((k) => many.get(k).value).join());
console.log(Object.prototype.toString.call(data), Object.prototype.toString.call(seen), data instanceof WeakMap);
