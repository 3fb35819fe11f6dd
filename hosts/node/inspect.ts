// `mvm inspect` of an image: what vm/inspect.ts finds in it, as text or JSON.

import { inspectionText } from "../../vm/inspect.js";
import { readBytes } from "./files.js";
import { restoreBytes } from "./load-program.js";

export async function inspectFile(path: string, json: boolean): Promise<string> {
  const { machine } = await restoreBytes(readBytes(path), path);
  return inspectionText(machine, json);
}
