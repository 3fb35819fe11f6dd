// The one error the compiler throws: what is wrong, in which file, at which line and column, and what the construct is
// called. Syntax errors, constructs that are not supported, modules that cannot be found: all take this form, so hosts
// print them the same way. Also the table that turns offsets into lines and columns, and these into the ones that a source
// map has for them: what a person reads of a source is where that person wrote it. Reading maps is the host's (SourceHost).

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
    /** The file that was being compiled: not `file` where a source map says what that was made from. */
    readonly compiled: string = file,
  ) {
    super(`${file}:${line}:${column}: ${reason}`);
  }
}

/** A place in a file, as people count: line and column from 1. `name`: what the identifier there was called before it was made short. */
export interface Place { file: string; line: number; column: number; name?: string }

/** A source map: where a place of the generated text was written, undefined where the map does not say. */
export type Tracer = (line: number, column: number) => Place | undefined;

/** A source file's text with what is needed to say where something in it is. */
export class SourceText {
  private readonly lineStarts: number[] = [0];

  constructor(readonly file: string, readonly text: string, private readonly tracer?: Tracer) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 13 && text.charCodeAt(i + 1) === 10) continue;
      if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) this.lineStarts.push(i + 1);
    }
  }

  /** Where an offset is in this text. */
  here(offset: number): Place {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - this.lineStarts[low]! + 1 };
  }

  /** Where what is at an offset was written. */
  place(offset: number): Place {
    const here = this.here(offset);
    return this.tracer?.(here.line, here.column) ?? here;
  }

  error(reason: string, offset: number, construct: string): CompileError {
    const { file, line, column } = this.place(offset);
    return new CompileError(reason, file, line, column, construct, this.file);
  }

  /** An error of the text itself, which nobody can have meant to be in what it was made from. */
  errorHere(reason: string, offset: number, construct: string): CompileError {
    const { file, line, column } = this.here(offset);
    return new CompileError(reason, file, line, column, construct);
  }
}
