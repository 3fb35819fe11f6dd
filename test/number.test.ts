// Number texts, both ways, against Node: seeded doubles of every kind that takes another path, and the edges.
// MVM_SEED chooses the seed; a failure names it.

import test from "ava";
import { attach, B, H, S } from "../vm/kernel/memory.js";
import { numberToExponential, numberToFixed, numberToPrecision, numberToText } from "../vm/kernel/number.js";
import { decimalValueAt, parseFloatAt, parseIntAt, textToNumber, TEXT_TO_NUMBER_MAX, textToNumberAt } from "../vm/kernel/numberparse.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
let state = seed;
/** 32 random bits (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (t ^ (t >>> 14)) >>> 0;
}

const bits = new DataView(new ArrayBuffer(8));
function fromBits(high: number, low: number): number {
  bits.setUint32(0, high);
  bits.setUint32(4, low);
  return bits.getFloat64(0);
}
function anyFinite(): number {
  for (;;) {
    const x = fromBits(random(), random());
    if (Number.isFinite(x)) return x;
  }
}
function nearby(x: number): number {
  bits.setFloat64(0, x);
  bits.setBigUint64(0, bits.getBigUint64(0) + BigInt((random() % 5) - 2));
  return bits.getFloat64(0);
}

const kinds: Record<string, () => number> = {
  "any exponent": anyFinite,
  "random fraction": () => random() / 2 ** 32 + random() / 2 ** 64,
  "short decimal": () => Number(`${random() % 1000000}e${(random() % 40) - 20}`),
  "15 digits": () => Number(`${(random() * 2 ** 20 + (random() % 2 ** 20)) % 1e15}e${(random() % 60) - 30}`),
  "power of two and its neighbours": () => nearby(2 ** ((random() % 2090) - 1070)),
  "power of ten and its neighbours": () => nearby(Number(`${1 + (random() % 9)}e${(random() % 600) - 300}`)),
  "subnormal": () => fromBits(random() % (1 << 20), random()),
  "integer": () => Math.floor(random() * 2 ** (random() % 60)) * (random() & 1 ? 1 : -1),
  "binary fraction": () => ((random() % 4000) - 2000) / 2 ** (random() % 14),
};

const SAMPLES = 6000;
const EDGES = [0, -0, NaN, Infinity, -Infinity, 5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, Number.MAX_VALUE, 1e21, 999999999999999900000, 1e-6, 1e-7, 0.5, 1.5, 2.5, 1.005, 0.1 + 0.2, 123456789, 2 ** 31, 2 ** 53, 2 ** 53 + 2, 9.5, 99.5, 0.95, 5.684341886080802e-14, 9007199254740993e3];

attach(new ArrayBuffer(1 << 16), new Int32Array(0), new Int32Array(0));
const AT = 64;

function text(length: number): string {
  let result = "";
  for (let i = 0; i < length; i++) result += String.fromCharCode(S[i]!);
  return result;
}
/** Puts a text into memory; returns whether it is wide. */
function put(s: string): boolean {
  const wide = [...s].some(c => c.charCodeAt(0) > 255) || (random() & 1) === 1;
  for (let i = 0; i < s.length; i++) {
    if (wide) H[AT / 2 + i] = s.charCodeAt(i);
    else B[AT + i] = s.charCodeAt(i);
  }
  return wide;
}
const toNumber = (s: string): number => textToNumberAt(AT, s.length, put(s));

/** Collects differences, so that one failure shows what kinds fail. */
class Differences {
  count = 0;
  readonly shown: string[] = [];
  same(what: string, got: unknown, wanted: unknown): void {
    if (Object.is(got, wanted)) return;
    if (this.count++ < 10) this.shown.push(`${what}: ${String(got)} instead of ${String(wanted)}`);
  }
  report(t: { is(a: number, b: number, message: string): unknown }): void {
    t.is(this.count, 0, `seed ${seed}\n${this.shown.join("\n")}`);
  }
}

function comparePrinting(d: Differences, x: number): void {
  d.same(`String(${x})`, text(numberToText(x, 10)), String(x));
  const places = random() % (random() % 8 === 0 ? 101 : 20);
  d.same(`${x}.toFixed(${places})`, text(numberToFixed(x, places)), x.toFixed(places));
  d.same(`${x}.toExponential(${places})`, text(numberToExponential(x, places)), x.toExponential(places));
  d.same(`${x}.toExponential()`, text(numberToExponential(x, -1)), x.toExponential());
  d.same(`${x}.toPrecision(${places || 1})`, text(numberToPrecision(x, places || 1)), x.toPrecision(places || 1));
  const radix = 2 + (random() % 35);
  d.same(`${x}.toString(${radix})`, text(numberToText(x, radix)), x.toString(radix));
}

for (const [kind, make] of Object.entries(kinds)) {
  test(`printing: ${kind}`, t => {
    const d = new Differences();
    for (let i = 0; i < SAMPLES; i++) comparePrinting(d, make());
    d.report(t);
  });
  test(`parsing: ${kind}`, t => {
    const d = new Differences();
    for (let i = 0; i < SAMPLES; i++) {
      const x = make();
      const radix = 2 + (random() % 35);
      const digits = x.toString(radix);
      d.same(`parseInt(${digits}, ${radix})`, parseIntAt(AT, digits.length, put(digits), radix), parseInt(digits, radix));
      for (const s of [String(x), x.toExponential(15 + (random() % 86)), x.toPrecision(1 + (random() % 30))]) {
        d.same(`Number(${s})`, toNumber(s), Number(s));
        d.same(`parseFloat(${s}x)`, parseFloatAt(AT, s.length + 1, put(`${s}x`)), Number(s));
      }
    }
    d.report(t);
  });
}

test("printing: edges, at every width", t => {
  const d = new Differences();
  for (const edge of EDGES) {
    for (const x of [edge, -edge]) {
      for (let radix = 2; radix <= 36; radix++) d.same(`${x}.toString(${radix})`, text(numberToText(x, radix)), x.toString(radix));
      for (let places = 0; places <= 100; places++) {
        d.same(`${x}.toFixed(${places})`, text(numberToFixed(x, places)), x.toFixed(places));
        d.same(`${x}.toExponential(${places})`, text(numberToExponential(x, places)), x.toExponential(places));
        if (places > 0) d.same(`${x}.toPrecision(${places})`, text(numberToPrecision(x, places)), x.toPrecision(places));
      }
    }
  }
  d.report(t);
});

test("printing: where rounding adds a digit or leaves none", t => {
  const d = new Differences();
  for (let power = 0; power <= 100; power++) {
    for (const factor of [1, 0.5, 0.95, 9.5]) {
      for (let i = 0; i < 8; i++) {
        const x = nearby(factor * Number(`1e-${power}`));
        for (const places of [power - 2, power - 1, power, power + 1, power + 15, power + 16]) {
          if (places >= 0 && places <= 100) d.same(`${x}.toFixed(${places})`, text(numberToFixed(x, places)), x.toFixed(places));
        }
        const y = Number(`1e${power}`) - i / 2 ** (random() % 20);
        for (let radix = 2; radix <= 36; radix++) d.same(`${y}.toString(${radix})`, text(numberToText(y, radix)), y.toString(radix));
        for (let precision = 1; precision < 20; precision++) {
          d.same(`${x}.toPrecision(${precision})`, text(numberToPrecision(x, precision)), x.toPrecision(precision));
          d.same(`${y}.toPrecision(${precision})`, text(numberToPrecision(y, precision)), y.toPrecision(precision));
        }
      }
    }
  }
  d.report(t);
});

test("printing: fractions that end in other bases, and their neighbours", t => {
  const d = new Differences();
  for (let i = 0; i < 50000; i++) {
    const radix = 2 + (random() % 35);
    const x = nearby((1 + (random() % 5000)) / radix ** (random() % 8));
    d.same(`${x}.toString(${radix})`, text(numberToText(x, radix)), x.toString(radix));
  }
  d.report(t);
});

/** The exact decimal of the middle of x and the next double, as an integer and an exponent. */
function middle(x: number): [string, number] {
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const field = Number(word >> 52n);
  const mantissa = (word & ((1n << 52n) - 1n)) | (field > 0 ? 1n << 52n : 0n);
  const exponent = Math.max(field, 1) - 1076;
  const odd = 2n * mantissa + 1n;
  return exponent >= 0 ? [String(odd << BigInt(exponent)), 0] : [String(odd * 5n ** BigInt(-exponent)), exponent];
}

test("parsing: middles of two doubles, and a little beside them", t => {
  const d = new Differences();
  for (let i = 0; i < 1500; i++) {
    const x = i % 3 === 0 ? fromBits(random() % (1 << 20), random()) : Math.abs(anyFinite());
    const [digits, exponent] = middle(x);
    const zeros = "0".repeat(random() % 900);
    const below = String(BigInt(digits) - 1n);
    for (const s of [digits, `${digits}.${zeros}`, `${digits}.${zeros}1`, `${below}.${zeros}`, `${below}.9${zeros}`]) {
      const literal = `${s}e${exponent}`;
      d.same(`Number(${literal})`, toNumber(literal), Number(literal));
    }
  }
  d.report(t);
});

const TEXTS = [
  "", "  ", ".", "-", "+", "+.", "1.", ".1", "-.5e", "1e", "1e+", "1e+5", "1e5 ", "\u00a01\n", "\ufeff1\u2029", "\u180e1", "1\u0000", "1 2", "--1", "+-1",
  "0x", "0x1F", "-0x1", "0X1g", "0b101", "0o17", "0O18", "0b", "0b2", "Infinity", "-Infinity", "+Infinity", " Infinity ", "Infinityx", "infinity", "NaN", "1_0",
  "1e400", "1e-400", "-1e-400", "-0", "0e999999999999", "1e-999999999999", "1e999999999999", "1e1000000001", "0e-0", "00012", "1..2",
  `0x${"f".repeat(300)}`, `0x1${"0".repeat(255)}f`, `0b1${"0".repeat(52)}1`, `0b1${"0".repeat(52)}11`, `0b1${"0".repeat(52)}1${"0".repeat(100)}1`, `0b1${"0".repeat(51)}1${"0".repeat(50)}`,
  `${"0".repeat(1000)}1`, `0.${"0".repeat(1000)}1e1001`, `1${"0".repeat(1000)}e-1000`, `${"9".repeat(2000)}e-1700`, `.${"0".repeat(2000)}`,
  "1.7976931348623158e308", "1.7976931348623159e308", "2.4703282292062327208e-324", "2.4703282292062328e-324", "4.9406564584124654e-324", "2.2250738585072011e-308", "2.2250738585072012e-308",
  "9007199254740993", "9007199254740992.99999", "-123456789012345678901234567890", "8.5", "0.000001", "123abc", "12px", "zz",
];

test("parsing: edges", t => {
  const d = new Differences();
  for (const s of TEXTS) {
    d.same(`Number(${s})`, toNumber(s), Number(s));
    for (let i = 0; i < s.length; i++) S[i] = s.charCodeAt(i);
    d.same(`Number(${s}) in scratch`, textToNumber(s.length), Number(s));
    t.true(s.length <= TEXT_TO_NUMBER_MAX);
    d.same(`parseFloat(${s})`, parseFloatAt(AT, s.length, put(s)), parseFloat(s));
    for (const radix of [0, 1, 2, 3, 8, 10, 16, 32, 36, 37, -1]) {
      d.same(`parseInt(${s}, ${radix})`, parseIntAt(AT, s.length, put(s), radix), parseInt(s, radix));
    }
  }
  for (let unit = 0; unit < 0x10000; unit++) {
    const s = `${String.fromCharCode(unit)}7`;
    d.same(`Number of unit ${unit.toString(16)} and 7`, toNumber(s), Number(s));
  }
  d.report(t);
});

test("parsing: a text longer than the scratch view", t => {
  const d = new Differences();
  for (const s of [`0.${"3".repeat(20000)}`, `${"1".repeat(20000)}e-19990`, `1${"0".repeat(20000)}1e-19990`, `0x${"0".repeat(20000)}1`, `${" ".repeat(20000)}1`]) d.same(`Number of ${s.length} units`, toNumber(s), Number(s));
  d.report(t);
});

test("a measured literal is valued without a sign or grammar of its own", t => {
  const wide = put("12.5e-1");
  t.is(decimalValueAt(AT, 7, wide), 1.25);
});
