// Properties and elements of every kind of receiver: objects, arrays, functions, errors, collections, typed arrays, primitives.
function Fn() {}
const receivers = [{ a: 1 }, [1, 2], Fn, class K { static a = 5; }, new Map([[1, 2]]), new Error("e"), new Date(5), /r/, Promise.resolve(1), new Uint8Array([7, 8]), (function () { return arguments; })(9), Object("wrapped"), Object(5), new WeakMap(), new ArrayBuffer(3), () => 1];
for (const r of receivers) {
  r.a = "put";
  r.b = r.a + "!";
  r.a += "+";
  r["c" + 1] = 1;
  r.c1++;
  r[0] = 3;
  const dynamic = "b";
  r[dynamic] += "?";
  delete r.c1;
  const { a, b, [0]: zero } = r;
  console.log(Object.prototype.toString.call(r), a, b, zero, r.c1, "a" in r, "c1" in r, r.hasOwnProperty("b"), typeof r.constructor, r?.a, r?.["b"], r.missing?.x, Object.keys(r).join("|"), delete r.a, r.a);
}
for (const p of ["text", 5, 0.5, true, Symbol.iterator]) {
  p.x = 1;
  p["y"] = 2;
  p[0] = "z";
  console.log(p.x, p["y"], p[0], p.length, p.constructor.name, p["toString"]().length, p.toString().length, typeof p.valueOf(), p?.missing, p.missing?.deep.deeper);
}
function strict(p) { "use strict"; try { p.x = 1; return "stored"; } catch (error) { return error.name; } }
console.log(["text", 5, true, Symbol.iterator, null, undefined, {}].map(strict));
const methods = { f() { return this.n; }, n: 1, 7() { return "seven"; }, [Symbol.iterator]() { return [this.n][Symbol.iterator](); } };
const name = "f";
console.log(methods[name](), methods["f"](), (methods.f)(), (0, methods.f)?.call({ n: 2 }), methods[7](), methods?.f(), methods.f?.(), methods.g?.(), methods?.["f"]?.(), [...methods]);
const fs = [function () { return this.length; }, () => 5];
console.log(fs[0](), fs[1](), "abc"["at"](1), (7)["toFixed"](1), [3, 4]["map"]((x) => x * 2), new Uint8Array([1, 2])["join"]("+"), Fn["call"]({}), new Set([1])["has"](1));
Fn.prototype.shared = "on prototype";
Fn.prototype.who = function () { return this === undefined ? "none" : typeof this; };
const made = new Fn();
console.log(made.shared, made["shared"], made.who(), made.constructor === Fn, Fn.name, Fn.length, (made.shared = "own"), delete made.shared, made.shared);
const list = [];
list[2] = "c";
list["1"] = "b";
list[-1] = "minus";
list["01"] = "not an index";
console.log(list.length, list, Object.keys(list), 1 in list, 0 in list, list.at(-1), list["length"], (list.length = 1), list);
const text = "héllo wörld \u20ac";
console.log(text[1], text["length"], text[100], "0" in Object(text), Object.entries("ab"), text.at(-1), text["1"], text[1.5], text[-1]);
const objects = { 1: "one", "1.5": "float", "-1": "minus", [2 ** 32]: "big", true: "bool", null: "null", undefined: "u" };
console.log(objects[1], objects["1"], objects[1.5], objects[-1], objects[4294967296], objects[true], objects[null], objects[undefined], objects[{ toString: () => "1" }], objects[[1]]);
const order = [];
const t = (x, v) => { order.push(x); return v; };
t("object", list)[t("key", 0)] = t("value", 1);
t("object2", list)[t("key2", "0")] += t("value2", 1);
console.log(order.join(), list);
globalThis.viaGlobal = 1;
viaGlobal++;
var declared = 5;
console.log(viaGlobal, globalThis.declared, typeof undeclared, typeof viaGlobal, delete globalThis.viaGlobal, typeof viaGlobal);
