// Further realms: mvm.createRealm. What a function makes is of its realm, whoever calls it.

const other = mvm.createRealm();
console.log(other === globalThis, other.globalThis === other, other.Array === Array, other.Array.name, other.Math.max(3, 4));
console.log(Object.getPrototypeOf(other.Function.prototype) === other.Object.prototype, Symbol.iterator === other.Symbol.iterator, other.Symbol.for("a") === Symbol.for("a"));

// Arrays and what is made of them.
const numbers = new other.Array(3, 1, 2);
console.log(Array.isArray(numbers), numbers instanceof Array, numbers instanceof other.Array, String(numbers));
console.log(numbers.map((x) => x * 2) instanceof other.Array, Array.prototype.map.call(numbers, (x) => x) instanceof Array, [].concat(numbers) instanceof Array);
console.log(numbers.sort((a, b) => { const pair = [a, b]; return pair instanceof Array ? a - b : 0; }).join("-"), [...numbers.entries()].join());
const entries = other.Object.entries({ a: 1 });
console.log(entries instanceof other.Array, entries[0] instanceof other.Array);

// Errors are those of the function that throws.
function thrown(f) {
  try {
    return f();
  } catch (error) {
    return `${error instanceof Error} ${error instanceof other.Error} ${error.name}: ${error.message}`;
  }
}
console.log(thrown(() => other.Symbol.prototype.toString.call(1)));
console.log(thrown(() => null.x));
console.log(thrown(() => other.Array.prototype.forEach.call([1], (x) => x.y.z)));
console.log(thrown(() => other.JSON.parse("[1,")));
console.log(thrown(() => other.Reflect.construct(1)));
console.log(thrown(() => other.Promise()));
console.log(thrown(() => new other.Array(-1)));
class Plain {}
console.log(thrown(() => other.Reflect.apply(Plain, undefined, [])));

// Prototypes by the new target's realm.
const bare = other.Function("return this");
console.log(bare() === other, bare instanceof other.Function, Object.getPrototypeOf(bare) === other.Function.prototype);
const target = other.Object.prototype.constructor.bind();
target.prototype = undefined;
console.log(Object.getPrototypeOf(Reflect.construct(Date, [0], target)) === other.Date.prototype, Object.getPrototypeOf(Reflect.construct(Plain, [], target)) === Plain.prototype);
function Old() {}
Old.prototype = null;
console.log(Object.getPrototypeOf(other.Reflect.construct(other.Map, [], Old)) === Map.prototype, Object.getPrototypeOf(new Old()) === Object.prototype);
const proxied = new Proxy(target, {});
console.log(Object.getPrototypeOf(Reflect.construct(Set, [], proxied)) === other.Set.prototype);

// A class over another realm's, private names, accessors, generators.
class Longer extends other.Array {
  #seen = 0;
  get seen() { return this.#seen; }
  push(...values) { this.#seen += values.length; return super.push(...values); }
}
const longer = Longer.from([1, 2, 3]);
longer.push(4, 5);
console.log(longer instanceof Longer, longer instanceof other.Array, longer instanceof Array, longer.seen, longer.length, longer.slice(1) instanceof Longer);
function* mixed() {
  yield* new other.Set([1, 2]).values();
  yield* other.Object.keys({ k: 1 });
}
console.log([...mixed()].join(), other.Array.from(mixed()).length);
console.log(new other.String("text").length, other.Object(1n) instanceof other.BigInt, "abc".replace(/b/, other.String), other.RegExp("(a)").exec("cab").index);

// What the program changes in one realm is not changed in the other.
other.Array.prototype.extra = function () { return this.length; };
other.Object.prototype.common = "there";
console.log(numbers.extra(), [].extra, {}.common, numbers.common, bare.common);
Array.prototype.mine = 1;
console.log([].mine, numbers.mine);
delete Array.prototype.mine;

// A realm of the other realm, and jobs.
const third = other.mvm.createRealm();
console.log(third.Array !== other.Array, new third.Map([[1, 2]]).get(1), thrown(() => third.decodeURI("%")));
const settled = new other.Promise((resolve) => other.setTimeout(resolve, 1, "late"));
settled.then((value) => {
  console.log(value, settled instanceof Promise, settled instanceof other.Promise);
  return third.Promise.all([settled, 2]);
}).then((values) => console.log(values instanceof third.Array, String(values)));
(async () => {
  const text = await settled;
  console.log(text, other.JSON.stringify({ text, list: numbers }));
})();
