// The messages that hosts and commands exchange: one table with each message's number, direction, fields and a sentence.
// Encoder, checker, the types of TypeScript and the protocol's documentation (`messageText`) all come from it, so a
// message is added here and nowhere else. Numbers and keys are append-only; 24 to 31 are free:
// byte links authenticate below the frames (serial.ts).
//
// A field's key is its number in the body's map. Receivers ignore keys they do not know, so fields can be added; a field
// that old receivers must not ignore needs a new critical message.

/** The protocol's versions that this code speaks. */
export const PROTOCOL = { lowest: 1, highest: 1 } as const;

/** How a field is packed, and its limits: `u32`, `u53` numbers; `id8`, `id16`, `hash` bytes of exactly 8, 16, 32; `text` and `bytes` of at most `limit` bytes; `texts` a list of at most 64; `programs` a list of records. */
export type FieldKind = "u32" | "u53" | "bool" | "id8" | "id16" | "hash" | "text" | "bytes" | "texts" | "programs";

export interface FieldSpec<K extends FieldKind = FieldKind, R extends boolean = boolean> {
  readonly key: number;
  readonly kind: K;
  readonly required: R;
  readonly limit: number;
  readonly doc: string;
}
export type FieldTable = Readonly<Record<string, FieldSpec>>;

/** Who sends it: `source` and `target` of a move, `command` the one who asks for something, `host` the one asked. */
export type Sender = "any" | "source" | "target" | "command" | "host";
export interface MessageSpec<F extends FieldTable = FieldTable> {
  readonly number: number;
  readonly sender: Sender;
  /** A receiver that does not know it must not go on. */
  readonly critical: boolean;
  /** Bytes that its body may take. */
  readonly limit: number;
  readonly doc: string;
  readonly fields: F;
}

export const TEXT_LIMIT = 1024;
/** Bytes of an image in one CHUNK. */
export const CHUNK_BYTES = 256 * 1024;
const SMALL = 4096;
/** Bytes of one operation on a bus, and a frame with them. */
const IO_BYTES = 4096;
const IO_BODY = 3 * IO_BYTES;
const LARGE = CHUNK_BYTES + 64;

function needed<K extends FieldKind>(key: number, kind: K, doc: string, limit = TEXT_LIMIT): FieldSpec<K, true> {
  return { key, kind, required: true, limit, doc };
}
function optional<K extends FieldKind>(key: number, kind: K, doc: string, limit = TEXT_LIMIT): FieldSpec<K, false> {
  return { key, kind, required: false, limit, doc };
}
function message<F extends FieldTable>(number: number, sender: Sender, doc: string, fields: F, limit = SMALL, critical = true): MessageSpec<F> {
  return { number, sender, critical, limit, doc, fields };
}

/** What a host tells about a program that it has. */
export const programFields = {
  name: needed(0, "text", "For people; unique on the host."),
  program: needed(1, "id16", "The program's id."),
  epoch: needed(2, "u53", "The epoch at which the host has it."),
  status: needed(3, "text", "running, waiting, paused, moving, in doubt, ready (received, waits for COMMIT), moved."),
  steps: needed(4, "u53", "Steps run so far."),
  memory: needed(5, "u53", "Bytes that its live memory takes."),
  limit: needed(6, "u53", "Bytes that it may take."),
  time: needed(7, "u53", "Its own time, in milliseconds."),
  pid: needed(8, "u32", "The process that runs it."),
  host: needed(9, "text", "The host's name, for people."),
  moved: optional(10, "text", "Where it went or is going."),
} as const satisfies FieldTable;

/** Reasons of REFUSE and FAIL; commands choose their exit code by them. */
export const reasons = {
  version: "the peers have no version of the protocol in common",
  abi: "the program was made for another machine",
  core: "the program needs a core that the host lacks",
  epoch: "the offer's epoch was used before",
  full: "the host has no room for another program",
  memory: "the program may take more memory than the host gives to one",
  image: "the image is damaged or not fit to run",
  busy: "the program is on its way already, or another one has its id",
  scope: "the key does not allow it",
  unknown: "there is no such program, message or transaction",
  ambiguous: "the name fits several programs",
  phase: "that cannot be done with the program now",
  lost: "the other host was not reached, or was lost",
  refused: "the other host refused",
  needs: "the host lacks a function that the program needs",
  doubt: "it is in doubt where the program runs",
  failed: "the host failed to do it",
  snapshot: "the host cannot look into programs; who asks can look into a snapshot",
} as const;
export type Reason = keyof typeof reasons;

const program = needed(0, "id16", "The program's id.");
const epoch = needed(1, "u53", "The epoch at which the target owns it.");
const which = needed(0, "text", "Name or id of the program; empty for the only one.");

export const messages = {
  HELLO: message(1, "any", "The first message of each side; everything else waits for the other's. Both then speak the highest version that both know, or say REFUSE.", {
    lowest: needed(0, "u32", "The lowest protocol version spoken."),
    highest: needed(1, "u32", "The highest."),
    host: needed(2, "id16", "The sender's id, the same at every start; all zero for a command."),
    boot: needed(3, "id8", "An id of this start of the sender: what it remembers is no older."),
    name: needed(4, "text", "The sender's name, for people."),
    abi: needed(5, "u32", "Which machine's programs it runs."),
    software: needed(6, "text", "Which software it is, for people."),
    nonce: optional(7, "id16", "For links that authenticate by themselves."),
  }),
  PING: message(2, "any", "Says that the connection lives; the answer is a PING with `answer`.", {
    answer: needed(0, "bool", "It answers one."),
  }, SMALL, false),

  OFFER: message(3, "source", "Offers a program. The source still runs it. No memory is taken for it before ACCEPT.", {
    program: needed(0, "id16", "The program's id."),
    epoch: needed(1, "u53", "The epoch at which the target would own it."),
    name: needed(2, "text", "Its name, for people; a host that has the name in use tells the two apart."),
    abi: needed(3, "u32", "The machine it was made for."),
    core: needed(4, "hash", "The core its image refers to."),
    bytes: needed(5, "u53", "About how long the image will be: for progress, not to be believed."),
    limit: needed(6, "u53", "Bytes of memory that it may take."),
    functions: optional(7, "texts", "Functions of the host that it has called."),
    address: optional(8, "text", "Where the source can be asked later, if it can."),
    paused: optional(9, "bool", "A person has paused it, and it stays so."),
    needs: optional(10, "texts", "Functions of the host that it needs: `name version`, and where the source knows it the import that says so, `name version file:line:column`."),
    stack: optional(11, "u53", "Bytes of stack that it has had in use at most, as far as the source knows: for people who choose a limit."),
    dry: optional(12, "bool", "Only asks: the target answers ACCEPT or REFUSE as it would, keeps nothing, and no image follows. Hosts that do not know the field have another core and refuse."),
    proxied: optional(13, "texts", "Pins and buses that it has open and that stay at the source: `number kind`. A target that will ask the source for them says so in ACCEPT."),
  }),
  ACCEPT: message(4, "target", "Takes the offer; the source freezes the program and sends its image.", {
    credit: needed(0, "u53", "Bytes of CHUNKs that may be sent before CREDIT gives more."),
    name: needed(1, "text", "The name that the program will have at the target."),
    chunk: optional(2, "u32", "Bytes of an image that one CHUNK may bring, where the target has no room for CHUNKs as large as they may be."),
    proxied: optional(3, "bool", "The target will ask the source for what stays there; without this the source does not go on with such a move."),
    offers: optional(4, "texts", "To a dry offer: functions of the host that programs find here, `name version`."),
  }),
  REFUSE: message(5, "any", "Does not take an offer, an image, a protocol version.", {
    reason: needed(0, "text", "A word of the table of reasons."),
    text: needed(1, "text", "A sentence for people."),
    lowest: optional(2, "u32", "The protocol versions spoken, where they are the reason."),
    highest: optional(3, "u32", "The highest."),
    offers: optional(4, "texts", "To a dry offer: functions of the host that programs find here, `name version`."),
  }),
  NEED: message(6, "target", "Asks for parts of the core that the target lacks, before ACCEPT; a source that cannot give them says ABORT.", {
    modules: needed(0, "texts", "Hashes, in hexadecimal."),
  }),
  CHUNK: message(7, "any", "Bytes of an image, or of a command's answer.", {
    offset: needed(0, "u53", "Where they belong; they come in order."),
    bytes: needed(1, "bytes", "The bytes.", CHUNK_BYTES),
  }, LARGE),
  CREDIT: message(8, "target", "More bytes of CHUNKs may be sent.", {
    bytes: needed(0, "u53", "How many more."),
  }),
  END: message(9, "any", "Ends a round of CHUNKs. Round 0 is the whole image.", {
    round: needed(0, "u32", "The round's number."),
    bytes: needed(1, "u53", "How many bytes it had."),
  }),
  CUT: message(10, "source", "The program is frozen and everything of it has been sent.", {
    image: needed(0, "hash", "SHA-256 of the image."),
    steps: needed(1, "u53", "Steps that it had run."),
    outputs: needed(2, "u53", "Outputs that it had made: all of them have been delivered."),
  }),
  READY: message(11, "target", "The image is whole and verified, and can run. From now on the target asks and never decides by itself.", {
    image: needed(0, "hash", "SHA-256 of the image verified."),
  }),
  COMMIT: message(12, "source", "The program is the target's. Repeated until it is answered.", {
    epoch: needed(0, "u53", "The epoch at which the target owns it."),
  }),
  COMMITTED: message(13, "target", "The program runs at the target.", {
    name: needed(0, "text", "Its name there."),
  }),
  RELEASE: message(14, "source", "The source knows; the target need not remember the transaction.", {}),
  ABORT: message(15, "any", "The move came to nothing.", {
    reason: needed(0, "text", "A sentence for people."),
    epoch: optional(1, "u53", "From a source: the epoch at which it goes on. A target that runs the program at a lower one gives way."),
  }),
  QUERY: message(16, "any", "Asks what became of a transaction.", {}),
  STATE: message(17, "any", "Answers QUERY, and a message that does not fit the state of the transaction.", {
    phase: needed(0, "text", "unknown, offered, frozen, granted, left; receiving, ready, owner, discarded."),
    boot: needed(1, "id8", "The start of the host whose memory this is."),
    epoch: needed(2, "u53", "The program's epoch there; 0 if unknown."),
  }),
  MOVED: message(18, "any", "The program asked for went to another host.", {
    name: needed(0, "text", "Its name."),
    to: needed(1, "text", "Where it went."),
  }),

  LIST: message(32, "command", "Asks for the host's programs. Scope observe.", {}),
  PROGRAMS: message(33, "host", "Answers LIST.", {
    programs: needed(0, "programs", "One record each.", 1024),
  }, LARGE),
  PAUSE: message(34, "command", "Stops a program between two instructions, its time with it. Scope control.", { which }),
  RESUME: message(35, "command", "Lets it run on. Scope control.", { which }),
  STOP: message(36, "command", "Ends a program, or drops one that was received and waits. Scope control.", {
    which,
    force: optional(1, "bool", "Even if it is in doubt, and its image the only one."),
  }),
  SNAPSHOT: message(37, "command", "Asks for an image; the program goes on. Answered by CHUNKs and END. Scope inspect.", {
    which,
    debug: optional(1, "bool", "With names and line tables (default true)."),
  }),
  INSPECT: message(38, "command", "Asks what a program is doing. Answered by CHUNKs of text and END. Scope inspect.", {
    which,
    json: optional(1, "bool", "As JSON and not as text for people."),
  }),
  MIGRATE: message(39, "command", "Moves a program. Answered by PROGRESS and DONE or FAIL. Scope control.", {
    which,
    to: needed(1, "text", "host:port."),
    dry: optional(2, "bool", "Only asks whether the target would take it; the program runs on meanwhile."),
    io: optional(3, "text", "What becomes of the pins and buses that it has open: `reopen` (the usual) at the target, or `proxy`: they stay here and the target asks this host."),
    here: optional(4, "text", "Where the target can connect to this host, as the one who asks knows: a board has no address of its own."),
  }),
  PROGRESS: message(40, "host", "How far a MIGRATE is.", {
    phase: needed(0, "text", "connecting, offered, frozen, granted."),
    sent: needed(1, "u53", "Bytes of the image sent."),
    bytes: needed(2, "u53", "Its length, or about."),
  }, SMALL, false),
  RECOVER: message(41, "command", "Takes a program out of doubt: it runs here, at a higher epoch. Scope control.", { which }),
  DONE: message(42, "host", "The command is done.", {
    text: needed(0, "text", "A sentence for people."),
    name: optional(1, "text", "The program's name (there)."),
    bytes: optional(2, "u53", "MIGRATE: bytes of the image."),
    downtime: optional(3, "u53", "MIGRATE: microseconds in which the program ran nowhere."),
    to: optional(4, "text", "MIGRATE: the target's name."),
    count: optional(5, "u32", "How many there are now."),
    refused: optional(6, "text", "MIGRATE, dry: the target would not take it, for this reason of the table."),
    resources: optional(7, "texts", "MIGRATE, dry: what would become of each pin or bus that it has open: `proxied`, `re-opened` or `refused`, and which it is."),
  }),
  FAIL: message(43, "host", "The command failed.", {
    reason: needed(0, "text", "A word of the table of reasons."),
    text: needed(1, "text", "A sentence for people, with what to do."),
  }),
  KEY: message(44, "command", "Gives the host a key to know others by. Scope control.", {
    key: needed(0, "hash", "The key."),
    scopes: needed(1, "texts", "What its holders may do here."),
    name: needed(2, "text", "Whose it is, for people."),
  }),
  LOGS: message(45, "command", "Asks for the last lines that a program printed on this host, as far as it keeps them. Answered by CHUNKs of text and END. Scope inspect.", {
    which,
    lines: optional(1, "u32", "How many at most."),
  }),

  USE: message(46, "target", "Begins a conversation about what a program keeps open at the source of its move. Each operation is a CALL and its RESULT; FAIL says that nothing is granted, or not any more.", { program, epoch }),
  CALL: message(47, "target", "An operation on what is kept open. It is done only if it was granted to that program at that epoch and the number of the call is new.", {
    program,
    epoch,
    call: needed(2, "u53", "Counts the calls of this epoch, from 1."),
    resource: needed(3, "u32", "The program's number of the pin or bus."),
    operation: needed(4, "text", "facts, read, write, transfer, close."),
    number: optional(5, "u53", "What is written, or how much is read."),
    bytes: optional(6, "bytes", "What is written.", IO_BYTES),
  }, IO_BODY),
  RESULT: message(48, "source", "Answers a CALL.", {
    call: needed(0, "u53", "Which one."),
    code: needed(1, "text", "done; range, type, busy, absent, failed as the pin or bus says; epoch, resource, operation, repeated: it was not done, because it was not granted to that epoch, is not kept here, was not granted, or had come before."),
    text: optional(2, "text", "A sentence for people, unless it is done."),
    number: optional(3, "u53", "What was read."),
    bytes: optional(4, "bytes", "What was read.", IO_BYTES),
    facts: optional(5, "texts", "What the source chose where the program left it the choice: numbers."),
  }, IO_BODY),
  EVENT: message(49, "source", "Something happened to a pin or bus that is kept open. It is told again on the next connection unless HEARD has come for it.", {
    resource: needed(0, "u32", "The program's number of it."),
    event: needed(1, "text", "readable, writable, error."),
    count: needed(2, "u53", "How much can be read or written."),
    number: needed(3, "u53", "Counts the events of this epoch, from 1."),
  }),
  LET_GO: message(50, "target", "The program needs nothing more of what is kept open for it.", { program, epoch }),
  HEARD: message(51, "target", "The program has been told of events.", {
    number: needed(0, "u53", "Of all up to this one."),
  }),
} as const satisfies Readonly<Record<string, MessageSpec>>;

export type MessageName = keyof typeof messages;
export const messageNames = Object.keys(messages) as readonly MessageName[];

type KindValue = {
  u32: number; u53: number; bool: boolean; id8: Uint8Array; id16: Uint8Array; hash: Uint8Array; text: string; bytes: Uint8Array;
  texts: string[]; programs: ProgramFacts[];
};
type ValuesOf<F extends FieldTable> =
  { -readonly [N in keyof F as F[N]["required"] extends true ? N : never]: KindValue[F[N]["kind"]] } &
  { -readonly [N in keyof F as F[N]["required"] extends true ? never : N]?: KindValue[F[N]["kind"]] };
export type FieldValue = KindValue[FieldKind];
export type ProgramFacts = { name: string; program: Uint8Array; epoch: number; status: string; steps: number; memory: number; limit: number; time: number; pid: number; host: string; moved?: string };
/** The fields of a message. */
export type Fields<N extends MessageName> = ValuesOf<(typeof messages)[N]["fields"]>;

/** The table as text for people. */
export function messageText(): string {
  const lines: string[] = [];
  for (const name of messageNames) {
    const { number, sender, doc, fields, critical, limit }: MessageSpec = messages[name];
    lines.push(`${name} (${number}, from ${sender}${critical ? "" : ", may be ignored"}, body at most ${limit} bytes)`, `  ${doc}`);
    for (const [field, spec] of Object.entries(fields)) {
      lines.push(`    ${spec.key} ${field}: ${spec.kind}${spec.required ? "" : ", optional"}. ${spec.doc}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
