// Templates of replacements, of every form and for texts narrow and wide, and the results that exec and replacers see.
const show = (value) => console.log(JSON.stringify(value));
const texts = ["alpha = 12, beta = 345; gamma", "\u03b1\u03b2 = 1, x = 22", "", "no match", "$ = $$"];
const templates = [
  "", "$", "$$", "$$$", "$&", "[$`]", "[$']", "$1", "$2:$1", "$0", "$00", "$01", "$02$1", "$03", "$10", "$11", "$3", "$12", "$1$", "$<a>", "$$<a>", "$<", "$<a", "\u20ac$1", "$1\u20ac$&",
  "$$1", "$&$&", "a$", "$x$y", "$<a>$<b>$<c>", "$<a$1>",
];
for (const text of texts) {
  for (const template of templates) {
    show([
      text.replace(/([^\s=]+) = (\d+|\$+)/g, template), text.replace(/(?<a>[^\s=]+) = (?<b>\d+)|(?<c>;)/gu, template), text.replace(/(z)|=/, template), text.replace(/(?:)/g, template),
      text.replace("=", template), text.replaceAll(" ", template), text.replaceAll("", template),
    ]);
  }
}

// Ten groups and more: two digits are a number if there is such a group.
show("abcdefghijklm".replace(/(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/, "$11-$10-$1-$12-$010-$001"));
// A wide part of a wide text and a narrow one.
const mixed = "abc\u20acdef";
for (const template of ["$`", "$'", "$&", "\u20ac$`"]) show([mixed.replace(/\u20ac/, template), mixed.replace(/c/, template), mixed.replace(/d/, template).length]);

// Replacers see the groups, the position, the text and the groups by name.
const seen = [];
"k=v; w".replace(/(\w)(?:=(\w))?/g, (...list) => seen.push(list));
"k=v".replace(/(?<key>\w)=(?<value>\w)/, (...list) => seen.push(list));
show(seen);

// What exec gives, and that its properties are ordinary.
for (const pattern of [/(b)(x)?/, /(?<n>b)/d, /(?:)/g, /b/y]) {
  pattern.lastIndex = 1;
  const found = pattern.exec("abc");
  show([found, Object.keys(found), found.index, found.input, found.groups, found.indices, pattern.lastIndex, Object.getOwnPropertyDescriptor(found, "groups")]);
  found.index = "changed";
  found.push(1);
  show([found.index, found.length]);
}

// A pattern that is not plain: what its exec returns is what counts.
class Odd extends RegExp {
  exec(text) {
    if (this.done) return null;
    this.done = true;
    return { length: 3, 0: "longer than the text", 1: 7, index: 2, groups: { n: { toString: () => "named" } }, input: text };
  }
}
show(["abcdef".replace(new Odd("x"), "[$&|$1|$2|$'|$`|$<n>|$<m>|$3]"), "abc".replace(new Odd("x", "g"), (...list) => list.length)]);
show("abc".replace(/b/, { toString: () => "<$&>" }));

// Patterns that try the same again and again, were nothing remembered; texts that match all the same are found.
for (const n of [3, 12]) {
  const a = "a".repeat(n);
  show([
    /(a+)+$/.test(`${a}!`), /^(?:a|aa)+$/.test(`${a}b`), /(x+x+)+y/.test("x".repeat(n)), /^(([a-z])+.)+[A-Z]([a-z])+$/.test(a), /(?:(a)|(aa)|b)*c/.exec(`${a}b${a}bc`).slice(1),
    /(?:a+)+?(?:b|c)d/.exec(`${a}bb${a}cd`).index, /(a|a)+?$/u.exec(`${a}\u{1f600}${a}`).index, /((?:a+|b)+)c/i.exec(`${a}!${a}BC`)[1].length,
  ]);
}
