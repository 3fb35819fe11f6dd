// eval and Function: texts that see what is around them, declare names there, and are stopped and moved like other code.
var log = [];
function show(...values) { log.push(values.map(String).join(" ")); }

function around(a) {
  let b = 2;
  const c = 3;
  class Local { static value = 4; }
  return eval("a + b + c + Local.value + arguments.length + this.own");
}
show(around.call({ own: 10 }, 1));

function declares() {
  eval("var x = 5; function half() { return x / 2; }");
  x++;
  return [x, half(), delete x, typeof x].join();
}
show(declares());

function strictly() {
  "use strict";
  eval("var z = 1; function f() {}");
  return typeof z + typeof f;
}
show(strictly());

// By another name it runs in the global scope.
var inside = "global";
(function () {
  var inside = "local";
  show(eval("inside"), (0, eval)("inside"), globalThis.eval("typeof inside"));
})();
(0, eval)("var later = 1; function declared() { return later + 1; }");
show(later, declared(), delete globalThis.later, typeof later);

// What a text is worth.
for (var text of ["1; 2", "if (false) 1", "'x'; var y = 1", "do { 3; break; } while (0)", "try { 4 } finally { 5 }", "switch (1) { case 1: 6 }", "{}", "", "7; ;"]) show(text, "->", eval(text));

// this, super, new.target, private names.
class Base { greet() { return "base"; } }
class Derived extends Base {
  #secret = 8;
  field = eval("this instanceof Derived");
  constructor() {
    eval("super()");
    this.target = eval("new.target === Derived");
  }
  greet() { return eval("super.greet() + this.#secret"); }
}
var derived = new Derived();
show(derived.greet(), derived.field, derived.target);

// Errors, and the dead zone.
function early() {
  try {
    eval("value");
  } catch (error) {
    return error.name;
  }
  let value = 1;
}
show(early());
for (var wrong of ["1 +", "let a; let a", "return 1", "new.target", "super.x"]) {
  try {
    (0, eval)(wrong);
  } catch (error) {
    show(wrong, error instanceof SyntaxError);
  }
}
try {
  (function () { let taken; { eval("var taken"); } })();
} catch (error) {
  show(error.name);
}

// Closures, generators, loops.
function counter() { let n = 0; return eval("() => ++n"); }
var count = counter();
count();
show(count(), counter()());
var source = "function* (n) { for (let i = 0; i < n; i++) yield eval('i * i'); }";
show([...eval(`(${source})`)(5)]);
var total = 0;
for (let i = 0; i < 20; i++) total += eval(`i * ${i}`);
show(total);
show(eval("((strings, ...values) => strings.raw.join('|') + values)`a${1}\\n${2}`"));

// Function and its kin.
var add = new Function("a", "b = 2", "return a + b");
show(add(1), add.name, add.length, add.toString().split("\n").length);
var Generator = Object.getPrototypeOf(function* () {}).constructor;
show([...new Generator("yield* arguments")(1, 2, 3)]);
class Callable extends Function {}
show(new Callable("return 9")() , new Callable() instanceof Callable);
try {
  new Function("a", "}; {");
} catch (error) {
  show(error.name);
}

// Sorting with a comparator that is compiled in the middle of it.
show([5, 3, 9, 1].sort((a, b) => eval("a - b")));
console.log(log.join("\n"));
new (Object.getPrototypeOf(async function () {}).constructor)("console.log(await Promise.resolve('async'), typeof eval)")();
