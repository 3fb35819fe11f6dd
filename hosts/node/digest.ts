// Checksums for images, from Node's own libraries.

import { createHash } from "node:crypto";
import zlib from "node:zlib";
import type { Digest } from "../../vm/image.js";

const table = new Int32Array(256).map((_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});
/** For Node before 20.15, which has none of its own. */
function slowCrc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!;
  return ~crc >>> 0;
}

export const digest: Digest = {
  crc32: (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32 ?? slowCrc32,
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
};
