// The properties of strings (UTS 51: sequences of emoji), asked of the building engine's own regular expressions.
// Engines do not list them, so what may be one is tried: sequences of two, three and four emoji joined by U+200D are
// built of those that begin, join and end sequences.

import { digits } from "./sets.js";

const JOINER = "\u200d";
const VARIATION = "\ufe0f";
const MODIFIERS = ["\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"];
const PERSONS = ["\u{1f468}", "\u{1f469}", "\u{1f9d1}"];
const ARROW = "\u27a1\ufe0f";

const matcher = (name: string): ((text: string) => boolean) => {
  const pattern = new RegExp(`^\\p{${name}}$`, "v");
  return (text) => pattern.test(text);
};

function charactersOf(property: string): string[] {
  const all: string[] = [];
  const pattern = new RegExp(`^\\p{${property}}$`, "u");
  for (let point = 0; point <= 0x1ffff; point++) {
    const text = String.fromCodePoint(point);
    if (pattern.test(text)) all.push(text);
  }
  return all;
}

/** The strings of more than one code point that have a property, by its name. */
export function sequences(): Record<string, string[]> {
  const emoji = charactersOf("Emoji");
  const bases = charactersOf("Emoji_Modifier_Base");
  const indicators = charactersOf("Regional_Indicator");
  const toned = bases.flatMap((base) => MODIFIERS.map((modifier) => base + modifier));
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const tag = (text: string): string => `\u{1f3f4}${[...text].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join("")}\u{e007f}`;
  return {
    Basic_Emoji: emoji.map((text) => text + VARIATION).filter(matcher("Basic_Emoji")),
    Emoji_Keycap_Sequence: emoji.map((text) => `${text}${VARIATION}\u20e3`).filter(matcher("Emoji_Keycap_Sequence")),
    RGI_Emoji_Flag_Sequence: indicators.flatMap((a) => indicators.map((b) => a + b)).filter(matcher("RGI_Emoji_Flag_Sequence")),
    RGI_Emoji_Modifier_Sequence: toned.filter(matcher("RGI_Emoji_Modifier_Sequence")),
    RGI_Emoji_Tag_Sequence: letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => tag(`gb${a}${b}${c}`)))).filter(matcher("RGI_Emoji_Tag_Sequence")),
    RGI_Emoji_ZWJ_Sequence: joined(emoji, bases, toned),
  };
}

function joined(emoji: readonly string[], bases: readonly string[], toned: readonly string[]): string[] {
  const isOne = matcher("RGI_Emoji_ZWJ_Sequence");
  const signs = emoji.filter((text) => text > "\x7f").flatMap((text) => [text, text + VARIATION]);
  const elements = [...signs, ...toned];
  const persons = PERSONS.flatMap((person) => [person, ...MODIFIERS.map((modifier) => person + modifier)]);
  const family = [...PERSONS, "\u{1f466}", "\u{1f467}", "\u{1f9d2}"];
  const found: string[] = [];
  const attempt = (...parts: string[]): void => {
    const text = parts.join(JOINER);
    if (isOne(text)) found.push(text);
  };
  for (const a of elements) for (const b of signs) attempt(a, b);
  for (const a of toned) for (const b of toned) attempt(a, b);
  for (const a of [...bases, ...toned]) for (const b of ["\u2640\ufe0f", "\u2642\ufe0f"]) attempt(a, b, ARROW);
  for (const a of persons) {
    for (const b of signs) {
      attempt(a, b, ARROW);
      for (const c of persons) attempt(a, b, c);
    }
    for (const c of persons) attempt(a, "\u2764\ufe0f", "\u{1f48b}", c);
  }
  for (const a of family) for (const b of family) for (const c of family) {
    attempt(a, b, c);
    for (const d of family) attempt(a, b, c, d);
  }
  return [...new Set(found)];
}

/** Code points by how often strings have them, and the strings as digits: how many code points each shares with the one before, how many follow, and these by number. */
export function sequenceTable(strings: readonly string[], alphabet: readonly string[]): string {
  let text = "";
  let before: string[] = [];
  for (const string of [...strings].sort()) {
    const points = [...string];
    let shared = 0;
    while (before[shared] === points[shared]) shared++;
    text += digits(shared) + digits(points.length - shared) + points.slice(shared).map((point) => digits(alphabet.indexOf(point))).join("");
    before = points;
  }
  return text;
}
/** The code points of strings, the commonest first. */
export function alphabetOf(strings: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const string of strings) for (const point of string) counts.set(point, (counts.get(point) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([point]) => point);
}
