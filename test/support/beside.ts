// The flattened machine on Node under the conditions that `--virtual-time` gives to programs on other hosts (mvm-c,
// mvm-quickjs), stopped at the same places: what those hosts do is compared with it.

import { Reg } from "../../vm/format/registers.js";
import { answerCall, type AskAnswer, type HostServices } from "../../vm/host.js";
import { encodeImage, readImage, restoreImage } from "../../vm/image.js";
import type { Machine } from "../../vm/machine.js";
import type { Value } from "../../vm/value.js";
import { core, DATE_BASE, digest, flatKernel, imageLimits, imageMeta } from "./run-program.js";

export class Beside implements HostServices {
  stdout = "";
  stderr = "";
  code: number | undefined;
  private clock: number;
  private drawn = 0;
  private waits = false;
  constructor(readonly machine: Machine, private readonly sequence: number) {
    this.clock = this.counter(Reg.TIME_LOW);
  }
  static of(image: Uint8Array): Beside {
    const parts = readImage(image, digest, imageLimits);
    return new Beside(restoreImage(flatKernel, core, parts, digest), parts.head.sequence);
  }
  private counter(low: number): number {
    const words = this.machine.words();
    return (words[low + 1]! >>> 0) * 4294967296 + (words[low]! >>> 0);
  }
  /** False if the program ended before it had run `target` steps. */
  runTo(target: number): boolean {
    const { machine } = this;
    while (machine.steps < target) {
      if (machine.stopped === "host-call") {
        machine.answer(answerCall(machine.hostCall(), this));
        machine.stopped = "fuel";
        for (const message of this.messages.splice(0)) machine.post(message);
      }
      if (this.waits) {
        this.clock = Math.max(this.clock, machine.wakeTime() ?? 0);
        machine.wake();
        this.waits = false;
      }
      const reason = machine.run(target - machine.steps);
      if (reason === "waiting") this.waits = true;
      else if (reason !== "fuel" && reason !== "host-call") {
        this.code = reason === "ended" ? Number(machine.result() ?? 0) & 255 : -1;
        return false;
      }
    }
    return true;
  }
  image(): Uint8Array {
    const words = this.machine.words();
    words[Reg.TIME_LOW] = this.clock % 4294967296 | 0;
    words[Reg.TIME_HIGH] = Math.floor(this.clock / 4294967296);
    return encodeImage(this.machine, { ...imageMeta, sequence: this.sequence + 1 }, digest);
  }
  private readonly messages: Value[][] = [];
  output(stream: 1 | 2, text: string): void {
    if (stream === 1) this.stdout += Buffer.from(text).toString();
    else this.stderr += Buffer.from(text).toString();
  }
  uncaught(text: string): void { this.output(2, `${text}\n`); }
  now(): number { return this.clock; }
  date(): number { return DATE_BASE + Math.floor(this.clock / 1000); }
  timezone(): number { return 0; }
  random(count: number): Uint8Array {
    const bytes = Uint8Array.from({ length: count }, (_, i) => (this.drawn + i) * 37);
    this.drawn += count;
    return bytes;
  }
  programArguments(): string[] { return ["node", "program"]; }
  environment(): [string, string][] { return [["MODE", "test"], ["TZ", "UTC"]]; }
  ask(name: string): AskAnswer { return [false, `this host has no function '${name}'`, "absent"]; }
  call(id: number, name: string): void { this.messages.push(["answer", id, false, `this host has no function '${name}'`]); }
  callResult(): void {}
}

/** Steps and hashes at every `every` steps from where it stands, up to `most`, and at the end if it comes before. */
export function hashesBeside(beside: Beside, every: number, most: number): string[] {
  const hashes: string[] = [];
  const note = (): void => { hashes.push(`${beside.machine.steps} ${beside.machine.stateHash()}`); };
  const next = (): number => (Math.floor(beside.machine.steps / every) + 1) * every;
  for (let target = next(); target <= most && beside.runTo(target); target = next()) note();
  if (beside.code !== undefined) note();
  return hashes;
}
