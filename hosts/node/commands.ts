// Commands to running programs: finds the process that has the program, asks it over its control socket, or asks another
// machine's host where --on names one. Any kind of host answers: what one cannot do itself is done here, with its snapshot.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { receiveBytes } from "../../vm/hosting/transfer.js";
import { toHex, type AnyFrame, type Fields, type Frame, type MessageName, type ProgramFacts } from "../../vm/wire.js";
import { runDirectory } from "./home.js";
import { Link } from "./link.js";
import { patience } from "./patience.js";
import { addressText, connectHost, connectProcess, parseAddress } from "./transport.js";
import { Exit, Trouble } from "./trouble.js";

/** The other side may be working on a long image, or waiting itself. */
const ANSWER_PATIENCE = patience * 2;
/** A process on this machine that lives answers between two slices. */
const LOCAL_PATIENCE = 5000;

/** Exit codes by the reason of FAIL. */
const exits: Readonly<Record<string, number>> = {
  unknown: Exit.PROGRAM_UNKNOWN, ambiguous: Exit.PROGRAM_UNKNOWN, phase: Exit.USAGE, busy: Exit.USAGE, doubt: Exit.DOUBT, failed: Exit.FILE,
};
function failTrouble(frame: AnyFrame | undefined, place: string): Trouble {
  if (frame === undefined) return new Trouble(Exit.PEER, `${place} was lost`, "try again");
  if (frame.name === "FAIL") return new Trouble(exits[frame.fields.reason] ?? Exit.PEER, frame.fields.text);
  return new Trouble(Exit.PEER, `${place} answered with ${frame.name}`, "bring both to the same version of mvm");
}

export interface Found { link: Link; facts: ProgramFacts }

/** Is there a process with this id, whoever's it is? */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Links to all hosts that may have the program: this user's processes, or the one that `at` names. */
async function openLinks(at: string | undefined): Promise<Link[]> {
  if (at !== undefined) {
    const address = parseAddress(at);
    const link = new Link({ stream: await connectHost(address), began: true, asHost: false, scopes: [], place: addressText(address) });
    await link.ready;
    return [link];
  }
  const directory = runDirectory();
  const links = await Promise.all(readdirSync(directory).filter((name) => /^\d+\.sock$/.test(name)).map(async (name) => {
    const path = join(directory, name);
    const stream = await connectProcess(path);
    if (stream === undefined) {
      // Its process was killed, or has yet to listen there.
      if (!isAlive(parseInt(name, 10))) rmSync(path, { force: true });
      return undefined;
    }
    const link = new Link({ stream, began: true, asHost: false, scopes: [], place: `process ${parseInt(name, 10)}` });
    return link.ready.then(() => link, () => undefined);
  }));
  return links.filter((link) => link !== undefined);
}

async function listOf(link: Link, patient: number): Promise<Found[]> {
  const conversation = link.begin();
  conversation.send("LIST", {});
  const frame = await conversation.next(patient);
  conversation.close();
  if (frame?.name !== "PROGRAMS") throw failTrouble(frame, link.place);
  return frame.fields.programs.map((facts) => ({ link, facts }));
}
/** The programs of all these hosts. A process of this user that ends meanwhile, or is stuck, does not keep the others from being found. */
async function listAll(links: readonly Link[], at: string | undefined): Promise<Found[]> {
  if (at !== undefined) return listOf(links[0]!, ANSWER_PATIENCE);
  const lists = await Promise.all(links.map((link) => listOf(link, LOCAL_PATIENCE).catch((error: unknown) => {
    if (!link.isClosed) process.stderr.write(`mvm: ${error instanceof Trouble ? error.message : String(error)}\n`);
    return [];
  })));
  return lists.flat();
}

function closeAll(links: readonly Link[]): void {
  for (const link of links) link.close();
}

export async function listPrograms(at: string | undefined): Promise<ProgramFacts[]> {
  const links = await openLinks(at);
  try {
    return (await listAll(links, at)).map(({ facts }) => facts).sort((a, b) => a.name < b.name ? -1 : 1);
  } finally {
    closeAll(links);
  }
}

/** Does something with the program that a name, or the beginning of an id, stands for ("": the only one). */
export async function withProgram<T>(name: string, at: string | undefined, work: (found: Found) => Promise<T>): Promise<T> {
  const links = await openLinks(at);
  try {
    return await work(choose(await listAll(links, at), name));
  } finally {
    closeAll(links);
  }
}
function choose(all: readonly Found[], name: string): Found {
  const named = all.filter(({ facts }) => facts.name === name);
  const fits = name === "" ? all : named.length > 0 ? named : all.filter(({ facts }) => name.length >= 4 && idOf(facts).startsWith(name));
  if (fits.length === 1) return fits[0]!;
  if (fits.length > 1) {
    const list = fits.map(({ facts }) => `${facts.name} ${idOf(facts).slice(0, 8)} (process ${facts.pid})`).join(", ");
    throw new Trouble(Exit.PROGRAM_UNKNOWN, name === "" ? `${fits.length} programs run here: ${list}` : `'${name}' fits several programs: ${list}`, "give a name, or the beginning of an id");
  }
  throw new Trouble(Exit.PROGRAM_UNKNOWN, name === "" ? "no program runs here" : `no program '${name}' runs here`, "`mvm ps` lists those that do");
}
export function idOf(facts: ProgramFacts): string {
  return toHex(facts.program);
}

/** Sends a command about a program and waits for DONE. */
export async function ask<N extends MessageName>(found: Found, name: N, fields: Fields<N>, progress?: (frame: Frame<"PROGRESS">) => void): Promise<Fields<"DONE">> {
  return askLink(found.link, name, fields, progress);
}
async function askLink<N extends MessageName>(link: Link, name: N, fields: Fields<N>, progress?: (frame: Frame<"PROGRESS">) => void): Promise<Fields<"DONE">> {
  const conversation = link.begin();
  conversation.send(name, fields);
  for (;;) {
    const frame = await conversation.next(ANSWER_PATIENCE);
    if (frame?.name === "PROGRESS") {
      progress?.(frame);
      continue;
    }
    if (frame?.name !== "DONE") throw failTrouble(frame, link.place);
    return frame.fields;
  }
}
/** Sends a command that is answered by bytes. */
export async function askBytes<N extends "SNAPSHOT" | "INSPECT" | "LOGS">(found: Found, name: N, fields: Fields<N>, failed: (frame: AnyFrame) => Trouble = (frame) => failTrouble(frame, found.link.place)): Promise<Uint8Array> {
  const conversation = found.link.begin();
  conversation.send(name, fields);
  return receiveBytes(conversation, ANSWER_PATIENCE, failed);
}
/** What a program is doing, as text or JSON: by its host, or by what a snapshot shows where its host does not look inside. */
export async function inspectProgram(found: Found, json: boolean): Promise<Uint8Array> {
  let needsSnapshot = false;
  try {
    return await askBytes(found, "INSPECT", { which: whichOf(found), json }, (frame) => {
      needsSnapshot = frame.name === "FAIL" && frame.fields.reason === "snapshot";
      return failTrouble(frame, found.link.place);
    });
  } catch (error) {
    if (!needsSnapshot) throw error;
  }
  const { inspectBytes } = await import("./inspect.js");
  return Buffer.from(await inspectBytes(await askBytes(found, "SNAPSHOT", { which: whichOf(found) }), `a snapshot of ${found.facts.name}`, json), "utf8");
}
/** Sends a command to the host itself. */
export async function askHost<N extends MessageName>(at: string, name: N, fields: Fields<N>): Promise<Fields<"DONE">> {
  const [link] = await openLinks(at) as [Link];
  try {
    return await askLink(link, name, fields);
  } finally {
    link.close();
  }
}
/** What a command names a program by, once it was found: its id, so that no other one is meant meanwhile. */
export function whichOf({ facts }: Found): string {
  return idOf(facts);
}
