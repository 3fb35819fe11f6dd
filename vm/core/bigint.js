// BigInt (ECMA-262 sections 6.1.6.2 and 21.2), its typed arrays (23.2) and DataView's methods for them (25.3.4). Sums,
// shifts and bits are the kernel's. Here is what it leaves alone: errors, conversions, and products, quotients and texts
// of many words, which are put together from such as the kernel makes in one step, so that a program can be stopped in
// the midst of them. (bigdigits.ts has the limits: 4096 products of words, texts of 32 words, 256 digits.)

/** The longest: 2^29 bits. */
const BIG_BITS_MAX = 536870912;
/** Of numbers of so few bits, products and quotients of twice as many by so many are the kernel's. */
const BIG_SPLIT_BITS = 1920;
/** Bits of a number, and digits, that the kernel makes a text of, or reads, at once. */
const BIG_TEXT_BITS = 1024;
const BIG_TEXT_DIGITS = 256;

function throwTooBig() {
  throwRangeError("Maximum BigInt size exceeded");
}

/** What the kernel's operators leave alone: ADD to USHR of numerics, of which one at least is a BigInt, and steps of one. */
$root("bigOperator", function (opcode, a, b) {
  if (opcode === $$OP_TO_NUMBER) throwTypeError("Cannot convert a BigInt value to a number");
  if (typeof a !== typeof b) throwMixed();
  switch (opcode) {
    case $$OP_MUL: return multiplyBig(a, b);
    case $$OP_DIV: case $$OP_MOD: {
      if (b === 0n) throwRangeError("Division by zero");
      const rest = opcode === $$OP_MOD;
      const result = divideBig(a < 0n ? -a : a, b < 0n ? -b : b, rest);
      return a < 0n !== (!rest && b < 0n) ? -result : result;
    }
    case $$OP_POW: return powerBig(a, b);
    case $$OP_USHR: throwTypeError("BigInts have no unsigned right shift, use >> instead");
  }
  throwTooBig();
});

/** The low `bits` bits of a natural number. */
function lowBits(a, bits) {
  return $bigWrap(bits, a, false);
}

/** A product of many words: by halves where one is much longer, by Karatsuba's three products of halves where not. */
function multiplyBig(a, b) {
  const longer = $math2(3, $bigBits(a), $bigBits(b));
  const shorter = $math2(4, $bigBits(a), $bigBits(b));
  if (longer + shorter > BIG_BITS_MAX) throwTooBig();
  if (a < 0n !== b < 0n) return -multiplyBig(a < 0n ? -a : a, b < 0n ? -b : b);
  if (a < 0n) return multiplyBig(-a, -b);
  // Whole words, so that shifts only move them.
  const bits = (longer >> 6) + 1 << 5;
  const half = $bigOfNumber(bits);
  if (shorter <= bits) {
    const long = $bigBits(a) === longer ? a : b;
    const other = long === a ? b : a;
    return ((long >> half) * other << half) + lowBits(long, bits) * other;
  }
  const highA = a >> half;
  const lowA = lowBits(a, bits);
  const highB = b >> half;
  const lowB = lowBits(b, bits);
  const high = highA * highB;
  const low = lowA * lowB;
  return (((high << half) + (highA + lowA) * (highB + lowB) - high - low) << half) + low;
}

/** Quotient, or remainder, of natural numbers, the divisor not zero. */
function divideBig(a, b, wantsRest) {
  const quotient = quotientBig(a, b);
  return wantsRest ? a - quotient * b : quotient;
}
/**
 * A quotient of many words. One that is longer than half of the divisor is made in two halves; a shorter one is that of
 * the leading parts, at most 3 too large. Source: Burnikel and Ziegler, Fast Recursive Division, 1998.
 */
function quotientBig(a, b) {
  if (a < b) return 0n;
  const size = $bigBits(b);
  const excess = $bigBits(a) - size + 1;
  if (size <= BIG_SPLIT_BITS && excess <= BIG_SPLIT_BITS) return a / b;
  if (excess > size >> 1) {
    const bits = excess >> 1;
    const half = $bigOfNumber(bits);
    const top = a >> half;
    const high = quotientBig(top, b);
    return (high << half) + quotientBig((top - high * b << half) + lowBits(a, bits), b);
  }
  const less = $bigOfNumber(size - excess);
  const leading = b >> less;
  let quotient = quotientBig(a >> less, leading);
  let rest = a - quotient * b;
  while (rest < 0n) {
    quotient--;
    rest += b;
  }
  return quotient;
}

/** 6.1.6.2.3 BigInt::exponentiate. */
function powerBig(base, exponent) {
  if (exponent < 0n) throwRangeError("Exponent must be non-negative");
  if (exponent === 0n) return 1n;
  if (base === 0n || base === 1n) return base;
  if (base === -1n) return lowBits(exponent, 1) === 0n ? 1n : base;
  // The result has at least (bits - 1) * exponent bits.
  const bits = $bigBits(base) - 1;
  if (bits * $bigNumber(exponent) > BIG_BITS_MAX) throwTooBig();
  if (base === 2n) return 1n << exponent;
  let power = base;
  let result = 1n;
  for (let rest = $bigNumber(exponent); ;) {
    if (rest & 1) result *= power;
    rest >>= 1;
    if (rest === 0) return result;
    power *= power;
  }
}

// Texts

/** Bits that a digit has at most. */
function digitBits(radix) {
  return 32 - $math(27, radix);
}

/** radix to the powers first, 2 * first, 4 * first … until one is longer than half of so many bits. */
function radixPowers(radix, first, bits) {
  const powers = [powerBig($bigOfNumber(radix), $bigOfNumber(first))];
  for (;;) {
    const last = powers[powers.length - 1];
    if ($bigBits(last) * 2 > bits) return powers;
    $push(powers, last * last);
  }
}

/** 6.1.6.2.21 BigInt::toString. */
function bigText(value, radix) {
  const bits = $bigBits(value);
  if (bits <= BIG_TEXT_BITS) return $bigText(value, radix);
  const parts = [];
  if (value < 0n) $push(parts, "-");
  const digits = BIG_TEXT_BITS / digitBits(radix) | 0;
  const powers = radixPowers(radix, digits, bits);
  pushDigits(parts, value < 0n ? -value : value, radix, powers, powers.length - 1, digits << powers.length, false);
  return $joinTexts(parts, "");
}
/** The text of a natural number below the square of powers[level], in that many digits if it is padded. */
function pushDigits(parts, value, radix, powers, level, digits, padded) {
  if (level < 0) {
    const text = $bigText(value, radix);
    if (padded && text.length < digits) $push(parts, $repeat("0", digits - text.length));
    $push(parts, text);
    return;
  }
  const high = quotientBig(value, powers[level]);
  if (padded || high > 0n) pushDigits(parts, high, radix, powers, level - 1, digits / 2, padded);
  pushDigits(parts, high > 0n ? value - high * powers[level] : value, radix, powers, level - 1, digits / 2, padded || high > 0n);
}

/** The number that digits [from, to) of a text are; undefined if one of them is none. */
function parseDigits(text, from, to, radix, powers, level) {
  if (to - from <= BIG_TEXT_DIGITS) return $bigParse(text, from, to, radix);
  while (BIG_TEXT_DIGITS << level >= to - from) level--;
  const last = BIG_TEXT_DIGITS << level;
  const high = parseDigits(text, from, to - last, radix, powers, level);
  const low = parseDigits(text, to - last, to, radix, powers, level);
  return high === undefined || low === undefined ? undefined : high * powers[level] + low;
}

/** 7.1.14 StringToBigInt: undefined if the text is none. */
function textToBig(source) {
  const text = $trim(source, 3);
  let from = 0;
  let radix = 10;
  let negative = false;
  const second = $charCode(text, 1) | 32;
  if ($charCode(text, 0) === 48 && (second === 120 || second === 111 || second === 98)) {
    from = 2;
    radix = second === 120 ? 16 : second === 111 ? 8 : 2;
  } else if ($charAt(text, 0) === "-" || $charAt(text, 0) === "+") {
    from = 1;
    negative = $charAt(text, 0) === "-";
  }
  const digits = text.length - from;
  if (digits === 0) return from === 0 ? 0n : undefined;
  const powers = digits > BIG_TEXT_DIGITS ? radixPowers(radix, BIG_TEXT_DIGITS, digits * digitBits(radix)) : undefined;
  const value = parseDigits(text, from, text.length, radix, powers, powers === undefined ? 0 : powers.length - 1);
  return value !== undefined && negative ? -value : value;
}

// Comparison with texts

/** 7.2.13 IsLessThan and its kin, one of the primitives being a BigInt. */
function lessBig(opcode, a, b) {
  const left = typeof a === "string" ? textToBig(a) : toNumeric(a);
  const right = typeof b === "string" ? textToBig(b) : toNumeric(b);
  if (left === undefined || right === undefined) return false;
  switch (opcode) {
    case $$OP_LT: return left < right;
    case $$OP_LE: return left <= right;
    case $$OP_GT: return left > right;
  }
  return left >= right;
}
/** 7.2.14 IsLooselyEqual of primitives of different types, one a BigInt and none a symbol. */
function equalsBig(a, b) {
  const left = typeof a === "string" ? textToBig(a) : toNumeric(a);
  const right = typeof b === "string" ? textToBig(b) : toNumeric(b);
  return left == right;
}

// Conversion

/** 7.1.13 ToBigInt. */
function toBigInt(given) {
  const value = toPrimitive(given, "number");
  switch (typeof value) {
    case "bigint": return value;
    case "boolean": return value ? 1n : 0n;
    case "string": {
      const big = textToBig(value);
      if (big === undefined) throwSyntaxError(`Cannot convert ${value} to a BigInt`);
      return big;
    }
  }
  throwTypeError(`Cannot convert ${describe(value)} to a BigInt`);
}

const BigIntPrototype = defineTag($newObject(ObjectPrototype), "BigInt");
$root("BigIntPrototype", BigIntPrototype);

/** 21.2.1.1 BigInt(value). */
function BigInt(value) {
  if (new.target !== undefined) throwTypeError("BigInt is not a constructor");
  const primitive = toPrimitive(value, "number");
  if (typeof primitive !== "number") return toBigInt(primitive);
  if (!isIntegral(primitive)) throwRangeError(`The number ${primitive} cannot be converted to a BigInt because it is not an integer`);
  return $bigOfNumber(primitive);
}

function thisBig(value, method) {
  return thisValue(value, "bigint", $$BRAND_BIGINT, `BigInt.prototype.${method}`);
}

/** The digits of a number in groups of three, as en-US has them. */
function localBig(value) {
  let text = bigText(value < 0n ? -value : value, 10);
  const groups = [];
  const first = text.length % 3;
  if (first > 0) $push(groups, $substring(text, 0, first));
  for (let i = first; i < text.length; i += 3) $push(groups, $substring(text, i, i + 3));
  text = $joinTexts(groups, ",");
  return value < 0n ? `-${text}` : text;
}

defineConstructor(BigInt, BigIntPrototype, {
  asIntN(bits, bigint) {
    const width = toIndex(bits, "Invalid value: not (convertible to) a safe integer");
    return $bigWrap(width, toBigInt(bigint), true);
  },
  asUintN(bits, bigint) {
    const width = toIndex(bits, "Invalid value: not (convertible to) a safe integer");
    const value = toBigInt(bigint);
    if (value < 0n && width >= BIG_BITS_MAX) throwTooBig();
    return $bigWrap(width, value, false);
  },
}, {
  toLocaleString(locales = undefined, options = undefined) {
    return localBig(thisBig(this, "toLocaleString"));
  },
  toString(radix = undefined) {
    const value = thisBig(this, "toString");
    const base = radix === undefined ? 10 : toInteger(radix);
    if (base < 2 || base > 36) throwRangeError("toString() radix argument must be between 2 and 36");
    return bigText(value, base);
  },
  valueOf() {
    return thisBig(this, "valueOf");
  },
});

/** A BigInt in JSON. */
function throwUnwritten() {
  throwTypeError("Do not know how to serialize a BigInt");
}

// Typed arrays and DataView

/** Of typed arrays whose elements are BigInts and others there is no copying to and fro. */
function throwMixed() {
  throwTypeError("Cannot mix BigInt and other types, use explicit conversions");
}

$push(typedNames, "BigInt64Array");
$push(typedNames, "BigUint64Array");
for (let i = $$TYPE_BIGINT64; i <= $$TYPE_BIGUINT64; i++) {
  makeTypedKind(i, typedNames[i]);
  makeViewMethods(i, $substring(typedNames[i], 0, typedNames[i].length - 5));
}
