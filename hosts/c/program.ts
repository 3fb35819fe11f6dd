// The checked kernel as a tree: what the checker (load.ts, statements.ts, expressions.ts) makes of the TypeScript
// and what both back ends print. Names are resolved, every expression carries its type, the range of values it can
// have and what it reads and writes, so that a back end decides nothing about the dialect, only about its language.

import * as path from "node:path";
import ts from "typescript";

/** Types that the source can write. */
export type Type = "i32" | "u32" | "f64" | "bool" | "void";
/** Types of expressions: integers of any width are one type, told apart by their range. */
export type Kind = "int" | "f64" | "bool" | "void";
/** Whether an integer came from `i32`s, from `u32`s, from neither (it fits both), or from a mixture. */
export type Sign = "signed" | "unsigned" | "either" | "mixed";
/** The least and greatest value an integer expression can have. */
export interface Range { readonly low: number; readonly high: number }

export const I32_RANGE: Range = { low: -0x80000000, high: 0x7fffffff };
export const U32_RANGE: Range = { low: 0, high: 0xffffffff };
/** Within this range doubles are exact integers, so JavaScript and 64-bit C arithmetic agree. */
export const EXACT = 2 ** 53;

export function within(inner: Range, outer: Range): boolean {
  return inner.low >= outer.low && inner.high <= outer.high;
}
export function union(a: Range, b: Range): Range {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}
export function contains(range: Range, value: number): boolean {
  return range.low <= value && value <= range.high;
}

/** A refusal: the place in the source and one sentence. */
export class DialectError extends Error {
  constructor(node: ts.Node, sentence: string) {
    super(`${placeOf(node)}: ${sentence}`);
  }
}

/** What follows from a refusal that is already noted. */
export class KnownError extends DialectError {}

/** `file:line:column` of a node, the file relative to the current directory. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${path.relative("", file.fileName)}:${line + 1}:${character + 1}`;
}

/** A compile-time constant: of a kernel file, or of a table (`Op.ADD`), or an export of vm/format. */
export interface Constant {
  readonly kind: "constant";
  readonly name: string;
  /** The table it is a member of, or "". */
  readonly table: string;
  readonly type: Kind;
  readonly value: number | boolean;
  readonly exported: boolean;
  readonly comment: string;
}
/** A constant table: `const TABLE: i32[] = [ … ]`, or an array of numbers exported by vm/format. */
export interface Table {
  readonly kind: "table";
  readonly name: string;
  readonly element: Type;
  readonly values: readonly number[];
  readonly exported: boolean;
  readonly imported: boolean;
  readonly comment: string;
}
/** Module state: `let name: i32 = constant`. */
export interface State {
  readonly kind: "state";
  readonly name: string;
  readonly type: Type;
  readonly initial: number | boolean;
  readonly exported: boolean;
  readonly file: ts.SourceFile;
  readonly resource: bigint;
  readonly comment: string;
}
/** A typed array. `length` is that of an array the kernel owns; the others are pointed at memory by the host. */
export interface View {
  readonly kind: "view";
  readonly name: string;
  readonly element: "i32" | "f64";
  readonly range: Range;
  readonly file: ts.SourceFile;
  readonly resource: bigint;
  readonly length: number | undefined;
  readonly comment: string;
}
export interface KernelFunction {
  readonly kind: "function";
  readonly name: string;
  readonly node: ts.FunctionDeclaration;
  readonly file: ts.SourceFile;
  readonly exported: boolean;
  readonly inline: boolean;
  /** Expanded at each call in C alone (`@hot`). */
  readonly hot: boolean;
  /** Its loop is an interpreter's (`@threaded`). */
  readonly threaded: boolean;
  /** The function that does the same, and that compact C has instead (`@reference name`). */
  readonly reference: string | undefined;
  /** Stays C in packed builds (`@native`). */
  readonly native: boolean;
  /** May call `collect`. */
  readonly loop: boolean;
  /** For hosts in TypeScript only: kept word for word in JavaScript, left out of C. */
  readonly host: boolean;
  readonly parameters: Local[];
  readonly result: Type;
  readonly comment: string;
  /** What follows is filled in by the check. */
  status: "unchecked" | "checking" | "checked";
  body: Statement[];
  reads: bigint;
  writes: bigint;
  /** The values it returns; undefined until a `return` has been seen. */
  resultRange: Range | undefined;
}
export type Entity = Constant | Table | State | View | KernelFunction | TableObject;
/** `Op`, `Reg`, …: an object of numbers exported by vm/format. */
export interface TableObject {
  readonly kind: "object";
  readonly name: string;
  readonly members: ReadonlyMap<string, Constant>;
}

/** A parameter or variable of a function. */
export interface Local {
  readonly name: string;
  readonly type: Type;
  readonly parameter: boolean;
  readonly constant: boolean;
  /** Type and range of its value when read: a `const` keeps those of its initial value. */
  readonly kind: Kind;
  readonly range: Range;
  reads: number;
  writes: number;
}

export interface Facts {
  readonly node: ts.Node;
  readonly type: Kind;
  readonly range: Range;
  readonly sign: Sign;
  /** Whether JavaScript may see -0 where C, with integers, sees 0. */
  readonly minusZero: boolean;
  /**
   * An f64 that sums and products of integers make, which may be beyond 2^53 and so rounded. Where the source promises
   * that it fits 32 bits (a store, an index) it counts as an integer.
   */
  readonly whole: boolean;
  /** Module resources (memory, scratch, state) it reads and writes, one bit each. */
  readonly reads: bigint;
  readonly writes: bigint;
  /** Its value, if that is known. */
  readonly value: number | boolean | undefined;
}
export type Expression = Facts & (
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "constant"; readonly constant: Constant }
  | { readonly kind: "local"; readonly local: Local }
  | { readonly kind: "state"; readonly state: State }
  | { readonly kind: "element"; readonly array: View | Table; readonly index: Expression }
  | { readonly kind: "length"; readonly array: View | Table }
  | { readonly kind: "step"; readonly operator: "++" | "--"; readonly prefix: boolean; readonly target: Local | State }
  | { readonly kind: "unary"; readonly operator: "-" | "~" | "!"; readonly operand: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "conditional"; readonly condition: Expression; readonly whenTrue: Expression; readonly whenFalse: Expression }
  | { readonly kind: "math"; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "call"; readonly callee: KernelFunction; readonly arguments: readonly Expression[] });
export type Call = Expression & { kind: "call" };

export type Target = Expression & { kind: "local" | "state" | "element" };
/** `target = value`; with `operator` (`+` of `+=`, …) `operand` is the right side and `value` the whole result. */
export interface Assignment {
  readonly kind: "assign";
  readonly targets: readonly Target[];
  readonly operator: string;
  readonly operand: Expression;
  readonly value: Expression;
}
/** An assignment or a call: what an expression statement and the headers of `for` hold. */
export type Action = Assignment | { readonly kind: "call"; readonly call: Expression };
export interface Variable { readonly local: Local; readonly value: Expression | undefined }
export interface Clause {
  /** Empty for `default`. */
  readonly labels: readonly Expression[];
  readonly isDefault: boolean;
  readonly body: Statement[];
  readonly comments: readonly string[];
}
export interface Layout {
  readonly node: ts.Node;
  /** Comments before it, as written, and the one that ends its last line. */
  readonly comments: readonly string[];
  readonly trailing: string;
  readonly blankBefore: boolean;
}
export type Statement = Layout & (
  | { readonly kind: "variables"; readonly list: readonly Variable[]; readonly constant: boolean }
  | { readonly kind: "action"; readonly action: Action }
  | { readonly kind: "block"; readonly body: Statement[] }
  | { readonly kind: "if"; readonly condition: Expression; readonly then: Statement[]; readonly otherwise: Statement[] | undefined }
  | Loop
  | { readonly kind: "switch"; readonly subject: Expression; readonly clauses: readonly Clause[]; readonly label: Label | undefined }
  | { readonly kind: "labelled"; readonly label: Label; readonly body: Statement[] }
  | { readonly kind: "break" | "continue"; readonly label: Label | undefined }
  | { readonly kind: "return"; readonly value: Expression | undefined }
  /** What a profile lacks (leave-out.ts): ends the function with 0, and the machine's run unless the part is 0. */
  | { readonly kind: "absent"; readonly part: number }
  | { readonly kind: "empty" });
export type Loop = Layout & {
  readonly kind: "loop";
  readonly form: "for" | "while" | "do";
  readonly variables: readonly Variable[];
  readonly first: readonly Action[];
  readonly condition: Expression | undefined;
  readonly next: readonly Action[];
  readonly body: Statement[];
  readonly label: Label | undefined;
};
/** A label of the source; the flags say which jumps name it. */
export interface Label { readonly name: string; breaks: boolean; continues: boolean }

/** Something a file declares, in order, for the back ends to print. */
export type Declaration =
  | { readonly kind: "entity"; readonly entity: Exclude<Entity, TableObject>; readonly node: ts.Node }
  | { readonly kind: "verbatim"; readonly node: ts.Statement };
export interface KernelFile {
  readonly source: ts.SourceFile;
  /** The comment that opens the file. */
  readonly comment: string;
  readonly declarations: Declaration[];
  readonly scope: Map<string, Entity>;
  readonly exports: Set<string>;
  /** Names it imports that are not there. */
  readonly missing: Set<string>;
}
export interface Program {
  /** In dependency order. */
  readonly files: readonly KernelFile[];
  /** Every name declared at the top of any file. */
  readonly names: ReadonlySet<string>;
  /** What the files use of vm/format. */
  readonly imported: ReadonlyMap<string, Constant | Table | TableObject>;
  /** The name of each resource, by its bit's position. */
  readonly resources: readonly string[];
  /** What is wrong with it. */
  readonly errors: DialectError[];
}

/** Whether evaluating an expression later, or never, makes no difference but for what is written meanwhile. */
export function isPure(e: Expression): boolean {
  if (e.writes !== 0n) return false;
  switch (e.kind) {
    case "step": return false;
    case "element": return isPure(e.index);
    case "unary": return isPure(e.operand);
    case "binary": return isPure(e.left) && isPure(e.right);
    case "conditional": return isPure(e.condition) && isPure(e.whenTrue) && isPure(e.whenFalse);
    case "math": case "call": return e.arguments.every(isPure);
    default: return true;
  }
}

/** Whether control can reach the end of these statements. */
export function completes(statements: readonly Statement[]): boolean {
  return statements.every(statement => {
    switch (statement.kind) {
      case "break": case "continue": case "return": case "absent": return false;
      case "block": return completes(statement.body);
      case "labelled": return statement.label.breaks || completes(statement.body);
      case "if": return statement.otherwise === undefined || completes(statement.then) || completes(statement.otherwise);
      case "loop": return statement.condition !== undefined && statement.condition.value !== true
        || breaksOut(statement.body) || (statement.label?.breaks ?? false);
      case "switch": return !statement.clauses.some(clause => clause.isDefault)
        || (statement.label?.breaks ?? false)
        || statement.clauses.some(clause => breaksOut(clause.body))
        || completes(statement.clauses.at(-1)?.body ?? []);
      default: return true;
    }
  });
}

/** Whether an unlabelled `break` in these statements leaves the loop or switch around them. */
function breaksOut(statements: readonly Statement[]): boolean {
  return statements.some(statement => {
    switch (statement.kind) {
      case "break": return statement.label === undefined;
      case "block": case "labelled": return breaksOut(statement.body);
      case "if": return breaksOut(statement.then) || breaksOut(statement.otherwise ?? []);
      default: return false;
    }
  });
}
