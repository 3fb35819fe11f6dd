// What old programs know of regular expressions: RegExp.prototype.compile (ECMA-262 annex B.2.4.1) and the properties of
// RegExp that tell of the last match (RegExp.$1, RegExp.lastMatch, …), as the proposal for legacy features has them:
// they are for RegExp itself and its own instances, not for subclasses. matchOnce in regexp.js keeps, in the program's
// state, the text and the positions of the last match, or null where it was a subclass's; undefined before there is one.

defineMethods(RegExpPrototype, {
  compile(pattern, flags) {
    requireRegExp(this, "compile");
    if ($getPrototype(this) !== RegExpPrototype) throwIncompatible("RegExp.prototype.compile", this);
    let source = pattern;
    let given = flags;
    if ($brand(pattern) === $$BRAND_REGEXP) {
      if (flags !== undefined) throwTypeError("Invalid flags supplied to RegExp.prototype.compile");
      source = $slot(pattern, $$REGEXP_SOURCE);
      given = $slot(pattern, $$REGEXP_FLAGS);
    }
    return initializeRegExp(this, source === undefined ? "" : `${source}`, given === undefined ? "" : `${given}`);
  },
});

/** The positions of the last match; undefined if there is none. */
function lastPositions(receiver, name) {
  const positions = receiver === RegExp ? $state($$STATE_LAST_MATCH) : null;
  if (positions === null) throwTypeError(`RegExp.${name} is for matches of RegExp itself, not of its subclasses`);
  return positions;
}

/** A group of the last match, empty where there is none. */
function lastGroup(receiver, name, group) {
  const positions = lastPositions(receiver, name);
  if (positions === undefined || 2 * group >= positions.length || positions[2 * group] < 0) return "";
  return $substring($state($$STATE_LAST_TEXT), positions[2 * group], positions[2 * group + 1]);
}

/** What is before the last match, or behind it. */
function aroundLast(receiver, name, isBefore) {
  const positions = lastPositions(receiver, name);
  if (positions === undefined) return "";
  const text = $state($$STATE_LAST_TEXT);
  return isBefore ? $substring(text, 0, positions[0]) : $substring(text, positions[1], text.length);
}

/** Two names of one property, for `letter` of "$&" and the like. Accessors have no names of their own: these would be in the table of names of every host. */
function makeLastNames(name, letter) {
  const names = [name, `$${letter}`];
  for (let i = 0; i < 2; i++) {
    const own = names[i];
    $defineAccessor(RegExp, own, function () {
      if (letter === "&") return lastGroup(this, own, 0);
      if (letter !== "+") return aroundLast(this, own, letter === "`");
      const positions = lastPositions(this, own);
      return positions === undefined || positions.length === 2 ? "" : lastGroup(this, own, positions.length / 2 - 1);
    }, undefined, CONFIGURABLE);
  }
}
const lastNames = ["lastMatch", "&", "lastParen", "+", "leftContext", "`", "rightContext", "'"];
for (let i = 0; i < lastNames.length; i += 2) makeLastNames(lastNames[i], lastNames[i + 1]);

/** RegExp.input: what a program has assigned holds until the next match. */
function makeInput(name) {
  $defineAccessor(RegExp, name, function () {
    const positions = lastPositions(this, name);
    const given = $state($$STATE_LAST_INPUT);
    if (given !== undefined && given[1] === positions) return given[0];
    return positions === undefined ? "" : $state($$STATE_LAST_TEXT);
  }, function (value) {
    if (this !== RegExp) lastPositions(undefined, name);
    $setState($$STATE_LAST_INPUT, [`${value}`, $state($$STATE_LAST_MATCH)]);
  }, CONFIGURABLE);
}
makeInput("input");
makeInput("$_");

function makeLastGroup(group) {
  const name = `$${$numberToText(group, 10)}`;
  $defineAccessor(RegExp, name, function () {
    return lastGroup(this, name, group);
  }, undefined, CONFIGURABLE);
}
for (let i = 1; i < 10; i++) makeLastGroup(i);
