// The parser of regular expressions (ECMA-262 section 22.2.1, with annex B's additions where the flag u is absent): pattern
// text in, a tree of nodes out, of which regexp-compiler.js makes a program. It also owns sets of characters and what the
// flag i makes of them. What only the whole language has (the classes of the flag v, modifiers, names that several groups
// have, most properties) it calls in pattern-sets.js and properties.js, which a firmware may lack.

// A pattern is parsed into nodes, arrays whose first element is a kind. A set of characters is a flat array of ranges
// low, high, low, high, … that ascend and do not touch; with the flag i it already has all that a character matches.
const NODE_SET = 0; // set
const NODE_SEQUENCE = 1; // list of nodes
const NODE_CHOICE = 2; // list of nodes
const NODE_GROUP = 3; // node, number
const NODE_REPEAT = 4; // node, min, max, greedy, first group within, groups within
const NODE_LOOK = 5; // node, behind, negative
const NODE_BACKREF = 6; // number or name, with the flag i
const NODE_ASSERT = 7; // opcode, A
const NODE_CHAR = 8; // character (only without the flag i, or where case does not matter)

const reDigits = [48, 57];
const reSpaces = [9, 13, 32, 32, 160, 160, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff];
const reWords = [48, 57, 65, 90, 95, 95, 97, 122];
const reWordsFolded = [48, 57, 65, 90, 95, 95, 97, 122, 0x17f, 0x17f, 0x212a, 0x212a];
const reLineEnds = [10, 10, 13, 13, 0x2028, 0x2029];
/** Where characters with case are; elsewhere the flag i changes nothing. */
const reCased = [65, 90, 97, 122, 0xb5, 0xb5, 0xc0, 0x24f, 0x250, 0x2af, 0x345, 0x345, 0x370, 0x3ff, 0x400, 0x587, 0x10a0, 0x10ff, 0x13a0, 0x13ff, 0x1c80, 0x1cbf,
  0x1d79, 0x1d8e, 0x1e00, 0x1fff, 0x2126, 0x214e, 0x2160, 0x2188, 0x24b6, 0x24e9, 0x2c00, 0x2d2d, 0xa640, 0xa69b, 0xa722, 0xa7f6, 0xab53, 0xabbf,
  0xfb05, 0xfb06, 0xff21, 0xff5a, 0x10400, 0x1044f, 0x104b0, 0x104fb, 0x10570, 0x105bc, 0x10c80, 0x10cf2, 0x10d50, 0x10d85, 0x118a0, 0x118df, 0x16e40, 0x16e7f, 0x16ea0, 0x16ed3, 0x1e900, 0x1e943];
/** Characters that others fold to without folding back: one step up or down in case does not find them. */
const reOdd = "\u00b5\u017f\u01c5\u01c8\u01cb\u01f2\u0345\u03c2\u03d0\u03d1\u03d5\u03d6\u03f0\u03f1\u03f4\u03f5\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88\u1e9b\u1e9e\u1fbe\u1fd3\u1fe3\u2126\u212a\u212b\ufb05";

function reFail(r, message) {
  throwSyntaxError(`Invalid regular expression: /${r.text}/${r.flags}: ${message}`);
}

// Sets

/** Sorts and joins ranges. For the kernel's sort each is one number: low times 2^21, and high + 1. */
function reNormalize(ranges) {
  const numbers = [];
  for (let i = 0; i < ranges.length; i += 2) $push(numbers, ranges[i] * 0x200000 + ranges[i + 1] + 1);
  const sorted = mergeSortBulk(numbers, 1);
  const set = [];
  for (let i = 0; i < sorted.length; i++) {
    const low = $math(1, sorted[i] / 0x200000);
    const high = sorted[i] - low * 0x200000 - 1;
    if (set.length > 0 && low <= set[set.length - 1] + 1) {
      if (high > set[set.length - 1]) set[set.length - 1] = high;
    } else {
      $push(set, low);
      $push(set, high);
    }
  }
  return set;
}

function reUnion(a, b) {
  const all = $arraySlice(a, 0, a.length);
  $arrayConcat(all, b);
  return reNormalize(all);
}

function reInvert(set) {
  const inverse = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i] > next) {
      $push(inverse, next);
      $push(inverse, set[i] - 1);
    }
    next = set[i + 1] + 1;
  }
  if (next <= 0x10ffff) {
    $push(inverse, next);
    $push(inverse, 0x10ffff);
  }
  return inverse;
}

function reContains(set, point) {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = low + high >> 1;
    if (set[2 * middle + 1] < point) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && set[2 * low] <= point;
}

function reDisjoint(a, b) {
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    while (j < b.length && b[j + 1] < a[i]) j += 2;
    if (j < b.length && b[j] <= a[i + 1]) return false;
  }
  return true;
}

/** All characters that match a member of the set when case does not matter (22.2.2.7.3 Canonicalize is $foldPoint). */
function reClose(set, unicode) {
  const mode = unicode ? 1 : 0;
  const added = [];
  let first = 0;
  for (let i = 0; i < set.length; i += 2) {
    while (reCased[first + 1] < set[i]) first += 2;
    for (let j = first; reCased[j] <= set[i + 1]; j += 2) {
      const low = set[i] > reCased[j] ? set[i] : reCased[j];
      const high = set[i + 1] < reCased[j + 1] ? set[i + 1] : reCased[j + 1];
      for (let point = low; point <= high; point++) {
        const folded = $foldPoint(point, mode);
        reAddSame(added, set, i, folded, folded, mode);
        reAddSame(added, set, i, $foldPoint(folded, 2), folded, mode);
        if (folded < 0x1f80 || folded > 0x1ff3) continue;
        // Capitals of Greek letters with iota have themselves capitals of two characters.
        reAddSame(added, set, i, folded + 8, folded, mode);
        reAddSame(added, set, i, folded + 9, folded, mode);
      }
    }
  }
  const closed = added.length > 0 ? reUnion(set, added) : set;
  const odd = [];
  for (let i = 0; i < reOdd.length; i++) {
    const point = $charCode(reOdd, i);
    if (!reContains(closed, $foldPoint(point, mode))) continue;
    $push(odd, point);
    $push(odd, point);
  }
  return odd.length > 0 ? reUnion(closed, odd) : closed;
}

/** Adds a character that folds to `folded`, unless range `i` of the set has it. */
function reAddSame(ranges, set, i, point, folded, mode) {
  if (point >= set[i] && point <= set[i + 1] || $foldPoint(point, mode) !== folded) return;
  const last = ranges.length - 1;
  if (last > 0 && point === ranges[last] + 1) {
    ranges[last] = point;
    return;
  }
  $push(ranges, point);
  $push(ranges, point);
}

// The parser (22.2.1, with annex B's additions where the flag u is absent)

/** The unit (with the flag u: code point) at the present place, which is passed; -1 at the end. */
function reNext(r) {
  const point = r.unicode ? $codePoint(r.text, r.at) : $charCode(r.text, r.at);
  r.at += point > 65535 ? 2 : 1;
  return point;
}

function reTake(r, unit) {
  if ($charCode(r.text, r.at) !== unit) return false;
  r.at++;
  return true;
}

/** Counts the groups, so that \8 can be told from a reference, and sees whether any has a name. */
function reCountGroups(r) {
  const text = r.text;
  let inClass = false;
  for (let i = 0; i < text.length; i++) {
    const unit = $charCode(text, i);
    if (unit === 92) i++;
    else if (unit === 91) inClass = true;
    else if (unit === 93) inClass = false;
    else if (unit === 40 && !inClass) {
      if ($charCode(text, i + 1) !== 63) r.total++;
      else if ($charCode(text, i + 2) === 60 && $charCode(text, i + 3) !== 61 && $charCode(text, i + 3) !== 33) {
        r.total++;
        r.named = true;
      }
    }
  }
}

function reDisjunction(r) {
  const first = reAlternative(r);
  if (!reTake(r, 124)) return first;
  const list = [first];
  do $push(list, reAlternative(r)); while (reTake(r, 124));
  return [NODE_CHOICE, list];
}

function reAlternative(r) {
  const list = [];
  for (;;) {
    const unit = $charCode(r.text, r.at);
    if (unit < 0 || unit === 124 || unit === 41) return list.length === 1 ? list[0] : [NODE_SEQUENCE, list];
    const groupsBefore = r.groups;
    const node = reTerm(r);
    $push(list, reQuantified(r, node, groupsBefore));
  }
}

/** Reads a quantifier, if there is one. */
function reQuantified(r, node, groupsBefore) {
  const start = r.at;
  let min;
  let max = RE_INFINITE;
  if (reTake(r, 42)) min = 0;
  else if (reTake(r, 43)) min = 1;
  else if (reTake(r, 63)) {
    min = 0;
    max = 1;
  } else if (reTake(r, 123)) {
    min = reInteger(r);
    if (min >= 0) {
      max = min;
      if (reTake(r, 44)) {
        max = reInteger(r);
        if (max < 0) max = RE_INFINITE;
      }
    }
    if (min < 0 || !reTake(r, 125)) {
      if (r.unicode) reFail(r, "Incomplete quantifier");
      r.at = start;
      return node;
    }
    if (min > max) reFail(r, "numbers out of order in {} quantifier");
  } else return node;
  if (node[0] === NODE_ASSERT || node[0] === NODE_LOOK && (r.unicode || node[2])) reFail(r, node[0] === NODE_LOOK ? "Invalid quantifier" : "Nothing to repeat");
  return [NODE_REPEAT, node, min, max, !reTake(r, 63), groupsBefore + 1, r.groups - groupsBefore];
}

/** A decimal number, or -1. */
function reInteger(r) {
  let value = -1;
  for (;;) {
    const unit = $charCode(r.text, r.at);
    if (unit < 48 || unit > 57) return value;
    value = (value < 0 ? 0 : value * 10) + unit - 48;
    if (value > RE_INFINITE) value = RE_INFINITE;
    r.at++;
  }
}

function reTerm(r) {
  const point = reNext(r);
  switch (point) {
    case 94: return [NODE_ASSERT, r.multiline ? RE_LINE_START : RE_START, 0];
    case 36: return [NODE_ASSERT, r.multiline ? RE_LINE_END : RE_END, 0];
    case 46: return [NODE_SET, r.dotAll ? [0, 0x10ffff] : reInvert(reLineEnds)];
    case 40: return reGroup(r);
    case 91: return r.set ? reSetClass(r) : reClassNode(r);
    case 92: return reAtomEscape(r);
    case 42: case 43: case 63: return reFail(r, "Nothing to repeat");
    case 123:
      if (r.unicode) reFail(r, "Lone quantifier brackets");
      r.at--;
      if (reQuantified(r, [NODE_SEQUENCE, []], 0)[0] === NODE_REPEAT) reFail(r, "Nothing to repeat");
      r.at++;
      break;
    case 93: case 125:
      if (r.unicode) reFail(r, "Lone quantifier brackets");
  }
  return reCharacter(r, point);
}

/** The node of one character. */
function reCharacter(r, point) {
  if (r.ignoreCase) {
    const set = reClose([point, point], r.unicode);
    if (set.length > 2 || set[0] !== set[1]) return [NODE_SET, set];
  }
  return [NODE_CHAR, point];
}

function reGroup(r) {
  if (!reTake(r, 63)) return reCapture(r, undefined);
  if (reTake(r, 58)) {
    const inner = reClosed(r, reDisjunction(r));
    // An assertion in a group may be repeated, which by itself it may not.
    return inner[0] === NODE_ASSERT || inner[0] === NODE_LOOK ? [NODE_SEQUENCE, [inner]] : inner;
  }
  if (reTake(r, 61)) return [NODE_LOOK, reClosed(r, reDisjunction(r)), false, false];
  if (reTake(r, 33)) return [NODE_LOOK, reClosed(r, reDisjunction(r)), false, true];
  if (!reTake(r, 60)) return reModifiers(r);
  if (reTake(r, 61)) return [NODE_LOOK, reClosed(r, reDisjunction(r)), true, false];
  if (reTake(r, 33)) return [NODE_LOOK, reClosed(r, reDisjunction(r)), true, true];
  return reCapture(r, reGroupName(r));
}

function reCapture(r, name) {
  const number = ++r.groups;
  if (name !== undefined) {
    if ($arrayIndexOf(r.names, name, 0, 0) >= 0) r.repeat = true;
    $push(r.names, name);
    $push(r.names, number);
  }
  return [NODE_GROUP, reClosed(r, reDisjunction(r)), number];
}

function reClosed(r, node) {
  if (!reTake(r, 41)) reFail(r, "Unterminated group");
  return node;
}

/** The name between < and >. */
function reGroupName(r) {
  let name = "";
  for (;;) {
    let point = $codePoint(r.text, r.at);
    r.at += point > 65535 ? 2 : 1;
    if (point === 62 && name !== "") return name;
    if (point === 92 && reTake(r, 117)) point = reUnicodeEscape(r, true);
    const letter = point >= 97 && point <= 122 || point >= 65 && point <= 90 || point === 95 || point === 36 ||
      point > 127 && reContains(unicodeSet(name === "" ? "ID_Start" : "ID_Continue"), point);
    if (!letter && (name === "" || point < 48 || point > 57)) reFail(r, "Invalid capture group name");
    name += $fromCodePoint(point);
  }
}

/** Behind "\u": the character, or -1 (nothing is consumed) if it is not an escape. */
function reUnicodeEscape(r, unicode) {
  const start = r.at;
  if (unicode && reTake(r, 123)) {
    let value = 0;
    for (let digits = 0; ; digits++) {
      if (reTake(r, 125) && digits > 0) return value;
      const digit = hexDigit($charCode(r.text, r.at++));
      value = value * 16 + digit;
      if (digit < 0 || value > 0x10ffff) reFail(r, "Invalid Unicode escape");
    }
  }
  const unit = reHex(r, 4);
  if (unit < 0) {
    r.at = start;
    if (unicode) reFail(r, "Invalid Unicode escape");
    return -1;
  }
  if (unicode && unit >= 0xd800 && unit <= 0xdbff && $charCode(r.text, r.at) === 92 && $charCode(r.text, r.at + 1) === 117) {
    const behind = r.at;
    r.at += 2;
    const trail = reHex(r, 4);
    if (trail >= 0xdc00 && trail <= 0xdfff) return (unit - 0xd800) * 1024 + trail - 0xdc00 + 0x10000;
    r.at = behind;
  }
  return unit;
}

/** So many hexadecimal digits, or -1. */
function reHex(r, count) {
  const value = hexValue(r.text, r.at, count);
  r.at += count;
  return value;
}

function reAtomEscape(r) {
  const unit = $charCode(r.text, r.at);
  if (unit < 0) reFail(r, "\\ at end of pattern");
  if (unit === 98 || unit === 66) {
    r.at++;
    return [NODE_ASSERT, unit === 98 ? RE_BOUNDARY : RE_NOT_BOUNDARY, r.unicode && r.ignoreCase ? 1 : 0];
  }
  if (unit >= 49 && unit <= 57) {
    const start = r.at;
    const number = reInteger(r);
    if (number <= r.total) return [NODE_BACKREF, number, r.ignoreCase];
    if (r.unicode) reFail(r, "Invalid escape");
    r.at = start;
  }
  if (unit === 107 && (r.unicode || r.named)) {
    r.at++;
    if (!reTake(r, 60)) reFail(r, "Invalid named reference");
    const name = reGroupName(r);
    $push(r.references, name);
    return [NODE_BACKREF, name, r.ignoreCase];
  }
  if (r.set && (unit === 112 || unit === 80)) return reOperandNode(r, rePropertyOperand(r));
  const set = reClassEscape(r);
  return set !== undefined ? [NODE_SET, set] : reCharacter(r, reCharacterEscape(r, false));
}

/** \d \D \s \S \w \W and \p{…}: a set, or undefined (nothing consumed). */
function reClassEscape(r) {
  const unit = $charCode(r.text, r.at);
  const words = r.unicode && r.ignoreCase ? reWordsFolded : reWords;
  const set = unit === 100 || unit === 68 ? reDigits : unit === 115 || unit === 83 ? reSpaces : unit === 119 || unit === 87 ? words : undefined;
  if (set !== undefined) {
    r.at++;
    return unit < 97 ? reInvert(set) : set;
  }
  if (!r.unicode || unit !== 112 && unit !== 80) return undefined;
  r.at++;
  const name = rePropertyName(r);
  let property = unicodeSet(name);
  if (property === undefined) property = wholeProperty(name);
  if (property === undefined) reFail(r, "Invalid property name");
  if (unit === 80) property = reInvert(property);
  return r.ignoreCase ? reClose(property, true) : property;
}

/** The name between braces. */
function rePropertyName(r) {
  const end = $indexOf(r.text, "}", r.at);
  if (!reTake(r, 123) || end < 0) reFail(r, "Invalid property name");
  const name = $substring(r.text, r.at, end);
  r.at = end + 1;
  return name;
}

/** The character behind a backslash. */
function reCharacterEscape(r, inClass) {
  const point = reNext(r);
  switch (point) {
    case 116: return 9;
    case 110: return 10;
    case 118: return 11;
    case 102: return 12;
    case 114: return 13;
    case 99: {
      const letter = $charCode(r.text, r.at);
      const valid = letter >= 65 && letter <= 90 || letter >= 97 && letter <= 122 || inClass && !r.unicode && (letter >= 48 && letter <= 57 || letter === 95);
      if (valid) {
        r.at++;
        return letter & 31;
      }
      if (r.unicode) reFail(r, "Invalid Unicode escape");
      r.at--;
      return 92;
    }
    case 120: {
      const start = r.at;
      const value = reHex(r, 2);
      if (value >= 0) return value;
      if (r.unicode) reFail(r, "Invalid escape");
      r.at = start;
      return 120;
    }
    case 117: {
      const value = reUnicodeEscape(r, r.unicode);
      return value < 0 ? 117 : value;
    }
  }
  if (point >= 48 && point <= 55) {
    const next = $charCode(r.text, r.at);
    if (r.unicode && (point !== 48 || next >= 48 && next <= 57)) reFail(r, inClass ? "Invalid class escape" : "Invalid decimal escape");
    let value = point - 48;
    for (let i = 0; i < 2; i++) {
      const digit = $charCode(r.text, r.at);
      if (digit < 48 || digit > 55 || value * 8 + digit - 48 > 255) break;
      value = value * 8 + digit - 48;
      r.at++;
    }
    return value;
  }
  if (r.unicode && $indexOf(inClass ? "^$\\.*+?()[]{}|/-" : "^$\\.*+?()[]{}|/", $fromCodePoint(point), 0) < 0) reFail(r, "Invalid escape");
  if (point === 107 && r.named) reFail(r, "Invalid named reference");
  return point;
}

function reClassNode(r) {
  const negative = reTake(r, 94);
  const ranges = [];
  let escapes = [];
  while (!reTake(r, 93)) {
    if (r.at >= r.text.length) reFail(r, "Unterminated character class");
    const low = reClassAtom(r);
    if ($charCode(r.text, r.at) === 45 && $charCode(r.text, r.at + 1) !== 93 && r.at + 1 < r.text.length) {
      r.at++;
      const high = reClassAtom(r);
      if (typeof low !== "number" || typeof high !== "number") {
        if (r.unicode) reFail(r, "Invalid character class");
        escapes = reAddAtom(ranges, escapes, low);
        escapes = reAddAtom(ranges, escapes, 45);
        escapes = reAddAtom(ranges, escapes, high);
        continue;
      }
      if (low > high) reFail(r, "Range out of order in character class");
      $push(ranges, low);
      $push(ranges, high);
    } else escapes = reAddAtom(ranges, escapes, low);
  }
  let set = reNormalize(ranges);
  if (r.ignoreCase) set = reClose(set, r.unicode);
  if (escapes.length > 0) set = reUnion(set, escapes);
  return [NODE_SET, negative ? reInvert(set) : set];
}

function reAddAtom(ranges, escapes, atom) {
  if (typeof atom !== "number") return reUnion(escapes, atom);
  $push(ranges, atom);
  $push(ranges, atom);
  return escapes;
}

/** A character of a class, or the set of an escape. */
function reClassAtom(r) {
  if (r.at >= r.text.length) reFail(r, "Unterminated character class");
  if (!reTake(r, 92)) return reNext(r);
  const unit = $charCode(r.text, r.at);
  if (unit < 0) reFail(r, "\\ at end of pattern");
  if (unit === 98 || unit === 45 && r.unicode) {
    r.at++;
    return unit === 98 ? 8 : 45;
  }
  const set = reClassEscape(r);
  return set !== undefined ? set : reCharacterEscape(r, true);
}
