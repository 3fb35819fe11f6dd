// embedded:io/spi: one device on an SPI bus, of which this is the controller (ECMA-419, 9.7).
"use strict";

const { fill, readBytes, textOf, viewOf } = require("embedded:io/bytes");
const { Resource, formatOf, integer, optionsOf } = require("embedded:io/resource");

class SPI {
  #resource;
  constructor(options) {
    const { target, out, in: input } = optionsOf(options);
    if (out === undefined && input === undefined) throw new TypeError("option out or in is missing");
    const parameters = [integer(options, "out", 0, -1), integer(options, "in", 0, -1), integer(options, "clock", 0), integer(options, "select", 0, -1),
      integer(options, "active", 0, 0), integer(options, "hz", 1), integer(options, "mode", 0, 0), integer(options, "port", 0, 0)];
    if (parameters[4] > 1) throw new RangeError("option active is 0 or 1");
    if (parameters[6] > 3) throw new RangeError("a mode is at most 3");
    formatOf(options.format, ["buffer"]);
    if (target !== undefined) this.target = target;
    this.#resource = new Resource(this, "io.spi", parameters, undefined, false);
  }
  /** So many bytes as an ArrayBuffer, or as many as the buffer has into it. */
  read(what) {
    return readBytes(this.#resource, what);
  }
  write(buffer) {
    this.#resource.operate("write", textOf(buffer));
  }
  /** Writes the buffer and puts what comes in meanwhile in its place. */
  transfer(buffer) {
    fill(viewOf(buffer), this.#resource.operate("transfer", textOf(buffer)));
    return buffer;
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

module.exports = SPI;
