// `using` and `await using`: what a scope declares so is disposed of when the scope is left, however that happens, the last
// first. Node 20 does not know them, so what is expected lies beside this file.

const log = (...words) => console.log(words.join(" "));
const resource = (name, error) => ({
  name,
  [Symbol.dispose]() {
    log("dispose", this.name);
    if (error !== undefined) throw error;
  },
});
const later = (name, error) => ({
  name,
  async [Symbol.asyncDispose]() {
    log("begin", this.name);
    await null;
    log("end", this.name);
    if (error !== undefined) throw error;
  },
});
const told = (error) => error instanceof SuppressedError ? `(${told(error.error)} over ${told(error.suppressed)})` : error.name === "Error" ? error.message : error.name;
const attempt = (name, run) => {
  try {
    log(name, "gave", run());
  } catch (error) {
    log(name, "threw", told(error));
  }
};

// Blocks, functions, and the ways out of them.
{
  using a = resource("a"), b = resource("b");
  using none = null, missing = undefined;
  log("in the block", a.name, b.name, none, missing);
}
attempt("return", () => {
  using r = resource("r");
  return r.name;
});
attempt("throw", () => {
  using r = resource("r", new Error("disposing"));
  throw new Error("body");
});
attempt("two errors in disposal", () => {
  using one = resource("one", new Error("1"));
  using two = resource("two", new Error("2"));
  using three = resource("three");
});
attempt("an error instead of a value", () => {
  using r = resource("r", new Error("late"));
  return "never seen";
});
attempt("no method", () => {
  using first = resource("first");
  using second = {};
  log("not reached");
});
attempt("a number", () => {
  using n = 1;
});
attempt("dead zone", () => {
  using early = resource(early.name);
});
attempt("constant", () => {
  using fixed = resource("fixed");
  fixed = 1;
});
attempt("a name for a function", () => {
  const prototype = Function.prototype;
  prototype[Symbol.dispose] = function () { log("function", this.name); };
  using arrow = () => {};
  delete prototype[Symbol.dispose];
  return arrow.name;
});
outer: for (let i = 0; i < 2; i++) {
  using round = resource(`round ${i}`);
  for (using inner of [resource("x"), resource("y"), resource("z")]) {
    if (inner.name === "y" && i === 0) continue outer;
    if (inner.name === "z") break outer;
    log("inner", inner.name, i);
  }
}
for (using head = resource("head"), i = null; ;) {
  log("in the loop", head.name, i);
  break;
}
{
  var using = 3;
  using
  in_other_line: using++;
  log("a name like others", using);
}
function* generator() {
  using held = resource("held");
  yield 1;
  yield 2;
}
for (const value of generator()) {
  log("generated", value);
  break;
}
class Owner {
  static {
    using local = resource("static block");
    log("in the static block");
  }
  constructor() {
    using local = resource("constructor");
    this.made = true;
  }
}
log(new Owner().made);
switch (1) {
  case 1: {
    using chosen = resource("chosen");
  }
  default: log("after the case");
}

// Asynchronous ones.
async function waits() {
  await using first = later("first");
  using second = resource("second");
  await using third = resource("third");
  await using none = null;
  log("body");
  return "result";
}
log(await waits());
async function fails() {
  await using one = later("one", new Error("1"));
  await using two = later("two", new Error("2"));
  throw new Error("0");
}
await fails().catch((error) => log(told(error)));
async function order() {
  const steps = [];
  const ticking = (async () => {
    for (let i = 0; i < 4; i++) {
      await null;
      steps.push(`tick ${i}`);
    }
  })();
  {
    await using nothing = null;
    steps.push("body");
  }
  steps.push("after");
  await ticking;
  return steps.join();
}
log(await order());
for (await using each of [later("p"), later("q")]) log("each", each.name);
async function* source() {
  yield later("s");
  yield resource("t");
}
for await (await using each of source()) log("each", each.name);
await using last = later("module");
using lastToo = resource("module too");
log("end of the module");
