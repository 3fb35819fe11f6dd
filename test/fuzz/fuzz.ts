// `npm run fuzz -- --target loader|wire|serial --seconds N`: builds the harness with clang's libFuzzer and runs it from the
// corpus, one process, on what was found before in build/fuzz/corpus too. The exit code is libFuzzer's: 0 if nothing was found.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { Command, Option } from "commander";
import { root } from "../support/run-program.js";
import { writeImages } from "./images.js";

export const targets = ["loader", "wire", "serial"];
/** Bytes of the longest input: fuzz.h's records. */
const LENGTH_MAX = 512;

const { target, seconds } = new Command("fuzz")
  .description("Fuzzes the machine in C by libFuzzer, under sanitizers.")
  .addOption(new Option("--target <name>", "what reads the input").choices(targets).default("loader"))
  .option("--seconds <n>", "for how long", (text) => String(Math.max(1, Math.floor(Number(text) || 0))), "60")
  .addHelpText("after", "\nExamples:\n  npm run fuzz\n  npm run fuzz -- --target wire --seconds 600")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse().opts<{ target: string; seconds: string }>();
writeImages();
const program = `${root}build/fuzz/${target}`;
const built = spawnSync("sh", [`${root}hosts/c/build.sh`, "--fuzz"], { encoding: "utf8" });
if (built.status !== 0 || !existsSync(program) || built.stderr.includes("is not built")) {
  console.error(built.stderr);
  process.exit(1);
}
const found = `${root}build/fuzz/corpus/${target}`;
mkdirSync(found, { recursive: true });
const { status } = spawnSync(program, [`-max_total_time=${seconds}`, `-max_len=${LENGTH_MAX}`, "-timeout=60", "-print_final_stats=1", `-artifact_prefix=${root}build/fuzz/${target}-`, found, `${root}test/fuzz/corpus/${target}`], {
  stdio: "inherit", cwd: root, env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0", UBSAN_OPTIONS: "print_stacktrace=1" },
});
process.exit(status ?? 1);
