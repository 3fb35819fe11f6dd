// Turns build/core.bin into build/c/core.c, so that the C hosts carry the core in their own read-only data, and writes
// build/c/core.h: what a C host has to know of the tables, the abi and the kernel beyond format.h, which holds only what
// the kernel itself uses. Files whose text has not changed are left alone, so nothing is compiled for nothing. With
// --profile the core is without the parts that the profile lacks (profiles.ts), for hosts that have it in flash.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Command, Option } from "commander";
import { abi } from "../../vm/abi.js";
import { registerNames, registers, State, STATE_WORDS } from "../../vm/format/registers.js";
import { FIRST_ELEMENT } from "../../vm/kernel/elements.js";
import { CACHE_WORDS, DATA } from "../../vm/kernel/object.js";
import { ruleSentences } from "../../vm/verify.js";
import { corePieces, readUse, type Module, type Region } from "./core-holes.js";
import { ROOT } from "./load.js";
import { absentParts, profiles } from "./profiles.js";

const GENERATED = "// Generated from build/core.bin by hosts/c/core-to-c.ts. Do not edit.\n";
const allRules = Array.from({ length: Math.max(...Object.keys(ruleSentences).map(Number)) + 1 }, (_, rule) => ruleSentences[rule] ?? "");
const letters = { word: "w", raw: "r", stack: "s", host: "h" } as const;

/** What the verifier says, if there is one. */
let rules: readonly string[] = allRules;

function lines(values: readonly string[], perLine: number): string {
  const rows: string[] = [];
  for (let i = 0; i < values.length; i += perLine) rows.push(`  ${values.slice(i, i + perLine).join(", ")},\n`);
  return rows.join("");
}

function header(words: number, end: number, nextSerial: number, runs: readonly Run[], present: number): string {
  return `${GENERATED}
#ifndef MVMJS_CORE_H
#define MVMJS_CORE_H

#include <stdint.h>

/** The number of the tables: an image with another one is for another machine. */
#define MVMJS_ABI UINT32_C(0x${abi.toString(16).padStart(8, "0")})

enum {
  MVMJS_CORE_LENGTH = ${words},
  /** Where its regions end: a profile may have something of its own behind it. */
  MVMJS_CORE_END = ${end},
  /** Words of it that are here, and how many runs of them there are. */
  MVMJS_CORE_PRESENT = ${present},
  MVMJS_CORE_RUNS = ${runs.length},
  /** Runs from one mark to the next. */
  MVMJS_CORE_MARK_RUNS = ${MARK_RUNS},
  MVMJS_CORE_MARKS = ${Math.ceil(runs.length / MARK_RUNS)},
  /** The first serial that is a program's own. */
  MVMJS_CORE_NEXT_SERIAL = ${nextSerial},
  MVMJS_REGISTER_COUNT = ${registerNames.length},
  MVMJS_STATE_WORDS = ${STATE_WORDS},
  MVMJS_STATE_CALLS = ${State.CALLS},
  MVMJS_STATE_PROCESS = ${State.PROCESS},
  MVMJS_STATE_NEEDS = ${State.NEEDS},
  /** Words of the property cache that a host lends to the kernel. */
  MVMJS_CACHE_WORDS = ${CACHE_WORDS},
  MVMJS_FIRST_ELEMENT = ${FIRST_ELEMENT},
  /** What a lookup answers if it found a plain value. */
  MVMJS_DATA = ${DATA},
  MVMJS_RULE_COUNT = ${rules.length},
  /** Can it take images that it does not know? */
  MVMJS_HAS_VERIFIER = ${Number(!absent.some(({ name }) => name === "verifier"))},
};

/** The core's words, from address 0 on, two by two, without the absent ones. In memory they are little-endian, on every machine. */
extern const uint64_t mvmjs_core[MVMJS_CORE_PRESENT / 2];
/** By run, in order: how many pairs of words are here, how many are absent behind them (times 256 if the third is 128 or more), and the number of the part that those belong to (modulo 128). */
extern const uint8_t mvmjs_core_runs[MVMJS_CORE_RUNS][3];
/** By mark: half the address at which its first run begins, and how many pairs of words are here below it. */
extern const uint16_t mvmjs_core_marks[MVMJS_CORE_MARKS][2];
/** The names of the parts, from number 1 on, each ended by a zero. */
extern const char mvmjs_core_part_names[];
/** Their SHA-256: what an image names its core by. */
extern const uint8_t mvmjs_core_hash[32];
/** A letter for each register: w tagged word, r raw, s address in the stack, h fact about the host. */
extern const char mvmjs_register_kinds[MVMJS_REGISTER_COUNT + 1];
/** What the verifier's rules say, by number. */
extern const char *const mvmjs_rule_sentences[MVMJS_RULE_COUNT];

#endif
`;
}

/** Pairs of words that are here, absent ones behind them, and their part; with FAR added to the part the absent ones are as many times 256. */
type Run = readonly [number, number, number];
const MARK_RUNS = 16, RUN_MOST = 255, FAR = 128;
/** The regions as runs, of which long ones are several. */
function runsOf(regions: readonly Region[]): Run[] {
  const runs: Run[] = [];
  let here = 0;
  for (const { start, end, part } of regions) {
    let pairs = (end - start) >> 1;
    if (part === 0) {
      for (; pairs > RUN_MOST; pairs -= RUN_MOST) runs.push([RUN_MOST, 0, 0]);
      here = pairs;
      continue;
    }
    while (pairs > 0) {
      const far = Math.min(pairs >> 8, RUN_MOST);
      runs.push(far > 0 ? [here, far, part + FAR] : [here, pairs, part]);
      pairs -= far > 0 ? far << 8 : pairs;
      here = 0;
    }
  }
  if (here > 0) runs.push([here, 0, 0]);
  return runs;
}
function marksOf(runs: readonly Run[]): string[] {
  let at = 0, here = 0;
  return runs.flatMap(([present, some, part], i) => {
    const absent = part < FAR ? some : some << 8;
    const mark = `{${at}, ${here}}`;
    at += present + absent;
    here += present;
    return i % MARK_RUNS === 0 ? [mark] : [];
  });
}

function source(bytes: Buffer, pieces: Buffer, regions: readonly Region[], runs: readonly Run[], names: readonly string[]): string {
  const pairs = regions.flatMap(({ start, end, part }) => part !== 0 ? [] : Array.from({ length: (end - start) >> 1 }, (_, i) => `P(0x${pieces.readBigUInt64LE(start * 4 + i * 8).toString(16)})`));
  const hash = Array.from(createHash("sha256").update(bytes).digest(), (byte) => `0x${byte.toString(16).padStart(2, "0")}`);
  return `${GENERATED}
#include "core.h"

// The number whose bytes in memory are those of x on a little-endian machine.
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define P(x) ((UINT64_C(x) & 0xff) << 56 | (UINT64_C(x) & 0xff00) << 40 | (UINT64_C(x) & 0xff0000) << 24 | (UINT64_C(x) & 0xff000000) << 8 \\
  | (UINT64_C(x) >> 8 & 0xff000000) | (UINT64_C(x) >> 24 & 0xff0000) | (UINT64_C(x) >> 40 & 0xff00) | UINT64_C(x) >> 56)
#else
#define P(x) UINT64_C(x)
#endif

const uint64_t mvmjs_core[MVMJS_CORE_PRESENT / 2] = {
${lines(pairs, 8)}};
const uint8_t mvmjs_core_runs[MVMJS_CORE_RUNS][3] = {
${lines(runs.map((run) => `{${run.join(", ")}}`), 12)}};
const uint16_t mvmjs_core_marks[MVMJS_CORE_MARKS][2] = {
${lines(marksOf(runs), 12)}};
const char mvmjs_core_part_names[] = "${names.join("\\0")}";

const uint8_t mvmjs_core_hash[32] = {
${lines(hash, 16)}};

const char mvmjs_register_kinds[MVMJS_REGISTER_COUNT + 1] = "${registerNames.map((name) => letters[registers[name][0]]).join("")}";

// Compact builds say a rule's name only: vm/verify.ts says what it is about.
const char *const mvmjs_rule_sentences[MVMJS_RULE_COUNT] = {
#ifdef MVMJS_COMPACT
${lines(rules.map((sentence) => `"${sentence.split(":")[0]!}"`), 8)}#else
${lines(rules.map((sentence) => `"${sentence}"`), 1)}#endif
};
`;
}

const options = new Command("core-to-c")
  .description("Writes core.h and core.c.")
  .option("--c <folder>", "write them here", path.join(ROOT, "build/c"))
  .option("--use <file>", "for the program of which translate.js has written this")
  .addOption(new Option("--profile <name>", "leave out what this profile lacks").choices(profiles.map(({ name }) => name)).default("full"))
  .option("--with <part...>", "but not these of its parts")
  .parse().opts<{ c: string; profile: string; with?: string[]; use?: string }>();

function write(name: string, text: string): void {
  const target = path.join(path.resolve(options.c), name);
  if (fs.existsSync(target) && fs.readFileSync(target, "utf8") === text) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
}

const bytes = fs.readFileSync(path.join(ROOT, "build/core.bin"));
if (bytes.length % 8 !== 0 || bytes.length > 0xffff * 8) throw new Error("the core is not a whole number of doubles, or longer than its regions can say");
const { nextSerial, modules } = JSON.parse(fs.readFileSync(path.join(ROOT, "build/core.json"), "utf8")) as { nextSerial: number; modules: Module[] };
const absent = absentParts(options.profile, options.with);
const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const use = options.use === undefined ? undefined : readUse(options.use);
const { words: pieces, regions } = corePieces(words, modules, absent, use);
const present = regions.reduce((sum, { start, end, part }) => part === 0 ? sum + end - start : sum, 0);
if (absent.some(({ name }) => name === "verifier")) rules = [""];
const runs = runsOf(regions);
write("core.h", header(words.length, pieces.length, nextSerial, runs, present));
write("core.c", source(bytes, Buffer.from(pieces.buffer), regions, runs, absent.map(({ name }) => name)));
