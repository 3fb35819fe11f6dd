// Functions that ECMA-262 got after most programs were written, and proposals whose text is settled: getOrInsert of maps,
// RegExp.escape, Error.isError, sums and half floats of Math, promises by key. Each adds a property to what an earlier
// file has made, so that a machine without this file is the same but for them. Sums are made of big integers.

// Map and WeakMap

/** The value of a key, stored first if the collection has none: `make(key)` may change the collection. */
function getOrInsert(collection, table, key, make) {
  const at = $tableFind(table, key);
  if (at >= 0) return $tableValue(table, at);
  const value = make(key);
  store(collection, $slot(collection, 0), key, value);
  return value;
}
defineMethods(MapPrototype, {
  getOrInsert(key, value) {
    return getOrInsert(this, tableOf(this, $$BRAND_MAP, "Map", "getOrInsert"), zeroKey(key), () => value);
  },
  getOrInsertComputed(key, callback) {
    const table = tableOf(this, $$BRAND_MAP, "Map", "getOrInsertComputed");
    requireCallable(callback);
    return getOrInsert(this, table, zeroKey(key), (wanted) => $call(callback, undefined, wanted));
  },
});
defineMethods(WeakMapPrototype, {
  getOrInsert(key, value) {
    return getOrInsert(this, weakTable(this, $$BRAND_WEAK_MAP, "WeakMap", "getOrInsert", key, true), key, () => value);
  },
  getOrInsertComputed(key, callback) {
    const table = weakTable(this, $$BRAND_WEAK_MAP, "WeakMap", "getOrInsertComputed", key, true);
    requireCallable(callback);
    return getOrInsert(this, table, key, (wanted) => $call(callback, undefined, wanted));
  },
});

// RegExp and Error

/** A number in so many hexadecimal digits. */
function hexadecimal(number, count) {
  const text = $numberToText(number, 16);
  return $repeat("0", count - text.length) + text;
}

/** 22.2.5.1.1 EncodeForRegExpEscape, of one unit. */
function encodeUnit(text, i, isFirst) {
  const letter = $charAt(text, i);
  const unit = $charCode(text, i);
  const small = unit | 32;
  if (isFirst && (unit >= 48 && unit <= 57 || small >= 97 && small <= 122)) return `\\x${hexadecimal(unit, 2)}`;
  if ($indexOf("^$\\.*+?()[]{}|/", letter, 0) >= 0) return `\\${letter}`;
  const control = $indexOf("\t\n\v\f\r", letter, 0);
  if (control >= 0) return `\\${$charAt("tnvfr", control)}`;
  const isLone = unit >= 0xd800 && unit <= 0xdfff && $codePoint(text, i) <= 65535 && !($codePoint(text, i - 1) > 65535);
  if (!isLone && $indexOf(",-=<>#&!%:;@~'`\"", letter, 0) < 0 && $trim(letter, 3) !== "") return letter;
  return unit < 256 ? `\\x${hexadecimal(unit, 2)}` : `\\u${hexadecimal(unit, 4)}`;
}
defineMethods(RegExp, {
  escape(text) {
    if (typeof text !== "string") throwTypeError(`${describe(text)} is not a string`);
    const parts = [];
    for (let i = 0; i < text.length; i++) $push(parts, encodeUnit(text, i, i === 0));
    return $joinTexts(parts, "");
  },
});
defineMethods(Error, {
  isError(value) {
    return $brand(value) === $$BRAND_ERROR;
  },
});

// Errors have a property `stack` of their own, as in V8; the accessor of the prototype is for those that lost it.
defineMethods(ErrorPrototype, {
  get stack() {
    requireObject(this, "get Error.prototype.stack");
    const frames = $brand(this) === $$BRAND_ERROR ? $slot(this, $$ERROR_FRAMES) : undefined;
    return $isArray(frames) ? stackText(errorText(this), frames) : frames;
  },
  set stack(value) {
    requireObject(this, "set Error.prototype.stack");
    if (typeof value !== "string") throwTypeError(`${describe(value)} is not a string`);
    assignBelow(ErrorPrototype, this, "stack", value);
  },
});

// Math

/** The nearest number of 16 bits, of two equally near ones the even. */
function roundToHalf(x) {
  const size = $math(0, x);
  if (x === 0 || x !== x || size === Infinity) return x;
  if (size >= 65520) return x < 0 ? -Infinity : Infinity;
  let unit = 5.9604644775390625e-8;
  while (size >= unit * 2048) unit *= 2;
  let units = $math(1, size / unit);
  const rest = size / unit - units;
  if (rest > 0.5 || rest === 0.5 && units % 2 === 1) units++;
  return x < 0 ? -(units * unit) : units * unit;
}

/** The bits of a number that roundToHalf has rounded, and the other way round. */
function bitsOfHalf(x) {
  if (x !== x) return 32256;
  const sign = x < 0 || $sameValue(x, -0) ? 32768 : 0;
  const size = $math(0, x);
  if (size === Infinity) return sign + 31744;
  let units = size / 5.9604644775390625e-8;
  let exponent = 0;
  for (; units >= 2048; units /= 2) exponent += 1024;
  return sign + exponent + units;
}
function halfOfBits(bits) {
  const exponent = bits >> 10 & 31;
  let units = bits & 1023;
  if (exponent === 31) units = units === 0 ? Infinity : NaN;
  else if (exponent > 0) units = (units + 1024) * $math2(0, 2, exponent - 1);
  const size = units * 5.9604644775390625e-8;
  return bits >= 32768 ? -size : size;
}
defineMethods(DataViewPrototype, {
  getFloat16(byteOffset, littleEndian = undefined) {
    return halfOfBits(getView(this, byteOffset, littleEndian, $$TYPE_UINT16, "getFloat16"));
  },
  setFloat16(byteOffset, value, littleEndian = undefined) {
    const index = viewIndex(this, byteOffset, "setFloat16");
    const bits = bitsOfHalf(roundToHalf(toNumber(value)));
    $bytesWrite(bytesOf(this), viewPlace(this, index, $$TYPE_UINT16, "setFloat16"), $$TYPE_UINT16, !!littleEndian, bits);
  },
});

/** A finite number as a multiple of 2^-1074. */
function scaledBig(x) {
  const size = $math(0, x);
  if (size >= 1) {
    const whole = $math(3, x);
    return ($bigOfNumber(whole) << 1074n) + ($bigOfNumber((x - whole) * 4503599627370496) << 1022n);
  }
  if (size >= 1e-30) return $bigOfNumber(x * $math2(0, 2, 153)) << 921n;
  return $bigOfNumber(x * $math2(0, 2, 537) * $math2(0, 2, 537));
}

/** The number nearest to a multiple of 2^-1074. */
function unscaledBig(sum) {
  const size = sum < 0n ? -sum : sum;
  const bits = $bigBits(size);
  if (bits <= 1000) return $bigNumber(sum) * $math2(0, 2, -537) * $math2(0, 2, -537);
  const less = $bigOfNumber(bits - 64);
  let top = size >> less;
  // What was cut off is seen in one bit, so that nothing lies in the middle that did not.
  if (top << less !== size) top |= 1n;
  const number = $bigNumber(top) * $math2(0, 2, bits - 64 - 1074);
  return sum < 0n ? -number : number;
}

defineMethods(mathObject, {
  f16round(x) {
    return roundToHalf(toNumber(x));
  },
  sumPrecise(items) {
    if (items === undefined || items === null) $throw(NOT_ITERABLE, describeTyped(items), undefined);
    let sum = 0n;
    // Sums of infinities and NaN are their ordinary ones, and -0 is the sum of nothing else.
    let special = 0;
    let isSpecial = false;
    let isNegativeZero = true;
    iterate(items, (value) => {
      if (typeof value !== "number") throwTypeError(`${describe(value)} is not a number`);
      if (!$sameValue(value, -0)) isNegativeZero = false;
      if (value - value !== 0) {
        special += value;
        isSpecial = true;
      } else if (value !== 0) sum += scaledBig(value);
    });
    return isSpecial ? special : isNegativeZero ? -0 : sum === 0n ? 0 : unscaledBig(sum);
  },
});

// JSON

/** Is it one of the units that JSON skips, which raw JSON may not begin or end with? */
function isJsonSpace(unit) {
  return unit === 9 || unit === 10 || unit === 13 || unit === 32;
}
defineMethods($getOwnValue(globalObject, "JSON"), {
  isRawJSON(value) {
    return $brand(value) === $$BRAND_RAW_JSON;
  },
  rawJSON(text) {
    const raw = `${text}`;
    const length = raw.length;
    if (length === 0 || isJsonSpace($charCode(raw, 0)) || isJsonSpace($charCode(raw, length - 1)) || $isObject($jsonParse(raw))) throwSyntaxError("Raw JSON is the text of one value that is no array or object");
    const object = $newRecord($$BRAND_RAW_JSON, null);
    $setSlot(object, $$RAW_JSON_TEXT, raw);
    $define(object, "rawJSON", raw, ENUMERABLE);
    $preventExtensions(object);
    return object;
  },
});

// Promise

/** all and allSettled of the enumerable properties of an object: what they are made of sees an iterable of the values. */
function collectKeyed(constructor, promises, name, wrapFulfilled, wrapRejected) {
  const keys = [];
  const values = {
    [symbolIterator]() {
      requireObject(promises, "Promise.allKeyed");
      const all = ownKeys(promises);
      let i = 0;
      return {
        return: undefined,
        next() {
          while (i < all.length) {
            const key = all[i++];
            const attributes = ownAttributes(promises, key);
            if (attributes < 0 || !(attributes & ENUMERABLE)) continue;
            $push(keys, key);
            return iteratorResult(promises[key], false);
          }
          return iteratorResult(undefined, true);
        },
      };
    },
  };
  return collect(constructor, values, name, wrapFulfilled, wrapRejected, (capability, results) => {
    const object = $newObject(null);
    for (let i = 0; i < keys.length; i++) $define(object, keys[i], results[i], ALL);
    settleOnce(capability, FULFILLED, object);
  });
}
defineMethods(Promise, {
  allKeyed(promises) {
    return collectKeyed(this, promises, "allKeyed", passValue, undefined);
  },
  allSettledKeyed(promises) {
    return collectKeyed(this, promises, "allSettledKeyed", (value) => ({ status: "fulfilled", value }), (reason) => ({ status: "rejected", reason }));
  },
});
