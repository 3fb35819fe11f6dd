// Prints expressions as C99. The dialect's integers are exact; C's have widths. So each expression is printed in the
// narrowest of int32_t, uint32_t and int64_t that holds its range, or modulo 2^32 where only that matters (`| 0`,
// stores into views, indices), or as a double whose zero may be negative. Never is C left to overflow a signed
// integer, to convert implicitly between signed and unsigned, or to choose an order that matters.

import {
  I32_RANGE, U32_RANGE, contains, isPure, union, within,
  type Constant, type Expression, type KernelFunction, type Local, type Range, type State, type Table, type Type, type View,
} from "./program.js";

/** What a piece of C has for a type. */
type Rep = "i32" | "u32" | "i64" | "f64" | "bool" | "void";
/** A piece of C: its outermost operator ("" if nothing around it can tear it apart) and its type. */
interface Text { readonly code: string; readonly operator: string; readonly rep: Rep }

/** An index: what is checked, and how far from it the element is. */
interface Place { readonly base: string; readonly distance: string; readonly offset: number }

const COMPARISONS: Readonly<Record<string, string>> = { "<": "<", ">": ">", "<=": "<=", ">=": ">=", "===": "==", "!==": "!=" };
/** Words of the property cache that the kernel's masks are made for. */
const CACHE_WORDS = 16384;
/** The program's memory among the resources of expressions. */
const MEMORY_RESOURCE = 1n;
/** The largest constant in an index, in elements, that may be covered by the slack around a host's memory (prelude.h). */
const SLACK_DISTANCE = 64;
const SUMS = ["+", "-", "*", "/", "%"], PRODUCTS = ["*", "/", "%"], RELATIONS = Object.values(COMPARISONS);
/** The operators whose expressions stand without parentheses on the left and right of an operator. */
const PLAIN: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  "+": [SUMS, PRODUCTS], "-": [SUMS, PRODUCTS], "*": [["*"], []], "&": [["&"], []], "|": [["|"], []], "^": [["^"], []],
  "&&": [["!", "&&", ...RELATIONS], ["!", ...RELATIONS]], "||": [["!", "||", ...RELATIONS], ["!", ...RELATIONS]], "!": [["!"], []],
  "?": [["!", ...RELATIONS, "&&", "||"], ["!", ...SUMS, ...RELATIONS, "&", "|", "^", "<<", ">>"]],
  ...Object.fromEntries(RELATIONS.map(operator => [operator, [SUMS, SUMS]])),
};
const TYPES: Readonly<Record<Rep, string>> = { i32: "int32_t", u32: "uint32_t", i64: "int64_t", f64: "double", bool: "bool", void: "void" };

export function cType(type: Type): string {
  return TYPES[type];
}

/** The names that the C has for the kernel's. */
export interface Names {
  local(local: Local): string;
  state(state: State): string;
  constant(constant: Constant): string;
  table(table: Table): string;
  callee(callee: KernelFunction): string;
  /** Notes that an element of M or C with at most this index is used, unchecked: a host's arrays are to be that long. */
  needElement(view: View, index: number): void;
  /** Notes that the function being printed touches the program's memory. */
  touchMemory(): void;
}

export class CExpressions {
  constructor(private readonly names: Names) {}

  /** A value as an argument, initial value or result of this type. */
  stored(e: Expression, type: Type): string {
    if (type === "bool") return this.exact(e).code;
    if (type === "f64") return this.double(e).code;
    return (type === "i32" ? this.storedSigned(e) : this.storedUnsigned(e)).code;
  }

  private storedSigned(e: Expression): Text {
    if (typeof e.value === "number" || this.isWord(e)) return this.as(e, "i32");
    if (e.kind === "conditional") return this.choice(e, side => this.storedSigned(side), "i32");
    if (e.kind === "binary" && "+-*".includes(e.operator) && this.isWord(e.left) && this.isWord(e.right)) {
      const name = { "+": "i32_add", "-": "i32_sub", "*": "i32_mul" }[e.operator]!;
      return primary(`${name}(${this.as(e.left, "i32").code}, ${this.as(e.right, "i32").code})`, "i32");
    }
    return primary(e.whole ? `i32_wrap(${this.modulo(e).code})` : `i32_narrow(${this.as(e, "i64").code})`, "i32");
  }

  private storedUnsigned(e: Expression): Text {
    if (typeof e.value === "number" || e.type === "int" && within(e.range, U32_RANGE)) return this.as(e, "u32");
    if (e.kind === "conditional") return this.choice(e, side => this.storedUnsigned(side), "u32");
    return e.whole ? this.modulo(e) : primary(`u32_narrow(${this.as(e, "i64").code})`, "u32");
  }

  private isWord(e: Expression): boolean {
    return e.type === "int" && within(e.range, I32_RANGE);
  }

  /** A value that this type holds exactly. */
  exactAs(e: Expression, rep: Rep): string {
    return this.as(e, rep).code;
  }
  /** What follows `case`. */
  label(e: Expression): string {
    return this.known(e).code;
  }
  /** A value as an element of a view of words, halfwords or bytes. */
  element(e: Expression): string {
    return this.word(e).code;
  }
  /** An index: modulo 2^32. */
  index(e: Expression): string {
    return this.modulo(e).code;
  }
  condition(e: Expression): string {
    return this.exact(e).code;
  }
  /** What a switch with these cases is on. */
  subject(e: Expression, labels: readonly Expression[]): string {
    const range = labels.map(label => label.range).reduce(union, e.range);
    return this.as(e, narrowest(range)).code;
  }
  /** Is the element one that every memory or cache has, whatever the program? What a host attaches is compared with these once. */
  private isFixed(view: View, index: Expression): boolean {
    const { low, high } = typeof index.value === "number" ? { low: index.value, high: index.value } : index.range;
    const fixed = view.name === "M" ? low === high && low >= 0 : view.name === "C" && low >= 0 && high < CACHE_WORDS;
    if (fixed) this.names.needElement(view, high);
    return fixed;
  }
  private touch(view: View): void {
    if (view.resource === MEMORY_RESOURCE && view.name !== "D" && view.name !== "DW") this.names.touchMemory();
  }
  /** `view[index] = value`. */
  set(view: View, index: Expression, value: Expression): string {
    this.touch(view);
    const text = view.element === "f64" ? this.double(value).code : this.element(value);
    if (this.isFixed(view, index)) return `${view.name}_set_fixed(${this.index(index)}, ${text})`;
    const place = this.place(view, index);
    return place === undefined ? `${view.name}_set(${this.index(index)}, ${text})` : `${view.name}_set_at(${place.base}, ${place.distance}, ${text})`;
  }

  /**
   * An index of M or B that is something plus or minus a small constant, in its two parts: where there is slack around the
   * memory, one check of the first serves all constants.
   */
  private place(view: View, e: Expression): Place | undefined {
    if (view.name !== "M" && view.name !== "B" || e.kind !== "binary" || e.operator !== "+" && e.operator !== "-") return undefined;
    const { left, right } = e;
    if (e.type !== "int" || typeof left.value === "number" || typeof right.value !== "number" || Math.abs(right.value) > SLACK_DISTANCE) return undefined;
    const text = this.known(right);
    const offset = e.operator === "-" ? -right.value : right.value;
    return { base: this.modulo(left).code, distance: e.operator === "-" ? `-${text.operator === "" ? text.code : `(${text.code})`}` : text.code, offset };
  }

  /** `B[i] | (B[i + 1] << 8)`, which is read at once. */
  private halfword(left: Expression, right: Expression): Text | undefined {
    if (right.kind !== "binary" || right.operator !== "<<" || right.right.value !== 8) return undefined;
    const [low, high] = [left, right.left].map(each => each.kind === "element" && each.array.kind === "view" && each.array.name === "B"
      ? this.place(each.array, each.index) ?? { base: this.index(each.index), distance: "0", offset: 0 } : undefined);
    // An index that steps says the same and is not.
    if (low === undefined || low.base !== high?.base || low.offset + 1 !== high.offset || low.base.includes("CREMENT(")) return undefined;
    this.names.touchMemory();
    return primary(`B_half_at(${low.base}, ${low.distance})`, "i32");
  }

  /** The exact value in the narrowest type. */
  exact(e: Expression): Text {
    if (e.value !== undefined) return this.known(e);
    switch (e.kind) {
      case "local": return primary(this.names.local(e.local), localRep(e.local));
      case "state": return primary(this.names.state(e.state), e.state.type);
      case "element": return this.get(e);
      case "length": return primary(`${e.array.name}_length()`, "i32");
      case "step": return primary(`i32_wrap(${this.modulo(e).code})`, "i32");
      case "unary": return this.unary(e);
      case "binary": return this.binary(e);
      case "conditional": {
        const rep = e.type === "int" ? narrowest(e.range) : e.type;
        return this.choice(e, side => this.as(side, rep), rep);
      }
      case "math": return this.math(e);
      case "call": {
        const values = e.arguments.map((value, i) => this.stored(value, e.callee.parameters[i]!.type));
        if (takesMemory(e.callee)) this.names.touchMemory();
        return primary(`${this.names.callee(e.callee)}(${takesMemory(e.callee) ? withMemory(values) : values.join(", ")})`, e.callee.result);
      }
      default: throw new Error(`An expression of kind ${e.kind} has no value.`);
    }
  }

  private choice(e: Expression & { kind: "conditional" }, side: (e: Expression) => Text, rep: Rep): Text {
    const condition = around(this.exact(e.condition), "?", 0);
    return { code: `${condition} ? ${around(side(e.whenTrue), "?", 1)} : ${around(side(e.whenFalse), "?", 1)}`, operator: "?", rep };
  }

  /** The exact value in this type, which holds it. */
  private as(e: Expression, rep: Rep): Text {
    if (rep === "f64") return this.double(e);
    if (typeof e.value === "number" && e.kind !== "constant") return literal(e.value, rep, e.kind === "literal" ? e.text : undefined);
    const text = this.exact(e);
    return text.rep === rep ? text : cast(text, rep);
  }

  /** ToInt32. */
  private word(e: Expression): Text {
    if (typeof e.value === "number") return within({ low: e.value, high: e.value }, I32_RANGE) && Number.isInteger(e.value) ? this.as(e, "i32") : literal(e.value | 0, "i32");
    if (e.kind === "binary" && e.operator === "/") return this.quotient(e.left, e.right) ?? primary(`to_i32(${this.double(e).code})`, "i32");
    if (e.type === "f64") return primary(`to_i32(${this.double(e).code})`, "i32");
    if (within(e.range, I32_RANGE)) return this.as(e, "i32");
    if (e.kind === "binary" && "+-*".includes(e.operator)) {
      const name = { "+": "add", "-": "sub", "*": "mul" }[e.operator]!;
      return primary(`i32_wrapping_${name}(${this.word(e.left).code}, ${this.word(e.right).code})`, "i32");
    }
    if (e.kind === "unary" && e.operator === "-") return primary(`i32_wrapping_sub(0, ${this.word(e.operand).code})`, "i32");
    if (e.kind === "conditional") return this.choice(e, side => this.word(side), "i32");
    const text = this.exact(e);
    if (text.rep === "i32") return text;
    return primary(`i32_wrap(${text.rep === "u32" ? text.code : cast(text, "u32").code})`, "i32");
  }

  /** `(left / right) | 0` of integers without a double, if both fit 32 bits. */
  private quotient(left: Expression, right: Expression): Text | undefined {
    if (left.type !== "int" || right.type !== "int") return undefined;
    const divisor = right.value;
    if (within(left.range, I32_RANGE) && within(right.range, I32_RANGE)) {
      if (divisor !== undefined && divisor !== 0 && divisor !== -1) return operation(this.as(left, "i32"), "/", this.as(right, "i32"), "i32");
      return primary(`i32_div(${this.as(left, "i32").code}, ${this.as(right, "i32").code})`, "i32");
    }
    if (!within(left.range, U32_RANGE) || !within(right.range, U32_RANGE)) return undefined;
    return primary(`i32_wrap(u32_div(${this.as(left, "u32").code}, ${this.as(right, "u32").code}))`, "i32");
  }

  /** The value modulo 2^32, unsigned. Of sums beyond 2^53 that is their exact value's, which the source promises to fit. */
  private modulo(e: Expression): Text {
    if (typeof e.value === "number" && !namesConstant(e)) return literal(e.value >>> 0, "u32", e.kind === "literal" ? e.text : undefined);
    if (e.kind === "step") {
      const name = `${e.prefix ? "PRE" : "POST"}_${e.operator === "++" ? "IN" : "DE"}CREMENT`;
      return primary(`${name}(${"parameter" in e.target ? this.names.local(e.target) : this.names.state(e.target)})`, "u32");
    }
    if (e.kind === "binary" && "+-*".includes(e.operator) && (e.type === "int" || e.whole)) {
      const negative = e.operator === "+" && e.right.kind !== "constant" && typeof e.right.value === "number" && e.right.value < 0;
      if (negative) return operation(this.modulo(e.left), "-", literal(-(e.right.value as number), "u32"), "u32");
      return operation(this.modulo(e.left), e.operator, this.modulo(e.right), "u32");
    }
    if (e.kind === "unary" && e.operator === "-") return operation(literal(0, "u32"), "-", this.modulo(e.operand), "u32");
    if (e.kind === "binary" && e.operator === "<<") return operation(this.unsigned(e.left), "<<", this.count(e.right), "u32");
    // C converts a natural constant by itself.
    if (e.type === "int" && typeof e.value === "number" && contains(I32_RANGE, e.value) && e.value >= 0) return { ...this.known(e), rep: "u32" };
    if (e.kind === "conditional") return this.choice(e, side => this.modulo(side), "u32");
    if (e.type === "f64") return primary(`to_u32(${this.double(e).code})`, "u32");
    const text = this.exact(e);
    return text.rep === "u32" ? text : cast(text, "u32");
  }

  /** The value as a double, with JavaScript's zero. */
  private double(e: Expression): Text {
    if (typeof e.value === "number") {
      if (e.kind !== "constant") return literal(e.value, "f64");
      return e.type === "f64" ? this.known(e) : cast(this.known(e), "f64");
    }
    if (e.type === "f64") return this.exact(e);
    if (e.minusZero) {
      if (e.kind === "unary") return negation(this.double(e.operand));
      if (e.kind === "binary" && e.operator === "%") return primary(`f64_rem(${this.double(e.left).code}, ${this.as(e.right, "i64").code})`, "f64");
      if (e.kind === "binary") return operation(this.double(e.left), e.operator, this.double(e.right), "f64");
      if (e.kind === "conditional") return this.choice(e, side => this.double(side), "f64");
    }
    return cast(this.exact(e), "f64");
  }

  /** A constant: by name if it has one, with the names in sums of constants kept. */
  private known(e: Expression): Text {
    if (e.kind === "constant") return primary(this.names.constant(e.constant), constantRep(e.constant));
    if (typeof e.value === "boolean") return primary(String(e.value), "bool");
    const value = e.value!;
    const isSum = e.kind === "binary" && "+-*|".includes(e.operator) && this.isWord(e) && this.isWord(e.left) && this.isWord(e.right);
    if (isSum && (namesConstant(e.left) || namesConstant(e.right))) return operation(this.known(e.left), e.operator, this.known(e.right), "i32");
    const integral = e.type === "int" || Number.isInteger(value) && !Object.is(value, -0) && e.type !== "f64";
    return literal(value, integral ? narrowest({ low: value, high: value }) : "f64", e.kind === "literal" ? e.text : undefined);
  }

  private get(e: Expression & { kind: "element" }): Text {
    const { array } = e;
    if (array.kind === "view") {
      this.touch(array);
      if (this.isFixed(array, e.index)) return primary(`${array.name}_get_fixed(${this.index(e.index)})`, array.element);
      const place = this.place(array, e.index);
      return primary(place === undefined ? `${array.name}_get(${this.index(e.index)})` : `${array.name}_get_at(${place.base}, ${place.distance})`, array.element);
    }
    const { element, values } = array;
    const name = this.names.table(array);
    const rep: Rep = element === "bool" ? "i32" : element;
    const inside = e.index.range.low >= 0 && e.index.range.high < values.length;
    const width = bitsOf(array);
    if (width !== undefined) return primary(`MVMJS_BITS(${name}, ${width}, ${values.length}, ${this.index(e.index)})`, rep);
    const { accessor, type } = storedAs(array) ?? { accessor: element, type: undefined };
    if (!inside) return primary(`${accessor}_element(${name}, ${values.length}, ${this.index(e.index)})`, rep);
    return primary(`${type === undefined ? "" : `(${TYPES[rep]})`}${name}[${this.index(e.index)}]`, rep);
  }

  private unary(e: Expression & { kind: "unary" }): Text {
    if (e.operator === "!") return { code: `!${around(this.exact(e.operand), "!", 0)}`, operator: "!", rep: "bool" };
    if (e.operator === "~") return { code: `~${around(this.word(e.operand), "~", 0)}`, operator: "", rep: "i32" };
    if (e.type === "f64") return negation(this.double(e.operand));
    return negation(this.as(e.operand, within(e.range, I32_RANGE) && this.isWord(e.operand) ? "i32" : "i64"));
  }

  private binary(e: Expression & { kind: "binary" }): Text {
    const { operator, left, right } = e;
    switch (operator) {
      case "+": case "-": case "*": {
        if (e.type === "f64") return operation(this.double(left), operator, this.double(right), "f64");
        const rep = [e, left, right].every(each => within(each.range, I32_RANGE)) ? "i32"
          : [e, left, right].every(each => within(each.range, U32_RANGE)) ? "u32" : "i64";
        return operation(this.as(left, rep), operator, rep === "i64" ? this.narrow(right) : this.as(right, rep), rep);
      }
      case "/": return operation(this.double(left), "/", this.double(right), "f64");
      case "%": return this.remainder(left, right);
      case "&&": case "||": return operation(this.exact(left), operator, this.exact(right), "bool");
      case "&": case "|": case "^":
        if (right.value === 0 && operator !== "&") return this.word(left);
        return (operator === "|" ? this.halfword(left, right) : undefined) ?? operation(this.word(left), operator, this.word(right), "i32");
      case "<<": return this.shiftLeft(e);
      case ">>": return right.value === 0 ? this.word(left) : operation(this.word(left), operator, this.count(right), "i32");
      case ">>>": return right.value === 0 ? this.unsigned(left) : operation(this.unsigned(left), ">>", this.count(right), "u32");
      default: return this.comparison(e);
    }
  }

  /** ToUint32. */
  private unsigned(e: Expression): Text {
    if (e.type === "f64") return e.kind === "binary" && e.operator === "/" ? cast(this.word(e), "u32") : primary(`to_u32(${this.double(e).code})`, "u32");
    return this.modulo(e);
  }

  private remainder(left: Expression, right: Expression): Text {
    const divisor = right.value;
    const safe = divisor !== undefined && divisor !== 0 && divisor !== -1 || right.range.low > 0;
    for (const rep of ["i32", "u32"] as const) {
      const range = rep === "i32" ? I32_RANGE : U32_RANGE;
      if (!within(left.range, range) || !within(right.range, range)) continue;
      const a = this.as(left, rep), b = this.as(right, rep);
      return safe ? operation(a, "%", b, rep) : primary(`${rep}_rem(${a.code}, ${b.code})`, rep);
    }
    return primary(`i64_rem(${this.as(left, "i64").code}, ${this.as(right, "i64").code})`, "i64");
  }

  private shiftLeft(e: Expression & { kind: "binary" }): Text {
    const { left, right } = e;
    const x = this.word(left);
    const count = typeof right.value === "number" ? right.value & 31 : undefined;
    const plain = count !== undefined && this.isWord(left) && left.range.low >= 0 && left.range.high * 2 ** count <= I32_RANGE.high;
    return plain ? operation(x, "<<", this.count(right), "i32") : primary(`i32_shl(${x.code}, ${this.word(right).code})`, "i32");
  }

  /** A shift count: masked by 31, unless it needs no mask. */
  private count(e: Expression): Text {
    if (typeof e.value === "number" && e.kind !== "constant") return literal(e.value & 31, "i32");
    const count = this.word(e);
    return e.type === "int" && within(e.range, { low: 0, high: 31 }) ? count : operation(count, "&", literal(31, "i32"), "i32");
  }

  private comparison(e: Expression & { kind: "binary" }): Text {
    const { left, right } = e;
    const operator = COMPARISONS[e.operator]!;
    if (left.type === "bool") return operation(this.exact(left), operator, this.exact(right), "bool");
    const rep = left.type === "f64" || right.type === "f64" ? "f64"
      : ([["i32", I32_RANGE], ["u32", U32_RANGE]] as const).find(([, range]) => within(left.range, range) && within(right.range, range))?.[0] ?? "i64";
    // Compilers warn of what their types decide.
    const decided = rep === "i64" || rep === "u32" ? decide(e.operator, left.range, right.range) : undefined;
    if (decided !== undefined && isPure(left) && isPure(right)) return primary(String(decided), "bool");
    return operation(this.as(left, rep), operator, rep === "i64" ? this.narrow(right) : this.as(right, rep), "bool");
  }

  /** The right side of an operation on 64 bits, which C widens by itself. */
  private narrow(e: Expression): Text {
    return this.as(e, narrowest(e.range));
  }

  private math(e: Expression & { kind: "math" }): Text {
    const first = e.arguments[0]!;
    switch (e.name) {
      case "imul": return primary(`i32_wrapping_mul(${this.word(first).code}, ${this.word(e.arguments[1]!).code})`, "i32");
      case "clz32": return primary(`u32_clz(${this.unsigned(first).code})`, "i32");
      case "abs":
        if (e.type === "int") return primary(`i64_abs(${this.as(first, "i64").code})`, "i64");
        return primary(`fabs(${this.double(first).code})`, "f64");
      default: return primary(`${e.name}(${this.double(first).code})`, "f64");
    }
  }
}

/** Is the function expanded in its callers, and touches the memory? Then it works on the memory that the caller holds. */
export function takesMemory(callee: KernelFunction): boolean {
  return (callee.inline || callee.hot) && ((callee.reads | callee.writes) & MEMORY_RESOURCE) !== 0n;
}

/** Tables of integers are constant data, which devices keep in flash: they have the narrowest type that holds them. */
const STORED: readonly { readonly accessor: string; readonly type: string; readonly range: Range }[] = [
  { accessor: "u8", type: "uint8_t", range: { low: 0, high: 0xff } },
  { accessor: "i8", type: "int8_t", range: { low: -0x80, high: 0x7f } },
  { accessor: "u16", type: "uint16_t", range: { low: 0, high: 0xffff } },
  { accessor: "i16", type: "int16_t", range: { low: -0x8000, high: 0x7fff } },
];
/** How a table's elements are stored, if narrower than they are read. */
export function storedAs(table: Table): { readonly accessor: string; readonly type: string } | undefined {
  if (table.element !== "i32") return undefined;
  return STORED.find(({ range }) => table.values.every(value => contains(range, value)));
}

/** Long tables of small numbers have so many bits an element in compact C. */
export function bitsOf(table: Table): number | undefined {
  if (table.element !== "i32" || table.values.length < 64) return undefined;
  return [1, 2, 4].find(width => table.values.every(value => value >= 0 && value < 2 ** width));
}

/** The arguments of a function that takes the memory; compact C gives it none. */
export function withMemory(values: readonly string[]): string {
  return values.length === 0 ? "MVMJS_THE_MEMORY_ONLY" : `MVMJS_THE_MEMORY ${values.join(", ")}`;
}

/** What a comparison gives, if the ranges tell. */
function decide(operator: string, a: Range, b: Range): boolean | undefined {
  const below = a.high < b.low, above = a.low > b.high;
  switch (operator) {
    case "<": return below ? true : a.low >= b.high ? false : undefined;
    case ">": return above ? true : a.high <= b.low ? false : undefined;
    case "<=": return above ? false : a.high <= b.low ? true : undefined;
    case ">=": return below ? false : a.low >= b.high ? true : undefined;
    default: return below || above ? operator === "!==" : undefined;
  }
}

function primary(code: string, rep: Rep): Text {
  return { code, operator: "", rep };
}
function around(text: Text, operator: string, side: 0 | 1): string {
  return text.operator === "" || PLAIN[operator]?.[side].includes(text.operator) === true ? text.code : `(${text.code})`;
}
function operation(left: Text, operator: string, right: Text, rep: Rep): Text {
  return { code: `${around(left, operator, 0)} ${operator} ${around(right, operator, 1)}`, operator, rep };
}
function cast(text: Text, rep: Rep): Text {
  return primary(`(${TYPES[rep]})${around(text, "cast", 0)}`, rep);
}
function negation(text: Text): Text {
  const code = around(text, "negation", 0);
  return { code: code.startsWith("-") ? `-(${code})` : `-${code}`, operator: "", rep: text.rep };
}

function namesConstant(e: Expression): boolean {
  return e.kind === "constant" || e.kind === "binary" && (namesConstant(e.left) || namesConstant(e.right));
}

/** The type that holds a range of integers. */
function narrowest(range: Range): Rep {
  return within(range, I32_RANGE) ? "i32" : within(range, U32_RANGE) ? "u32" : "i64";
}
/** The type of a variable; an f64 that only holds a sum of integers is kept as an integer. */
export function localRep(local: Local): Rep {
  return local.type === "f64" && local.kind === "int" ? narrowest(local.range) : local.type;
}
export function repType(rep: Rep): string {
  return TYPES[rep];
}
function constantRep(constant: Constant): Rep {
  const { value } = constant;
  if (typeof value === "boolean") return "bool";
  return constant.type === "f64" ? "f64" : narrowest({ low: value, high: value });
}

/** A number as C writes it; `text` is how the source does. */
export function literal(value: number, rep: Rep, text?: string): Text {
  if (rep === "f64") return primary(doubleLiteral(value), rep);
  const digits = text !== undefined && Number(text) === value ? text : String(Math.abs(value));
  const sign = value < 0 ? "-" : "";
  if (rep === "u32") return primary(`${digits}u`, rep);
  if (rep === "i64") return primary(`INT64_C(${sign}${digits})`, rep);
  return primary(value === I32_RANGE.low ? "INT32_MIN" : sign + digits, rep);
}
function doubleLiteral(value: number): string {
  if (Number.isNaN(value)) return "(double)NAN";
  if (!Number.isFinite(value)) return value < 0 ? "-(double)INFINITY" : "(double)INFINITY";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
