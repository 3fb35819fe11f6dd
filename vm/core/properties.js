// The rest of the character properties that \p{…} can name (ECMA-262 tables 67 to 69): what unicode.js knows, and has to
// know on every host, is not here. Also the properties of strings, sequences of emoji.
//
// unicode-all.js has names as a text, " Alpha:9 gc=Cc:1 sc=Grek:120 …", each with the number of a text of digits. A set
// is a number, general categories as bits (0 none), and then borders: the distances from each place where the answer
// changes to the next; what is between the first and the second, the third and the fourth, … and not in one of the
// categories, or in one and not between them, is in the set. Behind a script's text comes that of its extensions: the
// borders at which they differ from the script, behind a 0 (no text looks like a name, which the core would intern). Digits are the printable characters from "#" on, without "\", the least
// first, and those from 60 on are followed by another. A property of strings is a text of its strings in order: how many
// characters each shares with the one before, how many follow, and these as numbers of sequencePoints.

/** The value of a digit. */
function digitAt(text, at) {
  const unit = $charCode(text, at);
  return unit > 92 ? unit - 36 : unit - 35;
}

/** The numbers that a text of digits is. */
function digitNumbers(text) {
  const numbers = [];
  for (let at = 0; at < text.length;) {
    let digit = digitAt(text, at++);
    let number = digit;
    for (let scale = 31; digit >= 60; scale *= 31) {
      digit = digitAt(text, at++);
      number += digit * scale;
    }
    $push(numbers, number);
  }
  return numbers;
}

/** A set in which membership is the other way round between borders: `distances[from]` is the first of them. */
function exceptBetween(set, distances, from) {
  const changed = [];
  let border = 0;
  let i = 0;
  for (; from <= distances.length; from++) {
    border = from < distances.length ? border + distances[from] : Infinity;
    for (; i < set.length; i++) {
      const own = set[i] + i % 2;
      if (own >= border) break;
      $push(changed, changed.length % 2 === 0 ? own : own - 1);
    }
    if (border === Infinity) break;
    if (i < set.length && set[i] + i % 2 === border) i++;
    else $push(changed, changed.length % 2 === 0 ? border : border - 1);
  }
  return changed;
}

/** The set that a property's name stands for, undefined if there is none such. */
function wholeProperty(name) {
  const equals = $indexOf(name, "=", 0);
  const property = equals < 0 ? "" : $substring(name, 0, equals);
  const value = $substring(name, equals + 1, name.length);
  const isExtension = property === "Script_Extensions" || property === "scx";
  const isScript = property === "Script" || property === "sc";
  if (equals >= 0 && !isExtension && !isScript && property !== "General_Category" && property !== "gc") return undefined;
  if ($indexOf(value, " ", 0) >= 0 || $indexOf(value, ":", 0) >= 0 || $indexOf(value, "=", 0) >= 0) return undefined;
  const prefix = isExtension || isScript ? " sc=" : equals >= 0 ? " gc=" : " ";
  const key = propertyNumber(`${prefix}${value}:`) < 0 && equals < 0 ? ` gc=${value}:` : `${prefix}${value}:`;
  const set = propertySet(key);
  return isExtension && set !== undefined ? exceptBetween(set, digitNumbers(propertyTexts[propertyNumber(key) + 1]), 1) : set;
}

/** The set that propertyNames has under a key, undefined if there is none. */
function propertySet(key) {
  const number = propertyNumber(key);
  if (number < 0) return undefined;
  const numbers = digitNumbers(propertyTexts[number]);
  return exceptBetween(numbers[0] === 0 ? [] : categoryRanges(numbers[0]), numbers, 1);
}

/** The number that propertyNames has behind a key, -1 if it is not there. */
function propertyNumber(key) {
  const at = $indexOf(propertyNames, key, 0);
  return at < 0 ? -1 : $parseInt($substring(propertyNames, at + key.length, $indexOf(propertyNames, " ", at + 1)), 10);
}

/** Where sequenceNames has a name, and which of sequenceTexts it is; RGI_Emoji, the first, is all of them. -1: none. */
function sequenceNumber(name) {
  const at = $indexOf(sequenceNames, ` ${name}:`, 0);
  return at < 0 || $indexOf(name, ":", 0) >= 0 ? -1 : $parseInt($substring(sequenceNames, at + name.length + 2, at + name.length + 3), 10);
}

/** The strings of more than one character that have a property, undefined if it is no property of strings. */
function propertyStrings(name) {
  const number = sequenceNumber(name);
  if (number < 0) return undefined;
  const strings = [];
  for (let i = 1; i <= sequenceTexts.length; i++) if (number === 0 || number === i) $arrayConcat(strings, sequencesOf(sequenceTexts[i - 1]));
  return strings;
}

/** The characters that have a property of strings: Basic_Emoji has some, and so has RGI_Emoji. */
function stringsSet(name) {
  return sequenceNumber(name) > 1 ? [] : propertySet(" =Basic_Emoji:");
}

function sequencesOf(text) {
  const alphabet = digitNumbers(sequencePoints);
  const numbers = digitNumbers(text);
  const strings = [];
  let before = [];
  for (let at = 0; at < numbers.length;) {
    const points = $arraySlice(before, 0, numbers[at]);
    const end = at + 2 + numbers[at + 1];
    for (at += 2; at < end; at++) $push(points, $fromCodePoint(alphabet[numbers[at]]));
    $push(strings, $joinTexts(points, ""));
    before = points;
  }
  return strings;
}
