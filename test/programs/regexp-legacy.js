// RegExp.$1, RegExp.lastMatch and the like; compile.
const show = () => console.log([RegExp.$1, RegExp.$2, RegExp.$9, RegExp.lastMatch, RegExp["$&"], RegExp.lastParen, RegExp["$+"], RegExp.leftContext, RegExp["$`"], RegExp.rightContext, RegExp["$'"], RegExp.input, RegExp.$_].join("|"));
show();
/(\d+)-(x)?/.exec("ab12-cd");
show();
RegExp.input = { toString: () => "other" };
show();
"hello world".replace(/o (w)/, "_");
show();
console.log(/nothing/.test("abc"), "k1 k2".match(/k(\d)/g).join(), RegExp.$1, RegExp.leftContext, "x".search(/x/), RegExp.lastMatch);
for (const name of ["input", "$_", "lastMatch", "$1"]) {
  const { get, enumerable, configurable } = Object.getOwnPropertyDescriptor(RegExp, name);
  console.log(name, typeof get, enumerable, configurable);
}
const r = /a/g;
r.lastIndex = 3;
console.log(r.compile("b(c)", "i") === r, r.flags, r.source, r.lastIndex, r.test("xBC"), RegExp.$1, String(r.compile(/q/m)), String(r.compile()));
for (const attempt of [() => r.compile(/q/, "g"), () => r.compile("("), () => r.compile("a", "xx"), () => RegExp.prototype.compile.call({}, "a")]) {
  try {
    attempt();
  } catch (error) {
    console.log(error.name);
  }
}
console.log(String(r));
