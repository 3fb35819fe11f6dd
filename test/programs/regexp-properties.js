// What \p{…} can name: categories, scripts and their extensions, binary properties; what is no name. All of them are in
// unicode.test.ts.
const sample = ["a", "Z", "\u01c5", "5", "\u0660", "\u00bd", "_", " ", "\u2028", "\n", "\u0301", "\u0903", "\u20dd", "\u20ac", "\u4e2d", "\u3042", "\u30fc", "\u0430", "\u03b1", "\u05d0", "\u2e2f",
  "\ud800", "\ue000", "\uffff", "\u200d", "\u00b7", "\u{1f600}", "\u{1f1e6}", "\u{1d400}", "\u{20000}", "\u{e0001}", "\u{10ffff}"];
const shown = (name) => {
  const pattern = new RegExp(`^\\p{${name}}$`, "u");
  return sample.map((each) => (pattern.test(each) ? "1" : ".")).join("");
};
for (const name of ["gc=Cs", "General_Category=Private_Use", "cntrl", "Zl", "sc=Grek", "scx=Grek", "Script_Extensions=Hiragana", "sc=Hira", "Dash", "Ideographic", "EBase", "RI"]) {
  console.log(name.padEnd(30), shown(name));
}
const tried = (source, flags) => {
  try {
    return String(new RegExp(source, flags));
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};
for (const name of ["", "=", "gc=", "Latin", "Script", "Script=", "sc=latin", "gc=Latin", "gc=Alphabetic", "gc=ID_Start", "Block=Basic_Latin", "L ", " L", "lu", "InLatin1", "ASCII=Y", "RGI_Emoji"]) console.log(tried(`\\p{${name}}`, "u"));
console.log(tried("\\p{Lu", "u"), tried("\\pL", "u"), tried("\\p{Lu}", ""), /\p{Lu}/.test("p{Lu}"), tried("[\\p{Lu}-a]", "u"));
console.log(/^[\p{Hex}\-]+$/u.test("Ab-9"), /(\P{ASCII})\1/u.exec("a\u{1f600}\u{1f600}")[0].length, "a\u20ac".replace(/[^\p{AHex}]/gu, "*"), /(?<=\p{Script=Greek})\d+/u.exec("x1\u03b12")[0]);
