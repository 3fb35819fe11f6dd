// `using` and `await using` (ECMA-262 2026 section 14.3): what a list of statements, a loop's head or one round of a for-of
// declares so is disposed of at its end, however that comes. It is a finally block that no source has: a local keeps the
// list of resources, the core disposes of one after the other (vm/core/disposal.js) and gives back what is to be awaited.

import type * as acorn from "acorn";
import { Label, Region } from "./assembler.js";
import type { Generator } from "./generator.js";
import { dispatch, enterFinally, THREW, type FinallyContext } from "./leave.js";

export function isUsing(node: acorn.Node): node is acorn.VariableDeclaration {
  return node.type === "VariableDeclaration" && ((node as acorn.VariableDeclaration).kind === "using" || isAwaitUsing(node));
}
function isAwaitUsing(node: acorn.Node): boolean {
  return node.type === "VariableDeclaration" && (node as acorn.VariableDeclaration).kind === "await using";
}

/** Emits `body`, in which these declarations stand, and what disposes of their resources, if they have any. */
export function disposing(g: Generator, declarations: readonly (acorn.Node | null | undefined)[], body: () => void): void {
  const used = declarations.filter((node) => node !== null && node !== undefined && isUsing(node));
  if (used.length === 0) {
    body();
    return;
  }
  const resources = g.temporary();
  const context: FinallyContext = { kind: "finally", region: new Region(g.code.depth), entry: new Label(), kindSlot: g.temporary(), valueSlot: g.temporary(), exits: [], resources };
  g.emit("NEW_ARRAY", 0);
  g.putLocal(resources);
  g.code.open(context.region);
  g.contexts.push(context);
  body();
  g.contexts.pop();
  enterFinally(g, context);
  disposeAll(g, context, resources, used.some((node) => isAwaitUsing(node!)));
  dispatch(g, context);
  g.release(resources, context.kindSlot, context.valueSlot);
}

function disposeAll(g: Generator, context: FinallyContext, resources: number, waits: boolean): void {
  g.core("disposeNext");
  g.getLocal(resources);
  g.getLocal(context.kindSlot);
  g.getLocal(context.valueSlot);
  g.emit("CALL", 3);
  if (!waits) {
    g.emit("POP");
    return;
  }
  const again = new Label();
  const done = new Label();
  const waiting = new Region(g.code.depth - 1);
  const error = g.temporary();
  g.place(again);
  g.jump("JUMP_DONE", done);
  g.code.open(waiting);
  g.emit("AWAIT");
  g.code.close(waiting);
  g.code.finish(waiting);
  g.emit("POP");
  g.core("disposeNext");
  g.getLocal(resources);
  g.number(0);
  g.emit("UNDEFINED");
  g.emit("CALL", 3);
  g.jump("JUMP", again);
  g.place(waiting.target);
  g.putLocal(error);
  g.core("disposeNext");
  g.getLocal(resources);
  g.number(THREW);
  g.getLocal(error);
  g.emit("CALL", 3);
  g.jump("JUMP", again);
  g.place(done);
  g.release(error);
}

/** value -> value, which is a resource now, if the declaration says so. */
export function useValue(g: Generator, declaration: acorn.VariableDeclaration): void {
  if (!isUsing(declaration)) return;
  const context = g.contexts.filter((one) => one.kind === "finally" && one.resources !== undefined).at(-1) as FinallyContext;
  const value = g.temporary();
  g.putLocal(value);
  g.core("useResource");
  g.getLocal(context.resources!);
  g.getLocal(value);
  g.emit(isAwaitUsing(declaration) ? "TRUE" : "FALSE");
  g.emit("CALL", 3);
  g.release(value);
}
