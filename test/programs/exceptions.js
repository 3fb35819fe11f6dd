// Exceptions through functions, finally blocks, loops, callbacks and built-ins; rethrowing; errors with causes.
const log = [];
function level(n) {
  try {
    log.push("in" + n);
    if (n === 0) throw new Error("zero");
    level(n - 1);
    log.push("never");
  } catch (error) {
    log.push("c" + n);
    if (n < 2) throw error;
    if (n === 2) throw new TypeError("translated", { cause: error });
    throw error;
  } finally {
    log.push("f" + n);
  }
}
try { level(3); } catch (error) { console.log(error.name, error.message, error.cause.message, log.join(" ")); }
function completion(how) {
  const out = [];
  const run = () => { for (let i = 0; i < 2; i++) { try { out.push("t" + i); if (how === "throw") throw "x"; if (how === "return") return "r"; if (how === "continue") continue; if (how === "break") break; out.push("e" + i); } catch (e) { out.push("c" + e); } finally { out.push("f" + i); } } return "end"; };
  return run() + " " + out.join();
}
for (const how of ["throw", "return", "continue", "break", "none"]) console.log(how, completion(how));
console.log((() => { try { return "try"; } finally { log.length = 0; } })(), log.length);
let v = 1;
console.log((() => { try { return v; } finally { v = 2; } })(), v);
const nested = () => { try { try { throw 1; } finally { throw 2; } } catch (e) { return e; } };
console.log(nested());
for (const f of [() => null.x, () => undefined.x.y, () => (void 0)(), () => ({}).x(), () => missing, () => { const c = 1; c = 2; }, () => { tdz; let tdz; },
  () => new (() => {})(), () => [].reduce((a) => a), () => "x".repeat(-1), () => new Array(-1), () => (1).toFixed(101), () => Symbol() + "", () => ({}) instanceof 5,
  () => "a" in "b", () => JSON.parse("{"), () => decodeURIComponent("%"), () => Object.defineProperty(1, "a", {}), () => new Proxy2(), () => [...5], () => { for (const x of {}) ; },
  () => Reflect.construct(1), () => Object.setPrototypeOf(Object.preventExtensions({}), {}), () => structuredClone(() => 1), () => null[Symbol.iterator], () => { "use strict"; undefinedVariable = 1; },
  () => { "use strict"; Object.freeze([1]).push(2); }, () => { "use strict"; delete Object.freeze({ a: 1 }).a; }, () => new Date(NaN).toISOString(), () => "x".normalize("bad")]) {
  try { console.log("no error", f()); } catch (error) { console.log(error instanceof Error ? error.name : error, error instanceof Error && error.message.length > 0); }
}
try { [1, 2, 3].forEach((x) => { if (x === 2) throw new Error("stop at " + x); }); } catch (error) { console.log(error.message); }
try { new Map([[1, 2]]).forEach(() => { throw "from map"; }); } catch (e) { console.log(e); }
const aggregate = new AggregateError([new Error("a"), new TypeError("b")], "many");
console.log(aggregate.errors.map(String).join(), aggregate.message, aggregate.name);
const e = new RangeError("r");
console.log(Object.keys(e), e.toString(), Object.prototype.toString.call(e), e.hasOwnProperty("message"), e.hasOwnProperty("stack"), "cause" in e, new Error("c", { cause: 0 }).cause);
e.name = "Renamed";
e.message = "changed";
console.log(String(e), Error.prototype.toString.call({ name: "N", message: "" }), Error("called") instanceof Error);
function* g() { try { yield 1; } catch (error) { yield "caught " + error; } finally { yield "finally"; } }
const it = g();
console.log(it.next().value, it.throw("T").value, it.next().value, it.next().done);
try { throw undefined; } catch { console.log("caught without binding"); }
try { try { throw "inner"; } catch (e) { throw e + " rethrown"; } } catch (e) { console.log(e); }
try { class A { static x = (() => { throw new Error("static init"); })(); } } catch (error) { console.log(error.message); }
try { throw { toString() { return "object thrown"; } }; } catch (o) { console.log(`${o}`); }
console.log((() => { for (const x of [1, 2, 3]) { try { if (x < 3) continue; return "got " + x; } finally { if (x === 3) log.push("last"); } } })(), log);
