// The top-level function of a source: a script, a module's body, a file of the core. It has no parameters unless it is a
// CommonJS module (exports and module), and its variables that functions share are the module's, not a scope's.

import { CodeFlag } from "../vm/format/frame.js";
import type { FunctionUnit } from "../vm/unit.js";
import { functionFlags } from "./functions.js";
import { Generator, type SourceContext } from "./generator.js";

export function topUnit(context: SourceContext, body: (g: Generator) => void, options: { parameterCount?: number; isAsync?: boolean; name?: string } = {}): FunctionUnit {
  const { info } = context.analysis;
  const parameterCount = options.parameterCount ?? 0;
  const g = new Generator(context, info, parameterCount);
  if (options.isAsync) g.emit("START_ASYNC");
  g.placeCells();
  if (!context.core) g.enterScope(info.top);
  for (const binding of info.hidden.values()) {
    g.emit("THIS");
    g.storeVariable(binding);
  }
  body(g);
  g.emit("RETURN_UNDEFINED");
  const flags = functionFlags(info, false, context.core) | (options.isAsync ? CodeFlag.ASYNC : 0);
  return g.unit({ name: options.name ?? "", flags, length: parameterCount, capacity: 0, fast: "", source: null });
}

