// Which pins and buses a host offers, and whether they are what a program needs.

import type { Capability, IoProvider } from "./io.js";
import { MockIo } from "./io-mock.js";

/** What `--io` may say: pins that exist only in memory, or none. */
export const ioChoices = ["mock", "none"] as const;
export type IoChoice = (typeof ioChoices)[number];

export function chooseIo(choice: IoChoice): IoProvider | undefined {
  return choice === "mock" ? new MockIo() : undefined;
}

/**
 * What the first need is that the host does not meet, as a sentence; undefined if it meets all. `places` says where the
 * program imports them ("name file:line:column"), as far as it knows.
 */
export function lackingLine(needs: readonly Capability[], places: readonly string[], provider: IoProvider | undefined): string | undefined {
  const offered = provider?.capabilities ?? [];
  const lacking = needs.find((need) => !offered.some((one) => one.name === need.name && one.version === need.version));
  if (lacking === undefined) return undefined;
  const place = places.find((one) => one.startsWith(`${lacking.name} `))?.slice(lacking.name.length + 1);
  const here = offered.filter((one) => one.name === lacking.name).map((one) => one.version);
  return `the program needs ${lacking.name} version ${lacking.version}${place === undefined ? "" : ` (${place})`}, this host has ${here.length === 0 ? "none" : `version ${here.join(", ")}`}`;
}
