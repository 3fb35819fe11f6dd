// Values as text for people: what Node's util.inspect and util.format give, with the same names and the same decisions
// about where lines break, because programs' output is compared with Node's. Nothing here changes what it looks at;
// getters are not called (but for `constructor`, `name`, `stack` and Symbol.toStringTag, as in Node).

// What a list of entries is to the rule that puts short entries side by side.
const PLAIN_ENTRIES = 0;
const ARRAY_ENTRIES = 1;

/** The state of one call of inspect. */
function newInspection(depth) {
  return { depth, hidden: false, indent: 0, current: 0, seen: [], circular: [], custom: true, maxLength: 100, breakLength: 80, compact: 3 };
}

function inspect(value, c) {
  return formatValue(c, value, 0, false);
}

function formatValue(c, value, level, inTypedArray) {
  while ($isProxy(value)) value = $slot(value, $$PROXY_TARGET);
  if (!$isObject(value)) return formatPrimitive(c, value);
  if (c.custom) {
    const custom = customInspector(value);
    if (custom !== undefined) {
      const result = $call(custom, value, c.depth - level, { depth: c.depth, showHidden: c.hidden, colors: false }, nodeInspect);
      if (result !== value) return $isObject(result) ? indentLines(formatValue(c, result, level, false), c.indent) : `${result}`;
    }
  }
  if ($arrayIndexOf(c.seen, value, 0, 0) >= 0) {
    let index = $arrayIndexOf(c.circular, value, 0, 0);
    if (index < 0) index = $push(c.circular, value) - 1;
    return `[Circular *${index + 1}]`;
  }
  return formatObject(c, value, level, inTypedArray);
}

/** The function under Symbol.for("nodejs.util.inspect.custom"), if the program ever made that symbol. */
function customInspector(value) {
  const symbols = $state($$STATE_SYMBOLS);
  const symbol = symbols === undefined ? undefined : $tableGet(symbols, "nodejs.util.inspect.custom");
  if (symbol === undefined) return undefined;
  const method = value[symbol];
  if (!$isCallable(method)) return undefined;
  const constructor = value.constructor;
  return $isObject(constructor) && constructor.prototype === value ? undefined : method;
}

/** What a custom inspector gets as `inspect`. */
function nodeInspect(value, options) {
  const c = newInspection(2);
  if ($isObject(options)) readInspectOptions(c, options);
  return inspect(value, c);
}

function readInspectOptions(c, options) {
  if (options.depth !== undefined) c.depth = options.depth === null ? Infinity : +options.depth;
  if (options.showHidden !== undefined) c.hidden = !!options.showHidden;
  if (typeof options.breakLength === "number") c.breakLength = options.breakLength;
  if (typeof options.maxArrayLength === "number" || options.maxArrayLength === null) c.maxLength = options.maxArrayLength === null ? Infinity : options.maxArrayLength;
  if (typeof options.compact === "number" || typeof options.compact === "boolean") c.compact = +options.compact;
}

function formatPrimitive(c, value) {
  return typeof value === "string" ? formatString(c, value) : formatPlain(value);
}

/** A primitive that is no string. */
function formatPlain(value) {
  return typeof value === "symbol" ? symbolText(value) : typeof value === "bigint" ? `${value}n` : formatNumber(value);
}

function formatNumber(value) {
  return value === 0 && 1 / value < 0 ? "-0" : `${value}`;
}

/** A quoted string; a long one with line ends is shown line by line. */
function formatString(c, value) {
  let trailer = "";
  if (value.length > 10000) {
    trailer = `... ${value.length - 10000} more character${value.length > 10001 ? "s" : ""}`;
    value = $substring(value, 0, 10000);
  }
  if (value.length <= 16 || value.length <= c.breakLength - c.indent - 4) return quote(value) + trailer;
  const lines = [];
  let from = 0;
  while (from < value.length) {
    const end = $indexOf(value, "\n", from);
    const to = end < 0 ? value.length : end + 1;
    $push(lines, quote($substring(value, from, to)));
    from = to;
  }
  return $joinTexts(lines, ` +\n${$repeat(" ", c.indent + 2)}`) + trailer;
}

/** Quotes a string with the quotes it does not contain, if there are any. */
function quote(text) {
  let mark = "'";
  if ($indexOf(text, "'", 0) >= 0) {
    if ($indexOf(text, "\"", 0) < 0) mark = "\"";
    else if ($indexOf(text, "`", 0) < 0 && $indexOf(text, "${", 0) < 0) mark = "`";
  }
  return `${mark}${escapeText(text, mark === "'")}${mark}`;
}

function escapeText(text, singleQuotes) {
  const parts = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = $charCode(text, i);
    if (unit >= 32 && unit < 127 && unit !== 92 && unit !== 39 || unit > 159 && (unit < 0xd800 || unit > 0xdfff) || unit === 39 && !singleQuotes) continue;
    if (unit >= 0xd800 && unit <= 0xdbff && $codePoint(text, i) > 65535) {
      i++;
      continue;
    }
    $push(parts, $substring(text, from, i));
    $push(parts, escapeUnit(unit));
    from = i + 1;
  }
  if (from === 0) return text;
  $push(parts, $substring(text, from, text.length));
  return $joinTexts(parts, "");
}

function escapeUnit(unit) {
  switch (unit) {
    case 8: return "\\b";
    case 9: return "\\t";
    case 10: return "\\n";
    case 12: return "\\f";
    case 13: return "\\r";
    case 39: return "\\'";
    case 92: return "\\\\";
  }
  const hex = $numberToText(unit, 16);
  return unit > 255 ? `\\u${hex}` : unit < 16 ? `\\x0${$upper(hex)}` : `\\x${$upper(hex)}`;
}

/** The name of the constructor that an object is an instance of; null without one. */
function inspectedClass(c, value, level) {
  let first;
  for (let o = value; o !== null;) {
    const constructor = ownDataValue(o, "constructor");
    if ($isCallable(constructor)) {
      const name = constructor.name;
      if (name !== "" && isInstance(value, constructor)) return `${name}`;
    }
    o = $getPrototype(o);
    if (first === undefined) first = o;
  }
  if (first === null) return null;
  const own = builtinTag(value);
  if (level > c.depth) return `${own} <Complex prototype>`;
  const inner = inspectedClass(c, first, level + 1);
  return `${own} <${inner === null ? "[Object: null prototype] {}" : inner}>`;
}

function isInstance(value, constructor) {
  try {
    return instanceOf(value, constructor);
  } catch {
    return false;
  }
}

function inheritsFrom(value, prototype) {
  for (let o = $getPrototype(value); o !== null; o = $getPrototype(o)) if (o === prototype) return true;
  return false;
}

/** "Name(size) [tag] ", or the same for an object without a prototype. */
function prefixText(constructor, tag, fallback, size) {
  if (constructor === null) return tag !== "" && fallback !== tag ? `[${fallback}${size}: null prototype] [${tag}] ` : `[${fallback}${size}: null prototype] `;
  return tag !== "" && constructor !== tag ? `${constructor}${size} [${tag}] ` : `${constructor}${size} `;
}

/** The keys to show: enumerable ones (all with `hidden`), without indices for arrays. */
function shownKeys(c, value, withoutIndices) {
  const keys = ownKeys(value);
  const shown = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (withoutIndices && typeof key === "string" && $isIndex(key) >= 0) continue;
    if (c.hidden || ownAttributes(value, key) & ENUMERABLE) $push(shown, key);
  }
  return shown;
}

function formatObject(c, value, level, inTypedArray) {
  const constructor = inspectedClass(c, value, level);
  let tag = value[symbolToStringTag];
  if (typeof tag !== "string" || tag !== "" && ownAttributes(value, symbolToStringTag) >= 0 && ownAttributes(value, symbolToStringTag) & ENUMERABLE) tag = "";
  const brand = $brand(value);
  const isTyped = $kind(value) === $$CELL_TYPED_ARRAY && $typedInfo(value, 0) !== $$TYPE_DATA_VIEW;
  const isList = $isArray(value) || isTyped;
  const keys = shownKeys(c, value, isList);
  let base = "";
  let open = "{";
  let close = "}";
  let type = PLAIN_ENTRIES;
  let format = noEntries;
  if ($isArray(value)) {
    open = constructor !== "Array" || tag !== "" ? `${prefixText(constructor, tag, "Array", `(${value.length})`)}[` : "[";
    close = "]";
    if (value.length === 0 && keys.length === 0) return `${open}]`;
    type = ARRAY_ENTRIES;
    format = formatArray;
  } else if (isTyped) {
    open = `${prefixText(constructor, tag, "TypedArray", `(${typedLength(value)})`)}[`;
    close = "]";
    if (typedLength(value) === 0 && keys.length === 0) return `${open}]`;
    type = ARRAY_ENTRIES;
    format = formatTyped;
  } else if (brand === $$BRAND_SET || brand === $$BRAND_MAP) {
    const size = $tableCount($slot(value, 0));
    const prefix = prefixText(constructor, tag, brand === $$BRAND_SET ? "Set" : "Map", `(${size})`);
    if (size === 0 && keys.length === 0) return `${prefix}{}`;
    open = `${prefix}{`;
    format = brand === $$BRAND_SET ? formatSet : formatMap;
  } else if (brand === $$BRAND_TABLE_ITERATOR) {
    open = $slot(value, $$TABLE_ITERATOR_KIND) === 2 ? `[${$substring(tag, 0, 3)} Entries] {` : `[${tag}] {`;
    format = formatTableIterator;
  } else if ($isCallable(value)) {
    base = functionBase(value, constructor, tag);
    if (keys.length === 0) return base;
  } else if (brand === $$BRAND_REGEXP) {
    base = regExpText(value);
    if (constructor !== "RegExp") base = `${prefixText(constructor, tag, "RegExp", "")}${base}`;
    if (keys.length === 0 || level > c.depth) return base;
  } else if (brand === $$BRAND_DATE) {
    base = dateText(value);
    if (constructor !== "Date") base = `${prefixText(constructor, tag, "Date", "")}${base}`;
    if (keys.length === 0) return base;
  } else if (brand === $$BRAND_ERROR || inheritsFrom(value, ErrorPrototype)) {
    base = formatError(c, value, constructor, tag, keys);
    if (keys.length === 0) return base;
  } else if (brand === $$BRAND_ARRAY_BUFFER) {
    open = `${prefixText(constructor, tag, "ArrayBuffer", "")}{`;
    format = inTypedArray ? formatByteLength : formatBuffer;
  } else if ($kind(value) === $$CELL_TYPED_ARRAY) {
    open = `${prefixText(constructor, tag, "DataView", "")}{`;
    format = formatDataView;
  } else if (brand === $$BRAND_PROMISE) {
    open = `${prefixText(constructor, tag, "Promise", "")}{`;
    format = formatPromise;
  } else if (brand === $$BRAND_WEAK_SET || brand === $$BRAND_WEAK_MAP) {
    open = `${prefixText(constructor, tag, brand === $$BRAND_WEAK_SET ? "WeakSet" : "WeakMap", "")}{`;
    format = formatWeak;
  } else if (brand === $$BRAND_NAMESPACE) {
    open = "[Module: null prototype] {";
  } else if (brand >= $$BRAND_BOOLEAN && brand <= $$BRAND_BIGINT) {
    base = boxedBase(c, value, keys, constructor, tag);
    if (keys.length === 0) return base;
  } else {
    const prefix = constructor === "Object" && brand === $$BRAND_ARGUMENTS ? "[Arguments] " : constructor === "Object" && tag === "" ? "" : prefixText(constructor, tag, "Object", "");
    if (keys.length === 0) return `${prefix}{}`;
    open = `${prefix}{`;
  }
  if (level > c.depth) {
    const name = prefixText(constructor, tag, builtinTag(value) === "Array" ? "Array" : "Object", "");
    return constructor === null ? $substring(name, 0, name.length - 1) : `[${$substring(name, 0, name.length - 1)}]`;
  }
  level++;
  $push(c.seen, value);
  c.current = level;
  const entries = format(c, value, level);
  for (let i = 0; i < keys.length; i++) $push(entries, formatProperty(c, value, level, keys[i]));
  $pop(c.seen);
  const reference = $arrayIndexOf(c.circular, value, 0, 0);
  if (reference >= 0) base = base === "" ? `<ref *${reference + 1}>` : `<ref *${reference + 1}> ${base}`;
  return layOut(c, entries, base, open, close, type, level, value);
}

function noEntries() {
  return [];
}

/** Appends what says that not all was shown. */
function addRemaining(entries, remaining) {
  if (remaining > 0) $push(entries, `... ${remaining} more item${remaining > 1 ? "s" : ""}`);
  return entries;
}

/** A value within an entry, two columns further in. */
function formatInner(c, value, level) {
  c.indent += 2;
  const text = formatValue(c, value, level, false);
  c.indent -= 2;
  return text;
}

function formatArray(c, array, level) {
  const entries = [];
  const length = array.length;
  let i = 0;
  while (i < length && entries.length < c.maxLength) {
    const attributes = $getOwn(array, i);
    if (attributes < 0) {
      const hole = i;
      i = nextElement(array, i, length);
      $push(entries, `<${i - hole} empty item${i - hole > 1 ? "s" : ""}>`);
    } else {
      $push(entries, formatOwn(c, array, level, i, attributes));
      i++;
    }
  }
  return addRemaining(entries, length - i);
}

/** The first present element behind a hole. */
function nextElement(array, from, length) {
  const keys = $elementKeys(array);
  for (let i = 0; i < keys.length; i++) if (+keys[i] > from) return +keys[i];
  return length;
}

function formatTyped(c, array) {
  const entries = [];
  const length = typedLength(array);
  for (let i = 0; i < length && i < c.maxLength; i++) $push(entries, formatPrimitive(c, array[i]));
  return addRemaining(entries, length - entries.length);
}

function formatSet(c, set, level) {
  const entries = [];
  const table = $slot(set, 0);
  for (let i = $tableNext(table, 0); i >= 0 && entries.length < c.maxLength; i = $tableNext(table, i + 1)) {
    $push(entries, formatInner(c, $tableKey(table, i), level));
  }
  return addRemaining(entries, $tableCount(table) - entries.length);
}

function formatMap(c, map, level) {
  const entries = [];
  const table = $slot(map, 0);
  for (let i = $tableNext(table, 0); i >= 0 && entries.length < c.maxLength; i = $tableNext(table, i + 1)) {
    $push(entries, `${formatInner(c, $tableKey(table, i), level)} => ${formatInner(c, $tableValue(table, i), level)}`);
  }
  return addRemaining(entries, $tableCount(table) - entries.length);
}

function formatTableIterator(c, iterator, level) {
  const entries = [];
  const table = $slot(iterator, $$TABLE_ITERATOR_TABLE);
  if (table === undefined) return entries;
  const kind = $slot(iterator, $$TABLE_ITERATOR_KIND);
  for (let i = $tableNext(table, $slot(iterator, $$TABLE_ITERATOR_INDEX)); i >= 0; i = $tableNext(table, i + 1)) {
    const key = $tableKey(table, i);
    const value = $slot(iterator, $$TABLE_ITERATOR_SET) ? key : $tableValue(table, i);
    $push(entries, formatInner(c, kind === 0 ? key : kind === 1 ? value : [key, value], level));
  }
  return entries;
}

function formatByteLength(c, buffer) {
  return [`byteLength: ${$bytesLength($slot(buffer, 0))}`];
}

function formatBuffer(c, buffer) {
  const bytes = $slot(buffer, 0);
  if (bytes === undefined) return ["(detached)"];
  const length = $bytesLength(bytes);
  const texts = [];
  for (let i = 0; i < length && i < 50; i++) $push(texts, $numberToText($byteAt(bytes, i) + 256, 16));
  for (let i = 0; i < texts.length; i++) texts[i] = $substring(texts[i], 1, 3);
  const more = length - texts.length;
  return [`[Uint8Contents]: <${$joinTexts(texts, " ")}${more > 0 ? ` ... ${more} more byte${more > 1 ? "s" : ""}` : ""}>`, `byteLength: ${length}`];
}

function formatDataView(c, view, level) {
  return [`byteLength: ${view.byteLength}`, `byteOffset: ${view.byteOffset}`, `buffer: ${formatInner(c, $typedInfo(view, 1), level)}`];
}

function formatPromise(c, promise, level) {
  const state = $slot(promise, $$PROMISE_STATE);
  if (state === PENDING) return ["<pending>"];
  const text = formatInner(c, $slot(promise, $$PROMISE_RESULT), level);
  return [state === REJECTED ? `<rejected> ${text}` : text];
}

function formatWeak() {
  return ["<items unknown>"];
}

/** "[Function: name]" and "[class Name extends Parent]". */
function functionBase(value, constructor, tag) {
  const flags = $functionInfo(value, 0);
  let base;
  if (flags & $$FLAG_CLASS && !(flags & $$FLAG_CORE)) {
    const name = ownAttributes(value, "name") >= 0 ? value.name : "";
    base = `[class ${name === "" ? "(anonymous)" : name}`;
    if (constructor !== "Function" && constructor !== null) base += ` [${constructor}]`;
    if (tag !== "" && constructor !== tag) base += ` [${tag}]`;
    const parent = $getPrototype(value);
    if (constructor === null) base += " extends null";
    else if (parent !== null && parent.name) base += ` extends ${parent.name}`;
    return `${base}]`;
  }
  const type = `${flags & $$FLAG_ASYNC ? "Async" : ""}${flags & $$FLAG_GENERATOR ? "Generator" : ""}Function`;
  const name = value.name;
  base = `[${type}${constructor === null ? " (null prototype)" : ""}${name === "" || name === undefined ? " (anonymous)" : `: ${describe(name)}`}]`;
  if (constructor !== type && constructor !== null) base += ` ${constructor}`;
  if (tag !== "" && constructor !== tag) base += ` [${tag}]`;
  return base;
}

/** "[Number: 3]" and its like; a String object's indices are not keys of interest. */
function boxedBase(c, value, keys, constructor, tag) {
  const inner = $slot(value, 0);
  const type = typeName(typeof inner);
  if (type === "String") {
    moveElements(keys, 0, inner.length, keys.length - inner.length);
    $setLength(keys, keys.length - inner.length);
  }
  const base = `[${type}${type === constructor ? "" : constructor === null ? " (null prototype)" : ` (${constructor})`}: ${formatPrimitive(newInspection(2), inner)}]`;
  return tag !== "" && tag !== constructor ? `${base} [${tag}]` : base;
}

function indentLines(text, indent) {
  return indent === 0 ? text : $joinTexts(splitText(text, "\n"), `\n${$repeat(" ", indent)}`);
}

function removeKey(keys, key) {
  const at = $arrayIndexOf(keys, key, 0, 0);
  if (at < 0) return;
  moveElements(keys, at, at + 1, keys.length - 1 - at);
  $setLength(keys, keys.length - 1);
}

/** An error is its stack, its header improved by the class's name; `cause` and `errors` follow as properties. */
function formatError(c, error, constructor, tag, keys) {
  const given = error.name;
  const name = given === undefined || given === null ? "Error" : `${given}`;
  const stackValue = error.stack;
  let stack = stackValue ? `${stackValue}` : errorText(error);
  if (!c.hidden) {
    const hiding = ["name", "message", "stack"];
    for (let i = 0; i < hiding.length; i++) {
      if ($arrayIndexOf(keys, hiding[i], 0, 0) < 0) continue;
      const value = error[hiding[i]];
      if (typeof value !== "string" || $indexOf(stack, value, 0) >= 0) removeKey(keys, hiding[i]);
    }
  }
  if ("cause" in error && $arrayIndexOf(keys, "cause", 0, 0) < 0) $push(keys, "cause");
  if ($isArray(error.errors) && $arrayIndexOf(keys, "errors", 0, 0) < 0) $push(keys, "errors");
  stack = improveStack(stack, constructor, name, tag);
  const message = error.message;
  const at = typeof message === "string" && message !== "" ? $indexOf(stack, message, 0) : -1;
  const start = $indexOf(stack, "\n    at", at < 0 ? 0 : at + message.length);
  return indentLines(start < 0 ? `[${stack}]` : stack, c.indent);
}

function improveStack(stack, constructor, name, tag) {
  const next = $charAt(stack, name.length);
  const ends = name.length >= 5 && $substring(name, name.length - 5, name.length) === "Error";
  if (constructor !== null && !(ends && $indexOf(stack, name, 0) === 0 && (next === "" || next === ":" || next === "\n"))) return stack;
  const prefix = prefixText(constructor, tag, "Error", "");
  const shown = $substring(prefix, 0, prefix.length - 1);
  if (name === shown) return stack;
  const rest = $substring(stack, constructor === null && $indexOf(stack, name, 0) !== 0 ? 0 : name.length, stack.length);
  return $indexOf(shown, name, 0) >= 0 ? `${shown}${rest}` : `${shown} [${name}]${rest}`;
}

/** The text of an own property's value or accessor. */
function formatOwn(c, object, level, key, attributes) {
  const value = ownValue(object, key);
  if (!(attributes & ACCESSOR)) return formatInner(c, value, level);
  const hasGetter = $accessorGet(value) !== undefined;
  const hasSetter = $accessorSet(value) !== undefined;
  return hasGetter ? (hasSetter ? "[Getter/Setter]" : "[Getter]") : hasSetter ? "[Setter]" : "undefined";
}

function formatProperty(c, object, level, key) {
  const attributes = ownAttributes(object, key);
  let text;
  try {
    text = attributes < 0 ? formatInner(c, object[key], level) : formatOwn(c, object, level, key, attributes);
  } catch (error) {
    if ($brand(object) !== $$BRAND_NAMESPACE) throw error;
    text = "<uninitialized>";
  }
  let name = key;
  if (typeof key === "symbol") name = `[${escapeText(symbolText(key), false)}]`;
  else if (key === "__proto__") name = "['__proto__']";
  else if (attributes >= 0 && !(attributes & ENUMERABLE)) name = `[${key}]`;
  else if (!isIdentifier(key)) name = quote(key);
  return `${name}: ${text}`;
}

/** Is the text a name that needs no quotes as a key? ASCII only, as in Node. */
function isIdentifier(text) {
  for (let i = 0; i < text.length; i++) {
    const unit = $charCode(text, i);
    const letter = unit >= 97 && unit <= 122 || unit >= 65 && unit <= 90 || unit === 95;
    if (!letter && (i === 0 || unit < 48 || unit > 57)) return false;
  }
  return text.length > 0;
}

/** Node's reduceToSingleString: on one line if the entries are simple and short, else one entry a line. */
function layOut(c, entries, base, open, close, type, level, value) {
  const count = entries.length;
  const start = base === "" ? open : `${base} ${open}`;
  let lines = entries;
  if (c.compact >= 1) {
    if (type === ARRAY_ENTRIES && count > 6) lines = groupEntries(c, entries, value);
    if (c.current - level < c.compact && count === lines.length) {
      let total = 2 * count + c.indent + open.length + base.length + 10;
      let fits = total + count <= c.breakLength && $indexOf(base, "\n", 0) < 0;
      for (let i = 0; fits && i < count; i++) {
        total += lines[i].length;
        fits = total <= c.breakLength && $indexOf(lines[i], "\n", 0) < 0;
      }
      if (fits) return `${start} ${$joinTexts(lines, ", ")} ${close}`;
    }
  }
  const indentation = `\n${$repeat(" ", c.indent)}`;
  return `${start}${indentation}  ${$joinTexts(lines, `,${indentation}  `)}${indentation}${close}`;
}

/** Columns that a text takes on a terminal: wide characters two, combining ones none. */
function textWidth(text) {
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const point = $codePoint(text, i);
    if (point > 65535) i++;
    if (point < 768) width++;
    else if (point >= 0x1100 && (point <= 0x115f || point >= 0x2e80 && point <= 0xa4cf || point >= 0xac00 && point <= 0xd7a3 || point >= 0xf900 && point <= 0xfaff ||
      point >= 0xfe30 && point <= 0xfe6f || point >= 0xff00 && point <= 0xff60 || point >= 0x1f300 && point <= 0x1faff || point >= 0x20000)) width += 2;
    else if (point > 0x36f && (point < 0x200b || point > 0x200f) && (point < 0xfe00 || point > 0xfe0f)) width++;
  }
  return width;
}

function pad(text, width, atStart) {
  const missing = width - textWidth(text);
  const fill = missing > 0 ? $repeat(" ", missing) : "";
  return atStart ? fill + text : text + fill;
}

/** Node's groupArrayElements: more than six short entries of an array stand in columns. */
function groupEntries(c, entries, value) {
  let total = 0;
  let longest = 0;
  const extra = c.maxLength < entries.length ? 1 : 0;
  const count = entries.length - extra;
  const lengths = [];
  for (let i = 0; i < count; i++) {
    const length = textWidth(entries[i]);
    $push(lengths, length);
    total += length + 2;
    if (length > longest) longest = length;
  }
  const widest = longest + 2;
  if (widest * 3 + c.indent >= c.breakLength || total / widest <= 5 && longest > 6) return entries;
  const bias = $math(5, widest - total / entries.length);
  const biased = widest - 3 - bias > 1 ? widest - 3 - bias : 1;
  const columns = $math2(4, $math2(4, mathRound($math(5, 2.5 * biased * count) / biased), $math(1, (c.breakLength - c.indent) / widest)), $math2(4, c.compact * 4, 15));
  if (columns <= 1) return entries;
  const widths = [];
  for (let i = 0; i < columns; i++) {
    let width = 0;
    for (let j = i; j < count; j += columns) if (lengths[j] > width) width = lengths[j];
    $push(widths, width + 2);
  }
  let numbers = true;
  for (let i = 0; i < entries.length && numbers; i++) numbers = typeof value[i] === "number" || typeof value[i] === "bigint";
  const lines = [];
  for (let i = 0; i < count; i += columns) {
    const end = i + columns < count ? i + columns : count;
    let line = "";
    let j = i;
    for (; j < end - 1; j++) line += pad(`${entries[j]}, `, widths[j - i], numbers);
    $push(lines, line + (numbers ? pad(entries[j], widths[j - i] - 2, true) : entries[j]));
  }
  if (extra > 0) $push(lines, entries[count]);
  return lines;
}

/** util.format: a text with places for the values that follow, and the rest separated by blanks. */
function formatAll(list) {
  const first = list[0];
  if (list.length === 1 && typeof first === "string") return first;
  const parts = [];
  let next = 0;
  if (typeof first === "string") {
    let from = 0;
    let text = "";
    for (let i = $indexOf(first, "%", 0); i >= 0 && i < first.length - 1; i = $indexOf(first, "%", i + 1)) {
      const place = $charAt(first, i + 1);
      if (place === "%") {
        text += $substring(first, from, i + 1);
        from = i + 2;
        i++;
      } else if (next + 1 < list.length && $indexOf("sjdOoifc", place, 0) >= 0) {
        text += $substring(first, from, i) + formatPlace(place, list[++next]);
        from = i + 2;
        i++;
      }
    }
    next++;
    $push(parts, text + $substring(first, from, first.length));
  }
  for (; next < list.length; next++) {
    const value = list[next];
    $push(parts, typeof value === "string" ? value : $isObject(value) ? inspect(value, newInspection(2)) : formatPlain(value));
  }
  return $joinTexts(parts, " ");
}

function formatPlace(place, value) {
  switch (place) {
    case "s":
      if (typeof value === "string" || $isObject(value) && ($isCallable(value) || hasOwnText(value))) return toText(value);
      return inspect(value, newInspection(0));
    case "j": return `${stringifyQuietly(value)}`;
    case "d": case "i": case "f":
      if (typeof value === "symbol") return "NaN";
      if (typeof value === "bigint" && place !== "f") return formatPrimitive(undefined, value);
      return formatNumber(place === "d" ? toNumber(value) : place === "i" ? $parseInt(toText(value), 10) : $parseFloat(toText(value)));
    case "c": return "";
    case "O": return inspect(value, newInspection(2));
  }
  const c = newInspection(4);
  c.hidden = true;
  return inspect(value, c);
}

/** Does an object bring a way to become a text of its own or its class's, rather than a built-in one? */
function hasOwnText(value) {
  const hasText = $isCallable(value.toString);
  const hasPrimitive = $isCallable(value[symbolToPrimitive]);
  if (!hasText && !hasPrimitive) return false;
  for (let o = value; o !== null; o = $getPrototype(o)) {
    if (!(hasText && ownAttributes(o, "toString") >= 0) && !(hasPrimitive && ownAttributes(o, symbolToPrimitive) >= 0)) continue;
    const constructor = o === value ? undefined : ownDataValue(o, "constructor");
    return !$isCallable(constructor) || !($functionInfo(constructor, 0) & $$FLAG_CORE);
  }
  return false;
}

function stringifyQuietly(value) {
  try {
    return jsonStringify(value, undefined, undefined);
  } catch (error) {
    if ($brand(error) === $$BRAND_ERROR && $indexOf(`${error.message}`, "circular", 0) >= 0) return "[Circular]";
    throw error;
  }
}
