// The flag v: classes within classes, differences, intersections, strings, properties of strings.
const all = (pattern, text) => JSON.stringify(text.match(pattern));
console.log(all(/[[a-z]&&[aeiou]]/gv, "regular"), all(/[\w--[aeiou]]/gv, "ab_1"), all(/[[a-c]x[[0-9]--5]]/gv, "abcdx456"), all(/[^[a-y]\d]/gv, "az1-"));
console.log(all(/[\q{abc|ab|b|}d]/gv, "abcdabb"), all(/^[\q{ab|cd}--\q{ab}]$/v, "cd"), all(/^[\q{ab|cd}--\q{ab}]$/v, "ab"), all(/[\q{ab|x}&&[x-z]]/gv, "abx"));
console.log(all(/[\p{scx=Grek}--\p{sc=Grek}]+/gv, "a\u03b1\u0345"), all(/[\p{ASCII}&&\p{AHex}]/gv, "1g\uff21"), all(/\p{Emoji_Keycap_Sequence}/gv, "1 2\ufe0f\u20e3"), all(/^\p{RGI_Emoji_Tag_Sequence}$/v, "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"));
console.log(all(/[\q{KM}\q{\u212a}]/giv, "km k"), all(/[[\-\&\~]&&[\-~]]/gv, "-&~"), all(/[\cA\x41\u{42}\b]/gv, "\x01AB\b"), all(/(?<=[\q{xy|y}])z/gv, "xyz"));
const tried = (source, flags = "v") => {
  try {
    return String(new RegExp(source, flags));
  } catch (error) {
    return `${error.name}: ${error.message.replace(/: [^:]*$/, "")}`;
  }
};
for (const source of ["[a--b&&c]", "[a-z--b]", "[ab--c]", "[a&&&b]", "[(]", "[a-]", "[&&]", "[a!!b]", "[\\q{a]", "[^\\q{ab}]", "[^\\q{a|b}]", "\\P{Emoji_Keycap_Sequence}", "[^\\p{Emoji_Keycap_Sequence}]", "[[^\\q{ab}--\\q{ab}]]",
  "[a", "[[a]", "[\\", "[z-a]", "[\\w-z]", "[]", "[^]", "[a|b]", "[a/b]", "[\\q{(}]", "[\\q{a-b}]"]) console.log(source, tried(source));
console.log(tried("a", "uv"), tried("a", "vv"), /a/v.unicodeSets, /a/u.unicodeSets, /a/dgimsvy.flags, /[\/]/v.source, new RegExp("/", "v").source, RegExp.prototype.unicodeSets);
console.log("\u{1f600}x".split(new RegExp("", "v")).length, [..."\u{1f600}\u{1f601}".matchAll(/(?:)/gv)].map((each) => each.index).join(), "\u{1f600}".replace(/(?:)/gv, "-"), /^.$/v.test("\u{1f600}"));
