// Checks expressions of the dialect and gives each its type, range and effects. It accepts only what C computes as
// JavaScript does: integers while they stay exact, and no two parts of an expression, in an order that C leaves
// open, of which one writes what the other reads or writes. Everything else is refused with the place and a reason.

import ts from "typescript";
import {
  DialectError, EXACT, I32_RANGE, U32_RANGE, contains, union, within,
  type Entity, type Expression, type Facts, type KernelFunction, type Kind, type Local, type Range, type Sign,
  type State, type Table, type Type, type View,
} from "./program.js";

const NO_RANGE: Range = { low: 0, high: 0 };
/** Math functions that are exact in IEEE 754, and how many arguments they take. */
const MATH: ReadonlyMap<string, number> = new Map([["imul", 2], ["clz32", 1], ["floor", 1], ["ceil", 1], ["trunc", 1], ["sqrt", 1], ["abs", 1]]);
const COMPARISONS: readonly string[] = ["<", ">", "<=", ">=", "===", "!=="];
const BITWISE: readonly string[] = ["&", "|", "^", "<<", ">>", ">>>"];
const ARITHMETIC: readonly string[] = ["+", "-", "*", "/", "%"];

type Operand = Facts;
export interface Shape { type: Kind; range?: Range; sign?: Sign; minusZero?: boolean; whole?: boolean; value?: number | boolean | undefined }

/** The facts of an expression made of `operands`; a known value settles type and range. */
export function facts(node: ts.Node, shape: Shape, ...operands: Operand[]): Facts {
  let { type, range = NO_RANGE, sign = "either", minusZero = false, whole = false } = shape;
  const { value } = shape;
  if (typeof value === "number") {
    const integral = Number.isSafeInteger(value) && !Object.is(value, -0);
    if (type === "int" && !integral) type = "f64";
    if (integral && operands.length > 0 && operands.every(operand => operand.type === "int")) type = "int";
    if (integral) range = { low: value, high: value };
    minusZero = false;
    sign = signOf(range);
  }
  let reads = 0n, writes = 0n;
  for (const operand of operands) { reads |= operand.reads; writes |= operand.writes; }
  return { node, type, range, sign, minusZero, whole, reads, writes, value };
}

/** What may be stored where, given the range of an integer and where its operands came from. */
function signOf(range: Range, ...signs: Sign[]): Sign {
  if (range.low >= 0 && range.high <= I32_RANGE.high) return "either";
  const distinct = new Set(signs.filter(sign => sign !== "either"));
  if (distinct.size > 1) return "mixed";
  return [...distinct][0] ?? (range.low < 0 ? "signed" : signs.length > 0 ? "either" : "unsigned");
}

/** The range of ToInt32 of an operand. */
function wrapped(operand: Expression): Range {
  if (operand.kind === "binary" && operand.operator === "/" && operand.value === undefined) return quotient(operand.left, operand.right);
  if (typeof operand.value === "number") return { low: operand.value | 0, high: operand.value | 0 };
  return operand.type === "int" && within(operand.range, I32_RANGE) ? operand.range : I32_RANGE;
}

/** The range of `(a / b) | 0`; division by zero gives 0. */
function quotient(a: Expression, b: Expression): Range {
  const natural = a.type === "int" && b.type === "int" && a.range.low >= 0 && b.range.low >= 0 && a.range.high <= I32_RANGE.high;
  return natural ? { low: 0, high: a.range.high } : I32_RANGE;
}

/** Whether an operand may stand where the source promises a 32-bit integer. */
export function isIntegral(operand: Operand): boolean {
  return operand.type === "int" || operand.whole;
}
export function isNumber(operand: Operand): boolean {
  return operand.type === "int" || operand.type === "f64";
}

/** Refuses a value that a variable of this type cannot hold exactly. */
export function requireStorable(value: Expression, type: Type): void {
  const node = value.node;
  if (type === "void" || value.type === "void") throw new DialectError(node, "A function without a result gives no value.");
  if (type === "bool" || value.type === "bool") {
    if (type !== value.type) throw new DialectError(node, type === "bool" ? "A number is no bool: compare it." : "A bool is no number: write x ? 1 : 0.");
    return;
  }
  if (type === "f64") return;
  const target = type === "i32" ? I32_RANGE : U32_RANGE;
  if (typeof value.value === "number") {
    if (!Number.isInteger(value.value) || Object.is(value.value, -0) || !contains(target, value.value)) throw new DialectError(node, `${Object.is(value.value, -0) ? "-0" : value.value} is not a value of ${type}.`);
    return;
  }
  if (!isIntegral(value) || value.kind === "local" && value.local.type === "f64") throw new DialectError(node, "An f64 becomes an integer only by | 0 or >>> 0.");
  if (!within(value.range, target)) {
    if (value.sign === "mixed") throw new DialectError(node, "i32 and u32 are mixed here: say which it is by | 0 or >>> 0.");
    if (value.sign === "unsigned" && type === "i32") throw new DialectError(node, "A u32 becomes an i32 only by | 0.");
    if (value.sign === "signed" && type === "u32") throw new DialectError(node, "An i32 becomes a u32 only by >>> 0.");
  }
  if (value.minusZero) throw new DialectError(node, `This may be -0 in JavaScript: write ${value.kind === "binary" && value.operator === "*" ? "Math.imul" : type === "i32" ? "| 0" : ">>> 0"}.`);
}

export abstract class ExpressionChecker {
  /** How many indices the expression being checked is in: only there may a variable be stepped. */
  protected indices = 0;
  /** How often the present full expression names each variable, and where it steps one. */
  private mentions = new Map<Local | State, number>();
  protected steps = new Map<Local | State, ts.Node>();

  protected abstract find(name: string): Local | Entity | undefined;
  /** Makes sure that the effects and the result of `callee` are known. */
  protected abstract requireChecked(callee: KernelFunction, node: ts.Node): void;
  protected abstract readonly file: ts.SourceFile | undefined;
  protected abstract readonly resources: readonly string[];

  /** Checks what lies between two sequence points. */
  protected full<T>(check: () => T): T {
    this.mentions = new Map();
    this.steps = new Map();
    const result = check();
    for (const [variable, node] of this.steps) {
      if ((this.mentions.get(variable) ?? 0) > 1) throw new DialectError(node, `${variable.name} is stepped and named again in one expression: C leaves the order open.`);
    }
    return result;
  }

  check(node: ts.Expression): Expression {
    if (ts.isParenthesizedExpression(node)) return this.check(node.expression);
    if (ts.isNumericLiteral(node)) return this.number(node);
    if (ts.isIdentifier(node)) return this.identifier(node);
    if (ts.isElementAccessExpression(node)) return this.element(node);
    if (ts.isPropertyAccessExpression(node)) return this.property(node);
    if (ts.isCallExpression(node)) return this.callExpression(node);
    if (ts.isBinaryExpression(node)) return this.binary(node, node.operatorToken.getText(), this.check(node.left), this.check(node.right));
    if (ts.isConditionalExpression(node)) return this.conditional(node);
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.unary(node);
    switch (node.kind) {
      case ts.SyntaxKind.TrueKeyword: return { kind: "literal", text: "true", ...facts(node, { type: "bool", value: true }) };
      case ts.SyntaxKind.FalseKeyword: return { kind: "literal", text: "false", ...facts(node, { type: "bool", value: false }) };
    }
    throw new DialectError(node, `The dialect has no ${describe(node)}.`);
  }

  checkBool(node: ts.Expression): Expression {
    const result = this.check(node);
    if (result.type !== "bool") throw new DialectError(node, "A condition is a bool: compare with !== 0.");
    return result;
  }

  private number(node: ts.NumericLiteral): Expression {
    const value = Number(node.text);
    const source = node.getText().replaceAll("_", "");
    const hexadecimal = /^0[xX]/.test(source);
    const type = !hexadecimal && /[.eE]/.test(source) || !Number.isSafeInteger(value) ? "f64" : "int";
    const range = { low: value, high: value };
    const text = hexadecimal || /^\d+$/.test(source) ? source : String(value);
    return { kind: "literal", text, ...facts(node, { type, value, range }) };
  }

  private identifier(node: ts.Identifier): Expression {
    const name = node.text;
    const entity = this.find(name);
    if (entity === undefined) {
      if (name === "NaN" || name === "Infinity") return { kind: "literal", text: name, ...facts(node, { type: "f64", value: Number(name) }) };
      throw new DialectError(node, `The dialect knows no ${name} here.`);
    }
    if (isLocal(entity)) return this.local(node, entity);
    switch (entity.kind) {
      case "constant": {
        const { type, value } = entity;
        const range = type === "int" ? { low: value as number, high: value as number } : NO_RANGE;
        return { kind: "constant", constant: entity, ...facts(node, { type, value, range }) };
      }
      case "state": {
        this.mention(entity);
        const { type } = entity;
        return { kind: "state", state: entity, ...facts(node, ofType(type)), reads: entity.resource };
      }
      case "function": throw new DialectError(node, `${name} is a function: it can only be called.`);
      case "object": throw new DialectError(node, `${name} is a table of constants: name a member.`);
      default: throw new DialectError(node, `${name} can only be indexed.`);
    }
  }

  protected local(node: ts.Node, local: Local): Expression {
    local.reads++;
    this.mention(local);
    const shape: Shape = local.kind === "int" ? { type: "int", range: local.range, sign: local.type === "f64" ? signOf(local.range, "signed") : ofType(local.type).sign! } : { type: local.kind };
    if (shape.range !== undefined && shape.range.low >= 0 && shape.range.high <= I32_RANGE.high) shape.sign = "either";
    return { kind: "local", local, ...facts(node, shape) };
  }

  protected mention(variable: Local | State): void {
    this.mentions.set(variable, (this.mentions.get(variable) ?? 0) + 1);
  }

  protected element(node: ts.ElementAccessExpression): Expression {
    const array = this.array(node.expression);
    if (array === undefined) throw new DialectError(node, "Only views and constant tables can be indexed.");
    this.indices++;
    const index = this.check(node.argumentExpression);
    this.indices--;
    if (!isIntegral(index)) throw new DialectError(node.argumentExpression, "An index is an integer: use | 0.");
    // Outside its array C reads 0, so that is always among the values.
    const range = array.kind === "view" ? array.range : { low: Math.min(0, ...array.values), high: Math.max(0, ...array.values) };
    const type = array.element === "f64" ? "f64" : array.element === "bool" ? "bool" : "int";
    const own = facts(node, { type, range, sign: signOf(range) }, index);
    const reads = own.reads | (array.kind === "view" ? array.resource : 0n);
    return { kind: "element", array, index, ...own, reads };
  }

  protected array(node: ts.Expression): View | Table | undefined {
    const entity = ts.isIdentifier(node) ? this.find(node.text) : undefined;
    if (entity === undefined || isLocal(entity) || entity.kind !== "view" && entity.kind !== "table") return undefined;
    if (entity.kind === "view" && entity.resource === 0n && entity.file !== this.file) throw new DialectError(node, `Only its own file touches ${entity.name}: use highWord, lowWord, doubleOf.`);
    return entity;
  }

  private property(node: ts.PropertyAccessExpression): Expression {
    const name = node.name.text;
    const entity = ts.isIdentifier(node.expression) ? this.find(node.expression.text) : undefined;
    if (entity !== undefined && !isLocal(entity) && entity.kind === "object") {
      const constant = entity.members.get(name);
      if (constant === undefined) throw new DialectError(node, `${entity.name} has no number named ${name}.`);
      const { type, value } = constant;
      const range = type === "int" ? { low: value as number, high: value as number } : NO_RANGE;
      return { kind: "constant", constant, ...facts(node, { type, value, range }) };
    }
    const array = name === "length" ? this.array(node.expression) : undefined;
    if (array === undefined) throw new DialectError(node, "Only tables of constants have members, and views and tables a length.");
    const length = array.kind === "table" ? array.values.length : array.length;
    const range = length === undefined ? { low: 0, high: I32_RANGE.high } : { low: length, high: length };
    return { kind: "length", array, ...facts(node, { type: "int", range, value: length }) };
  }

  private callExpression(node: ts.CallExpression): Expression {
    if (ts.isPropertyAccessExpression(node.expression) && node.expression.expression.getText() === "Math") return this.math(node, node.expression.name.text);
    const callee = ts.isIdentifier(node.expression) ? this.find(node.expression.text) : undefined;
    if (callee === undefined || isLocal(callee) || callee.kind !== "function") throw new DialectError(node, `${node.expression.getText()} is no kernel function.`);
    if (callee.host) throw new DialectError(node, `${callee.name} is for hosts only (@host): C has no such function.`);
    if (node.arguments.length !== callee.parameters.length) throw new DialectError(node, `${callee.name} takes ${callee.parameters.length} arguments.`);
    this.requireChecked(callee, node);
    const values = this.withoutSteps(() => node.arguments.map((argument, i) => {
      const value = this.check(argument);
      requireStorable(value, callee.parameters[i]!.type);
      return value;
    }));
    this.requireUnordered(node, values);
    const shape = ofType(callee.result);
    if (shape.range !== undefined && callee.resultRange !== undefined && within(callee.resultRange, shape.range)) {
      shape.range = callee.resultRange;
      shape.sign = signOf(shape.range, shape.sign!);
    }
    const own = facts(node, shape, ...values);
    return { kind: "call", callee, arguments: values, ...own, reads: own.reads | callee.reads, writes: own.writes | callee.writes };
  }

  /** An argument is not inside the index around its call. */
  private withoutSteps<T>(check: () => T): T {
    const indices = this.indices;
    this.indices = 0;
    const result = check();
    this.indices = indices;
    return result;
  }

  private math(node: ts.CallExpression, name: string): Expression {
    if (!MATH.has(name)) throw new DialectError(node, `Math.${name} is not exact everywhere: the dialect has only ${[...MATH.keys()].map(known => `Math.${known}`).join(", ")}.`);
    if (node.arguments.length !== MATH.get(name)) throw new DialectError(node, `Math.${name} takes ${MATH.get(name)} argument${MATH.get(name) === 1 ? "" : "s"}.`);
    const values = node.arguments.map(argument => this.check(argument));
    if (!values.every(isNumber)) throw new DialectError(node, `Math.${name} takes numbers.`);
    this.requireUnordered(node, values);
    const numbers = values.map(item => item.value);
    const value = numbers.every(item => typeof item === "number") ? (Math as unknown as Record<string, (...values: number[]) => number>)[name]!(...numbers) : undefined;
    const first = values[0]!;
    const shape: Shape = { type: "f64", value };
    if (name === "imul") Object.assign(shape, { type: "int", range: I32_RANGE, sign: "signed" });
    else if (name === "clz32") Object.assign(shape, { type: "int", range: { low: 0, high: 32 } });
    else if (name === "abs" && first.type === "int") {
      const high = Math.max(Math.abs(first.range.low), Math.abs(first.range.high));
      const range = { low: contains(first.range, 0) ? 0 : Math.min(Math.abs(first.range.low), Math.abs(first.range.high)), high };
      Object.assign(shape, { type: "int", range, sign: signOf(range, "signed") });
    }
    return { kind: "math", name, arguments: values, ...facts(node, shape, ...values) };
  }

  private conditional(node: ts.ConditionalExpression): Expression {
    const condition = this.checkBool(node.condition);
    const whenTrue = this.check(node.whenTrue), whenFalse = this.check(node.whenFalse);
    const a = whenTrue.type, b = whenFalse.type;
    if ((a === "bool") !== (b === "bool") || a === "void" || b === "void") throw new DialectError(node, "The sides of ?: are both numbers or both bools.");
    if (condition.value !== undefined) return condition.value === true ? whenTrue : whenFalse;
    const type = a === b ? a : "f64";
    const range = union(whenTrue.range, whenFalse.range);
    const minusZero = whenTrue.minusZero || whenFalse.minusZero;
    const sign = signOf(range, whenTrue.sign, whenFalse.sign);
    const own = facts(node, { type, range, sign, minusZero }, condition, whenTrue, whenFalse);
    return { kind: "conditional", condition, whenTrue, whenFalse, ...own };
  }

  private unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Expression {
    const operator = ts.tokenToString(node.operator)!;
    if (operator === "++" || operator === "--") return this.step(node, operator);
    const operand = this.check(node.operand);
    if (operator === "!") {
      if (operand.type !== "bool") throw new DialectError(node, "! takes a bool: compare with === 0.");
      return { kind: "unary", operator, operand, ...facts(node, { type: "bool", value: operand.value === undefined ? undefined : !operand.value }, operand) };
    }
    if (!isNumber(operand)) throw new DialectError(node, `${operator} takes a number.`);
    const known = operand.value as number | undefined;
    if (operator === "~") {
      const inner = wrapped(operand);
      const range = { low: ~inner.high, high: ~inner.low };
      return { kind: "unary", operator, operand, ...facts(node, { type: "int", range, sign: signOf(range, "signed"), value: known === undefined ? undefined : ~known }, operand) };
    }
    if (operator !== "-") throw new DialectError(node, `The dialect has no unary ${operator}.`);
    const range = { low: 0 - operand.range.high, high: 0 - operand.range.low };
    const shape: Shape = { type: operand.type, range, sign: signOf(range, operand.sign), minusZero: operand.type === "int" && contains(operand.range, 0), value: known === undefined ? undefined : -known };
    return { kind: "unary", operator, operand, ...facts(node, shape, operand) };
  }

  private step(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, operator: "++" | "--"): Expression {
    if (this.indices === 0) throw new DialectError(node, `${operator} stands alone or inside an index.`);
    const target = ts.isIdentifier(node.operand) ? this.find(node.operand.text) : undefined;
    if (target === undefined || !isVariable(target) || target.type !== "i32") throw new DialectError(node, `${operator} in an index takes an i32 variable.`);
    this.requireAssignable(target, node);
    this.steps.set(target, node);
    this.mention(target);
    if (isLocal(target)) { target.reads++; target.writes++; }
    const own = facts(node, ofType(target.type));
    const resource = isLocal(target) ? 0n : target.resource;
    return { kind: "step", operator, prefix: ts.isPrefixUnaryExpression(node), target, ...own, reads: resource, writes: resource };
  }

  /** Refuses to assign what the dialect does not let this file assign. */
  protected requireAssignable(target: Local | State, node: ts.Node): void {
    if (isLocal(target) ? target.constant : false) throw new DialectError(node, `${target.name} is a const.`);
    if (!isLocal(target) && target.file !== this.file) throw new DialectError(node, `Only the file that owns ${target.name} assigns it: call a function of that file.`);
  }

  /** The expression `left operator right`; also for `left operator= right`. */
  protected binary(node: ts.Expression, operator: string, left: Expression, right: Expression): Expression {
    const sequenced = operator === "&&" || operator === "||";
    if (!sequenced) this.requireOrder(node, left, right, "the left side");
    const shape = this.binaryShape(node, operator, left, right);
    if (shape.value === undefined && left.value !== undefined && right.value !== undefined) shape.value = evaluate(operator, left.value, right.value);
    return { kind: "binary", operator, left, right, ...facts(node, shape, left, right) };
  }

  private binaryShape(node: ts.Expression, operator: string, left: Expression, right: Expression): Shape {
    if (operator === "&&" || operator === "||") {
      if (left.type !== "bool" || right.type !== "bool") throw new DialectError(node, `${operator} takes bools: compare with !== 0.`);
      return { type: "bool" };
    }
    if (COMPARISONS.includes(operator)) {
      const bools = left.type === "bool" && right.type === "bool" && operator.length === 3;
      if (!bools && !(isNumber(left) && isNumber(right))) throw new DialectError(node, `${operator} compares two numbers, and === and !== also two bools.`);
      return { type: "bool" };
    }
    if (!ARITHMETIC.includes(operator) && !BITWISE.includes(operator)) throw new DialectError(node, refusedOperator(operator));
    if (!isNumber(left) || !isNumber(right)) throw new DialectError(node, `${operator} takes numbers: make a bool one by x ? 1 : 0.`);
    if (BITWISE.includes(operator)) return bitwise(operator, left, right);
    return arithmetic(node, operator, left, right);
  }

  /** C may evaluate these in any order. */
  protected requireUnordered(node: ts.Node, values: readonly Expression[]): void {
    values.forEach((value, i) => {
      for (const earlier of values.slice(0, i)) this.requireOrder(node, earlier, value, "another argument");
    });
  }

  /** Refuses a pair of which one writes what the other reads or writes. */
  protected requireOrder(node: ts.Node, a: Operand, b: Operand, what: string): void {
    const clash = a.writes & (b.reads | b.writes) | b.writes & a.reads;
    if (clash === 0n) return;
    const name = this.resources.find((_, i) => (clash >> BigInt(i) & 1n) === 1n) ?? "memory";
    throw new DialectError(node, `A call here changes ${name === "memory" ? "memory" : name} that ${what} also uses, and C leaves the order open: write a const for each step.`);
  }
}

/** Checks what stands at the top of a file, where everything is constant. */
export class ConstantChecker extends ExpressionChecker {
  protected readonly file = undefined;
  protected readonly resources = [];
  constructor(private readonly scope: ReadonlyMap<string, Entity>) { super(); }

  protected find(name: string): Entity | undefined {
    return this.scope.get(name);
  }
  protected requireChecked(_callee: KernelFunction, node: ts.Node): void {
    throw new DialectError(node, "A constant cannot call a function.");
  }
  constant(node: ts.Expression, type: Type | undefined): { type: Kind; value: number | boolean } {
    const result = this.full(() => this.check(node));
    if (result.value === undefined) throw new DialectError(node, "This is not a constant expression.");
    if (type !== undefined) requireStorable(result, type);
    return { type: type === undefined ? result.type : ofType(type).type, value: result.value };
  }
}

export function isLocal(variable: Local | Entity): variable is Local {
  return "parameter" in variable;
}
/** Whether something found by name can be assigned at all. */
export function isVariable(found: Local | Entity): found is Local | State {
  return isLocal(found) || found.kind === "state";
}

/** What is known of any value of a type. */
export function ofType(type: Type): Shape {
  if (type === "i32") return { type: "int", range: I32_RANGE, sign: "signed" };
  if (type === "u32") return { type: "int", range: U32_RANGE, sign: "unsigned" };
  return { type };
}

function arithmetic(node: ts.Expression, operator: string, left: Expression, right: Expression): Shape {
  if (operator === "/") return { type: "f64" };
  if (operator === "%") {
    if (left.type !== "int" || right.type !== "int") throw new DialectError(node, "% takes integers: use fmod of math.ts.");
    if (right.value === 0) throw new DialectError(node, "% by zero.");
    const bound = Math.max(Math.abs(right.range.low), Math.abs(right.range.high)) - 1;
    const range = { low: Math.max(Math.min(left.range.low, 0), -bound), high: Math.min(Math.max(left.range.high, 0), bound) };
    return { type: "int", range, sign: signOf(range, left.sign, right.sign), minusZero: left.range.low < 0 || left.minusZero };
  }
  if (!isIntegral(left) || !isIntegral(right)) return { type: "f64" };
  const range = combine(operator, left.range, right.range);
  const whole = range.low < -EXACT || range.high > EXACT;
  const type = whole ? "f64" : "int";
  const sign = signOf(range, left.sign, right.sign);
  if (operator === "+") return { type, whole, range, sign, minusZero: left.minusZero && right.minusZero };
  if (operator === "-") return { type, whole, range, sign, minusZero: left.minusZero && contains(right.range, 0) };
  const minusZero = left.minusZero || right.minusZero
    || contains(left.range, 0) && right.range.low < 0 || contains(right.range, 0) && left.range.low < 0;
  return { type, whole, range, sign, minusZero };
}

function combine(operator: string, a: Range, b: Range): Range {
  if (operator === "+") return { low: a.low + b.low, high: a.high + b.high };
  if (operator === "-") return { low: a.low - b.high, high: a.high - b.low };
  const products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return { low: Math.min(...products), high: Math.max(...products) };
}

function bitwise(operator: string, left: Expression, right: Expression): Shape {
  const range = bitwiseRange(operator, left, right);
  return { type: "int", range, sign: signOf(range, operator === ">>>" ? "unsigned" : "signed") };
}

function bitwiseRange(operator: string, left: Expression, right: Expression): Range {
  const a = wrapped(left), b = wrapped(right);
  const count = typeof right.value === "number" ? right.value & 31 : undefined;
  switch (operator) {
    case "&": {
      const bounds = [a, b].filter(range => range.low >= 0).map(range => range.high);
      return bounds.length > 0 ? { low: 0, high: Math.min(...bounds) } : I32_RANGE;
    }
    case "|": case "^":
      if (right.value === 0) return a;
      if (left.value === 0) return b;
      return a.low >= 0 && b.low >= 0 ? { low: 0, high: 2 ** (32 - Math.clz32(a.high | b.high)) - 1 } : I32_RANGE;
    case "<<": {
      if (count === undefined) return I32_RANGE;
      const range = { low: a.low * 2 ** count, high: a.high * 2 ** count };
      return within(range, I32_RANGE) ? range : I32_RANGE;
    }
    case ">>":
      if (count !== undefined) return { low: a.low >> count, high: a.high >> count };
      return { low: Math.min(a.low, 0), high: Math.max(a.high, -1) };
    default: {
      const whole = left.type === "int" && within(left.range, U32_RANGE) ? left.range : U32_RANGE;
      return count === undefined ? { low: 0, high: whole.high } : { low: whole.low >>> count, high: whole.high >>> count };
    }
  }
}

/** `a operator b` as JavaScript computes it. */
export function evaluate(operator: string, a: number | boolean, b: number | boolean): number | boolean {
  const x = a as number, y = b as number;
  switch (operator) {
    case "+": return x + y;
    case "-": return x - y;
    case "*": return x * y;
    case "/": return x / y;
    case "%": return x % y;
    case "&": return x & y;
    case "|": return x | y;
    case "^": return x ^ y;
    case "<<": return x << y;
    case ">>": return x >> y;
    case ">>>": return x >>> y;
    case "<": return x < y;
    case ">": return x > y;
    case "<=": return x <= y;
    case ">=": return x >= y;
    case "===": return a === b;
    case "!==": return a !== b;
    case "&&": return a && b;
    default: return a || b;
  }
}

function refusedOperator(operator: string): string {
  if (operator === "==" || operator === "!=") return `Write ${operator}= instead of ${operator}.`;
  if (operator.endsWith("=")) return "An assignment stands alone: write it as a statement of its own.";
  if (operator === ",") return "The comma is only for the header of a for.";
  return `The dialect has no operator ${operator}.`;
}

function describe(node: ts.Node): string {
  if (ts.isStringLiteral(node) || ts.isTemplateLiteral(node)) return "strings";
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return "closures";
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isNewExpression(node)) return "objects";
  if (ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node)) return "type assertions";
  return `"${node.getText().slice(0, 40)}"`;
}
