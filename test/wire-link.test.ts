// Links: what a peer that does not follow the protocol costs, the agreement about versions, conversations side by side;
// and the listener's bounds before a peer has proved anything.

import test from "ava";
import { createConnection, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { Link, type Conversation, type LinkOptions } from "../hosts/node/link.js";
import { encodeFrame, FrameReader, NO_TRANSACTION, type AnyFrame, type Fields } from "../vm/wire.js";
import { User } from "./cli-support.js";

/** Two ends of a connection. */
function pair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex => new Duplex({
    read() {},
    write(bytes: Buffer, _, done) {
      other().push(bytes);
      done();
    },
    final(done) {
      other().push(null);
      done();
    },
  });
  const one: Duplex = make(() => two);
  const two: Duplex = make(() => one);
  return [one, two];
}
const options = (stream: Duplex, more: Partial<LinkOptions> = {}): LinkOptions => ({ stream, began: false, asHost: false, scopes: ["observe"], place: "there", ...more });
const greeting: Fields<"HELLO"> = { lowest: 1, highest: 1, host: new Uint8Array(16), boot: new Uint8Array(8), name: "peer", abi: 1, software: "test" };

/** The other end by hand: what it gets, and what it sends. */
class Peer {
  readonly frames: AnyFrame[] = [];
  private sequence = 0;
  private readonly reader = new FrameReader();
  constructor(readonly stream: Duplex) {
    stream.on("data", (bytes: Buffer) => {
      for (const frame of this.reader.push(bytes)) {
        this.frames.push(frame);
        this.reader.open();
      }
    });
  }
  send(...[name, stream, fields]: [Parameters<typeof encodeFrame>[0], number, object]): void {
    this.stream.write(encodeFrame(name, stream, this.sequence++, NO_TRANSACTION, fields as never));
  }
}
const turn = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 5); });

test("HELLO first; then conversations begin, side by side", async (t) => {
  const [near, far] = pair();
  const asked: [Conversation, AnyFrame][] = [];
  const link = new Link(options(near, { asked: (conversation, frame) => asked.push([conversation, frame]) }));
  const peer = new Peer(far);
  peer.send("HELLO", 0, greeting);
  await link.ready;
  t.is(link.peer!.name, "peer");
  peer.send("LIST", 1, {});
  peer.send("PAUSE", 3, { which: "a" });
  peer.send("RESUME", 1, { which: "b" });
  peer.send("PING", 0, { answer: false });
  await turn();
  t.deepEqual(asked.map(([, frame]) => frame.name), ["LIST", "PAUSE"]);
  t.is((await asked[0]![0].next(100))?.name, "RESUME");
  asked[1]![0].fail("unknown", "no");
  await turn();
  t.deepEqual(peer.frames.map(({ name, stream }) => [name, stream]), [["HELLO", 0], ["PING", 0], ["FAIL", 3]]);
  await t.throwsAsync(asked[0]![0].next(20), { message: /does not answer/ });
  link.close();
  t.is(await asked[0]![0].next(20), undefined);
});

test("versions that do not meet are said, and end it", async (t) => {
  const [near, far] = pair();
  const link = new Link(options(near));
  const peer = new Peer(far);
  peer.send("HELLO", 0, { ...greeting, lowest: 7, highest: 9 });
  await t.throwsAsync(link.ready, { message: /versions do not meet: 7 to 9 there, 1 to 1 here; bring both/ });
  await turn();
  const refuse = peer.frames.find((frame) => frame.name === "REFUSE");
  t.like(refuse?.fields, { reason: "version", lowest: 1, highest: 1 });
});

test("whoever breaks the rules loses the connection, and nothing else", async (t) => {
  const breakers: [string, (peer: Peer) => void, RegExp][] = [
    ["no HELLO", (peer) => peer.send("LIST", 1, {}), /first message is not HELLO/],
    ["noise", (peer) => peer.stream.write(Buffer.alloc(100, 0xaa)), /does not speak mvm/],
    ["a frame too long", (peer) => {
      peer.send("HELLO", 0, greeting);
      const frame = Buffer.from(encodeFrame("LIST", 1, 1, NO_TRANSACTION, {}));
      frame.writeUInt32LE(0x7fffffff, 0);
      peer.stream.write(frame);
    }, /2147483647 bytes; 4096 are allowed/],
    ["refused", (peer) => peer.send("REFUSE", 0, { reason: "scope", text: "go away" }), /go away/],
    ["an end", (peer) => peer.stream.destroy(), /./],
  ];
  for (const [what, breaking, problem] of breakers) {
    const [near, far] = pair();
    let closed = 0;
    const link = new Link(options(near, { closed: () => { closed++; } }));
    const peer = new Peer(far);
    breaking(peer);
    if (what === "an end") near.destroy();
    await turn();
    t.true(link.isClosed, what);
    t.is(closed, 1, what);
    t.regex(link.problem, problem, what);
  }
});

test("a fault of ours over a frame ends the link and is told", async (t) => {
  const [near, far] = pair();
  const faults: unknown[] = [];
  const link = new Link(options(near, { asked: () => { throw new Error("ours"); }, failed: (error) => faults.push(error) }));
  const peer = new Peer(far);
  peer.send("HELLO", 0, greeting);
  peer.send("LIST", 1, {});
  await turn();
  t.true(link.isClosed);
  t.is((faults[0] as Error).message, "ours");
});

test.serial("peers that prove nothing get few places, for a short time", async (t) => {
  const user = new User();
  t.teardown(() => user.close());
  const { address } = await user.serve();
  const port = Number(address.split(":")[1]);
  const sockets: Socket[] = [];
  t.teardown(() => { for (const socket of sockets) socket.destroy(); });
  let ended = 0;
  for (let i = 0; i < 40; i++) {
    const socket = createConnection(port, "127.0.0.1").resume().on("error", () => {}).on("close", () => { ended++; });
    sockets.push(socket);
  }
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  t.true(ended >= 8, `${ended} of 40 were turned away at once`);
  await new Promise((resolve) => { setTimeout(resolve, 5500); });
  t.is(ended, 40);
  // And then it is there for others.
  t.is((await user.mvm("ps", "--at", address)).code, 0);
});
