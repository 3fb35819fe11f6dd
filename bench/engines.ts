// The engines that the benchmarks compare, each behind one function: give it a program that defines `main`, get a function
// that runs main once and returns its result as a string. All run in this process but the C machine and a native qjs, which
// are children that print a line for each round.

import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compileScript } from "../compiler/index.js";
import { loadCore, loadKernel } from "../hosts/node/load-core.js";
import { digest } from "../hosts/node/digest.js";
import { encodeImage } from "../vm/image.js";
import { Machine } from "../vm/machine.js";

/** Runs main once; the result as a string. */
export type Round = () => string | Promise<string>;
export interface Engine { readonly name: string; start(source: string): Promise<Round>; }

const LOOP = "\nfor (;;) console.log(String(main()));\n";

export const mvm: Engine = {
  name: "mvm",
  async start(source) {
    const machine = Machine.create(await loadKernel(), loadCore(), compileScript(source + LOOP, "bench.js"), { memoryBytes: 8 * 1024 * 1024 });
    return () => nextLine(machine);
  },
};
/** Runs a machine until it prints: the text. */
function nextLine(machine: Machine): string {
  for (;;) {
    const stopped = machine.run(0x3fffffff);
    if (stopped === "fuel") continue;
    if (stopped !== "host-call") throw new Error(`mvm stopped: ${stopped}`);
    const call = machine.hostCall();
    machine.answer(call.operation === "now" ? Math.floor(performance.now() * 1000) : undefined);
    if (call.operation === "uncaught") throw new Error(String(call.arguments[0]));
    if (call.operation === "print") return String(call.arguments[1]);
  }
}

export const quickjs: Engine = {
  name: "quickjs-emscripten",
  async start(source) {
    const { getQuickJS } = await import("quickjs-emscripten");
    const context = (await getQuickJS()).newContext();
    context.unwrapResult(context.evalCode(source)).dispose();
    const main = context.unwrapResult(context.evalCode("() => String(main())"));
    return () => {
      const result = context.unwrapResult(context.callFunction(main, context.undefined));
      const text = context.getString(result);
      result.dispose();
      return text;
    };
  },
};

/** What js-interpreter has not done by then is not waited for. */
const PATIENCE_MS = 60_000;
export const interpreter: Engine = {
  name: "js-interpreter",
  async start(source) {
    const Interpreter = createRequire(import.meta.url)("js-interpreter") as { new(code: string): { step(): boolean; value: unknown; appendCode(code: string): void } };
    const machine = new Interpreter(source);
    const run = (): void => {
      const end = performance.now() + PATIENCE_MS;
      for (let steps = 1; machine.step(); steps++) if (steps % 65536 === 0 && performance.now() > end) throw new Error(`takes more than ${PATIENCE_MS / 1000} seconds`);
    };
    run();
    return () => {
      machine.appendCode("String(main())");
      run();
      return String(machine.value);
    };
  },
};

/** V8 itself, for orientation. */
export const v8: Engine = {
  name: "v8",
  async start(source) {
    const main = new Function(`${source}\nreturn main;`)() as () => unknown;
    return () => String(main());
  },
};

export const mvmC: Engine = {
  name: "mvm-c",
  async start(source) {
    const binary = new URL("../../build/mvm-c", import.meta.url).pathname;
    if (!existsSync(binary)) throw new Error(`${binary} is not built`);
    const machine = Machine.create(await loadKernel(), loadCore(), compileScript(source + LOOP, "bench.js"), { memoryBytes: 8 * 1024 * 1024 });
    return linesOf(binary, ["run", fileOf("bench.mvm", encodeImage(machine, { programId: new Uint8Array(16), epoch: 1, sequence: 0 }, digest))]);
  },
};

const QJS = process.env.MVM_QJS ?? "qjs";
/** A natively compiled QuickJS: `qjs`, or where MVM_QJS says. */
export const qjs: Engine = {
  name: "qjs",
  async start(source) {
    if (spawnSync(QJS, ["--std", "-e", "0"]).status !== 0) throw new Error(`there is no ${QJS} that knows --std (MVM_QJS says where one is)`);
    return linesOf(QJS, ["--std", "--script", fileOf("bench.js", `${source}\nfor (;;) { std.out.puts(String(main()) + "\\n"); std.out.flush(); }\n`)]);
  },
};

/** The path of a new file with that content. */
function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), "mvm-bench-")), name);
  writeFileSync(path, content);
  return path;
}
/** A child that prints a line a round. */
function linesOf(command: string, args: readonly string[]): Round {
  const child: ChildProcessWithoutNullStreams = spawn(command, args);
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${command} ended`);
    return value as string;
  };
}
const children: ChildProcessWithoutNullStreams[] = [];
/** Ends the children. */
export function stopEngines(): void { for (const child of children.splice(0)) child.kill("SIGKILL"); }
