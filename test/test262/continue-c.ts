// Goes on with programs on the machine in C: a process of test/c/continue.c, whose protocol that file tells.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { Status } from "../../vm/format/registers.js";
import type { StopReason } from "../../vm/machine.js";
import { root } from "../support/run-program.js";
import type { Elsewhere, Stretch } from "./ways.js";

const program = `${root}build/continue-c`;
/** It is, where there is a C compiler. */
export function isBuilt(): boolean { return existsSync(program); }

/** What the process answers instead of a Status, with a sentence for an image. */
const REFUSED = 255;
const reasons: Readonly<Record<number, StopReason>> = {
  [Status.FUEL]: "fuel", [Status.WAITING]: "waiting", [Status.HOST_CALL]: "host-call", [Status.ENDED]: "ended",
  [Status.OUT_OF_MEMORY]: "out-of-memory", [Status.FAULT]: "fault",
};

export function continueC(): Elsewhere {
  if (!isBuilt()) throw new Error(`${program} is not built; npm run build, where there is a C compiler`);
  let child: ChildProcessWithoutNullStreams | undefined;
  return {
    goOn(image, target) {
      return new Promise<Stretch>((resolve, reject) => {
        const process = child ??= spawn(program);
        let answer: Buffer = Buffer.alloc(0);
        const settle = (work: () => void): void => {
          process.stdout.removeAllListeners("data");
          process.removeAllListeners("close");
          work();
        };
        process.stdout.on("data", (chunk: Buffer) => {
          answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk]);
          if (answer.length < 5) return;
          const length = answer.readUInt32LE(1);
          if (answer.length < 5 + length) return;
          const status = answer[0]!;
          const content = answer.subarray(5, 5 + length);
          const reason = reasons[status];
          settle(() => {
            if (status === REFUSED || reason === undefined) reject(new Error(`the machine in C: ${content.toString()}`));
            else resolve({ reason, image: length === 0 ? undefined : new Uint8Array(content) });
          });
        });
        process.on("close", (code, signal) => settle(() => {
          child = undefined;
          reject(new Error(`the machine in C died (${code ?? signal})`));
        }));
        const head = Buffer.alloc(12);
        head.writeUInt32LE(image.length);
        head.writeBigUInt64LE(BigInt(target), 4);
        // In one piece, for which the process has to wake once.
        process.stdin.write(Buffer.concat([head, image]));
      });
    },
  };
}
