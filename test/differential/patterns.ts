// Destructuring patterns, nested, with defaults, holes, rests and computed keys: those that declare names and those that
// assign to whatever can be assigned to.

import { expression, propertyName, target } from "./expressions.js";
import type { Maker } from "./maker.js";
import { key } from "./values.js";

/** `declare` puts new names into `names`, which the caller declares when they are in sight. */
export function pattern(m: Maker, use: "declare" | "assign", form: "[" | "{", names: string[] = []): string {
  return m.deeper(() => (form === "[" ? arrayPattern(m, use, names) : objectPattern(m, use, names)));
}

function element(m: Maker, use: "declare" | "assign", names: string[]): string {
  return m.choose([5, () => simple(m, use, names)], [m.tired ? 0 : 2, () => pattern(m, use, m.pick(["[", "{"]), names)]);
}
function simple(m: Maker, use: "declare" | "assign", names: string[]): string {
  if (use === "assign") return target(m);
  const name = m.fresh();
  names.push(name);
  return name;
}
function withDefault(m: Maker, text: string): string { return m.chance(40) ? `${text} = ${expression(m)}` : text; }

function arrayPattern(m: Maker, use: "declare" | "assign", names: string[]): string {
  const parts = m.some(0, 4, () => (m.chance(15) ? "" : withDefault(m, element(m, use, names))));
  if (m.chance(25)) parts.push(`...${element(m, use, names)}`);
  else if (parts.length > 0 && parts.at(-1) === "") parts.push("");
  return `[${parts.join(", ")}]`;
}

function objectPattern(m: Maker, use: "declare" | "assign", names: string[]): string {
  const parts = m.some(0, 3, () => m.choose(
    [4, () => `${m.chance(70) ? propertyName(m) : `[${key(m)}]`}: ${withDefault(m, element(m, use, names))}`],
    [2, () => {
      const name = use === "declare" ? simple(m, use, names) : m.name("value", "number", "text") ?? undefined;
      return name === undefined ? `a: ${target(m)}` : withDefault(m, name);
    }],
  ));
  if (m.chance(25)) parts.push(`...${simple(m, use, names)}`);
  return `{ ${parts.join(", ")} }`;
}
