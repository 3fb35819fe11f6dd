// The corpus of the fuzzing (test/fuzz) through its harnesses, under gcc's sanitizers: seeds, which reach what fuzzing begins
// from, and what was found once. That the seeds do reach something is looked at too: images that pass and run, moves that
// come to their end.

import test from "ava";
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { buildJudge } from "./judge.js";
import { writeImages } from "./fuzz/images.js";
import { root } from "./support/run-program.js";

const compiler = spawnSync(process.env["CC"] ?? "gcc", ["--version"]).status === 0;
const here = compiler ? test.serial : test.serial.skip;
const corpus = `${root}test/fuzz/corpus/`;
const filesOf = (target: string): string[] => readdirSync(corpus + target).sort().map((name) => `${corpus}${target}/${name}`);
function replay(target: string, files: readonly string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(`${root}build/fuzz/${target}-replay`, files, {
    cwd: root, encoding: "utf8", timeout: 240_000, env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0", UBSAN_OPTIONS: "print_stacktrace=1" },
  });
  return { status, said: stdout.split("\n").slice(-3).join("\n") + stderr.slice(0, 3000) };
}

test.before(() => { if (compiler) buildJudge(), writeImages(); });

for (const target of ["loader", "wire", "serial"]) {
  here(`${target}: no input of the corpus shows a fault`, (t) => {
    const files = filesOf(target);
    t.true(files.length > 5);
    const { status, said } = replay(target, files);
    t.is(status, 0, said);
    t.true(said.includes(`${files.length} inputs:`), said);
  });
}

here("seeds reach what they are for: an image that runs, programs that move in and out, pins that stay behind", (t) => {
  const counts = (target: string, name: string): string => replay(target, [`${corpus}${target}/${name}`]).said;
  t.regex(counts("loader", "image-0"), /: 1 ran/);
  t.regex(counts("wire", "move-in"), /: [1-9]\d* ran, 0 left/);
  t.regex(counts("wire", "move-out"), /, 1 left/);
  t.regex(counts("wire", "pins-come"), /, 0 left, [1-9]\d* called, 0 answered/);
  t.regex(counts("wire", "pins-stay"), /, 1 left, 0 called, [1-9]\d* answered/);
  t.regex(counts("serial", "move-in"), /: [1-9]\d* ran, 0 left/);
  t.regex(counts("serial", "pins-come"), /, [1-9]\d* called/);
});

test("the corpus stays small", (t) => {
  const files = ["loader", "wire", "serial"].flatMap(filesOf);
  t.true(files.length <= 80);
  t.true(files.reduce((sum, file) => sum + statSync(file).size, 0) <= 300_000);
});
