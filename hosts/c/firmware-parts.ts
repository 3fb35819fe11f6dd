// What a linked firmware has of each object file, by the linker's map: the kernel and the core apart.

import { readFileSync } from "node:fs";

export interface FirmwarePart { flash: number; ram: number }
const parts: readonly [string, RegExp][] = [
  ["kernel", /machine\.c\.o/], ["core", /core\.c\.o/], ["image, program and door", /(program|core-place|door|image|image-write|sha256|utf8|value)\.c\.o/],
  ["host and port", /build\/firmware\//], ["compiler's library (soft float)", /libgcc/], ["C library", /./],
];

/** By part, the bytes that the map of a firmware says of it. */
export function firmwareParts(mapFile: string): Map<string, FirmwarePart> {
  const found = new Map<string, FirmwarePart>(parts.map(([name]) => [name, { flash: 0, ram: 0 }]));
  let section = "";
  // Memory that is laid out begins behind the list of discarded sections.
  const map = readFileSync(mapFile, "utf8");
  for (const line of map.slice(map.indexOf("Linker script and memory map")).replaceAll(/\n {16,}(0x)/g, " $1").split("\n")) {
    section = /^(\.[a-z]\w*)/i.exec(line)?.[1] ?? section;
    const [, bytes, file] = /^ [.*\w][^ ]* +0x[0-9a-f]+ +0x([0-9a-f]+) (.+)$/.exec(line) ?? [];
    if (bytes === undefined || file === undefined) continue;
    const part = found.get(parts.find(([, pattern]) => pattern.test(file))![0])!;
    if (section === ".text" || section === ".data" || section === ".ARM") part.flash += parseInt(bytes, 16);
    if (section === ".data" || section === ".bss" || section === ".programs") part.ram += parseInt(bytes, 16);
  }
  return found;
}
