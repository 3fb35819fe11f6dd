// A test of test262: its front matter (a YAML map between /*--- and ---*/, INTERPRETING.md of the suite) and what it says
// about how the test is run: in which modes, with which files of the harness before it, and what is expected of it.

import { parse } from "yaml";

export type Phase = "parse" | "resolution" | "runtime";
export interface Metadata {
  flags: readonly string[];
  features: readonly string[];
  includes: readonly string[];
  /** The error that is expected, and when. */
  negative: { phase: Phase; type: string } | undefined;
}
/** How a test is run: as a script with or without "use strict" before it, as a module, or as it is. */
export type Mode = "sloppy" | "strict" | "module" | "raw";

export function readMetadata(source: string): Metadata {
  const text = /\/\*---\r?\n?([^]*?)---\*\//.exec(source)?.[1] ?? "";
  const front = (parse(text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")) ?? {}) as Partial<Metadata>;
  return { flags: front.flags ?? [], features: front.features ?? [], includes: front.includes ?? [], negative: front.negative };
}

export function modesOf({ flags }: Metadata): Mode[] {
  if (flags.includes("raw")) return ["raw"];
  if (flags.includes("module")) return ["module"];
  if (flags.includes("onlyStrict")) return ["strict"];
  if (flags.includes("noStrict")) return ["sloppy"];
  return ["sloppy", "strict"];
}

/** Names of the harness's files that come before a test, in order. */
export function harnessOf({ flags, includes }: Metadata): string[] {
  if (flags.includes("raw")) return [];
  return ["assert.js", "sta.js", ...flags.includes("async") ? ["doneprintHandle.js"] : [], ...includes];
}

/** Features that are not this project's to have, by their tags in front matter; the reasons are in README.md here. */
const LEFT_OUT = /^(Temporal|ShadowRealm|Intl.*|import-defer|source-phase-imports.*|decorators|canonical-tz|IsHTMLDDA)$/;
/** The tag for which a test is left out, if it is; `agent` where it needs several of them. */
export function leftOutFor(source: string, { features }: Metadata): string | undefined {
  if (/\$262\.agent\.start\(/.test(source)) return "agent";
  return features.find((feature) => LEFT_OUT.test(feature));
}
