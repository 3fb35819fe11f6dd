// The flag i with u and v: folding of single characters, also where no capital is shared, and complements.
const same = (a, b, flags) => new RegExp(`^${a}$`, flags).test(b);
const families = ["kK\u212a", "sS\u017f", "\u00e5\u00c5\u212b", "\u03b8\u0398\u03d1\u03f4", "\u03b9\u0399\u0345\u1fbe", "\u03c3\u03c2\u03a3", "\u01c4\u01c5\u01c6", "\u00df\u1e9e", "\u0390\u1fd3", "\ufb05\ufb06",
  "\u0432\u0412\u1c80", "\u1f80\u1f88", "iI\u0130\u0131", "\u{10428}\u{10400}", "\u13a0\uab70"];
for (const family of families) {
  const points = [...family];
  console.log(points.map((a) => points.map((b) => (same(a, b, "iu") ? "1" : ".")).join("")).join(" "), points.map((a) => points.map((b) => (same(a, b, "i") ? "1" : ".")).join("")).join(" "));
}
console.log(/^(.)\1$/iu.test("\u03b8\u03f4"), /^(.)\1$/i.test("\u017fs"), /^(.)\1$/iu.test("\u017fs"), /^(.)\1$/iu.test("\ufb05\ufb06"));
console.log(/\w/iu.test("\u017f"), /\W/iu.test("\u017f"), /\W/iu.test("s"), /[\w]/i.test("\u017f"), /[^\W]/iu.test("\u212a"), /\b/iu.test("\u017f"));
console.log(/\p{AHex}/iu.test("\u212a"), /\p{Script=Cherokee}/iu.test("\uab70"), /[\p{AHex}&&[G-Z]]/iv.test("g"), /[\q{K}]/iv.test("\u212a"));
