// Goes on with programs on the machine inside the QuickJS engine from npm (inside-quickjs.ts), made into a bundle of its
// own for each process.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { getQuickJS, type QuickJSContext } from "quickjs-emscripten";
import { bundleInside } from "../../hosts/quickjs/bundling.js";
import type { StopReason } from "../../vm/machine.js";
import { digest, root } from "../support/run-program.js";
import type { Elsewhere } from "./ways.js";

export async function continueQuickJs(): Promise<Elsewhere> {
  const folder = mkdtempSync(`${tmpdir()}/mvm-test262-`);
  const bundle = `${folder}/inside.js`;
  await bundleInside(`${root}build/test/test262/inside-quickjs.js`, bundle);
  const code = readFileSync(bundle, "latin1");
  rmSync(folder, { recursive: true });
  const context = (await getQuickJS()).newContext();
  giveChecksums(context);
  context.unwrapResult(context.evalCode(code, "inside.js")).dispose();
  return {
    async goOn(image, target) {
      const handles = [context.newArrayBuffer(new Uint8Array(image).buffer), context.newNumber(target)];
      const work = context.getProp(context.global, "goOn");
      const answer = context.unwrapResult(context.callFunction(work, context.undefined, ...handles));
      const [reason, bytes] = [context.getProp(answer, 0), context.getProp(answer, 1)];
      const back = context.typeof(bytes) === "undefined" ? undefined : context.getArrayBuffer(bytes).consume(({ value }) => value.slice());
      const stretch = { reason: context.getString(reason) as StopReason, image: back };
      for (const handle of [reason, bytes, answer, work, ...handles]) handle.dispose();
      return stretch;
    },
  };
}

function giveChecksums(context: QuickJSContext): void {
  const outside = context.newObject();
  const sha256 = context.newFunction("sha256", (bytes) => context.newArrayBuffer(new Uint8Array(digest.sha256(context.getArrayBuffer(bytes).value)).buffer));
  const crc32 = context.newFunction("crc32", (bytes) => context.newNumber(digest.crc32(context.getArrayBuffer(bytes).value)));
  context.setProp(outside, "sha256", sha256);
  context.setProp(outside, "crc32", crc32);
  context.setProp(context.global, "outside", outside);
  for (const handle of [sha256, crc32, outside]) handle.dispose();
}
