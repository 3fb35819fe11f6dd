// Runs one test of test262 in one mode on a machine of its own and says whether it did what is expected. The harness's
// files and the test are one source text; a module's are the entry's text, so that what it imports may use them too only
// as far as it says so.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CompileError, compileProgram, compileScript, type SourceHost } from "../../compiler/index.js";
import type { ProgramUnit } from "../../vm/unit.js";
import type { ProgramRun } from "../support/run-program.js";
import { harnessOf, type Metadata, type Mode } from "./metadata.js";
import type { Way } from "./ways.js";

export interface Verdict { passed: boolean; reason: string }

/** A program's memory. */
const MEMORY_BYTES = 128 * 1024 * 1024;

/** What the suite expects of its host (INTERPRETING.md), as far as programs have it. */
const HOST = `
var print = function (text) { console.log(text); };
var $262 = function hostOf(global) {
  return global.$262 = {
    global,
    gc() {},
    detachArrayBuffer(buffer) { if (!buffer.detached) buffer.transfer(); return null; },
    createRealm() { return hostOf(mvm.createRealm()); },
    evalScript(text) { return global.mvm.evaluate(text); },
    agent: { start() { throw new Test262Error("agents are not offered"); }, broadcast() {}, getReport() { return null; }, sleep() {}, monotonicNow() { return performance.now(); } },
  };
}(globalThis);
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

/** `file` is the test's path, `way` how its program is run. */
export async function runTest(suite: string, file: string, source: string, metadata: Metadata, mode: Mode, way: Way): Promise<Verdict> {
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
  // What a module awaits at its top level fails as a rejection.
  const ignoresRejections = mode !== "module" && negative === undefined;
  return judge(await way.finish(file, unit, { memoryBytes: MEMORY_BYTES, files, ignoresRejections }), metadata);
}

function judge(run: ProgramRun, { negative, flags }: Metadata): Verdict {
  const uncaught = run.host.uncaught?.replace(/^Uncaught /, "");
  if (run.ending !== "ended" && run.ending !== "deadlock") return { passed: false, reason: String(run.ending) };
  if (negative !== undefined) {
    const passed = uncaught !== undefined && new RegExp(`^(?:\\S+ \\[)?${negative.type}\\b`).test(uncaught);
    return { passed, reason: passed ? "" : `${negative.type} was expected: ${summary(uncaught ?? "no error")}` };
  }
  if (uncaught !== undefined) return { passed: false, reason: summary(uncaught) };
  if (!flags.includes("async")) return { passed: true, reason: "" };
  const line = run.host.transcript.find((text) => text.startsWith("Test262:"))?.trimEnd();
  return line === "Test262:AsyncTestComplete" ? { passed: true, reason: "" } : { passed: false, reason: line ?? "never done" };
}

/** An error's text in one line; of those that the suite throws only what they say. */
function summary(text: string): string {
  const said = /^Test262Error \{\s*message: (['"`])([^]*)\1\s*\}/.exec(text);
  return said === null ? text.split("\n")[0]!.trimEnd() : `Test262Error: ${said[2]}`;
}
