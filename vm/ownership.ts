// Who owns a program while it moves. Two state machines, source and target, as pure functions over plain data:
// (state, event) gives the next state and what to do. No sockets, clocks or files: a host feeds them what happened and
// carries out the actions, a test explores every interleaving of loss and crash, firmware can port them line by line.
//
//            migrate        accept         ready: record        committed
//   OWNER ───────────> OFFERED ──────> FROZEN ──────────> GRANTED ──────────> LEFT        the source
//     ^  refuse, lost,    │  lost, abort, │                  │ repeats COMMIT until answered,
//     └──── time-out ─────┴── time-out ───┘                  │ never decides by a time-out
//
//        offer            image whole and verified        COMMIT
//   (none) ──> RECEIVING ─────────────────────────> READY ───────> OWNER                  the target
//                 │ lost, time-out, unfit             │ asks (QUERY), never decides by a time-out
//                 └──────────> DISCARDED <────────────┘ ABORT, the source says "aborted", a person says so
//
// Why there are never two owners. The program runs at the source in OWNER and OFFERED, at the target in OWNER. The
// source sends COMMIT only after it recorded GRANTED, and leaves GRANTED only towards LEFT, or back to OWNER if the
// target swears that it discarded the image while it was READY, so that it will never run it. An epoch is used for one
// offer only, so a late message of an older transaction is recognised and a replayed offer is refused.
//
// What a person decides: `recover` takes a program out of doubt at a higher epoch. It is the one event after which two
// hosts may run the same program, if the lost one was not dead; hosts that hear of the higher epoch give way.

/** Ids are hexadecimal text here: programs and hosts 128 bits, transactions 64. */
export type Id = string;

/** A recovered program's epoch lies this far above the doubtful one, beyond what ordinary moves of the other may reach. */
export const RECOVERY_STEP = 0x10000;

/** How long, in milliseconds, a host waits for the peer before it feeds "timeout". */
export const PATIENCE = 15000;

function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`ownership: ${sentence}`);
}

/** A host and one start of it: what a host remembers is only as old as its boot. */
export interface Peer { host: Id; boot: Id }

// ---------------------------------------------------------------- the source

export type SourcePhase = "owner" | "offered" | "frozen" | "granted" | "left";

export interface Source {
  phase: SourcePhase;
  program: Id;
  /** The epoch at which this host owns the program; each offer takes the next. */
  epoch: number;
  /** The offer that is under way (OFFERED to LEFT). */
  transaction: Id | null;
  /** Who accepted it. */
  target: Peer | null;
  /** Hash of the sealed image, which is kept from FROZEN to LEFT. */
  image: string | null;
  /** In GRANTED: the target was lost or did not answer. */
  doubt: boolean;
}

export type SourceEvent =
  /** A person wants the program to move. */
  | { type: "migrate"; transaction: Id }
  /** Messages of the target. */
  | { type: "accept"; transaction: Id; peer: Peer }
  | { type: "refuse"; transaction: Id; reason: string }
  | { type: "ready"; transaction: Id; image: string }
  | { type: "committed"; transaction: Id }
  | { type: "abort"; transaction: Id; reason: string }
  | { type: "query"; transaction: Id }
  | { type: "state"; transaction: Id; phase: ToldPhase; boot: Id; epoch: number }
  /** The host froze the program and sealed its image. */
  | { type: "sealed"; image: string }
  /** The connection to the target ended; a new one stands; the peer did not answer in time. */
  | { type: "lost" }
  | { type: "connected" }
  | { type: "timeout" }
  /** A person's decisions. */
  | { type: "cancel" }
  | { type: "recover" };

/** What a host tells about a transaction when asked. */
export type ToldPhase =
  /** Nothing is known of it: never heard, forgotten, or the host was started anew. */ | "unknown"
  | "offered" | "frozen" | "granted" | "left"
  | "receiving" | "ready" | "owner" | "discarded";

export type SourceAction =
  | { type: "send"; message: "OFFER" | "COMMIT" | "RELEASE" | "QUERY"; transaction: Id }
  /** With the epoch at which this host goes on. */
  | { type: "send"; message: "ABORT"; transaction: Id; reason: string; epoch: number }
  | { type: "send"; message: "STATE"; transaction: Id; phase: ToldPhase }
  /** Stop the program between two instructions, seal its image, feed "sealed". */
  | { type: "freeze" }
  /** Send the sealed image: CHUNK …, END, CUT. */
  | { type: "transfer" }
  /** Let the program run on; the sealed image is dropped. */
  | { type: "resume" }
  /** Drop program and image: another host runs it. */
  | { type: "drop" }
  /** Connect to the target again and feed "connected"; go on trying. */
  | { type: "reconnect" }
  /** How the move ended, for people. */
  | { type: "report"; outcome: "moved" | "aborted" | "doubt" | "recovered" | "superseded" | "late"; reason: string };

/** A program that this host owns and runs. */
export function newSource(program: Id, epoch: number): Source {
  return { phase: "owner", program, epoch, transaction: null, target: null, image: null, doubt: false };
}

/** Does the program run here? */
export function sourceRuns(source: Source): boolean {
  return source.phase === "owner" || source.phase === "offered";
}
/** The epoch of the offer that is under way. */
export function offeredEpoch(source: Source): number {
  return source.epoch + 1;
}

/** Back to OWNER: the offer's epoch is used up. */
function takeBack(source: Source, epoch: number): Source {
  return { ...source, phase: "owner", epoch, transaction: null, target: null, image: null, doubt: false };
}

export function stepSource(source: Source, event: SourceEvent): [Source, SourceAction[]] {
  const { phase, transaction } = source;
  assert((transaction === null) === (phase === "owner"), `a transaction in phase ${phase}`);
  assert(source.image === null || phase === "frozen" || phase === "granted", `a sealed image in phase ${phase}`);
  if ("transaction" in event && event.type !== "migrate" && event.transaction !== transaction) return stale(source, event);
  switch (event.type) {
    case "migrate":
      if (phase !== "owner") return [source, [{ type: "report", outcome: "late", reason: "the program is on its way already" }]];
      return [{ ...source, phase: "offered", transaction: event.transaction }, [{ type: "send", message: "OFFER", transaction: event.transaction }]];
    case "accept":
      if (phase !== "offered") return [source, []];
      return [{ ...source, phase: "frozen", target: event.peer }, [{ type: "freeze" }]];
    case "sealed":
      assert(phase === "frozen" && source.image === null, "sealed once, while frozen");
      return [{ ...source, image: event.image }, [{ type: "transfer" }]];
    case "ready":
      if (phase === "granted") return [source, [commit(source)]];
      if (phase !== "frozen") return [source, []];
      if (event.image !== source.image) return abandon(source, "the target verified another image");
      return [{ ...source, phase: "granted" }, [commit({ ...source, phase: "granted" })]];
    case "committed":
      return phase === "granted" || phase === "left" ? leave(source) : [source, []];
    case "refuse":
    case "abort":
      // In GRANTED the target would say "discarded"; nothing less takes the word back.
      if (phase !== "offered" && phase !== "frozen") return [source, []];
      return [takeBack(source, offeredEpoch(source)), [{ type: "resume" }, { type: "report", outcome: "aborted", reason: event.reason }]];
    case "query":
      if (phase === "granted") return [source, [commit(source)]];
      assert(phase !== "owner", "a current transaction has a phase");
      return [source, [{ type: "send", message: "STATE", transaction: event.transaction, phase }]];
    case "state":
      return phase === "granted" ? granted(source, event.phase, event.boot) : [source, []];
    case "lost":
      if (phase === "granted") return doubt(source, "the connection was lost after COMMIT", [{ type: "reconnect" }]);
      return phase === "offered" || phase === "frozen" ? abandon(source, "the connection was lost") : [source, []];
    case "timeout":
      if (phase === "granted") return doubt(source, "the target does not answer", [commit(source)]);
      return phase === "offered" || phase === "frozen" ? abandon(source, "the target did not answer in time") : [source, []];
    case "connected":
      // After a restart the target may not know the transaction: the question tells, a COMMIT could not be answered.
      return phase === "granted" ? [source, [{ type: "send", message: "QUERY", transaction: transaction! }]] : [source, []];
    case "cancel":
      if (phase === "offered" || phase === "frozen") return abandon(source, "a person stopped the move");
      return [source, [{ type: "report", outcome: "late", reason: phase === "owner" ? "the program is not on its way" : "the target has the program's ownership" }]];
    case "recover":
      return phase === "granted" ? recover(source) : [source, [{ type: "report", outcome: "late", reason: "the program is not in doubt" }]];
  }
}

/** A message about a transaction that is not under way: whoever asks about it learns that it came to nothing. */
function stale(source: Source, event: SourceEvent & { transaction: Id }): [Source, SourceAction[]] {
  if (event.type === "query" || event.type === "ready" || event.type === "accept") {
    return [source, [{ type: "send", message: "ABORT", transaction: event.transaction, reason: "the source goes on with the program", epoch: source.epoch }]];
  }
  if (event.type === "state" && event.phase === "owner" && event.epoch > source.epoch && source.phase === "owner") {
    // Someone recovered the program over there, so it is no longer this host's.
    return [{ ...source, phase: "left", transaction: event.transaction },
      [{ type: "drop" }, { type: "report", outcome: "superseded", reason: "a person recovered the program at the target" }]];
  }
  return [source, []];
}
function recover(source: Source): [Source, SourceAction[]] {
  const epoch = offeredEpoch(source) + RECOVERY_STEP;
  const reason = "a person decided that the target's program is lost";
  return [takeBack(source, epoch), [
    { type: "resume" },
    { type: "send", message: "ABORT", transaction: source.transaction!, reason, epoch },
    { type: "report", outcome: "recovered", reason },
  ]];
}
function commit(source: Source): SourceAction {
  assert(source.phase === "granted", "COMMIT only after GRANTED is recorded");
  return { type: "send", message: "COMMIT", transaction: source.transaction! };
}
/** OFFERED or FROZEN: this host still owns the program, so it may go on by itself. */
function abandon(source: Source, reason: string): [Source, SourceAction[]] {
  assert(source.phase === "offered" || source.phase === "frozen", "only before GRANTED");
  return [takeBack(source, offeredEpoch(source)), [
    { type: "resume" },
    { type: "send", message: "ABORT", transaction: source.transaction!, reason, epoch: offeredEpoch(source) },
    { type: "report", outcome: "aborted", reason },
  ]];
}
function doubt(source: Source, reason: string, actions: SourceAction[]): [Source, SourceAction[]] {
  if (!source.doubt) actions.push({ type: "report", outcome: "doubt", reason });
  return [{ ...source, doubt: true }, actions];
}
function leave(source: Source): [Source, SourceAction[]] {
  const release: SourceAction = { type: "send", message: "RELEASE", transaction: source.transaction! };
  if (source.phase === "left") return [source, [release]];
  return [{ ...source, phase: "left", image: null, doubt: false }, [release, { type: "drop" }, { type: "report", outcome: "moved", reason: "" }]];
}
/** In GRANTED, what the target says about the transaction. */
function granted(source: Source, told: ToldPhase, boot: Id): [Source, SourceAction[]] {
  switch (told) {
    case "owner": case "left": return leave(source);
    case "ready": return [source, [commit(source)]];
    case "discarded":
      // It was READY in that very start of the host and will never run: the program is this host's again.
      if (boot !== source.target?.boot) return doubt(source, "the target was started anew", []);
      return [takeBack(source, offeredEpoch(source)), [{ type: "resume" }, { type: "report", outcome: "aborted", reason: "the target discarded the image" }]];
    default:
      // It may have run the program and ended since.
      return doubt(source, boot === source.target?.boot ? "the target has forgotten the move" : "the target was started anew", []);
  }
}

// ---------------------------------------------------------------- the target

export type TargetPhase = "receiving" | "ready" | "owner" | "discarded";

export interface Target {
  phase: TargetPhase;
  program: Id;
  /** The epoch at which the program will be owned here. */
  epoch: number;
  transaction: Id;
  source: Peer;
  /** Hash of the verified image, from READY on. */
  image: string | null;
  /** The source knows that the program is here, and will not ask again. */
  released: boolean;
}

export type TargetEvent =
  /** The image is whole and was verified; or it is not fit to run. */
  | { type: "verified"; image: string }
  | { type: "unfit"; reason: string }
  | { type: "commit" }
  | { type: "abort"; epoch: number }
  | { type: "release" }
  | { type: "query" }
  | { type: "state"; phase: ToldPhase }
  /** Another offer of the same program, made later, has been heard of. */
  | { type: "superseded"; epoch: number }
  | { type: "lost" }
  | { type: "connected" }
  | { type: "timeout" }
  /** A person's decisions. */
  | { type: "discard" }
  | { type: "recover" };

export type TargetAction =
  | { type: "send"; message: "ACCEPT" | "READY" | "COMMITTED" | "QUERY" }
  | { type: "send"; message: "REFUSE" | "ABORT"; reason: string }
  | { type: "send"; message: "STATE"; phase: ToldPhase }
  /** Run the program: it is owned here now. */
  | { type: "run" }
  /** Stop the program: it was taken over at a higher epoch. */
  | { type: "stop" }
  /** Drop what was received. */
  | { type: "drop" };

export interface Offer { program: Id; epoch: number; transaction: Id; source: Peer }

/** Takes an offer that the host is willing to take, unless its epoch has been used: `seen` is the highest epoch of the program that this host knows of (0: none). */
export function takeOffer(seen: number, offer: Offer): Target | undefined {
  if (offer.epoch <= seen) return undefined;
  return { phase: "receiving", ...offer, image: null, released: false };
}
export function targetRuns(target: Target): boolean {
  return target.phase === "owner";
}

export function stepTarget(target: Target, event: TargetEvent): [Target, TargetAction[]] {
  const { phase } = target;
  assert((target.image !== null) === (phase === "ready" || phase === "owner"), `an image verified in phase ${phase}`);
  const asks: TargetAction = { type: "send", message: "QUERY" };
  switch (event.type) {
    case "verified":
      if (phase !== "receiving") return [target, []];
      return [{ ...target, phase: "ready", image: event.image }, [{ type: "send", message: "READY" }]];
    case "unfit":
      if (phase !== "receiving") return [target, []];
      return discard(target, [{ type: "send", message: "REFUSE", reason: event.reason }]);
    case "commit":
      if (phase === "ready") return [{ ...target, phase: "owner" }, [{ type: "run" }, { type: "send", message: "COMMITTED" }]];
      if (phase === "owner") return [target, [{ type: "send", message: "COMMITTED" }]];
      // COMMIT before READY is a source that does not follow the protocol; nothing runs that was not verified.
      return phase === "receiving" ? discard(target, [{ type: "send", message: "ABORT", reason: "COMMIT came before READY" }]) : [target, [tellState(target)]];
    case "abort":
      if (phase === "owner") return event.epoch > target.epoch ? giveWay(target) : [target, [tellState(target)]];
      return phase === "discarded" ? [target, []] : discard(target, []);
    case "release":
      return [phase === "owner" ? { ...target, released: true } : target, []];
    case "query":
      return [target, [tellState(target)]];
    case "state":
      // "unknown" is a source that was started anew: the program may be lost there, or go on from a record. Only COMMIT
      // lets it run here, only ABORT or a person lets go of it.
      return [target, []];
    case "superseded":
      if (event.epoch <= target.epoch) return [target, []];
      if (phase === "owner") return giveWay(target);
      return phase === "discarded" ? [target, []] : discard(target, []);
    case "lost":
      return phase === "receiving" ? discard(target, []) : [target, []];
    case "timeout":
      if (phase === "receiving") return discard(target, [{ type: "send", message: "ABORT", reason: "the image did not come in time" }]);
      return [target, phase === "ready" ? [asks] : []];
    case "connected":
      return [target, phase === "ready" ? [asks] : []];
    case "discard":
      return phase === "receiving" || phase === "ready" ? discard(target, [{ type: "send", message: "ABORT", reason: "a person stopped the move" }]) : [target, []];
    case "recover":
      return phase === "ready" ? [{ ...target, phase: "owner", epoch: target.epoch + RECOVERY_STEP }, [{ type: "run" }]] : [target, []];
  }
}
function tellState(target: Target): TargetAction {
  return { type: "send", message: "STATE", phase: target.phase };
}
/** A person recovered the program elsewhere. */
function giveWay(target: Target): [Target, TargetAction[]] {
  return [{ ...target, phase: "discarded", image: null }, [{ type: "stop" }, { type: "drop" }]];
}
function discard(target: Target, actions: TargetAction[]): [Target, TargetAction[]] {
  return [{ ...target, phase: "discarded", image: null }, [...actions, { type: "drop" }]];
}
