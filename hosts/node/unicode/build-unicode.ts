// Writes the core's tables of Unicode: vm/core/unicode-few.js, the categories and what else firmware has; unicode-all.js,
// the other properties that \p{…} can name; normal-forms.js. Their source is the engine that runs this, which has to be
// one of the Unicode version below. They are part of the repository although a command makes them (`npm run unicode`):
// were they made by every build, the cores of two builds would differ with the engines that made them, and programs
// could not move between their hosts. `--check` writes nothing and fails where a table is not what it would be.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { normalForms } from "./normal-forms.js";
import { binaryProperties, categories, otherCategories, scripts } from "./names.js";
import { alphabetOf, sequences, sequenceTable } from "./sequences.js";
import { complement, difference, digits, literal, maskedDigits, propertySet, setDigits, union } from "./sets.js";

/** The version of Unicode whose tables these are; kernel/lettercase.ts is of the same. */
export const UNICODE_VERSION = "17.0";

const PAIRS = 24;
const fewScripts = ["Latin", "Greek", "Cyrillic", "Han", "Hiragana", "Katakana"];
const fewEmoji = ["Emoji", "Emoji_Presentation", "Extended_Pictographic"];

/** The files, by name. */
export function unicodeFiles(): Record<string, string> {
  if (process.versions.unicode !== UNICODE_VERSION) throw new Error(`this engine has Unicode ${process.versions.unicode}, and the tables are of ${UNICODE_VERSION}`);
  const sets = categories.map((name) => propertySet(`General_Category=${name}`));
  const categorySets = [...sets, complement(union(sets))];
  return { "unicode-few.js": few(categorySets), "unicode-all.js": all(categorySets), "normal-forms.js": normal() };
}

const header = (text: string): string => `// ${text}\n// Made by hosts/node/unicode/build-unicode.ts (npm run unicode) of Unicode ${UNICODE_VERSION}; not to be changed by hand.\n\n`;
const entries = (members: readonly (readonly [string, string])[]): string => members.map(([name, text]) => `  ${/^\w+$/.test(name) ? name : JSON.stringify(name)}: unicodeBytes(${literal(text)}),\n`).join("");

function few(categorySets: readonly (readonly number[])[]): string {
  const members = [
    ...fewEmoji.map((name) => [name, bordersBytes(propertySet(name))] as const),
    ...fewScripts.map((name) => [`Script=${name}`, bordersBytes(propertySet(`Script=${name}`))] as const),
  ];
  return `${header("What unicode.js reads: its head says how.")}const unicodeRuns = unicodeBytes(${literal(runsBytes(categorySets))});\n` +
    `const unicodeData = defineMembers($newObject(null), {\n${entries(members)}}, ALL);\n`;
}

/** The row of all categories: bytes in base 64, as unicode.js describes them. */
function runsBytes(categorySets: readonly (readonly number[])[]): string {
  const categoryAt = new Map<number, number>();
  categorySets.forEach((set, category) => {
    for (let i = 0; i < set.length; i += 2) categoryAt.set(set[i]!, category);
  });
  const runs = [...categoryAt].sort(([a], [b]) => a - b).map(([start, category], i, list) => ({ category, length: (list[i + 1]?.[0] ?? 0x110000) - start }));
  const bytes: number[] = [];
  const write = (category: number, length: number): void => {
    if (length < 8) bytes.push(category + 32 * length);
    else bytes.push(category, ...numberBytes(length));
  };
  for (let i = 0; i < runs.length;) {
    let pairs = 0;
    while (runs[i + 2 * pairs]?.category === 0 && runs[i + 2 * pairs]!.length === 1 && runs[i + 2 * pairs + 1]?.category === 1 && runs[i + 2 * pairs + 1]!.length === 1) pairs++;
    if (pairs > 0) write(PAIRS, pairs);
    else write(runs[i]!.category, runs[i]!.length);
    i += pairs > 0 ? 2 * pairs : 1;
  }
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
function bordersBytes(set: readonly number[]): string {
  return Buffer.from(set.flatMap((border, i) => numberBytes(border - (set[i - 1] ?? 0)))).toString("base64").replace(/=+$/, "");
}
function numberBytes(number: number): number[] {
  return number < 128 ? [number] : [number % 128 + 128, ...numberBytes(Math.floor(number / 128))];
}

function all(categorySets: readonly (readonly number[])[]): string {
  const names: string[] = [];
  const texts: string[] = [];
  const add = (prefix: string, aliases: string, text: string): void => {
    for (const alias of aliases.split(" ")) names.push(`${prefix}${alias}:${texts.length}`);
    texts.push(text);
  };
  for (const aliases of otherCategories) add("gc=", aliases, maskedDigits(propertySet(`General_Category=${aliases.split(" ")[0]!}`), categorySets));
  add("=", "Basic_Emoji", maskedDigits(propertySet("Basic_Emoji", "v"), categorySets));
  for (const aliases of binaryProperties) add("", aliases, maskedDigits(propertySet(aliases.split(" ")[0]!), categorySets));
  for (const aliases of [...scripts, "Unknown Zzzz"]) {
    const name = aliases.split(" ")[0]!;
    const script = propertySet(`Script=${name}`);
    add("sc=", aliases, maskedDigits(script, categorySets));
    texts.push(digits(0) + setDigits(difference(script, propertySet(`Script_Extensions=${name}`))));
  }
  const strings = sequences();
  const alphabet = alphabetOf(Object.values(strings).flat());
  return header("What properties.js reads: its head says how.") +
    `const propertyNames = ${literal(` ${names.join(" ")} `)};\n` +
    `const propertyTexts = [\n${texts.map((text) => `  ${literal(text)},\n`).join("")}];\n` +
    `const sequencePoints = ${literal(setDigitsOf(alphabet))};\n` +
    `const sequenceNames = ${literal(` ${["RGI_Emoji", ...Object.keys(strings)].map((name, number) => `${name}:${number}`).join(" ")} `)};\n` +
    `const sequenceTexts = [\n${Object.values(strings).map((list) => `  ${literal(sequenceTable(list, alphabet))},\n`).join("")}];\n`;
}
function setDigitsOf(alphabet: readonly string[]): string { return alphabet.map((point) => digits(point.codePointAt(0)!)).join(""); }

function normal(): string {
  const { canonical, compatible, pool, classes, compositions } = normalForms();
  const wide = (text: string): string => literal(text).replace(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const list = (name: string, texts: readonly string[]): string => `const ${name} = [\n${texts.map((text) => `  ${wide(text)},\n`).join("")}];\n`;
  return header("What normalize.js reads: its head says how.") + list("normalCanonical", canonical) + list("normalCompatible", compatible) +
    list("normalClasses", classes) + list("normalCompositions", compositions) + `const normalPool = ${wide(pool)};\n`;
}

const core = fileURLToPath(new URL("../../../../vm/core/", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(unicodeFiles())) {
    const isSame = existsSync(core + name) && readFileSync(core + name, "utf8") === text;
    if (process.argv.includes("--check") && !isSame) throw new Error(`${name} is not what it would be: npm run unicode`);
    if (!isSame) writeFileSync(core + name, text);
    console.log(`${String(text.length).padStart(8)} bytes  ${name}`);
  }
}
