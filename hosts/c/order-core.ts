// The build step behind build-core.js: puts the core's cells, and its top-level variables, into an order in which what profiles
// leave out lies together, so that few regions say what is absent (core-holes.ts). What the smallest profile has comes
// first, then what the next one has besides, then the rest, each by part. The roots stay the first cell and the table of
// interned strings the last. Nothing else changes: a cell is found through words that refer to it, which are all known.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Cell, Field, taggedFirst } from "../../vm/format/cells.js";
import { instructionLayout, opcodes, opNames } from "../../vm/format/opcodes.js";
import { Root, ROOTS, ROOTS_CELL } from "../../vm/format/roots.js";
import * as kernel from "../../vm/kernel/index.js";
import { coreParts, type CoreParts, type Module } from "./core-holes.js";
import { ROOT } from "./load.js";
import { absentParts, profiles } from "./profiles.js";

const sizes = opNames.map((name) => instructionLayout(opcodes[name]).sizeBytes);
/** By opcode: does it name a core variable by its operand, of one or two bytes? */
const namesVariable = opNames.map((name) => /^(GET_CORE|PUT_CORE|CORE_CALLEE)/.test(name));
/** Instructions name variables below this number by a byte, so they stay below it. */
const SHORT_VARIABLES = 256;

/** Names lie below this address: the kernel's table of them has half of it, in 15 bits (text.ts). */
const NAMES_END = 0x10000;

interface Facts { nextSerial: number; modules: Module[]; hash: string }

/** By order of the profiles that lack most: what a cell or variable is sorted by. */
function ranks(of: (parts: CoreParts) => number, all: readonly CoreParts[]): number {
  // The part in each profile is below 64.
  return all.reduce((rank, parts) => rank * 64 + Math.min(of(parts), 63), 0);
}

function order(words: Int32Array, modules: readonly Module[]): { words: Int32Array; modules: Module[] } {
  const lacking = profiles.filter(({ without }) => without.length > 0).sort((a, b) => a.without.length - b.without.length);
  // The least that is lacked decides first, so that each profile's holes lie at the end of the one before.
  const all = lacking.map(({ name }) => coreParts(words, modules, absentParts(name)));
  const table = kernel.M[ROOTS + Root.internTable!]! >> 2;
  const cells: number[] = [];
  for (let address = ROOTS_CELL; address < words.length; address += kernel.cellSize(address)) cells.push(address);
  // Names that even a core for one program lacks would be the last of all; but the table of interned strings has 15 bits
  // for a place, so they come before what only the whole language has.
  const isName = (address: number): boolean => kernel.cellKind(address) === Cell.KEY || kernel.cellKind(address) === Cell.WIDE_KEY;
  const beforeWhole = 64 ** (all.length - 2) - 1;
  const rank = (address: number): number => isName(address) && all[0]!.partOf(address) !== 0 ? beforeWhole : ranks((parts) => parts.partOf(address), all);
  const rankOf = new Map(cells.map((address) => [address, address === ROOTS_CELL ? -1 : address === table ? Infinity : rank(address)]));
  const sorted = [...cells].sort((a, b) => rankOf.get(a)! - rankOf.get(b)!);
  const placeOf = new Map<number, number>();
  let at = ROOTS_CELL;
  for (const address of sorted) {
    placeOf.set(address, at);
    at += kernel.cellSize(address);
  }
  const far = cells.find((address) => isName(address) && placeOf.get(address)! >= NAMES_END);
  if (far !== undefined) throw new Error(`a name of the core lies at ${placeOf.get(far)!}, beyond what its table of interned strings can say`);

  // Variables
  const scope = kernel.M[ROOTS + Root.coreScope!]! >> 2;
  const first = scope + Field.SCOPE_TAIL!;
  const numbers = Array.from({ length: kernel.taggedLimit(scope) - first }, (_, number) => number);
  const variableRank = (number: number): number => ranks((parts) => parts.usesVariable(number) ? 0 : 1, all);
  const byRank = (list: number[]): number[] => [...list].sort((a, b) => variableRank(a) - variableRank(b));
  const numberOf = new Map([...byRank(numbers.slice(0, SHORT_VARIABLES)), ...byRank(numbers.slice(SHORT_VARIABLES))].map((old, number) => [old, number]));

  const result = new Int32Array(words.length);
  for (const address of cells) {
    const to = placeOf.get(address)!;
    result.set(words.subarray(address, address + kernel.cellSize(address)), to);
    const from = taggedFirst[kernel.cellKind(address)]!;
    if (from === 0) continue;
    for (let word = from; word < kernel.taggedLimit(address) - address; word++) {
      const value = kernel.M[address + word]!;
      if (kernel.isReference(value)) result[to + word] = kernel.reference(placeOf.get(value >> 2)!);
    }
  }
  const newScope = placeOf.get(scope)! + Field.SCOPE_TAIL!;
  const variables = numbers.map((number) => result[newScope + number]!);
  for (const number of numbers) result[newScope + numberOf.get(number)!] = variables[number]!;
  const bytes = new Uint8Array(result.buffer), halves = new Uint16Array(result.buffer);
  for (const address of cells) {
    if (kernel.cellKind(address) !== Cell.CODE) continue;
    const shift = (placeOf.get(address)! - address) * 4;
    const end = address * 4 + kernel.codeEnd(address) + shift;
    for (let code = address * 4 + kernel.codeStart(address) + shift; code < end; code += sizes[bytes[code]!]!) {
      if (!namesVariable[bytes[code]!]) continue;
      const isWide = sizes[bytes[code]!] === 3;
      const number = numberOf.get(isWide ? bytes[code + 1]! | bytes[code + 2]! << 8 : bytes[code + 1]!)!;
      bytes[code + 1] = number & 255;
      if (isWide) bytes[code + 2] = number >> 8;
    }
  }
  const places = (placeOf.get(table)! + Field.BYTES_TAIL!) * 2;
  for (let place = places; place < places + (kernel.M[table + Field.BYTES_LENGTH!]! >> 1); place++) if (halves[place] !== 0) halves[place] = placeOf.get(halves[place]! << 1)! >> 1;

  const renumbered = (named: Readonly<Record<string, number>>): Record<string, number> => Object.fromEntries(Object.entries(named).map(([name, number]) => [name, numberOf.get(number) ?? number]));
  const ordered = modules.map((module) => {
    const ranges: [number, number][] = [];
    for (const [start, end] of module.ranges) for (let address = start; address < end; address += kernel.cellSize(address)) ranges.push([placeOf.get(address)!, placeOf.get(address)! + kernel.cellSize(address)]);
    ranges.sort(([a], [b]) => a - b);
    const joined = ranges.reduce<[number, number][]>((list, [start, end]) => {
      const last = list.at(-1);
      if (last?.[1] === start) last[1] = end;
      else list.push([start, end]);
      return list;
    }, []);
    return { name: module.name, ranges: joined, variables: module.variables.map((number) => numberOf.get(number) ?? number), functions: renumbered(module.functions), objects: renumbered(module.objects) };
  });
  return { words: result, modules: ordered };
}

const [binary, json] = [path.join(ROOT, "build/core.bin"), path.join(ROOT, "build/core.json")];
const bytes = fs.readFileSync(binary);
const facts = JSON.parse(fs.readFileSync(json, "utf8")) as Facts;
const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const ordered = order(words, facts.modules);
const out = Buffer.from(ordered.words.buffer);
fs.writeFileSync(binary, out);
fs.writeFileSync(json, `${JSON.stringify({ ...facts, modules: ordered.modules, hash: createHash("sha256").update(out).digest("hex") })}\n`);
