// await and yield. A generator that is resumed with a return leaves its statements as a return statement there would.
// In async generators a yielded or returned value is awaited first; what they are resumed with the core has awaited.

import type * as acorn from "acorn";
import { Label } from "./assembler.js";
import { expression } from "./expressions.js";
import { sharedReturn } from "./functions.js";
import type { Generator } from "./generator.js";
import { closeIterator, leave } from "./leave.js";
import { unpackPair } from "./statements.js";

const RETURN_MODE = 2;

export function awaitValue(g: Generator, node: acorn.AwaitExpression): void {
  expression(g, node.argument);
  g.at(node);
  g.emit("AWAIT");
}

export function yieldValue(g: Generator, node: acorn.YieldExpression): void {
  if (node.delegate) {
    delegate(g, node);
    return;
  }
  if (node.argument) expression(g, node.argument);
  else g.emit("UNDEFINED");
  if (g.info.async) g.emit("AWAIT");
  g.at(node);
  if (g.contexts.length === 0) {
    g.jump("YIELD", sharedReturn(g));
    return;
  }
  const returned = new Label();
  const next = new Label();
  g.jump("YIELD", returned);
  g.jump("JUMP", next);
  g.place(returned);
  leave(g, "return");
  g.place(next);
}

/** yield*: passes what it is resumed with on to the inner iterator. Its parts wait in slots. */
function delegate(g: Generator, node: acorn.YieldExpression): void {
  const argument = node.argument!;
  const isAsync = g.info.async;
  if (isAsync) {
    g.core("getAsyncIterator");
    expression(g, argument);
    g.emit("CALL", 1);
    unpackPair(g);
  } else {
    expression(g, argument);
    g.emit("GET_ITERATOR");
  }
  const iterator = g.temporary();
  const next = g.temporary();
  const mode = g.temporary();
  const sent = g.temporary();
  g.putLocal(next);
  g.putLocal(iterator);
  g.emit("UNDEFINED");
  g.putLocal(sent);
  g.number(0);
  g.putLocal(mode);
  const again = new Label();
  const finished = new Label();
  const noMethod = new Label();
  const end = new Label();
  g.place(again);
  g.core(isAsync ? "asyncDelegateStep" : "delegateStep");
  for (const slot of [iterator, next, mode, sent]) g.getLocal(slot);
  g.at(node);
  g.emit("CALL", 4);
  g.jump("JUMP_DONE", noMethod);
  if (isAsync) {
    g.emit("AWAIT");
    g.callCoreOnTop("checkResult");
  }
  g.emit("DUP");
  g.emit("GET_PROPERTY", g.name("done"));
  g.jump("JUMP_TRUE", finished);
  // A plain generator hands the inner result object on as it is.
  if (isAsync) g.emit("GET_PROPERTY", g.name("value"));
  g.emit("YIELD_DELEGATE");
  g.putLocal(mode);
  g.putLocal(sent);
  g.jump("JUMP", again);
  g.place(noMethod);
  const noReturn = new Label();
  g.getLocal(mode);
  g.number(RETURN_MODE);
  g.jump("JUMP_SEQ", noReturn);
  // No method throw: the inner iterator is closed as at an ordinary end, then that is the error (15.5.5, step 7.b.iii).
  g.getLocal(iterator);
  g.getLocal(next);
  closeIterator(g, isAsync);
  g.throwError("NO_THROW_METHOD", "");
  g.place(noReturn);
  g.getLocal(sent);
  if (isAsync) g.emit("AWAIT");
  leave(g, "return");
  g.place(finished);
  g.emit("GET_PROPERTY", g.name("value"));
  g.getLocal(mode);
  g.number(RETURN_MODE);
  g.jump("JUMP_SNE", end);
  leave(g, "return");
  g.place(end);
  g.release(iterator, next, mode, sent);
}
