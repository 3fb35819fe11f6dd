// Runs one test of test262 in one mode on a machine of its own and says whether it did what is expected. The harness's
// files and the test are one source text; a module's are the entry's text, so that what it imports may use them too only
// as far as it says so.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CompileError, compileProgram, compileScript, type SourceHost } from "../../compiler/index.js";
import type { ProgramUnit } from "../../vm/unit.js";
import { flatKernel, ProgramRun } from "../support/run-program.js";
import { harnessOf, type Metadata, type Mode } from "./metadata.js";

export interface Verdict { passed: boolean; reason: string }

/** Steps after which a test is given up. */
const STEPS_MAX = 150_000_000;
const MEMORY_BYTES = 128 * 1024 * 1024;

/** What the suite expects of its host (INTERPRETING.md), as far as programs have it. */
const HOST = `
var print = function (text) { console.log(text); };
var $262 = {
  global: globalThis,
  gc() {},
  detachArrayBuffer(buffer) { buffer.transfer(); return null; },
  createRealm() { throw new Test262Error("createRealm is not offered"); },
  evalScript(text) { return mvm.evaluate(text); },
  agent: { start() { throw new Test262Error("agents are not offered"); }, broadcast() {}, getReport() { return null; }, sleep() {}, monotonicNow() { return performance.now(); } },
};
`;

const harness = new Map<string, string>();
function harnessFile(suite: string, name: string): string {
  let text = harness.get(name);
  if (text === undefined) harness.set(name, text = readFileSync(join(suite, "harness", name), "utf8"));
  return text;
}

/** What tests import are modules, whatever their names end in. */
const files: SourceHost = {
  read: (path) => path.endsWith("/package.json") ? `{"type":"module"}` : existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined,
};

/** `file` is the test's path. */
export function runTest(suite: string, file: string, source: string, metadata: Metadata, mode: Mode): Verdict {
  const { negative } = metadata;
  const before = mode === "raw" ? "" : `${HOST}${harnessOf(metadata).map((name) => harnessFile(suite, name)).join("\n")}\n`;
  let unit: ProgramUnit;
  try {
    // An early error is one of the test alone.
    const text = (mode === "strict" ? "\"use strict\";\n" : "") + (negative?.phase === "parse" ? "" : before) + source;
    unit = mode === "module" ? compileProgram(file, { read: (path) => path === file ? text : files.read(path) }) : compileScript(text, file);
  } catch (error) {
    if (!(error instanceof CompileError)) return { passed: false, reason: `fault of the compiler: ${(error as Error).message}` };
    if (error.construct !== "syntax" && negative?.phase !== "resolution") return { passed: false, reason: `refused: ${error.construct}` };
    const expected = negative?.phase === "parse" || negative?.phase === "resolution";
    return { passed: expected, reason: expected ? "" : `SyntaxError: ${error.reason}` };
  }
  if (negative?.phase === "parse") return { passed: false, reason: "no early error" };
  return judge(ProgramRun.start(flatKernel, unit, { memoryBytes: MEMORY_BYTES, files }).finish(STEPS_MAX), metadata);
}

function judge(run: ProgramRun, { negative, flags }: Metadata): Verdict {
  const uncaught = run.host.transcript.find((line) => line.startsWith("[uncaught] "))?.slice("[uncaught] ".length).trimEnd();
  if (run.ending !== "ended" && run.ending !== "deadlock") return { passed: false, reason: String(run.ending) };
  if (negative !== undefined) {
    const passed = uncaught !== undefined && new RegExp(`^(?:\\S+ \\[)?${negative.type}\\b`).test(uncaught);
    return { passed, reason: passed ? "" : `${negative.type} was expected: ${uncaught ?? "no error"}` };
  }
  if (uncaught !== undefined) return { passed: false, reason: uncaught };
  if (!flags.includes("async")) return { passed: true, reason: "" };
  const line = run.host.transcript.find((text) => text.startsWith("Test262:"))?.trimEnd();
  return line === "Test262:AsyncTestComplete" ? { passed: true, reason: "" } : { passed: false, reason: line ?? "never done" };
}

