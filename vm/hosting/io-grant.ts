// What a host keeps open for a program that has moved away (migration class `proxy`), and who may use it how. A grant
// names a program, the epoch at which it left, its resources by the program's numbers, and for each the operations that it
// may ask for; every call is compared with that, and whatever else is asked is refused by name and changes nothing. Calls
// carry numbers that only grow, so that a call which comes twice is done once.
//
// Nothing here knows links or clocks: io-keep.ts has those. What happens to a resource while nobody is connected, or what
// was told and not answered by HEARD, is told to who connects next, the last of each kind.

import type { AskAnswer } from "../host.js";
import { fromHex, toHex, type AnyFrame, type Fields } from "../wire.js";
import type { Value } from "../value.js";
import type { IoEvent, IoKind, IoSession } from "./io.js";
import type { Conversation } from "./link.js";

/** What a conversation about a grant needs of one: tests have their own. */
export type Exchange = Pick<Conversation, "send" | "fail" | "close" | "handler" | "lost">;

/** Operations that a program which has moved may ask for, by kind; what a resource as it is open cannot do it says itself. */
export const grantedOperations: Readonly<Record<IoKind, readonly string[]>> = {
  digital: ["facts", "read", "write", "close"],
  analog: ["facts", "read", "close"],
  pwm: ["facts", "write", "close"],
  i2c: ["facts", "read", "write", "close"],
  spi: ["facts", "read", "write", "transfer", "close"],
  serial: ["facts", "read", "write", "close"],
};

/** Why a call was not done: words of RESULT that no resource says. */
export type Refusal = "epoch" | "resource" | "operation" | "repeated";
const refusals: Readonly<Record<Refusal, string>> = {
  epoch: "that was not granted to this program at this epoch",
  resource: "that is not kept open here",
  operation: "that operation was not granted",
  repeated: "that call has come before",
};

/** A value as the wire has it; undefined: it cannot travel. */
export function wireValue(value: Value): { number?: number; bytes?: Uint8Array } | undefined {
  if (value === undefined) return {};
  if (typeof value === "string") return { bytes: Uint8Array.from(value, (unit) => unit.charCodeAt(0)) };
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? { number: value } : undefined;
}
export function valueOfWire({ number, bytes }: { number?: number; bytes?: Uint8Array }): Value {
  return bytes === undefined ? number : Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

export class Grant {
  private exchange: Exchange | undefined;
  /** The highest call number that has come. */
  private lastCall = 0;
  private lastEvent = 0;
  /** Events of which the other side has not said that it heard them, the last of each kind. */
  private readonly unheard = new Map<string, Fields<"EVENT">>();
  isOver = false;

  /** `released`: who has the program needs it no more. */
  constructor(readonly program: string, readonly epoch: number, private readonly session: IoSession, private readonly released: () => void) {
    session.hold();
  }

  get isUsed(): boolean {
    return this.exchange !== undefined;
  }

  /** Who has the program has connected; what held before is over. */
  use(exchange: Exchange): void {
    this.exchange?.close();
    this.exchange = exchange;
    exchange.handler = (frame) => this.take(exchange, frame);
    exchange.lost = () => this.lose(exchange);
    for (const fields of this.unheard.values()) exchange.send("EVENT", fields);
    this.session.flow((resource, event, count) => this.tell(resource, event, count));
  }
  private lose(exchange: Exchange): void {
    if (exchange !== this.exchange) return;
    this.exchange = undefined;
    this.session.hold();
  }
  private tell(resource: number, event: IoEvent, count: number): void {
    const fields = { resource, event, count, number: ++this.lastEvent };
    const key = `${resource} ${event}`;
    this.unheard.delete(key);
    this.unheard.set(key, fields);
    this.exchange?.send("EVENT", fields);
  }

  private take(exchange: Exchange, frame: AnyFrame): void {
    if (exchange !== this.exchange || this.isOver) return;
    if (frame.name === "CALL") return this.call(exchange, frame.fields);
    if (frame.name === "HEARD") return this.heard(frame.fields.number);
    if (frame.name !== "LET_GO" || toHex(frame.fields.program) !== this.program || frame.fields.epoch !== this.epoch) return;
    this.end();
    this.released();
  }

  private heard(number: number): void {
    for (const [key, fields] of this.unheard) if (fields.number <= number) this.unheard.delete(key);
  }

  private call(exchange: Exchange, fields: Fields<"CALL">): void {
    const { call, resource, operation } = fields;
    const refusal = this.whyNot(fields);
    if (refusal !== undefined) return exchange.send("RESULT", { call, code: refusal, text: refusals[refusal] });
    this.lastCall = call;
    const answer = this.session.ask(`io.${this.session.kindOf(resource)}`, [operation, resource, valueOfWire(fields)]);
    if (answer instanceof Promise) answer.then((later) => this.answer(exchange, call, later));
    else this.answer(exchange, call, answer);
  }
  private whyNot({ program, epoch, call, resource, operation }: Fields<"CALL">): Refusal | undefined {
    if (toHex(program) !== this.program || epoch !== this.epoch) return "epoch";
    if (call <= this.lastCall) return "repeated";
    const kind = this.session.kindOf(resource);
    if (kind === undefined) return "resource";
    return grantedOperations[kind].includes(operation) ? undefined : "operation";
  }
  private answer(exchange: Exchange, call: number, [ok, value, code]: AskAnswer): void {
    if (!ok) return exchange.send("RESULT", { call, code: code!, text: String(value).slice(0, 1000) });
    if (Array.isArray(value)) return exchange.send("RESULT", { call, code: "done", facts: value.map(String) });
    const carried = wireValue(value);
    if (carried === undefined) return exchange.send("RESULT", { call, code: "failed", text: "what was read cannot be carried to another host" });
    exchange.send("RESULT", { call, code: "done", ...carried });
  }

  /** The program is back, or goes on here after all: what is open is its own again. */
  takeBack(): IoSession {
    this.part("the program has these pins and buses itself again");
    for (const { resource, event, count } of this.unheard.values()) this.session.happened(resource, event as IoEvent, count);
    return this.session;
  }
  /** Nobody needs it any more. */
  end(why = ""): void {
    this.part(why);
    this.session.close();
  }
  private part(why: string): void {
    const { exchange } = this;
    this.isOver = true;
    this.exchange = undefined;
    this.session.hold();
    if (why === "") exchange?.close();
    else exchange?.fail("unknown", why);
  }
}

/** The fields that say what is being asked for. */
export function grantFields(program: string, epoch: number): Fields<"USE"> {
  return { program: fromHex(program), epoch };
}
