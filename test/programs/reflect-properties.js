// Reflect and property attributes: define, freeze, seal, descriptors, key order, prototypes, receivers.
const o = {};
Object.defineProperty(o, "hidden", { value: 1 });
Object.defineProperty(o, "computed", { get() { return this.base * 2; }, enumerable: true });
Object.defineProperties(o, { base: { value: 21, writable: true, configurable: true }, late: { enumerable: true, value: [] } });
console.log(Object.keys(o), o.computed, Object.getOwnPropertyNames(o), JSON.stringify(Object.getOwnPropertyDescriptors(o)));
o.hidden = 5;
console.log(o.hidden, delete o.base, Object.entries(o), o.propertyIsEnumerable("hidden"), o.hasOwnProperty("computed"), Object.hasOwn(o, "nope"));
for (const change of [{ value: 2 }, { enumerable: true }, { get() {} }, { writable: true }, { value: 1 }]) {
  try { Object.defineProperty(o, "hidden", change); console.log("allowed"); } catch (error) { console.log(error.name, error.message); }
}
const frozen = Object.freeze({ a: 1, nested: { b: 2 }, list: [1] });
frozen.a = 2; frozen.c = 3; delete frozen.a; frozen.nested.b = 3; frozen.list.push(2);
console.log(frozen, Object.isFrozen(frozen), Object.isSealed(frozen), Object.isExtensible(frozen), Object.isFrozen("x"), Object.isFrozen({}));
const sealed = Object.seal({ a: 1 });
sealed.a = 2; sealed.b = 3; delete sealed.a;
console.log(sealed, Object.isSealed(sealed), Object.isFrozen(sealed), Object.isFrozen(Object.freeze([1, 2])));
const frozenList = Object.freeze([1, 2, 3]);
(function () {
  "use strict";
  for (const f of [() => frozenList.push(4), () => { frozenList[0] = 9; }, () => { frozenList.length = 0; }, () => { frozen.a = 1; }, () => { delete sealed.a; }, () => { sealed.z = 1; }, () => frozenList.pop(), () => frozenList.sort(), () => { o.computed = 1; }]) {
    try { f(); console.log("no error"); } catch (error) { console.log(error.name); }
  }
})();
console.log(Reflect.ownKeys({ z: 1, 10: 1, 9: 1, a: 1, "-1": 1, 1.5: 1 }), Reflect.has({ x: 1 }, "x"), Reflect.get({ get x() { return this.y; } }, "x", { y: 7 }), Reflect.set(frozen, "a", 1), Reflect.set({}, "a", 1), Reflect.defineProperty(frozen, "q", { value: 1 }), Reflect.deleteProperty(sealed, "a"));
const receiver = {};
console.log(Reflect.set({ set x(v) { this.got = v; } }, "x", 5, receiver), receiver, Reflect.set({ x: 1 }, "x", 6, receiver), receiver, Reflect.getPrototypeOf([]) === Array.prototype, Reflect.setPrototypeOf(frozen, {}), Reflect.isExtensible(sealed), Reflect.preventExtensions({}));
console.log(Reflect.apply(Math.max, null, [1, 3, 2]), Reflect.construct(Date, [0]).getTime(), Reflect.construct(Array, [3]).length, Reflect.getOwnPropertyDescriptor({ a: 1 }, "a"));
const proto = { greet() { return "hi " + this.name; } };
const child = Object.setPrototypeOf({ name: "kid" }, proto);
console.log(child.greet(), proto.isPrototypeOf(child), "greet" in child, Object.getPrototypeOf(child) === proto, child.__proto__ === proto);
child.__proto__ = { greet() { return "new " + this.name; } };
console.log(child.greet(), Object.prototype.hasOwnProperty.call(child, "__proto__"), ({ __proto__: null }) instanceof Object, ({ ["__proto__"]: 1 }).__proto__, { "__proto__": Array.prototype } instanceof Array);
try { Object.setPrototypeOf(proto, Object.create(proto)); } catch (error) { console.log(error.name, error.message); }
console.log(Object.assign({ a: 1 }, null, { b: 2 }, "xy", [9]), Object.entries("ab"), Object.values([5, 6]), Object.fromEntries([["k", "v"]]), Object.is(NaN, NaN), Object.groupBy ? Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even")).odd : [1, 3]);
const list = [1, 2, 3];
Object.defineProperty(list, "length", { writable: false });
try { "use strict"; list.push(4); } catch (error) { console.log(error.name); }
list[5] = 1; list.length = 0;
console.log(list, Object.getOwnPropertyDescriptor(list, "length"));
const big = [1, 2, 3, 4];
Object.defineProperty(big, 1, { configurable: false });
big.length = 0;
console.log(big, big.length);
const fn = (function () { "use strict"; return function fn(a, b, ...c) {}; })();
console.log(Object.getOwnPropertyNames(fn).sort(), Object.getOwnPropertyDescriptor(fn, "length"), fn.name, delete fn.length, fn.length, Object.getOwnPropertyDescriptor(class { static m() {} }, "prototype"), (() => {}).prototype, Object.getOwnPropertyNames(async () => {}).sort());
Object.defineProperty(fn, "name", { value: "renamed" });
console.log(fn.name, fn, Object.getOwnPropertyDescriptor(globalThis, "undefined"), Object.getOwnPropertyDescriptor(Math, "PI"), Object.getOwnPropertyDescriptor(Array.prototype, "map").enumerable);
const dictionary = {};
for (let i = 0; i < 60; i++) dictionary["k" + i] = i;
for (let i = 0; i < 60; i += 3) delete dictionary["k" + i];
dictionary.k0 = "back";
Object.defineProperty(dictionary, "k1", { enumerable: false });
console.log(Object.keys(dictionary).length, Object.keys(dictionary).pop(), dictionary.k1, Object.keys(dictionary)[0]);
