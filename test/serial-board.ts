// A board behind TCP as QEMU shows its UART, for tests: a process of test/c/serialboard.c, a server that serves one client at
// a time (the others are taken and hear nothing), and in between a line that may be faulty.

import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { FaultyLine, type Faults } from "./serial-support.js";
import { Random } from "./support/random.js";

export class Board {
  /** What its programs printed, and what it said (in brackets). */
  output = "";
  private readonly child: ChildProcess;
  private readonly server: Server;
  private readonly clients: Socket[] = [];
  private readonly watchers = new Set<() => void>();

  /** One packet in so many is broken each way where there are `faults`. `emulator`: what runs the program, if it is another processor's. */
  constructor(program: string, key: string, faults?: Faults, seed = 1, emulator?: string) {
    const [command, list] = emulator === undefined ? [program, [key]] : [emulator, [program, key]];
    this.child = spawn(command, list, { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdin!.on("error", () => {});
    const down = this.carrier((bytes) => { this.child.stdin!.write(bytes); }, faults, seed);
    const up = this.carrier((bytes) => { this.clients[0]?.write(bytes); }, faults, seed + 1);
    this.child.stdout!.on("data", up);
    this.child.stderr!.on("data", (bytes: Buffer) => {
      this.output += bytes.toString();
      for (const watcher of this.watchers) watcher();
    });
    this.server = createServer((socket) => {
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
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => { this.server.listen(0, "127.0.0.1", resolve); });
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  /** Takes bytes and passes packets on, some of them. */
  private carrier(to: (bytes: Uint8Array) => void, faults: Faults | undefined, seed: number): (bytes: Buffer) => void {
    if (faults === undefined) return to;
    const line = new FaultyLine(new Random(seed), faults);
    let rest: number[] = [];
    return (bytes) => {
      for (const byte of bytes) {
        rest.push(byte);
        if (byte !== 0 || rest.length === 1) continue;
        const now = performance.now();
        line.send(Uint8Array.from(rest), now);
        rest = [];
      }
      const deliver = (): void => {
        for (let some; (some = line.receive(performance.now())) !== undefined;) to(some);
        if (line.nextTime < Infinity) setTimeout(deliver, Math.max(1, line.nextTime - performance.now()));
      };
      deliver();
    };
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
    this.server.close();
    for (const client of [...this.clients]) client.destroy();
    this.child.kill();
  }
}
