// Checksums in plain JavaScript, for hosts whose engine has none. Interpreters run every operation as it is written, so the
// rounds of SHA-256 keep their state in locals and what does not change is looked up.

import type { Digest } from "./image.js";

const crcTable = new Int32Array(256).map((_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});
function crc32(bytes: Uint8Array): number {
  const table = crcTable;
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}

/** The first 32 bits of the fractional parts of a root of the first primes. */
function roots(count: number, root: (prime: number) => number): Int32Array {
  const values: number[] = [];
  for (let prime = 2; values.length < count; prime++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= prime; divisor++) if (prime % divisor === 0) isPrime = false;
    if (isPrime) values.push((root(prime) % 1) * 4294967296 | 0);
  }
  return Int32Array.from(values);
}
const start = roots(8, Math.sqrt);
const constants = roots(64, Math.cbrt);

/** The message with its padding, to whole blocks of 64 bytes. */
function padded(bytes: Uint8Array, from: number): Uint8Array {
  const rest = bytes.length - from;
  const tail = new Uint8Array(rest + 9 <= 64 ? 64 : 128);
  tail.set(bytes.subarray(from));
  tail[rest] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(tail.length - 4, bytes.length << 3);
  return tail;
}

function blocks(state: Int32Array, bytes: Uint8Array, end: number): void {
  const W = new Int32Array(64);
  const K = constants;
  for (let at = 0; at < end; at += 64) {
    for (let i = 0, from = at; i < 16; i++, from += 4) W[i] = bytes[from]! << 24 | bytes[from + 1]! << 16 | bytes[from + 2]! << 8 | bytes[from + 3]!;
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15]!;
      const y = W[i - 2]!;
      W[i] = W[i - 16]! + W[i - 7]! + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
    }
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!, e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i]! + W[i]! | 0;
      const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c);
      h = g;
      g = f;
      f = e;
      e = d + one | 0;
      d = c;
      c = b;
      b = a;
      a = one + two | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

function sha256(bytes: Uint8Array): Uint8Array {
  const state = start.slice();
  const whole = bytes.length & ~63;
  blocks(state, bytes, whole);
  const tail = padded(bytes, whole);
  blocks(state, tail, tail.length);
  const hash = new Uint8Array(32);
  const view = new DataView(hash.buffer);
  state.forEach((word, i) => view.setInt32(i * 4, word));
  return hash;
}

export const plainDigest: Digest = { crc32, sha256 };
