// embedded:io/pwm: one pin that is high for a part of each period (ECMA-419, 9.3).
"use strict";

const { Resource, formatOf, integer, optionsOf } = require("embedded:io/resource");

class PWM {
  #resource;
  constructor(options) {
    const { target } = optionsOf(options);
    const pin = integer(options, "pin", 0);
    const hz = integer(options, "hz", 1, 0);
    const resolution = integer(options, "resolution", 1, 0);
    formatOf(options.format, ["number"]);
    if (target !== undefined) this.target = target;
    this.#resource = new Resource(this, "io.pwm", [pin, hz, resolution], undefined, true);
  }
  /** The duty cycle, from 0 to 2 ** resolution - 1. */
  write(value) {
    if (!Number.isInteger(value)) throw new RangeError("a duty cycle is a whole number");
    this.#resource.operate("write", value);
  }
  close() {
    this.#resource.close();
  }
  get hz() {
    return this.#resource.parameter(1);
  }
  get resolution() {
    return this.#resource.parameter(2);
  }
  get format() {
    return "number";
  }
  set format(format) {
    formatOf(format, ["number"]);
  }
}

module.exports = PWM;
