// What the parser of regular expressions leaves to this file, which a firmware may lack: classes with the flag v
// (ECMA-262 22.2.1, ClassSetExpression) and properties of strings, modifiers of groups, names that several groups have.
// It assumes the parser's state and nodes (regexp-parser.js).
//
// What a class with the flag v can match is an operand, [set, strings, …]: a set of characters and a list of strings that
// are not of one character. With the flag i the set has all that its characters match, and strings are of the characters
// that $foldPoint gives, so that both can be compared as they are. The third element says whether it may have strings,
// which follows from the text alone (MayContainStrings), the fourth whether it is a range.

const setSyntax = "()[]{}/-\\|";
const setPunctuators = "&-!#%,:;<=>@`~";
const setDoubles = "&!#$%*+,.:;<=>?@^`~";

/** Behind "[": the node of a class with the flag v. */
function reSetClass(r) {
  return reOperandNode(r, reSetContents(r));
}

/** Behind "[", or within a class: the operand up to "]". */
function reSetContents(r) {
  const negative = reTake(r, 94);
  let whole = [[], [], false, true];
  if (!reTake(r, 93)) {
    whole = reSetOperand(r, true);
    // An operator stands between two operands, neither of which is a range.
    const operator = whole[3] ? 0 : reSetOperator(r);
    if (operator === 0) {
      while (!reTake(r, 93)) whole = reAddOperand(whole, reSetOperand(r, true));
    } else {
      do whole = reLimitOperand(whole, reSetOperand(r, false), operator === 45); while (reSetOperator(r) === operator);
      if (!reTake(r, 93)) reFail(r, "Invalid set operation in character class");
    }
  }
  if (!negative) return [whole[0], whole[1], whole[2], false];
  if (whole[2]) reFail(r, "Negated character class may contain strings");
  return [reInvert(whole[0]), [], false, false];
}

/** Takes "--" or "&&": 45, 38, or 0 where there is neither. */
function reSetOperator(r) {
  const unit = $charCode(r.text, r.at);
  if (unit !== 45 && unit !== 38 || $charCode(r.text, r.at + 1) !== unit) return 0;
  r.at += 2;
  if (unit === 38 && $charCode(r.text, r.at) === 38) reFail(r, "Invalid character in character class");
  return unit;
}

/** One operand; its fourth element says whether it is a range. */
function reSetOperand(r, mayBeRange) {
  if (reTake(r, 91)) return reSetContents(r);
  if (reTake(r, 92)) {
    const unit = $charCode(r.text, r.at);
    if (unit === 113) {
      r.at++;
      return reStringDisjunction(r);
    }
    if (unit === 112 || unit === 80) return rePropertyOperand(r);
    const escape = reClassEscape(r);
    if (escape !== undefined) return [escape, [], false, false];
    r.at--;
  }
  const low = reSetCharacter(r);
  if (mayBeRange && $charCode(r.text, r.at) === 45 && $charCode(r.text, r.at + 1) !== 45) {
    r.at++;
    const high = reSetCharacter(r);
    if (low > high) reFail(r, "Range out of order in character class");
    return [reSetOf(r, low, high), [], false, true];
  }
  return [reSetOf(r, low, low), [], false, false];
}

function reSetOf(r, low, high) {
  return r.ignoreCase ? reClose([low, high], true) : [low, high];
}

/** ClassSetCharacter. */
function reSetCharacter(r) {
  if (reTake(r, 92)) {
    const letter = $charAt(r.text, r.at);
    if (letter === "b" || letter !== "" && $indexOf(setPunctuators, letter, 0) >= 0) {
      r.at++;
      return letter === "b" ? 8 : $charCode(letter, 0);
    }
    if (letter === "") reFail(r, "\\ at end of pattern");
    return reCharacterEscape(r, false);
  }
  const letter = $charAt(r.text, r.at);
  if (letter === "") reFail(r, "Unterminated character class");
  const isDouble = $indexOf(setDoubles, letter, 0) >= 0 && $charAt(r.text, r.at + 1) === letter;
  if (isDouble || $indexOf(setSyntax, letter, 0) >= 0) reFail(r, "Invalid character in character class");
  return reNext(r);
}

/** Behind "\q". */
function reStringDisjunction(r) {
  if (!reTake(r, 123)) reFail(r, "Invalid escape");
  const set = [];
  const strings = [];
  let points = [];
  for (;;) {
    const isEnd = reTake(r, 125);
    if (!isEnd && !reTake(r, 124)) {
      const point = reSetCharacter(r);
      $push(points, r.ignoreCase ? $foldPoint(point, 1) : point);
      continue;
    }
    if (points.length === 1) {
      $push(set, points[0]);
      $push(set, points[0]);
    } else $push(strings, $pointsText(points));
    points = [];
    if (isEnd) break;
  }
  const singles = reNormalize(set);
  return [r.ignoreCase ? reClose(singles, true) : singles, strings, strings.length > 0, false];
}

/** At the "p" or "P" behind a backslash, with the flag v. */
function rePropertyOperand(r) {
  const negative = $charCode(r.text, r.at++) === 80;
  const name = rePropertyName(r);
  let set = unicodeSet(name);
  let strings;
  if (set === undefined) {
    strings = propertyStrings(name);
    if (strings !== undefined && negative) reFail(r, "Invalid property name");
    set = strings === undefined ? wholeProperty(name) : stringsSet(name);
  }
  if (set === undefined) reFail(r, "Invalid property name");
  if (r.ignoreCase) set = reClose(set, true);
  if (strings === undefined) return [negative ? reInvert(set) : set, [], false, false];
  if (r.ignoreCase) {
    for (let i = 0; i < strings.length; i++) {
      const points = [];
      const text = strings[i];
      for (let at = 0; at < text.length; at += points[points.length - 1] > 65535 ? 2 : 1) $push(points, $foldPoint($codePoint(text, at), 1));
      strings[i] = $pointsText(points);
    }
  }
  return [set, strings, true, false];
}

/** A set and strings that have either. */
function reAddOperand(a, b) {
  const strings = $arraySlice(a[1], 0, a[1].length);
  $arrayConcat(strings, b[1]);
  return [a[0].length === 0 ? b[0] : reUnion(a[0], b[0]), strings, a[2] || b[2], false];
}

/** What of `a` is in `b` too, or (`without`) is not. */
function reLimitOperand(a, b, without) {
  const set = reInvert(reUnion(reInvert(a[0]), without ? b[0] : reInvert(b[0])));
  let known = $newTable(1, false);
  for (let i = 0; i < b[1].length; i++) known = $tableSet(known, b[1][i], true);
  const strings = [];
  for (let i = 0; i < a[1].length; i++) if ($tableFind(known, a[1][i]) < 0 === without) $push(strings, a[1][i]);
  return [set, strings, without ? a[2] : a[2] && b[2], false];
}

/** The node of an operand: strings first, the longer ones before those that they begin with. */
function reOperandNode(r, operand) {
  const strings = operand[1];
  if (strings.length === 0) return [NODE_SET, operand[0]];
  let hasEmpty = false;
  const long = [];
  for (let i = 0; i < strings.length; i++) {
    if (strings[i] === "") hasEmpty = true;
    else $push(long, strings[i]);
  }
  const choices = reTrieChoices(r, long);
  if (operand[0].length > 0) $push(choices, [NODE_SET, operand[0]]);
  if (hasEmpty) $push(choices, [NODE_SEQUENCE, []]);
  return choices.length === 1 ? choices[0] : [NODE_CHOICE, choices];
}

/** Nodes for texts that are not empty: those that begin alike are one node, and so are those that end alike behind one character. */
function reTrieChoices(r, texts) {
  let groups = $newTable(2, false);
  const firsts = [];
  for (let i = 0; i < texts.length; i++) {
    const point = $codePoint(texts[i], 0);
    let rests = $tableGet(groups, point);
    if (rests === undefined) {
      rests = [];
      groups = $tableSet(groups, point, rests);
      $push(firsts, point);
    }
    $push(rests, $substring(texts[i], point > 65535 ? 2 : 1, texts[i].length));
  }
  let alike = $newTable(2, false);
  const sets = [];
  for (let i = 0; i < firsts.length; i++) {
    const rests = $tableGet(groups, firsts[i]);
    const parts = [];
    for (let j = 0; j < rests.length; j++) $push(parts, `${rests[j].length}:${rests[j]}`);
    const key = $joinTexts(parts, "");
    let set = $tableGet(alike, key);
    if (set === undefined) {
      set = [rests];
      alike = $tableSet(alike, key, set);
      $push(sets, set);
    }
    $push(set, firsts[i]);
  }
  const choices = [];
  for (let i = 0; i < sets.length; i++) {
    const rests = sets[i][0];
    const ranges = [];
    for (let j = 1; j < sets[i].length; j++) {
      $push(ranges, sets[i][j]);
      $push(ranges, sets[i][j]);
    }
    const points = reNormalize(ranges);
    const set = [NODE_SET, r.ignoreCase ? reClose(points, true) : points];
    const long = [];
    for (let j = 0; j < rests.length; j++) if (rests[j] !== "") $push(long, rests[j]);
    const list = reTrieChoices(r, long);
    if (long.length < rests.length) $push(list, [NODE_SEQUENCE, []]);
    $push(choices, long.length === 0 ? set : [NODE_SEQUENCE, [set, list.length === 1 ? list[0] : [NODE_CHOICE, list]]]);
  }
  return choices;
}

/** Behind "(?" where no other group begins: modifiers and what they are for, as a node. */
function reModifiers(r) {
  const before = [r.ignoreCase, r.multiline, r.dotAll];
  const after = [r.ignoreCase, r.multiline, r.dotAll];
  let seen = "";
  let removing = false;
  while (!reTake(r, 58)) {
    const letter = $charAt(r.text, r.at++);
    const which = letter === "" ? -1 : $indexOf("ims-", letter, 0);
    if (which < 0 || $indexOf(seen, letter, 0) >= 0) reFail(r, "Invalid group");
    seen += letter;
    if (which === 3) removing = true;
    else after[which] = !removing;
  }
  if (seen === "-") reFail(r, "Invalid group");
  reSetModifiers(r, after);
  const inner = reClosed(r, reDisjunction(r));
  reSetModifiers(r, before);
  return [NODE_SEQUENCE, [inner]];
}

function reSetModifiers(r, flags) {
  r.ignoreCase = flags[0];
  r.multiline = flags[1];
  r.dotAll = flags[2];
}

/** The names of a node's groups, if some name is given twice: never where both groups could take part in one match. */
function reGroupNames(r, node) {
  const names = [];
  const list = node[0] === NODE_SEQUENCE || node[0] === NODE_CHOICE ? node[1] : node[0] === NODE_GROUP || node[0] === NODE_REPEAT || node[0] === NODE_LOOK ? [node[1]] : [];
  for (let i = 0; i < list.length; i++) {
    const inner = reGroupNames(r, list[i]);
    for (let j = 0; j < inner.length; j++) reAddName(r, names, inner[j], node[0] === NODE_CHOICE);
  }
  if (node[0] === NODE_GROUP) {
    const at = $arrayIndexOf(r.names, node[2], 0, 0);
    if (at >= 0) reAddName(r, names, r.names[at - 1], false);
  }
  return names;
}

function reAddName(r, names, name, again) {
  if ($arrayIndexOf(names, name, 0, 0) < 0) $push(names, name);
  else if (!again) reFail(r, "Duplicate capture group name");
}
