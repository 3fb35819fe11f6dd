// What became of a test, as processes tell each other.

/** `leftOut` is the tag for which it was not run; `reason` says why it did not pass. */
export interface Outcome { path: string; leftOut?: string; passed: boolean; reason: string }

/** What a worker is told before it gets paths: where the suite is, and how programs are run. */
export interface Orders { suite: string; host: HostName | undefined; migrate: boolean; seed: number }

/** Where programs run: `node` is the flattened machine in this process. */
export type HostName = "node" | "c" | "quickjs";
export const hostNames: readonly HostName[] = ["node", "c", "quickjs"];
