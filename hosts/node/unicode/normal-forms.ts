// Decompositions, combining classes and compositions, asked of the building engine's own `normalize`, as tables that the
// core searches as they are: texts of 16-bit units, one for each plane of 65536 code points, whose records ascend.

/** A text for each plane, empty where it has nothing. */
type Planes = string[];

export interface NormalForms {
  /** Records low, high, units of each decomposition, where in the pool the first of them is: canonical ones, and compatible ones that are others. */
  readonly canonical: Planes;
  readonly compatible: Planes;
  readonly pool: string;
  /** Records low, high, class: numbers in the order of the classes, from 1. */
  readonly classes: Planes;
  /** Records first, second, composed: one unit each; two, one and two; two each. */
  readonly compositions: readonly string[];
}

const PLANES = 3;
const HANGUL_LOW = 0xac00;
const HANGUL_HIGH = 0xd7a3;
/** Marks of the classes 1, 230 and 240, the least and the greatest, by which others show that they have one. */
const OVERLAY = "\u0334";
const ABOVE = "\u0301";
const IOTA = "\u0345";

export function normalForms(): NormalForms {
  const points: number[] = [];
  for (let point = 0x80; point < PLANES * 0x10000; point++) {
    if ((point < 0xd800 || point > 0xdfff) && (point < HANGUL_LOW || point > HANGUL_HIGH)) points.push(point);
  }
  const pool = { text: "" };
  const canonical = decompositions(pool, points, (text) => text.normalize("NFD"));
  const compatible = decompositions(pool, points, (text) => text.normalize("NFKD") === text.normalize("NFD") ? text : text.normalize("NFKD"));
  return { canonical, compatible, pool: pool.text, classes: classes(points), compositions: compositions(points) };
}

function decompositions(pool: { text: string }, points: readonly number[], decompose: (text: string) => string): Planes {
  const runs: { low: number; high: number; units: number; text: string }[] = [];
  for (const point of points) {
    const character = String.fromCodePoint(point);
    const text = decompose(character);
    if (text === character) continue;
    const run = runs[runs.length - 1];
    if (run !== undefined && run.high === point - 1 && run.units === text.length && point % 0x10000 !== 0) {
      run.high = point;
      run.text += text;
    } else runs.push({ low: point, high: point, units: text.length, text });
  }
  return planes(runs, ({ low }) => low, ({ low, high, units, text }) => {
    let at = pool.text.indexOf(text);
    if (at < 0) {
      at = pool.text.length;
      pool.text += text;
    }
    if (at > 0xffff) throw new Error("the pool of decompositions is beyond 16 bits");
    return String.fromCharCode(low & 0xffff, high & 0xffff, units, at);
  });
}

function classes(points: readonly number[]): Planes {
  const isSwapped = (a: string, b: string): boolean => (a + b).normalize("NFD") === b + a;
  const marks = points.map((point) => String.fromCodePoint(point)).filter((mark) => mark.normalize("NFD") === mark &&
    (mark === OVERLAY || mark === IOTA || isSwapped(mark, OVERLAY) || isSwapped(ABOVE, mark) || isSwapped(IOTA, mark)));
  const sorted = [...marks].sort((a, b) => isSwapped(a, b) ? 1 : isSwapped(b, a) ? -1 : 0);
  const numbers = new Map<string, number>();
  let number = 1;
  sorted.forEach((mark, i) => {
    if (i > 0 && isSwapped(mark, sorted[i - 1]!)) number++;
    numbers.set(mark, number);
  });
  const runs: { low: number; high: number; number: number }[] = [];
  for (const mark of marks) {
    const point = mark.codePointAt(0)!;
    const run = runs[runs.length - 1];
    if (run !== undefined && run.high === point - 1 && run.number === numbers.get(mark)) run.high = point;
    else runs.push({ low: point, high: point, number: numbers.get(mark)! });
  }
  return planes(runs, ({ low }) => low, ({ low, high, number: own }) => String.fromCharCode(low & 0xffff, high & 0xffff, own));
}

function compositions(points: readonly number[]): string[] {
  const pairs: [string, string, string][] = [];
  for (const point of points) {
    const composed = String.fromCodePoint(point);
    const parts = [...composed.normalize("NFD")];
    if (parts.length < 2 || composed.normalize("NFC") !== composed) continue;
    const last = parts.pop()!;
    const first = parts.join("").normalize("NFC");
    if ([...first].length !== 1) throw new Error(`${composed} is not made of two`);
    pairs.push([first, last, composed]);
  }
  pairs.sort(([a, b], [c, d]) => a.codePointAt(0)! - c.codePointAt(0)! || b.codePointAt(0)! - d.codePointAt(0)!);
  const texts = ["", "", ""];
  for (const [first, last, composed] of pairs) {
    if (first.length !== composed.length || last.length > first.length) throw new Error(`no list for ${composed}`);
    texts[first.length + last.length - 2] += first + last + composed;
  }
  return texts;
}

function planes<Record>(records: readonly Record[], first: (record: Record) => number, write: (record: Record) => string): Planes {
  const texts: Planes = Array.from({ length: PLANES }, () => "");
  for (const record of records) texts[first(record) >> 16] += write(record);
  return texts;
}
