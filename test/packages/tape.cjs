// Stands in for tape, whose own output needs streams of Node's: test suites that are written for it run one test after the
// other, and each assertion is a line of TAP.

"use strict";

const waiting = [];
let runs = false;
let count = 0;

function isEqual(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]));
}

class Test {
  constructor(name, done) {
    this.name = name;
    this.done = done;
    this.planned = -1;
    this.made = 0;
    this.over = false;
    this.holdsOthers = false;
  }
  assert(ok, message) {
    console.log(`${ok ? "ok" : "not ok"} ${++count} ${this.name}: ${message ?? "holds"}`);
    if (!ok) process.exitCode = 1;
    if (++this.made === this.planned) this.end();
  }
  ok(value, message) { this.assert(Boolean(value), message); }
  notOk(value, message) { this.assert(!value, message); }
  fail(message) { this.assert(false, message); }
  equal(one, other, message) { this.assert(Object.is(one, other), message); }
  strictEqual(one, other, message) { this.equal(one, other, message); }
  notEqual(one, other, message) { this.assert(!Object.is(one, other), message); }
  deepEqual(one, other, message) { this.assert(isEqual(one, other), message); }
  same(one, other, message) { this.deepEqual(one, other, message); }
  throws(body, expected, message) {
    try {
      body();
    } catch (error) {
      this.assert(typeof expected !== "function" || error instanceof expected, typeof expected === "string" ? expected : message);
      return;
    }
    this.assert(false, "throws");
  }
  plan(planned) { this.planned = planned; }
  end() {
    if (this.over) return;
    this.over = true;
    this.done();
  }
  /** Within this one, and now: all that the suites do ends before it returns. */
  test(name, body) {
    this.holdsOthers = true;
    body(new Test(`${this.name} / ${name}`, () => {}));
  }
}

function next() {
  const one = waiting.shift();
  if (one === undefined) {
    console.log(`1..${count}`);
    return;
  }
  const test = new Test(one.name, next);
  one.body(test);
  if (test.holdsOthers) test.end();
}
function add(name, options, body = options) {
  waiting.push({ name, body });
  if (runs) return;
  runs = true;
  setTimeout(next);
}
add.test = add;
module.exports = add;
