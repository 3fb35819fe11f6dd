// Operators on operands that the kernel leaves alone: objects mostly, and mixed primitives (ECMA-262 section 13).
// Each converts its operands to primitives and applies the operator again to numbers or strings, which the kernel does.

/** 13.8.1 The addition operator. */
$root("add", function (a, b) {
  a = toPrimitive(a, "default");
  b = toPrimitive(b, "default");
  return typeof a === "string" || typeof b === "string" ? `${toText(a)}${toText(b)}` : toNumeric(a) + toNumeric(b);
});

/** 13.15.4 ApplyStringOrNumericBinaryOperator, for SUB to USHR. */
$root("arithmetic", function (opcode, a, b) {
  a = toNumeric(a);
  b = toNumeric(b);
  switch (opcode) {
    case $$OP_SUB: return a - b;
    case $$OP_MUL: return a * b;
    case $$OP_DIV: return a / b;
    case $$OP_MOD: return a % b;
    case $$OP_POW: return a ** b;
    case $$OP_BIT_AND: return a & b;
    case $$OP_BIT_OR: return a | b;
    case $$OP_BIT_XOR: return a ^ b;
    case $$OP_SHL: return a << b;
    case $$OP_SHR: return a >> b;
  }
  return a >>> b;
});

/** 7.2.13 IsLessThan, for the four relations. */
$root("less", function (opcode, a, b) {
  a = toPrimitive(a, "number");
  b = toPrimitive(b, "number");
  if (typeof a === "bigint" || typeof b === "bigint") return lessBig(opcode, a, b);
  if (typeof a !== "string" || typeof b !== "string") {
    a = toNumber(a);
    b = toNumber(b);
  }
  switch (opcode) {
    case $$OP_LT: return a < b;
    case $$OP_LE: return a <= b;
    case $$OP_GT: return a > b;
  }
  return a >= b;
});

/** 7.2.14 IsLooselyEqual. */
function looseEquals(a, b) {
  if (a === undefined || a === null) return b === undefined || b === null;
  if (b === undefined || b === null) return false;
  if ($isObject(a)) {
    if ($isObject(b)) return a === b;
    return looseEquals(toPrimitive(a, "default"), b);
  }
  if ($isObject(b)) return looseEquals(a, toPrimitive(b, "default"));
  if (typeof a === typeof b) return a === b;
  if (typeof a === "symbol" || typeof b === "symbol") return false;
  if (typeof a === "bigint" || typeof b === "bigint") return equalsBig(a, b);
  return toNumber(a) === toNumber(b);
}
$root("looseEquals", looseEquals);

$root("unary", function (opcode, a) {
  a = toNumeric(a);
  switch (opcode) {
    case $$OP_NEG: return -a;
    case $$OP_INC: return ++a;
    case $$OP_DEC: return --a;
    case $$OP_BIT_NOT: return ~a;
    case $$OP_TO_NUMBER: return +a;
  }
  return a;
});

/** 13.10.2 InstanceofOperator. */
function instanceOf(value, target) {
  if (!$isObject(target)) throwTypeError("Right-hand side of 'instanceof' is not an object");
  const handler = target[symbolHasInstance];
  if (handler !== undefined && handler !== null) return !!$call(handler, target, value);
  if (!$isCallable(target)) $throw(BAD_INSTANCEOF, undefined, undefined);
  return ordinaryHasInstance(target, value);
}
$root("instanceOf", instanceOf);

/** 7.3.21 OrdinaryHasInstance. */
function ordinaryHasInstance(constructor, value) {
  if (!$isCallable(constructor)) return false;
  if ($brand(constructor) === $$BRAND_BOUND_FUNCTION) return instanceOf(value, $slot(constructor, $$BOUND_FUNCTION_TARGET));
  if (!$isObject(value)) return false;
  const prototype = constructor.prototype;
  if (!$isObject(prototype)) throwTypeError(`Function has non-object prototype '${describe(prototype)}' in instanceof check`);
  for (let o = $getPrototype(value); o !== null; o = $getPrototype(o)) if (o === prototype) return true;
  return false;
}

/** 13.10.1 The in operator. */
$root("hasProperty", function (key, object) {
  if (!$isObject(object)) $throw(BAD_IN, describe(key), describe(object));
  return hasProperty(object, toKey(key));
});
