// What a program may ask of its host, and who answers. The table is the other side of vm/core/host.js: every operation
// with its arguments and answer. `answerCall` checks what a program asks (an image may be forged, so nothing about the
// arguments is believed) and has the host's services do it; the host only writes services. Calls by name take longer than
// one answer: they are answered by a message.

import type { HostCall } from "./machine.js";
import type { Value } from "./value.js";

export const operations = {
  print: "stream (1 out, 2 err), text: a text and the end of the line",
  write: "stream, text: a text as it is",
  uncaught: "text, rejected: an error that nobody caught; the program ends after it unless the answer is true",
  now: "microseconds since the program began, without the time it was frozen",
  date: "milliseconds since 1970 by the wall clock",
  timezone: "ms: minutes that local time is ahead of UTC at that time",
  random: "count: a list of that many random bytes",
  arguments: "process.argv as a list",
  environment: "process.env as a list: name, value, name, value, …",
  ask: "name, list: calls a function of the host and stands still meanwhile: [true, value] or [false, text, code]",
  call: "id, name, list: calls a function of the host; the message [\"answer\", id, ok, value] follows",
  compile: "kind (script, eval, direct or the name of a Function constructor), texts: [true, unit as data, variables], or [false, text] of a SyntaxError; undefined where there is no compiler",
  callResult: "id, ok, value: the result of a function that the host called by the message [\"call\", id, name, list]",
} as const;
export type Operation = keyof typeof operations;

export interface HostServices {
  /** Text as it is, line ends included. */
  output(stream: 1 | 2, text: string): void;
  uncaught(text: string): void;
  /** Microseconds of program time. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** Minutes that local time is ahead of UTC. */
  timezone(ms: number): number;
  random(count: number): Uint8Array;
  programArguments(): string[];
  environment(): [name: string, value: string][];
  /** What a function answers; undefined where that takes its time: then it is asked again when the answer has come. */
  ask(name: string, list: Value[]): AskAnswer | undefined;
  call(id: number, name: string, list: Value[]): void;
  /** Compiles for eval and its like; left out where the host has no compiler. The answer depends on nothing else. */
  compile?(kind: string, list: Value[]): Value;
  callResult(id: number, ok: boolean, value: Value): void;
}

/** What mvm.ask is answered: its value, or the text and code of the Error that it throws. */
export type AskAnswer = [ok: true, value: Value] | [ok: false, text: string, code: string];

/** A program asked for what no program compiled by mvm asks for. */
export class HostCallError extends Error {}

/** Random bytes in one call: crypto.getRandomValues gives as many. */
const RANDOM_MAX = 65536;

function wrong(call: HostCall): never {
  throw new HostCallError(`the program asked its host for '${call.operation}' in a way that no host answers`);
}
function number(call: HostCall, index: number): number {
  const value = call.arguments[index];
  return typeof value === "number" ? value : wrong(call);
}
function text(call: HostCall, index: number): string {
  const value = call.arguments[index];
  return typeof value === "string" ? value : wrong(call);
}
function stream(call: HostCall): 1 | 2 {
  const value = call.arguments[0];
  return value === 1 || value === 2 ? value : wrong(call);
}

/** Has the services do what the program asks; the answer for `Machine.answer`. */
export function answerCall(call: HostCall, services: HostServices): Value {
  switch (call.operation as Operation) {
    case "print":
      services.output(stream(call), `${text(call, 1)}\n`);
      return undefined;
    case "write":
      services.output(stream(call), text(call, 1));
      return undefined;
    case "uncaught":
      services.uncaught(text(call, 0));
      return undefined;
    case "now": return services.now();
    case "date": return services.date();
    case "timezone": {
      const ms = number(call, 0);
      return Number.isFinite(ms) ? services.timezone(ms) : 0;
    }
    case "random": {
      const count = number(call, 0);
      if (!(count >= 0 && count <= RANDOM_MAX)) wrong(call);
      return [...services.random(Math.floor(count))];
    }
    case "arguments": return services.programArguments();
    case "environment": return services.environment().flat();
    case "ask": {
      const list = call.arguments[1];
      return services.ask(text(call, 0), Array.isArray(list) ? list : wrong(call));
    }
    case "call": {
      const list = call.arguments[2];
      services.call(number(call, 0), text(call, 1), Array.isArray(list) ? list : wrong(call));
      return undefined;
    }
    case "compile": return services.compile?.(text(call, 0), call.arguments.slice(1));
    case "callResult":
      services.callResult(number(call, 0), call.arguments[1] === true, call.arguments[2]);
      return undefined;
    default: wrong(call);
  }
}
