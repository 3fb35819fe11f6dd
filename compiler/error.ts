// The one error the compiler throws: what is wrong, in which file, at which line and column, and what the construct is
// called. Syntax errors, constructs that are not supported, modules that cannot be found: all take this form, so hosts
// print them the same way. Also the table that turns offsets into lines and columns.

export class CompileError extends Error {
  override name = "CompileError";
  constructor(
    /** What is wrong, without the position. */
    readonly reason: string,
    readonly file: string,
    /** From 1. */
    readonly line: number,
    /** From 1. */
    readonly column: number,
    /** The name of the construct: "syntax", "with", "direct eval", "module", … */
    readonly construct: string,
  ) {
    super(`${file}:${line}:${column}: ${reason}`);
  }
}

/** A source file's text with what is needed to say where something in it is. */
export class SourceText {
  private readonly lineStarts: number[] = [0];

  constructor(readonly file: string, readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 13 && text.charCodeAt(i + 1) === 10) continue;
      if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) this.lineStarts.push(i + 1);
    }
  }

  /** Line and column, both from 1, of an offset. */
  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.lineStarts[low]! + 1 };
  }

  error(reason: string, offset: number, construct: string): CompileError {
    const { line, column } = this.position(offset);
    return new CompileError(reason, this.file, line, column, construct);
  }
}
