// Generators: values both ways, return and throw, finally blocks while suspended, delegation, as methods and iterables.
const log = (...list) => console.log(list.join(" "));
function* counter(from, to) {
  try {
    for (let i = from; i <= to; i++) {
      const sent = yield i;
      if (sent !== undefined) log("got", sent);
    }
    return "all";
  } catch (error) {
    log("caught", error);
    yield "after";
  } finally {
    log("finally begins");
    yield "in finally";
    log("finally ends");
  }
}
const a = counter(1, 3);
console.log(a.next(), a.next("A"), a.return("R"), a.next(), a.next());
const b = counter(1, 2);
b.next();
console.log(b.throw("E"), b.next(), b.next(), b.next());
const c = counter(5, 5);
console.log([...c]);
function* outer() {
  const result = yield* counter(1, 2);
  log("result", result);
  yield* [10, 20];
  yield* "ab";
  return yield* (function* () { yield "deep"; return "value"; })();
}
const o = outer();
let step;
while (!(step = o.next()).done) log(step.value);
log("end", step.value);
const d = outer();
d.next();
console.log(d.return("early"), d.next(), d.next());
const object = { *items() { yield this.size; }, size: 3, *[Symbol.iterator]() { yield* Object.keys(this); } };
console.log([...object.items()], [...object]);
class Tree {
  constructor(value, left, right) { this.value = value; this.left = left; this.right = right; }
  *[Symbol.iterator]() {
    if (this.left) yield* this.left;
    yield this.value;
    if (this.right) yield* this.right;
  }
}
console.log([...new Tree(4, new Tree(2, new Tree(1), new Tree(3)), new Tree(6, new Tree(5)))].join());
function* fibonacci() { let [x, y] = [0, 1]; for (;;) { yield x; [x, y] = [y, x + y]; } }
const first = [];
for (const n of fibonacci()) { if (n > 100) break; first.push(n); }
console.log(first.join());
function* empty() {}
console.log([...empty()], empty().next(), typeof empty, Object.prototype.toString.call(empty()));
function* arguments_() { yield arguments.length; yield [...arguments]; }
console.log([...arguments_(1, 2)]);
try { const r = (function* () { r.next(); yield 1; })(); r.next(); } catch (error) { console.log(error.name, error.message); }
const lazy = (function* () { log("started"); })();
log("not yet");
lazy.next();
const thrown = counter(1, 2);
try { thrown.throw(new Error("before start")); } catch (error) { log(error.message); }
console.log(thrown.next());
const spreadInto = [0, ...counter(1, 3), 9].length;
console.log(spreadInto);
