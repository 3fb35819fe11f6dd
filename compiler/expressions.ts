// Expressions: `expression` leaves the value on the stack, `effect` nothing, `jumpIf` jumps on it.

import type * as acorn from "acorn";
import type { OpName } from "../vm/format/opcodes.js";
import { rootNumber } from "../vm/format/roots.js";
import { Label } from "./assembler.js";
import { call, chain, construct, taggedTemplate } from "./calls.js";
import { classValue } from "./classes.js";
import { coreConstant } from "./core-mode.js";
import { deleteDynamic, getDynamic } from "./dynamic.js";
import { functionValue } from "./functions.js";
import type { Generator } from "./generator.js";
import { awaitValue, yieldValue } from "./generators.js";
import { arrayLiteral, objectLiteral } from "./literals.js";
import { propertyName, pushKey, pushSuper, readReference, reference, referenceWords, releaseReference, store, writeReference, type Reference } from "./patterns.js";
import { bigLiteral, literalValue, type Binding } from "./scopes.js";

const binaryInstructions: Record<acorn.BinaryOperator, OpName> = {
  "==": "EQ", "!=": "NE", "===": "SEQ", "!==": "SNE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE",
  "<<": "SHL", ">>": "SHR", ">>>": "USHR", "+": "ADD", "-": "SUB", "*": "MUL", "/": "DIV", "%": "MOD",
  "|": "BIT_OR", "^": "BIT_XOR", "&": "BIT_AND", in: "IN", instanceof: "INSTANCEOF", "**": "POW",
};

export function expression(g: Generator, node: acorn.Expression): void {
  switch (node.type) {
    case "Identifier":
      identifier(g, node);
      break;
    case "Literal":
      literal(g, node);
      break;
    case "ThisExpression":
      g.this(node);
      break;
    case "ArrayExpression":
      arrayLiteral(g, node.elements);
      break;
    case "ObjectExpression":
      objectLiteral(g, node);
      break;
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      functionValue(g, node, "");
      break;
    case "ClassExpression":
      classValue(g, node, "");
      break;
    case "UnaryExpression":
      unary(g, node);
      break;
    case "UpdateExpression":
      update(g, node, true);
      break;
    case "BinaryExpression":
      binary(g, node);
      break;
    case "LogicalExpression":
      logical(g, node);
      break;
    case "AssignmentExpression":
      assignment(g, node, true);
      break;
    case "ConditionalExpression":
      conditional(g, node, (branch) => expression(g, branch));
      break;
    case "MemberExpression":
      member(g, node);
      break;
    case "CallExpression":
      call(g, node);
      break;
    case "NewExpression":
      construct(g, node);
      break;
    case "SequenceExpression":
      node.expressions.slice(0, -1).forEach((one) => effect(g, one));
      expression(g, node.expressions[node.expressions.length - 1]!);
      break;
    case "TemplateLiteral":
      template(g, node);
      break;
    case "TaggedTemplateExpression":
      taggedTemplate(g, node);
      break;
    case "YieldExpression":
      yieldValue(g, node);
      break;
    case "AwaitExpression":
      awaitValue(g, node);
      break;
    case "ChainExpression":
      chain(g, node);
      break;
    case "MetaProperty":
      metaProperty(g, node);
      break;
    case "ImportExpression":
      dynamicImport(g, node);
      break;
    case "ParenthesizedExpression":
      expression(g, node.expression);
      break;
    default:
      throw g.error(`${(node as acorn.Node).type} is not supported`, node, (node as acorn.Node).type);
  }
}

/** For what it does only. */
export function effect(g: Generator, node: acorn.Expression): void {
  switch (node.type) {
    case "UpdateExpression":
      update(g, node, false);
      break;
    case "AssignmentExpression":
      assignment(g, node, false);
      break;
    case "SequenceExpression":
      for (const one of node.expressions) effect(g, one);
      break;
    case "ParenthesizedExpression":
      effect(g, node.expression);
      break;
    case "ConditionalExpression":
      conditional(g, node, (branch) => effect(g, branch));
      break;
    case "LogicalExpression":
      if (node.operator === "??") {
        expression(g, node);
        g.emit("POP");
      } else {
        const end = new Label();
        jumpIf(g, node.left, node.operator === "||", end);
        effect(g, node.right);
        g.place(end);
      }
      break;
    case "UnaryExpression":
      if (node.operator === "void" || node.operator === "!") {
        effect(g, node.argument);
        break;
      }
      expression(g, node);
      g.emit("POP");
      break;
    default:
      expression(g, node);
      g.emit("POP");
  }
}

/** Jumps to `target` if the value's truth is `sense`, goes on otherwise. */
export function jumpIf(g: Generator, node: acorn.Expression, sense: boolean, target: Label): void {
  const constant = literalValue(node);
  if (constant !== undefined) {
    if (Boolean(constant) === sense) g.jump("JUMP", target);
  } else if (node.type === "ParenthesizedExpression") {
    jumpIf(g, node.expression, sense, target);
  } else if (node.type === "UnaryExpression" && node.operator === "!") {
    jumpIf(g, node.argument, !sense, target);
  } else if (node.type === "LogicalExpression" && node.operator !== "??") {
    // `a && b` is falsy as soon as a is; `a || b` truthy as soon as a is.
    const decides = node.operator === "||";
    if (decides === sense) {
      jumpIf(g, node.left, sense, target);
      jumpIf(g, node.right, sense, target);
    } else {
      const over = new Label();
      jumpIf(g, node.left, decides, over);
      jumpIf(g, node.right, sense, target);
      g.place(over);
    }
  } else {
    expression(g, node);
    g.jump(sense ? "JUMP_TRUE" : "JUMP_FALSE", target);
  }
}

/** An expression whose value, if it is an anonymous function or class, is named. */
export function namedExpression(g: Generator, node: acorn.Expression, name: string): void {
  if (node.type === "ParenthesizedExpression") namedExpression(g, node.expression, name);
  else if ((node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression") && !node.id) functionValue(g, node, name);
  else if (node.type === "ClassExpression" && !node.id) classValue(g, node, name);
  else expression(g, node);
}

/** key -> key value: the same, named after a key that was computed. A class has its name before its static parts run. */
export function keyedExpression(g: Generator, node: acorn.Expression): void {
  if (node.type === "ParenthesizedExpression") {
    keyedExpression(g, node.expression);
  } else if (node.type === "ClassExpression" && !node.id) {
    const key = g.temporary();
    g.emit("SET_LOCAL", key);
    classValue(g, node, "", key);
    g.release(key);
  } else {
    expression(g, node);
    if (isAnonymousFunction(node)) g.emit("SET_NAME", 0);
  }
}

export function isAnonymousFunction(node: acorn.Expression): boolean {
  if (node.type === "ParenthesizedExpression") return isAnonymousFunction(node.expression);
  return (node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression" || node.type === "ClassExpression") && !node.id;
}

function identifier(g: Generator, node: acorn.Identifier): void {
  const { binding, checked, objects } = g.useOf(node);
  if (objects !== undefined) getDynamic(g, node.name, objects, () => plainIdentifier(g, node, binding, checked));
  else plainIdentifier(g, node, binding, checked);
}

/** Pushes what a name means, apart from objects that may have it. */
export function plainIdentifier(g: Generator, node: acorn.Identifier, binding: Binding | null, checked: boolean): void {
  if (checked) g.at(node);
  if (binding !== null) g.getVariable(binding, checked);
  else if (node.name === "undefined") g.emit("UNDEFINED");
  else if (node.name === "NaN") g.number(NaN);
  else if (node.name === "Infinity") g.number(Infinity);
  else if (!g.context.core || !coreConstant(g, node)) {
    g.at(node);
    g.emit("GET_GLOBAL", g.name(node.name));
  }
}

function literal(g: Generator, node: acorn.Literal): void {
  if (node.regex !== undefined) {
    g.at(node);
    g.core("regExpLiteral");
    g.text(node.regex.pattern);
    g.text(node.regex.flags);
    g.emit("CALL", 2);
    return;
  }
  const { value } = node;
  if (value === null) g.emit("NULL");
  else if (typeof value === "boolean") g.emit(value ? "TRUE" : "FALSE");
  else if (typeof value === "number") g.number(value);
  else if (node.bigint !== undefined) g.big(bigLiteral(node)!);
  else g.text(value as string);
}

function template(g: Generator, node: acorn.TemplateLiteral): void {
  node.quasis.forEach((quasi, i) => {
    const text = quasi.value.cooked ?? "";
    if (i === 0) {
      if (text !== "" || node.expressions.length === 0) g.text(text);
    } else if (text !== "") {
      g.text(text);
      g.emit("ADD");
    }
    const hole = node.expressions[i];
    if (hole === undefined) return;
    expression(g, hole);
    g.emit("TO_STRING");
    if (i > 0 || text !== "") g.emit("ADD");
  });
}

function unary(g: Generator, node: acorn.UnaryExpression): void {
  const { operator, argument } = node;
  switch (operator) {
    case "typeof":
      if (argument.type === "Identifier" && g.useOf(argument).binding === null && argument.name !== "undefined" && !(g.context.core && argument.name.startsWith("$"))) {
        const { objects } = g.useOf(argument);
        const plainly = (): void => g.emit("GET_GLOBAL_OR_UNDEFINED", g.name(argument.name));
        if (objects !== undefined) getDynamic(g, argument.name, objects, plainly);
        else plainly();
      } else {
        expression(g, argument);
      }
      g.emit("TYPEOF");
      break;
    case "void":
      effect(g, argument);
      g.emit("UNDEFINED");
      break;
    case "delete":
      deletion(g, argument);
      break;
    case "-": {
      const value = literalValue(argument);
      if (typeof value === "number") {
        g.number(-value);
        break;
      }
      expression(g, argument);
      g.emit("NEG");
      break;
    }
    default:
      expression(g, argument);
      g.emit(operator === "+" ? "TO_NUMBER" : operator === "!" ? "NOT" : "BIT_NOT");
  }
}

/** 13.5.1.2, step 5: the key is evaluated, then it is an error. */
function deleteSuper(g: Generator, node: acorn.MemberExpression): void {
  g.this(node.object);
  g.emit("POP");
  if (node.computed) effect(g, node.property as acorn.Expression);
  g.at(node);
  g.throwValue("NOT_DEFINED", "what delete of a super property would delete");
}

function deletion(g: Generator, argument: acorn.Expression): void {
  if (argument.type === "ParenthesizedExpression") {
    deletion(g, argument.expression);
  } else if (argument.type === "ChainExpression") {
    chain(g, argument, true);
  } else if (argument.type === "MemberExpression") {
    if (argument.object.type === "Super") {
      deleteSuper(g, argument);
      return;
    }
    expression(g, argument.object);
    deleteMember(g, argument);
  } else if (argument.type === "Identifier") {
    const { binding, objects } = g.useOf(argument);
    const plainly = (): void => {
      if (binding !== null) {
        g.emit("FALSE");
        return;
      }
      g.emit("ROOT", rootNumber("global"));
      g.emit("DELETE_PROPERTY", g.name(argument.name));
    };
    if (objects !== undefined) deleteDynamic(g, argument.name, objects, plainly);
    else plainly();
  } else {
    effect(g, argument);
    g.emit("TRUE");
  }
}

/** object -> delete object.member */
export function deleteMember(g: Generator, node: acorn.MemberExpression): void {
  const name = propertyName(node.property, node.computed);
  if (name !== null) {
    g.emit("DELETE_PROPERTY", g.name(name));
  } else {
    pushKey(g, node.property, node.computed);
    g.emit("DELETE_ELEMENT");
  }
}

function binary(g: Generator, node: acorn.BinaryExpression): void {
  // Long chains of operators lean to the left: they are unrolled instead of recursed into.
  const chained: acorn.BinaryExpression[] = [];
  let left: acorn.Expression | acorn.PrivateIdentifier = node;
  while (left.type === "BinaryExpression") {
    chained.push(left);
    ({ left } = left);
  }
  if (left.type === "PrivateIdentifier") g.getVariable(g.useOf(left).binding!, false);
  else expression(g, left);
  for (const one of chained.reverse()) operate(g, one.operator, one.right, one);
}

/** left -> left operator right; `node`: the whole, unless it is part of an assignment. */
function operate(g: Generator, operator: acorn.BinaryOperator, right: acorn.Expression, node?: acorn.BinaryExpression): void {
  const small = operator === "+" || operator === "-" ? literalValue(right) : undefined;
  if (typeof small === "number" && Number.isInteger(small) && small <= 127 && !Object.is(small, -0)) {
    g.emit(operator === "+" ? "ADD_SMALL" : "SUB_SMALL", small);
    return;
  }
  expression(g, right);
  if (node !== undefined && (operator === "in" || operator === "instanceof")) g.at(g.signAfter(operator, node.left.end));
  g.emit(node?.left.type === "PrivateIdentifier" ? "HAS_PRIVATE" : binaryInstructions[operator]);
}

function logical(g: Generator, node: acorn.LogicalExpression): void {
  const chained: acorn.LogicalExpression[] = [];
  let left: acorn.Expression = node;
  while (left.type === "LogicalExpression") {
    chained.push(left);
    ({ left } = left);
  }
  expression(g, left);
  // `a && b && c` leaves at the first that decides, so all parts with one operator share an end.
  let end = new Label();
  chained.reverse().forEach((one, i) => {
    if (i > 0 && chained[i - 1]!.operator !== one.operator) {
      g.place(end);
      end = new Label();
    }
    g.jump(keepingJump(one.operator), end);
    expression(g, one.right);
  });
  g.place(end);
}

function keepingJump(operator: string): OpName {
  return operator.startsWith("&&") ? "JUMP_FALSE_KEEP" : operator.startsWith("||") ? "JUMP_TRUE_KEEP" : "JUMP_NOT_NULLISH_KEEP";
}

function conditional(g: Generator, node: acorn.ConditionalExpression, branch: (node: acorn.Expression) => void): void {
  const otherwise = new Label();
  const end = new Label();
  jumpIf(g, node.test, false, otherwise);
  branch(node.consequent);
  g.jump("JUMP", end);
  g.place(otherwise);
  branch(node.alternate);
  g.place(end);
}

export function member(g: Generator, node: acorn.MemberExpression): void {
  const { object, property, computed } = node;
  if (object.type === "Super") {
    pushSuper(g, object);
    pushKey(g, property, computed);
    g.emit("GET_SUPER");
    return;
  }
  if (g.namespaceMember(node)) return;
  expression(g, object);
  getMember(g, node);
}

/** Where an error of a member's object is said to be: at the name, or at the bracket. */
export function memberPosition(g: Generator, { object, property, computed }: acorn.MemberExpression): { start: number } {
  return computed ? g.signAfter("[", object.end) : property;
}

/** object -> object.member */
export function getMember(g: Generator, node: acorn.MemberExpression): void {
  const { property, computed } = node;
  const name = property.type === "PrivateIdentifier" ? null : propertyName(property, computed);
  if (property.type === "PrivateIdentifier") {
    g.getVariable(g.useOf(property).binding!, false);
    g.at(property);
    g.emit("GET_PRIVATE");
  } else if (name !== null) {
    g.at(memberPosition(g, node));
    g.emit("GET_PROPERTY", g.name(name));
  } else {
    pushKey(g, property, computed);
    g.at(memberPosition(g, node));
    g.emit("GET_ELEMENT");
  }
}

/** Jumps when a reference has its value, keeping it, and puts the parts of the reference away. */
function assignment(g: Generator, node: acorn.AssignmentExpression, valued: boolean): void {
  const { left, right, operator } = node;
  if (left.type === "ObjectPattern" || left.type === "ArrayPattern") {
    expression(g, right);
    if (valued) g.emit("DUP");
    store(g, left, false, right);
    return;
  }
  const logicalOperator = operator === "||=" || operator === "&&=" || operator === "??=";
  const place = reference(g, left, operator !== "=");
  // A name in parentheses names nothing.
  const name = place.kind === "name" && left.start === node.start ? place.node.name : "";
  if (logicalOperator) {
    const unchanged = new Label();
    const end = new Label();
    readReference(g, place);
    g.jump(keepingJump(operator), unchanged);
    namedExpression(g, right, name);
    atStore(g, node, place);
    writeReference(g, place, true);
    g.jump("JUMP", end);
    g.place(unchanged);
    for (let i = referenceWords(place); i > 0; i--) {
      g.emit("SWAP");
      g.emit("POP");
    }
    g.place(end);
    if (!valued) g.emit("POP");
  } else {
    if (operator === "=") {
      namedExpression(g, right, name);
    } else {
      readReference(g, place);
      operate(g, operator.slice(0, -1) as acorn.BinaryOperator, right);
    }
    atStore(g, node, place);
    writeReference(g, place, valued);
  }
  releaseReference(g, place);
}

/** Says that the store of an assignment is at its sign, if it may fail. */
function atStore(g: Generator, { left, operator }: acorn.AssignmentExpression, place: Reference): void {
  if (place.kind === "name") {
    const { binding, checked } = g.useOf(place.node);
    if (binding !== null && !binding.constant && binding.kind !== "name" && !checked) return;
  }
  g.at(g.signAfter(operator, left.end));
}

function update(g: Generator, node: acorn.UpdateExpression, valued: boolean): void {
  const target = node.argument as acorn.Pattern;
  const step = node.operator === "++" ? "INC" : "DEC";
  if (target.type === "Identifier") {
    const { binding, checked, objects } = g.useOf(target);
    const plain = binding !== null && objects === undefined && !checked && binding.storage === "local" && binding.place >= 0 && binding.place <= 255 && !binding.constant && binding.kind !== "name" && g.argumentCountSlot < 0;
    if (plain && (!valued || node.prefix || g.context.numeric.isNumericBinding(binding))) {
      if (valued && !node.prefix) g.getLocal(binding.place);
      g.emit(step === "INC" ? "INCREMENT_LOCAL" : "DECREMENT_LOCAL", binding.place);
      if (valued && node.prefix) g.getLocal(binding.place);
      return;
    }
  }
  const place = reference(g, target, true);
  readReference(g, place);
  if (valued && !node.prefix) {
    const words = referenceWords(place);
    g.emit("TO_NUMERIC");
    g.emit("DUP");
    if (words > 0) g.emit(words === 1 ? "ROTATE3" : "ROTATE4");
    g.emit(step);
    writeReference(g, place, false);
  } else {
    g.emit(step);
    writeReference(g, place, valued);
  }
  releaseReference(g, place);
}

function metaProperty(g: Generator, node: acorn.MetaProperty): void {
  if (node.meta.name === "new") g.newTarget();
  else g.getVariable(g.analysis.importMeta!, false);
}

function dynamicImport(g: Generator, node: acorn.ImportExpression): void {
  g.at(node);
  const number = g.context.targets.get(node);
  g.core("dynamicImport");
  if (number === undefined) g.emit("UNDEFINED");
  else g.number(number);
  expression(g, node.source);
  g.text(g.context.referrer);
  if (node.options) expression(g, node.options);
  else g.emit("UNDEFINED");
  g.emit("CALL", 4);
}

