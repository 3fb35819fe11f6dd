// JSON (ECMA-262 section 25.5). The parser is one loop over the text with a stack of its own, all of it in the frame and
// an array, so that it can stop anywhere and costs few instructions a token; strings without escapes are found and
// texts quoted by the kernel. Errors are V8's.

/** Throws V8's SyntaxError for an unexpected unit or end. */
function jsonFail(text, at) {
  if (at >= text.length) throwSyntaxError("Unexpected end of JSON input");
  if (text === "undefined" || text === "[object Object]") throwSyntaxError(`"${text}" is not valid JSON`);
  const unit = $charAt(text, at);
  if (unit === "\"") throwSyntaxError(`Unexpected string in JSON at position ${at}`);
  if (jsonIsDigit($charCode(unit, 0)) || unit === "-") throwSyntaxError(`Unexpected number in JSON at position ${at}`);
  const from = at > 10 ? at - 10 : 0;
  const to = at + 10 < text.length ? at + 10 : text.length;
  const shown = text.length <= 40 ? `"${text}"` : `${from > 0 ? "..." : ""}"${$substring(text, from, to)}"${to < text.length ? "..." : ""}`;
  throwSyntaxError(`Unexpected token '${unit}', ${shown} is not valid JSON`);
}

/** Throws for something else than what must come; V8 says "end" if nothing comes. */
function jsonExpected(text, at, what) {
  if (at >= text.length) throwSyntaxError(what === "property name or '}'" ? `Expected ${what} in JSON at position ${at}` : "Unexpected end of JSON input");
  throwSyntaxError(`Expected ${what} in JSON at position ${at}`);
}

function jsonIsDigit(unit) {
  return unit >= 48 && unit <= 57;
}

/** The first place from `at` on that is not white space. */
function jsonSkip(text, at) {
  for (;;) {
    const unit = $charCode(text, at);
    if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return at;
    at++;
  }
}

/** The position behind the digits at `at`; at least one, or the error says what is missing. */
function jsonDigits(text, at, missing) {
  const from = at;
  while (jsonIsDigit($charCode(text, at))) at++;
  if (at === from) throwSyntaxError(`${missing} in JSON at position ${at}`);
  return at;
}

/** The position behind the number at `at`. */
function jsonNumberEnd(text, at) {
  if ($charCode(text, at) === 45) at++;
  if ($charCode(text, at) !== 48) at = jsonDigits(text, at, "No number after minus sign");
  else if (jsonIsDigit($charCode(text, ++at))) throwSyntaxError(`Unexpected number in JSON at position ${at}`);
  if ($charCode(text, at) === 46) at = jsonDigits(text, at + 1, "Unterminated fractional number");
  if (($charCode(text, at) | 32) !== 101) return at;
  const sign = $charCode(text, at + 1);
  return jsonDigits(text, sign === 43 || sign === 45 ? at + 2 : at + 1, "Exponent part is missing a number");
}

/** The position behind the word true, false or null at `at`. */
function jsonWordEnd(text, at, word) {
  for (let i = 0; i < word.length; i++, at++) if ($charCode(text, at) !== $charCode(word, i)) jsonFail(text, at);
  return at;
}

/** A string with escapes that begins at `from`: pushes its parts and returns the position behind it. */
function jsonEscaped(text, from, parts) {
  let start = from;
  for (let at = from; ; at++) {
    const unit = $charCode(text, at);
    if (unit === 34) {
      $push(parts, $substring(text, start, at));
      return at + 1;
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

/** 25.5.1 JSON.parse without the reviver. Containers that are not complete wait on the stack, an object with its key. */
function jsonParse(text) {
  const stack = [];
  let container;
  let isArray = false;
  let key;
  let at = 0;
  for (;;) {
    // A value begins here.
    let unit = $charCode(text, at);
    if (unit <= 32) {
      at = jsonSkip(text, at);
      unit = $charCode(text, at);
    }
    let value;
    let wantsKey = false;
    if (unit === 34) {
      const end = $jsonScan(text, at + 1);
      if (end >= 0) {
        value = $substring(text, at + 1, end);
        at = end + 1;
      } else {
        const parts = [];
        at = jsonEscaped(text, at + 1, parts);
        value = $joinTexts(parts, "");
      }
    } else if (unit === 45 || unit >= 48 && unit <= 57) {
      const end = jsonNumberEnd(text, at);
      value = $textToNumber($substring(text, at, end));
      at = end;
    } else if (unit === 123 || unit === 91) {
      if (container !== undefined) {
        $push(stack, container);
        $push(stack, isArray ? undefined : key);
      }
      isArray = unit === 91;
      container = isArray ? [] : {};
      at = jsonSkip(text, at + 1);
      if ($charCode(text, at) !== unit + 2) {
        if (isArray) continue;
        wantsKey = true;
      }
      // An empty container falls through to its end below.
    } else if (unit === 116) {
      at = jsonWordEnd(text, at, "true");
      value = true;
    } else if (unit === 102) {
      at = jsonWordEnd(text, at, "false");
      value = false;
    } else if (unit === 110) {
      at = jsonWordEnd(text, at, "null");
      value = null;
    } else jsonFail(text, at);
    if (!wantsKey) {
      let complete = unit === 123 || unit === 91;
      for (;;) {
        if (complete) {
          at++;
          value = container;
          if (stack.length === 0) container = undefined;
          else {
            key = $pop(stack);
            container = $pop(stack);
            isArray = key === undefined;
          }
        }
        if (container === undefined) {
          at = jsonSkip(text, at);
          if (at < text.length) throwSyntaxError(`Unexpected non-whitespace character after JSON at position ${at}`);
          return value;
        }
        if (isArray) $push(container, value);
        else $define(container, key, value, ALL);
        unit = $charCode(text, at);
        if (unit <= 32) {
          at = jsonSkip(text, at);
          unit = $charCode(text, at);
        }
        if (unit === 44) break;
        if (unit !== (isArray ? 93 : 125)) jsonExpected(text, at, isArray ? "',' or ']' after array element" : "',' or '}' after property value");
        complete = true;
      }
      at++;
      if (isArray) continue;
      at = jsonSkip(text, at);
      if ($charCode(text, at) !== 34) jsonExpected(text, at, "double-quoted property name");
    } else if ($charCode(text, at) !== 34) jsonExpected(text, at, "property name or '}'");
    const end = $jsonScan(text, at + 1);
    if (end >= 0) {
      key = $substring(text, at + 1, end);
      at = end + 1;
    } else {
      const parts = [];
      at = jsonEscaped(text, at + 1, parts);
      key = $joinTexts(parts, "");
    }
    if ($charCode(text, at) !== 58) {
      at = jsonSkip(text, at);
      if ($charCode(text, at) !== 58) jsonExpected(text, at, "':' after property name");
    }
    at++;
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
  if (!$isObject(value)) return jsonWritePrimitive(parts, value);
  if ($isCallable(value)) return false;
  switch ($brand(value)) {
    case $$BRAND_NUMBER: return jsonWritePrimitive(parts, toNumber(value));
    case $$BRAND_STRING: return jsonWritePrimitive(parts, `${value}`);
    case $$BRAND_BOOLEAN: return jsonWritePrimitive(parts, $slot(value, 0));
  }
  const stack = state[4];
  if ($arrayIndexOf(stack, value, 0, 0) >= 0) throwCircular(stack, value, key);
  $push(stack, value);
  if ($isArray(value)) jsonWriteArray(parts, state, value);
  else jsonWriteObject(parts, state, value);
  $pop(stack);
  return true;
}

function jsonWritePrimitive(parts, value) {
  if (typeof value === "string") $push(parts, $jsonQuote(value));
  else if (typeof value === "number") $push(parts, value - value === 0 ? `${value}` : "null");
  else if (value === null) $push(parts, "null");
  else if (typeof value === "boolean") $push(parts, value ? "true" : "false");
  else return false;
  return true;
}

/** 25.5.2.6 SerializeJSONArray. */
function jsonWriteArray(parts, state, array) {
  const outer = state[3];
  const gap = state[2];
  const inner = gap === "" ? "" : outer + gap;
  const separator = gap === "" ? "," : `,\n${inner}`;
  const length = lengthOf(array);
  state[3] = inner;
  $push(parts, gap === "" || length === 0 ? "[" : `[\n${inner}`);
  for (let i = 0; i < length; i++) {
    if (i > 0) $push(parts, separator);
    if (!jsonWrite(parts, state, array, i, array[i])) $push(parts, "null");
  }
  $push(parts, gap === "" || length === 0 ? "]" : `\n${outer}]`);
  state[3] = outer;
}

/** 25.5.2.5 SerializeJSONObject. */
function jsonWriteObject(parts, state, object) {
  const outer = state[3];
  const gap = state[2];
  const inner = gap === "" ? "" : outer + gap;
  const plain = gap === "" && state[0] === undefined;
  const keys = state[1] === undefined ? enumerableOwn(object, 0) : state[1];
  const length = keys.length;
  state[3] = inner;
  let opening = gap === "" ? "{" : `{\n${inner}`;
  for (let i = 0; i < length; i++) {
    const name = keys[i];
    const value = object[name];
    const before = parts.length;
    $push(parts, opening);
    $push(parts, $jsonQuote(name));
    $push(parts, gap === "" ? ":" : ": ");
    if (plain && typeof value !== "object" ? jsonWritePrimitive(parts, value) : jsonWrite(parts, state, object, name, value)) {
      opening = gap === "" ? "," : `,\n${inner}`;
    } else $setLength(parts, before);
  }
  $push(parts, opening === "{" || gap !== "" && $charAt(opening, 0) === "{" ? "{}" : gap === "" ? "}" : `\n${outer}}`);
  state[3] = outer;
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
    const value = jsonParse(`${text}`);
    return $isCallable(reviver) ? revive({ "": value }, "", reviver) : value;
  },
  stringify(value, replacer, space) {
    return jsonStringify(value, replacer, space);
  },
});
