// Symbols: as keys, descriptions, registry, well-known ones that change operators and built-ins.
const s = Symbol("desc"), t = Symbol("desc");
const o = { [s]: 1, [t]: 2, plain: 3, [Symbol()]: 4 };
console.log(s === t, s.toString(), s.description, Symbol().description, o[s], o[t], Object.keys(o), Object.getOwnPropertySymbols(o).length, o);
console.log(Symbol.for("k") === Symbol.for("k"), Symbol.keyFor(Symbol.for("k")), Symbol.keyFor(s), typeof s, Object(s) == s, Object(s) === s);
for (const f of [() => s + "", () => +s, () => `${s}`, () => new Symbol(), () => Symbol.keyFor("x")]) { try { f(); } catch (error) { console.log(error.name); } }
class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
console.log(2 instanceof Even, 3 instanceof Even);
class Temperature {
  constructor(c) { this.c = c; }
  [Symbol.toPrimitive](hint) { return hint === "string" ? this.c + " degrees" : hint === "number" ? this.c : "default " + this.c; }
  get [Symbol.toStringTag]() { return "Temp"; }
}
const temp = new Temperature(20);
console.log(`${temp}`, +temp, temp + "!", temp * 2, temp > 10, temp == "default 20", String(temp), Object.prototype.toString.call(temp), [temp] + "", new Date(temp).getTime(), ({ "20 degrees": "key" })[temp]);
const spreadable = { length: 2, 0: "a", 1: "b", [Symbol.isConcatSpreadable]: true };
const closed = [1, 2];
closed[Symbol.isConcatSpreadable] = false;
console.log([0].concat(spreadable, closed).length, [0].concat(spreadable));
class Plain extends Array { static get [Symbol.species]() { return Array; } }
console.log(new Plain(1, 2).filter(() => true).constructor.name, new Plain(1, 2).constructor.name);
const range = { from: 1, to: 4, [Symbol.iterator]() { let n = this.from, to = this.to; return { next: () => n <= to ? { value: n++, done: false } : { value: undefined, done: true } }; } };
console.log([...range], Math.max(...range), Array.from(range, (x) => x * x), new Set(range).size, Object.fromEntries([...range].map((n) => [n, n])));
console.log(Object.assign({}, { [s]: "copied" })[s], { ...o }[t], JSON.stringify({ [s]: 1, v: s, list: [s] }));
const priv = Symbol("private");
class Bank { constructor() { this[priv] = 100; } get balance() { return this[priv]; } static [Symbol("static")] = 1; [Symbol.for("method")]() { return "m"; } }
console.log(new Bank().balance, new Bank()[Symbol.for("method")](), Bank, new Bank());
console.log(Symbol.iterator.toString(), Symbol.asyncIterator.description, Object.getOwnPropertyNames(Symbol).filter((n) => typeof Symbol[n] === "symbol" && !n.toLowerCase().includes("dispose")).sort().join());
const withSymbolFn = { [Symbol("fn")]() {}, get [Symbol("getter")]() { return 1; } };
console.log(Object.getOwnPropertySymbols(withSymbolFn).map((k) => Object.getOwnPropertyDescriptor(withSymbolFn, k)).map((d) => (d.value ?? d.get).name).join("|"));
console.log(Reflect.ownKeys({ b: 1, [s]: 2, 1: 3, a: 4, [Symbol.iterator]: 5, 0: 6 }));
console.log(Object(s).description, Object(s)[Symbol.toPrimitive]("x") === s, s in o, delete o[s], s in o);
