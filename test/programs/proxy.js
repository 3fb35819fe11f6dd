// Proxies: every trap, what happens without one, and what the invariants refuse.
const log = [];
const all = (target) => new Proxy(target, new Proxy({}, {
  get(_, name) {
    return (...list) => {
      log.push(`${name}(${list.slice(1).map((each) => typeof each === "object" || typeof each === "function" ? typeof each : String(each)).join(" ")})`);
      return Reflect[name](...list);
    };
  },
}));
function show(title, action) {
  log.length = 0;
  let result;
  try {
    result = String(action());
  } catch (error) {
    result = `${error.name}: ${error.message}`;
  }
  console.log(title, "→", result, log.length > 0 ? `[${log.join(", ")}]` : "");
}

const symbol = Symbol("s");
const target = { a: 1, get b() { return this === watched ? "the proxy" : "other"; }, 2: "two", [symbol]: 5 };
const watched = all(target);
show("get", () => watched.a + watched[2] + watched[symbol] + watched["x" + 1]);
show("getter", () => watched.b);
show("set", () => (watched.c = 4, watched[7] = 8, target.c + target[7]));
show("in", () => "a" in watched && 2 in watched && !("no" in watched));
show("delete", () => delete watched.c && delete watched[7]);
show("define", () => Object.defineProperty(watched, "d", { get: () => 6, configurable: true, enumerable: true }).d);
show("keys", () => Object.keys(watched));
show("names", () => Reflect.ownKeys(watched).length);
show("descriptor", () => JSON.stringify(Object.getOwnPropertyDescriptor(watched, "a")));
show("accessor descriptor", () => typeof Object.getOwnPropertyDescriptor(watched, "b").get);
show("hasOwn", () => [Object.hasOwn(watched, "a"), watched.hasOwnProperty("zz"), watched.propertyIsEnumerable("a")]);
show("prototype", () => Object.getPrototypeOf(watched) === Object.prototype && watched instanceof Object);
show("isPrototypeOf", () => Object.prototype.isPrototypeOf(watched));
show("setPrototypeOf", () => Reflect.setPrototypeOf(watched, null) && Object.setPrototypeOf(watched, Object.prototype) === watched);
show("extensible", () => Object.isExtensible(watched));
show("spread", () => Object.keys({ ...watched }));
show("rest", () => { const { a, ...others } = watched; return Object.keys(others); });
show("assign", () => Object.entries(Object.assign({}, watched)));
show("assign to", () => Object.assign(watched, { a: 9 }).a);
show("for in", () => { const names = []; for (const name in watched) names.push(name); log.length = 0; return names; });
show("json", () => JSON.stringify(watched));
show("freeze", () => Object.isFrozen(Object.freeze(all({ p: 1, get q() { return 2; } }))));
show("seal", () => Object.isSealed(Object.seal(all({ p: 1 }))));
show("preventExtensions", () => Reflect.preventExtensions(all({})));
show("in the chain", () => { const child = Object.create(all({ up: 1 })); child.own = 2; return [child.up, child.own, "up" in child, child.none]; });
show("accessors of annex B", () => typeof watched.__lookupGetter__("b") + watched.__proto__.constructor.name);

// Functions
const called = all(function f(a, b) { return new.target === undefined ? [this === undefined || typeof this, a, b].join() : { made: a + b }; });
show("call", () => called(1, 2));
show("method", () => ({ called }).called(3));
show("construct", () => new called(1, 2).made);
show("bound", () => called.bind(null, 5)(6));
show("bound construct", () => new (called.bind(null, 5))(6).made);
show("typeof", () => [typeof called, typeof watched, typeof new Proxy(class {}, {}), typeof new Proxy(() => 1, {})]);
class Base { constructor(x) { this.x = x; this.seen = new.target === Wrapped; } get twice() { return 2 * this.x; } }
const Wrapped = all(Base);
show("class", () => { const made = new Wrapped(4); return [made.x, made.seen, made instanceof Base, made.twice]; });
show("derived", () => { class Derived extends Wrapped { y = 1; } const made = new Derived(7); return [made.x, made.y, made instanceof Derived]; });
show("base as new target", () => { class Plain { a = 1; } const made = Reflect.construct(Plain, [], new Proxy(Base, {})); return [made.a, made instanceof Base]; });
show("bound with a proxy", () => Reflect.construct(Base.bind(null, 3), [], new Proxy(function () {}, { get: (_, key) => key === "prototype" ? Array.prototype : undefined })) instanceof Array);
show("not callable", () => { try { new Proxy({}, {})(); } catch (error) { return error.name; } });
show("not a constructor", () => { try { new (new Proxy(() => 1, {}))(); } catch (error) { return error.name; } });
show("class without new", () => new Proxy(Base, {})());
show("apply", () => new Proxy(Math.max, { apply: (f, self, list) => `${f.name} of ${list}` })(1, 5, 3));
show("construct gives no object", () => new (new Proxy(class {}, { construct: () => 1 }))());
show("sort by one", () => [3, 1, 2].sort(new Proxy((a, b) => a - b, {})).concat([4].map(new Proxy((x) => x * 2, {}))));

// Arrays
const list = all([1, 2, 3]);
show("length", () => list.length);
show("isArray", () => [Array.isArray(list), Array.isArray(new Proxy(list, {})), Array.isArray(watched), [watched].map(Array.isArray)]);
show("push", () => list.push(4));
show("concat", () => [0].concat(new Proxy([1, [2]], {})).length);
show("flat", () => [0, new Proxy([1], {})].flat());
show("spread of a list", () => [...new Proxy([1, 2], {})]);
show("map", () => new Proxy([1, 2], {}).map((x) => x + 1));
show("json of a list", () => JSON.stringify({ list: new Proxy([1, { a: 2 }], {}) }));
show("revived", () => {
  let fresh = new Proxy([5, 6], {});
  return JSON.stringify(JSON.parse("[1,2]", function (key, value) {
    if (key === "0" && fresh !== undefined) [this[1], fresh] = [fresh, undefined];
    return value;
  }));
});
show("tag", () => [list, called, watched].map((each) => Object.prototype.toString.call(each)));

// Private names are the proxy's own
class Stamp extends (function (o) { return o; }) { #mark = 1; static read(o) { return #mark in o ? ++o.#mark : "none"; } }
show("private", () => { const bare = {}, proxy = new Proxy(bare, {}); new Stamp(proxy); return [Stamp.read(proxy), Stamp.read(proxy), Stamp.read(bare), Stamp.read(new Proxy(proxy, {}))]; });

// Invariants
const fixed = Object.freeze({ v: 1 });
const bad = (handler, base = fixed) => new Proxy(base, handler);
show("get", () => bad({ get: () => 2 }).v);
show("get accessor", () => bad({ get: () => 2 }, Object.defineProperty({}, "v", { set() {} })).v);
show("set", () => Reflect.set(bad({ set: () => true }), "v", 2));
show("set accessor", () => Reflect.set(bad({ set: () => true }, Object.defineProperty({}, "v", { get() {} })), "v", 2));
show("has", () => "v" in bad({ has: () => false }));
show("has inextensible", () => "v" in bad({ has: () => false }, Object.preventExtensions({ v: 1 })));
show("delete", () => delete bad({ deleteProperty: () => true }).v);
show("delete inextensible", () => delete bad({ deleteProperty: () => true }, Object.preventExtensions({ v: 1 })).v);
show("define", () => Reflect.defineProperty(bad({ defineProperty: () => true }), "w", { value: 1 }));
show("define other", () => Reflect.defineProperty(bad({ defineProperty: () => true }), "v", { value: 2 }));
show("define fixed", () => Reflect.defineProperty(bad({ defineProperty: () => true }, {}), "v", { value: 2, configurable: false }));
show("descriptor", () => Object.getOwnPropertyDescriptor(bad({ getOwnPropertyDescriptor: () => 5 }), "v"));
show("descriptor undefined", () => Object.getOwnPropertyDescriptor(bad({ getOwnPropertyDescriptor() {} }), "v"));
show("descriptor other", () => Object.getOwnPropertyDescriptor(bad({ getOwnPropertyDescriptor: () => ({ value: 2 }) }), "v"));
show("descriptor fixed", () => Object.getOwnPropertyDescriptor(bad({ getOwnPropertyDescriptor: () => ({ value: 2 }) }, {}), "v"));
show("descriptor accessor", () => Object.getOwnPropertyDescriptor(bad({ getOwnPropertyDescriptor: () => ({ get: () => 3, configurable: true }) }, {}), "v").get());
show("keys", () => Reflect.ownKeys(bad({ ownKeys: () => [] })));
show("keys twice", () => Reflect.ownKeys(bad({ ownKeys: () => ["v", "v"] })));
show("keys extra", () => Reflect.ownKeys(bad({ ownKeys: () => ["v", "w"] })));
show("keys in any order", () => { const names = []; const mixed = bad({ ownKeys: () => [symbol, "b", "a"] }, { a: 1, b: 2 }); for (const name in mixed) names.push(name); return [Object.keys(mixed), names]; });
show("keys numbers", () => Reflect.ownKeys(bad({ ownKeys: () => [1] })));
show("prototype", () => Object.getPrototypeOf(bad({ getPrototypeOf: () => null })));
show("prototype number", () => Object.getPrototypeOf(bad({ getPrototypeOf: () => 1 })));
show("setPrototypeOf", () => Reflect.setPrototypeOf(bad({ setPrototypeOf: () => true }), null));
show("isExtensible", () => Object.isExtensible(bad({ isExtensible: () => true })));
show("preventExtensions", () => Object.preventExtensions(bad({ preventExtensions: () => true }, {})));
show("no function", () => bad({ get: 5 }).v);
show("falsish", () => { "use strict"; try { bad({ set: () => false }, {}).v = 1; } catch (error) { return error.name; } });
show("falsish delete", () => { "use strict"; try { delete bad({ deleteProperty: () => false }, {}).v; } catch (error) { return error.name; } });
show("falsish extensions", () => { try { Object.preventExtensions(bad({ preventExtensions: () => false }, {})); } catch (error) { return error.name; } });

// Revocation
const { proxy, revoke } = Proxy.revocable(function () {}, {});
show("before", () => [typeof proxy, proxy.length]);
revoke();
revoke();
for (const action of [() => proxy.a, () => { proxy.a = 1; }, () => "a" in proxy, () => delete proxy.a, () => proxy(), () => new proxy(), () => Object.keys(proxy),
  () => Object.getPrototypeOf(proxy), () => Object.isExtensible(proxy), () => Array.isArray(proxy), () => Object.defineProperty(proxy, "a", { value: 1 }), () => typeof proxy,
  () => new Proxy(1, {}), () => Proxy({}, {}), () => new Proxy({}, proxy).a]) show("revoked", action);

// Deep, and in turns
let deep = { end: "of the chain" };
for (let i = 0; i < 300; i++) deep = new Proxy(deep, i % 50 === 0 ? { get: (o, key, self) => Reflect.get(o, key, self) } : {});
show("deep", () => deep.end);
const counters = new Proxy({}, { get: (o, key) => o[key] ?? 0, set(o, key, value) { o[key] = value; return true; } });
for (const word of "a rose is a rose is a rose".split(" ")) counters[word]++;
show("counters", () => JSON.stringify(counters));
(async () => console.log("awaited", await new Proxy({ then: undefined, x: 1 }, {}).x))();
