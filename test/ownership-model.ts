// A world of one source, some targets and the connections between them, as plain data: what the tests of ownership
// explore. The state machines under test are vm/ownership.ts; this file is the rest of a host and the network, with
// everything that can go wrong as an explicit move. Worlds are values: every move gives a new one.
//
// A connection is up or down and has a queue in each direction. Cutting it leaves what is under way in the queues,
// followed by LOST: each message may yet arrive, or be dropped together with all behind it. Each side learns of the
// loss when it gets to LOST. A new connection stands only when both have.

import {
  newSource, sourceRuns, stepSource, stepTarget, takeOffer, targetRuns, type Offer, type Source, type SourceEvent,
  type Target, type TargetEvent, type ToldPhase,
} from "../vm/ownership.js";

export interface Message { name: string; transaction: string; epoch?: number; phase?: ToldPhase; boot?: string; image?: string; reason?: string }
export interface Line { up: boolean; toTarget: Message[]; toSource: Message[] }
export interface TargetHost { boot: number; alive: boolean; records: Record<string, Target>; seen: number }
export interface World {
  source: Source | null;
  /** Which target each transaction was offered to. */
  offeredTo: Record<string, number>;
  targets: TargetHost[];
  lines: Line[];
  /** Whoever the program was stopped at because of a higher epoch no longer runs it. */
  stopped: string[];
  transactions: number;
}

/** Called before a message is put on a line; false: it is not sent (the sender was killed, the line cut). */
export type Tap = (world: World, to: "source" | "target", message: Message) => boolean;

const LOST: Message = { name: "LOST", transaction: "" };

export function newWorld(targets: number): World {
  return {
    source: newSource("program", 1), offeredTo: {}, stopped: [], transactions: 0,
    targets: Array.from({ length: targets }, () => ({ boot: 1, alive: true, records: {}, seen: 0 })),
    lines: Array.from({ length: targets }, () => ({ up: true, toTarget: [], toSource: [] })),
  };
}

export class Model {
  constructor(public world: World, private readonly tap: Tap = () => true) {}

  copy(): Model {
    return new Model(structuredClone(this.world));
  }
  key(): string {
    return JSON.stringify(this.world);
  }

  private send(index: number, to: "source" | "target", message: Message): void {
    if (!this.tap(this.world, to, message)) return;
    const line = this.world.lines[index]!;
    if (line.up) (to === "target" ? line.toTarget : line.toSource).push(message);
  }

  // ---------------------------------------------------------------- the source's host

  feedSource(event: SourceEvent): void {
    const { world } = this;
    if (world.source === null) return;
    const [next, actions] = stepSource(world.source, event);
    world.source = next;
    for (const action of actions) {
      if (world.source === null) return;
      switch (action.type) {
        case "send": {
          const index = world.offeredTo[action.transaction];
          if (index === undefined) break;
          if (action.message === "OFFER") this.send(index, "target", { name: "OFFER", transaction: action.transaction, epoch: world.source.epoch + 1 });
          else if (action.message === "ABORT") this.send(index, "target", { name: "ABORT", transaction: action.transaction, epoch: action.epoch });
          else if (action.message === "STATE") this.send(index, "target", { name: "STATE", transaction: action.transaction, phase: action.phase });
          else this.send(index, "target", { name: action.message, transaction: action.transaction });
          break;
        }
        case "freeze":
          this.feedSource({ type: "sealed", image: "image" });
          break;
        case "transfer": {
          const transaction = world.source.transaction!;
          for (const name of ["CHUNK", "END", "CUT"]) this.send(world.offeredTo[transaction]!, "target", { name, transaction });
          break;
        }
      }
    }
  }

  migrate(index: number): void {
    const transaction = `t${++this.world.transactions}`;
    this.world.offeredTo[transaction] = index;
    this.feedSource({ type: "migrate", transaction });
  }

  /** The source's move goes to this target now. */
  private current(index: number): boolean {
    const transaction = this.world.source?.transaction;
    return transaction != null && this.world.offeredTo[transaction] === index;
  }

  private sourceReceives(index: number, message: Message): void {
    const { transaction, reason = "" } = message;
    const peer = { host: `target${index}`, boot: String(this.world.targets[index]!.boot) };
    switch (message.name) {
      case "LOST": if (this.current(index)) this.feedSource({ type: "lost" }); break;
      case "ACCEPT": this.feedSource({ type: "accept", transaction, peer: { ...peer, boot: message.boot! } }); break;
      case "REFUSE": this.feedSource({ type: "refuse", transaction, reason }); break;
      case "READY": this.feedSource({ type: "ready", transaction, image: message.image! }); break;
      case "COMMITTED": this.feedSource({ type: "committed", transaction }); break;
      case "ABORT": this.feedSource({ type: "abort", transaction, reason }); break;
      case "QUERY": this.feedSource({ type: "query", transaction }); break;
      case "STATE": this.feedSource({ type: "state", transaction, phase: message.phase!, boot: message.boot!, epoch: message.epoch! }); break;
    }
  }

  // ---------------------------------------------------------------- a target's host

  feedTarget(index: number, transaction: string, event: TargetEvent): void {
    const host = this.world.targets[index]!;
    const record = host.records[transaction];
    if (record === undefined) return;
    const [next, actions] = stepTarget(record, event);
    host.records[transaction] = next;
    const boot = String(host.boot);
    for (const action of actions) {
      if (!host.alive) return;
      if (action.type !== "send") continue;
      if (action.message === "STATE") this.send(index, "source", { name: "STATE", transaction, phase: action.phase, boot, epoch: next.epoch });
      else if (action.message === "READY") this.send(index, "source", { name: "READY", transaction, image: next.image! });
      else this.send(index, "source", { name: action.message, transaction });
    }
  }

  private targetReceives(index: number, message: Message): void {
    const host = this.world.targets[index]!;
    const { transaction } = message;
    const boot = String(host.boot);
    if (message.name === "LOST") {
      for (const id of Object.keys(host.records)) this.feedTarget(index, id, { type: "lost" });
      return;
    }
    if (message.name === "OFFER") {
      const offer: Offer = { program: "program", epoch: message.epoch!, transaction, source: { host: "source", boot: "1" } };
      const record = takeOffer(host.seen, offer);
      if (record === undefined) return this.send(index, "source", { name: "REFUSE", transaction, reason: "epoch" });
      for (const id of Object.keys(host.records)) this.feedTarget(index, id, { type: "superseded", epoch: offer.epoch });
      host.seen = offer.epoch;
      host.records[transaction] = record;
      return this.send(index, "source", { name: "ACCEPT", transaction, boot });
    }
    if (message.name === "HELLO") return this.send(index, "source", { name: "HELLO", transaction: "" });
    if (host.records[transaction] === undefined) {
      if (message.name === "QUERY" || message.name === "COMMIT") this.send(index, "source", { name: "STATE", transaction, phase: "unknown", boot, epoch: 0 });
      return;
    }
    switch (message.name) {
      case "CUT": this.feedTarget(index, transaction, { type: "verified", image: "image" }); break;
      case "COMMIT": this.feedTarget(index, transaction, { type: "commit" }); break;
      case "RELEASE": this.feedTarget(index, transaction, { type: "release" }); break;
      case "ABORT": this.feedTarget(index, transaction, { type: "abort", epoch: message.epoch! }); break;
      case "QUERY": this.feedTarget(index, transaction, { type: "query" }); break;
      case "STATE": this.feedTarget(index, transaction, { type: "state", phase: message.phase! }); break;
    }
  }

  // ---------------------------------------------------------------- the network and the faults

  /** Delivers the oldest message of a queue. */
  deliver(index: number, to: "source" | "target"): void {
    const line = this.world.lines[index]!;
    const message = (to === "target" ? line.toTarget : line.toSource).shift()!;
    if (to === "source") this.sourceReceives(index, message);
    else if (this.world.targets[index]!.alive) this.targetReceives(index, message);
  }
  /** The connection breaks; what is under way may yet arrive. */
  cut(index: number): void {
    const line = this.world.lines[index]!;
    if (!line.up) return;
    line.up = false;
    line.toSource.push(LOST);
    line.toTarget.push(LOST);
  }
  /** What is under way behind a cut does not arrive. */
  drop(index: number, to: "source" | "target"): void {
    const line = this.world.lines[index]!;
    if (to === "target") line.toTarget = [LOST];
    else line.toSource = [LOST];
  }
  connect(index: number): void {
    const line = this.world.lines[index]!;
    if (line.up || line.toSource.length + line.toTarget.length > 0 || this.world.source === null || !this.world.targets[index]!.alive) return;
    line.up = true;
    if (this.current(index)) this.feedSource({ type: "connected" });
    for (const id of Object.keys(this.world.targets[index]!.records)) this.feedTarget(index, id, { type: "connected" });
  }
  killSource(): void {
    this.world.source = null;
    this.world.lines.forEach((line, index) => { this.cut(index); line.toSource = []; });
  }
  killTarget(index: number): void {
    this.cut(index);
    this.world.lines[index]!.toTarget = [];
    const host = this.world.targets[index]!;
    host.alive = false;
    host.records = {};
    host.seen = 0;
  }
  startTarget(index: number): void {
    const host = this.world.targets[index]!;
    host.alive = true;
    host.boot++;
  }

  /** The hosts that run the program now. */
  runners(): string[] {
    const list: string[] = [];
    if (this.world.source !== null && sourceRuns(this.world.source)) list.push("source");
    this.world.targets.forEach((host, index) => {
      for (const record of Object.values(host.records)) if (targetRuns(record)) list.push(`target${index}`);
    });
    return list;
  }

  /** No more faults: every queue empties, lines come back, patience runs out where someone waits. */
  settle(): void {
    for (let round = 0; round < 12; round++) {
      for (let index = 0; index < this.world.lines.length; index++) {
        const line = this.world.lines[index]!;
        while (line.toSource.length + line.toTarget.length > 0) {
          if (line.toTarget.length > 0) this.deliver(index, "target");
          if (line.toSource.length > 0) this.deliver(index, "source");
        }
        this.connect(index);
      }
      if (this.world.lines.some((line) => line.toSource.length + line.toTarget.length > 0)) continue;
      const source = this.world.source;
      if (source !== null && source.phase !== "owner" && source.phase !== "left") this.feedSource({ type: "timeout" });
      this.world.targets.forEach((host, index) => {
        for (const [id, record] of Object.entries(host.records)) {
          if (record.phase === "receiving" || record.phase === "ready") this.feedTarget(index, id, { type: "timeout" });
        }
      });
    }
  }
}

/** What may happen while worlds are explored. */
export interface Budget { moves: number; cuts: number; timeouts: number; sourceCrashes: number; targetCrashes: number; cancels: number; discards: number; recoveries: number }
export const NOTHING: Budget = { moves: 0, cuts: 0, timeouts: 0, sourceCrashes: 0, targetCrashes: 0, cancels: 0, discards: 0, recoveries: 0 };

/** Visits every world that can come from a fresh one within the budget. */
export function explore(targets: number, budget: Budget, visit: (model: Model, left: Budget) => void): number {
  const seen = new Set<string>();
  const pending: [Model, Budget][] = [[new Model(newWorld(targets)), budget]];
  while (pending.length > 0) {
    const [model, left] = pending.pop()!;
    const key = model.key() + JSON.stringify(left);
    if (seen.has(key)) continue;
    seen.add(key);
    visit(model.copy(), left);
    const { world } = model;
    const go = (spent: Partial<Budget>, move: (next: Model) => void): void => {
      const rest = { ...left };
      for (const name of Object.keys(spent) as (keyof Budget)[]) if (--rest[name] < 0) return;
      const next = model.copy();
      move(next);
      pending.push([next, rest]);
    };
    for (let i = 0; i < targets; i++) {
      const line = world.lines[i]!;
      if (line.toTarget.length > 0) go({}, (next) => next.deliver(i, "target"));
      if (line.toSource.length > 0) go({}, (next) => next.deliver(i, "source"));
      if (!line.up && line.toTarget.length > 1) go({}, (next) => next.drop(i, "target"));
      if (!line.up && line.toSource.length > 1) go({}, (next) => next.drop(i, "source"));
      if (line.up) go({ cuts: 1 }, (next) => next.cut(i));
      else go({}, (next) => next.connect(i));
      if (world.source?.phase === "owner") go({ moves: 1 }, (next) => next.migrate(i));
      if (world.targets[i]!.alive) {
        go({ targetCrashes: 1 }, (next) => next.killTarget(i));
        for (const id of Object.keys(world.targets[i]!.records)) {
          go({ timeouts: 1 }, (next) => next.feedTarget(i, id, { type: "timeout" }));
          go({ discards: 1 }, (next) => next.feedTarget(i, id, { type: "discard" }));
        }
      } else {
        go({}, (next) => next.startTarget(i));
      }
    }
    if (world.source !== null) {
      go({ timeouts: 1 }, (next) => next.feedSource({ type: "timeout" }));
      go({ cancels: 1 }, (next) => next.feedSource({ type: "cancel" }));
      go({ recoveries: 1 }, (next) => next.feedSource({ type: "recover" }));
      go({ sourceCrashes: 1 }, (next) => next.killSource());
    }
  }
  return seen.size;
}
