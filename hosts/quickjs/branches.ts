// Switches as trees of comparisons. QuickJS compares the subject of a `switch` with one case after the other, so the
// interpreter's loop, whose switch has more than a hundred, would spend most of its time there. What is given is text that
// the translator of the kernel has printed (hosts/c/to-javascript.ts): subjects are integers, cases are literals, and no
// case falls through to the next (vm/kernel/README.md).

import ts from "typescript";

/** Below that many cases a switch stays as it is. */
const CASES_LEAST = 5;

/** Values in a row that lead to the same statements. */
interface Range { readonly low: number; readonly high: number; readonly body: string }

/** The module with its large switches replaced. */
export function branchSwitches(code: string): string {
  const file = ts.createSourceFile("kernel.js", code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  let labels = 0;

  /** The text of a node; a `break` that would leave a switch which is replaced leaves `block`. */
  const rewrite = (node: ts.Node, block: string | undefined): string => {
    const edits: { from: number; to: number; text: string }[] = [];
    const visit = (inner: ts.Node, around: string | undefined): void => {
      if (ts.isSwitchStatement(inner) && inner !== node) {
        const tree = replace(inner);
        if (tree !== undefined) return void edits.push({ from: inner.getStart(), to: inner.end, text: tree });
      }
      if (ts.isBreakStatement(inner) && inner.label === undefined && around !== undefined) return void edits.push({ from: inner.getStart(), to: inner.end, text: `break ${around};` });
      const leaves = ts.isIterationStatement(inner, false) || ts.isSwitchStatement(inner);
      ts.forEachChild(inner, (child) => visit(child, leaves ? undefined : around));
    };
    visit(node, block);
    const start = node.getStart();
    let text = code.slice(start, node.end);
    for (const edit of edits.reverse()) text = text.slice(0, edit.from - start) + edit.text + text.slice(edit.to - start);
    return text;
  };

  const replace = (statement: ts.SwitchStatement): string | undefined => {
    const { clauses } = statement.caseBlock;
    const cases = clauses.filter(ts.isCaseClause).map((clause) => literal(clause.expression));
    if (cases.length < CASES_LEAST || cases.includes(undefined)) return undefined;
    const label = `$switch${labels++}`;
    const values = new Map<number, string>();
    let otherwise = "";
    let waiting: number[] = [];
    let waitingDefault = false;
    for (const clause of clauses) {
      if (ts.isDefaultClause(clause)) waitingDefault = true;
      else waiting.push(literal(clause.expression)!);
      if (clause.statements.length === 0) continue;
      const body = clause.statements.map((one) => rewrite(one, label)).join("\n");
      for (const value of waiting) values.set(value, body);
      if (waitingDefault) otherwise = body;
      waiting = [];
      waitingDefault = false;
    }
    const ranges: Range[] = [];
    for (const value of [...values.keys()].sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      const body = values.get(value)!;
      if (last?.high === value - 1 && last.body === body) ranges[ranges.length - 1] = { ...last, high: value };
      else ranges.push({ low: value, high: value, body });
    }
    const subject = rewrite(statement.expression, undefined);
    const isName = ts.isIdentifier(statement.expression);
    const name = isName ? subject : `${label}of`;
    return `${label}: {\n${isName ? "" : `const ${name} = ${subject};\n`}${tree(ranges, name, label, -Infinity, Infinity)}\n${otherwise}\n}`;
  };
  return rewrite(file, undefined);
}

/** Statements that find the range of `name`, which lies between `low` and `high`, do what belongs to it and leave the block `label`. */
function tree(ranges: readonly Range[], name: string, label: string, low: number, high: number): string {
  if (ranges.length > 1) {
    const middle = ranges.length >> 1;
    const at = ranges[middle]!.low;
    return `if (${name} < ${at}) {\n${tree(ranges.slice(0, middle), name, label, low, at - 1)}\n} else {\n${tree(ranges.slice(middle), name, label, at, high)}\n}`;
  }
  const range = ranges[0]!;
  const tests = range.low === range.high && (low < range.low || high > range.high) ? [`${name} === ${range.low}`] : [
    ...low < range.low ? [`${name} >= ${range.low}`] : [], ...high > range.high ? [`${name} <= ${range.high}`] : [],
  ];
  return `${tests.length === 0 ? "" : `if (${tests.join(" && ")}) `}{\n${range.body}\nbreak ${label};\n}`;
}

function literal(expression: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(expression.operand)) return -Number(expression.operand.text);
  return undefined;
}
