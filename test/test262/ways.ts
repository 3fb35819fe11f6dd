// The ways to run a test's program to its end: on the flattened machine in this process; on another host, which is given
// the program as an image, runs it until it asks something or wants to wait, and gives it back as one; or moved through
// its image into a fresh memory, at seeded random steps or at every one, in turns here and there. What a program asks is answered here
// whatever the way, so the verdict depends on the machines alone.

import { encodeImage, readImage, restoreImage } from "../../vm/image.js";
import type { StopReason } from "../../vm/machine.js";
import type { ProgramUnit } from "../../vm/unit.js";
import { core, digest, flatKernel, imageLimits, imageMeta, ProgramRun, type RunOptions } from "../support/run-program.js";
import { Random, seedOf } from "../support/random.js";
import { continueC, isBuilt } from "./continue-c.js";
import { continueQuickJs } from "./continue-quickjs.js";
import type { Orders } from "./outcome.js";

export interface Way {
  /** How often programs were moved until now. */
  moves: number;
  /** Runs the program of that test to its end; throws a TooLong if it is to be moved at every step and has too many. */
  finish(test: string, unit: ProgramUnit, options: RunOptions): Promise<ProgramRun>;
}

/** Another host's machine: goes on with a program until it has run `target` steps in all, or stops before. */
export interface Elsewhere {
  goOn(image: Uint8Array, target: number): Promise<Stretch>;
}
/** How far a program came there; no image of one that came to its end. */
export interface Stretch { reason: StopReason; image: Uint8Array | undefined }

/** Steps after which a test is given up. */
const STEPS_MAX = 150_000_000;
/** A program is moved so many times, or a few times more, unless it ends before. */
const MOVES_MIN = 5;
const MOVES_MORE = 4;
/** One that is moved at every step has so many steps at most. */
const EVERY_STEPS_MAX = 10_000;
/** What a test is left out for that has more: random steps of it are moves enough. */
export class TooLong extends Error {
  override message = `more than ${EVERY_STEPS_MAX.toLocaleString("en")} steps`;
}
/** A program that has come here so often to ask something (six tests evaluate 65,536 texts) runs so many steps here each time from then on. */
const VISITS_MAX = 5_000;
const STEPS_HERE = 20_000;

export async function openWay({ host, moves, seed }: Orders): Promise<Way> {
  const there = host === "quickjs" ? await continueQuickJs() : host === "c" || (moves !== "none" && host === undefined && isBuilt()) ? continueC() : undefined;
  if (moves !== "none") {
    const way: Way = {
      moves: 0,
      async finish(test, unit, options) {
        const moved = await finishMoving(unit, options, moves, new Random(seedOf(test) + seed), there);
        way.moves += moved.moves;
        return moved.run;
      },
    };
    return way;
  }
  return {
    moves: 0,
    async finish(_, unit, options) {
      const run = ProgramRun.start(flatKernel, unit, options);
      return there === undefined ? run.finish(STEPS_MAX) : await runThere(run, STEPS_MAX, there);
    },
  };
}

/** The program as an image, and out of one again. */
function imageOf(run: ProgramRun): Uint8Array { return encodeImage(run.machine, imageMeta, digest); }
function overImage(run: ProgramRun, image: Uint8Array): ProgramRun {
  return run.over(restoreImage(flatKernel, core, readImage(image, digest, imageLimits), digest));
}

/** Runs a program on another host until it has run `target` steps in all or has ended, which `ending` says. */
async function runThere(begun: ProgramRun, target: number, there: Elsewhere): Promise<ProgramRun> {
  let run = begun;
  for (let visits = 1; run.ending === undefined && run.steps < target && run.attend(); visits++) {
    if (visits > VISITS_MAX && !(run.runTo(Math.min(target, run.steps + STEPS_HERE)) && run.attend())) return run;
    const { reason, image } = await there.goOn(imageOf(run), target);
    if (image === undefined) {
      if (reason === "fuel" || reason === "waiting" || reason === "host-call") throw new Error(`a program that stopped for ${reason} did not come back`);
      run.ending = reason;
      return run;
    }
    run = overImage(run, image);
    run.host.waiting = reason === "waiting";
  }
  if (run.ending === undefined && target === STEPS_MAX) run.ending = "steps";
  return run;
}

/** The steps before which a program of so many is moved, in order. */
function pointsOf(steps: number, moves: "some" | "every", random: Random): readonly number[] {
  const most = moves === "every" ? Infinity : MOVES_MIN + random.next(MOVES_MORE);
  if (steps - 1 <= most) return Array.from({ length: Math.max(0, steps - 1) }, (_, i) => i + 1);
  const points = new Set<number>();
  while (points.size < most) points.add(1 + random.next(steps - 1));
  return [...points].sort((a, b) => a - b);
}
/** Runs a program twice: unbroken, to know how long it is, then moved. */
async function finishMoving(unit: ProgramUnit, options: RunOptions, how: "some" | "every", random: Random, there: Elsewhere | undefined): Promise<{ run: ProgramRun; moves: number }> {
  const unbroken = ProgramRun.start(flatKernel, unit, options).finish(how === "every" ? EVERY_STEPS_MAX : STEPS_MAX);
  if (unbroken.ending === "steps") {
    if (how === "every") throw new TooLong();
    return { run: unbroken, moves: 0 };
  }
  let run = ProgramRun.start(flatKernel, unit, options);
  let here = true;
  let moves = 0;
  for (const point of [...pointsOf(unbroken.steps, how, random), STEPS_MAX]) {
    if (here || there === undefined) run.runTo(point);
    else run = await runThere(run, point, there);
    if (run.ending !== undefined) break;
    moves++;
    // To the other host and back it goes as an image anyway.
    if (there === undefined) run = overImage(run, imageOf(run));
    here = !here;
  }
  const [expected, actual] = [unbroken.transcript(), run.transcript()];
  if (run.ending === unbroken.ending && unbroken.host.transcript.join() !== run.host.transcript.join()) throw new Error(`moved, it prints otherwise: ${actual} instead of ${expected}`);
  return { run, moves };
}
