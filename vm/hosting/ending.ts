// How a program that does not run any more came to its end, for people and for the exit code of its process.

import type { Leaving } from "./host.js";
import type { Program } from "./program.js";
import type { End } from "./runner.js";
import { Exit } from "./trouble.js";

/** The exit code of a program that a person stopped: as if by SIGTERM. */
export const STOPPED = 143;

/** The exit code of a program that does not run any more. */
export function exitOf(end: End, program: Program): number {
  switch (end.kind) {
    case "ended": return end.code;
    case "out-of-memory": case "fuel": return Exit.LIMIT;
    case "fault": return program.failed ? Exit.PROGRAM : Exit.INTERNAL;
  }
}
/** What a person should know of its end; nothing if it ended by itself. */
export function endLine(end: End, name: string, program: Program, fuel?: number): string {
  switch (end.kind) {
    case "ended": return "";
    case "out-of-memory": return `${name} needs more than its ${program.memoryLimit} bytes of memory; give it more with --memory`;
    case "fuel": return `${name} has used its ${fuel} steps; give it more with --fuel`;
    case "fault": return `${name} stopped at step ${program.machine.steps} at an instruction that no compiler makes; build it again`;
  }
}
/** What a person should know of its leaving. */
export function leavingLine(leaving: Leaving, name: string, superseded: string): string {
  switch (leaving.kind) {
    case "moved": return `${name} has moved to ${leaving.to}${leaving.name === name ? "" : ` as ${leaving.name}`}`;
    case "stopped": return `${name} was stopped`;
    case "superseded": return `${name} was recovered on another host and ${superseded}`;
  }
}
