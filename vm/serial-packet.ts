// The packets of the byte link (serial.ts): how one lies on the line, and how it is told from damage. A packet is encoded
// by COBS (consistent overhead byte stuffing), so no byte of it is zero, with a zero before and behind: whoever begins to
// listen in its middle, or loses a byte, is in step again at the next zero. The zero before costs one byte and saves the
// packet whose neighbour lost its own.
//
// A packet, numbers little-endian:
//   0   u8   kind
//   1   u8   version of this layout in the low 4 bits, flags above
//   2   u16  sequence: of DATA and CLOSE its own, of ACK the one that comes next
//   4   u16  acknowledges: the next sequence expected from the other side
//   6   u8   window: how many packets from there on can be taken now
//   7        payload, at most 128 bytes
//   …   8    tag over all before it. Within a session: HMAC-SHA-256 with the key of the session and direction. Outside of
//            one a checksum (SHA-256), which tells damage and nothing else.
//
// Sequences have 32 bits of which 16 travel; the tag of a session covers the upper halves too. So a packet that was
// recorded 65,536 packets ago does not pass for a new one.

export const Kind = { HELLO: 1, CHALLENGE: 2, PROOF: 3, REFUSE: 4, DATA: 5, ACK: 6, CLOSE: 7 } as const;
export const Flag = {
  /** The receiver is to answer, if only by an ACK. */ ANSWER: 0x10,
  /** A packet has come before its turn and was dropped: the acknowledged one is missing. */ MISSING: 0x20,
  /** DATA of the connection that the device has through the client. */ REVERSE: 0x40,
  /** With REVERSE: not its bytes, but that it begins or ends (`Reverse`). */ CONTROL: 0x80,
} as const;
/** The first byte of a CONTROL packet; behind OPEN is the place, in UTF-8. */
export const Reverse = { OPEN: 1, CLOSE: 2 } as const;
export const LAYOUT = 1;

export const PAYLOAD_MAX = 128;
export const PACKET_HEADER = 7;
export const TAG_BYTES = 8;
export const PACKET_MIN = PACKET_HEADER + TAG_BYTES;
export const PACKET_MAX = PACKET_MIN + PAYLOAD_MAX;
/** Bytes of a packet on the line: it is short enough for one byte of COBS. */
export const LINE_MAX = PACKET_MAX + 3;

export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface Packet {
  kind: number;
  flags: number;
  /** 32 bits. */
  sequence: number;
  acknowledges: number;
  window: number;
  payload: Uint8Array;
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
/** Compares in a time that does not tell where the difference is. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}

/** HMAC (RFC 2104) with a key of 32 bytes. */
export function hmac(sha256: Sha256, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  if (key.length !== 32) throw new Error("serial: a key has 32 bytes");
  const inner = new Uint8Array(64).fill(0x36);
  const outer = new Uint8Array(64).fill(0x5c);
  for (let i = 0; i < key.length; i++) {
    inner[i]! ^= key[i]!;
    outer[i]! ^= key[i]!;
  }
  return sha256(joinBytes(outer, sha256(joinBytes(inner, ...parts))));
}

/** The tag of a packet, `body` being all before it. */
function tagOf(sha256: Sha256, key: Uint8Array | undefined, sequence: number, acknowledges: number, body: Uint8Array): Uint8Array {
  if (key === undefined) return sha256(body).subarray(0, TAG_BYTES);
  const upper = Uint8Array.of(sequence >>> 16, sequence >>> 24, acknowledges >>> 16, acknowledges >>> 24);
  return hmac(sha256, key, upper, body).subarray(0, TAG_BYTES);
}

/** A packet as it goes on the line; without a key it gets a checksum. */
export function encodePacket(sha256: Sha256, key: Uint8Array | undefined, packet: Packet): Uint8Array {
  const { kind, flags, sequence, acknowledges, window, payload } = packet;
  if (payload.length > PAYLOAD_MAX) throw new Error("serial: a payload has at most 128 bytes");
  const bytes = new Uint8Array(PACKET_MIN + payload.length);
  bytes.set([kind, LAYOUT | flags, sequence & 255, (sequence >>> 8) & 255, acknowledges & 255, (acknowledges >>> 8) & 255, window]);
  bytes.set(payload, PACKET_HEADER);
  const body = bytes.subarray(0, PACKET_HEADER + payload.length);
  bytes.set(tagOf(sha256, key, sequence, acknowledges, body), body.length);
  return stuff(bytes);
}
/** COBS between two zeros. */
function stuff(bytes: Uint8Array): Uint8Array {
  const line = new Uint8Array(bytes.length + 3);
  let block = 1;
  for (let i = 0; i < bytes.length; i++) {
    const at = i + 2;
    if (bytes[i] === 0) {
      line[block] = at - block;
      block = at;
    } else {
      line[at] = bytes[i]!;
    }
  }
  line[block] = bytes.length + 2 - block;
  return line;
}

/** The 32-bit number nearest to `near` whose lower half was sent. */
export function widen(low: number, near: number): number {
  return (near + (((low - near) << 16) >> 16)) >>> 0;
}

/** What the fields of a packet say, its sequences widened; undefined if it is none. The tag is not looked at. */
export function readPacket(bytes: Uint8Array, expected: number, base: number): Packet | undefined {
  if (bytes.length < PACKET_MIN || (bytes[1]! & 15) !== LAYOUT) return undefined;
  return {
    kind: bytes[0]!, flags: bytes[1]! & 0xf0, window: bytes[6]!,
    sequence: widen(bytes[2]! | (bytes[3]! << 8), expected), acknowledges: widen(bytes[4]! | (bytes[5]! << 8), base),
    payload: bytes.subarray(PACKET_HEADER, bytes.length - TAG_BYTES),
  };
}
/** Is the tag right? */
export function isWhole(sha256: Sha256, key: Uint8Array | undefined, bytes: Uint8Array, packet: Packet): boolean {
  const end = bytes.length - TAG_BYTES;
  return isSame(tagOf(sha256, key, packet.sequence, packet.acknowledges, bytes.subarray(0, end)), bytes.subarray(end));
}

/** Undoes COBS byte by byte, in a buffer of one packet. */
export class PacketDecoder {
  private readonly bytes = new Uint8Array(PACKET_MAX);
  private have = 0;
  /** Bytes of the block that are to come. */
  private left = 0;
  private begun = false;
  /** What comes until the next zero is no packet: the beginning was not heard, or it is damaged. */
  private skips = true;

  /** The packet that this byte ends; it is valid until the next byte. */
  push(byte: number): Uint8Array | undefined {
    if (byte === 0) {
      const isPacket = !this.skips && this.begun && this.left === 0;
      const packet = this.bytes.subarray(0, this.have);
      this.have = this.left = 0;
      this.begun = this.skips = false;
      return isPacket ? packet : undefined;
    }
    if (this.skips) return undefined;
    if (this.left > 0) {
      this.left--;
      this.put(byte);
    } else {
      if (this.begun) this.put(0);
      this.begun = true;
      this.left = byte - 1;
    }
    return undefined;
  }
  private put(byte: number): void {
    if (this.have === PACKET_MAX) {
      this.skips = true;
      return;
    }
    this.bytes[this.have++] = byte;
  }
}
