// A stream of Node's (TCP under TLS, a Unix socket) as a connection of vm/hosting.

import type { Duplex } from "node:stream";
import { CONNECTION_ENDED, type Connection } from "../../vm/hosting/connection.js";

/** Milliseconds in which a peer closes its side after this one did: then it is broken. */
const END_PATIENCE = 500;

export class DuplexConnection implements Connection {
  constructor(readonly stream: Duplex) {}

  open(take: (bytes: Uint8Array) => void, closed: (problem: string) => void): void {
    this.stream.on("data", take);
    this.stream.on("error", (error: Error) => closed(error.message));
    this.stream.on("close", () => closed(CONNECTION_ENDED));
  }
  send(bytes: Uint8Array): void {
    this.stream.write(bytes);
  }
  get isFull(): boolean {
    return this.stream.writableNeedDrain;
  }
  drained(): Promise<void> {
    const { stream } = this;
    return new Promise((resolve) => {
      const done = (): void => {
        stream.off("drain", done).off("close", done);
        resolve();
      };
      stream.on("drain", done).on("close", done);
    });
  }
  end(): void {
    this.stream.end();
    const last = setTimeout(() => this.stream.destroy(), END_PATIENCE);
    this.stream.once("close", () => clearTimeout(last));
  }
  destroy(): void {
    this.stream.destroy();
  }
}
