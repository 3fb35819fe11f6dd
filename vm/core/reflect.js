// Reflect (ECMA-262 section 28.1) and the URI functions (19.2.6). Reflect's methods are the internal methods of
// property.js with a check of the target; those that fail give false instead of an error.

defineNamespace("Reflect", {
  apply(target, thisArgument, list) {
    requireCallable(target);
    return $apply(target, thisArgument, listFromArrayLike(list));
  },
  construct(target, list, ...rest) {
    if (!$isConstructor(target)) $throw(NOT_A_CONSTRUCTOR, describe(target), undefined);
    const newTarget = rest.length > 0 ? rest[0] : target;
    if (!$isConstructor(newTarget)) $throw(NOT_A_CONSTRUCTOR, describe(newTarget), undefined);
    return $construct(target, newTarget, listFromArrayLike(list));
  },
  defineProperty(target, key, attributes) {
    requireObject(target, "Reflect.defineProperty");
    const name = toPropertyKey(key);
    return defineOwn(target, name, toDescriptor(attributes));
  },
  deleteProperty(target, key) {
    requireObject(target, "Reflect.deleteProperty");
    return deleteProperty(target, toPropertyKey(key));
  },
  get(target, key, ...receiver) {
    requireObject(target, "Reflect.get");
    return getProperty(target, toPropertyKey(key), receiver.length > 0 ? receiver[0] : target);
  },
  getOwnPropertyDescriptor(target, key) {
    requireObject(target, "Reflect.getOwnPropertyDescriptor");
    return fromOwnProperty(target, toPropertyKey(key));
  },
  getPrototypeOf(target) {
    return $getPrototype(requireObject(target, "Reflect.getPrototypeOf"));
  },
  has(target, key) {
    requireObject(target, "Reflect.has");
    return hasProperty(target, toPropertyKey(key));
  },
  isExtensible(target) {
    return $isExtensible(requireObject(target, "Reflect.isExtensible"));
  },
  ownKeys(target) {
    return ownKeys(requireObject(target, "Reflect.ownKeys"));
  },
  preventExtensions(target) {
    return $preventExtensions(requireObject(target, "Reflect.preventExtensions"));
  },
  set(target, key, value, ...receiver) {
    requireObject(target, "Reflect.set");
    return setProperty(target, toPropertyKey(key), value, receiver.length > 0 ? receiver[0] : target) === 0;
  },
  setPrototypeOf(target, prototype) {
    return changePrototype(requireObject(target, "Reflect.setPrototypeOf"), prototype, false);
  },
});
const reflectObject = $getOwnValue(globalObject, "Reflect");
setLengths(reflectObject, { construct: 2, get: 2, set: 3 });

const uriUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
const uriReserved = ";/?:@&=+$,#";

/** 19.2.6.5 Encode. */
function encodeUri(value, kept) {
  const text = `${value}`;
  const parts = [];
  for (let i = 0; i < text.length; i++) {
    const unit = $charAt(text, i);
    if ($indexOf(kept, unit, 0) >= 0) {
      $push(parts, unit);
      continue;
    }
    const point = $codePoint(text, i);
    if (point >= 0xd800 && point <= 0xdfff) throw makeError(errorPrototypes.URIError, "URI malformed");
    if (point > 65535) i++;
    const bytes = $utf8Encode($fromCodePoint(point));
    for (let j = 0; j < $bytesLength(bytes); j++) $push(parts, hexByte($byteAt(bytes, j)));
  }
  return $joinTexts(parts, "");
}

function hexByte(byte) {
  return `%${$upper($substring($numberToText(byte + 256, 16), 1, 3))}`;
}

/** 19.2.6.6 Decode. */
function decodeUri(value, kept) {
  const text = `${value}`;
  const parts = [];
  let from = 0;
  for (let at = $indexOf(text, "%", 0); at >= 0; at = $indexOf(text, "%", from)) {
    $push(parts, $substring(text, from, at));
    const lead = escapedByte(text, at);
    const count = lead < 128 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    const bytes = $newBytes(4);
    for (let i = 0; i < count; i++) $setByte(bytes, i, escapedByte(text, at + 3 * i));
    const decoded = count === 0 ? undefined : $utf8Decode(bytes, 0, count, true);
    if (decoded === undefined) throw makeError(errorPrototypes.URIError, "URI malformed");
    from = at + 3 * count;
    $push(parts, count === 1 && $indexOf(kept, decoded, 0) >= 0 ? $substring(text, at, from) : decoded);
  }
  $push(parts, $substring(text, from, text.length));
  return $joinTexts(parts, "");
}

/** The byte of "%XX" at a place. */
function escapedByte(text, at) {
  const byte = $charAt(text, at) === "%" ? hexValue(text, at + 1, 2) : -1;
  if (byte < 0) throw makeError(errorPrototypes.URIError, "URI malformed");
  return byte;
}

/** The number that so many hexadecimal digits at a place are, or -1. */
function hexValue(text, at, count) {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = hexDigit($charCode(text, at + i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

defineMethods(globalObject, {
  decodeURI(uri) {
    return decodeUri(uri, uriReserved);
  },
  decodeURIComponent(component) {
    return decodeUri(component, "");
  },
  encodeURI(uri) {
    return encodeUri(uri, uriUnreserved + uriReserved);
  },
  encodeURIComponent(component) {
    return encodeUri(component, uriUnreserved);
  },
  /** B.2.1.1 and B.2.1.2, which old programs still use to get at UTF-8. */
  escape(value) {
    const text = `${value}`;
    let result = "";
    for (let i = 0; i < text.length; i++) {
      const unit = $charCode(text, i);
      const kept = $indexOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@*_+-./", $charAt(text, i), 0) >= 0;
      result += kept ? $charAt(text, i) : unit < 256 ? hexByte(unit) : `%u${$upper($substring($numberToText(unit + 65536, 16), 1, 5))}`;
    }
    return result;
  },
  unescape(value) {
    const text = `${value}`;
    let result = "";
    for (let i = 0; i < text.length; i++) {
      const wide = $charAt(text, i + 1) === "u";
      const code = $charCode(text, i) === 37 ? hexValue(text, wide ? i + 2 : i + 1, wide ? 4 : 2) : -1;
      result += code < 0 ? $charAt(text, i) : $fromCharCode(code);
      if (code >= 0) i += wide ? 5 : 2;
    }
    return result;
  },
});
