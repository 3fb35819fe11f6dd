// Character properties as sets, asked of the building engine's own regular expressions, and as the digits in which the
// core has them. A set is a flat list of borders: the first code point inside, the first outside, and so on.
//
// DIGITS. A number is written in the printable characters from "#" to "~" but "\": 90 is the greatest digit. A digit of
// 60 or more has another behind it: the rest is divided by 31. So tables are plain texts in the core's source, in the
// core and in memory, and none has to be unpacked when the core is built.

/** All code points but surrogates, in order. */
const characters = allCharacters();

function allCharacters(): string {
  const parts: string[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    if (point < 0xd800 || point > 0xdfff) parts.push(String.fromCodePoint(point));
  }
  return parts.join("");
}

const SURROGATES = 0xd800;
const BEHIND_SURROGATES = 0xe000;
const ALL = 0x110000;

/** The code points that `\p{expression}` matches, with the flag u or v. Throws a SyntaxError where the engine does not know it. */
export function propertySet(expression: string, flag = "u"): number[] {
  const set: number[] = [];
  const add = (low: number, high: number): void => {
    if (set.length > 0 && set[set.length - 1] === low) set[set.length - 1] = high;
    else set.push(low, high);
  };
  const withSurrogates = new RegExp(`^\\p{${expression}}$`, flag).test("\ud800");
  let surrogatesAdded = false;
  const addBetween = (low: number, high: number): void => {
    if (withSurrogates && !surrogatesAdded && low >= BEHIND_SURROGATES) {
      add(SURROGATES, BEHIND_SURROGATES);
      surrogatesAdded = true;
    }
    if (low < SURROGATES && high > BEHIND_SURROGATES) {
      add(low, withSurrogates ? BEHIND_SURROGATES : SURROGATES);
      surrogatesAdded = true;
      add(BEHIND_SURROGATES, high);
    } else add(low, high);
  };
  for (const match of characters.matchAll(new RegExp(`\\p{${expression}}+`, `g${flag}`))) {
    const end = match.index + match[0].length;
    const last = characters.codePointAt(end - 1)!;
    const isTrail = last >= 0xdc00 && last <= 0xdfff;
    addBetween(characters.codePointAt(match.index)!, (isTrail ? characters.codePointAt(end - 2)! : last) + 1);
  }
  if (withSurrogates && !surrogatesAdded) {
    add(SURROGATES, BEHIND_SURROGATES);
    set.sort((a, b) => a - b);
  }
  return set;
}

/** What is in one of two sets. */
export function difference(a: readonly number[], b: readonly number[]): number[] {
  const borders: number[] = [];
  for (const border of [...a, ...b].sort((x, y) => x - y)) {
    if (borders[borders.length - 1] === border) borders.pop();
    else borders.push(border);
  }
  return borders;
}
/** What is in one of disjoint sets. */
export function union(sets: readonly (readonly number[])[]): number[] {
  return sets.reduce<number[]>((all, set) => difference(all, set), []);
}
/** What a set lacks. */
export function complement(set: readonly number[]): number[] { return difference(set, [0, ALL]); }

/** How many code points two sets have in common. */
function common(a: readonly number[], b: readonly number[]): number {
  const count = (set: readonly number[]): number => set.reduce((sum, border, i) => sum + (i % 2 === 0 ? -border : border), 0);
  return (count(a) + count(b) - count(difference(a, b))) / 2;
}

/** A number as digits. */
export function digits(number: number): string {
  let text = "";
  let rest = number;
  for (; rest >= 60; rest = Math.floor((rest - 60) / 31)) text += digit(60 + (rest - 60) % 31);
  return text + digit(rest);
}
function digit(value: number): string { return String.fromCharCode(value + (value < 57 ? 35 : 36)); }

/** A set as digits: the distance from each border to the next. */
export function setDigits(set: readonly number[]): string {
  return set.map((border, i) => digits(border - (set[i - 1] ?? 0))).join("");
}

/** A set as digits: general categories, as bits, and what is in one of them or the set but not both, where that is less than half of the set by itself, which is faster to read. */
export function maskedDigits(set: readonly number[], categorySets: readonly (readonly number[])[]): string {
  const size = (part: readonly number[]): number => common(part, part);
  let mask = 0;
  let base: number[] = [];
  categorySets.forEach((category, bit) => {
    if (common(category, set) * 2 <= size(category)) return;
    mask += 2 ** bit;
    base = difference(base, category);
  });
  const plain = digits(0) + setDigits(set);
  const masked = digits(mask) + setDigits(difference(base, set));
  return masked.length < plain.length * 0.5 ? masked : plain;
}

/** A text as a literal of the core's sources, in one piece: a rope could not be made flat there. */
export function literal(text: string): string { return JSON.stringify(text); }
