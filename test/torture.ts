// The hard ways to run a program, each of which must change nothing: on two kernels in lockstep with collections at
// random on one side; moved through an image at many steps; collected at every allocation; each allocation refused once.
// programs.test.ts takes seeded samples of these, long.ts the whole. A difference is thrown as an Error that names the
// program and the step, so that it can be found again.

import { CALLEE } from "../vm/format/frame.js";
import { Intrinsic } from "../vm/format/intrinsics.js";
import { Op } from "../vm/format/opcodes.js";
import { Reg } from "../vm/format/registers.js";
import { REGISTER_WORDS } from "../vm/format/words.js";
import { encodeImage, encodeWords, readImage, restoreImage, type ImageParts } from "../vm/image.js";
import { Jit } from "../vm/jit/jit.js";
import { Machine, type Kernel, type StopReason } from "../vm/machine.js";
import { verifyMachine } from "../vm/verify.js";
import type { ProgramUnit } from "../vm/unit.js";
import { hasPassed, verdictOf, type Judge } from "./judge.js";
import { Mutator } from "./support/mutator.js";
import { Random } from "./support/random.js";
import { core, digest, flatKernel, imageLimits, imageMeta, plainKernel, ProgramRun, type RunOptions } from "./support/run-program.js";

/** A program to be tortured, and how much it may take. */
export interface Victim { name: string; unit: ProgramUnit; options?: RunOptions }

/** The kernels' names and what they are; the reference is the plain kernel without its fast loop, `compiled` the flattened one with a compiled tier that takes every function it meets. */
export type KernelName = "flattened" | "plain" | "reference" | "compiled";
const jit = new Jit(flatKernel, { afterSteps: 0, samples: 1 });
export function kernelOf(name: KernelName): Kernel {
  Machine.jit = name === "compiled" ? jit : undefined;
  if (name === "compiled") return flatKernel;
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

/** What a program goes on under after it was moved. */
const GOING_ON: readonly KernelName[] = ["flattened", "flattened", "compiled", "reference"];
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
    const moved = throughImage(unbroken, kernelOf(GOING_ON[random.next(GOING_ON.length)]!));
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

/** What counts allocations, steps and identities: equal at equal steps, however often an instruction was begun. */
function counters(machine: Machine): string {
  const words = machine.words();
  return `requested ${words[Reg.REQUESTED]}, serial ${words[Reg.NEXT_SERIAL]}, prototype elements ${words[Reg.PROTOTYPE_ELEMENTS]}, realms ${words[Reg.REALMS]}, steps ${machine.steps}`;
}

/**
 * Collects at every allocation: before each step the free room is taken away, so each instruction that allocates first
 * collects. Its counters must be those of an undisturbed run after each step, the state hash at every `every`th. Returns
 * the number of steps.
 */
export function collectAlways(victim: Victim, maximum: number, every: number, enough: () => boolean = () => false): number {
  const calm = begin(victim, kernelOf("flattened"));
  const disturbed = begin(victim, kernelOf("flattened"));
  let hashAt = every;
  while (disturbed.steps < maximum && !enough()) {
    takeRoom(disturbed.machine);
    const more = disturbed.runTo(disturbed.steps + 1);
    calm.runTo(disturbed.steps);
    same(victim, "counters, collecting always", disturbed.steps, counters(disturbed.machine), counters(calm.machine));
    if (!more || disturbed.steps >= hashAt) {
      hashAt = disturbed.steps + every;
      same(victim, "ending, collecting always", disturbed.steps, String(disturbed.ending), String(calm.ending));
      same(victim, "state hash, collecting always", disturbed.steps, disturbed.machine.stateHash(), calm.machine.stateHash());
      if (more) checkHeap(victim, disturbed.machine);
    }
    if (!more) break;
  }
  return disturbed.steps;
}

/** REQUESTED at which an epoch is due (C5), and by how many words less an instruction begins that is to pass it. */
const EPOCH_WORDS = 1 << 20;
const EPOCH_NEAR = 30;
/**
 * Has an epoch become due in the middle of instructions: before steps chosen by the seed, so many words are said to have
 * been requested that the next cells reach the limit. The program must print what it prints in calm. Returns how many.
 */
export function epochsAnywhere(victim: Victim, options: { seed: number; oneIn: number; enough: () => boolean; transcript: string }): number {
  const random = new Random(options.seed);
  const run = begin(victim, kernelOf("flattened"));
  let times = 0;
  while (run.ending === undefined && !options.enough()) {
    if (!run.runTo(run.steps + 1 + random.next(options.oneIn))) break;
    run.machine.words()[Reg.REQUESTED] = EPOCH_WORDS - random.next(EPOCH_NEAR);
    const from = run.steps;
    run.runTo(from + 1);
    if (run.ending === "fault") throw new Error(`${victim.name}, step ${from}: fault where an epoch became due`);
    run.machine.words()[Reg.REQUESTED] = 0;
    times++;
  }
  same(victim, "transcript with epochs anywhere", run.steps, run.finish().transcript(), options.transcript);
  return times;
}

/** A step that is refused room more often than this asks for the same again and again. */
const REFUSALS_MAX = 100;
/** Likewise one that works in portions: each of its units may make something, and there are 4,096 of them in a portion of JSON. */
const PORTION_REFUSALS_MAX = 5000;

/** Which refusals to look at, and how many steps. */
export interface RefusalOptions { choose(n: number): boolean; maximum: number; seed: number; enough?: () => boolean }

/** INTRINSIC, and its short forms, by the number of arguments. */
export const intrinsicForms = new Set<number>([Op.INTRINSIC, Op.INTRINSIC1, Op.INTRINSIC2, Op.INTRINSIC3, Op.INTRINSIC4]);
/** Does the program stand at an instruction that works in portions (R2) and keeps how far it has come when it lacks room? */
function atPortion(machine: Machine): boolean {
  const M = machine.words();
  const at = machine.kernel.codeOf(M[M[Reg.FP]! + CALLEE]!) * 4 + M[Reg.PC]!;
  const { B } = machine.kernel;
  if (!intrinsicForms.has(B[at]!)) return false;
  const intrinsic = B[at] === Op.INTRINSIC ? B[at + 1]! | B[at + 2]! << 8 : B[at + 1];
  return intrinsic === Intrinsic.regexpMatch || intrinsic === Intrinsic.jsonParse || intrinsic === Intrinsic.jsonWrite;
}

/** Lets a program do one step with the stack's floor there and that limit; says why it stopped. */
function stepWithin(run: ProgramRun, floor: number, limit: number | undefined): StopReason {
  const words = run.machine.words();
  const own = words[Reg.MEMORY_LIMIT]!;
  words[Reg.REQUEST] = 0;
  words[Reg.STACK_REQUEST] = 0;
  words[Reg.STACK_FLOOR] = floor;
  words[Reg.MEMORY_LIMIT] = limit ?? own;
  const reason = run.machine.run(1);
  run.machine.words()[Reg.MEMORY_LIMIT] = own;
  if (reason === "waiting") run.host.waiting = true;
  else if (reason === "ended" || reason === "fault") run.ending = reason;
  return reason;
}

/**
 * Refuses allocations: at each step the limit is set so low that there is no room for cells (at some, none for a frame).
 * The machine must say out of memory; then it gets exactly what it asked for, so that the next thing it asks for within
 * the same step is refused as well, and so on until the step is done and the machine is where an undisturbed run is.
 * After those refusals that are chosen the heap must be sound, and if the instruction has kept nothing of what it made,
 * the state as before. Returns how many were chosen.
 */
export function refuseAllocations(victim: Victim, options: RefusalOptions): number {
  try {
    return refuse(victim, options);
  } finally {
    flatKernel.useEpochs(true);
  }
}
function refuse(victim: Victim, options: RefusalOptions): number {
  const calm = begin(victim, kernelOf("flattened"));
  const run = begin(victim, kernelOf("flattened"));
  const random = new Random(options.seed);
  // What is refused in vain is not to be looked for at an epoch first.
  flatKernel.useEpochs(false);
  const { machine } = run;
  let number = 0;
  let refused = 0;
  while (run.steps < options.maximum && !(options.enough?.() ?? false)) {
    const start = machine.steps;
    if (machine.stopped === "host-call" || run.host.waiting) {
      if (!run.runTo(start + 1)) break;
      continue;
    }
    let chosen = false;
    const before = counters(machine);
    const stack = random.next(4) === 0;
    let reason = stepWithin(run, machine.words()[stack ? Reg.SP : Reg.HEAP_TOP]!, 0);
    for (let refusals = 1; reason === "out-of-memory"; refusals++) {
      if (refusals > (atPortion(machine) ? PORTION_REFUSALS_MAX : REFUSALS_MAX)) throw new Error(`${victim.name}, step ${start}: asks for room again and again`);
      if (options.choose(++number)) {
        refused++;
        chosen = true;
        checkHeap(victim, machine);
        if (refusals === 1 && counters(machine) === before && !atPortion(machine)) {
          calm.runTo(start);
          same(victim, "state hash after a refused allocation", start, machine.stateHash(), calm.machine.stateHash());
        }
      }
      const words = machine.words();
      const floor = words[Reg.HEAP_TOP]! + words[Reg.REQUEST]!;
      // A frame, and what the buffer has no room for, come from the program's own limit.
      const exact = words[Reg.STACK_REQUEST] === 0 && floor <= words[Reg.SP]!;
      reason = stepWithin(run, exact ? floor : words[Reg.HEAP_TOP]!, exact ? 0 : undefined);
      if (reason === "out-of-memory" && !exact) throw new Error(`${victim.name}, step ${start}: out of memory within its limit`);
    }
    if (reason === "fault") throw new Error(`${victim.name}, step ${start}: fault after its room was refused`);
    if (run.ending !== undefined) break;
    calm.runTo(run.steps);
    same(victim, "counters after refused allocations", start, counters(machine), counters(calm.machine));
    if (chosen) same(victim, "state hash after refused allocations", start, machine.stateHash(), calm.machine.stateHash());
  }
  return refused;
}

/** What became of forged images. */
export class MutationCounts {
  tried = 0;
  refused = 0;
  passed = 0;
  faults = 0;
  limits = 0;
  ended = 0;
  judgedInC = 0;
  /** How many were refused by each of the verifier's rules. */
  readonly rules: Record<string, number> = {};

  count(verdict: string, judgedInC: boolean): void {
    this.tried++;
    if (judgedInC) this.judgedInC++;
    if (hasPassed(verdict)) this.passed++;
    else this.refused++;
    const rule = /^refused: (V\w+)/.exec(verdict)?.[1];
    if (rule !== undefined) this.rules[rule] = (this.rules[rule] ?? 0) + 1;
    if (verdict.startsWith("fault")) this.faults++;
    else if (verdict.startsWith("out-of-memory")) this.limits++;
    else if (verdict.startsWith("ended")) this.ended++;
  }
}

/** A forged image that takes the machine longer than this, in milliseconds, hangs. */
const MUTANT_PATIENCE = 10_000;
/** Forged images that are on their way to the judge at once. */
const JUDGED_AHEAD = 8;
/** Forged images made of one state of a program. */
const MUTANTS_OF_ONE = 50;

/** Has an image judged in C, where the verdict must be the same; some time later, so that both machines are busy. */
async function judgeAlso(judge: Judge, image: Uint8Array, verdict: string, what: string, judged: Promise<void>[]): Promise<void> {
  const comparison = judge.verdictOf(image).then((answer) => {
    if (answer !== verdict) throw new Error(`${what}: in C "${answer}", on Node "${verdict}"`);
  }, (error: Error) => { throw new Error(`${what}: in C: ${error.message}`); });
  // Whoever waits for it gets the error; until then nobody does.
  comparison.catch(() => {});
  judged.push(comparison);
  if (judged.length >= JUDGED_AHEAD) await judged.shift();
}

/**
 * Changes words of a program's images, checksums made anew: each is refused by the verifier with a reason, or runs (see
 * judge.ts) with its heap in order at the end; the machine in C, if there is a judge, has to say the same. Anything else
 * is a finding. Returns how many there were; `counts` says what became of them.
 */
export async function mutateImages(victim: Victim, options: { count: number; seed: number; counts: MutationCounts; judge?: Judge; enough?: () => boolean }): Promise<number> {
  const { counts } = options;
  const random = new Random(options.seed);
  const kernel = kernelOf("flattened");
  const length = begin(victim, kernel).finish(200_000).steps;
  const judged: Promise<void>[] = [];
  let parts: ImageParts | undefined;
  let n = 0;
  for (; n < options.count && !(options.enough?.() ?? false); n++) {
    if (parts === undefined || n % MUTANTS_OF_ONE === 0) {
      const source = begin(victim, kernel);
      source.runTo(1 + random.next(length));
      parts = readImage(encodeImage(source.machine, imageMeta, digest), digest, imageLimits);
    }
    const low = parts.low.slice();
    const stack = parts.stack.slice();
    const what = `${victim.name}, mutant ${n} of seed ${options.seed} (${new Mutator(random, low, stack).mutate()})`;
    const image = encodeWords({ registers: low.subarray(0, REGISTER_WORDS), heap: low.subarray(REGISTER_WORDS), stack }, core, imageMeta, 0, digest);
    const start = performance.now();
    let verdict: string;
    try {
      verdict = verdictOf(image);
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).stack}`);
    }
    if (verdict.includes("unsound")) throw new Error(`${what}: ${verdict}`);
    if (performance.now() - start > MUTANT_PATIENCE) throw new Error(`${what}: took ${performance.now() - start} milliseconds`);
    counts.count(verdict, options.judge !== undefined);
    if (options.judge === undefined) continue;
    await judgeAlso(options.judge, image, verdict, what, judged);
  }
  await Promise.all(judged);
  return n;
}

/**
 * Random bytes, and an image with random bytes changed: refused with a reason, never anything else, and in C, if there is
 * a judge, for the same. Returns how many.
 */
export async function mutateBytes(victim: Victim, options: { count: number; seed: number; judge?: Judge; enough?: () => boolean }): Promise<number> {
  const random = new Random(options.seed);
  const source = begin(victim, kernelOf("flattened"));
  source.runTo(2000);
  const image = encodeImage(source.machine, imageMeta, digest);
  const judged: Promise<void>[] = [];
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
    const what = `${victim.name}, bytes ${n} of seed ${options.seed}`;
    let verdict: string;
    try {
      verdict = verdictOf(bytes);
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).stack}`);
    }
    if (hasPassed(verdict) && Buffer.compare(bytes, image) !== 0) throw new Error(`${what}: a changed image was taken`);
    if (options.judge !== undefined) await judgeAlso(options.judge, bytes, verdict, what, judged);
  }
  await Promise.all(judged);
  return n;
}
