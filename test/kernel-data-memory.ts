// A memory made by hand for the tests of the kernel's data primitives: registers, a roots cell with the empty string,
// and functions that put JavaScript values into it and read them back.

import { Cell, Field } from "../vm/format/cells.js";
import { Reg, registerNames, registers } from "../vm/format/registers.js";
import { ROOTS, ROOTS_CELL, ROOT_COUNT, Root } from "../vm/format/roots.js";
import { HEAP, Immediate } from "../vm/format/words.js";
import { Intrinsic } from "../vm/format/intrinsics.js";
import type { IntrinsicName } from "../vm/format/intrinsics.js";
import { dataIntrinsic } from "../vm/kernel/data-intrinsics.js";
import { allocate, numberValue, numberWord, reference, takeError, takeFault } from "../vm/kernel/heap.js";
import { B, H, M, attach } from "../vm/kernel/memory.js";
import { newText, textStart } from "../vm/kernel/text.js";

export const { UNDEFINED, NULL, TRUE, FALSE, NONE, DELETED } = Immediate;

const STACK = 64;
/** Attaches a fresh memory with that many words of heap. */
export function freshMemory(heapWords = 400_000): void {
  const buffer = new ArrayBuffer((HEAP + heapWords) * 4);
  attach(buffer, new Int32Array(64), new Int32Array(64));
  for (const name of registerNames) M[Reg[name]] = registers[name][0] === "word" ? UNDEFINED : 0;
  // The operands of intrinsics lie behind the stack's floor.
  M[Reg.STACK_FLOOR] = M.length - STACK;
  M[Reg.SP] = M.length;
  M[Reg.FUEL] = 1 << 30;
  M[Reg.NEXT_SERIAL] = 1;
  // The roots, then the empty key behind them.
  const size = (ROOT_COUNT + 2) & -2;
  M[ROOTS_CELL] = ((size >> 1) << 8) | Cell.ELEMENTS;
  for (let i = 0; i < ROOT_COUNT; i++) M[ROOTS + i] = UNDEFINED;
  const empty = ROOTS_CELL + size;
  M[empty] = (2 << 8) | Cell.KEY;
  M[empty + Field["KEY_HASH"]!] = 1;
  M[ROOTS + Root["NAME_"]!] = (empty << 2) | 1;
  M[Reg.HEAP_TOP] = HEAP;
  takeError();
  takeFault();
}

/** A flat string cell, in the canonical form (the empty string is the root). */
export function text(s: string): number {
  if (s === "") return M[ROOTS + Root["NAME_"]!]!;
  let wide = false;
  for (let i = 0; i < s.length; i++) if (s.charCodeAt(i) > 255) wide = true;
  const address = newText(s.length, wide);
  const start = textStart(address);
  for (let i = 0; i < s.length; i++) {
    if (wide) H[start + i] = s.charCodeAt(i);
    else B[start + i] = s.charCodeAt(i);
  }
  return reference(address);
}
/** A rope cell of two words, whatever their length. */
export function ropeOf(left: number, right: number): number {
  const length = readText(left).length + readText(right).length;
  const wide = [...readText(left) + readText(right)].some((c) => c > "\xff");
  const address = allocate(Cell.ROPE, 4);
  M[address + 1] = length * 2 + (wide ? 1 : 0);
  M[address + 2] = left;
  M[address + 3] = right;
  return reference(address);
}
/** The text of a string word, ropes included, without changing anything. */
export function readText(w: number): string {
  const parts: string[] = [];
  const pending = [w];
  while (pending.length > 0) {
    const address = pending.pop()! >> 2;
    const kind = M[address]! & 255;
    if (kind === Cell.ROPE) {
      pending.push(M[address + 3]!, M[address + 2]!);
      continue;
    }
    if (kind < Cell.STRING || kind > Cell.WIDE_KEY) throw new Error(`not a text: kind ${kind}`);
    const start = textStart(address);
    const wide = kind === Cell.WIDE_STRING || kind === Cell.WIDE_KEY;
    const length = M[address + 1]!;
    let s = "";
    for (let i = 0; i < length; i++) s += String.fromCharCode(wide ? H[start + i]! : B[start + i]!);
    parts.push(s);
  }
  return parts.join("");
}
/** Is a text word in the canonical form: as narrow as can be, bytes beyond its end zero, the empty one the root? */
export function isCanonical(w: number): boolean {
  const s = readText(w);
  const address = w >> 2;
  const kind = M[address]! & 255;
  const wide = /[^\0-\xff]/.test(s);
  if (kind === Cell.ROPE) return (M[address + 1]! & 1) === (wide ? 1 : 0) && M[address + 1]! >> 1 === s.length;
  if (s === "") return w === M[ROOTS + Root["NAME_"]!];
  if ((kind === Cell.WIDE_STRING || kind === Cell.WIDE_KEY) !== wide) return false;
  const end = (address + (M[address]! >>> 8) * 2) * 4;
  const start = textStart(address) * (wide ? 2 : 1);
  for (let i = start + s.length * (wide ? 2 : 1); i < end; i++) if (B[i] !== 0) return false;
  return end - start - s.length * (wide ? 2 : 1) < 8;
}

/** Runs an intrinsic on words as the interpreter does: operands on the stack, the last on top. */
export function intrinsic(name: IntrinsicName, ...operands: readonly number[]): number {
  const sp = M.length - 32;
  operands.forEach((operand, i) => { M[sp + operands.length - 1 - i] = operand; });
  return dataIntrinsic(Intrinsic[name], sp);
}
/** A small integer's word. */
export const small = (i: number): number => i << 1;
/** A JavaScript number, string, boolean, null or undefined as a word. */
export function word(value: unknown): number {
  if (typeof value === "number") return numberWord(value);
  if (typeof value === "string") return text(value);
  if (value === true) return TRUE;
  if (value === false) return FALSE;
  if (value === null) return NULL;
  if (value === undefined) return UNDEFINED;
  throw new Error("no word for it");
}
/** The JavaScript value of a word. */
export function value(w: number): unknown {
  if ((w & 1) === 0) return w >> 1;
  if (w === UNDEFINED) return undefined;
  if (w === NULL) return null;
  if (w === TRUE) return true;
  if (w === FALSE) return false;
  if (w === NONE) return "NONE";
  if (w === DELETED) return "DELETED";
  const kind = M[w >> 2]! & 255;
  if (kind === Cell.NUMBER) return numberValue(w);
  if (kind >= Cell.STRING && kind <= Cell.ROPE) return readText(w);
  return `cell of kind ${kind}`;
}

/** A seeded generator (mulberry32): the same inputs in every run. */
export function random(seed: number): { next(): number; below(n: number): number; text(maximum: number): string; pick<T>(list: readonly T[]): T } {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const unit = (style: number): number => {
    if (style === 0) return 97 + below(3);
    if (style === 1) return below(256);
    if (style === 2) return pick([97, 0xe9, 0x20ac, 0xd83d, 0xde00, 0x3b1, 10, 0x2028]);
    return below(65536);
  };
  return {
    next, below, pick,
    text(maximum) {
      const style = below(4);
      return String.fromCharCode(...Array.from({ length: below(maximum + 1) }, () => unit(style)));
    },
  };
}

/** A random text as a word, sometimes a rope of random form. */
export function randomText(r: ReturnType<typeof random>, s: string): number {
  if (s.length < 2 || r.below(3) > 0) return text(s);
  const cut = 1 + r.below(s.length - 1);
  const left = randomText(r, s.slice(0, cut));
  const right = randomText(r, s.slice(cut));
  return ropeOf(left, right);
}

/**
 * Runs an allocating operation with ever more room until it succeeds: each time before it must have answered `refusal`
 * and, as far as the heap's end and the registers tell, have left everything as it was. Operands that are ropes may
 * have been flattened meanwhile, which is why `prepare` makes them anew for each try.
 */
export function withEveryRoom<T>(prepare: () => T, run: (operands: T) => number, refusal: number = NONE): { result: number; refusals: number } {
  let refusals = 0;
  for (let room = 0; ; room += 2) {
    const top = M[Reg.HEAP_TOP]!;
    const operands = prepare();
    const before = M[Reg.HEAP_TOP]!;
    const floor = M[Reg.STACK_FLOOR]!;
    const fuel = M[Reg.FUEL]!;
    const serial = M[Reg.NEXT_SERIAL]!;
    const requested = M[Reg.REQUESTED]!;
    const copy = M.slice(HEAP, before);
    M[Reg.STACK_FLOOR] = before + room;
    M[Reg.REQUEST] = 0;
    const result = run(operands);
    M[Reg.STACK_FLOOR] = floor;
    const error = takeError();
    if (takeFault()) throw new Error(`fault with ${room} words of room`);
    if (result !== refusal || error !== 0) return { result, refusals };
    refusals++;
    if (M[Reg.HEAP_TOP] !== before) throw new Error(`allocated ${M[Reg.HEAP_TOP]! - before} words and then refused`);
    if (M[Reg.FUEL] !== fuel || M[Reg.NEXT_SERIAL] !== serial || M[Reg.REQUESTED] !== requested) throw new Error("refused, but changed a register");
    for (let i = 0; i < copy.length; i++) if (copy[i] !== M[HEAP + i]) throw new Error(`refused, but changed word ${i}`);
    if (M[Reg.REQUEST]! <= room) throw new Error(`refused with ${room} words of room for ${M[Reg.REQUEST]}`);
    M[Reg.HEAP_TOP] = top;
    if (room > 100_000) throw new Error("never succeeds");
  }
}
