// Classes with everything: fields, private names, static blocks, accessors, computed names, super, new.target, built-ins.
const order = [];
const key = (k) => { order.push(k); return k; };
class Base {
  static count = 0;
  static #secret = "static secret";
  #id = ++Base.count;
  name = "base" + this.#id;
  [key("computed")] = "field";
  static [key("staticField")] = this.name;
  static { this.fromBlock = Base.#secret.length + this.count; }
  constructor(...list) { this.list = list; this.target = new.target.name; }
  get id() { return this.#id; }
  set id(v) { this.#id = v; }
  #hidden(x) { return x + this.#id; }
  get #double() { return this.#id * 2; }
  set #double(v) { this.#id = v / 2; }
  callHidden(x) { return this.#hidden(x); }
  doubled() { this.#double = this.#double + 10; return this.#double; }
  static isBase(o) { return #id in o; }
  static #privateStatic() { return "ps"; }
  static callStatic() { return this.#privateStatic(); }
  [key("method")]() { return "method of " + this.name; }
  who() { return "Base.who"; }
  static create(...list) { return new this(...list); }
  async later() { return this.#id; }
  *[Symbol.iterator]() { yield* this.list; }
  "quoted name"() { return "quoted"; }
  42() { return "number"; }
}
class Derived extends Base {
  extra = super.who() + "+";
  arrow = () => this.name;
  constructor(a, b) {
    const before = () => super(a, b, "more");
    before();
    this.own = a;
  }
  who() { return "Derived>" + super.who(); }
  static create(x) { return super.create(x, x); }
  get id() { return -super.id; }
  set id(v) { super.id = v + 100; }
}
const d = new Derived(1, 2);
console.log(d.name, d.extra, d.arrow.call(null), d.own, d.list, d.target, d.who());
console.log(d.callHidden(10), d.doubled(), d.id, Base.isBase(d), Base.isBase({}), Base.callStatic());
d.id = 5;
console.log(d.id, [...d], d.method(), d["quoted name"](), d[42](), Base.fromBlock, Base.staticField, order.join());
console.log(Derived.create("z").list, d instanceof Base, Object.getPrototypeOf(Derived) === Base, Derived.name, Derived.length, Base.length);
console.log(d, [new (class {})(), class {}, class Named {}, Derived], new (class Empty {})());
try { Derived(); } catch (error) { console.log(error.name); }
try { Base.prototype.callHidden.call({}); } catch (error) { console.log(error.name); }
try { Derived.callStatic(); } catch (error) { console.log(error.name); }
class Stack extends Array { top() { return this[this.length - 1]; } static get [Symbol.species]() { return Array; } }
const s = Stack.from([1, 2, 3]);
s.push(4);
console.log(s, s.top(), s.length, s.map((x) => x) instanceof Stack, s instanceof Stack, Array.isArray(s));
class MyError extends Error { constructor(m, code) { super(m); this.code = code; } get name() { return "MyError"; } }
try { throw new MyError("broken", 7); } catch (e) { console.log(e.code, e.message, e instanceof MyError, e instanceof Error, String(e), e.stack.split("\n")[0]); }
class Counter extends Map { get(k) { return super.get(k) ?? 0; } add(k) { return this.set(k, this.get(k) + 1); } }
console.log(new Counter().add("a").add("b").add("a"), new Counter([["x", 5]]).get("x"));
const Mixin = (B) => class extends B { mixed() { return "mixed " + super.who(); } };
class Mixed extends Mixin(Derived) {}
console.log(new Mixed("m").mixed(), Object.getOwnPropertyNames(Base.prototype).join(), Object.getOwnPropertyNames(Base).join());
class NoSuper extends Base { constructor() { if (false) super(); } }
try { new NoSuper(); } catch (error) { console.log(error.name, error.message); }
class Returns extends Base { constructor() { return { returned: true }; } }
console.log(new Returns(), new (class { constructor() { return 5; } })());
class NullProto extends null { static s = 1; static f() { return "f" + this.s; } }
console.log(NullProto.f(), Object.getPrototypeOf(NullProto.prototype));
let C = class Inner { static self() { return Inner; } };
const D = C; C = null;
console.log(D.self() === D, D.name);
console.log(Base.isBase(Object.create(d)), (() => { class Q { static #p = 1; static t(o) { try { return o.#p; } catch { return "none"; } } } return [Q.t(Q), Q.t({})]; })());
d.later().then((v) => console.log("later", v));
console.log(Reflect.construct(Base, [1], Derived).who(), Reflect.construct(function () { this.nt = new.target === Derived; }, [], Derived).nt);
