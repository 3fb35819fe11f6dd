// The programs that fuzzing begins from, as images: small ones that between them stop in the middle of everything that an
// image has to hold, each at several steps. They are made anew by each build, since addresses in the core, its hash and the
// abi belong to a build; what is kept in corpus/ are changes to them (fuzz.h), which outlive all three.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeImage } from "../../vm/image.js";
import { core, digest, Driver, kernel, meta, programs } from "../image-support.js";
import { compileModuleSource } from "../../compiler/index.js";
import { Machine } from "../../vm/machine.js";

/** What the devices of test/c give to a program. */
const MEMORY_BYTES = 60_000;
/** Steps at which each program is stopped, beside its beginning. */
const STOPS = [150, 900];

export const imagesFile = fileURLToPath(new URL("../../fuzz/images.bin", import.meta.url));

/** Writes the file that the harnesses read: each image behind its length in four bytes. */
export function writeImages(): number {
  const images: Uint8Array[] = [];
  for (const source of Object.values(programs)) {
    const unit = compileModuleSource(source, "test.mjs");
    const driver = new Driver(Machine.create(kernel, core, unit, { memoryBytes: MEMORY_BYTES, debug: false }));
    images.push(encodeImage(driver.machine, { ...meta, debug: false }, digest));
    for (const steps of STOPS) {
      if (driver.run(steps - driver.machine.steps)) images.push(encodeImage(driver.machine, { ...meta, debug: false }, digest));
    }
  }
  const parts = images.flatMap((image) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(image.length);
    return [length, image];
  });
  mkdirSync(new URL(".", new URL(`file://${imagesFile}`)), { recursive: true });
  writeFileSync(imagesFile, Buffer.concat(parts));
  return images.length;
}
