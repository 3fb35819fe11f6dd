// acorn, and its errors as ours.

import { parse as acornParse, type Program } from "acorn";
import type { SourceText } from "./error.js";

export function parse(source: SourceText, sourceType: "module" | "script" | "commonjs"): Program {
  try {
    return acornParse(source.text, { ecmaVersion: 2025, sourceType, allowHashBang: true });
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    const offset = (problem as SyntaxError & { pos?: number }).pos ?? 0;
    throw source.error(problem.message.replace(/ \(\d+:\d+\)$/, ""), offset, "syntax");
  }
}
