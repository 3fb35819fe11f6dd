// Images: a program that stands still, as bytes. An image is three msgpack values in sequence:
//
//   HEAD   a map with integer keys in ascending order (HeadKey): what it is, which core it needs, how large it is,
//          its registers
//   PAGES  an array of [index, crc32, bin]: the heap and behind it the live stack, cut into pages of 4096 bytes of
//          little-endian words, the last one shorter; every page, in order
//   TAIL   a map: 0 the SHA-256 of all bytes before, 1 signatures (none yet)
//
// Equal programs have equal images but for identity and page order: the memory is collected first, registers that are
// addresses in the stack are stored as distances from its base, those that are facts about the host as zero, and every
// value has its shortest encoding. HEAD says all sizes, so a receiver can put pages where they belong as they come; what
// it says is checked against the host's limits before anything is allocated. Fields that have no user yet are nil or
// empty and must be.
//
// Encoding is a collection and a copy. Reading believes nothing: the container is checked here, the words by verify.ts
// before one of them is run. The word order is the processor's, which is little-endian wherever this file runs.

import { Packr } from "msgpackr";
import { abi } from "./abi.js";
import type { Core } from "./core-build.js";
import { Cell } from "./format/cells.js";
import { Reg, registerNames, registers, State, Status } from "./format/registers.js";
import { HEAP, Immediate, REGISTER_WORDS, REGISTERS } from "./format/words.js";
import { Machine, type Kernel } from "./machine.js";
import { PackError, PackReader, type Packed } from "./msgpack-strict.js";
import { verifyMachine } from "./verify.js";

/** What hosts give: checksums. */
export interface Digest {
  crc32(bytes: Uint8Array): number;
  sha256(bytes: Uint8Array): Uint8Array;
}

/** What can be wrong with an image. */
export type ImageFault =
  | "cut-short" | "not-an-image" | "format" | "abi" | "kind" | "malformed" | "checksum" | "trailing"
  | "too-large" | "encrypted" | "core" | "invalid";

/** An image that is refused: why, and what a person can do about it. */
export class ImageError extends Error {
  constructor(readonly code: ImageFault, message: string, readonly advice: string) { super(message); }
}

/** What an image says beyond the memory: who the program is. */
export interface ImageMeta {
  /** 16 random bytes that name the program for ever. */
  programId: Uint8Array;
  /** How many owners it has had (DESIGN §9), and the number of this image within the epoch. */
  epoch: number;
  sequence: number;
  /** SHA-256 of the image that this one continues. */
  parent?: Uint8Array;
  /** What the program needs of its host, if the machine does not know. */
  capabilities?: { name: string; version: number }[];
  /** SHA-256 of the source it was compiled from. */
  codeHash?: Uint8Array;
  /** False leaves out file names, line tables and names of variables. */
  debug?: boolean;
}

export interface ImageHead {
  programId: Uint8Array;
  epoch: number;
  sequence: number;
  parent: Uint8Array | undefined;
  core: { name: string; hash: Uint8Array }[];
  heapWords: number;
  stackWords: number;
  /** Words that the program may use. */
  memoryLimit: number;
  /** The most words of stack the program has had in use, as far as the sender knows. */
  stackPeak: number;
  registers: Int32Array;
  capabilities: { name: string; version: number }[];
  codeHash: Uint8Array | undefined;
}

/** An image that was read: its container is sound, its words are not verified yet. */
export interface ImageParts {
  head: ImageHead;
  /** Registers and heap, the registers canonical. */
  low: Int32Array;
  stack: Int32Array;
}

/** What a host allows. */
export interface ImageLimits {
  /** The largest memory limit that a program may bring along. */
  memoryBytes: number;
}

const MAGIC = "mvm";
const FORMAT = 1;
/** Bytes of a page. */
export const PAGE_BYTES = 4096;
/** HEAD is never longer. */
const HEAD_BYTES_MAX = 65536;

/** Keys of HEAD. New ones go to the end and need a new format. */
const HeadKey = {
  MAGIC: 0, FORMAT: 1, ABI: 2, /** 0 program; 1 core and 2 module have no use yet. */ KIND: 3,
  PROGRAM: 4, EPOCH: 5, SEQUENCE: 6, PARENT: 7, /** List of [name, SHA-256]. */ CORE: 8,
  HEAP_WORDS: 9, STACK_WORDS: 10, MEMORY_LIMIT: 11, STACK_PEAK: 12, REGISTERS: 13,
  /** Low and high words of steps, inputs, outputs: what the registers say, for those who do not know them. */ COUNTERS: 14,
  /** List of [name, version]. */ CAPABILITIES: 15, CODE_HASH: 16, ENCRYPTION: 17, /** Bytes of debug information behind the pages. */ DEBUG_BYTES: 18,
} as const;
const HEAD_KEYS = Object.keys(HeadKey).length;
const TailKey = { HASH: 0, SIGNATURES: 1 } as const;
const PROGRAM_KIND = 0;
const counters = [Reg.STEPS_LOW, Reg.STEPS_HIGH, Reg.INPUTS_LOW, Reg.INPUTS_HIGH, Reg.OUTPUTS_LOW, Reg.OUTPUTS_HIGH].map((at) => at - REGISTERS);

const packr = new Packr({ useRecords: false, variableMapSize: true });
/** Bytes of one value, in a buffer of their own. */
function pack(value: unknown): Uint8Array { return Uint8Array.from(packr.pack(value)); }

function bytesOf(words: Int32Array): Uint8Array { return new Uint8Array(words.buffer, words.byteOffset, words.byteLength); }

const coreHashes = new WeakMap<Core, Uint8Array>();
/** The SHA-256 of a core's words: what an image names it by. */
export function coreHash(core: Core, digest: Digest): Uint8Array {
  let hash = coreHashes.get(core);
  if (hash === undefined) {
    hash = digest.sha256(bytesOf(core.words));
    coreHashes.set(core, hash);
  }
  return hash;
}

/** For a host that knows its core's hash already. */
export function setCoreHash(core: Core, hash: Uint8Array): void { coreHashes.set(core, hash); }

/** The name under which an image lists the core; one core has all modules so far. */
const CORE_NAME = "core";

/** What an image is made of: the words of a program, its registers in their canonical form. */
export interface ImageWords { registers: Int32Array; heap: Int32Array; stack: Int32Array }

/** The program's words as they lie in its memory, collected; the registers are a copy, made canonical. Valid until the machine's next call. */
function capture(machine: Machine): ImageWords {
  machine.collect();
  const words = machine.words();
  const image = words.slice(REGISTERS, REGISTERS + REGISTER_WORDS);
  registerNames.forEach((name, at) => {
    const kind = registers[name][0];
    if (kind === "stack") image[at] = words.length - image[at]!;
    else if (kind === "host") image[at] = 0;
  });
  image.fill(0, registerNames.length);
  return { registers: image, heap: words.subarray(HEAP, words[Reg.HEAP_TOP]!), stack: words.subarray(words[Reg.SP]!) };
}

/** A copy of the program that has no debug information: the program itself keeps it. */
function withoutDebug(machine: Machine): Machine {
  const { registers: image, heap, stack } = capture(machine);
  const low = new Int32Array(REGISTER_WORDS + heap.length);
  low.set(image);
  low.set(heap, REGISTER_WORDS);
  const copy = Machine.restore(machine.kernel, machine.core, low, stack.slice());
  const words = copy.words();
  words[(words[Reg.STATE]! >> 2) + machine.kernel.FIRST_ELEMENT + State.NEEDS] = Immediate.UNDEFINED;
  const top = words[Reg.HEAP_TOP]!;
  for (let address = HEAP; address < top; address += (words[address]! >>> 8) << 1) {
    if ((words[address]! & 255) === Cell.CODE && machine.kernel.codeAbout(address) !== 0) words[machine.kernel.handlersAt(address) - 1] = machine.kernel.codeName(address);
  }
  return copy;
}

/** The image of a program between two instructions. */
export function encodeImage(machine: Machine, meta: ImageMeta, digest: Digest): Uint8Array {
  const source = meta.debug === false ? withoutDebug(machine) : machine;
  const stackPeak = machine.words()[Reg.STACK_PEAK]!;
  return encodeWords(capture(source), machine.core, { capabilities: machine.capabilities, ...meta }, stackPeak, digest);
}
/** The image of these words, whatever they are. */
export function encodeWords({ registers: image, heap, stack }: ImageWords, core: Core, meta: ImageMeta, stackPeak: number, digest: Digest): Uint8Array {
  const head = pack(new Map<number, unknown>([
    [HeadKey.MAGIC, MAGIC], [HeadKey.FORMAT, FORMAT], [HeadKey.ABI, abi], [HeadKey.KIND, PROGRAM_KIND],
    [HeadKey.PROGRAM, meta.programId], [HeadKey.EPOCH, meta.epoch], [HeadKey.SEQUENCE, meta.sequence], [HeadKey.PARENT, meta.parent ?? null],
    [HeadKey.CORE, [[CORE_NAME, coreHash(core, digest)]]],
    [HeadKey.HEAP_WORDS, heap.length], [HeadKey.STACK_WORDS, stack.length],
    [HeadKey.MEMORY_LIMIT, image[Reg.MEMORY_LIMIT - REGISTERS]], [HeadKey.STACK_PEAK, Math.max(stackPeak, stack.length)],
    [HeadKey.REGISTERS, bytesOf(image).subarray(0, registerNames.length * 4)],
    [HeadKey.COUNTERS, counters.map((at) => image[at]! >>> 0)],
    [HeadKey.CAPABILITIES, (meta.capabilities ?? []).map(({ name, version }) => [name, version])],
    [HeadKey.CODE_HASH, meta.codeHash ?? null], [HeadKey.ENCRYPTION, null], [HeadKey.DEBUG_BYTES, 0],
  ]));
  const size = (heap.length + stack.length) * 4;
  const count = Math.ceil(size / PAGE_BYTES);
  const writer = new Writer(head.length + size + count * PAGE_OVERHEAD + TAIL_BYTES_MAX);
  writer.bytes(head);
  writer.arrayHeader(count);
  const heapBytes = bytesOf(heap);
  const stackBytes = bytesOf(stack);
  for (let index = 0; index < count; index++) {
    const from = index * PAGE_BYTES;
    const length = Math.min(PAGE_BYTES, size - from);
    writer.page(index, heapBytes.subarray(from, from + length), stackBytes.subarray(Math.max(0, from - heapBytes.length), Math.max(0, from + length - heapBytes.length)), digest);
  }
  writer.bytes(pack(new Map<number, unknown>([[TailKey.HASH, digest.sha256(writer.written())], [TailKey.SIGNATURES, []]])));
  return writer.written();
}

/** Bytes of a page beyond its content, and of the array's header and TAIL, at most. */
const PAGE_OVERHEAD = 14;
const TAIL_BYTES_MAX = 64;

/** Writes the framing of pages directly into the image, so that their words are copied once. */
class Writer {
  private readonly out: Uint8Array;
  private at = 0;
  constructor(size: number) { this.out = new Uint8Array(size); }

  written(): Uint8Array { return this.out.subarray(0, this.at); }
  bytes(bytes: Uint8Array): void {
    this.out.set(bytes, this.at);
    this.at += bytes.length;
  }
  private big(head: number, value: number, size: number): void {
    this.out[this.at++] = head;
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) this.out[this.at++] = value >>> shift;
  }
  arrayHeader(length: number): void {
    if (length < 16) this.out[this.at++] = 0x90 | length;
    else if (length < 0x10000) this.big(0xdc, length, 2);
    else this.big(0xdd, length, 4);
  }
  private integer(value: number): void {
    if (value < 0x80) this.out[this.at++] = value;
    else if (value < 0x100) this.big(0xcc, value, 1);
    else if (value < 0x10000) this.big(0xcd, value, 2);
    else this.big(0xce, value, 4);
  }
  /** [index, crc32, bin] of a page that consists of two parts. */
  page(index: number, first: Uint8Array, second: Uint8Array, digest: Digest): void {
    const length = first.length + second.length;
    this.out[this.at++] = 0x93;
    this.integer(index);
    // The checksum stands before the content: the content is put where it will be if the checksum takes five bytes.
    const header = length < 0x100 ? 2 : 3;
    const start = this.at + 5 + header;
    this.out.set(first, start);
    this.out.set(second, start + first.length);
    const crc = digest.crc32(this.out.subarray(start, start + length)) >>> 0;
    this.integer(crc);
    if (header === 2) this.big(0xc4, length, 1);
    else this.big(0xc5, length, 2);
    if (this.at !== start) this.out.copyWithin(this.at, start, start + length);
    this.at += length;
  }
}

const CORRUPT = "take the image again from where it came from";
function malformed(what: string): ImageError { return new ImageError("malformed", `the image is malformed: ${what}`, CORRUPT); }

/**
 * Reads an image's container. Throws an ImageError that says what is wrong and what to do.
 */
export function readImage(bytes: Uint8Array, digest: Digest, limits: ImageLimits): ImageParts {
  checkBegin(bytes);
  try {
    const reader = new PackReader(bytes);
    const head = readHead(new PackReader(bytes, 0, Math.min(bytes.length, HEAD_BYTES_MAX)), limits, reader);
    const size = (head.heapWords + head.stackWords) * 4;
    if (size > bytes.length - reader.at) throw new PackError("there are fewer pages than HEAD says", true);
    const low = new Int32Array(REGISTER_WORDS + head.heapWords);
    const stack = new Int32Array(head.stackWords);
    low.set(head.registers);
    readPages(reader, size, bytesOf(low).subarray(REGISTER_WORDS * 4), bytesOf(stack), digest);
    readTail(reader, bytes, digest);
    return { head, low, stack };
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    if (error.short) throw new ImageError("cut-short", `the image is cut short: ${error.message}`, CORRUPT);
    throw malformed(error.message);
  }
}

/** Magic and format, before anything that a later format may have changed. */
function checkBegin(bytes: Uint8Array): void {
  const first = bytes[0] ?? 0;
  const at = (first & 0xf0) === 0x80 ? 1 : first === 0xde ? 3 : -1;
  const begin = [0, 0xa3, ...[...MAGIC].map((letter) => letter.charCodeAt(0)), 1];
  if (at < 0 || begin.some((byte, i) => at + i < bytes.length && bytes[at + i] !== byte)) {
    throw new ImageError("not-an-image", "this is not an image of mvm", "give a file that mvm build or mvm snapshot has written");
  }
  if (at + begin.length >= bytes.length) throw new ImageError("cut-short", "the image is cut short: it ends in its first bytes", CORRUPT);
  const format = bytes[at + begin.length];
  if (format !== FORMAT) throw new ImageError("format", `the image has format ${format}, this mvm reads format ${FORMAT}`, "use the version of mvm that wrote it, or write it again with this one");
}

/** HEAD, read by `reader`, which sees at most so many bytes; `behind` is then set to what follows. */
function readHead(reader: PackReader, limits: ImageLimits, behind: PackReader): ImageHead {
  const map = reader.value();
  behind.at = reader.at;
  if (!(map instanceof Map)) throw new PackError("HEAD is not a map");
  const field = (key: number): Packed => map.get(key) ?? null;
  const number = (key: number): number => {
    const value = field(key);
    if (typeof value !== "number") throw new PackError(`field ${key} of HEAD is not a number`);
    return value;
  };
  const bin = (value: Packed, length: number, what: string): Uint8Array => {
    if (!(value instanceof Uint8Array) || value.length !== length) throw new PackError(`${what} is not ${length} bytes`);
    return value.slice();
  };
  const optional = (key: number, what: string): Uint8Array | undefined => field(key) === null ? undefined : bin(field(key), 32, what);
  const pairs = (key: number): Packed[][] => {
    const list = field(key);
    if (!Array.isArray(list) || !list.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === "string")) {
      throw new PackError(`field ${key} of HEAD is not a list of pairs`);
    }
    return list as Packed[][];
  };
  if (number(HeadKey.ABI) !== abi) {
    throw new ImageError("abi", `the image was made for abi ${hex(number(HeadKey.ABI))}, this mvm has ${hex(abi)}`, "use the version of mvm that wrote it, or build the program again with this one");
  }
  if (map.size !== HEAD_KEYS) throw new PackError("HEAD has fields that it should not have, or lacks some");
  if (number(HeadKey.KIND) !== PROGRAM_KIND) throw new ImageError("kind", "the image holds no program", "give the image of a program");
  if (field(HeadKey.ENCRYPTION) !== null) throw new ImageError("encrypted", "the image is encrypted, which this mvm cannot read", "send it without encryption");
  const heapWords = number(HeadKey.HEAP_WORDS);
  const stackWords = number(HeadKey.STACK_WORDS);
  const memoryLimit = number(HeadKey.MEMORY_LIMIT);
  const allowed = Math.floor(limits.memoryBytes / 4);
  if (memoryLimit > allowed || REGISTER_WORDS + heapWords + stackWords > allowed) {
    const needed = Math.max(memoryLimit, REGISTER_WORDS + heapWords + stackWords) * 4;
    throw new ImageError("too-large", `the program needs a memory of ${needed} bytes, this host allows ${limits.memoryBytes}`, "raise the host's limit, or start the program with a smaller --memory");
  }
  const image = new Int32Array(registerNames.length);
  bytesOf(image).set(bin(field(HeadKey.REGISTERS), registerNames.length * 4, "the registers"));
  if (image[Reg.MEMORY_LIMIT - REGISTERS] !== memoryLimit) throw new PackError("HEAD and registers differ about the memory limit");
  const counts = field(HeadKey.COUNTERS);
  if (!Array.isArray(counts) || counts.length !== counters.length || counters.some((at, i) => counts[i] !== image[at]! >>> 0)) {
    throw new PackError("HEAD and registers differ about the counters");
  }
  if (number(HeadKey.DEBUG_BYTES) !== 0) throw new PackError("debug information behind the pages");
  return {
    programId: bin(field(HeadKey.PROGRAM), 16, "the program's id"), epoch: number(HeadKey.EPOCH), sequence: number(HeadKey.SEQUENCE),
    parent: optional(HeadKey.PARENT, "the parent's hash"),
    core: pairs(HeadKey.CORE).map(([name, hash]) => ({ name: name as string, hash: bin(hash!, 32, "a hash of the core") })),
    heapWords, stackWords, memoryLimit, stackPeak: number(HeadKey.STACK_PEAK), registers: image,
    capabilities: pairs(HeadKey.CAPABILITIES).map(([name, version]) => {
      if (typeof version !== "number") throw new PackError("a capability's version is not a number");
      return { name: name as string, version };
    }),
    codeHash: optional(HeadKey.CODE_HASH, "the code's hash"),
  };
}
function hex(value: number): string { return value.toString(16).padStart(8, "0"); }

function readPages(reader: PackReader, size: number, heap: Uint8Array, stack: Uint8Array, digest: Digest): void {
  const count = Math.ceil(size / PAGE_BYTES);
  if (reader.arrayLength() !== count) throw new PackError("the number of pages is not what HEAD says");
  for (let index = 0; index < count; index++) {
    if (reader.arrayLength() !== 3 || reader.integer() !== index) throw new PackError(`page ${index} is not where it should be`);
    const crc = reader.integer();
    const page = reader.bin();
    const from = index * PAGE_BYTES;
    if (page.length !== Math.min(PAGE_BYTES, size - from)) throw new PackError(`page ${index} has the wrong length`);
    if (digest.crc32(page) >>> 0 !== crc) throw new ImageError("checksum", `page ${index} of the image is damaged`, CORRUPT);
    const inHeap = Math.max(0, Math.min(page.length, heap.length - from));
    if (inHeap > 0) heap.set(page.subarray(0, inHeap), from);
    if (inHeap < page.length) stack.set(page.subarray(inHeap), from + inHeap - heap.length);
  }
}

function readTail(reader: PackReader, bytes: Uint8Array, digest: Digest): void {
  const before = bytes.subarray(0, reader.at);
  const tail = reader.value();
  if (!(tail instanceof Map) || tail.size !== 2) throw new PackError("TAIL is not what it should be");
  const hash = tail.get(TailKey.HASH);
  const signatures = tail.get(TailKey.SIGNATURES);
  if (!(hash instanceof Uint8Array) || !Array.isArray(signatures) || signatures.length !== 0) throw new PackError("TAIL is not what it should be");
  const actual = digest.sha256(before);
  if (hash.length !== actual.length || actual.some((byte, i) => byte !== hash[i])) throw new ImageError("checksum", "the image does not have the hash that it says", CORRUPT);
  if (reader.at !== bytes.length) throw new ImageError("trailing", `${bytes.length - reader.at} bytes follow the end of the image`, CORRUPT);
}

/** A machine that goes on where the image was taken. Throws an ImageError if this host has another core, or the words are not a program's. */
export function restoreImage(kernel: Kernel, core: Core, parts: ImageParts, digest: Digest): Machine {
  const { head, low, stack } = parts;
  const hash = coreHash(core, digest);
  if (head.core.length !== 1 || head.core[0]!.name !== CORE_NAME || head.core[0]!.hash.some((byte, i) => byte !== hash[i])) {
    throw new ImageError("core", "the image was made with another core than this mvm has", "use the version of mvm that wrote it, or build the program again with this one");
  }
  const reason = registersReason(low, stack.length);
  if (reason !== undefined) throw new ImageError("invalid", `the image is not one of a program: ${reason}`, CORRUPT);
  let machine = Machine.restore(kernel, core, low, stack);
  const finding = verifyMachine(machine);
  if (finding !== undefined) {
    throw new ImageError("invalid", `the image is not one of a program: ${finding.reason} (at word ${finding.address})`, CORRUPT);
  }
  const lacking = low.length + REGISTERS - kernel.frameBottom();
  if (lacking > 0) {
    // The running function wants more stack than a restored memory has to spare: the same again with as much more.
    const roomy = new Int32Array(low.length + lacking);
    roomy.set(low);
    machine = Machine.restore(kernel, core, roomy, stack);
  }
  machine.capabilities = head.capabilities;
  if (low[Reg.STATUS - REGISTERS] === Status.HOST_CALL) machine.stopped = "host-call";
  return machine;
}

/**
 * VI1. The registers of an image are canonical: sizes agree with HEAD, distances lie in the stack, what belongs to a host
 * is zero. Checked before the words become a memory, because that needs to know where heap, stack and frame are.
 */
function registersReason(low: Int32Array, stackWords: number): string | undefined {
  const register = (address: number): number => low[address - REGISTERS]!;
  if (register(Reg.HEAP_TOP) !== REGISTERS + low.length) return "VI1: the heap does not end where the pages say";
  if (register(Reg.SP) !== stackWords) return "VI1: the stack is not as long as the pages say";
  if (register(Reg.FP) < 0 || register(Reg.FP) > stackWords) return "VI1: the running frame is not in the stack";
  for (let at = 0; at < registerNames.length; at++) {
    if (registers[registerNames[at]!][0] === "host" && low[at] !== 0) return `VI1: register ${registerNames[at]} is not zero`;
  }
  return undefined;
}
