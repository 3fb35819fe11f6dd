// Where the bundle begins: it takes what it finds in the engine's global object, a shell that was put there (the engine
// from npm) or the modules of `qjs --std`.

import { InsideHost } from "./host.js";
import { startNative, type Os, type Std } from "./native.js";
import type { Inside, Shell } from "./shell.js";

declare const globalThis: { mvmShell?: Shell; mvmInside?: Inside; std?: Std; os?: Os; scriptArgs?: readonly string[] };

if (globalThis.mvmShell !== undefined) globalThis.mvmInside = new InsideHost(globalThis.mvmShell);
else if (globalThis.std !== undefined && globalThis.os !== undefined) startNative(globalThis.std, globalThis.os, (globalThis.scriptArgs ?? []).slice(1));
else throw new Error("mvm-quickjs is run by its shell, or by `qjs --std mvm-quickjs.js run < image`");
