// Functions as values: their text, what Function.prototype is, what deleting a property of super does.
const texts = class {
  static /* one */ method /* two */ () { return 1; }
  static async  spaced() {}
  static *"quoted name"() {}
  static get value() { return 1; }
  static // a comment
  last(a, b) {}
  static static() {}
  plain() {}
};
for (const name of ["method", "spaced", "quoted name", "last", "static"]) console.log(texts[name].toString());
console.log(Object.getOwnPropertyDescriptor(texts, "value").get.toString(), texts.prototype.plain.toString());

console.log(typeof Function.prototype, Function.prototype(1, 2), Function.prototype.name === "", Function.prototype.length);
console.log(Object.prototype.toString.call(Function.prototype), Object.getPrototypeOf(Function.prototype) === Object.prototype);
console.log("prototype" in Function.prototype, Function.prototype instanceof Function, Function.prototype instanceof Object);
try {
  new Function.prototype();
} catch (error) {
  console.log(error.name);
}
function user() {}
Function.prototype.shared = "by all functions";
console.log(user.shared, Math.max.shared, Function.prototype.shared, Object.keys(Function.prototype).join());
delete Function.prototype.shared;
console.log(Function.prototype.call.call(function () { return this; }, 5) == 5, [].map.call([1], Function.prototype).length);

const log = [];
const home = {
  named() { return delete super.property; },
  computed(key) { return delete super[(log.push("key"), key)]; },
};
for (const run of [() => home.named(), () => home.computed({ toString() { log.push("converted"); } })]) {
  try {
    run();
  } catch (error) {
    console.log(error.name, log.join());
  }
}
