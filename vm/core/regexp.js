// RegExp (ECMA-262 section 22.2): what a program sees of it. A REGEXP record's slot `program` holds what the compiler
// gave and whether lastIndex moves, [program, group names, moves], shared by all regular expressions of the same source
// and flags (State REGEXPS). The text and positions of the last match are kept for RegExp.$1 and its like (State LAST_TEXT,
// LAST_MATCH; regexp-legacy.js).

const RegExpPrototype = $newObject(ObjectPrototype);
$root("RegExpPrototype", RegExpPrototype);

/** Each letter's bit is its place, but for v, which is u with other classes: so nothing is given twice. The last two mean nothing to the matcher. */
const reFlagLetters = "imsuyvgd";

/** 22.2.3.3 RegExpInitialize. */
function initializeRegExp(regexp, pattern, flags) {
  let bits = 0;
  for (let i = 0; i < flags.length; i++) {
    const letter = $charAt(flags, i);
    const place = $indexOf(reFlagLetters, letter, 0);
    const bit = letter === "v" ? RE_UNICODE : 1 << place;
    if (place < 0 || bits & bit) throwSyntaxError(`Invalid flags supplied to RegExp constructor '${flags}'`);
    bits |= bit;
  }
  const key = `${flags}/${pattern}`;
  let cache = $state($$STATE_REGEXPS);
  if (cache === undefined || $tableCount(cache) > 500) cache = $setState($$STATE_REGEXPS, $newTable(2, false));
  let compiled = $tableGet(cache, key);
  if (compiled === undefined) {
    compiled = compileRegExp(pattern, bits, flags);
    $push(compiled, $indexOf(flags, "g", 0) >= 0 || $indexOf(flags, "y", 0) >= 0);
    $setState($$STATE_REGEXPS, $tableSet(cache, key, compiled));
  }
  $setSlot(regexp, $$REGEXP_SOURCE, pattern);
  $setSlot(regexp, $$REGEXP_FLAGS, flags.length > 1 ? sortedFlags(flags) : flags);
  $setSlot(regexp, $$REGEXP_PROGRAM, compiled);
  regexp.lastIndex = 0;
  return regexp;
}

function isUnicode(flags) {
  return $indexOf(flags, "u", 0) >= 0 || $indexOf(flags, "v", 0) >= 0;
}

/** The flags in the order in which the property `flags` shows them. */
function sortedFlags(flags) {
  let sorted = "";
  for (let i = 0; i < 8; i++) if ($indexOf(flags, $charAt("dgimsuvy", i), 0) >= 0) sorted += $charAt("dgimsuvy", i);
  return sorted;
}

function allocateRegExp(prototype) {
  const regexp = $newRecord($$BRAND_REGEXP, prototype);
  $define(regexp, "lastIndex", 0, WRITABLE);
  return regexp;
}

function newRegExp(pattern, flags) {
  return initializeRegExp(allocateRegExp(RegExpPrototype), pattern, flags);
}
$root("regExpLiteral", newRegExp);

/** 22.2.4.1 RegExp(pattern, flags). */
function RegExp(pattern, flags) {
  const patternIsRegExp = isRegExp(pattern);
  if (new.target === undefined && patternIsRegExp && flags === undefined && pattern.constructor === RegExp) return pattern;
  let source = pattern;
  let given = flags;
  if ($brand(pattern) === $$BRAND_REGEXP) {
    source = $slot(pattern, $$REGEXP_SOURCE);
    if (flags === undefined) given = $slot(pattern, $$REGEXP_FLAGS);
  } else if (patternIsRegExp) {
    source = pattern.source;
    if (flags === undefined) given = pattern.flags;
  }
  const regexp = allocateRegExp(new.target === undefined ? RegExpPrototype : prototypeOf(new.target, RegExpPrototype));
  return initializeRegExp(regexp, source === undefined ? "" : `${source}`, given === undefined ? "" : `${given}`);
}

function requireRegExp(value, method) {
  if ($brand(value) !== $$BRAND_REGEXP) throwIncompatible(`RegExp.prototype.${method}`, value);
  return value;
}

function hasFlag(regexp, letter) {
  return $indexOf($slot(regexp, $$REGEXP_FLAGS), letter, 0) >= 0;
}

/** 22.2.7.2 RegExpBuiltinExec up to the captures: an array of positions, or null; lastIndex is as it must be. */
function matchOnce(regexp, text) {
  const last = regexp.lastIndex;
  // Never -0, hence the sum.
  let from = typeof last === "number" && last >= 0 && $math(3, last) === last ? last + 0 : toLength(last);
  const compiled = $slot(regexp, $$REGEXP_PROGRAM);
  if (!compiled[2]) from = 0;
  const positions = from > text.length ? null : $regexpMatch(compiled[0], text, from);
  if (compiled[2]) regexp.lastIndex = positions === null ? 0 : positions[1];
  if (positions !== null) {
    $setState($$STATE_LAST_TEXT, text);
    $setState($$STATE_LAST_MATCH, $getPrototype(regexp) === RegExpPrototype ? positions : null);
  }
  return positions;
}

/** The result array of exec. */
function matchResult(regexp, text, positions) {
  const result = $matchArray(text, positions);
  const names = $slot(regexp, $$REGEXP_PROGRAM)[1];
  result.groups = namedGroups(names, result);
  if ($charAt($slot(regexp, $$REGEXP_FLAGS), 0) === "d") {
    const indices = [];
    for (let i = 0; i < positions.length; i += 2) $push(indices, positions[i] < 0 ? undefined : [positions[i], positions[i + 1]]);
    $define(indices, "groups", namedGroups(names, indices), ALL);
    $define(result, "indices", indices, ALL);
  }
  return result;
}

/** The object of the groups that have names, if any. */
function namedGroups(names, values) {
  if (names.length === 0) return undefined;
  const groups = $newObject(null);
  for (let i = 0; i < names.length; i += 2) {
    const value = values[names[i + 1]];
    if (value !== undefined || $getOwn(groups, names[i]) < 0) $define(groups, names[i], value, ALL);
  }
  return groups;
}

/** 22.2.7.1 RegExpExec: by the user's exec, if there is one. */
function regExpExec(regexp, text) {
  const exec = regexp.exec;
  if (exec === builtinExec) return regExpBuiltinExec(requireRegExp(regexp, "exec"), text);
  if ($isCallable(exec)) {
    const result = $call(exec, regexp, text);
    if (result !== null && !$isObject(result)) throwTypeError(`object null is not a function`);
    return result;
  }
  return regExpBuiltinExec(requireRegExp(regexp, "exec"), text);
}

function regExpBuiltinExec(regexp, text) {
  const positions = matchOnce(regexp, text);
  return positions === null ? null : matchResult(regexp, text, positions);
}

/** Do exec and flags work as built in, and has the object no properties of its own? Then loops may stay within the core. */
function isPlainRegExp(regexp) {
  return $brand(regexp) === $$BRAND_REGEXP && $getPrototype(regexp) === RegExpPrototype && $getOwnValue(RegExpPrototype, "exec") === builtinExec &&
    $accessorGet($getOwnValue(RegExpPrototype, "flags")) === builtinFlags && $ownKeys(regexp).length === 1;
}

/** The flags a pattern method goes by. */
function flagsOf(regexp, plain) {
  return plain ? $slot(regexp, $$REGEXP_FLAGS) : `${regexp.flags}`;
}

/** 22.2.7.3 AdvanceStringIndex. */
function advance(text, index, unicode) {
  return unicode && index < text.length && $codePoint(text, index) > 65535 ? index + 2 : index + 1;
}

/** Where the next match of a loop begins if the last one was empty. */
function advanceLast(regexp, text, unicode) {
  regexp.lastIndex = advance(text, toLength(regexp.lastIndex), unicode);
}

/** The source as it would be written between slashes. */
function escapedSource(source) {
  if (source === "") return "(?:)";
  const parts = [];
  let from = 0;
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const unit = $charCode(source, i);
    let escape;
    if (unit === 92) {
      i++;
      const next = $charCode(source, i);
      if (next !== 10 && next !== 13) continue;
      escape = next === 10 ? "n" : "r";
    } else if (unit === 91) inClass = true;
    else if (unit === 93) inClass = false;
    else if (unit === 47 && !inClass) escape = "\\/";
    else if (unit === 10) escape = "\\n";
    else if (unit === 13) escape = "\\r";
    else if (unit === 0x2028) escape = "\\u2028";
    else if (unit === 0x2029) escape = "\\u2029";
    if (escape === undefined) continue;
    $push(parts, $substring(source, from, i));
    $push(parts, escape);
    from = i + 1;
  }
  $push(parts, $substring(source, from, source.length));
  return $joinTexts(parts, "");
}

function regExpText(regexp) {
  return `/${escapedSource($slot(regexp, $$REGEXP_SOURCE))}/${$slot(regexp, $$REGEXP_FLAGS)}`;
}

/** The getter of a flag. */
function flagGetter(regexp, letter, name) {
  if (regexp === RegExpPrototype) return undefined;
  if ($brand(regexp) !== $$BRAND_REGEXP) throwTypeError(`RegExp.prototype.${name} getter called on non-RegExp object`);
  return hasFlag(regexp, letter);
}

const regExpStringIterator = makeIteratorPrototype("RegExp String Iterator", {
  next() {
    if ($brand(this) !== $$BRAND_REGEXP_STRING_ITERATOR) throwIncompatible("%RegExpStringIterator%.prototype.next", this);
    const regexp = $slot(this, $$REGEXP_STRING_ITERATOR_REGEXP);
    if (regexp === undefined) return iteratorResult(undefined, true);
    const text = $slot(this, $$REGEXP_STRING_ITERATOR_STRING);
    const flags = $slot(this, $$REGEXP_STRING_ITERATOR_FLAGS);
    const match = regExpExec(regexp, text);
    if (match === null || $indexOf(flags, "g", 0) < 0) $setSlot(this, $$REGEXP_STRING_ITERATOR_REGEXP, undefined);
    else if (`${match[0]}` === "") advanceLast(regexp, text, isUnicode(flags));
    return iteratorResult(match === null ? undefined : match, match === null);
  },
});

defineConstructor(RegExp, RegExpPrototype, {}, {
  exec(text) {
    requireRegExp(this, "exec");
    return regExpBuiltinExec(this, `${text}`);
  },
  get dotAll() {
    return flagGetter(this, "s", "dotAll");
  },
  get flags() {
    requireObject(this, "RegExp.prototype.flags getter");
    return (this.hasIndices ? "d" : "") + (this.global ? "g" : "") + (this.ignoreCase ? "i" : "") + (this.multiline ? "m" : "") +
      (this.dotAll ? "s" : "") + (this.unicode ? "u" : "") + (this.unicodeSets ? "v" : "") + (this.sticky ? "y" : "");
  },
  get global() {
    return flagGetter(this, "g", "global");
  },
  get hasIndices() {
    return flagGetter(this, "d", "hasIndices");
  },
  get ignoreCase() {
    return flagGetter(this, "i", "ignoreCase");
  },
  get multiline() {
    return flagGetter(this, "m", "multiline");
  },
  get source() {
    if (this === RegExpPrototype) return "(?:)";
    if ($brand(this) !== $$BRAND_REGEXP) throwTypeError("RegExp.prototype.source getter called on non-RegExp object");
    return escapedSource($slot(this, $$REGEXP_SOURCE));
  },
  get sticky() {
    return flagGetter(this, "y", "sticky");
  },
  get unicode() {
    return flagGetter(this, "u", "unicode");
  },
  get unicodeSets() {
    return flagGetter(this, "v", "unicodeSets");
  },
  test(text) {
    const subject = `${text}`;
    if ($brand(this) === $$BRAND_REGEXP && this.exec === builtinExec) return matchOnce(this, subject) !== null;
    return regExpExec(requireObject(this, "RegExp.prototype.test"), subject) !== null;
  },
  toString() {
    requireObject(this, "RegExp.prototype.toString");
    return `/${this.source}/${this.flags}`;
  },
  [symbolMatch](value) {
    requireObject(this, "RegExp.prototype.@@match");
    const text = `${value}`;
    const plain = isPlainRegExp(this);
    const flags = flagsOf(this, plain);
    if ($indexOf(flags, "g", 0) < 0) return regExpExec(this, text);
    const unicode = isUnicode(flags);
    this.lastIndex = 0;
    const found = [];
    for (;;) {
      let matched;
      if (plain) {
        const positions = matchOnce(this, text);
        if (positions === null) break;
        matched = $substring(text, positions[0], positions[1]);
      } else {
        const result = regExpExec(this, text);
        if (result === null) break;
        matched = `${result[0]}`;
      }
      $push(found, matched);
      if (matched === "") advanceLast(this, text, unicode);
    }
    return found.length === 0 ? null : found;
  },
  [symbolMatchAll](value) {
    requireObject(this, "RegExp.prototype.@@matchAll");
    const text = `${value}`;
    const species = speciesConstructor(this, RegExp);
    const plain = species === undefined && isPlainRegExp(this);
    const flags = flagsOf(this, plain);
    const matcher = copyRegExp(this, species, plain, flags);
    matcher.lastIndex = toLength(this.lastIndex);
    const iterator = $newRecord($$BRAND_REGEXP_STRING_ITERATOR, regExpStringIterator);
    $setSlot(iterator, $$REGEXP_STRING_ITERATOR_REGEXP, matcher);
    $setSlot(iterator, $$REGEXP_STRING_ITERATOR_STRING, text);
    $setSlot(iterator, $$REGEXP_STRING_ITERATOR_FLAGS, flags);
    return iterator;
  },
  [symbolReplace](value, replacement) {
    requireObject(this, "RegExp.prototype.@@replace");
    const text = `${value}`;
    const isFunction = $isCallable(replacement);
    if (!isFunction) replacement = `${replacement}`;
    const plain = isPlainRegExp(this);
    const flags = flagsOf(this, plain);
    const global = $indexOf(flags, "g", 0) >= 0;
    const unicode = isUnicode(flags);
    if (global) this.lastIndex = 0;
    const results = [];
    for (;;) {
      const result = plain ? matchOnce(this, text) : regExpExec(this, text);
      if (result === null) break;
      $push(results, result);
      if (!global) break;
      if (plain ? result[0] === result[1] : `${result[0]}` === "") advanceLast(this, text, unicode);
    }
    if (results.length === 0) return text;
    const parts = [];
    let from = 0;
    for (let i = 0; i < results.length; i++) {
      const result = results[i];
      let captures;
      let position;
      let named;
      if (plain) {
        position = result[0];
        captures = $captures(text, result);
        named = namedGroups($slot(this, $$REGEXP_PROGRAM)[1], captures);
      } else {
        const count = lengthOf(result);
        captures = [`${result[0]}`];
        position = clampIndex(result.index, text.length);
        for (let j = 1; j < count; j++) {
          const capture = result[j];
          $push(captures, capture === undefined ? undefined : `${capture}`);
        }
        named = result.groups;
      }
      const end = position + captures[0].length;
      let replaced;
      if (isFunction) {
        $push(captures, position);
        $push(captures, text);
        if (named !== undefined) $push(captures, named);
        replaced = `${$apply(replacement, undefined, captures)}`;
      } else replaced = substitute(replacement, text, position, captures, named === undefined ? undefined : toObject(named));
      if (position >= from) {
        $push(parts, $substring(text, from, position));
        $push(parts, replaced);
        from = end;
      }
    }
    if (from < text.length) $push(parts, $substring(text, from, text.length));
    return $joinTexts(parts, "");
  },
  [symbolSearch](value) {
    requireObject(this, "RegExp.prototype.@@search");
    const text = `${value}`;
    const previous = this.lastIndex;
    if (!$sameValue(previous, 0)) this.lastIndex = 0;
    const result = regExpExec(this, text);
    if (!$sameValue(this.lastIndex, previous)) this.lastIndex = previous;
    return result === null ? -1 : result.index;
  },
  [symbolSplit](value, limit) {
    requireObject(this, "RegExp.prototype.@@split");
    const text = `${value}`;
    const species = speciesConstructor(this, RegExp);
    const plain = species === undefined && isPlainRegExp(this) && !$isObject(limit);
    const flags = flagsOf(this, plain);
    const unicode = isUnicode(flags);
    const sticky = $indexOf(flags, "y", 0) >= 0 ? flags : `${flags}y`;
    const splitter = plain ? this : copyRegExp(this, species, plain, sticky);
    const parts = [];
    const most = limit === undefined ? 4294967295 : toNumber(limit) >>> 0;
    if (most === 0) return parts;
    if (plain) return splitPlainly(this, text, most, unicode, parts);
    if (text === "") return regExpExec(splitter, text) === null ? [text] : parts;
    let from = 0;
    for (let at = 0; at < text.length;) {
      splitter.lastIndex = at;
      const result = regExpExec(splitter, text);
      const end = result === null ? from : toLength(splitter.lastIndex);
      const stop = end < text.length ? end : text.length;
      if (result === null || stop === from) {
        at = advance(text, at, unicode);
        continue;
      }
      if ($push(parts, $substring(text, from, at)) === most) return parts;
      from = stop;
      const count = lengthOf(result);
      for (let i = 1; i < count; i++) if ($push(parts, result[i]) === most) return parts;
      at = from;
    }
    $push(parts, $substring(text, from, text.length));
    return parts;
  },
});
const builtinExec = $getOwnValue(RegExpPrototype, "exec");
const builtinFlags = $accessorGet($getOwnValue(RegExpPrototype, "flags"));
defineSpecies(RegExp);

/** A copy of a regular expression with certain flags, by its species. */
function copyRegExp(regexp, species, plain, flags) {
  if (plain) return newRegExp($slot(regexp, $$REGEXP_SOURCE), flags);
  const constructor = species === undefined ? RegExp : species;
  return $construct(constructor, constructor, [regexp, flags]);
}

/** split where nothing is patched: searches from match to match, which a sticky match at each place amounts to. */
function splitPlainly(regexp, text, most, unicode, parts) {
  const flags = $joinTexts(splitText($slot(regexp, $$REGEXP_FLAGS), "y"), "");
  const program = $slot(newRegExp($slot(regexp, $$REGEXP_SOURCE), flags), $$REGEXP_PROGRAM)[0];
  if (text === "") {
    if ($regexpMatch(program, text, 0) === null) $push(parts, text);
    return parts;
  }
  let from = 0;
  for (let at = 0; at < text.length;) {
    const positions = $regexpMatch(program, text, at);
    if (positions === null || positions[0] >= text.length) break;
    if (positions[1] === from) {
      at = advance(text, positions[0], unicode);
      continue;
    }
    if ($push(parts, $substring(text, from, positions[0])) === most) return parts;
    for (let i = 2; i < positions.length; i += 2) {
      if ($push(parts, positions[i] < 0 ? undefined : $substring(text, positions[i], positions[i + 1])) === most) return parts;
    }
    from = positions[1];
    at = from;
  }
  $push(parts, $substring(text, from, text.length));
  return parts;
}
