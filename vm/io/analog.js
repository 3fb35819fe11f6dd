// embedded:io/analog: one pin whose voltage is measured (ECMA-419, 9.2).
"use strict";

const { Resource, callbacksOf, formatOf, integer, optionsOf } = require("embedded:io/resource");

class Analog {
  #resource;
  constructor(options) {
    const { target } = optionsOf(options);
    const pin = integer(options, "pin", 0);
    const resolution = integer(options, "resolution", 1, 0);
    formatOf(options.format, ["number"]);
    if (target !== undefined) this.target = target;
    this.#resource = new Resource(this, "io.analog", [pin, resolution], callbacksOf(options, ["onReadable", "onError"]), false);
  }
  /** From 0 to 2 ** resolution - 1. */
  read() {
    return this.#resource.operate("read");
  }
  close() {
    this.#resource.close();
  }
  /** Bits of a reading. */
  get resolution() {
    return this.#resource.parameter(1);
  }
  get format() {
    return "number";
  }
  set format(format) {
    formatOf(format, ["number"]);
  }
}

module.exports = Analog;
