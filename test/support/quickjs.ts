// Programs in virtual time inside the QuickJS engine from npm: one engine for all of them, because starting one takes
// longer than most programs run. Everything that the shell is told is kept.

import { Engine } from "../../hosts/quickjs/engine.js";
import type { HostFacts, RunOptions, Shell } from "../../hosts/quickjs/inside/shell.js";

export interface RanInside { stdout: string; stderr: string; hashes: string[]; notes: string[]; code: number | undefined; image: Uint8Array | undefined }

const nobody: HostFacts = { software: "test", hostId: "0".repeat(32), bootId: "0".repeat(16), hostName: "test", processId: 0, patience: 1000 };

export class Inside {
  private ran: RanInside = empty();
  private engine!: Engine;

  static async start(): Promise<Inside> {
    const inside = new Inside();
    inside.engine = await Engine.start(inside.shell());
    return inside;
  }

  run(image: Uint8Array, options: Partial<RunOptions>): RanInside {
    this.ran = empty();
    this.engine.call("run", new Uint8Array(image).buffer, nobody, { name: "program", programArguments: ["node", "program"], virtualTime: true, output: "image", ...options });
    const { ran } = this;
    const isHash = (line: string): boolean => /^\d+ [0-9a-f]{16}$/.test(line);
    const lines = ran.stderr.split("\n");
    return { ...ran, hashes: lines.filter(isHash), stderr: lines.filter((line) => !isHash(line)).join("\n") };
  }

  private shell(): Shell {
    const never = (): never => { throw new Error("a program in virtual time asked for what only others have"); };
    return {
      now: never, date: never, timezone: never, random: never, setTimer: never, clearTimer: never, placeOf: never, connect: never, send: never, end: never, destroy: never, importKey: never,
      write: (stream, text) => {
        const decoded = Buffer.from(text).toString("utf8");
        if (stream === 1) this.ran.stdout += decoded;
        else this.ran.stderr += decoded;
      },
      flush: () => "",
      note: (line) => void this.ran.notes.push(line),
      writeFile: (_, bytes) => {
        this.ran.image = new Uint8Array(bytes);
        return "";
      },
      environment: () => JSON.stringify(["MODE", "test", "TZ", "UTC"]),
      ended: (code) => { this.ran.code = code; },
    };
  }
}
function empty(): RanInside {
  return { stdout: "", stderr: "", hashes: [], notes: [], code: undefined, image: undefined };
}
