// The core's tables of Unicode against the engine that runs this, where it is of the same version: that the files are
// what the generator makes now; that each set changes where the engine's does; that texts get the engine's normal forms.

import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import test from "ava";
import { unicodeFiles, UNICODE_VERSION } from "../hosts/node/unicode/build-unicode.js";
import { binaryProperties, categories, otherCategories, scripts } from "../hosts/node/unicode/names.js";
import { propertySet } from "../hosts/node/unicode/sets.js";
import { compileText, flatKernel, ProgramRun, root } from "./support/run-program.js";

const isSame = process.versions.unicode === UNICODE_VERSION;
const declare = isSame ? test : test.skip;
if (!isSame) console.log(`unicode.test: this engine has Unicode ${process.versions.unicode}, the tables are of ${UNICODE_VERSION}: not compared`);

declare("the tables are what the generator makes", (t) => {
  for (const [name, text] of Object.entries(unicodeFiles())) t.is(readFileSync(`${root}vm/core/${name}`, "utf8") === text, true, name);
});

const names = [
  ...categories.map((name) => `gc=${name}`), ...otherCategories.flatMap((aliases) => aliases.split(" ")), ...binaryProperties.flatMap((aliases) => aliases.split(" ")),
  "ID_Start", "IDC", "White_Space", "space", "Emoji", "EPres", "ExtPict", "LC", "P", "Z", "Any", "ASCII",
  ...[...scripts, "Unknown Zzzz"].flatMap((aliases) => [`Script=${aliases.split(" ")[0]!}`, `scx=${aliases.split(" ").at(-1)!}`]),
];

/** Code points beside the borders of a set, within and without, as texts. */
function besides(set: readonly number[]): [string, string] {
  const sides: [string, string] = ["", ""];
  set.forEach((border, i) => {
    for (const [point, side] of [[border, i % 2], [border - 1, 1 - i % 2]] as const) {
      if (point >= 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)) sides[side] += String.fromCodePoint(point);
    }
  });
  return sides;
}

declare("sets change where the engine's do", (t) => {
  const cases = names.map((name) => [name, ...besides(propertySet(name))]);
  const source = `for (const [name, within, without] of ${JSON.stringify(cases)}) {
    if (!new RegExp("^\\\\p{" + name + "}*$", "u").test(within) || !new RegExp("^\\\\P{" + name + "}*$", "u").test(without)) console.log(name);
  }`;
  const run = ProgramRun.start(flatKernel, compileText(source, "sets.js"), { memoryBytes: 64 * 1024 * 1024 }).finish();
  t.is(run.transcript(), "[exit 0]");
});

declare("texts get the engine's normal forms", (t) => {
  const forms = ["NFC", "NFD", "NFKC", "NFKD"];
  const points = Array.from({ length: 0x30000 }, (_, point) => point).filter((point) => {
    if (point >= 0xd800 && point <= 0xdfff || point >= 0xac00 && point <= 0xd7a3 && point % 97 > 0) return false;
    const character = String.fromCodePoint(point);
    return forms.some((form) => character.normalize(form) !== character || `${character}\u0334`.normalize(form) !== `${character}\u0334`);
  });
  const source = `
    const texts = [];
    for (const point of [${points.join()}]) texts.push(String.fromCodePoint(point) + "\\u0323\\u0301\\u0345");
    const whole = texts.join("");
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) {
      const result = whole.normalize(form);
      let hash = 0;
      for (let i = 0; i < result.length; i++) hash = (hash * 31 + result.charCodeAt(i)) | 0;
      console.log(form, result.length, hash);
    }`;
  const lines: string[] = [];
  runInNewContext(source, { console: { log: (...values: unknown[]) => { lines.push(values.join(" ")); } } });
  const run = ProgramRun.start(flatKernel, compileText(source, "forms.js"), { memoryBytes: 256 * 1024 * 1024 }).finish();
  t.is(run.transcript(), `${lines.join("\n")}\n[exit 0]`);
});
