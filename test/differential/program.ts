// A whole program from a seed: a few sections, each a function whose errors end it alone, that share what the ones before
// declared around them. The same seed gives the same program wherever it is made.

import { readFileSync } from "node:fs";
import { root } from "../support/run-program.js";
import { arrayLiteral, expression, objectLiteral } from "./expressions.js";
import { classExpression, functionDeclaration } from "./functions.js";
import { Maker, type Kind } from "./maker.js";
import { patchStatements } from "./patches.js";
import { openStatements } from "./statements.js";

const prelude = readFileSync(`${root}test/differential/prelude.js`, "utf8").replace(/^\/\/.*\n/gm, "").trim();

const SECTIONS_MAX = 5;
const SECTION_SIZE = 60;

/** The part of a program that is its own, without the prelude. */
export function generate(seed: number): string {
  const strict = seed % 4 === 0;
  const m = new Maker(seed, SECTION_SIZE, strict);
  const parts = m.some(1, 3, () => sharedDeclaration(m));
  const patches = seed % 5 === 3;
  const sections = 1 + m.next(SECTIONS_MAX);
  for (let i = 0; i < sections; i++) {
    m.refresh(SECTION_SIZE);
    const async = m.chance(25);
    parts.push(`section(${i}, ${async ? "async " : ""}function () {\n${m.within({ inFunction: true, awaits: async }, () => `${patches ? patchStatements(m) : openStatements(m, 6)}\nreturn ${expression(m)};`)}\n});`);
  }
  return `${strict ? "\"use strict\";\n" : ""}${parts.join("\n")}`;
}
/** Declared around all sections; what may throw is in a section of its own. */
function sharedDeclaration(m: Maker): string {
  if (m.chance(40)) return functionDeclaration(m);
  const name = m.fresh();
  const [kind, make] = m.pick<[Kind, () => string]>([["class", () => classExpression(m)], ["value", () => expression(m)], ["object", () => objectLiteral(m)], ["array", () => arrayLiteral(m)]]);
  const text = `var ${name}; section("${name}", () => { ${name} = ${m.within({ yields: false }, make)}; });`;
  m.declare(name, kind);
  return text;
}

/** The whole program. A directive of the body becomes the whole function's. */
export function wholeProgram(body: string): string {
  const directive = body.startsWith("\"use strict\";") ? "\"use strict\"; " : "";
  return `(function () { ${directive}const { log, tick, t, fail, ob, it, ait, px, th, settle, drive, section, run, base } = ${prelude};\n${body}\n}).call({ top: 1 });`;
}
