// What text to be evaluated is refused for, before anything of it is declared or run; and what it may begin with.
const attempt = (name, run) => {
  try {
    console.log(name, run());
  } catch (error) {
    console.log(name, error.name);
  }
};
attempt("private name outside of a class", () => eval("({}).#none"));
attempt("private name in an undeclared place", () => eval("(class { m() { return this.#none; } })"));
class Holder {
  #held = 5;
  read() { return eval("this.#held"); }
  has(o) { return eval("#held in o"); }
}
attempt("private name of the class around", () => new Holder().read());
attempt("the same with in", () => new Holder().has({}));
attempt("hashbang", () => eval("#! not looked at\n7"));
attempt("hashbang alone", () => eval("#!"));
attempt("hashbang of an indirect eval", () => (0, eval)("#!/bin/sh\n8"));
attempt("hashbang in a function", () => new Function("#!\nreturn 1"));
attempt("functions that cannot all be declared", () => (0, eval)("function isDeclared() {} function NaN() {}"));
