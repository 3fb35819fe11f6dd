// Reads msgpack that nobody vouches for. It takes only the one form of each value that an image may have: integers,
// lengths and headers in their shortest encoding, maps with integer keys in ascending order, no floats, no extensions,
// little depth. Nothing is allocated for a length before that many bytes are known to be there. So equal images are
// equal bytes, and a hostile one costs no more than its own size.
//
// Writing is msgpackr's work (image.ts); what it writes and what is read here are held together by test/image.test.ts.

export type Packed = null | boolean | number | string | Uint8Array | Packed[] | Map<number, Packed>;

/** What is wrong with the bytes; `short` if there are merely too few of them. */
export class PackError extends Error {
  constructor(message: string, readonly short = false) { super(message); }
}

/** Arrays and maps within each other. */
const DEPTH_MAX = 8;

export class PackReader {
  constructor(private readonly bytes: Uint8Array, public at = 0, private readonly end = bytes.length) {}

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    if (count > this.end - this.at) throw new PackError("the bytes end in the middle of a value", true);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  byte(): number {
    if (this.at >= this.end) throw new PackError("the bytes end where a value should begin", true);
    return this.bytes[this.at++]!;
  }

  /** A big-endian number of that many bytes; `least` is the smallest one that needs so many. */
  private big(size: number, least: number): number {
    let value = 0;
    for (const byte of this.take(size)) value = value * 256 + byte;
    if (value < least) throw new PackError("a number is not in its shortest form");
    return value;
  }

  /** A non-negative integer of at most 32 bits. */
  integer(): number {
    const head = this.byte();
    if (head < 0x80) return head;
    switch (head) {
      case 0xcc: return this.big(1, 0x80);
      case 0xcd: return this.big(2, 0x100);
      case 0xce: return this.big(4, 0x10000);
    }
    throw new PackError("something else stands where a number belongs");
  }

  /** The header of an array: how many values follow. */
  arrayLength(): number {
    const head = this.byte();
    if ((head & 0xf0) === 0x90) return head & 15;
    if (head === 0xdc) return this.big(2, 16);
    if (head === 0xdd) return this.big(4, 0x10000);
    throw new PackError("something else stands where a list belongs");
  }

  /** Bytes, not copied. */
  bin(): Uint8Array {
    switch (this.byte()) {
      case 0xc4: return this.take(this.big(1, 0));
      case 0xc5: return this.take(this.big(2, 0x100));
      case 0xc6: return this.take(this.big(4, 0x10000));
    }
    throw new PackError("something else stands where bytes belong");
  }

  /** Any value. */
  value(depth = 0): Packed {
    if (depth > DEPTH_MAX) throw new PackError("values are nested too deeply");
    const head = this.byte();
    if (head < 0x80) return head;
    if ((head & 0xf0) === 0x80) return this.map(head & 15, depth);
    if ((head & 0xe0) === 0xa0) return this.text(head & 31);
    this.at--;
    if ((head & 0xf0) === 0x90 || head === 0xdc || head === 0xdd) return this.list(depth);
    switch (head) {
      case 0xcc: case 0xcd: case 0xce: return this.integer();
      case 0xc4: case 0xc5: case 0xc6: return this.bin();
    }
    this.at++;
    switch (head) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xd9: return this.text(this.big(1, 32));
      case 0xda: return this.text(this.big(2, 0x100));
      case 0xde: return this.map(this.big(2, 16), depth);
    }
    throw new PackError(`a value of type 0x${head.toString(16)}, which an image never holds`);
  }

  private list(depth: number): Packed[] {
    const length = this.arrayLength();
    if (length > this.end - this.at) throw new PackError("the bytes end in the middle of a list", true);
    const list: Packed[] = [];
    for (let i = 0; i < length; i++) list.push(this.value(depth + 1));
    return list;
  }

  private map(size: number, depth: number): Map<number, Packed> {
    const map = new Map<number, Packed>();
    let last = -1;
    for (let i = 0; i < size; i++) {
      const key = this.integer();
      if (key <= last) throw new PackError("keys are not in ascending order");
      last = key;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }

  /** ASCII without control characters: all that names in an image need. */
  private text(length: number): string {
    let text = "";
    for (const byte of this.take(length)) {
      if (byte < 32 || byte > 126) throw new PackError("a name has a character outside ASCII");
      text += String.fromCharCode(byte);
    }
    return text;
  }
}
