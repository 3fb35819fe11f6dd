// What an offer says of a program, and whether a host can meet it: all that a target needs to refuse before a byte of the
// image is sent. `askTarget` is the question alone (`mvm migrate --dry-run`): an OFFER that says that it is dry. It takes
// no epoch, and neither side remembers it, so ownership (vm/ownership.ts) never hears of it; an ABORT follows an ACCEPT, in
// case the target took the question for more.

import { abi } from "../abi.js";
import { Reg } from "../format/registers.js";
import { coreHash } from "../image.js";
import { offeredEpoch } from "../ownership.js";
import { toHex, type Fields, type Reason } from "../wire.js";
import type { Machine } from "../machine.js";
import type { Host, Resident } from "./host.js";
import type { Capability, IoProvider } from "./io.js";
import { lackingLine } from "./io-choice.js";
import type { Link } from "./link.js";
import { scopes } from "./scopes.js";
import { Exit, Trouble } from "./trouble.js";

/** Letters of an import's place that an offer tells: devices read offers into little memory. */
const PLACE_LETTERS = 64;
/** Needs that an offer tells, and letters of their names: what is more the image tells, which is refused then. */
const NEEDS_MAX = 8;
const NEED_LETTERS = 32;

/** A link to another host, and whether others use it as well. */
export async function reachHost(host: Host, to: string): Promise<{ link: Link; isShared: boolean }> {
  const reached = await host.platform.reach(to);
  const isShared = "link" in reached;
  const place = host.platform.placeOf(to);
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

export function offerOf(host: Host, { program, name, source, paused }: Resident): Fields<"OFFER"> {
  const { machine } = program;
  const places = machine.needPlaces();
  const needs = machine.capabilities.filter((need) => need.name.length <= NEED_LETTERS).slice(0, NEEDS_MAX).map(({ name: need, version }) => {
    const place = places.find((one) => one.startsWith(`${need} `))?.slice(need.length + 1);
    return `${need} ${version}${place === undefined ? "" : ` ${place.slice(-PLACE_LETTERS)}`}`;
  });
  return {
    program: program.identity.program, epoch: offeredEpoch(source), name: name.slice(0, 200), abi, core: coreHash(machine.core, host.platform.digest),
    bytes: program.memoryBytes, limit: program.memoryLimit, paused, stack: stackBytes(machine),
    ...needs.length > 0 && { needs },
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

/** Why this host, which gives so much memory to a program, can never run what is offered; undefined if it can. */
export function whyUnfit(host: Host, fields: Fields<"OFFER">, memoryMax: number, io: IoProvider | undefined): [Reason, string] | undefined {
  if (fields.abi !== abi) return ["abi", `the program was made for another version of mvm (abi ${fields.abi.toString(16)}, here ${abi.toString(16)}); bring both hosts to the same version`];
  if (toHex(fields.core) !== toHex(coreHash(host.platform.core(), host.platform.digest))) return ["core", "the program was made with another core than this host has; bring both hosts to the same version of mvm"];
  if (fields.limit > memoryMax) {
    const use = fields.stack === undefined ? "" : ` (now it takes ${fields.bytes}, its stack ${fields.stack})`;
    return ["memory", `the program may take ${fields.limit} bytes of memory, this host gives ${memoryMax}; start it with a smaller --memory, or that host with a larger --max-memory${use}`];
  }
  const { needs, places } = needsOf(fields.needs ?? []);
  const lacking = lackingLine(needs, places, io);
  return lacking === undefined ? undefined : ["needs", `${lacking}; move it to a host that has it`];
}

export type Asked = { kind: "accepted"; name: string; to: string } | { kind: "refused"; reason: Reason; text: string };

/** Asks a host whether it would take the program, which goes on meanwhile. */
export async function askTarget(host: Host, resident: Resident, to: string): Promise<Asked> {
  const place = host.platform.placeOf(to);
  const { link, isShared } = await reachHost(host, to);
  const conversation = link.begin(toHex(host.platform.random(8)));
  try {
    conversation.send("OFFER", { ...offerOf(host, resident), dry: true });
    const frame = await conversation.next(host.platform.patience);
    switch (frame?.name) {
      case "ACCEPT":
        conversation.send("ABORT", { reason: "it was only asked", epoch: resident.source.epoch });
        return { kind: "accepted", name: frame.fields.name, to: place };
      case "REFUSE": return { kind: "refused", reason: frame.fields.reason as Reason, text: frame.fields.text };
      case undefined: return { kind: "refused", reason: "lost", text: `${place} was lost` };
      default: return { kind: "refused", reason: "failed", text: `${place} answered with ${frame!.name}` };
    }
  } finally {
    conversation.close();
    if (!isShared) host.platform.soon(() => link.close());
  }
}
