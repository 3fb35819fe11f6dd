// The programs of one process and what others may do with them: answers commands, sends programs away (migrate.ts), takes
// them in (receive.ts). `mvm run` has a host with one program that takes none in; `mvm serve` one that does.
//
// Everything here happens between slices of the programs, on one thread, so no state is ever seen half changed.

import { fromHex, toHex, type AnyFrame, type Fields, type Frame, type ProgramFacts, type Reason } from "../wire.js";
import { newSource, type Source } from "../ownership.js";
import { toUtf8 } from "../wire-pack.js";
import type { IoProvider } from "./io.js";
import { IoKeeper, ioMoves, type IoMove } from "./io-keep.js";
import { Conversation, Link, type LinkOptions } from "./link.js";
import type { Departure } from "./migrate.js";
import type { Output } from "./output.js";
import type { Platform } from "./platform.js";
import type { Program } from "./program.js";
import type { Arrival } from "./receive.js";
import type { Runner } from "./runner.js";
import { parseScopes, scopes, type Scope } from "./scopes.js";
import { oneLine, Trouble } from "./trouble.js";
import { takeImage } from "./take-image.js";
import { sendBytes } from "./transfer.js";

/** A program of this host. */
export interface Resident {
  name: string;
  runner: Runner;
  program: Program;
  output: Output;
  /** A person paused it. */
  paused: boolean;
  source: Source;
  departure: Departure | undefined;
}

/** How a program left this process. */
export type Leaving = { kind: "moved"; to: string; name: string } | { kind: "stopped" } | { kind: "superseded" };

export interface HostOptions {
  platform: Platform;
  /** Takes programs in; what it gives to each. */
  receives?: Receiving;
  /** A program left by other means than its own end. */
  left(resident: Resident, leaving: Leaving): void;
  /** Something that people should know. */
  note(line: string): void;
  /** Remembers a key to know others by, where this host can: its id, and how many there are now. */
  importKey?: (key: Uint8Array, allowed: readonly Scope[], name: string) => { id: string; count: number };
}
export interface Receiving {
  /** Bytes of memory that a program may have. */
  memoryMax: number;
  programsMax: number;
  /** Pins and buses that programs find here, where there are any. */
  io: IoProvider | undefined;
  /** Makes the program that has arrived run here. */
  adopt(arrival: Arrival, name: string): Resident;
}

const NAME_MAX = 100;
/** Programs that left are remembered by name, so commands can say where they went. */
const REMEMBERED = 1000;

function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value!);
}

/** A command that cannot be done: the word and the sentence of FAIL. */
class Failure extends Error {
  constructor(readonly reason: Reason, text: string) { super(text); }
}

export class Host {
  readonly residents: Resident[] = [];
  /** Moves by transaction. */
  readonly departures = new Map<string, Departure>();
  /** Moves that came to nothing, and the epoch at which the program went on here: a target may yet ask. */
  private readonly aborted = new Map<string, number>();
  readonly arrivals = new Map<string, Arrival>();
  /** The highest epoch heard of, by program. */
  readonly seen = new Map<string, number>();
  private readonly moved = new Map<string, string>();
  readonly links = new Set<Link>();

  readonly platform: Platform;
  /** Pins and buses that programs use from afar. */
  readonly keeper: IoKeeper = new IoKeeper(this);

  constructor(readonly options: HostOptions) {
    this.platform = options.platform;
  }

  // ---------------------------------------------------------------- programs

  add(name: string, runner: Runner, output: Output): Resident {
    const { program } = runner;
    const id = toHex(program.identity.program);
    const resident: Resident = { name, runner, program, output, paused: false, source: newSource(id, program.identity.epoch), departure: undefined };
    this.residents.push(resident);
    this.hear(id, program.identity.epoch);
    return resident;
  }
  remove(resident: Resident): void {
    const at = this.residents.indexOf(resident);
    if (at >= 0) this.residents.splice(at, 1);
  }
  /** Notes that an epoch of a program is used. */
  hear(program: string, epoch: number): void {
    remember(this.seen, program, Math.max(epoch, this.seen.get(program) ?? 0));
  }
  /** It left, and does not come back by itself. */
  leave(resident: Resident, leaving: Leaving): void {
    resident.runner.dispose();
    this.remove(resident);
    if (leaving.kind === "moved") remember(this.moved, resident.name, leaving.to);
    this.options.left(resident, leaving);
  }
  /** A move from here is over: its target has the program, or the program goes on here. */
  settled(transaction: string, source: Source): void {
    this.departures.delete(transaction);
    if (source.phase === "owner") remember(this.aborted, transaction, source.epoch);
    this.hear(source.program, source.epoch);
  }
  isNameFree(name: string): boolean {
    return !this.residents.some((one) => one.name === name) && ![...this.arrivals.values()].some((one) => one.isActive && one.name === name);
  }
  /** The name, fit for a terminal, or the name with a number that tells it apart. */
  freeName(wanted: string): string {
    const name = oneLine(wanted).trim().slice(0, NAME_MAX) || "program";
    if (this.isNameFree(name)) return name;
    for (let number = 2; ; number++) if (this.isNameFree(`${name}-${number}`)) return `${name}-${number}`;
  }

  /** The program of a name or of the beginning of an id; "": the only one. */
  private find(which: string): Resident | Arrival {
    const waiting = [...this.arrivals.values()].filter((one) => one.record.phase === "ready");
    const all = [...this.residents, ...waiting];
    const named = all.filter((one) => one.name === which);
    const fits = which === "" ? all : named.length > 0 ? named : all.filter((one) => which.length >= 4 && idOf(one).startsWith(which));
    if (fits.length === 1) return fits[0]!;
    if (fits.length > 1) throw new Failure("ambiguous", `${fits.length} programs fit: ${fits.map((one) => one.name).join(", ")}; say which`);
    const to = this.moved.get(which);
    throw new Failure("unknown", to === undefined ? `there is no program '${which}' here` : `${which} has moved to ${to}`);
  }
  private resident(which: string): Resident {
    const found = this.find(which);
    if ("runner" in found) return found;
    throw new Failure("phase", `${found.name} was received from ${found.from} and waits for its word that it may run; if that host is lost: mvm recover ${found.name} --force`);
  }

  facts(): ProgramFacts[] {
    const list: ProgramFacts[] = this.residents.map((one) => ({
      name: one.name, program: one.program.identity.program, epoch: one.source.epoch, status: statusOf(one), steps: one.program.machine.steps,
      memory: one.program.memoryBytes, limit: one.program.memoryLimit, time: Math.floor(one.program.now() / 1000), pid: this.platform.processId, host: this.platform.hostName(),
      ...one.departure !== undefined && { moved: one.departure.place },
    }));
    for (const one of this.arrivals.values()) {
      if (one.record.phase !== "ready") continue;
      list.push({ name: one.name, program: fromHex(one.record.program), epoch: one.record.epoch, status: "ready", steps: one.steps, memory: one.received, limit: one.memoryLimit, time: 0, pid: this.platform.processId, host: this.platform.hostName(), moved: `from ${one.from}` });
    }
    return list;
  }

  // ---------------------------------------------------------------- links

  /** A connection to this process, or from it to another host. */
  link(options: Omit<LinkOptions, "platform" | "asked" | "asHost" | "failed">): Link {
    const link: Link = new Link({
      ...options, platform: this.platform, asHost: true,
      asked: (conversation, frame) => this.asked(conversation, frame),
      failed: (error) => this.fault(error),
      closed: () => {
        this.links.delete(link);
        this.keeper.linkClosed(link);
        options.closed?.();
      },
    });
    this.links.add(link);
    link.ready.then(() => {
      // Whatever waits for word from that very start of that host asks now.
      for (const arrival of this.arrivals.values()) arrival.meet(link);
      this.keeper.linkOpened(link);
    }, () => {}).catch((error: unknown) => this.fault(error));
    return link;
  }

  private asked(conversation: Conversation, frame: AnyFrame): void {
    this.serve(conversation, frame).catch((error: unknown) => {
      if (error instanceof Failure) return conversation.fail(error.reason, error.message);
      if (error instanceof Trouble) return conversation.fail("failed", error.line);
      conversation.fail("failed", `a fault of mvm's own: ${error instanceof Error ? error.message : String(error)}`);
      this.fault(error);
    });
  }
  /** A fault of ours costs what it happened in, not the host's programs. */
  fault(error: unknown): void {
    this.options.note(`a fault of mvm's own: ${error instanceof Error ? error.stack : String(error)}`);
  }

  private async serve(conversation: Conversation, frame: AnyFrame): Promise<void> {
    const need = (scope: Scope): void => {
      if (!conversation.link.may(scope)) throw new Failure("scope", `your key does not allow that here (scope ${scope})`);
    };
    const done = (text: string, more: Partial<Fields<"DONE">> = {}): void => {
      conversation.send("DONE", { text, ...more });
      conversation.close();
    };
    switch (frame.name) {
      case "LIST":
        need("observe");
        conversation.send("PROGRAMS", { programs: this.facts() });
        return conversation.close();
      case "PAUSE": need("control"); return this.pause(this.resident(frame.fields.which), done);
      case "RESUME": need("control"); return this.resume(this.resident(frame.fields.which), done);
      case "STOP": need("control"); return this.stop(this.find(frame.fields.which), frame.fields.force === true, done);
      case "SNAPSHOT":
        need("inspect");
        await sendBytes(conversation, takeImage(this.resident(frame.fields.which).program, this.platform.digest, frame.fields.debug));
        return conversation.close();
      case "INSPECT": {
        need("inspect");
        const resident = this.resident(frame.fields.which);
        const { inspectionText } = await import("../inspect.js");
        await sendBytes(conversation, toUtf8(inspectionText(resident.program.machine, frame.fields.json === true)));
        return conversation.close();
      }
      case "LOGS":
        need("inspect");
        await sendBytes(conversation, toUtf8(this.resident(frame.fields.which).output.log.last(frame.fields.lines)));
        return conversation.close();
      case "MIGRATE": need("control"); return this.migrate(conversation, frame);
      case "RECOVER": need("control"); return this.recover(this.find(frame.fields.which), done);
      case "KEY": {
        // Whoever gives out rights has them all.
        for (const scope of scopes) need(scope);
        if (this.options.importKey === undefined) throw new Failure("failed", "this host keeps no keys of others");
        const allowed = parseScopes(frame.fields.scopes.join(","));
        const { id, count } = this.options.importKey(frame.fields.key, allowed, frame.fields.name);
        return done(`key ${id} may ${allowed.join(", ")} here`, { count });
      }
      case "OFFER": {
        const { receiveOffer } = await import("./receive.js");
        return receiveOffer(this, conversation, frame);
      }
      case "USE":
        need("receive");
        return this.keeper.use(conversation, frame, toHex(frame.fields.program));
      default: return this.transaction(conversation, frame);
    }
  }

  /** A message about a move whose conversation is not this one: the peer connected anew. */
  private transaction(conversation: Conversation, frame: AnyFrame): void {
    const arrival = this.arrivals.get(frame.transaction);
    if (arrival !== undefined && conversation.link.may("receive")) return arrival.attach(conversation, frame);
    const departure = this.departures.get(frame.transaction);
    if (departure !== undefined) return departure.take(conversation, frame);
    const epoch = this.aborted.get(frame.transaction);
    if (epoch !== undefined) conversation.send("ABORT", { reason: "the source went on with the program", epoch });
    else if (frame.name === "QUERY" || frame.name === "COMMIT") conversation.send("STATE", { phase: "unknown", boot: fromHex(this.platform.bootId), epoch: 0 });
    conversation.close();
  }

  // ---------------------------------------------------------------- commands

  private pause(resident: Resident, done: (text: string) => void): void {
    if (resident.paused) return done(`${resident.name} was paused already`);
    if (resident.departure !== undefined) throw new Failure("phase", `${resident.name} is moving to ${resident.departure.place}; wait, or stop the move`);
    resident.paused = true;
    resident.runner.hold();
    done(`${resident.name} is paused at step ${resident.program.machine.steps}`);
  }
  private resume(resident: Resident, done: (text: string) => void): void {
    if (!resident.paused) {
      if (resident.source.phase === "granted") throw new Failure("phase", `${resident.name} is in doubt; if ${resident.departure?.place} is lost: mvm recover ${resident.name} --force`);
      return done(`${resident.name} was not paused`);
    }
    resident.paused = false;
    resident.runner.release();
    done(`${resident.name} goes on`);
  }
  private stop(found: Resident | Arrival, force: boolean, done: (text: string) => void): void {
    if (!("runner" in found)) {
      if (!force) throw new Failure("doubt", `${found.name} was received from ${found.from} and waits; its image here may be the only one: mvm stop ${found.name} --force drops it`);
      found.feed({ type: "discard" });
      return done(`the image of ${found.name} was dropped`);
    }
    if (found.source.phase === "granted" && !force) {
      throw new Failure("doubt", `${found.name} is in doubt; its image here may be the only one: mvm stop ${found.name} --force drops it`);
    }
    if (found.source.phase !== "granted" && found.departure !== undefined) {
      // The move ends, the program goes on; asked again, it ends too.
      found.departure.feed({ type: "cancel" });
      return done(`the move of ${found.name} was stopped, the program goes on here`);
    }
    found.departure?.giveUp();
    this.leave(found, { kind: "stopped" });
    done(`${found.name} was stopped`);
  }
  private recover(found: Resident | Arrival, done: (text: string, more?: Partial<Fields<"DONE">>) => void): void {
    if (!("runner" in found)) {
      found.feed({ type: "recover" });
      return done(`${found.name} runs here, at epoch ${found.record.epoch}`, { name: found.name });
    }
    if (found.source.phase !== "granted" || found.departure === undefined) throw new Failure("phase", `${found.name} is not in doubt: it is ${statusOf(found)} here`);
    found.departure.feed({ type: "recover" });
    done(`${found.name} runs here, at epoch ${found.source.epoch}`, { name: found.name });
  }

  /** Would that host take it? */
  private async askAbout(conversation: Conversation, resident: Resident, to: string, io: IoMove): Promise<void> {
    const { askTarget } = await import("./offer.js");
    const asked = await askTarget(this, resident, to, io).catch((error: unknown) => {
      if (error instanceof Trouble) throw new Failure("lost", error.line);
      throw error;
    });
    if (asked.kind === "refused") conversation.send("DONE", { text: `${resident.name} cannot move to ${to}: ${asked.text}`.slice(0, 1000), refused: asked.reason, to, resources: asked.resources });
    else conversation.send("DONE", { text: `${asked.to} would take ${resident.name}`, name: asked.name, to: asked.to, resources: asked.resources });
    conversation.close();
  }
  private async migrate(conversation: Conversation, frame: Frame<"MIGRATE">): Promise<void> {
    const { which, to, dry, here } = frame.fields;
    const resident = this.resident(which);
    const io = ioMoves.find((one) => one === (frame.fields.io ?? "reopen"));
    if (io === undefined) throw new Failure("failed", `pins and buses cannot be moved by '${frame.fields.io}' here: ${ioMoves.join(" or ")}`);
    if (resident.departure !== undefined) throw new Failure("busy", `${resident.name} is on its way to ${resident.departure.place} already`);
    if (dry === true) return this.askAbout(conversation, resident, to, io);
    const { depart } = await import("./migrate.js");
    const result = await depart(this, resident, { to, io, here }, (phase, sent, bytes) => conversation.send("PROGRESS", { phase, sent, bytes }));
    if (result.kind === "failed") throw new Failure(result.reason, result.text);
    conversation.send("DONE", { text: `${resident.name} runs at ${result.to}`, name: result.name, bytes: result.bytes, downtime: result.downtime, to: result.to });
    conversation.close();
  }
}

function idOf(one: Resident | Arrival): string {
  return "runner" in one ? one.source.program : one.record.program;
}
export function statusOf(one: Resident): string {
  if (one.source.phase === "granted") return one.source.doubt ? "in doubt" : "moving";
  if (one.departure !== undefined) return "moving";
  return one.paused ? "paused" : one.runner.waiting ? "waiting" : "running";
}
