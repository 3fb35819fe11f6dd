// Checks the bodies of functions: statements, the scopes of variables, and what holds between functions (no
// recursion, who may collect, what is inlined). A function is checked when a call of it is first met, so that its
// effects and its result are known there; that also finds every cycle of calls.

import ts from "typescript";
import { commentsBefore, newLocal, typeOf } from "./load.js";
import { ExpressionChecker, facts, isIntegral, isLocal, isNumber, isVariable, ofType, requireStorable } from "./expressions.js";
import {
  DialectError, KnownError, completes, union, within,
  type Action, type Assignment, type Clause, type Entity, type Expression, type KernelFile, type KernelFunction, type Label, type Layout,
  type Local, type Program, type Statement, type Target, type Type, type Variable,
} from "./program.js";

/** All that is wrong with a kernel, one line each. */
export class TranslationError extends Error {
  constructor(readonly errors: readonly Error[]) {
    super(errors.map(error => error.message).join("\n"));
  }
}

/** Checks every function of the program and fills in its body and effects. */
export function checkProgram(program: Program): void {
  const context: Context = { files: new Map(program.files.map(file => [file.source, file])), resources: program.resources, errors: program.errors, calls: [] };
  for (const file of program.files) {
    for (const declaration of file.declarations) {
      if (declaration.kind === "entity" && declaration.entity.kind === "function") checkFunction(declaration.entity, context);
    }
  }
  if (program.errors.length > 0) throw new TranslationError(program.errors);
}

interface Context {
  readonly files: ReadonlyMap<ts.SourceFile, KernelFile>;
  readonly resources: readonly string[];
  readonly errors: DialectError[];
  /** The functions being checked, each called by the one before it. */
  readonly calls: KernelFunction[];
}

function checkFunction(callee: KernelFunction, context: Context): void {
  if (callee.status !== "unchecked") return;
  callee.status = "checking";
  context.calls.push(callee);
  new FunctionChecker(callee, context).run();
  context.calls.pop();
  callee.status = "checked";
}

class FunctionChecker extends ExpressionChecker {
  private readonly scopes: Map<string, Local>[] = [];
  private readonly labels: Label[] = [];
  /** Whether something was refused, so that what is missing from the body means nothing. */
  private failed = false;
  protected readonly file: ts.SourceFile;
  protected readonly resources: readonly string[];

  constructor(private readonly callee: KernelFunction, private readonly context: Context) {
    super();
    this.file = callee.file;
    this.resources = context.resources;
  }

  run(): void {
    const { callee } = this;
    this.scopes.push(new Map(callee.parameters.map(parameter => [parameter.name, parameter])));
    callee.body = this.block(callee.node.body!.statements, callee.node.body!);
    if (this.failed) return;
    this.guard(() => {
      if (callee.result !== "void" && completes(callee.body)) throw new DialectError(callee.node.name!, `${callee.name} can end without returning a value.`);
      if (callee.inline) this.requireInlinable();
    });
  }

  /** What @inline promises the JavaScript back end. */
  private requireInlinable(): void {
    const { callee } = this;
    const single = callee.body.length === 1 && callee.body[0]!.kind === "return";
    if (callee.result !== "void" && !single) throw new DialectError(callee.node.name!, `An @inline function with a result is a single return: ${callee.name} is not.`);
    if (callee.result === "void" && hasReturn(callee.body)) throw new DialectError(callee.node.name!, `An @inline function without a result has no return: ${callee.name} has.`);
  }

  /** Notes an error and goes on behind it, so that one run shows them all. */
  private guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof DialectError)) throw error;
      if (!(error instanceof KnownError)) this.context.errors.push(error);
      this.failed = true;
    }
  }

  protected find(name: string): Local | Entity | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const local = this.scopes[i]!.get(name);
      if (local !== undefined) return local;
    }
    const file = this.context.files.get(this.file)!;
    if (file.missing.has(name)) throw new KnownError(file.source, `${name} is missing.`);
    return file.scope.get(name);
  }

  protected requireChecked(callee: KernelFunction, node: ts.Node): void {
    if (callee.name === "collect" && !this.callee.loop) throw new DialectError(node, "Only run and functions marked @loop may collect, between instructions.");
    if (callee.status === "checking") {
      const cycle = this.context.calls.slice(this.context.calls.indexOf(callee));
      throw new DialectError(node, `The dialect has no recursion: ${[...cycle, callee].map(each => each.name).join(" calls ")}.`);
    }
    checkFunction(callee, this.context);
  }

  /** Checks one full expression and adds its effects to the function's. */
  private expression(node: ts.Expression, check = (): Expression => this.check(node)): Expression {
    return this.effects(this.full(check));
  }
  private effects(result: Expression): Expression {
    this.callee.reads |= result.reads;
    this.callee.writes |= result.writes;
    return result;
  }

  private scoped<T>(check: () => T): T {
    this.scopes.push(new Map());
    const result = check();
    this.scopes.pop();
    return result;
  }

  private block(nodes: readonly ts.Statement[], around: ts.Node): Statement[] {
    return this.scoped(() => {
      const statements: Statement[] = [];
      for (const node of nodes) this.guard(() => { statements.push(this.statement(node)); });
      const rest = ts.isBlock(around) ? commentsAt(around, nodes.at(-1)?.end ?? around.getStart() + 1) : [];
      if (rest.length > 0) statements.push({ node: around, comments: rest, trailing: "", blankBefore: false, kind: "empty" });
      return statements;
    });
  }

  /** The statements of a branch or loop body, which need not be a block. */
  private body(node: ts.Statement): Statement[] {
    return ts.isBlock(node) ? this.block(node.statements, node) : this.block([node], node);
  }

  private statement(node: ts.Statement): Statement {
    const layout = layoutOf(node);
    if (ts.isVariableStatement(node)) return { ...layout, ...this.variables(node.declarationList, false) };
    if (ts.isExpressionStatement(node)) return { ...layout, kind: "action", action: this.action(node.expression) };
    if (ts.isBlock(node)) return { ...layout, kind: "block", body: this.body(node) };
    if (ts.isIfStatement(node)) {
      const condition = this.expression(node.expression, () => this.checkBool(node.expression));
      const then = this.body(node.thenStatement);
      return { ...layout, kind: "if", condition, then, otherwise: node.elseStatement && this.body(node.elseStatement) };
    }
    if (ts.isForStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return this.loop(node, layout, undefined);
    if (ts.isSwitchStatement(node)) return this.switch(node, layout, undefined);
    if (ts.isLabeledStatement(node)) return this.labelled(node, layout);
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return this.jump(node, layout);
    if (ts.isReturnStatement(node)) return this.return(node, layout);
    if (ts.isEmptyStatement(node)) return { ...layout, kind: "empty" };
    throw new DialectError(node, `The dialect has no ${statementName(node)}.`);
  }

  private variables(list: ts.VariableDeclarationList, counter: boolean): { kind: "variables"; list: Variable[]; constant: boolean } {
    if ((list.flags & ts.NodeFlags.BlockScoped) === 0) throw new DialectError(list, "Declare with const or let.");
    const constant = (list.flags & ts.NodeFlags.Const) !== 0;
    const variables: Variable[] = [];
    for (const node of list.declarations) {
      this.guard(() => { variables.push(this.variable(node, constant, counter)); });
    }
    return { kind: "variables", list: variables, constant };
  }

  private variable(node: ts.VariableDeclaration, constant: boolean, counter: boolean): Variable {
    if (!ts.isIdentifier(node.name)) throw new DialectError(node.name, "The dialect has no destructuring.");
    const name = node.name.text;
    let local: Local | undefined;
    let value: Expression | undefined;
    try {
      value = node.initializer && this.expression(node.initializer);
      const type = this.variableType(node, value, counter && !constant);
      if (type === "void") throw new DialectError(node, "A variable has a value.");
      if (value !== undefined) requireStorable(value, type);
      local = newLocal(name, type, { parameter: false, constant });
      if (constant && value !== undefined) local = { ...local, ...knownOf(value, type) };
    } finally {
      // After an error the name is known all the same, so that its uses are not reported as well.
      this.scopes.at(-1)!.set(name, local ?? newLocal(name, annotationOr(node, "i32"), { parameter: false, constant }));
    }
    return { local, value };
  }

  private variableType(node: ts.VariableDeclaration, value: Expression | undefined, counter: boolean): Type {
    if (node.type !== undefined) return typeOf(node.type, node);
    const inferred = value === undefined ? undefined : resultOf(value);
    if (inferred !== undefined) return inferred;
    if (counter && value?.kind === "literal" && value.type === "int") return "i32";
    throw new DialectError(node, `Annotate ${node.name.getText()} with i32, u32, f64 or bool.`);
  }

  private action(node: ts.Expression): Action {
    if (ts.isParenthesizedExpression(node)) return this.action(node.expression);
    if (ts.isCallExpression(node)) {
      const call = this.expression(node);
      return { kind: "call", call };
    }
    const isStep = (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
      && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken);
    if (isStep) return this.full(() => this.compound(node, node.operand, node.operator === ts.SyntaxKind.PlusPlusToken ? "+" : "-", one(node)));
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.getText();
      if (operator === "=") return this.full(() => this.assignment(node));
      if (["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>="].includes(operator)) {
        return this.full(() => this.compound(node, node.left, operator.slice(0, -1), node.right));
      }
    }
    throw new DialectError(node, "A statement is an assignment, a step or a call; this does nothing.");
  }

  private actions(node: ts.Expression): Action[] {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken) return [...this.actions(node.left), ...this.actions(node.right)];
    return [this.action(node)];
  }

  private assignment(node: ts.BinaryExpression): Assignment {
    const targets = [this.target(node.left)];
    let right = node.right;
    while (ts.isBinaryExpression(right) && right.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      targets.push(this.target(right.left));
      right = right.right;
    }
    const value = this.effects(this.check(right));
    for (const target of targets) {
      if (targets.length > 1 && (target.kind !== "local" || targets[0]!.kind === "local" && target.local.type !== targets[0]!.local.type)) {
        throw new DialectError(node, "Several targets of one value are local variables of one type.");
      }
      this.store(target, value);
      if (target.kind === "element") this.requireOrder(node, target.index, value, "the index");
    }
    return { kind: "assign", targets, operator: "", operand: value, value };
  }

  private compound(node: ts.Expression, left: ts.Expression, operator: string, right: ts.Expression | Expression): Assignment {
    const steps = this.steps.size;
    const target = this.target(left);
    if (this.steps.size > steps || target.writes !== 0n) throw new DialectError(left, "The index of a compound assignment is used twice in C: it may not change anything.");
    const operand = "reads" in right ? right : this.check(right);
    const value = this.effects(this.binary(node, operator, target, operand));
    this.store(target, value);
    return { kind: "assign", targets: [target], operator, operand, value };
  }

  private target(node: ts.Expression): Target {
    if (ts.isElementAccessExpression(node)) {
      const element = this.element(node) as Target & { kind: "element" };
      if (element.array.kind === "table") throw new DialectError(node, `${element.array.name} is constant.`);
      return element;
    }
    const found = ts.isIdentifier(node) ? this.find(node.text) : undefined;
    if (found === undefined || !isVariable(found)) throw new DialectError(node, "Only variables and elements of views can be assigned.");
    this.requireAssignable(found, node);
    this.mention(found);
    if (isLocal(found)) {
      found.writes++;
      return { kind: "local", local: found, ...facts(node, ofType(found.type)) };
    }
    return { kind: "state", state: found, ...facts(node, ofType(found.type)), reads: found.resource };
  }

  /** Refuses what the target cannot hold; adds the effect of the store. */
  private store(target: Target, value: Expression): void {
    if (target.kind === "element") {
      if (target.array.kind === "view") this.callee.writes |= target.array.resource;
      this.callee.reads |= target.index.reads;
      this.callee.writes |= target.index.writes;
      const integral = isIntegral(value) || typeof value.value === "number" && Number.isInteger(value.value);
      if (!isNumber(value)) throw new DialectError(value.node, "A view holds numbers: write x ? 1 : 0.");
      if (target.array.element !== "f64" && !integral) throw new DialectError(value.node, "An f64 becomes an integer only by | 0 or >>> 0.");
      return;
    }
    if (target.kind === "state") this.callee.writes |= target.state.resource;
    requireStorable(value, target.kind === "local" ? target.local.type : target.state.type);
  }

  private loop(node: ts.ForStatement | ts.WhileStatement | ts.DoStatement, layout: Layout, label: Label | undefined): Statement {
    if (!ts.isForStatement(node)) {
      const condition = this.expression(node.expression, () => this.checkBool(node.expression));
      const form = ts.isDoStatement(node) ? "do" : "while";
      return { ...layout, kind: "loop", form, variables: [], first: [], condition, next: [], body: this.body(node.statement), label };
    }
    return this.scoped(() => {
      const start = node.initializer;
      const variables = start !== undefined && ts.isVariableDeclarationList(start) ? this.variables(start, true).list : [];
      const first = start !== undefined && !ts.isVariableDeclarationList(start) ? this.actions(start) : [];
      const condition = node.condition && this.expression(node.condition, () => this.checkBool(node.condition!));
      const next = node.incrementor === undefined ? [] : this.actions(node.incrementor);
      return { ...layout, kind: "loop", form: "for", variables, first, condition, next, body: this.body(node.statement), label };
    });
  }

  private switch(node: ts.SwitchStatement, layout: Layout, label: Label | undefined): Statement {
    const subject = this.expression(node.expression);
    if (subject.type !== "int") throw new DialectError(node.expression, "A switch is on an integer.");
    const clauses: Clause[] = [];
    const seen = new Set<number | boolean>();
    let labels: Expression[] = [], isDefault = false, comments: string[] = [];
    node.caseBlock.clauses.forEach((clause, i) => {
      comments.push(...commentsBefore(clause));
      if (ts.isDefaultClause(clause)) isDefault = true;
      else labels.push(this.caseLabel(clause.expression, seen));
      const last = i === node.caseBlock.clauses.length - 1;
      if (clause.statements.length === 0 && !last) return;
      const body = this.block(clause.statements, clause);
      if (!last && completes(body) && !this.failed) this.guard(() => { throw new DialectError(clause, "This case falls through: end it by break, continue or return."); });
      clauses.push({ labels, isDefault, body, comments });
      labels = [], isDefault = false, comments = [];
    });
    return { ...layout, kind: "switch", subject, clauses, label };
  }

  private caseLabel(node: ts.Expression, seen: Set<number | boolean>): Expression {
    const result = this.full(() => this.check(node));
    if (result.type !== "int" || result.value === undefined) throw new DialectError(node, "A case is an integer constant.");
    if (seen.has(result.value)) throw new DialectError(node, `There already is a case ${result.value}.`);
    seen.add(result.value);
    return result;
  }

  private labelled(node: ts.LabeledStatement, layout: Layout): Statement {
    const label: Label = { name: node.label.text, breaks: false, continues: false };
    this.labels.push(label);
    const inner = node.statement;
    let result: Statement;
    if (ts.isForStatement(inner) || ts.isWhileStatement(inner) || ts.isDoStatement(inner)) result = this.loop(inner, layout, label);
    else if (ts.isSwitchStatement(inner)) result = this.switch(inner, layout, label);
    else result = { ...layout, kind: "labelled", label, body: this.body(inner) };
    this.labels.pop();
    return result;
  }

  private jump(node: ts.BreakStatement | ts.ContinueStatement, layout: Layout): Statement {
    const kind = ts.isBreakStatement(node) ? "break" : "continue";
    if (node.label === undefined) return { ...layout, kind, label: undefined };
    const label = this.labels.find(each => each.name === node.label!.text);
    if (label === undefined) throw new DialectError(node, `There is no label ${node.label.text} around this.`);
    if (kind === "break") label.breaks = true;
    else label.continues = true;
    return { ...layout, kind, label };
  }

  private return(node: ts.ReturnStatement, layout: Layout): Statement {
    const { callee } = this;
    if (node.expression === undefined) {
      if (callee.result !== "void") throw new DialectError(node, `${callee.name} returns a value.`);
      return { ...layout, kind: "return", value: undefined };
    }
    const value = this.expression(node.expression);
    if (callee.result === "void") throw new DialectError(node, `${callee.name} returns no value.`);
    requireStorable(value, callee.result);
    const { range } = knownOf(value, callee.result);
    callee.resultRange = callee.resultRange === undefined ? range : union(callee.resultRange, range);
    return { ...layout, kind: "return", value };
  }
}

/** What reading a constant of this type and initial value gives: a sum kept as an f64 stays an integer. */
function knownOf(value: Expression, type: Type): Pick<Local, "kind" | "range"> {
  const { range = { low: 0, high: 0 }, type: kind } = ofType(type);
  if (type === "f64") return value.type === "int" && !value.minusZero ? { kind: "int", range: value.range } : { kind, range };
  return { kind, range: value.type === "int" && within(value.range, range) ? value.range : range };
}

/** The type that calls give to `const x = f()` and `const x = test ? f() : 0`. */
function resultOf(value: Expression): Type | undefined {
  if (value.kind === "call") return value.callee.result;
  if (value.kind !== "conditional") return undefined;
  const sides = [value.whenTrue, value.whenFalse];
  const types = new Set(sides.map(side => side.kind === "literal" && side.type === "int" ? undefined : resultOf(side)));
  types.delete(undefined);
  const [type] = types;
  return types.size === 1 && sides.every(side => side.kind === "literal" || resultOf(side) !== undefined) ? type : undefined;
}

function one(node: ts.Node): Expression {
  return { kind: "literal", text: "1", ...facts(node, { type: "int", value: 1 }) };
}

function annotationOr(node: ts.VariableDeclaration, type: Type): Type {
  try {
    return typeOf(node.type, node);
  } catch {
    return type;
  }
}

function hasReturn(statements: readonly Statement[]): boolean {
  return statements.some(statement => {
    switch (statement.kind) {
      case "return": return true;
      case "block": case "labelled": case "loop": return hasReturn(statement.body);
      case "if": return hasReturn(statement.then) || hasReturn(statement.otherwise ?? []);
      case "switch": return statement.clauses.some(clause => hasReturn(clause.body));
      default: return false;
    }
  });
}

function layoutOf(node: ts.Statement): Layout {
  const text = node.getSourceFile().text;
  const trailing = ts.getTrailingCommentRanges(text, node.end)?.[0];
  const blankBefore = /^[^\S\n]*(\/\/[^\n]*)?\n[^\S\n]*\n/.test(text.slice(node.getFullStart()));
  return { node, comments: commentsBefore(node), trailing: trailing === undefined ? "" : text.slice(trailing.pos, trailing.end), blankBefore };
}

/** The comments between a position and the next token. */
function commentsAt(node: ts.Node, position: number): string[] {
  const text = node.getSourceFile().text;
  return (ts.getLeadingCommentRanges(text, position) ?? []).map(range => text.slice(range.pos, range.end));
}

function statementName(node: ts.Statement): string {
  if (ts.isTryStatement(node) || ts.isThrowStatement(node)) return "exceptions";
  if (ts.isForInStatement(node) || ts.isForOfStatement(node)) return "for … in or for … of";
  if (ts.isFunctionDeclaration(node)) return "functions inside functions";
  return `statement "${node.getText().slice(0, 30)}"`;
}
