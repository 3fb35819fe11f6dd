// The hard ways to run a program, each of which must change nothing: on two kernels in lockstep with collections at
// random on one side; moved through an image at many steps; collected at every allocation; each allocation refused once.
// programs.test.ts takes seeded samples of these, long.ts the whole. A difference is thrown as an Error that names the
// program and the step, so that it can be found again.

import { Reg } from "../vm/format/registers.js";
import { Immediate } from "../vm/format/words.js";
import { encodeImage, readImage, restoreImage } from "../vm/image.js";
import { Machine, type Kernel } from "../vm/machine.js";
import { verifyMachine } from "../vm/verify.js";
import type { ProgramUnit } from "../vm/unit.js";
import { Random } from "./support/random.js";
import { core, digest, flatKernel, imageLimits, imageMeta, plainKernel, ProgramRun, type RunOptions } from "./support/run-program.js";

/** A program to be tortured, and how much it may take. */
export interface Victim { name: string; unit: ProgramUnit; options?: RunOptions }

/** The kernels' names and what they are; the reference is the plain kernel without its fast loop. */
export type KernelName = "flattened" | "plain" | "reference";
export function kernelOf(name: KernelName): Kernel {
  if (name === "flattened") return flatKernel;
  plainKernel.useReference(name === "reference");
  return plainKernel;
}

/** Steps after which a run is given up: endless programs are not among the tests. */
const STEPS_MAX = 400_000_000;

function begin(victim: Victim, kernel: Kernel, collectSeed?: number): ProgramRun {
  const options: RunOptions = { ...victim.options };
  if (collectSeed !== undefined) options.collectSeed = collectSeed;
  return ProgramRun.start(kernel, victim.unit, options);
}

function same(victim: Victim, what: string, step: number, actual: string, expected: string): void {
  if (actual !== expected) throw new Error(`${victim.name}, step ${step}: ${what}: ${actual}, expected ${expected}`);
}

/** The program through an image into a new memory, verified on the way. */
export function throughImage(run: ProgramRun, kernel: Kernel): ProgramRun {
  const bytes = encodeImage(run.machine, imageMeta, digest);
  return run.over(restoreImage(kernel, core, readImage(bytes, digest, imageLimits), digest));
}

/** Throws if the verifier finds anything in a running program. */
export function checkHeap(victim: Victim, machine: Machine): void {
  const finding = verifyMachine(machine);
  if (finding !== undefined) throw new Error(`${victim.name}, step ${machine.steps}: the heap is unsound: ${finding.reason} (at word ${finding.address})`);
}

/** Runs a program on two kernels, comparing state hashes every `every` steps; the first collects at random. Returns the steps. */
export function lockstep(victim: Victim, first: KernelName, second: KernelName, seed: number, every = 1000): number {
  const one = begin(victim, kernelOf(first), seed);
  const two = begin(victim, kernelOf(second));
  for (let target = every; target < STEPS_MAX; target += every) {
    kernelOf(first);
    const more = one.runTo(target);
    const hash = one.machine.stateHash();
    kernelOf(second);
    same(victim, `going on (${second} against ${first})`, target, String(two.runTo(target)), String(more));
    same(victim, `steps (${second} against ${first})`, target, String(two.steps), String(one.steps));
    same(victim, `state hash (${second} against ${first})`, target, two.machine.stateHash(), hash);
    if (!more) break;
  }
  plainKernel.useReference(false);
  same(victim, `transcript (${second} against ${first})`, one.steps, two.transcript(), one.transcript());
  return one.steps;
}

export interface PauseOptions {
  /** Steps to stop at, ascending; every step up to the program's end if left out. */
  points?: readonly number[];
  /** After so many steps more the hashes must agree again. */
  ahead: number;
  /** Of so many points one is run to the end, and its transcript compared. 0: none. */
  finishOneIn: number;
  seed: number;
  /** The transcript of an unbroken run. */
  transcript: string;
  /** True: stop early (the budget is spent). */
  enough?: () => boolean;
}

/** Stops a program at many steps and moves it through an image each time. Returns how many times. */
export function pauseAnywhere(victim: Victim, options: PauseOptions): number {
  const random = new Random(options.seed);
  const unbroken = begin(victim, kernelOf("flattened"));
  const expectations: { at: number; hash: string; from: number }[] = [];
  const points = options.points === undefined ? undefined : [...options.points];
  let paused = 0;
  for (;;) {
    // The next place of interest: a point to stop at, or one where an earlier restored run has told its hash.
    const nextPoint = points === undefined ? unbroken.steps + 1 : points[0] ?? Infinity;
    const target = Math.min(nextPoint, expectations[0]?.at ?? Infinity);
    if (target === Infinity || (options.enough?.() ?? false)) break;
    const more = unbroken.runTo(target);
    while (expectations.length > 0 && (!more || expectations[0]!.at <= unbroken.steps)) {
      const { at, hash, from } = expectations.shift()!;
      if (more || at === unbroken.steps) same(victim, `state hash ${at - from} steps after an image`, from, hash, unbroken.machine.stateHash());
    }
    if (!more) break;
    if (unbroken.steps < nextPoint) continue;
    while (points !== undefined && points.length > 0 && points[0]! <= unbroken.steps) points.shift();
    paused++;
    const from = unbroken.steps;
    const moved = throughImage(unbroken, kernelOf(random.next(4) === 0 ? "reference" : "flattened"));
    same(victim, "state hash of the image", from, moved.machine.stateHash(), unbroken.machine.stateHash());
    moved.runTo(from + options.ahead);
    expectations.push({ at: moved.steps, hash: moved.machine.stateHash(), from });
    if (options.finishOneIn > 0 && random.next(options.finishOneIn) === 0) {
      same(victim, "transcript after an image", from, moved.finish().transcript(), options.transcript);
    }
  }
  plainKernel.useReference(false);
  return paused;
}

/** Makes the next instruction that needs room ask for it. */
function takeRoom(machine: Machine): void {
  const words = machine.words();
  words[Reg.STACK_FLOOR] = words[Reg.HEAP_TOP]!;
}

/**
 * Collects at every allocation: before each step the free room is taken away, so each instruction that allocates first
 * collects. The state hash every `every` steps must be that of an undisturbed run. Returns the number of steps.
 */
export function collectAlways(victim: Victim, maximum: number, every: number, enough: () => boolean = () => false): number {
  const calm = begin(victim, kernelOf("flattened"));
  const disturbed = begin(victim, kernelOf("flattened"));
  while (disturbed.steps < maximum && !enough()) {
    takeRoom(disturbed.machine);
    const more = disturbed.runTo(disturbed.steps + 1);
    if (!more || disturbed.steps % every === 0) {
      same(victim, "going on, collecting always", disturbed.steps, String(calm.runTo(disturbed.steps) || calm.ending === undefined), String(more));
      same(victim, "state hash, collecting always", disturbed.steps, disturbed.machine.stateHash(), calm.machine.stateHash());
      if (more) checkHeap(victim, disturbed.machine);
    }
    if (!more) break;
  }
  return disturbed.steps;
}

/**
 * Refuses allocations: at each chosen step that needs room the limit is set so low that there is none. The machine must
 * say out of memory and have changed nothing; then it gets exactly the room it asked for and must be able to go on, and
 * be where an undisturbed run is. Returns how many were refused.
 */
export function refuseAllocations(victim: Victim, options: { choose(n: number): boolean; maximum: number; enough?: () => boolean }): number {
  const calm = begin(victim, kernelOf("flattened"));
  const run = begin(victim, kernelOf("flattened"));
  let number = 0;
  let refused = 0;
  while (run.steps < options.maximum && !(options.enough?.() ?? false)) {
    const { machine } = run;
    const before = machine.words();
    if (machine.stopped === "host-call" || run.host.waiting) {
      if (!run.runTo(run.steps + 1)) break;
      continue;
    }
    const limit = before[Reg.MEMORY_LIMIT]!;
    const top = before[Reg.HEAP_TOP]!;
    const floor = before[Reg.STACK_FLOOR]!;
    before[Reg.STACK_FLOOR] = top;
    before[Reg.MEMORY_LIMIT] = 0;
    const steps = machine.steps;
    const reason = machine.run(1);
    const words = machine.words();
    words[Reg.MEMORY_LIMIT] = limit;
    if (reason !== "out-of-memory") {
      // Nothing was needed: the step is done.
      words[Reg.STACK_FLOOR] = Math.max(floor, words[Reg.HEAP_TOP]!);
      if (reason === "waiting") run.host.waiting = true;
      if (reason === "fault") throw new Error(`${victim.name}, step ${steps}: fault without room`);
      if (reason === "ended") { run.ending = "ended"; break; }
      continue;
    }
    number++;
    const request = words[Reg.REQUEST]!;
    const chosen = options.choose(number);
    if (chosen) {
      refused++;
      same(victim, "steps after a refused allocation", steps, String(machine.steps), String(steps));
      checkHeap(victim, machine);
      calm.runTo(steps);
      same(victim, "state hash after a refused allocation", steps, machine.stateHash(), calm.machine.stateHash());
    }
    // Exactly what was asked for: an instruction that takes more than it reserved then faults.
    const now = machine.words();
    if (now[Reg.STACK_REQUEST] === 0 && now[Reg.HEAP_TOP]! + request < now[Reg.SP]!) now[Reg.STACK_FLOOR] = now[Reg.HEAP_TOP]! + request;
    now[Reg.REQUEST] = 0;
    now[Reg.STACK_REQUEST] = 0;
    if (!run.runTo(steps + 1)) {
      if (run.ending === "ended") break;
      throw new Error(`${victim.name}, step ${steps}: ${run.ending} with exactly the ${request} words it asked for`);
    }
    if (chosen) {
      calm.runTo(run.steps);
      same(victim, "state hash with exact room", steps, run.machine.stateHash(), calm.machine.stateHash());
    }
  }
  return refused;
}

/** What became of mutated images. */
export interface MutationCounts { tried: number; refused: number; passed: number; faults: number; limits: number; ended: number }

/**
 * Changes words of a program's image and tries to run it: each is refused by the verifier with a reason, or runs
 * `steps` steps with collections, faulting if it must, its heap sound at the end. Anything thrown is a finding.
 */
export function mutateImages(victim: Victim, options: { count: number; seed: number; steps: number; enough?: () => boolean }): MutationCounts {
  const counts: MutationCounts = { tried: 0, refused: 0, passed: 0, faults: 0, limits: 0, ended: 0 };
  const random = new Random(options.seed);
  const length = begin(victim, kernelOf("flattened")).finish(200_000).steps;
  const kernel = kernelOf("flattened");
  let source = begin(victim, kernel);
  let bytes: Uint8Array = new Uint8Array(0);
  for (let n = 0; n < options.count && !(options.enough?.() ?? false); n++) {
    if (n % 50 === 0) {
      source = begin(victim, kernel);
      source.runTo(1 + random.next(length));
      bytes = encodeImage(source.machine, imageMeta, digest);
    }
    const parts = readImage(bytes, digest, imageLimits);
    const what = mutate(parts.low, parts.stack, random);
    counts.tried++;
    let machine: Machine;
    try {
      machine = restoreImage(kernel, core, parts, digest);
    } catch (error) {
      if ((error as { code?: string }).code === undefined) throw new Error(`${victim.name}, mutation ${n} of seed ${options.seed} (${what}): the verifier failed: ${(error as Error).stack}`);
      counts.refused++;
      continue;
    }
    counts.passed++;
    try {
      const ending = surviveMutant(victim, source.over(machine), options.steps);
      if (ending === "fault") counts.faults++;
      else if (ending === "out-of-memory") counts.limits++;
      else if (ending !== undefined) counts.ended++;
    } catch (error) {
      throw new Error(`${victim.name}, mutation ${n} of seed ${options.seed} (${what}): ${(error as Error).stack}`);
    }
  }
  return counts;
}

function surviveMutant(victim: Victim, run: ProgramRun, steps: number): string | undefined {
  const { machine } = run;
  const end = machine.steps + steps;
  while (machine.steps < end) {
    machine.collect();
    const before = machine.steps;
    if (!run.runTo(Math.min(end, machine.steps + 100))) break;
    if (machine.steps <= before) break;
  }
  if (run.ending !== "fault") checkHeap(victim, machine);
  return run.ending;
}

/** Changes one to three words: bits, neighbours, references to other cells, small integers, immediates. Says what. */
function mutate(low: Int32Array, stack: Int32Array, random: Random): string {
  const said: string[] = [];
  for (let left = 1 + random.next(random.next(3) === 0 ? 3 : 1); left > 0; left--) {
    const inStack = stack.length > 0 && random.next(4) === 0;
    const words = inStack ? stack : low;
    const at = !inStack && random.next(8) === 0 ? random.next(64) : random.next(words.length);
    const was = words[at]!;
    switch (random.next(7)) {
      case 0: words[at] = was ^ (1 << random.next(32)); break;
      case 1: words[at] = was + random.pick([-8, -4, -2, -1, 1, 2, 4, 8]); break;
      case 2: words[at] = words[random.next(words.length)]!; break;
      case 3: words[at] = random.pick([0, 1, -1, 2, -2, 0x7fffffff, -0x80000000, 0x3fffffff << 1, 255, 256, 65535]); break;
      case 4: words[at] = random.pick([Immediate.UNDEFINED, Immediate.NULL, Immediate.TRUE, Immediate.HOLE, Immediate.NONE]); break;
      case 5: words[at] = random.next(64) << 1; break;
      default: words[at] = was ^ ((1 + random.next(255)) << (8 * random.next(4))); break;
    }
    said.push(`${inStack ? "stack" : "low"}[${at}] ${was}→${words[at]}`);
  }
  return said.join(", ");
}

/** Random bytes, and an image with random bytes changed: refused with a reason, never anything else. Returns how many. */
export function mutateBytes(victim: Victim, options: { count: number; seed: number; enough?: () => boolean }): number {
  const random = new Random(options.seed);
  const source = begin(victim, kernelOf("flattened"));
  source.runTo(2000);
  const image = encodeImage(source.machine, imageMeta, digest);
  let n = 0;
  for (; n < options.count && !(options.enough?.() ?? false); n++) {
    let bytes: Uint8Array;
    if (random.next(2) === 0) {
      bytes = Uint8Array.from({ length: random.next(400) }, () => random.next(256));
      if (random.next(2) === 0) bytes.set(image.subarray(0, Math.min(bytes.length, random.next(200))));
    } else {
      bytes = image.slice(0, random.next(3) === 0 ? random.next(image.length) : image.length);
      for (let left = 1 + random.next(4); left > 0 && bytes.length > 0; left--) bytes[random.next(random.next(2) === 0 ? Math.min(400, bytes.length) : bytes.length)] = random.next(256);
    }
    try {
      restoreImage(kernelOf("flattened"), core, readImage(bytes, digest, imageLimits), digest);
      if (Buffer.compare(bytes, image) !== 0) throw new Error("a changed image was taken");
    } catch (error) {
      if ((error as { code?: string }).code === undefined) throw new Error(`${victim.name}, bytes ${n} of seed ${options.seed}: ${(error as Error).stack}`);
    }
  }
  return n;
}
