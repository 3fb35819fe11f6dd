// JSON: toJSON, replacers, revivers, indentation, escapes, errors, and stopping inside the callbacks.
const data = {
  name: "quote \" back \\ slash / tab \t newline \n unicode \u2028 \ud83d\ude00 lone \ud800",
  list: [1, -0, 1.5, 1e21, NaN, Infinity, null, undefined, () => 1, Symbol("s"), true],
  nested: { a: { b: { c: [] } }, empty: {} },
  skip: undefined, method() {}, date: new Date(0),
  custom: { toJSON(key) { return "custom " + key; } },
  boxed: [new Number(3), new String("s"), new Boolean(false)],
};
console.log(JSON.stringify(data));
console.log(JSON.stringify(data, null, 2));
console.log(JSON.stringify({ a: 1, b: 2, c: { a: 3, d: 4 } }, ["a", "c"]));
console.log(JSON.stringify({ a: 1, b: [1, 2] }, function (key, value) {
  return typeof value === "number" ? value * 10 + this.length : value;
}, "--"));
console.log(JSON.stringify("x"), JSON.stringify(undefined), JSON.stringify(null), JSON.stringify([undefined]), JSON.stringify(() => 1));
const text = '{"a":[1,2,{"b":null}],"c":"\\u0041\\n\\ud83d\\ude00","d":-1.5e-3,"e":true,"__proto__":7}';
const parsed = JSON.parse(text);
console.log(parsed, Object.keys(parsed).join(), Object.getPrototypeOf(parsed) === Object.prototype);
console.log(JSON.parse(text, function (key, value) {
  if (key === "b") return "revived";
  if (Array.isArray(this) && key === "0") return undefined;
  return value;
}));
for (const bad of ["", "{", "[1,]", "{\"a\":}", "01", "nul", "\"\\x\"", "[1] x", "'a'"]) {
  try { console.log(JSON.parse(bad)); } catch (error) { console.log(error.name, bad); }
}
const cycle = { self: null };
cycle.self = cycle;
try { JSON.stringify(cycle); } catch (error) { console.log(error.name); }
class Money {
  constructor(n) { this.n = n; }
  toJSON() { return { money: this.n.toFixed(2) }; }
}
console.log(JSON.stringify([new Money(1.005), new Money(10)]), JSON.stringify({ m: new Money(3) }));
console.log(JSON.stringify(new Map([[1, 2]])), JSON.stringify(Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 2 } })));
console.log(JSON.stringify({ "2": 1, "1": 2, b: 3, a: 4 }), JSON.stringify([[], [[]]], null, 1));
console.log(JSON.stringify(JSON.parse(JSON.stringify(data))) === JSON.stringify(data));
const big = JSON.stringify(Array.from({ length: 50 }, (_, i) => ({ i, s: "n" + i })));
console.log(big.length, JSON.parse(big).reduce((sum, o) => sum + o.i, 0));
