// Makes a program that shows a difference smaller, as long as it still shows one: parts of the syntax tree are left out, or
// give way to one of their own parts or to something simple. No printer is needed, since parts are cut out of the text.

import { parse, type Node } from "acorn";

/** A piece of text that takes the place of another. */
interface Edit { start: number; end: number; text: string }
type Tree = Node & Record<string, unknown>;

/** Fields whose elements can be left out one by one. */
const LISTS = ["body", "consequent", "elements", "arguments", "properties", "params", "cases", "declarations", "expressions"];

function isNode(value: unknown): value is Tree { return typeof value === "object" && value !== null && typeof (value as Node).type === "string"; }
function childrenOf(node: Tree): Tree[] {
  return Object.values(node).flatMap((value) => (isNode(value) ? [value] : Array.isArray(value) ? value.filter(isNode) : []));
}

/** Everything that could be tried on a program, the largest first. */
function editsOf(source: string): Edit[] {
  let tree: Tree;
  try {
    tree = parse(`async function* f() {${source}\n}`, { ecmaVersion: "latest", allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true, allowSuperOutsideMethod: true, checkPrivateFields: false }) as unknown as Tree;
  } catch {
    return [];
  }
  const shift = "async function* f() {".length;
  const edits: Edit[] = [];
  const add = (start: number, end: number, text: string): void => {
    if (start >= shift && end - shift <= source.length && end - start > text.length) edits.push({ start: start - shift, end: end - shift, text });
  };
  const textOf = (node: Node): string => source.slice(node.start - shift, node.end - shift);
  const visit = (node: Tree): void => {
    for (const name of LISTS) {
      const list = node[name];
      if (!Array.isArray(list) || node.type === "TemplateLiteral") continue;
      list.forEach((element: unknown, index) => {
        if (!isNode(element)) return;
        const [before, after] = [list[index - 1] as unknown, list[index + 1] as unknown];
        if (isNode(after)) add(element.start, after.start, "");
        else if (isNode(before)) add(before.end, element.end, "");
        else add(element.start, element.end, "");
      });
    }
    if (/Statement$|Declaration$/.test(node.type)) {
      for (const child of childrenOf(node)) {
        if (child.type === "BlockStatement") add(node.start, node.end, textOf(child).slice(1, -1));
        else if (/Statement$/.test(child.type) && node.type !== "BlockStatement") add(node.start, node.end, textOf(child));
      }
      const { alternate, handler, finalizer } = node;
      if (isNode(alternate)) add((node["consequent"] as Tree).end, alternate.end, "");
      if (isNode(finalizer)) add((isNode(handler) ? handler : node["block"] as Tree).end, finalizer.end, "");
      if (isNode(handler) && isNode(finalizer)) add((node["block"] as Tree).end, handler.end, "");
    }
    if (/Expression$|Literal$/.test(node.type) && node.type !== "Literal" || node.type === "AwaitExpression") {
      for (const child of childrenOf(node)) if (/Expression$|Literal$|Identifier/.test(child.type)) add(node.start, node.end, `(${textOf(child)})`);
      for (const simple of ["0", "[]", "({})", "(() => {})"]) add(node.start, node.end, simple);
    }
    if (node.type === "AssignmentPattern") add(node.start, node.end, textOf(node["left"] as Tree));
    if (/^Class/.test(node.type) && isNode(node["superClass"])) add((node["id"] as Tree | null)?.end ?? node.start + 5, (node["body"] as Tree).start, " ");
    for (const child of childrenOf(node)) visit(child);
  };
  visit(tree);
  return edits.sort((a, b) => (b.end - b.start - b.text.length) - (a.end - a.start - a.text.length));
}

/** `shows` tells whether a program still shows the difference; it is asked for at most `milliseconds`. */
export async function reduce(source: string, shows: (source: string) => Promise<boolean>, milliseconds: number): Promise<string> {
  const end = performance.now() + milliseconds;
  let best = source;
  let from = 0;
  for (;;) {
    const edits = editsOf(best);
    let found = false;
    // Where the last one was found, those before it have been tried on nearly the same text.
    for (let i = 0; i < edits.length && !found; i++) {
      if (performance.now() > end) return tidy(best);
      const index = (from + i) % edits.length;
      const { start, end: stop, text } = edits[index]!;
      const smaller = best.slice(0, start) + text + best.slice(stop);
      if (await shows(smaller)) {
        best = smaller;
        from = index;
        found = true;
      }
    }
    if (!found) return tidy(best);
  }
}
function tidy(source: string): string { return source.replace(/\n\s*\n/g, "\n").trim(); }
