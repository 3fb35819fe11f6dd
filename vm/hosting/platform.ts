// What the host-neutral part of a host (this folder) needs of the place it runs in: time, randomness, an identity, the
// machine, a way to other hosts. hosts/node gives it from Node, hosts/quickjs from what its engine is given. Nothing here
// is ever looked up in a global, so one engine can have several hosts and a test its own.

import type { Core } from "../core-build.js";
import type { Digest } from "../image.js";
import type { Kernel } from "../machine.js";
import type { Connection } from "./connection.js";
import type { Link } from "./link.js";

export interface Timer { cancel(): void }

/** Time and chance: all that a program needs that never moves. */
export interface Timing {
  /** Milliseconds, with a fraction, of a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** Minutes that local time is ahead of UTC at that time. */
  timezone(ms: number): number;
  /** Random bytes that nobody can guess. */
  random(count: number): Uint8Array;
  /** Does something in so many milliseconds, at most TIMEOUT_MAX; the process lives until then, unless it is idle work. */
  after(ms: number, work: () => void, idle?: "idle"): Timer;
  /** Does something when everything that is due now has had its turn. */
  soon(work: () => void): Timer;
}

/** `after` cannot wait for longer: 31 bits of milliseconds. */
export const TIMEOUT_MAX = 0x7fffffff;

/** Where a host was reached: a connection of one's own, or a link that others use as well and that stays. */
export type Reached = { place: string; connection: Connection } | { place: string; link: Link };

export interface Platform extends Timing {
  /** Which software this is, for people at the other end. */
  readonly software: string;
  /** This host's id, the same at every start where there is a place to keep it: 32 hexadecimal digits. */
  hostId(): string;
  /** An id of this start: 16 hexadecimal digits. */
  readonly bootId: string;
  hostName(): string;
  /** The number of the process, for people. */
  readonly processId: number;
  /** Milliseconds that this host waits for another one. */
  readonly patience: number;
  readonly digest: Digest;
  kernel(): Promise<Kernel>;
  core(): Core;
  /** An address as people read it; throws a Trouble if it is none. */
  placeOf(to: string): string;
  /** Connects to another host. Rejects with a Trouble that says why not. */
  reach(to: string): Promise<Reached>;
}
