// Runs a program on both sides and says where they differ. Node's side is a fresh context of this process, whose jobs are
// run before it comes back; ours is the flattened machine, or another way of test262's runner (in C, moved between both).
// What meets a limit on either side is no difference: the program is given up and counted.

import { Script, createContext } from "node:vm";
import { CompileError, compileScript } from "../../compiler/index.js";
import { openWay, type Way } from "../test262/ways.js";
import { flatKernel, ProgramRun } from "../support/run-program.js";
import { wholeProgram } from "./program.js";

process.env["TZ"] = "UTC";
// Rejections that nobody handles are part of what programs do.
process.on("unhandledRejection", () => {});

/** How a program is run on our side. */
export type Side = "here" | "c" | "moved";

export interface Difference {
  /** What the first differing lines say, without what varies from program to program. */
  signature: string;
  node: string;
  ours: string;
}
export type Outcome = { kind: "same" | "limit" } | { kind: "difference"; difference: Difference };

/** Milliseconds that Node may take; it is many times as fast as the machine. */
const PATIENCE_MS = 500;
const STEPS_MAX = 30_000_000;
const STACK_BYTES = 8 * 1024 * 1024;
const LIMIT = "[limit]";
const REFUSED = "[SyntaxError]";

export function nodeOutput(source: string): string {
  let script: Script;
  try {
    script = new Script(source, { filename: "program.js" });
  } catch {
    return REFUSED;
  }
  const lines: string[] = [];
  const global = Object.defineProperties({}, { [Symbol.toStringTag]: { value: "global", configurable: true }, console: { value: { log: (line: string) => { lines.push(line); } }, writable: true, configurable: true } });
  const context = createContext(global, { microtaskMode: "afterEvaluate" });
  try {
    script.runInContext(context, { timeout: PATIENCE_MS });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return LIMIT;
    lines.push("[uncaught]");
  }
  return lines.join("\n");
}

const ways = new Map<Side, Promise<Way>>();
function wayOf(side: Side): Promise<Way> {
  let way = ways.get(side);
  if (way === undefined) ways.set(side, way = openWay({ suite: "", host: side === "c" ? "c" : undefined, moves: side === "moved" ? "some" : "none", seed: 1 }));
  return way;
}

export async function ourOutput(source: string, side: Side): Promise<string> {
  let unit;
  try {
    unit = compileScript(source, "program.js");
  } catch (error) {
    if (error instanceof CompileError) return REFUSED;
    return `[the compiler failed: ${String(error).split("\n")[0]}]`;
  }
  const options = { stackBytes: STACK_BYTES, ignoresRejections: true };
  try {
    const run = side === "here" ? ProgramRun.start(flatKernel, unit, options).finish(STEPS_MAX) : await (await wayOf(side)).finish("program", unit, options);
    if (run.ending === "steps" || run.ending === "out-of-memory") return LIMIT;
    const lines = run.host.transcript.join("").trimEnd().split("\n");
    if (run.ending !== "ended") lines.push(`[${run.ending}]`);
    return lines.map((line) => (line.startsWith("[uncaught]") ? "[uncaught]" : line)).join("\n");
  } catch (error) {
    return `[fault: ${String((error as Error).stack).split("\n").slice(0, 3).join(" ")}]`;
  }
}

/** Compares the two sides' outputs of a program's own part. */
export async function compare(body: string, side: Side = "here"): Promise<Outcome> {
  const source = wholeProgram(body);
  const node = nodeOutput(source);
  if (node === LIMIT) return { kind: "limit" };
  const ours = await ourOutput(source, side);
  if (ours === LIMIT) return { kind: "limit" };
  if (ours === node) return { kind: "same" };
  return { kind: "difference", difference: { signature: signatureOf(node, ours), node, ours } };
}

function signatureOf(node: string, ours: string): string {
  const [first, second] = [node.split("\n"), ours.split("\n")];
  const at = first.findIndex((line, index) => line !== second[index]);
  const [one, other] = [at < 0 ? "(end)" : first[at]!, at < 0 ? second[first.length] ?? "(end)" : second[at] ?? "(end)"];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const vague = (line: string): string => line.slice(Math.max(0, same - 15), same + 30).replace(/\d+/g, "#");
  return `${vague(one)} | ${vague(other)}`;
}
