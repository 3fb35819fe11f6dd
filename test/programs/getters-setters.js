// Accessors: in literals, classes, by defineProperty, inherited, on arrays, with super, and stopping inside them.
const log = [];
const point = {
  _x: 1,
  get x() { log.push("get"); return this._x; },
  set x(value) { log.push("set " + value); this._x = value; },
  get ["com" + "puted"]() { return "computed " + this._x; },
};
point.x += 5;
point.x++;
console.log(point.x, point.computed, log.join());
const child = Object.create(point, { _x: { value: 100, writable: true } });
child.x = 7;
console.log(child._x, point._x, Object.keys(child), child.x);
class Base {
  #v = 3;
  get value() { return this.#v; }
  set value(v) { this.#v = v * 2; }
  static get kind() { return "kind of " + this.name; }
}
class Derived extends Base {
  get value() { return super.value + 1; }
  set value(v) { super.value = v + 1; }
}
const d = new Derived();
d.value = 10;
console.log(d.value, Derived.kind, Base.kind);
const list = [1, 2, 3];
Object.defineProperty(list, 1, { get() { return this.length * 10; }, enumerable: true, configurable: true });
console.log(list[1], list.map((n) => n + 1), JSON.stringify(list), list.indexOf(30));
Object.defineProperty(Object.prototype, "everywhere", { get() { return typeof this; }, configurable: true });
console.log((5).everywhere, "s".everywhere, [].everywhere, (() => 1).everywhere);
delete Object.prototype.everywhere;
const lazy = { get once() { Object.defineProperty(this, "once", { value: "made", enumerable: true }); return "first"; } };
console.log(lazy.once, lazy.once);
const onlyGet = { get a() { return 1; } };
onlyGet.a = 2;
console.log(onlyGet.a);
(function () {
  "use strict";
  try { onlyGet.a = 3; } catch (error) { console.log(error.name); }
})();
const { get, set } = Object.getOwnPropertyDescriptor(point, "x");
console.log(get.name, set.name, get.call({ _x: "elsewhere" }));
console.log(point, [onlyGet], Object.getOwnPropertyDescriptor(onlyGet, "a").set);
let nested = { get a() { return { get b() { return { get c() { return "deep"; } }; } }; } };
console.log(nested.a.b.c, `${{ get toString() { return () => "text"; } }}`);
const thrower = { get bad() { throw new TypeError("bad getter"); } };
try { thrower.bad; } catch (error) { console.log(error.message); }
try { ({ ...thrower }); } catch (error) { console.log("spread: " + error.message); }
