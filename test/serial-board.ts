// Boards for tests, behind TCP as QEMU shows their UARTs: a server that serves one client at a time (the others are taken and
// hear nothing), and between it and the device a line that may be faulty. The device is a process of test/c/serialboard.c
// (`Board`) or whatever else takes and gives bytes (emulated-board.ts).

import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { FaultyLine, type Faults } from "./serial-support.js";
import { Random } from "./support/random.js";

/** The server, and the line behind it. Where there are `faults`, each direction has its own. */
export class LineServer {
  /** Takes what the device sends. */
  readonly fromDevice: (bytes: Buffer) => void;
  private readonly lines: FaultyLine[] = [];
  private readonly server: Server;
  private readonly clients: Socket[] = [];

  constructor(toDevice: (bytes: Uint8Array) => void, faults?: Faults, seed = 1, baud?: number) {
    const direction = (to: (bytes: Uint8Array) => void, number: number): (bytes: Buffer) => void => {
      if (faults === undefined) return to;
      const line = new FaultyLine(new Random(number), faults, baud);
      this.lines.push(line);
      return carrier(to, line);
    };
    const down = direction(toDevice, seed);
    this.fromDevice = direction((bytes) => { this.clients[0]?.write(bytes); }, seed + 1);
    this.server = createServer((socket) => {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("data", (bytes) => { if (socket === this.clients[0]) down(bytes); });
      socket.on("close", () => {
        this.clients.splice(this.clients.indexOf(socket), 1);
        this.clients[0]?.resume();
      });
      this.clients.push(socket);
      if (socket !== this.clients[0]) socket.pause();
    });
  }
  /** Packets that did not come as they were sent, so far. */
  get broken(): number {
    return this.lines.reduce((sum, line) => sum + line.broken, 0);
  }
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => { this.server.listen(0, "127.0.0.1", resolve); });
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  close(): void {
    this.server.close();
    for (const client of [...this.clients]) client.destroy();
  }
}
/** Takes bytes and passes packets on, some of them. */
function carrier(to: (bytes: Uint8Array) => void, line: FaultyLine): (bytes: Buffer) => void {
  let rest: number[] = [];
  return (bytes) => {
    for (const byte of bytes) {
      rest.push(byte);
      if (byte !== 0 || rest.length === 1) continue;
      line.send(Uint8Array.from(rest), performance.now());
      rest = [];
    }
    const deliver = (): void => {
      for (let some; (some = line.receive(performance.now())) !== undefined;) to(some);
      if (line.nextTime < Infinity) setTimeout(deliver, Math.max(1, line.nextTime - performance.now()));
    };
    deliver();
  };
}

/** A process of test/c/serialboard.c. */
export class Board {
  /** What its programs printed, and what it said (in brackets). */
  output = "";
  private readonly child: ChildProcess;
  private readonly line: LineServer;
  private readonly watchers = new Set<() => void>();

  /** `emulator`: what runs the program, if it is another processor's. */
  constructor(program: string, key: string, faults?: Faults, seed = 1, emulator?: string) {
    const [command, list] = emulator === undefined ? [program, [key]] : [emulator, [program, key]];
    this.child = spawn(command, list, { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdin!.on("error", () => {});
    this.line = new LineServer((bytes) => { this.child.stdin!.write(bytes); }, faults, seed);
    this.child.stdout!.on("data", this.line.fromDevice);
    this.child.stderr!.on("data", (bytes: Buffer) => {
      this.output += bytes.toString();
      for (const watcher of this.watchers) watcher();
    });
  }
  listen(): Promise<string> {
    return this.line.listen();
  }
  /** Waits for something in its output. */
  async until(condition: () => boolean, patience = 30000): Promise<void> {
    const end = performance.now() + patience;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`waited in vain; the board said: ${this.output.slice(-2000)}`);
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.watchers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, 200);
        this.watchers.add(done);
      });
    }
  }
  get lines(): string[] {
    return this.output.split("\n").slice(0, -1).filter((line) => !line.startsWith("("));
  }
  close(): void {
    this.line.close();
    this.child.kill();
  }
}
