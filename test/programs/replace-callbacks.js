// String.prototype.replace and its kin with callbacks and patterns, and stopping inside the callback.
console.log("a1b22c333".replace(/[a-z](\d+)/g, (all, digits, at, whole) => `<${all}|${digits}|${at}|${whole.length}>`));
console.log("John Smith".replace(/(\w+)\s(\w+)/, "$2, $1 [$&] {$`} ($') $$ $3"));
console.log("aaa".replace("a", (m, at) => m + at), "aaa".replaceAll("a", (m, at) => m.toUpperCase() + at));
console.log("2020-01-02".replace(/(?<y>\d+)-(?<m>\d+)-(?<d>\d+)/, "$<d>.$<m>.$<y>"));
console.log("2020-01-02".replace(/(?<y>\d+)-(?<m>\d+)/, (...list) => JSON.stringify(list[list.length - 1])));
let n = 0;
console.log("x-x-x-x".replace(/x/g, () => { n++; return "y".replace(/y/, () => String(n * n)); }));
try {
  "abc".replace(/b/, () => { throw new Error("in callback"); });
} catch (error) {
  console.log(error.message);
}
console.log("abc".replace(/(?:)/g, "-"), "\ud83d\ude00x".replace(/(?:)/gu, "-"), "abc".replaceAll("", "."));
console.log("a.b.c".split("."), "a1b2c3".split(/(\d)/), "abc".split(""), "a,b,c".split(",", 2), "".split(""), "".split(","));
console.log("one two three".match(/\w+/g), "x".match(/y/), "x".match(/y/g), "abc".search(/c/), "2a3b".match(/(\d)([a-z])/));
console.log([..."k1=v1;k2=v2".matchAll(/(\w+)=(\w+)/g)].map((m) => [m.index, m[1], m[2]]));
const custom = { [Symbol.replace](text, value) { return `custom(${text},${value})`; }, [Symbol.split](text) { return [text, "split"]; },
  [Symbol.match](text) { return "match " + text; }, [Symbol.search]() { return 42; }, [Symbol.matchAll]() { return ["all"]; } };
console.log("t".replace(custom, "v"), "t".split(custom), "t".match(custom), "t".search(custom));
const sticky = /o/y;
sticky.lastIndex = 1;
console.log("foo".replace(sticky, "0"), sticky.lastIndex, "foo".replace(sticky, "0"), sticky.lastIndex, "foo".replace(sticky, "0"));
class Loud extends RegExp {
  exec(text) { const found = super.exec(text); if (found) found[0] += "!"; return found; }
}
console.log("abc".replace(new Loud("b"), "[$&]"));
console.log("aBc".replace(/[A-Z]/g, (c) => "_" + c.toLowerCase()), "price: 5".replace(/\d+/, (d) => d * 2));
