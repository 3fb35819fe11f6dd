// `npm run dist:c`: the machine for those who embed it, in a folder that needs nothing else of this repository. mvmjs.c is the kernel
// in C with everything that embed/mvmjs.h is about, mvmjs_core.c the core, mvmjs.h the header; beside them are the manifests of build
// systems, whose templates are in this folder, and an example with its image.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Command, Option } from "commander";
import { ROOT } from "../load.js";
import { profiles } from "../profiles.js";
import { oneFile } from "./one-file.js";

const at = (...names: string[]): string => path.join(ROOT, ...names);
const node = (script: string, ...list: string[]): string => execFileSync(process.execPath, [at("build/hosts", script), ...list], { encoding: "utf8", cwd: ROOT });

const banner = (version: string, profile: string): string => `// mvm ${version}, ${profile} profile: a micro virtual machine for JavaScript, in one file with mvmjs_core.c beside it. mvmjs.h says how it is used.
// Made of many files by \`npm run dist:c\`; to change something, change those. MIT licence.
//
// C99, with a library that has memcpy, memset, memmove, memchr, memcmp, strlen, floor, ceil, trunc, sqrt and fabs (link with -lm). GCC's and Clang's
// GNU modes are right too where the processor has no fused multiply-add for doubles; where it has, -std=c99, or
// -ffp-contract=off -DMVMJS_CONTRACT_OFF. Define the same for all files that include mvmjs.h:
//   (nothing)             for size: native code, the core stays in flash
//   MVMJS_PACKED          half of that size again, and about 17 times the time: the kernel as packed code
//   MVMJS_FAST            for speed: an interpreter's loop, each program's memory has a copy of the core
//   MVMJS_CAPABILITIES_BYTES=64   the longest list of needs of a program
// and, for this file alone:
//   MVMJS_SCRATCH=256, MVMJS_SCRATCH_PLACE=80   words of static scratch, where MVMJS_FAST has 16 KB of it: at least 128 and 16
//   MVMJS_CACHE=0         words of the property cache, static: a power of 2, or none; MVMJS_FAST has 64 KB of it

#if defined(MVMJS_FAST) && defined(MVMJS_PACKED)
#error "MVMJS_FAST or MVMJS_PACKED, not both."
#endif
${profile === "full" ? "" : `#ifdef MVMJS_FAST
#error "This is the ${profile} profile, whose core lacks parts: for MVMJS_FAST make the full one."
#endif
#define MVMJS_PROFILE
`}#ifndef MVMJS_FAST
#ifndef MVMJS_COMPACT
#define MVMJS_COMPACT
#endif
#ifndef MVMJS_SPLIT
#define MVMJS_SPLIT
#endif
#ifndef MVMJS_CACHE
#define MVMJS_CACHE 0
#endif
#ifndef MVMJS_SCRATCH
#define MVMJS_SCRATCH 256
#define MVMJS_SCRATCH_PLACE 80
#endif
#endif
#if defined(__GNUC__)
#define MVMJS_UNUSED __attribute__((unused))
#else
#define MVMJS_UNUSED
#endif
#define MVMJS_INTERNAL static MVMJS_UNUSED
#define MVMJS_API MVMJS_INTERNAL
#if defined(MVMJS_PACKED) && defined(__GNUC__)
// Functions of the kernel that only the kernel calls have no bodies in C then.
#pragma GCC diagnostic ignored "-Wunused-function"
#endif

#include "mvmjs.h"
`;

/** Files that become mvmjs.c, in this order: what may be included under a condition comes first. */
const files = [
  "format.h", "core.h", "core-place.h", "machine.h", "core-place.c", "machine.c", "sha256.c", "utf8.c", "line.c", "image.c", "image-write.c", "image-fault.c",
  "program.c", "value.c", "door.c", "mvmjs.c",
];
const generatedFiles = ["format.h", "core.h", "machine.h", "machine.c", "packed.h"];

/** Writes the distribution of a profile to `out`. */
export function distribute(profile: string, out: string): void {
  const { version } = JSON.parse(fs.readFileSync(at("package.json"), "utf8")) as { version: string };
  const generated = profile === "full" ? "build/c" : `build/c/${profile}`;
  node("c/core-to-c.js", "--c", generated, "--profile", profile);
  if (profile !== "full") node("c/translate.js", "--c", generated, "--profile", profile);
  const folders = [at(generated), at("hosts/c/embed")];
  fs.rmSync(out, { recursive: true, force: true });
  fs.mkdirSync(out, { recursive: true });
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
    fs.writeFileSync(path.join(out, name), text);
  };
  write("mvmjs.h", fs.readFileSync(at("hosts/c/embed/mvmjs.h"), "utf8"));
  write("mvmjs.c", banner(version, profile) + oneFile(files, { folders, public: ["mvmjs.h"], fixed: generatedFiles }));
  write("mvmjs_core.c", oneFile(["core.c"], { folders, public: [], fixed: ["core.c", "core.h"] }).trimStart());
  const core = createHash("sha256").update(fs.readFileSync(at("build/core.bin"))).digest("hex").slice(0, 16);
  const templates = at("hosts/c/dist/templates");
  for (const name of fs.readdirSync(templates, { recursive: true, encoding: "utf8" })) {
    const file = path.join(templates, name);
    if (!fs.statSync(file).isFile()) continue;
    write(name, fs.readFileSync(file, "utf8").replaceAll("@VERSION@", version).replaceAll("@PROFILE@", profile).replaceAll("@CORE@", core));
  }
  write("LICENSE", fs.readFileSync(at("LICENSE"), "utf8"));
  for (const name of ["embed.c", "app.js"]) write(`examples/embed/${name}`, fs.readFileSync(at("hosts/c/examples", name), "utf8"));
  const image = path.join(out, "examples/embed/app.h");
  node("node/mvm.js", "build", at("hosts/c/examples/app.js"), "--memory", "8K", "--no-debug", "--c", "-o", image);
  write("examples/Sketch/app.h", fs.readFileSync(image, "utf8"));
}

function main(): void {
  const { profile, out } = new Command("dist:c")
    .description("Writes the machine in C as three files, for those who embed it, with manifests and an example.")
    .addOption(new Option("--profile <name>", "leave out what this profile lacks (hosts/c/profiles.ts)").choices(profiles.map(({ name }) => name)).default("full"))
    .option("--out <folder>", "where to", at("build/dist-c"))
    .addHelpText("after", "\nExamples:\n  npm run dist:c\n  npm run dist:c -- --profile small --out ../firmware/mvm")
    .parse().opts<{ profile: string; out: string }>();
  distribute(profile, path.resolve(out));
  for (const name of fs.readdirSync(out)) console.log(path.join(path.relative(process.cwd(), out), name));
}
if (process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === fs.realpathSync(new URL(import.meta.url).pathname)) main();
