// embedded:io/serial: a serial port (ECMA-419, 9.6).
"use strict";

const { readBytes, textOf } = require("embedded:io/bytes");
const { Resource, callbacksOf, formatOf, integer, optionsOf } = require("embedded:io/resource");

const FORMATS = ["buffer", "number"];
/** Bytes that a read without a number asks for. */
const READ_BYTES = 1024;

class Serial {
  #resource;
  #format;
  constructor(options) {
    const { target, receive, transmit } = optionsOf(options);
    if (receive === undefined && transmit === undefined) throw new TypeError("option receive or transmit is missing");
    const parameters = [integer(options, "receive", 0, -1), integer(options, "transmit", 0, -1), integer(options, "baud", 1), integer(options, "port", 0, 0)];
    this.#format = formatOf(options.format, FORMATS);
    if (target !== undefined) this.target = target;
    this.#resource = new Resource(this, "io.serial", parameters, callbacksOf(options, ["onReadable", "onWritable", "onError"]), false);
  }
  /**
   * Format "number": a byte. Format "buffer": all that has come, or at most so many bytes, as an ArrayBuffer, or into a
   * buffer, which gives their number. Undefined if nothing has come.
   */
  read(what = READ_BYTES) {
    if (this.#format === "number") return this.#resource.operate("read", 1)?.charCodeAt(0);
    return readBytes(this.#resource, what);
  }
  write(value) {
    if (this.#format === "buffer") this.#resource.operate("write", textOf(value));
    else if (typeof value !== "number") throw new TypeError("a byte is missing");
    else this.#resource.operate("write", value & 255);
  }
  close() {
    this.#resource.close();
  }
  get format() {
    return this.#format;
  }
  set format(format) {
    this.#format = formatOf(format, FORMATS);
  }
}

module.exports = Serial;
