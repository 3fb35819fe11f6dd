// Where what programs print goes, as programs' drivers see it: written while a program runs, sent out after each slice.

export interface Output {
  write(stream: 1 | 2, text: string): void;
  flush(): void;
}

/** Whole lines with the program's name before each: for hosts that have many. */
export class NamedOutput implements Output {
  private readonly rest = { 1: "", 2: "" };
  constructor(private readonly name: string, private readonly plain: Output) {}

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
