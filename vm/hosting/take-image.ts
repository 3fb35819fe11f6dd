// The image of a program as it stands. Apart from program.ts, because what makes images is much code that a short program
// never needs.

import { Reg } from "../format/registers.js";
import { encodeImage, type Digest } from "../image.js";
import type { Program } from "./program.js";

export function takeImage(program: Program, digest: Digest, debug = true): Uint8Array {
  const words = program.machine.words();
  const time = program.now();
  words[Reg.TIME_LOW] = time % 4294967296 | 0;
  words[Reg.TIME_HIGH] = Math.floor(time / 4294967296);
  const { identity } = program;
  identity.sequence++;
  return encodeImage(program.machine, { programId: identity.program, epoch: identity.epoch, sequence: identity.sequence, debug }, digest);
}
