// npm run differential: random programs on Node and on the machine until so many seconds of CPU are spent. What differs is
// printed, made smaller, with both outputs; the last line sums up. Exit code 1 if anything differs that known.ts does not
// explain.

import { mkdirSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { campaign, type Finding } from "./campaign.js";
import { wholeProgram } from "./program.js";

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError("not a natural number.");
  return value;
}
const command = new Command("npm run differential --")
  .description("Compares seeded random programs with Node and says where they differ.")
  .option("--seconds <n>", "seconds of CPU to spend", count, 60)
  .option("--seed <n>", "the first program's seed; the next ones follow", count, 1)
  .option("--json", "print one object at the end instead of text")
  .option("--keep <folder>", "write what differs there: NAME.js, its own part NAME.body.js, NAME.node and NAME.ours")
  .option("--reduce <seconds>", "time for making one program smaller", count, 20)
  .parse();
const options = command.opts<{ seconds: number; seed: number; json?: true; keep?: string; reduce: number }>();

function firstLines(finding: Finding): string {
  const [node, ours] = [finding.difference.node.split("\n"), finding.difference.ours.split("\n")];
  const at = Math.max(0, node.findIndex((line, index) => line !== ours[index]));
  return `  Node: ${node[at] ?? "(end)"}\n  ours: ${ours[at] ?? "(end)"}`;
}
function report(finding: Finding): void {
  const { seed, side, body, difference } = finding;
  if (options.json === undefined) console.log(`seed ${seed}${side === "here" ? "" : ` (${side})`}:\n${body.replace(/^/gm, "    ")}\n${firstLines(finding)}\n`);
  if (options.keep === undefined) return;
  mkdirSync(options.keep, { recursive: true });
  const name = `${options.keep}/difference-${seed}`;
  writeFileSync(`${name}.js`, wholeProgram(body));
  writeFileSync(`${name}.body.js`, body);
  writeFileSync(`${name}.node`, difference.node);
  writeFileSync(`${name}.ours`, difference.ours);
}

// Whoever is told to end still sums up.
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => { stopped = true; });
const result = await campaign({ seed: options.seed, seconds: options.seconds, reduceMilliseconds: options.reduce * 1000, report, enough: () => stopped });
if (options.json !== undefined) console.log(JSON.stringify(result));
else {
  for (const [reason, times] of Object.entries(result.known)) console.log(`known, ${times} times: ${reason}`);
  console.log(`given up for a limit ${result.limits}, for hanging ${result.hangs}`);
  console.log(`programs ${result.programs}, cpu ${result.cpuSeconds} s, differences ${result.differences}`);
}
process.exit(result.differences > 0 ? 1 : 0);
