// embedded:io/i2c: one device on an I2C bus, of which this is the controller (ECMA-419, 9.4). Every transfer ends with a
// stop condition.
"use strict";

const { readBytes, textOf } = require("embedded:io/bytes");
const { Resource, formatOf, integer, optionsOf } = require("embedded:io/resource");

function needStop(stop) {
  if (!stop) throw new RangeError("a transfer without a stop condition is not offered");
}

class I2C {
  #resource;
  constructor(options) {
    const { target } = optionsOf(options);
    const parameters = [integer(options, "data", 0), integer(options, "clock", 0), integer(options, "hz", 1), integer(options, "address", 0), integer(options, "port", 0, 0)];
    if (parameters[3] > 127) throw new RangeError("an address is at most 127");
    formatOf(options.format, ["buffer"]);
    if (target !== undefined) this.target = target;
    this.#resource = new Resource(this, "io.i2c", parameters, undefined, false);
  }
  /** So many bytes as an ArrayBuffer, or as many as the buffer has into it. */
  read(what, stop = true) {
    needStop(stop);
    return readBytes(this.#resource, what);
  }
  write(buffer, stop = true) {
    needStop(stop);
    this.#resource.operate("write", textOf(buffer));
  }
  close() {
    this.#resource.close();
  }
  get format() {
    return "buffer";
  }
  set format(format) {
    formatOf(format, ["buffer"]);
  }
}

module.exports = I2C;
