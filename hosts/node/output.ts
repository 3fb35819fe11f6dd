// Where what programs print goes. Text is collected while a program runs and written after each slice, with a write that
// is done when it returns: what a program has printed before it is frozen is out before it moves.

import { writeSync } from "node:fs";
import { errorCode, Exit, Trouble } from "./trouble.js";

/** Text that waits is written early beyond so many characters. */
const BATCH = 65536;

/** The reader of an output closed it: whoever writes there may as well stop. */
export class ClosedPipe extends Error {}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it to a file descriptor, waiting where the reader is slow. */
export function writeText(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      switch (errorCode(error)) {
        case "EAGAIN":
          // A pipe or terminal that does not block and is full.
          Atomics.wait(sleeper, 0, 0, 1);
          continue;
        case "EPIPE": throw new ClosedPipe();
        case "ENOSPC": throw new Trouble(Exit.FILE, "cannot write the program's output: no space is left on the device", "free some");
        default: throw new Trouble(Exit.FILE, `cannot write the program's output: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

export interface Output {
  write(stream: 1 | 2, text: string): void;
  flush(): void;
}

/** The outputs of this process, as they are: for `mvm run`. */
export class PlainOutput implements Output {
  private stream: 1 | 2 = 1;
  private parts: string[] = [];
  private length = 0;

  write(stream: 1 | 2, text: string): void {
    // Both may be the same terminal: order counts.
    if (stream !== this.stream) this.flush();
    this.stream = stream;
    this.parts.push(text);
    this.length += text.length;
    if (this.length > BATCH) this.flush();
  }
  flush(): void {
    if (this.length === 0) return;
    const text = this.parts.join("");
    this.parts = [];
    this.length = 0;
    writeText(this.stream, text);
  }
}

/** Whole lines with the program's name before each: for `mvm serve`. */
export class NamedOutput implements Output {
  private readonly plain = new PlainOutput();
  private readonly rest = { 1: "", 2: "" };
  constructor(private readonly name: string) {}

  write(stream: 1 | 2, text: string): void {
    const lines = (this.rest[stream] + text).split("\n");
    this.rest[stream] = lines.pop()!;
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
