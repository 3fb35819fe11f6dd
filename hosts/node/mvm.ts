#!/usr/bin/env node
// The command mvm. `mvm run FILE` without options is what people type most and wait for, so it goes straight to run.ts;
// all else is parsed by cli.ts. Whatever goes wrong ends as one line and an exit code (trouble.ts).

import { stopProcess } from "./stop.js";

process.on("uncaughtException", stopProcess);
const [command, file = "-", ...more] = process.argv.slice(2);
const simple = command === "run" && more.length === 0 && !file.startsWith("-");
(simple ? import("./run.js").then(({ run }) => run(file, {})) : import("./cli.js").then(({ main }) => main(process.argv))).catch(stopProcess);
