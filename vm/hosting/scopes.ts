// What the holder of a key may do on a host. Who holds a user's own key, and who is on the same machine, may do all.

import { Exit, Trouble } from "./trouble.js";

/** receive: may move programs here; control: pause, stop, move them on; observe: list them; inspect: look inside, take images. */
export const scopes = ["receive", "control", "observe", "inspect"] as const;
export type Scope = (typeof scopes)[number];

export function parseScopes(text: string): Scope[] {
  return text.split(",").map((word) => {
    const scope = scopes.find((one) => one === word);
    if (scope === undefined) throw new Trouble(Exit.USAGE, `there is no scope '${word}'`, `scopes are ${scopes.join(", ")}`);
    return scope;
  });
}
