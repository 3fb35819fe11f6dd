// Bytes of buses: on their way to the host and back they are texts of units up to 255. Apart from resource.js, because pins
// do without.
"use strict";

/** Units that are made of bytes at once: they are arguments of one call. */
const UNITS = 64;

function viewOf(buffer) {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  throw new TypeError("an ArrayBuffer or a view of one is missing");
}
function textOf(buffer) {
  const bytes = viewOf(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += UNITS) text += String.fromCharCode(...bytes.subarray(at, at + UNITS));
  return text;
}
function fill(bytes, text) {
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
/** Reads into a buffer (the number of bytes), or so many bytes (an ArrayBuffer); undefined if there are none. */
function readBytes(resource, what) {
  const buffer = typeof what === "number" ? undefined : viewOf(what);
  const count = buffer === undefined ? what : buffer.length;
  if (!Number.isInteger(count) || count < 0) throw new RangeError("the number of bytes is not a whole number from 0 on");
  const text = resource.operate("read", count);
  if (text === undefined) return undefined;
  if (buffer === undefined) return fill(new Uint8Array(text.length), text).buffer;
  fill(buffer, text);
  return text.length;
}

module.exports = { fill, readBytes, textOf, viewOf };
