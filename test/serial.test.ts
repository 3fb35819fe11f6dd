// The byte link in TypeScript: handshake, forgery, damage, back-pressure, other connections and lost ones.

import test from "ava";
import { encodePacket, Flag, hmac, Kind, PacketDecoder, PACKET_MAX, Reverse, widen } from "../vm/serial-packet.js";
import type { SerialLink } from "../vm/serial.js";
import { FAULTS, newLink, NO_FAULTS, PATIENCE, plainEnd, serialKey, sha256, talk, type Faults } from "./serial-support.js";
import { Random } from "./support/random.js";

const seed = Number(process.env["MVM_SEED"] ?? 1);
const bytesOf = (length: number, from = seed): Uint8Array => {
  const random = new Random(from);
  return Uint8Array.from({ length }, () => random.next(256));
};
const letters = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** Carries packets between two ends until neither has one; gives them all. */
function carry(a: SerialLink, b: SerialLink, now: number): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let quiet = false; !quiet;) {
    quiet = true;
    for (const [from, to] of [[a, b], [b, a]] as const) {
      for (let packet; (packet = from.pull(now)) !== undefined;) {
        packets.push(packet);
        to.feed(packet, now);
        quiet = false;
      }
    }
  }
  return packets;
}
function opened(packets = 1): { client: SerialLink; device: SerialLink; recorded: Uint8Array[] } {
  const client = newLink({ role: "client", seed: 1 }, packets);
  const device = newLink({ role: "device", seed: 2 }, packets);
  const recorded = carry(client, device, 0);
  return { client, device, recorded };
}

test("HMAC-SHA-256 as in RFC 4231's second and first case, with keys of 32 bytes", (t) => {
  // A key that is shorter than a block is the same with zeros behind it.
  const jefe = new Uint8Array(32);
  jefe.set(letters("Jefe"));
  t.is(Buffer.from(hmac(sha256, jefe, letters("what do ya want "), letters("for nothing?"))).toString("hex"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const key = new Uint8Array(32);
  key.fill(0x0b, 0, 20);
  t.is(Buffer.from(hmac(sha256, key, letters("Hi There"))).toString("hex"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
});

test("packets have no zero within, and come out of any noise before them", (t) => {
  const random = new Random(seed);
  for (let round = 0; round < 2000; round++) {
    const payload = Uint8Array.from({ length: random.next(129) }, () => random.next(3) === 0 ? 0 : random.next(256));
    const line = encodePacket(sha256, undefined, { kind: 1 + random.next(7), flags: 0, sequence: random.next(65536), acknowledges: 0, window: 0, payload });
    t.true(line[0] === 0 && line.at(-1) === 0 && !line.subarray(1, -1).includes(0) && line.length <= PACKET_MAX + 3);
    const decoder = new PacketDecoder();
    for (let noise = random.next(300); noise > 0; noise--) decoder.push(random.next(256));
    const got = [...line].map((byte) => decoder.push(byte)).filter((packet) => packet !== undefined && packet.length === payload.length + 15);
    t.is(got.length, 1);
  }
});

test("16 bits of a sequence are widened to the nearest number of 32", (t) => {
  for (const near of [0, 5, 0x7fff, 0xfffe, 0x10000, 0x1234fff0, 0xffff0000]) {
    for (const away of [-0x8000, -3, -1, 0, 1, 2, 0x7fff]) t.is(widen((near + away) & 0xffff, near), (near + away) >>> 0);
  }
});

test("the handshake: both sides know of each other's key, and the stream flows", (t) => {
  const { client, device, recorded } = opened();
  t.true(client.isOpen && device.isOpen);
  t.is(client.links + device.links, 2);
  t.true(recorded.length <= 5, `${recorded.length} packets`);
  t.is(client.write(letters("to the device")), 13);
  t.is(device.write(letters("to the client")), 13);
  carry(client, device, 1);
  t.is(text(device.read()), "to the device");
  t.is(text(client.read()), "to the client");
  t.true(client.isFlushed && device.isFlushed);
});

test("a wrong key is told apart, with the key that the device has; nothing opens", (t) => {
  const client = newLink({ role: "client", seed: 1, key: serialKey(8) }, 1);
  const device = newLink({ role: "device", seed: 2 }, 1);
  carry(client, device, 0);
  t.deepEqual([client.phase, client.problem, device.phase, device.links], ["over", "key", "idle", 0]);
  t.deepEqual([...client.peerKey], [...serialKey(7).id]);
  // Of several keys the client takes the one that the device names.
  const other = newLink({ role: "client", seed: 1 }, 1, { keys: [serialKey(8), serialKey(7)] });
  carry(other, device, 0);
  t.true(other.isOpen && device.isOpen);
});

test("versions that do not meet are told apart", (t) => {
  const client = newLink({ role: "client", seed: 1 }, 1, { versions: { lowest: 2, highest: 3 } });
  const device = newLink({ role: "device", seed: 2 }, 1);
  carry(client, device, 0);
  t.deepEqual([client.phase, client.problem, device.links], ["over", "version", 0]);
  t.deepEqual([...client.peerVersions], [1, 1]);
  const newer = newLink({ role: "client", seed: 1 }, 1, { versions: { lowest: 1, highest: 9 } });
  carry(newer, device, 0);
  t.true(newer.isOpen);
});

test("a silent line is given up after the patience, and one where only noise comes", (t) => {
  const client = newLink({ role: "client", seed: 1 }, 1);
  const random = new Random(seed);
  let hellos = 0;
  let now = 0;
  for (; client.phase !== "over"; now = client.nextTime(now)) {
    client.feed(Uint8Array.from({ length: 50 }, () => random.next(256)), now);
    if (client.pull(now) !== undefined) hellos++;
  }
  t.deepEqual([client.problem, now], ["silent", Infinity]);
  t.is(hellos, PATIENCE / 250);
});

test("a replayed connection does not open one", (t) => {
  const { recorded } = opened();
  const device = newLink({ role: "device", seed: 3 }, 1);
  for (const packet of recorded) device.feed(packet, 0);
  while (device.pull(0) !== undefined) { /* its answers go nowhere */ }
  for (const packet of recorded) device.feed(packet, 1);
  t.deepEqual([device.phase, device.links], ["idle", 0]);
});

test("recorded, forged and reflected packets change nothing in a session", (t) => {
  const { client, device, recorded } = opened();
  const random = new Random(seed);
  client.write(letters("one"));
  const sent = carry(client, device, 1);
  t.is(text(device.read()), "one");
  for (const packet of [...recorded, ...sent]) {
    device.feed(packet, 2);
    client.feed(packet, 2);
  }
  for (let i = 0; i < 3000; i++) {
    const packet = random.pick(sent).slice();
    packet[1 + random.next(packet.length - 2)]! ^= 1 << random.next(8);
    device.feed(packet, 2);
  }
  for (const kind of [Kind.DATA, Kind.CLOSE, Kind.ACK]) {
    device.feed(encodePacket(sha256, undefined, { kind, flags: 0, sequence: 1, acknowledges: 1, window: 1, payload: kind === Kind.DATA ? letters("forged") : new Uint8Array(0) }), 3);
  }
  t.is(device.read(), undefined);
  t.true(device.isOpen && device.links === 1);
  client.write(letters("two"));
  carry(client, device, 4);
  t.is(text(device.read()), "two");
});

test("a packet of 65,536 packets ago does not pass for the next one", (t) => {
  const { client, device } = opened();
  let recorded: Uint8Array | undefined;
  for (let i = 0; i < 65536; i++) {
    client.write(Uint8Array.of(i & 255));
    const packet = client.pull(i)!;
    recorded ??= packet;
    device.feed(packet, i);
    device.read();
    client.feed(device.pull(i)!, i);
  }
  device.feed(recorded!, 65536);
  t.is(device.read(), undefined);
  client.write(letters("next"));
  carry(client, device, 65537);
  t.is(text(device.read()), "next");
});

test("only a proof of the key ends a session: another client takes over, a stranger does not", (t) => {
  const { client, device } = opened();
  client.write(letters("never read"));
  device.feed(client.pull(1)!, 1);
  const stranger = newLink({ role: "client", seed: 5, key: serialKey(9), now: 1 }, 1);
  carry(stranger, device, 1);
  t.deepEqual([stranger.problem, device.links, device.isOpen], ["key", 1, true]);
  // It may even go on with the challenge: its proof is worth nothing.
  device.feed(encodePacket(sha256, undefined, { kind: Kind.PROOF, flags: 0, sequence: 0, acknowledges: 0, window: 0, payload: new Uint8Array(32) }), 1);
  t.is(device.links, 1);
  const second = newLink({ role: "client", seed: 6, now: 2 }, 1);
  carry(second, device, 2);
  t.true(second.isOpen && device.isOpen && device.links === 2);
  t.is(device.read(), undefined, "what was of the old link is gone");
  client.write(letters("too late"));
  for (let now = 3; client.phase === "open"; now = client.nextTime(now)) {
    const packet = client.pull(now);
    if (packet !== undefined) device.feed(packet, 3);
  }
  t.is(client.problem, "lost");
  t.is(device.read(), undefined);
});

test("HELLO and PROOF that come again, late or instead of each other", (t) => {
  const client = newLink({ role: "client", seed: 1 }, 1);
  const device = newLink({ role: "device", seed: 2 }, 1);
  const hello = client.pull(0)!;
  device.feed(hello, 0);
  device.feed(hello, 0);
  const challenge = device.pull(0)!;
  t.is(device.pull(0), undefined, "one answer is owed");
  client.feed(challenge, 0);
  client.feed(challenge, 0);
  const proof = client.pull(0)!;
  device.feed(proof, 0);
  device.pull(0);
  // The answer was lost; meanwhile the first HELLO is heard once more.
  device.feed(hello, 100);
  client.feed(device.pull(100)!, 100);
  t.is(client.phase, "proving");
  const again = client.pull(250)!;
  t.deepEqual(again, proof);
  device.feed(again, 250);
  client.feed(device.pull(250)!, 250);
  t.true(client.isOpen && device.links === 1);
  // A device that forgot the challenge is greeted anew.
  const restarted = newLink({ role: "device", seed: 9 }, 1);
  const patient = newLink({ role: "client", seed: 4 }, 1);
  device.feed(patient.pull(0)!, 0);
  patient.feed(device.pull(0)!, 0);
  for (let now = 0; !patient.isOpen && patient.phase !== "over"; now = patient.nextTime(now)) carry(patient, restarted, now);
  t.true(patient.isOpen && restarted.isOpen);
});

test("a peer that was silent is lost, one that has nothing to say is not", (t) => {
  const { client, device } = opened();
  let now = 0;
  for (; now < 60_000; now = Math.min(client.nextTime(now), device.nextTime(now))) carry(client, device, now);
  t.true(client.isOpen && device.isOpen);
  const from = now;
  for (; client.phase === "open"; now = client.nextTime(now)) client.pull(now);
  t.is(client.problem, "lost");
  for (now = from; device.phase === "open"; now = device.nextTime(now)) device.pull(now);
  t.deepEqual([device.phase, device.problem], ["idle", "lost"]);
});

test("a reader that does not read holds up the writer, who learns of the room even where that is lost", (t) => {
  const { client, device } = opened(2);
  const stream = bytesOf(4000);
  let at = client.write(stream);
  for (let i = 0; i < 20; i++) {
    carry(client, device, i);
    at += client.write(stream.subarray(at));
  }
  t.is(at, 4 * 128, "two packets lie at each side");
  const got = [device.read()!, device.read()!];
  while (device.pull(30) !== undefined) { /* the news of room are lost */ }
  let now = 30;
  for (; got.length * 128 < stream.length; now = Math.min(client.nextTime(now), device.nextTime(now))) {
    carry(client, device, now);
    at += client.write(stream.subarray(at));
    for (let bytes; (bytes = device.read()) !== undefined;) got.push(bytes);
  }
  t.deepEqual(Buffer.concat(got), Buffer.from(stream));
  t.true(now < 2000, `${now} ms`);
});

test("bytes of the reverse connection keep apart from the others, in one order with them; its control goes whole or not yet", (t) => {
  const { client, device } = opened(4);
  t.is(device.write(Uint8Array.of(Reverse.OPEN, 65), Flag.REVERSE | Flag.CONTROL), 2);
  t.is(device.write(letters("one"), Flag.REVERSE), 3);
  t.is(device.write(letters("two"), Flag.REVERSE), 3);
  t.is(device.write(letters("main")), 4);
  t.is(device.write(Uint8Array.of(Reverse.CLOSE), Flag.REVERSE | Flag.CONTROL), 1);
  t.is(device.write(Uint8Array.of(Reverse.CLOSE), Flag.REVERSE | Flag.CONTROL), 0, "four packets wait");
  carry(client, device, 1);
  const got: [number, string][] = [];
  for (let flags = client.nextFlags, bytes; (bytes = client.read()) !== undefined; flags = client.nextFlags) got.push([flags, text(bytes)]);
  t.deepEqual(got, [[Flag.REVERSE | Flag.CONTROL, "\x01A"], [Flag.REVERSE, "onetwo"], [0, "main"], [Flag.REVERSE | Flag.CONTROL, "\x02"]]);
});

test("CLOSE comes behind what was written, and ends both sides; it may be lost", (t) => {
  for (const loss of ["none", "CLOSE", "its ACK"]) {
    const { client, device } = opened();
    client.write(letters("last words"));
    client.close();
    t.is(client.write(letters("more")), 0);
    let now = 0;
    for (let dropped = false; client.phase !== "over" && now < PATIENCE; now = Math.min(client.nextTime(now), device.nextTime(now))) {
      for (let packet; (packet = client.pull(now)) !== undefined;) {
        if (loss === "CLOSE" && !dropped && device.phase === "open" && packet.length < 20) dropped = true;
        else device.feed(packet, now);
      }
      for (let packet; (packet = device.pull(now)) !== undefined;) {
        if (loss === "its ACK" && !dropped && device.phase === "idle") dropped = true;
        else client.feed(packet, now);
      }
    }
    t.deepEqual([client.problem, device.phase, device.problem, text(device.read())], ["closed", "idle", "closed", "last words"], loss);
    t.true(now < 1000 || now === Infinity, `${loss}: ${now}`);
  }
});

const talks: [string, Faults][] = [
  ["no faults", NO_FAULTS], ["what issue 3 asks for", FAULTS],
  ["ten times as many", { lost: 1000, doubled: 1000, flipped: 1000, delayed: 1000, bytes: 10 }],
];
for (const [name, faults] of talks) {
  test(`streams arrive whole: ${name}`, async (t) => {
    for (const packets of [1, 2, 4, 16]) {
      for (let round = 0; round < 3; round++) {
        const client = bytesOf(20_000, seed + round);
        const device = bytesOf(6000, seed + 100 + round);
        const lazy = round === 2 ? 3 : 0;
        const told = await talk(plainEnd({ role: "client", seed: 1 + round }, packets), plainEnd({ role: "device", seed: 50 + round }, packets), { client, device, seed: seed + round, faults, lazy });
        t.deepEqual(told.device, Buffer.from(client), `${packets} packets, round ${round}`);
        t.deepEqual(told.client, Buffer.from(device), `${packets} packets, round ${round}`);
        if (round === 0) t.log(`${packets} packets: ${(26_000 / told.time).toFixed(1)} bytes a ms, ${(told.lineBytes / 26_000).toFixed(2)} bytes on the line for one`);
      }
    }
  });
}
