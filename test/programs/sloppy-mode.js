// Sloppy scripts: implicit globals, this, functions in blocks, duplicate parameters, deleting, octal, undeclared names, silent failures.
implicit = "made a global";
console.log(implicit, globalThis.implicit, delete globalThis.implicit, typeof implicit);
var declared = 1;
function declaredFunction() { return this === globalThis; }
let lexical = 2;
console.log(globalThis.declared, globalThis.declaredFunction === declaredFunction, globalThis.lexical, declaredFunction(), delete globalThis.declared, declared, this === globalThis);
console.log((function () { return typeof this; }).call("text"), (function () { return this instanceof Number; }).call(1), (function () { return this === globalThis; }).call(null), (() => this === globalThis)());
function duplicate(a, a, b) { return [a, b, duplicate.length]; }
console.log(duplicate(1, 2, 3));
console.log(010, 0o10, "\101", 08.5 === 8.5);
Object.freeze([1]).length = 5;
NaN = 1; undefined = 2; Infinity = 3;
"primitive".property = 1;
const fixed = Object.defineProperty({}, "x", { value: 1 });
fixed.x = 2;
console.log(fixed.x, delete fixed.x, NaN, undefined, delete [].length, typeof undefined);
console.log(typeof blockFunction);
if (true) { function blockFunction() { return "in block"; } }
console.log(blockFunction());
switch (1) { case 1: function inSwitch() { return "in switch"; } }
console.log(inSwitch());
(function () {
  console.log(typeof inner, typeof v);
  if (false) { function inner() {} }
  for (var v = 0; v < 2; v++) ;
  console.log(v, typeof inner);
  undeclaredInFunction = v;
})();
console.log(undeclaredInFunction);
function Old(name) { this.name = name; }
Old.prototype = { constructor: Old, get loud() { return this.name + "!"; }, toString: function () { return "Old " + this.name; } };
var o = new Old("x");
console.log(o.loud, o + "", o instanceof Old, o.__proto__ === Old.prototype, Old.prototype.isPrototypeOf(o));
try { undefinedName; } catch (e) { console.log(e.name, e.message); }
try { null.f(); } catch (e) { var e = "assigned"; }
console.log(e);
var x = 1; { var x = 2; } console.log(x);
label: { break label; }
var let_ = 5, async = 6, of = 7, get = 8, set = 9, static_ = 10;
console.log(async + of + get + set, typeof yield_, (function () { return typeof arguments.callee; })());
var yield_ = 1;
console.log([1, 2, 3].indexOf.call("abc", "b"), (function () { return this.valueOf(); }).call(7), (function f(n) { return n ? arguments.callee(n - 1) + 1 : 0; })(5));
for (var i = 0, list = []; i < 3; i++) list.push(function () { return i; });
console.log(list.map(function (f) { return f(); }).join());
(function (undefined) { console.log(undefined); })("shadowed");
var nested = (function () { return { value: arguments[0], get: function () { return this.value; } }; })("n");
console.log(nested.get(), new (function () { this.made = true; return "primitive ignored"; })().made, new (function () { return [1]; })());
console.log(isNaN("x"), parseInt("08"), +"010", -"0x10", [] + 1, "5" * "2");
if (1) var hoistedVar = "yes";
console.log(hoistedVar, void 0 === undefined, typeof null, typeof function () {});
