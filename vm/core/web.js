// What programs expect of every JavaScript host besides the language: structuredClone, TextEncoder and TextDecoder,
// atob and btoa, performance, crypto (the WHATWG standards of those names, as far as Node's programs use them).

/** A DOMException, as far as programs tell it from other errors. */
function throwDomException(name, code, message) {
  const error = makeError(ErrorPrototype, message);
  $define(error, "name", name, HIDDEN);
  $define(error, "code", code, HIDDEN);
  throw error;
}

/** StructuredSerialize and StructuredDeserialize in one: `memory` maps what was copied to its copy. */
function cloneValue(value, memory) {
  if (!$isObject(value)) {
    if (typeof value === "symbol") throwDomException("DataCloneError", 25, `${symbolText(value)} could not be cloned.`);
    return value;
  }
  const known = $tableGet(memory[0], value);
  if (known !== undefined) return known;
  const remember = (copy) => {
    memory[0] = $tableSet(memory[0], value, copy);
    return copy;
  };
  const brand = $brand(value);
  switch (brand) {
    case $$BRAND_BOOLEAN: case $$BRAND_NUMBER: case $$BRAND_STRING: case $$BRAND_BIGINT: return remember(toObject($slot(value, 0)));
    case $$BRAND_DATE: return remember(newWrapper($$BRAND_DATE, DatePrototype, $slot(value, 0)));
    case $$BRAND_REGEXP: return remember(newRegExp($slot(value, $$REGEXP_SOURCE), $slot(value, $$REGEXP_FLAGS)));
    case $$BRAND_ARRAY_BUFFER: {
      const bytes = attachedBytes(value, "structuredClone");
      return remember(newWrapper(brand, ArrayBufferPrototype, copyBytes(bytes, 0, $bytesLength(bytes))));
    }
    case $$BRAND_MAP: case $$BRAND_SET: {
      const copy = remember(newWrapper(brand, brand === $$BRAND_MAP ? MapPrototype : SetPrototype, undefined));
      let table = $newTable(brand === $$BRAND_MAP ? 2 : 1, false);
      visitTable($slot(value, 0), (key, from, i) => {
        const item = brand === $$BRAND_MAP ? $tableValue(from, i) : undefined;
        table = $tableSet(table, cloneValue(key, memory), cloneValue(item, memory));
      });
      $setSlot(copy, 0, table);
      return copy;
    }
    case $$BRAND_ERROR: {
      const name = `${value.name}`;
      const prototype = $getOwnValue(errorPrototypes, name);
      const copy = remember(newError(prototype === undefined || name === "AggregateError" ? ErrorPrototype : prototype));
      copy.stack = `${value.stack}`;
      const keys = ["message", "cause"];
      for (let i = 0; i < 2; i++) {
        const attributes = $getOwn(value, keys[i]);
        if (attributes >= 0 && !(attributes & ACCESSOR)) $define(copy, keys[i], cloneValue($getOwnValue(value, keys[i]), memory), HIDDEN);
      }
      return copy;
    }
  }
  if ($kind(value) === $$CELL_TYPED_ARRAY) {
    const type = $typedInfo(value, 0);
    const buffer = cloneValue($typedInfo(value, 1), memory);
    return remember($newTyped(type === $$TYPE_DATA_VIEW ? DataViewPrototype : typedPrototypes[type], type, buffer, $typedInfo(value, 2), $typedInfo(value, 3)));
  }
  if ($isCallable(value) || brand !== 0 && brand !== $$BRAND_ARGUMENTS) {
    throwDomException("DataCloneError", 25, `${describe(value)} could not be cloned.`);
  }
  const copy = remember($isArray(value) ? $newArray(value.length) : {});
  const keys = enumerableOwn(value, 0);
  for (let i = 0; i < keys.length; i++) if (ownAttributes(value, keys[i]) >= 0) $define(copy, keys[i], cloneValue(value[keys[i]], memory), ALL);
  return copy;
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

defineMembers(globalObject, {
  atob(text) {
    let source = "";
    const given = `${text}`;
    for (let i = 0; i < given.length; i++) if ($indexOf(" \t\n\f\r", $charAt(given, i), 0) < 0) source += $charAt(given, i);
    let end = source.length;
    if (end % 4 === 0 && end > 0 && $charAt(source, end - 1) === "=") end -= $charAt(source, end - 2) === "=" ? 2 : 1;
    const bytes = $newBytes($math(3, end * 3 / 4));
    let bits = 0;
    let count = 0;
    let at = 0;
    for (let i = 0; i < end; i++) {
      const digit = $indexOf(base64Letters, $charAt(source, i), 0);
      if (digit < 0 || end % 4 === 1) throwDomException("InvalidCharacterError", 5, "The string to be decoded is not correctly encoded.");
      bits = (bits << 6 | digit) & 0xffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        $setByte(bytes, at++, bits >> count & 255);
      }
    }
    return $latin1Text(bytes, 0, at);
  },
  btoa(text) {
    const source = `${text}`;
    const parts = [];
    for (let i = 0; i < source.length; i += 3) {
      const a = $charCode(source, i);
      const b = $charCode(source, i + 1);
      const c = $charCode(source, i + 2);
      if (a > 255 || b > 255 || c > 255) throwDomException("InvalidCharacterError", 5, "Invalid character");
      const bits = a << 16 | (b < 0 ? 0 : b) << 8 | (c < 0 ? 0 : c);
      $push(parts, $charAt(base64Letters, bits >> 18));
      $push(parts, $charAt(base64Letters, bits >> 12 & 63));
      $push(parts, b < 0 ? "=" : $charAt(base64Letters, bits >> 6 & 63));
      $push(parts, c < 0 ? "=" : $charAt(base64Letters, bits & 63));
    }
    return $joinTexts(parts, "");
  },
  structuredClone(value) {
    return cloneValue(value, [$newTable(2, false)]);
  },
}, ALL);

const TextEncoderPrototype = defineTag($newObject(ObjectPrototype), "TextEncoder");
function TextEncoder() {
  return newInstance(new.target, "TextEncoder", $$BRAND_TEXT_ENCODER, TextEncoderPrototype);
}
defineConstructor(TextEncoder, TextEncoderPrototype, {}, {
  get encoding() {
    return "utf-8";
  },
  encode(text = "") {
    const buffer = newWrapper($$BRAND_ARRAY_BUFFER, ArrayBufferPrototype, $utf8Encode(`${text}`));
    return $newTyped(typedPrototypes[$$TYPE_UINT8], $$TYPE_UINT8, buffer, 0, byteLengthOf(buffer));
  },
  encodeInto(text, target) {
    const source = `${text}`;
    const room = validTyped(target, "encodeInto");
    let read = 0;
    let written = 0;
    while (read < source.length) {
      const point = $codePoint(source, read);
      const bytes = $utf8Encode($fromCodePoint(point));
      const size = $bytesLength(bytes);
      if (written + size > room) break;
      $bytesMove(bytesOf(target), byteOffsetOf(target, written), bytes, 0, size);
      written += size;
      read += point > 65535 ? 2 : 1;
    }
    return { read, written };
  },
});

/** The bytes that an ArrayBuffer or a view shows, as [bytes, from, to]. */
function byteRange(value) {
  if ($brand(value) === $$BRAND_ARRAY_BUFFER) return [attachedBytes(value, "decode"), 0, byteLengthOf(value)];
  if ($kind(value) !== $$CELL_TYPED_ARRAY) throwTypeError("The \"list\" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.");
  const from = $typedInfo(value, 2);
  return [bytesOf(value), from, from + value.byteLength];
}

/** The text of UTF-8 bytes. */
function decodeText(value) {
  const range = byteRange(value);
  return $utf8Decode(range[0], range[1], range[2], false);
}

const TextDecoderPrototype = defineTag($newObject(ObjectPrototype), "TextDecoder");
function TextDecoder(label = undefined, options = undefined) {
  const decoder = newInstance(new.target, "TextDecoder", $$BRAND_TEXT_DECODER, TextDecoderPrototype);
  const name = label === undefined ? "utf-8" : $lower($trim(`${label}`, 3));
  const isLatin = name === "latin1" || name === "windows-1252" || name === "iso-8859-1" || name === "ascii";
  if (name !== "utf-8" && name !== "utf8" && !isLatin) throwRangeError(`The "${label}" encoding is not supported`);
  $setSlot(decoder, $$TEXT_DECODER_LABEL, isLatin ? "windows-1252" : "utf-8");
  $setSlot(decoder, $$TEXT_DECODER_FATAL, $isObject(options) && !!options.fatal);
  $setSlot(decoder, $$TEXT_DECODER_IGNORE_B_O_M, $isObject(options) && !!options.ignoreBOM);
  return decoder;
}

function decoderSlot(decoder, index) {
  if ($brand(decoder) !== $$BRAND_TEXT_DECODER) throwIncompatible("TextDecoder", decoder);
  return $slot(decoder, index);
}

defineConstructor(TextDecoder, TextDecoderPrototype, {}, {
  decode(input = undefined) {
    const label = decoderSlot(this, $$TEXT_DECODER_LABEL);
    if (input === undefined) return "";
    const range = byteRange(input);
    if (label !== "utf-8") return $latin1Text(range[0], range[1], range[2]);
    const text = $utf8Decode(range[0], range[1], range[2], decoderSlot(this, $$TEXT_DECODER_FATAL));
    if (text === undefined) throwTypeError("The encoded data was not valid for encoding utf-8");
    return $charCode(text, 0) === 0xfeff && !decoderSlot(this, $$TEXT_DECODER_IGNORE_B_O_M) ? $substring(text, 1, text.length) : text;
  },
  get encoding() {
    return decoderSlot(this, $$TEXT_DECODER_LABEL);
  },
  get fatal() {
    return decoderSlot(this, $$TEXT_DECODER_FATAL);
  },
  get ignoreBOM() {
    return decoderSlot(this, $$TEXT_DECODER_IGNORE_B_O_M);
  },
});

defineMembers(defineNamespace("performance", {}), {
  now() {
    return $host(["now"]) / 1000;
  },
  get timeOrigin() {
    return $host(["date"]) - $host(["now"]) / 1000;
  },
}, ALL);

defineNamespace("crypto", {
  getRandomValues(array) {
    if (!isTyped(array) || $typedInfo(array, 0) === $$TYPE_FLOAT32 || $typedInfo(array, 0) === $$TYPE_FLOAT64) {
      throwDomException("TypeMismatchError", 17, "The data argument must be an integer-type TypedArray");
    }
    const length = array.byteLength;
    if (length > 65536) throwDomException("QuotaExceededError", 22, `The requested length exceeds 65,536 bytes`);
    const random = $host(["random", length]);
    const bytes = bytesOf(array);
    const from = $typedInfo(array, 2);
    for (let i = 0; i < length; i++) $setByte(bytes, from + i, random[i]);
    return array;
  },
  randomUUID() {
    const random = $host(["random", 16]);
    random[6] = random[6] & 15 | 64;
    random[8] = random[8] & 63 | 128;
    let text = "";
    for (let i = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
      text += $substring($numberToText(random[i] + 256, 16), 1, 3);
    }
    return text;
  },
});
