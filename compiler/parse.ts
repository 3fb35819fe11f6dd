// acorn, and its errors as ours.

import { Parser, type Options, type Program } from "acorn";
import type { SourceText } from "./error.js";

/** What the text of a direct eval may contain because of where it stands (ECMA-262 section 19.2.1.1, steps 11 to 17). */
export interface EvalAllowance { strict: boolean; newTarget: boolean; superProperty: boolean; superCall: boolean }

export function parse(source: SourceText, sourceType: "module" | "script" | "commonjs"): Program {
  return parsed(source, () => Parser.parse(source.text, { ...options, sourceType, allowHashBang: true }));
}
const options: Options = { ecmaVersion: 2025, allowHashBang: false };

/** The text of a direct eval. Private names are checked later: classes around it may have them. */
export function parseEval(source: SourceText, allowance: EvalAllowance): Program {
  return parsed(source, () => {
    const parser = EvalParser.over(source.text);
    parser.allow(allowance);
    return parser.parse();
  });
}

/** What acorn's parser keeps about where it is; it asks the outermost of the scopes about super outside of functions. */
interface Inside { strict: boolean; scopeStack: { flags: number }[]; allowNewDotTarget: boolean }
const SUPER_PROPERTY = 64, SUPER_CALL = 128;

class EvalParser extends Parser {
  private newTarget = false;

  static over(text: string): EvalParser { return new EvalParser({ ...options, sourceType: "script", checkPrivateFields: false }, text); }

  allow({ strict, newTarget, superProperty, superCall }: EvalAllowance): void {
    const inside = this as unknown as Inside;
    if (strict) inside.strict = true;
    this.newTarget = newTarget;
    inside.scopeStack[0]!.flags |= (superProperty ? SUPER_PROPERTY : 0) | (superCall ? SUPER_CALL : 0);
  }
  get allowNewDotTarget(): boolean { return this.newTarget || (Reflect.get(Parser.prototype, "allowNewDotTarget", this) as boolean); }
}

function parsed(source: SourceText, parse: () => Program): Program {
  try {
    return parse();
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    const offset = (problem as SyntaxError & { pos?: number }).pos ?? 0;
    throw source.error(problem.message.replace(/ \(\d+:\d+\)$/, ""), offset, "syntax");
  }
}
