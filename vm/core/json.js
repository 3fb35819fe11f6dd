// JSON (ECMA-262 section 25.5). The kernel parses, and writes plain data; what may call user code is here: revivers,
// replacers, toJSON, accessors.

/** 25.5.1.1 InternalizeJSONProperty. */
function revive(holder, key, reviver) {
  const value = holder[key];
  if ($isObject(value)) {
    const isArray = $isArrayObject(value);
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
  else if ($isArrayObject(replacer)) {
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
  if (callback === undefined && allowed === undefined) {
    const text = $jsonWrite(value, gap);
    if (!$isDone(text)) return text;
  }
  const parts = [];
  const holder = callback === undefined ? undefined : { "": value };
  return jsonWrite(parts, [callback, allowed, gap, "", []], holder, "", value) ? $joinTexts(parts, "") : undefined;
}

/** 25.5.2.2 SerializeJSONProperty: pushes the text of a value; false if it has none. */
function jsonWrite(parts, state, holder, key, value) {
  if ($isObject(value) || typeof value === "bigint") {
    const toJson = value.toJSON;
    if ($isCallable(toJson)) value = $call(toJson, value, `${key}`);
  }
  if (state[0] !== undefined) value = $call(state[0], holder, `${key}`, value);
  if (!$isObject(value)) return jsonWritePrimitive(parts, value);
  if ($isCallable(value)) return false;
  switch ($brand(value)) {
    case $$BRAND_NUMBER: return jsonWritePrimitive(parts, toNumber(value));
    case $$BRAND_STRING: return jsonWritePrimitive(parts, `${value}`);
    case $$BRAND_BOOLEAN: case $$BRAND_BIGINT: return jsonWritePrimitive(parts, $slot(value, 0));
    case $$BRAND_RAW_JSON: return $push(parts, $slot(value, 0)) > 0;
  }
  const stack = state[4];
  if ($arrayIndexOf(stack, value, 0, 0) >= 0) throwCircular(stack, value, key);
  $push(stack, value);
  if ($isArrayObject(value)) jsonWriteArray(parts, state, value);
  else jsonWriteObject(parts, state, value);
  $pop(stack);
  return true;
}

function jsonWritePrimitive(parts, value) {
  if (typeof value === "string") $push(parts, $jsonQuote(value));
  else if (typeof value === "number") $push(parts, value - value === 0 ? `${value}` : "null");
  else if (value === null || typeof value === "boolean") $push(parts, `${value}`);
  else if (typeof value === "bigint") throwUnwritten();
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
    if (jsonWrite(parts, state, object, name, value)) {
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
    const value = $jsonParse(`${text}`);
    return $isCallable(reviver) ? revive({ "": value }, "", reviver) : value;
  },
  stringify(value, replacer, space) {
    return jsonStringify(value, replacer, space);
  },
});
