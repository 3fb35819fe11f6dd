// Moves over faulty byte links in virtual time: two hosts (serial-host.ts), each with a line on which the other may connect to
// it. The lines lose, double, flip and delay packets and break bytes, are pulled out for longer than anyone's patience, and
// hosts are reset, all drawn from a seed and most often while the ownership passes. test/c/serialsim.c is the same with the
// hosts of hosts/c; here either end of a line may be the byte link in C.
//
// Always: at most one host runs the program; its lines come once and in order; a move ends at the target or where it began,
// the latter only where a cable was out or a host reset.
// After a reset the program is lost only if it was there alone; a survivor in doubt, or with a program that was ready, is
// told by a person that the other is lost, and goes on from what it has, which may be an earlier moment.

import { SimHost, SimLink, type Watcher } from "./serial-host.js";
import { FaultyLine, FAULTS, type End, type EndOptions } from "./serial-support.js";
import { Random } from "./support/random.js";

export interface Counts { moves: number; moved: number; failed: number; pulled: number; resets: number; lost: number; recovered: number; packets: number; virtualHours: number }
export type MakeEnd = (options: EndOptions) => End | Promise<End>;

const SETTLED = 60_000;
const STUCK = 200_000;
const FELT = 40_000;

/** The line on which host `index` connects to the other. */
interface Cable { client: SimLink | undefined; device: SimLink; toClient: FaultyLine; toDevice: FaultyLine; outUntil: number }

export async function simulate(seed: number, moves: number, makeClient: MakeEnd, makeDevice: MakeEnd): Promise<Counts> {
  const random = new Random(seed);
  const counts: Counts = { moves: 0, moved: 0, failed: 0, pulled: 0, resets: 0, lost: 0, recovered: 0, packets: 0, virtualHours: 0 };
  let now = 1000;
  let nextLine = 0;
  let mayStepBack = false;
  let departedAt = 0;
  /** A cable that was out, or a reset, may be felt until then. */
  let disturbedUntil = 0;
  const disturb = (until: number): void => { disturbedUntil = Math.max(disturbedUntil, until + FELT); };
  const wrong = (what: string): never => { throw new Error(`seed ${seed}, move ${counts.moves}, ${now} ms: ${what}`); };
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => random.next(256));
  /** Ends that were dialled and are not made yet: a process makes them. */
  const dialled: Promise<void>[] = [];

  const watcher: Watcher = {
    bytes,
    printed: (line) => {
      if (line !== nextLine && !(mayStepBack && line < nextLine)) wrong(`line ${line} instead of ${nextLine}`);
      mayStepBack = false;
      nextLine = line + 1;
    },
    ended: (outcome) => {
      if (outcome === "failed" && disturbedUntil < departedAt) wrong("a move came to nothing on a line with no more than its usual faults");
      counts[outcome === "moved" ? "moved" : "failed"]++;
    },
    dial: (host) => {
      const cable = cables[hosts.indexOf(host)]!;
      if (cable.client?.stands === true) return undefined;
      const made = makeClient({ role: "client", seed: random.next(1 << 30), now });
      const end = made instanceof Promise ? new LateEnd(made) : made;
      if (made instanceof Promise) dialled.push(made.then(() => {}));
      return cable.client = new SimLink(end, true, host);
    },
  };
  const newHost = (index: number): SimHost => new SimHost(`${index + 1}`.repeat(32), watcher);
  const hosts = [newHost(0), newHost(1)];
  const listen = async (host: SimHost): Promise<SimLink> => new SimLink(await makeDevice({ role: "device", seed: random.next(1 << 30), now }), false, host);
  const newCable = async (index: number): Promise<Cable> => ({
    client: undefined, device: await listen(hosts[1 - index]!), toClient: new FaultyLine(random, FAULTS), toDevice: new FaultyLine(random, FAULTS), outUntil: 0,
  });
  const cables = [await newCable(0), await newCable(1)];
  hosts[0]!.begin("a0".repeat(16));

  let resetAt = -1;
  let kept = false;
  /** The host that was reset ran the program: a move had come to nothing, of which the other may not have heard. */
  let wentOn = false;
  const reset = async (index: number): Promise<void> => {
    const other = hosts[1 - index]!;
    kept = other.arriving?.record.phase === "ready" || (other.owned !== undefined && other.owned.source.phase !== "granted");
    wentOn = hosts[index]!.runs;
    hosts[index] = newHost(index);
    cables[index]!.client = undefined;
    cables[1 - index]!.device = await listen(hosts[index]!);
    resetAt = now;
    disturb(now + SETTLED);
    counts.resets++;
  };
  const settle = (): void => {
    resetAt = -1;
    if (hosts.some((host) => host.runs)) return;
    for (const host of hosts) {
      if (host.owned !== undefined) {
        if (host.owned.source.phase !== "granted" || !host.owned.source.doubt) wrong("after a reset a host is neither owner nor in doubt");
        mayStepBack = true;
        host.feedSource({ type: "recover" }, now);
      } else if (host.arriving?.record.phase === "ready") {
        mayStepBack = wentOn;
        host.feedTarget({ type: "recover" }, now);
      } else {
        continue;
      }
      counts.recovered++;
      return;
    }
    if (kept) wrong("the program was at the host that lived on, and is gone");
    counts.lost++;
    nextLine = 0;
    mayStepBack = false;
    random.pick(hosts).begin(Buffer.from(bytes(16)).toString("hex"));
  };

  let lookAt = 0;
  let ownedAt = now;
  for (;;) {
    for (const cable of cables) {
      const isOut = now < cable.outUntil;
      for (const [line, link] of [[cable.toClient, cable.client], [cable.toDevice, cable.device]] as const) {
        for (let some; (some = line.receive(now)) !== undefined;) if (link !== undefined && !isOut) await link.end.feed(some, now);
        await link?.move(now);
      }
    }
    for (const host of hosts) host.tick(now);
    if (dialled.length > 0) await Promise.all(dialled.splice(0));
    for (const cable of cables) {
      for (const [line, link] of [[cable.toDevice, cable.client], [cable.toClient, cable.device]] as const) {
        if (link === undefined) continue;
        await link.move(now);
        for (let packet; (packet = await link.end.pull(now)) !== undefined;) {
          counts.packets++;
          if (now >= cable.outUntil) line.send(packet, now);
        }
        await link.move(now);
      }
    }
    const runners = hosts.filter((host) => host.runs);
    if (runners.length > 1) wrong("two owners");
    if (resetAt >= 0 && now - resetAt > SETTLED) settle();
    const [owner] = runners;
    if (owner === undefined) {
      if (now - ownedAt > STUCK) wrong(`nobody runs the program: ${JSON.stringify(hosts.map(({ owned, arriving }) => [owned?.source, arriving?.record]))}`);
    } else if (now >= lookAt) {
      lookAt = now + 5;
      ownedAt = now;
      if (owner.runs) owner.print();
      const cable = cables[hosts.indexOf(owner)]!;
      if (resetAt < 0 && !owner.isBusy && cable.client?.stands !== true && random.next(8) === 0) {
        if (counts.moves === moves) break;
        counts.moves++;
        departedAt = now;
        owner.depart();
        await Promise.all(dialled.splice(0));
      }
    }
    const isAtStake = hosts.some(({ owned, arriving }) => owned?.source.phase === "granted" || arriving?.record.phase === "ready");
    if (random.next(10_000) < (isAtStake ? 60 : 4)) {
      const cable = random.pick(cables);
      cable.outUntil = now + random.next(random.next(4) === 0 ? 40_000 : 2000);
      disturb(cable.outUntil);
      counts.pulled++;
    }
    if (resetAt < 0 && random.next(isAtStake ? 1500 : 30_000) === 0) await reset(random.next(2));
    let next = now + 10;
    for (const { client, device, toClient, toDevice } of cables) {
      next = Math.min(next, toClient.nextTime, toDevice.nextTime, await device.end.nextTime(now), client === undefined ? Infinity : await client.end.nextTime(now));
    }
    now = Math.max(now + 1, Math.min(next, hosts[0]!.nextTime, hosts[1]!.nextTime));
  }
  counts.virtualHours = Math.round(now / 360_000) / 10;
  // Every move has ended, but for those that a reset cut short.
  if (counts.moved + counts.failed > counts.moves || counts.moved + counts.failed + counts.resets < counts.moves) wrong(`${counts.moves} moves, of which ${counts.moved} took place, ${counts.failed} did not`);
  return counts;
}

/** An end that a process is making: what is asked of it waits. */
class LateEnd implements End {
  constructor(private readonly end: Promise<End>) {}
  async feed(bytes: Uint8Array, now: number): Promise<void> { await (await this.end).feed(bytes, now); }
  async pull(now: number): Promise<Uint8Array | undefined> { return (await this.end).pull(now); }
  async nextTime(now: number): Promise<number> { return (await this.end).nextTime(now); }
  async write(bytes: Uint8Array): Promise<number> { return (await this.end).write(bytes); }
  async nextFlags(): Promise<number> { return (await this.end).nextFlags(); }
  async read(): Promise<Uint8Array | undefined> { return (await this.end).read(); }
  async close(): Promise<void> { await (await this.end).close(); }
  async state(): Promise<string> { return (await this.end).state(); }
}
