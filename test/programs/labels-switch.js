// Labelled loops, switch with fall-through, every jump out of every statement, and loops without bodies.
outer: for (let i = 0; i < 5; i++) {
  inner: for (let j = 0; j < 5; j++) {
    if (j === 1) continue;
    if (j === 3) continue outer;
    if (i === 2) break inner;
    if (i === 4) break outer;
    console.log(i, j);
  }
  console.log("after inner", i);
}
block: { console.log("in"); if (true) break block; console.log("never"); }
a: b: c: for (;;) { break b; }
function kind(v) {
  const out = [];
  switch (v) {
    case 1: out.push("one");
    case 2: out.push("two"); break;
    default: out.push("default");
    case "3": out.push("three"); break;
    case null: return "null";
    case NaN: out.push("never");
    case 4: { let scoped = "four"; out.push(scoped); }
  }
  return out.join();
}
console.log([1, 2, 3, "3", null, NaN, 4, undefined].map(kind).join(" | "));
switch (3) { }
switch (3) { default: }
const s = (v) => { switch (true) { case v > 10: return "big"; case v > 5: return "middle"; default: return "small"; } };
console.log(s(20), s(7), s(1));
let n = 0;
while (true) { if (++n > 3) break; if (n === 2) continue; console.log("while", n); }
do { n--; if (n === 2) continue; console.log("do", n); } while (n > 0);
for (var i = 0, j = 10; i < j; i += 3, j--);
console.log(i, j);
function jumps(mode) {
  const log = [];
  for (const x of [1, 2, 3]) {
    try {
      if (mode === "continue" && x === 2) continue;
      if (mode === "break" && x === 2) break;
      if (mode === "return" && x === 2) return log.concat("returned");
      log.push(x);
    } finally {
      log.push("f" + x);
    }
  }
  return log;
}
console.log(jumps(), jumps("continue"), jumps("break"), jumps("return"));
function override() { for (;;) { try { return 1; } finally { break; } } return 2; }
function override2() { l: try { return 1; } finally { break l; } return 3; }
function override3() { try { throw 1; } catch (e) { return "catch"; } finally { return "finally"; } }
console.log(override(), override2(), override3());
switch (2) { case 2: for (const x of [1]) { switch (x) { case 1: continue; } } console.log("switch in loop"); }
const names = [];
for (const p in { b: 1, a: 2, 1: 3, 0: 4, __proto__: { inherited: 5, a: 6 } }) names.push(p);
console.log(names.join());
for (const p in "ab") console.log(p);
for (const p in null) console.log("never");
const changing = { a: 1, b: 2, c: 3 };
for (const p in changing) { console.log(p); delete changing.b; changing.d = 4; }
if (0) ; else if ("") ; else console.log("else");
var x = 5; { x: { x++; break x; } } console.log(x);
eval: for (const e of [1]) { continue eval; }
console.log(((a, b) => (a, b))(1, 2), (1, 2, 3), void 0, typeof typeof 1, !!"", +true, -"3", ~5);
