// String.prototype.normalize: the four forms of what has one and several decompositions, of marks out of order, Hangul.
const codes = (text) => Array.from(text, (each) => each.codePointAt(0).toString(16)).join(" ");
const texts = ["plain", "\u00e9", "e\u0301", "\ufb01", "\u1e9b\u0323", "\u0344", "\u212b", "\u2126", "a\u0315\u0300\u05ae\u0301b", "\u0041\u030a\u0327", "\ud55c\uae00", "\u1112\u1161\u11ab", "\u1112\u1161\u11a7", "\uac00\u11a8", "\uac01\u11a8",
  "\u{1d400}", "\u{2f800}", "\u{1109a}", "\u{11131}\u{11127}", "\u3391\u33ff", "\u00a0\u00bc", "\u01c4", "\u0958", "\u2adc", "\u0f43", "\ud800a\udc00", "\u{1d15e}", "\u0390\u1fd3", "\u1100\u0300\u1161", "a\u0301\u0301\u0323\u0323", "q\u0307\u0323", "\u0d4a\u0d57", "\u{105d2}\u0307"];
for (const text of texts) console.log(codes(text), "=", ["NFC", "NFD", "NFKC", "NFKD"].map((form) => codes(text.normalize(form))).join(" ; "));
console.log("".normalize() === "", String.prototype.normalize.length, "x".normalize(undefined), "e\u0301".normalize().length);
for (const form of ["nfc", "", null, "NFG"]) {
  try {
    "x".normalize(form);
  } catch (error) {
    console.log(error.name);
  }
}
const long = "e\u0301\u0323".repeat(8);
console.log(long.normalize("NFC").length, long.normalize("NFD").length, ("a" + "\u0301\u0323\u0315".repeat(7)).normalize("NFD").slice(0, 12) === "a" + "\u0323".repeat(7) + "\u0301".repeat(4));
