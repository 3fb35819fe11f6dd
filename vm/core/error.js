// Error and its kinds (ECMA-262 section 20.5), with the property `stack` as V8 gives it: text made when the error is.

const ErrorPrototype = $newObject(ObjectPrototype);
$root("ErrorPrototype", ErrorPrototype);
/** Prototype objects by name, for errors that the core throws. */
const errorPrototypes = $newObject(null);

/** The stack of user code now, in V8's format. */
function stackText(header) {
  const limit = ownDataValue(Error, "stackTraceLimit");
  if (typeof limit !== "number") return header;
  const frames = $captureStack(limit > 0 ? (limit < 200 ? toInteger(limit) : 200) : 0);
  let text = header;
  for (let i = 0; i < frames.length; i += 4) {
    const place = `${frames[i + 1]}:${frames[i + 2]}:${frames[i + 3]}`;
    text += frames[i] === "" ? `\n    at ${place}` : `\n    at ${frames[i]} (${place})`;
  }
  return text;
}

/** A new error of the core's own. */
function makeError(prototype, message) {
  const error = $newRecord($$BRAND_ERROR, prototype);
  const name = ownDataValue(prototype, "name");
  $define(error, "stack", stackText(message === "" ? name : `${name}: ${message}`), HIDDEN);
  $define(error, "message", message, HIDDEN);
  return error;
}

/** 20.5.1.1 and 20.5.6.1.1, after the prototype is known. */
function initializeError(error, message, options) {
  $define(error, "stack", undefined, HIDDEN);
  if (message !== undefined) $define(error, "message", `${message}`, HIDDEN);
  if ($isObject(options) && "cause" in options) $define(error, "cause", options.cause, HIDDEN);
  $define(error, "stack", stackText(errorText(error)), HIDDEN);
  return error;
}

/** 20.5.3.4 Error.prototype.toString. */
function errorText(error) {
  const name = error.name === undefined ? "Error" : `${error.name}`;
  const message = error.message === undefined ? "" : `${error.message}`;
  return name === "" ? message : message === "" ? name : `${name}: ${message}`;
}

/** A constructor of errors with its prototype object. */
function makeErrorKind(name, parent, prototype) {
  function Kind(message, options = undefined) {
    return initializeError($newRecord($$BRAND_ERROR, prototypeOf(new.target === undefined ? Kind : new.target, prototype)), message, options);
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
    defineOrThrow(object, "stack", [HAS_VALUE | ALL, HIDDEN, stackText(errorText(object)), undefined, undefined]);
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
  const error = $newRecord($$BRAND_ERROR, prototypeOf(new.target === undefined ? AggregateError : new.target, AggregateErrorPrototype));
  initializeError(error, message, options);
  $define(error, "errors", spread([], errors), HIDDEN);
  return error;
}
settleErrorKind(AggregateError, "AggregateError", Error, AggregateErrorPrototype);
