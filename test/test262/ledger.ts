// The ledger: which tests are expected to fail, and why. A line that begins with # is the reason of the lines behind it,
// each of which is a test's path below test/, or a folder's with a slash at its end, all tests of which fail. So a change
// that breaks a test is seen at once, and one that mends a test takes its line out.

import type { Outcome } from "./outcome.js";

export interface Group { reason: string; patterns: string[] }
/** Where `--update` puts what nobody has explained yet. */
const UNEXPLAINED = "not looked into yet";

export function readLedger(text: string): Group[] {
  const groups: Group[] = [];
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    if (line === "") continue;
    if (line.startsWith("#")) groups.push({ reason: line.replace(/^#\s*/, ""), patterns: [] });
    else if (groups.length === 0) throw new Error(`the ledger's first line gives no reason: ${line}`);
    else groups.at(-1)!.patterns.push(line);
  }
  return groups;
}

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith("/") ? path.startsWith(pattern) : path === pattern;
}

export interface Surprises { failures: Outcome[]; passes: Outcome[] }
/** What went otherwise than the ledger says. */
export function surprises(groups: readonly Group[], outcomes: readonly Outcome[]): Surprises {
  const patterns = groups.flatMap((group) => group.patterns);
  const exact = new Set(patterns);
  const folders = patterns.filter((pattern) => pattern.endsWith("/"));
  const expected = (path: string): boolean => exact.has(path) || folders.some((folder) => covers(folder, path));
  const run = outcomes.filter(({ leftOut }) => leftOut === undefined);
  return {
    failures: run.filter(({ path, passed }) => !passed && !expected(path)),
    passes: run.filter(({ path, passed }) => passed && expected(path)),
  };
}

/** The ledger after a run: without what passed, with what failed; what was not run stays. A folder of which a test passed becomes its other tests. */
export function updatedLedger(groups: readonly Group[], outcomes: readonly Outcome[]): string {
  const run = outcomes.filter(({ leftOut }) => leftOut === undefined);
  const verdicts = new Map(run.map(({ path, passed }) => [path, passed]));
  const kept = groups.map(({ reason, patterns }): Group => ({
    reason,
    patterns: patterns.flatMap((pattern) => {
      if (!pattern.endsWith("/")) return verdicts.get(pattern) === true ? [] : [pattern];
      const inside = run.filter(({ path }) => covers(pattern, path));
      return inside.some(({ passed }) => passed) ? inside.filter(({ passed }) => !passed).map(({ path }) => path) : [pattern];
    }),
  }));
  const fresh = surprises(kept, outcomes).failures.map(({ path }) => path);
  const unexplained = kept.find(({ reason }) => reason === UNEXPLAINED);
  if (unexplained !== undefined) unexplained.patterns.push(...fresh);
  else kept.push({ reason: UNEXPLAINED, patterns: fresh });
  return kept.filter(({ patterns }) => patterns.length > 0).map(({ reason, patterns }) => `# ${reason}\n${patterns.sort().join("\n")}\n`).join("\n");
}
