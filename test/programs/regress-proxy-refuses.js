// A proxy whose trap refuses is not asked why, and the error says which trap it was; what is not a proxy is told apart.
function observed(target) {
  const traps = {};
  for (const name of Reflect.ownKeys(Reflect)) {
    if (typeof Reflect[name] === "function") traps[name] = (...list) => { console.log(name, String(list[1])); return Reflect[name](...list); };
  }
  return new Proxy(target, traps);
}
function attempt(f) {
  try { console.log(f()); } catch (error) { console.log(`${error.name}: ${error.message}`); }
}
attempt(() => Object.defineProperty(observed([]), "length", { enumerable: true }));
attempt(() => Object.defineProperties(observed(Object.freeze({})), { a: { value: 1 } }));
attempt(() => Object.setPrototypeOf(observed(Object.freeze([])), null));
attempt(() => { try { observed(Object.preventExtensions({})).__proto__ = {}; } catch (error) { return error.name; } });
attempt(() => Object.preventExtensions(new Proxy({}, { preventExtensions: () => false })));
attempt(() => Object.defineProperty(Object.freeze({ a: 1 }), "b", { value: 1 }));
attempt(() => Object.defineProperty(Object.freeze({ a: 1 }), "a", { value: 2 }));
attempt(() => Object.setPrototypeOf(Object.freeze({}), null));
attempt(() => { const o = {}; o.__proto__ = Object.create(o); });
