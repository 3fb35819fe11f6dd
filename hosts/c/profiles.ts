// Profiles: what a firmware with little flash leaves out. A part is something that programs may do without: modules of the
// core (vm/core/files.ts) and the functions of the kernel that only these use. What remains has the same addresses and does
// the same, so images go to and fro between profiles; what reaches an absent part is stopped, and told which part that is.

import { coreModules } from "../../vm/core/files.js";

export interface Part {
  readonly name: string;
  readonly doc: string;
  /** Modules of the core. */
  readonly modules: readonly string[];
  /** Functions of these modules that stay: what others ask before they turn to the part. */
  readonly keeps: readonly string[];
  /** Files of the kernel, and further functions of it. */
  readonly files: readonly string[];
  readonly functions: readonly string[];
}

export const parts: readonly Part[] = [
  { name: "regexp", doc: "Regular expressions, and the properties of characters that they name.",
    modules: ["regexp", "unicode"], keeps: [], files: ["regexp.ts"], functions: [] },
  { name: "binary", doc: "ArrayBuffer, typed arrays, DataView.",
    modules: ["binary"], keeps: ["isTyped"], files: [],
    functions: ["newBytes", "newTyped", "typedInfo", "typedGet", "typedSet", "typedFill", "bytesRead", "bytesWrite", "bytesMove", "bytesFill"] },
  { name: "date", doc: "Date.", modules: ["date"], keeps: [], files: [], functions: [] },
  { name: "json", doc: "JSON.", modules: ["json"], keeps: [], files: ["json-parse.ts", "json-write.ts"], functions: [] },
  { name: "mathematics", doc: "Powers (** too), logarithms, trigonometry.",
    modules: [], keeps: [], files: ["trigonometry.ts"],
    functions: ["mathPow", "mathExp", "mathExpm1", "mathLog", "mathLog1p", "mathLog2", "mathLog10", "mathCbrt", "mathSinh", "mathCosh", "mathTanh", "mathAsinh", "mathAcosh", "mathAtanh"] },
  { name: "lettercase", doc: "Upper and lower case beyond ASCII.", modules: [], keeps: [], files: ["lettercase.ts"], functions: [] },
  { name: "collections", doc: "Map, Set, WeakMap, WeakSet.", modules: ["collections"], keeps: [], files: [], functions: [] },
  { name: "reflect", doc: "Reflect.", modules: ["reflect"], keeps: [], files: [], functions: [] },
  { name: "web", doc: "structuredClone, TextEncoder, TextDecoder, atob, btoa, performance, crypto.",
    modules: ["web"], keeps: [], files: [], functions: ["utf8Encode", "utf8Decode"] },
  { name: "evaluation", doc: "eval, Function, further scripts, and with: code from text, names looked up at run time.", modules: ["evaluation"], keeps: [], files: ["new-code.ts"], functions: [] },
  { name: "bigint", doc: "BigInt, with BigInt64Array and BigUint64Array.", modules: ["bigint"], keeps: [], files: ["bigint.ts", "bigdigits.ts"], functions: [] },
];

export interface Profile {
  readonly name: string;
  /** The parts that it lacks. */
  readonly without: readonly string[];
}

/** Parts of which every module is of the whole language (files.ts). */
const whole = parts.filter(({ modules }) => modules.length > 0 && modules.every((name) => coreModules.find((each) => each.name === name)?.language === "whole")).map(({ name }) => name);

export const profiles: readonly Profile[] = [
  { name: "full", without: [] },
  { name: "standard", without: whole },
  { name: "small", without: [...whole, "regexp", "binary", "date"] },
  { name: "minimal", without: parts.map(({ name }) => name) },
];

/** The parts that a profile lacks. Throws an Error that says which profiles there are. */
export function absentParts(name: string): readonly Part[] {
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined) throw new Error(`There is no profile ${name}: give ${profiles.map((each) => each.name).join(", ")}.`);
  return parts.filter((part) => profile.without.includes(part.name));
}
