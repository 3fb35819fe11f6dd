// acorn, and its errors as ours.

import { Parser, tokTypes, type Expression, type Node, type Options, type Program, type TokenType } from "acorn";
import type { SourceText } from "./error.js";

/** What the text of a direct eval may contain because of where it stands (ECMA-262 section 19.2.1.1, steps 11 to 17). */
export interface EvalAllowance { strict: boolean; newTarget: boolean; superProperty: boolean; superCall: boolean }

/** Methods of acorn's parser that are not in its types. */
interface Insides {
  strict: boolean;
  start: number;
  end: number;
  type: TokenType;
  value: unknown;
  input: string;
  raise(offset: number, reason: string): never;
  toAssignable(node: Node | null, isBinding: boolean, errors?: unknown): Node | null;
  checkLValSimple(node: Node, binding?: number, clashes?: unknown): void;
}
const insides = Parser.prototype as unknown as Insides;

/** What acorn says otherwise than V8, whose words people know. */
const acornWords: Readonly<Record<string, string>> = {
  "Assigning to rvalue": "Invalid left-hand side in assignment", "'return' outside of function": "Illegal return statement",
  "Unsyntactic break": "Illegal break statement", "Unsyntactic continue": "Illegal continue statement: no surrounding iteration statement",
  "Unterminated string constant": "Invalid or unexpected token", "Unterminated template": "Unterminated template literal",
  "Complex binding patterns require an initialization value": "Missing initializer in destructuring declaration",
  "Unterminated regular expression": "Invalid regular expression: missing /",
};

function unexpectedToken({ start, end, type, value, input }: Insides): string {
  const before = input.slice(Math.max(0, start - 80), start);
  if (/\bconst\s+[\p{ID_Continue}$]+\s*$/u.test(before)) return "Missing initializer in const declaration";
  if (type === tokTypes.eof) return "Unexpected end of input";
  if (type === tokTypes.num) return "Unexpected number";
  if (type === tokTypes.string) return "Unexpected string";
  if (type !== tokTypes.name) return `Unexpected token '${input.slice(start, end)}'`;
  return /\bawait\s+$/.test(before) ? "await is only valid in async functions and the top level bodies of modules" : `Unexpected identifier '${String(value)}'`;
}

/** In sloppy code a call may stand where something is assigned to, as annex B has it, but not within a pattern: it is an error when it is reached. */
class SloppyParser extends Parser {
  private patterns = 0;

  /** Says which token it is that was not expected. */
  unexpected(offset?: number): never {
    const inside = this as unknown as Insides;
    const { start, input } = inside;
    const at = offset ?? start;
    return inside.raise(at, at === start ? unexpectedToken(inside) : `Unexpected token '${input[at] ?? ""}'`);
  }
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
    const reason = problem.message.replace(/ \(\d+:\d+\)$/, "").replace(/^Unexpected keyword /, "Unexpected token ");
    throw source.errorHere(acornWords[reason] ?? reason, offset, "syntax");
  }
}
