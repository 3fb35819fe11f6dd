// `mvm inspect`: what vm/inspect.ts finds in a program, running or in an image, as text or JSON.

import { inspect, inspectText } from "../../vm/inspect.js";
import type { Machine } from "../../vm/machine.js";
import { readBytes } from "./files.js";
import { restoreBytes } from "./load-program.js";

export function inspectMachine(machine: Machine, json: boolean): string {
  const inspection = inspect(machine);
  return json ? `${JSON.stringify(inspection)}\n` : inspectText(inspection);
}
export function inspectFile(path: string, json: boolean): Promise<string> {
  return inspectBytes(readBytes(path), path, json);
}
/** The program of an image that comes from there. */
export async function inspectBytes(bytes: Uint8Array, from: string, json: boolean): Promise<string> {
  const { machine } = await restoreBytes(bytes, from);
  return inspectMachine(machine, json);
}
