// The translator of the kernel (vm/kernel, in the dialect its README describes): the command that makes the flattened
// JavaScript, which Node and QuickJS run, and the C. load.ts, statements.ts and expressions.ts read and check the
// kernel; to-javascript.ts and to-c.ts print it; this file does the rest: options, files, and the limit that V8 sets.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { readImage, restoreImage } from "../../vm/image.js";
import * as kernel from "../../vm/kernel/index.js";
import { digest } from "../node/digest.js";
import { ROOT, loadProgram } from "./load.js";
import { corePieces, programUse, writeUse, type Module, type ProgramUse } from "./core-holes.js";
import { leaveOut, rootsAsked } from "./leave-out.js";
import { absentParts, profiles, type Part } from "./profiles.js";
import type { KernelFunction, Program } from "./program.js";
import { checkProgram } from "./statements.js";
import { toC } from "./to-c.js";
import { toDeclarations, toJavaScript } from "./to-javascript.js";

/** V8 leaves functions of more than 60 KB of bytecode unoptimised (12 times slower); the rest is margin. */
const BYTECODE_LIMIT = 55 * 1024;

/** Lines of refusals shown. */
const MOST_LINES = 60;

/** Reads and checks the kernel files of a folder; throws with every refusal if there is one. */
export async function readKernel(folder: string): Promise<Program> {
  const program = await loadProgram(folder);
  checkProgram(program);
  return program;
}

/** Bytes of V8 bytecode of a function in a module's text. */
export function bytecodeOf(name: string, code: string): number {
  // Node has functions of common names too: this one gets a name of its own.
  const measured = code.replace(new RegExp(`^((?:export )?function )${name}\\(`, "m"), "$1measured$$function(");
  const flags = ["--no-lazy", "--print-bytecode", "--print-bytecode-filter=measured$function", "--input-type=module"];
  const { stdout, status, stderr } = spawnSync(process.execPath, flags, { input: measured, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`The flattened kernel does not load:\n${stderr}`);
  return [...stdout.matchAll(/^Bytecode length: (\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
}

/** Refuses functions that V8 would not optimise. Only those whose very text is longer are measured. */
function requireOptimisable(code: string): void {
  for (const [text, name] of code.matchAll(/^(?:export )?function (\w+)\([^]*?^}$/gm)) {
    if (text.length < BYTECODE_LIMIT) continue;
    const bytes = bytecodeOf(name!, code);
    if (bytes > BYTECODE_LIMIT) throw new Error(`Function ${name} has ${bytes} bytes of V8 bytecode, more than the ${BYTECODE_LIMIT} that keep it optimised: move cold cases to functions of their own.`);
  }
}

/** Writes the flattened module and its declarations. */
export function writeJavaScript(program: Program, folder: string, target: string): void {
  const code = toJavaScript(program);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, code);
  const compiled = path.join(ROOT, "build", path.relative(ROOT, folder));
  fs.writeFileSync(target.replace(/\.(m?)js$/, ".d.$1ts"), toDeclarations(program, compiled, target));
  requireOptimisable(code);
}

/** prelude.h with the files of this folder that it includes. */
function preludeText(): string {
  const read = (name: string): string => fs.readFileSync(path.join(ROOT, "hosts/c", name), "utf8");
  return read("prelude.h").replace(/^#include "(\w+\.h)"\n/gm, (_, name: string) => read(name));
}

/** The functions of the machine that this project's hosts in C call: packed code has these and what they need. */
function calledByHosts(): ReadonlySet<string> {
  const files = ["hosts/c", "test/c"].flatMap(folder => fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map(name => path.join(ROOT, folder, name)));
  return new Set(files.filter(name => name.endsWith(".c")).flatMap(name => [...fs.readFileSync(name, "utf8").matchAll(/\bmvmjs_(\w+)/g)].map(match => match[1]!)));
}

/** Writes machine.c, machine.h, format.h and packed.h, which has what `called` names, or all that is exported if that is none. */
export function writeC(program: Program, folder: string, called: ReadonlySet<string> = calledByHosts(), absent: readonly Part[] = [], use?: ProgramUse): void {
  const names = new Set(program.files.flatMap(file => [path.basename(file.source.fileName), ...file.declarations.flatMap(each => each.kind === "entity" && each.entity.kind === "function" ? [each.entity.name] : [])]));
  const unknown = absent.flatMap(part => [...part.files ?? [], ...part.functions ?? [], ...part.shortcuts ?? []]).filter(name => !names.has(name));
  if (unknown.length > 0) throw new Error(`profiles.ts names what the kernel does not have: ${unknown.join(", ")}`);
  if (absent.length > 0) leaveOut(program, unusedBy(absent, use), absent.flatMap(({ shortcuts = [] }) => shortcuts));
  const files = toC(program, preludeText(), called, absent);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "machine.c"), files.source);
  fs.writeFileSync(path.join(folder, "machine.h"), files.header);
  fs.writeFileSync(path.join(folder, "format.h"), files.format);
  fs.writeFileSync(path.join(folder, "packed.h"), files.packed + fs.readFileSync(path.join(ROOT, "hosts/c/packed-run.h"), "utf8"));
}

/** What neither programs nor the core that is left can bring about without these parts: `Op.NAME` and so on, each with the number of a part. */
function unusedBy(absent: readonly Part[], use: ProgramUse | undefined): ReadonlyMap<string, number> {
  const { words, modules } = readCore();
  const { unused } = corePieces(words, modules, absent, use);
  return new Map([...unused, ...absent.flatMap(({ opcodes = [] }, i) => opcodes.map((name): [string, number] => [`Op.${name}`, i + 1]))]);
}

interface BuiltCore { words: Int32Array; nextSerial: number; modules: Module[] }
function readCore(): BuiltCore {
  const bytes = fs.readFileSync(path.join(ROOT, "build/core.bin"));
  const { nextSerial, modules } = JSON.parse(fs.readFileSync(path.join(ROOT, "build/core.json"), "utf8")) as BuiltCore;
  return { words: new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)), nextSerial, modules };
}

/**
 * What the program of an image, which is verified, has of the core in a firmware without these parts. Which roots the kernel
 * asks for follows from the instructions that are left, and those from the roots: each round may add some.
 */
function useOf(program: Program, image: string, absent: readonly Part[]): ProgramUse {
  const core = readCore();
  const parts = readImage(fs.readFileSync(image), digest, { memoryBytes: 0x7fffffff });
  restoreImage(kernel, core, parts, digest);
  const use = programUse(parts);
  const called = calledByHosts();
  const isAbsent = ({ name, file }: KernelFunction): boolean => absent.some(({ files, functions }) => files?.includes(path.basename(file.fileName)) || functions?.includes(name));
  const roots = new Set(use.roots);
  for (let size = -1; size !== roots.size;) {
    size = roots.size;
    const undo = leaveOut(program, unusedBy(absent, { ...use, roots }), absent.flatMap(({ shortcuts = [] }) => shortcuts));
    for (const root of rootsAsked(program, called, isAbsent)) roots.add(root);
    undo();
  }
  return { ...use, roots };
}

async function main(): Promise<void> {
  const command = new Command("translate")
    .description("Translates the kernel to flattened JavaScript and to C. Without --js and --c it writes both to build/.")
    .option("--js <file>", "write the JavaScript module here")
    .option("--c <folder>", "write machine.c, machine.h, format.h and packed.h here")
    .addOption(new Option("--profile <name>", "leave out of the C what this profile lacks (profiles.ts)").choices(profiles.map(({ name }) => name)).default("full"))
    .option("--with <part...>", "but not these of its parts")
    .option("--image <file>", "the program that is built in: writes use.json, for core-to-c.js, beside the C")
    .option("--kernel <folder>", "the kernel's files", path.join(ROOT, "vm/kernel"))
    .parse();
  const options = command.opts<{ js?: string; c?: string; kernel: string; profile: string; with?: string[]; image?: string }>();
  const both = options.js === undefined && options.c === undefined;
  const js = options.js ?? (both ? path.join(ROOT, "build/machine/kernel.js") : undefined);
  const folder = path.resolve(options.kernel);
  const program = await readKernel(folder);
  const c = options.c ?? (both ? path.join(ROOT, "build/c") : undefined);
  if (c !== undefined) {
    const absent = absentParts(options.profile, options.with);
    const use = options.image === undefined ? undefined : useOf(program, options.image, absent);
    writeC(program, path.resolve(c), undefined, absent, use);
    if (use !== undefined) writeUse(path.join(path.resolve(c), "use.json"), use);
  }
  if (js !== undefined) writeJavaScript(program, folder, path.resolve(js));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    const lines = (error instanceof Error ? error.message : String(error)).split("\n");
    console.error(lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more.`].join("\n") : lines.join("\n"));
    process.exitCode = 1;
  });
}
