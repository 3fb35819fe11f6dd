// The pins and buses that another host keeps open for a program that is here (migration class `proxy`): its operations go
// there as CALLs, one at a time as the program asks, and what happens there comes as EVENTs. The other side is io-grant.ts.
//
// The program stands still while it waits for an answer. If the connection is lost meanwhile, or the answer is late, the
// operation ends with code `lost`: it may have been done. What is asked while nobody is connected waits for a connection,
// the first one for the host's patience, later ones for a part of that; if it does not come everything ends with `lost` at
// once, until there is a connection again.

import type { AskAnswer } from "../host.js";
import type { AnyFrame, Fields } from "../wire.js";
import type { Value } from "../value.js";
import type { IoAfar, IoEvent } from "./io.js";
import { grantFields, valueOfWire, wireValue, type Exchange } from "./io-grant.js";
import type { Timer, Timing } from "./platform.js";

/** Of a host's patience, what a program waits for a connection to come back. */
const GRACE = 1 / 3;

interface Pending { fields: Fields<"CALL">; isSent: boolean; timer: Timer; settle: (answer: AskAnswer) => void }

export class IoProxy implements IoAfar {
  private exchange: Exchange | undefined;
  private lastCall = 0;
  private lastEvent = 0;
  private readonly pending = new Map<number, Pending>();
  /** A connection is worth waiting for. */
  private isExpected = true;
  /** There has been none yet. */
  private isFirst = true;
  /** The other side says that nothing is granted (any more). */
  private refused = "";
  private isReleased = false;

  /** `place`: where the pins are, for people; `released`: nothing of this is needed any more. */
  constructor(
    readonly program: string, readonly epoch: number, private readonly place: string,
    private readonly timing: Pick<Timing, "after">, private readonly patience: number,
    private readonly happened: (number: number, event: IoEvent, count: number) => void, private readonly released: () => void,
  ) {}

  /** It needs a connection, be it to say that it needs nothing more. */
  get isUnconnected(): boolean {
    return this.exchange === undefined && this.refused === "";
  }

  /** A conversation with the host that keeps them. */
  connect(exchange: Exchange): void {
    if (this.exchange !== undefined) {
      this.exchange.close();
      this.lose(this.exchange);
    }
    this.exchange = exchange;
    this.isExpected = true;
    this.isFirst = false;
    exchange.handler = (frame) => this.take(exchange, frame);
    exchange.lost = () => this.lose(exchange);
    exchange.send("USE", grantFields(this.program, this.epoch));
    if (this.isReleased) return this.letGo(exchange);
    for (const one of this.pending.values()) this.send(one);
  }
  private lose(exchange: Exchange): void {
    if (exchange !== this.exchange) return;
    this.exchange = undefined;
    for (const [call, { isSent }] of this.pending) if (isSent) this.end(call, [false, `${this.place} was lost before it answered`, "lost"]);
  }

  call(resource: number, operation: string, value: Value): Promise<AskAnswer> {
    if (this.refused !== "") return Promise.resolve([false, this.refused, "resource"]);
    const carried = wireValue(value);
    if (carried === undefined) return Promise.resolve([false, "only whole numbers from 0 on and bytes reach pins of another host", "range"]);
    if (this.exchange === undefined && !this.isExpected) return Promise.resolve(this.unreached());
    const call = ++this.lastCall;
    return new Promise((settle) => {
      const one: Pending = { fields: { ...grantFields(this.program, this.epoch), call, resource, operation, ...carried }, isSent: false, timer: this.wait(call, this.patience * (this.isFirst ? 1 : GRACE)), settle };
      this.pending.set(call, one);
      if (this.exchange !== undefined) this.send(one);
    });
  }
  private send(one: Pending): void {
    const { call } = one.fields;
    one.isSent = true;
    one.timer.cancel();
    one.timer = this.wait(call, this.patience);
    this.exchange!.send("CALL", one.fields);
  }
  private wait(call: number, ms: number): Timer {
    return this.timing.after(ms, () => {
      if (this.pending.get(call)!.isSent) return this.end(call, [false, `${this.place} does not answer`, "lost"]);
      this.isExpected = false;
      this.end(call, this.unreached());
    });
  }
  private unreached(): AskAnswer {
    return [false, `${this.place}, where its pins and buses are, is not connected`, "lost"];
  }
  private end(call: number, answer: AskAnswer): void {
    const one = this.pending.get(call);
    this.pending.delete(call);
    one?.timer.cancel();
    one?.settle(answer);
  }

  private take(exchange: Exchange, frame: AnyFrame): void {
    if (exchange !== this.exchange) return;
    switch (frame.name) {
      case "EVENT": {
        const { resource, event, count, number } = frame.fields;
        exchange.send("HEARD", { number });
        if (number <= this.lastEvent) return;
        this.lastEvent = number;
        return this.happened(resource, event as IoEvent, count);
      }
      case "RESULT": return this.result(frame.fields);
      case "FAIL":
        this.refused = frame.fields.text;
        this.exchange = undefined;
        exchange.close();
        for (const call of [...this.pending.keys()]) this.end(call, [false, this.refused, "resource"]);
    }
  }
  private result({ call, code, text, facts, ...carried }: Fields<"RESULT">): void {
    // Each call is sent once: that it came twice is the connection's doing, and what became of it the first time is its answer.
    if (code === "repeated") return;
    if (code !== "done") return this.end(call, [false, text ?? code, code]);
    this.end(call, [true, facts === undefined ? valueOfWire(carried) : facts.map(Number)]);
  }

  /** Where nobody is connected, the next connection is told. */
  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    for (const call of [...this.pending.keys()]) this.end(call, [false, "the program let go of it", "lost"]);
    if (this.exchange !== undefined) this.letGo(this.exchange);
    else if (this.refused !== "") this.released();
  }
  private letGo(exchange: Exchange): void {
    exchange.send("LET_GO", grantFields(this.program, this.epoch));
    exchange.close();
    this.exchange = undefined;
    this.refused = "the program let go of it";
    this.released();
  }
}
