// Number and Math (ECMA-262 sections 21.1 and 21.3), and the global functions on numbers (19.2). The arithmetic is the
// kernel's, bit for bit the same on every host; here are the conversions, the order in which they happen, the errors.

const NumberPrototype = newWrapper($$BRAND_NUMBER, ObjectPrototype, 0);
$root("NumberPrototype", NumberPrototype);

/** 21.1.1.1 Number(value). */
function Number(...list) {
  let number = list.length > 0 ? toNumeric(list[0]) : 0;
  if (typeof number === "bigint") number = $bigNumber(number);
  return new.target === undefined ? number : newWrapper($$BRAND_NUMBER, prototypeOf(new.target, NumberPrototype), number);
}

function thisNumber(value, method) {
  return thisValue(value, "number", $$BRAND_NUMBER, `Number.prototype.${method}`);
}

function isIntegral(value) {
  return typeof value === "number" && value - value === 0 && $math(3, value) === value;
}

/** A number of digits within bounds. */
function digitCount(value, low, method) {
  const digits = toInteger(value);
  if (digits < low || digits > 100) throwRangeError(`${method}() ${method === "toFixed" ? "digits " : ""}argument must be between ${low} and 100`);
  return digits;
}

/** All digits of a whole number beyond 1e21 that is given as "d.ddde+nn". */
function wholeDigits(text) {
  const at = $indexOf(text, "e", 0);
  const digits = $charAt(text, 0) + (at > 2 ? $substring(text, 2, at) : "");
  return digits + $repeat("0", +$substring(text, at + 2, text.length) + 1 - digits.length);
}

/** en-US: groups of three, at most three decimals unless the options say otherwise. */
function localNumber(number, options) {
  if (number !== number) return "NaN";
  let least = 0;
  let most = 3;
  if ($isObject(options)) {
    if (options.minimumFractionDigits !== undefined) {
      least = toInteger(options.minimumFractionDigits);
      if (least > most) most = least;
    }
    if (options.maximumFractionDigits !== undefined) most = toInteger(options.maximumFractionDigits);
  }
  const sign = number < 0 || $sameValue(number, -0) ? "-" : "";
  const size = $math(0, number);
  if (size === Infinity) return `${sign}∞`;
  let text = size < 1e21 ? $toFixed(size, most) : wholeDigits($toExponential(size, -1));
  const dot = $indexOf(text, ".", 0);
  let whole = dot < 0 ? text : $substring(text, 0, dot);
  let end = text.length;
  if (dot >= 0) {
    while (end > dot + 1 + least && $charAt(text, end - 1) === "0") end--;
    if (end === dot + 1) end = dot;
  }
  text = dot < 0 ? "" : $substring(text, dot, end);
  let grouped = "";
  while (whole.length > 3) {
    grouped = `,${$substring(whole, whole.length - 3, whole.length)}${grouped}`;
    whole = $substring(whole, 0, whole.length - 3);
  }
  return sign + whole + grouped + text;
}

defineConstructor(Number, NumberPrototype, {
  isFinite(value) {
    return typeof value === "number" && value - value === 0;
  },
  isInteger(value) {
    "fast: numberIsInteger";
    return isIntegral(value);
  },
  isNaN(value) {
    return typeof value === "number" && value !== value;
  },
  isSafeInteger(value) {
    "fast: numberIsSafeInteger";
    return isIntegral(value) && value <= 9007199254740991 && value >= -9007199254740991;
  },
  parseFloat(text) {
    return $parseFloat(`${text}`);
  },
  parseInt(text, radix) {
    const digits = `${text}`;
    return $parseInt(digits, toNumber(radix) | 0);
  },
}, {
  toExponential(digits) {
    const number = thisNumber(this, "toExponential");
    const count = toInteger(digits);
    if (number - number !== 0) return `${number}`;
    if (digits !== undefined) digitCount(count, 0, "toExponential");
    return $toExponential(number, digits === undefined ? -1 : count);
  },
  toFixed(digits) {
    const number = thisNumber(this, "toFixed");
    const count = digitCount(digits, 0, "toFixed");
    return $math(0, number) < 1e21 ? $toFixed(number, count) : `${number}`;
  },
  toLocaleString(locales = undefined, options = undefined) {
    return localNumber(thisNumber(this, "toLocaleString"), options);
  },
  toPrecision(digits) {
    const number = thisNumber(this, "toPrecision");
    if (digits === undefined) return `${number}`;
    const count = toInteger(digits);
    if (number - number !== 0) return `${number}`;
    return $toPrecision(number, digitCount(count, 1, "toPrecision"));
  },
  toString(radix = undefined) {
    const number = thisNumber(this, "toString");
    const base = radix === undefined ? 10 : toInteger(radix);
    if (base < 2 || base > 36) throwRangeError("toString() radix argument must be between 2 and 36");
    return $numberToText(number, base);
  },
  valueOf() {
    return thisNumber(this, "valueOf");
  },
});
$define(Number, "length", 1, CONFIGURABLE);
setLengths(NumberPrototype, { toString: 1 });
defineConstants(Number, {
  EPSILON: 2.220446049250313e-16, MAX_SAFE_INTEGER: 9007199254740991, MAX_VALUE: 1.7976931348623157e308, MIN_SAFE_INTEGER: -9007199254740991,
  MIN_VALUE: 5e-324, NaN: NaN, NEGATIVE_INFINITY: -Infinity, POSITIVE_INFINITY: Infinity,
});
$define(globalObject, "parseFloat", $getOwnValue(Number, "parseFloat"), HIDDEN);
$define(globalObject, "parseInt", $getOwnValue(Number, "parseInt"), HIDDEN);
defineMethods(globalObject, {
  isFinite(number) {
    "fast: isFinite";
    const value = toNumber(number);
    return value - value === 0;
  },
  isNaN(number) {
    "fast: isNaN";
    const value = toNumber(number);
    return value !== value;
  },
});

/** max and min of any number of values; every value is converted. */
function extreme(values, which, start) {
  let result = start;
  for (let i = 0; i < values.length; i++) result = $math2(which, result, toNumber(values[i]));
  return result;
}

function mathRound(x) {
  return $math(4, toNumber(x));
}
$root("mathRound", mathRound);

defineNamespace("Math", {
  abs(x) {
    "fast: mathAbs";
    return $math(0, toNumber(x));
  },
  acos(x) {
    return $math(18, toNumber(x));
  },
  acosh(x) {
    return $math(24, toNumber(x));
  },
  asin(x) {
    return $math(17, toNumber(x));
  },
  asinh(x) {
    return $math(23, toNumber(x));
  },
  atan(x) {
    return $math(19, toNumber(x));
  },
  atanh(x) {
    return $math(25, toNumber(x));
  },
  atan2(y, x) {
    "fast: mathAtan2";
    const a = toNumber(y);
    return $math2(1, a, toNumber(x));
  },
  cbrt(x) {
    return $math(26, toNumber(x));
  },
  ceil(x) {
    "fast: mathCeil";
    return $math(2, toNumber(x));
  },
  clz32(x) {
    return $math(27, toNumber(x));
  },
  cos(x) {
    "fast: mathCos";
    return $math(15, toNumber(x));
  },
  cosh(x) {
    return $math(21, toNumber(x));
  },
  exp(x) {
    "fast: mathExp";
    return $math(8, toNumber(x));
  },
  expm1(x) {
    return $math(9, toNumber(x));
  },
  floor(x) {
    "fast: mathFloor";
    return $math(1, toNumber(x));
  },
  fround(x) {
    return $math(7, toNumber(x));
  },
  hypot(...values) {
    let largest = 0;
    for (let i = 0; i < values.length; i++) values[i] = $math(0, toNumber(values[i]));
    if ($arrayIndexOf(values, Infinity, 0, 0) >= 0) return Infinity;
    if (values.length === 2) return $math2(5, values[0], values[1]);
    largest = extreme(values, 3, 0);
    if (largest === 0) return 0;
    // Kahan's sum of the squares, scaled by the largest, as V8 does it.
    let sum = 0;
    let compensation = 0;
    for (let i = 0; i < values.length; i++) {
      const x = values[i] / largest;
      const summand = x * x - compensation;
      const preliminary = sum + summand;
      compensation = preliminary - sum - summand;
      sum = preliminary;
    }
    return $math(5, sum) * largest;
  },
  imul(x, y) {
    "fast: mathImul";
    const a = toNumber(x);
    return $math2(2, a, toNumber(y));
  },
  log(x) {
    "fast: mathLog";
    return $math(10, toNumber(x));
  },
  log1p(x) {
    return $math(11, toNumber(x));
  },
  log10(x) {
    return $math(13, toNumber(x));
  },
  log2(x) {
    return $math(12, toNumber(x));
  },
  max(...values) {
    "fast: mathMax";
    return extreme(values, 3, -Infinity);
  },
  min(...values) {
    "fast: mathMin";
    return extreme(values, 4, Infinity);
  },
  pow(x, y) {
    "fast: mathPow";
    const a = toNumber(x);
    return $math2(0, a, toNumber(y));
  },
  random() {
    "fast: mathRandom";
    return $random();
  },
  round(x) {
    "fast: mathRound";
    return mathRound(x);
  },
  sign(x) {
    return $math(6, toNumber(x));
  },
  sin(x) {
    "fast: mathSin";
    return $math(14, toNumber(x));
  },
  sinh(x) {
    return $math(20, toNumber(x));
  },
  sqrt(x) {
    "fast: mathSqrt";
    return $math(5, toNumber(x));
  },
  tan(x) {
    "fast: mathTan";
    return $math(16, toNumber(x));
  },
  tanh(x) {
    return $math(22, toNumber(x));
  },
  trunc(x) {
    "fast: mathTrunc";
    return $math(3, toNumber(x));
  },
});
const mathObject = $getOwnValue(globalObject, "Math");
setLengths(mathObject, { hypot: 2, max: 2, min: 2 });
defineConstants(mathObject, {
  E: 2.718281828459045, LN10: 2.302585092994046, LN2: 0.6931471805599453, LOG10E: 0.4342944819032518, LOG2E: 1.4426950408889634,
  PI: 3.141592653589793, SQRT1_2: 0.7071067811865476, SQRT2: 1.4142135623730951,
});
