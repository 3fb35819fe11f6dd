// The Math functions against Node's, bit for bit: seeded arguments of all sizes and near the points where the
// algorithms change, and the edges. MVM_SEED chooses the seed; a failure names it.

import test from "ava";
import * as math from "../vm/kernel/math.js";
import * as trigonometry from "../vm/kernel/trigonometry.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
let state = seed;
/** 32 random bits (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (t ^ (t >>> 14)) >>> 0;
}
const fraction = (): number => random() / 2 ** 32 + random() / 2 ** 64;
const signed = (): number => (random() & 1 ? fraction() : -fraction());

const bits = new DataView(new ArrayBuffer(8));
function anyDouble(): number {
  bits.setUint32(0, random());
  bits.setUint32(4, random());
  return bits.getFloat64(0);
}
function nearby(x: number): number {
  bits.setFloat64(0, x);
  bits.setBigUint64(0, bits.getBigUint64(0) + BigInt(random() % 7) - 3n);
  return bits.getFloat64(0);
}

const kinds: (() => number)[] = [
  anyDouble,
  signed,
  () => signed() * 2 ** (random() % 12),
  () => signed() * 2 ** -(random() % 60),
  () => signed() * 2 ** (random() % 60),
  () => nearby(((random() % 100000) - 50000) * (Math.PI / 4)),
  () => ((random() % 4000) - 2000) / 2 ** (random() % 12),
  () => nearby(2 ** ((random() % 2090) - 1068)),
  () => nearby(10 ** ((random() % 600) - 300)),
  () => 1 + signed() * 2 ** -(random() % 52),
  () => signed() * 800,
];
const anyKind = (): number => kinds[random() % kinds.length]!();

const EDGES = [
  0, NaN, Infinity, 1, 2, 3, 0.5, 1.5, 2.5, 5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, Number.MAX_VALUE,
  709.782712893384, 709.7827128933841, 745.1332191019411, 745.1332191019412, 710.4758600739439, 710.475860073944, 22, 28, 10, 308, 1 / 3,
  2 ** 31, 2 ** 32, 2 ** 52 + 0.5, 2 ** 53, 2 ** 53 + 2, 0.49999999999999994, 1e308,
  3.4028235677973366e38, 3.4028235677973362e38, 1.401298464324817e-45, 7.006492321624085e-46, 7.006492321624086e-46,
  // The double nearest to a multiple of pi/2, relative to its size, and others that cancel many digits.
  6381956970095103 * 2 ** 797, 5.319372648326541e255, 6.381956970095103e237, 2 ** 1023, 411774 * Math.PI, Math.PI / 2, Math.PI, 2 ** 19 * (Math.PI / 2),
].flatMap(x => [x, -x]);

const unary: [string, (x: number) => number, (x: number) => number][] = [
  ["exp", math.mathExp, Math.exp], ["expm1", math.mathExpm1, Math.expm1],
  ["log", math.mathLog, Math.log], ["log1p", math.mathLog1p, Math.log1p], ["log2", math.mathLog2, Math.log2], ["log10", math.mathLog10, Math.log10],
  ["sin", trigonometry.mathSin, Math.sin], ["cos", trigonometry.mathCos, Math.cos], ["tan", trigonometry.mathTan, Math.tan],
  ["asin", trigonometry.mathAsin, Math.asin], ["acos", trigonometry.mathAcos, Math.acos], ["atan", trigonometry.mathAtan, Math.atan],
  ["sinh", math.mathSinh, Math.sinh], ["cosh", math.mathCosh, Math.cosh], ["tanh", math.mathTanh, Math.tanh],
  ["asinh", math.mathAsinh, Math.asinh], ["acosh", math.mathAcosh, Math.acosh], ["atanh", math.mathAtanh, Math.atanh],
  ["cbrt", math.mathCbrt, Math.cbrt], ["round", math.mathRound, Math.round], ["fround", math.mathFround, Math.fround], ["sign", math.mathSign, Math.sign],
];

/** Second arguments that reach the results that are neither 0 nor infinite. */
const powerKinds: ((x: number) => number)[] = [
  anyKind,
  x => (signed() * 745) / Math.log(Math.abs(x)),
  () => (random() % 81) - 40,
  () => ((random() % 200) - 100) / 2 ** (random() % 8),
  x => nearby((random() & 1 ? 1024 : -1075) / Math.log2(Math.abs(x))),
];
const binary: [string, (x: number, y: number) => number, (x: number, y: number) => number, ((x: number) => number)[]][] = [
  ["pow", math.mathPow, Math.pow, powerKinds],
  ["%", math.mathFmod, (x, y) => x % y, [anyKind, x => x * fraction() * 2 ** -(random() % 60), () => 1 + (random() % 1000), x => nearby(Math.round(x / (1 + (random() % 1000))))]],
  ["atan2", trigonometry.mathAtan2, Math.atan2, [anyKind, y => y * signed() * 2 ** ((random() % 140) - 70)]],
  ["hypot", math.mathHypot2, Math.hypot, [anyKind, x => x * signed()]],
];

const SAMPLES = 200000;

for (const [name, own, node] of unary) {
  test(name, t => {
    const different: string[] = [];
    let count = 0;
    const compare = (x: number): void => {
      if (!Object.is(own(x), node(x)) && count++ < 5) different.push(`${name}(${x}) is ${own(x)} instead of ${node(x)}`);
    };
    EDGES.forEach(compare);
    for (let i = 0; i < SAMPLES; i++) compare(kinds[i % kinds.length]!());
    t.is(count, 0, `seed ${seed}\n${different.join("\n")}`);
  });
}

for (const [name, own, node, seconds] of binary) {
  test(name, t => {
    const different: string[] = [];
    let count = 0;
    const compare = (x: number, y: number): void => {
      if (!Object.is(own(x, y), node(x, y)) && count++ < 5) different.push(`${name}(${x}, ${y}) is ${own(x, y)} instead of ${node(x, y)}`);
    };
    for (const x of EDGES) for (const y of EDGES) compare(x, y);
    for (let i = 0; i < SAMPLES; i++) {
      const x = kinds[i % kinds.length]!();
      compare(x, seconds[random() % seconds.length]!(x));
    }
    t.is(count, 0, `seed ${seed}\n${different.join("\n")}`);
  });
}
