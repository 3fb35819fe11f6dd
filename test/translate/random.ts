// Random functions of the dialect: expressions over every operator and type, with a few statements around them. What
// the translator refuses is left out, so that the rest must be the same in every language.

import * as path from "node:path";
import { readKernel } from "../../hosts/c/translate.js";
import { TranslationError } from "../../hosts/c/statements.js";
import { seeded, writeKernel, type Sources } from "./languages.js";

type Kind = "int" | "f64" | "bool";
const HEAD = `import { B, F, H, M } from "./memory.js";\nimport type { i32, u32, f64, bool } from "./types.js";\n`;
const PARAMETERS = "a: i32, b: i32, u: u32, x: f64, y: f64, c: bool";

class Writer {
  private inlined = 0;
  private variables: Record<Kind, string[]> = { int: [], f64: [], bool: [] };
  constructor(private readonly random: () => number) {}

  private pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  /** One line: an exported function. */
  function(name: string): string {
    this.variables = { int: ["a", "b", "u"], f64: ["x", "y"], bool: ["c"] };
    const body: string[] = [];
    for (let i = 0; i < 3; i++) {
      body.push(...this.statement(`v${i}`));
    }
    const result = this.pick(["i32", "i32", "u32", "f64", "bool"] as const);
    return `export function ${name}(${PARAMETERS}): ${result} { ${body.join(" ")} return ${this.value(result, 4)}; }`;
  }

  /** One line: a small function that JavaScript expands. */
  inline(name: string): string {
    this.variables = { int: ["p", "q"], f64: ["r"], bool: [] };
    const result = this.pick(["i32", "f64"] as const);
    this.inlined++;
    return `/** @inline */ function ${name}(p: i32, q: i32, r: f64): ${result} { return ${this.value(result, 2)}; }`;
  }
  private readonly expanded: Record<"int" | "f64", string[]> = { int: [], f64: [] };
  offer(name: string, line: string): void {
    this.expanded[line.includes("): i32") ? "int" : "f64"].push(name);
  }

  private statement(name: string): string[] {
    const type = this.pick(["i32", "u32", "f64", "bool", "wide"] as const);
    const keyword = this.pick(["const", "let"]);
    if (type === "wide") {
      this.variables.f64.push(name);
      return [`const ${name}: f64 = ${this.expression("int", 2)};`];
    }
    const line = `${keyword} ${name}: ${type} = ${this.value(type, 3)};`;
    const kind = type === "i32" || type === "u32" ? "int" : type;
    this.variables[kind].push(name);
    if (keyword === "const") return [line];
    return [line, this.pick([
      `if (${this.expression("bool", 2)}) ${name} = ${this.value(type, 2)};`,
      `for (let i = 0; i < 3; i++) ${name} = ${this.value(type, 2)};`,
      `M[(${this.expression("int", 1)}) & 1023] = ${this.expression("int", 2)};`,
      `B[(${this.expression("int", 1)}) & 4095] = ${this.expression("int", 2)};`,
      `switch (${this.expression("int", 1)}) { case 0: ${name} = ${this.value(type, 1)}; break; case 1: case -1: break; default: ${name} = ${this.value(type, 2)}; }`,
    ])];
  }

  private value(type: "i32" | "u32" | "f64" | "bool", depth: number): string {
    if (type === "i32") return `(${this.expression(this.pick(["int", "int", "f64"] as const), depth)}) | 0`;
    if (type === "u32") return `(${this.expression(this.pick(["int", "int", "f64"] as const), depth)}) >>> 0`;
    return this.expression(type === "f64" && this.random() < 0.3 ? "int" : type, depth);
  }

  private expression(kind: Kind, depth: number): string {
    if (depth === 0) return this.leaf(kind);
    const int = (): string => this.expression("int", depth - 1);
    const f64 = (): string => this.expression(this.random() < 0.3 ? "int" : "f64", depth - 1);
    const bool = (): string => this.expression("bool", depth - 1);
    if (this.random() < 0.08) return `(${bool()} ? ${this.expression(kind, depth - 1)} : ${this.expression(kind, depth - 1)})`;
    if (kind === "bool") {
      return this.pick([
        () => `(${int()} ${this.pick(["<", "<=", ">", ">=", "===", "!=="])} ${int()})`,
        () => `(${f64()} ${this.pick(["<", "<=", ">", ">=", "===", "!=="])} ${f64()})`,
        () => `(${bool()} ${this.pick(["&&", "||", "===", "!=="])} ${bool()})`,
        () => `!${this.parenthesised(bool())}`,
      ])();
    }
    if (kind === "f64") {
      return this.pick([
        () => `(${f64()} ${this.pick(["+", "-", "*", "/"])} ${f64()})`,
        () => `(${int()} / ${int()})`,
        () => `Math.${this.pick(["floor", "ceil", "trunc", "sqrt", "abs"])}(${f64()})`,
        () => `(-${f64()})`,
        () => this.call("f64", depth) ?? f64(),
        () => this.leaf("f64"),
      ])();
    }
    return this.pick([
      () => `(${int()} ${this.pick(["+", "-"])} ${int()})`,
      () => `(${int()} ${this.pick(["&", "|", "^", "<<", ">>", ">>>"])} ${int()})`,
      () => `(${int()} * ${this.leaf("int")})`,
      () => `(${int()} >> ${this.pick(["1", "5", "31", "33"])})`,
      () => `(${int()} % ${this.pick(["10", "7", "-3", `((${int()} & 15) + 1)`])})`,
      () => `((${f64()}) ${this.pick(["| 0", ">>> 0"])})`,
      () => `((${int()} / ${int()}) | 0)`,
      () => `(~${int()})`,
      () => `(-${int()})`,
      () => `Math.imul(${int()}, ${int()})`,
      () => `Math.clz32(${int()})`,
      () => `Math.abs(${int()})`,
      () => `M[(${int()}) & 1023]`,
      () => `B[(${int()}) & 4095]`,
      () => `H[(${int()}) & 2047]`,
      () => this.call("int", depth) ?? int(),
      () => this.leaf("int"),
    ])();
  }

  private call(kind: "int" | "f64", depth: number): string | undefined {
    if (this.expanded[kind].length === 0) return undefined;
    return `${this.pick(this.expanded[kind])}((${this.expression("int", depth - 1)}) | 0, (${this.expression("int", 1)}) | 0, ${this.expression("f64", 1)})`;
  }

  private leaf(kind: Kind): string {
    if (this.random() < 0.6 && this.variables[kind].length > 0) return this.pick(this.variables[kind]);
    if (kind === "bool") return this.pick(["true", "false"]);
    if (kind === "f64") return this.pick(["0.5", "1e10", "-0.1", "4294967296.5", "1e300", "-1.5", "3"]);
    return this.pick(["0", "1", "2", "7", "31", "0xff", "65536", "0x7fffffff", "0x80000000", "0xffffffff", "-1", "-5", "-0x80000000", "1000003"]);
  }

  private parenthesised(text: string): string {
    return text.startsWith("(") ? text : `(${text})`;
  }
}

/** A kernel of `count` random functions but for those that the translator refuses. */
export async function randomKernel(seed: number, count: number): Promise<{ sources: Sources; accepted: number; refused: number }> {
  const writer = new Writer(seeded(seed));
  const small: string[] = [];
  for (let i = 0; i < 20; i++) {
    const name = `small${i}`;
    const [line] = await translatable([writer.inline(name)]);
    if (line === undefined) continue;
    small.push(line);
    writer.offer(name, line);
  }
  const lines = Array.from({ length: count }, (_, i) => writer.function(`random${i}`));
  const accepted = await translatable([...small, ...lines]);
  return { sources: { "random.ts": HEAD + accepted.join("\n") }, accepted: accepted.length - small.length, refused: lines.length + small.length - accepted.length };
}

/** The lines, each a function, that are not refused. */
async function translatable(lines: readonly string[]): Promise<string[]> {
  const before = HEAD.split("\n").length;
  const folder = writeKernel({ "random.ts": HEAD + lines.join("\n") });
  try {
    await readKernel(path.join(folder, "kernel"));
    return [...lines];
  } catch (error) {
    if (!(error instanceof TranslationError)) throw error;
    const refused = new Set(error.errors.map(each => Number(/random\.ts:(\d+):/.exec(each.message)?.[1]) - before));
    return lines.filter((_, i) => !refused.has(i));
  }
}
