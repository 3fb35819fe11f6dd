// Errors of Node's as a Trouble (vm/hosting/trouble.ts): why a file could not be read or written, for people.

import { Exit, Trouble } from "../../vm/hosting/trouble.js";

export { Exit, exitCodesHelp, oneLine, Trouble } from "../../vm/hosting/trouble.js";

/** The code of an error of Node's ("ENOENT"), or "". */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Why a file could not be read or written, for people. */
export function fileTrouble(error: unknown, path: string, verb: "read" | "write"): Trouble {
  const reason: Record<string, [string, string]> = {
    ENOENT: verb === "read" ? ["there is no such file", "check the path"] : ["its directory does not exist", "make it, or choose another with -o"],
    EISDIR: ["it is a directory", "name a file"],
    ENOTDIR: ["a part of its path is not a directory", "check the path"],
    EACCES: ["permission is denied", `make it ${verb === "read" ? "readable" : "writable"}, or choose another`],
    EPERM: ["permission is denied", `make it ${verb === "read" ? "readable" : "writable"}, or choose another`],
    EROFS: ["the file system is read-only", "choose another place"],
    ENOSPC: ["no space is left on the device", "free some, or choose another place; nothing was changed"],
    EDQUOT: ["the disk quota is used up", "free some, or choose another place; nothing was changed"],
  };
  const [what, advice] = reason[errorCode(error)] ?? [error instanceof Error ? error.message : String(error), ""];
  return new Trouble(Exit.FILE, `cannot ${verb} ${path}: ${what}`, advice);
}
