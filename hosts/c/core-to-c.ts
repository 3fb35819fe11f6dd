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

/** The core's words, from address 0 on. */
extern const int32_t mvmjs_core[MVMJS_CORE_LENGTH];
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
  const words = new Int32Array(bytes.length >> 2);
  new Uint8Array(words.buffer).set(bytes);
  const numbers = Array.from(words, (word) => word === -0x80000000 ? "-0x7fffffff - 1" : String(word));
  const hash = Array.from(createHash("sha256").update(bytes).digest(), (byte) => `0x${byte.toString(16).padStart(2, "0")}`);
  return `${GENERATED}
#include "core.h"

const int32_t mvmjs_core[MVMJS_CORE_LENGTH] = {
${lines(numbers, 16)}};

const uint8_t mvmjs_core_hash[32] = {
${lines(hash, 16)}};

const char mvmjs_register_kinds[MVMJS_REGISTER_COUNT + 1] = "${registerNames.map((name) => letters[registers[name][0]]).join("")}";

const char *const mvmjs_rule_sentences[MVMJS_RULE_COUNT] = {
${lines(rules.map((sentence) => `"${sentence}"`), 1)}};
`;
}

function write(name: string, text: string): void {
  const target = path.join(ROOT, "build/c", name);
  if (fs.existsSync(target) && fs.readFileSync(target, "utf8") === text) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
}

const bytes = fs.readFileSync(path.join(ROOT, "build/core.bin"));
const { nextSerial } = JSON.parse(fs.readFileSync(path.join(ROOT, "build/core.json"), "utf8")) as { nextSerial: number };
write("core.h", header(bytes.length >> 2, nextSerial));
write("core.c", source(bytes));
