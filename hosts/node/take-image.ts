// The image of a program, with Node's checksums. Apart from what runs programs, because what makes images is much code
// that a short program never needs.

import type { Program } from "../../vm/hosting/program.js";
import * as neutral from "../../vm/hosting/take-image.js";
import { digest } from "./digest.js";

export function takeImage(program: Program, debug = true): Uint8Array {
  return neutral.takeImage(program, digest, debug);
}
