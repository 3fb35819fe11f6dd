// Hash tables against Map and Set, bytes and typed arrays against real ones, symbols, random numbers.

import test from "ava";
import { Brand, ElementType } from "../vm/format/brands.js";
import { Cell } from "../vm/format/cells.js";
import { ErrorCode } from "../vm/format/errors.js";
import { Reg } from "../vm/format/registers.js";
import { BYTES_MAX, singleBits, singleValue, typedGet, typedSet } from "../vm/kernel/bytes.js";
import { allocate, reference, takeError, takeFault } from "../vm/kernel/heap.js";
import { B, M } from "../vm/kernel/memory.js";
import { FALSE, NONE, NULL, TRUE, UNDEFINED, freshMemory, intrinsic, random, randomText, readText, small, text, value, withEveryRoom, word } from "./kernel-data-memory.js";

/** An object: no properties, only an identity. */
function object(slots: number = UNDEFINED): number {
  const address = allocate(Cell.OBJECT, 3);
  M[address + 1] = UNDEFINED;
  M[address + 2] = slots;
  return reference(address);
}
/** A JavaScript key for what a word stands for, so that a Map can play the table's part. */
function model(w: number): unknown {
  const v = value(w);
  return typeof v === "string" && v.startsWith("cell of kind") ? `#${w}` : v;
}

test.serial("tables against Map", (t) => {
  const r = random(31);
  for (let round = 0; round < 60; round++) {
    freshMemory(3_000_000);
    const words = r.below(2) === 0 ? 1 : 2;
    let table = intrinsic("newTable", small(words), FALSE);
    const map = new Map<unknown, unknown>();
    const objects = Array.from({ length: 40 }, (_, i) => {
      if (i % 3 !== 0) return object();
      const slots = allocate(Cell.SLOTS, 4);
      M[slots + 1] = UNDEFINED;
      M[slots + 2] = UNDEFINED;
      return object(reference(slots));
    });
    const symbols = Array.from({ length: 10 }, () => intrinsic("newSymbol", UNDEFINED));
    const range = r.pick([5, 50, 2000]);
    const key = (): number => {
      switch (r.below(7)) {
        case 0: return small(r.below(range) - 10);
        case 1: return word(r.pick([NaN, -0, 0, 0.5, 1e10, 2 ** 31, 1e300, r.below(range) / 4]));
        case 2: return randomText(r, `key${r.below(range)}`);
        case 3: return r.pick(objects);
        case 4: return r.pick(symbols);
        case 5: return r.pick([TRUE, FALSE, NULL, UNDEFINED]);
        default: return randomText(r, `\u20ac${r.below(range)}`);
      }
    };
    for (let step = 0; step < 1500; step++) {
      const k = key();
      const m = model(k);
      const v = words === 1 ? (m === 0 ? 0 : m) : step;
      switch (r.below(8)) {
        case 0:
        case 1:
        case 2:
        case 3: {
          const next = intrinsic("tableSet", table, k, small(step));
          if (next !== table) t.is(intrinsic("tableSuccessor", table), next);
          table = next;
          map.set(m, v);
          break;
        }
        case 4:
        case 5: {
          t.is(intrinsic("tableDelete", table, k), map.delete(m) ? TRUE : FALSE);
          break;
        }
        default: {
          const found = intrinsic("tableFind", table, k);
          t.is(found >= 0, map.has(m));
          if (words === 2) t.is(value(intrinsic("tableGet", table, k)), map.get(m));
          if (found >= 0) t.is(model(intrinsic("tableKey", table, found)), m === 0 ? 0 : m);
        }
      }
      if (r.below(400) === 0) {
        table = intrinsic("tableClear", table);
        map.clear();
      }
      t.is(value(intrinsic("tableCount", table)), map.size);
    }
    const entries: unknown[] = [];
    for (let i = intrinsic("tableNext", table, small(0)); i >= 0; i = intrinsic("tableNext", table, i + 2)) {
      const k = intrinsic("tableKey", table, i);
      entries.push([model(k), words === 1 ? model(k) : value(intrinsic("tableValue", table, i))]);
    }
    t.deepEqual(entries, [...map]);
    t.false(takeFault());
  }
});

test.serial("an iterator survives insertion, deletion, clearing and rehashing", (t) => {
  const r = random(32);
  for (let round = 0; round < 400; round++) {
    freshMemory(200_000);
    let table = intrinsic("newTable", small(2), FALSE);
    const map = new Map<number, number>();
    const set = (k: number): void => {
      table = intrinsic("tableSet", table, small(k), small(k));
      map.set(k, k);
    };
    for (let i = 0; i < r.below(30); i++) set(r.below(50));
    // As the core iterates: a table and an index, moved to the successor whenever there is one.
    let held = table;
    let index = 0;
    const next = (): unknown => {
      for (let successor = intrinsic("tableSuccessor", held); successor !== UNDEFINED; successor = intrinsic("tableSuccessor", held)) {
        index = intrinsic("tableForward", held, index);
        held = successor;
      }
      const found = intrinsic("tableNext", held, index);
      if (found < 0) return undefined;
      index = found + 2;
      return value(intrinsic("tableKey", held, found));
    };
    const iterator = map.keys();
    for (let step = 0; step < 200; step++) {
      const expected = iterator.next();
      t.is(next(), expected.value);
      if (expected.done) break;
      for (let k = r.below(4); k > 0; k--) {
        const n = r.below(80);
        if (r.below(3) === 0) {
          intrinsic("tableDelete", table, small(n));
          map.delete(n);
        } else {
          set(n);
        }
      }
      if (r.below(40) === 0) {
        table = intrinsic("tableClear", table);
        map.clear();
      }
    }
  }
});

test.serial("a table used as a queue stays small, and searching stays short", (t) => {
  freshMemory(4_000_000);
  let table = intrinsic("newTable", small(1), FALSE);
  for (let i = 0; i < 20_000; i++) {
    table = intrinsic("tableSet", table, small(i), UNDEFINED);
    if (i >= 5) t.is(intrinsic("tableDelete", table, small(i - 5)), TRUE);
  }
  t.true((M[table >> 2]! >>> 8) * 2 <= 64);
  table = intrinsic("newTable", small(1), FALSE);
  for (let i = 0; i < 50_000; i++) table = intrinsic("tableSet", table, small(i * 1024), UNDEFINED);
  const fuel = M[Reg.FUEL]!;
  for (let i = 0; i < 50_000; i++) t.true(intrinsic("tableFind", table, small(i * 1024)) >= 0);
  // An eighth of a step for each comparison of a longer search.
  t.true(fuel - M[Reg.FUEL]! < 2000);
});

test.serial("tables without room, and with wrong operands", (t) => {
  freshMemory();
  const filled = (n: number): (() => number[]) => () => {
    let table = intrinsic("newTable", small(2), FALSE);
    for (let i = 0; i < n; i++) table = intrinsic("tableSet", table, text(`k${i}`), small(i));
    return [table, object(), small(7)];
  };
  for (const n of [0, 3, 4, 8, 16, 100]) {
    const { result } = withEveryRoom(filled(n), (operands) => intrinsic("tableSet", ...operands));
    t.is(value(intrinsic("tableCount", result)), n + 1);
  }
  t.is(value(intrinsic("tableCount", withEveryRoom(filled(20), ([table]) => intrinsic("tableClear", table!)).result)), 0);
  withEveryRoom(() => 0, () => intrinsic("newTable", small(1), TRUE));
  withEveryRoom(() => 0, () => intrinsic("newSymbol", UNDEFINED));
  const table = intrinsic("newTable", small(1), FALSE);
  const shape = reference(allocate(Cell.ACCESSOR, 3));
  for (const run of [
    () => intrinsic("newTable", small(3), FALSE), () => intrinsic("newTable", TRUE, FALSE), () => intrinsic("tableFind", text("a"), small(1)),
    () => intrinsic("tableSet", table, shape, small(1)), () => intrinsic("tableKey", table, small(0)), () => intrinsic("tableValue", table, TRUE),
    () => intrinsic("tableNext", table, small(-1)), () => intrinsic("tableForward", UNDEFINED, small(0)), () => intrinsic("tableFind", table, NONE),
  ]) {
    t.is(run(), NONE);
    t.true(takeFault());
  }
});

test.serial("symbols", (t) => {
  freshMemory();
  const a = intrinsic("newSymbol", text("what"));
  const b = intrinsic("newSymbol", UNDEFINED);
  t.is(readText(intrinsic("description", a)), "what");
  t.is(intrinsic("description", b), UNDEFINED);
  t.is(intrinsic("isRegistered", a), FALSE);
  intrinsic("markRegistered", a);
  t.is(intrinsic("isRegistered", a), TRUE);
  t.is(intrinsic("isRegistered", b), FALSE);
  t.not(M[(a >> 2) + 2], M[(b >> 2) + 2]);
});

test.serial("random numbers follow xorshift128+", (t) => {
  freshMemory();
  let s0 = 0x0123456789abcdefn;
  let s1 = 0xfedcba9876543210n;
  const mask = (1n << 64n) - 1n;
  [Reg.RANDOM_0, Reg.RANDOM_1].forEach((register, i) => { M[register] = Number(BigInt.asIntN(32, s0 >> BigInt(32 * i))); });
  [Reg.RANDOM_2, Reg.RANDOM_3].forEach((register, i) => { M[register] = Number(BigInt.asIntN(32, s1 >> BigInt(32 * i))); });
  let sum = 0;
  for (let i = 0; i < 10_000; i++) {
    if (i % 1000 === 0) M[Reg.HEAP_TOP] = M[Reg.HEAP_TOP]! - (i === 0 ? 0 : 4000);
    let x = s0;
    const y = s1;
    s0 = y;
    x ^= (x << 23n) & mask;
    s1 = x ^ y ^ (x >> 18n) ^ (y >> 5n);
    const expected = Number(((s1 + y) & mask) >> 11n) / 2 ** 53;
    t.is(value(intrinsic("random")), expected);
    sum += expected;
  }
  t.true(Math.abs(sum / 10_000 - 0.5) < 0.02);
});

function buffer(bytes: number): number {
  const address = allocate(Cell.RECORD, 6);
  M[address + 1] = UNDEFINED;
  M[address + 2] = UNDEFINED;
  M[address + 3] = small(Brand.ARRAY_BUFFER);
  M[address + 4] = bytes;
  M[address + 5] = UNDEFINED;
  return reference(address);
}
const views = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
const shifts = [0, 0, 0, 1, 1, 2, 2, 2, 3];
const numbers = (r: ReturnType<typeof random>): number => r.pick([
  0, -0, NaN, Infinity, -Infinity, 0.5, 1.5, 2.5, -0.5, 254.5, 255.5, 127.5, 1e10, -1e10, 2 ** 32, 2 ** 31, 2 ** 53, 1e300, 5e-324, 1e-45, 7e-46, 1e-40, 3.4028235677973366e38, 3.4e38,
  r.below(600) - 300, r.next() * 1e6 - 5e5, (r.next() - 0.5) * 2 ** (r.below(300) - 150), r.below(2 ** 31) * 2 - 2 ** 31,
]);

test.serial("singles", (t) => {
  const r = random(33);
  const f = new Float32Array(1);
  const i = new Int32Array(f.buffer);
  for (let round = 0; round < 200_000; round++) {
    const x = round % 3 === 0 ? numbers(r) : (r.next() - 0.5) * 2 ** (r.below(400) - 200);
    f[0] = x;
    if (singleBits(x) !== i[0]) t.fail(`${x}`);
    i[0] = r.below(2 ** 31) * 2 - 2 ** 31 + r.below(2);
    if (!Object.is(singleValue(i[0]!), f[0])) t.fail(`${i[0]}`);
    // Halfway between two singles, and just beside.
    const half = Math.abs(f[0]!) + (f[0]! === f[0]! && Math.abs(f[0]!) < 1e38 ? Math.abs(f[0]!) * 2 ** -24 : 0);
    f[0] = half;
    if (half === half && singleBits(half) !== i[0]) t.fail(`half ${half}`);
  }
  t.pass();
});

test.serial("bytes", (t) => {
  const r = random(34);
  for (let round = 0; round < 500; round++) {
    freshMemory(20_000);
    const length = r.below(100);
    const w = intrinsic("newBytes", small(length));
    t.is(value(intrinsic("bytesLength", w)), length);
    const real = new Uint8Array(length);
    const view = new DataView(real.buffer);
    for (let step = 0; step < 100; step++) {
      switch (r.below(5)) {
        case 0: {
          if (length === 0) break;
          const i = r.below(length);
          const x = numbers(r);
          intrinsic("setByte", w, small(i), word(x));
          real[i] = x;
          t.is(value(intrinsic("byteAt", w, small(i))), real[i]);
          break;
        }
        case 1: {
          const count = r.below(length + 1);
          const to = r.below(length - count + 1);
          const from = r.below(length - count + 1);
          intrinsic("bytesMove", w, small(to), w, small(from), small(count));
          real.copyWithin(to, from, from + count);
          break;
        }
        case 2: {
          const from = r.below(length + 1);
          const to = from + r.below(length - from + 1);
          intrinsic("bytesFill", w, small(step), small(from), small(to));
          real.fill(step, from, to);
          break;
        }
        default: {
          const type = r.below(9);
          const size = 1 << shifts[type]!;
          if (size > length) break;
          const offset = r.below(length - size + 1);
          const x = numbers(r);
          const little = r.below(2) === 0;
          intrinsic("bytesWrite", w, small(offset), small(type), little ? TRUE : FALSE, word(x));
          const name = (["Int8", "Uint8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"] as const)[type]!;
          view[`set${name}`](offset, type === 2 ? new Uint8ClampedArray([x])[0]! : x, little);
          const back = value(intrinsic("bytesRead", w, small(offset), small(type), little ? TRUE : FALSE));
          t.is(back, view[`get${name}`](offset, little));
        }
      }
    }
    const start = ((w >> 2) + 2) * 4;
    t.deepEqual([...B.slice(start, start + length)], [...real]);
    t.false(takeFault());
  }
  freshMemory();
  for (const n of [-1, BYTES_MAX + 1, 1e10, Infinity, NaN]) {
    t.is(intrinsic("newBytes", word(n)), NONE);
    t.is(takeError(), ErrorCode.INVALID_ARRAY_LENGTH + 1);
  }
});

test.serial("typed arrays", (t) => {
  const r = random(35);
  for (let round = 0; round < 1000; round++) {
    freshMemory(20_000);
    const length = r.below(80);
    const bytes = intrinsic("newBytes", small(length));
    const owner = buffer(bytes);
    const real = new ArrayBuffer(length);
    const type = r.below(9);
    const size = 1 << shifts[type]!;
    const offset = r.below((length >> shifts[type]!) + 1) * size;
    const count = r.below(((length - offset) >> shifts[type]!) + 1);
    const tracking = r.below(3) === 0;
    const w = intrinsic("newTyped", NULL, small(type), owner, small(offset), small(tracking ? -1 : count));
    const typed = new views[type]!(real, offset, tracking ? (length - offset) >> shifts[type]! : count);
    t.is(value(intrinsic("typedInfo", w, small(0))), type);
    t.is(intrinsic("typedInfo", w, small(1)), owner);
    t.is(value(intrinsic("typedInfo", w, small(2))), offset);
    t.is(value(intrinsic("typedInfo", w, small(3))), tracking ? -1 : count);
    t.is(value(intrinsic("typedInfo", w, small(4))), typed.length);
    for (let step = 0; step < 30; step++) {
      const i = r.below(typed.length + 2);
      const x = numbers(r);
      typedSet(w >> 2, i, x);
      typed[i] = x;
      t.is(value(typedGet(w >> 2, i)), typed[i]);
      t.is(value(typedGet(w >> 2, -1)), undefined);
    }
    const from = r.below(typed.length + 1);
    const to = from + r.below(typed.length - from + 1);
    const x = numbers(r);
    intrinsic("typedFill", w, word(x), small(from), small(to));
    typed.fill(x, from, to);
    const start = ((bytes >> 2) + 2) * 4;
    t.deepEqual([...B.slice(start, start + length)], [...new Uint8Array(real)]);
    // A shorter buffer, then none.
    M[(owner >> 2) + 4] = intrinsic("newBytes", small(offset + size));
    t.is(value(intrinsic("typedInfo", w, small(4))), tracking ? 1 : count <= 1 ? count : -1);
    M[(owner >> 2) + 4] = UNDEFINED;
    t.is(value(intrinsic("typedInfo", w, small(4))), -1);
    t.is(typedGet(w >> 2, 0), UNDEFINED);
    typedSet(w >> 2, 0, 1);
    t.false(takeFault());
  }
});

test.serial("bytes without room, and with wrong operands", (t) => {
  freshMemory();
  const bytes = intrinsic("newBytes", small(16));
  const owner = buffer(bytes);
  withEveryRoom(() => 0, () => intrinsic("newBytes", small(99)));
  intrinsic("bytesWrite", bytes, small(0), small(ElementType.FLOAT64), TRUE, word(0.1));
  t.is(value(withEveryRoom(() => 0, () => intrinsic("bytesRead", bytes, small(0), small(ElementType.FLOAT64), TRUE)).result), 0.1);
  intrinsic("newTyped", NULL, small(1), owner, small(0), small(1));
  const typed = withEveryRoom(() => 0, () => intrinsic("newTyped", NULL, small(ElementType.FLOAT64), owner, small(0), small(2))).result;
  t.is(value(withEveryRoom(() => 0, () => typedGet(typed >> 2, 0)).result), 0.1);
  const calls: [Parameters<typeof intrinsic>[0], number[]][] = [
    ["newBytes", [TRUE]], ["bytesLength", [text("a")]], ["byteAt", [bytes, small(16)]], ["byteAt", [bytes, small(-1)]], ["byteAt", [bytes, word(0.5)]],
    ["setByte", [bytes, small(16), small(1)]], ["setByte", [bytes, small(1), TRUE]], ["bytesMove", [bytes, small(0), bytes, small(1), small(16)]],
    ["bytesMove", [bytes, small(0), bytes, small(0), small(-1)]], ["bytesMove", [bytes, small(0), text("abcd"), small(0), small(1)]],
    ["bytesFill", [bytes, small(0), small(0), small(17)]], ["bytesRead", [bytes, small(9), small(ElementType.FLOAT64), TRUE]],
    ["bytesRead", [bytes, small(0), small(11), TRUE]], ["bytesWrite", [bytes, small(0), small(-1), TRUE, small(1)]],
    ["newTyped", [UNDEFINED, small(1), owner, small(0), small(1)]], ["newTyped", [NULL, small(12), owner, small(0), small(1)]],
    ["newTyped", [NULL, small(5), owner, small(1), small(1)]], ["newTyped", [NULL, small(1), bytes, small(0), small(1)]],
    ["newTyped", [NULL, small(1), owner, small(0), small(-2)]], ["typedInfo", [owner, small(0)]], ["typedInfo", [typed, small(5)]],
    ["typedFill", [typed, small(1), small(0), small(3)]], ["typedFill", [typed, UNDEFINED, small(0), small(1)]], ["description", [text("a")]],
    ["math", [small(28), small(1)]], ["math", [small(1), TRUE]], ["math2", [small(6), small(1), small(1)]],
  ];
  for (const [name, operands] of calls) {
    t.is(intrinsic(name, ...operands), NONE, name);
    t.true(takeFault(), name);
  }
});

test.serial("Math's functions by number", (t) => {
  const r = random(36);
  const one = ["abs", "floor", "ceil", "trunc", "round", "sqrt", "sign", "fround", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "cbrt", "clz32"] as const;
  const two = ["pow", "atan2", "imul", "max", "min", "hypot"] as const;
  for (let round = 0; round < 300; round++) {
    freshMemory(20_000);
    const x = numbers(r);
    const y = numbers(r);
    const near = (a: unknown, b: number): boolean => Object.is(a, b) || (typeof a === "number" && Math.abs(a - b) <= Math.abs(b) * 1e-15);
    one.forEach((name, i) => t.true(near(value(intrinsic("math", small(i), word(x))), Math[name](x)), `${name} ${x}`));
    two.forEach((name, i) => t.true(near(value(intrinsic("math2", small(i), word(x), word(y))), Math[name](x, y)), `${name} ${x} ${y}`));
  }
});
