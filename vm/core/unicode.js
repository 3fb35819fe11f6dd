// The character properties that \p{…} in a regular expression names and that every host has: general categories, six
// scripts, emoji, what names of groups are made of. Its own module, because a profile without \p can do without it. The
// other properties are of the whole language (properties.js); what is here is the same on every host, so it is exact.
//
// Every code point has one category, so all categories are one row of runs, from U+0000 up: a byte is the category's
// number in unicodeCategories plus 32 times the run's length, or, where that is above 7, plus 0 and the length follows
// as a number. Two more categories: none of these, and pairs of a capital and a small letter (the length counts pairs).
// The other sets are numbers, each the distance to the next border (first inside, first outside, and so on). A number is
// bytes of 7 bits, the least first, 128 more in all but the last. In unicode-few.js, which a command makes, both stand in
// base 64; the core keeps the bytes.

const unicodeCategories = splitText("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs", " ");
const UNICODE_PAIRS = 24;

/** Base 64 to a text of bytes. */
function unicodeBytes(text) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const units = [];
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    held = (held << 6 | $indexOf(digits, $charAt(text, i), 0)) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      $push(units, $fromCharCode(held >> bits & 255));
    }
  }
  return $joinTexts(units, "");
}

/** Categories together, and long names. */
const unicodeUnions = {
  L: "Lu Ll Lt Lm Lo", LC: "Lu Ll Lt", M: "Mn Mc Me", N: "Nd Nl No", P: "Pc Pd Ps Pe Pi Pf Po", S: "Sm Sc Sk So", Z: "Zs",
  ID_Start: "Lu Ll Lt Lm Lo Nl", ID_Continue: "Lu Ll Lt Lm Lo Nl Mn Mc Nd Pc",
};
const unicodeLongNames = {
  Letter: "L", Cased_Letter: "LC", Uppercase_Letter: "Lu", Lowercase_Letter: "Ll", Titlecase_Letter: "Lt", Modifier_Letter: "Lm", Other_Letter: "Lo",
  Mark: "M", Nonspacing_Mark: "Mn", Spacing_Mark: "Mc", Enclosing_Mark: "Me", Number: "N", Decimal_Number: "Nd", Letter_Number: "Nl", Other_Number: "No",
  Punctuation: "P", punct: "P", Connector_Punctuation: "Pc", Dash_Punctuation: "Pd", Open_Punctuation: "Ps", Close_Punctuation: "Pe", Initial_Punctuation: "Pi",
  Final_Punctuation: "Pf", Other_Punctuation: "Po", Symbol: "S", Math_Symbol: "Sm", Currency_Symbol: "Sc", Modifier_Symbol: "Sk", Other_Symbol: "So",
  Separator: "Z", Space_Separator: "Zs", IDS: "ID_Start", IDC: "ID_Continue",
};
/** All names of categories and unions, each followed by a colon and its categories as bits, in base 32: " Lu:1 Ll:2 …". */
const unicodeNames = unicodeNameText();

function unicodeNameText() {
  const masks = $newObject(null);
  const all = [];
  for (let i = 0; i < unicodeCategories.length; i++) $define(masks, unicodeCategories[i], 2 ** i, ALL);
  const unions = $ownKeys(unicodeUnions);
  for (let i = 0; i < unions.length; i++) {
    const parts = splitText($getOwnValue(unicodeUnions, unions[i]), " ");
    let mask = 0;
    for (let j = 0; j < parts.length; j++) mask += $getOwnValue(masks, parts[j]);
    $define(masks, unions[i], mask, ALL);
  }
  const long = $ownKeys(unicodeLongNames);
  for (let i = 0; i < long.length; i++) $define(masks, long[i], $getOwnValue(masks, $getOwnValue(unicodeLongNames, long[i])), ALL);
  const names = $ownKeys(masks);
  for (let i = 0; i < names.length; i++) $push(all, ` ${names[i]}:${$numberToText($getOwnValue(masks, names[i]), 32)}`);
  $push(all, " ");
  return $joinTexts(all, "");
}

/** Characters that categories do not tell: in and not in a set, and in none. */
const unicodeIdStart = [0x1885, 0x1886, 0x2118, 0x2118, 0x212e, 0x212e, 0x309b, 0x309c];
const unicodeNoId = [0x2e2f, 0x2e2f];
const unicodeIdContinue = [0xb7, 0xb7, 0x387, 0x387, 0x1369, 0x1371, 0x19da, 0x19da, 0x200c, 0x200d, 0x30fb, 0x30fb, 0xff65, 0xff65];

/** The set that a property's name stands for; undefined for a name that is not known here. */
function unicodeSet(name) {
  const equals = $indexOf(name, "=", 0);
  const property = equals < 0 ? "" : $substring(name, 0, equals);
  const isCategory = property === "General_Category" || property === "gc";
  const value = $substring(name, equals + 1, name.length);
  const key = isCategory ? value : property === "sc" ? `Script=${value}` : name;
  const at = $indexOf(unicodeNames, ` ${key}:`, 0);
  const isStart = key === "ID_Start" || key === "IDS";
  const isIdentifier = isStart || key === "ID_Continue" || key === "IDC";
  if (at >= 0 && $indexOf(key, " ", 0) < 0 && !(isCategory && isIdentifier)) {
    const set = categoryRanges($parseInt($substring(unicodeNames, at + key.length + 2, $indexOf(unicodeNames, " ", at + 1)), 32));
    if (key === "Z" || key === "Separator") return reUnion([0x2028, 0x2029], set);
    if (!isIdentifier) return set;
    return reInvert(reUnion(unicodeNoId, reInvert(reUnion(isStart ? unicodeIdStart : reUnion(unicodeIdStart, unicodeIdContinue), set))));
  }
  if (isCategory) return undefined;
  if (key === "Any") return [0, 0x10ffff];
  if (key === "ASCII") return [0, 127];
  if (key === "White_Space" || key === "space") return reUnion([9, 13, 32, 32, 133, 133, 160, 160], $arraySlice(reSpaces, 6, reSpaces.length - 2));
  const data = $getOwnValue(unicodeData, key === "ExtPict" ? "Extended_Pictographic" : key === "EPres" ? "Emoji_Presentation" : key);
  return data === undefined ? undefined : dataRanges(data);
}

/** The ranges of the categories that the bits of a number are. */
function categoryRanges(mask) {
  const set = [];
  let from = 0;
  for (let i = 0; i < unicodeRuns.length; i++) {
    const byte = $charCode(unicodeRuns, i);
    const category = byte & 31;
    let length = byte >> 5;
    if (length === 0) {
      length = unicodeNumber(unicodeRuns, i + 1);
      while ($charCode(unicodeRuns, ++i) > 127);
    }
    if (category === UNICODE_PAIRS) {
      for (; length > 0; length--) {
        if (mask & 1) addRange(set, from, from);
        if (mask & 2) addRange(set, from + 1, from + 1);
        from += 2;
      }
    } else {
      if (mask >> category & 1) addRange(set, from, from + length - 1);
      from += length;
    }
  }
  return set;
}
/** Adds a range that begins behind the last one, perhaps right behind it. */
function addRange(set, from, to) {
  if (set.length > 0 && set[set.length - 1] === from - 1) set[set.length - 1] = to;
  else {
    $push(set, from);
    $push(set, to);
  }
}
/** The ranges that borders stand for. */
function dataRanges(data) {
  const set = [];
  let border = 0;
  for (let i = 0; i < data.length; i++) {
    border += unicodeNumber(data, i);
    while ($charCode(data, i) > 127) i++;
    $push(set, set.length % 2 === 0 ? border : border - 1);
  }
  return set;
}
/** The number whose bytes begin there. */
function unicodeNumber(text, at) {
  const byte = $charCode(text, at);
  return byte < 128 ? byte : byte - 128 + 128 * unicodeNumber(text, at + 1);
}
