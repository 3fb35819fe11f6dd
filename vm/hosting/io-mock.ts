// Pins and buses that exist only in memory, for hosts that have none: programs for devices run on them, tests drive them.
// What is written is kept and can be looked at (`pin`), inputs are set by whoever has the provider (`set`), or follow from
// outputs, as if wires were there:
//
//   digital   pins 0 to 31; an input follows a pull resistor until it is set
//   analog    pins 0 to 15, 12 bits unless asked otherwise; a pin that was not set reads half of the scale
//   pwm       pins 0 to 31, 1 to 40 MHz
//   i2c       buses 0 and 1; at address 0x48 a thermometer whose two bytes are 256ths of a degree, at 0x50 a memory of
//             256 bytes that is written and read from the address that is written first; nobody else answers
//   spi       buses 0 and 1; what goes out comes in, as with MOSI wired to MISO
//   serial    ports 0 and 1; what is transmitted is received, as with a loop plug
//
// The same mock in C is hosts/c/io/mock.c; programs cannot tell the two apart.

import { DigitalMode, IO_VERSION, IoError, ioKinds, type IoEvent, type IoKind, type IoParameters, type IoProvider, type IoResource } from "./io.js";

const DIGITAL_PINS = 32;
const ANALOG_PINS = 16;
const BUSES = 2;
const RESOLUTION = { least: 1, most: 16, usual: 12 } as const;
const PWM = { hz: 1000, hzMost: 40_000_000, resolution: 10 } as const;
const THERMOMETER = 0x48;
const MEMORY = 0x50;
const I2C_HZ_MOST = 1_000_000;
/** Bytes that a serial port keeps for a program that does not read them. */
const SERIAL_BYTES = 1024;

type Happened = (event: IoEvent, count: number) => void;

function within(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new IoError("range", `${name} ${value} does not exist here: there are ${least} to ${most}`);
}

export class MockIo implements IoProvider {
  readonly capabilities = ioKinds.map((kind) => ({ name: `io.${kind}`, version: IO_VERSION }));
  /** Degrees that the thermometer shows. */
  degrees = 21;
  private readonly taken = new Set<string>();
  private readonly levels = new Map<string, number>();
  private readonly inputs = new Map<number, { edges: number; happened: Happened }>();
  private readonly analogs = new Map<number, Happened>();
  private readonly memory = new Uint8Array(256);

  /** What a pin carries: the level of a digital one, the last value written to one of pwm, what an analog one was set to. */
  pin(kind: "digital" | "analog" | "pwm", pin: number): number | undefined {
    return this.levels.get(`${kind} ${pin}`);
  }
  /** Sets an input from outside. */
  set(kind: "digital" | "analog", pin: number, value: number): void {
    const before = this.pin(kind, pin);
    this.levels.set(`${kind} ${pin}`, value);
    if (kind === "analog") {
      this.analogs.get(pin)?.("readable", 1);
      return;
    }
    const input = this.inputs.get(pin);
    if (input === undefined || before === value) return;
    if ((input.edges & (value !== 0 ? 1 : 2)) !== 0) input.happened("readable", 1);
  }

  open(kind: IoKind, parameters: IoParameters, happened: Happened): IoResource {
    switch (kind) {
      case "digital": return this.digital(parameters, happened);
      case "analog": return this.analog(parameters, happened);
      case "pwm": return this.pwm(parameters);
      case "i2c": return this.i2c(parameters);
      case "spi": return this.spi(parameters);
      case "serial": return this.serial(parameters, happened);
    }
  }

  /** Takes what can be open only once; what is done when it is let go. */
  private take(name: string, closed: () => void = () => {}): () => void {
    if (this.taken.has(name)) throw new IoError("busy", `${name} is in use`);
    this.taken.add(name);
    return () => {
      this.taken.delete(name);
      closed();
    };
  }

  private digital({ pin, mode, edges }: IoParameters, happened: Happened): IoResource {
    within("digital pin", pin!, 0, DIGITAL_PINS - 1);
    if (!Object.values(DigitalMode).some((one) => one === mode)) throw new IoError("range", `mode ${mode} does not exist`);
    const isOutput = mode! >= DigitalMode.OUTPUT;
    const name = `digital ${pin}`;
    const close = this.take(name, () => this.inputs.delete(pin!));
    if (isOutput) return { facts: [], read: () => this.levels.get(name) ?? 0, write: (value) => this.levels.set(name, Number(value) !== 0 ? 1 : 0), close };
    if (!this.levels.has(name)) this.levels.set(name, mode === DigitalMode.INPUT_PULL_UP ? 1 : 0);
    if (edges! > 0) this.inputs.set(pin!, { edges: edges!, happened });
    return { facts: [], read: () => this.levels.get(name)!, close };
  }

  private analog({ pin, resolution }: IoParameters, happened: Happened): IoResource {
    within("analog pin", pin!, 0, ANALOG_PINS - 1);
    const bits = resolution === 0 ? RESOLUTION.usual : resolution!;
    within("resolution", bits, RESOLUTION.least, RESOLUTION.most);
    const close = this.take(`analog ${pin}`, () => this.analogs.delete(pin!));
    this.analogs.set(pin!, happened);
    return { facts: [bits], read: () => Math.min(this.pin("analog", pin!) ?? 2 ** (bits - 1), 2 ** bits - 1), close };
  }

  private pwm({ pin, hz, resolution }: IoParameters): IoResource {
    within("pwm pin", pin!, 0, DIGITAL_PINS - 1);
    const frequency = hz === 0 ? PWM.hz : hz!;
    const bits = resolution === 0 ? PWM.resolution : resolution!;
    within("hz", frequency, 1, PWM.hzMost);
    within("resolution", bits, RESOLUTION.least, RESOLUTION.most);
    const close = this.take(`digital ${pin}`);
    return {
      facts: [frequency, bits], close,
      write: (value) => {
        within("a duty cycle of", Number(value), 0, 2 ** bits - 1);
        this.levels.set(`pwm ${pin}`, Number(value));
      },
    };
  }

  private i2c({ hz, address, port }: IoParameters): IoResource {
    within("i2c bus", port!, 0, BUSES - 1);
    within("hz", hz!, 1, I2C_HZ_MOST);
    within("address", address!, 0, 127);
    const close = this.take(`i2c ${port} address ${address}`);
    let place = 0;
    const present = (): void => {
      if (address !== THERMOMETER && address !== MEMORY) throw new IoError("failed", `nothing answers at address ${address}`);
    };
    return {
      facts: [], close,
      read: (count) => {
        present();
        if (address === MEMORY) return Uint8Array.from({ length: count }, () => this.memory[place++ & 255]!);
        const reading = Math.round(this.degrees * 256);
        return Uint8Array.from({ length: count }, (_, at) => at === 0 ? reading >> 8 : at === 1 ? reading : 0);
      },
      write: (bytes) => {
        present();
        if (typeof bytes === "number") throw new IoError("type", "i2c writes bytes");
        if (address !== MEMORY || bytes.length === 0) return;
        place = bytes[0]!;
        for (const byte of bytes.subarray(1)) this.memory[place++ & 255] = byte;
      },
    };
  }

  private spi({ hz, mode, port }: IoParameters): IoResource {
    within("spi bus", port!, 0, BUSES - 1);
    within("hz", hz!, 1, PWM.hzMost);
    within("mode", mode!, 0, 3);
    const close = this.take(`spi ${port}`);
    return { facts: [], read: (count) => new Uint8Array(count), write: () => {}, transfer: (bytes) => bytes, close };
  }

  private serial({ baud, port }: IoParameters, happened: Happened): IoResource {
    within("serial port", port!, 0, BUSES - 1);
    within("baud", baud!, 1, 8_000_000);
    const close = this.take(`serial ${port}`);
    let received = new Uint8Array(0);
    happened("writable", SERIAL_BYTES);
    return {
      facts: [],
      close,
      read: (count) => {
        if (received.length === 0) return undefined;
        const got = received.subarray(0, count);
        received = received.slice(got.length);
        return got;
      },
      write: (bytes) => {
        const more = typeof bytes === "number" ? Uint8Array.of(bytes) : bytes;
        if (received.length + more.length > SERIAL_BYTES) throw new IoError("failed", `the port has no room for ${more.length} bytes more`);
        received = Uint8Array.from([...received, ...more]);
        happened("readable", received.length);
        happened("writable", SERIAL_BYTES - received.length);
      },
    };
  }
}
