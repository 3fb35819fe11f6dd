// The bodies of frames: msgpack maps with integer keys, written in the shortest form and read from peers that nobody
// vouches for. A body is complete before it is read and its length was bounded before it was stored (wire.ts), so what is
// left to bound here is depth, and that no list or text claims more than the bytes that are there. Values of kinds that
// mvm does not use (extensions) are refused; values of unknown fields are read and dropped.
//
// Own code and not msgpackr, because reading happens before a peer has proved who it is: msgpackr has extensions that
// make classes and functions from its input.

export type Packed = null | boolean | number | string | Uint8Array | Packed[] | PackedMap;
export type PackedMap = Map<number, Packed>;

/** Lists and maps within each other. */
export const DEPTH_MAX = 6;
const SAFE = 0x20000000000000;

export class WirePackError extends Error {}

/** Grows as it is written to. */
export class PackWriter {
  private bytes = new Uint8Array(256);
  private length = 0;

  /** Room for `count` more bytes: where they begin. */
  private room(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return at;
  }
  private byte(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }
  private big(value: number, size: number): void {
    const at = this.room(size);
    for (let i = size - 1; i >= 0; i--) {
      this.bytes[at + i] = value % 256;
      value = Math.floor(value / 256);
    }
  }
  /** A header whose length goes into the head byte, or into 1, 2 or 4 bytes behind another one (0: there is no such form). */
  private head(length: number, fixed: number, fixedBelow: number, heads: readonly number[]): void {
    if (length < fixedBelow) return this.byte(fixed | length);
    const size = length < 0x100 && heads[0] !== 0 ? 0 : length < 0x10000 ? 1 : 2;
    this.byte(heads[size]!);
    this.big(length, 1 << size);
  }

  value(value: Packed): void {
    if (value === null) this.byte(0xc0);
    else if (typeof value === "boolean") this.byte(value ? 0xc3 : 0xc2);
    else if (typeof value === "number") this.number(value);
    else if (typeof value === "string") this.text(value);
    else if (value instanceof Uint8Array) {
      this.head(value.length, 0, 0, [0xc4, 0xc5, 0xc6]);
      const at = this.room(value.length);
      this.bytes.set(value, at);
    } else if (Array.isArray(value)) {
      this.head(value.length, 0x90, 16, [0, 0xdc, 0xdd]);
      for (const item of value) this.value(item);
    } else {
      this.head(value.size, 0x80, 16, [0, 0xde, 0xdf]);
      for (const [key, item] of [...value].sort(([a], [b]) => a - b)) {
        this.number(key);
        this.value(item);
      }
    }
  }
  private number(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= SAFE) throw new WirePackError(`${value} is not a number of the protocol`);
    if (value < 0x80) return this.byte(value);
    const size = value < 0x100 ? 0 : value < 0x10000 ? 1 : value < 0x100000000 ? 2 : 3;
    this.byte(0xcc + size);
    this.big(value, 1 << size);
  }
  private text(text: string): void {
    const bytes = toUtf8(text);
    this.head(bytes.length, 0xa0, 32, [0xd9, 0xda, 0xdb]);
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** What was written, not copied. */
  done(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

export class PackReader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  /** The one map that a body is. */
  body(): PackedMap {
    const body = this.value(0);
    if (!(body instanceof Map)) throw new WirePackError("a body is not a map");
    if (this.at !== this.bytes.length) throw new WirePackError("bytes are left behind a body");
    return body;
  }

  private take(count: number): Uint8Array {
    if (count > this.bytes.length - this.at) throw new WirePackError("a body ends in the middle of a value");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
  private big(size: number): number {
    let value = 0;
    for (const byte of this.take(size)) value = value * 256 + byte;
    if (value >= SAFE) throw new WirePackError("a number is too large");
    return value;
  }
  /** So many values follow, of at least one byte each. */
  private count(count: number): number {
    if (count > this.bytes.length - this.at) throw new WirePackError("a body ends in the middle of a list");
    return count;
  }

  private value(depth: number): Packed {
    if (depth > DEPTH_MAX) throw new WirePackError("values are nested too deeply");
    const head = this.take(1)[0]!;
    if (head < 0x80) return head;
    if (head < 0x90) return this.map(head & 15, depth);
    if (head < 0xa0) return this.list(head & 15, depth);
    if (head < 0xc0) return fromUtf8(this.take(head & 31));
    switch (head) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: case 0xc5: case 0xc6: return this.take(this.big(1 << (head - 0xc4))).slice();
      case 0xcc: case 0xcd: case 0xce: case 0xcf: return this.big(1 << (head - 0xcc));
      case 0xd9: case 0xda: case 0xdb: return fromUtf8(this.take(this.big(1 << (head - 0xd9))));
      case 0xdc: case 0xdd: return this.list(this.big(head === 0xdc ? 2 : 4), depth);
      case 0xde: case 0xdf: return this.map(this.big(head === 0xde ? 2 : 4), depth);
    }
    throw new WirePackError(`a value of type 0x${head.toString(16)}`);
  }
  private list(length: number, depth: number): Packed[] {
    const list: Packed[] = [];
    for (let left = this.count(length); left > 0; left--) list.push(this.value(depth + 1));
    return list;
  }
  private map(size: number, depth: number): PackedMap {
    const map: PackedMap = new Map();
    let last = -1;
    for (let left = this.count(size); left > 0; left--) {
      const key = this.value(depth + 1);
      if (typeof key !== "number") throw new WirePackError("a key is not a number");
      // As they are written; so none comes twice, which a device finds out without keeping them.
      if (key <= last) throw new WirePackError("keys are not in ascending order");
      last = key;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }
}

/** UTF-8 of a text; lone surrogates become U+FFFD. */
export function toUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0)!;
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | code >> 6, 0x80 | code & 63);
    else if (code < 0x10000) bytes.push(0xe0 | code >> 12, 0x80 | code >> 6 & 63, 0x80 | code & 63);
    else bytes.push(0xf0 | code >> 18, 0x80 | code >> 12 & 63, 0x80 | code >> 6 & 63, 0x80 | code & 63);
  }
  return Uint8Array.from(bytes);
}
/** Smallest code point that needs so many bytes. */
const least = [0, 0, 0x80, 0x800, 0x10000];
export function fromUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = bytes[at++]!;
    const size = head < 0x80 ? 1 : head >= 0xc2 && head < 0xe0 ? 2 : head >= 0xe0 && head < 0xf0 ? 3 : head >= 0xf0 && head < 0xf5 ? 4 : 0;
    let code = size === 1 ? head : head & (0xff >> (size + 1));
    for (let more = 1; more < size; more++) {
      const byte = bytes[at++] ?? 0;
      if ((byte & 0xc0) !== 0x80) throw new WirePackError("a text is not UTF-8");
      code = code << 6 | byte & 63;
    }
    if (size === 0 || code < least[size]! || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new WirePackError("a text is not UTF-8");
    parts.push(String.fromCodePoint(code));
  }
  return parts.join("");
}
