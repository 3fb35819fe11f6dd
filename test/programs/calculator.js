// A tokenizer, parser and evaluator of arithmetic, with errors that say where.
class Parser {
  static #operators = { "+": [1, (a, b) => a + b], "-": [1, (a, b) => a - b], "*": [2, (a, b) => a * b], "/": [2, (a, b) => a / b], "%": [2, (a, b) => a % b], "^": [3, (a, b) => a ** b, true] };
  #tokens; #at = 0; #variables;
  constructor(text, variables = {}) {
    this.#tokens = [...text.matchAll(/\s*(?:(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<name>[a-z]\w*)|(?<sign>[-+*\/%^(),=])|(?<bad>\S))/gi)].map((m) => ({ ...m.groups, at: m.index }));
    this.#variables = variables;
  }
  get #next() { return this.#tokens[this.#at]; }
  #take(sign) { if (this.#next?.sign !== sign) return false; this.#at++; return true; }
  #fail(what) { throw new SyntaxError(`${what} at ${this.#next?.at ?? "the end"}`); }
  expression(least = 0) {
    let left = this.#unary();
    for (let op; (op = Parser.#operators[this.#next?.sign]) && op[0] >= least;) { this.#at++; left = op[1](left, this.expression(op[2] ? op[0] : op[0] + 1)); }
    return left;
  }
  #unary() {
    if (this.#take("-")) return -this.expression(3);
    if (this.#take("(")) { const v = this.expression(); if (!this.#take(")")) this.#fail("expected )"); return v; }
    const token = this.#next;
    if (token?.number) { this.#at++; return Number(token.number); }
    if (token?.name) {
      this.#at++;
      if (this.#take("(")) { const list = []; do list.push(this.expression()); while (this.#take(",")); if (!this.#take(")")) this.#fail("expected )"); return Math[token.name]?.(...list) ?? this.#fail("no function " + token.name); }
      if (this.#take("=")) return (this.#variables[token.name] = this.expression());
      return this.#variables[token.name] ?? this.#fail("unknown " + token.name);
    }
    return this.#fail("expected a value");
  }
  all() { const v = this.expression(); if (this.#next) this.#fail("unexpected"); return v; }
}
const variables = { pi: 3 };
for (const text of ["1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-2 ^ 2", "10 % 4 - 1 / 4", "x = 5 * pi", "x + 1", "max(1, x, 3) + sqrt(16)", "1 +", "(2", "y", "nothing(1)", "3 4", "1.5e3 - 0.5", "$"]) {
  try { console.log(text, "=", new Parser(text, variables).all()); } catch (error) { console.log(text, "->", error.name, error.message); }
}
