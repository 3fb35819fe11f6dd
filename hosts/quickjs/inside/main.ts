// Where the bundle begins: it takes what it finds in the engine's global object, a shell that was put there (the engine
// from npm) or the modules of `qjs --std`.

import { InsideHost } from "./host.js";
import type { Inside, Shell } from "./shell.js";

declare const globalThis: { mvmShell?: Shell; mvmInside?: Inside };

if (globalThis.mvmShell !== undefined) globalThis.mvmInside = new InsideHost(globalThis.mvmShell);
