// Which cells of the core a profile has. A module's own objects and functions go, and with them what only they refer to:
// functions that the core's first file makes for all, the code, shapes and tables that equal ones share. Interned strings
// stay, since a program finds the core's before it makes its own. Addresses stay as they are, so the core becomes a row of
// regions, of which some are absent; each of those belongs to a part.
//
// Words that refer to what is absent stay too, in the scope of the core's variables as in the objects that remain: whoever
// follows one meets the hole.

import { Cell, Field, taggedFirst } from "../../vm/format/cells.js";
import { Root, ROOTS, ROOTS_CELL } from "../../vm/format/roots.js";
import { CORE_WORDS, HEAP } from "../../vm/format/words.js";
import * as kernel from "../../vm/kernel/index.js";
import type { Part } from "./profiles.js";

/** A module as build/core.json has it: its cells, and the numbers of the core's variables that it declares. */
export interface Module {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly variables: readonly number[];
  /** Those that are functions, which the first file has made, by name. */
  readonly functions: Readonly<Record<string, number>>;
}
/** Words [start, end) of the core, which belong to the absent part of that number, from 1 on, or, with 0, are there. */
export interface Region { readonly start: number; end: number; readonly part: number }

/** Objects that are a module's own wherever they are referred to; other kinds of cells may have come to lie there for others. */
const OWN: ReadonlySet<number> = new Set([Cell.OBJECT, Cell.FUNCTION, Cell.RECORD, Cell.ARRAY, Cell.SCOPE]);
/** A hole of so few words is filled: what says where it is takes as much. */
const LEAST_HOLE_WORDS = 6;

/** The regions of the core, in order, for a profile without these parts. */
export function coreRegions(words: Int32Array, modules: readonly Module[], absent: readonly Part[]): Region[] {
  for (const { modules: named, keeps } of absent) {
    const own = modules.filter((each) => named.includes(each.name));
    if (own.length !== named.length || !keeps.every((name) => own.some((each) => name in each.functions))) throw new Error(`profiles.ts names what the core does not have, among ${[...named, ...keeps].join(", ")}`);
  }
  const memory = new Int32Array(HEAP + 64);
  memory.set(words);
  kernel.attach(memory.buffer, new Int32Array(kernel.CACHE_WORDS), new Int32Array(CORE_WORDS));
  const scope = kernel.M[ROOTS + Root.coreScope!]! >> 2;
  const variableAt = (number: number): number => scope + Field.SCOPE_TAIL! + number;
  const scopeEnd = kernel.taggedLimit(scope);
  /** By address of a variable, its part; likewise of a cell that is a part's own. */
  const variableParts = new Map<number, number>(), owned = new Map<number, number>();
  const shared = new Set<number>();
  for (const module of modules) {
    const part = absent.findIndex((each) => each.modules.includes(module.name)) + 1;
    const keeps = new Set(absent[part - 1]?.keeps.map((name) => module.functions[name]));
    for (const number of module.variables) {
      const at = variableAt(number);
      if (at >= scopeEnd) continue;
      if (part === 0 || keeps.has(number)) shared.add(kernel.M[at]!);
      else variableParts.set(at, part);
    }
    if (part === 0) continue;
    for (const number of Object.values(module.functions)) {
      if (keeps.has(number)) continue;
      const word = variableAt(number) < scopeEnd ? kernel.M[variableAt(number)]! : 0;
      if (kernel.isReference(word)) owned.set(word >> 2, part);
    }
    for (let address = module.start; address < module.end; address += kernel.cellSize(address)) {
      if (OWN.has(kernel.cellKind(address))) owned.set(address, part);
    }
  }
  // Of equal codes there is one, so what is an absent function's may be another's.
  for (const word of shared) if (kernel.isReference(word) && kernel.cellKind(word >> 2) === Cell.CODE) owned.delete(word >> 2);

  const kept = new Set<number>(), parts = new Map<number, number>();
  /** Follows references from a cell, marking what is not marked yet. */
  const follow = (first: number, mark: (address: number) => boolean): void => {
    const open = [first];
    for (let address = open.pop(); address !== undefined; address = open.pop()) {
      const from = taggedFirst[kernel.cellKind(address)]!;
      if (from === 0) continue;
      for (let at = address + from; at < kernel.taggedLimit(address); at++) {
        const word = kernel.M[at]!;
        if (variableParts.has(at) || !kernel.isReference(word) || !mark(word >> 2)) continue;
        open.push(word >> 2);
      }
    }
  };
  const keep = (address: number): boolean => !owned.has(address) && !kept.has(address) && (kept.add(address), true);
  keep(ROOTS_CELL);
  follow(ROOTS_CELL, keep);
  const claim = (part: number) => (address: number): boolean => !kept.has(address) && !parts.has(address) && (parts.set(address, part), true);
  for (const [address, part] of owned) if (claim(part)(address)) follow(address, claim(part));
  for (const [at, part] of variableParts) {
    const word = kernel.M[at]!;
    if (kernel.isReference(word) && claim(part)(word >> 2)) follow(word >> 2, claim(part));
  }

  const holes: Region[] = [];
  for (let address = ROOTS_CELL; address < words.length;) {
    const next = address + kernel.cellSize(address);
    const kind = kernel.cellKind(address);
    const part = kept.has(address) || kind === Cell.KEY || kind === Cell.WIDE_KEY ? 0 : parts.get(address) ?? 0;
    const last = holes.at(-1);
    if (part !== 0 && last?.part === part && last.end === address) last.end = next;
    else if (part !== 0) holes.push({ start: address, end: next, part });
    address = next;
  }
  const regions: Region[] = [];
  let at = 0;
  for (const hole of holes) {
    if (hole.end - hole.start < LEAST_HOLE_WORDS) continue;
    if (hole.start > at) regions.push({ start: at, end: hole.start, part: 0 });
    regions.push(hole);
    at = hole.end;
  }
  regions.push({ start: at, end: words.length, part: 0 });
  return regions;
}
