// What of the runner is inside the QuickJS engine: goes on with a program from an image until it has run so many steps in
// all or stops, and gives it back. Checksums come from outside, since the engine is slow at them.

import { encodeImage, readImage, restoreImage, type Digest } from "../../vm/image.js";
import * as kernel from "../../vm/kernel/index.js";
import type { StopReason } from "../../vm/machine.js";
import { loadCore } from "../../hosts/quickjs/inside/core.js";
import { bufferOf } from "../../hosts/quickjs/inside/shell.js";

export interface Outside { sha256(bytes: ArrayBuffer): ArrayBuffer; crc32(bytes: ArrayBuffer): number }
declare const globalThis: { outside: Outside; goOn(image: ArrayBuffer, target: number): [StopReason, ArrayBuffer | undefined] };

const digest: Digest = {
  sha256: (bytes) => new Uint8Array(globalThis.outside.sha256(bufferOf(bytes))),
  crc32: (bytes) => globalThis.outside.crc32(bufferOf(bytes)),
};
const limits = { memoryBytes: 256 * 1024 * 1024 };

globalThis.goOn = (image, target) => {
  const parts = readImage(new Uint8Array(image), digest, limits);
  const { programId, epoch, sequence } = parts.head;
  const machine = restoreImage(kernel, loadCore(), parts, digest);
  let reason: StopReason = "fuel";
  while (reason === "fuel" && machine.steps < target) reason = machine.run(target - machine.steps);
  if (reason !== "fuel" && reason !== "host-call" && reason !== "waiting") return [reason, undefined];
  return [reason, bufferOf(encodeImage(machine, { programId, epoch, sequence }, digest))];
};
