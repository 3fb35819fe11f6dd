// JSON (ECMA-262 section 25.5). The parser is a recursive descent over the text whose state is an array, so that it can
// stop anywhere; strings without escapes are found by the kernel.

const JSON_TEXT = 0;
const JSON_AT = 1;

/** Throws V8's SyntaxError for the present place. */
function jsonFail(state) {
  const text = state[JSON_TEXT];
  const at = state[JSON_AT];
  if (at >= text.length) throwSyntaxError("Unexpected end of JSON input");
  if (text === "undefined" || text === "[object Object]") throwSyntaxError(`"${text}" is not valid JSON`);
  const from = at > 10 ? at - 10 : 0;
  const shown = text.length <= 40 ? `"${text}"` : `${from > 0 ? "..." : ""}"${$substring(text, from, at + 10 < text.length ? at + 10 : text.length)}"${at + 10 < text.length ? "..." : ""}`;
  const unit = $charAt(text, at);
  if (unit === "\"" || unit >= "0" && unit <= "9" || unit === "-") {
    throwSyntaxError(unit === "\"" ? `Unexpected string in JSON at position ${at}` : `Unexpected number in JSON at position ${at}`);
  }
  throwSyntaxError(`Unexpected token '${unit}', ${shown} is not valid JSON`);
}

/** The first unit that is not white space, from the present place on; -1 at the end. */
function jsonPeek(state) {
  const text = state[JSON_TEXT];
  let at = state[JSON_AT];
  let unit = $charCode(text, at);
  while (unit === 32 || unit === 10 || unit === 13 || unit === 9) unit = $charCode(text, ++at);
  state[JSON_AT] = at;
  return unit;
}

function jsonValue(state) {
  const unit = jsonPeek(state);
  switch (unit) {
    case 34: return jsonString(state);
    case 123: return jsonObject(state);
    case 91: return jsonArray(state);
    case 116: return jsonWord(state, "true", true);
    case 102: return jsonWord(state, "false", false);
    case 110: return jsonWord(state, "null", null);
  }
  if (unit === 45 || unit >= 48 && unit <= 57) return jsonNumber(state, unit);
  jsonFail(state);
}

function jsonWord(state, word, value) {
  const text = state[JSON_TEXT];
  for (let i = 0; i < word.length; i++) {
    if ($charCode(text, state[JSON_AT]) !== $charCode(word, i)) jsonFail(state);
    state[JSON_AT]++;
  }
  return value;
}

/** The position behind the digits at `at`; at least one, or the error says what is missing. */
function jsonDigits(state, at, missing) {
  const text = state[JSON_TEXT];
  const from = at;
  let unit = $charCode(text, at);
  while (unit >= 48 && unit <= 57) unit = $charCode(text, ++at);
  if (at === from) {
    throwSyntaxError(`${missing} in JSON at position ${at}`);
  }
  return at;
}

function jsonIsDigit(unit) {
  return unit >= 48 && unit <= 57;
}

function jsonNumber(state, unit) {
  const text = state[JSON_TEXT];
  const from = state[JSON_AT];
  let at = from;
  if (unit === 45) at++;
  if ($charCode(text, at) !== 48) at = jsonDigits(state, at, "No number after minus sign");
  else if (jsonIsDigit($charCode(text, ++at))) throwSyntaxError(`Unexpected number in JSON at position ${at}`);
  let next = $charCode(text, at);
  if (next === 46) {
    at = jsonDigits(state, at + 1, "Unterminated fractional number");
    next = $charCode(text, at);
  }
  if (next === 101 || next === 69) {
    const sign = $charCode(text, at + 1);
    at = jsonDigits(state, sign === 43 || sign === 45 ? at + 2 : at + 1, "Exponent part is missing a number");
  }
  state[JSON_AT] = at;
  return $textToNumber($substring(text, from, at));
}

function jsonString(state) {
  const text = state[JSON_TEXT];
  const from = state[JSON_AT] + 1;
  const end = $jsonScan(text, from);
  if (end >= 0) {
    state[JSON_AT] = end + 1;
    return $substring(text, from, end);
  }
  const parts = [];
  let start = from;
  for (let at = from; ; at++) {
    const unit = $charCode(text, at);
    state[JSON_AT] = at;
    if (unit === 34) {
      $push(parts, $substring(text, start, at));
      state[JSON_AT] = at + 1;
      return $joinTexts(parts, "");
    }
    if (unit < 0) throwSyntaxError(`Unterminated string in JSON at position ${at}`);
    if (unit < 32) throwSyntaxError(`Bad control character in string literal in JSON at position ${at}`);
    if (unit !== 92) continue;
    $push(parts, $substring(text, start, at));
    const escape = $charAt(text, ++at);
    const known = escape === "" ? -1 : $indexOf("\"\\/bfnrtu", escape, 0);
    if (known < 0) throwSyntaxError(`Bad escaped character in JSON at position ${at}`);
    if (known === 8) {
      let code = 0;
      for (let i = 0; i < 4; i++) {
        const digit = hexDigit($charCode(text, ++at));
        if (digit < 0) throwSyntaxError(`Bad Unicode escape in JSON at position ${at}`);
        code = code * 16 + digit;
      }
      $push(parts, $fromCharCode(code));
    } else {
      $push(parts, $charAt("\"\\/\b\f\n\r\t", known));
    }
    start = at + 1;
  }
}

/** The value of a hexadecimal digit, or -1. */
function hexDigit(unit) {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function jsonObject(state) {
  const object = {};
  state[JSON_AT]++;
  if (jsonPeek(state) === 125) {
    state[JSON_AT]++;
    return object;
  }
  for (;;) {
    if (jsonPeek(state) !== 34) jsonFailAt(state, "Expected property name or '}' in JSON");
    const key = jsonString(state);
    if (jsonPeek(state) !== 58) jsonFailAt(state, "Expected ':' after property name in JSON");
    state[JSON_AT]++;
    const value = jsonValue(state);
    $define(object, key, value, ALL);
    const unit = jsonPeek(state);
    state[JSON_AT]++;
    if (unit === 125) return object;
    if (unit !== 44) {
      state[JSON_AT]--;
      jsonFailAt(state, "Expected ',' or '}' after property value in JSON");
    }
    if (jsonPeek(state) !== 34) jsonFailAt(state, "Expected double-quoted property name in JSON");
  }
}

function jsonFailAt(state, message) {
  if (state[JSON_AT] >= state[JSON_TEXT].length && $charAt(message, 9) !== "p") jsonFail(state);
  throwSyntaxError(`${message} at position ${state[JSON_AT]}`);
}

function jsonArray(state) {
  const array = [];
  state[JSON_AT]++;
  if (jsonPeek(state) === 93) {
    state[JSON_AT]++;
    return array;
  }
  for (;;) {
    $push(array, jsonValue(state));
    const unit = jsonPeek(state);
    state[JSON_AT]++;
    if (unit === 93) return array;
    if (unit !== 44) {
      state[JSON_AT]--;
      jsonFailAt(state, "Expected ',' or ']' after array element in JSON");
    }
  }
}

/** 25.5.1.1 InternalizeJSONProperty. */
function revive(holder, key, reviver) {
  const value = holder[key];
  if ($isObject(value)) {
    const isArray = $isArray(value);
    const keys = isArray ? undefined : enumerableOwn(value, 0);
    const length = isArray ? lengthOf(value) : keys.length;
    for (let i = 0; i < length; i++) {
      const name = isArray ? `${i}` : keys[i];
      const element = revive(value, name, reviver);
      if (element === undefined) deleteProperty(value, name);
      else defineOwn(value, name, [HAS_VALUE | ALL, ALL, element, undefined, undefined]);
    }
  }
  return $call(reviver, holder, key, value);
}

/** 25.5.2 JSON.stringify; the state is [replacer, allowed keys, gap, indentation, stack of objects]. */
function jsonStringify(value, replacer, space) {
  let callback;
  let allowed;
  if ($isCallable(replacer)) callback = replacer;
  else if ($isArray(replacer)) {
    allowed = [];
    const length = lengthOf(replacer);
    for (let i = 0; i < length; i++) {
      const item = replacer[i];
      const brand = $brand(item);
      if (typeof item !== "string" && typeof item !== "number" && brand !== $$BRAND_STRING && brand !== $$BRAND_NUMBER) continue;
      const key = `${item}`;
      if ($arrayIndexOf(allowed, key, 0, 0) < 0) $push(allowed, key);
    }
  }
  let gap = "";
  if ($brand(space) === $$BRAND_NUMBER) space = toNumber(space);
  else if ($brand(space) === $$BRAND_STRING) space = `${space}`;
  if (typeof space === "number") {
    const width = toInteger(space);
    gap = $repeat(" ", width < 0 ? 0 : width > 10 ? 10 : width);
  } else if (typeof space === "string") gap = space.length > 10 ? $substring(space, 0, 10) : space;
  const parts = [];
  const holder = callback === undefined ? undefined : { "": value };
  return jsonWrite(parts, [callback, allowed, gap, "", []], holder, "", value) ? $joinTexts(parts, "") : undefined;
}

/** 25.5.2.2 SerializeJSONProperty: pushes the text of a value; false if it has none. */
function jsonWrite(parts, state, holder, key, value) {
  if ($isObject(value)) {
    const toJson = value.toJSON;
    if ($isCallable(toJson)) value = $call(toJson, value, `${key}`);
  }
  if (state[0] !== undefined) value = $call(state[0], holder, `${key}`, value);
  switch (typeof value) {
    case "string":
      $push(parts, $jsonQuote(value));
      return true;
    case "number":
      $push(parts, value - value === 0 ? `${value}` : "null");
      return true;
    case "boolean":
      $push(parts, value ? "true" : "false");
      return true;
  }
  if (value === null) {
    $push(parts, "null");
    return true;
  }
  if (!$isObject(value) || $isCallable(value)) return false;
  switch ($brand(value)) {
    case $$BRAND_NUMBER: return jsonWrite(parts, [undefined], undefined, "", toNumber(value));
    case $$BRAND_STRING: return jsonWrite(parts, [undefined], undefined, "", `${value}`);
    case $$BRAND_BOOLEAN: return jsonWrite(parts, [undefined], undefined, "", $slot(value, 0));
  }
  const stack = state[4];
  if ($arrayIndexOf(stack, value, 0, 0) >= 0) throwCircular(stack, value, key);
  $push(stack, value);
  const outer = state[3];
  const gap = state[2];
  const isArray = $isArray(value);
  const keys = isArray ? undefined : state[1] === undefined ? enumerableOwn(value, 0) : state[1];
  const length = isArray ? lengthOf(value) : keys.length;
  const inner = gap === "" ? "" : outer + gap;
  const separator = gap === "" ? "," : `,\n${inner}`;
  state[3] = inner;
  $push(parts, isArray ? "[" : "{");
  let first = true;
  for (let i = 0; i < length; i++) {
    const before = parts.length;
    const name = isArray ? i : keys[i];
    $push(parts, first ? (gap === "" ? "" : `\n${inner}`) : separator);
    if (!isArray) $push(parts, gap === "" ? `${$jsonQuote(name)}:` : `${$jsonQuote(name)}: `);
    if (jsonWrite(parts, state, value, name, value[name])) first = false;
    else if (isArray) {
      $push(parts, "null");
      first = false;
    } else $setLength(parts, before);
  }
  if (!first && gap !== "") $push(parts, `\n${outer}`);
  $push(parts, isArray ? "]" : "}");
  $pop(stack);
  state[3] = outer;
  return true;
}

/** V8's picture of a circle. */
function throwCircular(stack, value, key) {
  const at = $arrayIndexOf(stack, value, 0, 0);
  const lines = [`Converting circular structure to JSON\n    --> starting at object with constructor '${className(value)}'`];
  const last = stack.length - 1;
  for (let i = at; i <= last; i++) {
    const holder = stack[i];
    let name = key;
    if (i < last) {
      const keys = enumerableOwn(holder, 0);
      for (let j = 0; j < keys.length; j++) if (holder[keys[j]] === stack[i + 1]) name = keys[j];
    }
    const place = $isArray(holder) ? `index ${name}` : `property '${name}'`;
    if (i === last) $push(lines, `    --- ${place} closes the circle`);
    else if (i === at || i === last - 1) $push(lines, `    |     ${place} -> object with constructor '${className(stack[i + 1])}'`);
    else if (i === at + 1) $push(lines, "    |     ...");
  }
  throwTypeError($joinTexts(lines, "\n"));
}

defineNamespace("JSON", {
  parse(text, reviver) {
    const state = [`${text}`, 0];
    const value = jsonValue(state);
    if (jsonPeek(state) >= 0) throwSyntaxError(`Unexpected non-whitespace character after JSON at position ${state[JSON_AT]}`);
    return $isCallable(reviver) ? revive({ "": value }, "", reviver) : value;
  },
  stringify(value, replacer, space) {
    return jsonStringify(value, replacer, space);
  },
});
