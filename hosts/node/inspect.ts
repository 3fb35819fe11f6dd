// `mvm inspect` of an image: what vm/inspect.ts finds in it, as text or JSON.

import { inspectionText } from "../../vm/inspect.js";
import { readBytes } from "./files.js";
import { restoreBytes } from "./load-program.js";

export function inspectFile(path: string, json: boolean): Promise<string> {
  return inspectBytes(readBytes(path), path, json);
}
/** The program of an image that comes from there. */
export async function inspectBytes(bytes: Uint8Array, from: string, json: boolean): Promise<string> {
  const { machine } = await restoreBytes(bytes, from);
  return inspectionText(machine, json);
}
