// What an offer says of a program, and whether a host can meet it: all that a target needs to refuse before a byte of the
// image is sent. `askTarget` is the question alone (`mvm migrate --dry-run`): an OFFER that says that it is dry. It takes
// no epoch, and neither side remembers it, so ownership (vm/ownership.ts) never hears of it; an ABORT follows an ACCEPT, in
// case the target took the question for more.

import { abi } from "../abi.js";
import { Reg } from "../format/registers.js";
import { coreHash } from "../image.js";
import { offeredEpoch } from "../ownership.js";
import { TEXT_LIMIT, toHex, type Fields, type Reason } from "../wire.js";
import type { Machine } from "../machine.js";
import type { Host, Resident } from "./host.js";
import { IO_VERSION, type Capability, type IoFacts, type IoProvider } from "./io.js";
import { lackingLine } from "./io-choice.js";
import { proxiedOf, proxiedTexts, type IoMove, type Proxied } from "./io-keep.js";
import type { Link } from "./link.js";
import { scopes } from "./scopes.js";
import { Exit, Trouble } from "./trouble.js";

/** Letters of an import's place that an offer tells: devices read offers into little memory. */
const PLACE_LETTERS = 64;
/** Needs that an offer tells, and letters of their names: what is more the image tells, which is refused then. */
const NEEDS_MAX = 8;
const NEED_LETTERS = 32;

/** Why a move comes to nothing whose target does not say that it will ask for what stays here. */
export const KNOWS_NO_PROXY = "that host cannot use pins and buses of another host; move it there with --io reopen";

/** A link to another host, and whether others use it as well. */
export async function reachHost(host: Host, to: string): Promise<{ link: Link; isShared: boolean }> {
  const place = host.platform.placeOf(to);
  const known = host.keeper.linkTo(place);
  if (known !== undefined) return { link: known, isShared: true };
  const reached = await host.platform.reach(to);
  const isShared = "link" in reached;
  const link = isShared ? reached.link : host.link({ connection: reached.connection, began: true, scopes, place });
  await link.ready;
  if (link.isClosed) throw new Trouble(Exit.PEER, `${place}: ${link.problem}`);
  return { link, isShared };
}

/** Bytes of stack that it has had in use at most, as far as this host knows. */
function stackBytes(machine: Machine): number {
  const words = machine.words();
  return Math.max(words[Reg.STACK_PEAK]!, words.length - words[Reg.SP]!) * 4;
}

/** `here`: where the target can connect to this host, as far as that is known. */
export function offerOf(host: Host, { program, name, source, paused }: Resident, io: IoMove, here?: string): Fields<"OFFER"> {
  const { machine } = program;
  const places = machine.needPlaces();
  const needs = machine.capabilities.filter((need) => need.name.length <= NEED_LETTERS).slice(0, NEEDS_MAX).map(({ name: need, version }) => {
    const place = places.find((one) => one.startsWith(`${need} `))?.slice(need.length + 1);
    return `${need} ${version}${place === undefined ? "" : ` ${place.slice(-PLACE_LETTERS)}`}`;
  });
  const proxied = io === "proxy" ? proxiedTexts(program.ioFacts()) : [];
  return {
    program: program.identity.program, epoch: offeredEpoch(source), name: name.slice(0, 200), abi, core: coreHash(machine.core, host.platform.digest),
    bytes: program.memoryBytes, limit: program.memoryLimit, paused, stack: stackBytes(machine),
    ...needs.length > 0 && { needs },
    ...proxied.length > 0 && { proxied, ...here !== undefined && { address: here.slice(0, TEXT_LIMIT) } },
  };
}

/** The needs of an offer, and where the program imports them; what is not one is left out, for the image will tell. */
function needsOf(texts: readonly string[]): { needs: Capability[]; places: string[] } {
  const needs: Capability[] = [];
  const places: string[] = [];
  for (const text of texts) {
    const [, name, version, place] = /^(\S+) (\d+)(?: (.+))?$/s.exec(text) ?? [];
    if (name === undefined) continue;
    needs.push({ name, version: Number(version) });
    if (place !== undefined) places.push(`${name} ${place}`);
  }
  return { needs, places };
}

/** The needs that are left when some of what the program uses stays where it was: what it opens yet of those kinds, this host may refuse it. */
export function needsHere(needs: readonly Capability[], proxied: readonly Proxied[]): Capability[] {
  return needs.filter(({ name }) => !proxied.some(({ kind }) => name === `io.${kind}`));
}

/** Why this host, which gives so much memory to a program, can never run what is offered; undefined if it can. */
export function whyUnfit(host: Host, fields: Fields<"OFFER">, memoryMax: number, io: IoProvider | undefined): [Reason, string] | undefined {
  if (fields.abi !== abi) return ["abi", `the program was made for another version of mvm (abi ${fields.abi.toString(16)}, here ${abi.toString(16)}); bring both hosts to the same version`];
  if (toHex(fields.core) !== toHex(coreHash(host.platform.core(), host.platform.digest))) return ["core", "the program was made with another core than this host has; bring both hosts to the same version of mvm"];
  if (fields.limit > memoryMax) {
    const use = fields.stack === undefined ? "" : ` (now it takes ${fields.bytes}, its stack ${fields.stack})`;
    return ["memory", `the program may take ${fields.limit} bytes of memory, this host gives ${memoryMax}; start it with a smaller --memory, or that host with a larger --max-memory${use}`];
  }
  const { needs, places } = needsOf(fields.needs ?? []);
  const lacking = lackingLine(needsHere(needs, proxiedOf(fields.proxied ?? [])), places, io);
  return lacking === undefined ? undefined : ["needs", `${lacking}; move it to a host that has it`];
}

/** `resources`: what would become of each pin or bus that it has open. */
export type Asked = ({ kind: "accepted"; name: string; to: string } | { kind: "refused"; reason: Reason; text: string }) & { resources: string[] };

/** `offers`: what programs find at the target, if it said so. */
function becomesOf(facts: readonly IoFacts[], io: IoMove, isTaken: boolean, knowsProxy: boolean, offers: readonly string[] | undefined): string[] {
  return facts.map(({ kind, about }) => {
    const isOffered = offers?.includes(`io.${kind} ${IO_VERSION}`) ?? isTaken;
    return `${io === "proxy" ? (knowsProxy ? "proxied" : "refused") : isOffered ? "re-opened" : "refused"} ${about}`;
  });
}
/** What programs find here, as answers to a dry offer say it. */
export function offersOf(io: IoProvider | undefined): string[] {
  return (io?.capabilities ?? []).map(({ name, version }) => `${name} ${version}`);
}

/** Asks a host whether it would take the program, which goes on meanwhile. */
export async function askTarget(host: Host, resident: Resident, to: string, io: IoMove): Promise<Asked> {
  const place = host.platform.placeOf(to);
  const { link, isShared } = await reachHost(host, to);
  const conversation = link.begin(toHex(host.platform.random(8)));
  try {
    const offer = offerOf(host, resident, io);
    const facts = resident.program.ioFacts();
    conversation.send("OFFER", { ...offer, dry: true });
    const frame = await conversation.next(host.platform.patience);
    switch (frame?.name) {
      case "ACCEPT": {
        conversation.send("ABORT", { reason: "it was only asked", epoch: resident.source.epoch });
        const knowsProxy = frame.fields.proxied === true;
        const resources = becomesOf(facts, io, true, knowsProxy, frame.fields.offers);
        if (offer.proxied !== undefined && !knowsProxy) return { kind: "refused", reason: "refused", text: KNOWS_NO_PROXY, resources };
        return { kind: "accepted", name: frame.fields.name, to: place, resources };
      }
      case "REFUSE": return { kind: "refused", reason: frame.fields.reason as Reason, text: frame.fields.text, resources: becomesOf(facts, io, false, false, frame.fields.offers) };
      case undefined: return { kind: "refused", reason: "lost", text: `${place} was lost`, resources: [] };
      default: return { kind: "refused", reason: "failed", text: `${place} answered with ${frame!.name}`, resources: [] };
    }
  } finally {
    conversation.close();
    if (!isShared) host.platform.soon(() => link.close());
  }
}
