// The compiler as a program of the machine: it compiles the program that its first argument names and hands the image to its
// host. So a host without Node takes sources too. All that it needs of its host are functions that it asks by name, whose
// results depend on their arguments only, so it can be moved like any program.
//
//   compiler.read, path          the text of a file, or undefined
//   compiler.isFile, path        is it one?
//   compiler.realPath, path      the path without symbolic links
//   compiler.core                [the core's words as bytes, its hash as bytes]
//   compiler.write, bytes        takes a piece of the image
//   compiler.refuse, message     instead of the image: what is wrong with the source
//
// Bytes are texts with one character, below 256, for each. Arguments: the path, and the bytes of memory that the program may take.

import { CompileError, compileProgram, type SourceHost } from "../../../compiler/index.js";
import type { Core } from "../../../vm/core-build.js";
import { plainDigest } from "../../../vm/digest.js";
import { encodeImage, setCoreHash } from "../../../vm/image.js";
import { Machine, type Kernel } from "../../../vm/machine.js";
import * as kernel from "./kernel.js";

declare const mvm: { ask(name: string, ...list: string[]): unknown };
declare const process: { argv: string[] };
/** What the build knows of the core beside its words. */
declare const CORE_FACTS: Pick<Core, "nextSerial" | "modules">;
/** The texts of the modules of mvm's own (vm/io), by the names of their files. */
declare const LIBRARY: { readonly [file: string]: string };

/** Characters of a piece of the image. */
const PIECE = 16384;

const files: SourceHost = {
  read: (path) => mvm.ask("compiler.read", path) as string | undefined,
  exists: (path) => mvm.ask("compiler.isFile", path) as boolean,
  realpath: (path) => mvm.ask("compiler.realPath", path) as string,
  library: (file) => LIBRARY[file]!,
};

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
function loadCore(): Core {
  const [words, hash] = mvm.ask("compiler.core") as [string, string];
  const core: Core = { words: new Int32Array(bytesOf(words).buffer), ...CORE_FACTS };
  setCoreHash(core, bytesOf(hash));
  return core;
}

const [, , path = "", memoryBytes = ""] = process.argv;
try {
  const unit = compileProgram(path, files);
  const machine = Machine.create(kernel as unknown as Kernel, loadCore(), unit, { memoryBytes: Number(memoryBytes) });
  const image = encodeImage(machine, { programId: new Uint8Array(16), epoch: 0, sequence: 0 }, plainDigest);
  for (let at = 0; at < image.length; at += PIECE) mvm.ask("compiler.write", String.fromCharCode(...image.subarray(at, at + PIECE)));
} catch (error) {
  if (!(error instanceof CompileError)) throw error;
  mvm.ask("compiler.refuse", error.message);
}
