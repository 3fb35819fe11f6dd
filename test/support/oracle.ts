// What Node prints for a program of test/programs, under the virtual conditions of oracle-main.ts: one child process per
// program, asked once. What Node cannot run yet has its transcript beside it, in a file NAME.expected.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { programsFolder } from "./run-program.js";

const main = fileURLToPath(new URL("oracle-main.js", import.meta.url));
const known = new Map<string, Promise<string>>();

/** The transcript that a program is to have: Node's. */
export function nodeTranscript(name: string): Promise<string> {
  let transcript = known.get(name);
  if (transcript === undefined) {
    const path = programsFolder + name;
    transcript = existsSync(`${path}.expected`) ? readFile(`${path}.expected`, "utf8") : ask(path);
    known.set(name, transcript);
  }
  return transcript;
}

function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, TZ: "UTC", NO_COLOR: "1" }, maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, ["--stack-size=4000", main, path], options, (error, stdout, stderr) => {
      if (stdout === "") reject(new Error(`Node gave nothing for ${path}: ${error?.message ?? ""} ${stderr}`));
      else resolve(stdout);
    });
  });
}
