// The shell in Node: sockets, timers, files and outputs for the host that runs inside QuickJS. It carries bytes and knows
// nothing of what they mean; keys, addresses and outputs are those of hosts/node, so both commands are one user's.

import type { Duplex } from "node:stream";
import { DuplexConnection } from "../node/connection.js";
import { digest } from "../node/digest.js";
import { writeBytes } from "../node/files.js";
import { importKey, parseScopes } from "../node/keys.js";
import { writeOutput } from "../node/output.js";
import { timing } from "../node/timing.js";
import { addressText, connectHost, parseAddress } from "../node/transport.js";
import { Exit, Trouble } from "../node/trouble.js";
import { Engine } from "./engine.js";
import type { Inside, Shell } from "./inside/shell.js";

/** The bytes in a buffer of their own; a Buffer of Node's shares one with others. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

export interface ShellOptions {
  /** What stands before lines for people. */
  name: string;
  /** The work is over. */
  ended(code: number): void;
  /** A fault of ours. */
  failed(error: unknown): void;
  /** An output cannot be written. Where this is not given the inside is told. */
  outputLost?: (error: unknown) => void;
}

export class NodeShell {
  private engine!: Engine;
  /** What was printed and is not written yet. */
  private printed: { stream: number; bytes: Uint8Array }[] = [];
  private readonly timers = new Map<number, { cancel(): void }>();
  private readonly connections = new Map<number, DuplexConnection>();
  private nextConnection = 2;

  private constructor(private readonly options: ShellOptions) {}

  static async start(options: ShellOptions): Promise<NodeShell> {
    const shell = new NodeShell(options);
    shell.engine = await Engine.start(shell.functions());
    return shell;
  }

  /** Calls the inside. What goes wrong in there is told by `failed`. */
  call<N extends keyof Inside>(name: N, ...list: Parameters<Inside[N]>): ReturnType<Inside[N]> | undefined {
    try {
      return this.engine.call(name, ...list);
    } catch (error) {
      this.options.failed(error);
      return undefined;
    }
  }
  note(line: string): void {
    process.stderr.write(`${this.options.name}: ${line}\n`);
  }

  /** A peer has connected, and may do so much. */
  accept(stream: Duplex, place: string, scopes: readonly string[]): void {
    const number = this.nextConnection;
    this.nextConnection += 2;
    this.attach(number, new DuplexConnection(stream));
    this.call("opened", number, place, scopes);
  }
  /** Before the inside hears of it, because that sends at once; the first byte comes later in any case. */
  private attach(number: number, connection: DuplexConnection): void {
    this.connections.set(number, connection);
    connection.open((bytes) => {
      this.call("received", number, bufferOf(bytes));
    }, (problem) => {
      if (this.connections.delete(number)) this.call("closed", number, problem);
    });
  }

  /** Writes what was printed; what cannot be written now is there for another try. */
  private flush(): void {
    for (let next = this.printed[0]; next !== undefined; next = this.printed[0]) {
      const { bytes } = next;
      writeOutput(next.stream, bytes, (at) => { next!.bytes = bytes.subarray(at); });
      this.printed.shift();
    }
  }

  private functions(): Shell {
    return {
      now: timing.now,
      date: timing.date,
      timezone: timing.timezone,
      random: (count) => bufferOf(timing.random(count)),
      sha256: (bytes) => bufferOf(digest.sha256(new Uint8Array(bytes))),
      crc32: (bytes) => digest.crc32(new Uint8Array(bytes)) >>> 0,
      setTimer: (timer, ms, idle) => {
        const fire = (): void => {
          this.timers.delete(timer);
          this.call("fired", timer);
        };
        this.timers.set(timer, ms === 0 ? timing.soon(fire) : timing.after(ms, fire, idle ? "idle" : undefined));
      },
      clearTimer: (timer) => {
        this.timers.get(timer)?.cancel();
        this.timers.delete(timer);
      },
      write: (stream, text) => void this.printed.push({ stream: stream === 2 ? 2 : 1, bytes: new Uint8Array(text) }),
      flush: () => {
        try {
          this.flush();
          return "";
        } catch (error) {
          this.options.outputLost?.(error);
          return error instanceof Error ? error.message : String(error);
        }
      },
      note: (line) => this.note(line),
      writeFile: (path, bytes) => {
        try {
          writeBytes(path, new Uint8Array(bytes));
          return "";
        } catch (error) {
          return error instanceof Trouble ? error.line : String(error);
        }
      },
      environment: () => JSON.stringify(Object.entries(process.env).flatMap(([name, value]) => [name, value ?? ""])),
      placeOf: (to) => {
        try {
          return addressText(parseAddress(to));
        } catch {
          return "";
        }
      },
      connect: (number, to) => void this.connect(number, to),
      send: (number, bytes) => {
        const connection = this.connections.get(number);
        if (connection === undefined) return false;
        connection.send(new Uint8Array(bytes));
        const { isFull } = connection;
        if (isFull) void connection.drained().then(() => this.call("drained", number));
        return isFull;
      },
      end: (number) => this.connections.get(number)?.end(),
      destroy: (number) => this.connections.get(number)?.destroy(),
      importKey: (key, scopes, name) => {
        try {
          const { key: added, count } = importKey(Buffer.from(key), parseScopes(scopes), name);
          return JSON.stringify({ id: added.id, count });
        } catch (error) {
          if (!(error instanceof Trouble)) throw error;
          return JSON.stringify({ exit: error.exit, problem: error.message, advice: error.advice });
        }
      },
      ended: (code) => this.options.ended(code),
    };
  }

  private async connect(number: number, to: string): Promise<void> {
    try {
      const stream = await connectHost(parseAddress(to));
      this.attach(number, new DuplexConnection(stream));
      this.call("connected", number);
    } catch (error) {
      const trouble = error instanceof Trouble ? error : new Trouble(Exit.INTERNAL, String(error));
      this.call("refused", number, trouble.exit, trouble.message, trouble.advice);
    }
  }
}
