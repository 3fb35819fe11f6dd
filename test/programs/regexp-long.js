// Long regular expression matches: much backtracking, long texts, lookaround, backreferences.
const text = "ab".repeat(400) + "c" + "xyz ".repeat(100);
console.log(/(a|b)*c/.exec(text)[0].length, /(?:ab)+?c/.exec(text).index);
console.log(/^(a+)+$/.test("a".repeat(10) + "!"));
console.log(/(\w+)\s\1/.exec("hello world world")[0], /(?<word>\w)\k<word>/.exec("abccd").groups.word);
console.log("x".repeat(300).match(/x{10,20}?/g).length, /(x+x+)+y/.test("x".repeat(7)));
console.log(text.match(/[xyz]+(?= )/g).length, text.match(/(?<=c)xyz/).index, text.match(/(?<!c)xyz/).index, /b(?!a)/.exec(text).index);
const csv = Array.from({ length: 60 }, (_, i) => `"na""me ${i}",${i * 3},${i % 2 ? "yes" : ""}`).join("\n");
const rows = csv.split("\n").map((row) => [...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1]).slice(0, 3));
console.log(rows.length, rows[7], rows[58]);
const date = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?$/;
console.log(date.exec("2024-02-29"), date.exec("2024-02-29T12:34:56+01:00").slice(1), date.test("2024-2-29"));
console.log(/[\u{1F600}-\u{1F64F}]/u.test("smile \u{1F600}"), /^.$/u.test("\u{1F600}"), /^.$/.test("\u{1F600}"), /\p{Lu}/u.exec("abC")[0]);
console.log(/a.c/s.test("a\nc"), /^b/m.exec("a\nb").index, /STRASSE/i.test("strasse"), /\bfoo\b/.test("a foo b"), /[^]/.test("\n"));
const state = /\d+/g;
const found = [];
for (let m; (m = state.exec("1 22 333")) !== null;) found.push(m[0] + "@" + m.index + "-" + state.lastIndex);
console.log(found.join(), state.flags, state.source, String(state), state.global);
const r = /(a)(b)?(?:c)(d)?/d.exec("xacd");
console.log(r.indices, r);
console.log(/(z)((a+)?(b+)?(c))*/.exec("zaacbbbcac"), /(?=(a+))a*b\1/.exec("baaabac"));
console.log(RegExp("[" + "a-z".repeat(3) + "]+", "gi").exec("...ABCxyz...")[0], new RegExp("/").source, RegExp("").source);
for (const bad of ["(", "[", "*", "a{2,1}", "\\", "(?<a>.)(?<a>.)"]) {
  try { new RegExp(bad, "u"); console.log("accepted", bad); } catch (error) { console.log(error.name, bad); }
}
