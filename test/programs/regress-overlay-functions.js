// Functions of the core share one shape until they are changed: what became of one says nothing of the others, nor of the
// program's own functions, and the other way round.
const { max, min, floor, ceil } = Math;
const method = { method() {} }.method;
const arrow = () => undefined;
const all = [max, min, floor, ceil, method, arrow];
const names = (...keys) => console.log(...keys.map((key) => all.map((f) => typeof f[key] === "function" ? "f" : f[key]).join()));

names("call", "toString", "name");
delete max.name;
names("call", "toString", "name");
max.toString = 5;
names("call", "toString", "name");
Object.defineProperty(min, "name", { value: "other" });
min.call = 6;
names("call", "toString", "name");
Object.setPrototypeOf(floor, { call: 7, own: 8, __proto__: null });
names("call", "toString", "name", "own");
for (const f of all) console.log(f.own, f.call === Function.prototype.call);

// A function of the core as a prototype that changes after it was looked through.
const heir = Object.setPrototypeOf(() => undefined, ceil);
const child = Object.create(ceil);
ceil.first = 1;
for (let i = 0; i < 3; i++) {
  console.log(typeof heir.call, typeof child.call, heir.toString === child.toString, heir.second, child.second);
  if (i === 0) ceil.call = 9;
  if (i === 1) ceil.second = 2;
}
Object.setPrototypeOf(ceil, null);
console.log(heir.apply, child.apply, typeof max.apply);
