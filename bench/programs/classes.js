// Large: an expression compiler and evaluator with classes, maps, destructuring, spread, closures and template strings.
class Token { constructor(kind, text) { this.kind = kind; this.text = text; } }
class Lexer {
  #at = 0;
  constructor(source) { this.source = source; }
  *tokens() {
    while (this.#at < this.source.length) {
      const c = this.source[this.#at];
      if (c === " ") { this.#at++; continue; }
      if (c >= "0" && c <= "9") { let text = ""; while (this.#at < this.source.length && this.source[this.#at] >= "0" && this.source[this.#at] <= "9") text += this.source[this.#at++]; yield new Token("number", text); continue; }
      if (c >= "a" && c <= "z") { let text = ""; while (this.#at < this.source.length && this.source[this.#at] >= "a" && this.source[this.#at] <= "z") text += this.source[this.#at++]; yield new Token("name", text); continue; }
      this.#at++;
      yield new Token("sign", c);
    }
  }
}
class Node { evaluate() { throw new TypeError("abstract"); } get size() { return 1; } }
class Leaf extends Node { constructor(value) { super(); this.value = value; } evaluate() { return this.value; } }
class Variable extends Node { constructor(name) { super(); this.name = name; } evaluate(scope) { const v = scope.get(this.name); if (v === undefined) throw new ReferenceError(this.name); return v; } }
class Binary extends Node {
  static operators = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "%": (a, b) => b === 0 ? 0 : a % b };
  constructor(sign, left, right) { super(); Object.assign(this, { sign, left, right }); }
  evaluate(scope) { return Binary.operators[this.sign](this.left.evaluate(scope), this.right.evaluate(scope)) | 0; }
  get size() { return this.left.size + this.right.size + super.size; }
}
class Parser {
  constructor(source) { [...this.tokens] = new Lexer(source).tokens(); this.next = 0; }
  peek() { return this.tokens[this.next]?.text; }
  expression(level = 0) {
    const signs = [["+", "-"], ["*", "%"]];
    if (level === signs.length) return this.atom();
    let left = this.expression(level + 1);
    while (signs[level].includes(this.peek())) { const { text } = this.tokens[this.next++]; left = new Binary(text, left, this.expression(level + 1)); }
    return left;
  }
  atom() {
    const token = this.tokens[this.next++];
    switch (token?.kind) {
      case "number": return new Leaf(Number(token.text));
      case "name": return new Variable(token.text);
      default: { if (token?.text !== "(") throw new SyntaxError(`unexpected ${token?.text}`); const inner = this.expression(); this.next++; return inner; }
    }
  }
}
function main() {
  const sources = ["a * (b + 3) - c % 7", "(a + b) * (a - b) + 12 * c", "1 + 2 * 3 - (4 + 5) * d", "((a)) + q"];
  let total = 0, failures = 0;
  for (let i = 0; i < 120; i++) {
    const scope = new Map(Object.entries({ a: i, b: i * 2, c: 100 - i, d: i % 5 }));
    for (const source of sources) {
      try { const tree = new Parser(source).expression(); total = (total + tree.evaluate(scope) + tree.size) | 0; }
      catch (error) { if (error instanceof ReferenceError) failures++; else throw error; }
      finally { total ^= 1; }
    }
  }
  return `${total}/${failures}`;
}
