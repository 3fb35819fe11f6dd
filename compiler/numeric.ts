// What is certain about a value without running anything: that it is numeric, a number or a big integer (so ToNumeric
// leaves it alone), or at least no object (so making a property key of it runs no user code). It saves an instruction in `a[i++]` and in
// `a[i] += x`, which are in most inner loops. A variable is numeric if everything ever stored in it is.

import type * as acorn from "acorn";
import { bigLiteral, literalValue, type Analysis, type Binding } from "./scopes.js";

const arithmetic = new Set(["-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>"]);

export class Numeric {
  private readonly known = new Map<Binding, boolean>();
  /** Variables taken for numeric, in order: what rests on an assumption that fails is forgotten with it. */
  private readonly trail: Binding[] = [];
  constructor(private readonly analysis: Analysis) {}

  isNumeric(node: acorn.AnyNode): boolean {
    switch (node.type) {
      case "Literal":
        return typeof literalValue(node) === "number" || bigLiteral(node) !== undefined;
      case "Identifier":
        return this.isNumericVariable(node);
      case "UnaryExpression":
        return node.operator === "-" || node.operator === "+" || node.operator === "~";
      case "UpdateExpression":
        return true;
      case "BinaryExpression":
        if (node.operator === "+") return this.isNumeric(node.left as acorn.AnyNode) && this.isNumeric(node.right);
        return arithmetic.has(node.operator);
      case "AssignmentExpression": {
        if (node.operator === "=") return this.isNumeric(node.right);
        if (node.operator === "+=") return node.left.type === "Identifier" && this.isNumeric(node.left) && this.isNumeric(node.right);
        return arithmetic.has(node.operator.slice(0, -1));
      }
      case "ConditionalExpression":
        return this.isNumeric(node.consequent) && this.isNumeric(node.alternate);
      case "ParenthesizedExpression":
        return this.isNumeric(node.expression);
      default:
        return false;
    }
  }

  /** No object, whatever else. */
  isPrimitive(node: acorn.AnyNode): boolean {
    switch (node.type) {
      case "Literal":
        return node.regex === undefined;
      case "TemplateLiteral":
      case "UnaryExpression":
      case "BinaryExpression":
        return true;
      default:
        return this.isNumeric(node);
    }
  }

  private isNumericVariable(node: acorn.Identifier): boolean {
    const use = this.analysis.uses.get(node);
    if (!use?.binding) return node.name === "NaN" || node.name === "Infinity";
    if (use.checked) return false;
    return this.isNumericBinding(use.binding);
  }

  isNumericBinding(binding: Binding): boolean {
    const known = this.known.get(binding);
    if (known !== undefined) return known;
    const candidate = binding.kind === "let" || binding.kind === "const" || (binding.kind === "var" && binding.dominated && !binding.captured);
    if (!candidate || binding.checked || binding.values === null || binding.values.length === 0) {
      this.known.set(binding, false);
      return false;
    }
    // While its own stores are looked at, a variable is taken for numeric: `i = i + 1` keeps it so.
    this.known.set(binding, true);
    const mark = this.trail.push(binding);
    if (binding.values.every((value) => this.isNumeric(value))) return true;
    for (const dependent of this.trail.splice(mark)) this.known.delete(dependent);
    this.trail.pop();
    this.known.set(binding, false);
    return false;
  }
}
