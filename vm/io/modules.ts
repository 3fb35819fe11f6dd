// The modules that a program can import by a name of their own, beside files and packages: they are compiled into it as if
// they were its files, so a program that imports none has none. And what each needs of the host that runs it.

import type { Capability } from "../hosting/io.js";

export interface LibraryModule {
  /** In this folder. */
  readonly file: string;
  /** What the host must have; undefined: nothing. */
  readonly needs?: Capability;
  /** Only modules of this table import it. */
  readonly isInner?: boolean;
}

export const libraryModules: Readonly<Record<string, LibraryModule>> = {
  "embedded:io/resource": { file: "resource.js", isInner: true },
  "embedded:io/bytes": { file: "bytes.js", isInner: true },
  "embedded:io/digital": { file: "digital.js", needs: { name: "io.digital", version: 1 } },
  "embedded:io/analog": { file: "analog.js", needs: { name: "io.analog", version: 1 } },
  "embedded:io/pwm": { file: "pwm.js", needs: { name: "io.pwm", version: 1 } },
  "embedded:io/i2c": { file: "i2c.js", needs: { name: "io.i2c", version: 1 } },
  "embedded:io/spi": { file: "spi.js", needs: { name: "io.spi", version: 1 } },
  "embedded:io/serial": { file: "serial.js", needs: { name: "io.serial", version: 1 } },
};

export function isLibrary(path: string): boolean {
  return path.startsWith("embedded:");
}
/** Names for people. */
export const libraryNames: readonly string[] = Object.keys(libraryModules).filter((name) => libraryModules[name]!.isInner !== true);
