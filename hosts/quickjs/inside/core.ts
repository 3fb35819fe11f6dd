// The core that the build made, which the bundle carries as text (../bundling.ts defines it).

import type { Core } from "../../../vm/core-build.js";

declare const CORE_BASE64: string;
declare const CORE_FACTS: Pick<Core, "nextSerial" | "modules">;

let core: Core | undefined;
export function loadCore(): Core {
  return core ??= { words: decode(CORE_BASE64), ...CORE_FACTS };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Words from base64 without padding or with it. */
function decode(text: string): Int32Array {
  const values = new Uint8Array(128);
  for (let i = 0; i < LETTERS.length; i++) values[LETTERS.charCodeAt(i)] = i;
  const words = new Int32Array(Math.floor(text.length * 3 / 16));
  const bytes = new Uint8Array(words.buffer);
  for (let at = 0, from = 0; at < bytes.length; from += 4) {
    const three = values[text.charCodeAt(from)]! << 18 | values[text.charCodeAt(from + 1)]! << 12 | values[text.charCodeAt(from + 2)]! << 6 | values[text.charCodeAt(from + 3)]!;
    bytes[at++] = three >> 16;
    bytes[at++] = three >> 8;
    bytes[at++] = three;
  }
  return words;
}
