// The kernel's data primitives against JavaScript's own: strings here; the other groups follow in the same manner.

import test from "ava";
import { Cell } from "../vm/format/cells.js";
import { Reg } from "../vm/format/registers.js";
import { ErrorCode } from "../vm/format/errors.js";
import { STRING_MAX } from "../vm/format/words.js";
import { allocate, errorA, reference, takeError, takeFault } from "../vm/kernel/heap.js";
import { M, S } from "../vm/kernel/memory.js";
import * as kernel from "../vm/kernel/text.js";
import { FALSE, NONE, UNDEFINED, freshMemory, isCanonical, random, randomText, readText, ropeOf, text, withEveryRoom } from "./kernel-data-memory.js";

test.serial("flattening a rope gives its text and is remembered", (t) => {
  const r = random(1);
  for (let round = 0; round < 2000; round++) {
    freshMemory(20_000);
    const s = r.text(60);
    const w = randomText(r, s);
    t.is(kernel.textLength(w), s.length);
    t.is(kernel.isWide(w), /[^\0-\xff]/.test(s));
    const flat = kernel.flatten(w);
    t.is(readText(flat), s);
    t.is(kernel.flatten(w), flat);
    t.is(readText(w), s);
    t.true(isCanonical(flat) && isCanonical(w));
    const i = r.below(s.length + 1);
    if (i < s.length) t.is(kernel.unitAt(flat >> 2, i), s.charCodeAt(i));
  }
});

test.serial("a rope a million deep flattens in linear time, however it leans", (t) => {
  const r = random(2);
  for (const lean of ["left", "right", "mixed", "wide"]) {
    freshMemory(12_000_000);
    let w = text(lean === "wide" ? "\u20ac" : "x");
    const one = text("y");
    let pieces = "";
    const make = (left: number, right: number): number => {
      const address = allocate(Cell.ROPE, 4);
      M[address + 1] = (kernel.textLength(left) + kernel.textLength(right)) * 2 + (lean === "wide" ? 1 : 0);
      M[address + 2] = left;
      M[address + 3] = right;
      return reference(address);
    };
    for (let i = 0; i < 1_000_000; i++) {
      const leftwards = lean === "left" || lean === "wide" || (lean === "mixed" && r.below(2) === 0);
      w = leftwards ? make(w, one) : make(one, w);
      pieces += leftwards ? "l" : "r";
    }
    const fuel = M[Reg.FUEL]!;
    const begin = performance.now();
    const flat = kernel.flatten(w);
    t.true(performance.now() - begin < 1000);
    t.is(fuel - M[Reg.FUEL]!, 1_000_001 >> 6);
    const before = [...pieces].filter((c) => c === "r").length;
    const expected = "y".repeat(before) + (lean === "wide" ? "\u20ac" : "x") + "y".repeat(1_000_000 - before);
    t.true(readText(flat) === expected);
  }
});

test.serial("a rope that shares its parts flattens too", (t) => {
  freshMemory(1_000_000);
  let w = text("0123456789");
  for (let i = 0; i < 16; i++) w = ropeOf(w, w);
  t.is(readText(kernel.flatten(w)), "0123456789".repeat(65536));
});

test.serial("forged ropes fault and never write outside their text", (t) => {
  freshMemory();
  const forge = (length: number, left: number, right: number): number => {
    const address = allocate(Cell.ROPE, 4);
    M[address + 1] = length;
    M[address + 2] = left;
    M[address + 3] = right;
    return reference(address);
  };
  const cyclic = forge(200, 0, text("abc"));
  M[(cyclic >> 2) + 2] = cyclic;
  for (const w of [
    cyclic, forge(8, text("abc"), text("abcdef")), forge(8, text("\u20ac"), text("abc")), forge(8, 14, text("abcd")),
    forge(10, forge(6, text("aaaaaaaaaaaaaaaa"), text("")), text("bc")), forge(6, UNDEFINED, text("")), UNDEFINED, 4,
  ]) {
    t.is(kernel.flatten(w), NONE);
    t.true(takeFault());
  }
});

test.serial("equality and order", (t) => {
  const r = random(3);
  for (let round = 0; round < 4000; round++) {
    freshMemory(20_000);
    const a = r.text(40);
    const b = r.below(3) === 0 ? a : r.below(2) === 0 ? a.slice(0, r.below(a.length + 1)) + r.text(3) : r.text(40);
    const x = randomText(r, a);
    const y = randomText(r, b);
    t.is(kernel.compareTexts(x, y), a < b ? -1 : a > b ? 1 : 0);
    t.is(kernel.textEquals(randomText(r, a), randomText(r, b)), a === b ? 1 : 0);
    if (a !== "") t.is(kernel.textEquals(kernel.internKey(x), kernel.internKey(y)), a === b ? 1 : 0);
  }
});

test.serial("joining", (t) => {
  const r = random(4);
  for (let round = 0; round < 3000; round++) {
    freshMemory(20_000);
    const parts = Array.from({ length: 1 + r.below(12) }, () => r.text(r.pick([0, 1, 2, 30])));
    let w = text("");
    let s = "";
    for (const part of parts) {
      const p = text(part);
      const front = r.below(4) === 0;
      w = front ? kernel.concatTexts(p, w) : kernel.concatTexts(w, p);
      s = front ? part + s : s + part;
      t.true(isCanonical(w));
      if (r.below(10) === 0) kernel.flatten(w);
    }
    t.is(readText(w), s);
    t.is(readText(kernel.flatten(w)), s);
  }
  freshMemory();
  let long = text("abcdefgh".repeat(8));
  let length = 64;
  while (length * 2 <= STRING_MAX) {
    long = kernel.concatTexts(long, long);
    length *= 2;
  }
  t.is(kernel.textLength(long), length);
  t.is(kernel.concatTexts(long, long), NONE);
  t.is(takeError(), ErrorCode.INVALID_STRING_LENGTH + 1);
  t.is(errorA(), UNDEFINED);
  t.false(takeFault());
  // No cell is large enough for it: as if memory were missing.
  t.is(kernel.flatten(long), NONE);
  t.is(takeError(), 0);
  t.false(takeFault());
  t.true(M[Reg.REQUEST]! > M.length);
});

test.serial("a text built unit by unit takes little memory", (t) => {
  freshMemory(2_000_000);
  let w = text("");
  const x = text("x");
  for (let i = 0; i < 10_000; i++) w = kernel.concatTexts(w, x);
  let words = 0;
  for (let at = w; (M[at >> 2]! & 255) === Cell.ROPE; at = M[(at >> 2) + 2]!) words += 4 + 2 * (M[M[(at >> 2) + 3]! >> 2]! >>> 8);
  t.true(words < 10_000);
  t.is(readText(kernel.flatten(w)), "x".repeat(10_000));
});

test.serial("hashes depend on content alone and spread", (t) => {
  const r = random(5);
  const seen = new Set<number>();
  freshMemory(4_000_000);
  for (let i = 0; i < 20_000; i++) {
    const hash = kernel.hashText(text(`k${i}`) >> 2);
    t.true(hash > 0);
    seen.add(hash & 0xffff);
  }
  // 20000 balls into 65536 urns: about 17250 are hit.
  t.true(seen.size > 16_800);
  for (let i = 0; i < 1000; i++) {
    const s = r.text(30);
    t.is(kernel.hashText(text(s) >> 2), kernel.hashText(text(s) >> 2));
  }
});

test.serial("interning", (t) => {
  const r = random(6);
  freshMemory(2_000_000);
  const known = new Map<string, number>();
  for (let i = 0; i < 20_000; i++) {
    const s = r.below(2) === 0 ? `name${r.below(4000)}` : r.text(5);
    const w = randomText(r, s);
    const flat = kernel.flatten(w);
    const expected = known.get(s);
    if (s !== "") t.is(kernel.findKey(r.below(2) === 0 ? w : flat), expected ?? 0);
    const key = kernel.internKey(w);
    t.is(readText(key), s);
    t.true(isCanonical(key));
    if (expected !== undefined) t.is(key, expected);
    else known.set(s, key);
    t.is(kernel.internKey(key), key);
  }
  const set = M[Reg.INTERN]! >> 2;
  known.delete("");
  t.is(M[set + 2], known.size);
});

test.serial("array indices", (t) => {
  freshMemory();
  const isIndex = (s: string): number => (/^(0|[1-9]\d{0,9})$/.test(s) && Number(s) <= 4294967294 ? Number(s) : -1);
  const r = random(7);
  for (const s of ["", "0", "1", "00", "01", "-1", "-0", "+1", "1.0", "4294967294", "4294967295", "4294967296", "9999999999", "10000000000", "123a", " 1", "1 ", "1e3", "\u0661"]) t.is(kernel.arrayIndex(text(s)), isIndex(s), s);
  for (let i = 0; i < 5000; i++) {
    if (i % 1000 === 0) freshMemory();
    const s = String(Math.floor(r.next() * 10 ** (1 + r.below(11))));
    t.is(kernel.arrayIndex(text(s)), isIndex(s));
  }
  t.is(kernel.arrayIndex(ropeOf(text("1234567890123"), text("12345678901234567890"))), -1);
});

test.serial("text from scratch", (t) => {
  const r = random(8);
  for (let i = 0; i < 1000; i++) {
    freshMemory(10_000);
    const s = r.text(50);
    const fill = (): void => { for (let k = 0; k < s.length; k++) S[k] = s.charCodeAt(k); };
    const { result } = withEveryRoom(fill, () => kernel.textFromScratch(s.length));
    t.is(readText(result), s);
    t.true(isCanonical(result));
  }
});

test.serial("without room: nothing happens", (t) => {
  const r = random(9);
  freshMemory(50_000);
  for (let i = 0; i < 150; i++) {
    freshMemory(50_000);
    const a = r.text(40) + "a";
    const b = r.text(40) + "b";
    t.is(readText(withEveryRoom(() => ropeOf(text(a), text(b)), (w) => kernel.flatten(w)).result), a + b);
    t.is(readText(withEveryRoom(() => [text(a), text(b)] as const, ([x, y]) => kernel.concatTexts(x, y)).result), a + b);
    t.is(readText(withEveryRoom(() => text(a + b), (w) => kernel.internKey(w)).result), a + b);
    t.is(withEveryRoom(() => [ropeOf(text(a), text(b)), text(a + b)] as const, ([x, y]) => kernel.compareTexts(x, y), 2).result, 0);
    t.is(withEveryRoom(() => [ropeOf(text(a), text(b)), text(a + b)] as const, ([x, y]) => kernel.textEquals(x, y), -1).result, 1);
  }
});

test.serial("operands of the wrong kind fault", (t) => {
  freshMemory();
  for (const w of [UNDEFINED, FALSE, 0, 8]) {
    for (const run of [kernel.flatten, kernel.findKey, kernel.internKey, (x: number) => kernel.concatTexts(x, x), (x: number) => kernel.concatTexts(text("a"), x)]) {
      t.is(run(w), NONE);
      t.true(takeFault());
    }
    t.is(kernel.textEquals(w, text("a")), -1);
    t.true(takeFault());
    t.is(kernel.compareTexts(w, text("a")), 2);
    t.true(takeFault());
  }
});
