// Functions in blocks of sloppy code are var names of the function around as well, unless that would clash; what a var
// declaration in a with stores to is settled before its value is there. V8 goes its own way with nested blocks and with
// arguments, so what is expected lies beside this file.
function nested() {
  {
    function f() { return "outer"; }
    {
      function f() { return "inner"; }
    }
  }
  return f();
}
console.log(nested());
function twice() {
  {
    function f() { return 1; }
    function f() { return 2; }
  }
  return f();
}
console.log(twice());
function own() {
  {
    function arguments() { return "the block's"; }
    console.log(arguments());
  }
  return arguments.length;
}
console.log(own(1, 2));
const arrow = () => {
  if (true) {
    function late() { return "late"; }
  }
  switch (0) { case 0: function inCase() { return "in a case"; } }
  try { throw 1; } catch { function inCatch() { return "in a catch"; } }
  return [late(), inCase(), inCatch()].join();
};
console.log(arrow());
function clash(parameter) {
  let held = 1;
  {
    function parameter() {}
    function held() {}
    for (let i = 0; i < 1; i++) { function i() {} }
  }
  return [typeof parameter, held, typeof i].join();
}
console.log(clash("text"));

const target = { name: 1 };
with (target) {
  var name = delete target.name;
}
console.log(target.name, name);
with ({ get other() { return 1; } }) {
  var other = 2, another = 3;
}
console.log(other, another);

// A call as the target of an assignment is an error when it is reached.
const log = [];
function call() { log.push("called"); return { valueOf() { log.push("converted"); return 1; } }; }
function value() { log.push("value"); return [1]; }
for (const run of [() => { call() = value(); }, () => { call() += value(); }, () => call()++, () => --call(), () => { for (call() of value()) log.push("body"); }, () => { for (call() in value()) log.push("body"); }]) {
  try {
    run();
  } catch (error) {
    console.log(error.name, log.splice(0).join());
  }
}
