// The build step that makes build/mvm-quickjs.js of the host inside QuickJS (inside/). The engine from npm runs it
// (shell.ts), and so does a native `qjs --std`.

import { fileURLToPath } from "node:url";
import { bundleInside } from "./bundling.js";

const build = fileURLToPath(new URL("../../", import.meta.url));
await bundleInside(`${build}hosts/quickjs/inside/main.js`, `${build}mvm-quickjs.js`);
