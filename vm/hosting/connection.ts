// Bytes to and from a peer, in order, as a link (link.ts) uses them: TCP under TLS, a Unix socket, a pair of pipes. What
// is sent may wait; a sender of much asks `isFull` and waits for `drained`.

export interface Connection {
  /** Bytes come from now on, then once the end, with what went wrong. Called once. */
  open(take: (bytes: Uint8Array) => void, closed: (problem: string) => void): void;
  send(bytes: Uint8Array): void;
  /** More waits than should. */
  readonly isFull: boolean;
  /** Resolves when that is over, or the connection has ended. */
  drained(): Promise<void>;
  /** Ends it when what was sent is out, soon in any case. */
  end(): void;
  /** Breaks it at once. */
  destroy(): void;
}

export const CONNECTION_ENDED = "the connection ended";
