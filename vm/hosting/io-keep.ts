// What a host does about pins and buses that programs use from afar: the grants of programs that have left it, the proxies
// of programs that have come to it, and the links that both need. The host from which a program came connects again where
// a link was lost; where that host has no address to connect to (a board), the other side does, if it was told where.
//
// A grant whose program is not heard of for LEASE ends: its pins are closed, and others can open them.

import type { Peer } from "../ownership.js";
import type { Frame } from "../wire.js";
import type { Host, Resident } from "./host.js";
import { IoSession, ioKinds, type IoFacts, type IoKind, type IoProvider } from "./io.js";
import { Grant } from "./io-grant.js";
import { IoProxy } from "./io-proxy.js";
import type { Conversation, Link } from "./link.js";
import { reachHost } from "./offer.js";
import type { Timer } from "./platform.js";
import { scopes } from "./scopes.js";

/** What may become of the pins and buses that a program has open when it moves. */
export const ioMoves = ["reopen", "proxy"] as const;
export type IoMove = (typeof ioMoves)[number];

/** How long a grant outlives the last connection to its program's host, in patiences. */
const LEASE = 20;
/** Milliseconds between attempts to connect again; the last one is repeated. */
const BACKOFF = [100, 200, 500, 1000, 2000, 5000];
/** Milliseconds after which a link that is not needed any more is looked at again, while others use it. */
const IDLE_LOOK = 500;

/** A resource that stays at the source, as an offer says it. */
export interface Proxied { number: number; kind: IoKind }
/** As OFFER has them; what cannot be said so is opened again at the target. */
export function proxiedTexts(facts: readonly IoFacts[]): string[] {
  return facts.filter(({ number }) => Number.isInteger(number) && number >= 0 && number <= 0xffffffff).map(({ number, kind }) => `${number} ${kind}`);
}
export function proxiedOf(texts: readonly string[]): Proxied[] {
  return texts.flatMap((text) => {
    const [, number, name] = /^(\d{1,10}) ([a-z0-9]+)$/.exec(text) ?? [];
    const kind = ioKinds.find((one) => one === name);
    return kind === undefined ? [] : [{ number: Number(number), kind }];
  });
}

/** The grant of a program that has left, and the link to where it is. */
interface Kept { grant: Grant; name: string; target: Peer; to: string; link: Link | undefined; isOwn: boolean; lease: Timer | undefined; retry: Timer | undefined }
/** What a program that is here has elsewhere. */
interface Held { proxy: IoProxy; source: Peer; address: string | undefined; link: Link | undefined; retry: Timer | undefined; until: number }

export class IoKeeper {
  private readonly grants = new Map<string, Kept>();
  private readonly proxies = new Set<Held>();
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly host: Host) {}

  private get lease(): number {
    return this.host.platform.patience * LEASE;
  }

  // ---------------------------------------------------------------- at the source

  /** The program may run at the target from now on: what was offered stays open for it, the rest is closed. */
  grant(resident: Resident, epoch: number, target: Peer, to: string, offered: readonly Proxied[]): void {
    const { program } = resident;
    const id = resident.source.program;
    const session = program.holdIo();
    if (session === undefined || this.grants.has(id)) return;
    session.closeOthers(new Set(offered.map(({ number }) => number)));
    program.parted();
    const grant = new Grant(id, epoch, session, () => this.over(id, "is not needed there any more"));
    this.grants.set(id, { grant, name: resident.name, target, to, link: undefined, isOwn: false, lease: undefined, retry: undefined });
    this.arm(id);
  }
  /** The program goes on here after all. */
  takeBack(resident: Resident): void {
    const session = this.reclaim(resident.source.program) ?? resident.program.holdIo();
    if (session !== undefined) resident.program.giveIo(session);
  }
  private reclaim(id: string): IoSession | undefined {
    const kept = this.grants.get(id);
    if (kept === undefined) return undefined;
    const session = kept.grant.takeBack();
    this.drop(id, kept);
    return session;
  }
  /** The program has left over this link: false if it is not needed for what stays here. */
  keepLink(id: string, link: Link, isShared: boolean): boolean {
    const kept = this.grants.get(id);
    if (kept === undefined || link.isClosed) return false;
    kept.link = link;
    kept.isOwn = !isShared;
    return true;
  }
  /** Whoever has the program asks for what stayed here. */
  use(conversation: Conversation, { fields }: Frame<"USE">, id: string): void {
    const kept = this.grants.get(id);
    if (kept === undefined) return conversation.fail("unknown", "nothing is kept open here for that program");
    const { peer } = conversation.link;
    if (fields.epoch !== kept.grant.epoch || peer?.host !== kept.target.host || peer.boot !== kept.target.boot) return conversation.fail("epoch", "what is kept open here was granted to another host, or at another epoch");
    kept.lease?.cancel();
    kept.retry?.cancel();
    kept.lease = kept.retry = undefined;
    kept.grant.use(conversation);
  }
  private arm(id: string): void {
    const kept = this.grants.get(id)!;
    kept.lease ??= this.host.platform.after(this.lease, () => {
      kept.grant.end("nobody has asked for these pins and buses for a long time");
      this.over(id, "was not heard of for a long time");
    });
  }
  private over(id: string, why: string): void {
    const kept = this.grants.get(id);
    if (kept === undefined) return;
    this.host.options.note(`what ${kept.name} had open here was closed: it ${why}`);
    this.drop(id, kept);
  }
  private drop(id: string, kept: Kept): void {
    this.grants.delete(id);
    kept.lease?.cancel();
    kept.retry?.cancel();
    if (kept.link !== undefined && kept.isOwn) this.closeIdle(kept.link);
    if (this.grants.size === 0) for (const work of this.waiting.splice(0)) work();
  }
  private reconnect(id: string, kept: Kept, attempt: number): void {
    kept.retry?.cancel();
    kept.retry = this.host.platform.after(BACKOFF[Math.min(attempt, BACKOFF.length - 1)]!, () => {
      kept.retry = undefined;
      reachHost(this.host, kept.to).then(({ link, isShared }) => {
        if (kept.grant.isOver) return isShared ? undefined : link.close();
        kept.link = link;
        kept.isOwn = !isShared;
      }, () => {
        if (!kept.grant.isOver && !kept.grant.isUsed) this.reconnect(id, kept, attempt + 1);
      }).catch((error: unknown) => this.host.fault(error));
    });
  }
  /** Does something when nothing is kept here for programs that have left: now, or later. */
  onceOver(work: () => void): void {
    if (this.grants.size === 0) work();
    else this.waiting.push(work);
  }

  // ---------------------------------------------------------------- at the target

  /**
   * The session of a program that arrives: what was kept for it here is its own again, the rest of what was offered is
   * asked of the source. Undefined where there is neither.
   */
  arrived(id: string, epoch: number, offered: readonly Proxied[], source: Peer, place: string, address: string | undefined, provider: IoProvider | undefined): IoSession | undefined {
    const own = this.reclaim(id);
    const missing = offered.filter(({ number }) => own?.kindOf(number) === undefined);
    if (missing.length === 0) return own;
    const session = own ?? new IoSession(provider);
    const { platform } = this.host;
    const held: Held = {
      source, address, link: undefined, retry: undefined, until: platform.now() + this.lease,
      proxy: new IoProxy(id, epoch, place, platform, platform.patience, (number, event, count) => session.happened(number, event, count), () => this.letGo(held)),
    };
    for (const { number, kind } of missing) session.keepAfar(number, kind, held.proxy);
    this.proxies.add(held);
    if (!this.connectKnown(held)) this.search(held, 0);
    return session;
  }
  /** By a link that stands: the newest, for an older one may be about to end. */
  private connectKnown(held: Held): boolean {
    const link = [...this.host.links].reverse().find((one) => this.fits(held, one));
    if (link !== undefined) this.connect(held, link);
    return link !== undefined;
  }
  private fits({ source }: Held, link: Link): boolean {
    return !link.isClosed && link.peer?.host === source.host && link.peer.boot === source.boot;
  }
  private connect(held: Held, link: Link): void {
    held.retry?.cancel();
    held.retry = undefined;
    held.proxy.connect(link.begin());
  }
  private letGo(held: Held): void {
    this.proxies.delete(held);
    held.retry?.cancel();
    if (held.link !== undefined) this.closeIdle(held.link);
  }
  /** Connects to the source where it said it could be found; otherwise it connects by itself. */
  private search(held: Held, attempt: number): void {
    const { platform } = this.host;
    const { address } = held;
    if (held.retry !== undefined) return;
    held.retry = platform.after(BACKOFF[Math.min(attempt, BACKOFF.length - 1)]!, () => {
      held.retry = undefined;
      if (!held.proxy.isUnconnected || !this.proxies.has(held)) return;
      if (platform.now() > held.until) return void this.proxies.delete(held);
      if (this.connectKnown(held)) return;
      if (address === undefined) return this.search(held, attempt + 1);
      platform.reach(address).then(async (reached) => {
        if ("link" in reached) return;
        const link = this.host.link({ connection: reached.connection, began: true, scopes, place: platform.placeOf(address) });
        held.link = link;
        await link.ready;
      }).catch(() => this.search(held, attempt + 1));
    }, "idle");
  }

  // ---------------------------------------------------------------- links

  /** A link to some host stands. */
  linkOpened(link: Link): void {
    for (const held of this.proxies) if (held.proxy.isUnconnected && this.fits(held, link)) this.connect(held, link);
  }
  linkClosed(link: Link): void {
    for (const [id, kept] of this.grants) {
      if (kept.grant.isUsed || (kept.link !== link && kept.link !== undefined)) continue;
      this.arm(id);
      if (kept.link === link) this.reconnect(id, kept, 0);
    }
    for (const held of this.proxies) {
      if (!held.proxy.isUnconnected) continue;
      held.until = this.host.platform.now() + this.lease;
      this.search(held, 0);
    }
  }
  /** A link of this host's own to the place, where one stands: a byte link has no room for a second. */
  linkTo(place: string): Link | undefined {
    return [...this.proxies].map(({ link }) => link).find((link) => link !== undefined && !link.isClosed && link.peer !== undefined && link.place === place);
  }
  private closeIdle(link: Link): void {
    const look = (): void => {
      if (link.isClosed) return;
      if (link.isIdle) link.close();
      else this.host.platform.after(IDLE_LOOK, look, "idle");
    };
    this.host.platform.soon(look);
  }
}
