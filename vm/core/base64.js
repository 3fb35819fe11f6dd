// Bytes as texts (Uint8Array to and from base64 and hexadecimal, ECMA-262 2026 sections 23.3.1 and 23.3.2). A text is
// read from left to right into an array of bytes, with where it was last read whole: what stands before an error is
// written by the setting methods nevertheless, as the specification has it.

const base64UrlLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const Uint8ArrayPrototype = $getOwnValue($getOwnValue(globalObject, "Uint8Array"), "prototype");

function requireBytes(value, method) {
  if ($kind(value) !== $$CELL_TYPED_ARRAY || $typedInfo(value, 0) !== 1) throwIncompatible(`Uint8Array.prototype.${method}`, value);
  return value;
}

/** How many bytes a Uint8Array has now. */
function countBytes(array, method) {
  return validTyped(array, method);
}

/** The options of a method, of which there need be none. */
function base64Options(options) {
  if (options === undefined) return $newObject(null);
  if (!$isObject(options)) throwTypeError(`${describe(options)} is not an object`);
  return options;
}

function alphabetOf(options) {
  const alphabet = options.alphabet;
  if (alphabet === undefined || alphabet === "base64") return base64Letters;
  if (alphabet !== "base64url") throwTypeError(`${describe(alphabet)} is not an alphabet: base64, base64url`);
  return base64UrlLetters;
}

function lastChunkOf(options) {
  const handling = options.lastChunkHandling;
  if (handling === undefined) return "loose";
  if (handling !== "loose" && handling !== "strict" && handling !== "stop-before-partial") throwTypeError(`${describe(handling)} is not a way to handle a last chunk`);
  return handling;
}

function skipSpace(text, i) {
  while (i < text.length && $indexOf("\t\n\f\r ", $charAt(text, i), 0) >= 0) i++;
  return i;
}

/** 23.3.3.7 FromBase64: what could be read of it, at most so many bytes: [bytes, read, error or undefined]. */
function readBase64(text, letters, handling, most) {
  const bytes = [];
  if (most === 0) return [bytes, 0, undefined];
  let read = 0;
  let chunk = 0;
  let count = 0;
  for (let i = 0; ;) {
    i = skipSpace(text, i);
    if (i === text.length) {
      if (count > 0) {
        if (handling === "stop-before-partial") return [bytes, read, undefined];
        if (handling === "strict" || count === 1 || !pushChunk(bytes, chunk, count, false)) return [bytes, read, "The last chunk is not whole"];
      }
      return [bytes, text.length, undefined];
    }
    const letter = $charAt(text, i++);
    if (letter === "=") {
      if (count < 2) return [bytes, read, "Padding where there is none"];
      i = skipSpace(text, i);
      if (count === 2) {
        if (i === text.length) return [bytes, read, handling === "stop-before-partial" ? undefined : "The padding is not whole"];
        if ($charAt(text, i) === "=") i = skipSpace(text, i + 1);
        else return [bytes, read, "The padding is not whole"];
      }
      if (i < text.length) return [bytes, read, "Something follows the padding"];
      if (!pushChunk(bytes, chunk, count, handling === "strict")) return [bytes, read, "The last chunk has bits that no byte has"];
      return [bytes, text.length, undefined];
    }
    const value = $indexOf(letters, letter, 0);
    if (value < 0) return [bytes, read, `Unexpected ${$jsonQuote(letter)}`];
    const left = most - bytes.length;
    if (left === 1 && count === 2 || left === 2 && count === 3) return [bytes, read, undefined];
    chunk = chunk << 6 | value;
    if (++count < 4) continue;
    $push(bytes, chunk >> 16);
    $push(bytes, chunk >> 8 & 255);
    $push(bytes, chunk & 255);
    chunk = 0;
    count = 0;
    read = i;
    if (bytes.length === most) return [bytes, read, undefined];
  }
}

/** The one or two bytes of a chunk of two or three letters; false if bits are left over and must not be. */
function pushChunk(bytes, chunk, count, isStrict) {
  const rest = count === 2 ? chunk & 15 : chunk & 3;
  if (isStrict && rest !== 0) return false;
  $push(bytes, count === 2 ? chunk >> 4 : chunk >> 10);
  if (count === 3) $push(bytes, chunk >> 2 & 255);
  return true;
}

/** 23.3.3.8 FromHex, likewise. */
function readHex(text, most) {
  const bytes = [];
  if (text.length % 2 !== 0) return [bytes, 0, "A text of hexadecimal digits has an even length"];
  let read = 0;
  while (read < text.length && bytes.length < most) {
    const pair = $substring(text, read, read + 2);
    const high = $indexOf("0123456789abcdef", $lower($charAt(pair, 0)), 0);
    const low = $indexOf("0123456789abcdef", $lower($charAt(pair, 1)), 0);
    if (high < 0 || low < 0) return [bytes, read, `Unexpected ${$jsonQuote(pair)}`];
    $push(bytes, high << 4 | low);
    read += 2;
  }
  return [bytes, read, undefined];
}

function requireText(text) {
  if (typeof text !== "string") throwTypeError(`${describe(text)} is not a string`);
  return text;
}

/** A new Uint8Array of what was read. */
function newOfBytes(result) {
  if (result[2] !== undefined) throwSyntaxError(result[2]);
  const array = allocateTyped(Uint8ArrayPrototype, 1, result[0].length);
  writeBytes(array, result[0]);
  return array;
}
function writeBytes(array, bytes) {
  for (let i = 0; i < bytes.length; i++) array[i] = bytes[i];
}
function setOfBytes(array, result) {
  writeBytes(array, result[0]);
  if (result[2] !== undefined) throwSyntaxError(result[2]);
  return { read: result[1], written: result[0].length };
}

defineMethods($getOwnValue(globalObject, "Uint8Array"), {
  fromBase64(text, options = undefined) {
    requireText(text);
    const given = base64Options(options);
    const letters = alphabetOf(given);
    return newOfBytes(readBase64(text, letters, lastChunkOf(given), Infinity));
  },
  fromHex(text) {
    return newOfBytes(readHex(requireText(text), Infinity));
  },
});
defineMethods(Uint8ArrayPrototype, {
  setFromBase64(text, options = undefined) {
    requireBytes(this, "setFromBase64");
    requireText(text);
    const given = base64Options(options);
    const letters = alphabetOf(given);
    const handling = lastChunkOf(given);
    return setOfBytes(this, readBase64(text, letters, handling, countBytes(this, "setFromBase64")));
  },
  setFromHex(text) {
    requireBytes(this, "setFromHex");
    requireText(text);
    return setOfBytes(this, readHex(text, countBytes(this, "setFromHex")));
  },
  toBase64(options = undefined) {
    requireBytes(this, "toBase64");
    const given = base64Options(options);
    const letters = alphabetOf(given);
    const omits = !!given.omitPadding;
    const count = countBytes(this, "toBase64");
    const parts = [];
    for (let i = 0; i < count; i += 3) {
      const chunk = this[i] << 16 | (i + 1 < count ? this[i + 1] << 8 : 0) | (i + 2 < count ? this[i + 2] : 0);
      const here = count - i < 3 ? count - i + 1 : 4;
      for (let k = 0; k < here; k++) $push(parts, $charAt(letters, chunk >> 18 - 6 * k & 63));
      if (!omits) $push(parts, $repeat("=", 4 - here));
    }
    return $joinTexts(parts, "");
  },
  toHex() {
    requireBytes(this, "toHex");
    const count = countBytes(this, "toHex");
    const parts = [];
    for (let i = 0; i < count; i++) $push(parts, hexadecimal(this[i], 2));
    return $joinTexts(parts, "");
  },
});
