// The engine from npm: a QuickJS context with the bundle in it, behind typed calls. Bytes are copied on the way in and on
// the way out, since the engine's memory is its own. After every call the engine's job queue is emptied, so what happens
// inside is over when a call returns.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten";
import { errorCode, Exit, Trouble } from "../node/trouble.js";
import type { Inside, Shell } from "./inside/shell.js";

/** The bundle, two folders above this file's build. */
const bundle = fileURLToPath(new URL("../../mvm-quickjs.js", import.meta.url));

/** Something failed inside that nothing inside caught: a fault of ours. */
export class EngineError extends Error {}

/** The engine, which is an optional dependency: mvm itself does without. */
async function loadEngine(): Promise<Awaited<ReturnType<typeof import("quickjs-emscripten").getQuickJS>>> {
  try {
    const { getQuickJS } = await import("quickjs-emscripten");
    return await getQuickJS();
  } catch (error) {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Trouble(Exit.INTERNAL, "the QuickJS engine is not installed", "npm install quickjs-emscripten, or run build/mvm-quickjs.js by a native `qjs --std`");
  }
}

type Plain = undefined | boolean | number | string | ArrayBuffer | readonly string[] | object;

export class Engine {
  private constructor(private readonly context: QuickJSContext) {}

  /** An engine that runs the bundle with this shell. */
  static async start(shell: Shell): Promise<Engine> {
    const engine = new Engine((await loadEngine()).newContext());
    engine.give(shell);
    engine.evaluate(readFileSync(bundle, "latin1"), bundle);
    return engine;
  }

  /** Puts the shell's functions where the bundle looks for them. */
  private give(shell: Shell): void {
    const { context } = this;
    const object = context.newObject();
    for (const name of Object.keys(shell) as (keyof Shell)[]) {
      const work = shell[name] as (...list: Plain[]) => Plain;
      const made = context.newFunction(name, (...list) => this.toHandle(work(...list.map((handle) => this.toPlain(handle)))));
      context.setProp(object, name, made);
      made.dispose();
    }
    context.setProp(context.global, "mvmShell", object);
    object.dispose();
  }
  private evaluate(source: string, name: string): void {
    this.context.unwrapResult(this.context.evalCode(source, name)).dispose();
    this.runJobs();
  }

  /** Calls a function of the inside. */
  call<N extends keyof Inside>(name: N, ...list: Parameters<Inside[N]>): ReturnType<Inside[N]> {
    const { context } = this;
    const inside = context.getProp(context.global, "mvmInside");
    const work = context.getProp(inside, name);
    const handles = (list as Plain[]).map((value) => this.toHandle(value));
    try {
      const result = context.callFunction(work, inside, ...handles);
      if (result.error !== undefined) throw this.failure(result.error);
      const value = context.dump(result.value) as ReturnType<Inside[N]>;
      result.value.dispose();
      return value;
    } finally {
      for (const handle of handles) handle.dispose();
      work.dispose();
      inside.dispose();
      this.runJobs();
    }
  }
  private runJobs(): void {
    const result = this.context.runtime.executePendingJobs();
    if (result.error !== undefined) throw this.failure(result.error);
    result.dispose();
  }
  private failure(handle: QuickJSHandle): EngineError {
    const error = this.context.dump(handle) as { name?: string; message?: string; stack?: string } | string;
    handle.dispose();
    return new EngineError(typeof error === "object" ? `${error.name}: ${error.message}\n${error.stack}` : String(error));
  }

  private toHandle(value: Plain): QuickJSHandle {
    const { context } = this;
    switch (typeof value) {
      case "number": return context.newNumber(value);
      case "string": return context.newString(value);
      case "boolean": return value ? context.true : context.false;
      case "undefined": return context.undefined;
    }
    if (value instanceof ArrayBuffer) return context.newArrayBuffer(value);
    return context.unwrapResult(context.evalCode(`(${JSON.stringify(value)})`));
  }
  private toPlain(handle: QuickJSHandle): Plain {
    const { context } = this;
    switch (context.typeof(handle)) {
      case "number": return context.getNumber(handle);
      case "string": return context.getString(handle);
      case "boolean": return context.dump(handle) as boolean;
      case "undefined": return undefined;
    }
    return context.getArrayBuffer(handle).consume(({ value }) => value.slice().buffer) as ArrayBuffer;
  }
}
