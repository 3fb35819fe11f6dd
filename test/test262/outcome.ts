// What became of a test, as processes tell each other.

/** `leftOut` is what it was not run for; `reason` says why it did not pass; it was moved `moves` times, if it was run to move. */
export interface Outcome { path: string; leftOut?: string; passed: boolean; reason: string; moves?: number }

/** What a worker is told before it gets paths: where the suite is, and how programs are run. */
export interface Orders { suite: string; host: HostName | undefined; moves: Moves; seed: number }
/** Where programs are moved: nowhere, at some random steps, at every step. */
export type Moves = "none" | "some" | "every";

/** Where programs run: `node` is the flattened machine in this process. */
export type HostName = "node" | "c" | "quickjs";
export const hostNames: readonly HostName[] = ["node", "c", "quickjs"];
