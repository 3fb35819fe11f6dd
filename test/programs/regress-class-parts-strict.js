// The heritage and computed keys of a class are strict code, though the function around them is sloppy.
const frozen = Object.freeze({ a: 1 });
function attempt(what, f) {
  try {
    console.log(what, f());
  } catch (error) {
    console.log(what, error.name);
  }
}
class Base {}
attempt("heritage", () => class extends (frozen.a = 2, Base) {});
attempt("key", () => class { [frozen.b = "k"]() {} });
attempt("field key", () => class { [(frozen.a++, "k")] = 1; });
attempt("delete", () => class { static [delete frozen.a]() {} });
attempt("name", () => class { [undeclaredName = "k"]() {} });
attempt("outside", () => { frozen.a = 3; return frozen.a; });
function sloppy(value) {
  let count = 0;
  class Made extends (arguments[0] = Base, count = 5, this.mark = "set", Base) {
    [(count++, `k${count}`)]() { return count; }
    static [((x) => (count += x, "s"))(10)]() { return value === Base; }
  }
  return [new Made() instanceof Base, new Made().k6(), Made.s(), this.mark].join();
}
console.log(sloppy.call({}, 1));
function* generator() {
  const C = class { [yield "key"]() { return 1; } };
  yield Object.getOwnPropertyNames(C.prototype).join();
}
const running = generator();
console.log(running.next().value, running.next("given").value);
