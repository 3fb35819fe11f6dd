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

/**
 * A program with pins and buses: what it uses it opens if this host does not know it, as the library does, so it goes on with
 * what another host keeps for it. Only at its beginning, since what is opened is opened where it runs.
 */
const pins = `
  const wait = () => new Promise((resolve) => setTimeout(resolve, 1));
  function use(kind, number, parameters, operation, ...more) {
    const ask = (...list) => mvm.ask("io." + kind, ...list);
    try {
      return ask(operation, number, ...more);
    } catch {
      try { ask("open", number, ...parameters); return ask(operation, number, ...more); } catch (error) { return error.message; }
    }
  }
  for (let i = 0; ; i++) {
    const seen = [
      use("digital", 1, [1, 8, 0], "write", i & 1), use("digital", 2, [2, 0, 3], "read", 0), use("serial", 3, [1, 2, 9600, 0], "write", "abc" + i),
      use("serial", 3, [1, 2, 9600, 0], "read", 8), use("spi", 4, [1, 2, 3, 4, 0, 1000, 0, 0], "transfer", "xyz"), use("i2c", 5, [1, 2, 1000, 8, 0], "write", "q"),
      use("i2c", 5, [1, 2, 1000, 8, 0], "read", 4), use("pwm", 6, [5, 0, 0], "write", 3), use("pwm", 6, [5, 0, 0], "facts"), use("analog", 7, [6, 0], "read", 0),
    ];
    if (i % 7 === 6) use("spi", 4, [1, 2, 3, 4, 0, 1000, 0, 0], "close");
    await wait();
  }
`;

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
  images.push(encodeImage(Machine.create(kernel, core, compileModuleSource(pins, "test.mjs"), { memoryBytes: MEMORY_BYTES, debug: false }), { ...meta, debug: false }, digest));
  const parts = images.flatMap((image) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(image.length);
    return [length, image];
  });
  mkdirSync(new URL(".", new URL(`file://${imagesFile}`)), { recursive: true });
  writeFileSync(imagesFile, Buffer.concat(parts));
  return images.length;
}
