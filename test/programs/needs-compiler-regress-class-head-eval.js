// A direct eval in the heritage or a key of a class is strict, though the function around is sloppy: it declares nothing
// there, and evals within it see that it is none of the function's own.
function attempt(what, f) {
  try {
    console.log(what, f());
  } catch (error) {
    console.log(what, `${error.name}: ${error.message}`);
  }
}
attempt("nested", () => { class A extends eval("eval('Object')") {} return Object.getPrototypeOf(A) === Object; });
attempt("key", () => Object.keys(new class { [eval("eval('\"k\"')")] = 1; }).join());
attempt("own name", () => class A extends eval("eval('A')") {});
attempt("var", () => { class A extends (eval("var declared = 1"), Object) {} return typeof declared; });
attempt("var in a key", () => { class A { [eval("var declared = 'k'; declared")]() {} } return typeof declared + Object.getOwnPropertyNames(A.prototype).join(); });
attempt("undeclared", () => class { [eval("undeclaredHere = 1")]() {} });
attempt("this", () => { class A extends (eval("(function () { return this; })")() === undefined ? Object : Array) {} return Object.getPrototypeOf(A) === Object; });
attempt("outside", () => { class A extends Object {} eval("var declared = 1"); return typeof declared; });
function* generator() {
  class A extends (eval("var declared = 1; eval('declared')"), yield typeof declared, Object) {}
  yield A.name;
}
console.log([...generator()].join());
