// The shell of a native `qjs --std`: the image comes on standard input, or frames come on it and go out on standard
// output. It uses what Bellard's qjs and QuickJS-NG have in common of the modules std and os. Whoever started the process
// holds both ends of its pipes, so the peer on them may do all, as one on a Unix socket may.

import { Exit, oneLine, Trouble } from "../../../vm/hosting/trouble.js";
import { toHex } from "../../../vm/wire.js";
import { scopes } from "../../../vm/hosting/scopes.js";
import { PATIENCE } from "../../../vm/ownership.js";
import { parseCommand } from "./arguments.js";
import { InsideHost } from "./host.js";
import type { HostFacts, Shell } from "./shell.js";

interface File {
  read(buffer: ArrayBuffer, position: number, length: number): number;
  write(buffer: ArrayBuffer, position: number, length: number): number;
  puts(text: string): void;
  flush(): void;
  close(): number;
}
export interface Std {
  readonly in: File;
  readonly out: File;
  readonly err: File;
  exit(code: number): never;
  getenv(name: string): string | undefined;
  getenviron(): { [name: string]: string };
  open(path: string, flags: string): File | null;
}
type TimerHandle = { readonly timer: unique symbol };
export interface Os {
  now?(): number;
  getpid?(): number;
  read(descriptor: number, buffer: ArrayBuffer, offset: number, length: number): number;
  write(descriptor: number, buffer: ArrayBuffer, offset: number, length: number): number;
  setReadHandler(descriptor: number, handler: (() => void) | null): void;
  setTimeout(work: () => void, ms: number): TimerHandle;
  clearTimeout(timer: TimerHandle): void;
}

const NAME = "mvm-quickjs";
const STDIN = 0;
const STDOUT = 1;
/** The one connection that there is. */
const PIPES = 2;
/** Bytes read at once. */
const READ_BYTES = 65536;
/** Milliseconds between looks whether the last program has ended, when nobody can send another. */
const LOOK = 200;

export function startNative(std: Std, os: Os, list: readonly string[]): void {
  new NativeShell(std, os).start(list);
}

class NativeShell {
  private readonly inside: InsideHost;
  private readonly timers = new Map<number, TimerHandle>();
  private readonly begin = Date.now();
  private serves = false;
  private isOpen = false;

  constructor(private readonly std: Std, private readonly os: Os) {
    this.inside = new InsideHost(this.functions());
  }

  start(list: readonly string[]): void {
    const { std } = this;
    this.guard(() => {
      const command = parseCommand(list, { name: NAME, listens: false }, () => "program");
      switch (command.kind) {
        case "help":
          std.out.puts(command.text);
          return this.end(Exit.OK);
        case "run": return this.inside.run(this.readAll(), this.facts(), command.options);
        case "serve":
          this.serves = true;
          this.inside.serve(this.facts(), command.options);
          return this.openPipes();
      }
    });
  }

  /** Runs what a person, the engine or a peer has caused. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof Trouble) {
        this.note(error.line);
        return this.end(error.exit);
      }
      this.note(`a fault of mvm's own: ${error instanceof Error ? `${error.name}: ${error.message} ${error.stack}` : String(error)}`);
      this.end(Exit.INTERNAL);
    }
  }
  private end(code: number): never {
    this.std.out.flush();
    this.std.err.flush();
    this.std.exit(code);
  }
  private note(line: string): void {
    this.std.err.puts(`${NAME}: ${oneLine(line)}\n`);
    this.std.err.flush();
  }

  private facts(): HostFacts {
    const { std, os } = this;
    // There is no place to keep an id: every start is another host.
    return { software: "mvm 0.1.0 on a native QuickJS", hostId: toHex(new Uint8Array(this.random(16))), bootId: toHex(new Uint8Array(this.random(8))), hostName: std.getenv("HOSTNAME") ?? "qjs", processId: os.getpid?.() ?? 0, patience: PATIENCE };
  }
  private random(count: number): ArrayBuffer {
    const file = this.std.open("/dev/urandom", "rb");
    const bytes = new ArrayBuffer(count);
    if (file === null || file.read(bytes, 0, count) !== count) throw new Trouble(Exit.INTERNAL, "this machine has no /dev/urandom");
    file.close();
    return bytes;
  }
  /** All of standard input. */
  private readAll(): ArrayBuffer {
    let bytes = new Uint8Array(READ_BYTES);
    for (let length = 0; ;) {
      if (length === bytes.length) {
        const larger = new Uint8Array(length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      const count = this.std.in.read(bytes.buffer, length, bytes.length - length);
      if (count <= 0) return bytes.buffer.slice(0, length);
      length += count;
    }
  }

  // ---------------------------------------------------------------- the pipes

  private openPipes(): void {
    const { os } = this;
    const buffer = new ArrayBuffer(READ_BYTES);
    this.isOpen = true;
    os.setReadHandler(STDIN, () => this.guard(() => {
      const count = os.read(STDIN, buffer, 0, READ_BYTES);
      if (count > 0) this.inside.received(PIPES, buffer.slice(0, count));
      else this.closePipes();
    }));
    this.inside.openedOnly(PIPES, "the peer", scopes);
  }
  private closePipes(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.os.setReadHandler(STDIN, null);
    this.inside.closed(PIPES, "");
    this.look();
  }
  /** Nobody can send programs any more: the process ends with its last one. */
  private look(): void {
    const { names } = this.inside.programs();
    if (names.length === 0) this.end(Exit.OK);
    this.os.setTimeout(() => this.guard(() => this.look()), LOOK);
  }
  private send(bytes: ArrayBuffer): void {
    for (let at = 0; at < bytes.byteLength;) {
      const count = this.os.write(STDOUT, bytes, at, bytes.byteLength - at);
      if (count <= 0) return this.soon(() => this.closePipes());
      at += count;
    }
  }
  private soon(work: () => void): void {
    this.os.setTimeout(() => this.guard(work), 0);
  }

  private functions(): Shell {
    const { std, os } = this;
    return {
      now: () => os.now?.() ?? Date.now() - this.begin,
      date: () => Date.now(),
      timezone: (ms) => -new Date(ms).getTimezoneOffset() || 0,
      random: (count) => this.random(count),
      setTimer: (timer, ms) => {
        this.timers.set(timer, os.setTimeout(() => {
          this.timers.delete(timer);
          this.guard(() => this.inside.fired(timer));
        }, ms));
      },
      clearTimer: (timer) => {
        const handle = this.timers.get(timer);
        if (handle !== undefined) os.clearTimeout(handle);
        this.timers.delete(timer);
      },
      // Frames have standard output for themselves.
      write: (stream, text) => void (stream === 1 && !this.serves ? std.out : std.err).write(text, 0, text.byteLength),
      flush: () => {
        std.out.flush();
        std.err.flush();
        return "";
      },
      note: (line) => this.note(line),
      writeFile: (path, bytes) => {
        const file = std.open(path, "wb");
        if (file === null) return `cannot write ${path}; choose another place with -o`;
        const whole = file.write(bytes, 0, bytes.byteLength) === bytes.byteLength;
        return file.close() === 0 && whole ? "" : `cannot write all of ${path}; is there space on the device?`;
      },
      environment: () => JSON.stringify(Object.entries(std.getenviron()).flat()),
      placeOf: (to) => to,
      connect: (connection) => this.soon(() => this.inside.refused(connection, Exit.PEER, "this host has no network", "programs leave it over its pipes: --to -")),
      send: (_, bytes) => {
        if (this.isOpen) this.send(bytes);
        return false;
      },
      end: () => this.soon(() => this.closePipes()),
      destroy: () => this.soon(() => this.closePipes()),
      importKey: () => JSON.stringify({ exit: Exit.FILE, problem: "this host keeps no keys", advice: "" }),
      ended: (code) => this.end(code),
    };
  }
}
