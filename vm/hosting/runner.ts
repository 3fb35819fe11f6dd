// Drives one program on its host's event loop: slices of fuel between which everything else gets its turn, and timers for
// when the program waits. Pausing, moving and images happen between slices, so they need no locks.
//
// Fuel a slice adapts to the speed of machine and program, aiming at SLICE milliseconds: short enough that a command is
// answered at once, long enough that the event loop costs nothing.

import type { StopReason } from "../machine.js";
import { TIMEOUT_MAX, type Timer, type Timing } from "./platform.js";
import type { Program } from "./program.js";

const SLICE = 8;
const FUEL_FIRST = 20000;
const FUEL_MAX = 0x8000000;

export type End =
  | { kind: "ended"; code: number }
  | { kind: "out-of-memory" }
  /** The fuel that it was given is used up. */
  | { kind: "fuel" }
  /** It asked for what no program asks for, or a bug of ours. */
  | { kind: "fault" };

export interface RunnerOptions {
  timing: Timing;
  /** Steps that it may run in all. */
  fuel?: number | undefined;
  /** After each slice: what was printed has to go out. */
  flush?: () => void;
  ended: (end: End) => void;
  /** Its output could not be written. The program is held; without this, the error is thrown. */
  troubled?: (error: unknown) => void;
}

export class Runner {
  private fuel = FUEL_FIRST;
  /** How many reasons there are to stand still; 0: it runs. */
  private holds = 1;
  private turn: Timer | undefined;
  private timer: Timer | undefined;
  /** Keeps the process alive while the program waits for messages, or for a person. */
  private anchor!: Timer;
  private ended = false;
  /** The program waits for a timer or a message. */
  waiting = false;

  constructor(readonly program: Program, private readonly options: RunnerOptions) {
    this.stay();
  }
  private stay(): void {
    this.anchor = this.options.timing.after(TIMEOUT_MAX, () => this.stay());
  }

  /** Takes one reason to stand still away; a new runner has one. */
  release(): void {
    if (this.ended || --this.holds > 0) return;
    this.program.startClock();
    if (this.waiting) this.sleep();
    else this.schedule();
  }

  /** The program stands still until `release`, and its time with it. */
  hold(): void {
    if (this.holds++ > 0) return;
    this.program.stopClock();
    this.rest();
  }
  get isHeld(): boolean {
    return this.holds > 0;
  }

  /** A message was left: a waiting program looks at it. */
  wake(): void {
    if (!this.waiting || this.ended) return;
    this.waiting = false;
    if (this.holds > 0) return;
    this.rest();
    this.schedule();
  }

  /** The program will not run here again. */
  dispose(): void {
    this.ended = true;
    this.rest();
    this.anchor.cancel();
    this.program.abandon();
  }

  /** Nothing is due any more. */
  private rest(): void {
    this.turn?.cancel();
    this.timer?.cancel();
    this.turn = this.timer = undefined;
  }
  private schedule(): void {
    this.turn ??= this.options.timing.soon(() => {
      this.turn = undefined;
      this.slice();
    });
  }

  private slice(): void {
    const { program, options } = this;
    let fuel = this.fuel;
    if (options.fuel !== undefined) {
      const left = options.fuel - program.machine.steps;
      if (left <= 0) return this.end({ kind: "fuel" });
      fuel = Math.min(fuel, left);
    }
    const start = options.timing.now();
    let reason: StopReason;
    try {
      reason = program.advance(fuel);
      options.flush?.();
    } catch (error) {
      if (options.troubled === undefined) throw error;
      this.hold();
      return options.troubled(error);
    }
    if (reason === "fuel" && fuel === this.fuel) this.adapt(options.timing.now() - start);
    this.after(reason);
  }
  private adapt(took: number): void {
    if (took < SLICE / 2) this.fuel = Math.min(this.fuel * 2, FUEL_MAX);
    else if (took > SLICE * 2) this.fuel = Math.max(this.fuel >> 1, FUEL_FIRST >> 4);
  }

  private after(reason: StopReason): void {
    switch (reason) {
      case "fuel": return this.schedule();
      case "waiting":
        this.waiting = true;
        return this.sleep();
      case "ended": return this.end({ kind: "ended", code: this.program.exitCode });
      case "out-of-memory": return this.end({ kind: "out-of-memory" });
      default: return this.end({ kind: "fault" });
    }
  }

  private sleep(): void {
    const delay = this.program.untilWake();
    if (delay === undefined) return;
    this.timer = this.options.timing.after(Math.max(0, Math.min(Math.ceil(delay), TIMEOUT_MAX)), () => {
      this.timer = undefined;
      // Timers may be early by a fraction of a millisecond, and none waits longer than TIMEOUT_MAX.
      if ((this.program.untilWake() ?? 1) > 0) return this.sleep();
      this.waiting = false;
      this.program.machine.wake();
      this.slice();
    });
  }

  private end(end: End): void {
    this.ended = true;
    this.rest();
    this.anchor.cancel();
    this.program.stopClock();
    this.program.closeIo();
    this.options.flush?.();
    this.options.ended(end);
  }
}
