// Instructions that ask for room more than once, or after they have begun to change the stack: a getter that is a bound
// function or one that the kernel does by itself, keys that are numbers, accessors in pairs, the arguments object.

function sum(a, b) { return `${this.name}:${a}${b}`; }
const map = new Map();
Object.defineProperty(map, "fill", { get: Map.prototype.set });
for (let i = 0; i < 40; i++) { map.delete(undefined); map.set(i, i + ":" + i * 1.5); map.fill; }
console.log(map.size, map.get(39));

const bound = {};
for (let i = 0; i < 40; i++) {
  Object.defineProperty(bound, "g" + i, { get: sum.bind({ name: "n" + i }, i, 0.25 + i), set: sum.bind({ name: "s" }, i), configurable: true, enumerable: i % 2 === 0 });
  bound["g" + i] = i;
}
console.log(Object.keys(bound).length, bound.g7, bound.g38);

const keys = [];
for (let i = 0; i < 20; i++) {
  const made = { get [i - 0.5]() { return i; }, set [i - 0.5](value) { keys.push(value); }, [i * 1e20]() {}, get [i]() { return -i; }, set [i](value) { keys.push(value); } };
  made[i - 0.5] = made[i - 0.5] + 1;
  made[i] = i;
  keys.push(...Object.keys(made));
}
console.log(keys.join());

class Pair {
  #value = 0;
  get #half() { return this.#value + "/"; }
  set #half(value) { this.#value = value + 0.5; }
  static get made() { return this.name + 1; }
  turn(count) { for (let i = 0; i < count; i++) this.#half = i; return this.#half; }
}
console.log(Array.from({ length: 10 }, (_, i) => new Pair().turn(i)).join(), Pair.made);

function given() { return arguments.length + arguments[arguments.length - 1]; }
function deep(n) { return n === 0 ? given(1, 2, 3) : deep(n - 1) + given(n, "x"); }
console.log(deep(60).length, given.apply(null, keys.slice(0, 9)));
