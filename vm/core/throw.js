// How the core and the kernel throw: errors by number (vm/format/errors.ts) and by text. Runs before the Error
// constructors exist, so it finds their prototypes when an error is made.

/** The parts of a text between separators of one unit. */
function splitText(text, separator) {
  const parts = [];
  let from = 0;
  for (;;) {
    const at = $indexOf(text, separator, from);
    if (at < 0) break;
    $push(parts, $substring(text, from, at));
    from = at + 1;
  }
  $push(parts, $substring(text, from, text.length));
  return parts;
}

/** How V8 names a value inside an error's message. */
function describe(value) {
  if (typeof value === "string") return value;
  if (typeof value === "symbol") return symbolText(value);
  if ($isCallable(value)) return functionText(value);
  if ($isObject(value)) return $isArray(value) ? "[object Array]" : `#<${className(value)}>`;
  return `${value}`;
}

/** The name of an object's constructor, found without calling user code. */
function className(object) {
  for (let o = object; o !== null && !$isProxy(o); o = $getPrototype(o)) {
    const constructor = ownDataValue(o, "constructor");
    if ($isCallable(constructor)) {
      const name = ownDataValue(constructor, "name");
      if (typeof name === "string" && name !== "") return name;
    }
  }
  return "Object";
}

/** The value of an own data property, undefined for anything else. */
function ownDataValue(object, key) {
  const attributes = $getOwn(object, key);
  return attributes < 0 || attributes & ACCESSOR ? undefined : $getOwnValue(object, key);
}

$root("throw", function (code, a, b) {
  let from = 0;
  for (let i = 0; i < code; i++) from = $indexOf($$ERROR_TEXTS, "\n", from) + 1;
  const colon = $indexOf($$ERROR_TEXTS, ":", from);
  if (code === $$ERROR_READ_ONLY || code === $$ERROR_PRIMITIVE) b = `${typeof b} '${describe(b)}'`;
  if (code === $$ERROR_CLASS_CALL && $isCallable(a)) a = ownDataValue(a, "name");
  let message = $substring($$ERROR_TEXTS, colon + 1, $indexOf($$ERROR_TEXTS, "\n", colon));
  if (code === $$ERROR_NOT_ITERABLE) {
    const frames = $captureStack(1);
    if (frames.length > 0) message = $iterableWords(frames[0], frames[1]) ?? message;
  }
  throw makeError(errorPrototypes[$substring($$ERROR_TEXTS, from, colon)], fillIn(fillIn(message, "{a}", a), "{b}", b));
});

function fillIn(message, place, value) {
  const at = $indexOf(message, place, 0);
  return at < 0 ? message : `${$substring(message, 0, at)}${describe(value)}${$substring(message, at + 3, message.length)}`;
}

function throwTypeError(message) {
  throw makeError(errorPrototypes.TypeError, message);
}

function throwRangeError(message) {
  throw makeError(errorPrototypes.RangeError, message);
}

function throwSyntaxError(message) {
  throw makeError(errorPrototypes.SyntaxError, message);
}

/** TypeError for a method called on something else than its kind of object, in V8's words. */
function throwIncompatible(method, receiver) {
  throwTypeError(`Method ${method} called on incompatible receiver ${describe(receiver)}`);
}

function requireCallable(value) {
  if (!$isCallable(value)) $throw(NOT_A_FUNCTION, describeLiteral(value), undefined);
  return value;
}

function requireObject(value, where) {
  if (!$isObject(value)) throwTypeError(`${where} called on non-object`);
  return value;
}

/** Like describe, with strings in quotes, as V8 names an argument. */
function describeLiteral(value) {
  return typeof value === "string" ? $jsonQuote(value) : describe(value);
}

/** By type and value, as V8 names what is not iterable or no method. */
function describeTyped(value) {
  return value === undefined || typeof value === "symbol" || $isObject(value) ? typeof value : `${typeof value} ${value}`;
}
