// acorn, and its errors as ours.

import { Parser, type Expression, type Node, type Options, type Program } from "acorn";
import type { SourceText } from "./error.js";

/** What the text of a direct eval may contain because of where it stands (ECMA-262 section 19.2.1.1, steps 11 to 17). */
export interface EvalAllowance { strict: boolean; newTarget: boolean; superProperty: boolean; superCall: boolean }

/** Methods of acorn's parser that are not in its types. */
interface Insides {
  strict: boolean;
  toAssignable(node: Node | null, isBinding: boolean, errors?: unknown): Node | null;
  checkLValSimple(node: Node, binding?: number, clashes?: unknown): void;
}
const insides = Parser.prototype as unknown as Insides;

/** In sloppy code a call may stand where something is assigned to, as annex B has it, but not within a pattern: it is an error when it is reached. */
class SloppyParser extends Parser {
  private patterns = 0;
  private get isStrict(): boolean { return (this as unknown as Insides).strict; }

  toAssignable(node: Node | null, isBinding: boolean, errors?: unknown): Node | null {
    if (this.patterns === 0 && !isBinding && !this.isStrict && node?.type === "CallExpression") return node;
    this.patterns++;
    try {
      return insides.toAssignable.call(this as unknown as Insides, node, isBinding, errors);
    } finally {
      this.patterns--;
    }
  }
  checkLValSimple(node: Node, binding = 0, clashes?: unknown): void {
    if (binding !== 0 || this.isStrict || node.type !== "CallExpression") insides.checkLValSimple.call(this as unknown as Insides, node, binding, clashes);
  }
}

export function parse(source: SourceText, sourceType: "module" | "script" | "commonjs"): Program {
  return parsed(source, () => SloppyParser.parse(source.text, { ...options, sourceType, allowHashBang: true }));
}
const options: Options = { ecmaVersion: 2026, allowHashBang: false };

/** An expression that the compiler has written itself. */
export function parseExpression(text: string): Expression { return Parser.parseExpressionAt(text, 0, { ...options, sourceType: "script" }); }

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

class EvalParser extends SloppyParser {
  private newTarget = false;

  static over(text: string): EvalParser { return new EvalParser({ ...options, sourceType: "script", allowHashBang: true, checkPrivateFields: false }, text); }

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
    throw source.errorHere(problem.message.replace(/ \(\d+:\d+\)$/, ""), offset, "syntax");
  }
}
