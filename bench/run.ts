// `npm run bench`: times the programs of bench/programs on mvm's machines and on the engines people know, in one process
// and in turns, then what suites.ts measures, and prints a table, or with --json one object a line: suite, name, unit,
// value, engine, against, ratio.
// Absolute times on a shared machine mean little: read the ratios.

import Benchmark from "benchmark";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { interpreter, mvm, mvmC, qjs, quickjs, stopEngines, v8, type Engine, type Round } from "./engines.js";
import { imageSuite, pauseSuite, startSuite, type Measured } from "./suites.js";

const programs = fileURLToPath(new URL("../../bench/programs/", import.meta.url));

const options = new Command("bench")
  .description("Times the benchmark programs; ratios are against quickjs-emscripten in the same process.")
  .option("--json", "one JSON object a line on stdout")
  .option("--only <name>", "only programs whose name contains this")
  .option("--suites <names>", "comma-separated: programs, images, start, pause", "programs,images,start,pause")
  .option("--seconds <n>", "time for each program on each engine", "1")
  .option("--engines <names>", "comma-separated: mvm, mvm-c, qjs (a native one: MVM_QJS says where), js-interpreter, v8", "mvm,mvm-c,qjs,js-interpreter,v8")
  .addHelpText("after", "\nExamples:\n  npm run bench\n  npm run bench -- --json --only sorting --seconds 3\n  npm run bench -- --suites images,start")
  .parse().opts<{ json?: boolean; only?: string; seconds: string; engines: string; suites: string }>();

/** How long every engine runs a program before it is timed: V8, under two of them, makes its best code in this time. */
const WARMING_MS = 1500;
const chosen = [mvm, mvmC, qjs, interpreter, v8].filter((engine) => options.engines.split(",").includes(engine.name));
/** What is compared besides with quickjs-emscripten, and the most that the ratio of each program may be. */
const pairs = [{ other: interpreter, one: mvm, limit: 1 / 20 }, { other: qjs, one: mvmC, limit: undefined }];
const suites = options.suites.split(",");
/** By engine and what it is compared with, the logarithms of the ratios. */
const logs = new Map<string, { engine: string; against: string; ratios: number[] }>();

for (const file of suites.includes("programs") ? readdirSync(programs).sort() : []) {
  const name = file.replace(/\.js$/, "");
  if (options.only !== undefined && !name.includes(options.only)) continue;
  const source = readFileSync(programs + file, "utf8");
  const expected = await (await v8.start(source))();
  const base = await measure(quickjs, source, expected);
  report({ suite: "programs", name, unit: "ms", value: base, engine: quickjs.name });
  const times = new Map<Engine, number>();
  for (const engine of chosen) {
    if (engine === interpreter && !es5(source)) continue;
    const value = await measure(engine, source, expected).catch((error: Error) => {
      console.error(`${engine.name} on ${name}: ${error.message}`);
      return undefined;
    });
    if (value === undefined) continue;
    report({ suite: "programs", name, unit: "ms", value, engine: engine.name, against: quickjs.name, ratio: value / base });
    times.set(engine, value);
    for (const { other, one, limit } of pairs) {
      const ours = times.get(one);
      if (engine === other && ours !== undefined) report({ suite: `programs against ${other.name}`, name, unit: "ms", value: ours, engine: one.name, against: other.name, ratio: ours / value, ...(limit === undefined ? {} : { limit }) });
    }
  }
}
for (const { engine, against, ratios } of logs.values()) {
  const mean = Math.exp(ratios.reduce((a, b) => a + b, 0) / ratios.length);
  report({ suite: "geometric mean", name: `${ratios.length} programs`, unit: "ratio", value: mean, engine, against, ratio: mean, worst: Math.exp(Math.max(...ratios)) });
}
stopEngines();
for (const [name, suite] of [["images", imageSuite], ["start", startSuite], ["pause", pauseSuite]] as const) {
  if (suites.includes(name)) for (const row of await suite()) report(row);
}

/** Milliseconds that main takes once warm: the median of Benchmark's samples. A program so slow that a round takes longer than warming does is timed once. */
async function measure(engine: Engine, source: string, expected: string): Promise<number> {
  const round: Round = await engine.start(source);
  const result = await round();
  if (result !== expected) throw new Error(`gives ${result.slice(0, 60)} instead of ${expected.slice(0, 60)}`);
  const begun = performance.now();
  const first = round();
  const took = performance.now() - begun;
  if (took > WARMING_MS && !(first instanceof Promise)) return took;
  const warm = performance.now() + WARMING_MS;
  while (performance.now() < warm) await round();
  if (first instanceof Promise) return measureLines(round as () => Promise<string>);
  return new Promise((resolve, reject) => {
    new Benchmark(engine.name, () => { round(); }, {
      maxTime: Number(options.seconds), minSamples: 3,
      onComplete(this: Benchmark) { resolve(median(this.stats.sample) * 1000); },
      onError(this: Benchmark & { error?: Error }) { reject(this.error ?? new Error("failed")); },
    }).run({ async: false });
  });
}
/** The same for a child that prints a line a round: the time between lines. */
async function measureLines(round: () => Promise<string>): Promise<number> {
  const end = performance.now() + Number(options.seconds) * 1000;
  const samples: number[] = [];
  await round();
  let last = performance.now();
  while (performance.now() < end || samples.length < 3) {
    await round();
    samples.push(performance.now() - last);
    last = performance.now();
  }
  stopEngines();
  return samples.reduce((a, b) => a + b, 0) / samples.length;
}
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
/** Can an ES5 interpreter read it? */
function es5(source: string): boolean { return !/\b(const|let|class)\b|=>|function\*|`/.test(source); }

interface Row extends Measured { worst?: number }
function report(row: Row): void {
  if (row.suite.startsWith("programs") && row.ratio !== undefined) {
    const key = `${row.engine} ${row.against}`;
    const kept = logs.get(key) ?? { engine: row.engine, against: row.against!, ratios: [] };
    kept.ratios.push(Math.log(row.ratio));
    logs.set(key, kept);
  }
  if (options.json === true) {
    console.log(JSON.stringify({ ...row, value: round3(row.value), ...(row.ratio === undefined ? {} : { ratio: round3(row.ratio) }) }));
    return;
  }
  const ratio = row.ratio === undefined ? "" : `${row.ratio.toFixed(row.ratio < 0.1 ? 3 : 2)} × ${row.against}${row.worst === undefined ? "" : `, worst ${row.worst.toFixed(2)}`}`;
  const limit = row.limit === undefined ? "" : `  (at most ${row.limit})`;
  console.log(`${row.name.padEnd(14)} ${row.engine.padEnd(20)} ${row.value.toFixed(Number.isInteger(row.value) ? 0 : row.unit === "ms" ? 2 : 3).padStart(10)} ${row.unit.padEnd(6)} ${ratio}${limit}`);
}
function round3(value: number): number { return Number(value.toPrecision(4)); }
