// Turns build/core.bin into build/c/core.c, so that the C hosts carry the core in their own read-only data, and writes
// build/c/core.h: what a C host has to know of the tables, the abi and the kernel beyond format.h, which holds only what
// the kernel itself uses. Files whose text has not changed are left alone, so nothing is compiled for nothing.

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { abi } from "../../vm/abi.js";
import { registerNames, registers, State, STATE_WORDS } from "../../vm/format/registers.js";
import { FIRST_ELEMENT } from "../../vm/kernel/elements.js";
import { CACHE_WORDS, DATA } from "../../vm/kernel/object.js";
import { ruleSentences } from "../../vm/verify.js";
import { ROOT } from "./load.js";

const GENERATED = "// Generated from build/core.bin by hosts/c/core-to-c.ts. Do not edit.\n";
const rules = Array.from({ length: Math.max(...Object.keys(ruleSentences).map(Number)) + 1 }, (_, rule) => ruleSentences[rule] ?? "");
const letters = { word: "w", raw: "r", stack: "s", host: "h" } as const;

function lines(values: readonly string[], perLine: number): string {
  const rows: string[] = [];
  for (let i = 0; i < values.length; i += perLine) rows.push(`  ${values.slice(i, i + perLine).join(", ")},\n`);
  return rows.join("");
}

function header(words: number, nextSerial: number): string {
  return `${GENERATED}
#ifndef MVMJS_CORE_H
#define MVMJS_CORE_H

#include <stdint.h>

/** The number of the tables: an image with another one is for another machine. */
#define MVMJS_ABI UINT32_C(0x${abi.toString(16).padStart(8, "0")})

enum {
  MVMJS_CORE_LENGTH = ${words},
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
};

/** The core's words, from address 0 on, two by two. In memory they are little-endian, on every machine. */
extern const uint64_t mvmjs_core[MVMJS_CORE_LENGTH / 2];
/** Their SHA-256: what an image names its core by. */
extern const uint8_t mvmjs_core_hash[32];
/** A letter for each register: w tagged word, r raw, s address in the stack, h fact about the host. */
extern const char mvmjs_register_kinds[MVMJS_REGISTER_COUNT + 1];
/** What the verifier's rules say, by number. */
extern const char *const mvmjs_rule_sentences[MVMJS_RULE_COUNT];

#endif
`;
}

function source(bytes: Buffer): string {
  const pairs = Array.from({ length: bytes.length >> 3 }, (_, i) => `P(0x${bytes.readBigUInt64LE(i * 8).toString(16)})`);
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

const uint64_t mvmjs_core[MVMJS_CORE_LENGTH / 2] = {
${lines(pairs, 8)}};

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

function write(name: string, text: string): void {
  const target = path.join(ROOT, "build/c", name);
  if (fs.existsSync(target) && fs.readFileSync(target, "utf8") === text) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
}

const bytes = fs.readFileSync(path.join(ROOT, "build/core.bin"));
if (bytes.length % 8 !== 0) throw new Error("the core is not a whole number of doubles");
const { nextSerial } = JSON.parse(fs.readFileSync(path.join(ROOT, "build/core.json"), "utf8")) as { nextSerial: number };
write("core.h", header(bytes.length >> 2, nextSerial));
write("core.c", source(bytes));
