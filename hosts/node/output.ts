// Where what programs print goes. Text is collected while a program runs and written after each slice, with a write that
// is done when it returns: what a program has printed before it is frozen is out before it moves.

import { writeSync } from "node:fs";
import { Log } from "./log.js";
import { errorCode, Exit, Trouble } from "./trouble.js";

/** Text that waits is written early beyond so many characters. */
const BATCH = 65536;

/** The reader of an output closed it: whoever writes there may as well stop. */
export class ClosedPipe extends Error {}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Writes bytes from `at` on, waiting where the reader is slow; `progress` is told how far it came. */
function writeBytes(descriptor: number, bytes: Uint8Array, progress: (at: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
      progress(at);
    } catch (error) {
      switch (errorCode(error)) {
        case "EAGAIN":
          // A pipe or terminal that does not block and is full.
          Atomics.wait(sleeper, 0, 0, 1);
          continue;
        case "EPIPE": throw new ClosedPipe("nobody reads the program's output any more");
        case "ENOSPC": case "EDQUOT": throw new Trouble(Exit.FILE, "cannot write the program's output: no space is left on the device", "free some");
        default: throw new Trouble(Exit.FILE, `cannot write the program's output: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

export interface Output {
  readonly log: Log;
  write(stream: 1 | 2, text: string): void;
  flush(): void;
}

/** The outputs of this process, as they are: for `mvm run`. */
export class PlainOutput implements Output {
  readonly log = new Log();
  private stream: 1 | 2 = 1;
  private parts: string[] = [];
  private length = 0;
  /** What could not be written yet: it comes first when there is another try. */
  private rest: Uint8Array | undefined;

  write(stream: 1 | 2, text: string): void {
    // Both may be the same terminal: order counts.
    if (stream !== this.stream) this.flush();
    this.stream = stream;
    this.log.add(text);
    this.parts.push(text);
    this.length += text.length;
    if (this.length > BATCH) this.flush();
  }
  flush(): void {
    if (this.rest === undefined) {
      if (this.length === 0) return;
      this.rest = Buffer.from(this.parts.join(""), "utf8");
      this.parts = [];
      this.length = 0;
    }
    const bytes = this.rest;
    writeBytes(this.stream, bytes, (at) => { this.rest = bytes.subarray(at); });
    this.rest = undefined;
    if (this.length > 0) this.flush();
  }
}

/** Whole lines with the program's name before each: for `mvm serve`. */
export class NamedOutput implements Output {
  readonly log = new Log();
  private readonly plain = new PlainOutput();
  private readonly rest = { 1: "", 2: "" };
  constructor(private readonly name: string) {}

  write(stream: 1 | 2, text: string): void {
    const lines = (this.rest[stream] + text).split("\n");
    this.rest[stream] = lines.pop()!;
    for (const line of lines) this.log.add(`${line}\n`);
    if (lines.length > 0) this.plain.write(stream, lines.map((line) => `${this.name}| ${line}\n`).join(""));
  }
  flush(): void {
    this.plain.flush();
  }
  /** The program ends or leaves: a line that has no end yet goes out. */
  finish(): void {
    for (const stream of [1, 2] as const) if (this.rest[stream] !== "") this.write(stream, "\n");
    this.flush();
  }
}
