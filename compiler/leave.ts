// Leaving statements before their end: break, continue, return (and the return that a generator is resumed with) go
// outwards through the contexts they are in: iterators are closed, finally blocks run.
//
// A finally block is code once, for all ways into it. Two locals say why it runs: a kind (0 went on normally, 1 threw,
// from 2 on one of the exits) and a value (the exception or what is returned). After it a dispatch goes on with that.
//
// While code that leaves is emitted, the handlers of the contexts being left are suspended: an error in closing an
// iterator goes to the handlers outside of it.

import { Label, Region } from "./assembler.js";
import type { Generator } from "./generator.js";

export type Context =
  | { kind: "break"; labels: string[]; plain: boolean; label: Label }
  | { kind: "continue"; labels: string[]; label: Label }
  /** Two words on the stack: iterator and its next. */
  | { kind: "iterator"; isAsync: boolean; region: Region }
  | { kind: "catch"; region: Region }
  | FinallyContext;

export interface FinallyContext { kind: "finally"; region: Region; entry: Label; kindSlot: number; valueSlot: number; exits: Exit[]; /** The local with what `using` has declared (using.ts). */ resources?: number }

/** Where to go: the context of a break or continue, or out of the function ("return": the value is on the stack). */
export type Exit = "return" | (Context & { kind: "break" | "continue" });

/** What the slot of a context's kind says: control came to the end, or by a throw, or by which exit. */
const FELL_THROUGH = 0;
export const THREW = 1;
const FIRST_EXIT = 2;

/** Drops what lies above the first `depth` words, but for a value that is carried on top. */
function dropTo(g: Generator, depth: number, carries: boolean): void {
  const extra = g.code.depth - depth - (carries ? 1 : 0);
  if (extra <= 0) return;
  const value = carries ? g.temporary() : -1;
  if (carries) g.putLocal(value);
  for (let i = 0; i < extra; i++) g.emit("POP");
  if (!carries) return;
  g.getLocal(value);
  g.release(value);
}

/** Emits the way to an exit. With "return" the value is on top, above whatever the expression it is in has there. */
export function leave(g: Generator, exit: Exit): void {
  if (!g.code.reachable) return;
  const last = exit === "return" ? -1 : g.contexts.indexOf(exit);
  const suspended: Region[] = [];
  let finished = false;
  for (let i = g.contexts.length - 1; i > last && !finished; i--) {
    const context = g.contexts[i]!;
    if ("region" in context && context.region.open >= 0) {
      g.code.close(context.region);
      suspended.push(context.region);
    }
    if (context.kind === "iterator" || context.kind === "finally") dropTo(g, context.region.depth, exit === "return");
    if (context.kind === "iterator") {
      if (exit === "return") g.emit("ROTATE3");
      closeIterator(g, context.isAsync);
    } else if (context.kind === "finally") {
      if (exit === "return") g.putLocal(context.valueSlot);
      let number = context.exits.indexOf(exit);
      if (number < 0) number = context.exits.push(exit) - 1;
      g.number(FIRST_EXIT + number);
      g.putLocal(context.kindSlot);
      g.jump("JUMP", context.entry);
      finished = true;
    }
  }
  if (!finished) {
    if (exit !== "return") g.jump("JUMP", exit.label);
    else if (g.info.kind === "derived") g.jump("JUMP", g.epilogue);
    else g.emit("RETURN");
  }
  for (const region of suspended.reverse()) g.code.open(region);
}

/** iterator next -> ; for every completion but a throw. */
export function closeIterator(g: Generator, isAsync: boolean): void {
  if (!isAsync) {
    g.emit("ITERATOR_CLOSE");
    return;
  }
  const none = new Label();
  g.emit("POP");
  g.callCoreOnTop("iteratorReturn");
  g.jump("JUMP_NULLISH", none);
  g.emit("AWAIT");
  g.callCoreOnTop("checkResult");
  g.emit("POP");
  g.place(none);
}

/** The code of an iterator context's handler: iterator next exception -> thrown on, the iterator closed. */
export function closeAndRethrow(g: Generator, region: Region, isAsync: boolean): void {
  g.place(region.target);
  if (!g.code.reachable) return;
  if (!isAsync) {
    g.emit("ROTATE3");
    g.emit("POP");
    g.callCoreOnTop("iteratorCloseQuiet");
    g.emit("POP");
    g.emit("THROW");
    return;
  }
  g.emit("ROTATE3");
  const quiet = new Region(g.code.depth - 2);
  const none = new Label();
  g.code.open(quiet);
  g.emit("POP");
  g.callCoreOnTop("iteratorReturn");
  g.jump("JUMP_NULLISH", none);
  g.emit("AWAIT");
  g.emit("POP");
  g.code.close(quiet);
  g.code.finish(quiet);
  g.place(none);
  g.emit("THROW");
  g.place(quiet.target);
  g.emit("POP");
  g.emit("THROW");
}

/** Behind what a context protects: both ways into its entry, and the entry. */
export function enterFinally(g: Generator, context: FinallyContext): void {
  const { region } = context;
  g.code.close(region);
  g.code.finish(region);
  g.number(FELL_THROUGH);
  g.putLocal(context.kindSlot);
  g.jump("JUMP", context.entry);
  g.place(region.target);
  g.putLocal(context.valueSlot);
  g.number(THREW);
  g.putLocal(context.kindSlot);
  g.place(context.entry);
}
/** The code behind a finally block: goes on with what brought it there. */
export function dispatch(g: Generator, context: FinallyContext): void {
  const normal = new Label();
  g.getLocal(context.kindSlot);
  g.jump("JUMP_FALSE", normal);
  context.exits.forEach((exit, i) => {
    const other = new Label();
    g.getLocal(context.kindSlot);
    g.number(FIRST_EXIT + i);
    g.jump("JUMP_SNE", other);
    if (exit === "return") g.getLocal(context.valueSlot);
    leave(g, exit);
    g.place(other);
  });
  g.getLocal(context.valueSlot);
  g.emit("THROW");
  g.place(normal);
}
