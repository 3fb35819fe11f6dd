// Template literals and tags: raw strings, identity of the strings array per place, nesting, conversions.
function tag(strings, ...values) { return strings.raw.map((s, i) => JSON.stringify(s) + (i < values.length ? "<" + values[i] + ">" : "")).join(""); }
console.log(tag`a${1}b\n${2}\u0041`, `a${1}b\n${"in" + `ner ${1 + 1}`}`);
const seen = new Set();
function identity(strings) { seen.add(strings); return strings; }
function place() { return identity`same ${0} place`; }
console.log(place() === place(), place() === identity`same ${0} place`, seen.size);
console.log(Object.isFrozen(place()), Object.isFrozen(place().raw), place().length, Array.isArray(place().raw));
console.log(tag`\unicode and \xerxes`.includes("xerxes"), ((s) => s[0])`\u{bad}`);
const o = { name: "o", tag(s) { return this.name + s[0]; }, get dyn() { return (s, ...v) => s.join("|") + v; } };
console.log(o.tag`method`, o["tag"]`computed`, o.dyn`a${1}b${2}c`, new (class { constructor() { return () => "new tag"; } })()``);
console.log(String.raw`C:\new\${1 + 1}dir`, String.raw({ raw: "abc" }, 1, 2, 3));
console.log(`${[1, [2, 3]]} ${{}} ${null} ${undefined} ${() => 1} ${{ toString: () => "ts", valueOf: () => "vo" }} ${-0} ${1e21}`);
try { `${Symbol("s")}`; } catch (error) { console.log(error.name); }
console.log(`${{ [Symbol.toPrimitive](hint) { return hint; } }}`, `line 1
line 2`, ``, `\``, `$`, `$${"x"}$`, `${`${`${1}`}`}`);
const html = (s, ...v) => s.reduce((all, part, i) => all + String(v[i - 1]).replace(/[<>&]/g, (c) => "&#" + c.charCodeAt(0) + ";") + part);
console.log(html`<b>${"<script>"}</b>${"a & b"}`);
const chain = (s) => (t) => (u) => [s[0], t[0], u[0]].join();
console.log(chain`a``b``c`);
function* gen() { const x = yield `before ${yield 1} after`; return tag`got ${x}`; }
const g = gen();
console.log(g.next(), g.next("sent"), g.next("tagged"));
