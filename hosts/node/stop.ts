// The end of a process for which something went wrong: one line that says what, and the exit code.

import { ClosedPipe } from "./output.js";
import { Exit, Trouble } from "./trouble.js";

/** The exit code of a program that was killed by SIGPIPE. */
const SIGPIPE = 141;

export function stopProcess(error: unknown): void {
  // As a program that is killed by SIGPIPE: nobody reads any more.
  if (error instanceof ClosedPipe) process.exit(SIGPIPE);
  if (error instanceof Trouble) {
    process.stderr.write(`mvm: ${error.line}\n`);
    process.exit(error.exit);
  }
  process.stderr.write(`mvm: a fault of mvm's own: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(Exit.INTERNAL);
}
