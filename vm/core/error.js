// Error and its kinds (ECMA-262 section 20.5), with the property `stack` that V8 gives them. The core's own errors are
// made here too, straight from a prototype object, so that a program that replaced a global constructor changes nothing.

const ErrorPrototype = $newObject(ObjectPrototype);
$root("ErrorPrototype", ErrorPrototype);
/** Prototype objects by name, for errors that the core throws. */
const errorPrototypes = $newObject(null);

/** The frames of user code now, and what waits for these: functions and places in them, which nothing looks at until a stack is asked for. */
function captureFrames() {
  return $captureStack($getOwnValue(Error, "stackTraceLimit"));
}

/** A stack as text, in V8's format. */
function stackText(header, frames) {
  let text = header;
  for (let i = 0; i < frames.length; i += 2) {
    const facts = $frameFacts(frames[i], frames[i + 1]);
    const place = `${facts[1]}:${facts[2]}:${facts[3]}`;
    text += "\n    at ";
    if (frames[i + 1] < 0) text += "async ";
    text += facts.length < 3 ? `Promise.${facts[0]} (index ${facts[1]})` : facts[0] === "" ? place : `${facts[0]} (${place})`;
  }
  return text;
}

/**
 * An error without message, its frames kept. As in V8 the text of its property `stack` is made when it is first asked
 * for; the slot `frames` holds the frames until then, and the text (or whatever a program stored) afterwards.
 */
function newError(prototype) {
  const error = $newRecord($$BRAND_ERROR, prototype);
  $setSlot(error, $$ERROR_FRAMES, $captureStack($getOwnValue(Error, "stackTraceLimit")));
  $defineAccessor(error, "stack", stackAccessor, undefined, CONFIGURABLE);
  return error;
}
const stackMembers = {
  get stack() {
    if ($brand(this) !== $$BRAND_ERROR) return undefined;
    const frames = $slot(this, $$ERROR_FRAMES);
    return $isArray(frames) ? $setSlot(this, $$ERROR_FRAMES, stackText(errorText(this), frames)) : frames;
  },
  set stack(value) {
    if ($brand(this) === $$BRAND_ERROR) $setSlot(this, $$ERROR_FRAMES, value);
    else defineField(this, "stack", value);
  },
};
/** The pair itself, which all errors share. */
const stackAccessor = $getOwnValue(stackMembers, "stack");

/** A new error of the core's own. */
function makeError(prototype, message) {
  const error = newError(prototype);
  $define(error, "message", message, HIDDEN);
  return error;
}

/** 20.5.1.1 and 20.5.6.1.1, after the prototype is known. */
function initializeError(error, message, options) {
  if (message !== undefined) $define(error, "message", `${message}`, HIDDEN);
  if (options === undefined) return error;
  if ($isObject(options) && "cause" in options) $define(error, "cause", options.cause, HIDDEN);
  return error;
}

/** 20.5.3.4 Error.prototype.toString. */
function errorText(error) {
  const given = error.name;
  const name = given === undefined ? "Error" : `${given}`;
  const said = error.message;
  const message = said === undefined ? "" : `${said}`;
  return name === "" ? message : message === "" ? name : `${name}: ${message}`;
}

/** A constructor of errors with its prototype object. */
function makeErrorKind(name, parent, prototype) {
  function Kind(message, options = undefined) {
    return initializeError(newError(prototypeOf(new.target === undefined ? Kind : new.target, prototype)), message, options);
  }
  return settleErrorKind(Kind, name, parent, prototype);
}

function settleErrorKind(constructor, name, parent, prototype) {
  $setFunctionName(constructor, name);
  $setPrototype(constructor, parent);
  $define(errorPrototypes, name, prototype, ALL);
  $define(constructor, "prototype", prototype, 0);
  $define(prototype, "constructor", constructor, HIDDEN);
  $define(prototype, "name", name, HIDDEN);
  $define(prototype, "message", "", HIDDEN);
  $define(globalObject, name, constructor, HIDDEN);
  return constructor;
}

const Error = makeErrorKind("Error", FunctionPrototype, ErrorPrototype);
defineMethods(ErrorPrototype, {
  toString() {
    return errorText(requireObject(this, "Error.prototype.toString"));
  },
});
defineMethods(Error, {
  captureStackTrace(object) {
    requireObject(object, "Error.captureStackTrace");
    defineOrThrow(object, "stack", [HAS_VALUE | ALL, HIDDEN, stackText(errorText(object), captureFrames()), undefined, undefined]);
  },
});
$define(Error, "stackTraceLimit", 10, ALL);
makeErrorKind("EvalError", Error, $newObject(ErrorPrototype));
makeErrorKind("RangeError", Error, $newObject(ErrorPrototype));
makeErrorKind("ReferenceError", Error, $newObject(ErrorPrototype));
makeErrorKind("SyntaxError", Error, $newObject(ErrorPrototype));
makeErrorKind("TypeError", Error, $newObject(ErrorPrototype));
makeErrorKind("URIError", Error, $newObject(ErrorPrototype));

const AggregateErrorPrototype = $newObject(ErrorPrototype);

/** 20.5.7.1.1 AggregateError(errors, message, options). */
function AggregateError(errors, message, options = undefined) {
  const error = newError(prototypeOf(new.target === undefined ? AggregateError : new.target, AggregateErrorPrototype));
  initializeError(error, message, options);
  $define(error, "errors", spread([], errors), HIDDEN);
  return error;
}
settleErrorKind(AggregateError, "AggregateError", Error, AggregateErrorPrototype);
