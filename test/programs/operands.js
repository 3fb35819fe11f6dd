// Every operator on every kind of operand: small and other numbers, texts, objects, undefined, as values and as conditions.
"use strict";
const values = [3, -7, 1.5, 1073741823, "7", "text", null, undefined, true, { valueOf: () => 4 }, { toString: () => "obj" }, [6]];
const some = [2, 1.5, "7", null, values[9]];
const show = (v) => (Object.is(v, -0) ? "-0" : String(v));
const ops = {
  add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b, mod: (a, b) => a % b, pow: (a, b) => a ** b,
  and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b, shl: (a, b) => a << b, shr: (a, b) => a >> b, ushr: (a, b) => a >>> b,
  lt: (a, b) => a < b, le: (a, b) => a <= b, gt: (a, b) => a > b, ge: (a, b) => a >= b,
  eq: (a, b) => a == b, ne: (a, b) => a != b, seq: (a, b) => a === b, sne: (a, b) => a !== b,
};
for (const name in ops) {
  const out = [];
  for (const a of values) for (const b of some) out.push(show(ops[name](a, b)));
  let hash = 0;
  for (const c of out.join()) hash = (hash * 31 + c.charCodeAt(0)) | 0;
  console.log(name, out.slice(0, 20).join(" "), hash);
}
function conditions(a, b) {
  const out = [];
  if (a < b) out.push("<");
  if (a <= b) out.push("<=");
  if (a > b) out.push(">");
  if (a >= b) out.push(">=");
  if (!(a < b)) out.push("!<");
  if (!(a <= b)) out.push("!<=");
  if (!(a > b)) out.push("!>");
  if (!(a >= b)) out.push("!>=");
  if (a === b) out.push("===");
  if (a !== b) out.push("!==");
  if (a == b) out.push("==");
  if (a != b) out.push("!=");
  if (a < b || a > b) out.push("<|>");
  if (a <= b || a >= b) out.push("<=|>=");
  if (a === b || a !== b) out.push("|");
  for (let n = 0; a < b && n < 1; n++) out.push("for<");
  for (let n = 0; a <= b && n < 1; n++) out.push("for<=");
  let n = 0; while (a > b && n++ < 1) out.push("while>");
  n = 0; while (a >= b && n++ < 1) out.push("while>=");
  n = 0; do { out.push("do"); } while (a < b && n++ < 1);
  n = 0; do n++; while (n < 2 && a <= b);
  n = 0; do n++; while (n < 2 && a > b);
  n = 0; do n++; while (n < 2 && a >= b);
  n = 0; do n++; while (n < 2 && a === b);
  n = 0; do n++; while (n < 2 && a !== b);
  return out.join("");
}
for (const a of [1, 0.5, "1", "b", {}, { valueOf: () => 2 }, null, undefined]) console.log([1, 2.5, "1", "c", a, [1], null].map((b) => conditions(a, b)).join(" "));
function counted(start, limit) { const out = []; let i = start; do { out.push(i); i++; } while (i < limit); do { i--; } while (i >= start); do { i++; } while (i <= limit); do { i--; } while (i > start); return [out.length, i]; }
console.log(counted(0, 3), counted(0.5, 3), counted("1", "3"), counted({ valueOf: () => 1 }, { valueOf: () => 3 }));
const un = { neg: (a) => -a, plus: (a) => +a, not: (a) => !a, bitNot: (a) => ~a, type: (a) => typeof a, text: (a) => `${a}`, plusSmall: (a) => a + 5, minusSmall: (a) => a - 5, plusNegative: (a) => a + -7,
  inc(a) { return ++a; }, dec(a) { return --a; }, postInc(a) { const b = a++; return b + "/" + a; }, postDec(a) { const b = a--; return b + "/" + a; },
  key: (a) => Object.keys({ [a]: 1 })[0], condition: (a) => (a ? "y" : "n"), notNot: (a) => !!a, voided: (a) => void a,
  property(a) { const o = { p: a }; o.p++; ++o.p; o.p--; return o.p; }, element(a) { const o = [a]; o[0]--; --o[0]; o[0]++; return o[0]; }, captured(a) { const f = () => a++; f(); a--; f(); return a; },
  computedMethod: (a) => ({ [a + "m"]() { return 1; }, get [a + "g"]() { return 2; }, [a + "x"]: 3 })[a + "g"], method: (a) => ({ [`${a}`]() { return this.v; }, v: 9 })[a]() };
for (const name in un) console.log(name, values.map((v) => show(un[name](v))).join(" "));
for (const f of Object.values(un).concat(Object.values(ops))) { try { f(Symbol("s"), 1); } catch (error) { console.log(error.name); } }
const logical = (a, b) => [a && b, a || b, a ?? b, (a &&= b), (a ||= b), (a ??= b), a ? b : 0].map(show).join();
console.log(logical(0, 1), logical(null, 2), logical("x", 3), logical(undefined, null), logical(NaN, 0.5), logical({ toString: () => "o" }, ""));
let v = 5; v += 2; v -= 1; v *= 3; v /= 2; v %= 5; v **= 2; v <<= 3; v >>= 1; v >>>= 1; v &= 14; v |= 1; v ^= 2;
console.log(v, "a" in { a: 1 }, 0 in [1], "x" in [], Symbol.iterator in [], [] instanceof Object, (() => 1) instanceof Function);
