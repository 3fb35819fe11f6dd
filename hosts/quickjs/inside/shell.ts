// The boundary between what runs inside QuickJS and the shell around it: plain calls with numbers, texts and bytes. The
// shell knows nothing of programs, images or the protocol; it carries bytes and tells the time. There are two shells: one
// in Node around the engine from npm (../shell.ts), one for a native `qjs` (native.ts).
//
// Connections and timers are numbers. Those that the shell makes (peers that connected) are even, those asked for from
// inside are odd, so neither side waits for the other to give one.

import type { IoChoice } from "../../../vm/hosting/io-choice.js";

/** What the inside is given. */
export interface Shell {
  /** Milliseconds, with a fraction, of a clock that never goes back. */
  now(): number;
  date(): number;
  timezone(ms: number): number;
  random(count: number): ArrayBuffer;
  /** `fired(timer)` is called in so many milliseconds; an idle one does not keep the process alive. */
  setTimer(timer: number, ms: number, idle: boolean): void;
  clearTimer(timer: number): void;

  /** Checksums, where the shell has faster ones than plain JavaScript in this engine. */
  sha256?(bytes: ArrayBuffer): ArrayBuffer;
  crc32?(bytes: ArrayBuffer): number;

  /** Leaves text (UTF-8) for an output. */
  write(stream: number, text: ArrayBuffer): void;
  /** Sends out what was left: "", or a sentence that says why it could not. */
  flush(): string;
  /** A line for people. */
  note(line: string): void;
  /** Writes a file; "" or a sentence. */
  writeFile(path: string, bytes: ArrayBuffer): string;
  /** Name, value, name, value, …, as a JSON list. */
  environment(): string;

  /** An address as people read it, or "" if it is none. */
  placeOf(to: string): string;
  /** Connects: `connected` or `refused` is called. */
  connect(connection: number, to: string): void;
  /** Sends bytes; true: more waits than should, and `drained` will be called. */
  send(connection: number, bytes: ArrayBuffer): boolean;
  end(connection: number): void;
  destroy(connection: number): void;

  /** Remembers a key to know others by: JSON of its id and how many there are, or of a problem. */
  importKey(key: ArrayBuffer, scopes: string, name: string): string;
  /** The work is over: the process ends with that code when all is sent. */
  ended(code: number): void;
}

/** What the shell calls. */
export interface Inside {
  /** Runs the image of a program, until `ended`. Unless it is a comparison, that is all that this engine does, and connections may come from now on. */
  run(image: ArrayBuffer, facts: HostFacts, options: RunOptions): void;
  /** Takes programs in. */
  serve(facts: HostFacts, options: ServeOptions): void;
  /** Names of the programs here, and whether one of them is in doubt: for a shell that is asked to end. */
  programs(): { names: string[]; inDoubt: string[] };
  /** Everything that programs have printed goes out. */
  finish(): void;

  fired(timer: number): void;
  opened(connection: number, place: string, scopes: readonly string[]): void;
  connected(connection: number): void;
  refused(connection: number, exit: number, message: string, advice: string): void;
  received(connection: number, bytes: ArrayBuffer): void;
  drained(connection: number): void;
  closed(connection: number, problem: string): void;
}

/** Who this host is. */
export interface HostFacts { software: string; hostId: string; bootId: string; hostName: string; processId: number; patience: number }

export interface RunOptions {
  name: string;
  /** process.argv from the first element on. */
  programArguments: string[];
  /** Bytes; undefined: what the image says. */
  memory?: number | undefined;
  /** Steps that it may run in all. */
  fuel?: number | undefined;
  /** It sees nothing of this host: for comparisons. */
  virtualTime?: boolean | undefined;
  /** Steps between hashes, and between collections. */
  hashEvery?: number | undefined;
  collectEvery?: number | undefined;
  /** Steps in all after which it is stopped and its image written. */
  stopAfter?: number | undefined;
  output?: string | undefined;
  /** Default: mock. */
  io?: IoChoice;
}
export interface ServeOptions {
  /** Bytes of memory that one program may have. */
  memoryMax: number;
  programsMax: number;
  io: IoChoice;
}

/** The bytes in a buffer of their own, to be handed out. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return (bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer;
}

/** What a program may have at most. */
export const MEMORY_MAX = 256 * 1024 * 1024;
