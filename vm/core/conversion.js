// Type conversion (ECMA-262 section 7.1). Operators in core code convert by themselves where the operand is primitive;
// the kernel calls the functions bound here for everything that it does not convert itself. They never use an operator
// that would come back to them with the same operand.

/** 7.1.1 ToPrimitive; hint is "default", "string" or "number". */
function toPrimitive(value, hint) {
  if (!$isObject(value)) return value;
  const exotic = value[symbolToPrimitive];
  if (exotic !== undefined && exotic !== null) {
    if (!$isCallable(exotic)) $throw(NOT_A_FUNCTION, describeTyped(exotic), undefined);
    const result = $call(exotic, value, hint);
    if ($isObject(result)) $throw(NOT_PRIMITIVE, undefined, undefined);
    return result;
  }
  return ordinaryToPrimitive(value, hint === "string");
}

/** 7.1.1.1 OrdinaryToPrimitive. */
function ordinaryToPrimitive(object, textFirst) {
  for (let i = 0; i < 2; i++) {
    const method = (i === 0) === textFirst ? object.toString : object.valueOf;
    if ($isCallable(method)) {
      const result = $call(method, object);
      if (!$isObject(result)) return result;
    }
  }
  $throw(NOT_PRIMITIVE, undefined, undefined);
}

/** 7.1.4 ToNumber. */
function toNumber(value) {
  switch (typeof value) {
    case "number": return value;
    case "string": return $textToNumber(value);
    case "boolean": return value ? 1 : 0;
    case "undefined": return NaN;
    case "symbol": $throw(SYMBOL_TO_NUMBER, undefined, undefined);
    case "bigint": return +value;
  }
  return value === null ? 0 : toNumber(toPrimitive(value, "number"));
}

/** 7.1.3 ToNumeric. */
function toNumeric(value) {
  value = toPrimitive(value, "number");
  return typeof value === "bigint" ? value : toNumber(value);
}

/** 7.1.17 ToString. */
function toText(value) {
  switch (typeof value) {
    case "string": return value;
    case "number": return $numberToText(value, 10);
    case "boolean": return value ? "true" : "false";
    case "undefined": return "undefined";
    case "symbol": $throw(SYMBOL_TO_STRING, undefined, undefined);
    case "bigint": return bigText(value, 10);
  }
  return value === null ? "null" : toText(toPrimitive(value, "string"));
}

/** 7.1.19 ToPropertyKey: a string or symbol. */
function toPropertyKey(value) {
  const key = toPrimitive(value, "string");
  return typeof key === "symbol" ? key : toText(key);
}

/** 7.1.18 ToObject. */
function toObject(value) {
  if ($isObject(value)) return value;
  if (typeof value === "string") return newStringObject(value, StringPrototype);
  const prototype = primitivePrototype(value);
  if (prototype === null) $throw(NULLISH_TO_OBJECT, undefined, undefined);
  // Number.prototype and Boolean.prototype are wrappers themselves.
  return newWrapper($brand(prototype) || (typeof value === "symbol" ? $$BRAND_SYMBOL : $$BRAND_BIGINT), prototype, value);
}

/** A record of a brand whose only (or first) slot is set. */
function newWrapper(brand, prototype, value) {
  const record = $newRecord(brand, prototype);
  $setSlot(record, 0, value);
  return record;
}

/** 10.4.3.4 StringCreate: indices are the exotic part, length is a property. */
function newStringObject(text, prototype) {
  const object = newWrapper($$BRAND_STRING, prototype, text);
  $define(object, "length", text.length, 0);
  $setExotic(object);
  return object;
}

/** 7.1.5 ToIntegerOrInfinity. */
function toInteger(value) {
  const number = +value;
  return number !== number ? 0 : $math(3, number) + 0;
}

/** 7.1.20 ToLength. */
function toLength(value) {
  const length = toInteger(value);
  return length <= 0 ? 0 : length > 9007199254740991 ? 9007199254740991 : length;
}

/** 7.3.18 LengthOfArrayLike; of a typed array its own length, which its methods go by. */
function lengthOf(object) {
  return $isArray(object) ? object.length : isTyped(object) ? typedLength(object) : toLength(object.length);
}

/** 7.1.22 ToIndex, with V8's message. */
function toIndex(value, message) {
  const index = value === undefined ? 0 : toInteger(value);
  if (index < 0 || index > 9007199254740991) throwRangeError(message);
  return index;
}

/** A relative index as slice and its like take it: negative counts from the end, clamped to [0, length]. */
function relativeIndex(value, length) {
  const index = toInteger(value);
  return index < 0 ? (index + length > 0 ? index + length : 0) : index < length ? index : length;
}

/** The same for an end, where undefined means the length. */
function relativeEnd(value, length) {
  return value === undefined ? length : relativeIndex(value, length);
}

$root("toObject", toObject);
$root("toStringValue", toText);
$root("toPropertyKey", toPropertyKey);
$root("requireObjectCoercible", function (value, text) {
  if (value === undefined || value === null) $throw(NOT_DESTRUCTURABLE, text, value);
  return value;
});

/** The value of a hexadecimal digit, or -1. */
function hexDigit(unit) {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
