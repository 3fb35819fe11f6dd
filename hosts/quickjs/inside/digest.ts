// Checksums: the shell's where it has them, else the plain ones (vm/digest.ts), because the engine has none.

import { plainDigest } from "../../../vm/digest.js";
import type { Digest } from "../../../vm/image.js";
import { bufferOf, type Shell } from "./shell.js";

/** The checksums that there are with this shell. */
export function digestOf(shell: Shell): Digest {
  return {
    crc32: shell.crc32 === undefined ? plainDigest.crc32 : (bytes) => shell.crc32!(bufferOf(bytes)),
    sha256: shell.sha256 === undefined ? plainDigest.sha256 : (bytes) => new Uint8Array(shell.sha256!(bufferOf(bytes))),
  };
}
