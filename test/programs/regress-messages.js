// Messages of errors that programs show to people, as Node words them.
const strict = () => { "use strict"; const o = { get a() { return 1; } }; o.a = 2; };
for (const f of [strict, () => (class A {})(), () => (1).toString(1), () => null.x, () => undefined.y(), () => ({}).f(), () => { const c = 1; c = 2; }, () => notThere,
  () => [].reduce((x) => x), () => Array.from(null), () => ({ [Symbol.toPrimitive]: 5 }) + 1, () => new Array(-1), () => "x".repeat(-1), () => (1).toFixed(101), () => { x; let x; }, () => new (class { constructor() { this.f(); } })(),
  () => { const [a] = null; }, () => { const { a } = undefined; }, () => { for (const x of 5) ; }, () => new 5(), () => Symbol() + 1, () => 1 in 2, () => ({}) instanceof 3, () => JSON.parse("{bad"),
  () => Object.defineProperty(Object.freeze({}), "a", { value: 1 }), () => new Map([5]), () => [...undefined], () => new WeakMap().set(1, 1), () => Promise.resolve.call(1), () => decodeURIComponent("%")]) {
  try { f(); console.log("none"); } catch (error) { console.log(`${error.name}: ${error.message}`); }
}
