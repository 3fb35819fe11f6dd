// Writes build/c/messages.h and messages.c: the table of messages (vm/wire-messages.ts) for the hosts in C, so that numbers,
// keys, kinds and limits are kept in one place. Files whose text has not changed are left alone.

import * as fs from "node:fs";
import * as path from "node:path";
import { messageNames, messages, programFields, PROTOCOL, reasons, TEXT_LIMIT, CHUNK_BYTES, type FieldKind, type FieldTable, type MessageSpec } from "../../vm/wire-messages.js";
import { DEPTH_MAX } from "../../vm/wire-pack.js";
import { CRITICAL, FRAME_HEADER, TEXTS_MAX, UNKNOWN_LIMIT } from "../../vm/wire.js";
import { PATIENCE, RECOVERY_STEP } from "../../vm/ownership.js";
import { ROOT } from "./load.js";

const GENERATED = "// Generated from vm/wire-messages.ts by hosts/c/wire-to-c.ts. Do not edit.\n";
const kinds: readonly FieldKind[] = ["u32", "u53", "bool", "id8", "id16", "hash", "text", "bytes", "texts", "programs"];
const upper = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const specOf = (name: string): MessageSpec => (messages as Record<string, MessageSpec>)[name]!;
const fieldsMax = Math.max(Object.keys(programFields).length, ...messageNames.map((name) => Object.keys(specOf(name).fields).length));

/** Keys are 0, 1, 2 …, so a field's place in a table is its key. */
function checkKeys(name: string, table: FieldTable): void {
  Object.values(table).forEach(({ key }, index) => {
    if (key !== index) throw new Error(`${name}: key ${key} is not at its place`);
  });
}
function keys(prefix: string, table: FieldTable): string {
  const names = Object.keys(table);
  return names.length === 0 ? "" : `enum { ${names.map((name) => `MVMJS_FIELD_${prefix}_${upper(name)}`).join(", ")} };\n`;
}
function fields(table: FieldTable): string {
  return Object.entries(table).map(([, { kind, required, limit }]) => `{MVMJS_KIND_${upper(kind)}, ${required}, ${limit}}`).join(", ");
}

const header = `${GENERATED}
#ifndef MVMJS_MESSAGES_H
#define MVMJS_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

enum { MVMJS_PROTOCOL_LOWEST = ${PROTOCOL.lowest}, MVMJS_PROTOCOL_HIGHEST = ${PROTOCOL.highest} };
enum { MVMJS_FRAME_HEADER = ${FRAME_HEADER}, MVMJS_FRAME_CRITICAL = ${CRITICAL}, MVMJS_UNKNOWN_LIMIT = ${UNKNOWN_LIMIT} };
/** Limits of bodies: lists and maps within each other, texts of a list, UTF-16 units of each of them. */
enum { MVMJS_DEPTH_MAX = ${DEPTH_MAX}, MVMJS_TEXTS_MAX = ${TEXTS_MAX}, MVMJS_TEXT_LIMIT = ${TEXT_LIMIT} };
/** Bytes of an image in one CHUNK, at most. */
enum { MVMJS_CHUNK_BYTES = ${CHUNK_BYTES} };
/** vm/ownership.ts: milliseconds that a host waits for its peer; how far a recovered program's epoch lies above. */
enum { MVMJS_PATIENCE = ${PATIENCE}, MVMJS_RECOVERY_STEP = ${RECOVERY_STEP} };

enum mvmjs_kind { ${kinds.map((kind) => `MVMJS_KIND_${upper(kind)}`).join(", ")} };
struct mvmjs_field {
  uint8_t kind;
  bool required;
  uint32_t limit;
};
struct mvmjs_message {
  const char *name;
  const struct mvmjs_field *fields;
  uint32_t limit;
  uint16_t number;
  uint8_t field_count;
  bool critical;
};

/** Messages, by their place in the table. */
enum mvmjs_message_name { ${messageNames.map((name) => `MVMJS_MSG_${name}`).join(", ")}, MVMJS_MESSAGE_COUNT };
enum { MVMJS_FIELDS_MAX = ${fieldsMax} };
extern const struct mvmjs_message mvmjs_messages[MVMJS_MESSAGE_COUNT];

/** What a host tells about a program. */
enum { MVMJS_PROGRAM_FIELD_COUNT = ${Object.keys(programFields).length} };
extern const struct mvmjs_field mvmjs_program_fields[MVMJS_PROGRAM_FIELD_COUNT];

// Keys of fields
${messageNames.map((name) => keys(name, specOf(name).fields)).join("")}${keys("PROGRAM", programFields)}
// Reasons of REFUSE and FAIL
${Object.keys(reasons).map((reason) => `#define MVMJS_REASON_${upper(reason)} "${reason}"\n`).join("")}
#endif
`;

const source = `${GENERATED}
#include "messages.h"

#include <stddef.h>

const struct mvmjs_field mvmjs_program_fields[MVMJS_PROGRAM_FIELD_COUNT] = {${fields(programFields)}};
${messageNames.filter((name) => Object.keys(specOf(name).fields).length > 0).map((name) => `static const struct mvmjs_field fields_of_${name}[] = {${fields(specOf(name).fields)}};\n`).join("")}
const struct mvmjs_message mvmjs_messages[MVMJS_MESSAGE_COUNT] = {
${messageNames.map((name) => {
  const { number, critical, limit, fields: table } = specOf(name);
  const count = Object.keys(table).length;
  return `  {"${name}", ${count > 0 ? `fields_of_${name}` : "NULL"}, ${limit}, ${number}, ${count}, ${critical}},\n`;
}).join("")}};
`;

checkKeys("programs", programFields);
for (const name of messageNames) checkKeys(name, specOf(name).fields);
for (const [name, text] of [["messages.h", header], ["messages.c", source]] as const) {
  const target = path.join(ROOT, "build/c", name);
  if (!fs.existsSync(target) || fs.readFileSync(target, "utf8") !== text) fs.writeFileSync(target, text);
}
