// What can go wrong for a person, as one line that says what happened and what to do about it, and the exit codes of
// every command. Whoever throws a Trouble has written that line; anything else that is thrown is a bug of mvm's.

/** Exit codes. A program that ends by itself gives its own, as in node. */
export const Exit = {
  OK: 0,
  /** The program failed: an error that nobody caught. */ PROGRAM: 1,
  /** The command was not understood. */ USAGE: 2,
  /** A file or an image cannot be read, compiled, taken or written. */ FILE: 3,
  /** The other host cannot be reached, or refused. */ PEER: 4,
  /** A limit was met: fuel, memory. */ LIMIT: 5,
  /** It is in doubt which host owns the program. */ DOUBT: 6,
  /** There is no such program here, or the name fits several. */ PROGRAM_UNKNOWN: 7,
  /** mvm itself failed. */ INTERNAL: 70,
} as const;

export const exitCodesHelp = `Exit codes: 0 done; 1 the program failed; 2 the command was not understood; 3 a file or image cannot be
read, taken or written; 4 the other host cannot be reached or refused; 5 a limit was met; 6 in doubt which
host owns the program; 7 no such program; 70 a fault of mvm's. A program that ends gives its own code; 143: it
was stopped; 141: nobody reads its output.`;

export class Trouble extends Error {
  constructor(readonly exit: number, message: string, readonly advice = "") {
    super(message);
  }
  /** The line for people. */
  get line(): string {
    return oneLine(this.advice === "" ? this.message : `${this.message}; ${this.advice}`);
  }
}

/** Text of others on one line of a terminal, whatever it has in it. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
