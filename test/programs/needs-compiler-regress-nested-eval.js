// An eval within an eval sees this, new.target, super and arguments of the function around both.
console.log((function () { return eval("eval('this')") === this; }).call({}), eval("eval('this')") === globalThis);
console.log(new (function () { this.made = eval("eval('new.target')") !== undefined; })().made, (() => eval("(() => eval('typeof this'))()"))());
console.log({ __proto__: { x: "inherited" }, m() { return eval("eval('super.x')"); } }.m(), (function () { return eval("eval('arguments.length')"); })(1, 2));
class Derived extends Object { constructor() { eval("eval('super()')"); this.y = eval("eval('eval(\"this.constructor.name\")')"); } }
console.log(new Derived().y);
// An eval that a chain begins with is one as well; one that is called optionally is none.
console.log((function () { const local = { a: { b: String } }; return [eval("local")?.a?.b(1), eval("local.a")?.b?.(2), eval("local.a.b")?.(3), eval?.("typeof local")]; })());
