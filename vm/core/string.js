// String (ECMA-262 section 22.1). What has to be fast over texts is the kernel's; the patterns' protocol (Symbol.match
// and its like) is looked up only on objects, as ES2025 has it.

const StringPrototype = newStringObject("", ObjectPrototype);
$root("StringPrototype", StringPrototype);

/** 22.1.1.1 String(value). */
function String(...list) {
  let text = "";
  if (list.length > 0) text = new.target === undefined && typeof list[0] === "symbol" ? symbolText(list[0]) : `${list[0]}`;
  return new.target === undefined ? text : newStringObject(text, prototypeOf(new.target, StringPrototype));
}

/** RequireObjectCoercible(this), then ToString. */
function thisText(value, method) {
  if (typeof value === "string") return value;
  requireCoercible(value, method);
  return `${value}`;
}

function requireCoercible(value, method) {
  if (value === undefined || value === null) throwTypeError(`String.prototype.${method} called on null or undefined`);
}

/** The method of an object that implements a pattern's protocol, undefined for anything else. */
function patternMethod(value, symbol) {
  if (!$isObject(value)) return undefined;
  const method = value[symbol];
  if (method === undefined || method === null) return undefined;
  return requireCallable(method);
}

/** 7.2.6 IsRegExp. */
function isRegExp(value) {
  if (!$isObject(value)) return false;
  const matcher = value[symbolMatch];
  return matcher === undefined ? $brand(value) === $$BRAND_REGEXP : !!matcher;
}

/** A text to search for: a regular expression would be a mistake. */
function plainText(value, method) {
  if (isRegExp(value)) throwTypeError(`First argument to String.prototype.${method} must not be a regular expression`);
  return `${value}`;
}

/** An index clamped to a text. */
function clampIndex(value, length) {
  const index = toInteger(value);
  return index < 0 ? 0 : index < length ? index : length;
}

/** padStart and padEnd: the fill. */
function padding(text, maxLength, fillText) {
  const length = toLength(maxLength);
  const missing = length - text.length;
  if (missing <= 0) return "";
  const fill = fillText === undefined ? " " : `${fillText}`;
  if (fill === "") return "";
  if (length > 536870888) $throw(INVALID_STRING_LENGTH, undefined, undefined);
  const whole = $math(3, missing / fill.length);
  return $repeat(fill, whole) + $substring(fill, 0, missing - whole * fill.length);
}

/** match, matchAll and search with a pattern that is not an object with the protocol. */
function matchWith(text, pattern, flags, symbol) {
  return newRegExp(pattern === undefined ? "" : `${pattern}`, flags)[symbol](text);
}

/** 22.1.3.19.1 GetSubstitution; captures is an array that begins with what matched. Only references by name are filled in here. */
function substitute(template, text, position, captures, named) {
  let result = "";
  let from = 0;
  if (named !== undefined) {
    for (let at = $indexOf(template, "$", 0); at >= 0; at = $indexOf(template, "$", at)) {
      const next = $charAt(template, at + 1);
      const end = next === "<" ? $indexOf(template, ">", at) : -1;
      if (end < 0) {
        at += next === "$" ? 2 : 1;
        continue;
      }
      const value = named[$substring(template, at + 2, end)];
      result += $expand($substring(template, from, at), text, position, captures) + (value === undefined ? "" : `${value}`);
      from = at = end + 1;
    }
  }
  return result + $expand(from === 0 ? template : $substring(template, from, template.length), text, position, captures);
}

/** replace and replaceAll of a plain text. */
function replaceText(text, search, replacement, all) {
  const isFunction = $isCallable(replacement);
  if (!isFunction) replacement = `${replacement}`;
  let at = $indexOf(text, search, 0);
  if (at < 0) return text;
  const parts = [];
  let from = 0;
  while (at >= 0) {
    $push(parts, $substring(text, from, at));
    $push(parts, isFunction ? `${$call(replacement, undefined, search, at, text)}` : $expand(replacement, text, at, [search]));
    from = at + search.length;
    if (!all) break;
    const next = search.length === 0 ? at + 1 : from;
    at = next > text.length ? -1 : $indexOf(text, search, next);
  }
  $push(parts, $substring(text, from, text.length));
  return $joinTexts(parts, "");
}

// localeCompare follows the root collation for Latin letters: by letter, then by accent, then small before capital.
const collationOrder = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";
const collationBases = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

/** Weight of a unit: level 0 letter, 1 accent, 2 case. */
function collationWeight(unit, level) {
  const capital = unit >= 65 && unit <= 90 || unit >= 192 && unit <= 222 && unit !== 215;
  if (level === 2) return capital ? 1 : 0;
  const accented = unit >= 192 && unit <= 255;
  if (level === 1) return accented ? (capital ? unit + 32 : unit) : 0;
  if (accented) return 1000 + $charCode(collationBases, unit - 192);
  if (unit >= 97 && unit <= 122 || capital) return 1000 + (unit | 32);
  if (unit >= 128) return 2000 + unit;
  const order = $indexOf(collationOrder, $fromCharCode(unit), 0);
  return order < 0 ? unit - 100 : order;
}

function compareLocally(a, b) {
  for (let level = 0; level < 3; level++) {
    const length = a.length < b.length ? a.length : b.length;
    for (let i = 0; i < length; i++) {
      const difference = collationWeight($charCode(a, i), level) - collationWeight($charCode(b, i), level);
      if (difference !== 0) return difference < 0 ? -1 : 1;
    }
    if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  }
  return $compareText(a, b);
}

/** Where a text stops being well-formed UTF-16, or -1. */
function loneSurrogate(text, from) {
  for (let i = from; i < text.length; i++) {
    const unit = $charCode(text, i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if ($codePoint(text, i) <= 65535) return i;
    i++;
  }
  return -1;
}

defineConstructor(String, StringPrototype, {
  fromCharCode(...units) {
    "fast: fromCharCode";
    for (let i = 0; i < units.length; i++) units[i] = $fromCharCode(toNumber(units[i]));
    return $joinTexts(units, "");
  },
  fromCodePoint(...points) {
    const text = $pointsText(points);
    if (text !== undefined) return text;
    for (let i = 0; i < points.length; i++) {
      const point = toNumber(points[i]);
      if (toInteger(point) !== point || point < 0 || point > 0x10ffff) throwRangeError(`Invalid code point ${describe(points[i])}`);
      points[i] = point + 0;
    }
    return $pointsText(points);
  },
  raw(template, ...values) {
    const raw = toObject(toObject(template).raw);
    const length = lengthOf(raw);
    const parts = [];
    for (let i = 0; i < length; i++) {
      $push(parts, `${raw[i]}`);
      if (i + 1 < length && i < values.length) $push(parts, `${values[i]}`);
    }
    return $joinTexts(parts, "");
  },
}, {
  at(index) {
    "fast: stringAt";
    const text = thisText(this, "at");
    const i = toInteger(index);
    const at = i < 0 ? i + text.length : i;
    return at >= 0 && at < text.length ? $charAt(text, at) : undefined;
  },
  charAt(index) {
    "fast: charAt";
    const text = thisText(this, "charAt");
    const i = toInteger(index);
    return i >= 0 && i < text.length ? $charAt(text, i) : "";
  },
  charCodeAt(index) {
    "fast: charCodeAt";
    const text = thisText(this, "charCodeAt");
    const i = toInteger(index);
    return i >= 0 && i < text.length ? $charCode(text, i) : NaN;
  },
  codePointAt(index) {
    "fast: codePointAt";
    const text = thisText(this, "codePointAt");
    const i = toInteger(index);
    return i >= 0 && i < text.length ? $codePoint(text, i) : undefined;
  },
  concat(...texts) {
    let text = thisText(this, "concat");
    for (let i = 0; i < texts.length; i++) text += `${texts[i]}`;
    return text;
  },
  endsWith(search, end = undefined) {
    const text = thisText(this, "endsWith");
    const part = plainText(search, "endsWith");
    const from = (end === undefined ? text.length : clampIndex(end, text.length)) - part.length;
    return from >= 0 && $substring(text, from, from + part.length) === part;
  },
  includes(search, from = undefined) {
    const text = thisText(this, "includes");
    const part = plainText(search, "includes");
    return $indexOf(text, part, clampIndex(from, text.length)) >= 0;
  },
  indexOf(search, from = undefined) {
    "fast: stringIndexOf";
    const text = thisText(this, "indexOf");
    const part = `${search}`;
    return $indexOf(text, part, clampIndex(from, text.length));
  },
  isWellFormed() {
    return loneSurrogate(thisText(this, "isWellFormed"), 0) < 0;
  },
  lastIndexOf(search, from = undefined) {
    const text = thisText(this, "lastIndexOf");
    const part = `${search}`;
    const number = toNumber(from);
    return $lastIndexOf(text, part, number !== number ? text.length : clampIndex(number, text.length));
  },
  localeCompare(other) {
    const text = thisText(this, "localeCompare");
    return compareLocally(text, `${other}`);
  },
  match(pattern) {
    requireCoercible(this, "match");
    const method = patternMethod(pattern, symbolMatch);
    return method === undefined ? matchWith(`${this}`, pattern, "", symbolMatch) : $call(method, pattern, this);
  },
  matchAll(pattern) {
    requireCoercible(this, "matchAll");
    if (isRegExp(pattern)) requireGlobal(pattern, "matchAll");
    const method = patternMethod(pattern, symbolMatchAll);
    return method === undefined ? matchWith(`${this}`, pattern, "g", symbolMatchAll) : $call(method, pattern, this);
  },
  normalize(form = undefined) {
    const text = thisText(this, "normalize");
    const name = form === undefined ? "NFC" : `${form}`;
    if (name !== "NFC" && name !== "NFD" && name !== "NFKC" && name !== "NFKD") throwRangeError("The normalization form should be one of NFC, NFD, NFKC, NFKD.");
    // Below these every text is in the form, on every host.
    const limit = name === "NFC" ? 768 : 160;
    for (let i = 0; i < text.length; i++) if ($charCode(text, i) >= limit) return normalForm(text, name);
    return text;
  },
  padEnd(maxLength, fill = undefined) {
    const text = thisText(this, "padEnd");
    return text + padding(text, maxLength, fill);
  },
  padStart(maxLength, fill = undefined) {
    const text = thisText(this, "padStart");
    return padding(text, maxLength, fill) + text;
  },
  repeat(count) {
    const text = thisText(this, "repeat");
    const times = toInteger(count);
    if (times < 0 || times === Infinity) throwRangeError(`Invalid count value: ${describe(count)}`);
    if (text === "" || times === 0) return "";
    if (text.length * times > 536870888) $throw(INVALID_STRING_LENGTH, undefined, undefined);
    return $repeat(text, times);
  },
  replace(pattern, replacement) {
    requireCoercible(this, "replace");
    const method = patternMethod(pattern, symbolReplace);
    if (method !== undefined) return $call(method, pattern, this, replacement);
    const text = `${this}`;
    return replaceText(text, `${pattern}`, replacement, false);
  },
  replaceAll(pattern, replacement) {
    requireCoercible(this, "replaceAll");
    if (isRegExp(pattern)) requireGlobal(pattern, "replaceAll");
    const method = patternMethod(pattern, symbolReplace);
    if (method !== undefined) return $call(method, pattern, this, replacement);
    const text = `${this}`;
    return replaceText(text, `${pattern}`, replacement, true);
  },
  search(pattern) {
    requireCoercible(this, "search");
    const method = patternMethod(pattern, symbolSearch);
    return method === undefined ? matchWith(`${this}`, pattern, "", symbolSearch) : $call(method, pattern, this);
  },
  slice(start, end) {
    "fast: stringSlice";
    const text = thisText(this, "slice");
    const from = relativeIndex(start, text.length);
    const to = relativeEnd(end, text.length);
    return from < to ? $substring(text, from, to) : "";
  },
  split(separator, limit) {
    requireCoercible(this, "split");
    const method = patternMethod(separator, symbolSplit);
    if (method !== undefined) return $call(method, separator, this, limit);
    const text = `${this}`;
    const most = limit === undefined ? 4294967295 : toNumber(limit) >>> 0;
    const part = `${separator}`;
    if (most === 0) return [];
    if (separator === undefined) return [text];
    const parts = [];
    if (part === "") {
      for (let i = 0; i < text.length && i < most; i++) $push(parts, $charAt(text, i));
      return parts;
    }
    let from = 0;
    for (let at = $indexOf(text, part, 0); at >= 0; at = $indexOf(text, part, from)) {
      if ($push(parts, $substring(text, from, at)) >= most) return parts;
      from = at + part.length;
    }
    $push(parts, $substring(text, from, text.length));
    return parts;
  },
  startsWith(search, from = undefined) {
    "fast: startsWith";
    const text = thisText(this, "startsWith");
    const part = plainText(search, "startsWith");
    const at = clampIndex(from, text.length);
    return at + part.length <= text.length && $substring(text, at, at + part.length) === part;
  },
  substr(start, length) {
    const text = thisText(this, "substr");
    const from = relativeIndex(start, text.length);
    const to = length === undefined ? text.length : clampIndex(from + toInteger(length), text.length);
    return from < to ? $substring(text, from, to) : "";
  },
  substring(start, end) {
    "fast: stringSubstring";
    const text = thisText(this, "substring");
    const from = clampIndex(start, text.length);
    const to = end === undefined ? text.length : clampIndex(end, text.length);
    return from < to ? $substring(text, from, to) : $substring(text, to, from);
  },
  toLocaleLowerCase() {
    return $lower(thisText(this, "toLocaleLowerCase"));
  },
  toLocaleUpperCase() {
    return $upper(thisText(this, "toLocaleUpperCase"));
  },
  toLowerCase() {
    "fast: toLowerCase";
    return $lower(thisText(this, "toLowerCase"));
  },
  toString() {
    return thisValue(this, "string", $$BRAND_STRING, "String.prototype.toString");
  },
  toUpperCase() {
    "fast: toUpperCase";
    return $upper(thisText(this, "toUpperCase"));
  },
  toWellFormed() {
    const text = thisText(this, "toWellFormed");
    const parts = [];
    let from = 0;
    for (let at = loneSurrogate(text, 0); at >= 0; at = loneSurrogate(text, from)) {
      $push(parts, $substring(text, from, at));
      from = at + 1;
    }
    $push(parts, $substring(text, from, text.length));
    return $joinTexts(parts, "\ufffd");
  },
  trim() {
    return $trim(thisText(this, "trim"), 3);
  },
  trimEnd() {
    return $trim(thisText(this, "trimEnd"), 2);
  },
  trimStart() {
    return $trim(thisText(this, "trimStart"), 1);
  },
  valueOf() {
    return thisValue(this, "string", $$BRAND_STRING, "String.prototype.valueOf");
  },
  [symbolIterator]() {
    const text = thisText(this, "[Symbol.iterator]");
    const iterator = $newRecord($$BRAND_STRING_ITERATOR, StringIteratorPrototype);
    $setSlot(iterator, $$STRING_ITERATOR_STRING, text);
    $setSlot(iterator, $$STRING_ITERATOR_INDEX, 0);
    return iterator;
  },
});
$define(String, "length", 1, CONFIGURABLE);
setLengths(String, { fromCharCode: 1, fromCodePoint: 1 });
setLengths(StringPrototype, { concat: 1 });
$define(StringPrototype, "trimLeft", $getOwnValue(StringPrototype, "trimStart"), HIDDEN);
$define(StringPrototype, "trimRight", $getOwnValue(StringPrototype, "trimEnd"), HIDDEN);

/** matchAll and replaceAll refuse a regular expression without the flag g. */
function requireGlobal(pattern, method) {
  const flags = pattern.flags;
  requireCoercible(flags, method);
  if ($indexOf(`${flags}`, "g", 0) < 0) throwTypeError(`String.prototype.${method} called with a non-global RegExp argument`);
}
