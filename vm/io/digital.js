// embedded:io/digital: one pin that is high or low (ECMA-419, 9.1).
"use strict";

const { Resource, callbacksOf, formatOf, integer, optionsOf } = require("embedded:io/resource");

class Digital {
  static Input = 0;
  static InputPullUp = 1;
  static InputPullDown = 2;
  static InputPullUpDown = 3;
  static Output = 8;
  static OutputOpenDrain = 9;
  static Rising = 1;
  static Falling = 2;

  #resource;
  constructor(options) {
    const { target } = optionsOf(options);
    const pin = integer(options, "pin", 0);
    const mode = integer(options, "mode", 0);
    if (mode > Digital.InputPullUpDown && mode !== Digital.Output && mode !== Digital.OutputOpenDrain) throw new RangeError(`mode ${mode} does not exist`);
    const edge = integer(options, "edge", 0, 0);
    const callbacks = callbacksOf(options, ["onReadable", "onError"]);
    if (edge > 3 || (callbacks?.readable !== undefined) !== (edge !== 0)) throw new RangeError("onReadable and edge (Rising, Falling or both) go together");
    formatOf(options.format, ["number"]);
    if (target !== undefined) this.target = target;
    this.#resource = new Resource(this, "io.digital", [pin, mode, edge], callbacks, mode >= Digital.Output);
  }
  read() {
    return this.#resource.operate("read");
  }
  write(value) {
    this.#resource.operate("write", +value !== 0 ? 1 : 0);
  }
  close() {
    this.#resource.close();
  }
  get format() {
    return "number";
  }
  set format(format) {
    formatOf(format, ["number"]);
  }
}

module.exports = Digital;
