// Where what programs print goes, as programs' drivers see it: written while a program runs, sent out after each slice.

import { Log } from "./log.js";

/** Where text goes, and when it goes out. */
export interface Outlet {
  write(stream: 1 | 2, text: string): void;
  flush(): void;
}
export interface Output extends Outlet {
  /** The last of what was printed. */
  readonly log: Log;
}

/** Whole lines with the program's name before each: for hosts that have many. */
export class NamedOutput implements Output {
  readonly log = new Log();
  private readonly rest = { 1: "", 2: "" };
  constructor(private readonly name: string, private readonly plain: Outlet) {}

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
