#!/usr/bin/env node
// What the name mvm starts: the bundle of all of mvm that bundle.ts made, as one script with V8's code cache, so that
// nothing has to be searched for, read and compiled piece by piece. Where there is no bundle, or the cache was made by
// another version of Node, the same code comes up more slowly.

import fs = require("node:fs");
import path = require("node:path");
import url = require("node:url");
import vm = require("node:vm");

/** Beside this file, two levels below `build` like it: the bundle finds what it needs from there. */
const bundle = path.join(__dirname, "mvm-bundle.cjs");
const cache = path.join(__dirname, "mvm-bundle.cache");

/** What a compilation leaves behind: newer than the bundle, it says that the bundle is old. */
const signs = ["hosts-node.tsbuildinfo", "compiler.tsbuildinfo", "vm.tsbuildinfo", "machine/kernel.js"];

function isOld(): boolean {
  const made = fs.statSync(bundle).mtimeMs;
  return signs.some((name) => (fs.statSync(path.join(__dirname, "../..", name), { throwIfNoEntry: false })?.mtimeMs ?? 0) > made);
}

/** The bundle as a script; undefined if there is none, or an old one. ASCII only, so it need not be decoded. */
function loadBundle(useCache: boolean): vm.Script | undefined {
  let source: string;
  let cachedData: Buffer | undefined;
  try {
    if (isOld()) return undefined;
    source = fs.readFileSync(bundle, "latin1");
    if (useCache) cachedData = fs.readFileSync(cache);
  } catch {
    source ??= "";
  }
  return source === "" ? undefined : new vm.Script(source, { filename: bundle, ...cachedData && { cachedData } });
}
/** Runs it as Node runs a CommonJS module. */
function runBundle(script: vm.Script): void {
  const start = script.runInThisContext() as (require: NodeJS.Require, url: string) => void;
  start(require, url.pathToFileURL(bundle).href);
}

if (require.main === module) {
  const script = loadBundle(true);
  if (script !== undefined) runBundle(script);
  else void import("./mvm.js");
}

export = { loadBundle, runBundle };
